print("body of", __name__)
from .. import level as up
from ..first import name as first_name
from .deeper import leaf
