/* Files: what the VM asks of a HAL's file system, what it makes of the answers, and that each file and listing is
 * ended once, whether the program does it, forgets it, fails, or is ended itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xipvm/xipvm.h"

extern const uint8_t blob_program[];
extern const size_t blob_program_size;

#define ok(call) assert_int_equal(call, XIPVM_OK)
#define ARENA (XIPVM_MIN_ARENA + 400000)

/* ---- a file system in memory: one folder of a few small files */

enum { FILES = 8, HANDLES = 4, FILE_SIZE = 256, NAME_SIZE = 32 };

struct fake_file {
    bool exists, is_folder;
    char name[NAME_SIZE];
    uint8_t data[FILE_SIZE];
    size_t len;
};

struct handle {
    bool is_open;
    struct fake_file *file;
    size_t at;
    unsigned flags;
    unsigned turns;
};

struct host {
    struct xipvm_hal hal;
    struct fake_file files[FILES];
    struct handle handles[HANDLES];
    struct list {
        bool is_open;
        size_t at;
    } list[HANDLES];
    int opened, closed, listed, ended;
    int calls, fail_at;       /* which call, counted from 1, fails with EIO */
    size_t piece;             /* bytes that one call moves at most */
    bool has_turns;           /* every other read and write of a file finds that it would have to wait */
    char entry[NAME_SIZE];    /* the name that was listed last, until the next call */
    int lie;                  /* what reads and writes of files open for both return, or 0 for the truth */
    const char *input;
    char output[256], errors[256];
    void *arena;
    xipvm_vm *vm;
};

static bool fails(struct host *h) {
    memset(h->entry, '?', sizeof h->entry - 1);
    return ++h->calls == h->fail_at;
}

static int lie_of(const struct host *h, struct handle *o) {
    if (h->has_turns && o->turns++ % 2 == 1) {
        return -11;
    }
    return o->flags == (XIPVM_OPEN_READ | XIPVM_OPEN_WRITE) ? h->lie : 0;
}

static struct fake_file *find_file(struct host *h, const char *path) {
    for (size_t i = 0; i < FILES; i++) {
        if (h->files[i].exists && strcmp(h->files[i].name, path) == 0) {
            return &h->files[i];
        }
    }
    return NULL;
}

static int make(struct host *h, const char *path, struct fake_file **out) {
    if (strlen(path) >= NAME_SIZE) {
        return -36;
    }
    for (size_t i = 0; i < FILES; i++) {
        struct fake_file *f = &h->files[i];
        if (!f->exists) {
            memset(f, 0, sizeof *f);
            f->exists = true;
            strcpy(f->name, path);
            *out = f;
            return 0;
        }
    }
    return -28;
}

static int fake_open(void *context, const char *path, unsigned flags, void **file) {
    struct host *h = context;
    struct fake_file *f = find_file(h, path);
    struct handle *free_handle = NULL;
    for (size_t i = 0; i < HANDLES; i++) {
        free_handle = h->handles[i].is_open ? free_handle : &h->handles[i];
    }
    if (fails(h) || (f != NULL && (flags & XIPVM_OPEN_EXCLUSIVE))) {
        return h->calls == h->fail_at ? -5 : -17;
    }
    if (free_handle == NULL) {
        return -24;
    }
    int result = f != NULL ? 0 : flags & XIPVM_OPEN_CREATE ? make(h, path, &f) : -2;
    if (result < 0) {
        return result;
    }
    f->len = flags & XIPVM_OPEN_TRUNCATE ? 0 : f->len;
    *free_handle = (struct handle){true, f, 0, flags, 0};
    *file = free_handle;
    h->opened++;
    return 0;
}

