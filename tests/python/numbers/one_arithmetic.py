"""However a number is reached, by an operator or a function, as a constant or from a text, it is the same number, be floats
doubles or singles."""

import math
import random

for i in (16777217, 16777219, 33554433, 33554435, 9007199254740993, -16777217, -33554435):
    print(i + 1.0 == sum([i, 1.0]), i - 1.0 == sum([i, -1.0]), -1.0 + i == sum([-1.0, i]))
    print(i * 1.0 == float(i), i / 1.0 == float(i), math.fabs(i) == abs(float(i)), float(i) == float(str(i)))

print(0.5000000298023224 == float("0.5000000298023224"))
print(0.5000000298023224j == complex(0, float("0.5000000298023224")))

for shift in (40, 60, 100):
    big = ((2**24 + 1) << (shift - 24)) | 1
    print(math.fabs(big) == float(big), big + 0.0 == float(big), big * 1.0 == float(big))

for f in (math.sqrt, math.fabs, lambda n: math.floor(n * 1.0), "{:.1f}".format):
    try:
        f(10**400)
        print("finite")
    except OverflowError:
        print("OverflowError")

# Draws that are rounded to single floats would be 1 now and then.
for seed in (104702710, 115103721):
    random.seed(seed)
    print(all(0 <= random.random() < 1 for i in range(100)))
