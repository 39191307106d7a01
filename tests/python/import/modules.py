# A module's body runs once, at the first import; all importers see the same module.
import sys
import _simple
import _simple as again
from _simple import value, get as getter, set_value

print(_simple is again, value, getter(), _simple.__name__, __name__)
set_value(5)
print(value, _simple.value, getter())
_simple.value = 6
print(getter(), again._hidden, type(_simple).__name__)
_simple.new = "attribute"
print(again.new, hasattr(_simple, "none"))
print(sys.modules["_simple"] is _simple, "_simple" in sys.modules, "_pkg" in sys.modules)


def in_function():
    import _simple as local
    from _simple import get
    return local.value, get()


print(in_function())

try:
    import _does_not_exist
except ImportError:
    print("ImportError")
try:
    from _simple import nothing
except ImportError:
    print("ImportError from")
try:
    import _simple.sub
except ImportError:
    print("ImportError sub")
print("_does_not_exist" in sys.modules)

del sys.modules["_simple"]
import _simple as fresh
print(fresh is _simple, fresh.value, _simple.value)
print(__import__("_simple") is fresh)
try:
    _simple.none
except AttributeError:
    print("AttributeError")
del fresh.value
try:
    fresh.get()
except NameError:
    print("NameError")
