# A finally block runs exactly once, however its try block is left.


def path(how, log):
    for i in range(2):
        try:
            log.append("try")
            if how == "return":
                return "result"
            if how == "break":
                break
            if how == "continue":
                continue
            if how == "raise":
                raise ValueError(how)
            log.append("end")
        finally:
            log.append("finally")
    return "after"


for how in ("pass", "return", "break", "continue", "raise"):
    log = []
    try:
        result = path(how, log)
    except ValueError:
        result = "raised"
    print(how, result, log)


def override(how):
    while True:
        try:
            if how in ("raise-return", "raise-break", "raise-continue"):
                raise ValueError
            return "from try"
        finally:
            if how.endswith("return"):
                return "from finally"
            if how.endswith("break"):
                break
            if how.endswith("continue"):
                how = "plain"
                continue
    return "after loop"


for how in ("plain", "x-return", "raise-return", "x-break", "raise-break", "x-continue", "raise-continue"):
    print(how, override(how))


def nest(how, depth):
    """Leaves two loops and three finally blocks at once."""
    log = []

    def body():
        for i in range(2):
            try:
                for j in range(2):
                    try:
                        try:
                            if how == "return":
                                return "returned"
                            if how == "break":
                                break
                            if how == "continue":
                                continue
                            if how == "raise":
                                raise KeyError(how)
                        finally:
                            log.append(("inner", i, j))
                            if depth == 1 and how == "raise":
                                raise ValueError("from inner finally")
                    finally:
                        log.append(("middle", i, j))
                        if depth == 2:
                            break
                else:
                    log.append("else")
            finally:
                log.append(("outer", i))
                if depth == 3:
                    continue
            log.append("rest")
        return "fell out"

    try:
        result = body()
    except Exception as e:
        result = type(e).__name__
    return result, log


for how in ("pass", "return", "break", "continue", "raise"):
    for depth in range(4):
        print(how, depth, nest(how, depth))


def value_is_kept():
    x = 1
    try:
        return x
    finally:
        x = 2


print(value_is_kept())


def mutable_is_shared():
    x = [1]
    try:
        return x
    finally:
        x.append(2)


print(mutable_is_shared())


def except_and_finally(how):
    log = []
    try:
        try:
            if how > 0:
                raise ValueError
            log.append("body")
        except ValueError:
            log.append("except")
            if how == 2:
                raise KeyError
            if how == 3:
                return log
        else:
            log.append("else")
        finally:
            log.append("finally")
    except KeyError:
        log.append("outer except")
    log.append("end")
    return log


for how in range(4):
    print(how, except_and_finally(how))


def loop_in_finally():
    log = []
    for i in range(3):
        try:
            if i == 1:
                continue
        finally:
            for j in range(3):
                try:
                    if j == 1:
                        continue
                    if j == 2:
                        break
                    log.append((i, j))
                finally:
                    log.append("f")
    return log


print(loop_in_finally())


def return_through_many():
    log = []

    def f():
        try:
            try:
                try:
                    return "value"
                finally:
                    log.append(1)
                    [x for x in range(3)]
            finally:
                log.append(2)
                try:
                    raise ValueError
                except ValueError:
                    log.append("caught inside")
        finally:
            log.append(3)
    return f(), log


print(return_through_many())


def try_in_finally_of_raise():
    log = []
    try:
        try:
            raise KeyError("kept")
        finally:
            try:
                raise ValueError("inside")
            except ValueError:
                log.append("inside")
    except KeyError as e:
        log.append(e.args)
    return log


print(try_in_finally_of_raise())


def for_target_after_break():
    for i in [10, 20, 30]:
        try:
            if i == 20:
                break
        finally:
            i += 1
    return i


print(for_target_after_break())


def return_in_nested_loops():
    for a in "xyz":
        for b in range(5):
            while True:
                try:
                    if a == "y" and b == 2:
                        return a, b
                    break
                finally:
                    pass


print(return_in_nested_loops())
