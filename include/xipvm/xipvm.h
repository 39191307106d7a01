/* libxipvm: runs stock MicroPython .mpy files where they lie in flash.
 *
 * What holds everywhere:
 *
 * - A VM lives in one arena that the host supplies, and uses nothing else: no malloc, no global state. VMs
 * share nothing that can be written.
 * - One VM is used by one task at a time. Different VMs may be used by different tasks at once. No function
 * may be called from an interrupt, except those whose comment says so.
 * - Functions may be called from within a native function of the same VM; calls nest, up to
 * XIPVM_NATIVE_DEPTH deep.
 * - Whatever has no meaning (a NULL where none is allowed, a handle that was released, an index out of range)
 * is answered with XIPVM_BAD_ARGUMENT or, for functions without a status, with 0, false or NULL. Beyond help are a
 * `vm` that is not open, arguments of a call that is over, and calls at the wrong time: from a HAL function, or from
 * another task while the VM is in use. The debug profile (XIPVM_DEBUG in config.h) notices those too, refuses them,
 * and tells the HAL's `misuse` about every mistake in a sentence: which function, which argument, what is wrong with
 * it.
 * - Results are written through pointers, which may be NULL if the result is not wanted, and only on
 * XIPVM_OK.
 * - Texts are UTF-8, sizes are in bytes. Texts handed to the VM are copied unless the comment says otherwise;
 * a pointer that the VM hands out is good until the next call of any function with that VM.
 * - A function that returns XIPVM_EXCEPTION has left the Python exception where xipvm_exception_text and its
 * like find it. It stays until the next exception, or xipvm_exception_clear.
 */
#ifndef XIPVM_XIPVM_H
#define XIPVM_XIPVM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xipvm/blob_errors.h"
#include "xipvm/config.h"
#include "xipvm/hal.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A VM. */
typedef struct xv_vm xipvm_vm;

/* XIPVM_OK is 0, so that `if (xipvm_…(…))` means failure and functions can be chained with ||. */
enum xipvm_status {
    XIPVM_OK = 0,
    XIPVM_EXCEPTION, /* a Python exception */
    XIPVM_BAD_BLOB,  /* the blob was refused: xipvm_blob_fault says why. There is an exception (ImportError)
                        too */
    XIPVM_NO_MEMORY, /* the arena is too small for a VM; inside a VM lack of memory is the exception
                        MemoryError */
    XIPVM_BAD_ARGUMENT, /* the host's mistake */
    XIPVM_NOT_FOUND,    /* there is no such thing */
    XIPVM_FULL,         /* there is no room for more now: try again later */
    XIPVM_SUSPENDED     /* the budget is spent: xipvm_resume goes on */
};

/* A status in a few English words; never NULL. Any task, any interrupt. */
const char *xipvm_status_text(enum xipvm_status status);

/* ---- opening and closing */

/* An arena of this many bytes is enough for an open VM, and for nothing that it could do. Useful programs
 * begin at some 4 kB more. (The stress build wants more, as it uses a part of the arena only.) */
#define XIPVM_MIN_ARENA                                                                                       \
    (((size_t)XIPVM_CACHE_ENTRIES * 4 + (size_t)XIPVM_FUNCTION_CACHE * 8 + (size_t)XIPVM_SCHEDULE_DEPTH * 5 + \
      (size_t)XIPVM_RESERVE + 240 + (XIPVM_DEBUG ? 128 : 0)) *                                                \
     sizeof(void *) * (XIPVM_GC_STRESS ? 4 : 1))

/* Opens a VM in `size` bytes at `arena`, which belong to the VM until xipvm_close and need no alignment. `hal` is not
 * copied and must stay; it may be NULL for a VM that neither imports nor prints. XIPVM_NO_MEMORY: the arena is too
 * small. XIPVM_BAD_ARGUMENT: no arena, one that would reach beyond the end of the address space, or a HAL whose files
 * lack functions that they must have. */
