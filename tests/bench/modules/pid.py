class LowPass:
    def __init__(self, alpha, value=0.0):
        self.alpha = alpha
        self.value = value

    def update(self, sample):
        self.value += self.alpha * (sample - self.value)
        return self.value


class PID:
    def __init__(self, kp, ki=0.0, kd=0.0, low=0.0, high=100.0):
        self.kp = kp
        self.ki = ki
        self.kd = kd
        self.low = low
        self.high = high
        self.setpoint = 0.0
        self.auto = True
        self._integral = 0.0
        self._last = None
        self._filter = LowPass(0.25)
        self.output = 0.0

    @property
    def gains(self):
        return self.kp, self.ki, self.kd

    @gains.setter
    def gains(self, value):
        self.kp, self.ki, self.kd = value

    def _clamp(self, value):
        if value > self.high:
            return self.high
        if value < self.low:
            return self.low
        return value

    def manual(self, output):
        self.auto = False
        self.output = self._clamp(output)

    def resume(self):
        self._integral = self.output
        self._last = None
        self.auto = True

    def update(self, measured, seconds):
        if not self.auto:
            return self.output
        error = self.setpoint - measured
        self._integral = self._clamp(self._integral + self.ki * error * seconds)
        slope = 0.0
        if self._last is not None and seconds > 0:
            slope = self._filter.update((measured - self._last) / seconds)
        self._last = measured
        self.output = self._clamp(self.kp * error + self._integral - self.kd * slope)
        return self.output


class Relay:
    def __init__(self, threshold=50.0, hysteresis=5.0):
        self.threshold = threshold
        self.hysteresis = hysteresis
        self.on = False

    def update(self, value):
        if self.on:
            self.on = value > self.threshold - self.hysteresis
        else:
            self.on = value > self.threshold + self.hysteresis
        return self.on
