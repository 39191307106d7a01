/* The heap: what allocation, roots, collection and compaction promise, whatever state the arena is in. */
#include "fixture.h"

#include <stdlib.h>

#include "lib/lib.h"
#include "object/container.h"
#include "object/number.h"

/* The stress build moves everything at every allocation, so less of everything will do there. */
#define SOME(n) ((n) / (XIPVM_GC_STRESS ? 50 : 1))

static uint64_t big_arena[4u * 1024u * 1024u / sizeof(uint64_t)];

static void check(struct xv_vm *vm) {
    const char *wrong = xv_heap_check(vm);
    if (wrong != NULL) {
        fail_msg("the heap is damaged: %s", wrong);
    }
}

static xv_value text_object(struct xv_vm *vm, unsigned number) {
    xv_value v = xv_alloc_bytes(vm, XV_KIND_RAW, 40);
    assert_true(v != XV_NULL);
    memset(xv_items(v), (int)(number & 0xff), 40);
    return v;
}

static bool is_text_object(xv_value v, unsigned number) {
    const uint8_t *bytes = (const uint8_t *)xv_items(v);
    for (size_t i = 0; i < 40; i++) {
        if (bytes[i] != (number & 0xff)) {
            return false;
        }
    }
    return xv_kind(v) == XV_KIND_RAW;
}

/* A new object is all zeros behind its header, however dirty the memory was, and is of the size asked for. */
static void test_new_objects_are_zero(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    for (unsigned round = 0; round < SOME(2000) + 4; round++) {
        size_t words = 1 + round % 70;
        xv_value v = xv_alloc(vm, XV_KIND_RAW, words);
        assert_true(v != XV_NULL && v % sizeof(xv_value) == 0);
        assert_int_equal(xv_words(v), words);
        assert_int_equal(xv_kind(v), XV_KIND_RAW);
        for (size_t i = 0; i + 1 < words; i++) {
            assert_true(xv_items(v)[i] == 0);
        }
        memset(xv_items(v), 0xff, (words - 1) * sizeof(xv_value));
        if (round % 100 == 99) {
            xv_collect(vm);
        }
    }
    fixture_close(vm);
}

/* Objects come out of compaction in the order in which they were made, with their contents, and every reference to
 * them, from roots and from one another in both directions, is right. */
