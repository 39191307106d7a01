# Anything with __iter__ or __getitem__ can be iterated, by for, by builtins and by unpacking alike.


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1


print(list(Countdown(3)), sum(Countdown(4)), max(Countdown(5)), sorted(Countdown(3)), tuple(Countdown(2)))
print([x for x in Countdown(3)], {x for x in Countdown(1)}, 2 in Countdown(3), 7 in Countdown(3))
it = Countdown(2)
print(next(it), next(it), next(it, "end"))


class Separate:
    def __init__(self, items):
        self.items = items

    def __iter__(self):
        return iter(self.items)


s = Separate("abc")
print(list(s), list(s), [a + b for a in s for b in s], "".join(s))


class Sequence:
    def __getitem__(self, i):
        if i >= 3:
            raise IndexError
        return i * 10


print(list(Sequence()), 20 in Sequence(), 5 in Sequence(), [x for x in Sequence()])


class Generating:
    def __iter__(self):
        yield 1
        yield from (2, 3)


print(list(Generating()), sum(Generating()))


class Failing:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("in __next__")


try:
    for x in Failing():
        pass
except ValueError as e:
    print(e)
try:
    for x in 5:
        pass
except TypeError:
    print("TypeError")

for x in range(3):
    print(x, end=" ")
else:
    print("else")
for x in range(3):
    if x == 1:
        break
else:
    print("not reached")
n = 0
while n < 2:
    n += 1
else:
    print("while else", n)

items = [1, 2, 3]
for x in items:
    if len(items) < 6:
        items.append(x * 10)
print(items)
print(list(zip([1, 2, 3], "ab")), list(enumerate("xy", 5)), list(map(lambda a, b: a + b, [1, 2], [3, 4])),
      list(filter(None, [0, 1, "", "a"])), list(reversed([1, 2, 3])))
print([list(range(*r)) for r in ((5,), (2, 5), (0, 10, 3), (5, 0, -2), (3, 3), (5, 2))])
print(any(x > 2 for x in range(5)), all(x < 3 for x in range(5)), min("bca"), sum([[1], [2]], []))
d = {"a": 1, "b": 2}
print(list(d), list(d.keys()), list(d.values()), list(d.items()), [k + str(v) for k, v in d.items()])
i = iter([1, 2, 3, 4])
print([(x, next(i)) for x in i])
print(iter(i) is i, list(iter("")), list(i))
for i in range(3):
    for j in range(3):
        if j == 2:
            break
        if i == 1:
            continue
        print((i, j), end=" ")
print()
for i in range(5):
    i += 10
print(i)
for _ in range(0):
    i = "never"
print(i)


def early_return(items):
    for i in items:
        for j in items:
            if i * j == 6:
                return i, j
    return None


print(early_return([1, 2, 3]), early_return([]))


class Stops:
    def __iter__(self):
        return Stops.Inner()

    class Inner:
        n = 0

        def __next__(self):
            self.n += 1
            if self.n > 2:
                raise StopIteration
            return self.n


for x in Stops():
    print(x, end=";")
print()
