/* Calling Python functions, natives, classes and everything else that is callable; binding arguments to locals. */
#include "vm/call.h"

#include "blob/reader.h"
#include "link/module.h"
#include "object/container.h"
#include "object/str.h"
#include "object/type.h"
#include "vm/ask.h"
#include "vm/interp.h"
#include "vm/resumable.h"

/* ---- preludes */

const struct xv_code_info *xv_code_decode(struct xv_vm *vm, xv_value code) {
    struct xv_code_info *info = xv_code_entry(vm, code);
    struct xv_prelude p;
    xv_code_prelude(vm, code, &p);
    info->code = code;
    info->start = p.code;
    info->n_state = (uint16_t)p.n_state;
    info->n_cells = (uint16_t)p.n_cells;
    info->n_pos = (uint16_t)p.n_pos;
    info->n_kwonly = (uint16_t)p.n_kwonly;
    info->n_def_pos = (uint16_t)p.n_def_pos;
    info->n_exc = (uint8_t)p.n_exc;
    info->flags = p.flags;
    info->simple = p.flags == 0 && p.n_kwonly == 0 && p.n_cells == 0;
    return info;
}

/* ---- frames */

bool xv_need_stack(struct xv_vm *vm, size_t words) {
    if (xv_stack_room(vm, words)) {
        return true;
    }
    xv_raise(vm, &xv_exc_RuntimeError, "maximum recursion depth exceeded");
    return false;
}

/* ---- binding (spec 2.6)
 *
 * While arguments are bound, the stack holds: the locals to be, n_state of them, then the keyword pairs, ending at
 * vm->sp. All of it is scanned by the collector. */

/* For messages; empty if there is no memory for it. */
static xv_value own_name(struct xv_vm *vm, const struct xv_code_info *info) {
    uint16_t name = xv_function_name(vm, info->code);
    xv_clear(vm);
    return XV_QSTR(name != 0 ? name : XV_Q_);
}

/* Makes sure that the names of all its arguments are linked. */
static bool link_arguments(struct xv_vm *vm, const struct xv_code_info *info) {
    for (;;) {
        struct xv_prelude p;
        const struct xv_module *m = xv_code_prelude(vm, info->code, &p);
        bool linked = xv_module_is_linked(m);
        const uint8_t *at = p.names;
        xv_code_name(&at, linked);
        uint32_t i = 0, operand = 0;
        while (i < p.n_pos + p.n_kwonly && xv_module_qstr(m, operand = xv_code_name(&at, linked)) != 0) {
            i++;
        }
        if (i == p.n_pos + p.n_kwonly) {
            return true;
        }
        if (xv_module_name(vm, xv_module_of(vm, info->code), operand) == 0) {
            return false;
        }
    }
}

static bool too_many(struct xv_vm *vm, const struct xv_code_info *info, uint32_t n_pos, size_t n_cells) {
    xv_raise(vm, &xv_exc_TypeError, "%v() takes %u positional arguments but %u were given", own_name(vm, info),
             (unsigned)(info->n_pos - n_cells), (unsigned)(n_pos - n_cells));
    return false;
}

/* The local that a keyword names, or -1. Does not allocate. */
static int32_t named_local(const struct xv_vm *vm, const struct xv_code_info *info, xv_value key) {
    struct xv_prelude p;
    const struct xv_module *m = xv_code_prelude(vm, info->code, &p);
    bool linked = xv_module_is_linked(m);
    const uint8_t *at = p.names;
    xv_code_name(&at, linked);
    for (uint32_t i = 0; i < p.n_pos + p.n_kwonly; i++) {
        xv_value name = XV_QSTR(xv_module_qstr(m, xv_code_name(&at, linked)));
        if (name == key || (!xv_is_qstr(key) && xv_str_same(vm, name, key))) {
            return (int32_t)i;
        }
    }
    return -1;
}

static uint16_t local_name(const struct xv_vm *vm, const struct xv_code_info *info, uint32_t i) {
    struct xv_prelude p;
    const struct xv_module *m = xv_code_prelude(vm, info->code, &p);
    return xv_module_qstr(m, xv_prelude_arg_name(&p, i, xv_module_is_linked(m)));
}

