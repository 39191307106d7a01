/* What the public API promises to a host. All is done as a host would do it, through xipvm.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xipvm/xipvm.h"

extern const uint8_t blob_program[], blob_script[], blob_fallback[], blob_texts[], blob_twin[];
extern const size_t blob_program_size, blob_script_size, blob_fallback_size, blob_texts_size, blob_twin_size;

#define ok(call) assert_int_equal(call, XIPVM_OK)
#define raises(vm, call, type)                                                                               \
    do {                                                                                                     \
        assert_int_equal(call, XIPVM_EXCEPTION);                                                             \
        assert_true(xipvm_exception_is(vm, type));                                                           \
        xipvm_exception_clear(vm);                                                                           \
    } while (0)
#define misused(call) assert_int_equal(call, XIPVM_BAD_ARGUMENT)

/* ---- a host */

struct host {
    struct xipvm_hal hal;
    char output[2048];
    size_t len;
    const char *unread; /* of the only file */
    unsigned released;  /* blobs */
    xipvm_vm *vm;
    void *arena;
};

static const struct {
    const char *name;
    const uint8_t *data;
    const size_t *size;
    const char *file;
    size_t missing; /* bytes at its end */
    bool is_package;
} flash[] = {
    {.name = "program", .data = blob_program, .size = &blob_program_size, .file = "flash:program"},
    {.name = "damaged", .data = blob_program, .size = &blob_program_size, .missing = 1},
    {.name = "twin_a", .data = blob_twin, .size = &blob_twin_size},
    {.name = "twin_b", .data = blob_twin, .size = &blob_twin_size},
    {.name = "texts", .data = blob_texts, .size = &blob_texts_size},
    {.name = "script", .data = blob_script, .size = &blob_script_size, .file = "script.mpy"},
    {.name = "pack", .is_package = true},
    {.name = "pack.inner", .data = blob_script, .size = &blob_script_size},
};

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    for (size_t i = 0; i < sizeof flash / sizeof *flash; i++) {
        if (len == strlen(flash[i].name) && memcmp(name, flash[i].name, len) == 0) {
            out->data = flash[i].data;
            out->size = flash[i].size == NULL ? 0 : *flash[i].size - flash[i].missing;
            out->file = flash[i].file;
            out->is_package = flash[i].is_package;
            return true;
        }
    }
    return false;
}

static void write_output(void *context, const void *data, size_t len) {
    struct host *h = context;
    size_t room = sizeof h->output - 1 - h->len;
    size_t n = len < room ? len : room;
    memcpy(h->output + h->len, data, n);
    h->len += n;
    h->output[h->len] = '\0';
}

static void count_released(void *context, const uint8_t *data, size_t size) {
    struct host *h = context;
    assert_ptr_equal(data, blob_script);
    assert_int_equal(size, blob_script_size);
    h->released++;
}

static int open_file(void *context, const char *path, unsigned flags, void **file) {
    assert_string_equal(path, "log");
    assert_int_equal(flags, XIPVM_OPEN_READ);
    *file = context;
    return 0;
}

static intptr_t read_file(void *context, void *file, void *data, size_t len) {
    struct host *h = context;
    assert_ptr_equal(file, h);
    size_t left = strlen(h->unread), n = len < left ? len : left;
    memcpy(data, h->unread, n);
    h->unread += n;
    return (intptr_t)n;
}

static intptr_t write_file(void *context, void *file, const void *data, size_t len) {
    (void)context;
    (void)file;
    (void)data;
    (void)len;
    return -9;
}

static int close_file(void *context, void *file) {
    assert_ptr_equal(file, context);
    return 0;
}

static const struct xipvm_files one_file = {.open = open_file, .read = read_file, .write = write_file, .close = close_file};

/* ---- native functions */

static enum xipvm_status twice(xipvm_vm *vm, xipvm_args *args) {
    (void)vm;
    int64_t i;
    if (xipvm_arg_int(args, 0, &i)) {
        return XIPVM_EXCEPTION;
    }
    return xipvm_return_int(args, 2 * i);
}

/* Everything that can be asked of an argument, and given back: echo(kind, value). */
static enum xipvm_status echo(xipvm_vm *vm, xipvm_args *args) {
    const char *kind, *text;
    const void *data;
    size_t len;
    int64_t i;
    double d;
    bool b;
    xipvm_handle h;
    enum xipvm_status status;
    if (xipvm_arg_str(args, 0, &kind, &len)) {
        return XIPVM_EXCEPTION;
    }
    char which = len == 0 ? ' ' : kind[0];
    switch (which) {
    case 'n':
        return xipvm_return_none(args);
    case 'b':
        status = xipvm_arg_bool(args, 1, &b);
        return status ? status : xipvm_return_bool(args, b);
    case 'i':
        status = xipvm_arg_int(args, 1, &i);
        return status ? status : xipvm_return_int(args, i);
    case 'f':
        status = xipvm_arg_float(args, 1, &d);
        return status ? status : xipvm_return_float(args, d);
    case 's':
        /* Made of memory of the VM itself, which the making of the result may move. */
        status = xipvm_arg_str(args, 1, &text, &len);
        if (status) {
            return status;
        }
        char copy[64];
        assert_true(len < sizeof copy);
        memcpy(copy, text, len);
        return xipvm_return_str(args, copy, len);
    case 'y':
        status = xipvm_arg_bytes(args, 1, &data, &len);
        if (status) {
            return status;
        }
        char bytes[64];
        assert_true(len < sizeof bytes);
        memcpy(bytes, data, len);
        return xipvm_return_bytes(args, bytes, len);
    case 'h':
        status = xipvm_arg_handle(args, 1, &h);
        if (status == XIPVM_OK) {
            xipvm_collect(vm);
            status = xipvm_return_handle(args, h);
            xipvm_release(vm, h);
        }
        return status;
    default:
        return xipvm_raise(vm, "KeyError", "%c", which);
    }
}

static enum xipvm_status clear_buffer(xipvm_vm *vm, xipvm_args *args) {
    (void)vm;
    void *data;
    size_t len;
    enum xipvm_status status = xipvm_arg_buffer(args, 0, &data, &len);
    if (status == XIPVM_OK) {
        memset(data, 0, len);
    }
    return status;
}

static enum xipvm_status refuse(xipvm_vm *vm, xipvm_args *args) {
    int64_t i = 0;
    xipvm_arg_int(args, 0, &i);
    return xipvm_raise(vm, "KeyError", "no %s number %d, %u%%", "thing", (int)i, 5u);
}

/* Calls back into the module that called it: program.ping and this call each other for ever. */
static enum xipvm_status pong(xipvm_vm *vm, xipvm_args *args) {
    xipvm_handle module = XIPVM_NO_HANDLE, n = XIPVM_NO_HANDLE, result = XIPVM_NO_HANDLE;
    int64_t depth;
    if (xipvm_arg_int(args, 0, &depth) || xipvm_arg_handle(args, 0, &n) ||
        xipvm_import(vm, "program", &module)) {
        return XIPVM_EXCEPTION;
    }
    enum xipvm_status status =
        depth >= 1000000 ? XIPVM_OK : xipvm_call_method(vm, module, "ping", &n, 1, &result);
    if (status == XIPVM_OK && depth >= 1000000) {
        status = xipvm_return_int(args, depth);
    } else if (status == XIPVM_OK) {
        status = xipvm_return_handle(args, result);
    }
    xipvm_release(vm, result);
    xipvm_release(vm, module);
    xipvm_release(vm, n);
    return status;
}

