/* Parts of instructions, for the interpreter loop alone, into which most of them are inlined. */
#ifndef XV_VM_STEPS_H
#define XV_VM_STEPS_H

#include "blob/opcodes.h"
#include "blob/reader.h"
#include "object/container.h"
#include "object/number.h"
#include "object/type.h"
#include "vm/interp.h"
#include "vm/outside.h"

/* ---- operands */

static inline uint32_t read_uint(const uint8_t **p) {
    const uint8_t *q = *p;
    uint32_t v = *q++;
    if (v & 0x80u) {
        v &= 0x7fu;
        uint32_t b;
        do {
            b = *q++;
            v = v << 7 | (b & 0x7fu);
        } while (b & 0x80u);
    }
    *p = q;
    return v;
}

static inline const uint8_t *skip_uint(const uint8_t *p) {
    while (*p++ & 0x80u) {
    }
    return p;
}

static inline uint32_t read_ujump(const uint8_t **p) {
    const uint8_t *q = *p;
    uint32_t v = *q++;
    if (v & 0x80u) {
        v = (v & 0x7fu) | ((uint32_t)*q++ << 7);
    }
    *p = q;
    return v;
}

static inline int32_t read_sjump(const uint8_t **p) {
    const uint8_t *q = *p;
    int32_t v = *q++;
    if (v & 0x80) {
        v = ((v & 0x7f) | (*q++ << 7)) - 0x4000;
    } else {
        v -= 0x40;
    }
    *p = q;
    return v;
}

#if XIPVM_LINKING
/* A name as linked code has it. */
static inline uint16_t read_name(const struct xv_frame *f, const uint8_t **p) {
    uint32_t v = (*p)[0] | (uint32_t)(*p)[1] << 8;
    *p += 2;
#if !XIPVM_PRELINKED
    (void)f;
    return (uint16_t)v;
#else
    return v & XV_OPERAND_TABLE ? xv_frame_name(f, v & ~XV_OPERAND_TABLE) : (uint16_t)v;
#endif
}
#endif

static inline bool truth_is_known(xv_value v) {
    return v == XV_TRUE || v == XV_FALSE || v == XV_NONE || xv_is_small(v);
}

static inline bool known_truth(xv_value v) {
    return v == XV_TRUE || (xv_is_small(v) && v != XV_INT(0));
}

/* Ints up to here, either way, are exact as a Python float. */
#if XIPVM_SINGLE_FLOAT
#define XV_EXACT_INT ((intptr_t)1 << 24)
#elif XV_64
#define XV_EXACT_INT ((intptr_t)1 << 53)
#else
#define XV_EXACT_INT XV_SMALL_MAX
#endif

/* ---- blocks */

static void push_block(struct xv_frame *f, const uint8_t *handler, size_t depth, uintptr_t bits) {
    struct xv_block *b = &xv_frame_blocks(f)[f->n_blocks++];
    b->handler = (uintptr_t)(handler - f->start);
    b->base = (depth << XV_BLOCK_SHIFT) | bits;
    b->exc = XV_NULL;
}

static inline struct xv_block *top_block(struct xv_frame *f) {
    return &xv_frame_blocks(f)[f->n_blocks - 1];
}

static inline bool is_active(const struct xv_frame *f, const struct xv_block *b, const uint8_t *ip) {
    return b->handler < (uintptr_t)(ip - f->start);
}

/* Enters the handler of block `b` with a marker; `what` is kept in the block, or for an `async with` on the stack. */
static xv_value *enter_finally(struct xv_frame *f, struct xv_block *b, xv_value marker, xv_value what,
                               const uint8_t **ip) {
    xv_value *sp = xv_frame_base(f) + (b->base >> XV_BLOCK_SHIFT);
    b->base &= ~(uintptr_t)XV_BLOCK_RAISED;
    b->exc = what;
    *ip = f->start + b->handler;
    if (b->base & XV_BLOCK_ASYNC) {
        *sp++ = what;
        *ip = xv_async_entry(*ip, false);
    }
    *sp++ = marker;
    return sp;
}

/* ---- leaving frames */

/* What a frame's return value `v` amounts to, once the frame (still intact above the stack) was dropped; `keep` is at
 * vm->sp[0] and counts as a root there. XV_NULL with an exception; XV_PUSHED if another frame is to run first. */
static xv_value finish(struct xv_vm *vm, unsigned then, xv_value keep, xv_value names, xv_value v) {
    switch (then) {
    case XV_THEN_INSTANCE:
        return v == XV_NONE ? keep : xv_raise(vm, &xv_exc_TypeError, "__init__() should return None, not '%t'", v);
    case XV_THEN_CLASS_BODY:
        xv_mute(vm);
        v = xv_finish_class(vm, keep, names, v);
        xv_unmute(vm);
        return v;
    case XV_THEN_IMPORT:
        return xv_import_finish(vm, keep) ? v : XV_NULL;
    default:
        return v;
    }
}

