# Powers of zero to infinite and nan exponents; hashes of whole numbers; __complex__; ints from any buffer.
inf, nan = float("inf"), float("nan")
for base in (0.0, -0.0, 0, 1, -1, 2, inf, -inf, nan):
    for exponent in (inf, -inf, nan, 0, -1, 2):
        try:
            print(base, exponent, float(base) ** exponent)
        except ZeroDivisionError:
            print(base, exponent, "ZeroDivisionError")
for x in (0, 1, 2, -12, 12345, 0.0, -0.0, 1.0, -12.0, 12345.0):
    print(x, hash(x))
# Beyond a word the number differs between machines, but not between int and float.
print(hash(1 << 40) == hash(float(1 << 40)), hash(-5 << 33) == hash(float(-5 << 33)))
print(hash(1 << 70) == hash(float(1 << 70)), hash(True), hash(0.5) == hash(1 / 2), type(hash(inf)), type(hash(-7.25)))


class Real:
    def __float__(self):
        return 2.5


class Complex:
    def __complex__(self):
        return 3 - 1j


class Both(Real, Complex):
    pass


class Wrong:
    def __init__(self, value):
        self.value = value

    def __complex__(self):
        return self.value


import cmath

print(complex(Real()), complex(Complex()), complex(Both()))
print(cmath.phase(Real()), "%.6f" % cmath.phase(Complex()), cmath.polar(Real()))
for bad in (Wrong("text"), Wrong(6), Wrong(None), [], None):
    for f in (complex, cmath.exp):
        try:
            print(f(bad))
        except TypeError:
            print("TypeError")
print(int(memoryview(b" -42 ")), int(bytearray(b"7")), float(memoryview(b"1.5")))
try:
    int(memoryview(b"4x"))
except ValueError:
    print("ValueError")
