/* str and bytes. A str is a qstr, a constant lying in a blob, or an object; bytes likewise, but never a qstr.
 * Text is UTF-8; indices that a program sees count code points, all those below count bytes. */
#ifndef XV_OBJECT_STR_H
#define XV_OBJECT_STR_H

#include "object/object.h"

/* STR and BYTES. */
struct xv_str {
    uintptr_t header;
    uint32_t len;    /* bytes */
    uint32_t info;   /* 23 bits of hash, XV_STR_HASHED, XV_STR_ASCII, XV_STR_NOT_ASCII */
    uint8_t data[];
};
#define XV_STR_HASH 0x7fffffu
#define XV_STR_HASHED 0x800000u    /* the hash is known */
#define XV_STR_ASCII 0x1000000u    /* known to be all ASCII: code points are bytes */
#define XV_STR_NOT_ASCII 0x2000000u
/* Longest str, bytes or bytearray. */
#define XV_STR_MAX ((size_t)0x7ffffff0u)

static inline struct xv_str *xv_str(xv_value v) {
    return (struct xv_str *)v;
}

/* None of these five allocates. */
bool xv_is_str(const struct xv_vm *vm, xv_value v);
bool xv_is_bytes(const struct xv_vm *vm, xv_value v);
/* The bytes of a str or bytes value (which it must be). Good until the next allocation. */
struct xv_text xv_text(const struct xv_vm *vm, xv_value v);
uint32_t xv_str_hash(const struct xv_vm *vm, xv_value v);
bool xv_str_same(const struct xv_vm *vm, xv_value a, xv_value b);

/* New ones. `data` must not point into the heap (see xv_str_slice). Empty and one-character strs are names. A
 * str's bytes must be valid UTF-8. */
xv_value xv_str_new(struct xv_vm *vm, const void *data, size_t len);
xv_value xv_str_from(struct xv_vm *vm, const char *text);
xv_value xv_bytes_new(struct xv_vm *vm, const void *data, size_t len);
/* The same without a collection, for bytes that would not survive one: a STR or BYTES, or MemoryError. */
xv_value xv_text_now(struct xv_vm *vm, enum xv_kind kind, const void *data, size_t len);
/* Room for `len` bytes to be filled in by the caller before anything else happens. */
xv_value xv_str_blank(struct xv_vm *vm, enum xv_kind kind, size_t len);
/* Bytes [from, from + len) of a str, bytes or bytearray, as a new str or bytes as `kind` says. */
xv_value xv_str_slice(struct xv_vm *vm, enum xv_kind kind, xv_value v, size_t from, size_t len);
xv_value xv_str_concat(struct xv_vm *vm, xv_value a, xv_value b);

/* bytes + encoding to str: `v` any buffer object; encoding and errors str values or XV_NULL. LookupError,
 * UnicodeError. */
xv_value xv_decode(struct xv_vm *vm, xv_value v, xv_value encoding, xv_value errors);

/* UTF-8. Lone surrogates are let through, as the stock compiler makes them. decode reads any bytes, at least
 * one; *p < end. */
bool xv_utf8_valid(const uint8_t *data, size_t len);
size_t xv_utf8_count(const uint8_t *data, size_t len);
uint32_t xv_utf8_decode(const uint8_t **p, const uint8_t *end);
size_t xv_utf8_encode(uint32_t c, uint8_t out[4]);

/* '%' and str.format; format(v, spec). object/format.c */
xv_value xv_str_percent(struct xv_vm *vm, xv_value format, xv_value args);
xv_value xv_str_format(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_format_value(struct xv_vm *vm, xv_value v, xv_value spec);

/* ---- bytearray */

struct xv_bytearray {
    uintptr_t header;
    xv_value data;   /* RAW, or XV_NULL if the capacity is 0 */
    size_t len;
};

static inline struct xv_bytearray *xv_bytearray(xv_value v) {
    return (struct xv_bytearray *)v;
}
static inline uint8_t *xv_bytearray_data(xv_value v) {
    return (uint8_t *)(xv_items(xv_bytearray(v)->data));
}
/* `len` zero bytes. */
xv_value xv_bytearray_new(struct xv_vm *vm, size_t len);
/* New bytes are zero. */
bool xv_bytearray_resize(struct xv_vm *vm, xv_value v, size_t len);

/* ---- memoryview */

/* A view of all of a buffer object. */
xv_value xv_memoryview_new(struct xv_vm *vm, xv_value owner);
/* A view of memory outside the arena, which must stay until xv_memoryview_release; after that every use of
 * the view, or of a slice of it, raises ValueError. */
xv_value xv_memoryview_host(struct xv_vm *vm, void *data, size_t len, bool writable);
void xv_memoryview_release(xv_value view);

#endif
