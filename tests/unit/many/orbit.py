# Floating point, and its way to text and back.


def work(seed):
    x, y, vx, vy = 1.0, 0.0, 0.0, 0.9 + seed * 0.001
    for i in range(120):
        r3 = (x * x + y * y) ** 1.5
        vx -= 0.01 * x / r3
        vy -= 0.01 * y / r3
        x += 0.01 * vx
        y += 0.01 * vy
        if i % 3 == 0:
            yield None
    yield int(float("%.4f" % x) * 10000) * 100000 + int(float("%.4f" % y) * 10000)
