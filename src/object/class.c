/* Classes that programs make: their method resolution order, their shapes and their instances. */
#include "object/container.h"
#include "object/str.h"
#include "object/type.h"
#include "vm/ask.h"

/* ---- method resolution order: C3, as in Python
 *
 * The sequences to be merged are the MROs of the bases and the list of bases itself. They are kept as a list of
 * lists-with-position: for n sequences, an ARRAY of n sequences and one of n positions. */

static xv_value mro_of(struct xv_vm *vm, xv_value type) {
    if (xv_kind(type) == XV_KIND_CLASS) {
        return xv_class(type)->mro;
    }
    size_t n = 0;
    for (const struct xv_type *t = xv_as_type(type); t != NULL; t = t->base) {
        n++;
    }
    xv_value mro = xv_tuple_new(vm, n);
    if (mro != XV_NULL) {
        size_t i = 0;
        for (const struct xv_type *t = xv_as_type(type); t != NULL; t = t->base) {
            xv_items(mro)[i++] = xv_from(t);
        }
    }
    return mro;
}

/* True if `candidate` stands behind the position of any sequence. */
static bool in_a_tail(xv_value sequences, xv_value positions, xv_value candidate) {
    for (size_t i = 0; i < xv_n_items(sequences); i++) {
        xv_value s = xv_items(sequences)[i];
        for (size_t k = (size_t)xv_small(xv_items(positions)[i]) + 1; k < xv_n_items(s); k++) {
            if (xv_items(s)[k] == candidate) {
                return true;
            }
        }
    }
    return false;
}

/* The next class of the order: XV_STOP when all sequences are used up, XV_NULL if there is no consistent one. */
static xv_value next_in_order(struct xv_vm *vm, xv_value sequences, xv_value positions) {
    bool left = false;
    for (size_t i = 0; i < xv_n_items(sequences); i++) {
        xv_value s = xv_items(sequences)[i];
        size_t at = (size_t)xv_small(xv_items(positions)[i]);
        if (at < xv_n_items(s)) {
            left = true;
            if (!in_a_tail(sequences, positions, xv_items(s)[at])) {
                return xv_items(s)[at];
            }
        }
    }
    return left ? xv_raise(vm, &xv_exc_TypeError, "no consistent method resolution order for these bases") : XV_STOP;
}

static void pass_over(xv_value sequences, xv_value positions, xv_value taken) {
    for (size_t i = 0; i < xv_n_items(sequences); i++) {
        xv_value s = xv_items(sequences)[i];
        size_t at = (size_t)xv_small(xv_items(positions)[i]);
        if (at < xv_n_items(s) && xv_items(s)[at] == taken) {
            xv_items(positions)[i] = XV_INT((intptr_t)at + 1);
        }
    }
}

