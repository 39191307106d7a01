/* When memory runs out, at whatever point: the program gets a MemoryError or the host a clean status, the VM's state
 * is whole, the same VM runs the program again with the right output, and nothing stays behind. Programs that
 * together touch each built-in type and module run with each of their allocations failing in turn, and in arenas of
 * every size.
 *
 *     test_memory          a sample, for every day
 *     test_memory full     each allocation and size of all programs, under each way of loading: some minutes
 *
 * The environment variable XIPVM_TEST_FULL does the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "consistency.h"
#include "xipvm/xipvm.h"

/* The first are the programs to be tested; the others they import. */
#define BLOBS(X)                                                                                       \
    X(numbers) X(text) X(containers) X(classes) X(control) X(library) X(importing) X(tasks) X(helper) X(house) X(room) \
    X(catcher)
enum { N_PROGRAMS = 8 };

#define X(name)                        \
    extern const uint8_t blob_##name[]; \
    extern const size_t blob_##name##_size;
BLOBS(X)
#undef X

static const struct {
    const char *name;
    const uint8_t *data;
    const size_t *size;
} blobs[] = {
#define X(name) {#name, blob_##name, &blob_##name##_size},
    BLOBS(X)
#undef X
};
enum { N_BLOBS = sizeof blobs / sizeof *blobs };

enum way { IN_PLACE, LINK, PRELINKED, WAYS };
static const char *const ways[] = {"in place", "linked", "prelinked"};

#define ARENA (XIPVM_GC_STRESS ? 8u << 20 : 1u << 20)
static uint64_t arena[ARENA / sizeof(uint64_t)];

static bool full; /* no samples: all */

static struct {
    enum way way;
    size_t program;
    size_t at; /* of the stream that is being read */
    size_t streamed;
    char output[16384];
    size_t len;
} host;

static struct {
    uint8_t data[16384];
    size_t size;
} images[N_BLOBS];

/* ---- the host */

static int32_t read_some(void *stream, void *buffer, size_t size) {
    (void)stream;
    size_t left = *blobs[host.streamed].size - host.at;
    size_t n = size < left ? size : left;
    memcpy(buffer, blobs[host.streamed].data + host.at, n);
    host.at += n;
    return (int32_t)n;
}

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    bool is_room = len == 10 && memcmp(name, "house.room", 10) == 0;
    bool is_guest = len == 5 && memcmp(name, "guest", 5) == 0;
    size_t i = host.program;
    if (!is_guest) {
        name += is_room ? 6 : 0;
        len -= is_room ? 6 : 0;
        for (i = N_PROGRAMS; i < N_BLOBS; i++) {
            if (strlen(blobs[i].name) == len && memcmp(blobs[i].name, name, len) == 0) {
                break;
            }
        }
        if (i == N_BLOBS) {
            return false;
        }
    }
    out->is_package = strcmp(blobs[i].name, "house") == 0;
    if (host.way == LINK) {
        host.at = 0;
        host.streamed = i;
        out->read = read_some;
    } else {
        out->data = host.way == IN_PLACE ? blobs[i].data : images[i].data;
        out->size = host.way == IN_PLACE ? *blobs[i].size : images[i].size;
    }
    return true;
}

static void write_output(void *context, const void *data, size_t len) {
    (void)context;
    size_t room = sizeof host.output - host.len;
    assert_true(len <= room);
    memcpy(host.output + host.len, data, len);
    host.len += len;
}

static uint64_t microseconds(void *context) {
    static uint64_t now;
    (void)context;
    return now += 1000;
}

static void sleep_not_at_all(void *context, uint64_t us) {
    (void)context;
    (void)us;
}

static const struct xipvm_hal hal = {
    .find_blob = find_blob, .write = write_output, .clock_us = microseconds, .sleep_us = sleep_not_at_all};

/* ---- one run */

/* Which case it is, for messages. */
static struct {
    const char *what;
    size_t number;
} now;

