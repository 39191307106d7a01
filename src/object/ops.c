/* Operations on any value: Python's rules for operators, truth, hashing, subscripts and iteration, on top of
 * the slots of built-in types and the special methods of a program's classes. */
#include "object/type.h"

#include <math.h>

#include "heap/atomic.h"
#include "object/container.h"
#include "object/numeric.h"
#include "object/str.h"
#include "vm/ask.h"
#include "vm/resumable.h"

/* ---- special methods of a program's classes */

/* ORDER OPERATOR */
const uint16_t xv_unary_names[4] = {XV_Q___pos__, XV_Q___neg__, XV_Q___invert__, 0};

/* ORDER OPERATOR */
const struct xv_operator xv_operators[XV_N_BINARY] = {
    [XV_LT] = {XV_Q___lt__, XV_Q___gt__},
    [XV_GT] = {XV_Q___gt__, XV_Q___lt__},
    [XV_EQ] = {XV_Q___eq__, XV_Q___eq__},
    [XV_LE] = {XV_Q___le__, XV_Q___ge__},
    [XV_GE] = {XV_Q___ge__, XV_Q___le__},
    [XV_NE] = {XV_Q___ne__, XV_Q___ne__},
    [XV_IN] = {XV_Q___contains__, 0},
    [XV_IS] = {0, 0},
    [XV_EXC_MATCH] = {0, 0},
    [XV_IOR] = {XV_Q___ior__, 0},
    [XV_IXOR] = {XV_Q___ixor__, 0},
    [XV_IAND] = {XV_Q___iand__, 0},
    [XV_ILSHIFT] = {XV_Q___ilshift__, 0},
    [XV_IRSHIFT] = {XV_Q___irshift__, 0},
    [XV_IADD] = {XV_Q___iadd__, 0},
    [XV_ISUB] = {XV_Q___isub__, 0},
    [XV_IMUL] = {XV_Q___imul__, 0},
    [XV_IMATMUL] = {XV_Q___imatmul__, 0},
    [XV_IFLOORDIV] = {XV_Q___ifloordiv__, 0},
    [XV_ITRUEDIV] = {XV_Q___itruediv__, 0},
    [XV_IMOD] = {XV_Q___imod__, 0},
    [XV_IPOW] = {XV_Q___ipow__, 0},
    [XV_OR] = {XV_Q___or__, XV_Q___ror__},
    [XV_XOR] = {XV_Q___xor__, XV_Q___rxor__},
    [XV_AND] = {XV_Q___and__, XV_Q___rand__},
    [XV_LSHIFT] = {XV_Q___lshift__, XV_Q___rlshift__},
    [XV_RSHIFT] = {XV_Q___rshift__, XV_Q___rrshift__},
    [XV_ADD] = {XV_Q___add__, XV_Q___radd__},
    [XV_SUB] = {XV_Q___sub__, XV_Q___rsub__},
    [XV_MUL] = {XV_Q___mul__, XV_Q___rmul__},
    [XV_MATMUL] = {XV_Q___matmul__, XV_Q___rmatmul__},
    [XV_FLOORDIV] = {XV_Q___floordiv__, XV_Q___rfloordiv__},
    [XV_TRUEDIV] = {XV_Q___truediv__, XV_Q___rtruediv__},
    [XV_MOD] = {XV_Q___mod__, XV_Q___rmod__},
    [XV_POW] = {XV_Q___pow__, XV_Q___rpow__},
};

/* The plain operator of an in-place one; the operator itself if it is none. */
static enum xv_binary plain_operator(enum xv_binary op) {
    return op >= XV_IOR && op <= XV_IPOW ? (enum xv_binary)(op + (XV_OR - XV_IOR)) : op;
}

xv_value xv_special_find(const struct xv_vm *vm, xv_value v, uint16_t name) {
    if (!xv_is_user(v)) {
        return XV_NULL;
    }
    xv_value owner = XV_NULL;
    xv_value found = xv_type_lookup(vm, xv_type_of(vm, v), name, &owner);
    return found != XV_NULL && xv_kind(owner) == XV_KIND_CLASS ? found : XV_NULL;
}

xv_value xv_special_call(struct xv_vm *vm, xv_value method, xv_value v, const xv_value *args, size_t n) {
    xv_value with_self[4];
    if (xv_is_function(method) || xv_is_kind(method, XV_KIND_NATIVE)) {
        with_self[0] = v;
    } else if (xv_is_kind(method, XV_KIND_CLASSMETHOD)) {
        with_self[0] = xv_type_of(vm, v);
        method = ((struct xv_wrapper *)method)->get;
    } else {
        if (xv_is_kind(method, XV_KIND_STATICMETHOD)) {
            method = ((struct xv_wrapper *)method)->get;
        }
        return xv_call(vm, method, args, n);
    }
    memcpy(with_self + 1, args, n * sizeof *args);
    return xv_call(vm, method, with_self, n + 1);
}

/* ---- truth */

