/*
 * The verifier. Each function is walked twice in address order. Scan A decodes every instruction, checks
 * what needs no context, and collects the targets of backward jumps. Scan B walks again with the abstract
 * state (stack depth, innermost open exception block): the format's compilers emit code in which this state
 * at an address follows from what stands before it, so no fixpoint is needed and time is linear.
 *
 * Relies on xv_blob_open() having accepted the blob. Everything that grows with a function lives in the
 * caller's scratch memory, and what does not fit there is refused.
 */
#include "blob/verifier.h"

#include "blob/check.h"
#include "blob/opcodes.h"

enum block_kind { BLOCK_WITH, BLOCK_EXCEPT, BLOCK_FINALLY, BLOCK_ASYNC };

/* An open exception block. A block is known by its serial: how many SETUP_* of the function were met
 * before it, plus one. Serial 0 stands for no block. */
struct block {
    uint32_t handler;
    uint16_t base; /* the stack depth to which its handler returns */
    uint16_t serial;
    uint16_t special; /* the special slots when it was opened */
    uint8_t kind; /* enum block_kind */
};

/* A slot of the stack that need not hold an object, or four that are an iterator's. Those of one state are a list
 * from the topmost down, in which a list of fewer is a tail; so states share them, and one that changes changes no
 * other. Number 0 is no slot. */
enum special_kind {
    SPECIAL_NULL,     /* of LOAD_NULL */
    SPECIAL_SELF,     /* of LOAD_METHOD: an object or NULL */
    SPECIAL_ITERATOR, /* four slots */
    SPECIAL_BROKEN    /* what is left of an iterator of which slots were popped; counts as four slots still */
};
struct special {
    uint16_t at; /* the depth below it */
    uint8_t kind; /* enum special_kind */
    uint16_t below;
};
/* More are never wanted: it bounds the time that an instruction takes. */
#define MAX_SPECIALS 1024u

/* What a forward jump, or a SETUP_* for its handler, will bring to an address ahead. */
struct label {
    uint32_t at;
    uint16_t depth; /* or IS_HANDLER */
    uint16_t block; /* serial */
    uint16_t special;
};
#define IS_HANDLER 0xffffu

/* A target of backward jumps. */
struct loop {
    uint32_t at;
    uint32_t last;  /* the last address that jumps there */
    uint16_t depth; /* the state found there, or UNKNOWN */
    uint16_t block; /* serial */
    uint16_t special;
};
#define UNKNOWN 0xffffu

/* The scratch memory; loops, labels and special slots share what lies behind it. */
struct scratch {
    struct block blocks[XV_VERIFIER_BLOCKS]; /* those open now, from the outermost */
    struct xv_tree tree;
    uint8_t cells[32]; /* a bit for each local that is a cell */
};

struct verifier {
    const struct xv_blob *blob;
    struct xv_blob_fault fault;
    struct scratch *scratch;
    struct loop *loops;
    struct label *labels; /* sorted by address */
    struct special *specials; /* from number 1 on */
    uint32_t max_loops, max_labels, max_specials;

    /* the function */
    const uint8_t *code;
    uint32_t size;
    struct xv_raw raw;
    struct xv_prelude prelude;
    uint32_t n_locals;
    uint32_t next_child; /* the smallest that may be made next */
    uint32_t n_loops, n_labels;
    uint64_t patience; /* how many loops may still be looked at (PATIENCE) */

    /* scan B */
    bool reachable;
    uint32_t depth;
    uint16_t special;    /* the topmost special slot */
    uint32_t level;     /* open blocks; the innermost is blocks[level - 1] */
    uint32_t valid;     /* how many of `blocks` are not older than a block put below them */
    uint16_t serial;    /* of the latest block */
    uint32_t next_loop; /* the first of `loops` not yet met */
    uint8_t prev_op;    /* the instruction before this one; 0, which is no opcode, if none counts */
    int64_t prev_value;
    bool has_guess; /* it was a reachable JUMP to guess_target, with this state */
    uint32_t guess_target, guess_depth, guess_level;
    uint16_t guess_special;
    uint32_t way_out; /* the JUMP that leaves the body of an async with */
};

/* Faults are given by address in the function's bytecode, and kept by distance from its beginning. */
static bool fail(struct verifier *v, enum xipvm_blob_error code, uint32_t pc) {
    v->fault.code = code;
    v->fault.offset = (uint32_t)(v->code - v->raw.fun) + pc;
    return false;
}

/* For each special slot the verifier looks at all loops so far: at so many for each byte of a function, or it is
 * refused. (How many loops and labels there are between a jump and its target is bounded by how far jumps reach.) */
#define PATIENCE 1024u

/* ---- scan A ---- */

/* Adds a backward jump from `source`. Compilers make few per function, so insertion into a sorted table
 * does. */
static bool add_loop(struct verifier *v, uint32_t target, uint32_t source) {
    uint32_t i = v->n_loops;
    while (i > 0 && v->loops[i - 1].at >= target) {
        i--;
    }
    if (i < v->n_loops && v->loops[i].at == target) {
        v->loops[i].last = source;
        return true;
    }
    if (v->n_loops == v->max_loops) {
        return fail(v, XIPVM_BLOB_TOO_MANY_LOOPS, source);
    }
    for (uint32_t j = v->n_loops; j > i; j--) {
        v->loops[j] = v->loops[j - 1];
    }
    v->loops[i] = (struct loop){.at = target, .last = source, .depth = UNKNOWN};
    v->n_loops++;
    return true;
}

static struct loop *find_loop(const struct verifier *v, uint32_t at) {
    uint32_t low = 0, high = v->n_loops;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (v->loops[mid].at < at) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    return low < v->n_loops && v->loops[low].at == at ? &v->loops[low] : NULL;
}

static bool is_cell(const struct verifier *v, uint32_t local) {
    return local < 256 && (v->scratch->cells[local / 8] & 1u << local % 8) != 0;
}

static bool check_local(struct verifier *v, const struct xv_instr *ins) {
    uint8_t op = ins->op;
    if (ins->arg >= v->prelude.n_state) {
        return fail(v, XIPVM_BLOB_LOCAL_INDEX, ins->pc);
    }
    if (ins->arg >= v->n_locals) {
        v->n_locals = ins->arg + 1;
    }
    bool deref = op == XV_OP_LOAD_DEREF || op == XV_OP_STORE_DEREF || op == XV_OP_DELETE_DEREF;
    bool load = op == XV_OP_LOAD_FAST_N || (op >= XV_OP_LOAD_FAST_MULTI && op <= XV_OP_LOAD_FAST_MULTI_LAST);
    if (deref && !is_cell(v, ins->arg)) {
        return fail(v, XIPVM_BLOB_NOT_A_CELL, ins->pc);
    }
    if (!deref && !load && is_cell(v, ins->arg)) {
        return fail(v, XIPVM_BLOB_IS_A_CELL, ins->pc);
    }
    return true;
}

