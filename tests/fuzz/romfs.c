/* The container: every way of looking into an image ends and stays in it. */
#include <stdlib.h>
#include <string.h>

#include "blob/romfs.h"
#include "fuzz.h"

static uint8_t *copy;
static size_t copy_size;

static void check_within(const uint8_t *at, size_t n) {
    FUZZ_CHECK(at >= copy && n <= copy_size && at + n <= copy + copy_size);
}

/* Lists a folder and, as far as `depth` and `budget` go, those in it. */
static void list(const struct xv_romfs *fs, const struct xv_romfs_entry *dir, unsigned depth, unsigned *budget) {
    struct xv_romfs_iter it;
    struct xv_romfs_entry entry;
    xv_romfs_iter_init(&it, fs, dir);
    while (*budget > 0 && xv_romfs_next(&it, &entry) == XIPVM_BLOB_OK) {
        --*budget;
        check_within(entry.name, entry.name_len);
        check_within(entry.data, entry.size);
        struct xv_romfs_entry same;
        if (depth == 0 && xv_romfs_find(fs, (const char *)entry.name, entry.name_len, &same) == XIPVM_BLOB_OK) {
            check_within(same.data, same.size);
        }
        struct xipvm_source source = {.data = NULL};
        if (xipvm_romfs_find(copy, copy_size, (const char *)entry.name, entry.name_len, &source) && source.data != NULL) {
            check_within(source.data, source.size);
        }
        if (entry.is_dir && depth < 8) {
            list(fs, &entry, depth + 1, budget);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const paths[] = {"", "/", "a", "a/b.mpy", "main.mpy", "//a//b/", "pkg/__init__.mpy"};
    struct xv_romfs fs;
    copy = fuzz_copy(data, size);
    copy_size = size;
    enum xipvm_blob_error code = xv_romfs_open(&fs, copy, size);
    if (code == XIPVM_BLOB_OK) {
        struct xv_romfs_entry entry;
        unsigned budget = 200;
        xv_romfs_root(&fs, &entry);
        list(&fs, &entry, 0, &budget);
        for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
            if (xv_romfs_find(&fs, paths[i], strlen(paths[i]), &entry) == XIPVM_BLOB_OK) {
                check_within(entry.data, entry.size);
            }
        }
        struct xipvm_source source = {.data = NULL};
        if (xipvm_romfs_find(copy, size, "a.b", 3, &source) && source.data != NULL) {
            check_within(source.data, source.size);
        }
    }
    fuzz_result = (struct fuzz_result){code == XIPVM_BLOB_OK ? FUZZ_OK : FUZZ_REFUSED, code};
    free(copy);
    return 0;
}
