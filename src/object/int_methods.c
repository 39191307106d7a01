/* int: its constructor, text in and out, methods, and pow() with a modulus. */
#include "object/numeric.h"
#include "object/print.h"
#include "object/text.h"

/* ---- text in */

static bool is_space(uint8_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

bool xv_is_number_text(const struct xv_vm *vm, xv_value v) {
    return xv_text_kind(vm, v) != XV_KIND_COUNT;
}

xv_value xv_number_source(struct xv_vm *vm, xv_value v) {
    v = xv_unwrap(vm, v);
    return xv_is_a(vm, v, &xv_type_memoryview) ? xv_call(vm, xv_from(&xv_type_bytes), &v, 1) : v;
}

struct xv_text xv_number_text(const struct xv_vm *vm, xv_value v) {
    struct xv_text text = xv_span(vm, v);
    while (text.len > 0 && is_space(text.data[0])) {
        text.data++;
        text.len--;
    }
    while (text.len > 0 && is_space(text.data[text.len - 1])) {
        text.len--;
    }
    return text;
}

/* What the text of an integer says before its digits, and about them. */
struct numeral {
    bool negative;
    bool fits;           /* in a small int, which is `small` */
    unsigned base;
    size_t start;        /* where the digits begin */
    size_t digits;
    uintptr_t small;
};

/* The base that a prefix at text[at] names, 0 if there is none. */
static unsigned prefix_base(struct xv_text text, size_t at) {
    if (text.len - at < 2 || text.data[at] != '0') {
        return 0;
    }
    switch (text.data[at + 1] | 0x20) {
    case 'x':
        return 16;
    case 'o':
        return 8;
    case 'b':
        return 2;
    default:
        return 0;
    }
}

/* Looks at all the digits, with single underscores between them: false if anything else is there. */
static bool scan_digits(struct xv_text text, struct numeral *out) {
    bool after_digit = false;
    for (size_t i = out->start; i < text.len; i++) {
        uint8_t c = text.data[i];
        if (c == '_' && after_digit) {
            after_digit = false;
            continue;
        }
        int digit = xv_digit_value((char)c);
        if (digit < 0 || (unsigned)digit >= out->base) {
            return false;
        }
        after_digit = true;
        out->digits++;
        out->fits = out->fits && out->small <= ((uintptr_t)XV_SMALL_MAX - (unsigned)digit) / out->base;
        out->small = out->fits ? out->small * out->base + (unsigned)digit : 1;
    }
    return after_digit;
}

static bool scan(struct xv_text text, unsigned base, struct numeral *out) {
    *out = (struct numeral){.fits = true, .base = base};
    if (text.len > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        out->negative = text.data[0] == '-';
        out->start = 1;
    }
    unsigned prefix = prefix_base(text, out->start);
    if (prefix != 0 && (base == 0 || base == prefix)) {
        out->base = prefix;
        out->start += 2;
        out->start += out->start < text.len && text.data[out->start] == '_';
    } else if (base == 0) {
        out->base = 10;
    }
    bool zero_first = out->start < text.len && text.data[out->start] == '0';
    if (!scan_digits(text, out)) {
        return false;
    }
    /* In base 0, as in source text, 010 might have been meant to be octal. */
    return base != 0 || prefix != 0 || !zero_first || out->small == 0;
}

static size_t parse_digits(xv_limb *limbs, struct xv_text text, const struct numeral *number, struct xv_big_stop *stop) {
    size_t n = 0;
    size_t from = number->start;
    while (from < text.len && !stop->stopped) {
        size_t to = from;
        while (to < text.len && text.data[to] != '_') {
            to++;
        }
        xv_big_parse(limbs, &n, (const char *)text.data + from, to - from, number->base, stop);
        from = to + 1;
    }
    return n;
}

static xv_value small_numeral(const struct numeral *number) {
    intptr_t i = (intptr_t)number->small;
    return XV_INT(number->negative ? -i : i);
}

xv_value xv_int_from_str(struct xv_vm *vm, xv_value str, int base) {
    struct numeral number;
    if (base != 0 && (base < 2 || base > 36)) {
        return xv_raise(vm, &xv_exc_ValueError, "int() arg 2 must be >= 2 and <= 36");
    }
    if (!scan(xv_number_text(vm, str), (unsigned)base, &number)) {
        return xv_raise(vm, &xv_exc_ValueError, "invalid syntax for integer with base %d: %r", base, str);
    }
    if (number.fits) {
        return small_numeral(&number);
    }
    xv_value r[1] = {str};
    XV_ENTER(vm, r);
    xv_value v = xv_int_blank(vm, xv_big_parse_bound(number.digits, number.base));
    XV_LEAVE(vm);
    if (v == XV_NULL) {
        return v;
    }
    struct xv_big_stop stop = XV_BIG_STOP(vm);
    size_t n = parse_digits(xv_int_object(v)->limbs, xv_number_text(vm, r[0]), &number, &stop);
    return stop.stopped ? XV_NULL : xv_int_finish(vm, v, n, number.negative);
}

/* ---- text out */

static bool put_small(struct xv_printer *out, intptr_t i, unsigned base) {
    char buf[sizeof(uintptr_t) * 8 + 1];
    size_t at = sizeof buf;
    uintptr_t rest = i < 0 ? (uintptr_t)0 - (uintptr_t)i : (uintptr_t)i;
    do {
        unsigned digit = (unsigned)(rest % base);
        rest /= base;
        buf[--at] = (char)(digit < 10 ? '0' + digit : 'a' + (digit - 10));
    } while (rest != 0);
    if (i < 0) {
        buf[--at] = '-';
    }
    return xv_put(out, buf + at, sizeof buf - at);
}

bool xv_int_put(struct xv_printer *out, xv_value v, unsigned base) {
    if (xv_is_small(v)) {
        return put_small(out, xv_small(v), base);
    }
    struct xv_vm *vm = out->vm;
    xv_value r[2] = {v, XV_NULL};
    XV_ENTER(vm, r);
    bool ok = false;
    size_t n = xv_int_object(v)->n;
    /* Making the text uses up the limbs. */
    r[1] = xv_limbs_new(vm, n);
    xv_value text = XV_NULL;
    if (r[1] != XV_NULL) {
        text = xv_str_blank(vm, XV_KIND_STR, 1 + xv_big_format_bound(n, base));
    }
    if (text != XV_NULL) {
        const struct xv_int *i = xv_int_object(r[0]);
        memcpy(xv_limbs(r[1]), i->limbs, n * sizeof(xv_limb));
        char *data = (char *)((struct xv_str *)text)->data;
        data[0] = '-';
        size_t sign = i->negative;
        struct xv_big_stop stop = XV_BIG_STOP(vm);
        size_t len = sign + xv_big_format(data + sign, xv_limbs(r[1]), n, base, &stop);
        ok = !stop.stopped && xv_put_text(out, text, 0, len);
    }
    XV_LEAVE(vm);
    return ok;
}

/* ---- constructor */

/* The int that a class's __int__ or __index__ gives; XV_STOP if it has neither. */
static xv_value from_special(struct xv_vm *vm, xv_value v) {
    static const uint16_t names[] = {XV_Q___int__, XV_Q___index__};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        xv_value method = xv_special_find(vm, v, names[i]);
        if (method == XV_NULL) {
            continue;
        }
        xv_value result = xv_special_call(vm, method, v, &v, 0);
        if (result == XV_NULL) {
            return XV_NULL;
        }
        xv_value number = xv_numeric(vm, result);
        if (number != XV_NULL && xv_is_int(number)) {
            return number;
        }
        return xv_raise(vm, &xv_exc_TypeError, "%q returned non-int (type %t)", names[i], result);
    }
    return XV_STOP;
}

