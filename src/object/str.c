/* str: its three forms, UTF-8, and the slots of the type. The methods stand in str_methods.c, formatting in
 * format.c.
 *
 * A name, a constant of a blob and an object are the same to a program; xv_text() gives the bytes of all.
 * What is worth knowing about an object's bytes (the hash, whether they are all ASCII) is kept in it once it
 * was asked for. */
#include "object/str.h"

#include "blob/reader.h"
#include "object/container.h"
#include "object/function.h"
#include "object/number.h"
#include "object/text.h"

/* ---- the three forms */

/* The tag byte of a constant. */
static const uint8_t *const_at(const struct xv_vm *vm, xv_value v) {
    return xv_module(xv_items(vm->slots)[xv_place_slot(v)])->base + xv_place_offset(v);
}

bool xv_is_str(const struct xv_vm *vm, xv_value v) {
    if (xv_is_object(v)) {
        return xv_kind(v) == XV_KIND_STR;
    }
    return xv_is_qstr(v) || (xv_is_imm(v, XV_IMM_CONST) && *const_at(vm, v) == XV_TAG_STR);
}

bool xv_is_bytes(const struct xv_vm *vm, xv_value v) {
    if (xv_is_object(v)) {
        return xv_kind(v) == XV_KIND_BYTES;
    }
    return xv_is_imm(v, XV_IMM_CONST) && *const_at(vm, v) == XV_TAG_BYTES;
}

struct xv_text xv_text(const struct xv_vm *vm, xv_value v) {
    if (xv_is_object(v)) {
        return (struct xv_text){xv_str(v)->data, xv_str(v)->len};
    }
    if (xv_is_qstr(v)) {
        return xv_qstr_text(vm, xv_qstr_id(v));
    }
    const uint8_t *p = const_at(vm, v) + 1;
    size_t len = xv_varuint(&p);
    return (struct xv_text){p, len};
}

enum xv_kind xv_text_kind(const struct xv_vm *vm, xv_value v) {
    if (xv_is_object(v)) {
        enum xv_kind kind = xv_kind(v);
        return kind == XV_KIND_STR || kind == XV_KIND_BYTES || kind == XV_KIND_BYTEARRAY ? kind
                                                                                         : XV_KIND_COUNT;
    }
    if (xv_is_qstr(v)) {
        return XV_KIND_STR;
    }
    if (!xv_is_imm(v, XV_IMM_CONST)) {
        return XV_KIND_COUNT;
    }
    return *const_at(vm, v) == XV_TAG_STR ? XV_KIND_STR : XV_KIND_BYTES;
}

struct xv_text xv_span(const struct xv_vm *vm, xv_value v) {
    if (xv_is_kind(v, XV_KIND_BYTEARRAY)) {
        static const uint8_t nothing[1] = {0};
        size_t len = xv_bytearray(v)->len;
        return (struct xv_text){len > 0 ? xv_bytearray_data(v) : nothing, len};
    }
    return xv_text(vm, v);
}

/* An object in firmware keeps nothing in its info: it has no size in its header. */
static bool can_note(xv_value v) {
    return xv_is_object(v) && xv_words(v) != 0;
}

uint32_t xv_str_hash(const struct xv_vm *vm, xv_value v) {
    if (xv_is_qstr(v)) {
        return xv_qstr_hash(vm, xv_qstr_id(v));
    }
    if (xv_is_object(v) && (xv_str(v)->info & XV_STR_HASHED) != 0) {
        return xv_str(v)->info & XV_STR_HASH;
    }
    struct xv_text t = xv_text(vm, v);
    uint32_t hash = xv_text_hash(t.data, t.len) & XV_STR_HASH;
    if (can_note(v)) {
        xv_str(v)->info |= hash | XV_STR_HASHED;
    }
    return hash;
}

bool xv_str_same(const struct xv_vm *vm, xv_value a, xv_value b) {
    if (a == b) {
        return true;
    }
    if (xv_is_qstr(a) && xv_is_qstr(b)) {
        return false;
    }
    if (xv_is_object(a) && xv_is_object(b) && (xv_str(a)->info & xv_str(b)->info & XV_STR_HASHED) != 0 &&
        ((xv_str(a)->info ^ xv_str(b)->info) & XV_STR_HASH) != 0) {
        return false;
    }
    struct xv_text s = xv_text(vm, a);
    struct xv_text t = xv_text(vm, b);
    return s.len == t.len && memcmp(s.data, t.data, s.len) == 0;
}

/* ---- making them */

/* The one empty bytes. */
static const struct {
    uintptr_t header;
    uint32_t len, info;
    uint8_t data[8];
} empty_bytes = {XV_CONST_HEADER(XV_KIND_BYTES), 0, 0, {0}};

