# if, while, conditional expressions and augmented assignment choose and change what they say.


def sign(n):
    if n < 0:
        return "negative"
    elif n == 0:
        return "zero"
    elif n > 1000:
        return "huge"
    else:
        return "positive"


print([sign(n) for n in (-5, 0, 5, 5000)])
for v in (0, 1, "", "a", [], [0], {}, {1: 1}, (), None, 0.0, 0.1, set(), b"", b"0", range(0), range(1)):
    print("T" if v else "F", end="")
print()

x = 10
x += 5
x -= 3
x *= 4
x //= 5
x **= 2
x %= 50
x <<= 3
x |= 1
x ^= 3
x &= 0xFF
x >>= 1
print(x)
f = 7
f /= 2
print(f)
s = "a"
s += "b"
s *= 3
print(s)
d = {"k": [1]}
d["k"] += [2]
d["k"][0] -= 5
print(d)


def side_effects():
    log = []

    def index():
        log.append("index")
        return 0
    items = [1, 2]
    items[index()] += 10
    return items, log


print(side_effects())


def while_break():
    n = 0
    while True:
        n += 1
        if n % 2:
            continue
        if n > 6:
            break
    return n


print(while_break())


def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


print([collatz(n) for n in range(1, 20)])
print((lambda a, b: a if a > b else b)(3, 7))
if (n := len("abc")) > 2:
    print("walrus", n)
print([1, 2, 3][::-1], "hello"[1:4], (1, 2, 3, 4)[1:-1], [1, 2, 3, 4, 5][::2], "abc"[-1])
l = [1, 2, 3, 4]
l[1:3] = ["a", "b", "c"]
print(l)
pass
print(1_000_000, 0x_ff, 0b101, 0o17, 1e3, 1j * 1j, "a" "b", r"\n", b"\x41")
print(10 if 0 else 20 if 0 else 30)
big = 1
for i in range(1, 40):
    big *= i
print(big, big // 10 ** 30, -big % 1000007)
