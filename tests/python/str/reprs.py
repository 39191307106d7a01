# repr() and str() of strs, and of objects whose classes say how they print.
for s in ("plain", "it's", 'say "x"', "'\"", "\\", "\n\r\t\0\x07\x1f\x7f", "h\u00e9 \u20ac \U0001f600", "\x80\xa0\xad",
          "\u2028\u200b\ufeff", "\ud800", "\ue000\uffff", ""):
    print(repr(s), [s] == [s])
print([1, "a", None, True, 1.5, b"x", ("t",), {"k": "v"}])


class Both:
    def __str__(self):
        return "as str"

    def __repr__(self):
        return "as repr"


class OnlyRepr:
    def __repr__(self):
        return "only repr"


class Bad:
    def __str__(self):
        return 5


class Raises:
    def __repr__(self):
        raise ValueError("no")


print(Both(), [Both()], str(Both()), repr(Both()), "%s %r" % (Both(), Both()), "{} {!r}".format(Both(), Both()))
print(OnlyRepr(), [OnlyRepr()], str(OnlyRepr()), {1: OnlyRepr()}, (OnlyRepr(),))
for f in (lambda: str(Bad()), lambda: repr(Raises()), lambda: str([1, [Raises()]])):
    try:
        print(f())
    except (TypeError, ValueError) as e:
        print(type(e).__name__)
nested = []
for i in range(30):
    nested = [i, nested]
print(nested)
print("a", "b", sep="-", end="!\n")
print("x" * 100, "y" * 50)