/* MAKE_*: children are made in order. What the child itself must be is checked when it is its turn. */
static bool check_make(struct verifier *v, const struct xv_instr *ins) {
    if (ins->arg >= v->raw.n_children) {
        return fail(v, XIPVM_BLOB_CHILD_INDEX, ins->pc);
    }
    if (ins->arg < v->next_child) {
        return fail(v, XIPVM_BLOB_CHILD_ORDER, ins->pc);
    }
    v->next_child = ins->arg + 1;
    if (ins->operand == XV_OPERAND_CHILD_BYTE && ins->extra == 0) {
        return fail(v, XIPVM_BLOB_EMPTY_CLOSURE, ins->pc);
    }
    return true;
}

/* The rules about single opcodes. */
static bool check_special(struct verifier *v, const struct xv_instr *ins) {
    switch (ins->op) {
    case XV_OP_BUILD_SLICE:
        return ins->arg == 2 || ins->arg == 3 ? true : fail(v, XIPVM_BLOB_SLICE_SIZE, ins->pc);
    case XV_OP_STORE_COMP:
        return (ins->arg & 3u) != 3 ? true : fail(v, XIPVM_BLOB_COMP_KIND, ins->pc);
    case XV_OP_UNPACK_EX:
    case XV_OP_CALL_FUNCTION:
    case XV_OP_CALL_FUNCTION_VAR_KW:
    case XV_OP_CALL_METHOD:
    case XV_OP_CALL_METHOD_VAR_KW:
        return ins->arg <= 0xffff ? true : fail(v, XIPVM_BLOB_CALL_OPERAND, ins->pc);
    case XV_OP_YIELD_VALUE:
    case XV_OP_YIELD_FROM:
        return v->prelude.flags & XV_FLAG_GENERATOR ? true : fail(v, XIPVM_BLOB_YIELD, ins->pc);
    default:
        return true;
    }
}

static bool check_operand(struct verifier *v, const struct xv_instr *ins) {
    switch ((enum xv_operand)ins->operand) {
    case XV_OPERAND_NAME:
    case XV_OPERAND_QSTR:
        if (v->blob->linked != (ins->operand == XV_OPERAND_NAME)) {
            return fail(v, XIPVM_BLOB_OPCODE, ins->pc);
        }
        return xv_operand_exists(v->blob, ins->arg) ? true : fail(v, XIPVM_BLOB_QSTR_INDEX, ins->pc);
    case XV_OPERAND_OBJ:
        return ins->arg < v->blob->n_obj ? true : fail(v, XIPVM_BLOB_OBJECT_INDEX, ins->pc);
    case XV_OPERAND_SINT: {
        int64_t max = INT64_MAX >> (64 - v->blob->small_int_bits);
        return ins->value <= max && ins->value >= -max - 1 ? true
                                                           : fail(v, XIPVM_BLOB_SMALL_INT_RANGE, ins->pc);
    }
    case XV_OPERAND_LOCAL:
        return check_local(v, ins);
    case XV_OPERAND_IMPLIED:
        if (ins->op >= XV_OP_LOAD_FAST_MULTI && ins->op <= XV_OP_STORE_FAST_MULTI_LAST) {
            return check_local(v, ins);
        }
        return true;
    case XV_OPERAND_CHILD:
    case XV_OPERAND_CHILD_BYTE:
        return check_make(v, ins);
    case XV_OPERAND_UJUMP:
    case XV_OPERAND_SJUMP:
    case XV_OPERAND_SJUMP_BYTE:
        if (ins->target < 0 || ins->target >= v->size) {
            return fail(v, XIPVM_BLOB_JUMP_OUT, ins->pc);
        }
        return ins->target <= ins->pc ? add_loop(v, (uint32_t)ins->target, ins->pc) : true;
    case XV_OPERAND_UNUSED:
    case XV_OPERAND_NONE:
    case XV_OPERAND_UINT:
        break;
    }
    return true;
}

/* n_closed: how many cells the MAKE_CLOSURE of this function binds. */
static void collect_cells(struct verifier *v, uint32_t n_closed) {
    const struct xv_prelude *p = &v->prelude;
    uint8_t *cells = v->scratch->cells;
    v->n_locals = p->n_pos + p->n_kwonly + (p->flags & XV_FLAG_VARARGS ? 1u : 0u) +
                  (p->flags & XV_FLAG_VARKW ? 1u : 0u);
    for (uint32_t i = 0; i < sizeof v->scratch->cells; i++) {
        cells[i] = 0;
    }
    for (uint32_t i = 0; i < n_closed; i++) {
        cells[i / 8] = (uint8_t)(cells[i / 8] | 1u << i % 8);
    }
    for (uint32_t i = 0; i < p->n_cells; i++) {
        uint32_t n = p->cells[i];
        cells[n / 8] = (uint8_t)(cells[n / 8] | 1u << n % 8);
        if (n >= v->n_locals) {
            v->n_locals = n + 1;
        }
    }
}

static bool scan_a(struct verifier *v) {
    v->next_child = 0;
    v->n_loops = 0;
    for (uint32_t pc = 0; pc < v->size;) {
        struct xv_instr ins;
        enum xipvm_blob_error code = xv_instr_decode(v->code, v->size, pc, &ins);
        if (code != XIPVM_BLOB_OK) {
            return fail(v, code, pc);
        }
        if (!check_operand(v, &ins) || !check_special(v, &ins)) {
            return false;
        }
        pc = ins.next;
    }
    return true;
}

/* ---- scan B: states ---- */

static struct block *block_at(const struct verifier *v, uint32_t level) {
    return &v->scratch->blocks[level - 1];
}

static uint16_t serial_of(const struct verifier *v, uint32_t level) {
    return level > 0 ? block_at(v, level)->serial : 0;
}

/* ---- scan B: slots that need not hold an object
 *
 * NULL is no object, the slots of an iterator are FOR_ITER's own business, and no instruction may use either as an
 * operand but those that are made for them. */

static struct special *special_at(const struct verifier *v, uint16_t number) {
    return &v->specials[number - 1];
}

/* The depth above a special slot. */
static uint32_t special_end(const struct special *s) {
    return s->at + (s->kind >= SPECIAL_ITERATOR ? 4u : 1u);
}

static void keep_special(uint32_t *most, uint16_t number) {
    *most = number > *most ? number : *most;
}

/* The greatest number in use, by this list or any state that is kept. Each slot's number is greater than those below it. */
static uint32_t last_special(const struct verifier *v, uint16_t list, uint32_t pc) {
    uint32_t most = list;
    keep_special(&most, v->special);
    for (uint32_t i = 0; i < v->n_labels; i++) {
        keep_special(&most, v->labels[i].special);
    }
    for (uint32_t i = 0; i < v->next_loop; i++) {
        if (v->loops[i].last >= pc) {
            keep_special(&most, v->loops[i].special);
        }
    }
    for (uint32_t i = 0; i < v->valid; i++) {
        keep_special(&most, v->scratch->blocks[i].special);
    }
    return most;
}

