/* import micropython: what MicroPython programs expect of their VM. */
#include "lib/lib.h"

#include "object/number.h"
#include "vm/call.h"
#include "vm/outside.h"

/* The compiler has done its part already. */
static xv_value mp_const(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return args[0];
}

/* There is no compiler whose level could be set: it is 0, and setting it changes nothing. */
static xv_value mp_opt_level(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)args;
    return n == 0 ? XV_INT(0) : XV_NONE;
}

static size_t stack_bytes(const struct xv_vm *vm) {
    return (size_t)(vm->sp - vm->stack_base) * sizeof(xv_value);
}

static xv_value mp_mem_info(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    struct xv_printer out;
    xv_printer_begin(&out, vm, true);
    bool ok = xv_putf(&out, "arena: total=%z, used=%z, free=%z, peak=%z\nstack: %z, peak=%z\n", vm->arena_size,
                      xv_heap_used(vm), xv_heap_free(vm), vm->stats.peak_heap, stack_bytes(vm),
                      vm->stats.peak_stack);
    xv_printer_end(&out);
    return ok ? XV_NONE : XV_NULL;
}

static xv_value mp_qstr_info(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    struct xv_printer out;
    xv_printer_begin(&out, vm, true);
    bool ok = xv_putf(&out, "qstr pool: n_static=%u, n_dynamic=%u, n_total_bytes=%z\n", (unsigned)XV_POOL_STATIC,
                      (unsigned)vm->pool.live, xv_pool_bytes(vm));
    xv_printer_end(&out);
    return ok ? XV_NONE : XV_NULL;
}

static xv_value mp_mem_total(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return XV_INT(xv_heap_total(vm) & (uint64_t)XV_SMALL_MAX);
}

static size_t heap_now(const struct xv_vm *vm) {
    return (size_t)(vm->heap_end - vm->heap_low);
}

static xv_value mp_mem_current(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return XV_INT(heap_now(vm));
}

static xv_value mp_mem_peak(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return XV_INT(heap_now(vm) > vm->stats.peak_heap ? heap_now(vm) : vm->stats.peak_heap);
}

static xv_value mp_stack_use(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return XV_INT(stack_bytes(vm));
}

/* Makes the constants of all modules that are made at their first use, so that loading one needs no memory. */
static bool make_constants(struct xv_vm *vm) {
    for (size_t slot = 0; slot < xv_n_items(vm->slots); slot++) {
        xv_value r[1] = {xv_items(vm->slots)[slot]};
        uint32_t n = r[0] == XV_NULL ? 0 : xv_module(r[0])->n_obj;
        bool made = true;
        XV_ENTER(vm, r);
        for (uint32_t i = 0; made && i < n; i++) {
            made = xv_module_constant(vm, r[0], i) != XV_NULL;
        }
        XV_LEAVE(vm);
        if (!made) {
            return false;
        }
    }
    return true;
}

/* heap_lock() may be nested; as long as it is in force, allocations raise MemoryError. */
static xv_value mp_heap_lock(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    if (vm->heap_locked == UINT16_MAX) {
        return xv_raise(vm, &xv_exc_RuntimeError, "heap locked too often");
    }
    if (vm->heap_locked == 0 && !make_constants(vm)) {
        return XV_NULL;
    }
    vm->heap_locked++;
    return XV_NONE;
}

static xv_value mp_heap_unlock(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    if (vm->heap_locked == 0) {
        return xv_raise(vm, &xv_exc_RuntimeError, "heap isn't locked");
    }
    vm->heap_locked--;
    return XV_INT(vm->heap_locked);
}

static xv_value mp_heap_locked(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return XV_INT(vm->heap_locked);
}

/* Bytes that only exceptions may take, when there is no memory otherwise. There is a reserve of some size always. */
static xv_value mp_alloc_emergency_exception_buf(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t bytes;
    if (!xv_to_index(vm, args[0], &bytes)) {
        return XV_NULL;
    }
    return xv_reserve_resize(vm, bytes < 0 ? 0 : xv_words_for((size_t)bytes) * sizeof(xv_value)) ? XV_NONE : XV_NULL;
}

/* Nothing to do: the VM reads no keyboard. A host that does interrupts it through the API. */
static xv_value mp_kbd_intr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t character;
    return xv_to_index(vm, args[0], &character) ? XV_NONE : XV_NULL;
}

static xv_value mp_schedule(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_schedule(vm, args[0], args[1]) ? XV_NONE : XV_NULL;
}

static const struct xv_native functions[] = {
    XV_FUNCTION(const, mp_const, 1, 1),
    XV_FUNCTION(opt_level, mp_opt_level, 0, 1),
    XV_FUNCTION(mem_info, mp_mem_info, 0, 1),
    XV_FUNCTION(qstr_info, mp_qstr_info, 0, 1),
    XV_FUNCTION(mem_total, mp_mem_total, 0, 0),
    XV_FUNCTION(mem_current, mp_mem_current, 0, 0),
    XV_FUNCTION(mem_peak, mp_mem_peak, 0, 0),
    XV_FUNCTION(stack_use, mp_stack_use, 0, 0),
    XV_FUNCTION(heap_lock, mp_heap_lock, 0, 0),
    XV_FUNCTION(heap_unlock, mp_heap_unlock, 0, 0),
    XV_FUNCTION(heap_locked, mp_heap_locked, 0, 0),
    XV_FUNCTION(alloc_emergency_exception_buf, mp_alloc_emergency_exception_buf, 1, 1),
    XV_FUNCTION(schedule, mp_schedule, 2, 2),
    XV_FUNCTION(kbd_intr, mp_kbd_intr, 1, 1),
};

#if XIPVM_RINGIO
static const struct xv_constant constants[] = {
    XV_CONSTANT(RingIO, &xv_type_ring_io),
};
#endif

const struct xv_native_module xv_module_micropython = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_micropython,
    XV_FUNCTIONS(functions),
#if XIPVM_RINGIO
    XV_CONSTANTS(constants),
#endif
};
