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
