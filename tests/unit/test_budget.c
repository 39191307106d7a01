/* What budgets promise: a run stops before the first call or backward jump beyond its budget, goes on from there when
 * it is resumed, and gives what it would have given without. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "heap/heap.h"
#include "xipvm/xipvm.h"

extern const uint8_t blob_sliced[], blob_callbacks[], blob_protocols[], blob_budget_helper[], blob_budget_broken[];
extern const uint8_t blob_alike[], blob_alike_package[], blob_alike_module[];
extern const size_t blob_alike_size, blob_alike_package_size, blob_alike_module_size;
extern const size_t blob_sliced_size, blob_callbacks_size, blob_protocols_size, blob_budget_helper_size, blob_budget_broken_size;

#define ok(call) assert_int_equal(call, XIPVM_OK)

/* ---- a host */

static uint64_t arena[1 << 15];
static unsigned polls;

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    const struct {
        const char *name;
        const uint8_t *data;
        size_t size;
    } blobs[] = {
        {"sliced", blob_sliced, blob_sliced_size},
        {"callbacks", blob_callbacks, blob_callbacks_size},
        {"protocols", blob_protocols, blob_protocols_size},
        {"budget_helper", blob_budget_helper, blob_budget_helper_size},
        {"budget_broken", blob_budget_broken, blob_budget_broken_size},
        {"alike", blob_alike, blob_alike_size},
        {"alike_package", blob_alike_package, blob_alike_package_size},
        {"alike_package.module", blob_alike_module, blob_alike_module_size},
    };
    for (size_t i = 0; i < sizeof blobs / sizeof *blobs; i++) {
        if (strlen(blobs[i].name) == len && memcmp(blobs[i].name, name, len) == 0) {
            out->data = blobs[i].data;
            out->size = blobs[i].size;
            out->is_package = blobs[i].data == blob_alike_package;
            return true;
        }
    }
    return false;
}

static void poll(void *context) {
    (void)context;
    polls++;
}

static char printed[64];
static size_t n_printed;

static void write(void *context, const void *data, size_t len) {
    (void)context;
    for (size_t i = 0; i < len && n_printed < sizeof printed - 1; i++) {
        printed[n_printed++] = ((const char *)data)[i];
    }
}

static const struct xipvm_hal hal = {.find_blob = find_blob, .poll = poll, .write = write};

static xipvm_vm *open_vm(xipvm_handle *module) {
    xipvm_vm *vm;
    polls = 0;
    ok(xipvm_open(arena, sizeof arena, &hal, &vm));
    ok(xipvm_import(vm, "sliced", module));
    return vm;
}

static void close_vm(xipvm_vm *vm) {
    const char *wrong = xv_heap_check(vm);
    if (wrong != NULL) {
        fail_msg("the heap is damaged: %s", wrong);
    }
    xipvm_close(vm);
}

static uint64_t spent(xipvm_vm *vm) {
    struct xipvm_stats stats;
    xipvm_stats(vm, &stats);
    return stats.budget;
}

/* Begins module.name(n), or module.name() if n < 0. */
static enum xipvm_status begin(xipvm_vm *vm, xipvm_handle module, const char *name, int n, xipvm_handle *result) {
    xipvm_handle arg = XIPVM_NO_HANDLE;
    ok(xipvm_make_int(vm, n, &arg));
    enum xipvm_status status = xipvm_call_method(vm, module, name, &arg, n >= 0, result);
    xipvm_release(vm, arg);
    return status;
}

static enum xipvm_status finish(xipvm_vm *vm, enum xipvm_status status, xipvm_handle *result) {
    while (status == XIPVM_SUSPENDED) {
        assert_true(xipvm_is_suspended(vm));
        status = xipvm_resume(vm, result);
    }
    assert_false(xipvm_is_suspended(vm));
    return status;
}

/* repr of module.everything(n), run in slices of `units`. */
static void everything(xipvm_vm *vm, xipvm_handle module, uint32_t units, char *text, size_t size) {
    xipvm_handle result = XIPVM_NO_HANDLE;
    ok(xipvm_set_budget(vm, units));
    ok(finish(vm, begin(vm, module, "everything", 9, &result), &result));
    ok(xipvm_text(vm, result, true, text, size, NULL));
    xipvm_release(vm, result);
}