xv_value xv_text_empty(struct xv_vm *vm, enum xv_kind kind) {
    if (kind == XV_KIND_BYTEARRAY) {
        return xv_bytearray_new(vm, 0);
    }
    return kind == XV_KIND_STR ? XV_QSTR(XV_Q_) : xv_from(&empty_bytes);
}

xv_value xv_str_blank(struct xv_vm *vm, enum xv_kind kind, size_t len) {
    if (len > XV_STR_MAX) {
        return xv_raise_memory(vm);
    }
    xv_value v = xv_alloc_bytes(vm, kind, offsetof(struct xv_str, data) - sizeof(uintptr_t) + len);
    if (v != XV_NULL) {
        xv_str(v)->len = (uint32_t)len;
    }
    return v;
}

xv_value xv_text_blank(struct xv_vm *vm, enum xv_kind kind, size_t len, uint8_t **data) {
    if (kind == XV_KIND_BYTEARRAY) {
        xv_value v = xv_bytearray_new(vm, len);
        if (v != XV_NULL) {
            *data = xv_bytearray_data(v);
        }
        return v;
    }
    xv_value v = xv_str_blank(vm, kind, len);
    if (v != XV_NULL) {
        *data = xv_str(v)->data;
    }
    return v;
}

/* The value of a text that needs no object, or XV_NULL. */
static xv_value without_object(enum xv_kind kind, const uint8_t *data, size_t len) {
    if (len == 0) {
        return kind == XV_KIND_STR ? XV_QSTR(XV_Q_) : xv_from(&empty_bytes);
    }
    return kind == XV_KIND_STR && len == 1 && data[0] < 0x80 ? xv_qstr_char(data[0]) : XV_NULL;
}

static xv_value new_text(struct xv_vm *vm, enum xv_kind kind, const void *data, size_t len) {
    xv_value v = without_object(kind, data, len);
    if (v == XV_NULL) {
        v = xv_str_blank(vm, kind, len);
        if (v != XV_NULL) {
            memcpy(xv_str(v)->data, data, len);
        }
    }
    return v;
}

xv_value xv_str_new(struct xv_vm *vm, const void *data, size_t len) {
    return new_text(vm, XV_KIND_STR, data, len);
}

xv_value xv_str_from(struct xv_vm *vm, const char *text) {
    return new_text(vm, XV_KIND_STR, text, strlen(text));
}

xv_value xv_bytes_new(struct xv_vm *vm, const void *data, size_t len) {
    return new_text(vm, XV_KIND_BYTES, data, len);
}

xv_value xv_text_now(struct xv_vm *vm, enum xv_kind kind, const void *data, size_t len) {
    xv_value v = without_object(kind, data, len);
    if (v == XV_NULL && len <= XV_STR_MAX && !vm->heap_locked) {
        v = xv_alloc_now(vm, kind, xv_words_for(offsetof(struct xv_str, data) + len));
        if (v != XV_NULL) {
            xv_str(v)->len = (uint32_t)len;
            memcpy(xv_str(v)->data, data, len);
        }
    }
    return v == XV_NULL ? xv_raise_memory(vm) : v;
}

xv_value xv_text_part(struct xv_vm *vm, enum xv_kind kind, xv_value v, size_t from, size_t len) {
    uint8_t *data = NULL;
    if (kind != XV_KIND_BYTEARRAY) {
        struct xv_text t = xv_span(vm, v);
        if (len == t.len && xv_text_kind(vm, v) == kind) {
            return v;
        }
        xv_value small = without_object(kind, t.data + from, len);
        if (small != XV_NULL) {
            return small;
        }
    } else if (len == 0) {
        return xv_bytearray_new(vm, 0);
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value part = xv_text_blank(vm, kind, len, &data);
    XV_LEAVE(vm);
    if (part != XV_NULL) {
        memcpy(data, xv_span(vm, r[0]).data + from, len);
        if (kind == XV_KIND_STR && xv_is_kind(r[0], XV_KIND_STR)) {
            xv_str(part)->info = xv_str(r[0])->info & XV_STR_ASCII;
        }
    }
    return part;
}

xv_value xv_str_slice(struct xv_vm *vm, enum xv_kind kind, xv_value v, size_t from, size_t len) {
    return xv_text_part(vm, kind, v, from, len);
}

xv_value xv_str_concat(struct xv_vm *vm, xv_value a, xv_value b) {
    size_t n = xv_text(vm, a).len;
    size_t m = xv_text(vm, b).len;
    if (m == 0) {
        return a;
    }
    if (n == 0) {
        return b;
    }
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    xv_value v = xv_str_blank(vm, xv_text_kind(vm, a), n + m);
    XV_LEAVE(vm);
    if (v != XV_NULL) {
        uint8_t *data = xv_str(v)->data;
        memcpy(data, xv_text(vm, r[0]).data, n);
        memcpy(data + n, xv_text(vm, r[1]).data, m);
    }
    return v;
}

xv_value xv_text_repeat(struct xv_vm *vm, enum xv_kind kind, xv_value v, xv_value n) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    intptr_t times;
    bool given = xv_to_index(vm, n, &times);
    size_t len = given ? xv_span(vm, r[0]).len : 0;
    xv_value made = XV_NULL;
    if (!given) {
        /* pending */
    } else if (times <= 0 || len == 0) {
        made = xv_text_empty(vm, kind);
    } else if (times == 1 && kind != XV_KIND_BYTEARRAY) {
        made = r[0];
    } else if ((size_t)times > XV_STR_MAX / len) {
        xv_raise_memory(vm);
    } else {
        uint8_t *data = NULL;
        size_t all = len * (size_t)times;
        made = xv_text_blank(vm, kind, all, &data);
        if (made != XV_NULL) {
            memcpy(data, xv_span(vm, r[0]).data, len);
            for (size_t done = len; done < all;) {
                size_t more = done < all - done ? done : all - done;
                memcpy(data + done, data, more);
                done += more;
            }
        }
    }
    XV_LEAVE(vm);
    return made;
}

