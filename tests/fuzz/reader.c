/* The reader: whatever the bytes are, they are refused with a fault within them or can be walked from end to end. */
#include <stdlib.h>

#include "blob/reader.h"
#include "fuzz.h"

static void walk_names(const struct xv_blob *blob) {
    const uint8_t *p = blob->base + blob->qstrs_at;
    volatile uint8_t sum = 0;
    for (uint32_t i = 0; i < blob->n_qstr; i++) {
        struct xv_name name;
        p = xv_next_name(p, &name);
        for (uint32_t k = 0; k < name.len; k++) {
            sum = (uint8_t)(sum + name.text[k]);
        }
    }
    FUZZ_CHECK(p == blob->base + blob->objs_at);
}

static void walk_objects(const struct xv_blob *blob) {
    const uint8_t *p = blob->base + blob->objs_at;
    for (uint32_t i = 0; i < blob->n_obj; i++) {
        struct xv_const object;
        p = xv_next_object(p, &object);
        FUZZ_CHECK(p <= blob->base + blob->code_at);
    }
    FUZZ_CHECK(p == blob->base + blob->code_at);
}

static void walk_functions(const struct xv_blob *blob) {
    const uint8_t *p = blob->base + blob->code_at;
    for (uint32_t i = 0; i < blob->n_functions; i++) {
        struct xv_raw raw;
        struct xv_prelude prelude;
        p = xv_raw_read(p, &raw);
        xv_prelude_read(raw.fun, &prelude);
        FUZZ_CHECK(prelude.code > raw.fun && prelude.code < raw.fun + raw.len);
        FUZZ_CHECK(prelude.n_state <= XV_MAX_STATE && prelude.n_exc <= XV_MAX_EXC_BLOCKS);
        FUZZ_CHECK(prelude.n_pos + prelude.n_kwonly <= prelude.n_state);
        FUZZ_CHECK(xv_prelude_lines(&prelude, blob->linked) <= prelude.cells);
        for (uint32_t k = 0; k < prelude.n_pos + prelude.n_kwonly; k++) {
            uint32_t name = xv_prelude_arg_name(&prelude, k, blob->linked);
            FUZZ_CHECK(blob->linked || name < blob->n_qstr);
        }
        for (uint32_t k = 0; k < prelude.n_cells; k++) {
            FUZZ_CHECK(prelude.cells[k] < prelude.n_state);
        }
        for (uint32_t pc = 0; pc < 4; pc++) {
            xv_line_of(raw.fun, pc << 8 * pc, blob->linked);
        }
        if (raw.n_children > 0) {
            FUZZ_CHECK(xv_raw_end(xv_raw_child(&raw, raw.n_children - 1)) <= blob->base + blob->size);
        }
    }
    FUZZ_CHECK(p == blob->base + blob->size);
    FUZZ_CHECK(p == xv_raw_end(blob->base + blob->code_at));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    uint8_t *copy = fuzz_copy(data, size);
    struct xv_blob blob;
    struct xv_blob_fault fault = {XIPVM_BLOB_OK, 0};
    bool good = xv_blob_open(&blob, copy, size, 63, &fault);
    FUZZ_CHECK(good == (fault.code == XIPVM_BLOB_OK));
    FUZZ_CHECK(fault.offset <= size);
    FUZZ_CHECK(xv_blob_error_text(fault.code) != NULL);
    if (good) {
        walk_names(&blob);
        walk_objects(&blob);
        walk_functions(&blob);
    }
    fuzz_result = (struct fuzz_result){good ? FUZZ_OK : FUZZ_REFUSED, fault.code};
    free(copy);
    return 0;
}
