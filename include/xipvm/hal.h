/* What the host supplies to its VMs: one const struct of functions with a context pointer.
 *
 * A HAL must outlive every VM opened with it; several VMs may share one. Its functions are called from within
 * xipvm_* functions, on the caller's stack, and must not call back into the VM they serve. All members but
 * find_blob may be NULL. */
#ifndef XIPVM_HAL_H
#define XIPVM_HAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a module is. */
struct xipvm_source {
    /* The bytes of its .mpy file: mapped, contiguous, readable and unchanged for as long as the VM refers to
     * them. NULL, size 0, for a package without code of its own. */
    const uint8_t *data;
    size_t size;
    bool is_package;   /* a folder: its submodules are asked for as "name.sub" */
    const char *file;  /* becomes __file__ if not NULL; copied */
};

struct xipvm_hal {
    /* Handed to every function below. */
    void *context;

    /* Finds the module `name` (dotted for a submodule; `len` bytes, no NUL behind them). Returns true and fills in
     * *out (all zero before), or false if there is none. */
    bool (*find_blob)(void *context, const char *name, size_t len, struct xipvm_source *out);

    /* Takes what programs print. NULL: it is dropped. Calls are as small as single characters: buffer. */
    void (*write)(void *context, const void *data, size_t len);

    /* Microseconds since any fixed moment, never going back. NULL: time.ticks_us and its like raise OSError. */
    uint64_t (*clock_us)(void *context);

    /* Waits, never asked for more than 10,000 us at once; may come back early if there is a clock. NULL: time.sleep and its like
     * spin on clock_us. */
    void (*sleep_us)(void *context, uint64_t us);

    /* Nanoseconds since 1970 in UTC. NULL: time.time raises OSError. */
    int64_t (*time_ns)(void *context);

    /* Called about every thousand calls and backward jumps of a program. NULL: not called. */
    void (*poll)(void *context);
};

#endif
