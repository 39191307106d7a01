/* The type tuple, and what list and tuple share: comparison, searching, printing. */
#include "object/number.h"
#include "object/print.h"
#include "object/table.h"

static const struct { uintptr_t header; } empty_tuple = {XV_HEADER(XV_KIND_TUPLE, 1)};

xv_value xv_tuple_new(struct xv_vm *vm, size_t n) {
    if (n == 0) {
        return xv_from(&empty_tuple);
    }
    if (n >= XV_MAX_WORDS) {
        return xv_raise_memory(vm);
    }
    xv_value t = xv_alloc(vm, XV_KIND_TUPLE, n + 1);
    if (t != XV_NULL) {
        for (size_t i = 0; i < n; i++) {
            xv_items(t)[i] = XV_NONE;
        }
    }
    return t;
}

xv_value xv_tuple_of(struct xv_vm *vm, const xv_value *items, size_t n) {
    if (n == 0) {
        return xv_from(&empty_tuple);
    }
    if (n >= XV_MAX_WORDS) {
        return xv_raise_memory(vm);
    }
    xv_value t = xv_alloc(vm, XV_KIND_TUPLE, n + 1);
    if (t != XV_NULL) {
        memcpy(xv_items(t), items, n * sizeof *items);
    }
    return t;
}

/* ---- shared with list */

bool xv_sequence(const struct xv_vm *vm, xv_value v, xv_value **items, size_t *n) {
    v = xv_unwrap(vm, v);
    if (xv_is_kind(v, XV_KIND_LIST)) {
        *n = xv_list(v)->len;
        *items = *n == 0 ? NULL : xv_list_items(v);
        return true;
    }
    if (xv_is_kind(v, XV_KIND_TUPLE)) {
        *n = xv_n_items(v);
        *items = *n == 0 ? NULL : xv_items(v);
        return true;
    }
    return false;
}

static size_t length_of(xv_value v) {
    return xv_kind(v) == XV_KIND_LIST ? xv_list(v)->len : xv_n_items(v);
}

/* The items; not to be asked of an empty list. */
static const xv_value *items_of(xv_value v) {
    return xv_kind(v) == XV_KIND_LIST ? xv_list_items(v) : xv_items(v);
}

/* The first index at which the two differ, or their common length; false on an exception. r: both, rooted.
 * Lists may change meanwhile. */
static bool first_difference(struct xv_vm *vm, const xv_value *r, size_t *out) {
    for (size_t i = 0; i < length_of(r[0]) && i < length_of(r[1]); i++) {
        xv_value x = items_of(r[0])[i], y = items_of(r[1])[i];
        int equal = x == y ? 1 : xv_both_small(x, y) ? 0 : xv_equal(vm, x, y);
        if (equal < 0) {
            return false;
        }
        if (equal == 0) {
            *out = i;
            return true;
        }
    }
    size_t na = length_of(r[0]), nb = length_of(r[1]);
    *out = na < nb ? na : nb;
    return true;
}

static bool orders(enum xv_binary op, size_t na, size_t nb) {
    switch (op) {
    case XV_LT:
        return na < nb;
    case XV_LE:
        return na <= nb;
    case XV_GT:
        return na > nb;
    case XV_GE:
        return na >= nb;
    default:
        return na == nb;
    }
}

xv_value xv_sequence_compare(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    if (op == XV_EQ && length_of(a) != length_of(b)) {
        return XV_FALSE;
    }
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    xv_value r[2] = {a, b}, result = XV_NULL;
    XV_ENTER(vm, r);
    size_t i;
    if (first_difference(vm, r, &i)) {
        size_t na = length_of(r[0]), nb = length_of(r[1]);
        if (i >= na || i >= nb) {
            result = XV_BOOL(orders(op, na, nb));
        } else if (op == XV_EQ) {
            result = XV_FALSE;
        } else {
            result = xv_binary(vm, op, items_of(r[0])[i], items_of(r[1])[i]);
        }
    }
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return result;
}

