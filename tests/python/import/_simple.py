print("body of _simple as", __name__)
value = 1
_hidden = 2


def get():
    return value


def set_value(v):
    global value
    value = v
