/* The builtins: the names that every module sees.
 *
 * The table at the end is what a name lookup ends in when neither locals nor globals have the name: the names
 * stand together so that the search reads little. */
#include "lib/stream.h"

#include <math.h>

#include "object/container.h"
#include "object/floattext.h"
#include "object/number.h"
#include "object/str.h"
#include "vm/call.h"

/* ---- output */

/* Piece by piece through the file's own write(). args[i] are the rooted values, r the separator, end and file. */
static bool print_to_file(struct xv_vm *vm, const xv_value *args, uint32_t n, const xv_value *r) {
    for (uint32_t i = 0; i <= 2 * n; i++) {
        xv_value piece = i == 2 * n ? r[1] : i % 2 != 0 ? r[0] : xv_str_of(vm, args[i / 2]);
        bool is_separator_of_none = i % 2 != 0 && i / 2 + 1 >= n;
        if (piece == XV_NULL ||
            (!is_separator_of_none && !xv_stream_write(vm, r[2], piece))) {
            return false;
        }
    }
    return true;
}

static bool print_to_host(struct xv_vm *vm, const xv_value *args, uint32_t n, const xv_value *r) {
    struct xv_printer out;
    xv_printer_begin(&out, vm, true);
    bool ok = true;
    for (uint32_t i = 0; i < n && ok; i++) {
        ok = (i == 0 || xv_put_value(&out, r[0], XV_PRINT_STR)) && xv_put_value(&out, args[i], XV_PRINT_STR);
    }
    ok = ok && xv_put_value(&out, r[1], XV_PRINT_STR);
    xv_printer_end(&out);
    return ok;
}

static xv_value builtin_print(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_sep, XV_Q_end, XV_Q_file};
    uint32_t n_pos = XV_N_POS(n);
    xv_value r[3] = {XV_NONE, XV_NONE, XV_NONE};
    XV_ENTER(vm, r);
    bool ok = XV_N_KW(n) == 0 || xv_parse_args(vm, "print", args + n_pos, n - n_pos, names, 3, 0, r);
    for (int i = 0; i < 2 && ok; i++) {
        if (r[i] == XV_NONE) {
            r[i] = i == 0 ? XV_QSTR(XV_Q__space_) : XV_QSTR(XV_Q__0x0a_);
        } else if (!xv_is_str(vm, r[i])) {
            xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", r[i]);
            ok = false;
        }
    }
    if (ok) {
        bool to_host = r[2] == XV_NONE || r[2] == xv_from(&xv_sys_stdout);
        ok = to_host ? print_to_host(vm, args, n_pos, r) : print_to_file(vm, args, n_pos, r);
    }
    XV_LEAVE(vm);
    return ok ? XV_NONE : XV_NULL;
}

static xv_value builtin_repr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_repr_of(vm, args[0]);
}

static xv_value builtin_format(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return xv_format_value(vm, args[0], n == 2 ? args[1] : XV_QSTR(XV_Q_));
}

/* ---- numbers */

static xv_value builtin_abs(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value v = xv_unwrap(vm, args[0]);
    if (xv_is_bool(v)) {
        return XV_INT(v == XV_TRUE);
    }
    if (xv_is_small(v)) {
        return xv_small(v) < 0 ? xv_unary(vm, XV_NEG, v) : v;
    }
    if (xv_is_float(v)) {
        return xv_float_from(vm, (xv_real)fabs((double)xv_float(v)));
    }
    if (xv_is_int(v)) {
        return ((const struct xv_int *)v)->negative ? xv_unary(vm, XV_NEG, v) : v;
    }
    if (xv_is_a(vm, v, &xv_type_complex)) {
        xv_real re, im;
        xv_complex_get(v, &re, &im);
        return xv_float_from(vm, (xv_real)hypot((double)re, (double)im));
    }
    v = xv_call_method_if(vm, args[0], XV_Q___abs__, NULL, 0);
    return v != XV_STOP ? v : xv_raise(vm, &xv_exc_TypeError, "unsupported type for __abs__: '%t'", args[0]);
}

static bool is_negative(xv_value i) {
    return xv_is_small(i) ? xv_small(i) < 0 : ((const struct xv_int *)i)->negative != 0;
}

/* The text of an int in a base, behind a prefix. */
static xv_value with_prefix(struct xv_vm *vm, xv_value *args, const char *prefix, unsigned base) {
    args[0] = xv_as_int(vm, args[0]);
    if (args[0] == XV_NULL) {
        return XV_NULL;
    }
    bool negative = is_negative(args[0]);
    if (negative) {
        args[0] = xv_unary(vm, XV_NEG, args[0]);
        if (args[0] == XV_NULL) {
            return XV_NULL;
        }
    }
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    if (!((!negative || xv_putc(&out, '-')) && xv_puts(&out, prefix) && xv_int_put(&out, args[0], base))) {
        xv_printer_end(&out);
        return XV_NULL;
    }
    return xv_printer_finish(&out);
}