static void test_same_result(void **state) {
    (void)state;
    xipvm_handle module;
    xipvm_vm *vm = open_vm(&module);
    char whole[256], sliced[256];
    uint64_t before = spent(vm);
    everything(vm, module, 0, whole, sizeof whole);
    uint64_t all = spent(vm) - before;
    const uint32_t budgets[] = {1, 2, 3, 7, 50, 1000, 100000};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        before = spent(vm);
        everything(vm, module, budgets[i], sliced, sizeof sliced);
        assert_string_equal(sliced, whole);
        assert_int_equal(spent(vm) - before, all); /* what is stopped at is counted once */
    }
    close_vm(vm);
}

/* No slice spends more than its budget, and all but the last spend all of it. */
static void test_exact(void **state) {
    (void)state;
    xipvm_handle module, result = XIPVM_NO_HANDLE;
    xipvm_vm *vm = open_vm(&module);
    const uint32_t budgets[] = {1, 2, 5, 1023, 1024, 1025, 3000};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        ok(xipvm_set_budget(vm, budgets[i]));
        uint64_t before = spent(vm);
        enum xipvm_status status = begin(vm, module, "fib", 15, &result);
        while (status == XIPVM_SUSPENDED) {
            uint64_t now = spent(vm);
            assert_int_equal(now - before, budgets[i]);
            before = now;
            status = xipvm_resume(vm, &result);
        }
        ok(status);
        assert_in_range(spent(vm) - before, 0, budgets[i]);
        int64_t fib;
        ok(xipvm_to_int(vm, result, &fib));
        assert_int_equal(fib, 610);
        xipvm_release(vm, result);
    }
    struct xipvm_stats stats;
    xipvm_stats(vm, &stats);
    assert_int_equal(stats.overrun, 0);
    close_vm(vm);
}

/* The host is still polled about every thousand units, however small the slices. */
static void test_polls(void **state) {
    (void)state;
    xipvm_handle module, result = XIPVM_NO_HANDLE;
    xipvm_vm *vm = open_vm(&module);
    ok(xipvm_set_budget(vm, 10));
    enum xipvm_status status = begin(vm, module, "forever", -1, &result);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(status, XIPVM_SUSPENDED);
        status = xipvm_resume(vm, &result);
    }
    assert_in_range(polls, 8, 10);
    close_vm(vm);
}

/* Imports of the host and of the program are suspended within a module's body, and end as they should. */
static void test_imports(void **state) {
    (void)state;
    xipvm_handle module, result = XIPVM_NO_HANDLE;
    xipvm_vm *vm = open_vm(&module);
    int64_t value;
    ok(xipvm_set_budget(vm, 2));
    enum xipvm_status status = begin(vm, module, "late", -1, &result);
    assert_int_equal(status, XIPVM_SUSPENDED);
    ok(finish(vm, status, &result));
    ok(xipvm_to_int(vm, result, &value));
    assert_int_equal(value, 45);
    xipvm_release(vm, result);
    ok(xipvm_unload(vm, "budget_helper"));

    status = xipvm_import(vm, "budget_helper", &result);
    assert_int_equal(status, XIPVM_SUSPENDED);
    ok(finish(vm, status, &result));
    assert_int_equal(xipvm_type_of(vm, result), XIPVM_TYPE_MODULE);
    xipvm_release(vm, result);

    status = xipvm_import(vm, "budget_broken", &result);
    assert_int_equal(status, XIPVM_SUSPENDED);
    assert_int_equal(finish(vm, status, &result), XIPVM_EXCEPTION);
    assert_true(xipvm_exception_is(vm, "ValueError"));
    assert_int_equal(xipvm_unload(vm, "budget_broken"), XIPVM_NOT_FOUND);

    status = xipvm_run_blob(vm, NULL, blob_budget_helper, blob_budget_helper_size, &result);
    assert_int_equal(status, XIPVM_SUSPENDED);
    ok(finish(vm, status, &result));
    assert_int_equal(xipvm_type_of(vm, result), XIPVM_TYPE_MODULE);
    close_vm(vm);
}

