/*
 * A bounds-checked reader of bytes that nobody vouches for.
 *
 * The first fault is kept, with its place, and the cursor stays failed: every later read returns 0 or NULL
 * and moves nothing. So a caller may read several fields and look at `code` once.
 *
 * A cursor over a stream has a `pull`, which appends bytes behind `end` when they are wanted; `base` is then where
 * the element that is being read has been put, and `origin` the place of that in the stream.
 */
#ifndef XV_BLOB_CURSOR_H
#define XV_BLOB_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "xipvm/blob_errors.h"

struct xv_cursor {
    const uint8_t *base;
    uint32_t pos;               /* offset of the next byte from base */
    uint32_t end;               /* offset behind the last byte that may be read */
    uint32_t limit;             /* no count of things that follow can be larger than this */
    enum xipvm_blob_error code; /* the first fault, XIPVM_BLOB_OK while there is none */
    uint32_t fault;             /* where: an offset from the beginning of the blob */
    uint32_t origin;            /* which is this far before base */
    /* Streams: makes `n` bytes from pos on readable, moving `end`; false after recording a fault. Else NULL. */
    bool (*pull)(struct xv_cursor *c, uint32_t n);
};

/* A cursor over the bytes base[pos] … base[end - 1]; pos <= end. */
void xv_cursor_init(struct xv_cursor *c, const uint8_t *base, uint32_t pos, uint32_t end);

/* Records a fault at offset `at` from base unless there is one already. Returns false, for `return
 * xv_cursor_fail(…)`. */
bool xv_cursor_fail(struct xv_cursor *c, enum xipvm_blob_error code, uint32_t at);

/* The next byte; TRUNCATED and 0 at the end. */
uint8_t xv_cursor_byte(struct xv_cursor *c);

/* The address of the next n bytes, which are skipped; TRUNCATED and NULL if there are fewer. */
const uint8_t *xv_cursor_take(struct xv_cursor *c, uint32_t n);

/* An unsigned integer: TRUNCATED (R1), VARUINT_TOO_WIDE (R2) over 32 bits, VARUINT_LEADING_ZERO (R3). */
uint32_t xv_cursor_varuint(struct xv_cursor *c);

/* A signed integer: TRUNCATED, or SIGNED_TOO_WIDE over 64 bits or 10 bytes. */
int64_t xv_cursor_varint(struct xv_cursor *c);

#endif
