# Runs one of the other programs to its end.


def last(work):
    for value in work:
        pass
    return value
