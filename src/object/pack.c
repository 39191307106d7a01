/* Numbers as bytes: the items of struct, array and memoryview. */
#include "object/pack.h"

#include <math.h>

#include "object/number.h"

struct item_row {
    char code;
    uint8_t standard;
    uint8_t native;
    uint8_t align;
};

#define ROW(code, standard, type) {code, standard, (uint8_t)sizeof(type), (uint8_t)sizeof(type)}

/* Types longer than a word may be aligned to less than their size. */
struct align_long_long {
    char c;
    long long t;
};
struct align_double {
    char c;
    double t;
};

static const struct item_row rows[] = {
    ROW('b', 1, signed char),
    ROW('B', 1, unsigned char),
    ROW('h', 2, short),
    ROW('H', 2, unsigned short),
    ROW('i', 4, int),
    ROW('I', 4, unsigned),
    ROW('l', 4, long),
    ROW('L', 4, unsigned long),
    {'q', 8, 8, (uint8_t)offsetof(struct align_long_long, t)},
    {'Q', 8, 8, (uint8_t)offsetof(struct align_long_long, t)},
    ROW('P', (uint8_t)sizeof(void *), void *),
    ROW('?', 1, unsigned char),
    {'e', 2, 2, 2},
    ROW('f', 4, float),
    {'d', 8, 8, (uint8_t)offsetof(struct align_double, t)},
};

size_t xv_item_size(char code, bool native, size_t *align) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].code == code) {
            *align = native ? rows[i].align : 1;
            return native ? rows[i].native : rows[i].standard;
        }
    }
    return 0;
}

bool xv_is_big_endian(void) {
    const uint16_t one = 1;
    uint8_t first;
    memcpy(&first, &one, 1);
    return first == 0;
}

static bool is_signed(char code) {
    return code >= 'a' && code <= 'z';
}

/* ---- floats of 2, 4 and 8 bytes by their bits */

static double half_from_bits(unsigned bits) {
    int exponent = (int)(bits >> 10 & 31u);
    double m = (double)(bits & 0x3ffu);
    double x = exponent == 31  ? (m != 0 ? (double)NAN : (double)INFINITY)
               : exponent == 0 ? ldexp(m, -24)
                               : ldexp(m + 1024.0, exponent - 25);
    return (bits & 0x8000u) != 0 ? -x : x;
}

/* Rounded half-even; too large a number becomes infinite. */
static uint64_t half_to_bits(double x) {
    uint64_t sign = signbit(x) ? 0x8000u : 0;
    double a = fabs(x);
    if (isnan(x)) {
        return sign | 0x7e00u;
    }
    if (a >= 65520.0) {
        return sign | 0x7c00u;
    }
    if (a < 6.103515625e-05) {
        /* Subnormal, in units of 2 ** -24; rounding up to the first normal number carries into the exponent. */
        return sign | (uint64_t)rint(ldexp(a, 24));
    }
    int exponent;
    (void)frexp(a, &exponent);
    return sign | (((uint64_t)(exponent + 13) << 10) + (uint64_t)rint(ldexp(a, 11 - exponent)));
}

static double real_from_bits(uint64_t bits, size_t size) {
    if (size == 2) {
        return half_from_bits((unsigned)bits);
    }
    if (size == 4) {
        uint32_t low = (uint32_t)bits;
        float f;
        memcpy(&f, &low, sizeof f);
        return (double)f;
    }
    double d;
    memcpy(&d, &bits, sizeof d);
    return d;
}

static uint64_t real_to_bits(double x, size_t size) {
    if (size == 2) {
        return half_to_bits(x);
    }
    if (size == 4) {
        float f = (float)x;
        uint32_t bits;
        memcpy(&bits, &f, sizeof bits);
        return bits;
    }
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static bool is_real(char code) {
    return code == 'e' || code == 'f' || code == 'd';
}

xv_value xv_item_load(struct xv_vm *vm, char code, size_t size, bool big_endian, const uint8_t *p) {
    uint64_t bits = 0;
    for (size_t i = 0; i < size; i++) {
        bits = bits << 8 | p[big_endian ? i : size - 1 - i];
    }
    if (is_real(code)) {
        return xv_float_from(vm, (xv_real)real_from_bits(bits, size));
    }
    if (code == '?') {
        return XV_BOOL(bits != 0);
    }
    if (!is_signed(code)) {
        return xv_int_from_unsigned(vm, bits);
    }
    /* No item is of size 0. NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    uint64_t sign = (uint64_t)1 << (size * 8 - 1);
    uint64_t extended = (bits ^ sign) - sign;
    int64_t i;
    memcpy(&i, &extended, sizeof i);
    return xv_int_from(vm, i);
}

bool xv_item_store(struct xv_vm *vm, char code, size_t size, bool big_endian, xv_value v, uint8_t *out) {
    uint64_t bits;
    if (is_real(code)) {
        xv_real x;
        if (!xv_to_real(vm, v, &x)) {
            return false;
        }
        bits = real_to_bits((double)x, size);
    } else if (code == '?') {
        int truth = xv_truth(vm, v);
        if (truth < 0) {
            return false;
        }
        bits = (uint64_t)truth;
    } else {
        v = xv_as_int(vm, v);
        if (v == XV_NULL) {
            return false;
        }
        bits = xv_int_low64(v);
    }
    for (size_t i = 0; i < size; i++) {
        out[big_endian ? size - 1 - i : i] = (uint8_t)bits;
        bits >>= 8;
    }
    return true;
}
