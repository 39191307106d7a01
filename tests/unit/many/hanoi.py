# Recursion, and a generator that delegates to itself.


def moves(n, a, b, c):
    if n > 0:
        yield from moves(n - 1, a, c, b)
        yield (a, c)
        yield from moves(n - 1, b, a, c)


def work(seed):
    pegs = [list(range(6, 0, -1)), [], []]
    total = seed
    for source, target in moves(6, 0, 1, 2):
        pegs[target].append(pegs[source].pop())
        total = (total * 31 + source * 3 + target) % 1000003
        yield None
    assert pegs == [[], [], [6, 5, 4, 3, 2, 1]]
    yield total
