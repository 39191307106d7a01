/* The methods of str, and those that bytes and bytearray have in common with it. All work on runs of bytes:
 * the methods whose arguments or results count characters convert at their edges, and the rest need not know
 * what the bytes mean. Case and classes of characters are ASCII's. */
#include "object/container.h"
#include "object/number.h"
#include "object/text.h"

/* ---- arguments */

bool xv_has_bytes(const struct xv_vm *vm, xv_value v) {
    xv_value self = v;
    const struct xv_type *type = xv_native_type(vm, v, &self);
    while (type != NULL && type->buffer == NULL) {
        type = type->base;
    }
    return type != NULL && !xv_is_str(vm, self);
}

bool xv_operand(struct xv_vm *vm, xv_value self, xv_value v, struct xv_text *out) {
    v = xv_unwrap(vm, v);
    bool str = xv_text_kind(vm, self) == XV_KIND_STR;
    if (xv_is_str(vm, v) != str) {
        const char *type = str ? "str" : "bytes";
        xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to %s implicitly", v, type);
        return false;
    }
    if (str) {
        *out = xv_text(vm, v);
        return true;
    }
    struct xv_buffer b;
    if (!xv_get_buffer(vm, v, &b)) {
        return false;
    }
    *out = (struct xv_text){b.data, b.len};
    return true;
}

/* As xv_operand; but bytes may be searched for a byte too, which is put in *byte. */
static bool operand_or_byte(struct xv_vm *vm, xv_value self, xv_value v, uint8_t *byte, struct xv_text *out) {
    if (xv_is_int(v) && xv_text_kind(vm, self) != XV_KIND_STR) {
        *out = (struct xv_text){byte, 1};
        return xv_to_byte(vm, v, byte);
    }
    return xv_operand(vm, self, v, out);
}

/* Index number `i` of the arguments, if it is given and not None. Other values than ints may allocate. */
static bool index_argument(struct xv_vm *vm, xv_value *args, uint32_t n, uint32_t i, intptr_t *out) {
    return n <= i || args[i] == XV_NONE || xv_to_index(vm, args[i], out);
}

/* The optional arguments start and end at args[2] and args[3], as byte offsets: *from > *to if nothing can be
 * found in between, not even the empty text. */
static bool search_bounds(struct xv_vm *vm, xv_value *args, uint32_t n, size_t *from, size_t *to) {
    intptr_t start = 0;
    intptr_t end = INTPTR_MAX;
    if (!index_argument(vm, args, n, 2, &start) || !index_argument(vm, args, n, 3, &end)) {
        return false;
    }
    struct xv_text t = xv_span(vm, args[0]);
    *from = 0;
    *to = t.len;
    if (n < 3) {
        return true;
    }
    bool bytewise = xv_bytewise(vm, args[0]);
    intptr_t units = (intptr_t)xv_units(vm, args[0]);
    start += start < 0 ? units : 0;
    end += end < 0 ? units : 0;
    start = start < 0 ? 0 : start;
    end = end < 0 ? 0 : end > units ? units : end;
    if (start > end) {
        *from = 1;
        *to = 0;
        return true;
    }
    *from = xv_unit_to_byte(t, bytewise, (size_t)start);
    *to = xv_unit_to_byte(t, bytewise, (size_t)end);
    return true;
}

static struct xv_text part_of(struct xv_text t, size_t from, size_t to) {
    return (struct xv_text){t.data + from, to - from};
}

/* ---- searching */

enum { FIND = 0, LAST = 1, RAISE = 2 };

static xv_value find(struct xv_vm *vm, xv_value *args, uint32_t n, unsigned how) {
    size_t from, to;
    uint8_t byte;
    struct xv_text part;
    if (!search_bounds(vm, args, n, &from, &to) || !operand_or_byte(vm, args[0], args[1], &byte, &part)) {
        return XV_NULL;
    }
    if (from <= to) {
        struct xv_text t = xv_span(vm, args[0]);
        struct xv_text in = part_of(t, from, to);
        size_t at = (how & LAST) != 0 ? xv_find_last(in, part) : xv_find_first(in, part);
        if (at != XV_NOT_FOUND) {
            return XV_INT(xv_byte_to_unit(t, xv_bytewise(vm, args[0]), from + at));
        }
    }
    if ((how & RAISE) != 0) {
        return xv_raise(vm, &xv_exc_ValueError, "substring not found");
    }
    return XV_INT(-1);
}

static xv_value text_find(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return find(vm, args, n, FIND);
}

static xv_value text_rfind(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return find(vm, args, n, LAST);
}

static xv_value text_index(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return find(vm, args, n, RAISE);
}

static xv_value text_rindex(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return find(vm, args, n, LAST | RAISE);
}

/* How often `part`, which is not empty, is in `in`; at most `limit`. */
static size_t count_parts(struct xv_text in, struct xv_text part, size_t limit) {
    size_t count = 0;
    while (count < limit) {
        size_t at = xv_find_first(in, part);
        if (at == XV_NOT_FOUND) {
            break;
        }
        count++;
        in = part_of(in, at + part.len, in.len);
    }
    return count;
}

