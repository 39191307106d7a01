/* import struct: values to and from packed bytes.
 *
 * As in MicroPython, values that are missing are packed as zeros, and ints are cut to their field. */
#include "lib/lib.h"

#if XIPVM_MODULE_STRUCT
#include "object/pack.h"
#include "object/container.h"
#include "object/str.h"

/* A walk through a format. The format is looked up anew at every step, as it may have moved. */
struct walk {
    const xv_value *format; /* rooted */
    size_t at;
    size_t offset;          /* of the next field */
    bool native;
    bool big_endian;
};

struct field {
    char code;
    size_t count;  /* items; bytes for 's' and 'x' */
    size_t size;   /* of an item */
    size_t offset;
};

static bool walk_begin(struct xv_vm *vm, struct walk *w, const xv_value *format) {
    if (!xv_is_str(vm, *format) && !xv_is_bytes(vm, *format)) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", *format);
        return false;
    }
    struct xv_text text = xv_text(vm, *format);
    *w = (struct walk){.format = format, .native = true, .big_endian = xv_is_big_endian()};
    char order = text.len != 0 ? (char)text.data[0] : '@';
    if (order == '<' || order == '>' || order == '!' || order == '=' || order == '@') {
        w->at = text.len != 0;
        w->native = order == '@';
        w->big_endian = order == '<' ? false : order == '>' || order == '!' ? true : w->big_endian;
    }
    return true;
}

/* 1, 0 at the end, -1. */
static int walk_next(struct xv_vm *vm, struct walk *w, struct field *f) {
    struct xv_text text = xv_text(vm, *w->format);
    while (w->at < text.len && text.data[w->at] == ' ') {
        w->at++;
    }
    if (w->at >= text.len) {
        return 0;
    }
    f->count = 1;
    if (text.data[w->at] >= '0' && text.data[w->at] <= '9') {
        f->count = 0;
        while (w->at < text.len && text.data[w->at] >= '0' && text.data[w->at] <= '9') {
            if (f->count > SIZE_MAX / 64) {
                xv_raise(vm, &xv_exc_ValueError, "struct too large");
                return -1;
            }
            f->count = f->count * 10 + (size_t)(text.data[w->at++] - '0');
        }
    }
    f->code = w->at < text.len ? (char)text.data[w->at++] : '\0';
    size_t align = 1;
    f->size = f->code == 's' || f->code == 'x' ? 1 : xv_item_size(f->code, w->native, &align);
    if (f->size == 0) {
        xv_raise(vm, &xv_exc_ValueError, "bad typecode");
        return -1;
    }
    f->offset = (w->offset + align - 1) / align * align;
    /* Alignment may have taken it over the bound. */
    if (f->offset > SIZE_MAX / 4 || f->count > (SIZE_MAX / 4 - f->offset) / f->size) {
        xv_raise(vm, &xv_exc_ValueError, "struct too large");
        return -1;
    }
    w->offset = f->offset + f->count * f->size;
    return 1;
}

/* Bytes, and values, that a format stands for. There are no more values than there are bytes and characters in the
 * format, so that neither wraps. */
static bool measure(struct xv_vm *vm, const xv_value *format, size_t *size, size_t *values) {
    struct walk w;
    struct field f;
    int more;
    *values = 0;
    if (!walk_begin(vm, &w, format)) {
        return false;
    }
    while ((more = walk_next(vm, &w, &f)) > 0) {
        *values += f.code == 'x' ? 0 : f.code == 's' ? 1 : f.count;
    }
    *size = w.offset;
    return more == 0;
}

static xv_value struct_calcsize(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t size, values;
    return measure(vm, &args[0], &size, &values) ? XV_INT(size) : XV_NULL;
}

/* ---- packing */

/* Bytes [at, at + size) of a rooted buffer object, looked at anew: making an int of an earlier value may have run a
 * program. */
static uint8_t *room_in(struct xv_vm *vm, const xv_value *into, size_t at, size_t size) {
    struct xv_buffer to;
    if (!xv_get_buffer(vm, *into, &to)) {
        return NULL;
    }
    if (at > to.len || size > to.len - at) {
        xv_raise(vm, &xv_exc_ValueError, "buffer too small");
        return NULL;
    }
    return to.data + at;
}

/* `into` is a rooted writable buffer object. */
static bool pack_string(struct xv_vm *vm, const xv_value *into, size_t base, size_t count, xv_value v) {
    xv_value plain = xv_unwrap(vm, v);
    struct xv_buffer from;
    if (xv_is_str(vm, plain)) {
        struct xv_text text = xv_text(vm, plain);
        /* The cast takes const away; nothing is written through it. */
        from = (struct xv_buffer){(uint8_t *)(uintptr_t)text.data, text.len, false, 'B'};
    } else if (!xv_get_buffer(vm, plain, &from)) {
        return false;
    }
    if (count == 0) {
        return true;
    }
    uint8_t *to = room_in(vm, into, base, count);
    if (to == NULL) {
        return false;
    }
    size_t len = from.len < count ? from.len : count;
    if (len > 0) {
        memmove(to, from.data, len);
    }
    memset(to + len, 0, count - len);
    return true;
}