static int truth_of_user(struct xv_vm *vm, xv_value v, bool *decided) {
    *decided = true;
    xv_value method = xv_special_find(vm, v, XV_Q___bool__);
    if (method != XV_NULL) {
        xv_value result = xv_special_call(vm, method, v, &v, 0);
        if (result == XV_NULL || xv_is_bool(result)) {
            return result == XV_NULL ? -1 : result == XV_TRUE;
        }
        xv_raise(vm, &xv_exc_TypeError, "__bool__ should return bool, returned %t", result);
        return -1;
    }
    if (xv_special_find(vm, v, XV_Q___len__) != XV_NULL) {
        size_t len = 0;
        return xv_length(vm, v, &len) ? len != 0 : -1;
    }
    *decided = false;
    return 0;
}

int xv_truth(struct xv_vm *vm, xv_value v) {
    if (v == XV_TRUE) {
        return 1;
    }
    if (v == XV_FALSE || v == XV_NONE || v == XV_INT(0)) {
        return 0;
    }
    if (xv_is_small(v)) {
        return 1;
    }
    if (xv_is_qstr(v)) {
        return v != XV_QSTR(XV_Q_);
    }
    if (xv_is_user(v)) {
        bool decided;
        int truth = truth_of_user(vm, v, &decided);
        if (decided) {
            return truth;
        }
    }
    xv_value self;
    const struct xv_type *type = xv_native_type(vm, v, &self);
    const struct xv_type *t = type;
    XV_FIND_SLOT(t, truth);
    if (t != NULL) {
        return t->truth(vm, self);
    }
    XV_FIND_SLOT(type, length);
    size_t len = 1;
    if (type != NULL && !type->length(vm, self, &len)) {
        return -1;
    }
    return len != 0;
}

/* 1, 0 or -1 out of what a comparison gave. */
static int decide(struct xv_vm *vm, xv_value result) {
    if (result == XV_TRUE) {
        return 1;
    }
    return result == XV_FALSE ? 0 : result == XV_NULL ? -1 : xv_truth(vm, result);
}

/* ---- operators */

/* Asks the types of both sides, neither of which is an instance of a program's class except a plain one that
 * no built-in type knows. XV_NOT_IMPLEMENTED if neither can do it. */
static xv_value ask_types(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    const struct xv_type *left = xv_plain_type(vm, a);
    const struct xv_type *right = xv_plain_type(vm, b);
    XV_FIND_SLOT(left, binary);
    XV_FIND_SLOT(right, binary);
    if (left == NULL && right == NULL) {
        return XV_NOT_IMPLEMENTED;
    }
    xv_value r[2] = {a, b};
    xv_value result = XV_NOT_IMPLEMENTED;
    XV_ENTER(vm, r);
    if (left != NULL) {
        result = left->binary(vm, op, a, b, false);
        if (result == XV_NOT_IMPLEMENTED && op >= XV_IOR && op <= XV_IPOW) {
            result = left->binary(vm, plain_operator(op), r[0], r[1], false);
        }
    }
    if (result == XV_NOT_IMPLEMENTED && right != NULL && right != left) {
        result = right->binary(vm, plain_operator(op), r[0], r[1], true);
    }
    XV_LEAVE(vm);
    return result;
}

static xv_value unsupported(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    return xv_raise(vm, &xv_exc_TypeError, "unsupported types for %q: '%t', '%t'",
                    xv_operators[plain_operator(op)].name, a, b);
}

static xv_value call_operator(struct xv_vm *vm, uint16_t name, xv_value self, xv_value other) {
    xv_value method = name == 0 ? XV_NULL : xv_special_find(vm, self, name);
    return method == XV_NULL ? XV_NOT_IMPLEMENTED : xv_special_call(vm, method, self, &other, 1);
}

bool xv_right_first(const struct xv_vm *vm, xv_value a, xv_value b) {
    if (!xv_is_user(b)) {
        return false;
    }
    xv_value ta = xv_type_of(vm, a);
    xv_value tb = xv_type_of(vm, b);
    return ta != tb && xv_is_subtype(vm, tb, ta);
}

/* Asks the special methods of both sides, of which one at least is_user, and then the built-in types that
 * their classes derive from. */
static xv_value ask_classes(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    enum xv_binary plain = plain_operator(op);
    bool swap = xv_right_first(vm, a, b);
    xv_value result = XV_NOT_IMPLEMENTED;
    if (op != plain) {
        result = call_operator(vm, xv_operators[op].name, r[0], r[1]);
    }
    if (result == XV_NOT_IMPLEMENTED && swap) {
        result = call_operator(vm, xv_operators[plain].reflected, r[1], r[0]);
    }
    if (result == XV_NOT_IMPLEMENTED) {
        result = call_operator(vm, xv_operators[plain].name, r[0], r[1]);
    }
    if (result == XV_NOT_IMPLEMENTED && !swap) {
        result = call_operator(vm, xv_operators[plain].reflected, r[1], r[0]);
    }
    if (result == XV_NOT_IMPLEMENTED) {
        xv_value left = xv_unwrap(vm, r[0]);
        result = ask_types(vm, op, left, xv_unwrap(vm, r[1]));
        /* An in-place operator that changed the wrapped value gives the instance. */
        if (op != plain && result == xv_unwrap(vm, r[0])) {
            result = r[0];
        }
    }
    XV_LEAVE(vm);
    return result;
}

