/* bytes, and what bytearray has in common with it beyond the methods in str_methods.c: constructors,
 * operators, repr, iteration. Relies on text.h's view of both as a run of bytes. */
#include "object/container.h"
#include "object/number.h"
#include "object/text.h"

bool xv_to_byte(struct xv_vm *vm, xv_value v, uint8_t *out) {
    intptr_t i;
    if (xv_is_small(v)) {
        i = xv_small(v);
    } else if (!xv_to_index(vm, v, &i)) {
        return false;
    }
    if (i < 0 || i > 255) {
        xv_raise(vm, &xv_exc_ValueError, "bytes value out of range");
        return false;
    }
    *out = (uint8_t)i;
    return true;
}

/* ---- making them */

/* A copy of what a buffer object lends. */
static xv_value from_buffer(struct xv_vm *vm, enum xv_kind kind, xv_value v) {
    xv_value r[1] = {v};
    struct xv_buffer b;
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if (xv_get_buffer(vm, r[0], &b)) {
        uint8_t *data = NULL;
        size_t len = b.len;
        made = len == 0 ? xv_text_empty(vm, kind) : xv_text_blank(vm, kind, len, &data);
        if (made != XV_NULL && len > 0) {
            /* Its address may have changed, nothing else has. */
            if (xv_get_buffer(vm, r[0], &b)) {
                memcpy(data, b.data, len);
            } else {
                made = XV_NULL;
            }
        }
    }
    XV_LEAVE(vm);
    return made;
}

static xv_value from_iterable(struct xv_vm *vm, enum xv_kind kind, xv_value v) {
    xv_value r[2] = {v, XV_NULL};
    XV_ENTER(vm, r);
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    r[1] = xv_iter_settled(vm, r[0]);
    bool good = r[1] != XV_NULL;
    while (good) {
        uint8_t byte;
        xv_value item = xv_next(vm, r[1]);
        if (item == XV_STOP) {
            break;
        }
        good = item != XV_NULL && xv_to_byte(vm, item, &byte) && xv_putc(&out, (char)byte);
    }
    xv_value made = XV_NULL;
    if (good) {
        made = xv_printer_finish_bytes(&out);
        if (made != XV_NULL && kind == XV_KIND_BYTEARRAY) {
            made = xv_text_part(vm, kind, made, 0, xv_text(vm, made).len);
        }
    } else {
        xv_printer_end(&out);
    }
    XV_LEAVE(vm);
    return made;
}

xv_value xv_bytes_from(struct xv_vm *vm, enum xv_kind kind, xv_value v) {
    v = xv_unwrap(vm, v);
    if (kind == XV_KIND_BYTES && xv_is_bytes(vm, v)) {
        return v;
    }
    return xv_has_bytes(vm, v) ? from_buffer(vm, kind, v) : from_iterable(vm, kind, v);
}

/* bytes(n): that many zeros. */
static xv_value zeros(struct xv_vm *vm, enum xv_kind kind, xv_value n) {
    intptr_t len;
    if (!xv_to_index(vm, n, &len)) {
        return XV_NULL;
    }
    if (len < 0) {
        return xv_raise(vm, &xv_exc_ValueError, "negative count");
    }
    uint8_t *data;
    return len == 0 ? xv_text_empty(vm, kind) : xv_text_blank(vm, kind, (size_t)len, &data);
}

/* `given` is the source, encoding and errors, or XV_NULL for each that was not given. */
static xv_value make(struct xv_vm *vm, enum xv_kind kind, const xv_value *given) {
    if (given[0] == XV_NULL) {
        return xv_text_empty(vm, kind);
    }
    xv_value source = xv_unwrap(vm, given[0]);
    if (xv_is_str(vm, source)) {
        if (given[1] == XV_NULL) {
            return xv_raise(vm, &xv_exc_TypeError, "string argument without an encoding");
        }
        return xv_encode(vm, kind, source, given[1], given[2]);
    }
    if (given[1] != XV_NULL || given[2] != XV_NULL) {
        return xv_raise(vm, &xv_exc_TypeError, "encoding without a string argument");
    }
    return xv_is_int(source) || xv_is_bool(source) ? zeros(vm, kind, source)
                                                   : xv_bytes_from(vm, kind, source);
}

xv_value xv_bytes_make(struct xv_vm *vm, enum xv_kind kind, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_source, XV_Q_encoding, XV_Q_errors};
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if (xv_parse_args(vm, kind == XV_KIND_BYTES ? "bytes" : "bytearray", args, n, names, 3, 0, r)) {
        made = make(vm, kind, r);
    }
    XV_LEAVE(vm);
    return made;
}

static xv_value bytes_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    return xv_bytes_make(vm, XV_KIND_BYTES, args, n);
}

/* ---- text */

static bool bytes_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_put_bytes_repr(out, self);
}

xv_value xv_bytes_hex(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const char digits[] = "0123456789abcdef";
    struct xv_buffer b;
    uint8_t separator = 0;
    if (n > 1) {
        xv_value s = xv_unwrap(vm, args[1]);
        enum xv_kind kind = xv_text_kind(vm, s);
        struct xv_text t = {NULL, 0};
        if (kind != XV_KIND_COUNT) {
            t = xv_span(vm, s);
        }
        if (t.len != 1 || t.data[0] >= 0x80) {
            return xv_raise(vm, &xv_exc_ValueError, "sep must be one ASCII character");
        }
        separator = t.data[0];
    }
    if (!xv_get_buffer(vm, args[0], &b)) {
        return XV_NULL;
    }
    size_t each = n > 1 ? 3 : 2;
    if (b.len == 0) {
        return XV_QSTR(XV_Q_);
    }
    if (b.len > XV_STR_MAX / each) {
        return xv_raise_memory(vm);
    }
    size_t len = b.len * each - (each - 2);
    xv_value made = xv_str_blank(vm, XV_KIND_STR, len);
    if (made == XV_NULL || !xv_get_buffer(vm, args[0], &b)) {
        return XV_NULL;
    }
    uint8_t *to = xv_str(made)->data;
    for (size_t i = 0; i < b.len; i++) {
        if (i > 0 && each == 3) {
            *to++ = separator;
        }
        *to++ = (uint8_t)digits[b.data[i] >> 4];
        *to++ = (uint8_t)digits[b.data[i] & 15];
    }
    return made;
}

