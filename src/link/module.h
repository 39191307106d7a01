/* Modules made from blobs: verification, slot, translation table, constants. */
#ifndef XV_LINK_MODULE_H
#define XV_LINK_MODULE_H

#include "blob/reader.h"
#include "object/function.h"

/* Module slots that code and constant values can tell apart. */
#define XV_MAX_SLOTS (1u << XV_SLOT_BITS)

/* Verifies a blob and links it in place: returns a MODULE with empty globals (but __name__, and __file__ if `file` is not NULL), not yet run and not in
 * sys.modules. XV_NULL: if fault->code is not XIPVM_BLOB_OK the blob was refused and ImportError is pending, else
 * another exception. The bytes must stay as they are while the module, or anything of it, lives. */
xv_value xv_module_load(struct xv_vm *vm, xv_value name, const uint8_t *data, size_t size, const char *file,
                        struct xv_blob_fault *fault);

/* A module without code, for packages that have none. */
xv_value xv_module_empty(struct xv_vm *vm, xv_value name);

/* The module of a CODE or CONST value. Does not allocate. */
static inline xv_value xv_module_of(const struct xv_vm *vm, xv_value place) {
    return xv_items(vm->slots)[xv_place_slot(place)];
}

/* The CODE value of the module's outer function. Does not allocate. */
xv_value xv_module_body(xv_value module);

/* Bytes of the arena that a module's table takes. */
size_t xv_module_table_bytes(xv_value module);

#endif
