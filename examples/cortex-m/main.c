/* The demo of examples/demo on bare metal: its modules lie in flash, as the stock compiler wrote them, and run there. */
#include <string.h>

#include "board.h"
#include "xipvm/xipvm.h"

/* What CMakeLists.txt links in: each module's .mpy file, and its size. */
#define MODULES(X) X(main) X(filters) X(controller) X(report)
#define X(name) extern const uint8_t blob_##name[]; extern const size_t blob_##name##_size;
MODULES(X)
#undef X

static const struct {
    const char *name;
    const uint8_t *data;
    const size_t *size;
} modules[] = {
#define X(name) {#name, blob_##name, &blob_##name##_size},
    MODULES(X)
#undef X
};

/* The ends of the flash image, from the linker script. */
extern const uint8_t flash_start[], flash_end[];

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        if (strlen(modules[i].name) == len && memcmp(modules[i].name, name, len) == 0) {
            out->data = modules[i].data;
            out->size = *modules[i].size;
            return true;
        }
    }
    return false;
}

static void write_out(void *context, const void *data, size_t len) {
    (void)context;
    board_write(data, len);
}

static const struct xipvm_hal hal = {.find_blob = find_blob, .write = write_out};

/* True if every module lies in flash, and the VM copied none of their code. */
static bool ran_in_place(xipvm_vm *vm) {
    struct xipvm_stats stats;
    xipvm_stats(vm, &stats);
    bool in_flash = stats.code_in_ram == 0 && stats.code_in_place > 0;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        in_flash = in_flash && modules[i].data >= flash_start && modules[i].data + *modules[i].size <= flash_end;
    }
    return in_flash;
}

int main(void) {
    static uint8_t arena[32 * 1024];
    xipvm_vm *vm;
    struct xipvm_source start = {0};

    board_init();
    if (xipvm_open(arena, sizeof arena, &hal, &vm)) {
        return 2;
    }
    int status = 0;
    if (!find_blob(NULL, "main", 4, &start) || xipvm_run_blob(vm, NULL, start.data, start.size, NULL)) {
        xipvm_exception_print(vm);
        status = 1;
    } else if (!ran_in_place(vm)) {
        status = 3;
    }
    xipvm_close(vm);
    return status;
}
