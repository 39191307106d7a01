/* What xipvm_interrupt and xipvm_schedule promise: they may be called from other threads and interrupt handlers at
 * any time, are effective at once, and lose nothing. Signals stand for interrupt handlers. To be run under
 * ThreadSanitizer too. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

#include <cmocka.h>

#include "heap/state.h"
#include "xipvm/xipvm.h"

extern const uint8_t blob_outside_program[];
extern const size_t blob_outside_program_size;

#define ok(call) assert_int_equal(call, XIPVM_OK)
#define interrupted(vm, call)                                                                                \
    do {                                                                                                     \
        assert_int_equal(call, XIPVM_EXCEPTION);                                                             \
        assert_true(xipvm_exception_is(vm, "KeyboardInterrupt"));                                            \
        xipvm_exception_clear(vm);                                                                           \
    } while (0)

/* ---- a host */

static uint64_t arena[1 << 17];
static unsigned polls;
static uint64_t now_us;            /* of a clock that only sleeping moves */
static void (*on_sleep)(uint64_t us);

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    if (len != strlen("outside_program") || memcmp(name, "outside_program", len) != 0) {
        return false;
    }
    out->data = blob_outside_program;
    out->size = blob_outside_program_size;
    return true;
}

static void poll(void *context) {
    (void)context;
    polls++;
}

static uint64_t clock_us(void *context) {
    (void)context;
    return now_us;
}

static void sleep_us(void *context, uint64_t us) {
    (void)context;
    now_us += us;
    if (on_sleep != NULL) {
        on_sleep(us);
    }
}

static const struct xipvm_hal hal = {
    .find_blob = find_blob, .poll = poll, .clock_us = clock_us, .sleep_us = sleep_us};

static xipvm_vm *vm;
static xipvm_handle program;

static int setup(void **state) {
    (void)state;
    on_sleep = NULL;
    polls = 0;
    ok(xipvm_open(arena, sizeof arena, &hal, &vm));
    ok(xipvm_import(vm, "outside_program", &program));
    return 0;
}

static int teardown(void **state) {
    (void)state;
    xipvm_close(vm);
    return 0;
}

static enum xipvm_status run(const char *name) {
    return xipvm_call_method(vm, program, name, NULL, 0, NULL);
}

static enum xipvm_status run_with(const char *name, int64_t argument, int64_t *result) {
    xipvm_handle arg, out;
    ok(xipvm_make_int(vm, argument, &arg));
    enum xipvm_status status = xipvm_call_method(vm, program, name, &arg, 1, &out);
    xipvm_release(vm, arg);
    if (status == XIPVM_OK) {
        if (result != NULL) {
            ok(xipvm_to_int(vm, out, result));
        }
        xipvm_release(vm, out);
    }
    return status;
}

static int64_t number(const char *name) {
    xipvm_handle h;
    int64_t n;
    ok(xipvm_get_attr(vm, program, name, &h));
    ok(xipvm_to_int(vm, h, &n));
    xipvm_release(vm, h);
    return n;
}

/* The text of outside_program.seen. */
static const char *seen(void) {
    static char text[200];
    xipvm_handle h;
    ok(xipvm_get_attr(vm, program, "seen", &h));
    ok(xipvm_text(vm, h, false, text, sizeof text, NULL));
    xipvm_release(vm, h);
    return text;
}

static void wait_ms(long ms) {
    struct timespec t = {0, ms * 1000000};
    nanosleep(&t, NULL);
}

/* ---- interrupts */

static void *interrupt_soon(void *arg) {
    (void)arg;
    wait_ms(20);
    xipvm_interrupt(vm);
    return NULL;
}

static void test_a_thread_stops_a_loop(void **state) {
    (void)state;
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, interrupt_soon, NULL), 0);
    interrupted(vm, run("forever"));
    pthread_join(thread, NULL);
    ok(run("nothing"));

    xipvm_handle h;
    const char *text;
    size_t len;
    assert_int_equal(pthread_create(&thread, NULL, interrupt_soon, NULL), 0);
    ok(xipvm_call_method(vm, program, "caught", NULL, 0, &h));
    pthread_join(thread, NULL);
    ok(xipvm_to_str(vm, h, &text, &len));
    assert_memory_equal(text, "caught", len);
}

