/* The type dict and its views. The table itself is object/table.c. */
#include "object/number.h"
#include "object/print.h"
#include "object/table.h"
#include "vm/ask.h"

/* The dict in a value, subclass instances included, or XV_NULL. */
static xv_value as_dict(const struct xv_vm *vm, xv_value v) {
    v = xv_unwrap(vm, v);
    return xv_is_kind(v, XV_KIND_DICT) ? v : XV_NULL;
}

/* ---- filling */

static bool merge(struct xv_vm *vm, xv_value to, xv_value from) {
    xv_value r[2] = {to, from};
    XV_ENTER(vm, r);
    bool ok = true;
    uint32_t at = 0;
    xv_value key, value;
    while (ok && r[0] != r[1] && xv_dict_next(r[1], &at, &key, &value)) {
        ok = xv_dict_set(vm, r[0], key, value);
    }
    XV_LEAVE(vm);
    return ok;
}

/* Adds a pair, any iterable of two items. r: dict, pair, scratch, scratch. */
static bool add_pair(struct xv_vm *vm, xv_value *r) {
    xv_value *items;
    size_t n;
    if (!xv_sequence(vm, r[1], &items, &n)) {
        r[1] = xv_tuple_from(vm, r[1]);
        if (r[1] == XV_NULL) {
            return false;
        }
        items = xv_items(r[1]);
        n = xv_n_items(r[1]);
    }
    if (n != 2) {
        xv_raise(vm, &xv_exc_ValueError, "dict update sequence has wrong length");
        return false;
    }
    return xv_dict_set(vm, r[0], items[0], items[1]);
}

/* Adds key by key what an object with a keys method has. r: dict, key, mapping, iterator; r[3] has the
 * keys. */
static bool add_mapping(struct xv_vm *vm, xv_value *r) {
    r[3] = xv_iter_settled(vm, r[3]);
    while (r[3] != XV_NULL) {
        r[1] = xv_next(vm, r[3]);
        if (r[1] == XV_STOP) {
            return true;
        }
        if (r[1] == XV_NULL) {
            return false;
        }
        xv_value value = xv_get_item(vm, r[2], r[1]);
        if (value == XV_NULL || !xv_dict_set(vm, r[0], r[1], value)) {
            return false;
        }
    }
    return false;
}

bool xv_dict_update(struct xv_vm *vm, xv_value dict, xv_value other) {
    xv_value from = as_dict(vm, other);
    if (from != XV_NULL) {
        return merge(vm, dict, from);
    }
    xv_value r[4] = {dict, XV_NULL, other, XV_NULL};
    XV_ENTER(vm, r);
    bool ok = false;
    r[3] = xv_call_method_if(vm, r[2], XV_Q_keys, NULL, 0);
    if (r[3] != XV_NULL && r[3] != XV_STOP) {
        ok = add_mapping(vm, r);
    } else if (r[3] == XV_STOP) {
        r[3] = xv_iter_settled(vm, r[2]);
        ok = r[3] != XV_NULL;
        while (ok) {
            r[1] = xv_next(vm, r[3]);
            if (r[1] == XV_STOP) {
                break;
            }
            ok = r[1] != XV_NULL && add_pair(vm, r);
        }
    }
    XV_LEAVE(vm);
    return ok;
}

/* What dict(…), __init__ and update do with their arguments. `dict` is rooted. */
static bool fill(struct xv_vm *vm, xv_value *dict, const xv_value *args, uint32_t n) {
    uint32_t n_pos = XV_N_POS(n);
    if (n_pos > 1) {
        xv_raise(vm, &xv_exc_TypeError, "dict expected at most 1 argument, got %u", (unsigned)n_pos);
        return false;
    }
    if (n_pos == 1 && !xv_dict_update(vm, *dict, args[0])) {
        return false;
    }
    for (uint32_t i = 0; i < XV_N_KW(n); i++) {
        const xv_value *pair = args + n_pos + 2 * i;
        if (!xv_dict_set(vm, *dict, pair[0], pair[1])) {
            return false;
        }
    }
    return true;
}

/* True if adding what is in `other` to `dict` calls nothing. */
static bool adds_simply(const struct xv_vm *vm, xv_value dict, xv_value other) {
    xv_value from = as_dict(vm, other);
    return xv_table_is_simple(dict) && from != XV_NULL && xv_table_is_simple(from);
}

/* The same for a dict that the program knows, all at once if it must be, behind the last callback. `args` are rooted. */
static bool update(struct xv_vm *vm, xv_value *dict, const xv_value *args, uint32_t n) {
    if (!xv_can_ask(vm) || XV_N_POS(n) == 0 || adds_simply(vm, *dict, args[0])) {
        return fill(vm, dict, args, n);
    }
    xv_value r[1] = {xv_table_copy(vm, *dict, XV_KIND_DICT)};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL && fill(vm, &r[0], args, n);
    if (ok) {
        xv_table_steal(vm, *dict, r[0]);
    }
    XV_LEAVE(vm);
    return ok;
}

