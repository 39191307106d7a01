# bytes, and what bytearray has in common with it.

def tried(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        return "UnicodeError" if isinstance(e, UnicodeError) else type(e).__name__


print(bytes(), bytes(3), bytes([1, 2, 255]), bytes((65,)), bytes("h\u00e9", "utf-8"), bytes(b"x"), bytes(bytearray(b"y")),
      bytes(i for i in range(3)), bytes(memoryview(b"mv")), bytes(range(5)))
print(tried(bytes, -1), tried(bytes, [256]), tried(bytes, [-1]), tried(bytes, "a"), tried(bytes, ["a"]), tried(bytes, 1.5),
      tried(bytes, [1], "utf-8"), tried(bytes, "a", "nonsense"), tried(bytes, 1, 2, 3, 4))
print(b"it's", b'"', b"'\"", b"\x00\n\r\t\\\x7f\x80\xff")

for make in (bytes, bytearray):
    for s in (b"", b"a", b"abcabc", b" a b ", b"\x00\xff\x00", b"a,b,,c", b"x\ny\r\nz"):
        v = make(s)
        print(v, len(v), list(v), v[1:], v[:-1], v[::2], v[::-1], v * 2, 2 * v, v + b"!", v == s, s == v, bool(v))
        for p in (b"", b"a", b"bc", b" ", b",", b"\x00"):
            print(v.find(p), v.rfind(p), v.count(p), p in v, v.startswith(p), v.endswith(p), v.find(p, 1, 3),
                  tried(v.index, p), tried(v.split, p), tried(v.rsplit, p, 1), tried(v.partition, p), tried(v.rpartition, p),
                  v.replace(p, b"<>"), v.replace(p, b"", 1), v.strip(p), v.join([p, p]), v.removeprefix(p))
        print(v.split(), v.splitlines(), v.strip(), v.upper(), v.isalpha(), v.isspace(), v.center(9), v.ljust(9, b"*"), v.zfill(9),
              v.hex(), v.hex(":"), v.title())
    v = make(b"hello")
    print(v[0], v[-1], 104 in v, 0 in v, b"ell" in v, v.find(108), v.rfind(108), v.count(108), v.index(111), tried(lambda: v[5]),
          tried(lambda: v["a"]), tried(lambda: 256 in v), tried(lambda: "h" in v), tried(lambda: v + "x"))
    print(v < b"hellp", v <= b"hello", v > b"h", v >= b"z", v != b"hello", v == "hello", v == 5, tried(lambda: v < "a"))
    print(v.decode(), make(b"h\xc3\xa9").decode("utf-8"), tried(make(b"\xff").decode), make(b"a\xffb").decode("utf-8", "ignore"),
          make(b"a\xe4\xb8").decode("utf-8", "replace"), tried(v.decode, "nonsense"), make(b"").decode())
    print(make.fromhex("00ff 10"), make.fromhex(""), tried(make.fromhex, "0"), tried(make.fromhex, "zz"))
    print(make(b"%d-%s-%x") % (5, b"z", 255), make(b"%5.1f|%c|%%") % (2.25, 65), tried(lambda: make(b"%s") % "text"))
    print(tried(v.join, ["a"]), tried(v.find, "a"), tried(v.split, b""), tried(v.startswith, "h"), v.startswith((b"x", b"h")))

print(hash(b"abc") == hash(b"ab" + b"c"), {b"k": 1}[bytes([107])], b"a" + bytearray(b"b"), bytearray(b"a") + b"b")
print([x for x in b"abc"], b"abc".__class__ is bytes, sum(b"\x01\x02"), max(b"abz"))
