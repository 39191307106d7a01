def text():
    return "a str that is too long for a name"


def data():
    return b"bytes\x00in the blob"


def number():
    return 123456789012345678901234567890


def real():
    return 2.5


def pair():
    return (1, ("nested and rather long text", 1.5), b"x", None, True, ..., 98765432109876543210)


def same():
    return all([f() is f() for f in (text, data, number, pair)])


def local_function():
    def inner(default=[]):
        default.append(1)
        return len(default)
    return inner


print(text(), data(), number(), real(), pair())
print(same(), pair()[1] is pair()[1], local_function()(), local_function()())
