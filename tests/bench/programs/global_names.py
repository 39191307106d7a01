"""Reads and writes of globals and builtins."""

total = 0
step = 3
limit = 1000


def advance():
    global total
    total = (total + step) % limit


def reset():
    global step
    step = step % 7 + 1


def run(n):
    global total
    total = 0
    for i in range(n * 100):
        advance()
        if total < 10:
            reset()
        total = max(total, min(i % limit, step))
    return total
