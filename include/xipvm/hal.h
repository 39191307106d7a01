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

/* How a blob is loaded. */
enum xipvm_strategy {
    XIPVM_STRATEGY_AUTO,     /* in place if it is mapped and within the HAL's window, else linked */
    XIPVM_STRATEGY_IN_PLACE, /* runs where it lies: only its names take RAM */
    XIPVM_STRATEGY_LINK      /* copied into the arena with its names linked: takes its size and some more */
};

/* Where a module is: mapped (`data`), or to be read as a stream (`read`). Neither, for a package without code of its own. */
struct xipvm_source {
    /* The bytes of its .mpy file or prelinked image: mapped, contiguous and readable. They must stay unchanged for as long
     * as the VM refers to them (xipvm_blob_in_use), unless they are linked, which copies them while loading. */
    const uint8_t *data;
    size_t size;       /* bytes. Of a stream: what it must turn out to have, or 0 if that is not known */
    bool is_package;   /* a folder: its submodules are asked for as "name.sub" */
    const char *file;  /* becomes __file__ if not NULL; copied */
    enum xipvm_strategy strategy; /* for mapped blobs; a stream is always linked */

    /* Streams: the next bytes, at most `size` of them (which is XIPVM_STREAM_BUFFER at most), to `buffer`. Returns how many;
     * 0 at the end, a negative number if there is an error, which ends the loading with ImportError. May wait. */
    int32_t (*read)(void *stream, void *buffer, size_t size);
    /* Called once when the VM is done with the stream, whatever came of it. May be NULL. */
    void (*close)(void *stream);
    void *stream;
};

struct xipvm_hal {
    /* Handed to every function below. */
    void *context;

    /* Finds the module `name` (dotted for a submodule; `len` bytes, no NUL behind them). Returns true and fills in
     * *out (all zero before), or false if there is none. */
    bool (*find_blob)(void *context, const char *name, size_t len, struct xipvm_source *out);

    /* The memory from which the CPU can execute or read in place, where that is not all of it: blobs that do not lie
     * within are copied into the arena, by `fetch` if it is not NULL, else by reading them. NULL: there is no bound. */
    const uint8_t *window;
    size_t window_size;
    /* Copies `n` bytes of a blob at `from`. False if it cannot. */
    bool (*fetch)(void *context, const uint8_t *from, void *to, size_t n);

    /* Tells that nothing in the VM refers any more to a blob that was loaded in place, and so that its memory may be
     * used for something else. Called from within a collection; must not call the VM. NULL: not told. */
    void (*blob_released)(void *context, const uint8_t *data, size_t size);

    /* Takes what programs print. NULL: it is dropped. Calls are as small as single characters: buffer. */
    void (*write)(void *context, const void *data, size_t len);

    /* Microseconds since any fixed moment, never going back. NULL: time.ticks_us and its like raise OSError. */
    uint64_t (*clock_us)(void *context);

    /* Waits. NULL: time.sleep and its like spin on clock_us. */
    void (*sleep_us)(void *context, uint64_t us);

    /* Nanoseconds since 1970 in UTC. NULL: time.time raises OSError. */
    int64_t (*time_ns)(void *context);

    /* Called about every thousand calls and backward jumps of a program. NULL: not called. */
    void (*poll)(void *context);
};

#endif
