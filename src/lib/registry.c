/* Which modules the library has, by name: natives, and blobs of its own. */
#include "lib/lib.h"

struct module_row {
    uint16_t name;
    uint16_t old_name; /* as older MicroPython programs write it; or XV_NO_NAME */
    const struct xv_native_module *module;
};

static const struct module_row rows[] = {
    {XV_Q_builtins, XV_NO_NAME, &xv_module_builtins},
    {XV_Q_sys, XV_Q_usys, &xv_module_sys},
    {XV_Q_micropython, XV_NO_NAME, &xv_module_micropython},
#if XIPVM_MODULE_GC
    {XV_Q_gc, XV_NO_NAME, &xv_module_gc},
#endif
#if XIPVM_MODULE_MATH
    {XV_Q_math, XV_NO_NAME, &xv_module_math},
#endif
#if XIPVM_MODULE_TIME
    {XV_Q_time, XV_Q_utime, &xv_module_time},
#endif
#if XIPVM_MODULE_ERRNO
    {XV_Q_errno, XV_Q_uerrno, &xv_module_errno},
#endif
#if XIPVM_MODULE_STRUCT
    {XV_Q_struct, XV_Q_ustruct, &xv_module_struct},
#endif
#if XIPVM_MODULE_ARRAY
    {XV_Q_array, XV_Q_uarray, &xv_module_array},
#endif
#if XIPVM_MODULE_IO
    {XV_Q_io, XV_Q_uio, &xv_module_io},
#endif
#if XIPVM_MODULE_RANDOM
    {XV_Q_random, XV_Q_urandom, &xv_module_random},
#endif
#if XIPVM_MODULE_CMATH
    {XV_Q_cmath, XV_NO_NAME, &xv_module_cmath},
#endif
#if XIPVM_MODULE_RE
    {XV_Q_re, XV_Q_ure, &xv_module_re},
#endif
#if XIPVM_MODULE_HASHLIB
    {XV_Q_hashlib, XV_Q_uhashlib, &xv_module_hashlib},
#endif
#if XIPVM_MODULE_COLLECTIONS
    {XV_Q_collections, XV_Q_ucollections, &xv_module_collections},
#endif
#if XIPVM_MODULE_JSON
    {XV_Q_json, XV_Q_ujson, &xv_module_json},
#endif
#if XIPVM_MODULE_HEAPQ
    {XV_Q_heapq, XV_Q_uheapq, &xv_module_heapq},
#endif
#if XIPVM_MODULE_BINASCII
    {XV_Q_binascii, XV_Q_ubinascii, &xv_module_binascii},
#endif
#if XIPVM_MODULE_OS
    {XV_Q_os, XV_Q_uos, &xv_module_os},
#endif
#if XIPVM_MODULE_PLATFORM
    {XV_Q_platform, XV_NO_NAME, &xv_module_platform},
#endif
};

const struct xv_native_module *xv_find_native_module(uint16_t name) {
    for (size_t i = 0; name != XV_NO_NAME && i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].name == name || rows[i].old_name == name) {
            return rows[i].module;
        }
    }
    return NULL;
}

/* The end of the table keeps it from being empty. */
static const struct xv_python_module *const python_modules[] = {
#if XIPVM_MODULE_ASYNCIO
    &xv_module_asyncio,
#endif
    NULL,
};

const struct xv_python_module *xv_find_python_module(uint16_t name) {
    if (name == XV_NO_NAME) {
        return NULL;
    }
    const struct xv_python_module *const *m = python_modules;
    while (*m != NULL && (*m)->name != name && (*m)->old_name != name) {
        m++;
    }
    return *m;
}

uint16_t xv_library_module(size_t i) {
    size_t n = sizeof rows / sizeof *rows;
    if (i < n) {
        return rows[i].name;
    }
    /* An array of pointers. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    size_t n_python = sizeof python_modules / sizeof *python_modules - 1;
    return i - n < n_python ? python_modules[i - n]->name : XV_NO_NAME;
}