xv_value xv_binary_after(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    xv_value result = call_operator(vm, xv_operators[op].reflected, b, a);
    if (result == XV_NOT_IMPLEMENTED) {
        xv_value left = xv_unwrap(vm, r[0]);
        result = ask_types(vm, op, left, xv_unwrap(vm, r[1]));
    }
    if (result == XV_NOT_IMPLEMENTED) {
        result = op == XV_EQ ? XV_BOOL(r[0] == r[1]) : op == XV_NE ? XV_BOOL(r[0] != r[1]) : unsupported(vm, op, r[0], r[1]);
    }
    XV_LEAVE(vm);
    return result;
}

static xv_value ask(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    return xv_is_user(a) || xv_is_user(b) ? ask_classes(vm, op, a, b) : ask_types(vm, op, a, b);
}

/* True if `v` surely equals itself: not a nan, nor an object that may think otherwise. */
static bool equals_itself(xv_value v) {
    if (!xv_is_object(v)) {
        return true;
    }
    enum xv_kind kind = xv_kind(v);
    if (kind == XV_KIND_FLOAT) {
        xv_real r = xv_float(v);
        return r == r;
    }
    return kind != XV_KIND_GENERIC && !xv_is_user(v);
}

static xv_value equal(struct xv_vm *vm, xv_value a, xv_value b) {
    if (a == b && equals_itself(a)) {
        return XV_TRUE;
    }
    if (a == b && xv_is_kind(a, XV_KIND_FLOAT)) {
        return XV_FALSE;
    }
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    xv_value result = ask(vm, XV_EQ, a, b);
    XV_LEAVE(vm);
    return result == XV_NOT_IMPLEMENTED ? XV_BOOL(r[0] == r[1]) : result;
}

/* What one side says to `self != other`: its __ne__, or the contrary of its __eq__. */
static xv_value differs_from(struct xv_vm *vm, xv_value self, xv_value other) {
    if (!xv_is_user(self)) {
        return XV_NOT_IMPLEMENTED;
    }
    if (xv_special_find(vm, self, XV_Q___ne__) != XV_NULL) {
        return call_operator(vm, XV_Q___ne__, self, other);
    }
    xv_value same = call_operator(vm, XV_Q___eq__, self, other);
    if (same == XV_NULL || same == XV_NOT_IMPLEMENTED) {
        return same;
    }
    int truth = decide(vm, same);
    return truth < 0 ? XV_NULL : XV_BOOL(!truth);
}

static xv_value not_equal(struct xv_vm *vm, xv_value a, xv_value b) {
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    xv_value result = XV_NOT_IMPLEMENTED;
    if (xv_is_user(a) || xv_is_user(b)) {
        bool swap = xv_right_first(vm, a, b);
        result = differs_from(vm, r[swap], r[!swap]);
        if (result == XV_NOT_IMPLEMENTED) {
            result = differs_from(vm, r[!swap], r[swap]);
        }
        if (result == XV_NOT_IMPLEMENTED) {
            xv_value left = xv_unwrap(vm, r[0]);
            result = ask_types(vm, XV_EQ, left, xv_unwrap(vm, r[1]));
            result = xv_is_bool(result) ? XV_BOOL(result == XV_FALSE) : result;
        }
        if (result == XV_NOT_IMPLEMENTED) {
            result = XV_BOOL(r[0] != r[1]);
        }
    } else {
        int same = decide(vm, equal(vm, a, b));
        result = same < 0 ? XV_NULL : XV_BOOL(!same);
    }
    XV_LEAVE(vm);
    return result;
}

/* r, rooted: iterable, item, and room for a cursor. */
static xv_value search(struct xv_vm *vm, xv_value *r) {
    if (!xv_cursor_begin(vm, r + 2, r[0])) {
        return XV_NULL;
    }
    for (;;) {
        xv_value item = xv_cursor_next(vm, r + 2);
        if (item == XV_NULL || item == XV_STOP) {
            return item == XV_NULL ? XV_NULL : XV_FALSE;
        }
        int same = xv_equal(vm, item, r[1]);
        if (same != 0) {
            return same < 0 ? XV_NULL : XV_TRUE;
        }
    }
}

static xv_value contains(struct xv_vm *vm, xv_value container, xv_value item) {
    xv_value r[2 + XV_CURSOR_WORDS] = {container, item};
    XV_ENTER(vm, r);
    xv_value result = call_operator(vm, XV_Q___contains__, container, item);
    if (result != XV_NOT_IMPLEMENTED) {
        int found = decide(vm, result);
        result = found < 0 ? XV_NULL : XV_BOOL(found);
    } else {
        xv_value self;
        const struct xv_type *t = xv_native_type(vm, r[0], &self);
        XV_FIND_SLOT(t, binary);
        /* A class that says how to iterate also says what is in its instances. */
        if (t != NULL && xv_special_find(vm, r[0], XV_Q___iter__) == XV_NULL) {
            result = t->binary(vm, XV_IN, self, r[1], false);
        }
        if (result == XV_NOT_IMPLEMENTED) {
            result = search(vm, r);
        }
    }
    XV_LEAVE(vm);
    return result;
}

