/* int: values and arithmetic.
 *
 * A small int is a word; what does not fit is an INT object of limbs, and results become small again whenever
 * they fit. Small operands are calculated with as C integers; only when that overflows, or an operand is
 * large, do the kernels of bigint.c take over, with results and scratch in the heap. Relies on those, the heap
 * and float.c. */
#include <math.h>

#include "object/numeric.h"
#include "object/print.h"

/* Small ints up to here, and from minus that, are floats too. */
#if XIPVM_SINGLE_FLOAT
#define EXACT ((intptr_t)1 << 24)
#elif XV_64
#define EXACT ((intptr_t)1 << 53)
#else
#define EXACT INTPTR_MAX
#endif

static bool is_exact(intptr_t i) {
    return i <= EXACT && i >= -EXACT;
}

/* ---- values */

void xv_int_view(struct xv_magnitude *m, xv_value v) {
    if (xv_is_small(v)) {
        m->n = xv_big_from_i64(m->own, &m->negative, xv_small(v));
        m->limbs = m->own;
    } else {
        const struct xv_int *i = xv_int_object(v);
        m->limbs = i->limbs;
        m->n = i->n;
        m->negative = i->negative != 0;
    }
}

static size_t int_words(size_t limbs) {
    return xv_words_for(offsetof(struct xv_int, limbs) + limbs * sizeof(xv_limb));
}

/* So that neither bits nor bytes of it overflow, nor the room that the kernels add. */
static bool limbs_allowed(size_t n) {
    return n <= SIZE_MAX / (XV_LIMB_BITS * 4u) && n <= UINT32_MAX;
}

xv_value xv_int_blank(struct xv_vm *vm, size_t room) {
    return limbs_allowed(room) ? xv_alloc(vm, XV_KIND_INT, int_words(room)) : xv_raise_memory(vm);
}

xv_value xv_int_finish(struct xv_vm *vm, xv_value blank, size_t n, bool negative) {
    struct xv_int *i = xv_int_object(blank);
    if (n * sizeof(xv_limb) <= sizeof(uintptr_t)) {
        uintptr_t magnitude = 0;
        for (size_t k = n; k-- > 0;) {
            magnitude = (uintptr_t)((uint64_t)magnitude << XV_LIMB_BITS) | i->limbs[k];
        }
        if (magnitude <= (uintptr_t)XV_SMALL_MAX + negative) {
            return negative ? XV_INT(-(intptr_t)magnitude) : XV_INT((intptr_t)magnitude);
        }
    }
    i->n = (uint32_t)n;
    i->negative = negative;
    xv_shrink(vm, blank, int_words(n));
    return blank;
}

xv_value xv_limbs_new(struct xv_vm *vm, size_t n) {
    return limbs_allowed(n) ? xv_alloc_bytes(vm, XV_KIND_RAW, n * sizeof(xv_limb)) : xv_raise_memory(vm);
}

xv_value xv_int_from(struct xv_vm *vm, int64_t i) {
    if (i >= XV_SMALL_MIN && i <= XV_SMALL_MAX) {
        return XV_INT((intptr_t)i);
    }
    xv_value v = xv_int_blank(vm, XV_BIG_INT64_LIMBS);
    if (v == XV_NULL) {
        return v;
    }
    bool negative;
    size_t n = xv_big_from_i64(xv_int_object(v)->limbs, &negative, i);
    return xv_int_finish(vm, v, n, negative);
}

xv_value xv_int_from_unsigned(struct xv_vm *vm, uint64_t i) {
    if (i <= (uint64_t)XV_SMALL_MAX) {
        return XV_INT((intptr_t)i);
    }
    xv_value v = xv_int_blank(vm, XV_BIG_INT64_LIMBS);
    if (v == XV_NULL) {
        return v;
    }
    return xv_int_finish(vm, v, xv_big_from_u64(xv_int_object(v)->limbs, i), false);
}

xv_value xv_int_from_real(struct xv_vm *vm, double r) {
    /* The bounds are powers of two, so exact. */
    double limit = -(double)XV_SMALL_MIN;
    if (r > -limit && r < limit) {
        return XV_INT((intptr_t)r);
    }
    if (isnan(r)) {
        return xv_raise(vm, &xv_exc_ValueError, "can't convert NaN to int");
    }
    if (isinf(r)) {
        return xv_raise(vm, &xv_exc_OverflowError, "can't convert inf to int");
    }
    xv_value v = xv_int_blank(vm, xv_big_double_limbs(r));
    if (v == XV_NULL) {
        return v;
    }
    bool negative;
    size_t n = xv_big_from_double(xv_int_object(v)->limbs, &negative, r);
    return xv_int_finish(vm, v, n, negative);
}

