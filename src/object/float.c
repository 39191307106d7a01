/* float: an immediate value where a word holds one (heap/value.h), else a box. Arithmetic takes ints as well;
 * where a comparison meets an int it is exact. */
#include <math.h>

#include "object/numeric.h"
#include "object/print.h"

xv_value xv_float_box(struct xv_vm *vm, xv_real r) {
    xv_value v = xv_alloc(vm, XV_KIND_FLOAT, xv_words_for(sizeof(struct xv_float)));
    if (v != XV_NULL) {
        memcpy(&((struct xv_float *)v)->value, &r, sizeof r);
    }
    return v;
}

/* ---- text */

bool xv_real_parse(const uint8_t *text, size_t len, xv_real *out) {
#if XIPVM_SINGLE_FLOAT
    return xv_float_parse_single((const char *)text, len, out);
#else
    return xv_float_parse((const char *)text, len, out);
#endif
}

size_t xv_real_format(char *buf, size_t size, xv_real r) {
    return xv_float_format(buf, size, r, 'r', 0, XIPVM_SINGLE_FLOAT ? (unsigned)XV_FLOAT_SINGLE : 0u);
}

static bool float_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    char buf[XV_FLOAT_REPR_MAX];
    return xv_put(out, buf, xv_real_format(buf, sizeof buf, xv_float(self)));
}

/* ---- operators */

/* Python's // and %: the remainder has the sign of b, and x == q * b + remainder as nearly as can be. */
static xv_real floor_mod(xv_real a, xv_real b, xv_real *quotient) {
    xv_real rest = XV_REAL(fmod)(a, b);
    xv_real q = (a - rest) / b;
    if (rest == 0) {
        rest = XV_REAL(copysign)(0, b);
    } else if ((rest < 0) != (b < 0)) {
        rest += b;
        q -= 1;
    }
    if (q == 0) {
        *quotient = XV_REAL(copysign)(0, a / b);
    } else {
        /* The quotient is a whole number but for rounding, so go to the nearest. */
        xv_real whole = XV_REAL(floor)(q);
        *quotient = q - whole > (xv_real)0.5 ? whole + 1 : whole;
    }
    return rest;
}

static xv_value power(struct xv_vm *vm, xv_real a, xv_real b) {
    if (a == 0 && b < 0 && isfinite(b)) {
        return xv_divide_by_zero(vm);
    }
    if (a < 0 && isfinite(a) && isfinite(b) && XV_REAL(floor)(b) != b) {
        return xv_complex_pow(vm, a, 0, b, 0);
    }
    return xv_float_from(vm, XV_REAL(pow)(a, b));
}

static xv_value real_op(struct xv_vm *vm, enum xv_binary op, xv_real a, xv_real b) {
    xv_real quotient;
    switch (op) {
    case XV_LT:
        return XV_BOOL(a < b);
    case XV_GT:
        return XV_BOOL(a > b);
    case XV_EQ:
        return XV_BOOL(a == b);
    case XV_LE:
        return XV_BOOL(a <= b);
    case XV_GE:
        return XV_BOOL(a >= b);
    case XV_NE:
        return XV_BOOL(a != b);
    case XV_ADD:
        return xv_float_from(vm, a + b);
    case XV_SUB:
        return xv_float_from(vm, a - b);
    case XV_MUL:
        return xv_float_from(vm, a * b);
    case XV_TRUEDIV:
        return b == 0 ? xv_divide_by_zero(vm) : xv_float_from(vm, a / b);
    case XV_FLOORDIV:
        if (b == 0) {
            return xv_divide_by_zero(vm);
        }
        floor_mod(a, b, &quotient);
        return xv_float_from(vm, quotient);
    case XV_MOD:
        return b == 0 ? xv_divide_by_zero(vm) : xv_float_from(vm, floor_mod(a, b, &quotient));
    case XV_POW:
        return power(vm, a, b);
    default:
        return XV_NOT_IMPLEMENTED;
    }
}

/* How an int compares with a float, exactly; `op` has the float on the right. */
static xv_value compare_mixed(enum xv_binary op, xv_value i, xv_real r) {
    if (isnan(r)) {
        return XV_BOOL(op == XV_NE);
    }
    int order = xv_int_compare_real(i, r);
    return xv_ordered(op, order < 0, order == 0);
}

