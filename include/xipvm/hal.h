/* What the host supplies to its VMs: one const struct of functions with a context pointer.
 *
 * A HAL must outlive every VM opened with it; several VMs may share one. Its functions are called from within xipvm_*
 * functions, on the caller's stack, and must not call back into the VM they serve, xipvm_interrupt, xipvm_schedule
 * and xipvm_hal_of excepted. All members may be NULL; without find_blob only modules of the host and of the library
 * can be imported. */
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

/* ---- files, for hosts that have any
 *
 * Functions that return an int or intptr_t return a negative error number if they fail, with the numbers of Python's
 * module errno (which are those of Linux, whatever the host's own are): -2 for "no such file", -5 for an I/O error,
 * -9 for a bad file, -11 for what would have to wait, -13 no access, -17 exists, -21 is a folder, -22 an invalid
 * argument, -28 no space. Programs get them as OSError; -11 only if their call has moved no byte yet, else that ends.
 *
 * Paths are as the program wrote them, NUL-terminated, of any length, not normalised; they are good during the call
 * only. A path without a leading slash is relative to whatever the host says. Files are read and written in bytes:
 * text is the VM's business. The VM keeps no buffer of its own, and reads lines byte by byte: buffer where a call is
 * costly. */

/* How to open: XIPVM_OPEN_READ, _WRITE or both, and for files that are to be written perhaps more. */
enum xipvm_open_flags {
    XIPVM_OPEN_READ = 1,
    XIPVM_OPEN_WRITE = 2,
    XIPVM_OPEN_CREATE = 4,     /* make the file if there is none */
    XIPVM_OPEN_EXCLUSIVE = 8,  /* -17 (EEXIST) if there is one */
    XIPVM_OPEN_TRUNCATE = 16,  /* cut it to nothing */
    XIPVM_OPEN_APPEND = 32     /* each write goes to the end */
};

/* What is known of a file or folder (all zero before the call). */
struct xipvm_file_info {
    bool is_folder;
    uint64_t size;             /* bytes; of no meaning for a folder */
    int64_t modified;          /* seconds since 1970 in UTC, or 0 */
};

/* One of the things in a folder (all zero before the call). */
struct xipvm_folder_entry {
    const char *name;          /* NUL-terminated, without the folder; good until the next call */
    bool is_folder;
    int64_t size;              /* bytes; -1: not known without looking further */
};

/* The context handed to each is that of the struct xipvm_hal. `file` and `list` are what the host likes, never NULL
 * for the VM to judge. The VM closes each file and ends each list exactly once: when the program does, after nothing
 * refers to it any more (from within a collection, so perhaps late), or in xipvm_close. No file is read, written or
 * closed after that. */
struct xipvm_files {
    /* Opens the file and sets *file: 0. -24 (EMFILE) or -23 (ENFILE) if there are too many: the VM then collects,
     * which closes forgotten ones, and tries once more. A folder is -21 (EISDIR). */
    int (*open)(void *context, const char *path, unsigned flags, void **file);
    /* The bytes read, at most `len`, which is not 0; fewer only if no more are there now. 0: the end of the file. Not
     * called for files opened without XIPVM_OPEN_READ. */
    intptr_t (*read)(void *context, void *file, void *data, size_t len);
    /* The bytes written, at most `len`, which is not 0. 0: there is no room. Not called without XIPVM_OPEN_WRITE. */
    intptr_t (*write)(void *context, void *file, const void *data, size_t len);
    /* Closes; the file is gone even if this fails. */
    int (*close)(void *context, void *file);

    /* All that follow may be NULL, and then raise OSError(EOPNOTSUPP), except where it says otherwise. */

    /* Moves the position to `offset` from the beginning (whence 0), from where it is (1), or from the end (2), and
     * returns where it is then. NULL: OSError(ESPIPE). */
    int64_t (*seek)(void *context, void *file, int64_t offset, int whence);
    /* Makes sure that what was written has arrived. NULL: nothing to do. */
    int (*flush)(void *context, void *file);
    /* A small number for programs to tell files by; for fileno() and repr() only. */
    int (*number)(void *context, void *file);

