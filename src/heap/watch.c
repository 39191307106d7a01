/* Watched objects: those that hold something outside the arena, such as an open file. When nothing refers to one any more,
 * or when the VM is closed, a native of its own is called to give that back. The table of (object, native) pairs
 * does not keep its objects alive; free pairs are XV_NULL. There are few at a time, so it is searched from end to end. */
#include "heap/collect.h"
#include "heap/heap.h"
#include "object/object.h"

#define MORE_PAIRS 4u

/* The first pair with this object, XV_NULL for a free one; NULL: there is none. */
static xv_value *find(const struct xv_vm *vm, xv_value object) {
    size_t n = vm->watched == XV_NULL ? 0 : xv_n_items(vm->watched);
    for (size_t i = 0; i < n; i += 2) {
        xv_value *pair = xv_items(vm->watched) + i;
        if (pair[0] == object) {
            return pair;
        }
    }
    return NULL;
}

static bool grow(struct xv_vm *vm) {
    size_t n = vm->watched == XV_NULL ? 0 : xv_n_items(vm->watched);
    xv_value bigger = xv_alloc_array(vm, n + 2 * MORE_PAIRS);
    if (bigger == XV_NULL) {
        return false;
    }
    if (n > 0) {
        memcpy(xv_items(bigger), xv_items(vm->watched), n * sizeof(xv_value));
    }
    vm->watched = bigger;
    return true;
}

bool xv_watch(struct xv_vm *vm, xv_value object, const struct xv_native *end) {
    xv_value r[1] = {object};
    XV_ENTER(vm, r);
    xv_value *pair = find(vm, XV_NULL);
    if (pair == NULL && grow(vm)) {
        pair = find(vm, XV_NULL);
    }
    if (pair != NULL) {
        pair[0] = r[0];
        pair[1] = xv_from(end);
    }
    XV_LEAVE(vm);
    return pair != NULL;
}

void xv_unwatch(struct xv_vm *vm, xv_value object) {
    xv_value *pair = find(vm, object);
    if (pair != NULL) {
        pair[0] = pair[1] = XV_NULL;
    }
}

static void end_of(struct xv_vm *vm, xv_value *pair) {
    xv_value object = pair[0];
    const struct xv_native *end = (const struct xv_native *)pair[1];
    pair[0] = pair[1] = XV_NULL;
    end->fn(vm, &object, 1);
}

void xv_watched_sweep(struct xv_vm *vm) {
    for (size_t i = 0; vm->watched != XV_NULL && i < xv_n_items(vm->watched); i += 2) {
        xv_value *pair = xv_items(vm->watched) + i;
        if (pair[0] != XV_NULL && (xv_object(pair[0])->header & XV_H_MARK) == 0) {
            end_of(vm, pair);
        }
    }
}

void xv_watched_end(struct xv_vm *vm) {
    for (size_t i = 0; vm->watched != XV_NULL && i < xv_n_items(vm->watched); i += 2) {
        xv_value *pair = xv_items(vm->watched) + i;
        if (pair[0] != XV_NULL) {
            end_of(vm, pair);
        }
    }
}