static bool is_exception_type(const struct xv_vm *vm, xv_value v) {
    return xv_is_type(v) && xv_is_subtype(vm, v, xv_from(&xv_exc_BaseException));
}

static xv_value exception_match(struct xv_vm *vm, xv_value exc, xv_value pattern) {
    xv_value type = xv_type_of(vm, exc);
    const xv_value *types = &pattern;
    size_t n = 1;
    if (xv_is_kind(pattern, XV_KIND_TUPLE)) {
        types = xv_items(pattern);
        n = xv_n_items(pattern);
    }
    bool matches = false;
    for (size_t i = 0; i < n; i++) {
        /* One type or a tuple's. */
        /* cppcheck-suppress objectIndex */
        if (!is_exception_type(vm, types[i])) {
            return xv_raise(vm, &xv_exc_TypeError,
                            "catching classes that do not inherit from BaseException is not allowed");
        }
        matches = matches || xv_is_subtype(vm, type, types[i]);
    }
    return XV_BOOL(matches);
}

xv_value xv_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b) {
    switch (op) {
    case XV_EQ:
        return equal(vm, a, b);
    case XV_NE:
        return not_equal(vm, a, b);
    case XV_IN:
        return contains(vm, b, a);
    case XV_IS:
        return XV_BOOL(a == b);
    case XV_EXC_MATCH:
        return exception_match(vm, a, b);
    default:
        break;
    }
    xv_value r[2] = {a, b};
    XV_ENTER(vm, r);
    xv_value result = ask(vm, op, a, b);
    XV_LEAVE(vm);
    return result == XV_NOT_IMPLEMENTED ? unsupported(vm, op, r[0], r[1]) : result;
}

/* Both are numbers or names that are immediate, and no bool: such are equal only if they are identical or an
 * int and a float. */
static bool surely_differ(xv_value a, xv_value b) {
    if (xv_is_small(a)) {
        return xv_is_small(b) || xv_is_qstr(b);
    }
    if (xv_is_qstr(a)) {
        return xv_is_small(b) || xv_is_qstr(b);
    }
#if XV_FLOAT_IMMEDIATE
    return xv_is_flonum(a) && xv_is_flonum(b);
#else
    return false;
#endif
}

int xv_equal(struct xv_vm *vm, xv_value a, xv_value b) {
    if (a == b) {
        return 1;
    }
    if (surely_differ(a, b)) {
        return 0;
    }
    return decide(vm, equal(vm, a, b));
}

int xv_less(struct xv_vm *vm, xv_value a, xv_value b) {
    if (xv_both_small(a, b)) {
        return (intptr_t)a < (intptr_t)b;
    }
#if XV_FLOAT_IMMEDIATE
    if (xv_is_flonum(a) && xv_is_flonum(b)) {
        return xv_flonum(a) < xv_flonum(b);
    }
#endif
    return decide(vm, xv_binary(vm, XV_LT, a, b));
}

xv_value xv_unary(struct xv_vm *vm, enum xv_unary op, xv_value v) {
    if (op == XV_NOT) {
        int truth = xv_truth(vm, v);
        return truth < 0 ? XV_NULL : XV_BOOL(!truth);
    }
    xv_value method = xv_special_find(vm, v, xv_unary_names[op]);
    if (method != XV_NULL) {
        return xv_special_call(vm, method, v, &v, 0);
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value self;
    const struct xv_type *t = xv_native_type(vm, v, &self);
    XV_FIND_SLOT(t, unary);
    xv_value result = t == NULL ? XV_NOT_IMPLEMENTED : t->unary(vm, op, self);
    XV_LEAVE(vm);
    if (result == XV_NOT_IMPLEMENTED) {
        return xv_raise(vm, &xv_exc_TypeError, "unsupported type for %q: '%t'", xv_unary_names[op], r[0]);
    }
    return result;
}

/* ---- hash */

uint32_t xv_hash_int(intptr_t i) {
    uint64_t u = (uint64_t)(int64_t)i;
    return (uint32_t)u ^ ((uint32_t)(u >> 32) * 31u);
}

static bool unhashable(struct xv_vm *vm, xv_value v) {
    xv_raise(vm, &xv_exc_TypeError, "unsupported type for __hash__: '%t'", v);
    return false;
}

/* The place of a class in another's MRO. */
static size_t mro_position(xv_value class_, xv_value entry) {
    xv_value mro = xv_class(class_)->mro;
    size_t i = 0;
    while (i < xv_n_items(mro) && xv_items(mro)[i] != entry) {
        i++;
    }
    return i;
}

static bool hash_by_method(struct xv_vm *vm, xv_value method, xv_value v, uint32_t *out) {
    xv_value result = xv_special_call(vm, method, v, &v, 0);
    if (result == XV_NULL) {
        return false;
    }
    result = xv_unwrap(vm, result);
    if (!xv_is_int(result) && !xv_is_bool(result)) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert %t to int", result);
        return false;
    }
    return xv_hash(vm, result, out);
}

