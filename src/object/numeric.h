/* What int, float and complex share. Private to int.c, int_methods.c, bool.c, float.c and complex.c. */
#ifndef XV_OBJECT_NUMERIC_H
#define XV_OBJECT_NUMERIC_H

#include "object/bigint.h"
#include "object/floattext.h"
#include "object/number.h"
#include "object/type.h"

/* The function of <math.h> that works on an xv_real: XV_REAL(fmod). */
#if XIPVM_SINGLE_FLOAT
#define XV_REAL(name) name##f
#else
#define XV_REAL(name) name
#endif

/* An integer as the kernels of bigint.h take it. `limbs` points into the value itself or to `own`: good until
 * the next allocation, and the struct must not be copied. */
struct xv_magnitude {
    const xv_limb *limbs;
    size_t n;
    bool negative;
    xv_limb own[XV_BIG_INT64_LIMBS];
};

static inline struct xv_int *xv_int_object(xv_value v) {
    return (struct xv_int *)v;
}

/* `v` is an int. Does not allocate. */
void xv_int_view(struct xv_magnitude *m, xv_value v);

/* Room for an int of at most `room` limbs, to be filled in and given to xv_int_finish before it can be used:
 * that makes it the int of the `n` limbs at its start, a small one if it fits, and does not allocate. */
xv_value xv_int_blank(struct xv_vm *vm, size_t room);
xv_value xv_int_finish(struct xv_vm *vm, xv_value blank, size_t n, bool negative);

/* Limbs for any use, in the heap. */
xv_value xv_limbs_new(struct xv_vm *vm, size_t n);
static inline xv_limb *xv_limbs(xv_value raw) {
    return (xv_limb *)((uintptr_t *)raw + 1);
}

/* a * b; false if that is no intptr_t. */
static inline bool xv_multiply(intptr_t a, intptr_t b, intptr_t *out) {
#if defined(__GNUC__)
    return !__builtin_mul_overflow(a, b, out);
#else
    if (a != 0 && b != 0) {
        bool fits = a > 0 ? (b > 0 ? b <= INTPTR_MAX / a : b >= INTPTR_MIN / a)
                          : (b > 0 ? a >= INTPTR_MIN / b : b >= INTPTR_MAX / a);
        if (!fits) {
            return false;
        }
    }
    *out = a * b;
    return true;
#endif
}

/* The number in an operand: an int for a bool, the wrapped one for an instance of a subclass, else the int,
 * float or complex itself. XV_NULL if it is no number. Does not allocate. */
xv_value xv_numeric(const struct xv_vm *vm, xv_value v);
bool xv_is_complex(xv_value v);

/* The nearest float, an infinity if the int is out of range. Does not allocate. */
xv_real xv_int_to_real(xv_value v);
/* How an int compares with a float that is no nan: negative, 0 or positive. Exact. Does not allocate. */
int xv_int_compare_real(xv_value v, xv_real r);

/* Hashes that agree for numbers that are equal. */
uint32_t xv_hash_limbs(const xv_limb *limbs, size_t n, bool negative);
uint32_t xv_hash_real(xv_real r);

/* An operator without its in-place form; ORDER OPERATOR. */
static inline enum xv_binary xv_plain(enum xv_binary op) {
    return op >= XV_IOR && op <= XV_IPOW ? (enum xv_binary)((int)op + (XV_OR - XV_IOR)) : op;
}

/* The result of a comparison operator; XV_NOT_IMPLEMENTED if it is none. */
static inline xv_value xv_ordered(enum xv_binary op, bool less, bool equal) {
    switch (op) {
    case XV_LT:
        return XV_BOOL(less);
    case XV_GT:
        return XV_BOOL(!less && !equal);
    case XV_EQ:
        return XV_BOOL(equal);
    case XV_LE:
        return XV_BOOL(less || equal);
    case XV_GE:
        return XV_BOOL(!less);
    case XV_NE:
        return XV_BOOL(!equal);
    default:
        return XV_NOT_IMPLEMENTED;
    }
}

/* (xr + xi j) ** (yr + yi j); ZeroDivisionError. */
xv_value xv_complex_pow(struct xv_vm *vm, xv_real xr, xv_real xi, xv_real yr, xv_real yi);

/* ZeroDivisionError, as all of them raise it. */
xv_value xv_divide_by_zero(struct xv_vm *vm);

/* True if the value is a str, bytes or bytearray. Does not allocate. */
bool xv_is_number_text(const struct xv_vm *vm, xv_value v);
/* `v`, but for a memoryview the bytes that it shows. */
xv_value xv_number_source(struct xv_vm *vm, xv_value v);
/* Its text without the spaces around it. Good until the next allocation. Does not allocate. */
struct xv_text xv_number_text(const struct xv_vm *vm, xv_value v);
/* xv_float_parse or xv_float_parse_single, as xv_real wants it. */
bool xv_real_parse(const uint8_t *text, size_t len, xv_real *out);
/* repr of a float, `size` at least XV_FLOAT_REPR_MAX; the number of characters. */
size_t xv_real_format(char *buf, size_t size, xv_real r);

extern const struct xv_native xv_int_methods[];
#define XV_N_INT_METHODS 3u

xv_value xv_int_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n);

/* The kernels' calculations end when the VM is interrupted: KeyboardInterrupt is then pending. */
bool xv_big_interrupted(void *vm);
#define XV_BIG_STOP(vm) ((struct xv_big_stop){xv_big_interrupted, (vm), XV_BIG_PATIENCE, false})

#endif
