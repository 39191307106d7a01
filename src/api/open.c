/* Opening and closing for the host, and the figures of a VM. Relies on api/vm.c for the layout of the arena.
 */
#include "api/api.h"
#include "api/vm.h"
#include "link/module.h"
#include "object/container.h"
#include "object/str.h"
#include "vm/interp.h"

const char *xipvm_status_text(enum xipvm_status status) {
    switch (status) {
    case XIPVM_OK:
        return "success";
    case XIPVM_EXCEPTION:
        return "a Python exception was raised";
    case XIPVM_BAD_BLOB:
        return "the blob was refused";
    case XIPVM_NO_MEMORY:
        return "the arena is too small";
    case XIPVM_BAD_ARGUMENT:
        return "an argument has no meaning";
    case XIPVM_NOT_FOUND:
        return "there is no such thing";
    case XIPVM_FULL:
        return "there is no room for more now";
    case XIPVM_SUSPENDED:
        return "the budget is spent";
    }
    return "unknown status";
}

bool xv_hal_is_whole(const struct xipvm_hal *hal) {
    const struct xipvm_files *f = hal == NULL ? NULL : hal->files;
    return f == NULL || (f->open != NULL && f->read != NULL && f->write != NULL && f->close != NULL &&
                         (f->list_begin != NULL) == (f->list_next != NULL) &&
                         (f->list_begin != NULL) == (f->list_end != NULL));
}

enum xipvm_status xipvm_open(void *arena, size_t size, const struct xipvm_hal *hal, xipvm_vm **vm) {
    if (arena == NULL || vm == NULL || size > UINTPTR_MAX - (uintptr_t)arena || !xv_hal_is_whole(hal)) {
        return XIPVM_BAD_ARGUMENT;
    }
    struct xv_vm *opened = xv_open(arena, size, hal);
    if (opened == NULL) {
        return XIPVM_NO_MEMORY;
    }
    *vm = opened;
    return XIPVM_OK;
}

void xipvm_close(xipvm_vm *vm) {
    if (vm != NULL && vm->roots == NULL) { /* else something of the VM is still at work below */
        xv_close(vm);
    }
}

const struct xipvm_hal *xipvm_hal_of(const xipvm_vm *vm) {
    return vm->hal;
}

enum xipvm_status xipvm_set_argv(xipvm_vm *vm, size_t n, const char *const *argv) {
    for (size_t i = 0; i < n; i++) {
        if (argv == NULL || argv[i] == NULL) {
            return XIPVM_BAD_ARGUMENT;
        }
    }
    xv_value r[1] = {xv_list_new(vm, n)};
    bool ok = r[0] != XV_NULL;
    XV_ENTER(vm, r);
    for (size_t i = 0; ok && i < n; i++) {
        xv_value text = xv_host_text(vm, argv[i], strlen(argv[i]));
        ok = text != XV_NULL && xv_list_append(vm, r[0], text);
    }
    XV_LEAVE(vm);
    if (ok) {
        vm->argv = r[0];
    }
    return xv_done(vm, ok);
}

/* ---- figures */

static size_t tables_of_modules(const struct xv_vm *vm) {
    size_t bytes = 0;
    for (size_t i = 0; i < xv_n_items(vm->slots); i++) {
        xv_value module = xv_items(vm->slots)[i];
        if (module != XV_NULL) {
            bytes += xv_module_table_bytes(module);
        }
    }
    return bytes;
}

void xipvm_stats(xipvm_vm *vm, struct xipvm_stats *out) {
    if (out == NULL) {
        return;
    }
    const struct xv_stats *s = &vm->stats;
    size_t live = (size_t)(vm->heap_end - vm->heap_low);
    *out = (struct xipvm_stats){
        .arena = vm->arena_size,
        .overhead = (size_t)((uint8_t *)vm->stack_base - vm->arena),
        .live_heap = live,
        .peak_heap = s->peak_heap > live ? s->peak_heap : live,
        .peak_stack = s->peak_stack,
        .free_heap = xv_heap_free(vm),
        .collections = s->collections,
        .modules = vm->n_modules,
        .loaded_in_place = s->loaded[XV_WAY_IN_PLACE],
        .loaded_prelinked = s->loaded[XV_WAY_PRELINKED],
        .loaded_linked = s->loaded[XV_WAY_LINKED],
        .handles = xv_handle_count(vm),
        .code_in_place = s->code_in_place,
        .code_in_ram = s->code_in_ram,
        .table_bytes = tables_of_modules(vm),
        .pool_bytes = xv_pool_bytes(vm),
        .constant_bytes = s->constant_bytes,
        .budget = s->budget_spent + (uint64_t)(vm->meter.slice - vm->budget),
        .overrun = s->overrun,
    };
}

void xipvm_collect(xipvm_vm *vm) {
    xv_collect_all(vm);
}
