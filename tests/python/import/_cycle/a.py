print("a begins")
early = "set before the import of b"
from . import b
print("a sees", b.seen)
late = "set after it"


def use_b():
    return b.use_a()
