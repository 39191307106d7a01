from _star.listed import *
public = "public"
_private = "private"


def function():
    return _private


class Class:
    pass
