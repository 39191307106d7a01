from micropython import const
import struct

READ_COILS = const(1)
READ_HOLDING = const(3)
READ_INPUT = const(4)
WRITE_COIL = const(5)
WRITE_REGISTER = const(6)
WRITE_REGISTERS = const(16)

_ILLEGAL_FUNCTION = const(1)
_ILLEGAL_ADDRESS = const(2)
_ILLEGAL_VALUE = const(3)


class ModbusError(Exception):
    def __init__(self, code):
        super().__init__("modbus exception %d" % code)
        self.code = code


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def with_crc(frame):
    return frame + struct.pack("<H", crc16(frame))


class Registers:
    def __init__(self, holding, inputs=0, coils=0):
        self.holding = [0] * holding
        self.inputs = [0] * inputs
        self.coils = bytearray(coils)
        self.on_write = None

    def _table(self, function):
        return self.holding if function == READ_HOLDING else self.inputs

    def read(self, function, start, count):
        table = self._table(function)
        if not 1 <= count <= 125:
            raise ModbusError(_ILLEGAL_VALUE)
        if start + count > len(table):
            raise ModbusError(_ILLEGAL_ADDRESS)
        return table[start:start + count]

    def write(self, start, values):
        if start + len(values) > len(self.holding):
            raise ModbusError(_ILLEGAL_ADDRESS)
        for i, value in enumerate(values):
            self.holding[start + i] = value
            if self.on_write:
                self.on_write(start + i, value)


class Slave:
    def __init__(self, address, registers):
        self.address = address
        self.registers = registers
        self.requests = 0
        self.bad_frames = 0
        self._handlers = {
            READ_COILS: self._read_coils,
            READ_HOLDING: self._read,
            READ_INPUT: self._read,
            WRITE_COIL: self._write_coil,
            WRITE_REGISTER: self._write_one,
            WRITE_REGISTERS: self._write_many,
        }

    def handle(self, frame):
        if len(frame) < 4 or crc16(frame) != 0:
            self.bad_frames += 1
            return None
        address, function = frame[0], frame[1]
        if address not in (0, self.address):
            return None
        self.requests += 1
        try:
            handler = self._handlers.get(function)
            if handler is None:
                raise ModbusError(_ILLEGAL_FUNCTION)
            reply = handler(function, frame[2:-2])
        except ModbusError as e:
            function |= 0x80
            reply = bytes((e.code,))
        if address == 0:
            return None
        return with_crc(bytes((self.address, function)) + reply)

    def _read_coils(self, function, body):
        start, count = struct.unpack(">HH", body)
        coils = self.registers.coils
        if start + count > len(coils):
            raise ModbusError(_ILLEGAL_ADDRESS)
        packed = bytearray((count + 7) // 8)
        for i in range(count):
            if coils[start + i]:
                packed[i // 8] |= 1 << i % 8
        return bytes((len(packed),)) + bytes(packed)

    def _read(self, function, body):
        start, count = struct.unpack(">HH", body)
        values = self.registers.read(function, start, count)
        return bytes((2 * count,)) + b"".join(struct.pack(">H", v) for v in values)

    def _write_coil(self, function, body):
        at, value = struct.unpack(">HH", body)
        if value not in (0, 0xFF00):
            raise ModbusError(_ILLEGAL_VALUE)
        if at >= len(self.registers.coils):
            raise ModbusError(_ILLEGAL_ADDRESS)
        self.registers.coils[at] = value != 0
        return body

    def _write_one(self, function, body):
        at, value = struct.unpack(">HH", body)
        self.registers.write(at, (value,))
        return body

    def _write_many(self, function, body):
        start, count, size = struct.unpack(">HHB", body)
        if size != 2 * count or len(body) != 5 + size:
            raise ModbusError(_ILLEGAL_VALUE)
        values = [struct.unpack(">H", body[5 + 2 * i:7 + 2 * i])[0] for i in range(count)]
        self.registers.write(start, values)
        return body[:4]


def read_request(address, start, count, function=READ_HOLDING):
    return with_crc(struct.pack(">BBHH", address, function, start, count))


def write_request(address, at, value):
    return with_crc(struct.pack(">BBHH", address, WRITE_REGISTER, at, value))
