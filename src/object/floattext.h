/* Numbers of type double to text and back, exactly, without the C library's printf or strtod.
 *
 * Nothing here allocates or keeps state; the C stack used is at most about 1.2 kB. Text is ASCII by pointer
 * and length and never ends in a NUL. */
#ifndef XV_FLOATTEXT_H
#define XV_FLOATTEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Flags of xv_float_format. */
enum {
    XV_FLOAT_ALT = 1u,    /* '#': always a point; 'g' keeps its trailing zeros */
    XV_FLOAT_SINGLE = 2u, /* x is a float (or taken as the nearest): 'r' need only read back as that float */
    XV_FLOAT_DOT0 = 4u    /* 'g': a whole number without exponent ends in ".0", as Python's format does with a
                             precision but no type; 'r' always does so */
};

/* Characters that suffice for 'r' whatever x is. */
enum { XV_FLOAT_REPR_MAX = 24 };

/* Reads the whole of s[0..len) as Python's float() does, without its surrounding spaces: sign, decimal digits
 * with a point and an exponent, single underscores between digits, or inf, infinity, nan in any case. *out is
 * the nearest double, ties to even, however many digits there are; a number out of range gives an infinity or
 * zero. False, with *out untouched, for any other text. */
bool xv_float_parse(const char *s, size_t len, double *out);

/* The same, to the nearest float (not by way of a double, which would round twice). */
bool xv_float_parse_single(const char *s, size_t len, float *out);

/* Room, in characters, that xv_float_format surely finds enough for these arguments. It is roughly what the
 * text takes: for 'f' it counts x's digits before the point, at most 309. */
size_t xv_float_format_bound(double x, char fmt, int precision);

/* Writes x to buf and returns the number of characters, exactly as CPython would:
 *   'r'            the shortest text that reads back as x (repr); precision is not used
 *   'e' 'f' 'g'    as %e, %f, %g with that precision (any size; negative means 6), rounded half-even on the
 *                  exact value
 *   'E' 'F' 'G'    the same in capitals, "INF" and "NAN" too
 * A minus sign is written for every negative x and for -0.0, never for a nan; padding and '+' are the
 * caller's. Returns 0 if size is too small (size >= xv_float_format_bound() is not) or fmt is none of these.
 * What buf holds past the text, or when 0 is returned, is unspecified. */
size_t xv_float_format(char *buf, size_t size, double x, char fmt, int precision, unsigned flags);

#endif
