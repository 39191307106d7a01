"""The importable modules, one after another."""
import array
import binascii
import collections
import errno
import gc
import hashlib
import heapq
import io
import json
import math
import random
import re
import struct
import sys

v = {"a": [1, 2.5, None, True, {"nested": "tëxt\n"}], "b": 10**20, "c": []}
text = json.dumps(v)
print(text, json.loads(text) == v, json.loads('["\\u20ac", -1e3, {"x": {}}]'))
m = re.match(r"(\w+)\s+(?:(\d+)|([a-z]*))", "hello 123 world")
print(m.group(0), m.groups(), re.sub(r"(o)", r"<\1>", "foo boo"), re.compile(",+").split("a,b,,c"))
print(re.search("[^a-y]+", "abcz!"), re.sub("l+", lambda m: m.group(0).upper(), "hello"))
p = struct.pack("<bHiq4sd", -1, 65535, -5, 1 << 40, b"abc", 0.5)
print(p, struct.unpack("<bHiq4sd", p), struct.calcsize(">IH"))
a = array.array("h", [1, 2, 3])
a.append(-4)
a.extend(array.array("h", range(5)))
print(a, a[2:4], bytes(memoryview(a))[:2], array.array("d", [0.5]), array.array("i", b"\0" * 8))
P = collections.namedtuple("P", ["x", "y"])
q = collections.deque((1, 2, 3), 4)
q.append(4)
q.append(5)
o = collections.OrderedDict([("z", 1), ("a", 2)])
print(P(1, y=2), P(1, 2).x, list(q), q.popleft(), o, list(o), P(3, 4) + (5,))
h = []
for i in (5, 2, 8, 1, 9, 3):
    heapq.heappush(h, (i, str(i)))
print([heapq.heappop(h)[0] for _ in range(6)])
print(binascii.hexlify(b"\x01\xff"), binascii.unhexlify("0aff"), binascii.b2a_base64(b"hello"), binascii.crc32(b"x"))
print(hashlib.sha256(b"abc").digest()[:4], hashlib.md5(b"").digest()[:4], hashlib.sha1(b"a" * 100).digest()[:4])
f = io.StringIO()
f.write("line 1\nline 2\n" * 5)
f.seek(0)
print(f.readline(), f.read(4), len(f.getvalue()), [x for x in f][:2])
with io.BytesIO(b"bytes") as g:
    g.seek(0, 2)
    g.write(b"+more" * 20)
    print(len(g.getvalue()))
random.seed(7)
print(0 <= random.random() < 1, random.choice("aaa"), 1 <= random.randint(1, 3) <= 3, math.sqrt(2.0), math.pi)
print(math.factorial(25) if hasattr(math, "factorial") else "", errno.ENOENT, errno.errorcode[2])
print("json" in sys.modules, len(sys.path) >= 0, sys.byteorder in ("little", "big"), gc.isenabled())
print("x = %d" % 5, file=f)
sys.print_exception(ValueError("shown"), f)
print("ValueError: shown" in f.getvalue())
