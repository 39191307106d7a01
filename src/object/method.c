/* What functions in classes turn into: functions written in C, bound methods, properties, static and class
 * methods; and the sorting of arguments for functions written in C. */
#include "object/type.h"

#include "object/container.h"
#include "object/print.h"
#include "object/str.h"

/* ---- arguments */

bool xv_native_arity(struct xv_vm *vm, const struct xv_native *f, uint32_t n) {
    unsigned given = XV_N_POS(n);
    if (XV_N_KW(n) != 0 && !(f->flags & XV_N_KEYWORDS)) {
        xv_raise(vm, &xv_exc_TypeError, "function doesn't take keyword arguments");
        return false;
    }
    bool few = given < f->min_args;
    if (!few && (given <= f->max_args || f->max_args == XV_ANY_ARGS)) {
        return true;
    }
    if (f->min_args == f->max_args) {
        xv_raise(vm, &xv_exc_TypeError, "function takes %u positional arguments but %u were given",
                 (unsigned)f->max_args, given);
    } else if (few) {
        xv_raise(vm, &xv_exc_TypeError, "function missing %u required positional arguments",
                 f->min_args - given);
    } else {
        xv_raise(vm, &xv_exc_TypeError, "function expected at most %u arguments, got %u",
                 (unsigned)f->max_args, given);
    }
    return false;
}

bool xv_make_self_right(struct xv_vm *vm, const struct xv_native *f, xv_value *self, uint32_t n) {
    if (XV_N_POS(n) > 0 && *self != XV_NULL) {
        bool of_object =
            (uintptr_t)f - (uintptr_t)xv_type_object.methods < xv_type_object.n_methods * sizeof *f;
        if (xv_is_slot_method(f)) {
            of_object = true;
            *self = xv_unwrap(vm, *self);
        }
        if (f->flags & (XV_N_STATIC | XV_N_ANY_SELF) || of_object || ((f->flags & XV_N_CLASS) != 0 && xv_is_type(*self))) {
            return true;
        }
        /* An instance that wraps a value of the type, or an exception of a program's class. */
        xv_value inner;
        const struct xv_type *t = xv_native_type(vm, *self, &inner);
        for (; t != NULL && (f->flags & XV_N_CLASS) == 0; t = t->base) {
            if ((uintptr_t)f - (uintptr_t)t->methods < t->n_methods * sizeof *f) {
                *self = inner;
                return true;
            }
        }
    }
    if (f->flags & XV_N_STATIC) {
        return true;
    }
    xv_raise(vm, &xv_exc_TypeError, "argument has wrong type");
    return false;
}

/* The index of a keyword among the names, n_names if it is none of them. */
static size_t find_keyword(const struct xv_vm *vm, xv_value keyword, const uint16_t *names, size_t n_names) {
    uint16_t id = 0;
    if (xv_is_qstr(keyword)) {
        id = xv_qstr_id(keyword);
    } else if (xv_is_str(vm, keyword)) {
        struct xv_text text = xv_text(vm, keyword);
        id = xv_qstr_find(vm, text.data, text.len);
    }
    size_t i = 0;
    while (i < n_names && (id == 0 || names[i] != id)) {
        i++;
    }
    return i;
}

bool xv_parse_args(struct xv_vm *vm, const char *function, const xv_value *args, uint32_t n,
                   const uint16_t *names, size_t n_names, size_t required, xv_value *out) {
    size_t n_pos = XV_N_POS(n);
    size_t n_kw = XV_N_KW(n);
    if (n_pos > n_names) {
        xv_raise(vm, &xv_exc_TypeError, "%s() takes at most %z arguments but %z were given", function,
                 n_names, n_pos + n_kw);
        return false;
    }
    uint32_t given = 0;
    for (size_t i = 0; i < n_pos; i++) {
        out[i] = args[i];
        given |= (uint32_t)1 << i;
    }
    for (size_t k = 0; k < n_kw; k++) {
        xv_value keyword = args[n_pos + 2 * k];
        size_t i = find_keyword(vm, keyword, names, n_names);
        if (i == n_names) {
            xv_raise(vm, &xv_exc_TypeError, "%s() got an unexpected keyword argument '%v'", function,
                     keyword);
            return false;
        }
        if (given >> i & 1u) {
            xv_raise(vm, &xv_exc_TypeError, "%s() got multiple values for argument '%q'", function, names[i]);
            return false;
        }
        out[i] = args[n_pos + 2 * k + 1];
        given |= (uint32_t)1 << i;
    }
    for (size_t i = 0; i < required; i++) {
        if (!(given >> i & 1u)) {
            xv_raise(vm, &xv_exc_TypeError, "'%q' argument required", names[i]);
            return false;
        }
    }
    return true;
}

