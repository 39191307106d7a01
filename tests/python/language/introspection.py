"""What methods, properties, classes and super objects tell of themselves, and how methods compare and hash."""


class Base:
    """A class to ask."""

    def method(self, x=1):
        return x

    @classmethod
    def made(cls):
        return cls.__name__

    @staticmethod
    def plain(x):
        return x + 1

    @property
    def value(self):
        return self._value

    @value.setter
    def value(self, v):
        self._value = v

    @value.deleter
    def value(self):
        del self._value


class Derived(Base):
    def method(self, x=2):
        return repr(super())[:7], super().method(x)


a = Base()
b = Base()
print(a.method.__self__ is a, a.method.__func__ is Base.method)
print(a.method == a.method, a.method == b.method, a.method != b.method, a.method == 1)
print(hash(a.method) == hash(a.method), len({a.method, a.method, b.method}))
print({a.method: 1}[a.method])
text = repr(a.method)
print(text[:6], "Base" in text and "method" in text)
print(Derived().method())

descriptor = Base.__dict__["value"]
print(descriptor.fget is not None, descriptor.fset is not None, descriptor.fdel is not None)
print(property(None).fget, property(len).fset)
print(hasattr(descriptor, "nothing"))
a.value = 5
print(descriptor.fget(a), a.value)
del a.value
print(hasattr(a, "_value"))


class Narrow(Base):
    value = Base.value.getter(lambda self: 7)


print(Narrow().value)

print(Base.__dict__["plain"].__func__(4), Base.__dict__["made"].__func__(Derived))
print(Base.plain(1), Derived.plain(2), Derived.made(), Derived().made())

print(Derived.__bases__ == (Base,), Derived.__base__ is Base, Derived.__mro__ == (Derived, Base, object))
print(Derived.__name__, Derived.__qualname__, Derived.__module__)
print(bool.__bases__ == (int,), bool.__base__ is int, bool.__mro__ == (bool, int, object))
print(object.__bases__, object.__base__, object.__mro__ == (object,))
print(int.__name__, int.__qualname__, int.__module__)
print(KeyError.__mro__ == (KeyError, LookupError, Exception, BaseException, object))

for name in ("__nothing__", "method2"):
    for thing in (a.method, Base, int, descriptor):
        try:
            getattr(thing, name)
        except AttributeError:
            print("AttributeError")

for f in (lambda: type("X"[:0], 1, {}), lambda: type(1, (), {}), lambda: type("X", (), 1), lambda: type("X", ()),
          lambda: classmethod(), lambda: staticmethod(1, 2), lambda: object(1), lambda: super(1, 2).x):
    try:
        f()
        print("no error")
    except TypeError:
        print("TypeError")
