/* Types: which type a value has, what the tables of a type hold, and the types `object`, `type`, `super` and
 * those of the singletons. Relies on object/class.c for what a program's classes are made of. */
#include "object/type.h"

#include "object/container.h"
#include "object/number.h"
#include "object/print.h"
#include "object/str.h"

/* ---- the type of a value */

/* ORDER KIND */
const struct xv_type *const xv_kind_types[XV_KIND_COUNT] = {
    [XV_KIND_RAW] = &xv_type_internal,
    [XV_KIND_ARRAY] = &xv_type_internal,
    [XV_KIND_STR] = &xv_type_str,
    [XV_KIND_BYTES] = &xv_type_bytes,
    [XV_KIND_BYTEARRAY] = &xv_type_bytearray,
    [XV_KIND_INT] = &xv_type_int,
    [XV_KIND_FLOAT] = &xv_type_float,
    [XV_KIND_TUPLE] = &xv_type_tuple,
    [XV_KIND_LIST] = &xv_type_list,
    [XV_KIND_DICT] = &xv_type_dict,
    [XV_KIND_SET] = &xv_type_set,
    [XV_KIND_FROZENSET] = &xv_type_frozenset,
    [XV_KIND_RANGE] = &xv_type_range,
    [XV_KIND_SLICE] = &xv_type_slice,
    [XV_KIND_CELL] = &xv_type_cell,
    [XV_KIND_FUNCTION] = &xv_type_function,
    [XV_KIND_NATIVE] = &xv_type_native,
    [XV_KIND_BOUND] = &xv_type_bound_method,
    [XV_KIND_TYPE] = &xv_type_type,
    [XV_KIND_CLASS] = &xv_type_type,
    [XV_KIND_SHAPE] = &xv_type_internal,
    [XV_KIND_INSTANCE] = &xv_type_object,
    [XV_KIND_EXCEPTION] = &xv_exc_BaseException,
    [XV_KIND_MODULE] = &xv_type_module,
    [XV_KIND_NATIVE_MODULE] = &xv_type_module,
    [XV_KIND_GENERATOR] = &xv_type_generator,
    [XV_KIND_PROPERTY] = &xv_type_property,
    [XV_KIND_STATICMETHOD] = &xv_type_staticmethod,
    [XV_KIND_CLASSMETHOD] = &xv_type_classmethod,
    [XV_KIND_GENERIC] = &xv_type_internal,
};

/* By the payload of an XV_IMM_SPECIAL. */
static const struct xv_type *const special_types[] = {
    &xv_type_bool, &xv_type_bool, &xv_type_none, &xv_type_ellipsis, &xv_type_not_implemented,
};

