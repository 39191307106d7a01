/* int and bool, below the interpreter. */
#include "fixture.h"

#include "object/number.h"
#include "object/print.h"

static xv_value number(struct xv_vm *vm, const char *text) {
    xv_value v = xv_int_from_str(vm, xv_str_from(vm, text), 10);
    assert_true(v != XV_NULL);
    return v;
}

/* Prints an int in a base into the fixture's output. */
static const char *printed(struct xv_vm *vm, xv_value v, unsigned base) {
    struct xv_printer out;
    fixture_output_len = 0;
    xv_printer_begin(&out, vm, true);
    assert_true(xv_int_put(&out, v, base));
    xv_printer_end(&out);
    return fixture_output;
}

struct sum {
    const char *a;
    enum xv_binary op;
    const char *b;
    const char *result;
};

static void check_sums(struct xv_vm *vm, const struct sum *sums, size_t n) {
    for (size_t i = 0; i < n; i++) {
        xv_value r[2] = {XV_NULL, XV_NULL};
        XV_ENTER(vm, r);
        r[0] = number(vm, sums[i].a);
        r[1] = number(vm, sums[i].b);
        xv_value v = xv_int_binary(vm, sums[i].op, r[0], r[1], false);
        XV_LEAVE(vm);
        assert_true(v != XV_NULL);
        assert_string_equal(printed(vm, v, 10), sums[i].result);
    }
}

