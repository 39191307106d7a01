alpha = 1
beta = 2
del alpha
print("alpha" in globals(), "beta" in globals())
try:
    alpha
except NameError:
    print("NameError")
try:
    del alpha
except (KeyError, NameError):
    print("not there")


class Body:
    gamma = 1
    delta = 2
    del gamma


print(hasattr(Body, "gamma"), hasattr(Body, "delta"))
