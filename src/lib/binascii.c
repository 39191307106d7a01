/* import binascii: bytes as text and back, and a checksum. Relies on buffers alone, so that a str is taken
 * as its bytes. */
#include "lib/lib.h"

#if XIPVM_MODULE_BINASCII
#include "object/number.h"
#include "object/str.h"

/* A new bytes of `len` bytes to be filled in: *data is where. The buffer *in of args[0] is read again, as
 * it may have moved. */
static xv_value blank(struct xv_vm *vm, const xv_value *args, size_t len, struct xv_buffer *in,
                      uint8_t **data) {
    xv_value v = len == 0 ? xv_bytes_new(vm, "", 0) : xv_str_blank(vm, XV_KIND_BYTES, len);
    if (v == XV_NULL || !xv_get_buffer(vm, args[0], in)) {
        return XV_NULL;
    }
    *data = len == 0 ? NULL : xv_str(v)->data;
    return v;
}

static xv_value binascii_hexlify(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const char digits[] = "0123456789abcdef";
    struct xv_buffer in, separator = {0};
    if ((n > 1 && !xv_get_buffer(vm, args[1], &separator)) || !xv_get_buffer(vm, args[0], &in)) {
        return XV_NULL;
    }
    if (n > 1 && separator.len == 0) {
        return xv_raise(vm, &xv_exc_ValueError, "separator must not be empty");
    }
    uint8_t between = n > 1 ? separator.data[0] : 0;
    if (in.len > XV_STR_MAX / 3) {
        return xv_raise_memory(vm);
    }
    size_t len = in.len;
    uint8_t *p;
    xv_value v = blank(vm, args, len * 2 + (n > 1 && len > 0 ? len - 1 : 0), &in, &p);
    for (size_t i = 0; v != XV_NULL && i < len; i++) {
        if (n > 1 && i > 0) {
            *p++ = between;
        }
        /* blank() gives no null pointer for a length over 0. NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
        *p++ = (uint8_t)digits[in.data[i] >> 4];
        *p++ = (uint8_t)digits[in.data[i] & 15];
    }
    return v;
}

/* 16 if it is none. */
static unsigned hex_digit(uint8_t c) {
    if (c >= '0' && c <= '9') {
        return c - (unsigned)'0';
    }
    unsigned lower = c | 0x20u;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 16;
}

static xv_value binascii_unhexlify(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct xv_buffer in;
    if (!xv_get_buffer(vm, args[0], &in)) {
        return XV_NULL;
    }
    if (in.len % 2 != 0) {
        return xv_raise(vm, &xv_exc_ValueError, "odd-length string");
    }
    size_t len = in.len / 2;
    uint8_t *p;
    xv_value v = blank(vm, args, len, &in, &p);
    for (size_t i = 0; v != XV_NULL && i < len; i++) {
        unsigned high = hex_digit(in.data[2 * i]), low = hex_digit(in.data[2 * i + 1]);
        if (high > 15 || low > 15) {
            return xv_raise(vm, &xv_exc_ValueError, "non-hex digit");
        }
        p[i] = (uint8_t)(high << 4 | low);
    }
    return v;
}

/* 64 if it is none. */
static unsigned base64_digit(uint8_t c) {
    if (c >= 'A' && c <= 'Z') {
        return c - (unsigned)'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - (unsigned)'a' + 26;
    }
    if (c >= '0' && c <= '9') {
        return c - (unsigned)'0' + 52;
    }
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

/* Decodes into `out`, or only counts if that is NULL: the bytes it makes, or SIZE_MAX for wrong padding.
 * Characters of no meaning are passed over; padding that completes a group ends the text. */
static size_t from_base64(const struct xv_buffer *in, uint8_t *out) {
    size_t n = 0;
    unsigned in_group = 0, pads = 0;
    uint32_t bits = 0;
    for (size_t i = 0; i < in->len; i++) {
        if (in->data[i] == '=') {
            pads++;
            if (in_group >= 2 && in_group + pads >= 4) {
                return n;
            }
            continue;
        }
        unsigned digit = base64_digit(in->data[i]);
        if (digit > 63) {
            continue;
        }
        pads = 0;
        bits = (bits << 6 | digit) & 0xffffffu;
        in_group = (in_group + 1) & 3u;
        if (in_group != 1) { /* each digit but a group's first completes a byte */
            if (out != NULL) {
                out[n] = (uint8_t)(bits >> (6 - 2 * ((in_group + 3) & 3u)));
            }
            n++;
        }
    }
    return in_group == 0 ? n : SIZE_MAX;
}

static xv_value binascii_a2b_base64(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    struct xv_buffer in;
    if (!xv_get_buffer(vm, args[0], &in)) {
        return XV_NULL;
    }
    size_t len = from_base64(&in, NULL);
    if (len == SIZE_MAX) {
        return xv_raise(vm, &xv_exc_ValueError, "incorrect padding");
    }
    uint8_t *p;
    xv_value v = blank(vm, args, len, &in, &p);
    if (v != XV_NULL && len > 0) {
        from_base64(&in, p);
    }
    return v;
}

static void to_base64(const struct xv_buffer *in, uint8_t *p) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < in->len; i += 3) {
        size_t left = in->len - i;
        uint32_t bits = (uint32_t)in->data[i] << 16;
        bits |= left > 1 ? (uint32_t)in->data[i + 1] << 8 : 0;
        bits |= left > 2 ? in->data[i + 2] : 0;
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): as above */
        *p++ = (uint8_t)digits[bits >> 18];
        *p++ = (uint8_t)digits[bits >> 12 & 63];
        *p++ = (uint8_t)(left > 1 ? digits[bits >> 6 & 63] : '=');
        *p++ = (uint8_t)(left > 2 ? digits[bits & 63] : '=');
    }
}

