# A class is told of each class made from it, or from one of its subclasses: __init_subclass__ gets the new class when its
# attributes are there and know their names.
class Named:
    def __set_name__(self, owner, name):
        self.name = name


class Registry:
    known = []

    def __init_subclass__(cls):
        super().__init_subclass__()
        Registry.known.append((cls.__name__, getattr(cls, "kind", None), getattr(cls, "field", None) and cls.field.name))


class First(Registry):
    kind = 1
    field = Named()


class Second(First):
    def __init_subclass__(cls, *rest):
        print("via Second:", cls.__name__)
        super().__init_subclass__()


class Other:
    pass


class Third(Other, dict, Second):
    kind = 3


made = type("Fourth", (Registry,), {"kind": 4})
print(Registry.known, made.__name__)
Registry.__init_subclass__()
print(Registry.known[-1], isinstance(Registry.__dict__["__init_subclass__"], classmethod))


class Refusing:
    @classmethod
    def __init_subclass__(cls):
        raise ValueError("no " + cls.__name__)


try:

    class Never(Refusing):
        pass
except ValueError as e:
    print(e)
try:
    Never
except NameError:
    print("there is none")
import math

print(math.__class__.__name__, "__name__" in dir(math))
