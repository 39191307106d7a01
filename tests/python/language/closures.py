# A closure shares variables with the function around it, not their values.


def counter(start):
    n = start

    def step(by=1):
        nonlocal n
        n += by
        return n

    def read():
        return n

    return step, read


step, read = counter(10)
print(step(), step(5), read())
other, _ = counter(0)
print(other(), step(), read())


def late():
    functions = []
    for i in range(4):
        functions.append(lambda: i)
    return [f() for f in functions]


print(late())


def early():
    return [f() for f in [(lambda x=i: x) for i in range(4)]]


print(early())


def three_levels(a):
    def second(b):
        def third(c):
            nonlocal a, b
            a += c
            b += a
            return a, b, c
        return third
    return second


third = three_levels(1)(2)
print(third(3), third(4))


def argument_cell(a, *args, k=3, **kw):
    def inner():
        return a, args, k, sorted(kw.items())
    a *= 2
    return inner


print(argument_cell(1, 2, 3, k=4, z=5, y=6)())


def unbound(set_it):
    def inner():
        return x
    if set_it:
        x = 1
    try:
        return inner()
    except NameError:
        return "unbound"


print(unbound(True), unbound(False))


def deleted():
    x = 1

    def inner():
        return x

    before = inner()
    del x
    try:
        inner()
    except NameError:
        return before, "deleted"


print(deleted())


def recursive_closure(n):
    def fact(k):
        return 1 if k < 2 else k * fact(k - 1)
    return fact(n)


print(recursive_closure(20))


def class_in_closure(greeting):
    class Greeter:
        word = greeting

        def greet(self, name):
            return self.word + ", " + name + " (" + greeting + ")"

    greeting = greeting.upper()
    return Greeter()


print(class_in_closure("hello").greet("Ann"))


def swap():
    a, b = 1, 2

    def do():
        nonlocal a, b
        a, b = b, a
    do()
    return a, b


print(swap())