static bool pack_fields(struct xv_vm *vm, const xv_value *format, const xv_value *into, size_t base,
                        const xv_value *values, size_t n_values) {
    struct walk w;
    struct field f;
    int more;
    if (!walk_begin(vm, &w, format)) {
        return false;
    }
    while ((more = walk_next(vm, &w, &f)) > 0) {
        if (f.code == 's' || f.code == 'x') {
            bool has_value = f.code == 's' && n_values != 0;
            if (!pack_string(vm, into, base + f.offset, f.count, has_value ? *values : XV_QSTR(XV_Q_))) {
                return false;
            }
            values += has_value;
            n_values -= has_value;
            continue;
        }
        for (size_t i = 0; i < f.count; i++) {
            uint8_t item[XV_ITEM_MAX];
            if (!xv_item_store(vm, f.code, f.size, w.big_endian, n_values != 0 ? *values : XV_INT(0), item)) {
                return false;
            }
            if (n_values != 0) {
                values++;
                n_values--;
            }
            uint8_t *to = room_in(vm, into, base + f.offset + i * f.size, f.size);
            if (to == NULL) {
                return false;
            }
            memcpy(to, item, f.size);
        }
    }
    return more == 0;
}

static xv_value struct_pack(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t size, values;
    if (!measure(vm, &args[0], &size, &values)) {
        return XV_NULL;
    }
    xv_value r[1] = {xv_str_blank(vm, XV_KIND_BYTES, size)};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL;
    if (ok && size != 0) {
        memset(((struct xv_str *)r[0])->data, 0, size);
        ok = pack_fields(vm, &args[0], &r[0], 0, args + 1, n - 1);
    }
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

/* Where in a buffer to begin, from an argument that counts from the end if negative. */
static bool start_in(struct xv_vm *vm, xv_value *args, xv_value offset, size_t size, bool write, size_t *start) {
    struct xv_buffer buffer;
    intptr_t at;
    if (!xv_to_index(vm, offset, &at) || !xv_get_buffer(vm, args[1], &buffer)) {
        return false;
    }
    if (write && !buffer.writable) {
        xv_raise(vm, &xv_exc_TypeError, "object is read-only");
        return false;
    }
    if (at < 0) {
        if ((size_t)0 - (size_t)at > buffer.len) {
            xv_raise(vm, &xv_exc_ValueError, "buffer too small");
            return false;
        }
        at += (intptr_t)buffer.len;
    }
    if ((size_t)at > buffer.len || size > buffer.len - (size_t)at) {
        xv_raise(vm, &xv_exc_ValueError, "buffer too small");
        return false;
    }
    *start = (size_t)at;
    return true;
}

static xv_value struct_pack_into(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t size, values, start;
    return measure(vm, &args[0], &size, &values) && start_in(vm, args, args[2], size, true, &start) &&
                   pack_fields(vm, &args[0], &args[1], start, args + 3, n - 3)
               ? XV_NONE
               : XV_NULL;
}

/* ---- unpacking */

static xv_value unpack_at(struct xv_vm *vm, xv_value *args, size_t base, size_t values) {
    struct walk w;
    struct field f;
    int more = -1;
    size_t at = 0;
    xv_value r[1] = {xv_tuple_new(vm, values)};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL && walk_begin(vm, &w, &args[0]);
    while (ok && (more = walk_next(vm, &w, &f)) > 0) {
        size_t count = f.code == 'x' ? 0 : f.code == 's' ? 1 : f.count;
        for (size_t i = 0; i < count && ok; i++) {
            struct xv_buffer from;
            xv_value item = XV_NULL;
            if (xv_get_buffer(vm, args[1], &from)) {
                const uint8_t *p = from.data + base + f.offset + i * f.size;
                if (f.code != 's') {
                    item = xv_item_load(vm, f.code, f.size, w.big_endian, p);
                } else if ((item = xv_str_blank(vm, XV_KIND_BYTES, f.count)) != XV_NULL && f.count != 0) {
                    ok = xv_get_buffer(vm, args[1], &from);
                    if (ok) {
                        memcpy(((struct xv_str *)item)->data, from.data + base + f.offset, f.count);
                    }
                }
            }
            ok = ok && item != XV_NULL;
            if (ok) {
                xv_items(r[0])[at++] = item;
            }
        }
    }
    XV_LEAVE(vm);
    return ok && more == 0 ? r[0] : XV_NULL;
}

static xv_value struct_unpack(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t size, values, start;
    return measure(vm, &args[0], &size, &values) && start_in(vm, args, XV_INT(0), size, false, &start)
               ? unpack_at(vm, args, start, values)
               : XV_NULL;
}

static xv_value struct_unpack_from(struct xv_vm *vm, xv_value *args, uint32_t n) {
    size_t size, values, start;
    return measure(vm, &args[0], &size, &values) &&
                   start_in(vm, args, n == 3 ? args[2] : XV_INT(0), size, false, &start)
               ? unpack_at(vm, args, start, values)
               : XV_NULL;
}

static const struct xv_native functions[] = {
    XV_FUNCTION(calcsize, struct_calcsize, 1, 1),
    XV_FUNCTION(pack, struct_pack, 1, XV_ANY_ARGS),
    XV_FUNCTION(pack_into, struct_pack_into, 3, XV_ANY_ARGS),
    XV_FUNCTION(unpack, struct_unpack, 2, 2),
    XV_FUNCTION(unpack_from, struct_unpack_from, 2, 3),
};

const struct xv_native_module xv_module_struct = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_struct,
    XV_FUNCTIONS(functions),
};
#endif
