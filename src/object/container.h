/* tuple, list, dict, set, frozenset, range, slice. */
#ifndef XV_OBJECT_CONTAINER_H
#define XV_OBJECT_CONTAINER_H

#include "object/object.h"

/* ---- tuple: header and items; xv_items(), xv_n_items() */

/* Items all XV_NONE, to be filled in. The empty tuple is a constant. */
xv_value xv_tuple_new(struct xv_vm *vm, size_t n);
/* Copies `n` items, which may lie in the heap only if they are rooted elsewhere at a fixed address (the frame stack). */
xv_value xv_tuple_of(struct xv_vm *vm, const xv_value *items, size_t n);

/* ---- list */

struct xv_list {
    uintptr_t header;
    xv_value items;   /* ARRAY, or XV_NULL if the capacity is 0 */
    size_t len;
};

static inline struct xv_list *xv_list(xv_value v) {
    return (struct xv_list *)v;
}
static inline xv_value *xv_list_items(xv_value v) {
    return xv_items(xv_list(v)->items);
}
xv_value xv_list_new(struct xv_vm *vm, size_t capacity);
xv_value xv_list_of(struct xv_vm *vm, const xv_value *items, size_t n);
bool xv_list_append(struct xv_vm *vm, xv_value list, xv_value item);
/* Stable merge sort; `key` XV_NULL for none. */
bool xv_list_sort(struct xv_vm *vm, xv_value list, xv_value key, bool reverse);

/* Items of a list or tuple (or subclass instance): false, no exception, if it is neither. Does not allocate; good
 * until the next allocation. */
bool xv_sequence(const struct xv_vm *vm, xv_value v, xv_value **items, size_t *n);

/* ---- dict and set: insertion-ordered hash tables
 *
 * Entries stand in an array in the order of insertion, deleted ones as XV_TOMBSTONE keys; from 9 entries on an index
 * of 8, 16 or 32-bit positions makes look-up constant. A set's entries have no values. */
struct xv_dict {
    uintptr_t header;
    xv_value entries;    /* ARRAY of key, value pairs (set: keys), or XV_NULL */
    xv_value index;      /* RAW, or XV_NULL */
    uint32_t used;       /* entries, tombstones included */
    uint32_t live;       /* entries that exist */
    uint8_t is_names;    /* a namespace: keys are names, and a change of the key set changes vm->names_version */
    uint8_t role;        /* XV_DICT_… */
    uint8_t shape;       /* what kinds of keys there are, and the size of the index (table.c) */
    uint8_t changes;     /* counts changes of the key set, to notice those that a key's __eq__ makes */
};

enum xv_dict_role {
    XV_DICT_PLAIN,
    XV_DICT_OF_CLASS,    /* a class's: a change of the key set changes vm->class_version */
    XV_DICT_FIXED        /* shows what lies in flash: a program that changes it gets a TypeError */
};

static inline struct xv_dict *xv_dict(xv_value v) {
    return (struct xv_dict *)v;
}
xv_value xv_dict_new(struct xv_vm *vm, size_t expected);
/* The address of the value under a key: 1 found, 0 not, -1. Good until the next allocation. */
int xv_dict_find(struct xv_vm *vm, xv_value dict, xv_value key, xv_value **value);
/* By name: never fails, never allocates. NULL: not there. */
xv_value *xv_dict_find_name(const struct xv_vm *vm, xv_value dict, uint16_t name);
xv_value xv_dict_get_name(const struct xv_vm *vm, xv_value dict, uint16_t name); /* XV_NULL: not there */
/* TypeError, and true, for a dict that is XV_DICT_FIXED; all that changes one by a key asks by itself. */
bool xv_dict_refuses(struct xv_vm *vm, xv_value dict);
bool xv_dict_set(struct xv_vm *vm, xv_value dict, xv_value key, xv_value value);
bool xv_dict_set_name(struct xv_vm *vm, xv_value dict, uint16_t name, xv_value value);
/* 1 deleted, 0 not there, -1. *old (may be NULL) becomes the value. */
int xv_dict_delete(struct xv_vm *vm, xv_value dict, xv_value key, xv_value *old);
void xv_dict_clear(struct xv_vm *vm, xv_value dict);
/* Gives back what a dict with few entries left has in excess, if there is memory to do so. */
void xv_dict_trim(struct xv_vm *vm, xv_value dict);
/* Gives back the room for entries to come, of a dict that is complete as far as one can tell. Addresses of values
 * stay good. Does not allocate. */
