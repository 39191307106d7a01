/* Exceptions: their built-in types, how they are raised, and how they and their tracebacks are printed. An
 * exception in flight stands in vm->exc; whatever fails while it is being described must not lose it. */
#include "object/type.h"

#include "object/container.h"
#include "object/number.h"
#include "object/print.h"
#include "object/str.h"

/* ---- making */

static struct xv_exception *exception(xv_value v) {
    return (struct xv_exception *)v;
}

xv_value xv_exception_new(struct xv_vm *vm, xv_value type, xv_value args) {
    xv_value r[2] = {type, args};
    XV_ENTER(vm, r);
    bool was_open = xv_reserve_open(vm);
    xv_value v = xv_alloc(vm, XV_KIND_EXCEPTION, sizeof(struct xv_exception) / sizeof(xv_value));
    xv_reserve_close(vm, was_open);
    if (v != XV_NULL) {
        exception(v)->type = r[0];
        exception(v)->args = r[1];
    }
    XV_LEAVE(vm);
    return v;
}

/* An exception with `n` arguments, which lie on the frame stack or are rooted. XV_NULL with MemoryError. If there is
 * room for the exception but not for the arguments, it has none; that can happen only when there is not even the
 * reserve. */
static xv_value exception_with(struct xv_vm *vm, xv_value type, const xv_value *args, size_t n) {
    xv_value r[1] = {xv_exception_new(vm, type, xv_tuple_new(vm, 0))};
    if (r[0] == XV_NULL || n == 0) {
        return r[0];
    }
    XV_ENTER(vm, r);
    bool was_open = xv_reserve_open(vm);
    xv_value tuple = xv_tuple_of(vm, args, n);
    xv_reserve_close(vm, was_open);
    if (tuple != XV_NULL) {
        exception(r[0])->args = tuple;
    } else {
        xv_clear(vm);
    }
    XV_LEAVE(vm);
    return r[0];
}

/* Values of a traceback entry: file, line, function. */
#define ENTRY 3u
#define MEMORY_ERROR_ENTRIES 8u

xv_value xv_memory_error_new(struct xv_vm *vm) {
    xv_value r[2] = {XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[0] = xv_list_new(vm, MEMORY_ERROR_ENTRIES * ENTRY);
    r[1] = r[0] == XV_NULL ? XV_NULL : xv_tuple_new(vm, 0);
    xv_value v = r[1] == XV_NULL ? XV_NULL : xv_exception_new(vm, xv_from(&xv_exc_MemoryError), r[1]);
    if (v != XV_NULL) {
        exception(v)->traceback = r[0];
    }
    XV_LEAVE(vm);
    return v;
}

void xv_memory_error_renew(struct xv_vm *vm) {
    struct xv_exception *e = exception(vm->memory_error);
    struct xv_list *traceback = xv_list(e->traceback);
    memset(xv_items(traceback->items), 0, xv_n_items(traceback->items) * sizeof(xv_value));
    traceback->len = 0;
    e->args = xv_tuple_new(vm, 0);
    e->attrs = XV_NULL;
}

static xv_value exception_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    if (XV_N_KW(n) != 0) {
        return xv_raise(vm, &xv_exc_TypeError, "function doesn't take keyword arguments");
    }
    return exception_with(vm, type, args, n);
}

static xv_value exception_init(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value tuple = xv_tuple_of(vm, args + 1, (size_t)n - 1);
    if (tuple == XV_NULL) {
        return XV_NULL;
    }
    exception(args[0])->args = tuple;
    xv_exception_complete(args[0]);
    return XV_NONE;
}

static const struct xv_native exception_methods[] = {
    XV_NATIVE(__init__, exception_init, 1, XV_ANY_ARGS),
};

/* ---- raising */

/* Raises with one argument, or with none if it is XV_NULL. */
static xv_value raise_with(struct xv_vm *vm, const struct xv_type *type, xv_value arg) {
    xv_value r[1] = {arg};
    XV_ENTER(vm, r);
    xv_value v = exception_with(vm, xv_from(type), r, arg != XV_NULL);
    if (v != XV_NULL) {
        vm->exc = v;
    }
    XV_LEAVE(vm);
    return XV_NULL;
}

xv_value xv_raise(struct xv_vm *vm, const struct xv_type *type, const char *format, ...) {
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    out.for_exception = true;
    va_list values;
    va_start(values, format);
    bool ok = xv_vputf(&out, format, values);
    va_end(values);
    if (!ok && vm->exc != vm->memory_error) {
        xv_printer_end(&out);
        return XV_NULL;
    }
    /* Without memory the beginning of the message has to do, or none. */
    xv_clear(vm);
    bool was_open = xv_reserve_open(vm);
    xv_value message = xv_printer_finish(&out);
    xv_reserve_close(vm, was_open);
    xv_clear(vm);
    return raise_with(vm, type, message);
}

