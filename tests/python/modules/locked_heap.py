# What works under micropython.heap_lock(), where nothing can be allocated: iterating, indexing, calls and methods, slices written in
# place, super(), small ints out of bytes, and exceptions with their types and arguments.
import micropython

if hasattr(micropython, "alloc_emergency_exception_buf"):
    micropython.alloc_emergency_exception_buf(256)


class Base:
    def step(self, n):
        return n + 1


class Derived(Base):
    def step(self, n):
        return super().step(n) + 10


def under_lock(f):
    # The result is stored beforehand, as a namespace cannot grow under the lock.
    result = caught = None
    micropython.heap_lock()
    try:
        result = f()
    except MemoryError:
        caught = True
    micropython.heap_unlock()
    print(f.__name__, result, "MemoryError" if caught else "")


thing = Derived()
numbers = [1, 2, 3]
pairs = {"a": 1, "b": 2}
data = bytearray(8)
view = memoryview(data)
text = b"\x01\x02\x03"
holder = [None]


def sum_list():
    total = 0
    for n in numbers:
        total += n
    return total


def sum_dict():
    total = 0
    for key in pairs:
        total += pairs[key]
    return total


def sum_bytes():
    total = 0
    for b in text:
        total += b
    return total


def sum_range():
    total = 0
    for i in range(5):
        total += i
    return total


def method():
    return thing.step(1)


def slices():
    data[2:4] = b"ab"
    view[4:6] = b"cd"
    return data[2] + data[5]


def from_bytes():
    return int.from_bytes(text, "little")


def generator():
    total = 0
    for n in running:
        total += n
    return total


running = (n * 2 for n in numbers)
for f in (sum_list, sum_dict, sum_bytes, sum_range, method, slices, from_bytes, generator):
    under_lock(f)
print(data)


# Exceptions are made out of a reserve.
def name_error():
    try:
        missing
    except NameError as e:
        holder[0] = e
    return 1


def value_error():
    try:
        raise ValueError(1)
    except ValueError as e:
        holder[0] = e
    return 2


def stop():
    try:
        next(iter_over)
    except StopIteration:
        return 3


iter_over = iter(())
under_lock(name_error)
print(type(holder[0]).__name__)
under_lock(value_error)
print(type(holder[0]).__name__, holder[0].args)
under_lock(stop)


one = 1


# What needs memory is a MemoryError, and works again afterwards.
def make_list():
    return [numbers, numbers]



def make_big():
    return one << 100


for f in (make_list, make_big):
    under_lock(f)
print(make_list() == [numbers, numbers], make_big() == 1 << 100)
