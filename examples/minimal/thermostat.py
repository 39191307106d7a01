import board

readings = []


def step(celsius):
    readings.append(celsius)
    board.heater(celsius < 20)
    return sum(readings) / len(readings)
