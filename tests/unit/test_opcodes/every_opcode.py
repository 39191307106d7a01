# Every opcode that stock compilers write, each with a result that is checked.
from helper import *

failures = []


def expect(got, wanted):
    if got != wanted:
        failures.append((got, wanted))


def small_ints():
    expect(-16, int("-16"))
    expect(-15, int("-15"))
    expect(-14, int("-14"))
    expect(-13, int("-13"))
    expect(-12, int("-12"))
    expect(-11, int("-11"))
    expect(-10, int("-10"))
    expect(-9, int("-9"))
    expect(-8, int("-8"))
    expect(-7, int("-7"))
    expect(-6, int("-6"))
    expect(-5, int("-5"))
    expect(-4, int("-4"))
    expect(-3, int("-3"))
    expect(-2, int("-2"))
    expect(-1, int("-1"))
    expect(0, int("0"))
    expect(1, int("1"))
    expect(2, int("2"))
    expect(3, int("3"))
    expect(4, int("4"))
    expect(5, int("5"))
    expect(6, int("6"))
    expect(7, int("7"))
    expect(8, int("8"))
    expect(9, int("9"))
    expect(10, int("10"))
    expect(11, int("11"))
    expect(12, int("12"))
    expect(13, int("13"))
    expect(14, int("14"))
    expect(15, int("15"))
    expect(16, int("16"))
    expect(17, int("17"))
    expect(18, int("18"))
    expect(19, int("19"))
    expect(20, int("20"))
    expect(21, int("21"))
    expect(22, int("22"))
    expect(23, int("23"))
    expect(24, int("24"))
    expect(25, int("25"))
    expect(26, int("26"))
    expect(27, int("27"))
    expect(28, int("28"))
    expect(29, int("29"))
    expect(30, int("30"))
    expect(31, int("31"))
    expect(32, int("32"))
    expect(33, int("33"))
    expect(34, int("34"))
    expect(35, int("35"))
    expect(36, int("36"))
    expect(37, int("37"))
    expect(38, int("38"))
    expect(39, int("39"))
    expect(40, int("40"))
    expect(41, int("41"))
    expect(42, int("42"))
    expect(43, int("43"))
    expect(44, int("44"))
    expect(45, int("45"))
    expect(46, int("46"))
    expect(47, int("47"))
    expect(1000 + 1, int("1001"))
    expect(-5000, int("-5000"))


def locals_of_all_numbers():
    l0 = [0]
    l1 = [1]
    l2 = [2]
    l3 = [3]
    l4 = [4]
    l5 = [5]
    l6 = [6]
    l7 = [7]
    l8 = [8]
    l9 = [9]
    l10 = [10]
    l11 = [11]
    l12 = [12]
    l13 = [13]
    l14 = [14]
    l15 = [15]
    l16 = [16]
    l17 = [17]
    l18 = [18]
    l19 = [19]
    expect(l0 + l1 + l2 + l3 + l4 + l5 + l6 + l7 + l8 + l9 + l10 + l11 + l12 + l13 + l14 + l15 + l16 + l17 + l18 + l19, list(range(20)))
    del l3, l19
    try:
        l19
    except NameError:
        return l18
    return None


class Number:
    def __matmul__(self, other):
        return "matmul"

    def __imatmul__(self, other):
        return "imatmul"


def operators(a, b):
    expect([a < b, a > b, a == b, a <= b, a >= b, a != b], [False, True, False, False, True, True])
    expect([a in [a], a not in [b], a is a, a is not a], [True, True, True, False])
    expect([a | b, a ^ b, a & b, a << b, a >> b], [13, 9, 4, 208, 0])
    expect([a + b, a - b, a * b, a // b, a / b, a % b, a ** b], [17, 9, 52, 3, 3.25, 1, 28561])
    expect([+a, -a, ~a, not a], [13, -13, -14, False])
    x = a
    x |= 16
    x ^= 3
    x &= 30
    x <<= 3
    x >>= 1
    x += 5
    x -= 1
    x *= 3
    x //= 2
    x %= 100
    x **= 2
    expect(x, 7396)
    x /= 8
    expect(x * 2, 1849)  # older compilers write floats with 16 digits only
    m = Number()
    expect(m @ m, "matmul")
    m @= m
    expect(m, "imatmul")


def containers(a, b):
    expect((a, b), (1, 2))
    expect([a, b][0], 1)
    expect({a: b}[a], 2)
    expect(len({a, b}), 2)
    expect("hello world, longer"[a:b], "e")
    expect("hello world, longer"[::b], "hlowrd ogr")
    expect([i for i in (a, b)], [1, 2])
    expect({i: a for i in (a, b)}, {1: 1, 2: 1})
    expect({i for i in (a, a)}, {1})
    x, y = a, b
    x, *y = (a, b, x)
    expect(y, [2, 1])
    items = [a, b, a]
    items[0] += 5
    items[a] = items[a], items[a]
    del items[2]
    expect(items, [6, (2, 2)])
    expect((None, True, False, ..., 1.5, b"bytes"), (None, not 0, not 1, ..., 3 / 2, bytes([98, 121, 116, 101, 115])))


def jumps(n):
    found = []
    while True:
        n -= 1
        if n < 0:
            break
        if not n == 3 and n % 2:
            continue
        found.append(n or "zero")
        found.append(n and "more")
    for i in range(3):
        if i == 1:
            try:
                continue
            finally:
                found.append("finally")
        try:
            if i == 2:
                break
        except ValueError:
            pass
    for i in found:
        pass
    expect(found, [4, "more", 3, "more", 2, "more", "zero", 0, "finally"])
    expect([1 if n else 2, 1 < 2 < 3, n > 5 or n < 0], [1, True, True])


def exceptions():
    log = []
    try:
        try:
            raise ValueError("x")
        except ValueError:
            log.append("caught")
            raise
    except (KeyError, ValueError) as e:
        log.append(e.args)
    try:
        raise KeyError from None
    except KeyError:
        log.append("from")
    with Manager(log) as m:
        log.append(m)
        raise IndexError
    expect(log, ["caught", ("x",), "from", "enter", "managed", "exit"])


class Manager:
    def __init__(self, log):
        self.log = log

    def __enter__(self):
        self.log.append("enter")
        return "managed"

    def __exit__(self, *args):
        self.log.append("exit")
        return True


def closures(a):
    b = a

    def inner():
        nonlocal b
        b += 1
        return b

    def with_default(c=5):
        return a + c

    def plain_default(c=6, *, d=7):
        return c + d

    inner()
    expect([inner(), b, with_default(), plain_default()], [a + 2, a + 2, a + 5, 13])
    del b
    try:
        inner()
    except NameError:
        return "deleted"


def calls(*args, **kw):
    expect([max(1, 2), max(*args), sorted([3, 1], reverse=True), "{}{x}".format(*args, **kw)], [2, 5, [3, 1], "45"])


def generator():
    got = yield 1
    yield from (got, 3)


def generators():
    g = generator()
    expect([next(g), g.send(2), next(g), next(g, "end")], [1, 2, 3, "end"])


small_ints()
expect(locals_of_all_numbers(), [18])
operators(13, 4)
containers(1, 2)
jumps(5)
exceptions()
expect(closures(1), "deleted")
calls(4, 5, x=5)
generators()
expect(exported, "exported")
print(failures)