/* The status that the argument says. */
static enum xipvm_status end_with(xipvm_vm *vm, xipvm_args *args) {
    (void)vm;
    int64_t i;
    return xipvm_arg_int(args, 0, &i) ? XIPVM_EXCEPTION : (enum xipvm_status)i;
}

static enum xipvm_status count(xipvm_vm *vm, xipvm_args *args) {
    (void)vm;
    ++*(int *)xipvm_user(args);
    return xipvm_return_int(args, (int64_t)xipvm_arg_count(args));
}

/* Whether the VM has the host's own HAL. */
static enum xipvm_status has_hal(xipvm_vm *vm, xipvm_args *args) {
    return xipvm_return_bool(args, xipvm_hal_of(vm)->write == write_output);
}

static int counter;

static const struct xipvm_function host_functions[] = {
    XIPVM_FUNCTION("twice", twice, 1, 1),
    XIPVM_FUNCTION("echo", echo, 1, 2),
    XIPVM_FUNCTION("clear_buffer", clear_buffer, 1, 1),
    XIPVM_FUNCTION("refuse", refuse, 0, 1),
    XIPVM_FUNCTION("pong", pong, 1, 1),
    XIPVM_FUNCTION("end_with", end_with, 1, 1),
    XIPVM_FUNCTION("has_hal", has_hal, 0, 0),
    XIPVM_FUNCTION_USER("count", count, 0, XIPVM_ANY_ARGS, &counter),
};
static const struct xipvm_constant host_constants[] = {
    XIPVM_CONSTANT_INT("LIMIT", INT64_MIN),
    XIPVM_CONSTANT_STR("NAME", "gr\xc3\xbc\xc3\x9f"),
};
static const struct xipvm_module host_module = XIPVM_MODULE_WITH("host", host_functions, host_constants);

#define ARENA (XIPVM_MIN_ARENA + 65536)

static void host_open(struct host *h, size_t size) {
    memset(h, 0, sizeof *h);
    h->hal = (struct xipvm_hal){.context = h, .find_blob = find_blob, .write = write_output};
    h->arena = malloc(size);
    assert_non_null(h->arena);
    ok(xipvm_open(h->arena, size, &h->hal, &h->vm));
    ok(xipvm_register(h->vm, &host_module));
}

static void host_close(struct host *h) {
    xipvm_close(h->vm);
    free(h->arena);
}

static xipvm_handle import(xipvm_vm *vm, const char *name) {
    xipvm_handle module = XIPVM_NO_HANDLE;
    ok(xipvm_import(vm, name, &module));
    return module;
}

static xipvm_handle attribute(xipvm_vm *vm, xipvm_handle object, const char *name) {
    xipvm_handle h = XIPVM_NO_HANDLE;
    ok(xipvm_get_attr(vm, object, name, &h));
    return h;
}

static xipvm_handle an_int(xipvm_vm *vm, int64_t i) {
    xipvm_handle h = XIPVM_NO_HANDLE;
    ok(xipvm_make_int(vm, i, &h));
    return h;
}

static xipvm_handle a_str(xipvm_vm *vm, const char *text) {
    xipvm_handle h = XIPVM_NO_HANDLE;
    ok(xipvm_make_str(vm, text, &h));
    return h;
}

static int64_t int_of(xipvm_vm *vm, xipvm_handle h) {
    int64_t i = 0;
    ok(xipvm_to_int(vm, h, &i));
    xipvm_release(vm, h);
    return i;
}

/* str() of an object, which is released; good until the next call. */
static const char *text_of(xipvm_vm *vm, xipvm_handle h, bool repr) {
    static char text[512];
    ok(xipvm_text(vm, h, repr, text, sizeof text, NULL));
    xipvm_release(vm, h);
    return text;
}

/* host.name(args…), releasing the arguments. */
static enum xipvm_status call_host(xipvm_vm *vm, const char *name, xipvm_handle *args, size_t n,
                                   xipvm_handle *result) {
    xipvm_handle module = import(vm, "host");
    enum xipvm_status status = xipvm_call_method(vm, module, name, args, n, result);
    for (size_t i = 0; i < n; i++) {
        xipvm_release(vm, args[i]);
    }
    xipvm_release(vm, module);
    return status;
}

/* ---- opening */

/* An arena of any size and alignment is either refused or enough, XIPVM_MIN_ARENA always is and not much more than
 * that, and no byte outside is touched. */
static void test_arenas(void **state) {
    (void)state;
    static uint8_t memory[XIPVM_MIN_ARENA + 64];
    size_t smallest = SIZE_MAX;
    for (size_t size = 0; size <= XIPVM_MIN_ARENA; size += size + 61 < XIPVM_MIN_ARENA ? 61 : 1) {
        for (size_t skip = 16; skip < 24; skip += size % 2 == 0 ? 1 : 3) {
            xipvm_vm *vm = NULL;
            memset(memory, 0xc3, sizeof memory);
            enum xipvm_status status = xipvm_open(memory + skip, size, NULL, &vm);
            assert_true(status == XIPVM_OK || (status == XIPVM_NO_MEMORY && size < XIPVM_MIN_ARENA));
            if (status == XIPVM_OK) {
                smallest = size < smallest ? size : smallest;
                xipvm_collect(vm);
                xipvm_close(vm);
            }
            for (size_t i = 0; i < skip; i++) {
                assert_int_equal(memory[i], 0xc3);
            }
            for (size_t i = skip + size; i < sizeof memory; i++) {
                assert_int_equal(memory[i], 0xc3);
            }
        }
    }
    assert_true(XIPVM_GC_STRESS || XIPVM_MIN_ARENA <= smallest / 3 * 4);
}

/* Every status has a text of its own. */
static void test_status_text(void **state) {
    (void)state;
    for (int a = XIPVM_OK; a <= XIPVM_NOT_FOUND + 1; a++) {
        for (int b = XIPVM_OK; b < a; b++) {
            assert_string_not_equal(xipvm_status_text((enum xipvm_status)a),
                                    xipvm_status_text((enum xipvm_status)b));
        }
    }
}

