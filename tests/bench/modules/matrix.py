import math


class Matrix:
    def __init__(self, rows, cols, values=None):
        self.rows = rows
        self.cols = cols
        self.values = list(values) if values is not None else [0.0] * (rows * cols)
        if len(self.values) != rows * cols:
            raise ValueError("wrong number of values")

    @classmethod
    def identity(cls, n):
        m = cls(n, n)
        for i in range(n):
            m[i, i] = 1.0
        return m

    def __getitem__(self, index):
        row, col = index
        return self.values[row * self.cols + col]

    def __setitem__(self, index, value):
        row, col = index
        self.values[row * self.cols + col] = value

    def __add__(self, other):
        return Matrix(self.rows, self.cols, [a + b for a, b in zip(self.values, other.values)])

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Matrix(self.rows, self.cols, [a * other for a in self.values])
        if self.cols != other.rows:
            raise ValueError("shapes do not match")
        out = Matrix(self.rows, other.cols)
        for i in range(self.rows):
            for j in range(other.cols):
                out[i, j] = sum(self[i, k] * other[k, j] for k in range(self.cols))
        return out

    def transposed(self):
        return Matrix(self.cols, self.rows, [self[i, j] for j in range(self.cols) for i in range(self.rows)])

    def inverse(self):
        n = self.rows
        a = Matrix(n, n, self.values)
        inverse = Matrix.identity(n)
        for col in range(n):
            pivot = max(range(col, n), key=lambda row: abs(a[row, col]))
            if abs(a[pivot, col]) < 1e-9:
                raise ValueError("singular matrix")
            for m in (a, inverse):
                for j in range(n):
                    m[col, j], m[pivot, j] = m[pivot, j], m[col, j]
            scale = a[col, col]
            for m in (a, inverse):
                for j in range(n):
                    m[col, j] /= scale
            for row in range(n):
                if row != col:
                    factor = a[row, col]
                    for m in (a, inverse):
                        for j in range(n):
                            m[row, j] -= factor * m[col, j]
        return inverse


def rotation(degrees):
    angle = math.radians(degrees)
    c, s = math.cos(angle), math.sin(angle)
    return Matrix(2, 2, (c, -s, s, c))
