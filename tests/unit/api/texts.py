# What test_api.c asks for the text of.
import gc
import host
import sys

log = open("log")


class Reads(Exception):
    def __str__(self):
        return log.read()


class Prints(Exception):
    def __str__(self):
        print("from __str__")
        return "a text"


class Drops(Exception):
    def __init__(self):
        import script

    def __str__(self):
        del sys.modules["script"]
        gc.collect()
        return "dropped"


class Asks(Exception):
    def __str__(self):
        return str(host.has_hal())


def fail(exception):
    raise exception