/* The index from `start` and below `stop` of an item: 1, 0, -1. */
static int find(struct xv_vm *vm, xv_value v, xv_value item, size_t start, size_t stop, size_t *out) {
    xv_value r[2] = {v, item};
    XV_ENTER(vm, r);
    int equal = 0;
    size_t i;
    for (i = start; equal == 0 && i < stop && i < length_of(r[0]); i++) {
        xv_value x = items_of(r[0])[i];
        equal = x == r[1] ? 1 : xv_both_small(x, r[1]) ? 0 : xv_equal(vm, x, r[1]);
    }
    XV_LEAVE(vm);
    *out = i - 1;
    return equal;
}

int xv_sequence_has(struct xv_vm *vm, xv_value v, xv_value item) {
    size_t i;
    return find(vm, v, item, 0, SIZE_MAX, &i);
}

/* An argument of index(): counted from the end if negative, and no less than 0. */
static bool search_bound(struct xv_vm *vm, xv_value arg, size_t len, size_t *out) {
    intptr_t i;
    if (!xv_to_index(vm, arg, &i)) {
        return false;
    }
    if (i < 0) {
        i = (size_t)0 - (size_t)i > len ? 0 : i + (intptr_t)len;
    }
    *out = (size_t)i;
    return true;
}

xv_value xv_sequence_index(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t start = 0, stop = SIZE_MAX, i;
    if ((n > 2 && !search_bound(vm, args[2], length_of(args[0]), &start)) ||
        (n > 3 && !search_bound(vm, args[3], length_of(args[0]), &stop))) {
        return XV_NULL;
    }
    int found = find(vm, args[0], args[1], start, stop, &i);
    if (found == 0) {
        return xv_raise(vm, &xv_exc_ValueError, "object not in sequence");
    }
    return found < 0 ? XV_NULL : XV_INT(i);
}

xv_value xv_sequence_count(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t count = 0, i = 0;
    int found;
    while ((found = find(vm, args[0], args[1], i, SIZE_MAX, &i)) > 0) {
        count++;
        i++;
    }
    return found < 0 ? XV_NULL : XV_INT(count);
}

bool xv_sequence_print(struct xv_vm *vm, xv_value v, struct xv_printer *out, const char *open,
                       const char *close) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    bool ok = xv_puts(out, open);
    for (size_t i = 0; ok && i < length_of(r[0]); i++) {
        ok = (i == 0 || xv_puts(out, ", ")) && i < length_of(r[0]) &&
             xv_put_value(out, items_of(r[0])[i], XV_PRINT_REPR);
    }
    ok = ok && xv_puts(out, close);
    XV_LEAVE(vm);
    return ok;
}

bool xv_sequence_repeat(struct xv_vm *vm, size_t len, xv_value count, size_t *total) {
    intptr_t times;
    if (!xv_to_index(vm, count, &times)) {
        return false;
    }
    if (times <= 0 || len == 0) {
        *total = 0;
        return true;
    }
    if ((size_t)times > XV_MAX_WORDS / len) {
        xv_raise_memory(vm);
        return false;
    }
    *total = (size_t)times * len;
    return true;
}

/* ---- the type */

static xv_value tuple_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (n > 1) {
        return xv_raise(vm, &xv_exc_TypeError, "tuple expected at most 1 argument, got %u", (unsigned)n);
    }
    return n == 0 ? xv_from(&empty_tuple) : xv_tuple_from(vm, args[0]);
}

static bool tuple_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    return xv_sequence_print(vm, self, out, "(", xv_n_items(self) == 1 ? ",)" : ")");
}

static xv_value concat(struct xv_vm *vm, xv_value a, xv_value b) {
    xv_value r[2] = {a, b};
    size_t na = xv_n_items(a), nb = xv_n_items(b);
    if (na == 0 || nb == 0) {
        return na == 0 ? b : a;
    }
    XV_ENTER(vm, r);
    xv_value t = xv_tuple_new(vm, na + nb);
    if (t != XV_NULL) {
        memcpy(xv_items(t), xv_items(r[0]), na * sizeof(xv_value));
        memcpy(xv_items(t) + na, xv_items(r[1]), nb * sizeof(xv_value));
    }
    XV_LEAVE(vm);
    return t;
}

