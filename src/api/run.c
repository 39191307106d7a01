/* Running programs for the host: importing, executing and calling. */
#include "api/api.h"
#include "link/module.h"
#include "object/container.h"
#include "object/str.h"
#include "vm/call.h"
#include "vm/outside.h"
#include "vm/run.h"

uint16_t xv_host_name(struct xv_vm *vm, const char *text) {
    size_t len = strlen(text);
    if (!xv_utf8_valid((const uint8_t *)text, len)) {
        xv_raise(vm, &xv_exc_ValueError, "a name is not UTF-8");
        return 0;
    }
    return xv_intern(vm, (const uint8_t *)text, len, false);
}

/* What became of a run that gave `v`. If it was to load something, was it a blob that made it fail? */
static enum xipvm_status outcome(struct xv_vm *vm, enum xv_run_kind kind, xv_value v, xipvm_handle *out) {
    if (v == XV_SUSPENDED) {
        return XIPVM_SUSPENDED;
    }
    if (v == XV_NULL && kind != XV_RUN_CALL && vm->fault_code != XIPVM_BLOB_OK &&
        xv_pending(vm, &xv_exc_ImportError)) {
        xv_failed(vm);
        return XIPVM_BAD_BLOB;
    }
    return xv_give(vm, v, out);
}

enum xipvm_status xipvm_import(xipvm_vm *vm, const char *name, xipvm_handle *module) {
    if (name == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    vm->fault_code = XIPVM_BLOB_OK;
    uint16_t id = xv_host_name(vm, name);
    xv_value v = id == 0 ? XV_NULL : xv_run_import(vm, XV_QSTR(id));
    return outcome(vm, XV_RUN_IMPORT, v, module);
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
    XV_LEAVE(vm);
    if (ok) {
        vm->main_module = r[0];
    }
    return outcome(vm, XV_RUN_MODULE, ok ? xv_run_module(vm, r[0]) : XV_NULL, module);
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

/* Calls with the objects of `n` handles. They are fetched only once `callee` is safe: nothing allocates from then on,
 * until all have reached the frame stack. */
static enum xipvm_status call(struct xv_vm *vm, xv_value callee, const xipvm_handle *args, size_t n,
                              xipvm_handle *result) {
    if (n > XV_MAX_HOST_ARGS || (n > 0 && args == NULL)) {
        return XIPVM_BAD_ARGUMENT;
    }
    for (size_t i = 0; i < n; i++) {
        if (xv_handle_value(vm, args[i]) == XV_NULL) {
            return XIPVM_BAD_ARGUMENT;
        }
    }
    xv_value r[1] = {callee};
    XV_ENTER(vm, r);
    bool room = xv_need_stack(vm, n + 1);
    XV_LEAVE(vm);
    if (!room) {
        return xv_failed(vm);
    }
    xv_value *values = vm->sp + 1; /* where the call will have them */
    for (size_t i = 0; i < n; i++) {
        values[i] = xv_handle_value(vm, args[i]);
    }
    return outcome(vm, XV_RUN_CALL, xv_run_call(vm, r[0], values, n), result);
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

/* ---- in slices */

enum xipvm_status xipvm_set_budget(xipvm_vm *vm, uint32_t units) {
    if (vm == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    vm->meter.quantum = units;
    return XIPVM_OK;
}

enum xipvm_status xipvm_resume(xipvm_vm *vm, xipvm_handle *result) {
    if (!xipvm_is_suspended(vm) || vm->native_depth != 0) {
        return XIPVM_BAD_ARGUMENT;
    }
    enum xv_run_kind kind = (enum xv_run_kind)vm->run.kind;
    return outcome(vm, kind, xv_run_resume(vm), result);
}

bool xipvm_is_suspended(const xipvm_vm *vm) {
    return vm != NULL && vm->run.suspended;
}

enum xipvm_status xipvm_abandon(xipvm_vm *vm) {
    if (!xipvm_is_suspended(vm) || vm->native_depth != 0) {
        return XIPVM_BAD_ARGUMENT;
    }
    xv_run_abandon(vm);
    return XIPVM_OK;
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
