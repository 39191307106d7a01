/* float and complex, below the interpreter. */
#include "fixture.h"

#include <math.h>

#include "object/number.h"
#include "object/print.h"

static bool prints(struct xv_vm *vm, xv_value v, const char *text) {
    return v != XV_NULL && fixture_is_text(vm, xv_repr_of(vm, v), text);
}

static xv_value real(struct xv_vm *vm, double d) {
    return xv_float_from(vm, (xv_real)d);
}

/* a op b as text. */
static bool gives(struct xv_vm *vm, double a, enum xv_binary op, double b, const char *text) {
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = real(vm, a);
    r[1] = real(vm, b);
    xv_value v = xv_float_binary(vm, op, r[0], r[1], false);
    XV_LEAVE(vm);
    return prints(vm, v, text);
}

/* Any float survives becoming a value, whether it is immediate or boxed. */
static void values(void **state) {
    (void)state;
    static const double all[] = {0.0, 1.0, -1.0, 1.5e-30, -2.5e30, 1e-37, 3e38, (double)INFINITY};
    struct xv_vm *vm = fixture_open();
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        xv_real r = (xv_real)all[i];
        assert_true(xv_is_float(xv_float_from(vm, r)) && xv_float(xv_float_from(vm, r)) == r);
        assert_true(xv_float(xv_float_from(vm, -r)) == -r);
    }
    assert_true(signbit(xv_float(real(vm, -0.0))) && !signbit(xv_float(real(vm, 0.0))));
    assert_true(isnan(xv_float(real(vm, (double)NAN))));
#if !XIPVM_SINGLE_FLOAT
    assert_true(xv_float(real(vm, 5e-324)) == 5e-324 && xv_float(real(vm, 1.7e308)) == 1.7e308);
#endif
    fixture_close(vm);
}

/* // rounds down and % has the sign of the divisor, zeros and infinities included. */
static void floor_operators(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    assert_true(gives(vm, -7, XV_FLOORDIV, 2, "-4.0"));
    assert_true(gives(vm, -7, XV_MOD, 2, "1.0"));
    assert_true(gives(vm, 7, XV_MOD, -2, "-1.0"));
    assert_true(gives(vm, 0.0, XV_MOD, -3, "-0.0"));
    assert_true(gives(vm, -0.0, XV_MOD, 3, "0.0"));
    assert_true(gives(vm, -1, XV_FLOORDIV, (double)INFINITY, "-1.0"));
    assert_true(gives(vm, -1, XV_MOD, (double)INFINITY, "inf"));
    assert_true(gives(vm, (double)INFINITY, XV_FLOORDIV, 2, "nan"));
    assert_true(gives(vm, 5.5, XV_IMOD, 2, "1.5"));
    fixture_close(vm);
}

/* Division by zero and powers of zero raise; a root of a negative number is complex. */
static void exceptions(void **state) {
    (void)state;
    static const enum xv_binary divisions[] = {XV_TRUEDIV, XV_FLOORDIV, XV_MOD};
    struct xv_vm *vm = fixture_open();
    for (size_t i = 0; i < sizeof divisions / sizeof *divisions; i++) {
        assert_true(xv_float_binary(vm, divisions[i], real(vm, 1), XV_INT(0), false) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_ZeroDivisionError));
    }
    assert_true(xv_float_binary(vm, XV_POW, real(vm, 0), XV_INT(-1), false) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ZeroDivisionError));
    assert_true(xv_is_a(vm, xv_float_binary(vm, XV_POW, XV_INT(-8), real(vm, 0.5), false), &xv_type_complex));
    assert_true(xv_float_binary(vm, XV_AND, real(vm, 1), XV_INT(1), false) == XV_NOT_IMPLEMENTED);
    assert_true(xv_float_binary(vm, XV_ADD, real(vm, 1), XV_NONE, false) == XV_NOT_IMPLEMENTED);
    fixture_close(vm);
}

