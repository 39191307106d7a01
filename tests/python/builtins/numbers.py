# abs, bin, oct, hex, divmod, pow, round, chr, ord: small, big and float operands.
def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__)


for x in (0, 5, -5, True, 2.5, -2.5, -(1 << 70), 1 << 70, 3 + 4j):
    print(abs(x))
print(abs(-(1 << 62)), abs(-(1 << 30)), abs(-(1 << 63)))


class Number:
    def __abs__(self):
        return "abs"

    def __divmod__(self, other):
        return "divmod", other

    def __round__(self, digits=None):
        return "round", digits

    def __index__(self):
        return 300


print(abs(Number()), divmod(Number(), 3), round(Number()), round(Number(), 2), hex(Number()))
for x in (0, 1, -1, 255, -256, 1 << 80, -(1 << 80), True):
    print(bin(x), oct(x), hex(x))
attempt(hex, 1.5)
attempt(hex, "a")

for a in (7, -7, 1 << 70, -(1 << 70), 7.5, -7.5, True):
    for b in (2, -2, 1 << 65, 0.5):
        print(divmod(a, b))
attempt(divmod, 1, 0)
attempt(divmod, 1.0, 0.0)
attempt(divmod, "a", 1)

print(pow(2, 10), pow(2, -1), pow(2.0, 3), pow(3, 200, 1000007), pow(-3, 5, 7), pow(True, 3))
print(pow(2, 3, None))
attempt(pow, 2, 3, 0)
attempt(pow, 2, 3, "a")

for x in (0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6, -2.6, 1e20, 0.0, float("0.49999999999999994")):
    print(x, round(x))
for digits in (0, 1, 2, 3, 20, -1, -2, -400, 400):
    print(digits, round(1234.5678, digits), round(-1234.5678, digits), round(2.675, digits))
print(round(0.15, 1), round(0.25, 1), round(0.35, 1), round(5e-324, 3), round(1e300, 2), round(1.5, None))
print(round(150.0, -2), round(250.0, -2), round(50.0, -2), round(51.0, -2))
attempt(round, float("1.7976931348623157e308"), -308)
for x in (15, 25, -15, -25, 149, 151, 10 ** 30 + 5 * 10 ** 9, True):
    print(round(x), round(x, 3), round(x, -1), round(x, -2), round(x, -10))
attempt(round, float("nan"))
attempt(round, float("inf"))
attempt(round, "a")

print(chr(97), chr(233), chr(0x20AC), chr(0x1F600), ord("a"), ord("\u20ac"), ord("\U0001f600"), ord(b"x"))
print(ord(bytearray(b"y")))
attempt(chr, -1)
attempt(chr, 0x110000)
attempt(ord, "")
attempt(ord, "ab")
attempt(ord, b"ab")
attempt(ord, 1)

# Digits as low as they go.
import sys
print(round(1.5, -sys.maxsize - 1), round(-1e300, -400), round(1234, -401), round(10 ** 300, -301), round(-5, -21))
