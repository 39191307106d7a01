/*
 * The linker: rewrites verified functions from the stock form into the linked form (blob/reader.h). Name operands become
 * two bytes wide, and so what depends on addresses is relocated: jumps, handlers, line tables.
 *
 * It sees one function at a time and holds no code itself, so the same linker serves a loader that writes into RAM
 * and a prelinker that writes to flash. Time is linear in the size of the function.
 */
#ifndef XV_BLOB_LINKER_H
#define XV_BLOB_LINKER_H

#include "blob/reader.h"

/* Where linked bytes go: a buffer, which `flush` empties when it is full. */
struct xv_sink {
    uint8_t *buffer;
    size_t used, capacity;
    size_t total;                         /* bytes so far; with no buffer they are only counted */
    bool (*flush)(struct xv_sink *sink);  /* sets `used` to 0; false ends it all. NULL: the buffer is all there is */
    bool failed;                          /* once true, nothing more is written */
};

void xv_sink_byte(struct xv_sink *sink, uint8_t b);
void xv_sink_bytes(struct xv_sink *sink, const uint8_t *p, size_t n);
void xv_sink_varuint(struct xv_sink *sink, uint32_t v);
void xv_sink_half(struct xv_sink *sink, uint32_t v); /* two bytes, the low one first */

/* A function being linked. */
struct xv_linker {
    const uint16_t *operands; /* for each qstr of the blob, how linked code writes it */
    struct xv_raw raw;
    struct xv_prelude prelude;
    uint32_t size;            /* of its bytecode */
    uint32_t *marks;          /* pairs of old and new address, MARK_EVERY bytes apart or a little more */
    uint32_t n_marks;
    uint32_t new_size, new_info, new_len;
};

/* Scratch memory that the linking of a function of `len` bytes wants, aligned for uint32_t. */
static inline size_t xv_link_scratch(uint32_t len) {
    return ((size_t)len / 64 + 2) * 2 * sizeof(uint32_t);
}

/*
 * Works out how the function `raw` will look: l->new_len is its new length. `scratch` stays in use until xv_link_write.
 * False if a jump would become too long (LINK_REACH).
 */
bool xv_link_plan(struct xv_linker *l, const uint16_t *operands, const struct xv_raw *raw, void *scratch);

/* Writes the function: its l->new_len bytes, without the raw code's head and the number of children. */
void xv_link_write(const struct xv_linker *l, struct xv_sink *sink);

/* The head of a raw code, of a function of `len` bytes. */
void xv_link_head(struct xv_sink *sink, uint32_t len, bool has_children);

/* A function that nothing makes is never run; this one, with its head and without children, takes its place. */
void xv_link_stub(struct xv_sink *sink, uint16_t name);

/* Calls `visit` for every name that linked functions use, from the raw code at `outer` down, as often as it occurs. */
void xv_linked_names(const uint8_t *outer, void (*visit)(void *context, uint32_t operand), void *context);

#endif
