/* The host's mistakes. In every build those that can be recognised cheaply get a status and do no harm; the debug
 * profile also refuses the others, and names each in a sentence. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xipvm/xipvm.h"

extern const uint8_t blob_victim[];
extern const size_t blob_victim_size;

#define ok(call) assert_int_equal(call, XIPVM_OK)

/* ---- a host that notes what it is told */

#define ARENA (XIPVM_MIN_ARENA + 16u * 1024u * (XIPVM_GC_STRESS ? 2u : 1u))

static uint64_t arena[ARENA / 8 + 1], other_arena[ARENA / 8 + 1];
static xipvm_vm *vm;
static xipvm_handle victim;

static char told[256];
static unsigned n_told;
static char output[512];

/* What the HAL's functions do besides; NULL: nothing. */
static struct {
    void (*on_write)(void);
    void (*on_find)(void);
    void (*on_poll)(void);
    void (*on_released)(void);
} mischief;

static void do_once(void (**what)(void)) {
    void (*f)(void) = *what;
    *what = NULL;
    if (f != NULL) {
        f();
    }
}

static void misuse(void *context, const char *message) {
    (void)context;
    assert_true(strlen(message) < sizeof told);
    strcpy(told, message);
    n_told++;
}

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    do_once(&mischief.on_find);
    if (len != 6 || memcmp(name, "victim", len) != 0) {
        return false;
    }
    out->data = blob_victim;
    out->size = blob_victim_size;
    return true;
}

static void write_text(void *context, const void *data, size_t len) {
    (void)context;
    size_t at = strlen(output);
    size_t n = len < sizeof output - 1 - at ? len : sizeof output - 1 - at;
    memcpy(output + at, data, n);
    output[at + n] = '\0';
    do_once(&mischief.on_write);
}

static void poll(void *context) {
    (void)context;
    do_once(&mischief.on_poll);
}

static void blob_released(void *context, const uint8_t *data, size_t size) {
    (void)context;
    (void)data;
    (void)size;
    do_once(&mischief.on_released);
}

static const struct xipvm_hal hal = {
    .find_blob = find_blob, .write = write_text, .poll = poll, .blob_released = blob_released, .misuse = misuse};

static int setup(void **state) {
    (void)state;
    memset(&mischief, 0, sizeof mischief);
    memset(output, 0, sizeof output);
    told[0] = '\0';
    n_told = 0;
    ok(xipvm_open(arena, ARENA, &hal, &vm));
    ok(xipvm_import(vm, "victim", &victim));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    xipvm_close(vm);
    return 0;
}

/* ---- what was told */

/* '#' stands for a hexadecimal number, '$' for a decimal one. */
static bool matches(const char *text, const char *pattern) {
    for (; *pattern != '\0'; pattern++) {
        if (*pattern != '#' && *pattern != '$') {
            if (*text++ != *pattern) {
                return false;
            }
        } else if (*pattern == '$') {
            text += strspn(text, "0123456789");
        } else if (strncmp(text, "0x", 2) == 0) {
            text += 2;
            text += strspn(text, "0123456789abcdef");
        } else {
            return false;
        }
    }
    return *text == '\0';
}

/* The debug profile has told exactly this since the last time, others nothing. */
static void expect_told(const char *pattern) {
    if (XIPVM_DEBUG && (n_told != 1 || !matches(told, pattern))) {
        fail_msg("told %u times, last: %s\n   expected: %s", n_told, told, pattern);
    }
    assert_true(XIPVM_DEBUG || n_told == 0);
    n_told = 0;
    told[0] = '\0';
}

#define wrong(call, message)                                                                                 \
    do {                                                                                                     \
        assert_int_equal(call, XIPVM_BAD_ARGUMENT);                                                          \
        expect_told(message);                                                                                \
    } while (0)

/* For functions without a status. */
#define refused(call, answer, message)                                                                       \
    do {                                                                                                     \
        assert_true((call) == (answer));                                                                     \
        expect_told(message);                                                                                \
    } while (0)

static xipvm_handle an_int(int64_t i) {
    xipvm_handle h;
    ok(xipvm_make_int(vm, i, &h));
    return h;
}

/* victim.call(f), f being a native. */
static enum xipvm_status call_native(const struct xipvm_function *f, xipvm_handle *result) {
    xipvm_handle h;
    ok(xipvm_make_function(vm, f, &h));
    enum xipvm_status status = xipvm_call_method(vm, victim, "call", &h, 1, result);
    xipvm_release(vm, h);
    return status;
}

