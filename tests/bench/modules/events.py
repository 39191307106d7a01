import heapq
import time


class Event:
    def __init__(self, when, order, callback, args, period=0):
        self.when = when
        self.order = order
        self.callback = callback
        self.args = args
        self.period = period
        self.cancelled = False

    def __lt__(self, other):
        return (self.when, self.order) < (other.when, other.order)

    def cancel(self):
        self.cancelled = True


class Scheduler:
    def __init__(self, now=time.ticks_ms):
        self._now = now
        self._queue = []
        self._order = 0
        self.errors = 0
        self.late = 0

    def _push(self, event):
        event.order = self._order
        self._order += 1
        heapq.heappush(self._queue, event)
        return event

    def after(self, delay, callback, *args):
        return self._push(Event(self._now() + delay, 0, callback, args))

    def every(self, period, callback, *args):
        return self._push(Event(self._now() + period, 0, callback, args, period))

    def pending(self):
        return sum(1 for e in self._queue if not e.cancelled)

    def run_due(self):
        n = 0
        while self._queue and self._queue[0].when <= self._now():
            event = heapq.heappop(self._queue)
            if event.cancelled:
                continue
            if self._now() - event.when > 10:
                self.late += 1
            try:
                event.callback(*event.args)
            except Exception:
                self.errors += 1
            n += 1
            if event.period and not event.cancelled:
                event.when += event.period
                self._push(event)
        return n


class Bus:
    def __init__(self):
        self._topics = {}

    def subscribe(self, topic, callback):
        self._topics.setdefault(topic, []).append(callback)
        return lambda: self._topics[topic].remove(callback)

    def publish(self, topic, payload=None):
        n = 0
        for pattern, callbacks in self._topics.items():
            if pattern == topic or pattern.endswith("#") and topic.startswith(pattern[:-1]):
                for callback in list(callbacks):
                    callback(topic, payload)
                    n += 1
        return n


class Debounce:
    def __init__(self, scheduler, delay, callback):
        self._scheduler = scheduler
        self._delay = delay
        self._callback = callback
        self._event = None

    def __call__(self, *args):
        if self._event is not None:
            self._event.cancel()
        self._event = self._scheduler.after(self._delay, self._callback, *args)
