/* The thirteen opcodes whose operands go through the translation table, each of them run from one and the same blob by
 * two VMs that number their names differently; and the instruction set as a whole. */
#include "blob_builder.h"

#include "api/vm.h"
#include "blob/opcodes.h"
#include "link/module.h"
#include "link/qstr.h"
#include "object/container.h"
#include "object/print.h"
#include "object/str.h"

#define ARENA (512u * 1024u)

#define PROGRAMS(X) \
    X(load_const_string) X(load_name) X(load_global) X(load_attr) X(load_method) X(load_super_method) \
    X(store_name) X(store_global) X(store_attr) X(delete_name) X(delete_global) X(import_name) X(import_from) \
    X(helper) X(every_opcode)

#define X(name) extern const uint8_t blob_##name[]; extern const size_t blob_##name##_size;
PROGRAMS(X)
#undef X

struct program {
    const char *name;
    const uint8_t *data;
    const size_t *size;
};

static const struct program programs[] = {
#define X(name) {#name, blob_##name, &blob_##name##_size},
    PROGRAMS(X)
#undef X
};
#define N_PROGRAMS (sizeof programs / sizeof *programs)

static const struct program *find_program(const char *name, size_t len) {
    for (size_t i = 0; i < N_PROGRAMS; i++) {
        if (strlen(programs[i].name) == len && memcmp(programs[i].name, name, len) == 0) {
            return &programs[i];
        }
    }
    return NULL;
}

/* ---- the two VMs */

struct machine {
    struct xv_vm *vm;
    struct xipvm_hal hal;
    char output[2048];
    size_t len;
};

static uint64_t arenas[2][ARENA / sizeof(uint64_t)];
static struct machine machines[2];

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    const struct program *p = find_program(name, len);
    if (p != NULL) {
        out->data = p->data;
        out->size = *p->size;
    }
    return p != NULL;
}

static void write_output(void *context, const void *data, size_t len) {
    struct machine *m = context;
    assert_true(len < sizeof m->output - m->len);
    memcpy(m->output + m->len, data, len);
    m->len += len;
    m->output[m->len] = '\0';
}

/* The second VM knows some names already, and keeps them, so that all others get higher ids. */
static void open_machines(void) {
    for (size_t i = 0; i < 2; i++) {
        struct machine *m = &machines[i];
        memset(m, 0, sizeof *m);
        m->hal.context = m;
        m->hal.find_blob = find_blob;
        m->hal.write = write_output;
        m->vm = xv_open(arenas[i], ARENA, &m->hal);
        assert_non_null(m->vm);
    }
    for (unsigned i = 0; i < 37; i++) {
        uint8_t text[8] = {'s', 'h', 'i', 'f', 't', (uint8_t)('A' + i / 10), (uint8_t)('0' + i % 10), 'x'};
        struct xv_vm *vm = machines[1].vm;
        uint16_t id = xv_intern(vm, text, sizeof text, false);
        assert_true(id > XV_POOL_STATIC);
        assert_true(xv_list_append(vm, vm->path, XV_QSTR(id)));
    }
}

static void close_machines(void) {
    for (size_t i = 0; i < 2; i++) {
        const char *wrong = xv_heap_check(machines[i].vm);
        if (wrong != NULL) {
            fail_msg("the heap is damaged: %s", wrong);
        }
        xv_close(machines[i].vm);
    }
}

/* Loads and runs the program in one VM; its MODULE is left in sys.modules. */
static xv_value run(struct machine *m, const struct program *p) {
    struct xv_vm *vm = m->vm;
    struct xv_blob_fault fault;
    struct xipvm_source source = {.data = p->data, .size = *p->size};
    xv_value module = xv_module_load(vm, XV_QSTR(XV_Q___main__), &source, &fault);
    assert_true(module != XV_NULL);
    assert_true(xv_dict_set_name(vm, vm->modules, XV_Q___main__, module));
    module = xv_dict_get_name(vm, vm->modules, XV_Q___main__);
    xv_value none[1] = {XV_NULL};
    xv_value result = xv_call(vm, xv_module_body(module), none, 0);
    if (result == XV_NULL) {
        struct xv_printer printer;
        xv_value exc = vm->exc;
        xv_clear(vm);
        xv_printer_begin(&printer, vm, true);
        xv_print_exception(&printer, exc);
        xv_printer_end(&printer);
        fail_msg("%s: %s", p->name, m->output);
    }
    return xv_dict_get_name(vm, vm->modules, XV_Q___main__);
}

/* ---- looking into blobs */

typedef void (*instr_visit)(const struct xv_instr *ins, void *context);

