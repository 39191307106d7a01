/* The structure-aware mutator. The blob becomes a `struct model`; instructions are known by their number in it, and
 * so jumps stay right when others are put in or taken out. */
#include "mutator.h"

#include <string.h>

#include "blob/opcodes.h"
#include "blob/reader.h"
#include "encode.h"
#include "fuzz.h"

#define MAX_FUNCTIONS 200u
#define MAX_INSTRS 8000u
#define MAX_NAMES 2000u
#define MAX_BYTES 20000u

struct instr {
    uint8_t op, extra;
    bool wide;      /* a jump of two bytes */
    uint32_t arg;
    int64_t value;
    uint32_t target; /* jumps: an instruction of the function */
    uint32_t at;     /* where it is put */
};

struct slice {
    uint32_t first, n;
};

struct function {
    uint32_t n_state, n_exc, n_pos, n_kwonly, n_def, flags, n_children;
    struct slice names;  /* of model.names */
    struct slice lines, cells; /* of model.bytes */
    struct slice code;   /* of model.instrs */
};

static struct model {
    bool linked;
    bool objs_broken; /* bytes of them were changed: they cannot be walked any more */
    uint8_t header[XV_XIP_HEADER];
    uint32_t n_qstr, n_obj;
    struct slice qstrs, objs; /* of model.bytes */
    uint32_t n_functions, n_instrs, n_names, n_bytes;
    struct function functions[MAX_FUNCTIONS];
    struct instr instrs[MAX_INSTRS];
    uint32_t names[MAX_NAMES];
    uint8_t bytes[MAX_BYTES];
} model;

static uint64_t *rng;

static uint32_t below(uint32_t n) {
    return n == 0 ? 0 : fuzz_random(rng) % n;
}

static bool one_in(uint32_t n) {
    return below(n) == 0;
}

/* ---- taking a blob apart */

static bool keep_bytes(struct slice *slice, const uint8_t *from, const uint8_t *end) {
    uint32_t n = (uint32_t)(end - from);
    if (n > MAX_BYTES - model.n_bytes) {
        return false;
    }
    *slice = (struct slice){model.n_bytes, n};
    memcpy(model.bytes + model.n_bytes, from, n);
    model.n_bytes += n;
    return true;
}

static bool take_code(struct function *f, const uint8_t *code, uint32_t size) {
    static uint32_t number[1 << 16]; /* of the instruction at an address, + 1 */
    f->code = (struct slice){model.n_instrs, 0};
    if (size >= sizeof number / sizeof *number) {
        return false;
    }
    memset(number, 0, (size + 1) * sizeof *number);
    for (uint32_t pc = 0; pc < size;) {
        struct xv_instr ins;
        if (model.n_instrs == MAX_INSTRS || xv_instr_decode(code, size, pc, &ins) != XIPVM_BLOB_OK) {
            return false;
        }
        number[pc] = ++f->code.n;
        uint32_t offset_end = ins.next - (ins.operand == XV_OPERAND_SJUMP_BYTE ? 1 : 0);
        model.instrs[model.n_instrs++] = (struct instr){.op = ins.op,
                                                        .extra = ins.extra,
                                                        .arg = ins.arg,
                                                        .value = ins.value,
                                                        .wide = ins.target >= 0 && offset_end - pc == 3,
                                                        .target = (uint32_t)ins.target};
        pc = ins.next;
    }
    for (uint32_t i = 0; i < f->code.n; i++) {
        struct instr *ins = &model.instrs[f->code.first + i];
        uint32_t to = ins->target < size ? number[ins->target] : 0;
        ins->target = to > 0 ? to - 1 : f->code.n - 1;
    }
    return true;
}

