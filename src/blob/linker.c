/*
 * Linking one function. First a plan: where each instruction will be. Then the writing, which looks addresses up in that plan.
 * Relies on the function having been verified.
 */
#include "blob/linker.h"

#include "blob/opcodes.h"

#define MARK_EVERY 64u

/* An instruction grows from 2 bytes to 3 at the most. So an offset in one byte that is no more than this still fits into
 * one afterwards, and what form a jump takes can be told before anything is known of where things come to lie. */
#define SHORT_UJUMP 84
#define SHORT_SJUMP 42

/* ---- sinks */

void xv_sink_byte(struct xv_sink *sink, uint8_t b) {
    sink->total++;
    if (sink->buffer == NULL || sink->failed) {
        return;
    }
    if (sink->used == sink->capacity && (sink->flush == NULL || !sink->flush(sink))) {
        sink->failed = true;
        return;
    }
    sink->buffer[sink->used++] = b;
}

void xv_sink_bytes(struct xv_sink *sink, const uint8_t *p, size_t n) {
    for (; n > 0; n--) {
        xv_sink_byte(sink, *p++);
    }
}

void xv_sink_varuint(struct xv_sink *sink, uint32_t v) {
    unsigned shift = 28;
    while (shift > 0 && v >> shift == 0) {
        shift -= 7;
    }
    for (; shift > 0; shift -= 7) {
        xv_sink_byte(sink, (uint8_t)(0x80u | (v >> shift & 0x7fu)));
    }
    xv_sink_byte(sink, (uint8_t)(v & 0x7fu));
}

void xv_sink_half(struct xv_sink *sink, uint32_t v) {
    xv_sink_byte(sink, (uint8_t)(v & 0xffu));
    xv_sink_byte(sink, (uint8_t)(v >> 8 & 0xffu));
}

/* ---- instructions */

static bool is_jump(const struct xv_instr *ins) {
    return ins->target >= 0;
}

/* The address from which a jump's offset counts. */
static uint32_t jump_base(const struct xv_instr *ins) {
    return ins->next - (ins->operand == XV_OPERAND_SJUMP_BYTE ? 1u : 0u);
}

/* The bytes that a jump's offset takes in linked code. */
static uint32_t offset_bytes(const struct xv_instr *ins) {
    int64_t offset = ins->target - jump_base(ins);
    int64_t most = ins->operand == XV_OPERAND_UJUMP ? SHORT_UJUMP : SHORT_SJUMP;
    bool was_short = jump_base(ins) - ins->pc == 2;
    return was_short && offset <= most && offset >= -most ? 1 : 2;
}

/* The length of an instruction in linked code. */
static uint32_t new_length(const struct xv_instr *ins) {
    if (ins->operand == XV_OPERAND_QSTR) {
        return 3;
    }
    if (is_jump(ins)) {
        return 1 + offset_bytes(ins) + (ins->next - jump_base(ins));
    }
    return ins->next - ins->pc;
}

/* The new address of the first instruction at or behind the old address `at`, which is one in the code; of the last
 * instruction, if `at` is in its middle: code that is never reached may jump to there, and must stay within the
 * function. */
static uint32_t relocate(const struct xv_linker *l, uint32_t at) {
    uint32_t low = 0, high = l->n_marks;
    while (high - low > 1) {
        uint32_t mid = low + (high - low) / 2;
        if (l->marks[2 * (size_t)mid] <= at) {
            low = mid;
        } else {
            high = mid;
        }
    }
    uint32_t pc = l->marks[2 * (size_t)low], to = l->marks[2 * (size_t)low + 1];
    while (pc < at) {
        struct xv_instr ins;
        xv_instr_decode(l->prelude.code, l->size, pc, &ins);
        if (ins.next == l->size) {
            break;
        }
        to += new_length(&ins);
        pc = ins.next;
    }
    return to;
}