static xv_value text_count(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t from, to;
    uint8_t byte;
    struct xv_text part;
    if (!search_bounds(vm, args, n, &from, &to) || !operand_or_byte(vm, args[0], args[1], &byte, &part)) {
        return XV_NULL;
    }
    if (from > to) {
        return XV_INT(0);
    }
    struct xv_text in = part_of(xv_span(vm, args[0]), from, to);
    if (part.len == 0) {
        return XV_INT(xv_byte_to_unit(in, xv_bytewise(vm, args[0]), in.len) + 1);
    }
    return XV_INT(count_parts(in, part, SIZE_MAX));
}

/* ---- beginnings and ends */

static bool has_end(struct xv_text t, struct xv_text part, bool last) {
    return t.len >= part.len && memcmp(last ? t.data + t.len - part.len : t.data, part.data, part.len) == 0;
}

static xv_value starts_or_ends(struct xv_vm *vm, xv_value *args, uint32_t n, bool last) {
    size_t from, to;
    struct xv_text part;
    if (!search_bounds(vm, args, n, &from, &to)) {
        return XV_NULL;
    }
    xv_value parts = xv_unwrap(vm, args[1]);
    bool many = xv_is_kind(parts, XV_KIND_TUPLE);
    size_t n_parts = many ? xv_n_items(parts) : 1;
    for (size_t i = 0; i < n_parts; i++) {
        if (!xv_operand(vm, args[0], many ? xv_items(parts)[i] : parts, &part)) {
            return XV_NULL;
        }
        if (from <= to && has_end(part_of(xv_span(vm, args[0]), from, to), part, last)) {
            return XV_TRUE;
        }
    }
    return XV_FALSE;
}

static xv_value text_startswith(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return starts_or_ends(vm, args, n, false);
}

static xv_value text_endswith(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return starts_or_ends(vm, args, n, true);
}

/* Part of args[0], of its own type. */
static xv_value own_part(struct xv_vm *vm, xv_value *args, size_t from, size_t len) {
    return xv_text_part(vm, xv_text_kind(vm, args[0]), args[0], from, len);
}

static xv_value without_end(struct xv_vm *vm, xv_value *args, bool last) {
    struct xv_text part;
    if (!xv_operand(vm, args[0], args[1], &part)) {
        return XV_NULL;
    }
    struct xv_text t = xv_span(vm, args[0]);
    size_t cut = has_end(t, part, last) ? part.len : 0;
    return own_part(vm, args, last ? 0 : cut, t.len - cut);
}

static xv_value text_removeprefix(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return without_end(vm, args, false);
}

static xv_value text_removesuffix(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return without_end(vm, args, true);
}

/* ---- stripping */

static bool is_space(uint8_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* True if the character (of the `len` bytes at p) is one of `chars`. */
static bool is_among(struct xv_text chars, const uint8_t *p, size_t len) {
    if (len == 1) {
        return chars.len > 0 && memchr(chars.data, *p, chars.len) != NULL;
    }
    return xv_find_first(chars, (struct xv_text){p, len}) != XV_NOT_FOUND;
}

static bool is_tail(uint8_t b) {
    return (b & 0xc0) == 0x80;
}

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };
/* How many bytes are compared between two looks at the host. */
#define PATIENCE 65536u

/* What is stripped. */
struct stripping {
    struct xv_vm *vm;
    struct xv_text chars;
    bool spaces;  /* rather than `chars` */
    size_t work;
};

/* 1 if the character of the `len` bytes at p goes, 0, -1. */
static int goes(struct stripping *s, const uint8_t *p, size_t len) {
    if (s->spaces) {
        return is_space(*p);
    }
    s->work += s->chars.len;
    if (s->work > PATIENCE) {
        s->work = 0;
        if (xv_interrupted(s->vm)) {
            return -1;
        }
    }
    return is_among(s->chars, p, len);
}

static xv_value strip(struct xv_vm *vm, xv_value *args, uint32_t n, unsigned sides) {
    struct stripping s = {.vm = vm, .spaces = n < 2 || args[1] == XV_NONE};
    if (!s.spaces && !xv_operand(vm, args[0], args[1], &s.chars)) {
        return XV_NULL;
    }
    struct xv_text t = xv_span(vm, args[0]);
    bool str = xv_text_kind(vm, args[0]) == XV_KIND_STR;
    size_t from = 0;
    size_t to = t.len;
    int gone = 1;
    while ((sides & STRIP_LEFT) != 0 && from < to) {
        size_t len = 1;
        while (str && from + len < to && is_tail(t.data[from + len])) {
            len++;
        }
        gone = goes(&s, t.data + from, len);
        if (gone <= 0) {
            break;
        }
        from += len;
    }
    while (gone >= 0 && (sides & STRIP_RIGHT) != 0 && to > from) {
        size_t len = 1;
        while (str && len < to - from && is_tail(t.data[to - len])) {
            len++;
        }
        gone = goes(&s, t.data + to - len, len);
        if (gone <= 0) {
            break;
        }
        to -= len;
    }
    return gone < 0 ? XV_NULL : own_part(vm, args, from, to - from);
}

