/* The modules that are written in Python and lie in the library: what a host may put in their place, and what
 * asyncio makes of a host's clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "xipvm/xipvm.h"

extern const uint8_t blob_sleepers[], blob_own[];
extern const size_t blob_sleepers_size, blob_own_size;

#define ARENA ((size_t)1 << 20)
#define ok(call) assert_int_equal(call, XIPVM_OK)

struct host {
    struct xipvm_hal hal;
    xipvm_vm *vm;
    void *arena;
    const char *own_name; /* of the blob blob_own; or NULL */
    uint64_t now;         /* µs */
    uint64_t call_at;     /* when a call is scheduled, of a time that sleeping passes; or 0 */
    unsigned sleeps;
    unsigned early; /* so many sleeps last half as long as they should */
    unsigned released;
};

static bool is_name(const char *name, size_t len, const char *wanted) {
    return wanted != NULL && len == strlen(wanted) && memcmp(name, wanted, len) == 0;
}

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    const struct host *h = context;
    if (is_name(name, len, h->own_name)) {
        out->data = blob_own;
        out->size = blob_own_size;
        return true;
    }
    if (is_name(name, len, "sleepers")) {
        out->data = blob_sleepers;
        out->size = blob_sleepers_size;
        return true;
    }
    return false;
}

static void set_flag(xipvm_vm *vm, void *user) {
    (void)user;
    xipvm_handle module;
    ok(xipvm_import(vm, "sleepers", &module));
    ok(xipvm_call_method(vm, module, "set_flag", NULL, 0, NULL));
    xipvm_release(vm, module);
}

static uint64_t clock_us(void *context) {
    const struct host *h = context;
    return h->now;
}

static void sleep_us(void *context, uint64_t us) {
    struct host *h = context;
    h->sleeps++;
    if (h->early > 0 && us > 1) {
        h->early--;
        us /= 2;
    }
    if (h->now < h->call_at && h->now + us >= h->call_at) { /* an interrupt handler comes meanwhile, and wakes */
        us = h->call_at - h->now;
        ok(xipvm_schedule(h->vm, set_flag, NULL));
    }
    h->now += us;
}

static void wake(void *context) {
    (void)context; /* a sleep here takes no time */
}

static void released(void *context, const uint8_t *data, size_t size) {
    struct host *h = context;
    assert_ptr_equal(data, blob_own);
    assert_int_equal(size, blob_own_size);
    h->released++;
}

static void start(struct host *h, const char *own_name) {
    memset(h, 0, sizeof *h);
    h->own_name = own_name;
    h->hal = (struct xipvm_hal){.context = h,
                                .find_blob = find_blob,
                                .blob_released = released,
                                .clock_us = clock_us,
                                .sleep_us = sleep_us,
                                .wake = wake};
    h->arena = malloc(ARENA);
    assert_non_null(h->arena);
    ok(xipvm_open(h->arena, ARENA, &h->hal, &h->vm));
}

static void stop(struct host *h) {
    xipvm_close(h->vm);
    free(h->arena);
}

/* Runs sleepers of so many milliseconds each, and expects them to wake in this order. */
static void sleep_for(struct host *h, const int *ms, size_t n, const char *order) {
    xipvm_handle module = XIPVM_NO_HANDLE, args[8], result = XIPVM_NO_HANDLE;
    const char *text;
    size_t len;
    ok(xipvm_import(h->vm, "sleepers", &module));
    for (size_t i = 0; i < n; i++) {
        ok(xipvm_make_int(h->vm, ms[i], &args[i]));
    }
    ok(xipvm_call_method(h->vm, module, "run", args, n, &result));
    ok(xipvm_to_str(h->vm, result, &text, &len));
    assert_int_equal(len, strlen(order));
    assert_memory_equal(text, order, len);
}

/* Whether the module of that name is blob_own. */
static bool is_own(struct host *h, const char *name) {
    xipvm_handle module = XIPVM_NO_HANDLE;
    ok(xipvm_import(h->vm, name, &module));
    bool own = xipvm_get_attr(h->vm, module, "whose", NULL) == XIPVM_OK;
    xipvm_release(h->vm, module);
    return own;
}

static void test_old_name(void **state) {
    (void)state;
    static const char *const names[][2] = {{"asyncio", "uasyncio"}, {"uasyncio", "asyncio"}};
    for (size_t i = 0; i < 2; i++) {
        struct host h;
        xipvm_handle first, second;
        start(&h, NULL);
        ok(xipvm_import(h.vm, names[i][0], &first));
        ok(xipvm_import(h.vm, names[i][1], &second));
        assert_true(xipvm_same(h.vm, first, second));
        stop(&h);
    }
}

static void test_host_overrides(void **state) {
    (void)state;
    struct host h;
    start(&h, "asyncio");
    assert_true(is_own(&h, "uasyncio"));
    assert_true(is_own(&h, "asyncio"));
    stop(&h);
    start(&h, "uasyncio");
    assert_false(is_own(&h, "asyncio"));
    assert_true(is_own(&h, "uasyncio"));
    stop(&h);

    static const struct xipvm_constant constants[] = {XIPVM_CONSTANT_STR("whose", "the host's")};
    static const struct xipvm_module registered = {
        XIPVM_OBJECT_(xipvm_module_type), "asyncio", NULL, constants, 0, 1};
    start(&h, NULL);
    ok(xipvm_register(h.vm, &registered));
    assert_true(is_own(&h, "asyncio"));
    assert_true(is_own(&h, "uasyncio"));
    stop(&h);
}