/* ---- opening */

static int nothing_read(void *context, const char *path, unsigned flags, void **file) {
    (void)context;
    (void)path;
    (void)flags;
    (void)file;
    return -2;
}

static void test_opening(void **state) {
    (void)state;
    static const struct xipvm_files half = {.open = nothing_read};
    static const struct xipvm_hal broken = {.misuse = misuse, .files = &half};
    xipvm_vm *none = NULL;
    wrong(xipvm_open(NULL, ARENA, &hal, &none), "xipvm_open: arena is NULL");
    wrong(xipvm_open(other_arena, ARENA, &hal, NULL), "xipvm_open: vm is NULL");
    wrong(xipvm_open(other_arena, ARENA, &broken, &none),
          "xipvm_open: hal: files must have open, read, write and close, and all of list_begin, list_next, list_end or none");
    assert_int_equal(xipvm_open(other_arena, SIZE_MAX, &hal, &none), XIPVM_BAD_ARGUMENT);
    n_told = 0;
    assert_int_equal(xipvm_open(other_arena, SIZE_MAX - sizeof other_arena, NULL, &none),
                     (uintptr_t)other_arena > sizeof other_arena ? XIPVM_BAD_ARGUMENT : XIPVM_OK);
    assert_int_equal(xipvm_open(other_arena, 100, NULL, &none), XIPVM_NO_MEMORY);
    assert_int_equal(xipvm_open(other_arena, 100, &hal, &none), XIPVM_NO_MEMORY);
    assert_int_equal(n_told, 0);
    assert_null(none);
    /* No mistakes: an arena that is not aligned, and a host without any functions. */
    static const struct xipvm_hal empty = {.context = NULL};
    const struct xipvm_hal *const few[] = {NULL, &empty};
    for (size_t i = 0; i < 2; i++) {
        xipvm_handle module;
        ok(xipvm_open((uint8_t *)other_arena + 3, ARENA, few[i], &none));
        ok(xipvm_run_blob(none, NULL, blob_victim, blob_victim_size, &module));
        ok(xipvm_call_method(none, module, "say", &module, 1, NULL));
        assert_int_equal(xipvm_import(none, "victim", NULL), XIPVM_EXCEPTION);
        assert_true(xipvm_exception_is(none, "ImportError"));
        assert_int_equal(xipvm_dup(none, XIPVM_NO_HANDLE, NULL), XIPVM_BAD_ARGUMENT);
        xipvm_close(none);
    }
    xipvm_close(NULL);
    assert_int_equal(n_told, 0);
}

/* Without `misuse` the sentence is a line among the errors, or the output. */
static void test_where_it_is_told(void **state) {
    (void)state;
    static const struct xipvm_hal two[] = {{.write_error = write_text}, {.write = write_text}};
    for (size_t i = 0; i < 2; i++) {
        xipvm_vm *of;
        output[0] = '\0';
        ok(xipvm_open(other_arena, ARENA, &two[i], &of));
        assert_int_equal(xipvm_import(of, NULL, NULL), XIPVM_BAD_ARGUMENT);
        assert_string_equal(output, XIPVM_DEBUG ? "xipvm_import: name is NULL\n" : "");
        xipvm_close(of);
    }
}

/* ---- handles */

static void test_handles(void **state) {
    (void)state;
    xipvm_handle one = an_int(1), released = an_int(2), list, out = 77;
    xipvm_release(vm, released);
    ok(xipvm_make_list(vm, NULL, 0, &list));
    struct xipvm_stats stats;
    xipvm_stats(vm, &stats);
    assert_int_equal(stats.handles, 3); /* victim, one and list */
    wrong(xipvm_dup(vm, XIPVM_NO_HANDLE, &out), "xipvm_dup: h: handle 0x0 is none");
    wrong(xipvm_get_attr(vm, released, "x", &out), "xipvm_get_attr: object: handle # was released");
    wrong(xipvm_set_item(vm, list, one, released), "xipvm_set_item: value: handle # was released");
    const xipvm_handle args[] = {one, released};
    wrong(xipvm_call(vm, one, args, 2, &out), "xipvm_call: args[1]: handle # was released");
    wrong(xipvm_make_tuple(vm, args, 2, &out), "xipvm_make_tuple: items[1]: handle # was released");
    wrong(xipvm_to_int(vm, one + 77, NULL), "xipvm_to_int: h: handle # was never given out");
    refused(xipvm_type_of(vm, released), XIPVM_TYPE_INVALID, "xipvm_type_of: h: handle # was released");
    refused(xipvm_same(vm, one, released), false, "xipvm_same: b: handle # was released");
    xipvm_release(vm, released);
    expect_told("xipvm_release: h: handle # was released");
    xipvm_release(vm, XIPVM_NO_HANDLE);
    assert_int_equal(n_told, 0);
    /* Used again, with another number. */
    xipvm_handle again = an_int(3);
    assert_int_not_equal(again, released);
    wrong(xipvm_to_int(vm, released, NULL), "xipvm_to_int: h: handle # was released");
    assert_int_equal(out, 77);
}

