/* Numbers as .mpy files have them, for what writes blobs of its own. Each function writes to `at`, where there is
 * room for ENCODED_MAX bytes, and returns how many it wrote. */
#ifndef ENCODE_H
#define ENCODE_H

#include <stddef.h>
#include <stdint.h>

#define ENCODED_MAX 40u

static inline size_t encode_uint(uint8_t *at, uint32_t v) {
    size_t n = 0;
    for (int shift = 28; shift > 0; shift -= 7) {
        if (v >> shift) {
            at[n++] = (uint8_t)((v >> shift & 0x7f) | 0x80);
        }
    }
    at[n++] = (uint8_t)(v & 0x7f);
    return n;
}

/* The signature of a prelude: n_state is 1 or more. */
static inline size_t encode_signature(uint8_t *at, uint32_t n_state, uint32_t n_exc, uint32_t n_pos, uint32_t n_kwonly,
                                      uint32_t n_def, uint32_t flags) {
    uint32_t s = n_state - 1, e = n_exc, a = n_pos, k = n_kwonly, d = n_def, g = flags;
    uint32_t z = (s & 15) << 3 | (e & 1) << 2 | (a & 3);
    size_t n = 0;
    s >>= 4;
    e >>= 1;
    a >>= 2;
    while (s | e | a | k | d | g) {
        at[n++] = (uint8_t)(z | 0x80);
        z = (s & 3) << 4 | (e & 1) << 1 | (a & 1) << 2 | (k & 1) << 3 | (d & 1) | (g & 1) << 6;
        s >>= 2;
        e >>= 1;
        a >>= 1;
        k >>= 1;
        d >>= 1;
        g >>= 1;
    }
    at[n++] = (uint8_t)z;
    return n;
}

/* The sizes of what follows it. */
static inline size_t encode_sizes(uint8_t *at, uint32_t n_info, uint32_t n_cells) {
    size_t n = 0;
    do {
        uint32_t z = (n_info & 63) << 1 | (n_cells & 1);
        n_info >>= 6;
        n_cells >>= 1;
        at[n++] = (uint8_t)(n_info | n_cells ? z | 0x80 : z);
    } while (n_info | n_cells);
    return n;
}

#endif
