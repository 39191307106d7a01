/* The type list. */
#include "object/number.h"
#include "object/print.h"
#include "object/table.h"

/* ---- storage */

static size_t capacity(const struct xv_list *l) {
    return l->items == XV_NULL ? 0 : xv_n_items(l->items);
}

/* Makes room for `extra` more items, and `slack` beyond that. `list` is rooted. */
static bool reserve(struct xv_vm *vm, const xv_value *list, size_t extra, size_t slack) {
    const struct xv_list *l = xv_list(*list);
    if (extra <= capacity(l) - l->len) {
        return true;
    }
    size_t wanted = l->len + extra;
    if (extra > XV_MAX_WORDS || wanted >= XV_MAX_WORDS || slack >= XV_MAX_WORDS - wanted) {
        xv_raise_memory(vm);
        return false;
    }
    xv_value items = xv_alloc_array(vm, wanted + slack);
    if (items == XV_NULL && slack != 0) {
        /* Half of what is left: appending to a list that fills the arena still collects but a few times. */
        size_t left = xv_heap_free(vm) / sizeof(xv_value);
        xv_clear(vm);
        items = xv_alloc_array(vm, wanted + (left > wanted + 1 ? (left - wanted) / 2 : 0));
    }
    if (items == XV_NULL) {
        return false;
    }
    struct xv_list *grown = xv_list(*list);
    if (grown->len != 0) {
        memcpy(xv_items(items), xv_items(grown->items), grown->len * sizeof(xv_value));
    }
    grown->items = items;
    return true;
}

/* Room beyond what is needed when a list of so many items grows: appending one by one stays linear. */
static size_t slack_for(size_t len) {
    return (len >> 1) + 3;
}

/* Sets the length to fewer items; gives memory back when most of a longer list is idle. Does not allocate. */
static void truncate(struct xv_vm *vm, struct xv_list *l, size_t len) {
    if (l->len != 0) {
        memset(xv_items(l->items) + len, 0, (l->len - len) * sizeof(xv_value));
        if (capacity(l) > 16 && len < capacity(l) / 4) {
            xv_shrink(vm, l->items, len + slack_for(len) + 1);
        }
    }
    l->len = len;
}