/* ---- UTF-8 */

#define ONES ((uintptr_t)-1 / 0xff)

static uintptr_t load_word(const uint8_t *p) {
    uintptr_t w;
    memcpy(&w, p, sizeof w);
    return w;
}

bool xv_is_ascii(const uint8_t *data, size_t len) {
    for (; len >= sizeof(uintptr_t); data += sizeof(uintptr_t), len -= sizeof(uintptr_t)) {
        if ((load_word(data) & (ONES << 7)) != 0) {
            return false;
        }
    }
    for (; len > 0; data++, len--) {
        if (*data >= 0x80) {
            return false;
        }
    }
    return true;
}

static bool is_tail(uint8_t b) {
    return (b & 0xc0) == 0x80;
}

size_t xv_utf8_count(const uint8_t *data, size_t len) {
    size_t n = len;
    for (; len >= sizeof(uintptr_t); data += sizeof(uintptr_t), len -= sizeof(uintptr_t)) {
        uintptr_t w = load_word(data);
        w = (w >> 7) & ~(w >> 6) & ONES; /* 1 in each continuation byte; they are summed in the top byte */
        n -= (w * ONES) >> (8 * (sizeof w - 1));
    }
    for (; len > 0; data++, len--) {
        n -= is_tail(*data);
    }
    return n;
}

/* Bytes of the valid sequence at p, of which there are n > 0; or 0, with *bad bytes that are no part of one.
 * Lone surrogates are let through, as in blobs, and so is anything else that four bytes can hold: it is
 * printed as \U00110000 and the like. */
static size_t sequence(const uint8_t *p, size_t n, size_t *bad) {
    uint8_t lead = p[0];
    *bad = 1;
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead > 0xf7) {
        return 0;
    }
    size_t len = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    /* The shortest form only. */
    uint8_t least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    for (size_t i = 1; i < len; i++) {
        if (i >= n || !is_tail(p[i]) || (i == 1 && p[i] < least)) {
            *bad = i;
            return 0;
        }
    }
    return len;
}

bool xv_utf8_valid(const uint8_t *data, size_t len) {
    if (xv_is_ascii(data, len)) {
        return true;
    }
    size_t bad;
    for (size_t at = 0; at < len;) {
        size_t n = sequence(data + at, len - at, &bad);
        if (n == 0) {
            return false;
        }
        at += n;
    }
    return true;
}

uint32_t xv_utf8_decode(const uint8_t **p, const uint8_t *end) {
    const uint8_t *q = *p;
    uint32_t c = *q++;
    if (c >= 0xc0) {
        unsigned more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
        c &= 0x3fu >> more;
        for (; more > 0 && q < end && is_tail(*q); more--) {
            c = c << 6 | (*q++ & 0x3fu);
        }
    }
    *p = q;
    return c;
}

size_t xv_utf8_encode(uint32_t c, uint8_t out[4]) {
    if (c < 0x80) {
        out[0] = (uint8_t)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (uint8_t)(0x80 | (c & 0x3f));
        c >>= 6;
    }
    out[0] = (uint8_t)((0xf00u >> n) | c);
    return n;
}

bool xv_bytewise(const struct xv_vm *vm, xv_value v) {
    bool object = xv_is_object(v);
    if (object) {
        if (xv_kind(v) != XV_KIND_STR) {
            return true;
        }
        uint32_t info = xv_str(v)->info;
        if ((info & (XV_STR_ASCII | XV_STR_NOT_ASCII)) != 0) {
            return (info & XV_STR_ASCII) != 0;
        }
    }
    if (xv_is_imm(v, XV_IMM_CONST) && *const_at(vm, v) == XV_TAG_BYTES) {
        return true;
    }
    struct xv_text t = xv_text(vm, v);
    bool ascii = xv_is_ascii(t.data, t.len);
    if (can_note(v)) {
        xv_str(v)->info |= ascii ? XV_STR_ASCII : XV_STR_NOT_ASCII;
    }
    return ascii;
}