enum xipvm_status xipvm_open(void *arena, size_t size, const struct xipvm_hal *hal, xipvm_vm **vm);

/* Ends a VM. Its handles end with it, files that its programs left open are closed (by the HAL's functions), and the
 * arena is the host's again. From within a native function or a callback of the same VM it does nothing: the VM stays
 * open. NULL is ignored. */
void xipvm_close(xipvm_vm *vm);

/* The HAL that the VM was opened with. May be called from the HAL's own functions. */
const struct xipvm_hal *xipvm_hal_of(const xipvm_vm *vm);

/* Sets sys.argv to `n` texts. */
enum xipvm_status xipvm_set_argv(xipvm_vm *vm, size_t n, const char *const *argv);

/* ---- handles
 *
 * A handle is the host's reference to a Python object, which it keeps alive, until it is released. Handles are
 * numbers: the objects behind them move, and the host never sees where they are. A handle that was released, or
 * belongs to another VM, is recognised as such in all but one of 65,536 cases (in the debug profile, which can tell
 * the one from the other, in all but one of 256). Each costs two words of the arena while it exists, and there can be
 * 16,383. */

typedef uint32_t xipvm_handle;

/* No handle; releasing it does nothing. */
#define XIPVM_NO_HANDLE 0u

/* Gives a handle back. XIPVM_NO_HANDLE is ignored, and so is, but for the debug profile's message, a handle that was
 * released before. */
void xipvm_release(xipvm_vm *vm, xipvm_handle h);

/* A second handle for the same object. */
enum xipvm_status xipvm_dup(xipvm_vm *vm, xipvm_handle h, xipvm_handle *out);

/* True if both are handles of the same object. */
bool xipvm_same(xipvm_vm *vm, xipvm_handle a, xipvm_handle b);

/* ---- running programs
 *
 * All of these return XIPVM_EXCEPTION when the program raised one that it did not catch. The VM stays usable.
 */

/* Imports a module by its dotted name, as `import` does, and gives a handle of that very module (the last of
 * the names). Blobs are found by the HAL. XIPVM_BAD_BLOB: a blob was refused, this one or one that it
 * imports. */
enum xipvm_status xipvm_import(xipvm_vm *vm, const char *name, xipvm_handle *module);

/* Runs a blob of `size` bytes at `data` as the module __main__, from its beginning to its end. `file` becomes
 * __file__ if not NULL. The bytes stay the host's and must not change before the VM is closed.
 * XIPVM_BAD_BLOB. */
enum xipvm_status xipvm_run_blob(xipvm_vm *vm, const char *file, const void *data, size_t size,
                                 xipvm_handle *module);

/* Calls the function that the program gave to sys.atexit(), if it did, and forgets it. For hosts whose programs
 * have an end: after that, whether or not it was an exception, and before xipvm_close, which calls nothing.
 * XIPVM_OK also if there is none. */
enum xipvm_status xipvm_at_exit(xipvm_vm *vm);

/* The same for a blob that is mapped or comes as a stream, loaded by the strategy that source->strategy says. Its
 * is_package has no meaning here. *source is not needed afterwards. */
enum xipvm_status xipvm_run_source(xipvm_vm *vm, const struct xipvm_source *source, xipvm_handle *module);

/* Takes a module out of sys.modules and out of the package that it belongs to, and collects. What the program still
 * holds of it (functions, classes, instances) keeps it alive; when that is gone too, so are its names, table and linked
 * code. Modules can be unloaded in any order. XIPVM_NOT_FOUND if no such module is loaded. Not while its body runs. */
enum xipvm_status xipvm_unload(xipvm_vm *vm, const char *name);

/* True if the VM may still read any of the `size` bytes at `data`, as part of a blob that was loaded in place: such
 * memory must not be changed. Collects first, so that the answer is exact. */
bool xipvm_blob_in_use(xipvm_vm *vm, const void *data, size_t size);

