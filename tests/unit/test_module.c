/* Modules made from blobs: what loading refuses, what it costs, and where constants come from. */
#include "fixture.h"

#include "blob_builder.h"

#include "blob/opcodes.h"
#include "link/module.h"
#include "object/container.h"
#include "object/number.h"
#include "vm/call.h"

extern const uint8_t blob_constants[];
extern const size_t blob_constants_size;

static xv_value load_from(struct xv_vm *vm, const uint8_t *data, size_t size, struct xv_blob_fault *fault) {
    return fixture_load(vm, XV_QSTR(XV_Q___main__), data, size, NULL, fault);
}

static xv_value call_global(struct xv_vm *vm, xv_value module, const char *name) {
    uint16_t id = xv_qstr_find(vm, (const uint8_t *)name, strlen(name));
    assert_true(id != 0);
    xv_value f = xv_dict_get_name(vm, xv_module(module)->globals, id);
    assert_true(f != XV_NULL);
    xv_value none[1] = {XV_NULL};
    xv_value result = xv_call(vm, f, none, 0);
    assert_true(result != XV_NULL);
    return result;
}

static xv_value run(struct xv_vm *vm, const uint8_t *data, size_t size) {
    struct xv_blob_fault fault;
    xv_value none[1] = {XV_NULL};
    xv_value r[1] = {load_from(vm, data, size, &fault)};
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    assert_true(xv_call(vm, xv_module_body(r[0]), none, 0) != XV_NULL);
    XV_LEAVE(vm);
    return r[0];
}