const struct xv_type *xv_immediate_type(const struct xv_vm *vm, xv_value v) {
    if (xv_is_small(v)) {
        return &xv_type_int;
    }
#if XV_FLOAT_IMMEDIATE
    if (xv_is_flonum(v)) {
        return &xv_type_float;
    }
#endif
    if (xv_is_qstr(v)) {
        return &xv_type_str;
    }
    if (xv_is_imm(v, XV_IMM_CONST)) {
        return xv_is_bytes(vm, v) ? &xv_type_bytes : &xv_type_str;
    }
    if (xv_is_imm(v, XV_IMM_CODE)) {
        return &xv_type_function;
    }
    size_t i = (size_t)(v >> XV_IMM_SHIFT);
    /* An array of pointers. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    if (v != XV_NULL && i < sizeof special_types / sizeof *special_types) {
        return special_types[i];
    }
    return &xv_type_internal;
}

xv_value xv_type_of(const struct xv_vm *vm, xv_value v) {
    if (xv_is_object(v)) {
        switch (xv_kind(v)) {
        case XV_KIND_INSTANCE:
            return xv_instance_class(v);
        case XV_KIND_EXCEPTION:
            return ((struct xv_exception *)v)->type;
        default:
            break;
        }
    }
    return xv_from(xv_plain_type(vm, v));
}

const struct xv_type *xv_native_type(const struct xv_vm *vm, xv_value v, xv_value *self) {
    *self = v;
    if (xv_is_user(v)) {
        if (xv_kind(v) == XV_KIND_INSTANCE) {
            xv_value wrapped = xv_instance(v)->wrapped;
            if (wrapped == XV_NULL) {
                return &xv_type_object;
            }
            *self = wrapped;
            return xv_plain_type(vm, wrapped);
        }
        return xv_as_type(xv_class(((struct xv_exception *)v)->type)->native);
    }
    return xv_plain_type(vm, v);
}

xv_value xv_unwrap(const struct xv_vm *vm, xv_value v) {
    (void)vm;
    if (xv_is_kind(v, XV_KIND_INSTANCE) && xv_instance(v)->wrapped != XV_NULL) {
        return xv_instance(v)->wrapped;
    }
    return v;
}

bool xv_is_type(xv_value v) {
    return xv_is_kind(v, XV_KIND_TYPE) || xv_is_kind(v, XV_KIND_CLASS);
}

bool xv_is_subtype(const struct xv_vm *vm, xv_value sub, xv_value super) {
    (void)vm;
    if (sub == super || super == xv_from(&xv_type_object)) {
        return true;
    }
    if (xv_kind(sub) == XV_KIND_CLASS) {
        xv_value mro = xv_class(sub)->mro;
        const xv_value *types = xv_items(mro);
        for (size_t i = 0, n = xv_n_items(mro); i < n; i++) {
            if (types[i] == super) {
                return true;
            }
        }
        return false;
    }
    for (const struct xv_type *t = xv_as_type(sub); t != NULL; t = t->base) {
        if (xv_from(t) == super) {
            return true;
        }
    }
    return false;
}

bool xv_is_a(const struct xv_vm *vm, xv_value v, const struct xv_type *type) {
    return xv_is_subtype(vm, xv_type_of(vm, v), xv_from(type));
}

xv_value xv_type_name(xv_value type) {
    return xv_kind(type) == XV_KIND_CLASS ? xv_class(type)->name : XV_QSTR(xv_as_type(type)->name);
}

xv_value xv_name_of_type(const struct xv_vm *vm, xv_value v) {
    return xv_type_name(xv_type_of(vm, v));
}

xv_value xv_generic_new(struct xv_vm *vm, const struct xv_type *type, size_t n_slots) {
    xv_value v = xv_alloc(vm, XV_KIND_GENERIC, 2 + n_slots);
    if (v != XV_NULL) {
        ((struct xv_generic *)v)->type = xv_from(type);
    }
    return v;
}

bool xv_hash_identity(struct xv_vm *vm, xv_value v, uint32_t *out) {
    uintptr_t number = v >> 3;
    if (xv_is_object(v) && xv_in_heap(vm, v) && !xv_identity(vm, v, &number)) {
        return false;
    }
    *out = xv_hash_int((intptr_t)(number & INTPTR_MAX));
    return true;
}

/* ---- look-up */

/* What slots are called when a program asks for them by name, as in [].__len__(). */
static xv_value slot_next(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value item = xv_next(vm, args[0]);
    return item == XV_STOP ? xv_raise_empty(vm, &xv_exc_StopIteration) : item;
}

static xv_value slot_iter(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_iter(vm, args[0]);
}

static xv_value slot_len(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t len;
    return xv_length(vm, args[0], &len) ? xv_int_from_unsigned(vm, len) : XV_NULL;
}

static xv_value slot_getitem(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_get_item(vm, args[0], args[1]);
}

static xv_value slot_setitem(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return xv_set_item(vm, args[0], args[1], n == 3 ? args[2] : XV_NULL) ? XV_NONE : XV_NULL;
}

static xv_value slot_contains(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_binary(vm, XV_IN, args[1], args[0]);
}

static const struct xv_native slot_methods[] = {
    XV_NATIVE(__next__, slot_next, 1, 1),       XV_NATIVE(__iter__, slot_iter, 1, 1),
    XV_NATIVE(__len__, slot_len, 1, 1),         XV_NATIVE(__getitem__, slot_getitem, 2, 2),
    XV_NATIVE(__setitem__, slot_setitem, 3, 3), XV_NATIVE(__delitem__, slot_setitem, 2, 2),
    XV_NATIVE(__contains__, slot_contains, 2, 2),
};
#define N_SLOT_METHODS (sizeof slot_methods / sizeof *slot_methods)

bool xv_is_slot_method(const struct xv_native *f) {
    return (uintptr_t)f - (uintptr_t)slot_methods < sizeof slot_methods;
}

static xv_value find_slot(const struct xv_type *t, uint16_t name) {
    /* In the order of the table. */
    const bool has[N_SLOT_METHODS] = {t->next != NULL,     t->iter != NULL || t->next != NULL,
                                      t->length != NULL,   t->get_item != NULL,
                                      t->set_item != NULL, t->set_item != NULL,
                                      t->length != NULL && t->binary != NULL};
    for (size_t i = 0; i < N_SLOT_METHODS; i++) {
        if (slot_methods[i].name == name) {
            return has[i] ? xv_from(&slot_methods[i]) : XV_NULL;
        }
    }
    return XV_NULL;
}

/* In the tables of one built-in type. */
static xv_value find_in_table(const struct xv_type *t, uint16_t name) {
    for (uint16_t i = 0; i < t->n_methods; i++) {
        if (t->methods[i].name == name) {
            return xv_from(&t->methods[i]);
        }
    }
    for (uint16_t i = 0; i < t->n_constants; i++) {
        if (t->constants[i].name == name) {
            return t->constants[i].value;
        }
    }
    return find_slot(t, name);
}

static xv_value find_in_type(const struct xv_vm *vm, xv_value type, uint16_t name) {
    if (xv_kind(type) == XV_KIND_CLASS) {
        return xv_dict_get_name(vm, xv_class(type)->dict, name);
    }
    return find_in_table(xv_as_type(type), name);
}

/* The type that a built-in one is searched after; NULL after `object`. */
static const struct xv_type *next_base(const struct xv_type *t) {
    if (t->base != NULL) {
        return t->base;
    }
    return t == &xv_type_object ? NULL : &xv_type_object;
}

/* Looks along the MRO of `type`, from the entry behind `after` on (XV_NULL: from the start). */
static xv_value find_after(const struct xv_vm *vm, xv_value type, xv_value after, uint16_t name,
                           xv_value *owner) {
    bool on = after == XV_NULL;
    if (xv_kind(type) == XV_KIND_CLASS) {
        xv_value mro = xv_class(type)->mro;
        const xv_value *types = xv_items(mro);
        for (size_t i = 0, n = xv_n_items(mro); i < n; i++) {
            if (on) {
                xv_value found = find_in_type(vm, types[i], name);
                if (found != XV_NULL) {
                    *owner = types[i];
                    return found;
                }
            }
            on = on || types[i] == after;
        }
        return XV_NULL;
    }
    for (const struct xv_type *t = xv_as_type(type); t != NULL; t = next_base(t)) {
        if (on) {
            xv_value found = find_in_table(t, name);
            if (found != XV_NULL) {
                *owner = xv_from(t);
                return found;
            }
        }
        on = on || xv_from(t) == after;
    }
    return XV_NULL;
}

xv_value xv_type_lookup(const struct xv_vm *vm, xv_value type, uint16_t name, xv_value *owner) {
    xv_value where;
    xv_value found = find_after(vm, type, XV_NULL, name, &where);
    if (found != XV_NULL && owner != NULL) {
        *owner = where;
    }
    return found;
}

static xv_value bind_native(struct xv_vm *vm, xv_value attr, xv_value owner, xv_value self, xv_value type) {
    const struct xv_native *f = (const struct xv_native *)attr;
    if (f->flags & XV_N_CLASS) {
        return xv_bound_new(vm, attr, type);
    }
    if (!XV_N_BINDS(f->flags) && (f->flags & XV_N_GETTER) == 0) {
        return attr;
    }
    /* Methods of a built-in type expect one of its values; those of `object` take anything as it is. */
    if (xv_kind(owner) == XV_KIND_TYPE && owner != xv_from(&xv_type_object)) {
        self = xv_unwrap(vm, self);
    }
    return f->flags & XV_N_GETTER ? xv_call(vm, attr, &self, 1) : xv_bound_new(vm, attr, self);
}

xv_value xv_attr_bind(struct xv_vm *vm, xv_value attr, xv_value owner, xv_value self, xv_value type) {
    if (xv_is_function(attr)) {
        return xv_bound_new(vm, attr, self);
    }
    if (!xv_is_object(attr)) {
        return attr;
    }
    switch (xv_kind(attr)) {
    case XV_KIND_NATIVE:
        return bind_native(vm, attr, owner, self, type);
    case XV_KIND_STATICMETHOD:
        return ((struct xv_wrapper *)attr)->get;
    case XV_KIND_CLASSMETHOD:
        return xv_bound_new(vm, ((struct xv_wrapper *)attr)->get, type);
    case XV_KIND_PROPERTY: {
        xv_value get = ((struct xv_wrapper *)attr)->get;
        if (get == XV_NULL) {
            return xv_raise(vm, &xv_exc_AttributeError, "unreadable attribute");
        }
        return xv_call(vm, get, &self, 1);
    }
    case XV_KIND_INSTANCE: {
        xv_value method = xv_special_find(vm, attr, XV_Q___get__);
        if (method == XV_NULL) {
            return attr;
        }
        xv_value args[2] = {self, type};
        return xv_special_call(vm, method, attr, args, 2);
    }
    default:
        return attr;
    }
}

/* ---- object */

static xv_value object_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    (void)args;
    if (n != 0) {
        return xv_raise(vm, &xv_exc_TypeError, "function takes 0 positional arguments but %u were given",
                        (unsigned)XV_N_POS(n));
    }
    return xv_generic_new(vm, &xv_type_object, 0);
}

