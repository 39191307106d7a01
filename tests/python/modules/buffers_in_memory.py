"""StringIO and BytesIO: beginnings, growth, reading into buffers, and what a closed one answers."""
import io

b = io.BytesIO(b"hello world")
into = bytearray(4)
print(b.readinto(into), into)
print(b.readinto(into), into, b.tell())
print(b.readinto(into), into, b.readinto(into), b.read())
print(b.seek(0), b.read(3), b.seek(2, 1), b.read(2), b.seek(-2, 2), b.read())
print(b.seek(20), b.write(b"!"), len(b.getvalue()), b.getvalue()[9:13])
try:
    b.readinto(b"fixed")
except TypeError:
    print("TypeError")

s = io.StringIO("first\nsecond\nlast")
print(s.readline(), s.read(3), s.readlines())
print(s.read(), s.readline() == "")
s = io.StringIO()
for i in range(200):
    s.write("line %d\n" % i)
print(len(s.getvalue()), s.getvalue()[-9:])
s.seek(0)
print(sum(1 for line in s))
s.write("")
print(s.tell() == len(s.getvalue()))
for stream in (io.StringIO("x"), io.BytesIO(b"x")):
    with stream as inside:
        print(inside is stream, stream.read())
    for f in (stream.read, stream.readline, stream.getvalue, stream.tell):
        try:
            f()
            print("no error")
        except ValueError:
            print("ValueError")

# Of the bytes it began with, nothing is lost to a write in their middle.
source = b"0123456789" * 10
b = io.BytesIO(source)
print(b.seek(2), b.write(b"ab"), b.getvalue() == b"01ab456789" + source[10:], source[:4])
b = io.BytesIO(source)
print(b.write(b"x"), len(b.getvalue()), b.read() == source[1:], b.write(b"end"), len(b.getvalue()))
b = io.BytesIO(b"few")
print(b.seek(100), b.write(b""), b.tell(), b.getvalue(), b.write(b"x"), len(b.getvalue()))