/* What has no meaning is answered and not obeyed. */
static void test_misuse(void **state) {
    (void)state;
    struct host h;
    xipvm_handle out = 77;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    misused(xipvm_open(NULL, 100000, NULL, &vm));
    misused(xipvm_open(h.arena, ARENA, NULL, NULL));
    xipvm_close(NULL);
    misused(xipvm_set_argv(vm, 1, NULL));
    misused(xipvm_import(vm, NULL, &out));
    misused(xipvm_run_blob(vm, NULL, NULL, 0, &out));
    misused(xipvm_verify(NULL, 0, NULL, 0, NULL));
    assert_false(xipvm_romfs_find(NULL, 0, "a", 1, NULL));
    xipvm_handle one = an_int(vm, 1), released = an_int(vm, 2);
    xipvm_release(vm, released);
    const xipvm_handle bad[] = {XIPVM_NO_HANDLE, released, 0xffffffffu, 12345, one + 1};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        xipvm_release(vm, bad[i]);
        misused(xipvm_dup(vm, bad[i], &out));
        misused(xipvm_call(vm, bad[i], NULL, 0, &out));
        misused(xipvm_call(vm, one, &bad[i], 1, &out));
        misused(xipvm_call_method(vm, bad[i], "x", NULL, 0, &out));
        misused(xipvm_get_attr(vm, bad[i], "x", &out));
        misused(xipvm_set_attr(vm, bad[i], "x", one));
        misused(xipvm_set_attr(vm, one, "x", bad[i]));
        misused(xipvm_get_item(vm, bad[i], one, &out));
        misused(xipvm_get_item(vm, one, bad[i], &out));
        misused(xipvm_get_index(vm, bad[i], 0, &out));
        misused(xipvm_set_item(vm, one, bad[i], one));
        misused(xipvm_length(vm, bad[i], NULL));
        misused(xipvm_append(vm, bad[i], one));
        misused(xipvm_make_tuple(vm, &bad[i], 1, &out));
        misused(xipvm_make_list(vm, &bad[i], 1, &out));
        misused(xipvm_to_bool(vm, bad[i], NULL));
        misused(xipvm_to_int(vm, bad[i], NULL));
        misused(xipvm_to_float(vm, bad[i], NULL));
        misused(xipvm_to_str(vm, bad[i], NULL, NULL));
        misused(xipvm_to_bytes(vm, bad[i], NULL, NULL));
        misused(xipvm_text(vm, bad[i], true, NULL, 0, NULL));
        misused(xipvm_reclaim(vm, bad[i]));
        assert_int_equal(xipvm_type_of(vm, bad[i]), XIPVM_TYPE_INVALID);
        assert_false(xipvm_same(vm, bad[i], bad[i]));
    }
    misused(xipvm_append(vm, one, one));
    misused(xipvm_reclaim(vm, one));
    misused(xipvm_call(vm, one, NULL, 1, &out));
    misused(xipvm_get_attr(vm, one, NULL, &out));
    misused(xipvm_get_index(vm, one, SIZE_MAX, &out));
    misused(xipvm_make_str(vm, NULL, &out));
    misused(xipvm_make_str(vm, "\xff", &out));
    misused(xipvm_make_bytes(vm, NULL, 1, &out));
    misused(xipvm_make_tuple(vm, NULL, 1, &out));
    misused(xipvm_lend(vm, NULL, 1, true, &out));
    misused(xipvm_register(vm, NULL));
    const struct xipvm_module by_hand = {{0, 0}, "m", NULL, NULL, 0, 0};
    misused(xipvm_register(vm, &by_hand));
    misused(xipvm_make_function(vm, NULL, &out));
    assert_int_equal(xipvm_exception(vm, &out), XIPVM_NOT_FOUND);
    assert_int_equal(xipvm_blob_fault(vm, NULL), XIPVM_NOT_FOUND);
    assert_int_equal(xipvm_exception_text(vm, NULL, 0), 0);
    assert_int_equal(out, 77);
    host_close(&h);
}

/* ---- handles */

/* A handle follows its object wherever it moves, and numbers are used again but not recognised. */
static void test_handles(void **state) {
    (void)state;
    enum { N = 300 };
    struct host h;
    xipvm_handle handles[N], again;
    char text[40];
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < N; i++) {
            /* Never a name, so that it lies in the heap. */
            handles[i] = XIPVM_NO_HANDLE;
            memcpy(text, "a text of handle number 000", 28);
            text[24] = (char)('0' + i / 100);
            text[25] = (char)('0' + i / 10 % 10);
            text[26] = (char)('0' + i % 10);
            handles[i] = a_str(vm, text);
        }
        xipvm_collect(vm);
        for (int i = 0; i < N; i += 2) {
            xipvm_release(vm, handles[i]);
        }
        xipvm_collect(vm);
        for (int i = 0; i < N; i++) {
            const char *data;
            size_t len;
            if (i % 2 == 0) {
                misused(xipvm_to_str(vm, handles[i], &data, &len));
            } else {
                ok(xipvm_to_str(vm, handles[i], &data, &len));
                assert_int_equal(len, 27);
                assert_int_equal(data[26], '0' + i % 10);
                assert_int_equal(data[25], '0' + i / 10 % 10);
            }
        }
        ok(xipvm_dup(vm, handles[1], &again));
        assert_int_not_equal(again, handles[1]);
        assert_true(xipvm_same(vm, again, handles[1]));
        assert_false(xipvm_same(vm, again, handles[3]));
        xipvm_release(vm, handles[1]);
        assert_int_equal(xipvm_type_of(vm, again), XIPVM_TYPE_STR);
        xipvm_release(vm, again);
        for (int i = 3; i < N; i += 2) {
            xipvm_release(vm, handles[i]);
        }
    }
    /* All that lived for them is free again, but for the table. */
    struct xipvm_stats s;
    xipvm_collect(vm);
    xipvm_stats(vm, &s);
    assert_true(s.live_heap < 4096 + 16 * N);
    host_close(&h);
}

/* Running out of handles, or of memory for them, is a MemoryError; releasing them makes the VM as good as
 * new. */
static void test_many_handles(void **state) {
    (void)state;
    static xipvm_handle handles[20000];
    struct host h;
    size_t n = 0;
    host_open(&h, ARENA);
    enum xipvm_status status = XIPVM_OK;
    while (n < 20000 && (status = xipvm_make_int(h.vm, (int64_t)n, &handles[n])) == XIPVM_OK) {
        n++;
    }
    raises(h.vm, status, "MemoryError");
    assert_true(n > 1000);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(int_of(h.vm, handles[i]), i);
    }
    assert_int_equal(int_of(h.vm, an_int(h.vm, 5)), 5);
    host_close(&h);
}

/* ---- objects */

/* What goes in comes out. */
static void test_round_trips(void **state) {
    (void)state;
    static const int64_t ints[] = {0, -1, 1, INT32_MAX, INT32_MIN, 1 << 30, INT64_MAX, INT64_MIN};
    static const double floats[] = {0.0, 1.5, -1e300, 5e-324};
    struct host h;
    xipvm_handle v;
    double d;
    bool b;
    const char *text;
    const void *data;
    size_t len;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    for (size_t i = 0; i < sizeof ints / sizeof *ints; i++) {
        assert_int_equal(int_of(vm, an_int(vm, ints[i])), ints[i]);
    }
    for (size_t i = 0; !XIPVM_SINGLE_FLOAT && i < sizeof floats / sizeof *floats; i++) {
        ok(xipvm_make_float(vm, floats[i], &v));
        ok(xipvm_to_float(vm, v, &d));
        assert_memory_equal(&d, &floats[i], sizeof d);
        raises(vm, xipvm_to_int(vm, v, NULL), "TypeError");
        xipvm_release(vm, v);
    }
    ok(xipvm_make_bool(vm, true, &v));
    assert_int_equal(xipvm_type_of(vm, v), XIPVM_TYPE_BOOL);
    ok(xipvm_to_bool(vm, v, &b));
    assert_true(b);
    assert_int_equal(int_of(vm, v), 1);
    ok(xipvm_make_none(vm, &v));
    assert_int_equal(xipvm_type_of(vm, v), XIPVM_TYPE_NONE);
    ok(xipvm_to_bool(vm, v, &b));
    assert_false(b);
    raises(vm, xipvm_to_int(vm, v, NULL), "TypeError");
    raises(vm, xipvm_to_float(vm, v, NULL), "TypeError");
    raises(vm, xipvm_to_str(vm, v, NULL, NULL), "TypeError");
    raises(vm, xipvm_to_bytes(vm, v, NULL, NULL), "TypeError");
    raises(vm, xipvm_length(vm, v, NULL), "TypeError");
    static const struct {
        const char *text;
        size_t len;
    } texts[] = {{"", 0},
                 {"x", 1},
                 {"with\0zero", 9},
                 {"gr\xc3\xbc\xc3\x9f", 6},
                 {"longer than any name table likes", 32}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ok(xipvm_make_str_len(vm, texts[i].text, texts[i].len, &v));
        ok(xipvm_to_str(vm, v, &text, &len));
        assert_int_equal(len, texts[i].len);
        assert_memory_equal(text, texts[i].text, len);
        xipvm_release(vm, v);
        ok(xipvm_make_bytes(vm, texts[i].text, texts[i].len, &v));
        ok(xipvm_to_bytes(vm, v, &data, &len));
        assert_int_equal(len, texts[i].len);
        assert_memory_equal(data, texts[i].text, len);
        raises(vm, xipvm_to_str(vm, v, NULL, NULL), "TypeError");
        xipvm_release(vm, v);
    }
    ok(xipvm_make_str_len(vm, NULL, 0, &v));
    assert_string_equal(text_of(vm, v, true), "''");
    ok(xipvm_make_bytes(vm, NULL, 0, &v));
    assert_string_equal(text_of(vm, v, true), "b''");
    host_close(&h);
}

