# A seed: calls every native of the fuzz host, in both directions.
import host


def twice(x):
    return host.call(host.echo, x), host.look(x)


class Thing:
    def __init__(self, n):
        self.n = n

    def __call__(self, *args, **named):
        return args, named


b = bytearray(8)
host.fill(b)
m = memoryview(b)[2:5]
host.fill(m)
print(twice(1.5), twice("ab"), host.call(Thing(3), 1, 2), host.ANSWER, host.NAME)
print(host.call(twice, host.call(lambda: [b, m])))
try:
    host.call(host.look, twice)
except ValueError as e:
    print(repr(e))