static xv_value builtin_bin(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return with_prefix(vm, args, "0b", 2);
}

static xv_value builtin_oct(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return with_prefix(vm, args, "0o", 8);
}

static xv_value builtin_hex(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return with_prefix(vm, args, "0x", 16);
}

static bool is_real_number(xv_value v) {
    return xv_is_int(v) || xv_is_bool(v) || xv_is_float(v);
}

static xv_value builtin_divmod(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!is_real_number(xv_unwrap(vm, args[0])) || !is_real_number(xv_unwrap(vm, args[1]))) {
        xv_value own = xv_call_method_if(vm, args[0], XV_Q___divmod__, &args[1], 1);
        return own != XV_STOP ? own
                              : xv_raise(vm, &xv_exc_TypeError, "unsupported types for __divmod__: '%t', '%t'",
                                         args[0], args[1]);
    }
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value pair = XV_NULL;
    r[0] = xv_binary(vm, XV_FLOORDIV, args[0], args[1]);
    if (r[0] != XV_NULL && (r[1] = xv_binary(vm, XV_MOD, args[0], args[1])) != XV_NULL) {
        pair = xv_tuple_of(vm, r, 2);
    }
    XV_LEAVE(vm);
    return pair;
}

static xv_value builtin_pow(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (n == 2 || args[2] == XV_NONE) {
        return xv_binary(vm, XV_POW, args[0], args[1]);
    }
    for (int i = 0; i < 3; i++) {
        args[i] = xv_unwrap(vm, args[i]);
        if (xv_is_bool(args[i])) {
            args[i] = XV_INT(args[i] == XV_TRUE);
        }
        if (!xv_is_int(args[i])) {
            return xv_raise(vm, &xv_exc_TypeError, "pow() with 3 arguments requires integers");
        }
    }
    return xv_int_pow_mod(vm, args[0], args[1], args[2]);
}

/* An int rounded to a multiple of 10 ** -digits, where digits < 0; args[0] is the int. */
static xv_value round_int(struct xv_vm *vm, xv_value *args, intptr_t digits) {
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL}; /* unit, remainder, result */
    int64_t plain;
    if (digits < -20 && xv_int_to_i64(args[0], &plain)) {
        return XV_INT(0); /* the unit may be too large for any memory */
    }
    digits = digits < -XV_SMALL_MAX ? -XV_SMALL_MAX : digits;
    XV_ENTER(vm, r);
    bool ok = (r[0] = xv_binary(vm, XV_POW, XV_INT(10), XV_INT(-digits))) != XV_NULL &&
              (r[1] = xv_binary(vm, XV_MOD, args[0], r[0])) != XV_NULL &&
              (r[2] = xv_binary(vm, XV_SUB, args[0], r[1])) != XV_NULL &&
              (r[1] = xv_binary(vm, XV_MUL, r[1], XV_INT(2))) != XV_NULL;
    int up = ok ? xv_less(vm, r[0], r[1]) : -1;
    if (up == 0 && (up = xv_equal(vm, r[0], r[1])) > 0) {
        /* Half way: to the even one. */
        xv_value unit = r[0];
        r[1] = xv_binary(vm, XV_FLOORDIV, r[2], unit);
        r[1] = r[1] == XV_NULL ? XV_NULL : xv_binary(vm, XV_MOD, r[1], XV_INT(2));
        up = r[1] == XV_NULL ? -1 : r[1] == XV_INT(1);
    }
    if (up > 0) {
        r[2] = xv_binary(vm, XV_ADD, r[2], r[0]);
    }
    XV_LEAVE(vm);
    return up < 0 ? XV_NULL : r[2];
}

/* The exponent of ten of a number's first digit, from its text in format 'e'. */
static intptr_t decimal_exponent(const char *text, size_t len) {
    size_t at = 0;
    while (at < len && text[at] != 'e') {
        at++;
    }
    bool negative = at + 1 < len && text[at + 1] == '-';
    intptr_t exponent = 0;
    for (at += 2; at < len; at++) {
        exponent = exponent * 10 + (text[at] - '0');
    }
    return negative ? -exponent : exponent;
}

/* Exact: by way of the decimal text of the number, cut where the rounding is to be. */
static double round_decimal(double x, intptr_t digits) {
    enum { ENOUGH = 17 }; /* digits that tell any two doubles apart */
    char text[XV_FLOAT_REPR_MAX + 8];
    if (x == 0 || !isfinite(x) || digits > 400) {
        return x;
    }
    size_t len = xv_float_format(text, sizeof text, x, 'e', ENOUGH - 1, 0);
    intptr_t keep = digits < -400 ? -1 : digits + decimal_exponent(text, len) + 1;
    if (keep >= ENOUGH) {
        return x;
    }
    if (keep > 0) {
        len = xv_float_format(text, sizeof text, x, 'e', (int)keep - 1, 0);
        double rounded = x;
        return xv_float_parse(text, len, &rounded) ? rounded : x;
    }
    /* Less than one digit is left: the result is 0, or one unit if x is over the half of it. */
    double unit = pow(10.0, -(double)digits);
    return keep == 0 && fabs(x) > unit / 2 ? copysign(unit, x) : copysign(0.0, x);
}

