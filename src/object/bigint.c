/* Big integer arithmetic on limbs that the caller owns: the schoolbook methods, in 32-bit limbs with 64-bit
 * intermediates, which is what both a Cortex-M and a desktop do well at the sizes scripts use. Relies on
 * nothing but the C library's memory functions; floattext.c builds on it. */
#include "bigint.h"

#include <math.h>
#include <string.h>

/* Bits that x takes; 0 for zero. */
static unsigned limb_bits(xv_limb x) {
    unsigned bits = 0;
    while (x >= 0x100) {
        x >>= 8;
        bits += 8;
    }
    while (x != 0) {
        x >>= 1;
        bits++;
    }
    return bits;
}

/* True if the calculation, which has just gone over so many limbs, is to end here. */
static inline bool is_stopped(struct xv_big_stop *stop, size_t limbs) {
    if (stop == NULL) {
        return false;
    }
    if (limbs < stop->patience) {
        stop->patience -= limbs;
        return false;
    }
    stop->patience = XV_BIG_PATIENCE;
    stop->stopped = stop->stopped || stop->wanted(stop->context);
    return stop->stopped;
}

size_t xv_big_normalise(const xv_limb *a, size_t n) {
    while (n > 0 && a[n - 1] == 0) {
        n--;
    }
    return n;
}

int xv_big_cmp(const xv_limb *a, size_t na, const xv_limb *b, size_t nb) {
    if (na != nb) {
        return na < nb ? -1 : 1;
    }
    for (size_t i = na; i-- > 0;) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}

size_t xv_big_add(xv_limb *out, const xv_limb *a, size_t na, const xv_limb *b, size_t nb) {
    if (na < nb) {
        const xv_limb *p = a;
        a = b;
        b = p;
        size_t n = na;
        na = nb;
        nb = n;
    }
    uint64_t carry = 0;
    for (size_t i = 0; i < na; i++) {
        carry += (uint64_t)a[i] + (i < nb ? b[i] : 0);
        out[i] = (xv_limb)carry;
        carry >>= XV_LIMB_BITS;
    }
    if (carry != 0) {
        out[na++] = (xv_limb)carry;
    }
    return na;
}

size_t xv_big_sub(xv_limb *out, const xv_limb *a, size_t na, const xv_limb *b, size_t nb) {
    xv_limb borrow = 0;
    for (size_t i = 0; i < na; i++) {
        uint64_t d = (uint64_t)a[i] - (i < nb ? b[i] : 0) - borrow;
        out[i] = (xv_limb)d;
        borrow = (xv_limb)(d >> XV_LIMB_BITS) & 1;
    }
    return xv_big_normalise(out, na);
}

size_t xv_big_add_signed(xv_limb *out, bool *negative, const xv_limb *a, size_t na, bool a_negative,
                         const xv_limb *b, size_t nb, bool b_negative) {
    if (a_negative == b_negative) {
        *negative = a_negative;
        return xv_big_add(out, a, na, b, nb);
    }
    int order = xv_big_cmp(a, na, b, nb);
    *negative = order > 0 ? a_negative : order < 0 && b_negative;
    return order >= 0 ? xv_big_sub(out, a, na, b, nb) : xv_big_sub(out, b, nb, a, na);
}

size_t xv_big_mul(xv_limb *out, const xv_limb *a, size_t na, const xv_limb *b, size_t nb, struct xv_big_stop *stop) {
    if (na > nb) {
        /* few long rows rather than many short ones */
        const xv_limb *longer = a;
        size_t n = na;
        a = b;
        na = nb;
        b = longer;
        nb = n;
    }
    if (na == 0) {
        return 0;
    }
    memset(out, 0, nb * sizeof *out);
    for (size_t i = 0; i < na; i++) {
        uint64_t carry = 0;
        for (size_t j = 0; j < nb; j++) {
            /* At most (B-1)**2 + 2 * (B-1) = B**2 - 1, where B = 2**32: never overflows. */
            carry += (uint64_t)a[i] * b[j] + out[i + j];
            out[i + j] = (xv_limb)carry;
            carry >>= XV_LIMB_BITS;
        }
        out[i + nb] = (xv_limb)carry;
        if (is_stopped(stop, nb)) {
            return 0;
        }
    }
    return xv_big_normalise(out, na + nb);
}

