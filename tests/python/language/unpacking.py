# Assignment takes any iterable apart, with the right number of items.

a, b, c = 1, 2, 3
print(a, b, c)
a, b = b, a
print(a, b)
(a, b), [c, d] = (1, 2), "xy"
print(a, b, c, d)
a, *b = range(4)
print(a, b)
*a, b = "abc"
print(a, b)
a, *b, c = [1, 2]
print(a, b, c)
a, (b, *c), *d = 1, "bcd", 4, 5
print(a, b, c, d)
for k, (v, w) in [(1, (2, 3)), (4, (5, 6))]:
    print(k, v, w)
for first, *rest in ["abc", [1], (2, 3)]:
    print(first, rest)
a = b = c = 5
print(a, b, c)


def wrong(action):
    try:
        action()
        return "no error"
    except ValueError:
        return "ValueError"
    except TypeError:
        return "TypeError"


def take_two(v):
    a, b = v


def take_one_or_more(v):
    a, *b = v


print([wrong(lambda v=v: take_two(v)) for v in ((1, 2), (1,), (1, 2, 3), [], "ab", "abc", {1, 2}, {1: 2}, 5, range(2))])
print([wrong(lambda v=v: take_one_or_more(v)) for v in ((), [1], "", "a", 7, {}, iter([]), iter([1]))])


def generator(n):
    for i in range(n):
        yield i


a, b, c = generator(3)
print(a, b, c)
print(wrong(lambda: take_two(generator(3))), wrong(lambda: take_two(generator(1))))


class Target:
    pass


t = Target()
l = [0, 0, 0]
t.x, l[1], (l[2], t.y) = "x", "one", ("two", "y")
print(t.x, l, t.y)
i, l[i] = 2, "at 2"
print(i, l)
[a, b] = 1, 2
print(a, b)
a, = [9]
print(a)
d = {}
d["k"], d["l"] = 1, 2
print(sorted(d.items()))
a, b = {"x": 1, "y": 2}
print(sorted([a, b]))


class Iterable:
    def __iter__(self):
        return iter("it")


a, b = Iterable()
print(a, b)
