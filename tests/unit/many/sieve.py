# Each program of this folder is one of those that test_many.c runs beside one another: work(seed) is a generator that yields None
# while there is more to do and, last of all, a number that depends on the seed.


def work(seed):
    limit = 200 + seed
    composite = bytearray(limit + 1)
    total = 0
    for n in range(2, limit + 1):
        if not composite[n]:
            total += n
            for m in range(n * n, limit + 1, n):
                composite[m] = 1
            yield None
    yield total * 1000 + seed
