# import asyncio: tasks that take turns.
#
# This file is compiled by the stock compiler and lies in the library as a blob, asyncio_blob.inc, which the target
# builtin_blobs renews. It needs nothing but `time`, and no clock for programs that do not sleep.
#
# Whatever waits for its turn is an _Entry and is in one place at a time, its `holder`: the queue of those that are
# ready, the timers, or the queue of those that wait for a task, an event or a lock. The links are members of the
# entry, so that scheduling takes no memory, and leaving a place takes a fixed time. A task that is not done and has no
# holder is running, or parked: somebody keeps it in mind and will wake() it. A coroutine parks by yielding True;
# yielding None is asking for another turn.
#
# Scheduled calls may come between any two steps of all this, and so the only thing here that is for them is
# ThreadSafeFlag.set().

import time
import sys

ticks_ms = time.ticks_ms
ticks_add = time.ticks_add
ticks_diff = time.ticks_diff


class CancelledError(BaseException):
    pass


class TimeoutError(Exception):
    pass


class _Entry:
    def __init__(self):
        self.holder = None
        self.next = None
        self.prev = None
        self.child = None

    # Takes part in the next round, wherever it was.
    def wake(self):
        ready = _loop.ready
        if self.holder is not ready:
            self.drop()
            ready.push(self)

    # Leaves the place where it waits.
    def drop(self):
        if self.holder is not None:
            self.holder.remove(self)


# First in, first out.
class _Queue:
    def __init__(self):
        self.head = None
        self.tail = None

    def push(self, e):
        e.holder = self
        e.prev = self.tail
        if self.tail is None:
            self.head = e
        else:
            self.tail.next = e
        self.tail = e

    def remove(self, e):
        if e.prev is None:
            self.head = e.next
        else:
            e.prev.next = e.next
        if e.next is None:
            self.tail = e.prev
        else:
            e.next.prev = e.prev
        e.holder = e.prev = e.next = None

    def wake_all(self):
        while self.head is not None:
            self.head.wake()


class _Flags(_Queue):
    def wake_tasks(self):
        flag = self.head
        while flag is not None:
            if flag.state:
                flag.task.wake()
            flag = flag.next


# A pairing heap by deadline, and by age where deadlines are equal. `child` is the first of an entry's children, `next`
# and `prev` are its siblings; `prev` of the first is the parent.
class _Timers:
    def __init__(self):
        self.head = None
        self.count = 0

    def push(self, e, ms):
        e.at = ticks_add(ticks_ms(), ms)
        self.count = ticks_add(self.count, 1)
        e.age = self.count
        e.holder = self
        self.head = _meld(self.head, e)

    def remove(self, e):
        if e is self.head:
            self.head = _meld_all(e.child)
        else:
            if e.prev.child is e:
                e.prev.child = e.next
            else:
                e.prev.next = e.next
            if e.next is not None:
                e.next.prev = e.prev
            self.head = _meld(self.head, _meld_all(e.child))
        e.holder = e.child = e.next = e.prev = None


# One heap of two.
def _meld(a, b):
    if a is None:
        return b
    if b is None:
        return a
    d = ticks_diff(b.at, a.at)
    if d < 0 or d == 0 and ticks_diff(b.age, a.age) < 0:
        a, b = b, a
    b.prev = a
    b.next = a.child
    if b.next is not None:
        b.next.prev = b
    a.child = b
    return a


# One heap of the siblings from `e` on: of pairs first, which is what keeps later removals cheap.
def _meld_all(e):
    pairs = None
    while e is not None:
        a = e
        b = a.next
        e = None if b is None else b.next
        a.next = a.prev = None
        if b is not None:
            b.next = b.prev = None
            a = _meld(a, b)
        a.next = pairs
        pairs = a
    heap = None
    while pairs is not None:
        a = pairs
        pairs = a.next
        a.next = None
        heap = _meld(heap, a)
    return heap


# What has a turn without being a task: calls f(argument).
class _Call(_Entry):
    def __init__(self, f, argument):
        super().__init__()
        self.f = f
        self.argument = argument

    def step(self):
        self.f(self.argument)


