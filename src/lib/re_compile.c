/* Regular expressions: from the pattern to a program (re.h). One pass without recursion: what a group needs until it
 * is closed is kept in an array in the heap, and splits are inserted where it turns out that one is needed. */
#include "lib/lib.h"

#if XIPVM_MODULE_RE
#include "lib/re.h"
#include "object/str.h"

#define MAX_OPEN 128u    /* groups open at the same time, the whole pattern included */
#define MAX_GROUPS 128u  /* XV_RE_SAVE has a byte */
#define MAX_PROGRAM 65535u
#define NO_ATOM SIZE_MAX
#define NO_GROUP 0u

enum { PATTERN, OPEN, N_ROOTS };

struct open_group {
    uint32_t start;        /* where its code begins */
    uint32_t alternative;  /* where the code of the current alternative begins */
    uint32_t jump;         /* the XV_RE_JUMP at the end of the alternative before, or 0 */
    uint32_t group;        /* its number, or NO_GROUP */
};

struct compiler {
    struct xv_vm *vm;
    struct xv_printer out;
    xv_value r[N_ROOTS];
    size_t at, len;        /* in the pattern */
    size_t atom;           /* where the code begins of what a `*` would repeat, or NO_ATOM */
    bool is_single;        /* it matches one character */
    bool is_text;          /* the pattern is a str */
    uint32_t n_open, max_open;
    uint32_t n_groups;
};

static bool wrong(struct compiler *c, const char *why) {
    xv_raise(c->vm, &xv_exc_ValueError, "error in regex: %s", why);
    return false;
}

static bool too_complex(struct compiler *c) {
    xv_raise(c->vm, &xv_exc_ValueError, "regex too complex");
    return false;
}

static struct open_group *innermost(struct compiler *c) {
    return (struct open_group *)(void *)xv_items(c->r[OPEN]) + (c->n_open - 1);
}

static uint8_t peek(const struct compiler *c, size_t at) {
    return xv_text(c->vm, c->r[PATTERN]).data[at];
}

static bool next_is(const struct compiler *c, uint8_t what) {
    return c->at < c->len && peek(c, c->at) == what;
}

/* The next character of the pattern, which is there. */
static uint32_t take(struct compiler *c) {
    struct xv_text t = xv_text(c->vm, c->r[PATTERN]);
    const uint8_t *p = t.data + c->at;
    if (*p < 0x80 || !c->is_text) {
        c->at++;
        return *p;
    }
    uint32_t code = xv_utf8_decode(&p, t.data + t.len);
    c->at = (size_t)(p - t.data);
    return code;
}

static bool emit(struct compiler *c, uint8_t a) {
    return xv_put(&c->out, &a, 1);
}

static bool emit2(struct compiler *c, uint8_t a, uint8_t b) {
    uint8_t code[2] = {a, b};
    return xv_put(&c->out, code, 2);
}

static bool emit_utf8(struct compiler *c, uint32_t code_point) {
    uint8_t code[4];
    return xv_put(&c->out, code, xv_utf8_encode(code_point, code));
}

/* An atom of one character begins here. */
static void begin_single(struct compiler *c) {
    c->atom = c->out.len;
    c->is_single = true;
}

/* Lets the jump or split at `from` lead to `to`. */
static bool aim(struct compiler *c, size_t from, size_t to) {
    ptrdiff_t offset = (ptrdiff_t)to - (ptrdiff_t)(from + 2);
    if (offset < INT8_MIN || offset > INT8_MAX) {
        return too_complex(c);
    }
    xv_printer_data(&c->out)[from + 1] = (uint8_t)offset;
    return true;
}

/* Puts an instruction of two bytes before the code at `at`. */
static bool insert(struct compiler *c, size_t at, uint8_t op, uint8_t operand) {
    uint8_t *p = xv_printer_gap(&c->out, at, 2);
    if (p != NULL) {
        p[0] = op;
        p[1] = operand;
    }
    return p != NULL;
}

static bool literal(struct compiler *c, uint32_t code_point) {
    begin_single(c);
    if (code_point < 0x80) {
        return emit2(c, XV_RE_CHAR, (uint8_t)code_point);
    }
    return emit(c, XV_RE_WIDE) && emit_utf8(c, code_point);
}

uint8_t xv_re_escape(uint8_t letter) {
    static const char letters[] = "abtnvfr"; /* 7 to 13 */
    const char *p = letter == 'b' || letter == 0 ? NULL : strchr(letters, letter);
    return p == NULL ? 0 : (uint8_t)(7 + (p - letters));
}