xv_value xv_list_new(struct xv_vm *vm, size_t n) {
    xv_value r[1] = {xv_alloc_bytes(vm, XV_KIND_LIST, sizeof(struct xv_list) - sizeof(uintptr_t))};
    if (r[0] == XV_NULL || n == 0) {
        return r[0];
    }
    XV_ENTER(vm, r);
    bool ok = reserve(vm, &r[0], n, 0);
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

xv_value xv_list_of(struct xv_vm *vm, const xv_value *items, size_t n) {
    xv_value list = xv_list_new(vm, n);
    if (list != XV_NULL && n != 0) {
        memcpy(xv_list_items(list), items, n * sizeof *items);
        xv_list(list)->len = n;
    }
    return list;
}

bool xv_list_append(struct xv_vm *vm, xv_value list, xv_value item) {
    struct xv_list *l = xv_list(list);
    if (l->len < capacity(l) && !XIPVM_GC_STRESS) {
        xv_items(l->items)[l->len++] = item;
        return true;
    }
    xv_value r[2] = {list, item};
    XV_ENTER(vm, r);
    xv_chance(vm);
    bool ok = reserve(vm, &r[0], 1, slack_for(xv_list(r[0])->len));
    XV_LEAVE(vm);
    if (ok) {
        l = xv_list(r[0]);
        xv_items(l->items)[l->len++] = r[1];
    }
    return ok;
}

/* Replaces `count` items from `at` on by `n` items of `from`, a list (another one) or tuple, or by nothing
 * if that is XV_NULL. `list` and `from` are rooted. */
static bool splice(struct xv_vm *vm, const xv_value *list, size_t at, size_t count, const xv_value *from,
                   size_t n) {
    if (n > count) {
        size_t grow = n - count;
        if (!reserve(vm, list, grow, at == xv_list(*list)->len ? slack_for(xv_list(*list)->len) : 0)) {
            return false;
        }
    }
    struct xv_list *l = xv_list(*list);
    size_t len = l->len - count + n;
    if (l->len != 0 && n != count) {
        xv_value *items = xv_items(l->items);
        memmove(items + at + n, items + at + count, (l->len - at - count) * sizeof(xv_value));
    }
    if (n != 0) {
        xv_value *items;
        size_t have;
        if (xv_sequence(vm, *from, &items, &have) && have >= n) {
            memcpy(xv_items(l->items) + at, items, n * sizeof(xv_value));
        }
    }
    if (len < l->len) {
        truncate(vm, l, len);
    }
    l->len = len;
    return true;
}

/* Appends all of an iterable. args are rooted: list, iterable, which may be overwritten. */
static bool extend(struct xv_vm *vm, xv_value *args) {
    xv_value *items;
    size_t n;
    if (xv_sequence(vm, args[1], &items, &n)) {
        size_t len = xv_list(args[0])->len;
        if (n == 0) {
            return true;
        }
        if (!reserve(vm, &args[0], n, len == 0 ? 0 : slack_for(len))) {
            return false;
        }
        /* Taken again, as they may have moved; the list may be its own argument. */
        if (xv_sequence(vm, args[1], &items, &n)) {
            memmove(xv_list_items(args[0]) + len, items, n * sizeof(xv_value));
            xv_list(args[0])->len = len + n;
        }
        return true;
    }
    args[1] = xv_iter_settled(vm, args[1]);
    while (args[1] != XV_NULL) {
        xv_value item = xv_next(vm, args[1]);
        if (item == XV_STOP) {
            return true;
        }
        if (item == XV_NULL || !xv_list_append(vm, args[0], item)) {
            return false;
        }
    }
    return false;
}

/* ---- items and slices */

static xv_value list_slice(struct xv_vm *vm, xv_value self, xv_value slice) {
    xv_value r[1] = {self}, copy = XV_NULL;
    intptr_t start, step;
    size_t count, len = xv_list(self)->len;
    XV_ENTER(vm, r);
    if (xv_slice_bounds(vm, slice, len, &start, &step, &count)) {
        if (xv_list(r[0])->len != len) {
            xv_raise(vm, &xv_exc_RuntimeError, "list changed size while it was indexed");
        } else {
            copy = xv_list_new(vm, count);
        }
    }
    XV_LEAVE(vm);
    if (copy == XV_NULL || count == 0) {
        return copy;
    }
    const xv_value *from = xv_list_items(r[0]) + start;
    xv_value *to = xv_list_items(copy);
    if (step == 1) {
        memcpy(to, from, count * sizeof *to);
    } else {
        for (size_t i = 0; i < count; i++) {
            to[i] = xv_list_items(r[0])[start + (intptr_t)i * step];
        }
    }
    xv_list(copy)->len = count;
    return copy;
}

/* del list[start::step], `count` items. Does not allocate. */
static void delete_steps(struct xv_vm *vm, struct xv_list *l, intptr_t start, intptr_t step, size_t count) {
    if (count == 0) {
        return;
    }
    if (step < 0) {
        start += (intptr_t)(count - 1) * step;
        step = -step;
    }
    xv_value *items = xv_items(l->items);
    size_t to = (size_t)start;
    for (size_t i = 0, from = (size_t)start; from < l->len; from++) {
        if (i < count && from == (size_t)start + i * (size_t)step) {
            i++;
        } else {
            items[to++] = items[from];
        }
    }
    truncate(vm, l, to);
}

/* list[slice] = value. r: list, slice, value; rooted. */
static bool set_slice(struct xv_vm *vm, xv_value *r) {
    xv_value *items;
    size_t n = 0, count, len;
    intptr_t start, step;
    bool deletes = r[2] == XV_NULL;
    if (!deletes && (!xv_sequence(vm, r[2], &items, &n) || xv_unwrap(vm, r[2]) == r[0])) {
        r[2] = xv_list_from(vm, r[2]);
        if (r[2] == XV_NULL) {
            return false;
        }
    }
    len = xv_list(r[0])->len;
    if (!xv_slice_bounds(vm, r[1], len, &start, &step, &count)) {
        return false;
    }
    if (xv_list(r[0])->len != len) {
        xv_raise(vm, &xv_exc_RuntimeError, "list changed size while it was indexed");
        return false;
    }
    if (!deletes) {
        xv_sequence(vm, r[2], &items, &n);
    }
    if (step == 1) {
        return splice(vm, &r[0], (size_t)start, count, &r[2], n);
    }
    if (deletes) {
        delete_steps(vm, xv_list(r[0]), start, step, count);
        return true;
    }
    if (n != count) {
        xv_raise(vm, &xv_exc_ValueError, "attempt to assign sequence of size %z to extended slice of size %z",
                 n, count);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        xv_list_items(r[0])[start + (intptr_t)i * step] = items[i];
    }
    return true;
}

/* The index of an item; false with IndexError. `list` is rooted. */
static bool check(struct xv_vm *vm, const xv_value *list, xv_value index, const char *what, size_t *out) {
    size_t len = xv_list(*list)->len;
    if (xv_is_small(index)) {
        intptr_t i = xv_small(index);
        i = i < 0 ? i + (intptr_t)len : i;
        if (i >= 0 && (size_t)i < len) {
            *out = (size_t)i;
            return true;
        }
    }
    if (!xv_check_index(vm, index, len, what, out)) {
        return false;
    }
    /* An __index__ may have shortened the list. */
    if (*out >= xv_list(*list)->len) {
        xv_raise(vm, &xv_exc_IndexError, "%s index out of range", what);
        return false;
    }
    return true;
}

static xv_value list_get_item(struct xv_vm *vm, xv_value self, xv_value index) {
    if (xv_is_small(index) && xv_small(index) >= 0 && (size_t)xv_small(index) < xv_list(self)->len) {
        return xv_list_items(self)[xv_small(index)];
    }
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        return list_slice(vm, self, index);
    }
    xv_value r[1] = {self};
    size_t i;
    XV_ENTER(vm, r);
    bool ok = check(vm, &r[0], index, "list", &i);
    XV_LEAVE(vm);
    return ok ? xv_list_items(r[0])[i] : XV_NULL;
}

