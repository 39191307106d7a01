# Lists: methods, operators, slices with any step, comparisons, errors.


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__)


a = []
for i in range(12):
    a.append(i * i)
print(a, len(a), a[3], a[-1], a[-12])
a.extend([1, 2])
a.extend(x for x in (3, 4))
a.extend("ab")
a.extend(a[:2])
print(a)
a.insert(0, "first")
a.insert(-1, "before last")
a.insert(100, "last")
a.insert(-100, "very first")
print(a)
print(a.pop(), a.pop(0), a.pop(-2), a)
a.remove(4)
print(a.index(9), a.index(1, 3), a.count(1), a.count("none"))
attempt(a.index, "none")
attempt(a.index, 9, 10)
attempt(a.remove, "none")
attempt([].pop)
attempt([1].pop, 5)
a.reverse()
print(a)
b = a.copy()
b.clear()
print(b, len(a))

# Slices.
n = list(range(10))
for start in (None, -20, -3, 0, 4, 20):
    for stop in (None, -20, -3, 0, 4, 20):
        print(start, stop, [n[start:stop:step] for step in (None, 1, 2, 3, -1, -2, -20, 10**30)])
attempt(lambda: n[::0])
attempt(lambda: n["a"])
attempt(lambda: n[10])
attempt(lambda: n[-11])

n[2:4] = "abcdef"
print(n)
n[3:8] = []
print(n)
n[1:1] = n
print(n)
n[:] = n[::-1]
print(n)
n = list(range(10))
n[::3] = "wxyz"
print(n)
n[::-4] = [100, 200, 300]
print(n)


def wrong():
    n[::2] = [1]


attempt(wrong)
del n[0]
del n[-1]
del n[1:3]
print(n)
n = list(range(20))
del n[::3]
print(n)
del n[::-2]
print(n)
del n[10:5]
del n[5:1:-1]
print(n)
n[20:] = [7]
print(n)

# Operators.
print([1] + [2, 3], [1, 2] * 3, 3 * [0], [1] * -1, [] * 5, [1] * True)
attempt(lambda: [1] + (2,))
attempt(lambda: [1] * 2.0)
c = d = [1]
c += (2, 3)
c += "x"
c *= 2
print(c, c is d)
c *= 0
print(c, d)
print([1, 2] == [1, 2], [1, 2] == [1, 3], [1] == (1,), [1] != [1], [] == [])
print([1, 2] < [1, 3], [1, 2] < [1, 2, 0], [2] > [1, 9], [1] <= [1], [1] >= [1, 0], [] < [0])
attempt(lambda: [1, "a"] < [1, 2])
attempt(lambda: [1] < (2,))
nan = float("nan")
print([nan] == [nan], nan in [nan], [float("nan")] == [nan])
print(1 in [1, 2], 1.0 in [1, 2], "a" in ["b"], [1] in [[1]], bool([]), bool([0]))

# A stack, a queue.
s = []
for i in range(1000):
    s.append(i)
    if i % 3 == 0:
        s.pop()
print(len(s), sum(s))
while s:
    s.pop(0)
print(s)

# Changed while iterated over.
grow = [1, 2, 3]
for x in grow:
    if len(grow) < 8:
        grow.append(x * 10)
print(grow)
shrink = list(range(10))
seen = []
for x in shrink:
    seen.append(x)
    shrink.remove(x)
print(seen, shrink)
print(list("abc"), list(()), list(range(3)), list({1: 2}))
print([[]] * 2, [1, "two", 3.5, None, (), {}])
