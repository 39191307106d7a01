# Functions of the program in the place of builtins.__import__ and builtins.__build_class__; and __import__ called by
# hand, whose globals say where a relative name starts.
import builtins

build_class, real_import = builtins.__build_class__, builtins.__import__


def recording_class(body, name, *bases):
    made.append(name)
    return build_class(body, name, *bases)


made = []
builtins.__build_class__ = recording_class


class First:
    value = 1


class Second(First):
    pass


builtins.__build_class__ = build_class


class Third:
    pass


print(made, Second.value)


def recording_import(name, globals, locals, fromlist, level):
    if level or name.startswith("_pkg"):
        seen.append((name, fromlist, level))
    return real_import(name, globals, locals, fromlist, level)


seen = []
builtins.__import__ = recording_import
import _pkg.sub.inside
from _pkg.sub import inside

builtins.__import__ = real_import
import _pkg

print(sorted(set(s[0] for s in seen if s[2] == 0)), max(s[2] for s in seen) > 0)
for arguments in ((1,), ("",), ("x", None, None, None, -1), ("math", "text", None, None, 1), ("math", 5, None, None, 1)):
    try:
        __import__(*arguments)
    except (TypeError, ValueError) as e:
        print(type(e).__name__)
print(__import__("math", "text").sqrt(4))
print(__import__("sub", {"__name__": "_pkg", "__package__": "_pkg", "__path__": []}, None, ("inside",), 1) is _pkg.sub)
