class CommandError(Exception):
    pass


class Command:
    def __init__(self, name, run, usage="", low=0, high=None):
        self.name = name
        self.run = run
        self.usage = usage
        self.low = low
        self.high = low if high is None else high


def split_words(line):
    words = []
    word = ""
    quote = None
    open_word = False
    escaped = False
    for c in line:
        if escaped:
            word += c
            escaped = False
        elif c == "\\":
            escaped = True
            open_word = True
        elif quote:
            if c == quote:
                quote = None
            else:
                word += c
        elif c in "\"'":
            quote = c
            open_word = True
        elif c in " \t":
            if open_word:
                words.append(word)
            word = ""
            open_word = False
        elif c == "#":
            break
        else:
            word += c
            open_word = True
    if quote or escaped:
        raise CommandError("unfinished line")
    if open_word:
        words.append(word)
    return words


def to_int(word, low, high):
    try:
        value = int(word, 16) if word[:2] == "0x" else int(word)
    except ValueError:
        raise CommandError("not a number: " + word)
    if not low <= value <= high:
        raise CommandError("%d is not within %d to %d" % (value, low, high))
    return value


class Shell:
    def __init__(self, out):
        self.out = out
        self.commands = {}
        self.variables = {"prompt": "> "}
        self.pins = [0] * 16
        self.history = []
        self.add("help", self._help, "help [COMMAND]", 0, 1)
        self.add("echo", self._echo, "echo WORD...", 0, 99)
        self.add("set", self._set, "set NAME VALUE", 2)
        self.add("get", self._get, "get [NAME]", 0, 1)
        self.add("pin", self._pin, "pin NUMBER [0|1]", 1, 2)
        self.add("peek", self._peek, "peek FIRST [COUNT]", 1, 2)
        self.add("history", self._history, "history")

    def add(self, name, run, usage, low=0, high=None):
        self.commands[name] = Command(name, run, usage, low, high)

    def execute(self, line):
        try:
            words = split_words(line)
            if not words:
                return 0
            self.history.append(line)
            if len(self.history) > 8:
                self.history.pop(0)
            command = self.commands.get(words[0])
            if command is None:
                raise CommandError("unknown command: " + words[0])
            args = [self._expand(w) for w in words[1:]]
            if not command.low <= len(args) <= command.high:
                raise CommandError("usage: " + command.usage)
            return command.run(*args) or 0
        except CommandError as e:
            self.out("error: %s\n" % e)
            return 1

    def _expand(self, word):
        if word.startswith("$"):
            try:
                return self.variables[word[1:]]
            except KeyError:
                raise CommandError("no variable " + word)
        return word

    def _help(self, name=None):
        if name is None:
            for key in sorted(self.commands):
                self.out("  %s\n" % self.commands[key].usage)
        elif name in self.commands:
            self.out("usage: %s\n" % self.commands[name].usage)
        else:
            raise CommandError("unknown command: " + name)

    def _echo(self, *words):
        self.out(" ".join(words) + "\n")

    def _set(self, name, value):
        if not name.isalpha():
            raise CommandError("bad name: " + name)
        self.variables[name] = value

    def _get(self, name=None):
        for key in sorted(self.variables):
            if name is None or name == key:
                self.out("%s=%s\n" % (key, self.variables[key]))

    def _pin(self, number, value=None):
        at = to_int(number, 0, 15)
        if value is None:
            self.out("pin %d is %d\n" % (at, self.pins[at]))
        else:
            self.pins[at] = to_int(value, 0, 1)

    def _peek(self, first, count="1"):
        first = to_int(first, 0, 15)
        for i in range(first, min(16, first + to_int(count, 1, 16))):
            self.out("%02x: %d\n" % (i, self.pins[i]))

    def _history(self):
        for i, line in enumerate(self.history):
            self.out("%3d  %s\n" % (i, line))
