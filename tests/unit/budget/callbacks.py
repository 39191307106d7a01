# Natives that call back Python code, as many as can be suspended: everything() calls each.


def gen(n):
    for i in range(n):
        yield i


class Number:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        for i in range(2):
            pass
        return self.n < other.n

    def __eq__(self, other):
        for i in range(2):
            pass
        return self.n == other.n

    def __hash__(self):
        return self.n

    def __add__(self, other):
        for i in range(2):
            pass
        return Number(self.n + other.n)

    def __str__(self):
        for i in range(2):
            pass
        return "<" + str(self.n) + ">"

    def __bool__(self):
        return self.n > 0


class Steps:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Repr:
    def __repr__(self):
        for i in range(2):
            pass
        return "Repr()"


class Shelf:
    def __contains__(self, x):
        for i in range(2):
            pass
        return x == 3


def key(x):
    for i in range(2):
        pass
    return -x


def even(x):
    for i in range(2):
        pass
    return x % 2 == 0


def numbers(*values):
    return [Number(n) for n in values]


def plain(items):
    return [x.n for x in items]


def pair(x):
    for i in range(2):
        pass
    return (x, x)


def catching():
    try:
        while True:
            yield 1
    except ValueError:
        for i in range(3):
            pass
        yield "caught"


def outer():
    yield from catching()


class Ticker:
    n = 0

    def __call__(self):
        for i in range(2):
            pass
        self.n += 1
        return self.n


def star(*args, **kw):
    return args, kw


def everything():
    out = []
    out.append((list(gen(5)), tuple(gen(5)), list(Steps(3)), bytes(gen(4)), bytearray(gen(4))))
    out.append((sorted(set(gen(4))), len(frozenset(gen(6))), dict(pair(x) for x in gen(3))))
    out.append((sum(gen(5)), sum(gen(5), 10), sum(numbers(1, 2, 3), Number(4)).n))
    out.append((any(gen(3)), all(gen(3)), any(numbers(0, 0)), all(numbers(1, 2))))
    out.append((min(gen(5)), max(gen(5)), min(gen(0), default=7), min(3, 1, 2, key=key), max([3, 1, 2], key=key)))
    out.append((min(numbers(2, 1)).n, max(Number(4), Number(9)).n))
    out.append((sorted([3, 1, 2], key=key), sorted(gen(4), key=key, reverse=True), plain(sorted(numbers(5, 3, 4, 1)))))
    out.append(plain(sorted(numbers(5, 3, 4, 1, 3, 9, 8), reverse=True)))
    items = [4, 1, 3]
    items.sort(key=key)
    items.extend(gen(3))
    out.append(items)
    out.append((",".join(str(x) for x in gen(4)), dict.fromkeys(gen(3), 1)))
    seen = {0}
    seen.update(gen(4))
    pairs = {}
    pairs.update(pair(x) for x in gen(3))
    out.append((sorted(seen), pairs, sorted({1, 2}.union(gen(4)))))
    out.append((list(map(key, gen(4))), list(map(lambda x, y: x + y, gen(4), [1, 2, 3])), list(filter(even, gen(6)))))
    out.append((list(filter(None, gen(3))), list(zip(gen(3), gen(2))), list(enumerate(gen(3))), list(enumerate(gen(2), 7))))
    out.append([x for x in map(key, map(key, gen(4)))])
    out.append(list(iter(Ticker(), 4)))
    g = gen(2)
    out.append((next(g), next(g), next(g, "end"), next(map(key, gen(2))), next(Steps(1)), next(Steps(0), None)))
    out.append((3 in gen(5), 9 in gen(5), 9 not in Steps(3), 3 in Shelf(), 4 in Shelf(), Number(3) in numbers(1, 2, 3)))
    a, b = gen(2)
    out.append((a, b))
    try:
        a, b = gen(9)
    except ValueError as e:
        out.append(str(e))
    out.append(star(*gen(3), *Steps(2), x=1))
    out.append((str(Number(3)), str(Repr()), repr(Repr())))
    print(Number(1), Repr(), 2, sep="-", end="!\n")
    g = outer()
    next(g)
    out.append((g.throw(ValueError), next(g, "over")))
    g = gen(3)
    next(g)
    g.close()
    out.append(next(g, "closed"))
    try:
        sorted([1, 2, 3], key=lambda x: 1 // (x - 2))
    except ZeroDivisionError:
        out.append("raised")
    return out


def endless(kind):
    def forever():
        while True:
            yield 1

    if kind == 0:
        return sum(forever())
    if kind == 1:
        return 2 in forever()
    if kind == 2:
        return all(map(key, forever()))
    if kind == 3:
        return sorted([1, 2], key=lambda x: all(forever()))
    if kind == 4:
        return max(filter(even, forever()))
    return str(forever)
