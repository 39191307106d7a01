print("body of", __name__)
from . import first, level
from .first import name as n
from .sub import inside
from .sub.inside import up
import _pkg.first as absolute


def all_of_it():
    return first.name, level, n, inside.__name__, up, absolute is first