static void test_handles_of_another_vm(void **state) {
    (void)state;
    xipvm_vm *other;
    xipvm_handle mine = an_int(1), theirs;
    ok(xipvm_open(other_arena, ARENA, &hal, &other));
    for (int i = 0; i < 10; i++) {
        ok(xipvm_make_int(other, 2, &theirs));
        wrong(xipvm_to_int(vm, theirs, NULL), "xipvm_to_int: h: handle # belongs to another VM");
        wrong(xipvm_to_int(other, mine, NULL), "xipvm_to_int: h: handle # belongs to another VM");
    }
    xipvm_close(other);
#if XIPVM_DEBUG
    /* Also if that VM was in the same memory. */
    ok(xipvm_open(other_arena, ARENA, &hal, &other));
    ok(xipvm_make_int(other, 2, NULL));
    wrong(xipvm_to_int(other, theirs, NULL), "xipvm_to_int: h: handle # belongs to another VM");
    xipvm_close(other);
#endif
}

/* ---- arguments */

static void test_arguments(void **state) {
    (void)state;
    xipvm_handle one = an_int(1), out = 77;
    static const char *const argv[] = {"a", NULL};
    wrong(xipvm_import(vm, NULL, &out), "xipvm_import: name is NULL");
    wrong(xipvm_unload(vm, NULL), "xipvm_unload: name is NULL");
    wrong(xipvm_run_blob(vm, NULL, NULL, 0, &out), "xipvm_run_blob: data is NULL");
    wrong(xipvm_run_source(vm, NULL, &out), "xipvm_run_source: source is NULL");
    const struct xipvm_source empty = {.data = NULL};
    wrong(xipvm_run_source(vm, &empty, &out), "xipvm_run_source: source has neither data nor read");
    wrong(xipvm_set_argv(vm, 2, argv), "xipvm_set_argv: argv[1] is NULL");
    wrong(xipvm_set_argv(vm, 2, NULL), "xipvm_set_argv: argv is NULL");
    wrong(xipvm_get_attr(vm, one, NULL, &out), "xipvm_get_attr: name is NULL");
    wrong(xipvm_call(vm, one, NULL, 1, &out), "xipvm_call: args is NULL");
    wrong(xipvm_call(vm, one, &one, 251, &out), "xipvm_call: n is 251, and 250 at most");
    wrong(xipvm_append(vm, one, one), "xipvm_append: list: handle # is no list");
    wrong(xipvm_make_str(vm, NULL, &out), "xipvm_make_str: text is NULL");
    wrong(xipvm_make_str(vm, "\xff", &out), "xipvm_make_str: text is not UTF-8");
    wrong(xipvm_make_str_len(vm, "\xc3", 1, &out), "xipvm_make_str_len: text is not UTF-8");
    wrong(xipvm_make_bytes(vm, NULL, 1, &out), "xipvm_make_bytes: data is NULL");
    wrong(xipvm_make_list(vm, NULL, 1, &out), "xipvm_make_list: items is NULL");
    wrong(xipvm_text(vm, one, true, NULL, 1, NULL), "xipvm_text: buffer is NULL");
    wrong(xipvm_schedule(vm, NULL, NULL), "xipvm_schedule: callback is NULL");
    wrong(xipvm_resume(vm, &out), "xipvm_resume: nothing is suspended");
    wrong(xipvm_abandon(vm), "xipvm_abandon: nothing is suspended");
    refused(xipvm_exception_is(vm, NULL), false, "xipvm_exception_is: type is NULL");
    refused(xipvm_blob_in_use(vm, NULL, 1), false, "xipvm_blob_in_use: data is NULL");
    refused(xipvm_exception_text(vm, NULL, 1), 0, "xipvm_exception_text: buffer is NULL");
    xipvm_stats(vm, NULL);
    expect_told("xipvm_stats: out is NULL");
    /* A file name of broken text is the program's to learn of. */
    assert_int_equal(xipvm_run_blob(vm, "\xff", blob_victim, blob_victim_size, NULL), XIPVM_EXCEPTION);
    assert_true(xipvm_exception_is(vm, "UnicodeError"));
    assert_int_equal(n_told, 0);
    assert_int_equal(out, 77);
}

