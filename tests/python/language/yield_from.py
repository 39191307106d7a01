# yield from passes values, exceptions and results between the caller and the inner iterator.


def inner():
    log = []
    try:
        x = yield "first"
        log.append(x)
        x = yield "second"
        log.append(x)
    except ValueError as e:
        log.append("caught " + str(e))
        yield "recovered"
    finally:
        log.append("inner finally")
    return log


def outer():
    result = yield from inner()
    yield "result", result
    result = yield from inner()
    return result


g = outer()
print(next(g), g.send(1), g.send(2))
print(next(g), g.throw(ValueError("v")))
try:
    next(g)
except StopIteration as e:
    print(e.value)


def chain(*iterables):
    for it in iterables:
        yield from it


print(list(chain("ab", [1, 2], (), {5: 6}, range(3), (x for x in "z"))))


def levels(n):
    if n == 0:
        x = yield "bottom"
        return x
    return 1 + (yield from levels(n - 1))


g = levels(30)
print(next(g))
try:
    g.send(100)
except StopIteration as e:
    print(e.value)

g = levels(10)
next(g)
try:
    g.throw(KeyError("through all levels"))
except KeyError as e:
    print("KeyError", e.args)


def closing(log, name):
    try:
        yield name
    finally:
        log.append(name)


def closing_outer(log):
    try:
        yield from closing(log, "inner")
    finally:
        log.append("outer")


log = []
g = closing_outer(log)
next(g)
g.close()
print(log)


class Iterator:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 3:
            raise StopIteration("the end")
        return self.n


def over_class():
    return (yield from Iterator())


g = over_class()
print(next(g), next(g), next(g))
try:
    next(g)
except StopIteration as e:
    print(e.value)

g = over_class()
next(g)
try:
    g.send(5)
except AttributeError:
    print("an iterator without send")

g = over_class()
next(g)
try:
    g.throw(ValueError("w"))
except ValueError as e:
    print("ValueError", e)


def catches_around():
    try:
        yield from inner_raises()
    except KeyError as e:
        yield "around", e.args


def inner_raises():
    yield 1
    raise KeyError("k")


print(list(catches_around()))


def empty():
    result = yield from []
    yield result


print(list(empty()))


def not_iterable():
    yield from 3


try:
    next(not_iterable())
except TypeError:
    print("TypeError")
