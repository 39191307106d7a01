# What an operation does once, however often it calls back: under a budget it is executed again from its beginning for each callback.
import array


class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n & 1

    def __eq__(self, other):
        return self.n == other.n


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


class Less:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n


def show(name, f):
    try:
        print(name, f())
    except Exception as e:
        print(name, type(e).__name__)


def numbers(keys):
    return sorted([k.n for k in keys])


# The same instruction of the same frame, again at once, and each time for another key.
class Table:
    def __init__(self):
        self.d = {}

    def __setitem__(self, k, v):
        self.d[k] = v

    def __getitem__(self, k):
        return self.d[k]

    def __contains__(self, k):
        return k in self.d

    def __add__(self, k):
        return self.d[k]

    def __iter__(self):
        yield self.d[Key(1)]
        yield self.d[Key(3)]

    @property
    def first(self):
        return self.d[self.key]


def subscripts():
    t = Table()
    k1, k2, k3 = Key(1), Key(2), Key(3)
    t[k1] = "a"
    t[k2] = "b"
    t[k3] = "c"
    a = t[k1]
    b = t[k2]
    c = t[k3]
    d = t + k1, t + k2, t + k3
    t.key = k1
    e = t.first
    t.key = k3
    return len(t.d), a, b, c, d, e, t.first, k1 in t, Key(4) in t, [x for x in t]


show("subscripts", subscripts)


# Iterators that are drawn from without a callback, for what then makes one.
class Mapping:
    def keys(self):
        return iter(["a", "b", "c"])

    def __getitem__(self, k):
        return k + "!"


class Set(set):
    pass


class Dict(dict):
    pass


class Args(Exception):
    def __init__(self, *args):
        self.a = args


def keywords(**kw):
    return sorted(kw.items())


def update():
    s = set()
    s.update([], iter([Key(1), Key(2), Key(3)]))
    d = {}
    d.update(iter([(Key(1), 1), (Key(3), 2)]))
    return numbers(s), numbers(d)


def slices():
    x = [1, 2, 3, 4]
    x[Index(0) : Index(2)] = iter([7, 8])
    y = [1, 2]
    y[:] = (n * n for n in range(3))
    y += (n + 9 for n in range(2))
    y += iter([5])
    return x, y


def extend():
    x = bytearray(b"ab")
    x.extend(iter([Index(1), Index(2)]))
    y = array.array("b")
    y.extend(iter([Index(1), Index(2)]))
    y.extend([Index(3), Index(4)])
    return x, list(y)


def unpack():
    a, *b = (n * n for n in range(5))
    *c, d = iter([1, 2, 3])
    return a, b, c, d


show("update", update)
show("isdisjoint", lambda: {Key(1)}.isdisjoint(iter([Key(1), Key(2)])))
show("union", lambda: numbers(set().union([], iter([Key(1), Key(2), Key(3)]))))
show("dict", lambda: sorted(dict(Mapping()).items()))
show("keywords", lambda: keywords(**Mapping()))
show("slices", slices)
show("bytes", lambda: bytes(iter([Index(1), Index(2), Index(3)])))
show("bytearray", lambda: bytearray(iter([Index(1), Index(2), Index(3)])))
show("array", lambda: list(array.array("b", iter([Index(1), Index(2), Index(3)]))))
show("extend", extend)
show("unpack", unpack)
show("star", lambda: hash(*iter([Key(3)])))
show("exception", lambda: Args(*zip([1, 2], [3, 4])).a)
show("set", lambda: numbers(Set(iter([Key(1), Key(3)]))))
show("dict of pairs", lambda: numbers(Dict(zip([Key(1), Key(3)], [1, 2]))))
show("dict of iterators", lambda: numbers(dict([iter((Key(1), 2)), iter((Key(3), 4))])))
show("fromkeys", lambda: numbers(dict.fromkeys(iter([Key(1), Key(3)]))))


