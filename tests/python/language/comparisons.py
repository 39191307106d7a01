# A chained comparison evaluates each operand once and stops at the first that is false.

log = []


def v(x):
    log.append(x)
    return x


def check(f):
    del log[:]
    print(f(), log)


check(lambda: v(1) < v(2) < v(3))
check(lambda: v(1) < v(0) < v(3))
check(lambda: v(1) < v(2) > v(0) == v(0) != v(5))
check(lambda: v(3) > v(2) > v(2) > v(1))
check(lambda: v(1) in v([1, 2]) in v([[1, 2], 3]))
check(lambda: v(None) is v(None) is not v(3))
check(lambda: v(1) < v(2) and v(0) or v("x"))
check(lambda: v(0) or v([]) or v(""))
check(lambda: v(1) and v([]) and v(3))
check(lambda: not v(0))
check(lambda: v(1) if v(0) else v(2))


class Number:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        log.append(("lt", self.n, other.n))
        return self.n < other.n


check(lambda: Number(1) < Number(2) < Number(3))
check(lambda: Number(1) < Number(1) < Number(3))


class Odd:
    def __lt__(self, other):
        return "a result of any kind"

    def __eq__(self, other):
        return []


print(Odd() < 1, Odd() == 1, Odd() != 1 if False else "")
print(1 < 2 < Odd() if False else (1 == 1.0 == True), 1 != 2 != 1)
print("a" < "b" < "c", [1, 2] < [1, 3] <= [1, 3], (1,) > (), b"a" < b"b")
print(not 1 == 2, not (1 < 2 < 3), 1 < 2 in [2])
if 1 < 2 < 3 and not 3 < 2 < 1:
    print("in a condition")
n = 0
while 0 <= n < 5 != 3:
    n += 1
print(n)
print([i for i in range(10) if 2 < i <= 5 or i in (8, 9)])
print(3 == 3.0, 2 ** 70 > 2 ** 69 > 5, -1 < 0.5 < 1, "x" == 1, None == 0, [] == ())
for bad in (lambda: 1 < "a", lambda: [] < (), lambda: None < None, lambda: {} < {}, lambda: 1 < None):
    try:
        bad()
        print("no error")
    except TypeError:
        print("TypeError")