static bool object_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    uint32_t number;
    bool ok = xv_hash_identity(vm, self, &number) &&
              xv_putf(out, "<%t object at %u>", r[0], (unsigned)number);
    XV_LEAVE(vm);
    return ok;
}

static bool object_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    return xv_hash_identity(vm, self, out);
}

xv_value xv_type_make(struct xv_vm *vm, xv_value native, xv_value type, xv_value *args, uint32_t n) {
    const struct xv_type *t = xv_as_type(native);
    XV_FIND_SLOT(t, make);
    /* What makes an `object` makes nothing else. */
    if (t == NULL || (t == &xv_type_object && native != xv_from(t))) {
        return xv_raise(vm, &xv_exc_TypeError, "can't create '%q' instances", xv_as_type(native)->name);
    }
    return t->make(vm, type, args, n);
}

/* For a subclass of a built-in type this is that type's __init__: it makes the wrapped value anew. */
static xv_value object_init(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value self = args[0];
    if (!xv_is_kind(self, XV_KIND_INSTANCE)) {
        return XV_NONE;
    }
    xv_value native = xv_class(xv_instance_class(self))->native;
    if (native == XV_NULL) {
        if (n != 1) {
            return xv_raise(vm, &xv_exc_TypeError, "function takes 1 positional arguments but %u were given",
                            (unsigned)XV_N_POS(n));
        }
        return XV_NONE;
    }
    if (n != 1 || xv_instance(self)->wrapped == XV_NULL) {
        xv_value wrapped = xv_type_make(vm, native, native, args + 1, n - 1);
        if (wrapped == XV_NULL) {
            return XV_NULL;
        }
        xv_instance(args[0])->wrapped = wrapped;
    }
    return XV_NONE;
}

