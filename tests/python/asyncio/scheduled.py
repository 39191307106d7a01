# Scheduled calls may set a ThreadSafeFlag between any two steps of a program: no wake-up is lost, and nobody is woken
# twice. `later` counts the steps down.
import asyncio
import micropython

steps = 0


def later(_):
    global steps
    steps -= 1
    if steps > 0:
        micropython.schedule(later, 0)
    elif steps == 0:
        flag.set()


def schedule(n):
    global steps
    steps = n
    micropython.schedule(later, 0)


async def set_after(n):
    global ended
    ended = False

    async def waiter():
        global ended
        await flag.wait()
        ended = True

    task = asyncio.create_task(waiter())
    schedule(n)
    while steps > 0:
        await asyncio.sleep(0)
    await task


lost = []
for n in range(1, 150):
    flag = asyncio.ThreadSafeFlag()
    asyncio.run(set_after(n))
    if not ended:
        lost.append(n)
print("lost:", lost)


async def cancel_while_set(n):
    task = asyncio.create_task(flag.wait())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    schedule(n)
    task.cancel()
    while steps > 0:
        await asyncio.sleep(0)
    try:
        await task
        return "set"
    except asyncio.CancelledError:
        return "cancelled"


outcomes = set()
for n in range(1, 60):
    flag = asyncio.ThreadSafeFlag()
    outcomes.add(asyncio.run(cancel_while_set(n)))
print(outcomes)

# It resets itself, and may be set before.
flag = asyncio.ThreadSafeFlag()


async def set_before():
    flag.set()
    await flag.wait()
    print(flag.state)
    flag.set()
    flag.clear()
    micropython.schedule(lambda f: f.set(), flag)
    await flag.wait()
    print(flag.state)


asyncio.run(set_before())


async def two():
    first = asyncio.create_task(flag.wait())
    await asyncio.sleep(0)
    try:
        await flag.wait()
    except RuntimeError as e:
        print(e)
    flag.set()
    await first


asyncio.run(two())
