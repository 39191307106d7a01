# heapq: what CPython gives as well.
import heapq

h = []
for i in (5, 3, 8, 1, 9, 2, 7, 3, 3, 0):
    heapq.heappush(h, i)
print(h, [heapq.heappop(h) for i in range(10)], h)
for n in range(20):
    h = [(i * 7 + 3) % 11 for i in range(n)]
    heapq.heapify(h)
    print(h, end=" ")
    print([heapq.heappop(h) for i in range(n)])
h = [(2, "b"), (1, "z"), (1, "a")]
heapq.heapify(h)
print(h, heapq.heappop(h), h)
for wrong in (lambda: heapq.heappop(()), lambda: heapq.heapify((2, 1)),
              lambda: heapq.heappush(1, 2), lambda: heapq.heapify([1, "a"])):
    try:
        wrong()
    except TypeError:
        print("TypeError")
try:
    heapq.heappop([])
except IndexError:
    print("IndexError")


class Heap(list):
    pass


h = Heap([3, 1, 2])
heapq.heapify(h)
heapq.heappush(h, 0)
print(list(h), heapq.heappop(h), list(h))


class Item:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        if other.n == 6 or self.n == 6:
            del h[:]
        return self.n < other.n


h = [Item(i) for i in (9, 4, 7, 1)]
heapq.heapify(h)
print([heapq.heappop(h).n for i in range(4)])
h = [Item(i) for i in (9, 4, 7, 6, 5)]
try:
    heapq.heapify(h)
except RuntimeError:
    print("RuntimeError", h)
