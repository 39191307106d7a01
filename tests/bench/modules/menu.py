from micropython import const

UP = const(1)
DOWN = const(2)
ENTER = const(3)
BACK = const(4)

_COLUMNS = const(20)
_ROWS = const(4)


def pad(text, width):
    return text[:width] + " " * (width - len(text))


def centred(text, width=_COLUMNS):
    left = (width - len(text)) // 2
    return pad(" " * left + text, width)


def bar(value, low, high, width=_COLUMNS):
    n = int((value - low) * width / (high - low))
    return "#" * n + "-" * (width - n)


def seconds(value):
    hours, rest = divmod(value, 3600)
    return "%d:%02d:%02d" % (hours, rest // 60, rest % 60)


def si(value, unit):
    for scale, prefix in ((1e6, "M"), (1e3, "k"), (1, ""), (1e-3, "m"), (1e-6, "u")):
        if abs(value) >= scale:
            return "%.2f %s%s" % (value / scale, prefix, unit)
    return "0.00 " + unit


class Display:
    def __init__(self):
        self.lines = [" " * _COLUMNS] * _ROWS
        self.changes = 0
        self.backlight = True

    def show(self, row, text):
        text = pad(text, _COLUMNS)
        if self.lines[row] != text:
            self.lines[row] = text
            self.changes += 1

    def clear(self):
        for row in range(_ROWS):
            self.show(row, "")


class Item:
    def __init__(self, title):
        self.title = title
        self.parent = None

    def text(self):
        return self.title

    def enter(self, ui):
        pass

    def key(self, ui, key):
        if key == BACK:
            ui.leave()


class Action(Item):
    def __init__(self, title, callback, confirm=False):
        super().__init__(title)
        self.callback = callback
        self.confirm = confirm

    def enter(self, ui):
        if not self.confirm:
            self.callback()
            ui.leave()

    def draw(self, display):
        display.show(0, centred(self.title))
        display.show(1, "")
        display.show(2, "ENTER: yes  BACK: no")
        display.show(3, "")

    def key(self, ui, key):
        if key == ENTER:
            self.callback()
        ui.leave()


class Value(Item):
    def __init__(self, title, get, unit=""):
        super().__init__(title)
        self.get = get
        self.unit = unit

    def text(self):
        return "%s: %s%s" % (self.title, self.get(), self.unit)

    def draw(self, display):
        display.show(0, centred(self.title))
        display.show(1, "")
        display.show(2, centred(si(self.get(), self.unit)))
        display.show(3, "")


class Number(Item):
    def __init__(self, title, value, low, high, step=1, unit="", changed=None):
        super().__init__(title)
        self.value = value
        self.low = low
        self.high = high
        self.step = step
        self.unit = unit
        self.changed = changed
        self._edited = value

    def text(self):
        return "%s: %d%s" % (self.title, self.value, self.unit)

    def enter(self, ui):
        self._edited = self.value

    def draw(self, display):
        display.show(0, centred(self.title))
        display.show(1, centred("%d %s" % (self._edited, self.unit)))
        display.show(2, bar(self._edited, self.low, self.high))
        display.show(3, "%d..%d" % (self.low, self.high))

    def key(self, ui, key):
        if key == UP:
            self._edited = min(self.high, self._edited + self.step)
        elif key == DOWN:
            self._edited = max(self.low, self._edited - self.step)
        elif key == ENTER:
            self.value = self._edited
            if self.changed:
                self.changed(self.value)
            ui.leave()
        else:
            ui.leave()


class Choice(Item):
    def __init__(self, title, options, index=0, changed=None):
        super().__init__(title)
        self.options = options
        self.index = index
        self.changed = changed

    def text(self):
        return self.title + ": " + self.options[self.index]

    def enter(self, ui):
        self.index = (self.index + 1) % len(self.options)
        if self.changed:
            self.changed(self.options[self.index])
        ui.leave()


class Menu(Item):
    def __init__(self, title, items):
        super().__init__(title)
        self.items = items
        self.cursor = 0
        self.top = 0
        for item in items:
            item.parent = self

    def draw(self, display):
        display.show(0, centred("[" + self.title + "]"))
        for row in range(1, _ROWS):
            i = self.top + row - 1
            if i < len(self.items):
                mark = ">" if i == self.cursor else " "
                display.show(row, mark + self.items[i].text())
            else:
                display.show(row, "")

    def key(self, ui, key):
        if key == UP and self.cursor > 0:
            self.cursor -= 1
        elif key == DOWN and self.cursor < len(self.items) - 1:
            self.cursor += 1
        elif key == ENTER:
            ui.open(self.items[self.cursor])
        elif key == BACK:
            ui.leave()
        if self.cursor < self.top:
            self.top = self.cursor
        elif self.cursor > self.top + _ROWS - 2:
            self.top = self.cursor - _ROWS + 2


class Ui:
    def __init__(self, display, root):
        self.display = display
        self.current = root
        self.idle = 0
        self.redraw()

    def open(self, item):
        self.current = item
        item.enter(self)

    def leave(self):
        if self.current.parent is not None:
            self.current = self.current.parent

    def key(self, key):
        self.idle = 0
        self.display.backlight = True
        self.current.key(self, key)
        self.redraw()

    def tick(self, elapsed):
        self.idle += elapsed
        if self.idle > 30:
            self.display.backlight = False
        self.redraw()

    def redraw(self):
        self.current.draw(self.display)
