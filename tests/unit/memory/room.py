"""Imported by importing.py, from a package."""
from helper import value as length

table = {"legs": 4, "length": length}


def chair(legs=3):
    return "a chair with %d legs" % legs
