import binascii
import hashlib
import json
import struct
import time

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PING, PONG, DISCONNECT = range(1, 10)

QOS_NAMES = {0: "at most once", 1: "at least once"}

UNITS = {
    "temperature": "C",
    "humidity": "%",
    "pressure": "hPa",
    "voltage": "V",
    "current": "A",
    "power": "W",
    "flow": "l/min",
}

ALARM_TEXTS = (
    "all is well",
    "temperature is above the limit",
    "temperature is below the limit",
    "the supply voltage is low",
    "the sensor does not answer",
    "the pump runs dry",
    "the clock was not set",
)


class ProtocolError(Exception):
    pass


class NotConnected(ProtocolError):
    pass


class Timeout(ProtocolError):
    pass


def encode_length(n):
    out = bytearray()
    while True:
        digit = n & 0x7F
        n >>= 7
        out.append(digit | 0x80 if n else digit)
        if not n:
            return bytes(out)


def decode_length(data, at):
    value = 0
    shift = 0
    while True:
        if at >= len(data):
            return None, at
        digit = data[at]
        at += 1
        value |= (digit & 0x7F) << shift
        if not digit & 0x80:
            return value, at
        shift += 7
        if shift > 21:
            raise ProtocolError("malformed length")


def encode_str(text):
    data = text.encode()
    return struct.pack(">H", len(data)) + data


def decode_str(data, at):
    n = struct.unpack(">H", data[at:at + 2])[0]
    at += 2
    return data[at:at + n].decode(), at + n


class Packet:
    def __init__(self, kind, flags=0, body=b""):
        self.kind = kind
        self.flags = flags
        self.body = body

    def encode(self):
        return bytes((self.kind << 4 | self.flags,)) + encode_length(len(self.body)) + self.body

    def __repr__(self):
        return "<packet %d, %d bytes>" % (self.kind, len(self.body))


class Reader:
    def __init__(self):
        self._data = b""

    def feed(self, data):
        self._data += data
        while len(self._data) >= 2:
            n, at = decode_length(self._data, 1)
            if n is None or at + n > len(self._data):
                break
            first = self._data[0]
            packet = Packet(first >> 4, first & 0xF, self._data[at:at + n])
            self._data = self._data[at + n:]
            yield packet


class Link:
    """What a modem would be: it answers as a broker does."""

    def __init__(self):
        self.reader = Reader()
        self.answers = b""
        self.published = []
        self.broken = False

    def send(self, data):
        if self.broken:
            raise OSError(104)
        for packet in self.reader.feed(data):
            if packet.kind == CONNECT:
                self.answers += Packet(CONNACK, 0, b"\0\0").encode()
            elif packet.kind == PUBLISH:
                topic, at = decode_str(packet.body, 0)
                if packet.flags & 2:
                    self.answers += Packet(PUBACK, 0, packet.body[at:at + 2]).encode()
                    at += 2
                self.published.append((topic, packet.body[at:]))
            elif packet.kind == SUBSCRIBE:
                self.answers += Packet(SUBACK, 0, packet.body[:2] + b"\0").encode()
            elif packet.kind == PING:
                self.answers += Packet(PONG).encode()

    def receive(self):
        data, self.answers = self.answers, b""
        return data