static bool push_special(struct verifier *v, uint16_t *list, uint32_t at, enum special_kind kind, uint32_t pc) {
    if (v->next_loop > v->patience) {
        return fail(v, XIPVM_BLOB_TOO_TANGLED, pc);
    }
    v->patience -= v->next_loop;
    uint32_t n = last_special(v, *list, pc);
    if (n == v->max_specials) {
        return fail(v, XIPVM_BLOB_TOO_MANY_SPECIALS, pc);
    }
    v->specials[n] = (struct special){.at = (uint16_t)at, .kind = (uint8_t)kind, .below = *list};
    *list = (uint16_t)(n + 1);
    return true;
}

/* Leaves of a list what begins below `depth`. */
static void drop_specials(const struct verifier *v, uint16_t *list, uint32_t depth) {
    while (*list != 0 && special_at(v, *list)->at >= depth) {
        *list = special_at(v, *list)->below;
    }
}

/* Leaves of a list what lies below `depth`. */
static bool cut_specials(struct verifier *v, uint16_t *list, uint32_t depth, uint32_t pc) {
    drop_specials(v, list, depth);
    if (*list != 0 && special_at(v, *list)->kind == SPECIAL_ITERATOR && special_end(special_at(v, *list)) > depth) {
        uint32_t at = special_at(v, *list)->at;
        *list = special_at(v, *list)->below;
        return push_special(v, list, at, SPECIAL_BROKEN, pc);
    }
    return true;
}

static bool same_specials(const struct verifier *v, uint16_t a, uint16_t b) {
    while (a != b) {
        if (a == 0 || b == 0 || special_at(v, a)->at != special_at(v, b)->at ||
            special_at(v, a)->kind != special_at(v, b)->kind) {
            return false;
        }
        a = special_at(v, a)->below;
        b = special_at(v, b)->below;
    }
    return true;
}

/* True if argument `i` of a call is a key, which is NULL for a **. */
static bool is_key(uint32_t i, uint32_t n_pos, uint32_t n_kw) {
    return i >= n_pos && i < n_pos + 2 * n_kw && (i - n_pos) % 2 == 0;
}

/* Whether operand i (the lowest is 0) of an instruction may be NULL; or, for the object that a method is called on,
 * special. */
static bool takes_special(const struct xv_instr *ins, uint32_t i, enum special_kind kind) {
    uint32_t n_pos = ins->arg & 255u, n_kw = ins->arg >> 8 & 255u;
    bool null = kind == SPECIAL_NULL;
    switch (ins->op) {
    case XV_OP_POP_TOP:
        return true;
    case XV_OP_ROT_TWO:
    case XV_OP_ROT_THREE:
        return null;
    case XV_OP_STORE_ATTR:
    case XV_OP_STORE_ATTR_VIA_TABLE:
    case XV_OP_STORE_SUBSCR:
        return null && i == 0;
    case XV_OP_MAKE_FUNCTION_DEFARGS:
    case XV_OP_MAKE_CLOSURE_DEFARGS:
        return null && i < 2;
    case XV_OP_CALL_METHOD:
        return i == 1 && kind <= SPECIAL_SELF;
    case XV_OP_CALL_METHOD_VAR_KW:
        return i == 1 ? kind <= SPECIAL_SELF : null && is_key(i - 2, n_pos, n_kw);
    case XV_OP_CALL_FUNCTION_VAR_KW:
        return null && is_key(i - 1, n_pos, n_kw);
    default:
        return false;
    }
}

/* The operands are the slots from `from` on. */
static bool check_specials(struct verifier *v, const struct xv_instr *ins, uint32_t from) {
    for (uint16_t s = v->special; s != 0 && special_end(special_at(v, s)) > from; s = special_at(v, s)->below) {
        const struct special *slot = special_at(v, s);
        if (!takes_special(ins, slot->at - from, (enum special_kind)slot->kind)) {
            return fail(v, XIPVM_BLOB_SPECIAL_SLOT, ins->pc);
        }
    }
    return true;
}

/* The container of a STORE_COMP, which lies below its operands. */
static bool check_container(struct verifier *v, const struct xv_instr *ins) {
    uint32_t at = v->depth - 1 - (ins->arg >> 2);
    for (uint16_t s = v->special; s != 0 && special_end(special_at(v, s)) > at; s = special_at(v, s)->below) {
        if (special_at(v, s)->at <= at) {
            return fail(v, XIPVM_BLOB_SPECIAL_SLOT, ins->pc);
        }
    }
    return true;
}

/* FOR_ITER: an iterator in four slots, or the group NULL, object, NULL, NULL that generator expressions make. */
static bool check_iterator(struct verifier *v, const struct xv_instr *ins) {
    static const uint8_t group[] = {3, 2, 0};
    uint32_t at = v->depth - 4;
    uint16_t s = v->special;
    if (s != 0 && special_at(v, s)->at == at && special_at(v, s)->kind == SPECIAL_ITERATOR) {
        return true;
    }
    for (uint32_t i = 0; i < sizeof group; i++) {
        if (s == 0 || special_at(v, s)->at != at + group[i] || special_at(v, s)->kind != SPECIAL_NULL) {
            return fail(v, XIPVM_BLOB_NO_ITERATOR, ins->pc);
        }
        s = special_at(v, s)->below;
    }
    return s == 0 || special_end(special_at(v, s)) <= at ? true : fail(v, XIPVM_BLOB_NO_ITERATOR, ins->pc);
}

/* What the instruction leaves of the operands, the slots from `from` on, and pushes. */
static bool apply_specials(struct verifier *v, const struct xv_instr *ins, uint32_t from) {
    uint16_t list = v->special;
    uint32_t pc = ins->pc, top = v->depth;
    if (ins->op == XV_OP_ROT_TWO || ins->op == XV_OP_ROT_THREE) {
        uint32_t n = ins->op == XV_OP_ROT_TWO ? 2 : 3, nulls = 0;
        for (; list != 0 && special_at(v, list)->at >= from; list = special_at(v, list)->below) {
            nulls |= 1u << (special_at(v, list)->at - from);
        }
        /* the topmost becomes the lowest */
        nulls = (nulls << 1 | nulls >> (n - 1)) & ((1u << n) - 1);
        for (uint32_t i = 0; i < n; i++) {
            if (nulls >> i & 1u && !push_special(v, &list, from + i, SPECIAL_NULL, pc)) {
                return false;
            }
        }
        v->special = list;
        return true;
    }
    bool good = cut_specials(v, &list, from, pc);
    switch (ins->op) {
    case XV_OP_LOAD_NULL:
        good = good && push_special(v, &list, top, SPECIAL_NULL, pc);
        break;
    case XV_OP_LOAD_METHOD:
    case XV_OP_LOAD_METHOD_VIA_TABLE:
    case XV_OP_LOAD_SUPER_METHOD:
    case XV_OP_LOAD_SUPER_METHOD_VIA_TABLE:
        good = good && push_special(v, &list, from + 1, SPECIAL_SELF, pc);
        break;
    case XV_OP_GET_ITER_STACK:
        good = good && push_special(v, &list, from, SPECIAL_ITERATOR, pc);
        break;
    default:
        break;
    }
    v->special = list;
    return good;
}

