/* The cursor: no byte outside its range is ever read, integers obey R1-R3, and the first fault stays. */
#include "blob_builder.h"

#include "blob/cursor.h"

static struct xv_cursor cursor_of(const uint8_t *bytes, uint32_t n) {
    struct xv_cursor c;
    xv_cursor_init(&c, bytes, 0, n);
    return c;
}

static void test_bytes_end_where_the_range_ends(void **state) {
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3};
    struct xv_cursor c;
    xv_cursor_init(&c, bytes, 1, 2);
    assert_int_equal(xv_cursor_byte(&c), 2);
    assert_int_equal(c.code, XIPVM_BLOB_OK);
    assert_int_equal(xv_cursor_byte(&c), 0);
    assert_int_equal(c.code, XIPVM_BLOB_TRUNCATED);
    assert_int_equal(c.fault, 2);
    assert_int_equal(c.pos, 2);
}

static void test_take_gives_all_or_nothing(void **state) {
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3};
    struct xv_cursor c = cursor_of(bytes, 3);
    assert_ptr_equal(xv_cursor_take(&c, 2), bytes);
    assert_ptr_equal(xv_cursor_take(&c, 0), bytes + 2);
    assert_null(xv_cursor_take(&c, UINT32_MAX));
    assert_int_equal(c.code, XIPVM_BLOB_TRUNCATED);
    assert_int_equal(c.pos, 2);
}

static void test_the_first_fault_stays(void **state) {
    (void)state;
    static const uint8_t bytes[] = {1, 2, 3};
    struct xv_cursor c = cursor_of(bytes, 3);
    assert_false(xv_cursor_fail(&c, XIPVM_BLOB_OBJECT_TAG, 7));
    assert_false(xv_cursor_fail(&c, XIPVM_BLOB_NOT_MPY, 8));
    assert_int_equal(xv_cursor_byte(&c), 0);
    assert_null(xv_cursor_take(&c, 1));
    assert_int_equal(xv_cursor_varuint(&c), 0);
    assert_int_equal(xv_cursor_varint(&c), 0);
    assert_int_equal(c.code, XIPVM_BLOB_OBJECT_TAG);
    assert_int_equal(c.fault, 7);
    assert_int_equal(c.pos, 0);
}

static void test_varuints(void **state) {
    (void)state;
    static const struct {
        uint8_t bytes[8];
        uint32_t n, value;
        enum xipvm_blob_error code;
    } rows[] = {
        {{0x00}, 1, 0, XIPVM_BLOB_OK},
        {{0x7f}, 1, 127, XIPVM_BLOB_OK},
        {{0x81, 0x00}, 2, 128, XIPVM_BLOB_OK},
        {{0x82, 0x03}, 2, 259, XIPVM_BLOB_OK},
        {{0x8f, 0xff, 0xff, 0xff, 0x7f}, 5, UINT32_MAX, XIPVM_BLOB_OK},
        {{0x90, 0x80, 0x80, 0x80, 0x00}, 5, 0, XIPVM_BLOB_VARUINT_TOO_WIDE},
        {{0x81, 0x80, 0x80, 0x80, 0x80, 0x00}, 6, 0, XIPVM_BLOB_VARUINT_TOO_WIDE},
        {{0x80, 0x01}, 2, 0, XIPVM_BLOB_VARUINT_LEADING_ZERO},
        {{0x81}, 1, 0, XIPVM_BLOB_TRUNCATED},
        {{0}, 0, 0, XIPVM_BLOB_TRUNCATED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct xv_cursor c = cursor_of(rows[i].bytes, rows[i].n);
        assert_int_equal(xv_cursor_varuint(&c), rows[i].value);
        assert_int_equal(c.code, rows[i].code);
        if (c.code == XIPVM_BLOB_OK) {
            const uint8_t *p = rows[i].bytes;
            assert_int_equal(xv_varuint(&p), rows[i].value);
            assert_ptr_equal(p, rows[i].bytes + rows[i].n);
        }
    }
}

static void test_varints(void **state) {
    (void)state;
    static const struct {
        uint8_t bytes[12];
        uint32_t n;
        int64_t value;
        enum xipvm_blob_error code;
    } rows[] = {
        {{0x30}, 1, 48, XIPVM_BLOB_OK},
        {{0x6f}, 1, -17, XIPVM_BLOB_OK},
        {{0x80, 0x40}, 2, 64, XIPVM_BLOB_OK},
        {{0xfd, 0x54}, 2, -300, XIPVM_BLOB_OK},
        {{0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, 10, INT64_MAX, XIPVM_BLOB_OK},
        {{0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, 10, INT64_MIN, XIPVM_BLOB_OK},
        {{0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00}, 10, 0, XIPVM_BLOB_SIGNED_TOO_WIDE},
        {{0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f}, 10, 0, XIPVM_BLOB_SIGNED_TOO_WIDE},
        {{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0}, 11, 0, XIPVM_BLOB_SIGNED_TOO_WIDE},
        {{0xfd}, 1, 0, XIPVM_BLOB_TRUNCATED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct xv_cursor c = cursor_of(rows[i].bytes, rows[i].n);
        assert_true(xv_cursor_varint(&c) == rows[i].value);
        assert_int_equal(c.code, rows[i].code);
        if (c.code == XIPVM_BLOB_OK && (intptr_t)rows[i].value == rows[i].value) {
            const uint8_t *p = rows[i].bytes;
            assert_true(xv_varint(&p) == rows[i].value);
            assert_ptr_equal(p, rows[i].bytes + rows[i].n);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_end_where_the_range_ends),
        cmocka_unit_test(test_take_gives_all_or_nothing),
        cmocka_unit_test(test_the_first_fault_stays),
        cmocka_unit_test(test_varuints),
        cmocka_unit_test(test_varints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