# Sorting, by keys that come of a native function, and of a list that is one by its class only.
class List(list):
    def sort_it(self, **kw):
        super().sort(**kw)


def by_get():
    table = {i: Less((i * 7) % 11) for i in range(11)}
    x = [i for i in range(11)]
    x.sort(key=table.get)
    return x, sorted(range(11), key=table.get, reverse=True)


def subclass():
    x = List([Less(i * 7 % 23) for i in range(23)])
    list.sort(x)
    y = List([Less(i * 7 % 23) for i in range(23)])
    y.sort_it(reverse=True)
    z = List([i * 7 % 23 for i in range(23)])
    list.sort(z, key=lambda v: -v)
    return [v.n for v in x], [v.n for v in y], z


show("by get", by_get)
show("subclass", subclass)
show("pop", lambda: min(["a", "b", "c"], key={"a": Less(3), "b": Less(1), "c": Less(2)}.pop))


# Keywords may have any names.
class Keyword:
    def __init__(self, f, args=0, kw=1):
        self.all = f, args, kw


show("names", lambda: sorted(dict(((k, 1) for k in "ab"), iterable=2, native=3, first=4, args=5, kw=6).items()))
show("names of a class", lambda: staticmethod(Keyword)(f=3, kw=5).all)


# A callback changes what is searched.
class Changing:
    table = None

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return 7

    def __eq__(self, other):
        table = Changing.table
        if table is not None:
            Changing.table = None
            del table[self if self in table else other]
            table[Changing(99)] = "wrong"
            return True
        return self.n == other.n


def change():
    table = {Changing(1): "one"}
    Changing.table = table
    return table[Changing(1)]


show("change", change)


# A class is told of its own making, once.
class Registry:
    known = []

    @classmethod
    def __init_subclass__(cls):
        Registry.known.append(cls)


made = type("Made", (Registry,), {})
print(Registry.known == [made], Registry.known[0] is made)


# What goes by index begins once.
class Sequence:
    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return (Key(i), i)


def by_index():
    table = {}
    table |= Sequence()
    e = ValueError()
    e.args = Sequence()
    items = [1, 2]
    items.__setitem__(slice(0, 1), Sequence())
    both = {7}
    both.difference_update(Sequence())
    return numbers(table), len(e.args), len(items), both, {7}.isdisjoint(Sequence()), len(both.union(both, Sequence()))


show("by index", by_index)

# The namespaces are those of the program.
show("globals", lambda: next(iter(globals, None)) is globals() and next(iter(locals, None)) is not None)


# Subclasses of containers that iterate in their own way, of which some operations look at what there is to begin with.
class Ordered(dict):
    def __iter__(self):
        return iter(sorted(self.keys()))


class Tags(set):
    def __iter__(self):
        return iter(["y", "z"])


class Bytes(bytes):
    def __iter__(self):
        return iter([7, 8])


def subclasses():
    d = Ordered()
    d["b"] = 1
    d["a"] = 2
    e = {}
    e.update(d)
    x = bytearray()
    x.extend(Bytes(b"ab"))
    print(sorted(dict(d).items()), sorted(e.items()), sorted(set(Tags(["q"]))), list(Tags(["q"])), tuple(Bytes(b"ab")))
    return bytes(Bytes(b"ab")), x, list(array.array("b", Bytes(b"ab"))), (lambda *a: a)(*Tags(["q"]))


show("subclasses", subclasses)

# What natives refuse is refused.
show("keys without an order", lambda: sorted([{"a": None}, {"a": None}], key=lambda r: r["a"]))
show("reverse", lambda: min((x for x in [1, 2]), reverse=True))
show("default", lambda: sorted((x for x in [1, 2]), default=1))
show("sum", lambda: sum((x for x in [1, 2]), 1, 2))
show("any", lambda: any((x for x in [1, 2]), 1))
show("set of two", lambda: set((x for x in [1, 2]), 1))