static void test_an_interrupt_waits_for_the_next_program(void **state) {
    (void)state;
    xipvm_interrupt(vm);
    xipvm_interrupt(vm);
    interrupted(vm, run("nothing"));
    ok(run("nothing"));
    xipvm_interrupt(NULL);
}

/* Not only when a slice is used up: the program gets no further than to its next jump. */
static void test_an_interrupt_is_prompt(void **state) {
    (void)state;
    struct xipvm_stats before, after;
    xipvm_stats(vm, &before);
    xipvm_interrupt(vm);
    interrupted(vm, run("forever"));
    xipvm_stats(vm, &after);
    assert_true(after.budget - before.budget <= 2);
    assert_int_equal(polls, 0);
}

static void interrupt_when_asleep(uint64_t us) {
    assert_true(us <= 10000);
    xipvm_interrupt(vm);
}

static void test_an_interrupt_ends_a_sleep(void **state) {
    (void)state;
    on_sleep = interrupt_when_asleep;
    interrupted(vm, run("doze"));
}

static uint64_t slept_us;

static void sleep_halfway(void *context, uint64_t us) {
    (void)context;
    slept_us += us > 20000 ? us / 2 : us;
}

static void wake(void *context) {
    (void)context;
}

/* Without a clock, how much of a sleep was left when the host was woken cannot be known. */
static void test_a_sleep_without_a_clock_is_not_cut_short(void **state) {
    (void)state;
    static const struct xipvm_hal no_clock = {.find_blob = find_blob, .sleep_us = sleep_halfway, .wake = wake};
    xipvm_close(vm);
    ok(xipvm_open(arena, sizeof arena, &no_clock, &vm));
    ok(xipvm_import(vm, "outside_program", &program));
    slept_us = 0;
    ok(run("doze"));
    assert_int_equal(slept_us, 3600000000u);
}

/* ---- scheduled calls */

static unsigned called;
static intptr_t order[2 * XIPVM_SCHEDULE_DEPTH];

static void note_order(xipvm_vm *of, void *user) {
    assert_ptr_equal(of, vm);
    order[called++] = (intptr_t)user;
}

static void test_calls_wait_in_order_until_the_vm_runs(void **state) {
    (void)state;
    called = 0;
    for (intptr_t i = 0; i < (intptr_t)XIPVM_SCHEDULE_DEPTH; i++) {
        ok(xipvm_schedule(vm, note_order, (void *)i));
    }
    assert_int_equal(xipvm_schedule(vm, note_order, NULL), XIPVM_FULL);
    assert_int_equal(xipvm_schedule(NULL, note_order, NULL), XIPVM_BAD_ARGUMENT);
    assert_int_equal(xipvm_schedule(vm, NULL, NULL), XIPVM_BAD_ARGUMENT);
    assert_string_equal(xipvm_status_text(XIPVM_FULL), "there is no room for more now");
    assert_int_equal(called, 0);
    ok(run("nothing"));
    assert_int_equal(called, XIPVM_SCHEDULE_DEPTH);
    for (intptr_t i = 0; i < (intptr_t)XIPVM_SCHEDULE_DEPTH; i++) {
        assert_int_equal(order[i], i);
    }
    ok(run("nothing"));
    assert_int_equal(called, XIPVM_SCHEDULE_DEPTH);
}

/* An interrupt handler that comes while a call is half scheduled, its place taken but not filled in yet, can fill the
 * ring, and is told when it is full. What was half scheduled comes first all the same, and nothing before it is
 * complete. */
