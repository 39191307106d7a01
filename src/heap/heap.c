/* The heap: bump allocation downwards from the top of the arena, and a precise mark-and-slide collector after
 * Jonkers ("A fast garbage compaction algorithm", 1979): references to an object are threaded into a
 * list that begins in its header, so compaction needs no memory of its own.
 *
 * This file relies on the layouts of objects and frames, and on nothing that a type does. */
#include "heap/heap.h"

#include "heap/collect.h"
#include "link/module.h"
#include "link/qstr.h"
#include "object/object.h"

#if XIPVM_GC_STRESS && defined(__has_feature)
#if __has_feature(address_sanitizer)
#define XV_ASAN 1
#endif
#endif
#if XIPVM_GC_STRESS && defined(__SANITIZE_ADDRESS__)
#define XV_ASAN 1
#endif
#ifdef XV_ASAN
#include <sanitizer/asan_interface.h>
#define XV_POISON(at, n) ASAN_POISON_MEMORY_REGION(at, n)
#define XV_UNPOISON(at, n) ASAN_UNPOISON_MEMORY_REGION(at, n)
#else
#define XV_POISON(at, n) ((void)0)
#define XV_UNPOISON(at, n) ((void)0)
#endif

#define XV_WORD sizeof(uintptr_t)

void xv_heap_init(struct xv_vm *vm, uint8_t *stack_base, uint8_t *end) {
    vm->stack_base = (xv_value *)(void *)stack_base;
    vm->sp = vm->stack_base;
    vm->stack_top = vm->stack_base;
    vm->heap_end = end;
#if XIPVM_GC_STRESS
    /* A quarter for the stack, the rest in two halves between which everything moves. */
    size_t half = ((size_t)(end - stack_base) / 8 * 3) & ~(XV_WORD - 1);
    vm->half_end = end - half;
    vm->half_low = vm->half_end - half;
    XV_POISON(vm->half_low, half);
#endif
    vm->heap_low = vm->heap_end;
    vm->reserve = vm->reserve_left = XIPVM_RESERVE * XV_WORD;
}

void xv_heap_end(struct xv_vm *vm) {
    XV_UNPOISON(vm->arena, vm->arena_size);
    (void)vm;
}

/* The lowest address that an object may have. */
static uint8_t *heap_floor(const struct xv_vm *vm) {
#if XIPVM_GC_STRESS
    return vm->half_low < vm->heap_low ? vm->half_end : vm->heap_end - (vm->half_end - vm->half_low);
#else
    return (uint8_t *)(vm->sp > vm->stack_top ? vm->sp : vm->stack_top);
#endif
}

/* Where the frame stack has to end. */
static uint8_t *stack_ceiling(const struct xv_vm *vm) {
#if XIPVM_GC_STRESS
    uint8_t *other = vm->heap_end - (vm->half_end - vm->half_low);
    return other < vm->half_low ? other : vm->half_low;
#else
    return vm->heap_low;
#endif
}

/* Bytes between the lowest object and its lower limit, the reserve included. */
static size_t gap(const struct xv_vm *vm) {
    const uint8_t *floor = heap_floor(vm);
    return vm->heap_low > floor ? (size_t)(vm->heap_low - floor) : 0;
}

size_t xv_heap_free(const struct xv_vm *vm) {
    size_t all = gap(vm);
    return all > vm->reserve_left ? all - vm->reserve_left : 0;
}

uint64_t xv_heap_total(const struct xv_vm *vm) {
    return vm->stats.freed + (size_t)(vm->heap_end - vm->heap_low);
}

size_t xv_heap_used(const struct xv_vm *vm) {
    return vm->arena_size - xv_heap_free(vm);
}

static void note_peaks(struct xv_vm *vm) {
    size_t heap = (size_t)(vm->heap_end - vm->heap_low);
    if (heap > vm->stats.peak_heap) {
        vm->stats.peak_heap = heap;
    }
}

static bool fits(const struct xv_vm *vm, size_t size) {
    return !vm->heap_locked && size <= xv_heap_free(vm);
}

