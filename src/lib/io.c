/* import io: streams in memory. Slots of a stream: the bytes (a RAW, a bytes object or XV_NULL), how many count, the
 * position, and whether it is open. A StringIO counts positions in bytes and reads in characters, as MicroPython's
 * does. */
#include "lib/stream.h"

#if XIPVM_MODULE_IO
#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
#include "object/type.h"

enum { BYTES, LENGTH, POSITION, IS_OPEN, N_SLOTS };

extern const struct xv_type xv_type_string_io, xv_type_bytes_io;

static size_t slot(xv_value self, unsigned which) {
    return (size_t)xv_small(xv_slots(self)[which]);
}

static void set_slot(xv_value self, unsigned which, size_t n) {
    xv_slots(self)[which] = XV_INT((intptr_t)n);
}

/* The bytes may be those of a bytes object until the first that is written. */
static uint8_t *bytes_of(xv_value self) {
    xv_value v = xv_slots(self)[BYTES];
    return xv_kind(v) == XV_KIND_BYTES ? xv_str(v)->data : (uint8_t *)xv_items(v);
}

static bool is_text(xv_value self) {
    return ((struct xv_generic *)self)->type == xv_from(&xv_type_string_io);
}

static bool is_open(struct xv_vm *vm, xv_value self) {
    if (xv_slots(self)[IS_OPEN] != XV_TRUE) {
        xv_raise(vm, &xv_exc_ValueError, "I/O operation on closed file");
        return false;
    }
    return true;
}

/* Makes room for `n` bytes in all; those not written yet are zero. */
static bool reserve(struct xv_vm *vm, const xv_value *self, size_t n) {
    xv_value old = xv_slots(*self)[BYTES];
    size_t capacity = xv_is_kind(old, XV_KIND_RAW) ? xv_n_items(old) * sizeof(xv_value) : 0;
    if (n <= capacity) {
        return true;
    }
    if (n > (size_t)XV_SMALL_MAX / 2) {
        xv_raise_memory(vm);
        return false;
    }
    /* A bytes object has no room to write in, but all of it is kept. */
    size_t len = slot(*self, LENGTH);
    n = n < len ? len : n;
    xv_value bigger = xv_alloc_bytes(vm, XV_KIND_RAW, n + n / 2 + 16);
    if (bigger == XV_NULL) {
        xv_clear(vm);
        bigger = xv_alloc_bytes(vm, XV_KIND_RAW, n);
    }
    if (bigger == XV_NULL) {
        return false;
    }
    if (old != XV_NULL) {
        memcpy(xv_items(bigger), bytes_of(*self), len);
    }
    xv_slots(*self)[BYTES] = bigger;
    return true;
}

/* Writes the bytes of r[1], as far as what follows it says, at the position of r[0]; `n_args` as for write(). */
static xv_value write_bytes(struct xv_vm *vm, xv_value *r, uint32_t n_args) {
    struct xv_text text;
    if (!xv_write_operand(vm, r, n_args, &text) || !is_open(vm, r[0])) {
        return XV_NULL;
    }
    bool str = xv_is_str(vm, r[1]);
    if (is_text(r[0]) != str) {
        return xv_raise(vm, &xv_exc_TypeError, str ? "a bytes-like object is required" : "a str is required");
    }
    size_t n = text.len, at = slot(r[0], POSITION), len = slot(r[0], LENGTH);
    if (n == 0) {
        return XV_INT(0); /* even behind the end */
    }
    if (!reserve(vm, &r[0], at + n) || !xv_write_operand(vm, r, n_args, &text)) { /* it may have moved */
        return XV_NULL;
    }
    memmove(bytes_of(r[0]) + at, text.data, n);
    set_slot(r[0], POSITION, at + n);
    if (at + n > len) {
        set_slot(r[0], LENGTH, at + n);
    }
    return XV_INT((intptr_t)n);
}

