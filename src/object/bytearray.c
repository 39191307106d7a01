/* bytearray: bytes in an object of their own, so that they can grow. The capacity is the size of that object.
 */
#include "object/container.h"
#include "object/number.h"
#include "object/text.h"

xv_value xv_bytearray_new(struct xv_vm *vm, size_t len) {
    if (len > XV_STR_MAX) {
        return xv_raise_memory(vm);
    }
    xv_value r[1] = {XV_NULL};
    XV_ENTER(vm, r);
    if (len > 0) {
        r[0] = xv_alloc_bytes(vm, XV_KIND_RAW, len);
    }
    xv_value v = len > 0 && r[0] == XV_NULL
                     ? XV_NULL
                     : xv_alloc(vm, XV_KIND_BYTEARRAY, xv_words_for(sizeof(struct xv_bytearray)));
    XV_LEAVE(vm);
    if (v != XV_NULL) {
        xv_bytearray(v)->data = r[0];
        xv_bytearray(v)->len = len;
    }
    return v;
}

static size_t capacity(xv_value v) {
    xv_value data = xv_bytearray(v)->data;
    return data == XV_NULL ? 0 : xv_n_items(data) * sizeof(xv_value);
}

bool xv_bytearray_resize(struct xv_vm *vm, xv_value v, size_t len) {
    size_t before = xv_bytearray(v)->len;
    if (len > capacity(v)) {
        if (len > XV_STR_MAX) {
            xv_raise_memory(vm);
            return false;
        }
        xv_value r[1] = {v};
        XV_ENTER(vm, r);
        /* Room to grow by half, but not for the first bytes, as most never grow. */
        size_t room = before > 0 && len < XV_STR_MAX / 2 ? len + len / 2 : len;
        xv_value data = xv_alloc_bytes(vm, XV_KIND_RAW, room);
        if (data == XV_NULL && room > len) {
            xv_clear(vm);
            data = xv_alloc_bytes(vm, XV_KIND_RAW, len);
        }
        v = r[0];
        XV_LEAVE(vm);
        if (data == XV_NULL) {
            return false;
        }
        if (before > 0) {
            memcpy(xv_items(data), xv_bytearray_data(v), before);
        }
        xv_bytearray(v)->data = data;
    } else if (len > before) {
        memset(xv_bytearray_data(v) + before, 0, len - before);
    }
    xv_bytearray(v)->len = len;
    return true;
}

/* Replaces `old` bytes at `at` by `new` ones, which the caller fills in. */
static bool make_gap(struct xv_vm *vm, xv_value *self, size_t at, size_t old, size_t new) {
    if (new > old && vm->heap_locked) {
        /* Whether the last word has bytes to spare is no matter of a program's. */
        xv_raise_memory(vm);
        return false;
    }
    size_t len = xv_bytearray(*self)->len;
    size_t tail = len - at - old;
    if (new > old && !xv_bytearray_resize(vm, *self, len + (new - old))) {
        return false;
    }
    if (tail > 0 && new != old) {
        uint8_t *p = xv_bytearray_data(*self) + at;
        memmove(p + new, p + old, tail);
    }
    if (new < old) {
        xv_bytearray(*self)->len = len - (old - new);
    }
    return true;
}

/* True if a buffer of `v` may lie in the bytearray itself. */
static bool may_alias(xv_value self, xv_value v) {
    return v == self || (xv_is_object(v) && xv_kind(v) == XV_KIND_GENERIC);
}

/* The source of bytes to be put into a bytearray: anything that lends a buffer and does not lie in it, made
 * if need be. r[0] is the bytearray, r[1] the source, which may be replaced; both are rooted. */
static bool take_source(struct xv_vm *vm, xv_value *r) {
    r[1] = xv_unwrap(vm, r[1]);
    if (may_alias(r[0], r[1]) || !xv_has_bytes(vm, r[1])) {
        r[1] = xv_bytes_from(vm, XV_KIND_BYTES, r[1]);
    }
    return r[1] != XV_NULL;
}

/* self[at, at + old) = the bytes of r[1]. */
static bool splice(struct xv_vm *vm, xv_value *r, size_t at, size_t old) {
    struct xv_buffer b;
    if (!xv_get_buffer(vm, r[1], &b)) {
        return false;
    }
    size_t len = b.len;
    if (len > XV_STR_MAX - xv_bytearray(r[0])->len) {
        xv_raise_memory(vm);
        return false;
    }
    if (!make_gap(vm, &r[0], at, old, len) || !xv_get_buffer(vm, r[1], &b)) {
        return false;
    }
    if (len > 0) {
        memcpy(xv_bytearray_data(r[0]) + at, b.data, len);
    }
    return true;
}