static bool hash_of_user(struct xv_vm *vm, xv_value v, uint32_t *out, bool *decided) {
    *decided = true;
    xv_value class_ = xv_type_of(vm, v);
    xv_value hash_owner = XV_NULL;
    xv_value eq_owner = XV_NULL;
    xv_value hash = xv_type_lookup(vm, class_, XV_Q___hash__, &hash_owner);
    xv_value eq = xv_type_lookup(vm, class_, XV_Q___eq__, &eq_owner);
    bool has_hash = hash != XV_NULL && xv_kind(hash_owner) == XV_KIND_CLASS;
    bool has_eq = eq != XV_NULL && xv_kind(eq_owner) == XV_KIND_CLASS;
    if (has_eq && (!has_hash || mro_position(class_, eq_owner) < mro_position(class_, hash_owner))) {
        return unhashable(vm, v);
    }
    if (has_hash) {
        return hash == XV_NONE ? unhashable(vm, v) : hash_by_method(vm, hash, v, out);
    }
    *decided = false;
    return true;
}

bool xv_hash(struct xv_vm *vm, xv_value v, uint32_t *out) {
    if (xv_is_small(v)) {
        *out = xv_hash_int(xv_small(v));
        return true;
    }
    if (xv_is_qstr(v)) {
        *out = xv_qstr_hash(vm, xv_qstr_id(v));
        return true;
    }
    if (xv_is_user(v)) {
        bool decided;
        bool ok = hash_of_user(vm, v, out, &decided);
        if (decided) {
            return ok;
        }
    }
    xv_value self;
    const struct xv_type *type = xv_native_type(vm, v, &self);
    for (const struct xv_type *t = type; t != NULL; t = t->base) {
        if (t->flags & XV_T_UNHASHABLE) {
            return unhashable(vm, v);
        }
        if (t->hash != NULL) {
            return t->hash(vm, self, out);
        }
    }
    return xv_hash_identity(vm, v, out);
}

/* ---- length and subscripts */

bool xv_length(struct xv_vm *vm, xv_value v, size_t *out) {
    xv_value method = xv_special_find(vm, v, XV_Q___len__);
    if (method != XV_NULL) {
        intptr_t len;
        xv_value result = xv_special_call(vm, method, v, &v, 0);
        if (result == XV_NULL || !xv_to_index(vm, result, &len)) {
            return false;
        }
        if (len < 0) {
            xv_raise(vm, &xv_exc_ValueError, "__len__() should return >= 0");
            return false;
        }
        *out = (size_t)len;
        return true;
    }
    xv_value self;
    const struct xv_type *t = xv_native_type(vm, v, &self);
    XV_FIND_SLOT(t, length);
    if (t == NULL) {
        xv_raise(vm, &xv_exc_TypeError, "object of type '%t' has no len()", v);
        return false;
    }
    return t->length(vm, self, out);
}

xv_value xv_get_item(struct xv_vm *vm, xv_value v, xv_value index) {
    const struct xv_type *t;
    xv_value self = v;
    if (xv_is_user(v)) {
        xv_value method = xv_special_find(vm, v, XV_Q___getitem__);
        if (method != XV_NULL) {
            return xv_special_call(vm, method, v, &index, 1);
        }
        t = xv_native_type(vm, v, &self);
    } else {
        t = xv_plain_type(vm, v);
    }
    XV_FIND_SLOT(t, get_item);
    if (t == NULL) {
        return xv_raise(vm, &xv_exc_TypeError, "'%t' object isn't subscriptable", v);
    }
    return t->get_item(vm, self, index);
}

bool xv_set_item(struct xv_vm *vm, xv_value v, xv_value index, xv_value value) {
    const struct xv_type *t;
    xv_value self = v;
    bool delete = value == XV_NULL;
    if (xv_is_user(v)) {
        xv_value method = xv_special_find(vm, v, delete ? XV_Q___delitem__ : XV_Q___setitem__);
        if (method != XV_NULL) {
            xv_value args[2] = {index, value};
            return xv_special_call(vm, method, v, args, delete ? 1 : 2) != XV_NULL;
        }
        t = xv_native_type(vm, v, &self);
    } else {
        t = xv_plain_type(vm, v);
    }
    XV_FIND_SLOT(t, set_item);
    if (t == NULL) {
        xv_raise(vm, &xv_exc_TypeError, "'%t' object doesn't support item %s", v,
                 delete ? "deletion" : "assignment");
        return false;
    }
    return t->set_item(vm, self, index, value);
}

/* ---- iteration */

/* The iterator of whatever has only subscripts: the object (XV_NULL once exhausted) and the next index. */
enum { ITERATOR_OBJECT, ITERATOR_INDEX };

/* True if the index is past the end of a built-in; others tell by raising. r[0], rooted, is the iterator. */
static int past_end(struct xv_vm *vm, const xv_value *r) {
    size_t len;
    xv_value object = xv_slots(r[0])[ITERATOR_OBJECT];
    if (xv_is_user(object)) {
        return 0;
    }
    if (!xv_length(vm, object, &len)) {
        return -1;
    }
    return (size_t)xv_small(xv_slots(r[0])[ITERATOR_INDEX]) >= len;
}

