/* The state of one VM: the struct at the bottom of its arena, through which every room finds its own part.
 *
 *   bottom                                                                                  top
 *   | struct xv_vm | caches | frame stack →        free        ← objects (newest … oldest) |
 *                           stack_base    sp                  heap_low               heap_end
 *
 * The frame stack grows up and objects are allocated downwards, so there is no split to tune. */
#ifndef XV_HEAP_STATE_H
#define XV_HEAP_STATE_H

#include "heap/value.h"

struct xipvm_hal;
struct xv_frame;
struct xv_vm;

/* How many calls and backward jumps go by between two looks at the outside, at most. */
#define XV_SLICE 1024

/* Values of a C function that the collector must see and update: an array on the C stack, linked while the
 * function runs. Use through XV_ENTER and XV_LEAVE. */
struct xv_roots {
    struct xv_roots *prev;
    xv_value *values;
    size_t n;
};

/* Roots the array `a` of values until XV_LEAVE, which must come before every return. One pair a function.
 *
 *     xv_value r[2] = {list, key};
 *     XV_ENTER(vm, r);
 *     ...                       r[0] and r[1] stay right whatever is allocated
 *     XV_LEAVE(vm);
 */
#define XV_ENTER(vm, a)                                                                   \
    struct xv_roots roots_ = {(vm)->roots, (a), sizeof(a) / sizeof *(a)};                 \
    (vm)->roots = &roots_
/* The same for `n` values at `p`. */
#define XV_ENTER_VALUES(vm, p, n)                                                         \
    struct xv_roots roots_ = {(vm)->roots, (p), (n)};                                     \
    (vm)->roots = &roots_
#define XV_LEAVE(vm) ((vm)->roots = roots_.prev)

/* An instruction's remembered lookup (vm/cache.h). */
struct xv_cache_entry {
    const uint8_t *ip;
    uintptr_t guard;
    uintptr_t version;
    uintptr_t what;
};

/* A function's decoded prelude, remembered under its code value (vm/frame.h). */
struct xv_code_info {
    xv_value code;        /* XV_NULL: the entry is free */
    const uint8_t *start; /* first instruction */
    uint16_t n_state;
    uint16_t n_cells;
    uint16_t n_pos;
    uint16_t n_kwonly;
    uint16_t n_def_pos;
    uint8_t n_exc;
    uint8_t flags;
    bool simple;          /* positional arguments only, no cells, no generator: the fast call path */
};

/* The dynamic qstr pool (link/qstr.h). */
struct xv_pool {
    xv_value text;     /* RAW: const uint8_t * or, for a name owned by the arena, an object; see qstr.c */
    xv_value meta;     /* RAW: uint32_t, mark << 31 | hash << 8 | length */
    xv_value index;    /* RAW: uint16_t hash table of ids, open addressing */
    uint32_t used;     /* entries in text and meta, free ones included */
    uint32_t live;     /* names that exist */
    uint32_t n_index;  /* slots, all of them in use but a quarter or more */
    uint32_t free_id;  /* head of the list of free entries, 0: none */
    bool growing;      /* a name is being added: the tables keep their sizes */
};

/* How the code of a module was made ready. */
enum xv_way { XV_WAY_IN_PLACE, XV_WAY_PRELINKED, XV_WAY_LINKED, XV_WAYS };

struct xv_stats {
    size_t peak_heap;           /* bytes live or not yet collected, largest ever */
    size_t peak_stack;          /* bytes of frame stack, largest ever */
    uint64_t freed;             /* bytes that collections found dead */
    uint32_t collections;
    uint64_t budget_spent;      /* calls and backward jumps, without the current slice */
    uint64_t overrun;           /* the most that was spent beyond a budget */
    uint32_t loaded[XV_WAYS];   /* modules, by the way they were loaded */
    uint64_t code_in_place;     /* bytes of bytecode mapped */
    uint64_t code_in_ram;       /* bytes of bytecode copied */
    size_t constant_bytes;      /* of constants made from decimal text */
};

/* The generator of `random` (lib/random.c). */
struct xv_random {
    uint32_t pad, n, d, dat;
};

