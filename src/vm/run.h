/* What the host asks for, from its beginning to its end, with stops between when the instruction budget is spent.
 *
 * The unit of the budget is a call, which is also each frame that is entered otherwise, or a backward jump: between
 * two of them lies a straight stretch of code. A run can stop only where no C function of the VM is on the way, that
 * is between two instructions of the outermost interpreter loop. Natives see to it that Python code which they call
 * back runs there as well (vm/ask.h, vm/resumable.h). The little that cannot is finished first, or ended by an
 * exception when it has made XIPVM_OVERRUN units beyond the budget. The first frame of a run is not counted. */
#ifndef XV_VM_RUN_H
#define XV_VM_RUN_H

#include "heap/heap.h"

enum xv_run_kind {
    XV_RUN_NONE,
    XV_RUN_CALL,   /* a call: its result */
    XV_RUN_IMPORT, /* the import of the name run_what: the module */
    XV_RUN_MODULE  /* the body of the module run_what: the module */
};

/* Begin a run. The result; XV_NULL; or XV_SUSPENDED: then xv_run_resume goes on with it. What is begun within another
 * run, suspended or not, has no budget and does not stop. */
xv_value xv_run_call(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n);
xv_value xv_run_import(struct xv_vm *vm, xv_value name);
xv_value xv_run_module(struct xv_vm *vm, xv_value module);
xv_value xv_run_resume(struct xv_vm *vm);

/* Ends a suspended run where it is: its frames are dropped, and no handler of the program runs. */
void xv_run_abandon(struct xv_vm *vm);

/* ---- the account */

/* From now on what runs has a budget of so many units; 0: no limit. What was spent until now is entered. */
void xv_meter_begin(struct xv_vm *vm, uint64_t units);

/* Enters what was spent since the slice began, and begins another. */
void xv_meter_read(struct xv_vm *vm);

/* After xv_meter_read: true if a callback that cannot stop has run too long. */
static inline bool xv_is_too_far(const struct xv_vm *vm) {
    return XIPVM_OVERRUN != 0 && vm->meter.over && vm->loops > 1 && vm->meter.overrun > XIPVM_OVERRUN;
}

/* After xv_look_up: true if the unit that is due would be beyond the budget and the run can stop here. */
static inline bool xv_must_stop(const struct xv_vm *vm) {
    return vm->meter.over && vm->native_depth == 1 && vm->run.kind != XV_RUN_NONE;
}

#endif
