own = __name__
kept = None


def name():
    return own


def keep(value):
    global kept
    kept = value
    return kept
