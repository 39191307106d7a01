"""asyncio: tasks that take turns, wait for each other and are cancelled."""
import asyncio

log = []


async def worker(name, n):
    for i in range(n):
        log.append((name, i))
        await asyncio.sleep(0)
    return name * n


async def forever():
    try:
        while True:
            await asyncio.sleep(1)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise


async def main():
    lazy = asyncio.create_task(forever())
    event = asyncio.Event()

    async def waiter():
        await event.wait()
        log.append("event")

    task = asyncio.create_task(waiter())
    print(await asyncio.gather(worker("a", 2), worker("b", 3)))
    event.set()
    await task
    lazy.cancel()
    try:
        await lazy
    except asyncio.CancelledError:
        log.append("gone")
    lock = asyncio.Lock()
    async with lock:
        log.append(lock.locked())


# Tasks of a run that failed are gone, and what became of them is not printed.
asyncio.new_event_loop().set_exception_handler(lambda loop, context: None)
asyncio.run(main())
print(log)
