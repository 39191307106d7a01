/* The generic operations: what they promise for any value, whatever its type. */
#include <math.h>

#include "fixture.h"
#include "object/container.h"
#include "object/function.h"
#include "object/number.h"
#include "object/print.h"
#include "object/str.h"

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

/* The pending exception is of the type and has this text; it is forgotten. */
static void assert_raised(const struct xv_type *type, const char *message) {
    assert_true(xv_pending(vm, type));
    xv_value r[1] = {vm->exc};
    xv_clear(vm);
    XV_ENTER(vm, r);
    assert_true(fixture_is_text(vm, xv_str_of(vm, r[0]), message));
    XV_LEAVE(vm);
}

static void assert_repr(xv_value v, const char *expected) {
    assert_int_not_equal(v, XV_NULL);
    assert_true(fixture_is_text(vm, xv_repr_of(vm, v), expected));
}

static xv_value big(void) {
    return xv_int_from_str(vm, xv_str_from(vm, "123456789012345678901234567890"), 10);
}

/* Every immediate value and object tells its type. */
static void types_of_values(void **state) {
    (void)state;
    static const struct {
        xv_value value;
        const struct xv_type *type;
    } cases[] = {
        {XV_INT(-5), &xv_type_int},
        {XV_TRUE, &xv_type_bool},
        {XV_NONE, &xv_type_none},
        {XV_ELLIPSIS, &xv_type_ellipsis},
        {XV_NOT_IMPLEMENTED, &xv_type_not_implemented},
        {XV_QSTR(XV_Q___init__), &xv_type_str},
        {XV_STOP, &xv_type_internal},
        {XV_TOMBSTONE, &xv_type_internal},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_ptr_equal(xv_type_of(vm, cases[i].value), cases[i].type);
    }
    assert_ptr_equal(xv_type_of(vm, xv_float_from(vm, (xv_real)1.5)), &xv_type_float);
    assert_ptr_equal(xv_type_of(vm, xv_float_from(vm, (xv_real)1e30)), &xv_type_float);
    assert_ptr_equal(xv_type_of(vm, xv_list_new(vm, 0)), &xv_type_list);
    assert_ptr_equal(xv_type_of(vm, xv_from(&xv_type_int)), &xv_type_type);
    assert_true(xv_is_a(vm, XV_TRUE, &xv_type_int));
    assert_true(xv_is_a(vm, XV_NONE, &xv_type_object));
    assert_false(xv_is_a(vm, XV_INT(1), &xv_type_bool));
    assert_true(xv_is_subtype(vm, xv_from(&xv_exc_KeyError), xv_from(&xv_exc_LookupError)));
    assert_false(xv_is_subtype(vm, xv_from(&xv_exc_LookupError), xv_from(&xv_exc_KeyError)));
}

/* Look-up goes along the bases and tells where it found the attribute. */
static void lookup_along_bases(void **state) {
    (void)state;
    xv_value owner = XV_NULL;
    xv_value found = xv_type_lookup(vm, xv_from(&xv_exc_KeyError), XV_Q___init__, &owner);
    assert_true(xv_is_kind(found, XV_KIND_NATIVE));
    assert_ptr_equal(owner, &xv_exc_BaseException);
    found = xv_type_lookup(vm, xv_from(&xv_type_tuple), XV_Q___init__, &owner);
    assert_true(xv_is_kind(found, XV_KIND_NATIVE));
    assert_ptr_equal(owner, &xv_type_object);
    assert_int_equal(xv_type_lookup(vm, xv_from(&xv_type_tuple), XV_Q___pow__, &owner), XV_NULL);
}

static void truth(void **state) {
    (void)state;
    assert_int_equal(xv_truth(vm, XV_NONE), 0);
    assert_int_equal(xv_truth(vm, XV_INT(0)), 0);
    assert_int_equal(xv_truth(vm, XV_INT(-1)), 1);
    assert_int_equal(xv_truth(vm, XV_QSTR(XV_Q_)), 0);
    assert_int_equal(xv_truth(vm, XV_ELLIPSIS), 1);
    assert_int_equal(xv_truth(vm, xv_float_from(vm, 0)), 0);
    assert_int_equal(xv_truth(vm, xv_float_from(vm, (xv_real)0.5)), 1);
    assert_int_equal(xv_truth(vm, xv_list_new(vm, 4)), 0);
    assert_int_equal(xv_truth(vm, xv_from(&xv_type_int)), 1);
    assert_int_equal(xv_truth(vm, big()), 1);
}

