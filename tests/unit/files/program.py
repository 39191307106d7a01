# What test_files.c has done in a VM with a file system of its own.
import gc
import io
import json
import micropython
import os
import sys

kept = []


def error_of(f, *args):
    """The number of the OSError that a call raises, or the name of another exception."""
    try:
        f(*args)
    except OSError as e:
        return e.args[0]
    except Exception as e:
        return type(e).__name__
    return "none"


def everything():
    """Asks for each thing that a HAL can do at least once."""
    with open("note", "w") as f:
        f.write("one\ntwo\nthree\n")
        f.flush()
    with open("note", "a+") as f:
        f.write("four")
        f.seek(0)
        lines = f.readlines()
        place = f.tell()
    with open("note", "rb") as f:
        f.seek(-4, 2)
        end = f.read()
        number = f.fileno()
    os.rename("note", "renamed")
    os.mkdir("folder")
    names = sorted(os.listdir())
    entries = sorted(os.ilistdir("/"))
    size = os.stat("renamed")[6]
    os.rmdir("folder")
    os.chdir("/")
    here = os.getcwd()
    os.remove("renamed")
    return [lines, place, end, number, names, entries, size, here, os.listdir()]


def text():
    """Characters of one to four bytes, asked for one by one and several at a time, and cut in the middle."""
    with open("t", "w") as f:
        wrote = f.write("a\u00e9\u20ac\U0001f600z" * 3)
    with open("t") as f:
        pieces = [len(f.read(1)), len(f.read(3)), len(f.read(7)), len(f.read(100)), len(f.read(1))]
    with open("t", "rb") as f:
        size = len(f.read())
    f = open("t")
    f.seek(2)
    broken = error_of(f.read, 1)
    f.close()
    os.remove("t")
    return [wrote, pieces, size, broken]


def forget():
    for i in range(3):
        open("forgotten", "w").write("x")
    it = os.ilistdir()
    next(it)
    return len(os.listdir())


def keep():
    kept.append(open("kept", "w"))
    kept.append(os.ilistdir())
    next(kept[1])


def many():
    """More files than the host can have open at a time, none of them closed."""
    with open("m", "w") as f:
        f.write("m")
    n = 0
    for i in range(50):
        n += len(open("m").read())
    return n


def names():
    """Lists while the host has files and lists to end that were forgotten, with less and less memory left."""
    wanted = []
    for i in range(4):
        wanted.append("a name of some length, number %d" % i)
        open(wanted[i][:31], "w").close()
    wanted = [name[:31] for name in wanted]
    listed = failed = False
    wrong = []
    for spare in range(2400, 0, -8):
        gc.collect()
        try:
            hoard = bytearray(gc.mem_free() - spare)
            open(wanted[0])
            os.ilistdir()
            got = os.listdir() if spare % 16 else [entry[0] for entry in os.ilistdir()]
            listed = True
            if got != wanted:
                wrong.append(got)
        except MemoryError:
            failed = True
        hoard = got = None
    return [listed, failed, wrong[:2]]


def too_many():
    """The same, but all are still needed."""
    files = [open("m") for i in range(4)]
    e = error_of(open, "m")
    for f in files:
        f.close()
    return e


def closed():
    f = open("c", "w+")
    f.close()
    f.close()
    calls = [(f.read,), (f.read, 1), (f.readline,), (f.readlines,), (f.readinto, bytearray(2)), (f.write, "x"), (f.seek, 0),
             (f.tell,), (f.flush,), (f.fileno,), (next, f)]
    return [sorted(set(error_of(*c) for c in calls)), repr(f)]


def directions():
    f = open("d", "w")
    g = open("d")
    result = [error_of(f.read), error_of(f.readline), error_of(f.readinto, bytearray(1)), error_of(g.write, "x")]
    f.close()
    g.close()
    return result


