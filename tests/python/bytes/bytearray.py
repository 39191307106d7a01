# What changes a bytearray.

def tried(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        return "UnicodeError" if isinstance(e, UnicodeError) else type(e).__name__


b = bytearray(b"abc")
b.append(100)
b.extend(b"ef")
b.extend([103, 104])
b.extend(bytearray(b"i"))
b.extend(x for x in b"jk")
b.extend(b)
print(b, len(b))
b += b"-"
b += memoryview(b"mv")
c = b
c += bytes(c)
print(c is b, b)
b *= 2
print(b, b is not c or len(b))
print(b.pop(), b.pop(0), b.pop(-2), len(b), tried(bytearray().pop), tried(b.pop, 1000))
b = bytearray(b"hello")
b.insert(0, 33)
b.insert(100, 63)
b.insert(-1, 46)
b.remove(108)
b.reverse()
print(b, b.copy(), b.copy() is b, tried(b.remove, 1))
b.clear()
print(b, len(b), bool(b))
print(tried(b.append, 256), tried(b.append, -1), tried(b.append, "a"), tried(b.extend, [1, 300]), tried(b.extend, 5))

x = bytes(range(10))
for start, stop in ((1, 3), (None, 3), (4, None), (None, -3), (-3, None), (5, 2), (20, 30), (None, None)):
    for source in (b"", b"A", b"ABCDEF", bytearray(b"XY"), [70, 71], (72,)):
        b = bytearray(x)
        b[start:stop] = source
        print(b, end=" ")
    b = bytearray(x)
    del b[start:stop]
    print(b)
    b = bytearray(x)
    b[start:stop] = b
    print(b)
for start, stop, step in ((None, None, 2), (1, None, 3), (None, None, -2), (8, 1, -3), (3, 4, 2), (5, 2, 2)):
    b = bytearray(x)
    n = len(b[start:stop:step])
    b[start:stop:step] = bytes(n)
    print(b, end=" ")
    b = bytearray(x)
    del b[start:stop:step]
    print(b)


def assign(index, value):
    b = bytearray(x)
    b[index] = value
    return b


def delete(index):
    b = bytearray(x)
    del b[index]
    return b


print(assign(0, 255), assign(-1, 0), tried(assign, 10, 1), tried(assign, 0, 256), tried(assign, 0, "a"), tried(assign, "a", 1))
print(tried(assign, slice(0, 4, 2), b"abc"), tried(assign, slice(0, 2), 5), tried(assign, slice(0, 2), "ab"), tried(assign, slice(0, 2), [300]))
print(delete(0), delete(-1), tried(delete, 10))


class Shrinks:
    def __init__(self, owner):
        self.owner = owner

    def __index__(self):
        self.owner.clear()
        return 1


for f in (lambda b: b[Shrinks(b)], lambda b: b.__class__(b).pop(Shrinks(b)) and None):
    b = bytearray(b"0123456789" * 10)
    print(tried(f, b))

b = bytearray()
for i in range(1000):
    b.append(i & 255)
    if i % 3 == 0:
        b += b"xyz"
print(len(b), b[-5:], sum(b))
while len(b) > 5:
    del b[1:len(b) // 2]
print(b)
print(tried(hash, b), b == bytes(b), str(bytearray(b"a\x00")), bytearray(3), bytearray([1, 2]))
b = bytearray(b"0123456789" * 10)
print(tried(b.pop, Shrinks(b)), b)
