# Comprehensions, nested lists, zip, map and lambdas.


def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(map(lambda x, y: x * y, row, column)) % 9973 for column in columns] for row in a]


def work(seed):
    size = 5
    a = [[(seed + i * size + j) % 23 for j in range(size)] for i in range(size)]
    power = [[int(i == j) for j in range(size)] for i in range(size)]
    for i in range(12):
        power = multiply(power, a)
        yield None
    yield sum((i + 1) * v for i, v in enumerate(v for row in power for v in row)) * 1000 + seed