size_t xv_units(const struct xv_vm *vm, xv_value v) {
    struct xv_text t = xv_span(vm, v);
    return xv_bytewise(vm, v) ? t.len : xv_utf8_count(t.data, t.len);
}

/* The next place, `step` characters from `at`, within the text. */
static size_t move(struct xv_text t, size_t at, intptr_t step) {
    for (; step > 0 && at < t.len; step--) {
        do {
            at++;
        } while (at < t.len && is_tail(t.data[at]));
    }
    for (; step < 0 && at > 0; step++) {
        do {
            at--;
        } while (at > 0 && is_tail(t.data[at]));
    }
    return at;
}

size_t xv_unit_to_byte(struct xv_text text, bool bytewise, size_t unit) {
    if (bytewise) {
        return unit < text.len ? unit : text.len;
    }
    size_t at = 0;
    for (; unit > 0 && at < text.len; unit--) {
        at = move(text, at, 1);
    }
    return at;
}

size_t xv_byte_to_unit(struct xv_text text, bool bytewise, size_t at) {
    return bytewise ? at : xv_utf8_count(text.data, at);
}

/* ---- searching and comparing */

/* A text that is read forwards, or backwards from its end. */
struct course {
    struct xv_text text;
    bool backwards;
};

static inline uint8_t at_of(struct course c, size_t i) {
    return c.text.data[c.backwards ? c.text.len - 1 - i : i];
}

/* Where the suffix begins that is the last in order, or with bytes in the opposite order, and the period of that suffix. */
static size_t last_suffix(struct course part, bool opposite, size_t *period) {
    size_t start = 0, other = 1, same = 0;
    *period = 1;
    while (other + same < part.text.len) {
        uint8_t a = at_of(part, start + same), b = at_of(part, other + same);
        if (a == b) {
            same++;
            if (same == *period) {
                other += same;
                same = 0;
            }
        } else if ((b < a) != opposite) {
            other += same + 1;
            same = 0;
            *period = other - start;
        } else {
            start = other++;
            same = 0;
            *period = 1;
        }
    }
    return start;
}

/* The two-way algorithm of Crochemore and Perrin: in time that grows with the lengths of both, not with their
 * product, and without any memory. The part is cut in two such that after a mismatch behind the cut it can move by as
 * much as has matched there. */
static size_t find_two_way(struct course text, struct course part) {
    size_t len = part.text.len, period, other_period;
    size_t cut = last_suffix(part, false, &period), other_cut = last_suffix(part, true, &other_period);
    if (other_cut > cut) {
        cut = other_cut;
        period = other_period;
    }
    size_t i = 0;
    while (i < cut && at_of(part, i) == at_of(part, period + i)) {
        i++;
    }
    bool periodic = i == cut;
    if (!periodic) {
        period = (cut > len - cut ? cut : len - cut) + 1;
    }
    size_t known = 0; /* bytes that have matched at the place before, shifted by the period */
    for (size_t at = 0; at <= text.text.len - len;) {
        i = cut > known ? cut : known;
        while (i < len && at_of(part, i) == at_of(text, at + i)) {
            i++;
        }
        if (i < len) {
            at += i - cut + 1;
            known = 0;
            continue;
        }
        i = cut;
        while (i > known && at_of(part, i - 1) == at_of(text, at + i - 1)) {
            i--;
        }
        if (i <= known) {
            return at;
        }
        at += period;
        known = periodic ? len - period : 0;
    }
    return XV_NOT_FOUND;
}

size_t xv_find_first(struct xv_text text, struct xv_text part) {
    if (part.len == 0) {
        return 0;
    }
    const uint8_t *p = text.data;
    size_t compared = 0;
    while (text.len >= part.len) {
        const uint8_t *hit = memchr(p, part.data[0], text.len - part.len + 1);
        if (hit == NULL) {
            break;
        }
        if (memcmp(hit, part.data, part.len) == 0) {
            return (size_t)(hit - text.data);
        }
        text.len -= (size_t)(hit + 1 - p);
        p = hit + 1;
        compared += part.len;
        /* That is as good as any on most texts, and without end on others. */
        if (compared / 8 > (size_t)(p - text.data) + part.len && text.len >= part.len) {
            size_t at = find_two_way((struct course){{p, text.len}, false}, (struct course){part, false});
            return at == XV_NOT_FOUND ? at : at + (size_t)(p - text.data);
        }
    }
    return XV_NOT_FOUND;
}

