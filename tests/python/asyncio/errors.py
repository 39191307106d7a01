"""Exceptions of tasks: they reach whoever waits, now or later, and end run() if nobody in between catches them; one
that nobody waits for goes to the exception handler; a cancelled task's does not; SystemExit ends everything."""

import asyncio


async def breaks(what):
    await asyncio.sleep(0)
    raise ValueError(what)


async def exits():
    raise SystemExit(3)


async def waits(t):
    try:
        await t
    except ValueError as e:
        print("caught", e)
        raise KeyError("out of it")


def handler(loop, context):
    print("handler:", context["message"] != "", type(context["exception"]).__name__, context["exception"].args, context["future"].done(),
          loop is asyncio.get_event_loop())


async def pause():
    for _ in range(4):
        await asyncio.sleep(0)


async def main():
    loop = asyncio.get_event_loop()
    print(loop.get_exception_handler())
    loop.set_exception_handler(handler)
    print(loop.get_exception_handler() is handler)

    print("-- waited for")
    t = asyncio.create_task(breaks("a"))
    u = asyncio.create_task(waits(t))
    try:
        await u
    except KeyError as e:
        print("KeyError", e.args)
    for _ in range(2):
        try:
            await t
        except ValueError as e:
            print("again", e)

    print("-- nobody's")
    asyncio.create_task(breaks("b"))
    await pause()
    t = asyncio.create_task(asyncio.sleep(60))
    await asyncio.sleep(0)
    t.cancel()
    await pause()
    print(t.done())

    print("-- by hand")
    loop.call_exception_handler({"message": "m", "exception": OSError(5), "future": t})

    print("-- no handler any more")
    loop.set_exception_handler(None)
    print(loop.get_exception_handler())

    print("-- out of run")
    await breaks("the end")


try:
    asyncio.run(main())
except ValueError as e:
    print("ValueError", e)

asyncio.new_event_loop()
try:
    asyncio.run(exits())
except SystemExit as e:
    print("SystemExit", e.args)
print(asyncio.run(asyncio.wait_for(asyncio.sleep(0), 1)))
