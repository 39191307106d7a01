# Tuples, ranges, slices and iterators.


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__)


t = (1, "a", 2.5)
print(t, (), (1,), t[0], t[-1], len(t), t + (4,), t * 2, 2 * t, t * 0, () * 5)
print(t[1:], t[::-1], t[::2], t[5:], t[:] is t, tuple("ab"), tuple(), tuple([1]), tuple(t) is t)
print(t.index("a"), t.count(1), t.count(9), 2.5 in t, "b" in t)
attempt(t.index, 9)
attempt(lambda: t[3])
attempt(lambda: t["a"])
attempt(lambda: t + [1])
print((1, 2) < (1, 3), (1, 2) == (1.0, 2), (1,) < (1, 0), (2,) >= (1, 5), () < (0,), (1,) == [1], (1, 2) != (1, 2))
print(hash((1, 2)) == hash((1.0, 2)), hash((1, (2, "x"))) == hash((1, (2, "x"))), hash(()) == hash(()))
attempt(hash, (1, []))


def assign():
    t[0] = 1


attempt(assign)
a = b = (1, 2)
a += (3,)
print(a, b)
x, (y, *z) = 1, (2, 3, 4)
print(x, y, z)

r = range(10)
print(r, range(1, 5), range(10, 0, -3), list(range(10, 0, -3)), list(range(0)), list(range(5, 1)))
print(len(r), r[3], r[-1], r[2:5], r[::-1], r[::3], r[20:], range(0, 20, 3)[1::2], list(r[::-2]))
print(r.start, r.stop, r.step, range(1, 9, 2).step)
print(3 in r, 10 in r, -1 in r, 3.0 in r, 3.5 in r, "a" in r, True in r, 4 in range(0, 10, 2), 5 in range(0, 10, 2))
print(9 in range(9, 0, -3), 0 in range(9, 0, -3), 10**30 in r)
print(r.index(4), range(0, 10, 2).index(6), r.count(3), r.count(30))
attempt(r.index, 10)
attempt(lambda: r[10])
attempt(lambda: range(1, 2, 0))
attempt(lambda: range("a"))
attempt(lambda: range(1.5))
print(range(3) == range(0, 3, 1), range(0) == range(5, 2), range(0, 5, 3) == range(0, 4, 3), range(3) == [0, 1, 2])
print(bool(range(0)), bool(range(1)), sum(range(100)), max(range(5)), list(reversed(range(4))))
args = (2, 11, 4)
for i in range(*args):
    print(i, end=" ")
print()
print(hash(range(3)) == hash(range(0, 3)))


class S:
    def __getitem__(self, i):
        return i


s = S()[1:10:2]
print(s, s.start, s.stop, s.step, S()[:], S()["a":None, 1], s == slice(1, 10, 2), s == slice(1, 10))
print(s.indices(5), slice(None, None, -1).indices(5), slice(-3, None).indices(10), slice(5).indices(3))
attempt(lambda: [1][slice("a")])


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


print([1, 2, 3][Index(1)], (1, 2, 3)[Index(0):Index(2)], list(range(Index(3))), [0] * 2)

it = iter([1, 2, 3])
print(next(it), list(it), list(it), next(it, "end"), iter(it) is it)
it = iter((1, 2))
print(next(it), next(it), next(it, None))
it = iter(range(2))
print(next(it), next(it), next(it, None), next(it, None))
it = iter({1: 2}.items())
print(next(it), next(it, None))


class Count:
    def __init__(self, n):
        self.n = n

    def __getitem__(self, i):
        if i >= self.n:
            raise IndexError
        return i * i


print(list(Count(5)), 9 in Count(5), 10 in Count(5))

nested = [1, [2, (3, {4: [5]})]]
print(nested, nested == [1, [2, (3, {4: [5]})]])
loop = []
loop.append(loop)
try:
    print(loop == [loop, 1], end="\n")
    loop2 = [loop]
    loop.append(1)
    loop == loop2[0][0:]
except RuntimeError:
    print("deep")
deep = ()
for i in range(10):
    deep = (deep, i)
print(deep, hash(deep) == hash(deep), deep == deep[:])
