# `from x import *` for what is no module but stands in sys.modules, with and without __all__; and for a module whose
# __getattr__ is asked for __all__.
import sys
from _star.asking import *

print(found, "hidden" in globals())
try:
    from _star.refusing import *
except ValueError:
    print("ValueError")


class Box:
    shown = "class"
    _private = 1

    def __init__(self):
        self.shown = "instance"
        self._private = 2


sys.modules["box"] = Box
from box import *

print(shown, "_private" in globals())
sys.modules["box"] = Box()
from box import *

print(shown, "_private" in globals())
Box.__all__ = ("_private",)
from box import *

print(_private)
sys.modules["box"] = 5
try:
    from box import *
except (ImportError, AttributeError):
    print("refused")
