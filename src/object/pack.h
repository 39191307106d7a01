/* Numbers as bytes: the items of struct, array and memoryview. */
#ifndef XV_LIB_PACK_H
#define XV_LIB_PACK_H

#include "object/object.h"

#define XV_ITEM_MAX 8u /* bytes of the largest item */

/* Size and alignment of the item with a code of struct (b B h H i I l L q Q P ? e f d): this compiler's, or the standard
 * sizes without alignment. 0 for any other code. */
size_t xv_item_size(char code, bool native, size_t *align);

/* True on big-endian machines. */
bool xv_is_big_endian(void);

/* The value of an item of `size` bytes at `p`, which may be unaligned and may lie in the heap. */
xv_value xv_item_load(struct xv_vm *vm, char code, size_t size, bool big_endian, const uint8_t *p);

/* Writes an item to `out`, which may not lie in the heap. Ints are cut to the size. TypeError. */
bool xv_item_store(struct xv_vm *vm, char code, size_t size, bool big_endian, xv_value v, uint8_t *out);

#endif
