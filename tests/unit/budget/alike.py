# For runs and imports that begin with the same instruction at the same place.
class Key:
    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n

    def __eq__(self, other):
        return self.n == other.n


def make(n):
    return iter([iter((Key(n + i), i)) for i in range(3)])


def merge(table, pairs):
    table |= pairs


def numbers(table):
    return sorted([k.n for k in table])


first, first_pairs, second, second_pairs = {}, make(0), {}, make(10)


def tables():
    return [numbers(first), numbers(second)]
