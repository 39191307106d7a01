# Digests of data around the limits of a block, given at once and in pieces.
import hashlib

algorithms = (hashlib.md5, hashlib.sha1, hashlib.sha256)

for algorithm in algorithms:
    print(algorithm().hexdigest())
    print(algorithm(b"abc").digest())
    for n in (1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000):
        print(n, algorithm(b"x" * n).hexdigest())

    whole = bytes(range(256)) * 5
    h = algorithm()
    at = 0
    step = 1
    while at < len(whole):
        h.update(whole[at : at + step])
        at += step
        step = step * 2 + 1
    print(h.digest() == algorithm(whole).digest())

    # Every kind of buffer will do.
    h = algorithm(bytearray(b"ab"))
    h.update(memoryview(b"xcx")[1:2])
    print(h.hexdigest() == algorithm(b"abc").hexdigest())

    for wrong in (1, None, [1]):
        try:
            algorithm(wrong)
        except TypeError:
            print("TypeError")