static bool take_function(struct function *f, const struct xv_raw *raw) {
    struct xv_prelude p;
    xv_prelude_read(raw->fun, &p);
    *f = (struct function){.n_state = p.n_state,
                           .n_exc = p.n_exc,
                           .n_pos = p.n_pos,
                           .n_kwonly = p.n_kwonly,
                           .n_def = p.n_def_pos,
                           .flags = p.flags,
                           .n_children = raw->n_children};
    f->names = (struct slice){model.n_names, 1 + p.n_pos + p.n_kwonly};
    if (f->names.n > MAX_NAMES - model.n_names) {
        return false;
    }
    const uint8_t *at = p.names;
    for (uint32_t i = 0; i < f->names.n; i++) {
        model.names[model.n_names++] = xv_code_name(&at, model.linked);
    }
    return keep_bytes(&f->lines, at, p.cells) && keep_bytes(&f->cells, p.cells, p.code) &&
           take_code(f, p.code, (uint32_t)(raw->fun + raw->len - p.code));
}

static bool take_apart(const uint8_t *data, size_t size) {
    struct xv_blob blob;
    /* An image for other firmware is as good as one for this. */
    if (!xv_blob_open(&blob, data, size, 63, NULL)) {
        return false;
    }
    model.linked = blob.linked;
    model.objs_broken = false;
    model.n_qstr = blob.n_qstr;
    model.n_obj = blob.n_obj;
    model.n_functions = model.n_instrs = model.n_names = model.n_bytes = 0;
    memcpy(model.header, data, blob.linked ? XV_XIP_HEADER : 4);
    if (!keep_bytes(&model.qstrs, data + blob.qstrs_at, data + blob.objs_at) ||
        !keep_bytes(&model.objs, data + blob.objs_at, data + blob.code_at) || blob.n_functions > MAX_FUNCTIONS) {
        return false;
    }
    const uint8_t *p = data + blob.code_at;
    while (model.n_functions < blob.n_functions) {
        struct xv_raw raw;
        p = xv_raw_read(p, &raw);
        if (!take_function(&model.functions[model.n_functions++], &raw)) {
            return false;
        }
    }
    return true;
}

/* ---- putting it together */

struct out {
    uint8_t *at;
    size_t n, max;
};

static void put(struct out *o, uint32_t byte) {
    if (o->n < o->max) {
        o->at[o->n] = (uint8_t)byte;
    }
    o->n++;
}

static void put_encoded(struct out *o, const uint8_t *encoded, size_t n) {
    for (size_t i = 0; i < n; i++) {
        put(o, encoded[i]);
    }
}

static void put_uint(struct out *o, uint32_t v) {
    uint8_t encoded[ENCODED_MAX];
    put_encoded(o, encoded, encode_uint(encoded, v));
}

static void put_int(struct out *o, int64_t v) {
    unsigned shift = 0;
    while (shift < 56 && (v >> shift < -64 || v >> shift > 63)) {
        shift += 7;
    }
    for (; shift > 0; shift -= 7) {
        put(o, (uint32_t)((uint64_t)v >> shift & 0x7f) | 0x80);
    }
    put(o, (uint32_t)v & 0x7f);
}

static void put_slice(struct out *o, struct slice s) {
    for (uint32_t i = 0; i < s.n; i++) {
        put(o, model.bytes[s.first + i]);
    }
}

static void put_name(struct out *o, uint32_t name) {
    if (!model.linked) {
        put_uint(o, name);
        return;
    }
    put(o, name & 0xff);
    put(o, name >> 8 & 0xff);
}

