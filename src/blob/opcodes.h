/*
 * The instruction set of .mpy version 6: one table for the verifier, disassemblers and the interpreter's
 * enum.
 *
 * The thirteen opcodes whose operand is an index into the blob's qstr table end in _VIA_TABLE. The linker
 * (blob/linker.h) replaces each by its direct twin, whose number is 0x10 less and whose operand is a name in two
 * bytes. Stock blobs contain only the former and linked code only the latter: the verifier sees to that.
 */
#ifndef XV_BLOB_OPCODES_H
#define XV_BLOB_OPCODES_H

#include <stdbool.h>
#include <stdint.h>

#include "xipvm/blob_errors.h"

/*
 * X(value, name, operand kind, pops, pushes) for each single opcode. Pops and pushes are those of the path
 * that falls through, a number or: N the operand, C the extra byte, C2 two more; CALLn = n + positional + 2
 * * keyword values; COMP, UNPACK as STORE_COMP and UNPACK_EX need.
 */
#define XV_OPCODES(X) XV_DIRECT_OPCODES(X) XV_STOCK_OPCODES(X)

#define XV_DIRECT_OPCODES(X) \
    X(0x00, LOAD_CONST_STRING, NAME, 0, 1) \
    X(0x01, LOAD_NAME, NAME, 0, 1) \
    X(0x02, LOAD_GLOBAL, NAME, 0, 1) \
    X(0x03, LOAD_ATTR, NAME, 1, 1) \
    X(0x04, LOAD_METHOD, NAME, 1, 2) \
    X(0x05, LOAD_SUPER_METHOD, NAME, 3, 2) \
    X(0x06, STORE_NAME, NAME, 1, 0) \
    X(0x07, STORE_GLOBAL, NAME, 1, 0) \
    X(0x08, STORE_ATTR, NAME, 2, 0) \
    X(0x09, DELETE_NAME, NAME, 0, 0) \
    X(0x0a, DELETE_GLOBAL, NAME, 0, 0) \
    X(0x0b, IMPORT_NAME, NAME, 2, 1) \
    X(0x0c, IMPORT_FROM, NAME, 1, 2)