/* Containers are made, filled, measured and read. */
static void test_containers(void **state) {
    (void)state;
    struct host h;
    size_t len;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    xipvm_handle items[3] = {an_int(vm, 1), a_str(vm, "two"), XIPVM_NO_HANDLE};
    xipvm_handle tuple, list, dict, v;
    ok(xipvm_make_float(vm, 3.5, &items[2]));
    ok(xipvm_make_tuple(vm, items, 3, &tuple));
    ok(xipvm_make_list(vm, items, 2, &list));
    ok(xipvm_append(vm, list, tuple));
    ok(xipvm_make_dict(vm, &dict));
    ok(xipvm_set_item(vm, dict, items[1], list));
    ok(xipvm_length(vm, list, &len));
    assert_int_equal(len, 3);
    ok(xipvm_get_index(vm, list, 2, &v));
    assert_true(xipvm_same(vm, v, tuple));
    xipvm_release(vm, v);
    ok(xipvm_get_item(vm, dict, items[1], &v));
    assert_true(xipvm_same(vm, v, list));
    xipvm_release(vm, v);
    raises(vm, xipvm_get_index(vm, list, 3, &v), "IndexError");
    raises(vm, xipvm_get_item(vm, dict, items[0], &v), "KeyError");
    raises(vm, xipvm_set_item(vm, tuple, items[0], items[0]), "TypeError");
    assert_string_equal(text_of(vm, dict, true), "{'two': [1, 'two', (1, 'two', 3.5)]}");
    ok(xipvm_make_tuple(vm, NULL, 0, &v));
    assert_string_equal(text_of(vm, v, true), "()");
    ok(xipvm_make_list(vm, NULL, 0, &v));
    assert_string_equal(text_of(vm, v, true), "[]");
    host_close(&h);
}

/* Each built-in type is told apart. */
static void test_types(void **state) {
    (void)state;
    static const enum xipvm_type wanted[] = {
        XIPVM_TYPE_NONE,     XIPVM_TYPE_BOOL,      XIPVM_TYPE_INT,    XIPVM_TYPE_FLOAT, XIPVM_TYPE_STR,
        XIPVM_TYPE_BYTES,    XIPVM_TYPE_BYTEARRAY, XIPVM_TYPE_TUPLE,  XIPVM_TYPE_LIST,  XIPVM_TYPE_DICT,
        XIPVM_TYPE_SET,      XIPVM_TYPE_EXCEPTION, XIPVM_TYPE_MODULE, XIPVM_TYPE_CLASS, XIPVM_TYPE_FUNCTION,
        XIPVM_TYPE_FUNCTION, XIPVM_TYPE_FUNCTION,  XIPVM_TYPE_OTHER,  XIPVM_TYPE_OTHER,
    };
    struct host h;
    xipvm_handle kinds, v;
    size_t len;
    host_open(&h, ARENA);
    xipvm_handle program = import(h.vm, "program");
    ok(xipvm_call_method(h.vm, program, "kinds", NULL, 0, &kinds));
    ok(xipvm_length(h.vm, kinds, &len));
    assert_int_equal(len, sizeof wanted / sizeof *wanted);
    for (size_t i = 0; i < len; i++) {
        ok(xipvm_get_index(h.vm, kinds, i, &v));
        assert_int_equal(xipvm_type_of(h.vm, v), wanted[i]);
        xipvm_release(h.vm, v);
    }
    assert_int_equal(xipvm_type_of(h.vm, program), XIPVM_TYPE_MODULE);
    v = attribute(h.vm, program, "Point");
    assert_int_equal(xipvm_type_of(h.vm, v), XIPVM_TYPE_CLASS);
    host_close(&h);
}

/* ---- programs */

/* A host imports, calls, and reads and writes globals and attributes. */
static void test_calls(void **state) {
    (void)state;
    struct host h;
    xipvm_handle result;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    xipvm_handle program = import(vm, "program");
    assert_string_equal(text_of(vm, attribute(vm, program, "__file__"), false), "flash:program");
    xipvm_handle args[2] = {an_int(vm, 40), an_int(vm, 2)};
    ok(xipvm_call_method(vm, program, "add", args, 2, &result));
    assert_int_equal(int_of(vm, result), 42);
    /* The result may be unwanted. */
    ok(xipvm_call_method(vm, program, "add", args, 2, NULL));
    xipvm_handle class_ = attribute(vm, program, "Point"), point;
    ok(xipvm_call(vm, class_, args, 1, &point));
    ok(xipvm_call_method(vm, point, "scaled", args + 1, 1, &result));
    assert_int_equal(int_of(vm, result), 80);
    ok(xipvm_set_attr(vm, point, "x", args[1]));
    assert_int_equal(int_of(vm, attribute(vm, point, "x")), 2);
    ok(xipvm_set_attr(vm, program, "never seen before", point));
    result = attribute(vm, program, "never seen before");
    assert_true(xipvm_same(vm, result, point));
    raises(vm, xipvm_get_attr(vm, point, "y", &result), "AttributeError");
    raises(vm, xipvm_call_method(vm, point, "y", NULL, 0, &result), "AttributeError");
    raises(vm, xipvm_call(vm, args[0], NULL, 0, &result), "TypeError");
    raises(vm, xipvm_call_method(vm, program, "add", args, 1, &result), "TypeError");
    ok(xipvm_call_method(vm, program, "churn", args, 1, &result));
    /* A second import is the same module. */
    result = import(vm, "program");
    assert_true(xipvm_same(vm, result, program));
    host_close(&h);
}

/* xipvm_import gives the module that was named, the last one. */
static void test_dotted_import(void **state) {
    (void)state;
    struct host h;
    host_open(&h, ARENA);
    const char *argv[] = {"a", "b c"};
    ok(xipvm_set_argv(h.vm, 2, argv));
    raises(h.vm, xipvm_import(h.vm, "pack.inner", NULL), "NameError"); /* it has no __file__ */
    raises(h.vm, xipvm_import(h.vm, "pack.missing", NULL), "ImportError");
    raises(h.vm, xipvm_import(h.vm, "missing", NULL), "ImportError");
    raises(h.vm, xipvm_import(h.vm, "", NULL), "ValueError");
    raises(h.vm, xipvm_import(h.vm, "\xff", NULL), "ValueError");
    xipvm_handle sys = import(h.vm, "sys");
    assert_string_equal(text_of(h.vm, attribute(h.vm, sys, "argv"), true), "['a', 'b c']");
    host_close(&h);
}

