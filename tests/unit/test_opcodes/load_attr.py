class Thing:
    shared = "class"

    @property
    def computed(self):
        return self.own + 1


thing = Thing()
thing.own = 1
for i in range(3):
    print(thing.own, thing.shared, thing.computed, Thing.shared)
try:
    thing.absent
except AttributeError:
    print("AttributeError")