static xv_value builtin_round(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value v = xv_unwrap(vm, args[0]);
    bool whole = n == 1 || args[1] == XV_NONE;
    if (xv_is_bool(v)) {
        v = XV_INT(v == XV_TRUE);
    }
    if (!xv_is_int(v) && !xv_is_float(v)) {
        xv_value own = xv_call_method_if(vm, args[0], XV_Q___round__, args + 1, n - 1);
        return own != XV_STOP ? own : xv_raise(vm, &xv_exc_TypeError, "can't convert %t to float", args[0]);
    }
    intptr_t digits = 0;
    args[0] = v;
    if (!whole && !xv_to_index(vm, args[1], &digits)) {
        return XV_NULL;
    }
    v = args[0];
    if (xv_is_int(v)) {
        return digits < 0 ? round_int(vm, args, digits) : v;
    }
    double x = (double)xv_float(v);
    if (!whole) {
        xv_real rounded = (xv_real)round_decimal(x, digits);
        return isinf(rounded) && isfinite(x)
                   ? xv_raise(vm, &xv_exc_OverflowError, "rounded value too large to represent")
                   : xv_float_from(vm, rounded);
    }
    double down = floor(x);
    double part = x - down;
    if (part > 0.5 || (part == 0.5 && fmod(down, 2.0) != 0)) {
        down += 1;
    }
    return xv_int_from_real(vm, down);
}

static xv_value builtin_chr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t c;
    if (!xv_to_index(vm, args[0], &c)) {
        return XV_NULL;
    }
    if (c >= 0 && c < 128) {
        return xv_qstr_char((uint8_t)c);
    }
    if (c < 0 || c > 0x10ffff) {
        return xv_raise(vm, &xv_exc_ValueError, "char not in range(0x110000)");
    }
    uint8_t utf8[4];
    return xv_str_new(vm, utf8, xv_utf8_encode((uint32_t)c, utf8));
}

static xv_value builtin_ord(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value v = xv_unwrap(vm, args[0]);
    if (xv_is_str(vm, v)) {
        struct xv_text text = xv_text(vm, v);
        const uint8_t *p = text.data;
        const uint8_t *end = p + text.len;
        if (text.len != 0) {
            uint32_t c = xv_utf8_decode(&p, end);
            if (p == end) {
                return XV_INT(c);
            }
        }
        return xv_raise(vm, &xv_exc_TypeError, "ord() expected a character, but string of length %z found",
                        xv_utf8_count(text.data, text.len));
    }
    if (!xv_is_bytes(vm, v) && !xv_is_kind(v, XV_KIND_BYTEARRAY)) {
        return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", v);
    }
    struct xv_buffer bytes;
    if (!xv_get_buffer(vm, v, &bytes)) {
        return XV_NULL;
    }
    return bytes.len == 1 ? XV_INT(bytes.data[0])
                          : xv_raise(vm, &xv_exc_TypeError,
                                     "ord() expected a character, but string of length %z found", bytes.len);
}

/* ---- iteration */

static xv_value builtin_iter(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (n == 1) {
        return xv_iter(vm, args[0]);
    }
    if (!xv_callable(vm, args[0])) {
        return xv_raise(vm, &xv_exc_TypeError, "iter(v, w): v must be callable");
    }
    xv_value self = xv_generic_new(vm, &xv_type_callable_iterator, 2);
    if (self != XV_NULL) {
        xv_slots(self)[0] = args[0];
        xv_slots(self)[1] = args[1];
    }
    return self;
}

static xv_value builtin_next(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (n == 1 && xv_is_kind(args[0], XV_KIND_GENERATOR)) {
        /* Its StopIteration carries what it returned. */
        xv_value none = XV_NONE;
        return xv_call_method(vm, args[0], XV_Q_send, &none, 1);
    }
    xv_value item = xv_next(vm, args[0]);
    if (item == XV_STOP) {
        return n == 2 ? args[1] : xv_raise_empty(vm, &xv_exc_StopIteration);
    }
    if (item == XV_NULL && n == 2 && xv_pending(vm, &xv_exc_StopIteration)) {
        xv_clear(vm);
        return args[1];
    }
    return item;
}

static xv_value builtin_len(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t len;
    return xv_length(vm, args[0], &len) ? xv_int_from_unsigned(vm, len) : XV_NULL;
}

/* True if an item's truth is `wanted`; at the end not `wanted`. */
static xv_value look_for(struct xv_vm *vm, xv_value *args, bool wanted) {
    xv_value r[XV_CURSOR_WORDS];
    int truth = -1;
    bool more = xv_cursor_begin(vm, r, args[0]);
    XV_ENTER(vm, r);
    while (more) {
        xv_value item = xv_cursor_next(vm, r);
        truth = item == XV_NULL ? -1 : item == XV_STOP ? !wanted : xv_truth(vm, item);
        more = item != XV_STOP && truth >= 0 && (truth != 0) != wanted;
    }
    XV_LEAVE(vm);
    return truth < 0 ? XV_NULL : XV_BOOL(truth);
}

