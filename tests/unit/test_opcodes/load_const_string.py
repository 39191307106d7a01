print("alpha", "be" + "ta", "append", "")
table = {"gamma": 1, "delta": 2, "len": 3}
print(table["gamma"], table["delta"], table["len"], "epsilon" in table)


class Thing:
    zeta = 4


print(getattr(Thing, "zeta"), hasattr(Thing, "eta"))
