# What test_misuse.c runs.


def call(f, *args):
    return f(*args)


def say(text):
    print(text)


def loop(n):
    for i in range(n):
        pass
    return n
