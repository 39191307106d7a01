# array.array of code 'O' holds any objects, which live as long as they are in it and have no bytes to look at; 'P' is
# an unsigned number as wide as an address. Neither 'S' nor an 'O' in struct, which would be addresses, exists.
import array
import gc
import struct


class Item:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return "Item(%d)" % self.n


a = array.array("O")
for i in range(40):
    a.append(Item(i))
    a.append([i, "x" * i])
gc.collect()
print(len(a), a[0], a[79][0], len(a[79][1]), a[-2])
a[0] = {"k": [1, 2]}
gc.collect()
print(a[0], a[1], Item in a, a[3] in a)
b = a[2:6]
print(b, b == a[2:6], b == array.array("O", [1]))
b[1:3] = array.array("O", [None])
print(b, len(b))
b.extend(x for x in ("text", 2.5))
b += array.array("O", b"ab")
print(b[3:], list(b)[-1], b * 2 == b + b)
b[:] = array.array("O")
print(b, bool(b))
try:
    b[0] = 1
except IndexError:
    print("IndexError")
for f in (memoryview, bytes, lambda x: b"" + x, lambda x: struct.unpack("B", x), bytearray):
    try:
        print(len(f(array.array("O", [7]))))
    except TypeError:
        print("TypeError")
p = array.array("P", [1, 2 ** 31])
print(p, memoryview(p)[1], p[0] + 1, len(bytes(p)) == 2 * struct.calcsize("P"), struct.unpack("P", struct.pack("P", 77)))
for f in (lambda: array.array("S"), lambda: struct.pack("O", 1), lambda: struct.pack("S", 1)):
    try:
        f()
    except ValueError:
        print("ValueError")
print(array.array("B", b"ab") == b"ab", b"ab" != array.array("B", b"ab"), array.array("b", [1]) == array.array("l", [1]))


class Cuts:
    def __init__(self, i):
        self.i = i

    def __index__(self):
        a[:] = array.array("O")
        return self.i


def assign(i, value):
    a[i] = value


# What an index has taken out of the array does not come out of it any more.
for use in (lambda: a[Cuts(2)], lambda: a[Cuts(-1)], lambda: assign(Cuts(2), "x")):
    a = array.array("O", [1, 2, 3])
    try:
        print(use())
    except IndexError:
        print("IndexError", a)
for use in (lambda: a[Cuts(0):3], lambda: a[0:Cuts(3):2], lambda: assign(slice(Cuts(0), 3), array.array("O", [[4], [5]]))):
    a = array.array("O", [1, 2, 3])
    try:
        print([x in (4, 5) for x in (use() or ())])
    except RuntimeError:
        print([])
    print(all(x in ([4], [5]) for x in a), len(list(a)) == len(a))

# Such an array may hold itself: that is an error and not the end.
a, b = (array.array("O", [1]) for _ in range(2))
a[0], b[0] = a, b
for use in (lambda: repr(a), lambda: a == b, lambda: a < b, lambda: b in a, lambda: [a] == [b], lambda: str({1: (a,)})):
    try:
        use()
        print("ended")
    except RuntimeError:
        print("RuntimeError")
