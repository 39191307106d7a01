/* What the fuzz targets share, as far as it needs no VM. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fuzz_result fuzz_result;

void fuzz_fail(const char *what) {
    fprintf(stderr, "fuzz: this does not hold: %s\n", what);
    abort();
}

uint8_t *fuzz_copy(const uint8_t *data, size_t size) {
    uint8_t *copy = malloc(size > 0 ? size : 1);
    FUZZ_CHECK(copy != NULL);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    return copy;
}

size_t fuzz_options(const uint8_t *data, size_t size, struct fuzz_options *options) {
    uint8_t tail[FUZZ_OPTIONS] = {0};
    size_t blob = size;
    if (size >= FUZZ_OPTIONS) {
        blob = size - FUZZ_OPTIONS;
        memcpy(tail, data + blob, FUZZ_OPTIONS);
    }
    options->way = (enum fuzz_way)(tail[0] % FUZZ_WAYS);
    options->arena = ((size_t)(tail[1] % 16) * 2 + 2) * 1024;
    options->stream = tail[2];
    options->seed = tail[3];
    return blob;
}
