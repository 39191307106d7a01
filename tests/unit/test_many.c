/* Many VMs in one process share nothing that can be written: side by side in threads, and in one loop that gives a
 * slice to each in turn, every one does what it does alone; and none writes outside of its arena. The blobs lie in
 * pages that cannot be written, which all VMs read.
 *
 * The threads are for ThreadSanitizer. With XIPVM_TEST_FULL=1 in the environment each makes 1,000 VMs, else 50. */
#define _DEFAULT_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "xipvm/xipvm.h"

#define THREADS 8
#define SEEDS 8 /* of the programs that the threads run */
#define LOOP_VMS 100

/* Room for the largest of the programs; the stress build uses half of it at a time. */
#define ARENA (XIPVM_MIN_ARENA + 28u * 1024u * (XIPVM_GC_STRESS ? 2u : 1u))

/* The programs, and what CPython answers for seed 8. */
#define PROGRAMS(X) \
    X(sieve, 4227008) \
    X(hanoi, 555944) \
    X(words, 166118) \
    X(shapes, 409854008) \
    X(memo, 753377175) \
    X(faults, 109241414) \
    X(orbit, 321108162) \
    X(matrix, 1547332008) \
    X(checksum, 902508116) \
    X(graph, 32003008) \
    X(text, 152098) \
    X(churn, 314818)

#define DECLARE(name, answer) extern const uint8_t blob_##name[]; extern const size_t blob_##name##_size;
PROGRAMS(DECLARE)
DECLARE(driver, 0)
#undef DECLARE

enum {
#define ENUM(name, answer) PROGRAM_##name,
    PROGRAMS(ENUM)
#undef ENUM
    N_PROGRAMS
};

static const char *const names[] = {
#define NAME(name, answer) #name,
    PROGRAMS(NAME)
#undef NAME
};

static const int64_t answers[] = {
#define ANSWER(name, answer) answer,
    PROGRAMS(ANSWER)
#undef ANSWER
};

/* ---- flash: the blobs and their prelinked images */

enum way { IN_PLACE, PRELINKED, LINK, STREAM, WAYS };

struct blob {
    const uint8_t *data;
    size_t size;
};

static struct blob flash[2][N_PROGRAMS]; /* IN_PLACE and PRELINKED */

#define FLASH_SIZE (128u * 1024u)
static uint8_t *flash_pages;
static size_t flash_used;

static bool append(void *context, const void *data, size_t len) {
    (void)context;
    if (len > FLASH_SIZE - flash_used) {
        return false;
    }
    memcpy(flash_pages + flash_used, data, len);
    flash_used += len;
    return true;
}

static void *pages(size_t size) {
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(p != MAP_FAILED);
    return p;
}

static void burn(size_t program, const uint8_t *data, size_t size) {
    static uint8_t scratch[2 * 4096 + XIPVM_VERIFY_SCRATCH];
    flash[IN_PLACE][program] = (struct blob){flash_pages + flash_used, size};
    assert_true(append(NULL, data, size));
    flash[PRELINKED][program].data = flash_pages + flash_used;
    assert_int_equal(xipvm_prelink(data, size, scratch, sizeof scratch, append, NULL, NULL), XIPVM_OK);
    flash[PRELINKED][program].size = (size_t)(flash_pages + flash_used - flash[PRELINKED][program].data);
}

static int burn_all(void **state) {
    (void)state;
    flash_pages = pages(FLASH_SIZE);
#define BURN(name, answer) burn(PROGRAM_##name, blob_##name, blob_##name##_size);
    PROGRAMS(BURN)
#undef BURN
    return mprotect(flash_pages, FLASH_SIZE, PROT_READ);
}

/* ---- one VM and its program */

struct machine {
    struct xipvm_hal hal;
    xipvm_vm *vm;
    enum way way;
    size_t program;
    size_t streamed; /* bytes that were read of the stream */
    xipvm_handle driver, work;
    unsigned slices;
    bool failed, done;
    int64_t result;
};

static int32_t read_stream(void *stream, void *buffer, size_t size) {
    struct machine *m = stream;
    struct blob blob = flash[IN_PLACE][m->program];
    size_t left = blob.size - m->streamed;
    size_t n = size < left ? size : left;
    memcpy(buffer, blob.data + m->streamed, n);
    m->streamed += n;
    return (int32_t)n;
}

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    struct machine *m = context;
    if (len == 6 && memcmp(name, "driver", len) == 0) {
        out->data = blob_driver;
        out->size = blob_driver_size;
        return true;
    }
    if (len != strlen(names[m->program]) || memcmp(name, names[m->program], len) != 0) {
        return false;
    }
    if (m->way == STREAM) {
        out->read = read_stream;
        out->stream = m;
        return true;
    }
    struct blob blob = flash[m->way == PRELINKED ? PRELINKED : IN_PLACE][m->program];
    out->data = blob.data;
    out->size = blob.size;
    out->strategy = m->way == LINK ? XIPVM_STRATEGY_LINK : XIPVM_STRATEGY_AUTO;
    return true;
}

/* Opens a VM in ARENA bytes and gets its program ready to be run in slices of `budget` units, 0: in one. No
 * assertions here and in the next, as threads may not make any. */
static bool begin(struct machine *m, void *arena, enum way way, size_t program, int64_t seed, uint32_t budget) {
    xipvm_handle module, argument;
    *m = (struct machine){.way = way, .program = program, .failed = true};
    m->hal.context = m;
    m->hal.find_blob = find_blob;
    if (xipvm_open(arena, ARENA, &m->hal, &m->vm)) {
        return false;
    }
    m->failed = xipvm_import(m->vm, names[program], &module) || xipvm_make_int(m->vm, seed, &argument) ||
                xipvm_call_method(m->vm, module, "work", &argument, 1, &m->work) ||
                xipvm_import(m->vm, "driver", &m->driver) || xipvm_set_budget(m->vm, budget);
    return !m->failed;
}