/* Adds the bytes of r[1]; iterators of Python code may change the bytearray meanwhile. */
static bool extend(struct xv_vm *vm, xv_value *r) {
    return take_source(vm, r) && splice(vm, r, xv_bytearray(r[0])->len, 0);
}

/* ---- methods */

xv_value xv_bytearray_append(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    uint8_t byte;
    if (!xv_to_byte(vm, args[1], &byte)) {
        return XV_NULL;
    }
    size_t len = xv_bytearray(args[0])->len;
    if (len >= capacity(args[0])) {
        if (!xv_bytearray_resize(vm, args[0], len + 1)) {
            return XV_NULL;
        }
    }
    xv_bytearray(args[0])->len = len + 1;
    xv_bytearray_data(args[0])[len] = byte;
    return XV_NONE;
}

xv_value xv_bytearray_extend(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return extend(vm, args) ? XV_NONE : XV_NULL;
}

xv_value xv_bytearray_insert(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t at;
    uint8_t byte;
    if (!xv_to_index(vm, args[1], &at) || !xv_to_byte(vm, args[2], &byte)) {
        return XV_NULL;
    }
    intptr_t len = (intptr_t)xv_bytearray(args[0])->len;
    at += at < 0 ? len : 0;
    at = at < 0 ? 0 : at > len ? len : at;
    if (!make_gap(vm, &args[0], (size_t)at, 0, 1)) {
        return XV_NULL;
    }
    xv_bytearray_data(args[0])[at] = byte;
    return XV_NONE;
}

xv_value xv_bytearray_pop(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t at;
    if (xv_bytearray(args[0])->len == 0) {
        return xv_raise(vm, &xv_exc_IndexError, "pop from empty bytearray");
    }
    if (!xv_check_index(vm, n > 1 ? args[1] : XV_INT(-1), xv_bytearray(args[0])->len, "pop", &at)) {
        return XV_NULL;
    }
    /* An __index__ may have shortened it. */
    if (at >= xv_bytearray(args[0])->len) {
        return xv_raise(vm, &xv_exc_IndexError, "pop index out of range");
    }
    xv_value byte = XV_INT(xv_bytearray_data(args[0])[at]);
    make_gap(vm, &args[0], at, 1, 0);
    return byte;
}

xv_value xv_bytearray_remove(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    uint8_t byte;
    if (!xv_to_byte(vm, args[1], &byte)) {
        return XV_NULL;
    }
    size_t at = xv_find_first(xv_span(vm, args[0]), (struct xv_text){&byte, 1});
    if (at == XV_NOT_FOUND) {
        return xv_raise(vm, &xv_exc_ValueError, "value not found in bytearray");
    }
    make_gap(vm, &args[0], at, 1, 0);
    return XV_NONE;
}

xv_value xv_bytearray_clear(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    xv_bytearray(args[0])->data = XV_NULL;
    xv_bytearray(args[0])->len = 0;
    return XV_NONE;
}

xv_value xv_bytearray_copy(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_text_part(vm, XV_KIND_BYTEARRAY, args[0], 0, xv_bytearray(args[0])->len);
}

xv_value xv_bytearray_reverse(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    size_t len = xv_bytearray(args[0])->len;
    if (len == 0) {
        return XV_NONE;
    }
    uint8_t *data = xv_bytearray_data(args[0]);
    for (size_t i = 0; i < len / 2; i++) {
        uint8_t byte = data[i];
        data[i] = data[len - 1 - i];
        data[len - 1 - i] = byte;
    }
    return XV_NONE;
}

/* ---- slots of the type */

static xv_value bytearray_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    return xv_bytes_make(vm, XV_KIND_BYTEARRAY, args, n);
}

static bool bytearray_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool good = xv_puts(out, "bytearray(") && xv_put_bytes_repr(out, r[0]) && xv_putc(out, ')');
    XV_LEAVE(vm);
    return good;
}

static xv_value bytearray_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b,
                                 bool reflected) {
    if (op == XV_IADD && !reflected) {
        if (!xv_has_bytes(vm, b)) {
            return XV_NOT_IMPLEMENTED;
        }
        xv_value r[2] = {a, b};
        XV_ENTER(vm, r);
        bool good = extend(vm, r);
        XV_LEAVE(vm);
        return good ? r[0] : XV_NULL;
    }
    if (op == XV_IMUL && !reflected && (xv_is_int(b) || xv_is_bool(b))) {
        xv_value r[1] = {a};
        XV_ENTER(vm, r);
        xv_value many = xv_text_repeat(vm, XV_KIND_BYTEARRAY, r[0], b);
        if (many != XV_NULL) {
            xv_bytearray(r[0])->data = xv_bytearray(many)->data;
            xv_bytearray(r[0])->len = xv_bytearray(many)->len;
        }
        XV_LEAVE(vm);
        return many == XV_NULL ? XV_NULL : r[0];
    }
    return xv_bytes_binary(vm, op, a, b, reflected);
}

