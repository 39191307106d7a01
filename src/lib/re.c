/* import re: the matcher, and the pattern and match objects. What MicroPython's re knows, and \b, (?: ) and escapes as in
 * CPython; `.` matches a newline and `$` only the end, as there. Classes such as \w are of ASCII.
 *
 * The matcher goes back along a stack of choices, which it keeps in the heap behind the noted positions. Matching itself
 * allocates only when that stack must grow. */
#include "lib/lib.h"

#if XIPVM_MODULE_RE
#include "lib/re.h"
#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
#include "object/text.h"
#include "vm/outside.h"
#include "xipvm/hal.h"

#define UNSET UINT32_MAX
#define FIRST_CHOICES 8u
/* How many steps the matcher takes between two looks at the host, about: it looks when it goes back. */
#define PATIENCE 8192u

enum { PATTERN_PROGRAM, PATTERN_SLOTS };
enum { MATCH_SUBJECT, MATCH_SPANS, MATCH_GROUPS, MATCH_SLOTS };
enum { PROGRAM, SUBJECT, STATE, LIST, N_ROOTS };

static const struct xv_type pattern_type, match_type;

/* What to do when the matcher fails. */
enum choice_kind {
    GO,          /* on at `pc`, with position `a`; `b`: into a lazily repeated group */
    RESTORE,     /* noted position `a` to `b` */
    GIVE_BACK,   /* a character of a repetition that stands at `a`, down to `b`; then on at `pc` */
    TAKE_MORE    /* one more of the XV_RE_REPEAT at `pc`, from position `a` */
};

struct choice {
    uint32_t pc_kind; /* pc << 2 | kind */
    uint32_t a, b;
};

struct matcher {
    struct xv_vm *vm;
    xv_value r[N_ROOTS];    /* rooted by the user; STATE: noted positions, then choices; or XV_NULL */
    uint32_t n_notes;       /* twice the number of groups */
    size_t end;             /* of what may be matched, in bytes */
    bool bytewise;          /* a character is a byte */
    bool not_empty;         /* an empty match does not count */
    uint32_t patience;
    size_t n_choices, max_choices;
    /* Into the heap: good until the next allocation. */
    const uint8_t *code, *text;
    uint32_t *notes;
    struct choice *choices;
};

/* ---- the matcher */

static void derive(struct matcher *m) {
    m->code = xv_text(m->vm, m->r[PROGRAM]).data;
    m->text = xv_text(m->vm, m->r[SUBJECT]).data;
    m->notes = (uint32_t *)(void *)xv_items(m->r[STATE]);
    m->choices = (struct choice *)(void *)(m->notes + m->n_notes);
}

/* For `n` choices; those there are stay. */
static bool make_state(struct matcher *m, size_t n) {
    size_t notes = m->n_notes * sizeof(uint32_t);
    xv_value state = xv_alloc_bytes(m->vm, XV_KIND_RAW, notes + n * sizeof(struct choice));
    if (state == XV_NULL) {
        return false;
    }
    if (m->r[STATE] != XV_NULL) {
        memcpy(xv_items(state), xv_items(m->r[STATE]), notes + m->n_choices * sizeof(struct choice));
    }
    m->r[STATE] = state;
    m->max_choices = n;
    derive(m);
    return true;
}

/* RuntimeError when there are too many, or no memory for that many: a pattern such as (a*)* makes choices without end. */
static bool grow(struct matcher *m) {
    size_t n = m->max_choices * 2;
    if (n > XIPVM_RE_CHOICES) {
        n = XIPVM_RE_CHOICES;
    }
    if (n > m->max_choices && make_state(m, n)) {
        return true;
    }
    if (n <= m->max_choices || xv_pending(m->vm, &xv_exc_MemoryError)) {
        xv_clear(m->vm);
        xv_raise(m->vm, &xv_exc_RuntimeError, "maximum recursion depth exceeded");
    }
    return false;
}

