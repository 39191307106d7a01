/* The types of Python functions and of modules, and the making of classes by __build_class__. */
#include "blob/reader.h"
#include "link/module.h"
#include "object/container.h"
#include "object/print.h"
#include "object/type.h"
#include "vm/call.h"

/* ---- functions */

uint16_t xv_function_name(struct xv_vm *vm, xv_value f) {
    xv_value code = xv_function_code(f);
    struct xv_prelude p;
    const struct xv_module *m = xv_code_prelude(vm, code, &p);
    uint32_t operand = xv_code_name(&p.names, xv_module_is_linked(m));
    xv_value r[1] = {f};
    XV_ENTER(vm, r);
    uint16_t name = xv_module_name(vm, xv_module_of(vm, code), operand);
    XV_LEAVE(vm);
    return name;
}

bool xv_put_with_name(struct xv_printer *out, xv_value self, xv_value function, const char *format) {
    struct xv_vm *vm = out->vm;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    uint16_t name = xv_function_name(vm, function);
    uintptr_t id;
    bool ok = name != 0 && xv_identity(vm, r[0], &id) && xv_putf(out, format, name, (intptr_t)id);
    XV_LEAVE(vm);
    return ok;
}

static bool function_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_put_with_name(out, self, self, "<function %q at %i>");
}

static xv_value function_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    if (name == XV_Q___name__) {
        uint16_t own = xv_function_name(vm, self);
        return own == 0 ? XV_NULL : XV_QSTR(own);
    }
    if (name == XV_Q___globals__) {
        return xv_module(xv_module_of(vm, xv_function_code(self)))->globals;
    }
    return XV_STOP;
}

static bool function_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    return xv_hash_identity(vm, self, out);
}

const struct xv_type xv_type_function = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_function,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .print = function_print,
    .hash = function_hash,
    .get_attr = function_get_attr,
};

/* ---- modules */

static bool module_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    if (xv_kind(self) == XV_KIND_NATIVE_MODULE) {
        return xv_putf(out, "<module '%q'>", ((const struct xv_native_module *)self)->name);
    }
    xv_value file = xv_dict_get_name(vm, xv_module(self)->globals, XV_Q___file__);
    return file == XV_NULL ? xv_putf(out, "<module '%v'>", xv_module(self)->name)
                           : xv_putf(out, "<module '%v' from '%v'>", xv_module(self)->name, file);
}

static bool module_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    return xv_hash_identity(vm, self, out);
}

const struct xv_type xv_type_module = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_module,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .print = module_print,
    .hash = module_hash,
};

/* ---- __build_class__ (spec 3.5) */

xv_value xv_build_class(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (!xv_is_function(args[0])) {
        return xv_raise(vm, &xv_exc_TypeError, "the body of a class must be a function");
    }
    xv_value r[2] = {xv_tuple_of(vm, args + 1, n - 1), XV_NULL};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    r[1] = xv_dict_new(vm, 8);
    xv_value pushed = r[1] == XV_NULL ? XV_NULL : xv_push_function(vm, args[0], vm->sp, 0, 0);
    XV_LEAVE(vm);
    if (pushed == XV_PUSHED) {
        vm->frame->then = XV_THEN_CLASS_BODY;
        vm->frame->keep = r[0];
        vm->frame->names = r[1];
    }
    return pushed;
}

/* The metaclass: that of the first base which has one other than `type`. Programs cannot make metaclasses that the
 * compiler's class statement names, so this is `type` unless a base was made by calling one. */
xv_value xv_finish_class(struct xv_vm *vm, xv_value keep, xv_value names, xv_value result) {
    if (result != XV_NONE && !xv_is_kind(result, XV_KIND_CELL)) {
        return xv_raise(vm, &xv_exc_TypeError, "the body of a class returned a value");
    }
    xv_value r[4] = {keep, names, result, XV_NULL};
    XV_ENTER(vm, r);
    size_t n = xv_n_items(keep) - 1;
    r[3] = xv_tuple_new(vm, n);
    if (r[3] != XV_NULL) {
        if (n > 0) {
            memcpy(xv_items(r[3]), xv_items(r[0]) + 1, n * sizeof(xv_value));
        }
        r[3] = xv_class_new(vm, xv_items(r[0])[0], r[3], r[1]);
    }
    if (r[3] != XV_NULL && r[2] != XV_NONE) {
        ((struct xv_cell *)r[2])->content = r[3];
    }
    XV_LEAVE(vm);
    return r[3];
}
