/* What instructions do off their fast paths. */
#include "blob/opcodes.h"
#include "blob/reader.h"
#include "lib/lib.h"
#include "link/module.h"
#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
#include "object/type.h"
#include "vm/interp.h"
#include "vm/resumable.h"

/* ---- names */

bool xv_link_operand(struct xv_vm *vm, const struct xv_frame *f, unsigned op) {
    const uint8_t *p = f->ip;
    uint32_t operand = op < XV_OP_LOAD_CONST_STRING_VIA_TABLE ? p[0] | (uint32_t)p[1] << 8 : xv_varuint(&p);
    return xv_module_name(vm, f->module, operand) != 0;
}

xv_value xv_load_global(struct xv_vm *vm, const struct xv_frame *f, uint16_t name, const xv_value **where) {
    *where = xv_dict_find_name(vm, xv_module(f->module)->globals, name);
    if (*where == NULL && vm->builtins_extra != XV_NULL) {
        *where = xv_dict_find_name(vm, vm->builtins_extra, name);
    }
    if (*where == NULL) {
        *where = xv_builtin_find(name);
    }
    if (*where == NULL) {
        return xv_raise(vm, &xv_exc_NameError, "name '%q' isn't defined", name);
    }
    return **where;
}

bool xv_delete_name(struct xv_vm *vm, xv_value dict, uint16_t name) {
    int found = xv_dict_delete(vm, dict, XV_QSTR(name), NULL);
    if (found == 0) {
        xv_raise_value(vm, &xv_exc_KeyError, XV_QSTR(name));
    }
    return found > 0;
}

/* ---- slices */

/* Whether subscripts of `v` only count with a slice, and do not keep it. */
static bool counts_with_slices(const struct xv_vm *vm, xv_value v) {
    if (!xv_is_object(v)) {
        return v != XV_NULL && (xv_is_qstr(v) || xv_is_imm(v, XV_IMM_CONST));
    }
    switch (xv_kind(v)) {
    case XV_KIND_STR:
    case XV_KIND_BYTES:
    case XV_KIND_BYTEARRAY:
    case XV_KIND_LIST:
    case XV_KIND_TUPLE:
        return true;
    case XV_KIND_GENERIC:
        return xv_plain_type(vm, v)->buffer != NULL;
    default:
        return false;
    }
}

xv_value xv_subscript_slice(struct xv_vm *vm, uint32_t n, bool store) {
    enum { WORDS = sizeof(struct xv_slice) / sizeof(xv_value) };
    xv_value *top = vm->sp;
    const xv_value *parts = top - n;
    xv_value object = parts[-1];
    if (!counts_with_slices(vm, object) || !xv_stack_fits(vm, WORDS + XV_STACK_RESERVE)) {
        return XV_STOP;
    }
    top[0] = XV_HEADER(XV_KIND_SLICE, WORDS);
    top[1] = parts[0];
    top[2] = parts[1];
    top[3] = n == 3 ? parts[2] : XV_NONE;
    vm->sp = top + WORDS;
    xv_value v;
    if (store) {
        v = xv_set_item(vm, object, xv_from(top), parts[-2]) ? XV_NONE : XV_NULL;
    } else {
        v = xv_get_item(vm, object, xv_from(top));
    }
    vm->sp = top;
    return v;
}

/* ---- unpacking */

static bool unpack_error(struct xv_vm *vm, size_t got, size_t wanted) {
    if (got < wanted) {
        xv_raise(vm, &xv_exc_ValueError, "need more than %z values to unpack", got);
    } else {
        xv_raise(vm, &xv_exc_ValueError, "too many values to unpack (expected %z)", wanted);
    }
    return false;
}