/* What a program gave to sys.atexit is called once, when the host says so; its exception is the host's to see. */
static void test_at_exit(void **state) {
    (void)state;
    struct host h;
    host_open(&h, ARENA);
    ok(xipvm_at_exit(h.vm));
    xipvm_handle sys = import(h.vm, "sys"), builtins = import(h.vm, "builtins");
    xipvm_handle help = attribute(h.vm, builtins, "help"), len = attribute(h.vm, builtins, "len");
    ok(xipvm_call_method(h.vm, sys, "atexit", &help, 1, NULL));
    xipvm_collect(h.vm);
    h.len = 0;
    ok(xipvm_at_exit(h.vm));
    assert_true(h.len > 0);
    h.len = 0;
    ok(xipvm_at_exit(h.vm));
    assert_int_equal(h.len, 0);
    ok(xipvm_call_method(h.vm, sys, "atexit", &len, 1, NULL));
    raises(h.vm, xipvm_at_exit(h.vm), "TypeError");
    ok(xipvm_at_exit(h.vm));
    host_close(&h);
}

/* A blob runs as __main__, and can be run again. */
static void test_run_blob(void **state) {
    (void)state;
    struct host h;
    xipvm_handle module;
    host_open(&h, ARENA);
    for (int i = 0; i < 3; i++) {
        h.len = 0;
        ok(xipvm_run_blob(h.vm, "script.mpy", blob_script, blob_script_size, &module));
        assert_string_equal(h.output, "body of __main__ [] script.mpy\n");
        assert_int_equal(int_of(h.vm, attribute(h.vm, module, "value")), 41);
        xipvm_handle main_module = import(h.vm, "__main__");
        assert_true(xipvm_same(h.vm, module, main_module));
        xipvm_release(h.vm, main_module);
        xipvm_release(h.vm, module);
    }
    struct xipvm_stats s;
    xipvm_collect(h.vm);
    xipvm_stats(h.vm, &s);
    assert_int_equal(s.modules, 1);
    assert_int_equal(s.code_in_ram, 0);
    assert_true(s.code_in_place > 0 && s.table_bytes > 0 && s.budget > 0 && s.peak_stack > 0);
    assert_true(s.live_heap <= s.peak_heap && s.overhead + s.live_heap + s.free_heap <= s.arena);
    host_close(&h);
}

/* A refused blob says why, wherever it was met; nothing of it stays. */
static void test_bad_blobs(void **state) {
    (void)state;
    static uint64_t scratch[XIPVM_VERIFY_SCRATCH / sizeof(uint64_t)];
    struct host h;
    struct xipvm_fault fault;
    host_open(&h, ARENA);
    assert_int_equal(xipvm_run_blob(h.vm, NULL, "not a blob", 10, NULL), XIPVM_BAD_BLOB);
    ok(xipvm_blob_fault(h.vm, &fault));
    assert_int_equal(fault.code, XIPVM_BLOB_NOT_MPY);
    assert_string_equal(fault.rule, "H1");
    assert_true(xipvm_exception_is(h.vm, "ImportError"));
    assert_int_equal(xipvm_import(h.vm, "damaged", NULL), XIPVM_BAD_BLOB);
    ok(xipvm_blob_fault(h.vm, &fault));
    assert_int_equal(fault.code, XIPVM_BLOB_TRUNCATED);
    /* A module that is missing afterwards is another matter. */
    raises(h.vm, xipvm_run_blob(h.vm, NULL, blob_fallback, blob_fallback_size, NULL), "ImportError");
    /* The next success is not told about it. */
    xipvm_release(h.vm, import(h.vm, "program"));
    assert_int_equal(xipvm_blob_fault(h.vm, &fault), XIPVM_NOT_FOUND);
    /* Without a VM. */
    ok(xipvm_verify(blob_program, blob_program_size, scratch, sizeof scratch, &fault));
    assert_int_equal(xipvm_verify(blob_program, blob_program_size - 1, scratch, sizeof scratch, &fault),
                     XIPVM_BAD_BLOB);
    assert_int_equal(fault.code, XIPVM_BLOB_TRUNCATED);
    assert_true(fault.offset < blob_program_size && strlen(fault.message) > 0);
    host_close(&h);
}

/* Modules of one blob have nothing but its bytes in common; what has been looked up for one is nothing to the other. */
static void test_one_blob_for_two_modules(void **state) {
    (void)state;
    static const char *const names[2] = {"twin_a", "twin_b"};
    struct host h;
    host_open(&h, ARENA);
    xipvm_handle modules[2] = {import(h.vm, names[0]), XIPVM_NO_HANDLE}, result;
    for (int round = 0; round < 6; round++) {
        for (int i = 0; i < 2; i++) {
            if (round == 2 && i == 1) {
                modules[1] = import(h.vm, names[1]); /* when the other's caches are full */
            }
            if (modules[i] != XIPVM_NO_HANDLE) {
                ok(xipvm_call_method(h.vm, modules[i], "name", NULL, 0, &result));
                assert_string_equal(text_of(h.vm, result, false), names[i]);
                xipvm_handle number = an_int(h.vm, 10 * round + i);
                ok(xipvm_call_method(h.vm, modules[i], "keep", &number, 1, &result));
                xipvm_release(h.vm, number);
                assert_int_equal(int_of(h.vm, result), 10 * round + i);
                ok(xipvm_get_attr(h.vm, modules[i], "kept", &result));
                assert_int_equal(int_of(h.vm, result), 10 * round + i);
            }
        }
    }
    host_close(&h);
}

/* One byte of a blob in a region is enough for it to be in use, also if the region ends where the address space does. */
static void test_blob_in_use_at_the_end_of_memory(void **state) {
    (void)state;
    static const uint8_t blob[] = {0x4d, 6, 0, 0x1f, 2, 0, 8, 'e', '.', 'p', 'y', 0, 0x0f, 0x28, 0, 2, 1, 0x51, 0x63};
    const uint8_t *last = blob + sizeof blob - 1;
    xipvm_vm *vm;
    xipvm_handle module;
    void *arena = malloc(ARENA);
    assert_non_null(arena);
    ok(xipvm_open(arena, ARENA, NULL, &vm)); /* without any name of its own, which might lie in the region too */
    ok(xipvm_run_blob(vm, NULL, blob, sizeof blob, &module));
    assert_true(xipvm_blob_in_use(vm, last, 1));
    assert_true(xipvm_blob_in_use(vm, last, (size_t)0 - (uintptr_t)last));
    assert_true(xipvm_blob_in_use(vm, (const void *)((uintptr_t)blob - 1), 2));
    assert_false(xipvm_blob_in_use(vm, last + 1, (size_t)0 - (uintptr_t)(last + 1)));
    assert_false(xipvm_blob_in_use(vm, (const void *)((uintptr_t)blob - 1), 1));
    xipvm_close(vm);
    free(arena);
}