/* A static method: args[0] is the class. What makes an `object` makes no other built-in value. */
static xv_value object_new(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (!xv_is_type(args[0])) {
        return xv_raise(vm, &xv_exc_TypeError, "object.__new__(X): X is not a type object (%t)", args[0]);
    }
    if (xv_kind(args[0]) == XV_KIND_TYPE) {
        return args[0] == xv_from(&xv_type_object)
                   ? xv_type_make(vm, args[0], args[0], args + 1, n - 1)
                   : xv_raise(vm, &xv_exc_TypeError, "object.__new__(X): X is a built-in type (%v)",
                              xv_type_name(args[0]));
    }
    if (xv_class(args[0])->flags & XV_C_EXCEPTION) {
        return xv_type_make(vm, xv_class(args[0])->native, args[0], args + 1, n - 1);
    }
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value native = xv_class(args[0])->native;
    r[0] = xv_instance_new(vm, args[0]);
    if (r[0] != XV_NULL && native != XV_NULL) {
        r[1] = xv_type_make(vm, native, native, args + 1, n - 1);
        if (r[1] != XV_NULL) {
            xv_instance(r[0])->wrapped = r[1];
        } else {
            r[0] = XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return r[0];
}

/* The __new__ of every other built-in type. */
static xv_value builtin_new(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return xv_is_kind(args[0], XV_KIND_TYPE) ? xv_type_make(vm, args[0], args[0], args + 1, n - 1)
                                             : object_new(vm, args, n);
}

const struct xv_native xv_builtin_new =
    XV_NATIVE_X(__new__, builtin_new, 1, XV_ANY_ARGS, XV_N_KEYWORDS | XV_N_STATIC);

/* What a data descriptor in the class wants to be called, with object and value, to set or delete the
 * attribute: r[0] the descriptor's function, r[1] its receiver or XV_NULL. False if it is none. */
static bool find_setter(const struct xv_vm *vm, xv_value attr, bool delete, xv_value *r) {
    r[1] = XV_NULL;
    if (xv_is_kind(attr, XV_KIND_PROPERTY)) {
        struct xv_wrapper *w = (struct xv_wrapper *)attr;
        r[0] = delete ? w->del : w->set;
        return true;
    }
    r[0] = attr == XV_NULL ? XV_NULL : xv_special_find(vm, attr, delete ? XV_Q___delete__ : XV_Q___set__);
    r[1] = attr;
    return r[0] != XV_NULL;
}

/* Sets or deletes an attribute past a __setattr__ that the program's class defines. r, rooted: the object,
 * the value or XV_NULL, and room for two. */
static bool set_plainly(struct xv_vm *vm, xv_value *r, uint16_t name) {
    bool delete = r[1] == XV_NULL;
    if (!xv_is_kind(r[0], XV_KIND_INSTANCE)) {
        return xv_set_attr_past_method(vm, r[0], name, r[1]);
    }
    xv_value attr = xv_type_lookup(vm, xv_instance_class(r[0]), name, NULL);
    if (find_setter(vm, attr, delete, r + 2)) {
        if (r[2] == XV_NULL) {
            xv_raise(vm, &xv_exc_AttributeError, delete ? "can't delete attribute" : "can't set attribute");
            return false;
        }
        size_t n = delete ? 1 : 2;
        xv_value result = r[3] == XV_NULL ? xv_call(vm, r[2], r, n) : xv_special_call(vm, r[2], r[3], r, n);
        return result != XV_NULL;
    }
    if (!delete) {
        return xv_instance_set(vm, r[0], name, r[1]);
    }
    int found = xv_instance_delete(vm, r[0], name);
    if (found == 0) {
        xv_raise(vm, &xv_exc_AttributeError, "'%t' object has no attribute '%q'", r[0], name);
    }
    return found > 0;
}

bool xv_set_attr_plainly(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value) {
    xv_value r[4] = {v, value, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    bool done = set_plainly(vm, r, name);
    XV_LEAVE(vm);
    return done;
}

static xv_value set_by_name(struct xv_vm *vm, xv_value object, xv_value name, xv_value value) {
    xv_value r[4] = {object, value, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value id = XV_NULL;
    if (!xv_is_str(vm, name)) {
        xv_raise(vm, &xv_exc_TypeError, "attribute name must be a str, not '%t'", name);
    } else {
        id = xv_intern_str(vm, name);
    }
    bool done = id != XV_NULL && set_plainly(vm, r, xv_qstr_id(id));
    XV_LEAVE(vm);
    return done ? XV_NONE : XV_NULL;
}

static xv_value object_setattr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return set_by_name(vm, args[0], args[1], args[2]);
}

static xv_value object_delattr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return set_by_name(vm, args[0], args[1], XV_NULL);
}

/* So that a class's own can hand on to super(). */
static xv_value object_init_subclass(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)args;
    (void)n;
    return XV_NONE;
}

static const struct xv_native object_methods[] = {
    XV_NATIVE_X(__init__, object_init, 1, XV_ANY_ARGS, XV_N_KEYWORDS),
    XV_NATIVE_X(__new__, object_new, 1, XV_ANY_ARGS, XV_N_KEYWORDS | XV_N_STATIC),
    XV_NATIVE_X(__init_subclass__, object_init_subclass, 1, 1, XV_N_CLASS),
    XV_NATIVE(__setattr__, object_setattr, 3, 3),
    XV_NATIVE(__delattr__, object_delattr, 2, 2),
};

const struct xv_type xv_type_object = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_object,
    .methods = object_methods,
    .n_methods = sizeof object_methods / sizeof *object_methods,
    .make = object_make,
    .print = object_print,
    .hash = object_hash,
};

