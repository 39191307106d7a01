print("b begins")
from . import a
import _cycle.a
from .a import early
seen = (early, hasattr(a, "late"))
try:
    from .a import late
except ImportError:
    print("late is not there yet")


def use_a():
    return a.late
print("b ends")
