# Every way in which the VM's own code calls back a program: everything() goes through them, and tells what came of each and which
# methods were called, in order. Nothing may be called twice, left out, or finished beyond a budget.
import collections
import heapq
import io
import json
import micropython
import random
import re

log = []


def note(what):
    for i in range(3):
        pass
    log.append(what)


class Value:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        note("eq")
        return isinstance(other, Value) and self.n == other.n

    def __hash__(self):
        note("hash")
        return self.n & 1

    def __lt__(self, other):
        note("lt")
        return self.n < other.n

    def __bool__(self):
        note("bool")
        return self.n != 0

    def __len__(self):
        note("len")
        return self.n

    def __repr__(self):
        note("repr")
        return "V%d" % self.n

    def __add__(self, other):
        note("add")
        return Value(self.n + (other.n if isinstance(other, Value) else other))

    def __radd__(self, other):
        note("radd")
        return Value(self.n + other)

    def __mul__(self, other):
        note("mul")
        return NotImplemented

    def __neg__(self):
        note("neg")
        return Value(-self.n)

    def __abs__(self):
        note("abs")
        return abs(self.n)

    def __int__(self):
        note("int")
        return self.n

    def __getitem__(self, i):
        note("getitem")
        if i >= self.n:
            raise IndexError
        return i * 10

    def __setitem__(self, i, x):
        note("setitem")

    def __delitem__(self, i):
        note("delitem")

    def __call__(self, *args):
        note("call")
        return args

    def __enter__(self):
        note("enter")
        return self

    def __exit__(self, *args):
        note("exit")
        return Value(1)


class Right:
    def __rmul__(self, other):
        note("rmul")
        return "rmul"


class Strange:
    __slots__ = ()

    def __bool__(self):
        note("bool")
        return 5

    def __len__(self):
        note("len")
        return -1

    def __iter__(self):
        note("iter")
        return 5

    def __str__(self):
        note("str")
        raise ValueError("no str")


class Steps:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        note("iter")
        return self

    def __next__(self):
        note("next")
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Attributes:
    def __getattr__(self, name):
        note("getattr " + name)
        if name == "missing":
            raise AttributeError(name)
        return name

    def __setattr__(self, name, value):
        note("setattr " + name)

    def __delattr__(self, name):
        note("delattr " + name)


class Properties:
    def get(self):
        note("get")
        return 3

    def set(self, value):
        note("set")

    p = property(get, set)


class Descriptor:
    def __get__(self, obj, owner=None):
        note("__get__")
        return 4

    def __set__(self, obj, value):
        note("__set__")


class Described:
    d = Descriptor()


class Error(Exception):
    def __init__(self, *args):
        note("init")
        super().__init__(*args)
        self.extra = len(args)

    def __str__(self):
        note("str")
        return "error"


class Made:
    def __new__(cls, *args):
        note("new")
        return object.__new__(cls)

    def __init__(self, *args):
        note("init")
        self.args = args


class Words(list):
    def __init__(self, *args):
        note("init")
        super().__init__(*args)

    def append(self, x):
        note("append")
        super().append(x)


class Out(io.IOBase):
    def __init__(self):
        self.bytes = b""

    def write(self, data):
        note("write %d" % len(data))
        self.bytes += bytes(data[:3])
        return min(len(data), 3)


class In(io.IOBase):
    def __init__(self, data):
        self.data = data

    def readinto(self, buffer):
        note("readinto")
        if not self.data:
            return 0
        buffer[0] = self.data[0]
        self.data = self.data[1:]
        return 1


class Shrinking:
    def __init__(self, items):
        self.items = items

    def __lt__(self, other):
        note("clear")
        self.items.clear()
        return True


def gen(n):
    note("gen")
    for i in range(n):
        yield i
    note("end")


def values(*numbers):
    return [Value(n) for n in numbers]


def numbers(vs):
    return [v.n for v in vs]


def attempt(f, *args, **kw):
    try:
        return f(*args, **kw)
    except Exception as e:
        return type(e).__name__


def key(x):
    note("key")
    return -x


def operators(out):
    a, b = Value(1), Value(3)
    out.append((a == b, a != b, a < b, b > a, not a, 1 if a else 2, (a and 1), (Value(0) or 5)))
    out.append((bool(a), len(b), hash(a), abs(-a), int(b), (1 + a).n, (a + b).n, a * Right(), attempt(lambda: a * 5)))
    a += b
    out.append((a.n, b[1], attempt(lambda: b[7]), a(1, 2), b(*[3])))
    x = 2
    x += b
    out.append(x.n)
    b[0] = 1
    del b[0]
    out.append((attempt(bool, Strange()), attempt(len, Strange()), attempt(iter, Strange()), attempt(lambda: 1 if Strange() else 2)))
    while a:
        break
    assert b
    with Value(2) as v:
        out.append(v.n)
        raise ValueError
    with Value(2):
        pass


