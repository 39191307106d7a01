# What an exception object tells about itself.
print(ValueError("a", 2).args, ValueError().args)
print(StopIteration(3).value, StopIteration().value)
print(OSError(2, "x").errno)
print(str(ValueError()), str(ValueError(1)), str(ValueError(1, "b")))
print(repr(ValueError()), repr(ValueError(1, "b")))

e = ValueError("x")
e.extra = [1]
e.extra.append(2)
print(e.extra)
del e.extra
print(hasattr(e, "extra"))
try:
    e.extra
except AttributeError:
    print("gone")

print(ValueError("a") == ValueError("a"), e == e, e != e)
print(len({e: 1, e: 2}))
print(ValueError.__name__, type(e) is ValueError)


class WithInit(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code


e = WithInit(7, "seven")
print(e.code, e.args, str(e))


class WithoutSuper(Exception):
    def __init__(self, code):
        self.code = code

    def __str__(self):
        return "code %d" % self.code


e = WithoutSuper(3)
print(e, e.args, e.code)


class Stop(StopIteration):
    pass


print(Stop(5).value)
try:
    ValueError(x=1)
except TypeError:
    print("no keywords")


# An exception's own __setattr__ and __delattr__ that hand on.
class Watched(Exception):
    def __setattr__(self, name, value):
        print("set", name)
        super().__setattr__(name, value)

    def __delattr__(self, name):
        print("delete", name)
        super().__delattr__(name)


e = Watched(1)
e.x = 2
print(e.x, e.args)
del e.x
print(hasattr(e, "x"))
