# Exceptions: raised, caught, chained through finally and with.

log = []


class Guard:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        log.append(self.n)
        return self.n

    def __exit__(self, kind, value, traceback):
        log.append(0 if kind is None else len(kind.__name__))
        return kind is KeyError


def attempt(n):
    with Guard(n) as g:
        if g % 3 == 0:
            {}[g]
        if g % 3 == 1:
            [][g]
    return g


def work(seed):
    total = 0
    for i in range(seed, seed + 40):
        try:
            total += attempt(i) or 0
        except IndexError as e:
            total += len(str(e))
        else:
            total -= 1
        finally:
            total = total * 3 % 1000003
        yield None
    yield total * 1000 + len(log) + sum(log) % 1000
