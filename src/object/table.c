/* The hash table under dict and set: entries in the order of insertion, and an index from hashes to
 * positions.
 *
 * Keys come in two sorts. Simple ones (names, other str, bytes, small ints, bool, float, the constants) hash
 * and compare in C, without allocating. For all others a hash or comparison may run Python code, so a table
 * that has one of those keeps the hashes of all its keys, to compare only where hashes agree and never to ask
 * a key for its hash twice; and whatever it knew before a comparison it looks up again after it.
 *
 * A table notes which sorts of simple keys it has. As two names differ if their words do, and so do two small
 * ints, a table with nothing else is searched by comparing words. xv_dict_find_name cannot miss a key: a str
 * with the same text that is not a name has set KEYS_TEXT, and then texts are compared.
 *
 * The index (RAW) is an open-addressed table of 8, 16 or 32-bit slots: 0, or a position plus 1. Entries
 * that are removed leave it at once, so it holds no markers. Behind the slots stand the hashes, if they
 * are kept. Tables for up to 8 entries have no slots. */
#include "object/table.h"

#include "object/numeric.h"
#include "object/str.h"

/* struct xv_dict.shape: sorts of keys, and the binary logarithm of the number of slots (0: none). */
#define KEYS_TEXT 1u   /* str or bytes that are not names */
#define KEYS_NUMBER 2u /* bool and float */
#define KEYS_HASHED 4u /* those that are not simple; hashes are kept */
#define LOG_SHIFT 3

#define SMALL_TABLE 8u /* entries that are searched without an index */
#define NOWHERE UINT32_MAX
/* Positions have 31 bits at most; and an array of twice as many values must have a size. */
#define MAX_CAPACITY (UINTPTR_MAX > 0xffffffffu ? (size_t)0x3fffffffu : (size_t)XV_MAX_WORDS / 4)

enum key_class { KEY_WORD, KEY_TEXT, KEY_NUMBER, KEY_OTHER };

/* ---- keys */

static enum key_class key_class(xv_value v) {
    if (xv_is_small(v) || xv_is_qstr(v)) {
        return KEY_WORD;
    }
    if (xv_is_object(v)) {
        enum xv_kind kind = xv_kind(v);
        if (kind == XV_KIND_STR || kind == XV_KIND_BYTES) {
            return KEY_TEXT;
        }
        return kind == XV_KIND_FLOAT ? KEY_NUMBER : KEY_OTHER;
    }
#if XV_FLOAT_IMMEDIATE
    if (xv_is_flonum(v)) {
        return KEY_NUMBER;
    }
#endif
    if (xv_is_imm(v, XV_IMM_CONST)) {
        return KEY_TEXT;
    }
    return xv_is_bool(v) ? KEY_NUMBER : KEY_WORD;
}

/* What a key of each class makes of a table. */
static const uint8_t class_flags[] = {0, KEYS_TEXT, KEYS_NUMBER, KEYS_HASHED};

/* As xv_hash has it. */
static uint32_t simple_hash(const struct xv_vm *vm, xv_value v) {
    if (xv_is_small(v)) {
        return xv_hash_int(xv_small(v));
    }
    if (xv_is_qstr(v)) {
        return xv_qstr_hash(vm, xv_qstr_id(v));
    }
    switch (key_class(v)) {
    case KEY_TEXT:
        return xv_str_hash(vm, v);
    case KEY_NUMBER:
        return xv_is_bool(v) ? xv_hash_int(v == XV_TRUE) : xv_hash_real(xv_float(v));
    default:
        return (uint32_t)(v >> 3) ^ (uint32_t)(v >> (XV_SMALL_BITS / 2));
    }
}

bool xv_hash_simple(const struct xv_vm *vm, xv_value v, uint32_t *out) {
    if (key_class(v) == KEY_OTHER) {
        return false;
    }
    *out = simple_hash(vm, v);
    return true;
}

