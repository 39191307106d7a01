/* Natives for which asking (vm/ask.h) would not do, because they change something between callbacks, or not pay,
 * because they make many: a Python function that does the same runs in the place of such a native (lib/resumable.py),
 * while a budget is counted (vm/run.h) and the native is called by the outermost interpreter loop. */
#ifndef XV_VM_RESUMABLE_H
#define XV_VM_RESUMABLE_H

#include "vm/call.h"
#include "vm/run.h"

/* True if it matters now. With the heap locked, what takes memory has no place. */
static inline bool xv_is_sliced(const struct xv_vm *vm) {
#if XIPVM_RESUMABLE_NATIVES
    return vm->meter.limited && vm->native_depth == 1 && vm->heap_locked == 0;
#else
    (void)vm;
    return false;
#endif
}

/* True for the frame of a function of lib/resumable.py: it stands for a native, which leaves no trace. */
static inline bool xv_is_resumable_frame(const struct xv_vm *vm, const struct xv_frame *f) {
    return f != NULL && vm->resumable != XV_NULL && f->module == xv_items(vm->resumable)[0];
}

#if XIPVM_RESUMABLE_NATIVES

/* Pushes a frame that calls what is at `base`, with arguments behind it that end at vm->sp, whatever it is; as
 * xv_push_function. */
xv_value xv_push_call(struct xv_vm *vm, xv_value *base, uint32_t n_pos, uint32_t n_kw);

/* True if a Python function stands for this call of a native now (xv_resumable). Does not allocate. */
bool xv_has_counterpart(const struct xv_vm *vm, xv_value callee, const xv_value *args, uint32_t n_pos, uint32_t n_kw);

/* What is to be called instead of `callee` with these arguments, as xv_invoke has them: a code value, and in *first
 * its first argument, which comes before the others. XV_STOP: the native itself; XV_NULL with MemoryError. `callee`
 * and *first are to be rooted by the caller; the arguments lie on the stack. */
xv_value xv_resumable(struct xv_vm *vm, xv_value callee, const xv_value *args, uint32_t n_pos, uint32_t n_kw, xv_value *first);

/* xv_next(iterator); or XV_PUSHED: the frame's result is the next item, StopIteration its end. */
xv_value xv_resumable_next(struct xv_vm *vm, xv_value iterator);

/* True for an iterator of the library that may run Python code to make its next item. Does not allocate. */
bool xv_draws_python(const struct xv_vm *vm, xv_value iterator);

/* Asks for next(iterator), so that it is drawn once and for all. */
xv_value xv_ask_next(struct xv_vm *vm, xv_value iterator);

/* `item in container`: XV_PUSHED, with the result to go to `result`; XV_STOP if it needs no Python code, and then
 * nothing was allocated; XV_NULL. */
xv_value xv_resumable_in(struct xv_vm *vm, xv_value item, xv_value container, xv_value *result);

/* Makes the operand so many places below vm->sp a list, if iterating over it runs Python code: XV_PUSHED, and then
 * the instruction is to be executed once more; else as xv_resumable_in. */
xv_value xv_resumable_list(struct xv_vm *vm, size_t below);

/* CALL_*_VAR_KW with n_pos positional arguments and n_kw pairs, ending at vm->sp with the mask of stars: XV_PUSHED,
 * with a frame that makes a list of the first starred one that runs Python code and puts it there; else as
 * xv_resumable_in. */
xv_value xv_resumable_stars(struct xv_vm *vm, uint32_t n_pos, uint32_t n_kw);

/* The first n items of an iterable, and one more if there is one, as a list, to `result`: as xv_resumable_in. */
xv_value xv_resumable_first(struct xv_vm *vm, xv_value iterable, uint32_t n, xv_value *result);

#else

/* None is reached. */
#define xv_push_call(vm, base, n_pos, n_kw) XV_NULL
#define xv_has_counterpart(vm, callee, args, n_pos, n_kw) false
#define xv_resumable(vm, callee, args, n_pos, n_kw, first) XV_STOP
#define xv_resumable_next(vm, iterator) XV_NULL
#define xv_draws_python(vm, iterator) false
#define xv_ask_next(vm, iterator) XV_NULL
#define xv_resumable_in(vm, item, container, result) XV_STOP
#define xv_resumable_stars(vm, n_pos, n_kw) XV_STOP
#define xv_resumable_first(vm, iterable, n, result) XV_STOP
#define xv_resumable_list(vm, below) XV_STOP

#endif

#endif
