/* import array: numbers side by side, as C has them.
 *
 * An array is a GENERIC: the bytes (RAW, or XV_NULL as long as there are none), the number of items, the code. Of
 * code 'O', MicroPython's, the items are any objects: they stand in an ARRAY, where the collector sees them, and
 * no buffer is lent of it, as addresses are not for programs to read or write. */
#include "lib/lib.h"

#if XIPVM_MODULE_ARRAY
#include "object/pack.h"
#include "object/container.h"
#include "object/str.h"

enum { DATA, LEN, CODE, N_SLOTS };
#define OBJECTS 'O'

static const struct xv_type array_type;

static size_t array_len(xv_value self) {
    return (size_t)xv_small(xv_slots(self)[LEN]);
}

static char array_code(xv_value self) {
    return (char)xv_small(xv_slots(self)[CODE]);
}

/* 0 for a code that there is none of. */
static size_t size_of_code(char code) {
    size_t align;
    return code == OBJECTS ? sizeof(xv_value) : xv_item_size(code, true, &align);
}

static uint8_t *array_data(xv_value self) {
    return (uint8_t *)xv_items(xv_slots(self)[DATA]);
}

static size_t array_capacity(xv_value self) {
    xv_value data = xv_slots(self)[DATA];
    return data == XV_NULL ? 0 : xv_n_items(data) * sizeof(xv_value) / size_of_code(array_code(self));
}

static xv_value item_at(struct xv_vm *vm, xv_value self, size_t i) {
    char code = array_code(self);
    size_t size = size_of_code(code);
    if (code == OBJECTS) {
        return xv_items(xv_slots(self)[DATA])[i];
    }
    return xv_item_load(vm, code, size, xv_is_big_endian(), array_data(self) + i * size);
}

/* The array itself, or the one that an instance of a subclass wraps; XV_NULL if it is none. */
static xv_value as_array(const struct xv_vm *vm, xv_value v) {
    v = xv_unwrap(vm, v);
    return xv_is_kind(v, XV_KIND_GENERIC) && ((struct xv_generic *)v)->type == xv_from(&array_type) ? v : XV_NULL;
}

static xv_value array_new(struct xv_vm *vm, char code) {
    xv_value self = xv_generic_new(vm, &array_type, N_SLOTS);
    if (self != XV_NULL) {
        xv_slots(self)[LEN] = XV_INT(0);
        xv_slots(self)[CODE] = XV_INT(code);
    }
    return self;
}

/* Makes room for `len` items in all, with some to spare if the array has grown before. *self is rooted. */
static bool reserve(struct xv_vm *vm, const xv_value *self, size_t len) {
    size_t size = size_of_code(array_code(*self));
    size_t capacity = array_capacity(*self);
    if (len <= capacity) {
        return true;
    }
    if (len > SIZE_MAX / 4 / size) {
        xv_raise_memory(vm);
        return false;
    }
    size_t wanted = capacity != 0 && len < capacity + capacity / 2 ? capacity + capacity / 2 : len;
    wanted = wanted < 8 ? 8 : wanted;
    xv_value data = array_code(*self) == OBJECTS ? xv_alloc_array(vm, wanted)
                                                 : xv_alloc_bytes(vm, XV_KIND_RAW, wanted * size);
    if (data == XV_NULL) {
        return false;
    }
    if (capacity != 0) {
        memcpy(xv_items(data), array_data(*self), array_len(*self) * size);
    }
    xv_slots(*self)[DATA] = data;
    return true;
}

/* Appends `len` bytes of a rooted buffer object, from a multiple of the item size. */
static bool append_bytes(struct xv_vm *vm, const xv_value *self, const xv_value *buffer, size_t from, size_t items) {
    size_t size = size_of_code(array_code(*self));
    size_t len = array_len(*self);
    struct xv_buffer source;
    if (items == 0) {
        return true;
    }
    if (items > SIZE_MAX / 4 - len) {
        xv_raise_memory(vm);
        return false;
    }
    if (!reserve(vm, self, len + items)) {
        return false;
    }
    if (as_array(vm, *buffer) != XV_NULL) {
        source.data = array_data(as_array(vm, *buffer));
    } else if (!xv_get_buffer(vm, *buffer, &source)) {
        return false;
    }
    memmove(array_data(*self) + len * size, source.data + from, items * size);
    xv_slots(*self)[LEN] = XV_INT(len + items);
    return true;
}

