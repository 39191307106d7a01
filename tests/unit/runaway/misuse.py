"""What is changed while it is being used: iterators, sorting, generators that meet themselves. Each ends in an exception or a result that
makes sense; none goes on for ever."""


def raises(name, types, f, *args):
    try:
        f(*args)
    except types:
        return
    print(name, "raised nothing")


def any_end(f, *args):
    try:
        f(*args)
    except Exception:
        pass


# ---- sorting


def bad_key(x):
    if x == 7:
        raise KeyError(x)
    return x


a = list(range(10, 0, -1))
try:
    a.sort(key=bad_key)
    print("a key that raises")
except KeyError:
    pass
if sorted(a) != list(range(1, 11)):
    print("a sort that fails loses items", a)


def growing(x):
    b.append(x)
    return x


b = list(range(50, 0, -1))
try:
    b.sort(key=growing)
except ValueError:
    pass


def clearing(x):
    b.clear()
    return x


b = list(range(50, 0, -1))
try:
    b.sort(key=clearing)
except ValueError:
    pass


class Odd:
    def __lt__(self, other):
        b.append(self)
        b.clear()
        return True


b = [Odd() for _ in range(20)]
try:
    b.sort()
except ValueError:
    pass


class Liar:
    def __lt__(self, other):
        return True


any_end(sorted, [Liar() for _ in range(100)])

# ---- generators


def closes_itself():
    yield 1
    g.close()
    yield 2


g = closes_itself()
next(g)
raises("a generator that closes itself", ValueError, next, g)


def sends_itself():
    yield 1
    g.send(3)
    yield 2


g = sends_itself()
next(g)
raises("a generator that sends to itself", ValueError, next, g)


def throws_itself():
    try:
        yield 1
    finally:
        g.throw(KeyError)


g = throws_itself()
next(g)
raises("a generator that throws into itself", (ValueError, KeyError), next, g)


def iterates_itself():
    yield 1
    for x in g:
        yield x


g = iterates_itself()
raises("a generator that iterates over itself", ValueError, list, g)


def delegates_itself():
    yield 1
    yield from g


g = delegates_itself()
raises("a generator that delegates to itself", ValueError, list, g)


def never_closes():
    while True:
        try:
            yield 1
        except GeneratorExit:
            pass


g = never_closes()
next(g)
raises("a generator that ignores close", RuntimeError, g.close)

# ---- containers while they are iterated


def grow_dict():
    d = {1: 1}
    for n, k in enumerate(d):
        d[k + 1] = 1
        if n > 1000:
            return


def shrink_dict():
    d = {i: i for i in range(100)}
    for k in d:
        d.clear()


def swap_dict():
    d = {i: i for i in range(100)}
    for n, k in enumerate(d.items()):
        d.pop(k[0])
        d["x", n] = n
        if n > 1000:
            return


def grow_set():
    s = {1}
    for n, k in enumerate(s):
        s.add(k + 1)
        if n > 1000:
            return


def shrink_set():
    s = set(range(100))
    for k in s:
        s.clear()
        s.update(range(3))


def shrink_list():
    a = list(range(1000))
    for x in a:
        a.pop()
        a.pop()
    for x in a:
        a.clear()


def grow_list():
    a = [1]
    for x in a:
        a.append(x)
        if len(a) > 1000:
            return


def grow_bytes():
    b = bytearray(b"a")
    for x in b:
        b.append(x)
        if len(b) > 1000:
            return


def shrink_bytes():
    b = bytearray(1000)
    for x in b:
        b[:] = b""


for f in (grow_dict, shrink_dict, swap_dict, grow_set, shrink_set, shrink_list, grow_list, grow_bytes, shrink_bytes):
    any_end(f)


class Evil:
    def __init__(self, target, act):
        self.target = target
        self.act = act

    def __eq__(self, other):
        self.act(self.target)
        return False

    def __hash__(self):
        return 1

    def __repr__(self):
        self.act(self.target)
        return "evil"

    def __iter__(self):
        for i in range(5):
            self.act(self.target)
            yield i

    def __index__(self):
        self.act(self.target)
        return 2

    def __len__(self):
        self.act(self.target)
        return 3

    def __getitem__(self, i):
        self.act(self.target)
        if i > 5:
            raise IndexError
        return i

    def __lt__(self, other):
        self.act(self.target)
        return True


for make in (lambda: list(range(20)), lambda: {i: i for i in range(20)}, lambda: set(range(20)), lambda: bytearray(range(20))):
    for act in (lambda t: t.clear() if hasattr(t, "clear") else None, lambda t: t.append(1) if hasattr(t, "append") else None,
                lambda t: t.update({len(t): 5}) if hasattr(t, "keys") else None, lambda t: t.pop() if hasattr(t, "pop") else None):
        t = make()
        e = Evil(t, act)
        any_end(lambda: e in t)
        any_end(t.extend, e) if hasattr(t, "extend") else None
        t = make()
        e = Evil(t, act)
        any_end(lambda: t.__setitem__(e, 1))
        any_end(lambda: t[e])
        any_end(lambda: t[e:])
        any_end(lambda: t[:e])
        any_end(lambda: t.index(e))
        any_end(lambda: t.count(e))
        any_end(lambda: t.remove(e))
        any_end(lambda: t.insert(e, e))
        any_end(lambda: t.pop(e))
        any_end(lambda: t.update(e))
        any_end(lambda: t | {e})
        any_end(lambda: t == [e] * 20)
        any_end(lambda: [e] * 20 == t)
        any_end(lambda: t + e)
        any_end(lambda: t.__setitem__(slice(2, 5), e))
        any_end(lambda: t.add(e))
        any_end(lambda: (t.add(Evil(t, act)), t.add(e), repr(t)))
        any_end(lambda: (t.append(e), repr(t)))
        any_end(lambda: (t.append(e), t.sort()))
        any_end(lambda: (t.append(e), sorted(t), max(t), min(t), e in t, t.index(99)))
        any_end(lambda: (t.__setitem__(5, e), repr(t), t == dict(t)))
        any_end(lambda: (t.__setitem__(e, e), t[e], t.get(e), t.pop(e), t.setdefault(e, 1)))
        any_end(lambda: list(zip(t, e)))
        any_end(lambda: ",".join(e))
        any_end(lambda: (t * e, e * t))
        any_end(lambda: bytes(e))
        any_end(lambda: bytearray(e))
        any_end(lambda: "%s %r" % (e, t))
        any_end(lambda: t[1:3].extend(e))
        any_end(lambda: t.intersection_update(e))
        any_end(lambda: t.difference(e))
        any_end(lambda: range(e))