static void each_instruction(const struct program *p, instr_visit visit, void *context) {
    struct xv_blob blob;
    struct xv_blob_fault fault;
    assert_true(xv_blob_open(&blob, p->data, *p->size, 31, &fault));
    const uint8_t *at = blob.base + blob.code_at;
    for (uint32_t i = 0; i < blob.n_functions; i++) {
        struct xv_raw raw;
        struct xv_prelude prelude;
        at = xv_raw_read(at, &raw);
        xv_prelude_read(raw.fun, &prelude);
        uint32_t size = (uint32_t)(raw.fun + raw.len - prelude.code);
        struct xv_instr ins;
        for (uint32_t pc = 0; pc < size; pc = ins.next) {
            assert_int_equal(xv_instr_decode(prelude.code, size, pc, &ins), XIPVM_BLOB_OK);
            visit(&ins, context);
        }
    }
}

struct search {
    uint8_t op;
    const uint16_t *tables[2];
    unsigned found, differently_numbered;
};

static void note(const struct xv_instr *ins, void *context) {
    struct search *s = context;
    if (ins->op == s->op) {
        s->found++;
        s->differently_numbered += s->tables[0][ins->arg] != s->tables[1][ins->arg];
    }
}

/* Both VMs do the same with the same bytes, which hold the opcode, although the names in its operands have other ids in
 * one VM than in the other. */
static void check_opcode(uint8_t op, const char *name, const char *wanted) {
    const struct program *p = find_program(name, strlen(name));
    assert_non_null(p);
    uint32_t checksum = xv_text_hash(p->data, *p->size);
    open_machines();
    xv_value modules[2];
    for (size_t i = 0; i < 2; i++) {
        modules[i] = run(&machines[i], p);
        assert_string_equal(machines[i].output, wanted);
    }
    struct search s = {op, {xv_module(modules[0])->table, xv_module(modules[1])->table}, 0, 0};
    each_instruction(p, note, &s);
    assert_true(s.found > 0);
    assert_true(s.differently_numbered > 0);

    /* The tables differ in every name that is not static, and in none that is; they mean the same. */
    assert_int_equal(xv_module(modules[0])->n_qstr, xv_module(modules[1])->n_qstr);
    for (uint32_t i = 0; i < xv_module(modules[0])->n_qstr; i++) {
        uint16_t a = s.tables[0][i], b = s.tables[1][i];
        if (a == 0 || b == 0) {
            assert_int_equal(a, b); /* only code that was not executed has this name */
            continue;
        }
        struct xv_text x = xv_qstr_text(machines[0].vm, a), y = xv_qstr_text(machines[1].vm, b);
        assert_int_equal(x.len, y.len);
        assert_memory_equal(x.data, y.data, x.len);
        assert_int_equal(a == b, a <= XV_POOL_STATIC);
    }
    /* Nothing was written to the blob. */
    assert_int_equal(xv_text_hash(p->data, *p->size), checksum);
    close_machines();
}

#define OPCODE_TEST(name, op, wanted) \
    static void test_##name(void **state) { \
        (void)state; \
        check_opcode(XV_OP_##op##_VIA_TABLE, #name, wanted); \
    }

OPCODE_TEST(load_const_string, LOAD_CONST_STRING, "alpha beta append \n1 2 3 False\n4 False\n")
OPCODE_TEST(load_name, LOAD_NAME, "1 1 True\n3\nNameError\n")
OPCODE_TEST(load_global, LOAD_GLOBAL, "(11, 3)\n(12, 3)\nNameError\n")
OPCODE_TEST(load_attr, LOAD_ATTR, "1 class 2 class\n1 class 2 class\n1 class 2 class\nAttributeError\n")
OPCODE_TEST(load_method, LOAD_METHOD, "[20, 22, 24] ['a', 'b'] 1\nAttributeError\n")
OPCODE_TEST(load_super_method, LOAD_SUPER_METHOD, "derived base x described\nAttributeError\n")
OPCODE_TEST(store_name, STORE_NAME, "2 3 4 2 4\n5 6 False\n")
OPCODE_TEST(store_global, STORE_GLOBAL, "2 3 3\n")
OPCODE_TEST(store_attr, STORE_ATTR, "5 2 6 10 14 7 False\nAttributeError\n")
OPCODE_TEST(delete_name, DELETE_NAME, "False True\nNameError\nnot there\nFalse True\n")
OPCODE_TEST(delete_global, DELETE_GLOBAL, "False True\nnot there\n")
OPCODE_TEST(import_name, IMPORT_NAME, "exported True True ('exported', 1)\nImportError\n")
OPCODE_TEST(import_from, IMPORT_FROM, "exported ('exported', 2) True\nImportError\n")

