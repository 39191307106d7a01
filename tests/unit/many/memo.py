# Closures and decorators, and integers that outgrow a machine word.


def memoised(f):
    known = {}

    def wrapped(n):
        if n not in known:
            known[n] = f(n)
        return known[n]

    return wrapped


@memoised
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def work(seed):
    product = 1
    for i in range(1, 40):
        product *= fib(i) + seed
        yield None
    yield (product // 7 ** 20 ^ seed) % (1 << 30)