xv_value xv_raise_value(struct xv_vm *vm, const struct xv_type *type, xv_value arg) {
    return raise_with(vm, type, arg);
}

xv_value xv_raise_os(struct xv_vm *vm, int error) {
    return raise_with(vm, &xv_exc_OSError, XV_INT(error));
}

xv_value xv_raise_empty(struct xv_vm *vm, const struct xv_type *type) {
    return raise_with(vm, type, XV_NULL);
}

xv_value xv_raise_memory(struct xv_vm *vm) {
    vm->exc = vm->memory_error;
    if (vm->exc != XV_NULL && exception(vm->exc)->traceback != XV_NULL) {
        xv_list(exception(vm->exc)->traceback)->len = 0;
    }
    return XV_NULL;
}

bool xv_pending(const struct xv_vm *vm, const struct xv_type *type) {
    return vm->exc != XV_NULL && xv_is_subtype(vm, exception(vm->exc)->type, xv_from(type));
}

/* ---- attributes */

/* args[i], or None. */
static xv_value argument(xv_value exc, size_t i) {
    xv_value args = exception(exc)->args;
    return i < xv_n_items(args) ? xv_items(args)[i] : XV_NONE;
}

/* Attributes that stand for an argument. */
static const struct {
    const struct xv_type *type;
    uint16_t name;
    uint16_t index;
} argument_names[] = {
    {&xv_exc_StopIteration, XV_Q_value, 0}, {&xv_exc_SystemExit, XV_Q_code, 0},
    {&xv_exc_OSError, XV_Q_errno, 0},       {&xv_exc_OSError, XV_Q_strerror, 1},
    {&xv_exc_OSError, XV_Q_filename, 2},
};

static xv_value exception_get_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    xv_value attrs = exception(self)->attrs;
    if (attrs != XV_NULL) {
        xv_value v = xv_dict_get_name(vm, attrs, name);
        if (v != XV_NULL) {
            return v;
        }
    }
    if (name == XV_Q_args) {
        return exception(self)->args;
    }
    for (size_t i = 0; i < sizeof argument_names / sizeof *argument_names; i++) {
        if (argument_names[i].name == name && xv_is_a(vm, self, argument_names[i].type)) {
            return argument(self, argument_names[i].index);
        }
    }
    return XV_STOP;
}

static int exception_set_attr(struct xv_vm *vm, xv_value self, uint16_t name, xv_value value) {
    xv_value r[2] = {self, value};
    int done = -1;
    XV_ENTER(vm, r);
    if (name == XV_Q___traceback__ && value == XV_NONE) {
        /* Its room stays, so that the exception can be raised once more without memory. */
        if (xv_is_object(exception(self)->traceback)) {
            xv_list(exception(self)->traceback)->len = 0;
        }
        done = 1;
    } else if (value == XV_NULL) {
        xv_value attrs = exception(self)->attrs;
        done = attrs == XV_NULL ? 0 : xv_dict_delete(vm, attrs, XV_QSTR(name), NULL);
    } else if (name == XV_Q_args) {
        xv_value tuple = xv_tuple_from(vm, value);
        if (tuple != XV_NULL) {
            exception(r[0])->args = tuple;
            done = 1;
        }
    } else {
        if (exception(self)->attrs == XV_NULL) {
            xv_value attrs = xv_dict_new(vm, 1);
            exception(r[0])->attrs = attrs;
        }
        if (exception(r[0])->attrs != XV_NULL && xv_dict_set_name(vm, exception(r[0])->attrs, name, r[1])) {
            done = 1;
        }
    }
    XV_LEAVE(vm);
    return done;
}

/* ---- text */

const struct xv_constant xv_errno_names[] = {
    XV_CONSTANT(EPERM, XV_INT(1)),          XV_CONSTANT(ENOENT, XV_INT(2)),
    XV_CONSTANT(EIO, XV_INT(5)),            XV_CONSTANT(EBADF, XV_INT(9)),
    XV_CONSTANT(EAGAIN, XV_INT(11)),        XV_CONSTANT(ENOMEM, XV_INT(12)),
    XV_CONSTANT(EACCES, XV_INT(13)),        XV_CONSTANT(EEXIST, XV_INT(17)),
    XV_CONSTANT(ENODEV, XV_INT(19)),        XV_CONSTANT(EISDIR, XV_INT(21)),
    XV_CONSTANT(EINVAL, XV_INT(22)),        XV_CONSTANT(EOPNOTSUPP, XV_INT(95)),
    XV_CONSTANT(EADDRINUSE, XV_INT(98)),    XV_CONSTANT(ECONNABORTED, XV_INT(103)),
    XV_CONSTANT(ECONNRESET, XV_INT(104)),   XV_CONSTANT(ENOBUFS, XV_INT(105)),
    XV_CONSTANT(ENOTCONN, XV_INT(107)),     XV_CONSTANT(ETIMEDOUT, XV_INT(110)),
    XV_CONSTANT(ECONNREFUSED, XV_INT(111)), XV_CONSTANT(EHOSTUNREACH, XV_INT(113)),
    XV_CONSTANT(EALREADY, XV_INT(114)),     XV_CONSTANT(EINPROGRESS, XV_INT(115)),
};
const uint16_t xv_n_errno_names = sizeof xv_errno_names / sizeof *xv_errno_names;

