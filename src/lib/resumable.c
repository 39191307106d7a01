/* Which native functions have a counterpart in Python, lib/resumable.py, and when it is needed: only if Python code
 * would be called back, as far as that shows beforehand. For what does not show (an __eq__ of a key deep in a dict)
 * the native asks (vm/ask.h). */
#include "vm/resumable.h"

#include "blob/reader.h"
#include "lib/lib.h"
#include "link/module.h"
#include "object/container.h"
#include "object/str.h"
#include "object/type.h"
#include "vm/ask.h"
#include "vm/interp.h"

#if XIPVM_RESUMABLE_NATIVES
static const uint8_t bytes[] = {
#include "lib/resumable_blob.inc"
};

/* ORDER: as in lib/resumable.py. */
enum function {
    GATHER,
    GATHER_SECOND,
    MAKE_LIST,
    MAKE_SET,
    EXTEND,
    TOTAL,
    ANY_OF,
    ALL_OF,
    EXTREME,
    MAKE_SORTED,
    SORT,
    NEXT_OF,
    NEXT_ITEM,
    PUT,
    FIND,
    FIRST,
    MAP_NEXT,
    MAP_NEXT_OF_MANY,
    FILTER_NEXT,
    ZIP_NEXT,
    ENUMERATE_NEXT,
    INDEX_NEXT,
    CALLABLE_NEXT,
    CLOSE,
    CALL,
    NONE
};

/* Loads them. False with MemoryError. */
static bool load(struct xv_vm *vm) {
    struct xipvm_source source = {.data = bytes, .size = sizeof bytes, .strategy = XIPVM_STRATEGY_IN_PLACE};
    struct xv_blob_fault fault;
    xv_value r[1] = {xv_module_load(vm, XV_QSTR(XV_Q_builtins), &source, &fault)};
    if (r[0] == XV_NULL) {
        return false;
    }
    xv_module(r[0])->flags |= XV_MODULE_BUILTIN;
    XV_ENTER(vm, r);
    xv_value all = xv_alloc_array(vm, 1 + NONE);
    XV_LEAVE(vm);
    if (all == XV_NULL) {
        return false;
    }
    const struct xv_module *m = xv_module(r[0]);
    struct xv_raw body;
    xv_raw_read(m->base + m->body, &body);
    xv_items(all)[0] = r[0];
    for (uint32_t i = 0; i < NONE; i++) {
        xv_items(all)[1 + i] = xv_place(XV_IMM_CODE, m->slot, (uint32_t)(xv_raw_child(&body, i) - m->base));
    }
    vm->resumable = all;
    return true;
}

/* The function as a code value; XV_NULL with MemoryError. */
static xv_value code_of(struct xv_vm *vm, enum function function) {
    return vm->resumable != XV_NULL || load(vm) ? xv_items(vm->resumable)[1 + function] : XV_NULL;
}

/* ---- what calls Python code; none of these allocates */

static bool is_lazy(const struct xv_vm *vm, xv_value v, unsigned depth);

/* The library's own iterators that may run Python code: which slots they draw from. Those that call a function always
 * count as such, as what it is given may have methods that it calls. */
static const struct source {
    const struct xv_type *type;
    bool calls;
    uint8_t first, most;  /* slots of iterators */
} sources[] = {
    {&xv_type_map, true, 1, UINT8_MAX},
    {&xv_type_filter, true, 1, 1},
    {&xv_type_zip, false, 0, UINT8_MAX},
    {&xv_type_enumerate, false, 0, 1},
    {&xv_type_callable_iterator, true, 0, 0},
    {&xv_type_iterator, false, 0, 1},
    {&xv_type_reversed, false, 0, 1},
};

static const struct source *source_of(xv_value v) {
    for (size_t i = 0; xv_is_kind(v, XV_KIND_GENERIC) && i < sizeof sources / sizeof *sources; i++) {
        if (((struct xv_generic *)v)->type == xv_from(sources[i].type)) {
            return &sources[i];
        }
    }
    return NULL;
}

/* What is nested deeper than this counts as lazy without being looked at. */
#define DEEPEST 6u

