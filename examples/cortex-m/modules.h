/* The Python modules in this image's flash; firmware.cmake makes the table. */
#ifndef MODULES_H
#define MODULES_H

#include <stddef.h>
#include <stdint.h>

struct module_row {
    const char *name;
    const uint8_t *data; /* the .mpy file, byte for byte */
    const size_t *size;  /* the linker's to know, hence not a number here */
};

extern const struct module_row modules[];
extern const size_t modules_count;

/* The row of a module, or NULL. `len` bytes of `name`, no NUL behind them. */
const struct module_row *modules_find(const char *name, size_t len);

/* What image.ld knows: the part of flash that holds all blobs. */
extern const uint8_t image_blobs_start[], image_blobs_end[];

#endif