/* ---- the instruction set */

static bool is_assigned(unsigned op) {
    return xv_op_table[op].operand != XV_OPERAND_UNUSED;
}

/* One that .mpy files may have. */
static bool is_stock(unsigned op) {
    return is_assigned(op) && op > XV_OP_DIRECT_LAST;
}

/* The thirteen are 0x10 to 0x1c, and they alone have operands that are indices into the qstr table. */
static void test_the_thirteen(void **state) {
    (void)state;
    assert_int_equal(XV_OP_VIA_TABLE_FIRST, 0x10);
    assert_int_equal(XV_OP_VIA_TABLE_LAST, 0x1c);
    for (unsigned op = 0; op < 256; op++) {
        assert_int_equal(xv_op_table[op].operand == XV_OPERAND_QSTR, op >= 0x10 && op <= 0x1c);
    }
}

static void note_opcode(const struct xv_instr *ins, void *context) {
    ((bool *)context)[ins->op] = true;
}

/* Every assigned opcode occurs in a program of this test that passes. */
static void test_every_opcode_runs(void **state) {
    (void)state;
    bool seen[256] = {false};
    for (size_t i = 0; i < N_PROGRAMS; i++) {
        each_instruction(&programs[i], note_opcode, seen);
    }
    for (unsigned op = 0; op < 256; op++) {
        if (seen[op] != is_stock(op)) {
            fail_msg("opcode 0x%02x (%s) occurs in no program", op, xv_op_name((uint8_t)op));
        }
    }
    open_machines();
    for (size_t i = 0; i < 2; i++) {
        run(&machines[i], find_program("every_opcode", 12));
        assert_string_equal(machines[i].output, "[]\n");
    }
    close_machines();
}

/* A function of one instruction, whose operand bytes are `operands` zeros, and a return. */
static struct xv_blob_fault verify_one(unsigned op, unsigned operands) {
    uint8_t code[8] = {(uint8_t)op};
    code[1 + operands] = XV_OP_LOAD_CONST_NONE;
    code[2 + operands] = XV_OP_RETURN_VALUE;
    struct function f = {.n_state = 8, .n_exc = 1, .code = code, .n_code = 3 + operands};
    static struct bytes b;
    b.n = 0;
    static const uint8_t head[] = {0x4d, 6, 0, 31, 2, 0, 2, 'q', 0, 15};
    put(&b, head, sizeof head);
    put_raw(&b, &f, 0);
    return load(b.at, b.n, XV_VERIFIER_SCRATCH);
}

/* All 256 values are accounted for: an .mpy file with one that is unassigned, or that only linked code may have, is refused
 * for that very reason, and one with a stock opcode is not. */
static void test_unassigned_opcodes_are_refused(void **state) {
    (void)state;
    unsigned assigned = 0;
    for (unsigned op = 0; op < 256; op++) {
        /* With the right number of operand bytes an assigned one may be refused for other reasons only. */
        unsigned as_unknown = 0;
        for (unsigned operands = 0; operands < 4; operands++) {
            as_unknown += verify_one(op, operands).code == XIPVM_BLOB_OPCODE;
        }
        assert_int_equal(as_unknown < 4, is_stock(op));
        assert_int_equal(xv_op_name((uint8_t)op) != NULL, is_assigned(op));
        assigned += is_assigned(op);
    }
    /* The single ones, 64 small ints, 16 + 16 locals, 4 + 35 operators. */
    unsigned singles = 0;
#define XV_OP_ONE(value, name, kind, pops, pushes) singles++;
    XV_OPCODES(XV_OP_ONE)
#undef XV_OP_ONE
    assert_int_equal(assigned, singles + 64 + 16 + 16 + 4 + 35);
    for (unsigned op = 0; op < 16; op++) {
        assert_int_equal(is_assigned(op), op <= XV_OP_DIRECT_LAST); /* the direct twins of 0x10 to 0x1c */
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load_const_string),
        cmocka_unit_test(test_load_name),
        cmocka_unit_test(test_load_global),
        cmocka_unit_test(test_load_attr),
        cmocka_unit_test(test_load_method),
        cmocka_unit_test(test_load_super_method),
        cmocka_unit_test(test_store_name),
        cmocka_unit_test(test_store_global),
        cmocka_unit_test(test_store_attr),
        cmocka_unit_test(test_delete_name),
        cmocka_unit_test(test_delete_global),
        cmocka_unit_test(test_import_name),
        cmocka_unit_test(test_import_from),
        cmocka_unit_test(test_the_thirteen),
        cmocka_unit_test(test_every_opcode_runs),
        cmocka_unit_test(test_unassigned_opcodes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
