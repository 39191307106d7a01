/* import collections: namedtuple, OrderedDict and deque.
 *
 * A named tuple's type is a class as a program could write it, derived from tuple, with a property for
 * each field. OrderedDict is such a class too, made when a program first asks for it. A deque is a ring
 * that grows up to its maximal length. */
#include "lib/lib.h"

#if XIPVM_MODULE_COLLECTIONS
#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
#include "object/type.h"

/* ---- namedtuple */

/* What the property of a field calls: its one slot is the index. */
static xv_value field_call(struct xv_vm *vm, xv_value self, xv_value *args, uint32_t n) {
    size_t i = (size_t)xv_small(xv_slots(self)[0]);
    xv_value tuple = n == 1 ? xv_unwrap(vm, args[0]) : XV_NULL;
    if (!xv_is_kind(tuple, XV_KIND_TUPLE) || i >= xv_n_items(tuple)) {
        return xv_raise(vm, &xv_exc_TypeError, "argument has wrong type");
    }
    return xv_items(tuple)[i];
}

static const struct xv_type field_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_field,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .call = field_call,
};

/* The `_fields` of a named tuple's class or of one below it; TypeError. Does not allocate unless it fails. */
static xv_value fields_of(struct xv_vm *vm, xv_value class_) {
    if (xv_is_kind(class_, XV_KIND_CLASS) && xv_class(class_)->native == xv_from(&xv_type_tuple)) {
        xv_value fields = xv_type_lookup(vm, class_, XV_Q__fields, NULL);
        if (xv_is_kind(fields, XV_KIND_TUPLE)) {
            return fields;
        }
    }
    return xv_raise(vm, &xv_exc_TypeError, "argument has wrong type");
}

/* The index of a field, or the number of fields. Does not allocate. */
static size_t field_index(const struct xv_vm *vm, xv_value fields, xv_value name) {
    size_t i = 0, n = xv_n_items(fields);
    while (i < n && xv_items(fields)[i] != name &&
           !(xv_is_str(vm, xv_items(fields)[i]) && xv_is_str(vm, name) &&
             xv_str_same(vm, xv_items(fields)[i], name))) {
        i++;
    }
    return i;
}

/* Spreads arguments over the items of a tuple that are all XV_NULL. Does not allocate unless it fails. */
static bool fill_tuple(struct xv_vm *vm, xv_value tuple, xv_value fields, const xv_value *args,
                       uint32_t n_pos, uint32_t n_kw) {
    xv_value *items = xv_items(tuple);
    memcpy(items, args, n_pos * sizeof *args);
    for (uint32_t k = 0; k < n_kw; k++) {
        xv_value name = args[n_pos + 2 * k];
        size_t i = field_index(vm, fields, name);
        if (i == xv_n_items(fields)) {
            xv_raise(vm, &xv_exc_TypeError, "unexpected keyword argument '%v'", name);
            return false;
        }
        if (items[i] != XV_NULL) {
            xv_raise(vm, &xv_exc_TypeError, "function got multiple values for argument '%v'", name);
            return false;
        }
        items[i] = args[n_pos + 2 * k + 1];
    }
    return true;
}

/* __new__ of a named tuple. args: the class, then the values. */
static xv_value tuple_new(struct xv_vm *vm, xv_value *args, uint32_t n) {
    uint32_t n_pos = XV_N_POS(n) - 1, n_kw = XV_N_KW(n);
    xv_value r[2] = {fields_of(vm, args[0]), XV_NULL};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    size_t n_fields = xv_n_items(r[0]);
    if ((size_t)n_pos + n_kw != n_fields) {
        return xv_raise(vm, &xv_exc_TypeError, "function takes %z positional arguments but %u were given",
                        n_fields, (unsigned)(n_pos + n_kw));
    }
    XV_ENTER(vm, r);
    r[1] = n_fields == 0 ? xv_tuple_new(vm, 0) : xv_alloc(vm, XV_KIND_TUPLE, n_fields + 1);
    xv_value v = XV_NULL;
    if (r[1] != XV_NULL && (n_fields == 0 || fill_tuple(vm, r[1], r[0], args + 1, n_pos, n_kw))) {
        v = xv_instance_new(vm, args[0]);
        if (v != XV_NULL) {
            xv_instance(v)->wrapped = r[1];
        }
    }
    XV_LEAVE(vm);
    return v;
}

