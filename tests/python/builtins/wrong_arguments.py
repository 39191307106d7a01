"""Arguments of the wrong number or type are an error that names its sort, whatever the type or method."""
import array
import collections
import io


def error(f):
    try:
        return f()
    except Exception as e:
        return type(e).__name__


class Raises:
    def __index__(self):
        raise KeyError("index")

    def __len__(self):
        return -1

    def __neg__(self):
        raise KeyError("neg")

    __abs__ = __neg__

    def __bool__(self):
        raise KeyError("bool")


r = Raises()
for f in (
        lambda: range(), lambda: range(1, 2, 3, 4), lambda: range(r), lambda: slice(), lambda: slice(1, 2, 3, 4),
        lambda: set(1, 2), lambda: set([1], [2]), lambda: tuple([1], [2]), lambda: list([1], [2]),
        lambda: "a".expandtabs("b"), lambda: "a".find("a", "b"), lambda: "a".find(1), lambda: "a".count(1),
        lambda: "a".startswith(1), lambda: "a".endswith((1,)), lambda: "a".strip(1), lambda: "a b".split(1),
        lambda: "a b".split(None, "x"), lambda: "a".split(""), lambda: "a".partition(1), lambda: "a".partition(""),
        lambda: "a".rpartition(1), lambda: ",".join([1]), lambda: ",".join(1), lambda: "a".replace("a", 1),
        lambda: "a".replace(1, "a"), lambda: "a".replace("a", "b", "c"), lambda: "a".zfill("1"), lambda: "a".center("b"),
        lambda: b"a".find("a"), lambda: b"a".join(["a"]), lambda: bytes.fromhex("0"), lambda: bytes.fromhex("zz"),
        lambda: bytes.fromhex(1), lambda: (1, 2).index(3), lambda: (1, 2).index(1, "a"), lambda: (1,) * "a",
        lambda: (1,) + [1], lambda: [1] + (1,), lambda: {1} | [1], lambda: {1} < [1], lambda: {1}.union(1),
        lambda: {1}.intersection([[]]), lambda: frozenset([[]]), lambda: len(r), lambda: bool(r), lambda: hash([]),
        lambda: hash({}), lambda: [1, 2][r], lambda: abs(r), lambda: -r, lambda: round("a"), lambda: round(1.5, "a"),
        lambda: round(15, r), lambda: chr("a"), lambda: chr(-1), lambda: ord("ab"), lambda: ord(1), lambda: pow(1, "a"),
        lambda: bin("a"), lambda: hex(1.5), lambda: oct(r), lambda: sum(["a"]), lambda: sum(1), lambda: min(), lambda: max([]),
        lambda: next(1), lambda: next(iter([])), lambda: next(iter([]), 5), lambda: divmod(1, 0), lambda: divmod("a", 1),
        lambda: isinstance(1, 1), lambda: issubclass(1, int), lambda: getattr(1, 2), lambda: setattr(1, "a", 1),
        lambda: delattr(object(), "a"), lambda: sorted([1, "a"]), lambda: sorted(1), lambda: sorted([2, 1], key=1),
        lambda: enumerate(1), lambda: zip(1), lambda: map(1), lambda: filter(1, 1), lambda: reversed(1), lambda: iter(1),
        lambda: collections.namedtuple("P", 1), lambda: collections.namedtuple("P", "a b")(1),
        lambda: collections.deque(1), lambda: collections.deque([], -1), lambda: collections.deque([1], 1)[1],
        lambda: array.array(), lambda: array.array("b", ["a"]),
        lambda: io.BytesIO("a"), lambda: io.StringIO().write(b"a"), lambda: io.BytesIO().write("a"),
        lambda: int("z"), lambda: int("1", 99), lambda: int([]), lambda: float("x"), lambda: float([]), lambda: complex([]),
        lambda: complex("x"), lambda: dict([1]), lambda: dict([(1, 2, 3)]), lambda: {}.pop(1), lambda: {}.popitem(),
        lambda: [].pop(), lambda: [1].pop(5), lambda: [1].remove(2), lambda: [1].index(2), lambda: [].insert("a", 1),
        lambda: bytearray(-1), lambda: bytearray("a"), lambda: bytearray([256]), lambda: bytearray(b"a").append(256),
        lambda: memoryview(1), lambda: memoryview(b"a")[5], lambda: "%d" % "a", lambda: "%s %s" % 1,
        lambda: "%z" % 1, lambda: "{".format(1), lambda: "{}".format(), lambda: "{:d}".format("a"), lambda: "{a}".format()):
    print(error(f))