static inline bool push(struct matcher *m, enum choice_kind kind, size_t pc, size_t a, size_t b) {
    if (m->n_choices == m->max_choices && !grow(m)) {
        return false;
    }
    m->choices[m->n_choices++] = (struct choice){(uint32_t)pc << 2 | (uint32_t)kind, (uint32_t)a, (uint32_t)b};
    return true;
}

static bool is_word(uint32_t c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
}

/* Whether `c` is in the class \letter. */
static bool is_in_named(uint8_t letter, uint32_t c) {
    bool upper = letter < 'a';
    switch (letter | 0x20) {
    case 'd':
        return (c >= '0' && c <= '9') != upper;
    case 's':
        return (c == ' ' || (c >= '\t' && c <= '\r')) != upper;
    default:
        return is_word(c) != upper;
    }
}

static inline uint32_t unit(const uint8_t **p, const uint8_t *end) {
    return **p < 0x80 ? *(*p)++ : xv_utf8_decode(p, end);
}

/* `p`: the length of the class, and its members. */
static bool is_in_class(const uint8_t *p, uint32_t c) {
    const uint8_t *end = p + 1 + *p;
    p++;
    while (p < end) {
        uint32_t first = unit(&p, end), last = unit(&p, end);
        if (last < first ? is_in_named((uint8_t)first, c) : c >= first && c <= last) {
            return true;
        }
    }
    return false;
}

/* The position behind the one character that the instruction at `pc` matches at `at`, or 0. */
static inline size_t match_one(const struct matcher *m, size_t pc, size_t at) {
    if (at >= m->end) {
        return 0;
    }
    const uint8_t *op = m->code + pc, *p = m->text + at;
    uint32_t c = *p;
    size_t next = at + 1;
    if (c >= 0x80 && !m->bytewise) {
        c = xv_utf8_decode(&p, m->text + m->end);
        next = (size_t)(p - m->text);
    }
    bool ok;
    switch (*op++) {
    case XV_RE_CHAR:
        ok = c == *op;
        break;
    case XV_RE_WIDE:
        ok = c == xv_utf8_decode(&op, op + 4);
        break;
    case XV_RE_ANY:
        ok = true;
        break;
    case XV_RE_NAMED:
        ok = is_in_named(*op, c);
        break;
    case XV_RE_CLASS:
        ok = is_in_class(op, c);
        break;
    default:
        ok = !is_in_class(op, c);
        break;
    }
    return ok ? next : 0;
}

/* How long that instruction is. */
static inline size_t length_of_one(const struct matcher *m, size_t pc) {
    const uint8_t *op = m->code + pc;
    switch (*op) {
    case XV_RE_ANY:
        return 1;
    case XV_RE_CHAR:
    case XV_RE_NAMED:
        return 2;
    case XV_RE_WIDE:
        return op[1] >= 0xf0 ? 5u : op[1] >= 0xe0 ? 4u : 3u;
    default:
        return 2u + op[1];
    }
}

/* That took `n` steps. */
static inline void tire(struct matcher *m, size_t n) {
    m->patience = n < m->patience ? m->patience - (uint32_t)n : 1;
}

/* XV_RE_REPEAT at *pc: as many as there are and a choice to give back, or as few as may be and a choice to take more. */
static int repeat(struct matcher *m, size_t *pc, size_t *at) {
    unsigned flags = m->code[*pc + 1];
    size_t one = *pc + 2, after = one + length_of_one(m, one), start = *at, next;
    if ((flags & XV_RE_NOT_NONE) != 0) {
        start = match_one(m, one, start);
        if (start == 0) {
            return 0;
        }
    }
    if ((flags & XV_RE_LAZY) != 0) {
        *at = start;
        if (!push(m, TAKE_MORE, *pc, start, 0)) {
            return -1;
        }
        *pc = after;
        return 1;
    }
    size_t to = start;
    while ((next = match_one(m, one, to)) != 0) {
        to = next;
        if ((flags & XV_RE_ONCE) != 0) {
            break;
        }
    }
    tire(m, to - start);
    *at = to;
    *pc = after;
    return to == start || push(m, GIVE_BACK, after, to, start) ? 1 : -1;
}

