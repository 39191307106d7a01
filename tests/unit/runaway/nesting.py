"""Data that are nested deeper than C code could follow: each operation on them ends, with a result or a RuntimeError (MemoryError if
the arena is full)."""
import json
import re
import sys

END = (RuntimeError, MemoryError)
DEPTH = int(sys.argv[-1])


def may_end(f, *args):
    try:
        f(*args)
    except (RuntimeError, MemoryError, ValueError, TypeError):
        pass


def must_end(name, f, *args):
    try:
        f(*args)
    except END:
        return
    print(name, "came to an end")


def nest(make, n=DEPTH):
    v = make(0)
    for _ in range(n):
        v = make(v)
    return v


class Holder:
    def __init__(self, v):
        self.v = v

    def __repr__(self):
        return "H(%r)" % (self.v,)

    def __eq__(self, other):
        return isinstance(other, Holder) and self.v == other.v

    def __hash__(self):
        return hash(self.v)


for name, make in (
    ("list", lambda v: [v]),
    ("tuple", lambda v: (v,)),
    ("dict", lambda v: {"k": v}),
    ("holder", Holder),
    ("list in tuple", lambda v: ([v],)),
):
    a = nest(make)
    b = nest(make)
    must_end("repr of " + name, repr, a)
    must_end("str of " + name, str, a)
    (may_end if name == "holder" else lambda f: must_end("== of " + name, f))(lambda: a == b)
    if name != "holder" and name != "dict":
        must_end("< of " + name, lambda: a < b)
    if name == "tuple" or name == "holder":
        must_end("hash of " + name, hash, a)
        must_end("set of " + name, lambda: {a, b})
    (may_end if name == "holder" else lambda f: must_end("in of " + name, f))(lambda: b in [a])
    must_end("format of " + name, "{}".format, a)
    may_end(list, a if name != "holder" else [])
    if name != "holder":
        must_end("json of " + name, json.dumps, a)
    a = b = None



def nested_sets():
    s = frozenset()
    for _ in range(300):
        s = frozenset([s])
    return repr(s)


may_end(nested_sets)

must_end("json.loads of lists", json.loads, "[" * DEPTH + "]" * DEPTH)
must_end("json.loads of dicts", json.loads, '{"a":' * 1000 + "0" + "}" * 1000)
try:
    json.loads("[" * 100000)
    print("json.loads of what has no end")
except (ValueError, RuntimeError, MemoryError):
    pass

for pattern in ("(" * 300 + "a" + ")" * 300, "(a*)*b", "((((a+)+)+)+)+b", "(a|a)*b", "a?" * 9 + "b"):
    may_end(lambda: re.match(pattern, "a" * 9))
may_end(lambda: re.compile("(" * 3000 + "a" + ")" * 3000))
may_end(lambda: re.compile("[" * 3000))
may_end(lambda: re.compile("(?:" * 300 + "a" + ")*" * 300))
may_end(lambda: re.match("(a*)*b", "a" * 12))
may_end(lambda: re.match("(?:a|b)*c", "ab" * 4000))
may_end(lambda: re.sub("(x?)*", "-", "ab" * 50))

# Cycles are printed as such.
a = [1]
a.append(a)
b = {"x": a}
b["y"] = b
a.append(b)
may_end(repr, a)
may_end(lambda: a == [1, a, b])
h = Holder(a)
a.append(h)
may_end(repr, h)
must_end("json of a cycle", json.dumps, a)

# Chains of objects.
f = iter([1])
for _ in range(DEPTH // 2):
    f = map(lambda x: x, f)
must_end("chain of maps", next, f)
f = None


def chain(n):
    def g():
        yield n

    return g()


def link(g):
    yield from g


def loop(g):
    for x in g:
        yield x


for linked in (link, loop):
    g = chain(1)
    for _ in range(DEPTH):
        g = linked(g)
    may_end(next, g)
    g = None


def decorated(f):
    return lambda: f()


f = lambda: 0
for _ in range(DEPTH):
    f = decorated(f)
may_end(f)
f = None

c = object
made = []
try:
    for i in range(300):
        c = type("C%d" % i, (c,), {"m%d" % i: i})
    c().m0
    c().m299
    c.__init__
    isinstance(c(), int)
    try:
        c().missing
        print("an attribute that is missing is found")
    except AttributeError:
        pass
except END:
    pass
c = None


class Up:
    def m(self, n):
        return n


u = Up
for i in range(200):
    class Down(u):
        def m(self, n):
            return super().m(n + 1)

    u = Down
try:
    Down.m(Down(), 0)
except END:
    pass

e = None
for i in range(DEPTH // 2):
    n = ValueError(e)
    e = n
must_end("repr of exceptions", repr, e)
must_end("str of exceptions", str, e)


def bound(f):
    class B:
        def __call__(self, *args):
            return f(*args)

    return B()


try:
    f = len
    for _ in range(300):
        f = bound(f)
    f("abc")
except END:
    pass


__file__ = itself = sys.modules[__name__]
must_end("a module whose file is itself", repr, itself)
__file__ = {"a": [itself]}
must_end("the same further away", str, itself)
__file__ = "nesting.py"


class Method:
    pass


f = plain = lambda *args: len(args)
for _ in range(DEPTH):
    Method.f = classmethod(f)
    f = Method.f
must_end("a method bound again and again", f)
may_end(lambda: hasattr(f, "nothing"))
may_end(lambda: f == f)
may_end(hash, f)
must_end("repr of it", repr, f)
may_end(map, f, [1])
may_end(callable, f)
may_end(sorted, [1, 2], lambda x: f())
Method.__call__ = method = Method()
must_end("what is its own __call__", method)
must_end("the same for a native", lambda: sorted([1], key=method))
Method.__getattr__ = Method.__iter__ = Method.__eq__ = Method.__hash__ = method
must_end("its own __getattr__", lambda: method.nothing)
must_end("its own __iter__", iter, method)
must_end("its own __eq__", lambda: method == 1)
must_end("its own __hash__", hash, method)

may_end("{0[a][a][a]}".format, {"a": {"a": {"a": 1}}})
for text in ("{:" * 200, "{:{}}" * 200, "{0" + "[0]" * 2000 + "}", "{" * 999, "}" * 999):
    try:
        text.format(*([[1]] * 300))
    except (ValueError, IndexError, KeyError, TypeError, RuntimeError, MemoryError):
        pass
isinstance_of = int
for _ in range(DEPTH // 2):
    isinstance_of = (isinstance_of,)
may_end(isinstance, "a", isinstance_of)
may_end(issubclass, str, isinstance_of)
may_end(lambda: "a".startswith(isinstance_of))
try:
    try:
        raise ValueError
    except isinstance_of:
        pass
except (TypeError, ValueError, RuntimeError):
    pass
