/* The verifier: each rule is broken by a function of its own, next to one that keeps it by a hair. */
#include "blob_builder.h"

#include "blob/opcodes.h"

/* ---- writing functions down ---- */

/* The function under test is child 0 of the outer function, and has n_kids plain children of its own. */
struct subject {
    struct function f;
    unsigned closed; /* made as a closure over so many cells, if not 0 */
    unsigned n_kids, kid_pos, kid_def, kid_flags;
};

#define CODE(...) .code = (const uint8_t[]){__VA_ARGS__}, .n_code = sizeof((const uint8_t[]){__VA_ARGS__})
#define CELLS(...) .cells = (const uint8_t[]){__VA_ARGS__}, .n_cells = sizeof((const uint8_t[]){__VA_ARGS__})
/* most need nothing but code, in a roomy frame */
#define PLAIN(...)                                                                                           \
    {                                                                                                        \
        .f = {.n_state = 24, .n_exc = 4, CODE(__VA_ARGS__) }                                                 \
    }
#define GENERATOR(...)                                                                                       \
    {                                                                                                        \
        .f = {.n_state = 24, .n_exc = 4, .flags = XV_FLAG_GENERATOR, CODE(__VA_ARGS__) }                     \
    }
#define KIDS(n, pos, def, kw, ...)                                                                           \
    { .f = {.n_state = 24, CODE(__VA_ARGS__)}, .n_kids = n, .kid_pos = pos, .kid_def = def, .kid_flags = kw }

#define NONE XV_OP_LOAD_CONST_NONE
#define INT(n) (XV_OP_SMALL_INT_ZERO + (n))
#define RET XV_OP_RETURN_VALUE
#define POP XV_OP_POP_TOP
#define DUP XV_OP_DUP_TOP
#define TWO XV_OP_ROT_TWO
#define THREE XV_OP_ROT_THREE
#define END XV_OP_END_FINALLY
#define NULLS XV_OP_LOAD_NULL
#define STR XV_OP_LOAD_CONST_STRING_VIA_TABLE
/* jumps: so far from the end of the instruction (of the offset byte, for UNWIND) */
#define GOTO(n) XV_OP_JUMP, 0x40 + (n)
#define IF(n) XV_OP_POP_JUMP_IF_TRUE, 0x40 + (n)
#define UNLESS(n) XV_OP_POP_JUMP_IF_FALSE, 0x40 + (n)
#define FOR(n) XV_OP_FOR_ITER, (n)
#define WITH(n) XV_OP_SETUP_WITH, (n)
#define TRY(n) XV_OP_SETUP_EXCEPT, (n)
#define FINALLY(n) XV_OP_SETUP_FINALLY, (n)
#define OUT(n) XV_OP_POP_EXCEPT_JUMP, (n)
#define UNWIND(n, blocks) XV_OP_UNWIND_JUMP, 0x40 + (n), (blocks)
#define CLEANUP XV_OP_WITH_CLEANUP
#define AWAIT XV_OP_GET_ITER, NONE, XV_OP_YIELD_FROM
#define LIST XV_OP_BUILD_LIST, 0
#define METHOD XV_OP_LOAD_METHOD_VIA_TABLE, 1

/* qstr table of all of them */
#define Q_BASE_EXCEPTION 3
#define Q_AEXIT 4
#define Q_CLASS 5

/* The cleanup of an async with, in pieces so that tests can spoil one. 43 bytes, `noexc` at 31. */
#define ASYNC_A(q) DUP, XV_OP_LOAD_GLOBAL_VIA_TABLE, (q), XV_OP_BINARY_OP_MULTI + XV_BINARY_EXC_MATCH
#define ASYNC_B(ret) UNLESS(ret)
#define ASYNC_C DUP, THREE, TWO, XV_OP_LOAD_METHOD_VIA_TABLE, Q_AEXIT, THREE, THREE, DUP
#define ASYNC_D XV_OP_LOAD_ATTR_VIA_TABLE, Q_CLASS, TWO, NONE
#define ASYNC_E(n) XV_OP_CALL_METHOD, (n), AWAIT
#define ASYNC_F(end) UNLESS(end), POP, NONE, GOTO((end)-4)
#define ASYNC_G THREE, THREE, XV_OP_LOAD_METHOD_VIA_TABLE, Q_AEXIT, NONE, DUP, DUP
#define ASYNC_H XV_OP_CALL_METHOD, 3, AWAIT, POP, END
#define ASYNC_CLEANUP                                                                                        \
    ASYNC_A(Q_BASE_EXCEPTION), ASYNC_B(23), ASYNC_C, ASYNC_D, ASYNC_E(3), ASYNC_F(17), ASYNC_G, ASYNC_H
#define ASYNC_BODY_END NONE, TWO, GOTO(31)

static enum xipvm_blob_error verdict(const struct subject *s, size_t scratch) {
    static const uint8_t start[] = {0x4d, 6,  0,   0x1f, 6,   1,   4,   't', '.', 0,   0x0f, 2, 'f',  0,
                                    0x43, 18, '_', '_',  'a', 'e', 'x', 'i', 't', '_', '_',  0, 0x15, 1};
    static const uint8_t kid_code[] = {NONE, RET};
    static struct bytes b;
    uint8_t code[64];
    uint32_t n = 0;
    bool defaults = s->f.n_def > 0 || (s->f.flags & XV_FLAG_DEFKW);
    b.n = 0;
    put(&b, start, sizeof start);
    for (unsigned i = 0; i < s->closed + (defaults ? 2 : 0); i++) {
        code[n++] = defaults && i < 2 ? NULLS : NONE;
    }
    code[n++] = (uint8_t)((s->closed ? XV_OP_MAKE_CLOSURE : XV_OP_MAKE_FUNCTION) + (defaults ? 1 : 0));
    code[n++] = 0;
    if (s->closed) {
        code[n++] = (uint8_t)s->closed;
    }
    code[n++] = RET;
    put_raw(&b, &(struct function){.n_state = 24, .code = code, .n_code = n}, 1);
    put_raw(&b, &s->f, s->n_kids);
    for (unsigned i = 0; i < s->n_kids; i++) {
        put_raw(&b,
                &(struct function){.n_state = 8,
                                   .n_pos = s->kid_pos,
                                   .n_def = s->kid_def,
                                   .flags = s->kid_flags,
                                   .code = kid_code,
                                   .n_code = sizeof kid_code},
                0);
    }
    return load(b.at, b.n, scratch).code;
}

/* ---- the rules ---- */