void xv_dict_fit(struct xv_vm *vm, xv_value dict);
/* Walks entries in order: *at starts at 0; false at the end. Does not allocate. key and value may be NULL. For
 * sets `value` gives XV_NULL. */
bool xv_dict_next(xv_value dict, uint32_t *at, xv_value *key, xv_value *value);
/* Adds all of a mapping or iterable of pairs. */
bool xv_dict_update(struct xv_vm *vm, xv_value dict, xv_value other);
xv_value xv_dict_copy(struct xv_vm *vm, xv_value dict);

xv_value xv_set_new(struct xv_vm *vm, enum xv_kind kind);
bool xv_set_add(struct xv_vm *vm, xv_value set, xv_value key);
int xv_set_has(struct xv_vm *vm, xv_value set, xv_value key);

/* ---- range and slice */

struct xv_range {
    uintptr_t header;
    xv_value start, stop, step;  /* ints */
};
struct xv_slice {
    uintptr_t header;
    xv_value start, stop, step;
};
xv_value xv_slice_new(struct xv_vm *vm, xv_value start, xv_value stop, xv_value step);
/* What a slice selects of a sequence of `len` items: first, step, count. ValueError for step 0, TypeError. */
bool xv_slice_bounds(struct xv_vm *vm, xv_value slice, size_t len, intptr_t *start, intptr_t *step, size_t *count);
/* The same as slice.indices() has it: start, stop and step that fit the length (stop may be -1). */
bool xv_slice_indices(struct xv_vm *vm, xv_value slice, size_t len, intptr_t *start, intptr_t *stop,
                      intptr_t *step);
/* The number of items of a range. Does not allocate. */
size_t xv_range_length(xv_value range);

/* ---- shared by list and tuple (object/tuple.c); `a`, `v` are values of kind LIST or TUPLE */

/* An operator XV_LT … XV_NE on two sequences of the same kind, XV_NE excepted: the result as a value. */
xv_value xv_sequence_compare(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b);
/* `item in v`: 1, 0, -1. */
int xv_sequence_has(struct xv_vm *vm, xv_value v, xv_value item);
/* Items separated by ", " between the brackets. */
bool xv_sequence_print(struct xv_vm *vm, xv_value v, struct xv_printer *out, const char *open,
                       const char *close);
/* The methods index and count. */
xv_value xv_sequence_index(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_sequence_count(struct xv_vm *vm, xv_value *args, uint32_t n);
/* The number of items in `count` copies of `len` items, 0 for a negative count: false with MemoryError, TypeError or
 * OverflowError. */
bool xv_sequence_repeat(struct xv_vm *vm, size_t len, xv_value count, size_t *total);

/* ---- iterators (object/iterator.c; str.c, bytes.c)
 *
 * Slots (numbers are small ints), which the interpreter's fast paths rely on:
 *   list, tuple   [0] container   [1] index of the next item
 *   range         [0] next number [1] step                       [2] how many are left
 *   str           [0] container   [1] byte offset of the next character
 *   bytes         [0] container   [1] index
 *   dict          [0] dict or set [1] position of the next entry [2] entries at the start
 *                 [3] what it gives, an enum xv_dict_part */

enum xv_dict_part { XV_DICT_KEYS, XV_DICT_VALUES, XV_DICT_ITEMS };

/* One of those. */
xv_value xv_iterator_new(struct xv_vm *vm, const struct xv_type *type, xv_value container);
xv_value xv_dict_iterator_new(struct xv_vm *vm, xv_value table, enum xv_dict_part part);

extern const struct xv_type xv_type_list_iterator, xv_type_tuple_iterator, xv_type_range_iterator,
    xv_type_str_iterator, xv_type_bytes_iterator, xv_type_dict_iterator;

#endif
