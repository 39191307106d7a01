/* Generators: a frame that is copied between the stack, while it runs, and an object, while it does not.
 *
 * The object holds n_state slots for locals and value stack together, as the two never need more (spec S13): locals
 * from the low end, the stack at the high end. What lies between is unbound locals. */
#include "blob/opcodes.h"
#include "blob/reader.h"
#include "object/container.h"
#include "object/print.h"
#include "object/type.h"
#include "vm/ask.h"
#include "vm/call.h"
#include "vm/interp.h"

#define BLOCK_VALUES 3u
#define FRESH XV_INT(-1)

static struct xv_generator *generator_of(xv_value v) {
    return (struct xv_generator *)v;
}

static xv_value *slots_of(xv_value v, const struct xv_code_info *info) {
    return generator_of(v)->rest + BLOCK_VALUES * info->n_exc;
}

/* Words of a generator whose frame has so many exception blocks and slots. */
static size_t words_for(unsigned n_exc, unsigned n_state) {
    return XV_GENERATOR_WORDS + BLOCK_VALUES * n_exc + n_state;
}

xv_value xv_generator_new(struct xv_vm *vm) {
    struct xv_frame *f = vm->frame;
    xv_value v = xv_alloc(vm, XV_KIND_GENERATOR, words_for(f->n_exc, f->n_state));
    xv_frame_leave(vm);
    if (v == XV_NULL) {
        return XV_NULL;
    }
    struct xv_generator *g = generator_of(v);
    g->function = f->function;
    g->ip = XV_INT(0);
    g->depth = FRESH;
    g->n_blocks = XV_INT(0);
    memcpy(g->rest + BLOCK_VALUES * f->n_exc, f->locals, f->n_state * sizeof(xv_value));
    return v;
}

/* Words to be free above the stack when a frame is resumed: enough for another generator of its kind as well, so that
 * generators which nest without end are stopped as recursion is, and not by the heap. */
static size_t room_for(const struct xv_vm *vm, const struct xv_code_info *info) {
    return xv_frame_need(info) + words_for(info->n_exc, info->n_state) + vm->reserve / sizeof(xv_value) + 8;
}

bool xv_generator_push(struct xv_vm *vm, xv_value generator, xv_value send, xv_value *result) {
    struct xv_generator *g = generator_of(generator);
    if (g->ip == XV_NONE) {
        xv_raise_empty(vm, &xv_exc_StopIteration);
        return false;
    }
    if (g->ip == XV_NOT_IMPLEMENTED) {
        xv_raise(vm, &xv_exc_ValueError, "generator already executing");
        return false;
    }
    if (g->depth == FRESH && send != XV_NULL && send != XV_NONE) {
        xv_raise(vm, &xv_exc_TypeError, "can't send non-None value to a just-started generator");
        return false;
    }
    const struct xv_code_info *info = xv_code_info(vm, xv_function_code(g->function));
    if (!xv_stack_fits(vm, room_for(vm, info))) {
        xv_value r[2] = {generator, send};
        XV_ENTER(vm, r);
        bool room = xv_need_stack(vm, room_for(vm, info));
        XV_LEAVE(vm);
        if (!room) {
            return false;
        }
        generator = r[0];
        send = r[1];
        g = generator_of(generator);
        info = xv_code_info(vm, xv_function_code(g->function));
    }
    size_t depth = g->depth == FRESH ? 0 : (size_t)xv_small(g->depth);
    size_t n_locals = info->n_state - depth;
    const xv_value *slots = slots_of(generator, info);
    xv_value *locals = vm->sp;
    for (size_t i = 0; i < n_locals; i++) {
        locals[i] = slots[i];
    }
    for (size_t i = n_locals; i < info->n_state; i++) {
        locals[i] = XV_NULL;
    }
    struct xv_frame *f = xv_frame_enter(vm, info, g->function, locals);
    for (size_t i = n_locals; i < info->n_state; i++) {
        *vm->sp++ = slots[i];
    }
    f->result = result;
    f->then = XV_THEN_GENERATOR;
    f->keep = generator;
    f->ip = f->start + xv_small(g->ip);
    f->n_blocks = (uint8_t)xv_small(g->n_blocks);
    for (unsigned i = 0; i < f->n_blocks; i++) {
        const xv_value *saved = g->rest + BLOCK_VALUES * i;
        xv_frame_blocks(f)[i] =
            (struct xv_block){(uintptr_t)xv_small(saved[0]), (uintptr_t)xv_small(saved[1]), saved[2]};
    }
    if (depth > 0) {
        vm->sp[-1] = send == XV_NULL ? XV_NONE : send;
    }
    g->ip = XV_NOT_IMPLEMENTED;
    return true;
}

