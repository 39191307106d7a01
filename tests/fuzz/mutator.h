/* Makes mutants of blobs that get past the first checks: an accepted blob is taken apart into its functions,
 * instructions, tables and preludes, one of these is changed, and all is put together again with lengths, counts and
 * jumps made right. What is no blob gets its bytes changed. */
#ifndef XV_TESTS_FUZZ_MUTATOR_H
#define XV_TESTS_FUZZ_MUTATOR_H

#include <stddef.h>
#include <stdint.h>

/* Changes the `size` bytes at `data`, an .mpy file or prelinked image that may have FUZZ_OPTIONS bytes behind it,
 * where there is room for `max`; returns the new size. All follows from *random, which is moved on. */
size_t mutate(uint8_t *data, size_t size, size_t max, uint64_t *random);

/* Changes bytes, whatever they mean. */
size_t mutate_bytes(uint8_t *data, size_t size, size_t max, uint64_t *random);

#endif
