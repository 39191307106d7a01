/* xipvm dis: the instructions of a blob, with the names and constants that they refer to. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "blob/opcodes.h"
#include "show.h"

static const char *const unary_names[] = {"+x", "-x", "~x", "not x"};
static const char *const binary_names[] = {
    "<",   ">",  "==", "<=",  ">=",  "!=", "in", "is", "exception match",
    "|=",  "^=", "&=", "<<=", ">>=", "+=", "-=", "*=", "@=",
    "//=", "/=", "%=", "**=", "|",   "^",  "&",  "<<", ">>",
    "+",   "-",  "*",  "@",   "//",  "/",  "%",  "**",
};

struct function {
    const struct view *view;
    struct xv_raw raw;
    struct xv_prelude prelude;
    uint32_t size;   /* bytes of instructions */
    bool *is_target; /* for each of them */
};

static uint32_t own_name(const struct view *view, const struct xv_prelude *p) {
    const uint8_t *names = p->names;
    return xv_code_name(&names, view->blob.linked);
}

static void find_targets(struct function *f) {
    struct xv_instr ins;
    for (uint32_t pc = 0;
         pc < f->size && xv_instr_decode(f->prelude.code, f->size, pc, &ins) == XIPVM_BLOB_OK;
         pc = ins.next) {
        if (ins.target >= 0 && ins.target < f->size) {
            f->is_target[ins.target] = true;
        }
    }
}

static void put_local(const struct function *f, uint32_t local) {
    if (local < f->prelude.n_pos + f->prelude.n_kwonly) {
        fputs("  ; ", stdout);
        put_name(f->view, xv_prelude_arg_name(&f->prelude, local, f->view->blob.linked));
    }
}

static void put_child(const struct function *f, uint32_t child) {
    if (child < f->raw.n_children) {
        struct xv_raw raw;
        struct xv_prelude p;
        xv_raw_read(xv_raw_child(&f->raw, child), &raw);
        xv_prelude_read(raw.fun, &p);
        fputs("  ; ", stdout);
        put_name(f->view, own_name(f->view, &p));
    }
}

static void put_implied(const struct function *f, const struct xv_instr *ins) {
    if (ins->op >= XV_OP_BINARY_OP_MULTI) {
        printf(" %s", binary_names[ins->op - XV_OP_BINARY_OP_MULTI]);
    } else if (ins->op >= XV_OP_UNARY_OP_MULTI) {
        /* The binary ones come last. */
        /* cppcheck-suppress arrayIndexOutOfBoundsCond */
        printf(" %s", unary_names[ins->op - XV_OP_UNARY_OP_MULTI]);
    } else if (ins->op >= XV_OP_LOAD_FAST_MULTI) {
        printf(" %u", (unsigned)ins->arg);
        put_local(f, ins->arg);
    } else {
        printf(" %" PRId64, ins->value);
    }
}

static void put_operand(const struct function *f, const struct xv_instr *ins) {
    switch ((enum xv_operand)ins->operand) {
    case XV_OPERAND_UNUSED:
    case XV_OPERAND_NONE:
        break;
    case XV_OPERAND_IMPLIED:
        put_implied(f, ins);
        break;
    case XV_OPERAND_NAME:
    case XV_OPERAND_QSTR:
        printf(" %u  ; ", (unsigned)ins->arg);
        put_name(f->view, ins->arg);
        break;
    case XV_OPERAND_UINT:
        if (ins->op >= XV_OP_CALL_FUNCTION && ins->op <= XV_OP_CALL_METHOD_VAR_KW) {
            printf(" %u positional, %u keyword", (unsigned)(ins->arg & 255), (unsigned)(ins->arg >> 8));
        } else {
            printf(" %u", (unsigned)ins->arg);
        }
        break;
    case XV_OPERAND_OBJ:
        printf(" %u  ; ", (unsigned)ins->arg);
        if (ins->arg < f->view->blob.n_obj) {
            put_object(f->view->objects[ins->arg]);
        }
        break;
    case XV_OPERAND_LOCAL:
        printf(" %u", (unsigned)ins->arg);
        put_local(f, ins->arg);
        break;
    case XV_OPERAND_CHILD:
        printf(" %u", (unsigned)ins->arg);
        put_child(f, ins->arg);
        break;
    case XV_OPERAND_CHILD_BYTE:
        printf(" %u, %u cells", (unsigned)ins->arg, (unsigned)ins->extra);
        put_child(f, ins->arg);
        break;
    case XV_OPERAND_SINT:
        printf(" %" PRId64, ins->value);
        break;
    case XV_OPERAND_UJUMP:
    case XV_OPERAND_SJUMP:
        printf(" to %" PRId64, ins->target);
        break;
    case XV_OPERAND_SJUMP_BYTE:
        printf(" to %" PRId64 ", %u blocks%s", ins->target, (unsigned)(ins->extra & 127),
               ins->extra & 128 ? ", iterator" : "");
        break;
    }
}