static const struct {
    enum xipvm_blob_error code;
    struct subject s;
} rows[] = {
#define BAD(code) XIPVM_BLOB_##code
    {BAD(OK), PLAIN(NONE, RET)},

    /* D1 D2 */
    {BAD(OPCODE), PLAIN(0x00, NONE, RET)},
    {BAD(OPCODE), PLAIN(NONE, RET, 0xff)},
    {BAD(OPERAND_TRUNCATED), PLAIN(NONE, RET, XV_OP_LOAD_FAST_N)},
    {BAD(OPERAND_TRUNCATED), PLAIN(NONE, RET, XV_OP_LOAD_FAST_N, 0x81)},
    {BAD(OPERAND_TRUNCATED), PLAIN(NONE, RET, XV_OP_UNWIND_JUMP, 0x40)},
    {BAD(OPERAND_TOO_WIDE), PLAIN(STR, 0x90, 0x80, 0x80, 0x80, 0x00, RET)},
    {BAD(OPERAND_LEADING_ZERO), PLAIN(STR, 0x80, 0x00, RET)},
    /* D3 D4 D5 */
    {BAD(OK), PLAIN(STR, 5, RET)},
    {BAD(QSTR_INDEX), PLAIN(STR, 6, RET)},
    {BAD(OK), PLAIN(XV_OP_LOAD_CONST_OBJ, 0, RET)},
    {BAD(OBJECT_INDEX), PLAIN(XV_OP_LOAD_CONST_OBJ, 1, RET)},
    {BAD(OK), PLAIN(XV_OP_LOAD_CONST_SMALL_INT, 0x83, 0xff, 0xff, 0xff, 0x7f, RET)},
    {BAD(SMALL_INT_RANGE), PLAIN(XV_OP_LOAD_CONST_SMALL_INT, 0x84, 0x80, 0x80, 0x80, 0x00, RET)},
    {BAD(OK), PLAIN(XV_OP_LOAD_CONST_SMALL_INT, 0xfc, 0x80, 0x80, 0x80, 0x00, RET)},
    {BAD(SMALL_INT_RANGE), PLAIN(XV_OP_LOAD_CONST_SMALL_INT, 0xfb, 0xff, 0xff, 0xff, 0x7f, RET)},
    /* D6 */
    {BAD(OK), {.f = {.n_state = 9, CODE(XV_OP_LOAD_FAST_MULTI + 7, RET)}}},
    {BAD(LOCAL_INDEX), {.f = {.n_state = 9, CODE(XV_OP_LOAD_FAST_MULTI + 9, RET)}}},
    {BAD(OK), {.f = {.n_state = 9, CODE(XV_OP_LOAD_FAST_N, 7, RET)}}},
    {BAD(LOCAL_INDEX), {.f = {.n_state = 9, CODE(XV_OP_LOAD_FAST_N, 9, RET)}}},
    {BAD(LOCAL_INDEX), PLAIN(NONE, XV_OP_STORE_FAST_N, 24, NONE, RET)},
    {BAD(LOCAL_INDEX), PLAIN(XV_OP_DELETE_FAST, 24, NONE, RET)},
    /* D7: cells of its own, and those that come in */
    {BAD(OK), {.f = {.n_state = 9, CELLS(2), CODE(XV_OP_LOAD_DEREF, 2, RET)}}},
    {BAD(NOT_A_CELL), {.f = {.n_state = 9, CELLS(2), CODE(XV_OP_LOAD_DEREF, 1, RET)}}},
    {BAD(OK), {.f = {.n_state = 9, .n_pos = 2, CODE(NONE, XV_OP_STORE_DEREF, 1, NONE, RET)}, .closed = 2}},
    {BAD(NOT_A_CELL),
     {.f = {.n_state = 9, .n_pos = 2, CODE(NONE, XV_OP_STORE_DEREF, 1, NONE, RET)}, .closed = 1}},
    {BAD(NOT_A_CELL), {.f = {.n_state = 9, .n_pos = 2, CODE(XV_OP_DELETE_DEREF, 1, NONE, RET)}}},
    {BAD(OK), {.f = {.n_state = 9, CELLS(2), CODE(XV_OP_LOAD_FAST_MULTI + 2, RET)}}},
    {BAD(IS_A_CELL), {.f = {.n_state = 9, CELLS(2), CODE(NONE, XV_OP_STORE_FAST_MULTI + 2, NONE, RET)}}},
    {BAD(IS_A_CELL), {.f = {.n_state = 9, CELLS(2), CODE(NONE, XV_OP_STORE_FAST_N, 2, NONE, RET)}}},
    {BAD(IS_A_CELL), {.f = {.n_state = 9, CELLS(2), CODE(XV_OP_DELETE_FAST, 2, NONE, RET)}}},
    /* D8 D9 D10 D11 */
    {BAD(OK), KIDS(2, 0, 0, 0, XV_OP_MAKE_FUNCTION, 0, POP, XV_OP_MAKE_FUNCTION, 1, RET)},
    {BAD(OK), KIDS(2, 0, 0, 0, XV_OP_MAKE_FUNCTION, 1, RET)},
    {BAD(CHILD_INDEX), KIDS(2, 0, 0, 0, XV_OP_MAKE_FUNCTION, 2, RET)},
    {BAD(CHILD_INDEX), PLAIN(XV_OP_MAKE_FUNCTION, 0, RET)},
    {BAD(CHILD_ORDER), KIDS(2, 0, 0, 0, XV_OP_MAKE_FUNCTION, 0, POP, XV_OP_MAKE_FUNCTION, 0, RET)},
    {BAD(CHILD_ORDER), KIDS(2, 0, 0, 0, XV_OP_MAKE_FUNCTION, 1, POP, XV_OP_MAKE_FUNCTION, 0, RET)},
    {BAD(OK), KIDS(1, 1, 0, 0, NONE, XV_OP_MAKE_CLOSURE, 0, 1, RET)},
    {BAD(EMPTY_CLOSURE), KIDS(1, 1, 0, 0, NONE, XV_OP_MAKE_CLOSURE, 0, 0, RET)},
    {BAD(OK), KIDS(1, 1, 1, 0, NULLS, NULLS, XV_OP_MAKE_FUNCTION_DEFARGS, 0, RET)},
    {BAD(OK), KIDS(1, 0, 0, XV_FLAG_DEFKW, NULLS, NULLS, XV_OP_MAKE_FUNCTION_DEFARGS, 0, RET)},
    {BAD(DEFAULTS_MISSING), KIDS(1, 1, 1, 0, XV_OP_MAKE_FUNCTION, 0, RET)},
    {BAD(DEFAULTS_MISSING), KIDS(1, 0, 0, XV_FLAG_DEFKW, XV_OP_MAKE_FUNCTION, 0, RET)},
    {BAD(DEFAULTS_UNEXPECTED), KIDS(1, 1, 0, 0, NULLS, NULLS, XV_OP_MAKE_FUNCTION_DEFARGS, 0, RET)},
    {BAD(DEFAULTS_UNEXPECTED), KIDS(1, 1, 0, 0, NULLS, NULLS, NONE, XV_OP_MAKE_CLOSURE_DEFARGS, 0, 1, RET)},
    /* P8 */
    {BAD(OK), KIDS(1, 2, 1, 0, NULLS, NULLS, NONE, XV_OP_MAKE_CLOSURE_DEFARGS, 0, 1, RET)},
    {BAD(CLOSURE_TOO_LARGE),
     KIDS(1, 2, 1, 0, NULLS, NULLS, NONE, NONE, XV_OP_MAKE_CLOSURE_DEFARGS, 0, 2, RET)},
    {BAD(CLOSURE_TOO_LARGE), KIDS(1, 0, 0, 0, NONE, XV_OP_MAKE_CLOSURE, 0, 1, RET)},
    /* D12 D13 D14 */
    {BAD(OK), PLAIN(NONE, NONE, NONE, XV_OP_BUILD_SLICE, 3, RET)},
    {BAD(SLICE_SIZE), PLAIN(NONE, NONE, NONE, NONE, XV_OP_BUILD_SLICE, 4, RET)},
    {BAD(SLICE_SIZE), PLAIN(NONE, XV_OP_BUILD_SLICE, 1, RET)},
    {BAD(OK), PLAIN(LIST, NONE, XV_OP_STORE_COMP, 1 << 2 | 0, RET)},
    {BAD(COMP_KIND), PLAIN(LIST, NONE, XV_OP_STORE_COMP, 1 << 2 | 3, RET)},
    {BAD(CALL_OPERAND), PLAIN(NONE, XV_OP_CALL_FUNCTION, 0x84, 0x80, 0x00, RET)},
    {BAD(CALL_OPERAND), PLAIN(NONE, XV_OP_UNPACK_EX, 0x84, 0x80, 0x00, RET)},
    {BAD(OK), GENERATOR(NONE, XV_OP_YIELD_VALUE, RET)},
    {BAD(YIELD), PLAIN(NONE, XV_OP_YIELD_VALUE, RET)},
    {BAD(YIELD), PLAIN(NONE, NONE, XV_OP_YIELD_FROM, RET)},
    {BAD(YIELD_BEFORE_YIELD_FROM), GENERATOR(NONE, NONE, XV_OP_YIELD_VALUE, XV_OP_YIELD_FROM, RET)},
    {BAD(OK), PLAIN(GOTO(0), NONE, RET)},
    {BAD(JUMP_OUT), PLAIN(GOTO(2), NONE, RET)},
    {BAD(JUMP_OUT), PLAIN(GOTO(-3), NONE, RET)},
    {BAD(JUMP_OUT), PLAIN(NONE, RET, GOTO(-5))},
    {BAD(JUMP_OUT), PLAIN(TRY(9), OUT(0), NONE, RET)},

    /* F1: the body of a loop is known by the jump to its test just before it */
    {BAD(OK), PLAIN(GOTO(2), NONE, POP, GOTO(-4))},
    {BAD(BACKWARD_UNKNOWN), PLAIN(GOTO(3), NONE, NONE, POP, GOTO(-4))},
    /* F2 */
    {BAD(OK), PLAIN(NONE, IF(2), NONE, POP, NONE, RET)},
    {BAD(STATE_MISMATCH), PLAIN(NONE, IF(1), NONE, NONE, RET)},
    {BAD(STATE_MISMATCH), PLAIN(NONE, NONE, IF(4), IF(2), NONE, RET, NONE, RET)},
    {BAD(OK), PLAIN(NONE, POP, GOTO(-4))},
    {BAD(BACKWARD_MISMATCH), PLAIN(NONE, GOTO(-3))},
    {BAD(BACKWARD_MISMATCH), PLAIN(FINALLY(4), NONE, POP, NONE, RET, GOTO(-5))},
    /* F3 F4 */
    {BAD(OK), PLAIN(FINALLY(1), NONE, END, NONE, RET)},
    {BAD(JUMP_OVER_HANDLER), PLAIN(FINALLY(3), GOTO(2), NONE, END, NONE, RET)},
    {BAD(OK), PLAIN(TRY(2), OUT(1), END, NONE, RET)},
    {BAD(JUMP_TO_HANDLER), PLAIN(TRY(2), OUT(0), END, NONE, RET)},
    {BAD(HANDLER_SHARED), PLAIN(TRY(5), OUT(0), TRY(1), NONE, END, NONE, RET)},
    {BAD(HANDLER_SHARED), PLAIN(NONE, IF(4), FINALLY(2), NONE, NONE, END, NONE, RET)},
    /* F5 */
    {BAD(LABEL_INSIDE), PLAIN(NONE, IF(1), STR, 0, POP, NONE, RET)},
    {BAD(LABEL_INSIDE), PLAIN(FINALLY(2), NONE, STR, 0, RET)},
    {BAD(LABEL_INSIDE), PLAIN(NONE, IF(2), XV_OP_JUMP, 0xfd, 0x7f)},
    {BAD(BACKWARD_INSIDE), PLAIN(STR, 0, POP, GOTO(-4))},
    /* F6 */
    {BAD(FINALLY_WITHOUT_NONE), PLAIN(FINALLY(1), XV_OP_LOAD_CONST_TRUE, END, NONE, RET)},
    {BAD(FINALLY_OTHER_STATE), PLAIN(FINALLY(2), NONE, NONE, END, NONE, RET)},
    {BAD(EXCEPT_FROM_ABOVE), PLAIN(TRY(1), NONE, END, NONE, RET)},
    {BAD(OK), PLAIN(TRY(2), NONE, RET, END)},
    {BAD(ASYNC_FROM_ABOVE), GENERATOR(NONE, FINALLY(1), NONE, ASYNC_CLEANUP, NONE, RET)},
    /* F7: the bottom, the base of a block, the entry value of a handler */
    {BAD(UNDERFLOW), PLAIN(POP, NONE, RET)},
    {BAD(OK), PLAIN(NONE, FINALLY(3), NONE, POP, NONE, END, POP, NONE, RET)},
    {BAD(UNDERFLOW), PLAIN(NONE, FINALLY(2), POP, NONE, END, POP, NONE, RET)},
    {BAD(UNDERFLOW), PLAIN(FINALLY(1), NONE, POP, NONE, END, NONE, RET)},
    {BAD(OK), PLAIN(NONE, TRY(4), DUP, POP, OUT(1), END, POP, NONE, RET)},
    {BAD(UNDERFLOW), PLAIN(FINALLY(1), NONE, XV_OP_DUP_TOP_TWO, POP, POP, END, NONE, RET)},
    {BAD(UNDERFLOW), PLAIN(WITH(2), POP, NONE, CLEANUP, END, NONE, RET)},
    {BAD(OK), PLAIN(NONE, XV_OP_GET_ITER_STACK, FOR(3), POP, GOTO(-5), NONE, RET)},
    {BAD(UNDERFLOW), PLAIN(NONE, NONE, NONE, FOR(1), RET, NONE, RET)},
    {BAD(UNDERFLOW), PLAIN(NONE, XV_OP_BUILD_TUPLE, 2, RET)},
    {BAD(OK), PLAIN(NONE, NONE, XV_OP_BUILD_TUPLE, 2, RET)},
    {BAD(UNDERFLOW), PLAIN(NONE, XV_OP_BUILD_TUPLE, 0x8f, 0xff, 0xff, 0xff, 0x7f, RET)},
    {BAD(COMP_REACH), PLAIN(LIST, NONE, XV_OP_STORE_COMP, 2 << 2, RET)},
    {BAD(COMP_REACH), PLAIN(LIST, NONE, XV_OP_STORE_COMP, 0, RET)},
    {BAD(OK), PLAIN(LIST, NONE, NONE, XV_OP_STORE_COMP, 2 << 2 | 1, RET)},
    {BAD(COMP_REACH), PLAIN(LIST, NONE, NONE, XV_OP_STORE_COMP, 1 << 2 | 1, RET)},
    {BAD(END_DEPTH), PLAIN(FINALLY(1), NONE, NONE, END, NONE, RET)},
    {BAD(POP_EXCEPT_DEPTH), PLAIN(TRY(3), NONE, OUT(1), END, NONE, RET)},
    {BAD(OK), PLAIN(TRY(3), UNWIND(2, 1), END, NONE, RET)},
    {BAD(UNWIND_DEPTH), PLAIN(TRY(4), NONE, UNWIND(2, 1), END, NONE, RET)},
    {BAD(OK), PLAIN(NONE, XV_OP_GET_ITER_STACK, TRY(3), UNWIND(2, 0x81), END, NONE, RET)},
    {BAD(UNDERFLOW), PLAIN(TRY(3), UNWIND(2, 0x81), END, NONE, RET)},
    {BAD(OK), PLAIN(NONE, WITH(4), POP, UNWIND(3, 1), CLEANUP, END, NONE, RET)},
    {BAD(UNDERFLOW), GENERATOR(FINALLY(2), NONE, RET, ASYNC_CLEANUP, NONE, RET)},
    {BAD(UNDERFLOW), GENERATOR(NONE, TRY(49), FINALLY(2), NONE, RET, ASYNC_CLEANUP, OUT(1), END, NONE, RET)},
    {BAD(UNDERFLOW), GENERATOR(FINALLY(3), UNWIND(44, 1), ASYNC_CLEANUP, NONE, RET)},
    /* F8 */
    {BAD(OK), {.f = {.n_state = 24, .n_exc = 1, CODE(FINALLY(1), NONE, END, NONE, RET)}}},
    {BAD(BLOCK_NESTING), {.f = {.n_state = 24, .n_exc = 0, CODE(FINALLY(1), NONE, END, NONE, RET)}}},
    {BAD(HANDLER_BEYOND), PLAIN(FINALLY(5), FINALLY(4), NONE, NONE, NONE, END, END, NONE, RET)},
    {BAD(OK), PLAIN(FINALLY(5), FINALLY(1), NONE, END, NONE, END, NONE, RET)},
    {BAD(OK), PLAIN(NONE, WITH(2), POP, NONE, CLEANUP, END, NONE, RET)},
    {BAD(WITH_HANDLER), PLAIN(NONE, WITH(2), POP, NONE, END, NONE, RET)},
    {BAD(CLEANUP_NO_HANDLER), PLAIN(NONE, NONE, NONE, CLEANUP, END, NONE, RET)},
    {BAD(CLEANUP_NO_END), PLAIN(NONE, WITH(2), POP, NONE, CLEANUP, NONE, RET)},
    {BAD(END_OUTSIDE), PLAIN(NONE, END, NONE, RET)},
    {BAD(END_OUTSIDE), PLAIN(FINALLY(3), NONE, END, NONE, END, NONE, RET)},
    {BAD(POP_EXCEPT_OUTSIDE), PLAIN(OUT(0), NONE, RET)},
    {BAD(POP_EXCEPT_OUTSIDE), PLAIN(FINALLY(2), OUT(1), END, NONE, RET)},
    {BAD(UNWIND_NOTHING), PLAIN(UNWIND(1, 0), NONE, RET)},
    {BAD(UNWIND_TOO_MANY), PLAIN(UNWIND(1, 1), NONE, RET)},
    /* F9 */
    {BAD(OK), GENERATOR(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_CLEANUP, NONE, RET)},
    {BAD(OK), GENERATOR(NONE, FINALLY(2), NONE, RET, ASYNC_CLEANUP, NONE, RET)},
    {BAD(ASYNC_CLEANUP), GENERATOR(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_A(Q_AEXIT), ASYNC_B(23), ASYNC_C,
                                   ASYNC_D, ASYNC_E(3), ASYNC_F(17), ASYNC_G, ASYNC_H, NONE, RET)},
    {BAD(ASYNC_CLEANUP), GENERATOR(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_A(Q_BASE_EXCEPTION), ASYNC_B(24),
                                   ASYNC_C, ASYNC_D, ASYNC_E(3), ASYNC_F(17), ASYNC_G, ASYNC_H, NONE, RET)},
    {BAD(ASYNC_CLEANUP), GENERATOR(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_A(Q_BASE_EXCEPTION), ASYNC_B(23),
                                   ASYNC_C, ASYNC_D, ASYNC_E(2), ASYNC_F(17), ASYNC_G, ASYNC_H, NONE, RET)},
    {BAD(ASYNC_CLEANUP), GENERATOR(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_A(Q_BASE_EXCEPTION), ASYNC_B(23),
                                   ASYNC_C, ASYNC_D, ASYNC_E(3), ASYNC_F(16), ASYNC_G, ASYNC_H, NONE, RET)},
    {BAD(ASYNC_CLEANUP), GENERATOR(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_A(Q_BASE_EXCEPTION), ASYNC_B(23),
                                   ASYNC_C, ASYNC_D, ASYNC_E(3), ASYNC_F(17), THREE, TWO,
                                   XV_OP_LOAD_METHOD_VIA_TABLE, Q_AEXIT, NONE, DUP, DUP, ASYNC_H, NONE, RET)},
    {BAD(ASYNC_CLEANUP), GENERATOR(NONE, FINALLY(2), NONE, RET, DUP)},
    {BAD(ASYNC_ENTERED), GENERATOR(NONE, NONE, IF(36), FINALLY(4), ASYNC_BODY_END, ASYNC_CLEANUP, NONE, RET)},
    {BAD(ASYNC_ENTERED),
     GENERATOR(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_CLEANUP, NONE, IF(-15), NONE, RET)},
    {BAD(ASYNC_EXIT), GENERATOR(NONE, FINALLY(4), NONE, TWO, GOTO(42), ASYNC_CLEANUP, NONE, RET)},
    {BAD(ASYNC_EXIT),
     GENERATOR(NONE, FINALLY(4), XV_OP_LOAD_CONST_TRUE, TWO, GOTO(31), ASYNC_CLEANUP, NONE, RET)},
    {BAD(ASYNC_EXIT), GENERATOR(NONE, FINALLY(5), NONE, TWO, GOTO(32), NONE, ASYNC_CLEANUP, NONE, RET)},
    {BAD(ASYNC_EXIT),
     GENERATOR(NONE, FINALLY(9), NONE, NONE, IF(2), POP, ASYNC_BODY_END, ASYNC_CLEANUP, NONE, RET)},
    {BAD(ASYNC_EXIT), GENERATOR(NONE, FINALLY(7), NONE, IF(2), ASYNC_BODY_END, ASYNC_CLEANUP, NONE, RET)},
    /* F10 */
    {BAD(OK), PLAIN(NONE, NONE, INT(1), XV_OP_CALL_FUNCTION_VAR_KW, 1, RET)},
    {BAD(OK), PLAIN(NONE, NONE, XV_OP_LOAD_CONST_SMALL_INT, 1, XV_OP_CALL_FUNCTION_VAR_KW, 1, RET)},
    {BAD(OK), PLAIN(NONE, NONE, NONE, INT(1), XV_OP_CALL_METHOD_VAR_KW, 1, RET)},
    {BAD(STAR_BITMAP), PLAIN(NONE, NONE, NONE, XV_OP_CALL_FUNCTION_VAR_KW, 1, RET)},
    {BAD(STAR_BITMAP), PLAIN(NONE, NONE, INT(2), XV_OP_CALL_FUNCTION_VAR_KW, 1, RET)},
    {BAD(STAR_BITMAP), PLAIN(NONE, NONE, INT(-1), XV_OP_CALL_FUNCTION_VAR_KW, 1, RET)},
    {BAD(STAR_BITMAP),
     PLAIN(NONE, NONE, INT(1), NONE, IF(2), POP, INT(1), XV_OP_CALL_FUNCTION_VAR_KW, 1, RET)},
    /* F11 F12 */
    {BAD(RUNS_OFF), PLAIN(NONE, POP)},
    {BAD(OK), {.f = {.n_state = 2, CODE(NONE, NONE, POP, RET)}}},
    {BAD(FRAME_TOO_SMALL), {.f = {.n_state = 1, CODE(NONE, NONE, POP, RET)}}},
    {BAD(OK), {.f = {.n_state = 2, CODE(XV_OP_LOAD_FAST_MULTI, RET)}}},
    {BAD(FRAME_TOO_SMALL), {.f = {.n_state = 2, CODE(XV_OP_LOAD_FAST_MULTI + 1, RET)}}},
    {BAD(FRAME_TOO_SMALL), {.f = {.n_state = 2, .flags = XV_FLAG_VARARGS | XV_FLAG_VARKW, CODE(NONE, RET)}}},
    {BAD(FRAME_TOO_SMALL), {.f = {.n_state = 2, CELLS(1), CODE(NONE, RET)}}},
    {BAD(FRAME_TOO_SMALL), {.f = {.n_state = 2, .n_exc = 1, CODE(NONE, WITH(2), POP, NONE, CLEANUP, END, NONE, RET)}}},
    {BAD(FRAME_TOO_SMALL), {.f = {.n_state = 1, .n_exc = 1, CODE(NONE, TRY(2), OUT(1), END, RET)}}},
    {BAD(FRAME_TOO_SMALL), PLAIN(NONE, XV_OP_UNPACK_SEQUENCE, 0x8f, 0xff, 0xff, 0xff, 0x7f, RET)},
    {BAD(OK),
     {.f = {.n_state = 7,
            .n_exc = 1,
            .flags = XV_FLAG_GENERATOR,
            CODE(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_CLEANUP, NONE, RET)}}},
    {BAD(FRAME_TOO_SMALL),
     {.f = {.n_state = 6,
            .n_exc = 1,
            .flags = XV_FLAG_GENERATOR,
            CODE(NONE, FINALLY(4), ASYNC_BODY_END, ASYNC_CLEANUP, NONE, RET)}}},
    /* F13: what takes NULL, a method's object or an iterator … */
    {BAD(OK), PLAIN(NONE, METHOD, NONE, UNLESS(3), NONE, GOTO(1), NONE, XV_OP_CALL_METHOD, 1, RET)},
    {BAD(OK), PLAIN(NONE, NULLS, NONE, XV_OP_CALL_METHOD, 1, RET)},
    {BAD(OK), PLAIN(NONE, NONE, NULLS, THREE, XV_OP_STORE_SUBSCR, NONE, RET)},
    {BAD(OK), PLAIN(NONE, NULLS, TWO, XV_OP_STORE_ATTR_VIA_TABLE, 1, NONE, RET)},
    {BAD(OK), PLAIN(NULLS, NONE, NULLS, NULLS, FOR(3), POP, GOTO(-5), NONE, RET)},
    {BAD(OK), PLAIN(NONE, NULLS, NONE, INT(0), XV_OP_CALL_FUNCTION_VAR_KW, 0x82, 0, RET)},
    {BAD(OK), PLAIN(NONE, NONE, NONE, NULLS, NONE, INT(0), XV_OP_CALL_METHOD_VAR_KW, 0x82, 1, RET)},
    {BAD(OK), PLAIN(NONE, XV_OP_GET_ITER_STACK, POP, POP, POP, POP, NONE, RET)},
    /* … and what must not meet them */
    {BAD(SPECIAL_SLOT), PLAIN(NULLS, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NULLS, DUP, POP, POP, NONE, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, NULLS, NONE, XV_OP_BUILD_TUPLE, 3, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NULLS, XV_OP_STORE_GLOBAL_VIA_TABLE, 1, NONE, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NULLS, XV_OP_STORE_FAST_MULTI, NONE, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, NULLS, XV_OP_CALL_FUNCTION, 1, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NULLS, XV_OP_CALL_FUNCTION, 0, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, METHOD, NULLS, XV_OP_CALL_METHOD, 1, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, METHOD, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, METHOD, TWO, POP, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, NULLS, XV_OP_STORE_ATTR_VIA_TABLE, 1, NONE, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, NULLS, NONE, XV_OP_STORE_SUBSCR, NONE, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, METHOD, NONE, NONE, XV_OP_STORE_SUBSCR, POP, NONE, RET)},
    {BAD(SPECIAL_SLOT), KIDS(1, 1, 0, 0, NULLS, XV_OP_MAKE_CLOSURE, 0, 1, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, NONE, NULLS, INT(0), XV_OP_CALL_FUNCTION_VAR_KW, 0x82, 0, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, XV_OP_GET_ITER_STACK, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, XV_OP_GET_ITER_STACK, NONE, XV_OP_STORE_COMP, 2 << 2, NONE, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, WITH(4), POP, DUP, POP, NONE, CLEANUP, END, NONE, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NULLS, WITH(2), POP, NONE, CLEANUP, END, NONE, RET)},
    {BAD(SPECIAL_SLOT), GENERATOR(NULLS, FINALLY(4), ASYNC_BODY_END, ASYNC_CLEANUP, NONE, RET)},
    {BAD(NO_ITERATOR), PLAIN(NONE, NONE, NONE, NONE, FOR(3), POP, GOTO(-5), NONE, RET)},
    {BAD(NO_ITERATOR), PLAIN(NONE, NONE, NULLS, NULLS, FOR(3), POP, GOTO(-5), NONE, RET)},
    {BAD(NO_ITERATOR), PLAIN(NULLS, NULLS, NULLS, NULLS, FOR(3), POP, GOTO(-5), NONE, RET)},
    {BAD(SPECIAL_SLOT), PLAIN(NONE, XV_OP_GET_ITER_STACK, POP, NONE, FOR(3), POP, GOTO(-5), NONE, RET)},
    {BAD(NO_ITERATOR), PLAIN(NONE, XV_OP_GET_ITER_STACK, NULLS, POP, NONE, FOR(3), POP, GOTO(-5), NONE, RET)},
    {BAD(STATE_MISMATCH), PLAIN(NONE, IF(3), NULLS, GOTO(1), NONE, POP, NONE, RET)},
    {BAD(OK), PLAIN(NONE, IF(4), NULLS, NULLS, GOTO(2), NULLS, NULLS, POP, POP, NONE, RET)},
    {BAD(STATE_MISMATCH), PLAIN(NONE, IF(4), NULLS, NULLS, GOTO(2), NONE, NULLS, POP, POP, NONE, RET)},
    {BAD(BACKWARD_MISMATCH), PLAIN(NULLS, POP, NONE, NONE, IF(-5), POP, NONE, RET)},
    /* unreachable code may do what it likes, as long as it decodes */
    {BAD(OK), PLAIN(NONE, RET, POP, END, OUT(0), CLEANUP, POP)},
    /* a block that another has replaced cannot be gone back to */
    {BAD(BLOCK_RESUMED),
     PLAIN(TRY(2), OUT(6), POP, NONE, IF(8), OUT(0), FINALLY(1), NONE, END, GOTO(2), OUT(0), NONE, RET)},
};