/* The name of the error number in an OSError's arguments, or 0. */
static uint16_t errno_name(const struct xv_vm *vm, xv_value self) {
    size_t n = xv_n_items(exception(self)->args);
    if ((n == 1 || n == 2) && xv_is_a(vm, self, &xv_exc_OSError)) {
        for (uint16_t i = 0; i < xv_n_errno_names; i++) {
            if (xv_errno_names[i].value == argument(self, 0)) {
                return xv_errno_names[i].name;
            }
        }
    }
    return 0;
}

/* r[0], rooted, is the exception. */
static bool print_str(struct xv_vm *vm, const xv_value *r, struct xv_printer *out) {
    uint16_t name = errno_name(vm, r[0]);
    size_t n = xv_n_items(exception(r[0])->args);
    if (name != 0) {
        return xv_putf(out, "[Errno %v] %q", argument(r[0], 0), name) &&
               (n == 1 || xv_putf(out, ": %v", argument(r[0], 1)));
    }
    if (n <= 1) {
        return n == 0 || xv_put_value(out, argument(r[0], 0), XV_PRINT_STR);
    }
    return xv_put_value(out, exception(r[0])->args, XV_PRINT_REPR);
}

static bool exception_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok;
    if (how == XV_PRINT_STR) {
        ok = print_str(vm, r, out);
    } else {
        ok = xv_put_value(out, xv_type_name(exception(self)->type), XV_PRINT_STR) &&
             xv_put_value(out, exception(r[0])->args, XV_PRINT_REPR);
    }
    XV_LEAVE(vm);
    return ok;
}

/* ---- traceback */

/* Room for one more entry without allocating. */
static bool has_room(xv_value list) {
    return xv_list(list)->items != XV_NULL && xv_n_items(xv_list(list)->items) >= xv_list(list)->len + ENTRY;
}

/* r: exception, file, function, list. */
static bool append_entry(struct xv_vm *vm, const xv_value *r, uint32_t line) {
    /* All three or none. */
    size_t len = xv_list(r[3])->len;
    if (xv_list_append(vm, r[3], r[1]) && xv_list_append(vm, r[3], XV_INT(line & 0x3fffffffu)) &&
        xv_list_append(vm, r[3], r[2])) {
        return true;
    }
    xv_list(r[3])->len = len;
    return false;
}

bool xv_traceback_add(struct xv_vm *vm, xv_value exc, xv_value file, uint32_t line, xv_value function) {
    xv_exception_complete(exc);
    xv_value r[5] = {exc, file, function, exception(exc)->traceback, vm->exc};
    if (r[3] != XV_NULL && xv_list(r[3])->len >= ENTRY * XV_TRACEBACK_MAX) {
        return false;
    }
    /* No collection at each frame that a MemoryError passes; and under a locked heap the reserve serves for the first
     * only. */
    if (r[3] == XV_NULL ? exc == vm->memory_error : (exc == vm->memory_error || vm->heap_locked) && !has_room(r[3])) {
        return false;
    }
    XV_ENTER(vm, r);
    if (r[3] == XV_NULL) {
        bool was_open = xv_reserve_open(vm);
        r[3] = xv_list_new(vm, ENTRY);
        xv_reserve_close(vm, was_open);
        exception(r[0])->traceback = r[3];
    }
    bool ok = r[3] != XV_NULL && append_entry(vm, r, line);
    vm->exc = r[4];
    XV_LEAVE(vm);
    return ok;
}

/* r: exception, traceback. */
static bool print_traceback(struct xv_printer *out, const xv_value *r) {
    if (!xv_puts(out, "Traceback (most recent call last):\n")) {
        return false;
    }
    for (size_t i = xv_list(r[1])->len; i >= ENTRY; i -= ENTRY) {
        /* Each in a call of its own, as the items may move. */
        if (!xv_putf(out, "  File \"%v\"", xv_list_items(r[1])[i - 3]) ||
            !xv_putf(out, ", line %v", xv_list_items(r[1])[i - 2]) ||
            !xv_putf(out, ", in %v\n", xv_list_items(r[1])[i - 1])) {
            return false;
        }
    }
    return true;
}

