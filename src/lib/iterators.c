/* The lazy builtins: enumerate, zip, map, filter, reversed, and iter() of a callable.
 *
 * Each is a GENERIC object whose slots hold the iterators that it draws from. `next` roots itself, as drawing an
 * item may run Python code. */
#include "lib/lib.h"

#include "object/container.h"
#include "object/number.h"

/* A new object with `n_first` slots from `first` and then one iterator for each of `n` iterables. Both arrays are
 * arguments of a native; the iterables are overwritten by their iterators. */
static xv_value over_iterables(struct xv_vm *vm, const struct xv_type *type, const xv_value *first, size_t n_first,
                               xv_value *iterables, size_t n) {
    for (size_t i = 0; i < n; i++) {
        xv_value iterator = xv_iter(vm, iterables[i]);
        if (iterator == XV_NULL) {
            return XV_NULL;
        }
        iterables[i] = iterator;
    }
    xv_value self = xv_generic_new(vm, type, n_first + n);
    if (self == XV_NULL) {
        return XV_NULL;
    }
    for (size_t i = 0; i < n_first; i++) {
        xv_slots(self)[i] = first[i];
    }
    for (size_t i = 0; i < n; i++) {
        xv_slots(self)[n_first + i] = iterables[i];
    }
    return self;
}

/* ---- enumerate: iterator, number of the next item */

static xv_value enumerate_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_iterable, XV_Q_start};
    (void)type;
    xv_value r[2] = {XV_NULL, XV_INT(0)};
    XV_ENTER(vm, r);
    xv_value self = XV_NULL;
    if (xv_parse_args(vm, "enumerate", args, n, names, 2, 1, r) && (r[1] = xv_as_int(vm, r[1])) != XV_NULL &&
        (r[0] = xv_iter(vm, r[0])) != XV_NULL && (self = xv_generic_new(vm, &xv_type_enumerate, 2)) != XV_NULL) {
        xv_slots(self)[0] = r[0];
        xv_slots(self)[1] = r[1];
    }
    XV_LEAVE(vm);
    return self;
}

xv_value xv_enumerate_count(struct xv_vm *vm, xv_value self) {
    xv_value r[2] = {self, xv_slots(self)[1]};
    XV_ENTER(vm, r);
    xv_value after = xv_is_small(r[1]) && xv_small(r[1]) < XV_SMALL_MAX ? XV_INT(xv_small(r[1]) + 1)
                                                                        : xv_binary(vm, XV_ADD, r[1], XV_INT(1));
    if (after == XV_NULL) {
        r[1] = XV_NULL;
    } else {
        xv_slots(r[0])[1] = after;
    }
    XV_LEAVE(vm);
    return r[1];
}

static xv_value enumerate_next(struct xv_vm *vm, xv_value self) {
    xv_value r[2] = {self, XV_NULL};
    XV_ENTER(vm, r);
    xv_value item = xv_next(vm, xv_slots(self)[0]);
    if (item != XV_NULL && item != XV_STOP) {
        r[1] = item;
        xv_value number = xv_enumerate_count(vm, r[0]);
        item = number == XV_NULL ? XV_NULL : xv_pair(vm, number, r[1]);
    }
    XV_LEAVE(vm);
    return item;
}

const struct xv_type xv_type_enumerate = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_enumerate,
    .flags = XV_T_ITER_SELF | XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .make = enumerate_make,
    .next = enumerate_next,
};

/* ---- zip: the iterators */

static xv_value zip_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (!xv_check_arity(vm, "zip", n, 0, UINT16_MAX)) {
        return XV_NULL;
    }
    return over_iterables(vm, &xv_type_zip, NULL, 0, args, n);
}

static xv_value zip_next(struct xv_vm *vm, xv_value self) {
    size_t n = xv_n_slots(self);
    if (n == 0) {
        return XV_STOP;
    }
    xv_value r[2] = {self, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_tuple_new(vm, n);
    xv_value item = r[1];
    for (size_t i = 0; i < n && item != XV_NULL && item != XV_STOP; i++) {
        item = xv_next(vm, xv_slots(r[0])[i]);
        if (item != XV_NULL && item != XV_STOP) {
            xv_items(r[1])[i] = item;
        }
    }
    if (item != XV_NULL && item != XV_STOP) {
        item = r[1];
    }
    XV_LEAVE(vm);
    return item;
}

const struct xv_type xv_type_zip = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_zip,
    .flags = XV_T_ITER_SELF | XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .make = zip_make,
    .next = zip_next,
};

/* ---- map: function, the iterators */

static xv_value map_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (!xv_check_arity(vm, "map", n, 2, UINT16_MAX)) {
        return XV_NULL;
    }
    return over_iterables(vm, &xv_type_map, args, 1, args + 1, n - 1);
}

/* With several iterators the items are collected on the frame stack, where they are rooted and do not move. */
static xv_value map_next_of_many(struct xv_vm *vm, xv_value self, size_t n) {
    if (!xv_stack_room(vm, n)) {
        return xv_raise_memory(vm);
    }
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    xv_value *items = vm->sp;
    for (size_t i = 0; i < n; i++) {
        items[i] = XV_NULL;
    }
    vm->sp += n;
    xv_value result = XV_NONE;
    for (size_t i = 0; i < n && result != XV_NULL && result != XV_STOP; i++) {
        result = xv_next(vm, xv_slots(r[0])[1 + i]);
        items[i] = result;
    }
    if (result != XV_NULL && result != XV_STOP) {
        result = xv_call(vm, xv_slots(r[0])[0], items, n);
    }
    vm->sp = items;
    XV_LEAVE(vm);
    return result;
}

