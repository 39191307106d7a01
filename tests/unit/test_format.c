/* Formatting: the format-spec mini language, str.format and %, compared with CPython's results. */
#include "fixture.h"
#include "object/container.h"
#include "object/number.h"
#include "object/print.h"

static struct xv_vm *vm;

static int open_vm(void **state) {
    (void)state;
    vm = fixture_open();
    return 0;
}

static int close_vm(void **state) {
    (void)state;
    fixture_close(vm);
    return 0;
}

static xv_value text(const char *s) {
    return xv_str_from(vm, s);
}

static void assert_text(xv_value v, const char *expected) {
    if (!fixture_is_text(vm, v, expected)) {
        if (v == XV_NULL) {
            fail_msg("an exception instead of '%s'", expected);
        }
        struct xv_text t = xv_text(vm, v);
        fail_msg("'%.*s' instead of '%s'", (int)t.len, (const char *)t.data, expected);
    }
}

static xv_value formatted(xv_value v, const char *spec) {
    xv_value r[2] = {v, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = text(spec);
    xv_value made = xv_format_value(vm, r[0], r[1]);
    XV_LEAVE(vm);
    return made;
}

struct row {
    const char *spec;
    const char *expected;
};
#define N_ROWS(rows) (sizeof(rows) / sizeof *(rows))

static void ints(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"", "-1234"},
        {"d", "-1234"},
        {"8", "   -1234"},
        {"<8", "-1234   "},
        {"^8", " -1234  "},
        {"08", "-0001234"},
        {"+d", "-1234"},
        {"x", "-4d2"},
        {"#X", "-0X4D2"},
        {"#012b", "-0b10011010010"},
        {"#010x", "-0x00004d2"},
        {",", "-1,234"},
        {"010,", "-0,001,234"},
        {"_b", "-100_1101_0010"},
        {"\xe2\x82\xac>7", "\xe2\x82\xac\xe2\x82\xac-1234"},
        {".1f", "-1234.0"},
        {"e", "-1.234000e+03"},
        {"%", "-123400.000000%"},
    };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        assert_text(formatted(XV_INT(-1234), rows[i].spec), rows[i].expected);
    }
    assert_text(formatted(XV_INT(8364), "c"), "\xe2\x82\xac");
    assert_text(formatted(XV_TRUE, "3d"), "  1");
    assert_text(formatted(XV_TRUE, ""), "True");
    xv_value big = xv_int_from_str(vm, xv_str_from(vm, "123456789012345678901234567890"), 10);
    assert_text(formatted(big, ",d"), "123,456,789,012,345,678,901,234,567,890");
}

/* Zeros that fill become digits with separators, never one in front; each width from 1 to 12. */
static void grouped_zeros(void **state) {
    (void)state;
    static const char *const expected[] = {"7",         "07",         "007",         "0,007",
                                           "0,007",     "00,007",     "000,007",     "0,000,007",
                                           "0,000,007", "00,000,007", "000,000,007", "0,000,000,007"};
    for (size_t i = 0; i < N_ROWS(expected); i++) {
        char spec[5] = {'0', (char)('0' + (i + 1) % 10), ',', '\0'};
        if (i + 1 >= 10) {
            spec[1] = '1';
            spec[2] = (char)('0' + (i + 1) % 10);
            spec[3] = ',';
        }
        assert_text(formatted(XV_INT(7), spec), expected[i]);
    }
}

static void floats(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"", "-2.5"},           {".3f", "-2.500"},      {"e", "-2.500000e+00"}, {"G", "-2.5"},
        {"08.2f", "-0002.50"},  {"+", "-2.5"},          {"%", "-250.000000%"},  {".0%", "-250%"},
        {">9.1f", "     -2.5"}, {"=9.1f", "-     2.5"}, {"#.0e", "-2.e+00"},    {".1", "-2e+00"},
    };
    xv_value r[1] = {xv_float_from(vm, (xv_real)-2.5)};
    XV_ENTER(vm, r);
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        assert_text(formatted(r[0], rows[i].spec), rows[i].expected);
    }
    XV_LEAVE(vm);
}

