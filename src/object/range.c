/* The type range. Its three numbers are small ints: larger ones are refused when it is made. */
#include "object/number.h"
#include "object/print.h"
#include "object/table.h"

struct span {
    intptr_t start, stop, step;
};

static struct span span_of(xv_value v) {
    const struct xv_range *r = (const struct xv_range *)v;
    struct span s = {xv_small(r->start), xv_small(r->stop), xv_small(r->step)};
    return s;
}

static size_t length_of(struct span s) {
    if (s.step > 0) {
        return s.stop > s.start ? ((size_t)s.stop - (size_t)s.start - 1) / (size_t)s.step + 1 : 0;
    }
    return s.start > s.stop ? ((size_t)s.start - (size_t)s.stop - 1) / ((size_t)0 - (size_t)s.step) + 1 : 0;
}

size_t xv_range_length(xv_value range) {
    return length_of(span_of(range));
}

/* Item `i`, which exists: so the sum fits although the product may not. */
static xv_value item_at(struct span s, size_t i) {
    return XV_INT((size_t)s.start + i * (size_t)s.step);
}

static xv_value range_new(struct xv_vm *vm, struct span s) {
    if (!xv_fits_small(s.start) || !xv_fits_small(s.stop) || !xv_fits_small(s.step)) {
        return xv_raise(vm, &xv_exc_OverflowError, "overflow converting long int to machine word");
    }
    xv_value v = xv_alloc_bytes(vm, XV_KIND_RANGE, sizeof(struct xv_range) - sizeof(uintptr_t));
    if (v != XV_NULL) {
        struct xv_range *r = (struct xv_range *)v;
        r->start = XV_INT(s.start);
        r->stop = XV_INT(s.stop);
        r->step = XV_INT(s.step);
    }
    return v;
}

static xv_value range_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (n < 1 || n > 3) {
        return xv_raise(vm, &xv_exc_TypeError, "range expected 1 to 3 arguments, got %u", (unsigned)n);
    }
    struct span s = {0, 0, 1};
    if ((n > 1 && !xv_to_index(vm, args[0], &s.start)) || !xv_to_index(vm, args[n > 1], &s.stop) ||
        (n > 2 && !xv_to_index(vm, args[2], &s.step))) {
        return XV_NULL;
    }
    if (s.step == 0) {
        return xv_raise(vm, &xv_exc_ValueError, "zero step");
    }
    return range_new(vm, s);
}

static bool range_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    struct span s = span_of(self);
    return s.step == 1 ? xv_putf(out, "range(%i, %i)", s.start, s.stop)
                       : xv_putf(out, "range(%i, %i, %i)", s.start, s.stop, s.step);
}

static bool range_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = length_of(span_of(self));
    return true;
}

/* The index of a number in the range; false if it is not there. */
static bool find(const struct xv_vm *vm, struct span s, xv_value v, size_t *out) {
    v = xv_unwrap(vm, v);
    intptr_t i;
    if (xv_is_small(v)) {
        i = xv_small(v);
    } else if (xv_is_bool(v)) {
        i = v == XV_TRUE;
    } else if (xv_is_float(v)) {
        double d = (double)xv_float(v);
        /* Also false for a nan. */
        if (!(d >= (double)XV_SMALL_MIN && d < -(double)XV_SMALL_MIN)) {
            return false;
        }
        i = (intptr_t)d;
        if ((double)i != d) {
            return false;
        }
    } else {
        return false;
    }
    size_t distance, step;
    if (s.step > 0) {
        distance = (size_t)i - (size_t)s.start;
        step = (size_t)s.step;
    } else {
        distance = (size_t)s.start - (size_t)i;
        step = (size_t)0 - (size_t)s.step;
    }
    *out = distance / step;
    return (s.step > 0 ? i >= s.start : i <= s.start) && distance % step == 0 && *out < length_of(s);
}