static void plan_code(struct xv_linker *l) {
    uint32_t to = 0;
    l->n_marks = 0;
    for (uint32_t pc = 0; pc < l->size;) {
        struct xv_instr ins;
        xv_instr_decode(l->prelude.code, l->size, pc, &ins);
        if (l->n_marks == 0 || pc - l->marks[2 * (size_t)(l->n_marks - 1)] >= MARK_EVERY) {
            l->marks[2 * (size_t)l->n_marks] = pc;
            l->marks[2 * (size_t)l->n_marks + 1] = to;
            l->n_marks++;
        }
        to += new_length(&ins);
        pc = ins.next;
    }
    l->new_size = to;
}

/* Where a jump's offset counts from in linked code, of an instruction that stands at `to` there. */
static int64_t new_offset(const struct xv_linker *l, const struct xv_instr *ins, uint32_t to) {
    return (int64_t)relocate(l, (uint32_t)ins->target) - (to + 1 + offset_bytes(ins));
}

static bool jumps_reach(const struct xv_linker *l) {
    uint32_t to = 0;
    for (uint32_t pc = 0; pc < l->size;) {
        struct xv_instr ins;
        xv_instr_decode(l->prelude.code, l->size, pc, &ins);
        if (is_jump(&ins)) {
            /* A short one can have grown too: it leads into an instruction, which nothing that is ever executed does. */
            bool is_short = offset_bytes(&ins) == 1;
            int64_t offset = new_offset(l, &ins, to);
            int64_t low = ins.operand == XV_OPERAND_UJUMP ? 0 : is_short ? -0x40 : -0x4000;
            if (offset < low || offset > low + (is_short ? 0x7f : 0x7fff)) {
                return false;
            }
        }
        to += new_length(&ins);
        pc = ins.next;
    }
    return true;
}

static void write_jump(const struct xv_linker *l, const struct xv_instr *ins, struct xv_sink *sink, uint32_t to) {
    bool is_signed = ins->operand != XV_OPERAND_UJUMP;
    int64_t offset = new_offset(l, ins, to);
    xv_sink_byte(sink, ins->op);
    if (offset_bytes(ins) == 1) {
        xv_sink_byte(sink, (uint8_t)(offset + (is_signed ? 0x40 : 0)));
    } else {
        uint32_t v = (uint32_t)(offset + (is_signed ? 0x4000 : 0));
        xv_sink_byte(sink, (uint8_t)(0x80u | (v & 0x7fu)));
        xv_sink_byte(sink, (uint8_t)(v >> 7));
    }
    if (ins->operand == XV_OPERAND_SJUMP_BYTE) {
        xv_sink_byte(sink, ins->extra);
    }
}

static void write_code(const struct xv_linker *l, struct xv_sink *sink) {
    uint32_t to = 0;
    for (uint32_t pc = 0; pc < l->size;) {
        struct xv_instr ins;
        xv_instr_decode(l->prelude.code, l->size, pc, &ins);
        if (ins.operand == XV_OPERAND_QSTR) {
            xv_sink_byte(sink, (uint8_t)(ins.op - XV_OP_DIRECT_DISTANCE));
            xv_sink_half(sink, l->operands[ins.arg]);
        } else if (is_jump(&ins)) {
            write_jump(l, &ins, sink, to);
        } else {
            xv_sink_bytes(sink, l->prelude.code + pc, ins.next - pc);
        }
        to += new_length(&ins);
        pc = ins.next;
    }
}

/* ---- preludes */

/* One entry of a line table, or several where one cannot advance so far. */
static void write_line(struct xv_sink *sink, uint32_t bytes, uint32_t lines) {
    while (bytes > 31) {
        xv_sink_byte(sink, 31);
        bytes -= 31;
    }
    if (lines <= 3) {
        xv_sink_byte(sink, (uint8_t)(lines << 5 | bytes));
        return;
    }
    if (bytes > 15) {
        xv_sink_byte(sink, (uint8_t)bytes);
        bytes = 0;
    }
    xv_sink_byte(sink, (uint8_t)(0x80u | lines >> 8 << 4 | bytes));
    xv_sink_byte(sink, (uint8_t)(lines & 0xffu));
}

