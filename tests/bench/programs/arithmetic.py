"""Loops over local ints."""


def run(n):
    a, b, c = 12345, 67, 0
    for i in range(n * 100):
        a = (a * 33 ^ b) & 0xFFFFFF
        b = (b + (a >> 5)) & 0xFFFF
        if a > b:
            c += 1
        else:
            c -= i & 3
    return a + b + c
