"""Building, splitting and formatting text."""


def line(i):
    return "node%d,temp=%d.%02d,%s" % (i % 10, i % 40, i % 100, "ok" if i % 3 else "fault")


def run(n):
    faults = 0
    size = 0
    for i in range(n * 8):
        name, temperature, state = line(i).split(",")
        if state == "fault":
            faults += 1
        size += len(name) + int(temperature[5:].split(".")[0])
        text = "-".join((state.upper(), name.replace("node", "n")))
        size += text.find("N")
    return size * 1000 + faults
