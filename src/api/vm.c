/* The layout of the arena, and what a VM consists of before the first program comes (heap/state.h draws it).
 * Relies on the heap and the object rooms. */
#include "api/vm.h"

#include "api/api.h"
#include "link/module.h"
#include "object/container.h"
#include "object/object.h"
#include "vm/outside.h"
#include "vm/run.h"

/* What the bottom of the arena holds, in order. All parts need the alignment of the first at most. */
struct bottom {
    struct xv_vm vm;
    struct xv_cache_entry cache[XIPVM_CACHE_ENTRIES];
    struct xv_code_info code_cache[XIPVM_FUNCTION_CACHE];
#if XIPVM_DEBUG
    struct xipvm_args calls[XV_DEBUG_CALLS];
#endif
};

/* Slots of struct xv_vm may need more alignment than a word, and the heap needs a word's. */
struct alignment {
    char c;
    struct bottom bottom;
};
#define ALIGNMENT offsetof(struct alignment, bottom)

static bool make_objects(struct xv_vm *vm) {
    vm->memory_error = xv_memory_error_new(vm);
    vm->slots = vm->memory_error == XV_NULL ? XV_NULL : xv_alloc_array(vm, XV_FIRST_SLOTS);
    vm->modules = vm->slots == XV_NULL ? XV_NULL : xv_dict_new(vm, 0);
    vm->argv = vm->modules == XV_NULL ? XV_NULL : xv_list_new(vm, 0);
    vm->path = vm->argv == XV_NULL ? XV_NULL : xv_list_new(vm, 0);
    return vm->path != XV_NULL;
}

struct xv_vm *xv_open(void *arena, size_t size, const struct xipvm_hal *hal) {
    size_t skip = (ALIGNMENT - (uintptr_t)arena % ALIGNMENT) % ALIGNMENT;
    if (arena == NULL || size < skip || size - skip < sizeof(struct bottom)) {
        return NULL;
    }
    uint8_t *base = (uint8_t *)arena + skip;
    size = (size - skip) & ~(sizeof(uintptr_t) - 1);

    struct bottom *b = (struct bottom *)(void *)base;
#if XIPVM_DEBUG
    uint32_t opened = b->vm.debug.opened;
#endif
    memset(b, 0, sizeof *b);
    struct xv_vm *vm = &b->vm;
    vm->cache = b->cache;
    vm->code_cache = b->code_cache;
    vm->arena = base;
    vm->arena_size = size;
    vm->hal = hal;
#if XIPVM_DEBUG
    vm->debug.opened = opened + 1;
    xv_debug_begin(vm, b->calls);
#endif
    vm->names_version = 1;
    vm->class_version = 1;
    xv_meter_begin(vm, 0);
    xv_outside_init(vm);
    xv_heap_init(vm, base + sizeof *b, base + size);
    if (!make_objects(vm)) {
        xv_close(vm);
        return NULL;
    }
    return vm;
}

void xv_close(struct xv_vm *vm) {
    xv_watched_end(vm);
    xv_heap_end(vm);
#if XIPVM_DEBUG
    xv_debug_end(vm);
#endif
}
