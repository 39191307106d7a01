/*
 * The opcode table as data, and the one decoder of instructions that checks bounds. Verifier and
 * disassembler rely on it; the interpreter reads verified code and has no need of it.
 */
#include "blob/opcodes.h"

#include <stddef.h>

#include "blob/cursor.h"

#define ROW(kind, pops, pushes)                                                                              \
    { XV_OPERAND_##kind, XV_EFFECT_##pops, XV_EFFECT_##pushes }

/* n equal rows from b on, for the lengths that ranges have. */
#define ROWS_1(b, ...) [b] = __VA_ARGS__
#define ROWS_2(b, ...) ROWS_1(b, __VA_ARGS__), ROWS_1((b) + 1, __VA_ARGS__)
#define ROWS_4(b, ...) ROWS_2(b, __VA_ARGS__), ROWS_2((b) + 2, __VA_ARGS__)
#define ROWS_8(b, ...) ROWS_4(b, __VA_ARGS__), ROWS_4((b) + 4, __VA_ARGS__)
#define ROWS_16(b, ...) ROWS_8(b, __VA_ARGS__), ROWS_8((b) + 8, __VA_ARGS__)
#define ROWS_32(b, ...) ROWS_16(b, __VA_ARGS__), ROWS_16((b) + 16, __VA_ARGS__)
#define ROWS_64(b, ...) ROWS_32(b, __VA_ARGS__), ROWS_32((b) + 32, __VA_ARGS__)
#define ROWS_35(b, ...) ROWS_32(b, __VA_ARGS__), ROWS_2((b) + 32, __VA_ARGS__), ROWS_1((b) + 34, __VA_ARGS__)

const struct xv_op_info xv_op_table[256] = {
#define ONE(value, name, kind, pops, pushes) [value] = ROW(kind, pops, pushes),
    XV_OPCODES(ONE)
#undef ONE
#define RANGE(first, count, name, kind, pops, pushes) ROWS_##count(first, ROW(kind, pops, pushes)),
        XV_OPCODE_RANGES(RANGE)
#undef RANGE
};

static const struct {
    uint8_t first, last;
    const char *name;
} op_names[] = {
#define ONE(value, name, kind, pops, pushes) {value, value, #name},
    XV_OPCODES(ONE)
#undef ONE
#define RANGE(first, count, name, kind, pops, pushes) {(first), (first) + (count)-1, #name},
        XV_OPCODE_RANGES(RANGE)
#undef RANGE
};

const char *xv_op_name(uint8_t op) {
    for (size_t i = 0; i < sizeof op_names / sizeof op_names[0]; i++) {
        if (op >= op_names[i].first && op <= op_names[i].last) {
            return op_names[i].name;
        }
    }
    return NULL;
}

static void decode_implied(struct xv_instr *ins) {
    uint8_t op = ins->op;
    if (op <= XV_OP_LOAD_CONST_SMALL_INT_MULTI_LAST) {
        ins->value = (int64_t)op - XV_OP_SMALL_INT_ZERO;
    } else if (op <= XV_OP_LOAD_FAST_MULTI_LAST) {
        ins->arg = (uint32_t)(op - XV_OP_LOAD_FAST_MULTI);
    } else if (op <= XV_OP_STORE_FAST_MULTI_LAST) {
        ins->arg = (uint32_t)(op - XV_OP_STORE_FAST_MULTI);
    } else if (op <= XV_OP_UNARY_OP_MULTI_LAST) {
        ins->arg = (uint32_t)(op - XV_OP_UNARY_OP_MULTI);
    } else {
        ins->arg = (uint32_t)(op - XV_OP_BINARY_OP_MULTI);
    }
}

/* Two-byte offsets have their low bits first; short signed ones are biased by 0x40, long ones by 0x4000. */
static void decode_jump(struct xv_cursor *c, struct xv_instr *ins) {
    bool is_signed = ins->operand != XV_OPERAND_UJUMP;
    int64_t offset = xv_cursor_byte(c);
    if (offset & 0x80) {
        offset = (offset & 0x7f) + (int64_t)xv_cursor_byte(c) * 128 - (is_signed ? 0x4000 : 0);
    } else if (is_signed) {
        offset -= 0x40;
    }
    ins->target = c->pos + offset;
}

enum xipvm_blob_error xv_instr_decode(const uint8_t *code, uint32_t size, uint32_t pc, struct xv_instr *ins) {
    if (pc >= size) {
        return XIPVM_BLOB_OPERAND_TRUNCATED;
    }
    struct xv_cursor c;
    xv_cursor_init(&c, code, pc, size);
    ins->pc = pc;
    ins->op = xv_cursor_byte(&c);
    ins->operand = xv_op_table[ins->op].operand;
    ins->extra = 0;
    ins->arg = 0;
    ins->value = 0;
    ins->target = -1;
    switch ((enum xv_operand)ins->operand) {
    case XV_OPERAND_UNUSED:
        return XIPVM_BLOB_OPCODE;
    case XV_OPERAND_NONE:
        break;
    case XV_OPERAND_IMPLIED:
        decode_implied(ins);
        break;
    case XV_OPERAND_NAME:
        ins->arg = xv_cursor_byte(&c);
        ins->arg |= (uint32_t)xv_cursor_byte(&c) << 8;
        break;
    case XV_OPERAND_QSTR:
    case XV_OPERAND_UINT:
    case XV_OPERAND_OBJ:
    case XV_OPERAND_LOCAL:
    case XV_OPERAND_CHILD:
        ins->arg = xv_cursor_varuint(&c);
        break;
    case XV_OPERAND_CHILD_BYTE:
        ins->arg = xv_cursor_varuint(&c);
        ins->extra = xv_cursor_byte(&c);
        break;
    case XV_OPERAND_SINT:
        ins->value = xv_cursor_varint(&c);
        break;
    case XV_OPERAND_UJUMP:
    case XV_OPERAND_SJUMP:
        decode_jump(&c, ins);
        break;
    case XV_OPERAND_SJUMP_BYTE:
        decode_jump(&c, ins);
        ins->extra = xv_cursor_byte(&c);
        break;
    }
    ins->next = c.pos;
    if (c.code == XIPVM_BLOB_OK) {
        return XIPVM_BLOB_OK;
    }
    return c.code == XIPVM_BLOB_TRUNCATED              ? XIPVM_BLOB_OPERAND_TRUNCATED
           : c.code == XIPVM_BLOB_VARUINT_LEADING_ZERO ? XIPVM_BLOB_OPERAND_LEADING_ZERO
                                                       : XIPVM_BLOB_OPERAND_TOO_WIDE;
}

static uint32_t effect_size(uint8_t effect, const struct xv_instr *ins) {
    uint32_t n = ins->arg;
    uint32_t call = (n & 255u) + 2 * (n >> 8 & 255u);
    switch ((enum xv_effect)effect) {
    case XV_EFFECT_N:
        return n;
    case XV_EFFECT_C:
        return ins->extra;
    case XV_EFFECT_C2:
        return ins->extra + 2u;
    case XV_EFFECT_COMP:
        return (n & 3u) == 1 ? 2 : 1;
    case XV_EFFECT_CALL1:
        return call + 1;
    case XV_EFFECT_CALL2:
        return call + 2;
    case XV_EFFECT_CALL3:
        return call + 3;
    case XV_EFFECT_UNPACK:
        return (n & 255u) + (n >> 8 & 255u) + 1;
    case XV_EFFECT_0:
    case XV_EFFECT_1:
    case XV_EFFECT_2:
    case XV_EFFECT_3:
    case XV_EFFECT_4:
        break;
    }
    return effect;
}

void xv_instr_effect(const struct xv_instr *ins, uint32_t *pops, uint32_t *pushes) {
    *pops = effect_size(xv_op_table[ins->op].pops, ins);
    *pushes = effect_size(xv_op_table[ins->op].pushes, ins);
}

const uint8_t *xv_async_entry(const uint8_t *handler, bool raised) {
    /* DUP_TOP, LOAD_GLOBAL q, exception match, POP_JUMP_IF_FALSE to where `m x k` is expected */
    const uint8_t *p = handler + 2;
    if (handler[1] == XV_OP_LOAD_GLOBAL) {
        p += 2;
    } else {
        while (*p++ & 0x80) {
        }
    }
    p += 2;
    ptrdiff_t low = *p++;
    if (!(low & 0x80)) {
        return raised ? p : p + low - 0x40;
    }
    ptrdiff_t high = *p++;
    return raised ? p : p + (low & 0x7f) + high * 128 - 0x4000;
}

bool xv_op_falls_through(uint8_t op) {
    switch (op) {
    case XV_OP_UNWIND_JUMP:
    case XV_OP_JUMP:
    case XV_OP_POP_EXCEPT_JUMP:
    case XV_OP_RETURN_VALUE:
    case XV_OP_RAISE_LAST:
    case XV_OP_RAISE_OBJ:
    case XV_OP_RAISE_FROM:
        return false;
    default:
        return true;
    }
}
