# Sets and frozensets: methods, operators in place and not, comparisons, errors.


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__)


def show(s):
    print(type(s).__name__, sorted(s))


a = {1, 2, 3}
b = frozenset([3, 4])
print(set(), frozenset(), {5}, frozenset({5}), {1, 1.0, True}, len(a), bool(set()))
for x, y in ((a, b), (b, a), (a, {2}), (b, b)):
    show(x | y)
    show(x & y)
    show(x - y)
    show(x ^ y)
    print(x == y, x != y, x < y, x <= y, x > y, x >= y)
show(a.union([7], (8,), "xy"[:0]))
show(a.union())
show(a.intersection([1, 2], {2: 3}))
show(b.difference([4], [5]))
show(a.symmetric_difference([3, 3, 9]))
print(a.isdisjoint([5, 6]), a.isdisjoint([1]), a.issubset(range(5)), a.issuperset([1]), a.issubset([1]), a.issuperset("a"))
attempt(lambda: a | [1])
attempt(lambda: a < [1])
attempt(lambda: a - {1: 2})
print(a == {1: 2}, a == [1, 2, 3], a == frozenset(a), {frozenset([1, 2]): "f"}[frozenset([2, 1])])

c = d = {1, 2}
c |= {3}
c &= {2, 3, 4}
c ^= {3, 9}
show(c)
c -= {9}
show(c)
print(c is d)
f = g = frozenset([1])
f |= {2}
show(f)
show(g)

s = set("abc")
s.add("d")
s.add("a")
s.discard("b")
s.discard("zz")
s.remove("c")
attempt(s.remove, "c")
show(s)
s.update("xyz", [1, 2][:0])
show(s)
s.intersection_update("axy")
s.difference_update("a", "q")
s.symmetric_difference_update("yz")
show(s)
t = s.copy()
t.clear()
print(len(s), len(t), t)
attempt(t.pop)
one = {42}
print(one.pop(), one)
attempt(s.add, [])
attempt(lambda: [] in s)
attempt(lambda: {(1, [])})
attempt(hash, {1})
attempt(lambda: frozenset().add(1))
print(hash(frozenset([1, 2, 3])) == hash(frozenset([3, 2, 1, 1])))

n = set()
for i in range(2000):
    n.add(i * 7 % 2000)
print(len(n), sum(n), all(i in n for i in range(2000)), 2000 in n, -1 in n)
for i in range(0, 2000, 2):
    n.remove(i)
print(len(n), all((i in n) == (i % 2 == 1) for i in range(2000)))
count = 0
while n:
    n.pop()
    count += 1
print(count)
try:
    x = {1, 2}
    for i in x:
        x.add(i + 10)
except RuntimeError:
    print("changed size")
print(sorted({x % 3 for x in range(10)}), set({1: 2}), set("aa"))
print({1, (2, 3), "x"} == {"x", 1, (2, 3)}, frozenset() == set(), {0} == {False})
