import sys
print("body of", __name__, sys.argv, __file__)
value = 41
