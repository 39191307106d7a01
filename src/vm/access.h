/* Attribute access as instructions do it: through the inline caches. Each takes its operands from the top of the
 * stack (vm->sp) and fills in the cache entry `e` of the instruction whose operand is at `key`, if the next time can
 * be quicker. */
#ifndef XV_VM_ACCESS_H
#define XV_VM_ACCESS_H

#include "object/type.h"
#include "vm/interp.h"

/* What a method look-up depends on: the shape of an instance, the type of a value of a built-in type; 0 for those to
 * which neither applies. */
static inline uintptr_t xv_method_guard(const struct xv_vm *vm, xv_value o) {
    if (!xv_is_object(o)) {
        return o == XV_NULL ? 0 : (uintptr_t)xv_immediate_type(vm, o);
    }
    switch (xv_kind(o)) {
    case XV_KIND_INSTANCE:
        return xv_instance(o)->shape;
    case XV_KIND_CLASS:
    case XV_KIND_TYPE:
    case XV_KIND_MODULE:
    case XV_KIND_NATIVE_MODULE:
    case XV_KIND_EXCEPTION:
        return 0;
    default:
        return xv_is_super(o) ? 0 : (uintptr_t)xv_plain_type(vm, o);
    }
}

/* LOAD_ATTR: the attribute of sp[-1]; XV_PUSHED if a property's getter runs first. */
xv_value xv_load_attr_slow(struct xv_vm *vm, const uint8_t *key, uint16_t name);
/* LOAD_METHOD: sp[-1] and sp[0] become function and receiver (or XV_NULL). */
bool xv_load_method_slow(struct xv_vm *vm, const uint8_t *key, uint16_t name);
/* STORE_ATTR: sp[-1].name = sp[-2]. XV_NONE, XV_PUSHED or XV_NULL. */
xv_value xv_store_attr_slow(struct xv_vm *vm, const uint8_t *key, uint16_t name);
/* SETUP_WITH: o at sp[-1] becomes exit, self; enter, self' follow (four slots in all). */
bool xv_begin_with(struct xv_vm *vm);

#endif