/* Fields and items of a named tuple into r[0] and r[1], and how many pairs they make; TypeError. */
static bool open_tuple(struct xv_vm *vm, xv_value self, xv_value *r, size_t *n) {
    r[1] = xv_unwrap(vm, self);
    r[0] = fields_of(vm, xv_type_of(vm, self));
    if (r[0] == XV_NULL) {
        return false;
    }
    if (!xv_is_kind(r[1], XV_KIND_TUPLE)) {
        xv_raise(vm, &xv_exc_TypeError, "argument has wrong type");
        return false;
    }
    *n = xv_n_items(r[0]) < xv_n_items(r[1]) ? xv_n_items(r[0]) : xv_n_items(r[1]);
    return true;
}

static xv_value tuple_repr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value r[2];
    size_t n_fields;
    if (!open_tuple(vm, args[0], r, &n_fields) || !xv_native_enter(vm)) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    bool ok = xv_putf(&out, "%v(", xv_name_of_type(vm, args[0]));
    for (size_t i = 0; ok && i < n_fields; i++) {
        ok = xv_putf(&out, i == 0 ? "%v=" : ", %v=", xv_items(r[0])[i]) &&
             xv_put_value(&out, xv_items(r[1])[i], XV_PRINT_REPR);
    }
    ok = ok && xv_putc(&out, ')');
    xv_value text = XV_NULL;
    if (ok) {
        text = xv_printer_finish(&out);
    } else {
        xv_printer_end(&out);
    }
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return text;
}

/* The fields by name, as a plain dict: dicts keep their order. */
static xv_value tuple_asdict(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value r[3];
    size_t n_fields;
    if (!open_tuple(vm, args[0], r, &n_fields)) {
        return XV_NULL;
    }
    r[2] = XV_NULL;
    XV_ENTER(vm, r);
    r[2] = xv_dict_new(vm, n_fields);
    bool ok = r[2] != XV_NULL;
    for (size_t i = 0; ok && i < n_fields; i++) {
        ok = xv_dict_set(vm, r[2], xv_items(r[0])[i], xv_items(r[1])[i]);
    }
    XV_LEAVE(vm);
    return ok ? r[2] : XV_NULL;
}

static const struct xv_native tuple_new_native =
    XV_FUNCTION_X(__new__, tuple_new, 1, XV_ANY_ARGS, XV_N_KEYWORDS);

static const struct xv_native tuple_methods[] = {
    XV_NATIVE_X(__repr__, tuple_repr, 1, 1, XV_N_ANY_SELF),
    XV_NATIVE_X(_asdict, tuple_asdict, 1, 1, XV_N_ANY_SELF),
};

/* Adds the natives of a table to the dict of a class. */
static bool add_methods(struct xv_vm *vm, const xv_value *dict, const struct xv_native *methods, size_t n) {
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        ok = xv_dict_set_name(vm, *dict, methods[i].name, xv_from(&methods[i]));
    }
    return ok;
}

/* A property that reads item `i`. */
static xv_value field_property(struct xv_vm *vm, size_t i) {
    xv_value r[1] = {xv_generic_new(vm, &field_type, 1)};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    xv_slots(r[0])[0] = XV_INT((intptr_t)i);
    XV_ENTER(vm, r);
    xv_value property = xv_call(vm, xv_from(&xv_type_property), r, 1);
    XV_LEAVE(vm);
    return property;
}

