# json: what CPython gives as well. Characters beyond ASCII are written as they are, so none is written here.
import json
from io import StringIO
from collections import OrderedDict, namedtuple

value = {
    "a": [1, -2, 3.5, 1e100, True, False, None],
    "b": {"c": "text\n\"\\\t\b\f\r\x01/", "d": []}, "e": {}, "f": (1, (2,)),
}
text = json.dumps(value)
print(text)
print(json.loads(text) == {"a": value["a"], "b": value["b"], "e": {}, "f": [1, [2]]})
print(json.dumps(json.loads(text)) == text)
print(json.dumps({1: 2, None: 3, True: 4, 2.5: 5, "s": 6}))
print(json.dumps(10 ** 30), json.dumps(float("inf")), json.dumps(float("nan")))
print(json.dumps([1, {"a": 2}], separators=(",", ":")), json.dumps([1, {"a": 2}], separators=["; ", " = "]))
print(json.dumps(OrderedDict([("z", 1), ("a", 2)])), json.dumps(namedtuple("P", "x y")(1, 2)))
for wrong in (object(), {1, 2}, [1j], {"a": print}, {(1, 2): 3}):
    try:
        json.dumps(wrong)
    except TypeError:
        print("TypeError")
print(repr(json.loads('"\\u0041\\u00e9\\ud83d\\ude00\\/\\b"')) == repr("A\xe9\U0001f600/\b"))
print(len(json.loads('"\\ud83d"')))
print(json.loads(b' [ 1 , 2.5e1 , -0.5E-1, 0 ] '), json.loads(bytearray(b'{"a" : "b"}')))
print(json.loads("123456789012345678901234567890"))
print(json.loads('{"a": 1, "a": 2}'), json.loads("-0"), json.loads("999999999"))
print(json.loads('[NaN, Infinity, -Infinity, {"a":NaN}]'), json.loads(json.dumps([float("nan"), float("inf"), -float("inf")])))
print(json.loads("1000000000"), json.loads("-999999999999"))
for wrong in (
    "", " ", "[1,]", '{"a":1,}', "[1 2]", "{1:2}", "+1", "01", "1.", ".5", "-", "1e", "1e+",
    '"abc', '"\\q"', '"\\u12"', '"\\uzzzz"',
    '"\\', '{"a" 1}', "[}", "{]", "[1", '{"a"', '{"a":', "nul", "truefalse", "1 2",
    '{"a":1}x', ",", ":1", "]", "[,1]", "1\x00", "\xa01", "'a'",
    '{"a":1 "b":2}', "Na", "NaNs", "-NaN", "Infinit", "-Infinit", "--Infinity", "+Infinity", "- Infinity", "inf",
):
    try:
        print(json.loads(wrong), "from", wrong)
    except ValueError:
        print("ValueError", end=" ")
print()
for wrong in (5, None, [1]):
    try:
        json.loads(wrong)
    except TypeError:
        print("TypeError")
for deep in ("[" * 3000, '{"a":' * 3000):
    try:
        json.loads(deep)
    except RuntimeError:
        print("RuntimeError")
cycle = []
cycle.append({"a": (cycle,)})
try:
    json.dumps(cycle)
except (RuntimeError, ValueError):
    print("too deep")
stream = StringIO()
json.dump(value, stream)
json.dump([], stream, separators=(",", ":"))
print(stream.getvalue() == text + "[]", json.load(StringIO(text)) == json.loads(text))
for wrong in ((1, 2, 3), (), ("a",)):
    try:
        json.dumps([], separators=wrong)
    except ValueError:
        print("ValueError")
try:
    json.dumps([], separators=5)
except TypeError:
    print("TypeError")
long = json.dumps(["%d" % i * 30 for i in range(60)])
print(len(long), json.loads(long)[59][:4])