/* Calls any callable with `n` arguments. */
enum xipvm_status xipvm_call(xipvm_vm *vm, xipvm_handle callable, const xipvm_handle *args, size_t n,
                             xipvm_handle *result);

/* object.name(args…) */
enum xipvm_status xipvm_call_method(xipvm_vm *vm, xipvm_handle object, const char *name,
                                    const xipvm_handle *args, size_t n, xipvm_handle *result);

/* ---- from outside
 *
 * The two functions that may be called at any time from any other task or thread and from interrupt handlers, while
 * the VM runs or is idle, as long as it is open. They are lock-free, take no time to speak of, and touch nothing of
 * the VM but a few words of their own. (On Cortex-M0 and M0+, which have no instruction for it, xipvm_schedule keeps
 * interrupts off for some six instructions, and so must not be called from unprivileged code. On a chip with several
 * such cores, as the RP2040, this keeps off no other core: calls of it for one VM from more than one core must be
 * kept apart by a lock of the host's.) */

/* Stops the program: it gets a KeyboardInterrupt at its next backward jump or call, within a time.sleep or a
 * long match of `re`. A program may catch it and go on; what was interrupted is not undone. If
 * the VM is idle, the program that runs next gets it; several interrupts before that are one. */
void xipvm_interrupt(xipvm_vm *vm);

/* Has `callback` called soon by the task that runs the VM, between two instructions of the program: at its next
 * backward jump or call, or within a time.sleep; if the VM is idle, when it next runs Python code. The callback may
 * use all of the API as a native function may: call functions, make objects. An exception that it leaves is dropped:
 * the last one is again what it was before. Callbacks come one at a time, in the order of the calls of this function,
 * and do not interrupt one another; `user` is theirs. If an interrupt comes while one runs, the code that it runs
 * gets it, and then the program too. XIPVM_FULL: there are XIPVM_SCHEDULE_DEPTH waiting already, and nothing was
 * done. Those that wait when the VM is closed are dropped. */
enum xipvm_status xipvm_schedule(xipvm_vm *vm, void (*callback)(xipvm_vm *vm, void *user), void *user);

/* ---- running in slices
 *
 * A program can be run for a while, stopped, and resumed later from exactly there, however deep it is in calls,
 * generators or imports: for many VMs in one loop, or a time limit that needs no timer. The unit is one call or one
 * backward jump (the end of a round of a loop). Python code that an operator, an attribute or the like runs has been
 * called, and so has a generator that goes on. Between two units lies a straight stretch of bytecode, which is all
 * that a slice can be late.
 *
 *     xipvm_set_budget(vm, 1000);
 *     status = xipvm_call(vm, main, NULL, 0, &result);
 *     while (status == XIPVM_SUSPENDED) {
 *         do_something_else();
 *         status = xipvm_resume(vm, &result);
 *     }
 *
 * That holds for Python code that the library itself calls back too, such as a __hash__, a property or the key
 * function of a sort: the run stops within it. (The library makes the operation that called back again from its
 * beginning, with the results of its callbacks so far. One with n callbacks takes time in proportion to n squared,
 * but for the usual ones, which run as Python functions: sorted, sum, map, ….)
 *
 * Not stopped are: Python code that a native function of the host calls back; scheduled calls; __init_subclass__ and
 * __set_name__; what is thrown into a generator that delegates to an iterator of another kind; code that runs with
 * the heap locked. Each is finished first, beyond the budget, but by no more than XIPVM_OVERRUN units, when it ends
 * in a RuntimeError that only the code around it can catch. xipvm_stats tells how far it went at most (`overrun`);
 * the HAL's `poll` is still called meanwhile, and xipvm_interrupt works.
 *
 * Code that the host runs by other ways than xipvm_import, xipvm_run_*, xipvm_call* and xipvm_at_exit (a property
 * behind xipvm_get_attr), or from within a native function of its own, or while a run is suspended, has no budget of
 * its own. */