static xv_value text_strip(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return strip(vm, args, n, STRIP_LEFT | STRIP_RIGHT);
}

static xv_value text_lstrip(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return strip(vm, args, n, STRIP_LEFT);
}

static xv_value text_rstrip(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return strip(vm, args, n, STRIP_RIGHT);
}

/* ---- splitting */

/* Appends args[0][from, to) to a list, which is rooted where `list` points. */
static bool add_part(struct xv_vm *vm, xv_value *args, xv_value *list, size_t from, size_t to) {
    xv_value part = own_part(vm, args, from, to - from);
    return part != XV_NULL && xv_list_append(vm, *list, part);
}

/* Splits at white space. */
static bool split_spaces(struct xv_vm *vm, xv_value *args, xv_value *list, intptr_t limit) {
    size_t at = 0;
    for (;;) {
        struct xv_text t = xv_span(vm, args[0]);
        while (at < t.len && is_space(t.data[at])) {
            at++;
        }
        if (at == t.len) {
            return true;
        }
        size_t from = at;
        if (limit-- == 0) {
            at = t.len;
        }
        while (at < t.len && !is_space(t.data[at])) {
            at++;
        }
        if (!add_part(vm, args, list, from, at)) {
            return false;
        }
    }
}

/* Splits at args[1], which is not empty. */
static bool split_parts(struct xv_vm *vm, xv_value *args, xv_value *list, intptr_t limit) {
    size_t from = 0;
    for (;;) {
        struct xv_text separator;
        if (!xv_operand(vm, args[0], args[1], &separator)) {
            return false;
        }
        struct xv_text t = xv_span(vm, args[0]);
        size_t at = limit-- == 0 ? XV_NOT_FOUND : xv_find_first(part_of(t, from, t.len), separator);
        size_t to = at == XV_NOT_FOUND ? t.len : from + at;
        size_t next = to + separator.len;
        if (!add_part(vm, args, list, from, to)) {
            return false;
        }
        if (at == XV_NOT_FOUND) {
            return true;
        }
        from = next;
    }
}

/* The same two from the end, giving the parts in reverse. */
static bool rsplit_spaces(struct xv_vm *vm, xv_value *args, xv_value *list, intptr_t limit) {
    size_t to = xv_span(vm, args[0]).len;
    for (;;) {
        struct xv_text t = xv_span(vm, args[0]);
        while (to > 0 && is_space(t.data[to - 1])) {
            to--;
        }
        if (to == 0) {
            return true;
        }
        size_t from = limit-- == 0 ? 0 : to;
        while (from > 0 && !is_space(t.data[from - 1])) {
            from--;
        }
        if (!add_part(vm, args, list, from, to)) {
            return false;
        }
        to = from;
    }
}

static bool rsplit_parts(struct xv_vm *vm, xv_value *args, xv_value *list, intptr_t limit) {
    size_t to = xv_span(vm, args[0]).len;
    for (;;) {
        struct xv_text separator;
        if (!xv_operand(vm, args[0], args[1], &separator)) {
            return false;
        }
        struct xv_text t = xv_span(vm, args[0]);
        size_t at = limit-- == 0 ? XV_NOT_FOUND : xv_find_last(part_of(t, 0, to), separator);
        if (!add_part(vm, args, list, at == XV_NOT_FOUND ? 0 : at + separator.len, to)) {
            return false;
        }
        if (at == XV_NOT_FOUND) {
            return true;
        }
        to = at;
    }
}

static void reverse(xv_value list) {
    size_t n = xv_list(list)->len;
    if (n == 0) {
        return;
    }
    xv_value *items = xv_list_items(list);
    for (size_t i = 0; i < n / 2; i++) {
        xv_value v = items[i];
        items[i] = items[n - 1 - i];
        items[n - 1 - i] = v;
    }
}

/* `work` is args[0], the separator or XV_NONE, the limit, and the list of parts. */
static bool split_into(struct xv_vm *vm, xv_value *work, bool last) {
    struct xv_text separator = {NULL, 1};
    intptr_t limit = -1;
    if (!xv_to_index(vm, work[2], &limit)) {
        return false;
    }
    limit = limit < 0 ? -1 : limit; /* it is counted down, too */
    if (work[1] != XV_NONE && !xv_operand(vm, work[0], work[1], &separator)) {
        return false;
    }
    if (separator.len == 0) {
        xv_raise(vm, &xv_exc_ValueError, "empty separator");
        return false;
    }
    xv_value list = xv_list_new(vm, 0);
    if (list == XV_NULL) {
        return false;
    }
    work[3] = list;
    if (!last) {
        return work[1] == XV_NONE ? split_spaces(vm, work, &work[3], limit)
                                  : split_parts(vm, work, &work[3], limit);
    }
    bool good = work[1] == XV_NONE ? rsplit_spaces(vm, work, &work[3], limit)
                                   : rsplit_parts(vm, work, &work[3], limit);
    reverse(work[3]);
    return good;
}

