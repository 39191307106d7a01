"""str, bytes, bytearray, memoryview: making, changing, searching and formatting them."""

s = "The quick brown fox, äöü € and 😀"
print(s.upper(), s.lower(), s.split(), s.split(","), s.rsplit(" ", 2))
print(s.replace("o", "00"), s.find("€"), s[::-1], s[4:-3], s * 2, s.center(40, "*"))
print("|".join([s[i] for i in range(0, len(s), 3)]), s.partition("brown"), s.rpartition(" "))
print(s.encode(), s.encode().decode(), str(b"caf\xc3\xa9", "utf-8"), repr(s))
print("%s %r %5d %-8s| %c %%" % (s, "it's", 42, "left", 97), "%(a)s-%(b)03d" % {"a": 1, "b": 2})
print("{} {1}".replace("{} ", "{0} ").format(1, [2]), "{x!r:>10}|{y:.{p}f}".format(x="a", y=2.0, p=3))
print("{0[1]} {1}".format([1, 2], 5), "a\tb\n".expandtabs() if hasattr(s, "expandtabs") else "a")
print(s.startswith(("The", "x")), s.endswith("z"), "abc" in s * 3, s.count("o"), s.isalpha(), s.strip("T😀"))
print(f"{s:>50}{len(s):05}{[1, 2]}{'nested ' + str(1)}", "a" "b" + str(2.5), "x".join("abc"))
print(list(s[:9]), tuple(b"abc"), sorted("hello"), max(s), chr(0x1F600), ord("€"))
b = bytearray(b"hello")
b += b" world"
b.append(33)
b.extend(bytes(3))
b[0:5] = b"HELLO, OLD"
print(b, bytes(b).split(b","), b.find(b"w"), b[2:9:2], bytes([1, 2, 3]) + b"x" * 5, b == bytes(b))
m = memoryview(b)
m[0] = 104
print(bytes(m[1:5]), len(m), m[3], bytes(m[::2]) if False else b"", list(m[:4]), b"%d-%s" % (5, b"x"))
print(bytes("ünï", "utf-8"), bytes(range(10)), b"a,b,c".split(b","), b" x ".strip(), b"ab".hex() if hasattr(b, "hex") else "")
words = {}
for w in (s + " " + s).split():
    words[w] = words.get(w, 0) + 1
print(words)
names = [intern_ + str(i) for i, intern_ in enumerate(["alpha", "beta", "gamma"] * 4)]
print(names, [getattr("x", "upper")(), hash("abc" * 10) == hash("abc" * 10)])