static bool list_set_item(struct xv_vm *vm, xv_value self, xv_value index, xv_value value) {
    if (value != XV_NULL && xv_is_small(index) && xv_small(index) >= 0 &&
        (size_t)xv_small(index) < xv_list(self)->len) {
        xv_list_items(self)[xv_small(index)] = value;
        return true;
    }
    xv_value r[3] = {self, index, value};
    size_t i;
    XV_ENTER(vm, r);
    bool ok;
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        ok = set_slice(vm, r);
    } else {
        ok = check(vm, &r[0], index, "list", &i);
        if (ok && r[2] == XV_NULL) {
            ok = splice(vm, &r[0], i, 1, NULL, 0);
        } else if (ok) {
            xv_list_items(r[0])[i] = r[2];
        }
    }
    XV_LEAVE(vm);
    return ok;
}

/* ---- methods */

static xv_value list_append(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_list_append(vm, args[0], args[1]) ? XV_NONE : XV_NULL;
}

static xv_value list_extend(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return extend(vm, args) ? XV_NONE : XV_NULL;
}

static xv_value list_clear(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    truncate(vm, xv_list(args[0]), 0);
    return XV_NONE;
}

static xv_value list_init(struct xv_vm *vm, xv_value *args, uint32_t n) {
    truncate(vm, xv_list(args[0]), 0);
    return n == 1 || extend(vm, args) ? XV_NONE : XV_NULL;
}

