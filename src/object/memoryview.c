/* memoryview: a part of another object's buffer, or of memory of the host.
 *
 * A view keeps the object and an offset, and asks for the buffer at every use: the object may move, and a
 * bytearray may grow or shrink. A view whose part is there no more raises ValueError. Host memory is known by
 * a RAW object that all slices share, so that releasing one view releases them all. */
#include "object/pack.h"
#include "object/container.h"
#include "object/number.h"
#include "object/text.h"

enum {
    OWNER,
    START,
    COUNT,
    ITEM,
    SIZE,
    N_SLOTS
}; /* START in bytes, COUNT in items of SIZE bytes and code ITEM */

struct host_memory {
    uintptr_t header;
    uint8_t *data; /* NULL: released */
    size_t len;
    bool writable;
};

static xv_value new_view(struct xv_vm *vm, xv_value owner, size_t start, size_t count, uint8_t item,
                         size_t size) {
    xv_value r[1] = {owner};
    XV_ENTER(vm, r);
    xv_value view = xv_generic_new(vm, &xv_type_memoryview, N_SLOTS);
    XV_LEAVE(vm);
    if (view != XV_NULL) {
        xv_value *slots = xv_slots(view);
        slots[OWNER] = r[0];
        slots[START] = XV_INT(start);
        slots[COUNT] = XV_INT(count);
        slots[ITEM] = XV_INT(item);
        slots[SIZE] = XV_INT(size);
    }
    return view;
}

static size_t slot(xv_value view, unsigned i) {
    return (size_t)xv_small(xv_slots(view)[i]);
}

static bool is_view(xv_value v) {
    return xv_is_kind(v, XV_KIND_GENERIC) && ((struct xv_generic *)v)->type == xv_from(&xv_type_memoryview);
}

xv_value xv_memoryview_new(struct xv_vm *vm, xv_value owner) {
    owner = xv_unwrap(vm, owner);
    if (is_view(owner)) {
        return new_view(vm, xv_slots(owner)[OWNER], slot(owner, START), slot(owner, COUNT),
                        (uint8_t)slot(owner, ITEM), slot(owner, SIZE));
    }
    struct xv_buffer b;
    if (!xv_has_bytes(vm, owner)) {
        return xv_raise(vm, &xv_exc_TypeError, "object with buffer protocol required");
    }
    xv_value r[1] = {owner};
    XV_ENTER(vm, r);
    xv_value view = XV_NULL;
    if (xv_get_buffer(vm, r[0], &b)) {
        size_t align;
        size_t size = xv_item_size((char)b.item, true, &align);
        size = size == 0 ? 1 : size;
        view = new_view(vm, r[0], 0, b.len / size, b.item, size);
    }
    XV_LEAVE(vm);
    return view;
}

xv_value xv_memoryview_host(struct xv_vm *vm, void *data, size_t len, bool writable) {
    if (len > (size_t)XV_SMALL_MAX) {
        return xv_raise(vm, &xv_exc_OverflowError, "buffer too large");
    }
    xv_value owner = xv_alloc(vm, XV_KIND_RAW, xv_words_for(sizeof(struct host_memory)));
    if (owner == XV_NULL) {
        return XV_NULL;
    }
    struct host_memory *memory = (struct host_memory *)owner;
    memory->data = data;
    memory->len = len;
    memory->writable = writable;
    return new_view(vm, owner, 0, len, 'B', 1);
}

void xv_memoryview_release(xv_value view) {
    xv_value owner = xv_slots(view)[OWNER];
    if (xv_is_kind(owner, XV_KIND_RAW)) {
        ((struct host_memory *)owner)->data = NULL;
        ((struct host_memory *)owner)->len = 0;
    }
}