/* A new module knows its name and, if there is one, its file; it has not run. */
static void test_new_module(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    struct xv_blob_fault fault;
    uint16_t id = xv_intern(vm, (const uint8_t *)"own_name", 8, false);
    xv_value r[1];
    r[0] = fixture_load(vm, XV_QSTR(id), example_2, sizeof example_2, "own_file.py", &fault);
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    assert_int_equal(fault.code, XIPVM_BLOB_OK);
    xv_value globals = xv_module(r[0])->globals;
    assert_true(fixture_is_text(vm, xv_dict_get_name(vm, globals, XV_Q___name__), "own_name"));
    assert_true(fixture_is_text(vm, xv_dict_get_name(vm, globals, XV_Q___file__), "own_file.py"));
    assert_int_equal(xv_dict(globals)->live, 2);
    assert_true(xv_module_of(vm, xv_module_body(r[0])) == r[0]);
    assert_int_equal(xv_dict(vm->modules)->live, 0);
    r[0] = fixture_load(vm, XV_QSTR(XV_Q___main__), example_1, sizeof example_1, NULL, &fault);
    assert_int_equal(xv_dict(xv_module(r[0])->globals)->live, 1);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* The name given to a module is its own, also if room for the verifier has to be made by a collection first. */
static void test_name_survives_collection(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    struct xv_blob_fault fault;
    uint16_t id = xv_intern(vm, (const uint8_t *)"fresh_name", 10, false);
    while (xv_heap_free(vm) >= 100 * sizeof(xv_value) && !XIPVM_GC_STRESS) {
        assert_true(xv_alloc(vm, XV_KIND_RAW, 50) != XV_NULL);
    }
    uint32_t collections = vm->stats.collections;
    xv_value module = fixture_load(vm, XV_QSTR(id), example_2, sizeof example_2, NULL, &fault);
    assert_true(module != XV_NULL && vm->stats.collections > collections);
    assert_true(fixture_is_text(vm, xv_module(module)->name, "fresh_name"));
    fixture_close(vm);
}

/* Loading costs the module object with two bytes for each name and constant, its dict, and for new names their pool entries:
 * not a byte for the code, however much there is. */
static void test_cost(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    struct xv_blob_fault fault;
    xv_value r[1] = {load_from(vm, blob_constants, blob_constants_size, &fault)};
    XV_ENTER(vm, r);
    r[0] = load_from(vm, blob_constants, blob_constants_size, &fault); /* all its names are known now */
    xv_collect(vm);
    size_t before = xv_heap_used(vm);
    xv_value s[1] = {load_from(vm, blob_constants, blob_constants_size, &fault)};
    struct xv_roots more = {vm->roots, s, 1};
    vm->roots = &more;
    xv_collect(vm);
    size_t cost = xv_heap_used(vm) - before;
    size_t table = 2u * ((size_t)xv_module(s[0])->n_qstr + xv_module_offsets(xv_module(s[0])->n_obj));
    assert_int_equal(xv_module_table_bytes(s[0]), table);
    assert_true(cost >= table);
    assert_true(cost <= table + 29 * sizeof(xv_value));
    vm->roots = more.prev;
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A blob that breaks a rule is refused with an ImportError and the fault; nothing of it stays, and the VM goes on. */
static void test_refused(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    struct xv_blob_fault fault;
    load_from(vm, example_2, sizeof example_2, &fault); /* the pool's tables stay */
    xv_collect_all(vm);
    size_t before = xv_heap_used(vm);
    for (size_t size = 0; size < sizeof example_2; size++) {
        uint8_t *cut = malloc(size > 0 ? size : 1);
        assert_non_null(cut);
        memcpy(cut, example_2, size);
        assert_true(load_from(vm, cut, size, &fault) == XV_NULL);
        assert_true(fault.code != XIPVM_BLOB_OK);
        assert_true(fixture_raised(vm, &xv_exc_ImportError));
        assert_int_equal(vm->fault_code, fault.code);
        assert_int_equal(vm->fault_offset, fault.offset);
        free(cut);
    }
    xv_collect_all(vm);
    assert_int_equal(vm->n_modules, 0);
    assert_int_equal(vm->pool.live, 0);
    assert_int_equal(xv_heap_used(vm), before);
    assert_true(load_from(vm, example_2, sizeof example_2, &fault) != XV_NULL);
    fixture_close(vm);
}

/* Whatever memory is missing, loading ends with a MemoryError that leaves nothing behind, or succeeds. */
static void test_no_memory(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open_size(XIPVM_GC_STRESS ? 200 * 1024 : 100 * 1024);
    struct xv_blob_fault fault;
    unsigned failures = 0, successes = 0;
    for (size_t room = 0; room < 900; room += XIPVM_GC_STRESS ? 17 : 1) {
        xv_collect(vm);
        assert_int_equal(vm->n_modules, 0);
        xv_value r[2] = {xv_alloc(vm, XV_KIND_RAW, xv_heap_free(vm) / sizeof(xv_value) - room), XV_NULL};
        assert_true(r[0] != XV_NULL);
        XV_ENTER(vm, r);
        r[1] = load_from(vm, example_2, sizeof example_2, &fault);
        if (r[1] == XV_NULL) {
            assert_int_equal(fault.code, XIPVM_BLOB_OK);
            assert_true(fixture_raised(vm, &xv_exc_MemoryError));
            assert_true(successes == 0); /* more room never makes it worse */
            failures++;
        } else {
            successes++;
        }
        assert_null(xv_heap_check(vm));
        XV_LEAVE(vm);
        xv_collect(vm);
        assert_int_equal(vm->n_modules, 0);
        assert_int_equal(vm->pool.live, 0);
    }
    assert_true(failures > 0 && successes > 0);
    fixture_close(vm);
}

/* A str or bytes constant is a value that points into the blob and takes no memory. */
static void test_constants_in_the_blob(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {run(vm, blob_constants, blob_constants_size)};
    XV_ENTER(vm, r);
    static const struct {
        const char *function, *text;
        size_t len;
    } cases[] = {{"text", "a str that is too long for a name", 33}, {"data", "bytes\0in the blob", 17}};
    for (size_t i = 0; i < 2; i++) {
        xv_collect(vm);
        size_t used = xv_heap_used(vm);
        xv_value v = call_global(vm, r[0], cases[i].function);
        assert_true(xv_is_imm(v, XV_IMM_CONST));
        xv_collect(vm);
        assert_int_equal(xv_heap_used(vm), used);
        struct xv_text t = xv_text(vm, v);
        assert_int_equal(t.len, cases[i].len);
        assert_memory_equal(t.data, cases[i].text, t.len);
        assert_true(t.data > blob_constants && t.data < blob_constants + blob_constants_size);
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Constants that have to be made are made when they are first needed, and once: each load gives the same object. */
static void test_constants_are_made_once(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {run(vm, blob_constants, blob_constants_size), XV_NULL};
    XV_ENTER(vm, r);
    assert_string_equal(fixture_output,
                        "a str that is too long for a name b'bytes\\x00in the blob' 123456789012345678901234567890 2.5 "
                        "(1, ('nested and rather long text', 1.5), b'x', None, True, Ellipsis, 98765432109876543210)\n"
                        "True True 1 1\n");
    static const char *const functions[] = {"number", "real", "pair"};
    for (size_t i = 0; i < 3; i++) {
        r[1] = call_global(vm, r[0], functions[i]);
        xv_collect(vm);
        size_t used = xv_heap_used(vm);
        assert_true(call_global(vm, r[0], functions[i]) == r[1] || XIPVM_SINGLE_FLOAT);
        assert_true(call_global(vm, r[0], functions[i]) == r[1] || XIPVM_SINGLE_FLOAT);
        xv_collect(vm);
        assert_int_equal(xv_heap_used(vm), used);
    }
    assert_true(xv_is_kind(r[1], XV_KIND_TUPLE) && xv_n_items(r[1]) == 7);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A value that lies in a blob keeps its module, and is right after the module table and the module moved. */
static void test_constant_keeps_its_module(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {run(vm, blob_constants, blob_constants_size)};
    XV_ENTER(vm, r);
    r[0] = call_global(vm, r[0], "text");
    xv_collect(vm);
    xv_collect(vm);
    assert_int_equal(vm->n_modules, 1);
    assert_true(fixture_is_text(vm, r[0], "a str that is too long for a name"));
    r[0] = XV_NULL;
    xv_collect(vm);
    assert_int_equal(vm->n_modules, 0);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* ---- large blobs */

static uint8_t large[1200000];
static size_t n_large;

static void add(const void *data, size_t n) {
    assert_true(n <= sizeof large - n_large);
    memcpy(large + n_large, data, n);
    n_large += n;
}

static void add_varuint(uint32_t v) {
    static struct bytes b;
    b.n = 0;
    put_varuint(&b, v);
    add(b.at, b.n);
}

/* A blob with `n` constants of `size` bytes each, of which the i-th is all of the letter 'a' + i % 26; its body
 * returns the last. */
static void make_large(unsigned n, uint32_t size) {
    static const uint8_t head[] = {0x4d, 6, 0, 31};
    static const uint8_t names[] = {2, 'q', 0, XV_Q__lt_module_gt_ << 1 | 1};
    n_large = 0;
    add(head, sizeof head);
    add_varuint(2);
    add_varuint(n);
    add(names, sizeof names);
    for (unsigned i = 0; i < n; i++) {
        uint8_t tag = 5;
        add(&tag, 1);
        add_varuint(size);
        assert_true(size < sizeof large - n_large);
        memset(large + n_large, 'a' + (int)(i % 26), size);
        large[n_large + size] = 0;
        n_large += size + 1;
    }
    struct bytes code = {.n = 0};
    put_byte(&code, XV_OP_LOAD_CONST_OBJ);
    put_varuint(&code, n - 1);
    put_byte(&code, XV_OP_RETURN_VALUE);
    struct function f = {.n_state = 1, .code = code.at, .n_code = code.n};
    static struct bytes raw;
    raw.n = 0;
    put_raw(&raw, &f, 0);
    add(raw.at, raw.n);
}

/* Constants far from the beginning of a large blob, which the table has no offsets for, are found as well. */
static void test_far_constants(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    struct xv_blob_fault fault;
    unsigned n = 60;
    make_large(n, 2999);
    xv_value none[1] = {XV_NULL};
    xv_value r[1] = {load_from(vm, large, n_large, &fault)};
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    for (unsigned i = 0; i < n; i++) {
        unsigned k = i * 7 % n;
        struct xv_text t = xv_text(vm, xv_module_constant(vm, r[0], k));
        assert_int_equal(t.len, 2999);
        assert_true(t.data[0] == 'a' + k % 26 && t.data[2998] == 'a' + k % 26);
    }
    struct xv_text t = xv_text(vm, xv_call(vm, xv_module_body(r[0]), none, 0));
    assert_true(t.len == 2999 && t.data[0] == 'a' + (n - 1) % 26);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* 32-bit hosts tell places in a blob apart up to 1 MB, and refuse larger blobs. */
static void test_largest_blob(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    struct xv_blob_fault fault;
    make_large(2, 524200);
    assert_true(n_large <= 1u << 20);
    assert_true(load_from(vm, large, n_large, &fault) != XV_NULL);
    make_large(2, 524300);
    assert_true(n_large > 1u << 20);
    xv_value module = load_from(vm, large, n_large, &fault);
    assert_int_equal(module != XV_NULL, XV_64);
    assert_true(XV_64 || fixture_raised(vm, &xv_exc_ImportError));
    fixture_close(vm);
}

/* Slots of dropped modules are used again, and code and constants of those that stay still find theirs; when all
 * slots are taken, that is an ImportError. */
static void test_many_modules(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    struct xv_blob_fault fault;
    unsigned n = XIPVM_GC_STRESS ? 60 : 300;
    bool limited = n > XV_MAX_SLOTS;
    make_large(3, 50);
    xv_value none[1] = {XV_NULL};
    xv_value r[2] = {xv_alloc_array(vm, n), XV_NULL};
    XV_ENTER(vm, r);
    for (unsigned i = 0; i < n; i++) {
        r[1] = load_from(vm, large, n_large, &fault);
        if (i >= XV_MAX_SLOTS) {
            assert_true(r[1] == XV_NULL);
            assert_true(fixture_raised(vm, &xv_exc_ImportError));
            continue;
        }
        assert_true(r[1] != XV_NULL);
        xv_items(r[0])[i] = xv_module_body(r[1]);
    }
    r[1] = XV_NULL;
    xv_collect(vm);
    assert_int_equal(vm->n_modules, limited ? XV_MAX_SLOTS : n);
    for (unsigned i = 0; i < n; i += 2) {
        xv_items(r[0])[i] = XV_NULL;
    }
    xv_collect(vm);
    assert_int_equal(vm->n_modules, (limited ? XV_MAX_SLOTS : n) / 2);
    size_t slots = xv_n_items(vm->slots);
    for (unsigned i = 0; i < n / 2 && !limited; i++) {
        r[1] = load_from(vm, large, n_large, &fault);
        assert_true(r[1] != XV_NULL);
        xv_items(r[0])[2 * i] = xv_module_body(r[1]);
    }
    assert_int_equal(xv_n_items(vm->slots), slots);
    for (unsigned i = 0; i < n; i++) {
        if (xv_items(r[0])[i] != XV_NULL) {
            struct xv_text t = xv_text(vm, xv_call(vm, xv_items(r[0])[i], none, 0));
            assert_true(t.len == 50 && t.data[0] == 'c');
        }
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Modules that nothing refers to any more take no slot from the next ones, though nothing else made a collection
 * necessary. */
static void test_dead_modules_have_no_slots(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    struct xv_blob_fault fault;
    unsigned n = 300;
    make_large(3, 50);
    for (unsigned i = 0; i < n; i++) {
        assert_true(load_from(vm, large, n_large, &fault) != XV_NULL);
    }
    /* Unless the program does not want to be collected. */
    vm->gc_disabled = true;
    xv_value module = XV_INT(0);
    for (unsigned i = 0; i < n && module != XV_NULL; i++) {
        module = load_from(vm, large, n_large, &fault);
    }
    assert_int_equal(module == XV_NULL, n > XV_MAX_SLOTS);
    assert_true(module != XV_NULL || fixture_raised(vm, &xv_exc_ImportError));
    vm->gc_disabled = false;
    assert_true(load_from(vm, large, n_large, &fault) != XV_NULL);
    fixture_close(vm);
}

/* ---- memory for the verifier */

/* A blob of one function with this code, in `large`. */
static void make_function(unsigned n_state, const struct bytes *code) {
    static const uint8_t head[] = {0x4d, 6, 0, 31, 2, 0, 2, 'q', 0, XV_Q__lt_module_gt_ << 1 | 1};
    struct function f = {.n_state = n_state, .code = code->at, .n_code = code->n};
    static struct bytes raw;
    raw.n = 0;
    put_raw(&raw, &f, 0);
    n_large = 0;
    add(head, sizeof head);
    add(raw.at, raw.n);
}

static void put_return(struct bytes *b) {
    put_byte(b, XV_OP_LOAD_CONST_NONE);
    put_byte(b, XV_OP_RETURN_VALUE);
}

/* A jump whose two bytes of offset lead so far from behind it. */
static void put_jump(struct bytes *b, int offset) {
    put_byte(b, XV_OP_LOAD_CONST_NONE);
    put_byte(b, XV_OP_POP_JUMP_IF_TRUE);
    put_byte(b, ((unsigned)(offset + 0x4000) & 0x7f) | 0x80);
    put_byte(b, (unsigned)(offset + 0x4000) >> 7);
}

static void put_loops(struct bytes *b, unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        put_jump(b, -4);
    }
}

/* Each to a place of its own behind them all. */
static void put_forward_jumps(struct bytes *b, unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        put_jump(b, (int)(4 * (n - 1 - i) + 2 * i));
    }
    for (unsigned i = 0; i < n; i++) {
        put_byte(b, XV_OP_LOAD_CONST_NONE);
        put_byte(b, XV_OP_POP_TOP);
    }
}

static void put_nulls(struct bytes *b, unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        put_byte(b, XV_OP_LOAD_NULL);
    }
}

/* Garbage, until so many bytes of scratch memory are left at most. In the stress build it is apart, and there is no
 * garbage. */
static void fill(struct xv_vm *vm, size_t left) {
    size_t size;
    xv_heap_scratch(vm, &size);
    while (!XIPVM_GC_STRESS && size >= left + 4 * sizeof(xv_value)) {
        assert_true(xv_alloc(vm, XV_KIND_RAW, 4) != XV_NULL);
        xv_heap_scratch(vm, &size);
    }
}

/* Whether a function is too large for the memory that the verifier gets does not depend on garbage. */
static void test_garbage_refuses_nothing(void **state) {
    (void)state;
    static const struct {
        void (*put_code)(struct bytes *b, unsigned n);
        size_t left;
        enum xipvm_blob_error code; /* OK: it is a MemoryError */
    } cases[] = {{put_loops, XV_VERIFIER_SCRATCH + 64, XIPVM_BLOB_TOO_MANY_LOOPS},
                 {put_forward_jumps, XV_VERIFIER_SCRATCH + 64, XIPVM_BLOB_TOO_MANY_LABELS},
                 {put_nulls, XV_VERIFIER_SCRATCH + 64, XIPVM_BLOB_TOO_MANY_SPECIALS},
                 {put_nulls, XV_VERIFIER_SCRATCH - 64, XIPVM_BLOB_OK}};
    for (size_t i = 0; i < 2 * (sizeof cases / sizeof *cases); i++) {
        enum xipvm_blob_error code = cases[i / 2].code;
        bool disabled = i % 2 != 0;
        struct xv_vm *vm = fixture_open();
        struct xv_blob_fault fault;
        static struct bytes body;
        body.n = 0;
        cases[i / 2].put_code(&body, 200);
        put_return(&body);
        make_function(210, &body);
        fill(vm, cases[i / 2].left);
        uint32_t collections = vm->stats.collections;
        vm->gc_disabled = disabled;
        xv_value module = load_from(vm, large, n_large, &fault);
        if (!XIPVM_GC_STRESS) {
            assert_int_equal(module == XV_NULL, disabled);
            assert_int_equal(fault.code, disabled ? code : XIPVM_BLOB_OK);
            assert_true(vm->stats.collections == collections + !disabled);
        }
        assert_true(module != XV_NULL || fixture_raised(vm, code == XIPVM_BLOB_OK ? &xv_exc_MemoryError : &xv_exc_ImportError));
        vm->gc_disabled = false;
        assert_true(load_from(vm, large, n_large, &fault) != XV_NULL);
        fixture_close(vm);
    }
}

#if XIPVM_LINKING
static size_t n_read;

static int32_t read_large(void *stream, void *buffer, size_t size) {
    (void)stream;
    size_t n = size < n_large - n_read ? size : n_large - n_read;
    memcpy(buffer, large + n_read, n);
    n_read += n;
    return (int32_t)n;
}

static xv_value link_large(struct xv_vm *vm, struct xv_blob_fault *fault) {
    struct xipvm_source source = {.read = read_large, .size = n_large};
    n_read = 0;
    return xv_module_load(vm, XV_QSTR(XV_Q___main__), &source, fault);
}
#endif

/* Nor does whether a stream can be linked: a function of names only, which linking makes longer, or of the shortest loops, of
 * which the verifier has the most to remember. */
static void test_garbage_stops_no_stream(void **state) {
    (void)state;
#if XIPVM_LINKING
    static const uint8_t name[] = {XV_OP_LOAD_ATTR_VIA_TABLE, 1};
    static const uint8_t loop[] = {XV_OP_LOAD_CONST_NONE, XV_OP_POP_TOP, XV_OP_LOAD_CONST_NONE,
                                   XV_OP_POP_JUMP_IF_TRUE, 64 - 5};
    for (size_t loops = 0; loops < 2; loops++) {
        static struct bytes code;
        code.n = 0;
        put_byte(&code, XV_OP_LOAD_CONST_NONE);
        while (code.n < 8000) {
            put(&code, loops ? loop : name, loops ? sizeof loop : sizeof name);
        }
        put_byte(&code, XV_OP_RETURN_VALUE);
        make_function(2, &code);
        for (size_t left = n_large; left < 10 * n_large; left += XIPVM_GC_STRESS ? 10 * n_large : 1000) {
            struct xv_vm *vm = fixture_open();
            struct xv_blob_fault fault;
            fill(vm, left);
            assert_true(link_large(vm, &fault) != XV_NULL);
            fixture_close(vm);
        }
    }
#endif
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_module),
        cmocka_unit_test(test_name_survives_collection),
        cmocka_unit_test(test_cost),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_no_memory),
        cmocka_unit_test(test_constants_in_the_blob),
        cmocka_unit_test(test_constants_are_made_once),
        cmocka_unit_test(test_constant_keeps_its_module),
        cmocka_unit_test(test_far_constants),
        cmocka_unit_test(test_largest_blob),
        cmocka_unit_test(test_many_modules),
        cmocka_unit_test(test_dead_modules_have_no_slots),
        cmocka_unit_test(test_garbage_refuses_nothing),
        cmocka_unit_test(test_garbage_stops_no_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