/* An int that is no float equals none; nan is ordered with nothing. */
static void order(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_int_from(vm, ((int64_t)1 << 53) + 1);
    r[1] = real(vm, 9007199254740992.0);
    assert_true(xv_binary(vm, XV_EQ, r[0], r[1]) == XV_FALSE);
    assert_true(xv_binary(vm, XV_GT, r[0], r[1]) == XV_TRUE);
    assert_true(xv_binary(vm, XV_LT, r[1], r[0]) == XV_TRUE);
    assert_true(xv_binary(vm, XV_GE, r[1], r[0]) == XV_FALSE);
    r[0] = xv_int_binary(vm, XV_LSHIFT, XV_INT(1), XV_INT(100), false);
    r[1] = real(vm, 1267650600228229401496703205376.0);
    assert_true(xv_binary(vm, XV_EQ, r[0], r[1]) == XV_TRUE);
    uint32_t of_int = 0, of_float = 1;
    assert_true(xv_hash(vm, r[0], &of_int) && xv_hash(vm, r[1], &of_float));
    assert_int_equal(of_int, of_float);
    r[0] = xv_int_binary(vm, XV_LSHIFT, XV_INT(1), XV_INT(2000), false);
    r[1] = real(vm, (double)INFINITY);
    assert_true(xv_binary(vm, XV_LT, r[0], r[1]) == XV_TRUE);
    r[1] = real(vm, (double)NAN);
    assert_true(xv_binary(vm, XV_LT, r[0], r[1]) == XV_FALSE);
    assert_true(xv_binary(vm, XV_GE, r[1], r[0]) == XV_FALSE);
    assert_true(xv_binary(vm, XV_NE, r[0], r[1]) == XV_TRUE);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* int / int is the float nearest to the true quotient, though neither operand is a float. */
static void true_division(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_int_binary(vm, XV_POW, XV_INT(10), XV_INT(400), false);
    r[1] = xv_int_binary(vm, XV_POW, XV_INT(10), XV_INT(399), false);
    assert_true(prints(vm, xv_int_binary(vm, XV_TRUEDIV, r[0], r[1], false), "10.0"));
    assert_true(prints(vm, xv_int_binary(vm, XV_TRUEDIV, r[1], r[0], false), "0.1"));
    assert_true(prints(vm, xv_int_binary(vm, XV_TRUEDIV, r[0], XV_INT(-3), false), "-inf"));
    assert_true(prints(vm, xv_int_binary(vm, XV_TRUEDIV, XV_INT(-3), r[0], false), "-0.0"));
    r[0] = xv_int_binary(vm, XV_LSHIFT, XV_INT(3), XV_INT(100), false);
    r[1] = xv_int_binary(vm, XV_LSHIFT, XV_INT(-1), XV_INT(102), false);
    assert_true(prints(vm, xv_int_binary(vm, XV_TRUEDIV, r[0], r[1], false), "-0.75"));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* complex: parts, text and equality with other numbers. */
static void complexes(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_real re, im;
    xv_complex_get(xv_complex_new(vm, 1.5, -2), &re, &im);
    assert_true(re == (xv_real)1.5 && im == -2);
    assert_true(prints(vm, xv_complex_new(vm, 1.5, -2), "(1.5-2j)"));
    assert_true(prints(vm, xv_complex_new(vm, 0, 1), "1j"));
    assert_true(prints(vm, xv_complex_new(vm, (xv_real)-0.0, 1), "(-0+1j)"));
    assert_true(xv_equal(vm, xv_complex_new(vm, 3, 0), XV_INT(3)) == 1);
    assert_true(xv_equal(vm, XV_INT(3), xv_complex_new(vm, 3, 1)) == 0);
    xv_value r[1] = {xv_complex_new(vm, 3, 4)};
    XV_ENTER(vm, r);
    assert_true(prints(vm, xv_binary(vm, XV_MUL, r[0], r[0]), "(-7+24j)"));
    assert_true(prints(vm, xv_binary(vm, XV_SUB, XV_INT(1), r[0]), "(-2-4j)"));
    assert_true(prints(vm, xv_binary(vm, XV_POW, r[0], XV_INT(2)), "(-7+24j)"));
    assert_true(xv_binary(vm, XV_TRUEDIV, r[0], XV_INT(0)) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ZeroDivisionError));
    assert_true(xv_binary(vm, XV_LT, r[0], r[0]) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_TypeError));
    XV_LEAVE(vm);
    fixture_close(vm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),
        cmocka_unit_test(floor_operators),
        cmocka_unit_test(exceptions),
        cmocka_unit_test(order),
        cmocka_unit_test(true_division),
        cmocka_unit_test(complexes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
