# A seed: everything that keeps more than values on the stack: iterations, handlers, generators and with blocks.


class Guard:
    def __enter__(self):
        return self

    def __exit__(self, a, b, c):
        return True


def steps(n):
    for i in range(n):
        try:
            got = yield i
            if got:
                return got
        finally:
            print("left", i)


def all_of_it(seq):
    total = [x * y for x in seq for y in (1, 2, 3) if x != y]
    for k, v in {"a": 1, "b": 2}.items():
        for _ in {1, 2}:
            with Guard() as g, Guard():
                try:
                    if v == 2:
                        continue
                    raise ValueError(k)
                except (KeyError, ValueError) as e:
                    print(e)
                    break
                finally:
                    total.append(v)
    a, *b, (c, d) = total + [(1, 2)]
    return {n: str(n) for n in b}, {*b}, [*seq, *b][1:3], f"{c}{d:3}"


def delegate():
    x = yield from steps(3)
    del x
    return (lambda *a, k=1, **kw: (a, k, kw))(*(1, 2), **{"z": 3})


g = delegate()
print(next(g), g.send(None), list(g))
print(all_of_it([1, 2, 3]))
while True:
    try:
        g.send(7)
    except StopIteration:
        break