static bool draws_lazily(const struct xv_vm *vm, xv_value v, const struct source *s, unsigned depth) {
    const xv_value *slots = xv_slots(v);
    if (depth > DEEPEST || s->calls || (s->type == &xv_type_iterator && slots[0] == XV_NULL)) {
        return true;
    }
    size_t end = s->most == UINT8_MAX ? xv_n_slots(v) : (size_t)s->first + s->most;
    for (size_t i = s->first; i < end; i++) {
        if (is_lazy(vm, slots[i], depth + 1)) {
            return true;
        }
    }
    return false;
}

/* True if iterating over `v` may run Python code. */
static bool is_lazy(const struct xv_vm *vm, xv_value v, unsigned depth) {
    if (xv_is_kind(v, XV_KIND_GENERATOR)) {
        return true;
    }
    if (xv_is_user(v)) {
        if (xv_special_find(vm, v, XV_Q___iter__) != XV_NULL || xv_special_find(vm, v, XV_Q___next__) != XV_NULL ||
            xv_special_find(vm, v, XV_Q___getitem__) != XV_NULL) {
            return true;
        }
        v = xv_unwrap(vm, v);
    }
    const struct source *s = source_of(v);
    return s != NULL && draws_lazily(vm, v, s, depth);
}

bool xv_draws_python(const struct xv_vm *vm, xv_value iterator) {
    const struct source *s = source_of(iterator);
    return s != NULL && draws_lazily(vm, iterator, s, 0);
}

xv_value xv_ask_next(struct xv_vm *vm, xv_value iterator) {
    return xv_ask(vm, *xv_builtin_find(XV_Q_next), &iterator, 1, 0);
}

/* True if nothing that is done with `v`, comparing, hashing, printing, runs Python code. `depth`: of the sequences around
 * it. */
static bool is_plain(const struct xv_vm *vm, xv_value v, unsigned depth);

static bool has_plain_items(const struct xv_vm *vm, xv_value v, unsigned depth) {
    xv_value *items;
    size_t n;
    bool plain = depth <= DEEPEST && xv_sequence(vm, v, &items, &n);
    for (size_t i = 0; plain && i < n; i++) {
        plain = is_plain(vm, items[i], depth + 1);
    }
    return plain;
}

static bool is_plain(const struct xv_vm *vm, xv_value v, unsigned depth) {
    if (!xv_is_object(v)) {
        return true;
    }
    switch (xv_kind(v)) {
    case XV_KIND_LIST:
    case XV_KIND_TUPLE:
        return has_plain_items(vm, v, depth);
    case XV_KIND_STR:
    case XV_KIND_BYTES:
    case XV_KIND_BYTEARRAY:
    case XV_KIND_INT:
    case XV_KIND_FLOAT:
    case XV_KIND_FUNCTION:
    case XV_KIND_NATIVE:
    case XV_KIND_TYPE:
    case XV_KIND_CLASS:
    case XV_KIND_MODULE:
    case XV_KIND_NATIVE_MODULE:
    case XV_KIND_GENERATOR:
        return true;
    default:
        return false;
    }
}

/* True if `v` is a sequence of things that are not all plain. */
static bool holds_users(const struct xv_vm *vm, xv_value v) {
    return v != XV_NULL && (xv_is_kind(v, XV_KIND_LIST) || xv_is_kind(v, XV_KIND_TUPLE)) && !is_plain(vm, v, 0);
}

/* True if what is drawn from `v` cannot be drawn again: from an iterator. */
static bool is_stateful(const struct xv_vm *vm, xv_value v) {
    return is_lazy(vm, v, 0) || (v != XV_NULL && xv_is_own_iterator(vm, xv_unwrap(vm, v)));
}

/* ---- when a counterpart is needed */

/* The arguments of a call, as xv_invoke has them. */
struct call {
    const xv_value *args;
    uint32_t n_pos, n_kw;
};

typedef bool (*condition)(const struct xv_vm *vm, const struct call *c);

static bool first_is_lazy(const struct xv_vm *vm, const struct call *c) {
    return c->n_pos >= 1 && is_lazy(vm, c->args[0], 0);
}

/* For what goes on to compare or hash the items. */
static bool first_is_stateful(const struct xv_vm *vm, const struct call *c) {
    return c->n_pos >= 1 && is_stateful(vm, c->args[0]);
}

static bool second_is_stateful(const struct xv_vm *vm, const struct call *c) {
    return c->n_pos >= 2 && is_stateful(vm, c->args[1]);
}

