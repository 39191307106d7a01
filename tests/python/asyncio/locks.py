"""Lock: one owner at a time, first come first served, also when waiters are cancelled, before or after the lock was
handed to them; `async with` releases it however the block is left."""

import asyncio


async def user(name, lock, log):
    async with lock:
        log.append(name)
        await asyncio.sleep(0)
        log.append(name)


async def taker(name, lock):
    try:
        print(name, await lock.acquire())
    except asyncio.CancelledError:
        print(name, "cancelled")
        raise
    await asyncio.sleep(0)
    lock.release()


async def leave(lock, how):
    try:
        async with lock:
            print(how, lock.locked())
            if how == "return":
                return
            if how == "raise":
                raise ValueError
    except ValueError:
        print("raised")
    finally:
        print("left", lock.locked())


async def main():
    lock = asyncio.Lock()
    print(lock.locked(), await lock.acquire(), lock.locked())
    print(lock.release(), lock.locked())
    try:
        lock.release()
    except RuntimeError:
        print("it is nobody's")

    print("-- in turn")
    log = []
    tasks = [asyncio.create_task(user(name, lock, log)) for name in "abcdefgh"]
    for t in tasks:
        await t
    print("".join(log), lock.locked())

    print("-- blocks")
    for how in ("end", "return", "raise"):
        await leave(lock, how)

    print("-- cancelled waiters")
    await lock.acquire()
    tasks = [asyncio.create_task(taker(i, lock)) for i in range(5)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    tasks[3].cancel()
    lock.release()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(lock.locked())

    print("-- cancelled as it got the lock")
    await lock.acquire()
    tasks = [asyncio.create_task(taker(i, lock)) for i in range(3)]
    await asyncio.sleep(0)
    lock.release()
    tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(lock.locked())

    print("-- with a timeout")
    await lock.acquire()
    try:
        await asyncio.wait_for(lock.acquire(), 0.01)
    except asyncio.TimeoutError:
        print("TimeoutError", lock.locked())
    lock.release()
    print(await asyncio.wait_for(lock.acquire(), 60), lock.locked())
    lock.release()


asyncio.run(main())
