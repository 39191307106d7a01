# What test_budget.c runs in slices: calls, loops, generators, exceptions, classes, with blocks, and an import.

log = []


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def count_to(n):
    i = 0
    while i < n:
        yield i
        i += 1


def outer(n):
    got = yield from count_to(n)
    return got


def squares(n):
    return [i * i for i in range(n)]


class Point:
    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        for i in range(2):
            pass
        return Point(self.x + other.x)

    def __enter__(self):
        log.append("in")
        return self

    def __exit__(self, *what):
        for i in range(3):
            log.append(i)
        return True


def guarded(n):
    with Point(1) as p:
        for i in range(n):
            p = p + Point(i)
        raise ValueError(p.x)
    return p.x


def everything(n):
    del log[:]
    total = 0
    for i in outer(n):
        total += i
    return (fib(n), total, squares(n), guarded(n), len(log), sum(squares(n)))


def forever():
    while True:
        pass


def forever_deep(n):
    try:
        if n > 0:
            return forever_deep(n - 1)
        for i in iter_forever():
            pass
    finally:
        log.append(n)


def iter_forever():
    while True:
        yield 1


def fails(n):
    for i in range(n):
        pass
    raise KeyError(n)


def late():
    import budget_helper
    return budget_helper.value


def catches():
    try:
        forever()
    except KeyboardInterrupt:
        return "interrupted"
