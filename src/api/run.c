/* Running programs for the host: importing, executing and calling. */
#include "api/api.h"
#include "link/module.h"
#include "object/container.h"
#include "object/str.h"
#include "vm/call.h"
#include "vm/outside.h"

uint16_t xv_host_name(struct xv_vm *vm, const char *text) {
    size_t len = strlen(text);
    if (!xv_utf8_valid((const uint8_t *)text, len)) {
        xv_raise(vm, &xv_exc_ValueError, "a name is not UTF-8");
        return 0;
    }
    return xv_intern(vm, (const uint8_t *)text, len, false);
}

/* After a failure to load or run: was it because of a blob? */
static enum xipvm_status failed_load(struct xv_vm *vm) {
    bool refused = vm->fault_code != XIPVM_BLOB_OK && xv_pending(vm, &xv_exc_ImportError);
    xv_failed(vm);
    return refused ? XIPVM_BAD_BLOB : XIPVM_EXCEPTION;
}

enum xipvm_status xipvm_import(xipvm_vm *vm, const char *name, xipvm_handle *module) {
    if (name == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    vm->fault_code = XIPVM_BLOB_OK;
    uint16_t id = xv_host_name(vm, name);
    /* With a list of names to import, whatever it is, the last module is what an import gives. */
    xv_value v = id == 0 ? XV_NULL : xv_import(vm, XV_NULL, XV_QSTR(id), XV_TRUE, XV_INT(0));
    return v == XV_NULL ? failed_load(vm) : xv_give(vm, v, module);
}

enum xipvm_status xipvm_run_blob(xipvm_vm *vm, const char *file, const void *data, size_t size,
                                 xipvm_handle *module) {
    if (data == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    struct xipvm_source source = {.data = data, .size = size, .file = file};
    return xipvm_run_source(vm, &source, module);
}

enum xipvm_status xipvm_run_source(xipvm_vm *vm, const struct xipvm_source *source, xipvm_handle *module) {
    if (source == NULL || (source->data == NULL && source->read == NULL)) {
        return XIPVM_BAD_ARGUMENT;
    }
    struct xv_blob_fault fault;
    vm->fault_code = XIPVM_BLOB_OK;
    xv_value r[1] = {xv_module_load(vm, XV_QSTR(XV_Q___main__), source, &fault)};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL && xv_dict_set_name(vm, vm->modules, XV_Q___main__, r[0]);
    if (ok) {
        vm->main_module = r[0];
        ok = xv_call(vm, xv_module_body(r[0]), NULL, 0) != XV_NULL;
    }
    XV_LEAVE(vm);
    return ok ? xv_give(vm, r[0], module) : failed_load(vm);
}

enum xipvm_status xipvm_unload(xipvm_vm *vm, const char *name) {
    if (name == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    uint16_t id = xv_qstr_find(vm, (const uint8_t *)name, strlen(name));
    if (id == 0 || xv_dict_get_name(vm, vm->modules, id) == XV_NULL) {
        return XIPVM_NOT_FOUND;
    }
    bool ok = xv_unload(vm, XV_QSTR(id));
    xv_collect_all(vm);
    return xv_done(vm, ok);
}

/* ---- calls */

/* The objects of `n` handles, in a rooted ARRAY or on the stack, would both be copied again by xv_call: they
 * go on the stack below the call, and are dropped afterwards. */
static enum xipvm_status call(struct xv_vm *vm, xv_value callee, const xipvm_handle *args, size_t n,
                              xipvm_handle *result) {
    if (n > 250 || (n > 0 && args == NULL)) {
        return XIPVM_BAD_ARGUMENT;
    }
    for (size_t i = 0; i < n; i++) {
        if (xv_handle_value(vm, args[i]) == XV_NULL) {
            return XIPVM_BAD_ARGUMENT;
        }
    }
    xv_value r[1] = {callee};
    XV_ENTER(vm, r);
    xv_value *base = vm->sp;
    xv_value *old_top = vm->stack_top;
    xv_value v = XV_NULL;
    if (xv_need_stack(vm, n)) {
        for (size_t i = 0; i < n; i++) {
            *vm->sp++ = xv_handle_value(vm, args[i]);
        }
        vm->stack_top = vm->sp > old_top ? vm->sp : old_top;
        v = xv_call(vm, r[0], base, n);
    }
    vm->sp = base;
    vm->stack_top = old_top;
    XV_LEAVE(vm);
    return xv_give(vm, v, result);
}

enum xipvm_status xipvm_call(xipvm_vm *vm, xipvm_handle callable, const xipvm_handle *args, size_t n,
                             xipvm_handle *result) {
    xv_value callee = xv_handle_value(vm, callable);
    return callee == XV_NULL ? XIPVM_BAD_ARGUMENT : call(vm, callee, args, n, result);
}

enum xipvm_status xipvm_call_method(xipvm_vm *vm, xipvm_handle object, const char *name,
                                    const xipvm_handle *args, size_t n, xipvm_handle *result) {
    if (xv_handle_value(vm, object) == XV_NULL || name == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    uint16_t id = xv_host_name(vm, name);
    xv_value method = id == 0 ? XV_NULL : xv_get_attr(vm, xv_handle_value(vm, object), id);
    return method == XV_NULL ? xv_failed(vm) : call(vm, method, args, n, result);
}

enum xipvm_status xipvm_at_exit(xipvm_vm *vm) {
    xv_value function = vm->at_exit;
    if (function == XV_NULL) {
        return XIPVM_OK;
    }
    vm->at_exit = XV_NULL;
    return call(vm, function, NULL, 0, NULL);
}

/* ---- from outside */

void xipvm_interrupt(xipvm_vm *vm) {
    if (vm != NULL) {
        xv_interrupt(vm);
    }
}

enum xipvm_status xipvm_schedule(xipvm_vm *vm, void (*callback)(xipvm_vm *vm, void *user), void *user) {
    if (vm == NULL || callback == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    return xv_schedule_native(vm, callback, user) ? XIPVM_OK : XIPVM_FULL;
}
