IDLE = "idle"
HEATING = "heating"
MIXING = "mixing"
DRAINING = "draining"
FAULT = "fault"


class Transition:
    def __init__(self, source, event, target, action=None, guard=None):
        self.source = source
        self.event = event
        self.target = target
        self.action = action
        self.guard = guard


class StateMachine:
    def __init__(self, initial, transitions):
        self.state = initial
        self.history = []
        self._table = {}
        self._listeners = []
        for t in transitions:
            self._table.setdefault((t.source, t.event), []).append(t)

    def listen(self, callback):
        self._listeners.append(callback)

    def fire(self, event, *args):
        for t in self._table.get((self.state, event), ()):
            if t.guard is not None and not t.guard(*args):
                continue
            old = self.state
            if t.action is not None:
                t.action(*args)
            self.state = t.target
            self.history.append((old, event, t.target))
            if len(self.history) > 16:
                del self.history[0]
            for callback in self._listeners:
                callback(old, self.state)
            return True
        return False


class Washer:
    def __init__(self, target=60):
        self.target = target
        self.temperature = 20
        self.heater = False
        self.motor = False
        self.pump = False
        self.reason = None
        self.machine = StateMachine(IDLE, [
            Transition(IDLE, "start", HEATING, self._heat, guard=lambda: self.reason is None),
            Transition(HEATING, "hot", MIXING, self._mix),
            Transition(MIXING, "done", DRAINING, self._drain),
            Transition(DRAINING, "empty", IDLE, self._stop),
            Transition(IDLE, "fail", FAULT, self._fail),
            Transition(HEATING, "fail", FAULT, self._fail),
            Transition(MIXING, "fail", FAULT, self._fail),
            Transition(DRAINING, "fail", FAULT, self._fail),
            Transition(FAULT, "reset", IDLE, self._reset),
        ])

    def _heat(self):
        self.heater = True

    def _mix(self):
        self.heater = False
        self.motor = True

    def _drain(self):
        self.motor = False
        self.pump = True

    def _stop(self):
        self.heater = self.motor = self.pump = False

    def _fail(self, reason="unknown"):
        self._stop()
        self.reason = reason

    def _reset(self):
        self.reason = None

    def tick(self):
        state = self.machine.state
        if state == HEATING:
            self.temperature += 5
            if self.temperature >= self.target:
                self.machine.fire("hot")
        elif state == DRAINING:
            self.temperature = 20
            self.machine.fire("empty")
        if self.temperature > 95:
            self.machine.fire("fail", "too hot")
