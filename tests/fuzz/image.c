/* Prelinked images: read, verified and run in place. The input's fingerprint is made right, as else none would ever
 * be looked at. */
#include <stdlib.h>

#include "blob/reader.h"
#include "fuzz.h"
#include "xv_names.inc"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct fuzz_options options;
    size_t n = fuzz_options(data, size, &options);
    uint8_t *copy = fuzz_copy(data, n);
    if (n >= XV_XIP_HEADER && (options.stream & 1) == 0) {
        for (unsigned i = 0; i < 4; i++) {
            copy[4 + i] = (uint8_t)(XV_NAMES_FINGERPRINT >> 8 * i);
        }
    }
    options.way = FUZZ_IN_PLACE;
    fuzz_run(copy, n, &options);
    free(copy);
    return 0;
}
