/* Callbacks that can be suspended. While a budget is counted, a native function that would call back Python code does
 * not call it: it asks, by failing like one that raises an exception. The interpreter then takes the instruction back
 * that called the native, runs the Python code as a frame like any other, and executes the instruction once more: now
 * the native gets an answer where it asked, and comes to its end or to its next question. So Python code has nothing
 * but frames below it, and a run can be stopped anywhere.
 *
 * This demands of a native that it changes nothing, but what it made itself, before its last callback: it does all of
 * it again. Where that cannot be, there is a counterpart in Python (vm/resumable.h); where that would not pay, it is
 * muted (xv_mute), and what it calls back runs to its end at once, beyond the budget if it must. And of an
 * instruction that its operands are still in place when it fails, which interp.c sees to. */
#ifndef XV_VM_ASK_H
#define XV_VM_ASK_H

#include "heap/heap.h"
#include "vm/frame.h"

/* True if a native is asked to ask. With the heap locked there is no memory for answers. */
static inline bool xv_can_ask(const struct xv_vm *vm) {
#if XIPVM_RESUMABLE_NATIVES
    return vm->meter.limited && vm->loops == 1 && vm->asking.muted == 0 && vm->heap_locked == 0;
#else
    (void)vm;
    return false;
#endif
}

#if XIPVM_RESUMABLE_NATIVES

/* True if calling `f` with these arguments may run Python code. Does not allocate. */
bool xv_runs_python(xv_value f, const xv_value *args, size_t n_pos);

/* f(args …) for a native: the answer; or XV_NULL, with the exception that it was, or because it has been asked for
 * now. `args` may be held by C alone. */
xv_value xv_ask(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n_pos, size_t n_kw);

/* For a native that makes something and passes it to a callback: `v`, or what it was when it was made first. XV_NULL
 * with MemoryError. */
xv_value xv_kept(struct xv_vm *vm, xv_value v);

/* The same for what cannot be made again, while xv_can_ask: what was kept, or XV_NULL, and then xv_keep is to be
 * called with what was made, which returns it, or XV_NULL with MemoryError. */
xv_value xv_kept_before(struct xv_vm *vm);
xv_value xv_keep(struct xv_vm *vm, xv_value v);

/* True if the instruction that the innermost frame executes has failed because it asks. */
bool xv_asks(struct xv_vm *vm);

/* Takes that instruction back, whose operands end at `sp`, and pushes the frame that answers: XV_PUSHED, or XV_NULL. */
xv_value xv_push_question(struct xv_vm *vm, xv_value *sp);

/* The frame that answers was dropped; it had `keep`, and it returned `v`, or raised vm->exc (XV_NULL). The
 * instruction of the frame below is to be executed next. False with MemoryError. */
bool xv_answer(struct xv_vm *vm, xv_value keep, xv_value v);

/* For a call of anything but a Python function: copies the callee's `n` values at `args` to behind the operands,
 * which end at vm->sp, where the native may do with them as it likes. NULL with RuntimeError. */
xv_value *xv_copy_arguments(struct xv_vm *vm, const xv_value *args, size_t n);

/* What is spent until `resume` is no part of what the program does. */
void xv_asking_pause(struct xv_vm *vm);
void xv_asking_resume(struct xv_vm *vm);

/* Around what may not ask. */
void xv_mute(struct xv_vm *vm);
void xv_unmute(struct xv_vm *vm);

#else

#define xv_runs_python(f, args, n_pos) false
#define xv_ask(vm, f, args, n_pos, n_kw) XV_NULL
#define xv_kept(vm, v) (v)
#define xv_asks(vm) false
#define xv_push_question(vm, sp) XV_NULL
#define xv_answer(vm, keep, v) true
#define xv_copy_arguments(vm, args, n) ((void)(n), (args))
#define xv_asking_pause(vm) ((void)0)
#define xv_asking_resume(vm) ((void)0)
#define xv_mute(vm) ((void)0)
#define xv_unmute(vm) ((void)0)

static inline xv_value xv_kept_before(struct xv_vm *vm) {
    (void)vm;
    return XV_NULL;
}

static inline xv_value xv_keep(struct xv_vm *vm, xv_value v) {
    (void)vm;
    return v;
}

#endif

#endif
