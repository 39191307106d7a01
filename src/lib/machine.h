/* Which release of the library this is, and what it was compiled for. */
#ifndef XV_LIB_MACHINE_H
#define XV_LIB_MACHINE_H

#define XV_RELEASE "0.1.0"

#if defined(__x86_64__) || defined(_M_X64)
#define XV_MACHINE "x86_64"
#elif defined(__i386__) || defined(_M_IX86)
#define XV_MACHINE "x86"
#elif defined(__aarch64__)
#define XV_MACHINE "aarch64"
#elif defined(__arm__)
#define XV_MACHINE "arm"
#elif defined(__riscv)
#define XV_MACHINE "riscv"
#else
#define XV_MACHINE "unknown"
#endif

#endif
