"""C code that takes long and calls nothing: an interrupt ends each of these, long before it would come to an end. The host
interrupts once for each "!"."""
import math
import re


def interrupts(name, f):
    try:
        print("!", end="")
        f()
    except KeyboardInterrupt:
        return
    print(name, "came to an end")


n = 10**9
a = (1 << 400000) // 3
b = (1 << 200000) // 7
odd = (1 << 20000) + 1
digits = "7" * 60000
sevens = 7**17800
threes = 3**31500

interrupts("sum", lambda: sum(range(n)))
interrupts("max", lambda: max(range(n)))
interrupts("all", lambda: all(range(1, n)))
interrupts("in", lambda: -1 in iter(range(n)))
interrupts("pow with a modulus", lambda: pow(3, a, odd))
interrupts("product", lambda: a * a)
interrupts("quotient", lambda: a // b)
interrupts("remainder", lambda: a % b)
interrupts("text", lambda: str(a))
interrupts("power", lambda: b**2)
interrupts("true division", lambda: a / (b * 3))
interrupts("number from text", lambda: int(digits))
# Few steps back, of many steps each.
interrupts("long repetition", lambda: re.search("a*b", "a" * 8000))
interrupts("long pattern", lambda: re.search("a" * 3000 + "b", "a" * 8000))
interrupts("stripping", lambda: ("\u00e9" * 8000).strip("\u00e8" * 30000 + "\u00e9"))
interrupts("factorial", lambda: math.factorial(38000))
interrupts("greatest common divisor", lambda: math.gcd(sevens, threes))
