/* Iterators of list, tuple, range, dict and set. Their slots are described in container.h. */
#include "object/table.h"

xv_value xv_iterator_new(struct xv_vm *vm, const struct xv_type *type, xv_value container) {
    xv_value r[1] = {container};
    XV_ENTER(vm, r);
    xv_value it = xv_generic_new(vm, type, 2);
    XV_LEAVE(vm);
    if (it != XV_NULL) {
        xv_slots(it)[0] = r[0];
        xv_slots(it)[1] = XV_INT(0);
    }
    return it;
}

xv_value xv_range_iterator_new(struct xv_vm *vm, xv_value range) {
    const struct xv_range *r = (const struct xv_range *)range;
    xv_value start = r->start, step = r->step;
    size_t n = xv_range_length(range);
    /* Nobody will see the end of one that is longer. */
    n = n < (size_t)XV_SMALL_MAX ? n : (size_t)XV_SMALL_MAX;
    xv_value it = xv_generic_new(vm, &xv_type_range_iterator, 3);
    if (it != XV_NULL) {
        xv_value *slots = xv_slots(it);
        slots[0] = start;
        slots[1] = step;
        slots[2] = XV_INT(n);
    }
    return it;
}

xv_value xv_dict_iterator_new(struct xv_vm *vm, xv_value table, enum xv_dict_part part) {
    xv_value r[1] = {table};
    XV_ENTER(vm, r);
    xv_value it = xv_generic_new(vm, &xv_type_dict_iterator, 4);
    XV_LEAVE(vm);
    if (it != XV_NULL) {
        xv_value *slots = xv_slots(it);
        slots[0] = r[0];
        slots[1] = XV_INT(0);
        slots[2] = XV_INT(xv_dict(r[0])->live);
        slots[3] = XV_INT(part);
    }
    return it;
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