/* ---- scan B: going from instruction to instruction */

/* Makes (depth, block) the state. A block that another has since replaced is gone: refused. */
static bool enter(struct verifier *v, uint32_t depth, uint16_t serial, uint32_t pc) {
    uint32_t level = 0;
    if (serial != 0) {
        for (level = v->valid; level > 0 && block_at(v, level)->serial != serial; level--) {
        }
        if (level == 0) {
            return fail(v, XIPVM_BLOB_BLOCK_RESUMED, pc);
        }
    }
    v->reachable = true;
    v->depth = depth;
    v->level = level;
    return true;
}

/* Whether the handler of a block is running at pc. */
static bool is_active(const struct block *b, uint32_t pc) {
    return b->handler <= pc;
}

static bool holds_entry_value(const struct block *b, uint32_t pc) {
    return (b->kind == BLOCK_FINALLY || b->kind == BLOCK_WITH) && is_active(b, pc);
}

/* What lies below may not be popped or moved. */
static uint32_t floor_of(const struct verifier *v, uint32_t level, uint32_t pc) {
    if (level == 0) {
        return 0;
    }
    const struct block *b = block_at(v, level);
    return holds_entry_value(b, pc) ? b->base + 1u : b->base;
}

/* What lies below may not even be copied. */
static uint32_t read_floor_of(const struct verifier *v, uint32_t pc) {
    for (uint32_t level = v->level; level > 0; level--) {
        const struct block *b = block_at(v, level);
        if (holds_entry_value(b, pc)) {
            return b->base + 1u;
        }
    }
    return 0;
}

static bool has_label(const struct verifier *v, uint32_t at) {
    for (uint32_t i = 0; i < v->n_labels; i++) {
        if (v->labels[i].at == at) {
            return true;
        }
    }
    return false;
}

/* The index at which a label for `at` stands or has to be put. */
static uint32_t label_place(const struct verifier *v, uint32_t at) {
    uint32_t i = v->n_labels;
    while (i > 0 && v->labels[i - 1].at >= at) {
        i--;
    }
    return i;
}

static bool put_label(struct verifier *v, uint32_t i, struct label label, uint32_t pc) {
    if (v->n_labels == v->max_labels) {
        return fail(v, XIPVM_BLOB_TOO_MANY_LABELS, pc);
    }
    for (uint32_t j = v->n_labels; j > i; j--) {
        v->labels[j] = v->labels[j - 1];
    }
    v->labels[i] = label;
    v->n_labels++;
    return true;
}

static void drop_first_label(struct verifier *v) {
    v->n_labels--;
    for (uint32_t j = 0; j < v->n_labels; j++) {
        v->labels[j] = v->labels[j + 1];
    }
}

/* The instruction jumps, and arrives with this state. */
static bool jump(struct verifier *v, const struct xv_instr *ins, uint32_t depth, uint32_t level) {
    uint32_t target = (uint32_t)ins->target;
    uint16_t serial = serial_of(v, level);
    uint16_t special = v->special;
    if (!cut_specials(v, &special, depth, ins->pc)) {
        return false;
    }
    if (target <= ins->pc) {
        const struct loop *loop = find_loop(v, target);
        if (loop == NULL || loop->depth == UNKNOWN) {
            return fail(v, XIPVM_BLOB_BACKWARD_UNKNOWN, ins->pc);
        }
        /* A handler that runs does not go back into the body of its own block, where what it was entered with would
         * be a value. */
        bool leaves = level > 0 && is_active(block_at(v, level), ins->pc) && !is_active(block_at(v, level), target);
        bool same = loop->depth == depth && loop->block == serial && same_specials(v, loop->special, special);
        return same && !leaves ? true : fail(v, XIPVM_BLOB_BACKWARD_MISMATCH, ins->pc);
    }
    for (uint32_t up = level; up > 0; up--) {
        const struct block *b = block_at(v, up);
        bool exempt = up == level && ins->pc == v->way_out;
        if (!is_active(b, ins->pc) && target >= b->handler && !exempt) {
            return fail(v, XIPVM_BLOB_JUMP_OVER_HANDLER, ins->pc);
        }
    }
    uint32_t i = label_place(v, target);
    if (i < v->n_labels && v->labels[i].at == target) {
        const struct label *label = &v->labels[i];
        if (label->depth == IS_HANDLER) {
            return fail(v, XIPVM_BLOB_JUMP_TO_HANDLER, ins->pc);
        }
        bool same = label->depth == depth && label->block == serial && same_specials(v, label->special, special);
        return same ? true : fail(v, XIPVM_BLOB_STATE_MISMATCH, ins->pc);
    }
    struct label label = {.at = target, .depth = (uint16_t)depth, .block = serial, .special = special};
    return put_label(v, i, label, ins->pc);
}

/* Goes on with the next instruction in this state, if the frame has room for it. */
static bool go_on(struct verifier *v, uint32_t pc, uint32_t depth, uint32_t level) {
    if (depth > v->prelude.n_state - v->n_locals) {
        return fail(v, XIPVM_BLOB_FRAME_TOO_SMALL, pc);
    }
    v->depth = depth;
    v->level = level;
    return true;
}

/* ---- scan B: async with ---- */

/* The cleanup of an `async with` handles its own entry values, so it is known as a whole. One row for each
 * instruction; `check` is a label defined here, a label jumped to, a name or an operand. */
enum { PLAIN, NAME, OPERAND, TO_RET, TO_END, AT_RET, AT_NOEXC, AT_END };

