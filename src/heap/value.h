/* Values: one machine word each, and the header that every object begins with.
 *
 *   64-bit                                        32-bit
 *   …iiiiiii1  small int, 63 bits                 …iiiiiii1  small int, 31 bits
 *   …fffffff10 float, rotated (see below)         …kk10      immediate, kind kk
 *   …00kk100   immediate, kind kk                 …aaaaaa00  address of an object
 *   …aaaaa000  address of an object
 *
 * An object lies in the arena, where it may move at any allocation, or is `const` in firmware.
 * The word 0 is XV_NULL, "no object"; functions that return a value return it to say that an exception
 * is pending (heap/state.h).
 *
 * Immediate kinds: special (None, False, ...), qstr (a str that is an interned name), const (a str or
 * bytes that lies in a blob) and code (a function of a blob). The latter two hold the slot
 * of their module in the VM's module table and an offset into the blob, so that they keep the module alive
 * and survive its moving.
 *
 * A double on 64-bit hosts is immediate if its exponent is within 2^±255 or so, which is when its bits
 * 62..60 are 011 or 100; it is rotated so that these become the low ones, and the tag replaces them.
 * Others, +0.0 excepted (it has a code of its own), are boxed. */
#ifndef XV_HEAP_VALUE_H
#define XV_HEAP_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "xipvm/config.h"

typedef uintptr_t xv_value;

#if XIPVM_SINGLE_FLOAT
typedef float xv_real;
#else
typedef double xv_real;
#endif

#if UINTPTR_MAX > 0xffffffffu
#define XV_64 1
#else
#define XV_64 0
#endif

/* Doubles are immediate where a word holds one. */
#define XV_FLOAT_IMMEDIATE (XV_64 && !XIPVM_SINGLE_FLOAT)

#define XV_NULL ((xv_value)0)

/* ---- small ints */

#define XV_SMALL_BITS ((unsigned)(sizeof(xv_value) * 8 - 1))
#define XV_SMALL_MAX (INTPTR_MAX >> 1)
#define XV_SMALL_MIN (-XV_SMALL_MAX - 1)
#define XV_INT(i) ((xv_value)(((uintptr_t)(intptr_t)(i) << 1) | 1u))

static inline bool xv_is_small(xv_value v) {
    return (v & 1) != 0;
}

static inline bool xv_both_small(xv_value a, xv_value b) {
    return (a & b & 1) != 0;
}

static inline intptr_t xv_small(xv_value v) {
    /* What >> does to negative numbers is the compiler's choice; nearly all shift in the sign. */
    /* cppcheck-suppress shiftNegativeLHS */
    if ((-1 >> 1) == -1) {
        return (intptr_t)v >> 1;
    }
    uintptr_t u = v >> 1;
    uintptr_t sign = (uintptr_t)1 << (XV_SMALL_BITS - 1);
    return (intptr_t)((u ^ sign) - sign);
}

static inline bool xv_fits_small(intptr_t i) {
    return i >= XV_SMALL_MIN && i <= XV_SMALL_MAX;
}

/* ---- immediates */

#if XV_64
#define XV_IMM_MASK 7u
#define XV_IMM_TAG 4u
#define XV_IMM_KIND_SHIFT 3
#define XV_IMM_SHIFT 8
#define XV_SLOT_BITS 16
#define XV_OFFSET_BITS 32
#else
#define XV_IMM_MASK 3u
#define XV_IMM_TAG 2u
#define XV_IMM_KIND_SHIFT 2
#define XV_IMM_SHIFT 4
#define XV_SLOT_BITS 8
#define XV_OFFSET_BITS 20
#endif

enum xv_imm { XV_IMM_SPECIAL, XV_IMM_QSTR, XV_IMM_CONST, XV_IMM_CODE };

#define XV_IMM(kind, payload) \
    (((xv_value)(payload) << XV_IMM_SHIFT) | ((xv_value)(kind) << XV_IMM_KIND_SHIFT) | XV_IMM_TAG)
#define XV_IMM_LOW_MASK (((xv_value)3 << XV_IMM_KIND_SHIFT) | XV_IMM_MASK)
#define XV_IMM_LOW(kind) (((xv_value)(kind) << XV_IMM_KIND_SHIFT) | XV_IMM_TAG)

