# A day in the life of a greenhouse controller, as a firmware would run it: readings arrive, are filtered, drive a state
# machine, and end in a report. All modules run where they lie in flash.

from filters import Average, Median, SensorError
from controller import Controller
import report


# What the sensor said, in tenths of a degree. None: no answer on the bus.
READINGS = (
    182, 183, 185, 990, 186, 190, None, 204, 221, 238, 251, 259,
    268, 271, None, 272, -400, 265, 254, 240, 226, 211, 199, 190,
)


def run():
    chain = Median(3, Average(4))
    controller = Controller(low=20.0, high=25.0)
    log = report.Log()
    for hour, raw in enumerate(READINGS):
        try:
            value = chain.feed(raw)
        except SensorError as error:
            log.problem(hour, error)
            continue
        for event in controller.step(value):
            log.event(hour, event)
        log.reading(hour, value, controller.state)
    report.show(log, controller)


run()
