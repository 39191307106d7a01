# The state machine: what the vents and the heater do at which temperature.

IDLE, VENTING, HEATING = "idle", "venting", "heating"


class Controller:
    def __init__(self, low, high, hysteresis=1.5):
        self.low = low
        self.high = high
        self.hysteresis = hysteresis
        self.state = IDLE
        self.switches = {}
        self.handlers = {
            IDLE: self.when_idle,
            VENTING: self.when_venting,
            HEATING: self.when_heating,
        }

    def when_idle(self, t):
        if t > self.high:
            return VENTING
        return HEATING if t < self.low else IDLE

    def when_venting(self, t):
        return IDLE if t < self.high - self.hysteresis else VENTING

    def when_heating(self, t):
        return IDLE if t > self.low + self.hysteresis else HEATING

    def step(self, temperature):
        # One reading can lead through several states; each change is an event.
        while True:
            after = self.handlers[self.state](temperature)
            if after == self.state:
                return
            key = (self.state, after)
            self.switches[key] = self.switches.get(key, 0) + 1
            yield "{} -> {} at {:.1f} C".format(self.state, after, temperature)
            self.state = after
