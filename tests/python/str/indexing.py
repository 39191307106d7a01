# Indices and slices count characters, whatever these take in bytes.

def tried(f):
    try:
        return repr(f())
    except Exception as e:
        return "UnicodeError" if isinstance(e, UnicodeError) else type(e).__name__


for s in ("", "a", "abcdef", "h\u00e9l\u20acl\U0001f600!", "\u00e9"):
    print(len(s), list(s), [c for c in s])
    for i in (0, 1, 2, 5, 6, 7, -1, -3, -7, -8):
        print(i, tried(lambda: s[i]))
    for start in (None, 0, 1, 3, -2, 10, -10):
        for stop in (None, 0, 2, -1, 10):
            print(s[start:stop], s[start:stop:2], s[start:stop:-1], s[start:stop:-2], s[start:stop:3])
print(tried(lambda: "a"["b"]), tried(lambda: "a"[1.0]), tried(lambda: "abc"[::0]), "abc"[True], tried(lambda: "a"[10 ** 30]))


class Two:
    def __index__(self):
        return 2


print("abcd"[Two()], "abcd"[Two():], "abcd"[:Two()])
print("ab" * 3, 3 * "ab", "ab" * 0, "ab" * -1, "" * 5, "ab" * True, tried(lambda: "a" * 1.5), tried(lambda: "a" * "b"))
print("a" + "b", "" + "a", "a" + "", tried(lambda: "a" + 1), tried(lambda: 1 + "a"), tried(lambda: "a" + b"b"))
print("a" < "b", "a" <= "a", "b" > "abc", "abc" >= "abd", "a" == "a", "a" != "b", "\u00e9" > "z", "" < "a", "ab" < "abc")
print(tried(lambda: "a" < 1), "a" == 1, "a" != 1, "a" == b"a", tried(lambda: 1 in "a"))
print(hash("abc") == hash("ab" + "c"), {"abc": 1}["".join(["a", "bc"])], "long text " * 3 in {"long text " * 3})
print(bool(""), bool(" "), str(), str(5), str("x"), str(b"abc", "utf-8"), str(None), str([1, "a"]))
print(str(b"h\xc3\xa9", "utf8"), str(bytearray(b"x"), "ascii"), str(b"\xff", "utf-8", "replace"), str(b"", "utf-8"))
print(tried(lambda: str(b"\xff", "utf-8")), tried(lambda: str("a", "utf-8")), tried(lambda: str(5, "utf-8")))

s = "x"
for i in range(6):
    s += s + str(i)
print(len(s), s)
t = ""
for c in s:
    t = c + t
print(t == s[::-1])
it = iter("ab")
print(next(it), next(it), next(it, "end"), iter(it) is it)


class Sub(str):
    def shout(self):
        return self.upper() + "!"


x = Sub("hey")
print(x, repr(x), x.shout(), x + "you", len(x), x == "hey", x[1], "e" in x, isinstance(x, str))