size_t xv_find_last(struct xv_text text, struct xv_text part) {
    if (text.len < part.len || part.len == 0) {
        return part.len == 0 ? text.len : XV_NOT_FOUND;
    }
    size_t at = find_two_way((struct course){text, true}, (struct course){part, true});
    return at == XV_NOT_FOUND ? at : text.len - part.len - at;
}

int xv_text_compare(struct xv_text a, struct xv_text b) {
    size_t n = a.len < b.len ? a.len : b.len;
    int order = n > 0 ? memcmp(a.data, b.data, n) : 0;
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool xv_order_holds(enum xv_binary op, int order) {
    switch ((int)op) {
    case XV_LT:
        return order < 0;
    case XV_GT:
        return order > 0;
    case XV_LE:
        return order <= 0;
    case XV_GE:
        return order >= 0;
    case XV_NE:
        return order != 0;
    default:
        return order == 0;
    }
}

/* ---- encodings */

enum encoding { UTF8, ASCII, UNKNOWN };

/* Which encoding a str names (XV_NULL: utf-8). Case, '-' and '_' do not count. */
static enum encoding find_encoding(const struct xv_vm *vm, xv_value name) {
    static const char names[2][6] = {"utf8", "ascii"};
    if (name == XV_NULL) {
        return UTF8;
    }
    struct xv_text t = xv_text(vm, name);
    for (unsigned i = 0; i < 2; i++) {
        const char *p = names[i];
        size_t at = 0;
        for (; at < t.len; at++) {
            uint8_t c = t.data[at];
            if (c == '-' || c == '_') {
                continue;
            }
            if (*p == '\0' || (c >= 'A' && c <= 'Z' ? c + 32 : c) != *p) {
                break;
            }
            p++;
        }
        if (at == t.len && *p == '\0') {
            return (enum encoding)i;
        }
    }
    return UNKNOWN;
}

static bool encoding_of(struct xv_vm *vm, xv_value name, enum encoding *out) {
    if (name != XV_NULL && !xv_is_str(vm, name)) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", name);
        return false;
    }
    *out = find_encoding(vm, name);
    if (*out == UNKNOWN) {
        xv_raise(vm, &xv_exc_LookupError, "unknown encoding: %v", name);
        return false;
    }
    return true;
}

/* What is done about bytes or characters that the encoding does not have. */
enum on_error { STRICT, IGNORE, REPLACE };

static bool on_error_of(struct xv_vm *vm, xv_value errors, enum on_error *out) {
    static const char names[3][8] = {"strict", "ignore", "replace"};
    *out = STRICT;
    if (errors == XV_NULL) {
        return true;
    }
    if (!xv_is_str(vm, errors)) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", errors);
        return false;
    }
    struct xv_text t = xv_text(vm, errors);
    for (unsigned i = 0; i < 3; i++) {
        if (t.len == strlen(names[i]) && memcmp(t.data, names[i], t.len) == 0) {
            *out = (enum on_error)i;
            return true;
        }
    }
    xv_raise(vm, &xv_exc_LookupError, "unknown error handler name '%v'", errors);
    return false;
}

/* The bytes of a text value that need not be decoded any more, with those that are wrong left out or
 * replaced. */
static xv_value mend(struct xv_vm *vm, xv_value bytes, bool ascii, enum on_error how) {
    xv_value r[1] = {bytes};
    XV_ENTER(vm, r);
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    bool good = true;
    for (size_t at = 0; good;) {
        struct xv_text t = xv_text(vm, r[0]);
        size_t run = at;
        size_t bad = 0;
        while (at < t.len) {
            size_t n = ascii ? t.data[at] < 0x80 : sequence(t.data + at, t.len - at, &bad);
            if (n == 0) {
                break;
            }
            at += n;
        }
        good = xv_put_text(&out, r[0], run, at - run);
        if (at >= t.len) {
            break;
        }
        at += ascii ? 1 : bad;
        good = good && (how == IGNORE || xv_put(&out, "\xef\xbf\xbd", 3));
    }
    xv_value made = XV_NULL;
    if (good) {
        made = xv_printer_finish(&out);
    } else {
        xv_printer_end(&out);
    }
    XV_LEAVE(vm);
    return made;
}

xv_value xv_decode(struct xv_vm *vm, xv_value v, xv_value encoding, xv_value errors) {
    xv_value r[3] = {xv_unwrap(vm, v), encoding, errors};
    enum encoding from;
    enum on_error how;
    struct xv_buffer b;
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if (encoding_of(vm, r[1], &from) && on_error_of(vm, r[2], &how) && xv_get_buffer(vm, r[0], &b)) {
        enum xv_kind kind = xv_text_kind(vm, r[0]);
        if (from == ASCII ? xv_is_ascii(b.data, b.len) : xv_utf8_valid(b.data, b.len)) {
            if (kind != XV_KIND_COUNT) {
                made = xv_text_part(vm, XV_KIND_STR, r[0], 0, b.len);
            } else {
                /* Some other buffer: by way of its bytes. */
                r[0] = xv_bytes_from(vm, XV_KIND_BYTES, r[0]);
                made =
                    r[0] == XV_NULL ? XV_NULL : xv_text_part(vm, XV_KIND_STR, r[0], 0, xv_text(vm, r[0]).len);
            }
        } else if (how == STRICT) {
            xv_raise_empty(vm, &xv_exc_UnicodeError);
        } else {
            r[0] = xv_bytes_from(vm, XV_KIND_BYTES, r[0]);
            made = r[0] == XV_NULL ? XV_NULL : mend(vm, r[0], from == ASCII, how);
        }
    }
    XV_LEAVE(vm);
    return made;
}