/* ---- operators */

/* a + b, of a's type; b lends a buffer. */
static xv_value add(struct xv_vm *vm, xv_value a, xv_value b) {
    xv_value r[2] = {a, b};
    struct xv_buffer with;
    XV_ENTER(vm, r);
    xv_value made = XV_NULL;
    if (xv_get_buffer(vm, r[1], &with)) {
        enum xv_kind kind = xv_text_kind(vm, r[0]);
        size_t len = xv_span(vm, r[0]).len;
        size_t more = with.len;
        if (more == 0) {
            made = xv_text_part(vm, kind, r[0], 0, len);
        } else if (len == 0 && kind == XV_KIND_BYTES && xv_is_bytes(vm, r[1])) {
            made = r[1];
        } else if (more > XV_STR_MAX - len) {
            xv_raise_memory(vm);
        } else {
            uint8_t *data = NULL;
            made = xv_text_blank(vm, kind, len + more, &data);
            if (made != XV_NULL && !xv_get_buffer(vm, r[1], &with)) {
                made = XV_NULL;
            }
            if (made != XV_NULL) {
                if (len > 0) {
                    memcpy(data, xv_span(vm, r[0]).data, len);
                }
                memcpy(data + len, with.data, more);
            }
        }
    }
    XV_LEAVE(vm);
    return made;
}

xv_value xv_bytes_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    if (op == XV_MOD && !reflected) {
        return xv_str_percent(vm, a, b);
    }
    if (op == XV_MUL) {
        xv_value n = reflected ? a : b;
        xv_value text = reflected ? b : a;
        return xv_is_int(n) || xv_is_bool(n) ? xv_text_repeat(vm, xv_text_kind(vm, text), text, n)
                                             : XV_NOT_IMPLEMENTED;
    }
    if (reflected) {
        return XV_NOT_IMPLEMENTED;
    }
    b = xv_unwrap(vm, b);
    struct xv_text t;
    if (op == XV_IN) {
        uint8_t byte;
        if (xv_is_int(b)) {
            t = (struct xv_text){&byte, 1};
            return xv_to_byte(vm, b, &byte) ? XV_BOOL(xv_find_first(xv_span(vm, a), t) != XV_NOT_FOUND)
                                            : XV_NULL;
        }
        return xv_operand(vm, a, b, &t) ? XV_BOOL(xv_find_first(xv_span(vm, a), t) != XV_NOT_FOUND) : XV_NULL;
    }
    bool compares = op == XV_EQ || op == XV_NE || op == XV_LT || op == XV_GT || op == XV_LE || op == XV_GE;
    /* Any bytes can be added, but an array of numbers is not equal to the bytes that these happen to have. */
    bool comparable = xv_is_bytes(vm, b) || xv_is_kind(b, XV_KIND_BYTEARRAY) || xv_is_a(vm, b, &xv_type_memoryview);
    if ((op != XV_ADD && !(compares && comparable)) || !xv_has_bytes(vm, b)) {
        return XV_NOT_IMPLEMENTED;
    }
    if (op == XV_ADD) {
        return add(vm, a, b);
    }
    return xv_operand(vm, a, b, &t) ? XV_BOOL(xv_order_holds(op, xv_text_compare(xv_span(vm, a), t)))
                                    : XV_NULL;
}

/* ---- the other slots */

static int bytes_truth(struct xv_vm *vm, xv_value self) {
    return xv_text(vm, self).len != 0;
}

static bool bytes_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    *out = xv_str_hash(vm, self);
    return true;
}

static bool bytes_length(struct xv_vm *vm, xv_value self, size_t *out) {
    *out = xv_text(vm, self).len;
    return true;
}

static bool bytes_buffer(struct xv_vm *vm, xv_value self, struct xv_buffer *out) {
    struct xv_text t = xv_text(vm, self);
    *out = (struct xv_buffer){(uint8_t *)(uintptr_t)t.data, t.len, false, 'B'};
    return true;
}

/* Slots of the iterator are the bytes or bytearray and the position. */
static xv_value bytes_next(struct xv_vm *vm, xv_value self) {
    xv_value *slots = xv_slots(self);
    struct xv_text t = xv_span(vm, slots[0]);
    size_t at = (size_t)xv_small(slots[1]);
    if (at >= t.len) {
        return XV_STOP;
    }
    slots[1] = XV_INT(at + 1);
    return XV_INT(t.data[at]);
}

const struct xv_type xv_type_bytes_iterator = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_iterator,
    .flags = XV_T_ITER_SELF | XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .next = bytes_next,
};

const struct xv_type xv_type_bytes = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_bytes,
    .flags = XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .methods = xv_text_methods + XV_N_STR_ONLY,
    .n_methods = XV_N_COMMON + XV_N_BYTES_ONLY,
    .make = bytes_make,
    .print = bytes_print,
    .binary = xv_bytes_binary,
    .truth = bytes_truth,
    .hash = bytes_hash,
    .length = bytes_length,
    .get_item = xv_bytes_get_item,
    .iterator = &xv_type_bytes_iterator,
    .buffer = bytes_buffer,
};
