import math


class Running:
    def __init__(self):
        self.n = 0
        self.mean = 0.0
        self._m2 = 0.0
        self.low = None
        self.high = None

    def add(self, x):
        self.n += 1
        delta = x - self.mean
        self.mean += delta / self.n
        self._m2 += delta * (x - self.mean)
        if self.low is None or x < self.low:
            self.low = x
        if self.high is None or x > self.high:
            self.high = x

    def variance(self):
        return self._m2 / (self.n - 1) if self.n > 1 else 0.0

    def deviation(self):
        return math.sqrt(self.variance())


class Window:
    def __init__(self, size):
        self.size = size
        self.items = []

    def add(self, x):
        self.items.append(x)
        if len(self.items) > self.size:
            self.items.pop(0)

    def mean(self):
        return sum(self.items) / len(self.items)

    def median(self):
        ordered = sorted(self.items)
        n = len(ordered)
        if n % 2:
            return ordered[n // 2]
        return (ordered[n // 2 - 1] + ordered[n // 2]) / 2


def fit_line(points):
    n = len(points)
    sx = sum(x for x, _ in points)
    sy = sum(y for _, y in points)
    sxx = sum(x * x for x, _ in points)
    sxy = sum(x * y for x, y in points)
    slope = (n * sxy - sx * sy) / (n * sxx - sx * sx)
    return slope, (sy - slope * sx) / n


def histogram(values, low, high, bins=8):
    counts = [0] * bins
    for v in values:
        i = int((v - low) * bins / (high - low))
        counts[min(max(i, 0), bins - 1)] += 1
    return counts
