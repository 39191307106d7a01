/* Native functions and modules of the host: const tables in flash whose rows are Python objects of the two
 * types below. A row begins as any object of kind GENERIC does, so the VM needs nothing in RAM for it. */
#include "api/api.h"
#include "heap/lent.h"
#include "object/container.h"
#include "object/number.h"
#include "object/print.h"
#include "object/str.h"
#include "vm/ask.h"

/* The public header has this number in its macros. */
typedef char header_is_right[XIPVM_OBJECT_HEADER_ == XV_CONST_HEADER(XV_KIND_GENERIC) ? 1 : -1];
typedef char row_is_object[offsetof(struct xv_generic, type) == sizeof(uintptr_t) &&
                                   offsetof(struct xipvm_function, object) == 0 &&
                                   offsetof(struct xipvm_module, object) == 0
                               ? 1
                               : -1];

/* ---- functions */

static const struct xipvm_function *row_of(xv_value v) {
    return (const struct xipvm_function *)v;
}

static bool arity(struct xv_vm *vm, const struct xipvm_function *f, uint32_t n) {
    unsigned given = XV_N_POS(n), min = f->min_args, max = f->max_args;
    if (XV_N_KW(n) != 0) {
        xv_raise(vm, &xv_exc_TypeError, "%s() doesn't take keyword arguments", f->name);
        return false;
    }
    if (given >= min && (given <= max || max == XIPVM_ANY_ARGS)) {
        return true;
    }
    if (min == max) {
        xv_raise(vm, &xv_exc_TypeError, "%s() takes %u positional arguments but %u were given", f->name, min,
                 given);
    } else if (given < min) {
        xv_raise(vm, &xv_exc_TypeError, "%s() missing %u required positional arguments", f->name,
                 min - given);
    } else {
        xv_raise(vm, &xv_exc_TypeError, "%s() expected at most %u arguments, got %u", f->name, max, given);
    }
    return false;
}

static xv_value outcome(struct xv_vm *vm, enum xipvm_status status, xv_value result) {
    switch (status) {
    case XIPVM_OK:
        return result;
    case XIPVM_EXCEPTION:
    case XIPVM_BAD_BLOB:
        if (vm->last_exc != XV_NULL) {
            vm->exc = vm->last_exc;
            vm->last_exc = XV_NULL;
            return XV_NULL;
        }
        break;
    case XIPVM_NO_MEMORY:
        return xv_raise_memory(vm);
    case XIPVM_BAD_ARGUMENT:
    case XIPVM_NOT_FOUND:
    case XIPVM_FULL:
    case XIPVM_SUSPENDED:
        break;
    }
    return xv_raise(vm, &xv_exc_RuntimeError, "native function failed: %s", xipvm_status_text(status));
}

/* A native function begins without a last exception, so that it cannot return one that it has nothing to do with, and
 * leaves the one of before. */
static xv_value function_call(struct xv_vm *vm, xv_value self, xv_value *args, uint32_t n) {
    const struct xipvm_function *f = row_of(self);
    if (!arity(vm, f, n)) {
        return XV_NULL;
    }
    struct xipvm_args own, *call = &own;
#if XIPVM_DEBUG
    call = xv_debug_args(vm, &own);
#endif
    call->vm = vm;
    call->function = f;
    call->args = args;
    call->n = XV_N_POS(n);
    call->roots[0] = XV_NONE;
    call->roots[1] = vm->last_exc;
    vm->last_exc = XV_NULL;
    XV_ENTER(vm, call->roots);
    struct xv_lent lent = xv_lend_vm(vm, f->name);
    xv_mute(vm);
    enum xipvm_status status = f->native(vm, call);
    xv_unmute(vm);
#if XIPVM_DEBUG
    xv_debug_returned(vm, call, status);
#endif
    xv_reclaim_vm(vm, lent);
    xv_value result = outcome(vm, status, call->roots[0]);
    vm->last_exc = call->roots[1];
    XV_LEAVE(vm);
    return result;
}

static bool function_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_putf(out, "<function %s>", row_of(self)->name);
}

