# A module whose body raises is not kept: the next import runs it again.
import sys

for i in range(4):
    try:
        from _failing import raises
        print(raises.value)
    except ValueError as e:
        print("ValueError", e, "_failing.raises" in sys.modules)
for i in range(2):
    try:
        import _failing.imports_missing
    except ImportError:
        print("ImportError", "_failing.imports_missing" in sys.modules)


def import_in_try():
    try:
        import _nowhere_to_be_found as m
    except ImportError:
        m = None
    finally:
        print("finally")
    return m


print(import_in_try())