/* Gives back one character, or as many as it takes for what follows to have a chance. */
static void give_back(struct matcher *m, struct choice *c, size_t pc, size_t *at) {
    uint32_t a = c->a;
    do {
        a--;
        while (!m->bytewise && a > c->b && (m->text[a] & 0xc0u) == 0x80u) {
            a--;
        }
    } while (a > c->b && m->code[pc] == XV_RE_CHAR && m->text[a] != m->code[pc + 1]);
    tire(m, c->a - a);
    c->a = a;
    *at = a;
    if (a == c->b) {
        m->n_choices--;
    }
}

/* Takes up the latest choice: 1, 0 if there is none left, -1. */
static int go_back(struct matcher *m, size_t *pc, size_t *at) {
    if (--m->patience == 0) { /* a pattern like (a+)+b may take for ever */
        m->patience = PATIENCE;
        if (xv_interrupted(m->vm)) {
            return -1;
        }
    }
    while (m->n_choices > 0) {
        struct choice *c = &m->choices[m->n_choices - 1];
        size_t to = c->pc_kind >> 2, next;
        switch ((enum choice_kind)(c->pc_kind & 3u)) {
        case GO:
            *at = c->a;
            *pc = to;
            if (c->b == 0) {
                m->n_choices--;
            } else { /* leaves a trace, so that empty rounds without end come to the bound: notes[0] is free */
                *c = (struct choice){RESTORE, 0, UNSET};
            }
            return 1;
        case RESTORE:
            m->n_choices--;
            m->notes[c->a] = c->b;
            break;
        case GIVE_BACK:
            give_back(m, c, to, at);
            *pc = to;
            return 1;
        case TAKE_MORE:
            next = match_one(m, to + 2, c->a);
            if (next == 0 || (m->code[to + 1] & XV_RE_ONCE) != 0) {
                m->n_choices--;
            }
            if (next != 0) {
                c->a = (uint32_t)next;
                *at = next;
                *pc = to + 2 + length_of_one(m, to + 2);
                return 1;
            }
            break;
        }
    }
    return 0;
}

static bool is_word_at(const struct matcher *m, size_t at) {
    return at < m->end && is_word(m->text[at]);
}

static bool holds(const struct matcher *m, unsigned op, size_t at) {
    bool boundary;
    switch (op) {
    case XV_RE_START:
        return at == 0;
    case XV_RE_END:
        return at == m->end;
    default:
        boundary = (at > 0 && is_word_at(m, at - 1)) != is_word_at(m, at);
        return boundary == (op == XV_RE_BOUNDARY);
    }
}

/* Matches at `start`: 1 with the positions noted, 0, -1. */
static int match_at(struct matcher *m, size_t start) {
    size_t pc = 1, at = start, steps = 0;
    memset(m->notes, 0xff, m->n_notes * sizeof(uint32_t));
    m->n_choices = 0;
    for (;;) {
        unsigned op = m->code[pc];
        size_t jump = pc + 2, next;
        bool lazy;
        int ok = 1;
        steps++;
        switch (op) {
        case XV_RE_REPEAT:
            ok = repeat(m, &pc, &at);
            break;
        case XV_RE_SPLIT:
        case XV_RE_SPLIT_FAR:
        case XV_RE_JUMP:
            jump = (size_t)((ptrdiff_t)jump + (int8_t)m->code[pc + 1]);
            lazy = (op == XV_RE_SPLIT) == (jump <= pc);
            if (op != XV_RE_JUMP && !push(m, GO, op == XV_RE_SPLIT ? jump : pc + 2, at, lazy)) {
                return -1;
            }
            pc = op == XV_RE_SPLIT ? pc + 2 : jump;
            break;
        case XV_RE_SAVE:
            next = m->code[pc + 1];
            if (!push(m, RESTORE, 0, next, m->notes[next])) {
                return -1;
            }
            m->notes[next] = (uint32_t)at;
            pc += 2;
            break;
        case XV_RE_START:
        case XV_RE_END:
        case XV_RE_BOUNDARY:
        case XV_RE_NOT_BOUNDARY:
            ok = holds(m, op, at);
            pc++;
            break;
        case XV_RE_MATCH:
            if (at != start || !m->not_empty) {
                m->notes[0] = (uint32_t)start;
                m->notes[1] = (uint32_t)at;
                return 1;
            }
            ok = 0;
            break;
        default:
            next = match_one(m, pc, at);
            ok = next != 0;
            at = next;
            pc += length_of_one(m, pc);
            break;
        }
        if (ok == 0) {
            tire(m, steps);
            steps = 0;
            ok = go_back(m, &pc, &at);
            if (ok == 0) {
                return 0;
            }
        }
        if (ok < 0) {
            return -1;
        }
    }
}

