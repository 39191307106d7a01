/* What the fuzz targets share. Each target is a file with an LLVMFuzzerTestOneInput: libFuzzer calls it, or driver.c
 * where the compiler has no libFuzzer. */
#ifndef XV_TESTS_FUZZ_H
#define XV_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xipvm/xipvm.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#endif

/* What became of an input. */
enum fuzz_outcome { FUZZ_REFUSED, FUZZ_OK, FUZZ_EXCEPTION, FUZZ_STOPPED, FUZZ_OUTCOMES };

struct fuzz_result {
    enum fuzz_outcome outcome;
    enum xipvm_blob_error code; /* why it was refused */
};

/* Of the last input; each target sets it. */
extern struct fuzz_result fuzz_result;

/* 0 always, as libFuzzer wants it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, which is how a target reports what is wrong. */
void fuzz_fail(const char *what);
#define FUZZ_CHECK(condition)       \
    do {                            \
        if (!(condition)) {         \
            fuzz_fail(#condition);  \
        }                           \
    } while (0)

/* A copy in memory that ends where the bytes end, so that a byte too many is seen; to be freed. */
uint8_t *fuzz_copy(const uint8_t *data, size_t size);

/* Inputs of the targets that run a VM end in this many bytes, which say how; all zero if the input is shorter. */
#define FUZZ_OPTIONS 4

enum fuzz_way { FUZZ_IN_PLACE, FUZZ_LINK, FUZZ_PRELINKED, FUZZ_STREAM, FUZZ_WAYS };

struct fuzz_options {
    enum fuzz_way way;
    size_t arena;       /* bytes beyond XIPVM_MIN_ARENA */
    uint8_t stream;     /* how a stream behaves */
    uint8_t seed;       /* of arguments and of what the host answers */
};

/* Splits an input; returns the size of the blob before the options. */
size_t fuzz_options(const uint8_t *data, size_t size, struct fuzz_options *options);

/* Loads a blob into a fresh VM and runs it, then calls what it left behind, all of that for a bounded time; sets
 * fuzz_result. */
void fuzz_run(const uint8_t *data, size_t size, const struct fuzz_options *options);

/* A generator of numbers: the same everywhere for the same seed. */
static inline uint32_t fuzz_random(uint64_t *state) {
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)(z >> 32);
}

#endif