static const struct {
    uint8_t op;
    uint8_t check;
    uint8_t arg;
} async_cleanup[] = {
    {XV_OP_DUP_TOP, PLAIN, 0},
    {XV_OP_LOAD_GLOBAL_VIA_TABLE, NAME, XV_ASYNC_BASE_EXCEPTION},
    {XV_OP_BINARY_OP_MULTI + XV_BINARY_EXC_MATCH, PLAIN, 0},
    {XV_OP_POP_JUMP_IF_FALSE, TO_RET, 0},
    {XV_OP_DUP_TOP, PLAIN, 0},
    {XV_OP_ROT_THREE, PLAIN, 0},
    {XV_OP_ROT_TWO, PLAIN, 0},
    {XV_OP_LOAD_METHOD_VIA_TABLE, NAME, XV_ASYNC_AEXIT},
    {XV_OP_ROT_THREE, PLAIN, 0},
    {XV_OP_ROT_THREE, PLAIN, 0},
    {XV_OP_DUP_TOP, PLAIN, 0},
    {XV_OP_LOAD_ATTR_VIA_TABLE, NAME, XV_ASYNC_CLASS},
    {XV_OP_ROT_TWO, PLAIN, 0},
    {XV_OP_LOAD_CONST_NONE, PLAIN, 0},
    {XV_OP_CALL_METHOD, OPERAND, 3},
    {XV_OP_GET_ITER, PLAIN, 0},
    {XV_OP_LOAD_CONST_NONE, PLAIN, 0},
    {XV_OP_YIELD_FROM, PLAIN, 0},
    {XV_OP_POP_JUMP_IF_FALSE, TO_END, 0},
    {XV_OP_POP_TOP, PLAIN, 0},
    {XV_OP_LOAD_CONST_NONE, PLAIN, 0},
    {XV_OP_JUMP, TO_END, 0},
    {XV_OP_ROT_THREE, AT_RET, 0},
    {XV_OP_ROT_THREE, PLAIN, 0},
    {XV_OP_LOAD_METHOD_VIA_TABLE, AT_NOEXC, XV_ASYNC_AEXIT},
    {XV_OP_LOAD_CONST_NONE, PLAIN, 0},
    {XV_OP_DUP_TOP, PLAIN, 0},
    {XV_OP_DUP_TOP, PLAIN, 0},
    {XV_OP_CALL_METHOD, OPERAND, 3},
    {XV_OP_GET_ITER, PLAIN, 0},
    {XV_OP_LOAD_CONST_NONE, PLAIN, 0},
    {XV_OP_YIELD_FROM, PLAIN, 0},
    {XV_OP_POP_TOP, PLAIN, 0},
    {XV_OP_END_FINALLY, AT_END, 0},
};

/* The most slots that the cleanup uses above the block's base, its two entry values included. */
#define ASYNC_SLOTS 6u

/* Matches the cleanup at pc. *noexc is the address at which the body enters it, *end its END_FINALLY. */
static bool match_async(struct verifier *v, uint32_t pc, uint32_t *noexc, uint32_t *end) {
    int64_t to_ret = -1, to_end[2] = {-1, -1};
    unsigned n_to_end = 0;
    for (unsigned i = 0; i < sizeof async_cleanup / sizeof async_cleanup[0]; i++) {
        struct xv_instr ins;
        bool decoded = xv_instr_decode(v->code, v->size, pc, &ins) == XIPVM_BLOB_OK;
        unsigned direct = decoded && ins.operand == XV_OPERAND_NAME ? XV_OP_DIRECT_DISTANCE : 0;
        if (!decoded || ins.op + direct != async_cleanup[i].op) {
            return fail(v, XIPVM_BLOB_ASYNC_CLEANUP, pc);
        }
        bool good = true;
        switch (async_cleanup[i].check) {
        case AT_NOEXC:
            *noexc = pc;
            good = ins.arg == v->blob->async_names[async_cleanup[i].arg];
            break;
        case NAME:
            good = ins.arg == v->blob->async_names[async_cleanup[i].arg];
            break;
        case OPERAND:
            good = ins.arg == async_cleanup[i].arg;
            break;
        case TO_RET:
            to_ret = ins.target;
            break;
        case TO_END:
            to_end[n_to_end++] = ins.target;
            break;
        case AT_RET:
            good = to_ret == pc;
            break;
        case AT_END:
            *end = pc;
            good = to_end[0] == pc && to_end[1] == pc;
            break;
        default:
            break;
        }
        if (!good) {
            return fail(v, XIPVM_BLOB_ASYNC_CLEANUP, pc);
        }
        pc = ins.next;
    }
    return true;
}

/* At the handler of an async with: the whole cleanup in one step. *next is the address behind it. */
static bool skip_async(struct verifier *v, uint32_t pc, bool loop_here, uint32_t *next) {
    const struct block *b = block_at(v, v->level);
    uint32_t noexc, end;
    /* do_setup saw that it matches; here it says where the pieces are */
    if (!match_async(v, pc, &noexc, &end) || loop_here ||
        (v->next_loop < v->n_loops && v->loops[v->next_loop].at <= end)) {
        return fail(v, XIPVM_BLOB_ASYNC_ENTERED, pc);
    }
    while (v->n_labels > 0 && v->labels[0].at <= end) {
        const struct label *label = &v->labels[0];
        if (label->depth == IS_HANDLER || label->at != noexc || label->depth != b->base + 1u ||
            label->block != b->serial) {
            return fail(v, XIPVM_BLOB_ASYNC_ENTERED, label->at);
        }
        drop_first_label(v);
    }
    /* The context manager lies below the base, and is used up. */
    if (b->base < floor_of(v, v->level - 1, pc) + 1) {
        return fail(v, XIPVM_BLOB_UNDERFLOW, pc);
    }
    if (!go_on(v, pc, b->base + ASYNC_SLOTS, v->level)) {
        return false;
    }
    v->depth = b->base - 1u;
    drop_specials(v, &v->special, v->depth); /* none lies across: do_setup saw that */
    v->level--;
    v->prev_op = 0;
    v->has_guess = false;
    *next = end + 1;
    return true;
}

/* ROT_TWO at the end of the body of an async with moves the context manager from below the base. That is
 * well only in LOAD_CONST_NONE, ROT_TWO, JUMP noexc right before the handler, with no other way in. */
static bool check_way_out(struct verifier *v, const struct xv_instr *ins, bool joined) {
    const struct block *b = block_at(v, v->level);
    struct xv_instr out;
    uint32_t noexc, end;
    if (v->prev_op != XV_OP_LOAD_CONST_NONE || joined ||
        xv_instr_decode(v->code, v->size, ins->next, &out) != XIPVM_BLOB_OK || out.op != XV_OP_JUMP ||
        out.next != b->handler || find_loop(v, out.pc) != NULL || has_label(v, out.pc)) {
        return fail(v, XIPVM_BLOB_ASYNC_EXIT, ins->pc);
    }
    if (!match_async(v, b->handler, &noexc, &end) || out.target != noexc) {
        return fail(v, XIPVM_BLOB_ASYNC_EXIT, ins->pc);
    }
    v->way_out = out.pc;
    return true;
}

/* ---- scan B: blocks ---- */

