# Arguments reach their parameters by position, by name, by default, and from * and **.


def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, sorted(kw.items())


print(f(1, c=3))
print(f(1, 5, c=3))
print(f(1, 5, 6, 7, c=3, d=8, e=9, z=0))
print(f(b=1, a=0, c=3))
print(f(*(1, 2, 3), **{"c": 4, "x": 5}))
print(f(1, *[2, 3], c=0, **{"d": 6}))
print(f(*"ab", c=1, **{}))


def wrong(call):
    try:
        return call()
    except (TypeError, AttributeError):
        return "refused"


print(wrong(lambda: f()), wrong(lambda: f(1)), wrong(lambda: f(c=1)), wrong(lambda: f(1, c=1, a=2)))
print(wrong(lambda: f(1, c=2, **{"c": 3})), wrong(lambda: f(*3, c=1)), wrong(lambda: f(1, c=2, **5)))


def plain(a, b):
    return a, b


print(plain(1, 2), plain(b=1, a=2), plain(1, b=3), plain(*[4, 5]), plain(**{"a": 6, "b": 7}))
print(wrong(lambda: plain(1)), wrong(lambda: plain(1, 2, 3)), wrong(lambda: plain(1, 2, b=3)),
      wrong(lambda: plain(1, c=3)), wrong(lambda: plain(1, 2, c=3)))


def keyword_only(*, a, b="b"):
    return a, b


print(keyword_only(a=1), keyword_only(b=2, a=3), wrong(lambda: keyword_only(1)), wrong(lambda: keyword_only(b=1)))


def star_only(*args):
    return args


def kw_only(**kw):
    return sorted(kw.items())


print(star_only(), star_only(1), star_only(*range(5)), star_only(*[]), star_only(*{1: 2}))
print(kw_only(), kw_only(a=1), kw_only(**{"x": 1, "y": 2}), wrong(lambda: kw_only(1)))


def shared_default(x, seen=[]):
    seen.append(x)
    return seen


print(shared_default(1), shared_default(2), shared_default(3, []), shared_default(4))

n = 10


def default_at_definition(x=n):
    return x


n = 20
print(default_at_definition())


def new_kw_each_time(**kw):
    kw["new"] = 1
    return kw


given = {"a": 1}
print(sorted(new_kw_each_time(**given).items()), given)


class M:
    def method(self, a, *args, k=0, **kw):
        return a, args, k, sorted(kw.items())

    @classmethod
    def cm(cls, *args, **kw):
        return cls.__name__, args, sorted(kw.items())

    @staticmethod
    def sm(*args, **kw):
        return args, sorted(kw.items())


m = M()
print(m.method(1), m.method(1, 2, k=3, z=4), m.method(*[1, 2], **{"k": 5}))
print(m.cm(1, x=2), M.cm(*[3]), m.sm(1, x=2), M.sm(**{"y": 1}))
bound = m.method
print(bound(1, 2, k=3), bound(*[7], **{"q": 1}))
print(wrong(lambda: m.method()), wrong(lambda: M.method()))


def pass_on(*args, **kw):
    return f(*args, **kw)


print(pass_on(1, 2, 3, c=4, e=5))


def many(a, b, c, d, e, g, h, i, j, k):
    return a + b + c + d + e + g + h + i + j + k


print(many(*range(10)), many(1, 2, 3, 4, 5, 6, 7, 8, k=10, j=9))
print(star_only(*(i for i in range(300)))[-1], len(star_only(*range(300))))


def order():
    log = []

    def note(x):
        log.append(x)
        return x
    plain(note(1), b=note(2))
    star_only(note(3), *[note(4), note(5)])
    return log


print(order())
print((lambda *a, **k: (a, k))(1, 2, x=3))
print(max(3, 1, 2), max([4, 9], key=lambda v: -v), sorted([3, 1, 2], reverse=True), int("ff", 16))
