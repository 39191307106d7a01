/* import heapq: a list as a binary heap, its least item first. Comparisons may run a program's code, so
 * the list's length is looked at after each; items are only ever swapped, so none is lost if a comparison
 * fails. */
#include "lib/lib.h"

#if XIPVM_MODULE_HEAPQ
#include "object/container.h"

/* Whether item `i` of a list of `n` items is less than item `j`: 1, 0, -1. *heap is rooted. */
static int item_less(struct xv_vm *vm, const xv_value *heap, size_t n, size_t i, size_t j) {
    const xv_value *items = xv_list_items(*heap);
    int less = xv_less(vm, items[i], items[j]);
    if (less >= 0 && xv_list(*heap)->len != n) {
        xv_raise(vm, &xv_exc_RuntimeError, "list changed size during iteration");
        return -1;
    }
    return less;
}

static void swap(xv_value heap, size_t i, size_t j) {
    xv_value *items = xv_list_items(heap), item = items[i];
    items[i] = items[j];
    items[j] = item;
}

/* Moves item `at` towards `top` until its parent is not greater. */
static bool rise(struct xv_vm *vm, const xv_value *heap, size_t n, size_t top, size_t at) {
    while (at > top) {
        size_t parent = (at - 1) / 2;
        int less = item_less(vm, heap, n, at, parent);
        if (less <= 0) {
            return less == 0;
        }
        swap(*heap, at, parent);
        at = parent;
    }
    return true;
}

/* Moves item `top` down to a leaf, always to where the lesser child was, and from there up to its place:
 * cheaper than comparing it on the way down, as it mostly belongs near a leaf. */
static bool sink(struct xv_vm *vm, const xv_value *heap, size_t n, size_t top) {
    size_t at = top;
    while (at < n / 2) {
        size_t child = 2 * at + 1;
        if (child + 1 < n) {
            int less = item_less(vm, heap, n, child, child + 1);
            if (less < 0) {
                return false;
            }
            child += less == 0;
        }
        swap(*heap, at, child);
        at = child;
    }
    return rise(vm, heap, n, top, at);
}

static bool check_heap(struct xv_vm *vm, xv_value *heap) {
    *heap = xv_unwrap(vm, *heap);
    if (!xv_is_kind(*heap, XV_KIND_LIST)) {
        xv_raise(vm, &xv_exc_TypeError, "heap must be a list");
        return false;
    }
    return true;
}

static xv_value heapq_heappush(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!check_heap(vm, args) || !xv_list_append(vm, args[0], args[1])) {
        return XV_NULL;
    }
    size_t len = xv_list(args[0])->len;
    return rise(vm, args, len, 0, len - 1) ? XV_NONE : XV_NULL;
}

static xv_value heapq_heappop(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!check_heap(vm, args)) {
        return XV_NULL;
    }
    struct xv_list *list = xv_list(args[0]);
    if (list->len == 0) {
        return xv_raise(vm, &xv_exc_IndexError, "empty heap");
    }
    size_t last = list->len - 1;
    swap(args[0], 0, last);
    xv_value r[1] = {xv_list_items(args[0])[last]};
    xv_list_items(args[0])[last] = XV_NULL;
    list->len = last;
    XV_ENTER(vm, r);
    bool ok = sink(vm, args, last, 0);
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

static xv_value heapq_heapify(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!check_heap(vm, args)) {
        return XV_NULL;
    }
    size_t len = xv_list(args[0])->len;
    for (size_t i = len / 2; i-- > 0;) {
        if (!sink(vm, args, len, i)) {
            return XV_NULL;
        }
    }
    return XV_NONE;
}

static const struct xv_native functions[] = {
    XV_FUNCTION(heappush, heapq_heappush, 2, 2),
    XV_FUNCTION(heappop, heapq_heappop, 1, 1),
    XV_FUNCTION(heapify, heapq_heapify, 1, 1),
};

const struct xv_native_module xv_module_heapq = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_heapq,
    XV_FUNCTIONS(functions),
};
#endif
