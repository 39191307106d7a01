/* Qstrs: names as 16-bit ids.
 *
 * Static names come first and lie in flash: 1 to 165 are those that .mpy version 6 fixes, then our own (those
 * that the sources mention as XV_Q_name, and every single ASCII character), 1 to XV_POOL_STATIC. Dynamic names follow. The
 * text of a dynamic name stays where it was found if that is a mapped blob; otherwise the arena holds a copy.
 * Names that nothing uses any more are collected, and their ids used again.
 *
 * XV_Q_<name> is the id of a static name and XV_QSTR(XV_Q_<name>) its value; to mention one is to declare it
 * (cmake/names.cmake scans for them). Others: XV_Q__lt_module_gt_ is "<module>". */
#ifndef XV_LINK_QSTR_H
#define XV_LINK_QSTR_H

#include "heap/state.h"

enum xv_static_name {
    XV_NO_NAME = 0,
#define XV_NAME(id, text, length, hash) id,
#include "xv_names.inc"
    XV_POOL_STATIC_PLUS_1
};
#define XV_POOL_STATIC ((uint32_t)XV_POOL_STATIC_PLUS_1 - 1u)

/* The highest id: the bit above it has a meaning in linked code (blob/reader.h). */
#define XV_NAMES_MAX 0x7fffu

/* Longest name, in bytes. */
#define XV_NAME_MAX 255u

struct xv_text {
    const uint8_t *data;
    size_t len;
};

/* The hash of str and bytes: 23 bits, the same wherever the text lies. */
uint32_t xv_text_hash(const uint8_t *data, size_t len);

/* The text of a name. Good until the next allocation. Does not allocate. */
struct xv_text xv_qstr_text(const struct xv_vm *vm, uint16_t id);
uint32_t xv_qstr_hash(const struct xv_vm *vm, uint16_t id);

/* The id of a static name, or 0. */
uint16_t xv_qstr_find_static(const uint8_t *data, size_t len);

/* The id of a text if it is a name already, else 0. Does not allocate. */
uint16_t xv_qstr_find(const struct xv_vm *vm, const uint8_t *data, size_t len);

/* The id of a text, made a name if need be. `stays`: the text outlives the VM or is a mapped blob that the VM
 * holds, so no copy is needed. 0 with MemoryError, or ValueError for a text over XV_NAME_MAX bytes. */
uint16_t xv_intern(struct xv_vm *vm, const uint8_t *data, size_t len, bool stays);

/* The name value of any str value; XV_NULL with an exception if it cannot be one. */
xv_value xv_intern_str(struct xv_vm *vm, xv_value str);

/* The static one-character name of an ASCII character. */
xv_value xv_qstr_char(uint8_t c);

/* For the collector: forget marks, mark one, drop all that are not marked; visit the references to those texts that
 * the arena holds. */
void xv_pool_unmark(struct xv_vm *vm);
void xv_pool_mark(struct xv_vm *vm, uint16_t id);
void xv_pool_sweep(struct xv_vm *vm);
/* After a collection: gives back what the tables have in excess, which the next collection finds. */
void xv_pool_trim(struct xv_vm *vm);
/* Whether a name's text lies in a blob; with `marked`, of a name that is marked. */
bool xv_pool_uses(const struct xv_vm *vm, const uint8_t *base, size_t size, bool marked);
/* Copies the texts that lie in a blob to the heap, without collecting. False if there is no room for all. */
bool xv_pool_evacuate(struct xv_vm *vm, const uint8_t *base, size_t size);
void xv_pool_each_text(struct xv_vm *vm, void (*visit)(struct xv_vm *vm, xv_value *slot));

/* Bytes of the arena that the pool takes. */
size_t xv_pool_bytes(const struct xv_vm *vm);

#endif
