/* Attributes of any value, with all of Python's rules. An instance's own attributes come before those of its class, as
 * MicroPython has it; storing asks the class for a data descriptor first. */
#include "object/container.h"
#include "object/str.h"
#include "object/type.h"

/* ---- finding */

static xv_value table_value(const struct xv_native_module *m, uint16_t name) {
    for (uint16_t i = 0; i < m->n_functions; i++) {
        if (m->functions[i].name == name) {
            return xv_from(&m->functions[i]);
        }
    }
    for (uint16_t i = 0; i < m->n_constants; i++) {
        if (m->constants[i].name == name) {
            return m->constants[i].value;
        }
    }
    return XV_STOP;
}

static xv_value module_attr(struct xv_vm *vm, xv_value v, uint16_t name) {
    xv_value globals = xv_module(v)->globals;
    xv_value found = xv_dict_get_name(vm, globals, name);
    if (found != XV_NULL) {
        return found;
    }
    if (name == XV_Q___dict__) {
        return globals;
    }
    if (name == XV_Q___class__) {
        return xv_from(&xv_type_module);
    }
    xv_value getattr = xv_dict_get_name(vm, globals, XV_Q___getattr__);
    if (getattr != XV_NULL) {
        xv_value arg[1] = {XV_QSTR(name)};
        return xv_call(vm, getattr, arg, 1);
    }
    return XV_STOP;
}