static bool do_setup(struct verifier *v, const struct xv_instr *ins) {
    uint32_t pc = ins->pc, handler = (uint32_t)ins->target;
    uint32_t need = ins->op == XV_OP_SETUP_WITH ? 1 : 0;
    if (v->depth < floor_of(v, v->level, pc) + need) {
        return fail(v, XIPVM_BLOB_UNDERFLOW, pc);
    }
    if (v->level >= v->prelude.n_exc) {
        return fail(v, XIPVM_BLOB_BLOCK_NESTING, pc);
    }
    if (v->level == XV_VERIFIER_BLOCKS || v->serial == UINT16_MAX) {
        return fail(v, XIPVM_BLOB_TOO_MANY_BLOCKS, pc);
    }
    for (uint32_t up = v->level; up > 0; up--) {
        const struct block *b = block_at(v, up);
        if (!is_active(b, pc) && handler >= b->handler) {
            return fail(v, XIPVM_BLOB_HANDLER_BEYOND, pc);
        }
    }
    if (need > 0 && !check_specials(v, ins, v->depth - need)) {
        return false;
    }
    struct block b = {.handler = handler, .base = (uint16_t)(v->depth + need), .serial = ++v->serial};
    if (ins->op == XV_OP_SETUP_WITH) {
        b.kind = BLOCK_WITH;
        if (v->code[handler] != XV_OP_WITH_CLEANUP) {
            return fail(v, XIPVM_BLOB_WITH_HANDLER, pc);
        }
    } else if (ins->op == XV_OP_SETUP_EXCEPT) {
        b.kind = BLOCK_EXCEPT;
    } else if (v->code[handler] == XV_OP_DUP_TOP) {
        /* no other finally handler begins so */
        uint32_t noexc, end;
        b.kind = BLOCK_ASYNC;
        if (v->depth == 0) {
            return fail(v, XIPVM_BLOB_UNDERFLOW, pc);
        }
        if (!check_specials(v, ins, v->depth - 1)) { /* of the context manager */
            return false;
        }
        if (!match_async(v, handler, &noexc, &end)) {
            return false;
        }
    } else {
        b.kind = BLOCK_FINALLY;
    }
    uint32_t i = label_place(v, handler);
    if (i < v->n_labels && v->labels[i].at == handler) {
        return fail(v, XIPVM_BLOB_HANDLER_SHARED, pc);
    }
    if (!put_label(v, i, (struct label){.at = handler, .depth = IS_HANDLER, .block = b.serial}, pc)) {
        return false;
    }
    /* exit self | value: the method's object is special */
    if (need > 0 && !push_special(v, &v->special, v->depth, SPECIAL_SELF, pc)) {
        return false;
    }
    b.special = v->special;
    if (!go_on(v, pc, v->depth + 2 * need, v->level + 1)) {
        return false;
    }
    v->scratch->blocks[v->level - 1] = b;
    v->valid = v->level;
    return true;
}

static bool do_with_cleanup(struct verifier *v, const struct xv_instr *ins) {
    const struct block *b = v->level > 0 ? block_at(v, v->level) : NULL;
    if (b == NULL || b->kind != BLOCK_WITH || b->handler != ins->pc) {
        return fail(v, XIPVM_BLOB_CLEANUP_NO_HANDLER, ins->pc);
    }
    if (ins->next >= v->size || v->code[ins->next] != XV_OP_END_FINALLY) {
        return fail(v, XIPVM_BLOB_CLEANUP_NO_END, ins->pc);
    }
    v->depth = b->base - 1u; /* base is at least 2 */
    return cut_specials(v, &v->special, b->base - 2u, ins->pc);
}

static bool do_end_finally(struct verifier *v, const struct xv_instr *ins) {
    const struct block *b = v->level > 0 ? block_at(v, v->level) : NULL;
    if (b == NULL || !is_active(b, ins->pc)) {
        return fail(v, XIPVM_BLOB_END_OUTSIDE, ins->pc);
    }
    uint32_t want = b->kind == BLOCK_WITH ? b->base - 1u : b->base + 1u;
    if (v->depth != want) {
        return fail(v, XIPVM_BLOB_END_DEPTH, ins->pc);
    }
    /* that of an except block can only raise again */
    v->reachable = b->kind != BLOCK_EXCEPT;
    v->depth = want - 1;
    v->level--;
    return cut_specials(v, &v->special, v->depth, ins->pc);
}

static bool do_pop_except_jump(struct verifier *v, const struct xv_instr *ins) {
    const struct block *b = v->level > 0 ? block_at(v, v->level) : NULL;
    if (b == NULL || b->kind != BLOCK_EXCEPT) {
        return fail(v, XIPVM_BLOB_POP_EXCEPT_OUTSIDE, ins->pc);
    }
    if (v->depth != b->base) {
        return fail(v, XIPVM_BLOB_POP_EXCEPT_DEPTH, ins->pc);
    }
    v->reachable = false;
    return jump(v, ins, v->depth, v->level - 1);
}

static bool do_unwind_jump(struct verifier *v, const struct xv_instr *ins) {
    uint32_t n = ins->extra & 0x7fu;
    uint32_t depth = v->depth, level = v->level;
    if (n == 0) {
        return fail(v, XIPVM_BLOB_UNWIND_NOTHING, ins->pc);
    }
    for (; n > 0; n--) {
        if (level == 0) {
            return fail(v, XIPVM_BLOB_UNWIND_TOO_MANY, ins->pc);
        }
        const struct block *b = block_at(v, level);
        if (depth != floor_of(v, level, ins->pc)) {
            return fail(v, XIPVM_BLOB_UNWIND_DEPTH, ins->pc);
        }
        /* do_setup saw that there is so much */
        depth = b->base - (b->kind == BLOCK_WITH ? 2u : b->kind == BLOCK_ASYNC ? 1u : 0u);
        level--;
    }
    uint32_t drop = ins->extra & 0x80 ? 4 : 0;
    if (depth < floor_of(v, level, ins->pc) + drop) {
        return fail(v, XIPVM_BLOB_UNDERFLOW, ins->pc);
    }
    v->reachable = false;
    return jump(v, ins, depth - drop, level);
}

/* ---- scan B: the rest ---- */

static bool is_star_bitmap(const struct verifier *v, uint32_t n_pos) {
    bool is_int =
        v->prev_op == XV_OP_LOAD_CONST_SMALL_INT || (v->prev_op >= XV_OP_LOAD_CONST_SMALL_INT_MULTI &&
                                                     v->prev_op <= XV_OP_LOAD_CONST_SMALL_INT_MULTI_LAST);
    return is_int && v->prev_value >= 0 && (n_pos >= 63 || v->prev_value >> n_pos == 0);
}

static bool do_jump(struct verifier *v, const struct xv_instr *ins, uint32_t floor, uint32_t pops) {
    switch (ins->op) {
    case XV_OP_FOR_ITER:
        if (v->depth < floor + 4) {
            return fail(v, XIPVM_BLOB_UNDERFLOW, ins->pc);
        }
        return check_iterator(v, ins) && jump(v, ins, v->depth - 4, v->level);
    case XV_OP_JUMP_IF_TRUE_OR_POP:
    case XV_OP_JUMP_IF_FALSE_OR_POP:
        return jump(v, ins, v->depth, v->level);
    default:
        return jump(v, ins, v->depth - pops, v->level);
    }
}

