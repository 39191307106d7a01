/* Floating-point numbers to text and back. Every result is exact: a short cut is taken only where it provably
 * gives the same, the rest goes through big integers on the C stack (bigint.c). Relies on doubles being IEEE
 * binary64 in the default rounding mode, and on nothing of the C library but its memory functions. */
#include "floattext.h"

#include "bigint.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The short cuts in floating point count on an operation being rounded once, to a double. */
#if defined(FLT_EVAL_METHOD) && (FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 1)
enum { DOUBLE_ARITHMETIC_IS_EXACT = 1 };
#else
enum { DOUBLE_ARITHMETIC_IS_EXACT = 0 };
#endif

/* The powers of ten that a double holds exactly. */
enum { EXACT_POWERS = 22 };
static const double power_of_ten[EXACT_POWERS + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

#define MAX_EXACT_INTEGER ((uint64_t)1 << 53)

/* Nine digits at a time go through one limb. */
enum { CHUNK_DIGITS = 9 };
#define CHUNK_POWER ((xv_limb)1000000000)

/* a = a * 5**k in place; returns the count. */
static size_t multiply_by_power_of_five(xv_limb *a, size_t n, unsigned k) {
    for (; k >= 13; k -= 13) {
        n = xv_big_mul_add(a, n, 1220703125, 0);
    }
    xv_limb power = 1;
    while (k-- > 0) {
        power *= 5;
    }
    return xv_big_mul_add(a, n, power, 0);
}

/* ---- text to number ---- */

/* A decimal number found in a text: the digits from `first` on, points and underscores among them left out,
 * of which the last counted one is not 0, times 10**exponent. */
typedef struct {
    bool negative;
    const char *first;
    size_t digits; /* 0 for zero */
    int64_t exponent;
} decimal;

/* Where the scan of a text stands. */
typedef struct {
    const char *at;
    const char *end;
} scanner;

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Passes over the letter given in lower case, or its capital. */
static bool scan_letter(scanner *s, char lower) {
    if (s->at < s->end && (*s->at | 0x20) == lower) {
        s->at++;
        return true;
    }
    return false;
}

/* The next digit, if there is one; the underscore before it, if it follows another digit, is passed over. */
static bool scan_digit(scanner *s, bool follows_digit, int *digit) {
    const char *p = s->at;
    if (follows_digit && p < s->end && *p == '_') {
        p++;
    }
    if (p == s->end || !is_digit(*p)) {
        return false;
    }
    *digit = *p - '0';
    s->at = p + 1;
    return true;
}

/* -1 or 1 for a sign that is there, 0 for none. */
static int scan_sign(scanner *s) {
    if (s->at < s->end && (*s->at == '-' || *s->at == '+')) {
        return *s->at++ == '-' ? -1 : 1;
    }
    return 0;
}

static bool scan_word(scanner *s, const char *lower) {
    scanner t = *s;
    while (*lower != 0) {
        if (!scan_letter(&t, *lower++)) {
            return false;
        }
    }
    *s = t;
    return true;
}

/* The digits on one side of the point. `counted` says how many digits there were since the first that is not
 * 0. */
static bool scan_side(scanner *s, decimal *d, size_t *counted, bool fraction) {
    int digit;
    bool any = false;
    while (scan_digit(s, any, &digit)) {
        any = true;
        if (*counted > 0 || digit != 0) {
            if ((*counted)++ == 0) {
                d->first = s->at - 1;
            }
            if (digit != 0) {
                d->digits = *counted;
            }
        }
        d->exponent -= fraction;
    }
    return any;
}

/* The "e-12" after the digits, if there is one. False when it is malformed. */
static bool scan_exponent(scanner *s, int64_t *exponent) {
    *exponent = 0;
    if (!scan_letter(s, 'e')) {
        return true;
    }
    bool minus = scan_sign(s) < 0, any = false;
    int digit;
    while (scan_digit(s, any, &digit)) {
        any = true;
        if (*exponent < INT64_MAX / 100) { /* then it decides the result, whatever the digits */
            *exponent = *exponent * 10 + digit;
        }
    }
    if (minus) {
        *exponent = -*exponent;
    }
    return any;
}

static bool scan_decimal(scanner *s, decimal *d) {
    size_t counted = 0;
    int64_t exponent;
    bool any = scan_side(s, d, &counted, false);
    if (s->at < s->end && *s->at == '.') {
        s->at++;
        any |= scan_side(s, d, &counted, true);
    }
    if (!any || !scan_exponent(s, &exponent)) {
        return false;
    }
    d->exponent += exponent + (int64_t)(counted - d->digits);
    return s->at == s->end;
}

/* The value of the `count` digits of the text at *p that come next; moves *p past them. */
static uint64_t read_digits(const char **p, size_t count) {
    uint64_t value = 0;
    while (count > 0) {
        char c = *(*p)++;
        if (is_digit(c)) {
            value = value * 10 + (uint64_t)(c - '0');
            count--;
        }
    }
    return value;
}

/* A number halfway between two doubles has at most 767 digits. Of a longer text more than MAX_DIGITS only
 * matter in that they are not all 0, which one more digit, 1, says as well. */
enum { MAX_DIGITS = 770 };
/* Room for 10**771 (81 limbs), for a value that is shifted to the size of 5**1097 and 64 bits (82 limbs), and
 * a limb that such a value is lengthened by. */
enum { NUMERATOR_LIMBS = 84, DENOMINATOR_LIMBS = 82 };

/* Numbers of 10**TOP_OVERFLOW and more, or less than 10**TOP_UNDERFLOW, are out of any range. */
enum { TOP_OVERFLOW = 310, TOP_UNDERFLOW = -326 };

/* The digits of d as a big integer, and the power of ten to scale it by. */
static size_t decimal_to_big(const decimal *d, xv_limb *out, int *exponent) {
    size_t take = d->digits < MAX_DIGITS ? d->digits : MAX_DIGITS;
    const char *p = d->first;
    size_t n = 0;
    for (size_t left = take; left > 0;) {
        size_t k = left < CHUNK_DIGITS ? left : CHUNK_DIGITS;
        xv_limb power = 1;
        for (size_t i = 0; i < k; i++) {
            power *= 10;
        }
        n = xv_big_mul_add(out, n, power, (xv_limb)read_digits(&p, k));
        left -= k;
    }
    int64_t scale = d->exponent + (int64_t)(d->digits - take);
    if (take < d->digits) {
        n = xv_big_mul_add(out, n, 10, 1);
        scale--;
    }
    *exponent = (int)scale; /* in range, because the position of the first digit is */
    return n;
}

/* numerator / 5**k * 2**exponent, rounded. The numerator is not 0, and is destroyed. */
static double divide_by_power_of_five(xv_limb *numerator, size_t n, unsigned k, int32_t exponent,
                                      bool single) {
    xv_limb divisor[DENOMINATOR_LIMBS];
    divisor[0] = 1;
    size_t nd = multiply_by_power_of_five(divisor, 1, k);
    /* The division wants the divisor's top bit set, and two limbs of it. */
    size_t bits = xv_big_bit_length(divisor, nd);
    size_t limbs = nd > 1 ? nd : 2;
    size_t shift = limbs * XV_LIMB_BITS - bits;
    nd = xv_big_shl(divisor, divisor, nd, shift);
    exponent += (int32_t)shift;
    bits += shift;
    /* Now make the quotient 63 or 64 bits long. */
    size_t have = xv_big_bit_length(numerator, n), want = bits + 63;
    bool lost = false;
    if (have < want) {
        n = xv_big_shl(numerator, numerator, n, want - have);
    } else {
        n = xv_big_shr(numerator, numerator, n, have - want, &lost);
    }
    exponent += (int32_t)have - (int32_t)want;
    numerator[n++] = 0;
    xv_limb quotient[4] = {0};
    xv_big_div_scaled(quotient, numerator, n, divisor, nd, NULL);
    lost |= xv_big_normalise(numerator, nd) != 0;
    return xv_double_round(xv_big_wrap_u64(quotient, 2, false), exponent, lost, single);
}

static double decimal_exact(const decimal *d, bool single) {
    xv_limb number[NUMERATOR_LIMBS];
    int exponent;
    size_t n = decimal_to_big(d, number, &exponent);
    if (exponent < 0) {
        return divide_by_power_of_five(number, n, (unsigned)-exponent, exponent, single);
    }
    n = multiply_by_power_of_five(number, n, (unsigned)exponent);
    size_t scale;
    bool sticky;
    uint64_t mantissa = xv_big_top64(number, n, &scale, &sticky);
    return xv_double_round(mantissa, (int32_t)scale + exponent, sticky, single);
}

/* The short cut for short numbers: two doubles that hold their integers exactly make one that is rounded
 * once. */
static bool decimal_quick(const decimal *d, double *out) {
    if (!DOUBLE_ARITHMETIC_IS_EXACT || d->digits > 16 || d->exponent < -EXACT_POWERS ||
        d->exponent > EXACT_POWERS) {
        return false;
    }
    const char *p = d->first;
    uint64_t integer = read_digits(&p, d->digits);
    if (integer > MAX_EXACT_INTEGER) {
        return false;
    }
    double x = (double)integer;
    *out = d->exponent < 0 ? x / power_of_ten[-d->exponent] : x * power_of_ten[d->exponent];
    return true;
}

static double decimal_value(const decimal *d, bool single) {
    double x;
    if (d->digits == 0) {
        return 0.0;
    }
    int64_t top = d->exponent + (int64_t)d->digits;
    if (top > TOP_OVERFLOW) {
        return HUGE_VAL;
    }
    if (top < TOP_UNDERFLOW) {
        return 0.0;
    }
    return !single && decimal_quick(d, &x) ? x : decimal_exact(d, single);
}

static bool parse(const char *text, size_t len, bool single, double *out) {
    if (len == 0) {
        return false;
    }
    scanner s = {text, text + len};
    bool negative = scan_sign(&s) < 0;
    double x;
    if (scan_word(&s, "inf")) {
        (void)scan_word(&s, "inity");
        x = HUGE_VAL;
    } else if (scan_word(&s, "nan")) {
        x = (double)NAN;
    } else {
        decimal d = {negative, NULL, 0, 0};
        if (!scan_decimal(&s, &d)) {
            return false;
        }
        x = decimal_value(&d, single);
    }
    if (s.at != s.end) {
        return false;
    }
    *out = negative ? -x : x;
    return true;
}

bool xv_float_parse(const char *s, size_t len, double *out) {
    return parse(s, len, false, out);
}

bool xv_float_parse_single(const char *s, size_t len, float *out) {
    double x;
    if (!parse(s, len, true, &x)) {
        return false;
    }
    *out = (float)x;
    return true;
}

/* ---- number to text ---- */

/* The digits of a number, as the formatter wants them: 0.DIGITS * 10**point, without trailing zeros. Zero has
 * no digits and the point 1. */
typedef struct {
    size_t count;
    int point;
} digits;

static void strip_zeros(const char *buf, digits *d) {
    while (d->count > 0 && buf[d->count - 1] == '0') {
        d->count--;
    }
    if (d->count == 0) {
        d->point = 1;
    }
}

/* Writes the decimal digits of value to buf, room 20, and returns their number; none for 0. */
static size_t write_u64(char *buf, uint64_t value) {
    char reversed[20];
    size_t n = 0;
    while (value != 0) {
        /* Divisions of 32 bits are much cheaper than of 64 on a microcontroller. */
        uint32_t chunk = (uint32_t)(value % CHUNK_POWER);
        value /= CHUNK_POWER;
        for (int i = 0; i < CHUNK_DIGITS && (value != 0 || chunk != 0); i++) {
            reversed[n++] = (char)('0' + chunk % 10);
            chunk /= 10;
        }
    }
    for (size_t i = 0; i < n; i++) {
        /* The loop above wrote n of them. */
        /* cppcheck-suppress uninitvar */
        buf[i] = reversed[n - 1 - i];
    }
    return n;
}

/* How 10**k compares to 2**t: the greatest k with 10**k <= 2**t. Exact for every t that a double can have. */
static int log10_of_power_of_two(int t) {
    const int32_t offset = 400; /* keeps the shifted number positive */
    return (int)((t * 78913 + offset * 262144) >> 18) - offset;
}

/* Position of the top bit of a mantissa that is not 0. */
static int top_bit(uint64_t mantissa) {
    int bit = 0;
    while (mantissa >> bit >> 1 != 0) {
        bit++;
    }
    return bit;
}

/* The shortest text of most numbers that people write has up to 15 digits, and no two decimals of that length
 * make the same double: so if w / 10**k is x and w that short, w's digits are it. Room in buf: 20. */
static bool shortest_quick(char *buf, double x, int magnitude, digits *d) {
    if (!DOUBLE_ARITHMETIC_IS_EXACT || magnitude < -6 || magnitude > 35) {
        return false;
    }
    uint64_t w;
    int k = 14 - magnitude; /* magnitude may be one too small */
    if (x < 9007199254740992.0 && (double)(uint64_t)x == x) {
        w = (uint64_t)x;
        k = 0;
    } else {
        double y = k < 0 ? x / power_of_ten[-k] : x * power_of_ten[k];
        if (y >= 1e15) {
            k--;
            y = k < 0 ? x / power_of_ten[-k] : x * power_of_ten[k];
        }
        w = (uint64_t)(y + 0.5);
        double back = k < 0 ? (double)w * power_of_ten[-k] : (double)w / power_of_ten[k];
        if (w > 1000000000000000u || back != x) {
            return false;
        }
    }
    d->count = write_u64(buf, w);
    d->point = (int)d->count - k;
    strip_zeros(buf, d);
    return true;
}

/* After the powers of two that they share are taken out, none of the numbers below exceeds 5**325 * 2**60. */
enum { SHORTEST_LIMBS = 28 };

static size_t scale_big(xv_limb *a, uint64_t start, unsigned fives, int twos) {
    size_t n = multiply_by_power_of_five(a, xv_big_from_u64(a, start), fives);
    return xv_big_shl(a, a, n, (size_t)twos);
}

/* Dragon4 (Steele and White; Dybvig): digits of r / s are made until what is left is less than the distance
 * `gap` to the neighbour below, or above, where anything reads back as the number. */
typedef struct {
    xv_limb r[SHORTEST_LIMBS], s[SHORTEST_LIMBS], gap[SHORTEST_LIMBS];
    size_t nr, ns, ngap;
    bool inclusive;  /* a number just halfway to the neighbour reads back as this one: its mantissa is even */
    bool wide_above; /* the gap above is twice the one below: the mantissa is a power of two */
} dragon;

/* Whether the number, its digits so far rounded up, reads back. */
static bool reaches_above(const dragon *g) {
    xv_limb sum[SHORTEST_LIMBS];
    size_t n = xv_big_shl(sum, g->gap, g->ngap, g->wide_above);
    n = xv_big_add(sum, sum, n, g->r, g->nr);
    int order = xv_big_cmp(sum, n, g->s, g->ns);
    return order > 0 || (order == 0 && g->inclusive);
}

static bool reaches_below(const dragon *g) {
    int order = xv_big_cmp(g->r, g->nr, g->gap, g->ngap);
    return order < 0 || (order == 0 && g->inclusive);
}

/* r / s, less than 10; r becomes the remainder. s fills 28 bits of its top limb, so r is no longer. */
static unsigned next_digit(dragon *g) {
    if (g->nr < g->ns) {
        return 0;
    }
    xv_limb q = g->r[g->ns - 1] / (g->s[g->ns - 1] + 1); /* right or too small */
    uint64_t carry = 0;
    xv_limb borrow = 0;
    for (size_t i = 0; i < g->ns && q != 0; i++) {
        carry += (uint64_t)q * g->s[i];
        uint64_t diff = (uint64_t)g->r[i] - (xv_limb)carry - borrow;
        g->r[i] = (xv_limb)diff;
        borrow = (xv_limb)(diff >> XV_LIMB_BITS) & 1;
        carry >>= XV_LIMB_BITS;
    }
    g->nr = xv_big_normalise(g->r, g->nr);
    while (xv_big_cmp(g->r, g->nr, g->s, g->ns) >= 0) {
        g->nr = xv_big_sub(g->r, g->r, g->nr, g->s, g->ns);
        q++;
    }
    return q;
}

/* Sets the dragon up for mantissa * 2**exponent, and k so that the first digit of r / s is worth 10**k or,
 * with a digit before it that is 0, 10**(k+1). */
static void dragon_start(dragon *g, uint64_t mantissa, int exponent, int k) {
    /* Twice the number, so that half the gap is an integer; four times if the gap below is half that. */
    int r_twos = (exponent > 0 ? exponent : 0) + 1 + g->wide_above;
    int s_twos = (exponent < 0 ? -exponent : 0) + 1 + g->wide_above;
    int gap_twos = exponent > 0 ? exponent : 0;
    unsigned s_fives = 0, r_fives = 0;
    if (k > 0) {
        s_fives = (unsigned)k;
        s_twos += k;
    } else {
        r_fives = (unsigned)-k;
        r_twos -= k;
        gap_twos -= k;
    }
    int shared = gap_twos < s_twos ? gap_twos : s_twos;
    r_twos -= shared;
    s_twos -= shared;
    gap_twos -= shared;
    /* next_digit() wants s to fill 28 bits of its top limb. */
    g->ns = scale_big(g->s, 1, s_fives, s_twos);
    size_t bits = xv_big_bit_length(g->s, g->ns) % XV_LIMB_BITS;
    size_t extra = (28 + XV_LIMB_BITS - bits) % XV_LIMB_BITS;
    g->ns = xv_big_shl(g->s, g->s, g->ns, extra);
    g->nr = scale_big(g->r, mantissa, r_fives, r_twos + (int)extra);
    g->ngap = scale_big(g->gap, 1, r_fives, gap_twos + (int)extra);
}

/* The shortest digits that read back as mantissa * 2**exponent != 0, and of those the nearest. Room in buf:
 * 18. */
static void shortest_exact(char *buf, uint64_t mantissa, int exponent, bool wide_above, digits *d) {
    dragon g;
    g.inclusive = (mantissa & 1) == 0;
    g.wide_above = wide_above;
    int k = log10_of_power_of_two(top_bit(mantissa) + exponent) + 1;
    dragon_start(&g, mantissa, exponent, k);
    bool first = reaches_above(&g); /* the estimate was one short: the digit of 10**k is not 0 */
    d->point = first ? k + 1 : k;
    d->count = 0;
    for (;;) {
        if (!first) {
            g.nr = xv_big_mul_add(g.r, g.nr, 10, 0);
            g.ngap = xv_big_mul_add(g.gap, g.ngap, 10, 0);
        }
        first = false;
        unsigned digit = next_digit(&g);
        bool below = reaches_below(&g), above = reaches_above(&g);
        if (below && above) { /* both will do: the nearer, or the even one */
            g.nr = xv_big_shl(g.r, g.r, g.nr, 1);
            int order = xv_big_cmp(g.r, g.nr, g.s, g.ns);
            above = order > 0 || (order == 0 && (digit & 1) != 0);
        }
        buf[d->count++] = (char)('0' + digit + above);
        if (below || above) {
            break;
        }
    }
    strip_zeros(buf, d);
}

/* Room in buf: 20. x is finite and greater than 0. */
static void shortest_digits(char *buf, double x, bool single, digits *d) {
    uint64_t mantissa;
    bool negative;
    int exponent = xv_double_split(&mantissa, &negative, x);
    int lost = 0, least = -1074;
    if (single) { /* the float's mantissa is the top of the double's; the rest is 0 */
        least = -149;
        lost = exponent + 29 < least ? least - exponent : 29;
        mantissa >>= lost;
        exponent += lost;
    }
    int magnitude = log10_of_power_of_two(top_bit(mantissa) + exponent);
    if (single || !shortest_quick(buf, x, magnitude, d)) {
        bool power_of_two = mantissa == (uint64_t)1 << (single ? 23 : 52);
        shortest_exact(buf, mantissa, exponent, power_of_two && exponent > least, d);
    }
}

/* The exact decimal expansion of a number, nine digits at a time from the left. */
enum { INTEGER_CHUNKS = 35, EXPANSION_LIMBS = 34 };
typedef struct {
    xv_limb chunk[INTEGER_CHUNKS]; /* of the integer part, the last one first */
    size_t chunks;                 /* those not given yet */
    /* The binary point is above limb `high` - 1; the limbs below `low` are 0. */
    xv_limb fraction[EXPANSION_LIMBS];
    size_t low, high;
} expansion;

static void expand(expansion *e, uint64_t mantissa, int exponent) {
    xv_limb *work = e->fraction;
    uint64_t integer = exponent >= 0 ? mantissa : exponent > -64 ? mantissa >> -exponent : 0;
    size_t n = xv_big_shl(work, work, xv_big_from_u64(work, integer), exponent > 0 ? (size_t)exponent : 0);
    e->chunks = 0;
    while (n > 0) {
        n = xv_big_div_small(work, n, CHUNK_POWER, &e->chunk[e->chunks++]);
    }
    e->low = e->high = 0;
    if (exponent < 0) {
        size_t bits = (size_t)-exponent;
        mantissa -= bits < 64 ? integer << bits : 0;
        e->high = (bits + XV_LIMB_BITS - 1) / XV_LIMB_BITS;
        n = xv_big_shl(work, work, xv_big_from_u64(work, mantissa), e->high * XV_LIMB_BITS - bits);
        while (n < e->high) {
            work[n++] = 0;
        }
    }
}

/* Whether any digit yet to come is not 0. */
static bool expansion_left(expansion *e) {
    while (e->low < e->high && e->fraction[e->low] == 0) {
        e->low++;
    }
    return e->low < e->high || xv_big_normalise(e->chunk, e->chunks) != 0;
}

/* The next nine digits; the point comes after those of the last integer chunk. */
static xv_limb expansion_next(expansion *e) {
    if (e->chunks > 0) {
        return e->chunk[--e->chunks];
    }
    uint64_t carry = 0;
    for (size_t i = e->low; i < e->high; i++) {
        carry += (uint64_t)e->fraction[i] * CHUNK_POWER;
        e->fraction[i] = (xv_limb)carry;
        carry >>= XV_LIMB_BITS;
    }
    return (xv_limb)carry;
}

/* Adds one in the last place; the nines that go over to 0 are dropped. */
static void round_up(char *buf, digits *d) {
    while (d->count > 0 && buf[d->count - 1] == '9') {
        d->count--;
    }
    if (d->count > 0) {
        buf[d->count - 1]++;
    } else {
        buf[d->count++] = '1';
        d->point++;
    }
}

/* The digits of mantissa * 2**exponent, rounded to `precision` digits in all, or after the point if `fixed`.
 * False when they take more than `room`. */
static bool exact_digits(char *buf, size_t room, uint64_t mantissa, int exponent, size_t precision,
                         bool fixed, digits *d) {
    expansion e;
    expand(&e, mantissa, exponent);
    *d = (digits){0, 1};
    int point = (int)e.chunks * CHUNK_DIGITS;
    xv_limb chunk, unit = CHUNK_POWER / 10; /* what is left of a chunk, and what its next digit is worth */
    for (;; point -= CHUNK_DIGITS) {
        if (!expansion_left(&e) || (fixed && point + (int64_t)precision < 0)) {
            return true;
        }
        chunk = expansion_next(&e);
        if (chunk != 0) {
            break;
        }
    }
    for (; chunk < unit; unit /= 10) {
        point--;
    }
    int64_t wanted = (int64_t)precision + (fixed ? point : 0);
    if (wanted < 0) {
        return true;
    }
    d->point = point;
    for (size_t want = (size_t)wanted;; unit /= 10) {
        if (unit == 0) {
            if (!expansion_left(&e)) {
                break;
            }
            chunk = expansion_next(&e);
            unit = CHUNK_POWER / 10;
        }
        if (d->count == want) {
            bool odd = d->count > 0 && (buf[d->count - 1] & 1) != 0;
            if (chunk > 5 * unit || (chunk == 5 * unit && (odd || expansion_left(&e)))) {
                if (room == 0) {
                    return false;
                }
                round_up(buf, d);
            }
            break;
        }
        if (d->count == room) {
            return false;
        }
        buf[d->count++] = (char)('0' + chunk / unit);
        chunk %= unit;
    }
    strip_zeros(buf, d);
    return true;
}

/* How the digits are to be laid out. */
typedef struct {
    bool exponent; /* in the form 1.5e+10 */
    bool point;    /* with a point even if no digit comes after it */
    bool upper;
    size_t least;           /* so many digits at least, zeros being added on the right */
    bool least_after_point; /* which are counted from the point, not from the first that is not 0 */
} layout;

static size_t write_exponent(char *buf, int exponent, bool upper) {
    size_t n = 0;
    buf[n++] = upper ? 'E' : 'e';
    buf[n++] = exponent < 0 ? '-' : '+';
    unsigned e = (unsigned)(exponent < 0 ? -exponent : exponent);
    if (e >= 100) {
        buf[n++] = (char)('0' + e / 100);
    }
    buf[n++] = (char)('0' + e / 10 % 10);
    buf[n++] = (char)('0' + e % 10);
    return n;
}

/* Turns the digits at the start of buf into text, in place. Returns its length, or 0 when that exceeds
 * `room`. */
static size_t lay_out(char *buf, size_t room, const digits *d, const layout *how) {
    int point = how->exponent ? 1 : d->point;
    char suffix[5];
    size_t suffix_len = how->exponent ? write_exponent(suffix, d->point - 1, how->upper) : 0;
    size_t zeros = point > 0 ? 0 : (size_t)(1 - point); /* that come before the digits, "0." included */
    size_t whole = point > 0 ? (size_t)point : 1;
    size_t least = how->least + (how->least_after_point ? whole : zeros);
    size_t all = zeros + d->count;
    all = all < whole ? whole : all;
    all = all < least ? least : all;
    bool has_point = how->point || all > whole;
    size_t total = all + has_point + suffix_len;
    if (total > room) {
        return 0;
    }
    /* Fill up with zeros on both sides, then make way for the point. */
    memmove(buf + zeros, buf, d->count);
    memset(buf, '0', zeros);
    memset(buf + zeros + d->count, '0', all - zeros - d->count);
    if (has_point) {
        memmove(buf + whole + 1, buf + whole, all - whole);
        buf[whole] = '.';
    }
    memcpy(buf + total - suffix_len, suffix, suffix_len);
    return total;
}

static layout choose_layout(char kind, bool upper, size_t precision, unsigned flags, const digits *d) {
    layout how = {kind == 'e', (flags & XV_FLOAT_ALT) != 0, upper, 0, false};
    bool dot0 = kind == 'r' || (kind == 'g' && (flags & XV_FLOAT_DOT0) != 0);
    if (kind == 'r' || kind == 'g') {
        int64_t longest = kind == 'r' ? 16 : (int64_t)precision - dot0;
        how.exponent = d->point <= -4 || d->point > longest;
    } else {
        how.least = precision;
        how.least_after_point = true;
    }
    if (kind == 'g' && how.point) {
        how.least = precision;
    } else if (dot0 && !how.exponent) {
        how.least = 1;
        how.least_after_point = true;
    }
    return how;
}

static size_t format_special(char *buf, size_t size, bool nan, bool negative, bool upper) {
    size_t n = negative && !nan;
    if (size < n + 3) {
        return 0;
    }
    buf[0] = '-';
    memcpy(buf + n, nan ? (upper ? "NAN" : "nan") : upper ? "INF" : "inf", 3);
    return n + 3;
}

/* What precision means for a format: a negative one is 6, and 'g' has a digit at least. */
static size_t effective_precision(char kind, int precision) {
    return precision < 0 ? 6 : precision == 0 && kind == 'g' ? 1 : (size_t)precision;
}

size_t xv_float_format_bound(double x, char fmt, int precision) {
    char kind = (char)(fmt | 0x20);
    if (kind == 'r') {
        return XV_FLOAT_REPR_MAX;
    }
    uint64_t mantissa;
    bool negative;
    int exponent = xv_double_split(&mantissa, &negative, x);
    /* Sign, point, "0.000" or "e+100"; then the digits, of which 'f' has as many as x is large. */
    size_t bound = effective_precision(kind, precision) + 8;
    if (kind == 'f' && mantissa != 0) {
        int magnitude = log10_of_power_of_two(top_bit(mantissa) + exponent);
        bound += magnitude > 0 ? (size_t)magnitude + 2 : 2;
    }
    return bound;
}

size_t xv_float_format(char *buf, size_t size, double x, char fmt, int precision, unsigned flags) {
    bool upper = fmt == 'E' || fmt == 'F' || fmt == 'G';
    char kind = upper ? (char)(fmt | 0x20) : fmt;
    if (kind != 'r' && kind != 'e' && kind != 'f' && kind != 'g') {
        return 0;
    }
    bool single = (flags & XV_FLOAT_SINGLE) != 0, negative;
    uint64_t mantissa;
    int exponent = xv_double_split(&mantissa, &negative, x);
    if (single && exponent != XV_DOUBLE_SPECIAL) { /* changes nothing if x is a float, as it should be */
        bool positive;
        x = xv_double_round(mantissa, exponent, false, true);
        exponent = xv_double_split(&mantissa, &positive, x);
    }
    if (exponent == XV_DOUBLE_SPECIAL) {
        return format_special(buf, size, mantissa != 0, negative, upper);
    }
    size_t start = negative;
    if (size <= start) {
        return 0;
    }
    buf[0] = '-';
    char *text = buf + start;
    size_t room = size - start;
    size_t wanted = effective_precision(kind, precision);
    digits d = {0, 1};
    if (kind == 'r' && mantissa != 0) {
        char shortest[20];
        shortest_digits(shortest, fabs(x), single, &d);
        if (d.count > room) {
            return 0;
        }
        memcpy(text, shortest, d.count);
    } else if (!exact_digits(text, room, mantissa, exponent, wanted + (kind == 'e'), kind == 'f', &d)) {
        return 0;
    }
    layout how = choose_layout(kind, upper, wanted, flags, &d);
    size_t n = lay_out(text, room, &d, &how);
    return n == 0 ? 0 : start + n;
}