def texts(out):
    a, b = Value(1), Value(2)
    out.append((str(a), repr([a, b]), str({1: a}), str((a,)), "%s %r" % (a, b), "{} {!r}".format(a, b), repr({a})))
    out.append((attempt(str, Strange()), attempt(print, Strange()), str(Error(1)), repr(Error(1, 2))))
    f = io.StringIO()
    print(a, [b], {2: a}, sep="; ", end="!", file=f)
    out.append(f.getvalue())
    o = Out()
    print("text", 12, a, file=o)
    json.dump([1, {"a": 2}], o)
    out.append(o.bytes)
    out.append(json.load(In(b"[1, 2]")))
    out.append(re.sub("a|b", lambda m: str(Value(len(m.group(0)))), "xaybz"))
    out.append(",".join(str(v) for v in Steps(2)))


def iteration(out):
    b = Value(3)
    out.append((list(b), tuple(b), [x for x in b], list(reversed(b)), 20 in b, sum(b), attempt(lambda: b[3])))
    it = iter(b)
    out.append((next(it), list(it), list(it), next(it, "end")))
    it = reversed(b)
    out.append((next(it), tuple(it)))
    out.append(([x for x in Steps(2)], list(Steps(2)), dict(zip(Steps(2), gen(3))), list(map(key, Steps(2)))))
    x, y = Steps(2)
    p, *q = gen(3)
    out.append((x, y, p, q, attempt(lambda: (lambda u, v: u)(*Steps(3)))))
    items = [0]
    items += gen(2)
    items[1:2] = Steps(2)
    items.extend(b)
    out.append((items, list(zip(iter([1, 2, 3]), gen(2))), list(enumerate(Steps(2), 5))))
    # What a native iterator has drawn is not lost while the function that it calls runs.
    out.append((list(map(len, iter(values(1, 2, 3)))), len(list(filter(None, iter(values(0, 4, 0)))))))
    it = map(len, iter(values(1, 2, 3)))
    out.append((next(it), next(it), next(it), next(it, None)))
    it = iter(values(1, 2, 1))
    out.append((len(set(it)), list(it), numbers(sorted(iter(values(3, 1, 2)))), max(iter(values(3, 1))).n))
    it = iter(values(2, 0, 1))
    out.append((all(it), [v.n for v in it]))
    out.append(sum(iter(values(1, 2)), Value(0)).n)
    d = collections.deque(gen(3), 9)
    d.extend(Steps(2))
    out.append(list(d))

    def through():
        out.append((yield from map(key, gen(2))))
        out.append((yield from Steps(2)))
        yield from b

    out.append(list(through()))


def tables(out):
    a, b, c = values(1, 2, 3)
    d = {a: 1, c: 3}
    d[b] = 2
    out.append((d[Value(3)], d.get(Value(9)), Value(1) in d, d.setdefault(Value(2), 0), d.pop(Value(3)), len(d)))
    d.update({Value(5): 5, Value(1): 7})
    d.update([(Value(6), 6)], x=1)
    d |= {Value(7): 7}
    out.append([(k if k == "x" else k.n, v) for k, v in d.items()])
    del d[Value(1)]
    out.append((len(d), attempt(d.pop, Value(1)), {a: 1} == {Value(1): 1}, {a: b} == {Value(1): Value(2)}))
    s = {a, b}
    s.add(Value(1))
    s.add(c)
    s.discard(Value(2))
    s.update(values(3, 4), values(5))
    s |= {Value(6)}
    s -= {Value(1)}
    out.append(sorted(numbers(s)))
    out.append((len(s & {Value(3)}), len(s ^ set(values(3, 9))), s >= {Value(4)}, s.isdisjoint(values(8)), len(frozenset(values(1, 1)))))
    out.append((numbers(dict.fromkeys(values(1, 2))), len(collections.OrderedDict([(a, 1), (Value(1), 2)]))))
    out.append((hash((a, 1)) == hash((Value(1), 1)), len({(a, 1): 0, (Value(1), 1): 1})))


def sequences(out):
    vs = values(1, 3, 2)
    out.append((vs.index(Value(3)), vs.count(Value(2)), attempt(vs.index, Value(9)), (1, Value(2)).index(Value(2))))
    vs.remove(Value(3))
    out.append((numbers(vs), vs == values(1, 2), values(1) < values(2), (Value(1), 1) == (Value(1), 1), Value(2) in vs))
    out.append((numbers(sorted(values(3, 1, 2))), max(values(1, 2)).n, min([(Value(2), 1), (Value(1), 2)])[1], any(values(0, 0))))
    vs = [(v, 0) for v in values(2, 3, 1)]
    vs.sort()
    out.append([v[0].n for v in vs])
    heap = values(4, 2, 3)
    heapq.heapify(heap)
    for n in (5, 1, 0):
        heapq.heappush(heap, Value(n))
    out.append([heapq.heappop(heap).n for i in range(len(heap))])
    heap = []
    heapq.heappush(heap, Shrinking(heap))
    out.append((attempt(heapq.heappush, heap, Shrinking(heap)), heap))
    random.seed(4)
    out.append((random.choice(Value(9)), random.randrange(1000)))


