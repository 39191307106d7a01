# property, staticmethod, classmethod, super.
class A:
    kind = "A"

    def __init__(self):
        self._x = 1

    @property
    def x(self):
        return self._x

    @x.setter
    def x(self, value):
        self._x = value * 2

    @x.deleter
    def x(self):
        self._x = None

    @staticmethod
    def add(a, b):
        return a + b

    @classmethod
    def make(cls):
        return cls.kind, cls.__name__

    def who(self):
        return "A"


class B(A):
    kind = "B"

    @classmethod
    def make(cls):
        return ("B",) + super().make()

    def who(self):
        return "B" + super().who()

    def names(self):
        return super().kind, super().x, super().add(1, 2)


a = A()
a.x = 4
print(a.x)
del a.x
print(a.x)
print(A.add(1, 2), a.add(3, 4), A.make(), B.make(), B().make(), B().who(), B().names())


class ReadOnly:
    @property
    def x(self):
        return 1


try:
    ReadOnly().x = 2
except AttributeError:
    print("read only")
try:
    del ReadOnly().x
except AttributeError:
    print("not deletable")

m = a.who
print(m(), m == a.who, callable(m))


class Log:
    def __init__(self):
        self.seen = []

    def __setattr__(self, name, value):
        if name != "seen":
            self.seen.append(name)
        super().__setattr__(name, value)

    @property
    def p(self):
        return "p"

    @p.setter
    def p(self, value):
        self.q = value


log = Log()
log.a = 1
log.p = 2
print(log.seen, log.a, log.q)
print(isinstance(a, A), isinstance(B(), A), issubclass(B, A), B.__bases__ == (A,), type(a) is A)
T = type("T", (A,), {"kind": "T"})
print(T.__name__, T().kind, T.make(), issubclass(T, A))
try:
    type("T", 1)
except TypeError:
    print("type takes 1 or 3")
try:
    super(A, 1)
except TypeError:
    print("no instance")