class Task(_Entry):
    def __init__(self, coro):
        super().__init__()
        self.coro = coro
        self.ended = False
        self.value = None
        self.error = None
        self.seen = False  # somebody knows of the error
        self.throw = None  # to be raised in the coroutine at its next turn
        self.awaited = None  # the task that this one waits for
        self.waiting = None  # a queue, once something waits for this task

    def done(self):
        return self.ended

    # `e` gets a turn when this task ends.
    def watch(self, e):
        if self.waiting is None:
            self.waiting = _Queue()
        self.waiting.push(e)

    def cancel(self):
        if self.ended:
            return False
        if self is _loop.current:
            raise RuntimeError("can't cancel self")
        # It is the innermost that is cancelled, for the others see that. `slow` is there for tasks that wait for each
        # other in a circle, of which it does not matter which one it is.
        task = slow = self
        odd = False
        while task.awaited is not None and not task.awaited.ended:
            task = task.awaited
            if odd:
                slow = slow.awaited
            odd = not odd
            if task is slow:
                break
        task.throw = CancelledError()
        if task is not _loop.current:
            task.wake()
        return True

    def __iter__(self):
        if not self.ended:
            me = current_task()
            if me is self:
                raise RuntimeError("can't wait for self")
            self.watch(me)
            me.awaited = self
            try:
                yield True
            finally:
                me.awaited = None
        return self.outcome()

    def outcome(self):
        if self.error is not None:
            self.seen = True
            raise self.error
        return self.value

    def step(self):
        if self.ended:
            # Its error was nobody's when it ended, and still is.
            if not self.seen and self.error is not None:
                _loop.call_exception_handler(
                    {"message": "Task exception wasn't retrieved", "exception": self.error, "future": self}
                )
            return
        _loop.current = self
        throw = self.throw
        try:
            if throw is None:
                parked = self.coro.send(None)
            else:
                self.throw = None
                parked = self.coro.throw(throw)
            # It was cancelled meanwhile if somebody awaits it whom it has cancelled.
            if parked is None or self.throw is not None:
                self.wake()
        except StopIteration as e:
            self.end(e.value, self.throw)
        except BaseException as e:
            self.end(None, e)
            if not isinstance(e, (Exception, CancelledError)):
                raise
        finally:
            _loop.current = None

    def end(self, value, error):
        self.ended = True
        self.value = value
        self.error = error
        if self.waiting is not None and self.waiting.head is not None:
            self.waiting.wake_all()
        elif isinstance(error, Exception):
            _loop.ready.push(self)


class Loop:
    def __init__(self):
        self.handler = None
        self.news = bytearray(1)  # of flags that were set
        self.reset()

    def reset(self):
        self.ready = _Queue()
        self.timers = _Timers()
        self.flags = _Flags()  # those that are waited for
        self.current = None
        self.running = False
        self.stopping = False

    # Moves to the ready what is due. Waits if there is nothing else to do; False if that would be for ever.
    def poll(self):
        timers = self.timers
        news = self.news
        while True:
            if news[0]:
                news[0] = 0
                self.flags.wake_tasks()
            if timers.head is not None:
                wait = ticks_diff(timers.head.at, ticks_ms())
                if wait <= 0:
                    timers.head.wake()
                    continue
            elif self.flags.head is not None:
                wait = 1000000
            else:
                return self.ready.head is not None
            if self.ready.head is not None:
                return True
            time._wait_ms(wait, news)

    # Until `main` is done, or without it until stop().
    def run(self, main):
        self.running = True
        self.stopping = False
        try:
            while self.poll():
                entry = self.ready.head
                self.ready.remove(entry)
                entry.step()
                if self.stopping if main is None else main.ended:
                    break
        finally:
            self.running = False

    def create_task(self, coro):
        if not hasattr(coro, "send"):
            raise TypeError("coroutine expected")
        task = Task(coro)
        self.ready.push(task)
        return task

    def check(self):
        if self.running:
            raise RuntimeError("the event loop is running already")

    # Returns as well when there is no task left that could ever run.
    def run_forever(self):
        self.check()
        self.run(None)

    def run_until_complete(self, awaitable):
        self.check()
        main = _task(awaitable)
        main.seen = True
        if not main.ended:
            self.run(main)
            if not main.ended:
                raise RuntimeError("all tasks wait for each other")
        return main.outcome()

    def stop(self):
        self.stopping = True

    def close(self):
        pass

    def set_exception_handler(self, handler):
        self.handler = handler

    def get_exception_handler(self):
        return self.handler

    def default_exception_handler(self, context):
        future = context.get("future")
        print(context["message"], file=sys.stderr)
        print("future:", future, "coro=", getattr(future, "coro", None), file=sys.stderr)
        sys.print_exception(context["exception"], sys.stderr)

    def call_exception_handler(self, context):
        if self.handler is None:
            self.default_exception_handler(context)
        else:
            self.handler(self, context)


