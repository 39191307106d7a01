"""Tasks take turns in the order in which they became ready: new tasks behind those that are waiting for their turn,
sleepers by deadline and, where deadlines are equal, by age; and everybody who waits for a task gets its result."""

import asyncio


async def turns(name, n):
    for i in range(n):
        print(name, i)
        await asyncio.sleep(0)
    return name


async def sleeper(name, t):
    await asyncio.sleep(t)
    print("woke", name)


async def waiter(name, task):
    print(name, "waits")
    print(name, "got", await task)


async def parent(depth):
    print("depth", depth)
    if depth < 4:
        a = asyncio.create_task(parent(depth + 1))
        return 1 + await a
    return 0


class Again:
    """An awaitable of the program's own; yielding None is asking for another turn."""

    def __iter__(self):
        print("before")
        yield
        print("after")
        return "again"

    __await__ = __iter__


async def main():
    print("-- turns")
    tasks = [asyncio.create_task(turns(name, n)) for name, n in (("a", 3), ("b", 1), ("c", 2))]
    print("created", [t.done() for t in tasks])
    await asyncio.sleep(0)
    print("first round over", [t.done() for t in tasks])
    for t in reversed(tasks):
        print("result", await t, t.done())

    print("-- sleepers")
    tasks = [asyncio.create_task(sleeper(t, t / 20)) for t in (3, 1, 2, 0, -1)]
    for t in tasks:
        await t

    print("-- several waiters")
    task = asyncio.create_task(turns("awaited", 2))
    others = [asyncio.create_task(waiter(i, task)) for i in range(3)]
    for t in others:
        await t
    await waiter("late", task)

    print("-- nested")
    print(await parent(0))
    print(await asyncio.create_task(parent(2)))

    print("-- sleeping as a task")
    t = asyncio.create_task(asyncio.sleep(0.01))
    print(t.done(), await t, t.done())

    print("-- own awaitables")
    t = asyncio.create_task(turns("x", 2))
    print(await Again())
    await t

    me = asyncio.current_task()
    await asyncio.sleep(0)
    print(me is asyncio.current_task(), me.done())
    return "main's result"


print(asyncio.run(main()))
try:
    asyncio.current_task()
except RuntimeError:
    print("no task is running")
