/* import hashlib: md5, sha1, sha256. The three share their framing: blocks of 64 bytes, padded with the length in bits; an
 * algorithm is a row that says how the state begins and how a block changes it. As in MicroPython, taking the digest ends a
 * hash. */
#include "lib/lib.h"

#if XIPVM_MODULE_HASHLIB
#include "object/str.h"

#define BLOCK 64u
#define MAX_WORDS 8u

enum { STATE, N_SLOTS };

/* What a hash knows of the data so far: the contents of the RAW in its slot. */
struct state {
    uint64_t length;       /* bytes taken in */
    uint32_t words[MAX_WORDS];
    uint8_t block[BLOCK];  /* those that do not fill a block yet */
    uint32_t is_final;
};

struct algorithm {
    void (*mix)(uint32_t *words, const uint8_t *block);
    uint32_t n_words;
    bool big_endian;
    uint32_t start[MAX_WORDS];
};

static uint32_t rotate_left(uint32_t x, unsigned n) {
    return x << n | x >> (32u - n);
}

static uint32_t load(const uint8_t *p, bool big_endian) {
    return big_endian ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]
                      : (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void store(uint8_t *p, uint32_t x, bool big_endian) {
    for (unsigned i = 0; i < 4; i++) {
        p[i] = (uint8_t)(x >> (big_endian ? 24u - 8u * i : 8u * i));
    }
}

/* ---- SHA-256 (FIPS 180-4) */

static const uint32_t sha256_constants[64] = {
    0x428a2f98u, 0x71374491u, 0xb5c0fbcfu, 0xe9b5dba5u, 0x3956c25bu, 0x59f111f1u, 0x923f82a4u, 0xab1c5ed5u,
    0xd807aa98u, 0x12835b01u, 0x243185beu, 0x550c7dc3u, 0x72be5d74u, 0x80deb1feu, 0x9bdc06a7u, 0xc19bf174u,
    0xe49b69c1u, 0xefbe4786u, 0x0fc19dc6u, 0x240ca1ccu, 0x2de92c6fu, 0x4a7484aau, 0x5cb0a9dcu, 0x76f988dau,
    0x983e5152u, 0xa831c66du, 0xb00327c8u, 0xbf597fc7u, 0xc6e00bf3u, 0xd5a79147u, 0x06ca6351u, 0x14292967u,
    0x27b70a85u, 0x2e1b2138u, 0x4d2c6dfcu, 0x53380d13u, 0x650a7354u, 0x766a0abbu, 0x81c2c92eu, 0x92722c85u,
    0xa2bfe8a1u, 0xa81a664bu, 0xc24b8b70u, 0xc76c51a3u, 0xd192e819u, 0xd6990624u, 0xf40e3585u, 0x106aa070u,
    0x19a4c116u, 0x1e376c08u, 0x2748774cu, 0x34b0bcb5u, 0x391c0cb3u, 0x4ed8aa4au, 0x5b9cca4fu, 0x682e6ff3u,
    0x748f82eeu, 0x78a5636fu, 0x84c87814u, 0x8cc70208u, 0x90befffau, 0xa4506cebu, 0xbef9a3f7u, 0xc67178f2u,
};

/* The schedule is kept 16 words at a time, to spare the C stack. */
static void sha256_mix(uint32_t *words, const uint8_t *block) {
    uint32_t w[16], s[8];
    memcpy(s, words, sizeof s);
    for (unsigned i = 0; i < 64; i++) {
        if (i < 16) {
            w[i] = load(block + 4 * i, true);
        } else {
            uint32_t a = w[(i + 1) & 15u], b = w[(i + 14) & 15u];
            uint32_t s0 = rotate_left(a, 25) ^ rotate_left(a, 14) ^ (a >> 3);
            uint32_t s1 = rotate_left(b, 15) ^ rotate_left(b, 13) ^ (b >> 10);
            w[i & 15u] += s0 + w[(i + 9) & 15u] + s1;
        }
        uint32_t e = s[4], a = s[0];
        uint32_t t1 = s[7] + (rotate_left(e, 26) ^ rotate_left(e, 21) ^ rotate_left(e, 7)) +
                      ((e & s[5]) ^ (~e & s[6])) + sha256_constants[i] + w[i & 15u];
        uint32_t t2 = (rotate_left(a, 30) ^ rotate_left(a, 19) ^ rotate_left(a, 10)) +
                      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
        memmove(s + 1, s, 7 * sizeof *s);
        s[4] += t1;
        s[0] = t1 + t2;
    }
    for (unsigned i = 0; i < 8; i++) {
        words[i] += s[i];
    }
}

/* ---- SHA-1 (FIPS 180-4) */

static void sha1_mix(uint32_t *words, const uint8_t *block) {
    static const uint32_t constants[4] = {0x5a827999u, 0x6ed9eba1u, 0x8f1bbcdcu, 0xca62c1d6u};
    uint32_t w[16];
    uint32_t a = words[0], b = words[1], c = words[2], d = words[3], e = words[4];
    for (unsigned i = 0; i < 80; i++) {
        if (i < 16) {
            w[i] = load(block + 4 * i, true);
        } else {
            uint32_t x = w[(i + 13) & 15u] ^ w[(i + 8) & 15u] ^ w[(i + 2) & 15u] ^ w[i & 15u];
            w[i & 15u] = rotate_left(x, 1);
        }
        uint32_t f = i < 20   ? (b & c) | (~b & d)
                     : i < 40 ? b ^ c ^ d
                     : i < 60 ? (b & c) | (b & d) | (c & d)
                              : b ^ c ^ d;
        uint32_t t = rotate_left(a, 5) + f + e + constants[i / 20] + w[i & 15u];
        e = d;
        d = c;
        c = rotate_left(b, 30);
        b = a;
        a = t;
    }
    words[0] += a;
    words[1] += b;
    words[2] += c;
    words[3] += d;
    words[4] += e;
}

/* ---- MD5 (RFC 1321) */

static const uint32_t md5_constants[64] = {
    0xd76aa478u, 0xe8c7b756u, 0x242070dbu, 0xc1bdceeeu, 0xf57c0fafu, 0x4787c62au, 0xa8304613u, 0xfd469501u,
    0x698098d8u, 0x8b44f7afu, 0xffff5bb1u, 0x895cd7beu, 0x6b901122u, 0xfd987193u, 0xa679438eu, 0x49b40821u,
    0xf61e2562u, 0xc040b340u, 0x265e5a51u, 0xe9b6c7aau, 0xd62f105du, 0x02441453u, 0xd8a1e681u, 0xe7d3fbc8u,
    0x21e1cde6u, 0xc33707d6u, 0xf4d50d87u, 0x455a14edu, 0xa9e3e905u, 0xfcefa3f8u, 0x676f02d9u, 0x8d2a4c8au,
    0xfffa3942u, 0x8771f681u, 0x6d9d6122u, 0xfde5380cu, 0xa4beea44u, 0x4bdecfa9u, 0xf6bb4b60u, 0xbebfbc70u,
    0x289b7ec6u, 0xeaa127fau, 0xd4ef3085u, 0x04881d05u, 0xd9d4d039u, 0xe6db99e5u, 0x1fa27cf8u, 0xc4ac5665u,
    0xf4292244u, 0x432aff97u, 0xab9423a7u, 0xfc93a039u, 0x655b59c3u, 0x8f0ccc92u, 0xffeff47du, 0x85845dd1u,
    0x6fa87e4fu, 0xfe2ce6e0u, 0xa3014314u, 0x4e0811a1u, 0xf7537e82u, 0xbd3af235u, 0x2ad7d2bbu, 0xeb86d391u,
};

static void md5_mix(uint32_t *words, const uint8_t *block) {
    /* A round of 16 steps takes the block's words in steps of `stride` from `first`, and rotates by these. */
    static const struct {
        uint8_t first, stride, rotation[4];
    } rounds[4] = {{0, 1, {7, 12, 17, 22}}, {1, 5, {5, 9, 14, 20}}, {5, 3, {4, 11, 16, 23}}, {0, 7, {6, 10, 15, 21}}};
    uint32_t a = words[0], b = words[1], c = words[2], d = words[3];
    for (unsigned i = 0; i < 64; i++) {
        unsigned round = i / 16;
        unsigned which = (rounds[round].first + rounds[round].stride * i) & 15u;
        uint32_t f = round == 0   ? (b & c) | (~b & d)
                     : round == 1 ? (d & b) | (~d & c)
                     : round == 2 ? b ^ c ^ d
                                  : c ^ (b | ~d);
        f += a + md5_constants[i] + load(block + 4 * which, false);
        a = d;
        d = c;
        c = b;
        b += rotate_left(f, rounds[round].rotation[i & 3u]);
    }
    words[0] += a;
    words[1] += b;
    words[2] += c;
    words[3] += d;
}

/* ---- what they share */

static const struct algorithm md5 = {
    md5_mix, 4, false, {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u}};
static const struct algorithm sha1 = {
    sha1_mix, 5, true, {0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u}};
static const struct algorithm sha256 = {
    sha256_mix, 8, true,
    {0x6a09e667u, 0xbb67ae85u, 0x3c6ef372u, 0xa54ff53au, 0x510e527fu, 0x9b05688cu, 0x1f83d9abu, 0x5be0cd19u}};

static const struct xv_type type_md5, type_sha1, type_sha256;

static const struct algorithm *algorithm_of(xv_value type) {
    return type == xv_from(&type_md5) ? &md5 : type == xv_from(&type_sha1) ? &sha1 : &sha256;
}

/* Copied in and out, as a RAW on a 32-bit host is not aligned for 64 bits. */
static void load_state(xv_value self, struct state *s) {
    memcpy(s, xv_items(xv_slots(self)[STATE]), sizeof *s);
}

static void save_state(xv_value self, const struct state *s) {
    memcpy(xv_items(xv_slots(self)[STATE]), s, sizeof *s);
}

static void take_in(struct state *s, const struct algorithm *how, const uint8_t *data, size_t len) {
    size_t held = (size_t)(s->length % BLOCK);
    s->length += len;
    while (len > 0) {
        if (held == 0 && len >= BLOCK) {
            how->mix(s->words, data);
            data += BLOCK;
            len -= BLOCK;
            continue;
        }
        size_t n = len < BLOCK - held ? len : BLOCK - held;
        memcpy(s->block + held, data, n);
        data += n;
        len -= n;
        held += n;
        if (held == BLOCK) {
            how->mix(s->words, s->block);
            held = 0;
        }
    }
}

static const struct algorithm *hash_of(xv_value self) {
    return algorithm_of(((struct xv_generic *)self)->type);
}

static bool is_open(struct xv_vm *vm, const struct state *s) {
    if (s->is_final != 0) {
        xv_raise(vm, &xv_exc_ValueError, "hash is final");
        return false;
    }
    return true;
}

static bool update(struct xv_vm *vm, xv_value self, xv_value data) {
    struct state s;
    struct xv_buffer b;
    load_state(self, &s);
    if (!is_open(vm, &s) || !xv_get_buffer(vm, data, &b)) {
        return false;
    }
    take_in(&s, hash_of(self), b.data, b.len);
    save_state(self, &s);
    return true;
}

static xv_value hash_update(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return update(vm, args[0], args[1]) ? XV_NONE : XV_NULL;
}

/* Ends the hash and writes the digest. */
static void finish(xv_value self, uint8_t *digest) {
    static const uint8_t padding[BLOCK] = {0x80};
    const struct algorithm *how = hash_of(self);
    struct state s;
    uint8_t tail[8];
    load_state(self, &s);
    uint64_t bits = s.length * 8;
    size_t held = (size_t)(s.length % BLOCK);
    take_in(&s, how, padding, (held < 56 ? 56u : 56u + BLOCK) - held);
    store(tail, (uint32_t)(how->big_endian ? bits >> 32 : bits), how->big_endian);
    store(tail + 4, (uint32_t)(how->big_endian ? bits : bits >> 32), how->big_endian);
    take_in(&s, how, tail, sizeof tail);
    for (uint32_t i = 0; i < how->n_words; i++) {
        store(digest + 4 * i, s.words[i], how->big_endian);
    }
    s.is_final = 1;
    save_state(self, &s);
}

static bool check_open(struct xv_vm *vm, xv_value self) {
    struct state s;
    load_state(self, &s);
    return is_open(vm, &s);
}

static xv_value hash_digest(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!check_open(vm, args[0])) {
        return XV_NULL;
    }
    xv_value v = xv_str_blank(vm, XV_KIND_BYTES, 4u * hash_of(args[0])->n_words);
    if (v != XV_NULL) {
        finish(args[0], xv_str(v)->data);
    }
    return v;
}

