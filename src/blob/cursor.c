/*
 * The bounds-checked reader under everything that looks at untrusted bytes. Relies on nothing but the
 * range that it is given.
 */
#include "blob/cursor.h"

#include <stddef.h>

void xv_cursor_init(struct xv_cursor *c, const uint8_t *base, uint32_t pos, uint32_t end) {
    c->base = base;
    c->pos = pos;
    c->end = end;
    c->limit = end;
    c->origin = 0;
    c->pull = NULL;
    c->code = XIPVM_BLOB_OK;
    c->fault = 0;
}

bool xv_cursor_fail(struct xv_cursor *c, enum xipvm_blob_error code, uint32_t at) {
    if (c->code == XIPVM_BLOB_OK) {
        c->code = code;
        c->fault = c->origin + at;
    }
    return false;
}

/* Whether `n` more bytes can be read; a fault if not. */
static bool has(struct xv_cursor *c, uint32_t n) {
    if (n <= c->end - c->pos) {
        return true;
    }
    return c->pull != NULL ? c->pull(c, n) : xv_cursor_fail(c, XIPVM_BLOB_TRUNCATED, c->pos);
}

uint8_t xv_cursor_byte(struct xv_cursor *c) {
    return c->code == XIPVM_BLOB_OK && has(c, 1) ? c->base[c->pos++] : 0;
}

const uint8_t *xv_cursor_take(struct xv_cursor *c, uint32_t n) {
    if (c->code != XIPVM_BLOB_OK || !has(c, n)) {
        return NULL;
    }
    const uint8_t *p = c->base + c->pos;
    c->pos += n;
    return p;
}

uint32_t xv_cursor_varuint(struct xv_cursor *c) {
    uint32_t start = c->pos;
    uint8_t b = xv_cursor_byte(c);
    uint32_t v = b & 0x7fu;
    bool leading_zero = b == 0x80u;
    while (b & 0x80u) {
        if (v > UINT32_MAX >> 7) {
            xv_cursor_fail(c, XIPVM_BLOB_VARUINT_TOO_WIDE, start);
            break;
        }
        b = xv_cursor_byte(c);
        v = v << 7 | (b & 0x7fu);
    }
    if (leading_zero) {
        xv_cursor_fail(c, XIPVM_BLOB_VARUINT_LEADING_ZERO, start);
    }
    return c->code == XIPVM_BLOB_OK ? v : 0;
}

int64_t xv_cursor_varint(struct xv_cursor *c) {
    uint32_t start = c->pos;
    uint8_t b = xv_cursor_byte(c);
    int64_t v = b & 0x7f;
    if (v & 0x40) {
        v -= 0x80;
    }
    while (b & 0x80u) {
        if (v > INT64_MAX / 128 || v < INT64_MIN / 128 || c->pos - start >= 10) {
            xv_cursor_fail(c, XIPVM_BLOB_SIGNED_TOO_WIDE, start);
            break;
        }
        b = xv_cursor_byte(c);
        v = v * 128 + (b & 0x7f);
    }
    return c->code == XIPVM_BLOB_OK ? v : 0;
}
