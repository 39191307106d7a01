/* Float text: agreement with the C library, which rounds exactly, on random and on hard numbers, and with
 * texts that CPython made. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object/floattext.h"

static uint64_t random_state = 0x2545F4914F6CDD1Du;

static uint32_t random32(void) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return (uint32_t)(random_state >> 16);
}

static uint64_t random64(void) {
    uint64_t high = random32();
    return high << 32 | random32();
}

static double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static uint64_t to_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

static float float_from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* A finite number: any bits, or of the kind that programs print. */
static double random_double(void) {
    double x;
    switch (random32() % 5) {
    case 0:
        do {
            x = from_bits(random64());
        } while (!isfinite(x));
        return x;
    case 1:
        return (double)(int32_t)random32() / 1000;
    case 2:
        return (double)(random64() >> random32() % 64);
    case 3:
        return ldexp((double)(random64() >> random32() % 64), (int)(random32() % 80) - 100);
    default:
        return (double)(random32() % 1000000) * pow(10, (int)(random32() % 40) - 20);
    }
}

static bool parse(const char *text, double *x) {
    return xv_float_parse(text, strlen(text), x);
}

static void assert_parses_as_libc(const char *text) {
    double got = 42.0, want = strtod(text, NULL);
    assert_true(parse(text, &got));
    if (to_bits(got) != to_bits(want)) {
        print_error("%.60s: %a, not %a\n", text, got, want);
    }
    assert_true(to_bits(got) == to_bits(want));
    float single = 42.0f, want_single = strtof(text, NULL);
    assert_true(xv_float_parse_single(text, strlen(text), &single));
    assert_memory_equal(&single, &want_single, sizeof single);
}

/* Formats into exactly the room that is promised to do, and checks that nothing is written past it. */
static const char *format(double x, char fmt, int precision, unsigned flags) {
    static char buf[4000];
    size_t bound = xv_float_format_bound(x, fmt, precision);
    assert_true(bound + 1 < sizeof buf);
    buf[bound] = '\x7F';
    size_t n = xv_float_format(buf, bound, x, fmt, precision, flags);
    assert_true(n > 0 && n <= bound);
    assert_int_equal(buf[bound], '\x7F');
    buf[n] = 0;
    return buf;
}

static const double special[] = {
    0.0,
    -0.0,
    1.0,
    0.1,
    0.5,
    1.5,
    2.5,
    0.05,
    0.15,
    9.5,
    99.5,
    999.5,
    9.9999e-5,
    0.0001,
    0.00001,
    1e15,
    1e16,
    1e17,
    1e21,
    1e22,
    1e23,
    123456789012345680.0,
    9007199254740992.0,
    9007199254740993.0,
    1234567890123456.7,
    5e-324,
    2.2250738585072011e-308,
    2.2250738585072014e-308,
    1.7976931348623157e308,
    1e300,
    1e-300,
    1.0 / 3,
    2.0 / 3,
    100.0,
    1e100,
    0.30000000000000004,
    4.35,
    0.000123,
    123456.789,
    8.41e21,
    9.109383e-31,
    0x1p-1074,
    0x1p1023,
};
enum { SPECIALS = sizeof special / sizeof *special };

