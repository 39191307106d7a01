/* list, tuple, range, slice and sorting, below the interpreter. */
#include "fixture.h"

#include "object/container.h"
#include "object/number.h"
#include "object/print.h"

static bool prints(struct xv_vm *vm, xv_value v, const char *text) {
    return fixture_is_text(vm, xv_repr_of(vm, v), text);
}

static xv_value numbers(struct xv_vm *vm, int from, int to) {
    xv_value r[1] = {xv_list_new(vm, 0)};
    XV_ENTER(vm, r);
    for (int i = from; i < to; i++) {
        assert_true(xv_list_append(vm, r[0], XV_INT(i)));
    }
    XV_LEAVE(vm);
    return r[0];
}

static xv_value slice(struct xv_vm *vm, xv_value start, xv_value stop, xv_value step) {
    xv_value s = xv_slice_new(vm, start, stop, step);
    assert_true(s != XV_NULL);
    return s;
}

/* Appending is amortised, popping gives memory back, and nothing is lost on the way. */
static void grows_and_shrinks(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {numbers(vm, 0, 10000)};
    XV_ENTER(vm, r);
    assert_int_equal(xv_list(r[0])->len, 10000);
    for (int i = 9999; i >= 0; i--) {
        assert_true(xv_get_item(vm, r[0], XV_INT(-1)) == XV_INT(i));
        assert_true(xv_set_item(vm, r[0], XV_INT(i), XV_NULL));
    }
    assert_int_equal(xv_list(r[0])->len, 0);
    assert_true(xv_list(r[0])->items == XV_NULL || xv_n_items(xv_list(r[0])->items) < 32);
    assert_true(xv_get_item(vm, r[0], XV_INT(0)) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_IndexError));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Slices of every start, stop and step select what a walk by single steps selects. */
static void slices_select_by_steps(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    for (int len = 0; len < 5; len++) {
        for (int start = -6; start <= 6; start++) {
            for (int stop = -6; stop <= 6; stop++) {
                for (int step = -3; step <= 3; step++) {
                    if (step == 0) {
                        continue;
                    }
                    intptr_t first, by;
                    size_t count, want = 0;
                    xv_value s = slice(vm, XV_INT(start), XV_INT(stop), XV_INT(step));
                    assert_true(xv_slice_bounds(vm, s, (size_t)len, &first, &by, &count));
                    int a = start < 0 ? start + len : start, z = stop < 0 ? stop + len : stop;
                    int low = step < 0 ? -1 : 0, high = step < 0 ? len - 1 : len;
                    a = a < low ? low : a > high ? high : a;
                    z = z < low ? low : z > high ? high : z;
                    for (int i = a; step > 0 ? i < z : i > z; i += step) {
                        want++;
                    }
                    assert_int_equal(count, want);
                    assert_int_equal(by, step);
                    assert_true(count == 0 || first == a);
                }
            }
        }
    }
    fixture_close(vm);
}

