from micropython import const

NUMBER = const(1)
NAME = const(2)
STRING = const(3)
OPERATOR = const(4)
END = const(5)

_TWO = ("==", "!=", "<=", ">=", "->", "&&", "||", "<<", ">>")


class SyntaxProblem(Exception):
    pass


class Token:
    def __init__(self, kind, value, at):
        self.kind = kind
        self.value = value
        self.at = at

    def __repr__(self):
        return "<%d %s>" % (self.kind, self.value)


def tokens(text):
    at = 0
    while at < len(text):
        c = text[at]
        start = at
        if c in " \t\r\n":
            at += 1
        elif c.isdigit():
            while at < len(text) and (text[at].isdigit() or text[at] == "."):
                at += 1
            word = text[start:at]
            yield Token(NUMBER, float(word) if "." in word else int(word), start)
        elif c.isalpha() or c == "_":
            while at < len(text) and (text[at].isalpha() or text[at].isdigit() or text[at] == "_"):
                at += 1
            yield Token(NAME, text[start:at], start)
        elif c == '"':
            at = text.find('"', at + 1) + 1
            if at == 0:
                raise SyntaxProblem("string without end at %d" % start)
            yield Token(STRING, text[start + 1:at - 1], start)
        elif text[at:at + 2] in _TWO:
            at += 2
            yield Token(OPERATOR, text[start:at], start)
        elif c in "+-*/%()<>,=!":
            at += 1
            yield Token(OPERATOR, c, start)
        else:
            raise SyntaxProblem("unexpected %s at %d" % (c, at))
    yield Token(END, "", at)


_PRECEDENCE = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5,
               "*": 6, "/": 6, "%": 6}


class Expression:
    def __init__(self, text):
        self._tokens = tokens(text)
        self._next = next(self._tokens)
        self.tree = self._binary(1)
        if self._next.kind != END:
            raise SyntaxProblem("more after the end: " + str(self._next.value))

    def _take(self):
        token = self._next
        if token.kind != END:
            self._next = next(self._tokens)
        return token

    def _expect(self, value):
        if self._take().value != value:
            raise SyntaxProblem("expected " + value)

    def _binary(self, lowest):
        left = self._unary()
        while self._next.kind == OPERATOR:
            precedence = _PRECEDENCE.get(self._next.value, 0)
            if precedence < lowest:
                break
            operator = self._take().value
            left = (operator, left, self._binary(precedence + 1))
        return left

    def _unary(self):
        token = self._take()
        if token.kind in (NUMBER, STRING):
            return token.value
        if token.kind == NAME:
            if self._next.value == "(":
                return self._call(token.value)
            return ("name", token.value)
        if token.value == "(":
            inner = self._binary(1)
            self._expect(")")
            return inner
        if token.value in ("-", "!"):
            return (token.value, self._unary())
        raise SyntaxProblem("unexpected end" if token.kind == END else "unexpected " + str(token.value))

    def _call(self, name):
        args = []
        self._take()
        while self._next.value != ")":
            args.append(self._binary(1))
            if self._next.value == ",":
                self._take()
        self._take()
        return ("call", name, tuple(args))

    def value(self, names):
        return evaluate(self.tree, names)


def _compare(operator, a, b):
    if operator == "==":
        return a == b
    if operator == "!=":
        return a != b
    if operator == "<":
        return a < b
    if operator == "<=":
        return a <= b
    if operator == ">":
        return a > b
    return a >= b


def evaluate(tree, names):
    if not isinstance(tree, tuple):
        return tree
    operator = tree[0]
    if operator == "name":
        return names[tree[1]]
    if operator == "call":
        return names[tree[1]](*[evaluate(a, names) for a in tree[2]])
    a = evaluate(tree[1], names)
    if len(tree) == 2:
        return -a if operator == "-" else not a
    if operator == "&&":
        return a and evaluate(tree[2], names)
    if operator == "||":
        return a or evaluate(tree[2], names)
    b = evaluate(tree[2], names)
    if operator == "+":
        return a + b
    if operator == "-":
        return a - b
    if operator == "*":
        return a * b
    if operator == "/":
        return a / b
    if operator == "%":
        return a % b
    return _compare(operator, a, b)
