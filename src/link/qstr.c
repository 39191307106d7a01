/* The qstr pool: static names in flash, dynamic ones in three tables in the arena (addresses of texts, hash and length,
 * and a hash index of ids). Relies on the heap; knows nothing of blobs but that their bytes stay. */
#include "link/qstr.h"

#include "object/object.h"
#include "object/str.h"

static const char *const static_texts[] = {
#define XV_NAME(id, text, length, hash) text,
#include "xv_names.inc"
};

/* Hash and length, as in the `meta` of dynamic names. */
#define META(hash, length) (((uint32_t)(hash) << 8) | (uint32_t)(length))
static const uint32_t static_meta[] = {
#define XV_NAME(id, text, length, hash) META(hash, length),
#include "xv_names.inc"
};

static const uint16_t by_length_and_text[] = {
#define XV_NAMES_SORTED
#include "xv_names.inc"
};

static const uint16_t by_character[128] = {
#define XV_NAMES_ASCII
#include "xv_names.inc"
};

#define META_MARK 0x80000000u
#define META_LENGTH(m) ((m) & 0xffu)
#define META_HASH(m) (((m) >> 8) & 0x7fffffu)
#define MAX_DYNAMIC (XV_NAMES_MAX - XV_POOL_STATIC)

uint32_t xv_text_hash(const uint8_t *data, size_t len) {
    uint32_t h = 2166136261u;
    for (const uint8_t *end = data + len; data < end; data++) {
        h = (h ^ *data) * 16777619u;
    }
    return (h ^ (h >> 23)) & 0x7fffffu;
}

/* ---- the tables of dynamic names; `i` counts from 0, id = XV_POOL_STATIC + 1 + i */

static uintptr_t *texts(const struct xv_vm *vm) {
    return xv_items(vm->pool.text);
}

static uint32_t *metas(const struct xv_vm *vm) {
    return (uint32_t *)(void *)xv_items(vm->pool.meta);
}

static uint16_t *index_of(const struct xv_vm *vm) {
    return (uint16_t *)(void *)xv_items(vm->pool.index);
}

/* A free entry has length 0, which no dynamic name has: the empty name is static. Its text is the next free one. */
static bool is_free(uint32_t meta) {
    return META_LENGTH(meta) == 0;
}

static const uint8_t *dynamic_text(const struct xv_vm *vm, uint32_t i) {
    uintptr_t text = texts(vm)[i];
    /* Text that the arena owns is a RAW object; all other text lies outside of it. */
    return xv_in_heap(vm, text) ? (const uint8_t *)(text + sizeof(uintptr_t)) : (const uint8_t *)text;
}

struct xv_text xv_qstr_text(const struct xv_vm *vm, uint16_t id) {
    if (id <= XV_POOL_STATIC) {
        return (struct xv_text){(const uint8_t *)static_texts[id - 1], META_LENGTH(static_meta[id - 1])};
    }
    uint32_t i = id - XV_POOL_STATIC - 1;
    return (struct xv_text){dynamic_text(vm, i), META_LENGTH(metas(vm)[i])};
}

uint32_t xv_qstr_hash(const struct xv_vm *vm, uint16_t id) {
    return META_HASH(id <= XV_POOL_STATIC ? static_meta[id - 1] : metas(vm)[id - XV_POOL_STATIC - 1]);
}

xv_value xv_qstr_char(uint8_t c) {
    return XV_QSTR(by_character[c & 127u]);
}