static xv_value builtin_all(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return look_for(vm, args, false);
}

static xv_value builtin_any(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return look_for(vm, args, true);
}

static xv_value builtin_sum(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value r[1 + XV_CURSOR_WORDS] = {n == 2 ? args[1] : XV_INT(0)};
    XV_ENTER(vm, r);
    xv_value item = xv_cursor_begin(vm, r + 1, args[0]) ? XV_NONE : XV_NULL;
    while (item != XV_NULL) {
        item = xv_cursor_next(vm, r + 1);
        if (item == XV_NULL || item == XV_STOP) {
            break;
        }
        if (xv_both_small(item, r[0])) {
            intptr_t total = xv_small(r[0]) + xv_small(item);
            r[0] = xv_fits_small(total) ? XV_INT(total) : xv_int_from(vm, total);
        } else {
            r[0] = xv_binary(vm, XV_ADD, r[0], item);
        }
        if (r[0] == XV_NULL) {
            item = XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return item == XV_NULL ? XV_NULL : r[0];
}

/* min() and max(). */
static xv_value extremum(struct xv_vm *vm, xv_value *args, uint32_t n, bool largest) {
    static const uint16_t names[] = {XV_Q_key, XV_Q_default};
    enum { KEY, DEFAULT, BEST, BEST_KEY, ITEM, ITEM_KEY, CURSOR, N = CURSOR + XV_CURSOR_WORDS };
    const char *function = largest ? "max" : "min";
    uint32_t n_pos = XV_N_POS(n);
    xv_value r[N] = {XV_NONE};
    XV_ENTER(vm, r);
    bool ok = XV_N_KW(n) == 0 || xv_parse_args(vm, function, args + n_pos, n - n_pos, names, 2, 0, r);
    if (ok && n_pos == 1) {
        ok = xv_cursor_begin(vm, r + CURSOR, args[0]);
    }
    for (uint32_t i = 0; ok; i++) {
        if (n_pos == 1) {
            r[ITEM] = xv_cursor_next(vm, r + CURSOR);
        } else {
            r[ITEM] = i < n_pos ? args[i] : XV_STOP;
        }
        if (r[ITEM] == XV_STOP) {
            break;
        }
        r[ITEM_KEY] = r[ITEM] == XV_NULL || r[KEY] == XV_NONE ? r[ITEM] : xv_call(vm, r[KEY], &r[ITEM], 1);
        int better = 1;
        if (r[ITEM_KEY] == XV_NULL) {
            better = -1;
        } else if (r[BEST] != XV_NULL && xv_both_small(r[ITEM_KEY], r[BEST_KEY])) {
            intptr_t a = xv_small(r[ITEM_KEY]), b = xv_small(r[BEST_KEY]);
            better = largest ? a > b : a < b;
        } else if (r[BEST] != XV_NULL) {
            better = largest ? xv_less(vm, r[BEST_KEY], r[ITEM_KEY]) : xv_less(vm, r[ITEM_KEY], r[BEST_KEY]);
        }
        if (better > 0) {
            r[BEST] = r[ITEM];
            r[BEST_KEY] = r[ITEM_KEY];
        }
        ok = better >= 0;
    }
    if (ok && r[BEST] == XV_NULL) {
        r[BEST] = r[DEFAULT] != XV_NULL ? r[DEFAULT]
                                        : xv_raise(vm, &xv_exc_ValueError, "arg is an empty sequence");
    }
    XV_LEAVE(vm);
    return ok ? r[BEST] : XV_NULL;
}

static xv_value builtin_max(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return extremum(vm, args, n, true);
}

static xv_value builtin_min(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return extremum(vm, args, n, false);
}

static xv_value builtin_sorted(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_key, XV_Q_reverse};
    xv_value r[2] = {XV_NONE, XV_FALSE};
    XV_ENTER(vm, r);
    bool ok = XV_N_KW(n) == 0 || xv_parse_args(vm, "sorted", args + 1, n - 1, names, 2, 0, r);
    int reverse = ok ? xv_truth(vm, r[1]) : -1;
    ok = reverse >= 0 && (args[0] = xv_list_from(vm, args[0])) != XV_NULL &&
         xv_list_sort(vm, args[0], r[0] == XV_NONE ? XV_NULL : r[0], reverse > 0);
    XV_LEAVE(vm);
    return ok ? args[0] : XV_NULL;
}

/* ---- objects and their attributes */

static xv_value builtin_callable(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return XV_BOOL(xv_callable(vm, args[0]));
}

static xv_value builtin_hash(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    uint32_t hash;
    xv_value v = args[0];
    /* A number that fits in a word is its own hash. */
    if (xv_is_small(v)) {
        return v;
    }
    if (xv_is_float(v)) {
        double d = (double)xv_float(v);
        if (isfinite(d) && floor(d) == d && d >= (double)XV_SMALL_MIN && d < -(double)XV_SMALL_MIN) {
            return XV_INT((intptr_t)d);
        }
    }
    return xv_hash(vm, v, &hash) ? xv_int_from(vm, hash) : XV_NULL;
}

/* Heap objects move: they get odd numbers, counted; all others are known by their word. */
static xv_value builtin_id(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!xv_is_object(args[0]) || !xv_in_heap(vm, args[0])) {
        return xv_int_from_unsigned(vm, (uint64_t)args[0] << 1);
    }
    uintptr_t identity;
    return xv_identity(vm, args[0], &identity) ? xv_int_from_unsigned(vm, ((uint64_t)identity << 1) | 1u)
                                               : XV_NULL;
}