/* r[0] as an int, truncated. */
static xv_value to_int(struct xv_vm *vm, const xv_value *r) {
    if (xv_is_int(r[0])) {
        return r[0];
    }
    xv_value number = from_special(vm, r[0]);
    if (number != XV_STOP) {
        return number;
    }
    number = xv_numeric(vm, r[0]);
    if (number != XV_NULL && xv_is_int(number)) {
        return number;
    }
    if (number != XV_NULL && xv_is_float(number)) {
        return xv_int_from_real(vm, xv_float(number));
    }
    xv_value text = xv_number_source(vm, r[0]);
    if (text == XV_NULL) {
        return XV_NULL;
    }
    if (xv_is_number_text(vm, text)) {
        return xv_int_from_str(vm, text, 10);
    }
    return xv_raise(vm, &xv_exc_TypeError, "can't convert %t to int", r[0]);
}

/* r[0] as a text in base r[1]. */
static xv_value to_int_in_base(struct xv_vm *vm, const xv_value *r) {
    intptr_t base;
    if (!xv_to_index(vm, r[1], &base)) {
        return XV_NULL;
    }
    xv_value text = xv_number_source(vm, r[0]);
    if (text == XV_NULL) {
        return XV_NULL;
    }
    if (!xv_is_number_text(vm, text)) {
        return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", r[0]);
    }
    return xv_int_from_str(vm, text, base >= 0 && base <= 36 ? (int)base : -1);
}

