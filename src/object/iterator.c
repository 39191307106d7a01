/* Iterators of list, tuple, range, dict and set. Their slots are described in container.h. */
#include "object/table.h"
#include "object/type.h"

/* Fills in the slots of an iterator and returns how many there are. */
static size_t fill(xv_value *slots, xv_value container, enum xv_dict_part part) {
    const struct xv_range *range = (const struct xv_range *)container;
    slots[0] = container;
    slots[1] = XV_INT(0);
    switch (xv_is_object(container) ? xv_kind(container) : XV_KIND_STR) {
    case XV_KIND_DICT:
    case XV_KIND_SET:
    case XV_KIND_FROZENSET:
        slots[2] = XV_INT(xv_dict(container)->live);
        slots[3] = XV_INT(part);
        return 4;
    case XV_KIND_RANGE:
        slots[0] = range->start;
        slots[1] = range->step;
        /* Perhaps more than a small int holds, but not than the bits of one do. */
        slots[2] = XV_INT(xv_range_length(container));
        return 3;
    default:
        return 2;
    }
}

static xv_value new_iterator(struct xv_vm *vm, const struct xv_type *type, xv_value container,
                             enum xv_dict_part part) {
    xv_value r[4] = {XV_NULL, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    size_t n = fill(r, container, part);
    xv_value it = xv_generic_new(vm, type, n);
    XV_LEAVE(vm);
    if (it != XV_NULL) {
        memcpy(xv_slots(it), r, n * sizeof *r);
    }
    return it;
}

xv_value xv_iterator_new(struct xv_vm *vm, const struct xv_type *type, xv_value container) {
    return new_iterator(vm, type, container, XV_DICT_KEYS);
}

xv_value xv_dict_iterator_new(struct xv_vm *vm, xv_value table, enum xv_dict_part part) {
    return new_iterator(vm, &xv_type_dict_iterator, table, part);
}

const struct xv_type *xv_iterator_type(const struct xv_vm *vm, xv_value v) {
    const struct xv_type *type = xv_is_user(v) ? NULL : xv_plain_type(vm, v);
    while (type != NULL && type->iterator == NULL && type->iter == NULL) {
        type = type->base;
    }
    return type == NULL ? NULL : type->iterator;
}

bool xv_cursor_begin(struct xv_vm *vm, xv_value *cursor, xv_value iterable) {
    const struct xv_type *type = xv_iterator_type(vm, iterable);
    for (size_t i = 0; i < XV_CURSOR_WORDS; i++) {
        cursor[i] = XV_NULL;
    }
    if (type == NULL) {
        xv_value it = xv_iter(vm, iterable);
        cursor[1] = it;
        return it != XV_NULL;
    }
    cursor[0] = XV_HEADER(XV_KIND_GENERIC, XV_CURSOR_WORDS);
    cursor[1] = xv_from(type);
    fill(cursor + 2, iterable, XV_DICT_KEYS);
    return true;
}

static xv_value iterator_self(struct xv_vm *vm, xv_value self) {
    (void)vm;
    return self;
}

/* One more on a small int. */
static void advance(xv_value *slot) {
    *slot += XV_INT(1) - XV_INT(0);
}

static xv_value list_next(struct xv_vm *vm, xv_value self) {
    (void)vm;
    xv_value *slots = xv_slots(self);
    size_t i = (size_t)xv_small(slots[1]);
    if (i >= xv_list(slots[0])->len) {
        return XV_STOP;
    }
    advance(&slots[1]);
    return xv_list_items(slots[0])[i];
}

static xv_value tuple_next(struct xv_vm *vm, xv_value self) {
    (void)vm;
    xv_value *slots = xv_slots(self);
    size_t i = (size_t)xv_small(slots[1]);
    if (i >= xv_n_items(slots[0])) {
        return XV_STOP;
    }
    advance(&slots[1]);
    return xv_items(slots[0])[i];
}

static xv_value range_next(struct xv_vm *vm, xv_value self) {
    (void)vm;
    xv_value *slots = xv_slots(self);
    if (slots[2] == XV_INT(0)) {
        return XV_STOP;
    }
    xv_value i = slots[0];
    /* A sum of tagged ints; behind the last item it may wrap, unseen. */
    slots[0] = i + slots[1] - XV_INT(0);
    slots[2] -= XV_INT(1) - XV_INT(0);
    return i;
}

static xv_value dict_next(struct xv_vm *vm, xv_value self) {
    xv_value *slots = xv_slots(self);
    xv_value table = slots[0], key, value;
    bool is_dict = xv_kind(table) == XV_KIND_DICT;
    if (slots[2] != XV_INT(xv_dict(table)->live)) {
        return xv_raise(vm, &xv_exc_RuntimeError, "%s changed size during iteration",
                        is_dict ? "dictionary" : "set");
    }
    uint32_t at = (uint32_t)xv_small(slots[1]);
    if (!xv_dict_next(table, &at, &key, &value)) {
        return XV_STOP;
    }
    slots[1] = XV_INT(at);
    if (slots[3] != XV_INT(XV_DICT_ITEMS)) {
        return slots[3] == XV_INT(XV_DICT_KEYS) ? key : value;
    }
    xv_value r[2] = {key, value};
    XV_ENTER(vm, r);
    xv_value pair = xv_tuple_of(vm, r, 2);
    XV_LEAVE(vm);
    return pair;
}

#define ITERATOR_TYPE(next_)                                                                                 \
    {                                                                                                        \
        .header = XV_TYPE_HEADER, .name = XV_Q_iterator, .flags = XV_T_NO_SUBCLASS | XV_T_ITER_SELF,         \
        .base = &xv_type_object, .iter = iterator_self, .next = (next_)                                      \
    }

const struct xv_type xv_type_list_iterator = ITERATOR_TYPE(list_next);
const struct xv_type xv_type_tuple_iterator = ITERATOR_TYPE(tuple_next);
const struct xv_type xv_type_range_iterator = ITERATOR_TYPE(range_next);
const struct xv_type xv_type_dict_iterator = ITERATOR_TYPE(dict_next);
