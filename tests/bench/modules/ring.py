from micropython import const

_MASK_ERROR = const(-22)


class Ring:
    def __init__(self, size):
        if size & (size - 1):
            raise ValueError("size must be a power of two")
        self._data = bytearray(size)
        self._mask = size - 1
        self._head = 0
        self._tail = 0
        self.overruns = 0

    def __len__(self):
        return (self._head - self._tail) & 0xFFFF

    def put(self, byte):
        if len(self) > self._mask:
            self.overruns += 1
            return False
        self._data[self._head & self._mask] = byte
        self._head += 1
        return True

    def get(self):
        if self._head == self._tail:
            return -1
        byte = self._data[self._tail & self._mask]
        self._tail += 1
        return byte

    def peek(self, offset=0):
        if offset >= len(self):
            return -1
        return self._data[(self._tail + offset) & self._mask]

    def clear(self):
        self._tail = self._head
        return _MASK_ERROR if self.overruns else 0
