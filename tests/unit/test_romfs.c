/* ROMFS: finds and lists what is in an image, and answers every damage with an error instead of a bad
 * pointer. */
#include "blob_builder.h"

#include "blob/romfs.h"

#define BYTES(...) (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})
/* an image with so many bytes of payload */
#define IMAGE(n, ...) BYTES(0xd2, 0xcd, 0x31, n, __VA_ARGS__)

/* file a: "hi", directory d with a file b: "h" (indirect: the h of "hi"), padding, and an unknown record */
static const uint8_t tree[] = {
    0xd2, 0xcd, 0x31, 30,  1,    1,    0xff,                                       /* padding */
    0x05, 0x06, 0x01, 'a', 0x02, 0x02, 'h',  'i', 0x04, 13, 1, 'd', 0x09, 1, 0xee, /* unknown */
    0x05, 0x06, 0x01, 'b', 0x03, 0x02, 1,    9,                                    /* 1 byte at offset 9 */
    1,    0,    1,    0,
};

static enum xipvm_blob_error find(const uint8_t *image, size_t size, const char *path,
                                  struct xv_romfs_entry *entry) {
    struct xv_romfs fs;
    enum xipvm_blob_error err = xv_romfs_open(&fs, image, size);
    return err == XIPVM_BLOB_OK ? xv_romfs_find(&fs, path, strlen(path), entry) : err;
}

static void test_worked_example(void **state) {
    (void)state;
    static const uint8_t image[] = {0xd2, 0xcd, 0x31, 0x08, 0x05, 0x06, 0x01, 0x61, 0x02, 0x02, 0x68, 0x69};
    struct xv_romfs_entry entry;
    assert_int_equal(find(image, sizeof image, "a", &entry), XIPVM_BLOB_OK);
    assert_false(entry.is_dir);
    assert_int_equal(entry.size, 2);
    assert_ptr_equal(entry.data, image + 10);
    assert_int_equal(entry.name_len, 1);
}

static void test_paths(void **state) {
    (void)state;
    struct xv_romfs_entry entry;
    assert_int_equal(find(tree, sizeof tree, "", &entry), XIPVM_BLOB_OK);
    assert_true(entry.is_dir);
    assert_int_equal(find(tree, sizeof tree, "/a", &entry), XIPVM_BLOB_OK);
    assert_memory_equal(entry.data, "hi", 2);
    assert_int_equal(find(tree, sizeof tree, "d", &entry), XIPVM_BLOB_OK);
    assert_true(entry.is_dir);
    assert_int_equal(find(tree, sizeof tree, "//d//b", &entry), XIPVM_BLOB_OK);
    assert_int_equal(entry.size, 1);
    assert_memory_equal(entry.data, "h", 1);
    assert_int_equal(find(tree, sizeof tree, "d/", &entry), XIPVM_BLOB_OK);
    assert_int_equal(find(tree, sizeof tree, "b", &entry), XIPVM_BLOB_ROMFS_NOT_FOUND);
    assert_int_equal(find(tree, sizeof tree, "a/b", &entry), XIPVM_BLOB_ROMFS_NOT_FOUND);
    assert_int_equal(find(tree, sizeof tree, "d/a", &entry), XIPVM_BLOB_ROMFS_NOT_FOUND);
    assert_int_equal(find(tree, sizeof tree, "aa", &entry), XIPVM_BLOB_ROMFS_NOT_FOUND);
}

