/* Verify, then run: a blob in a fresh VM with little memory, by the way of loading that its options choose. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_options options;
    size_t blob = fuzz_options(data, size, &options);
    fuzz_run(data, blob, &options);
    return 0;
}