static xv_value split(struct xv_vm *vm, xv_value *args, uint32_t n, const char *name, bool last) {
    static const uint16_t names[] = {XV_Q__char_00, XV_Q_sep, XV_Q_maxsplit};
    xv_value r[4] = {args[0], XV_NONE, XV_INT(-1), XV_NULL};
    XV_ENTER(vm, r);
    bool good = true;
    if (XV_N_KW(n) == 0) {
        r[1] = n > 1 ? args[1] : r[1];
        r[2] = n > 2 ? args[2] : r[2];
    } else {
        good = xv_parse_args(vm, name, args, n, names, 3, 1, r);
    }
    good = good && split_into(vm, r, last);
    XV_LEAVE(vm);
    return good ? r[3] : XV_NULL;
}

static xv_value text_split(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return split(vm, args, n, "split", false);
}

static xv_value text_rsplit(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return split(vm, args, n, "rsplit", true);
}

static xv_value text_splitlines(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q__char_00, XV_Q_keepends};
    xv_value r[3] = {XV_NULL, XV_FALSE, XV_NULL};
    XV_ENTER(vm, r);
    int keep = -1;
    if (xv_parse_args(vm, "splitlines", args, n, names, 2, 1, r)) {
        keep = xv_truth(vm, r[1]);
    }
    bool good = keep >= 0;
    if (good) {
        r[2] = xv_list_new(vm, 0);
        good = r[2] != XV_NULL;
    }
    for (size_t at = 0; good;) {
        struct xv_text t = xv_span(vm, args[0]);
        if (at >= t.len) {
            break;
        }
        size_t end = at;
        while (end < t.len && t.data[end] != '\n' && t.data[end] != '\r') {
            end++;
        }
        size_t next = end;
        if (next < t.len) {
            next += next + 1 < t.len && t.data[next] == '\r' && t.data[next + 1] == '\n' ? 2 : 1;
        }
        good = add_part(vm, args, &r[2], at, keep ? next : end);
        at = next;
    }
    XV_LEAVE(vm);
    return good ? r[2] : XV_NULL;
}

static xv_value partition(struct xv_vm *vm, xv_value *args, bool last) {
    struct xv_text separator;
    if (!xv_operand(vm, args[0], args[1], &separator)) {
        return XV_NULL;
    }
    if (separator.len == 0) {
        return xv_raise(vm, &xv_exc_ValueError, "empty separator");
    }
    struct xv_text t = xv_span(vm, args[0]);
    size_t at = last ? xv_find_last(t, separator) : xv_find_first(t, separator);
    /* Where the middle part begins and ends. */
    size_t from = at != XV_NOT_FOUND ? at : last ? 0 : t.len;
    size_t to = at != XV_NOT_FOUND ? at + separator.len : from;
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if ((r[0] = own_part(vm, args, 0, from)) != XV_NULL &&
        (r[1] = own_part(vm, args, from, to - from)) != XV_NULL &&
        (r[2] = own_part(vm, args, to, t.len - to)) != XV_NULL) {
        made = xv_tuple_of(vm, r, 3);
    }
    XV_LEAVE(vm);
    return made;
}

static xv_value text_partition(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return partition(vm, args, false);
}

static xv_value text_rpartition(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return partition(vm, args, true);
}

/* ---- joining and replacing */

/* The bytes of an item of join(): false, without an exception, if it is of the wrong type. */
static bool join_item(struct xv_vm *vm, bool str, xv_value item, struct xv_text *out) {
    if (xv_is_str(vm, item)) {
        *out = xv_text(vm, item);
        return str;
    }
    item = xv_unwrap(vm, item);
    struct xv_buffer b;
    if (xv_is_str(vm, item) != str || (!str && !xv_has_bytes(vm, item))) {
        return false;
    }
    if (str) {
        *out = xv_text(vm, item);
        return true;
    }
    if (!xv_get_buffer(vm, item, &b)) {
        return false;
    }
    *out = (struct xv_text){b.data, b.len};
    return true;
}

/* The length of the result; XV_NOT_FOUND with an exception. */
static size_t join_length(struct xv_vm *vm, xv_value *args) {
    bool str = xv_text_kind(vm, args[0]) == XV_KIND_STR;
    xv_value *items;
    size_t n;
    xv_sequence(vm, args[1], &items, &n);
    size_t between = xv_span(vm, args[0]).len;
    size_t len = 0;
    for (size_t i = 0; i < n; i++) {
        struct xv_text t;
        if (!join_item(vm, str, items[i], &t)) {
            if (vm->exc == XV_NULL) {
                xv_raise(vm, &xv_exc_TypeError,
                         "join expects a list of str/bytes objects consistent with self object");
            }
            return XV_NOT_FOUND;
        }
        size_t more = t.len + (i > 0 ? between : 0);
        if (more > XV_STR_MAX - len) {
            xv_raise_memory(vm);
            return XV_NOT_FOUND;
        }
        len += more;
    }
    return len;
}

