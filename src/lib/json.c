/* import json. Reads the grammar of RFC 8259, though a str may hold control characters, and NaN, Infinity
 * and -Infinity are numbers as in CPython; writes what CPython writes, but leaves characters beyond ASCII as
 * they are and takes bytes for text, as MicroPython does. The recursion over nested data counts as native
 * depth, which bounds the C stack. */
#include "lib/stream.h"

#if XIPVM_MODULE_JSON
#include <math.h>

#include "object/container.h"
#include "object/floattext.h"
#include "object/number.h"
#include "object/str.h"

/* ---- writing */

struct writer {
    struct xv_printer out;
    const xv_value *separators; /* two rooted strs, of items and of key and value; XV_NULL: the usual one */
};

static bool put_escaped(struct xv_printer *out, uint8_t c) {
    static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if ((uint8_t)letters[i] == c) {
            return xv_putc(out, '\\') && xv_putc(out, letters[i + 1]);
        }
    }
    static const char hex[] = "0123456789abcdef";
    return xv_puts(out, "\\u00") && xv_putc(out, hex[c >> 4]) && xv_putc(out, hex[c & 15]);
}

/* A str, or bytes: those that are no UTF-8 are escaped byte by byte. */
static bool put_string(struct xv_printer *out, xv_value v) {
    struct xv_vm *vm = out->vm;
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    struct xv_text t = xv_text(vm, r[0]);
    uint8_t plain_end = xv_utf8_valid(t.data, t.len) ? 0xff : 0x7f;
    bool ok = xv_putc(out, '"');
    for (size_t at = 0; ok && at < t.len; at++) {
        size_t start = at;
        t = xv_text(vm, r[0]);
        while (at < t.len && t.data[at] >= ' ' && t.data[at] <= plain_end && t.data[at] != '"' &&
               t.data[at] != '\\') {
            at++;
        }
        uint8_t special = at < t.len ? t.data[at] : 0;
        ok = (start == at || xv_put_text(out, r[0], start, at - start)) &&
             (at == t.len || put_escaped(out, special));
    }
    ok = ok && xv_putc(out, '"');
    XV_LEAVE(vm);
    return ok;
}

static bool put_separator(struct writer *w, unsigned which) {
    if (w->separators[which] != XV_NULL) {
        return xv_put_value(&w->out, w->separators[which], XV_PRINT_STR);
    }
    return xv_puts(&w->out, which == 0 ? ", " : ": ");
}

/* None, a bool or a number; *is_one becomes false, and nothing is written, if `v` is none of these. */
static bool put_scalar(struct xv_printer *out, xv_value v, bool *is_one) {
    *is_one = true;
    if (v == XV_NONE) {
        return xv_puts(out, "null");
    }
    if (xv_is_bool(v)) {
        return xv_puts(out, v == XV_TRUE ? "true" : "false");
    }
    if (xv_is_int(v)) {
        return xv_int_put(out, v, 10);
    }
    if (xv_is_float(v)) {
        xv_real x = xv_float(v);
        if (isnan(x)) {
            return xv_puts(out, "NaN");
        }
        return isinf(x) ? xv_puts(out, x < 0 ? "-Infinity" : "Infinity")
                        : xv_put_value(out, v, XV_PRINT_REPR);
    }
    *is_one = false;
    return true;
}

static bool put_key(struct writer *w, xv_value key) {
    struct xv_printer *out = &w->out;
    struct xv_vm *vm = out->vm;
    key = xv_unwrap(vm, key);
    if (xv_is_str(vm, key) || xv_is_bytes(vm, key)) {
        return put_string(out, key);
    }
    xv_value r[1] = {key};
    XV_ENTER(vm, r);
    bool is_one = false;
    bool ok = xv_putc(out, '"') && put_scalar(out, r[0], &is_one) && xv_putc(out, '"');
    if (ok && !is_one) {
        xv_raise(vm, &xv_exc_TypeError, "keys must be str, int, float, bool or None, not %t", r[0]);
        ok = false;
    }
    XV_LEAVE(vm);
    return ok;
}

static bool put_json(struct writer *w, xv_value v);

/* The items of a list or tuple r[0]. */
static bool put_items(struct writer *w, const xv_value *r) {
    struct xv_vm *vm = w->out.vm;
    bool ok = xv_putc(&w->out, '[');
    xv_value *items;
    size_t n;
    for (size_t i = 0; ok && xv_sequence(vm, r[0], &items, &n) && i < n; i++) {
        ok = i == 0 || put_separator(w, 0);
        ok = ok && xv_sequence(vm, r[0], &items, &n) && put_json(w, items[i]);
    }
    return ok && xv_putc(&w->out, ']');
}

