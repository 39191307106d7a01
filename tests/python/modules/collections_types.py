# namedtuple, OrderedDict and deque: what CPython does as well.
from collections import namedtuple, OrderedDict, deque

# ---- namedtuple: a tuple with names
Point = namedtuple("Point", ("x", "y"))
p = Point(1, y=[2])
print(p, p.x, p.y, p[0], len(p), Point.__name__, p._asdict() == {"x": 1, "y": [2]})
print(p == (1, [2]), (1, [2]) == p, p != Point(1, 2), Point(1, 2) < Point(1, 3), isinstance(p, tuple))
x, y = p
print(x, y, p + (3,), "%d %s" % p, hash(Point(3, 4)) == hash((3, 4)), {Point(3, 4): 5}[(3, 4)])
print(Point._fields, p.index(1), p.count(7), p[::-1], 1 in p)
for wrong in (lambda: Point(1), lambda: Point(1, 2, 3),
              lambda: Point(1, x=2), lambda: Point(1, z=2), lambda: namedtuple("N", 1)):
    try:
        wrong()
    except TypeError:
        print("TypeError")
try:
    p.x = 5
except AttributeError:
    print("AttributeError")
try:
    namedtuple("Twice", "a a")
except ValueError:
    print("ValueError")
print(namedtuple("Spaces", "a b, c")(1, 2, 3), namedtuple("Empty", [])(), str(Point("a", None)))


class Vector(namedtuple("VectorBase", "dx dy")):
    def length2(self):
        return self.dx * self.dx + self.dy * self.dy

    def __new__(cls, dx, dy=10):
        return super().__new__(cls, dx, dy)


v = Vector(2)
print(v, v.length2(), type(v) is Vector, v == (2, 10))
print([Point(i, i * i) for i in range(40)][39])
method = p._asdict
print(list(method().items()), Point._asdict(p) == method(), repr(p) == p.__repr__())
print(sorted([Point(3, 1), Point(1, 2), Point(1, 1)]), max(Point(0, 1), Point(1, 0)).x)

# ---- OrderedDict: order counts in a comparison of two
a = OrderedDict([("one", 1), ("two", 2)])
b = OrderedDict([("two", 2), ("one", 1)])
print(a == b, a == dict(b), dict(a) == b, a != b, a == OrderedDict(one=1, two=2), list(a), list(b.items()))
print(isinstance(a, dict), len(a), a["one"], "two" in a, a.popitem(), list(a), type(a.copy()) is OrderedDict)
a["three"] = 3
a.update(four=4)
del a["one"]
print(list(a.keys()), list(a.values()), a.get("one"), a == 5)
print(list(OrderedDict.fromkeys("ab")), bool(OrderedDict()))
try:
    hash(a)
except TypeError:
    print("TypeError")


class Named(OrderedDict):
    pass


print(Named(a=1) == OrderedDict(a=1), Named(a=1, b=2) == Named([("b", 2), ("a", 1)]), repr(Named(a=1))[:6])

# ---- deque
d = deque([1, 2, 3], 5)
print(d, len(d), d[0], d[-1], list(d), bool(deque((), 1)))
d.append(4)
d.appendleft(0)
d.append(5)
print(list(d), d.popleft(), d.pop(), list(d))
d.appendleft("left")
d.appendleft("further")
d.appendleft("last")
print(list(d))
d[1] = "set"
d.extend(d)
print(d, [x for x in d if x == "set"])
for wrong in (lambda: d[5], lambda: d[-6], lambda: deque((), 2).pop(), lambda: deque((), 2).popleft()):
    try:
        wrong()
    except IndexError:
        print("IndexError")
for wrong in (lambda: d[0:2], lambda: deque(5, 5), lambda: ~d, lambda: hash(d), lambda: d["a"]):
    try:
        wrong()
    except TypeError:
        print("TypeError")
try:
    deque((), -1)
except ValueError:
    print("ValueError")


class Window(deque):
    def __init__(self, n):
        super().__init__((0,) * n, n)

    def mean(self):
        return sum(self) / len(self)


w = Window(4)
w.append(8)
w.append(4)
print(len(w), w.mean(), list(w), w[-1], isinstance(w, deque))
none = deque((1, 2), 0)
none.append(1)
print(list(none))
big = deque((), 1000)
for i in range(2500):
    big.append([i])
    if i % 3 == 0:
        big.popleft()
print(len(big), big[0], big[-1], big[500])


class Other(tuple):
    pass


for of in (lambda: Point._asdict(Other("ab" + str(i) for i in range(3))), lambda: Point.__repr__(Other("x" + str(i) for i in range(3)))):
    try:
        of()
    except (TypeError, AttributeError):
        print("refused")
