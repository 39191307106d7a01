/* int, bool, float, complex. */
#ifndef XV_OBJECT_NUMBER_H
#define XV_OBJECT_NUMBER_H

#include "object/object.h"

/* INT: one that does not fit a small int. Limbs least significant first, no leading zero. */
struct xv_int {
    uintptr_t header;
    uint32_t n;          /* limbs */
    uint32_t negative;   /* 0 or 1 */
    uint32_t limbs[];
};

/* True for small and big ints; not for bool. Does not allocate. */
static inline bool xv_is_int(xv_value v) {
    return xv_is_small(v) || xv_is_kind(v, XV_KIND_INT);
}

/* Values of C integers; small if they fit. */
xv_value xv_int_from(struct xv_vm *vm, int64_t i);
xv_value xv_int_from_unsigned(struct xv_vm *vm, uint64_t i);
/* From a float, truncated; OverflowError, ValueError for inf and nan. */
xv_value xv_int_from_real(struct xv_vm *vm, double r);
/* From text in a base of 2 to 36, or 0 to look at the prefix. ValueError. `str` is a str or bytes value, or the place of
 * an int constant in a blob. */
xv_value xv_int_from_str(struct xv_vm *vm, xv_value str, int base);

/* An int out of an int, bool, instance of a subclass of int or object with __index__; TypeError. The result is small
 * or an INT. */
xv_value xv_as_int(struct xv_vm *vm, xv_value v);
/* False if it does not fit; no exception, no allocation. */
bool xv_int_to_i64(xv_value v, int64_t *out);
bool xv_int_to_u64(xv_value v, uint64_t *out);
/* The two's complement of the number, cut to 64 bits. */
uint64_t xv_int_low64(xv_value v);
/* Digits with sign, in a base of 2 to 36, lower case. */
bool xv_int_put(struct xv_printer *out, xv_value v, unsigned base);
xv_value xv_int_pow_mod(struct xv_vm *vm, xv_value base, xv_value exponent, xv_value modulus);

/* The slots of int and float, which the interpreter's fast paths fall back to. */
xv_value xv_int_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected);
xv_value xv_float_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected);

xv_value xv_float_box(struct xv_vm *vm, xv_real r);

/* A float value; allocates where floats are boxed. */
static inline xv_value xv_float_from(struct xv_vm *vm, xv_real r) {
#if XV_FLOAT_IMMEDIATE
    xv_value v = xv_flonum_from(r);
    if (v != XV_NULL) {
        return v;
    }
#endif
    return xv_float_box(vm, r);
}

/* complex: a GENERIC whose first slot is a RAW of two xv_reals. */
xv_value xv_complex_new(struct xv_vm *vm, xv_real re, xv_real im);
void xv_complex_get(xv_value v, xv_real *re, xv_real *im);
/* The parts of any number, or of what has __complex__, __float__ or __index__: TypeError. */
bool xv_to_complex(struct xv_vm *vm, xv_value v, xv_real *re, xv_real *im);

#endif
