/* micropython.RingIO: a ring of bytes between those who write and those who read. Slots: the buffer (any writable
 * one; of its bytes one stays unused, to tell full from empty), how many bytes of it serve, where the next is read
 * and where it is written. */
#include "lib/lib.h"

#if XIPVM_RINGIO
#include "object/number.h"
#include "object/str.h"
#include "object/text.h"
#include "object/type.h"

enum { BUFFER, SIZE, GET, PUT, N_SLOTS };
#define MAX_SIZE 65535

static size_t slot(xv_value self, unsigned which) {
    return (size_t)xv_small(xv_slots(self)[which]);
}

static void set_slot(xv_value self, unsigned which, size_t n) {
    xv_slots(self)[which] = XV_INT((intptr_t)n);
}

static size_t used(xv_value self) {
    size_t get = slot(self, GET), put = slot(self, PUT);
    return put >= get ? put - get : put + slot(self, SIZE) - get;
}

/* The bytes of the ring. ValueError if the program has cut its buffer down since. */
static uint8_t *ring(struct xv_vm *vm, xv_value self) {
    struct xv_buffer b;
    if (!xv_get_buffer(vm, xv_slots(self)[BUFFER], &b)) {
        return NULL;
    }
    if (b.len < slot(self, SIZE)) {
        xv_raise(vm, &xv_exc_ValueError, "the buffer has become too small");
        return NULL;
    }
    return b.data;
}

/* *v becomes a buffer of the ring's own if it is a size. *size becomes that of the buffer; 0: ValueError. False with
 * an exception. */
static bool make_buffer(struct xv_vm *vm, xv_value *v, size_t *size) {
    xv_value self;
    struct xv_buffer b = {NULL, 0, false, 0};
    const struct xv_type *type = xv_native_type(vm, *v, &self);
    XV_FIND_SLOT(type, buffer);
    if (type != NULL && !type->buffer(vm, self, &b)) {
        return false;
    }
    *size = b.len;
    if (b.writable) {
        return true;
    }
    intptr_t n;
    if (!xv_to_index(vm, *v, &n)) {
        return false;
    }
    *size = n < 0 || n >= MAX_SIZE ? 0 : (size_t)n + 1;
    *v = xv_bytearray_new(vm, *size);
    return *v != XV_NULL;
}

static xv_value make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    size_t size;
    if (!xv_check_arity(vm, "RingIO", n, 1, 1) || !make_buffer(vm, &args[0], &size)) {
        return XV_NULL;
    }
    if (size < 2 || size > MAX_SIZE) {
        return xv_raise(vm, &xv_exc_ValueError, "a RingIO holds 1 to 65534 bytes");
    }
    xv_value v = xv_generic_new(vm, (const struct xv_type *)type, N_SLOTS);
    if (v != XV_NULL) {
        xv_slots(v)[BUFFER] = args[0];
        set_slot(v, SIZE, size);
        set_slot(v, GET, 0);
        set_slot(v, PUT, 0);
    }
    return v;
}

/* Moves the next `n` bytes, which are there, from the ring to `to`. */
static void take(xv_value self, const uint8_t *bytes, uint8_t *to, size_t n) {
    size_t get = slot(self, GET), size = slot(self, SIZE);
    size_t first = n < size - get ? n : size - get;
    if (n > 0) {
        memmove(to, bytes + get, first);
        memmove(to + first, bytes, n - first);
        set_slot(self, GET, (get + n) % size);
    }
}

static xv_value take_bytes(struct xv_vm *vm, xv_value *self, size_t n) {
    uint8_t *to;
    if (n == 0) {
        return xv_text_empty(vm, XV_KIND_BYTES);
    }
    xv_value v = xv_text_blank(vm, XV_KIND_BYTES, n, &to);
    const uint8_t *bytes = v == XV_NULL ? NULL : ring(vm, *self);
    if (bytes == NULL) {
        return XV_NULL;
    }
    take(*self, bytes, to, n);
    return v;
}

/* The optional count in args[i]: at most what is in the ring args[0] then, and that if it is missing, None or negative. */
static bool count_of(struct xv_vm *vm, const xv_value *args, uint32_t n, uint32_t i, size_t *out) {
    intptr_t count = -1;
    if (n > i && args[i] != XV_NONE && !xv_to_index(vm, args[i], &count)) {
        return false;
    }
    size_t most = used(args[0]); /* an __index__ may have read from it */
    *out = count < 0 || (size_t)count > most ? most : (size_t)count;
    return true;
}

static xv_value ring_read(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t count;
    return count_of(vm, args, n, 1, &count) ? take_bytes(vm, &args[0], count) : XV_NULL;
}

static xv_value ring_readline(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t limit, len = 0;
    const uint8_t *bytes = count_of(vm, args, n, 1, &limit) ? ring(vm, args[0]) : NULL;
    if (bytes == NULL) {
        return XV_NULL;
    }
    for (bool more = true; more && len < limit; len++) {
        more = bytes[(slot(args[0], GET) + len) % slot(args[0], SIZE)] != '\n';
    }
    return take_bytes(vm, &args[0], len);
}

static xv_value ring_readinto(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t count;
    struct xv_buffer b;
    if (!count_of(vm, args, n, 2, &count) || !xv_get_buffer(vm, args[1], &b)) {
        return XV_NULL;
    }
    if (!b.writable) {
        return xv_raise(vm, &xv_exc_TypeError, "a writable buffer is required");
    }
    const uint8_t *bytes = ring(vm, args[0]);
    if (bytes == NULL) {
        return XV_NULL;
    }
    count = count < b.len ? count : b.len;
    take(args[0], bytes, b.data, count);
    return XV_INT((intptr_t)count);
}

static xv_value ring_write(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct xv_buffer b;
    uint8_t *bytes = xv_get_buffer(vm, args[1], &b) ? ring(vm, args[0]) : NULL;
    if (bytes == NULL) {
        return XV_NULL;
    }
    size_t put = slot(args[0], PUT), size = slot(args[0], SIZE);
    size_t count = size - 1 - used(args[0]);
    count = count < b.len ? count : b.len;
    size_t first = count < size - put ? count : size - put;
    if (count > 0) {
        memmove(bytes + put, b.data, first);
        memmove(bytes, b.data + first, count - first);
        set_slot(args[0], PUT, (put + count) % size);
    }
    return XV_INT((intptr_t)count);
}

static xv_value ring_any(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return XV_INT((intptr_t)used(args[0]));
}

/* For those who close whatever stream they are given. */
static xv_value ring_close(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)args;
    (void)n;
    return XV_NONE;
}

static bool ring_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)self;
    (void)how;
    return xv_puts(out, "<RingIO>");
}

static const struct xv_native methods[] = {
    XV_NATIVE(any, ring_any, 1, 1),           XV_NATIVE(read, ring_read, 1, 2),
    XV_NATIVE(readline, ring_readline, 1, 2), XV_NATIVE(readinto, ring_readinto, 2, 3),
    XV_NATIVE(write, ring_write, 2, 2),       XV_NATIVE(close, ring_close, 1, 1),
};

const struct xv_type xv_type_ring_io = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_RingIO,
    .base = &xv_type_object,
    XV_METHODS(methods),
    .make = make,
    .print = ring_print,
};
#endif