def attributes(out):
    a, p, d = Attributes(), Properties(), Described()
    a.x = 1
    del a.x
    out.append((a.y, getattr(a, "z"), getattr(a, "missing", 0), hasattr(a, "missing"), hasattr(a, "w"), attempt(lambda: a.missing)))
    p.p = 1
    setattr(p, "p", 2)
    setattr(a, "u", 2)
    delattr(a, "u")
    out.append((p.p, getattr(p, "p"), hasattr(p, "p")))
    d.d = 1
    setattr(d, "d", 1)
    out.append((d.d, getattr(d, "d")))


def instances(out):
    e = Error(1, 2)
    out.append((e.args, e.extra, Made(1, 2).args, Words(gen(2))))
    try:
        raise Error
    except Error as e:
        out.append((e.args, e.extra))
    try:
        raise Error(4) from None
    except Error as e:
        out.append(e.args)
    w = Words([1])
    w.append(2)
    out.append(w)
    out.append([m.args for m in map(Made, range(2))])
    out.append(sorted([3, 1, 2], key=key))


def everything():
    del log[:]
    out = []
    for part in (operators, texts, iteration, tables, sequences, attributes, instances):
        part(out)
        out.append(len(log))
    return out, log


def endless(kind):
    class Endless:
        def __hash__(self, other=None):
            while True:
                pass

        __eq__ = __lt__ = __len__ = __repr__ = __iter__ = __neg__ = __int__ = __hash__

        def __getattr__(self, name):
            while True:
                pass

    e = Endless()
    if kind == 0:
        return {e: 1}
    if kind == 1:
        return [1, e] == [1, Endless()]
    if kind == 2:
        return "%s" % e
    if kind == 3:
        return [x for x in e]
    if kind == 4:
        return e.attribute
    if kind == 5:
        return -e
    if kind == 6:
        return 1 if e else 2
    if kind == 7:
        return getattr(e, "x", None)
    if kind == 8:
        return list(map(len, [e]))
    if kind == 9:
        return sorted([(e, 1), (Endless(), 2)])
    # Ends after 2 ** 99 frames, none of which is entered by a call.
    d = Doubling(99)
    if kind == 10:
        return d[0]
    if kind == 11:
        return d + 1
    if kind == 12:
        return d.value
    if kind == 13:
        return {d: 1}
    if kind == 14:
        d.value = 1
    if kind == 15:
        with d:
            return
    return [x for x in d]


class Doubling:
    def __init__(self, n):
        self.n = n
        self.next = Doubling(n - 1) if n > 0 else self
        self.table = {0: 0}

    def __getitem__(self, i):
        return self.next[i] + self.next[i] if self.n > 0 else 1

    def __add__(self, other):
        return (self.next + other) + (self.next + other) if self.n > 0 else 1

    @property
    def value(self):
        return self.next.value + self.next.value if self.n > 0 else 1

    @value.setter
    def value(self, value):
        if self.n > 0:
            self.next.value = value
            self.next.value = value

    def __hash__(self, other=None):
        if self.n > 0:
            self.next in self.table
            self.next in self.table
        return 0

    __eq__ = __hash__

    def __enter__(self):
        if self.n > 0:
            with self.next:
                pass
            with self.next:
                pass

    def __exit__(self, kind, exception, traceback):
        pass

    def __iter__(self):
        if self.n > 0:
            yield from self.next
            yield from self.next


def stubborn(a=None, b=None, c=None):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
        finally:
            pass


# What is finished first, and ended if that takes too long.
def beyond(kind, native):
    class Base:
        __init_subclass__ = stubborn

    class Named:
        __set_name__ = stubborn

    class Equal:
        __hash__ = stubborn

    class Throwing:
        def __iter__(self):
            return self

        def __next__(self):
            return 1

        throw = stubborn

    def delegating():
        yield from Throwing()

    try:
        if kind == 0:
            class Sub(Base):
                pass
        elif kind == 1:
            class Holder:
                named = Named()
        elif kind == 2:
            micropython.heap_lock()
            try:
                hash(Equal())
            finally:
                micropython.heap_unlock()
        elif kind == 3:
            g = delegating()
            next(g)
            g.throw(ValueError)
        else:
            native(stubborn)
    except (RuntimeError, MemoryError) as e:
        return repr(e)
    return "ended"