static xv_value list_copy(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t len = xv_list(args[0])->len;
    xv_value copy = xv_list_new(vm, len);
    if (copy != XV_NULL && len != 0) {
        memcpy(xv_list_items(copy), xv_list_items(args[0]), len * sizeof(xv_value));
        xv_list(copy)->len = len;
    }
    return copy;
}

static xv_value list_insert(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t at;
    if (!xv_to_index(vm, args[1], &at)) {
        return XV_NULL;
    }
    size_t len = xv_list(args[0])->len;
    size_t i = at >= 0                        ? ((size_t)at < len ? (size_t)at : len)
               : (size_t)0 - (size_t)at < len ? len + (size_t)at
                                              : 0;
    if (!xv_list_append(vm, args[0], args[2])) {
        return XV_NULL;
    }
    xv_value *items = xv_list_items(args[0]);
    memmove(items + i + 1, items + i, (len - i) * sizeof *items);
    items[i] = args[2];
    return XV_NONE;
}

static xv_value list_pop(struct xv_vm *vm, xv_value *args, uint32_t n) {
    struct xv_list *l = xv_list(args[0]);
    if (l->len == 0) {
        return xv_raise(vm, &xv_exc_IndexError, "pop from empty list");
    }
    size_t i = l->len - 1;
    if (n > 1 && !check(vm, &args[0], args[1], "list", &i)) {
        return XV_NULL;
    }
    xv_value item = xv_list_items(args[0])[i];
    splice(vm, &args[0], i, 1, NULL, 0);
    return item;
}

static xv_value list_remove(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value index = xv_sequence_index(vm, args, n);
    if (index == XV_NULL) {
        return XV_NULL;
    }
    /* A comparison may have shortened the list. */
    if ((size_t)xv_small(index) < xv_list(args[0])->len) {
        splice(vm, &args[0], (size_t)xv_small(index), 1, NULL, 0);
    }
    return XV_NONE;
}

static xv_value list_reverse(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    size_t len = xv_list(args[0])->len;
    for (size_t i = 0; i < len / 2; i++) {
        xv_value *items = xv_list_items(args[0]);
        xv_value t = items[i];
        items[i] = items[len - 1 - i];
        items[len - 1 - i] = t;
    }
    return XV_NONE;
}

static xv_value list_sort(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_key, XV_Q_reverse};
    xv_value r[2] = {XV_NONE, XV_FALSE};
    XV_ENTER(vm, r);
    bool ok = xv_parse_args(vm, "sort", args + 1, n - 1, names, 2, 0, r);
    int reverse = ok ? xv_truth(vm, r[1]) : -1;
    ok = reverse >= 0 && xv_list_sort(vm, args[0], r[0] == XV_NONE ? XV_NULL : r[0], reverse > 0);
    XV_LEAVE(vm);
    return ok ? XV_NONE : XV_NULL;
}

/* ---- slots */

static xv_value list_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (n > 1) {
        return xv_raise(vm, &xv_exc_TypeError, "list expected at most 1 argument, got %u", (unsigned)n);
    }
    return n == 0 ? xv_list_new(vm, 0) : xv_list_from(vm, args[0]);
}

static bool list_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    return xv_sequence_print(vm, self, out, "[", "]");
}

static xv_value concat(struct xv_vm *vm, xv_value a, xv_value b) {
    xv_value r[2] = {a, b};
    size_t na = xv_list(a)->len, nb = xv_list(b)->len;
    XV_ENTER(vm, r);
    xv_value list = xv_list_new(vm, na + nb);
    XV_LEAVE(vm);
    if (list == XV_NULL) {
        return XV_NULL;
    }
    if (na != 0) {
        memcpy(xv_list_items(list), xv_list_items(r[0]), na * sizeof(xv_value));
    }
    if (nb != 0) {
        memcpy(xv_list_items(list) + na, xv_list_items(r[1]), nb * sizeof(xv_value));
    }
    xv_list(list)->len = na + nb;
    return list;
}