static void test_loans(void **state) {
    (void)state;
    static uint8_t memory[4];
    xipvm_handle one = an_int(1), view, out;
    wrong(xipvm_lend(vm, NULL, 4, true, &view), "xipvm_lend: data is NULL");
    wrong(xipvm_lend(vm, memory, 4, true, NULL), "xipvm_lend: view is NULL");
    wrong(xipvm_reclaim(vm, one), "xipvm_reclaim: view: handle # is no memoryview");
    /* After the end of a loan, and twice, is no mistake but an exception. */
    ok(xipvm_lend(vm, memory, 4, true, &view));
    ok(xipvm_reclaim(vm, view));
    ok(xipvm_reclaim(vm, view));
    assert_int_equal(xipvm_get_index(vm, view, 0, &out), XIPVM_EXCEPTION);
    assert_true(xipvm_exception_is(vm, "ValueError"));
    assert_int_equal(n_told, 0);
}

/* Conversions that only look like those of printf are not followed. */
static void test_raising(void **state) {
    (void)state;
    static const struct {
        const char *format, *message, *text;
    } rows[] = {
        {"%r", "xipvm_raise: format: \"%r\" begins with a conversion that it does not have", "ValueError: %r\n"},
        {"100 %d %ld", "xipvm_raise: format: \"%ld\" begins with a conversion that it does not have", "ValueError: 100 %d %ld\n"},
        {"100 %", "xipvm_raise: format: \"%\" begins with a conversion that it does not have", "ValueError: 100 %\n"},
        {NULL, "xipvm_raise: format is NULL", "ValueError: \n"},
    };
    char text[80];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *volatile format = rows[i].format; /* not to be checked by the compiler */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
        assert_int_equal(xipvm_raise(vm, "ValueError", format), XIPVM_EXCEPTION);
#pragma GCC diagnostic pop
        expect_told(rows[i].message);
        xipvm_exception_text(vm, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
    const char *volatile none = NULL;
    xipvm_raise(vm, "no such type", "%s %s", "x", none);
    assert_true(xipvm_exception_is(vm, "RuntimeError"));
    xipvm_exception_text(vm, text, sizeof text);
    assert_string_equal(text, "RuntimeError: x (none)\n");
    xipvm_raise(vm, NULL, "%s", "\xff");
    assert_true(xipvm_exception_is(vm, "UnicodeError"));
    assert_int_equal(n_told, 0);
}

/* ---- tables */

static enum xipvm_status nothing(xipvm_vm *of, xipvm_args *args) {
    (void)of;
    (void)args;
    return XIPVM_OK;
}

static void test_tables(void **state) {
    (void)state;
    static const struct xipvm_function good = XIPVM_FUNCTION("good", nothing, 0, 0);
    static const struct xipvm_function bad[] = {
        {{0, 0}, "by_hand", nothing, NULL, 0, 0},
        XIPVM_FUNCTION(NULL, nothing, 0, 0),
        XIPVM_FUNCTION("\xff", nothing, 0, 0),
        XIPVM_FUNCTION("no_function", NULL, 0, 0),
        XIPVM_FUNCTION("greedy", nothing, 2, 1),
    };
    static const char *const faults[] = {"was not made with XIPVM_FUNCTION", "has no name in UTF-8", "has no name in UTF-8",
                                         "has no native function", "wants more arguments than it takes"};
    char message[100];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        strcat(strcpy(message, "xipvm_make_function: function "), faults[i]);
        wrong(xipvm_make_function(vm, &bad[i], NULL), message);
        const struct xipvm_function two[] = {good, bad[i]};
        const struct xipvm_module module = XIPVM_MODULE("two", two);
        strcat(strcpy(message, "xipvm_register: the module or its row 1 "), faults[i]);
        wrong(xipvm_register(vm, &module), message);
    }
    wrong(xipvm_make_function(vm, NULL, NULL), "xipvm_make_function: function is NULL");
    static const struct xipvm_constant constants[] = {XIPVM_CONSTANT_INT("one", 1), XIPVM_CONSTANT_INT(NULL, 2)};
    static const struct xipvm_function functions[] = {XIPVM_FUNCTION("good", nothing, 0, 0)};
    static const struct xipvm_module nameless = XIPVM_MODULE(NULL, functions);
    static const struct xipvm_module half = XIPVM_MODULE_WITH("half", functions, constants);
    static struct xipvm_module hollow = XIPVM_MODULE("hollow", functions);
    hollow.functions = NULL;
    wrong(xipvm_register(vm, NULL), "xipvm_register: the module or its row 0 is NULL");
    wrong(xipvm_register(vm, &nameless), "xipvm_register: the module or its row 0 has no name in UTF-8");
    wrong(xipvm_register(vm, &half), "xipvm_register: the module or its row 1 has no name in UTF-8");
    wrong(xipvm_register(vm, &hollow), "xipvm_register: the module or its row 0 has no table");
    assert_int_equal(xipvm_import(vm, "two", NULL), XIPVM_EXCEPTION);
}

