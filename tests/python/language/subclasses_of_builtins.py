# Iterators and `type` itself can be base classes; object.__new__ makes no value of a built-in type.
class Doubled(map):
    pass


class Counted(enumerate):
    calls = 0

    def __next__(self):
        self.calls += 1
        return super().__next__()


class Late(zip):
    def note(self):
        return "noted"


d = Doubled(lambda x: x * 2, range(4))
print(next(d), list(d), isinstance(d, map), list(Doubled(str, [1])))
c = Counted("xyz")
print(list(c), c.calls)
z = Late("ab", [1, 2])
print(z.note(), dict(z))
for bad in (lambda: object.__new__(int), lambda: object.__new__(1), lambda: object.__new__(dict)):
    try:
        print(bad())
    except TypeError:
        print("TypeError")
print(int.__new__(int, "12"), tuple.__new__(tuple, [1, 2]), type(object.__new__(object)) is object)


class Point(tuple):
    def __new__(cls, x, y):
        return super().__new__(cls, (x, y))


class Plain:
    def __new__(cls, *rest):
        return object.__new__(cls)


print(Point(1, 2)[1], isinstance(Point(1, 2), Point), isinstance(Plain(), Plain))


class Kind(type):
    def describe(cls):
        return "a kind"


K = Kind("K", (), {"size": 3})
print(K.__name__, K.size, K.describe(), bool(K), not K, isinstance(K, type), isinstance(K, Kind))
print(isinstance(K(), K), K().size)
