"""Ints of all sizes, floats, complex numbers, and the conversions between them and text."""

big = 1
for i in range(1, 30):
    big *= i + 1000000007
print(big)
print(-big // 12345678901234567, -big % 12345678901234567, divmod(big, -(10**25)))
print(big & ((1 << 100) - 1), (big | 1) ^ big, big << 67, big >> 300, ~big & 0xFF)
print(pow(3, 500, 10**30 + 57), 7**90, (-3) ** 81)
print(int("123456789" * 7), int("-ff" + "0" * 40, 16), int(1e30), int("0b" + "10" * 50, 0))
print(hex(big), oct(1 << 90), bin(1 << 70))
print(big.to_bytes(120, "big")[:9], int.from_bytes(bytes(range(1, 30)), "little"))
print(hash(big) == hash(big + 0), big == float(1 << 60), big > 1e30, abs(-big) == big, bool(big))
print(1.5e30 * 2, 1e-32, 0.1 + 0.2, float("1234.5678"), float("-inf"), 1e22, 3.0 // 0.7)
print(round(2.567, 2), round(1234567890123456789, -5), 2.0**0.5, 10**40 / 3)
print((1 + 2j) * (3 - 4j), abs(3 + 4j), complex(1, -1) ** 2, 1e20j)
print([float(i) / 7 for i in range(5)], sum([10**20, 10**21, 0.5]), min(10**20, 3), max(1, 2**70))
print("%d %x %o %e %g %.3f" % (big, 1 << 80, 1 << 66, 1e30, 1e-10, 2.5))
print("{:>40d}|{:<30x}|{:^+25.3e}|{:,}".format(10**30, 1 << 90, 1234.5, 10**15))


class Index:
    def __index__(self):
        return 1 << 65


print(hex(Index()), str(int("9" * 30) + 1), -(2**62) - 2**62 - 1, (2**63 - 1) * -(2**63))
