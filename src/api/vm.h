/* The making of a VM in an arena, for the public API and for unit tests. */
#ifndef XV_API_VM_H
#define XV_API_VM_H

#include "heap/heap.h"
#include "xipvm/hal.h"

/* Lays out a VM in `size` bytes at `arena` (any alignment; a few bytes at the ends may stay unused) and makes
 * the objects that every VM has. `hal` may be NULL for a VM that neither imports nor prints. NULL if the
 * arena is too small. */
struct xv_vm *xv_open(void *arena, size_t size, const struct xipvm_hal *hal);

/* Ends the use of the arena, which the caller may then use for anything else. */
void xv_close(struct xv_vm *vm);

#endif