static bool items_are_python(const struct xv_vm *vm, const struct call *c) {
    return c->n_pos >= 1 && (is_stateful(vm, c->args[0]) || holds_users(vm, c->args[0]));
}

static bool second_is_lazy(const struct xv_vm *vm, const struct call *c) {
    return c->n_pos >= 2 && is_lazy(vm, c->args[1], 0);
}

/* Of pairs; what has keys() is no iterable of them. */
static bool first_gives_pairs(const struct xv_vm *vm, const struct call *c) {
    return first_is_stateful(vm, c) && xv_special_find(vm, c->args[0], XV_Q_keys) == XV_NULL;
}

static bool second_gives_items(const struct xv_vm *vm, const struct call *c) {
    return second_is_stateful(vm, c) && xv_special_find(vm, c->args[1], XV_Q_keys) == XV_NULL;
}

static bool list_from_lazy(const struct xv_vm *vm, const struct call *c) {
    return xv_is_kind(c->args[0], XV_KIND_LIST) && second_is_lazy(vm, c);
}

static bool only_operand_is_python(const struct xv_vm *vm, const struct call *c) {
    return c->n_kw == 0 && c->n_pos == 1 && items_are_python(vm, c);
}

static bool operands_are_python(const struct xv_vm *vm, const struct call *c) {
    return c->n_kw == 0 && c->n_pos <= 2 && items_are_python(vm, c);
}

/* True if `key` is to be called by Python code; *known: there are no keywords but it and `other`. */
static bool has_python_key(const struct call *c, uint16_t other, bool *known) {
    const xv_value *pairs = c->args + c->n_pos;
    bool key = false;
    *known = true;
    for (uint32_t i = 0; i < c->n_kw; i++) {
        xv_value name = pairs[2 * i];
        if (name == XV_QSTR(XV_Q_key)) {
            /* What a method of something returns may have methods itself, or not be returned twice. */
            key = xv_runs_python(pairs[2 * i + 1], NULL, 0) || xv_is_kind(pairs[2 * i + 1], XV_KIND_BOUND);
        } else if (name != XV_QSTR(other)) {
            *known = false;
        }
    }
    return key;
}

/* min and max */
static bool compared_are_python(const struct xv_vm *vm, const struct call *c) {
    bool known;
    bool key = has_python_key(c, XV_Q_default, &known);
    if (!known || c->n_pos == 0) {
        return false;
    }
    bool items = c->n_pos == 1 && items_are_python(vm, c);
    for (uint32_t i = 0; c->n_pos > 1 && i < c->n_pos; i++) {
        items = items || !is_plain(vm, c->args[i], 0);
    }
    return key || items;
}

static bool sorted_are_python(const struct xv_vm *vm, const struct call *c) {
    bool known;
    bool key = has_python_key(c, XV_Q_reverse, &known);
    return known && c->n_pos == 1 && (key || items_are_python(vm, c));
}

static bool list_of_python(const struct xv_vm *vm, const struct call *c) {
    return c->n_pos == 1 && xv_is_kind(c->args[0], XV_KIND_LIST) && sorted_are_python(vm, c);
}

static bool runs_python(const struct xv_vm *vm, const struct call *c) {
    return c->n_kw == 0 && c->n_pos >= 1 && c->n_pos <= 2 && source_of(c->args[0]) == NULL && first_is_lazy(vm, c);
}

static bool draws_from_python(const struct xv_vm *vm, const struct call *c) {
    return c->n_kw == 0 && c->n_pos >= 1 && c->n_pos <= 2 && source_of(c->args[0]) != NULL && first_is_lazy(vm, c);
}

/* Each is to be made a text before anything of it is printed, unless printing is itself nothing but calls of a
 * program's method. */
static bool any_has_text(const struct xv_vm *vm, const struct call *c) {
    for (uint32_t i = 0; i < c->n_kw; i++) {
        const xv_value *pair = c->args + c->n_pos + 2 * (size_t)i;
        if (pair[0] == XV_QSTR(XV_Q_file) && xv_is_user(pair[1]) && xv_python_method(vm, pair[1], XV_Q_write) != XV_NULL) {
            return false;
        }
    }
    for (uint32_t i = 0; i < c->n_pos; i++) {
        if (!is_plain(vm, c->args[i], 0)) {
            return true;
        }
    }
    return false;
}