/* From now on each of the functions named above, and each xipvm_resume, may spend `units` of 1 or more and then
 * returns XIPVM_SUSPENDED if it is not done; 0, as at first: no limit. May be called at any time by the task that
 * uses the VM; what runs already keeps the budget that it began with. XIPVM_BAD_ARGUMENT: no VM. */
enum xipvm_status xipvm_set_budget(xipvm_vm *vm, uint32_t units);

/* Goes on with what was suspended, and returns what that would have returned, for xipvm_import and its like the module, or
 * XIPVM_SUSPENDED again. XIPVM_BAD_ARGUMENT: nothing is suspended, or this is within a native function. */
enum xipvm_status xipvm_resume(xipvm_vm *vm, xipvm_handle *result);

/* True if a run is suspended. Everything else may be done with the VM meanwhile. */
bool xipvm_is_suspended(const xipvm_vm *vm);

/* Drops what is suspended. None of the program's handlers (except, finally, with) runs any more, generators that were
 * running are finished, modules whose bodies were running are not loaded. To let handlers run, xipvm_interrupt and
 * xipvm_resume instead. XIPVM_BAD_ARGUMENT as xipvm_resume. */
enum xipvm_status xipvm_abandon(xipvm_vm *vm);

/* ---- exceptions */

/* The last exception as the text that Python prints: traceback, type and message, with newlines. Writes at
 * most `size` bytes to `buffer`, the last of which is a NUL (none if size is 0), and returns the length of
 * the whole text without NUL; 0 if there is no exception. Needs no memory of the VM. May run the program's
 * code, if its exception class has a __str__; what that prints itself goes to the HAL's `write` as ever. */
size_t xipvm_exception_text(xipvm_vm *vm, char *buffer, size_t size);

/* The same, written to the HAL's `write`. */
void xipvm_exception_print(xipvm_vm *vm);

/* True if the last exception is of the built-in type `type` ("ValueError") or derives from it. */
bool xipvm_exception_is(xipvm_vm *vm, const char *type);

/* The last exception as an object. XIPVM_NOT_FOUND if there is none. */
enum xipvm_status xipvm_exception(xipvm_vm *vm, xipvm_handle *exception);

/* Forgets the last exception, and so frees what it refers to. */
void xipvm_exception_clear(xipvm_vm *vm);

/* Makes an exception of the built-in type `type` (RuntimeError if there is no such exception type) the last
 * one, with a message; always returns XIPVM_EXCEPTION, so that a native can end with `return xipvm_raise(…)`.
 * Formats: %s, %d, %u, %c, %%; with any other the format itself is the message. UnicodeError if the message is not UTF-8. */
