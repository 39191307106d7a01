# What CPython's asyncio does not have, or has otherwise: milliseconds, one loop that is never made anew, flags, tasks
# that go on in the next run(), and what is said of an exception that nobody waited for.
import asyncio
import time
import uasyncio

print(uasyncio is asyncio, uasyncio.__name__)


async def show(awaitable):
    try:
        print("result:", await awaitable)
    except (Exception, asyncio.CancelledError) as e:
        print(repr(e))


async def item(name, ms):
    await asyncio.sleep_ms(ms)
    print("end of", name)
    return name


async def milliseconds():
    await asyncio.gather(item("b", 80), item("c", 120), item("a", 40), item("none", 0), item("negative", -10))
    await show(asyncio.wait_for_ms(item("in time", 1), 60000))
    await show(asyncio.wait_for_ms(item("late", 60000), 1))
    await show(asyncio.wait_for_ms(item("none", 0), None))
    # Half of the clock's period is the most that one can wait.
    most = time.ticks_add(0, -1) // 2
    await show(asyncio.sleep_ms(most + 1))
    t = asyncio.create_task(asyncio.sleep_ms(most))
    await asyncio.sleep_ms(1)
    t.cancel()
    await show(t)


asyncio.run(milliseconds())

print("-- cancelling oneself")


async def cancel_self():
    asyncio.current_task().cancel()


async def wait_for_self():
    await asyncio.current_task()


for f in (cancel_self, wait_for_self):
    try:
        asyncio.run(f())
    except RuntimeError as e:
        print(e)

print("-- a late exception is not lost")


async def breaks_late():
    try:
        await asyncio.sleep(60)
    finally:
        raise ValueError("broken")


asyncio.run(show(asyncio.wait_for_ms(breaks_late(), 1)))


async def refuses():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        return "refused"


asyncio.run(show(asyncio.wait_for_ms(refuses(), 1)))

print("-- the loop")
loop = asyncio.get_event_loop()
print(asyncio.new_event_loop() is loop)


async def count(name, n):
    for i in range(n):
        print(name, i)
        await asyncio.sleep_ms(0)
    loop.stop()
    loop.stop()


loop.create_task(count("a", 2))
loop.create_task(count("b", 5))
loop.run_forever()
print("stopped")
loop.run_forever()
print("stopped")
loop.run_forever()
print("nothing left to do")
loop.create_task(count("c", 9))
print(loop.run_until_complete(count("d", 2)), loop.close())
print(asyncio.run(item("in between", 0)))
asyncio.new_event_loop()
print(asyncio.run(item("c is forgotten", 0)))
try:
    loop.run_until_complete(asyncio.Event().wait())
except RuntimeError as e:
    print(e)


async def nested():
    asyncio.run(count("never", 1))


async def circle(i):
    await asyncio.sleep(0)
    await circles[i]


async def main():
    global circles
    circles = [asyncio.create_task(circle(i)) for i in (1, 2, 1)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(circles[0].cancel())
    await show(circles[0])


for f in (nested, main):
    try:
        asyncio.run(f())
    except RuntimeError as e:
        print(e)
for wrong in (None, 5, count, asyncio):
    try:
        asyncio.create_task(wrong)
    except TypeError as e:
        print(e)

print("-- flags")


async def waiter(name, flag):
    print(name, "waits")
    await show(flag.wait())


async def flags():
    flag = asyncio.ThreadSafeFlag()
    flag.set()
    await waiter("at once", flag)
    t = asyncio.create_task(waiter("a", flag))
    u = asyncio.create_task(waiter("b", flag))
    await u
    flag.set()
    await t
    flag.set()
    flag.clear()
    await show(asyncio.wait_for_ms(flag.wait(), 1))
    flag.set()
    await show(asyncio.wait_for_ms(flag.wait(), 60000))


asyncio.run(flags())

print("-- nobody's exception")
loop.default_exception_handler({"message": "the message", "exception": ValueError("the exception"), "future": None})


async def broken():
    raise ValueError("not retrieved")


async def two():
    asyncio.create_task(broken())
    await asyncio.sleep(0)
    await asyncio.sleep(0)


loop.set_exception_handler(lambda loop, context: print(context["message"], repr(context["exception"])))
asyncio.run(two())