/* A VM without any HAL has it too. */
static void test_no_hal(void **state) {
    (void)state;
    struct host h;
    start(&h, NULL);
    xipvm_vm *vm;
    void *arena = malloc(ARENA);
    assert_non_null(arena);
    ok(xipvm_open(arena, ARENA, NULL, &vm));
    ok(xipvm_import(vm, "asyncio", NULL));
    xipvm_close(vm);
    free(arena);
    stop(&h);
}

/* When nobody can run, the host sleeps until the earliest deadline: once, and not in small pieces. */
static void test_waiting(void **state) {
    (void)state;
    struct host h;
    start(&h, NULL);
    static const int ms[] = {5000, 3600000, 20, 5000, 0};
    sleep_for(&h, ms, 5, "[0, 20, 5000, 5000, 3600000]");
    assert_int_equal(h.sleeps, 3);
    assert_int_equal(h.now, 3600000000u);

    /* A host that wakes too early, as from an interrupt, is asked again. */
    h.sleeps = 0;
    h.early = 2;
    sleep_for(&h, ms, 5, "[0, 20, 5000, 5000, 3600000]");
    assert_int_equal(h.sleeps, 5);
    assert_int_equal(h.now, 7200000000u);
    stop(&h);
}

/* Sleeping takes a clock; taking turns does not. */
static void test_no_clock(void **state) {
    (void)state;
    struct host h;
    start(&h, NULL);
    h.hal.clock_us = NULL;
    static const int none[] = {0, -5, 0};
    sleep_for(&h, none, 3, "[0, -5, 0]");
    xipvm_handle module, one;
    ok(xipvm_import(h.vm, "sleepers", &module));
    ok(xipvm_make_int(h.vm, 1, &one));
    assert_int_equal(xipvm_call_method(h.vm, module, "run", &one, 1, NULL), XIPVM_EXCEPTION);
    assert_true(xipvm_exception_is(h.vm, "OSError"));
    stop(&h);
}

/* A flag that a scheduled call sets ends the wait there and then, whether another task sleeps or none does, and whether
 * the host can be woken or is asked to sleep in pieces. */
static void test_flag(void **state) {
    (void)state;
    static const char *const names[] = {"flag_beside_sleeper", "flag_alone"};
    for (unsigned i = 0; i < 4; i++) {
        struct host h;
        xipvm_handle module, woken;
        int64_t ms;
        start(&h, NULL);
        h.call_at = 100000;
        h.hal.wake = i < 2 ? wake : NULL;
        ok(xipvm_import(h.vm, "sleepers", &module));
        ok(xipvm_call_method(h.vm, module, names[i % 2], NULL, 0, &woken));
        ok(xipvm_to_int(h.vm, woken, &ms));
        assert_int_equal(ms, 100);
        assert_int_equal(h.now, 100000);
        stop(&h);
    }
}

/* Waiting for one takes no clock. */
static void test_flag_without_clock(void **state) {
    (void)state;
    struct host h;
    xipvm_handle module;
    start(&h, NULL);
    h.hal.clock_us = NULL;
    h.hal.sleep_us = NULL;
    ok(xipvm_import(h.vm, "sleepers", &module));
    ok(xipvm_call_method(h.vm, module, "flag_of_program", NULL, 0, NULL));
    stop(&h);
}

/* The clock's milliseconds begin anew in the midst of a sleep; on 32-bit targets they do after 12 days. */
static void test_clock_period(void **state) {
    (void)state;
    struct host h;
    start(&h, NULL);
    h.now = (((uint64_t)1 << 30) - 30) * 1000;
    static const int ms[] = {40, 20, 60, 30};
    sleep_for(&h, ms, 4, "[20, 30, 40, 60]");
    assert_int_equal(h.sleeps, 4);
    stop(&h);
}

/* The host is told when its own blob is released, and not of those that lie in the library, which it does not know. */
static void test_released(void **state) {
    (void)state;
    static const char *const names[] = {"asyncio", "uasyncio"};
    for (unsigned own = 0; own < 2; own++) {
        for (size_t i = 0; i < 2; i++) {
            struct host h;
            start(&h, own ? "asyncio" : NULL);
            ok(xipvm_import(h.vm, names[i], NULL));
            ok(xipvm_unload(h.vm, "asyncio"));
            xipvm_collect(h.vm);
            struct xipvm_stats stats;
            xipvm_stats(h.vm, &stats);
            assert_int_equal(stats.modules, 0);
            assert_int_equal(h.released, own);
            stop(&h);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_old_name), cmocka_unit_test(test_host_overrides),
        cmocka_unit_test(test_no_hal),   cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_no_clock), cmocka_unit_test(test_flag),
        cmocka_unit_test(test_flag_without_clock),
        cmocka_unit_test(test_clock_period),
        cmocka_unit_test(test_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
