/* Exceptions as the host sees them: the last one, kept apart from the one in flight, so that the VM can be
 * used while the host has not looked at it yet. */
#include "api/api.h"
#include "lib/lib.h"
#include "lib/stream.h"
#include "object/print.h"

enum xipvm_status xv_failed(struct xv_vm *vm) {
    vm->last_exc = vm->exc;
    vm->exc = XV_NULL;
    return XIPVM_EXCEPTION;
}

/* ---- the last exception */

/* To the host's output, or to `capture` if it is not NULL. */
static void print_last(struct xv_vm *vm, struct xv_capture *capture) {
    xv_value pending = vm->exc; /* none, unless a HAL function or the like asks in the middle of something */
    vm->exc = XV_NULL;
    xv_value r[2] = {pending, vm->last_exc};
    XV_ENTER(vm, r);
    struct xv_printer out;
    xv_printer_begin(&out, vm, true);
    out.capture = capture;
    xv_print_exception(&out, r[1]);
    xv_printer_end(&out);
    /* What the printing itself raised is of no interest beside what is printed. */
    vm->exc = r[0];
    XV_LEAVE(vm);
}

size_t xipvm_exception_text(xipvm_vm *vm, char *buffer, size_t size) {
    struct xv_capture c = {.buffer = buffer, .size = size};
    if (size > 0 && buffer != NULL) {
        buffer[0] = '\0';
    }
    if (vm->last_exc == XV_NULL || (buffer == NULL && size > 0)) {
        return 0;
    }
    print_last(vm, &c);
    return c.len;
}

void xipvm_exception_print(xipvm_vm *vm) {
    if (vm->last_exc != XV_NULL) {
        print_last(vm, NULL);
    }
}

/* The built-in exception type of a name, or NULL. Does not allocate. */
static const struct xv_type *type_named(const struct xv_vm *vm, const char *name) {
    uint16_t id = name == NULL ? 0 : xv_qstr_find(vm, (const uint8_t *)name, strlen(name));
    const xv_value *found = id == 0 ? NULL : xv_builtin_find(id);
    if (found == NULL || !xv_is_kind(*found, XV_KIND_TYPE)) {
        return NULL;
    }
    const struct xv_type *type = (const struct xv_type *)*found;
    return type->flags & XV_T_EXCEPTION ? type : NULL;
}

bool xipvm_exception_is(xipvm_vm *vm, const char *type) {
    const struct xv_type *t = type_named(vm, type);
    return t != NULL && vm->last_exc != XV_NULL && xv_is_a(vm, vm->last_exc, t);
}

enum xipvm_status xipvm_exception(xipvm_vm *vm, xipvm_handle *exception) {
    return vm->last_exc == XV_NULL ? XIPVM_NOT_FOUND : xv_give(vm, vm->last_exc, exception);
}

void xipvm_exception_clear(xipvm_vm *vm) {
    vm->last_exc = XV_NULL;
}

const char *xv_format_fault(const char *format) {
    for (const char *p = format; *p != '\0'; p++) {
        if (*p == '%' && (*++p == '\0' || strchr("sduc%", *p) == NULL)) {
            return p - 1;
        }
    }
    return NULL;
}

enum xipvm_status xv_raise_host(struct xv_vm *vm, const char *type, const char *format, va_list values) {
    const struct xv_type *t = type_named(vm, type);
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    /* A format that cannot be followed is the message itself: the other conversions of the printer are not for the host. */
    bool ok = format == NULL || (xv_format_fault(format) == NULL ? xv_vputf(&out, format, values)
                                                                  : xv_put(&out, format, strlen(format)));
    ok = ok && xv_check_text(vm, (struct xv_text){xv_printer_data(&out), out.len});
    if (!ok) {
        xv_printer_end(&out);
        return xv_failed(vm);
    }
    xv_value message = xv_printer_finish(&out);
    if (message != XV_NULL) {
        xv_raise_value(vm, t == NULL ? &xv_exc_RuntimeError : t, message);
    }
    return xv_failed(vm);
}

enum xipvm_status xipvm_raise(xipvm_vm *vm, const char *type, const char *format, ...) {
    va_list values;
    va_start(values, format);
    enum xipvm_status status = xv_raise_host(vm, type, format, values);
    va_end(values);
    return status;
}