/* Numbers compare by value across types; a nan differs from itself, yet is found by identity. */
static void equality(void **state) {
    (void)state;
    assert_int_equal(xv_equal(vm, XV_INT(1), XV_TRUE), 1);
    assert_int_equal(xv_equal(vm, XV_INT(1), XV_INT(2)), 0);
    assert_int_equal(xv_equal(vm, XV_INT(2), xv_float_from(vm, 2)), 1);
    assert_int_equal(xv_equal(vm, xv_float_from(vm, 2), XV_INT(3)), 0);
    assert_int_equal(xv_equal(vm, XV_INT(0), XV_QSTR(XV_Q_)), 0);
    assert_int_equal(xv_equal(vm, XV_NONE, XV_FALSE), 0);
    xv_value r[2] = {text("no name of anybody's"), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = text("no name of anybody's");
    assert_int_equal(xv_equal(vm, r[0], r[1]), 1);
    r[0] = xv_float_from(vm, (xv_real)NAN);
    assert_int_equal(xv_equal(vm, r[0], r[0]), 1);
    assert_int_equal(xv_binary(vm, XV_EQ, r[0], r[0]), XV_FALSE);
    assert_int_equal(xv_binary(vm, XV_NE, r[0], r[0]), XV_TRUE);
    XV_LEAVE(vm);
    assert_int_equal(xv_binary(vm, XV_NE, XV_INT(1), XV_NONE), XV_TRUE);
    assert_int_equal(xv_binary(vm, XV_IS, XV_INT(1), XV_TRUE), XV_FALSE);
}

static void order(void **state) {
    (void)state;
    assert_int_equal(xv_less(vm, XV_INT(-2), XV_INT(1)), 1);
    assert_int_equal(xv_less(vm, XV_INT(1), XV_INT(-2)), 0);
    assert_int_equal(xv_less(vm, XV_INT(1), xv_float_from(vm, (xv_real)1.5)), 1);
    assert_int_equal(xv_less(vm, text("a"), text("b")), 1);
    assert_int_equal(xv_less(vm, XV_INT(1), text("a")), -1);
    assert_raised(&xv_exc_TypeError, "unsupported types for __lt__: 'int', 'str'");
}

/* What is equal hashes the same; what can change does not hash. */
static void hashes(void **state) {
    (void)state;
    uint32_t a = 0;
    uint32_t b = 1;
    assert_true(xv_hash(vm, XV_INT(1), &a) && xv_hash(vm, XV_TRUE, &b));
    assert_int_equal(a, b);
    assert_true(xv_hash(vm, XV_INT(-70000), &a) && xv_hash(vm, xv_float_from(vm, (xv_real)-70000), &b));
    assert_int_equal(a, b);
    assert_true(xv_hash(vm, XV_INT(1 << 24), &a) && xv_hash(vm, xv_float_from(vm, (xv_real)(1 << 24)), &b));
    assert_int_equal(a, b);
    assert_true(xv_hash(vm, XV_QSTR(XV_Q_append), &a));
    assert_int_equal(a, xv_text_hash((const uint8_t *)"append", 6));
    assert_true(xv_hash(vm, xv_from(&xv_type_int), &a));
    assert_false(xv_hash(vm, xv_list_new(vm, 0), &a));
    assert_raised(&xv_exc_TypeError, "unsupported type for __hash__: 'list'");
}

/* An identity hash survives the moving of the object. */
static void identity_hash_stays(void **state) {
    (void)state;
    xv_value r[1] = {xv_generic_new(vm, &xv_type_object, 0)};
    XV_ENTER(vm, r);
    uint32_t before = 0;
    uint32_t after = 1;
    assert_true(xv_hash(vm, r[0], &before));
    for (int i = 0; i < 10; i++) {
        xv_list_new(vm, 10);
    }
    xv_collect(vm);
    assert_true(xv_hash(vm, r[0], &after));
    assert_int_equal(before, after);
    XV_LEAVE(vm);
}

static void operators(void **state) {
    (void)state;
    assert_int_equal(xv_binary(vm, XV_ADD, XV_INT(2), XV_INT(3)), XV_INT(5));
    /* In-place operators fall back to the plain ones. */
    assert_int_equal(xv_binary(vm, XV_IADD, XV_INT(2), XV_TRUE), XV_INT(3));
    /* The right operand's type is asked when the left one's declines. */
    assert_repr(xv_binary(vm, XV_MUL, XV_INT(3), text("ab")), "'ababab'");
    assert_int_equal(xv_unary(vm, XV_NEG, XV_INT(7)), XV_INT(-7));
    assert_int_equal(xv_unary(vm, XV_NOT, XV_NONE), XV_TRUE);
    assert_int_equal(xv_binary(vm, XV_ISUB, XV_INT(1), XV_NONE), XV_NULL);
    assert_raised(&xv_exc_TypeError, "unsupported types for __sub__: 'int', 'NoneType'");
    assert_int_equal(xv_unary(vm, XV_INVERT, text("x")), XV_NULL);
    assert_raised(&xv_exc_TypeError, "unsupported type for __invert__: 'str'");
}

static void membership(void **state) {
    (void)state;
    const xv_value items[] = {XV_INT(1), XV_NONE};
    xv_value r[1] = {xv_list_of(vm, items, 2)};
    XV_ENTER(vm, r);
    assert_int_equal(xv_binary(vm, XV_IN, XV_NONE, r[0]), XV_TRUE);
    assert_int_equal(xv_binary(vm, XV_IN, XV_INT(2), r[0]), XV_FALSE);
    /* An iterator is searched by running it. */
    r[0] = xv_iter(vm, r[0]);
    assert_int_equal(xv_binary(vm, XV_IN, XV_INT(1), r[0]), XV_TRUE);
    assert_int_equal(xv_next(vm, r[0]), XV_NONE);
    assert_int_equal(xv_next(vm, r[0]), XV_STOP);
    XV_LEAVE(vm);
    assert_int_equal(xv_binary(vm, XV_IN, XV_INT(1), XV_INT(2)), XV_NULL);
    assert_raised(&xv_exc_TypeError, "'int' object isn't iterable");
}

static void exception_match(void **state) {
    (void)state;
    xv_raise_empty(vm, &xv_exc_IndexError);
    xv_value r[2] = {vm->exc, xv_from(&xv_exc_LookupError)};
    xv_clear(vm);
    XV_ENTER(vm, r);
    assert_int_equal(xv_binary(vm, XV_EXC_MATCH, r[0], r[1]), XV_TRUE);
    assert_int_equal(xv_binary(vm, XV_EXC_MATCH, r[0], xv_from(&xv_exc_KeyError)), XV_FALSE);
    const xv_value types[] = {xv_from(&xv_exc_KeyError), xv_from(&xv_exc_IndexError)};
    r[1] = xv_tuple_of(vm, types, 2);
    assert_int_equal(xv_binary(vm, XV_EXC_MATCH, r[0], r[1]), XV_TRUE);
    /* Something that is no exception matches nothing. */
    assert_int_equal(xv_binary(vm, XV_EXC_MATCH, XV_NONE, r[1]), XV_FALSE);
    assert_int_equal(xv_binary(vm, XV_EXC_MATCH, r[0], xv_from(&xv_type_int)), XV_NULL);
    assert_raised(&xv_exc_TypeError,
                  "catching classes that do not inherit from BaseException is not allowed");
    XV_LEAVE(vm);
}

static void subscripts(void **state) {
    (void)state;
    const xv_value items[] = {XV_INT(1), XV_INT(2), XV_INT(3)};
    xv_value r[1] = {xv_list_of(vm, items, 3)};
    XV_ENTER(vm, r);
    assert_int_equal(xv_get_item(vm, r[0], XV_INT(-1)), XV_INT(3));
    assert_true(xv_set_item(vm, r[0], XV_INT(0), XV_NONE));
    assert_true(xv_set_item(vm, r[0], XV_INT(1), XV_NULL));
    assert_repr(r[0], "[None, 3]");
    size_t len = 0;
    assert_true(xv_length(vm, r[0], &len));
    assert_int_equal(len, 2);
    XV_LEAVE(vm);
    assert_int_equal(xv_get_item(vm, XV_NONE, XV_INT(0)), XV_NULL);
    assert_raised(&xv_exc_TypeError, "'NoneType' object isn't subscriptable");
    assert_false(xv_set_item(vm, XV_NONE, XV_INT(0), XV_NONE));
    assert_raised(&xv_exc_TypeError, "'NoneType' object doesn't support item assignment");
    assert_false(xv_set_item(vm, XV_NONE, XV_INT(0), XV_NULL));
    assert_raised(&xv_exc_TypeError, "'NoneType' object doesn't support item deletion");
    assert_false(xv_length(vm, XV_NONE, &len));
    assert_raised(&xv_exc_TypeError, "object of type 'NoneType' has no len()");
}

/* Indices: negative ones count from the end, and none gets past either end, however large. */
static void indices(void **state) {
    (void)state;
    size_t at = 99;
    assert_true(xv_check_index(vm, XV_INT(-3), 3, "list", &at));
    assert_int_equal(at, 0);
    assert_true(xv_check_index(vm, XV_TRUE, 3, "list", &at));
    assert_int_equal(at, 1);
    static const intptr_t outside[] = {3, -4, XV_SMALL_MAX, XV_SMALL_MIN};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        assert_false(xv_check_index(vm, XV_INT(outside[i]), 3, "list", &at));
        assert_raised(&xv_exc_IndexError, "list index out of range");
    }
    assert_false(xv_check_index(vm, XV_INT(0), 0, "list", &at));
    assert_raised(&xv_exc_IndexError, "list index out of range");
    assert_false(xv_check_index(vm, big(), 3, "list", &at));
    assert_raised(&xv_exc_IndexError, "list index out of range");
    assert_false(xv_check_index(vm, text("a"), 3, "list", &at));
    assert_raised(&xv_exc_TypeError, "list indices must be integers, not str");
}

