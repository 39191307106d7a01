/* Prelinking: an image is whole and verified or there is none, and every limit of the linker is an error with a code. */
#include "blob_builder.h"

#include "blob/opcodes.h"
#include "blob/prelink.h"

#define NONE XV_OP_LOAD_CONST_NONE
#define RET XV_OP_RETURN_VALUE
#define POP XV_OP_POP_TOP
#define STR XV_OP_LOAD_CONST_STRING_VIA_TABLE

#define SMALL_INT_BITS 31

static uint8_t blob_bytes[1 << 19];
static uint32_t blob_size;
static uint8_t image[1 << 18];
static uint64_t scratch[1 << 15];

static void add(const uint8_t *from, size_t n) {
    assert_true(n <= sizeof blob_bytes - blob_size);
    memcpy(blob_bytes + blob_size, from, n);
    blob_size += (uint32_t)n;
}

static void add_varuint(uint32_t v) {
    static struct bytes b;
    b.n = 0;
    put_varuint(&b, v);
    add(b.at, b.n);
}

/* The header, and names that are "a" and numbers. */
static void begin(uint32_t n_names) {
    static const uint8_t header[] = {0x4d, 6, 0, 31};
    blob_size = 0;
    add(header, sizeof header);
    add_varuint(n_names);
    add_varuint(0);
    for (uint32_t i = 0; i < n_names; i++) {
        char name[12] = "a";
        size_t len = 1;
        for (uint32_t k = i; k > 0; k /= 10) {
            name[len++] = (char)('0' + k % 10);
        }
        add_varuint((uint32_t)len << 1);
        add((const uint8_t *)name, len + 1);
    }
}

/* A function with a frame of 8 and its name, of more code than struct bytes holds. */
static void add_function(const uint8_t *code, uint32_t n_code, uint32_t n_children) {
    static const uint8_t prelude[] = {7 << 3, 1 << 1, 0};
    add_varuint((n_code + (uint32_t)sizeof prelude) << 3 | (n_children > 0 ? 4u : 0u));
    add(prelude, sizeof prelude);
    add(code, n_code);
    if (n_children > 0) {
        add_varuint(n_children);
    }
}

static uint16_t nothing_is_static(const uint8_t *text, size_t len) {
    (void)text;
    (void)len;
    return 0;
}

/* Prelinks the blob with the first `size` bytes of the scratch memory, into a sink of `room` bytes. */
static enum xipvm_blob_error prelink(size_t size, size_t room, bool (*flush)(struct xv_sink *sink), size_t *made) {
    struct xv_blob blob;
    struct xv_blob_fault fault = {XIPVM_BLOB_OK, 0};
    struct xv_sink sink = {.buffer = image, .capacity = room, .flush = flush};
    assert_true(xv_blob_open(&blob, blob_bytes, blob_size, SMALL_INT_BITS, &fault));
    assert_true(xv_blob_verify(&blob, scratch, sizeof scratch, &fault));
    bool good = xv_prelink(&blob, nothing_is_static, scratch, size, &sink, &fault);
    assert_int_equal(good, fault.code == XIPVM_BLOB_OK);
    *made = sink.total;
    return fault.code;
}

/* The image is itself a good blob. */
static void check_image(size_t size) {
    struct xv_blob blob;
    struct xv_blob_fault fault;
    assert_true(xv_blob_open(&blob, image, size, SMALL_INT_BITS, &fault));
    assert_true(blob.linked);
    assert_true(xv_blob_verify(&blob, scratch, sizeof scratch, &fault));
}

/* A child that nothing makes is replaced by one that does nothing, whatever stood in it; those behind it keep their
 * numbers. */
static void test_unmade_children_become_stubs(void **state) {
    (void)state;
    static const uint8_t outer[] = {XV_OP_MAKE_FUNCTION, 1, RET};
    static const uint8_t bad[] = {POP}, good[] = {NONE, RET};
    size_t made;
    begin(1);
    add_function(outer, sizeof outer, 2);
    add_function(bad, sizeof bad, 0);
    add_function(good, sizeof good, 0);
    assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &made), XIPVM_BLOB_OK);
    check_image(made);
    /* Header, fingerprint, file name, __aexit__, and the table of "a". */
    size_t at = 4 + 4 + 2 + 2 + 2 + 3;
    struct xv_raw raw;
    const uint8_t *next = xv_raw_read(image + at, &raw);
    assert_int_equal(raw.n_children, 2);
    next = xv_raw_read(next, &raw);
    assert_int_equal(raw.fun[raw.len - 2], NONE);
    assert_int_equal(raw.fun[raw.len - 1], RET);
}

/* Entries of a line table that lie behind the last instruction say nothing, and are left out. */
static void test_lines_behind_the_code_are_dropped(void **state) {
    (void)state;
    /* Lines 1 (2 bytes), then 31 bytes and 2 lines, of a code of 2 bytes. */
    static const uint8_t fun[] = {7 << 3, 3 << 1, 0, 0x21, 0x5f, NONE, RET};
    size_t made;
    begin(1);
    add_varuint((uint32_t)sizeof fun << 3);
    add(fun, sizeof fun);
    assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &made), XIPVM_BLOB_OK);
    check_image(made);
    struct xv_raw raw;
    struct xv_prelude prelude;
    xv_raw_read(image + 4 + 4 + 2 + 2 + 2 + 3, &raw);
    xv_prelude_read(raw.fun, &prelude);
    assert_int_equal(prelude.cells - prelude.names, 2 + 1); /* the name and one entry */
}