static void test_exception(void **state) {
    (void)state;
    xipvm_handle module;
    xipvm_vm *vm = open_vm(&module);
    ok(xipvm_set_budget(vm, 3));
    enum xipvm_status status = begin(vm, module, "fails", 20, NULL);
    assert_int_equal(status, XIPVM_SUSPENDED);
    assert_int_equal(finish(vm, status, NULL), XIPVM_EXCEPTION);
    assert_true(xipvm_exception_is(vm, "KeyError"));
    close_vm(vm);
}

/* While a run is suspended the VM does all else, to its end and without a budget; collections move what the run refers to. */
static void test_other_work_meanwhile(void **state) {
    (void)state;
    xipvm_handle module, result = XIPVM_NO_HANDLE, other = XIPVM_NO_HANDLE, number = XIPVM_NO_HANDLE;
    xipvm_vm *vm = open_vm(&module);
    char whole[256], sliced[256];
    everything(vm, module, 0, whole, sizeof whole);
    ok(xipvm_set_budget(vm, 5));
    enum xipvm_status status = begin(vm, module, "everything", 9, &result);
    while (status == XIPVM_SUSPENDED) {
        ok(xipvm_make_int(vm, 8, &number));
        ok(xipvm_call_method(vm, module, "fib", &number, 1, &other));
        int64_t value;
        ok(xipvm_to_int(vm, other, &value));
        assert_int_equal(value, 21);
        xipvm_release(vm, other);
        xipvm_release(vm, number);
        xipvm_collect(vm);
        status = xipvm_resume(vm, &result);
    }
    ok(status);
    ok(xipvm_text(vm, result, true, sliced, sizeof sliced, NULL));
    assert_string_equal(sliced, whole);
    close_vm(vm);
}

/* An abandoned run leaves nothing behind; its handlers do not run, what it imported is not there. */
static void test_abandon(void **state) {
    (void)state;
    xipvm_handle module, log;
    xipvm_vm *vm = open_vm(&module);
    char whole[256], text[256];
    everything(vm, module, 0, whole, sizeof whole);
    ok(xipvm_get_attr(vm, module, "log", &log));
    size_t before, now;
    ok(xipvm_length(vm, log, &before));
    ok(xipvm_set_budget(vm, 40));
    assert_int_equal(begin(vm, module, "forever_deep", 10, NULL), XIPVM_SUSPENDED);
    ok(xipvm_abandon(vm));
    assert_false(xipvm_is_suspended(vm));
    ok(xipvm_length(vm, log, &now));
    assert_int_equal(now, before);
    ok(xipvm_set_budget(vm, 2));
    assert_int_equal(xipvm_import(vm, "budget_helper", NULL), XIPVM_SUSPENDED);
    ok(xipvm_abandon(vm));
    assert_int_equal(xipvm_unload(vm, "budget_helper"), XIPVM_NOT_FOUND);
    everything(vm, module, 4, text, sizeof text);
    assert_string_equal(text, whole);
    assert_int_equal(xipvm_abandon(vm), XIPVM_BAD_ARGUMENT);
    close_vm(vm);
}

/* An interrupt of a suspended run reaches the program when it is resumed. */
static void test_interrupt(void **state) {
    (void)state;
    xipvm_handle module, result = XIPVM_NO_HANDLE;
    xipvm_vm *vm = open_vm(&module);
    char text[64];
    ok(xipvm_set_budget(vm, 100));
    assert_int_equal(begin(vm, module, "catches", -1, &result), XIPVM_SUSPENDED);
    assert_int_equal(xipvm_resume(vm, &result), XIPVM_SUSPENDED);
    xipvm_interrupt(vm);
    ok(xipvm_resume(vm, &result));
    ok(xipvm_text(vm, result, false, text, sizeof text, NULL));
    assert_string_equal(text, "interrupted");
    close_vm(vm);
}

static uint64_t overrun(xipvm_vm *vm) {
    struct xipvm_stats stats;
    xipvm_stats(vm, &stats);
    return stats.overrun;
}

