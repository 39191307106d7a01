"""Event: wakes all that wait, in order, even if it is cleared before they run; does not hold up those that come while
it is set; and forgets waiters that are cancelled."""

import asyncio


async def waiter(name, event, rounds=1):
    for i in range(rounds):
        print(name, await event.wait(), event.is_set())
        await asyncio.sleep(0)


class Stream:
    """Items for `async for`, each when it comes."""

    def __init__(self):
        self.event = asyncio.Event()
        self.items = []

    def put(self, item):
        self.items.append(item)
        self.event.set()

    def __aiter__(self):
        return self

    async def __anext__(self):
        while not self.items:
            self.event.clear()
            await self.event.wait()
        item = self.items.pop(0)
        if item is None:
            raise StopAsyncIteration
        return item


async def feed(stream):
    for i in range(4):
        stream.put(i)
        if i % 2:
            await asyncio.sleep(0.01)
    stream.put(None)


async def main():
    event = asyncio.Event()
    print(event.is_set(), event.set(), event.is_set(), event.clear(), event.is_set())

    print("-- several")
    tasks = [asyncio.create_task(waiter(name, event)) for name in "abc"]
    await asyncio.sleep(0)
    event.set()
    event.set()
    print("set")
    await asyncio.gather(*tasks)
    await waiter("at once", event, 2)

    print("-- set and cleared")
    event.clear()
    tasks = [asyncio.create_task(waiter(name, event)) for name in "abc"]
    await asyncio.sleep(0)
    event.set()
    event.clear()
    await asyncio.gather(*tasks)

    print("-- cancelled")
    tasks = [asyncio.create_task(waiter(name, event)) for name in "abcd"]
    await asyncio.sleep(0)
    tasks[0].cancel()
    event.set()
    tasks[2].cancel()
    await asyncio.sleep(0)
    results = await asyncio.gather(*tasks, return_exceptions=True)
    print([type(r).__name__ for r in results])

    print("-- async for")
    stream = Stream()
    task = asyncio.create_task(feed(stream))
    async for item in stream:
        print(item)
    print(task.done(), await task)


asyncio.run(main())
