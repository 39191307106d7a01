# int() from text and other things, and the text and bytes of ints.


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__


for text in ('0', '-0', '+5', ' 12 ', '\t-7\n', '1_000', '1__0', '_1', '1_', '', ' ', '-', '--5', '1 2', 'x',
             '0x10', '12345678901234567890123', '-9223372036854775808', '4611686018427387904', '1.5'):
    print(repr(text), attempt(int, text))
for text, base in (('ff', 16), ('0xff', 16), ('-0XfF', 16), ('0b101', 2), ('0o17', 8), ('0x1f', 0),
                   ('0b11', 0),
                   ('0o17', 0), ('010', 0), ('00', 0), ('0x_f', 0), ('0x', 0), ('z', 36), ('Zz', 36),
                    ('12', 2),
                   ('5', 1), ('5', 37), ('1' * 100, 3), ('f' * 40, 16), ('1_1' * 30, 10)):
    print(repr(text), base, attempt(int, text, base))
print(attempt(int), int(b'12'), int(bytearray(b'-3')), int(True), int(2.9), int(-2.9), int(1e25), int('7',
      base=8))
for value in (None, [], 1j, float('inf'), float('nan')):
    print(attempt(int, value))


class Number:
    def __int__(self):
        return 1 << 70


class Index:
    def __index__(self):
        return 12


class Wrong:
    def __int__(self):
        return 'x'


print(int(Number()), int(Index()), attempt(int, Wrong()), int('z', Index()) if False else int('b', Index()))

# Text out.
big = 3 ** 500
print(big)
print(str(-big) == '-' + str(big), int(str(big)) == big, int(hex(big), 16) == big, int(bin(-big), 0) == -big)
print(hex(1 << 100), oct(-(1 << 70)), bin((1 << 65) + 1), hex(-255), bin(0))
print('%d %x' % (1 << 80, 1 << 80), '{:,}'.format(10 ** 20), f'{1 << 70:#x}')
n = 0
for i in range(40):
    n = n * 1000003 + i
    assert int(str(n)) == n and int(str(-n)) == -n

# Bytes.
print(int.from_bytes(b'\x01\x02', 'big'), int.from_bytes(b'\x01\x02', 'little'), int.from_bytes(b'', 'big'))
print(int.from_bytes(b'\xff\xfe', 'big', signed=True), int.from_bytes(b'\xff' * 8, 'little'),
      int.from_bytes(b'\xff' * 8, 'little', signed=True), int.from_bytes(b'\x80' + bytes(8), 'big',
                     signed=True))
print(int.from_bytes(b'\x80' + bytes(7), 'big', signed=True), int.from_bytes(bytes(range(20)), 'big'))
print((5).to_bytes(2, 'big'), (5).to_bytes(2, 'little'), (-5).to_bytes(3, 'big', signed=True),
      (0).to_bytes(0, 'big'))
print((1 << 100).to_bytes(16, 'little'), (-(1 << 100)).to_bytes(13, 'big', signed=True), (5).to_bytes())
for n, length, signed in ((256, 1, False), (-1, 1, False), (128, 1, True), (-129, 1, True), (-128, 1,
                          True), (1, 0, False)):
    print(attempt(lambda: n.to_bytes(length, 'big', signed=signed)))
print(attempt((5).to_bytes, -1, 'big'), attempt((5).to_bytes, 2, 'middle'), attempt(int.from_bytes, b'1',
      'middle'))
for n in (0, 1, -1, 255, -256, 1 << 31, (1 << 62) - 1, 1 << 62, -(1 << 100), 3 ** 200):
    assert int.from_bytes(n.to_bytes(50, 'big', signed=True), 'big', signed=True) == n
    print(n.bit_length(), end=' ')
print()
