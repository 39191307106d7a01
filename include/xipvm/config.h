/* Compile-time switches of libxipvm.
 *
 * Each may be set on the compiler's command line, for the library and for every file that includes
 * xipvm.h alike (CMake users get this from the `xipvm` target). Costs are for Cortex-M4 at -Os. */
#ifndef XIPVM_CONFIG_H
#define XIPVM_CONFIG_H

#include <stdint.h>

/* 1: collect, and move every object, at every allocation. For tests only; halves the usable arena. */
#ifndef XIPVM_GC_STRESS
#define XIPVM_GC_STRESS 0
#endif

/* 1: the debug profile. Functions of the API check what they are given and when they are called (a handle of another
 * VM, a VM that was closed, or is at work already, …), and tell the HAL's `misuse` in a sentence what the host did
 * wrong; then they do nothing and return XIPVM_BAD_ARGUMENT, or what else means failure. Blobs that were changed
 * while they are loaded in place are noticed whenever modules are loaded or unloaded, and in collections that the
 * host asks for. To develop a host with. About 11 kB of flash, 128 words of the arena, and about 100 instructions a
 * call. */
#ifndef XIPVM_DEBUG
#define XIPVM_DEBUG 0
#endif

/* 1: tests can have any allocation fail (heap/state.h: faults). For tests only. */
#ifndef XIPVM_FAULT_INJECTION
#define XIPVM_FAULT_INJECTION 0
#endif

/* 1: Python's float is a C float. Halves the box of a float on 32-bit targets and avoids double
 * arithmetic where the FPU has none; programs see about 7 digits. */
#ifndef XIPVM_SINGLE_FLOAT
#define XIPVM_SINGLE_FLOAT 0
#endif

/* How deep natives may call back into Python (a sort key, a __hash__), and C code may follow nested data (repr, ==,
 * hash, json). Bounds the C stack, see XIPVM_C_STACK. Beyond: RuntimeError. Legal: 2 to 200. */
#ifndef XIPVM_NATIVE_DEPTH
#if UINTPTR_MAX > 0xffffffffu
#define XIPVM_NATIVE_DEPTH 100
#else
#define XIPVM_NATIVE_DEPTH 24
#endif
#endif

/* Bytes of C stack that the VM takes at most, whatever a program does, in optimised code (GCC and Clang, -Os to -O2):
 * some for a plain program and for loading one, and some for each level of XIPVM_NATIVE_DEPTH. What the HAL's
 * functions and the host's native functions take comes on top. Nothing is made of this figure: it is for those who
 * size a task's stack, and the tests measure that it holds. */
#if UINTPTR_MAX > 0xffffffffu
#define XIPVM_C_STACK (12288u + XIPVM_NATIVE_DEPTH * 2048u)
#elif defined(__arm__)
#define XIPVM_C_STACK (6144u + XIPVM_NATIVE_DEPTH * 1024u)
#else
#define XIPVM_C_STACK (6144u + XIPVM_NATIVE_DEPTH * 1536u)
#endif

/* 1: the interpreter jumps from each instruction to the next by GNU C's computed goto, which is faster than a switch. */
#ifndef XIPVM_COMPUTED_GOTO
#ifdef __GNUC__
#define XIPVM_COMPUTED_GOTO 1
#else
#define XIPVM_COMPUTED_GOTO 0
#endif
#endif

/* 1: blobs can also be linked into the arena (from streams, or on demand). 0: only .mpy files that are mapped. About 4.6 kB,
 * of which 1.3 kB are the thirteen instructions with direct operands. */
#ifndef XIPVM_LINKING
#define XIPVM_LINKING 1
#endif

/* 1: prelinked images run, in place. 0: they are refused (fault code XIP_ABSENT), and linked code needs no test of
 * the bit that marks an index into a table. About 0.4 kB, of which the test takes 72 bytes; making images on the
 * device (xipvm_prelink) takes 0.8 kB more. Needs XIPVM_LINKING. */
#ifndef XIPVM_PRELINKED
#define XIPVM_PRELINKED XIPVM_LINKING
#endif