/* The item at the iterator's index: XV_STOP past the end. */
static xv_value item_at(struct xv_vm *vm, const xv_value *r) {
    int past = past_end(vm, r);
    if (past != 0) {
        return past < 0 ? XV_NULL : XV_STOP;
    }
    const xv_value *slots = xv_slots(r[0]);
    xv_value item = xv_get_item(vm, slots[ITERATOR_OBJECT], slots[ITERATOR_INDEX]);
    if (item == XV_NULL && (xv_pending(vm, &xv_exc_IndexError) || xv_pending(vm, &xv_exc_StopIteration))) {
        xv_clear(vm);
        return XV_STOP;
    }
    return item;
}

static xv_value iterator_next(struct xv_vm *vm, xv_value self) {
    if (xv_slots(self)[ITERATOR_OBJECT] == XV_NULL) {
        return XV_STOP;
    }
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    xv_value item = item_at(vm, r);
    if (item == XV_STOP) {
        xv_slots(r[0])[ITERATOR_OBJECT] = XV_NULL;
    } else if (item != XV_NULL) {
        xv_value *index = &xv_slots(r[0])[ITERATOR_INDEX];
        *index = XV_INT(xv_small(*index) + 1);
    }
    XV_LEAVE(vm);
    return item;
}

const struct xv_type xv_type_iterator = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_iterator,
    .flags = XV_T_NO_SUBCLASS | XV_T_ITER_SELF,
    .next = iterator_next,
};

/* True if xv_next can be asked of it. */
static bool is_iterator(const struct xv_vm *vm, xv_value v) {
    xv_value self;
    const struct xv_type *t = xv_native_type(vm, v, &self);
    XV_FIND_SLOT(t, next);
    return t != NULL || xv_special_find(vm, v, XV_Q___next__) != XV_NULL;
}

static xv_value iter_by_method(struct xv_vm *vm, xv_value method, xv_value v) {
    xv_value iterator = xv_special_call(vm, method, v, &v, 0);
    if (iterator != XV_NULL && !is_iterator(vm, iterator)) {
        return xv_raise(vm, &xv_exc_TypeError, "'%t' object isn't an iterator", iterator);
    }
    return iterator;
}

xv_value xv_iter(struct xv_vm *vm, xv_value v) {
    xv_value self = v;
    const struct xv_type *type;
    bool by_index = false;
    if (xv_is_user(v)) {
        xv_value method = xv_special_find(vm, v, XV_Q___iter__);
        if (method == XV_NONE) {
            return xv_raise(vm, &xv_exc_TypeError, "'%t' object isn't iterable", v);
        }
        if (method != XV_NULL) {
            return iter_by_method(vm, method, v);
        }
        type = xv_native_type(vm, v, &self);
        by_index = xv_special_find(vm, v, XV_Q___getitem__) != XV_NULL;
    } else {
        type = xv_plain_type(vm, v);
    }
    for (const struct xv_type *t = type; t != NULL; t = t->base) {
        if (t->flags & XV_T_ITER_SELF) {
            return self == v || xv_special_find(vm, v, XV_Q___next__) == XV_NULL ? self : v;
        }
        if (t->iterator != NULL) {
            return xv_iterator_new(vm, t->iterator, self);
        }
        if (t->iter != NULL) {
            return t->iter(vm, self);
        }
        by_index = by_index || (t->get_item != NULL && t->length != NULL);
    }
    if (by_index) {
        return xv_iterator_new(vm, &xv_type_iterator, v);
    }
    return xv_raise(vm, &xv_exc_TypeError, "'%t' object isn't iterable", v);
}

bool xv_is_own_iterator(const struct xv_vm *vm, xv_value v) {
    const struct xv_type *t = xv_is_kind(v, XV_KIND_GENERIC) ? xv_plain_type(vm, v) : NULL;
    return t != NULL && (t->flags & XV_T_ITER_SELF) != 0;
}

xv_value xv_iter_settled(struct xv_vm *vm, xv_value iterable) {
    if (xv_can_ask(vm) && (xv_is_user(iterable) || xv_is_kind(iterable, XV_KIND_GENERATOR) ||
                           xv_is_own_iterator(vm, iterable))) {
        iterable = xv_list_from(vm, iterable);
    }
    return iterable == XV_NULL ? XV_NULL : xv_iter(vm, iterable);
}

/* A StopIteration from below ends the iteration like XV_STOP. */
static xv_value stop_or_fail(struct xv_vm *vm) {
    if (xv_pending(vm, &xv_exc_StopIteration)) {
        xv_clear(vm);
        return XV_STOP;
    }
    return XV_NULL;
}