xv_value xv_int_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    static const uint16_t names[] = {XV_Q_, XV_Q_base};
    xv_value r[2] = {XV_INT(0), XV_NULL};
    XV_ENTER(vm, r);
    xv_value v = XV_NULL;
    if (xv_parse_args(vm, "int", args, n, names, 2, 0, r)) {
        v = r[1] == XV_NULL ? to_int(vm, r) : to_int_in_base(vm, r);
    }
    XV_LEAVE(vm);
    return v;
}

/* ---- bytes */

/* The arguments that both methods end with, r[0] byteorder and r[1] signed, each XV_NULL if not given. */
static bool bytes_options(struct xv_vm *vm, const xv_value *r, bool *big_endian, bool *is_signed) {
    *big_endian = true;
    if (r[0] != XV_NULL) {
        struct xv_text order = {NULL, 0};
        if (xv_is_str(vm, r[0])) {
            order = xv_text(vm, r[0]);
        }
        *big_endian = order.len == 3 && memcmp(order.data, "big", 3) == 0;
        if (!*big_endian && !(order.len == 6 && memcmp(order.data, "little", 6) == 0)) {
            xv_raise(vm, &xv_exc_ValueError, "byteorder must be either 'little' or 'big'");
            return false;
        }
    }
    int truth = r[1] == XV_NULL ? 0 : xv_truth(vm, r[1]);
    *is_signed = truth > 0;
    return truth >= 0;
}

/* Drops bytes at the high end that say no more than the sign, so that small numbers in many bytes are made without memory. */
static void drop_sign_bytes(struct xv_buffer *b, bool big_endian, bool is_signed) {
    while (b->len > 1) {
        unsigned high = b->data[big_endian ? 0 : b->len - 1];
        unsigned next = b->data[big_endian ? 1 : b->len - 2];
        bool sign_of_next = is_signed && (next & 0x80u) != 0;
        if (high != (sign_of_next ? 0xffu : 0)) {
            return;
        }
        b->data += big_endian;
        b->len--;
    }
}

