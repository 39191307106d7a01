/* Calling: from values on the stack to a running frame or a result. */
#ifndef XV_VM_CALL_H
#define XV_VM_CALL_H

#include "link/module.h"
#include "vm/frame.h"

/* Calls `callee` with the arguments at `args`, which end at vm->sp: n_pos positional ones, then n_kw pairs. The
 * result belongs at `result`, at or below args; if it is below, args[-1] may be overwritten. The keys of the pairs
 * are str (xv_check_keyword). Returns the result; XV_PUSHED if a frame now waits to be run (vm->frame), whose
 * `result` is set; or XV_NULL. The latter also if frames were pushed in the innermost of which the pending exception
 * is to be raised (throw() into a generator). */
xv_value xv_invoke(struct xv_vm *vm, xv_value callee, xv_value *args, uint32_t n_pos, uint32_t n_kw, xv_value *result);

/* Pushes a frame for a Python function whose arguments are at `args`, as above, and returns XV_PUSHED, or the
 * generator if it makes one. `function` may be a CODE immediate or a FUNCTION. */
xv_value xv_push_function(struct xv_vm *vm, xv_value function, xv_value *args, uint32_t n_pos, uint32_t n_kw);

/* Where the decoded prelude of a code value is remembered. */
static inline struct xv_code_info *xv_code_entry(const struct xv_vm *vm, xv_value code) {
    xv_value i = code >> XV_IMM_SHIFT;
    return &vm->code_cache[(i ^ (i >> 6)) & (XIPVM_FUNCTION_CACHE - 1)];
}

/* Reads the prelude of a code value, and returns the module. Good until the next allocation. Does not allocate. */
static inline const struct xv_module *xv_code_prelude(const struct xv_vm *vm, xv_value code, struct xv_prelude *p) {
    const struct xv_module *m = xv_module(xv_module_of(vm, code));
    struct xv_raw raw;
    xv_raw_read(m->base + xv_place_offset(code), &raw);
    xv_prelude_read(raw.fun, p);
    return m;
}

/* The decoded prelude of a code value. Good until the next call of this function or collection. */
const struct xv_code_info *xv_code_decode(struct xv_vm *vm, xv_value code);
static inline const struct xv_code_info *xv_code_info(struct xv_vm *vm, xv_value code) {
    const struct xv_code_info *info = xv_code_entry(vm, code);
    return info->code == code ? info : xv_code_decode(vm, code);
}

/* Completes a frame at locals + n_state: header, blocks, value stack. The room has been checked. */
static inline struct xv_frame *xv_frame_enter(struct xv_vm *vm, const struct xv_code_info *info, xv_value function,
                                xv_value *locals) {
    struct xv_frame *f = (struct xv_frame *)(void *)(locals + info->n_state);
    f->prev = vm->frame;
    f->ip = info->start;
    f->start = info->start;
    f->locals = locals;
    f->result = locals;
    f->function = function;
    f->module = xv_module_of(vm, info->code);
    f->names = XV_NULL;
    f->keep = XV_NULL;
    f->then = XV_THEN_PUSH;
    f->flags = 0;
    f->mode = 0;
    f->n_exc = info->n_exc;
    f->n_blocks = 0;
    f->n_state = info->n_state;
    xv_value *base = xv_frame_base(f);
    f->limit = base + info->n_state + (info->n_exc == 0 ? 0 : 8);
    vm->frame = f;
    vm->sp = base;
    vm->stack_top = f->limit;
    if ((size_t)((uint8_t *)f->limit - (uint8_t *)vm->stack_base) > vm->stats.peak_stack) {
        vm->stats.peak_stack = (size_t)((uint8_t *)f->limit - (uint8_t *)vm->stack_base);
    }
    return f;
}

/* The frame above `f`, which is not the innermost. */
static inline struct xv_frame *xv_frame_above(const struct xv_vm *vm, const struct xv_frame *f) {
    struct xv_frame *above = vm->frame;
    while (above->prev != f) {
        above = above->prev;
    }
    return above;
}

/* Left free above a new frame, so that there is room for the exception which says that there is no more. */
#define XV_STACK_RESERVE 32u

/* Drops the innermost frame and returns it (still intact above the stack): its caller goes on with its stack ending
 * where the result belongs. */
static inline struct xv_frame *xv_frame_leave(struct xv_vm *vm) {
    struct xv_frame *f = vm->frame;
    vm->sp = f->result;
    vm->frame = f->prev;
    vm->stack_top = f->prev != NULL && f->prev->limit > f->result ? f->prev->limit : f->result;
    return f;
}

/* Words that a call of this function needs above its locals' beginning. */
static inline size_t xv_frame_need(const struct xv_code_info *info) {
    size_t spare = info->n_exc == 0 ? 0 : 4;
    return 2u * info->n_state + XV_FRAME_WORDS + XV_BLOCK_WORDS * info->n_exc + spare + XV_STACK_RESERVE;
}

/* Makes sure that `words` slots above vm->sp can be used: RuntimeError (recursion too deep) if not. */
bool xv_need_stack(struct xv_vm *vm, size_t words);

/* Runs vm->frame until the frame with XV_FRAME_EXIT that is innermost now has returned: its result, or XV_NULL. */
xv_value xv_run(struct xv_vm *vm);
/* The loop itself, for xv_run alone. */
xv_value xv_interpret(struct xv_vm *vm);

