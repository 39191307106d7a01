/* Names: what an id means, who gets which, how long it lasts, and what it costs. */
#include "fixture.h"

#include "blob_builder.h"
#include "blob/opcodes.h"
#include "link/module.h"
#include "object/container.h"

static uint16_t intern(struct xv_vm *vm, const char *text) {
    uint16_t id = xv_intern(vm, (const uint8_t *)text, strlen(text), false);
    assert_true(id != 0);
    return id;
}

static uint16_t find(struct xv_vm *vm, const char *text) {
    return xv_qstr_find(vm, (const uint8_t *)text, strlen(text));
}

static bool is_name(struct xv_vm *vm, uint16_t id, const char *text) {
    struct xv_text t = xv_qstr_text(vm, id);
    return t.len == strlen(text) && memcmp(t.data, text, t.len) == 0;
}

static void numbered(char *out, unsigned i) {
    memcpy(out, "name_", 5);
    for (int k = 9; k >= 5; k--, i /= 10) {
        out[k] = (char)('0' + i % 10);
    }
    out[10] = '\0';
}

/* The 165 names whose ids .mpy version 6 fixes. */
static const char *const fixed_names[] = {
    "", "__dir__", "\n", " ", "*", "/", "<module>", "_", "__call__", "__class__", "__delitem__",
    "__enter__", "__exit__", "__getattr__", "__getitem__", "__hash__", "__init__", "__int__", "__iter__",
    "__len__", "__main__", "__module__", "__name__", "__new__", "__next__", "__qualname__", "__repr__",
    "__setitem__", "__str__", "ArithmeticError", "AssertionError", "AttributeError", "BaseException",
    "EOFError", "Ellipsis", "Exception", "GeneratorExit", "ImportError", "IndentationError", "IndexError",
    "KeyError", "KeyboardInterrupt", "LookupError", "MemoryError", "NameError", "NoneType",
    "NotImplementedError", "OSError", "OverflowError", "RuntimeError", "StopIteration", "SyntaxError",
    "SystemExit", "TypeError", "ValueError", "ZeroDivisionError", "abs", "all", "any", "append", "args",
    "bool", "builtins", "bytearray", "bytecode", "bytes", "callable", "chr", "classmethod", "clear",
    "close", "const", "copy", "count", "dict", "dir", "divmod", "end", "endswith", "eval", "exec", "extend",
    "find", "format", "from_bytes", "get", "getattr", "globals", "hasattr", "hash", "id", "index", "insert",
    "int", "isalpha", "isdigit", "isinstance", "islower", "isspace", "issubclass", "isupper", "items",
    "iter", "join", "key", "keys", "len", "list", "little", "locals", "lower", "lstrip", "main", "map",
    "micropython", "next", "object", "open", "ord", "pop", "popitem", "pow", "print", "range", "read",
    "readinto", "readline", "remove", "replace", "repr", "reverse", "rfind", "rindex", "round", "rsplit",
    "rstrip", "self", "send", "sep", "set", "setattr", "setdefault", "sort", "sorted", "split", "start",
    "startswith", "staticmethod", "step", "stop", "str", "strip", "sum", "super", "throw", "to_bytes",
    "tuple", "type", "update", "upper", "utf-8", "value", "values", "write", "zip",
};

static void test_fixed_ids(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    assert_int_equal(sizeof fixed_names / sizeof *fixed_names, 165);
    for (uint16_t i = 0; i < 165; i++) {
        assert_true(is_name(vm, (uint16_t)(i + 1), fixed_names[i]));
        assert_int_equal(find(vm, fixed_names[i]), i + 1);
        assert_int_equal(intern(vm, fixed_names[i]), i + 1);
    }
    assert_int_equal(find(vm, ""), 1);
    assert_int_equal(find(vm, "<module>"), 7);
    assert_int_equal(find(vm, "zip"), 165);
    assert_int_equal(XV_Q_zip, 165);
    fixture_close(vm);
}

