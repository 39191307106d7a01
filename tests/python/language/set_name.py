# A descriptor is told which class it belongs to and under which name.


class Field:
    def __set_name__(self, owner, name):
        self.owner = owner.__name__
        self.name = name

    def __get__(self, instance, owner):
        return (self.owner, self.name, instance is None)


class Record:
    first = Field()
    second = Field()
    plain = 3


class Late(Record):
    third = Field()


print(Record().first, Record().second, Record.plain)
print(Late().first, Late().third, Late.third)


class Fails:
    def __set_name__(self, owner, name):
        raise ValueError(name)


try:
    type("Broken", (), {"attribute": Fails()})
except (ValueError, RuntimeError) as error:
    print("refused")
