"""Instances of a program's own exception classes are operands like any other object: what they cannot do is a TypeError.
(Operators on them once took the class for a built-in type.)"""


class Own(Exception):
    pass


class Adds(Own):
    def __add__(self, other):
        return "added", other


def attempt(name, f):
    try:
        print(name, f())
    except TypeError:
        print(name, "TypeError")


e = Own("a")
attempt("e + 1", lambda: e + 1)
attempt("1 + e", lambda: 1 + e)
attempt("1.5 * e", lambda: 1.5 * e)
attempt("[] + e", lambda: [] + e)
attempt("e < e", lambda: e < e)
attempt("e == e", lambda: e == e)
attempt("e == 1", lambda: e == 1)
attempt("e != Own", lambda: e != Own("a"))
attempt("e in e", lambda: e in e)
attempt("e in list", lambda: e in [1, e])
attempt("-e", lambda: -e)
attempt("e[0]", lambda: e[0])
attempt("e()", lambda: e())
attempt("len", lambda: len(e))
attempt("iter", lambda: iter(e))
attempt("next", lambda: next(e))
attempt("Adds", lambda: Adds() + 2)
attempt("2 + Adds", lambda: 2 + Adds())
for x in (e, Adds()):
    try:
        x += 1
        print(x)
    except TypeError:
        print("TypeError")
    try:
        x -= 1
        print(x)
    except TypeError:
        print("TypeError")