static bool take_from_reserve(struct xv_vm *vm, size_t size) {
    if (!vm->reserve_open || size > vm->reserve) {
        return false;
    }
    if (size > vm->reserve_left && vm->heap_locked && !vm->gc_disabled) {
        /* The exceptions before have used it up; most likely they are gone. */
        xv_collect(vm);
    }
    if (size > vm->reserve_left || size > gap(vm)) {
        return false;
    }
    vm->reserve_left -= size;
    return true;
}

bool xv_reserve_resize(struct xv_vm *vm, size_t bytes) {
    size_t least = XIPVM_RESERVE * XV_WORD;
    bytes = bytes < least ? least : bytes;
    if (bytes > gap(vm)) {
        xv_collect(vm);
        if (bytes > gap(vm)) {
            xv_raise_memory(vm);
            return false;
        }
    }
    vm->reserve = vm->reserve_left = bytes;
    return true;
}

/* What xv_alloc returns, once it is known that there is room. */
static xv_value bump(struct xv_vm *vm, enum xv_kind kind, size_t words) {
    size_t size = words * XV_WORD;
    vm->heap_low -= size;
    XV_UNPOISON(vm->heap_low, size);
    uintptr_t *object = (uintptr_t *)(void *)vm->heap_low;
    object[0] = XV_HEADER(kind, words);
    memset(object + 1, 0, size - XV_WORD);
    return xv_from(object);
}

#if XIPVM_FAULT_INJECTION
/* Whether a test wants this allocation to fail. */
static bool is_fault(struct xv_vm *vm) {
    struct xv_faults *f = &vm->faults;
    f->count++;
    return f->count >= f->at && f->count - f->at < f->n;
}

/* What then becomes of it. */
static xv_value fault(struct xv_vm *vm, enum xv_kind kind, size_t words) {
    bool taken = !vm->faults.hard && take_from_reserve(vm, words * XV_WORD);
    return taken ? bump(vm, kind, words) : xv_raise_memory(vm);
}
#define XV_FAULT(vm, otherwise)                                                           \
    if (is_fault(vm)) {                                                                   \
        return otherwise;                                                                 \
    }
#else
#define XV_FAULT(vm, otherwise)
#endif

xv_value xv_alloc_now(struct xv_vm *vm, enum xv_kind kind, size_t words) {
    XV_FAULT(vm, XV_NULL)
    bool room = words <= XV_MAX_WORDS / XV_WORD && words * XV_WORD <= xv_heap_free(vm);
    return room ? bump(vm, kind, words) : XV_NULL;
}

xv_value xv_alloc(struct xv_vm *vm, enum xv_kind kind, size_t words) {
    if (words > XV_MAX_WORDS / XV_WORD) {
        return xv_raise_memory(vm);
    }
    size_t size = words * XV_WORD;
#if XIPVM_GC_STRESS
    if (!vm->heap_locked) {
        xv_collect(vm);
    }
#endif
    XV_FAULT(vm, fault(vm, kind, words))
    if (!fits(vm, size)) {
        if (xv_may_collect(vm)) {
            xv_collect(vm);
        }
        if (!fits(vm, size) && !take_from_reserve(vm, size)) {
            return xv_raise_memory(vm);
        }
    }
    return bump(vm, kind, words);
}

xv_value xv_alloc_bytes(struct xv_vm *vm, enum xv_kind kind, size_t bytes) {
    if (bytes > XV_MAX_WORDS) {
        return xv_raise_memory(vm);
    }
    return xv_alloc(vm, kind, 1 + xv_words_for(bytes));
}

xv_value xv_alloc_array(struct xv_vm *vm, size_t n) {
    if (n >= XV_MAX_WORDS) {
        return xv_raise_memory(vm);
    }
    return xv_alloc(vm, XV_KIND_ARRAY, 1 + n);
}

void xv_shrink(struct xv_vm *vm, xv_value object, size_t words) {
    size_t old = xv_words(object);
    if (words == old || !xv_in_heap(vm, object)) {
        return;
    }
    /* What is cut off becomes an object of its own, dead, so that the heap can still be walked. */
    uintptr_t *tail = (uintptr_t *)object + words;
    tail[0] = XV_HEADER(XV_KIND_RAW, old - words);
    xv_object(object)->header = XV_HEADER(xv_kind(object), words);
}

bool xv_stack_fits(const struct xv_vm *vm, size_t words) {
    const uint8_t *ceiling = stack_ceiling(vm), *sp = (const uint8_t *)vm->sp;
    return sp <= ceiling && words <= (size_t)(ceiling - sp) / XV_WORD;
}

