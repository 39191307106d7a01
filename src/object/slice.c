/* The type slice. */
#include "object/number.h"
#include "object/print.h"
#include "object/table.h"

static struct xv_slice *slice_of(xv_value v) {
    return (struct xv_slice *)v;
}

xv_value xv_slice_new(struct xv_vm *vm, xv_value start, xv_value stop, xv_value step) {
    xv_value r[3] = {start, stop, step};
    XV_ENTER(vm, r);
    xv_value v = xv_alloc_bytes(vm, XV_KIND_SLICE, sizeof(struct xv_slice) - sizeof(uintptr_t));
    XV_LEAVE(vm);
    if (v != XV_NULL) {
        slice_of(v)->start = r[0];
        slice_of(v)->stop = r[1];
        slice_of(v)->step = r[2];
    }
    return v;
}

/* A bound as a small int, huge ones cut down to the largest; `missing` for None. */
static bool bound(struct xv_vm *vm, xv_value v, intptr_t missing, intptr_t *out) {
    if (xv_is_small(v)) {
        *out = xv_small(v);
        return true;
    }
    if (v == XV_NONE) {
        *out = missing;
        return true;
    }
    if (xv_is_kind(v, XV_KIND_INT)) {
        *out = ((const struct xv_int *)v)->negative ? XV_SMALL_MIN : XV_SMALL_MAX;
        return true;
    }
    if (!xv_to_index(vm, v, out)) {
        return false;
    }
    *out = *out < XV_SMALL_MIN ? XV_SMALL_MIN : *out > XV_SMALL_MAX ? XV_SMALL_MAX : *out;
    return true;
}

/* Counts a bound from the end if it is negative, and keeps it in [low, high]. */
static intptr_t adjust(intptr_t i, intptr_t len, intptr_t low, intptr_t high) {
    i = i < 0 ? i + len : i;
    return i < low ? low : i > high ? high : i;
}

bool xv_slice_indices(struct xv_vm *vm, xv_value slice, size_t len, intptr_t *start, intptr_t *stop,
                      intptr_t *step) {
    if (len > (size_t)XV_SMALL_MAX) {
        xv_raise(vm, &xv_exc_OverflowError, "sequence too long for a slice");
        return false;
    }
    xv_value r[1] = {slice};
    XV_ENTER(vm, r);
    intptr_t n = (intptr_t)len;
    bool ok = bound(vm, slice_of(r[0])->step, 1, step);
    if (ok && *step == 0) {
        xv_raise(vm, &xv_exc_ValueError, "slice step can't be zero");
        ok = false;
    }
    bool down = ok && *step < 0;
    ok = ok && bound(vm, slice_of(r[0])->start, down ? XV_SMALL_MAX : 0, start) &&
         bound(vm, slice_of(r[0])->stop, down ? XV_SMALL_MIN : XV_SMALL_MAX, stop);
    if (ok) {
        *start = adjust(*start, n, down ? -1 : 0, down ? n - 1 : n);
        *stop = adjust(*stop, n, down ? -1 : 0, down ? n - 1 : n);
    }
    XV_LEAVE(vm);
    return ok;
}

bool xv_slice_bounds(struct xv_vm *vm, xv_value slice, size_t len, intptr_t *start, intptr_t *step,
                     size_t *count) {
    intptr_t stop;
    if (!xv_slice_indices(vm, slice, len, start, &stop, step)) {
        return false;
    }
    if (*step > 0) {
        *count = stop > *start ? (size_t)(stop - *start - 1) / (size_t)*step + 1 : 0;
    } else {
        *count = *start > stop ? (size_t)(*start - stop - 1) / (size_t) - *step + 1 : 0;
    }
    return true;
}

static xv_value slice_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (n < 1 || n > 3) {
        return xv_raise(vm, &xv_exc_TypeError, "slice expected 1 to 3 arguments, got %u", (unsigned)n);
    }
    return xv_slice_new(vm, n == 1 ? XV_NONE : args[0], args[n > 1], n > 2 ? args[2] : XV_NONE);
}

static bool slice_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok = xv_puts(out, "slice(") && xv_put_value(out, slice_of(r[0])->start, XV_PRINT_REPR) &&
              xv_puts(out, ", ") && xv_put_value(out, slice_of(r[0])->stop, XV_PRINT_REPR) &&
              xv_puts(out, ", ") && xv_put_value(out, slice_of(r[0])->step, XV_PRINT_REPR) &&
              xv_putc(out, ')');
    XV_LEAVE(vm);
    return ok;
}

/* Slices are equal if their three parts are. */
static xv_value slice_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    (void)reflected;
    if (op != XV_EQ || !xv_is_kind(a, XV_KIND_SLICE) || !xv_is_kind(b, XV_KIND_SLICE)) {
        return XV_NOT_IMPLEMENTED;
    }
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    int equal = xv_equal(vm, slice_of(r[0])->start, slice_of(r[1])->start);
    equal = equal > 0 ? xv_equal(vm, slice_of(r[0])->stop, slice_of(r[1])->stop) : equal;
    equal = equal > 0 ? xv_equal(vm, slice_of(r[0])->step, slice_of(r[1])->step) : equal;
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return equal < 0 ? XV_NULL : XV_BOOL(equal);
}

static xv_value slice_indices(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t len, start, stop, step;
    if (!xv_to_index(vm, args[1], &len)) {
        return XV_NULL;
    }
    if (len < 0) {
        return xv_raise(vm, &xv_exc_ValueError, "length should not be negative");
    }
    if (!xv_slice_indices(vm, args[0], (size_t)len, &start, &stop, &step)) {
        return XV_NULL;
    }
    /* It shifts what is no longer signed. NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    const xv_value parts[3] = {XV_INT(start), XV_INT(stop), XV_INT(step)};
    return xv_tuple_of(vm, parts, 3);
}

static xv_value slice_start(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return slice_of(args[0])->start;
}

static xv_value slice_stop(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return slice_of(args[0])->stop;
}

static xv_value slice_step(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return slice_of(args[0])->step;
}

static const struct xv_native slice_methods[] = {
    XV_NATIVE(indices, slice_indices, 2, 2),
    XV_NATIVE_X(start, slice_start, 1, 1, XV_N_GETTER),
    XV_NATIVE_X(stop, slice_stop, 1, 1, XV_N_GETTER),
    XV_NATIVE_X(step, slice_step, 1, 1, XV_N_GETTER),
};

const struct xv_type xv_type_slice = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_slice,
    .flags = XV_T_NO_SUBCLASS | XV_T_UNHASHABLE,
    .base = &xv_type_object,
    .methods = slice_methods,
    .n_methods = sizeof slice_methods / sizeof *slice_methods,
    .make = slice_make,
    .print = slice_print,
    .binary = slice_binary,
};
