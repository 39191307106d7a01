# A property runs its functions when the attribute is read, assigned or deleted.


class Celsius:
    def __init__(self, degrees):
        self._degrees = degrees
        self.log = []

    @property
    def fahrenheit(self):
        self.log.append("get")
        return self._degrees * 9 // 5 + 32

    @fahrenheit.setter
    def fahrenheit(self, f):
        self.log.append("set")
        self._degrees = (f - 32) * 5 // 9

    @fahrenheit.deleter
    def fahrenheit(self):
        self.log.append("del")
        self._degrees = 0

    @property
    def fixed(self):
        return "fixed"

    def explicit_get(self):
        return "explicit"

    explicit = property(explicit_get)


c = Celsius(100)
print(c.fahrenheit)
c.fahrenheit = 32
print(c._degrees)
c.fahrenheit += 18
print(c._degrees)
del c.fahrenheit
print(c._degrees, c.log)

for action in (lambda: setattr(c, "fixed", 1), lambda: delattr(c, "fixed")):
    try:
        action()
    except AttributeError:
        print("AttributeError")
print(c.fixed, c.explicit)


class Sub(Celsius):
    @property
    def fixed(self):
        return "overridden"


print(Sub(0).fixed, Sub(0).fahrenheit)


class Failing:
    @property
    def bad(self):
        raise ValueError("in the getter")

    @property
    def recursive(self):
        return [self.depth, self.depth]

    @property
    def depth(self):
        return (lambda: "from a lambda")()


try:
    Failing().bad
except ValueError as e:
    print("ValueError", e)
print(Failing().recursive)
print(hasattr(Failing(), "depth"), getattr(Failing(), "depth", None))
print([getattr(o, n) for o in (Failing(), Sub(5)) for n in ("depth", "fixed") if hasattr(o, n)])


# A value of a class that becomes a property, after instances have had their own.
class Becoming:
    x = 5


def store(o):
    o.x = 1


for _ in range(3):
    Becoming.x = 5
    o = Becoming()
    store(o)
    store(Becoming())
    print(o.x)
    Becoming.x = property(lambda self: 7, lambda self, v: print("set", v))
    o = Becoming()
    store(o)
    print(o.x)
