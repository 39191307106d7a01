/* The ways of loading a blob do the same; what goes wrong with a stream or an image is an error that leaves nothing
 * behind; and modules come and go in any order without a trace. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "heap/heap.h"
#include "xipvm/xipvm.h"

extern const uint8_t blob_guest[];
extern const size_t blob_guest_size;

#define ok(call) assert_int_equal(call, XIPVM_OK)
#define ANSWER 42

enum way { IN_PLACE, LINK, PRELINKED, WAYS };

/* The ways that this build has. */
static const bool has[WAYS] = {true, XIPVM_LINKING, XIPVM_PRELINKED};

static uint64_t arena[1 << 16];
static uint8_t image[1 << 14];
static size_t image_size;

/* What find_blob gives, and how a stream of it behaves. */
static struct {
    enum way way;
    size_t size;       /* announced */
    size_t end;        /* bytes after which a stream ends … */
    bool fails;        /* … or reports an error */
    size_t at;
    unsigned closed, released;
} host;

static int32_t read_some(void *stream, void *buffer, size_t size) {
    (void)stream;
    size_t left = host.end - host.at;
    size_t n = size < 7 ? size : 7;
    n = n < left ? n : left;
    if (n == 0 && host.fails) {
        return -5;
    }
    for (size_t i = 0; i < n; i++) {
        size_t k = host.at + i;
        ((uint8_t *)buffer)[i] = k < blob_guest_size ? blob_guest[k] : 0x51;
    }
    host.at += n;
    return (int32_t)n;
}

static void close_stream(void *stream) {
    (void)stream;
    host.closed++;
}

/* guest, guest0, guest1, …: the same bytes under many names. */
static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    if (len < 5 || memcmp(name, "guest", 5) != 0) {
        return false;
    }
    if (host.way == LINK) {
        host.at = 0;
        out->read = read_some;
        out->close = close_stream;
        out->size = host.size;
    } else {
        out->data = host.way == IN_PLACE ? blob_guest : image;
        out->size = host.way == IN_PLACE ? blob_guest_size : image_size;
    }
    return true;
}

static void released(void *context, const uint8_t *data, size_t size) {
    (void)context;
    assert_ptr_equal(data, host.way == IN_PLACE ? blob_guest : image);
    assert_int_equal(size, host.way == IN_PLACE ? blob_guest_size : image_size);
    host.released++;
}

static const struct xipvm_hal hal = {.find_blob = find_blob, .blob_released = released};

static bool append(void *context, const void *data, size_t len) {
    (void)context;
    if (len > sizeof image - image_size) {
        return false;
    }
    memcpy(image + image_size, data, len);
    image_size += len;
    return true;
}

static xipvm_vm *start(enum way way) {
    static uint8_t scratch[2 * 4096 + XIPVM_VERIFY_SCRATCH];
    xipvm_vm *vm;
    memset(&host, 0, sizeof host);
    host.way = way;
    host.size = host.end = blob_guest_size;
    image_size = 0;
    assert_int_equal(xipvm_prelink(blob_guest, blob_guest_size, scratch, sizeof scratch, append, NULL, NULL),
                     XIPVM_PRELINKED ? XIPVM_OK : XIPVM_BAD_BLOB);
    ok(xipvm_open(arena, sizeof arena, &hal, &vm));
    return vm;
}

static void expect_answer(xipvm_vm *vm, const char *name) {
    xipvm_handle module, result;
    int64_t n;
    ok(xipvm_import(vm, name, &module));
    ok(xipvm_call_method(vm, module, "answer", NULL, 0, &result));
    ok(xipvm_to_int(vm, result, &n));
    xipvm_release(vm, result);
    xipvm_release(vm, module);
    assert_int_equal(n, ANSWER);
}

