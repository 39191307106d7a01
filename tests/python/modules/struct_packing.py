# struct: layout, byte order, alignment; no format or buffer is believed.
import struct


def attempt(f, *args):
    try:
        print(f(*args))
    except Exception:
        print("error")


for f in ("<bI", ">bI", "!h", "=iq", "<x", "100sI", "97sI", "bi", "bhb", ">bxI3xH", "", "<", "0i", "b0i", "<3B2h", "< b h"):
    print(f, struct.calcsize(f))
for order in "<>!=":
    for code, value in (("b", -128), ("B", 255), ("h", -2), ("H", 65535), ("i", -3), ("I", 4294967295), ("l", -4),
                        ("L", 5), ("q", -(1 << 63)), ("Q", (1 << 64) - 1), ("f", 1.5), ("d", -0.1), ("e", 0.333),
                        ("?", True)):
        packed = struct.pack(order + code, value)
        print(order, code, packed, struct.unpack(order + code, packed))
for x in (0.0, -0.0, 1.0, 65504.0, 5.960464477539063e-08, 6.1e-05, 1 / 3, float("inf"), float("-inf"), 1.0009765625, 2049.0):
    print(struct.pack("<e", x), struct.unpack("<e", struct.pack("<e", x)))
print(struct.pack("<4s2s3s", b"abcdef", b"x", b""), struct.unpack("<4s2s0s", b"abc\0xy"))
print(struct.pack("<3B", 1, 2, 3), struct.unpack("<3B2h", b"foo\x12\x34\xff\xff"))
print(struct.pack("bi", 1, 2), struct.unpack("BHBI", struct.pack("BHBI", 10, 100, 200, 300)))
buf = bytearray(b">>>123<<<")
struct.pack_into("<bbb", buf, 3, 65, 66, 67)
print(buf)
struct.pack_into("<bbb", buf, -6, 68, 69, 70)
print(buf)
print(struct.unpack_from("<b", b"0123456789", 4), struct.unpack_from("<b", b"0123456789", -4))
print(struct.unpack_from("<h", memoryview(b"abcd")[1:]), struct.unpack("<h", bytearray(b"ab")))
attempt(struct.unpack, "I", b"\0\0\0")
attempt(struct.pack_into, "I", bytearray(1), 0, 0)
attempt(struct.pack_into, "<bbb", buf, 7, 1, 2, 3)
attempt(struct.pack_into, "<bbb", buf, -10, 1, 2, 3)
attempt(struct.pack_into, "<b", b"constant", 0, 1)
attempt(struct.unpack_from, "<b", b"0123456789", 10)
attempt(struct.unpack_from, "<b", b"0123456789", -11)
attempt(struct.pack, "z", 1)
attempt(struct.pack, "<i", "a")
attempt(struct.pack, "<i", 1.5)
attempt(struct.pack, 1, 2)
attempt(struct.calcsize, "99999999999999999999999i")
attempt(struct.calcsize, "i3")
attempt(struct.unpack, "<9999999999999i", b"")
attempt(struct.calcsize, "2305843009213693952x2305843009213693951x1729382256910270466q")


def wrapping():
    """A format whose size and number of values come to 64 bytes and 1 modulo 2**64, as long as alignment may take it over a bound."""
    at, values, fmt = 0, 0, ""
    last = (2**64 - 2**62 + 16) // 8
    for i in range(10):
        pad = 2**62 - 1 - at
        n = last if i == 9 else (2**64 + 1 - last - values) // (9 - i)
        fmt += "%dx%dx%dq" % (pad // 2, pad - pad // 2, n)
        values += n
        at = (2**62 + n * 8) % 2**64
    return fmt


attempt(struct.calcsize, wrapping())
attempt(struct.unpack, wrapping(), bytes(64))
attempt(struct.unpack, wrapping(), bytes(16))


class Shrinks:
    def __index__(self):
        buf.clear()
        buf.extend(b"ab")
        return 1


# CPython does not let it; here there is no room then for what follows.
for code, value in (("100s", b"z" * 100), ("100s", "z" * 100), ("100x", None), ("I", 1)):
    buf = bytearray(200)
    try:
        struct.pack_into("b" + code, buf, 0, Shrinks(), *(() if value is None else (value,)))
        print("packed")
    except Exception:
        print("refused", len(buf) in (2, 200))
