# A module whose body takes several slices.
value = 0
for i in range(10):
    value += i