static xv_value dict_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)type;
    xv_value r[1] = {xv_dict_new(vm, XV_N_KW(n))};
    if (r[0] == XV_NULL || n == 0) {
        return r[0];
    }
    XV_ENTER(vm, r);
    bool ok = fill(vm, &r[0], args, n);
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

/* ---- methods */

static xv_value dict_update(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return !xv_dict_refuses(vm, args[0]) && update(vm, &args[0], args + 1, n - 1) ? XV_NONE : XV_NULL;
}

static xv_value dict_get(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value *value;
    int found = xv_dict_find(vm, args[0], args[1], &value);
    if (found > 0) {
        return *value;
    }
    return found < 0 ? XV_NULL : n > 2 ? args[2] : XV_NONE;
}

static xv_value dict_setdefault(struct xv_vm *vm, xv_value *args, uint32_t n) {
    uint32_t at;
    if (xv_table_put(vm, args[0], args[1], n > 2 ? args[2] : XV_NONE, false, &at) < 0) {
        return XV_NULL;
    }
    return xv_table_entry(args[0], at)[1];
}

static xv_value dict_pop(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value old;
    int found = xv_dict_delete(vm, args[0], args[1], &old);
    if (found > 0) {
        return old;
    }
    if (found == 0 && n > 2) {
        return args[2];
    }
    return found < 0 ? XV_NULL : xv_raise_value(vm, &xv_exc_KeyError, args[1]);
}

static xv_value dict_popitem(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    uint32_t at;
    if (xv_dict_refuses(vm, args[0])) {
        return XV_NULL;
    }
    if (!xv_table_last(args[0], &at)) {
        return xv_raise(vm, &xv_exc_KeyError, "popitem(): dictionary is empty");
    }
    xv_value pair = xv_tuple_new(vm, 2);
    if (pair != XV_NULL) {
        const xv_value *entry = xv_table_entry(args[0], at);
        xv_items(pair)[0] = entry[0];
        xv_items(pair)[1] = entry[1];
        xv_table_remove_at(vm, args[0], at);
    }
    return pair;
}

static xv_value dict_clear(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (xv_dict_refuses(vm, args[0])) {
        return XV_NULL;
    }
    xv_dict_clear(vm, args[0]);
    return XV_NONE;
}

static xv_value dict_copy(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_dict_copy(vm, args[0]);
}

/* args: class, keys, value; the latter two become the dict and the iterator. */
static xv_value dict_fromkeys(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value r[4] = {n > 2 ? args[2] : XV_NONE, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    bool plain = args[0] == xv_from(&xv_type_dict);
    r[1] = plain ? xv_dict_new(vm, 0) : xv_call(vm, args[0], NULL, 0);
    r[2] = r[1] == XV_NULL ? XV_NULL : xv_iter_settled(vm, args[1]);
    bool ok = r[2] != XV_NULL;
    while (ok) {
        r[3] = xv_next(vm, r[2]);
        if (r[3] == XV_STOP) {
            break;
        }
        ok = r[3] != XV_NULL &&
             (plain ? xv_dict_set(vm, r[1], r[3], r[0]) : xv_set_item(vm, r[1], r[3], r[0]));
    }
    XV_LEAVE(vm);
    return ok ? r[1] : XV_NULL;
}

/* ---- views: the dict is their one slot */

static const struct xv_type keys_type, values_type, items_type;

static enum xv_dict_part part_of(xv_value view) {
    xv_value type = ((struct xv_generic *)view)->type;
    return type == xv_from(&keys_type)    ? XV_DICT_KEYS
           : type == xv_from(&items_type) ? XV_DICT_ITEMS
                                          : XV_DICT_VALUES;
}

static xv_value view_new(struct xv_vm *vm, xv_value *args, const struct xv_type *type) {
    xv_value view = xv_generic_new(vm, type, 1);
    if (view != XV_NULL) {
        xv_slots(view)[0] = args[0];
    }
    return view;
}

static xv_value dict_keys(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return view_new(vm, args, &keys_type);
}

static xv_value dict_values(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return view_new(vm, args, &values_type);
}

static xv_value dict_items(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return view_new(vm, args, &items_type);
}

static bool view_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = xv_dict(xv_slots(self)[0])->live;
    return true;
}

static xv_value view_iter(struct xv_vm *vm, xv_value self) {
    return xv_dict_iterator_new(vm, xv_slots(self)[0], part_of(self));
}

