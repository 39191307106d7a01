alpha = 1
beta = 2


def remove():
    global alpha
    del alpha


remove()
print("alpha" in globals(), "beta" in globals())
try:
    remove()
except (KeyError, NameError):
    print("not there")
