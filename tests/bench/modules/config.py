import json
import struct

DEFAULTS = {
    "name": "unit",
    "interval_s": 60,
    "threshold": 21.5,
    "channels": [1, 2, 3],
    "server": {"host": "10.0.0.2", "port": 8883, "tls": True},
    "calibration": {"offset": 0.0, "gain": 1.0},
    "log_level": 2,
}

LIMITS = {
    "interval_s": (1, 86400),
    "threshold": (-40.0, 125.0),
    "log_level": (0, 4),
    "server.port": (1, 65535),
}

_MAGIC = b"CFG1"


class ConfigError(ValueError):
    pass


def checksum(data):
    a = 1
    b = 0
    for byte in data:
        a = (a + byte) % 65521
        b = (b + a) % 65521
    return b << 16 | a


def copy(value):
    if isinstance(value, dict):
        return {k: copy(v) for k, v in value.items()}
    if isinstance(value, list):
        return [copy(v) for v in value]
    return value


class Storage:
    def __init__(self, size=512):
        self.pages = [bytearray(b"\xff" * size), bytearray(b"\xff" * size)]
        self.writes = 0

    def read(self, page):
        return bytes(self.pages[page])

    def write(self, page, data):
        if len(data) > len(self.pages[page]):
            raise ConfigError("too large")
        self.pages[page][:len(data)] = data
        self.writes += 1


class Config:
    def __init__(self, storage):
        self._storage = storage
        self._values = copy(DEFAULTS)
        self._sequence = 0
        self._page = 1
        self.dirty = False
        self.load()

    def _parse(self, page):
        data = self._storage.read(page)
        if data[:4] != _MAGIC:
            return None
        sequence, length, check = struct.unpack("<IHI", data[4:14])
        body = data[14:14 + length]
        if len(body) != length or checksum(body) != check:
            return None
        return sequence, json.loads(body)

    def load(self):
        best = None
        for page in range(2):
            found = self._parse(page)
            if found is not None and (best is None or found[0] > best[0]):
                best = found
                self._page = page
        if best is not None:
            self._sequence = best[0]
            self._merge(self._values, best[1])
        return best is not None

    def _merge(self, into, values):
        for key, value in values.items():
            if isinstance(value, dict) and isinstance(into.get(key), dict):
                self._merge(into[key], value)
            else:
                into[key] = value

    def save(self):
        body = json.dumps(self._values).encode()
        self._sequence += 1
        self._page ^= 1
        head = struct.pack("<IHI", self._sequence, len(body), checksum(body))
        self._storage.write(self._page, _MAGIC + head + body)
        self.dirty = False

    def _find(self, path):
        names = path.split(".")
        node = self._values
        for name in names[:-1]:
            node = node[name]
        return node, names[-1]

    def get(self, path, default=None):
        try:
            node, name = self._find(path)
            return node[name]
        except KeyError:
            return default

    def set(self, path, value):
        node, name = self._find(path)
        if name not in node:
            raise ConfigError("no setting " + path)
        if not isinstance(value, type(node[name])):
            raise ConfigError("wrong type for " + path)
        low, high = LIMITS.get(path, (None, None))
        if low is not None and not low <= value <= high:
            raise ConfigError("%s must be %s to %s" % (path, low, high))
        if node[name] != value:
            node[name] = value
            self.dirty = True

    def reset(self):
        self._values = copy(DEFAULTS)
        self.dirty = True

    def __getitem__(self, path):
        value = self.get(path)
        if value is None:
            raise KeyError(path)
        return value

    __setitem__ = set