#if XIPVM_RESUMABLE_NATIVES
/* repr of what module.everything() returns. */
static void outcome(xipvm_vm *vm, xipvm_handle module, char *text, size_t size) {
    xipvm_handle result = XIPVM_NO_HANDLE;
    memset(printed, 0, sizeof printed);
    n_printed = 0;
    ok(finish(vm, begin(vm, module, "everything", -1, &result), &result));
    ok(xipvm_text(vm, result, true, text, size, NULL));
    xipvm_release(vm, result);
}

static void check_callbacks(const char *name, const char *output) {
    static char whole[16384], sliced[16384];
    xipvm_handle module, callbacks;
    xipvm_vm *vm = open_vm(&module);
    ok(xipvm_import(vm, name, &callbacks));
    outcome(vm, callbacks, whole, sizeof whole);
    assert_string_equal(printed, output);
    const uint32_t budgets[] = {1, 2, 3, 7, 1000};
    for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++) {
        ok(xipvm_set_budget(vm, budgets[i]));
        outcome(vm, callbacks, sliced, sizeof sliced);
        assert_string_equal(sliced, whole);
        assert_string_equal(printed, output);
    }
    assert_int_equal(overrun(vm), 0);
    close_vm(vm);
}

/* Natives that call back Python code again and again give in slices what they give otherwise, and none has to finish
 * first. */
static void test_natives(void **state) {
    (void)state;
    check_callbacks("callbacks", "<1>-Repr()-2!\n");
}

/* Neither has any special method, property or function that the VM calls; each is called as often and in the same order. */
static void test_protocols(void **state) {
    (void)state;
    check_callbacks("protocols", "");
}

/* What one run was answered is nothing to the next, nor that of one module's body to another's, however alike they are. */
static void test_alike(void **state) {
    (void)state;
    xipvm_handle module, tables[4], args[2], result;
    xipvm_vm *vm = open_vm(&module);
    char text[64];
    ok(xipvm_set_budget(vm, 1000000));
    ok(xipvm_import(vm, "alike", &module));
    for (int i = 0; i < 4; i++) {
        ok(xipvm_make_dict(vm, &tables[i]));
    }
    xipvm_handle pairs[4];
    for (int i = 0; i < 4; i++) {
        ok(begin(vm, module, "make", 10 * i, &pairs[i]));
    }
    for (int i = 0; i < 4; i++) {
        args[0] = tables[i];
        args[1] = pairs[i];
        ok(xipvm_call_method(vm, module, "merge", args, 2, NULL));
    }
    for (int i = 0; i < 4; i++) {
        char expected[64];
        ok(xipvm_call_method(vm, module, "numbers", &tables[i], 1, &result));
        ok(xipvm_text(vm, result, true, text, sizeof text, NULL));
        snprintf(expected, sizeof expected, "[%d, %d, %d]", 10 * i, 10 * i + 1, 10 * i + 2);
        assert_string_equal(text, expected);
    }
    ok(xipvm_import(vm, "alike_package.module", NULL));
    ok(xipvm_call_method(vm, module, "tables", NULL, 0, &result));
    ok(xipvm_text(vm, result, true, text, sizeof text, NULL));
    assert_string_equal(text, "[[0, 1, 2], [10, 11, 12]]");
    close_vm(vm);
}

static void check_endless(const char *name, int kinds) {
    xipvm_handle module, callbacks;
    xipvm_vm *vm = open_vm(&module);
    ok(xipvm_import(vm, name, &callbacks));
    ok(xipvm_set_budget(vm, 50));
    for (int kind = 0; kind < kinds; kind++) {
        enum xipvm_status status = begin(vm, callbacks, "endless", kind, NULL);
        for (int i = 0; i < 20; i++) {
            assert_int_equal(status, XIPVM_SUSPENDED);
            status = xipvm_resume(vm, NULL);
        }
        ok(xipvm_abandon(vm));
    }
    assert_int_equal(overrun(vm), 0);
    close_vm(vm);
}

/* What would call back for ever, or a callback that never ends, is stopped like a loop; so are frames that no call enters. */
static void test_endless(void **state) {
    (void)state;
    check_endless("callbacks", 5);
    check_endless("protocols", 17);
}
#endif

static enum xipvm_status call_back(xipvm_vm *vm, xipvm_args *args) {
    xipvm_handle f;
    ok(xipvm_arg_handle(args, 0, &f));
    enum xipvm_status status = xipvm_call(vm, f, NULL, 0, NULL);
    xipvm_release(vm, f);
    return status;
}