static void test_each_rule(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum xipvm_blob_error code = verdict(&rows[i].s, XV_VERIFIER_SCRATCH);
        if (code != rows[i].code) {
            fail_msg("row %u: %s, not %s", (unsigned)i, blob_error_names[code],
                     blob_error_names[rows[i].code]);
        }
    }
}

/* No code of the verifier's rules is left untested. */
static void test_each_code_is_met(void **state) {
    (void)state;
    for (int code = 1; code < XIPVM_BLOB_ERROR_COUNT; code++) {
        const char *rule = xv_blob_error_rule((enum xipvm_blob_error)code);
        bool met = strchr("DF", rule[0]) == NULL && strcmp(rule, "P8") != 0;
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            met = met || (int)rows[i].code == code;
        }
        if (!met) {
            fail_msg("%s is not tested", blob_error_names[code]);
        }
    }
}

/* ---- limits ---- */

static enum xipvm_blob_error verdict_of(unsigned n_exc, const struct bytes *code, size_t scratch) {
    struct subject s = {.f = {.n_state = 24, .n_exc = n_exc, .code = code->at, .n_code = code->n}};
    return verdict(&s, scratch);
}

/* What the header promises of XV_VERIFIER_SCRATCH, and that more memory is used when given. */
static void test_loops_fit_the_scratch(void **state) {
    (void)state;
    static struct bytes b;
    b.n = 0;
    for (unsigned i = 0; i < 64; i++) {
        put(&b, (const uint8_t[]){NONE, IF(-3)}, 3);
    }
    static struct bytes ended;
    ended = b;
    put(&ended, (const uint8_t[]){NONE, RET}, 2);
    assert_int_equal(verdict_of(0, &ended, XV_VERIFIER_SCRATCH), XIPVM_BLOB_OK);
    for (unsigned i = 0; i < 64; i++) {
        put(&b, (const uint8_t[]){NONE, IF(-3)}, 3);
    }
    put(&b, (const uint8_t[]){NONE, RET}, 2);
    assert_int_equal(verdict_of(0, &b, XV_VERIFIER_SCRATCH), XIPVM_BLOB_TOO_MANY_LOOPS);
    assert_int_equal(verdict_of(0, &b, 2 * XV_VERIFIER_SCRATCH), XIPVM_BLOB_OK);
}

