"""Attributes and methods of instances, inheritance."""


class Counter:
    def __init__(self, start):
        self.value = start
        self.steps = 0

    def step(self, by):
        self.value = (self.value + by) & 0xFFFF
        self.steps += 1
        return self.value

    def done(self):
        return self.steps


class Doubling(Counter):
    def step(self, by):
        return super().step(by * 2)


def run(n):
    plain = Counter(1)
    doubling = Doubling(2)
    for i in range(n * 30):
        if plain.step(i) & 1:
            doubling.step(plain.value)
        plain.steps = plain.done() - (doubling.steps & 1)
    return plain.value + doubling.value + plain.steps