/* The order of the bases of a new class, merged, as a list whose first item is XV_NULL: the class's place. */
static xv_value merge(struct xv_vm *vm, xv_value bases) {
    size_t n = xv_n_items(bases);
    xv_value r[4] = {bases, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_tuple_new(vm, n + 1);
    r[2] = r[1] == XV_NULL ? XV_NULL : xv_tuple_new(vm, n + 1);
    r[3] = r[2] == XV_NULL ? XV_NULL : xv_list_new(vm, n + 2);
    bool done = r[3] != XV_NULL && xv_list_append(vm, r[3], XV_NONE);
    for (size_t i = 0; done && i <= n; i++) {
        xv_value s = i < n ? mro_of(vm, xv_items(r[0])[i]) : r[0];
        done = s != XV_NULL;
        if (done) {
            xv_items(r[1])[i] = s;
            xv_items(r[2])[i] = XV_INT(0);
        }
    }
    while (done) {
        xv_value next = next_in_order(vm, r[1], r[2]);
        if (next == XV_STOP) {
            break;
        }
        done = next != XV_NULL;
        if (done) {
            pass_over(r[1], r[2], next);
            done = xv_list_append(vm, r[3], next);
        }
    }
    XV_LEAVE(vm);
    return done ? r[3] : XV_NULL;
}

/* ---- making a class */

/* Inherits what its bases say of instances. False with TypeError if they cannot be combined. */
static bool inherit(struct xv_vm *vm, struct xv_class *c) {
    for (size_t i = 0; i < xv_n_items(c->bases); i++) {
        xv_value base = xv_items(c->bases)[i];
        xv_value native = XV_NULL;
        if (xv_is_kind(base, XV_KIND_CLASS)) {
            c->flags |= (uint16_t)(xv_class(base)->flags & ~(unsigned)XV_C_HAS_INSTANCES);
            native = xv_class(base)->native;
        } else if (xv_is_kind(base, XV_KIND_TYPE)) {
            if (xv_as_type(base)->flags & XV_T_NO_SUBCLASS) {
                xv_raise(vm, &xv_exc_TypeError, "type '%v' isn't an acceptable base type", xv_type_name(base));
                return false;
            }
            if (base != xv_from(&xv_type_object)) {
                native = base;
            }
            if (xv_as_type(base)->flags & XV_T_EXCEPTION) {
                c->flags |= XV_C_EXCEPTION;
            }
        } else {
            xv_raise(vm, &xv_exc_TypeError, "bases must be types");
            return false;
        }
        if (native == XV_NULL) {
            continue;
        }
        if (c->native == XV_NULL || xv_is_subtype(vm, native, c->native)) {
            c->native = native;
        } else if (!xv_is_subtype(vm, c->native, native)) {
            xv_raise(vm, &xv_exc_TypeError, "multiple bases have instance lay-out conflict");
            return false;
        }
    }
    return true;
}

void xv_class_note(struct xv_vm *vm, xv_value class_, uint16_t name) {
    (void)vm;
    static const struct {
        uint16_t name;
        uint8_t flag;
    } special[] = {
        {XV_Q___getattr__, XV_C_GETATTR},
        {XV_Q___setattr__, XV_C_SETATTR},
        {XV_Q___delattr__, XV_C_SETATTR},
        {XV_Q___new__, XV_C_NEW},
    };
    for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
        if (special[i].name == name) {
            xv_class(class_)->flags |= special[i].flag;
        }
    }
}

static xv_value shape_new(struct xv_vm *vm, xv_value class_, xv_value parent, uint16_t name) {
    xv_value r[2] = {class_, parent};
    XV_ENTER(vm, r);
    xv_value v = xv_alloc_bytes(vm, XV_KIND_SHAPE, sizeof(struct xv_shape) - sizeof(uintptr_t));
    XV_LEAVE(vm);
    if (v == XV_NULL) {
        return XV_NULL;
    }
    struct xv_shape *s = xv_shape(v);
    s->class_ = r[0];
    s->parent = r[1];
    s->name = name == 0 ? XV_NULL : XV_QSTR(name);
    if (r[1] != XV_NULL) {
        s->n = (uint16_t)(xv_shape(r[1])->n + 1);
        s->next = xv_shape(r[1])->child;
        xv_shape(r[1])->child = v;
    }
    return v;
}

/* A function of that name in a class's dict becomes a static or class method without being marked so. */
static bool wrap_special(struct xv_vm *vm, xv_value dict, uint16_t name, enum xv_kind kind) {
    xv_value f = xv_dict_get_name(vm, dict, name);
    if (f == XV_NULL || !xv_is_function(f)) {
        return true;
    }
    xv_value r[2] = {dict, f};
    XV_ENTER(vm, r);
    xv_value wrapper = xv_alloc(vm, kind, sizeof(struct xv_wrapper) / sizeof(uintptr_t));
    bool done = wrapper != XV_NULL;
    if (done) {
        ((struct xv_wrapper *)wrapper)->get = r[1];
        done = xv_dict_set_name(vm, r[0], name, wrapper);
    }
    XV_LEAVE(vm);
    return done;
}