/* The view's own bytes, checked anew. Allocates only to raise. */
static bool view_buffer(struct xv_vm *vm, xv_value self, struct xv_buffer *out) {
    static uint8_t const nothing[1] = {0};
    xv_value owner = xv_slots(self)[OWNER];
    if (xv_is_kind(owner, XV_KIND_RAW)) {
        const struct host_memory *memory = (const struct host_memory *)owner;
        *out = (struct xv_buffer){memory->data, memory->len, memory->writable, 'B'};
        if (memory->data == NULL && slot(self, COUNT) == 0) {
            out->data = (uint8_t *)(uintptr_t)nothing;
        }
    } else if (!xv_get_buffer(vm, owner, out)) {
        return false;
    }
    size_t start = slot(self, START);
    size_t len = slot(self, COUNT) * slot(self, SIZE);
    if (start > out->len || len > out->len - start || out->data == NULL) {
        xv_raise(vm, &xv_exc_ValueError, "the memory of the memoryview is gone");
        return false;
    }
    out->data += start;
    out->len = len;
    out->item = (uint8_t)slot(self, ITEM);
    return true;
}

/* ---- items */

static xv_value item_at(struct xv_vm *vm, xv_value self, size_t i) {
    struct xv_buffer b;
    if (!view_buffer(vm, self, &b)) {
        return XV_NULL;
    }
    if (b.item == 'B') {
        return XV_INT(b.data[i]);
    }
    size_t size = slot(self, SIZE);
    return xv_item_load(vm, (char)b.item, size, xv_is_big_endian(), b.data + i * size);
}

static bool bounds_of_slice(struct xv_vm *vm, xv_value self, xv_value slice, size_t *start, size_t *count) {
    intptr_t first, step;
    if (!xv_slice_bounds(vm, slice, slot(self, COUNT), &first, &step, count)) {
        return false;
    }
    if (step != 1) {
        xv_raise(vm, &xv_exc_NotImplementedError, "only slices with step=1 (aka None) are supported");
        return false;
    }
    *start = (size_t)first;
    return true;
}

static xv_value view_get_item(struct xv_vm *vm, xv_value self, xv_value index) {
    xv_value r[1] = {self};
    size_t at, count;
    XV_ENTER(vm, r);
    xv_value item = XV_NULL;
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        if (bounds_of_slice(vm, r[0], index, &at, &count)) {
            xv_value v = r[0];
            item = new_view(vm, xv_slots(v)[OWNER], slot(v, START) + at * slot(v, SIZE), count,
                            (uint8_t)slot(v, ITEM), slot(v, SIZE));
        }
    } else if (xv_check_index(vm, index, slot(self, COUNT), "memoryview", &at)) {
        item = item_at(vm, r[0], at);
    }
    XV_LEAVE(vm);
    return item;
}

/* self[slice] = a buffer of the same length and items: r[0], r[2], r[1]. */
static bool set_slice(struct xv_vm *vm, xv_value *r) {
    size_t at, count;
    struct xv_buffer to, from;
    r[1] = xv_unwrap(vm, r[1]);
    if (!xv_has_bytes(vm, r[1])) {
        xv_raise(vm, &xv_exc_TypeError, "object with buffer protocol required");
        return false;
    }
    if (!bounds_of_slice(vm, r[0], r[2], &at, &count) || !xv_get_buffer(vm, r[1], &from) ||
        !view_buffer(vm, r[0], &to)) {
        return false;
    }
    size_t size = slot(r[0], SIZE);
    if (from.len != count * size || from.item != to.item) {
        xv_raise(vm, &xv_exc_ValueError, "lhs and rhs should be compatible");
        return false;
    }
    if (from.len > 0) {
        memmove(to.data + at * size, from.data, from.len);
    }
    return true;
}

static bool set_item(struct xv_vm *vm, xv_value *r) {
    size_t at;
    uint8_t item[XV_ITEM_MAX];
    struct xv_buffer b;
    size_t size = slot(r[0], SIZE);
    if (!xv_check_index(vm, r[2], slot(r[0], COUNT), "memoryview", &at) ||
        !xv_item_store(vm, (char)slot(r[0], ITEM), size, xv_is_big_endian(), r[1], item) ||
        !view_buffer(vm, r[0], &b)) {
        return false;
    }
    memcpy(b.data + at * size, item, size);
    return true;
}