/* Matches at `at` or, searching, at the first place from there on: 1, 0, -1. */
static int find(struct matcher *m, size_t at, bool search) {
    if (m->r[STATE] == XV_NULL && !make_state(m, FIRST_CHOICES)) {
        return -1;
    }
    derive(m);
    int found;
    while ((found = match_at(m, at)) == 0 && search && at < m->end && m->code[1] != XV_RE_START) {
        m->not_empty = false;
        at++;
        while (!m->bytewise && at < m->end && (m->text[at] & 0xc0u) == 0x80u) {
            at++;
        }
        if (m->code[1] == XV_RE_CHAR) {
            const uint8_t *p = memchr(m->text + at, m->code[2], m->end - at);
            if (p == NULL) {
                return 0;
            }
            at = (size_t)(p - m->text);
        }
    }
    return found;
}

static bool not_text(struct xv_vm *vm, xv_value v) {
    xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", v);
    return false;
}

static bool is_text(const struct xv_vm *vm, xv_value v) {
    return xv_is_str(vm, v) || xv_is_bytes(vm, v);
}

/* Sets up a matcher of args[0], a pattern object or a pattern, on a str or bytes. args[0] becomes the pattern
 * object's program. m->r is rooted already, as is `args`: what is made of further arguments may run a program. */
static bool begin(struct xv_vm *vm, struct matcher *m, xv_value *args, unsigned subject) {
    memset(m, 0, sizeof *m);
    args[subject] = xv_unwrap(vm, args[subject]);
    if (!is_text(vm, args[subject])) {
        return not_text(vm, args[subject]);
    }
    args[0] = xv_unwrap(vm, args[0]);
    if (xv_type_of(vm, args[0]) == xv_from(&pattern_type)) {
        args[0] = xv_slots(args[0])[PATTERN_PROGRAM];
    } else if (!is_text(vm, args[0])) {
        return not_text(vm, args[0]);
    } else {
        args[0] = xv_re_compile(vm, args[0]);
        if (args[0] == XV_NULL) {
            return false;
        }
    }
    m->vm = vm;
    m->r[PROGRAM] = args[0];
    m->r[SUBJECT] = args[subject];
    m->n_notes = 2u * xv_text(vm, args[0]).data[0];
    m->end = xv_text(vm, args[subject]).len;
    m->bytewise = xv_bytewise(vm, args[subject]);
    m->patience = PATIENCE;
    return true;
}

/* ---- match objects */

/* Of what was found; takes over the matcher's state. */
static xv_value match_new(struct matcher *m) {
    xv_value v = xv_generic_new(m->vm, &match_type, MATCH_SLOTS);
    if (v != XV_NULL) {
        xv_shrink(m->vm, m->r[STATE], 1 + xv_words_for(m->n_notes * sizeof(uint32_t)));
        xv_slots(v)[MATCH_SUBJECT] = m->r[SUBJECT];
        xv_slots(v)[MATCH_SPANS] = m->r[STATE];
        xv_slots(v)[MATCH_GROUPS] = XV_INT((intptr_t)m->n_notes / 2);
        m->r[STATE] = XV_NULL;
    }
    return v;
}