static bool small_is_real(intptr_t i, xv_real r) {
    double d = (double)r;
    return d >= -9223372036854775808.0 && d < 9223372036854775808.0 && (double)(int64_t)d == d &&
           (int64_t)d == (int64_t)i;
}

/* Equality of simple keys. */
static bool simple_same(const struct xv_vm *vm, xv_value a, xv_value b) {
    if (a == b) {
        return true;
    }
    enum key_class ca = key_class(a), cb = key_class(b);
    if (ca == KEY_TEXT || cb == KEY_TEXT) {
        bool texts = (ca == KEY_TEXT || xv_is_qstr(a)) && (cb == KEY_TEXT || xv_is_qstr(b));
        if (!texts || xv_is_str(vm, a) != xv_is_str(vm, b)) {
            return false;
        }
        struct xv_text ta = xv_text(vm, a), tb = xv_text(vm, b);
        return ta.len == tb.len && memcmp(ta.data, tb.data, ta.len) == 0;
    }
    if (ca != KEY_NUMBER && cb != KEY_NUMBER) {
        return false;
    }
    if (xv_is_float(b)) {
        xv_value t = a;
        a = b;
        b = t;
    }
    if (xv_is_float(a)) {
        if (xv_is_float(b)) {
            return xv_float(a) == xv_float(b);
        }
        if (xv_is_small(b)) {
            return small_is_real(xv_small(b), xv_float(a));
        }
        return xv_is_bool(b) && small_is_real(b == XV_TRUE, xv_float(a));
    }
    return (xv_is_bool(a) && b == XV_INT(a == XV_TRUE)) || (xv_is_bool(b) && a == XV_INT(b == XV_TRUE));
}

/* True if no key of the table can equal this simple one unless it is the same word. */
static bool identity_decides(const struct xv_dict *t, xv_value key) {
    if (xv_is_qstr(key)) {
        return (t->shape & KEYS_TEXT) == 0;
    }
    if (xv_is_small(key)) {
        return (t->shape & KEYS_NUMBER) == 0;
    }
    return key_class(key) == KEY_WORD;
}

/* ---- layout */

static unsigned value_shift(const struct xv_dict *t) {
    return ((t->header >> XV_H_KIND_SHIFT) & 63u) == XV_KIND_DICT;
}

static uint32_t capacity(const struct xv_dict *t) {
    return t->entries == XV_NULL ? 0 : (uint32_t)(xv_n_items(t->entries) >> value_shift(t));
}

/* The slots for so many entries: half as many again, at least, so that searches are short. */
static unsigned log_slots_for(size_t entries) {
    unsigned log = 0;
    if (entries > SMALL_TABLE) {
        for (log = 4; ((size_t)1 << log) < entries + entries / 2; log++) {
        }
    }
    return log;
}

/* Slots take 1 << this many bytes. Known from their number, as that is known from the capacity: 256 slots
 * serve 170 entries, and 65,536 serve 43,690. */
static unsigned slot_width(unsigned log) {
    return log <= 8 ? 0 : log <= 16 ? 1 : 2;
}

static size_t slots_bytes(unsigned log) {
    return log == 0 ? 0 : (size_t)1 << (log + slot_width(log));
}

static unsigned log_slots(const struct xv_dict *t) {
    return t->shape >> LOG_SHIFT;
}

static uint8_t *slots_of(const struct xv_dict *t) {
    return (uint8_t *)xv_items(t->index);
}

static uint32_t *hashes_of(const struct xv_dict *t) {
    return (uint32_t *)(void *)(slots_of(t) + slots_bytes(log_slots(t)));
}

static uint32_t slot_get(const uint8_t *slots, unsigned width, uint32_t i) {
    if (width == 0) {
        return slots[i];
    }
    return width == 1 ? ((const uint16_t *)(const void *)slots)[i]
                      : ((const uint32_t *)(const void *)slots)[i];
}

