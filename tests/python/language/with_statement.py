# __enter__ and __exit__ run in pairs, and what __exit__ returns decides about the exception.

log = []


class Context:
    def __init__(self, name, swallow=False, enter_fails=False, exit_fails=False):
        self.name = name
        self.swallow = swallow
        self.enter_fails = enter_fails
        self.exit_fails = exit_fails

    def __enter__(self):
        log.append("enter " + self.name)
        if self.enter_fails:
            raise ValueError("enter " + self.name)
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        log.append("exit " + self.name + " " + (kind.__name__ if kind else "None"))
        if self.exit_fails:
            raise KeyError("exit " + self.name)
        return self.swallow


def run(f):
    del log[:]
    try:
        result = f()
    except Exception as e:
        result = "raised " + type(e).__name__
    print(result, log)


def plain():
    with Context("a") as a:
        log.append(a)
    return "done"


def raising():
    with Context("a"):
        raise IndexError


def swallowing():
    with Context("a", swallow=True):
        raise IndexError
    return "swallowed"


def returning():
    with Context("a") as a:
        return a


def returning_swallow():
    with Context("a", swallow=True) as a:
        return a


def two():
    with Context("a") as a, Context("b") as b:
        return a + b


def outer_swallows():
    with Context("a", swallow=True):
        with Context("b"):
            raise ValueError
    return "outer"


def inner_swallows():
    with Context("a"):
        with Context("b", swallow=True):
            raise ValueError
        log.append("between")
    return "inner"


def enter_fails():
    with Context("a", swallow=True), Context("b", enter_fails=True):
        log.append("not here")
    return "swallowed by a"


def exit_fails():
    with Context("a", exit_fails=True):
        log.append("body")


def exit_replaces():
    with Context("a", exit_fails=True):
        raise ValueError


def loops():
    for i in range(4):
        with Context(str(i)):
            if i == 1:
                continue
            if i == 2:
                break
            log.append("body")
    return i


def loops_swallow():
    n = 0
    while n < 3:
        n += 1
        with Context(str(n), swallow=True):
            if n == 2:
                raise ValueError
            continue
    return n


def with_finally():
    try:
        with Context("a"):
            try:
                return "value"
            finally:
                log.append("inner finally")
    finally:
        log.append("outer finally")


def generator():
    def g():
        with Context("g") as v:
            yield v
            yield "second"
    it = g()
    first = next(it)
    it.close()
    return first


def handler():
    try:
        with Context("a"):
            raise ValueError("x")
    except ValueError as e:
        return "handled", e.args


def in_with_many_values():
    return [1, 2, use()] + [3]


def use():
    with Context("u", swallow=True):
        return [4 + int("no number")]


def no_context():
    with 3:
        pass


for f in (plain, raising, swallowing, returning, returning_swallow, two, outer_swallows, inner_swallows, enter_fails,
          exit_fails, exit_replaces, loops, loops_swallow, with_finally, generator, handler, in_with_many_values):
    run(f)

try:
    no_context()
except (TypeError, AttributeError):
    print("no context manager")


class Truthy:
    def __bool__(self):
        log.append("asked")
        return True


class Asks:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        return Truthy()


def truth_of_result():
    with Asks():
        raise ValueError
    return "swallowed"


run(truth_of_result)


class ExitArguments:
    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.seen = args
        return True


e = ExitArguments()
with e:
    pass
print(e.seen)
with e:
    raise OSError(5)
print(e.seen[0] is OSError, e.seen[1].args)
