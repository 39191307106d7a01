/* The loader that links a blob while it reads it: from a stream in small pieces, which may end early, fail or lie
 * about its size. */
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_options options;
    size_t blob = fuzz_options(data, size, &options);
    options.way = FUZZ_STREAM;
    fuzz_run(data, blob, &options);
    return 0;
}