static void slot_set(uint8_t *slots, unsigned width, uint32_t i, uint32_t value) {
    if (width == 0) {
        slots[i] = (uint8_t)value;
    } else if (width == 1) {
        ((uint16_t *)(void *)slots)[i] = (uint16_t)value;
    } else {
        ((uint32_t *)(void *)slots)[i] = value;
    }
}

/* The slot where the search for a hash begins. Multiplying spreads what differs in few bits. */
static uint32_t home_slot(uint32_t hash, unsigned log) {
    return (uint32_t)(hash * 0x9e3779b1u) >> (32 - log);
}

static xv_value key_at(const struct xv_dict *t, uint32_t at) {
    return xv_items(t->entries)[(size_t)at << value_shift(t)];
}

/* The hash of a key that exists. */
static uint32_t hash_at(const struct xv_vm *vm, const struct xv_dict *t, uint32_t at) {
    return t->shape & KEYS_HASHED ? hashes_of(t)[at] : simple_hash(vm, key_at(t, at));
}

/* The set of keys, or the place of values, is another now. */
static void note_change(struct xv_vm *vm, struct xv_dict *t) {
    t->changes = (uint8_t)(t->changes + 1);
    vm->names_version += t->is_names;
    vm->class_version += t->role == XV_DICT_OF_CLASS;
}

/* ---- searching */

/* The slot that holds a position, or the first free one (`at` NOWHERE) from the home of a hash. */
static uint32_t probe(const struct xv_dict *t, uint32_t hash, uint32_t at) {
    unsigned log = log_slots(t), width = slot_width(log);
    uint32_t mask = ((uint32_t)1 << log) - 1, want = at + 1;
    const uint8_t *slots = slots_of(t);
    uint32_t i = home_slot(hash, log);
    while (slot_get(slots, width, i) != want) {
        i = (i + 1) & mask;
    }
    return i;
}

/* The position of a simple key, or NOWHERE. Passes over keys that are not simple. `shift` is
 * value_shift(t), given so that it may be a constant. */
static inline uint32_t find_simple(const struct xv_vm *vm, const struct xv_dict *t, xv_value key,
                                   unsigned shift) {
    if (t->used == 0) {
        return NOWHERE;
    }
    const xv_value *keys = xv_items(t->entries);
    bool exact = identity_decides(t, key);
    unsigned log = log_slots(t);
    if (log == 0) {
        for (uint32_t i = 0; i < t->used; i++) {
            if (keys[(size_t)i << shift] == key) {
                return i;
            }
        }
        for (uint32_t i = 0; !exact && i < t->used; i++) {
            if (simple_same(vm, keys[(size_t)i << shift], key)) {
                return i;
            }
        }
        return NOWHERE;
    }
    const uint8_t *slots = slots_of(t);
    unsigned width = slot_width(log);
    uint32_t mask = ((uint32_t)1 << log) - 1;
    uint32_t i = home_slot(simple_hash(vm, key), log);
    for (;; i = (i + 1) & mask) {
        uint32_t at = slot_get(slots, width, i) - 1;
        if (at == NOWHERE) {
            return NOWHERE;
        }
        xv_value k = keys[(size_t)at << shift];
        if (k == key || (!exact && simple_same(vm, k, key))) {
            return at;
        }
    }
}

/* Whether the entry at `at` is the wanted one: 1, 0, -1, or 2 if the table changed meanwhile. r: table,
 * key, scratch. */
static int match(struct xv_vm *vm, xv_value *r, uint32_t hash, uint32_t at) {
    struct xv_dict *t = xv_dict(r[0]);
    xv_value key = key_at(t, at);
    if (key == r[1]) {
        return 1;
    }
    if (key == XV_TOMBSTONE || hash_at(vm, t, at) != hash) {
        return 0;
    }
    if (key_class(key) != KEY_OTHER && key_class(r[1]) != KEY_OTHER) {
        return simple_same(vm, key, r[1]);
    }
    unsigned log = log_slots(t);
    uint8_t changes = t->changes;
    r[2] = key;
    int equal = xv_equal(vm, key, r[1]);
    t = xv_dict(r[0]);
    /* The counter may have come round to the same number: what the search relies on is compared all the
     * same. */
    if (equal >= 0 &&
        (t->changes != changes || log_slots(t) != log || at >= t->used || key_at(t, at) != r[2])) {
        return 2;
    }
    return equal;
}

