/* The reader: accepts what compilers write and says what is in it; refuses each broken rule by its own code.
 */
#include "blob_builder.h"

#include "blob/opcodes.h"

/* ---- what a good blob contains ---- */

static void open_good(struct xv_blob *blob, const uint8_t *bytes, size_t size) {
    struct xv_blob_fault fault;
    assert_true(xv_blob_open(blob, bytes, size, 31, &fault));
    assert_int_equal(fault.code, XIPVM_BLOB_OK);
}

static void test_example_1(void **state) {
    (void)state;
    struct xv_blob blob;
    open_good(&blob, example_1, sizeof example_1);
    assert_int_equal(blob.size, 76);
    assert_int_equal(blob.sub_version, 0);
    assert_int_equal(blob.small_int_bits, 31);
    assert_int_equal(blob.n_qstr, 6);
    assert_int_equal(blob.n_obj, 1);
    assert_int_equal(blob.n_functions, 2);
    assert_int_equal(blob.qstrs_at, 6);
    assert_int_equal(blob.objs_at, 26);
    assert_int_equal(blob.code_at, 40);

    struct xv_name name;
    const uint8_t *p = xv_next_name(blob.base + blob.qstrs_at, &name);
    assert_int_equal(name.static_id, 0);
    assert_int_equal(name.len, 6);
    assert_memory_equal(name.text, "ex1.py", 7);
    p = xv_next_name(p, &name);
    assert_int_equal(name.static_id, 7);
    for (int i = 2; i < 5; i++) {
        p = xv_next_name(p, &name);
    }
    assert_int_equal(name.static_id, 123);
    p = xv_next_name(p, &name);
    assert_ptr_equal(p, blob.base + blob.objs_at);

    struct xv_const obj;
    p = xv_next_object(p, &obj);
    assert_int_equal(obj.tag, XV_TAG_STR);
    assert_ptr_equal(obj.at, blob.base + 26);
    assert_int_equal(obj.len, 11);
    assert_memory_equal(obj.data, "hello world", 12);
    assert_ptr_equal(p, blob.base + blob.code_at);

    struct xv_raw raw;
    struct xv_prelude prelude;
    assert_ptr_equal(xv_raw_read(p, &raw), blob.base + 63);
    assert_int_equal(raw.len, 20);
    assert_int_equal(raw.n_children, 1);
    assert_ptr_equal(xv_raw_end(p), blob.base + blob.size);
    xv_prelude_read(raw.fun, &prelude);
    assert_int_equal(prelude.n_state, 3);
    assert_ptr_equal(prelude.code, blob.base + 46);
    assert_ptr_equal(xv_prelude_lines(&prelude, false), blob.base + 45);
    assert_int_equal(xv_line_of(raw.fun, 0, false), 1);
    assert_int_equal(xv_line_of(raw.fun, 3, false), 1);
    assert_int_equal(xv_line_of(raw.fun, 4, false), 3);
    assert_int_equal(xv_line_of(raw.fun, 1000, false), 3);
}

static void test_example_2(void **state) {
    (void)state;
    struct xv_blob blob;
    struct xv_raw raw;
    struct xv_prelude p;
    open_good(&blob, example_2, sizeof example_2);
    assert_int_equal(blob.n_functions, 4);
    xv_raw_read(blob.base + blob.code_at, &raw);
    xv_raw_read(xv_raw_child(&raw, 0), &raw); /* A */
    xv_raw_read(xv_raw_child(&raw, 0), &raw); /* m */
    xv_prelude_read(raw.fun, &p);
    assert_int_equal(p.n_state, 5);
    assert_int_equal(p.n_pos, 2);
    assert_int_equal(p.n_def_pos, 1);
    assert_int_equal(p.n_kwonly, 0);
    assert_int_equal(p.flags, 0);
    assert_int_equal(p.n_cells, 2);
    assert_int_equal(p.cells[0], 0);
    assert_int_equal(p.cells[1], 1);
    assert_int_equal(xv_prelude_arg_name(&p, 0, false), 9);
    assert_int_equal(xv_prelude_arg_name(&p, 1, false), 10);
    assert_int_equal(xv_line_of(raw.fun, 0, false), 3);
    assert_int_equal(xv_line_of(raw.fun, 6, false), 8);
    xv_raw_read(xv_raw_child(&raw, 0), &raw); /* g */
    xv_prelude_read(raw.fun, &p);
    assert_int_equal(p.n_state, 6);
    assert_int_equal(p.n_exc, 1);
    assert_int_equal(p.flags, XV_FLAG_GENERATOR);
    assert_int_equal(xv_line_of(raw.fun, 2, false), 5);
    assert_int_equal(xv_line_of(raw.fun, 7, false), 7);
    assert_ptr_equal(raw.children, blob.base + blob.size);
}