static xv_value binascii_b2a_base64(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_data, XV_Q_newline};
    xv_value r[2] = {XV_NULL, XV_TRUE}, v = XV_NULL;
    XV_ENTER(vm, r);
    struct xv_buffer in;
    int newline = -1;
    if (xv_parse_args(vm, "b2a_base64", args, n, names, 2, 1, r)) {
        newline = xv_truth(vm, r[1]);
    }
    if (newline >= 0 && xv_get_buffer(vm, r[0], &in)) {
        if (in.len > XV_STR_MAX / 2) {
            xv_raise_memory(vm);
        } else {
            size_t groups = in.len / 3 + (in.len % 3 != 0);
            uint8_t *p;
            v = blank(vm, r, groups * 4 + (newline ? 1 : 0), &in, &p);
            if (v != XV_NULL && newline) {
                p[groups * 4] = '\n'; /* NOLINT(clang-analyzer-core.NullDereference): as above */
            }
            if (v != XV_NULL) {
                to_base64(&in, p);
            }
        }
    }
    XV_LEAVE(vm);
    return v;
}

static xv_value binascii_crc32(struct xv_vm *vm, xv_value *args, uint32_t n) {
    /* Of half a byte: a table of 64 bytes is the better bargain where flash is short. */
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
        0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
    };
    struct xv_buffer in;
    xv_value start = n > 1 ? xv_as_int(vm, args[1]) : XV_INT(0);
    if (start == XV_NULL || !xv_get_buffer(vm, args[0], &in)) {
        return XV_NULL;
    }
    uint32_t crc = ~(uint32_t)xv_int_low64(start);
    for (size_t i = 0; i < in.len; i++) {
        crc ^= in.data[i];
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return xv_int_from_unsigned(vm, ~crc & UINT32_MAX);
}

static const struct xv_native functions[] = {
    XV_FUNCTION(hexlify, binascii_hexlify, 1, 2),
    XV_FUNCTION(unhexlify, binascii_unhexlify, 1, 1),
    XV_FUNCTION(a2b_base64, binascii_a2b_base64, 1, 1),
    XV_FUNCTION_X(b2a_base64, binascii_b2a_base64, 0, 2, XV_N_KEYWORDS),
    XV_FUNCTION(crc32, binascii_crc32, 1, 2),
};

const struct xv_native_module xv_module_binascii = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_binascii,
    XV_FUNCTIONS(functions),
};
#endif
