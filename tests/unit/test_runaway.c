/* Programs that run away: recursion without an end, data nested without an end, numbers and texts of no possible
 * size, and containers that change while they are used. Each ends in a Python exception, soon, and the C stack that
 * all this takes stays below the figure that xipvm/config.h promises.
 *
 * Each program checks itself and prints what is wrong. It runs in a thread whose stack was painted before. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <pthread.h>

#include <cmocka.h>

#include "xipvm/xipvm.h"

#define PROGRAMS(X) X(recursion) X(nesting) X(misuse) X(huge) X(shallow) X(patient)
#define X(name)                        \
    extern const uint8_t blob_##name[]; \
    extern const size_t blob_##name##_size;
PROGRAMS(X)
#undef X

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

/* Sanitizers give functions many times the frames, and unoptimised code some times. */
#if SANITIZED || !defined(__OPTIMIZE__)
#define STACK (16u << 20)
#else
#define STACK (1u << 20)
#endif
#define PAINT 0xa5

/* What the thread itself, the C library and its printing take below. */
#define OTHERS 2048u

static _Alignas(65536) uint8_t stack[STACK];
static uint64_t arena[(XIPVM_GC_STRESS ? 1u << 21 : 1u << 20) / sizeof(uint64_t)];

static char output[2048];
static size_t output_len;

static void write_output(void *context, const void *data, size_t len) {
    (void)context;
    size_t room = sizeof output - 1 - output_len;
    size_t n = len < room ? len : room;
    memcpy(output + output_len, data, n);
    output_len += n;
    output[output_len] = '\0';
}

static bool find_nothing(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    (void)name;
    (void)len;
    (void)out;
    return false;
}

static const struct xipvm_hal hal = {.find_blob = find_nothing, .write = write_output};

struct job {
    const uint8_t *data;
    size_t size;
    bool done;
};

/* How deep to nest data: deeper than C may go. Less where each allocation moves all of it. */
#define DEPTH (XIPVM_GC_STRESS ? "600" : "5000")

static void *run(void *arg) {
    struct job *job = arg;
    xipvm_vm *vm;
    const char *depth = DEPTH;
    if (xipvm_open(arena, sizeof arena, &hal, &vm) == XIPVM_OK && xipvm_set_argv(vm, 1, &depth) == XIPVM_OK) {
        job->done = xipvm_run_blob(vm, NULL, job->data, job->size, NULL) == XIPVM_OK;
        xipvm_exception_print(vm);
        xipvm_close(vm);
    }
    return NULL;
}

/* Bytes of C stack that the program took at most. */
static size_t stack_of(const char *name, const uint8_t *data, size_t size) {
    struct job job = {data, size, false};
    pthread_attr_t attr;
    pthread_t thread;
    output[0] = '\0';
    output_len = 0;
    memset(stack, PAINT, sizeof stack);
    assert_int_equal(pthread_attr_init(&attr), 0);
    assert_int_equal(pthread_attr_setstack(&attr, stack, sizeof stack), 0);
    assert_int_equal(pthread_create(&thread, &attr, run, &job), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attr);
    if (!job.done || output_len > 0) {
        fail_msg("%s: %s", name, output);
    }
    size_t unused = 0;
    while (unused < sizeof stack && stack[unused] == PAINT) {
        unused++;
    }
    return sizeof stack - unused;
}

#define STACK_OF(name) stack_of(#name, blob_##name, blob_##name##_size)

static void test_programs(void **state) {
    (void)state;
    size_t base = STACK_OF(shallow);
    const struct {
        const char *name;
        size_t bytes;
    } used[] = {
        {"recursion", STACK_OF(recursion)},
        {"nesting", STACK_OF(nesting)},
        {"misuse", STACK_OF(misuse)},
        {"huge", STACK_OF(huge)},
    };
    printf("C stack of a plain program: %zu bytes\n", base);
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        printf("C stack of %s: %zu bytes\n", used[i].name, used[i].bytes);
#if !SANITIZED && defined(__OPTIMIZE__)
        assert_in_range(used[i].bytes, 0, XIPVM_C_STACK + OTHERS);
#endif
    }
}

/* ---- C code that takes long ends when it is interrupted */

static struct {
    pthread_mutex_t lock;
    xipvm_vm *vm;
    bool wanted; /* the program has printed something, and waits for one interrupt */
    bool over;
} outside = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Does what the program waits for; true when there is nothing more to do. */
static bool interrupt_if_wanted(void) {
    pthread_mutex_lock(&outside.lock);
    if (outside.wanted) {
        outside.wanted = false;
        xipvm_interrupt(outside.vm);
    }
    bool over = outside.over;
    pthread_mutex_unlock(&outside.lock);
    return over;
}

/* Calculations with large ints poll the host, and others take no longer than it takes this thread to notice. */
static void poll_host(void *context) {
    (void)context;
    interrupt_if_wanted();
}

static void *interrupt(void *arg) {
    struct timespec t = {0, 10000000};
    while (!interrupt_if_wanted()) {
        nanosleep(&t, NULL);
    }
    return arg;
}

static void want_interrupt(void *context, const void *data, size_t len) {
    pthread_mutex_lock(&outside.lock);
    outside.wanted = outside.wanted || memchr(data, '!', len) != NULL;
    pthread_mutex_unlock(&outside.lock);
    if (memchr(data, '!', len) == NULL) {
        write_output(context, data, len);
    }
}

static void test_interrupts(void **state) {
    (void)state;
    static const struct xipvm_hal impatient = {.find_blob = find_nothing, .write = want_interrupt, .poll = poll_host};
    pthread_t thread;
    output[0] = '\0';
    output_len = 0;
    assert_int_equal(xipvm_open(arena, sizeof arena, &impatient, &outside.vm), XIPVM_OK);
    assert_int_equal(pthread_create(&thread, NULL, interrupt, NULL), 0);
    enum xipvm_status status = xipvm_run_blob(outside.vm, NULL, blob_patient, blob_patient_size, NULL);
    pthread_mutex_lock(&outside.lock);
    outside.over = true;
    pthread_mutex_unlock(&outside.lock);
    assert_int_equal(pthread_join(thread, NULL), 0);
    xipvm_exception_print(outside.vm);
    if (status != XIPVM_OK || output_len > 0) {
        fail_msg("%s", output);
    }
    xipvm_close(outside.vm);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_programs), cmocka_unit_test(test_interrupts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