static void strings(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"", "h\xc3\xa9y"},  {"5", "h\xc3\xa9y  "}, {">5s", "  h\xc3\xa9y"}, {"^6", " h\xc3\xa9y  "},
        {".2", "h\xc3\xa9"}, {"*<4.1", "h***"},     {"05", "h\xc3\xa9y00"},
    };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        assert_text(formatted(text("h\xc3\xa9y"), rows[i].spec), rows[i].expected);
    }
}

/* What makes no sense is refused, and absurd sizes raise instead of wrapping round. */
static void bad_specs(void **state) {
    (void)state;
    static const char *const for_ints[] = {"s",  ".2d",         "5.5.5",         "dd", ".",
                                           ",x", "99999999999", ".99999999999f", "y"};
    for (size_t i = 0; i < N_ROWS(for_ints); i++) {
        assert_int_equal(formatted(XV_INT(1), for_ints[i]), XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_ValueError));
    }
    static const char *const for_strs[] = {"d", "=5", "+", ",", "#"};
    for (size_t i = 0; i < N_ROWS(for_strs); i++) {
        assert_int_equal(formatted(text("ab"), for_strs[i]), XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_ValueError));
    }
    assert_int_equal(formatted(XV_NONE, "5"), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_TypeError));
    assert_int_equal(formatted(XV_INT(1), "100000000"), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_int_equal(formatted(XV_INT(1), ".100000000f"), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_int_equal(formatted(XV_INT(1), "0100000000,"), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
}

/* format.format(7, "text") */
static xv_value str_format(const char *format) {
    xv_value r[3] = {XV_INT(7), text("text"), XV_NULL};
    XV_ENTER(vm, r);
    r[2] = text(format);
    xv_value made = xv_call_method(vm, r[2], XV_Q_format, r, 2);
    XV_LEAVE(vm);
    return made;
}

static void replacement_fields(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"", ""},
        {"plain", "plain"},
        {"{{}}", "{}"},
        {"{}{}", "7text"},
        {"{1}{0}", "text7"},
        {"{1!r:>8}", "  'text'"},
        {"{0:{0}}|", "      7|"},
        {"{1:.{0}}", "text"},
    };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        assert_text(str_format(rows[i].spec), rows[i].expected);
    }
    static const char *const bad[] = {"{",    "}",    "{!x}",   "{0}{}", "{}{0}", "{:{:{}}}",
                                      "{0.}", "{0[}", "{!r x}", "{!",    "{:{1}}"};
    for (size_t i = 0; i < N_ROWS(bad); i++) {
        assert_int_equal(str_format(bad[i]), XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_ValueError));
    }
    assert_int_equal(str_format("{5}"), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_IndexError));
    assert_int_equal(str_format("{name}"), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_KeyError));
    assert_text(str_format("{1[0]}{1[3]}"), "tt");
}

static xv_value percent(const char *format, xv_value args) {
    xv_value r[2] = {args, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = text(format);
    xv_value made = xv_str_percent(vm, r[1], r[0]);
    XV_LEAVE(vm);
    return made;
}

static void percent_operator(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"%d", "42"},       {"%5d|", "   42|"}, {"%-5d|", "42   |"}, {"%05d", "00042"},
        {"%+.3d", "+042"},  {"%#x", "0x2a"},    {"%c", "*"},         {"%s%%", "42%"},
        {"%5.1f", " 42.0"}, {"%r", "42"},       {"%ld", "42"},
    };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        assert_text(percent(rows[i].spec, XV_INT(42)), rows[i].expected);
    }
    static const char *const missing[] = {"%s %s", "%*d", "%(a)s", "none"};
    for (size_t i = 0; i < N_ROWS(missing); i++) {
        assert_int_equal(percent(missing[i], XV_INT(1)), XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_TypeError));
    }
    static const char *const bad[] = {"%", "%5", "%.", "%y", "%(a", "%99999999999d"};
    for (size_t i = 0; i < N_ROWS(bad); i++) {
        assert_int_equal(percent(bad[i], XV_INT(1)), XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_ValueError));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ints, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(grouped_zeros, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(floats, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(strings, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(bad_specs, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(replacement_fields, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(percent_operator, open_vm, close_vm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