/* isinstance and issubclass: `classes` is a type or a tuple of such, nested to a fixed depth. */
static int is_among(struct xv_vm *vm, xv_value type, xv_value classes, const char *function, unsigned depth) {
    classes = xv_unwrap(vm, classes);
    if (xv_is_type(classes)) {
        return xv_is_subtype(vm, type, classes);
    }
    if (!xv_is_kind(classes, XV_KIND_TUPLE) || depth == 0) {
        xv_raise(vm, &xv_exc_TypeError, "%s() arg 2 must be a class or a tuple of classes", function);
        return -1;
    }
    int found = 0;
    size_t n = xv_n_items(classes);
    for (size_t i = 0; i < n && found == 0; i++) {
        found = is_among(vm, type, xv_items(classes)[i], function, depth - 1);
    }
    return found;
}

#define CLASS_TUPLE_DEPTH 8u

static xv_value builtin_isinstance(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    int found = is_among(vm, xv_type_of(vm, args[0]), args[1], "isinstance", CLASS_TUPLE_DEPTH);
    return found < 0 ? XV_NULL : XV_BOOL(found);
}

static xv_value builtin_issubclass(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!xv_is_type(args[0])) {
        return xv_raise(vm, &xv_exc_TypeError, "issubclass() arg 1 must be a class");
    }
    int found = is_among(vm, args[0], args[1], "issubclass", CLASS_TUPLE_DEPTH);
    return found < 0 ? XV_NULL : XV_BOOL(found);
}

/* The attribute, XV_STOP if there is none, XV_NULL. args[1] is the name and remains it. */
static xv_value find_attribute(struct xv_vm *vm, xv_value *args) {
    args[1] = xv_attribute_name(vm, args[1]);
    if (args[1] == XV_NULL) {
        return XV_NULL;
    }
    xv_value v = xv_find_attr(vm, args[0], xv_qstr_id(args[1]));
    if (v == XV_NULL && xv_pending(vm, &xv_exc_AttributeError)) {
        /* Raised by a property or __getattr__. */
        xv_clear(vm);
        return XV_STOP;
    }
    return v;
}

static xv_value builtin_getattr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (n == 3) {
        xv_value v = find_attribute(vm, args);
        return v == XV_STOP ? args[2] : v;
    }
    args[1] = xv_attribute_name(vm, args[1]);
    return args[1] == XV_NULL ? XV_NULL : xv_get_attr(vm, args[0], xv_qstr_id(args[1]));
}

static xv_value builtin_hasattr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value v = find_attribute(vm, args);
    return v == XV_NULL ? XV_NULL : XV_BOOL(v != XV_STOP);
}

static xv_value builtin_setattr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    args[1] = xv_attribute_name(vm, args[1]);
    return args[1] != XV_NULL && xv_set_attr(vm, args[0], xv_qstr_id(args[1]), n == 3 ? args[2] : XV_NULL)
               ? XV_NONE
               : XV_NULL;
}

/* In a class body its names; in a function, whose locals have no names at run time, the globals. */
static xv_value builtin_locals(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return xv_current_locals(vm);
}

static xv_value builtin_globals(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return xv_current_globals(vm);
}

/* ---- dir(): the names go into a set, which is rooted by the caller, as are the objects they are of */

static bool add_keys(struct xv_vm *vm, const xv_value *set, xv_value *dict) {
    uint32_t at = 0;
    xv_value key;
    while (xv_dict_next(*dict, &at, &key, NULL)) {
        if (!xv_set_add(vm, *set, key)) {
            return false;
        }
    }
    return true;
}

static bool add_rows(struct xv_vm *vm, const xv_value *set, const struct xv_native *functions, size_t n_functions,
                     const struct xv_constant *constants, size_t n_constants) {
    for (size_t i = 0; i < n_functions; i++) {
        if (!xv_set_add(vm, *set, XV_QSTR(functions[i].name))) {
            return false;
        }
    }
    for (size_t i = 0; i < n_constants; i++) {
        if (!xv_set_add(vm, *set, XV_QSTR(constants[i].name))) {
            return false;
        }
    }
    return true;
}

