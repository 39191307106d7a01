/* import gc: the collector as a program may see and drive it. */
#include "lib/lib.h"

#if XIPVM_MODULE_GC
#include "object/number.h"

/* Returns the bytes that became free. */
static xv_value gc_collect(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    size_t before = xv_heap_used(vm);
    xv_collect(vm);
    size_t after = xv_heap_used(vm);
    return xv_int_from_unsigned(vm, before > after ? before - after : 0);
}

static xv_value gc_mem_free(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return xv_int_from_unsigned(vm, xv_heap_free(vm));
}

static xv_value gc_mem_alloc(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return xv_int_from_unsigned(vm, xv_heap_used(vm));
}

static xv_value gc_enable(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    vm->gc_disabled = false;
    return XV_NONE;
}

static xv_value gc_disable(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    vm->gc_disabled = true;
    return XV_NONE;
}

static xv_value gc_isenabled(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return XV_BOOL(!vm->gc_disabled);
}

/* Elsewhere a threshold makes collections come early, so that the heap does not fragment. Ours cannot: there is
 * none, whatever a program asks for. */
static xv_value gc_threshold(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (n == 0) {
        return XV_INT(-1);
    }
    intptr_t bytes;
    return xv_to_index(vm, args[0], &bytes) ? XV_NONE : XV_NULL;
}

static const struct xv_native functions[] = {
    XV_FUNCTION(collect, gc_collect, 0, 1),
    XV_FUNCTION(mem_free, gc_mem_free, 0, 0),
    XV_FUNCTION(mem_alloc, gc_mem_alloc, 0, 0),
    XV_FUNCTION(enable, gc_enable, 0, 0),
    XV_FUNCTION(disable, gc_disable, 0, 0),
    XV_FUNCTION(isenabled, gc_isenabled, 0, 0),
    XV_FUNCTION(threshold, gc_threshold, 0, 1),
};

const struct xv_native_module xv_module_gc = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_gc,
    XV_FUNCTIONS(functions),
};
#endif
