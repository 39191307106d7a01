/* The types set and frozenset. The table itself is object/table.c. */
#include "object/number.h"
#include "object/print.h"
#include "object/table.h"
#include "vm/ask.h"

static bool is_set(xv_value v) {
    return xv_is_kind(v, XV_KIND_SET) || xv_is_kind(v, XV_KIND_FROZENSET);
}

/* A value as something that keys can be looked up in: itself if it is a set or dict (also as part of a
 * subclass instance), else a new set of its items. */
static xv_value as_table(struct xv_vm *vm, xv_value v);

/* ---- filling */

/* Adds the keys of a table. */
static bool add_table(struct xv_vm *vm, xv_value set, xv_value from) {
    xv_value r[2] = {set, from};
    XV_ENTER(vm, r);
    bool ok = true;
    uint32_t at = 0;
    xv_value key;
    while (ok && r[0] != r[1] && xv_dict_next(r[1], &at, &key, NULL)) {
        ok = xv_set_add(vm, r[0], key);
    }
    XV_LEAVE(vm);
    return ok;
}

/* Adds the items of any iterable. */
static bool add_all(struct xv_vm *vm, xv_value set, xv_value from) {
    xv_value table = xv_unwrap(vm, from);
    if (is_set(table)) {
        return add_table(vm, set, table);
    }
    xv_value r[2] = {set, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_iter_settled(vm, from);
    bool ok = r[1] != XV_NULL;
    while (ok) {
        xv_value item = xv_next(vm, r[1]);
        if (item == XV_STOP) {
            break;
        }
        ok = item != XV_NULL && xv_set_add(vm, r[0], item);
    }
    XV_LEAVE(vm);
    return ok;
}

static xv_value set_from(struct xv_vm *vm, enum xv_kind kind, xv_value from) {
    xv_value r[2] = {from, XV_NULL};
    from = xv_unwrap(vm, from);
    if (is_set(from)) {
        return xv_table_copy(vm, from, kind);
    }
    XV_ENTER(vm, r);
    r[1] = xv_set_new(vm, kind);
    bool ok = r[1] != XV_NULL && add_all(vm, r[1], r[0]);
    XV_LEAVE(vm);
    return ok ? r[1] : XV_NULL;
}

static xv_value as_table(struct xv_vm *vm, xv_value v) {
    xv_value table = xv_unwrap(vm, v);
    return is_set(table) || xv_is_kind(table, XV_KIND_DICT) ? table : set_from(vm, XV_KIND_SET, v);
}

/* ---- algebra: on tables, with sets as results */

/* A new set of those keys of `a` that `b` has (or has not). */
static xv_value filter(struct xv_vm *vm, enum xv_kind kind, xv_value a, xv_value b, bool wanted) {
    xv_value r[4] = {a, b, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[2] = xv_set_new(vm, kind);
    bool ok = r[2] != XV_NULL;
    uint32_t at = 0;
    while (ok && xv_dict_next(r[0], &at, &r[3], NULL)) {
        int has = xv_set_has(vm, r[1], r[3]);
        ok = has >= 0 && ((has != 0) != wanted || xv_set_add(vm, r[2], r[3]));
    }
    XV_LEAVE(vm);
    return ok ? r[2] : XV_NULL;
}

/* a | b, a & b, a - b or a ^ b, as a new set. `b` is any iterable. */
static xv_value combine(struct xv_vm *vm, enum xv_kind kind, enum xv_binary op, xv_value a, xv_value b) {
    xv_value r[3] = {a, b, XV_NULL};
    XV_ENTER(vm, r);
    bool ok = true;
    if (op == XV_OR) {
        r[2] = xv_table_copy(vm, r[0], kind);
        ok = r[2] != XV_NULL && add_all(vm, r[2], r[1]);
    } else {
        r[1] = as_table(vm, r[1]);
        ok = r[1] != XV_NULL;
        if (ok) {
            r[2] = filter(vm, kind, r[0], r[1], op == XV_AND);
            ok = r[2] != XV_NULL;
        }
        if (ok && op == XV_XOR) {
            r[1] = filter(vm, XV_KIND_SET, r[1], r[0], false);
            ok = r[1] != XV_NULL && add_table(vm, r[2], r[1]);
        }
    }
    XV_LEAVE(vm);
    return ok ? r[2] : XV_NULL;
}

/* The same in place. */
static bool combine_into(struct xv_vm *vm, enum xv_binary op, xv_value set, xv_value other) {
    if (op == XV_OR && !xv_can_ask(vm)) {
        return add_all(vm, set, other);
    }
    xv_value r[1] = {set};
    XV_ENTER(vm, r);
    xv_value result = combine(vm, XV_KIND_SET, op, set, other);
    if (result != XV_NULL) {
        xv_table_steal(vm, r[0], result);
    }
    XV_LEAVE(vm);
    return result != XV_NULL;
}

/* Whether all keys of `a` are in `b`: 1, 0, -1. With `wanted` false: whether none is. */
static int all_in(struct xv_vm *vm, xv_value a, xv_value b, bool wanted) {
    xv_value r[2] = {a, b}, key;
    XV_ENTER(vm, r);
    int result = 1;
    uint32_t at = 0;
    while (result > 0 && xv_dict_next(r[0], &at, &key, NULL)) {
        result = xv_set_has(vm, r[1], key);
        if (result >= 0) {
            result = (result != 0) == wanted;
        }
    }
    XV_LEAVE(vm);
    return result;
}

/* ---- operators */

static xv_value compare(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    if (op == XV_GT || op == XV_GE) {
        xv_value t = a;
        a = b;
        b = t;
    }
    uint32_t na = xv_dict(a)->live, nb = xv_dict(b)->live;
    bool possible = op == XV_EQ ? na == nb : op == XV_LT || op == XV_GT ? na < nb : na <= nb;
    if (!possible) {
        return XV_FALSE;
    }
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    int result = all_in(vm, a, b, true);
    xv_native_leave(vm);
    return result < 0 ? XV_NULL : XV_BOOL(result);
}

static xv_value set_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    (void)reflected;
    if (op == XV_IN) {
        int has = xv_set_has(vm, a, b);
        return has < 0 ? XV_NULL : XV_BOOL(has);
    }
    a = xv_unwrap(vm, a);
    b = xv_unwrap(vm, b);
    if (!is_set(a) || !is_set(b)) {
        return XV_NOT_IMPLEMENTED;
    }
    switch (op) {
    case XV_LT:
    case XV_LE:
    case XV_GT:
    case XV_GE:
    case XV_EQ:
        return compare(vm, op, a, b);
    case XV_OR:
    case XV_AND:
    case XV_SUB:
    case XV_XOR:
        return combine(vm, xv_kind(a), op, a, b);
    case XV_IOR:
    case XV_IAND:
    case XV_ISUB:
    case XV_IXOR: {
        if (xv_kind(a) != XV_KIND_SET) {
            return XV_NOT_IMPLEMENTED;
        }
        xv_value r[1] = {a};
        XV_ENTER(vm, r);
        bool ok = combine_into(vm, (enum xv_binary)(op - XV_IOR + XV_OR), r[0], b);
        XV_LEAVE(vm);
        return ok ? r[0] : XV_NULL;
    }
    default:
        return XV_NOT_IMPLEMENTED;
    }
}

/* ---- methods */

static xv_value set_add(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_set_add(vm, args[0], args[1]) ? XV_NONE : XV_NULL;
}

static xv_value set_clear(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_dict_clear(vm, args[0]);
    return XV_NONE;
}

static xv_value set_copy(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_kind(args[0]) == XV_KIND_SET ? xv_table_copy(vm, args[0], XV_KIND_SET) : args[0];
}

static xv_value set_discard(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_dict_delete(vm, args[0], args[1], NULL) < 0 ? XV_NULL : XV_NONE;
}

static xv_value set_remove(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    int found = xv_dict_delete(vm, args[0], args[1], NULL);
    if (found == 0) {
        return xv_raise_value(vm, &xv_exc_KeyError, args[1]);
    }
    return found < 0 ? XV_NULL : XV_NONE;
}

static xv_value set_pop(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    uint32_t at;
    if (!xv_table_last(args[0], &at)) {
        return xv_raise(vm, &xv_exc_KeyError, "pop from an empty set");
    }
    xv_value key = xv_table_entry(args[0], at)[0];
    xv_table_remove_at(vm, args[0], at);
    return key;
}

/* union, intersection and so on: one operand after the other into args[0], a new set of the same type. */
static xv_value fold(struct xv_vm *vm, enum xv_binary op, xv_value *args, uint32_t n) {
    enum xv_kind kind = xv_kind(args[0]);
    if (n == 1) {
        return xv_table_copy(vm, args[0], kind);
    }
    for (uint32_t i = 1; i < n; i++) {
        args[0] = combine(vm, kind, op, args[0], args[i]);
        if (args[0] == XV_NULL) {
            return XV_NULL;
        }
    }
    return args[0];
}

static xv_value fold_into(struct xv_vm *vm, enum xv_binary op, xv_value *args, uint32_t n) {
    for (uint32_t i = 1; i < n; i++) {
        if (!combine_into(vm, op, args[0], args[i])) {
            return XV_NULL;
        }
    }
    return XV_NONE;
}

static xv_value set_union(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return fold(vm, XV_OR, args, n);
}

static xv_value set_intersection(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return fold(vm, XV_AND, args, n);
}

static xv_value set_difference(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return fold(vm, XV_SUB, args, n);
}

static xv_value set_symmetric_difference(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return fold(vm, XV_XOR, args, n);
}

static xv_value set_update(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return fold_into(vm, XV_OR, args, n);
}

static xv_value set_intersection_update(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return fold_into(vm, XV_AND, args, n);
}

static xv_value set_difference_update(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return fold_into(vm, XV_SUB, args, n);
}

static xv_value set_symmetric_difference_update(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return fold_into(vm, XV_XOR, args, n);
}

static xv_value set_isdisjoint(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    args[1] = as_table(vm, args[1]);
    int result = args[1] == XV_NULL ? -1 : all_in(vm, args[0], args[1], false);
    return result < 0 ? XV_NULL : XV_BOOL(result);
}

static xv_value set_issubset(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    args[1] = as_table(vm, args[1]);
    return args[1] == XV_NULL ? XV_NULL : compare(vm, XV_LE, args[0], args[1]);
}

static xv_value set_issuperset(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    args[1] = as_table(vm, args[1]);
    return args[1] == XV_NULL ? XV_NULL : compare(vm, XV_GE, args[0], args[1]);
}

static xv_value set_init(struct xv_vm *vm, xv_value *args, uint32_t n) {
    if (n == 1) {
        xv_dict_clear(vm, args[0]);
        return XV_NONE;
    }
    xv_value set = set_from(vm, XV_KIND_SET, args[1]);
    if (set != XV_NULL) {
        xv_table_steal(vm, args[0], set);
    }
    return set == XV_NULL ? XV_NULL : XV_NONE;
}

/* ---- slots */

static xv_value make(struct xv_vm *vm, enum xv_kind kind, xv_value *args, uint32_t n) {
    if (n > 1) {
        return xv_raise(vm, &xv_exc_TypeError, "set expected at most 1 argument, got %u", (unsigned)n);
    }
    return n == 0 ? xv_set_new(vm, kind) : set_from(vm, kind, args[0]);
}

static xv_value set_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    return make(vm, XV_KIND_SET, args, n);
}

