# The methods of str, at their edges.

def tried(f, *args):
    try:
        return repr(f(*args))
    except Exception as e:
        return "UnicodeError" if isinstance(e, UnicodeError) else type(e).__name__


texts = ["", "a", "abc", "abcabc", " a b ", "aaaa", "h\u00e9llo w\u00f6rld", "\u20ac\u20ac", "a,b,,c", "x\ty\nz\r\nw\rv"]
parts = ["", "a", "b", "bc", "aa", " ", ",", "\u20ac", "l\u00f6", "zz"]

for s in texts:
    for p in parts:
        print(repr(s), repr(p), s.find(p), s.rfind(p), s.count(p), p in s, s.startswith(p), s.endswith(p),
              s.find(p, 1), s.rfind(p, 1, -1), s.find(p, 2, 1), s.count(p, 1), s.startswith(p, 1), s.endswith(p, 0, 2),
              s.find(p, 100), s.find(p, -2, None))
        print(tried(s.index, p), tried(s.rindex, p), tried(s.split, p), tried(s.rsplit, p), tried(s.split, p, 1),
              tried(s.rsplit, p, 1), tried(s.partition, p), tried(s.rpartition, p))
        print(s.replace(p, "<>"), s.replace(p, "", 1), s.replace(p, "\u00e4", 2), s.replace(p, p), repr(s.strip(p)),
              repr(s.lstrip(p)), repr(s.rstrip(p)), s.removeprefix(p), s.removesuffix(p), p.join(s), p.join([s, s]))
    print(s.split(), s.rsplit(), s.split(None, 1), s.rsplit(None, 1), s.splitlines(), s.splitlines(True))
    print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()), repr(s.expandtabs(4)), repr(s.expandtabs(0)))
    for width in (-1, 0, 3, 4, 5, 8, 11):
        print(repr(s.center(width)), repr(s.ljust(width, "*")), repr(s.rjust(width, "\u00b7")), repr(s.zfill(width)))

print("-5".zfill(4), "+".zfill(3), "--".zfill(4), "\u00e9".zfill(3))
print(tried("a".center, 5, "ab"), tried("a".center, 5, ""), tried("a".center, "b"))
print("abc".startswith(("x", "a")), "abc".endswith(("x", "y")), "abc".startswith(()), tried("abc".startswith, 1))
print("a-b_c".split(sep="-"), "a b c".split(maxsplit=1), "a b c".rsplit(maxsplit=1), "a\nb".splitlines(keepends=True))

for s in ("", "abc", "ABC", "aBc", "123", "a1", " \t\n", "a b", "Hello World", "x_1", "1x", "hello wORLD it's"):
    print(repr(s), s.isalpha(), s.isdigit(), s.isalnum(), s.isspace(), s.isupper(), s.islower(), s.isidentifier(),
          s.isascii(), s.upper(), s.lower(), s.swapcase(), s.capitalize(), s.title(), s.casefold())

print(",".join(x for x in "abc"), "".join([]), "".join(("one",)), "-".join({"k": 1}))
print(tried(",".join, [1]), tried(",".join, 5), tried("a".find, 1), tried("a".split, ""), tried("a".partition, ""))
print("h\u00e9".encode(), "abc".encode("ascii"), tried("h\u00e9".encode, "ascii"), "h\u00e9!".encode("ascii", "ignore"),
      "h\u00e9!".encode("ascii", "replace"), tried("a".encode, "nonsense"), tried("a".encode, 5))

# Limits and digits as low as they go are as good as any others.
import sys
low = -sys.maxsize - 1
for limit in (low, -2, -1):
    print("a b c".split(None, limit), "a b c".rsplit(None, limit), "a-b-c".split("-", limit), "a-b-c".rsplit("-", limit), b"a b".split(None, limit))
print("aXbX".replace("X", "-", low))

# Parts that nearly match, over and over.
for long, part in (("a" * 20000, "a" * 5000 + "b"), ("a" * 20000, "b" + "a" * 5000), ("a" * 20000, "a" * 2500 + "b" + "a" * 2500),
                   ("ab" * 10000, "ab" * 2500 + "b"), ("ab" * 10000, "a" + "ab" * 2500)):
    print(long.find(part), long.rfind(part), long.count(part), part in long, len(long.partition(part)[0]), len(long.rpartition(part)[0]))
    print(len(long.split(part)), len(long.rsplit(part)), len(long.replace(part, "x")), long.encode().find(part.encode()))
# All the words of up to 4 letters in texts in which they overlap themselves.
words = [""]
for word in words:
    if len(word) < 4:
        words += [word + "a", word + "b"]
for text in ("abaababaabaababaababa", "aabbaabbabab", "bbbabbbbabbbbb", "abababababaab" * 3 + "bbb"):
    print([text.find(word) for word in words], [text.rfind(word) for word in words], [text.count(word) for word in words])
    print(all(text.find(text[i:j]) <= i and text[text.find(text[i:j]):].startswith(text[i:j]) and text.rfind(text[i:j]) >= i
              for i in range(len(text)) for j in range(i + 1, len(text) + 1)))