bool xv_unpack_sequence(struct xv_vm *vm, uint32_t n) {
    xv_value *top = vm->sp - 1;
    xv_value *items;
    size_t len;
    if (xv_sequence(vm, *top, &items, &len)) {
        if (len != n) {
            return unpack_error(vm, len, n);
        }
        for (uint32_t i = 0; i < n; i++) {
            top[n - 1 - i] = items[i];
        }
        return true;
    }
    /* The items go where they belong one by one; the iterator is rooted here. */
    xv_value r[XV_CURSOR_WORDS + 1];
    if (!xv_cursor_begin(vm, r, *top)) {
        return false;
    }
    r[XV_CURSOR_WORDS] = *top;
    for (uint32_t i = 0; i < n; i++) {
        top[i] = XV_NULL;
    }
    XV_ENTER(vm, r);
    xv_value *old_sp = vm->sp;
    vm->sp = top + (n == 0 ? 1 : n);
    bool done = true;
    for (uint32_t i = 0; done && i <= n; i++) {
        xv_value item = xv_cursor_next(vm, r);
        if (item == XV_NULL) {
            done = false;
        } else if (item == XV_STOP) {
            done = i == n || unpack_error(vm, i, n);
            break;
        } else if (i == n) {
            done = unpack_error(vm, n + 1, n);
        } else {
            top[n - 1 - i] = item;
        }
    }
    vm->sp = old_sp;
    if (!done) {
        *top = r[XV_CURSOR_WORDS]; /* the instruction may be executed again (vm/ask.h) */
    }
    XV_LEAVE(vm);
    return done;
}

bool xv_unpack_ex(struct xv_vm *vm, uint32_t before, uint32_t after) {
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_tuple_from(vm, vm->sp[-1]);
    bool done = r[0] != XV_NULL;
    size_t n = done ? xv_n_items(r[0]) : 0;
    if (done && n < before + after) {
        done = unpack_error(vm, n, before + after);
    }
    if (done) {
        r[1] = xv_list_new(vm, n - before - after);
        done = r[1] != XV_NULL;
    }
    for (size_t i = before; done && i < n - after; i++) {
        done = xv_list_append(vm, r[1], xv_items(r[0])[i]);
    }
    if (done) {
        xv_value *at = vm->sp - 1 + before + after;
        for (size_t i = 0; i < before; i++) {
            *at-- = xv_items(r[0])[i];
        }
        *at-- = r[1];
        for (size_t i = n - after; i < n; i++) {
            *at-- = xv_items(r[0])[i];
        }
    }
    XV_LEAVE(vm);
    return done;
}

/* ---- iteration */

bool xv_steps_in_place(const struct xv_vm *vm, xv_value v) {
    /* A str is stepped through by byte offsets, which bytecode that no compiler wrote could get wrong; a range's iterator
     * does not hold the range. */
    const struct xv_type *type = xv_iterator_type(vm, v);
    return type != NULL && type != &xv_type_str_iterator && type != &xv_type_range_iterator;
}

xv_value xv_step(struct xv_vm *vm, xv_value *it) {
    if (!xv_steps_in_place(vm, it[0]) || !xv_is_small(it[1])) {
        return xv_raise(vm, &xv_exc_TypeError, "the stack holds a value of the wrong type for this instruction");
    }
    const struct xv_type *type = xv_iterator_type(vm, it[0]);
    xv_value r[XV_CURSOR_WORDS] = {XV_HEADER(XV_KIND_GENERIC, XV_CURSOR_WORDS), xv_from(type)};
    memcpy(r + 2, it, 4 * sizeof *it);
    XV_ENTER(vm, r);
    xv_value item = type->next(vm, xv_from(r));
    XV_LEAVE(vm);
    memcpy(it, r + 2, 4 * sizeof *it);
    return item;
}

/* ---- making functions */

/* The raw code of the function that a frame runs. */
static void raw_of(const struct xv_vm *vm, const struct xv_frame *f, struct xv_raw *raw) {
    xv_value code = xv_function_code(f->function);
    xv_raw_read(xv_module(xv_module_of(vm, code))->base + xv_place_offset(code), raw);
}

xv_value xv_make_function(struct xv_vm *vm, struct xv_frame *f, uint32_t i) {
    struct xv_raw raw;
    raw_of(vm, f, &raw);
    const struct xv_module *m = xv_module(f->module);
    return xv_place(XV_IMM_CODE, m->slot, (uint32_t)(xv_raw_child(&raw, i) - m->base));
}