/* Lets the program run, or go on. False when it is done, or failed. */
static bool slice(struct machine *m) {
    xipvm_handle value;
    if (m->failed || m->done) {
        return false;
    }
    enum xipvm_status status = m->slices++ == 0 ? xipvm_call_method(m->vm, m->driver, "last", &m->work, 1, &value)
                                                : xipvm_resume(m->vm, &value);
    if (status == XIPVM_SUSPENDED) {
        return true;
    }
    m->done = true;
    m->failed = status || xipvm_to_int(m->vm, value, &m->result);
    return false;
}

static bool run_alone(void *arena, enum way way, size_t program, int64_t seed, uint32_t budget, int64_t *result) {
    struct machine m;
    begin(&m, arena, way, program, seed, budget);
    while (slice(&m)) {
    }
    if (m.vm != NULL) {
        xipvm_close(m.vm);
    }
    *result = m.result;
    return !m.failed;
}

static int64_t alone(size_t program, int64_t seed) {
    static uint64_t arena[ARENA / 8 + 1];
    int64_t result;
    assert_true(run_alone(arena, IN_PLACE, program, seed, 0, &result));
    return result;
}

/* ---- alone, between pages that cannot be touched */

static void test_nothing_is_written_outside_of_the_arena(void **state) {
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    size_t inner = (ARENA + page - 1) / page * page;
    uint8_t *p = pages(inner + 2 * page);
    assert_int_equal(mprotect(p, page, PROT_NONE), 0);
    assert_int_equal(mprotect(p + page + inner, page, PROT_NONE), 0);
    for (size_t program = 0; program < N_PROGRAMS; program++) {
        for (int way = 0; way < WAYS; way++) {
            /* In turn at the one and the other end of what lies between, and not aligned. */
            uint8_t *low = p + page, *high = p + page + inner - ARENA;
            int64_t result = 0;
            assert_true(run_alone((program + (size_t)way) % 2 == 0 ? low : high, (enum way)way, program, 8, 0, &result));
            assert_int_equal(result, answers[program]);
        }
    }
    munmap(p, inner + 2 * page);
}

/* ---- one loop */

/* No two of these VMs run the same program with the same seed. */
static void test_100_vms_in_one_loop(void **state) {
    (void)state;
    struct machine *machines = calloc(LOOP_VMS, sizeof *machines);
    uint8_t *arenas = malloc(LOOP_VMS * ARENA); /* side by side, so that whoever leaves his own is in another's */
    size_t turns = 0, left = LOOP_VMS;
    assert_non_null(machines);
    assert_non_null(arenas);
    for (size_t i = 0; i < LOOP_VMS; i++) {
        assert_true(begin(&machines[i], arenas + i * ARENA, (enum way)(i / N_PROGRAMS % WAYS), i % N_PROGRAMS, (int64_t)i,
                          (uint32_t)(20 + i)));
    }
    while (left > 0) {
        left = 0;
        for (size_t i = 0; i < LOOP_VMS; i++) {
            left += slice(&machines[i]);
        }
        turns++;
    }
    assert_true(turns > 20);
    for (size_t i = 0; i < LOOP_VMS; i++) {
        assert_false(machines[i].failed);
        assert_true(machines[i].slices > 1);
        xipvm_close(machines[i].vm);
        assert_int_equal(machines[i].result, alone(i % N_PROGRAMS, (int64_t)i));
    }
    free(arenas);
    free(machines);
}

/* ---- threads */

struct worker {
    unsigned number, vms;
    const int64_t (*expected)[SEEDS];
    unsigned wrong;
    void *arena;
};

static void *run_worker(void *context) {
    struct worker *w = context;
    for (unsigned i = 0; i < w->vms; i++) {
        size_t program = (w->number + i) % N_PROGRAMS;
        enum way way = (enum way)((w->number + i / N_PROGRAMS) % WAYS);
        unsigned seed = (w->number + i) % SEEDS;
        int64_t result;
        if (!run_alone(w->arena, way, program, seed, i % 2 * 100, &result) || result != w->expected[program][seed]) {
            w->wrong++;
        }
    }
    return NULL;
}

static void test_8_threads_with_a_vm_after_another(void **state) {
    (void)state;
    int64_t expected[N_PROGRAMS][SEEDS];
    pthread_t threads[THREADS];
    struct worker workers[THREADS];
    const char *full = getenv("XIPVM_TEST_FULL");
    unsigned vms = full != NULL && *full != '\0' ? 1000 : 50;
    for (size_t program = 0; program < N_PROGRAMS; program++) {
        for (unsigned seed = 0; seed < SEEDS; seed++) {
            expected[program][seed] = alone(program, seed);
        }
    }
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){i, vms, (const int64_t(*)[SEEDS])expected, 0, malloc(ARENA)};
        assert_non_null(workers[i].arena);
        assert_int_equal(pthread_create(&threads[i], NULL, run_worker, &workers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        free(workers[i].arena);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        assert_int_equal(workers[i].wrong, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_written_outside_of_the_arena),
        cmocka_unit_test(test_100_vms_in_one_loop),
        cmocka_unit_test(test_8_threads_with_a_vm_after_another),
    };
    return cmocka_run_group_tests(tests, burn_all, NULL);
}