/* ---- type */

/* A copy of a class's namespace whose keys are names. */
static xv_value namespace_from(struct xv_vm *vm, xv_value from) {
    xv_value r[4] = {from, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_dict_new(vm, xv_dict(from)->live);
    bool ok = r[1] != XV_NULL;
    uint32_t at = 0;
    while (ok && xv_dict_next(r[0], &at, &r[2], &r[3])) {
        if (!xv_is_str(vm, r[2])) {
            xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", r[2]);
            ok = false;
        } else {
            r[2] = xv_intern_str(vm, r[2]);
            ok = r[2] != XV_NULL && xv_dict_set(vm, r[1], r[2], r[3]);
        }
    }
    XV_LEAVE(vm);
    return ok ? r[1] : XV_NULL;
}

static xv_value type_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (n == 1) {
        return xv_type_of(vm, args[0]);
    }
    if (n != 3) {
        return xv_raise(vm, &xv_exc_TypeError, "type takes 1 or 3 arguments");
    }
    if (!xv_is_str(vm, args[0])) {
        return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", args[0]);
    }
    args[1] = xv_unwrap(vm, args[1]);
    args[2] = xv_unwrap(vm, args[2]);
    if (!xv_is_kind(args[1], XV_KIND_TUPLE) || !xv_is_kind(args[2], XV_KIND_DICT)) {
        return xv_raise(vm, &xv_exc_TypeError, "type() takes a name, a tuple of bases and a dict");
    }
    args[0] = xv_intern_str(vm, args[0]);
    if (args[0] == XV_NULL) {
        return XV_NULL;
    }
    args[2] = namespace_from(vm, args[2]);
    return args[2] == XV_NULL ? XV_NULL : xv_class_new(vm, args[0], args[1], args[2]);
}