#define XV_FALSE XV_IMM(XV_IMM_SPECIAL, 0)
#define XV_TRUE XV_IMM(XV_IMM_SPECIAL, 1)
#define XV_NONE XV_IMM(XV_IMM_SPECIAL, 2)
#define XV_ELLIPSIS XV_IMM(XV_IMM_SPECIAL, 3)
#define XV_NOT_IMPLEMENTED XV_IMM(XV_IMM_SPECIAL, 4)
/* What an iterator's `next` returns when it has no more; never seen by a program. */
#define XV_STOP XV_IMM(XV_IMM_SPECIAL, 5)
/* On entry into a finally block by return or jump (spec 3.8); never seen by a program. */
#define XV_MARK_RETURN XV_IMM(XV_IMM_SPECIAL, 6)
#define XV_MARK_JUMP XV_IMM(XV_IMM_SPECIAL, 7)
/* What a native returns when it has pushed a frame that the interpreter is to run (vm/frame.h). */
#define XV_PUSHED XV_IMM(XV_IMM_SPECIAL, 8)
/* A deleted entry of a dict or set. */
#define XV_TOMBSTONE XV_IMM(XV_IMM_SPECIAL, 9)

#define XV_BOOL(b) ((b) ? XV_TRUE : XV_FALSE)
#define XV_QSTR(id) XV_IMM(XV_IMM_QSTR, id)

static inline bool xv_is_imm(xv_value v, enum xv_imm kind) {
    return (v & XV_IMM_LOW_MASK) == XV_IMM_LOW(kind);
}

static inline bool xv_is_qstr(xv_value v) {
    return xv_is_imm(v, XV_IMM_QSTR);
}

static inline uint16_t xv_qstr_id(xv_value v) {
    return (uint16_t)(v >> XV_IMM_SHIFT);
}

static inline bool xv_is_bool(xv_value v) {
    return v == XV_TRUE || v == XV_FALSE;
}

/* A place in a blob: `kind` is XV_IMM_CONST or XV_IMM_CODE. */
static inline xv_value xv_place(enum xv_imm kind, unsigned slot, uint32_t offset) {
    return XV_IMM(kind, ((uintptr_t)slot << XV_OFFSET_BITS) | offset);
}

static inline unsigned xv_place_slot(xv_value v) {
    return (unsigned)((v >> (XV_IMM_SHIFT + XV_OFFSET_BITS)) & (((uintptr_t)1 << XV_SLOT_BITS) - 1));
}

static inline uint32_t xv_place_offset(xv_value v) {
    return (uint32_t)((v >> XV_IMM_SHIFT) & ((((uintptr_t)1 << (XV_OFFSET_BITS - 1)) << 1) - 1));
}

/* ---- objects */

static inline bool xv_is_object(xv_value v) {
    return v != 0 && (v & XV_IMM_MASK) == 0;
}

/* What lies in an object, as far as the collector is concerned, and its built-in type. The table of layouts in
 * heap/heap.c and that of types in object/type.c have a row for each, in this order (ORDER KIND). */
enum xv_kind {
    XV_KIND_RAW,           /* bytes of any use, no values */
    XV_KIND_ARRAY,         /* values of any use */
    XV_KIND_STR,
    XV_KIND_BYTES,
    XV_KIND_BYTEARRAY,
    XV_KIND_INT,           /* one that is not small */
    XV_KIND_FLOAT,
    XV_KIND_TUPLE,
    XV_KIND_LIST,
    XV_KIND_DICT,
    XV_KIND_SET,
    XV_KIND_FROZENSET,
    XV_KIND_RANGE,
    XV_KIND_SLICE,
    XV_KIND_CELL,
    XV_KIND_FUNCTION,      /* with defaults or a closure; a plain one is an immediate */
    XV_KIND_NATIVE,        /* a function written in C, const */
    XV_KIND_BOUND,         /* method and receiver */
    XV_KIND_TYPE,          /* built-in, const */
    XV_KIND_CLASS,         /* made by a program */
    XV_KIND_SHAPE,
    XV_KIND_INSTANCE,
    XV_KIND_EXCEPTION,
    XV_KIND_MODULE,
    XV_KIND_NATIVE_MODULE, /* const */
    XV_KIND_GENERATOR,
    XV_KIND_PROPERTY,
    XV_KIND_STATICMETHOD,
    XV_KIND_CLASSMETHOD,
    XV_KIND_GENERIC,       /* of the type in its first field: iterators, views, types of lib/ */
    XV_KIND_COUNT
};

