/* bool: an int in all but its constructor and its text. */
#include "object/numeric.h"
#include "object/print.h"

static const struct xv_native arity = XV_NATIVE(bool, NULL, 0, 1);

static xv_value bool_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (!xv_native_arity(vm, &arity, n)) {
        return XV_NULL;
    }
    int truth = n == 0 ? 0 : xv_truth(vm, args[0]);
    return truth < 0 ? XV_NULL : XV_BOOL(truth);
}

static bool bool_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_puts(out, self == XV_TRUE ? "True" : "False");
}

const struct xv_type xv_type_bool = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_bool,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_int,
    .make = bool_make,
    .print = bool_print,
};