static bool is_named(uint32_t code_point) {
    return code_point != 0 && code_point < 0x80 && strchr("dDsSwW", (int)code_point) != NULL;
}

/* What follows a backslash: *named tells a letter of \d and so on from a character. */
static bool escape(struct compiler *c, uint32_t *code_point, bool *named) {
    if (c->at == c->len) {
        return wrong(c, "it ends with a backslash");
    }
    uint32_t x = take(c);
    uint8_t control = x < 0x80 ? xv_re_escape((uint8_t)x) : 0;
    *named = is_named(x);
    *code_point = control != 0 ? control : x;
    if (control == 0 && !*named && ((x >= '0' && x <= '9') || (x >= 'A' && x <= 'Z') || (x >= 'a' && x <= 'z'))) {
        return wrong(c, "no such escape");
    }
    return true;
}

static bool backslash(struct compiler *c) {
    uint32_t x;
    bool named;
    if (next_is(c, 'b') || next_is(c, 'B')) {
        c->atom = NO_ATOM;
        return emit(c, take(c) == 'b' ? XV_RE_BOUNDARY : XV_RE_NOT_BOUNDARY);
    }
    if (!escape(c, &x, &named)) {
        return false;
    }
    if (!named) {
        return literal(c, x);
    }
    begin_single(c);
    return emit2(c, XV_RE_NAMED, (uint8_t)x);
}

/* A character of a class, or a named class within it. */
static bool class_member(struct compiler *c, uint32_t *code_point, bool *named) {
    *named = false;
    *code_point = take(c);
    return *code_point != '\\' || escape(c, code_point, named);
}

static bool class_item(struct compiler *c) {
    uint32_t first, last;
    bool named;
    if (!class_member(c, &first, &named)) {
        return false;
    }
    last = named ? 0 : first;
    if (!named && next_is(c, '-') && c->at + 1 < c->len && peek(c, c->at + 1) != ']') {
        c->at++;
        if (!class_member(c, &last, &named)) {
            return false;
        }
        if (named || last < first) {
            return wrong(c, "a range the wrong way round");
        }
    }
    return emit_utf8(c, first) && emit_utf8(c, last);
}

/* Behind the `[`. */
static bool class_(struct compiler *c) {
    begin_single(c);
    bool negated = next_is(c, '^');
    c->at += negated;
    if (!emit2(c, negated ? XV_RE_NOT_CLASS : XV_RE_CLASS, 0)) {
        return false;
    }
    size_t start = c->out.len;
    do {
        if (c->at == c->len) {
            return wrong(c, "a [ without its ]");
        }
        if (!class_item(c)) {
            return false;
        }
        if (c->out.len - start > UINT8_MAX) {
            return too_complex(c);
        }
    } while (!next_is(c, ']'));
    c->at++;
    xv_printer_data(&c->out)[start - 1] = (uint8_t)(c->out.len - start);
    return true;
}

static bool open_group(struct compiler *c) {
    uint32_t group = NO_GROUP, start = (uint32_t)c->out.len;
    if (next_is(c, '?')) {
        c->at++;
        if (!next_is(c, ':')) {
            return wrong(c, "only (?: may follow a (");
        }
        c->at++;
    } else {
        group = c->n_groups++;
        if (group >= MAX_GROUPS) {
            return too_complex(c);
        }
        if (!emit2(c, XV_RE_SAVE, (uint8_t)(2 * group))) {
            return false;
        }
    }
    if (c->n_open == c->max_open) {
        return too_complex(c);
    }
    c->n_open++;
    *innermost(c) = (struct open_group){start, (uint32_t)c->out.len, 0, group};
    c->atom = NO_ATOM;
    return true;
}

/* The last alternative of the innermost group ends here. */
static bool end_alternatives(struct compiler *c) {
    uint32_t jump = innermost(c)->jump;
    return jump == 0 || aim(c, jump, c->out.len);
}

static bool close_group(struct compiler *c) {
    if (c->n_open == 1) {
        return wrong(c, "a ) without its (");
    }
    if (!end_alternatives(c)) {
        return false;
    }
    struct open_group g = *innermost(c);
    c->n_open--;
    c->atom = g.start;
    c->is_single = false;
    return g.group == NO_GROUP || emit2(c, XV_RE_SAVE, (uint8_t)(2 * g.group + 1));
}