/* Promise: parsing is correctly rounded where naive methods are not. */
static void hard_texts_are_rounded_right(void **state) {
    (void)state;
    static const char *const texts[] = {
        "2.2250738585072011e-308",
        "2.2250738585072012e-308",
        "2.2250738585072014e-308",
        "9007199254740993",
        "9007199254740993.0000000000000000000000000000000000000000000000000000000000001",
        "9007199254740995",
        "5e-324",
        "2.4703282292062327e-324",
        "2.4703282292062328e-324",
        "2e-324",
        "1e-400",
        "1e400",
        "1.7976931348623157e308",
        "1.7976931348623158e308",
        "1.7976931348623159e308",
        "1.797693134862315807e308",
        "1e22",
        "1e23",
        "1e-22",
        "1e-23",
        "8.5e22",
        "123456789012345678901234567890",
        "9.5367431640625e-7",
        "6.631236846766476e-316",
        "3.237883913302901e-319",
        "6929495644600919.5",
        "3.518437208883201171875e13",
        "62.5364939768271845828",
        "8.10109172351e-10",
        "1.50000000000000011102230246251565",
        "9214843084008499",
        "0.500000000000000166533453693773481063544750213623046875",
        "30078505129381147446200",
        "104110013277974872254e-225",
        "12345e123",
        "12345e-315",
        "1e-1000000000000000000000",
        "1e1000000000000000000000",
        "0e1000000000000000000000",
        "0.0e-99999999999999999999999",
        "-0",
        "+1",
        "1.",
        ".5",
        "-.5e1",
        "00001",
        "1E5",
        "1e+5",
        "1e-05",
        "1.401298464324817e-45",
        "7.006492321624085e-46",
        "7.006492321624086e-46",
        "3.4028235677973366e38",
        "3.4028235677973365e38",
        "16777217",
        "16777219",
        "16777217.000000000000000000001",
        "8388609.5",
        "1.00000005960464477539062499999999999",
        "1.000000059604644775390625",
        "1.00000005960464477539062500000001",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_parses_as_libc(texts[i]);
    }
    char text[3000] = "0.";
    memset(text + 2, '0', 900); /* a long run of zeros that the exponent takes back */
    strcpy(text + 902, "123456789012345678e900");
    assert_parses_as_libc(text);
    memset(text, '7', 1500);
    strcpy(text + 1500, "e-1500");
    assert_parses_as_libc(text);
    text[1500] = 0;
    assert_parses_as_libc(text);
    for (size_t i = 0; i < 150; i++) {
        memcpy(text + 18 * i, "123456789012345678", 18);
    }
    for (size_t len = 1; len < 400; len++) {
        text[len] = 0;
        assert_parses_as_libc(text);
        text[len] = (char)('1' + len % 18 % 9);
    }
    strcpy(text + 2700, "e-2900");
    assert_parses_as_libc(text);
}

/* Promise: the number halfway between two doubles goes to the even one, and any digit after it, however far
 * off, decides otherwise. */
static void ties_are_decided_by_the_last_digit(void **state) {
    (void)state;
    for (int i = 0; i < 1500; i++) {
        double x = i < SPECIALS ? fabs(special[i]) : fabs(random_double());
        static char text[3200];
        uint64_t bits = to_bits(x);
        int exponent = (int)(bits >> 52);
        if (exponent >= 0x7FE) {
            continue;
        }
        uint64_t mantissa = (bits & (((uint64_t)1 << 52) - 1)) | (exponent > 0 ? (uint64_t)1 << 52 : 0);
        exponent = (exponent > 0 ? exponent : 1) - 1075;
        /* x + half an ulp is (2m + 1) * 2**(exponent - 1), which is a double for small integers only. */
        double odd = (double)(2 * mantissa + 1);
        if (2 * mantissa + 1 < (uint64_t)1 << 53 && exponent - 1 >= -1074) {
            snprintf(text, sizeof text, "%.1100f", ldexp(odd, exponent - 1));
        } else {
            long double half = ldexpl((long double)(2 * mantissa + 1), exponent - 1);
            if (sizeof half == sizeof x) {
                continue;
            }
            snprintf(text, sizeof text, "%.1100Lf", half);
        }
        assert_parses_as_libc(text);
        double even, above;
        assert_true(parse(text, &even));
        assert_true((to_bits(even) & 1) == 0);
        strcat(text, "1");
        assert_true(parse(text, &above));
        assert_true(to_bits(above) == bits + 1);
    }
}

/* Promise: text of any form gives the nearest double and the nearest float. */
static void random_texts_are_rounded_right(void **state) {
    (void)state;
    char text[1300];
    for (int i = 0; i < 20000; i++) {
        size_t n = 0, digits = i % 50 == 0 ? 1 + random32() % 1100 : 1 + random32() % 25;
        if (random32() % 2) {
            text[n++] = '-';
        }
        size_t point = random32() % digits;
        for (size_t k = 0; k < digits; k++) {
            text[n++] = (char)('0' + random32() % 10);
            if (k == point && random32() % 4) {
                text[n++] = '.';
            }
        }
        int range = i % 2 ? 20 : 350;
        snprintf(text + n, sizeof text - n, "e%d", (int)(random32() % (unsigned)(2 * range)) - range);
        assert_parses_as_libc(text);
    }
}