/* What it returns when the budget is spent (vm/run.h); the frames stay. */
#define XV_SUSPENDED XV_STOP

/* The same for a frame that was just pushed, one level further from the outermost loop. Without the frame if that is
 * too deep. */
xv_value xv_run_pushed(struct xv_vm *vm);

/* Calls `f` from C with arguments that may be held by C alone: puts all on the stack and returns as xv_invoke does;
 * if it is XV_PUSHED, xv_run is next. The caller restores vm->sp and vm->stack_top. */
xv_value xv_call_begin(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n_pos, size_t n_kw);

/* The globals of the innermost frame, a dict; XV_NULL if there is no frame. */
xv_value xv_current_globals(struct xv_vm *vm);
/* The same of its names: the class's so far in a class body, else the globals. */
xv_value xv_current_locals(struct xv_vm *vm);
/* The exception that is being handled: that of the innermost except or finally block which one has entered; XV_NULL
 * if there is none. Does not allocate. */
xv_value xv_handled_exception(const struct xv_vm *vm);

/* Generators (vm/generator.c). */
struct xv_generator {
    uintptr_t header;
    xv_value function;
    xv_value pending;     /* what pend_throw() has it raise when it is resumed, or XV_NULL */
    xv_value ip;          /* small int, offset to go on at; XV_NONE: finished; XV_NOT_IMPLEMENTED: running */
    xv_value depth;       /* small int: value stack; fresh: -1 */
    xv_value n_blocks;    /* small int */
    xv_value rest[];      /* blocks of three, then locals from the low end and the stack at the high end */
};
#define XV_GENERATOR_WORDS 6u

/* Makes a generator of a frame whose arguments are bound and which was just entered, and drops the frame. */
xv_value xv_generator_new(struct xv_vm *vm);
/* Pushes the frame of a generator that is to be resumed with `send` (XV_NULL: nothing is sent, as next() does), its
 * result to go to `result`. False with an exception, StopIteration for a finished one. */
bool xv_generator_push(struct xv_vm *vm, xv_value generator, xv_value send, xv_value *result);
/* Resumes a generator from C until it yields (the value), returns (XV_NULL with StopIteration pending) or raises.
 * With `exc` an exception is raised where it was suspended. */
xv_value xv_generator_resume(struct xv_vm *vm, xv_value generator, xv_value send, xv_value exc);
/* Saves the innermost frame, whose stack ends at vm->sp, in its generator and drops the frame. */
void xv_generator_save(struct xv_vm *vm);
/* The next value, XV_STOP at the end, or XV_NULL. */
xv_value xv_generator_next(struct xv_vm *vm, xv_value generator);

/* YIELD_FROM an iterator that is no generator, or one that is to raise something first, sent `send`: what it yields;
 * XV_NULL with an exception, StopIteration if it ended. */
xv_value xv_delegate(struct xv_vm *vm, xv_value iterator, xv_value send);
/* The value of a pending StopIteration, which is cleared; XV_NULL if another exception is pending. */
xv_value xv_stop_value(struct xv_vm *vm);

/* Imports (vm/import.c). One step of `import name`: the module, or XV_PUSHED if a body must run first, after which
 * the same call is to be made again. `fromlist` as in IMPORT_NAME; `globals`, a dict or XV_NULL, are those of the
 * importing module. */
xv_value xv_import_step(struct xv_vm *vm, xv_value globals, xv_value name, xv_value fromlist, xv_value level);
/* IMPORT_NAME: xv_import_step, unless the program has put a function of its own in the place of builtins.__import__. */
xv_value xv_import_name(struct xv_vm *vm, xv_value name, xv_value fromlist, xv_value level);
/* Whole imports from C. XV_SUSPENDED as xv_run: to be made again, from where the frame stack is now, when the frames
 * have run. */
xv_value xv_import(struct xv_vm *vm, xv_value globals, xv_value name, xv_value fromlist, xv_value level);
/* Makes sure that a module whose body has come to its end is in sys.modules. False with MemoryError. */
bool xv_import_finish(struct xv_vm *vm, xv_value module);
/* Takes a module whose body did not come to its end out of sys.modules; leaves the pending exception as it is. */
void xv_import_forget(struct xv_vm *vm, xv_value module);
/* Takes a module out of sys.modules and out of its package, of which it is an attribute no longer. */
bool xv_unload(struct xv_vm *vm, xv_value name);
/* `from module import name`: as xv_import_step. */
xv_value xv_import_from_step(struct xv_vm *vm, xv_value module, uint16_t name);
bool xv_import_star(struct xv_vm *vm, xv_value module, xv_value names);

/* Prints `self`, a function or what was made by one: the format takes the function's name (%q) and the object's
 * identity (%i). */
struct xv_printer;
bool xv_put_with_name(struct xv_printer *out, xv_value self, xv_value function, const char *format);

/* Constant `i` of a module (LOAD_CONST_OBJ). */
xv_value xv_module_constant(struct xv_vm *vm, xv_value module, uint32_t i);

/* __build_class__ and what follows its body's frame: `keep` is (name, bases tuple), `result` what the body returned. */
xv_value xv_build_class(struct xv_vm *vm, xv_value *args, uint32_t n);
xv_value xv_finish_class(struct xv_vm *vm, xv_value keep, xv_value names, xv_value result);

#endif