static bool type_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_putf(out, "<class '%v'>", xv_type_name(self));
}

static xv_value type_call(struct xv_vm *vm, xv_value self, xv_value *args, uint32_t n) {
    if (xv_kind(self) == XV_KIND_CLASS) {
        return xv_class_make(vm, self, args, XV_N_POS(n), XV_N_KW(n));
    }
    return xv_type_make(vm, self, self, args, n);
}

/* The built-in type and all its bases as a tuple. */
static xv_value builtin_mro(struct xv_vm *vm, const struct xv_type *type) {
    size_t n = 0;
    for (const struct xv_type *t = type; t != NULL; t = next_base(t)) {
        n++;
    }
    xv_value tuple = xv_tuple_new(vm, n);
    if (tuple != XV_NULL) {
        xv_value *item = xv_items(tuple);
        for (const struct xv_type *t = type; t != NULL; t = next_base(t)) {
            *item++ = xv_from(t);
        }
    }
    return tuple;
}

/* The tables of a built-in type as a new dict. */
static xv_value table_dict(struct xv_vm *vm, const struct xv_type *t) {
    xv_value r[1] = {xv_dict_new(vm, (size_t)t->n_methods + t->n_constants)};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL;
    for (uint16_t i = 0; ok && i < t->n_methods; i++) {
        ok = xv_dict_set_name(vm, r[0], t->methods[i].name, xv_from(&t->methods[i]));
    }
    for (uint16_t i = 0; ok && i < t->n_constants; i++) {
        ok = xv_dict_set_name(vm, r[0], t->constants[i].name, t->constants[i].value);
    }
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

static xv_value class_attr(struct xv_vm *vm, xv_value class_, uint16_t name) {
    struct xv_class *c = xv_class(class_);
    switch (name) {
    case XV_Q___bases__:
        return c->bases;
    case XV_Q___base__:
        return xv_n_items(c->bases) == 0 ? xv_from(&xv_type_object) : xv_items(c->bases)[0];
    case XV_Q___mro__:
        return c->mro;
    case XV_Q___dict__:
        return xv_dict_copy(vm, c->dict);
    case XV_Q___name__:
    case XV_Q___qualname__:
        return c->name;
    case XV_Q___module__:
        return XV_QSTR(XV_Q___main__);
    default:
        return XV_STOP;
    }
}

static xv_value builtin_attr(struct xv_vm *vm, const struct xv_type *t, uint16_t name) {
    const struct xv_type *base = next_base(t);
    switch (name) {
    case XV_Q___bases__: {
        xv_value v = xv_from(base);
        return xv_tuple_of(vm, &v, base == NULL ? 0 : 1);
    }
    case XV_Q___base__:
        return base == NULL ? XV_NONE : xv_from(base);
    case XV_Q___mro__:
        return builtin_mro(vm, t);
    case XV_Q___dict__:
        return table_dict(vm, t);
    case XV_Q___name__:
    case XV_Q___qualname__:
        return XV_QSTR(t->name);
    case XV_Q___module__:
        return XV_QSTR(XV_Q_builtins);
    default:
        return XV_STOP;
    }
}

static xv_value type_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    bool is_class = xv_kind(self) == XV_KIND_CLASS;
    return is_class ? class_attr(vm, self, name) : builtin_attr(vm, xv_as_type(self), name);
}

