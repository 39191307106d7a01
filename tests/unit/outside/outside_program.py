# What a VM runs while others reach for it.
import time

seen = []
count = 0


def forever():
    while True:
        pass


def caught():
    try:
        while True:
            pass
    except KeyboardInterrupt:
        return "caught"


def stubborn():
    # An interrupt that a scheduled call swallows must still stop the program below it.
    try:
        doze()
    except KeyboardInterrupt:
        seen.append("swallowed")


def loop_until(n):
    while count < n:
        pass
    return count


def note(x):
    global count
    count += 1
    return [x, str(x)]


def nested(x):
    seen.append(x)
    for i in range(5):
        pass
    seen.append(-x)


def nothing():
    return None


def doze():
    time.sleep(3600)


def busy(n):
    # Allocates all the time, so that objects move under the scheduled calls.
    total = 0
    for i in range(n):
        total += len([i, (i, str(i))])
    return total


def recurse(n):
    return 0 if n == 0 else 1 + recurse(n - 1)
