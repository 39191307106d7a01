"""What a program does that catches MemoryError and goes on: imports another until that succeeds."""


def attempt():
    try:
        import guest

        return guest
    except MemoryError:
        return None


tries = 0
while attempt() is None:
    tries += 1
