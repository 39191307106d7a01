/* import sys: the VM as its programs see it. */
#include "lib/stream.h"

#include "lib/machine.h"
#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
#include "vm/ask.h"
#include "vm/call.h"

/* ---- sys.implementation: an object whose attributes are the constants of its type */

/* The Python language level; programs compare it. */
static const XV_CONST_TUPLE(3) version_info = {XV_TUPLE_HEADER(3), {XV_INT(3), XV_INT(4), XV_INT(0)}};
/* The MicroPython whose programs run unchanged; they compare name and version. */
static const XV_CONST_TUPLE(4) micropython_version = {XV_TUPLE_HEADER(4),
                                                      {XV_INT(1), XV_INT(29), XV_INT(0), XV_QSTR(XV_Q_)}};
/* The newest .mpy files that can be run, as MicroPython encodes it: version 6, sub-version 3, no native code. */
#define MPY_VERSION (6 | 3 << 8)
#define VERSION_TEXT "3.4.0; libxipvm v" XV_RELEASE

static const struct xv_constant implementation_constants[] = {
    XV_CONSTANT(name, XV_QSTR(XV_Q_micropython)),
    XV_CONSTANT(version, &micropython_version),
    XV_CONSTANT(_machine, XV_QSTR(XV_Q_libxipvm)),
    XV_CONSTANT(_mpy, XV_INT(MPY_VERSION)),
    XV_CONSTANT(_build, XV_QSTR(XV_Q_libxipvm)),
};

static bool implementation_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)vm;
    (void)self;
    (void)how;
    return xv_putf(out, "(name='%q', version=%r, _machine='%q', _mpy=%d, _build='%q')", XV_Q_micropython,
                   xv_from(&micropython_version), XV_Q_libxipvm, MPY_VERSION, XV_Q_libxipvm);
}

static const struct xv_type implementation_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_implementation,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .print = implementation_print,
    .constants = implementation_constants,
    .n_constants = sizeof implementation_constants / sizeof *implementation_constants,
};

static const struct xv_generic implementation = {
    XV_CONST_HEADER(XV_KIND_GENERIC), (xv_value)&implementation_type, {XV_NONE}};

/* ---- functions */

static xv_value sys_exit(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return n == 0 ? xv_raise_empty(vm, &xv_exc_SystemExit) : xv_raise_value(vm, &xv_exc_SystemExit, args[0]);
}

bool xv_put_exception(struct xv_printer *out, xv_value exception) {
    xv_value r[1] = {exception};
    struct xv_vm *vm = out->vm;
    XV_ENTER(vm, r);
    bool ok = true;
    if (!xv_is_kind(r[0], XV_KIND_EXCEPTION)) {
        ok = xv_put_value(out, r[0], XV_PRINT_REPR) && xv_putc(out, '\n');
        XV_LEAVE(vm);
        return ok;
    }
    xv_value traceback = ((struct xv_exception *)r[0])->traceback;
    if (xv_is_object(traceback)) {
        ok = xv_puts(out, "Traceback (most recent call last):\n");
        /* Three entries a frame, innermost first. */
        traceback = ((struct xv_exception *)r[0])->traceback;
        for (size_t at = xv_list(traceback)->len; at >= 3 && ok; at -= 3) {
            const xv_value *frame = xv_list_items(((struct xv_exception *)r[0])->traceback) + (at - 3);
            ok = xv_putf(out, "  File \"%v\", line %v, in %v\n", frame[0], frame[1], frame[2]);
        }
    }
    ok = ok && xv_putf(out, "%t: ", r[0]) && xv_put_value(out, r[0], XV_PRINT_STR) && xv_putc(out, '\n');
    XV_LEAVE(vm);
    return ok;
}

static xv_value sys_print_exception(struct xv_vm *vm, xv_value *args, uint32_t n) {
    bool to_host = n == 1 || args[1] == xv_from(&xv_sys_stdout);
    /* A whole text first if the exception's __str__ may be asked for; else straight to the host, which takes no memory. */
    bool direct = to_host && !xv_can_ask(vm);
    struct xv_printer out;
    xv_printer_begin(&out, vm, direct);
    bool ok = xv_put_exception(&out, args[0]);
    if (direct || !ok) {
        xv_printer_end(&out);
        return ok ? XV_NONE : XV_NULL;
    }
    xv_value text = xv_printer_finish(&out);
    xv_value file = to_host ? xv_from(&xv_sys_stdout) : args[1];
    return text != XV_NULL && xv_stream_write(vm, file, text) ? XV_NONE : XV_NULL;
}

/* (type, exception, None) of what is being handled; three times None if nothing is. Tracebacks are no objects here. */
static xv_value sys_exc_info(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    xv_value r[3] = {XV_NONE, xv_handled_exception(vm), XV_NONE};
    if (r[1] == XV_NULL) {
        r[1] = XV_NONE;
    } else {
        r[0] = xv_type_of(vm, r[1]);
    }
    XV_ENTER(vm, r);
    xv_value info = xv_tuple_of(vm, r, 3);
    XV_LEAVE(vm);
    return info;
}

/* One function at a time, which the host has called when the program is over; returns the one before. */
static xv_value sys_atexit(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value before = vm->at_exit == XV_NULL ? XV_NONE : vm->at_exit;
    vm->at_exit = args[0] == XV_NONE ? XV_NULL : args[0];
    return before;
}

/* ---- the tables */

static const struct xv_native functions[] = {
    XV_FUNCTION(exit, sys_exit, 0, 1),
    XV_FUNCTION(exc_info, sys_exc_info, 0, 0),
    XV_FUNCTION(atexit, sys_atexit, 1, 1),
    XV_FUNCTION(print_exception, sys_print_exception, 1, 2),
};

static const struct xv_constant constants[] = {
    XV_CONSTANT(implementation, &implementation),
    XV_CONSTANT(version_info, &version_info),
    XV_CONSTANT(platform, XV_QSTR(XV_Q_libxipvm)),
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    XV_CONSTANT(byteorder, XV_QSTR(XV_Q_big)),
#else
    XV_CONSTANT(byteorder, XV_QSTR(XV_Q_little)),
#endif
    XV_CONSTANT(stdin, &xv_sys_stdin),
    XV_CONSTANT(stdout, &xv_sys_stdout),
    XV_CONSTANT(stderr, &xv_sys_stderr),
};

static xv_value or_none_such(xv_value v) {
    return v != XV_NULL ? v : XV_STOP;
}

/* What is not constant, or is but would need an object. */
static xv_value get_attr(struct xv_vm *vm, uint16_t name) {
    switch (name) {
    case XV_Q_modules:
        return or_none_such(vm->modules);
    case XV_Q_argv:
        return or_none_such(vm->argv);
    case XV_Q_path:
        return or_none_such(vm->path);
    case XV_Q_version:
        return xv_str_from(vm, VERSION_TEXT);
    case XV_Q_maxsize:
        return xv_int_from(vm, INTPTR_MAX);
    default:
        return XV_STOP;
    }
}

static const uint16_t computed[] = {XV_Q_modules, XV_Q_argv, XV_Q_path, XV_Q_version, XV_Q_maxsize};

const struct xv_native_module xv_module_sys = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_sys,
    XV_FUNCTIONS(functions),
    XV_CONSTANTS(constants),
    XV_COMPUTED(computed),
    .get_attr = get_attr,
};