static bool add_type(struct xv_vm *vm, const xv_value *set, const struct xv_type *type) {
    for (; type != NULL; type = type->base) {
        if (!add_rows(vm, set, type->methods, type->n_methods, type->constants, type->n_constants)) {
            return false;
        }
    }
    return true;
}

/* A class and all that it inherits from. `r` are two rooted places, the first of which holds the class. */
static bool add_class(struct xv_vm *vm, const xv_value *set, xv_value *r) {
    if (xv_is_kind(r[0], XV_KIND_TYPE)) {
        return add_type(vm, set, (const struct xv_type *)r[0]);
    }
    r[0] = xv_class(r[0])->mro;
    size_t n = xv_n_items(r[0]);
    for (size_t i = 0; i < n; i++) {
        r[1] = xv_items(r[0])[i];
        if (xv_is_kind(r[1], XV_KIND_TYPE)) {
            if (!add_type(vm, set, (const struct xv_type *)r[1])) {
                return false;
            }
        } else {
            r[1] = xv_class(r[1])->dict;
            if (!add_keys(vm, set, &r[1])) {
                return false;
            }
        }
    }
    return true;
}

static bool add_native_module(struct xv_vm *vm, const xv_value *set, xv_value *r) {
    const struct xv_native_module *m = (const struct xv_native_module *)r[0];
    for (size_t i = 0; i < m->n_computed; i++) {
        if (!xv_set_add(vm, *set, XV_QSTR(m->computed[i]))) {
            return false;
        }
    }
    if (m == &xv_module_builtins && vm->builtins_extra != XV_NULL) {
        r[0] = vm->builtins_extra;
        return add_keys(vm, set, &r[0]);
    }
    return xv_set_add(vm, *set, XV_QSTR(XV_Q___name__)) &&
           add_rows(vm, set, m->functions, m->n_functions, m->constants, m->n_constants);
}

static bool add_names_of(struct xv_vm *vm, const xv_value *set, xv_value *r) {
    if (xv_is_kind(r[0], XV_KIND_MODULE)) {
        r[0] = xv_module(r[0])->globals;
        return add_keys(vm, set, &r[0]);
    }
    if (xv_is_kind(r[0], XV_KIND_NATIVE_MODULE)) {
        return add_native_module(vm, set, r);
    }
    if (xv_is_type(r[0])) {
        return add_class(vm, set, r);
    }
    if (xv_is_kind(r[0], XV_KIND_INSTANCE)) {
        r[1] = xv_instance_dict(vm, r[0]);
        if (r[1] == XV_NULL || !add_keys(vm, set, &r[1])) {
            return false;
        }
    } else if (xv_is_kind(r[0], XV_KIND_EXCEPTION) && ((struct xv_exception *)r[0])->attrs != XV_NULL) {
        r[1] = ((struct xv_exception *)r[0])->attrs;
        if (!add_keys(vm, set, &r[1])) {
            return false;
        }
    }
    r[0] = xv_type_of(vm, r[0]);
    return add_class(vm, set, r) && xv_set_add(vm, *set, XV_QSTR(XV_Q___class__));
}