/* Whether a view has an item, by looking at each. For values. */
static int values_have(struct xv_vm *vm, xv_value dict, xv_value item) {
    xv_value r[2] = {dict, item}, value;
    XV_ENTER(vm, r);
    int equal = 0;
    uint32_t at = 0;
    while (equal == 0 && xv_dict_next(r[0], &at, NULL, &value)) {
        equal = xv_equal(vm, value, r[1]);
    }
    XV_LEAVE(vm);
    return equal;
}

static int items_have(struct xv_vm *vm, xv_value dict, xv_value item) {
    item = xv_unwrap(vm, item);
    if (!xv_is_kind(item, XV_KIND_TUPLE) || xv_n_items(item) != 2) {
        return 0;
    }
    xv_value r[1] = {item}, *value;
    XV_ENTER(vm, r);
    int found = xv_dict_find(vm, dict, xv_items(r[0])[0], &value);
    if (found > 0) {
        found = xv_equal(vm, *value, xv_items(r[0])[1]);
    }
    XV_LEAVE(vm);
    return found;
}

static int view_has(struct xv_vm *vm, xv_value view, xv_value item) {
    xv_value dict = xv_slots(view)[0];
    switch (part_of(view)) {
    case XV_DICT_KEYS:
        return xv_set_has(vm, dict, item);
    case XV_DICT_VALUES:
        return values_have(vm, dict, item);
    default:
        return items_have(vm, dict, item);
    }
}

static bool is_set_view(xv_value v) {
    return xv_is_kind(v, XV_KIND_GENERIC) && (((struct xv_generic *)v)->type == xv_from(&keys_type) ||
                                              ((struct xv_generic *)v)->type == xv_from(&items_type));
}

/* Keys and items behave as sets: operators make sets of both operands. */
static xv_value view_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    if (op == XV_IN) {
        int has = view_has(vm, a, b);
        return has < 0 ? XV_NULL : XV_BOOL(has);
    }
    bool compares = op <= XV_NE;
    if (!compares && op != XV_OR && op != XV_AND && op != XV_SUB && op != XV_XOR) {
        return XV_NOT_IMPLEMENTED;
    }
    xv_value other = xv_unwrap(vm, reflected ? a : b);
    bool other_is_set =
        is_set_view(other) || xv_is_kind(other, XV_KIND_SET) || xv_is_kind(other, XV_KIND_FROZENSET);
    if (!is_set_view(reflected ? b : a) || !other_is_set) {
        return XV_NOT_IMPLEMENTED;
    }
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    for (int i = 0; i < 2; i++) {
        if (is_set_view(r[i])) {
            r[i] = xv_call(vm, xv_from(&xv_type_set), &r[i], 1);
            if (r[i] == XV_NULL) {
                XV_LEAVE(vm);
                return XV_NULL;
            }
        }
    }
    XV_LEAVE(vm);
    return xv_binary(vm, op, r[0], r[1]);
}

static bool view_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[3] = {self, XV_NULL, XV_NULL};
    enum xv_dict_part part = part_of(self);
    XV_ENTER(vm, r);
    bool ok = xv_putf(out, "%q([",
                      part == XV_DICT_KEYS     ? XV_Q_dict_keys
                      : part == XV_DICT_VALUES ? XV_Q_dict_values
                                               : XV_Q_dict_items);
    uint32_t at = 0;
    for (bool first = true; ok && xv_dict_next(xv_slots(r[0])[0], &at, &r[2], &r[1]); first = false) {
        ok = (first || xv_puts(out, ", ")) && (part != XV_DICT_ITEMS || xv_putc(out, '(')) &&
             (part == XV_DICT_VALUES || xv_put_value(out, r[2], XV_PRINT_REPR)) &&
             (part != XV_DICT_ITEMS || xv_puts(out, ", ")) &&
             (part == XV_DICT_KEYS || xv_put_value(out, r[1], XV_PRINT_REPR)) &&
             (part != XV_DICT_ITEMS || xv_putc(out, ')'));
    }
    ok = ok && xv_puts(out, "])");
    XV_LEAVE(vm);
    return ok;
}

/* A macro, as the three differ in nothing but the name and whether they hash. */
#define VIEW_TYPE(name_, flags_)                                                                             \
    {                                                                                                        \
        .header = XV_TYPE_HEADER, .name = (name_), .flags = XV_T_NO_SUBCLASS | (flags_),                     \
        .base = &xv_type_object, .print = view_print, .binary = view_binary, .length = view_length,          \
        .iter = view_iter                                                                                    \
    }

static const struct xv_type keys_type = VIEW_TYPE(XV_Q_dict_keys, XV_T_UNHASHABLE);
static const struct xv_type values_type = VIEW_TYPE(XV_Q_dict_values, 0);
static const struct xv_type items_type = VIEW_TYPE(XV_Q_dict_items, XV_T_UNHASHABLE);

/* ---- slots */