static void write_info(const struct xv_linker *l, struct xv_sink *sink) {
    const struct xv_prelude *p = &l->prelude;
    const uint8_t *at = p->names;
    for (uint32_t i = 0; i < 1 + p->n_pos + p->n_kwonly; i++) {
        xv_sink_half(sink, l->operands[xv_varuint(&at)]);
    }
    uint32_t from = 0, to = 0;
    while (at < p->cells) {
        uint32_t bytes, lines;
        xv_line_read(&at, &bytes, &lines);
        from += bytes;
        if (from >= l->size) {
            break; /* no instruction is there */
        }
        uint32_t here = relocate(l, from);
        write_line(sink, here - to, lines);
        to = here;
    }
}

/* The bit-interleaved sizes of a prelude. */
static void write_sizes(struct xv_sink *sink, uint32_t n_info, uint32_t n_cells) {
    do {
        uint32_t b = (n_info & 0x3fu) << 1 | (n_cells & 1u);
        n_info >>= 6;
        n_cells >>= 1;
        xv_sink_byte(sink, (uint8_t)(b | (n_info != 0 || n_cells != 0 ? 0x80u : 0)));
    } while (n_info != 0 || n_cells != 0);
}

/* ---- functions */

/* Signature and sizes. */
static void write_head(const struct xv_linker *l, struct xv_sink *sink) {
    const uint8_t *p = l->raw.fun;
    do {
        xv_sink_byte(sink, *p);
    } while (*p++ & 0x80u);
    write_sizes(sink, l->new_info, l->prelude.n_cells);
}

bool xv_link_plan(struct xv_linker *l, const uint16_t *operands, const struct xv_raw *raw, void *scratch) {
    l->operands = operands;
    l->raw = *raw;
    l->marks = scratch;
    xv_prelude_read(raw->fun, &l->prelude);
    l->size = (uint32_t)(raw->fun + raw->len - l->prelude.code);
    plan_code(l);
    struct xv_sink counter = {.buffer = NULL};
    write_info(l, &counter);
    l->new_info = (uint32_t)counter.total;
    write_head(l, &counter);
    uint64_t len = (uint64_t)counter.total + l->prelude.n_cells + l->new_size;
    l->new_len = (uint32_t)len;
    return len <= UINT32_MAX >> 3 && jumps_reach(l);
}

void xv_link_write(const struct xv_linker *l, struct xv_sink *sink) {
    write_head(l, sink);
    write_info(l, sink);
    xv_sink_bytes(sink, l->prelude.cells, l->prelude.n_cells);
    write_code(l, sink);
}

void xv_link_head(struct xv_sink *sink, uint32_t len, bool has_children) {
    xv_sink_varuint(sink, len << 3 | (has_children ? 4u : 0));
}

void xv_link_stub(struct xv_sink *sink, uint16_t name) {
    xv_link_head(sink, 6, false);
    xv_sink_byte(sink, 0); /* one slot */
    write_sizes(sink, 2, 0);
    xv_sink_half(sink, name);
    xv_sink_byte(sink, XV_OP_LOAD_CONST_NONE);
    xv_sink_byte(sink, XV_OP_RETURN_VALUE);
}

/* ---- looking at linked code */

void xv_linked_names(const uint8_t *outer, void (*visit)(void *context, uint32_t operand), void *context) {
    const uint8_t *p = outer;
    for (uint32_t to_come = 1; to_come > 0; to_come--) {
        struct xv_raw raw;
        struct xv_prelude prelude;
        p = xv_raw_read(p, &raw);
        to_come += raw.n_children;
        xv_prelude_read(raw.fun, &prelude);
        const uint8_t *name = prelude.names;
        for (uint32_t i = 0; i < 1 + prelude.n_pos + prelude.n_kwonly; i++) {
            visit(context, xv_code_name(&name, true));
        }
        uint32_t size = (uint32_t)(raw.fun + raw.len - prelude.code);
        struct xv_instr ins = {.next = 0};
        while (ins.next < size && xv_instr_decode(prelude.code, size, ins.next, &ins) == XIPVM_BLOB_OK) {
            if (ins.operand == XV_OPERAND_NAME) {
                visit(context, ins.arg);
            }
        }
    }
}