/* `a|b|c`: split to b; a; jump to the jump behind b; split to c; b; jump to the end; c. */
static bool alternative(struct compiler *c) {
    struct open_group g = *innermost(c);
    if (!insert(c, g.alternative, XV_RE_SPLIT, 0) || !emit2(c, XV_RE_JUMP, 0) ||
        !aim(c, g.alternative, c->out.len) || (g.jump != 0 && !aim(c, g.jump, c->out.len - 2))) {
        return false;
    }
    innermost(c)->jump = (uint32_t)c->out.len - 2;
    innermost(c)->alternative = (uint32_t)c->out.len;
    c->atom = NO_ATOM;
    return true;
}

static bool repeat_group(struct compiler *c, uint8_t how, bool lazy) {
    size_t atom = c->atom;
    uint8_t stay = lazy ? XV_RE_SPLIT_FAR : XV_RE_SPLIT, leave = lazy ? XV_RE_SPLIT : XV_RE_SPLIT_FAR;
    if (how == '+') {
        return emit2(c, leave, 0) && aim(c, c->out.len - 2, atom);
    }
    if (!insert(c, atom, stay, 0)) {
        return false;
    }
    if (how == '*' && (!emit2(c, XV_RE_JUMP, 0) || !aim(c, c->out.len - 2, atom))) {
        return false;
    }
    return aim(c, atom, c->out.len);
}

/* Behind a `*`, `+` or `?`. */
static bool repeat(struct compiler *c, uint8_t how) {
    if (c->atom == NO_ATOM) {
        return wrong(c, "nothing to repeat");
    }
    bool lazy = next_is(c, '?');
    c->at += lazy;
    unsigned flags = (how == '+' ? XV_RE_NOT_NONE : how == '?' ? XV_RE_ONCE : 0u) | (lazy ? XV_RE_LAZY : 0u);
    bool done = c->is_single ? insert(c, c->atom, XV_RE_REPEAT, (uint8_t)flags) : repeat_group(c, how, lazy);
    c->atom = NO_ATOM;
    return done;
}

static bool assertion(struct compiler *c, enum xv_re_op op) {
    c->atom = NO_ATOM;
    return emit(c, (uint8_t)op);
}

static bool part(struct compiler *c) {
    uint32_t x = take(c);
    switch (x) {
    case '(':
        return open_group(c);
    case ')':
        return close_group(c);
    case '|':
        return alternative(c);
    case '*':
    case '+':
    case '?':
        return repeat(c, (uint8_t)x);
    case '^':
        return assertion(c, XV_RE_START);
    case '$':
        return assertion(c, XV_RE_END);
    case '.':
        begin_single(c);
        return emit(c, XV_RE_ANY);
    case '[':
        return class_(c);
    case '\\':
        return backslash(c);
    default:
        return literal(c, x);
    }
}

static bool whole(struct compiler *c) {
    if (!emit(c, 0)) {
        return false;
    }
    *innermost(c) = (struct open_group){1, 1, 0, NO_GROUP};
    while (c->at < c->len) {
        if (!part(c)) {
            return false;
        }
        if (c->out.len > MAX_PROGRAM) {
            return too_complex(c);
        }
    }
    if (c->n_open != 1) {
        return wrong(c, "a ( without its )");
    }
    if (!end_alternatives(c) || !emit(c, XV_RE_MATCH)) {
        return false;
    }
    xv_printer_data(&c->out)[0] = (uint8_t)c->n_groups;
    return true;
}

xv_value xv_re_compile(struct xv_vm *vm, xv_value pattern) {
    struct compiler c;
    memset(&c, 0, sizeof c);
    c.vm = vm;
    c.r[PATTERN] = pattern;
    struct xv_text t = xv_text(vm, pattern);
    c.is_text = xv_is_str(vm, pattern);
    c.len = t.len;
    c.atom = NO_ATOM;
    c.n_groups = 1;
    c.n_open = 1;
    c.max_open = 1;
    for (size_t i = 0; i < t.len && c.max_open < MAX_OPEN; i++) {
        c.max_open += t.data[i] == '(';
    }
    XV_ENTER(vm, c.r);
    xv_value v = XV_NULL;
    c.r[OPEN] = xv_alloc_bytes(vm, XV_KIND_RAW, c.max_open * sizeof(struct open_group));
    if (c.r[OPEN] != XV_NULL) {
        xv_printer_begin(&c.out, vm, false);
        if (whole(&c)) {
            v = xv_printer_finish_bytes(&c.out);
        } else {
            xv_printer_end(&c.out);
        }
    }
    XV_LEAVE(vm);
    return v;
}
#endif