#define expect(condition)                                                                                     \
    do {                                                                                                      \
        if (!(condition)) {                                                                                   \
            fail_msg("%s, %s, %s %zu: %s", blobs[host.program].name, ways[host.way], now.what, now.number,     \
                     #condition);                                                                             \
        }                                                                                                     \
    } while (0)

static void check(xipvm_vm *vm) {
    const char *wrong = consistency(vm);
    if (wrong != NULL) {
        fail_msg("%s, %s, %s %zu: %s", blobs[host.program].name, ways[host.way], now.what, now.number, wrong);
    }
}

static void expect_used(size_t is, size_t should) {
    if (is != should) {
        fail_msg("%s, %s, %s %zu: %zu bytes stay in use instead of %zu", blobs[host.program].name, ways[host.way], now.what,
                 now.number, is, should);
    }
}

/* Output of an undisturbed run. */
static char expected[sizeof host.output];
static size_t expected_len;

static xipvm_vm *open_vm(size_t size) {
    xipvm_vm *vm;
    expect(xipvm_open(arena, size, &hal, &vm) == XIPVM_OK);
    return vm;
}

static enum xipvm_status run(xipvm_vm *vm, const char *entry) {
    host.len = 0;
    return xipvm_import(vm, entry, NULL);
}

static void run_well(xipvm_vm *vm, const char *entry) {
    enum xipvm_status status = run(vm, entry);
    if (status != XIPVM_OK) {
        char text[400];
        xipvm_exception_text(vm, text, sizeof text);
        fail_msg("%s, %s, %s %zu: fails again: %s", blobs[host.program].name, ways[host.way], now.what, now.number, text);
    }
    expect(host.len == expected_len && memcmp(host.output, expected, host.len) == 0);
}

/* Forgets all that the program left; returns the bytes that are still in use. */
static size_t clean(xipvm_vm *vm) {
    static const char *const loaded[] = {"guest", "catcher", "helper", "house.room", "house", "asyncio"};
    struct xipvm_stats stats;
    xipvm_exception_clear(vm);
    for (size_t i = 0; i < sizeof loaded / sizeof *loaded; i++) {
        enum xipvm_status status = xipvm_unload(vm, loaded[i]);
        expect(status == XIPVM_OK || status == XIPVM_NOT_FOUND);
    }
    xipvm_collect(vm);
    check(vm);
    xipvm_stats(vm, &stats);
    expect(stats.modules == 0);
    return stats.live_heap;
}

/* A failed run has said so, and has printed nothing but what is right. */
static void expect_no_memory(xipvm_vm *vm, enum xipvm_status status, bool or_stack) {
    if (status != XIPVM_EXCEPTION || !(xipvm_exception_is(vm, "MemoryError") || (or_stack && xipvm_exception_is(vm, "RuntimeError")))) {
        char text[400] = "";
        xipvm_exception_text(vm, text, sizeof text);
        fail_msg("%s, %s, %s %zu: status %d, %s", blobs[host.program].name, ways[host.way], now.what, now.number, (int)status, text);
    }
    expect(host.len <= expected_len);
}

/* ---- each allocation in turn */

static size_t undisturbed(enum way way, size_t program, const char *entry, uint32_t *allocations) {
    host.way = way;
    host.program = program;
    now.what = "undisturbed";
    xipvm_vm *vm = open_vm(sizeof arena);
    enum xipvm_status status = run(vm, entry);
    *allocations = vm->faults.count;
    if (status != XIPVM_OK) {
        xipvm_exception_print(vm);
        fail_msg("%s", host.output);
    }
    check(vm);
    memcpy(expected, host.output, host.len);
    expected_len = host.len;
    size_t used = clean(vm);
    run_well(vm, entry);
    expect_used(clean(vm), used);
    xipvm_close(vm);
    return used;
}

/* How to run a program. */
/* Or-ed together. */
enum mode {
    FRESH = 1,   /* each time in a new VM */
    CATCHES = 2, /* by one that catches the MemoryError and tries again */
    HARD = 4     /* exceptions cannot be made either: those that the program expects come without their arguments */
};

/* That of a run which came to its end. Of a program that catches the error and tries again the last try counts. */
static void expect_output(unsigned mode) {
    size_t before = host.len - expected_len;
    if ((mode & HARD) == 0) {
        expect(host.len >= expected_len && (before == 0 || (mode & CATCHES) != 0));
        expect(memcmp(host.output + before, expected, expected_len) == 0);
    }
}

static void fail_allocations(enum way way, size_t program, uint32_t n_fail, unsigned mode) {
    const char *entry = mode & CATCHES ? "catcher" : "guest";
    uint32_t allocations;
    size_t used = undisturbed(way, program, entry, &allocations);
    uint32_t samples = XIPVM_GC_STRESS ? 2 : 40;
    uint32_t step = full || allocations < samples ? 1 : allocations / samples;
    xipvm_vm *vm = open_vm(sizeof arena);
    now.what = n_fail > 1 ? "allocations fail from" : mode & HARD ? "allocation fails hard:" : "allocation fails:";
    for (uint32_t at = 1 + (full ? 0 : (uint32_t)program % step); at <= allocations; at += step) {
        now.number = at;
        vm->faults = (struct xv_faults){.at = at, .n = n_fail, .hard = (mode & HARD) != 0};
        enum xipvm_status status = run(vm, entry);
        vm->faults.n = 0;
        check(vm);
        if (status == XIPVM_OK) {
            expect_output(mode);
        } else {
            expect_no_memory(vm, status, false);
            expect((mode & HARD) != 0 || memcmp(host.output, expected, host.len) == 0);
        }
        size_t left = clean(vm);
        expect_used(left < used ? used : left, used); /* what is made once and stays may not be there yet */
        run_well(vm, entry);
        expect_used(clean(vm), used);
        if (mode & FRESH) {
            xipvm_close(vm);
            vm = open_vm(sizeof arena);
        }
    }
    xipvm_close(vm);
}

static void test_each_allocation(void **state) {
    (void)state;
    for (enum way way = IN_PLACE; way < WAYS; way++) {
        for (size_t program = 0; program < N_PROGRAMS; program++) {
            fail_allocations(way, program, 1, FRESH);
            fail_allocations(way, program, 1, 0);
            fail_allocations(way, program, 1, HARD);
        }
    }
}

/* From one allocation on, none succeeds. */
static void test_all_further_allocations(void **state) {
    (void)state;
    for (enum way way = IN_PLACE; way < WAYS; way++) {
        for (size_t program = 0; program < N_PROGRAMS; program++) {
            fail_allocations(way, program, UINT32_MAX, FRESH);
        }
    }
}

/* The program catches the MemoryError, and goes on. */
static void test_program_catches(void **state) {
    (void)state;
    for (enum way way = IN_PLACE; way < WAYS; way++) {
        for (size_t program = 0; program < N_PROGRAMS; program++) {
            fail_allocations(way, program, 1, CATCHES);
            fail_allocations(way, program, 1, CATCHES | HARD);
            fail_allocations(way, program, 20, CATCHES);
        }
    }
}

/* ---- arenas of every size */

static void test_arenas(void **state) {
    (void)state;
    size_t step = full ? 64 : XIPVM_GC_STRESS ? 16384 : 1024;
    for (enum way way = IN_PLACE; way < WAYS; way++) {
        for (size_t program = 0; program < N_PROGRAMS; program++) {
            uint32_t allocations;
            undisturbed(way, program, "guest", &allocations);
            now.what = "an arena of bytes:";
            unsigned good = 0;
            for (size_t size = XIPVM_MIN_ARENA; good < 2; size += step) {
                now.number = size;
                expect(size < sizeof arena);
                xipvm_vm *vm = open_vm(size);
                size_t used = 0;
                bool first_good = false;
                for (unsigned i = 0; i < 3; i++) {
                    enum xipvm_status status = run(vm, "guest");
                    check(vm);
                    if (status == XIPVM_OK) {
                        expect(host.len == expected_len && memcmp(host.output, expected, host.len) == 0);
                    } else {
                        expect_no_memory(vm, status, true);
                    }
                    first_good = i == 0 ? status == XIPVM_OK : first_good;
                    size_t left = clean(vm);
                    if (i > 1) {
                        expect_used(left, used);
                    }
                    used = left;
                    good = status == XIPVM_OK ? good : 0;
                }
                good += first_good;
                xipvm_close(vm);
            }
        }
    }
}

/* ---- */

static bool append(void *context, const void *data, size_t len) {
    size_t i = *(size_t *)context;
    assert_true(len <= sizeof images[i].data - images[i].size);
    memcpy(images[i].data + images[i].size, data, len);
    images[i].size += len;
    return true;
}

int main(int argc, char **argv) {
    static uint8_t scratch[2 * sizeof images[0].data + XIPVM_VERIFY_SCRATCH];
    full = getenv("XIPVM_TEST_FULL") != NULL || (argc > 1 && strcmp(argv[1], "full") == 0);
    for (size_t i = 0; i < N_BLOBS; i++) {
        if (xipvm_prelink(blobs[i].data, *blobs[i].size, scratch, sizeof scratch, append, &i, NULL) != XIPVM_OK) {
            return 1;
        }
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_allocation),
        cmocka_unit_test(test_all_further_allocations),
        cmocka_unit_test(test_program_catches),
        cmocka_unit_test(test_arenas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
