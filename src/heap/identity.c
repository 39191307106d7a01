/* Identities: numbers that stay with objects which move. A table of (object, number) pairs in the order of addresses, which
 * compaction keeps; so it is searched by halving, and never hashed anew. New objects have the lowest addresses,
 * hence the table is kept from high to low and usually grows at its end. It does not keep its objects alive. */
#include "heap/collect.h"
#include "heap/heap.h"

/* Pairs before the first whose object is not above `v`. */
static size_t position(const struct xv_vm *vm, xv_value v) {
    const xv_value *pairs = xv_items(vm->identities);
    size_t low = 0, high = vm->n_identities;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pairs[2 * middle] > v) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool grow(struct xv_vm *vm, xv_value *v) {
    size_t n = vm->n_identities;
    if (vm->identities != XV_NULL && 2 * n < xv_n_items(vm->identities)) {
        return true;
    }
    xv_value r[1] = {*v};
    XV_ENTER(vm, r);
    xv_value bigger = xv_alloc_array(vm, n < 4 ? 8 : n / 2 * 3 * 2);
    XV_LEAVE(vm);
    if (bigger == XV_NULL) {
        return false;
    }
    *v = r[0];
    n = vm->n_identities; /* a collection may have dropped some */
    if (n > 0) {
        memcpy(xv_items(bigger), xv_items(vm->identities), 2 * n * sizeof(xv_value));
    }
    vm->identities = bigger;
    return true;
}

bool xv_identity(struct xv_vm *vm, xv_value v, uintptr_t *out) {
    if (!xv_is_object(v) || !xv_in_heap(vm, v)) {
        *out = v;
        return true;
    }
    if (vm->n_identities > 0) {
        size_t i = position(vm, v);
        if (i < vm->n_identities && xv_items(vm->identities)[2 * i] == v) {
            *out = (uintptr_t)xv_small(xv_items(vm->identities)[2 * i + 1]);
            return true;
        }
    }
    if (!grow(vm, &v)) {
        return false;
    }
    size_t i = position(vm, v);
    xv_value *pairs = xv_items(vm->identities);
    memmove(pairs + 2 * i + 2, pairs + 2 * i, 2 * (vm->n_identities - i) * sizeof *pairs);
    vm->next_identity = (vm->next_identity + 1) & ((uintptr_t)XV_SMALL_MAX);
    *out = vm->next_identity;
    pairs[2 * i] = v;
    pairs[2 * i + 1] = XV_INT((intptr_t)vm->next_identity);
    vm->n_identities++;
    return true;
}

void xv_identities_sweep(struct xv_vm *vm) {
    if (vm->identities == XV_NULL) {
        return;
    }
    xv_value *pairs = xv_items(vm->identities);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < vm->n_identities; i++) {
        if (xv_object(pairs[2 * i])->header & XV_H_MARK) {
            pairs[2 * kept] = pairs[2 * i];
            pairs[2 * kept + 1] = pairs[2 * i + 1];
            kept++;
        }
    }
    for (uint32_t i = kept; i < vm->n_identities; i++) {
        pairs[2 * i] = pairs[2 * i + 1] = XV_NULL;
    }
    vm->n_identities = kept;
}