static xv_value text_join(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value *items;
    size_t n_items;
    if (!xv_sequence(vm, args[1], &items, &n_items)) {
        xv_value list = xv_list_from(vm, args[1]);
        if (list == XV_NULL) {
            return XV_NULL;
        }
        args[1] = list;
        xv_sequence(vm, list, &items, &n_items);
    }
    size_t len = join_length(vm, args);
    if (len == XV_NOT_FOUND) {
        return XV_NULL;
    }
    enum xv_kind kind = xv_text_kind(vm, args[0]);
    bool str = kind == XV_KIND_STR;
    if (len == 0) {
        return xv_text_empty(vm, kind);
    }
    if (n_items == 1 && kind != XV_KIND_BYTEARRAY) {
        xv_sequence(vm, args[1], &items, &n_items);
        xv_value only = xv_unwrap(vm, items[0]);
        if (xv_text_kind(vm, only) == kind) {
            return only;
        }
    }
    uint8_t *to = NULL;
    xv_value made = xv_text_blank(vm, kind, len, &to);
    if (made == XV_NULL) {
        return XV_NULL;
    }
    /* Nothing is allocated from here on. */
    xv_sequence(vm, args[1], &items, &n_items);
    struct xv_text between = xv_span(vm, args[0]);
    for (size_t i = 0; i < n_items; i++) {
        struct xv_text t = {NULL, 0};
        join_item(vm, str, items[i], &t);
        if (i > 0 && between.len > 0) {
            memcpy(to, between.data, between.len);
            to += between.len;
        }
        if (t.len > 0) {
            memcpy(to, t.data, t.len);
            to += t.len;
        }
    }
    return made;
}

/* Writes `t` with the first `count` places of `old` replaced. An empty `old` is between all characters. */
static void write_replaced(uint8_t *to, struct xv_text t, struct xv_text old, struct xv_text with,
                           size_t count, bool str) {
    size_t at = 0;
    for (; count > 0; count--) {
        size_t len = 0; /* of what stays, before the place */
        if (old.len > 0) {
            len = xv_find_first(part_of(t, at, t.len), old);
            memcpy(to, t.data + at, len);
        }
        to += len;
        at += len + old.len;
        if (with.len > 0) {
            memcpy(to, with.data, with.len);
            to += with.len;
        }
        if (old.len == 0 && at < t.len) {
            do {
                *to++ = t.data[at++];
            } while (str && at < t.len && is_tail(t.data[at]));
        }
    }
    if (at < t.len) {
        memcpy(to, t.data + at, t.len - at);
    }
}

static xv_value text_replace(struct xv_vm *vm, xv_value *args, uint32_t n) {
    intptr_t limit = -1;
    struct xv_text old, with;
    if (!index_argument(vm, args, n, 3, &limit) || !xv_operand(vm, args[0], args[1], &old) ||
        !xv_operand(vm, args[0], args[2], &with)) {
        return XV_NULL;
    }
    enum xv_kind kind = xv_text_kind(vm, args[0]);
    struct xv_text t = xv_span(vm, args[0]);
    size_t most = limit < 0 ? SIZE_MAX : (size_t)limit;
    size_t count;
    if (old.len == 0) {
        count = xv_units(vm, args[0]) + 1;
        count = count < most ? count : most;
    } else {
        count = count_parts(t, old, most);
    }
    if (count == 0) {
        return own_part(vm, args, 0, t.len);
    }
    size_t rest = t.len - count * old.len;
    if (with.len > 0 && count > (XV_STR_MAX - rest) / with.len) {
        return xv_raise_memory(vm);
    }
    size_t len = rest + count * with.len;
    if (len == 0) {
        return xv_text_empty(vm, kind);
    }
    uint8_t *to = NULL;
    xv_value made = xv_text_blank(vm, kind, len, &to);
    if (made == XV_NULL) {
        return XV_NULL;
    }
    /* They were good before and nothing has changed but their places. */
    bool good = xv_operand(vm, args[0], args[1], &old) && xv_operand(vm, args[0], args[2], &with);
    if (!good) {
        return XV_NULL;
    }
    write_replaced(to, xv_span(vm, args[0]), old, with, count, kind == XV_KIND_STR);
    return made;
}

/* ---- padding */

/* args[0] between `left` and `right` times the character at `fill`. */
static xv_value padded(struct xv_vm *vm, xv_value *args, size_t left, size_t right, const uint8_t *fill,
                       size_t fill_len) {
    enum xv_kind kind = xv_text_kind(vm, args[0]);
    size_t len = xv_span(vm, args[0]).len;
    if (left + right == 0) {
        return own_part(vm, args, 0, len);
    }
    if (left + right > (XV_STR_MAX - len) / fill_len) {
        return xv_raise_memory(vm);
    }
    uint8_t *to = NULL;
    xv_value made = xv_text_blank(vm, kind, len + (left + right) * fill_len, &to);
    if (made == XV_NULL) {
        return XV_NULL;
    }
    for (size_t i = 0; i < left; i++, to += fill_len) {
        memcpy(to, fill, fill_len);
    }
    if (len > 0) {
        memcpy(to, xv_span(vm, args[0]).data, len);
        to += len;
    }
    for (size_t i = 0; i < right; i++, to += fill_len) {
        memcpy(to, fill, fill_len);
    }
    return made;
}