/* Promise: the grammar is that of CPython's float(), without surrounding spaces. */
static void grammar_is_that_of_cpython(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",
        "+",
        "-",
        ".",
        "-.",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1e-",
        "1.2.3",
        "1..2",
        "1e5.0",
        "1e5e5",
        "1 ",
        " 1",
        "1_",
        "_1",
        "1__0",
        "1_.0",
        "1._0",
        "1_e5",
        "1e_5",
        "1e5_",
        "+-1",
        "--1",
        "0x10",
        "1f",
        "infinit",
        "in",
        "infinityx",
        "nanx",
        "na",
        "1,5",
        "\x0E"
        "5",
        "1\x0E"
        "5",
        "i_nf",
        "\xC2\xB2",
        "1e+_5",
        "1_000_",
        "._5",
        "n",
        "+e1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        double x = 42.0;
        float single = 42.0f;
        assert_false(parse(bad[i], &x));
        assert_true(x == 42.0);
        assert_false(xv_float_parse_single(bad[i], strlen(bad[i]), &single));
        assert_true(single == 42.0f);
    }
    double x;
    assert_false(xv_float_parse("1\0", 2, &x));
    assert_false(xv_float_parse(NULL, 0, &x));
    static const struct {
        const char *text;
        double value;
    } good[] = {
        {"1_000", 1000.0},      {"1_0.0_1e1_0", 10.01e10},
        {"1_2_3", 123.0},       {"inf", HUGE_VAL},
        {"-INF", -HUGE_VAL},    {"+Infinity", HUGE_VAL},
        {"iNfInItY", HUGE_VAL}, {"-0.0", -0.0},
        {"-0e5", -0.0},         {"1.e1", 10.0},
        {"0_0", 0.0},
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(parse(good[i].text, &x));
        assert_true(to_bits(x) == to_bits(good[i].value));
    }
    assert_true(parse("NaN", &x) && isnan(x));
    assert_true(parse("-nan", &x) && isnan(x));
}