static void test_listing(void **state) {
    (void)state;
    struct xv_romfs fs;
    struct xv_romfs_entry root, d, entry;
    struct xv_romfs_iter it;
    assert_int_equal(xv_romfs_open(&fs, tree, sizeof tree), XIPVM_BLOB_OK);
    xv_romfs_root(&fs, &root);
    xv_romfs_iter_init(&it, &fs, &root);
    assert_int_equal(xv_romfs_next(&it, &entry), XIPVM_BLOB_OK);
    assert_memory_equal(entry.name, "a", 1);
    assert_int_equal(entry.size, 2);
    assert_int_equal(xv_romfs_next(&it, &d), XIPVM_BLOB_OK);
    assert_memory_equal(d.name, "d", 1);
    assert_true(d.is_dir);
    assert_int_equal(xv_romfs_next(&it, &entry), XIPVM_BLOB_ROMFS_NOT_FOUND);
    assert_int_equal(xv_romfs_next(&it, &entry), XIPVM_BLOB_ROMFS_NOT_FOUND);
    xv_romfs_iter_init(&it, &fs, &d);
    assert_int_equal(xv_romfs_next(&it, &entry), XIPVM_BLOB_OK);
    assert_memory_equal(entry.name, "b", 1);
    assert_memory_equal(entry.data, "h", 1);
    assert_int_equal(xv_romfs_next(&it, &entry), XIPVM_BLOB_ROMFS_NOT_FOUND);
    xv_romfs_iter_init(&it, &fs, &entry); /* a file has no entries */
    assert_int_equal(xv_romfs_next(&it, &entry), XIPVM_BLOB_ROMFS_NOT_FOUND);
}

static const struct {
    enum xipvm_blob_error code;
    const uint8_t *bytes;
    size_t size;
} rows[] = {
#define BAD(code) XIPVM_BLOB_##code
    {BAD(OK), IMAGE(8, 5, 6, 1, 'a', 2, 2, 'h', 'i')},
    {BAD(OK), BYTES(0xd2, 0xcd, 0x31, 0x80, 8, 5, 6, 1, 'a', 2, 2, 'h', 'i', 0xff)},
    {BAD(OK), IMAGE(10, 0x80, 5, 0x80, 6, 1, 'a', 2, 2, 'h', 'i')},
    {BAD(ROMFS_NOT_FOUND), BYTES(0xd2, 0xcd, 0x31, 0)},
    {BAD(ROMFS_NOT_IMAGE), BYTES(0xd2, 0xcd)},
    {BAD(ROMFS_NOT_IMAGE), BYTES(0xd2, 0xcd, 0x32, 0)},
    {BAD(ROMFS_TRUNCATED), BYTES(0xd2, 0xcd, 0x31)},
    {BAD(ROMFS_TRUNCATED), BYTES(0xd2, 0xcd, 0x31, 0x81)},
    {BAD(ROMFS_TRUNCATED), IMAGE(9, 5, 6, 1, 'a', 2, 2, 'h', 'i')},
    {BAD(ROMFS_INTEGER), BYTES(0xd2, 0xcd, 0x31, 0x90, 0x80, 0x80, 0x80, 0)},
    {BAD(ROMFS_TRUNCATED), IMAGE(8, 5, 7, 1, 'a', 2, 2, 'h', 'i')},
    {BAD(ROMFS_TRUNCATED), IMAGE(8, 5, 6, 9, 'a', 2, 2, 'h', 'i')},
    {BAD(ROMFS_TRUNCATED), IMAGE(8, 5, 6, 1, 'a', 2, 3, 'h', 'i')},
    {BAD(ROMFS_TRUNCATED), IMAGE(5, 5, 3, 1, 'a', 2)},
    {BAD(ROMFS_TRUNCATED), IMAGE(1, 5)},
    {BAD(ROMFS_TRUNCATED), IMAGE(2, 5, 0)},
    {BAD(ROMFS_INTEGER), IMAGE(8, 5, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f)},
    {BAD(ROMFS_CORRUPT), IMAGE(10, 0, 0, 5, 6, 1, 'a', 2, 2, 'h', 'i')},
    {BAD(ROMFS_CORRUPT), IMAGE(6, 5, 4, 1, 'a', 0, 0)},
    {BAD(ROMFS_NO_DATA), IMAGE(4, 5, 2, 1, 'a')},
    {BAD(ROMFS_NO_DATA), IMAGE(6, 5, 4, 1, 'a', 1, 0)},
    {BAD(OK), IMAGE(8, 5, 6, 1, 'a', 3, 2, 8, 0)},
    {BAD(OK), IMAGE(8, 5, 6, 1, 'a', 3, 2, 0, 8)},
    {BAD(ROMFS_INDIRECT), IMAGE(8, 5, 6, 1, 'a', 3, 2, 9, 0)},
    {BAD(ROMFS_INDIRECT), IMAGE(8, 5, 6, 1, 'a', 3, 2, 1, 8)},
    {BAD(ROMFS_INDIRECT), IMAGE(8, 5, 6, 1, 'a', 3, 2, 0, 9)},
    {BAD(ROMFS_INDIRECT), IMAGE(12, 5, 10, 1, 'a', 3, 6, 0x8f, 0xff, 0xff, 0xff, 0x7f, 8)},
    {BAD(ROMFS_TRUNCATED), IMAGE(7, 5, 5, 1, 'a', 3, 1, 8)},
    {BAD(ROMFS_TRUNCATED), IMAGE(6, 5, 4, 1, 'a', 3, 0)},
    /* the first of equal names wins, also if it is the broken one */
    {BAD(ROMFS_NO_DATA), IMAGE(12, 5, 2, 1, 'a', 5, 6, 1, 'a', 2, 2, 'h', 'i')},
    /* what is wrong inside a neighbour does not matter */
    {BAD(OK), IMAGE(14, 5, 4, 1, 'b', 0, 0, 5, 6, 1, 'a', 2, 2, 'h', 'i')},
    {BAD(OK), IMAGE(10, 4, 1, 0, 5, 5, 1, 'a', 2, 1, 'h')},
};