/* The local of **kw. */
static uint32_t kw_local(const struct xv_code_info *info) {
    return (uint32_t)info->n_pos + info->n_kwonly + ((info->flags & XV_FLAG_VARARGS) != 0);
}

static bool bind_pairs(struct xv_vm *vm, const struct xv_code_info *info, xv_value *locals, xv_value *pairs, uint32_t n_kw) {
    if ((n_kw > 0 || info->n_kwonly > 0) && !link_arguments(vm, info)) {
        return false;
    }
    for (uint32_t i = 0; i < n_kw; i++) {
        xv_value key = pairs[2 * i];
        int32_t at = named_local(vm, info, key);
        if (at >= 0) {
            if (locals[at] != XV_NULL) {
                xv_raise(vm, &xv_exc_TypeError, "function got multiple values for argument '%v'", key);
                return false;
            }
            locals[at] = pairs[2 * i + 1];
            continue;
        }
        if ((info->flags & XV_FLAG_VARKW) == 0) {
            xv_raise(vm, &xv_exc_TypeError, "unexpected keyword argument '%v'", key);
            return false;
        }
        xv_value *dict = &locals[kw_local(info)];
        xv_value *there;
        int found = xv_dict_find(vm, *dict, key, &there);
        if (found > 0) {
            xv_raise(vm, &xv_exc_TypeError, "function got multiple values for argument '%v'", pairs[2 * i]);
        }
        if (found != 0 || !xv_dict_set(vm, *dict, pairs[2 * i], pairs[2 * i + 1])) {
            return false;
        }
    }
    return true;
}

static bool bind_defaults(struct xv_vm *vm, const struct xv_code_info *info, xv_value function, xv_value *locals,
                          uint32_t n_given, size_t n_cells, uint32_t n_kw) {
    const struct xv_function *fn = xv_is_object(function) ? (struct xv_function *)function : NULL;
    uint32_t first = (uint32_t)info->n_pos - info->n_def_pos;
    for (uint32_t i = n_given; i < info->n_pos; i++) {
        if (locals[i] == XV_NULL && i >= first && fn != NULL && fn->defaults != XV_NULL) {
            locals[i] = xv_items(fn->defaults)[i - first];
        }
        if (locals[i] == XV_NULL) {
            if (n_kw == 0) {
                xv_raise(vm, &xv_exc_TypeError, "%v() missing %u required positional arguments", own_name(vm, info),
                         (unsigned)(info->n_pos - info->n_def_pos - n_given));
            } else {
                xv_raise(vm, &xv_exc_TypeError, "function missing required positional argument #%u",
                         (unsigned)(i + 1 - n_cells));
            }
            return false;
        }
    }
    for (uint32_t i = 0; i < info->n_kwonly; i++) {
        xv_value *local = &locals[info->n_pos + i];
        if (*local == XV_NULL && fn != NULL && fn->kw_defaults != XV_NULL) {
            *local = xv_dict_get_name(vm, fn->kw_defaults, local_name(vm, info, info->n_pos + i));
        }
        if (*local == XV_NULL) {
            if (n_kw == 0) {
                xv_raise(vm, &xv_exc_TypeError, "function missing keyword-only argument");
            } else {
                xv_raise(vm, &xv_exc_TypeError, "function missing required keyword argument '%q'",
                         local_name(vm, info, info->n_pos + i));
            }
            return false;
        }
    }
    return true;
}

static bool make_cells(struct xv_vm *vm, const struct xv_code_info *info, xv_value *locals) {
    for (uint32_t i = 0; i < info->n_cells; i++) {
        xv_value cell = xv_alloc(vm, XV_KIND_CELL, 2);
        if (cell == XV_NULL) {
            return false;
        }
        struct xv_prelude p;
        xv_code_prelude(vm, info->code, &p);
        ((struct xv_cell *)cell)->content = locals[p.cells[i]];
        locals[p.cells[i]] = cell;
    }
    return true;
}

