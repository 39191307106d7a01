# str.format, f-strings and % print values as their specifications say.

print("{} {} {}".format(1, "two", [3]))
print("{1} {0} {1}".format("a", "b"))
print("{name} is {age}".format(name="Ann", age=5))
print("{0[1]} {0[2]}".format([1, 2, 3]))
print("{:5}|{:<5}|{:>5}|{:^5}|{:*^7}".format("ab", "ab", "ab", "ab", "ab"))
print("{:5}|{:<5}|{:>5}|{:^5}|{:05}|{:+}|{: }|{:-}".format(42, 42, 42, 42, 42, 42, 42, 42))
print("{:b} {:o} {:x} {:X} {:#x} {:#b} {:#o} {:c} {:d}".format(10, 10, 255, 255, 255, 5, 8, 65, -7))
print("{:,} {:,}".format(1234567, -12))
print("{:.2f} {:8.3f} {:e} {:g} {:g} {:.3g} {:%}".format(3.14159, 2.5, 12345.678, 0.0001, 1e20, 1234.5, 0.25))
print("{:.2} {:10.3}|".format("abcdef", "abcdef"))
print("{{}} {{{}}}".format(1))
print("{!r} {!s} {!r:>6}".format("a", "a", "b"))
print("{:{}} {:{width}.{prec}f}|".format("a", 5, 2.0, width=8, prec=3))
print("%d %s %r %x %o %c %5d|%-5d|%05d %+d" % (1, "a", "b", 255, 8, "c", 42, 42, 42, 42))
print("%.2f %8.3f|%-8.1f|%e %g" % (3.14159, 2.5, 1.25, 12345.678, 1e-5))
print("%(a)s and %(b)d" % {"a": 1, "b": 2})
print("%% %s" % "x", "%s" % (1,), "%s" % [1, 2], "%5s|%-5s|" % ("a", "b"))
print("%*d|%-*d|%.*f" % (5, 42, 5, 42, 2, 3.14159))

name, n, items = "world", 5, [1, 2]
print(f"hello {name} {n + 1} {items[0]} {name.upper()} {n:>4}|{n:04d}|{2.5:.3f}|{repr(name)}")
print(f"{{literal}} {n}{n}")
print(f"{'nested'} {len(items)} {[x * 2 for x in items]}")
width = 8
print(f"{name:>{width}}|{name:<{width}}|")


class Custom:
    def __str__(self):
        return "as str"

    def __repr__(self):
        return "as repr"


c = Custom()
print(c, [c], "{} {!r}".format(c, c), "%s %r" % (c, c), f"{c} {repr(c)}", str(c), repr(c))


class OnlyRepr:
    def __repr__(self):
        return "only repr"


print(OnlyRepr(), str(OnlyRepr()), [OnlyRepr()], {"k": OnlyRepr()}, (OnlyRepr(),))

for bad in (lambda: "%d" % "a", lambda: "%d %d" % (1,), lambda: "%d" % (1, 2), lambda: "{:d}".format("a"),
            lambda: "{} {}".format(1), lambda: "{a}".format(b=1), lambda: "{".format(), lambda: "}".format(),
            lambda: "{:d}".format(1.5), lambda: "{!z}".format(1)):
    try:
        print(bad())
    except (TypeError, ValueError, IndexError, KeyError) as e:
        print(type(e).__name__)
print("é{}ü".format("ß"), "%s" % "日本", "{:>4}|".format("é"))
print(1e100, 1.0, -0.0, 1e16, 123456789.125, 0.1, 1 / 3, float("inf"), float("nan"), 5e-324)
print(True, None, ..., 3 + 4j, b"a\x00\xff'", "q'\"\n\t\\", "\x01\x7f", range(3), (1,), {1: 2}, slice(1, 2))

# No part of a character gets into a message.
for bad in (lambda: "%y" % 1, lambda: "%é" % 1, lambda: "é%5日" % 1, lambda: "%\U0001f600" % 1, lambda: "%\t" % 1):
    try:
        print(bad())
    except ValueError as e:
        print(e, str(e).encode().decode() == str(e))
for bad in ("{!é}", "{!日", "{:é}", "{:5é}", "{:é日}", "{:,é}"):
    for value in (1, 1.5, "a"):
        try:
            print(bad.format(value))
        except ValueError as e:
            print(str(e).encode().decode() == str(e))
try:
    b"%\xc3" % 1
except (ValueError, OverflowError) as e:
    print(str(e).encode().decode() == str(e))
