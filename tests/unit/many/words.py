# Strings: building, splitting, sorting, counting.


def work(seed):
    state = seed + 1
    text = []
    for i in range(60):
        state = state * 1103515245 + 12345 & 0x7FFFFFFF
        text.append("%c%c%d" % (97 + state % 5, 97 + state // 7 % 3, state % 4))
        yield None
    counts = {}
    for word in " ".join(text).upper().split():
        counts[word] = counts.get(word, 0) + 1
        yield None
    total = 0
    for word, n in sorted(counts.items()):
        for c in word:
            total = (total * 33 + ord(c) * n) % 1000003
        yield None
    yield total