/* A call that was scheduled from outside (vm/outside.c). */
typedef void (*xv_callback)(struct xv_vm *vm, void *user);
struct xv_scheduled {
    uintptr_t turn;       /* of the writer if it equals its place, of the reader if it is one more */
    xv_callback callback;
    void *user;
};

#if XIPVM_FAULT_INJECTION
/* Which allocations a test wants to fail. A test that sets `count` back begins anew. */
struct xv_faults {
    uint32_t count;       /* allocations so far, those that failed included */
    uint32_t at;          /* the first that fails, from 1 */
    uint32_t n;           /* how many do, one after another: 0 for none */
    bool hard;            /* even those that could take from the reserve, which is left to exceptions otherwise */
};
#endif

/* What reaches the VM from outside. Words marked * are shared with other threads and interrupt handlers, and accessed by
 * the functions of heap/atomic.h only. */
struct xv_outside {
    uintptr_t attention;  /* * INTPTR_MAX: something waits; 0 */
    uintptr_t interrupt;  /* * 1: the program is to get a KeyboardInterrupt */
    uintptr_t tail;       /* * place in the ring where the next writer writes */
    struct xv_scheduled ring[XIPVM_SCHEDULE_DEPTH]; /* turn: * */
    uintptr_t head;       /* place in the ring of the next to be called */
    uint16_t first_call;  /* of the calls that the program itself scheduled */
    uint16_t n_calls;
    bool calling;         /* a scheduled call is being made */
    bool interrupted;     /* and was interrupted */
};

/* The account of calls and backward jumps (vm/run.h). vm->budget counts down from `slice`. */
struct xv_meter {
    uint64_t left;        /* of the budget, when the slice began */
    uint64_t overrun;     /* spent beyond it */
    intptr_t slice;
    uint32_t unpolled;    /* since the host was polled last */
    uint32_t quantum;     /* the budget of each run and of each resuming; 0: no limit */
    bool limited;         /* what runs now has a budget … */
    bool over;            /* … and has reached its end */
    bool owed;            /* it was stopped behind a jump, which counts against the next budget */
    bool cut;             /* what a native calls back went too far beyond it: no handler stops the exception within that */
};

/* What the host has asked for and is not done yet (vm/run.h). */
struct xv_run_state {
    uint8_t kind;         /* an enum xv_run_kind */
    bool suspended;
    xv_value *base;       /* the frame stack as it was before */
    xv_value *top;
};

/* The instruction that asks, or that is executed once more with answers (vm/ask.c). */
struct xv_asking {
    const struct xv_frame *frame;
    uint64_t units;       /* spent when it began */
    uint32_t start, end;  /* where it is, from the frame's first instruction */
    uint32_t at;          /* of vm->answers: the next */
    uint32_t muted;       /* depth of xv_mute */
    bool anew;            /* what was asked before was something else */
};

#if XIPVM_DEBUG
struct xipvm_args;
/* The debug profile's own (api/debug.c). */
struct xv_debug {
    uintptr_t magic;            /* whether this is a VM, and open */
    uintptr_t busy;             /* * name (const char *) of the API's function that is at work, or 0 */
    uintptr_t owner;            /* * task that the HAL named when the outermost of them was called */
    uintptr_t telling;          /* * 1: the host is being told of a mistake */
    const char *native;         /* the host's function that the VM is calling, or NULL */
    bool raised;                /* which called xipvm_raise */
    void (*misuse)(void *context, const char *message);
    void *context;              /* both kept for mistakes after the end */
    struct xipvm_args *calls;   /* memory for the arguments of calls … */
    uint32_t next_call;         /* … and the place of the next */
    uint32_t opened;            /* how many VMs there were in this arena: not zeroed, as handles of the one before are to be told */
};
#endif