#define XV_STOCK_OPCODES(X) \
    X(0x10, LOAD_CONST_STRING_VIA_TABLE, QSTR, 0, 1) \
    X(0x11, LOAD_NAME_VIA_TABLE, QSTR, 0, 1) \
    X(0x12, LOAD_GLOBAL_VIA_TABLE, QSTR, 0, 1) \
    X(0x13, LOAD_ATTR_VIA_TABLE, QSTR, 1, 1) \
    X(0x14, LOAD_METHOD_VIA_TABLE, QSTR, 1, 2) \
    X(0x15, LOAD_SUPER_METHOD_VIA_TABLE, QSTR, 3, 2) \
    X(0x16, STORE_NAME_VIA_TABLE, QSTR, 1, 0) \
    X(0x17, STORE_GLOBAL_VIA_TABLE, QSTR, 1, 0) \
    X(0x18, STORE_ATTR_VIA_TABLE, QSTR, 2, 0) \
    X(0x19, DELETE_NAME_VIA_TABLE, QSTR, 0, 0) \
    X(0x1a, DELETE_GLOBAL_VIA_TABLE, QSTR, 0, 0) \
    X(0x1b, IMPORT_NAME_VIA_TABLE, QSTR, 2, 1) \
    X(0x1c, IMPORT_FROM_VIA_TABLE, QSTR, 1, 2) \
    X(0x20, MAKE_CLOSURE, CHILD_BYTE, C, 1) \
    X(0x21, MAKE_CLOSURE_DEFARGS, CHILD_BYTE, C2, 1) \
    X(0x22, LOAD_CONST_SMALL_INT, SINT, 0, 1) \
    X(0x23, LOAD_CONST_OBJ, OBJ, 0, 1) \
    X(0x24, LOAD_FAST_N, LOCAL, 0, 1) \
    X(0x25, LOAD_DEREF, LOCAL, 0, 1) \
    X(0x26, STORE_FAST_N, LOCAL, 1, 0) \
    X(0x27, STORE_DEREF, LOCAL, 1, 0) \
    X(0x28, DELETE_FAST, LOCAL, 0, 0) \
    X(0x29, DELETE_DEREF, LOCAL, 0, 0) \
    X(0x2a, BUILD_TUPLE, UINT, N, 1) \
    X(0x2b, BUILD_LIST, UINT, N, 1) \
    X(0x2c, BUILD_MAP, UINT, 0, 1) \
    X(0x2d, BUILD_SET, UINT, N, 1) \
    X(0x2e, BUILD_SLICE, UINT, N, 1) \
    X(0x2f, STORE_COMP, UINT, COMP, 0) \
    X(0x30, UNPACK_SEQUENCE, UINT, 1, N) \
    X(0x31, UNPACK_EX, UINT, 1, UNPACK) \
    X(0x32, MAKE_FUNCTION, CHILD, 0, 1) \
    X(0x33, MAKE_FUNCTION_DEFARGS, CHILD, 2, 1) \
    X(0x34, CALL_FUNCTION, UINT, CALL1, 1) \
    X(0x35, CALL_FUNCTION_VAR_KW, UINT, CALL2, 1) \
    X(0x36, CALL_METHOD, UINT, CALL2, 1) \
    X(0x37, CALL_METHOD_VAR_KW, UINT, CALL3, 1) \
    X(0x40, UNWIND_JUMP, SJUMP_BYTE, 0, 0) \
    X(0x42, JUMP, SJUMP, 0, 0) \
    X(0x43, POP_JUMP_IF_TRUE, SJUMP, 1, 0) \
    X(0x44, POP_JUMP_IF_FALSE, SJUMP, 1, 0) \
    X(0x45, JUMP_IF_TRUE_OR_POP, UJUMP, 1, 0) \
    X(0x46, JUMP_IF_FALSE_OR_POP, UJUMP, 1, 0) \
    X(0x47, SETUP_WITH, UJUMP, 1, 3) \
    X(0x48, SETUP_EXCEPT, UJUMP, 0, 0) \
    X(0x49, SETUP_FINALLY, UJUMP, 0, 0) \
    X(0x4a, POP_EXCEPT_JUMP, UJUMP, 0, 0) \
    X(0x4b, FOR_ITER, UJUMP, 0, 1) \
    X(0x50, LOAD_CONST_FALSE, NONE, 0, 1) \
    X(0x51, LOAD_CONST_NONE, NONE, 0, 1) \
    X(0x52, LOAD_CONST_TRUE, NONE, 0, 1) \
    X(0x53, LOAD_NULL, NONE, 0, 1) \
    X(0x54, LOAD_BUILD_CLASS, NONE, 0, 1) \
    X(0x55, LOAD_SUBSCR, NONE, 2, 1) \
    X(0x56, STORE_SUBSCR, NONE, 3, 0) \
    X(0x57, DUP_TOP, NONE, 1, 2) \
    X(0x58, DUP_TOP_TWO, NONE, 2, 4) \
    X(0x59, POP_TOP, NONE, 1, 0) \
    X(0x5a, ROT_TWO, NONE, 2, 2) \
    X(0x5b, ROT_THREE, NONE, 3, 3) \
    X(0x5c, WITH_CLEANUP, NONE, 3, 1) \
    X(0x5d, END_FINALLY, NONE, 1, 0) \
    X(0x5e, GET_ITER, NONE, 1, 1) \
    X(0x5f, GET_ITER_STACK, NONE, 1, 4) \
    X(0x62, STORE_MAP, NONE, 3, 1) \
    X(0x63, RETURN_VALUE, NONE, 1, 0) \
    X(0x64, RAISE_LAST, NONE, 0, 0) \
    X(0x65, RAISE_OBJ, NONE, 1, 0) \
    X(0x66, RAISE_FROM, NONE, 2, 0) \
    X(0x67, YIELD_VALUE, NONE, 1, 1) \
    X(0x68, YIELD_FROM, NONE, 2, 1) \
    X(0x69, IMPORT_STAR, NONE, 1, 0)