/* The exception that leaves a generator: StopIteration becomes RuntimeError. */
static void leave_generator(struct xv_vm *vm, xv_value generator) {
    struct xv_generator *g = (struct xv_generator *)generator;
    g->ip = XV_NONE;
    if (xv_pending(vm, &xv_exc_StopIteration)) {
        xv_clear(vm);
        xv_raise(vm, &xv_exc_RuntimeError, "generator raised StopIteration");
    }
}

/* ---- parts of instructions */

/* Both numbers as floats if one at least is a float and the other a float or small int. */
static inline bool two_floats(xv_value a, xv_value b, xv_real *x, xv_real *y) {
#if XV_FLOAT_IMMEDIATE
    if (xv_is_flonum(a)) {
        *x = xv_flonum(a);
        if (xv_is_flonum(b)) {
            *y = xv_flonum(b);
            return true;
        }
        if (xv_is_small(b)) {
            *y = (xv_real)xv_small(b);
            return true;
        }
    } else if (xv_is_flonum(b) && xv_is_small(a)) {
        *x = (xv_real)xv_small(a);
        *y = xv_flonum(b);
        return true;
    }
#else
    if (xv_is_float(a)) {
        *x = xv_float(a);
        if (xv_is_float(b)) {
            *y = xv_float(b);
            return true;
        }
        if (xv_is_small(b)) {
            *y = (xv_real)xv_small(b);
            return true;
        }
    } else if (xv_is_small(a) && xv_is_float(b)) {
        *x = (xv_real)xv_small(a);
        *y = xv_float(b);
        return true;
    }
#endif
    return false;
}

/* The same for a comparison, which must be exact: ints only as far as a float holds each. */
static inline bool two_comparable(xv_value a, xv_value b, xv_real *x, xv_real *y) {
    if ((xv_is_small(a) && (xv_small(a) > XV_EXACT_INT || xv_small(a) < -XV_EXACT_INT)) ||
        (xv_is_small(b) && (xv_small(b) > XV_EXACT_INT || xv_small(b) < -XV_EXACT_INT))) {
        return false;
    }
    return two_floats(a, b, x, y);
}

/* Calls plain Python code with `n` positional arguments at `args`: the most frequent call there is. */
static inline xv_value call_code(struct xv_vm *vm, xv_value code, xv_value *args, uint32_t n, xv_value *result) {
    const struct xv_code_info *info = xv_code_info(vm, code);
    if (!info->simple || info->n_pos != n || !xv_stack_fits(vm, xv_frame_need(info))) {
        xv_value done = xv_push_function(vm, code, args, n, 0);
        if (done == XV_PUSHED) {
            vm->frame->result = result;
        }
        return done;
    }
    for (xv_value *local = args + n; local < args + info->n_state; local++) {
        *local = XV_NULL;
    }
    xv_frame_enter(vm, info, code, args)->result = result;
    return XV_PUSHED;
}

/* a op b for the two topmost values: the result, XV_PUSHED, or XV_NULL. */
static xv_value binary_slow(struct xv_vm *vm, enum xv_binary op) {
    xv_value *sp = vm->sp;
    xv_value a = sp[-2], b = sp[-1];
    if (op == XV_IN && xv_is_sliced(vm)) {
        xv_value v = xv_resumable_in(vm, a, b, sp - 2);
        if (v != XV_STOP) {
            return v;
        }
    }
    if (op == XV_IADD && xv_is_sliced(vm) && xv_is_kind(a, XV_KIND_LIST)) {
        struct xv_frame *f = vm->frame;
        xv_value v = xv_resumable_list(vm, 1);
        if (v == XV_PUSHED) {
            f->ip--; /* executed again, with a list */
        }
        if (v != XV_STOP) {
            return v;
        }
    }
    bool overloads = xv_is_kind(a, XV_KIND_INSTANCE) && (op >= XV_OR || op <= XV_NE);
    xv_value method = overloads ? xv_python_method(vm, a, xv_operators[op].name) : XV_NULL;
    if (method == XV_NULL || xv_right_first(vm, a, b)) {
        return xv_binary(vm, op, a, b);
    }
    /* The method gets copies, as the operands are needed again if it does not apply. */
    if (!xv_need_stack(vm, 2)) {
        return XV_NULL;
    }
    sp[0] = sp[-2];
    sp[1] = sp[-1];
    vm->sp = sp + 2;
    xv_value v = xv_invoke(vm, xv_python_method(vm, sp[0], xv_operators[op].name), sp, 2, 0, sp - 2);
    if (v == XV_PUSHED) {
        vm->frame->then = XV_THEN_BINARY;
        vm->frame->mode = (uint8_t)op;
    } else {
        vm->sp = sp;
    }
    return v;
}