void xv_generator_save(struct xv_vm *vm) {
    struct xv_frame *f = vm->frame;
    struct xv_generator *g = generator_of(f->keep);
    size_t depth = (size_t)(vm->sp - xv_frame_base(f));
    for (unsigned i = 0; i < f->n_blocks; i++) {
        const struct xv_block *b = &xv_frame_blocks(f)[i];
        xv_value *saved = g->rest + BLOCK_VALUES * i;
        saved[0] = XV_INT((intptr_t)b->handler);
        saved[1] = XV_INT((intptr_t)b->base);
        saved[2] = b->exc;
    }
    xv_value *slots = g->rest + BLOCK_VALUES * f->n_exc;
    const xv_value *locals = f->locals, *stack = xv_frame_base(f);
    size_t n_locals = f->n_state - depth;
    for (size_t i = 0; i < n_locals; i++) {
        slots[i] = locals[i];
    }
    for (size_t i = 0; i < depth; i++) {
        slots[n_locals + i] = stack[i];
    }
    g->ip = XV_INT(f->ip - f->start);
    g->depth = XV_INT((intptr_t)depth);
    g->n_blocks = XV_INT(f->n_blocks);
    xv_frame_leave(vm);
}

xv_value xv_generator_resume(struct xv_vm *vm, xv_value generator, xv_value send, xv_value exc) {
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    xv_value *base = vm->sp;
    xv_value *old_top = vm->stack_top;
    xv_value r[2] = {exc, generator};
    XV_ENTER(vm, r);
    bool pushed = xv_generator_push(vm, generator, send, base);
    XV_LEAVE(vm);
    xv_value result = XV_NULL;
    if (pushed) {
        vm->frame->flags |= XV_FRAME_EXIT;
        vm->exc = r[0];
        result = xv_run(vm);
    }
    vm->sp = base;
    vm->stack_top = old_top;
    xv_native_leave(vm);
    return result;
}

static xv_value throw_into(struct xv_vm *vm, xv_value generator, xv_value exc);

/* What is thrown makes its way through the iterators that are delegated to: nothing that could be done again. */
static xv_value throw_at_once(struct xv_vm *vm, xv_value generator, xv_value exc) {
    xv_mute(vm);
    xv_value v = throw_into(vm, generator, exc);
    xv_unmute(vm);
    return v;
}

/* Raises in a generator what pend_throw() was given. As xv_generator_resume. */
static xv_value throw_pending(struct xv_vm *vm, xv_value generator) {
    xv_value exc = generator_of(generator)->pending;
    generator_of(generator)->pending = XV_NULL;
    return throw_at_once(vm, generator, exc);
}

xv_value xv_generator_next(struct xv_vm *vm, xv_value generator) {
    xv_value v;
    if (xv_can_ask(vm)) {
        v = xv_ask(vm, xv_from(&xv_type_generator.methods[0]) /* __next__ */, &generator, 1, 0);
    } else if (generator_of(generator)->pending != XV_NULL) {
        v = throw_pending(vm, generator);
    } else if (generator_of(generator)->ip == XV_NONE) {
        return XV_STOP;
    } else {
        v = xv_generator_resume(vm, generator, XV_NULL, XV_NULL);
    }
    if (v == XV_NULL && xv_pending(vm, &xv_exc_StopIteration)) {
        xv_clear(vm);
        return XV_STOP;
    }
    return v;
}