    int (*remove)(void *context, const char *path);
    int (*rename)(void *context, const char *from, const char *to);
    int (*make_folder)(void *context, const char *path);
    int (*remove_folder)(void *context, const char *path);
    int (*info)(void *context, const char *path, struct xipvm_file_info *out);
    /* Begins to list a folder: 0 and *list. Then the entries one by one, in any order, without "." and "..": 1 and
     * *entry, 0 at the end. Programs may change the folder meanwhile. list_end is called for each list. All three or
     * none. */
    int (*list_begin)(void *context, const char *path, void **list);
    int (*list_next)(void *context, void *list, struct xipvm_folder_entry *entry);
    void (*list_end)(void *context, void *list);
    /* The folder that relative paths start from: sets it, or writes its path, NUL-terminated, in the `size` bytes at
     * `path`, which is -34 (ERANGE) if they are too few. */
    int (*set_current)(void *context, const char *path);
    int (*get_current)(void *context, char *path, size_t size);
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

    /* Tells that nothing in the VM refers any more to a blob that the host gave and that was loaded in place, and so that its
     * memory may be used for something else. Called from within a collection; must not call the VM. NULL: not told. */
    void (*blob_released)(void *context, const uint8_t *data, size_t size);

    /* Takes what programs print. NULL: it is dropped. Calls are as small as single characters: buffer. */
    void (*write)(void *context, const void *data, size_t len);

    /* Takes what programs write to sys.stderr. NULL: `write` does. */
    void (*write_error)(void *context, const void *data, size_t len);

    /* Reads for sys.stdin: the bytes read, at most `len`, which is not 0; waits for at least one. 0: the end of the input. A
     * negative error number as described above. NULL: there is no input. */
    intptr_t (*read_input)(void *context, void *data, size_t len);

    /* Files. NULL: open() and its like raise OSError(ENODEV). */
    const struct xipvm_files *files;

    /* Microseconds since any fixed moment, never going back. NULL: time.ticks_us and its like raise OSError. */
    uint64_t (*clock_us)(void *context);

    /* Waits; may come back early if there is a clock. Without a clock, or without `wake`, it is never asked for more than
     * 10,000 us at once. NULL: time.sleep and its like spin on clock_us. */
    void (*sleep_us)(void *context, uint64_t us);

    /* Ends a sleep_us that is under way, or the next one, early: xipvm_interrupt and xipvm_schedule call it, and so
     * it must be fit for every thread and interrupt that calls those. NULL, or without clock_us: sleeps are cut into
     * pieces instead. */
    void (*wake)(void *context);

    /* Nanoseconds since 1970 in UTC. NULL: time.time raises OSError. */
    int64_t (*time_ns)(void *context);

    /* Called about every thousand calls and backward jumps of a program. NULL: not called. */
    void (*poll)(void *context);

    /* ---- for the debug profile (XIPVM_DEBUG); not called without it */

    /* Takes a sentence about a mistake of the host, such as "xipvm_get_attr: object: handle 0x4001 was released":
     * NUL-terminated, good during the call. Called by whoever makes the mistake, and so perhaps by another task, or
     * by an interrupt handler that calls xipvm_schedule; and even after xipvm_close, as long as the arena is not used
     * for anything else. May stop the machine; must not call the VM. Mistakes made while it runs are not told. NULL:
     * `write_error` or `write` gets the sentence as a line, if the VM is open. */
    void (*misuse)(void *context, const char *message);

    /* A number that tells tasks apart, of the task that asks. With it, a task that uses a VM while another runs a
     * native function of it is noticed; without it, only one that does while another is within the VM itself. NULL:
     * tasks are not told apart. */
    uintptr_t (*task)(void *context);
};

#endif