static xv_value make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    if (XV_N_KW(n) != 0 || n > 1) {
        return xv_raise(vm, &xv_exc_TypeError, "function expected at most 1 arguments, got %u", (unsigned)XV_N_POS(n));
    }
    xv_value r[2] = {XV_NULL, n == 1 && args[0] != XV_NONE ? args[0] : XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_generic_new(vm, (const struct xv_type *)type, N_SLOTS);
    if (r[0] != XV_NULL) {
        set_slot(r[0], LENGTH, 0);
        set_slot(r[0], POSITION, 0);
        xv_slots(r[0])[IS_OPEN] = XV_TRUE;
        if (!is_text(r[0]) && xv_is_kind(r[1], XV_KIND_BYTES)) {
            xv_slots(r[0])[BYTES] = r[1];
            set_slot(r[0], LENGTH, xv_text(vm, r[1]).len);
        } else if (r[1] != XV_NULL && xv_is_small(r[1])) {
            /* A size to begin with; a negative one is too large, as in MicroPython. */
            if (!reserve(vm, &r[0], (size_t)xv_small(r[1]))) {
                r[0] = XV_NULL;
            }
        } else if (r[1] != XV_NULL && write_bytes(vm, r, 2) == XV_NULL) {
            r[0] = XV_NULL;
        } else {
            set_slot(r[0], POSITION, 0);
        }
    }
    XV_LEAVE(vm);
    return r[0];
}

/* The next `n` bytes, which are there, as str or bytes; moves the position. UnicodeError if they are to be text and
 * begin or end within a character. */
static xv_value take(struct xv_vm *vm, xv_value self, size_t n) {
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    size_t at = slot(self, POSITION);
    xv_value v;
    if (n > 0 && is_text(self) && !xv_check_text(vm, (struct xv_text){bytes_of(self) + at, n})) {
        v = XV_NULL;
    } else if (n == 0) {
        v = is_text(self) ? XV_QSTR(XV_Q_) : xv_bytes_new(vm, "", 0);
    } else {
        v = xv_str_blank(vm, is_text(self) ? XV_KIND_STR : XV_KIND_BYTES, n);
        if (v != XV_NULL) {
            memcpy(((struct xv_str *)v)->data, bytes_of(r[0]) + at, n);
        }
    }
    if (v != XV_NULL) {
        set_slot(r[0], POSITION, at + n);
    }
    XV_LEAVE(vm);
    return v;
}

static size_t left_in(xv_value self) {
    size_t at = slot(self, POSITION), len = slot(self, LENGTH);
    return at < len ? len - at : 0;
}

/* Bytes that the next `n` characters take, or `n` bytes; no more than there are. */
static size_t span(xv_value self, size_t n) {
    size_t left = left_in(self);
    if (!is_text(self) || left == 0) {
        return n < left ? n : left;
    }
    const uint8_t *start = bytes_of(self) + slot(self, POSITION), *p = start, *end = start + left;
    for (; n > 0 && p < end; n--) {
        xv_utf8_decode(&p, end);
    }
    return (size_t)(p - start);
}

static xv_value stream_read(struct xv_vm *vm, xv_value *args, uint32_t n) {
    intptr_t count = -1;
    if ((n > 1 && args[1] != XV_NONE && !xv_to_index(vm, args[1], &count)) || !is_open(vm, args[0])) {
        return XV_NULL;
    }
    return take(vm, args[0], count < 0 ? left_in(args[0]) : span(args[0], (size_t)count));
}

static xv_value stream_readinto(struct xv_vm *vm, xv_value *args, uint32_t n) {
    struct xv_buffer b;
    intptr_t limit = -1;
    if ((n > 2 && !xv_to_index(vm, args[2], &limit)) || !is_open(vm, args[0]) ||
        !xv_get_buffer(vm, args[1], &b)) {
        return XV_NULL;
    }
    if (!b.writable) {
        return xv_raise(vm, &xv_exc_TypeError, "a writable buffer is required");
    }
    size_t size = left_in(args[0]);
    size = size < b.len ? size : b.len;
    size = limit >= 0 && (size_t)limit < size ? (size_t)limit : size;
    if (size > 0) {
        memcpy(b.data, bytes_of(args[0]) + slot(args[0], POSITION), size);
    }
    set_slot(args[0], POSITION, slot(args[0], POSITION) + size);
    return XV_INT((intptr_t)size);
}

static size_t line_length(xv_value self) {
    size_t left = left_in(self);
    const uint8_t *p = left == 0 ? NULL : bytes_of(self) + slot(self, POSITION);
    const uint8_t *newline = left == 0 ? NULL : memchr(p, '\n', left);
    return newline == NULL ? left : (size_t)(newline - p) + 1;
}

static xv_value stream_readline(struct xv_vm *vm, xv_value *args, uint32_t n) {
    intptr_t limit = -1;
    if ((n > 1 && !xv_to_index(vm, args[1], &limit)) || !is_open(vm, args[0])) {
        return XV_NULL;
    }
    size_t len = line_length(args[0]);
    return take(vm, args[0], limit >= 0 && (size_t)limit < len ? (size_t)limit : len);
}