uint16_t xv_qstr_find_static(const uint8_t *data, size_t len) {
    size_t low = 0, high = XV_POOL_STATIC;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint16_t id = by_length_and_text[middle];
        size_t other = META_LENGTH(static_meta[id - 1]);
        int order = len < other ? -1 : len > other ? 1 : memcmp(data, static_texts[id - 1], len);
        if (order == 0) {
            return id;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return 0;
}

/* The slot of the index where the search for a hash begins: the upper 16 of its 23 bits, in proportion. */
static uint32_t home_slot(const struct xv_vm *vm, uint32_t hash) {
    return (hash >> 7) * vm->pool.n_index >> 16;
}

static uint32_t slot_after(const struct xv_vm *vm, uint32_t at) {
    return at + 1 == vm->pool.n_index ? 0 : at + 1;
}

static uint16_t find_dynamic(const struct xv_vm *vm, const uint8_t *data, size_t len, uint32_t hash) {
    if (vm->pool.n_index == 0) {
        return 0;
    }
    const uint16_t *index = index_of(vm);
    for (uint32_t at = home_slot(vm, hash); index[at] != 0; at = slot_after(vm, at)) {
        uint32_t i = index[at] - XV_POOL_STATIC - 1;
        uint32_t meta = metas(vm)[i];
        if ((meta & ~META_MARK) == META(hash, len) && memcmp(dynamic_text(vm, i), data, len) == 0) {
            return index[at];
        }
    }
    return 0;
}

uint16_t xv_qstr_find(const struct xv_vm *vm, const uint8_t *data, size_t len) {
    if (len > XV_NAME_MAX) {
        return 0;
    }
    uint16_t id = xv_qstr_find_static(data, len);
    return id != 0 ? id : find_dynamic(vm, data, len, xv_text_hash(data, len));
}

/* ---- adding */

static void index_insert(struct xv_vm *vm, uint16_t id, uint32_t hash) {
    uint16_t *index = index_of(vm);
    uint32_t at = home_slot(vm, hash);
    while (index[at] != 0) {
        at = slot_after(vm, at);
    }
    index[at] = id;
}

static void index_rebuild(struct xv_vm *vm) {
    memset(index_of(vm), 0, vm->pool.n_index * sizeof(uint16_t));
    for (uint32_t i = 0; i < vm->pool.used; i++) {
        uint32_t meta = metas(vm)[i];
        if (!is_free(meta)) {
            index_insert(vm, (uint16_t)(XV_POOL_STATIC + 1 + i), META_HASH(meta));
        }
    }
}

/* Replaces a RAW table by one of `bytes` bytes with the same beginning. */
static bool regrow(struct xv_vm *vm, xv_value *table, size_t bytes) {
    xv_value bigger = xv_alloc_bytes(vm, XV_KIND_RAW, bytes);
    if (bigger == XV_NULL) {
        return false;
    }
    if (*table != XV_NULL) {
        size_t old = xv_n_items(*table) * sizeof(uintptr_t);
        memcpy(xv_items(bigger), xv_items(*table), old < bytes ? old : bytes);
    }
    *table = bigger;
    return true;
}

/* How many entries the tables of texts and metas have room for when they hold `n`, and how many slots the index has for
 * `live` names. What is needed says it all: tables that grew shrink back to the very same sizes. */
static size_t table_room(size_t n) {
    size_t room = 0;
    while (room < n) {
        room += 8 + room / 16;
    }
    return room;
}

static uint32_t index_slots(uint32_t live) {
    uint32_t n = 0;
    while (live * 4 > n * 3) {
        n += 16 + n / 8;
    }
    return n;
}

/* Makes room for one more name in all three tables. */
static bool make_room(struct xv_vm *vm) {
    struct xv_pool *pool = &vm->pool;
    uint32_t n_index = index_slots(pool->live + 1);
    if (n_index > pool->n_index) {
        if (!regrow(vm, &pool->index, n_index * sizeof(uint16_t))) {
            return false;
        }
        pool->n_index = n_index;
        index_rebuild(vm);
    }
    if (pool->free_id != 0) {
        return true;
    }
    size_t capacity = pool->meta == XV_NULL ? 0 : xv_n_items(pool->meta) * sizeof(uintptr_t) / sizeof(uint32_t);
    size_t text_capacity = pool->text == XV_NULL ? 0 : xv_n_items(pool->text);
    size_t n = table_room((size_t)pool->used + 1);
    if (pool->used >= capacity && !regrow(vm, &pool->meta, n * sizeof(uint32_t))) {
        return false;
    }
    return pool->free_id != 0 || pool->used < text_capacity || regrow(vm, &pool->text, n * sizeof(uintptr_t));
}

/* Makes sure that one more name can have an id: those of names that nothing uses any more are free after a collection
 * only. */
static bool has_id(struct xv_vm *vm) {
    if (vm->pool.live >= MAX_DYNAMIC && xv_may_collect(vm)) {
        xv_collect(vm);
    }
    if (vm->pool.live >= MAX_DYNAMIC) {
        xv_raise_memory(vm);
        return false;
    }
    return true;
}

uint16_t xv_intern(struct xv_vm *vm, const uint8_t *data, size_t len, bool stays) {
    if (len > XV_NAME_MAX) {
        xv_raise(vm, &xv_exc_ValueError, "name too long");
        return 0;
    }
    uint16_t id = xv_qstr_find_static(data, len);
    uint32_t hash = xv_text_hash(data, len);
    if (id != 0 || (id = find_dynamic(vm, data, len, hash)) != 0) {
        return id;
    }
    xv_value owned[1] = {XV_NULL};
    if (!stays) {
        /* Copied first: making room may move what `data` points to. */
        uint8_t copy[XV_NAME_MAX];
        memcpy(copy, data, len);
        owned[0] = xv_alloc_bytes(vm, XV_KIND_RAW, len);
        if (owned[0] == XV_NULL) {
            return 0;
        }
        memcpy(xv_items(owned[0]), copy, len);
    }
    XV_ENTER(vm, owned);
    bool room = has_id(vm);
    vm->pool.growing = true;
    room = room && make_room(vm);
    vm->pool.growing = false;
    XV_LEAVE(vm);
    if (!room) {
        return 0;
    }
    uint32_t i = vm->pool.used;
    if (vm->pool.free_id != 0) {
        i = vm->pool.free_id - XV_POOL_STATIC - 1;
        vm->pool.free_id = (uint32_t)texts(vm)[i];
    } else {
        vm->pool.used++;
    }
    vm->pool.live++;
    texts(vm)[i] = stays ? (uintptr_t)data : owned[0];
    metas(vm)[i] = META(hash, len);
    id = (uint16_t)(XV_POOL_STATIC + 1 + i);
    index_insert(vm, id, hash);
    return id;
}

xv_value xv_intern_str(struct xv_vm *vm, xv_value str) {
    if (xv_is_qstr(str)) {
        return str;
    }
    struct xv_text text = xv_text(vm, str);
    uint16_t id = xv_intern(vm, text.data, text.len, false);
    return id == 0 ? XV_NULL : XV_QSTR(id);
}

/* ---- for the collector */

void xv_pool_unmark(struct xv_vm *vm) {
    for (uint32_t i = 0; i < vm->pool.used; i++) {
        metas(vm)[i] &= ~META_MARK;
    }
}

void xv_pool_mark(struct xv_vm *vm, uint16_t id) {
    if (id > XV_POOL_STATIC) {
        metas(vm)[id - XV_POOL_STATIC - 1] |= META_MARK;
    }
}

/* The free entries, the lowest first, so that the tables can shrink once the names that came last are gone. */
static void list_free(struct xv_vm *vm) {
    vm->pool.free_id = 0;
    for (uint32_t i = vm->pool.used; i-- > 0;) {
        if (is_free(metas(vm)[i])) {
            texts(vm)[i] = vm->pool.free_id;
            vm->pool.free_id = XV_POOL_STATIC + 1 + i;
        }
    }
}

void xv_pool_sweep(struct xv_vm *vm) {
    struct xv_pool *pool = &vm->pool;
    bool died = false;
    for (uint32_t i = 0; i < pool->used; i++) {
        uint32_t meta = metas(vm)[i];
        if ((meta & META_MARK) == 0 && !is_free(meta)) {
            metas(vm)[i] = 0;
            pool->live--;
            died = true;
        }
    }
    if (died) {
        while (pool->used > 0 && is_free(metas(vm)[pool->used - 1])) {
            pool->used--;
        }
        list_free(vm);
        index_rebuild(vm);
    }
}

/* Cuts a table down to what holds `bytes` bytes. */
static void trim(struct xv_vm *vm, xv_value *table, size_t bytes) {
    if (*table == XV_NULL || bytes > xv_n_items(*table) * sizeof(uintptr_t)) {
        return;
    }
    size_t words = 1 + xv_words_for(bytes);
    vm->has_trimmed = vm->has_trimmed || words < xv_words(*table);
    if (bytes == 0) {
        *table = XV_NULL;
    } else {
        xv_shrink(vm, *table, words);
    }
}

void xv_pool_trim(struct xv_vm *vm) {
    struct xv_pool *pool = &vm->pool;
    if (pool->growing) {
        return;
    }
    size_t room = table_room(pool->used);
    trim(vm, &pool->text, room * sizeof(uintptr_t));
    trim(vm, &pool->meta, room * sizeof(uint32_t));
    uint32_t n_index = index_slots(pool->live);
    if (n_index < pool->n_index) {
        trim(vm, &pool->index, n_index * sizeof(uint16_t));
        pool->n_index = n_index;
        if (n_index > 0) {
            index_rebuild(vm);
        }
    }
}

/* ---- names in the blobs of modules that are gone */

static bool lies_in(uintptr_t text, const uint8_t *base, size_t size) {
    return text >= (uintptr_t)base && text - (uintptr_t)base < size;
}

bool xv_pool_uses(const struct xv_vm *vm, const uint8_t *base, size_t size, bool marked) {
    for (uint32_t i = 0; i < vm->pool.used; i++) {
        uint32_t meta = metas(vm)[i];
        if (!is_free(meta) && lies_in(texts(vm)[i], base, size) && (!marked || (meta & META_MARK) != 0)) {
            return true;
        }
    }
    return false;
}

bool xv_pool_evacuate(struct xv_vm *vm, const uint8_t *base, size_t size) {
    for (uint32_t i = 0; i < vm->pool.used; i++) {
        uint32_t meta = metas(vm)[i];
        uintptr_t text = texts(vm)[i];
        if (is_free(meta) || !lies_in(text, base, size)) {
            continue;
        }
        size_t len = META_LENGTH(meta);
        xv_value copy = xv_alloc_now(vm, XV_KIND_RAW, 1 + xv_words_for(len));
        if (copy == XV_NULL) {
            return false;
        }
        memcpy(xv_items(copy), (const uint8_t *)text, len);
        texts(vm)[i] = copy;
    }
    return true;
}

void xv_pool_each_text(struct xv_vm *vm, void (*visit)(struct xv_vm *vm, xv_value *slot)) {
    for (uint32_t i = 0; i < vm->pool.used; i++) {
        if (!is_free(metas(vm)[i]) && xv_in_heap(vm, texts(vm)[i])) {
            visit(vm, &texts(vm)[i]);
        }
    }
}

size_t xv_pool_bytes(const struct xv_vm *vm) {
    const xv_value tables[3] = {vm->pool.text, vm->pool.meta, vm->pool.index};
    size_t words = 0;
    for (size_t i = 0; i < 3; i++) {
        words += tables[i] == XV_NULL ? 0 : xv_words(tables[i]);
    }
    for (uint32_t i = 0; i < vm->pool.used; i++) {
        uintptr_t text = texts(vm)[i];
        words += !is_free(metas(vm)[i]) && xv_in_heap(vm, text) ? xv_words(text) : 0;
    }
    return words * sizeof(uintptr_t);
}
