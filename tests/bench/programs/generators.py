"""Generators that feed each other."""


def count(n):
    for i in range(n):
        yield i


def odd(source):
    for x in source:
        if x % 2:
            yield x


def pairs(source):
    last = 0
    for x in source:
        yield last, x
        last = x


def run(n):
    total = 0
    for a, b in pairs(odd(count(n * 40))):
        total = (total + a * b) % 100003
    return total