/* The names in a str, between spaces or commas, as a list. */
static xv_value split_names(struct xv_vm *vm, xv_value text) {
    xv_value r[3] = {text, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_list_new(vm, 4);
    bool ok = r[1] != XV_NULL;
    size_t at = 0;
    while (ok) {
        struct xv_text t = xv_text(vm, r[0]);
        while (at < t.len && (t.data[at] <= ' ' || t.data[at] == ',')) {
            at++;
        }
        size_t start = at;
        while (at < t.len && t.data[at] > ' ' && t.data[at] != ',') {
            at++;
        }
        if (start == at) {
            break;
        }
        r[2] = xv_str_slice(vm, XV_KIND_STR, r[0], start, at - start);
        ok = r[2] != XV_NULL && xv_list_append(vm, r[1], r[2]);
    }
    XV_LEAVE(vm);
    return ok ? r[1] : XV_NULL;
}

/* The fields as a new tuple of names. */
static xv_value field_names(struct xv_vm *vm, xv_value names) {
    xv_value r[2] = {names, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_is_str(vm, names) ? split_names(vm, names) : xv_list_from(vm, names);
    size_t n = r[0] == XV_NULL ? 0 : xv_list(r[0])->len;
    r[1] = r[0] == XV_NULL ? XV_NULL : xv_tuple_new(vm, n);
    bool ok = r[1] != XV_NULL;
    for (size_t i = 0; ok && i < n; i++) {
        xv_value name = xv_attribute_name(vm, xv_list_items(r[0])[i]);
        ok = name != XV_NULL;
        if (ok) {
            xv_items(r[1])[i] = name;
        }
    }
    XV_LEAVE(vm);
    return ok ? r[1] : XV_NULL;
}

static xv_value collections_namedtuple(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    xv_value class_ = XV_NULL;
    args[0] = xv_attribute_name(vm, args[0]);
    args[1] = args[0] == XV_NULL ? XV_NULL : field_names(vm, args[1]);
    r[0] = args[1] == XV_NULL ? XV_NULL : xv_dict_new(vm, xv_n_items(args[1]) + 4);
    bool ok = r[0] != XV_NULL;
    for (size_t i = 0; ok && i < xv_n_items(args[1]); i++) {
        xv_value property = field_property(vm, i);
        ok = property != XV_NULL && xv_dict_set(vm, r[0], xv_items(args[1])[i], property);
        if (ok && xv_dict(r[0])->live != i + 1) {
            xv_raise(vm, &xv_exc_ValueError, "Encountered duplicate field name: %r", xv_items(args[1])[i]);
            ok = false;
        }
    }
    ok = ok && xv_dict_set_name(vm, r[0], XV_Q__fields, args[1]) &&
         add_methods(vm, r, &tuple_new_native, 1) &&
         add_methods(vm, r, tuple_methods, sizeof tuple_methods / sizeof *tuple_methods);
    if (ok) {
        xv_value base = xv_from(&xv_type_tuple);
        r[1] = xv_tuple_of(vm, &base, 1);
        class_ = r[1] == XV_NULL ? XV_NULL : xv_class_new(vm, args[0], r[1], r[0]);
    }
    XV_LEAVE(vm);
    return class_;
}

/* ---- OrderedDict */

/* The dict in an OrderedDict, or in any dict; TypeError. */
static xv_value dict_in(struct xv_vm *vm, xv_value v) {
    v = xv_unwrap(vm, v);
    return xv_is_kind(v, XV_KIND_DICT) ? v : xv_raise(vm, &xv_exc_TypeError, "argument has wrong type");
}

static xv_value ordered_repr(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value r[2] = {xv_type_name(xv_type_of(vm, args[0])), dict_in(vm, args[0])};
    if (r[1] == XV_NULL || !xv_native_enter(vm)) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    r[1] = xv_repr_of(vm, r[1]);
    xv_value text = XV_NULL;
    if (r[1] != XV_NULL) {
        struct xv_printer out;
        xv_printer_begin(&out, vm, false);
        if (xv_putf(&out, "%v(%v)", r[0], r[1])) {
            text = xv_printer_finish(&out);
        } else {
            xv_printer_end(&out);
        }
    }
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return text;
}

/* Whether two dicts of the same length have their keys in the same order: 1, 0, -1. r: the dicts, rooted, and
 * room for two. */
static int same_order(struct xv_vm *vm, xv_value *r) {
    uint32_t a = 0, b = 0;
    int equal = 1;
    while (equal > 0 && xv_dict_next(r[0], &a, &r[2], NULL) && xv_dict_next(r[1], &b, &r[3], NULL)) {
        equal = xv_equal(vm, r[2], r[3]);
    }
    return equal;
}

static xv_value ordered_eq(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    bool both = vm->ordered_dict != XV_NULL && xv_is_subtype(vm, xv_type_of(vm, args[0]), vm->ordered_dict) &&
                xv_is_subtype(vm, xv_type_of(vm, args[1]), vm->ordered_dict);
    xv_value r[4] = {dict_in(vm, args[0]), xv_unwrap(vm, args[1]), XV_NULL, XV_NULL};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    if (!xv_is_kind(r[1], XV_KIND_DICT)) {
        return XV_NOT_IMPLEMENTED;
    }
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    int equal = both && xv_dict(r[0])->live == xv_dict(r[1])->live ? same_order(vm, r) : 1;
    if (equal > 0) {
        equal = xv_equal(vm, r[0], r[1]);
    }
    XV_LEAVE(vm);
    xv_native_leave(vm);
    return equal < 0 ? XV_NULL : XV_BOOL(equal);
}

static xv_value ordered_copy(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_call(vm, xv_type_of(vm, args[0]), args, 1);
}

static const struct xv_native ordered_methods[] = {
    XV_NATIVE_X(__repr__, ordered_repr, 1, 1, XV_N_ANY_SELF),
    XV_NATIVE_X(__eq__, ordered_eq, 2, 2, XV_N_ANY_SELF),
    XV_NATIVE_X(copy, ordered_copy, 1, 1, XV_N_ANY_SELF),
};

static xv_value ordered_dict_class(struct xv_vm *vm) {
    if (vm->ordered_dict == XV_NULL) {
        xv_value r[2] = {XV_NULL, XV_NULL}, base = xv_from(&xv_type_dict);
        XV_ENTER(vm, r);
        r[0] = xv_dict_new(vm, sizeof ordered_methods / sizeof *ordered_methods);
        bool ok = r[0] != XV_NULL &&
                  add_methods(vm, r, ordered_methods, sizeof ordered_methods / sizeof *ordered_methods);
        r[1] = ok ? xv_tuple_of(vm, &base, 1) : XV_NULL;
        xv_value class_ = r[1] == XV_NULL ? XV_NULL : xv_class_new(vm, XV_QSTR(XV_Q_OrderedDict), r[1], r[0]);
        vm->ordered_dict = class_;
        XV_LEAVE(vm);
    }
    return vm->ordered_dict;
}

/* ---- deque: items FIRST, FIRST + 1, … of the ring ITEMS (an ARRAY, or XV_NULL if it has no room) */

enum { ITEMS, FIRST, LENGTH, MAX_LENGTH, STRICT, N_SLOTS };
#define UNBOUNDED (XV_SMALL_MAX / 2)

static size_t slot(xv_value self, unsigned which) {
    return (size_t)xv_small(xv_slots(self)[which]);
}

static void set_slot(xv_value self, unsigned which, size_t n) {
    xv_slots(self)[which] = XV_INT((intptr_t)n);
}

static size_t capacity(xv_value self) {
    xv_value items = xv_slots(self)[ITEMS];
    return items == XV_NULL ? 0 : xv_n_items(items);
}

/* The address of item `i`, which is there. */
static xv_value *item_at(xv_value self, size_t i) {
    size_t room = capacity(self), at = slot(self, FIRST) + i;
    return &xv_items(xv_slots(self)[ITEMS])[at < room ? at : at - room];
}

/* Makes room for one more item than there are. *self is rooted. */
static bool grow(struct xv_vm *vm, const xv_value *self) {
    size_t n = slot(*self, LENGTH), most = slot(*self, MAX_LENGTH), room = n + n / 2 + 4;
    if (n < capacity(*self)) {
        return true;
    }
    xv_value items = xv_alloc_array(vm, room < most ? room : most);
    if (items == XV_NULL) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        xv_items(items)[i] = *item_at(*self, i);
    }
    xv_slots(*self)[ITEMS] = items;
    set_slot(*self, FIRST, 0);
    return true;
}

/* Takes an item off an end of a deque that is not empty. Does not allocate. */
static xv_value take(xv_value self, bool left) {
    size_t n = slot(self, LENGTH) - 1, first = slot(self, FIRST);
    xv_value *at = item_at(self, left ? 0 : n), item = *at;
    *at = XV_NULL;
    set_slot(self, LENGTH, n);
    if (left) {
        set_slot(self, FIRST, first + 1 == capacity(self) ? 0 : first + 1);
    }
    return item;
}

/* Adds item r[1] to an end of deque r[0], both rooted. */
static bool put(struct xv_vm *vm, const xv_value *r, bool left) {
    if (slot(r[0], LENGTH) == slot(r[0], MAX_LENGTH)) {
        if (xv_slots(r[0])[STRICT] == XV_TRUE) {
            xv_raise(vm, &xv_exc_IndexError, "full");
            return false;
        }
        if (slot(r[0], MAX_LENGTH) == 0) {
            return true;
        }
        take(r[0], !left);
    }
    if (!grow(vm, r)) {
        return false;
    }
    xv_value self = r[0];
    size_t n = slot(self, LENGTH), first = slot(self, FIRST);
    set_slot(self, LENGTH, n + 1);
    if (left) {
        set_slot(self, FIRST, first == 0 ? capacity(self) - 1 : first - 1);
    }
    *item_at(self, left ? 0 : n) = r[1];
    return true;
}

static bool extend(struct xv_vm *vm, xv_value self, xv_value iterable) {
    xv_value r[3] = {self, XV_NULL, iterable};
    XV_ENTER(vm, r);
    /* A deque may be extended with itself. */
    r[2] = r[0] == r[2] ? xv_list_from(vm, r[2]) : r[2];
    r[2] = r[2] == XV_NULL ? XV_NULL : xv_iter_settled(vm, r[2]);
    bool ok = r[2] != XV_NULL;
    while (ok) {
        r[1] = xv_next(vm, r[2]);
        if (r[1] == XV_STOP) {
            break;
        }
        ok = r[1] != XV_NULL && put(vm, r, false);
    }
    XV_LEAVE(vm);
    return ok;
}

/* deque() without arguments is what an instance of a subclass wraps until its __init__ has called this
 * one's. */
static xv_value deque_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    intptr_t most = UNBOUNDED;
    if (n != 0 && (!xv_check_arity(vm, "deque", n, 2, 3) || !xv_to_index(vm, args[1], &most))) {
        return XV_NULL;
    }
    if (most < 0 || most > UNBOUNDED) {
        return xv_raise(vm, &xv_exc_ValueError, "maxlen must be non-negative");
    }
    int strict = n == 3 ? xv_truth(vm, args[2]) : 0;
    xv_value r[1] = {strict < 0 ? XV_NULL : xv_generic_new(vm, xv_as_type(type), N_SLOTS)};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    set_slot(r[0], FIRST, 0);
    set_slot(r[0], LENGTH, 0);
    set_slot(r[0], MAX_LENGTH, (size_t)most);
    xv_slots(r[0])[STRICT] = XV_BOOL(strict);
    XV_ENTER(vm, r);
    bool ok = n == 0 || extend(vm, r[0], args[0]);
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

static xv_value deque_append(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return put(vm, args, false) ? XV_NONE : XV_NULL;
}

static xv_value deque_appendleft(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return put(vm, args, true) ? XV_NONE : XV_NULL;
}

static xv_value take_or_raise(struct xv_vm *vm, xv_value self, bool left) {
    return slot(self, LENGTH) == 0 ? xv_raise(vm, &xv_exc_IndexError, "empty") : take(self, left);
}

static xv_value deque_pop(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return take_or_raise(vm, args[0], false);
}

static xv_value deque_popleft(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return take_or_raise(vm, args[0], true);
}

static xv_value deque_extend(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return extend(vm, args[0], args[1]) ? XV_NONE : XV_NULL;
}

static bool deque_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    *out = slot(self, LENGTH);
    return true;
}

