# What in_place.c calls. It knows the two instructions of answer() and changes the first of them in flash.


def answer():
    return 17


def deep(n):
    return 0 if n == 0 else 1 + deep(n - 1)