static intptr_t fake_read(void *context, void *file, void *data, size_t len) {
    struct host *h = context;
    struct handle *o = file;
    assert_true(o->is_open && len > 0 && (o->flags & XIPVM_OPEN_READ) != 0);
    int lie = lie_of(h, o);
    if (fails(h) || lie != 0) {
        return lie != 0 ? lie : -5;
    }
    size_t left = o->at < o->file->len ? o->file->len - o->at : 0;
    size_t n = len < left ? len : left;
    n = n < h->piece ? n : h->piece;
    memcpy(data, o->file->data + o->at, n);
    o->at += n;
    return (intptr_t)n;
}

static intptr_t fake_write(void *context, void *file, const void *data, size_t len) {
    struct host *h = context;
    struct handle *o = file;
    assert_true(o->is_open && len > 0 && (o->flags & XIPVM_OPEN_WRITE) != 0);
    int lie = lie_of(h, o);
    if (fails(h) || lie != 0) {
        return lie != 0 ? lie : -5;
    }
    o->at = o->flags & XIPVM_OPEN_APPEND ? o->file->len : o->at;
    size_t room = FILE_SIZE - o->at;
    size_t n = len < room ? len : room;
    n = n < h->piece ? n : h->piece;
    memcpy(o->file->data + o->at, data, n);
    o->at += n;
    o->file->len = o->at > o->file->len ? o->at : o->file->len;
    return (intptr_t)n;
}

static int fake_close(void *context, void *file) {
    struct host *h = context;
    struct handle *o = file;
    assert_true(o->is_open);
    o->is_open = false;
    h->closed++;
    return fails(h) ? -5 : 0;
}

static int64_t fake_seek(void *context, void *file, int64_t offset, int whence) {
    struct host *h = context;
    struct handle *o = file;
    assert_true(o->is_open && whence >= 0 && whence <= 2);
    if (fails(h)) {
        return -5;
    }
    int64_t to = offset + (int64_t)(whence == 0 ? 0 : whence == 1 ? o->at : o->file->len);
    if (to < 0 || to > FILE_SIZE) {
        return -22;
    }
    o->at = (size_t)to;
    return to;
}

static int fake_flush(void *context, void *file) {
    assert_true(((struct handle *)file)->is_open);
    return fails(context) ? -5 : 0;
}

static int fake_number(void *context, void *file) {
    assert_true(((struct handle *)file)->is_open);
    return fails(context) ? -5 : 42;
}

static int fake_remove(void *context, const char *path) {
    struct host *h = context;
    struct fake_file *f = find_file(h, path);
    if (fails(h) || f == NULL) {
        return f == NULL ? -2 : -5;
    }
    f->exists = false;
    return 0;
}

static int fake_rename(void *context, const char *from, const char *to) {
    struct host *h = context;
    struct fake_file *f = find_file(h, from);
    if (fails(h) || f == NULL) {
        return f == NULL ? -2 : -5;
    }
    strcpy(f->name, to);
    return 0;
}

static int fake_make_folder(void *context, const char *path) {
    struct host *h = context;
    struct fake_file *f = NULL;
    int result = fails(h) ? -5 : make(h, path, &f);
    if (result == 0) {
        f->is_folder = true;
    }
    return result;
}

static int fake_info(void *context, const char *path, struct xipvm_file_info *out) {
    struct host *h = context;
    struct fake_file *f = find_file(h, path);
    assert_true(!out->is_folder && out->size == 0 && out->modified == 0);
    if (fails(h) || f == NULL) {
        return f == NULL ? -2 : -5;
    }
    *out = (struct xipvm_file_info){f->is_folder, f->len, 1000000000};
    return 0;
}

static int fake_list_begin(void *context, const char *path, void **list) {
    struct host *h = context;
    assert_true(strcmp(path, "/") == 0 || strcmp(path, ".") == 0);
    for (size_t i = 0; i < HANDLES; i++) {
        if (!h->list[i].is_open) {
            if (fails(h)) {
                return -5;
            }
            h->list[i] = (struct list){true, 0};
            *list = &h->list[i];
            h->listed++;
            return 0;
        }
    }
    return -24;
}

