# sys, gc, errno, builtins: what CPython has as well.
import sys
import gc
import errno
import builtins

print(sys.byteorder, sys.maxsize > 1 << 30, type(sys.version) is str, sys.version_info[0] == 3, type(sys.argv) is list)
print(type(sys.platform) is str, type(sys.path) is list, "sys" in sys.modules or True, type(sys.implementation.name) is str)
try:
    sys.exit(3)
except SystemExit as e:
    print("exit", e.args)
try:
    sys.exit()
except SystemExit as e:
    print("exit", e.args in ((), (None,)))
try:
    sys.nothing
except AttributeError:
    print("AttributeError")
print(type(gc.collect()) is int, gc.isenabled())
gc.disable()
print(gc.isenabled())
gc.enable()
print(gc.isenabled())
print(errno.ENOENT, errno.EINVAL, errno.errorcode[errno.EIO])
builtins.planted = 5
print(planted)
del builtins.planted
try:
    planted
except NameError:
    print("NameError")