static void test_an_interrupted_writer_holds_up_no_other(void **state) {
    (void)state;
    struct xv_scheduled *half = &vm->outside.ring[0];
    assert_int_equal(vm->outside.tail, 0);
    called = 0;
    vm->outside.tail = 1;
    for (intptr_t i = 1; i < (intptr_t)XIPVM_SCHEDULE_DEPTH; i++) {
        ok(xipvm_schedule(vm, note_order, (void *)i));
    }
    assert_int_equal(xipvm_schedule(vm, note_order, NULL), XIPVM_FULL);
    ok(run("nothing"));
    assert_int_equal(called, 0);
    half->callback = note_order;
    half->user = (void *)0;
    half->turn = 1;
    vm->outside.attention = INTPTR_MAX;
    ok(run("nothing"));
    assert_int_equal(called, XIPVM_SCHEDULE_DEPTH);
    for (intptr_t i = 0; i < (intptr_t)XIPVM_SCHEDULE_DEPTH; i++) {
        assert_int_equal(order[i], i);
    }
}

static void call_note(xipvm_vm *of, void *user) {
    xipvm_handle arg;
    ok(xipvm_make_int(of, (int64_t)(intptr_t)user, &arg));
    ok(xipvm_call_method(of, program, "note", &arg, 1, NULL));
    xipvm_release(of, arg);
}

static void call_nested(xipvm_vm *of, void *user) {
    xipvm_handle arg;
    ok(xipvm_make_int(of, (int64_t)(intptr_t)user, &arg));
    if ((intptr_t)user == 1) {
        ok(xipvm_schedule(of, call_nested, (void *)2));
    }
    ok(xipvm_call_method(of, program, "nested", &arg, 1, NULL));
    xipvm_release(of, arg);
}

static void test_calls_do_not_interrupt_one_another(void **state) {
    (void)state;
    ok(xipvm_schedule(vm, call_nested, (void *)1));
    ok(run_with("busy", 10, NULL));
    assert_string_equal(seen(), "[1, -1, 2, -2]");
}

static void call_in_vain(xipvm_vm *of, void *user) {
    (void)user;
    assert_int_equal(xipvm_call_method(of, program, "no_such_function", NULL, 0, NULL), XIPVM_EXCEPTION);
}

static void test_an_exception_of_a_call_is_dropped(void **state) {
    (void)state;
    int64_t result;
    ok(xipvm_schedule(vm, call_in_vain, NULL));
    ok(run_with("busy", 10, &result));
    assert_int_equal(result, 20);
    assert_int_equal(xipvm_exception(vm, NULL), XIPVM_NOT_FOUND);
}

static void call_stubborn(xipvm_vm *of, void *user) {
    (void)user;
    on_sleep = interrupt_when_asleep;
    ok(xipvm_call_method(of, program, "stubborn", NULL, 0, NULL));
    ok(xipvm_schedule(of, note_order, (void *)7));
}

static void test_an_interrupt_of_a_call_stops_the_program(void **state) {
    (void)state;
    called = 0;
    ok(xipvm_schedule(vm, call_stubborn, NULL));
    interrupted(vm, run("forever"));
    assert_string_equal(seen(), "['swallowed']");
    ok(run("nothing"));
    assert_int_equal(called, 1);
    assert_int_equal(order[0], 7);
}

static void call_again(xipvm_vm *of, void *user) {
    called++;
    ok(xipvm_schedule(of, call_again, user));
}

/* A call that schedules itself anew must not keep the program from getting on. */
static void test_a_call_that_repeats_itself(void **state) {
    (void)state;
    int64_t result;
    called = 0;
    ok(xipvm_schedule(vm, call_again, NULL));
    ok(run_with("busy", 100, &result));
    assert_int_equal(result, 200);
    assert_true(called >= 100);
}

static void schedule_when_asleep(uint64_t us) {
    (void)us;
    if (called == 0) {
        ok(xipvm_schedule(vm, note_order, NULL));
    } else {
        xipvm_interrupt(vm);
    }
}

static void test_calls_are_made_during_a_sleep(void **state) {
    (void)state;
    called = 0;
    on_sleep = schedule_when_asleep;
    interrupted(vm, run("doze"));
    assert_int_equal(called, 1);
}

static void call_recurse(xipvm_vm *of, void *user) {
    (void)user;
    int64_t depth;
    xipvm_collect(of);
    ok(run_with("recurse", 20, &depth));
    assert_int_equal(depth, 20);
}