/* Fills in a class whose name, bases and dict are set. r[0] is the class, r[1] a free root. */
static bool complete(struct xv_vm *vm, xv_value *r) {
    if (!inherit(vm, xv_class(r[0])) ||
        !wrap_special(vm, xv_class(r[0])->dict, XV_Q___new__, XV_KIND_STATICMETHOD) ||
        !wrap_special(vm, xv_class(r[0])->dict, XV_Q___init_subclass__, XV_KIND_CLASSMETHOD)) {
        return false;
    }
    uint32_t at = 0;
    xv_value key;
    while (xv_dict_next(xv_class(r[0])->dict, &at, &key, NULL)) {
        if (xv_is_qstr(key)) {
            xv_class_note(vm, r[0], xv_qstr_id(key));
        }
    }
    r[1] = merge(vm, xv_class(r[0])->bases);
    if (r[1] == XV_NULL) {
        return false;
    }
    r[1] = xv_tuple_from(vm, r[1]);
    if (r[1] == XV_NULL) {
        return false;
    }
    xv_items(r[1])[0] = r[0];
    xv_class(r[0])->mro = r[1];
    xv_dict(xv_class(r[0])->dict)->role = XV_DICT_OF_CLASS;
    xv_dict_fit(vm, xv_class(r[0])->dict);
    return true;
}

/* Tells the attributes of a new class their names: __set_name__(class, name). They are those that the class has now, whatever
 * is added meanwhile. */
