# bool is an int in arithmetic, and keeps its type in & | ^ with its like.


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as e:
        return type(e).__name__


print(True + True, True - 3, True * 2.5, True / 2, True // 2, True % 2, 2 ** True, True << 3, True >> 1)
print(True & False, True | False, True ^ True, True & 1, 1 | False, True ^ 3)
print(~(True + 0), -True, +False, abs(True), not True)
print(True == 1, True == 1.0, False == 0, True < 2, False < True, True == 'a', True is True)
print(bool(), bool(0), bool(''), bool('a'), bool([]), bool([0]), bool(0.0), bool(0j), bool(1 << 80),
      bool(None))
print(attempt(bool, 1, 2), isinstance(True, int), str(True), repr(False), int(True), float(False),
      complex(True))
print({1: 'a', 0: 'b'}[True], [10, 20][True], 'ab'[False], sum([True, True, False]), True.bit_length())


class Truth:
    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        return self.answer


print(bool(Truth(True)), bool(Truth(False)), attempt(bool, Truth(2)))
x = True
x += 1
print(x)
x = True
x &= False
print(x)