static void slices_of_lists(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[3] = {numbers(vm, 0, 8), XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = slice(vm, XV_NONE, XV_NONE, XV_INT(-3));
    assert_true(prints(vm, xv_get_item(vm, r[0], r[1]), "[7, 4, 1]"));
    assert_true(xv_set_item(vm, r[0], r[1], XV_NULL));
    assert_true(prints(vm, r[0], "[0, 2, 3, 5, 6]"));
    r[1] = slice(vm, XV_INT(1), XV_INT(3), XV_NONE);
    r[2] = numbers(vm, 10, 14);
    assert_true(xv_set_item(vm, r[0], r[1], r[2]));
    assert_true(prints(vm, r[0], "[0, 10, 11, 12, 13, 5, 6]"));
    assert_true(xv_set_item(vm, r[0], r[1], r[0]));
    assert_true(prints(vm, r[0], "[0, 0, 10, 11, 12, 13, 5, 6, 12, 13, 5, 6]"));
    r[1] = slice(vm, XV_NONE, XV_NONE, XV_INT(2));
    assert_false(xv_set_item(vm, r[0], r[1], r[2]));
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    r[1] = slice(vm, XV_NONE, XV_NONE, XV_INT(0));
    assert_true(xv_get_item(vm, r[0], r[1]) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* The n-th of a fixed sequence of numbers that look random. */
static int scrambled(int n) {
    uint32_t h = (uint32_t)n * 0x9e3779b1u;
    return (int)((h ^ h >> 15) % 1000);
}

/* As str, so that texts are compared, or as the number or float itself. */
static xv_value element(struct xv_vm *vm, int sort, int i) {
    char text[8] = {0};
    for (int n = i, at = 3; at >= 0; at--, n /= 10) {
        text[at] = (char)('0' + n % 10);
    }
    return sort == 0 ? XV_INT(i) : sort == 1 ? xv_float_from(vm, (xv_real)i) : xv_str_from(vm, text);
}

/* Items that compare equal stay in their order; all sizes around the lengths of runs; both directions. */
static void sorts_stably(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static const int sizes[] = {0, 1, 2, 7, 8, 9, 16, 17, 31, 33, 64, 65, 100, 1000};
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        for (int sort = 0; sort < 4; sort++) {
            for (int reverse = 0; reverse < 2; reverse++) {
                r[0] = xv_list_new(vm, 0);
                for (int i = 0; i < sizes[s]; i++) {
                    if (sort < 3) {
                        r[1] = element(vm, sort, scrambled(i));
                    } else {
                        /* Tuples, which only xv_less can compare; the number in front has many equals. */
                        xv_value pair[2] = {XV_INT(scrambled(i) % 10), XV_INT(reverse ? -i : i)};
                        r[1] = xv_tuple_of(vm, pair, 2);
                    }
                    assert_true(r[1] != XV_NULL && xv_list_append(vm, r[0], r[1]));
                }
                assert_true(xv_list_sort(vm, r[0], XV_NULL, reverse != 0));
                assert_int_equal(xv_list(r[0])->len, sizes[s]);
                for (int i = 1; i < sizes[s]; i++) {
                    const xv_value *items = xv_list_items(r[0]);
                    assert_int_equal(xv_less(vm, items[reverse ? i - 1 : i], items[reverse ? i : i - 1]), 0);
                }
            }
        }
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

static xv_value tens(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (args[0] == XV_INT(777)) {
        return xv_raise(vm, &xv_exc_ValueError, "777");
    }
    return XV_INT(xv_small(args[0]) / 10);
}
static const struct xv_native tens_function = XV_FUNCTION(key, tens, 1, 1);

/* With a key function: stable by the key, and whole after the key function raised. */
static void sorts_by_key(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {XV_NULL};
    XV_ENTER(vm, r);
    for (int reverse = 0; reverse < 2; reverse++) {
        r[0] = xv_list_new(vm, 0);
        for (int i = 0; i < 500; i++) {
            assert_true(xv_list_append(vm, r[0], XV_INT(((i * 37) % 50) * 10 + i / 50)));
        }
        assert_true(xv_list_sort(vm, r[0], xv_from(&tens_function), reverse != 0));
        for (int i = 0; i < 500; i++) {
            int group = reverse ? 49 - i / 10 : i / 10;
            assert_int_equal(xv_small(xv_list_items(r[0])[i]), group * 10 + i % 10);
        }
        assert_true(xv_list_append(vm, r[0], XV_INT(777)));
        assert_false(xv_list_sort(vm, r[0], xv_from(&tens_function), false));
        assert_true(fixture_raised(vm, &xv_exc_ValueError));
        assert_int_equal(xv_list(r[0])->len, 501);
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A comparison that raises leaves every item in the list once. */
static void failed_sort_keeps_items(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {numbers(vm, 0, 100)};
    XV_ENTER(vm, r);
    xv_list_items(r[0])[61] = XV_NONE;
    assert_false(xv_list_sort(vm, r[0], XV_NULL, true));
    assert_true(fixture_raised(vm, &xv_exc_TypeError));
    assert_int_equal(xv_list(r[0])->len, 100);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(xv_sequence_has(vm, r[0], i == 61 ? XV_NONE : XV_INT(i)), 1);
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Sizes that cannot be are errors, not overflows. */
static void refuses_huge_sizes(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {numbers(vm, 0, 3), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_tuple_from(vm, r[0]);
    for (int i = 0; i < 2; i++) {
        assert_true(xv_binary(vm, XV_MUL, r[i], XV_INT(XV_SMALL_MAX)) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_MemoryError));
        assert_true(xv_binary(vm, XV_MUL, XV_INT(XV_SMALL_MAX / 2), r[i]) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    }
    assert_true(prints(vm, xv_binary(vm, XV_MUL, r[0], XV_INT(XV_SMALL_MIN)), "[]"));
    assert_true(xv_tuple_new(vm, SIZE_MAX) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_true(xv_list_new(vm, SIZE_MAX / 8) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A list that contains itself can be neither printed nor compared, and says so. */
static void cycles_raise(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {xv_list_new(vm, 0), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_list_new(vm, 0);
    assert_true(xv_list_append(vm, r[0], r[1]) && xv_list_append(vm, r[1], r[0]));
    assert_true(xv_repr_of(vm, r[0]) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_RuntimeError));
    assert_int_equal(xv_equal(vm, r[0], r[1]), -1);
    assert_true(fixture_raised(vm, &xv_exc_RuntimeError));
    XV_LEAVE(vm);
    fixture_close(vm);
}

static xv_value make_range(struct xv_vm *vm, intptr_t start, intptr_t stop, intptr_t step) {
    xv_value args[3] = {XV_INT(start), XV_INT(stop), XV_INT(step)};
    return xv_call(vm, xv_from(&xv_type_range), args, 3);
}

/* Ranges up to the ends of the small ints count, find and iterate without overflow. */
static void ranges_at_the_limits(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = make_range(vm, XV_SMALL_MIN, XV_SMALL_MAX, XV_SMALL_MAX);
    assert_int_equal(xv_range_length(r[0]), 3);
    assert_true(xv_get_item(vm, r[0], XV_INT(2)) == XV_INT(XV_SMALL_MIN + 2 * XV_SMALL_MAX));
    assert_true(xv_binary(vm, XV_IN, XV_INT(-1), r[0]) == XV_TRUE);
    assert_true(xv_binary(vm, XV_IN, XV_INT(1), r[0]) == XV_FALSE);
    /* More items than a small int could count: none is forgotten. */
    r[0] = make_range(vm, XV_SMALL_MIN, XV_SMALL_MAX, 1);
    r[1] = xv_iter(vm, r[0]);
    assert_int_equal(xv_slots(r[1])[2] >> 1, xv_range_length(r[0]));
    r[0] = make_range(vm, XV_SMALL_MAX, XV_SMALL_MIN, XV_SMALL_MIN);
    assert_int_equal(xv_range_length(r[0]), 2);
    r[1] = xv_iter(vm, r[0]);
    assert_true(xv_next(vm, r[1]) == XV_INT(XV_SMALL_MAX));
    assert_true(xv_next(vm, r[1]) == XV_INT(-1));
    assert_true(xv_next(vm, r[1]) == XV_STOP);
    assert_true(xv_next(vm, r[1]) == XV_STOP);
    r[0] = make_range(vm, 0, 10, 3);
    r[1] = slice(vm, XV_NONE, XV_NONE, XV_INT(-2));
    assert_true(prints(vm, xv_get_item(vm, r[0], r[1]), "range(9, -3, -6)"));
    r[0] = make_range(vm, 0, XV_SMALL_MAX, XV_SMALL_MAX / 2);
    r[1] = slice(vm, XV_NONE, XV_NONE, XV_INT(4));
    assert_true(xv_get_item(vm, r[0], r[1]) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_OverflowError));
    assert_true(make_range(vm, 0, 1, 0) == XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    XV_LEAVE(vm);
    fixture_close(vm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_shrinks),    cmocka_unit_test(slices_select_by_steps),
        cmocka_unit_test(slices_of_lists),      cmocka_unit_test(sorts_stably),
        cmocka_unit_test(sorts_by_key),         cmocka_unit_test(failed_sort_keeps_items),
        cmocka_unit_test(refuses_huge_sizes),   cmocka_unit_test(cycles_raise),
        cmocka_unit_test(ranges_at_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
