/* Asking and answering (vm/ask.h).
 *
 * vm->answers, a list, holds what has been answered so far to the instruction that is being executed, ANSWER_WORDS
 * values each. Whether it is still that instruction is told by the frame, by the place, and by the units spent:
 * within a run the same place in the same frame cannot be reached again without a backward jump, or a frame that was
 * entered. A run begins with no answers. */
#include "vm/ask.h"

#include "blob/opcodes.h"
#include "object/container.h"
#include "object/type.h"
#include "vm/interp.h"
#include "vm/resumable.h"

#if XIPVM_RESUMABLE_NATIVES

enum {
    QUESTION, /* what was asked: an array; XV_TRUE: whatever it was; XV_NONE: nothing, the value was kept */
    RAISED,   /* whether it raised, … */
    VALUE,    /* … and what came */
    ANSWER_WORDS
};

bool xv_runs_python(xv_value f, const xv_value *args, size_t n_pos) {
    while (xv_is_kind(f, XV_KIND_BOUND)) {
        args = &((const struct xv_bound *)f)->self;
        n_pos = 1;
        f = ((const struct xv_bound *)f)->function;
    }
    if (xv_is_function(f)) {
        return true;
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
    vm->asking.anew = false;
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

void xv_mute(struct xv_vm *vm) {
    if (vm->asking.muted++ == 0) {
        xv_asking_pause(vm);
    }
}

void xv_unmute(struct xv_vm *vm) {
    if (--vm->asking.muted == 0) {
        xv_asking_resume(vm);
    }
}

/* ---- the list of answers */

/* Appends to it. */
static bool add(struct xv_vm *vm, xv_value v) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    vm->answers = vm->answers == XV_NULL ? xv_list_new(vm, ANSWER_WORDS) : vm->answers;
    bool done = vm->answers != XV_NULL && xv_list_append(vm, vm->answers, r[0]);
    XV_LEAVE(vm);
    return done;
}

/* The next answer there is, NULL if there is none any more. */
static const xv_value *next_answer(struct xv_vm *vm) {
    struct xv_asking *a = &vm->asking;
    if (vm->answers == XV_NULL || a->at + ANSWER_WORDS > xv_list(vm->answers)->len) {
        return NULL;
    }
    const xv_value *answer = xv_list_items(vm->answers) + a->at;
    a->at += ANSWER_WORDS;
    return answer;
}

/* Drops that answer and all behind it. */
static void drop_answer(struct xv_vm *vm) {
    vm->asking.at -= ANSWER_WORDS;
    vm->asking.anew = true;
    xv_list(vm->answers)->len = vm->asking.at;
}

/* True unless a native asks about two different things. It may have made anew what is no part of the program. */
static bool is_same_value(xv_value a, xv_value b) {
    if (a == b) {
        return true;
    }
    if (!xv_is_object(a) || !xv_is_object(b) || xv_kind(a) != xv_kind(b)) {
        return false;
    }
    switch (xv_kind(a)) {
    case XV_KIND_INSTANCE:
    case XV_KIND_CLASS:
    case XV_KIND_FUNCTION:
        return false;
    case XV_KIND_BOUND:
        return ((struct xv_bound *)a)->function == ((struct xv_bound *)b)->function &&
               ((struct xv_bound *)a)->self == ((struct xv_bound *)b)->self;
    default:
        return true;
    }
}

/* True if the question of an answer was f(args …). A callback may have changed what the native looks at, which then asks
 * something else than before. */
static bool was_asked(xv_value question, xv_value f, const xv_value *args, size_t n) {
    if (!xv_is_object(question)) {
        return question == XV_TRUE;
    }
    const xv_value *items = xv_items(question);
    bool same = xv_n_items(question) == n + 2 && is_same_value(items[1], f);
    for (size_t i = 0; same && i < n; i++) {
        same = is_same_value(items[2 + i], args[i]);
    }
    return same;
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
    const xv_value *answer = next_answer(vm);
    if (answer != NULL && was_asked(answer[QUESTION], f, args, n)) {
        bool raised = answer[RAISED] == XV_TRUE;
        vm->exc = raised ? answer[VALUE] : vm->exc;
        return raised ? XV_NULL : answer[VALUE];
    }
    if (answer != NULL) {
        drop_answer(vm);
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

xv_value xv_kept_before(struct xv_vm *vm) {
    turn_to_instruction(vm);
    const xv_value *answer = next_answer(vm);
    if (answer != NULL && answer[QUESTION] != XV_NONE) {
        vm->asking.at -= ANSWER_WORDS;
        answer = NULL;
    }
    return answer == NULL ? XV_NULL : answer[VALUE];
}

xv_value xv_keep(struct xv_vm *vm, xv_value v) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    if (vm->answers != XV_NULL) {
        xv_list(vm->answers)->len = vm->asking.at; /* something else was asked here before */
    }
    bool done = add(vm, XV_NONE) && add(vm, XV_FALSE) && add(vm, r[0]);
    if (done) {
        vm->asking.at += ANSWER_WORDS;
    } else {
        vm->answers = XV_NULL;
        vm->asking.at = 0;
    }
    XV_LEAVE(vm);
    return done ? r[0] : XV_NULL;
}

xv_value xv_kept(struct xv_vm *vm, xv_value v) {
    if (v == XV_NULL || !xv_can_ask(vm)) {
        return v;
    }
    xv_value before = xv_kept_before(vm);
    return before != XV_NULL ? before : xv_keep(vm, v);
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
    if (add(vm, vm->asking.anew ? XV_TRUE : r[0]) && xv_need_stack(vm, n + 1)) {
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

/* Protects both until both are there. */
static bool add_both(struct xv_vm *vm, xv_value a, xv_value b) {
    xv_value r[1] = {b};
    XV_ENTER(vm, r);
    bool done = add(vm, a) && add(vm, r[0]);
    XV_LEAVE(vm);
    return done;
}

bool xv_answer(struct xv_vm *vm, xv_value keep, xv_value v) {
    struct xv_frame *f = vm->frame;
    bool raised = v == XV_NULL;
    v = raised ? vm->exc : v;
    vm->exc = vm->question = XV_NULL;
    vm->answers = keep;
    bool added = add_both(vm, XV_BOOL(raised), v);
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
