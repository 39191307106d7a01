/* complex: two floats in a RAW object that a GENERIC one holds. The formulas are CPython's, so that results
 * agree to the last digit. */
#include <math.h>

#include "object/numeric.h"
#include "object/print.h"

struct parts {
    xv_real re, im;
};

xv_value xv_complex_new(struct xv_vm *vm, xv_real re, xv_real im) {
    const xv_real both[2] = {re, im};
    xv_value r[1] = {xv_generic_new(vm, &xv_type_complex, 1)};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    xv_value raw = xv_alloc_bytes(vm, XV_KIND_RAW, sizeof both);
    XV_LEAVE(vm);
    if (raw == XV_NULL) {
        return XV_NULL;
    }
    memcpy((uintptr_t *)raw + 1, both, sizeof both);
    xv_slots(r[0])[0] = raw;
    return r[0];
}

void xv_complex_get(xv_value v, xv_real *re, xv_real *im) {
    xv_real both[2];
    memcpy(both, (const uintptr_t *)xv_slots(v)[0] + 1, sizeof both);
    *re = both[0];
    *im = both[1];
}

/* The parts of any number; false if `v` is none. */
static bool parts_of(const struct xv_vm *vm, xv_value v, struct parts *out) {
    v = xv_numeric(vm, v);
    if (v == XV_NULL) {
        return false;
    }
    if (xv_is_complex(v)) {
        xv_complex_get(v, &out->re, &out->im);
    } else {
        out->re = xv_is_float(v) ? xv_float(v) : xv_int_to_real(v);
        out->im = 0;
    }
    return true;
}

static xv_value from_parts(struct xv_vm *vm, struct parts p) {
    return xv_complex_new(vm, p.re, p.im);
}

/* ---- arithmetic */