/* Spreads the arguments at `locals` over the function's locals. *function is rooted by the caller. */
static bool bind(struct xv_vm *vm, const struct xv_code_info *info, const xv_value *function, xv_value *locals,
                 uint32_t n_pos, uint32_t n_kw, size_t n_cells) {
    bool varargs = (info->flags & XV_FLAG_VARARGS) != 0;
    if (n_pos > info->n_pos && !varargs) {
        return too_many(vm, info, n_pos, n_cells);
    }
    uint32_t given = n_pos < info->n_pos ? n_pos : info->n_pos;
    uint32_t surplus = n_pos - given;
    /* Pairs and surplus go above the locals. */
    size_t top = (size_t)info->n_state + surplus;
    memmove(locals + top, locals + n_pos, 2u * n_kw * sizeof *locals);
    memmove(locals + info->n_state, locals + given, surplus * sizeof *locals);
    for (uint32_t i = given; i < info->n_state; i++) {
        locals[i] = XV_NULL;
    }
    vm->sp = locals + top + 2u * n_kw;
    if (varargs) {
        xv_value tuple = xv_tuple_of(vm, locals + info->n_state, surplus);
        if (tuple == XV_NULL) {
            return false;
        }
        locals[info->n_pos + info->n_kwonly] = tuple;
    }
    if (info->flags & XV_FLAG_VARKW) {
        xv_value dict = xv_dict_new(vm, n_kw);
        if (dict == XV_NULL) {
            return false;
        }
        locals[kw_local(info)] = dict;
    }
    return bind_pairs(vm, info, locals, locals + top, n_kw) &&
           bind_defaults(vm, info, *function, locals, given, n_cells, n_kw) && make_cells(vm, info, locals);
}

xv_value xv_push_function(struct xv_vm *vm, xv_value function, xv_value *args, uint32_t n_pos, uint32_t n_kw) {
    xv_value code = xv_function_code(function);
    struct xv_code_info info = *xv_code_info(vm, code); /* a copy: binding may collect */
    size_t n_cells = xv_is_object(function) ? xv_function_cells(function) : 0;
    size_t here = (size_t)n_pos + 2u * n_kw;
    xv_value r[1] = {function};
    XV_ENTER(vm, r);
    bool room = xv_need_stack(vm, xv_frame_need(&info) + here + n_cells);
    if (room && n_cells > 0) {
        memmove(args + n_cells, args, here * sizeof *args);
        memcpy(args, ((struct xv_function *)r[0])->cells, n_cells * sizeof *args);
        vm->sp += n_cells;
        n_pos += (uint32_t)n_cells;
    }
    bool bound;
    if (room && info.simple && n_kw == 0 && n_pos == info.n_pos) {
        for (uint32_t i = n_pos; i < info.n_state; i++) {
            args[i] = XV_NULL;
        }
        bound = true;
    } else {
        bound = room && bind(vm, &info, r, args, n_pos, n_kw, n_cells);
    }
    XV_LEAVE(vm);
    if (!bound) {
        return XV_NULL;
    }
    info.start = xv_code_info(vm, code)->start; /* linked code may have moved */
    xv_frame_enter(vm, &info, r[0], args);
    return info.flags & XV_FLAG_GENERATOR ? xv_generator_new(vm) : XV_PUSHED;
}

/* ---- other callables */

static inline xv_value call_native(struct xv_vm *vm, const struct xv_native *native, xv_value *args, uint32_t n_pos,
                                   uint32_t n_kw) {
    uint32_t n = n_pos | n_kw << 16;
    if ((n_pos < native->min_args || n_pos > native->max_args || n_kw != 0) &&
        !xv_native_arity(vm, native, n)) {
        return XV_NULL;
    }
    if ((native->flags & XV_N_METHOD) != 0 && !(n_pos > 0 && xv_self_is_right(vm, native, args[0])) &&
        !xv_make_self_right(vm, native, args, n)) {
        return XV_NULL;
    }
    return native->fn(vm, args, n);
}

/* Puts `self` in front of the arguments, for which args[-1] may be used if `below`. Returns where they begin now;
 * NULL with an exception. */
