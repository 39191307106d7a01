"""gather: results in the order of the arguments; the first exception at once, while the others go on; with
return_exceptions the exceptions among the results. Cancelling it cancels all that it waits for."""

import asyncio


async def item(name, turns=1):
    try:
        for i in range(turns):
            await asyncio.sleep(0)
        print("end of", name)
        return name
    except asyncio.CancelledError:
        print(name, "is cancelled")
        raise


async def breaks(name, turns=1):
    await item(name, turns)
    raise ValueError(name)


async def refuses(name):
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return name + " refused"


async def main():
    print(await asyncio.gather())
    print(await asyncio.gather(item("a", 3), item("b", 1), item("c", 2)))

    print("-- tasks, some of them done, one twice")
    done = asyncio.create_task(item("done"))
    await done
    later = asyncio.create_task(item("later", 2))
    print(await asyncio.gather(later, done, item("new"), later))

    print("-- exceptions as results")
    results = await asyncio.gather(item("a"), breaks("b"), breaks("c", 3), return_exceptions=True)
    print(results[0], [(type(r).__name__, r.args) for r in results[1:]])

    print("-- an exception")
    tasks = [asyncio.create_task(c) for c in (item("a", 9), breaks("b", 2), item("c"))]
    try:
        await asyncio.gather(*tasks)
    except ValueError as e:
        print("ValueError", e, [t.done() for t in tasks])
    print(await tasks[0])

    print("-- an exception that was there before")
    try:
        await asyncio.gather(tasks[1], tasks[0])
    except ValueError as e:
        print("ValueError", e)

    print("-- one of them cancelled")
    tasks = [asyncio.create_task(item(name, 5)) for name in "abc"]
    await asyncio.sleep(0)
    tasks[1].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    print(results[0], type(results[1]).__name__, results[2])

    print("-- all of it cancelled")

    async def gatherer():
        return await asyncio.gather(*tasks)

    tasks = [asyncio.create_task(item(name, 50)) for name in "ab"] + [asyncio.create_task(refuses("c"))]
    whole = asyncio.create_task(gatherer())
    await asyncio.sleep(0)
    whole.cancel()
    try:
        await whole
    except asyncio.CancelledError:
        print("gather was cancelled")
    for _ in range(3):
        await asyncio.sleep(0)
    print([t.done() for t in tasks], await tasks[2])

    print("-- its caller is not woken by those that it did not wait for")
    lock = asyncio.Lock()

    async def owner():
        async with lock:
            print("in")
            await asyncio.sleep(0.05)
            print("out")

    bad = asyncio.create_task(breaks("x"))
    try:
        await bad
    except ValueError:
        pass
    slow = asyncio.create_task(item("slow", 10))
    asyncio.create_task(owner())
    await asyncio.sleep(0)
    try:
        await asyncio.gather(bad, slow)
    except ValueError:
        print("ValueError")
    async with lock:
        print("in, alone")
    await slow

    print("-- gathers in gathers")
    print(await asyncio.gather(asyncio.gather(item("a", 5), item("b", 9)), item("c")))


asyncio.run(main())