static void put_instr(struct out *o, const struct function *f, struct instr *ins) {
    uint32_t at = (uint32_t)o->n;
    ins->at = at;
    put(o, ins->op);
    enum xv_operand kind = (enum xv_operand)xv_op_table[ins->op].operand;
    switch (kind) {
    case XV_OPERAND_NAME:
        put(o, ins->arg & 0xff);
        put(o, ins->arg >> 8 & 0xff);
        break;
    case XV_OPERAND_QSTR:
    case XV_OPERAND_UINT:
    case XV_OPERAND_OBJ:
    case XV_OPERAND_LOCAL:
    case XV_OPERAND_CHILD:
        put_uint(o, ins->arg);
        break;
    case XV_OPERAND_CHILD_BYTE:
        put_uint(o, ins->arg);
        put(o, ins->extra);
        break;
    case XV_OPERAND_SINT:
        put_int(o, ins->value);
        break;
    case XV_OPERAND_UJUMP:
    case XV_OPERAND_SJUMP:
    case XV_OPERAND_SJUMP_BYTE: {
        bool is_signed = kind != XV_OPERAND_UJUMP;
        int64_t offset = (int64_t)model.instrs[f->code.first + ins->target].at - (at + (ins->wide ? 3 : 2));
        if (!ins->wide && (offset < (is_signed ? -64 : 0) || offset > (is_signed ? 63 : 127))) {
            ins->wide = true; /* the layout changes: there will be another pass */
            offset--;
        }
        uint32_t v = (uint32_t)(offset + (is_signed ? (ins->wide ? 0x4000 : 0x40) : 0));
        put(o, ins->wide ? (v & 0x7f) | 0x80 : v);
        if (ins->wide) {
            put(o, v >> 7);
        }
        if (kind == XV_OPERAND_SJUMP_BYTE) {
            put(o, ins->extra);
        }
        break;
    }
    case XV_OPERAND_UNUSED:
    case XV_OPERAND_NONE:
    case XV_OPERAND_IMPLIED:
        break;
    }
}

static void put_prelude(struct out *o, const struct function *f, uint32_t n_info) {
    uint8_t encoded[ENCODED_MAX];
    put_encoded(o, encoded, encode_signature(encoded, f->n_state, f->n_exc, f->n_pos, f->n_kwonly, f->n_def, f->flags));
    put_encoded(o, encoded, encode_sizes(encoded, n_info, f->cells.n));
}

/* The function's bytes; `o` counts from its beginning. */
static void put_body(struct out *o, const struct function *f) {
    uint8_t unused[1];
    struct out names = {unused, 0, 0};
    for (uint32_t i = 0; i < f->names.n; i++) {
        put_name(&names, model.names[f->names.first + i]);
    }
    put_prelude(o, f, (uint32_t)names.n + f->lines.n);
    for (uint32_t i = 0; i < f->names.n; i++) {
        put_name(o, model.names[f->names.first + i]);
    }
    put_slice(o, f->lines);
    put_slice(o, f->cells);
    for (uint32_t i = 0; i < f->code.n; i++) {
        put_instr(o, f, &model.instrs[f->code.first + i]);
    }
}

static void put_function(struct out *o, const struct function *f) {
    static uint8_t body[1 << 16];
    struct out b = {body, 0, sizeof body};
    size_t before = 0;
    /* Until the jumps have the widths that they need, and the instructions their places. */
    for (unsigned pass = 0; pass < 12; pass++) {
        b.n = 0;
        put_body(&b, f);
        if (pass > 0 && b.n == before) {
            break;
        }
        before = b.n;
    }
    b.n = 0;
    put_body(&b, f);
    if (b.n > b.max) {
        b.n = b.max;
    }
    put_uint(o, (uint32_t)b.n << 3 | (f->n_children > 0 ? 4u : 0));
    for (size_t i = 0; i < b.n; i++) {
        put(o, body[i]);
    }
    if (f->n_children > 0) {
        put_uint(o, f->n_children);
    }
}

static size_t put_together(uint8_t *data, size_t max) {
    struct out o = {data, 0, max};
    for (unsigned i = 0; i < (model.linked ? XV_XIP_HEADER : 4); i++) {
        put(&o, model.header[i]);
    }
    put_uint(&o, model.n_qstr);
    put_uint(&o, model.n_obj);
    put_slice(&o, model.qstrs);
    put_slice(&o, model.objs);
    for (uint32_t i = 0; i < model.n_functions; i++) {
        put_function(&o, &model.functions[i]);
    }
    return o.n <= max ? o.n : 0;
}

/* ---- instructions */

static uint32_t any_name(void) {
    if (!model.linked) {
        return below(model.n_qstr + (one_in(60) ? 1 : 0));
    }
    return one_in(2) && model.n_qstr > 0 ? XV_OPERAND_TABLE | below(model.n_qstr) : below(400);
}

static uint32_t any_count(void) {
    return one_in(40) ? below(300) : below(5);
}

