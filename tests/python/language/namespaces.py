# locals() in a class body are the names that the body has bound so far; dir() asks __dir__ and sorts what it says.
level = 7


class Body:
    one = 1
    print(sorted(k for k in locals() if not k.startswith("__")), "level" in locals(), locals()["one"])
    locals()["two"] = one + 1
    two = two
    print("two" in dir(), "level" in dir())

    def method(self):
        return self.two

    print("method" in locals())


print(Body.two, Body().method(), "Body" in locals(), locals() is globals())


class Listed:
    hidden = 3

    def __dir__(self):
        return iter(["b", "c", "a"])


print(dir(Listed()), "hidden" in dir(Listed), "a" in dir(Listed))


class Wrong:
    def __dir__(self):
        return 5


try:
    dir(Wrong())
except TypeError:
    print("TypeError")