/* The same program gives the same answer; where its code is and what its table takes is as the strategy says. */
static void test_same_answer(void **state) {
    (void)state;
    size_t tables[WAYS] = {0};
    for (int way = 0; way < WAYS; way++) {
        if (!has[way]) {
            continue;
        }
        xipvm_vm *vm = start((enum way)way);
        struct xipvm_stats stats;
        expect_answer(vm, "guest");
        xipvm_stats(vm, &stats);
        tables[way] = stats.table_bytes;
        assert_int_equal(stats.loaded_in_place, way == IN_PLACE);
        assert_int_equal(stats.loaded_prelinked, way == PRELINKED);
        assert_int_equal(stats.loaded_linked, way == LINK);
        assert_int_equal(stats.code_in_ram > 0, way == LINK);
        assert_int_equal(stats.code_in_place > 0, way != LINK);
        assert_int_equal(host.closed, way == LINK);
        xipvm_close(vm);
    }
    assert_true(!has[LINK] || tables[LINK] < tables[IN_PLACE]);
    assert_true(!has[PRELINKED] || (tables[LINK] < tables[PRELINKED] && tables[PRELINKED] < tables[IN_PLACE]));
}

static enum xipvm_blob_error import_fails(xipvm_vm *vm) {
    struct xipvm_fault fault;
    assert_int_equal(xipvm_import(vm, "guest", NULL), XIPVM_BAD_BLOB);
    assert_true(xipvm_exception_is(vm, "ImportError"));
    ok(xipvm_blob_fault(vm, &fault));
    xipvm_exception_clear(vm);
    return fault.code;
}

/* A stream that ends early at any byte, fails, goes on too long or is not as long as it said is refused; the stream is
 * closed each time, nothing stays of it, and the VM then loads a good one. */
static void test_bad_streams(void **state) {
    (void)state;
    if (!has[LINK]) {
        skip();
    }
    xipvm_vm *vm = start(LINK);
    struct xipvm_stats before, after;
    expect_answer(vm, "guest");
    ok(xipvm_unload(vm, "guest"));
    xipvm_collect(vm);
    xipvm_stats(vm, &before);
    unsigned closed = host.closed;
    for (size_t end = 0; end < blob_guest_size; end += XIPVM_GC_STRESS ? 41 : 1) {
        host.end = end;
        host.fails = false;
        assert_int_equal(import_fails(vm), XIPVM_BLOB_TRUNCATED);
        host.fails = true;
        assert_int_equal(import_fails(vm), XIPVM_BLOB_STREAM_FAILED);
        closed += 2;
    }
    host.fails = false;
    host.end = blob_guest_size + 1;
    assert_int_equal(import_fails(vm), XIPVM_BLOB_TRAILING_BYTES);
    host.end = blob_guest_size;
    host.size = blob_guest_size + 1;
    assert_int_equal(import_fails(vm), XIPVM_BLOB_STREAM_LENGTH);
    assert_int_equal(host.closed, closed + 2);
    xipvm_collect(vm);
    xipvm_stats(vm, &after);
    assert_int_equal(after.live_heap, before.live_heap);
    assert_int_equal(after.pool_bytes, before.pool_bytes);
    host.size = 0; /* not known */
    expect_answer(vm, "guest");
    xipvm_close(vm);
}

/* Loading a stream of unknown length collects, which must not take back the slot that the module is to get: modules one after
 * the other, each the first to need a larger table of slots now and then. */
static void test_slots_grow(void **state) {
    (void)state;
    if (!has[LINK]) {
        skip();
    }
    xipvm_vm *vm = start(LINK);
    host.size = 0;
    for (unsigned k = 0; k < 16; k++) {
        char name[8] = "guest";
        name[5] = (char)('a' + k);
        expect_answer(vm, name);
        assert_null(xv_heap_check(vm));
    }
    xipvm_close(vm);
}