xv_value xv_make_function_with(struct xv_vm *vm, struct xv_frame *f, uint32_t i, xv_value *operands,
                               uint32_t n_cells, bool defaults) {
    xv_value code = xv_make_function(vm, f, i);
    const struct xv_code_info *info = xv_code_info(vm, code);
    xv_value *cells = operands + (defaults ? 2 : 0);
    for (uint32_t c = 0; c < n_cells; c++) {
        if (!xv_is_kind(cells[c], XV_KIND_CELL)) {
            return xv_raise(vm, &xv_exc_TypeError, "a closure needs cells");
        }
    }
    if (defaults) {
        size_t n = operands[0] == XV_NULL                       ? 0
                   : xv_is_kind(operands[0], XV_KIND_TUPLE) ? xv_n_items(operands[0])
                                                              : SIZE_MAX;
        bool kw = operands[1] == XV_NULL || xv_is_kind(operands[1], XV_KIND_DICT);
        if (n != info->n_def_pos || !kw || ((info->flags & XV_FLAG_DEFKW) != 0) != (operands[1] != XV_NULL)) {
            return xv_raise(vm, &xv_exc_TypeError, "defaults don't fit the function");
        }
    }
    xv_value v = xv_alloc(vm, XV_KIND_FUNCTION, XV_FUNCTION_WORDS + n_cells);
    if (v == XV_NULL) {
        return XV_NULL;
    }
    struct xv_function *fn = (struct xv_function *)v;
    fn->code = code;
    fn->defaults = defaults ? operands[0] : XV_NULL;
    fn->kw_defaults = defaults ? operands[1] : XV_NULL;
    memcpy(fn->cells, cells, n_cells * sizeof *cells);
    return v;
}

/* ---- starred arguments
 *
 * The values are moved to a list of positional and a list of keyword arguments, which then replace them on the stack. */

static bool gather_stars(struct xv_vm *vm, xv_value *r, const xv_value *args, uint32_t n_pos, uintptr_t stars) {
    for (uint32_t i = 0; i < n_pos; i++) {
        bool starred = i < sizeof stars * 8 && (stars >> i & 1) != 0;
        if (!starred) {
            if (!xv_list_append(vm, r[0], args[i])) {
                return false;
            }
            continue;
        }
        xv_value iterator = xv_iter_settled(vm, args[i]);
        r[2] = iterator;
        while (r[2] != XV_NULL) {
            xv_value item = xv_next(vm, r[2]);
            if (item == XV_STOP) {
                break;
            }
            if (item == XV_NULL || !xv_list_append(vm, r[0], item)) {
                return false;
            }
        }
        if (r[2] == XV_NULL) {
            return false;
        }
    }
    return true;
}

bool xv_check_keyword(struct xv_vm *vm, xv_value key) {
    if (!xv_is_str(vm, key)) {
        xv_raise(vm, &xv_exc_TypeError, "keywords must be strings");
        return false;
    }
    return true;
}

static bool add_pair(struct xv_vm *vm, xv_value *r, xv_value key, xv_value value) {
    if (!xv_check_keyword(vm, key)) {
        return false;
    }
    r[4] = value;
    key = xv_intern_str(vm, key);
    return key != XV_NULL && xv_list_append(vm, r[1], key) && xv_list_append(vm, r[1], r[4]);
}

/* **mapping for something that is no dict: keys() and __getitem__. */
static bool gather_mapping(struct xv_vm *vm, xv_value *r, const xv_value *mapping) {
    xv_value keys = xv_call_method(vm, *mapping, XV_Q_keys, NULL, 0);
    r[2] = keys == XV_NULL ? XV_NULL : xv_iter_settled(vm, keys);
    while (r[2] != XV_NULL) {
        r[3] = xv_next(vm, r[2]);
        if (r[3] == XV_STOP) {
            return true;
        }
        xv_value value = r[3] == XV_NULL ? XV_NULL : xv_get_item(vm, *mapping, r[3]);
        if (value == XV_NULL || !add_pair(vm, r, r[3], value)) {
            return false;
        }
    }
    return false;
}

static bool gather_pairs(struct xv_vm *vm, xv_value *r, const xv_value *pairs, uint32_t n_kw) {
    for (uint32_t i = 0; i < n_kw; i++) {
        const xv_value *pair = pairs + 2 * i;
        if (pair[0] != XV_NULL) {
            if (!add_pair(vm, r, pair[0], pair[1])) {
                return false;
            }
        } else if (xv_is_kind(xv_unwrap(vm, pair[1]), XV_KIND_DICT)) {
            uint32_t at = 0;
            xv_value key, value;
            while (xv_dict_next(xv_unwrap(vm, pair[1]), &at, &key, &value)) {
                if (!add_pair(vm, r, key, value)) {
                    return false;
                }
            }
        } else if (!gather_mapping(vm, r, &pair[1])) {
            return false;
        }
    }
    return true;
}

