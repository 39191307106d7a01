/* import math. Functions of the C library, with Python's idea of what is an error: a result that is not a number although
 * the argument is one is a ValueError; one that is too large is an OverflowError. */
#include "lib/lib.h"

#if XIPVM_MODULE_MATH
#include <math.h>

#include "heap/atomic.h"
#include "object/bigint.h"
#include "object/container.h"
#include "object/number.h"

/* The C library's function for a Python float. */
#if XIPVM_SINGLE_FLOAT
#define M(function) function##f
#else
#define M(function) function
#endif

#define PI ((xv_real)3.14159265358979323846)

static xv_value domain_error(struct xv_vm *vm) {
    return xv_raise(vm, &xv_exc_ValueError, "math domain error");
}

static xv_value range_error(struct xv_vm *vm) {
    return xv_raise(vm, &xv_exc_OverflowError, "math range error");
}

/* What an infinite result of a finite argument means. */
enum infinite { IS_POLE, IS_OVERFLOW };

static xv_value unary(struct xv_vm *vm, xv_value arg, xv_real (*function)(xv_real), enum infinite infinite) {
    xv_real x;
    if (!xv_to_real(vm, arg, &x)) {
        return XV_NULL;
    }
    xv_real y = function(x);
    if (isnan(y) && !isnan(x)) {
        return domain_error(vm);
    }
    if (isinf(y) && isfinite(x)) {
        return infinite == IS_POLE ? domain_error(vm) : range_error(vm);
    }
    return xv_float_from(vm, y);
}

#define UNARY(name, function, infinite)                                                \
    static xv_value math_##name(struct xv_vm *vm, xv_value *args, uint32_t n) {        \
        (void)n;                                                                       \
        return unary(vm, args[0], function, infinite);                                 \
    }

UNARY(sqrt, M(sqrt), IS_POLE)
UNARY(exp, M(exp), IS_OVERFLOW)
UNARY(expm1, M(expm1), IS_OVERFLOW)
UNARY(log1p, M(log1p), IS_POLE)
UNARY(cos, M(cos), IS_POLE)
UNARY(sin, M(sin), IS_POLE)
UNARY(tan, M(tan), IS_POLE)
UNARY(acos, M(acos), IS_POLE)
UNARY(asin, M(asin), IS_POLE)
UNARY(atan, M(atan), IS_POLE)
UNARY(cosh, M(cosh), IS_OVERFLOW)
UNARY(sinh, M(sinh), IS_OVERFLOW)
UNARY(tanh, M(tanh), IS_POLE)
UNARY(acosh, M(acosh), IS_POLE)
UNARY(asinh, M(asinh), IS_POLE)
UNARY(atanh, M(atanh), IS_POLE)
UNARY(fabs, M(fabs), IS_POLE)
UNARY(erf, M(erf), IS_POLE)
UNARY(erfc, M(erfc), IS_POLE)

static xv_real to_degrees(xv_real x) {
    return x * ((xv_real)180 / PI);
}

static xv_real to_radians(xv_real x) {
    return x * (PI / (xv_real)180);
}

UNARY(degrees, to_degrees, IS_OVERFLOW)
UNARY(radians, to_radians, IS_POLE)

/* The gamma function has poles at 0, -1, -2, …: not a number there, so that they are told from overflow. */
static bool is_gamma_pole(xv_real x) {
    return x <= 0 && M(floor)(x) == x;
}

static xv_real gamma_or_nan(xv_real x) {
    return is_gamma_pole(x) ? (xv_real)NAN : M(tgamma)(x);
}

static xv_real lgamma_or_nan(xv_real x) {
    return is_gamma_pole(x) && isfinite(x) ? (xv_real)NAN : M(lgamma)(x);
}

UNARY(gamma, gamma_or_nan, IS_OVERFLOW)
UNARY(lgamma, lgamma_or_nan, IS_OVERFLOW)

/* ---- logarithms: also of ints that are too large for a float */

static xv_value log_of(struct xv_vm *vm, xv_value arg, xv_real (*function)(xv_real)) {
    xv_value i = xv_unwrap(vm, arg);
    if (xv_is_kind(i, XV_KIND_INT)) {
        const struct xv_int *big = (const struct xv_int *)i;
        if (big->negative) {
            return domain_error(vm);
        }
        if (big->n > 3) {
            double top = 0;
            for (uint32_t at = big->n; at > big->n - 3; at--) {
                top = top * 4294967296.0 + (double)big->limbs[at - 1];
            }
            xv_real scale = (xv_real)(big->n - 3) * (xv_real)XV_LIMB_BITS;
            /* 2 ** 96 is the most that the three limbs hold, which a float takes too. */
            return xv_float_from(vm, function((xv_real)top) + scale * function((xv_real)2));
        }
    }
    return unary(vm, arg, function, IS_POLE);
}