/* ---- functions written in C */

static xv_value native_call(struct xv_vm *vm, xv_value self, xv_value *args, uint32_t n) {
    const struct xv_native *f = (const struct xv_native *)self;
    bool right = xv_native_arity(vm, f, n) &&
                 ((f->flags & XV_N_METHOD) == 0 || (XV_N_POS(n) > 0 && xv_self_is_right(vm, f, args[0])) ||
                  xv_make_self_right(vm, f, args, n));
    return right ? f->fn(vm, args, n) : XV_NULL;
}

static bool native_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_putf(out, "<function %q>", ((const struct xv_native *)self)->name);
}

static xv_value native_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    (void)vm;
    return name == XV_Q___name__ ? XV_QSTR(((const struct xv_native *)self)->name) : XV_STOP;
}

const struct xv_type xv_type_native = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_function,
    .flags = XV_T_NO_SUBCLASS,
    .print = native_print,
    .hash = xv_hash_identity,
    .call = native_call,
    .get_attr = native_get_attr,
};

/* ---- bound methods */

static struct xv_bound *bound(xv_value v) {
    return (struct xv_bound *)v;
}

xv_value xv_bound_new(struct xv_vm *vm, xv_value function, xv_value self) {
    xv_value r[2] = {function, self};
    XV_ENTER(vm, r);
    xv_value v = xv_alloc(vm, XV_KIND_BOUND, sizeof(struct xv_bound) / sizeof(xv_value));
    if (v != XV_NULL) {
        bound(v)->function = r[0];
        bound(v)->self = r[1];
    }
    XV_LEAVE(vm);
    return v;
}

/* Puts the receiver and the arguments on top of the frame stack and calls. */
static xv_value bound_call(struct xv_vm *vm, xv_value self, xv_value *args, uint32_t n) {
    size_t n_pos = XV_N_POS(n);
    size_t n_kw = XV_N_KW(n);
    size_t count = n_pos + 2 * n_kw;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    if (!xv_stack_room(vm, count + 1)) {
        XV_LEAVE(vm);
        return xv_raise(vm, &xv_exc_RuntimeError, "maximum recursion depth exceeded");
    }
    xv_value *base = vm->sp;
    base[0] = bound(r[0])->self;
    memcpy(base + 1, args, count * sizeof *args);
    vm->sp = base + count + 1;
    xv_value result = xv_call_kw(vm, bound(r[0])->function, base, n_pos + 1, n_kw);
    vm->sp = base;
    XV_LEAVE(vm);
    return result;
}

static bool bound_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok = xv_putf(out, "<bound_method %r.%r>", bound(r[0])->self, bound(r[0])->function);
    XV_LEAVE(vm);
    return ok;
}

static xv_value bound_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    (void)vm;
    (void)reflected;
    if (op != XV_EQ || !xv_is_kind(a, XV_KIND_BOUND) || !xv_is_kind(b, XV_KIND_BOUND)) {
        return XV_NOT_IMPLEMENTED;
    }
    return XV_BOOL(bound(a)->function == bound(b)->function && bound(a)->self == bound(b)->self);
}

static bool bound_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    uint32_t f = 0;
    uint32_t s = 0;
    bool ok = xv_hash_identity(vm, bound(r[0])->function, &f) && xv_hash_identity(vm, bound(r[0])->self, &s);
    *out = f * 31u + s;
    XV_LEAVE(vm);
    return ok;
}

static xv_value bound_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    switch (name) {
    case XV_Q___self__:
        return bound(self)->self;
    case XV_Q___func__:
        return bound(self)->function;
    default:
        /* A function can have been bound any number of times. */
        do {
            self = bound(self)->function;
        } while (xv_is_kind(self, XV_KIND_BOUND));
        return xv_find_attr(vm, self, name);
    }
}

const struct xv_type xv_type_bound_method = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_bound_method,
    .flags = XV_T_NO_SUBCLASS,
    .print = bound_print,
    .binary = bound_binary,
    .hash = bound_hash,
    .call = bound_call,
    .get_attr = bound_get_attr,
};