/* A callback that cannot stop may catch what it likes: it ends all the same, and the program around it goes on. */
static void test_beyond(void **state) {
    (void)state;
    static const struct xipvm_function function = XIPVM_FUNCTION("call_back", call_back, 1, 1);
    xipvm_handle module, protocols, args[2], result = XIPVM_NO_HANDLE;
    xipvm_vm *vm = open_vm(&module);
    ok(xipvm_import(vm, "protocols", &protocols));
    ok(xipvm_make_function(vm, &function, &args[1]));
    ok(xipvm_set_budget(vm, 20));
    for (int kind = 0; kind < 5; kind++) {
        ok(xipvm_make_int(vm, kind, &args[0]));
        ok(finish(vm, xipvm_call_method(vm, protocols, "beyond", args, 2, &result), &result));
        char text[64];
        ok(xipvm_text(vm, result, false, text, sizeof text, NULL));
        /* With the heap locked there is no memory for a message. */
        assert_string_equal(text, kind == 2 ? "MemoryError()" : "RuntimeError('a callback ran too far beyond the budget',)");
        assert_in_range(overrun(vm), XIPVM_OVERRUN, XIPVM_OVERRUN + 100);
        xipvm_release(vm, args[0]);
        xipvm_release(vm, result);
    }
    close_vm(vm);
}

/* What the host calls past the functions that can be suspended runs to its end, and is no overrun. */
static void test_unsuspendable(void **state) {
    (void)state;
    xipvm_handle module, point, made;
    xipvm_vm *vm = open_vm(&module);
    ok(xipvm_set_budget(vm, 1));
    ok(xipvm_get_attr(vm, module, "Point", &point));
    char text[64];
    xipvm_handle one;
    ok(xipvm_make_int(vm, 1, &one));
    ok(finish(vm, xipvm_call(vm, point, &one, 1, &made), &made));
    ok(xipvm_text(vm, made, true, text, sizeof text, NULL));
    assert_false(xipvm_is_suspended(vm));
    assert_int_equal(overrun(vm), 0);
    close_vm(vm);
}

static enum xipvm_status resume_within(xipvm_vm *vm, xipvm_args *args) {
    (void)args;
    assert_int_equal(xipvm_resume(vm, NULL), XIPVM_BAD_ARGUMENT);
    assert_int_equal(xipvm_abandon(vm), XIPVM_BAD_ARGUMENT);
    return XIPVM_OK;
}

static void test_mistakes(void **state) {
    (void)state;
    static const struct xipvm_function function = XIPVM_FUNCTION("resume_within", resume_within, 0, 0);
    xipvm_handle module, native;
    xipvm_vm *vm = open_vm(&module);
    assert_int_equal(xipvm_resume(vm, NULL), XIPVM_BAD_ARGUMENT);
    assert_int_equal(xipvm_resume(NULL, NULL), XIPVM_BAD_ARGUMENT);
    assert_int_equal(xipvm_set_budget(NULL, 1), XIPVM_BAD_ARGUMENT);
    assert_false(xipvm_is_suspended(NULL));
    ok(xipvm_make_function(vm, &function, &native));
    ok(xipvm_set_budget(vm, 5));
    assert_int_equal(begin(vm, module, "forever", -1, NULL), XIPVM_SUSPENDED);
    ok(xipvm_call(vm, native, NULL, 0, NULL));
    ok(xipvm_abandon(vm));
    close_vm(vm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_same_result),
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_polls),
        cmocka_unit_test(test_imports),
        cmocka_unit_test(test_exception),
        cmocka_unit_test(test_other_work_meanwhile),
        cmocka_unit_test(test_abandon),
        cmocka_unit_test(test_interrupt),
#if XIPVM_RESUMABLE_NATIVES
        cmocka_unit_test(test_natives),
        cmocka_unit_test(test_protocols),
        cmocka_unit_test(test_alike),
        cmocka_unit_test(test_endless),
#endif
        cmocka_unit_test(test_beyond),
        cmocka_unit_test(test_unsuspendable),
        cmocka_unit_test(test_mistakes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
