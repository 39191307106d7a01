# Garbage of every size, so that the heap is collected and moved again and again.


class Node:
    def __init__(self, value, rest):
        self.value = value
        self.rest = rest


def work(seed):
    kept = None
    total = 0
    for i in range(60):
        for k in range(20):
            junk = [k] * (k + seed % 7), str(i * k), {i: k}, (i, k, seed)
        kept = Node(str(i + seed), kept)
        if i % 10 == 9:
            kept = kept.rest.rest
        yield None
    while kept:
        total = (total * 7 + int(kept.value) * len(junk)) % 1000003
        kept = kept.rest
    yield total