/* Makes the last two bytes the long form of a jump's offset. */
static void set_offset(struct bytes *b, unsigned offset) {
    b->at[b->n - 2] = (uint8_t)((offset & 0x7f) | 0x80);
    b->at[b->n - 1] = (uint8_t)(offset >> 7);
}

/* n forward jumps, each to a target of its own behind them all. */
static void put_forward_jumps(struct bytes *b, unsigned n) {
    b->n = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned here = 4 * (i + 1), there = 4 * n + 2 * i;
        unsigned offset = there - here + 0x4000;
        put(b, (const uint8_t[]){NONE, XV_OP_POP_JUMP_IF_TRUE, 0, 0}, 4);
        set_offset(b, offset);
    }
    for (unsigned i = 0; i < n; i++) {
        put(b, (const uint8_t[]){NONE, POP}, 2);
    }
    put(b, (const uint8_t[]){NONE, RET}, 2);
}

static void test_labels_fit_the_scratch(void **state) {
    (void)state;
    static struct bytes b;
    put_forward_jumps(&b, 48);
    assert_int_equal(verdict_of(0, &b, XV_VERIFIER_SCRATCH), XIPVM_BLOB_OK);
    put_forward_jumps(&b, 70);
    assert_int_equal(verdict_of(0, &b, XV_VERIFIER_SCRATCH), XIPVM_BLOB_TOO_MANY_LABELS);
    assert_int_equal(verdict_of(0, &b, 2 * XV_VERIFIER_SCRATCH), XIPVM_BLOB_OK);
}

