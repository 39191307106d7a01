# A thousand tasks: the work is bounded, and none of them leaves anything behind.
import asyncio
import gc
import time

N = 1000
FEWER = 300
comparisons = 0


def count_comparisons(a, b):
    global comparisons
    comparisons += 1
    return time.ticks_diff(a, b)


class Clock:
    """Stands in for the module `time`: goes on when somebody sleeps, and only then; and begins anew soon."""

    def __init__(self):
        self.last = time.ticks_add(0, -1)
        self.start = self.now = self.last - 30000

    def ticks_ms(self):
        return self.now & self.last

    def _wait_ms(self, ms, news):
        self.now += ms


# The loop's own: what it tells the time by, and what it compares deadlines with.
asyncio.time = Clock()
asyncio.ticks_ms = asyncio.time.ticks_ms
asyncio.ticks_diff = count_comparisons


def pseudo_random(n):
    x = 1
    for i in range(n):
        x = x * 75 % 65537
        yield x


async def sleeper(ms, log):
    await asyncio.sleep_ms(ms)
    log.append(ms)


async def sleepers():
    log = []
    tasks = [asyncio.create_task(sleeper(x, log)) for x in pseudo_random(N)]
    await asyncio.gather(*tasks)
    print(len(log), log == sorted(log), asyncio.time.now - asyncio.time.start == max(log))


async def cancelled():
    log = []
    tasks = [asyncio.create_task(sleeper(600000 + x, log)) for x in pseudo_random(FEWER)]
    await asyncio.sleep(0)
    print(sum([t.cancel() for t in tasks[::2]]), sum([t.cancel() for t in tasks[1::2]]))
    results = await asyncio.gather(*tasks, return_exceptions=True)
    print(len(results), log, all([isinstance(r, asyncio.CancelledError) for r in results]))


async def add(total, lock, event):
    await event.wait()
    async with lock:
        n = total[0]
        await asyncio.sleep(0)
        total[0] = n + 1


async def queues():
    total, lock, event = [0], asyncio.Lock(), asyncio.Event()
    tasks = [asyncio.create_task(add(total, lock, event)) for _ in range(FEWER)]
    await asyncio.sleep(0)
    event.set()
    for t in tasks:
        await t
    print(total, lock.locked())


async def link(previous):
    if previous is not None:
        await previous
    else:
        await asyncio.sleep(600)


async def chain():
    t = None
    for _ in range(FEWER):
        t = asyncio.create_task(link(t))
    await asyncio.sleep(0)
    t.cancel()
    try:
        await t
    except asyncio.CancelledError:
        print("the chain is broken")


for f in (sleepers, cancelled, queues, chain):
    comparisons = 0
    asyncio.run(f())
    # A thousand in a sorted list would take some 250000.
    print(f.__name__, comparisons < 60000)


async def quick():
    await asyncio.sleep_ms(0)


async def breaks():
    raise ValueError


async def rounds(n):
    for i in range(n):
        t = asyncio.create_task(sleeper(600000, []))
        await asyncio.create_task(quick())
        await asyncio.wait_for_ms(quick(), 600000)
        await asyncio.gather(quick(), breaks(), return_exceptions=True)
        t.cancel()
        asyncio.create_task(breaks())


asyncio.get_event_loop().set_exception_handler(lambda loop, context: None)
asyncio.run(rounds(3))
gc.collect()
before = gc.mem_alloc()
asyncio.run(rounds(50))
gc.collect()
print(gc.mem_alloc() - before < 1000)
