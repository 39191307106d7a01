# Filters for a noisy sensor. Each hands what it makes of a reading to the next one in the chain.


class SensorError(Exception):
    def __init__(self, reason, raw=None):
        super().__init__(reason)
        self.reason = reason
        self.raw = raw


class Filter:
    def __init__(self, size, then=None):
        self.window = []
        self.size = size
        self.then = then

    def feed(self, raw):
        if raw is None:
            raise SensorError("no answer")
        if not -300 <= raw <= 600:
            raise SensorError("out of range", raw)
        return self.pass_on(raw / 10)

    def pass_on(self, value):
        self.window.append(value)
        if len(self.window) > self.size:
            self.window.pop(0)
        value = self.combine(self.window)
        return value if self.then is None else self.then.pass_on(value)


class Average(Filter):
    def combine(self, values):
        return sum(values) / len(values)


class Median(Filter):
    def combine(self, values):
        return sorted(values)[len(values) // 2]
