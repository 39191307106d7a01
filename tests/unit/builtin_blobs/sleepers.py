import asyncio
import micropython
import time

woken = []


async def sleeper(ms):
    await asyncio.sleep_ms(ms)
    woken.append(ms)


async def main(times):
    await asyncio.gather(*[sleeper(ms) for ms in times])


def run(*times):
    woken.clear()
    asyncio.run(main(times))
    return str(woken)


flag = asyncio.ThreadSafeFlag()


def set_flag():
    flag.set()


async def wait_for_flag():
    await flag.wait()
    return time.ticks_ms()


async def beside_sleeper():
    hour = asyncio.create_task(asyncio.sleep(3600))
    await asyncio.sleep(0)
    try:
        return await wait_for_flag()
    finally:
        hour.cancel()


def flag_beside_sleeper():
    return asyncio.run(beside_sleeper())


def flag_alone():
    return asyncio.run(wait_for_flag())


def later(calls):
    if calls == 0:
        flag.set()
    else:
        micropython.schedule(later, calls - 1)


def flag_of_program():
    micropython.schedule(later, 1000)
    asyncio.run(flag.wait())