/* The address of the item at a program's index, *self rooted; NULL with TypeError or IndexError. */
static xv_value *deque_item(struct xv_vm *vm, const xv_value *self, xv_value index) {
    size_t i;
    if (xv_is_kind(index, XV_KIND_SLICE)) {
        xv_raise(vm, &xv_exc_TypeError, "deque indices must be integers");
        return NULL;
    }
    bool ok = xv_check_index(vm, index, slot(*self, LENGTH), "deque", &i);
    /* An __index__ may have taken items away. */
    if (ok && i >= slot(*self, LENGTH)) {
        xv_raise(vm, &xv_exc_IndexError, "deque index out of range");
        ok = false;
    }
    return ok ? item_at(*self, i) : NULL;
}

static xv_value deque_get_item(struct xv_vm *vm, xv_value self, xv_value index) {
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    const xv_value *item = deque_item(vm, r, index);
    XV_LEAVE(vm);
    return item == NULL ? XV_NULL : *item;
}

static bool deque_set_item(struct xv_vm *vm, xv_value self, xv_value index, xv_value value) {
    if (value == XV_NULL) {
        xv_raise(vm, &xv_exc_TypeError, "'deque' object doesn't support item deletion");
        return false;
    }
    xv_value r[2] = {self, value};
    XV_ENTER(vm, r);
    xv_value *item = deque_item(vm, r, index);
    if (item != NULL) {
        *item = r[1];
    }
    XV_LEAVE(vm);
    return item != NULL;
}

