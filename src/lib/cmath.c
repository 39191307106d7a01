/* import cmath: functions of complex numbers, in terms of the real ones of the C library. */
#include "lib/lib.h"

#if XIPVM_MODULE_CMATH
#include <math.h>

#include "object/container.h"
#include "object/number.h"

static xv_value cmath_phase(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real re, im;
    return xv_to_complex(vm, args[0], &re, &im) ? xv_float_from(vm, (xv_real)atan2(im, re)) : XV_NULL;
}

static xv_value cmath_polar(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real re, im;
    if (!xv_to_complex(vm, args[0], &re, &im)) {
        return XV_NULL;
    }
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_float_from(vm, (xv_real)hypot(re, im));
    r[1] = r[0] == XV_NULL ? XV_NULL : xv_float_from(vm, (xv_real)atan2(im, re));
    xv_value pair = r[1] == XV_NULL ? XV_NULL : xv_tuple_of(vm, r, 2);
    XV_LEAVE(vm);
    return pair;
}

static xv_value cmath_rect(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real size, phase;
    if (!xv_to_real(vm, args[0], &size) || !xv_to_real(vm, args[1], &phase)) {
        return XV_NULL;
    }
    return xv_complex_new(vm, (xv_real)((double)size * cos(phase)), (xv_real)((double)size * sin(phase)));
}

static xv_value cmath_exp(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real re, im;
    if (!xv_to_complex(vm, args[0], &re, &im)) {
        return XV_NULL;
    }
    double size = exp(re);
    return xv_complex_new(vm, (xv_real)(size * cos(im)), (xv_real)(size * sin(im)));
}

static xv_value logarithm(struct xv_vm *vm, xv_value arg, double scale) {
    xv_real re, im;
    if (!xv_to_complex(vm, arg, &re, &im)) {
        return XV_NULL;
    }
    if (re == 0 && im == 0) {
        return xv_raise(vm, &xv_exc_ValueError, "math domain error");
    }
    return xv_complex_new(vm, (xv_real)(log(hypot(re, im)) * scale), (xv_real)(atan2(im, re) * scale));
}

static xv_value cmath_log(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return logarithm(vm, args[0], 1);
}

static xv_value cmath_log10(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return logarithm(vm, args[0], 0.43429448190325182765);
}

static xv_value cmath_sqrt(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real re, im;
    if (!xv_to_complex(vm, args[0], &re, &im)) {
        return XV_NULL;
    }
    double size = sqrt(hypot(re, im)), half = atan2(im, re) / 2;
    return xv_complex_new(vm, (xv_real)(size * cos(half)), (xv_real)(size * sin(half)));
}

static xv_value cmath_cos(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real re, im;
    if (!xv_to_complex(vm, args[0], &re, &im)) {
        return XV_NULL;
    }
    return xv_complex_new(vm, (xv_real)(cos(re) * cosh(im)), (xv_real)(-sin(re) * sinh(im)));
}

static xv_value cmath_sin(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real re, im;
    if (!xv_to_complex(vm, args[0], &re, &im)) {
        return XV_NULL;
    }
    return xv_complex_new(vm, (xv_real)(sin(re) * cosh(im)), (xv_real)(cos(re) * sinh(im)));
}

static const struct xv_native functions[] = {
    XV_FUNCTION(phase, cmath_phase, 1, 1), XV_FUNCTION(polar, cmath_polar, 1, 1),
    XV_FUNCTION(rect, cmath_rect, 2, 2),   XV_FUNCTION(exp, cmath_exp, 1, 1),
    XV_FUNCTION(log, cmath_log, 1, 1),     XV_FUNCTION(log10, cmath_log10, 1, 1),
    XV_FUNCTION(sqrt, cmath_sqrt, 1, 1),   XV_FUNCTION(cos, cmath_cos, 1, 1),
    XV_FUNCTION(sin, cmath_sin, 1, 1),
};

static const struct xv_float e = {XV_CONST_HEADER(XV_KIND_FLOAT), (xv_real)2.71828182845904523536};
static const struct xv_float pi = {XV_CONST_HEADER(XV_KIND_FLOAT), (xv_real)3.14159265358979323846};

static const struct xv_constant constants[] = {
    XV_CONSTANT(e, &e),
    XV_CONSTANT(pi, &pi),
};

const struct xv_native_module xv_module_cmath = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_cmath,
    XV_FUNCTIONS(functions),
    XV_CONSTANTS(constants),
};
#endif
