/* The builtins and the importable native modules.
 *
 * Each module is one file, one const table and one switch of xipvm/config.h. A function is one row of a table:
 *
 *     XV_NATIVE(sqrt, math_sqrt, 1, 1),
 */
#ifndef XV_LIB_LIB_H
#define XV_LIB_LIB_H

#include "object/function.h"
#include "object/number.h"
#include "object/object.h"
#include "object/print.h"

/* The members of a struct xv_native_module that are tables. */
#define XV_FUNCTIONS(a) .functions = (a), .n_functions = (uint16_t)(sizeof(a) / sizeof *(a))
#define XV_CONSTANTS(a) .constants = (a), .n_constants = (uint16_t)(sizeof(a) / sizeof *(a))
#define XV_COMPUTED(a) .computed = (a), .n_computed = (uint16_t)(sizeof(a) / sizeof *(a))
/* The same of a struct xv_type. */
#define XV_METHODS(a) .methods = (a), .n_methods = (uint16_t)(sizeof(a) / sizeof *(a))

/* A tuple of N values in flash, and its header. */
#define XV_CONST_TUPLE(n) \
    struct {              \
        uintptr_t header; \
        xv_value items[n]; \
    }
#define XV_TUPLE_HEADER(n) XV_HEADER(XV_KIND_TUPLE, 1 + (n))

/* The native module of a name, or NULL. Names with a leading u (utime) are those of old MicroPython programs.
 * Does not allocate. */
const struct xv_native_module *xv_find_native_module(uint16_t name);

/* A module that is written in Python, and lies in the library as a blob. A host that has a blob of this name overrides
 * it; it is verified when it is imported, like any other. */
struct xv_python_module {
    uint16_t name;
    uint16_t old_name; /* as for native modules */
    const uint8_t *data;
    size_t size;
};

/* The Python module of a name or old name, or NULL. Does not allocate. */
const struct xv_python_module *xv_find_python_module(uint16_t name);

/* The names of the library's modules one by one; XV_NO_NAME beyond the last. Does not allocate. */
uint16_t xv_library_module(size_t i);

/* The cell, in flash, that holds the builtin of a name, or NULL. Does not allocate. */
const xv_value *xv_builtin_find(uint16_t name);

extern const struct xv_native_module xv_module_builtins, xv_module_sys, xv_module_gc, xv_module_math,
    xv_module_cmath, xv_module_time, xv_module_micropython, xv_module_errno, xv_module_struct,
    xv_module_collections, xv_module_array, xv_module_io, xv_module_random, xv_module_json,
    xv_module_binascii, xv_module_heapq, xv_module_platform, xv_module_hashlib, xv_module_re,
    xv_module_os;

extern const struct xv_python_module xv_module_asyncio;

extern const struct xv_type xv_type_enumerate, xv_type_zip, xv_type_map, xv_type_filter, xv_type_reversed,
    xv_type_callable_iterator;

/* The number of the next item of an enumerate, which moves on; XV_NULL with MemoryError. */
xv_value xv_enumerate_count(struct xv_vm *vm, xv_value self);

/* micropython.RingIO. */
extern const struct xv_type xv_type_ring_io;

/* An exception as the end of an unhandled one shows it: traceback, type and message. */
bool xv_put_exception(struct xv_printer *out, xv_value exception);

/* __import__, provided by the vm room as a row of the builtins. */
xv_value xv_builtin_import(struct xv_vm *vm, xv_value *args, uint32_t n);

/* ---- helpers that several modules share (lib.c) */

/* For `make` slots and others that must look at the arity themselves: no keywords, and min to max positional
 * arguments. TypeError. */
bool xv_check_arity(struct xv_vm *vm, const char *function, uint32_t n, uint32_t min, uint32_t max);

/* A new tuple of two values, which are protected. */
xv_value xv_pair(struct xv_vm *vm, xv_value a, xv_value b);

/* The name value of an attribute name given by a program; TypeError. */
xv_value xv_attribute_name(struct xv_vm *vm, xv_value v);

#endif