bool xv_stack_room(struct xv_vm *vm, size_t words) {
    if (xv_stack_fits(vm, words)) {
        return true;
    }
    xv_collect(vm);
    return xv_stack_fits(vm, words);
}

void *xv_heap_scratch(struct xv_vm *vm, size_t *size) {
#if XIPVM_GC_STRESS
    uint8_t *low = (uint8_t *)(vm->sp > vm->stack_top ? vm->sp : vm->stack_top);
    *size = (size_t)(stack_ceiling(vm) - low);
#else
    uint8_t *low = heap_floor(vm);
    *size = gap(vm);
#endif
    return low;
}

xv_value xv_heap_claim(struct xv_vm *vm, size_t bytes) {
    size_t words = 1 + xv_words_for(bytes), size = words * XV_WORD;
    size_t scratch_size;
    XV_FAULT(vm, xv_raise_memory(vm))
    const void *scratch = xv_heap_scratch(vm, &scratch_size);
    if (words > XV_MAX_WORDS / XV_WORD || size > xv_heap_free(vm) || bytes > scratch_size) {
        return xv_raise_memory(vm);
    }
    vm->heap_low -= size;
    XV_UNPOISON(vm->heap_low, size);
    uintptr_t *object = (uintptr_t *)(void *)vm->heap_low;
    memmove(object + 1, scratch, bytes);
    memset((uint8_t *)(object + 1) + bytes, 0, size - XV_WORD - bytes);
    object[0] = XV_HEADER(XV_KIND_RAW, words);
    return xv_from(object);
}

/* ---- compaction */

static void thread(struct xv_vm *vm, xv_value *slot) {
    xv_value v = *slot;
    if (xv_is_object(v) && xv_in_heap(vm, v)) {
        *slot = xv_object(v)->header;
        xv_object(v)->header = (uintptr_t)slot;
    }
}

static uintptr_t unthread(struct xv_object *object, xv_value target) {
    uintptr_t h = object->header;
    while ((h & 1) == 0) {
        xv_value *slot = (xv_value *)h;
        h = *slot;
        *slot = target;
    }
    object->header = h;
    return h;
}

/* First pass: every reference from a root or from a lower address gets its object's new address. `to` is where the lowest
 * live object will be in the end. Runs of dead objects become one each, or several if no header can tell the size of all. */
static void forward(struct xv_vm *vm, uint8_t *to) {
    uint8_t *at = vm->heap_low;
    uint8_t *dead = NULL;
    xv_pool_each_text(vm, thread); /* first: it reads the pool through the roots that are threaded next */
    xv_each_root(vm, thread);
    while (at < vm->heap_end) {
        struct xv_object *object = (struct xv_object *)(void *)at;
        uintptr_t h = unthread(object, xv_from(to));
        size_t size = (size_t)(h >> XV_H_SIZE_SHIFT) * XV_WORD;
        if (h & XV_H_MARK) {
            xv_each_reference(vm, object, thread);
            to += size;
            dead = NULL;
        } else if (dead != NULL && (size_t)(at + size - dead) / XV_WORD <= XV_MAX_WORDS) {
            ((struct xv_object *)(void *)dead)->header =
                XV_HEADER(XV_KIND_RAW, (size_t)(at + size - dead) / XV_WORD);
        } else {
            dead = at;
        }
        at += size;
    }
}

/* Second pass: references from higher addresses, and the moving itself, down to the low end of the heap. */
static uint8_t *slide(struct xv_vm *vm, uint8_t *to) {
    uint8_t *at = vm->heap_low;
    uint8_t *dest = vm->heap_low;
    while (at < vm->heap_end) {
        struct xv_object *object = (struct xv_object *)(void *)at;
        uintptr_t h = unthread(object, xv_from(to));
        size_t size = (size_t)(h >> XV_H_SIZE_SHIFT) * XV_WORD;
        if (h & XV_H_MARK) {
            object->header = h & ~XV_H_MARK;
            if (dest != at) {
                memmove(dest, at, size);
            }
            dest += size;
            to += size;
        }
        at += size;
    }
    return dest;
}