static xv_value frozenset_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    return n == 1 && xv_is_kind(args[0], XV_KIND_FROZENSET) ? args[0] : make(vm, XV_KIND_FROZENSET, args, n);
}

static bool set_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    bool frozen = xv_kind(self) == XV_KIND_FROZENSET;
    if (xv_dict(self)->live == 0) {
        return xv_puts(out, frozen ? "frozenset()" : "set()");
    }
    XV_ENTER(vm, r);
    bool ok = xv_puts(out, frozen ? "frozenset({" : "{");
    uint32_t at = 0;
    xv_value key;
    for (bool first = true; ok && xv_dict_next(r[0], &at, &key, NULL); first = false) {
        /* The separator may allocate. */
        uint32_t here = at - 1;
        ok = (first || xv_puts(out, ", ")) &&
             xv_put_value(out, xv_table_entry(r[0], here)[0], XV_PRINT_REPR);
    }
    ok = ok && xv_puts(out, frozen ? "})" : "}");
    XV_LEAVE(vm);
    return ok;
}

/* The same in whatever order the items stand. */
static bool frozenset_hash(struct xv_vm *vm, xv_value self, uint32_t *out) {
    if (!xv_native_enter(vm)) {
        return false;
    }
    xv_value r[1] = {self}, key;
    XV_ENTER(vm, r);
    uint32_t hash = 0x1b873593u ^ xv_dict(self)->live, item, at = 0;
    bool ok = true;
    while (ok && xv_dict_next(r[0], &at, &key, NULL)) {
        ok = xv_hash(vm, key, &item);
        hash ^= ok ? xv_hash_mix(0x3c074a61u, item) : 0;
    }
    XV_LEAVE(vm);
    xv_native_leave(vm);
    *out = hash;
    return ok;
}

