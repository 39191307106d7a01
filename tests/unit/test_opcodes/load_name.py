alpha = 1
beta = [alpha, len]
print(alpha, beta[0], beta[1] is len)


class Body:
    gamma = 2
    delta = gamma + alpha


print(Body.delta)
try:
    missing_name
except NameError:
    print("NameError")
