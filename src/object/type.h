/* From a value to the slots that serve it, without a call where it matters. */
#ifndef XV_OBJECT_TYPE_H
#define XV_OBJECT_TYPE_H

#include "object/function.h"

/* ORDER KIND. Rows of kinds whose type lies in the object (INSTANCE, EXCEPTION, GENERIC) are never used. */
extern const struct xv_type *const xv_kind_types[XV_KIND_COUNT];

/* The type of a value that is no object. Does not allocate. */
const struct xv_type *xv_immediate_type(const struct xv_vm *vm, xv_value v);

/* The built-in type in a value known to be one. */
static inline const struct xv_type *xv_as_type(xv_value type) {
    return (const struct xv_type *)type;
}

/* True if a program's class may define special methods for `v`. */
static inline bool xv_is_user(xv_value v) {
    if (!xv_is_object(v)) {
        return false;
    }
    enum xv_kind kind = xv_kind(v);
    return kind == XV_KIND_INSTANCE ||
           (kind == XV_KIND_EXCEPTION && xv_is_kind(((struct xv_exception *)v)->type, XV_KIND_CLASS));
}

/* super(…): its own attributes come after those that it finds. */
static inline bool xv_is_super(xv_value v) {
    return xv_is_kind(v, XV_KIND_GENERIC) && ((struct xv_generic *)v)->type == xv_from(&xv_type_super);
}

/* The type of a value of which xv_is_user is false; the built-in one below the class of an exception that a program
 * defined. */
static inline const struct xv_type *xv_plain_type(const struct xv_vm *vm, xv_value v) {
    if (!xv_is_object(v)) {
        return xv_immediate_type(vm, v);
    }
    enum xv_kind kind = xv_kind(v);
    if (kind == XV_KIND_GENERIC) {
        return xv_as_type(((struct xv_generic *)v)->type);
    }
    if (kind == XV_KIND_EXCEPTION) {
        xv_value type = ((struct xv_exception *)v)->type;
        return xv_as_type(xv_is_kind(type, XV_KIND_CLASS) ? xv_class(type)->native : type);
    }
    return xv_kind_types[kind];
}

/* Moves `t` up its bases to the first type that has the slot; NULL if none has. */
#define XV_FIND_SLOT(t, slot)                  \
    do {                                       \
        while ((t) != NULL && !(t)->slot) {    \
            (t) = (t)->base;                   \
        }                                      \
    } while (0)

/* True for the special methods that stand for slots, which work on any value. */
bool xv_is_slot_method(const struct xv_native *f);

/* The slow half of xv_self_is_right: unwraps *self if that makes it right; else false with TypeError. */
bool xv_make_self_right(struct xv_vm *vm, const struct xv_native *f, xv_value *self, uint32_t n);

/* True if `v` is what the method `f` of a built-in type expects as its receiver: if the type of `v`, or one of its
 * bases, has f in its table. Calls need this check because bytecode may take a method from one value and hand it
 * another. */
static inline bool xv_self_is_right(const struct xv_vm *vm, const struct xv_native *f, xv_value v) {
    if (v == XV_NULL || xv_is_user(v) || (f->flags & (XV_N_STATIC | XV_N_CLASS)) != 0) {
        return false;
    }
    for (const struct xv_type *t = xv_plain_type(vm, v); t != NULL; t = t->base) {
        if ((uintptr_t)f - (uintptr_t)t->methods < t->n_methods * sizeof *f) {
            return true;
        }
    }
    return false;
}

/* int.__new__ and the like; object's own is in its table. */
extern const struct xv_native xv_builtin_new;

/* T(…) of the built-in type `native`, for it or for a program's exception class below it. `n` as for a native. */
xv_value xv_type_make(struct xv_vm *vm, xv_value native, xv_value type, xv_value *args, uint32_t n);

/* What super(class_, object).name calls, function and first argument, if no object has to be made to find it; else
 * false, without an exception. Does not allocate. */
bool xv_super_function(const struct xv_vm *vm, xv_value class_, xv_value object, uint16_t name, xv_value *out);

/* Sets an instance's attribute (value XV_NULL: deletes it) past its class's __setattr__, but not past data descriptors. */
bool xv_set_attr_plainly(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value);

#endif
