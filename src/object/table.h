/* The hash table that dict and set share, below the functions of container.h.
 *
 * A `table` is a value of kind DICT, SET or FROZENSET, all of which are a struct xv_dict. */
#ifndef XV_OBJECT_TABLE_H
#define XV_OBJECT_TABLE_H

#include "object/container.h"

/* ---- hashes */

/* One more item into the hash of a sequence. */
static inline uint32_t xv_hash_mix(uint32_t hash, uint32_t item) {
    item *= 0xcc9e2d51u;
    hash ^= item << 15 | item >> 17;
    return (hash << 13 | hash >> 19) * 5u + 0xe6546b64u;
}

/* The hash of a value that needs no Python code for it: false, without an exception, for any other. Does
 * not allocate. */
bool xv_hash_simple(const struct xv_vm *vm, xv_value v, uint32_t *out);

/* ---- tables */

/* True if none of its keys needs Python code to be hashed or compared with others. */
bool xv_table_is_simple(xv_value table);

/* The position of a key's entry: 1 found, 0 not, -1. Positions are good until a key is added or removed. */
int xv_table_find(struct xv_vm *vm, xv_value table, xv_value key, uint32_t *at);

/* Adds a key: 0 added, 1 it was there (its value is replaced if `replace`), -1. `value` is ignored by
 * sets. *at (may be NULL) becomes its position. */
int xv_table_put(struct xv_vm *vm, xv_value table, xv_value key, xv_value value, bool replace, uint32_t *at);

/* Removes the entry at a position, which must exist. Does not allocate. */
void xv_table_remove_at(struct xv_vm *vm, xv_value table, uint32_t at);

/* The position of the last entry; false if there is none. Does not allocate. */
bool xv_table_last(xv_value table, uint32_t *at);

/* A copy of any table as one of the same shape (dict from dict, sets from sets). */
xv_value xv_table_copy(struct xv_vm *vm, xv_value table, enum xv_kind kind);

/* `to` becomes what `from` is; `from` must not be used any more. Does not allocate. */
void xv_table_steal(struct xv_vm *vm, xv_value to, xv_value from);

/* Key and value at a position below `used`; the key may be XV_TOMBSTONE. */
static inline xv_value *xv_table_entry(xv_value table, uint32_t at) {
    return xv_items(xv_dict(table)->entries) + ((size_t)at << (xv_kind(table) == XV_KIND_DICT));
}

#endif