/* The same for any key and table: 1 found, 0 not, -1. r: table, key, scratch; all rooted. */
static int find_any(struct xv_vm *vm, xv_value *r, uint32_t hash, uint32_t *out) {
    int found;
    do {
        found = 0;
        unsigned log = log_slots(xv_dict(r[0]));
        if (log == 0) {
            for (uint32_t at = 0; found == 0 && at < xv_dict(r[0])->used; at++) {
                *out = at;
                found = match(vm, r, hash, at);
            }
            continue;
        }
        unsigned width = slot_width(log);
        uint32_t mask = ((uint32_t)1 << log) - 1;
        for (uint32_t i = home_slot(hash, log); found == 0; i = (i + 1) & mask) {
            *out = slot_get(slots_of(xv_dict(r[0])), width, i) - 1;
            if (*out == NOWHERE) {
                break;
            }
            found = match(vm, r, hash, *out);
        }
    } while (found == 2);
    return found;
}

int xv_table_find(struct xv_vm *vm, xv_value table, xv_value key, uint32_t *at) {
    struct xv_dict *t = xv_dict(table);
    bool simple = key_class(key) != KEY_OTHER;
    if (simple && (t->shape & KEYS_HASHED) == 0) {
        *at = find_simple(vm, t, key, value_shift(t));
        return *at != NOWHERE;
    }
    xv_value r[3] = {table, key, XV_NULL};
    XV_ENTER(vm, r);
    uint32_t hash;
    int found = -1;
    if (simple) {
        hash = simple_hash(vm, key);
        found = find_any(vm, r, hash, at);
    } else if (xv_hash(vm, key, &hash)) {
        found = find_any(vm, r, hash, at);
    }
    XV_LEAVE(vm);
    return found;
}

/* ---- changing */

/* Enters all entries into the empty slots. */
static void fill_slots(const struct xv_vm *vm, struct xv_dict *t) {
    unsigned log = log_slots(t);
    for (uint32_t at = 0; log != 0 && at < t->used; at++) {
        uint32_t i = probe(t, hash_at(vm, t, at), NOWHERE);
        slot_set(slots_of(t), slot_width(log), i, at + 1);
    }
}

/* Moves the entries that exist to `keys` and `hashes` (NULL: not kept), which may be where they are,
 * without gaps. */
static void gather(const struct xv_vm *vm, const struct xv_dict *t, xv_value *keys, uint32_t *hashes) {
    unsigned shift = value_shift(t);
    uint32_t to = 0;
    for (uint32_t at = 0; at < t->used; at++) {
        xv_value *from = xv_items(t->entries) + ((size_t)at << shift);
        if (from[0] == XV_TOMBSTONE) {
            continue;
        }
        if (hashes != NULL) {
            hashes[to] = hash_at(vm, t, at);
        }
        keys[(size_t)to << shift] = from[0];
        if (shift != 0) {
            keys[((size_t)to << 1) + 1] = from[1];
        }
        to++;
    }
}

/* Closes the gaps that removed entries left. Does not allocate. */
static void compact(struct xv_vm *vm, struct xv_dict *t) {
    unsigned shift = value_shift(t);
    xv_value *keys = xv_items(t->entries);
    gather(vm, t, keys, t->shape & KEYS_HASHED ? hashes_of(t) : NULL);
    for (size_t i = (size_t)t->live << shift; i < (size_t)t->used << shift; i++) {
        keys[i] = XV_NULL;
    }
    t->used = t->live;
    if (log_slots(t) != 0) {
        memset(slots_of(t), 0, slots_bytes(log_slots(t)));
        fill_slots(vm, t);
    }
    note_change(vm, t);
}

