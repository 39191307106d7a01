"""wait_for: the result or exception if it comes in time; TimeoutError, and the task cancelled and ended, if not; and no
timeout at all for None. A wait_for that is cancelled cancels what it waits for."""

import asyncio


async def quick(what):
    await asyncio.sleep(0)
    return what


async def breaks():
    await asyncio.sleep(0)
    raise ValueError("broken")


async def slow(name):
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        print(name, "is cancelled")
        raise
    finally:
        await asyncio.sleep(0)
        print(name, "is over")


async def breaks_late():
    try:
        await asyncio.sleep(60)
    finally:
        raise ValueError("broke when cancelled")


async def show(awaitable):
    try:
        print("result:", await awaitable)
    except asyncio.TimeoutError:
        print("TimeoutError")
    except asyncio.CancelledError:
        print("CancelledError")
    except ValueError as e:
        print("ValueError", e)


async def main():
    await show(asyncio.wait_for(quick("in time"), 60))
    await show(asyncio.wait_for(quick("whenever"), None))
    await show(asyncio.wait_for(breaks(), 60))
    await show(asyncio.wait_for(breaks(), None))
    await show(asyncio.wait_for(slow("a"), 0.01))
    await show(asyncio.wait_for(breaks_late(), 0.01))

    print("-- a task")
    t = asyncio.create_task(slow("b"))
    await show(asyncio.wait_for(t, 0.01))
    print(t.done())
    t = asyncio.create_task(quick("done before"))
    await t
    await show(asyncio.wait_for(t, 60))

    print("-- nested")
    await show(asyncio.wait_for(asyncio.wait_for(slow("c"), 60), 0.01))
    await show(asyncio.wait_for(asyncio.wait_for(slow("d"), 0.01), 60))

    print("-- cancelled from within")
    t = asyncio.create_task(slow("e"))
    w = asyncio.create_task(show(asyncio.wait_for(t, 60)))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    t.cancel()
    await w

    print("-- events")
    event = asyncio.Event()
    await show(asyncio.wait_for(event.wait(), 0.01))
    event.set()
    await show(asyncio.wait_for(event.wait(), 60))

    print("-- many")
    for t in (0.03, 0.01, 0.02):
        await show(asyncio.wait_for(asyncio.sleep(60), t))
    print("the end")


asyncio.run(main())
