# Classes: inheritance, properties, super(), operators.


class Shape:
    made = 0

    def __init__(self, name):
        self.name = name
        Shape.made += 1

    @property
    def area(self):
        return 0

    def __lt__(self, other):
        return (self.area, self.name) < (other.area, other.name)


class Rectangle(Shape):
    def __init__(self, w, h, name="rectangle"):
        super().__init__(name)
        self.w, self.h = w, h

    @property
    def area(self):
        return self.w * self.h


class Square(Rectangle):
    def __init__(self, side):
        super().__init__(side, side, "square")


def work(seed):
    shapes = []
    for i in range(30):
        shapes.append(Square((seed + i) % 17) if i % 3 else Rectangle(i % 7, seed % 11 + i))
        yield None
    shapes.sort()
    total = Shape.made
    for i, shape in enumerate(shapes):
        total += (i + 1) * shape.area * len(shape.name)
        yield None
    yield total * 1000 + seed
