"""Recursion without an end, by every way in which Python code can call itself, ends in a RuntimeError (or a MemoryError, if
the data that it makes on the way fill the arena first)."""
END = (RuntimeError, MemoryError)


def ends(name, f, *args):
    try:
        f(*args)
    except END:
        return
    print(name, "came to an end")


def plain(n):
    return plain(n + 1) + 1


def even(n):
    return odd(n + 1)


def odd(n):
    return even(n + 1)


def keywords(**kw):
    return keywords(**kw)


def many(*args):
    return many(*args)


def generator(n):
    for x in generator(n + 1):
        yield x


def delegating(n):
    yield from delegating(n + 1)


def through_try(n):
    try:
        return through_try(n + 1)
    finally:
        n = 0


def handler(n):
    try:
        raise ValueError(n)
    except ValueError:
        handler(n + 1)


def with_default(f=None):
    return sorted([2, 1], key=with_default)


def comprehension(n):
    return [comprehension(n + 1) for _ in range(2)]


def by_map(n):
    return list(map(by_map, [n]))


def by_max(n):
    return max([n, n], key=by_max)


def by_filter(n):
    return list(filter(by_filter, [n]))


def by_sum(n):
    return sum(by_sum(i) for i in range(2))


def by_getattr(n):
    return getattr(c, "anything")


def by_join(n):
    return ",".join(by_join(i) for i in range(2))


class C:
    def __getattr__(self, name):
        return getattr(self, name + "x")

    def __repr__(self):
        return repr(self)

    def __str__(self):
        return "%s" % self

    def __eq__(self, other):
        return self == other

    def __lt__(self, other):
        return sorted([self, other])

    def __hash__(self):
        return hash((self, 1))

    def __len__(self):
        return len(self)

    def __bool__(self):
        return bool(self)

    def __iter__(self):
        return iter([x for x in self])

    def __getitem__(self, i):
        return self[i]

    def __setitem__(self, i, v):
        self[i] = v

    def __contains__(self, x):
        return x in self

    def __call__(self, *args):
        return self(*args)

    def __add__(self, other):
        return self + other

    def __neg__(self):
        return -self

    def __enter__(self):
        with self:
            pass

    def __exit__(self, *args):
        pass

    @property
    def p(self):
        return self.p

    def __int__(self):
        return int(self)

    def __index__(self):
        return [1][self]


class D:
    def __setattr__(self, name, value):
        setattr(self, name, value)

    def __next__(self):
        return next(self)

    def __iter__(self):
        return self

    def __getattribute__(self, name):
        return self.x

    def __del__(self):
        pass

    def __format__(self, spec):
        return "{}".format(self)


class E:
    def __init__(self):
        E()


class F:
    def __new__(cls):
        return F()


class G(Exception):
    def __init__(self):
        raise G()


class K(dict):
    def __missing__(self, key):
        return self[key]

    def __eq__(self, other):
        return dict(self) == {1: self}


def compare(a):
    return a == C()


c = C()
d = D()
ends("plain", plain, 0)
ends("mutual", even, 0)
ends("keywords", keywords)
ends("many", many, 1, 2, 3)
ends("generator", lambda: list(generator(0)))
ends("delegating", lambda: list(delegating(0)))
ends("try", through_try, 0)
ends("handler", handler, 0)
ends("key", with_default)
ends("comprehension", comprehension, 0)
ends("map", by_map, 0)
ends("max", by_max, 0)
ends("filter", by_filter, 0)
ends("sum", by_sum, 0)
ends("join", by_join, 0)
ends("getattr", by_getattr, 0)
ends("repr", repr, c)
ends("str", str, c)
ends("==", compare, c)
ends("<", lambda: c < C())
ends("hash", hash, c)
ends("len", len, c)
ends("bool", bool, c)
ends("iter", list, c)
ends("[]", lambda: c[0])
ends("[]=", lambda: c.__setitem__(0, 1))
ends("in", lambda: 1 in c)
ends("call", c, 1, 2)
ends("+", lambda: c + 1)
ends("-", lambda: -c)
ends("with", c.__enter__)
ends("property", lambda: c.p)
ends("index", lambda: [1][c])
ends("setattr", setattr, d, "a", 1)
ends("next", next, d)
ends("__init__", E)
ends("__new__", F)
ends("exception", G)
ends("in dict", lambda: {c: 1})
ends("print", print, c)
ends("sorted", sorted, [c, C(), C()])
ends("exec of format", "{}".format, c)
ends("f-string", lambda: f"{c}")
ends("%", lambda: "%r" % c)
