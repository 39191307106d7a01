# array: items, growth, slices, comparison.
from array import array


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__)


a = array("B", [1, 2, 3])
print(a, len(a), a[0], a[-1], list(a), bool(a), bool(array("i")), array("i"))
for code, values in (("b", (-128, 127)), ("h", (-32768, 5)), ("H", (0, 65535)), ("i", (-1, 2 ** 31 - 1)), ("I", (0, 2 ** 32 - 1)),
                     ("q", (-2 ** 63, 2 ** 63 - 1)), ("Q", (0, 2 ** 64 - 1)), ("f", (1.5, -2.0)), ("d", (0.1, 1e300))):
    x = array(code, values)
    print(x, x[0], x[-1], x == array(code, values), max(x))
print(array("h", b"\x01\x00\x02\x00"), array("B", b"12"), array("i", (x for x in (1, 2))))
grown = array("i")
for i in range(100):
    grown.append(i)
print(len(grown), sum(grown), grown[57])
grown.extend(grown)
grown.extend([7, 8])
grown.extend(array("i", [9]))
print(len(grown), grown[100], grown[-3:])
b = array("I", [1]) + array("I", [2])
b += array("I", [3, 4])
print(b, b * 2, b[1:3], b[::-1], b[::2])
b[0] = 9
b[1:3] = array("I", [20, 30, 40])
print(b)
b[1:1] = b
print(b)
b[2:] = array("I")
print(b)
print(2 in array("b", [1, 2]), "2" in array("b", [1, 2]), [] in array("b"))
print(array("b", [1, 2]) == array("I", [1, 2]), array("b", [97]) == b"a", array("b", [1]) != array("b", [2]))
print(array("b", [1, 2]) < array("b", [1, 3]), array("b", [1]) < array("b", [1, 0]), array("b", [2]) >= array("b", [1, 5]))
print(bytes(array("b", [97, 98])), bytearray(array("H", [1])), memoryview(array("B", [5, 6]))[1])
view = memoryview(array("i", [1, -2, 3]))
print(len(view), view[1], list(view))


class Sub(array):
    pass


s = Sub("b", [1, 2])
s.append(3)
print(len(s), s[2], s == array("b", [1, 2, 3]), list(s), isinstance(s, array))
attempt(array, "X")
attempt(array, 1)
attempt(array, "B", ["a"])
attempt(lambda: a[3])
attempt(lambda: a["x"])
attempt(a.append, "a")
attempt(hash, a)
attempt(array, "h", b"abc")


class Emptying:
    """An index that makes the array shorter while it is being looked at."""

    def __init__(self, victim):
        self.victim = victim

    def __index__(self):
        self.victim[0:] = array("q")
        return 3


victim = array("q", range(5))
try:
    victim[Emptying(victim)]
except IndexError:
    pass
victim = array("q", range(5))
try:
    victim[Emptying(victim)] = 1
except IndexError:
    pass
print(len(victim))


# An index that changes the array while it is looked at: one may refuse, or go by what is there now.
class Cuts:
    def __init__(self, i):
        self.i = i

    def __index__(self):
        a[0:len(a)] = array(a_code)
        return self.i


def assign(i, value):
    a[i] = value


for a_code in "bqd":
    for use in (lambda: a[Cuts(3)], lambda: assign(Cuts(3), 1)):
        a = array(a_code, range(10))
        attempt(use)
        print(a)
    for use in (lambda: assign(slice(Cuts(0), 10), array(a_code, range(10))), lambda: assign(slice(2, Cuts(10)), array(a_code)),
                lambda: a[Cuts(0):10], lambda: a[1:Cuts(9):2]):
        a = array(a_code, range(10))
        try:
            use()
        except RuntimeError:
            pass
        print(len(a) in (0, 10), len(list(a)) == len(a))

# An empty array is as good a buffer as any that is empty.
for empty in (array("B"), memoryview(array("B")), memoryview(b""), bytearray()):
    for text in (b"abc", bytearray(b"abc"), b"", bytearray()):
        print(text.find(empty), text.rfind(empty), text.count(empty), text.startswith(empty), text.endswith(empty), empty in text)
        print(bytes(text).join([empty, b"x", empty]), text.strip(empty), text.replace(empty, b"-"), text + empty)
    print(memoryview(b"") == empty, memoryview(array("B")) == empty, memoryview(b"a") == empty, bytes(empty), len(memoryview(empty)))
    print(list(memoryview(empty)), memoryview(empty)[0:0] == empty, bytes(memoryview(empty)[:]))