static void put_head(const struct function *f) {
    const struct xv_prelude *p = &f->prelude;
    fputs("\nfunction ", stdout);
    put_name(f->view, own_name(f->view, p));
    printf(" at byte %u: %u slots, %u exception blocks", (unsigned)(f->raw.fun - f->view->blob.base),
           (unsigned)p->n_state, (unsigned)p->n_exc);
    if (p->flags & XV_FLAG_GENERATOR) {
        fputs(", generator", stdout);
    }
    fputs("\narguments:", stdout);
    for (uint32_t i = 0; i < p->n_pos + p->n_kwonly; i++) {
        fputs(i == p->n_pos ? " * " : " ", stdout);
        put_name(f->view, xv_prelude_arg_name(p, i, f->view->blob.linked));
    }
    printf("%s%s%s\n", p->flags & XV_FLAG_VARARGS ? " *args" : "", p->flags & XV_FLAG_VARKW ? " **kw" : "",
           p->n_pos + p->n_kwonly == 0 && (p->flags & (XV_FLAG_VARARGS | XV_FLAG_VARKW)) == 0 ? " none" : "");
}

/* Columns: source line where it changes, mark of a jump target, address, instruction. */
static void put_code(const struct function *f) {
    uint32_t last_line = 0;
    for (uint32_t pc = 0; pc < f->size;) {
        struct xv_instr ins;
        if (xv_instr_decode(f->prelude.code, f->size, pc, &ins) != XIPVM_BLOB_OK) {
            /* Only in a function that nothing makes, which is why it was accepted. */
            printf("             %6u  no instruction\n", (unsigned)pc);
            return;
        }
        uint32_t line = xv_line_of(f->raw.fun, pc, f->view->blob.linked);
        if (line != last_line) {
            printf("%6u", (unsigned)line);
            last_line = line;
        } else {
            printf("      ");
        }
        printf(" %s %6u  %s", f->is_target[pc] ? "->" : "  ", (unsigned)pc, xv_op_name(ins.op));
        put_operand(f, &ins);
        putchar('\n');
        pc = ins.next;
    }
}

static void show_function(const struct view *view, const uint8_t *at) {
    struct function f = {.view = view};
    xv_raw_read(at, &f.raw);
    xv_prelude_read(f.raw.fun, &f.prelude);
    f.size = (uint32_t)(f.raw.fun + f.raw.len - f.prelude.code);
    f.is_target = get_memory(((size_t)f.size + 1) * sizeof *f.is_target);
    find_targets(&f);
    put_head(&f);
    put_code(&f);
    free(f.is_target);
    for (uint32_t i = 0; i < f.raw.n_children; i++) {
        show_function(view, xv_raw_child(&f.raw, i));
    }
}

int command_dis(int argc, char **argv) {
    struct view view;
    int status = open_view(argc, argv, &view);
    if (status == STATUS_OK) {
        printf("%s\n", view.path);
        show_function(&view, view.blob.base + view.blob.code_at);
        close_view(&view);
    }
    return status;
}