static xv_value dict_get_item(struct xv_vm *vm, xv_value self, xv_value key) {
    xv_value r[1] = {key}, *value;
    XV_ENTER(vm, r);
    int found = xv_dict_find(vm, self, key, &value);
    XV_LEAVE(vm);
    if (found > 0) {
        return *value;
    }
    return found < 0 ? XV_NULL : xv_raise_value(vm, &xv_exc_KeyError, r[0]);
}

static bool dict_set_item(struct xv_vm *vm, xv_value self, xv_value key, xv_value value) {
    if (value != XV_NULL) {
        return xv_dict_set(vm, self, key, value);
    }
    xv_value r[1] = {key};
    XV_ENTER(vm, r);
    int found = xv_dict_delete(vm, self, key, NULL);
    XV_LEAVE(vm);
    if (found == 0) {
        xv_raise_value(vm, &xv_exc_KeyError, r[0]);
    }
    return found > 0;
}

static bool dict_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = xv_dict(self)->live;
    return true;
}

/* 1 if equal, 0, -1. */
static int dict_equal(struct xv_vm *vm, xv_value a, xv_value b) {
    if (xv_dict(a)->live != xv_dict(b)->live) {
        return 0;
    }
    if (!xv_native_enter(vm)) {
        return -1;
    }
    xv_value r[3] = {a, b, XV_NULL};
    XV_ENTER(vm, r);
    int equal = 1;
    uint32_t at = 0;
    xv_value key;
    while (equal > 0 && xv_dict_next(r[0], &at, &key, &r[2])) {
        xv_value *value;
        equal = xv_dict_find(vm, r[1], key, &value);
        if (equal > 0) {
            equal = xv_equal(vm, r[2], *value);
        }
    }
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return equal;
}

static xv_value dict_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected) {
    if (op == XV_IN) {
        int has = xv_set_has(vm, a, b);
        return has < 0 ? XV_NULL : XV_BOOL(has);
    }
    if (op != XV_EQ && op != XV_OR && op != XV_IOR) {
        return XV_NOT_IMPLEMENTED;
    }
    if (op == XV_IOR && !reflected) {
        xv_value r[2] = {a, b};
        XV_ENTER(vm, r);
        bool ok = update(vm, &r[0], &r[1], 1);
        XV_LEAVE(vm);
        return ok ? r[0] : XV_NULL;
    }
    xv_value x = as_dict(vm, a), y = as_dict(vm, b);
    if (x == XV_NULL || y == XV_NULL) {
        return XV_NOT_IMPLEMENTED;
    }
    if (op == XV_EQ) {
        int equal = dict_equal(vm, x, y);
        return equal < 0 ? XV_NULL : XV_BOOL(equal);
    }
    xv_value r[2] = {XV_NULL, y};
    XV_ENTER(vm, r);
    r[0] = xv_dict_copy(vm, x);
    bool ok = r[0] != XV_NULL && merge(vm, r[0], r[1]);
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

static bool dict_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[3] = {self, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    bool ok = xv_putc(out, '{');
    uint32_t at = 0;
    for (bool first = true; ok && xv_dict_next(r[0], &at, &r[2], &r[1]); first = false) {
        ok = (first || xv_puts(out, ", ")) && xv_put_value(out, r[2], XV_PRINT_REPR) &&
             xv_puts(out, ": ") && xv_put_value(out, r[1], XV_PRINT_REPR);
    }
    ok = ok && xv_putc(out, '}');
    XV_LEAVE(vm);
    return ok;
}

static const struct xv_native dict_methods[] = {
    XV_NATIVE_X(__init__, dict_update, 1, 2, XV_N_KEYWORDS),
    XV_NATIVE(clear, dict_clear, 1, 1),
    XV_NATIVE(copy, dict_copy, 1, 1),
    XV_NATIVE_X(fromkeys, dict_fromkeys, 2, 3, XV_N_CLASS),
    XV_NATIVE(get, dict_get, 2, 3),
    XV_NATIVE(items, dict_items, 1, 1),
    XV_NATIVE(keys, dict_keys, 1, 1),
    XV_NATIVE(pop, dict_pop, 2, 3),
    XV_NATIVE(popitem, dict_popitem, 1, 1),
    XV_NATIVE(setdefault, dict_setdefault, 2, 3),
    XV_NATIVE_X(update, dict_update, 1, 2, XV_N_KEYWORDS),
    XV_NATIVE(values, dict_values, 1, 1),
};

const struct xv_type xv_type_dict = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_dict,
    .flags = XV_T_NATIVE_SUB | XV_T_UNHASHABLE,
    .base = &xv_type_object,
    .methods = dict_methods,
    .n_methods = sizeof dict_methods / sizeof *dict_methods,
    .make = dict_make,
    .print = dict_print,
    .binary = dict_binary,
    .length = dict_length,
    .get_item = dict_get_item,
    .set_item = dict_set_item,
    .iterator = &xv_type_dict_iterator,
};