const struct xv_type xv_type_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_type,
    .flags = XV_T_NATIVE_SUB,
    .make = type_make,
    .print = type_print,
    .hash = object_hash,
    .call = type_call,
    .get_attr = type_get_attr,
};

/* ---- super */

enum { SUPER_CLASS, SUPER_SELF, SUPER_SLOTS };

static xv_value super_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    if (n != 2) {
        return xv_raise(vm, &xv_exc_TypeError, "function takes 2 positional arguments but %u were given",
                        (unsigned)XV_N_POS(n));
    }
    if (!xv_is_type(args[0])) {
        return xv_raise(vm, &xv_exc_TypeError, "super() argument 1 must be a type, not %t", args[0]);
    }
    bool of_type = xv_is_type(args[1]) && xv_is_subtype(vm, args[1], args[0]);
    if (!of_type && !xv_is_subtype(vm, xv_type_of(vm, args[1]), args[0])) {
        return xv_raise(vm, &xv_exc_TypeError,
                        "super(type, obj): obj must be an instance or subtype of type");
    }
    xv_value v = xv_generic_new(vm, &xv_type_super, SUPER_SLOTS);
    if (v != XV_NULL) {
        xv_slots(v)[SUPER_CLASS] = args[0];
        xv_slots(v)[SUPER_SELF] = args[1];
    }
    return v;
}