bool xv_int_to_i64(xv_value v, int64_t *out) {
    if (xv_is_small(v)) {
        *out = xv_small(v);
        return true;
    }
    const struct xv_int *i = xv_int_object(v);
    return xv_big_to_i64(i->limbs, i->n, i->negative != 0, out);
}

bool xv_int_to_u64(xv_value v, uint64_t *out) {
    struct xv_magnitude m;
    xv_int_view(&m, v);
    return xv_big_to_u64(m.limbs, m.n, m.negative, out);
}

uint64_t xv_int_low64(xv_value v) {
    struct xv_magnitude m;
    xv_int_view(&m, v);
    return xv_big_wrap_u64(m.limbs, m.n, m.negative);
}

xv_real xv_int_to_real(xv_value v) {
    if (xv_is_small(v)) {
        return (xv_real)xv_small(v);
    }
    const struct xv_int *i = xv_int_object(v);
#if XIPVM_SINGLE_FLOAT
    size_t exponent;
    bool sticky;
    uint64_t top = xv_big_top64(i->limbs, i->n, &exponent, &sticky);
    float r = exponent > 128 ? INFINITY : (float)xv_double_round(top, (int32_t)exponent, sticky, true);
    return i->negative ? -r : r;
#else
    return xv_big_to_double(i->limbs, i->n, i->negative != 0);
#endif
}

int xv_int_compare_real(xv_value v, xv_real r) {
    if (xv_is_small(v) && is_exact(xv_small(v))) {
        xv_real i = (xv_real)xv_small(v);
        return i < r ? -1 : i > r;
    }
    if (isinf(r)) {
        return r > 0 ? -1 : 1;
    }
    struct xv_magnitude a;
    xv_int_view(&a, v);
    xv_limb whole[XV_BIG_DOUBLE_LIMBS];
    bool negative;
    size_t n = xv_big_from_double(whole, &negative, r);
    if (a.negative != negative && a.n + n != 0) {
        return a.negative ? -1 : 1;
    }
    int order = xv_big_cmp(a.limbs, a.n, whole, n);
    if (order != 0) {
        return negative ? -order : order;
    }
    /* Equal to the whole part: what was cut off decides. */
    xv_real rest = r - XV_REAL(trunc)(r);
    return rest > 0 ? -1 : rest < 0;
}

bool xv_is_complex(xv_value v) {
    return xv_is_kind(v, XV_KIND_GENERIC) && ((struct xv_generic *)v)->type == xv_from(&xv_type_complex);
}

static xv_value as_number(xv_value v) {
    if (xv_is_int(v) || xv_is_float(v) || xv_is_complex(v)) {
        return v;
    }
    return xv_is_bool(v) ? XV_INT(v == XV_TRUE) : XV_NULL;
}

xv_value xv_numeric(const struct xv_vm *vm, xv_value v) {
    xv_value number = as_number(v);
    return number != XV_NULL || !xv_is_object(v) ? number : as_number(xv_unwrap(vm, v));
}

xv_value xv_divide_by_zero(struct xv_vm *vm) {
    return xv_raise(vm, &xv_exc_ZeroDivisionError, "divide by zero");
}

uint32_t xv_hash_limbs(const xv_limb *limbs, size_t n, bool negative) {
    uint32_t h = negative;
    for (size_t i = 0; i < n; i++) {
        h = h * 1000003u + limbs[i];
    }
    return xv_hash_int((intptr_t)(h & (uint32_t)INT32_MAX));
}

/* ---- small operands */

static intptr_t shift_right(intptr_t a, size_t bits) {
    size_t most = sizeof a * 8 - 1;
    bits = bits < most ? bits : most;
    /* ~a is not negative where a is, and C says what shifting that means. */
    return a < 0 ? ~(~a >> bits) : a >> bits;
}

/* Quotient and remainder rounded down; b != 0, and the operands were small, so that nothing overflows. */
static intptr_t floor_div(intptr_t a, intptr_t b) {
    intptr_t q = a / b;
    return a % b != 0 && (a < 0) != (b < 0) ? q - 1 : q;
}

