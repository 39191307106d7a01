"""Imports of modules and packages that are written in Python, and names that are new to the VM."""
import house
import house.room as room
from house.room import table, chair as seat
import helper

print(house.__name__, room.__name__, table, seat(), helper.value, house.room is room)


class Namespace:
    pass


n = Namespace()
for i in range(30):
    setattr(n, "a_new_name_%d" % i, i)
print(n.a_new_name_17, sum(getattr(n, "a_new_name_%d" % i) for i in range(30)))
