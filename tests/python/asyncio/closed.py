# A coroutine that another task closes while it waits: its task ends, and nobody is kept waiting for it.
import asyncio


async def with_lock(lock):
    async with lock:
        print("not reached")


async def main():
    lock = asyncio.Lock()
    await lock.acquire()
    coro = with_lock(lock)
    task = asyncio.create_task(coro)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    coro.close()
    lock.release()
    print(await task, lock.locked())
    async with lock:
        print("the lock is free")

    flag = asyncio.ThreadSafeFlag()
    coro = flag.wait()
    task = asyncio.create_task(coro)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    coro.close()
    print(await task)
    flag.set()
    await flag.wait()
    print("the flag is free")


asyncio.run(main())