static xv_value math_log(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value x = log_of(vm, args[0], M(log));
    if (n == 1 || x == XV_NULL) {
        return x;
    }
    args[0] = x;
    xv_value base = log_of(vm, args[1], M(log));
    if (base == XV_NULL) {
        return XV_NULL;
    }
    if (xv_float(base) == 0) {
        return xv_raise(vm, &xv_exc_ZeroDivisionError, "divide by zero");
    }
    return xv_float_from(vm, xv_float(args[0]) / xv_float(base));
}

static xv_value math_log2(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return log_of(vm, args[0], M(log2));
}

static xv_value math_log10(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return log_of(vm, args[0], M(log10));
}

/* ---- two arguments */

static bool two_reals(struct xv_vm *vm, xv_value *args, xv_real *x, xv_real *y) {
    return xv_to_real(vm, args[0], x) && xv_to_real(vm, args[1], y);
}

static xv_value checked(struct xv_vm *vm, xv_real x, xv_real y, xv_real result) {
    if (isnan(result) && !isnan(x) && !isnan(y)) {
        return domain_error(vm);
    }
    if (isinf(result) && isfinite(x) && isfinite(y)) {
        return x == 0 ? domain_error(vm) : range_error(vm);
    }
    return xv_float_from(vm, result);
}

#define BINARY(name, function)                                                                 \
    static xv_value math_##name(struct xv_vm *vm, xv_value *args, uint32_t n) {                \
        (void)n;                                                                               \
        xv_real x, y;                                                                          \
        return two_reals(vm, args, &x, &y) ? checked(vm, x, y, function(x, y)) : XV_NULL;      \
    }

BINARY(pow, M(pow))
BINARY(atan2, M(atan2))
BINARY(copysign, M(copysign))
BINARY(fmod, M(fmod))
BINARY(hypot2, M(hypot))

static xv_value math_hypot(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_real sum = 0;
    if (n == 2) {
        return math_hypot2(vm, args, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        xv_real x;
        if (!xv_to_real(vm, args[i], &x)) {
            return XV_NULL;
        }
        sum = M(hypot)(sum, x);
    }
    return xv_float_from(vm, sum);
}

static xv_value math_ldexp(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real x;
    intptr_t e;
    if (!xv_to_real(vm, args[0], &x) || !xv_to_index(vm, args[1], &e)) {
        return XV_NULL;
    }
    e = e > 10000 ? 10000 : e < -10000 ? -10000 : e;
    xv_real y = M(ldexp)(x, (int)e);
    return isinf(y) && isfinite(x) ? range_error(vm) : xv_float_from(vm, y);
}

static xv_value real_pair(struct xv_vm *vm, xv_real a, xv_value b) {
    xv_value r[2] = {XV_NULL, b};
    XV_ENTER(vm, r);
    r[0] = xv_float_from(vm, a);
    xv_value pair = r[0] == XV_NULL ? XV_NULL : xv_tuple_of(vm, r, 2);
    XV_LEAVE(vm);
    return pair;
}

static xv_value math_frexp(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real x;
    if (!xv_to_real(vm, args[0], &x)) {
        return XV_NULL;
    }
    int e = 0; /* left alone by frexp(inf) in some C libraries */
    xv_real m = isfinite(x) ? M(frexp)(x, &e) : x;
    return real_pair(vm, m, XV_INT(e));
}

static xv_value math_modf(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real x, whole;
    if (!xv_to_real(vm, args[0], &x)) {
        return XV_NULL;
    }
    xv_real part = M(modf)(x, &whole);
    xv_value b = xv_float_from(vm, whole);
    return b == XV_NULL ? XV_NULL : real_pair(vm, part, b);
}

/* ---- to int */

static xv_value to_int(struct xv_vm *vm, xv_value arg, xv_real (*function)(xv_real), uint16_t method) {
    xv_value v = xv_unwrap(vm, arg);
    if (xv_is_int(v)) {
        return v;
    }
    if (!xv_is_float(v)) {
        xv_value r[1] = {arg};
        XV_ENTER(vm, r);
        xv_value own = xv_call_method_if(vm, arg, method, NULL, 0);
        arg = r[0];
        XV_LEAVE(vm);
        if (own != XV_STOP) {
            return own;
        }
    }
    xv_real x;
    return xv_to_real(vm, arg, &x) ? xv_int_from_real(vm, (double)function(x)) : XV_NULL;
}

static xv_value math_ceil(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return to_int(vm, args[0], M(ceil), XV_Q___ceil__);
}

static xv_value math_floor(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return to_int(vm, args[0], M(floor), XV_Q___floor__);
}

static xv_value math_trunc(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return to_int(vm, args[0], M(trunc), XV_Q___trunc__);
}

/* ---- questions */

static xv_value math_isfinite(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real x;
    return xv_to_real(vm, args[0], &x) ? XV_BOOL(isfinite(x)) : XV_NULL;
}

static xv_value math_isinf(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real x;
    return xv_to_real(vm, args[0], &x) ? XV_BOOL(isinf(x)) : XV_NULL;
}

static xv_value math_isnan(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real x;
    return xv_to_real(vm, args[0], &x) ? XV_BOOL(isnan(x)) : XV_NULL;
}

static xv_value math_isclose(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_rel_tol, XV_Q_abs_tol};
    xv_value r[2] = {XV_NULL, XV_INT(0)};
    xv_real a, b, relative = (xv_real)1e-9, absolute = 0;
    XV_ENTER(vm, r);
    bool ok = xv_parse_args(vm, "isclose", args + 2, n - 2, names, 2, 0, r) &&
              (r[0] == XV_NULL || xv_to_real(vm, r[0], &relative)) && xv_to_real(vm, r[1], &absolute) &&
              two_reals(vm, args, &a, &b);
    XV_LEAVE(vm);
    if (!ok) {
        return XV_NULL;
    }
    if (relative < 0 || absolute < 0) {
        return xv_raise(vm, &xv_exc_ValueError, "tolerances must be non-negative");
    }
    if (a == b) {
        return XV_TRUE;
    }
    if (isinf(a) || isinf(b)) {
        return XV_FALSE;
    }
    xv_real distance = M(fabs)(a - b);
    return XV_BOOL(distance <= M(fabs)(relative * a) || distance <= M(fabs)(relative * b) || distance <= absolute);
}