static void test_compaction_keeps_order_and_content(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    unsigned n = SOME(1500) + 20;
    xv_value r[2] = {xv_alloc_array(vm, n), XV_NULL};
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    for (unsigned i = 0; i < n; i++) {
        text_object(vm, 0xee); /* dead at once */
        r[1] = xv_alloc_array(vm, 3);
        assert_true(r[1] != XV_NULL);
        xv_value text = text_object(vm, i);
        xv_items(r[1])[0] = text;
        xv_items(r[1])[1] = i == 0 ? XV_NULL : xv_items(r[0])[i - 1]; /* to an older object: up */
        xv_items(r[0])[i] = r[1];
        if (i > 0) {
            xv_items(xv_items(r[0])[i - 1])[2] = r[1]; /* to a newer one: down */
        }
    }
    for (int round = 0; round < 3; round++) {
        xv_collect(vm);
        check(vm);
        for (unsigned i = 0; i < n; i++) {
            xv_value v = xv_items(r[0])[i];
            assert_true(is_text_object(xv_items(v)[0], i));
            assert_true(xv_items(v)[1] == (i == 0 ? XV_NULL : xv_items(r[0])[i - 1]));
            assert_true(xv_items(v)[2] == (i + 1 == n ? XV_NULL : xv_items(r[0])[i + 1]));
            assert_true(xv_items(v)[0] < v && v < r[0]); /* newer ones lie lower */
        }
        for (unsigned i = 1; i < n; i++) {
            assert_true(xv_items(r[0])[i] < xv_items(r[0])[i - 1]);
        }
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* After a collection the live objects lie side by side: all that is free is in one piece. */
static void test_no_gap_remains(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_collect(vm);
    size_t before = xv_heap_free(vm);
    xv_value r[2] = {text_object(vm, 1), XV_NULL};
    XV_ENTER(vm, r);
    for (unsigned i = 0; i < 100; i++) {
        text_object(vm, 2);
    }
    r[1] = text_object(vm, 3);
    size_t one = xv_words(r[0]) * sizeof(xv_value);
    xv_collect(vm);
    assert_int_equal(xv_heap_free(vm), before - 2 * one);
    assert_true(is_text_object(r[0], 1) && is_text_object(r[1], 3));
    assert_true(r[1] + one == r[0]);
    r[0] = XV_NULL;
    xv_collect(vm);
    assert_int_equal(xv_heap_free(vm), before - one);
    XV_LEAVE(vm);
    xv_collect(vm);
    assert_int_equal(xv_heap_free(vm), before);
    fixture_close(vm);
}

/* Dead objects that lie side by side may be more, taken together, than the size of one object can say on a 32-bit machine. */
static void test_more_garbage_than_any_object_holds(void **state) {
    (void)state;
    enum { ARENA = 40 << 20, GARBAGE = 36 << 20, PIECE = 3 << 20 };
    if (XIPVM_GC_STRESS) {
        skip(); /* each object is gone by the time that the next one is made */
    }
    void *memory = malloc(ARENA);
    assert_non_null(memory);
    struct xv_vm *vm = xv_open(memory, ARENA, NULL);
    assert_non_null(vm);
    xv_value r[2] = {text_object(vm, 1), XV_NULL};
    XV_ENTER(vm, r);
    for (size_t n = 0; n < GARBAGE; n += PIECE) {
        assert_true(xv_alloc_bytes(vm, XV_KIND_RAW, PIECE) != XV_NULL);
    }
    r[1] = text_object(vm, 2);
    assert_int_equal(vm->stats.collections, 0);
    xv_collect(vm);
    check(vm);
    assert_true(is_text_object(r[0], 1) && is_text_object(r[1], 2));
    assert_true(r[1] + xv_words(r[1]) * sizeof(xv_value) == r[0]);
    XV_LEAVE(vm);
    xv_close(vm);
    free(memory);
}

/* XV_ENTER roots an array until XV_LEAVE, and rooted arrays nest as C calls do. */
static void nested_roots(struct xv_vm *vm, unsigned depth) {
    xv_value r[2] = {text_object(vm, depth), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = text_object(vm, depth + 100);
    if (depth > 0) {
        nested_roots(vm, depth - 1);
    } else {
        xv_collect(vm);
    }
    assert_true(is_text_object(r[0], depth) && is_text_object(r[1], depth + 100));
    XV_LEAVE(vm);
}

static void test_roots_nest(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    assert_null(vm->roots);
    xv_collect(vm);
    size_t before = xv_heap_free(vm);
    nested_roots(vm, 20);
    assert_null(vm->roots);
    xv_collect(vm);
    assert_int_equal(xv_heap_free(vm), before);
    fixture_close(vm);
}

/* What lies on the frame stack below sp is rooted; what lies above is not. */
static void test_stack_is_rooted(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_collect(vm);
    size_t before = xv_heap_free(vm);
    assert_true(xv_stack_room(vm, 4));
    for (unsigned i = 0; i < 4; i++) {
        xv_value text = text_object(vm, i);
        *vm->sp++ = text;
    }
    xv_collect(vm);
    for (unsigned i = 0; i < 4; i++) {
        assert_true(is_text_object(vm->stack_base[i], i));
    }
    check(vm);
    vm->sp = vm->stack_base;
    xv_collect(vm);
    assert_int_equal(xv_heap_free(vm), before);
    fixture_close(vm);
}

/* The promise that no heap without compaction keeps: half of the memory is free in small holes between live objects,
 * and an allocation of nearly all of it succeeds, again and again. */
static void test_never_fragments(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open_size(XIPVM_GC_STRESS ? 256 * 1024 : FIXTURE_ARENA);
    xv_collect(vm);
    size_t one = (1 + xv_words_for(40)) * sizeof(xv_value);
    size_t n = xv_heap_free(vm) / (one + sizeof(xv_value)) - 4;
    n = XIPVM_GC_STRESS && n > 600 ? 600 : n;
    for (int round = 0; round < (XIPVM_GC_STRESS ? 2 : 20); round++) {
        xv_value r[2] = {xv_alloc_array(vm, n), XV_NULL};
        assert_true(r[0] != XV_NULL);
        XV_ENTER(vm, r);
        for (size_t i = 0; i < n; i++) {
            xv_value text = text_object(vm, (unsigned)i);
            xv_items(r[0])[i] = text;
        }
        for (size_t i = (size_t)round % 2; i < n; i += 2) {
            xv_items(r[0])[i] = XV_NULL;
        }
        size_t free_bytes = xv_heap_free(vm) + (n - (size_t)round % 2 + 1) / 2 * one;
        r[1] = xv_alloc_bytes(vm, XV_KIND_RAW, free_bytes - 2 * sizeof(xv_value));
        assert_true(r[1] != XV_NULL);
        assert_true(xv_words(r[1]) * sizeof(xv_value) >= (n / 2 - 1) * one);
        memset(xv_items(r[1]), 0xff, xv_n_items(r[1]) * sizeof(xv_value));
        for (size_t i = 1 - (size_t)round % 2; i < n; i += 2) {
            assert_true(is_text_object(xv_items(r[0])[i], (unsigned)i));
        }
        check(vm);
        XV_LEAVE(vm);
    }
    fixture_close(vm);
}

/* Sizes that no arena has are refused and not computed with. */
static void test_absurd_sizes(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 7, SIZE_MAX / 2, SIZE_MAX / 2 + 1, SIZE_MAX / 4,
                                   SIZE_MAX / sizeof(xv_value), SIZE_MAX / sizeof(xv_value) - 1, SIZE_MAX >> 9,
                                   (SIZE_MAX >> 9) + 1, SIZE_MAX >> 10, (SIZE_MAX >> 10) + 1, FIXTURE_ARENA};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        assert_true(xv_alloc(vm, XV_KIND_RAW, sizes[i]) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_MemoryError));
        assert_true(xv_alloc_bytes(vm, XV_KIND_RAW, sizes[i]) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_MemoryError));
        assert_true(xv_alloc_array(vm, sizes[i]) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_MemoryError));
        assert_true(sizes[i] <= FIXTURE_ARENA || !xv_stack_room(vm, sizes[i]));
        assert_int_equal(vm->exc, XV_NULL);
    }
    check(vm);
    fixture_close(vm);
}

