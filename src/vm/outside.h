/* What reaches a VM from outside while it runs: interrupts and scheduled calls, from any thread and any interrupt
 * handler, and the calls that its own program schedules. */
#ifndef XV_VM_OUTSIDE_H
#define XV_VM_OUTSIDE_H

#include "heap/atomic.h"
#include "heap/heap.h"

/* True if something waits: then xv_look_up is due. One load, no barrier. */
static inline bool xv_outside_waits(const struct xv_vm *vm) {
    return xv_atomic_peek(&vm->outside.attention) != 0;
}

/* A backward jump or call was made: true if xv_look_up is due, because the slice is used up or something waits outside. */
static inline bool xv_tick(struct xv_vm *vm) {
    return --vm->budget < (intptr_t)xv_atomic_peek(&vm->outside.attention);
}

/* Looks outside: polls the host if the slice is used up, raises KeyboardInterrupt if the VM was interrupted, and
 * makes the scheduled calls. False if the program must not go on, with the exception. May be called wherever Python
 * may be called, with no exception pending. */
bool xv_look_up(struct xv_vm *vm);

/* The part of it that calls nothing: true, with KeyboardInterrupt, if the VM was interrupted; moves nothing otherwise. */
bool xv_take_interrupt(struct xv_vm *vm);

/* For xv_open. */
void xv_outside_init(struct xv_vm *vm);

/* Interrupts the VM. Any thread, any interrupt handler. */
void xv_interrupt(struct xv_vm *vm);
/* Schedules a call from outside; false if there are XIPVM_SCHEDULE_DEPTH already. Any thread, any interrupt handler. */
bool xv_schedule_native(struct xv_vm *vm, xv_callback callback, void *user);
/* Schedules f(arg) from within. RuntimeError if there are XIPVM_SCHEDULE_DEPTH already. */
bool xv_schedule(struct xv_vm *vm, xv_value f, xv_value arg);

#endif