/* An image for other firmware, of another version, cut off, or damaged anywhere is refused, or runs to some end. */
static void test_bad_images(void **state) {
    (void)state;
    if (!has[PRELINKED]) {
        skip();
    }
    xipvm_vm *vm = start(PRELINKED);
    image[4] ^= 1;
    assert_int_equal(import_fails(vm), XIPVM_BLOB_FINGERPRINT);
    image[4] ^= 1;
    image[1]++;
    assert_int_equal(import_fails(vm), XIPVM_BLOB_XIP_VERSION);
    image[1]--;
    size_t whole = image_size;
    for (image_size = 0; image_size < whole; image_size += XIPVM_GC_STRESS ? 37 : 1) {
        import_fails(vm);
    }
    image_size = whole;
    for (size_t i = 0; i < whole; i += XIPVM_GC_STRESS ? 13 : 1) {
        image[i] ^= 0x10;
        if (xipvm_import(vm, "guest", NULL) == XIPVM_OK) {
            ok(xipvm_unload(vm, "guest"));
        }
        xipvm_exception_clear(vm);
        image[i] ^= 0x10;
    }
    expect_answer(vm, "guest");
    xipvm_close(vm);
}

/* Thousands of loads and unloads in random order end with the very heap and names that they began with, and the host
 * is told of each blob that nothing refers to any more. */
static void test_random_order(void **state) {
    (void)state;
    for (int way = 0; way < WAYS; way++) {
        if (!has[way]) {
            continue;
        }
        xipvm_vm *vm = start((enum way)way);
        struct xipvm_stats before, after;
        bool loaded[24] = {false};
        uint32_t random = 1;
        xipvm_collect(vm);
        xipvm_stats(vm, &before);
        for (unsigned i = 0; i < (XIPVM_GC_STRESS ? 100u : 10000u); i++) {
            char name[8] = "guest";
            random = random * 1664525u + 1013904223u;
            unsigned k = (random >> 16) % 24;
            name[5] = (char)('a' + k);
            if (loaded[k]) {
                ok(xipvm_unload(vm, name));
            } else {
                ok(xipvm_import(vm, name, NULL));
            }
            loaded[k] = !loaded[k];
        }
        for (unsigned k = 0; k < 24; k++) {
            char name[8] = "guest";
            name[5] = (char)('a' + k);
            assert_int_equal(xipvm_unload(vm, name), loaded[k] ? XIPVM_OK : XIPVM_NOT_FOUND);
        }
        xipvm_collect(vm);
        xipvm_stats(vm, &after);
        assert_int_equal(after.modules, 0);
        assert_int_equal(after.live_heap, before.live_heap);
        assert_int_equal(after.pool_bytes, before.pool_bytes);
        assert_int_equal(host.released > 0, way != LINK);
        assert_false(xipvm_blob_in_use(vm, blob_guest, blob_guest_size));
        xipvm_close(vm);
    }
}

/* A function that the host keeps holds its blob; a name that outlives the module does not, as its text moves to the arena. */
static void test_blob_in_use(void **state) {
    (void)state;
    xipvm_vm *vm = start(IN_PLACE);
    xipvm_handle module, function, name, result;
    const char *text;
    size_t len;
    int64_t n;
    ok(xipvm_import(vm, "guest", &module));
    ok(xipvm_get_attr(vm, module, "answer", &function));
    xipvm_release(vm, module);
    ok(xipvm_unload(vm, "guest"));
    assert_true(xipvm_blob_in_use(vm, blob_guest, blob_guest_size));
    assert_int_equal(host.released, 0);
    ok(xipvm_call(vm, function, NULL, 0, &result));
    ok(xipvm_to_int(vm, result, &n));
    assert_int_equal(n, ANSWER);
    ok(xipvm_get_attr(vm, function, "__name__", &name));
    xipvm_release(vm, result);
    xipvm_release(vm, function);
    assert_false(xipvm_blob_in_use(vm, blob_guest, blob_guest_size));
    assert_int_equal(host.released, 1);
    ok(xipvm_to_str(vm, name, &text, &len));
    assert_int_equal(len, 6);
    assert_memory_equal(text, "answer", 6);
    assert_false((const uint8_t *)text >= blob_guest && (const uint8_t *)text < blob_guest + blob_guest_size);
    xipvm_close(vm);
}