static int fake_list_next(void *context, void *list, struct xipvm_folder_entry *entry) {
    struct host *h = context;
    struct list *l = list;
    assert_true(l->is_open);
    if (fails(h)) {
        return -5;
    }
    while (l->at < FILES && !h->files[l->at].exists) {
        l->at++;
    }
    if (l->at == FILES) {
        return 0;
    }
    const struct fake_file *f = &h->files[l->at++];
    strcpy(h->entry, f->name);
    *entry = (struct xipvm_folder_entry){h->entry, f->is_folder, f->is_folder ? -1 : (int64_t)f->len};
    return 1;
}

static void fake_list_end(void *context, void *list) {
    struct host *h = context;
    assert_true(((struct list *)list)->is_open);
    ((struct list *)list)->is_open = false;
    h->ended++;
    memset(h->entry, '?', sizeof h->entry - 1);
}

static int fake_set_current(void *context, const char *path) {
    return fails(context) ? -5 : strcmp(path, "/") == 0 ? 0 : -2;
}

/* A path that needs more room than it is first offered. */
static int fake_get_current(void *context, char *path, size_t size) {
    if (fails(context)) {
        return -5;
    }
    if (size < 101) {
        return -34;
    }
    memset(path, '/', 100);
    path[100] = '\0';
    return 0;
}

static const struct xipvm_files all_functions = {
    .open = fake_open,
    .read = fake_read,
    .write = fake_write,
    .close = fake_close,
    .seek = fake_seek,
    .flush = fake_flush,
    .number = fake_number,
    .remove = fake_remove,
    .rename = fake_rename,
    .make_folder = fake_make_folder,
    .remove_folder = fake_remove,
    .info = fake_info,
    .list_begin = fake_list_begin,
    .list_next = fake_list_next,
    .list_end = fake_list_end,
    .set_current = fake_set_current,
    .get_current = fake_get_current,
};

static const struct xipvm_files few_functions = {
    .open = fake_open, .read = fake_read, .write = fake_write, .close = fake_close};

/* ---- the rest of the host */

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    out->data = blob_program;
    out->size = blob_program_size;
    return len == 7 && memcmp(name, "program", 7) == 0;
}

static void add(char *to, size_t size, const void *data, size_t len) {
    size_t at = strlen(to);
    assert_true(len < size - at);
    memcpy(to + at, data, len);
    to[at + len] = '\0';
}

static void write_output(void *context, const void *data, size_t len) {
    struct host *h = context;
    add(h->output, sizeof h->output, data, len);
}

static void write_error(void *context, const void *data, size_t len) {
    struct host *h = context;
    add(h->errors, sizeof h->errors, data, len);
}

/* A byte at a time; a `!` is a failure, of a device that works again afterwards. */
static intptr_t read_input(void *context, void *data, size_t len) {
    struct host *h = context;
    assert_true(len > 0);
    if (*h->input == '\0') {
        return 0;
    }
    *(char *)data = *h->input++;
    return *(char *)data == '!' ? -11 : 1;
}

static void host_open(struct host *h, const struct xipvm_files *files) {
    memset(h, 0, sizeof *h);
    h->hal = (struct xipvm_hal){
        .context = h,
        .find_blob = find_blob,
        .write = write_output,
        .write_error = write_error,
        .read_input = read_input,
        .files = files,
    };
    h->piece = SIZE_MAX;
    h->input = "";
    h->arena = malloc(ARENA);
    assert_non_null(h->arena);
    ok(xipvm_open(h->arena, ARENA, &h->hal, &h->vm));
}

static void host_close(struct host *h) {
    xipvm_close(h->vm);
    free(h->arena);
    assert_int_equal(h->opened, h->closed);
    assert_int_equal(h->listed, h->ended);
}

