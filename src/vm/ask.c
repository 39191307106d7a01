/* Asking and answering (vm/ask.h).
 *
 * vm->answers, a list, holds what has been answered so far to the instruction that is being executed, for each question two values:
 * whether it raised, and what came. Whether it is still that instruction is told by the frame, by the place, and by the units
 * spent: the same place in the same frame cannot be reached again without a backward jump or a call. */
#include "vm/ask.h"

#include "blob/opcodes.h"
#include "object/container.h"
#include "object/type.h"
#include "vm/interp.h"
#include "vm/resumable.h"

#if XIPVM_RESUMABLE_NATIVES

bool xv_runs_python(const struct xv_vm *vm, xv_value f, const xv_value *args, size_t n_pos) {
    if (xv_is_function(f)) {
        return true;
    }
    if (xv_is_kind(f, XV_KIND_BOUND)) {
        const struct xv_bound *b = (const struct xv_bound *)f;
        return xv_runs_python(vm, b->function, &b->self, 1);
    }
    if (xv_is_kind(f, XV_KIND_NATIVE)) {
        return n_pos > 0 && xv_is_kind(args[0], XV_KIND_GENERATOR); /* send(), throw() … */
    }
    return f != XV_NULL && (xv_is_kind(f, XV_KIND_CLASS) || xv_is_user(f));
}

/* ---- which instruction */

static uint64_t units(const struct xv_vm *vm) {
    return vm->stats.budget_spent + (uint64_t)(vm->meter.slice - vm->budget);
}

static void decode(const struct xv_frame *f, uint32_t pc, struct xv_instr *ins) {
    /* The code was verified: no instruction is longer than this. */
    xv_instr_decode(f->start, pc + 16, pc, ins);
}

static bool is_call(uint8_t op) {
    return op >= XV_OP_CALL_FUNCTION && op <= XV_OP_CALL_METHOD_VAR_KW;
}

/* From now on this instruction of `f` has the answers, from the first. */
static void begin(struct xv_vm *vm, const struct xv_frame *f, const struct xv_instr *ins, uint64_t spent) {
    vm->asking.frame = f;
    vm->asking.start = ins->pc;
    vm->asking.end = ins->next;
    vm->asking.units = spent;
    vm->asking.at = 0;
}

static bool is_same(const struct xv_vm *vm) {
    const struct xv_asking *a = &vm->asking;
    uint32_t at = (uint32_t)(vm->frame->ip - vm->frame->start);
    return a->frame == vm->frame && at > a->start && at <= a->end && a->units == units(vm);
}

/* Makes sure that the answers are those of the instruction that the innermost frame executes now. */
static void turn_to_instruction(struct xv_vm *vm) {
    if (is_same(vm)) {
        return;
    }
    const struct xv_frame *f = vm->frame;
    uint32_t at = (uint32_t)(f->ip - f->start);
    struct xv_instr ins = {.next = 0};
    do {
        decode(f, ins.next, &ins);
    } while (ins.next < at);
    begin(vm, f, &ins, units(vm));
    vm->answers = vm->question = XV_NULL;
}

void xv_asking_pause(struct xv_vm *vm) {
    vm->asking.units -= units(vm);
}

void xv_asking_resume(struct xv_vm *vm) {
    vm->asking.units += units(vm);
}

/* ---- the list of answers */

static bool add(struct xv_vm *vm, bool raised, xv_value v) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    vm->answers = vm->answers == XV_NULL ? xv_list_new(vm, 2) : vm->answers;
    bool done = vm->answers != XV_NULL && xv_list_append(vm, vm->answers, XV_BOOL(raised)) &&
                xv_list_append(vm, vm->answers, r[0]);
    XV_LEAVE(vm);
    return done;
}

/* The next answer there is: false if there is none any more. */
static bool next_answer(struct xv_vm *vm, bool *raised, xv_value *v) {
    struct xv_asking *a = &vm->asking;
    if (vm->answers == XV_NULL || a->at + 2 > xv_list(vm->answers)->len) {
        return false;
    }
    const xv_value *items = xv_list_items(vm->answers);
    *raised = items[a->at] == XV_TRUE;
    *v = items[a->at + 1];
    a->at += 2;
    return true;
}

/* ---- for natives */

/* What a native that asks fails with, so that it does not take it for anything that it knows. Nobody sees it. */
static const struct {
    uintptr_t header;
} no_arguments = {XV_HEADER(XV_KIND_TUPLE, 1)};
static const struct xv_exception asked = {
    .header = XV_CONST_HEADER(XV_KIND_EXCEPTION),
    .type = (xv_value)&xv_exc_BaseException,
    .args = (xv_value)&no_arguments,
};