struct xv_vm {
    /* Hot: the interpreter and the allocator. */
    uint8_t *heap_low;          /* lowest object */
    xv_value *sp;               /* first free slot of the frame stack */
    xv_value *stack_top;        /* end of what the innermost frame has reserved; the heap ends above it */
    struct xv_frame *frame;     /* innermost, or NULL */
    xv_value exc;               /* the pending exception, or XV_NULL */
    uintptr_t names_version;    /* changes when a namespace gains or loses a key */
    uintptr_t class_version;    /* changes when a class that has instances gains or loses an attribute */
    uint8_t shares_code;        /* not 0: modules have bytes of their blobs in common, and nothing is cached by address; 2: no collection
                                   has seen yet whether they are all alive */
    struct xv_roots *roots;
    struct xv_cache_entry *cache;
    struct xv_code_info *code_cache;
    intptr_t budget;            /* calls and backward jumps left before the VM must look up */
    struct xv_meter meter;
    struct xv_run_state run;
    struct xv_asking asking;
    struct xv_outside outside;
    uint32_t native_depth;      /* of C functions that call one another without bound, interpreter loops included */
    uint32_t loops;             /* interpreter loops at work, each but the first called by a native */
    uint32_t n_identities;
    void *marker;               /* of heap/mark.c, while it runs */
    bool collecting;
    bool has_trimmed;           /* the last collection left garbage of its own making */
    bool gc_disabled;           /* gc.disable(): a full heap is a MemoryError, and not a collection */
    bool reserve_open;          /* an exception is being made: allocations may take from the reserve */
    uint16_t heap_locked;       /* depth of micropython.heap_lock(): allocation raises MemoryError */
    size_t reserve;             /* bytes that only exceptions may take; below the lowest object */
    size_t reserve_left;        /* of these, not taken since the last collection */

    /* The arena. */
    uint8_t *arena;
    size_t arena_size;
    uint8_t *heap_end;
    xv_value *stack_base;
#if XIPVM_GC_STRESS
    uint8_t *half_low, *half_end; /* bounds of the half of the heap that is not in use */
    uint32_t chances;           /* to collect (xv_chance) so far */
#endif

    /* Everything below, up to `last_value`, is a root. */
    xv_value first_value;
    xv_value memory_error;      /* made beforehand, as there is no memory when it is needed */
    xv_value modules;           /* sys.modules, a dict */
    xv_value slots;             /* ARRAY of modules by slot; weak (link/module.h) */
    xv_value main_module;
    xv_value argv;              /* sys.argv, a list */
    xv_value path;              /* sys.path, a list */
    xv_value handles;           /* ARRAY (api/handle.c) */
    xv_value identities;        /* ARRAY of object, number pairs in address order; weak (heap/identity.c) */
    xv_value watched;           /* ARRAY of object, native pairs, or XV_NULL; weak (heap/watch.c) */
    xv_value builtins_extra;    /* dict of names assigned to the builtins module, or XV_NULL */
    xv_value host_modules;      /* dict of host modules by name, or XV_NULL */
    xv_value ordered_dict;      /* the class collections.OrderedDict, or XV_NULL until a program asks for it */
    xv_value at_exit;           /* what sys.atexit was given, or XV_NULL */
    xv_value resumable;         /* ARRAY of the module of lib/resumable.py and its functions, or XV_NULL until it is needed */
    xv_value question;          /* ARRAY of what a native has asked for: number of positional arguments, function, arguments; or XV_NULL */
    xv_value answers;           /* list, or XV_NULL */
    xv_value run_what;          /* of `run`: the name or the module, or XV_NULL */
    xv_value last_exc;          /* kept for the host after a call failed */
    xv_value calls[XIPVM_SCHEDULE_DEPTH][2]; /* function and argument of calls that the program scheduled */
    xv_value scratch;           /* of heap.c: rooted across its own collections */
    xv_value last_value;

    struct xv_pool pool;
    struct xv_stats stats;
    struct xv_random random;
#if XIPVM_FAULT_INJECTION
    struct xv_faults faults;
#endif
    const struct xipvm_hal *hal;
#if XIPVM_DEBUG
    struct xv_debug debug;
#endif
    uintptr_t next_identity;
    uint32_t free_handle;       /* head of the list of free handles (api/handle.c) */
    uint32_t n_modules;         /* live slots */
    uint32_t fault_code;        /* why and … */
    uint32_t fault_offset;      /* … at which byte the last refused blob was refused; an enum xipvm_blob_error, 0: none was */
};

#endif