static xv_value stream_next(struct xv_vm *vm, xv_value self) {
    return is_open(vm, self) ? (left_in(self) == 0 ? XV_STOP : take(vm, self, line_length(self))) : XV_NULL;
}

static xv_value stream_readlines(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return is_open(vm, args[0]) ? xv_list_from(vm, args[0]) : XV_NULL;
}

static xv_value stream_write(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return is_open(vm, args[0]) ? write_bytes(vm, args, n) : XV_NULL;
}

static xv_value stream_seek(struct xv_vm *vm, xv_value *args, uint32_t n) {
    intptr_t offset, whence = 0;
    if (!xv_to_index(vm, args[1], &offset) || (n > 2 && !xv_to_index(vm, args[2], &whence)) ||
        !is_open(vm, args[0])) {
        return XV_NULL;
    }
    size_t from = whence == 0 ? 0 : slot(args[0], whence == 1 ? POSITION : LENGTH);
    intptr_t to;
    if (whence < 0 || whence > 2 || __builtin_add_overflow((intptr_t)from, offset, &to)) {
        return xv_raise_os(vm, XV_EINVAL);
    }
    if ((whence == 0 && to < 0) || to > XV_SMALL_MAX / 4) {
        return xv_raise_os(vm, XV_EINVAL);
    }
    to = to < 0 ? 0 : to;
    set_slot(args[0], POSITION, (size_t)to);
    return XV_INT(to);
}

static xv_value stream_tell(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return is_open(vm, args[0]) ? xv_slots(args[0])[POSITION] : XV_NULL;
}

static xv_value stream_flush(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return is_open(vm, args[0]) ? XV_NONE : XV_NULL;
}

static xv_value stream_getvalue(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!is_open(vm, args[0])) {
        return XV_NULL;
    }
    xv_value at = xv_slots(args[0])[POSITION];
    set_slot(args[0], POSITION, 0);
    xv_value v = take(vm, args[0], slot(args[0], LENGTH));
    xv_slots(args[0])[POSITION] = at;
    return v;
}

static xv_value stream_close(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    xv_slots(args[0])[IS_OPEN] = XV_FALSE;
    xv_slots(args[0])[BYTES] = XV_NULL;
    set_slot(args[0], LENGTH, 0);
    return XV_NONE;
}

static xv_value stream_exit(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return stream_close(vm, args, n);
}

static const struct xv_native stream_methods[] = {
    XV_NATIVE(read, stream_read, 1, 2),           XV_NATIVE(readinto, stream_readinto, 2, 3),
    XV_NATIVE(readline, stream_readline, 1, 2),   XV_NATIVE(readlines, stream_readlines, 1, 1),
    XV_NATIVE(write, stream_write, 2, 4),         XV_NATIVE(seek, stream_seek, 2, 3),
    XV_NATIVE(tell, stream_tell, 1, 1),           XV_NATIVE(flush, stream_flush, 1, 1),
    XV_NATIVE(getvalue, stream_getvalue, 1, 1),   XV_NATIVE(close, stream_close, 1, 1),
    XV_NATIVE(__enter__, xv_stream_enter, 1, 1),  XV_NATIVE(__exit__, stream_exit, 1, 4),
};

static bool stream_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_put_stream(out, self);
}

#define STREAM_TYPE(name_)                                                               \
    {                                                                                    \
        .header = XV_TYPE_HEADER, .name = (name_), .flags = XV_T_ITER_SELF,              \
        .base = &xv_type_object, XV_METHODS(stream_methods), .make = make,               \
        .next = stream_next, .print = stream_print                                       \
    }

const struct xv_type xv_type_string_io = STREAM_TYPE(XV_Q_StringIO);
const struct xv_type xv_type_bytes_io = STREAM_TYPE(XV_Q_BytesIO);

#if XIPVM_FILES
static const struct xv_native functions[] = {
    XV_FUNCTION_X(open, xv_builtin_open, 0, 4, XV_N_KEYWORDS),
};
#endif

static const struct xv_constant constants[] = {
    XV_CONSTANT(IOBase, &xv_type_io_base),
    XV_CONSTANT(StringIO, &xv_type_string_io),
    XV_CONSTANT(BytesIO, &xv_type_bytes_io),
    XV_CONSTANT(FileIO, &xv_type_byte_stream),
    XV_CONSTANT(TextIOWrapper, &xv_type_text_stream),
};

const struct xv_native_module xv_module_io = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_io,
#if XIPVM_FILES
    XV_FUNCTIONS(functions),
#endif
    XV_CONSTANTS(constants),
};
#endif