static intptr_t n_groups(xv_value match) {
    return xv_small(xv_slots(match)[MATCH_GROUPS]);
}

static uint32_t note_of(xv_value match, size_t which) {
    return ((const uint32_t *)(const void *)xv_items(xv_slots(match)[MATCH_SPANS]))[which];
}

static enum xv_kind kind_of(const struct xv_vm *vm, xv_value text) {
    return xv_is_str(vm, text) ? XV_KIND_STR : XV_KIND_BYTES;
}

/* The group of args[0], a match, that args[k] tells. */
static bool group_number(struct xv_vm *vm, const xv_value *args, uint32_t k, size_t *out) {
    intptr_t i;
    if (!xv_to_index(vm, args[k], &i)) {
        return false;
    }
    if (i < 0 || i >= n_groups(args[0])) {
        xv_raise_value(vm, &xv_exc_IndexError, args[k]);
        return false;
    }
    *out = (size_t)i;
    return true;
}

/* The text of a group, or `none`. */
static xv_value group_text(struct xv_vm *vm, xv_value match, size_t i, xv_value none) {
    uint32_t from = note_of(match, 2 * i), to = note_of(match, 2 * i + 1);
    xv_value subject = xv_slots(match)[MATCH_SUBJECT];
    return from == UNSET || to == UNSET ? none : xv_str_slice(vm, kind_of(vm, subject), subject, from, to - from);
}

static xv_value match_group(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t i = 0;
    if (n <= 2) {
        return n == 2 && !group_number(vm, args, 1, &i) ? XV_NULL : group_text(vm, args[0], i, XV_NONE);
    }
    for (uint32_t k = 1; k < n; k++) {
        if (!group_number(vm, args, k, &i)) {
            return XV_NULL;
        }
        args[k] = group_text(vm, args[0], i, XV_NONE);
        if (args[k] == XV_NULL) {
            return XV_NULL;
        }
    }
    return xv_tuple_of(vm, args + 1, n - 1);
}

static xv_value match_groups(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t count = (size_t)n_groups(args[0]) - 1;
    xv_value r[1] = {XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_tuple_new(vm, count);
    for (size_t i = 0; r[0] != XV_NULL && i < count; i++) {
        xv_value text = group_text(vm, args[0], i + 1, n == 2 ? args[1] : XV_NONE);
        if (text == XV_NULL) {
            r[0] = XV_NULL;
        } else {
            xv_items(r[0])[i] = text;
        }
    }
    XV_LEAVE(vm);
    return r[0];
}

/* Where the group of args[1], or all, begins (which = 0) or ends (1), in characters; -1 if it took no part. */
static bool edge(struct xv_vm *vm, xv_value *args, uint32_t n, unsigned which, xv_value *out) {
    size_t i = 0;
    if (n == 2 && !group_number(vm, args, 1, &i)) {
        return false;
    }
    uint32_t at = note_of(args[0], 2 * i + which);
    if (note_of(args[0], 2 * i) == UNSET || note_of(args[0], 2 * i + 1) == UNSET) {
        *out = XV_INT(-1);
    } else {
        xv_value subject = xv_slots(args[0])[MATCH_SUBJECT];
        *out = XV_INT((intptr_t)xv_byte_to_unit(xv_text(vm, subject), xv_bytewise(vm, subject), at));
    }
    return true;
}

static xv_value match_start(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value v;
    return edge(vm, args, n, 0, &v) ? v : XV_NULL;
}

static xv_value match_end(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value v;
    return edge(vm, args, n, 1, &v) ? v : XV_NULL;
}

static xv_value match_span(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value from, to;
    return edge(vm, args, n, 0, &from) && edge(vm, args, n, 1, &to) ? xv_pair(vm, from, to) : XV_NULL;
}

static bool print_match(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_putf(out, "<match num=%i>", n_groups(self));
}

static const struct xv_native match_methods[] = {
    XV_NATIVE(group, match_group, 1, XV_ANY_ARGS),
    XV_NATIVE(groups, match_groups, 1, 2),
    XV_NATIVE(start, match_start, 1, 2),
    XV_NATIVE(end, match_end, 1, 2),
    XV_NATIVE(span, match_span, 1, 2),
};

static const struct xv_type match_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_match,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    XV_METHODS(match_methods),
    .print = print_match,
};

