from micropython import const

_POLY_CCITT = const(0x1021)
_POLY_MODBUS = const(0xA001)


def crc8(data, crc=0):
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x31) & 0xFF if crc & 0x80 else crc << 1
    return crc


def crc16_ccitt(data, crc=0xFFFF):
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ _POLY_CCITT) & 0xFFFF if crc & 0x8000 else crc << 1
    return crc


def crc16_modbus(data, crc=0xFFFF):
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ _POLY_MODBUS if crc & 1 else crc >> 1
    return crc


def cobs_encode(data):
    out = bytearray(1)
    code_at = 0
    code = 1
    for byte in data:
        if byte == 0:
            out[code_at] = code
            code_at = len(out)
            out.append(0)
            code = 1
            continue
        out.append(byte)
        code += 1
        if code == 0xFF:
            out[code_at] = code
            code_at = len(out)
            out.append(0)
            code = 1
    out[code_at] = code
    return bytes(out)


def cobs_decode(data):
    out = bytearray()
    at = 0
    while at < len(data):
        code = data[at]
        if code == 0 or at + code > len(data):
            raise ValueError("bad COBS frame")
        out.extend(data[at + 1:at + code])
        at += code
        if code < 0xFF and at < len(data):
            out.append(0)
    return bytes(out)


def frame(payload):
    crc = crc16_ccitt(payload)
    return cobs_encode(payload + bytes((crc >> 8, crc & 0xFF))) + b"\0"


def unframe(packet):
    body = cobs_decode(packet[:-1])
    if len(body) < 2 or crc16_ccitt(body) != 0:
        return None
    return body[:-2]