static struct parts multiply(struct parts a, struct parts b) {
    return (struct parts){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

/* b != 0. Scaled by the larger part of b, so that nothing overflows on the way. */
static struct parts divide(struct parts a, struct parts b) {
    xv_real ratio, scale;
    if (XV_REAL(fabs)(b.re) >= XV_REAL(fabs)(b.im)) {
        ratio = b.im / b.re;
        scale = b.re + b.im * ratio;
        return (struct parts){(a.re + a.im * ratio) / scale, (a.im - a.re * ratio) / scale};
    }
    ratio = b.re / b.im;
    scale = b.re * ratio + b.im;
    return (struct parts){(a.re * ratio + a.im) / scale, (a.im * ratio - a.re) / scale};
}

/* A whole exponent of 0 to 100: by squaring, which keeps whole numbers whole. */
static struct parts whole_pow(struct parts a, unsigned exponent) {
    struct parts r = {1, 0};
    for (unsigned bit = 1; bit <= exponent; bit <<= 1) {
        if ((exponent & bit) != 0) {
            r = multiply(r, a);
        }
        a = multiply(a, a);
    }
    return r;
}

static struct parts general_pow(struct parts a, struct parts b) {
    xv_real size = XV_REAL(hypot)(a.re, a.im);
    xv_real angle = XV_REAL(atan2)(a.im, a.re);
    xv_real length = XV_REAL(pow)(size, b.re);
    xv_real phase = angle * b.re;
    if (b.im != 0) {
        length /= XV_REAL(exp)(angle * b.im);
        phase += b.im * XV_REAL(log)(size);
    }
    struct parts result = {length * XV_REAL(cos)(phase), length * XV_REAL(sin)(phase)};
    return result;
}

xv_value xv_complex_pow(struct xv_vm *vm, xv_real xr, xv_real xi, xv_real yr, xv_real yi) {
    const struct parts a = {xr, xi};
    const struct parts b = {yr, yi};
    const struct parts one = {1, 0};
    bool zero = xr == 0 && xi == 0;
    if (zero && (yi != 0 || yr < 0)) {
        return xv_raise(vm, &xv_exc_ZeroDivisionError, "0.0 to a complex power");
    }
    if (yi == 0 && XV_REAL(fabs)(yr) <= 100 && XV_REAL(floor)(yr) == yr) {
        struct parts r = whole_pow(a, (unsigned)XV_REAL(fabs)(yr));
        if (yr >= 0) {
            return from_parts(vm, r);
        }
        /* A power too small for a float is no divisor. */
        if (r.re != 0 || r.im != 0) {
            return from_parts(vm, divide(one, r));
        }
    }
    return zero ? xv_complex_new(vm, 0, 0) : from_parts(vm, general_pow(a, b));
}

/* Exact where the other number is an int. */
static bool same(const struct xv_vm *vm, xv_value a, xv_value b) {
    struct parts x, y = {0, 0};
    if (!xv_is_complex(a)) {
        xv_value swap = a;
        a = b;
        b = swap;
    }
    xv_complex_get(a, &x.re, &x.im);
    if (xv_is_int(b)) {
        return x.im == 0 && !isnan(x.re) && xv_int_compare_real(b, x.re) == 0;
    }
    parts_of(vm, b, &y);
    return x.re == y.re && x.im == y.im;
}

static xv_value complex_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    (void)reflected;
    struct parts x, y;
    if (!parts_of(vm, a, &x) || !parts_of(vm, b, &y)) {
        return XV_NOT_IMPLEMENTED;
    }
    switch (xv_plain(op)) {
    case XV_EQ:
    case XV_NE:
        return XV_BOOL(same(vm, xv_numeric(vm, a), xv_numeric(vm, b)) == (op == XV_EQ));
    case XV_ADD:
        return xv_complex_new(vm, x.re + y.re, x.im + y.im);
    case XV_SUB:
        return xv_complex_new(vm, x.re - y.re, x.im - y.im);
    case XV_MUL:
        return from_parts(vm, multiply(x, y));
    case XV_TRUEDIV:
        if (y.re == 0 && y.im == 0) {
            return xv_raise(vm, &xv_exc_ZeroDivisionError, "complex divide by zero");
        }
        return from_parts(vm, divide(x, y));
    case XV_POW:
        return xv_complex_pow(vm, x.re, x.im, y.re, y.im);
    default:
        return XV_NOT_IMPLEMENTED;
    }
}

static xv_value complex_unary(struct xv_vm *vm, enum xv_unary op, xv_value self) {
    struct parts x;
    xv_complex_get(self, &x.re, &x.im);
    switch (op) {
    case XV_POS:
        return self;
    case XV_NEG:
        return xv_complex_new(vm, -x.re, -x.im);
    default:
        return XV_NOT_IMPLEMENTED;
    }
}

static int complex_truth(struct xv_vm *vm, xv_value self) {
    (void)vm;
    struct parts x;
    xv_complex_get(self, &x.re, &x.im);
    return x.re != 0 || x.im != 0;
}

static bool complex_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    (void)vm;
    struct parts x;
    xv_complex_get(self, &x.re, &x.im);
    *out = x.im == 0 ? xv_hash_real(x.re) : xv_hash_real(x.re) ^ (xv_hash_real(x.im) * 1000003u);
    return true;
}

/* ---- text */

/* A part as repr shows it: without the ".0" that a float alone has. */
static bool put_part(struct xv_printer *out, xv_real r, bool with_sign) {
    char buf[XV_FLOAT_REPR_MAX];
    size_t len = xv_real_format(buf, sizeof buf, r);
    if (len > 2 && buf[len - 2] == '.' && buf[len - 1] == '0') {
        len -= 2;
    }
    return (!with_sign || buf[0] == '-' || xv_putc(out, '+')) && xv_put(out, buf, len);
}

static bool complex_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    struct parts x;
    xv_complex_get(self, &x.re, &x.im);
    if (x.re == 0 && !signbit(x.re)) {
        return put_part(out, x.im, false) && xv_putc(out, 'j');
    }
    return xv_putc(out, '(') && put_part(out, x.re, false) && put_part(out, x.im, true) && xv_puts(out, "j)");
}

/* The number before a j; a sign alone is 1 with that sign. */
static bool parse_imaginary(const uint8_t *data, size_t len, xv_real *out) {
    if (len == 0 || (len == 1 && (data[0] == '+' || data[0] == '-'))) {
        *out = len == 1 && data[0] == '-' ? (xv_real)-1 : (xv_real)1;
        return true;
    }
    return xv_real_parse(data, len, out);
}