void xv_collect(struct xv_vm *vm) {
    if (vm->collecting) {
        return;
    }
    vm->collecting = true;
    note_peaks(vm);
    vm->stats.collections++;
    xv_forget_caches(vm);
    size_t live = xv_mark(vm);
#if XIPVM_GC_STRESS
    uint8_t *end = vm->half_end;
#else
    uint8_t *end = vm->heap_end;
#endif
    uint8_t *to = end - live;
    forward(vm, to);
    uint8_t *low = vm->heap_low;
    vm->stats.freed += (size_t)(vm->heap_end - low) - live;
    slide(vm, to);
    XV_UNPOISON(to, live);
    memmove(to, low, live);
#if XIPVM_GC_STRESS
    size_t half = (size_t)(vm->half_end - vm->half_low);
    uint8_t *old_end = vm->heap_end;
    memset(low, 0xa5, (size_t)(old_end - low));
    XV_POISON(old_end - half, half);
    vm->heap_end = vm->half_end;
    vm->half_end = old_end;
    vm->half_low = old_end - half;
#endif
    vm->heap_low = to;
    vm->reserve_left = vm->reserve;
    xv_module_rebase(vm);
    vm->has_trimmed = false;
    xv_modules_settle(vm);
    xv_pool_trim(vm);
    vm->collecting = false;
}

#if XIPVM_GC_STRESS
void xv_chance(struct xv_vm *vm) {
    if (++vm->chances % 5 == 0 && !vm->heap_locked) { /* a number that loops have hardly a multiple of */
        xv_collect(vm);
    }
}
#endif

void xv_collect_all(struct xv_vm *vm) {
    do {
        xv_collect(vm);
    } while (vm->has_trimmed);
}

/* ---- for tests */

/* Whether what a value refers to carries a mark, as all objects do in the first pass over the references and none in
 * the second: a word that begins no object does not change between the two. */
struct checker {
    const char *wrong;
    uintptr_t mark;
};

static void check_reference(struct xv_vm *vm, xv_value *slot) {
    struct checker *c = vm->marker;
    xv_value v = *slot;
    if (!xv_is_object(v) || !xv_in_heap(vm, v)) {
        return;
    }
    if ((v & (XV_WORD - 1)) != 0 || (xv_object(v)->header & (1 | XV_H_MARK)) != (1 | c->mark)) {
        c->wrong = "a reference leads to no object";
    } else if ((unsigned)xv_kind(v) >= XV_KIND_COUNT) {
        c->wrong = "an object is of no kind";
    }
}

static const char *check_headers(const struct xv_vm *vm) {
    for (uint8_t *at = vm->heap_low; at < vm->heap_end;) {
        struct xv_object *object = (struct xv_object *)(void *)at;
        size_t words = xv_words(xv_from(object));
        if ((object->header & (1 | XV_H_MARK | XV_H_GRAY)) != 1 || words == 0 ||
            words > (size_t)(vm->heap_end - at) / XV_WORD || (unsigned)xv_kind(xv_from(at)) >= XV_KIND_COUNT) {
            return "a header is damaged";
        }
        at += words * XV_WORD;
    }
    return NULL;
}

static void each_object(struct xv_vm *vm, void (*visit)(struct xv_vm *vm, struct xv_object *object)) {
    for (uint8_t *at = vm->heap_low; at < vm->heap_end; at += xv_words(xv_from(at)) * XV_WORD) {
        visit(vm, (struct xv_object *)(void *)at);
    }
}

static void flip_mark(struct xv_vm *vm, struct xv_object *object) {
    (void)vm;
    object->header ^= XV_H_MARK;
}

static void check_references(struct xv_vm *vm, struct xv_object *object) {
    xv_each_reference(vm, object, check_reference);
}

const char *xv_heap_check(struct xv_vm *vm) {
    struct checker c = {check_headers(vm), 0};
    if (c.wrong != NULL) {
        return c.wrong;
    }
    vm->marker = &c;
    for (int pass = 0; pass < 2; pass++) {
        each_object(vm, flip_mark);
        c.mark ^= XV_H_MARK;
        each_object(vm, check_references);
        xv_each_root(vm, check_reference);
        xv_pool_each_text(vm, check_reference);
    }
    vm->marker = NULL;
    return c.wrong;
}