static bool super_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok = xv_putf(out, "<super: %r, ", xv_slots(r[0])[SUPER_CLASS]) &&
              xv_put_value(out, xv_slots(r[0])[SUPER_SELF], XV_PRINT_REPR) && xv_putc(out, '>');
    XV_LEAVE(vm);
    return ok;
}

/* super(C, C) in a class method or __new__: functions stay as they are, class methods get the class. */
static xv_value bind_to_class(struct xv_vm *vm, xv_value attr, xv_value owner, xv_value class_) {
    bool native = xv_is_kind(attr, XV_KIND_NATIVE);
    bool by_class = xv_is_kind(attr, XV_KIND_CLASSMETHOD) || xv_is_kind(attr, XV_KIND_STATICMETHOD) ||
                    (native && (((const struct xv_native *)attr)->flags & XV_N_CLASS));
    return by_class ? xv_attr_bind(vm, attr, owner, class_, class_) : attr;
}

static xv_value super_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    xv_value class_ = xv_slots(self)[SUPER_CLASS];
    xv_value object = xv_slots(self)[SUPER_SELF];
    xv_value owner;
    if (xv_is_type(object) && xv_is_subtype(vm, object, class_)) {
        xv_value attr = find_after(vm, object, class_, name, &owner);
        return attr == XV_NULL ? XV_STOP : bind_to_class(vm, attr, owner, object);
    }
    xv_value type = xv_type_of(vm, object);
    xv_value attr = find_after(vm, type, class_, name, &owner);
    return attr == XV_NULL ? XV_STOP : xv_attr_bind(vm, attr, owner, object, type);
}

bool xv_super_function(const struct xv_vm *vm, xv_value class_, xv_value object, uint16_t name, xv_value *out) {
    xv_value owner = XV_NULL;
    if (!xv_is_type(class_) || object == XV_NULL || xv_is_type(object)) {
        return false;
    }
    xv_value type = xv_type_of(vm, object);
    xv_value attr = xv_is_subtype(vm, type, class_) ? find_after(vm, type, class_, name, &owner) : XV_NULL;
    bool native = xv_is_kind(attr, XV_KIND_NATIVE) && XV_N_BINDS(((const struct xv_native *)attr)->flags);
    if (attr == XV_NULL || !(native || xv_is_function(attr))) {
        return false;
    }
    bool of_wrapped = native && xv_kind(owner) == XV_KIND_TYPE && owner != xv_from(&xv_type_object);
    out[0] = attr;
    out[1] = of_wrapped ? xv_unwrap(vm, object) : object;
    return true;
}

const struct xv_type xv_type_super = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_super,
    .flags = XV_T_NO_SUBCLASS,
    .make = super_make,
    .print = super_print,
    .hash = object_hash,
    .get_attr = super_get_attr,
};

/* ---- singletons, cells, and what programs never see */

static const char *constant_text(xv_value v) {
    return v == XV_NONE ? "None" : v == XV_ELLIPSIS ? "Ellipsis" : "NotImplemented";
}

static bool constant_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_puts(out, constant_text(self));
}

static int none_truth(struct xv_vm *vm, xv_value self) {
    (void)vm;
    (void)self;
    return 0;
}

const struct xv_type xv_type_none = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_NoneType,
    .flags = XV_T_NO_SUBCLASS,
    .print = constant_print,
    .truth = none_truth,
    .hash = object_hash,
};

const struct xv_type xv_type_ellipsis = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_ellipsis,
    .flags = XV_T_NO_SUBCLASS,
    .print = constant_print,
    .hash = object_hash,
};

const struct xv_type xv_type_not_implemented = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_NotImplementedType,
    .flags = XV_T_NO_SUBCLASS,
    .print = constant_print,
    .hash = object_hash,
};

const struct xv_type xv_type_cell = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_cell,
    .flags = XV_T_NO_SUBCLASS,
    .hash = object_hash,
};

const struct xv_type xv_type_internal = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_internal,
    .flags = XV_T_NO_SUBCLASS,
};
