# A class body is a namespace, its functions become methods, instances have attributes of their own.


class Point:
    dimensions = 2
    names = ["x", "y"]
    table = {n: i for i, n in enumerate(names)}

    def __init__(self, x, y=0):
        self.x = x
        self.y = y

    def move(self, dx, dy):
        self.x += dx
        self.y += dy
        return self

    def __repr__(self):
        return "Point(%d, %d)" % (self.x, self.y)

    @staticmethod
    def origin():
        return Point(0, 0)

    @classmethod
    def diagonal(cls, n):
        return cls(n, n)


p = Point(1)
print(p, p.move(2, 3), p.x, p.y)
print(Point.origin(), Point.diagonal(4), p.diagonal(5), Point.table)
print(p.dimensions, Point.dimensions)
p.dimensions = 3
print(p.dimensions, Point.dimensions)
Point.dimensions = 4
print(p.dimensions, Point.origin().dimensions)
del p.dimensions
print(p.dimensions)

method = p.move
print(method(1, 1), Point.move(p, 1, 1))
print(isinstance(p, Point), isinstance(p, object), isinstance(p, int), isinstance(3, (str, int)))
print(type(p) is Point, type(p).__name__, Point.__name__, p.__class__ is Point)

try:
    p.missing
except AttributeError:
    print("AttributeError")
try:
    del p.missing
except AttributeError:
    print("AttributeError on del")
try:
    Point()
except TypeError:
    print("TypeError")


class Sub(Point):
    def __init__(self, x):
        super().__init__(x, x)
        self.extra = True

    def __repr__(self):
        return "Sub of " + super().__repr__()


s = Sub.diagonal(7) if False else Sub(7)
print(s, s.extra, isinstance(s, Point), issubclass(Sub, Point), issubclass(Point, Sub))
print(issubclass(bool, int), issubclass(Sub, (int, Point)))


class Dynamic:
    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name[4:]
        raise AttributeError(name)


d = Dynamic()
print(d.dyn_a, getattr(d, "dyn_b"), getattr(d, "c", "default"), hasattr(d, "dyn_"), hasattr(d, "d"))
d.dyn_a = "own"
print(d.dyn_a)
setattr(d, "e", 5)
print(d.e, hasattr(d, "e"))
delattr(d, "e")
print(hasattr(d, "e"))


def method_from_outside(self):
    return "outside", self.x


Point.outside = method_from_outside
print(p.outside(), s.outside())
p.outside = lambda: "own function, no self"
print(p.outside())


class Callable:
    def __call__(self, *args, **kw):
        return args, sorted(kw.items())


print(Callable()(1, 2, a=3), callable(Callable()), callable(p), callable(Point))


class Counter:
    count = 0

    def __new__(cls, *args):
        cls.count += 1
        self = super().__new__(cls)
        self.number = cls.count
        return self

    def __init__(self, name):
        self.name = name


a, b = Counter("a"), Counter("b")
print(a.number, b.number, a.name, b.name, Counter.count)


class Empty:
    pass


e = Empty()
for i in range(100):
    setattr(e, "attribute_%d" % i, i)
print(sum(getattr(e, "attribute_%d" % i) for i in range(100)))
f = Empty()
f.b = 1
f.a = 2
g = Empty()
g.a = 3
g.b = 4
print(f.a, f.b, g.a, g.b)

T = type("T", (Point,), {"z": 9, "norm": lambda self: self.x + self.y + self.z})
print(T(1, 2).norm(), T.__name__)


class Scope:
    x = "class"

    def get(self):
        return x



x = "global"
Scope2 = Scope
print(Scope().get())