_loop = Loop()


def get_event_loop():
    return _loop


def new_event_loop():
    _loop.reset()
    return _loop


def current_task():
    if _loop.current is None:
        raise RuntimeError("no running event loop")
    return _loop.current


def create_task(coro):
    return _loop.create_task(coro)


def run_until_complete(awaitable):
    return _loop.run_until_complete(awaitable)


run = run_until_complete


def _task(awaitable):
    return awaitable if isinstance(awaitable, Task) else _loop.create_task(awaitable)


def sleep_ms(t):
    if t > 0:
        _loop.timers.push(current_task(), t)
        yield True
    else:
        yield


def sleep(t):
    return sleep_ms(int(t * 1000))


def wait_for(awaitable, timeout):
    return wait_for_ms(awaitable, None if timeout is None else int(timeout * 1000))


def wait_for_ms(awaitable, timeout):
    me = current_task()
    task = _task(awaitable)
    end = _Call(Task.wake, me)
    timer = _Call(Task.wake, me)
    late = False
    if not task.ended:
        try:
            task.watch(end)
            if timeout is not None:
                _loop.timers.push(timer, max(timeout, 0))
            while True:
                yield True
                if task.ended:
                    break
                late = True
                task.cancel()
        except BaseException:
            task.cancel()
            raise
        finally:
            end.drop()
            timer.drop()
    if late and not isinstance(task.error, Exception):
        raise TimeoutError()
    return task.outcome()


def gather(*awaitables, return_exceptions=False):
    me = current_task()
    tasks = [_task(a) for a in awaitables]
    calls = []
    left = 0
    failed = None

    def look(task):
        nonlocal failed
        if failed is None and task.error is not None and not return_exceptions:
            failed = task

    def ended(task):
        nonlocal left
        left -= 1
        look(task)
        if left == 0 or failed is not None:
            me.wake()

    try:
        for task in tasks:
            if task.ended:
                look(task)
            else:
                calls.append(_Call(ended, task))
                task.watch(calls[-1])
                left += 1
        if left > 0 and failed is None:
            try:
                yield True
            except BaseException:
                for task in tasks:
                    task.cancel()
                raise
    finally:
        for call in calls:
            call.drop()
    if failed is not None:
        failed.outcome()
    results = []
    for task in tasks:
        task.seen = True
        results.append(task.value if task.error is None else task.error)
    return results


class Event:
    def __init__(self):
        self.state = False
        self.waiting = _Queue()

    def is_set(self):
        return self.state

    def set(self):
        self.state = True
        self.waiting.wake_all()

    def clear(self):
        self.state = False

    def wait(self):
        if not self.state:
            self.waiting.push(current_task())
            yield True
        return True


# An event for one task that resets itself. Scheduled calls, which come between any two steps of the program, may set
# it, and so that changes no queue: the loop looks which flags are set when it has the news that one is.
class ThreadSafeFlag(_Entry):
    def __init__(self):
        super().__init__()
        self.state = False
        self.task = None

    def set(self):
        self.state = True
        _loop.news[0] = 1

    def clear(self):
        self.state = False

    def wait(self):
        while not self.state:
            if self.holder is _loop.flags:
                raise RuntimeError("another task waits for the flag")
            me = current_task()
            self.drop()
            self.task = me
            _loop.flags.push(self)
            try:
                yield True
            finally:
                self.drop()
                # If another task has closed the coroutine, this is how its own one learns that it has ended.
                if me is not _loop.current:
                    me.wake()
        self.state = False


class Lock:
    def __init__(self):
        self.state = False
        self.waiting = _Queue()
        self.heir = None  # who got the lock and has not run since

    # Not between two owners.
    def locked(self):
        return self.state and self.heir is None

    def acquire(self):
        if self.state:
            me = current_task()
            self.waiting.push(me)
            try:
                yield True
            except BaseException:
                if self.heir is me:
                    self.heir = None
                    self.release()
                elif me.holder is self.waiting:
                    me.wake()  # to its end, as its coroutine was closed
                raise
            self.heir = None
        self.state = True
        return True

    def release(self):
        if not self.state or self.heir is not None:
            raise RuntimeError("Lock not acquired")
        self.heir = self.waiting.head
        if self.heir is None:
            self.state = False
        else:
            self.heir.wake()

    async def __aenter__(self):
        await self.acquire()

    async def __aexit__(self, kind, value, traceback):
        self.release()
