# Operators on instances: reflected and in-place methods, NotImplemented, and what is a TypeError.
class V:
    def __init__(self, x):
        self.x = x

    def __repr__(self):
        return "V(%r)" % (self.x,)

    def __add__(self, other):
        if isinstance(other, V):
            return V(self.x + other.x)
        if isinstance(other, int):
            return V(self.x + other)
        return NotImplemented

    def __radd__(self, other):
        return V((other, self.x))

    def __isub__(self, other):
        self.x -= other
        return self

    def __eq__(self, other):
        return isinstance(other, V) and self.x == other.x

    def __lt__(self, other):
        return self.x < other.x

    def __neg__(self):
        return V(-self.x)

    def __contains__(self, item):
        return item == self.x

    def __len__(self):
        return self.x

    def __getitem__(self, i):
        if i >= self.x:
            raise IndexError
        return i * i

    def __call__(self, *args):
        return args


def check(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__)


v = V(3)
print(v + V(1), v + 1, 1 + v, -v)
check(lambda: v + "a")
check(lambda: v - 1)
check(lambda: 1 - v)
w = v
w -= 1
print(w is v, v)
w += 5
print(w, v)
print(v == V(2), v != V(2), v == 2, 2 != v)
print(v < V(5), v > V(1))
check(lambda: v <= V(5))
print(2 in v, 3 in v, bool(V(0)), len(v))
print(list(V(4)), 9 in list(V(4)), tuple(V(2)))
print(v(1, 2), callable(v), callable(1))
check(lambda: hash(v))
check(lambda: {v: 1})
check(lambda: ~v)
check(lambda: v[0:1])
check(lambda: len(1))
check(lambda: 1 in 2)
check(lambda: iter(1))
check(lambda: next([]))
one = 1
check(lambda: one())
check(lambda: one[0])


class Sub(V):
    def __radd__(self, other):
        return "sub first"

    def __hash__(self):
        return 7


print(V(1) + Sub(2), Sub(1) + V(2))
print({Sub(1): 2} is not None)


class Index:
    def __index__(self):
        return 2


print([1, 2, 3][Index()], "abc"[Index()], (1, 2, 3)[Index()])


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


print(list(Countdown(3)), 2 in Countdown(5), max(Countdown(4)), sum(Countdown(4)))


class NotIterable:
    def __iter__(self):
        return 5


check(lambda: list(NotIterable()))


class Plain:
    pass


p = Plain()
print(p == p, p == Plain(), p != Plain(), bool(p), hash(p) == hash(p))
check(lambda: p < p)
check(lambda: len(p))
check(lambda: p[0])