/* A full heap is a MemoryError; what lives is untouched, and once something is let go, there is memory again. */
static void test_out_of_memory_leaves_all_usable(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open_size(XIPVM_GC_STRESS ? 256 * 1024 : FIXTURE_ARENA);
    xv_value r[3] = {xv_list_new(vm, 0), XV_NULL, XV_NULL};
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    for (int round = 0; round < 3; round++) {
        size_t n = 0;
        while ((r[1] = xv_alloc_bytes(vm, XV_KIND_RAW, XIPVM_GC_STRESS ? 2000 : 200)) != XV_NULL) {
            memset(xv_items(r[1]), (int)(n & 0xff), 200);
            if (!xv_list_append(vm, r[0], r[1])) {
                break;
            }
            n++;
        }
        assert_true(fixture_raised(vm, &xv_exc_MemoryError));
        r[1] = XV_NULL;
        check(vm);
        assert_int_equal(xv_list(r[0])->len, n);
        assert_true(n > 20);
        for (size_t i = 0; i < n; i++) {
            const uint8_t *bytes = (const uint8_t *)xv_items(xv_list_items(r[0])[i]);
            assert_true(bytes[0] == (i & 0xff) && bytes[199] == (i & 0xff));
        }
        /* Whatever is tried now fails in the same way. */
        for (size_t words = 100000; words > 1000; words /= 3) {
            assert_true(xv_alloc(vm, XV_KIND_RAW, words) == XV_NULL);
            assert_true(fixture_raised(vm, &xv_exc_MemoryError));
        }
        r[0] = XV_NULL;
        r[0] = xv_list_new(vm, 10);
        assert_true(r[0] != XV_NULL);
        r[2] = xv_alloc_bytes(vm, XV_KIND_RAW, XIPVM_GC_STRESS ? 60000 : 500000);
        assert_true(r[2] != XV_NULL);
        r[2] = XV_NULL;
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

#define LONG_TEXT                                                                                            \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"   \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"   \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"   \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"   \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"   \
    "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

/* The MemoryError object itself is always there, and the same. */
static void test_memory_error_needs_no_memory(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {xv_alloc_bytes(vm, XV_KIND_RAW, xv_heap_free(vm) / sizeof(xv_value) * sizeof(xv_value) -
                                                         2 * sizeof(xv_value))};
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    xv_alloc(vm, XV_KIND_RAW, 100);
    assert_true(vm->exc == vm->memory_error);
    xv_clear(vm);
    /* Another exception has the reserve, however many there are, and with what it can tell in it. */
    for (int i = 0; i < 100; i++) {
        xv_raise(vm, &xv_exc_ValueError, "%d", i);
        assert_true(xv_items(((struct xv_exception *)vm->exc)->args)[0] != XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_ValueError));
    }
    xv_raise(vm, &xv_exc_ValueError, "%s %s", "a message that does not fit in the printer", LONG_TEXT);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    xv_alloc(vm, XV_KIND_RAW, 100);
    assert_true(vm->exc == vm->memory_error);
    xv_clear(vm);
    XV_LEAVE(vm);
    assert_true(xv_raise(vm, &xv_exc_ValueError, "now there is") == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    fixture_close(vm);
}

/* The identity of an object stays while everything moves, is its own, and costs nothing once the object is gone. */
static void test_identities_stay(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    unsigned n = SOME(1000) + 10;
    uintptr_t ids[1010];
    xv_value r[1] = {xv_alloc_array(vm, n)};
    assert_true(r[0] != XV_NULL);
    XV_ENTER(vm, r);
    for (unsigned i = 0; i < n; i++) {
        xv_value text = text_object(vm, i);
        xv_items(r[0])[i] = text;
    }
    /* Asked for in an order that is neither that of ages nor its reverse. */
    for (unsigned i = 0; i < n; i++) {
        assert_true(xv_identity(vm, xv_items(r[0])[(i * 7) % n], &ids[(i * 7) % n]));
        text_object(vm, 0xdd);
    }
    for (unsigned i = 0; i < n; i++) {
        assert_true(xv_identity(vm, xv_items(r[0])[i], &ids[i]));
    }
    for (int round = 0; round < 4; round++) {
        xv_collect(vm);
        check(vm);
        for (unsigned i = 0; i < n; i++) {
            uintptr_t id = 0;
            if (xv_items(r[0])[i] != XV_NULL) {
                assert_true(xv_identity(vm, xv_items(r[0])[i], &id));
                assert_int_equal(id, ids[i]);
            }
            assert_true(i == 0 || ids[i] != ids[i - 1]);
        }
        /* Every third one dies; the others must not notice. */
        for (unsigned i = (unsigned)round; i < n; i += 3) {
            xv_items(r[0])[i] = XV_NULL;
        }
    }
    for (unsigned i = 0; i < n; i++) {
        xv_items(r[0])[i] = XV_NULL;
    }
    xv_collect(vm);
    assert_int_equal(vm->n_identities, 0);
    XV_LEAVE(vm);
    fixture_close(vm);
}

static unsigned ended[40]; /* how often the object with this number was ended */

static xv_value note_end(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    assert_int_equal(n, 1);
    unsigned number = *(const uint8_t *)xv_items(args[0]);
    assert_true(number < 40 && is_text_object(args[0], number));
    ended[number]++;
    return XV_NULL;
}

static const struct xv_native end_native = {XV_CONST_HEADER(XV_KIND_NATIVE), note_end, XV_Q_end, 1, 1, XV_N_PLAIN};

/* Each watched object is ended once, intact, when nothing refers to it or the VM is closed; never one that is not
 * watched any more. */
static void test_watched(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    memset(ended, 0, sizeof ended);
    xv_value r[1] = {xv_alloc_array(vm, 40)};
    XV_ENTER(vm, r);
    for (unsigned i = 0; i < 40; i++) {
        xv_value v = text_object(vm, i);
        xv_items(r[0])[i] = v;
        assert_true(xv_watch(vm, v, &end_native));
    }
    for (unsigned i = 0; i < 40; i += 4) {
        xv_unwatch(vm, xv_items(r[0])[i]);
        xv_unwatch(vm, xv_items(r[0])[i]);
        xv_items(r[0])[i + 1] = XV_NULL;
    }
    size_t places = xv_n_items(vm->watched);
    for (unsigned round = 0; round < 3; round++) {
        xv_collect(vm);
        check(vm);
        for (unsigned i = 0; i < 40; i++) {
            assert_int_equal(ended[i], i % 4 == 1);
        }
    }
    /* Free places are used again. */
    for (unsigned i = 0; i < 40; i += 4) {
        assert_true(xv_watch(vm, xv_items(r[0])[i], &end_native));
    }
    assert_int_equal(xv_n_items(vm->watched), places);
    for (unsigned i = 2; i < 40; i += 4) {
        xv_unwatch(vm, xv_items(r[0])[i]);
    }
    XV_LEAVE(vm);
    fixture_close(vm);
    for (unsigned i = 0; i < 40; i++) {
        assert_int_equal(ended[i], i % 4 != 2);
    }
}

/* No two objects that live at the same time have the same identity. */
static void test_identities_differ(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {xv_alloc_array(vm, 30)};
    XV_ENTER(vm, r);
    uintptr_t ids[30];
    for (unsigned round = 0; round < SOME(300) + 3; round++) {
        unsigned k = (round * 13) % 30;
        xv_value text = text_object(vm, round);
        xv_items(r[0])[k] = text;
        assert_true(xv_identity(vm, text, &ids[k]));
        for (unsigned i = 0; i < 30; i++) {
            assert_true(i == k || xv_items(r[0])[i] == XV_NULL || ids[i] != ids[k]);
        }
        if (round % 10 == 0) {
            xv_collect(vm);
        }
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A chain of 100,000 objects, each in the next, with hardly any room to mark it from: neither the C stack nor the time
 * may grow with its depth, in whatever order the chain was made. */
static void deep(bool newest_outside, bool lists) {
    size_t depth = XIPVM_GC_STRESS ? 400 : 100000;
    size_t one = (lists ? 5 : 2) * sizeof(xv_value);
    size_t size = depth * one + 96 * 1024;
    size = XIPVM_GC_STRESS ? sizeof big_arena / 4 : size;
    assert_true(size <= sizeof big_arena);
    struct xv_vm *vm = xv_open(big_arena, size, NULL);
    assert_non_null(vm);
    xv_value r[4] = {XV_NULL, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    for (size_t i = 0; i < depth; i++) {
        r[1] = lists ? xv_list_new(vm, 1) : xv_alloc_array(vm, 1);
        assert_true(r[1] != XV_NULL);
        if (i == 0) {
            r[0] = r[2] = r[1];
        } else {
            xv_value outer = newest_outside ? r[1] : r[2];
            xv_value inner = newest_outside ? r[2] : r[1];
            if (lists) {
                assert_true(xv_list_append(vm, outer, inner));
            } else {
                xv_items(outer)[0] = inner;
            }
            r[2] = r[1];
        }
    }
    if (newest_outside) {
        r[0] = r[2];
    }
    r[1] = r[2] = XV_NULL;
    /* Nearly all of what is left is taken, so that the stack of the marker has hardly any entry. */
    if (!XIPVM_GC_STRESS) {
        r[3] = xv_alloc_bytes(vm, XV_KIND_RAW, xv_heap_free(vm) - 4 * sizeof(xv_value));
        assert_true(r[3] != XV_NULL);
    }
    for (int round = 0; round < 3; round++) {
        xv_collect(vm);
        check(vm);
    }
    xv_value v = r[0];
    size_t found = 0;
    while (v != XV_NULL) {
        found++;
        v = !lists ? xv_items(v)[0] : xv_list(v)->len == 1 ? xv_list_items(v)[0] : XV_NULL;
    }
    assert_int_equal(found, depth);
    XV_LEAVE(vm);
    xv_collect(vm);
    assert_true(xv_heap_free(vm) > (XIPVM_GC_STRESS ? depth * one / 4 : depth * one));
    xv_close(vm);
}

static void test_deep_chain_newest_outside(void **state) {
    (void)state;
    deep(true, false);
}

static void test_deep_chain_newest_inside(void **state) {
    (void)state;
    deep(false, false);
}

static void test_deep_lists_newest_outside(void **state) {
    (void)state;
    deep(true, true);
}

static void test_deep_lists_newest_inside(void **state) {
    (void)state;
    deep(false, true);
}

/* Structures that overflow the marker's stack in breadth and in depth at once: a tree, and a web of references. */
static void test_wide_and_deep(void **state) {
    (void)state;
    size_t n = XIPVM_GC_STRESS ? 200 : 20000;
    struct xv_vm *vm = xv_open(big_arena, sizeof big_arena / (XIPVM_GC_STRESS ? 4 : 1), NULL);
    assert_non_null(vm);
    xv_value r[3] = {xv_alloc_array(vm, n), XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    for (size_t i = 0; i < n; i++) {
        r[1] = xv_alloc_array(vm, 4);
        assert_true(r[1] != XV_NULL);
        xv_items(r[1])[0] = XV_INT((intptr_t)i);
        for (size_t k = 1; k < 4 && i > 0; k++) {
            xv_items(r[1])[k] = xv_items(r[0])[(i * 7919 * k) % i];
            xv_items(xv_items(r[0])[(i * 104729 * k) % i])[k] = r[1];
        }
        xv_items(r[0])[i] = r[1];
    }
    r[2] = xv_alloc_bytes(vm, XV_KIND_RAW, xv_heap_free(vm) - 8 * sizeof(xv_value));
    assert_true(r[2] != XV_NULL);
    xv_collect(vm);
    check(vm);
    for (size_t i = 0; i < n; i++) {
        assert_true(xv_items(xv_items(r[0])[i])[0] == XV_INT((intptr_t)i));
    }
    /* The same with a root at one end only; the table that listed them all is gone. */
    r[0] = xv_items(r[0])[0];
    xv_collect(vm);
    check(vm);
    assert_true(xv_items(r[0])[0] == XV_INT(0));
    XV_LEAVE(vm);
    xv_close(vm);
}

/* Cycles die when nothing outside refers to them. */
static void test_cycles_die(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_collect(vm);
    size_t before = xv_heap_free(vm);
    xv_value r[2] = {xv_list_new(vm, 1), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_list_new(vm, 1);
    assert_true(xv_list_append(vm, r[0], r[1]) && xv_list_append(vm, r[1], r[0]) && xv_list_append(vm, r[1], r[1]));
    xv_collect(vm);
    assert_true(xv_list_items(xv_list_items(r[0])[0])[0] == r[0]);
    XV_LEAVE(vm);
    xv_collect(vm);
    assert_int_equal(xv_heap_free(vm), before);
    fixture_close(vm);
}

/* An object can be cut down; what is cut off is free after the next collection. */
static void test_shrink(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_collect(vm);
    size_t before = xv_heap_free(vm);
    xv_value r[1] = {xv_alloc_array(vm, 100)};
    XV_ENTER(vm, r);
    for (int i = 0; i < 100; i++) {
        xv_items(r[0])[i] = XV_INT(i);
    }
    static const size_t words[] = {101, 100, 60, 59, 2, 1};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        xv_shrink(vm, r[0], words[i]);
        check(vm);
        assert_int_equal(xv_words(r[0]), words[i]);
        assert_true(words[i] < 2 || xv_items(r[0])[words[i] - 2] == XV_INT((int)words[i] - 2));
        if (i % 2) {
            xv_collect(vm);
            assert_int_equal(xv_heap_free(vm), before - words[i] * sizeof(xv_value));
        }
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* micropython.heap_lock: nothing can be allocated, nothing is lost. */
static void test_heap_lock(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    vm->heap_locked = 1;
    assert_true(xv_alloc(vm, XV_KIND_RAW, 2) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    vm->heap_locked = 0;
    assert_true(xv_alloc(vm, XV_KIND_RAW, 2) != XV_NULL);
    fixture_close(vm);
}

#if XIPVM_MODULE_GC
static xv_value call_gc(struct xv_vm *vm, uint16_t name) {
    const struct xv_native_module *gc = xv_find_native_module(XV_Q_gc);
    assert_non_null(gc);
    xv_value f = xv_find_attr(vm, xv_from(gc), name);
    assert_true(f != XV_STOP && f != XV_NULL);
    xv_value none[1] = {XV_NULL};
    return xv_call(vm, f, none, 0);
}

/* gc.mem_free() + gc.mem_alloc() is the size of the arena to the byte, always. */
static void test_figures_add_up(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {xv_list_new(vm, 0)};
    XV_ENTER(vm, r);
    for (int i = 0; i < 50; i++) {
        intptr_t free_bytes = xv_small(call_gc(vm, XV_Q_mem_free));
        intptr_t used = xv_small(call_gc(vm, XV_Q_mem_alloc));
        assert_true(free_bytes > 0 && used > 0);
        /* The stress build has two halves, of which one is never in use. */
        assert_int_equal((size_t)(free_bytes + used), vm->arena_size);
        assert_true(vm->arena_size <= FIXTURE_ARENA && vm->arena_size > FIXTURE_ARENA - 64);
        assert_true(xv_list_append(vm, r[0], text_object(vm, 1)));
        if (i % 10 == 9) {
            assert_true(call_gc(vm, XV_Q_collect) != XV_NULL);
        }
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* gc.disable(): a full heap is a MemoryError until somebody collects. */
static void test_gc_disable(void **state) {
    (void)state;
#if !XIPVM_GC_STRESS
    struct xv_vm *vm = fixture_open();
    assert_true(call_gc(vm, XV_Q_disable) == XV_NONE);
    uint32_t collections = vm->stats.collections;
    while (xv_alloc(vm, XV_KIND_RAW, 100) != XV_NULL) {
    }
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_int_equal(vm->stats.collections, collections);
    assert_true(call_gc(vm, XV_Q_collect) != XV_NULL);
    assert_true(xv_alloc(vm, XV_KIND_RAW, 100) != XV_NULL);
    assert_true(call_gc(vm, XV_Q_enable) == XV_NONE);
    for (int i = 0; i < 10000; i++) {
        assert_true(xv_alloc(vm, XV_KIND_RAW, 100) != XV_NULL);
    }
    fixture_close(vm);
#endif
}
#endif

/* An arena too small for a VM is refused, and every larger one, whatever its size and alignment, is used within its
 * bounds: the bytes around it stay as they are. */
static void test_arena_bounds(void **state) {
    (void)state;
    static uint8_t memory[64 * 1024 + 64];
    size_t smallest = 0;
    for (size_t size = 0; size < 60000; size += size < 200 ? 1 : 997) {
        for (size_t shift = 0; shift < 9; shift += 4) {
            memset(memory, 0x5a, sizeof memory);
            struct xv_vm *vm = xv_open(memory + 16 + shift, size, NULL);
            if (vm != NULL) {
                smallest = smallest == 0 ? size : smallest;
                xv_collect(vm);
                check(vm);
                while (xv_alloc(vm, XV_KIND_ARRAY, 7) != XV_NULL) {
                    if (vm->stats.collections > 20) {
                        break;
                    }
                }
                xv_close(vm);
            }
            for (size_t i = 0; i < 16 + shift; i++) {
                assert_int_equal(memory[i], 0x5a);
            }
            for (size_t i = 16 + shift + size; i < sizeof memory; i++) {
                assert_int_equal(memory[i], 0x5a);
            }
        }
    }
    assert_true(XV_64 || smallest > 0);
    assert_null(xv_open(NULL, 100000, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_new_objects_are_zero),
        cmocka_unit_test(test_compaction_keeps_order_and_content),
        cmocka_unit_test(test_no_gap_remains),
        cmocka_unit_test(test_more_garbage_than_any_object_holds),
        cmocka_unit_test(test_roots_nest),
        cmocka_unit_test(test_stack_is_rooted),
        cmocka_unit_test(test_never_fragments),
        cmocka_unit_test(test_absurd_sizes),
        cmocka_unit_test(test_out_of_memory_leaves_all_usable),
        cmocka_unit_test(test_memory_error_needs_no_memory),
        cmocka_unit_test(test_identities_stay),
        cmocka_unit_test(test_identities_differ),
        cmocka_unit_test(test_watched),
        cmocka_unit_test(test_deep_chain_newest_outside),
        cmocka_unit_test(test_deep_chain_newest_inside),
        cmocka_unit_test(test_deep_lists_newest_outside),
        cmocka_unit_test(test_deep_lists_newest_inside),
        cmocka_unit_test(test_wide_and_deep),
        cmocka_unit_test(test_cycles_die),
        cmocka_unit_test(test_shrink),
        cmocka_unit_test(test_heap_lock),
#if XIPVM_MODULE_GC
        cmocka_unit_test(test_figures_add_up),
        cmocka_unit_test(test_gc_disable),
#endif
        cmocka_unit_test(test_arena_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