/* Gives the table room for `size` entries, at least as many as exist, and hashes if `hashed`. */
static bool resize(struct xv_vm *vm, xv_value table, size_t size, bool hashed) {
    if (size > MAX_CAPACITY) {
        xv_raise_memory(vm);
        return false;
    }
    unsigned log = log_slots_for(size);
    size_t bytes = slots_bytes(log) + (hashed ? size * sizeof(uint32_t) : 0);
    xv_value r[3] = {table, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_alloc_array(vm, size << value_shift(xv_dict(r[0])));
    bool ok = r[1] != XV_NULL;
    if (ok && bytes != 0) {
        r[2] = xv_alloc_bytes(vm, XV_KIND_RAW, bytes);
        ok = r[2] != XV_NULL;
    }
    XV_LEAVE(vm);
    if (!ok) {
        return false;
    }
    struct xv_dict *t = xv_dict(r[0]);
    if (t->used != 0) {
        uint8_t *raw = r[2] == XV_NULL ? NULL : (uint8_t *)xv_items(r[2]) + slots_bytes(log);
        gather(vm, t, xv_items(r[1]), hashed ? (uint32_t *)(void *)raw : NULL);
    }
    t->entries = r[1];
    t->index = r[2];
    t->used = t->live;
    t->shape =
        (uint8_t)(log << LOG_SHIFT | (t->shape & (KEYS_TEXT | KEYS_NUMBER)) | (hashed ? KEYS_HASHED : 0));
    fill_slots(vm, t);
    note_change(vm, t);
    return true;
}

/* Room for one more entry, and for a key that is not simple if `hashed`. */
static bool make_room(struct xv_vm *vm, xv_value table, bool hashed) {
    struct xv_dict *t = xv_dict(table);
    uint32_t size = capacity(t);
    bool convert = hashed && (t->shape & KEYS_HASHED) == 0;
    if (t->used < size && !convert) {
        return true;
    }
    hashed = hashed || (t->shape & KEYS_HASHED) != 0;
    if (t->used < size) {
        return resize(vm, table, size, hashed);
    }
    /* With a quarter of the entries gone it is enough to close the gaps; with far fewer left it shrinks. */
    if (!convert && t->live < size && size - t->live >= size / 4 && t->live > size / 4) {
        compact(vm, t);
        return true;
    }
    size_t live = t->live;
    size_t wanted = live < 4 ? 4 : live < SMALL_TABLE ? SMALL_TABLE : XV_64 ? live * 2 : live + live / 2;
    return resize(vm, table, wanted, hashed);
}

/* Adds an entry for which there is room. */
static uint32_t append(struct xv_vm *vm, struct xv_dict *t, xv_value key, xv_value value, uint32_t hash) {
    uint32_t at = t->used;
    unsigned shift = value_shift(t);
    xv_value *entry = xv_items(t->entries) + ((size_t)at << shift);
    entry[0] = key;
    if (shift != 0) {
        entry[1] = value;
    }
    if (log_slots(t) != 0) {
        slot_set(slots_of(t), slot_width(log_slots(t)), probe(t, hash, NOWHERE), at + 1);
    }
    if (t->shape & KEYS_HASHED) {
        hashes_of(t)[at] = hash;
    }
    t->used++;
    t->live++;
    t->shape |= class_flags[key_class(key)];
    note_change(vm, t);
    return at;
}

static int replace_at(struct xv_dict *t, uint32_t at, xv_value value, bool replace) {
    if (replace && value_shift(t) != 0) {
        xv_items(t->entries)[((size_t)at << 1) + 1] = value;
    }
    return 1;
}

static bool is_namespace(const struct xv_dict *t) {
    return t->is_names || t->role == XV_DICT_OF_CLASS;
}

bool xv_dict_refuses(struct xv_vm *vm, xv_value dict) {
    if (xv_dict(dict)->role != XV_DICT_FIXED) {
        return false;
    }
    xv_raise(vm, &xv_exc_TypeError, "this dict can't be changed");
    return true;
}

/* xv_table_put when the table must grow, or Python code may run. */
static int put_slowly(struct xv_vm *vm, xv_value table, xv_value key, xv_value value, bool replace,
                      uint32_t *at) {
    xv_value r[4] = {table, key, XV_NULL, value};
    XV_ENTER(vm, r);
    int result = -1;
    uint32_t hash;
    bool simple = key_class(key) != KEY_OTHER;
    /* A namespace has no keys but names, as far as they can be names: its values are cached by their
     * addresses. */
    struct xv_dict *t = xv_dict(r[0]);
    if (is_namespace(t) && simple && !xv_is_qstr(key) && xv_is_str(vm, key) &&
        xv_text(vm, key).len <= XV_NAME_MAX) {
        r[1] = xv_intern_str(vm, key);
        if (r[1] == XV_NULL) {
            goto out;
        }
    }
    if (simple) {
        hash = simple_hash(vm, r[1]);
    } else if (!xv_hash(vm, r[1], &hash)) {
        goto out;
    }
    result = find_any(vm, r, hash, at);
    if (result == 0) {
        if (make_room(vm, r[0], !simple)) {
            *at = append(vm, xv_dict(r[0]), r[1], r[3], hash);
        } else {
            result = -1;
        }
    } else if (result > 0) {
        result = replace_at(xv_dict(r[0]), *at, r[3], replace);
    }
out:
    XV_LEAVE(vm);
    return result;
}

int xv_table_put(struct xv_vm *vm, xv_value table, xv_value key, xv_value value, bool replace, uint32_t *at) {
    if (XIPVM_GC_STRESS) {
        xv_value r[3] = {table, key, value};
        XV_ENTER(vm, r);
        xv_chance(vm);
        XV_LEAVE(vm);
        table = r[0];
        key = r[1];
        value = r[2];
    }
    struct xv_dict *t = xv_dict(table);
    uint32_t ignored;
    if (at == NULL) {
        at = &ignored;
    }
    if (t->role == XV_DICT_FIXED) {
        xv_dict_refuses(vm, table);
        return -1;
    }
    enum key_class class_ = key_class(key);
    if (class_ != KEY_OTHER && (t->shape & KEYS_HASHED) == 0) {
        *at = find_simple(vm, t, key, value_shift(t));
        if (*at != NOWHERE) {
            return replace_at(t, *at, value, replace);
        }
        if (t->used < capacity(t) && (class_ != KEY_TEXT || !is_namespace(t))) {
            *at = append(vm, t, key, value, log_slots(t) != 0 ? simple_hash(vm, key) : 0);
            return 0;
        }
    }
    return put_slowly(vm, table, key, value, replace, at);
}

/* Takes a position out of the index and closes the gap, so that searches for others still find them. */
static void free_slot(const struct xv_vm *vm, const struct xv_dict *t, uint32_t at) {
    unsigned log = log_slots(t), width = slot_width(log);
    uint32_t mask = ((uint32_t)1 << log) - 1;
    uint8_t *slots = slots_of(t);
    uint32_t hole = probe(t, hash_at(vm, t, at), at);
    for (uint32_t i = (hole + 1) & mask;; i = (i + 1) & mask) {
        uint32_t other = slot_get(slots, width, i);
        if (other == 0) {
            break;
        }
        uint32_t home = home_slot(hash_at(vm, t, other - 1), log);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            slot_set(slots, width, hole, other);
            hole = i;
        }
    }
    slot_set(slots, width, hole, 0);
}