/* Calls the value at `result` with the arguments [args, vm->sp), which end the operands of the instruction. */
static xv_value invoke(struct xv_vm *vm, xv_value *args, uint32_t n_pos, uint32_t n_kw, xv_value *result) {
    if (xv_can_ask(vm) && !xv_is_function(*result)) {
        args = xv_copy_arguments(vm, args, n_pos + 2 * (size_t)n_kw);
        if (args == NULL) {
            return XV_NULL;
        }
    }
    return xv_invoke(vm, *result, args, n_pos, n_kw, result);
}

static xv_value binary_after(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_binary_after(vm, (enum xv_binary)xv_small(args[0]), args[1], args[2]);
}

/* What comes of a op b, the two topmost values, when a's method does not apply: as binary_slow. */
static xv_value operator_after(struct xv_vm *vm, enum xv_binary op) {
    xv_value *sp = vm->sp;
    if (!xv_can_ask(vm)) {
        return xv_binary_after(vm, op, sp[-2], sp[-1]);
    }
    /* The instruction is not to be executed from its beginning again, and so a call asks in its place. */
    static const struct xv_native after = XV_FUNCTION(__new__, binary_after, 3, 3);
    if (!xv_need_stack(vm, 4)) {
        return XV_NULL;
    }
    sp[0] = xv_from(&after);
    sp[1] = XV_INT(op);
    sp[2] = sp[-2];
    sp[3] = sp[-1];
    vm->sp = sp + 4;
    xv_value pushed = xv_push_call(vm, sp, 3, 0);
    if (pushed == XV_PUSHED) {
        vm->frame->result = sp - 2;
    }
    return pushed;
}

/* WITH_CLEANUP goes on with bool(v) when the frame that this pushes has returned, as it cannot be executed from its
 * beginning again. */
static bool push_truth(struct xv_vm *vm, xv_value v) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value *sp = vm->sp;
    bool pushed = xv_need_stack(vm, 2);
    if (pushed) {
        sp[0] = xv_from(&xv_type_bool);
        sp[1] = r[0];
        vm->sp = sp + 2;
        pushed = xv_push_call(vm, sp, 1, 0) == XV_PUSHED;
    }
    XV_LEAVE(vm);
    if (pushed) {
        vm->frame->then = XV_THEN_WITH;
    }
    return pushed;
}

/* The keys of a call's `n_kw` keyword pairs, which end at vm->sp: they must be str, as natives look at their texts.
 * Those that a compiler wrote are. */
static bool keys_are_str(struct xv_vm *vm, uint32_t n_kw) {
    const xv_value *pair = vm->sp - 2 * (size_t)n_kw;
    for (; pair < vm->sp; pair += 2) {
        if (!xv_check_keyword(vm, *pair)) {
            return false;
        }
    }
    return true;
}