static unsigned fetches;

static bool fetch(void *context, const uint8_t *from, void *to, size_t n) {
    (void)context;
    fetches++;
    memcpy(to, from, n);
    return true;
}

/* A blob outside of the window that the CPU reads in place is copied and linked, unless the host says otherwise; one inside
 * runs where it lies. */
static void test_window(void **state) {
    (void)state;
    xipvm_close(start(IN_PLACE));
    for (int inside = !has[LINK]; inside < 2; inside++) {
        struct xipvm_hal windowed = hal;
        struct xipvm_stats stats;
        xipvm_vm *vm;
        windowed.window = inside ? blob_guest : image;
        windowed.window_size = inside ? blob_guest_size : sizeof image;
        windowed.fetch = fetch;
        fetches = 0;
        ok(xipvm_open(arena, sizeof arena, &windowed, &vm));
        expect_answer(vm, "guest");
        xipvm_stats(vm, &stats);
        assert_int_equal(stats.code_in_ram > 0, !inside);
        assert_int_equal(fetches > 0, !inside);
        xipvm_close(vm);
    }
}

/* What a build has not is refused with an error that says so, and the VM then loads what it can. */
static void test_switched_off(void **state) {
    (void)state;
    static const uint8_t head[] = {0x58, 1, 0, 31};
    if (!has[LINK]) {
        xipvm_vm *vm = start(LINK);
        assert_int_equal(xipvm_import(vm, "guest", NULL), XIPVM_EXCEPTION);
        assert_true(xipvm_exception_is(vm, "ImportError"));
        assert_int_equal(host.closed, 1);
        host.way = IN_PLACE;
        expect_answer(vm, "guest");
        xipvm_close(vm);
    }
    if (!has[PRELINKED]) {
        xipvm_vm *vm = start(PRELINKED);
        memcpy(image, head, sizeof head);
        image_size = sizeof head;
        assert_int_equal(import_fails(vm), XIPVM_BLOB_XIP_ABSENT);
        host.way = IN_PLACE;
        expect_answer(vm, "guest");
        xipvm_close(vm);
    }
}

/* What is no stock blob, and arguments that are missing, are refused, and the fault is told. */
static void test_prelinking_refuses(void **state) {
    (void)state;
    if (!has[PRELINKED]) {
        skip();
    }
    static uint8_t scratch[2 * 4096 + XIPVM_VERIFY_SCRATCH];
    static uint8_t copy[sizeof image];
    struct xipvm_fault fault;
    xipvm_close(start(PRELINKED));
    size_t size = image_size;
    memcpy(copy, image, size);
    assert_int_equal(xipvm_prelink(copy, size, scratch, sizeof scratch, append, NULL, &fault), XIPVM_BAD_BLOB);
    assert_int_equal(fault.code, XIPVM_BLOB_XIP_STREAM);
    assert_int_equal(xipvm_prelink(blob_guest, 3, scratch, sizeof scratch, append, NULL, &fault), XIPVM_BAD_BLOB);
    assert_int_equal(fault.code, XIPVM_BLOB_TRUNCATED);
    assert_int_equal(xipvm_prelink(NULL, 3, scratch, sizeof scratch, append, NULL, NULL), XIPVM_BAD_ARGUMENT);
    assert_int_equal(xipvm_prelink(copy, size, NULL, 0, append, NULL, NULL), XIPVM_BAD_ARGUMENT);
    assert_int_equal(xipvm_prelink(copy, size, scratch, sizeof scratch, NULL, NULL, NULL), XIPVM_BAD_ARGUMENT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prelinking_refuses),
        cmocka_unit_test(test_same_answer),  cmocka_unit_test(test_bad_streams), cmocka_unit_test(test_bad_images),
        cmocka_unit_test(test_slots_grow),
        cmocka_unit_test(test_random_order), cmocka_unit_test(test_blob_in_use), cmocka_unit_test(test_window),
        cmocka_unit_test(test_switched_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