/* R(first value, how many, name, operand kind, pops, pushes): the operand is part of the opcode. */
#define XV_OPCODE_RANGES(R) \
    R(0x70, 64, LOAD_CONST_SMALL_INT_MULTI, IMPLIED, 0, 1) \
    R(0xb0, 16, LOAD_FAST_MULTI, IMPLIED, 0, 1) \
    R(0xc0, 16, STORE_FAST_MULTI, IMPLIED, 1, 0) \
    R(0xd0, 4, UNARY_OP_MULTI, IMPLIED, 1, 1) \
    R(0xd7, 35, BINARY_OP_MULTI, IMPLIED, 2, 1)

enum xv_opcode {
#define XV_OP_ENUM(value, name, kind, pops, pushes) XV_OP_##name = (value),
    XV_OPCODES(XV_OP_ENUM)
#undef XV_OP_ENUM
/* A range has the name of its first opcode. */
#define XV_OP_ENUM(first, count, name, kind, pops, pushes) \
    XV_OP_##name = (first), XV_OP_##name##_LAST = (first) + (count) - 1,
    XV_OPCODE_RANGES(XV_OP_ENUM)
#undef XV_OP_ENUM
};

/* How many opcodes a range has. */
enum {
#define XV_OP_ENUM(first, count, name, kind, pops, pushes) XV_OP_##name##_COUNT = (count),
    XV_OPCODE_RANGES(XV_OP_ENUM)
#undef XV_OP_ENUM
};

/* The value of LOAD_CONST_SMALL_INT_MULTI is opcode - XV_OP_SMALL_INT_ZERO, -16 … 47. */
#define XV_OP_SMALL_INT_ZERO 0x80

/* The opcodes that take a qstr: XV_OP_VIA_TABLE_FIRST … XV_OP_VIA_TABLE_LAST. */
#define XV_OP_VIA_TABLE_FIRST XV_OP_LOAD_CONST_STRING_VIA_TABLE
#define XV_OP_VIA_TABLE_LAST XV_OP_IMPORT_FROM_VIA_TABLE

/* Their direct twins: XV_OP_DIRECT_FIRST … XV_OP_DIRECT_LAST, each this much less. */
#define XV_OP_DIRECT_FIRST XV_OP_LOAD_CONST_STRING
#define XV_OP_DIRECT_LAST XV_OP_IMPORT_FROM
#define XV_OP_DIRECT_DISTANCE (XV_OP_VIA_TABLE_FIRST - XV_OP_DIRECT_FIRST)

/* Opcode = XV_OP_UNARY_OP_MULTI + one of these. */
enum xv_unary_op {
    XV_UNARY_POS = 0, XV_UNARY_NEG, XV_UNARY_INVERT, XV_UNARY_NOT,
    XV_UNARY_COUNT
};

/* Opcode = XV_OP_BINARY_OP_MULTI + one of these. */
enum xv_binary_op {
    XV_BINARY_LT = 0, XV_BINARY_GT, XV_BINARY_EQ, XV_BINARY_LE, XV_BINARY_GE, XV_BINARY_NE, XV_BINARY_IN,
    XV_BINARY_IS, XV_BINARY_EXC_MATCH, XV_BINARY_IOR, XV_BINARY_IXOR, XV_BINARY_IAND, XV_BINARY_ILSHIFT,
    XV_BINARY_IRSHIFT, XV_BINARY_IADD, XV_BINARY_ISUB, XV_BINARY_IMUL, XV_BINARY_IMATMUL,
    XV_BINARY_IFLOORDIV, XV_BINARY_ITRUEDIV, XV_BINARY_IMOD, XV_BINARY_IPOW, XV_BINARY_OR, XV_BINARY_XOR,
    XV_BINARY_AND, XV_BINARY_LSHIFT, XV_BINARY_RSHIFT, XV_BINARY_ADD, XV_BINARY_SUB, XV_BINARY_MUL,
    XV_BINARY_MATMUL, XV_BINARY_FLOORDIV, XV_BINARY_TRUEDIV, XV_BINARY_MOD, XV_BINARY_POW,
    XV_BINARY_COUNT
};

