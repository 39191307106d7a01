/* Around each call of a function of the host that may use the API in its turn: the VM is the host's meanwhile. Only
 * the debug profile, which watches over that (api/debug.c), has anything to note. */
#ifndef XV_HEAP_LENT_H
#define XV_HEAP_LENT_H

#include "heap/atomic.h"
#include "heap/state.h"

#if XIPVM_DEBUG

struct xv_lent {
    uintptr_t busy;
    const char *native;
    bool raised;
};

/* Lends the VM to the host's function `native`. */
static inline struct xv_lent xv_lend_vm(struct xv_vm *vm, const char *native) {
    struct xv_lent lent = {xv_atomic_load(&vm->debug.busy), vm->debug.native, vm->debug.raised};
    vm->debug.native = native;
    vm->debug.raised = false;
    xv_atomic_store(&vm->debug.busy, 0);
    return lent;
}

/* The end of it. */
static inline void xv_reclaim_vm(struct xv_vm *vm, struct xv_lent lent) {
    vm->debug.native = lent.native;
    vm->debug.raised = lent.raised;
    xv_atomic_store(&vm->debug.busy, lent.busy);
}

#else

struct xv_lent {
    bool nothing;
};
static inline struct xv_lent xv_lend_vm(struct xv_vm *vm, const char *native) {
    (void)vm;
    (void)native;
    return (struct xv_lent){false};
}
static inline void xv_reclaim_vm(struct xv_vm *vm, struct xv_lent lent) {
    (void)vm;
    (void)lent;
}

#endif

#endif
