# A generator runs between its yields only, keeps its state, and ends with StopIteration.


def count(n):
    i = 0
    while i < n:
        got = yield i
        if got is not None:
            i = got
        else:
            i += 1
    return "done"


print(list(count(4)), tuple(count(2)), sum(count(5)))
g = count(10)
print(next(g), next(g), g.send(7), next(g), next(g))
try:
    next(g)
except StopIteration as e:
    print("ended with", e.value)
try:
    next(g)
except StopIteration as e:
    print("again", e.value)
print(next(g, "default"))


def lazy(log):
    log.append("started")
    yield 1
    log.append("resumed")
    yield 2
    log.append("finished")


log = []
g = lazy(log)
print(log)
for x in g:
    print(x, log)
print(log)


def catching():
    while True:
        try:
            x = yield "ready"
            print("got", x)
        except ValueError as e:
            print("caught", e)
        except GeneratorExit:
            print("closing")
            raise


g = catching()
print(next(g))
print(g.send(1))
print(g.throw(ValueError("thrown")))
try:
    g.throw(KeyError("not caught"))
except KeyError:
    print("KeyError came through")
try:
    next(g)
except StopIteration:
    print("and ended it")

g = catching()
next(g)
g.close()
g.close()

g = catching()
g.close()
print("closed before its start")

g = count(3)
try:
    g.send(1)
except TypeError:
    print("nothing to send to before the start")
print(g.send(None))

g = count(3)
try:
    g.throw(ValueError("at the start"))
except ValueError as e:
    print("ValueError", e)
print(list(g))


def stubborn():
    try:
        yield 1
    except GeneratorExit:
        yield 2


g = stubborn()
next(g)
try:
    g.close()
except RuntimeError:
    print("ignored GeneratorExit")


def with_finally(log):
    try:
        yield 1
        yield 2
    finally:
        log.append("finally")


log = []
g = with_finally(log)
next(g)
g.close()
print(log)
log = []
for x in with_finally(log):
    pass
print(log)
log = []
g = with_finally(log)
next(g)
try:
    g.throw(KeyError)
except KeyError:
    print("KeyError", log)


def itself():
    try:
        next(me)
    except ValueError:
        yield "cannot resume itself"


me = itself()
print(next(me))


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


f = fibonacci()
print([next(f) for _ in range(15)])


def tree(depth):
    if depth:
        for x in tree(depth - 1):
            yield x
        yield depth
        for x in tree(depth - 1):
            yield x


print(list(tree(4)))


def many_locals(a, b=2, *args, c=3, **kw):
    d = [a, b]
    yield a
    e = d + list(args)
    yield e
    yield c, sorted(kw.items())
    yield (lambda: (a, d, e))()


print(list(many_locals(1, 5, 6, c=7, z=8)))

squares = (x * x for x in range(5))
print(next(squares), list(squares), list(squares))
print(sum(x for x in range(10) if x % 2), max(len(w) for w in ("a", "abc", "ab")))
print(list(zip(count(3), "abc")), dict((k, v) for k, v in [(1, 2), (3, 4)]))


def raising():
    yield 1
    raise ValueError("from a generator")


try:
    for x in raising():
        print(x)
except ValueError as e:
    print(e)


def returns_at_once():
    return 5
    yield


try:
    next(returns_at_once())
except StopIteration as e:
    print("value", e.value)

suspended = [count(5) for _ in range(20)]
for n in range(3):
    print(sum(next(s) for s in suspended))


def in_expression():
    x = 1 + (yield 2) * (yield 3)
    yield x


g = in_expression()
print(next(g), g.send(10), g.send(20))
a, *b = count(4)
print(a, b, 3 in count(5), 9 in count(5))
