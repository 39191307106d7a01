# Streams other than files: those of sys, those in memory, and those that a program writes.
import gc
import io
import json
import micropython
import sys


def attempt(f, *args, **kwargs):
    try:
        return f(*args, **kwargs)
    except OSError as e:
        return "OSError %d" % e.args[0]
    except Exception as e:
        return type(e).__name__


# The standard streams. This program has no input.
print(sys.stdin.fileno(), sys.stdout.fileno(), sys.stderr.fileno(), sys.stdin.buffer.fileno())
print(sys.stdin, sys.stdout.buffer, type(sys.stderr))
print(sys.stdin.read(), sys.stdin.read(5), sys.stdin.readline(), sys.stdin.readlines(), list(sys.stdin), sys.stdin.buffer.read(), sys.stdin.buffer.readinto(bytearray(3)))
print(attempt(sys.stdin.write, "x"), attempt(sys.stdout.read), attempt(sys.stdout.readline), attempt(sys.stdout.seek, 0), attempt(sys.stdin.tell))
print(sys.stdout.write("text\n"), sys.stdout.write(b"bytes\n"), sys.stdout.buffer.write(b"buffer\n"), sys.stdout.write("partial\n", 4, 4), sys.stdout.flush())
print(attempt(sys.stdout.write, 5), attempt(sys.stdout.write, "a", None), hasattr(sys.stdout, "buffer"), hasattr(sys.stdout.buffer, "buffer"))
print("to sys.stdout", file=sys.stdout)
print("to sys.stderr", file=sys.stderr)
sys.stdout.close()
with sys.stdout as out:
    out.write("never closed\n")
print("still there")

# In memory.
b = io.BytesIO()
print(b.write(b"foo", 2), b.write(b"foobar", 1, 3), b.write(b"x", 9, 9), b.write(b"ab", -1), b.getvalue(), "io.BytesIO" in repr(b))
b.seek(0)
print(b.write(memoryview(b"ZZ")), b.write(bytearray(b"yyy"), 2), b.getvalue(), attempt(b.write, b"x", "1"))
print(attempt(b.seek, -1), b.seek(-100, 1), b.seek(-1, 2), b.read())
s = io.StringIO("\u00e9\u20ac")
print(s.seek(1), attempt(s.read), s.seek(0), s.read(1), s.tell(), s.read(), "io.StringIO" in repr(s))


class Closing:
    """An int that closes a stream when it is looked at."""

    def __init__(self, stream):
        self.stream = stream

    def __index__(self):
        self.stream.close()
        return 1


print(attempt(b.write, b"abc", Closing(b)), attempt(b.read))
for method, *args in [("read",), ("readline",), ("seek",), ("seek", 0), ("readinto", bytearray(2))]:
    b = io.BytesIO(b"abc")
    print(method, attempt(getattr(b, method), *args, Closing(b)))

# No memory for it, or no such amount.


def read_locked(stream):
    """What fails takes nothing away."""
    try:
        micropython.heap_lock()
        stream.read(60)
    except MemoryError:
        micropython.heap_unlock()
        print(stream.tell(), len(stream.read()))


read_locked(io.BytesIO(bytes(100)))
read_locked(io.StringIO("x" * 100))
print(attempt(io.BytesIO, -1), attempt(io.StringIO, -1), attempt(list, map(io.BytesIO, [-1])))


def by_seek(size):
    b = io.BytesIO()
    b.seek(size - 1)
    b.write(b"x")


def fits(make, part):
    """Whether there is room for one of so much of the free memory."""
    gc.collect()
    size = int(gc.mem_free() * part)
    try:
        make(size)
        return True
    except MemoryError:
        return False


# What has room as a bytearray has it as a stream; what is too large for one of them is so for both.
for part in (0.5, 0.8, 2):
    print([fits(make, part) == fits(bytearray, part) for make in (io.BytesIO, by_seek)])


# A program's own: those below IOBase deal in bytes.
class Plain:
    def __init__(self):
        self.got = []

    def write(self, data):
        self.got.append(data)


class Slow(io.IOBase):
    """Takes and gives only a little at a time."""

    def __init__(self, data=b""):
        self.got = bytearray()
        self.data = data

    def write(self, data):
        self.got += data[:2]
        return min(len(data), 2)

    def readinto(self, buffer):
        n = min(len(self.data), len(buffer))
        buffer[:n] = self.data[:n]
        self.data = self.data[n:]
        return n


p = Plain()
print(1, "two", file=p)
json.dump([1, None], p)
print(p.got)
w = Slow()
print("gr\u00fc\u00df", [1.5], sep="; ", file=w)
json.dump({"a": [1, 2, 3]}, w)
print(w.got)
print(json.load(Slow(b'{"k": ["\xc3\xbc", 1e3]}')), attempt(json.load, Slow(b"[1")), attempt(json.load, Slow(b"")), json.load(io.StringIO("[1]")))


class Wrong(io.IOBase):
    def __init__(self, result):
        self.result = result

    def write(self, data):
        return self.result

    def readinto(self, buffer):
        return self.result


print([attempt(print, "abc", file=Wrong(n)) for n in (4, -28, 0, None, "x")], [attempt(json.load, Wrong(n)) for n in (2, -28, 0, None, "x")])
print(attempt(print, file=1), attempt(print, "x", file=io.IOBase()), attempt(json.load, io.IOBase()))
try:
    raise ValueError("shown")
except ValueError as e:
    out = io.StringIO()
    sys.print_exception(e, out)
    print(out.getvalue().split("\n")[-2])
    sys.print_exception(e, sys.stderr)
    sys.print_exception(e, w)
    print(w.got[-17:])
