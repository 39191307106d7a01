# Files: modes, lines, characters and bytes, positions, and what is refused. The numbers that write() returns count bytes, as in
# MicroPython; all else is as in CPython.
import io
import os

NAME = "xipvm_test_files.tmp"


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except OSError as e:
        return "OSError %d" % e.args[0]
    except Exception as e:
        return type(e).__name__


def write(data, mode="w"):
    with open(NAME, mode) as f:
        return f.write(data)


def read(mode="r"):
    with open(NAME, mode) as f:
        return f.read()


# Text and bytes.
print(write("first\nsecond\n\nlast"), read(), read("rb"), read("br"), read("rt"))
print(type(open(NAME)) is io.TextIOWrapper, type(open(NAME, "rb")) is io.FileIO)
print(write(b"\x00\x01\xff", "wb"), read("rb"), attempt(read))
print(write("gr\u00fc\u00df \u20ac \U0001f40d\n"), read(), read("rb"))

# Lines, in all the ways to get them.
write("first\nsecond\n\nlast")
f = open(NAME)
print([line for line in f], f.readline(), f.read(), f.readlines())
f.seek(0)
print(f.readline(), f.readline(3), f.readline(), f.readline(0), f.readline(-1), f.readlines())
f.close()
with open(NAME, "rb") as f:
    print(f.readlines(), next(f, "end"))
write("")
print(read(), open(NAME).readlines(), open(NAME).readline())

# Characters count in text and bytes in binary files.
write("a\u00e9\u20ac\U0001f40d" * 20)
with open(NAME) as f:
    while True:
        piece = f.read(7)
        print(len(piece), end=" ")
        if not piece:
            break
print()
with open(NAME, "rb") as f:
    print([len(f.read(70)) for i in range(5)])
# A position within a character is an error only where it is read as text.
with open(NAME, "r") as f:
    f.seek(2)
    print(attempt(f.read, 1))
with open(NAME, "rb") as f:
    f.seek(2)
    print(f.read(2))
# The end of the file within a character.
write(b"ab\xe2\x82", "wb")
print(attempt(read), read("rb"))
with open(NAME) as f:
    print(f.read(2), attempt(f.read, 1))

# Buffers.
write(b"0123456789", "wb")
f = open(NAME, "rb")
b = bytearray(4)
print(f.readinto(b), b, f.readinto(b), b, f.readinto(b), b, f.readinto(b), b)
f.seek(0)
m = memoryview(bytearray(6))
print(f.readinto(m[1:3]), bytes(m), attempt(f.readinto, b"bytes"), attempt(f.readinto, 3))
print(f.readinto(b, 2), b, f.readinto(b, 100), b)
f.close()
f = open(NAME, "wb")
print(f.write(bytearray(b"ab")), f.write(memoryview(b"xcdx")[1:3]), f.write("text"), attempt(f.write, 5), attempt(f.write, None))
# MicroPython's own forms of write().
print(f.write(b"0123456789", 2), f.write(b"0123456789", 4, 3), f.write(b"01", 5, 5), f.write(b"xy", -1))
f.close()
print(read("rb"))

# Positions.
write(b"0123456789", "wb")
f = open(NAME, "rb+")
print(f.seek(3), f.tell(), f.read(2), f.tell(), f.seek(2, 1), f.read(1), f.seek(-2, 2), f.read(), f.tell())
print(f.seek(0, 2), f.write(b"ab"), f.seek(0), f.write(b"AB"), f.read(2), f.tell(), f.seek(0), f.read())
print(f.seek(20), f.read(), f.write(b"z"), f.seek(10), f.read())
print(attempt(f.seek, -1), attempt(f.seek, 0, 3), attempt(f.seek, "x"), attempt(f.seek, 1 << 80))
f.close()

# Modes.
for mode in ("r", "r+", "w+", "a", "a+", "x", "rb+", "w+b", "+rt"):
    write("old")
    f = attempt(open, NAME, mode)
    if type(f) is str:
        print(mode, f)
        continue
    got = [attempt(f.read), attempt(f.write, "new"), attempt(f.seek, 0), attempt(f.read)]
    f.close()
    print(mode, got, read())
os.remove(NAME)
for mode in ("r", "r+", "x", "x+"):
    f = attempt(open, NAME, mode)
    print(mode, f if type(f) is str else (f.write("made"), f.close(), read()))
print(attempt(open, NAME, "q"), attempt(open, NAME, 5), attempt(open, 5.5), attempt(open, None), attempt(open), attempt(open, NAME, color=1))
print(attempt(open, "."), attempt(open, "no such folder/x", "w"), attempt(open, ""), attempt(open, "a\0b"))
print(open(file=NAME, mode="r", buffering=-1, encoding="utf-8").read(), open(NAME.encode()).read(), io.open(NAME).read())

# Closed files, and files that an exception closes.
f = open(NAME)
f.close()
f.close()
print([attempt(g) for g in (f.read, f.readline, f.readlines, f.tell, f.flush, f.fileno)], attempt(f.write, "x"), attempt(f.seek, 0), attempt(next, f))
try:
    with open(NAME) as f:
        raise KeyError
except KeyError:
    print(attempt(f.read))
f = open(NAME, "w")
print(f.flush(), f.fileno() > 2, "TextIOWrapper" in repr(f), f.__enter__() is f)
f.close()

# What is printed to a file.
with open(NAME, "w") as f:
    print("one", 2, [3.5], file=f)
    print("x", "y", sep="-", end="!", file=f)
    print(file=f)
print(repr(read()))

# A program that never closes its files can go on for ever.
for i in range(3000):
    open(NAME).read(1)
os.remove(NAME)
print(attempt(os.remove, NAME))