/* Verifying says what loading in place would say of a blob so large that 32-bit VMs cannot tell all of its places apart. */
static void test_verify_of_a_large_blob(void **state) {
    (void)state;
    static uint64_t scratch[XIPVM_VERIFY_SCRATCH / sizeof(uint64_t)];
    /* A module that does nothing but have a constant of 2**20 bytes. */
    static const uint8_t head[] = {0x4d, 6, 0, 0x1f, 2, 1, 8, 'e', '.', 'p', 'y', 0, 0x0f, 6, 0xc0, 0x80, 0};
    static const uint8_t tail[] = {0, 0x28, 0, 2, 1, 0x51, 0x63};
    static uint8_t large[sizeof head + (1u << 20) + sizeof tail];
    struct host h;
    struct xipvm_fault fault = {XIPVM_BLOB_OK, 1, NULL, NULL};
    memcpy(large, head, sizeof head);
    memcpy(large + sizeof large - sizeof tail, tail, sizeof tail);
    host_open(&h, ARENA);
    enum xipvm_status loaded = xipvm_run_blob(h.vm, NULL, large, sizeof large, NULL);
    assert_int_equal(loaded, UINTPTR_MAX > 0xffffffffu ? XIPVM_OK : XIPVM_BAD_BLOB);
    assert_int_equal(xipvm_verify(large, sizeof large, scratch, sizeof scratch, &fault), loaded);
    if (loaded == XIPVM_BAD_BLOB) {
        struct xipvm_fault of_loading;
        ok(xipvm_blob_fault(h.vm, &of_loading));
        assert_int_equal(fault.code, XIPVM_BLOB_TOO_LARGE);
        assert_int_equal(of_loading.code, fault.code);
        assert_int_equal(of_loading.offset, fault.offset);
    }
    host_close(&h);
}

/* ---- exceptions */

/* The text is the traceback and the message; a small buffer gets its beginning, and the length is always the
 * whole one's. */
static void test_exception_text(void **state) {
    (void)state;
    static const char wanted[] = "Traceback (most recent call last):\n"
                                 "  File \"program.py\", line 10, in fail\n"
                                 "ValueError: oh no\n";
    struct host h;
    char text[200], small[10];
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    xipvm_handle program = import(vm, "program"), why = a_str(vm, "oh no"), exc;
    assert_int_equal(xipvm_call_method(vm, program, "fail", &why, 1, NULL), XIPVM_EXCEPTION);
    assert_int_equal(xipvm_exception_text(vm, text, sizeof text), sizeof wanted - 1);
    assert_string_equal(text, wanted);
    assert_int_equal(xipvm_exception_text(vm, small, sizeof small), sizeof wanted - 1);
    assert_string_equal(small, "Traceback");
    assert_int_equal(xipvm_exception_text(vm, NULL, 0), sizeof wanted - 1);
    xipvm_exception_print(vm);
    assert_string_equal(h.output, wanted);
    assert_true(xipvm_exception_is(vm, "ValueError"));
    assert_true(xipvm_exception_is(vm, "Exception"));
    assert_false(xipvm_exception_is(vm, "TypeError"));
    assert_false(xipvm_exception_is(vm, "int"));
    assert_false(xipvm_exception_is(vm, "no such name"));
    assert_false(xipvm_exception_is(vm, NULL));
    ok(xipvm_exception(vm, &exc));
    assert_string_equal(text_of(vm, attribute(vm, exc, "args"), true), "('oh no',)");
    xipvm_exception_clear(vm);
    assert_int_equal(xipvm_exception_text(vm, text, sizeof text), 0);
    assert_string_equal(text, "");
    /* __str__ of a program, good and bad. */
    assert_int_equal(xipvm_call_method(vm, program, "loud", NULL, 0, NULL), XIPVM_EXCEPTION);
    xipvm_exception_text(vm, text, sizeof text);
    assert_non_null(strstr(text, "\nLoud: loud loud loud \n"));
    assert_int_equal(xipvm_call_method(vm, program, "silent", NULL, 0, NULL), XIPVM_EXCEPTION);
    xipvm_exception_text(vm, text, sizeof text);
    assert_non_null(strstr(text, "\nSilent: "));
    assert_true(xipvm_exception_is(vm, "Exception"));
    host_close(&h);
}

/* While a text is asked for, the program has the HAL that it always has, and what it prints meanwhile is no part of the
 * text. */
static void test_texts_of_programs(void **state) {
    (void)state;
    static const struct {
        const char *class_, *text, *printed;
        unsigned released;
    } cases[] = {
        {"Reads", "from the file", "", 0},
        {"Prints", "a text", "from __str__\n", 0},
        {"Drops", "dropped", "", 1},
        {"Asks", "True", "", 0},
    };
    struct host h;
    char text[300], wanted[40];
    xipvm_handle object;
    size_t len;
    host_open(&h, ARENA);
    h.hal.files = &one_file;
    h.hal.blob_released = count_released;
    xipvm_vm *vm = h.vm;
    xipvm_handle texts = import(vm, "texts");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int raised = 0; raised < 2; raised++) {
            ok(xipvm_call_method(vm, texts, cases[i].class_, NULL, 0, &object));
            strcpy(wanted, cases[i].class_);
            strcat(strcat(strcat(wanted, ": "), cases[i].text), "\n");
            if (raised) {
                assert_int_equal(xipvm_call_method(vm, texts, "fail", &object, 1, NULL), XIPVM_EXCEPTION);
            }
            h.unread = "from the file";
            h.released = 0;
            h.len = 0;
            h.output[0] = '\0';
            if (raised) {
                len = xipvm_exception_text(vm, text, sizeof text);
                assert_true(len > strlen(wanted));
                assert_string_equal(text + len - strlen(wanted), wanted);
                xipvm_exception_clear(vm);
            } else {
                ok(xipvm_text(vm, object, false, text, sizeof text, &len));
                assert_string_equal(text, cases[i].text);
                assert_int_equal(len, strlen(text));
            }
            assert_string_equal(h.output, cases[i].printed);
            assert_int_equal(h.released, cases[i].released);
            xipvm_release(vm, object);
        }
    }
    host_close(&h);
}

/* Recursion without end and a full arena are exceptions, and the VM goes on. */
static void test_exhaustion(void **state) {
    (void)state;
    struct host h;
    char text[2000];
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    xipvm_handle program = import(vm, "program"), zero = an_int(vm, 0), result;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(xipvm_call_method(vm, program, "fill_up", NULL, 0, NULL), XIPVM_EXCEPTION);
        assert_true(xipvm_exception_is(vm, "MemoryError"));
        assert_true(xipvm_exception_text(vm, text, sizeof text) > 0);
        assert_non_null(strstr(text, "in fill_up\nMemoryError: "));
        raises(vm, xipvm_call_method(vm, program, "deep", &zero, 1, NULL), "RuntimeError");
        raises(vm, xipvm_call_method(vm, program, "ping", &zero, 1, NULL), "RuntimeError");
        xipvm_handle args[2] = {zero, zero};
        ok(xipvm_call_method(vm, program, "add", args, 2, &result));
        assert_int_equal(int_of(vm, result), 0);
    }
    host_close(&h);
}

/* ---- natives */

