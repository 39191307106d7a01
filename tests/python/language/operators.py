# Special methods serve the operators; reflected ones when the left operand has none or gives NotImplemented.


class Vector:
    def __init__(self, *v):
        self.v = v

    def __repr__(self):
        return "V" + str(list(self.v))

    def __add__(self, o):
        if not isinstance(o, Vector):
            return NotImplemented
        return Vector(*[a + b for a, b in zip(self.v, o.v)])

    def __sub__(self, o):
        return Vector(*[a - b for a, b in zip(self.v, o.v)])

    def __mul__(self, k):
        return Vector(*[a * k for a in self.v])

    __rmul__ = __mul__

    def __matmul__(self, o):
        return sum(a * b for a, b in zip(self.v, o.v))

    def __neg__(self):
        return self * -1

    def __pos__(self):
        return self

    def __invert__(self):
        return Vector(*reversed(self.v))

    def __eq__(self, o):
        return isinstance(o, Vector) and self.v == o.v

    def __bool__(self):
        return any(self.v)

    def __len__(self):
        return len(self.v)

    def __getitem__(self, i):
        return self.v[i]

    def __contains__(self, x):
        return x in self.v

    def __iadd__(self, o):
        self.v = tuple(a + 100 * b for a, b in zip(self.v, o.v))
        return self

    def __hash__(self):
        return hash(self.v)


a, b = Vector(1, 2), Vector(3, 4)
print(a + b, a - b, a * 3, 3 * a, a @ b, -a, +a, ~a)
print(a == Vector(1, 2), a != b, a == 1, bool(Vector(0, 0)), bool(a), len(a), a[1], 2 in a, 5 in a)
c = a
c += b
print(c, a is c, {Vector(1): "one"}[Vector(1)])
try:
    a + 1
except TypeError:
    print("TypeError")


class Log:
    def __init__(self, name, implemented):
        self.name = name
        self.implemented = implemented

    def answer(self, method, other):
        name = other.name if isinstance(other, Log) else other
        print("  ", self.name, method, name)
        return self.name + method if self.implemented else NotImplemented

    def __add__(self, o):
        return self.answer("add", o)

    def __radd__(self, o):
        return self.answer("radd", o)

    def __lt__(self, o):
        return self.answer("lt", o)

    def __gt__(self, o):
        return self.answer("gt", o)

    def __le__(self, o):
        return self.answer("le", o)

    def __ge__(self, o):
        return self.answer("ge", o)

    def __eq__(self, o):
        return self.answer("eq", o)

    def __ne__(self, o):
        return self.answer("ne", o)


class Unrelated:
    def __repr__(self):
        return "U"

    def __add__(self, o):
        return NotImplemented


def show(f):
    try:
        print(f())
    except TypeError:
        print("TypeError")


yes, no = Log("yes", True), Log("no", False)
show(lambda: yes + no)
show(lambda: 1 + yes)
show(lambda: 1 + no)
show(lambda: yes + 1)
show(lambda: no + 1)
show(lambda: Unrelated() + yes)
show(lambda: Unrelated() + no)
show(lambda: Unrelated() + Unrelated())
show(lambda: yes < 1)
show(lambda: 1 < yes)
show(lambda: no < 1)
show(lambda: 1 <= yes)
show(lambda: no >= yes)
show(lambda: yes == 1)
show(lambda: 1 == yes)
show(lambda: no == 1)
show(lambda: no != 1)
show(lambda: yes != 1)


class AllOps:
    def __init__(self, n):
        self.n = n

    def __and__(self, o):
        return "and"

    def __or__(self, o):
        return "or"

    def __xor__(self, o):
        return "xor"

    def __lshift__(self, o):
        return "lshift"

    def __rshift__(self, o):
        return "rshift"

    def __floordiv__(self, o):
        return "floordiv"

    def __truediv__(self, o):
        return "truediv"

    def __mod__(self, o):
        return "mod"

    def __pow__(self, o):
        return "pow"

    def __rand__(self, o):
        return "rand"

    def __ror__(self, o):
        return "ror"

    def __rxor__(self, o):
        return "rxor"

    def __rlshift__(self, o):
        return "rlshift"

    def __rrshift__(self, o):
        return "rrshift"

    def __rfloordiv__(self, o):
        return "rfloordiv"

    def __rtruediv__(self, o):
        return "rtruediv"

    def __rmod__(self, o):
        return "rmod"

    def __rpow__(self, o):
        return "rpow"

    def __rsub__(self, o):
        return "rsub"

    def __isub__(self, o):
        return "isub"

    def __imul__(self, o):
        return "imul"

    def __iand__(self, o):
        return "iand"

    def __ipow__(self, o):
        return "ipow"


o = AllOps(1)
print(o & 1, o | 1, o ^ 1, o << 1, o >> 1, o // 1, o / 1, o % 1, o ** 1)
print(1 & o, 1 | o, 1 ^ o, 1 << o, 1 >> o, 1 // o, 1 / o, 1 % o, 1 ** o, 1 - o)
p = q = r = s = t = AllOps(2)
p -= 1
q *= 1
r &= 1
s **= 1
t |= 1
print(p, q, r, s, t)


class Box:
    def __init__(self):
        self.d = {}

    def __setitem__(self, k, v):
        print("set", k, v)
        self.d[k] = v

    def __getitem__(self, k):
        if isinstance(k, slice):
            return "slice", k.start, k.stop, k.step
        return self.d[k]

    def __delitem__(self, k):
        print("del", k)
        del self.d[k]


x = Box()
x["a"] = 1
x["a"] += 5
print(x["a"], x[1:2], x[::3], x[:])
del x["a"]
x[1, 2] = 3
print(x[1, 2])
try:
    x["none"]
except KeyError:
    print("KeyError")

print(abs(-3), divmod(7, 2), pow(2, 10), pow(3, 4, 5), hash(3) == hash(3.0), 7 // -2, 7 % -2, -7 // 2, -7 % 2)
print(1 << 70, 5 | 2, 5 & 4, 5 ^ 1, ~5, 2 ** -1, 10 / 4, 2 ** 100 % 97, "ab" * 3, [1] * 2, 3 * (1,))
