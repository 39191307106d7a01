# A module with a bit of everything that linking has to carry over: names of its own, constants, jumps, handlers, children.
import sys

WORDS = ("guest_alpha", "guest_beta", b"guest bytes", 12345678901234567890, 2.5)


class GuestThing:
    def __init__(self, guest_size, *guest_rest, guest_key=7):
        self.guest_size = guest_size
        self.guest_rest = guest_rest
        self.guest_key = guest_key

    def guest_total(self):
        total = self.guest_size + self.guest_key
        for item in self.guest_rest:
            try:
                if item < 0:
                    raise ValueError("guest_negative")
                total += item
            except ValueError as error:
                total -= len(error.args[0])
            finally:
                total += 1
        return total


def guest_counter(n):
    def guest_inner():
        nonlocal n
        n += 1
        return n

    return guest_inner


def answer():
    count = guest_counter(40)
    count()
    return GuestThing(1, 2, -3, guest_key=4).guest_total() + count() + len(WORDS)
