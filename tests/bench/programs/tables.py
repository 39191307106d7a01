"""Dicts and lists."""


def run(n):
    counts = {}
    order = []
    for i in range(n * 20):
        key = i * 7 % 61
        if key in counts:
            counts[key] += 1
        else:
            counts[key] = 1
            order.append(key)
        if len(order) > 40:
            counts.pop(order.pop(0))
    squares = [x * x % 17 for x in range(n * 2)]
    squares.sort()
    return sum(counts.values()) + squares[len(squares) // 2] + len([k for k in order if k in counts])