static uint32_t any_local(const struct function *f) {
    /* Those that are in use: others take room from the stack. */
    uint32_t n = f->n_pos + f->n_kwonly;
    for (uint32_t i = 0; i < f->code.n; i++) {
        const struct instr *ins = &model.instrs[f->code.first + i];
        bool implied = ins->op >= XV_OP_LOAD_FAST_MULTI && ins->op <= XV_OP_STORE_FAST_MULTI_LAST;
        if ((implied || xv_op_table[ins->op].operand == XV_OPERAND_LOCAL) && ins->arg >= n && ins->arg < f->n_state) {
            n = ins->arg + 1;
        }
    }
    return below(n + (n == 0 || one_in(60) ? 1 : 0));
}

/* An operand that fits the opcode, nearly always. */
static void choose_operand(const struct function *f, struct instr *ins) {
    switch ((enum xv_operand)xv_op_table[ins->op].operand) {
    case XV_OPERAND_NAME:
    case XV_OPERAND_QSTR:
        ins->arg = any_name();
        break;
    case XV_OPERAND_UINT:
        ins->arg = any_count();
        if (ins->op == XV_OP_BUILD_SLICE) {
            ins->arg = 2 + below(2);
        } else if (ins->op == XV_OP_STORE_COMP) {
            ins->arg = (1 + below(8)) << 2 | below(3);
        } else if (ins->op == XV_OP_UNPACK_EX || (ins->op >= XV_OP_CALL_FUNCTION && ins->op <= XV_OP_CALL_METHOD_VAR_KW)) {
            ins->arg = below(3) | (one_in(3) ? below(3) << 8 : 0);
        }
        break;
    case XV_OPERAND_OBJ:
        ins->arg = below(model.n_obj + (one_in(60) ? 1 : 0));
        break;
    case XV_OPERAND_LOCAL:
        ins->arg = any_local(f);
        break;
    case XV_OPERAND_CHILD:
    case XV_OPERAND_CHILD_BYTE:
        ins->arg = below(f->n_children + (one_in(60) ? 1 : 0));
        ins->extra = (uint8_t)(1 + below(3));
        break;
    case XV_OPERAND_SINT:
        ins->value = one_in(2) ? (int64_t)below(100) - 50
                               : (int64_t)((uint64_t)fuzz_random(rng) << 32 | fuzz_random(rng)) >> (1 + below(60));
        break;
    case XV_OPERAND_UJUMP:
    case XV_OPERAND_SJUMP:
    case XV_OPERAND_SJUMP_BYTE:
        ins->target = below(f->code.n);
        ins->extra = (uint8_t)(below(4) | (one_in(4) ? 0x80 : 0));
        break;
    case XV_OPERAND_IMPLIED:
        if (ins->op >= XV_OP_LOAD_FAST_MULTI && ins->op <= XV_OP_STORE_FAST_MULTI_LAST) {
            ins->arg = any_local(f) & 15;
            ins->op = (uint8_t)((ins->op & 0xf0) | ins->arg);
        }
        break;
    case XV_OPERAND_UNUSED:
    case XV_OPERAND_NONE:
        break;
    }
}

static uint8_t any_op(void) {
    for (;;) {
        uint8_t op = (uint8_t)fuzz_random(rng);
        enum xv_operand kind = (enum xv_operand)xv_op_table[op].operand;
        if (kind != XV_OPERAND_UNUSED &&
            kind != (model.linked ? XV_OPERAND_QSTR : XV_OPERAND_NAME)) {
            return op;
        }
        if (one_in(500)) {
            return op;
        }
    }
}

static struct instr any_instr(const struct function *f) {
    struct instr ins = {.op = any_op()};
    choose_operand(f, &ins);
    return ins;
}

static void effect(const struct instr *ins, uint32_t *pops, uint32_t *pushes) {
    struct xv_instr decoded = {.op = ins->op, .extra = ins->extra, .arg = ins->arg};
    xv_instr_effect(&decoded, pops, pushes);
}

static bool jumps(const struct instr *ins) {
    return xv_op_table[ins->op].operand >= XV_OPERAND_UJUMP;
}

