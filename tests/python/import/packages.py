# Packages load their __init__ first, and relative imports go from the importing module's package.
import sys
import _pkg.sub.deeper.leaf

print(_pkg.level, _pkg.first_name, _pkg.first.name, _pkg.sub.deeper.leaf.found)
from _pkg import second

print(second.all_of_it())
import _pkg.second as s

print(s is second, s is _pkg.second)
from _pkg.sub import inside, deeper

print(inside.up, deeper is _pkg.sub.deeper)
print(sorted(n for n in sys.modules if n.startswith("_pkg")))
print(__import__("_pkg.sub.inside") is _pkg)
try:
    from _pkg import nothing
except ImportError:
    print("ImportError")
try:
    import _pkg.nothing
except ImportError:
    print("ImportError")
try:
    import _pkg.first.nothing
except ImportError:
    print("ImportError")
try:
    from . import x
except ImportError:
    print("no package to be relative to")
