# Classes that derive from numbers: their arithmetic is that of the base unless they define their own.


class Metres(int):
    def __str__(self):
        return 'm'

    def twice(self):
        return Metres(self * 2)


class Ratio(float):
    pass


a = Metres(5)
print(a + 1, 1 + a, a * a, -a, a == 5, 5 == a, a < 6, 10 - a, a / 2, a // 2, a ** 2, 1 << a, a & 4, a + 0.5)
print(int(a), float(a), bool(Metres(0)), a.twice() + 0, isinstance(a, int), a.bit_length(), [1, 2, 3, 4, 5,
      6][a])
print(Metres(1 << 80) + 1, Metres('12') + 0, hash(a) == hash(5), {5: 'x'}[a])
r = Ratio(2.5)
print(r + 1, 1 - r, r * r, r == 2.5, r < 3, int(r), -r, r.is_integer(), 5 % r, r // 2)


class Money:
    def __init__(self, n):
        self.n = n

    def __radd__(self, other):
        return ('radd', other)

    def __add__(self, other):
        return ('add', other)

    def __rpow__(self, other):
        return ('rpow', other)

    def __eq__(self, other):
        return self.n == other

    def __gt__(self, other):
        return ('gt', other)


m = Money(3)
print(1 + m, m + 1, 2.5 + m, 1j + m, (1 << 70) + m, 2 ** m, 3 == m, 3.0 == m, 4 != m, 1 < m, True + m)