static bool view_set_item(struct xv_vm *vm, xv_value self, xv_value index, xv_value value) {
    xv_value r[3] = {self, value, index};
    struct xv_buffer b;
    XV_ENTER(vm, r);
    bool good = view_buffer(vm, self, &b);
    if (good && value == XV_NULL) {
        xv_raise(vm, &xv_exc_TypeError, "'memoryview' object doesn't support item deletion");
        good = false;
    } else if (good && !b.writable) {
        xv_raise(vm, &xv_exc_TypeError, "'memoryview' object doesn't support item assignment");
        good = false;
    }
    good = good && (xv_is_kind(r[2], XV_KIND_SLICE) ? set_slice(vm, r) : set_item(vm, r));
    XV_LEAVE(vm);
    return good;
}

/* ---- the other slots */

static xv_value view_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (n != 1) {
        return xv_raise(vm, &xv_exc_TypeError, "memoryview takes 1 positional argument");
    }
    return xv_memoryview_new(vm, args[0]);
}

static xv_value view_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    struct xv_buffer s, t;
    if ((op != XV_EQ && op != XV_NE) || reflected || !xv_has_bytes(vm, b)) {
        return XV_NOT_IMPLEMENTED;
    }
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    xv_value result = XV_NULL;
    if (view_buffer(vm, r[0], &s) && xv_get_buffer(vm, r[1], &t)) {
        bool same = s.len == t.len && s.item == t.item && memcmp(s.data, t.data, s.len) == 0;
        result = XV_BOOL(same == (op == XV_EQ));
    }
    XV_LEAVE(vm);
    return result;
}

static bool view_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = slot(self, COUNT);
    return true;
}

/* Slots of the iterator are the view and the position. */
static xv_value view_next(struct xv_vm *vm, xv_value self) {
    xv_value *slots = xv_slots(self);
    size_t at = (size_t)xv_small(slots[1]);
    if (at >= slot(slots[0], COUNT)) {
        return XV_STOP;
    }
    slots[1] = XV_INT(at + 1);
    return item_at(vm, slots[0], at);
}

static const struct xv_type view_iterator = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_iterator,
    .flags = XV_T_ITER_SELF | XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .next = view_next,
};

/* ---- methods */

static xv_value view_itemsize(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return xv_slots(args[0])[SIZE];
}

static xv_value view_nbytes(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return XV_INT(slot(args[0], COUNT) * slot(args[0], SIZE));
}

static xv_value view_format(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return xv_qstr_char((uint8_t)slot(args[0], ITEM));
}

static xv_value view_readonly(struct xv_vm *vm, xv_value *args, uint32_t n) {
    struct xv_buffer b;
    (void)n;
    return view_buffer(vm, args[0], &b) ? XV_BOOL(!b.writable) : XV_NULL;
}

static xv_value view_tobytes(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_bytes_from(vm, XV_KIND_BYTES, args[0]);
}

static xv_value view_tolist(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_list_from(vm, args[0]);
}

static const struct xv_native methods[] = {
    XV_NATIVE(hex, xv_bytes_hex, 1, 2),
    XV_NATIVE(tobytes, view_tobytes, 1, 1),
    XV_NATIVE(tolist, view_tolist, 1, 1),
    XV_NATIVE_X(itemsize, view_itemsize, 1, 1, XV_N_GETTER),
    XV_NATIVE_X(nbytes, view_nbytes, 1, 1, XV_N_GETTER),
    XV_NATIVE_X(format, view_format, 1, 1, XV_N_GETTER),
    XV_NATIVE_X(readonly, view_readonly, 1, 1, XV_N_GETTER),
};

const struct xv_type xv_type_memoryview = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_memoryview,
    .flags = XV_T_NO_SUBCLASS | XV_T_UNHASHABLE,
    .base = &xv_type_object,
    .methods = methods,
    .n_methods = sizeof methods / sizeof *methods,
    .make = view_make,
    .binary = view_binary,
    .length = view_length,
    .get_item = view_get_item,
    .set_item = view_set_item,
    .iterator = &view_iterator,
    .buffer = view_buffer,
};
