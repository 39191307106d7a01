# complex: arithmetic, text, attributes.


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__


print(1j, 3 + 4j, -2.5 - 0.5j, complex(), complex(1), complex(1, 2), complex(1.5, -0.0), complex(-0.0, 1))
print(complex(float('nan'), float('inf')), complex(1e100, 1e-7), complex(1j, 1j), complex(real=2, imag=3))
for text in ('1', '1+2j', ' -1.5-2e3j ', 'j', '-j', '1+j', '1e-3j', '(3-4j)', 'inf-infj', '', 'x', '1+2',
             '1 + 2j', '1+2k'):
    print(repr(text), attempt(complex, text))
a = 3 + 4j
b = 1 - 2j
print(a + b, a - b, a * b, a / b, a + 1, 1 - a, 2.5 * a, a / 2, True + a, a + (1 << 70))
print(a ** 2, a ** 3, a ** 0, a ** -1, b ** 10, 0j ** 0, 0j ** 2)
print(abs(a), abs(-5j), a.real, a.imag, a.conjugate(), -a, +a, bool(0j), bool(a))
print(a == 3 + 4j, a != b, (1 + 0j) == 1, 1.0 == (1 + 0j), (1 << 53) + 1 == complex(1 << 53), a == 'a',
      1j == True)
for f in (lambda: a < b, lambda: a // b, lambda: a % b, lambda: a & 1, lambda: ~a, lambda: a / 0,
          lambda: 1 / 0j,
          lambda: 0j ** -1, lambda: 0j ** 1j, lambda: int(a), lambda: float(a), lambda: complex(None),
          lambda: complex('1', 2), lambda: complex(1, '2')):
    print(attempt(f))
root = (-8) ** (1 / 3)
print(abs(root - (1 + 3 ** 0.5 * 1j)) < 1e-12, abs((-2.0) ** 0.5 - 2 ** 0.5 * 1j) < 1e-12)
print({1 + 0j: 'one', 2j: 'two'}[1], {2j: 'two'}[0 + 2j], hash(5 + 0j) == hash(5))
print('{} {!r}'.format(a, b), [a, b], str(1j))
