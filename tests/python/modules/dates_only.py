# time.localtime and mktime, which know of no time zone here: that they undo each other, and what mktime makes of fields out of range.
import time

print(len(time.gmtime()), len(time.localtime()), time.localtime(0) == time.gmtime(0), time.gmtime(None)[0] > 2024)
t, wrong = -10 ** 9, 0
while t < 5 * 10 ** 9:
    wrong += time.mktime(time.localtime(t)) != t
    t += 12345679
print(wrong)
print(time.mktime((2001, 1, 1, 13, 0, 0, 0, 0)), time.mktime([2001, 1, 1, 13, 0, 0, 0, 0, -1]))
# The 35th of the 14th month, at 26 o'clock; the day before the first; month 0; seconds below 0.
for fields in ((2001, 14, 35, 26, 0, 0), (2000, 3, 0, 0, 0, 0), (2000, 0, 1, 0, 0, 0), (1970, 1, 1, 0, 0, -1), (1970, 1, 1, 0, 90, 90),
               (1970, -11, 1, 0, 0, 0), (1, 1, 1, 0, 0, 0), (9999, 12, 31, 23, 59, 59)):
    t = time.mktime(fields + (0, 0))
    print(fields, t, time.gmtime(t))
for wrong in ((2001, 1, 1, 13, 0, 0, 0), (2001, 1, 1, 13, 0, 0, 0, 0, 0, 0), (2001, 1, 1, 1.5, 0, 0, 0, 0), 5, None,
              (1 << 40, 1, 1, 0, 0, 0, 0, 0), ("x", 1, 1, 0, 0, 0, 0, 0)):
    try:
        print(time.mktime(wrong))
    except (TypeError, OverflowError) as e:
        print(type(e).__name__)


class Shrinking:
    """Empties the list that it is in while that is looked at."""

    def __index__(self):
        fields.clear()
        return 1


fields = [2001, Shrinking(), 1, 0, 0, 0, 0, 0]
try:
    time.mktime(fields)
except TypeError as e:
    print(e)