/* All fields that grow over several bytes come back as they were written. */
static void test_wide_preludes(void **state) {
    (void)state;
    static const uint8_t code[] = {XV_OP_LOAD_CONST_NONE, XV_OP_RETURN_VALUE};
    static uint8_t cells[200];
    static struct bytes b;
    for (unsigned i = 0; i < sizeof cells; i++) {
        cells[i] = (uint8_t)i;
    }
    static const struct function rows[] = {
        {1, 0, 0, 0, 0, 0, cells, 0, code, 2},
        {32767, 255, 0, 0, 0, 15, cells, 0, code, 2},
        {400, 3, 200, 100, 150, XV_FLAG_VARARGS, cells, 200, code, 2},
        {256, 1, 5, 3, 2, XV_FLAG_VARKW | XV_FLAG_DEFKW, cells, 127, code, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct function *f = &rows[i];
        struct xv_prelude p;
        b.n = 0;
        put_function(&b, f);
        xv_prelude_read(b.at, &p);
        assert_int_equal(p.n_state, f->n_state);
        assert_int_equal(p.n_exc, f->n_exc);
        assert_int_equal(p.n_pos, f->n_pos);
        assert_int_equal(p.n_kwonly, f->n_kwonly);
        assert_int_equal(p.n_def_pos, f->n_def);
        assert_int_equal(p.flags, f->flags);
        assert_int_equal(p.n_cells, f->n_cells);
        assert_memory_equal(p.cells, cells, f->n_cells);
        assert_ptr_equal(xv_prelude_lines(&p, false), p.cells);
        assert_ptr_equal(p.code + 2, b.at + b.n);
    }
}

static void test_tuples_are_skipped_whole(void **state) {
    (void)state;
    static const uint8_t tuple[] = {10, 3,   10,  2,  5, 1, 'a', 0,   6,   0,   0, 7,
                                    2,  '-', '1', 10, 1, 8, 3,   '1', '.', '5', 1};
    struct xv_const obj;
    assert_ptr_equal(xv_next_object(tuple, &obj), tuple + sizeof tuple - 1);
    assert_int_equal(obj.tag, XV_TAG_TUPLE);
    assert_int_equal(obj.len, 3);
    const uint8_t *p = xv_next_object(obj.data, &obj);
    assert_int_equal(obj.len, 2);
    p = xv_next_object(p, &obj);
    assert_int_equal(obj.tag, XV_TAG_INT);
    assert_int_equal(obj.len, 2);
    p = xv_next_object(p, &obj);
    assert_ptr_equal(p, tuple + sizeof tuple - 1);
    p = xv_next_object(p, &obj);
    assert_int_equal(obj.tag, XV_TAG_NONE);
    assert_ptr_equal(p, tuple + sizeof tuple);
}

/* ---- what is refused ---- */

#define HEAD 0x4d, 6, 0, 0x1f
#define QSTRS 1, 0, 0x0f /* one name, no objects, "<module>" */
#define FUNCTION 0x28, 0x00, 0x02, 0x00, 0x51, 0x63
#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
#define BLOB(...) BYTES(HEAD, __VA_ARGS__)
#define NAME(...) BYTES(HEAD, 1, 0, __VA_ARGS__, FUNCTION)
#define OBJECT(...) BYTES(HEAD, 1, 1, 0x0f, __VA_ARGS__, FUNCTION)
#define CODE(...) BYTES(HEAD, QSTRS, __VA_ARGS__)
/* an outer function with one child whose own bytes these are */
#define CHILD(n, ...) CODE(0x2c, 0, 2, 0, 0x51, 0x63, 1, (n) << 3, __VA_ARGS__)
/* 31 opening tuples stand deeper than any other constant */
#define NEST_8(...) 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, __VA_ARGS__

static const struct {
    enum xipvm_blob_error code;
    const uint8_t *bytes;
    size_t size;
} blobs[] = {
#define BAD(code) XIPVM_BLOB_##code
    {BAD(OK), CODE(FUNCTION)},
    {BAD(NOT_MPY), BYTES(0x4e, 6, 0, 0x1f, QSTRS, FUNCTION)},
    {BAD(WRONG_VERSION), BYTES(0x4d, 5, 0, 0x1f, QSTRS, FUNCTION)},
    {BAD(OK), BYTES(0x4d, 6, 3, 0x1f, QSTRS, FUNCTION)},
    {BAD(RESERVED_BIT), BYTES(0x4d, 6, 0x80, 0x1f, QSTRS, FUNCTION)},
    {BAD(NATIVE_ARCH), BYTES(0x4d, 6, 0x04, 0x1f, QSTRS, FUNCTION)},
    {BAD(ARCH_FLAGS), BYTES(0x4d, 6, 0x40, 0x1f, 0, QSTRS, FUNCTION)},
    {BAD(SMALL_INT_TOO_WIDE), BYTES(0x4d, 6, 0, 0x20, QSTRS, FUNCTION)},
    {BAD(SMALL_INT_TOO_NARROW), BYTES(0x4d, 6, 0, 7, QSTRS, FUNCTION)},

    {BAD(NO_QSTRS), BLOB(0, 0, FUNCTION)},
    {BAD(COUNT_TOO_LARGE), BLOB(0x7f, 0, 0x0f, FUNCTION)},
    {BAD(COUNT_TOO_LARGE), BLOB(1, 0x7f, 0x0f, FUNCTION)},
    {BAD(VARUINT_TOO_WIDE), BLOB(0x90, 0x80, 0x80, 0x80, 0, 0, 0x0f, FUNCTION)},
    {BAD(VARUINT_LEADING_ZERO), BLOB(0x80, 1, 0, 0x0f, FUNCTION)},
    {BAD(TRUNCATED), BYTES(0x4d, 6)},
    {BAD(OK), NAME(0x82, 0x4b)}, /* 165 */
    {BAD(STATIC_NAME), NAME(0x82, 0x4d)},
    {BAD(STATIC_NAME), NAME(0x01)},
    {BAD(OK), NAME(2, 'a', 0)},
    {BAD(OK), NAME(0, 0)},
    {BAD(NAME_NOT_TERMINATED), NAME(2, 'a', 'b')},
    {BAD(NAME_TOO_LONG), NAME(0x84, 0x00)},
    {BAD(TRUNCATED), NAME(0x7e)},
    {BAD(NAME_NOT_UTF8), NAME(2, 0x80, 0)},

    {BAD(OK), OBJECT(4)},
    {BAD(NATIVE_TABLE), OBJECT(0)},
    {BAD(OBJECT_TAG), OBJECT(11)},
    {BAD(COUNT_TOO_LARGE), OBJECT(10, 0x7f)},
    {BAD(OK), OBJECT(NEST_8(NEST_8(1)))},
    {BAD(OK), OBJECT(10, 0)},
    {BAD(TUPLE_DEPTH), OBJECT(NEST_8(NEST_8(10, 0)))},
    {BAD(OK), OBJECT(5, 0, 0)},
    {BAD(OBJECT_NOT_TERMINATED), OBJECT(5, 1, 'a', 1)},
    {BAD(OBJECT_NOT_TERMINATED), OBJECT(6, 1, 'a', 1)},
    {BAD(OK), OBJECT(6, 1, 0xff, 0)},
    {BAD(STR_NOT_UTF8), OBJECT(5, 1, 0xff, 0)},
    {BAD(OK), OBJECT(7, 2, '-', '0')},
    {BAD(INT_TEXT), OBJECT(7, 1, '-')},
    {BAD(INT_TEXT), OBJECT(7, 0)},
    {BAD(INT_TEXT), OBJECT(7, 2, '+', '1')},
    {BAD(OK), OBJECT(8, 8, '-', '1', '.', '5', 'e', '-', '1', '0')},
    {BAD(OK), OBJECT(8, 3, '1', 'e', '5')},
    {BAD(OK), OBJECT(8, 4, '-', 'i', 'n', 'f')},
    {BAD(OK), OBJECT(8, 3, 'n', 'a', 'n')},
    {BAD(FLOAT_TEXT), OBJECT(8, 0)},
    {BAD(FLOAT_TEXT), OBJECT(8, 2, '1', '.')},
    {BAD(FLOAT_TEXT), OBJECT(8, 2, '.', '1')},
    {BAD(FLOAT_TEXT), OBJECT(8, 3, '1', 'e', '-')},
    {BAD(FLOAT_TEXT), OBJECT(8, 4, '1', 'e', '5', '.')},
    {BAD(FLOAT_TEXT), OBJECT(8, 3, 'i', 'n', 'g')},
    {BAD(OK), OBJECT(9, 2, '1', 'j')},
    {BAD(COMPLEX_TEXT), OBJECT(9, 1, '1')},
    {BAD(COMPLEX_TEXT), OBJECT(9, 1, 'j')},
    {BAD(TRUNCATED), BLOB(1, 1, 0x0f, 5, 9, 'a')},

    {BAD(TRAILING_BYTES), CODE(FUNCTION, 0)},
    {BAD(NATIVE_CODE), CODE(0x29, 0, 2, 0, 0x51, 0x63)},
    {BAD(TRUNCATED), CODE(0x30, 0, 2, 0, 0x51, 0x63)},
    {BAD(NO_CHILDREN), CODE(0x2c, 0, 2, 0, 0x51, 0x63, 0)},
    {BAD(COUNT_TOO_LARGE), CODE(0x2c, 0, 2, 0, 0x51, 0x63, 0x7f)},
    {BAD(PRELUDE_TRUNCATED), CODE(0x00)},
    {BAD(PRELUDE_TRUNCATED), CODE(0x08, 0x80)},
    {BAD(PRELUDE_TRUNCATED), CODE(0x08, 0x00)},
    {BAD(SIGNATURE_TOO_LONG), CODE(0x81, 0x10, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                   0x80, 0x80, 0x80, 0x80, 0, 2, 0, 0x63)},
    {BAD(SIZES_TOO_LONG), CODE(0x81, 0x28, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                               0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x51, 0x63)},
    {BAD(SIZES_TOO_LONG), CODE(0x50, 0, 0x82, 0x80, 0x80, 0x80, 0x80, 2, 0, 0x51, 0x63)},
    {BAD(NO_BYTECODE), CODE(0x18, 0, 2, 0)},
    {BAD(NO_BYTECODE), CODE(0x28, 0, 0x06, 0, 0, 0)},
    {BAD(STATE_TOO_LARGE), CODE(0x60, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x20, 2, 0, 0x51, 0x51, 0x63)},
    {BAD(BLOCKS_TOO_MANY),
     CODE(0x68, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02, 2, 0, 0x51, 0x63)},
    {BAD(SCOPE_FLAGS), CODE(0x50, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 2, 0, 0x51, 0x63)},
    {BAD(TOO_MANY_DEFAULTS), CHILD(6, 0x80, 0x01, 2, 0, 0x51, 0x63)},
    {BAD(OK), CHILD(7, 0x81, 0x01, 4, 0, 0, 0x51, 0x63)},
    {BAD(TOO_MANY_ARGUMENTS), CHILD(8, 0x02, 0x06, 0, 0, 0, 0x51, 0x51, 0x63)},
    {BAD(TOO_MANY_ARGUMENTS), CHILD(9, 0x81, 0x80, 0x40, 4, 0, 0, 0x51, 0x51, 0x63)},
    {BAD(NAMES_TRUNCATED), CHILD(5, 0x01, 0x02, 0, 0x51, 0x63)},
    {BAD(NAME_INDEX), CODE(0x28, 0, 2, 1, 0x51, 0x63)},
    {BAD(VARUINT_LEADING_ZERO), CODE(0x30, 0, 4, 0x80, 0, 0x51, 0x63)},
    {BAD(OK), CODE(0x38, 0, 6, 0, 0x80, 1, 0x51, 0x63)},
    {BAD(LINES_TRUNCATED), CODE(0x30, 0, 4, 0, 0x80, 0x51, 0x63)},
    {BAD(OK), CHILD(6, 0x00, 0x03, 0, 0, 0x51, 0x63)},
    {BAD(CELL_INDEX), CHILD(6, 0x00, 0x03, 0, 1, 0x51, 0x63)},
    {BAD(CELL_TWICE), CHILD(8, 0x00, 0x82, 0x01, 0, 0, 0, 0x51, 0x63)},
    {BAD(OUTER_ARGUMENTS), CODE(0x30, 0, 3, 0, 0, 0x51, 0x63)},
    {BAD(OUTER_ARGUMENTS), CODE(0x30, 1, 4, 0, 0, 0x51, 0x63)},
    {BAD(OUTER_ARGUMENTS), CODE(0x30, 0x80, 0x40, 2, 0, 0x51, 0x63)},
};

static enum xipvm_blob_error open_copy(const uint8_t *bytes, size_t size, uint32_t *offset) {
    uint8_t *copy = malloc(size > 0 ? size : 1);
    struct xv_blob blob;
    struct xv_blob_fault fault;
    assert_non_null(copy);
    memcpy(copy, bytes, size);
    bool good = xv_blob_open(&blob, copy, size, 31, &fault);
    free(copy);
    assert_int_equal(good, fault.code == XIPVM_BLOB_OK);
    assert_true(fault.offset <= size);
    *offset = fault.offset;
    return fault.code;
}

static void test_each_fault_has_its_code(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof blobs / sizeof blobs[0]; i++) {
        uint32_t offset;
        enum xipvm_blob_error code = open_copy(blobs[i].bytes, blobs[i].size, &offset);
        if (code != blobs[i].code) {
            fail_msg("blob %u: %s at %u, not %s", (unsigned)i, blob_error_names[code], (unsigned)offset,
                     blob_error_names[blobs[i].code]);
        }
    }
}