xv_value xv_encode(struct xv_vm *vm, enum xv_kind kind, xv_value str, xv_value encoding, xv_value errors) {
    xv_value r[1] = {str};
    enum encoding to;
    enum on_error how;
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if (encoding_of(vm, encoding, &to) && on_error_of(vm, errors, &how)) {
        if (to == UTF8 || xv_bytewise(vm, r[0])) {
            made = xv_text_part(vm, kind, r[0], 0, xv_text(vm, r[0]).len);
        } else if (how == STRICT) {
            xv_raise_empty(vm, &xv_exc_UnicodeError);
        } else {
            struct xv_text t = xv_text(vm, r[0]);
            size_t len = how == REPLACE ? xv_utf8_count(t.data, t.len) : 0;
            for (size_t i = 0; i < t.len && how == IGNORE; i++) {
                len += t.data[i] < 0x80;
            }
            uint8_t *to_data = NULL;
            made = len == 0 ? xv_text_empty(vm, kind) : xv_text_blank(vm, kind, len, &to_data);
            t = xv_text(vm, r[0]);
            for (size_t i = 0; made != XV_NULL && len > 0 && i < t.len; i++) {
                if (t.data[i] < 0x80) {
                    *to_data++ = t.data[i];
                } else if (how == REPLACE && !is_tail(t.data[i])) {
                    *to_data++ = '?';
                }
            }
        }
    }
    XV_LEAVE(vm);
    return made;
}

/* ---- printing */