static bool bytearray_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = xv_bytearray(self)->len;
    return true;
}

static bool bytearray_buffer(struct xv_vm *vm, xv_value self, struct xv_buffer *out) {
    struct xv_text t = xv_span(vm, self);
    *out = (struct xv_buffer){(uint8_t *)(uintptr_t)t.data, t.len, true, 'B'};
    return true;
}

/* Removes `count` bytes, `step` > 1 apart. */
static void delete_steps(xv_value self, size_t from, size_t step, size_t count) {
    uint8_t *data = xv_bytearray_data(self);
    size_t len = xv_bytearray(self)->len;
    size_t to = from;
    for (size_t i = from; i < len; i++) {
        if (count > 0 && (i - from) % step == 0) {
            count--;
        } else {
            data[to++] = data[i];
        }
    }
    xv_bytearray(self)->len = to;
}

/* self[slice] = source, or del self[slice] if it is XV_NULL: r[0], r[2], r[1]. */
static bool set_slice(struct xv_vm *vm, xv_value *r) {
    intptr_t start, step;
    size_t count;
    bool delete = r[1] == XV_NULL;
    if (!delete &&!take_source(vm, r)) {
        return false;
    }
    size_t len = xv_bytearray(r[0])->len;
    if (!xv_slice_bounds(vm, r[2], len, &start, &step, &count)) {
        return false;
    }
    /* An __index__ may have done so. */
    if (xv_bytearray(r[0])->len != len) {
        xv_raise(vm, &xv_exc_RuntimeError, "bytearray changed size during indexing");
        return false;
    }
    if (step == 1) {
        return delete ? make_gap(vm, &r[0], (size_t)start, count, 0) : splice(vm, r, (size_t)start, count);
    }
    if (delete) {
        if (count > 0) {
            /* From the lowest on. With more than one the step is less than the length. */
            size_t low = (size_t)(step > 0 ? start : start + (intptr_t)(count - 1) * step);
            delete_steps(r[0], low, count == 1 ? 1 : (size_t)(step > 0 ? step : -step), count);
        }
        return true;
    }
    struct xv_buffer b;
    if (!xv_get_buffer(vm, r[1], &b)) {
        return false;
    }
    if (b.len != count) {
        xv_raise(vm, &xv_exc_ValueError, "attempt to assign bytes of size %z to extended slice of size %z",
                 b.len, count);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        xv_bytearray_data(r[0])[start + (intptr_t)i * step] = b.data[i];
    }
    return true;
}

static bool bytearray_set_item(struct xv_vm *vm, xv_value self, xv_value index, xv_value value) {
    if (xv_is_small(index) && xv_is_small(value)) {
        intptr_t i = xv_small(index);
        intptr_t byte = xv_small(value);
        if (i >= 0 && (size_t)i < xv_bytearray(self)->len && byte >= 0 && byte <= 255) {
            xv_bytearray_data(self)[i] = (uint8_t)byte;
            return true;
        }
    }
    xv_value r[3] = {self, value, index};
    XV_ENTER(vm, r);
    bool good;
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        good = set_slice(vm, r);
    } else {
        size_t at;
        uint8_t byte = 0;
        good = value == XV_NULL || xv_to_byte(vm, value, &byte);
        good = good && xv_check_index(vm, r[2], xv_bytearray(r[0])->len, "bytearray", &at);
        /* __index__ of a program may have shortened it. */
        if (good && at >= xv_bytearray(r[0])->len) {
            xv_raise(vm, &xv_exc_IndexError, "bytearray index out of range");
            good = false;
        }
        if (good && value == XV_NULL) {
            good = make_gap(vm, &r[0], at, 1, 0);
        } else if (good) {
            xv_bytearray_data(r[0])[at] = byte;
        }
    }
    XV_LEAVE(vm);
    return good;
}

const struct xv_type xv_type_bytearray = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_bytearray,
    .flags = XV_T_NATIVE_SUB | XV_T_UNHASHABLE,
    .base = &xv_type_object,
    .methods = xv_text_methods + XV_N_STR_ONLY,
    .n_methods = XV_N_COMMON + XV_N_BYTES_ONLY + XV_N_BYTEARRAY_ONLY,
    .make = bytearray_make,
    .print = bytearray_print,
    .binary = bytearray_binary,
    .length = bytearray_length,
    .get_item = xv_bytes_get_item,
    .set_item = bytearray_set_item,
    .iterator = &xv_type_bytes_iterator,
    .buffer = bytearray_buffer,
};
