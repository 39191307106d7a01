print("body of", __name__)
from ... import level
from ...first import name
from .. import deeper
found = level, name, deeper.__name__
