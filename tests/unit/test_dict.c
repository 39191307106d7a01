/* dict and set: what the table under them promises, whatever its keys are and do. */
#include "fixture.h"

#include "object/container.h"
#include "object/number.h"
#include "object/print.h"
#include "object/table.h"

/* A key whose hash and comparisons are of the test's choosing. Slots: hash, identity, dict to be changed. */
static unsigned comparisons;
enum behaviour { PASSIVE, CLEARS, GROWS, SHRINKS };
static enum behaviour behaviour;

static bool key_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    (void)vm;
    *out = (uint32_t)xv_small(xv_slots(self)[0]);
    return true;
}

static xv_value key_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected);

static const struct xv_type key_type = {.header = XV_TYPE_HEADER,
                                        .name = XV_Q_object,
                                        .base = &xv_type_object,
                                        .binary = key_binary,
                                        .hash = key_hash};

static bool is_key(xv_value v) {
    return xv_is_kind(v, XV_KIND_GENERIC) && ((struct xv_generic *)v)->type == xv_from(&key_type);
}

static xv_value key_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    (void)reflected;
    if (op != XV_EQ) {
        return XV_NOT_IMPLEMENTED;
    }
    comparisons++;
    xv_value self = is_key(a) ? a : b;
    xv_value r[3] = {is_key(a) ? b : a, self, xv_slots(self)[2]};
    XV_ENTER(vm, r);
    if (r[2] != XV_NULL && behaviour == CLEARS) {
        xv_dict_clear(vm, r[2]);
        behaviour = PASSIVE;
    } else if (r[2] != XV_NULL && behaviour == GROWS) {
        behaviour = PASSIVE;
        for (int i = 0; i < 500; i++) {
            assert_true(xv_dict_set(vm, r[2], XV_INT(100000 + i), XV_NONE));
        }
    } else if (r[2] != XV_NULL && behaviour == SHRINKS) {
        behaviour = PASSIVE;
        for (int i = 0; i < 100; i++) {
            assert_true(xv_dict_delete(vm, r[2], XV_INT(i), NULL) >= 0);
        }
    }
    bool equal = is_key(r[0]) ? xv_slots(r[0])[1] == xv_slots(r[1])[1] : r[0] == xv_slots(r[1])[1];
    XV_LEAVE(vm);
    return XV_BOOL(equal);
}

static xv_value new_key(struct xv_vm *vm, int hash, xv_value identity, xv_value dict) {
    xv_value r[2] = {identity, dict};
    XV_ENTER(vm, r);
    xv_value key = xv_generic_new(vm, &key_type, 3);
    assert_true(key != XV_NULL);
    xv_slots(key)[0] = XV_INT(hash);
    xv_slots(key)[1] = r[0];
    xv_slots(key)[2] = r[1];
    XV_LEAVE(vm);
    return key;
}

/* The value under a key, XV_NULL if there is none; fails on an exception. */
static xv_value get(struct xv_vm *vm, xv_value dict, xv_value key) {
    xv_value *value;
    int found = xv_dict_find(vm, dict, key, &value);
    assert_true(found >= 0);
    return found ? *value : XV_NULL;
}

static bool prints(struct xv_vm *vm, xv_value v, const char *text) {
    return fixture_is_text(vm, xv_repr_of(vm, v), text);
}

/* A str that is not a name, though a name may have the same text. */
static xv_value plain_str(struct xv_vm *vm, const char *text) {
    xv_value s = xv_str_blank(vm, XV_KIND_STR, strlen(text));
    assert_true(s != XV_NULL);
    memcpy(((struct xv_str *)s)->data, text, strlen(text));
    return s;
}