/* ---- of ints */

/* Steps that are short are many: true, with KeyboardInterrupt, if the VM was interrupted meanwhile. */
static bool interrupted(struct xv_vm *vm) {
    return xv_atomic_peek(&vm->outside.attention) != 0 && xv_interrupted(vm);
}

static xv_value math_factorial(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t last;
    if (!xv_to_index(vm, args[0], &last)) {
        return XV_NULL;
    }
    if (last < 0) {
        return xv_raise(vm, &xv_exc_ValueError, "negative factorial");
    }
    xv_value product = XV_INT(1);
    for (intptr_t i = 2; i <= last && product != XV_NULL; i++) {
        product = interrupted(vm) ? XV_NULL : xv_binary(vm, XV_MUL, product, XV_INT(i));
    }
    return product;
}

static xv_value math_gcd(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value r[2] = {XV_INT(0), XV_NULL};
    XV_ENTER(vm, r);
    for (uint32_t i = 0; i < n && r[0] != XV_NULL; i++) {
        r[1] = xv_as_int(vm, args[i]);
        while (r[1] != XV_NULL && r[1] != XV_INT(0)) {
            xv_value rest = interrupted(vm) ? XV_NULL : xv_binary(vm, XV_MOD, r[0], r[1]);
            r[0] = r[1];
            r[1] = rest;
        }
        if (r[1] == XV_NULL) {
            r[0] = XV_NULL;
        }
    }
    bool negative = r[0] != XV_NULL && (xv_is_small(r[0]) ? xv_small(r[0]) < 0
                                                           : ((const struct xv_int *)r[0])->negative != 0);
    XV_LEAVE(vm);
    return negative ? xv_unary(vm, XV_NEG, r[0]) : r[0];
}

static xv_value math_prod(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_start};
    xv_value r[1] = {XV_INT(1)};
    XV_ENTER(vm, r);
    bool ok = xv_parse_args(vm, "prod", args + 1, n - 1, names, 1, 0, r) &&
              (args[0] = xv_iter_settled(vm, args[0])) != XV_NULL;
    while (ok) {
        xv_value item = xv_next(vm, args[0]);
        if (item == XV_STOP) {
            break;
        }
        r[0] = item == XV_NULL ? XV_NULL : xv_binary(vm, XV_MUL, r[0], item);
        ok = r[0] != XV_NULL;
    }
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

/* ---- the tables */

