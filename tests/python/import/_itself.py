import _itself
before = "before"
result = _itself.before, _itself is __import__("_itself")