size_t xv_big_mul_add(xv_limb *a, size_t n, xv_limb factor, xv_limb addend) {
    uint64_t carry = addend;
    for (size_t i = 0; i < n; i++) {
        carry += (uint64_t)a[i] * factor;
        a[i] = (xv_limb)carry;
        carry >>= XV_LIMB_BITS;
    }
    if (carry != 0) {
        a[n++] = (xv_limb)carry;
    }
    return factor != 0 ? n : xv_big_normalise(a, n);
}

/* quotient (or NULL) = a / divisor, n limbs with leading zeros; returns the remainder. `quotient` may be
 * a. */
static xv_limb div_limb(xv_limb *quotient, const xv_limb *a, size_t n, xv_limb divisor) {
    uint64_t rest = 0;
    for (size_t i = n; i-- > 0;) {
        rest = (rest << XV_LIMB_BITS) | a[i];
        if (quotient != NULL) {
            quotient[i] = (xv_limb)(rest / divisor);
        }
        rest %= divisor;
    }
    return (xv_limb)rest;
}

size_t xv_big_div_small(xv_limb *a, size_t n, xv_limb divisor, xv_limb *remainder) {
    *remainder = div_limb(a, a, n, divisor);
    return xv_big_normalise(a, n);
}

/* Knuth's algorithm D, steps D2 to D7. */
void xv_big_div_scaled(xv_limb *quotient, xv_limb *u, size_t nu, const xv_limb *v, size_t nv, struct xv_big_stop *stop) {
    const xv_limb top = v[nv - 1], second = v[nv - 2];
    for (size_t j = nu - nv; j-- > 0;) {
        xv_limb *w = u + j; /* nv + 1 limbs, less than v * B */
        uint64_t head = ((uint64_t)w[nv] << XV_LIMB_BITS) | w[nv - 1];
        uint64_t q, rest;
        if (w[nv] >= top) {
            q = UINT32_MAX;
            rest = head - q * top;
        } else {
            q = head / top;
            rest = head % top;
        }
        while (rest <= UINT32_MAX && q * second > ((rest << XV_LIMB_BITS) | w[nv - 2])) {
            q--;
            rest += top;
        }
        uint64_t carry = 0;
        xv_limb borrow = 0;
        for (size_t i = 0; i < nv; i++) {
            carry += q * v[i];
            uint64_t d = (uint64_t)w[i] - (xv_limb)carry - borrow;
            w[i] = (xv_limb)d;
            borrow = (xv_limb)(d >> XV_LIMB_BITS) & 1;
            carry >>= XV_LIMB_BITS;
        }
        uint64_t d = (uint64_t)w[nv] - carry - borrow;
        w[nv] = (xv_limb)d;
        if (d >> XV_LIMB_BITS != 0) { /* q was one too large, which is rare: add v back */
            q--;
            carry = 0;
            for (size_t i = 0; i < nv; i++) {
                carry += (uint64_t)w[i] + v[i];
                w[i] = (xv_limb)carry;
                carry >>= XV_LIMB_BITS;
            }
            w[nv] += (xv_limb)carry;
        }
        if (quotient != NULL) {
            quotient[j] = (xv_limb)q;
        }
        if (is_stopped(stop, nv)) {
            return;
        }
    }
}

size_t xv_big_divmod(xv_limb *quotient, xv_limb *work, size_t *nr, const xv_limb *a, size_t na,
                     const xv_limb *b, size_t nb, struct xv_big_stop *stop) {
    if (na < nb) {
        if (na != 0) {
            memcpy(work, a, na * sizeof *a);
        }
        *nr = na;
        return 0;
    }
    if (nb == 1) {
        work[0] = div_limb(quotient, a, na, b[0]);
        *nr = work[0] != 0;
    } else {
        unsigned shift = XV_LIMB_BITS - limb_bits(b[nb - 1]);
        xv_limb *v = work + na + 1;
        xv_big_shl(v, b, nb, shift);
        work[na] = 0;
        xv_big_shl(work, a, na, shift);
        xv_big_div_scaled(quotient, work, na + 1, v, nb, stop);
        if (stop != NULL && stop->stopped) {
            *nr = 0;
            return 0;
        }
        *nr = xv_big_shr(work, work, xv_big_normalise(work, nb), shift, NULL);
    }
    return quotient != NULL ? xv_big_normalise(quotient, na - nb + 1) : 0;
}

