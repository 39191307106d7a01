/* Words that other threads and interrupt handlers share with a VM. Nothing else in the library is shared.
 *
 * Loads and stores are sequentially consistent, xv_atomic_peek excepted, which promises nothing but a whole word: it
 * is for the interpreter's hot path, where what it sees is looked at again properly. xv_atomic_claim changes a word
 * from one value to another if no one else did before.
 *
 * Where the compiler has no instruction for that, only Armv6-M (Cortex-M0, M0+, M1) is known what to do on: there is
 * one core, or a lock of the host's keeps the others off, so it is enough that no interrupt comes in between, for about six
 * instructions. That takes privileged mode. */
#ifndef XV_HEAP_ATOMIC_H
#define XV_HEAP_ATOMIC_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__GCC_ATOMIC_POINTER_LOCK_FREE) && __GCC_ATOMIC_POINTER_LOCK_FREE == 2

static inline uintptr_t xv_atomic_peek(const uintptr_t *word) {
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

static inline uintptr_t xv_atomic_load(const uintptr_t *word) {
    return __atomic_load_n(word, __ATOMIC_SEQ_CST);
}

static inline void xv_atomic_store(uintptr_t *word, uintptr_t value) {
    __atomic_store_n(word, value, __ATOMIC_SEQ_CST);
}

static inline bool xv_atomic_claim(uintptr_t *word, uintptr_t from, uintptr_t to) {
    return __atomic_compare_exchange_n(word, &from, to, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

#elif defined(__ARM_ARCH_6M__)

#define XV_ATOMIC_BARRIER() __asm__ volatile("dmb" ::: "memory")

static inline uintptr_t xv_atomic_peek(const uintptr_t *word) {
    return *(const volatile uintptr_t *)word;
}

static inline uintptr_t xv_atomic_load(const uintptr_t *word) {
    uintptr_t value = *(const volatile uintptr_t *)word;
    XV_ATOMIC_BARRIER();
    return value;
}

static inline void xv_atomic_store(uintptr_t *word, uintptr_t value) {
    XV_ATOMIC_BARRIER();
    *(volatile uintptr_t *)word = value;
    XV_ATOMIC_BARRIER();
}

static inline bool xv_atomic_claim(uintptr_t *word, uintptr_t from, uintptr_t to) {
    uint32_t masked;
    __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(masked)::"memory");
    bool same = *(volatile uintptr_t *)word == from;
    if (same) {
        *(volatile uintptr_t *)word = to;
    }
    __asm__ volatile("msr primask, %0" ::"r"(masked) : "memory");
    return same;
}

#else
#error "heap/atomic.h knows no lock-free compare and swap for this target"
#endif

#endif
