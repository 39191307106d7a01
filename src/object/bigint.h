/* Arithmetic on integers of any length, as arrays of limbs that the caller owns.
 *
 * A magnitude is a little-endian array of limbs with its count, and is normalised: its last limb is not
 * zero, so zero has the count 0 (its pointer is then never read). A sign, where there is one, is a separate
 * bool; zero is never negative. Every function that makes a magnitude writes it to `out` and returns its
 * normalised count; the room that `out` must have, in limbs, is stated for each, and may be more than the
 * result takes. Unless said otherwise `out` overlaps no input. Counts are limited to SIZE_MAX / 32 limbs. No
 * function allocates, keeps state or fails unless its comment says how. */
#ifndef XV_BIGINT_H
#define XV_BIGINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t xv_limb;

enum { XV_LIMB_BITS = 32 };

/* Room for any 64-bit integer, and for any finite double truncated to an integer. */
enum { XV_BIG_INT64_LIMBS = 2, XV_BIG_DOUBLE_LIMBS = 32 };

/* What takes time that grows with the square of its operands can be stopped: every now and then it asks whether that
 * is wanted, and if so it sets `stopped` and returns at once; what it has written is then of no use, and its result 0
 * (asking may have moved all operands, too). The same one can serve for many calls. NULL, where one is taken, if
 * there is no need. */
struct xv_big_stop {
    bool (*wanted)(void *context);
    void *context;
    size_t patience; /* limbs to go by until it asks; XV_BIG_PATIENCE at first */
    bool stopped;
};
/* Some milliseconds on a slow processor. */
#define XV_BIG_PATIENCE 16384u

typedef enum { XV_BIG_AND, XV_BIG_OR, XV_BIG_XOR } xv_big_op;

/* The count of `a` without its leading zero limbs. */
size_t xv_big_normalise(const xv_limb *a, size_t n);

/* Compares magnitudes: -1, 0 or 1 as a is less than, equal to or greater than b. */
int xv_big_cmp(const xv_limb *a, size_t na, const xv_limb *b, size_t nb);

/* out = a + b. Room: max(na, nb) + 1. `out` may be a or b. */
size_t xv_big_add(xv_limb *out, const xv_limb *a, size_t na, const xv_limb *b, size_t nb);

/* out = a - b, where a >= b. Room: na. `out` may be a or b. */
size_t xv_big_sub(xv_limb *out, const xv_limb *a, size_t na, const xv_limb *b, size_t nb);

/* out = a + b with signs; *negative is the sign of the result. Room: max(na, nb) + 1. `out` may be a or b. To
 * subtract, pass the opposite sign for b. */
size_t xv_big_add_signed(xv_limb *out, bool *negative, const xv_limb *a, size_t na, bool a_negative,
                         const xv_limb *b, size_t nb, bool b_negative);

/* out = a * b. Room: na + nb. a and b may be the same. */
size_t xv_big_mul(xv_limb *out, const xv_limb *a, size_t na, const xv_limb *b, size_t nb, struct xv_big_stop *stop);

/* a = a * factor + addend, in place. Room: n + 1; the limb a[n] is written only when the result takes it. */
size_t xv_big_mul_add(xv_limb *a, size_t n, xv_limb factor, xv_limb addend);

/* a = a / divisor, in place; *remainder is what is left. divisor != 0. */
size_t xv_big_div_small(xv_limb *a, size_t n, xv_limb divisor, xv_limb *remainder);

/* Limbs of `work` that a division of na by nb limbs needs. */
#define XV_BIG_DIV_WORK(na, nb) ((na) + (nb) + 1)

/* Divides magnitudes, truncating: a = quotient * b + remainder, where b != 0. The quotient goes to
 * `quotient`, room na - nb + 1 (none when na < nb), and its count is returned; `quotient` may be NULL if only
 * the remainder is wanted, then 0 is returned. The remainder is left at the start of `work`, which has room
 * for XV_BIG_DIV_WORK(na, nb) limbs, with its count in *nr. Neither buffer overlaps an input or the other. */
size_t xv_big_divmod(xv_limb *quotient, xv_limb *work, size_t *nr, const xv_limb *a, size_t na,
                     const xv_limb *b, size_t nb, struct xv_big_stop *stop);

/* As xv_big_divmod, for signed operands and rounding down as Python's // and % do: the remainder has the sign
 * of b, the quotient is negative (unless zero) when the signs differ. `quotient` has one limb more room:
 * na - nb + 2 (1 when na < nb). */
size_t xv_big_divmod_floor(xv_limb *quotient, xv_limb *work, size_t *nr, const xv_limb *a, size_t na,
                           bool a_negative, const xv_limb *b, size_t nb, bool b_negative, struct xv_big_stop *stop);

/* The long division beneath the two above, for those who scale their operands themselves: u = u mod v in
 * place. nv >= 2 and the top bit of v is set; u has nu limbs, nu > nv, and u[nu - 1] < v[nv - 1], so a zero
 * limb may be put on top. `quotient` (or NULL) gets nu - nv limbs, leading zeros included; u's count is not
 * normalised. */
void xv_big_div_scaled(xv_limb *quotient, xv_limb *u, size_t nu, const xv_limb *v, size_t nv, struct xv_big_stop *stop);

/* out = a << bits. Room: na + bits / 32 + 1, of which the last is written only when the result takes it.
 * `out` may be a. The caller checks that so many limbs are reasonable. */