static bool deque_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok = xv_puts(out, "deque([");
    for (size_t i = 0; ok && i < slot(r[0], LENGTH); i++) {
        ok = (i == 0 || xv_puts(out, ", ")) && i < slot(r[0], LENGTH) &&
             xv_put_value(out, *item_at(r[0], i), XV_PRINT_REPR);
    }
    size_t most = slot(r[0], MAX_LENGTH);
    ok = ok && (most == UNBOUNDED ? xv_puts(out, "])") : xv_putf(out, "], maxlen=%z)", most));
    XV_LEAVE(vm);
    return ok;
}

/* Slots: the deque and the index of the next item. */
static xv_value iterator_next(struct xv_vm *vm, xv_value self) {
    (void)vm;
    xv_value deque = xv_slots(self)[0];
    size_t i = slot(self, 1);
    if (i >= slot(deque, LENGTH)) {
        return XV_STOP;
    }
    set_slot(self, 1, i + 1);
    return *item_at(deque, i);
}

static const struct xv_type iterator_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_iterator,
    .flags = XV_T_NO_SUBCLASS | XV_T_ITER_SELF,
    .base = &xv_type_object,
    .next = iterator_next,
};

static const struct xv_native deque_methods[] = {
    XV_NATIVE(append, deque_append, 2, 2), XV_NATIVE(appendleft, deque_appendleft, 2, 2),
    XV_NATIVE(pop, deque_pop, 1, 1),       XV_NATIVE(popleft, deque_popleft, 1, 1),
    XV_NATIVE(extend, deque_extend, 2, 2),
};

static const struct xv_type deque_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_deque,
    .flags = XV_T_NATIVE_SUB | XV_T_UNHASHABLE,
    .base = &xv_type_object,
    XV_METHODS(deque_methods),
    .make = deque_make,
    .print = deque_print,
    .length = deque_length,
    .get_item = deque_get_item,
    .set_item = deque_set_item,
    .iterator = &iterator_type,
};

/* ---- the module */

static const uint16_t computed[] = {XV_Q_OrderedDict};

static xv_value get_attr(struct xv_vm *vm, uint16_t name) {
    return name == XV_Q_OrderedDict ? ordered_dict_class(vm) : XV_STOP;
}

static const struct xv_native functions[] = {
    XV_FUNCTION(namedtuple, collections_namedtuple, 2, 2),
};

static const struct xv_constant constants[] = {
    XV_CONSTANT(deque, &deque_type),
};

const struct xv_native_module xv_module_collections = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_collections,
    .get_attr = get_attr,
    XV_FUNCTIONS(functions),
    XV_CONSTANTS(constants),
    XV_COMPUTED(computed),
};
#endif