/* Characters beyond ASCII that repr() shows as escapes. */
static bool is_hidden(uint32_t c) {
    static const uint32_t ranges[][2] = {
        {0x80, 0xa0},     {0xad, 0xad},     {0x600, 0x605},     {0x61c, 0x61c},
        {0x1680, 0x1680}, {0x180e, 0x180e}, {0x2000, 0x200f},   {0x2028, 0x202f},
        {0x205f, 0x206f}, {0x3000, 0x3000}, {0xd800, 0xf8ff},   {0xfeff, 0xfeff},
        {0xfff0, 0xfffb}, {0xfffe, 0xffff}, {0xe0000, 0xe00ff}, {0xe01f0, 0xffffffff}};
    for (unsigned i = 0; i < sizeof ranges / sizeof *ranges && c >= ranges[i][0]; i++) {
        if (c <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

static bool put_escape(struct xv_printer *out, uint32_t c) {
    static const char digits[] = "0123456789abcdef";
    char text[10];
    unsigned n = 0;
    text[n++] = '\\';
    if (c == '\n' || c == '\r' || c == '\t') {
        text[n++] = c == '\n' ? 'n' : c == '\r' ? 'r' : 't';
    } else if (c >= 0x20 && c < 0x7f) {
        text[n++] = (char)c; /* a quote or a backslash */
    } else {
        unsigned width = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        text[n++] = width == 2 ? 'x' : width == 4 ? 'u' : 'U';
        while (width > 0) {
            text[n++] = digits[c >> (4 * --width) & 15];
        }
    }
    return xv_put(out, text, n);
}

/* The quote that needs no escapes, preferably '. */
static uint8_t quote_for(struct xv_text t) {
    return t.len > 0 && memchr(t.data, '\'', t.len) != NULL && memchr(t.data, '"', t.len) == NULL ? '"'
                                                                                                  : '\'';
}

/* repr of a str, or of bytes if `plain`: then each byte from 0x80 on is an escape. */
static bool put_quoted(struct xv_printer *out, xv_value v, bool plain) {
    struct xv_vm *vm = out->vm;
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    uint8_t quote = quote_for(xv_span(vm, v));
    bool good = xv_putc(out, (char)quote);
    for (size_t at = 0; good;) {
        struct xv_text t = xv_span(vm, r[0]);
        const uint8_t *p = t.data + at;
        const uint8_t *end = t.data + t.len;
        const uint8_t *run = p;
        uint32_t c = 0;
        size_t len = 0;
        while (p < end) {
            c = *p;
            if (c < 0x80 || plain) {
                len = 1;
                if (c < 0x20 || c >= 0x7f || c == quote || c == '\\') {
                    break;
                }
                p++;
            } else {
                const uint8_t *q = p;
                c = xv_utf8_decode(&q, end);
                len = (size_t)(q - p);
                if (is_hidden(c)) {
                    break;
                }
                p = q;
            }
        }
        size_t n = (size_t)(p - run);
        bool more = p < end;
        good = xv_put_text(out, r[0], at, n);
        if (!more) {
            break;
        }
        good = good && put_escape(out, c);
        at += n + len;
    }
    good = good && xv_putc(out, (char)quote);
    XV_LEAVE(vm);
    return good;
}

bool xv_put_bytes_repr(struct xv_printer *out, xv_value v) {
    struct xv_vm *vm = out->vm;
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    bool good = xv_putc(out, 'b') && put_quoted(out, r[0], true);
    XV_LEAVE(vm);
    return good;
}

static bool str_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    if (how == XV_PRINT_STR) {
        return xv_put_text(out, self, 0, xv_text(vm, self).len);
    }
    return put_quoted(out, self, false);
}

/* ---- the slots of the type */

static int str_truth(struct xv_vm *vm, xv_value self) {
    return xv_text(vm, self).len != 0;
}

static bool str_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    *out = xv_str_hash(vm, self);
    return true;
}

static bool str_length(struct xv_vm *vm, xv_value self, size_t *out) {
    *out = xv_units(vm, self);
    return true;
}

static bool str_buffer(struct xv_vm *vm, xv_value self, struct xv_buffer *out) {
    struct xv_text t = xv_text(vm, self);
    *out = (struct xv_buffer){(uint8_t *)(uintptr_t)t.data, t.len, false, 'B'};
    return true;
}

/* The character at a byte offset. */
static xv_value char_at(struct xv_vm *vm, xv_value self, size_t at) {
    struct xv_text t = xv_text(vm, self);
    if (t.data[at] < 0x80) {
        return xv_qstr_char(t.data[at]);
    }
    const uint8_t *p = t.data + at;
    xv_utf8_decode(&p, t.data + t.len);
    return xv_text_part(vm, XV_KIND_STR, self, at, (size_t)(p - t.data) - at);
}

/* Bytes of `count` characters, `step` apart, copied to `to` unless it is NULL. */
static size_t pick(struct xv_text t, bool bytewise, size_t at, intptr_t step, size_t count, uint8_t *to) {
    size_t n = 0;
    while (count-- > 0) {
        size_t len = bytewise ? 1 : move(t, at, 1) - at;
        if (to != NULL) {
            memcpy(to + n, t.data + at, len);
        }
        n += len;
        if (count > 0) {
            at = bytewise ? (size_t)((intptr_t)at + step) : move(t, at, step);
        }
    }
    return n;
}

/* The slice of a text of any of the three kinds. */
static xv_value get_slice(struct xv_vm *vm, xv_value self, xv_value slice) {
    xv_value r[1] = {self};
    intptr_t start, step;
    size_t count;
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    size_t units = xv_units(vm, self);
    bool good = xv_slice_bounds(vm, slice, units, &start, &step, &count);
    if (good && xv_units(vm, r[0]) != units) {
        xv_raise(vm, &xv_exc_RuntimeError, "bytearray changed size during indexing");
    } else if (good) {
        enum xv_kind kind = xv_text_kind(vm, r[0]);
        struct xv_text t = xv_span(vm, r[0]);
        bool bytewise = xv_bytewise(vm, r[0]);
        if (count == 0) {
            made = xv_text_empty(vm, kind);
        } else {
            size_t at = xv_unit_to_byte(t, bytewise, (size_t)start);
            if (step == 1) {
                struct xv_text rest = {t.data + at, t.len - at};
                made = xv_text_part(vm, kind, r[0], at, xv_unit_to_byte(rest, bytewise, count));
            } else {
                size_t len = pick(t, bytewise, at, step, count, NULL);
                uint8_t *data = NULL;
                made =
                    count == 1 ? xv_text_part(vm, kind, r[0], at, len) : xv_text_blank(vm, kind, len, &data);
                if (made != XV_NULL && data != NULL) {
                    pick(xv_span(vm, r[0]), bytewise, at, step, count, data);
                }
            }
        }
    }
    XV_LEAVE(vm);
    return made;
}

/* An index that is no small int, or one that is out of range. */
static bool check_index(struct xv_vm *vm, xv_value *self, xv_value index, const char *what, size_t *out) {
    xv_value r[1] = {*self};
    XV_ENTER(vm, r);
    bool good = xv_check_index(vm, index, xv_units(vm, r[0]), what, out);
    *self = r[0];
    XV_LEAVE(vm);
    /* An __index__ may have shortened a bytearray. */
    if (good && *out >= xv_units(vm, *self)) {
        xv_raise(vm, &xv_exc_IndexError, "%s index out of range", what);
        return false;
    }
    return good;
}

static xv_value str_get_item(struct xv_vm *vm, xv_value self, xv_value index) {
    bool bytewise = xv_bytewise(vm, self);
    if (xv_is_small(index) && bytewise) {
        struct xv_text t = xv_text(vm, self);
        intptr_t i = xv_small(index);
        i += i < 0 ? (intptr_t)t.len : 0;
        if (i >= 0 && (size_t)i < t.len) {
            return xv_qstr_char(t.data[i]);
        }
    }
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        return get_slice(vm, self, index);
    }
    size_t i;
    if (!check_index(vm, &self, index, "string", &i)) {
        return XV_NULL;
    }
    return char_at(vm, self, xv_unit_to_byte(xv_text(vm, self), bytewise, i));
}