/* No code of the reader's rules is left untested. */
static void test_each_code_is_met(void **state) {
    (void)state;
    for (int code = 1; code < XIPVM_BLOB_ERROR_COUNT; code++) {
        const char *rule = xv_blob_error_rule((enum xipvm_blob_error)code);
        bool met = strchr("HQORP", rule[0]) == NULL;
        for (size_t i = 0; i < sizeof blobs / sizeof blobs[0]; i++) {
            met = met || (int)blobs[i].code == code;
        }
        met = met || code == XIPVM_BLOB_FUNCTION_DEPTH /* below */
              || code == XIPVM_BLOB_SIGNED_TOO_WIDE    /* the cursor's */
              || code == XIPVM_BLOB_CLOSURE_TOO_LARGE; /* the verifier's */
        if (!met) {
            fail_msg("%s is not tested", blob_error_names[code]);
        }
    }
}

static enum xipvm_blob_error open_nested(unsigned depth) {
    static struct bytes b;
    static const uint8_t start[] = {HEAD, QSTRS};
    static const uint8_t own[] = {0, 2, 0, 0x51, 0x63};
    uint32_t offset;
    b.n = 0;
    put(&b, start, sizeof start);
    for (unsigned i = 0; i <= depth; i++) {
        put_byte(&b, i < depth ? 0x2c : 0x28);
        put(&b, own, sizeof own);
        if (i < depth) {
            put_byte(&b, 1);
        }
    }
    return open_copy(b.at, b.n, &offset);
}

