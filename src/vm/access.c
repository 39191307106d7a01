/* Attribute access as instructions do it. What an attribute means is object/attr.c's business; here are only the cases
 * that are worth remembering, and those in which Python code can run without the C stack. */
#include "vm/access.h"

#include "heap/collect.h"
#include "link/module.h"
#include "object/container.h"

void xv_forget_caches(struct xv_vm *vm) {
    memset(vm->cache, 0, XIPVM_CACHE_ENTRIES * sizeof *vm->cache);
    memset(vm->code_cache, 0, XIPVM_FUNCTION_CACHE * sizeof *vm->code_cache);
}

static void remember(struct xv_vm *vm, const uint8_t *key, uintptr_t guard, uintptr_t version, uintptr_t what) {
    xv_cache_set(vm, key, (struct xv_cache_entry){key, guard, version, what});
}

/* The place of an instance's own attribute, or -1. */
static int32_t own_slot(xv_value o, uint16_t name) {
    xv_value shape = xv_instance(o)->shape;
    return xv_shape(shape)->is_dict ? -1 : xv_shape_find(shape, name);
}

static void remember_module(struct xv_vm *vm, const uint8_t *key, xv_value module, uint16_t name, uintptr_t version) {
    xv_value *where = xv_dict_find_name(vm, xv_module(module)->globals, name);
    if (where != NULL) {
        remember(vm, key, module, version, (uintptr_t)where);
    }
}

xv_value xv_load_attr_slow(struct xv_vm *vm, const uint8_t *key, uint16_t name) {
    xv_value o = vm->sp[-1];
    if (xv_is_kind(o, XV_KIND_INSTANCE)) {
        int32_t slot = own_slot(o, name);
        if (slot >= 0) {
            remember(vm, key, xv_instance(o)->shape, 0, (uintptr_t)slot);
            return *xv_instance_slot(o, (uint32_t)slot);
        }
        if (xv_instance_get(vm, o, name) == XV_NULL) {
            xv_value found = xv_type_lookup(vm, xv_instance_class(o), name, NULL);
            if (xv_is_kind(found, XV_KIND_PROPERTY) && xv_is_function(((struct xv_wrapper *)found)->get)) {
                return xv_invoke(vm, ((struct xv_wrapper *)found)->get, vm->sp - 1, 1, 0, vm->sp - 1);
            }
        }
    } else if (xv_is_kind(o, XV_KIND_MODULE)) {
        remember_module(vm, key, o, name, vm->names_version);
    }
    return xv_get_attr(vm, o, name);
}

/* A function that LOAD_METHOD may hand out with its receiver, without binding. */
static bool is_method(xv_value v) {
    return xv_is_function(v) || (xv_is_kind(v, XV_KIND_NATIVE) &&
                                 XV_N_BINDS(((const struct xv_native *)v)->flags));
}

bool xv_load_method_slow(struct xv_vm *vm, const uint8_t *key, uint16_t name) {
    xv_value o = vm->sp[-1];
    uintptr_t guard = xv_method_guard(vm, o);
    bool instance = xv_is_kind(o, XV_KIND_INSTANCE);
    if (guard != 0 && !(instance && xv_instance_get(vm, o, name) != XV_NULL)) {
        xv_value owner = XV_NULL;
        xv_value found = xv_type_lookup(vm, xv_type_of(vm, o), name, &owner);
        /* A built-in method of a wrapped value gets that value, and is left to xv_find_method. */
        if (found != XV_NULL && is_method(found) &&
            !(instance && xv_is_kind(owner, XV_KIND_TYPE) && owner != xv_from(&xv_type_object))) {
            if (!(instance && xv_shape(xv_instance(o)->shape)->is_dict)) {
                remember(vm, key, guard, vm->class_version, found);
            }
            vm->sp[-1] = found;
            vm->sp[0] = o;
            return true;
        }
    }
    if (xv_is_kind(o, XV_KIND_MODULE)) {
        remember_module(vm, key, o, name, ~vm->names_version);
    }
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    int found = xv_find_method(vm, o, name, r);
    XV_LEAVE(vm);
    if (found == 0) {
        xv_get_attr(vm, vm->sp[-1], name); /* for its exception */
    }
    if (found <= 0) {
        return false;
    }
    vm->sp[-1] = r[0];
    vm->sp[0] = r[1];
    return true;
}

/* True if storing an attribute of that name in instances of a class just stores it. */
static bool stores_plainly(const struct xv_vm *vm, xv_value class_, uint16_t name) {
    if (xv_class(class_)->flags & XV_C_SETATTR) {
        return false;
    }
    return xv_is_plain_attr(xv_type_lookup(vm, class_, name, NULL));
}

xv_value xv_store_attr_slow(struct xv_vm *vm, const uint8_t *key, uint16_t name) {
    xv_value o = vm->sp[-1];
    if (xv_is_kind(o, XV_KIND_INSTANCE) && vm->sp[-2] != XV_NULL) {
        xv_value class_ = xv_instance_class(o);
        if (stores_plainly(vm, class_, name)) {
            int32_t slot = own_slot(o, name);
            if (slot >= 0) {
                remember(vm, key, xv_instance(o)->shape, vm->class_version, XV_INT(slot));
                *xv_instance_slot(o, (uint32_t)slot) = vm->sp[-2];
                return XV_NONE;
            }
            uint32_t collections = vm->stats.collections;
            xv_value before = xv_instance(o)->shape;
            if (!xv_instance_set(vm, o, name, vm->sp[-2])) {
                return XV_NULL;
            }
            xv_value after = xv_instance(vm->sp[-1])->shape;
            if (collections == vm->stats.collections && !xv_shape(after)->is_dict && before != after) {
                remember(vm, key, before, vm->class_version, after);
            }
            return XV_NONE;
        }
        xv_value found = xv_type_lookup(vm, class_, name, NULL);
        if (xv_is_kind(found, XV_KIND_PROPERTY) && (xv_class(class_)->flags & XV_C_SETATTR) == 0 &&
            xv_is_function(((struct xv_wrapper *)found)->set)) {
            xv_value value = vm->sp[-2];
            vm->sp[-2] = o;
            vm->sp[-1] = value;
            xv_value v = xv_invoke(vm, ((struct xv_wrapper *)found)->set, vm->sp - 2, 2, 0, vm->sp - 2);
            if (v == XV_PUSHED) {
                vm->frame->then = XV_THEN_DISCARD;
            }
            return v;
        }
    }
    return xv_set_attr(vm, o, name, vm->sp[-2]) ? XV_NONE : XV_NULL;
}

bool xv_begin_with(struct xv_vm *vm) {
    xv_value *sp = vm->sp;
    xv_value r[5] = {sp[-1], XV_NULL, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    static const uint16_t names[2] = {XV_Q___exit__, XV_Q___enter__};
    bool done = true;
    for (unsigned i = 0; done && i < 2; i++) {
        int found = xv_find_method(vm, r[0], names[i], &r[1 + 2 * i]);
        if (found == 0) {
            xv_raise(vm, &xv_exc_AttributeError, "'%t' object has no attribute '%q'", r[0], names[i]);
        }
        done = found > 0;
    }
    XV_LEAVE(vm);
    if (done) {
        memcpy(sp - 1, r + 1, 4 * sizeof *sp);
        vm->sp = sp + 3;
    }
    return done;
}