xv_value xv_next(struct xv_vm *vm, xv_value iterator) {
    const struct xv_type *t;
    xv_value self = iterator;
    xv_value item;
    if (xv_is_user(iterator)) {
        xv_value method = xv_special_find(vm, iterator, XV_Q___next__);
        if (method != XV_NULL) {
            item = xv_special_call(vm, method, iterator, &iterator, 0);
            return item != XV_NULL ? item : stop_or_fail(vm);
        }
        t = xv_native_type(vm, iterator, &self);
    } else {
        t = xv_plain_type(vm, iterator);
    }
    XV_FIND_SLOT(t, next);
    if (t == NULL) {
        return xv_raise(vm, &xv_exc_TypeError, "'%t' object isn't an iterator", iterator);
    }
    if (xv_can_ask(vm) && xv_draws_python(vm, self)) {
        item = xv_ask_next(vm, self);
        return item != XV_NULL ? item : stop_or_fail(vm);
    }
    /* sum(range(10**12)) and its like call nothing that would notice. */
    if (xv_atomic_peek(&vm->outside.attention) != 0 && xv_interrupted(vm)) {
        return XV_NULL;
    }
    /* Iterators that draw from iterators can be nested without bound. */
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    item = t->next(vm, self);
    xv_native_leave(vm);
    return item != XV_NULL ? item : stop_or_fail(vm);
}

/* The list or tuple that has the items of `v`, unless its class iterates in its own way; else XV_NULL. */
static xv_value as_sequence(const struct xv_vm *vm, xv_value v) {
    if (xv_is_user(v)) {
        if (xv_special_find(vm, v, XV_Q___iter__) != XV_NULL) {
            return XV_NULL;
        }
        v = xv_unwrap(vm, v);
    }
    return xv_is_kind(v, XV_KIND_LIST) || xv_is_kind(v, XV_KIND_TUPLE) ? v : XV_NULL;
}

/* A list with the items of a list or tuple. */
static xv_value list_copy(struct xv_vm *vm, xv_value sequence) {
    xv_value r[1] = {sequence};
    XV_ENTER(vm, r);
    xv_value *items;
    size_t n = 0;
    xv_sequence(vm, r[0], &items, &n);
    xv_value list = xv_list_new(vm, n);
    if (list != XV_NULL && n != 0) {
        xv_sequence(vm, r[0], &items, &n);
        memcpy(xv_list_items(list), items, n * sizeof *items);
        xv_list(list)->len = n;
    }
    XV_LEAVE(vm);
    return list;
}

xv_value xv_list_from(struct xv_vm *vm, xv_value iterable) {
    xv_value sequence = as_sequence(vm, iterable);
    if (sequence != XV_NULL) {
        return list_copy(vm, sequence);
    }
    xv_value r[3] = {iterable, XV_NULL, iterable};
    XV_ENTER(vm, r);
    r[0] = xv_iter(vm, r[0]);
    /* What an iterator gave it does not give again if the instruction is executed once more, and one that is made
     * anew begins anew. */
    if (xv_can_ask(vm) && r[0] != XV_NULL && r[0] != r[2] && xv_draws_python(vm, r[0])) {
        r[0] = xv_kept(vm, r[0]);
    }
    bool own = xv_can_ask(vm) && xv_is_own_iterator(vm, r[0]);
    bool keep = own && !xv_draws_python(vm, r[0]); /* at its end it may seem to */
    xv_value before = own ? xv_kept_before(vm) : XV_NULL;
    if (before != XV_NULL) {
        XV_LEAVE(vm);
        return before;
    }
    r[1] = r[0] == XV_NULL ? XV_NULL : xv_list_new(vm, 0);
    while (r[1] != XV_NULL) {
        xv_value item = xv_next(vm, r[0]);
        if (item == XV_STOP) {
            break;
        }
        if (item == XV_NULL || !xv_list_append(vm, r[1], item)) {
            r[1] = XV_NULL;
        }
    }
    if (keep && r[1] != XV_NULL) {
        r[1] = xv_keep(vm, r[1]);
    }
    XV_LEAVE(vm);
    return r[1];
}

xv_value xv_tuple_from(struct xv_vm *vm, xv_value iterable) {
    xv_value sequence = as_sequence(vm, iterable);
    if (xv_is_kind(sequence, XV_KIND_TUPLE)) {
        return sequence;
    }
    xv_value r[1] = {sequence != XV_NULL ? sequence : xv_list_from(vm, iterable)};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    size_t n = xv_list(r[0])->len;
    xv_value tuple = xv_tuple_new(vm, n);
    if (tuple != XV_NULL && n != 0) {
        memcpy(xv_items(tuple), xv_list_items(r[0]), n * sizeof(xv_value));
    }
    XV_LEAVE(vm);
    return tuple;
}

/* ---- conversions */

/* An int or bool out of an int, a bool, or an instance that stands for one; XV_STOP for anything else. */
static xv_value as_int(struct xv_vm *vm, xv_value v) {
    xv_value plain = xv_unwrap(vm, v);
    if (xv_is_int(plain) || xv_is_bool(plain)) {
        return plain;
    }
    xv_value method = xv_special_find(vm, v, XV_Q___index__);
    if (method == XV_NULL) {
        return XV_STOP;
    }
    xv_value result = xv_special_call(vm, method, v, &v, 0);
    if (result == XV_NULL) {
        return XV_NULL;
    }
    result = xv_unwrap(vm, result);
    if (xv_is_int(result) || xv_is_bool(result)) {
        return result;
    }
    return xv_raise(vm, &xv_exc_TypeError, "__index__ returned non-int (type %t)", result);
}

