# binascii: what CPython gives as well.
import binascii
from binascii import hexlify, unhexlify, a2b_base64, b2a_base64, crc32

every = bytes(range(256))
print(hexlify(every), unhexlify(hexlify(every)) == every)
print(hexlify(bytearray(b"ab"), "-"), hexlify(memoryview(b"xyz")[1:], b":"))
print(hexlify(b""), hexlify(b"", ":"), hexlify(b"a", ":"), unhexlify("aBcD"))
print(unhexlify(b""), unhexlify(bytearray(b"0aFf")))
for wrong in (b"0", b"gg", b"0g", b"/0", b":0", b"@0", b"`0"):
    try:
        print(unhexlify(wrong))
    except ValueError:
        print("ValueError", end=" ")
print()
for n in range(8):
    text = b2a_base64(every[:n])
    print(text, a2b_base64(text) == every[:n], b2a_base64(every[250:250 + n], newline=False))
print(a2b_base64(b2a_base64(every)) == every, a2b_base64(b2a_base64(every * 4)) == every * 4)
print(a2b_base64("Zg=="), a2b_base64(b"Z\ng\n=\n="), a2b_base64(b"Zm9v=YmFy"),
      a2b_base64(b"===="), a2b_base64(b"!?"))
for wrong in (b"a", b"ab", b"abc", b"ab=", b"abcde", b"a===", b"abcdef=", b"ab=c="):
    try:
        print(wrong, a2b_base64(wrong))
    except ValueError:
        print("ValueError", end=" ")
print()
print(crc32(b""), crc32(b"123456789") == 0xCBF43926, crc32(every))
print(crc32(every[100:], crc32(every[:100])) == crc32(every), crc32(b"a", 5))
for wrong in (lambda: hexlify(5), lambda: unhexlify(None), lambda: crc32([1]),
              lambda: b2a_base64(1.5), lambda: crc32(b"", "a"), lambda: b2a_base64()):
    try:
        wrong()
    except TypeError:
        print("TypeError")