static xv_value *insert_self(struct xv_vm *vm, xv_value self, xv_value *args, bool below) {
    if (below) {
        args[-1] = self;
        return args - 1;
    }
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool room = xv_need_stack(vm, 1);
    XV_LEAVE(vm);
    if (!room) {
        return NULL;
    }
    memmove(args + 1, args, (size_t)(vm->sp - args) * sizeof *args);
    args[0] = r[0];
    vm->sp++;
    return args;
}

/* C(…) for a class made by a program: an instance, and __init__ as a frame if there is one. */
static xv_value instantiate(struct xv_vm *vm, xv_value class_, xv_value *args, uint32_t n_pos, uint32_t n_kw,
                            xv_value *result, bool below) {
    struct xv_class *c = xv_class(class_);
    if ((c->flags & (XV_C_NEW | XV_C_EXCEPTION)) != 0 || c->native != XV_NULL) {
        return xv_class_make(vm, class_, args, n_pos, n_kw);
    }
    xv_value init = xv_type_lookup(vm, class_, XV_Q___init__, NULL);
    bool plain = init == XV_NULL || !xv_is_function(init);
    if (plain) {
        return xv_class_make(vm, class_, args, n_pos, n_kw);
    }
    xv_value r[2] = {init, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_instance_new(vm, class_);
    xv_value *with_self = r[1] == XV_NULL ? NULL : insert_self(vm, r[1], args, below);
    xv_value pushed = with_self == NULL ? XV_NULL : xv_push_function(vm, r[0], with_self, n_pos + 1, n_kw);
    XV_LEAVE(vm);
    if (pushed == XV_PUSHED) {
        vm->frame->then = XV_THEN_INSTANCE;
        vm->frame->keep = r[1];
        vm->frame->result = result;
    } else if (pushed != XV_NULL) {
        return xv_raise(vm, &xv_exc_TypeError, "__init__() should return None, not 'generator'");
    }
    return pushed;
}

/* What a bound method, or an instance with __call__, calls: goes to *callee, and its receiver in front of the
 * arguments. 1; 0 for all else; -1 with an exception. */
static int find_behind(struct xv_vm *vm, xv_value *callee, xv_value **args, uint32_t *n_pos, bool *below) {
    xv_value r[2] = {XV_NULL, XV_NULL}; /* the function, and its receiver if it has one */
    int found = 1;
    XV_ENTER(vm, r);
    if (xv_is_kind(*callee, XV_KIND_BOUND)) {
        r[0] = ((struct xv_bound *)*callee)->function;
        r[1] = ((struct xv_bound *)*callee)->self;
    } else if (!xv_is_user(*callee) || (r[0] = xv_type_lookup(vm, xv_type_of(vm, *callee), XV_Q___call__, NULL)) == XV_NULL) {
        found = 0;
    } else if (xv_is_function(r[0])) {
        r[1] = *callee;
    } else {
        found = xv_find_method(vm, *callee, XV_Q___call__, r);
    }
    if (found > 0 && r[1] != XV_NULL) {
        *args = insert_self(vm, r[1], *args, *below);
        *below = false;
        ++*n_pos;
        found = *args == NULL ? -1 : 1;
    }
    if (found > 0) {
        *callee = r[0];
    }
    XV_LEAVE(vm);
    return found;
}

/* Calls a value of a kind that has no short way: by its type. */
static xv_value invoke_by_type(struct xv_vm *vm, xv_value callee, xv_value *args, uint32_t n_pos, uint32_t n_kw) {
    xv_value self;
    const struct xv_type *type = xv_native_type(vm, callee, &self);
    XV_FIND_SLOT(type, call);
    return type != NULL ? type->call(vm, self, args, n_pos | n_kw << 16)
                        : xv_raise(vm, &xv_exc_TypeError, "'%t' object isn't callable", callee);
}

/* Calls what stands for a native while a budget is counted; XV_STOP if nothing does. */
static xv_value invoke_resumable(struct xv_vm *vm, xv_value callee, xv_value *args, uint32_t n_pos, uint32_t n_kw,
                                 xv_value *result, bool below) {
    xv_value r[2] = {callee, XV_NULL};
    XV_ENTER(vm, r);
    xv_value code = xv_resumable(vm, callee, args, n_pos, n_kw, &r[1]);
    xv_value done = code;
    if (code != XV_NULL && code != XV_STOP) {
        args = insert_self(vm, r[1], args, below);
        done = args == NULL ? XV_NULL : xv_push_function(vm, code, args, n_pos + 1, n_kw);
    }
    XV_LEAVE(vm);
    if (done == XV_PUSHED) {
        vm->frame->result = result;
    }
    return done;
}

xv_value xv_invoke(struct xv_vm *vm, xv_value callee, xv_value *args, uint32_t n_pos, uint32_t n_kw, xv_value *result) {
    bool below = args > result; /* whether args[-1] is free */
    for (unsigned depth = 0; depth <= XIPVM_NATIVE_DEPTH; depth++) {
        xv_value done;
        if (xv_is_sliced(vm) && (done = invoke_resumable(vm, callee, args, n_pos, n_kw, result, below)) != XV_STOP) {
            return done;
        }
        if (xv_is_function(callee)) {
            done = xv_push_function(vm, callee, args, n_pos, n_kw);
            if (done == XV_PUSHED) {
                vm->frame->result = result;
            }
            return done;
        }
        if (xv_is_kind(callee, XV_KIND_NATIVE)) {
            struct xv_frame *before = vm->frame;
            done = call_native(vm, (const struct xv_native *)callee, args, n_pos, n_kw);
            if (vm->frame != before) {
                xv_frame_above(vm, before)->result = result;
            }
            return done;
        }
        if (xv_is_kind(callee, XV_KIND_CLASS)) {
            return instantiate(vm, callee, args, n_pos, n_kw, result, below);
        }
        if (callee == XV_NULL) {
            return xv_raise(vm, &xv_exc_TypeError, "this isn't callable");
        }
        int found = find_behind(vm, &callee, &args, &n_pos, &below);
        if (found <= 0) {
            return found < 0 ? XV_NULL : invoke_by_type(vm, callee, args, n_pos, n_kw);
        }
    }
    return xv_raise(vm, &xv_exc_RuntimeError, "maximum recursion depth exceeded");
}

/* ---- from C */

bool xv_native_enter(struct xv_vm *vm) {
    if (vm->native_depth >= XIPVM_NATIVE_DEPTH) {
        xv_raise(vm, &xv_exc_RuntimeError, "maximum recursion depth exceeded");
        return false;
    }
    vm->native_depth++;
    return true;
}

void xv_native_leave(struct xv_vm *vm) {
    vm->native_depth--;
}

xv_value xv_run(struct xv_vm *vm) {
    vm->loops++;
    xv_value v = xv_interpret(vm);
    vm->loops--;
    return v;
}

xv_value xv_run_pushed(struct xv_vm *vm) {
    if (!xv_native_enter(vm)) {
        vm->frame = vm->frame->prev;
        return XV_NULL;
    }
    xv_value v = xv_run(vm);
    xv_native_leave(vm);
    return v;
}

xv_value xv_call_begin(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n_pos, size_t n_kw) {
    size_t n = n_pos + 2 * n_kw;
    xv_value *base = vm->sp;
    /* Nothing may be collected before all is on the stack. There is always this much room below the heap's
     * floor, or else there is no room for a frame either. */
    if (!xv_stack_fits(vm, n + 1)) {
        return xv_raise_memory(vm);
    }
    *base = f;
    if (n > 0) {
        memmove(base + 1, args, n * sizeof *args); /* they may be there already */
    }
    vm->sp = base + 1 + n;
    if (vm->sp > vm->stack_top) {
        vm->stack_top = vm->sp;
    }
    struct xv_frame *before = vm->frame;
    /* At the beginning of a run that can stop there must be a frame, for what natives ask for (vm/ask.h). */
    xv_value result = xv_is_sliced(vm) && !xv_is_function(f)
                          ? xv_push_call(vm, base, (uint32_t)n_pos, (uint32_t)n_kw)
                          : xv_invoke(vm, f, base + 1, (uint32_t)n_pos, (uint32_t)n_kw, base);
    if (vm->frame != before) {
        xv_frame_above(vm, before)->flags |= XV_FRAME_EXIT;
        result = XV_PUSHED;
    }
    return result;
}

xv_value xv_call_kw(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n_pos, size_t n_kw) {
    if (xv_can_ask(vm) && (xv_runs_python(f, args, n_pos) ||
                           xv_has_counterpart(vm, f, args, (uint32_t)n_pos, (uint32_t)n_kw))) {
        return xv_ask(vm, f, args, n_pos, n_kw);
    }
    xv_value *base = vm->sp;
    xv_value *old_top = vm->stack_top;
    if (!xv_native_enter(vm)) {
        return XV_NULL;
    }
    xv_value result = xv_call_begin(vm, f, args, n_pos, n_kw);
    if (result == XV_PUSHED) {
        result = xv_run(vm);
    }
    vm->sp = base;
    vm->stack_top = old_top;
    xv_native_leave(vm);
    return result;
}

xv_value xv_call_with_first(struct xv_vm *vm, xv_value f, xv_value first, const xv_value *args, size_t n_pos,
                            size_t n_kw) {
    size_t n = n_pos + 2 * n_kw;
    xv_value *base = vm->sp;
    if (!xv_stack_fits(vm, 2 * n + 4)) {
        return xv_raise_memory(vm);
    }
    base[0] = first;
    if (n > 0) {
        memmove(base + 1, args, n * sizeof *args);
    }
    vm->sp = base + 1 + n;
    xv_value result = xv_call_kw(vm, f, base, n_pos + 1, n_kw);
    vm->sp = base;
    return result;
}

xv_value xv_call(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n) {
    return xv_call_kw(vm, f, args, n, 0);
}

xv_value xv_call_method_if(struct xv_vm *vm, xv_value v, uint16_t name, const xv_value *args, size_t n) {
    /* f and its arguments, self first if there is one; more than a few arguments have to come in a tuple. */
    xv_value r[8] = {XV_NULL};
    if (n > 6) {
        return xv_raise(vm, &xv_exc_TypeError, "too many arguments for a method called from C");
    }
    if (n > 0) {
        memcpy(r + 2, args, n * sizeof *args);
    }
    XV_ENTER(vm, r);
    int found = xv_find_method(vm, v, name, r);
    xv_value result = XV_NULL;
    if (found > 0) {
        bool self = r[1] != XV_NULL;
        result = xv_call(vm, r[0], self ? r + 1 : r + 2, n + self);
    } else if (found == 0) {
        result = XV_STOP;
    }
    XV_LEAVE(vm);
    return result;
}

xv_value xv_call_method(struct xv_vm *vm, xv_value v, uint16_t name, const xv_value *args, size_t n) {
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value result = xv_call_method_if(vm, v, name, args, n);
    if (result == XV_STOP) {
        result = xv_raise(vm, &xv_exc_AttributeError, "'%t' object has no attribute '%q'", r[0], name);
    }
    XV_LEAVE(vm);
    return result;
}

/* The innermost frame of the program. */
static const struct xv_frame *program_frame(const struct xv_vm *vm) {
    const struct xv_frame *f = vm->frame;
    while (xv_is_resumable_frame(vm, f)) {
        f = f->prev;
    }
    return f;
}

xv_value xv_current_globals(struct xv_vm *vm) {
    const struct xv_frame *f = program_frame(vm);
    return f == NULL ? XV_NULL : xv_module(f->module)->globals;
}

xv_value xv_handled_exception(const struct xv_vm *vm) {
    xv_value exc = XV_NULL;
    for (struct xv_frame *f = vm->frame; f != NULL && exc == XV_NULL; f = f->prev) {
        exc = xv_frame_handled(f);
    }
    return exc;
}

xv_value xv_current_locals(struct xv_vm *vm) {
    const struct xv_frame *f = program_frame(vm);
    return f != NULL && f->names != XV_NULL ? f->names : xv_current_globals(vm);
}