/* How an operand is encoded. Those with _BYTE have one extra byte behind it. */
enum xv_operand {
    XV_OPERAND_UNUSED = 0, /* unassigned opcode */
    XV_OPERAND_NONE,
    XV_OPERAND_IMPLIED,    /* part of the opcode */
    XV_OPERAND_NAME,       /* two bytes, as linked code writes names (blob/reader.h) */
    XV_OPERAND_QSTR,       /* varuint, index into the qstr table */
    XV_OPERAND_UINT,       /* varuint */
    XV_OPERAND_OBJ,        /* varuint, index into the constants */
    XV_OPERAND_LOCAL,      /* varuint, local number */
    XV_OPERAND_CHILD,      /* varuint, index into the function's children */
    XV_OPERAND_CHILD_BYTE,
    XV_OPERAND_SINT,       /* signed varint */
    XV_OPERAND_UJUMP,      /* jump ahead */
    XV_OPERAND_SJUMP,      /* jump either way */
    XV_OPERAND_SJUMP_BYTE
};

/* Pops and pushes that depend on the operand; smaller numbers stand for themselves. */
enum xv_effect {
    XV_EFFECT_0 = 0, XV_EFFECT_1, XV_EFFECT_2, XV_EFFECT_3, XV_EFFECT_4,
    XV_EFFECT_N = 16, XV_EFFECT_C, XV_EFFECT_C2, XV_EFFECT_COMP, XV_EFFECT_CALL1, XV_EFFECT_CALL2,
    XV_EFFECT_CALL3, XV_EFFECT_UNPACK
};

struct xv_op_info {
    uint8_t operand; /* enum xv_operand */
    uint8_t pops;    /* a number below 16, or enum xv_effect */
    uint8_t pushes;
};

/* One row for each opcode byte. */
extern const struct xv_op_info xv_op_table[256];

/* The name of an opcode as the format's description has it, "LOAD_NAME"; NULL if unassigned. */
const char *xv_op_name(uint8_t op);

/* One decoded instruction. */
struct xv_instr {
    uint32_t pc;     /* its address */
    uint32_t next;   /* the address behind it */
    uint8_t op;
    uint8_t operand; /* enum xv_operand */
    uint8_t extra;   /* the extra byte, 0 if it has none */
    uint32_t arg;    /* the unsigned operand: varuint kinds, and IMPLIED ones except small ints */
    int64_t value;   /* SINT, and the value of LOAD_CONST_SMALL_INT_MULTI */
    int64_t target;  /* jumps: the target address, not checked, possibly outside the function; else -1 */
};

/*
 * Decodes the instruction at address pc of `size` bytes of bytecode, never reading beyond them. Returns
 * XIPVM_BLOB_OK, or OPCODE, OPERAND_TRUNCATED, OPERAND_TOO_WIDE or OPERAND_LEADING_ZERO; *ins is then of no
 * use. Operands are not checked against any table, nor whether the opcode belongs to this form of code.
 */
enum xipvm_blob_error xv_instr_decode(const uint8_t *code, uint32_t size, uint32_t pc, struct xv_instr *ins);

/* What the instruction pops and then pushes on the path that falls through. */
void xv_instr_effect(const struct xv_instr *ins, uint32_t *pops, uint32_t *pushes);

/*
 * Where the handler of an `async with`, entered at `handler` in a verified blob, is to be gone on with:
 *   raised:  m e    (context manager, exception) at the result
 *   else:    m x k  (context manager, value or destination, marker) at the result
 * so that the interpreter itself tells the two apart. The handler's own first instructions do so by matching
 * against whatever the *global name* BaseException holds: a program that puts something else there makes them
 * take an exception for the two words of a return, and rotate a slot that is not theirs.
 */
const uint8_t *xv_async_entry(const uint8_t *handler, bool raised);

/* Whether a SETUP_FINALLY of a verified blob belongs to an `async with`: by the first byte of its handler. */
static inline bool xv_is_async_handler(const uint8_t *handler) {
    return *handler == XV_OP_DUP_TOP;
}

/* Whether it ever goes on with the instruction behind it. */
bool xv_op_falls_through(uint8_t op);

#endif
