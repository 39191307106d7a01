class Base:
    def greet(self, name):
        return "base " + name

    def describe(self):
        return "described"


class Derived(Base):
    def greet(self, name):
        return "derived " + super().greet(name) + " " + super().describe()

    def fail(self):
        return super().no_such_method()


print(Derived().greet("x"))
try:
    Derived().fail()
except AttributeError:
    print("AttributeError")
