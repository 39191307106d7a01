/* import platform: what the library was compiled by, with and for. */
#include "lib/lib.h"

#if XIPVM_MODULE_PLATFORM
#include <stdlib.h> /* tells which C library this is */

#include "lib/machine.h"
#include "object/str.h"

#if defined(__clang__)
#define COMPILER "Clang " __clang_version__
#elif defined(__GNUC__)
#define COMPILER "GCC " __VERSION__
#else
#define COMPILER ""
#endif

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)
#if defined(__GLIBC__)
#define C_LIBRARY "glibc"
#define C_LIBRARY_VERSION TEXT(__GLIBC__) "." TEXT(__GLIBC_MINOR__)
#elif defined(_NEWLIB_VERSION)
#define C_LIBRARY "newlib"
#define C_LIBRARY_VERSION _NEWLIB_VERSION
#else
#define C_LIBRARY ""
#define C_LIBRARY_VERSION ""
#endif

static xv_value platform_platform(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return xv_str_from(vm, "libxipvm-" XV_MACHINE);
}

static xv_value platform_python_compiler(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return xv_str_from(vm, COMPILER);
}

static xv_value platform_libc_ver(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    xv_value r[2] = {xv_str_from(vm, C_LIBRARY), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = r[0] == XV_NULL ? XV_NULL : xv_str_from(vm, C_LIBRARY_VERSION);
    XV_LEAVE(vm);
    return r[1] == XV_NULL ? XV_NULL : xv_pair(vm, r[0], r[1]);
}

static const struct xv_native functions[] = {
    XV_FUNCTION(platform, platform_platform, 0, 0),
    XV_FUNCTION(python_compiler, platform_python_compiler, 0, 0),
    XV_FUNCTION(libc_ver, platform_libc_ver, 0, 0),
};

const struct xv_native_module xv_module_platform = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_platform,
    XV_FUNCTIONS(functions),
};
#endif
