print("init of", __name__)
level = "package"
from . import first
from .first import name as first_name