static xv_value build_set(struct xv_vm *vm, uint32_t n) {
    xv_value r[1] = {xv_set_new(vm, XV_KIND_SET)};
    XV_ENTER(vm, r);
    const xv_value *items = vm->sp - n;
    for (uint32_t i = 0; r[0] != XV_NULL && i < n; i++) {
        if (!xv_set_add(vm, r[0], items[i])) {
            r[0] = XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return r[0];
}

/* GET_ITER_STACK: `it[0]` holds the object; four slots are to be filled. A range of small ints and the built-in
 * containers (str excepted) need no iterator object: for the latter the slots are those that the iterator would have
 * (see FOR_ITER); for all else the group is NULL, iterator, NULL, NULL. */
static bool start_iteration(struct xv_vm *vm, xv_value *it) {
    xv_value o = it[0];
    it[1] = it[2] = it[3] = XV_NULL;
    if (xv_is_kind(o, XV_KIND_LIST) || xv_is_kind(o, XV_KIND_TUPLE)) {
        it[1] = XV_INT(0);
        return true;
    }
    if (xv_is_kind(o, XV_KIND_RANGE)) {
        const struct xv_range *range = (const struct xv_range *)o;
        intptr_t last;
        if (xv_both_small(range->start, range->stop) && xv_is_small(range->step) &&
            !__builtin_add_overflow(xv_small(range->stop), xv_small(range->step), &last) && xv_fits_small(last)) {
            it[0] = range->stop;
            it[1] = range->start;
            it[2] = range->step;
            return true;
        }
    }
    xv_value cursor[XV_CURSOR_WORDS];
    if (xv_steps_in_place(vm, o)) {
        xv_cursor_begin(vm, cursor, o);
        memcpy(it, cursor + 2, 4 * sizeof *it);
        return true;
    }
    xv_value iterator = xv_iter(vm, o);
    it[1] = iterator;
    if (iterator != XV_NULL) {
        it[0] = XV_NULL;
    }
    return iterator != XV_NULL;
}

/* ---- macros that use the loop's registers and labels */

#define SYNC() (f->ip = ip, vm->sp = sp)
#define RELOAD() (f = vm->frame, ip = f->ip, sp = vm->sp, fp = f->locals)
/* After what may have allocated: linked code may have moved. */
#define RESUME() ((void)(ip = f->ip))
#define AGAIN()   \
    do {          \
        RESUME(); \
        NEXT();   \
    } while (0)
/* Before a call, with ip behind the opcode. */
#define TICK()                             \
    do {                                   \
        if (xv_tick(vm)) {                 \
            SYNC();                        \
            if (!xv_look_up(vm)) {         \
                goto raise;                \
            }                              \
            if (xv_must_stop(vm)) {        \
                goto stop_before_call;     \
            }                              \
            RESUME();                      \
        }                                  \
    } while (0)
#define PUSH(v) (*sp++ = (v))
#define POP() (*--sp)
#define TOP sp[-1]

/* What a comparison came to, joined with the branch that usually follows. */
#define COMPARED(condition)                                                              \
    do {                                                                                 \
        bool yes_ = (condition);                                                         \
        if (*ip == XV_OP_POP_JUMP_IF_FALSE || *ip == XV_OP_POP_JUMP_IF_TRUE) {           \
            bool wanted_ = *ip++ == XV_OP_POP_JUMP_IF_TRUE;                              \
            sp -= 2;                                                                     \
            int32_t offset_ = read_sjump(&ip);                                           \
            if (yes_ == wanted_) {                                                       \
                ip += offset_;                                                           \
                if (offset_ < 0) {                                                       \
                    goto backward;                                                       \
                }                                                                        \
            }                                                                            \
            NEXT();                                                                      \
        }                                                                                \
        sp--;                                                                            \
        TOP = XV_BOOL(yes_);                                                             \
        NEXT();                                                                          \
    } while (0)

/* Compares small ints or floats; all else goes the general way. */
#define COMPARISON(operator_)                                                            \
    do {                                                                                 \
        if (xv_both_small(sp[-2], sp[-1])) {                                             \
            COMPARED((intptr_t)sp[-2] operator_(intptr_t) sp[-1]);                       \
        }                                                                                \
        xv_real x, y;                                                                    \
        if (two_comparable(sp[-2], sp[-1], &x, &y)) {                                    \
            COMPARED(x operator_ y);                                                     \
        }                                                                                \
        goto binary;                                                                     \
    } while (0)

/* Leaves a float operation's result, if a and b are floats, or one is and the other a small int. */
#define FLOATS(expression)                                                               \
    do {                                                                                 \
        xv_real x, y;                                                                    \
        if (two_floats(a, b, &x, &y)) {                                                  \
            SYNC();                                                                      \
            xv_value v_ = xv_float_from(vm, (xv_real)(expression));                      \
            if (v_ == XV_NULL) {                                                         \
                goto raise;                                                              \
            }                                                                            \
            sp--;                                                                        \
            TOP = v_;                                                                    \
            AGAIN();                                                                     \
        }                                                                                \
    } while (0)

/* POP_JUMP_IF_TRUE and POP_JUMP_IF_FALSE. */
#define BRANCH_IF(wanted)                                                                \
    do {                                                                                 \
        xv_value v = TOP;                                                                \
        bool yes_;                                                                       \
        if (truth_is_known(v)) {                                                         \
            yes_ = known_truth(v);                                                       \
        } else {                                                                         \
            SYNC();                                                                      \
            int truth_ = xv_truth(vm, v);                                                \
            if (truth_ < 0) {                                                            \
                goto raise;                                                              \
            }                                                                            \
            RESUME();                                                                    \
            yes_ = truth_ != 0;                                                          \
        }                                                                                \
        sp--;                                                                            \
        int32_t offset_ = read_sjump(&ip);                                               \
        if (yes_ == (wanted)) {                                                          \
            ip += offset_;                                                               \
            if (offset_ < 0) {                                                           \
                goto backward;                                                           \
            }                                                                            \
        }                                                                                \
        NEXT();                                                                          \
    } while (0)

#endif
