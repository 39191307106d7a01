"""Classes, instances, attributes, operators, descriptors, inheritance, and what goes with them."""


class Base:
    kind = "base"

    def __init__(self, name, **more):
        self.name = name
        for k in more:
            setattr(self, k, more[k])

    def __repr__(self):
        return "<%s %s>" % (type(self).__name__, self.name)

    def __eq__(self, other):
        return isinstance(other, Base) and self.name == other.name

    def __hash__(self):
        return hash(self.name)

    def __add__(self, other):
        return type(self)(self.name + str(other))

    def __radd__(self, other):
        return type(self)(str(other) + self.name)

    def __getitem__(self, key):
        return [self.name, key]

    def __setitem__(self, key, value):
        self.name = "%s[%s]=%s" % (self.name, key, value)

    def __len__(self):
        return len(self.name)

    def __contains__(self, x):
        return x in self.name

    def __call__(self, *args, **kw):
        return (self.name, args, sorted(kw.items()))

    def __iter__(self):
        return iter(self.name)

    @property
    def size(self):
        return len(self.name) * 2

    @size.setter
    def size(self, v):
        self.name = "s" * v

    @staticmethod
    def static(x, y=2, *args, z=3):
        return (x, y, args, z)

    @classmethod
    def make(cls, n):
        return cls("made%d" % n)


class Left(Base):
    def __init__(self, name):
        super().__init__(name, left=True)


class Right(Base):
    def __getattr__(self, name):
        if name.startswith("dyn_"):
            return name + "!"
        raise AttributeError(name)


class Both(Left, Right):
    pass


b = Both("both")
print(b, b == Both("both"), {b: 1}[Both("both")], b + 1, 2 + b, b[5], len(b), "o" in b, b(1, k=2), list(b))
b["k"] = 5
print(b.name, b.size, b.left, b.dyn_x, b.static(1), b.make(7), Both.static(1, 3, 4, z=5))
b.size = 4
for i in range(12):
    setattr(b, "attr%d" % i, i)
del b.attr5
print(b.name, b.attr11, hasattr(b, "attr5"), isinstance(b, Right), issubclass(Both, Left), len(dir(b)) > 10)
print(getattr(b, "nothing", "default"), type("Made", (Base,), {"extra": 1})("m").extra)


class MyList(list):
    def total(self):
        return sum(self)


class MyDict(dict):
    def __missing__(self, key):
        return key * 2


class MyError(ValueError):
    def __init__(self, code):
        super().__init__("code", code)
        self.code = code


m = MyList([1, 2, 3])
m.append(4)
print(m, m.total(), len(m), MyList("ab") + ["c"], m[1:])
d = MyDict(a=1)
d["z"] = MyList()
print(d, d["a"], sorted(d), "z" in d)
try:
    raise MyError(5)
except ValueError as e:
    print(repr(e), e.code, e.args, str(e))


exits = []


class Slots:
    def __enter__(self):
        return self

    def __exit__(self, t, v, tb):
        exits.append(t)
        return t is KeyError

    def __next__(self):
        raise StopIteration

    def __iter__(self):
        return self

    def __bool__(self):
        return False


with Slots() as s:
    raise KeyError("x")
print(exits, list(s), bool(s), [method(3) for method in (b.make, Both.make)], b.__class__.__name__)
