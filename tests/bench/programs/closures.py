"""Closures, lambdas and functions as arguments."""


def accumulator(start):
    total = start

    def add(x):
        nonlocal total
        total = (total + x) % 9973
        return total

    return add


def compose(f, g):
    return lambda x: f(g(x))


def run(n):
    add = accumulator(5)
    both = compose(add, lambda x: x * 2 + 1)
    for i in range(n * 20):
        both(i)
    return sum(map(both, range(10)))
