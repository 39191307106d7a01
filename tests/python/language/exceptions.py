# An exception is caught by the first clause whose class it is an instance of; else clauses run without one.


def attempt(f):
    try:
        f()
    except (KeyError, IndexError) as e:
        return "lookup", type(e).__name__
    except ArithmeticError as e:
        return "arithmetic", type(e).__name__
    except Exception as e:
        return "other", type(e).__name__
    except:
        return "not even an Exception"
    else:
        return "none"


def throw(e):
    raise e


class Own(Exception):
    pass


class Low(BaseException):
    pass


print(attempt(lambda: {}["a"]))
print(attempt(lambda: [][0]))
print(attempt(lambda: 1 // 0))
print(attempt(lambda: throw(Own)))
print(attempt(lambda: throw(Own("x"))))
print(attempt(lambda: throw(Low())))
print(attempt(lambda: 1))
print(attempt(lambda: throw(3)))

try:
    raise Own(1, "two")
except Own as e:
    print(e.args, isinstance(e, Exception))
try:
    e
except NameError:
    print("e is gone")


def reraise():
    try:
        try:
            raise ValueError("first")
        except ValueError:
            raise
    except ValueError as e:
        return str(e)


print(reraise())


def replace():
    try:
        try:
            raise ValueError("first")
        except ValueError:
            raise TypeError("second")
    except TypeError as e:
        return str(e)


print(replace())


def from_other():
    try:
        try:
            raise KeyError("k")
        except KeyError as k:
            raise RuntimeError("wrapped") from k
    except RuntimeError as e:
        return str(e)


print(from_other())


def nested(n):
    log = []
    try:
        log.append("outer")
        try:
            log.append("inner")
            if n == 1:
                raise KeyError
            if n == 2:
                raise ValueError
        except KeyError:
            log.append("key")
            if n == 1:
                raise ValueError
        else:
            log.append("else")
        finally:
            log.append("finally")
    except ValueError:
        log.append("value")
    else:
        log.append("outer else")
    return log


print(nested(0), nested(1), nested(2))


def deep(n):
    if n == 0:
        raise Own("deep")
    deep(n - 1)


try:
    deep(50)
except Own as e:
    print(e)


def endless():
    return endless()


try:
    endless()
except RuntimeError:
    print("too deep")


def choose(kind):
    kinds = {"a": ValueError, "b": (TypeError, KeyError)}
    try:
        raise KeyError("computed clause")
    except kinds[kind]:
        return "matched " + kind


print(choose("b"))
try:
    choose("a")
except KeyError:
    print("not matched")

try:
    assert 1 + 1 == 2
    assert False, "a reason"
except AssertionError as e:
    print("AssertionError", e)

try:
    raise StopIteration(5)
except StopIteration as e:
    print(e.value)


def in_loop():
    out = []
    for i in range(5):
        try:
            if i == 1:
                raise ValueError
            if i == 3:
                raise KeyError
        except ValueError:
            continue
        except KeyError:
            break
        out.append(i)
    return out


print(in_loop())


def in_handler_loop():
    for i in range(3):
        try:
            raise ValueError(i)
        except ValueError as e:
            if i == 2:
                return "returned", e.args


print(in_handler_loop())