enum xipvm_status xipvm_raise(xipvm_vm *vm, const char *type, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;

/* ---- blobs */

/* Why a blob was refused, and where. */
struct xipvm_fault {
    enum xipvm_blob_error code;
    size_t offset;       /* of the byte, from the beginning of the blob */
    const char *rule;    /* a short name of the broken rule, and … */
    const char *message; /* … what it means; both stay for ever */
};

/* After XIPVM_BAD_BLOB: the fault of the blob that was refused. XIPVM_NOT_FOUND if the blob that was looked
 * for last was not. */
enum xipvm_status xipvm_blob_fault(xipvm_vm *vm, struct xipvm_fault *fault);

/* Checks a blob, .mpy file or prelinked image, without any VM, as loading it would: for updaters that want to know
 * before they install. `scratch` is memory for the time of the call, of XIPVM_VERIFY_SCRATCH bytes or more (larger
 * functions may need more: fault code NO_SCRATCH). XIPVM_OK or XIPVM_BAD_BLOB. Any task. */
#define XIPVM_VERIFY_SCRATCH 3072
enum xipvm_status xipvm_verify(const void *data, size_t size, void *scratch, size_t scratch_size,
                               struct xipvm_fault *fault);

/* Makes a prelinked image of an .mpy file: the same program with its names linked to this firmware, once and for all,
 * so that only those that the firmware has not take RAM when it is loaded. It runs in place like any blob and is
 * verified like any; firmware with other names refuses it (fault code FINGERPRINT). `write` gets the bytes of the
 * image in order, in small pieces; if it returns false the call ends with the fault code STREAM_FAILED. `scratch` is
 * memory for the time of the call: XIPVM_VERIFY_SCRATCH bytes and, if that is more, two for each name and an eighth
 * of the largest function (NO_SCRATCH); twice `size` and XIPVM_VERIFY_SCRATCH together are always enough. XIPVM_OK or
 * XIPVM_BAD_BLOB. Any task. */
enum xipvm_status xipvm_prelink(const void *data, size_t size, void *scratch, size_t scratch_size,
                                bool (*write)(void *context, const void *data, size_t len), void *context,
                                struct xipvm_fault *fault);

/* Finds the module `name` in a mapped ROMFS image, for a HAL's find_blob: "a.b" is a/b.mpy or the package
 * a/b/__init__.mpy, or the folder a/b. False if it is not there or the image is damaged. Any task. */
bool xipvm_romfs_find(const void *image, size_t size, const char *name, size_t len, struct xipvm_source *out);

/* ---- attributes, items and globals */

/* object.name; of a module that is a global. XIPVM_EXCEPTION: AttributeError. */
enum xipvm_status xipvm_get_attr(xipvm_vm *vm, xipvm_handle object, const char *name, xipvm_handle *out);
enum xipvm_status xipvm_set_attr(xipvm_vm *vm, xipvm_handle object, const char *name, xipvm_handle value);

/* object[index] and object[key]. XIPVM_EXCEPTION: IndexError, KeyError, TypeError. */
enum xipvm_status xipvm_get_item(xipvm_vm *vm, xipvm_handle object, xipvm_handle key, xipvm_handle *out);
enum xipvm_status xipvm_get_index(xipvm_vm *vm, xipvm_handle object, size_t index, xipvm_handle *out);
enum xipvm_status xipvm_set_item(xipvm_vm *vm, xipvm_handle object, xipvm_handle key, xipvm_handle value);

/* len(object) */
enum xipvm_status xipvm_length(xipvm_vm *vm, xipvm_handle object, size_t *out);

/* list.append */
enum xipvm_status xipvm_append(xipvm_vm *vm, xipvm_handle list, xipvm_handle item);

/* ---- making objects: XIPVM_EXCEPTION is MemoryError */

enum xipvm_status xipvm_make_none(xipvm_vm *vm, xipvm_handle *out);
enum xipvm_status xipvm_make_bool(xipvm_vm *vm, bool value, xipvm_handle *out);
enum xipvm_status xipvm_make_int(xipvm_vm *vm, int64_t value, xipvm_handle *out);
enum xipvm_status xipvm_make_float(xipvm_vm *vm, double value, xipvm_handle *out);
/* A str of a NUL-terminated text, and of `len` bytes. XIPVM_BAD_ARGUMENT if they are not UTF-8. */
enum xipvm_status xipvm_make_str(xipvm_vm *vm, const char *text, xipvm_handle *out);
enum xipvm_status xipvm_make_str_len(xipvm_vm *vm, const char *text, size_t len, xipvm_handle *out);
enum xipvm_status xipvm_make_bytes(xipvm_vm *vm, const void *data, size_t len, xipvm_handle *out);
enum xipvm_status xipvm_make_tuple(xipvm_vm *vm, const xipvm_handle *items, size_t n, xipvm_handle *out);
enum xipvm_status xipvm_make_list(xipvm_vm *vm, const xipvm_handle *items, size_t n, xipvm_handle *out);
/* An empty one; xipvm_set_item fills it. */
enum xipvm_status xipvm_make_dict(xipvm_vm *vm, xipvm_handle *out);

/* Lends `len` bytes of the host to the program as a memoryview, without copying. They must stay until xipvm_reclaim
 * or xipvm_close, and may be changed by the host at any time between calls into the VM. The VM cannot notice that
 * they are freed before, not even in the debug profile; AddressSanitizer can. Bytes that are not `writable` are never
 * written. */
enum xipvm_status xipvm_lend(xipvm_vm *vm, void *data, size_t len, bool writable, xipvm_handle *view);

/* Ends a loan: from now on every use of the view, and of slices made of it, raises ValueError. The handle
 * stays to be released. */
enum xipvm_status xipvm_reclaim(xipvm_vm *vm, xipvm_handle view);

/* ---- looking at objects */

enum xipvm_type {
    XIPVM_TYPE_INVALID, /* the handle is none */
    XIPVM_TYPE_NONE,
    XIPVM_TYPE_BOOL,
    XIPVM_TYPE_INT,
    XIPVM_TYPE_FLOAT,
    XIPVM_TYPE_STR,
    XIPVM_TYPE_BYTES,
    XIPVM_TYPE_BYTEARRAY,
    XIPVM_TYPE_TUPLE,
    XIPVM_TYPE_LIST,
    XIPVM_TYPE_DICT,
    XIPVM_TYPE_SET,
    XIPVM_TYPE_EXCEPTION,
    XIPVM_TYPE_MODULE,
    XIPVM_TYPE_CLASS,    /* built-in types too */
    XIPVM_TYPE_FUNCTION, /* Python functions, natives, bound methods */
    XIPVM_TYPE_OTHER
};

/* The built-in type of an object; of an instance of a program's class that derives from one of them, that
 * one. */
enum xipvm_type xipvm_type_of(xipvm_vm *vm, xipvm_handle h);

/* What `if object:` would do. */
enum xipvm_status xipvm_to_bool(xipvm_vm *vm, xipvm_handle h, bool *out);
/* XIPVM_EXCEPTION: TypeError if it is no int (bools are), OverflowError if it does not fit. */
enum xipvm_status xipvm_to_int(xipvm_vm *vm, xipvm_handle h, int64_t *out);
/* Of a float, int or bool. */
enum xipvm_status xipvm_to_float(xipvm_vm *vm, xipvm_handle h, double *out);
/* The bytes of a str (no NUL behind them); of a str, bytes, bytearray or memoryview. TypeError. */
enum xipvm_status xipvm_to_str(xipvm_vm *vm, xipvm_handle h, const char **text, size_t *len);
enum xipvm_status xipvm_to_bytes(xipvm_vm *vm, xipvm_handle h, const void **data, size_t *len);
/* str(object) or repr(object), copied to `buffer` as in xipvm_exception_text; *len is the whole length. */
enum xipvm_status xipvm_text(xipvm_vm *vm, xipvm_handle h, bool repr, char *buffer, size_t size, size_t *len);

/* ---- native functions
 *
 * Functions and modules of the host are const tables in flash; they cost no RAM but a dict entry for each
 * module that is registered.
 *
 *     static enum xipvm_status led_set(xipvm_vm *vm, xipvm_args *args) {
 *         int64_t pin;
 *         bool on;
 *         if (xipvm_arg_int(args, 0, &pin) || xipvm_arg_bool(args, 1, &on)) {
 *             return XIPVM_EXCEPTION;
 *         }
 *         if (pin < 0 || pin > 7) {
 *             return xipvm_raise(vm, "ValueError", "there is no LED %d", (int)pin);
 *         }
 *         board_led((int)pin, on);
 *         return XIPVM_OK;
 *     }
 *     static const struct xipvm_function functions[] = {XIPVM_FUNCTION("set", led_set, 2, 2)};
 *     static const struct xipvm_module led = XIPVM_MODULE("led", functions);
 */

/* The arguments and the result of a call; lives as long as the call, and must not be used after it. */
typedef struct xipvm_args xipvm_args;

/* A native function. XIPVM_OK: the call's result is what a xipvm_return_* function was given, else None.
 * XIPVM_EXCEPTION: the last exception is raised in the program. Any other status is raised as a RuntimeError
 * (MemoryError for XIPVM_NO_MEMORY), as is XIPVM_EXCEPTION without an exception. The last exception is a native's
 * own: when it begins there is none, and when it ends the one of before is there again. Handles that it makes are its
 * to release, whatever it returns; a native never sees an object that could move, and so has nothing to root. */
typedef enum xipvm_status (*xipvm_native)(xipvm_vm *vm, xipvm_args *args);

#define XIPVM_ANY_ARGS 255

/* A row of a function table, and a Python object at the same time. Make it with XIPVM_FUNCTION only. */
struct xipvm_function {
    uintptr_t object[2];
    const char *name;
    xipvm_native native;
    void *user;       /* for xipvm_user */
    uint8_t min_args; /* checked before the call: TypeError */
    uint8_t max_args; /* XIPVM_ANY_ARGS: no limit */
};

struct xipvm_constant {
    const char *name;
    const char *text; /* a str, which is not copied; NULL: the number */
    int64_t number;
};

/* A module, and a Python object at the same time. Make it with XIPVM_MODULE or XIPVM_MODULE_WITH. */
struct xipvm_module {
    uintptr_t object[2];
    const char *name;
    const struct xipvm_function *functions;
    const struct xipvm_constant *constants;
    uint16_t n_functions;
    uint16_t n_constants;
};

/* Opaque: what the macros refer to. */
extern const struct xv_type xipvm_function_type, xipvm_module_type;
/* The formatter takes initialisers for blocks. */
/* clang-format off */
#define XIPVM_OBJECT_(type) {XIPVM_OBJECT_HEADER_, (uintptr_t)&(type)}
#define XIPVM_OBJECT_HEADER_ 0xe9u /* an object of the type that follows; api/host.c checks the number */

#define XIPVM_FUNCTION(name, native, min_args, max_args) \
    XIPVM_FUNCTION_USER(name, native, min_args, max_args, NULL)
#define XIPVM_FUNCTION_USER(name, native, min_args, max_args, user) \
    {XIPVM_OBJECT_(xipvm_function_type), name, native, user, min_args, max_args}
#define XIPVM_CONSTANT_INT(name, number) {name, NULL, number}
#define XIPVM_CONSTANT_STR(name, text) {name, text, 0}
#define XIPVM_MODULE(name, functions) \
    {XIPVM_OBJECT_(xipvm_module_type), name, functions, NULL, XIPVM_COUNT_(functions), 0}
#define XIPVM_MODULE_WITH(name, functions, constants) \
    {XIPVM_OBJECT_(xipvm_module_type), name, functions, constants, XIPVM_COUNT_(functions), \
     XIPVM_COUNT_(constants)}
#define XIPVM_COUNT_(a) (uint16_t)(sizeof(a) / sizeof *(a))
/* clang-format on */

/* Makes a module importable in this VM, before any other of its name that is not loaded yet. The table is not copied,
 * and must stay as it is. XIPVM_BAD_ARGUMENT: it was not made with the macros, or a row is without a name or
 * function, or wants more arguments than it takes. */
enum xipvm_status xipvm_register(xipvm_vm *vm, const struct xipvm_module *module);

/* A handle of a native function, to be passed to programs as a callback. The row must stay. XIPVM_BAD_ARGUMENT as above. */
enum xipvm_status xipvm_make_function(xipvm_vm *vm, const struct xipvm_function *function, xipvm_handle *out);

/* The `user` pointer of the function that is being called. */
void *xipvm_user(const xipvm_args *args);

/* Argument `i`, from 0. XIPVM_EXCEPTION: TypeError, OverflowError. XIPVM_BAD_ARGUMENT if there are not that
 * many. Pointers are good until the next call of a function with this VM other than
 * xipvm_arg_str, _bytes and _buffer: fetch numbers and handles first, as these may run Python code. */
size_t xipvm_arg_count(const xipvm_args *args);
enum xipvm_type xipvm_arg_type(xipvm_args *args, size_t i);
enum xipvm_status xipvm_arg_bool(xipvm_args *args, size_t i, bool *out);
enum xipvm_status xipvm_arg_int(xipvm_args *args, size_t i, int64_t *out);
enum xipvm_status xipvm_arg_float(xipvm_args *args, size_t i, double *out);
enum xipvm_status xipvm_arg_str(xipvm_args *args, size_t i, const char **text, size_t *len);
enum xipvm_status xipvm_arg_bytes(xipvm_args *args, size_t i, const void **data, size_t *len);
/* The bytes of a bytearray, or of a memoryview of something writable, to be changed in place. */
enum xipvm_status xipvm_arg_buffer(xipvm_args *args, size_t i, void **data, size_t *len);
/* A handle, which is the native's to release: the argument itself, to be called, looked into or kept. */
enum xipvm_status xipvm_arg_handle(xipvm_args *args, size_t i, xipvm_handle *out);

/* Sets the result of the call; the last one counts. Return what these return. The handle given to
 * xipvm_return_handle stays the native's to release. */
enum xipvm_status xipvm_return_none(xipvm_args *args);
enum xipvm_status xipvm_return_bool(xipvm_args *args, bool value);
enum xipvm_status xipvm_return_int(xipvm_args *args, int64_t value);
enum xipvm_status xipvm_return_float(xipvm_args *args, double value);
enum xipvm_status xipvm_return_str(xipvm_args *args, const char *text, size_t len);
enum xipvm_status xipvm_return_bytes(xipvm_args *args, const void *data, size_t len);
enum xipvm_status xipvm_return_handle(xipvm_args *args, xipvm_handle h);

/* ---- memory and figures */

struct xipvm_stats {
    size_t arena;           /* bytes given to the VM */
    size_t overhead;        /* of these, taken by the VM itself and its caches */
    size_t live_heap;       /* bytes of objects, dead ones included that no collection found yet */
    size_t peak_heap;       /* the largest that live_heap ever was */
    size_t peak_stack;      /* bytes of frame stack, largest ever */
    size_t free_heap;       /* bytes that can be allocated without a collection */
    uint32_t collections;   /* how many there were */
    uint32_t modules;       /* blobs loaded now */
    uint32_t loaded_in_place;  /* blobs loaded so far, those gone again included: .mpy files where they lie, through their tables, … */
    uint32_t loaded_prelinked; /* … prelinked images where they lie, … */
    uint32_t loaded_linked;    /* … and what was linked into the arena, from a stream or by copying */
    uint32_t handles;       /* that are not released: a native that leaks some makes this grow */
    uint64_t code_in_place; /* bytes of bytecode that were loaded where they lie, and … */
    uint64_t code_in_ram;   /* … copied to RAM */
    size_t table_bytes;     /* of the translation tables of the modules loaded now */
    size_t pool_bytes;      /* of the names that are new to this VM */
    size_t constant_bytes; /* of constants that had to be made out of their text in a blob (floats, long ints,
                              tuples) */
    uint64_t budget;       /* calls and backward jumps of programs so far, the unit of xipvm_set_budget */
    uint64_t overrun;      /* the most of them that were made beyond a budget, by a callback that could not stop */
};

/* The VM's figures now. Does not collect; call xipvm_collect before to see what is really in use. */
void xipvm_stats(xipvm_vm *vm, struct xipvm_stats *out);

/* Collects and compacts now. */
void xipvm_collect(xipvm_vm *vm);

#ifdef __cplusplus
}
#endif

#endif