/* The entries of a dict r[0]; r[1], r[2]: room for a key and value. */
static bool put_entries(struct writer *w, xv_value *r) {
    bool ok = xv_putc(&w->out, '{');
    uint32_t at = 0;
    for (bool first = true; ok && xv_dict_next(r[0], &at, &r[1], &r[2]); first = false) {
        ok = (first || put_separator(w, 0)) && put_key(w, r[1]) && put_separator(w, 1) && put_json(w, r[2]);
    }
    return ok && xv_putc(&w->out, '}');
}

static bool put_json(struct writer *w, xv_value v) {
    struct xv_vm *vm = w->out.vm;
    v = xv_unwrap(vm, v);
    if (xv_is_str(vm, v) || xv_is_bytes(vm, v)) {
        return put_string(&w->out, v);
    }
    bool is_dict = xv_is_kind(v, XV_KIND_DICT);
    if (!is_dict && !xv_is_kind(v, XV_KIND_LIST) && !xv_is_kind(v, XV_KIND_TUPLE)) {
        xv_value r[1] = {v};
        XV_ENTER(vm, r);
        bool is_one;
        bool ok = put_scalar(&w->out, v, &is_one);
        if (ok && !is_one) {
            xv_raise(vm, &xv_exc_TypeError, "Object of type %t is not JSON serializable", r[0]);
            ok = false;
        }
        XV_LEAVE(vm);
        return ok;
    }
    if (!xv_native_enter(vm)) {
        return false;
    }
    xv_value r[3] = {v, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    bool ok = is_dict ? put_entries(w, r) : put_items(w, r);
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return ok;
}

/* The two strs of `separators` into r[0] and r[1], rooted; ValueError, TypeError. */
static bool open_separators(struct xv_vm *vm, xv_value separators, xv_value *r) {
    if (separators == XV_NULL || separators == XV_NONE) {
        return true;
    }
    xv_value pair = xv_tuple_from(vm, separators);
    if (pair == XV_NULL) {
        return false;
    }
    pair = xv_unwrap(vm, pair);
    if (xv_n_items(pair) != 2) {
        xv_raise(vm, &xv_exc_ValueError, "separators must be 2 strings, not %z", xv_n_items(pair));
        return false;
    }
    for (int i = 0; i < 2; i++) {
        r[i] = xv_items(pair)[i];
        if (!xv_is_str(vm, r[i])) {
            xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", r[i]);
            return false;
        }
    }
    return true;
}

static xv_value to_text(struct xv_vm *vm, xv_value v, xv_value separators) {
    xv_value r[3] = {XV_NULL, XV_NULL, v}, text = XV_NULL;
    XV_ENTER(vm, r);
    if (open_separators(vm, separators, r)) {
        struct writer w = {.separators = r};
        xv_printer_begin(&w.out, vm, false);
        if (put_json(&w, r[2])) {
            text = xv_printer_finish(&w.out);
        } else {
            xv_printer_end(&w.out);
        }
    }
    XV_LEAVE(vm);
    return text;
}

static xv_value json_dumps(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_obj, XV_Q_separators};
    xv_value given[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, given);
    bool ok = xv_parse_args(vm, "dumps", args, n, names, 2, 1, given);
    xv_value text = ok ? to_text(vm, given[0], given[1]) : XV_NULL;
    XV_LEAVE(vm);
    return text;
}

static xv_value json_dump(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_obj, XV_Q_fp, XV_Q_separators};
    xv_value given[3] = {XV_NULL, XV_NULL, XV_NULL}, result = XV_NULL;
    XV_ENTER(vm, given);
    if (xv_parse_args(vm, "dump", args, n, names, 3, 2, given)) {
        given[0] = to_text(vm, given[0], given[2]);
        if (given[0] != XV_NULL && xv_stream_write(vm, given[1], given[0])) {
            result = XV_NONE;
        }
    }
    XV_LEAVE(vm);
    return result;
}

/* ---- reading */

struct reader {
    struct xv_vm *vm;
    const xv_value *text; /* a str, rooted */
    size_t at;            /* bytes read */
};

static xv_value syntax_error(const struct reader *in) {
    return xv_raise(in->vm, &xv_exc_ValueError, "syntax error in JSON");
}

/* The next character behind white space, or 0 at the end. Does not allocate. */
static uint8_t peek(struct reader *in) {
    struct xv_text t = xv_text(in->vm, *in->text);
    while (in->at < t.len &&
           (t.data[in->at] == ' ' || t.data[in->at] == '\n' || t.data[in->at] == '\t' ||
            t.data[in->at] == '\r')) {
        in->at++;
    }
    return in->at < t.len ? t.data[in->at] : 0;
}

