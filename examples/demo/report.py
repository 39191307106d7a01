# The report: a table, the events, and what went wrong.


class Log:
    def __init__(self):
        self.readings = []
        self.events = []
        self.problems = []

    def reading(self, hour, value, state):
        self.readings.append((hour, value, state))

    def event(self, hour, text):
        self.events.append((hour, text))

    def problem(self, hour, error):
        self.problems.append((hour, error))


def bar(value, low=15, high=30, width=24):
    filled = int((value - low) / (high - low) * width)
    return "#" * max(0, min(width, filled))


def show(log, controller):
    print("hour   temp  state    ")
    for hour, value, state in log.readings:
        print("{:02d}:00 {:5.1f}  {:<8} {}".format(hour, value, state, bar(value)))

    print("\nevents")
    for hour, text in log.events:
        print("  %02d:00 %s" % (hour, text))

    print("\nproblems")
    for hour, error in log.problems:
        what = error.reason if error.raw is None else "%s: %d" % (error.reason, error.raw)
        print("  %02d:00 %s (%s)" % (hour, what, type(error).__name__))

    values = [value for _, value, _ in log.readings]
    print("\nmean %.2f C, from %.1f to %.1f, %d readings, %d lost" % (
        sum(values) / len(values), min(values), max(values), len(values), len(log.problems)))
    for (before, after), times in sorted(controller.switches.items()):
        print("%s -> %s: %d" % (before, after, times))