/* ---- functions of the module, which are the methods of a pattern too: args[0] is a pattern object or a pattern */

/* The byte offset of a position given as an argument, which may lie outside. The subject is rooted. */
static bool position(struct xv_vm *vm, xv_value v, const xv_value *subject, size_t *out) {
    intptr_t i;
    if (!xv_to_index(vm, v, &i)) {
        return false;
    }
    size_t units = xv_units(vm, *subject);
    size_t at = i < 0 ? 0 : (size_t)i < units ? (size_t)i : units;
    *out = xv_unit_to_byte(xv_text(vm, *subject), xv_bytewise(vm, *subject), at);
    return true;
}

/* (pattern, string, first position, end position) */
static xv_value execute(struct xv_vm *vm, xv_value *args, uint32_t n, bool search) {
    struct matcher m;
    size_t at = 0;
    xv_value v = XV_NULL;
    XV_ENTER(vm, m.r);
    if (begin(vm, &m, args, 1) && (n <= 2 || position(vm, args[2], &args[1], &at)) &&
        (n <= 3 || position(vm, args[3], &args[1], &m.end))) {
        int found = m.end < at ? 0 : find(&m, at, search);
        v = found > 0 ? match_new(&m) : found == 0 ? XV_NONE : XV_NULL;
    }
    XV_LEAVE(vm);
    return v;
}

static xv_value re_match(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return execute(vm, args, n, false);
}

static xv_value re_search(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return execute(vm, args, n, true);
}

/* How often at most: 0 or less stands for any number. */
static bool limit_of(struct xv_vm *vm, xv_value v, size_t *out) {
    intptr_t i;
    if (!xv_to_index(vm, v, &i)) {
        return false;
    }
    *out = i <= 0 ? SIZE_MAX : (size_t)i;
    return true;
}

static bool append_slice(struct matcher *m, size_t from, size_t to) {
    xv_value subject = m->r[SUBJECT];
    xv_value piece = xv_str_slice(m->vm, kind_of(m->vm, subject), subject, from, to - from);
    return piece != XV_NULL && xv_list_append(m->vm, m->r[LIST], piece);
}

/* Fills m->r[LIST]. Stops where a match is empty, as MicroPython does. */
static bool split(struct matcher *m, size_t limit) {
    size_t at = 0;
    for (; limit > 0; limit--) {
        int found = find(m, at, true);
        if (found < 0) {
            return false;
        }
        size_t from = m->notes[0], to = m->notes[1];
        if (found == 0 || from == to) {
            break;
        }
        if (!append_slice(m, at, from)) {
            return false;
        }
        at = to;
    }
    return append_slice(m, at, m->end);
}