static void conversions(void **state) {
    (void)state;
    intptr_t i = 0;
    assert_true(xv_to_index(vm, XV_TRUE, &i));
    assert_int_equal(i, 1);
    assert_true(xv_to_index(vm, xv_int_from(vm, INTPTR_MIN), &i));
    assert_true(i == INTPTR_MIN);
    assert_false(xv_to_index(vm, big(), &i));
    assert_raised(&xv_exc_OverflowError, "overflow converting long int to machine word");
    assert_false(xv_to_index(vm, xv_float_from(vm, 1), &i));
    assert_raised(&xv_exc_TypeError, "can't convert float to int");
    xv_real r = 0;
    assert_true(xv_to_real(vm, XV_INT(-2), &r) && r == (xv_real)-2);
    assert_true(xv_to_real(vm, XV_TRUE, &r) && r == (xv_real)1);
    assert_false(xv_to_real(vm, XV_NONE, &r));
    assert_raised(&xv_exc_TypeError, "can't convert NoneType to float");
}

static void iteration(void **state) {
    (void)state;
    xv_value r[2] = {text("abc"), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_list_from(vm, r[0]);
    assert_repr(r[1], "['a', 'b', 'c']");
    r[0] = xv_tuple_from(vm, r[1]);
    assert_repr(r[0], "('a', 'b', 'c')");
    /* A list is copied, a tuple need not be. */
    assert_int_not_equal(xv_list_from(vm, r[1]), r[1]);
    assert_int_equal(xv_tuple_from(vm, r[0]), r[0]);
    XV_LEAVE(vm);
    assert_int_equal(xv_iter(vm, XV_INT(1)), XV_NULL);
    assert_raised(&xv_exc_TypeError, "'int' object isn't iterable");
    assert_int_equal(xv_next(vm, XV_INT(1)), XV_NULL);
    assert_raised(&xv_exc_TypeError, "'int' object isn't an iterator");
}

/* A StopIteration that a `next` raises ends the iteration. */
static xv_value stops(struct xv_vm *machine, xv_value self) {
    (void)self;
    return xv_raise_empty(machine, &xv_exc_StopIteration);
}

static void stop_iteration_is_the_end(void **state) {
    (void)state;
    static const struct xv_type type = {
        .header = XV_TYPE_HEADER, .name = XV_Q_iterator, .flags = XV_T_ITER_SELF, .next = stops};
    xv_value r[1] = {xv_generic_new(vm, &type, 0)};
    XV_ENTER(vm, r);
    assert_int_equal(xv_next(vm, r[0]), XV_STOP);
    assert_int_equal(vm->exc, XV_NULL);
    assert_repr(xv_list_from(vm, r[0]), "[]");
    XV_LEAVE(vm);
}

/* Types with subscripts and a length can be iterated without saying how. */
static bool three(struct xv_vm *machine, xv_value self, size_t *out) {
    (void)machine;
    (void)self;
    *out = 3;
    return true;
}

static xv_value square(struct xv_vm *machine, xv_value self, xv_value index) {
    (void)self;
    intptr_t i = xv_small(index);
    return i < 3 ? XV_INT(i * i) : xv_raise(machine, &xv_exc_IndexError, "no more");
}

static void iteration_by_index(void **state) {
    (void)state;
    static const struct xv_type type = {
        .header = XV_TYPE_HEADER, .name = XV_Q_object, .length = three, .get_item = square};
    xv_value r[1] = {xv_generic_new(vm, &type, 0)};
    XV_ENTER(vm, r);
    assert_repr(xv_list_from(vm, r[0]), "[0, 1, 4]");
    assert_int_equal(xv_binary(vm, XV_IN, XV_INT(4), r[0]), XV_TRUE);
    assert_int_equal(xv_binary(vm, XV_IN, XV_INT(5), r[0]), XV_FALSE);
    XV_LEAVE(vm);
}

static void exception_texts(void **state) {
    (void)state;
    xv_raise_empty(vm, &xv_exc_ValueError);
    assert_repr(vm->exc, "ValueError()");
    assert_raised(&xv_exc_ValueError, "");
    xv_raise_value(vm, &xv_exc_KeyError, text("a"));
    assert_repr(vm->exc, "KeyError('a',)");
    assert_raised(&xv_exc_LookupError, "a");
    xv_raise_os(vm, 2);
    assert_repr(vm->exc, "OSError(2,)");
    assert_raised(&xv_exc_OSError, "[Errno 2] ENOENT");
    xv_raise_os(vm, 9999);
    assert_raised(&xv_exc_OSError, "9999");
    xv_raise(vm, &xv_exc_TypeError, "%q %d %s %r %t", XV_Q_append, -3, "x", XV_NONE, XV_INT(1));
    assert_raised(&xv_exc_TypeError, "append -3 x None int");
}

static void assert_printed(xv_value exc, const char *expected) {
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    assert_true(xv_print_exception(&out, exc));
    assert_true(fixture_is_text(vm, xv_printer_finish(&out), expected));
}

/* Innermost lines are added first and printed last; the exception in flight stays what it is. */
static void tracebacks(void **state) {
    (void)state;
    xv_raise(vm, &xv_exc_ValueError, "bad");
    xv_value r[2] = {vm->exc, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = text("main.py");
    assert_true(xv_traceback_add(vm, vm->exc, r[1], 12, XV_QSTR(XV_Q_append)));
    assert_true(xv_traceback_add(vm, vm->exc, r[1], 3, XV_QSTR(XV_Q__lt_module_gt_)));
    assert_int_equal(vm->exc, r[0]);
    xv_clear(vm);
    assert_printed(r[0], "Traceback (most recent call last):\n"
                         "  File \"main.py\", line 3, in <module>\n"
                         "  File \"main.py\", line 12, in append\n"
                         "ValueError: bad\n");
    XV_LEAVE(vm);
}

/* However deep the recursion, a traceback stays small. */
static void tracebacks_are_bounded(void **state) {
    (void)state;
    xv_raise_empty(vm, &xv_exc_RuntimeError);
    uint32_t lines = 0;
    while (lines < 1000 && xv_traceback_add(vm, vm->exc, XV_QSTR(XV_Q_append), 1, XV_QSTR(XV_Q_append))) {
        lines++;
    }
    assert_int_equal(lines, XV_TRACEBACK_MAX);
    xv_clear(vm);
}

/* The MemoryError that is always at hand has room for some lines, and forgets them when raised again. */
static void memory_error(void **state) {
    (void)state;
    vm->memory_error = xv_memory_error_new(vm);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(xv_raise_memory(vm), XV_NULL);
        assert_true(xv_pending(vm, &xv_exc_MemoryError));
        assert_true(xv_traceback_add(vm, vm->exc, XV_QSTR(XV_Q_append), 7, XV_QSTR(XV_Q_append)));
        xv_clear(vm);
        assert_printed(vm->memory_error, "Traceback (most recent call last):\n"
                                         "  File \"append\", line 7, in append\n"
                                         "MemoryError: \n");
    }
}

static void arity(void **state) {
    (void)state;
    struct xv_native f = XV_NATIVE(append, NULL, 2, 2);
    assert_true(xv_native_arity(vm, &f, 2));
    assert_false(xv_native_arity(vm, &f, 1));
    assert_raised(&xv_exc_TypeError, "function takes 2 positional arguments but 1 were given");
    assert_false(xv_native_arity(vm, &f, 2 | 1u << 16));
    assert_raised(&xv_exc_TypeError, "function doesn't take keyword arguments");
    f.max_args = 3;
    assert_false(xv_native_arity(vm, &f, 0));
    assert_raised(&xv_exc_TypeError, "function missing 2 required positional arguments");
    assert_false(xv_native_arity(vm, &f, 4));
    assert_raised(&xv_exc_TypeError, "function expected at most 3 arguments, got 4");
    f.max_args = XV_ANY_ARGS;
    assert_true(xv_native_arity(vm, &f, 3000));
}

static void parsed_arguments(void **state) {
    (void)state;
    static const uint16_t names[] = {XV_Q_key, XV_Q_reverse};
    const xv_value args[] = {XV_INT(1), XV_QSTR(XV_Q_reverse), XV_INT(2), XV_QSTR(XV_Q_key), XV_INT(3)};
    xv_value out[2] = {XV_NONE, XV_NONE};
    XV_ENTER(vm, out);
    assert_true(xv_parse_args(vm, "f", args, 1, names, 2, 1, out));
    assert_int_equal(out[0], XV_INT(1));
    assert_int_equal(out[1], XV_NONE);
    assert_true(xv_parse_args(vm, "f", args, 1 | 1u << 16, names, 2, 1, out));
    assert_int_equal(out[1], XV_INT(2));
    assert_false(xv_parse_args(vm, "f", args, 1 | 2u << 16, names, 2, 1, out));
    assert_raised(&xv_exc_TypeError, "f() got multiple values for argument 'key'");
    assert_false(xv_parse_args(vm, "f", args + 1, 1u << 16, names, 2, 1, out));
    assert_raised(&xv_exc_TypeError, "'key' argument required");
    assert_false(xv_parse_args(vm, "f", args + 1, 1u << 16, names, 1, 0, out));
    assert_raised(&xv_exc_TypeError, "f() got an unexpected keyword argument 'reverse'");
    assert_false(xv_parse_args(vm, "f", args, 3, names, 2, 0, out));
    assert_raised(&xv_exc_TypeError, "f() takes at most 2 arguments but 3 were given");
    XV_LEAVE(vm);
}

static void callables(void **state) {
    (void)state;
    assert_true(xv_callable(vm, xv_from(&xv_type_int)));
    assert_true(xv_callable(vm, xv_type_lookup(vm, xv_from(&xv_type_list), XV_Q_append, NULL)));
    assert_false(xv_callable(vm, XV_INT(1)));
    assert_false(xv_callable(vm, XV_NONE));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(types_of_values, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(lookup_along_bases, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(truth, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(equality, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(order, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(hashes, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(identity_hash_stays, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(operators, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(membership, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(exception_match, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(subscripts, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(indices, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(conversions, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(iteration, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(stop_iteration_is_the_end, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(iteration_by_index, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(exception_texts, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(tracebacks, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(tracebacks_are_bounded, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(memory_error, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(arity, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(parsed_arguments, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(callables, open_vm, close_vm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
