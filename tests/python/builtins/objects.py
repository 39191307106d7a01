# isinstance, issubclass, callable, getattr and its kin, dir, id, hash, repr, format, globals.
def attempt(f, *args):
    try:
        print(f(*args))
    except Exception as e:
        print(type(e).__name__)


class A:
    kind = "A"

    def __init__(self):
        self.x = 1

    def method(self):
        return self.x


class B(A):
    def __getattr__(self, name):
        if name == "magic":
            return 42
        raise AttributeError(name)

    @property
    def broken(self):
        raise AttributeError("inner")

    @property
    def worse(self):
        raise ValueError("inner")


a, b = A(), B()
print(isinstance(b, A), isinstance(a, B), isinstance(1, int), isinstance(True, int), isinstance("", (int, str)))
print(isinstance(1, (str, (float, (int,)))), isinstance(a, object), isinstance(A, type), isinstance(1, ()))
print(issubclass(B, A), issubclass(A, B), issubclass(bool, int), issubclass(B, (int, A)), issubclass(int, object))
print(issubclass(ZeroDivisionError, ArithmeticError), issubclass(KeyError, (IndexError, LookupError)))
attempt(isinstance, 1, 2)
attempt(issubclass, 1, int)
attempt(issubclass, int, [int])

print(callable(print), callable(A), callable(a), callable(a.method), callable(1), callable(lambda: 0), callable(int))

print(getattr(a, "x"), getattr(a, "ki" + "nd"), getattr(a, "none", "default"), getattr(b, "magic"), getattr(a, "method")())
print(hasattr(a, "x"), hasattr(a, "y"), hasattr(b, "magic"), hasattr(b, "other"), hasattr(b, "broken"))
print(getattr(b, "broken", 0))
attempt(getattr, a, "none")
attempt(getattr, a, 1)
attempt(hasattr, a, 1)
attempt(getattr, b, "worse", 0)
setattr(a, "dyn" + "amic", 5)
print(a.dynamic, hasattr(a, "dynamic"))
delattr(a, "dynamic")
print(hasattr(a, "dynamic"))
attempt(delattr, a, "dynamic")
attempt(setattr, a, 1, 2)
for i in range(50):
    setattr(a, "field%d" % i, i)
print(sum(getattr(a, "field%d" % i) for i in range(50)))

names = dir(b)
print("kind" in names, "method" in names, "x" in names, "broken" in names, names == sorted(names))
print(names.count("method"), "append" in dir(list), "append" in dir([]), "B" in dir(), "kind" in dir(A))
import sys
print("version" in dir(sys), "exit" in dir(sys), "modules" in dir(sys))
import builtins
print("print" in dir(builtins), "ValueError" in dir(builtins), builtins.len([1]))

x, y = [], []
print(id(x) == id(x), id(x) == id(y), id(a) == id(b), id(1) == id(1), id("ab") == id("ab"), id(None) == id(None))
marks = [object() for _ in range(20)]
before = [id(m) for m in marks]
for i in range(300):
    junk = [i] * 50
print(before == [id(m) for m in marks], len(set(before)))

print(hash(1) == hash(1.0) == hash(True), hash("ab") == hash("a" + "b"), hash((1, 2)) == hash((1, 2)))
print(hash(a) == hash(a), isinstance(hash(b"x"), int))
attempt(hash, [])
attempt(hash, {})
attempt(hash, ([],))


class H:
    def __hash__(self):
        return 7


print(hash(H()))
print(repr("a'b"), repr([1, "x"]), repr(1.5), repr(None), repr(b"\x00"))
print(format(3.14159, ".2f"), format(255, "x"), format("a", ">3"), format(5), format([1]))
print(globals()["a"] is a, type(globals()) is dict)
globals()["made"] = 9
print(made)
print(Ellipsis is ..., NotImplemented)

# What is as long as a machine word can count.
import sys
half = sys.maxsize // 4 + 1
print(len(range(-half, half)) == 2 * half, range(-half, half).__len__() == 2 * half, bool(range(-half, half)))


class Long:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


print(len(Long(sys.maxsize)) == sys.maxsize, bool(Long(sys.maxsize)))
try:
    len(Long(sys.maxsize + 1))
except OverflowError:
    print("OverflowError")