/* args: pattern, string, maxsplit, which are rooted and free to be changed. */
static xv_value split_by(struct xv_vm *vm, xv_value *args) {
    struct matcher m;
    size_t limit;
    xv_value v = XV_NULL;
    XV_ENTER(vm, m.r);
    if (begin(vm, &m, args, 1) && limit_of(vm, args[2], &limit)) {
        if (m.n_notes > 2) {
            xv_raise(vm, &xv_exc_NotImplementedError, "splitting with sub-captures");
        } else {
            m.r[LIST] = xv_list_new(vm, 0);
            v = m.r[LIST] != XV_NULL && split(&m, limit) ? m.r[LIST] : XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return v;
}

static bool put_group(struct matcher *m, struct xv_printer *out, size_t group) {
    if (2 * group >= m->n_notes) {
        xv_raise_value(m->vm, &xv_exc_IndexError, XV_INT((intptr_t)group));
        return false;
    }
    derive(m);
    uint32_t from = m->notes[2 * group], to = m->notes[2 * group + 1];
    return from == UNSET || to == UNSET || xv_put_text(out, m->r[SUBJECT], from, to - from);
}

/* What stands behind a backslash at offset *at of a replacement: \1, \g<1>, \n, or a character as it is. */
static bool put_escape(struct matcher *m, struct xv_printer *out, const xv_value *template, size_t *at) {
    struct xv_text t = xv_text(m->vm, *template);
    size_t i = *at;
    bool angled = i + 1 < t.len && t.data[i] == 'g' && t.data[i + 1] == '<';
    i += angled ? 2 : 0;
    size_t group = 0, digits = i;
    for (; i < t.len && t.data[i] >= '0' && t.data[i] <= '9'; i++) {
        group = group < 10000 ? 10 * group + (t.data[i] - (size_t)'0') : group;
    }
    bool number = i > digits;
    if (i == t.len && (angled || !number)) {
        xv_raise(m->vm, &xv_exc_ValueError, "error in replacement: it ends within an escape");
        return false;
    }
    if (angled && (!number || t.data[i] != '>')) {
        xv_raise(m->vm, &xv_exc_ValueError, "error in replacement: \\g<number> expected");
        return false;
    }
    if (number) {
        *at = i + angled;
        return put_group(m, out, group);
    }
    uint8_t control = xv_re_escape(t.data[i]);
    uint8_t c = control != 0 ? control : t.data[i];
    *at = i + 1;
    return xv_put(out, &c, 1);
}

/* The template is rooted: each piece that is written may move it. */
static bool put_template(struct matcher *m, struct xv_printer *out, const xv_value *template) {
    size_t at = 0, len = xv_text(m->vm, *template).len;
    while (at < len) {
        const uint8_t *data = xv_text(m->vm, *template).data;
        const uint8_t *p = memchr(data + at, '\\', len - at);
        size_t to = p == NULL ? len : (size_t)(p - data);
        if (to > at && !xv_put_text(out, *template, at, to - at)) {
            return false;
        }
        at = to + 1;
        if (p != NULL && !put_escape(m, out, template, &at)) {
            return false;
        }
    }
    return true;
}

/* What takes the place of the match found: args[1], a template or a function of the match. */
static bool put_replacement(struct matcher *m, struct xv_printer *out, const xv_value *args) {
    struct xv_vm *vm = m->vm;
    if (is_text(vm, args[1])) {
        return put_template(m, out, &args[1]);
    }
    xv_value match = match_new(m);
    if (match == XV_NULL) {
        return false;
    }
    xv_value v = xv_call(vm, args[1], &match, 1);
    if (v == XV_NULL) {
        return false;
    }
    v = xv_unwrap(vm, v);
    if (!is_text(vm, v) || kind_of(vm, v) != kind_of(vm, m->r[SUBJECT])) {
        return not_text(vm, v);
    }
    return xv_put_text(out, v, 0, xv_text(vm, v).len);
}

/* 1 if anything was replaced, 0, -1. As in CPython an empty match counts, unless it follows another one at once. */
static int substitute(struct matcher *m, struct xv_printer *out, const xv_value *args, size_t limit) {
    size_t at = 0;
    int any = 0;
    for (; limit > 0; limit--) {
        int found = find(m, at, true);
        if (found < 0) {
            return -1;
        }
        if (found == 0) {
            break;
        }
        size_t from = m->notes[0], to = m->notes[1];
        any = 1;
        if (!xv_put_text(out, m->r[SUBJECT], at, from - at) || !put_replacement(m, out, args)) {
            return -1;
        }
        at = to;
        m->not_empty = from == to;
    }
    return any == 0 || xv_put_text(out, m->r[SUBJECT], at, m->end - at) ? any : -1;
}

static xv_value re_split(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_pattern, XV_Q_string, XV_Q_maxsplit};
    xv_value r[3] = {XV_NULL, XV_NULL, XV_INT(0)}, v = XV_NULL;
    XV_ENTER(vm, r);
    if (xv_parse_args(vm, "split", args, n, names, 3, 2, r)) {
        v = split_by(vm, r);
    }
    XV_LEAVE(vm);
    return v;
}

/* Whether args[1] can take the place of parts of the str or bytes args[2]; TypeError. */
static bool is_replacement(struct xv_vm *vm, xv_value *args) {
    xv_value replacement = xv_unwrap(vm, args[1]);
    if (is_text(vm, replacement)) {
        args[1] = replacement;
    }
    bool fits = is_text(vm, args[1]) ? kind_of(vm, args[1]) == kind_of(vm, args[2]) : xv_callable(vm, args[1]);
    return fits || not_text(vm, args[1]);
}

static xv_value substituted(struct matcher *m, const xv_value *args, size_t limit) {
    struct xv_printer out;
    xv_printer_begin(&out, m->vm, false);
    int any = substitute(m, &out, args, limit);
    if (any > 0) {
        bool str = xv_is_str(m->vm, m->r[SUBJECT]);
        return str ? xv_printer_finish(&out) : xv_printer_finish_bytes(&out);
    }
    xv_printer_end(&out);
    return any == 0 ? m->r[SUBJECT] : XV_NULL;
}

/* args: pattern, replacement, string, count; likewise. */
static xv_value substitute_by(struct xv_vm *vm, xv_value *args) {
    struct matcher m;
    size_t limit;
    xv_value v = XV_NULL;
    XV_ENTER(vm, m.r);
    if (begin(vm, &m, args, 2) && limit_of(vm, args[3], &limit) && is_replacement(vm, args)) {
        v = substituted(&m, args, limit);
    }
    XV_LEAVE(vm);
    return v;
}

static xv_value re_sub(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_pattern, XV_Q_repl, XV_Q_string, XV_Q_count};
    xv_value r[4] = {XV_NULL, XV_NULL, XV_NULL, XV_INT(0)}, v = XV_NULL;
    XV_ENTER(vm, r);
    if (xv_parse_args(vm, "sub", args, n, names, 4, 3, r)) {
        v = substitute_by(vm, r);
    }
    XV_LEAVE(vm);
    return v;
}

