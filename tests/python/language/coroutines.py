# async functions are driven by hand: await passes down what is sent and up what is yielded.


class Wait:
    def __init__(self, what):
        self.what = what

    def __iter__(self):
        got = yield self.what
        return got

    __await__ = __iter__ # CPython asks for __await__, MicroPython iterates


class Result(Exception):
    pass


def run(coroutine, answers=()):
    """Runs a coroutine to its end, sending `answers`; prints what it waits for."""
    answers = list(answers)
    send = None
    while True:
        try:
            asked = coroutine.send(send)
        except StopIteration as e:
            return e.value
        send = answers.pop(0) if answers else None
        print("  waits for", asked, "gets", send)


async def leaf(x):
    a = await Wait(("leaf", x))
    return a


async def middle():
    a = await leaf(1)
    b = await leaf(2)
    return a, b


async def top():
    try:
        return "top", await middle()
    finally:
        print("  finally")


print(run(top(), ["A", "B"]))


async def nothing():
    return 5


print(run(nothing()))


async def raising():
    await Wait("before")
    raise Result("raised")


async def catching():
    try:
        await raising()
    except Result as e:
        return "caught " + str(e)


print(run(catching()))


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow

    async def __aenter__(self):
        await Wait("enter")
        return "entered"

    async def __aexit__(self, kind, value, traceback):
        await Wait("exit with " + (kind.__name__ if kind else "nothing"))
        return self.swallow


async def use_manager(how, swallow):
    async with Manager(swallow) as m:
        print(" ", m)
        if how == "raise":
            raise Result("in the block")
        if how == "return":
            return "returned"
    return "end"


for how in ("pass", "return", "raise"):
    for swallow in (False, True):
        try:
            print(how, swallow, run(use_manager(how, swallow)))
        except Result:
            print(how, swallow, "Result came out")


async def manager_in_loop():
    log = []
    for i in range(4):
        async with Manager(True):
            if i == 0:
                continue
            if i == 1:
                raise Result
            if i == 2:
                break
            log.append(i)
        log.append(("after", i))
    return log


print(run(manager_in_loop()))


class Ticker:
    def __init__(self, n):
        self.n = n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n == 0:
            raise StopAsyncIteration
        self.n -= 1
        await Wait("tick")
        return self.n


async def loop():
    out = []
    async for x in Ticker(3):
        out.append(x)
    else:
        out.append("else")
    async for x in Ticker(5):
        if x == 3:
            break
    return out, x


print(run(loop()))


# A round-robin scheduler.
async def worker(name, n, log):
    for i in range(n):
        log.append(name + str(i))
        await Wait(None)
    return name


def schedule(coroutines):
    done = []
    queue = list(coroutines)
    while queue:
        c = queue.pop(0)
        try:
            c.send(None)
            queue.append(c)
        except StopIteration as e:
            done.append(e.value)
    return done


log = []
print(schedule([worker("a", 2, log), worker("b", 3, log), worker("c", 1, log)]), log)

c = worker("x", 5, log)
c.send(None)
try:
    c.throw(Result("thrown in"))
except Result as e:
    print(e)
c = top()
c.send(None)
c.close()
