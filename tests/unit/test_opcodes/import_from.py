from helper import exported, function as renamed
from sys import modules

print(exported, renamed(2), "helper" in modules)
try:
    from helper import no_such_name
except ImportError:
    print("ImportError")