static xv_value function_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    return name == XV_Q___name__ ? xv_str_from(vm, row_of(self)->name) : XV_STOP;
}

const struct xv_type xipvm_function_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_function,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .print = function_print,
    .hash = xv_hash_identity,
    .call = function_call,
    .get_attr = function_get_attr,
};

/* ---- modules */

static const struct xipvm_module *module_of(xv_value v) {
    return (const struct xipvm_module *)v;
}

static bool is_text(struct xv_text t, const char *text) {
    return t.len == strlen(text) && memcmp(t.data, text, t.len) == 0;
}

static xv_value module_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    const struct xipvm_module *m = module_of(self);
    struct xv_text t = xv_qstr_text(vm, name);
    for (uint16_t i = 0; i < m->n_functions; i++) {
        if (is_text(t, m->functions[i].name)) {
            return xv_from(&m->functions[i]);
        }
    }
    for (uint16_t i = 0; i < m->n_constants; i++) {
        const struct xipvm_constant *c = &m->constants[i];
        if (is_text(t, c->name)) {
            return c->text != NULL ? xv_host_text(vm, c->text, strlen(c->text)) : xv_int_from(vm, c->number);
        }
    }
    return name == XV_Q___name__ ? xv_str_from(vm, m->name) : XV_STOP;
}

static bool module_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_putf(out, "<module '%s'>", module_of(self)->name);
}

const struct xv_type xipvm_module_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_module,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .print = module_print,
    .hash = xv_hash_identity,
    .get_attr = module_get_attr,
};

static bool is_row(const uintptr_t *object, const struct xv_type *type) {
    return object[0] == XIPVM_OBJECT_HEADER_ && object[1] == xv_from(type);
}

static bool is_name(const char *text) {
    return text != NULL && xv_utf8_valid((const uint8_t *)text, strlen(text));
}

const char *xv_function_fault(const struct xipvm_function *function) {
    if (function == NULL) {
        return "is NULL";
    }
    if (!is_row(function->object, &xipvm_function_type)) {
        return "was not made with XIPVM_FUNCTION";
    }
    if (!is_name(function->name)) {
        return "has no name in UTF-8";
    }
    if (function->native == NULL) {
        return "has no native function";
    }
    return function->min_args > function->max_args ? "wants more arguments than it takes" : NULL;
}

const char *xv_module_fault(const struct xipvm_module *module, size_t *row) {
    const char *fault = NULL;
    *row = 0;
    if (module == NULL) {
        return "is NULL";
    }
    if (!is_row(module->object, &xipvm_module_type)) {
        return "was not made with XIPVM_MODULE";
    }
    if (!is_name(module->name)) {
        return "has no name in UTF-8";
    }
    if ((module->functions == NULL && module->n_functions > 0) || (module->constants == NULL && module->n_constants > 0)) {
        return "has no table";
    }
    for (; *row < module->n_functions; ++*row) {
        fault = xv_function_fault(&module->functions[*row]);
        if (fault != NULL) {
            return fault;
        }
    }
    for (*row = 0; *row < module->n_constants; ++*row) {
        if (!is_name(module->constants[*row].name)) {
            return "has no name in UTF-8";
        }
    }
    return NULL;
}

