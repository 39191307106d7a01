# format(), str.format() and %, over all types and options.

def tried(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return "UnicodeError" if isinstance(e, UnicodeError) else type(e).__name__


ints = [0, 1, -1, 42, -1234567, 255, 10 ** 25, -(10 ** 20)]
for spec in ("", "d", "b", "o", "x", "X", "#b", "#o", "#x", "#X", "+d", " d", "-d", "5", "<8", ">8", "^8", "=8", "08", "+08x",
             "#010x", "*^12", "\u00e9>9", ",", "_", "010,", "012_d", "_x", "_b", "#_x", "020_x", "e", ".2f", "8.1f", "g", "%",
             ".0%", "015,.2f", "n", "<05", ">+9,", "=+9", "x<6d"):
    print(spec, [tried(format, i, spec) for i in ints])
print([tried(format, i, "c") for i in (65, 233, 0x20ac, 0x1f600)], format(65, "5c"), format(65, "<5c"), format(65, "^5c"))
print(format(True), format(True, "d"), format(False, "5"), format(True, "x"), "{:>4}".format(True))

floats = [0.0, -0.0, 1.0, -1.5, 3.14159265, 1e10, 1.5e-7, 123456789.125, 1e22, float("inf"), float("-inf"), float("nan")]
for spec in ("", "f", ".0f", ".3f", "e", ".2e", "E", "g", ".3g", "G", "%", ".1%", "+.2f", " f", "10.2f", "<10.2f", "^10.2f",
             "=+10.2f", "010.2f", ",.2f", "_.1f", "015,.3f", "#.0f", "#g", ".5", "10", ".3n", "*>12.3e", ".10g", ".17g", ".30f"):
    print(spec, [tried(format, x, spec) for x in floats])

for s in ("", "abc", "h\u00e9llo"):
    for spec in ("", "s", "6", "<6", ">6", "^6", ".2", "6.2", "*^7.3", "\u20ac<7", "06", "<06", ".0"):
        print(repr(format(s, spec)), end=" ")
    print()

bad = [("a", "d"), ("a", "="), ("a", "+"), ("a", ","), (1, "s"), (1, ".2d"), (1, "y"), (1.5, "d"), (1.5, "x"), (1.5, "s"),
       (1, "+c"), (1, "5.5.5"), (1, "5x5"), ("a", "zz"), (None, "5"), ([1], "<5"), (1, "."), (1, ",x"), (-1, "c")]
print([tried(format, v, spec) for v, spec in bad])

print("{} {}".format(1, 2), "{1} {0}".format(1, 2), "{a} {b}".format(a=1, b="x"), "{{}} {{{}}}".format(5), "".format())
print("{0:{1}} {0:{w}.{p}f}".format(2.5, 6, w=8, p=3), "{:{}{}}".format("x", ">", 4), "{!r:>6} {!s}".format("a", "b"))
print("{0[1]} {0[0]} {d[k]} {d[a b]}".format([1, 2], d={"k": 5, "a b": 6}), "{:,}".format(1234567), "{:>{w}}".format("r", w=3))


class Point:
    def __init__(self):
        self.x = 3
        self.items = {"k": [1, 2]}

    def __format__(self, spec):
        return "<" + spec + ">"


print("{0.x} {0.items[k][1]} {0} {0:abc} {0:{1}}".format(Point(), "in"), format(Point(), "q"), f"{Point():z}")
for text in ("{", "}", "{0", "{!x}", "{!}", "{!r", "{0}{}", "{}{0}", "{", "{:{:{}}}", "{0.}", "{0[}", "{0[]}", "{a}", "{5}", "{0.nope}",
             "{0[a]}", "{!r x}", "{0]}"):
    print(text, tried(text.format, 1, 2, 3))

width, name = 7, "n\u00e4me"
print(f"{name:>{width}}|{width:03d}|{3.14159:.2f}")

for fmt in ("%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.3d", "%05.3d", "%x", "%#x", "%#X", "%#o", "%08X", "%i", "%u", "%+05d", "%-05d|",
            "%e", "%.2f", "%10.3f", "%-10.1f|", "%+.1e", "%g", "%#.3g", "%010.2f", "%s", "%5s", "%-5s|", "%.1s", "%r", "%c"):
    print(fmt, [tried(lambda: fmt % v) for v in (0, 65, -77, 12345678901234567890)])
for fmt in ("%d", "%f", "%.1f", "%8.3e", "%s", "%G", "%5.1f|", "%-8g|", "%06.2f", "% f", "%r"):
    print(fmt, [tried(lambda: fmt % v) for v in (0.0, 2.5, -1e100, 1e-5, float("inf"))])
print("%s %s" % (1, "a"), "%%" % (), "%s" % [1], "%s" % (1,), "%s" % {"a": 1}, "%(a)s %(b)05.1f" % {"a": "x", "b": 2.25})
print("%*d|%-*d|%.*f" % (5, 42, 5, 42, 2, 3.14159), "%*d|" % (-5, 42), "%c%c" % ("x", 0x20ac), "%5.1s|" % "\u00e9x")
print("%(a(b)c)s" % {"a(b)c": 1}, "%ld %hd" % (1, 2), "100%% %s" % "x")
for fmt, args in (("%d", "a"), ("%s", ()), ("%s", (1, 2)), ("%", 1), ("a%", ()), ("%y", 1), ("%(a)s", 5), ("%(a)s", {}), ("%(a", {}),
                  ("%c", "ab"), ("%c", -1), ("%x", 1.5), ("%d", None), ("%*d", ("a", 1)), ("abc", 1), ("%s%s", 1), ("%f", "x")):
    print(fmt, tried(lambda: fmt % args))
print("abc" % {}, "%s" % "h\u00e9", "\u20ac%d\u20ac" % 5)
long_text = "0123456789" * 20
print("%s-%s" % (long_text, long_text), "{}+{:>210}".format(long_text, long_text), len("%300d" % 5))