/* Special slots that were popped leave their room to others. */
static void test_special_slots_fit_the_scratch(void **state) {
    (void)state;
    static struct bytes b;
    for (unsigned nested = 64; nested <= 96; nested += 32) {
        b.n = 0;
        for (unsigned i = 0; i < 300; i++) {
            put(&b, (const uint8_t[]){NULLS, POP}, 2);
        }
        for (unsigned i = 0; i < nested; i++) {
            put_byte(&b, NULLS);
        }
        put(&b, (const uint8_t[]){NONE, RET}, 2);
        struct subject s = {.f = {.n_state = 200, .code = b.at, .n_code = b.n}};
        assert_int_equal(verdict(&s, XV_VERIFIER_SCRATCH), nested == 64 ? XIPVM_BLOB_OK : XIPVM_BLOB_TOO_MANY_SPECIALS);
        assert_int_equal(verdict(&s, 2 * XV_VERIFIER_SCRATCH), XIPVM_BLOB_OK);
    }
}

/* So does each instruction that makes one. */
static void test_special_slots_are_counted(void **state) {
    (void)state;
    static const struct {
        uint8_t n, code[16];
    } ways[] = {
        {4, {NULLS, NULLS, TWO, POP}},
        {8, {NONE, WITH(2), POP, NONE, CLEANUP, END, NONE}},
        {10, {NONE, XV_OP_GET_ITER_STACK, NONE, TRY(3), UNWIND(2, 0x81), END, POP}},
    };
    static struct bytes b;
    for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
        enum xipvm_blob_error code = XIPVM_BLOB_OK;
        unsigned n = 0;
        for (; n < 200 && code == XIPVM_BLOB_OK; n++) {
            b.n = 0;
            for (unsigned i = 0; i < n; i++) {
                put_byte(&b, NULLS);
            }
            put(&b, ways[way].code, ways[way].n);
            put(&b, (const uint8_t[]){NONE, RET}, 2);
            struct subject s = {.f = {.n_state = 250, .n_exc = 1, .code = b.at, .n_code = b.n}};
            code = verdict(&s, XV_VERIFIER_SCRATCH);
        }
        assert_in_range(n, 64, 199);
        assert_int_equal(code, XIPVM_BLOB_TOO_MANY_SPECIALS);
    }
}

