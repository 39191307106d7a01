"""cancel(): raises CancelledError where the task waits, whatever it waits for; it may be caught, refused or answered
with cleaning up; cancelling a task that waits for another cancels that one; and what ended cannot be cancelled."""

import asyncio


async def worker(name, refuse=False):
    print(name, "starts")
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print(name, "is cancelled")
        if not refuse:
            raise
    finally:
        print(name, "cleans up")
    return name + " refused"


async def outer(task):
    try:
        return "outer got " + await task
    except asyncio.CancelledError:
        print("outer is cancelled too")
        raise


async def stubborn():
    for i in range(3):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            print("no", i)
    return "went on"


async def slow_end():
    try:
        await asyncio.sleep(60)
    finally:
        for i in range(2):
            await asyncio.sleep(0)
            print("ending", i)


async def fails():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        raise KeyError("instead")


async def show(task):
    try:
        print("result:", await task)
    except asyncio.CancelledError as e:
        print("CancelledError", isinstance(e, Exception), task.done())
    except KeyError as e:
        print("KeyError", e.args)


async def main():
    print("-- before it starts")
    t = asyncio.create_task(worker("a"))
    print(t.cancel(), t.done())
    await show(t)
    print(t.cancel())

    print("-- in its sleep")
    t = asyncio.create_task(worker("b"))
    await asyncio.sleep(0)
    print(t.cancel(), t.cancel(), t.done())
    await show(t)

    print("-- refused")
    t = asyncio.create_task(worker("c", True))
    await asyncio.sleep(0)
    t.cancel()
    await show(t)

    print("-- again and again")
    t = asyncio.create_task(stubborn())
    for _ in range(4):
        await asyncio.sleep(0)
        t.cancel()
    await show(t)

    print("-- while it ends")
    t = asyncio.create_task(slow_end())
    await asyncio.sleep(0)
    t.cancel()
    await show(t)

    print("-- another exception")
    t = asyncio.create_task(fails())
    await asyncio.sleep(0)
    t.cancel()
    await show(t)

    print("-- the one that is waited for")
    inner = asyncio.create_task(worker("d"))
    t = asyncio.create_task(outer(outer(inner)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    t.cancel()
    await show(t)
    print(inner.done())

    print("-- which refuses")
    inner = asyncio.create_task(worker("e", True))
    t = asyncio.create_task(outer(inner))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    t.cancel()
    await show(t)

    print("-- at once with the end of that")
    inner = asyncio.create_task(asyncio.sleep(0))
    t = asyncio.create_task(outer(inner))
    while not inner.done():
        await asyncio.sleep(0)
    print(t.done())
    t.cancel()
    await show(t)

    print("-- by the one that it waits for")

    async def cancels_parent(sleeps):
        print("cancel:", parent.cancel())
        try:
            if sleeps:
                await asyncio.sleep(60)
            print("ends")
            return "a value"
        except asyncio.CancelledError:
            print("cancelled itself")
            raise

    async def awaits_it(sleeps):
        await outer(asyncio.create_task(cancels_parent(sleeps)))

    for sleeps in (True, False):
        parent = asyncio.create_task(awaits_it(sleeps))
        await show(parent)

    print("-- ready to run")
    t = asyncio.create_task(worker("f"))
    u = asyncio.create_task(worker("g"))
    await asyncio.sleep(0)
    u.cancel()
    t.cancel()
    await show(t)
    await show(u)


asyncio.run(main())
