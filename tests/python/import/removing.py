# A module that takes itself out of sys.modules is imported all the same, once, and is there again: otherwise than CPython has it.
import sys
import _removing
from _removing import value

print(value, _removing.value, "_removing" in sys.modules)
