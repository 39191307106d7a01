# time.gmtime: the calendar, from before 1970 to after 2100, in leap years and at their edges.
import time


def show(t):
    print(t, tuple(time.gmtime(t))[:8])


for t in (0, 1, -1, 59, 60, 86399, 86400, -86400, -86401, 951782399, 951782400, 951868800, 1078012800, 1709164800, 1735689599,
          1735689600, 2147483647, 2147483648, -2147483648, 4107542399, 4107542400, 4294967295, 4294967296, 1.5, 1e9):
    show(t)
day = 86400
for year in range(-8, 180, 7):
    show(year * 365 * day + year // 4 * day)
for t in range(0, 800 * day, 29 * day + 12345):
    show(t)
# A span of days over the turn of a century that is a leap year, and of one that is not.
for start in (951609600, 4107369600):
    for i in range(6):
        show(start + i * day)
    print(tuple(time.gmtime(start + 306 * day))[6:8])
for wrong in ("x", [1], 1e30, 1 << 90):
    try:
        time.gmtime(wrong)
    except (TypeError, ValueError, OverflowError, OSError) as e:
        print("refused")
