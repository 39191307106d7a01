import asyncio

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