static bool append_object(struct xv_vm *vm, const xv_value *self, xv_value item) {
    xv_value r[1] = {item};
    XV_ENTER(vm, r);
    size_t len = array_len(*self);
    bool ok = reserve(vm, self, len + 1);
    if (ok) {
        xv_items(xv_slots(*self)[DATA])[len] = r[0];
        xv_slots(*self)[LEN] = XV_INT(len + 1);
    }
    XV_LEAVE(vm);
    return ok;
}

static bool append_item(struct xv_vm *vm, const xv_value *self, xv_value item) {
    uint8_t bytes[XV_ITEM_MAX];
    char code = array_code(*self);
    size_t size = size_of_code(code);
    if (code == OBJECTS) {
        return append_object(vm, self, item);
    }
    if (!xv_item_store(vm, code, size, xv_is_big_endian(), item, bytes) || !reserve(vm, self, array_len(*self) + 1)) {
        return false;
    }
    size_t len = array_len(*self);
    memcpy(array_data(*self) + len * size, bytes, size);
    xv_slots(*self)[LEN] = XV_INT(len + 1);
    return true;
}

static bool append_all(struct xv_vm *vm, const xv_value *self, xv_value iterable) {
    xv_value r[1] = {xv_iter_settled(vm, iterable)};
    XV_ENTER(vm, r);
    xv_value before = xv_slots(*self)[LEN];
    bool ok = r[0] != XV_NULL;
    while (ok) {
        xv_value item = xv_next(vm, r[0]);
        if (item == XV_STOP) {
            break;
        }
        ok = item != XV_NULL && append_item(vm, self, item);
    }
    if (!ok && vm->question != XV_NULL) {
        xv_slots(*self)[LEN] = before; /* all of it is done again (vm/ask.h) */
    }
    XV_LEAVE(vm);
    return ok;
}

static bool is_bytes_like(const struct xv_vm *vm, xv_value v) {
    v = xv_unwrap(vm, v);
    return xv_is_bytes(vm, v) || xv_is_kind(v, XV_KIND_BYTEARRAY);
}

/* Appends what is in `from`: an array of the same code or, for a new array, the bytes as they are; else item by item. */
static bool extend(struct xv_vm *vm, const xv_value *self, xv_value from, bool bytes_as_items) {
    xv_value r[1] = {xv_unwrap(vm, from)};
    XV_ENTER(vm, r);
    bool ok;
    size_t size = size_of_code(array_code(*self));
    struct xv_buffer buffer;
    if (as_array(vm, r[0]) != XV_NULL && array_code(r[0]) == array_code(*self)) {
        ok = append_bytes(vm, self, &r[0], 0, array_len(r[0]));
    } else if (bytes_as_items && array_code(*self) != OBJECTS && is_bytes_like(vm, r[0])) {
        ok = xv_get_buffer(vm, r[0], &buffer);
        if (ok && buffer.len % size != 0) {
            xv_raise(vm, &xv_exc_ValueError, "bytes length not a multiple of item size");
            ok = false;
        }
        ok = ok && append_bytes(vm, self, &r[0], 0, buffer.len / size);
    } else {
        ok = append_all(vm, self, from);
    }
    XV_LEAVE(vm);
    return ok;
}

/* ---- the slots of the type */

static xv_value array_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (!xv_check_arity(vm, "array", n, 1, 2)) {
        return XV_NULL;
    }
    if (!xv_is_str(vm, args[0])) {
        return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", args[0]);
    }
    struct xv_text code = xv_text(vm, xv_unwrap(vm, args[0]));
    if (code.len != 1 || size_of_code((char)code.data[0]) == 0) {
        return xv_raise(vm, &xv_exc_ValueError, "bad typecode");
    }
    args[0] = array_new(vm, (char)code.data[0]);
    return args[0] != XV_NULL && (n == 1 || extend(vm, &args[0], args[1], true)) ? args[0] : XV_NULL;
}