class Client:
    KEEPALIVE = 60
    RETRIES = 3

    def __init__(self, link, identity, user=None, password=None):
        self._link = link
        self._identity = identity
        self._user = user
        self._password = password
        self._reader = Reader()
        self._packet_id = 0
        self._waiting = {}
        self._callbacks = {}
        self.connected = False
        self.sent = 0
        self.received = 0
        self.lost = 0

    def _send(self, kind, flags=0, body=b""):
        try:
            self._link.send(Packet(kind, flags, body).encode())
            self.sent += 1
        except OSError as e:
            self.connected = False
            raise NotConnected("link failed: %s" % e)

    def _next_id(self):
        self._packet_id = self._packet_id % 0xFFFF + 1
        return struct.pack(">H", self._packet_id)

    def connect(self):
        flags = 2
        body = encode_str(self._identity)
        if self._user is not None:
            flags |= 0x80
            body += encode_str(self._user)
        if self._password is not None:
            flags |= 0x40
            body += encode_str(self._password)
        head = encode_str("MQTT") + bytes((4, flags)) + struct.pack(">H", self.KEEPALIVE)
        self._send(CONNECT, 0, head + body)
        self.poll()
        if not self.connected:
            raise Timeout("no answer to connect")

    def publish(self, topic, payload, qos=0, retain=False):
        if not self.connected:
            raise NotConnected("publish: " + topic)
        if isinstance(payload, str):
            payload = payload.encode()
        body = encode_str(topic)
        if qos:
            number = self._next_id()
            self._waiting[number] = (topic, payload, self.RETRIES)
            body += number
        self._send(PUBLISH, qos << 1 | retain, body + payload)

    def subscribe(self, topic, callback):
        self._callbacks[topic] = callback
        self._send(SUBSCRIBE, 2, self._next_id() + encode_str(topic) + b"\1")

    def ping(self):
        self._send(PING)

    def poll(self):
        n = 0
        for packet in self._reader.feed(self._link.receive()):
            self.received += 1
            n += 1
            if packet.kind == CONNACK:
                if packet.body[1]:
                    raise ProtocolError("refused: %d" % packet.body[1])
                self.connected = True
            elif packet.kind == PUBACK:
                self._waiting.pop(packet.body[:2], None)
            elif packet.kind == PUBLISH:
                self._deliver(packet)
        return n

    def _deliver(self, packet):
        topic, at = decode_str(packet.body, 0)
        for pattern, callback in self._callbacks.items():
            if matches(pattern, topic):
                callback(topic, packet.body[at:])

    def retry(self):
        for number in list(self._waiting):
            topic, payload, left = self._waiting[number]
            if left == 0:
                del self._waiting[number]
                self.lost += 1
                continue
            self._waiting[number] = (topic, payload, left - 1)
            self._send(PUBLISH, 0xA, encode_str(topic) + number + payload)

    def disconnect(self):
        if self.connected:
            self._send(DISCONNECT)
        self.connected = False


def matches(pattern, topic):
    wanted = pattern.split("/")
    there = topic.split("/")
    for i, part in enumerate(wanted):
        if part == "#":
            return True
        if i >= len(there) or part not in ("+", there[i]):
            return False
    return len(wanted) == len(there)


class Reading:
    def __init__(self, quantity, value, quality=0):
        self.quantity = quantity
        self.value = value
        self.quality = quality

    def as_dict(self):
        return {"q": self.quantity, "v": round(self.value, 2), "u": UNITS.get(self.quantity, ""), "s": self.quality}

    def packed(self):
        return struct.pack("<Bf", sorted(UNITS).index(self.quantity), self.value)


class Alarm:
    def __init__(self, code, level="warning"):
        self.code = code
        self.level = level
        self.raised = time.ticks_ms()
        self.acknowledged = False

    def text(self):
        return ALARM_TEXTS[self.code] if self.code < len(ALARM_TEXTS) else "alarm %d" % self.code


class Station:
    def __init__(self, client, name, secret=b""):
        self.client = client
        self.name = name
        self.alarms = []
        self.backlog = []
        self.limits = {}
        self._secret = secret
        client.subscribe(name + "/set/+", self._command)

    def topic(self, *parts):
        return "/".join((self.name,) + parts)

    def sign(self, payload):
        digest = hashlib.sha256(self._secret + payload).digest()
        return binascii.hexlify(digest[:8]).decode()

    def limit(self, quantity, low=None, high=None):
        self.limits[quantity] = (low, high)

    def report(self, readings):
        payload = json.dumps([r.as_dict() for r in readings])
        for r in readings:
            self._check(r)
        message = payload.encode()
        try:
            while self.backlog:
                self.client.publish(self.topic("late"), self.backlog[0], qos=1)
                self.backlog.pop(0)
            self.client.publish(self.topic("data"), message + b"\n" + self.sign(message).encode(), qos=1)
            return True
        except NotConnected:
            self.backlog.append(message)
            if len(self.backlog) > 10:
                self.backlog.pop(0)
            return False

    def _check(self, reading):
        low, high = self.limits.get(reading.quantity, (None, None))
        if high is not None and reading.value > high:
            self.alarm(1)
        elif low is not None and reading.value < low:
            self.alarm(2)

    def alarm(self, code):
        for alarm in self.alarms:
            if alarm.code == code and not alarm.acknowledged:
                return alarm
        alarm = Alarm(code, "critical" if code in (4, 5) else "warning")
        self.alarms.append(alarm)
        try:
            self.client.publish(self.topic("alarm", alarm.level), alarm.text(), qos=1, retain=True)
        except NotConnected:
            self.backlog.append(alarm.text().encode())
        return alarm

    def _command(self, topic, payload):
        what = topic.split("/")[-1]
        if what == "acknowledge":
            for alarm in self.alarms:
                alarm.acknowledged = True
        elif what == "limit":
            values = json.loads(payload)
            self.limit(values["quantity"], values.get("low"), values.get("high"))
        else:
            raise ProtocolError("unknown command " + what)
