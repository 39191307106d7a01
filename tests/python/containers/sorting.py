# Sorting: stable, by key, reversed, with comparisons that raise or interfere.


def noise(n):
    x = 12345
    for i in range(n):
        x = (x * 1103515245 + 12345) % 2147483648
        yield x // 65536


for n in (0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 33, 100, 257, 1000):
    a = list(noise(n))
    b = sorted(a)
    ok = all(b[i] <= b[i + 1] for i in range(n - 1)) and sum(a) == sum(b)
    c = sorted(a, reverse=True)
    ok2 = c == b[::-1]
    d = [float(x) + 0.5 for x in a]
    d.sort()
    e = [str(x) for x in a]
    e.sort()
    ok3 = all(e[i] <= e[i + 1] for i in range(n - 1))
    print(n, ok, ok2, ok3, [int(x) for x in d] == b)

pairs = [(x % 7, i) for i, x in enumerate(noise(200))]
by_first = sorted(pairs, key=lambda p: p[0])
print(by_first == sorted(pairs), by_first[:5])
backwards = sorted(pairs, key=lambda p: p[0], reverse=True)
print(all(x[0] > y[0] or (x[0] == y[0] and x[1] < y[1]) for x, y in zip(backwards, backwards[1:])))

words = "the quick brown Fox jumps over the lazy Dog äöü zz Zz".split()
words.sort()
print(words)
words.sort(key=len)
print(words)
words.sort(key=str.lower, reverse=True)
print(words)
print(sorted({3: 1, 1: 2, 2: 3}), sorted("hello"), sorted((2.5, 1, True, -3)), sorted([b"b", b"a"]))


class Item:
    count = 0

    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        Item.count += 1
        return self.n < other.n


items = [Item(x % 50) for x in noise(100)]
items.sort()
print([x.n for x in items], Item.count < 1000)
Item.count = 0
items.sort()
print(Item.count < 200)


class Bad:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        if self.n == 13 or other.n == 13:
            raise ValueError("13")
        return self.n < other.n


bad = [Bad(x) for x in range(40, 0, -1)]
try:
    bad.sort()
except ValueError as e:
    print("raised", e)
print(sorted(x.n for x in bad) == list(range(1, 41)))

mixed = [3, "a", 1]
try:
    mixed.sort()
except TypeError:
    print(len(mixed), 3 in mixed, "a" in mixed, 1 in mixed)

numbers = [5, 3, 4]
try:
    numbers.sort(key=lambda x: 1 // (x - 3))
except ZeroDivisionError:
    print(numbers)
try:
    numbers.sort(key=lambda x: numbers.append(x) or x)
except ValueError:
    print("modified", numbers)
seen = []
numbers.sort(key=lambda x: seen.append(list(numbers)) or -x)
print(numbers, seen)
try:
    numbers.sort(1)
except TypeError:
    print("TypeError")
big = [10**20, -(10**20), 1, 10**19, 2.5]
big.sort()
print(big)