/* ---- natives */

static enum xipvm_status lose_exception(xipvm_vm *of, xipvm_args *args) {
    (void)args;
    assert_int_equal(xipvm_exception(of, NULL), XIPVM_NOT_FOUND);
    return XIPVM_EXCEPTION;
}

static enum xipvm_status invent_status(xipvm_vm *of, xipvm_args *args) {
    (void)of;
    (void)args;
    volatile int status = 99;
    return (enum xipvm_status)status;
}

static enum xipvm_status forget_to_return(xipvm_vm *of, xipvm_args *args) {
    (void)args;
    xipvm_raise(of, "ValueError", "lost");
    return XIPVM_OK;
}

static enum xipvm_status handle_own(xipvm_vm *of, xipvm_args *args) {
    xipvm_raise(of, "ValueError", "handled");
    xipvm_exception_clear(of);
    return xipvm_return_bool(args, true);
}

#if XIPVM_DEBUG
static xipvm_args *kept_args;

static enum xipvm_status keep_args(xipvm_vm *of, xipvm_args *args) {
    (void)of;
    kept_args = args;
    return XIPVM_OK;
}
#endif

static enum xipvm_status reach_too_far(xipvm_vm *of, xipvm_args *args) {
    (void)of;
    wrong(xipvm_arg_int(args, 1, NULL), "xipvm_arg_int: there is no argument 1 of reach_too_far(), which was given 0");
    wrong(xipvm_arg_handle(args, 0, NULL), "xipvm_arg_handle: there is no argument 0 of reach_too_far(), which was given 0");
    assert_int_equal(xipvm_arg_type(args, 0), XIPVM_TYPE_INVALID);
    wrong(xipvm_return_handle(args, XIPVM_NO_HANDLE), "xipvm_return_handle: h: handle 0x0 is none");
    wrong(xipvm_return_str(args, "\xff", 1), "xipvm_return_str: text is not UTF-8");
    wrong(xipvm_return_bytes(args, NULL, 1), "xipvm_return_bytes: data is NULL");
    return XIPVM_OK;
}

/* While a native runs the VM cannot be ended, nor what is suspended be gone on with. */
static enum xipvm_status end_it_all(xipvm_vm *of, xipvm_args *args) {
    xipvm_close(of);
    expect_told("xipvm_close: called from within end_it_all, which the VM has called");
    wrong(xipvm_resume(of, NULL), "xipvm_resume: called from within end_it_all, which the VM has called");
    wrong(xipvm_abandon(of), "xipvm_abandon: called from within end_it_all, which the VM has called");
    return xipvm_return_int(args, 5);
}

static void end_in_a_callback(xipvm_vm *of, void *user) {
    (void)user;
    xipvm_close(of);
    expect_told("xipvm_close: called from within a scheduled callback, which the VM has called");
}

#define NATIVE(f) static const struct xipvm_function f##_row = XIPVM_FUNCTION(#f, f, 0, 0)
NATIVE(lose_exception);
NATIVE(invent_status);
NATIVE(forget_to_return);
NATIVE(handle_own);
NATIVE(reach_too_far);
NATIVE(end_it_all);
NATIVE(nothing);
#if XIPVM_DEBUG
NATIVE(keep_args);
#endif

