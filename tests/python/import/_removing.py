import sys

print("body")
value = 1
del sys.modules[__name__]
