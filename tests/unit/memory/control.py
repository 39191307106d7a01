"""Functions, closures, generators, exceptions, with, try: what a program does apart from its data."""


def counter(start):
    n = start

    def step(by=1):
        nonlocal n
        n += by
        return n

    return step, lambda: n


step, look = counter(10)
print([step(), step(5), look()], list(map(step, range(4))))


def many(a, b=2, *args, c, d=4, **kw):
    return (a, b, args, c, d, sorted(kw.items()))


print(many(1, c=3), many(*[1, 2, 3], c=0, **{"x": 1, "d": 9}), many(1, c=2, b=7))


log = []


def numbers(n):
    got = None
    try:
        for i in range(n):
            got = yield (i, got)
        return "done"
    finally:
        log.append(n)


def outer():
    result = yield from numbers(3)
    yield result
    yield from [1, 2]


g = outer()
print(next(g), g.send("a"), g.send("b"), list(g))
g = numbers(9)
next(g)
g.close()
g = numbers(2)
next(g)
try:
    g.throw(ValueError("thrown"))
except ValueError as e:
    print("caught", e)
print(list((x, y) for x in range(3) for y in range(x)), sum(i for i in range(20)))


def fail(depth):
    if depth == 0:
        return {}["missing"]
    try:
        return fail(depth - 1)
    finally:
        log.append(depth)


log = []
for f in (lambda: fail(3), lambda: [][1], lambda: 1 // 0, lambda: nothing, lambda: "a" + 1, lambda: int("x")):
    try:
        f()
    except (KeyError, IndexError, ZeroDivisionError) as e:
        print(type(e).__name__, isinstance(e, Exception))
    except (NameError, TypeError, ValueError) as e:
        print(type(e).__name__, len(e.args))
print(log)


class Context:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        log.append("+" + self.name)
        return self

    def __exit__(self, *exc):
        log.append("-" + self.name)


try:
    with Context("a") as a, Context("b"):
        raise OSError(5, "io")
except OSError as e:
    print(e.errno, e.args, log)


def flow(n):
    for i in range(n):
        try:
            if i == 3:
                continue
            if i == 6:
                return "returned %d" % i
        finally:
            log.append(i)
    else:
        return "else"


print(flow(9), flow(2), log[-9:])
assert (lambda *a, **k: (a, k))(1, z=2) == ((1,), {"z": 2})
print([c for c in "abc" if c != "b"], {c: ord(c) for c in "ab"}, globals()["log"] is log, callable(flow))