/* 1: Python code that the library itself calls back (a __hash__, a property, the key function of a sort, a generator
 * that is summed up, …) can be suspended as well when the budget of a slice is spent. 0: it is finished first, as far
 * as XIPVM_OVERRUN allows. About 9.5 kB, and some 100 bytes of the arena once a sliced program needs one. */
#ifndef XIPVM_RESUMABLE_NATIVES
#define XIPVM_RESUMABLE_NATIVES 1
#endif

/* Calls and backward jumps that a callback which cannot be suspended may make beyond the budget of its slice; after
 * that it ends in a RuntimeError that it cannot catch itself. 0: no limit. */
#ifndef XIPVM_OVERRUN
#define XIPVM_OVERRUN 100000
#endif

/* Bytes that are read from a stream at a time, on the C stack. */
#ifndef XIPVM_STREAM_BUFFER
#define XIPVM_STREAM_BUFFER 128
#endif

/* Inline cache entries of a VM, a power of two. Each takes 4 words of the arena. More make
 * name, attribute and method access faster in larger programs; results never depend on it. */
#ifndef XIPVM_CACHE_ENTRIES
#if UINTPTR_MAX > 0xffffffffu
#define XIPVM_CACHE_ENTRIES 1024
#else
#define XIPVM_CACHE_ENTRIES 32
#endif
#endif

/* Functions whose decoded prelude a VM remembers, a power of two. Each takes 6 words of the arena. */
#ifndef XIPVM_FUNCTION_CACHE
#if UINTPTR_MAX > 0xffffffffu
#define XIPVM_FUNCTION_CACHE 128
#else
#define XIPVM_FUNCTION_CACHE 8
#endif
#endif

/* Words of the arena that only exceptions may take when there is no memory otherwise, or the heap is locked
 * (micropython.heap_lock): enough for one with a short message and the place where it was raised, and for the call of
 * a small function that handles it. Programs can ask for more (micropython.alloc_emergency_exception_buf). */
#ifndef XIPVM_RESERVE
#define XIPVM_RESERVE 64u
#endif

/* How many calls may wait to be made in a VM's own context: so many from outside (xipvm_schedule) and as many
 * of the program (micropython.schedule). Each takes 5 words of the arena. Legal: powers of two from 2 to 4096. */
#ifndef XIPVM_SCHEDULE_DEPTH
#if UINTPTR_MAX > 0xffffffffu
#define XIPVM_SCHEDULE_DEPTH 8u
#else
#define XIPVM_SCHEDULE_DEPTH 4u
#endif
#endif

/* How many choices the matcher of `re` may keep to come back to, 12 bytes of the arena each while it matches.
 * Beyond: RuntimeError. At least 16. */
#ifndef XIPVM_RE_CHOICES
#if UINTPTR_MAX > 0xffffffffu
#define XIPVM_RE_CHOICES 8192u
#else
#define XIPVM_RE_CHOICES 1024u
#endif
#endif

/* 1: files, as far as the HAL has them: open(). About 1.2 kB of flash. Streams are
 * always there: sys.stdin, sys.stdout and sys.stderr. */
#ifndef XIPVM_FILES
#define XIPVM_FILES 1
#endif

/* Importable modules: 0 leaves one out. The costs are in flash, as tests/tools/sizes.py measures them; no module takes
 * RAM before it is used. builtins, sys and micropython are always there. */
