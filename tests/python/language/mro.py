# Attributes are searched in C3 order; a hierarchy that has no such order is refused.


class A:
    def who(self):
        return "A"

    def chain(self):
        return ["A"]


class B(A):
    def who(self):
        return "B"

    def chain(self):
        return ["B"] + super().chain()


class C(A):
    def who(self):
        return "C"

    def chain(self):
        return ["C"] + super().chain()


class D(B, C):
    def chain(self):
        return ["D"] + super().chain()


print(D().who(), D().chain())


class E(C, B):
    def chain(self):
        return ["E"] + super().chain()


print(E().who(), E().chain())

try:
    class F(D, E):
        pass
except TypeError:
    print("no consistent order")

try:
    class G(A, B):
        pass
except TypeError:
    print("a base before its derived class")

try:
    class H(A, A):
        pass
except TypeError:
    print("twice the same base")


# The example of the C3 paper.
class O:
    name = "O"


class PA(O):
    name = "A"


class PB(O):
    name = "B"


class PC(O):
    name = "C"
    only_c = "c"


class PD(O):
    name = "D"
    only_d = "d"


class PE(O):
    name = "E"
    only_e = "e"


class K1(PA, PB, PC):
    pass


class K2(PD, PB, PE):
    pass


class K3(PD, PA):
    pass


class Z(K1, K2, K3):
    pass


order = []
z = Z()
for cls in (K1, K2, K3, PA, PB, PC, PD, PE, O):
    order.append((cls.__name__, isinstance(z, cls)))
print(order)
print(z.name, K1().name, K2().name, K3().name, z.only_c, z.only_d, z.only_e)


class Mixin:
    def describe(self):
        return "mixed " + super().describe()


class Base:
    def describe(self):
        return "base"


class Both(Mixin, Base):
    pass


print(Both().describe())


# A change of a class shows in all classes below it.
B.who = lambda self: "new B"
print(D().who(), E().who())
del B.who
print(D().who(), E().who())
A.who = lambda self: "new A"
del C.who
print(D().who(), E().who())