/* Header: bit 0 set (an address never has it: that is how compaction tells a header from a thread), mark,
 * gray, kind, and the size of the whole object in words. */
#define XV_H_MARK ((uintptr_t)2)
#define XV_H_GRAY ((uintptr_t)4)
#define XV_H_KIND_SHIFT 3
#define XV_H_SIZE_SHIFT 9
#define XV_HEADER(kind, words) \
    (((uintptr_t)(words) << XV_H_SIZE_SHIFT) | ((uintptr_t)(kind) << XV_H_KIND_SHIFT) | 1u)
/* The header of a const object; its size is of no interest to anyone. */
#define XV_CONST_HEADER(kind) XV_HEADER(kind, 0)
#define XV_MAX_WORDS (UINTPTR_MAX >> (XV_H_SIZE_SHIFT + 1))

struct xv_object {
    uintptr_t header;
};

static inline struct xv_object *xv_object(xv_value v) {
    return (struct xv_object *)v;
}

static inline xv_value xv_from(const void *object) {
    return (xv_value)object;
}

static inline enum xv_kind xv_kind(xv_value v) {
    return (enum xv_kind)((xv_object(v)->header >> XV_H_KIND_SHIFT) & 63u);
}

static inline size_t xv_words(xv_value v) {
    return (size_t)(xv_object(v)->header >> XV_H_SIZE_SHIFT);
}

static inline bool xv_is_kind(xv_value v, enum xv_kind kind) {
    return xv_is_object(v) && xv_kind(v) == kind;
}

/* The values that follow the header of an ARRAY or TUPLE, and how many there are. */
static inline xv_value *xv_items(xv_value v) {
    return (xv_value *)(v + sizeof(xv_value)); /* so that XV_NULL, an empty list's items, has none without undefined behaviour */
}

static inline size_t xv_n_items(xv_value v) {
    return xv_words(v) - 1;
}

/* ---- floats */

struct xv_float {
    uintptr_t header;
    xv_real value;
};

#if XV_FLOAT_IMMEDIATE
#define XV_FLOAT_ZERO ((xv_value)0x8000000000000002u)

static inline bool xv_is_float(xv_value v) {
    return (v & 3) == 2 || xv_is_kind(v, XV_KIND_FLOAT);
}

static inline bool xv_is_flonum(xv_value v) {
    return (v & 3) == 2;
}

static inline double xv_flonum(xv_value v) {
    uint64_t bits = 0;
    if (v != XV_FLOAT_ZERO) {
        /* Bits 62..60 were 011 or 100, and bit 63 of the rotated word still tells which. */
        uint64_t b63 = v >> 63;
        uint64_t t = (2u - b63) | (v & ~(uint64_t)3);
        bits = (t >> 3) | (t << 61);
    }
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

/* XV_NULL if `d` must be boxed. */
static inline xv_value xv_flonum_from(double d) {
    uint64_t bits;
    memcpy(&bits, &d, sizeof bits);
    unsigned top = (unsigned)(bits >> 60) & 7u;
    if (bits != 0x3000000000000000u && (top == 3 || top == 4)) {
        return (((bits << 3) | (bits >> 61)) & ~(uint64_t)3) | 2u;
    }
    return bits == 0 ? XV_FLOAT_ZERO : XV_NULL;
}
#else
static inline bool xv_is_float(xv_value v) {
    return xv_is_kind(v, XV_KIND_FLOAT);
}
#endif

/* The number in a float value. */
static inline xv_real xv_float(xv_value v) {
#if XV_FLOAT_IMMEDIATE
    if (xv_is_flonum(v)) {
        return xv_flonum(v);
    }
#endif
    xv_real r;
    /* No null pointer has the tag of a float. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
    memcpy(&r, &((const struct xv_float *)v)->value, sizeof r);
    return r;
}

#endif