static bool same(struct span a, struct span b) {
    size_t n = length_of(a);
    return n == length_of(b) && (n == 0 || (a.start == b.start && (n == 1 || a.step == b.step)));
}

static xv_value range_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    (void)reflected;
    if (op == XV_IN) {
        size_t i;
        return XV_BOOL(find(vm, span_of(a), b, &i));
    }
    if (op == XV_EQ && xv_is_kind(a, XV_KIND_RANGE) && xv_is_kind(b, XV_KIND_RANGE)) {
        return XV_BOOL(same(span_of(a), span_of(b)));
    }
    return XV_NOT_IMPLEMENTED;
}

static bool range_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    (void)vm;
    struct span s = span_of(self);
    size_t n = length_of(s);
    uint32_t hash = xv_hash_mix(0x345678u, (uint32_t)n);
    hash = n > 0 ? xv_hash_mix(hash, xv_hash_int(s.start)) : hash;
    *out = n > 1 ? xv_hash_mix(hash, xv_hash_int(s.step)) : hash;
    return true;
}

/* *out = a + b * c; false if the range of a small int is left. */
static bool mul_add(intptr_t a, intptr_t b, intptr_t c, intptr_t *out) {
    if (b != 0 && c != 0) {
        size_t mb = b < 0 ? (size_t)0 - (size_t)b : (size_t)b, mc = c < 0 ? (size_t)0 - (size_t)c : (size_t)c;
        if (mb > (size_t)XV_SMALL_MAX / mc) {
            return false;
        }
    }
    /* Both are small, so the sum is far from overflow. */
    *out = a + b * c;
    return xv_fits_small(*out);
}

static xv_value range_slice(struct xv_vm *vm, struct span s, xv_value slice) {
    struct span cut, sub;
    if (!xv_slice_indices(vm, slice, length_of(s), &cut.start, &cut.stop, &cut.step)) {
        return XV_NULL;
    }
    if (!mul_add(s.start, cut.start, s.step, &sub.start) || !mul_add(s.start, cut.stop, s.step, &sub.stop) ||
        !mul_add(0, cut.step, s.step, &sub.step)) {
        return xv_raise(vm, &xv_exc_OverflowError, "overflow converting long int to machine word");
    }
    return range_new(vm, sub);
}

static xv_value range_get_item(struct xv_vm *vm, xv_value self, xv_value index) {
    struct span s = span_of(self);
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        return range_slice(vm, s, index);
    }
    size_t i;
    return xv_check_index(vm, index, length_of(s), "range", &i) ? item_at(s, i) : XV_NULL;
}

static xv_value range_index(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t i;
    if (!find(vm, span_of(args[0]), args[1], &i)) {
        return xv_raise(vm, &xv_exc_ValueError, "object not in sequence");
    }
    return xv_int_from_unsigned(vm, i);
}

static xv_value range_count(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t i;
    return XV_INT(find(vm, span_of(args[0]), args[1], &i));
}

static xv_value range_start(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return ((const struct xv_range *)args[0])->start;
}

static xv_value range_stop(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return ((const struct xv_range *)args[0])->stop;
}

static xv_value range_step(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return ((const struct xv_range *)args[0])->step;
}

static const struct xv_native range_methods[] = {
    XV_NATIVE(count, range_count, 2, 2),
    XV_NATIVE(index, range_index, 2, 2),
    XV_NATIVE_X(start, range_start, 1, 1, XV_N_GETTER),
    XV_NATIVE_X(stop, range_stop, 1, 1, XV_N_GETTER),
    XV_NATIVE_X(step, range_step, 1, 1, XV_N_GETTER),
};

const struct xv_type xv_type_range = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_range,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .methods = range_methods,
    .n_methods = sizeof range_methods / sizeof *range_methods,
    .make = range_make,
    .print = range_print,
    .binary = range_binary,
    .hash = range_hash,
    .length = range_length,
    .get_item = range_get_item,
    .iterator = &xv_type_range_iterator,
};