static bool is_suspended(const struct xv_vm *vm, const struct call *c) {
    (void)vm;
    return c->n_pos == 1 && c->n_kw == 0 && xv_is_kind(c->args[0], XV_KIND_GENERATOR) &&
           ((struct xv_generator *)c->args[0])->ip != XV_NONE;
}

/* ---- natives that the functions need */

/* True if pairs that begin with these keys, a list, order as the keys do: if they can be compared, and by natives. */
static xv_value plain(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    const struct xv_list *keys = xv_list(args[0]);
    bool ordered = is_plain(vm, args[0], 0);
    for (size_t i = 0; ordered && i < keys->len; i++) {
        xv_value k = xv_list_items(args[0])[i];
        ordered = xv_is_int(k) || xv_is_float(k) || xv_is_str(vm, k) || xv_is_bytes(vm, k) || xv_is_kind(k, XV_KIND_TUPLE) ||
                  xv_is_kind(k, XV_KIND_LIST);
    }
    return XV_BOOL(ordered);
}

static xv_value count(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_enumerate_count(vm, args[0]);
}

static xv_value end(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    xv_slots(args[0])[0] = XV_NONE;
    return XV_NONE;
}

/* Moves an iterator that goes by index on: to its end, or by one item. */
static xv_value step(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    xv_value *slots = xv_slots(args[0]);
    bool backward = ((struct xv_generic *)args[0])->type == xv_from(&xv_type_reversed);
    if (args[1] == XV_TRUE) {
        slots[backward] = backward ? XV_INT(0) : XV_NULL;
    } else if (xv_is_small(slots[1])) {
        slots[1] = XV_INT(xv_small(slots[1]) + (backward ? -1 : 1));
    }
    return XV_NONE;
}

static const struct xv_native helpers[] = {
    XV_FUNCTION(__lt__, plain, 1, 1),
    XV_FUNCTION(enumerate, count, 1, 1),
    XV_FUNCTION(iter, end, 1, 1),
    XV_FUNCTION(index, step, 2, 2),
};

/* ---- which stands for which */

static const struct row {
    uint16_t name;                 /* of the native function, method or type */
    uint8_t function;              /* an enum function */
    const struct xv_native *first; /* its first argument; NULL: the native itself */
    condition when;
} rows[] = {
    {XV_Q_list, MAKE_LIST, NULL, first_is_lazy},
    {XV_Q_tuple, GATHER, NULL, first_is_lazy},
    {XV_Q_set, MAKE_SET, NULL, only_operand_is_python},
    {XV_Q_frozenset, GATHER, NULL, first_is_stateful},
    {XV_Q_dict, GATHER, NULL, first_gives_pairs},
    {XV_Q_bytes, GATHER, NULL, first_is_lazy},
    {XV_Q_bytearray, GATHER, NULL, first_is_lazy},
    {XV_Q_deque, GATHER, NULL, first_is_lazy},
    {XV_Q_array, GATHER_SECOND, NULL, second_is_lazy},
    {XV_Q_extend, EXTEND, NULL, list_from_lazy},
    {XV_Q_extend, GATHER_SECOND, NULL, second_is_lazy},
    {XV_Q_join, GATHER_SECOND, NULL, second_is_lazy},
    {XV_Q_fromkeys, GATHER_SECOND, NULL, second_is_stateful},
    {XV_Q_update, GATHER_SECOND, NULL, second_gives_items},
    {XV_Q_union, GATHER_SECOND, NULL, second_is_stateful},
    {XV_Q_intersection, GATHER_SECOND, NULL, second_is_stateful},
    {XV_Q_difference, GATHER_SECOND, NULL, second_is_stateful},
    {XV_Q_symmetric_difference, GATHER_SECOND, NULL, second_is_stateful},
    {XV_Q_issubset, GATHER_SECOND, NULL, second_is_stateful},
    {XV_Q_issuperset, GATHER_SECOND, NULL, second_is_stateful},
    {XV_Q_sum, TOTAL, NULL, operands_are_python},
    {XV_Q_any, ANY_OF, NULL, only_operand_is_python},
    {XV_Q_all, ALL_OF, NULL, only_operand_is_python},
    {XV_Q_min, EXTREME, NULL, compared_are_python},
    {XV_Q_max, EXTREME, NULL, compared_are_python},
    {XV_Q_sorted, MAKE_SORTED, NULL, sorted_are_python},
    {XV_Q_sort, SORT, &helpers[0], list_of_python},
    {XV_Q_next, NEXT_OF, NULL, runs_python},
    {XV_Q_next, NEXT_ITEM, NULL, draws_from_python},
    {XV_Q___next__, NEXT_ITEM, NULL, draws_from_python},
    {XV_Q_print, PUT, NULL, any_has_text},
    {XV_Q_close, CLOSE, NULL, is_suspended},
};

