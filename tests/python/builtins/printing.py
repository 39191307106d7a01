# print(): separators, ends, files, and that what is wrong with them is said before anything is written.
print()
print(1, 2, 3)
print(1, 2, sep="")
print(1, 2, sep=", ", end="!\n")
print("a", "b", sep=None, end=None)
print("no newline", end="")
print()
print(*range(5), sep="-")
print("\u00e9\u20ac", b"\xff", 1.0, None, True, [1, "x"], sep="|")


class Pieces:
    def __init__(self):
        self.pieces = []

    def write(self, text):
        self.pieces.append(text)


class Shown:
    def __str__(self):
        return "shown"


f = Pieces()
print("a", 1, Shown(), sep="-", file=f)
print(file=f)
print("x", end="", file=f)
print("".join(f.pieces).split("\n"))
import sys
print("to stdout", file=sys.stdout)
sys.stdout.write("written\n")
for kw in ({"sep": 1}, {"end": 1}, {"other": 1}, {"file": 1}):
    try:
        print("x", **kw)
    except (TypeError, AttributeError) as e:
        print(type(e).__name__)


class Broken:
    def __str__(self):
        raise ValueError("no text")


try:
    print(Broken())
except ValueError as e:
    print(e)