/* Every instruction that the table of pops and pushes describes. */
static bool do_plain(struct verifier *v, const struct xv_instr *ins, bool joined) {
    uint32_t pc = ins->pc, pops, pushes;
    bool reads_only = ins->op == XV_OP_DUP_TOP || ins->op == XV_OP_DUP_TOP_TWO;
    uint32_t floor = reads_only ? read_floor_of(v, pc) : floor_of(v, v->level, pc);
    xv_instr_effect(ins, &pops, &pushes);
    if (v->depth < floor || pops > v->depth - floor) {
        return fail(v, XIPVM_BLOB_UNDERFLOW, pc);
    }
    if (ins->op == XV_OP_STORE_COMP) {
        uint32_t down = ins->arg >> 2;
        if (down < pops || down >= v->depth - floor) {
            return fail(v, XIPVM_BLOB_COMP_REACH, pc);
        }
        if (!check_container(v, ins)) {
            return false;
        }
    }
    if (!check_specials(v, ins, v->depth - pops)) {
        return false;
    }
    if (ins->op == XV_OP_YIELD_FROM && v->prev_op == XV_OP_YIELD_VALUE) {
        return fail(v, XIPVM_BLOB_YIELD_BEFORE_YIELD_FROM, pc); /* where a generator is suspended tells whether it delegates */
    }
    if ((ins->op == XV_OP_CALL_FUNCTION_VAR_KW || ins->op == XV_OP_CALL_METHOD_VAR_KW) &&
        (joined || !is_star_bitmap(v, ins->arg & 255u))) {
        return fail(v, XIPVM_BLOB_STAR_BITMAP, pc);
    }
    if (ins->operand >= XV_OPERAND_UJUMP && !do_jump(v, ins, floor, pops)) {
        return false;
    }
    if (ins->op == XV_OP_JUMP && ins->target > pc) {
        v->has_guess = true;
        v->guess_target = (uint32_t)ins->target;
        v->guess_depth = v->depth;
        v->guess_level = v->level;
        v->guess_special = v->special;
    }
    v->reachable = xv_op_falls_through(ins->op);
    if (!v->reachable) {
        return true;
    }
    if (pushes > XV_MAX_STATE) {
        return fail(v, XIPVM_BLOB_FRAME_TOO_SMALL, pc);
    }
    return apply_specials(v, ins, v->depth - pops) && go_on(v, pc, v->depth - pops + pushes, v->level);
}

static bool do_instr(struct verifier *v, const struct xv_instr *ins, bool joined) {
    v->has_guess = false;
    switch (ins->op) {
    case XV_OP_SETUP_WITH:
    case XV_OP_SETUP_EXCEPT:
    case XV_OP_SETUP_FINALLY:
        return do_setup(v, ins);
    case XV_OP_WITH_CLEANUP:
        return do_with_cleanup(v, ins);
    case XV_OP_END_FINALLY:
        return do_end_finally(v, ins);
    case XV_OP_POP_EXCEPT_JUMP:
        return do_pop_except_jump(v, ins);
    case XV_OP_UNWIND_JUMP:
        return do_unwind_jump(v, ins);
    case XV_OP_ROT_TWO:
        if (v->level > 0 && block_at(v, v->level)->kind == BLOCK_ASYNC &&
            v->depth == block_at(v, v->level)->base + 1u) {
            return check_way_out(v, ins, joined);
        }
        return do_plain(v, ins, joined);
    default:
        return do_plain(v, ins, joined);
    }
}

/* What arrives at pc: from above, by jumps from before, or as a handler. */
static bool arrive(struct verifier *v, uint32_t pc, bool *joined) {
    *joined = false;
    if (v->n_labels > 0 && v->labels[0].at < pc) {
        return fail(v, XIPVM_BLOB_LABEL_INSIDE, v->labels[0].at);
    }
    struct loop *loop = NULL;
    if (v->next_loop < v->n_loops) {
        loop = &v->loops[v->next_loop];
        if (loop->at < pc) {
            return fail(v, XIPVM_BLOB_BACKWARD_INSIDE, loop->at);
        }
        loop = loop->at == pc ? loop : NULL;
    }
    if (v->n_labels > 0 && v->labels[0].at == pc) {
        struct label label = v->labels[0];
        bool fell = v->reachable;
        uint32_t depth = v->depth;
        uint16_t serial = serial_of(v, v->level), special = v->special;
        drop_first_label(v);
        if (!enter(v, label.depth, label.block, pc)) {
            return false;
        }
        v->special = label.special;
        if (label.depth != IS_HANDLER) {
            *joined = true;
            if (fell && (depth != label.depth || serial != label.block || !same_specials(v, special, label.special))) {
                return fail(v, XIPVM_BLOB_STATE_MISMATCH, pc);
            }
        } else {
            const struct block *b = block_at(v, v->level);
            if (fell && b->kind == BLOCK_EXCEPT) {
                return fail(v, XIPVM_BLOB_EXCEPT_FROM_ABOVE, pc);
            }
            if (fell && b->kind == BLOCK_ASYNC) {
                return fail(v, XIPVM_BLOB_ASYNC_FROM_ABOVE, pc);
            }
            if (fell && v->prev_op != XV_OP_LOAD_CONST_NONE) {
                return fail(v, XIPVM_BLOB_FINALLY_WITHOUT_NONE, pc);
            }
            if (fell && (depth != b->base + 1u || serial != b->serial)) {
                return fail(v, XIPVM_BLOB_FINALLY_OTHER_STATE, pc);
            }
            v->depth = b->base + 1u;
            v->special = b->special; /* nothing below the base can have changed */
        }
    } else if (!v->reachable && v->has_guess && loop != NULL && pc < v->guess_target &&
               v->guess_target <= loop->last) {
        /* the body of a loop whose test is at its end: entered from the test only, with the state of the
         * JUMP there */
        v->reachable = true;
        v->depth = v->guess_depth;
        v->level = v->guess_level;
        v->special = v->guess_special;
    }
    if (loop != NULL) {
        *joined = true;
        v->next_loop++;
        if (v->reachable) {
            loop->depth = (uint16_t)v->depth;
            loop->block = serial_of(v, v->level);
            loop->special = v->special;
        }
    }
    return true;
}

static bool scan_b(struct verifier *v) {
    v->n_labels = 0;
    v->special = 0;
    v->reachable = true;
    v->depth = v->level = v->valid = 0;
    v->serial = 0;
    v->next_loop = 0;
    v->prev_op = 0;
    v->has_guess = false;
    v->way_out = UINT32_MAX;
    for (uint32_t pc = 0; pc < v->size;) {
        struct xv_instr ins;
        bool joined;
        uint32_t loops_met = v->next_loop;
        enum xipvm_blob_error code = xv_instr_decode(v->code, v->size, pc, &ins);
        if (code != XIPVM_BLOB_OK) {
            return fail(v, code, pc);
        }
        if (!arrive(v, pc, &joined)) {
            return false;
        }
        if (v->reachable) {
            const struct block *b = v->level > 0 ? block_at(v, v->level) : NULL;
            if (!go_on(v, pc, v->depth, v->level)) {
                return false;
            }
            if (b != NULL && b->kind == BLOCK_ASYNC && b->handler == pc) {
                if (!skip_async(v, pc, v->next_loop != loops_met, &pc)) {
                    return false;
                }
                continue;
            }
            if (!do_instr(v, &ins, joined)) {
                return false;
            }
        } else {
            v->has_guess = false;
        }
        v->prev_op = ins.op;
        v->prev_value = ins.value;
        pc = ins.next;
    }
    if (v->reachable) {
        return fail(v, XIPVM_BLOB_RUNS_OFF, v->size);
    }
    if (v->n_labels > 0) {
        return fail(v, XIPVM_BLOB_LABEL_INSIDE, v->labels[0].at);
    }
    /* All loops were met: none begins behind the jump back to it, and skip_async skips none. */
    return true;
}

