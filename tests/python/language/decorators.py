# Decorators are applied from the innermost outwards, to functions, methods and classes.


def note(text):
    def wrap(f):
        def wrapped(*args, **kw):
            return text + "(" + str(f(*args, **kw)) + ")"
        return wrapped
    return wrap


@note("outer")
@note("inner")
def f(a, b=1):
    return a + b


print(f(1), f(2, b=5))


def twice(f):
    return lambda x: f(f(x))


@twice
@twice
def double(x):
    return x * 2


print(double(1))


class Memo:
    def __init__(self, f):
        self.f = f
        self.known = {}
        self.misses = 0

    def __call__(self, n):
        if n not in self.known:
            self.misses += 1
            self.known[n] = self.f(n)
        return self.known[n]


@Memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(40), fib.misses)


def add_name(cls):
    cls.label = "<" + cls.__name__ + ">"
    return cls


def register(registry):
    def keep(cls):
        registry.append(cls.__name__)
        return cls
    return keep


registry = []


@register(registry)
@add_name
class A:
    @note("method")
    def m(self):
        return self.label

    @staticmethod
    @note("static")
    def s(x):
        return x

    @classmethod
    @note("class")
    def c(cls):
        return cls.__name__


print(A().m(), A.s(3), A().c(), A.c(), registry)


def replace(f):
    return "replaced by a str"


@replace
def gone():
    pass


print(gone)

order = []


def evaluate(n):
    order.append(("evaluate", n))

    def apply(f):
        order.append(("apply", n))
        return f
    return apply


@evaluate(1)
@evaluate(2)
def g():
    pass


print(order)
