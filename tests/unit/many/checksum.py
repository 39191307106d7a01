# Bytes, memoryviews, struct.
import struct


def crc(data, value):
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
    return value


def work(seed):
    buffer = bytearray(96)
    view = memoryview(buffer)
    value = 0xFFFFFFFF
    for i in range(12):
        struct.pack_into("<HiB", buffer, i * 8, seed + i, -i * seed, i)
        value = crc(view[i * 8:i * 8 + 8], value)
        yield None
    yield value
