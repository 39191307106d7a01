# Dicts: order, methods, views, equal keys of different types, errors.


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__)


d = {"b": 1, "a": 2}
d["c"] = 3
d["b"] = 4
print(d, len(d), d["a"], list(d), "a" in d, "z" in d, "z" not in d)
del d["b"]
d["b"] = 5
print(d)
attempt(lambda: d["z"])
attempt(d.__getitem__, "z")
print(d.get("a"), d.get("z"), d.get("z", 9))
print(d.setdefault("a", 100), d.setdefault("n"), d.setdefault("m", []), d)
print(d.pop("m"), d.pop("zz", None))
attempt(d.pop, "zz")
print(d.popitem(), d)
attempt({}.popitem)
e = d.copy()
e.update({"x": 1}, y=2)
e.update([("p", 1), ["q", 2]])
e.update(a=7)
print(e, d)
attempt(e.update, [(1, 2, 3)])
attempt(e.update, [1])
attempt(e.update, 5)
e.clear()
print(e, bool(e), bool(d))
print(dict(), dict(a=1), dict([(1, 2)]), dict({3: 4}, b=5), dict(zip("ab", range(2))))
print(dict.fromkeys("abc"), dict.fromkeys([1, 2], 0))
print({1: 2} | {3: 4, 1: 5})
f = g = {1: 2}
f |= {2: 3}
f |= [(4, 5)]
print(g)
print({1: 2, 3: 4} == {3: 4, 1: 2}, {1: 2} == {1: 3}, {1: 2} != {2: 2}, {} == [], {1: [2]} == {1: [2]})
attempt(lambda: {} < {})
attempt(lambda: {}[[]])
attempt(lambda: {}[{}])
attempt(lambda: {(1, []): 2})
attempt(lambda: [] in {1: 2})

# Keys that are equal though their types differ.
k = {}
k[1] = "int"
k[1.0] = "float"
k[True] = "bool"
print(k, k[1], k[1.0], k[True])
k[0] = "zero"
print(k[False], k[0.0], k[-0.0], k.get(0.5), k.get("1"), k.get(b"1"))
k[2**70] = "big"
print(k[2**70], k[float(2**70)], (2**70 + 1) in k, k.get(-(2**70)))
k[(1, 2)] = "tuple"
print(k[(1.0, 2)], k[(True, 2.0)], k.get((2, 1)))
k["" + "name"] = 1
name = "".join(["na", "me"])
print(k["name"], k[name], k.get(b"name"), k[frozenset([1])] if frozenset([1]) in k else None)
nan = float("nan")
k[nan] = "nan"
print(k[nan], k.get(float("nan")))
k[None] = k[...] = "constants"
print(k[None], k[Ellipsis], k.get(NotImplemented))
k[int] = k[print] = k[attempt] = 3
print(k[int], k[print], k[attempt], k.get(str))

# Strs made at run time, in all sizes of tables.
for n in (3, 8, 9, 50, 200, 3000):
    t = {}
    for i in range(n):
        t["key%d" % i] = i
        t[i] = -i
    ok = all(t["key" + str(i)] == i and t[i] == -i for i in range(n))
    for i in range(0, n, 2):
        del t["key%d" % i]
    ok2 = all(("key%d" % i in t) == (i % 2 == 1) for i in range(n))
    print(n, ok, ok2, len(t), list(t.items())[-3:])
    while t:
        t.popitem()
    print(t)

# A queue through a dict does not grow.
q = {}
for i in range(5000):
    q[i] = i
    if i >= 10:
        del q[i - 10]
print(q)

# Views.
v = {"a": 1, "b": [2]}
print(v.keys(), v.values(), v.items())
ks, vs, its = v.keys(), v.values(), v.items()
v["c"] = 3
print(list(ks), list(vs), list(its), len(ks), len(vs), len(its))
print("a" in ks, "z" in ks, 3 in vs, 4 in vs, ("a", 1) in its, ("a", 2) in its, "a" in its)
print(sorted(ks & {"a", "z"}), sorted(ks | {"z"}), sorted(ks - {"a"}), sorted(ks ^ {"a", "z"}))
print(sorted({"a", "q"} & ks), ks == {"a", "b", "c"}, {"a": 1}.items() == {("a", 1)}, ks == {"a": 2}.keys())
print({k: v for k, v in its}, [k for k in {}], dict(its) == v)

for change in (lambda: v.update(n=1), lambda: v.pop("a")):
    try:
        for x in v:
            change()
    except RuntimeError:
        print("changed size")
for x in v:
    v[x] = 0
print(v)


class Key:
    def __init__(self, n, h):
        self.n = n
        self.h = h

    def __hash__(self):
        return self.h

    def __eq__(self, other):
        return isinstance(other, Key) and self.n == other.n


objects = {Key(i, i % 3): i for i in range(60)}
print(len(objects), all(objects[Key(i, i % 3)] == i for i in range(60)), Key(1, 2) in objects)
del objects[Key(10, 1)]
print(len(objects), Key(10, 1) in objects, objects.get(Key(13, 1)))


class Meddler:
    def __init__(self, d, n):
        self.d = d
        self.n = n

    def __hash__(self):
        return 7

    def __eq__(self, other):
        self.d.clear()
        return False


m = {}
for i in range(5):
    m[Meddler(m, i)] = i
print(1 <= len(m) <= 5)


class Raises:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError("eq")


r = {Raises(): 1}
attempt(lambda: r[Raises()])
attempt(lambda: r[1])
attempt(lambda: r[2])


class Mapping:
    def keys(self):
        return ["u", "v"]

    def __getitem__(self, key):
        return key * 2


print(dict(Mapping()))


class Sub(dict):
    pass


s = Sub(a=1)
s["b"] = 2
print(s["a"], len(s), sorted(s), s == {"a": 1, "b": 2}, s.get("b"), "a" in s)

# Printing allocates between the items: keys and values that nothing else holds stay what they are.
d = {}
for i in range(60):
    d["key_" + str(i) + "_" * (i % 7)] = "value_" + str(i)
print(repr(d) == "{" + ", ".join([repr(k) + ": " + repr(v) for k, v in d.items()]) + "}")
print(repr(d.keys()) == "dict_keys([" + ", ".join([repr(k) for k in d]) + "])")
print(repr(d.values()) == "dict_values([" + ", ".join([repr(v) for v in d.values()]) + "])")
print(repr(d.items()) == "dict_items([" + ", ".join([repr(p) for p in d.items()]) + "])")
