# What MicroPython's objects have and CPython's have not, or otherwise: pend_throw, exceptions of any kind handed to a
# user's throw(), read-only dicts of native modules, sys.exc_info, sys.atexit, sys.implementation.
import errno
import math
import sys


def count():
    i = 0
    while True:
        try:
            yield i
        except KeyError as e:
            print("caught", e)
        i += 1


def delegate(inner):
    result = yield from inner
    print("result", result)


g = count()
print(next(g), g.pend_throw(KeyError("k")), next(g), next(g))
print(g.pend_throw(ValueError), g.pend_throw(None), next(g))
print(g.pend_throw(ValueError("v")))
try:
    next(g)
except ValueError as e:
    print("raised", e)
try:
    g.send(None)
except StopIteration:
    print("finished")
g = count()
g.pend_throw(OSError(5))
try:
    for x in g:
        print(x)
except OSError as e:
    print("before the start", e)
g = count()
g.send(None)
for i, x in enumerate(g):
    print(i, x)
    if i == 2:
        break
    g.pend_throw(KeyError(i))
inner = count()
g = delegate(inner)
print(next(g))
g.pend_throw(KeyError("outer"))
print(next(g))
inner.pend_throw(KeyError("inner"))
print(next(g), g.send(None))


def itself():
    try:
        running.pend_throw(KeyError())
    except ValueError as e:
        print(e)
    yield 0


running = itself()
next(running)


class Taker:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, x):
        return [x]


g = delegate(Taker())
next(g)
print(g.throw(123), g.throw(ZeroDivisionError), g.throw(None))
g.close()

for d in (errno.errorcode, math.__dict__):
    key = list(d)[0]
    for change in (d.clear, d.popitem, lambda: d.pop(key), lambda: d.pop(0, 0), lambda: d.setdefault(0, 0),
                   lambda: d.update({1: 2}), lambda: d.update([]), lambda: d.__setitem__(key, 1), lambda: d.__delitem__(key)):
        try:
            change()
        except TypeError:
            print("TypeError", end=" ")
    try:
        d[key] = 0
    except TypeError:
        pass
    try:
        d |= {1: 1}
    except TypeError:
        print(type(d), d.get(0))
    copy = d.copy()
    copy[key] = 0
    print(len(copy) == len(d), dict(d) == d)
print(math.__dict__["__name__"], math.__dict__["sqrt"](9), sys.__dict__["path"] is sys.path)


def show():
    info = sys.exc_info()
    print(info[0], info[1], info[2])


show()
try:
    raise ValueError("one")
except ValueError:
    show()
    try:
        {}["two"]
    except KeyError:
        show()
    show()
show()
try:
    try:
        [][0]
    finally:
        show()
except IndexError:
    pass
show()


def handling():
    try:
        raise OSError(2)
    except OSError:
        yield 1
        show()


g = handling()
next(g)
show()
list(g)
i = sys.implementation
print(i.name, i.version, i._machine, i._mpy, i._build, i)

word = "early"
print(sys.atexit(None), sys.atexit(len))


def last():
    print("at exit", word)


print(sys.atexit(last))
word = "late"
sys.exit(3)