xv_value xv_ask(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n_pos, size_t n_kw) {
    size_t n = n_pos + 2 * n_kw;
    xv_value *base = vm->sp;
    if (!xv_stack_fits(vm, n + 1)) {
        return xv_raise_memory(vm);
    }
    turn_to_instruction(vm);
    bool raised;
    xv_value v;
    if (next_answer(vm, &raised, &v)) {
        vm->exc = raised ? v : vm->exc;
        return raised ? XV_NULL : v;
    }
    if (vm->question == XV_NULL) {
        *base = f;
        if (n > 0) {
            memmove(base + 1, args, n * sizeof *args);
        }
        vm->sp = base + 1 + n;
        xv_value question = xv_alloc_array(vm, n + 2);
        vm->sp = base;
        if (question == XV_NULL) {
            return XV_NULL;
        }
        xv_items(question)[0] = XV_INT((intptr_t)n_pos);
        memcpy(xv_items(question) + 1, base, (n + 1) * sizeof *base);
        vm->question = question;
    }
    vm->exc = xv_from(&asked);
    return XV_NULL;
}

xv_value xv_kept(struct xv_vm *vm, xv_value v) {
    if (v == XV_NULL || !xv_can_ask(vm)) {
        return v;
    }
    turn_to_instruction(vm);
    bool raised;
    xv_value before;
    if (next_answer(vm, &raised, &before)) {
        return before;
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    bool done = add(vm, false, v);
    vm->asking.at += 2;
    XV_LEAVE(vm);
    return done ? r[0] : XV_NULL;
}

/* ---- for the interpreter */

bool xv_asks(struct xv_vm *vm) {
    if (vm->question == XV_NULL) {
        return false;
    }
    if (is_same(vm)) {
        return true;
    }
    /* Of a native that came to an end all the same. */
    vm->question = XV_NULL;
    if (vm->exc == xv_from(&asked)) {
        xv_raise(vm, &xv_exc_RuntimeError, "a callback cannot be made here while a budget is counted");
    }
    return false;
}

/* A Python function that runs as a frame, and not as a generator, needs nobody who calls it. */
static bool is_plain_function(struct xv_vm *vm, xv_value f) {
    return xv_is_function(f) && (xv_code_info(vm, xv_function_code(f))->flags & XV_FLAG_GENERATOR) == 0;
}

xv_value xv_push_question(struct xv_vm *vm, xv_value *sp) {
    xv_value r[1] = {vm->question};
    vm->question = vm->exc = XV_NULL;
    size_t n = xv_n_items(r[0]) - 2;
    uint32_t n_pos = (uint32_t)xv_small(xv_items(r[0])[0]);
    uint32_t n_kw = (uint32_t)(n - n_pos) / 2;
    XV_ENTER(vm, r);
    struct xv_frame *f = vm->frame;
    vm->sp = sp;
    xv_value pushed = XV_NULL;
    if (xv_need_stack(vm, n + 1)) {
        const xv_value *items = xv_items(r[0]) + 1;
        bool plain = is_plain_function(vm, items[0]);
        memcpy(sp, items + plain, (n + !plain) * sizeof *sp);
        vm->sp = sp + n + !plain;
        pushed = plain ? xv_push_function(vm, items[0], sp, n_pos, n_kw) : xv_push_call(vm, sp, n_pos, n_kw);
    }
    XV_LEAVE(vm);
    if (pushed == XV_PUSHED) {
        f->ip = f->start + vm->asking.start;
        vm->frame->then = XV_THEN_ANSWER;
        vm->frame->keep = vm->answers;
    }
    vm->answers = XV_NULL;
    return pushed;
}

bool xv_answer(struct xv_vm *vm, xv_value keep, xv_value v) {
    struct xv_frame *f = vm->frame;
    bool raised = v == XV_NULL;
    v = raised ? vm->exc : v;
    vm->exc = vm->question = XV_NULL;
    vm->answers = keep;
    bool added = add(vm, raised, v);
    struct xv_instr ins;
    decode(f, (uint32_t)(f->ip - f->start), &ins);
    if (!added) {
        /* The exception is raised by the instruction. */
        vm->answers = XV_NULL;
        f->ip = f->start + ins.next;
        return false;
    }
    begin(vm, f, &ins, units(vm) + is_call(ins.op));
    return true;
}

xv_value *xv_copy_arguments(struct xv_vm *vm, const xv_value *args, size_t n) {
    if (!xv_need_stack(vm, n + 1)) {
        return NULL;
    }
    /* A slot is left free for a receiver. */
    xv_value *copy = vm->sp + 1;
    copy[-1] = XV_NULL;
    memcpy(copy, args, n * sizeof *args);
    vm->sp = copy + n;
    return copy;
}

#endif
