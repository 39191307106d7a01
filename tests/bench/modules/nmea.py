KNOTS_TO_KMH = 1.852

_FIX_NAMES = ("none", "gps", "dgps", "pps", "rtk", "float rtk", "estimated")


class Position:
    def __init__(self):
        self.latitude = None
        self.longitude = None
        self.altitude = None
        self.speed = 0.0
        self.course = 0.0
        self.satellites = 0
        self.fix = 0
        self.time = None
        self.date = None
        self.hdop = 99.9

    def valid(self):
        return self.fix > 0 and self.latitude is not None

    def fix_name(self):
        return _FIX_NAMES[self.fix] if self.fix < len(_FIX_NAMES) else "unknown"

    def __str__(self):
        if not self.valid():
            return "no fix"
        return "%.5f,%.5f %s m, %d satellites" % (
            self.latitude, self.longitude, self.altitude, self.satellites)


def checksum(text):
    value = 0
    for c in text:
        value ^= ord(c)
    return value


def degrees(text, hemisphere):
    if not text:
        return None
    point = text.find(".")
    whole = int(text[:point - 2])
    minutes = float(text[point - 2:])
    value = whole + minutes / 60
    return -value if hemisphere in ("S", "W") else value


def clock(text):
    if len(text) < 6:
        return None
    return int(text[0:2]), int(text[2:4]), float(text[4:])


def number(text, default=0.0):
    return float(text) if text else default


class Parser:
    def __init__(self):
        self.position = Position()
        self.sentences = 0
        self.errors = 0
        self._line = ""
        self._handlers = {"GGA": self._gga, "RMC": self._rmc, "VTG": self._vtg, "GSA": self._gsa}

    def feed(self, text):
        updated = False
        for c in text:
            if c == "$":
                self._line = ""
            elif c == "\n":
                updated = self.sentence(self._line.strip()) or updated
                self._line = ""
            elif len(self._line) < 82:
                self._line += c
        return updated

    def sentence(self, line):
        body, star, check = line.partition("*")
        try:
            if star != "*" or int(check, 16) != checksum(body):
                raise ValueError
            fields = body.split(",")
            handler = self._handlers.get(fields[0][2:])
            if handler is None:
                return False
            handler(fields)
        except (ValueError, IndexError):
            self.errors += 1
            return False
        self.sentences += 1
        return True

    def _gga(self, f):
        p = self.position
        p.time = clock(f[1])
        p.latitude = degrees(f[2], f[3])
        p.longitude = degrees(f[4], f[5])
        p.fix = int(f[6] or 0)
        p.satellites = int(f[7] or 0)
        p.hdop = number(f[8], 99.9)
        p.altitude = number(f[9], None)

    def _rmc(self, f):
        p = self.position
        p.time = clock(f[1])
        if f[2] != "A":
            p.fix = 0
            return
        p.latitude = degrees(f[3], f[4])
        p.longitude = degrees(f[5], f[6])
        p.speed = number(f[7]) * KNOTS_TO_KMH
        p.course = number(f[8])
        p.date = f[9]

    def _vtg(self, f):
        self.position.course = number(f[1])
        self.position.speed = number(f[7])

    def _gsa(self, f):
        self.position.hdop = number(f[16], 99.9)