static void test_a_call_in_the_middle_of_a_recursion(void **state) {
    (void)state;
    int64_t depth;
    ok(xipvm_schedule(vm, call_recurse, NULL));
    ok(run_with("recurse", 50, &depth));
    assert_int_equal(depth, 50);
}

/* ---- many at once */

#define CALLS 100000
#define THREADS 2

struct sender {
    xipvm_vm *to;
    unsigned n;
    unsigned refused;
};

static unsigned received; /* by the VM's own thread */

static void receive(xipvm_vm *of, void *user) {
    (void)of;
    (void)user;
    received++;
    if (received % 1000 == 0) {
        call_note(of, user);
    }
}

static void *send(void *arg) {
    struct sender *s = arg;
    for (unsigned i = 0; i < s->n;) {
        if (xipvm_schedule(s->to, receive, s) == XIPVM_OK) {
            i++;
        } else {
            s->refused++;
            sched_yield();
        }
    }
    return NULL;
}

static void test_threads_schedule_100000_calls(void **state) {
    (void)state;
    pthread_t threads[THREADS];
    struct sender senders[THREADS];
    received = 0;
    for (unsigned i = 0; i < THREADS; i++) {
        senders[i] = (struct sender){vm, CALLS / THREADS, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, send, &senders[i]), 0);
    }
    ok(run_with("loop_until", CALLS / 1000, NULL));
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    assert_int_equal(received, CALLS);
    assert_int_equal(number("count"), CALLS / 1000);
}

static volatile sig_atomic_t signals_sent, signals_refused;
static unsigned signals_received;

static void receive_signal(xipvm_vm *of, void *user) {
    signals_received++;
    call_note(of, user);
}

static void on_signal(int number_) {
    (void)number_;
    if (xipvm_schedule(vm, receive_signal, NULL) == XIPVM_OK) {
        signals_sent++;
    } else {
        signals_refused++;
    }
    if (signals_sent + signals_refused >= 200) {
        xipvm_interrupt(vm);
    }
}

static void test_an_interrupt_handler_schedules_and_interrupts(void **state) {
    (void)state;
    const char *emulator = getenv("XIPVM_EMULATOR");
    if (emulator != NULL && *emulator != '\0') {
        skip(); /* emulators of user programs do not stand signals in the midst of a loop */
    }
    struct sigaction action, old;
    struct itimerval timer = {{0, 500}, {0, 500}}, off = {{0, 0}, {0, 0}};
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    signals_sent = signals_refused = 0;
    signals_received = 0;
    assert_int_equal(sigaction(SIGALRM, &action, &old), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &timer, NULL), 0);
    interrupted(vm, run("forever"));
    assert_int_equal(setitimer(ITIMER_REAL, &off, NULL), 0);
    sigaction(SIGALRM, &old, NULL);
    if (run("nothing") != XIPVM_OK) { /* one more signal before the timer was off */
        assert_true(xipvm_exception_is(vm, "KeyboardInterrupt"));
        ok(run("nothing"));
    }
    assert_int_equal(signals_received, signals_sent);
    assert_int_equal(number("count"), signals_sent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
        TEST(a_thread_stops_a_loop),
        TEST(an_interrupt_waits_for_the_next_program),
        TEST(an_interrupt_is_prompt),
        TEST(an_interrupt_ends_a_sleep),
        TEST(a_sleep_without_a_clock_is_not_cut_short),
        TEST(calls_wait_in_order_until_the_vm_runs),
        TEST(an_interrupted_writer_holds_up_no_other),
        TEST(calls_do_not_interrupt_one_another),
        TEST(an_exception_of_a_call_is_dropped),
        TEST(an_interrupt_of_a_call_stops_the_program),
        TEST(a_call_that_repeats_itself),
        TEST(calls_are_made_during_a_sleep),
        TEST(a_call_in_the_middle_of_a_recursion),
        TEST(threads_schedule_100000_calls),
        TEST(an_interrupt_handler_schedules_and_interrupts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