static void test_native_arguments(void **state) {
    (void)state;
    static const char kinds[] = "bifsyh";
    struct host h;
    xipvm_handle result;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    for (const char *k = kinds; *k != '\0'; k++) {
        /* Each kind of argument with each kind of value: the right ones come back, others are TypeErrors. */
        char kind[2] = {*k, '\0'};
        xipvm_handle values[5];
        static const char *const reprs[] = {"7", "2.5", "'some text to keep'", "b'octets'", "None"};
        static const char *const accepted[] = {"bifh", "bfh", "bsyh", "byh", "bh"};
        values[0] = an_int(vm, 7);
        ok(xipvm_make_float(vm, 2.5, &values[1]));
        values[2] = a_str(vm, "some text to keep");
        ok(xipvm_make_bytes(vm, "octets", 6, &values[3]));
        ok(xipvm_make_none(vm, &values[4]));
        for (int i = 0; i < 5; i++) {
            xipvm_handle args[2] = {a_str(vm, kind), values[i]};
            enum xipvm_status status = call_host(vm, "echo", args, 2, &result);
            if (strchr(accepted[i], *k) == NULL) {
                raises(vm, status, "TypeError");
                continue;
            }
            ok(status);
            const char *text = text_of(vm, result, true);
            if (*k == 'b') {
                assert_string_equal(text, i == 4 ? "False" : "True");
            } else if (*k == 'f' && i == 0) {
                assert_string_equal(text, "7.0");
            } else if (*k == 'y' && i == 2) {
                assert_string_equal(text, "b'some text to keep'");
            } else {
                assert_string_equal(text, reprs[i]);
            }
        }
    }
    xipvm_handle n = a_str(vm, "n");
    ok(call_host(vm, "echo", &n, 1, &result));
    assert_int_equal(xipvm_type_of(vm, result), XIPVM_TYPE_NONE);
    n = a_str(vm, "i");
    raises(vm, call_host(vm, "echo", &n, 1, &result), "RuntimeError"); /* there is no second argument */
    n = a_str(vm, "?");
    raises(vm, call_host(vm, "echo", &n, 1, &result), "KeyError");
    host_close(&h);
}

/* How many arguments there may be is checked before the native runs. */
static void test_native_arity(void **state) {
    (void)state;
    struct host h;
    xipvm_handle result, args[3];
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    raises(vm, call_host(vm, "twice", NULL, 0, &result), "TypeError");
    args[0] = an_int(vm, 1);
    args[1] = an_int(vm, 1);
    raises(vm, call_host(vm, "twice", args, 2, &result), "TypeError");
    raises(vm, call_host(vm, "no_such_function", NULL, 0, &result), "AttributeError");
    counter = 0;
    for (size_t n = 0; n <= 3; n++) {
        for (size_t i = 0; i < n; i++) {
            args[i] = an_int(vm, 0);
        }
        ok(call_host(vm, "count", args, n, &result));
        assert_int_equal(int_of(vm, result), n);
    }
    assert_int_equal(counter, 4);
    xipvm_handle module = import(vm, "host");
    assert_string_equal(text_of(vm, attribute(vm, module, "LIMIT"), true), "-9223372036854775808");
    assert_string_equal(text_of(vm, attribute(vm, module, "NAME"), false), "gr\xc3\xbc\xc3\x9f");
    assert_string_equal(text_of(vm, attribute(vm, module, "__name__"), false), "host");
    assert_string_equal(text_of(vm, attribute(vm, attribute(vm, module, "twice"), "__name__"), false),
                        "twice");
    host_close(&h);
}

/* What a native returns is what the program gets, be it a result or an exception to be caught. */
static void test_native_failures(void **state) {
    (void)state;
    struct host h;
    char text[300];
    xipvm_handle result;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    xipvm_handle program = import(vm, "program");
    ok(xipvm_call_method(vm, program, "caught", NULL, 0, &result));
    assert_string_equal(text_of(vm, result, false), "caught no thing number 7, 5%");
    assert_int_equal(call_host(vm, "refuse", NULL, 0, &result), XIPVM_EXCEPTION);
    xipvm_exception_text(vm, text, sizeof text);
    assert_string_equal(text, "KeyError: no thing number 0, 5%\n");
    static const char *const types[] = {NULL,          "RuntimeError", "RuntimeError",
                                        "MemoryError", "RuntimeError", "RuntimeError"};
    for (int status = 0; status < 6; status++) {
        xipvm_handle arg = an_int(vm, status);
        xipvm_exception_clear(vm);
        if (types[status] == NULL) {
            ok(call_host(vm, "end_with", &arg, 1, NULL));
        } else {
            raises(vm, call_host(vm, "end_with", &arg, 1, NULL), types[status]);
        }
    }
    assert_int_equal(xipvm_raise(vm, "no such type", "x"), XIPVM_EXCEPTION);
    assert_true(xipvm_exception_is(vm, "RuntimeError"));
    host_close(&h);
}

/* Programs are handed natives as callbacks, and natives write into programs' buffers. */
static void test_native_callbacks(void **state) {
    (void)state;
    struct host h;
    xipvm_handle args[2], result, view;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    xipvm_handle program = import(vm, "program");
    ok(xipvm_make_function(vm, &host_functions[0], &args[0]));
    args[1] = an_int(vm, 21);
    ok(xipvm_call_method(vm, program, "call", args, 2, &result));
    assert_int_equal(int_of(vm, result), 42);
    args[0] = an_int(vm, 999990); /* pong ends the game at a million */
    ok(xipvm_call_method(vm, program, "ping", args, 1, &result));
    assert_int_equal(int_of(vm, result), 1000000);
    uint8_t bytes[4] = {1, 2, 3, 4};
    ok(xipvm_lend(vm, bytes, 4, true, &view));
    xipvm_handle copy;
    ok(xipvm_dup(vm, view, &copy));
    ok(call_host(vm, "clear_buffer", &copy, 1, NULL));
    assert_int_equal(bytes[0] + bytes[3], 0);
    args[0] = a_str(vm, "cannot be written");
    raises(vm, call_host(vm, "clear_buffer", args, 1, NULL), "TypeError");
    host_close(&h);
}

/* ---- lent memory */

static void test_lend(void **state) {
    (void)state;
    struct host h;
    uint8_t buffer[16] = {0};
    xipvm_handle args[2], result;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    xipvm_handle program = import(vm, "program");
    ok(xipvm_lend(vm, buffer, sizeof buffer, true, &args[0]));
    args[1] = an_int(vm, 9);
    ok(xipvm_call_method(vm, program, "fill", args, 2, &result));
    assert_int_equal(int_of(vm, result), 9 * 16);
    assert_int_equal(buffer[15], 9);
    /* The program sees what the host writes. */
    buffer[1] = 77;
    ok(xipvm_call_method(vm, program, "keep", args, 1, NULL));
    ok(xipvm_call_method(vm, program, "use_kept", NULL, 0, &result));
    assert_int_equal(int_of(vm, result), 77);
    /* After the loan nothing reaches it, not even what the program kept. */
    ok(xipvm_reclaim(vm, args[0]));
    raises(vm, xipvm_call_method(vm, program, "use_kept", NULL, 0, &result), "ValueError");
    raises(vm, xipvm_call_method(vm, program, "fill", args, 2, &result), "ValueError");
    xipvm_release(vm, args[0]);
    ok(xipvm_lend(vm, buffer, sizeof buffer, false, &args[0]));
    raises(vm, xipvm_call_method(vm, program, "fill", args, 2, &result), "TypeError");
    assert_int_equal(buffer[1], 77);
    host_close(&h);
}

/* ---- several VMs */

static struct host other;

