/* What the parts of the public API share. */
#ifndef XV_API_API_H
#define XV_API_API_H

#include "heap/heap.h"
#include "object/object.h"
#include "xipvm/xipvm.h"

/* The object of a handle; XV_NULL if the handle is none. Does not allocate. */
xv_value xv_handle_value(const struct xv_vm *vm, xipvm_handle h);

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

/* Values seen by the host: the functions of the public header without handles. */
enum xipvm_type xv_host_type(const struct xv_vm *vm, xv_value v);
bool xv_host_int(struct xv_vm *vm, xv_value v, int64_t *out);
bool xv_host_float(struct xv_vm *vm, xv_value v, double *out);
bool xv_host_str(struct xv_vm *vm, xv_value v, const char **text, size_t *len);
bool xv_host_bytes(struct xv_vm *vm, xv_value v, bool writable, void **data, size_t *len);
/* A str of the host's bytes, which may not be UTF-8: ValueError. */
xv_value xv_host_text(struct xv_vm *vm, const char *text, size_t len);

/* While text is being printed into a buffer of the host: puts itself in the place of the VM's HAL, so that no
 * memory of the VM is needed. Begin, print with a printer to the host, end. */
struct xv_capture {
    struct xipvm_hal hal;
    const struct xipvm_hal *real;
    char *buffer;
    size_t size;
    size_t len; /* of all the text, whether it fits or not */
};
void xv_capture_begin(struct xv_vm *vm, struct xv_capture *c, char *buffer, size_t size);
void xv_capture_end(struct xv_vm *vm, struct xv_capture *c);

#endif
