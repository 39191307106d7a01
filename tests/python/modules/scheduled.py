# micropython.schedule: calls are made soon, in order, one at a time, and never more than the queue holds; an exception in one of
# them is not the program's.
import micropython

log = []


def note(x):
    log.append(x)


def wait_for(n):
    for _ in range(100000):
        if len(log) >= n:
            return
    print("not called")


micropython.schedule(note, 1)
wait_for(1)
micropython.schedule(note, 2)
micropython.schedule(note, "three")
wait_for(3)
print(log)


# One that schedules itself runs again after it has returned, not inside itself.
inside = 0


def again(n):
    global inside
    inside += 1
    log.append((n, inside))
    if n > 0:
        micropython.schedule(again, n - 1)
    inside -= 1


log.clear()
micropython.schedule(again, 3)
wait_for(4)
print(log)


# The queue has an end. While a scheduled call runs no other is made, so it can be filled from there.
def fill(limit):
    n = 0
    try:
        while n < limit:
            micropython.schedule(note, n)
            n += 1
    except RuntimeError:
        log.append("full")
    log.append(n > 0)


log.clear()
micropython.schedule(fill, 10000)
wait_for(2)
print(log[:2])
wait_for(3)
for _ in range(100000):
    pass
print(log[2:] == list(range(len(log) - 2)))

# Bound methods and closures do as well; what is waiting is kept alive.
log.clear()
micropython.schedule(log.append, [1, 2])
micropython.schedule((lambda base: lambda x: log.append(base + x))(40), 2)
wait_for(2)
print(log)

for bad in (lambda: micropython.schedule(), lambda: micropython.schedule(note)):
    try:
        bad()
    except TypeError:
        print("TypeError")
