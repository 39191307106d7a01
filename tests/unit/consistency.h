/* Whether all that a VM holds agrees with itself: what xv_heap_check looks at (headers and references), and what the objects
 * and tables say about each other. For tests; does not allocate, and may be called whenever no allocation is under way. */
#ifndef XV_TESTS_CONSISTENCY_H
#define XV_TESTS_CONSISTENCY_H

#include "heap/collect.h"
#include "heap/heap.h"
#include "link/module.h"
#include "link/qstr.h"
#include "object/container.h"
#include "object/function.h"
#include "object/table.h"

/* True for the id of a name that exists. */
static bool consistent_name(const struct xv_vm *vm, uint16_t id) {
    if (id == 0 || id > XV_POOL_STATIC + vm->pool.used) {
        return false;
    }
    struct xv_text text = xv_qstr_text(vm, id);
    return text.len == 0 ? id <= XV_POOL_STATIC : xv_qstr_find(vm, text.data, text.len) == id;
}

static const char *consistent_pool(const struct xv_vm *vm) {
    uint32_t live = 0, free_ids = 0;
    for (uint32_t i = 0; i < vm->pool.used; i++) {
        uint16_t id = (uint16_t)(XV_POOL_STATIC + 1 + i);
        if (xv_qstr_text(vm, id).len != 0) {
            live++;
            if (!consistent_name(vm, id)) {
                return "a name is not found by its text";
            }
        }
    }
    for (uint32_t id = vm->pool.free_id; id != 0; id = (uint32_t)xv_items(vm->pool.text)[id - XV_POOL_STATIC - 1]) {
        if (id <= XV_POOL_STATIC || id > XV_POOL_STATIC + vm->pool.used || ++free_ids > vm->pool.used) {
            return "the list of free names leads astray";
        }
    }
    return live == vm->pool.live && live + free_ids == vm->pool.used ? NULL : "names are lost";
}

/* An immediate value that refers to something must refer to something that exists. */
static void consistent_value(struct xv_vm *vm, xv_value *slot) {
    const char **wrong = vm->marker;
    xv_value v = *slot;
    if (xv_is_qstr(v)) {
        if (!consistent_name(vm, xv_qstr_id(v))) {
            *wrong = "a value is a name that does not exist";
        }
    } else if (xv_is_imm(v, XV_IMM_CODE) || xv_is_imm(v, XV_IMM_CONST)) {
        unsigned at = xv_place_slot(v);
        if (at >= xv_n_items(vm->slots) || !xv_is_kind(xv_items(vm->slots)[at], XV_KIND_MODULE) ||
            xv_place_offset(v) >= xv_module(xv_items(vm->slots)[at])->size) {
            *wrong = "a value lies in a module that does not exist";
        }
    }
}

static const char *consistent_list(xv_value v) {
    size_t room = xv_list(v)->items == XV_NULL ? 0 : xv_n_items(xv_list(v)->items);
    return xv_list(v)->len <= room ? NULL : "a list is longer than its items";
}

static const char *consistent_table(const struct xv_vm *vm, xv_value v) {
    const struct xv_dict *d = xv_dict(v);
    bool pairs = xv_is_kind(v, XV_KIND_DICT);
    size_t room = d->entries == XV_NULL ? 0 : xv_n_items(d->entries) >> pairs;
    uint32_t live = 0;
    if (d->used > room) {
        return "a dict or set has more entries than room";
    }
    for (uint32_t i = 0; i < d->used; i++) {
        xv_value key = *xv_table_entry(v, i);
        live += key != XV_TOMBSTONE;
        if (key == XV_NULL) {
            return "a dict or set has an entry without a key";
        }
        if (pairs && key != XV_TOMBSTONE && xv_is_qstr(key) &&
            xv_dict_find_name(vm, v, xv_qstr_id(key)) != xv_table_entry(v, i) + 1) {
            return "a dict does not find its own key";
        }
    }
    return live == d->live ? NULL : "a dict or set has lost count";
}

static const char *consistent_module(const struct xv_vm *vm, xv_value v) {
    const struct xv_module *m = xv_module(v);
    if (m->base == NULL || (m->flags & XV_MODULE_GONE) != 0 || m->slot >= xv_n_items(vm->slots) || xv_items(vm->slots)[m->slot] != v) {
        return NULL; /* it has no code, could not be loaded, or is no more */
    }
    for (uint32_t i = 0; i < m->n_qstr; i++) {
        if (m->table[i] != 0 && !consistent_name(vm, m->table[i])) { /* 0: not linked yet */
            return "a translation table leads to no name";
        }
    }
    return NULL;
}

static const char *consistent_object(const struct xv_vm *vm, xv_value v) {
    switch (xv_kind(v)) {
    case XV_KIND_LIST:
        return consistent_list(v);
    case XV_KIND_DICT:
    case XV_KIND_SET:
    case XV_KIND_FROZENSET:
        return consistent_table(vm, v);
    case XV_KIND_MODULE:
        return consistent_module(vm, v);
    default:
        return NULL;
    }
}

static const char *consistent_tables(const struct xv_vm *vm) {
    uint32_t modules = 0;
    for (size_t i = 0; i < xv_n_items(vm->slots); i++) {
        xv_value m = xv_items(vm->slots)[i];
        if (m != XV_NULL && (!xv_is_kind(m, XV_KIND_MODULE) || xv_module(m)->slot != i)) {
            return "a module is not in its slot";
        }
        modules += m != XV_NULL && (xv_module(m)->flags & XV_MODULE_GONE) == 0;
    }
    if (modules != vm->n_modules) {
        return "modules are lost";
    }
    for (uint32_t i = 0; i < vm->n_identities; i++) {
        const xv_value *pair = xv_items(vm->identities) + 2 * (size_t)i;
        if (!xv_in_heap(vm, pair[0]) || (i > 0 && pair[0] >= pair[-2])) {
            return "identities are out of order";
        }
    }
    return NULL;
}

/* NULL, or what is wrong. */
static inline const char *consistency(struct xv_vm *vm) {
    const char *wrong = xv_heap_check(vm);
    if (wrong == NULL && (wrong = consistent_pool(vm)) == NULL && (wrong = consistent_tables(vm)) == NULL) {
        vm->marker = &wrong;
        xv_each_root(vm, consistent_value);
        for (uint8_t *at = vm->heap_low; at < vm->heap_end && wrong == NULL;
             at += xv_words(xv_from(at)) * sizeof(uintptr_t)) {
            xv_each_reference(vm, (struct xv_object *)(void *)at, consistent_value);
            const char *object_wrong = consistent_object(vm, xv_from(at));
            wrong = object_wrong == NULL ? wrong : object_wrong;
        }
        vm->marker = NULL;
    }
    return wrong;
}

#endif