/* ---- the tree of functions ---- */

/* Whether the function fits the instruction that makes it. */
static bool check_maker(struct verifier *v, const struct xv_instr *maker) {
    const struct xv_prelude *p = &v->prelude;
    bool has_defaults = p->n_def_pos > 0 || (p->flags & XV_FLAG_DEFKW);
    bool with_defaults = maker->op == XV_OP_MAKE_CLOSURE_DEFARGS || maker->op == XV_OP_MAKE_FUNCTION_DEFARGS;
    if (has_defaults && !with_defaults) {
        return fail(v, XIPVM_BLOB_DEFAULTS_MISSING, 0);
    }
    if (!has_defaults && with_defaults) {
        return fail(v, XIPVM_BLOB_DEFAULTS_UNEXPECTED, 0);
    }
    if (maker->extra > p->n_pos - p->n_def_pos) {
        return fail(v, XIPVM_BLOB_CLOSURE_TOO_LARGE, 0);
    }
    return true;
}

/* The function whose raw code was read into v->raw. */
static bool verify_function(struct verifier *v, const struct xv_instr *maker) {
    xv_prelude_read(v->raw.fun, &v->prelude);
    v->code = v->prelude.code;
    v->size = (uint32_t)(v->raw.fun + v->raw.len - v->code);
    if (maker != NULL && !check_maker(v, maker)) {
        return false;
    }
    v->patience = PATIENCE * ((uint64_t)v->size + 64);
    collect_cells(v, maker == NULL ? 0 : maker->extra);
    return scan_a(v) && scan_b(v);
}

void xv_tree_init(struct xv_tree *tree, const uint8_t *base) {
    tree->base = base;
    tree->depth = 0;
}

bool xv_tree_next(struct xv_tree *tree, struct xv_instr *maker) {
    if (tree->depth == 0) {
        return true;
    }
    uint32_t *scan = &tree->parents[tree->depth - 1].scan;
    uint32_t end = tree->parents[tree->depth - 1].end;
    uint32_t child = tree->parents[tree->depth - 1].next_child++;
    /* Since children are made in order, the search never goes back. */
    while (*scan < end && xv_instr_decode(tree->base, end, *scan, maker) == XIPVM_BLOB_OK) {
        if (maker->operand == XV_OPERAND_CHILD || maker->operand == XV_OPERAND_CHILD_BYTE) {
            if (maker->arg != child) {
                return false; /* a later one; it is found again */
            }
            *scan = maker->next;
            return true;
        }
        *scan = maker->next;
    }
    return false;
}

bool xv_tree_enter(struct xv_tree *tree, uint32_t at, uint32_t size, uint32_t n_children) {
    if (tree->depth > XV_MAX_FUNCTION_DEPTH) {
        return false;
    }
    tree->parents[tree->depth].scan = at;
    tree->parents[tree->depth].end = at + size;
    tree->parents[tree->depth].next_child = 0;
    tree->parents[tree->depth].n_children = n_children;
    tree->depth++;
    return true;
}

bool xv_tree_more(struct xv_tree *tree) {
    while (tree->depth > 0 &&
           tree->parents[tree->depth - 1].next_child == tree->parents[tree->depth - 1].n_children) {
        tree->depth--;
    }
    return tree->depth > 0;
}

static bool verify_tree(struct verifier *v) {
    const uint8_t *base = v->blob->base;
    const uint8_t *p = base + v->blob->code_at;
    struct xv_tree *tree = &v->scratch->tree;
    xv_tree_init(tree, base);
    do {
        struct xv_instr maker;
        bool outer = tree->depth == 0;
        if (!xv_tree_next(tree, &maker)) {
            p = xv_raw_end(p);
            continue;
        }
        p = xv_raw_read(p, &v->raw);
        if (!verify_function(v, outer ? NULL : &maker)) {
            v->fault.offset += (uint32_t)(v->raw.fun - base);
            return false;
        }
        xv_tree_enter(tree, (uint32_t)(v->code - base), v->size, v->raw.n_children); /* as deep as the reader allows */
    } while (xv_tree_more(tree));
    return true;
}

/* Divides the memory behind the fixed part: four loops to three labels and four special slots. */
static bool divide_scratch(struct verifier *v, void *scratch, size_t size) {
    if (scratch == NULL || size < XV_VERIFIER_SCRATCH) {
        v->fault.code = XIPVM_BLOB_NO_SCRATCH;
        return false;
    }
    size_t skip = (size_t)(-(uintptr_t)scratch & 7u);
    uint8_t *p = (uint8_t *)scratch + skip;
    size_t left = size - skip - sizeof(struct scratch);
    size_t shares = left / (4 * sizeof(struct loop) + 3 * sizeof(struct label) + 4 * sizeof(struct special));
    if (shares > 0x3fff) {
        shares = 0x3fff;
    }
    v->scratch = (struct scratch *)(void *)p;
    v->loops = (struct loop *)(void *)(p + sizeof(struct scratch));
    v->max_loops = (uint32_t)shares * 4;
    v->labels = (struct label *)(void *)(p + sizeof(struct scratch) + v->max_loops * sizeof(struct loop));
    v->max_labels = (uint32_t)shares * 3;
    v->specials = (struct special *)(void *)(v->labels + v->max_labels);
    v->max_specials = shares * 4 < MAX_SPECIALS ? (uint32_t)shares * 4 : MAX_SPECIALS;
    return true;
}

bool xv_blob_verify(const struct xv_blob *blob, void *scratch, size_t scratch_size,
                    struct xv_blob_fault *fault) {
    struct verifier v = {.blob = blob, .fault = {XIPVM_BLOB_OK, 0}};
    bool good = divide_scratch(&v, scratch, scratch_size) && verify_tree(&v);
    if (fault != NULL) {
        *fault = v.fault;
    }
    return good;
}

bool xv_function_verify(const struct xv_blob *blob, const struct xv_raw *raw, const struct xv_instr *maker,
                        void *scratch, size_t scratch_size, struct xv_blob_fault *fault) {
    struct verifier v = {.blob = blob, .fault = {XIPVM_BLOB_OK, 0}, .raw = *raw};
    bool good = divide_scratch(&v, scratch, scratch_size) && verify_function(&v, maker);
    *fault = v.fault;
    return good;
}
