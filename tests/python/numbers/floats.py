# float: arithmetic, exact comparison with ints, text, conversions.


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__


inf = float('inf')
nan = float('nan')
values = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 7.25, 1e16, -1e300, 5e-324, inf, -inf, nan]
for a in values:
    for b in values:
        print(a, b, a + b, a - b, a < b, a == b, a >= b, a != b)
        print(attempt(lambda: a / b), attempt(lambda: a // b), attempt(lambda: a % b))

print(1.5 + 2, 2 - 0.5, 3 * 0.25, 1 / 4.0, 7 // 2.0, -7 // 2.0, -7 % 2.5, 7 % -2.5, True + 0.5, 2.5 ** 2)
print(divmod(-5.5, 2), divmod(5, 0.3), 1e308 * 10, -1e308 * 10)
print(2.0 ** 0.5, 2.0 ** -3, (-2.0) ** 3, (-8) ** -1, 0.0 ** 0, inf ** 0, (-inf) ** 3, 1.0 ** nan, 2 ** 0.5)
print(attempt(lambda: 0.0 ** -1), attempt(lambda: 1.0 / 0), attempt(lambda: 1.0 % 0.0),
      attempt(lambda: 1.0 // 0))
print(-(1.5), +(-0.0), -0.0, abs(-2.5), attempt(lambda: 1.5 & 1), attempt(lambda: 1.5 << 1))

# Text.
for text in ('1.5', ' -2 ', '1e5', '1E-5', '.5', '5.', '1_0.5', 'inf', '-Infinity', 'NaN', '1e400',
             '1e-400', '',
             ' ', 'x', '1.5x', '1e', '--1', '1__0', '0x10', '123456789012345678901234567890', '4.9e-324'):
    print(repr(text), attempt(float, text))
for value in (0.1, 1 / 3, 1e15, 1e16, 1e17, float("123456789.123456789"), 1e-4, 1e-5, 2.0 ** 100,
              float("1.7976931348623157e308"),
              float("2.2250738585072014e-308"), 5e-324, 100.0, -0.001, 9007199254740993.0):
    print(value, repr(value) == str(value), float(repr(value)) == value)
print('%.3f %e %g' % (3.14159, 12345.678, 1e-10), '{:.2f}|{:8.3f}|{:<8}|'.format(2.345, -1.5, 2.5))

# Conversions.
print(float(), float(3), float(True), float(1 << 70), float(b'1.25'), int(1e20), int(-1.9), attempt(int, inf))
print(attempt(float, None), attempt(float, []), attempt(float, 1j), attempt(float, 1, 2))


class Real:
    def __float__(self):
        return 2.75


print(float(Real()), round(2.5), round(3.5), round(-1.25, 1), round(1e20), (2.0).is_integer(),
      (2.5).is_integer())
print({1.0: 'a', 0.5: 'b'}[1], {2: 'c'}[2.0], hash(2.0 ** 70) == hash(1 << 70), hash(-3.0) == hash(-3))
print(sorted([3, 1.5, -2, 1 << 70, 1e10, True]), min(1, 0.5), max(2.0, 2), sum([0.5, 1, 2.25]))
x = 1.0
for i in range(5):
    x += 0.1
    x *= 1.5
    x -= 1
    x /= 3
print(x)
