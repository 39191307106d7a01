alpha = 1
alpha = alpha + 1
(beta, gamma) = (3, 4)
print(alpha, beta, gamma, globals()["alpha"], globals()["gamma"])


class Body:
    delta = 5

    def epsilon(self):
        return 6


print(Body.delta, Body().epsilon(), "delta" in globals())
