# `from m import *` takes the names of __all__, or else all that do not begin with an underscore.
from _star.plain import *

print(public, function(), Class.__name__, shown, "_private" in globals(), "_underscored" in globals())
from _star.listed import *

print(shown, _underscored, "not_listed" in globals())
try:
    from _star.wrong import *
except AttributeError:
    print("AttributeError")
from math import *

print(sqrt(4), floor(2.5))