bool xv_print_exception(struct xv_printer *out, xv_value exc) {
    struct xv_vm *vm = out->vm;
    xv_value r[2] = {exc, exception(exc)->traceback};
    XV_ENTER(vm, r);
    bool ok = !xv_is_object(r[1]) || xv_list(r[1])->len == 0 || print_traceback(out, r);
    ok = ok && xv_put_value(out, xv_type_name(exception(r[0])->type), XV_PRINT_STR) && xv_puts(out, ": ");
    bool told = ok && xv_put_value(out, r[0], XV_PRINT_STR);
    if (ok && !told && vm->question == XV_NULL) {
        /* The program's own __str__ may fail; that must not hide the exception. */
        xv_clear(vm);
        told = xv_puts(out, "<exception str() failed>");
    }
    ok = told && xv_putc(out, '\n');
    XV_LEAVE(vm);
    return ok;
}

/* ---- the types */

/* NOLINTBEGIN(bugprone-macro-parentheses): a declared name and a list of fields take none */
#define EXCEPTION(id, type_, base_)                                        \
    const struct xv_type type_ = {                                         \
        .header = XV_TYPE_HEADER,                                          \
        .name = id,                                                        \
        .flags = XV_T_EXCEPTION,                                           \
        .base = &base_,                                                    \
        .make = exception_make,                                            \
        .print = exception_print,                                          \
        .hash = xv_hash_identity,                                          \
        .get_attr = exception_get_attr,                                    \
        .set_attr = exception_set_attr,                                    \
        METHODS                                                            \
    };

#define METHODS                                                            \
    .methods = exception_methods,                                          \
    .n_methods = sizeof exception_methods / sizeof *exception_methods,
/* NOLINTEND(bugprone-macro-parentheses) */
EXCEPTION(XV_Q_BaseException, xv_exc_BaseException, xv_type_object)
#undef METHODS
#define METHODS
EXCEPTION(XV_Q_SystemExit, xv_exc_SystemExit, xv_exc_BaseException)
EXCEPTION(XV_Q_KeyboardInterrupt, xv_exc_KeyboardInterrupt, xv_exc_BaseException)
EXCEPTION(XV_Q_GeneratorExit, xv_exc_GeneratorExit, xv_exc_BaseException)
EXCEPTION(XV_Q_Exception, xv_exc_Exception, xv_exc_BaseException)
EXCEPTION(XV_Q_StopIteration, xv_exc_StopIteration, xv_exc_Exception)
EXCEPTION(XV_Q_StopAsyncIteration, xv_exc_StopAsyncIteration, xv_exc_Exception)
EXCEPTION(XV_Q_ArithmeticError, xv_exc_ArithmeticError, xv_exc_Exception)
EXCEPTION(XV_Q_OverflowError, xv_exc_OverflowError, xv_exc_ArithmeticError)
EXCEPTION(XV_Q_ZeroDivisionError, xv_exc_ZeroDivisionError, xv_exc_ArithmeticError)
EXCEPTION(XV_Q_AssertionError, xv_exc_AssertionError, xv_exc_Exception)
EXCEPTION(XV_Q_AttributeError, xv_exc_AttributeError, xv_exc_Exception)
EXCEPTION(XV_Q_EOFError, xv_exc_EOFError, xv_exc_Exception)
EXCEPTION(XV_Q_ImportError, xv_exc_ImportError, xv_exc_Exception)
EXCEPTION(XV_Q_LookupError, xv_exc_LookupError, xv_exc_Exception)
EXCEPTION(XV_Q_IndexError, xv_exc_IndexError, xv_exc_LookupError)
EXCEPTION(XV_Q_KeyError, xv_exc_KeyError, xv_exc_LookupError)
EXCEPTION(XV_Q_MemoryError, xv_exc_MemoryError, xv_exc_Exception)
EXCEPTION(XV_Q_NameError, xv_exc_NameError, xv_exc_Exception)
EXCEPTION(XV_Q_OSError, xv_exc_OSError, xv_exc_Exception)
EXCEPTION(XV_Q_RuntimeError, xv_exc_RuntimeError, xv_exc_Exception)
EXCEPTION(XV_Q_NotImplementedError, xv_exc_NotImplementedError, xv_exc_RuntimeError)
EXCEPTION(XV_Q_SyntaxError, xv_exc_SyntaxError, xv_exc_Exception)
EXCEPTION(XV_Q_IndentationError, xv_exc_IndentationError, xv_exc_SyntaxError)
EXCEPTION(XV_Q_TypeError, xv_exc_TypeError, xv_exc_Exception)
EXCEPTION(XV_Q_ValueError, xv_exc_ValueError, xv_exc_Exception)
EXCEPTION(XV_Q_UnicodeError, xv_exc_UnicodeError, xv_exc_ValueError)
EXCEPTION(XV_Q_ViperTypeError, xv_exc_ViperTypeError, xv_exc_TypeError)