static void test_functions_nest_to_the_bound(void **state) {
    (void)state;
    assert_int_equal(open_nested(XV_MAX_FUNCTION_DEPTH), XIPVM_BLOB_OK);
    assert_int_equal(open_nested(XV_MAX_FUNCTION_DEPTH + 1), XIPVM_BLOB_FUNCTION_DEPTH);
}

static void test_a_file_over_2_gib_is_refused_unread(void **state) {
    (void)state;
    struct xv_blob blob;
    struct xv_blob_fault fault;
    assert_false(xv_blob_open(&blob, example_1, (size_t)INT32_MAX + 1, 31, &fault));
    assert_int_equal(fault.code, XIPVM_BLOB_TOO_LARGE);
}

/* UTF-8 as the compilers write it: lone surrogates yes, overlong forms and values over 10ffff no. */
static void test_utf8(void **state) {
    (void)state;
    static const struct {
        bool good;
        uint8_t n;
        uint8_t text[4];
    } rows[] = {
        {true, 2, {0xc2, 0x80}},
        {true, 2, {0xdf, 0xbf}},
        {true, 3, {0xe0, 0xa0, 0x80}},
        {true, 3, {0xed, 0xa0, 0x80}},
        {true, 3, {0xef, 0xbf, 0xbf}},
        {true, 4, {0xf0, 0x90, 0x80, 0x80}},
        {true, 4, {0xf4, 0x8f, 0xbf, 0xbf}},
        {true, 1, {0}},
        {false, 2, {0xc1, 0xbf}},
        {false, 1, {0xc2}},
        {false, 2, {0xc2, 0x41}},
        {false, 3, {0xe0, 0x9f, 0xbf}},
        {false, 2, {0xe1, 0x80}},
        {false, 4, {0xf0, 0x8f, 0xbf, 0xbf}},
        {false, 4, {0xf4, 0x90, 0x80, 0x80}},
        {false, 4, {0xf5, 0x80, 0x80, 0x80}},
        {false, 1, {0xbf}},
        {false, 3, {0xf0, 0x90, 0x80}},
        {false, 3, {0xe1, 0x80, 0xc0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct bytes b;
        static const uint8_t start[] = {HEAD, 1, 1, 0x0f, 5};
        static const uint8_t end[] = {0, FUNCTION};
        uint32_t offset;
        b.n = 0;
        put(&b, start, sizeof start);
        put_byte(&b, rows[i].n);
        put(&b, rows[i].text, rows[i].n);
        put(&b, end, sizeof end);
        assert_int_equal(open_copy(b.at, b.n, &offset),
                         rows[i].good ? XIPVM_BLOB_OK : XIPVM_BLOB_STR_NOT_UTF8);
    }
}

static void test_no_beginning_of_a_file_is_a_file(void **state) {
    (void)state;
    static const struct {
        const uint8_t *bytes;
        size_t size;
    } files[] = {{example_1, sizeof example_1}, {example_2, sizeof example_2}, {example_3, sizeof example_3}};
    for (size_t f = 0; f < sizeof files / sizeof files[0]; f++) {
        for (size_t n = 0; n < files[f].size; n++) {
            assert_true(load(files[f].bytes, n, XV_VERIFIER_SCRATCH).code != XIPVM_BLOB_OK);
        }
        assert_int_equal(load(files[f].bytes, files[f].size, XV_VERIFIER_SCRATCH).code, XIPVM_BLOB_OK);
    }
}

static void test_every_code_has_a_message(void **state) {
    (void)state;
    for (int code = 0; code < XIPVM_BLOB_ERROR_COUNT; code++) {
        assert_true(strlen(xv_blob_error_text((enum xipvm_blob_error)code)) > 5);
    }
    assert_string_equal(xv_blob_error_rule(XIPVM_BLOB_NOT_MPY), "H1");
    assert_non_null(xv_blob_error_text((enum xipvm_blob_error)9999));
    assert_string_equal(xv_blob_error_rule((enum xipvm_blob_error)9999), "");
}

/* ---- the opcode table ---- */

static void test_opcode_table(void **state) {
    (void)state;
    unsigned assigned = 0;
    for (unsigned op = 0; op < 256; op++) {
        bool used = xv_op_table[op].operand != XV_OPERAND_UNUSED;
        assigned += used ? 1 : 0;
        assert_int_equal(used, xv_op_name((uint8_t)op) != NULL);
    }
    assert_int_equal(assigned, 13 + 13 + 24 + 11 + 16 + 8 + 64 + 16 + 16 + 4 + 35);
    assert_string_equal(xv_op_name(0xff - 6), "BINARY_OP_MULTI");
    assert_int_equal(XV_OP_LOAD_CONST_STRING_VIA_TABLE, 0x10);
    assert_int_equal(XV_OP_IMPORT_FROM_VIA_TABLE, 0x1c);
    assert_int_equal(XV_OP_BINARY_OP_MULTI_LAST, 0xf9);
    assert_int_equal(XV_BINARY_COUNT, XV_OP_BINARY_OP_MULTI_COUNT);
    assert_int_equal(XV_UNARY_COUNT, XV_OP_UNARY_OP_MULTI_COUNT);
    assert_int_equal(XV_BINARY_POW, 34);
    assert_int_equal(XV_BINARY_ADD, 27);
}

static void test_decoding(void **state) {
    (void)state;
    static const struct {
        uint8_t bytes[4];
        uint32_t next, arg, extra;
        int64_t value, target;
    } rows[] = {
        {{XV_OP_LOAD_FAST_N, 0x81, 0x00}, 3, 128, 0, 0, -1},
        {{XV_OP_MAKE_CLOSURE, 5, 7}, 3, 5, 7, 0, -1},
        {{XV_OP_LOAD_CONST_SMALL_INT, 0xfd, 0x54}, 3, 0, 0, -300, -1},
        {{0x70}, 1, 0, 0, -16, -1},
        {{0xaf}, 1, 0, 0, 47, -1},
        {{0xbf}, 1, 15, 0, 0, -1},
        {{0xc3}, 1, 3, 0, 0, -1},
        {{0xd3}, 1, 3, 0, 0, -1},
        {{0xf9}, 1, 34, 0, 0, -1},
        {{XV_OP_JUMP, 0x3e}, 2, 0, 0, 0, 0},
        {{XV_OP_JUMP, 0xfd, 0x7f}, 3, 0, 0, 0, 0},
        {{XV_OP_JUMP, 0x7f}, 2, 0, 0, 0, 65},
        {{XV_OP_FOR_ITER, 0x7f}, 2, 0, 0, 0, 129},
        {{XV_OP_FOR_ITER, 0x81, 0x01}, 3, 0, 0, 0, 132},
        {{XV_OP_UNWIND_JUMP, 0x41, 0x82}, 3, 0, 0x82, 0, 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct xv_instr ins;
        assert_int_equal(xv_instr_decode(rows[i].bytes, 4, 0, &ins), XIPVM_BLOB_OK);
        assert_int_equal(ins.next, rows[i].next);
        assert_int_equal(ins.arg, rows[i].arg);
        assert_int_equal(ins.extra, rows[i].extra);
        assert_true(ins.value == rows[i].value);
        assert_true(ins.target == rows[i].target);
        for (uint32_t n = 0; n < rows[i].next; n++) {
            assert_int_equal(xv_instr_decode(rows[i].bytes, n, 0, &ins), XIPVM_BLOB_OPERAND_TRUNCATED);
        }
    }
}

static void test_async_entry(void **state) {
    (void)state;
    const uint8_t *handler = example_3 + 127 - 61 + 16; /* address 16 of 61 bytes of bytecode at the end */
    assert_true(xv_is_async_handler(handler));
    assert_int_equal(xv_async_entry(handler, true) - handler, 22 - 16);
    assert_int_equal(xv_async_entry(handler, false) - handler, 45 - 16);
    static const uint8_t wide[] = {0x57, 0x12, 0x81, 0x00, 0xdf, 0x44, 0x80 | 5, 0x80};
    assert_ptr_equal(xv_async_entry(wide, true), wide + 8);
    static const uint8_t far[64] = {0x57, 0x12, 0x81, 0x00, 0xdf, 0x44, 0x80 | 5, 0x80};
    assert_ptr_equal(xv_async_entry(far, false), far + 8 + 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_example_1),
        cmocka_unit_test(test_example_2),
        cmocka_unit_test(test_wide_preludes),
        cmocka_unit_test(test_tuples_are_skipped_whole),
        cmocka_unit_test(test_each_fault_has_its_code),
        cmocka_unit_test(test_each_code_is_met),
        cmocka_unit_test(test_functions_nest_to_the_bound),
        cmocka_unit_test(test_a_file_over_2_gib_is_refused_unread),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_no_beginning_of_a_file_is_a_file),
        cmocka_unit_test(test_every_code_has_a_message),
        cmocka_unit_test(test_opcode_table),
        cmocka_unit_test(test_decoding),
        cmocka_unit_test(test_async_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
