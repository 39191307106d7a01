alpha = 1


def reads():
    return alpha + beta, len("abc")


def fails():
    return missing_name


beta = 10
print(reads())
alpha = 2
print(reads())
try:
    fails()
except NameError:
    print("NameError")