/* Another instruction that does the same to the stack; not a jump. */
static struct instr similar(const struct function *f, const struct instr *to) {
    uint32_t pops, pushes, its_pops, its_pushes;
    effect(to, &pops, &pushes);
    for (unsigned i = 0; i < 400; i++) {
        struct instr ins = any_instr(f);
        effect(&ins, &its_pops, &its_pushes);
        if (!jumps(&ins) && its_pops == pops && its_pushes == pushes) {
            return ins;
        }
    }
    return *to;
}

/* Makes room for `n` instructions at number `at` of function f; they are copies of what stood there. */
static bool open_gap(struct function *f, uint32_t at, uint32_t n) {
    if (n > MAX_INSTRS - model.n_instrs) {
        return false;
    }
    struct instr *from = &model.instrs[f->code.first + at];
    memmove(from + n, from, (model.n_instrs - f->code.first - at) * sizeof *from);
    model.n_instrs += n;
    for (uint32_t i = 0; i < model.n_functions; i++) {
        if (model.functions[i].code.first > f->code.first) {
            model.functions[i].code.first += n;
        }
    }
    f->code.n += n;
    uint32_t moves = one_in(2) ? at : at + 1; /* whether jumps to `at` go on to what stood there */
    for (uint32_t i = 0; i < f->code.n; i++) {
        struct instr *ins = &model.instrs[f->code.first + i];
        if (ins->target >= moves) {
            ins->target += n;
        }
    }
    return true;
}

static void take_out(struct function *f, uint32_t at) {
    if (f->code.n < 2) {
        return;
    }
    struct instr *gone = &model.instrs[f->code.first + at];
    memmove(gone, gone + 1, (model.n_instrs - f->code.first - at - 1) * sizeof *gone);
    model.n_instrs--;
    for (uint32_t i = 0; i < model.n_functions; i++) {
        if (model.functions[i].code.first > f->code.first) {
            model.functions[i].code.first--;
        }
    }
    f->code.n--;
    for (uint32_t i = 0; i < f->code.n; i++) {
        struct instr *ins = &model.instrs[f->code.first + i];
        if (ins->target > at || ins->target == f->code.n) {
            ins->target--;
        }
    }
}

/* Puts in some instructions that leave the stack as deep as it was. */
static void insert_balanced(struct function *f, uint32_t at) {
    struct instr row[16];
    uint32_t n = 0, depth = 0, deepest = 0;
    uint32_t length = 2 + below(8);
    for (unsigned tries = 0; tries < 600 && n < sizeof row / sizeof *row; tries++) {
        uint32_t pops, pushes;
        struct instr ins = any_instr(f);
        if (one_in(30)) {
            ins = (struct instr){.op = XV_OP_LOAD_NULL};
        } else if (one_in(8) && model.n_instrs > 0) {
            ins = model.instrs[below(model.n_instrs)];
        }
        effect(&ins, &pops, &pushes);
        if (jumps(&ins) || !xv_op_falls_through(ins.op) || pops > depth || depth - pops + pushes > 12) {
            continue;
        }
        bool special = ins.op == XV_OP_LOAD_NULL || ins.op == XV_OP_GET_ITER_STACK || ins.op == XV_OP_LOAD_METHOD ||
                       ins.op == XV_OP_LOAD_METHOD_VIA_TABLE || ins.op == XV_OP_LOAD_SUPER_METHOD ||
                       ins.op == XV_OP_LOAD_SUPER_METHOD_VIA_TABLE;
        if (special && !one_in(8)) {
            continue; /* hardly anything may take what they push */
        }
        if (n + depth >= length && pushes >= pops) {
            continue; /* it is time to come down again */
        }
        row[n++] = ins;
        depth = depth - pops + pushes;
        deepest = depth > deepest ? depth : deepest;
        if (depth == 0 && n >= length) {
            break;
        }
    }
    while (depth > 0 && n < sizeof row / sizeof *row) {
        row[n++] = (struct instr){.op = XV_OP_POP_TOP};
        depth--;
    }
    if (open_gap(f, at, n)) {
        memcpy(&model.instrs[f->code.first + at], row, n * sizeof *row);
        f->n_state += one_in(8) ? 0 : deepest;
    }
}