/* The label of a handler needs room like any other. */
static void test_labels_of_handlers_are_counted(void **state) {
    (void)state;
    static struct bytes b;
    unsigned n = 48;
    for (;; n++) {
        put_forward_jumps(&b, n + 1);
        if (verdict_of(0, &b, XV_VERIFIER_SCRATCH) != XIPVM_BLOB_OK) {
            break;
        }
    }
    for (unsigned full = 0; full < 2; full++) {
        unsigned jumps = n - 1 + full;
        b.n = 0;
        for (unsigned i = 0; i < jumps; i++) {
            unsigned offset = 4 * (jumps - 1 - i) + 4 + 2 * i + 0x4000;
            put(&b, (const uint8_t[]){NONE, XV_OP_POP_JUMP_IF_TRUE, 0, 0}, 4);
            set_offset(&b, offset);
        }
        put(&b, (const uint8_t[]){FINALLY(1), NONE, END}, 4);
        for (unsigned i = 0; i < jumps; i++) {
            put(&b, (const uint8_t[]){NONE, POP}, 2);
        }
        put(&b, (const uint8_t[]){NONE, RET}, 2);
        assert_int_equal(verdict_of(1, &b, XV_VERIFIER_SCRATCH), full ? XIPVM_BLOB_TOO_MANY_LABELS : XIPVM_BLOB_OK);
    }
}