xv_value xv_stop_value(struct xv_vm *vm) {
    if (!xv_pending(vm, &xv_exc_StopIteration)) {
        return XV_NULL;
    }
    xv_value args = ((struct xv_exception *)vm->exc)->args;
    xv_value v = xv_n_items(args) > 0 ? xv_items(args)[0] : XV_NONE;
    xv_clear(vm);
    return v;
}

xv_value xv_delegate(struct xv_vm *vm, xv_value iterator, xv_value send) {
    if (xv_is_kind(iterator, XV_KIND_GENERATOR)) {
        return throw_pending(vm, iterator);
    }
    if (send != XV_NONE) {
        return xv_call_method(vm, iterator, XV_Q_send, &send, 1);
    }
    if (xv_is_user(iterator)) {
        return xv_call_method(vm, iterator, XV_Q___next__, NULL, 0);
    }
    /* Not xv_next, which drops the value of a StopIteration that a function called by map() has raised. */
    const struct xv_type *t = xv_plain_type(vm, iterator);
    XV_FIND_SLOT(t, next);
    if (t == NULL) {
        return xv_raise(vm, &xv_exc_TypeError, "'%t' object isn't an iterator", iterator);
    }
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    xv_value v = t->next(vm, iterator);
    xv_native_leave(vm);
    return v == XV_STOP ? xv_raise_empty(vm, &xv_exc_StopIteration) : v;
}

/* ---- throw and close (spec 3.11) */

/* The iterator that a suspended generator delegates to, or XV_NULL. */
static xv_value delegate_of(struct xv_vm *vm, xv_value generator) {
    struct xv_generator *g = generator_of(generator);
    if (!xv_is_small(g->ip) || g->depth == FRESH) {
        return XV_NULL;
    }
    const struct xv_code_info *info = xv_code_info(vm, xv_function_code(g->function));
    if (info->start[xv_small(g->ip)] != XV_OP_YIELD_FROM) {
        return XV_NULL;
    }
    return slots_of(generator, info)[info->n_state - 2];
}

static bool is_generator_exit(const struct xv_vm *vm, xv_value exc) {
    return xv_is_subtype(vm, exc != XV_NULL && xv_is_type(exc) ? exc : xv_type_of(vm, exc), xv_from(&xv_exc_GeneratorExit));
}

/* Passes what was thrown on to the iterator that `generator` delegates to, whose own throw() may take anything. As
 * xv_generator_resume: a value means that it yielded. */
