# enumerate, zip, map, filter, reversed, iter, next: lazy, and right at their edges.
def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__)


print(list(enumerate("abc")), list(enumerate("ab", 5)), list(enumerate("ab", start=(1 << 62) - 1)))
print(list(enumerate([], start=-3)), list(enumerate(iterable="x", start=1)))
attempt(enumerate)
attempt(enumerate, 1)
attempt(enumerate, "a", "b")

print(list(zip()), list(zip("abc")), list(zip("abc", [1, 2], (3, 4, 5))), list(zip("ab", [])))
attempt(zip, 1)
attempt(zip, "a", 1)

print(list(map(str, [1, 2])), list(map(lambda a, b, c: a + b * c, [1, 2, 3], [4, 5], (6, 7, 8))))
print(list(map(max, [1, 5], [4, 2], [3, 3], [0, 9], [0, 0], [0, 0], [0, 0], [0, 0])))
attempt(map, str)
attempt(map, str, 1)

print(list(filter(None, [0, 1, "", "a", [], [0]])), list(filter(lambda x: x % 2, range(9))))
attempt(filter, None)


class Sequence:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        if i > 2:
            raise IndexError
        return i * 10


class Reversible:
    def __reversed__(self):
        return iter([3, 1])


print(list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed(range(4))), list(reversed(b"ab")))
print(list(reversed(())), list(reversed(Sequence())), list(reversed(Reversible())), list(reversed({1: 2, 3: 4})))
attempt(reversed, 1)
attempt(reversed, {1})
shrinking = [1, 2, 3, 4]
r = reversed(shrinking)
print(next(r))
del shrinking[1:]
print(list(r))

it = iter([1, 2])
print(next(it), next(it), next(it, "end"), next(it, None))
attempt(next, it)
attempt(next, 1)
attempt(iter, 1)
print(iter(it) is it)

values = [1, 2, 3, 0, 4]
print(list(iter(lambda: values.pop(0), 0)), values)
attempt(iter, 1, 2)


def generate():
    yield 1
    return "result"


g = generate()
print(next(g))
try:
    next(g)
except StopIteration as e:
    print("stopped with", e.value)
print(next(g, "default"))


def failing():
    yield 1
    raise ValueError("inside")


for make in (lambda: zip(failing(), "ab"), lambda: map(str, failing()), lambda: filter(None, failing()),
             lambda: enumerate(failing()), lambda: map(lambda a, b: a, failing(), "ab")):
    seen = []
    try:
        for x in make():
            seen.append(x)
    except ValueError as e:
        print(seen, e)

# Nothing is drawn before it is asked for.
drawn = []


def source():
    for i in range(10):
        drawn.append(i)
        yield i


first = next(map(lambda x: x + 1, filter(lambda x: x > 2, source())))
print(first, drawn)
print([(i, a, b) for i, (a, b) in enumerate(zip(range(3), map(chr, range(97, 100))))])