/* How many characters args[0] lacks to the width args[1]. */
static bool lacking(struct xv_vm *vm, xv_value *args, size_t *out) {
    intptr_t width;
    if (!xv_to_index(vm, args[1], &width)) {
        return false;
    }
    size_t units = xv_units(vm, args[0]);
    *out = width > 0 && (size_t)width > units ? (size_t)width - units : 0;
    return true;
}

static xv_value justify(struct xv_vm *vm, xv_value *args, uint32_t n, char side) {
    uint8_t fill[4] = {' '};
    size_t fill_len = 1;
    size_t pad;
    if (!lacking(vm, args, &pad)) {
        return XV_NULL;
    }
    if (n > 2) {
        struct xv_text t;
        if (!xv_operand(vm, args[0], args[2], &t)) {
            return XV_NULL;
        }
        bool one = xv_text_kind(vm, args[0]) == XV_KIND_STR ? xv_utf8_count(t.data, t.len) == 1 : t.len == 1;
        if (!one || t.len > sizeof fill) {
            return xv_raise(vm, &xv_exc_TypeError, "the fill character must be exactly one character long");
        }
        fill_len = t.len;
        memcpy(fill, t.data, fill_len);
    }
    size_t left = 0;
    if (side == '>') {
        left = pad;
    } else if (side == '^') {
        /* As CPython: an odd space goes to the left of a text whose width is odd. */
        size_t width = pad + xv_units(vm, args[0]);
        left = pad / 2 + (pad & width & 1);
    }
    return padded(vm, args, left, pad - left, fill, fill_len);
}

static xv_value text_center(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return justify(vm, args, n, '^');
}

static xv_value text_ljust(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return justify(vm, args, n, '<');
}

static xv_value text_rjust(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return justify(vm, args, n, '>');
}

static xv_value text_zfill(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint8_t zero = '0';
    (void)n;
    size_t pad;
    if (!lacking(vm, args, &pad)) {
        return XV_NULL;
    }
    xv_value made = padded(vm, args, pad, 0, &zero, 1);
    if (made != XV_NULL && pad > 0) {
        /* The sign stays in front. The text is new, so that it may be written to. */
        uint8_t *data = (uint8_t *)(uintptr_t)xv_span(vm, made).data;
        if (xv_span(vm, made).len > pad && (data[pad] == '-' || data[pad] == '+')) {
            data[0] = data[pad];
            data[pad] = '0';
        }
    }
    return made;
}

static xv_value text_expandtabs(struct xv_vm *vm, xv_value *args, uint32_t n) {
    intptr_t width = 8;
    if (!index_argument(vm, args, n, 1, &width)) {
        return XV_NULL;
    }
    enum xv_kind kind = xv_text_kind(vm, args[0]);
    bool str = kind == XV_KIND_STR;
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    bool good = true;
    intptr_t column = 0;
    for (size_t at = 0; good;) {
        struct xv_text t = xv_span(vm, args[0]);
        size_t from = at;
        while (at < t.len && t.data[at] != '\t') {
            column = t.data[at] == '\n' || t.data[at] == '\r' ? 0 : column + !(str && is_tail(t.data[at]));
            at++;
        }
        bool tab = at < t.len;
        good = xv_put_text(&out, args[0], from, at - from);
        if (!tab) {
            break;
        }
        intptr_t spaces = width > 0 ? width - column % width : 0;
        if (!good || !xv_put_repeat(&out, ' ', (size_t)spaces)) {
            good = false;
            break;
        }
        column += spaces;
        at++;
    }
    if (!good) {
        xv_printer_end(&out);
        return XV_NULL;
    }
    xv_value made = str ? xv_printer_finish(&out) : xv_printer_finish_bytes(&out);
    if (kind == XV_KIND_BYTEARRAY && made != XV_NULL) {
        made = xv_text_part(vm, kind, made, 0, xv_text(vm, made).len);
    }
    return made;
}

/* ---- case */

