/* The HAL: how a VM finds modules in flash and reaches the board. One const struct, for any number of VMs.
 *
 * Here the modules are linked with the firmware. For modules that are updated in the field, put a ROMFS image into a
 * part of flash of its own and let find_blob be a call of xipvm_romfs_find; nothing else changes. */
#include "hal.h"

#include <string.h>

#include "board.h"
#include "modules.h"

const struct module_row *modules_find(const char *name, size_t len) {
    for (size_t i = 0; i < modules_count; i++) {
        if (strlen(modules[i].name) == len && memcmp(modules[i].name, name, len) == 0) {
            return &modules[i];
        }
    }
    return NULL;
}

/* The VM runs a module where this points: nothing is copied. */
static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    const struct module_row *row = modules_find(name, len);
    if (!row) {
        return false;
    }
    out->data = row->data;
    out->size = *row->size;
    return true;
}

/* The VM writes in pieces as small as a character; what sends them one by one should collect them first. */
static void write(void *context, const void *data, size_t len) {
    (void)context;
    board_write(BOARD_OUT, data, len);
}

static uint64_t clock_us(void *context) {
    (void)context;
    return board_clock_us();
}

static void sleep_us(void *context, uint64_t us) {
    (void)context;
    board_sleep_us(us);
}

const struct xipvm_hal firmware_hal = {
    .find_blob = find_blob,
    .write = write,
    .clock_us = clock_us,
    .sleep_us = sleep_us,
    /* .time_ns: if there is a real-time clock.
     * .poll: a good place to feed a watchdog; a VM calls it every thousand calls and backward jumps. */
};