static xv_value map_next(struct xv_vm *vm, xv_value self) {
    size_t n = xv_n_slots(self) - 1;
    if (n > 1) {
        return map_next_of_many(vm, self, n);
    }
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    xv_value item = xv_next(vm, xv_slots(self)[1]);
    if (item != XV_NULL && item != XV_STOP) {
        item = xv_call(vm, xv_slots(r[0])[0], &item, 1);
    }
    XV_LEAVE(vm);
    return item;
}

const struct xv_type xv_type_map = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_map,
    .flags = XV_T_ITER_SELF | XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .make = map_make,
    .next = map_next,
};

/* ---- filter: function or None, iterator */

static xv_value filter_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (!xv_check_arity(vm, "filter", n, 2, 2)) {
        return XV_NULL;
    }
    return over_iterables(vm, &xv_type_filter, args, 1, args + 1, 1);
}

static xv_value filter_next(struct xv_vm *vm, xv_value self) {
    xv_value r[2] = {self, XV_NULL};
    XV_ENTER(vm, r);
    int keep = 0;
    while (keep == 0) {
        r[1] = xv_next(vm, xv_slots(r[0])[1]);
        if (r[1] == XV_NULL || r[1] == XV_STOP) {
            break;
        }
        xv_value function = xv_slots(r[0])[0];
        xv_value verdict = function == XV_NONE ? r[1] : xv_call(vm, function, &r[1], 1);
        keep = verdict == XV_NULL ? -1 : xv_truth(vm, verdict);
    }
    XV_LEAVE(vm);
    return keep < 0 ? XV_NULL : r[1];
}

const struct xv_type xv_type_filter = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_filter,
    .flags = XV_T_ITER_SELF | XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .make = filter_make,
    .next = filter_next,
};

/* ---- reversed: sequence, index of the next item plus one */

static xv_value reversed_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (!xv_check_arity(vm, "reversed", n, 1, 1)) {
        return XV_NULL;
    }
    xv_value own = xv_call_method_if(vm, args[0], XV_Q___reversed__, NULL, 0);
    if (own != XV_STOP) {
        return own;
    }
    if (xv_is_kind(args[0], XV_KIND_DICT)) {
        /* The keys have an order, but no index. */
        args[0] = xv_list_from(vm, args[0]);
        if (args[0] == XV_NULL) {
            return XV_NULL;
        }
    } else if (xv_is_kind(args[0], XV_KIND_SET) || xv_is_kind(args[0], XV_KIND_FROZENSET)) {
        return xv_raise(vm, &xv_exc_TypeError, "'%t' object isn't reversible", args[0]);
    }
    size_t len;
    if (!xv_length(vm, args[0], &len)) {
        return XV_NULL;
    }
    if (len > (size_t)XV_SMALL_MAX) {
        return xv_raise(vm, &xv_exc_OverflowError, "overflow converting long int to machine word");
    }
    xv_value self = xv_generic_new(vm, &xv_type_reversed, 2);
    if (self != XV_NULL) {
        xv_slots(self)[0] = args[0];
        xv_slots(self)[1] = XV_INT(len);
    }
    return self;
}

static xv_value reversed_next(struct xv_vm *vm, xv_value self) {
    intptr_t at = xv_small(xv_slots(self)[1]);
    if (at == 0) {
        return XV_STOP;
    }
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    xv_value item = xv_get_item(vm, xv_slots(self)[0], XV_INT(at - 1));
    if (item != XV_NULL) {
        xv_slots(r[0])[1] = XV_INT(at - 1);
    } else if (xv_pending(vm, &xv_exc_IndexError) || xv_pending(vm, &xv_exc_StopIteration)) {
        /* The sequence has become shorter. */
        xv_clear(vm);
        xv_slots(r[0])[1] = XV_INT(0);
        item = XV_STOP;
    }
    XV_LEAVE(vm);
    return item;
}

const struct xv_type xv_type_reversed = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_reversed,
    .flags = XV_T_ITER_SELF | XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .make = reversed_make,
    .next = reversed_next,
};

/* ---- iter(function, sentinel): function, or None when it has ended; sentinel */

static xv_value callable_next(struct xv_vm *vm, xv_value self) {
    xv_value r[2] = {self, XV_NULL};
    if (xv_slots(self)[0] == XV_NONE) {
        return XV_STOP;
    }
    XV_ENTER(vm, r);
    r[1] = xv_call(vm, xv_slots(self)[0], NULL, 0);
    int ended = r[1] == XV_NULL ? -1 : xv_equal(vm, r[1], xv_slots(r[0])[1]);
    if (ended > 0) {
        xv_slots(r[0])[0] = XV_NONE;
        r[1] = XV_STOP;
    }
    XV_LEAVE(vm);
    return ended < 0 ? XV_NULL : r[1];
}

const struct xv_type xv_type_callable_iterator = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_callable_iterator,
    .flags = XV_T_ITER_SELF | XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .next = callable_next,
};