static bool set_names(struct xv_vm *vm, xv_value class_) {
    xv_value r[4] = {class_, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    bool done = true, any = false;
    uint32_t at = 0;
    xv_value key, value;
    while (!any && xv_dict_next(xv_class(class_)->dict, &at, &key, &value)) {
        any = xv_is_user(value) && xv_special_find(vm, value, XV_Q___set_name__) != XV_NULL;
    }
    if (any) {
        r[1] = xv_dict_copy(vm, xv_class(class_)->dict);
        done = r[1] != XV_NULL;
        at = 0;
    }
    while (any && done && xv_dict_next(r[1], &at, &r[2], &r[3])) {
        xv_value method = xv_is_user(r[3]) ? xv_special_find(vm, r[3], XV_Q___set_name__) : XV_NULL;
        if (method != XV_NULL) {
            xv_value args[2] = {r[0], r[2]};
            done = xv_special_call(vm, method, r[3], args, 2) != XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return done;
}

/* Tells the first of a new class's bases that wants to know: __init_subclass__(), bound to the new class. */
static bool tell_base(struct xv_vm *vm, xv_value class_) {
    xv_value mro = xv_class(class_)->mro;
    for (size_t i = 1; i < xv_n_items(mro); i++) {
        xv_value base = xv_items(mro)[i];
        xv_value method = xv_is_kind(base, XV_KIND_CLASS)
                              ? xv_dict_get_name(vm, xv_class(base)->dict, XV_Q___init_subclass__)
                              : XV_NULL;
        if (xv_is_kind(method, XV_KIND_CLASSMETHOD)) {
            return xv_call(vm, ((struct xv_wrapper *)method)->get, &class_, 1) != XV_NULL;
        }
    }
    return true;
}

/* The bases of most classes. */
static const struct {
    uintptr_t header;
    xv_value item;
} object_alone = {XV_HEADER(XV_KIND_TUPLE, 2), (xv_value)&xv_type_object};

xv_value xv_class_new(struct xv_vm *vm, xv_value name, xv_value bases, xv_value dict) {
    if (name == XV_NULL || !xv_is_str(vm, name)) {
        return xv_raise(vm, &xv_exc_TypeError, "the name of a class must be a str");
    }
    xv_value r[5] = {XV_NULL, XV_NULL, name, bases, dict};
    XV_ENTER(vm, r);
    r[2] = xv_intern_str(vm, name);
    if (r[2] == XV_NULL) {
        XV_LEAVE(vm);
        return XV_NULL;
    }
    if (xv_n_items(r[3]) == 0 || (xv_n_items(r[3]) == 1 && xv_items(r[3])[0] == xv_from(&xv_type_object))) {
        r[3] = xv_from(&object_alone);
    }
    r[0] = xv_alloc_bytes(vm, XV_KIND_CLASS, sizeof(struct xv_class) - sizeof(uintptr_t));
    if (r[0] != XV_NULL) {
        struct xv_class *c = xv_class(r[0]);
        c->name = r[2];
        c->bases = r[3];
        c->dict = r[4];
        r[0] = complete(vm, r) ? xv_kept(vm, r[0]) : XV_NULL;
        if (r[0] != XV_NULL && (!set_names(vm, r[0]) || !tell_base(vm, r[0]))) {
            r[0] = XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return r[0];
}

/* ---- shapes */

int32_t xv_shape_find(xv_value shape, uint16_t name) {
    xv_value wanted = XV_QSTR(name);
    for (; xv_shape(shape)->parent != XV_NULL; shape = xv_shape(shape)->parent) {
        if (xv_shape(shape)->name == wanted) {
            return (int32_t)xv_shape(shape)->n - 1;
        }
    }
    return -1;
}

/* The shape with one attribute more. */
static xv_value shape_with(struct xv_vm *vm, xv_value shape, uint16_t name) {
    for (xv_value s = xv_shape(shape)->child; s != XV_NULL; s = xv_shape(s)->next) {
        if (xv_shape(s)->name == XV_QSTR(name)) {
            return s;
        }
    }
    return shape_new(vm, xv_shape(shape)->class_, shape, name);
}

/* The shape of those instances of a class that keep their attributes in a dict. The class has instances, and so a root. */
static xv_value dict_shape(struct xv_vm *vm, xv_value class_) {
    xv_value root = xv_class(class_)->root;
    for (xv_value s = xv_shape(root)->child; s != XV_NULL; s = xv_shape(s)->next) {
        if (xv_shape(s)->is_dict) {
            return s;
        }
    }
    xv_value s = shape_new(vm, class_, root, 0);
    if (s != XV_NULL) {
        xv_shape(s)->n = 0;
        xv_shape(s)->is_dict = 1;
    }
    return s;
}

/* ---- instances */

#define MAX_INLINE 32u

static void mark_used(xv_value class_) {
    if (xv_class(class_)->flags & XV_C_HAS_INSTANCES) {
        return;
    }
    xv_value mro = xv_class(class_)->mro;
    for (size_t i = 0; i < xv_n_items(mro); i++) {
        if (xv_is_kind(xv_items(mro)[i], XV_KIND_CLASS)) {
            xv_class(xv_items(mro)[i])->flags |= XV_C_HAS_INSTANCES;
        }
    }
}

xv_value xv_instance_new(struct xv_vm *vm, xv_value class_) {
    xv_value r[1] = {class_};
    XV_ENTER(vm, r);
    mark_used(class_);
    if (xv_class(class_)->root == XV_NULL) {
        xv_value root = shape_new(vm, class_, XV_NULL, 0);
        xv_class(r[0])->root = root;
        if (root == XV_NULL) {
            XV_LEAVE(vm);
            return XV_NULL;
        }
    }
    xv_value v = xv_alloc(vm, XV_KIND_INSTANCE, XV_INSTANCE_WORDS + xv_class(r[0])->hint);
    if (v != XV_NULL) {
        xv_instance(v)->shape = xv_class(r[0])->root;
    }
    XV_LEAVE(vm);
    return v;
}

static bool in_dict(xv_value v) {
    return xv_shape(xv_instance(v)->shape)->is_dict != 0;
}

xv_value xv_instance_get(const struct xv_vm *vm, xv_value v, uint16_t name) {
    if (in_dict(v)) {
        return xv_dict_get_name(vm, xv_instance(v)->more, name);
    }
    int32_t i = xv_shape_find(xv_instance(v)->shape, name);
    return i < 0 ? XV_NULL : *xv_instance_slot(v, (uint32_t)i);
}

/* Calls f for each attribute of an instance that is not in dict mode, in the order in which they were added. */
static bool fill_dict(struct xv_vm *vm, const xv_value *r) {
    /* r[0]: instance, r[1]: dict. The names are found from the last back, so by index each time: n is small. */
    uint32_t n = xv_shape(xv_instance(r[0])->shape)->n;
    for (uint32_t i = 0; i < n; i++) {
        xv_value s = xv_instance(r[0])->shape;
        while (xv_shape(s)->n != i + 1) {
            s = xv_shape(s)->parent;
        }
        if (!xv_dict_set_name(vm, r[1], xv_qstr_id(xv_shape(s)->name), *xv_instance_slot(r[0], i))) {
            return false;
        }
    }
    return true;
}

xv_value xv_instance_dict(struct xv_vm *vm, xv_value v) {
    if (in_dict(v)) {
        return xv_dict_copy(vm, xv_instance(v)->more);
    }
    xv_value r[2] = {v, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_dict_new(vm, xv_shape(xv_instance(v)->shape)->n);
    bool done = r[1] != XV_NULL && fill_dict(vm, r);
    XV_LEAVE(vm);
    return done ? r[1] : XV_NULL;
}

/* From now on the instance keeps its attributes in a dict. */
static bool to_dict(struct xv_vm *vm, xv_value v) {
    xv_value r[2] = {v, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_instance_dict(vm, v);
    xv_value shape = r[1] == XV_NULL ? XV_NULL : dict_shape(vm, xv_instance_class(r[0]));
    if (shape != XV_NULL) {
        xv_instance(r[0])->shape = shape;
        xv_instance(r[0])->more = r[1];
    }
    XV_LEAVE(vm);
    return shape != XV_NULL;
}

/* Makes room for attribute `i` outside of the instance. */
static bool make_room(struct xv_vm *vm, xv_value v, uint32_t i) {
    size_t inlined = xv_words(v) - XV_INSTANCE_WORDS;
    if (i < inlined) {
        return true;
    }
    xv_value more = xv_instance(v)->more;
    size_t n = i - inlined, capacity = more == XV_NULL ? 0 : xv_n_items(more);
    if (n < capacity) {
        return true;
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value bigger = xv_alloc_array(vm, n + 1 + n / 2);
    if (bigger != XV_NULL) {
        if (n > 0) {
            memcpy(xv_items(bigger), xv_items(xv_instance(r[0])->more), n * sizeof(xv_value));
        }
        xv_instance(r[0])->more = bigger;
    }
    XV_LEAVE(vm);
    return bigger != XV_NULL;
}

bool xv_instance_set(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value) {
    if (!in_dict(v)) {
        int32_t i = xv_shape_find(xv_instance(v)->shape, name);
        if (i >= 0) {
            *xv_instance_slot(v, (uint32_t)i) = value;
            return true;
        }
    }
    xv_value r[2] = {v, value};
    XV_ENTER(vm, r);
    bool done = true;
    if (!in_dict(v) && xv_shape(xv_instance(v)->shape)->n == XV_SHAPE_MAX) {
        done = to_dict(vm, v);
    }
    if (done && in_dict(r[0])) {
        done = xv_dict_set_name(vm, xv_instance(r[0])->more, name, r[1]);
    } else if (done) {
        uint32_t i = xv_shape(xv_instance(r[0])->shape)->n;
        done = make_room(vm, r[0], i);
        xv_value shape = done ? shape_with(vm, xv_instance(r[0])->shape, name) : XV_NULL;
        done = shape != XV_NULL;
        if (done) {
            xv_instance(r[0])->shape = shape;
            *xv_instance_slot(r[0], i) = r[1];
            struct xv_class *c = xv_class(xv_shape(shape)->class_);
            if (i >= c->hint && i < MAX_INLINE) {
                c->hint = (uint16_t)(i + 1);
            }
        }
    }
    XV_LEAVE(vm);
    return done;
}

int xv_instance_delete(struct xv_vm *vm, xv_value v, uint16_t name) {
    if (xv_instance_get(vm, v, name) == XV_NULL) {
        return 0;
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    int done = in_dict(v) || to_dict(vm, v) ? 1 : -1;
    if (done > 0) {
        done = xv_dict_delete(vm, xv_instance(r[0])->more, XV_QSTR(name), NULL);
    }
    XV_LEAVE(vm);
    return done;
}

/* ---- C(…) */

/* An instance without __new__: of a built-in base's exceptions that base's, else one that wraps a value of it. A base
 * whose values can change gets no arguments if the class has an __init__ of its own to hand them on. */
static xv_value instance_make(struct xv_vm *vm, xv_value class_, xv_value *args, uint32_t n_pos, uint32_t n_kw) {
    xv_value native = xv_class(class_)->native;
    uint32_t n = n_pos | n_kw << 16;
    if (xv_class(class_)->flags & XV_C_EXCEPTION) {
        return xv_type_make(vm, native, class_, args, n);
    }
    xv_value r[2] = {class_, XV_NULL};
    XV_ENTER(vm, r);
    if (native != XV_NULL) {
        xv_value owner = XV_NULL;
        xv_value init = xv_type_lookup(vm, class_, XV_Q___init__, &owner);
        bool own = init != XV_NULL && xv_kind(owner) == XV_KIND_CLASS;
        r[1] = xv_type_make(vm, native, native, args, own && (xv_as_type(native)->flags & XV_T_UNHASHABLE) ? 0 : n);
    }
    xv_value v = native != XV_NULL && r[1] == XV_NULL ? XV_NULL : xv_instance_new(vm, r[0]);
    if (v != XV_NULL) {
        xv_instance(v)->wrapped = r[1];
    }
    XV_LEAVE(vm);
    return v;
}

/* __new__ of the class if it defines one, an instance otherwise. `args` are rooted. */
static xv_value create(struct xv_vm *vm, xv_value class_, xv_value *args, uint32_t n_pos, uint32_t n_kw) {
    xv_value owner = XV_NULL;
    xv_value new_ = xv_class(class_)->flags & XV_C_NEW ? xv_type_lookup(vm, class_, XV_Q___new__, &owner) : XV_NULL;
    if (new_ != XV_NULL && xv_kind(owner) == XV_KIND_CLASS) {
        if (xv_is_kind(new_, XV_KIND_STATICMETHOD)) {
            new_ = ((struct xv_wrapper *)new_)->get;
        }
        return xv_call_with_first(vm, new_, class_, args, n_pos, n_kw);
    }
    return instance_make(vm, class_, args, n_pos, n_kw);
}

/* Calls __init__, `init`, for what was made: the same, or XV_NULL. */
static xv_value initialize(struct xv_vm *vm, xv_value made, xv_value init, xv_value *args, uint32_t n_pos, uint32_t n_kw) {
    xv_value r[2] = {made, init};
    XV_ENTER(vm, r);
    r[0] = xv_kept(vm, made);
    bool exception = r[0] != XV_NULL && xv_is_kind(r[0], XV_KIND_EXCEPTION);
    if (exception && ((struct xv_exception *)r[0])->traceback == XV_NULL) {
        ((struct xv_exception *)r[0])->traceback = XV_NONE;
    }
    xv_value result = r[0] == XV_NULL ? XV_NULL : xv_call_with_first(vm, r[1], r[0], args, n_pos, n_kw);
    if (exception && vm->question == XV_NULL) {
        xv_exception_complete(r[0]);
    }
    if (result != XV_NONE && result != XV_NULL) {
        xv_raise(vm, &xv_exc_TypeError, "__init__() should return None, not '%t'", result);
    }
    XV_LEAVE(vm);
    return result == XV_NONE ? r[0] : XV_NULL;
}

xv_value xv_class_make(struct xv_vm *vm, xv_value class_, xv_value *args, uint32_t n_pos, uint32_t n_kw) {
    xv_value r[2] = {class_, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = create(vm, class_, args, n_pos, n_kw);
    if (r[1] != XV_NULL && xv_is_subtype(vm, xv_type_of(vm, r[1]), r[0])) {
        xv_value owner = XV_NULL;
        xv_value init = xv_type_lookup(vm, xv_type_of(vm, r[1]), XV_Q___init__, &owner);
        if (init != XV_NULL && xv_kind(owner) == XV_KIND_CLASS) {
            r[1] = initialize(vm, r[1], init, args, n_pos, n_kw);
        } else if (xv_class(r[0])->native == XV_NULL && (xv_class(r[0])->flags & XV_C_NEW) == 0 &&
                   n_pos + n_kw != 0) {
            r[1] = xv_raise(vm, &xv_exc_TypeError, "function takes 0 positional arguments but %u were given",
                            (unsigned)(n_pos + n_kw));
        }
    }
    XV_LEAVE(vm);
    return r[1];
}
