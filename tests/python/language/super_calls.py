# super() goes on behind the class that the method is written in, for the instance at hand.


class Base:
    registry = []
    attribute = "base"

    def __init__(self, *args, **kw):
        self.base_args = args, sorted(kw.items())

    def method(self, x):
        return "Base.method", x

    @classmethod
    def create(cls, *args):
        return cls(*args)

    @staticmethod
    def tool(x):
        return "tool", x

    @property
    def prop(self):
        return "Base.prop"

    def __getitem__(self, i):
        return "item", i


class Middle(Base):
    attribute = "middle"

    def __init__(self, *args, **kw):
        super().__init__("from Middle", *args, **kw)

    def method(self, x):
        return "Middle", super().method(x + 1)

    @classmethod
    def create(cls, *args):
        return "made", super().create(*args)

    @property
    def prop(self):
        return "Middle over " + super().prop

    def read(self):
        return super().attribute, self.attribute

    def tool(self):
        return super().tool(5)

    def item(self):
        return super().__getitem__(3)


class Last(Middle):
    attribute = "last"

    def method(self, x):
        return "Last", super().method(x * 2)

    def two_arguments(self):
        return super(Middle, self).method(0), super(Last, self).method(0)

    def in_closure(self):
        def inner(me):
            return super(Last, me).method(9)
        return inner(self)

    def saved(self):
        s = super()
        return s.method(1), s.attribute


o = Last(1, k=2)
print(o.base_args)
print(o.method(10))
print(o.prop, o.read(), o.tool(), o.item())
print(o.two_arguments(), o.in_closure(), o.saved())
kind, made = Last.create(4)
print(kind, type(made).__name__, made.base_args)

try:
    super(Last, o).nothing
except AttributeError:
    print("AttributeError")


class Stack(list):
    def append(self, x):
        super().append(x)
        super().append(-x)

    def __len__(self):
        return super().__len__() * 10


s = Stack()
s.append(4)
s.append(5)
print(len(s), s[0], s[1], s[3], list(s))


class Problem(ValueError):
    def __init__(self, code):
        super().__init__("code %d" % code)
        self.code = code


try:
    raise Problem(7)
except ValueError as e:
    print(e, e.code, e.args)