/* A number is a small int whenever it fits one, so that equal ints of that size are the same word. */
static void small_wherever_it_fits(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_int_from(vm, (int64_t)XV_SMALL_MAX + 1);
    assert_true(xv_is_kind(r[0], XV_KIND_INT));
    assert_true(xv_int_binary(vm, XV_SUB, r[0], XV_INT(1), false) == XV_INT(XV_SMALL_MAX));
    r[1] = xv_int_from(vm, (int64_t)XV_SMALL_MIN - 1);
    assert_true(xv_is_kind(r[1], XV_KIND_INT));
    assert_true(xv_int_binary(vm, XV_ADD, r[1], XV_INT(1), false) == XV_INT(XV_SMALL_MIN));
    assert_true(xv_unary(vm, XV_NEG, r[0]) == XV_INT(XV_SMALL_MIN));
    assert_true(xv_int_binary(vm, XV_RSHIFT, r[0], XV_INT(1), false) == XV_INT((XV_SMALL_MAX >> 1) + 1));
    assert_true(xv_int_binary(vm, XV_MOD, r[0], XV_INT(7), false) ==
                XV_INT((intptr_t)(((uint64_t)XV_SMALL_MAX + 1) % 7)));
    r[1] = xv_int_binary(vm, XV_FLOORDIV, XV_INT(XV_SMALL_MIN), XV_INT(-1), false);
    assert_true(r[1] != XV_NULL && xv_equal(vm, r[1], r[0]) == 1);
    assert_true(xv_int_from_unsigned(vm, (uint64_t)XV_SMALL_MAX) == XV_INT(XV_SMALL_MAX));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Every operator on operands of any size, as Python defines it. */
static void operators(void **state) {
    (void)state;
    static const struct sum sums[] = {
        {"4611686018427387903", XV_ADD, "1", "4611686018427387904"},
        {"-4611686018427387904", XV_SUB, "1", "-4611686018427387905"},
        {"9223372036854775807", XV_ADD, "9223372036854775807", "18446744073709551614"},
        {"3037000500", XV_MUL, "3037000500", "9223372037000250000"},
        {"-99999999999999999999", XV_MUL, "99999999999999999999",
         "-9999999999999999999800000000000000000001"},
        {"-100000000000000000000", XV_FLOORDIV, "3", "-33333333333333333334"},
        {"-100000000000000000000", XV_MOD, "3", "2"},
        {"100000000000000000000", XV_MOD, "-7", "-5"},
        {"7", XV_FLOORDIV, "-100000000000000000000", "-1"},
        {"7", XV_MOD, "-100000000000000000000", "-99999999999999999993"},
        {"-7", XV_FLOORDIV, "2", "-4"},
        {"-7", XV_MOD, "2", "1"},
        {"1", XV_LSHIFT, "70", "1180591620717411303424"},
        {"-1180591620717411303425", XV_RSHIFT, "70", "-2"},
        {"-5", XV_RSHIFT, "100000000000000000000", "-1"},
        {"0", XV_LSHIFT, "100000000000000000000", "0"},
        {"-1180591620717411303424", XV_AND, "1180591620717411303423", "0"},
        {"1180591620717411303424", XV_OR, "-1", "-1"},
        {"1180591620717411303424", XV_XOR, "-1", "-1180591620717411303425"},
        {"3", XV_POW, "45", "2954312706550833698643"},
        {"-10", XV_POW, "21", "-1000000000000000000000"},
        {"-1", XV_POW, "100000000000000000001", "-1"},
        {"0", XV_POW, "0", "1"},
        {"2", XV_IADD, "3", "5"},
        {"2", XV_IPOW, "100", "1267650600228229401496703205376"},
    };
    struct xv_vm *vm = fixture_open();
    check_sums(vm, sums, sizeof sums / sizeof *sums);
    fixture_close(vm);
}

/* What cannot be calculated raises at once, however much work it would have been. */
static void refused(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {XV_NULL};
    XV_ENTER(vm, r);
    r[0] = number(vm, "100000000000000000000");
    static const enum xv_binary divisions[] = {XV_TRUEDIV, XV_FLOORDIV, XV_MOD};
    for (size_t i = 0; i < sizeof divisions / sizeof *divisions; i++) {
        assert_true(xv_int_binary(vm, divisions[i], XV_INT(1), XV_INT(0), false) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_ZeroDivisionError));
        assert_true(xv_int_binary(vm, divisions[i], r[0], XV_FALSE, false) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_ZeroDivisionError));
    }
    assert_true(xv_int_binary(vm, XV_POW, XV_INT(0), XV_INT(-1), false) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ZeroDivisionError));
    assert_true(xv_int_binary(vm, XV_LSHIFT, XV_INT(1), XV_INT(-1), false) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    assert_true(xv_int_binary(vm, XV_LSHIFT, XV_INT(1), r[0], false) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_OverflowError));
    assert_true(xv_int_binary(vm, XV_LSHIFT, XV_INT(1), XV_INT(XV_SMALL_MAX), false) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_true(xv_int_binary(vm, XV_POW, XV_INT(3), XV_INT(XV_SMALL_MAX), false) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_true(xv_int_binary(vm, XV_POW, r[0], r[0], false) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_true(xv_int_binary(vm, XV_ADD, XV_INT(1), XV_NONE, false) == XV_NOT_IMPLEMENTED);
    assert_true(xv_int_binary(vm, XV_MATMUL, XV_INT(1), XV_INT(1), false) == XV_NOT_IMPLEMENTED);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Conversions to C say whether the number fits, and give all of it if it does. */
static void to_c(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    int64_t i;
    uint64_t u;
    xv_real r;
    assert_true(xv_int_to_i64(number(vm, "-9223372036854775808"), &i) && i == INT64_MIN);
    assert_true(xv_int_to_i64(number(vm, "9223372036854775807"), &i) && i == INT64_MAX);
    assert_false(xv_int_to_i64(number(vm, "9223372036854775808"), &i));
    assert_true(xv_int_to_u64(number(vm, "18446744073709551615"), &u) && u == UINT64_MAX);
    assert_false(xv_int_to_u64(number(vm, "18446744073709551616"), &u));
    assert_false(xv_int_to_u64(XV_INT(-1), &u));
    assert_true(xv_int_low64(XV_INT(-1)) == UINT64_MAX);
    assert_true(xv_int_low64(number(vm, "-18446744073709551617")) == UINT64_MAX);
    assert_true(xv_to_real(vm, number(vm, "100000000000000000000000"), &r) && r == (xv_real)1e23);
    xv_value huge = xv_int_binary(vm, XV_LSHIFT, XV_INT(1), XV_INT(1024), false);
    assert_false(xv_to_real(vm, huge, &r));
    assert_true(fixture_raised(vm, &xv_exc_OverflowError));
    assert_true(xv_int_from_real(vm, -2.9) == XV_INT(-2));
    assert_string_equal(printed(vm, xv_int_from_real(vm, 1e23), 10), "99999999999999991611392");
    assert_true(xv_int_from_real(vm, 1e308 * 10) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_OverflowError));
    fixture_close(vm);
}

struct text {
    const char *text;
    int base;
    const char *result; /* NULL: ValueError */
};

/* int() takes what CPython takes: spaces, sign, prefix, single underscores; all else is a ValueError. */
static void text_in(void **state) {
    (void)state;
    static const struct text texts[] = {
        {" 12 ", 10, "12"}, {"-1_000", 10, "-1000"}, {"+0x1F", 16, "31"}, {"0b11", 0, "3"},
        {"0o_17", 0, "15"},
        {"zZ", 36, "1295"}, {"1_2345678901234567890_123", 10, "12345678901234567890123"}, {"00", 0, "0"},
        {"-0", 10, "0"}, {"-ffffffffffffffffffff", 16, "-1208925819614629174706175"},
        {"", 10, NULL}, {"-", 10, NULL}, {"_1", 10, NULL}, {"1_", 10, NULL}, {"1__1", 10, NULL},
        {"12", 2, NULL}, {"0x", 16, NULL}, {"010", 0, NULL}, {"0x1", 10, NULL}, {"1 2", 10, NULL},
        {"5", 1, NULL}, {"5", 37, NULL},
        {"99999999999999999999x", 10, NULL}, {"\xc3\xa9", 10, NULL},
    };
    struct xv_vm *vm = fixture_open();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        xv_value v = xv_int_from_str(vm, xv_str_from(vm, texts[i].text), texts[i].base);
        if (texts[i].result == NULL) {
            assert_true(v == XV_NULL);
            assert_true(fixture_raised(vm, &xv_exc_ValueError));
        } else {
            assert_true(v != XV_NULL);
            assert_string_equal(printed(vm, v, 10), texts[i].result);
        }
    }
    fixture_close(vm);
}

/* Digits come out in every base as they went in. */
static void text_out(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    assert_string_equal(printed(vm, XV_INT(0), 2), "0");
    assert_string_equal(printed(vm, XV_INT(-255), 16), "-ff");
    assert_string_equal(printed(vm, XV_INT(35), 36), "z");
    char smallest[80] = "-";
    memset(smallest + 1, '0', XV_SMALL_BITS);
    smallest[1] = '1';
    smallest[1 + XV_SMALL_BITS] = '\0';
    assert_string_equal(printed(vm, XV_INT(XV_SMALL_MIN), 2), smallest);
    xv_value r[1] = {number(vm, "-123456789012345678901234567890123456789012345678901234567890")};
    XV_ENTER(vm, r);
    for (unsigned base = 2; base <= 36; base++) {
        xv_value text = xv_str_from(vm, printed(vm, r[0], base));
        xv_value again = xv_int_from_str(vm, text, (int)base);
        assert_true(again != XV_NULL && xv_equal(vm, again, r[0]) == 1);
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* pow() with a modulus has the sign of the modulus, and never makes the power itself. */
static void pow_mod(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    assert_true(xv_int_pow_mod(vm, XV_INT(3), XV_INT(200), XV_INT(50)) == XV_INT(1));
    assert_true(xv_int_pow_mod(vm, XV_INT(-2), XV_INT(5), XV_INT(7)) == XV_INT(3));
    assert_true(xv_int_pow_mod(vm, XV_INT(2), XV_INT(5), XV_INT(-7)) == XV_INT(-3));
    assert_true(xv_int_pow_mod(vm, XV_INT(5), XV_INT(0), XV_INT(1)) == XV_INT(0));
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    /* Fermat: for a prime p, a ** (p - 1) % p is 1. */
    r[0] = number(vm, "170141183460469231731687303715884105727");
    r[1] = xv_int_binary(vm, XV_SUB, r[0], XV_INT(1), false);
    r[2] = number(vm, "123456789012345678901234567890123456789012345678901234567890");
    assert_true(xv_int_pow_mod(vm, r[2], r[1], r[0]) == XV_INT(1));
    XV_LEAVE(vm);
    assert_true(xv_int_pow_mod(vm, XV_INT(1), XV_INT(1), XV_INT(0)) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    assert_true(xv_int_pow_mod(vm, XV_INT(1), XV_INT(-1), XV_INT(5)) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    assert_true(xv_int_pow_mod(vm, XV_INT(1), XV_NONE, XV_INT(5)) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_TypeError));
    fixture_close(vm);
}

/* A bool is an int to every operator, but & | ^ of two of them give a bool. */
static void bools(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    assert_true(xv_binary(vm, XV_ADD, XV_TRUE, XV_TRUE) == XV_INT(2));
    assert_true(xv_binary(vm, XV_AND, XV_TRUE, XV_FALSE) == XV_FALSE);
    assert_true(xv_binary(vm, XV_OR, XV_TRUE, XV_FALSE) == XV_TRUE);
    assert_true(xv_binary(vm, XV_IXOR, XV_TRUE, XV_TRUE) == XV_FALSE);
    assert_true(xv_binary(vm, XV_AND, XV_TRUE, XV_INT(3)) == XV_INT(1));
    assert_true(xv_unary(vm, XV_INVERT, XV_TRUE) == XV_INT(-2));
    assert_true(xv_equal(vm, XV_TRUE, XV_INT(1)) == 1);
    uint32_t of_bool = 0, of_int = 1;
    assert_true(xv_hash(vm, XV_TRUE, &of_bool) && xv_hash(vm, XV_INT(1), &of_int));
    assert_int_equal(of_bool, of_int);
    fixture_close(vm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_wherever_it_fits),
        cmocka_unit_test(operators),
        cmocka_unit_test(refused),
        cmocka_unit_test(to_c),
        cmocka_unit_test(text_in),
        cmocka_unit_test(text_out),
        cmocka_unit_test(pow_mod),
        cmocka_unit_test(bools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
