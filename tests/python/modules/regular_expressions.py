# Patterns, and what match, search, split and sub make of them; what CPython and MicroPython agree on, and beyond MicroPython
# what CPython does.
import re


def show(pattern, text, *args):
    m = re.compile(pattern).search(text, *args)
    if m is None:
        print(pattern, "none")
    else:
        print(pattern, m.group(0), m.groups(), m.span())


# Characters, classes, assertions.
for text in ("", "a", "abc", "xaby", "line 12: [ok] -x_1", "\tq\n "):
    for pattern in (
        "a", "a.", "ab|x", "[a-c]+", "[^a-c]+", r"\d+", r"\D+", r"\w+", r"\W+", r"\s", r"\S+$", "^a", "a$", "^$",
        r"[\d:]+", r"[^\s\w]+", r"[]x]", r"[^]a]", r"[a\]]+", r"[-x]+", r"[x-]", r"\[(\w*)\]", r"\bx", r"\Bx", r"\t", r"[\n]", "",
        r"\.", "(?:a|b)+",
    ):
        show(pattern, text)

# Repetition, greedy and lazy.
for pattern in ("a*", "a+", "a?", "a*?", "a+?", "a??", "(a*)b", "(a*?)b", "(a+?)(a*)", "(aa)*", "(aa)+", "(aa)*?b", "(aa)+?b",
                "(aa)?", "(aa)??b", ".*b", ".*?b", "(a|b)*c", "(a+)+b", "((a)|b)*", "(a)|(b)", "x*(a)?", "[ab]*b[bc]*"):
    for text in ("", "a", "aaab", "aabaabc", "bbb"):
        show(pattern, text)

# Alternatives share no more than they should.
for text in ("one", "two", "three", "four", "on"):
    print(text, [bool(re.match(p, text)) for p in ("one|two|three", "(one|two|three)$", "o(ne|)", "(t(wo|hree)|four)", "|x")])

# Positions count characters.
m = re.compile("(é+)(.)(q)?").search("aéé€z")
print(m.group(), m.groups(), m.span(), m.span(1), m.span(2), m.span(3), m.start(2), m.end(2))
print(m.groups("-"), m.group(1, 2), m.group(2, 3, 0))
print(re.search("[à-ü]+", "xéüy").group(0), re.search("[^a-z]", "x€y").group(0), re.match("é*€", "éé€").span())
p = re.compile("b")
print([p.match("äbb", i) is not None for i in range(-1, 6)], p.search("äbb", 2, 2), p.search("abab", 2).span())
print(re.compile("b$").search("abab", 0, 2).span(), re.compile("^b").search("ab", 1))
for wrong in (3, -1, 1 << 70):
    try:
        m.group(4)
    except IndexError:
        print("IndexError")

# bytes
m = re.match(b"(.)(\\w+)", b"\xffab ")
print(m.group(0), m.groups(), m.span(2))
print(re.search(b"[\x80-\xff]+", b"a\xc3\xa9b").group(0))
print(re.sub(b"a+", b"<\\g<0>>", b"caab"), re.split(b",", b"a,b,,c"))

# split
for pattern, text, most in ((",", "a,b,,c", 0), (", *", "a, b,c", 1), ("x", "", 0), ("x", "x", 0), ("[ab]+", "1ab2ba3", 5)):
    print(re.split(pattern, text, maxsplit=most), re.compile(pattern).split(text, most))

# sub
print(re.sub("(a)(b)?", r"[\2\1]", "aba"), re.sub("a", r"\\-\n", "xa"), re.sub("(.)", r"\g<1>\1", "é1"))
print(re.sub("x*", "-", "abxxd"), re.sub("", ".", "ab"), re.sub("a|", "-", "bab"), re.sub("b*?", "_", "abb"))
print(re.sub("[0-9]+", lambda m: "<%d>" % (int(m.group(0)) + 1), "7 of 99"), re.sub("q", "r", "abc"))
print(re.sub("a", "b", "aaaa", count=3), re.compile("a").sub("b", "aaaa", 1), re.sub("é", "€", "cafés é"))


def fails(m):
    raise KeyError(m.span())


try:
    re.sub("b", fails, "abc")
except KeyError as e:
    print("KeyError", e.args)
for bad in (lambda m: 1, lambda m: b"x", 5, None, b"x"):
    try:
        print(re.sub("a", bad, "a"))
    except TypeError:
        print("TypeError")
for bad in ("\\2", "\\g<2>", "\\g<1", "\\", "\\g<>", "\\99"):
    try:
        print(re.sub("(a)", bad, "a"))
    except Exception:
        print("error")

# A pattern inside the use of another.
outer = re.compile("[a-z]+")
print(outer.sub(lambda m: re.sub("[aeiou]", lambda v: v.group(0).upper(), m.group(0)), "some words, 3 here"))

# Long texts need no deep stack.
long = "ab" * 2000
print(len(re.match(".*", long).group(0)), re.match("[ab]*c", long), re.search("b$", long).start(), len(re.sub("a", "", long)))
print(re.match(".*a", long).end(), re.match(".*?b$", long).end(), len(re.split("b", long)))

# What is not a pattern.
for bad in ("(", ")", "[", "[a", "*", "+a", "a**", "(?", "(?:a", "a)", "\\", "[z-a]", "[a-\\d]", "\\q", "(|*)"):
    try:
        re.compile(bad)
        print("accepted", bad)
    except Exception:
        print("error")
for bad in (1, None, ["a"]):
    for call in (lambda: re.compile(bad), lambda: re.match(bad, "a"), lambda: re.match("a", bad), lambda: re.sub("a", "b", bad)):
        try:
            call()
            print("accepted")
        except TypeError:
            print("TypeError")
print(re.compile(outer) is outer, re.search(outer, "12ab").start())

# Empty rounds without end are noticed, or given up.
for pattern in ("(?:a?)*?x", "(?:a?)+?x", "(?:a?)*x", "(a?)*?x"):
    try:
        re.search(pattern, "b")
    except RuntimeError:
        pass
    print("returned")

# A template that nothing else holds, written many times.
print(re.sub("b", "".join(["<", str(12), "\\g<0>", "-" * 30, str(3), "\\\\", "q" * 20, ">"]), "abc" * 20))


# Arguments whose __index__ allocates, with nothing else that holds the others.
class Index:
    def __init__(self, i):
        self.i = i

    def __index__(self):
        junk = [bytearray(300) for _ in range(5)]
        return self.i


def text():
    return "".join(["a", "b", "é"] * 20) + str(5)


print(re.split("b" + "+" * len(text()[:1]), text(), maxsplit=Index(3)))
print(re.sub("b" + "+" * len(text()[:1]), "Z" + text()[:2], text(), count=Index(3)))
print(re.compile("b" + "+" * len(text()[:1])).search(text(), Index(3), Index(7)).span())
m = re.compile("(b)" + "(.)" * len(text()[:1])).search(text())
print(m.group(Index(2)), m.group(Index(1), Index(0)), m.start(Index(1)), m.end(Index(2)), m.span(Index(2)))
for wrong in (3, -1):
    try:
        re.search("(b)(é)", text()).group(Index(wrong))
    except IndexError:
        print("IndexError")