static const struct xv_native functions[] = {
    XV_FUNCTION(sqrt, math_sqrt, 1, 1),
    XV_FUNCTION(pow, math_pow, 2, 2),
    XV_FUNCTION(exp, math_exp, 1, 1),
    XV_FUNCTION(expm1, math_expm1, 1, 1),
    XV_FUNCTION(log, math_log, 1, 2),
    XV_FUNCTION(log2, math_log2, 1, 1),
    XV_FUNCTION(log10, math_log10, 1, 1),
    XV_FUNCTION(log1p, math_log1p, 1, 1),
    XV_FUNCTION(cos, math_cos, 1, 1),
    XV_FUNCTION(sin, math_sin, 1, 1),
    XV_FUNCTION(tan, math_tan, 1, 1),
    XV_FUNCTION(acos, math_acos, 1, 1),
    XV_FUNCTION(asin, math_asin, 1, 1),
    XV_FUNCTION(atan, math_atan, 1, 1),
    XV_FUNCTION(atan2, math_atan2, 2, 2),
    XV_FUNCTION(cosh, math_cosh, 1, 1),
    XV_FUNCTION(sinh, math_sinh, 1, 1),
    XV_FUNCTION(tanh, math_tanh, 1, 1),
    XV_FUNCTION(acosh, math_acosh, 1, 1),
    XV_FUNCTION(asinh, math_asinh, 1, 1),
    XV_FUNCTION(atanh, math_atanh, 1, 1),
    XV_FUNCTION(ceil, math_ceil, 1, 1),
    XV_FUNCTION(floor, math_floor, 1, 1),
    XV_FUNCTION(trunc, math_trunc, 1, 1),
    XV_FUNCTION(fabs, math_fabs, 1, 1),
    XV_FUNCTION(fmod, math_fmod, 2, 2),
    XV_FUNCTION(copysign, math_copysign, 2, 2),
    XV_FUNCTION(frexp, math_frexp, 1, 1),
    XV_FUNCTION(ldexp, math_ldexp, 2, 2),
    XV_FUNCTION(modf, math_modf, 1, 1),
    XV_FUNCTION(isfinite, math_isfinite, 1, 1),
    XV_FUNCTION(isinf, math_isinf, 1, 1),
    XV_FUNCTION(isnan, math_isnan, 1, 1),
    XV_FUNCTION_X(isclose, math_isclose, 2, 2, XV_N_KEYWORDS),
    XV_FUNCTION(degrees, math_degrees, 1, 1),
    XV_FUNCTION(radians, math_radians, 1, 1),
    XV_FUNCTION(erf, math_erf, 1, 1),
    XV_FUNCTION(erfc, math_erfc, 1, 1),
    XV_FUNCTION(gamma, math_gamma, 1, 1),
    XV_FUNCTION(lgamma, math_lgamma, 1, 1),
    XV_FUNCTION(factorial, math_factorial, 1, 1),
    XV_FUNCTION(gcd, math_gcd, 0, XV_ANY_ARGS),
    XV_FUNCTION(hypot, math_hypot, 0, XV_ANY_ARGS),
    XV_FUNCTION_X(prod, math_prod, 1, 1, XV_N_KEYWORDS),
};

#if XV_FLOAT_IMMEDIATE
/* The immediate value of the double with these bits. */
#define REAL_ROW(id, bits, name) {id, ((((bits) << 3) | ((bits) >> 61)) & ~(uint64_t)3) | 2u}
#else
#define REAL_ROW(id, bits, name) {id, (xv_value)&name##_box}
static const struct xv_float e_box = {XV_CONST_HEADER(XV_KIND_FLOAT), (xv_real)2.71828182845904523536};
static const struct xv_float pi_box = {XV_CONST_HEADER(XV_KIND_FLOAT), PI};
static const struct xv_float tau_box = {XV_CONST_HEADER(XV_KIND_FLOAT), 2 * PI};
#endif
static const struct xv_float inf_box = {XV_CONST_HEADER(XV_KIND_FLOAT), (xv_real)INFINITY};
static const struct xv_float nan_box = {XV_CONST_HEADER(XV_KIND_FLOAT), (xv_real)NAN};

static const struct xv_constant constants[] = {
    REAL_ROW(XV_Q_e, UINT64_C(0x4005bf0a8b145769), e),
    REAL_ROW(XV_Q_pi, UINT64_C(0x400921fb54442d18), pi),
    REAL_ROW(XV_Q_tau, UINT64_C(0x401921fb54442d18), tau),
    XV_CONSTANT(inf, &inf_box),
    XV_CONSTANT(nan, &nan_box),
};

const struct xv_native_module xv_module_math = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_math,
    XV_FUNCTIONS(functions),
    XV_CONSTANTS(constants),
};
#endif