size_t xv_big_divmod_floor(xv_limb *quotient, xv_limb *work, size_t *nr, const xv_limb *a, size_t na,
                           bool a_negative, const xv_limb *b, size_t nb, bool b_negative, struct xv_big_stop *stop) {
    size_t nq = xv_big_divmod(quotient, work, nr, a, na, b, nb, stop);
    if (a_negative != b_negative && *nr != 0) {
        *nr = xv_big_sub(work, b, nb, work, *nr);
        if (quotient != NULL) {
            nq = xv_big_mul_add(quotient, nq, 1, 1);
        }
    }
    return nq;
}

size_t xv_big_shl(xv_limb *out, const xv_limb *a, size_t na, size_t bits) {
    if (na == 0) {
        return 0;
    }
    size_t limbs = bits / XV_LIMB_BITS;
    unsigned shift = bits % XV_LIMB_BITS;
    xv_limb above = (xv_limb)(((uint64_t)a[na - 1] << shift) >> XV_LIMB_BITS);
    /* Downwards, so that out may be a. */
    for (size_t i = na; i-- > 0;) {
        xv_limb below = i > 0 ? (xv_limb)(((uint64_t)a[i - 1] << shift) >> XV_LIMB_BITS) : 0;
        out[i + limbs] = (a[i] << shift) | below;
    }
    if (limbs != 0) {
        memset(out, 0, limbs * sizeof *out);
    }
    if (above != 0) {
        out[na++ + limbs] = above;
    }
    return na + limbs;
}

size_t xv_big_shr(xv_limb *out, const xv_limb *a, size_t na, size_t bits, bool *lost) {
    size_t limbs = bits / XV_LIMB_BITS;
    unsigned shift = bits % XV_LIMB_BITS;
    xv_limb gone = 0;
    for (size_t i = 0; i < na && i < limbs; i++) {
        gone |= a[i];
    }
    if (limbs < na) {
        gone |= a[limbs] & (((xv_limb)1 << shift) - 1);
    }
    if (lost != NULL) {
        *lost = gone != 0;
    }
    if (limbs >= na) {
        return 0;
    }
    size_t n = na - limbs;
    for (size_t i = 0; i < n; i++) {
        uint64_t above = i + 1 < n ? a[i + limbs + 1] : 0;
        out[i] = (xv_limb)(((above << XV_LIMB_BITS) | a[i + limbs]) >> shift);
    }
    return xv_big_normalise(out, n);
}

size_t xv_big_shr_floor(xv_limb *out, const xv_limb *a, size_t na, bool negative, size_t bits) {
    bool lost;
    size_t n = xv_big_shr(out, a, na, bits, &lost);
    return negative && lost ? xv_big_mul_add(out, n, 1, 1) : n;
}

/* The limbs of a signed number in two's complement, one after the other; used in both directions. */
typedef struct {
    xv_limb flip;
    xv_limb carry;
} complement;

static complement complement_start(bool negative) {
    return (complement){negative ? UINT32_MAX : 0, negative};
}

static xv_limb complement_next(complement *c, xv_limb limb) {
    limb = (limb ^ c->flip) + c->carry;
    c->carry = c->carry != 0 && limb == 0;
    return limb;
}

static xv_limb apply(xv_big_op op, xv_limb x, xv_limb y) {
    return op == XV_BIG_AND ? x & y : op == XV_BIG_OR ? x | y : x ^ y;
}

