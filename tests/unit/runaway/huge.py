"""Numbers, texts and sequences that cannot fit any arena end in a MemoryError or an OverflowError at once, and not after a long time."""
TOO_MUCH = (MemoryError, OverflowError, ValueError)


def fails(name, f, *args):
    try:
        f(*args)
    except TOO_MUCH:
        return
    except TypeError as e:
        print(name, "raised", repr(e))
        return
    print(name, "raised nothing")


# Not constants, which the compiler would compute.
zero, one, ten = [0, 1, 10]
big = ten**9
vast = ten**30
word = 2 ** (ten * 6 + 2)
for name, f in (
    ("1 << 10**9", lambda: one << big),
    ("1 << 10**30", lambda: one << vast),
    ("-7 << 2**62", lambda: -7 << word),
    ("3 ** 10**8", lambda: 3 ** (ten**8)),
    ("10 ** 10**8", lambda: ten ** (ten**8)),
    ("2 ** 10**30", lambda: 2**vast),
    ("10**10**8", lambda: pow(10, ten**8)),
    ("a * n", lambda: "a" * big),
    ("n * a", lambda: big * "abc"),
    ("a * 2**62", lambda: "abc" * word),
    ("a * 10**30", lambda: "abc" * vast),
    ("b * n", lambda: b"ab" * big),
    ("[] * n", lambda: [1, 2] * big),
    ("[] * 2**62", lambda: [1, 2] * word),
    ("() * n", lambda: (1, 2) * big),
    ("bytearray * n", lambda: bytearray(b"ab") * big),
    ("bytes(n)", lambda: bytes(big)),
    ("bytes(word)", lambda: bytes(word)),
    ("bytearray(n)", lambda: bytearray(big)),
    ("list(range)", lambda: list(range(big))),
    ("tuple(range)", lambda: tuple(range(big))),
    ("set(range)", lambda: set(range(big))),
    ("dict", lambda: {i: i for i in range(big)}),
    ("sorted", lambda: sorted(range(big))),
    ("list of all", lambda: [0 for _ in range(big)]),
    ("%nd", lambda: "%1000000000d" % 1),
    ("%ns", lambda: "%1000000000s" % "a"),
    ("%.nf", lambda: "%1000000000.3f" % 1.0),
    ("%*d", lambda: "%*d" % (big, 1)),
    ("{:>n}", lambda: "{:>999999999}".format("a")),
    ("{:n}", lambda: "{:999999999999999999999999}".format(1)),
    ("f-string", lambda: f"{1:{big}}"),
    ("center", lambda: "a".center(big)),
    ("to_bytes", lambda: (1).to_bytes(big, "big")),
    ("join", lambda: ("x" * 10000).join(["y"] * 10000)),
    ("replace", lambda: ("x" * 10000).replace("x", "y" * 10000)),
    ("join of numbers", lambda: ",".join(str(i) for i in range(big))),
    ("sum of lists", lambda: sum([[0] * 1000] * 100000, [])),
):
    fails(name, f)

# A range of any length is small, and so is what is asked of it.
r = range(big)
if len(r) != big or r[ten**8] != ten**8 or 5 not in r or (r[::1000][5] != 5000):
    print("a large range")
if pow(3, vast, ten**20 + 39) != pow(pow(3, ten**15, ten**20 + 39), ten**15, ten**20 + 39):
    print("a power with a modulus")
if zero**big != 0 or one**big != 1 or (-one) ** (big + 1) != -1 or (5 >> big) != 0 or (-5 >> vast) != -1:
    print("powers and shifts that are small")
n = int("9" * 3000)
if str(n) != "9" * 3000 or int(hex(n), 16) != n:
    print("a large int and its text")
try:
    zero << big
except MemoryError:
    pass