static xv_value read_word(struct reader *in, const char *word, xv_value meaning) {
    struct xv_text t = xv_text(in->vm, *in->text);
    size_t len = strlen(word);
    if (t.len - in->at < len || memcmp(t.data + in->at, word, len) != 0) {
        return syntax_error(in);
    }
    in->at += len;
    return meaning;
}

/* A number that is spelt out. */
static xv_value read_real(struct reader *in, const char *word, xv_real x) {
    return read_word(in, word, XV_NONE) == XV_NULL ? XV_NULL : xv_float_from(in->vm, x);
}

/* Digits from `at` on: where they end. */
static size_t skip_digits(struct xv_text t, size_t at) {
    while (at < t.len && t.data[at] >= '0' && t.data[at] <= '9') {
        at++;
    }
    return at;
}

static xv_value whole_number(struct reader *in, size_t start, size_t len) {
    if (len <= 9) { /* small on any host */
        const uint8_t *p = xv_text(in->vm, *in->text).data + start;
        bool negative = *p == '-';
        intptr_t i = 0;
        for (size_t k = negative; k < len; k++) {
            i = i * 10 + (p[k] - '0');
        }
        return XV_INT(negative ? -i : i);
    }
    xv_value digits = xv_str_slice(in->vm, XV_KIND_STR, *in->text, start, len);
    return digits == XV_NULL ? XV_NULL : xv_int_from_str(in->vm, digits, 10);
}

static xv_value read_number(struct reader *in) {
    struct xv_text t = xv_text(in->vm, *in->text);
    size_t start = in->at, at = start;
    at += t.data[at] == '-';
    if (at < t.len && t.data[at] == 'I') {
        return read_real(in, "-Infinity", -(xv_real)INFINITY);
    }
    size_t end = skip_digits(t, at);
    if (end == at || (t.data[at] == '0' && end - at > 1)) {
        return syntax_error(in);
    }
    bool whole = true;
    if (end < t.len && t.data[end] == '.') {
        whole = false;
        at = end + 1;
        end = skip_digits(t, at);
        if (end == at) {
            return syntax_error(in);
        }
    }
    if (end < t.len && (t.data[end] == 'e' || t.data[end] == 'E')) {
        whole = false;
        at = end + 1;
        at += at < t.len && (t.data[at] == '+' || t.data[at] == '-');
        end = skip_digits(t, at);
        if (end == at) {
            return syntax_error(in);
        }
    }
    in->at = end;
    if (whole) {
        return whole_number(in, start, end - start);
    }
    xv_real x;
#if XIPVM_SINGLE_FLOAT
    bool ok = xv_float_parse_single((const char *)t.data + start, end - start, &x);
#else
    bool ok = xv_float_parse((const char *)t.data + start, end - start, &x);
#endif
    return ok ? xv_float_from(in->vm, x) : syntax_error(in);
}

/* Four hexadecimal digits; false, without an exception, if there are not. */
static bool read_hex(struct reader *in, uint32_t *out) {
    struct xv_text t = xv_text(in->vm, *in->text);
    *out = 0;
    for (size_t end = in->at + 4; in->at < end; in->at++) {
        uint8_t c = in->at < t.len ? t.data[in->at] : 0, lower = c | 0x20;
        bool letter = lower >= 'a' && lower <= 'f';
        if (!letter && (c < '0' || c > '9')) {
            return false;
        }
        *out = *out << 4 | (uint32_t)(letter ? lower - 'a' + 10 : c - '0');
    }
    return true;
}

/* Two escapes that are the halves of a surrogate pair make one character. */
static bool read_code_point(struct reader *in, uint32_t *out) {
    if (!read_hex(in, out)) {
        return false;
    }
    struct xv_text t = xv_text(in->vm, *in->text);
    if (*out >= 0xd800 && *out < 0xdc00 && t.len - in->at >= 2 && t.data[in->at] == '\\' &&
        t.data[in->at + 1] == 'u') {
        size_t before = in->at;
        uint32_t low;
        in->at += 2;
        if (read_hex(in, &low) && low >= 0xdc00 && low < 0xe000) {
            *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
        } else {
            in->at = before;
        }
    }
    return true;
}

