class Thing:
    def __init__(self, n):
        self.n = n

    def doubled(self):
        return self.n * 2

    def added(self, other):
        return self.doubled() + other.doubled()


numbers = []
for i in range(3):
    numbers.append(Thing(i).added(Thing(10)))
print(numbers, "a-b".split("-"), numbers.count(22))
try:
    numbers.no_method()
except AttributeError:
    print("AttributeError")
