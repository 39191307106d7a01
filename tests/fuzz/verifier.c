/* The verifier: it ends, stays in its scratch memory, says the same with more of that, and every name of a function that it
 * accepts exists. The last byte of the input chooses how much scratch memory there is. */
#include <stdlib.h>

#include "blob/verifier.h"
#include "fuzz.h"

#define LARGE 65536u

static struct xv_blob_fault verify(const struct xv_blob *blob, size_t scratch_size) {
    struct xv_blob_fault fault = {XIPVM_BLOB_OK, 0};
    void *scratch = malloc(scratch_size);
    FUZZ_CHECK(scratch != NULL);
    bool good = xv_blob_verify(blob, scratch, scratch_size, &fault);
    free(scratch);
    FUZZ_CHECK(good == (fault.code == XIPVM_BLOB_OK));
    FUZZ_CHECK(fault.offset <= blob->size);
    return fault;
}

static bool is_limit(enum xipvm_blob_error code) {
    return code == XIPVM_BLOB_NO_SCRATCH || code == XIPVM_BLOB_TOO_MANY_LOOPS || code == XIPVM_BLOB_TOO_MANY_LABELS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct xv_blob blob;
    struct xv_blob_fault fault = {XIPVM_BLOB_OK, 0};
    size_t scratch_size = size > 0 ? 2200 + (size_t)data[size - 1] * 16 : 0;
    size_t n = size > 0 ? size - 1 : 0;
    uint8_t *copy = fuzz_copy(data, n);
    if (xv_blob_open(&blob, copy, n, 63, &fault)) {
        fault = verify(&blob, LARGE);
        struct xv_blob_fault again = verify(&blob, scratch_size);
        FUZZ_CHECK(again.code == fault.code || is_limit(again.code));
    }
    fuzz_result = (struct fuzz_result){fault.code == XIPVM_BLOB_OK ? FUZZ_OK : FUZZ_REFUSED, fault.code};
    free(copy);
    return 0;
}