static void test_natives_and_their_outcome(void **state) {
    (void)state;
    xipvm_handle out;
    bool truth;
    /* One that sets nothing gives None. */
    ok(call_native(&nothing_row, &out));
    assert_int_equal(xipvm_type_of(vm, out), XIPVM_TYPE_NONE);
    /* An exception of before is not mistaken for the native's. */
    xipvm_raise(vm, "KeyError", "old");
    assert_int_equal(call_native(&lose_exception_row, NULL), XIPVM_EXCEPTION);
    assert_true(xipvm_exception_is(vm, "RuntimeError"));
    expect_told("lose_exception: the native function returned XIPVM_EXCEPTION, and there is none");
    assert_int_equal(call_native(&invent_status_row, NULL), XIPVM_EXCEPTION);
    assert_true(xipvm_exception_is(vm, "RuntimeError"));
    expect_told("invent_status: the native function returned 99, which is no status");
    /* And one that was lost does not come up later. */
    xipvm_raise(vm, "KeyError", "old");
    ok(call_native(&forget_to_return_row, NULL));
    expect_told("forget_to_return: the native function raised an exception, and returned XIPVM_OK");
    assert_true(xipvm_exception_is(vm, "KeyError"));
    ok(call_native(&handle_own_row, &out));
    ok(xipvm_to_bool(vm, out, &truth));
    assert_true(truth);
    assert_int_equal(n_told, 0);
}

static void test_natives_and_their_arguments(void **state) {
    (void)state;
    ok(call_native(&reach_too_far_row, NULL));
#if XIPVM_DEBUG
    ok(call_native(&keep_args_row, NULL));
    wrong(xipvm_arg_int(kept_args, 0, NULL), "xipvm_arg_int: the call that these arguments belong to is over");
    wrong(xipvm_return_int(kept_args, 1), "xipvm_return_int: the call that these arguments belong to is over");
    refused(xipvm_user(kept_args), NULL, "xipvm_user: the call that these arguments belong to is over");
    for (int i = 0; i < 7; i++) {
        ok(call_native(&nothing_row, NULL));
        refused(xipvm_arg_count(kept_args), 0, "xipvm_arg_count: the call that these arguments belong to is over");
    }
    assert_int_equal(xipvm_return_none(NULL), XIPVM_BAD_ARGUMENT);
#endif
}

static void test_natives_that_close(void **state) {
    (void)state;
    xipvm_handle out;
    int64_t i;
    ok(call_native(&end_it_all_row, &out));
    ok(xipvm_to_int(vm, out, &i));
    assert_int_equal(i, 5);
    ok(xipvm_schedule(vm, end_in_a_callback, NULL));
    ok(call_native(&nothing_row, NULL));
    /* Also with something suspended. */
    xipvm_handle n = an_int(100);
    ok(xipvm_set_budget(vm, 10));
    assert_int_equal(xipvm_call_method(vm, victim, "loop", &n, 1, NULL), XIPVM_SUSPENDED);
    ok(call_native(&end_it_all_row, NULL));
    ok(xipvm_set_budget(vm, 0));
    ok(xipvm_resume(vm, &out));
    ok(xipvm_to_int(vm, out, &i));
    assert_int_equal(i, 100);
}

/* A native that calls back, deep, with more calls under way than the debug profile has memory for. */
static enum xipvm_status descend(xipvm_vm *of, xipvm_args *args) {
    int64_t depth, below = 0;
    xipvm_handle self, next, out;
    if (xipvm_arg_int(args, 1, &depth)) {
        return XIPVM_EXCEPTION;
    }
    if (depth > 0) {
        ok(xipvm_arg_handle(args, 0, &self));
        ok(xipvm_make_int(of, depth - 1, &next));
        const xipvm_handle both[] = {self, self, next};
        ok(xipvm_call_method(of, victim, "call", both, 3, &out));
        ok(xipvm_to_int(of, out, &below));
        xipvm_release(of, self);
        xipvm_release(of, next);
        xipvm_release(of, out);
    }
    return xipvm_return_int(args, below + 1);
}

