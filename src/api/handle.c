/* Handles: rooted references for the host. vm->handles holds two words for each: the object, or XV_NULL if it
 * is free, and a small int with the number of times that it was used before and, while it is free, the next
 * free one. */
#include "api/api.h"

#define FIRST_HANDLES 4u
/* Number (from 1) and generation share a small int of 31 bits, and a handle of 32. */
#define NUMBER_BITS 14
#define MAX_HANDLES ((1u << NUMBER_BITS) - 1)
#define GENERATION_MASK 0xffffu

/* Bits that do not change when a handle is used again: by these the debug profile knows the handles of each VM.
 * Otherwise VMs begin with different generations, so that a handle of another is recognised as well as one that was
 * released. */
#if XIPVM_DEBUG
#define TAG_MASK 0xff00u
#else
#define TAG_MASK 0u
#endif

static uintptr_t info_of(xv_value v) {
    return (uintptr_t)xv_small(v);
}

static xv_value make_info(uintptr_t generation, uintptr_t next_free) {
    return XV_INT((generation & GENERATION_MASK) << NUMBER_BITS | next_free);
}

static uintptr_t generation_of(xv_value info) {
    return info_of(info) >> NUMBER_BITS;
}

/* The generation of handles that are used for the first time. */
static uintptr_t first_generation(const struct xv_vm *vm) {
    uint32_t which = (uint32_t)((uintptr_t)vm / sizeof(uintptr_t));
#if XIPVM_DEBUG
    which += 2 * vm->debug.opened; /* not the same as that of the next VM in memory */
#endif
    return which * 0x9e3779b1u >> 16;
}

static uintptr_t next_generation(uintptr_t g) {
    return (g & TAG_MASK) | ((g + 1) & GENERATION_MASK & ~TAG_MASK);
}

/* The two words of a handle, or NULL. */
static xv_value *find(const struct xv_vm *vm, xipvm_handle h) {
    uint32_t number = h & MAX_HANDLES;
    if (number == 0 || vm->handles == XV_NULL || number > xv_n_items(vm->handles) / 2) {
        return NULL;
    }
    xv_value *at = xv_items(vm->handles) + 2 * (size_t)(number - 1);
    return at[0] != XV_NULL && generation_of(at[1]) == h >> NUMBER_BITS ? at : NULL;
}

#if XIPVM_DEBUG
const char *xv_handle_fault(const struct xv_vm *vm, xipvm_handle h) {
    if (find(vm, h) != NULL) {
        return NULL;
    }
    size_t n = vm->handles == XV_NULL ? 0 : xv_n_items(vm->handles) / 2;
    uint32_t number = h & MAX_HANDLES, generation = h >> NUMBER_BITS;
    if (h == XIPVM_NO_HANDLE) {
        return "is none";
    }
    if (((generation ^ first_generation(vm)) & TAG_MASK) != 0) {
        return "belongs to another VM";
    }
    if (number == 0 || number > n || generation > GENERATION_MASK) {
        return "was never given out";
    }
    return "was released";
}
#endif

xv_value xv_handle_value(const struct xv_vm *vm, xipvm_handle h) {
    const xv_value *at = find(vm, h);
    return at == NULL ? XV_NULL : at[0];
}

uint32_t xv_handle_count(const struct xv_vm *vm) {
    uint32_t count = 0;
    for (size_t i = 0; vm->handles != XV_NULL && i < xv_n_items(vm->handles); i += 2) {
        count += xv_items(vm->handles)[i] != XV_NULL;
    }
    return count;
}

/* More free handles. False with MemoryError. */
static bool grow(struct xv_vm *vm) {
    size_t n = vm->handles == XV_NULL ? 0 : xv_n_items(vm->handles) / 2;
    size_t more = n == 0 ? FIRST_HANDLES : n + n / 2;
    if (more > MAX_HANDLES) {
        more = MAX_HANDLES;
    }
    if (more <= n) {
        xv_raise_memory(vm);
        return false;
    }
    xv_value bigger = xv_alloc_array(vm, 2 * more);
    if (bigger == XV_NULL) {
        return false;
    }
    xv_value *items = xv_items(bigger);
    if (n > 0) {
        memcpy(items, xv_items(vm->handles), 2 * n * sizeof *items);
    }
    for (size_t i = n; i < more; i++) {
        items[2 * i + 1] = make_info(first_generation(vm), i + 1 < more ? i + 2 : 0);
    }
    vm->handles = bigger;
    vm->free_handle = (uint32_t)n + 1;
    return true;
}

enum xipvm_status xv_give(struct xv_vm *vm, xv_value v, xipvm_handle *out) {
    if (v == XV_NULL) {
        return xv_failed(vm);
    }
    if (out == NULL) {
        return XIPVM_OK;
    }
    if (vm->free_handle == 0) {
        xv_value r[1] = {v};
        XV_ENTER(vm, r);
        bool room = grow(vm);
        XV_LEAVE(vm);
        if (!room) {
            return xv_failed(vm);
        }
        v = r[0];
    }
    uint32_t number = vm->free_handle;
    xv_value *at = xv_items(vm->handles) + 2 * (size_t)(number - 1);
    uintptr_t generation = generation_of(at[1]);
    vm->free_handle = (uint32_t)(info_of(at[1]) & MAX_HANDLES);
    at[0] = v;
    at[1] = make_info(generation, 0);
    *out = (uint32_t)generation << NUMBER_BITS | number;
    return XIPVM_OK;
}

void xipvm_release(xipvm_vm *vm, xipvm_handle h) {
    xv_value *at = find(vm, h);
    if (at != NULL) {
        at[0] = XV_NULL;
        at[1] = make_info(next_generation(generation_of(at[1])), vm->free_handle);
        vm->free_handle = h & MAX_HANDLES;
    }
}

enum xipvm_status xipvm_dup(xipvm_vm *vm, xipvm_handle h, xipvm_handle *out) {
    xv_value v = xv_handle_value(vm, h);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_give(vm, v, out);
}

bool xipvm_same(xipvm_vm *vm, xipvm_handle a, xipvm_handle b) {
    xv_value v = xv_handle_value(vm, a);
    return v != XV_NULL && v == xv_handle_value(vm, b);
}
