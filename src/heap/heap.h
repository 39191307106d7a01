/* The heap: allocation, roots, collection and compaction.
 *
 * Any function that takes `vm` may allocate, unless its comment says that it does not; any allocation may move
 * every object. So:
 *
 *  - A value held in a C local across such a call must be rooted: in an array given to XV_ENTER, in a slot below
 *    vm->sp (a native's `args` are), or in a field of an object that is itself rooted.
 *  - A callee protects its own arguments. A caller roots only what it uses afterwards.
 *  - An interior pointer (a str's bytes, a list's items) is good until the next allocation.
 *  - The stress build (XIPVM_GC_STRESS) moves everything at every allocation, and often where there could be one,
 *    and poisons what was vacated.
 *
 * Errors travel as return values: XV_NULL or false, with vm->exc set. */
#ifndef XV_HEAP_HEAP_H
#define XV_HEAP_HEAP_H

#include "heap/state.h"

/* Words that `bytes` bytes take. */
static inline size_t xv_words_for(size_t bytes) {
    return bytes / sizeof(uintptr_t) + (bytes % sizeof(uintptr_t) != 0);
}

/* Sets up the heap in [low, end) of the arena; both are word aligned. */
void xv_heap_init(struct xv_vm *vm, uint8_t *stack_base, uint8_t *end);

/* Gives the memory back as plain bytes: the stress build poisons what is not in use. */
void xv_heap_end(struct xv_vm *vm);

/* A new object of `words` words, header included, all of them zero but the header. XV_NULL with MemoryError if
 * there is no room even after a collection, or the heap is locked.
 *
 * So that an exception can tell what happened even then, a reserve is kept free for those who make exceptions: while
 * they have it open, an allocation that fails otherwise takes from it. Collections restore it; under a locked heap
 * there is none but for that, when it is used up. */
xv_value xv_alloc(struct xv_vm *vm, enum xv_kind kind, size_t words);

/* The same without a collection, and without an exception if there is no room: for what follows upon a collection. */
xv_value xv_alloc_now(struct xv_vm *vm, enum xv_kind kind, size_t words);

/* Opens the reserve, and returns what is to be given to xv_reserve_close. */
static inline bool xv_reserve_open(struct xv_vm *vm) {
    bool was_open = vm->reserve_open;
    vm->reserve_open = true;
    return was_open;
}
static inline void xv_reserve_close(struct xv_vm *vm, bool was_open) {
    vm->reserve_open = was_open;
}

/* Sets the size of the reserve, XIPVM_RESERVE words at least, collecting if it must. False with MemoryError. */
bool xv_reserve_resize(struct xv_vm *vm, size_t bytes);

/* An object with a header and `bytes` further bytes. */
xv_value xv_alloc_bytes(struct xv_vm *vm, enum xv_kind kind, size_t bytes);

/* An ARRAY of `n` values, all XV_NULL. */
xv_value xv_alloc_array(struct xv_vm *vm, size_t n);

/* Cuts an object down to `words` words. Does not allocate. */
void xv_shrink(struct xv_vm *vm, xv_value object, size_t words);

/* Whether what is full may collect before it fails: not while the program has locked the heap or disabled collections. */
static inline bool xv_may_collect(const struct xv_vm *vm) {
    return !vm->heap_locked && !vm->gc_disabled;
}

/* Collects and compacts. Does not fail. */
void xv_collect(struct xv_vm *vm);

/* For what takes memory or calls back now and then only, at its beginning, once what it was given is rooted: the stress build
 * collects each fifth time. */
#if XIPVM_GC_STRESS
void xv_chance(struct xv_vm *vm);
#else
#define xv_chance(vm) ((void)0)
#endif

/* Collects until nothing is left to be found: of what a collection itself sets free, the next one learns. */
void xv_collect_all(struct xv_vm *vm);

/* Makes sure that the frame stack can grow by `words` from vm->sp, collecting if it must. False, without an
 * exception, if there is no room. */
bool xv_stack_room(struct xv_vm *vm, size_t words);

/* The same question without collecting. */
bool xv_stack_fits(const struct xv_vm *vm, size_t words);

/* Bytes that the arena holds for the program (objects, names, tables, frame stack), after no collection of its own;
 * and bytes that an allocation could still get without one. */
size_t xv_heap_used(const struct xv_vm *vm);
size_t xv_heap_free(const struct xv_vm *vm);
/* Bytes that were ever allocated. */
uint64_t xv_heap_total(const struct xv_vm *vm);

/* Scratch memory between the frame stack and the heap, good until the next allocation or push. */
void *xv_heap_scratch(struct xv_vm *vm, size_t *size);

/* Makes the first `bytes` bytes of the scratch memory a RAW object. Does not collect; XV_NULL with MemoryError. */
xv_value xv_heap_claim(struct xv_vm *vm, size_t bytes);

/* Walks the heap and checks every header and every reference. NULL, or what is wrong. For tests. */
const char *xv_heap_check(struct xv_vm *vm);

/* True if the object lies in this VM's heap (and so may move). */
static inline bool xv_in_heap(const struct xv_vm *vm, xv_value v) {
    return (uint8_t *)v >= vm->heap_low && (uint8_t *)v < vm->heap_end;
}

/* A number that stays with a heap object for its life, whatever moves: the base of id() and of identity hashes.
 * False with MemoryError. */
bool xv_identity(struct xv_vm *vm, xv_value v, uintptr_t *out);

/* Has `end`, a const native, called with `object`, which lies in the heap, once nothing refers to it any more or when
 * the VM is closed, whichever comes first: for what the object holds outside the arena. `end` runs within a
 * collection: it may look at the object's own words, must not allocate nor touch any other object, and its result is
 * ignored. False with MemoryError. Once at a time for an object; xv_unwatch (which does not allocate) takes it back. */
struct xv_native;
bool xv_watch(struct xv_vm *vm, xv_value object, const struct xv_native *end);
void xv_unwatch(struct xv_vm *vm, xv_value object);

/* Ends all watched objects: the first thing in closing a VM. */
void xv_watched_end(struct xv_vm *vm);

#endif