static void put_nested_finallys(struct bytes *b, unsigned n) {
    b->n = 0;
    for (unsigned i = 0; i < n; i++) {
        unsigned offset = 3 * (n - 1 - i) + 2 * (n - 1 - i) + 1;
        put(b, (const uint8_t[]){XV_OP_SETUP_FINALLY, 0, 0}, 3);
        set_offset(b, offset);
    }
    for (unsigned i = 0; i < n; i++) {
        put(b, (const uint8_t[]){NONE, END}, 2);
    }
    put(b, (const uint8_t[]){NONE, RET}, 2);
}

static void test_blocks_nest_to_the_bound(void **state) {
    (void)state;
    static struct bytes b;
    put_nested_finallys(&b, XV_VERIFIER_BLOCKS);
    assert_int_equal(verdict_of(XV_VERIFIER_BLOCKS, &b, XV_VERIFIER_SCRATCH), XIPVM_BLOB_OK);
    assert_int_equal(verdict_of(XV_VERIFIER_BLOCKS - 1, &b, XV_VERIFIER_SCRATCH), XIPVM_BLOB_BLOCK_NESTING);
    put_nested_finallys(&b, XV_VERIFIER_BLOCKS + 1);
    assert_int_equal(verdict_of(255, &b, XV_VERIFIER_SCRATCH), XIPVM_BLOB_TOO_MANY_BLOCKS);
}

static void test_scratch_of_any_alignment_and_no_less(void **state) {
    (void)state;
    struct xv_blob blob;
    struct xv_blob_fault fault;
    uint8_t *scratch = malloc(XV_VERIFIER_SCRATCH + 8);
    assert_non_null(scratch);
    assert_true(xv_blob_open(&blob, example_3, sizeof example_3, 31, &fault));
    for (unsigned i = 0; i < 8; i++) {
        scratch[i + XV_VERIFIER_SCRATCH] = 0xa5;
        assert_true(xv_blob_verify(&blob, scratch + i, XV_VERIFIER_SCRATCH, &fault));
        assert_int_equal(scratch[i + XV_VERIFIER_SCRATCH], 0xa5);
    }
    assert_false(xv_blob_verify(&blob, scratch, XV_VERIFIER_SCRATCH - 1, &fault));
    assert_int_equal(fault.code, XIPVM_BLOB_NO_SCRATCH);
    assert_false(xv_blob_verify(&blob, NULL, XV_VERIFIER_SCRATCH, NULL));
    free(scratch);
}

