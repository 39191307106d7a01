# Ints and floats compare by their exact values, however large: neither is rounded to the other's type first.
inf = float('inf')
nan = float('nan')
ints = [0, 2, -2, 3, (1 << 53) + 1, 10 ** 22, 10 ** 23, (1 << 62) - 1, 1 << 62, -(1 << 62), 1 << 63,
        10 ** 400, -10 ** 400]
reals = [0.0, -0.0, 2.5, -2.5, 2.0 ** 53, 1e22, 1e23, 2.0 ** 62, -(2.0 ** 62), 2.0 ** 63, 1e308, -1e308,
         inf, -inf, nan]
for i in ints:
    for r in reals:
        print(int(i < r), int(i == r), int(i > r), int(r <= i), int(r != i), int(r >= i), sep='', end=' ')
    print()

# So do containers.
print(((1 << 53) + 1) in [2.0 ** 53], {2.0 ** 53: 'x'}.get((1 << 53) + 1), sorted([(1 << 53) + 1, 2.0 ** 53]))
