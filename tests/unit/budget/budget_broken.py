# A module whose body fails after some slices.
for i in range(10):
    pass
raise ValueError("broken")
