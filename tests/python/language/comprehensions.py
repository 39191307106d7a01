# Comprehensions build their container in order and keep their variables to themselves.

print([x * x for x in range(6)])
print([x for x in range(20) if x % 3 == 0 if x % 2 == 0])
print([(x, y) for x in range(3) for y in range(x)])
print([[y for y in range(x)] for x in range(4)])
print({x: x * x for x in range(4)})
print(sorted({x % 3 for x in range(10)}))
print(list(x + 1 for x in (1, 2, 3)))

x = "outer"
print([x for x in range(3)], x)


def scope(n):
    factor = 10
    values = [factor * i + n for i in range(3)]
    factor = 20
    return values, [factor * i for i in values]


print(scope(1))


def first_iterable_is_evaluated_here():
    x = [1, 2, 3]
    return [x for x in x], {x: y for x in x for y in [x]}


print(first_iterable_is_evaluated_here())


class InClass:
    items = [1, 2, 3]
    doubled = [i * 2 for i in items]


print(InClass.doubled)


def closure_in_comprehension():
    k = 3
    return [f(1) for f in [lambda x: x + k + i for i in range(3)]]


print(closure_in_comprehension())
print([a + b for a, b in [(1, 2), (3, 4)]], [a for a, (b, c) in [(1, (2, 3))]])
print([i for i in "héllo"], {c: ord(c) for c in "abc"})
print([(lambda: [j * i for j in range(2)])() for i in range(3)])
print([y for x in [[1, 2], [3]] for y in x], {k: [v for v in range(k)] for k in range(3)})
try:
    [1 // z for z in (1, 0)]
except ZeroDivisionError:
    print("an exception leaves the comprehension")


def in_generator():
    return [v for v in (yield_three())]


def yield_three():
    yield from [i for i in range(3)]


print(in_generator())
print([last := i for i in range(4)], last)
