alpha = 1


def change():
    global alpha, beta
    alpha = 2
    beta = 3


change()
print(alpha, beta, globals()["beta"])