/* Puts in a copy of some instructions from anywhere. */
static void splice(struct function *f, uint32_t at) {
    static struct instr row[24];
    const struct function *other = &model.functions[below(model.n_functions)];
    uint32_t from = below(other->code.n), n = 1 + below(24);
    n = n < other->code.n - from ? n : other->code.n - from;
    memcpy(row, &model.instrs[other->code.first + from], n * sizeof *row);
    if (!open_gap(f, at, n)) {
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        bool inside = row[i].target >= from && row[i].target < from + n;
        row[i].target = inside ? at + row[i].target - from : below(f->code.n);
        model.instrs[f->code.first + at + i] = row[i];
    }
    f->n_state += below(4);
}

static void mutate_code(struct function *f) {
    uint32_t at = below(f->code.n);
    struct instr *ins = &model.instrs[f->code.first + at];
    switch (below(14)) {
    case 0:
    case 1:
    case 2: {
        struct instr other = similar(f, ins);
        other.target = ins->target;
        *ins = other;
        f->n_state += below(2);
        break;
    }
    case 3:
    case 4:
        choose_operand(f, ins);
        break;
    case 5: {
        struct instr other = any_instr(f);
        *ins = other;
        break;
    }
    case 6:
    case 7:
    case 8:
        insert_balanced(f, at);
        break;
    case 9:
        take_out(f, at);
        break;
    case 10:
        if (open_gap(f, at, 1)) {
            struct instr other = any_instr(f);
            model.instrs[f->code.first + at] = other;
        }
        break;
    case 11:
        if (at + 1 < f->code.n) {
            struct instr second = ins[1];
            ins[1] = ins[0];
            ins[0] = second;
        }
        break;
    case 12:
        splice(f, at);
        break;
    default:
        /* One that pushes a value pushes none, and the like. */
        if (one_in(2)) {
            ins->extra = (uint8_t)(ins->extra ^ 1u << below(8));
        } else {
            uint32_t pops, pushes;
            effect(ins, &pops, &pushes);
            if (one_in(4) && pops == 0 && pushes == 1 && !jumps(ins)) {
                *ins = (struct instr){.op = XV_OP_LOAD_NULL, .target = ins->target};
            }
        }
        break;
    }
}

/* ---- all else */

static void mutate_prelude(struct function *f) {
    if (f == model.functions && !one_in(20)) {
        f = &model.functions[below(model.n_functions)]; /* the outer one may have next to nothing */
    }
    uint32_t *fields[] = {&f->n_state, &f->n_exc, &f->n_pos, &f->n_kwonly, &f->n_def, &f->flags};
    uint32_t *field = fields[below(6)];
    uint32_t change = 1 + below(2);
    if (field == &f->flags) {
        *field ^= 1u << below(one_in(10) ? 6 : 4);
    } else if (one_in(20)) {
        *field = below(1u << below(17));
    } else if (one_in(2)) {
        *field += change;
    } else if (*field >= change) {
        *field -= change;
    }
    if (f->n_state == 0) {
        f->n_state = 1;
    }
    /* As many names as arguments. */
    uint32_t want = 1 + f->n_pos + f->n_kwonly;
    if (want <= f->names.n) {
        f->names.n = want;
    } else if (want < 200 && want <= MAX_NAMES - model.n_names) {
        uint32_t first = model.n_names;
        for (uint32_t i = 0; i < want; i++) {
            model.names[model.n_names++] = i < f->names.n ? model.names[f->names.first + i] : any_name();
        }
        f->names = (struct slice){first, want};
    }
}

static void mutate_cells(struct function *f) {
    if (f == model.functions && !one_in(20)) {
        return;
    }
    uint8_t cells[40];
    uint32_t n = f->cells.n < 32 ? f->cells.n : 32;
    memcpy(cells, model.bytes + f->cells.first, n);
    if (n > 0 && one_in(3)) {
        n--;
    } else if (n > 0 && one_in(2)) {
        cells[below(n)] = (uint8_t)below(f->n_state);
    } else {
        cells[n++] = (uint8_t)below(f->n_state);
    }
    keep_bytes(&f->cells, cells, cells + n);
}