static xv_value builtin_dir(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value r[3] = {XV_NULL, n == 1 ? args[0] : XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value own = n == 0 ? XV_NULL : xv_special_find(vm, args[0], XV_Q___dir__);
    r[0] = own != XV_NULL ? xv_special_call(vm, own, args[0], args, 0) : xv_set_new(vm, XV_KIND_SET);
    bool ok = r[0] != XV_NULL;
    if (ok && n == 0) {
        r[1] = xv_current_locals(vm);
        ok = r[1] != XV_NULL && add_keys(vm, &r[0], &r[1]);
    } else if (ok && own == XV_NULL) {
        ok = add_names_of(vm, &r[0], &r[1]);
    }
    ok = ok && (r[0] = xv_list_from(vm, r[0])) != XV_NULL && xv_list_sort(vm, r[0], XV_NULL, false);
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

/* ---- help() */

static bool put_modules(struct xv_printer *out) {
    bool ok = true;
    uint16_t name;
    for (size_t i = 0; ok && (name = xv_library_module(i)) != XV_NO_NAME; i++) {
        ok = xv_putf(out, "%q\n", name);
    }
    return ok && xv_puts(out, "and what the host finds\n");
}

/* What an object, or its type, has a name for. r[0] is the object; there are two further roots. */
static bool put_help(struct xv_printer *out, xv_value *r) {
    struct xv_vm *vm = out->vm;
    if (!xv_putf(out, "object %v is of type %q\n", r[0], xv_qstr_id(xv_name_of_type(vm, r[0])))) {
        return false;
    }
    bool has_names = xv_is_type(r[0]) || xv_is_kind(r[0], XV_KIND_MODULE) || xv_is_kind(r[0], XV_KIND_NATIVE_MODULE);
    r[0] = xv_find_attr(vm, has_names ? r[0] : xv_type_of(vm, r[0]), XV_Q___dict__);
    bool ok = r[0] != XV_NULL;
    uint32_t at = 0;
    while (ok && xv_is_kind(r[0], XV_KIND_DICT) && xv_dict_next(r[0], &at, &r[1], &r[2])) {
        ok = xv_putf(out, "  %v -- ", r[1]) && xv_put_value(out, r[2], XV_PRINT_STR) && xv_putc(out, '\n');
    }
    return ok;
}

static xv_value builtin_help(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value r[3] = {n == 0 ? XV_NULL : args[0], XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    struct xv_printer out;
    xv_printer_begin(&out, vm, true);
    bool ok = n == 0 ? xv_puts(&out, "libxipvm: help(object), help('modules')\n")
              : xv_is_str(vm, args[0]) && xv_str_same(vm, args[0], XV_QSTR(XV_Q_modules)) ? put_modules(&out)
                                                                                          : put_help(&out, r);
    xv_printer_end(&out);
    XV_LEAVE(vm);
    return ok ? XV_NONE : XV_NULL;
}

/* ---- the table
 *
 * XV_EXCEPTION_TYPES pastes its names together, so those that are not static names of the .mpy format are
 * mentioned here for the scan: XV_Q_StopAsyncIteration, XV_Q_UnicodeError, XV_Q_ViperTypeError. */

#if XIPVM_FILES
#define FILE_FUNCTIONS(F) F(XV_Q_open, xv_builtin_open, 0, 4, XV_N_KEYWORDS)
#else
#define FILE_FUNCTIONS(F)
#endif
#define FUNCTIONS(F)                                                   \
    F(XV_Q_print, builtin_print, 0, XV_ANY_ARGS, XV_N_KEYWORDS)        \
    F(XV_Q_len, builtin_len, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_isinstance, builtin_isinstance, 2, 2, XV_N_PLAIN)           \
    F(XV_Q_abs, builtin_abs, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_min, builtin_min, 1, XV_ANY_ARGS, XV_N_KEYWORDS)            \
    F(XV_Q_max, builtin_max, 1, XV_ANY_ARGS, XV_N_KEYWORDS)            \
    F(XV_Q_sum, builtin_sum, 1, 2, XV_N_PLAIN)                         \
    F(XV_Q_ord, builtin_ord, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_chr, builtin_chr, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_next, builtin_next, 1, 2, XV_N_PLAIN)                       \
    F(XV_Q_iter, builtin_iter, 1, 2, XV_N_PLAIN)                       \
    F(XV_Q_getattr, builtin_getattr, 2, 3, XV_N_PLAIN)                 \
    F(XV_Q_setattr, builtin_setattr, 3, 3, XV_N_PLAIN)                 \
    F(XV_Q_hasattr, builtin_hasattr, 2, 2, XV_N_PLAIN)                 \
    F(XV_Q_delattr, builtin_setattr, 2, 2, XV_N_PLAIN)                 \
    F(XV_Q_sorted, builtin_sorted, 1, 1, XV_N_KEYWORDS)                \
    F(XV_Q_any, builtin_any, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_all, builtin_all, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_round, builtin_round, 1, 2, XV_N_PLAIN)                     \
    F(XV_Q_divmod, builtin_divmod, 2, 2, XV_N_PLAIN)                   \
    F(XV_Q_pow, builtin_pow, 2, 3, XV_N_PLAIN)                         \
    F(XV_Q_repr, builtin_repr, 1, 1, XV_N_PLAIN)                       \
    F(XV_Q_format, builtin_format, 1, 2, XV_N_PLAIN)                   \
    F(XV_Q_hash, builtin_hash, 1, 1, XV_N_PLAIN)                       \
    F(XV_Q_id, builtin_id, 1, 1, XV_N_PLAIN)                           \
    F(XV_Q_hex, builtin_hex, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_oct, builtin_oct, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_bin, builtin_bin, 1, 1, XV_N_PLAIN)                         \
    F(XV_Q_callable, builtin_callable, 1, 1, XV_N_PLAIN)               \
    F(XV_Q_issubclass, builtin_issubclass, 2, 2, XV_N_PLAIN)           \
    F(XV_Q_dir, builtin_dir, 0, 1, XV_N_PLAIN)                         \
    F(XV_Q_globals, builtin_globals, 0, 0, XV_N_PLAIN)                 \
    F(XV_Q_locals, builtin_locals, 0, 0, XV_N_PLAIN)                   \
    F(XV_Q_help, builtin_help, 0, 1, XV_N_PLAIN)                       \
    FILE_FUNCTIONS(F)                                                  \
    F(XV_Q___build_class__, xv_build_class, 2, XV_ANY_ARGS, XV_N_PLAIN) \
    F(XV_Q___import__, xv_builtin_import, 1, 5, XV_N_PLAIN)

#define CONSTANTS(C)                                \
    C(XV_Q_int, &xv_type_int)                       \
    C(XV_Q_str, &xv_type_str)                       \
    C(XV_Q_list, &xv_type_list)                     \
    C(XV_Q_dict, &xv_type_dict)                     \
    C(XV_Q_tuple, &xv_type_tuple)                   \
    C(XV_Q_range, &xv_type_range)                   \
    C(XV_Q_float, &xv_type_float)                   \
    C(XV_Q_bool, &xv_type_bool)                     \
    C(XV_Q_bytes, &xv_type_bytes)                   \
    C(XV_Q_bytearray, &xv_type_bytearray)           \
    C(XV_Q_set, &xv_type_set)                       \
    C(XV_Q_object, &xv_type_object)                 \
    C(XV_Q_type, &xv_type_type)                     \
    C(XV_Q_super, &xv_type_super)                   \
    C(XV_Q_enumerate, &xv_type_enumerate)           \
    C(XV_Q_zip, &xv_type_zip)                       \
    C(XV_Q_map, &xv_type_map)                       \
    C(XV_Q_filter, &xv_type_filter)                 \
    C(XV_Q_reversed, &xv_type_reversed)             \
    C(XV_Q_property, &xv_type_property)             \
    C(XV_Q_staticmethod, &xv_type_staticmethod)     \
    C(XV_Q_classmethod, &xv_type_classmethod)       \
    C(XV_Q_frozenset, &xv_type_frozenset)           \
    C(XV_Q_memoryview, &xv_type_memoryview)         \
    C(XV_Q_complex, &xv_type_complex)               \
    C(XV_Q_slice, &xv_type_slice)                   \
    C(XV_Q_Ellipsis, XV_ELLIPSIS)                   \
    C(XV_Q_NotImplemented, XV_NOT_IMPLEMENTED)

#define FUNCTION_ROW(id, fn, min, max, flags) {XV_CONST_HEADER(XV_KIND_NATIVE), fn, id, min, max, flags},
static const struct xv_native functions[] = {FUNCTIONS(FUNCTION_ROW)};

/* Places in `functions`, by name id so that two names may share a C function. */
#define FUNCTION_PLACE(id, fn, min, max, flags) AT_##id,
enum { FUNCTIONS(FUNCTION_PLACE) N_FUNCTIONS };

#define FUNCTION_NAME(id, fn, min, max, flags) id,
#define CONSTANT_NAME(id, value) id,
#define EXCEPTION_NAME(name, base) XV_Q_##name,
static const uint16_t builtin_names[] = {FUNCTIONS(FUNCTION_NAME) CONSTANTS(CONSTANT_NAME)
                                             XV_EXCEPTION_TYPES(EXCEPTION_NAME)};

#define FUNCTION_VALUE(id, fn, min, max, flags) (xv_value) & functions[AT_##id],
#define CONSTANT_VALUE(id, value) (xv_value)(value),
#define EXCEPTION_VALUE(name, base) (xv_value) & xv_exc_##name,
static const xv_value builtin_values[] = {FUNCTIONS(FUNCTION_VALUE) CONSTANTS(CONSTANT_VALUE)
                                              XV_EXCEPTION_TYPES(EXCEPTION_VALUE)};

#define N_BUILTINS (sizeof builtin_names / sizeof *builtin_names)

const xv_value *xv_builtin_find(uint16_t name) {
    for (size_t i = 0; i < N_BUILTINS; i++) {
        if (builtin_names[i] == name) {
            return &builtin_values[i];
        }
    }
    return NULL;
}

/* ---- `import builtins` */

static xv_value get_builtin(struct xv_vm *vm, uint16_t name) {
    if (vm->builtins_extra != XV_NULL) {
        xv_value v = xv_dict_get_name(vm, vm->builtins_extra, name);
        if (v != XV_NULL) {
            return v;
        }
    }
    const xv_value *cell = xv_builtin_find(name);
    return cell != NULL ? *cell : XV_STOP;
}

static int set_builtin(struct xv_vm *vm, uint16_t name, xv_value value) {
    if (value == XV_NULL) {
        return vm->builtins_extra == XV_NULL ? 0 : xv_dict_delete(vm, vm->builtins_extra, XV_QSTR(name), NULL);
    }
    xv_value r[2] = {value, XV_QSTR(name)};
    XV_ENTER(vm, r);
    if (vm->builtins_extra == XV_NULL) {
        xv_value dict = xv_dict_new(vm, 1);
        if (dict == XV_NULL) {
            XV_LEAVE(vm);
            return -1;
        }
        xv_dict(dict)->is_names = 1;
        vm->builtins_extra = dict;
    }
    bool ok = xv_dict_set_name(vm, vm->builtins_extra, name, r[0]);
    XV_LEAVE(vm);
    return ok ? 1 : -1;
}

const struct xv_native_module xv_module_builtins = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_builtins,
    XV_COMPUTED(builtin_names),
    .get_attr = get_builtin,
    .set_attr = set_builtin,
};
