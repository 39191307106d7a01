/* Modules made from blobs: verification, slot, translation table, constants; and the choice of how a blob is loaded. */
#ifndef XV_LINK_MODULE_H
#define XV_LINK_MODULE_H

#include "blob/reader.h"
#include "object/function.h"
#include "xipvm/hal.h"

/* Module slots that code and constant values can tell apart. */
#define XV_MAX_SLOTS (1u << XV_SLOT_BITS)
/* Those of a VM that has few modules. */
#define XV_FIRST_SLOTS 4u

/* Loads what the host found, by the strategy that fits it: returns a MODULE with empty globals (but __name__, and __file__ if
 * source->file is not NULL), not yet run and not in sys.modules. XV_NULL: if fault->code is not XIPVM_BLOB_OK the blob was
 * refused and ImportError is pending, else another exception. Closes the stream, if there is one, in any case. */
xv_value xv_module_load(struct xv_vm *vm, xv_value name, const struct xipvm_source *source, struct xv_blob_fault *fault);

/* Checks the static structure of a blob (xv_blob_open), and that it is not too large for the values of a VM to point into. */
bool xv_blob_open_in_place(struct xv_blob *blob, const uint8_t *data, size_t size, struct xv_blob_fault *fault);

/* A module without code, for packages that have none. */
xv_value xv_module_empty(struct xv_vm *vm, xv_value name);

/* The module of a CODE or CONST value. Does not allocate. */
static inline xv_value xv_module_of(const struct xv_vm *vm, xv_value place) {
    return xv_items(vm->slots)[xv_place_slot(place)];
}

/* The CODE value of the module's outer function. Does not allocate. */
xv_value xv_module_body(xv_value module);

/* The id of a name as the module's code has it (xv_code_name), which is linked now if it was not yet: 0 with
 * MemoryError. `module` is protected. */
uint16_t xv_module_name(struct xv_vm *vm, xv_value module, uint32_t operand);

static inline bool xv_module_is_linked(const struct xv_module *m) {
    return (m->flags & XV_MODULE_LINKED) != 0;
}
/* How it was loaded. */
static inline enum xv_way xv_module_way(const struct xv_module *m) {
    return m->image != XV_NULL ? XV_WAY_LINKED : xv_module_is_linked(m) ? XV_WAY_PRELINKED : XV_WAY_IN_PLACE;
}
/* As xv_module_name, but 0 if it is not linked yet. Does not allocate. */
static inline uint16_t xv_module_qstr(const struct xv_module *m, uint32_t operand) {
    if (!xv_module_is_linked(m)) {
        return m->table[operand];
    }
#if !XIPVM_PRELINKED
    return (uint16_t)operand;
#else
    return operand & XV_OPERAND_TABLE ? m->table[operand & ~XV_OPERAND_TABLE] : (uint16_t)operand;
#endif
}

/* Bytes of the arena that a module's table takes. */
size_t xv_module_table_bytes(xv_value module);

/* ---- between the ways of loading (link/module.c, link/stream.c) */

/* A module without code yet, with room for a table of so many names and constants. */
xv_value xv_module_new(struct xv_vm *vm, xv_value name, uint32_t n_qstr, uint32_t n_obj, const char *file);

/* A free slot of the VM's module table, which grows; -1 with an exception, if a collection frees none either. It is
 * free until xv_module_settle, and so nothing may allocate in between: a collection would take it back. */
int32_t xv_module_slot(struct xv_vm *vm);
void xv_module_settle(struct xv_vm *vm, xv_value module, uint16_t slot);

/* Fills in where the constants are, from m->base, m->objects and m->n_obj. */
void xv_module_note_constants(struct xv_module *m);

/* Links a blob into the heap while it is read from source->read. As xv_module_load. */
xv_value xv_module_link(struct xv_vm *vm, xv_value name, const struct xipvm_source *source, struct xv_blob_fault *fault);

#if XIPVM_DEBUG
/* A sum over the bytes of a module's blob, which changes if they do. */
uint32_t xv_module_checksum(const struct xv_module *m);
#endif

/* ---- for the collector */

/* Marks the names that a module's code uses. */
void xv_module_mark_names(struct xv_vm *vm, const struct xv_module *m);

/* What becomes of a module that nothing refers to any more. True if it has to linger, without its globals, as names that
 * are still in use lie in its blob; else it ends here. Marks are complete. */
bool xv_module_lingers(struct xv_vm *vm, xv_value module);

/* After a collection: brings those names to the heap, ends what lingered for them, and gives back slots in excess. */
void xv_modules_settle(struct xv_vm *vm);

/* Whether anything in the VM may read the bytes of a blob, as far as the last collection knows. */
bool xv_blob_in_use(const struct xv_vm *vm, const uint8_t *data, size_t size);

/* After objects have moved: makes everything that points into linked code follow it. */
void xv_module_rebase(struct xv_vm *vm);

#endif