/* Keys come out in the order in which they were first put in, also after deletions and growth. */
static void keeps_insertion_order(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {xv_dict_new(vm, 0)};
    XV_ENTER(vm, r);
    for (int i = 0; i < 1000; i++) {
        assert_true(xv_dict_set(vm, r[0], XV_INT((i * 7919) % 1000), XV_INT(i)));
    }
    for (int i = 0; i < 1000; i += 3) {
        assert_int_equal(xv_dict_delete(vm, r[0], XV_INT((i * 7919) % 1000), NULL), 1);
    }
    assert_true(xv_dict_set(vm, r[0], XV_INT(0), XV_INT(5000)));
    uint32_t at = 0;
    xv_value key, value;
    int i = 0;
    while (xv_dict_next(r[0], &at, &key, &value) && value != XV_INT(5000)) {
        i += i % 3 == 0;
        assert_int_equal(xv_small(key), (i * 7919) % 1000);
        assert_int_equal(xv_small(value), i);
        i++;
    }
    assert_true(key == XV_INT(0) && value == XV_INT(5000));
    assert_false(xv_dict_next(r[0], &at, NULL, NULL));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A table of any size finds every key it has, and no other: 8, 16 and 32-bit slots. */
static void finds_in_all_sizes(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    static const int sizes[] = {1, 8, 9, 170, 171, 172, 3000};
    xv_value r[1] = {XV_NULL};
    XV_ENTER(vm, r);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        r[0] = xv_set_new(vm, XV_KIND_SET);
        for (int i = 0; i < sizes[s]; i++) {
            assert_true(xv_set_add(vm, r[0], XV_INT(i * 65536)));
            assert_true(xv_set_add(vm, r[0], XV_INT(i * 65536)));
        }
        assert_int_equal(xv_dict(r[0])->live, sizes[s]);
        for (int i = 0; i < sizes[s]; i++) {
            assert_int_equal(xv_set_has(vm, r[0], XV_INT(i * 65536)), 1);
            assert_int_equal(xv_set_has(vm, r[0], XV_INT(i * 65536 + 1)), 0);
        }
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* 1, 1.0 and True are one key; so are 0, 0.0, -0.0 and False. */
static void equal_numbers_are_one_key(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    for (int filler = 0; filler < 40; filler += 20) {
        r[0] = xv_dict_new(vm, 0);
        for (int i = 0; i < filler; i++) {
            assert_true(xv_dict_set(vm, r[0], XV_INT(100 + i), XV_NONE));
        }
        r[1] = xv_float_from(vm, 1);
        assert_true(xv_dict_set(vm, r[0], r[1], XV_INT(1)));
        assert_true(get(vm, r[0], XV_INT(1)) == XV_INT(1));
        assert_true(get(vm, r[0], XV_TRUE) == XV_INT(1));
        assert_true(xv_dict_set(vm, r[0], XV_TRUE, XV_INT(2)));
        assert_true(get(vm, r[0], r[1]) == XV_INT(2));
        assert_true(xv_dict_set(vm, r[0], XV_INT(0), XV_INT(3)));
        assert_true(get(vm, r[0], XV_FALSE) == XV_INT(3));
        assert_true(get(vm, r[0], xv_float_from(vm, -(xv_real)0)) == XV_INT(3));
        assert_int_equal(xv_dict(r[0])->live, filler + 2);
        assert_true(get(vm, r[0], xv_float_from(vm, (xv_real)0.5)) == XV_NULL);
        /* Beyond small ints. */
        r[1] = xv_int_from_unsigned(vm, (uint64_t)1 << 63);
        assert_true(xv_dict_set(vm, r[0], r[1], XV_INT(4)));
        assert_true(get(vm, r[0], xv_float_from(vm, (xv_real)9223372036854775808.0)) == XV_INT(4));
        assert_true(get(vm, r[0], xv_int_from_unsigned(vm, (uint64_t)1 << 63)) == XV_INT(4));
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A name finds the key that is an equal str but no name, and the other way round; bytes are never equal to
 * either. */
static void names_and_strs_are_one_key(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    for (int filler = 0; filler < 40; filler += 20) {
        r[0] = xv_dict_new(vm, 0);
        for (int i = 0; i < filler; i++) {
            assert_true(xv_dict_set(vm, r[0], XV_INT(i), XV_NONE));
        }
        assert_true(xv_dict_find_name(vm, r[0], XV_Q_append) == NULL);
        assert_true(xv_dict_set(vm, r[0], xv_bytes_new(vm, "append", 6), XV_INT(0)));
        assert_true(xv_dict_find_name(vm, r[0], XV_Q_append) == NULL);
        assert_true(xv_dict_set(vm, r[0], plain_str(vm, "append"), XV_INT(1)));
        assert_true(xv_dict_get_name(vm, r[0], XV_Q_append) == XV_INT(1));
        assert_true(xv_dict_set_name(vm, r[0], XV_Q_append, XV_INT(2)));
        assert_true(get(vm, r[0], plain_str(vm, "append")) == XV_INT(2));
        assert_true(xv_dict_set_name(vm, r[0], XV_Q_extend, XV_INT(3)));
        assert_true(get(vm, r[0], plain_str(vm, "extend")) == XV_INT(3));
        assert_int_equal(xv_dict(r[0])->live, filler + 3);
        /* Still so when there are keys that hash by themselves. */
        r[1] = new_key(vm, 5, XV_INT(77), XV_NULL);
        assert_true(xv_dict_set(vm, r[0], r[1], XV_INT(4)));
        assert_true(xv_dict_get_name(vm, r[0], XV_Q_append) == XV_INT(2));
        assert_true(get(vm, r[0], plain_str(vm, "extend")) == XV_INT(3));
        assert_true(get(vm, r[0], r[1]) == XV_INT(4));
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A namespace holds names only, and says by its version when an address of a value is good no more. */
static void namespaces_count_versions(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {xv_dict_new(vm, 0)};
    XV_ENTER(vm, r);
    xv_dict(r[0])->is_names = 1;
    uintptr_t before = vm->names_version;
    assert_true(xv_dict_set(vm, r[0], plain_str(vm, "some_name_of_mine"), XV_INT(1)));
    assert_true(vm->names_version != before);
    xv_value key;
    uint32_t at = 0;
    assert_true(xv_dict_next(r[0], &at, &key, NULL) && xv_is_qstr(key));
    before = vm->names_version;
    assert_true(xv_dict_set(vm, r[0], key, XV_INT(2)));
    assert_true(vm->names_version == before);
    assert_int_equal(xv_dict_delete(vm, r[0], key, NULL), 1);
    assert_true(vm->names_version != before);
    before = vm->names_version;
    xv_dict_clear(vm, r[0]);
    assert_true(vm->names_version != before);
    uintptr_t class_before = vm->class_version;
    xv_dict(r[0])->is_names = 0;
    xv_dict(r[0])->role = XV_DICT_OF_CLASS;
    assert_true(xv_dict_set_name(vm, r[0], XV_Q_append, XV_NONE));
    assert_true(vm->class_version != class_before);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Keys with hashes of their own are compared only if the whole hash agrees, and are never asked for it
 * again. */
static void compares_only_equal_hashes(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {xv_dict_new(vm, 0), XV_NULL};
    XV_ENTER(vm, r);
    behaviour = PASSIVE;
    comparisons = 0;
    for (int i = 0; i < 300; i++) {
        assert_true(xv_dict_set(vm, r[0], new_key(vm, i, XV_INT(i), XV_NULL), XV_INT(i)));
    }
    assert_int_equal(comparisons, 0);
    for (int i = 0; i < 300; i++) {
        r[1] = new_key(vm, i, XV_INT(i), XV_NULL);
        assert_true(get(vm, r[0], r[1]) == XV_INT(i));
    }
    assert_int_equal(comparisons, 300);
    /* All of one hash: slow, but right. */
    xv_dict_clear(vm, r[0]);
    for (int i = 0; i < 50; i++) {
        assert_true(xv_dict_set(vm, r[0], new_key(vm, 42, XV_INT(i), XV_NULL), XV_INT(i)));
    }
    for (int i = 0; i < 50; i += 2) {
        r[1] = new_key(vm, 42, XV_INT(i), XV_NULL);
        assert_int_equal(xv_dict_delete(vm, r[0], r[1], NULL), 1);
    }
    for (int i = 0; i < 50; i++) {
        r[1] = new_key(vm, 42, XV_INT(i), XV_NULL);
        assert_true(get(vm, r[0], r[1]) == (i % 2 ? XV_INT(i) : XV_NULL));
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A comparison that changes the very table that is being searched does no harm, and the search tells the
 * truth afterwards. */
static void survives_changes_by_comparisons(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    for (int small = 0; small < 2; small++) {
        for (enum behaviour what = CLEARS; what <= SHRINKS; what++) {
            r[0] = xv_dict_new(vm, 0);
            behaviour = PASSIVE;
            for (int i = 0; i < (small ? 3 : 100); i++) {
                assert_true(xv_dict_set(vm, r[0], XV_INT(i), XV_NONE));
            }
            for (int i = 0; i < 3; i++) {
                assert_true(xv_dict_set(vm, r[0], new_key(vm, 9, XV_INT(i), r[0]), XV_INT(i)));
            }
            behaviour = what;
            r[1] = new_key(vm, 9, XV_INT(2), r[0]);
            xv_value found = get(vm, r[0], r[1]);
            assert_true(found == (what == CLEARS ? XV_NULL : XV_INT(2)));
            behaviour = what;
            assert_true(xv_dict_set(vm, r[0], new_key(vm, 9, XV_INT(2), r[0]), XV_INT(7)));
            r[1] = new_key(vm, 9, XV_INT(2), XV_NULL);
            behaviour = PASSIVE;
            assert_true(get(vm, r[0], r[1]) == XV_INT(7));
            assert_null(xv_heap_check(vm));
        }
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* For ever adding here and removing there takes a bounded amount of memory. */
static void does_not_grow_without_bound(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[1] = {xv_dict_new(vm, 0)};
    XV_ENTER(vm, r);
    for (int i = 0; i < 20000; i++) {
        assert_true(xv_dict_set(vm, r[0], XV_INT(i), XV_INT(i)));
        if (i >= 20) {
            xv_value old;
            assert_int_equal(xv_dict_delete(vm, r[0], XV_INT(i - 20), &old), 1);
            assert_true(old == XV_INT(i - 20));
        }
    }
    assert_int_equal(xv_dict(r[0])->live, 20);
    assert_true(xv_n_items(xv_dict(r[0])->entries) <= 200);
    for (int i = 19980; i < 20000; i++) {
        assert_true(get(vm, r[0], XV_INT(i)) == XV_INT(i));
    }
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* A copy is equal and independent, gaps and hashes included. */
static void copies_are_independent(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[3] = {xv_dict_new(vm, 0), XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    behaviour = PASSIVE;
    for (int i = 0; i < 30; i++) {
        assert_true(xv_dict_set(vm, r[0], XV_INT(i), XV_INT(i)));
    }
    r[2] = new_key(vm, 3, XV_INT(-1), XV_NULL);
    assert_true(xv_dict_set(vm, r[0], r[2], XV_INT(-1)));
    assert_int_equal(xv_dict_delete(vm, r[0], XV_INT(7), NULL), 1);
    r[1] = xv_dict_copy(vm, r[0]);
    assert_int_equal(xv_equal(vm, r[0], r[1]), 1);
    assert_int_equal(xv_dict_delete(vm, r[1], r[2], NULL), 1);
    assert_true(xv_dict_set(vm, r[1], XV_INT(1), XV_INT(99)));
    assert_true(get(vm, r[0], r[2]) == XV_INT(-1));
    assert_true(get(vm, r[0], XV_INT(1)) == XV_INT(1));
    assert_int_equal(xv_equal(vm, r[0], r[1]), 0);
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Running out of memory leaves a table as it was. */
static void stays_whole_without_memory(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open_size(96 * 1024);
    xv_value r[1] = {xv_dict_new(vm, 0)};
    XV_ENTER(vm, r);
    int n = 0;
    while (n < 100000 && xv_dict_set(vm, r[0], XV_INT(n), XV_INT(n))) {
        n++;
    }
    assert_true(n > 100 && n < 100000);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_int_equal(xv_dict(r[0])->live, n);
    for (int i = 0; i < n; i++) {
        assert_true(get(vm, r[0], XV_INT(i)) == XV_INT(i));
    }
    xv_dict_clear(vm, r[0]);
    assert_true(xv_dict_set(vm, r[0], XV_INT(1), XV_INT(2)));
    XV_LEAVE(vm);
    fixture_close(vm);
}

/* Unhashable keys are refused, whatever the dict holds. */
static void refuses_unhashable_keys(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[2] = {xv_dict_new(vm, 0), XV_NULL}, *value;
    XV_ENTER(vm, r);
    r[1] = xv_list_new(vm, 0);
    assert_false(xv_dict_set(vm, r[0], r[1], XV_NONE));
    assert_true(fixture_raised(vm, &xv_exc_TypeError));
    assert_int_equal(xv_dict_find(vm, r[0], r[1], &value), -1);
    assert_true(fixture_raised(vm, &xv_exc_TypeError));
    r[1] = xv_tuple_of(vm, &r[1], 1);
    assert_false(xv_set_add(vm, r[0], r[1]));
    assert_true(fixture_raised(vm, &xv_exc_TypeError));
    XV_LEAVE(vm);
    fixture_close(vm);
}

static void sets_print_and_combine(void **state) {
    (void)state;
    struct xv_vm *vm = fixture_open();
    xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_set_new(vm, XV_KIND_SET);
    r[1] = xv_set_new(vm, XV_KIND_FROZENSET);
    assert_true(prints(vm, r[0], "set()"));
    assert_true(prints(vm, r[1], "frozenset()"));
    for (int i = 0; i < 4; i++) {
        assert_true(xv_set_add(vm, r[0], XV_INT(i)));
        assert_true(xv_set_add(vm, r[1], XV_INT(i + 2)));
    }
    assert_true(prints(vm, r[1], "frozenset({2, 3, 4, 5})"));
    assert_true(prints(vm, xv_binary(vm, XV_OR, r[0], r[1]), "{0, 1, 2, 3, 4, 5}"));
    assert_true(prints(vm, xv_binary(vm, XV_AND, r[0], r[1]), "{2, 3}"));
    assert_true(prints(vm, xv_binary(vm, XV_SUB, r[1], r[0]), "frozenset({4, 5})"));
    assert_true(prints(vm, xv_binary(vm, XV_XOR, r[0], r[1]), "{0, 1, 4, 5}"));
    r[2] = xv_binary(vm, XV_IAND, r[0], r[1]);
    assert_true(r[2] == r[0] && prints(vm, r[2], "{2, 3}"));
    assert_true(xv_binary(vm, XV_LT, r[0], r[1]) == XV_TRUE);
    assert_true(xv_binary(vm, XV_GE, r[0], r[1]) == XV_FALSE);
    XV_LEAVE(vm);
    fixture_close(vm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_insertion_order),           cmocka_unit_test(finds_in_all_sizes),
        cmocka_unit_test(equal_numbers_are_one_key),       cmocka_unit_test(names_and_strs_are_one_key),
        cmocka_unit_test(namespaces_count_versions),       cmocka_unit_test(compares_only_equal_hashes),
        cmocka_unit_test(survives_changes_by_comparisons), cmocka_unit_test(does_not_grow_without_bound),
        cmocka_unit_test(copies_are_independent),          cmocka_unit_test(stays_whole_without_memory),
        cmocka_unit_test(refuses_unhashable_keys),         cmocka_unit_test(sets_print_and_combine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