static xv_value throw_through(struct xv_vm *vm, xv_value generator, xv_value inner, xv_value exc) {
    xv_value r[4] = {generator, inner, exc, XV_NULL};
    XV_ENTER(vm, r);
    bool closing = is_generator_exit(vm, exc);
    if (closing) {
        r[2] = xv_make_exception(vm, exc);
    }
    xv_value v = XV_NULL;
    bool lacks = false;
    if (r[2] == XV_NULL) {
        XV_LEAVE(vm);
        return XV_NULL;
    }
    xv_value ip = generator_of(r[0])->ip;
    if (!xv_is_small(ip)) {
        XV_LEAVE(vm);
        return xv_raise(vm, &xv_exc_ValueError, "generator already executing"); /* the exception's class has resumed it */
    }
    generator_of(r[0])->ip = XV_NOT_IMPLEMENTED; /* what it delegates to cannot resume it */
    if (xv_is_kind(r[1], XV_KIND_GENERATOR)) {
        v = throw_into(vm, r[1], r[2]);
    } else if (closing) {
        v = xv_call_method_if(vm, r[1], XV_Q_close, NULL, 0);
        lacks = v == XV_STOP;
        if (v != XV_NULL) {
            v = xv_raise_empty(vm, &xv_exc_StopIteration);
        }
    } else {
        v = xv_call_method_if(vm, r[1], XV_Q_throw, &r[2], 1);
        lacks = v == XV_STOP;
    }
    generator_of(r[0])->ip = ip;
    if (lacks) {
        xv_clear(vm);
        r[2] = xv_make_exception(vm, r[2]);
        if (r[2] == XV_NULL) {
            XV_LEAVE(vm);
            return XV_NULL;
        }
        vm->exc = r[2];
        v = XV_NULL;
    }
    if (v == XV_NULL) {
        /* It returned, or raised: this generator goes on behind its YIELD_FROM. */
        r[3] = lacks ? XV_NULL : xv_stop_value(vm);
        struct xv_generator *g = generator_of(r[0]);
        if (r[3] != XV_NULL && !closing) {
            g->ip += XV_INT(1) - 1;
            intptr_t depth = xv_small(g->depth);
            const struct xv_code_info *info = xv_code_info(vm, xv_function_code(g->function));
            xv_value *slots = slots_of(r[0], info);
            /* One slot less: move what lies below it, `it` and `sent` becoming the result. */
            memmove(slots + info->n_state - depth + 1, slots + info->n_state - depth, (size_t)(depth - 2) * sizeof *slots);
            slots[info->n_state - depth] = XV_NULL;
            g->depth = XV_INT(depth - 1);
            v = xv_generator_resume(vm, r[0], r[3], XV_NULL);
        } else {
            xv_value pending = r[3] != XV_NULL ? r[2] : vm->exc;
            xv_clear(vm);
            v = xv_generator_resume(vm, r[0], XV_NULL, pending);
        }
    }
    XV_LEAVE(vm);
    return v;
}

/* Raises `exc` where the generator is suspended. As xv_generator_resume. */
static xv_value throw_into(struct xv_vm *vm, xv_value generator, xv_value exc) {
    struct xv_generator *g = generator_of(generator);
    if (g->ip == XV_NONE) {
        /* MicroPython's rule: throwing into a finished generator is StopIteration. */
        return xv_raise_empty(vm, &xv_exc_StopIteration);
    }
    if (g->ip == XV_NOT_IMPLEMENTED) {
        return xv_raise(vm, &xv_exc_ValueError, "generator already executing");
    }
    xv_value inner = delegate_of(vm, generator);
    if (inner == XV_NULL) {
        xv_value r[1] = {generator};
        XV_ENTER(vm, r);
        exc = xv_make_exception(vm, exc);
        XV_LEAVE(vm);
        if (exc == XV_NULL) {
            return XV_NULL;
        }
        if (generator_of(r[0])->depth != FRESH) {
            return xv_generator_resume(vm, r[0], XV_NULL, exc);
        }
        generator_of(r[0])->ip = XV_NONE;
        vm->exc = exc;
        return XV_NULL;
    }
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    xv_value v = throw_through(vm, generator, inner, exc);
    xv_native_leave(vm);
    return v;
}

/* True if the generator is suspended, and so is what it delegates to, all generators. */
static bool is_chain(struct xv_vm *vm, xv_value generator) {
    for (xv_value g = generator; g != XV_NULL; g = delegate_of(vm, g)) {
        if (!xv_is_kind(g, XV_KIND_GENERATOR) || !xv_is_small(generator_of(g)->ip) || generator_of(g)->depth == FRESH ||
            generator_of(g)->pending != XV_NULL) {
            return false;
        }
    }
    return true;
}

/* Pushes the frames of such a chain, as if each had resumed the next. False with an exception. */
static bool push_chain(struct xv_vm *vm, xv_value generator) {
    struct xv_frame *before = vm->frame;
    xv_value r[1] = {generator};
    XV_ENTER(vm, r);
    bool pushed = true;
    while (pushed && r[0] != XV_NULL) {
        xv_value outer = r[0];
        r[0] = delegate_of(vm, outer);
        pushed = xv_generator_push(vm, outer, XV_NULL, vm->sp);
        if (pushed && vm->frame->prev != before) {
            vm->frame->mode = XV_RESUME_YIELD_FROM;
        }
    }
    XV_LEAVE(vm);
    while (!pushed && vm->frame != before) {
        xv_generator_save(vm);
    }
    return pushed;
}