static xv_value hash_hexdigest(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!check_open(vm, args[0])) {
        return XV_NULL;
    }
    size_t len = 4u * hash_of(args[0])->n_words;
    xv_value v = xv_str_blank(vm, XV_KIND_STR, 2 * len);
    if (v != XV_NULL) {
        uint8_t digest[4 * MAX_WORDS];
        finish(args[0], digest);
        for (size_t i = 0; i < len; i++) {
            xv_str(v)->data[2 * i] = (uint8_t)"0123456789abcdef"[digest[i] >> 4];
            xv_str(v)->data[2 * i + 1] = (uint8_t)"0123456789abcdef"[digest[i] & 15u];
        }
    }
    return v;
}

static xv_value make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    const struct xv_type *t = (const struct xv_type *)type;
    if (!xv_check_arity(vm, "hash", n, 0, 1)) {
        return XV_NULL;
    }
    xv_value r[2] = {XV_NULL, n == 1 ? args[0] : XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_generic_new(vm, t, N_SLOTS);
    xv_value raw = r[0] == XV_NULL ? XV_NULL : xv_alloc_bytes(vm, XV_KIND_RAW, sizeof(struct state));
    if (raw == XV_NULL) {
        r[0] = XV_NULL;
    } else {
        struct state s;
        memset(&s, 0, sizeof s);
        memcpy(s.words, algorithm_of(type)->start, sizeof s.words);
        xv_slots(r[0])[STATE] = raw;
        save_state(r[0], &s);
        if (r[1] != XV_NULL && !update(vm, r[0], r[1])) {
            r[0] = XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return r[0];
}

static const struct xv_native methods[] = {
    XV_NATIVE(update, hash_update, 2, 2),
    XV_NATIVE(digest, hash_digest, 1, 1),
    XV_NATIVE(hexdigest, hash_hexdigest, 1, 1),
};

#define HASH_TYPE(name_)                                                                         \
    {                                                                                            \
        .header = XV_TYPE_HEADER, .name = (name_), .flags = XV_T_NO_SUBCLASS,                    \
        .base = &xv_type_object, XV_METHODS(methods), .make = make                               \
    }

static const struct xv_type type_md5 = HASH_TYPE(XV_Q_md5);
static const struct xv_type type_sha1 = HASH_TYPE(XV_Q_sha1);
static const struct xv_type type_sha256 = HASH_TYPE(XV_Q_sha256);

static const struct xv_constant constants[] = {
    XV_CONSTANT(md5, &type_md5),
    XV_CONSTANT(sha1, &type_sha1),
    XV_CONSTANT(sha256, &type_sha256),
};

const struct xv_native_module xv_module_hashlib = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_hashlib,
    XV_CONSTANTS(constants),
};
#endif
