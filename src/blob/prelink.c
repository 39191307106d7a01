/*
 * Writing a prelinked image, front to back. Relies on the blob having been verified.
 */
#include "blob/prelink.h"

#include "blob/verifier.h"
#include "xv_names.inc"

struct prelinker {
    const struct xv_blob *blob;
    uint16_t *operands; /* how the image writes each name of the blob */
    void *plan;         /* scratch memory for the linker */
    size_t plan_size;
    struct xv_sink *sink;
    struct xv_blob_fault *fault;
};

static bool fail(const struct prelinker *p, enum xipvm_blob_error code, const uint8_t *at) {
    p->fault->code = code;
    p->fault->offset = (uint32_t)(at - p->blob->base);
    return false;
}

static bool divide_scratch(struct prelinker *p, void *scratch, size_t size) {
    size_t skip = (size_t)(-(uintptr_t)scratch & 3u);
    size_t names = ((size_t)p->blob->n_qstr * sizeof(uint16_t) + 3) & ~(size_t)3;
    if (scratch == NULL || size < skip || size - skip < names) {
        return fail(p, XIPVM_BLOB_NO_SCRATCH, p->blob->base);
    }
    p->operands = (uint16_t *)(void *)((uint8_t *)scratch + skip);
    p->plan = (uint8_t *)scratch + skip + names;
    p->plan_size = size - skip - names;
    return true;
}

/* Decides how each name is written. *n_new: how many the firmware has not. */
static bool number_names(const struct prelinker *p, xv_static_find find, uint32_t *n_new) {
    const uint8_t *at = p->blob->base + p->blob->qstrs_at;
    *n_new = 0;
    for (uint32_t i = 0; i < p->blob->n_qstr; i++) {
        struct xv_name name;
        const uint8_t *next = xv_next_name(at, &name);
        uint16_t id = name.static_id != 0 ? name.static_id : find(name.text, name.len);
        if (id == 0 && *n_new == XV_OPERAND_TABLE) {
            return fail(p, XIPVM_BLOB_COUNT_TOO_LARGE, at);
        }
        p->operands[i] = id != 0 ? id : (uint16_t)(XV_OPERAND_TABLE | (*n_new)++);
        at = next;
    }
    return true;
}

static void write_tables(const struct prelinker *p, uint32_t n_new) {
    const struct xv_blob *b = p->blob;
    uint32_t aexit = b->async_names[XV_ASYNC_AEXIT];
    const uint8_t head[4] = {XV_XIP_MAGIC, XV_XIP_VERSION, 0, b->small_int_bits};
    xv_sink_bytes(p->sink, head, sizeof head);
    xv_sink_half(p->sink, XV_NAMES_FINGERPRINT & 0xffffu);
    xv_sink_half(p->sink, XV_NAMES_FINGERPRINT >> 16);
    xv_sink_half(p->sink, p->operands[0]);
    xv_sink_half(p->sink, aexit == UINT32_MAX ? 0 : p->operands[aexit]);
    xv_sink_varuint(p->sink, n_new);
    xv_sink_varuint(p->sink, b->n_obj);
    const uint8_t *at = b->base + b->qstrs_at;
    for (uint32_t i = 0; i < b->n_qstr; i++) {
        struct xv_name name;
        const uint8_t *next = xv_next_name(at, &name);
        if (p->operands[i] & XV_OPERAND_TABLE) {
            xv_sink_bytes(p->sink, at, (size_t)(next - at));
        }
        at = next;
    }
    xv_sink_bytes(p->sink, b->base + b->objs_at, b->code_at - b->objs_at);
}

static bool write_function(const struct prelinker *p, const struct xv_raw *raw) {
    struct xv_linker linker;
    if (xv_link_scratch(raw->len) > p->plan_size) {
        return fail(p, XIPVM_BLOB_NO_SCRATCH, raw->fun);
    }
    if (!xv_link_plan(&linker, p->operands, raw, p->plan)) {
        return fail(p, XIPVM_BLOB_LINK_REACH, raw->fun);
    }
    xv_link_head(p->sink, linker.new_len, raw->n_children > 0);
    xv_link_write(&linker, p->sink);
    if (raw->n_children > 0) {
        xv_sink_varuint(p->sink, raw->n_children);
    }
    return true;
}

static bool write_functions(const struct prelinker *p) {
    struct xv_tree tree;
    const uint8_t *base = p->blob->base;
    const uint8_t *at = base + p->blob->code_at;
    xv_tree_init(&tree, base);
    do {
        struct xv_instr maker;
        if (!xv_tree_next(&tree, &maker)) {
            xv_link_stub(p->sink, p->operands[0]);
            at = xv_raw_end(at);
            continue;
        }
        struct xv_raw raw;
        struct xv_prelude prelude;
        at = xv_raw_read(at, &raw);
        if (!write_function(p, &raw)) {
            return false;
        }
        xv_prelude_read(raw.fun, &prelude);
        xv_tree_enter(&tree, (uint32_t)(prelude.code - base), (uint32_t)(raw.fun + raw.len - prelude.code), raw.n_children);
    } while (xv_tree_more(&tree));
    return true;
}

bool xv_prelink(const struct xv_blob *blob, xv_static_find find, void *scratch, size_t scratch_size, struct xv_sink *sink,
                struct xv_blob_fault *fault) {
    struct prelinker p = {.blob = blob, .sink = sink, .fault = fault};
    uint32_t n_new;
    if (!divide_scratch(&p, scratch, scratch_size) || !number_names(&p, find, &n_new)) {
        return false;
    }
    write_tables(&p, n_new);
    if (!write_functions(&p)) {
        return false;
    }
    if (!sink->failed && sink->flush != NULL && !sink->flush(sink)) {
        sink->failed = true;
    }
    return sink->failed ? fail(&p, XIPVM_BLOB_STREAM_FAILED, blob->base) : true;
}