void xv_table_remove_at(struct xv_vm *vm, xv_value table, uint32_t at) {
    struct xv_dict *t = xv_dict(table);
    unsigned shift = value_shift(t);
    if (log_slots(t) != 0) {
        free_slot(vm, t, at);
    }
    xv_value *keys = xv_items(t->entries);
    keys[(size_t)at << shift] = XV_TOMBSTONE;
    if (shift != 0) {
        keys[((size_t)at << 1) + 1] = XV_NULL;
    }
    t->live--;
    while (t->used > 0 && keys[(size_t)(t->used - 1) << shift] == XV_TOMBSTONE) {
        t->used--;
        keys[(size_t)t->used << shift] = XV_NULL;
    }
    note_change(vm, t);
}

bool xv_table_is_simple(xv_value table) {
    return (xv_dict(table)->shape & KEYS_HASHED) == 0;
}

bool xv_table_last(xv_value table, uint32_t *at) {
    /* The last entry is never a removed one. */
    *at = xv_dict(table)->used - 1;
    return xv_dict(table)->used != 0;
}

void xv_table_steal(struct xv_vm *vm, xv_value to, xv_value from) {
    struct xv_dict *t = xv_dict(to);
    const struct xv_dict *f = xv_dict(from);
    t->entries = f->entries;
    t->index = f->index;
    t->used = f->used;
    t->live = f->live;
    t->shape = f->shape;
    note_change(vm, t);
}