static xv_value generator_throw(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value exc = args[1];
    if (n > 2 && args[2] != XV_NONE && args[2] != XV_NULL && !xv_is_kind(exc, XV_KIND_EXCEPTION)) {
        exc = xv_is_kind(args[2], XV_KIND_EXCEPTION) ? args[2] : xv_call(vm, exc, &args[2], 1);
    }
    if (exc == XV_NULL) {
        return XV_NULL;
    }
    /* What an iterator that is no generator is thrown may be anything; GeneratorExit closes those that are delegated to. */
    if (!is_chain(vm, args[0]) || (is_generator_exit(vm, exc) && delegate_of(vm, args[0]) != XV_NULL)) {
        return throw_at_once(vm, args[0], exc);
    }
    args[1] = xv_make_exception(vm, exc);
    if (args[1] == XV_NULL) {
        return XV_NULL;
    }
    if (!is_chain(vm, args[0])) {
        return throw_at_once(vm, args[0], args[1]); /* the exception's class has seen to that */
    }
    if (push_chain(vm, args[0])) {
        vm->exc = args[1]; /* to be raised in the innermost frame */
    }
    return XV_NULL;
}

/* MicroPython's: has the exception raised when the generator is resumed next; None takes it back. Returns what was
 * pending. */
static xv_value generator_pend_throw(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct xv_generator *g = generator_of(args[0]);
    if (g->ip == XV_NOT_IMPLEMENTED) {
        return xv_raise(vm, &xv_exc_ValueError, "generator already executing");
    }
    xv_value before = g->pending == XV_NULL ? XV_NONE : g->pending;
    g->pending = args[1] == XV_NONE ? XV_NULL : args[1];
    return before;
}

static xv_value generator_close(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (generator_of(args[0])->ip == XV_NONE) {
        return XV_NONE;
    }
    xv_value none[1] = {XV_NULL};
    xv_value exc = xv_call(vm, xv_from(&xv_exc_GeneratorExit), none, 0);
    xv_value v = exc == XV_NULL ? XV_NULL : throw_at_once(vm, args[0], exc);
    if (v != XV_NULL) {
        return xv_raise(vm, &xv_exc_RuntimeError, "generator ignored GeneratorExit");
    }
    if (xv_pending(vm, &xv_exc_GeneratorExit) || xv_pending(vm, &xv_exc_StopIteration)) {
        xv_clear(vm);
        return XV_NONE;
    }
    return XV_NULL;
}

/* send and __next__ push the frame, so that a chain of them takes no C stack. */
static xv_value generator_send(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (generator_of(args[0])->pending != XV_NULL) {
        return throw_pending(vm, args[0]);
    }
    return xv_generator_push(vm, args[0], args[1], vm->sp) ? XV_PUSHED : XV_NULL;
}

static xv_value generator_next(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (generator_of(args[0])->pending != XV_NULL) {
        return throw_pending(vm, args[0]);
    }
    return xv_generator_push(vm, args[0], XV_NULL, vm->sp) ? XV_PUSHED : XV_NULL;
}

static bool generator_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)how;
    return xv_put_with_name(out, self, generator_of(self)->function, "<generator object '%q' at %i>");
}

static const struct xv_native generator_methods[] = {
    XV_NATIVE(__next__, generator_next, 1, 1),
    XV_NATIVE(send, generator_send, 2, 2),
    XV_NATIVE(throw, generator_throw, 2, 4),
    XV_NATIVE(pend_throw, generator_pend_throw, 2, 2),
    XV_NATIVE(close, generator_close, 1, 1),
};

const struct xv_type xv_type_generator = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_generator,
    .flags = XV_T_NO_SUBCLASS | XV_T_ITER_SELF,
    .base = &xv_type_object,
    .methods = generator_methods,
    .n_methods = sizeof generator_methods / sizeof *generator_methods,
    .print = generator_print,
    .next = xv_generator_next,
};