static xv_value from_bytes(struct xv_vm *vm, xv_value *r) {
    bool big_endian;
    bool is_signed;
    struct xv_buffer buffer;
    if (!bytes_options(vm, r + 1, &big_endian, &is_signed)) {
        return XV_NULL;
    }
    if (!xv_has_bytes(vm, r[0])) {
        r[0] = xv_bytes_from(vm, XV_KIND_BYTES, r[0]);
    }
    if (r[0] == XV_NULL || !xv_get_buffer(vm, r[0], &buffer)) {
        return XV_NULL;
    }
    bool negative;
    drop_sign_bytes(&buffer, big_endian, is_signed);
    if (buffer.len <= sizeof(uint64_t)) {
        xv_limb limbs[XV_BIG_INT64_LIMBS];
        size_t n = xv_big_from_bytes(limbs, &negative, buffer.data, buffer.len, big_endian, is_signed);
        uint64_t low = xv_big_wrap_u64(limbs, n, negative);
        return negative ? xv_int_from(vm, -(int64_t)~low - 1) : xv_int_from_unsigned(vm, low);
    }
    xv_value v = xv_int_blank(vm, XV_BIG_BYTES_LIMBS(buffer.len));
    if (v == XV_NULL || !xv_get_buffer(vm, r[0], &buffer)) {
        return XV_NULL;
    }
    drop_sign_bytes(&buffer, big_endian, is_signed);
    size_t n = xv_big_from_bytes(xv_int_object(v)->limbs, &negative, buffer.data, buffer.len, big_endian,
                                 is_signed);
    return xv_int_finish(vm, v, n, negative);
}

static xv_value int_from_bytes(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_bytes, XV_Q_byteorder, XV_Q_signed};
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value v = XV_NULL;
    if (xv_parse_args(vm, "from_bytes", args, n, names, 3, 1, r)) {
        v = from_bytes(vm, r);
    }
    XV_LEAVE(vm);
    return v;
}

/* r: the int, then the arguments. */
static xv_value to_bytes(struct xv_vm *vm, xv_value *r) {
    bool big_endian;
    bool is_signed;
    intptr_t len = 1;
    if (!bytes_options(vm, r + 2, &big_endian, &is_signed)) {
        return XV_NULL;
    }
    if (r[1] != XV_NULL && !xv_to_index(vm, r[1], &len)) {
        return XV_NULL;
    }
    if (len < 0) {
        return xv_raise(vm, &xv_exc_ValueError, "length argument must be non-negative");
    }
    r[0] = xv_numeric(vm, r[0]);
    struct xv_magnitude m;
    xv_int_view(&m, r[0]);
    if (m.negative && !is_signed) {
        return xv_raise(vm, &xv_exc_OverflowError, "can't convert negative int to unsigned");
    }
    bool fits = m.n == 0;
    xv_value v = xv_text_empty(vm, XV_KIND_BYTES);
    if (len > 0) {
        uint8_t *data;
        v = xv_text_blank(vm, XV_KIND_BYTES, (size_t)len, &data);
        if (v == XV_NULL) {
            return v;
        }
        xv_int_view(&m, r[0]);
        fits = xv_big_to_bytes(data, (size_t)len, m.limbs, m.n, m.negative, big_endian, is_signed);
    }
    return fits ? v : xv_raise(vm, &xv_exc_OverflowError, "value would overflow a %i byte buffer", len);
}

static xv_value int_to_bytes(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_length, XV_Q_byteorder, XV_Q_signed};
    xv_value r[4] = {args[0], XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value v = XV_NULL;
    if (xv_parse_args(vm, "to_bytes", args + 1, n - 1, names, 3, 0, r + 1)) {
        v = to_bytes(vm, r);
    }
    XV_LEAVE(vm);
    return v;
}

static xv_value int_bit_length(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct xv_magnitude m;
    xv_int_view(&m, xv_numeric(vm, args[0]));
    return xv_int_from_unsigned(vm, xv_big_bit_length(m.limbs, m.n));
}

const struct xv_native xv_int_methods[XV_N_INT_METHODS] = {
    XV_NATIVE_X(from_bytes, int_from_bytes, 0, 3, XV_N_STATIC | XV_N_KEYWORDS),
    XV_NATIVE_X(to_bytes, int_to_bytes, 1, 4, XV_N_KEYWORDS),
    XV_NATIVE(bit_length, int_bit_length, 1, 1),
};

