# Rounding to more places than CPython has patience for, and backwards through what is too long to be numbered.
import sys
low = -sys.maxsize - 1
half = sys.maxsize // 4 + 1
print(round(5, low), round(-5, low // 2), round(10, -21))
for wrong in (lambda: round(10 ** 30, low), lambda: reversed(range(-half, half))):
    try:
        wrong()
    except (MemoryError, OverflowError) as e:
        print(type(e).__name__)
