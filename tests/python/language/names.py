# global, nonlocal and del act on the very variable that they name.

g = 1


def read():
    return g


def write(v):
    global g
    g = v


def local(v):
    g = v
    return g


print(read(), local(5), read())
write(7)
print(g, read())


def remove():
    global g
    del g


remove()
try:
    read()
except NameError:
    print("g is gone")
g = 3
print(read())


def make():
    global made

    def made():
        return "made in a function"


make()
print(made())


def unbound():
    try:
        print(x)
    except NameError:
        print("used before assignment")
    x = 1
    del x
    try:
        x
    except NameError:
        print("deleted")
    x = 2
    return x


print(unbound())


def outer():
    x = "outer"

    def middle():
        def inner():
            nonlocal x
            x = "set by inner"
        inner()
    middle()
    return x


print(outer())


class C:
    g = "class"

    def method(self):
        return g

    def global_in_method(self):
        global from_method
        from_method = self.g


c = C()
print(c.method())
c.global_in_method()
print(from_method)

# A builtin may be hidden, and comes back.
def hide():
    global len
    len = lambda x: "hidden"
    r = len([1])
    del len
    return r, len([1])


print(hide())

items = [1, 2, 3, 4, 5]
del items[1]
print(items)
del items[-1], items[0]
print(items)
d = {"a": 1, "b": 2}
del d["a"]
print(d)
items = list(range(10))
del items[2:5]
print(items)
a = b = [0]
a += [1]
print(a, b, a is b)
x, y = 1, 2
del x, y
try:
    x
except NameError:
    print("x is gone")
for i in range(3):
    pass
print(i)
print(globals()["i"], "i" in globals())
globals()["by_name"] = 42
print(by_name)


# A key that equals a name is where it goes.
class Name:
    def __hash__(self):
        return hash("named")

    def __eq__(self, other):
        return other == "named"


def set_named(value):
    global named
    named = value


globals()[Name()] = 0
set_named(1)
set_named(2)
set_named(3)
print([v for k, v in globals().items() if type(k) is Name])