/* What follows a backslash. */
static bool read_escape(struct reader *in, struct xv_printer *out) {
    static const char letters[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    struct xv_text t = xv_text(in->vm, *in->text);
    uint8_t c = in->at < t.len ? t.data[in->at++] : 0;
    for (size_t i = 0; i + 1 < sizeof letters; i += 2) {
        if (c == (uint8_t)letters[i]) {
            return xv_putc(out, letters[i + 1]);
        }
    }
    uint32_t code;
    if (c != 'u' || !read_code_point(in, &code)) {
        syntax_error(in);
        return false;
    }
    return xv_put_code_point(out, code);
}

/* Bytes up to the next quote or backslash, which is there; else the length of the text. */
static size_t plain_end(const struct reader *in) {
    struct xv_text t = xv_text(in->vm, *in->text);
    size_t at = in->at;
    while (at < t.len && t.data[at] != '"' && t.data[at] != '\\') {
        at++;
    }
    return at;
}

/* Behind the opening quote. */
static xv_value read_string(struct reader *in) {
    struct xv_vm *vm = in->vm;
    size_t start = in->at, end = plain_end(in), len = xv_text(vm, *in->text).len;
    if (end < len && xv_text(vm, *in->text).data[end] == '"') {
        in->at = end + 1;
        return xv_str_slice(vm, XV_KIND_STR, *in->text, start, end - start);
    }
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    bool ok = true;
    for (;;) {
        end = plain_end(in);
        if (end == len) {
            syntax_error(in);
            ok = false;
        } else if (end > in->at) {
            ok = xv_put_text(&out, *in->text, in->at, end - in->at);
        }
        in->at = end + 1;
        if (!ok || xv_text(vm, *in->text).data[end] == '"') {
            break;
        }
        ok = read_escape(in, &out);
        if (!ok) {
            break;
        }
    }
    if (ok) {
        return xv_printer_finish(&out);
    }
    xv_printer_end(&out);
    return XV_NULL;
}

static xv_value read_value(struct reader *in);

/* Items or entries up to `close`, into r[0]; r[1] is room for a key. */
static bool read_members(struct reader *in, xv_value *r, uint8_t close) {
    struct xv_vm *vm = in->vm;
    if (peek(in) == close) {
        in->at++;
        return true;
    }
    for (;;) {
        if (close == '}') {
            if (peek(in) != '"') {
                break;
            }
            in->at++;
            r[1] = read_string(in);
            if (r[1] == XV_NULL) {
                return false;
            }
            if (peek(in) != ':') {
                break;
            }
            in->at++;
        }
        xv_value v = read_value(in);
        if (v == XV_NULL ||
            !(close == '}' ? xv_dict_set(vm, r[0], r[1], v) : xv_list_append(vm, r[0], v))) {
            return false;
        }
        uint8_t c = peek(in);
        if (c != ',' && c != close) {
            break;
        }
        in->at++;
        if (c == close) {
            return true;
        }
    }
    syntax_error(in);
    return false;
}

static xv_value read_container(struct reader *in, uint8_t close) {
    struct xv_vm *vm = in->vm;
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    xv_value r[2] = {close == '}' ? xv_dict_new(vm, 0) : xv_list_new(vm, 0), XV_NULL};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL && read_members(in, r, close);
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return ok ? r[0] : XV_NULL;
}

static xv_value read_value(struct reader *in) {
    uint8_t c = peek(in);
    switch (c) {
    case '{':
    case '[':
        in->at++;
        return read_container(in, c == '{' ? '}' : ']');
    case '"':
        in->at++;
        return read_string(in);
    case 'n':
        return read_word(in, "null", XV_NONE);
    case 't':
        return read_word(in, "true", XV_TRUE);
    case 'f':
        return read_word(in, "false", XV_FALSE);
    case 'N':
        return read_real(in, "NaN", (xv_real)NAN);
    case 'I':
        return read_real(in, "Infinity", (xv_real)INFINITY);
    default:
        return c == '-' || (c >= '0' && c <= '9') ? read_number(in) : syntax_error(in);
    }
}

/* Of a str or any buffer. */
static xv_value from_text(struct xv_vm *vm, xv_value text) {
    text = xv_unwrap(vm, text);
    xv_value r[1] = {xv_is_str(vm, text) ? text : xv_decode(vm, text, XV_NULL, XV_NULL)};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    struct reader in = {vm, r, 0};
    xv_value v = read_value(&in);
    /* A NUL behind the value is no end either. */
    if (v != XV_NULL && (peek(&in) != 0 || in.at != xv_text(vm, r[0]).len)) {
        v = syntax_error(&in);
    }
    XV_LEAVE(vm);
    return v;
}

static xv_value json_loads(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return from_text(vm, args[0]);
}

static xv_value json_load(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value text = xv_stream_read_all(vm, args[0]);
    return text == XV_NULL ? XV_NULL : from_text(vm, text);
}

static const struct xv_native functions[] = {
    XV_FUNCTION_X(dumps, json_dumps, 0, 2, XV_N_KEYWORDS),
    XV_FUNCTION_X(dump, json_dump, 0, 3, XV_N_KEYWORDS),
    XV_FUNCTION(loads, json_loads, 1, 1),
    XV_FUNCTION(load, json_load, 1, 1),
};

const struct xv_native_module xv_module_json = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_json,
    XV_FUNCTIONS(functions),
};
#endif