static void mutate_slice(struct slice s) {
    if (s.n > 0) {
        uint8_t *byte = &model.bytes[s.first + below(s.n)];
        uint8_t flipped = (uint8_t)(*byte ^ (uint8_t)(1u << below(8)));
        *byte = one_in(2) ? flipped : (uint8_t)fuzz_random(rng);
    }
}

/* Replaces constant `which` by another. */
static void replace_object(void) {
    static const struct {
        uint8_t n, bytes[24];
    } objects[] = {
        {1, {XV_TAG_NONE}},
        {1, {XV_TAG_TRUE}},
        {1, {XV_TAG_ELLIPSIS}},
        {3, {XV_TAG_STR, 0, 0}},
        {5, {XV_TAG_STR, 2, 0xc3, 0xa9, 0}},
        {4, {XV_TAG_BYTES, 1, 0xff, 0}},
        {22, {XV_TAG_INT, 20, '1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '0'}},
        {4, {XV_TAG_INT, 2, '-', '1'}},
        {5, {XV_TAG_FLOAT, 3, 'n', 'a', 'n'}},
        {7, {XV_TAG_FLOAT, 5, '1', 'e', '4', '0', '0'}},
        {4, {XV_TAG_COMPLEX, 2, '3', 'j'}},
        {2, {XV_TAG_TUPLE, 0}},
        {6, {XV_TAG_TUPLE, 3, XV_TAG_TRUE, XV_TAG_TUPLE, 0, XV_TAG_NONE}},
    };
    uint32_t which = below(model.n_obj + 1), chosen = below(sizeof objects / sizeof *objects);
    const uint8_t *from = model.bytes + model.objs.first, *p = from, *end = from + model.objs.n;
    struct xv_const object;
    static uint8_t made[MAX_BYTES];
    uint32_t n = 0;
    for (uint32_t i = 0; i < which && i < model.n_obj; i++) {
        p = xv_next_object(p, &object);
    }
    memcpy(made, from, (size_t)(p - from));
    n = (uint32_t)(p - from);
    memcpy(made + n, objects[chosen].bytes, objects[chosen].n);
    n += objects[chosen].n;
    if (which < model.n_obj) {
        p = xv_next_object(p, &object);
    } else {
        model.n_obj++;
    }
    if (n + (uint32_t)(end - p) <= sizeof made) {
        memcpy(made + n, p, (size_t)(end - p));
        n += (uint32_t)(end - p);
        struct slice moved;
        if (keep_bytes(&moved, made, made + n)) {
            model.objs = moved;
        }
    }
}

static void add_name(void) {
    static const char *const texts[] = {"__init__", "__next__", "__iter__", "__getattr__", "__del__", "__exit__", "__hash__",
                                        "__eq__",   "send",     "throw",    "close",       "append",  "host",     "__getitem__",
                                        "__new__",  "__class__", "__name__", "__dict__", "micropython", "builtins"};
    uint8_t entry[40];
    const char *text = texts[below(sizeof texts / sizeof *texts)];
    size_t len = strlen(text), n = 0;
    if (!model.linked && one_in(2)) {
        struct out o = {entry, 0, sizeof entry};
        put_uint(&o, (1 + below(XV_STATIC_NAMES)) << 1 | 1);
        n = o.n;
    } else {
        entry[0] = (uint8_t)(len << 1);
        memcpy(entry + 1, text, len + 1);
        n = len + 2;
    }
    static uint8_t made[MAX_BYTES];
    if (model.qstrs.n + n <= sizeof made) {
        struct slice moved;
        memcpy(made, model.bytes + model.qstrs.first, model.qstrs.n);
        memcpy(made + model.qstrs.n, entry, n);
        if (keep_bytes(&moved, made, made + model.qstrs.n + n)) {
            model.qstrs = moved;
            model.n_qstr++;
        }
    }
}

static void mutate_tree(struct function *f) {
    switch (below(3)) {
    case 0:
        f->n_children += one_in(2) ? 1 : (uint32_t)-1;
        f->n_children &= 0xff;
        break;
    case 1: {
        struct function *other = &model.functions[below(model.n_functions)];
        struct slice code = f->code;
        f->code = other->code;
        other->code = code;
        break;
    }
    default: {
        struct function *other = &model.functions[below(model.n_functions)];
        struct function copy = *f;
        uint32_t mine = f->n_children, its = other->n_children;
        *f = *other;
        *other = copy;
        f->n_children = mine;
        other->n_children = its;
        break;
    }
    }
}

static void mutate_model(void) {
    /* Larger functions are chosen more often. */
    struct function *f = &model.functions[below(model.n_functions)];
    if (one_in(2) && model.n_instrs > 0) {
        uint32_t number = below(model.n_instrs);
        for (uint32_t i = 0; i < model.n_functions; i++) {
            if (number - model.functions[i].code.first < model.functions[i].code.n) {
                f = &model.functions[i];
            }
        }
    }
    uint32_t what = below(20);
    if (what < 13) {
        mutate_code(f);
    } else if (what < 15) {
        mutate_prelude(f);
    } else if (what == 15) {
        mutate_cells(f);
    } else if (what == 16) {
        if (one_in(2)) {
            mutate_slice(f->lines);
        } else if (f->names.n > 0) {
            model.names[f->names.first + below(f->names.n)] = any_name();
        }
    } else if (what == 17) {
        if (one_in(3)) {
            mutate_slice(model.qstrs);
        } else {
            add_name();
        }
    } else if (what == 18) {
        if (model.objs_broken || one_in(3)) {
            mutate_slice(model.objs);
            model.objs_broken = true;
        } else {
            replace_object();
        }
    } else {
        mutate_tree(f);
    }
}

/* ---- bytes */

size_t mutate_bytes(uint8_t *data, size_t size, size_t max, uint64_t *random) {
    rng = random;
    if (size == 0) {
        return 0;
    }
    uint32_t at = below((uint32_t)size), n = 1 + below(16);
    switch (below(6)) {
    case 0:
    case 1:
        data[at] = (uint8_t)(data[at] ^ 1u << below(8));
        break;
    case 2:
        data[at] = (uint8_t)fuzz_random(rng);
        break;
    case 3: /* cut off */
        size = one_in(4) ? at : size - (n < size ? n : 0);
        break;
    case 4: /* take out */
        n = n < size - at ? n : (uint32_t)size - at;
        memmove(data + at, data + at + n, size - at - n);
        size -= n;
        break;
    default: /* double */
        n = n < size - at ? n : (uint32_t)size - at;
        if (size + n <= max) {
            memmove(data + at + n, data + at, size - at);
            size += n;
        }
        break;
    }
    return size;
}

size_t mutate(uint8_t *data, size_t size, size_t max, uint64_t *random) {
    uint8_t tail[FUZZ_OPTIONS] = {0};
    size_t blob = size;
    rng = random;
    bool apart = take_apart(data, size);
    if (!apart && size > FUZZ_OPTIONS) {
        blob = size - FUZZ_OPTIONS;
        memcpy(tail, data + blob, FUZZ_OPTIONS);
        apart = take_apart(data, blob);
    }
    if (!apart || one_in(12)) {
        return mutate_bytes(data, size, max, random);
    }
    if (blob < size && one_in(12)) {
        data[blob + below(FUZZ_OPTIONS)] = (uint8_t)fuzz_random(rng);
        return size;
    }
    for (unsigned n = 1 + below(3); n > 0; n--) {
        mutate_model();
    }
    static uint8_t made[1 << 17];
    size_t n = put_together(made, sizeof made);
    if (n == 0 || n + (size - blob) > max) {
        return mutate_bytes(data, size, max, random);
    }
    memcpy(data, made, n);
    if (blob < size) {
        memcpy(data + n, tail, FUZZ_OPTIONS);
    }
    return n + (size - blob);
}