size_t xv_big_shl(xv_limb *out, const xv_limb *a, size_t na, size_t bits);

/* out = a >> bits; *lost tells whether any 1 bit was shifted out (`lost` may be NULL). Room: na - bits / 32,
 * or none when that is negative. `out` may be a. */
size_t xv_big_shr(xv_limb *out, const xv_limb *a, size_t na, size_t bits, bool *lost);

/* The magnitude of (negative ? -a : a) >> bits, rounding down as Python does; its sign is a's (unless zero).
 * Room: max(na - bits / 32, 0) + 1. `out` may be a. */
size_t xv_big_shr_floor(xv_limb *out, const xv_limb *a, size_t na, bool negative, size_t bits);

/* out = a `op` b, as if both were two's complement with endless sign bits; *negative is the sign of the
 * result. Room: max(na, nb) + 1. `out` may be a or b. (~a is xv_big_add_signed of -a and -1.) */
size_t xv_big_bitop(xv_limb *out, bool *negative, xv_big_op op, const xv_limb *a, size_t na, bool a_negative,
                    const xv_limb *b, size_t nb, bool b_negative);

/* Bits that the magnitude takes; 0 for zero. */
size_t xv_big_bit_length(const xv_limb *a, size_t n);

/* 64-bit integers. Room for from_*: XV_BIG_INT64_LIMBS. The to_* give false, and leave *value, when the
 * number does not fit. xv_big_wrap_u64 is the number modulo 2**64, its sign counted in. */
size_t xv_big_from_u64(xv_limb *out, uint64_t value);
size_t xv_big_from_i64(xv_limb *out, bool *negative, int64_t value);
bool xv_big_to_u64(const xv_limb *a, size_t n, bool negative, uint64_t *value);
bool xv_big_to_i64(const xv_limb *a, size_t n, bool negative, int64_t *value);
uint64_t xv_big_wrap_u64(const xv_limb *a, size_t n, bool negative);

/* The top 64 bits of a != 0 (all of it, if shorter) as an integer to be scaled by 2**exponent; *sticky tells
 * whether any 1 bit was left off. */
uint64_t xv_big_top64(const xv_limb *a, size_t n, size_t *exponent, bool *sticky);

/* The nearest double, ties to even; an infinity when it is out of range. */
double xv_big_to_double(const xv_limb *a, size_t n, bool negative);

/* out = x truncated towards zero, where x is finite. Room: xv_big_double_limbs(x), at most
 * XV_BIG_DOUBLE_LIMBS. */
size_t xv_big_from_double(xv_limb *out, bool *negative, double x);
size_t xv_big_double_limbs(double x);

/* Takes x apart: x = +-mantissa * 2**exponent, the exponent being returned; a normal number's mantissa has 53
 * bits. An infinity (mantissa 0) or nan (not 0) has the exponent XV_DOUBLE_SPECIAL. */
enum { XV_DOUBLE_SPECIAL = 972 };
int32_t xv_double_split(uint64_t *mantissa, bool *negative, double x);

/* The finite number mantissa * 2**exponent as the nearest double, ties to even; with `single` the nearest
 * float (as a double). `sticky` says that the true number is a little more than that: mantissa was truncated,
 * which it may be only when it has its bit 63 or 62 set. Overflow gives infinity, underflow a subnormal or
 * zero. */
double xv_double_round(uint64_t mantissa, int32_t exponent, bool sticky, bool single);

/* The value 0..35 of an ASCII digit or letter, or -1. */
int xv_digit_value(char c);

/* Limbs that any number of so many digits in base 2..36 may take. */
size_t xv_big_parse_bound(size_t digits, unsigned base);

/* Appends the digits s[0..len) to the number a, in place: a = a * base**len + value of s. Starting from *n =
 * 0, a text can be given in pieces. Base 2..36. Room: xv_big_parse_bound() of all digits given so far
 * (leading zeros need none). False when a character is no digit of that base; a and *n then hold the digits
 * before some point. */
bool xv_big_parse(xv_limb *a, size_t *n, const char *s, size_t len, unsigned base, struct xv_big_stop *stop);

/* Characters that xv_big_format may write for n limbs (at least 1). */
size_t xv_big_format_bound(size_t n, unsigned base);

/* Writes a in base 2..36, in lower case, without sign, prefix or NUL, and returns the number of characters.
 * Zero is "0". Room: xv_big_format_bound(). DESTROYS a. */
size_t xv_big_format(char *buf, xv_limb *a, size_t n, unsigned base, struct xv_big_stop *stop);

/* Limbs that so many bytes take. */
#define XV_BIG_BYTES_LIMBS(len) (((len) / 4) + ((len) % 4 != 0))

/* out = the integer in p[0..len), two's complement if is_signed. Room: XV_BIG_BYTES_LIMBS(len). */
size_t xv_big_from_bytes(xv_limb *out, bool *negative, const uint8_t *p, size_t len, bool big_endian,
                         bool is_signed);

/* Writes the low len bytes of the number, in two's complement if negative. False when it does not fit: it
 * needs more bytes, or is negative and not is_signed. (The bytes are written all the same.) */
bool xv_big_to_bytes(uint8_t *p, size_t len, const xv_limb *a, size_t n, bool negative, bool big_endian,
                     bool is_signed);

#endif