size_t xv_big_bitop(xv_limb *out, bool *negative, xv_big_op op, const xv_limb *a, size_t na, bool a_negative,
                    const xv_limb *b, size_t nb, bool b_negative) {
    bool out_negative = apply(op, a_negative, b_negative) != 0;
    complement ca = complement_start(a_negative);
    complement cb = complement_start(b_negative);
    complement co = complement_start(out_negative);
    size_t n = na > nb ? na : nb;
    for (size_t i = 0; i < n; i++) {
        xv_limb x = complement_next(&ca, i < na ? a[i] : 0);
        xv_limb y = complement_next(&cb, i < nb ? b[i] : 0);
        out[i] = complement_next(&co, apply(op, x, y));
    }
    /* The limbs above are all sign; undoing the complement leaves of them only the carry. */
    if (co.carry != 0) {
        out[n++] = 1;
    }
    *negative = out_negative;
    return xv_big_normalise(out, n);
}

size_t xv_big_bit_length(const xv_limb *a, size_t n) {
    return n == 0 ? 0 : (n - 1) * XV_LIMB_BITS + limb_bits(a[n - 1]);
}

size_t xv_big_from_u64(xv_limb *out, uint64_t value) {
    out[0] = (xv_limb)value;
    out[1] = (xv_limb)(value >> XV_LIMB_BITS);
    return xv_big_normalise(out, XV_BIG_INT64_LIMBS);
}