/* Natives that draw all items look at what an instance of a subclass wraps, as they like, and ask for the rest. */
static bool is_wrapper(const struct xv_vm *vm, xv_value v) {
    return v != XV_NULL && xv_is_user(v) && xv_unwrap(vm, v) != v;
}

static bool gathers_wrapper(const struct xv_vm *vm, enum function function, const struct call *c) {
    size_t i = function == GATHER_SECOND;
    return function <= MAKE_SET && c->n_pos > i && is_wrapper(vm, c->args[i]);
}

/* The row of a call, or NULL. */
static const struct row *row_of(const struct xv_vm *vm, xv_value callee, const struct call *c) {
    uint16_t name;
    if (xv_is_kind(callee, XV_KIND_NATIVE)) {
        name = ((const struct xv_native *)callee)->name;
    } else if (xv_is_kind(callee, XV_KIND_TYPE)) {
        name = xv_as_type(callee)->name;
    } else {
        return NULL;
    }
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].name == name && rows[i].when(vm, c) && !gathers_wrapper(vm, (enum function)rows[i].function, c)) {
            return &rows[i];
        }
    }
    return NULL;
}

xv_value xv_resumable(struct xv_vm *vm, xv_value callee, const xv_value *args, uint32_t n_pos, uint32_t n_kw, xv_value *first) {
    struct call c = {args, n_pos, n_kw};
    const struct row *row = row_of(vm, callee, &c);
    if (row == NULL) {
        return XV_STOP;
    }
    *first = row->first != NULL ? xv_from(row->first) : callee;
    return code_of(vm, (enum function)row->function);
}

bool xv_has_counterpart(const struct xv_vm *vm, xv_value callee, const xv_value *args, uint32_t n_pos, uint32_t n_kw) {
    struct call c = {args, n_pos, n_kw};
    return row_of(vm, callee, &c) != NULL;
}

xv_value xv_push_call(struct xv_vm *vm, xv_value *base, uint32_t n_pos, uint32_t n_kw) {
    xv_value code = code_of(vm, CALL);
    return code == XV_NULL ? XV_NULL : xv_push_function(vm, code, base, n_pos + 1, n_kw);
}

/* ---- called by instructions */

/* Pushes the frame of a function whose `n` arguments were put at vm->sp, by someone who made sure of the room. */
static xv_value push(struct xv_vm *vm, enum function function, uint32_t n, xv_value *result) {
    xv_value *args = vm->sp;
    vm->sp += n;
    xv_value code = code_of(vm, function);
    xv_value pushed = code == XV_NULL ? XV_NULL : xv_push_function(vm, code, args, n, 0);
    if (pushed == XV_PUSHED) {
        vm->frame->result = result;
    } else {
        vm->sp = args;
    }
    return pushed;
}

/* Room for `n` arguments; `v` is protected. */
static bool room_for(struct xv_vm *vm, size_t n, xv_value *v) {
    XV_ENTER_VALUES(vm, v, 1);
    bool room = xv_need_stack(vm, n);
    XV_LEAVE(vm);
    return room;
}

/* True if so many functions of ours have called one another as natives could. */
static bool is_too_deep(const struct xv_vm *vm) {
    unsigned n = 0;
    for (const struct xv_frame *f = vm->frame; n < XIPVM_NATIVE_DEPTH && xv_is_resumable_frame(vm, f); f = f->prev) {
        n++;
    }
    return n == XIPVM_NATIVE_DEPTH;
}