static bool parse(struct xv_text t, struct parts *out) {
    *out = (struct parts){0, 0};
    if (t.len >= 2 && t.data[0] == '(' && t.data[t.len - 1] == ')') {
        t.data++;
        t.len -= 2;
    }
    if (t.len == 0 || (t.data[t.len - 1] | 0x20) != 'j') {
        return xv_real_parse(t.data, t.len, &out->re);
    }
    /* The imaginary part begins at the last sign that is not an exponent's. */
    size_t len = t.len - 1;
    size_t at = len;
    while (at > 0) {
        at--;
        if ((t.data[at] == '+' || t.data[at] == '-') && (at == 0 || (t.data[at - 1] | 0x20) != 'e')) {
            break;
        }
    }
    if (at > 0 && !xv_real_parse(t.data, at, &out->re)) {
        return false;
    }
    return parse_imaginary(t.data + at, len - at, &out->im);
}

/* ---- constructor and attributes */

bool xv_to_complex(struct xv_vm *vm, xv_value v, xv_real *re, xv_real *im) {
    struct parts p = {0, 0};
    xv_value method = xv_special_find(vm, v, XV_Q___complex__);
    if (method != XV_NULL) {
        v = xv_special_call(vm, method, v, &v, 0);
        if (v != XV_NULL && !xv_is_complex(xv_unwrap(vm, v))) {
            v = xv_raise(vm, &xv_exc_TypeError, "__complex__ returned non-complex (type %t)", v);
        }
        if (v == XV_NULL) {
            return false;
        }
    }
    bool ok = parts_of(vm, v, &p) || xv_to_real(vm, v, &p.re);
    *re = p.re;
    *im = p.im;
    return ok;
}

static xv_value make(struct xv_vm *vm, const xv_value *r) {
    struct parts x;
    struct parts y = {0, 0};
    xv_value text = xv_unwrap(vm, r[0]);
    if (r[1] == XV_NULL && xv_is_number_text(vm, text)) {
        if (!parse(xv_number_text(vm, text), &x)) {
            return xv_raise(vm, &xv_exc_ValueError, "invalid syntax for number");
        }
        return from_parts(vm, x);
    }
    if (r[1] == XV_NULL && xv_is_complex(text)) {
        return text;
    }
    if (!xv_to_complex(vm, r[0], &x.re, &x.im) || (r[1] != XV_NULL && !xv_to_complex(vm, r[1], &y.re, &y.im))) {
        return XV_NULL;
    }
    if (r[1] == XV_NULL) {
        return from_parts(vm, x);
    }
    /* Adding 0 would cost a -0.0 its sign. */
    return xv_complex_new(vm, x.re - y.im, x.im == 0 ? y.re : x.im + y.re);
}

static xv_value complex_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    static const uint16_t names[] = {XV_Q_real, XV_Q_imag};
    xv_value r[2] = {XV_INT(0), XV_NULL};
    XV_ENTER(vm, r);
    xv_value v = xv_parse_args(vm, "complex", args, n, names, 2, 0, r) ? make(vm, r) : XV_NULL;
    XV_LEAVE(vm);
    return v;
}

static xv_value complex_real(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct parts x = {0, 0};
    parts_of(vm, args[0], &x);
    return xv_float_from(vm, x.re);
}

static xv_value complex_imag(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct parts x = {0, 0};
    parts_of(vm, args[0], &x);
    return xv_float_from(vm, x.im);
}

static xv_value complex_conjugate(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct parts x = {0, 0};
    parts_of(vm, args[0], &x);
    return xv_complex_new(vm, x.re, -x.im);
}

static const struct xv_native complex_methods[] = {
    XV_NATIVE_X(real, complex_real, 1, 1, XV_N_GETTER),
    XV_NATIVE_X(imag, complex_imag, 1, 1, XV_N_GETTER),
    XV_NATIVE(conjugate, complex_conjugate, 1, 1),
};

const struct xv_type xv_type_complex = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_complex,
    .flags = XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .methods = complex_methods,
    .n_methods = sizeof complex_methods / sizeof *complex_methods,
    .make = complex_make,
    .print = complex_print,
    .unary = complex_unary,
    .binary = complex_binary,
    .truth = complex_truth,
    .hash = complex_hash,
};
