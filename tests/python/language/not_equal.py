# `!=` asks the left side first, by its __ne__ or else by the contrary of its __eq__; the right side only after a
# NotImplemented; and a subclass on the right goes first. Whatever __eq__ returns, its contrary is a bool.
class Equal:
    def __init__(self, name):
        self.name = name

    def __eq__(self, other):
        print(self.name, "eq")
        return [1]


class Differ:
    def __ne__(self, other):
        print("ne")
        return "differs"


class Silent:
    def __eq__(self, other):
        return NotImplemented


class Sub(Equal):
    pass


class Number(int):
    pass


class Broken:
    def __eq__(self, other):
        raise ValueError("no")


print(Equal("a") != Differ(), Differ() != Equal("a"))
print(Equal("a") != 1, 1 != Equal("a"), Silent() != Equal("b"), Equal("c") != Silent())
print(Silent() != Silent(), Silent() != 3)
s = Silent()
print(s != s, s == s)
print(Equal("base") != Sub("sub"), Sub("sub") != Equal("base"))
print(Number(3) != 3, 3 != Number(4), Number(3) != Number(3), Number(3) != "3")
try:
    1 != Broken()
except ValueError as e:
    print(e)