/* What a native module holds, as a dict that can't be changed. */
static xv_value native_module_dict(struct xv_vm *vm, const struct xv_native_module *m) {
    xv_value r[1] = {xv_dict_new(vm, (size_t)m->n_functions + m->n_constants + m->n_computed + 1)};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL && xv_dict_set_name(vm, r[0], XV_Q___name__, XV_QSTR(m->name));
    for (uint16_t i = 0; i < m->n_functions && ok; i++) {
        ok = xv_dict_set_name(vm, r[0], m->functions[i].name, xv_from(&m->functions[i]));
    }
    for (uint16_t i = 0; i < m->n_constants && ok; i++) {
        ok = xv_dict_set_name(vm, r[0], m->constants[i].name, m->constants[i].value);
    }
    for (uint16_t i = 0; i < m->n_computed && ok; i++) {
        /* Modules with computed names have get_attr. NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage) */
        xv_value v = m->get_attr(vm, m->computed[i]);
        ok = v != XV_NULL && (v == XV_STOP || xv_dict_set_name(vm, r[0], m->computed[i], v));
    }
    if (ok) {
        xv_dict(r[0])->role = XV_DICT_FIXED;
    }
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

static xv_value native_module_attr(struct xv_vm *vm, xv_value v, uint16_t name) {
    const struct xv_native_module *m = (const struct xv_native_module *)v;
    xv_value found = table_value(m, name);
    if (found == XV_STOP && m->get_attr != NULL) {
        found = m->get_attr(vm, name);
    }
    if (found == XV_STOP && name == XV_Q___name__) {
        return XV_QSTR(m->name);
    }
    if (found == XV_STOP && name == XV_Q___class__) {
        return xv_from(&xv_type_module);
    }
    return found == XV_STOP && name == XV_Q___dict__ ? native_module_dict(vm, m) : found;
}

/* What a class's or type's attribute is when it is read from the class itself. */
static xv_value class_value(struct xv_vm *vm, xv_value found, xv_value type) {
    if (!xv_is_object(found)) {
        return found;
    }
    switch (xv_kind(found)) {
    case XV_KIND_STATICMETHOD:
        return ((struct xv_wrapper *)found)->get;
    case XV_KIND_CLASSMETHOD:
        return xv_bound_new(vm, ((struct xv_wrapper *)found)->get, type);
    case XV_KIND_NATIVE:
        return ((const struct xv_native *)found)->flags & XV_N_CLASS ? xv_bound_new(vm, found, type) : found;
    case XV_KIND_INSTANCE: {
        xv_value get = xv_special_find(vm, found, XV_Q___get__);
        xv_value args[2] = {XV_NONE, type};
        return get == XV_NULL ? found : xv_special_call(vm, get, found, args, 2);
    }
    default:
        return found;
    }
}

/* The attribute that a value of a built-in type answers for itself; XV_STOP if it does not. */
static xv_value slot_attr(struct xv_vm *vm, xv_value v, uint16_t name) {
    xv_value self;
    const struct xv_type *type = xv_native_type(vm, v, &self);
    if (self != v && xv_is_type(self)) {
        /* An instance of a subclass of `type` has the attributes of the class that it wraps. */
        return xv_find_attr(vm, self, name);
    }
    XV_FIND_SLOT(type, get_attr);
    return type == NULL ? XV_STOP : type->get_attr(vm, self, name);
}

static xv_value by_getattr(struct xv_vm *vm, xv_value v, uint16_t name) {
    xv_value method = xv_special_find(vm, v, XV_Q___getattr__);
    if (method == XV_NULL) {
        return XV_STOP;
    }
    xv_value arg[1] = {XV_QSTR(name)};
    return xv_special_call(vm, method, v, arg, 1);
}

/* Attributes of an instance, or of any other value that is no class or module. */
static xv_value value_attr(struct xv_vm *vm, xv_value v, uint16_t name) {
    bool user = xv_is_user(v);
    if (xv_is_kind(v, XV_KIND_INSTANCE)) {
        xv_value own = xv_instance_get(vm, v, name);
        if (own != XV_NULL) {
            return own;
        }
    } else if (xv_is_kind(v, XV_KIND_EXCEPTION) || xv_is_super(v)) {
        xv_value own = slot_attr(vm, v, name);
        if (own != XV_STOP) {
            return own;
        }
    }
    xv_value owner = XV_NULL;
    xv_value type = xv_type_of(vm, v);
    xv_value found = xv_type_lookup(vm, type, name, &owner);
    if (found != XV_NULL) {
        return xv_attr_bind(vm, found, owner, v, type);
    }
    if (name == XV_Q___class__) {
        return type;
    }
    if (name == XV_Q___dict__ && xv_is_kind(v, XV_KIND_INSTANCE)) {
        return xv_instance_dict(vm, v);
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value value = slot_attr(vm, v, name);
    if (value == XV_STOP && user) {
        value = by_getattr(vm, r[0], name);
    }
    XV_LEAVE(vm);
    return value;
}

xv_value xv_find_attr(struct xv_vm *vm, xv_value v, uint16_t name) {
    if (v == XV_NULL) {
        return XV_STOP;
    }
    if (xv_is_object(v)) {
        switch (xv_kind(v)) {
        case XV_KIND_MODULE:
            return module_attr(vm, v, name);
        case XV_KIND_NATIVE_MODULE:
            return native_module_attr(vm, v, name);
        case XV_KIND_CLASS:
        case XV_KIND_TYPE: {
            if (name == XV_Q___new__ && xv_kind(v) == XV_KIND_TYPE && v != xv_from(&xv_type_object)) {
                return xv_from(&xv_builtin_new);
            }
            xv_value found = xv_type_lookup(vm, v, name, NULL);
            if (found != XV_NULL) {
                return class_value(vm, found, v);
            }
            return name == XV_Q___class__ ? xv_type_of(vm, v) : slot_attr(vm, v, name);
        }
        default:
            break;
        }
    }
    return value_attr(vm, v, name);
}

static xv_value no_attribute(struct xv_vm *vm, xv_value v, uint16_t name) {
    if (xv_is_kind(v, XV_KIND_MODULE)) {
        return xv_raise(vm, &xv_exc_AttributeError, "'module' object has no attribute '%q'", name);
    }
    if (v != XV_NULL && xv_is_type(v)) {
        return xv_raise(vm, &xv_exc_AttributeError, "type object '%v' has no attribute '%q'", xv_type_name(v), name);
    }
    return xv_raise(vm, &xv_exc_AttributeError, "'%t' object has no attribute '%q'", v, name);
}

xv_value xv_get_attr(struct xv_vm *vm, xv_value v, uint16_t name) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value found = xv_find_attr(vm, v, name);
    if (found == XV_STOP) {
        found = no_attribute(vm, r[0], name);
    }
    XV_LEAVE(vm);
    return found;
}

int xv_find_method(struct xv_vm *vm, xv_value v, uint16_t name, xv_value *out) {
    out[1] = XV_NULL;
    bool plain = v != XV_NULL && !xv_is_type(v) && !xv_is_kind(v, XV_KIND_MODULE) &&
                 !xv_is_kind(v, XV_KIND_NATIVE_MODULE) && !xv_is_kind(v, XV_KIND_EXCEPTION) && !xv_is_super(v);
    bool own = xv_is_kind(v, XV_KIND_INSTANCE) && xv_instance_get(vm, v, name) != XV_NULL;
    if (plain && !own) {
        xv_value owner = XV_NULL;
        xv_value type = xv_type_of(vm, v);
        xv_value found = xv_type_lookup(vm, type, name, &owner);
        bool native = xv_is_kind(found, XV_KIND_NATIVE) &&
                      XV_N_BINDS(((const struct xv_native *)found)->flags);
        if (found != XV_NULL && (native || xv_is_function(found))) {
            out[0] = found;
            out[1] = native && xv_kind(owner) == XV_KIND_TYPE && owner != xv_from(&xv_type_object)
                         ? xv_unwrap(vm, v)
                         : v;
            return 1;
        }
    }
    out[0] = xv_find_attr(vm, v, name);
    if (out[0] == XV_STOP) {
        out[0] = XV_NULL;
        return 0;
    }
    return out[0] == XV_NULL ? -1 : 1;
}

/* ---- storing */

bool xv_is_plain_attr(xv_value v) {
    return v == XV_NULL || !xv_is_object(v) || xv_is_kind(v, XV_KIND_FUNCTION) || xv_is_kind(v, XV_KIND_STR) ||
           xv_is_kind(v, XV_KIND_LIST) || xv_is_kind(v, XV_KIND_DICT) || xv_is_kind(v, XV_KIND_TUPLE);
}

static bool set_class_attr(struct xv_vm *vm, xv_value class_, uint16_t name, xv_value value) {
    xv_value r[1] = {class_};
    XV_ENTER(vm, r);
    xv_value *old = xv_dict_find_name(vm, xv_class(class_)->dict, name);
    bool done = true;
    /* Caches hold methods themselves, and that instances store plainly; a change of the set of keys is noted by the dict. */
    if (old != NULL && (xv_is_function(*old) || xv_is_kind(*old, XV_KIND_NATIVE) ||
                        (xv_is_plain_attr(*old) && !xv_is_plain_attr(value)))) {
        vm->class_version++;
    }
    if (value != XV_NULL) {
        done = xv_dict_set_name(vm, xv_class(r[0])->dict, name, value);
    } else if (old == NULL) {
        no_attribute(vm, class_, name);
        done = false;
    } else {
        done = xv_dict_delete(vm, xv_class(class_)->dict, XV_QSTR(name), NULL) > 0;
    }
    if (done) {
        xv_class_note(vm, r[0], name);
    }
    XV_LEAVE(vm);
    return done;
}

static bool set_module_attr(struct xv_vm *vm, xv_value module, uint16_t name, xv_value value) {
    xv_value globals = xv_module(module)->globals;
    if (value != XV_NULL) {
        return xv_dict_set_name(vm, globals, name, value);
    }
    int found = xv_dict_delete(vm, globals, XV_QSTR(name), NULL);
    if (found == 0) {
        no_attribute(vm, module, name);
    }
    return found > 0;
}

static int set_native_module_attr(struct xv_vm *vm, xv_value module, uint16_t name, xv_value value) {
    const struct xv_native_module *m = (const struct xv_native_module *)module;
    return m->set_attr == NULL ? 0 : m->set_attr(vm, name, value);
}

/* By __setattr__ or __delattr__ of the class: 1 done, 0 it has none, -1. */
static int by_setattr(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value) {
    xv_value method = xv_special_find(vm, v, value == XV_NULL ? XV_Q___delattr__ : XV_Q___setattr__);
    if (method == XV_NULL) {
        return 0;
    }
    xv_value args[2] = {XV_QSTR(name), value};
    return xv_special_call(vm, method, v, args, value == XV_NULL ? 1 : 2) == XV_NULL ? -1 : 1;
}

static bool set_attr(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value, bool by_method) {
    if (xv_is_kind(v, XV_KIND_CLASS)) {
        return set_class_attr(vm, v, name, value);
    }
    if (xv_is_kind(v, XV_KIND_MODULE)) {
        return set_module_attr(vm, v, name, value);
    }
    xv_value r[2] = {v, value};
    XV_ENTER(vm, r);
    int done = 0;
    if (xv_is_kind(v, XV_KIND_NATIVE_MODULE)) {
        done = set_native_module_attr(vm, v, name, value);
    } else if (v != XV_NULL) {
        if (by_method && xv_is_user(v)) {
            done = by_setattr(vm, v, name, value);
        }
        if (done == 0 && xv_is_kind(r[0], XV_KIND_INSTANCE)) {
            done = xv_set_attr_plainly(vm, r[0], name, r[1]) ? 1 : -1;
        } else if (done == 0) {
            xv_value self;
            const struct xv_type *type = xv_native_type(vm, r[0], &self);
            XV_FIND_SLOT(type, set_attr);
            done = type == NULL ? 0 : type->set_attr(vm, self, name, r[1]);
        }
    }
    if (done == 0) {
        no_attribute(vm, r[0], name);
    }
    XV_LEAVE(vm);
    return done > 0;
}

bool xv_set_attr(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value) {
    return set_attr(vm, v, name, value, true);
}

bool xv_set_attr_past_method(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value) {
    return set_attr(vm, v, name, value, false);
}