xv_value xv_bytes_get_item(struct xv_vm *vm, xv_value self, xv_value index) {
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        return get_slice(vm, self, index);
    }
    struct xv_text t = xv_span(vm, self);
    intptr_t i = xv_is_small(index) ? xv_small(index) : -1;
    if (i >= 0 && (size_t)i < t.len) {
        return XV_INT(t.data[i]);
    }
    size_t at;
    const char *what = xv_text_kind(vm, self) == XV_KIND_BYTES ? "bytes" : "bytearray";
    if (!check_index(vm, &self, index, what, &at)) {
        return XV_NULL;
    }
    return XV_INT(xv_span(vm, self).data[at]);
}

static xv_value str_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    if (op == XV_MOD && !reflected) {
        return xv_str_percent(vm, a, b);
    }
    if (op == XV_MUL) {
        xv_value n = reflected ? a : b;
        return xv_is_int(n) || xv_is_bool(n) ? xv_text_repeat(vm, XV_KIND_STR, reflected ? b : a, n)
                                             : XV_NOT_IMPLEMENTED;
    }
    if (reflected) {
        return XV_NOT_IMPLEMENTED;
    }
    b = xv_unwrap(vm, b);
    if (op == XV_IN) {
        if (!xv_is_str(vm, b)) {
            return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", b);
        }
        return XV_BOOL(xv_find_first(xv_text(vm, a), xv_text(vm, b)) != XV_NOT_FOUND);
    }
    if (!xv_is_str(vm, b)) {
        return XV_NOT_IMPLEMENTED;
    }
    if (op == XV_ADD) {
        return xv_str_concat(vm, a, b);
    }
    if (op == XV_EQ || op == XV_NE) {
        return XV_BOOL(xv_str_same(vm, a, b) == (op == XV_EQ));
    }
    if (op == XV_LT || op == XV_GT || op == XV_LE || op == XV_GE) {
        return XV_BOOL(xv_order_holds(op, xv_text_compare(xv_text(vm, a), xv_text(vm, b))));
    }
    return XV_NOT_IMPLEMENTED;
}

static xv_value str_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_object, XV_Q_encoding, XV_Q_errors};
    (void)type;
    if (n == 1) {
        return xv_str_of(vm, args[0]);
    }
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if (xv_parse_args(vm, "str", args, n, names, 3, 0, r)) {
        if (r[0] == XV_NULL) {
            made = XV_QSTR(XV_Q_);
        } else if (r[1] == XV_NULL && r[2] == XV_NULL) {
            made = xv_str_of(vm, r[0]);
        } else if (!xv_has_bytes(vm, r[0])) {
            xv_raise(vm, &xv_exc_TypeError, "object with buffer protocol required");
        } else {
            made = xv_decode(vm, r[0], r[1], r[2]);
        }
    }
    XV_LEAVE(vm);
    return made;
}

/* ---- iteration: slots are the str and the byte offset */

static xv_value str_next(struct xv_vm *vm, xv_value self) {
    xv_value *slots = xv_slots(self);
    xv_value s = slots[0];
    struct xv_text t = xv_text(vm, s);
    size_t at = (size_t)xv_small(slots[1]);
    if (at >= t.len) {
        return XV_STOP;
    }
    if (t.data[at] < 0x80) {
        slots[1] = XV_INT(at + 1);
        return xv_qstr_char(t.data[at]);
    }
    slots[1] = XV_INT(move(t, at, 1));
    return char_at(vm, s, at);
}

const struct xv_type xv_type_str_iterator = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_iterator,
    .flags = XV_T_ITER_SELF | XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .next = str_next,
};

const struct xv_type xv_type_str = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_str,
    .flags = XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .methods = xv_text_methods,
    .n_methods = XV_N_STR_ONLY + XV_N_COMMON,
    .make = str_make,
    .print = str_print,
    .binary = str_binary,
    .truth = str_truth,
    .hash = str_hash,
    .length = str_length,
    .get_item = str_get_item,
    .iterator = &xv_type_str_iterator,
    .buffer = str_buffer,
};
