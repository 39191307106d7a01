# yield from: the value of a StopIteration that comes from a function within a native iterator; throwing through a
# user's iterator with and without throw() and close().
def stopping(x):
    if x < 2:
        return x
    raise StopIteration("value")


def through_map():
    print("got", (yield from map(stopping, range(10))))


print(list(through_map()))


class Inner:
    def __iter__(self):
        return self

    def __next__(self):
        return "next"

    def throw(self, what, *rest):
        print("thrown", what if isinstance(what, type) else type(what))
        return "answer"

    def close(self):
        print("closed")


class Bare:
    def __iter__(self):
        return self

    def __next__(self):
        return "bare"


def outer(inner):
    try:
        yield from inner
    except ValueError as e:
        yield "caught " + str(e)


g = outer(Inner())
print(next(g), g.throw(ValueError("x")), g.send(None))
g.close()
g = outer(Bare())
print(next(g), g.throw(ValueError("y")))
g = outer(Bare())
next(g)
g.close()
try:
    next(g)
except StopIteration:
    print("finished")


def stubborn():
    while True:
        try:
            yield 1
        except GeneratorExit:
            print("no")
            yield 2


def holder(inner):
    yield from inner


g = holder(stubborn())
next(g)
try:
    g.close()
except RuntimeError as e:
    print(e)
for wrong in (123, "text", int):
    g = outer([1, 2])
    next(g)
    try:
        g.throw(wrong)
    except TypeError:
        print("TypeError")


# A generator is being executed while what it delegates to is thrown something.
class Resuming:
    def __init__(self, stop):
        self.stop = stop
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n == 1 or not self.stop:
            return self.n
        raise StopIteration

    def throw(self, e, *more):
        try:
            print("next", next(g))
        except ValueError as e:
            print(e)
        raise StopIteration(5)

    def close(self):
        try:
            print("next", next(g))
        except ValueError as e:
            print(e)


def resumed(inner):
    x = yield from inner
    yield x
    yield 2


for stop in (True, False):
    g = resumed(Resuming(stop))
    print(next(g), g.throw(ValueError()), next(g))
    g = resumed(Resuming(stop))
    print(next(g), g.close())