#ifndef XIPVM_MODULE_GC /* gc: collect, mem_free, mem_alloc, ...: about 0.3 kB */
#define XIPVM_MODULE_GC 1
#endif
#ifndef XIPVM_MODULE_MATH /* math: about 4.5 kB, and what it draws from the C library */
#define XIPVM_MODULE_MATH 1
#endif
#ifndef XIPVM_MODULE_TIME /* time: ticks, sleep and, if the HAL has it, the time of day and dates: about 2.5 kB */
#define XIPVM_MODULE_TIME 1
#endif
#ifndef XIPVM_MODULE_ERRNO /* errno: names of error numbers: about 0.3 kB */
#define XIPVM_MODULE_ERRNO 1
#endif
#ifndef XIPVM_MODULE_STRUCT /* struct: pack and unpack: about 1.8 kB */
#define XIPVM_MODULE_STRUCT 1
#endif
#ifndef XIPVM_MODULE_ARRAY /* array: numbers side by side: about 3.5 kB */
#define XIPVM_MODULE_ARRAY 1
#endif
#ifndef XIPVM_MODULE_IO /* io: StringIO and BytesIO: about 2.1 kB */
#define XIPVM_MODULE_IO 1
#endif
#ifndef XIPVM_MODULE_RANDOM /* random: about 1.2 kB */
#define XIPVM_MODULE_RANDOM 1
#endif
#ifndef XIPVM_MODULE_CMATH /* cmath: about 1.4 kB, and what it draws from the C library */
#define XIPVM_MODULE_CMATH 1
#endif
#ifndef XIPVM_MODULE_RE /* re: regular expressions: about 6.8 kB */
#define XIPVM_MODULE_RE 1
#endif
#ifndef XIPVM_MODULE_HASHLIB /* hashlib: md5, sha1 and sha256: about 3 kB */
#define XIPVM_MODULE_HASHLIB 1
#endif
#ifndef XIPVM_MODULE_COLLECTIONS /* collections: namedtuple, OrderedDict, deque: about 4.2 kB */
#define XIPVM_MODULE_COLLECTIONS 1
#endif
#ifndef XIPVM_MODULE_JSON /* json: about 3.5 kB */
#define XIPVM_MODULE_JSON 1
#endif
#ifndef XIPVM_MODULE_HEAPQ /* heapq: about 0.7 kB */
#define XIPVM_MODULE_HEAPQ 1
#endif
#ifndef XIPVM_RINGIO /* micropython.RingIO: about 1 kB */
#define XIPVM_RINGIO 1
#endif
#ifndef XIPVM_MODULE_BINASCII /* binascii: hexlify, base64, crc32: about 1.5 kB */
#define XIPVM_MODULE_BINASCII 1
#endif
#ifndef XIPVM_MODULE_OS /* os: what the HAL can do with files and folders: about 2.2 kB; needs XIPVM_FILES */
#define XIPVM_MODULE_OS XIPVM_FILES
#endif
#ifndef XIPVM_MODULE_PLATFORM /* platform: about 0.2 kB */
#define XIPVM_MODULE_PLATFORM 1
#endif
#ifndef XIPVM_MODULE_ASYNCIO /* asyncio: tasks that take turns, without streams: about 4.5 kB; needs time */
#define XIPVM_MODULE_ASYNCIO XIPVM_MODULE_TIME
#endif

#if XIPVM_MODULE_ASYNCIO && !XIPVM_MODULE_TIME
#error "XIPVM_MODULE_ASYNCIO needs XIPVM_MODULE_TIME"
#endif
#if XIPVM_PRELINKED && !XIPVM_LINKING
#error "XIPVM_PRELINKED needs XIPVM_LINKING"
#endif
#if XIPVM_NATIVE_DEPTH < 2 || XIPVM_NATIVE_DEPTH > 200
#error "XIPVM_NATIVE_DEPTH must be 2 to 200"
#endif
#if XIPVM_MODULE_OS && !XIPVM_FILES
#error "XIPVM_MODULE_OS needs XIPVM_FILES"
#endif
#if (XIPVM_SCHEDULE_DEPTH & (XIPVM_SCHEDULE_DEPTH - 1)) != 0 || XIPVM_SCHEDULE_DEPTH < 2 || XIPVM_SCHEDULE_DEPTH > 4096
#error "XIPVM_SCHEDULE_DEPTH must be a power of two from 2 to 4096"
#endif
#if XIPVM_STREAM_BUFFER < 1 || XIPVM_STREAM_BUFFER > 65536
#error "XIPVM_STREAM_BUFFER must be 1 to 65536"
#endif
#if XIPVM_RE_CHOICES < 16
#error "XIPVM_RE_CHOICES must be at least 16"
#endif
#if (XIPVM_CACHE_ENTRIES & (XIPVM_CACHE_ENTRIES - 1)) != 0 || XIPVM_CACHE_ENTRIES < 1
#error "XIPVM_CACHE_ENTRIES must be a power of two"
#endif
#if (XIPVM_FUNCTION_CACHE & (XIPVM_FUNCTION_CACHE - 1)) != 0 || XIPVM_FUNCTION_CACHE < 1
#error "XIPVM_FUNCTION_CACHE must be a power of two"
#endif

#endif