static intptr_t floor_mod(intptr_t a, intptr_t b) {
    intptr_t r = a % b;
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

/* False if the power is no intptr_t. */
static bool small_pow(intptr_t base, intptr_t exponent, intptr_t *out) {
    intptr_t result = 1;
    for (;;) {
        if ((exponent & 1) != 0 && !xv_multiply(result, base, &result)) {
            return false;
        }
        exponent >>= 1;
        if (exponent == 0) {
            *out = result;
            return true;
        }
        if (!xv_multiply(base, base, &base)) {
            return false;
        }
    }
}

/* A base to a negative power. */
static xv_value inverse_pow(struct xv_vm *vm, xv_value base, xv_value exponent) {
    if (base == XV_INT(0)) {
        return xv_divide_by_zero(vm);
    }
    return xv_float_from(vm, XV_REAL(pow)(xv_int_to_real(base), xv_int_to_real(exponent)));
}

/* XV_STOP: it takes more than C integers. */
static xv_value small_binary(struct xv_vm *vm, enum xv_binary op, intptr_t a, intptr_t b) {
    intptr_t r;
    switch (op) {
    case XV_OR:
        return XV_INT(a | b);
    case XV_XOR:
        return XV_INT(a ^ b);
    case XV_AND:
        return XV_INT(a & b);
    case XV_ADD:
        return xv_int_from(vm, a + b);
    case XV_SUB:
        return xv_int_from(vm, a - b);
    case XV_MUL:
        return xv_multiply(a, b, &r) ? xv_int_from(vm, r) : XV_STOP;
    case XV_FLOORDIV:
        return b == 0 ? xv_divide_by_zero(vm) : xv_int_from(vm, floor_div(a, b));
    case XV_MOD:
        return b == 0 ? xv_divide_by_zero(vm) : XV_INT(floor_mod(a, b));
    case XV_TRUEDIV:
        if (is_exact(a) && is_exact(b) && b != 0) {
            return xv_float_from(vm, (xv_real)a / (xv_real)b);
        }
        return XV_STOP;
    case XV_POW:
        return b >= 0 && small_pow(a, b, &r) ? xv_int_from(vm, r) : XV_STOP;
    case XV_LSHIFT:
        if (b >= 0 && b < (intptr_t)XV_SMALL_BITS - 1) {
            intptr_t limit = XV_SMALL_MAX >> b;
            if (a >= -limit && a <= limit) {
                return XV_INT(a * ((intptr_t)1 << b));
            }
        }
        return XV_STOP;
    case XV_RSHIFT:
        return b >= 0 ? XV_INT(shift_right(a, (size_t)b)) : XV_STOP;
    default:
        return xv_ordered(op, a < b, a == b);
    }
}

bool xv_big_interrupted(void *vm) {
    return xv_interrupted(vm);
}

/* xv_int_finish, unless the calculation was stopped. */
static xv_value finish(struct xv_vm *vm, const struct xv_big_stop *stop, xv_value blank, size_t n, bool negative) {
    return stop->stopped ? XV_NULL : xv_int_finish(vm, blank, n, negative);
}

/* ---- operands of any size: `r` are the two, rooted, with room for one root more */

/* Operators whose result is made of the operands in one go. */
static xv_value linear_op(struct xv_vm *vm, enum xv_binary op, xv_value *r) {
    struct xv_magnitude a, b;
    xv_int_view(&a, r[0]);
    xv_int_view(&b, r[1]);
    size_t room = op == XV_MUL ? a.n + b.n : (a.n > b.n ? a.n : b.n) + 1;
    xv_value v = xv_int_blank(vm, room);
    if (v == XV_NULL) {
        return v;
    }
    xv_int_view(&a, r[0]);
    xv_int_view(&b, r[1]);
    xv_limb *out = xv_int_object(v)->limbs;
    bool negative = a.negative != b.negative;
    struct xv_big_stop stop = XV_BIG_STOP(vm);
    size_t n;
    switch (op) {
    case XV_MUL:
        n = xv_big_mul(out, a.limbs, a.n, b.limbs, b.n, &stop);
        break;
    case XV_ADD:
    case XV_SUB:
        n = xv_big_add_signed(out, &negative, a.limbs, a.n, a.negative, b.limbs, b.n,
                              b.negative != (op == XV_SUB));
        break;
    default: {
        xv_big_op bits = op == XV_AND ? XV_BIG_AND : op == XV_OR ? XV_BIG_OR : XV_BIG_XOR;
        n = xv_big_bitop(out, &negative, bits, a.limbs, a.n, a.negative, b.limbs, b.n, b.negative);
        break;
    }
    }
    return finish(vm, &stop, v, n, negative && n != 0);
}

static xv_value floor_op(struct xv_vm *vm, enum xv_binary op, xv_value *r) {
    struct xv_magnitude a, b;
    xv_int_view(&a, r[0]);
    xv_int_view(&b, r[1]);
    if (b.n == 0) {
        return xv_divide_by_zero(vm);
    }
    /* The remainder is made at the start of the kernel's scratch, so for % that is the result. */
    size_t work = XV_BIG_DIV_WORK(a.n, b.n);
    size_t n_rest;
    struct xv_big_stop stop = XV_BIG_STOP(vm);
    if (op == XV_MOD) {
        r[2] = xv_int_blank(vm, work);
        if (r[2] == XV_NULL) {
            return XV_NULL;
        }
        xv_int_view(&a, r[0]);
        xv_int_view(&b, r[1]);
        xv_big_divmod_floor(NULL, xv_int_object(r[2])->limbs, &n_rest, a.limbs, a.n, a.negative, b.limbs, b.n,
                            b.negative, &stop);
        return finish(vm, &stop, r[2], n_rest, b.negative && n_rest != 0);
    }
    r[2] = xv_int_blank(vm, a.n < b.n ? 1 : a.n - b.n + 2);
    xv_value scratch = r[2] != XV_NULL ? xv_limbs_new(vm, work) : XV_NULL;
    if (scratch == XV_NULL) {
        return XV_NULL;
    }
    xv_int_view(&a, r[0]);
    xv_int_view(&b, r[1]);
    size_t n = xv_big_divmod_floor(xv_int_object(r[2])->limbs, xv_limbs(scratch), &n_rest, a.limbs, a.n,
                                   a.negative, b.limbs, b.n, b.negative, &stop);
    return finish(vm, &stop, r[2], n, a.negative != b.negative && n != 0);
}

static xv_value shift_left_op(struct xv_vm *vm, xv_value *r, size_t bits) {
    struct xv_magnitude a;
    xv_int_view(&a, r[0]);
    xv_value v = xv_int_blank(vm, a.n + bits / XV_LIMB_BITS + 1);
    if (v == XV_NULL) {
        return v;
    }
    xv_int_view(&a, r[0]);
    return xv_int_finish(vm, v, xv_big_shl(xv_int_object(v)->limbs, a.limbs, a.n, bits), a.negative);
}

static xv_value shift_right_op(struct xv_vm *vm, xv_value *r, size_t bits) {
    struct xv_magnitude a;
    xv_int_view(&a, r[0]);
    xv_value v = xv_int_blank(vm, (a.n > bits / XV_LIMB_BITS ? a.n - bits / XV_LIMB_BITS : 0) + 1);
    if (v == XV_NULL) {
        return v;
    }
    xv_int_view(&a, r[0]);
    size_t n = xv_big_shr_floor(xv_int_object(v)->limbs, a.limbs, a.n, a.negative, bits);
    return xv_int_finish(vm, v, n, a.negative && n != 0);
}

static xv_value shift_op(struct xv_vm *vm, enum xv_binary op, xv_value *r) {
    struct xv_magnitude a, count;
    xv_int_view(&a, r[0]);
    xv_int_view(&count, r[1]);
    if (count.negative) {
        return xv_raise(vm, &xv_exc_ValueError, "negative shift count");
    }
    if (a.n == 0) {
        return XV_INT(0);
    }
    bool fits = xv_is_small(r[1]);
    if (op == XV_RSHIFT) {
        return fits ? shift_right_op(vm, r, (size_t)xv_small(r[1])) : XV_INT(a.negative ? -1 : 0);
    }
    if (!fits) {
        return xv_raise(vm, &xv_exc_OverflowError, "overflow converting long int to machine word");
    }
    return shift_left_op(vm, r, (size_t)xv_small(r[1]));
}

/* a / b, correctly rounded: a is scaled so that the whole quotient has 63 or 64 bits, and what is lost on the
 * way goes into the rounding as a sticky bit. */
static xv_value true_div(struct xv_vm *vm, xv_value *r) {
    struct xv_magnitude a, b;
    xv_int_view(&a, r[0]);
    xv_int_view(&b, r[1]);
    if (b.n == 0) {
        return xv_divide_by_zero(vm);
    }
    if (a.n == 0) {
        return xv_float_from(vm, b.negative ? -(xv_real)0 : (xv_real)0);
    }
    size_t a_bits = xv_big_bit_length(a.limbs, a.n);
    size_t b_bits = xv_big_bit_length(b.limbs, b.n);
    bool down = a_bits > b_bits + 63;
    size_t shift = down ? a_bits - b_bits - 63 : b_bits + 63 - a_bits;
    size_t room = down ? a.n - shift / XV_LIMB_BITS : a.n + shift / XV_LIMB_BITS + 1;
    xv_value scratch = xv_limbs_new(vm, room + XV_BIG_DIV_WORK(room, b.n));
    if (scratch == XV_NULL) {
        return XV_NULL;
    }
    xv_int_view(&a, r[0]);
    xv_int_view(&b, r[1]);
    xv_limb *scaled = xv_limbs(scratch);
    bool lost = false;
    size_t n = down ? xv_big_shr(scaled, a.limbs, a.n, shift, &lost)
                    : xv_big_shl(scaled, a.limbs, a.n, shift);
    xv_limb quotient[4];
    size_t n_rest;
    struct xv_big_stop stop = XV_BIG_STOP(vm);
    size_t nq = xv_big_divmod(quotient, scaled + room, &n_rest, scaled, n, b.limbs, b.n, &stop);
    if (stop.stopped) {
        return XV_NULL;
    }
    uint64_t mantissa = 0;
    xv_big_to_u64(quotient, nq, false, &mantissa);
    /* Beyond any float's exponent it is all the same, and the exponent an int32_t. */
    int32_t exponent = (int32_t)(shift < 100000 ? shift : 100000);
    double q = xv_double_round(mantissa, down ? exponent : -exponent, lost || n_rest != 0,
                               XIPVM_SINGLE_FLOAT);
    return xv_float_from(vm, (xv_real)(a.negative != b.negative ? -q : q));
}

/* By squaring, from the exponent's highest bit down, to and fro between the result and a scratch of the same
 * room. */
static xv_value positive_pow(struct xv_vm *vm, xv_value *r, size_t exponent) {
    struct xv_magnitude a;
    xv_int_view(&a, r[0]);
    size_t bits = xv_big_bit_length(a.limbs, a.n);
    if (exponent > SIZE_MAX / XV_LIMB_BITS / bits) {
        return xv_raise_memory(vm);
    }
    /* A product's room is the limbs of its factors, which may be one more than it takes. */
    size_t room = bits * exponent / XV_LIMB_BITS + 3;
    r[2] = xv_int_blank(vm, room);
    xv_value scratch = r[2] != XV_NULL ? xv_limbs_new(vm, room) : XV_NULL;
    if (scratch == XV_NULL) {
        return XV_NULL;
    }
    xv_int_view(&a, r[0]);
    xv_limb *power = xv_int_object(r[2])->limbs;
    xv_limb *other = xv_limbs(scratch);
    xv_limb *swap;
    memcpy(power, a.limbs, a.n * sizeof *power);
    size_t n = a.n;
    size_t bit = 0;
    struct xv_big_stop stop = XV_BIG_STOP(vm);
    while (exponent >> bit > 1) {
        bit++;
    }
    while (bit-- > 0 && !stop.stopped) {
        n = xv_big_mul(other, power, n, power, n, &stop);
        swap = power;
        power = other;
        other = swap;
        if ((exponent >> bit & 1u) != 0) {
            n = xv_big_mul(other, power, n, a.limbs, a.n, &stop);
            swap = power;
            power = other;
            other = swap;
        }
    }
    if (power == xv_limbs(scratch)) {
        memcpy(other, power, n * sizeof *other);
    }
    return finish(vm, &stop, r[2], n, a.negative && (exponent & 1u) != 0);
}

static xv_value power_op(struct xv_vm *vm, xv_value *r) {
    struct xv_magnitude exponent;
    xv_int_view(&exponent, r[1]);
    if (exponent.negative) {
        return inverse_pow(vm, r[0], r[1]);
    }
    if (exponent.n == 0 || r[0] == XV_INT(1)) {
        return XV_INT(1);
    }
    if (r[0] == XV_INT(0)) {
        return XV_INT(0);
    }
    if (r[0] == XV_INT(-1)) {
        return XV_INT((exponent.limbs[0] & 1u) != 0 ? -1 : 1);
    }
    return xv_is_small(r[1]) ? positive_pow(vm, r, (size_t)xv_small(r[1])) : xv_raise_memory(vm);
}

static xv_value compare_op(enum xv_binary op, const xv_value *r) {
    struct xv_magnitude a, b;
    xv_int_view(&a, r[0]);
    xv_int_view(&b, r[1]);
    if (a.negative != b.negative) {
        return xv_ordered(op, a.negative, false);
    }
    int order = xv_big_cmp(a.limbs, a.n, b.limbs, b.n);
    return xv_ordered(op, a.negative ? order > 0 : order < 0, order == 0);
}

static xv_value big_binary(struct xv_vm *vm, enum xv_binary op, xv_value *r) {
    switch (op) {
    case XV_OR:
    case XV_XOR:
    case XV_AND:
    case XV_ADD:
    case XV_SUB:
    case XV_MUL:
        return linear_op(vm, op, r);
    case XV_FLOORDIV:
    case XV_MOD:
        return floor_op(vm, op, r);
    case XV_LSHIFT:
    case XV_RSHIFT:
        return shift_op(vm, op, r);
    case XV_TRUEDIV:
        return true_div(vm, r);
    case XV_POW:
        return power_op(vm, r);
    default:
        return compare_op(op, r);
    }
}

/* Both are ints. */
static xv_value int_op(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    if (xv_both_small(a, b)) {
        xv_value v = small_binary(vm, op, xv_small(a), xv_small(b));
        if (v != XV_STOP) {
            return v;
        }
    }
    xv_value r[3] = {a, b, XV_NULL};
    XV_ENTER(vm, r);
    xv_value v = big_binary(vm, op, r);
    XV_LEAVE(vm);
    return v;
}

/* ---- slots */

xv_value xv_int_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    op = xv_plain(op);
    if (xv_is_int(a) && xv_is_int(b)) {
        return int_op(vm, op, a, b);
    }
    if (xv_is_bool(a) && xv_is_bool(b) && (op == XV_AND || op == XV_OR || op == XV_XOR)) {
        bool x = a == XV_TRUE;
        bool y = b == XV_TRUE;
        return XV_BOOL(op == XV_AND ? x && y : op == XV_OR ? x || y : x != y);
    }
    a = xv_numeric(vm, a);
    b = xv_numeric(vm, b);
    if (a == XV_NULL || b == XV_NULL) {
        return XV_NOT_IMPLEMENTED;
    }
    return xv_is_int(a) && xv_is_int(b) ? int_op(vm, op, a, b) : xv_float_binary(vm, op, a, b, reflected);
}