static bool array_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok = xv_putf(out, "array('%c'", array_code(self));
    for (size_t i = 0; i < array_len(r[0]) && ok; i++) {
        xv_value item = XV_NULL;
        ok = xv_puts(out, i == 0 ? ", [" : ", ") &&
             (item = item_at(vm, r[0], i)) != XV_NULL &&
             xv_put_value(out, item, XV_PRINT_REPR);
    }
    ok = ok && xv_puts(out, array_len(r[0]) != 0 ? "])" : ")");
    XV_LEAVE(vm);
    return ok;
}

static bool array_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = array_len(self);
    return true;
}

/* What a slice selects of an array, which is rooted. RuntimeError if an __index__ has changed its length. */
static bool bounds_in(struct xv_vm *vm, const xv_value *self, xv_value slice, intptr_t *start, intptr_t *step, size_t *count) {
    size_t len = array_len(*self);
    if (!xv_slice_bounds(vm, slice, len, start, step, count)) {
        return false;
    }
    if (array_len(*self) != len) {
        xv_raise(vm, &xv_exc_RuntimeError, "array changed size while it was indexed");
        return false;
    }
    return true;
}

/* The index of an item of an array, which is rooted; an __index__ may have shortened it. */
static bool check(struct xv_vm *vm, const xv_value *self, xv_value index, size_t *out) {
    if (!xv_check_index(vm, index, array_len(*self), "array", out)) {
        return false;
    }
    if (*out >= array_len(*self)) {
        xv_raise(vm, &xv_exc_IndexError, "array index out of range");
        return false;
    }
    return true;
}

static xv_value get_slice(struct xv_vm *vm, xv_value self, xv_value slice) {
    intptr_t start, step;
    size_t count;
    xv_value r[2] = {self, XV_NULL};
    size_t size = size_of_code(array_code(self));
    XV_ENTER(vm, r);
    bool ok = bounds_in(vm, &r[0], slice, &start, &step, &count) &&
              (r[1] = array_new(vm, array_code(r[0]))) != XV_NULL && reserve(vm, &r[1], count);
    for (size_t i = 0; i < count && ok; i++) {
        const uint8_t *from = array_data(r[0]) + (size_t)(start + (intptr_t)i * step) * size;
        memcpy(array_data(r[1]) + i * size, from, size);
    }
    if (ok) {
        xv_slots(r[1])[LEN] = XV_INT(count);
    }
    XV_LEAVE(vm);
    return ok ? r[1] : XV_NULL;
}

static xv_value array_get_item(struct xv_vm *vm, xv_value self, xv_value index) {
    size_t at;
    if (xv_is_small(index)) {
        intptr_t i = xv_small(index);
        if (i >= 0 && (size_t)i < array_len(self)) {
            return item_at(vm, self, (size_t)i);
        }
    }
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        return get_slice(vm, self, index);
    }
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok = check(vm, &r[0], index, &at);
    XV_LEAVE(vm);
    return ok ? item_at(vm, r[0], at) : XV_NULL;
}

/* array[a:b] = array of the same code; the array grows or shrinks as needed. */
static bool set_slice(struct xv_vm *vm, xv_value self, xv_value slice, xv_value value) {
    intptr_t start, step;
    size_t count;
    xv_value r[2] = {self, as_array(vm, value)};
    if (r[1] == XV_NULL || array_code(r[1]) != array_code(self)) {
        xv_raise(vm, &xv_exc_NotImplementedError, "array/bytes required on right side");
        return false;
    }
    size_t size = size_of_code(array_code(self));
    XV_ENTER(vm, r);
    bool ok = bounds_in(vm, &r[0], slice, &start, &step, &count);
    size_t len = array_len(r[0]), new_count = array_len(r[1]);
    if (ok && step != 1) {
        xv_raise(vm, &xv_exc_NotImplementedError, "only slices with step=1 (aka None) are supported");
        ok = false;
    }
    ok = ok && reserve(vm, &r[0], len - count + new_count);
    if (ok && (len != 0 || new_count != 0)) {
        uint8_t *at = array_data(r[0]) + (size_t)start * size;
        size_t behind = (len - (size_t)start - count) * size;
        if (r[0] == r[1]) {
            /* x[a:b] = x: the source would be moved under our hands. */
            r[1] = array_new(vm, array_code(r[0]));
            ok = r[1] != XV_NULL && append_bytes(vm, &r[1], &r[0], 0, len);
            at = array_data(r[0]) + (size_t)start * size;
        }
        if (ok) {
            memmove(at + new_count * size, at + count * size, behind);
            if (new_count != 0) {
                memcpy(at, array_data(r[1]), new_count * size);
            }
            if (new_count < count) {
                /* What was an object must not stay one. */
                memset(array_data(r[0]) + (len - count + new_count) * size, 0, (count - new_count) * size);
            }
            xv_slots(r[0])[LEN] = XV_INT(len - count + new_count);
        }
    }
    XV_LEAVE(vm);
    return ok;
}