size_t xv_big_from_i64(xv_limb *out, bool *negative, int64_t value) {
    *negative = value < 0;
    return xv_big_from_u64(out, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

uint64_t xv_big_wrap_u64(const xv_limb *a, size_t n, bool negative) {
    uint64_t low = (n > 0 ? a[0] : 0) | (n > 1 ? (uint64_t)a[1] << XV_LIMB_BITS : 0);
    return negative ? -low : low;
}

bool xv_big_to_u64(const xv_limb *a, size_t n, bool negative, uint64_t *value) {
    if (n > XV_BIG_INT64_LIMBS || negative) {
        return false;
    }
    *value = xv_big_wrap_u64(a, n, false);
    return true;
}

bool xv_big_to_i64(const xv_limb *a, size_t n, bool negative, int64_t *value) {
    uint64_t low = xv_big_wrap_u64(a, n, false);
    if (n > XV_BIG_INT64_LIMBS || low > (uint64_t)INT64_MAX + negative) {
        return false;
    }
    *value = !negative ? (int64_t)low : low == 0 ? 0 : -(int64_t)(low - 1) - 1;
    return true;
}

uint64_t xv_big_top64(const xv_limb *a, size_t n, size_t *exponent, bool *sticky) {
    size_t bits = xv_big_bit_length(a, n);
    if (bits <= 64) {
        *exponent = 0;
        *sticky = false;
        return xv_big_wrap_u64(a, n, false);
    }
    size_t drop = bits - 64;
    *exponent = drop;
    /* The window of 64 bits may straddle three limbs. */
    size_t first = n - 3;
    uint64_t high = ((uint64_t)a[n - 1] << XV_LIMB_BITS) | a[n - 2];
    unsigned shift = (unsigned)(drop - first * XV_LIMB_BITS); /* 1..32 */
    uint64_t window = (high << (XV_LIMB_BITS - shift)) | ((uint64_t)a[first] >> shift);
    xv_limb rest = shift < XV_LIMB_BITS ? a[first] & (((xv_limb)1 << shift) - 1) : a[first];
    *sticky = rest != 0 || xv_big_normalise(a, first) != 0;
    return window;
}

double xv_big_to_double(const xv_limb *a, size_t n, bool negative) {
    if (n == 0) {
        return 0.0;
    }
    double x = HUGE_VAL;
    if (n <= XV_BIG_DOUBLE_LIMBS) {
        size_t exponent;
        bool sticky;
        uint64_t mantissa = xv_big_top64(a, n, &exponent, &sticky);
        x = xv_double_round(mantissa, (int32_t)exponent, sticky, false);
    }
    return negative ? -x : x;
}

size_t xv_big_double_limbs(double x) {
    bool negative;
    uint64_t mantissa;
    int32_t exponent = xv_double_split(&mantissa, &negative, x);
    /* The top bit is bit 52 in every number that has an integer part. */
    return exponent <= -53 ? 0 : (size_t)(exponent + 52) / XV_LIMB_BITS + 1;
}

size_t xv_big_from_double(xv_limb *out, bool *negative, double x) {
    uint64_t mantissa;
    int32_t exponent = xv_double_split(&mantissa, negative, x);
    if (exponent <= -53) { /* |x| < 1 */
        *negative = false;
        return 0;
    }
    if (exponent < 0) {
        mantissa >>= -exponent;
        exponent = 0;
    }
    out[0] = (xv_limb)mantissa;
    size_t n = 1;
    if (mantissa >> XV_LIMB_BITS != 0) {
        out[n++] = (xv_limb)(mantissa >> XV_LIMB_BITS);
    }
    return xv_big_shl(out, out, n, (size_t)exponent);
}

int32_t xv_double_split(uint64_t *mantissa, bool *negative, double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    int32_t field = (int32_t)(bits >> 52 & 0x7FF);
    *mantissa = bits & (((uint64_t)1 << 52) - 1);
    *negative = bits >> 63 != 0;
    if (field == 0) {
        return -1074;
    }
    if (field < 0x7FF) {
        *mantissa |= (uint64_t)1 << 52;
    }
    return field - 1075;
}

double xv_double_round(uint64_t mantissa, int32_t exponent, bool sticky, bool single) {
    const int32_t precision = single ? 24 : 53;
    const int32_t least = single ? -149 : -1074; /* exponent of the smallest subnormal's only bit */
    const int32_t most = single ? 104 : 971;     /* exponent of the greatest number's last bit */
    if (mantissa == 0) {
        return 0.0;
    }
    while (mantissa >> 63 == 0) {
        unsigned shift = mantissa >> 32 == 0 ? 32 : mantissa >> 56 == 0 ? 8 : 1;
        mantissa <<= shift;
        exponent -= (int32_t)shift;
    }
    int32_t drop = 64 - precision;
    if (exponent < least - drop) {
        drop = least - exponent;
    }
    if (drop > 64) {
        return 0.0;
    }
    const uint64_t half = (uint64_t)1 << 63;
    uint64_t kept = drop < 64 ? mantissa >> drop : 0;
    uint64_t left = mantissa << (64 - drop);
    if (left > half || (left == half && (sticky || (kept & 1) != 0))) {
        kept++;
    }
    exponent += drop;
    if (kept == 0) {
        return 0.0;
    }
    if (kept >> precision != 0) {
        kept >>= 1;
        exponent++;
    }
    if (exponent > most) {
        return HUGE_VAL;
    }
    /* A float's number has its last bits zero as a double. Only a double's subnormal stays short of 53. */
    while (kept >> 52 == 0 && exponent > -1074) {
        kept <<= 1;
        exponent--;
    }
    uint64_t bits = kept;
    if (kept >> 52 != 0) {
        bits += (uint64_t)(exponent + 1074) << 52; /* kept's top bit adds the last 1 to the exponent field */
    }
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

int xv_digit_value(char c) {
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

/* How many digits of a base go through one limb at a time: the most whose every value fits. */
static unsigned chunk_digits(unsigned base, xv_limb *power) {
    unsigned digits = 1;
    xv_limb p = base;
    while (p <= UINT32_MAX / base) {
        p *= base;
        digits++;
    }
    *power = p;
    return digits;
}

size_t xv_big_parse_bound(size_t digits, unsigned base) {
    xv_limb power;
    unsigned chunk = chunk_digits(base, &power);
    return digits / chunk + (digits % chunk != 0);
}

bool xv_big_parse(xv_limb *a, size_t *n, const char *s, size_t len, unsigned base, struct xv_big_stop *stop) {
    xv_limb full;
    unsigned chunk = chunk_digits(base, &full);
    size_t i = 0;
    while (i < len) {
        xv_limb value = 0, power = 1;
        for (unsigned k = 0; k < chunk && i < len; k++, i++) {
            int digit = xv_digit_value(s[i]);
            if (digit < 0 || (unsigned)digit >= base) {
                return false;
            }
            value = value * base + (xv_limb)digit;
            power *= base;
        }
        *n = xv_big_mul_add(a, *n, power, value);
        if (is_stopped(stop, *n)) {
            break;
        }
    }
    return true;
}

size_t xv_big_format_bound(size_t n, unsigned base) {
    xv_limb power;
    /* base**(chunk + 1) exceeds a limb, so that many digits hold one. */
    return n == 0 ? 1 : n * (chunk_digits(base, &power) + 1);
}

static char digit_char(xv_limb digit) {
    return (char)(digit < 10 ? '0' + digit : 'a' + (digit - 10));
}

/* Bases 2, 4, 8, 16 and 32 need no division, which is quadratic. */
static size_t format_bits(char *buf, const xv_limb *a, size_t n, unsigned shift) {
    size_t digits = (xv_big_bit_length(a, n) + shift - 1) / shift;
    for (size_t i = 0; i < digits; i++) {
        size_t bit = i * shift, limb = bit / XV_LIMB_BITS;
        uint64_t window = a[limb] | (limb + 1 < n ? (uint64_t)a[limb + 1] << XV_LIMB_BITS : 0);
        buf[digits - 1 - i] = digit_char((xv_limb)(window >> bit % XV_LIMB_BITS) & ((1u << shift) - 1));
    }
    return digits;
}

size_t xv_big_format(char *buf, xv_limb *a, size_t n, unsigned base, struct xv_big_stop *stop) {
    if (n == 0) {
        buf[0] = '0';
        return 1;
    }
    if ((base & (base - 1)) == 0) {
        return format_bits(buf, a, n, limb_bits(base) - 1);
    }
    xv_limb power;
    unsigned chunk = chunk_digits(base, &power);
    size_t end = n * (chunk + 1);
    size_t start = end;
    while (n > 0) {
        xv_limb value;
        n = xv_big_div_small(a, n, power, &value);
        for (unsigned k = 0; k < chunk && (n > 0 || value != 0); k++) {
            buf[--start] = digit_char(value % base);
            value /= base;
        }
        if (is_stopped(stop, n)) {
            return 0;
        }
    }
    memmove(buf, buf + start, end - start);
    return end - start;
}

size_t xv_big_from_bytes(xv_limb *out, bool *negative, const uint8_t *p, size_t len, bool big_endian,
                         bool is_signed) {
    *negative = is_signed && len > 0 && (p[big_endian ? 0 : len - 1] & 0x80) != 0;
    unsigned flip = *negative ? 0xFF : 0, carry = *negative ? 1 : 0;
    size_t n = XV_BIG_BYTES_LIMBS(len);
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
    }
    for (size_t i = 0; i < len; i++) {
        unsigned byte = (p[big_endian ? len - 1 - i : i] ^ flip) + carry;
        carry = byte >> 8;
        out[i / 4] |= (xv_limb)(byte & 0xFF) << i % 4 * 8;
    }
    return xv_big_normalise(out, n);
}

/* Whether the number fits so many bytes. */
static bool fits_bytes(size_t len, const xv_limb *a, size_t n, bool negative, bool is_signed) {
    if (n == 0) {
        return true;
    }
    size_t bits = xv_big_bit_length(a, n);
    if (!is_signed) {
        return !negative && bits / 8 + (bits % 8 != 0) <= len;
    }
    if (negative) { /* -2**k needs as few bits as 2**k - 1 */
        xv_limb top = a[n - 1];
        if ((top & (top - 1)) == 0 && xv_big_normalise(a, n - 1) == 0) {
            bits--;
        }
    }
    return bits / 8 + 1 <= len;
}

bool xv_big_to_bytes(uint8_t *p, size_t len, const xv_limb *a, size_t n, bool negative, bool big_endian,
                     bool is_signed) {
    unsigned flip = negative ? 0xFF : 0, carry = negative ? 1 : 0;
    for (size_t i = 0; i < len; i++) {
        unsigned byte = i / 4 < n ? a[i / 4] >> i % 4 * 8 & 0xFF : 0;
        byte = (byte ^ flip) + carry;
        carry = byte >> 8;
        p[big_endian ? len - 1 - i : i] = (uint8_t)byte;
    }
    return fits_bytes(len, a, n, negative, is_signed);
}