/* Promise: repr is CPython's. */
static void repr_is_that_of_cpython(void **state) {
    (void)state;
    static const struct {
        double x;
        const char *text;
    } known[] = {
        {0.0, "0.0"},
        {-0.0, "-0.0"},
        {1.0, "1.0"},
        {-1.5, "-1.5"},
        {0.1, "0.1"},
        {0.30000000000000004, "0.30000000000000004"},
        {1e16, "1e+16"},
        {1e15, "1000000000000000.0"},
        {9999999999999998.0, "9999999999999998.0"},
        {0.0001, "0.0001"},
        {0.00001, "1e-05"},
        {0.000123, "0.000123"},
        {1e22, "1e+22"},
        {1e23, "1e+23"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {2.2250738585072014e-308, "2.2250738585072014e-308"},
        {-2.2250738585072014e-308, "-2.2250738585072014e-308"},
        {9007199254740993.0, "9007199254740992.0"},
        {123456789012345680.0, "1.2345678901234568e+17"},
        {1.0 / 3, "0.3333333333333333"},
        {100.0, "100.0"},
        {0x1p-44, "5.684341886080802e-14"},
        {0x1p-1022, "2.2250738585072014e-308"},
        {0x1p100, "1.2676506002282294e+30"},
        {HUGE_VAL, "inf"},
        {-HUGE_VAL, "-inf"},
        {4.35, "4.35"},
        {1e100, "1e+100"},
        {123456.789, "123456.789"},
        {9.5e-7, "9.5e-07"},
        {1e-10, "1e-10"},
        {12345678901234567.0, "1.2345678901234568e+16"},
        {2e-323, "2e-323"},
        {0x1.ffffffffffffep-1023, "2.225073858507201e-308"},
        {9.007199254740993e15, "9007199254740992.0"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_string_equal(format(known[i].x, 'r', 0, 0), known[i].text);
    }
    assert_string_equal(format(-(double)NAN, 'r', 0, 0), "nan");
    assert_string_equal(format((double)NAN, 'r', 0, 0), "nan");
    assert_string_equal(format(1e16, 'r', 0, XV_FLOAT_ALT), "1.e+16");
}

/* The significant digits of a repr. */
static int digits_of(const char *text) {
    int digits = 0, zeros = 0;
    for (; *text != 0 && *text != 'e'; text++) {
        if (*text == '0' && digits > 0) {
            zeros++;
        } else if (*text >= '1' && *text <= '9') {
            digits += zeros + 1;
            zeros = 0;
        }
    }
    return digits;
}

/* Promise: repr reads back as the same number, and no text with fewer digits does. */
static void repr_is_shortest_and_reads_back(void **state) {
    (void)state;
    for (int i = 0; i < 30000; i++) {
        double x = i < 2098 ? ldexp(1, i - 1074) : random_double(), back;
        const char *text = format(x, 'r', 0, 0);
        assert_true(to_bits(strtod(text, NULL)) == to_bits(x));
        assert_true(parse(text, &back) && to_bits(back) == to_bits(x));
        int digits = digits_of(text);
        assert_true(digits <= 17);
        if (digits > 1) {
            char shorter[40];
            snprintf(shorter, sizeof shorter, "%.*e", digits - 2, x);
            assert_true(to_bits(strtod(shorter, NULL)) != to_bits(x));
        }
        if (digits == 17 && (to_bits(x) << 12) != 0) { /* there may be a choice: the nearest is asked for */
            char nearest[40];
            snprintf(nearest, sizeof nearest, "%.16e", x);
            assert_true(fabsl(strtold(text, NULL) - (long double)x) <=
                        fabsl(strtold(nearest, NULL) - (long double)x) * 1.0001L);
        }
    }
}

/* Promise: the same for numbers that are floats, by their own, shorter measure. */
static void single_repr_is_shortest_and_reads_back(void **state) {
    (void)state;
    static const struct {
        float x;
        const char *text;
    } known[] = {
        {0.1f, "0.1"},
        {3.14159274f, "3.1415927"},
        {16777216.0f, "16777216.0"},
        {1e-45f, "1e-45"},
        {-0.0f, "-0.0"},
        {3.4028234664e38f, "3.4028235e+38"},
        {1.17549435e-38f, "1.1754944e-38"},
        {0.3333333433f, "0.33333334"},
        {1e10f, "10000000000.0"},
        {9.8607613e-32f, "9.8607613e-32"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_string_equal(format((double)known[i].x, 'r', 0, XV_FLOAT_SINGLE), known[i].text);
    }
    assert_string_equal(format(HUGE_VAL, 'r', 0, XV_FLOAT_SINGLE), "inf");
    /* Doubles that are no floats are taken as the nearest. */
    assert_string_equal(format(-0.1, 'r', 0, XV_FLOAT_SINGLE), "-0.1");
    assert_string_equal(format(-1e-300, 'r', 0, XV_FLOAT_SINGLE), "-0.0");
    assert_string_equal(format(1e-45, 'r', 0, XV_FLOAT_SINGLE), "1e-45");
    assert_string_equal(format(-1e300, 'r', 0, XV_FLOAT_SINGLE), "-inf");
    for (uint32_t i = 0; i < 30000; i++) {
        uint32_t bits = i < 255 ? i << 23 : i < 2000 ? i - 254 : random32();
        float x = float_from_bits(bits), back;
        if (!isfinite(x)) {
            continue;
        }
        const char *text = format((double)x, 'r', 0, XV_FLOAT_SINGLE);
        float read = strtof(text, NULL);
        assert_memory_equal(&read, &x, sizeof x);
        assert_true(xv_float_parse_single(text, strlen(text), &back));
        assert_memory_equal(&back, &x, sizeof x);
        int digits = digits_of(text);
        assert_true(digits <= 9);
        if (digits > 1) {
            char shorter[40];
            snprintf(shorter, sizeof shorter, "%.*e", digits - 2, (double)x);
            assert_true(strtof(shorter, NULL) != x);
        }
    }
}

static void assert_formats_as_libc(double x, char fmt, int precision) {
    char spec[] = "%.*_", alternate[] = "%#.*_", want[2000];
    spec[3] = fmt;
    alternate[4] = fmt;
    int places = precision;
    if ((fmt == 'g' || fmt == 'G') && isfinite(x)) {
        /* '#' with 'g' by its definition in terms of 'e' and 'f': glibc has 1.e+02 of 99.5. */
        int all = precision < 0 ? 6 : precision == 0 ? 1 : precision;
        snprintf(want, sizeof want, "%.*e", all - 1, x);
        int exponent = atoi(strchr(want, 'e') + 1);
        bool fixed = exponent >= -4 && exponent < all;
        alternate[4] = (char)(fixed ? fmt - 'g' + 'f' : fmt - 'g' + 'e');
        places = all - 1 - (fixed ? exponent : 0);
    }
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#endif
    snprintf(want, sizeof want, alternate, places, x);
    assert_string_equal(format(x, fmt, precision, XV_FLOAT_ALT), want);
    snprintf(want, sizeof want, spec, precision, x);
    assert_string_equal(format(x, fmt, precision, 0), want);
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
}

/* Promise: %e, %f and %g are the C library's, which are exact, at any precision; so are CPython's. */
static void fixed_precision_is_exact(void **state) {
    (void)state;
    static const int precisions[] = {0, 1, 2, 3, 6, 9, 10, 15, 16, 17, 18, 30, 100, 330, 767, 1074, 1100};
    for (size_t i = 0; i < SPECIALS; i++) {
        for (size_t k = 0; k < sizeof precisions / sizeof *precisions; k++) {
            for (const char *fmt = "eEfFgG"; *fmt != 0; fmt++) {
                assert_formats_as_libc(special[i], *fmt, precisions[k]);
            }
        }
    }
    for (int i = 0; i < 30000; i++) {
        assert_formats_as_libc(random_double(), "eEfFgG"[random32() % 6], (int)(random32() % 22));
    }
    for (int i = 0; i < 3000; i++) { /* ties */
        double x = (double)(random32() % 4000) / 8;
        assert_formats_as_libc(x, "efg"[i % 3], (int)(random32() % 5));
    }
    assert_formats_as_libc(1.5, 'f', -1);
    assert_formats_as_libc(HUGE_VAL, 'f', 3);
    assert_formats_as_libc(-HUGE_VAL, 'G', 3);
    assert_string_equal(format(-(double)NAN, 'F', 3, 0), "NAN");
}

/* Promise: with XV_FLOAT_DOT0, 'g' is Python's format() with a precision and no type. */
static void dot0_is_pythons_typeless_format(void **state) {
    (void)state;
    assert_string_equal(format(1.0, 'g', 3, XV_FLOAT_DOT0), "1.0");
    assert_string_equal(format(123.0, 'g', 3, XV_FLOAT_DOT0), "1.23e+02");
    assert_string_equal(format(123.0, 'g', 4, XV_FLOAT_DOT0), "123.0");
    assert_string_equal(format(0.0, 'g', 1, XV_FLOAT_DOT0), "0e+00");
    assert_string_equal(format(0.0, 'g', 2, XV_FLOAT_DOT0), "0.0");
    assert_string_equal(format(1e10, 'g', 3, XV_FLOAT_DOT0), "1e+10");
    assert_string_equal(format(-0.00012345, 'g', 3, XV_FLOAT_DOT0), "-0.000123");
}

/* Promise: a buffer too small gives 0 and is not overrun; the text's own size is enough for a repr. */
static void small_buffers_are_respected(void **state) {
    (void)state;
    for (int i = 0; i < 5000; i++) {
        double x = i < SPECIALS ? special[i] : random_double();
        char buf[64], fmt = "refgEFG"[random32() % 7];
        size_t size = random32() % 40;
        memset(buf, '#', sizeof buf);
        size_t n = xv_float_format(buf, size, x, fmt, (int)(random32() % 30), i % 2 ? XV_FLOAT_ALT : 0);
        assert_true(n <= size);
        for (size_t k = size; k < sizeof buf; k++) {
            assert_int_equal(buf[k], '#');
        }
        n = xv_float_format(buf, XV_FLOAT_REPR_MAX, x, 'r', 0, 0);
        assert_true(n > 0);
        assert_int_equal(xv_float_format(buf, n, x, 'r', 0, 0), n);
        assert_int_equal(xv_float_format(buf, n - 1, x, 'r', 0, 0), 0);
    }
    char buf[8];
    assert_int_equal(xv_float_format(buf, 0, 1.0, 'f', 0, 0), 0);
    assert_int_equal(xv_float_format(buf, 3, -HUGE_VAL, 'r', 0, 0), 0);
    assert_int_equal(xv_float_format(buf, 8, 1.0, 'x', 0, 0), 0);
    assert_int_equal(xv_float_format(buf, 8, 1.0, 'R', 0, 0), 0);
    assert_int_equal(xv_float_format(buf, 8, 1.0, 'f', 2147483647, 0), 0);
    assert_int_equal(xv_float_format(buf, 8, 1e-300, 'e', 2147483647, 0), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hard_texts_are_rounded_right),
        cmocka_unit_test(ties_are_decided_by_the_last_digit),
        cmocka_unit_test(random_texts_are_rounded_right),
        cmocka_unit_test(grammar_is_that_of_cpython),
        cmocka_unit_test(repr_is_that_of_cpython),
        cmocka_unit_test(repr_is_shortest_and_reads_back),
        cmocka_unit_test(single_repr_is_shortest_and_reads_back),
        cmocka_unit_test(fixed_precision_is_exact),
        cmocka_unit_test(dot0_is_pythons_typeless_format),
        cmocka_unit_test(small_buffers_are_respected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
