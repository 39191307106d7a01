# What test_api.c imports.
import host


def add(a, b):
    return a + b


def fail(text):
    raise ValueError(text)


def deep(n):
    return deep(n + 1)


def churn(n):
    kept = []
    for i in range(n):
        kept = [kept[-3:], "garbage %d" % i, {i: str(i)}]
    return len(kept)


def fill_up():
    kept = []
    while True:
        kept.append("x" * 100 + str(len(kept)))


def call(f, *args):
    return f(*args)


def ping(n):
    return host.pong(n + 1)


def caught():
    try:
        host.refuse(7)
    except LookupError as e:
        return "caught " + str(e)


def kinds():
    return [None, True, 12, 2.5, "text", b"bytes", bytearray(2), (1,), [1], {"k": 1}, {1}, ValueError("v"),
            host, int, add, host.twice, [].append, object(), range(3)]


class Silent(Exception):
    def __str__(self):
        raise RuntimeError


class Loud(Exception):
    def __str__(self):
        return "loud " * 3


def silent():
    raise Silent


def loud():
    raise Loud


def fill(view, value):
    for i in range(len(view)):
        view[i] = value
    return sum(view)


kept_view = None


def keep(view):
    global kept_view
    kept_view = view[1:]


def use_kept():
    return kept_view[0]


class Point:
    def __init__(self, x):
        self.x = x

    def scaled(self, k):
        return self.x * k
