# help() says what an object is and lists what it, or its type, has names for.
class Sensor:
    limit = 3
    unit = None


help(None)
help("text of no module"[:0] or Sensor)
help(Sensor())
s = Sensor()
s.own = 1
help(s)
try:
    help(1, 2)
except TypeError:
    print("TypeError")
print(help(help))
