"""list, tuple, dict, set, frozenset, range, slice, their iterators, comprehensions and sorting."""

a = [i * i for i in range(40)]
a.sort(key=lambda v: (v % 7, -v))
print(a, sorted(a, reverse=True)[:5], a[5:30:4], a.index(49), a.count(4))
a[3:9] = "replacement"
a.insert(2, None)
a.extend({1: 2}.items())
del a[10:20], a[0]
print(a.pop(), a.pop(3), a[::-1][:4], a + [1], a * 2 == a + a, len(a))
a.remove(None)
a.reverse()
print(a[:3], a.copy() == a, [] < [1], [1, [2, (3, {4: [5]})]])
t = tuple(a[:6]) + (1, 2) * 3
print(t, t[1:4], hash(t[:2]) == hash(t[:2]), t.index(2), t < t[1:])
d = {i: str(i) for i in range(30)}
d.update([("a", 1), ("b", 2)], c=3)
d.update({"x" + str(i): i for i in range(5)})
for i in range(0, 30, 2):
    del d[i]
print(d, list(d.keys())[:3], list(d.values())[-3:], d.pop("a"), d.get("zz", 0), d.setdefault("q", []))
print(d.popitem(), sorted(d.items(), key=str)[:4], dict(zip("abc", range(3))), d.copy() == d)
print(dict.fromkeys("abc", 0), {(1, 2): {3: 4}}, dict([(1, 2)]) | {3: 4} if hasattr(dict, "__or__") else "")
s = set(range(0, 40, 3))
u = {3, 4, 5, "x", (1, 2)}
print(sorted(s | {1}), s & u, sorted(s ^ {0, 1}), s - {0} == s, s > {3}, s.issubset(range(99)), len(s.union(u)))
u.discard(3)
u.update("pq")
u.intersection_update({4, "p", "q"})
print(sorted(map(str, u)), frozenset([1, 2]) == {1, 2}, {frozenset([1]): 2}, u.copy() == u)
print(list(range(10, 0, -3)), range(5)[1:3], slice(1, 2, 3), list(reversed([1, 2, 3])), list(enumerate("ab", 1)))
print(list(map(lambda x, y: x + y, [1, 2], [3, 4])), list(filter(None, [0, 1, 2])), list(zip([1], [2], [3])))
print(any(x > 3 for x in a if isinstance(x, int)), all([]), sum(range(50)), [x for y in [[1], [2]] for x in y])
first, *rest = [1, 2, 3]
(p, q), r = (1, 2), 3
print(first, rest, p, q, r)