static xv_value mixed_op(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    /* ORDER OPERATOR: what a comparison becomes when its operands change places. */
    static const uint8_t mirrored[] = {XV_GT, XV_LT, XV_EQ, XV_GE, XV_LE, XV_NE};
    a = xv_numeric(vm, a);
    b = xv_numeric(vm, b);
    if (a == XV_NULL || b == XV_NULL || xv_is_complex(a) || xv_is_complex(b)) {
        return XV_NOT_IMPLEMENTED;
    }
    bool a_is_float = xv_is_float(a);
    bool b_is_float = xv_is_float(b);
    if (op <= XV_NE && a_is_float != b_is_float) {
        return a_is_float ? compare_mixed((enum xv_binary)mirrored[op], b, xv_float(a))
                          : compare_mixed(op, a, xv_float(b));
    }
    return real_op(vm, op, a_is_float ? xv_float(a) : xv_int_to_real(a),
                   b_is_float ? xv_float(b) : xv_int_to_real(b));
}

xv_value xv_float_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    (void)reflected;
    op = xv_plain(op);
    if (xv_is_float(a) && xv_is_float(b)) {
        return real_op(vm, op, xv_float(a), xv_float(b));
    }
    return mixed_op(vm, op, a, b);
}

static xv_value float_unary(struct xv_vm *vm, enum xv_unary op, xv_value self) {
    switch (op) {
    case XV_POS:
        return self;
    case XV_NEG:
        return xv_float_from(vm, -xv_float(self));
    default:
        return XV_NOT_IMPLEMENTED;
    }
}

static int float_truth(struct xv_vm *vm, xv_value self) {
    (void)vm;
    return xv_float(self) != 0;
}

uint32_t xv_hash_real(xv_real r) {
    double d = r;
    if (isfinite(r) && XV_REAL(trunc)(r) == r) {
        double limit = -(double)XV_SMALL_MIN;
        if (d >= -limit && d < limit) {
            return xv_hash_int((intptr_t)d);
        }
        xv_limb limbs[XV_BIG_DOUBLE_LIMBS];
        bool negative;
        size_t n = xv_big_from_double(limbs, &negative, d);
        return xv_hash_limbs(limbs, n, negative);
    }
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    uint32_t h = (uint32_t)bits * 31u + (uint32_t)(bits >> 32);
    return xv_hash_int((intptr_t)(h & (uint32_t)INT32_MAX));
}

static bool float_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    (void)vm;
    *out = xv_hash_real(xv_float(self));
    return true;
}

/* ---- constructor and methods */

static const struct xv_native arity = XV_NATIVE(float, NULL, 0, 1);

static xv_value float_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    xv_real r = 0;
    if (!xv_native_arity(vm, &arity, n)) {
        return XV_NULL;
    }
    if (n == 0) {
        return xv_float_from(vm, r);
    }
    if (xv_is_float(args[0])) {
        return args[0];
    }
    xv_value text = xv_number_source(vm, args[0]);
    if (text == XV_NULL) {
        return XV_NULL;
    }
    if (xv_is_number_text(vm, text)) {
        struct xv_text t = xv_number_text(vm, text);
        if (!xv_real_parse(t.data, t.len, &r)) {
            return xv_raise(vm, &xv_exc_ValueError, "invalid syntax for number");
        }
        return xv_float_from(vm, r);
    }
    xv_value number = xv_numeric(vm, args[0]);
    if (number != XV_NULL && xv_is_int(number)) {
        return xv_float_from(vm, xv_int_to_real(number));
    }
    return xv_to_real(vm, args[0], &r) ? xv_float_from(vm, r) : XV_NULL;
}

static xv_value float_is_integer(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real r = xv_float(xv_unwrap(vm, args[0]));
    return XV_BOOL(isfinite(r) && XV_REAL(floor)(r) == r);
}

static const struct xv_native float_methods[] = {
    XV_NATIVE(is_integer, float_is_integer, 1, 1),
};

const struct xv_type xv_type_float = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_float,
    .flags = XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .methods = float_methods,
    .n_methods = sizeof float_methods / sizeof *float_methods,
    .make = float_make,
    .print = float_print,
    .unary = float_unary,
    .binary = xv_float_binary,
    .truth = float_truth,
    .hash = float_hash,
};