static xv_value re_compile(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (n == 2 && args[1] != XV_INT(0)) {
        return xv_raise(vm, &xv_exc_ValueError, "regex flags are not supported");
    }
    if (xv_type_of(vm, args[0]) == xv_from(&pattern_type)) {
        return args[0];
    }
    args[0] = xv_unwrap(vm, args[0]);
    if (!is_text(vm, args[0])) {
        not_text(vm, args[0]);
        return XV_NULL;
    }
    args[0] = xv_re_compile(vm, args[0]);
    xv_value v = args[0] == XV_NULL ? XV_NULL : xv_generic_new(vm, &pattern_type, PATTERN_SLOTS);
    if (v != XV_NULL) {
        xv_slots(v)[PATTERN_PROGRAM] = args[0];
    }
    return v;
}

static const struct xv_native pattern_methods[] = {
    XV_NATIVE(match, re_match, 2, 4),
    XV_NATIVE(search, re_search, 2, 4),
    XV_NATIVE_X(split, re_split, 1, 3, XV_N_KEYWORDS),
    XV_NATIVE_X(sub, re_sub, 1, 4, XV_N_KEYWORDS),
};

static const struct xv_type pattern_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_re,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    XV_METHODS(pattern_methods),
};

static const struct xv_native functions[] = {
    XV_FUNCTION(compile, re_compile, 1, 2),
    XV_FUNCTION(match, re_match, 2, 4),
    XV_FUNCTION(search, re_search, 2, 4),
    XV_FUNCTION_X(split, re_split, 0, 3, XV_N_KEYWORDS),
    XV_FUNCTION_X(sub, re_sub, 0, 4, XV_N_KEYWORDS),
};

const struct xv_native_module xv_module_re = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_re,
    XV_FUNCTIONS(functions),
};
#endif