static xv_value repeat(struct xv_vm *vm, xv_value a, xv_value count) {
    xv_value r[1] = {a}, t = XV_NULL;
    size_t n = xv_n_items(a), total;
    XV_ENTER(vm, r);
    if (xv_sequence_repeat(vm, n, count, &total)) {
        t = xv_tuple_new(vm, total);
        for (size_t i = 0; t != XV_NULL && i < total; i += n) {
            memcpy(xv_items(t) + i, xv_items(r[0]), n * sizeof(xv_value));
        }
    }
    XV_LEAVE(vm);
    return t;
}

static xv_value tuple_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    if (op == XV_IN) {
        int has = xv_sequence_has(vm, a, b);
        return has < 0 ? XV_NULL : XV_BOOL(has);
    }
    if (op == XV_MUL) {
        xv_value count = reflected ? a : b;
        bool counts = xv_is_int(count) || xv_is_bool(count);
        return counts ? repeat(vm, reflected ? b : a, count) : XV_NOT_IMPLEMENTED;
    }
    a = xv_unwrap(vm, a);
    b = xv_unwrap(vm, b);
    if (!xv_is_kind(a, XV_KIND_TUPLE) || !xv_is_kind(b, XV_KIND_TUPLE)) {
        return XV_NOT_IMPLEMENTED;
    }
    if (op < XV_NE) {
        return xv_sequence_compare(vm, op, a, b);
    }
    return op == XV_ADD ? concat(vm, a, b) : XV_NOT_IMPLEMENTED;
}

static bool tuple_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    uint32_t hash = 0x345678u, item;
    size_t n = xv_n_items(self), i = 0;
    /* As far as no other code is needed. */
    while (i < n && xv_hash_simple(vm, xv_items(self)[i], &item)) {
        hash = xv_hash_mix(hash, item);
        i++;
    }
    if (i < n) {
        if (!xv_native_enter(vm)) {
            return false;
        }
        xv_value r[1] = {self};
        XV_ENTER(vm, r);
        bool ok = true;
        for (; ok && i < n; i++) {
            ok = xv_hash(vm, xv_items(r[0])[i], &item);
            hash = xv_hash_mix(hash, item);
        }
        XV_LEAVE(vm);
        xv_native_leave(vm);
        if (!ok) {
            return false;
        }
    }
    *out = hash;
    return true;
}

static bool tuple_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = xv_n_items(self);
    return true;
}

static xv_value tuple_slice(struct xv_vm *vm, xv_value self, xv_value slice) {
    xv_value r[1] = {self}, t = XV_NULL;
    intptr_t start, step;
    size_t count;
    XV_ENTER(vm, r);
    if (xv_slice_bounds(vm, slice, xv_n_items(self), &start, &step, &count)) {
        t = count == xv_n_items(r[0]) && step == 1 ? r[0] : xv_tuple_new(vm, count);
        for (size_t i = 0; t != r[0] && t != XV_NULL && i < count; i++) {
            xv_items(t)[i] = xv_items(r[0])[start];
            start += i + 1 < count ? step : 0;
        }
    }
    XV_LEAVE(vm);
    return t;
}

static xv_value tuple_get_item(struct xv_vm *vm, xv_value self, xv_value index) {
    size_t i;
    if (xv_is_small(index) && xv_small(index) >= 0 && (size_t)xv_small(index) < xv_n_items(self)) {
        return xv_items(self)[xv_small(index)];
    }
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        return tuple_slice(vm, self, index);
    }
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok = xv_check_index(vm, index, xv_n_items(self), "tuple", &i);
    XV_LEAVE(vm);
    return ok ? xv_items(r[0])[i] : XV_NULL;
}

static const struct xv_native tuple_methods[] = {
    XV_NATIVE(count, xv_sequence_count, 2, 2),
    XV_NATIVE(index, xv_sequence_index, 2, 4),
};

const struct xv_type xv_type_tuple = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_tuple,
    .flags = XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .methods = tuple_methods,
    .n_methods = sizeof tuple_methods / sizeof *tuple_methods,
    .make = tuple_make,
    .print = tuple_print,
    .binary = tuple_binary,
    .hash = tuple_hash,
    .length = tuple_length,
    .get_item = tuple_get_item,
    .iterator = &xv_type_tuple_iterator,
};
