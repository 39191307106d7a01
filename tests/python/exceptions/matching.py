# Which except clause catches what.
class Base(Exception):
    pass


class Derived(Base):
    pass


def catch(exc, types):
    try:
        try:
            raise exc
        except types:
            return "caught"
    except Exception as e:
        return type(e).__name__


print(catch(Derived(), Base), catch(Derived(), Derived), catch(Base(), Derived))
print(catch(KeyError(1), LookupError), catch(LookupError(1), KeyError))
print(catch(Base, (KeyError, Base)), catch(Base, ()))
print(catch(ZeroDivisionError(), ArithmeticError))
print(catch(NotImplementedError(), RuntimeError))
print(catch(ValueError(), 1), catch(ValueError(), int), catch(ValueError(), (1,)))
print(catch(1, ValueError), catch(int, ValueError))
print(issubclass(StopIteration, Exception), issubclass(KeyboardInterrupt, Exception))
print(isinstance(Derived(), Base), issubclass(Derived, (int, Base)))


def order():
    try:
        return "try"
    finally:
        print("finally")


print(order())


def replaced():
    try:
        raise KeyError("first")
    finally:
        raise ValueError("second")


try:
    replaced()
except ValueError as e:
    print("replaced by", e)
try:
    e
except NameError:
    print("e is unbound")