/* With the memory that the header asks for it works; with less, wherever it runs out, NO_SCRATCH. */
static void test_scratch_is_measured(void **state) {
    (void)state;
    static const uint8_t code[] = {NONE, RET};
    size_t made;
    begin(9);
    add_function(code, sizeof code, 0);
    size_t names = (9 * sizeof(uint16_t) + 3) & ~(size_t)3;
    size_t plan = xv_link_scratch(2 + 3);
    assert_int_equal(prelink(names + plan, sizeof image, NULL, &made), XIPVM_BLOB_OK);
    assert_int_equal(prelink(names + plan - 1, sizeof image, NULL, &made), XIPVM_BLOB_NO_SCRATCH);
    assert_int_equal(prelink(names - 1, sizeof image, NULL, &made), XIPVM_BLOB_NO_SCRATCH);
    assert_int_equal(prelink(0, sizeof image, NULL, &made), XIPVM_BLOB_NO_SCRATCH);
}

/* An operand in an image has 15 bits for the names that are not the firmware's. */
static void test_names_are_counted(void **state) {
    (void)state;
    static const uint8_t code[] = {NONE, RET};
    size_t made;
    begin(0x8000);
    add_function(code, sizeof code, 0);
    assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &made), XIPVM_BLOB_OK);
    begin(0x8001);
    add_function(code, sizeof code, 0);
    assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &made), XIPVM_BLOB_COUNT_TOO_LARGE);
}

/* Linked instructions are longer; a jump that no longer reaches its target is refused, and the one before it still works. */
static void test_jumps_that_do_not_reach(void **state) {
    (void)state;
    static uint8_t code[1 << 15];
    static const struct {
        uint32_t between; /* instructions that grow from 3 bytes with their POP to 4 */
        enum xipvm_blob_error code;
    } rows[] = {{4095, XIPVM_BLOB_OK}, {4096, XIPVM_BLOB_LINK_REACH}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t n = 0, offset = rows[i].between * 3 + 0x4000;
        size_t made;
        code[n++] = NONE;
        code[n++] = XV_OP_POP_JUMP_IF_TRUE;
        code[n++] = (uint8_t)(0x80u | (offset & 0x7fu));
        code[n++] = (uint8_t)(offset >> 7);
        for (uint32_t k = 0; k < rows[i].between; k++) {
            code[n++] = STR;
            code[n++] = 0;
            code[n++] = POP;
        }
        code[n++] = NONE;
        code[n++] = RET;
        begin(1);
        add_function(code, n, 0);
        assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &made), rows[i].code);
        if (rows[i].code == XIPVM_BLOB_OK) {
            check_image(made);
        }
    }
}

/* A jump that nothing reaches may lead into the middle of an instruction, also of the last one: it stays within the
 * function. */
static void test_jumps_that_nothing_reaches(void **state) {
    (void)state;
    static const uint8_t forward[] = {NONE, RET, XV_OP_JUMP, 0x40 + 1, XV_OP_LOAD_FAST_N, 0};
    static const uint8_t backward[] = {NONE, RET, XV_OP_JUMP, 0x40 - 1};
    size_t made;
    begin(1);
    add_function(forward, sizeof forward, 0);
    assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &made), XIPVM_BLOB_OK);
    check_image(made);
    begin(1);
    add_function(backward, sizeof backward, 0);
    assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &made), XIPVM_BLOB_OK);
    check_image(made);
}

/* Its offset may grow as well, to more than its one byte can say, if it leads into a long instruction. */
static void test_short_jumps_that_grow(void **state) {
    (void)state;
    uint8_t code[2 + 2 + 2 * 41 + 11 + 1] = {NONE, RET, XV_OP_SETUP_EXCEPT, 2 * 41 + 1};
    uint8_t *at = code + 4;
    for (unsigned i = 0; i < 41; i++) {
        *at++ = STR;
        *at++ = 0;
    }
    *at++ = XV_OP_LOAD_CONST_SMALL_INT;
    memset(at, 0x80, 9);
    at[9] = 5;
    at[10] = NONE;
    size_t made;
    begin(1);
    add_function(code, sizeof code, 0);
    assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &made), XIPVM_BLOB_LINK_REACH);
}

static unsigned flushes_left;

static bool flush(struct xv_sink *sink) {
    sink->used = 0;
    return flushes_left-- > 0;
}

/* A sink that is full, or whose flush fails at any point, the last one too, is STREAM_FAILED. */
static void test_sinks_fail(void **state) {
    (void)state;
    static const uint8_t code[] = {STR, 0, RET};
    size_t made, whole;
    begin(1);
    add_function(code, sizeof code, 0);
    assert_int_equal(prelink(sizeof scratch, sizeof image, NULL, &whole), XIPVM_BLOB_OK);
    assert_int_equal(prelink(sizeof scratch, whole, NULL, &made), XIPVM_BLOB_OK);
    for (size_t room = 0; room < whole; room++) {
        assert_int_equal(prelink(sizeof scratch, room, NULL, &made), XIPVM_BLOB_STREAM_FAILED);
        assert_int_equal(made, whole); /* it is still counted */
    }
    unsigned needed = (unsigned)(whole + 3) / 4;
    for (unsigned n = 0; n <= needed; n++) {
        flushes_left = n;
        assert_int_equal(prelink(sizeof scratch, 4, flush, &made),
                         n < needed ? XIPVM_BLOB_STREAM_FAILED : XIPVM_BLOB_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unmade_children_become_stubs),
        cmocka_unit_test(test_lines_behind_the_code_are_dropped),
        cmocka_unit_test(test_scratch_is_measured),
        cmocka_unit_test(test_names_are_counted),
        cmocka_unit_test(test_jumps_that_do_not_reach),
        cmocka_unit_test(test_jumps_that_nothing_reaches),
        cmocka_unit_test(test_short_jumps_that_grow),
        cmocka_unit_test(test_sinks_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
