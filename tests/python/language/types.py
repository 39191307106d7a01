# Subclasses of built-in types keep what they inherit and add to it.


class Names(list):
    def add(self, *names):
        self.extend(names)
        return self

    def __getitem__(self, i):
        if isinstance(i, str):
            return self.index(i)
        return super().__getitem__(i)


n = Names().add("x", "y")
print(len(n), n[0], n["y"], "x" in n, [s for s in n], isinstance(n, list), n == ["x", "y"])
n[0] = "changed"
n.append("z")
print(list(n), n[-1], sorted(n), n.count("z"))


class Default(dict):
    def get_or_make(self, key):
        if key not in self:
            self[key] = len(self)
        return self[key]


d = Default()
print(d.get_or_make("a"), d.get_or_make("b"), d.get_or_make("a"), sorted(d.items()), len(d), "a" in d)


class Celsius(float):
    def fahrenheit(self):
        return self * 9 / 5 + 32


c = Celsius(100)
print(c.fahrenheit(), c + 1, c > 99, int(c), isinstance(c, float))


class Flags(int):
    def has(self, bit):
        return bool(self & bit)


f = Flags(5)
print(f.has(4), f.has(2), f + 1, f == 5, hash(f) == hash(5), [0, 1, 2, 3, 4, 5][f])


class Text(str):
    def shout(self):
        return self.upper() + "!"


t = Text("hey")
print(t.shout(), t + "x", len(t), t[0], t == "hey", isinstance(t, str), t.replace("h", "H"))


class Pair(tuple):
    def swapped(self):
        return Pair((self[1], self[0]))


p = Pair((1, 2))
print(p.swapped()[0], len(p), p == (1, 2), [x for x in p])
a, b = p
print(a, b)


class MyError(KeyError):
    code = 5


try:
    raise MyError("k")
except LookupError as e:
    print(type(e).__name__, e.code, e.args, isinstance(e, KeyError))

print(type(5) is int, type("") is str, type(type) is type, isinstance(True, int))
print(bool(3), int("12"), int(3.9), float("1.5"), str(5), list("ab"), tuple([1]), dict([(1, 2)]), set([1]), bytes([65]))
