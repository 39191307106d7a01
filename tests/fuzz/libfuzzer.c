/* Has libFuzzer use our mutator, and its own one time in four. */
#include "fuzz.h"
#include "mutator.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed) {
    uint64_t random = seed;
    if (fuzz_random(&random) % 4 == 0) {
        return LLVMFuzzerMutate(data, size, max);
    }
    return mutate(data, size, max, &random);
}