enum xipvm_status xipvm_register(xipvm_vm *vm, const struct xipvm_module *module) {
    size_t row;
    if (xv_module_fault(module, &row) != NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    if (vm->host_modules == XV_NULL) {
        xv_value dict = xv_dict_new(vm, 1);
        vm->host_modules = dict;
    }
    uint16_t id = vm->host_modules == XV_NULL ? 0 : xv_host_name(vm, module->name);
    return xv_done(vm, id != 0 && xv_dict_set_name(vm, vm->host_modules, id, xv_from(module)));
}

enum xipvm_status xipvm_make_function(xipvm_vm *vm, const struct xipvm_function *function,
                                      xipvm_handle *out) {
    return xv_function_fault(function) != NULL ? XIPVM_BAD_ARGUMENT : xv_give(vm, xv_from(function), out);
}

/* ---- arguments */

void *xipvm_user(const xipvm_args *args) {
    return args->function->user;
}

size_t xipvm_arg_count(const xipvm_args *args) {
    return args->n;
}

/* Argument `i`, or XV_NULL if there are not that many. */
static xv_value argument(const xipvm_args *args, size_t i) {
    return i < args->n ? args->args[i] : XV_NULL;
}

enum xipvm_type xipvm_arg_type(xipvm_args *args, size_t i) {
    return i < args->n ? xv_host_type(args->vm, args->args[i]) : XIPVM_TYPE_INVALID;
}

enum xipvm_status xipvm_arg_bool(xipvm_args *args, size_t i, bool *out) {
    if (i >= args->n) {
        return XIPVM_BAD_ARGUMENT;
    }
    int truth = xv_truth(args->vm, argument(args, i));
    if (truth < 0) {
        return xv_failed(args->vm);
    }
    if (out != NULL) {
        *out = truth > 0;
    }
    return XIPVM_OK;
}

enum xipvm_status xipvm_arg_int(xipvm_args *args, size_t i, int64_t *out) {
    xv_value v = argument(args, i);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_done(args->vm, xv_host_int(args->vm, v, out));
}

enum xipvm_status xipvm_arg_float(xipvm_args *args, size_t i, double *out) {
    xv_value v = argument(args, i);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_done(args->vm, xv_host_float(args->vm, v, out));
}

enum xipvm_status xipvm_arg_str(xipvm_args *args, size_t i, const char **text, size_t *len) {
    xv_value v = argument(args, i);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_done(args->vm, xv_host_str(args->vm, v, text, len));
}

enum xipvm_status xipvm_arg_bytes(xipvm_args *args, size_t i, const void **data, size_t *len) {
    xv_value v = argument(args, i);
    if (v == XV_NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    void *bytes = NULL;
    bool ok = xv_host_bytes(args->vm, v, false, &bytes, len);
    if (ok && data != NULL) {
        *data = bytes;
    }
    return xv_done(args->vm, ok);
}

enum xipvm_status xipvm_arg_buffer(xipvm_args *args, size_t i, void **data, size_t *len) {
    xv_value v = argument(args, i);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_done(args->vm, xv_host_bytes(args->vm, v, true, data, len));
}

enum xipvm_status xipvm_arg_handle(xipvm_args *args, size_t i, xipvm_handle *out) {
    xv_value v = argument(args, i);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_give(args->vm, v, out);
}

/* ---- results */

static enum xipvm_status give_back(xipvm_args *args, xv_value v) {
    if (v == XV_NULL) {
        return xv_failed(args->vm);
    }
    args->roots[0] = v;
    return XIPVM_OK;
}

enum xipvm_status xipvm_return_none(xipvm_args *args) {
    return give_back(args, XV_NONE);
}

enum xipvm_status xipvm_return_bool(xipvm_args *args, bool value) {
    return give_back(args, XV_BOOL(value));
}

enum xipvm_status xipvm_return_int(xipvm_args *args, int64_t value) {
    return give_back(args, xv_int_from(args->vm, value));
}

enum xipvm_status xipvm_return_float(xipvm_args *args, double value) {
    return give_back(args, xv_float_from(args->vm, (xv_real)value));
}

enum xipvm_status xipvm_return_str(xipvm_args *args, const char *text, size_t len) {
    if ((text == NULL && len > 0) || !xv_utf8_valid((const uint8_t *)text, len)) {
        return XIPVM_BAD_ARGUMENT;
    }
    return give_back(args, len == 0 ? XV_QSTR(XV_Q_) : xv_str_new(args->vm, text, len));
}

enum xipvm_status xipvm_return_bytes(xipvm_args *args, const void *data, size_t len) {
    if (data == NULL && len > 0) {
        return XIPVM_BAD_ARGUMENT;
    }
    return give_back(args, xv_bytes_new(args->vm, data == NULL ? "" : data, len));
}

enum xipvm_status xipvm_return_handle(xipvm_args *args, xipvm_handle h) {
    xv_value v = xv_handle_value(args->vm, h);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : give_back(args, v);
}
