/* Between the parts of the collector: where references are, and which objects live. For heap/ alone. */
#ifndef XV_HEAP_COLLECT_H
#define XV_HEAP_COLLECT_H

#include "heap/state.h"

typedef void (*xv_visit)(struct xv_vm *vm, xv_value *slot);

/* The words of an object that hold values: [*first, *first + *n). Needs an intact header. */
void xv_reference_range(xv_value object, size_t *first, size_t *n);

/* Visits every word that may hold a value: of an object; of the VM, its frame stack, handles and rooted C locals. */
void xv_each_reference(struct xv_vm *vm, struct xv_object *object, xv_visit visit);
void xv_each_root(struct xv_vm *vm, xv_visit visit);

/* Marks all that lives, drops dead names, modules and identities, and returns the bytes of the objects that live. */
size_t xv_mark(struct xv_vm *vm);

/* Forgets the inline caches, which hold addresses that are about to change. */
void xv_forget_caches(struct xv_vm *vm);

/* Forgets the identities of objects that are not marked. */
void xv_identities_sweep(struct xv_vm *vm);

/* Ends the watched objects that are not marked. */
void xv_watched_sweep(struct xv_vm *vm);

#endif