/* ---- property, staticmethod, classmethod */

static struct xv_wrapper *wrapper(xv_value v) {
    return (struct xv_wrapper *)v;
}

/* r, rooted: get, set, del. */
static xv_value wrapper_new(struct xv_vm *vm, enum xv_kind kind, const xv_value *r) {
    xv_value v = xv_alloc(vm, kind, sizeof(struct xv_wrapper) / sizeof(xv_value));
    if (v != XV_NULL) {
        wrapper(v)->get = r[0];
        wrapper(v)->set = r[1];
        wrapper(v)->del = r[2];
    }
    return v;
}

static bool wrapper_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    return xv_putf(out, "<%q>", xv_plain_type(vm, self)->name);
}

static const uint16_t property_arguments[] = {XV_Q_fget, XV_Q_fset, XV_Q_fdel, XV_Q_doc};

static xv_value property_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    xv_value r[4] = {XV_NULL, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value v = XV_NULL;
    if (xv_parse_args(vm, "property", args, n, property_arguments, 4, 0, r)) {
        for (size_t i = 0; i < 3; i++) {
            if (r[i] == XV_NONE) {
                r[i] = XV_NULL;
            }
        }
        v = wrapper_new(vm, XV_KIND_PROPERTY, r);
    }
    XV_LEAVE(vm);
    return v;
}

/* A copy of the property in args[0] with the function args[1] in place `which`. */
static xv_value property_with(struct xv_vm *vm, xv_value *args, size_t which) {
    xv_value r[3] = {wrapper(args[0])->get, wrapper(args[0])->set, wrapper(args[0])->del};
    r[which] = args[1] == XV_NONE ? XV_NULL : args[1];
    XV_ENTER(vm, r);
    xv_value v = wrapper_new(vm, XV_KIND_PROPERTY, r);
    XV_LEAVE(vm);
    return v;
}

static xv_value property_getter(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return property_with(vm, args, 0);
}

static xv_value property_setter(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return property_with(vm, args, 1);
}

static xv_value property_deleter(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return property_with(vm, args, 2);
}

static xv_value property_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    (void)vm;
    const xv_value functions[3] = {wrapper(self)->get, wrapper(self)->set, wrapper(self)->del};
    for (size_t i = 0; i < 3; i++) {
        if (property_arguments[i] == name) {
            return functions[i] == XV_NULL ? XV_NONE : functions[i];
        }
    }
    return XV_STOP;
}

static const struct xv_native property_methods[] = {
    XV_NATIVE(getter, property_getter, 2, 2),
    XV_NATIVE(setter, property_setter, 2, 2),
    XV_NATIVE(deleter, property_deleter, 2, 2),
};

const struct xv_type xv_type_property = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_property,
    .flags = XV_T_NO_SUBCLASS,
    .methods = property_methods,
    .n_methods = sizeof property_methods / sizeof *property_methods,
    .make = property_make,
    .print = wrapper_print,
    .hash = xv_hash_identity,
    .get_attr = property_get_attr,
};

static xv_value method_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    if (n != 1) {
        return xv_raise(vm, &xv_exc_TypeError, "function takes 1 positional arguments but %u were given",
                        (unsigned)XV_N_POS(n));
    }
    xv_value r[3] = {args[0], XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    bool is_static = type == xv_from(&xv_type_staticmethod);
    xv_value v = wrapper_new(vm, is_static ? XV_KIND_STATICMETHOD : XV_KIND_CLASSMETHOD, r);
    XV_LEAVE(vm);
    return v;
}

static xv_value method_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    (void)vm;
    return name == XV_Q___func__ ? wrapper(self)->get : XV_STOP;
}

static xv_value staticmethod_call(struct xv_vm *vm, xv_value self, xv_value *args, uint32_t n) {
    return xv_call_kw(vm, wrapper(self)->get, args, XV_N_POS(n), XV_N_KW(n));
}

const struct xv_type xv_type_staticmethod = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_staticmethod,
    .flags = XV_T_NO_SUBCLASS,
    .make = method_make,
    .print = wrapper_print,
    .hash = xv_hash_identity,
    .call = staticmethod_call,
    .get_attr = method_get_attr,
};

const struct xv_type xv_type_classmethod = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_classmethod,
    .flags = XV_T_NO_SUBCLASS,
    .make = method_make,
    .print = wrapper_print,
    .hash = xv_hash_identity,
    .get_attr = method_get_attr,
};