/* The number in an int or bool. False if it is too large. */
xv_value xv_as_int(struct xv_vm *vm, xv_value v) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value i = as_int(vm, v);
    if (i == XV_STOP) {
        i = xv_raise(vm, &xv_exc_TypeError, "can't convert %t to int", r[0]);
    }
    XV_LEAVE(vm);
    return xv_is_bool(i) ? XV_INT(i == XV_TRUE) : i;
}

static bool machine_int(xv_value v, intptr_t *out) {
    if (xv_is_small(v)) {
        *out = xv_small(v);
        return true;
    }
    if (xv_is_bool(v)) {
        *out = v == XV_TRUE;
        return true;
    }
    int64_t wide;
    if (!xv_int_to_i64(v, &wide) || wide < INTPTR_MIN || wide > INTPTR_MAX) {
        return false;
    }
    *out = (intptr_t)wide;
    return true;
}

bool xv_to_index(struct xv_vm *vm, xv_value v, intptr_t *out) {
    if (xv_is_small(v)) {
        xv_chance(vm);
        *out = xv_small(v);
        return true;
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value number = as_int(vm, v);
    XV_LEAVE(vm);
    if (number == XV_STOP) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert %t to int", r[0]);
        return false;
    }
    if (number == XV_NULL) {
        return false;
    }
    if (!machine_int(number, out)) {
        xv_raise(vm, &xv_exc_OverflowError, "overflow converting long int to machine word");
        return false;
    }
    return true;
}

/* The number in an int, bool or float; false, without an exception, for anything else. */
static bool plain_real(struct xv_vm *vm, xv_value v, xv_real *out, bool *is_number) {
    *is_number = true;
    if (xv_is_small(v)) {
        *out = (xv_real)xv_small(v);
        return true;
    }
    if (xv_is_float(v)) {
        *out = xv_float(v);
        return true;
    }
    if (xv_is_bool(v)) {
        *out = v == XV_TRUE ? (xv_real)1 : (xv_real)0;
        return true;
    }
    if (xv_is_kind(v, XV_KIND_INT)) {
        *out = xv_int_to_real(v);
        if (isinf(*out)) {
            xv_raise(vm, &xv_exc_OverflowError, "int too large to convert to float");
        }
        return !isinf(*out);
    }
    *is_number = false;
    return false;
}

bool xv_to_real(struct xv_vm *vm, xv_value v, xv_real *out) {
    bool is_number;
    bool ok = plain_real(vm, xv_unwrap(vm, v), out, &is_number);
    if (is_number) {
        return ok;
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value method = xv_special_find(vm, v, XV_Q___float__);
    xv_value number = method == XV_NULL ? as_int(vm, v) : xv_special_call(vm, method, v, &v, 0);
    XV_LEAVE(vm);
    if (number == XV_NULL) {
        return false;
    }
    if (method != XV_NULL && !xv_is_float(xv_unwrap(vm, number))) {
        xv_raise(vm, &xv_exc_TypeError, "__float__ returned non-float (type %t)", number);
        return false;
    }
    ok = plain_real(vm, xv_unwrap(vm, number), out, &is_number);
    if (!is_number) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert %t to float", r[0]);
    }
    return ok;
}

bool xv_check_index(struct xv_vm *vm, xv_value index, size_t len, const char *what, size_t *out) {
    intptr_t i;
    if (xv_is_small(index)) {
        i = xv_small(index);
    } else {
        xv_value r[1] = {index};
        XV_ENTER(vm, r);
        xv_value number = as_int(vm, index);
        XV_LEAVE(vm);
        if (number == XV_STOP) {
            xv_raise(vm, &xv_exc_TypeError, "%s indices must be integers, not %t", what, r[0]);
        }
        if (number == XV_NULL || number == XV_STOP) {
            return false;
        }
        if (!machine_int(number, &i)) {
            i = INTPTR_MIN;
        }
    }
    if (i < 0 && (size_t)(-(i + 1)) < len) {
        *out = len - (size_t)(-(i + 1)) - 1;
        return true;
    }
    if (i < 0 || (size_t)i >= len) {
        xv_raise(vm, &xv_exc_IndexError, "%s index out of range", what);
        return false;
    }
    *out = (size_t)i;
    return true;
}

bool xv_get_buffer(struct xv_vm *vm, xv_value v, struct xv_buffer *out) {
    xv_value self;
    const struct xv_type *t = xv_native_type(vm, v, &self);
    XV_FIND_SLOT(t, buffer);
    if (t == NULL) {
        xv_raise(vm, &xv_exc_TypeError, "object with buffer protocol required");
        return false;
    }
    return t->buffer(vm, self, out);
}

bool xv_callable(const struct xv_vm *vm, xv_value v) {
    if (xv_is_function(v) || xv_special_find(vm, v, XV_Q___call__) != XV_NULL) {
        return true;
    }
    xv_value self;
    const struct xv_type *t = xv_native_type(vm, v, &self);
    XV_FIND_SLOT(t, call);
    return t != NULL;
}
