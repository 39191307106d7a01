# Views of buffers.

def tried(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        return type(e).__name__


b = bytearray(b"0123456789")
m = memoryview(b)
print(len(m), m[0], m[-1], list(m[2:5]), bytes(m), m.itemsize, m.nbytes, m.readonly, m.format, m.tobytes(), m.tolist()[:3])
m[0] = 65
m[2:4] = b"XY"
m[-1] = ord("!")
print(b)
v = m[3:8]
w = v[1:-1]
w[0] = 95
print(b, bytes(v), bytes(w), len(w), w.hex(), w.hex("-"))
m[1:] = m[:-1]
print(b)
m[:-1] = m[1:]
print(b)
print(m == b, b == m, m == bytes(b), m != b, m[2:4] == b[2:4], m == b"no", m == 5)


def assign(view, index, value):
    view[index] = value


print(tried(assign, memoryview(b"ro"), 0, 1), tried(assign, m, 10, 1), tried(assign, m, slice(0, 3), b"toolong"), tried(assign, m, 0, "a"))
print(tried(lambda: m[10]), tried(lambda: m["a"]), tried(memoryview, "text"), tried(memoryview, 5), tried(lambda: m + m))
print(list(memoryview(memoryview(b"1234"))[1:]), bytes(memoryview(b"")), len(memoryview(b"abc")[5:]), bool(memoryview(b"")))
print(b"".join([b"a", memoryview(b"b")]), b"abcd".find(memoryview(b"cd")), str(memoryview(b"text"), "utf-8"), bytearray(m[:3]))
b[0:2] = m[4:6]
print(b)
it = iter(m[:2])
print(next(it), next(it), next(it, None))