bool xv_expand_args(struct xv_vm *vm, xv_value *args, uint32_t *n_pos, uint32_t *n_kw, uintptr_t stars) {
    xv_value r[5] = {XV_NULL, XV_NULL, XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_list_new(vm, *n_pos);
    r[1] = r[0] == XV_NULL ? XV_NULL : xv_list_new(vm, 2 * *n_kw);
    bool done = r[1] != XV_NULL && gather_stars(vm, r, args, *n_pos, stars) &&
                gather_pairs(vm, r, args + *n_pos, *n_kw);
    if (done) {
        size_t pos = xv_list(r[0])->len, kw = xv_list(r[1])->len;
        done = pos <= XV_MAX_ARGS && kw < 0x20000;
        if (!done) {
            xv_raise(vm, &xv_exc_TypeError, "too many arguments");
        } else {
            done = xv_need_stack(vm, pos + kw);
        }
        if (done) {
            if (pos > 0) {
                memcpy(args, xv_list_items(r[0]), pos * sizeof *args);
            }
            if (kw > 0) {
                memcpy(args + pos, xv_list_items(r[1]), kw * sizeof *args);
            }
            vm->sp = args + pos + kw;
            if (vm->sp > vm->stack_top) {
                vm->stack_top = vm->sp;
            }
            *n_pos = (uint32_t)pos;
            *n_kw = (uint32_t)(kw / 2);
        }
    }
    XV_LEAVE(vm);
    return done;
}

/* ---- exceptions */

xv_value xv_make_exception(struct xv_vm *vm, xv_value v) {
    if (v != XV_NULL && xv_is_type(v) && xv_is_subtype(vm, v, xv_from(&xv_exc_BaseException))) {
        xv_value none[1] = {XV_NULL};
        v = xv_call(vm, v, none, 0);
    }
    bool raisable = xv_is_kind(v, XV_KIND_EXCEPTION) && ((struct xv_exception *)v)->traceback != XV_NONE;
    if (raisable || (v == XV_NULL && vm->exc != XV_NULL)) {
        return v;
    }
    return xv_raise(vm, &xv_exc_TypeError, "exceptions must derive from BaseException");
}

void xv_trace(struct xv_vm *vm, const struct xv_frame *f) {
    if (xv_is_resumable_frame(vm, f)) {
        return;
    }
    /* The names may be needed for the first time. The line is dropped if there is no memory for them. */
    xv_value r[1] = {vm->exc};
    vm->exc = XV_NULL;
    XV_ENTER(vm, r);
    bool was_open = xv_reserve_open(vm);
    uint16_t function = xv_function_name(vm, f->function);
    uint16_t file = function == 0 ? 0 : xv_module_name(vm, f->module, xv_module(f->module)->source_name);
    xv_reserve_close(vm, was_open);
    XV_LEAVE(vm);
    vm->exc = r[0];
    if (file == 0) {
        return;
    }
    struct xv_raw raw;
    raw_of(vm, f, &raw);
    uint32_t line = xv_line_of(raw.fun, (uint32_t)(f->ip - f->start - (f->ip != f->start)), xv_module_is_linked(xv_module(f->module)));
    xv_traceback_add(vm, vm->exc, XV_QSTR(file), line, XV_QSTR(function));
}

/* ---- methods */

bool xv_super_method(struct xv_vm *vm, xv_value class_, xv_value self, uint16_t name, xv_value *out) {
    if (xv_super_function(vm, class_, self, name, out)) {
        return true;
    }
    xv_value args[2] = {class_, self};
    xv_value r[3] = {xv_call(vm, xv_from(&xv_type_super), args, 2), XV_NULL, XV_NULL};
    if (r[0] == XV_NULL) {
        return false;
    }
    XV_ENTER(vm, r);
    int found = xv_find_method(vm, r[0], name, r + 1);
    if (found == 0) {
        xv_get_attr(vm, r[0], name); /* for its exception */
    }
    XV_LEAVE(vm);
    if (found <= 0) {
        return false;
    }
    out[0] = r[1];
    out[1] = r[2];
    return true;
}

xv_value xv_python_method(const struct xv_vm *vm, xv_value v, uint16_t name) {
    xv_value found = xv_special_find(vm, v, name);
    return found != XV_NULL && xv_is_function(found) ? found : XV_NULL;
}