xv_value xv_resumable_next(struct xv_vm *vm, xv_value iterator) {
    const struct source *s = source_of(iterator);
    if (s == NULL || !draws_lazily(vm, iterator, s, 0)) {
        return xv_next(vm, iterator);
    }
    if (is_too_deep(vm)) {
        return xv_raise(vm, &xv_exc_RuntimeError, "maximum recursion depth exceeded");
    }
    size_t n = xv_n_slots(iterator);
    if (!room_for(vm, n + 2, &iterator)) {
        return XV_NULL;
    }
    xv_value *sp = vm->sp;
    const xv_value *slots = xv_slots(iterator);
    if (s->type == &xv_type_enumerate) {
        sp[0] = xv_from(&helpers[1]);
        sp[1] = iterator;
        sp[2] = slots[0];
        return push(vm, ENUMERATE_NEXT, 3, sp);
    }
    if (s->type == &xv_type_iterator || s->type == &xv_type_reversed) {
        bool backward = s->type == &xv_type_reversed;
        if (slots[0] == XV_NULL || (backward && slots[1] == XV_INT(0))) {
            return XV_STOP;
        }
        sp[0] = xv_from(&helpers[3]);
        sp[1] = iterator;
        sp[2] = slots[0];
        sp[3] = XV_INT(xv_small(slots[1]) - backward);
        return push(vm, INDEX_NEXT, 4, sp);
    }
    if (s->type == &xv_type_callable_iterator) {
        if (slots[0] == XV_NONE) {
            return XV_STOP;
        }
        sp[0] = xv_from(&helpers[2]);
        sp[1] = iterator;
        sp[2] = slots[0];
        sp[3] = slots[1];
        return push(vm, CALLABLE_NEXT, 4, sp);
    }
    memcpy(sp, slots, n * sizeof *sp);
    enum function function = s->type == &xv_type_filter ? FILTER_NEXT
                             : s->type == &xv_type_zip  ? ZIP_NEXT
                             : n == 2                   ? MAP_NEXT
                                                        : MAP_NEXT_OF_MANY;
    return push(vm, function, (uint32_t)n, sp);
}

xv_value xv_resumable_in(struct xv_vm *vm, xv_value item, xv_value container, xv_value *result) {
    if (xv_special_find(vm, container, XV_Q___contains__) != XV_NULL ||
        !(is_stateful(vm, container) || holds_users(vm, container))) {
        return XV_STOP;
    }
    xv_value r[2] = {item, container};
    XV_ENTER(vm, r);
    bool room = xv_need_stack(vm, 2);
    XV_LEAVE(vm);
    if (!room) {
        return XV_NULL;
    }
    vm->sp[0] = r[1];
    vm->sp[1] = r[0];
    return push(vm, FIND, 2, result);
}

xv_value xv_resumable_first(struct xv_vm *vm, xv_value iterable, uint32_t n, xv_value *result) {
    if (!is_lazy(vm, iterable, 0)) {
        return XV_STOP;
    }
    if (!room_for(vm, 2, &iterable)) {
        return XV_NULL;
    }
    vm->sp[0] = iterable;
    vm->sp[1] = XV_INT(n);
    return push(vm, FIRST, 2, result);
}

xv_value xv_resumable_list(struct xv_vm *vm, size_t below) {
    xv_value *top = vm->sp;
    xv_value iterable = top[-(ptrdiff_t)below];
    if (below > UINT8_MAX || is_wrapper(vm, iterable) || !is_lazy(vm, iterable, 0)) {
        return XV_STOP;
    }
    if (!xv_need_stack(vm, 2)) {
        return XV_NULL;
    }
    top[0] = XV_NONE;
    top[1] = top[-(ptrdiff_t)below];
    xv_value pushed = push(vm, MAKE_LIST, 2, top);
    if (pushed == XV_PUSHED) {
        vm->frame->then = XV_THEN_STAR;
        vm->frame->mode = (uint8_t)below;
    }
    return pushed;
}

xv_value xv_resumable_stars(struct xv_vm *vm, uint32_t n_pos, uint32_t n_kw) {
    xv_value *top = vm->sp;
    const xv_value *args = top - 1 - n_pos - 2 * n_kw;
    uintptr_t stars = (uintptr_t)xv_small(top[-1]);
    for (uint32_t i = 0; i < n_pos && (stars >> i) != 0; i++) {
        xv_value pushed = (stars >> i & 1) == 0 ? XV_STOP : xv_resumable_list(vm, (size_t)(top - args) - i);
        if (pushed != XV_STOP) {
            return pushed;
        }
    }
    return XV_STOP;
}
#endif
