# all, any, sum, min, max, sorted, len.
def attempt(f, *args, **kw):
    try:
        print(f(*args, **kw))
    except Exception as e:
        print(type(e).__name__)


for v in ([], [0], [1], [0, 1], [1, 1], (x for x in (1, 0, 1))):
    v = list(v)
    print(all(v), any(v))
drawn = iter([0, 1, 0, 1])
print(any(drawn), list(drawn))
attempt(all, 1)

print(sum([]), sum([1, 2, 3]), sum((1.5, 2)), sum([[1], [2]], []), sum(range(101)), sum([True, 2]))
print(sum([1 << 62, 1 << 62, 1 << 62]), sum([-(1 << 62)] * 3), sum([1 << 100, 1]), sum([1, 2], 10))
start = []
print(sum([[1]], start), start)
attempt(sum, [1, "a"])
attempt(sum, 1)

print(min(3, 1, 2), max(3, 1, 2), min([3, 1, 2]), max("hello"), min(1, 1.0), max(1, 1.0), max(True, 1))
print(min([1, 2], key=lambda x: -x), max("aaa", "bb", key=len), min([], default=5), max((), default=None))
print(min([(1, "b"), (1, "a")]), max([[1], [1, 2]]), min(1.5, 2), max(1 << 70, 5), min(-(1 << 70), 5))
print(max([3, 1], key=None), [max(("a", 1), ("b", 1), key=lambda p: p[1]), min(("a", 1), ("b", 1), key=lambda p: p[1])])
attempt(min)
attempt(min, [])
attempt(min, 1)
attempt(max, 1, "a")
attempt(max, [1], kay=2)
attempt(max, 1, 2, key=lambda x: 1 // 0)

print(sorted([3, 1, 2]), sorted("hello", reverse=True), sorted([1, -2, 3], key=abs), sorted({2: 0, 1: 0}))
data = [(i % 3, i) for i in range(9)]
print(sorted(data, key=lambda p: p[0]), sorted(data, key=lambda p: p[0], reverse=True))
original = [2, 1]
print(sorted(original) is original, original, sorted(()), sorted([1, 2], key=None))
attempt(sorted, [1, "a"])
attempt(sorted, 1)

print(len("h\u00e9"), len(b"ab"), len([1]), len({}), len(range(7)), len({1, 2}))
attempt(len, 1)


class Length:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


print(len(Length(4)), bool(Length(0)))
attempt(len, Length(-1))
