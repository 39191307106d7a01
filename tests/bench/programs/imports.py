"""Names of other modules: what a program made of several files does all the time."""

import arithmetic
import attributes
from closures import accumulator


def run(n):
    total = 0
    for _ in range(n):
        counter = attributes.Counter(total)
        add = accumulator(counter.step(3))
        for i in range(8):
            total = (total + add(i) + counter.done()) % 65521
            counter.value = attributes.Doubling(i).step(total)
    return total + arithmetic.run(1)
