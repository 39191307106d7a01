/* What the parts of the public API share. */
#ifndef XV_API_API_H
#define XV_API_API_H

#include <stdarg.h>

#include "heap/heap.h"
#include "object/object.h"

#if XIPVM_DEBUG && !defined(XV_CHECKING)
#include "api/plain.h"
#endif
#include "xipvm/xipvm.h"

/* A call of a native function. */
struct xipvm_args {
    struct xv_vm *vm;
    const struct xipvm_function *function;
    xv_value *args;    /* on the frame stack */
    uint32_t n;
    xv_value roots[2]; /* the result, and what was the last exception before the call */
#if XIPVM_DEBUG
    uintptr_t alive;
#endif
};

/* The object of a handle; XV_NULL if the handle is none. Does not allocate. */
xv_value xv_handle_value(const struct xv_vm *vm, xipvm_handle h);

/* How many handles there are. */
uint32_t xv_handle_count(const struct xv_vm *vm);

/* The end of most functions: makes a handle of `v`, if `out` is not NULL; with `v` XV_NULL, keeps the pending
 * exception. */
enum xipvm_status xv_give(struct xv_vm *vm, xv_value v, xipvm_handle *out);

/* Moves the pending exception to where the host finds it. Always XIPVM_EXCEPTION. */
enum xipvm_status xv_failed(struct xv_vm *vm);
/* The same for functions that succeed or fail with a bool. */
static inline enum xipvm_status xv_done(struct xv_vm *vm, bool ok) {
    return ok ? XIPVM_OK : xv_failed(vm);
}

/* The id of a NUL-terminated text as a name; 0 with an exception. */
uint16_t xv_host_name(struct xv_vm *vm, const char *text);

/* Arguments of a call by the host, at most. */
#define XV_MAX_HOST_ARGS 250u

/* True if the HAL can be used: it has all or none of the functions that belong together. */
bool xv_hal_is_whole(const struct xipvm_hal *hal);

/* What is wrong with a module of the host; NULL: nothing. *row becomes the row of its table that is wrong. */
const char *xv_module_fault(const struct xipvm_module *module, size_t *row);
/* What is wrong with a function of the host; NULL: nothing. */
const char *xv_function_fault(const struct xipvm_function *function);

/* The first of a format's conversions that xipvm_raise does not have, and all behind it; or NULL. */
const char *xv_format_fault(const char *format);

/* xipvm_raise without its `...`. */
enum xipvm_status xv_raise_host(struct xv_vm *vm, const char *type, const char *format, va_list values);

#if XIPVM_DEBUG
/* What is wrong with a handle; NULL: nothing. */
const char *xv_handle_fault(const struct xv_vm *vm, xipvm_handle h);

/* For xv_open and xv_close: from when to when the VM may be used. */
void xv_debug_begin(struct xv_vm *vm, struct xipvm_args *calls);
void xv_debug_end(struct xv_vm *vm);

/* Memory for the arguments of a call that stays readable after it, or `spare` if all of it is in use. */
struct xipvm_args *xv_debug_args(struct xv_vm *vm, struct xipvm_args *spare);
/* The native function has returned: tells the host if it should not have done so. */
void xv_debug_returned(struct xv_vm *vm, struct xipvm_args *call, enum xipvm_status status);
#endif
/* How many calls there is memory for. */
#define XV_DEBUG_CALLS 8

/* Values seen by the host: the functions of the public header without handles. */
enum xipvm_type xv_host_type(const struct xv_vm *vm, xv_value v);
bool xv_host_int(struct xv_vm *vm, xv_value v, int64_t *out);
bool xv_host_float(struct xv_vm *vm, xv_value v, double *out);
bool xv_host_str(struct xv_vm *vm, xv_value v, const char **text, size_t *len);
bool xv_host_bytes(struct xv_vm *vm, xv_value v, bool writable, void **data, size_t *len);
/* A str of the host's bytes, which may not be UTF-8: ValueError. */
xv_value xv_host_text(struct xv_vm *vm, const char *text, size_t len);

#endif