static bool array_set_item(struct xv_vm *vm, xv_value self, xv_value index, xv_value value) {
    if (value == XV_NULL) {
        xv_raise(vm, &xv_exc_TypeError, "'array' object doesn't support item deletion");
        return false;
    }
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        return set_slice(vm, self, index, value);
    }
    uint8_t item[XV_ITEM_MAX];
    size_t at = 0;
    xv_value r[3] = {self, index, value};
    XV_ENTER(vm, r);
    char code = array_code(self);
    size_t size = size_of_code(code);
    bool ok = (code == OBJECTS || xv_item_store(vm, code, size, xv_is_big_endian(), value, item)) &&
              check(vm, &r[0], r[1], &at);
    if (ok && code == OBJECTS) {
        xv_items(xv_slots(r[0])[DATA])[at] = r[2];
    } else if (ok) {
        memcpy(array_data(r[0]) + at * size, item, size);
    }
    XV_LEAVE(vm);
    return ok;
}

/* The first difference decides; if there is none the lengths do. -1, 0, 1; 2 on an exception. Unless they are
 * `ordered` nothing but 0 tells more than that they differ. */
static int compare(struct xv_vm *vm, xv_value a, xv_value b, bool ordered) {
    xv_value r[4] = {a, b, XV_NULL, XV_NULL};
    int order = 0;
    if (!xv_native_enter(vm)) {
        return 2;
    }
    XV_ENTER(vm, r);
    for (size_t i = 0; order == 0 && i < array_len(r[0]) && i < array_len(r[1]); i++) {
        int equal = -1;
        if ((r[2] = item_at(vm, r[0], i)) != XV_NULL && (r[3] = item_at(vm, r[1], i)) != XV_NULL) {
            equal = xv_equal(vm, r[2], r[3]);
        }
        if (equal == 0) {
            int less = ordered ? xv_less(vm, r[2], r[3]) : 0;
            order = less < 0 ? 2 : less > 0 ? -1 : 1;
        } else if (equal < 0) {
            order = 2;
        }
    }
    if (order == 0) {
        size_t na = array_len(r[0]), nb = array_len(r[1]);
        order = na < nb ? -1 : na > nb;
    }
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return order;
}

static xv_value compared(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    int order = compare(vm, a, b, op != XV_EQ);
    if (order == 2) {
        return XV_NULL;
    }
    switch (op) {
    case XV_LT:
        return XV_BOOL(order < 0);
    case XV_LE:
        return XV_BOOL(order <= 0);
    case XV_GT:
        return XV_BOOL(order > 0);
    case XV_GE:
        return XV_BOOL(order >= 0);
    default:
        return XV_BOOL(order == 0);
    }
}

static xv_value contains(struct xv_vm *vm, xv_value self, xv_value item) {
    xv_value r[2] = {self, item};
    int found = 0;
    XV_ENTER(vm, r);
    for (size_t i = 0; found == 0 && i < array_len(r[0]); i++) {
        xv_value v = item_at(vm, r[0], i);
        found = v == XV_NULL ? -1 : xv_equal(vm, v, r[1]);
    }
    XV_LEAVE(vm);
    return found < 0 ? XV_NULL : XV_BOOL(found);
}

static xv_value concatenate(struct xv_vm *vm, xv_value a, xv_value b) {
    xv_value r[3] = {a, b, XV_NULL};
    XV_ENTER(vm, r);
    r[2] = array_new(vm, array_code(a));
    bool ok = r[2] != XV_NULL && extend(vm, &r[2], r[0], false) && extend(vm, &r[2], r[1], false);
    XV_LEAVE(vm);
    return ok ? r[2] : XV_NULL;
}

