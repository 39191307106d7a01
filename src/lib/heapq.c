/* import heapq: a list as a binary heap, its least item first. Comparisons may run a program's code, so
 * the list's length is looked at after each; items are only ever swapped, so none is lost if a comparison
 * fails. */
#include "lib/lib.h"

#if XIPVM_MODULE_HEAPQ
#include "object/container.h"
#include "vm/ask.h"

static xv_value changed(struct xv_vm *vm) {
    return xv_raise(vm, &xv_exc_RuntimeError, "list changed size during iteration");
}

/* Whether item `i` of a list of `n` items is less than item `j`: 1, 0, -1. *heap is rooted. */
static int item_less(struct xv_vm *vm, const xv_value *heap, size_t n, size_t i, size_t j) {
    const xv_value *items = xv_list_items(*heap);
    int less = xv_less(vm, items[i], items[j]);
    if (less >= 0 && xv_list(*heap)->len != n) {
        changed(vm);
        return -1;
    }
    return less;
}

static void swap(xv_value heap, size_t i, size_t j) {
    xv_value *items = xv_list_items(heap), item = items[i];
    items[i] = items[j];
    items[j] = item;
}

/* Moves an item from `at` up to `top`, its ancestor, and down again; those between give way. Each undoes the other. */
static void lift(xv_value heap, size_t at, size_t top) {
    for (; at != top; at = (at - 1) / 2) {
        swap(heap, at, (at - 1) / 2);
    }
}

static void drop(xv_value heap, size_t top, size_t at) {
    while (top != at) {
        size_t child = at;
        while ((child - 1) / 2 != top) {
            child = (child - 1) / 2;
        }
        swap(heap, top, child);
        top = child;
    }
}

/* Moves item `leaf` towards `top` until its parent is not greater. Undone if a comparison is to be asked for (vm/ask.h). */
static bool rise(struct xv_vm *vm, const xv_value *heap, size_t n, size_t top, size_t leaf) {
    size_t at = leaf;
    while (at > top) {
        size_t parent = (at - 1) / 2;
        int less = item_less(vm, heap, n, at, parent);
        if (less < 0 && vm->question != XV_NULL) {
            drop(*heap, at, leaf);
        }
        if (less <= 0) {
            return less == 0;
        }
        swap(*heap, at, parent);
        at = parent;
    }
    return true;
}

/* Moves item `top` down to a leaf, always to where the lesser child was, and from there up to its place:
 * cheaper than comparing it on the way down, as it mostly belongs near a leaf. Undone like rise. */
static bool sink(struct xv_vm *vm, const xv_value *heap, size_t n, size_t top) {
    size_t at = top;
    bool ok = true;
    while (ok && at < n / 2) {
        size_t child = 2 * at + 1;
        if (child + 1 < n) {
            int less = item_less(vm, heap, n, child, child + 1);
            ok = less >= 0;
            child += less == 0;
        }
        if (ok) {
            swap(*heap, at, child);
            at = child;
        }
    }
    ok = ok && rise(vm, heap, n, top, at);
    if (!ok && vm->question != XV_NULL) {
        lift(*heap, at, top);
    }
    return ok;
}

static bool check_heap(struct xv_vm *vm, xv_value *heap) {
    *heap = xv_unwrap(vm, *heap);
    if (!xv_is_kind(*heap, XV_KIND_LIST)) {
        xv_raise(vm, &xv_exc_TypeError, "heap must be a list");
        return false;
    }
    /* Also while a comparison was asked for. */
    xv_value len = xv_kept(vm, XV_INT(xv_list(*heap)->len));
    if (len != XV_NULL && len != XV_INT(xv_list(*heap)->len)) {
        len = changed(vm);
    }
    return len != XV_NULL;
}

static xv_value heapq_heappush(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!check_heap(vm, args) || !xv_list_append(vm, args[0], args[1])) {
        return XV_NULL;
    }
    size_t len = xv_list(args[0])->len;
    bool ok = rise(vm, args, len, 0, len - 1);
    if (!ok && vm->question != XV_NULL) {
        xv_list_items(args[0])[len - 1] = XV_NULL;
        xv_list(args[0])->len = len - 1;
    }
    return ok ? XV_NONE : XV_NULL;
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
    if (!ok && vm->question != XV_NULL) {
        xv_list_items(args[0])[last] = r[0];
        xv_list(args[0])->len = last + 1;
        swap(args[0], 0, last);
    }
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

static xv_value heapq_heapify(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!check_heap(vm, args)) {
        return XV_NULL;
    }
    /* All comparisons come before the first change if they may be asked for. */
    xv_value r[1] = {xv_can_ask(vm) ? xv_list_from(vm, args[0]) : args[0]};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL;
    size_t len = ok ? xv_list(r[0])->len : 0;
    for (size_t i = len / 2; ok && i-- > 0;) {
        ok = sink(vm, r, len, i);
    }
    if (ok && len > 0 && r[0] != args[0]) {
        memcpy(xv_list_items(args[0]), xv_list_items(r[0]), len * sizeof(xv_value));
    }
    XV_LEAVE(vm);
    return ok ? XV_NONE : XV_NULL;
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