/* ---- the tree ---- */

/* A child that nothing makes cannot run, so what stands in it does not matter; its sibling is still found. */
static void test_unmade_children_are_skipped(void **state) {
    (void)state;
    static const uint8_t outer[] = {XV_OP_MAKE_FUNCTION, 1, RET};
    static const uint8_t bad[] = {POP}, good[] = {NONE, RET};
    static const uint8_t start[] = {0x4d, 6, 0, 0x1f, 2, 0, 2, 'a', 0, 0x0f};
    for (int spoil = 0; spoil < 2; spoil++) {
        static struct bytes b;
        b.n = 0;
        put(&b, start, sizeof start);
        put_raw(&b, &(struct function){.n_state = 8, .code = outer, .n_code = sizeof outer}, 2);
        put_raw(&b, &(struct function){.n_state = 8, .code = bad, .n_code = 1}, 1);
        put_raw(&b, &(struct function){.n_state = 8, .code = bad, .n_code = 1}, 0);
        put_raw(
            &b,
            &(struct function){.n_state = 8, .code = spoil == 1 ? bad : good, .n_code = spoil == 1 ? 1 : 2},
            0);
        struct xv_blob_fault fault = load(b.at, b.n, XV_VERIFIER_SCRATCH);
        assert_int_equal(fault.code, spoil == 1 ? XIPVM_BLOB_UNDERFLOW : XIPVM_BLOB_OK);
        assert_int_equal(fault.offset, spoil == 1 ? b.n - 1 : 0);
    }
}

/* A stream may nest deeper than the tree has room for: the tree says so, and stays as it was. */
static void test_the_tree_has_a_bound(void **state) {
    (void)state;
    static const uint8_t base[] = {NONE, RET};
    struct xv_tree tree;
    xv_tree_init(&tree, base);
    for (unsigned depth = 0; depth <= XV_MAX_FUNCTION_DEPTH; depth++) {
        assert_true(xv_tree_enter(&tree, 0, sizeof base, 1));
    }
    assert_false(xv_tree_enter(&tree, 0, sizeof base, 1));
    assert_int_equal(tree.depth, XV_MAX_FUNCTION_DEPTH + 1);
}

/* The last child may be the one that nothing makes. */
static void test_an_unmade_last_child_is_skipped(void **state) {
    (void)state;
    static const uint8_t outer[] = {XV_OP_MAKE_FUNCTION, 0, RET};
    static const uint8_t bad[] = {POP}, good[] = {NONE, RET};
    static const uint8_t start[] = {0x4d, 6, 0, 0x1f, 2, 0, 2, 'a', 0, 0x0f};
    static struct bytes b;
    put(&b, start, sizeof start);
    put_raw(&b, &(struct function){.n_state = 8, .code = outer, .n_code = sizeof outer}, 2);
    put_raw(&b, &(struct function){.n_state = 8, .code = good, .n_code = sizeof good}, 0);
    put_raw(&b, &(struct function){.n_state = 8, .code = bad, .n_code = sizeof bad}, 0);
    assert_int_equal(load(b.at, b.n, XV_VERIFIER_SCRATCH).code, XIPVM_BLOB_OK);
}

/* Whatever bytes change in a good file, it is judged without a read outside of it or of the scratch memory.
 */
static void test_damaged_files_end_in_a_verdict(void **state) {
    (void)state;
    static const struct {
        const uint8_t *bytes;
        size_t size;
    } files[] = {{example_1, sizeof example_1}, {example_2, sizeof example_2}, {example_3, sizeof example_3}};
    uint32_t random = 1;
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t copy[128];
        size_t size = files[round % 3].size;
        memcpy(copy, files[round % 3].bytes, size);
        for (unsigned n = 0; n < 1 + round % 4; n++) {
            random = random * 1664525u + 1013904223u;
            copy[(random >> 8) % size] = (uint8_t)(random >> 24);
        }
        load(copy, size, XV_VERIFIER_SCRATCH);
    }
}

/* A function of `loops` loops and then of `nulls` special slots: for each of these the verifier looks at all of the loops. */
static enum xipvm_blob_error tangle(uint32_t loops, uint32_t nulls) {
    static uint8_t bytes[1u << 17];
    static const uint8_t start[] = {0x4d, 6, 0, 0x1f, 2, 0, 8, 'e', '.', 'p', 'y', 0, 0x0f};
    uint32_t size = 3 + 3 * loops + 2 * nulls + 2, bits = size << 3;
    const uint8_t head[] = {(uint8_t)(bits >> 14 | 0x80), (uint8_t)(bits >> 7 | 0x80), (uint8_t)(bits & 0x7f), 0, 2, 1};
    assert_true(size + sizeof start + sizeof head <= sizeof bytes);
    uint8_t *at = bytes;
    memcpy(at, start, sizeof start);
    memcpy(at += sizeof start, head, sizeof head);
    at += sizeof head;
    for (uint32_t i = 0; i < loops; i++, at += 3) {
        memcpy(at, (const uint8_t[]){NONE, IF(-3)}, 3);
    }
    for (uint32_t i = 0; i < nulls; i++, at += 2) {
        memcpy(at, (const uint8_t[]){NULLS, POP}, 2);
    }
    memcpy(at, (const uint8_t[]){NONE, RET}, 2);
    return load(bytes, (size_t)(at + 2 - bytes), 1u << 20).code;
}

/* However a function is made, verifying it takes time in proportion to its size. */
static void test_time_is_linear(void **state) {
    (void)state;
    assert_int_equal(tangle(1000, 8000), XIPVM_BLOB_OK);
    assert_int_equal(tangle(12000, 8000), XIPVM_BLOB_TOO_TANGLED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_is_linear),
        cmocka_unit_test(test_each_rule),
        cmocka_unit_test(test_each_code_is_met),
        cmocka_unit_test(test_loops_fit_the_scratch),
        cmocka_unit_test(test_labels_fit_the_scratch),
        cmocka_unit_test(test_special_slots_fit_the_scratch),
        cmocka_unit_test(test_special_slots_are_counted),
        cmocka_unit_test(test_labels_of_handlers_are_counted),
        cmocka_unit_test(test_blocks_nest_to_the_bound),
        cmocka_unit_test(test_scratch_of_any_alignment_and_no_less),
        cmocka_unit_test(test_unmade_children_are_skipped),
        cmocka_unit_test(test_the_tree_has_a_bound),
        cmocka_unit_test(test_an_unmade_last_child_is_skipped),
        cmocka_unit_test(test_damaged_files_end_in_a_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