static void test_natives_within_natives(void **state) {
    (void)state;
    static const struct xipvm_function row = XIPVM_FUNCTION("descend", descend, 2, 2);
    xipvm_handle f, n = an_int(12), out;
    int64_t depth;
    ok(xipvm_make_function(vm, &row, &f));
    const xipvm_handle args[] = {f, f, n};
    ok(xipvm_call_method(vm, victim, "call", args, 3, &out));
    ok(xipvm_to_int(vm, out, &depth));
    assert_int_equal(depth, 13);
    assert_int_equal(n_told, 0);
}

#if XIPVM_DEBUG

/* ---- at the wrong time: only the debug profile can tell */

static void test_after_the_end(void **state) {
    (void)state;
    xipvm_handle one = an_int(1);
    xipvm_vm *closed = vm;
    xipvm_close(closed);
    wrong(xipvm_to_int(closed, one, NULL), "xipvm_to_int: the VM was closed");
    wrong(xipvm_import(closed, "victim", NULL), "xipvm_import: the VM was closed");
    wrong(xipvm_schedule(closed, end_in_a_callback, NULL), "xipvm_schedule: the VM was closed");
    xipvm_interrupt(closed);
    expect_told("xipvm_interrupt: the VM was closed");
    xipvm_release(closed, one);
    expect_told("xipvm_release: the VM was closed");
    xipvm_close(closed);
    expect_told("xipvm_close: the VM was closed");
    refused(xipvm_hal_of(closed), NULL, "xipvm_hal_of: the VM was closed");
    refused(xipvm_is_suspended(closed), false, "xipvm_is_suspended: the VM was closed");
    /* Where there is no VM there is nobody to be told. */
    memset(arena, 0xa5, sizeof arena);
    assert_int_equal(xipvm_to_int(closed, one, NULL), XIPVM_BAD_ARGUMENT);
    assert_int_equal(xipvm_to_int(NULL, one, NULL), XIPVM_BAD_ARGUMENT);
    assert_int_equal(xipvm_to_int((xipvm_vm *)(void *)((uint8_t *)arena + 1), one, NULL), XIPVM_BAD_ARGUMENT);
    xipvm_collect(NULL);
    assert_int_equal(n_told, 0);
    ok(xipvm_open(arena, ARENA, &hal, &vm));
}

static void import_again(void) {
    wrong(xipvm_import(vm, "victim", NULL),
          "xipvm_import: called while xipvm_call_method is at work in this VM, by a function of the HAL or by another task");
}

static void import_meanwhile(void) {
    wrong(xipvm_import(vm, "victim", NULL),
          "xipvm_import: called while xipvm_import is at work in this VM, by a function of the HAL or by another task");
}

static void close_meanwhile(void) {
    xipvm_close(vm);
    expect_told("xipvm_close: called while xipvm_call_method is at work in this VM, by a function of the HAL or by another task");
}

static void release_meanwhile(void) {
    xipvm_release(vm, victim);
    expect_told("xipvm_release: called while xipvm_unload is at work in this VM, by a function of the HAL or by another task");
}

static void allowed_meanwhile(void) {
    assert_ptr_equal(xipvm_hal_of(vm), &hal);
    ok(xipvm_schedule(vm, end_in_a_callback, NULL));
    assert_int_equal(n_told, 0);
}

static void test_from_the_hal(void **state) {
    (void)state;
    xipvm_handle n = an_int(5000);
    mischief.on_write = import_again;
    ok(xipvm_call_method(vm, victim, "say", &n, 1, NULL));
    assert_null(mischief.on_write);
    mischief.on_write = close_meanwhile;
    ok(xipvm_call_method(vm, victim, "say", &n, 1, NULL));
    mischief.on_write = allowed_meanwhile;
    ok(xipvm_call_method(vm, victim, "say", &n, 1, NULL));
    mischief.on_poll = import_again;
    ok(xipvm_call_method(vm, victim, "loop", &n, 1, NULL));
    assert_null(mischief.on_poll);
    mischief.on_find = import_meanwhile;
    assert_int_equal(xipvm_import(vm, "missing", NULL), XIPVM_EXCEPTION);
    assert_null(mischief.on_find);
    xipvm_release(vm, victim);
    mischief.on_released = release_meanwhile;
    ok(xipvm_unload(vm, "victim"));
    assert_null(mischief.on_released);
    assert_string_equal(output, "5000\n5000\n5000\n");
}

