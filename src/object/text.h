/* What the text types share: str, bytes and bytearray are all a run of bytes with a length, and most methods
 * are the same for the three. Private to str.c, str_methods.c, format.c, bytes.c, bytearray.c and
 * memoryview.c. */
#ifndef XV_OBJECT_TEXT_H
#define XV_OBJECT_TEXT_H

#include "object/print.h"
#include "object/str.h"

#define XV_NOT_FOUND SIZE_MAX

/* XV_KIND_STR, BYTES or BYTEARRAY whatever the form of the value; XV_KIND_COUNT for anything else. Does not
 * allocate. */
enum xv_kind xv_text_kind(const struct xv_vm *vm, xv_value v);
/* As xv_text, for a bytearray too. */
struct xv_text xv_span(const struct xv_vm *vm, xv_value v);
/* As xv_str_slice, but the result may be a bytearray too; always a new one, then. */
xv_value xv_text_part(struct xv_vm *vm, enum xv_kind kind, xv_value v, size_t from, size_t len);
/* Room for a text of `len` > 0 bytes, to be filled in before anything else happens: *data is where. */
xv_value xv_text_blank(struct xv_vm *vm, enum xv_kind kind, size_t len, uint8_t **data);
/* v * n */
xv_value xv_text_repeat(struct xv_vm *vm, enum xv_kind kind, xv_value v, xv_value n);
/* The empty str or bytes, or a new bytearray. */
xv_value xv_text_empty(struct xv_vm *vm, enum xv_kind kind);

/* Code points are what programs count in a str; bytes in the others. xv_bytewise: the two are the same here.
 */
bool xv_is_ascii(const uint8_t *data, size_t len);
bool xv_bytewise(const struct xv_vm *vm, xv_value v);
size_t xv_units(const struct xv_vm *vm, xv_value v);
/* The offset of a unit, at most text.len; and the units before an offset. */
size_t xv_unit_to_byte(struct xv_text text, bool bytewise, size_t unit);
size_t xv_byte_to_unit(struct xv_text text, bool bytewise, size_t at);

/* The first or last place of a part, or XV_NOT_FOUND. */
size_t xv_find_first(struct xv_text text, struct xv_text part);
size_t xv_find_last(struct xv_text text, struct xv_text part);
/* < 0, 0, > 0 */
int xv_text_compare(struct xv_text a, struct xv_text b);
/* The result of a comparison operator, of xv_text_compare's. */
bool xv_order_holds(enum xv_binary op, int order);

/* True if the object lends a buffer and is not a str. Does not allocate. */
bool xv_has_bytes(const struct xv_vm *vm, xv_value v);
/* The bytes of an operand like `self`: of a str if self is one, else of any buffer. TypeError. Good until the
 * next allocation. */
bool xv_operand(struct xv_vm *vm, xv_value self, xv_value v, struct xv_text *out);
/* A byte out of an int: ValueError, TypeError. */
bool xv_to_byte(struct xv_vm *vm, xv_value v, uint8_t *out);
/* The bytes of str in an encoding, as `kind`. */
xv_value xv_encode(struct xv_vm *vm, enum xv_kind kind, xv_value str, xv_value encoding, xv_value errors);

/* repr of bytes and bytearray: b'…' */
bool xv_put_bytes_repr(struct xv_printer *out, xv_value v);
/* bytes(…) and bytearray(…). */
xv_value xv_bytes_make(struct xv_vm *vm, enum xv_kind kind, xv_value *args, uint32_t n);
/* The contents of any iterable of ints, or buffer, as bytes or bytearray. */
xv_value xv_bytes_from(struct xv_vm *vm, enum xv_kind kind, xv_value v);
/* Binary operators of bytes and bytearray that make a new object. */
xv_value xv_bytes_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected);
/* "…".hex(separator) of args[0], which lends a buffer. */
xv_value xv_bytes_hex(struct xv_vm *vm, xv_value *args, uint32_t n);
/* A slice's bytes of the `len` ones at a text value. */
xv_value xv_bytes_get_item(struct xv_vm *vm, xv_value self, xv_value index);

/* The methods of str, bytes and bytearray are overlapping parts of one table: first those of str alone, then
 * the common ones, then those of bytes and bytearray, then those of bytearray alone. str_methods.c checks the
 * numbers. */
enum { XV_N_STR_ONLY = 6, XV_N_COMMON = 36, XV_N_BYTES_ONLY = 3, XV_N_BYTEARRAY_ONLY = 8 };
extern const struct xv_native xv_text_methods[];

/* The natives of bytearray alone. */
xv_value xv_bytearray_append(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_bytearray_extend(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_bytearray_insert(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_bytearray_pop(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_bytearray_remove(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_bytearray_clear(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_bytearray_copy(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_bytearray_reverse(struct xv_vm *vm, xv_value *args, uint32_t n);

#endif
