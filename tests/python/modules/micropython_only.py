# Modules that CPython does not have, or has otherwise.
import gc
import micropython
import sys
import time
import usys
import utime
from micropython import const

print(usys is sys, utime is time, const(5), sys.implementation.name, sys.implementation._mpy & 0xFF)
gc.collect()
before = gc.mem_alloc()
keep = bytearray(5000)
print(gc.mem_alloc() - before >= 4000, gc.mem_free() > 0, gc.threshold())
gc.threshold(1000)
keep = None
print(gc.collect() >= 0, gc.mem_alloc() - before < 4000)

# Names are made beforehand: a namespace cannot grow under the lock.
caught, n, m = False, 0, 0
print(micropython.heap_lock(), micropython.heap_lock(), micropython.heap_locked())
try:
    [1, 2, 3]
except MemoryError:
    caught = True
n = micropython.heap_unlock()
m = micropython.heap_unlock()
print(caught, n, m, micropython.heap_locked())
try:
    micropython.heap_unlock()
except RuntimeError:
    print("RuntimeError")
print(micropython.opt_level(), micropython.opt_level(1), micropython.stack_use() > 0)
print(micropython.alloc_emergency_exception_buf(100), micropython.kbd_intr(-1))

t = time.ticks_ms()
time.sleep_ms(3)
time.sleep(0)
time.sleep_us(-5)
print(2 <= time.ticks_diff(time.ticks_ms(), t) < 5000)
print(time.ticks_diff(time.ticks_add(10, -20), 10), time.ticks_diff(5, 10), time.ticks_add(0, 7))
print(time.time_ns() > 1 << 60, time.time() > 1600000000, type(time.ticks_us()) is int, type(time.ticks_cpu()) is int)
for bad in (lambda: time.sleep(-1), lambda: time.ticks_add(0, 1 << 70), lambda: time.sleep("a")):
    try:
        bad()
    except (ValueError, OverflowError, TypeError) as e:
        print(type(e).__name__)


class Sink:
    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text


def fail():
    raise ValueError("told")


sink = Sink()
try:
    fail()
except ValueError as e:
    sys.print_exception(e, sink)
lines = sink.text.split("\n")
print(lines[0], lines[-2], len(lines), "fail" in lines[-3])