static xv_value repeated(struct xv_vm *vm, xv_value a, xv_value times) {
    intptr_t count = xv_small(times);
    xv_value r[2] = {a, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = array_new(vm, array_code(a));
    bool ok = r[1] != XV_NULL;
    size_t len = array_len(r[0]);
    if (ok && count > 0 && len != 0) {
        if ((size_t)count > SIZE_MAX / 4 / len) {
            xv_raise_memory(vm);
            ok = false;
        }
        ok = ok && reserve(vm, &r[1], (size_t)count * len);
        for (intptr_t i = 0; i < count && ok; i++) {
            ok = append_bytes(vm, &r[1], &r[0], 0, len);
        }
    }
    XV_LEAVE(vm);
    return ok ? r[1] : XV_NULL;
}

static xv_value array_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    if (reflected) {
        return op == XV_MUL && xv_is_small(a) ? repeated(vm, as_array(vm, b), a) : XV_NOT_IMPLEMENTED;
    }
    a = as_array(vm, a);
    if (op == XV_IN) {
        return contains(vm, a, b);
    }
    if (op == XV_MUL) {
        return xv_is_small(b) ? repeated(vm, a, b) : XV_NOT_IMPLEMENTED;
    }
    xv_value other = as_array(vm, b);
    if (other == XV_NULL) {
        return XV_NOT_IMPLEMENTED;
    }
    if (op <= XV_GE) {
        return compared(vm, op, a, other);
    }
    if (op == XV_ADD) {
        return array_code(a) == array_code(other) ? concatenate(vm, a, other) : XV_NOT_IMPLEMENTED;
    }
    if (op == XV_IADD) {
        xv_value r[1] = {a};
        XV_ENTER(vm, r);
        bool ok = extend(vm, &r[0], other, false);
        XV_LEAVE(vm);
        return ok ? r[0] : XV_NULL;
    }
    return XV_NOT_IMPLEMENTED;
}

static bool array_buffer(struct xv_vm *vm, xv_value self, struct xv_buffer *out) {
    static const uint8_t nothing[1] = {0}; /* an address, for those who look at none of it */
    size_t size = size_of_code(array_code(self));
    if (array_code(self) == OBJECTS) {
        xv_raise(vm, &xv_exc_TypeError, "an array of objects has no bytes");
        return false;
    }
    bool has_data = xv_slots(self)[DATA] != XV_NULL;
    uint8_t *data = has_data ? array_data(self) : (uint8_t *)(uintptr_t)nothing;
    *out = (struct xv_buffer){data, array_len(self) * size, true, (uint8_t)array_code(self)};
    return true;
}

/* ---- iterator: the array, the index of the next item */

static xv_value iterator_next(struct xv_vm *vm, xv_value self) {
    xv_value array = xv_slots(self)[0];
    intptr_t at = xv_small(xv_slots(self)[1]);
    if ((size_t)at >= array_len(array)) {
        return XV_STOP;
    }
    xv_slots(self)[1] = XV_INT(at + 1);
    return item_at(vm, array, (size_t)at);
}

static const struct xv_type iterator_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_iterator,
    .flags = XV_T_ITER_SELF | XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .next = iterator_next,
};

/* ---- methods */

static xv_value array_append(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    args[0] = xv_unwrap(vm, args[0]);
    return append_item(vm, &args[0], args[1]) ? XV_NONE : XV_NULL;
}

static xv_value array_extend(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    args[0] = xv_unwrap(vm, args[0]);
    return extend(vm, &args[0], args[1], false) ? XV_NONE : XV_NULL;
}

static const struct xv_native methods[] = {
    XV_NATIVE(append, array_append, 2, 2),
    XV_NATIVE(extend, array_extend, 2, 2),
};

static const struct xv_type array_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_array,
    .flags = XV_T_UNHASHABLE | XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    XV_METHODS(methods),
    .make = array_make,
    .print = array_print,
    .binary = array_binary,
    .length = array_length,
    .get_item = array_get_item,
    .set_item = array_set_item,
    .iterator = &iterator_type,
    .buffer = array_buffer,
};

static const struct xv_constant constants[] = {
    XV_CONSTANT(array, &array_type),
};

const struct xv_native_module xv_module_array = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_array,
    XV_CONSTANTS(constants),
};
#endif