/* Every static name is found by its text, and by no other id; its hash is that of the text; none costs any memory. */
static void test_static_names(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    size_t before = xv_heap_free(vm);
    for (uint32_t id = 1; id <= XV_POOL_STATIC; id++) {
        struct xv_text t = xv_qstr_text(vm, (uint16_t)id);
        assert_int_equal(xv_qstr_find(vm, t.data, t.len), id);
        assert_int_equal(xv_intern(vm, t.data, t.len, false), id);
        assert_int_equal(xv_qstr_hash(vm, (uint16_t)id), xv_text_hash(t.data, t.len));
    }
    for (unsigned c = 0; c < 128; c++) {
        struct xv_text t = xv_qstr_text(vm, xv_qstr_id(xv_qstr_char((uint8_t)c)));
        assert_true(t.len == 1 && t.data[0] == c);
    }
    assert_int_equal(xv_heap_free(vm), before);
    assert_int_equal(xv_pool_bytes(vm), 0);
    fixture_close(vm);
}

/* The same text has the same id as long as the name lives, whatever memory the text is in; other texts have others. */
static void test_same_text_same_id(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    uint8_t buffer[16];
    uint16_t a = intern(vm, "some_name");
    assert_true(a > XV_POOL_STATIC);
    xv_value r[1] = {XV_QSTR(a)};
    XV_ENTER(vm, r);
    memcpy(buffer, "some_name", 9);
    assert_int_equal(xv_intern(vm, buffer, 9, false), a);
    memset(buffer, 'x', sizeof buffer);
    assert_true(is_name(vm, a, "some_name")); /* it was copied */
    assert_int_equal(find(vm, "some_name"), a);
    assert_int_equal(find(vm, "some_nam"), 0);
    assert_int_equal(find(vm, "some_name_"), 0);
    assert_true(intern(vm, "some_nam") != a);
    /* Zero bytes and any others count. */
    static const uint8_t zeros[] = {'a', 0, 'b'};
    uint16_t b = xv_intern(vm, zeros, 3, false);
    assert_true(b != 0 && b != intern(vm, "a") && xv_qstr_text(vm, b).len == 3);
    assert_int_equal(xv_qstr_find(vm, zeros, 3), b);
    static const uint8_t accent[] = {0xc3, 0xa9};
    assert_int_equal(xv_intern(vm, accent, 2, true), xv_intern(vm, accent, 2, false));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A name that is to be interned may itself lie in the heap that moves while room is made for it. */
static void test_text_in_the_heap(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {xv_list_new(vm, 0), XV_NULL};
    XV_ENTER(vm, r);
    for (unsigned i = 0; i < 200; i++) {
        char text[16];
        numbered(text, i);
        r[1] = xv_str_from(vm, text);
        r[1] = xv_intern_str(vm, r[1]);
        assert_true(r[1] != XV_NULL && xv_is_qstr(r[1]));
        assert_true(is_name(vm, xv_qstr_id(r[1]), text));
        assert_true(xv_list_append(vm, r[0], r[1]));
    }
    for (unsigned i = 0; i < 200; i++) {
        char text[16];
        numbered(text, i);
        assert_true(fixture_is_text(vm, xv_list_items(r[0])[i], text));
        assert_int_equal(find(vm, text), xv_qstr_id(xv_list_items(r[0])[i]));
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Thousands of names are all found, have ids of their own and keep them while others come and go. */
static void test_thousands_of_names(void **state) {
    (void)state;
    unsigned n = XIPVM_GC_STRESS ? 300 : 5000;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {xv_alloc_array(vm, n)};
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    char text[16];
    for (unsigned i = 0; i < n; i++) {
        numbered(text, i);
        uint16_t id = intern(vm, text);
        xv_items(r[0])[i] = XV_QSTR(id);
    }
    for (int round = 0; round < 3; round++) {
        for (unsigned i = 0; i < n; i++) {
            numbered(text, i);
            xv_value there = xv_items(r[0])[i];
            assert_int_equal(find(vm, text), there == XV_NULL ? 0 : xv_qstr_id(there));
            assert_true(there == XV_NULL || is_name(vm, xv_qstr_id(there), text));
        }
        for (unsigned i = (unsigned)round; i < n; i += 3) {
            xv_items(r[0])[i] = XV_NULL;
        }
        xv_collect(vm);
        assert_null(xv_heap_check(vm));
    }
    assert_int_equal(vm->pool.live, 0);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Names that nothing refers to are collected; ids are used again, so a program that makes new names for ever is bounded. */
static void test_unused_names_are_collected(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {XV_QSTR(intern(vm, "kept"))};
    XV_ENTER(vm, r);
    uint16_t id = intern(vm, "unused");
    xv_collect(vm);
    assert_int_equal(find(vm, "unused"), 0);
    assert_int_equal(find(vm, "kept"), xv_qstr_id(r[0]));
    assert_int_equal(vm->pool.live, 1);
    assert_int_equal(intern(vm, "successor"), id);
    xv_collect(vm);

    size_t bytes = 0;
    for (unsigned round = 0; round < (XIPVM_GC_STRESS ? 20 : 1000); round++) {
        for (unsigned i = 0; i < 50; i++) {
            char text[16];
            numbered(text, round * 50 + i);
            assert_true(intern(vm, text) <= XV_POOL_STATIC + 60);
        }
        xv_collect(vm);
        assert_int_equal(vm->pool.live, 1);
        bytes = round == 0 ? xv_pool_bytes(vm) : bytes;
        assert_int_equal(xv_pool_bytes(vm), bytes);
    }
    assert_true(is_name(vm, xv_qstr_id(r[0]), "kept"));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Names longer than 255 bytes are refused with a ValueError; 255 are allowed. */
static void test_length_limit(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    uint8_t text[300];
    memset(text, 'n', sizeof text);
    uint16_t id = xv_intern(vm, text, 255, false);
    assert_true(id != 0);
    assert_int_equal(xv_qstr_text(vm, id).len, 255);
    for (size_t len = 256; len <= 300; len += 11) {
        for (int stays = 0; stays < 2; stays++) {
            assert_int_equal(xv_intern(vm, text, len, stays != 0), 0);
            assert_true(fixture_raised(vm, &xv_exc_ValueError));
        }
        assert_int_equal(xv_qstr_find(vm, text, len), 0);
    }
    /* 511 & 255 is 255: a length that wraps must not be taken for a short one. */
    static uint8_t more[512];
    memset(more, 'n', sizeof more);
    assert_int_equal(xv_qstr_find(vm, more, 511), 0);
    fixture_close(vm);
}

/* No memory for a name is a MemoryError, and all names there are stay as they were. */
static void test_no_memory_for_names(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open_size(XIPVM_GC_STRESS ? 128 * 1024 : 80 * 1024);
    size_t most = XIPVM_GC_STRESS ? 400 : 4000;
    xv_value r[1] = {xv_alloc_array(vm, most)};
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    char text[16];
    unsigned n = 0;
    xv_value filler = xv_alloc(vm, XV_KIND_RAW, xv_heap_free(vm) / sizeof(xv_value) - 700);
    xv_value s[1] = {filler};
    struct xv_roots more = {vm->roots, s, 1};
    vm->roots = &more;
    for (; n < most; n++) {
        numbered(text, n);
        uint16_t id = xv_intern(vm, (const uint8_t *)text, 10, false);
        if (id == 0) {
            break;
        }
        xv_items(r[0])[n] = XV_QSTR(id);
    }
    assert_true(n > 10 && n < most);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_null(xv_heap_check(vm));
    assert_int_equal(find(vm, text), 0);
    for (unsigned i = 0; i < n; i++) {
        numbered(text, i);
        assert_int_equal(find(vm, text), xv_qstr_id(xv_items(r[0])[i]));
    }
    vm->roots = more.prev;
    numbered(text, n);
    assert_true(intern(vm, text) != 0);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A VM has room for 32,767 names; the next is a MemoryError, unless some are not used any more. */
static void test_most_names(void **state) {
    (void)state;
#if !XIPVM_GC_STRESS
    static uint64_t arena[1024 * 1024];
    static uint8_t texts[XV_NAMES_MAX + 1][5];
    struct xv_vm *vm = xv_open(arena, sizeof arena, NULL);
    uint32_t n = XV_NAMES_MAX - XV_POOL_STATIC;
    xv_value r[1] = {xv_alloc_array(vm, n)};
    XV_ENTER(vm, r);
    for (uint32_t i = 0; i <= n; i++) {
        texts[i][0] = '~';
        for (int k = 1; k < 5; k++) {
            texts[i][k] = (uint8_t)('a' + (i >> (4 * (k - 1)) & 15));
        }
        uint16_t id = xv_intern(vm, texts[i], 5, true);
        if (i < n) {
            assert_true(id != 0);
            xv_items(r[0])[i] = XV_QSTR(id);
        } else {
            assert_int_equal(id, 0);
            assert_true(fixture_raised(vm, &xv_exc_MemoryError));
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        assert_int_equal(xv_qstr_find(vm, texts[i], 5), xv_qstr_id(xv_items(r[0])[i]));
    }
    xv_items(r[0])[n / 2] = XV_NULL;
    vm->gc_disabled = true;
    assert_int_equal(xv_intern(vm, texts[n], 5, true), 0);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    vm->gc_disabled = false;
    /* The text lies in the heap, which moves before the name has its id. */
    assert_true(xv_alloc(vm, XV_KIND_RAW, 100) != XV_NULL);
    xv_value name = xv_intern_str(vm, xv_str_from(vm, "the_next_name"));
    assert_true(name != XV_NULL && is_name(vm, xv_qstr_id(name), "the_next_name"));
    assert_int_equal(xv_qstr_find(vm, texts[n / 2], 5), 0);
    /* That one is not used any more either. */
    assert_true(xv_intern(vm, texts[n], 5, true) != 0);
    assert_int_equal(find(vm, "the_next_name"), 0);
    XV_LEAVE(vm);
    xv_close(vm);
#endif
}

/* ---- modules and their tables */

/* A blob with names of its own, of the form <tag>_<number>, and a body that returns None. */
static struct bytes *named_blob(struct bytes *b, const char *tag, unsigned n) {
    static const uint8_t code[] = {XV_OP_LOAD_CONST_NONE, XV_OP_RETURN_VALUE};
    struct function f = {.n_state = 1, .code = code, .n_code = sizeof code};
    static const uint8_t head[] = {0x4d, 6, 0, 31};
    b->n = 0;
    put(b, head, sizeof head);
    put_varuint(b, n + 3);
    put_varuint(b, 0);
    static const uint8_t file[] = {4, 'q', '0', 0};
    put(b, file, sizeof file);
    put_varuint(b, XV_Q__lt_module_gt_ << 1 | 1);
    put_varuint(b, XV_Q_zip << 1 | 1);
    for (unsigned i = 0; i < n; i++) {
        char text[16];
        numbered(text, i);
        memcpy(text, tag, 4);
        put_varuint(b, 10 << 1);
        put(b, (const uint8_t *)text, 11);
    }
    put_raw(b, &f, 0);
    return b;
}

static xv_value load_only(struct xv_vm *vm, const struct bytes *b) {
    struct xv_blob_fault fault;
    xv_value module = fixture_load(vm, XV_QSTR(XV_Q___main__), b->at, b->n, NULL, &fault);
    assert_int_equal(fault.code, XIPVM_BLOB_OK);
    assert_true(module != XV_NULL);
    return module;
}

/* With all its names linked, as if all its code had been executed. */
static xv_value load_module(struct xv_vm *vm, const struct bytes *b) {
    xv_value r[1] = {load_only(vm, b)};
    XV_ENTER(vm, r);
    for (uint32_t i = 0; i < xv_module(r[0])->n_qstr; i++) {
        uint16_t id = xv_module_name(vm, r[0], i);
        assert_true(id != 0);
        assert_int_equal(xv_module(r[0])->table[i], id);
    }
    XV_LEAVE(vm);
    return r[0];
}

/* A name takes memory from its first use on: loading links those of the firmware only. */
static void test_linked_when_used(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static struct bytes b;
    named_blob(&b, "lazy", 100);
    xv_value r[1] = {load_only(vm, &b)};
    XV_ENTER(vm, r);
    assert_int_equal(vm->pool.live, 0);
    assert_int_equal(xv_module_qstr(xv_module(r[0]), 2), XV_Q_zip);
    assert_int_equal(xv_module_qstr(xv_module(r[0]), 50), 0);
    assert_int_equal(find(vm, "lazy_00047"), 0);
    uint16_t id = xv_module_name(vm, r[0], 50);
    assert_true(is_name(vm, id, "lazy_00047"));
    assert_int_equal(xv_module_qstr(xv_module(r[0]), 50), id);
    assert_int_equal(xv_module_name(vm, r[0], 50), id);
    assert_int_equal(vm->pool.live, 1);
    vm->heap_locked = 1; /* the pool has no room for a hundred more */
    uint32_t i = 3;
    while (i < 103 && xv_module_name(vm, r[0], i) != 0) {
        i++;
    }
    assert_true(i < 103 && fixture_raised(vm, &xv_exc_MemoryError));
    assert_int_equal(xv_module_qstr(xv_module(r[0]), i), 0);
    vm->heap_locked = 0;
    assert_true(xv_module_name(vm, r[0], i) != 0);
    xv_collect(vm);
    assert_true(is_name(vm, id, "lazy_00047"));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* The table translates every index of the blob to the id of its text, and the texts of new names are not copied: they
 * point into the blob. */
static void test_table(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static struct bytes b;
    named_blob(&b, "tabl", 100);
    uint16_t owned = intern(vm, "tabl_00042"); /* known before, and so not new */
    xv_value r[2] = {XV_QSTR(owned), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = load_module(vm, &b);
    xv_collect(vm);
    const struct xv_module *m = xv_module(r[1]);
    assert_int_equal(m->n_qstr, 103);
    assert_int_equal(m->table[1], 7);
    assert_int_equal(m->table[2], 165);
    assert_int_equal(xv_module_table_bytes(r[1]), 206);
    for (unsigned i = 0; i < 100; i++) {
        char text[16];
        numbered(text, i);
        memcpy(text, "tabl", 4);
        uint16_t id = m->table[3 + i];
        assert_true(id > XV_POOL_STATIC && is_name(vm, id, text));
        assert_int_equal(find(vm, text), id);
        struct xv_text t = xv_qstr_text(vm, id);
        bool in_blob = t.data >= b.at && t.data + t.len <= b.at + b.n;
        assert_int_equal(in_blob, i != 42);
    }
    assert_int_equal(m->table[45], owned);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Two modules that use the same name have the same id for it, in different places of their tables. */
static void test_modules_share_names(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static struct bytes a, b;
    named_blob(&a, "shar", 20);
    named_blob(&b, "shar", 30);
    xv_value r[2] = {load_module(vm, &a), XV_NULL};
    XV_ENTER(vm, r);
    uint32_t live = vm->pool.live;
    r[1] = load_module(vm, &b);
    assert_int_equal(vm->pool.live, live + 10);
    for (unsigned i = 0; i < 23; i++) {
        assert_int_equal(xv_module(r[0])->table[i], xv_module(r[1])->table[i]);
    }
    /* The first goes; the second keeps the names that it uses. */
    r[0] = XV_NULL;
    xv_collect(vm);
    assert_int_equal(vm->n_modules, 1);
    assert_int_equal(vm->pool.live, live + 10);
    XV_LEAVE(vm);
    xv_collect(vm);
    assert_int_equal(vm->n_modules, 0);
    assert_int_equal(vm->pool.live, 0);
    fixture_close(vm);
}

/* A module that is dropped vanishes with its names and its table, and all its memory comes back: loading and dropping a
 * thousand times grows nothing. */
static void test_load_and_drop(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static struct bytes b[3];
    static const char *const tags[] = {"drop", "gone", "away"};
    for (unsigned i = 0; i < 3; i++) {
        named_blob(&b[i], tags[i], 50);
    }
    size_t used = 0;
    uint16_t highest = 0;
    for (unsigned round = 0; round < (XIPVM_GC_STRESS ? 30 : 1000); round++) {
        for (unsigned i = 0; i < 3; i++) {
            xv_value r[1] = {load_module(vm, &b[(round + i) % 3])};
            XV_ENTER(vm, r);
            assert_int_equal(vm->n_modules, 1);
            highest = highest == 0 ? (uint16_t)(xv_module(r[0])->table[52] + 50) : highest;
            assert_true(xv_module(r[0])->table[52] <= highest);
            assert_int_equal(xv_module(r[0])->slot, 0);
            XV_LEAVE(vm);
            xv_collect(vm);
            assert_int_equal(vm->n_modules, 0);
            assert_int_equal(vm->pool.live, 0);
        }
        used = round == 0 ? xv_heap_used(vm) : used;
        assert_int_equal(xv_heap_used(vm), used);
    }
    fixture_close(vm);
}

/* A name that outlives the module it came with keeps its meaning, and so does a value that lies in the blob. */
static void test_names_outlive_modules(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static struct bytes b;
    named_blob(&b, "left", 20);
    xv_value r[2] = {load_module(vm, &b), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = XV_QSTR(xv_module(r[0])->table[10]);
    r[0] = XV_NULL;
    xv_collect(vm);
    assert_int_equal(vm->n_modules, 0);
    assert_int_equal(vm->pool.live, 1);
    assert_true(fixture_is_text(vm, r[1], "left_00007"));
    assert_int_equal(find(vm, "left_00007"), xv_qstr_id(r[1]));
    assert_int_equal(find(vm, "left_00008"), 0);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A function of a module keeps the module, its table and its names alive. */
static void test_code_keeps_its_module(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static struct bytes b;
    named_blob(&b, "code", 20);
    xv_value r[1] = {load_module(vm, &b)};
    XV_ENTER(vm, r);
    r[0] = xv_module_body(r[0]);
    xv_collect(vm);
    xv_collect(vm);
    assert_int_equal(vm->n_modules, 1);
    assert_true(find(vm, "code_00019") != 0);
    xv_value none[1] = {XV_NULL};
    assert_true(xv_call(vm, r[0], none, 0) == XV_NONE);
    r[0] = XV_NULL;
    xv_collect(vm);
    assert_int_equal(vm->n_modules, 0);
    assert_int_equal(find(vm, "code_00019"), 0);
    XV_LEAVE(vm);
    fixture_close(vm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fixed_ids),
        cmocka_unit_test(test_static_names),
        cmocka_unit_test(test_same_text_same_id),
        cmocka_unit_test(test_text_in_the_heap),
        cmocka_unit_test(test_thousands_of_names),
        cmocka_unit_test(test_unused_names_are_collected),
        cmocka_unit_test(test_length_limit),
        cmocka_unit_test(test_no_memory_for_names),
        cmocka_unit_test(test_most_names),
        cmocka_unit_test(test_linked_when_used),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_modules_share_names),
        cmocka_unit_test(test_load_and_drop),
        cmocka_unit_test(test_names_outlive_modules),
        cmocka_unit_test(test_code_keeps_its_module),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
