def __getattr__(name):
    raise ValueError("not " + name)