static enum xipvm_status call(struct host *h, const char *name, xipvm_handle *result) {
    xipvm_handle module = XIPVM_NO_HANDLE;
    ok(xipvm_import(h->vm, "program", &module));
    enum xipvm_status status = xipvm_call_method(h->vm, module, name, NULL, 0, result);
    xipvm_release(h->vm, module);
    return status;
}

/* program.name() gives `wanted`. */
static void check(struct host *h, const char *name, const char *wanted) {
    char text[1024];
    xipvm_handle result = XIPVM_NO_HANDLE;
    enum xipvm_status status = call(h, name, &result);
    if (status == XIPVM_EXCEPTION) {
        h->output[0] = '\0';
        xipvm_exception_print(h->vm);
        fail_msg("%s", h->output);
    }
    ok(status);
    ok(xipvm_text(h->vm, result, true, text, sizeof text, NULL));
    xipvm_release(h->vm, result);
    assert_string_equal(text, wanted);
}

#define EVERYTHING                                                                                      \
    "[['one\\n', 'two\\n', 'three\\n', 'four'], 18, b'four', 42, ['folder', 'renamed'], "               \
    "[('folder', 16384, 0, 0), ('renamed', 32768, 0, 18)], 18, "                                       \
    "'////////////////////////////////////////////////////////////////////////////////////////////////////', []]"

/* ---- the tests */

/* Each function does its part, however few bytes a call moves. */
static void test_everything(void **state) {
    (void)state;
    static const size_t pieces[] = {1, 2, 3, SIZE_MAX};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct host h;
        host_open(&h, &all_functions);
        h.piece = pieces[i];
        check(&h, "everything", EVERYTHING);
        assert_int_equal(h.opened, 3);
        assert_int_equal(h.closed, 3);
        check(&h, "text", "[33, [1, 3, 7, 4, 0], 33, 'UnicodeError']");
        host_close(&h);
    }
}

/* Whichever call fails, the program gets the error, and nothing stays open. */
static void test_each_failure(void **state) {
    (void)state;
    struct host h;
    host_open(&h, &all_functions);
    ok(call(&h, "everything", NULL));
    int calls = h.calls;
    assert_true(calls > 40);
    for (int i = 1; i <= calls; i++) {
        memset(h.files, 0, sizeof h.files);
        h.calls = 0;
        h.fail_at = i;
        assert_int_equal(call(&h, "everything", NULL), XIPVM_EXCEPTION);
        assert_true(xipvm_exception_is(h.vm, "OSError"));
        xipvm_exception_clear(h.vm);
        xipvm_collect(h.vm);
        assert_int_equal(h.opened, h.closed);
        assert_int_equal(h.listed, h.ended);
    }
    h.fail_at = 0;
    memset(h.files, 0, sizeof h.files);
    check(&h, "everything", EVERYTHING);
    host_close(&h);
}

/* The collector ends what nothing refers to any more; xipvm_close the rest. */
static void test_forgotten(void **state) {
    (void)state;
    struct host h;
    host_open(&h, &all_functions);
    check(&h, "forget", "1");
    xipvm_collect(h.vm);
    assert_int_equal(h.opened, 3);
    assert_int_equal(h.closed, 3);
    assert_int_equal(h.listed, 2);
    assert_int_equal(h.ended, 2);
    check(&h, "keep", "None");
    xipvm_collect(h.vm);
    assert_int_equal(h.closed, 3);
    assert_int_equal(h.ended, 2);
    host_close(&h);
    assert_int_equal(h.closed, 4);
}

/* A host with few handles is no obstacle to a program that forgets its files. */
static void test_few_handles(void **state) {
    (void)state;
    struct host h;
    host_open(&h, &all_functions);
    check(&h, "many", "50");
    xipvm_collect(h.vm);
    check(&h, "too_many", "24");
    host_close(&h);
}