static xv_value int_unary(struct xv_vm *vm, enum xv_unary op, xv_value self) {
    xv_value v = xv_numeric(vm, self);
    switch (op) {
    case XV_NEG:
        return xv_is_small(v) ? xv_int_from(vm, -(int64_t)xv_small(v)) : int_op(vm, XV_SUB, XV_INT(0), v);
    case XV_INVERT:
        return int_op(vm, XV_SUB, XV_INT(-1), v);
    default:
        return v;
    }
}

static int int_truth(struct xv_vm *vm, xv_value self) {
    return xv_numeric(vm, self) != XV_INT(0);
}

static bool int_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    xv_value v = xv_numeric(vm, self);
    if (xv_is_small(v)) {
        *out = xv_hash_int(xv_small(v));
    } else {
        const struct xv_int *i = xv_int_object(v);
        *out = xv_hash_limbs(i->limbs, i->n, i->negative != 0);
    }
    return true;
}

static bool int_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    return xv_int_put(out, xv_numeric(vm, self), 10);
}

const struct xv_type xv_type_int = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_int,
    .flags = XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .methods = xv_int_methods,
    .n_methods = XV_N_INT_METHODS,
    .make = xv_int_make,
    .print = int_print,
    .unary = int_unary,
    .binary = xv_int_binary,
    .truth = int_truth,
    .hash = int_hash,
};
