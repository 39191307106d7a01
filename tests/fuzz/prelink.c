/* The prelinker: it refuses exactly what the verifier refuses (but for limits of its own), and what it writes verifies. */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

struct image {
    uint8_t *data;
    size_t size, room;
};

static bool append(void *context, const void *data, size_t len) {
    struct image *image = context;
    if (len > image->room - image->size) {
        return false;
    }
    memcpy(image->data + image->size, data, len);
    image->size += len;
    return true;
}

static bool is_limit(enum xipvm_blob_error code) {
    return code == XIPVM_BLOB_NO_SCRATCH || code == XIPVM_BLOB_LINK_REACH || code == XIPVM_BLOB_COUNT_TOO_LARGE ||
           code == XIPVM_BLOB_XIP_STREAM || code == XIPVM_BLOB_STREAM_FAILED;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct xipvm_fault fault = {XIPVM_BLOB_OK, 0, "", ""}, own = {XIPVM_BLOB_OK, 0, "", ""};
    size_t scratch_size = 2 * size + XIPVM_VERIFY_SCRATCH;
    uint8_t *copy = fuzz_copy(data, size);
    void *scratch = malloc(scratch_size);
    struct image image = {malloc(3 * size + 4096), 0, 3 * size + 4096};
    FUZZ_CHECK(scratch != NULL && image.data != NULL);
    enum xipvm_status verdict = xipvm_verify(copy, size, scratch, scratch_size, &fault);
    enum xipvm_status status = xipvm_prelink(copy, size, scratch, scratch_size, append, &image, &own);
    FUZZ_CHECK(verdict == XIPVM_OK || status != XIPVM_OK);
    if (status == XIPVM_OK) {
        /* What limits the verifier may be met a little sooner in an image. */
        size_t more = 2 * scratch_size + 65536;
        uint8_t *result = fuzz_copy(image.data, image.size);
        void *larger = malloc(more);
        FUZZ_CHECK(larger != NULL);
        FUZZ_CHECK(xipvm_verify(result, image.size, larger, more, &fault) == XIPVM_OK);
        free(larger);
        free(result);
    } else {
        FUZZ_CHECK(verdict != XIPVM_OK || is_limit(own.code));
        FUZZ_CHECK(own.code != XIPVM_BLOB_NO_SCRATCH); /* what the header promises of this much */
        FUZZ_CHECK(own.code != XIPVM_BLOB_STREAM_FAILED);
    }
    fuzz_result = (struct fuzz_result){status == XIPVM_OK ? FUZZ_OK : FUZZ_REFUSED, own.code};
    free(scratch);
    free(image.data);
    free(copy);
    return 0;
}
