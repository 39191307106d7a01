# micropython.RingIO: what is written comes out in order, never more than fits, round and round its buffer.
from micropython import RingIO

ring = RingIO(16)
print(ring.any(), ring.read(), ring.readline())
print(ring.write(b"one\ntwo"), ring.any())
print(ring.readline(), ring.any(), ring.read(2), ring.read(), ring.any())

# A full ring takes what fits, and says how much that was.
print(ring.write(b"0123456789abcdefXYZ"), ring.any())
print(ring.write(b"more"), ring.read(1), ring.write(b"more"))
print(ring.read())

# Many times round a small one, in pieces that do not divide its size.
small = RingIO(7)
sent = got = b""
for i in range(50):
    piece = bytes((65 + (i + k) % 26) for k in range(1 + i % 5))
    sent += piece[: small.write(piece)]
    got += small.read(3)
got += small.read()
print(sent == got, len(sent) > 100, small.any())

target = bytearray(4)
print(ring.write(b"abcdef"), ring.readinto(target), target, ring.readinto(target), target, ring.any())
print(ring.write(b"abcdef"), ring.readinto(target, 2), target, ring.read())

# A buffer that the program owns has one byte less than its size.
own = RingIO(bytearray(8))
print(own.write(b"0123456789"), own.any(), own.read())

for bad in (lambda: RingIO(-1), lambda: ring.write(5), lambda: RingIO("text")):
    try:
        bad()
        print("no error")
    except (ValueError, TypeError) as error:
        print(type(error).__name__)


class Drains:
    def __index__(self):
        own.read()
        return 5


# What a count has read itself is not read again.
for use in (lambda: own.read(Drains()), lambda: own.readline(Drains()), lambda: own.readinto(bytearray(4), Drains())):
    own.write(b"abcdef")
    print(use(), own.any(), own.read())