/* What "a" is found to be in images that are odd, or broken in one place. */
static void test_each_fault_has_its_code(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct xv_romfs_entry entry;
        uint8_t *copy = malloc(rows[i].size);
        assert_non_null(copy);
        memcpy(copy, rows[i].bytes, rows[i].size);
        enum xipvm_blob_error code = find(copy, rows[i].size, "a", &entry);
        if (code != rows[i].code) {
            fail_msg("row %u: %s, not %s", (unsigned)i, blob_error_names[code],
                     blob_error_names[rows[i].code]);
        }
        free(copy);
    }
}

/* Reads all that an image says it contains, to a depth that no real one has. */
static unsigned read_all(const struct xv_romfs *fs, const struct xv_romfs_entry *dir, unsigned depth) {
    struct xv_romfs_iter it;
    struct xv_romfs_entry entry;
    unsigned sum = 0;
    xv_romfs_iter_init(&it, fs, dir);
    while (depth > 0 && xv_romfs_next(&it, &entry) == XIPVM_BLOB_OK) {
        for (uint32_t i = 0; i < entry.size; i++) {
            sum += entry.data[i];
        }
        for (uint32_t i = 0; i < entry.name_len; i++) {
            sum += entry.name[i];
        }
        sum += entry.is_dir ? read_all(fs, &entry, depth - 1) : 0;
    }
    return sum;
}

/* Truncated or with changed bytes, an image never leads outside of itself. */
static void test_damaged_images_stay_inside(void **state) {
    (void)state;
    uint32_t random = 1;
    unsigned sum = 0;
    for (unsigned round = 0; round < 20000; round++) {
        size_t size = round < sizeof tree ? round : sizeof tree;
        uint8_t *copy = malloc(size > 0 ? size : 1);
        struct xv_romfs fs;
        struct xv_romfs_entry root, entry;
        assert_non_null(copy);
        memcpy(copy, tree, size);
        if (size == sizeof tree) {
            for (unsigned n = 0; n < 1 + round % 3; n++) {
                random = random * 1664525u + 1013904223u;
                copy[3 + (random >> 8) % (size - 3)] = (uint8_t)(random >> 24);
            }
        }
        if (xv_romfs_open(&fs, copy, size) == XIPVM_BLOB_OK) {
            xv_romfs_root(&fs, &root);
            sum += read_all(&fs, &root, 8);
            if (xv_romfs_find(&fs, "d/b", 3, &entry) == XIPVM_BLOB_OK && entry.size > 0) {
                sum += entry.data[entry.size - 1];
            }
        }
        free(copy);
    }
    assert_true(sum > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_example),
        cmocka_unit_test(test_paths),
        cmocka_unit_test(test_listing),
        cmocka_unit_test(test_each_fault_has_its_code),
        cmocka_unit_test(test_damaged_images_stay_inside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