static bool set_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = xv_dict(self)->live;
    return true;
}

/* Those from `copy` on are methods of frozenset as well. */
static const struct xv_native set_methods[] = {
    XV_NATIVE(__init__, set_init, 1, 2),
    XV_NATIVE(add, set_add, 2, 2),
    XV_NATIVE(clear, set_clear, 1, 1),
    XV_NATIVE(difference_update, set_difference_update, 1, XV_ANY_ARGS),
    XV_NATIVE(discard, set_discard, 2, 2),
    XV_NATIVE(intersection_update, set_intersection_update, 1, XV_ANY_ARGS),
    XV_NATIVE(pop, set_pop, 1, 1),
    XV_NATIVE(remove, set_remove, 2, 2),
    XV_NATIVE(symmetric_difference_update, set_symmetric_difference_update, 2, 2),
    XV_NATIVE(update, set_update, 1, XV_ANY_ARGS),
#define FROZEN_FROM 10
    XV_NATIVE(copy, set_copy, 1, 1),
    XV_NATIVE(difference, set_difference, 1, XV_ANY_ARGS),
    XV_NATIVE(intersection, set_intersection, 1, XV_ANY_ARGS),
    XV_NATIVE(isdisjoint, set_isdisjoint, 2, 2),
    XV_NATIVE(issubset, set_issubset, 2, 2),
    XV_NATIVE(issuperset, set_issuperset, 2, 2),
    XV_NATIVE(symmetric_difference, set_symmetric_difference, 2, 2),
    XV_NATIVE(union, set_union, 1, XV_ANY_ARGS),
};
#define N_METHODS (sizeof set_methods / sizeof *set_methods)

const struct xv_type xv_type_set = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_set,
    .flags = XV_T_NATIVE_SUB | XV_T_UNHASHABLE,
    .base = &xv_type_object,
    .methods = set_methods,
    .n_methods = N_METHODS,
    .make = set_make,
    .print = set_print,
    .binary = set_binary,
    .length = set_length,
    .iterator = &xv_type_dict_iterator,
};

const struct xv_type xv_type_frozenset = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_frozenset,
    .flags = XV_T_NATIVE_SUB,
    .base = &xv_type_object,
    .methods = set_methods + FROZEN_FROM,
    .n_methods = N_METHODS - FROZEN_FROM,
    .make = frozenset_make,
    .print = set_print,
    .binary = set_binary,
    .hash = frozenset_hash,
    .length = set_length,
    .iterator = &xv_type_dict_iterator,
};