/* ---- pow(base, exponent, modulus) */

struct part {
    xv_limb *limbs;
    size_t n;
};

/* a = a * b % m. */
static void multiply_mod(struct part *a, const struct part *b, const struct xv_magnitude *m, xv_limb *product,
                         xv_limb *work, struct xv_big_stop *stop) {
    size_t n = xv_big_mul(product, a->limbs, a->n, b->limbs, b->n, stop);
    xv_big_divmod(NULL, work, &a->n, product, n, m->limbs, m->n, stop);
    memcpy(a->limbs, work, a->n * sizeof *work);
}

/* r: base, exponent >= 0, modulus != 0, and a root for the result. Nothing moves once the room is there. */
static xv_value pow_mod(struct xv_vm *vm, xv_value *r) {
    struct xv_magnitude base, exponent, modulus;
    xv_int_view(&base, r[0]);
    xv_int_view(&modulus, r[2]);
    size_t room = modulus.n;
    size_t n_product = 2 * room > base.n ? 2 * room : base.n;
    r[3] = xv_int_blank(vm, room);
    xv_value scratch = XV_NULL;
    if (r[3] != XV_NULL) {
        scratch = xv_limbs_new(vm, room + n_product + XV_BIG_DIV_WORK(n_product, room));
    }
    if (scratch == XV_NULL) {
        return XV_NULL;
    }
    xv_int_view(&base, r[0]);
    xv_int_view(&exponent, r[1]);
    xv_int_view(&modulus, r[2]);
    struct part power = {xv_limbs(scratch), 0};
    xv_limb *product = power.limbs + room;
    xv_limb *work = product + n_product;
    struct xv_big_stop stop = XV_BIG_STOP(vm);
    xv_big_divmod_floor(NULL, work, &power.n, base.limbs, base.n, base.negative, modulus.limbs, modulus.n,
                        false, &stop);
    memcpy(power.limbs, work, power.n * sizeof *work);
    struct part result = {xv_int_object(r[3])->limbs, modulus.n > 1 || modulus.limbs[0] > 1};
    result.limbs[0] = 1;
    for (size_t bit = xv_big_bit_length(exponent.limbs, exponent.n); bit-- > 0 && !stop.stopped;) {
        multiply_mod(&result, &result, &modulus, product, work, &stop);
        if (!stop.stopped && (exponent.limbs[bit / XV_LIMB_BITS] >> bit % XV_LIMB_BITS & 1u) != 0) {
            multiply_mod(&result, &power, &modulus, product, work, &stop);
        }
    }
    if (stop.stopped) {
        return XV_NULL;
    }
    bool negative = modulus.negative && result.n != 0;
    if (negative) {
        result.n = xv_big_sub(result.limbs, modulus.limbs, modulus.n, result.limbs, result.n);
    }
    return xv_int_finish(vm, r[3], result.n, negative);
}

xv_value xv_int_pow_mod(struct xv_vm *vm, xv_value base, xv_value exponent, xv_value modulus) {
    xv_value r[4] = {xv_numeric(vm, base), xv_numeric(vm, exponent), xv_numeric(vm, modulus), XV_NULL};
    for (size_t i = 0; i < 3; i++) {
        if (r[i] == XV_NULL || !xv_is_int(r[i])) {
            return xv_raise(vm, &xv_exc_TypeError, "pow() with 3 arguments requires integers");
        }
    }
    if (r[2] == XV_INT(0)) {
        return xv_raise(vm, &xv_exc_ValueError, "divide by zero");
    }
    if (xv_is_small(r[1]) ? xv_small(r[1]) < 0 : xv_int_object(r[1])->negative != 0) {
        return xv_raise(vm, &xv_exc_ValueError, "negative exponent with a modulus");
    }
    XV_ENTER(vm, r);
    xv_value v = pow_mod(vm, r);
    XV_LEAVE(vm);
    return v;
}
