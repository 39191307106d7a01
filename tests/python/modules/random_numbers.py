"""random: every function keeps to its range, a seed repeats its sequence, and what has no answer is an error."""
import random
import sys


def draw(f, *args):
    return [f(*args) for _ in range(200)]


def error(f, *args):
    try:
        f(*args)
        return None
    except Exception as e:
        return type(e).__name__


print(all(0 <= x < 1 for x in draw(random.random)), len(set(draw(random.random))) > 150)
print(all(2 <= x <= 3.5 for x in draw(random.uniform, 2, 3.5)), all(-1 <= x <= 1 for x in draw(random.uniform, 1, -1)))
print(sorted(set(draw(random.randrange, 4))), sorted(set(draw(random.randrange, -2, 2))))
print(sorted(set(draw(random.randrange, 1, 10, 3))), sorted(set(draw(random.randrange, 5, -5, -4))))
print(sorted(set(draw(random.randint, 7, 9))), random.randint(5, 5))
print(sorted(set(draw(random.choice, "abc"))), sorted(set(draw(random.choice, [1, 2]))), random.choice((7,)))
for bits in (1, 8, 31, 32):
    print(bits, all(0 <= x < 1 << bits for x in draw(random.getrandbits, bits)))
print(random.getrandbits(0))

random.seed(42)
first = draw(random.randrange, 1000000)
random.seed(42)
print(draw(random.randrange, 1000000) == first)
random.seed(43)
print(draw(random.randrange, 1000000) == first)
random.seed()
print(draw(random.randrange, 1000000) == first)

print(error(random.randrange, 0), error(random.randrange, 5, 5), error(random.randrange, 1, 5, -1))
print(error(random.randrange, 1, 5, 0), error(random.randint, 2, 1))
print(error(random.choice, []), error(random.getrandbits, -1), error(random.uniform, "a", 1))
low, high = -sys.maxsize - 1, sys.maxsize
print(all(low <= x <= high for x in draw(random.randint, low, high)))
print(len(set(draw(random.randint, low, high))) > 150)
long = range(-sys.maxsize // 4, sys.maxsize // 4 + 2)
print(all(x in long for x in draw(random.choice, long)))