def no_memory():
    """Nothing is opened that no object could be made for."""
    micropython.heap_lock()
    try:
        open("n", "w")
        result = "opened"
    except MemoryError:
        result = "MemoryError"
    micropython.heap_unlock()
    return result


def long_path():
    """Paths are as long as memory allows."""
    return [error_of(open, "p" * 3000), error_of(os.rename, "p" * 1000, "q" * 1000), error_of(open, "nul\0"),
            error_of(open, 5), error_of(os.remove, None)]


def io_failure():
    """Of a read and a write that fail, or that claim more than they were asked for."""
    with open("i", "w") as f:
        f.write("abc")
    f = open("i", "r+")
    result = [error_of(f.read, 1), error_of(f.readline), error_of(f.readinto, bytearray(2)), error_of(f.write, "x")]
    f.close()
    return result


def turns():
    """Of a device that is ready only every other time."""
    with open("w", "wb") as f:
        wrote = [f.write(b"hello"), f.write(b"llo"), f.write(b"o"), error_of(f.write, b"x"), f.write(b"x")]
    with open("w", "rb") as f:
        read = [f.read(10), f.readinto(bytearray(10)), f.read(), f.read(10), error_of(f.read, 1)]
    with open("w", "w") as f:
        f.write("on")
        error_of(f.write, "-")
        f.write("e\n")
        error_of(f.write, "-")
        f.write("tw")
    with open("w") as f:
        lines = [f.readline(), f.read(5), f.readlines(), next(f), f.readlines()]
    os.remove("w")
    return [wrote, read, lines]


def input_turns():
    f = sys.stdin
    return [f.read(5), f.readline(), error_of(f.read), f.readlines(), error_of(f.readline)]


def missing():
    """On a host that has little, or nothing at all."""
    result = [error_of(os.remove, "x"), error_of(os.rename, "x", "y"), error_of(os.mkdir, "x"), error_of(os.rmdir, "x"),
              error_of(os.stat, "x"), error_of(os.listdir), error_of(os.ilistdir), error_of(os.getcwd), error_of(os.chdir, "x")]
    try:
        f = open("x", "w")
    except OSError as e:
        return result + [e.args[0]]
    result += [error_of(f.seek, 0), error_of(f.tell), error_of(f.flush), error_of(f.fileno), "<io.TextIOWrapper object at" in repr(f)]
    f.close()
    return result


def standard():
    sys.stdout.write("to stdout;")
    print("to stderr", end=";", file=sys.stderr)
    sys.stderr.buffer.write(b"raw;")
    result = [sys.stdin.readline(), sys.stdin.read(2), sys.stdin.buffer.read(2), error_of(sys.stdin.read), sys.stdin.read()]
    result += [error_of(sys.stdin.write, "x"), error_of(sys.stdout.read), error_of(sys.stdout.seek, 0)]
    sys.stdout.close()
    sys.stdout.write("still open;")
    return result


class Greedy(io.IOBase):
    """Claims more than it was given, or fails."""

    def __init__(self, count):
        self.count = count

    def write(self, data):
        return self.count

    def readinto(self, data):
        return self.count


def own_streams():
    def dump(count):
        json.dump([1, 2], Greedy(count))
    return [error_of(dump, 100), error_of(dump, -28), error_of(dump, 0), error_of(dump, None),
            error_of(json.load, Greedy(2)), error_of(json.load, Greedy(-28)), error_of(json.load, Greedy(None)),
            error_of(json.load, Greedy(0))]


def tight():
    """Opens with less and less memory left: all goes well, or MemoryError and nothing was opened."""
    outcomes = set()
    for spare in range(1200, 0, -8):
        gc.collect()
        outcome = "nothing left"
        try:
            hoard = bytearray(gc.mem_free() - spare)
            f = None
            f = open("n", "a")
            f.write("x")
            outcome = "opened"
        except MemoryError:
            outcome = "MemoryError"
        hoard = f = None
        outcomes.add(outcome)
    gc.collect()
    return sorted(outcomes)
