/* What the modules share: looking at arguments. Relies on the object rooms only. */
#include "lib/lib.h"

#include "object/container.h"
#include "object/number.h"
#include "object/str.h"

bool xv_check_arity(struct xv_vm *vm, const char *function, uint32_t n, uint32_t min, uint32_t max) {
    uint32_t given = XV_N_POS(n);
    if (XV_N_KW(n) != 0) {
        xv_raise(vm, &xv_exc_TypeError, "function doesn't take keyword arguments");
        return false;
    }
    if (given >= min && given <= max) {
        return true;
    }
    if (min == max) {
        xv_raise(vm, &xv_exc_TypeError, "%s() takes %u positional arguments but %u were given", function,
                 (unsigned)min, (unsigned)given);
    } else if (given < min) {
        xv_raise(vm, &xv_exc_TypeError, "%s() missing %u required positional arguments", function,
                 (unsigned)(min - given));
    } else {
        xv_raise(vm, &xv_exc_TypeError, "%s() expected at most %u arguments, got %u", function, (unsigned)max,
                 (unsigned)given);
    }
    return false;
}

xv_value xv_pair(struct xv_vm *vm, xv_value a, xv_value b) {
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    xv_value pair = xv_tuple_of(vm, r, 2);
    XV_LEAVE(vm);
    return pair;
}

xv_value xv_attribute_name(struct xv_vm *vm, xv_value v) {
    if (xv_is_qstr(v)) {
        return v;
    }
    if (!xv_is_str(vm, v)) {
        return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", v);
    }
    return xv_intern_str(vm, xv_unwrap(vm, v));
}