static xv_value table_new(struct xv_vm *vm, enum xv_kind kind) {
    return xv_alloc_bytes(vm, kind, sizeof(struct xv_dict) - sizeof(uintptr_t));
}

/* Replaces an ARRAY or RAW by a copy. `block` is rooted. */
static bool copy_block(struct xv_vm *vm, xv_value *block) {
    size_t words = xv_words(*block);
    xv_value copy = xv_alloc(vm, xv_kind(*block), words);
    if (copy == XV_NULL) {
        return false;
    }
    memcpy(xv_items(copy), xv_items(*block), (words - 1) * sizeof(xv_value));
    *block = copy;
    return true;
}

xv_value xv_table_copy(struct xv_vm *vm, xv_value table, enum xv_kind kind) {
    xv_value r[4] = {table, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = table_new(vm, kind);
    if (r[1] == XV_NULL || xv_dict(r[0])->used == 0) {
        XV_LEAVE(vm);
        return r[1];
    }
    /* As it is, gaps included: no key is hashed again. */
    r[2] = xv_dict(r[0])->entries;
    bool ok = copy_block(vm, &r[2]);
    r[3] = xv_dict(r[0])->index;
    ok = ok && (r[3] == XV_NULL || copy_block(vm, &r[3]));
    XV_LEAVE(vm);
    if (!ok) {
        return XV_NULL;
    }
    struct xv_dict *to = xv_dict(r[1]);
    const struct xv_dict *from = xv_dict(r[0]);
    to->entries = r[2];
    to->index = r[3];
    to->used = from->used;
    to->live = from->live;
    to->shape = from->shape;
    return r[1];
}

/* ---- the functions of container.h */

xv_value xv_dict_new(struct xv_vm *vm, size_t expected) {
    xv_value r[1] = {table_new(vm, XV_KIND_DICT)};
    if (r[0] == XV_NULL || expected == 0) {
        return r[0];
    }
    XV_ENTER(vm, r);
    /* A hint that comes with the code, so it is taken with reserve. */
    bool ok = resize(vm, r[0], expected < 1024 ? expected : 1024, false);
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

int xv_dict_find(struct xv_vm *vm, xv_value dict, xv_value key, xv_value **value) {
    xv_value r[1] = {dict};
    uint32_t at;
    if ((xv_dict(dict)->shape & KEYS_HASHED) == 0 && key_class(key) != KEY_OTHER) {
        at = find_simple(vm, xv_dict(dict), key, 1);
        if (at == NOWHERE) {
            return 0;
        }
        *value = xv_items(xv_dict(dict)->entries) + ((size_t)at << 1) + 1;
        return 1;
    }
    XV_ENTER(vm, r);
    int found = xv_table_find(vm, r[0], key, &at);
    XV_LEAVE(vm);
    if (found > 0) {
        *value = xv_items(xv_dict(r[0])->entries) + ((size_t)at << 1) + 1;
    }
    return found;
}

xv_value *xv_dict_find_name(const struct xv_vm *vm, xv_value dict, uint16_t name) {
    const struct xv_dict *t = xv_dict(dict);
    uint32_t at = find_simple(vm, t, XV_QSTR(name), 1);
    return at == NOWHERE ? NULL : xv_items(t->entries) + ((size_t)at << 1) + 1;
}

xv_value xv_dict_get_name(const struct xv_vm *vm, xv_value dict, uint16_t name) {
    const xv_value *value = xv_dict_find_name(vm, dict, name);
    return value == NULL ? XV_NULL : *value;
}

bool xv_dict_set(struct xv_vm *vm, xv_value dict, xv_value key, xv_value value) {
    return xv_table_put(vm, dict, key, value, true, NULL) >= 0;
}

bool xv_dict_set_name(struct xv_vm *vm, xv_value dict, uint16_t name, xv_value value) {
    return xv_table_put(vm, dict, XV_QSTR(name), value, true, NULL) >= 0;
}

int xv_dict_delete(struct xv_vm *vm, xv_value dict, xv_value key, xv_value *old) {
    if (xv_dict_refuses(vm, dict)) {
        return -1;
    }
    xv_value r[1] = {dict};
    XV_ENTER(vm, r);
    uint32_t at;
    int found = xv_table_find(vm, r[0], key, &at);
    if (found > 0) {
        if (old != NULL) {
            const xv_value *entry = xv_table_entry(r[0], at);
            *old = xv_kind(r[0]) == XV_KIND_DICT ? entry[1] : entry[0];
        }
        xv_table_remove_at(vm, r[0], at);
    }
    XV_LEAVE(vm);
    return found;
}

void xv_dict_trim(struct xv_vm *vm, xv_value dict) {
    struct xv_dict *d = xv_dict(dict);
    if (d->live == 0) {
        xv_dict_clear(vm, dict);
    } else if (capacity(d) > 2 * SMALL_TABLE && d->live < capacity(d) / 4 &&
               !resize(vm, dict, d->live, (d->shape & KEYS_HASHED) != 0)) {
        xv_clear(vm); /* it stays as it is */
    }
}

void xv_dict_fit(struct xv_vm *vm, xv_value dict) {
    struct xv_dict *d = xv_dict(dict);
    if (d->used == 0) {
        d->entries = XV_NULL;
    } else {
        xv_shrink(vm, d->entries, 1 + ((size_t)d->used << value_shift(d)));
    }
}

void xv_dict_clear(struct xv_vm *vm, xv_value dict) {
    struct xv_dict *t = xv_dict(dict);
    t->entries = t->index = XV_NULL;
    t->used = t->live = 0;
    t->shape = 0;
    note_change(vm, t);
}

bool xv_dict_next(xv_value dict, uint32_t *at, xv_value *key, xv_value *value) {
    const struct xv_dict *t = xv_dict(dict);
    unsigned shift = value_shift(t);
    while (*at < t->used) {
        const xv_value *entry = xv_items(t->entries) + ((size_t)*at << shift);
        ++*at;
        if (entry[0] != XV_TOMBSTONE) {
            if (key != NULL) {
                *key = entry[0];
            }
            if (value != NULL) {
                *value = shift != 0 ? entry[1] : XV_NULL;
            }
            return true;
        }
    }
    return false;
}

xv_value xv_dict_copy(struct xv_vm *vm, xv_value dict) {
    return xv_table_copy(vm, dict, XV_KIND_DICT);
}

xv_value xv_set_new(struct xv_vm *vm, enum xv_kind kind) {
    return table_new(vm, kind);
}

bool xv_set_add(struct xv_vm *vm, xv_value set, xv_value key) {
    return xv_table_put(vm, set, key, XV_NULL, false, NULL) >= 0;
}

int xv_set_has(struct xv_vm *vm, xv_value set, xv_value key) {
    uint32_t at;
    return xv_table_find(vm, set, key, &at);
}
