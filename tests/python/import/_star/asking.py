found = "found"
hidden = "hidden"


def __getattr__(name):
    if name == "__all__":
        return ["found"]
    raise AttributeError(name)
