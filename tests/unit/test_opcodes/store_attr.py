class Thing:
    def __init__(self, n):
        self.first = n
        self.second = n + 1


a, b = Thing(1), Thing(10)
a.first = 5
a.third = 6
Thing.shared = 7
for i in range(3):
    b.second = b.second + 1
print(a.first, a.second, a.third, b.first, b.second, b.shared, hasattr(b, "third"))
try:
    (5).attribute = 1
except AttributeError:
    print("AttributeError")