/* The name of an entry is good until the next call, and a collection may make one at any time. */
static void test_names(void **state) {
    (void)state;
    struct host h;
    host_open(&h, &all_functions);
    check(&h, "names", "[True, True, []]");
    host_close(&h);
}

static void test_misuse(void **state) {
    (void)state;
    struct host h;
    host_open(&h, &all_functions);
    check(&h, "closed", "[['ValueError'], '<io.TextIOWrapper -1>']");
    check(&h, "directions", "[9, 9, 9, 9]");
    check(&h, "no_memory", "'MemoryError'");
    check(&h, "long_path", "[2, 2, 'ValueError', 'TypeError', 'TypeError']");
    host_close(&h);
}

/* Wherever memory ends on the way to an open file, none is left open that the program does not have. */
static void test_tight_memory(void **state) {
    (void)state;
    struct host h;
    host_open(&h, &all_functions);
    check(&h, "tight", "['MemoryError', 'opened']");
    assert_true(h.opened > 0);
    assert_int_equal(h.opened, h.closed);
    host_close(&h);
}

/* A HAL that returns nonsense does no harm: it is EIO. */
static void test_wrong_counts(void **state) {
    (void)state;
    static const int lies[] = {100000, -1000000, -5};
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        struct host h;
        host_open(&h, &all_functions);
        check(&h, "io_failure", "['none', 'none', 'none', 'none']");
        h.lie = lies[i];
        check(&h, "io_failure", "[5, 5, 5, 5]");
        host_close(&h);
    }
}

/* A device that would have to wait does not take away what the call has moved already. */
static void test_turns(void **state) {
    (void)state;
    struct host h;
    host_open(&h, &all_functions);
    h.has_turns = true;
    h.piece = 2;
    check(&h, "turns", "[[2, 2, 1, 11, 1], [b'he', 2, b'ox', b'', 11], ['o', 'ne', ['\\n'], 't', ['w']]]");
    host_close(&h);
    host_open(&h, NULL);
    h.input = "ab!c!!d!!!";
    check(&h, "input_turns", "['ab', 'c', 11, ['d'], 11]");
    host_close(&h);
}

/* What a host lacks has an error number of its own. */
static void test_missing(void **state) {
    (void)state;
    struct host h;
    host_open(&h, &few_functions);
    check(&h, "missing", "[95, 95, 95, 95, 95, 95, 95, 95, 95, 29, 29, 'none', 95, True]");
    host_close(&h);
    host_open(&h, NULL);
    check(&h, "missing", "[19, 19, 19, 19, 19, 19, 19, 19, 19, 19]");
    host_close(&h);
}

static void test_standard_streams(void **state) {
    (void)state;
    struct host h;
    host_open(&h, NULL);
    h.input = "line\nabcd!rest";
    check(&h, "standard", "['line\\n', 'ab', b'cd', 11, 'rest', 9, 9, 29]");
    assert_string_equal(h.output, "to stdout;still open;");
    assert_string_equal(h.errors, "to stderr;raw;");
    check(&h, "own_streams", "[5, 28, 'none', 'none', 5, 28, 11, 'ValueError']");
    host_close(&h);
}

/* A host without input, and without a place for errors of their own. */
static void test_plain_host(void **state) {
    (void)state;
    struct host h;
    host_open(&h, NULL);
    h.hal.write_error = NULL;
    h.hal.read_input = NULL;
    check(&h, "standard", "['', '', b'', 'none', '', 9, 9, 29]");
    assert_string_equal(h.output, "to stdout;to stderr;raw;still open;");
    host_close(&h);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything),
        cmocka_unit_test(test_each_failure),
        cmocka_unit_test(test_forgotten),
        cmocka_unit_test(test_few_handles),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_tight_memory),
        cmocka_unit_test(test_wrong_counts),
        cmocka_unit_test(test_turns),
        cmocka_unit_test(test_missing),
        cmocka_unit_test(test_standard_streams),
        cmocka_unit_test(test_plain_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
