from micropython import const
import struct
import time

_REG_ID = const(0xD0)
_REG_RESET = const(0xE0)
_REG_CTRL_HUM = const(0xF2)
_REG_STATUS = const(0xF3)
_REG_CTRL = const(0xF4)
_REG_CONFIG = const(0xF5)
_REG_DATA = const(0xF7)
_REG_CALIB = const(0x88)
_REG_CALIB_HUM = const(0xE1)
_CHIP_ID = const(0x60)

MODE_SLEEP = const(0)
MODE_FORCED = const(1)
MODE_NORMAL = const(3)


class SensorError(OSError):
    pass


class FakeBus:
    """An I2C bus with one sensor on it."""

    def __init__(self):
        self.registers = bytearray(256)
        self.registers[_REG_ID] = _CHIP_ID
        struct.pack_into("<HhhHhhhhhhhh", self.registers, _REG_CALIB, 27504, 26435, -1000, 36477, -10685,
                         3024, 2855, 140, -7, 15500, -14600, 6000)
        self.registers[_REG_DATA:_REG_DATA + 8] = bytes((0x65, 0x5A, 0xC0, 0x7E, 0xED, 0x00, 0x6D, 0x2B))
        self.transfers = 0

    def readfrom_mem_into(self, address, register, buffer):
        self.transfers += 1
        for i in range(len(buffer)):
            buffer[i] = self.registers[register + i]

    def writeto_mem(self, address, register, data):
        self.transfers += 1
        for i, byte in enumerate(data):
            self.registers[register + i] = byte


class Sensor:
    def __init__(self, bus, address=0x76, oversampling=1):
        self._bus = bus
        self._address = address
        self._one = bytearray(1)
        self._data = bytearray(8)
        self._fine = 0
        if self._read_byte(_REG_ID) != _CHIP_ID:
            raise SensorError("no sensor at 0x%02x" % address)
        self._read_calibration()
        self.oversampling = oversampling

    def _read_byte(self, register):
        self._bus.readfrom_mem_into(self._address, register, self._one)
        return self._one[0]

    def _write_byte(self, register, value):
        self._one[0] = value
        self._bus.writeto_mem(self._address, register, self._one)

    def _read_calibration(self):
        block = bytearray(24)
        self._bus.readfrom_mem_into(self._address, _REG_CALIB, block)
        values = struct.unpack("<HhhHhhhhhhhh", block)
        self._t = values[:3]
        self._p = values[3:]

    def reset(self):
        self._write_byte(_REG_RESET, 0xB6)

    def mode(self, mode=MODE_FORCED):
        bits = self.oversampling << 5 | self.oversampling << 2 | mode
        self._write_byte(_REG_CTRL_HUM, self.oversampling)
        self._write_byte(_REG_CTRL, bits)

    def wait(self, timeout_ms=100):
        start = time.ticks_ms()
        while self._read_byte(_REG_STATUS) & 0x08:
            if time.ticks_diff(time.ticks_ms(), start) > timeout_ms:
                raise SensorError("timeout")
            time.sleep_ms(1)

    def raw(self):
        self._bus.readfrom_mem_into(self._address, _REG_DATA, self._data)
        d = self._data
        pressure = d[0] << 12 | d[1] << 4 | d[2] >> 4
        temperature = d[3] << 12 | d[4] << 4 | d[5] >> 4
        return temperature, pressure, d[6] << 8 | d[7]

    def _temperature(self, raw):
        t1, t2, t3 = self._t
        a = (raw / 16384 - t1 / 1024) * t2
        b = (raw / 131072 - t1 / 8192) ** 2 * t3
        self._fine = a + b
        return self._fine / 5120

    def _pressure(self, raw):
        p1, p2, p3, p4, p5, p6, p7, p8, p9 = self._p
        a = self._fine / 2 - 64000
        b = a * a * p6 / 32768 + a * p5 * 2
        b = b / 4 + p4 * 65536
        a = (p3 * a * a / 524288 + p2 * a) / 524288
        a = (1 + a / 32768) * p1
        if a == 0:
            return 0
        p = (1048576 - raw - b / 4096) * 6250 / a
        a = p9 * p * p / 2147483648
        b = p * p8 / 32768
        return (p + (a + b + p7) / 16) / 100

    def read(self):
        self.mode(MODE_FORCED)
        self.wait()
        temperature, pressure, humidity = self.raw()
        return self._temperature(temperature), self._pressure(pressure)

    @property
    def altitude(self):
        return 44330 * (1 - (self.read()[1] / 1013.25) ** 0.1903)
