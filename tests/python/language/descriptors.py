# Objects with __get__, __set__ and __delete__ in a class serve the attributes of its instances.


class Typed:
    def __init__(self, name, kind):
        self.name = name
        self.kind = kind

    def __get__(self, instance, owner):
        if instance is None:
            return "Typed " + self.name + " of " + owner.__name__
        return instance.values.get(self.name)

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(self.name)
        instance.values[self.name] = value

    def __delete__(self, instance):
        del instance.values[self.name]


class Record:
    age = Typed("age", int)
    name = Typed("name", str)

    def __init__(self):
        self.values = {}


r = Record()
r.age = 5
r.name = "Ann"
print(r.age, r.name, sorted(r.values.items()))
try:
    r.age = "old"
except TypeError as e:
    print("TypeError", e)
r.age += 1
print(r.age)
del r.age
print(r.age, Record.age)


class Sub(Record):
    pass


s = Sub()
s.name = "Bob"
print(s.name, Sub.name)


class Computed:
    def __get__(self, instance, owner):
        return "computed"


class Holder:
    c = Computed()


h = Holder()
print(h.c, Holder.c)
print(h.c.upper())