/* Opens, uses and closes another VM while the first is in the middle of a call. */
static enum xipvm_status other_vm(xipvm_vm *vm, xipvm_args *args) {
    int64_t n;
    xipvm_handle result;
    if (xipvm_arg_int(args, 0, &n)) {
        return XIPVM_EXCEPTION;
    }
    host_open(&other, ARENA);
    assert_ptr_not_equal(vm, other.vm);
    assert_ptr_equal(xipvm_hal_of(other.vm), &other.hal);
    xipvm_handle program = import(other.vm, "program"), arg = an_int(other.vm, 200);
    ok(xipvm_call_method(other.vm, program, "churn", &arg, 1, NULL));
    assert_int_equal(xipvm_call_method(other.vm, program, "fail", &arg, 1, NULL), XIPVM_EXCEPTION);
    xipvm_handle nested[2] = {an_int(other.vm, n), an_int(other.vm, 1)};
    ok(xipvm_call_method(other.vm, program, "add", nested, 2, &result));
    n = int_of(other.vm, result);
    host_close(&other);
    return xipvm_return_int(args, n);
}

static const struct xipvm_function other_vm_function = XIPVM_FUNCTION("other_vm", other_vm, 1, 1);

static void test_two_vms(void **state) {
    (void)state;
    struct host h;
    xipvm_handle args[2], result;
    host_open(&h, ARENA);
    xipvm_vm *vm = h.vm;
    xipvm_handle program = import(vm, "program");
    ok(xipvm_make_function(vm, &other_vm_function, &args[0]));
    for (int64_t i = 0; i < 5; i++) {
        args[1] = an_int(vm, i);
        ok(xipvm_call_method(vm, program, "call", args, 2, &result));
        assert_int_equal(int_of(vm, result), i + 1);
        xipvm_release(vm, args[1]);
    }
    assert_int_equal(xipvm_exception_text(vm, NULL, 0), 0);
    host_close(&h);
}

/* ---- ROMFS */

/* Appends a record of less than 128 bytes. */
static size_t put_record(uint8_t *out, uint8_t kind, const void *payload, size_t len) {
    out[0] = kind;
    out[1] = (uint8_t)len;
    memcpy(out + 2, payload, len);
    return len + 2;
}

static size_t put_file(uint8_t *out, const char *name, const char *contents) {
    uint8_t payload[100];
    size_t n = strlen(name);
    payload[0] = (uint8_t)n;
    memcpy(payload + 1, name, n);
    n += 1 + put_record(payload + 1 + n, 2, contents, strlen(contents));
    return put_record(out, 5, payload, n);
}

static size_t put_folder(uint8_t *out, const char *name, const uint8_t *records, size_t len) {
    uint8_t payload[120];
    size_t n = strlen(name);
    payload[0] = (uint8_t)n;
    memcpy(payload + 1, name, n);
    memcpy(payload + 1 + n, records, len);
    return put_record(out, 4, payload, 1 + n + len);
}

/* Modules, packages and folders are found in an image; nothing else is. */
static void test_romfs(void **state) {
    (void)state;
    uint8_t folder[120], records[128], image[132];
    struct xipvm_source source;
    size_t n = put_file(folder, "__init__.mpy", "init");
    n += put_file(folder + n, "b.mpy", "bee");
    size_t len = put_folder(records, "a", folder, n);
    len += put_file(records + len, "c.mpy", "sea");
    len += put_folder(records + len, "d", folder, 0);
    memcpy(image, "\xd2\xcd\x31", 3);
    image[3] = (uint8_t)len;
    memcpy(image + 4, records, len);
    len += 4;

    memset(&source, 0, sizeof source);
    assert_true(xipvm_romfs_find(image, len, "c", 1, &source));
    assert_int_equal(source.size, 3);
    assert_memory_equal(source.data, "sea", 3);
    assert_false(source.is_package);
    assert_true(xipvm_romfs_find(image, len, "a", 1, &source));
    assert_true(source.is_package && source.size == 4);
    assert_true(xipvm_romfs_find(image, len, "a.b", 3, &source));
    assert_true(!source.is_package && source.size == 3);
    assert_true(xipvm_romfs_find(image, len, "d", 1, &source));
    assert_true(source.is_package && source.data == NULL);
    assert_false(xipvm_romfs_find(image, len, "b", 1, &source));
    assert_false(xipvm_romfs_find(image, len, "a.c", 3, &source));
    assert_false(xipvm_romfs_find(image, len, "", 0, &source));
    char longest[300];
    memset(longest, 'x', sizeof longest);
    for (size_t i = 250; i < sizeof longest; i++) {
        assert_false(xipvm_romfs_find(image, len, longest, i, &source));
    }
    for (size_t cut = 0; cut < len; cut++) {
        assert_false(xipvm_romfs_find(image, cut, "missing", 7, &source));
    }
}

/* ---- memory */

/* The whole life of a host in arenas of every size: each step succeeds or says why not, and the VM can be
 * closed. */
static void test_small_arenas(void **state) {
    (void)state;
    size_t succeeded = 0;
    for (size_t size = XIPVM_MIN_ARENA; size < XIPVM_MIN_ARENA + 12000; size += XIPVM_GC_STRESS ? 1001 : 72) {
        void *arena = malloc(size);
        xipvm_vm *vm;
        struct host h = {.hal = {.context = &h, .find_blob = find_blob, .write = write_output}};
        char text[100];
        xipvm_handle program = 0, args[2] = {0, 0}, result = 0;
        assert_non_null(arena);
        ok(xipvm_open(arena, size, &h.hal, &vm));
        enum xipvm_status status = xipvm_register(vm, &host_module);
        status = status ? status : xipvm_import(vm, "program", &program);
        status = status ? status : xipvm_make_int(vm, 20, &args[0]);
        status = status ? status : xipvm_make_int(vm, 22, &args[1]);
        status = status ? status : xipvm_call_method(vm, program, "add", args, 2, &result);
        status = status ? status : xipvm_call_method(vm, program, "churn", args, 1, NULL);
        if (status == XIPVM_OK) {
            assert_int_equal(int_of(vm, result), 42);
            succeeded++;
        } else {
            assert_int_equal(status, XIPVM_EXCEPTION);
            assert_true(xipvm_exception_is(vm, "MemoryError") || xipvm_exception_is(vm, "RuntimeError"));
            assert_true(xipvm_exception_text(vm, text, sizeof text) > 0);
        }
        xipvm_close(vm);
        free(arena);
    }
    assert_true(succeeded > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arenas),
        cmocka_unit_test(test_status_text),
        cmocka_unit_test(test_misuse),
        cmocka_unit_test(test_handles),
        cmocka_unit_test(test_many_handles),
        cmocka_unit_test(test_round_trips),
        cmocka_unit_test(test_containers),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_calls),
        cmocka_unit_test(test_dotted_import),
        cmocka_unit_test(test_at_exit),
        cmocka_unit_test(test_run_blob),
        cmocka_unit_test(test_bad_blobs),
        cmocka_unit_test(test_one_blob_for_two_modules),
        cmocka_unit_test(test_blob_in_use_at_the_end_of_memory),
        cmocka_unit_test(test_verify_of_a_large_blob),
        cmocka_unit_test(test_exception_text),
        cmocka_unit_test(test_texts_of_programs),
        cmocka_unit_test(test_exhaustion),
        cmocka_unit_test(test_native_arguments),
        cmocka_unit_test(test_native_arity),
        cmocka_unit_test(test_native_failures),
        cmocka_unit_test(test_native_callbacks),
        cmocka_unit_test(test_lend),
        cmocka_unit_test(test_two_vms),
        cmocka_unit_test(test_romfs),
        cmocka_unit_test(test_small_arenas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