/* list * count as a new list, or in place. r: list, result; rooted. */
static bool repeat(struct xv_vm *vm, xv_value *r, xv_value count, bool in_place) {
    size_t n = xv_list(r[0])->len, total;
    if (!xv_sequence_repeat(vm, n, count, &total)) {
        return false;
    }
    if (in_place) {
        r[1] = r[0];
        if (total < n) {
            truncate(vm, xv_list(r[0]), 0);
        } else if (!reserve(vm, &r[0], total - n, 0)) {
            return false;
        }
    } else {
        r[1] = xv_list_new(vm, total);
        if (r[1] == XV_NULL) {
            return false;
        }
    }
    for (size_t i = in_place ? n : 0; i < total; i += n) {
        memcpy(xv_list_items(r[1]) + i, xv_list_items(r[0]), n * sizeof(xv_value));
    }
    xv_list(r[1])->len = total;
    return true;
}

static xv_value list_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    if (op == XV_IN) {
        int has = xv_sequence_has(vm, a, b);
        return has < 0 ? XV_NULL : XV_BOOL(has);
    }
    if ((op == XV_IADD || op == XV_IMUL || op == XV_MUL) && !(reflected && op != XV_MUL)) {
        xv_value r[2] = {reflected ? b : a, reflected ? a : b};
        bool ok = op == XV_IADD || xv_is_int(r[1]) || xv_is_bool(r[1]);
        if (!ok) {
            return XV_NOT_IMPLEMENTED;
        }
        XV_ENTER(vm, r);
        ok = op == XV_IADD ? extend(vm, r) : repeat(vm, r, r[1], op == XV_IMUL);
        XV_LEAVE(vm);
        return ok ? r[op == XV_IADD ? 0 : 1] : XV_NULL;
    }
    a = xv_unwrap(vm, a);
    b = xv_unwrap(vm, b);
    if (!xv_is_kind(a, XV_KIND_LIST) || !xv_is_kind(b, XV_KIND_LIST)) {
        return XV_NOT_IMPLEMENTED;
    }
    if (op < XV_NE) {
        return xv_sequence_compare(vm, op, a, b);
    }
    return op == XV_ADD ? concat(vm, a, b) : XV_NOT_IMPLEMENTED;
}

static bool list_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = xv_list(self)->len;
    return true;
}

static const struct xv_native list_methods[] = {
    XV_NATIVE(__init__, list_init, 1, 2),
    XV_NATIVE(append, list_append, 2, 2),
    XV_NATIVE(clear, list_clear, 1, 1),
    XV_NATIVE(copy, list_copy, 1, 1),
    XV_NATIVE(count, xv_sequence_count, 2, 2),
    XV_NATIVE(extend, list_extend, 2, 2),
    XV_NATIVE(index, xv_sequence_index, 2, 4),
    XV_NATIVE(insert, list_insert, 3, 3),
    XV_NATIVE(pop, list_pop, 1, 2),
    XV_NATIVE(remove, list_remove, 2, 2),
    XV_NATIVE(reverse, list_reverse, 1, 1),
    XV_NATIVE_X(sort, list_sort, 1, 1, XV_N_KEYWORDS),
};

const struct xv_type xv_type_list = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_list,
    .flags = XV_T_NATIVE_SUB | XV_T_UNHASHABLE,
    .base = &xv_type_object,
    .methods = list_methods,
    .n_methods = sizeof list_methods / sizeof *list_methods,
    .make = list_make,
    .print = list_print,
    .binary = list_binary,
    .length = list_length,
    .get_item = list_get_item,
    .set_item = list_set_item,
    .iterator = &xv_type_list_iterator,
};