static bool is_upper(uint8_t c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(uint8_t c) {
    return c >= 'a' && c <= 'z';
}

static bool is_alpha(uint8_t c) {
    return is_upper(c) || is_lower(c);
}

static bool is_digit(uint8_t c) {
    return c >= '0' && c <= '9';
}

enum letter_case { LOWER, UPPER, SWAP, CAPITAL, TITLE };

static xv_value change_case(struct xv_vm *vm, xv_value *args, enum letter_case to) {
    enum xv_kind kind = xv_text_kind(vm, args[0]);
    size_t len = xv_span(vm, args[0]).len;
    if (len == 0) {
        return xv_text_empty(vm, kind);
    }
    uint8_t single;
    uint8_t *data = &single;
    bool name = kind == XV_KIND_STR && len == 1;
    xv_value made = name ? XV_NONE : xv_text_blank(vm, kind, len, &data);
    if (made == XV_NULL) {
        return XV_NULL;
    }
    const uint8_t *from = xv_span(vm, args[0]).data;
    bool inside = false;
    for (size_t i = 0; i < len; i++) {
        uint8_t c = from[i];
        bool letter = is_alpha(c);
        bool upper =
            to == UPPER || (to == SWAP && is_lower(c)) || ((to == CAPITAL || to == TITLE) && !inside);
        data[i] = !letter ? c : (uint8_t)(upper ? c & ~0x20 : c | 0x20);
        inside = to == CAPITAL || letter || c >= 0x80;
    }
    return name ? xv_qstr_char(single) : made;
}

static xv_value text_lower(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return change_case(vm, args, LOWER);
}

static xv_value text_upper(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return change_case(vm, args, UPPER);
}

static xv_value text_swapcase(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return change_case(vm, args, SWAP);
}

static xv_value text_capitalize(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return change_case(vm, args, CAPITAL);
}

static xv_value text_title(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return change_case(vm, args, TITLE);
}

/* ---- classes of characters */

/* True if there is a character and `is` holds for all. */
static xv_value all_are(struct xv_vm *vm, xv_value *args, bool (*is)(uint8_t c)) {
    struct xv_text t = xv_span(vm, args[0]);
    for (size_t i = 0; i < t.len; i++) {
        if (!is(t.data[i])) {
            return XV_FALSE;
        }
    }
    return XV_BOOL(t.len > 0);
}

static bool is_alnum(uint8_t c) {
    return is_alpha(c) || is_digit(c);
}

static xv_value text_isspace(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return all_are(vm, args, is_space);
}

static xv_value text_isalpha(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return all_are(vm, args, is_alpha);
}

static xv_value text_isdigit(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return all_are(vm, args, is_digit);
}

static xv_value text_isalnum(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return all_are(vm, args, is_alnum);
}

/* True if there is a letter of the one case and none of the other. */
static xv_value all_cased(struct xv_vm *vm, xv_value *args, bool upper) {
    struct xv_text t = xv_span(vm, args[0]);
    bool any = false;
    for (size_t i = 0; i < t.len; i++) {
        if (is_alpha(t.data[i])) {
            if (is_upper(t.data[i]) != upper) {
                return XV_FALSE;
            }
            any = true;
        }
    }
    return XV_BOOL(any);
}

static xv_value text_isupper(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return all_cased(vm, args, true);
}

static xv_value text_islower(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return all_cased(vm, args, false);
}

static xv_value text_isascii(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct xv_text t = xv_span(vm, args[0]);
    return XV_BOOL(xv_is_ascii(t.data, t.len));
}

static xv_value str_isidentifier(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct xv_text t = xv_text(vm, args[0]);
    for (size_t i = 0; i < t.len; i++) {
        uint8_t c = t.data[i];
        if (!is_alpha(c) && c != '_' && c < 0x80 && (i == 0 || !is_digit(c))) {
            return XV_FALSE;
        }
    }
    return XV_BOOL(t.len > 0);
}

/* ---- between str and bytes */

/* The optional arguments encoding and errors into out[1] and out[2]. */
static bool coding_arguments(struct xv_vm *vm, const char *name, xv_value *args, uint32_t n, xv_value *out) {
    static const uint16_t names[] = {XV_Q__char_00, XV_Q_encoding, XV_Q_errors};
    return xv_parse_args(vm, name, args, n, names, 3, 1, out);
}

static xv_value str_encode(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if (coding_arguments(vm, "encode", args, n, r)) {
        made = xv_encode(vm, XV_KIND_BYTES, args[0], r[1], r[2]);
    }
    XV_LEAVE(vm);
    return made;
}

static xv_value bytes_decode(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if (coding_arguments(vm, "decode", args, n, r)) {
        made = xv_decode(vm, args[0], r[1], r[2]);
    }
    XV_LEAVE(vm);
    return made;
}

static int hex_digit(uint8_t c) {
    return is_digit(c) ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

/* The bytes that hexadecimal digits stand for, written to `to` unless it is NULL; XV_NOT_FOUND for any other
 * text. */
static size_t read_hex(struct xv_text t, uint8_t *to) {
    size_t n = 0;
    for (size_t at = 0; at < t.len; at += 2) {
        while (at < t.len && is_space(t.data[at])) {
            at++;
        }
        if (at == t.len) {
            break;
        }
        int high = hex_digit(t.data[at]);
        int low = at + 1 < t.len ? hex_digit(t.data[at + 1]) : -1;
        if (high < 0 || low < 0) {
            return XV_NOT_FOUND;
        }
        if (to != NULL) {
            to[n] = (uint8_t)(high << 4 | low);
        }
        n++;
    }
    return n;
}

static xv_value bytes_fromhex(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    args[1] = xv_unwrap(vm, args[1]);
    if (!xv_is_str(vm, args[1])) {
        return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", args[1]);
    }
    enum xv_kind kind =
        xv_is_subtype(vm, args[0], xv_from(&xv_type_bytearray)) ? XV_KIND_BYTEARRAY : XV_KIND_BYTES;
    size_t len = read_hex(xv_text(vm, args[1]), NULL);
    if (len == XV_NOT_FOUND) {
        return xv_raise(vm, &xv_exc_ValueError, "non-hex digit");
    }
    if (len == 0) {
        return xv_text_empty(vm, kind);
    }
    uint8_t *to = NULL;
    xv_value made = xv_text_blank(vm, kind, len, &to);
    if (made != XV_NULL) {
        read_hex(xv_text(vm, args[1]), to);
    }
    return made;
}

const struct xv_native xv_text_methods[] = {
    /* Of str alone. */
    XV_NATIVE_X(encode, str_encode, 1, 3, XV_N_KEYWORDS),
    XV_NATIVE_X(format, xv_str_format, 1, XV_ANY_ARGS, XV_N_KEYWORDS),
    XV_NATIVE(casefold, text_lower, 1, 1),
    XV_NATIVE(isidentifier, str_isidentifier, 1, 1),
    XV_NATIVE(isdecimal, text_isdigit, 1, 1),
    XV_NATIVE(isnumeric, text_isdigit, 1, 1),
    /* Common. */
    XV_NATIVE(find, text_find, 2, 4),
    XV_NATIVE(rfind, text_rfind, 2, 4),
    XV_NATIVE(index, text_index, 2, 4),
    XV_NATIVE(rindex, text_rindex, 2, 4),
    XV_NATIVE(join, text_join, 2, 2),
    XV_NATIVE_X(split, text_split, 1, 3, XV_N_KEYWORDS),
    XV_NATIVE_X(rsplit, text_rsplit, 1, 3, XV_N_KEYWORDS),
    XV_NATIVE_X(splitlines, text_splitlines, 1, 2, XV_N_KEYWORDS),
    XV_NATIVE(partition, text_partition, 2, 2),
    XV_NATIVE(rpartition, text_rpartition, 2, 2),
    XV_NATIVE(startswith, text_startswith, 2, 4),
    XV_NATIVE(endswith, text_endswith, 2, 4),
    XV_NATIVE(removeprefix, text_removeprefix, 2, 2),
    XV_NATIVE(removesuffix, text_removesuffix, 2, 2),
    XV_NATIVE(strip, text_strip, 1, 2),
    XV_NATIVE(lstrip, text_lstrip, 1, 2),
    XV_NATIVE(rstrip, text_rstrip, 1, 2),
    XV_NATIVE(replace, text_replace, 3, 4),
    XV_NATIVE(count, text_count, 2, 4),
    XV_NATIVE(lower, text_lower, 1, 1),
    XV_NATIVE(upper, text_upper, 1, 1),
    XV_NATIVE(swapcase, text_swapcase, 1, 1),
    XV_NATIVE(capitalize, text_capitalize, 1, 1),
    XV_NATIVE(title, text_title, 1, 1),
    XV_NATIVE(center, text_center, 2, 3),
    XV_NATIVE(ljust, text_ljust, 2, 3),
    XV_NATIVE(rjust, text_rjust, 2, 3),
    XV_NATIVE(zfill, text_zfill, 2, 2),
    XV_NATIVE(expandtabs, text_expandtabs, 1, 2),
    XV_NATIVE(isspace, text_isspace, 1, 1),
    XV_NATIVE(isalpha, text_isalpha, 1, 1),
    XV_NATIVE(isdigit, text_isdigit, 1, 1),
    XV_NATIVE(isalnum, text_isalnum, 1, 1),
    XV_NATIVE(isupper, text_isupper, 1, 1),
    XV_NATIVE(islower, text_islower, 1, 1),
    XV_NATIVE(isascii, text_isascii, 1, 1),
    /* Of bytes and bytearray. */
    XV_NATIVE_X(decode, bytes_decode, 1, 3, XV_N_KEYWORDS),
    XV_NATIVE(hex, xv_bytes_hex, 1, 2),
    XV_NATIVE_X(fromhex, bytes_fromhex, 2, 2, XV_N_CLASS),
    /* Of bytearray alone. */
    XV_NATIVE(append, xv_bytearray_append, 2, 2),
    XV_NATIVE(extend, xv_bytearray_extend, 2, 2),
    XV_NATIVE(insert, xv_bytearray_insert, 3, 3),
    XV_NATIVE(pop, xv_bytearray_pop, 1, 2),
    XV_NATIVE(remove, xv_bytearray_remove, 2, 2),
    XV_NATIVE(clear, xv_bytearray_clear, 1, 1),
    XV_NATIVE(copy, xv_bytearray_copy, 1, 1),
    XV_NATIVE(reverse, xv_bytearray_reverse, 1, 1),
};

/* Does not compile if text.h counts the methods wrongly. */
typedef char
    text_h_counts_the_methods[sizeof xv_text_methods / sizeof *xv_text_methods ==
                                      XV_N_STR_ONLY + XV_N_COMMON + XV_N_BYTES_ONLY + XV_N_BYTEARRAY_ONLY
                                  ? 1
                                  : -1];