/* One that is told by what makes the mistake is not told again and again. */
static void import_nothing(void) {
    assert_int_equal(xipvm_import(vm, NULL, NULL), XIPVM_BAD_ARGUMENT);
    mischief.on_write = import_nothing;
}

static void test_a_hal_that_does_it_always(void **state) {
    (void)state;
    static const struct xipvm_hal quiet = {.find_blob = find_blob, .write = write_text};
    xipvm_close(vm);
    ok(xipvm_open(arena, ARENA, &quiet, &vm));
    mischief.on_write = import_nothing;
    assert_int_equal(xipvm_dup(vm, XIPVM_NO_HANDLE, NULL), XIPVM_BAD_ARGUMENT);
    assert_string_equal(output, "xipvm_dup: h: handle 0x0 is none\n");
}

/* ---- flash that is written while its code is in use */

static void test_changed_blobs(void **state) {
    (void)state;
    static uint8_t ram[4096];
    assert_true(blob_victim_size <= sizeof ram);
    memcpy(ram, blob_victim, blob_victim_size);
    ok(xipvm_run_blob(vm, NULL, ram, blob_victim_size, NULL));
    xipvm_collect(vm);
    assert_int_equal(n_told, 0);
    ram[blob_victim_size - 1] ^= 1;
    wrong(xipvm_import(vm, "victim", NULL), "xipvm_import: the blob of $ bytes at # was changed while it was loaded");
    ok(xipvm_import(vm, "victim", NULL));
    ram[blob_victim_size - 1] ^= 1;
    xipvm_collect(vm);
    expect_told("xipvm_collect: the blob of $ bytes at # was changed while it was loaded");
}

/* ---- other tasks */

static uintptr_t task(void *context) {
    (void)context;
    static __thread char here;
    return (uintptr_t)&here;
}

static const struct xipvm_hal with_tasks = {.find_blob = find_blob, .write = write_text, .misuse = misuse, .task = task};

static void *intrude(void *arg) {
    (void)arg;
    assert_true(xipvm_import(vm, "victim", NULL) == XIPVM_BAD_ARGUMENT);
    return NULL;
}

static void let_another_in(void) {
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, intrude, NULL), 0);
    pthread_join(thread, NULL);
}

static void another_while_at_work(void) {
    let_another_in();
    expect_told("xipvm_import: called while xipvm_call_method is at work in this VM, by another task");
}

static void same_while_at_work(void) {
    intrude(NULL);
    expect_told("xipvm_import: called while xipvm_call_method is at work in this VM, by a function of the HAL");
}

static enum xipvm_status let_in(xipvm_vm *of, xipvm_args *args) {
    (void)of;
    (void)args;
    let_another_in();
    expect_told("xipvm_import: called by another task than the one that runs let_in for this VM");
    return XIPVM_OK;
}
NATIVE(let_in);

static void *use_alone(void *arg) {
    *(enum xipvm_status *)arg = xipvm_import(vm, "victim", NULL);
    return NULL;
}

static void test_other_tasks(void **state) {
    (void)state;
    pthread_t thread;
    enum xipvm_status status = XIPVM_FULL;
    xipvm_close(vm);
    ok(xipvm_open(arena, ARENA, &with_tasks, &vm));
    ok(xipvm_import(vm, "victim", &victim));
    mischief.on_write = another_while_at_work;
    ok(xipvm_call_method(vm, victim, "say", &victim, 1, NULL));
    mischief.on_write = same_while_at_work;
    ok(xipvm_call_method(vm, victim, "say", &victim, 1, NULL));
    ok(call_native(&let_in_row, NULL));
    /* One after another they may. */
    assert_int_equal(pthread_create(&thread, NULL, use_alone, &status), 0);
    pthread_join(thread, NULL);
    ok(status);
    ok(call_native(&nothing_row, NULL));
    assert_int_equal(n_told, 0);
}

#endif

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
        TEST(opening),
        TEST(where_it_is_told),
        TEST(handles),
        TEST(handles_of_another_vm),
        TEST(arguments),
        TEST(loans),
        TEST(raising),
        TEST(tables),
        TEST(natives_and_their_outcome),
        TEST(natives_and_their_arguments),
        TEST(natives_that_close),
        TEST(natives_within_natives),
#if XIPVM_DEBUG
        TEST(after_the_end),
        TEST(from_the_hal),
        TEST(a_hal_that_does_it_always),
        TEST(changed_blobs),
        TEST(other_tasks),
#endif
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
