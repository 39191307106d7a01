/* Printers: all text that is made here, be it for the host or for a str, goes through them.
 *
 * Short texts are made in the printer itself, on the C stack, and so become an object of the right size at
 * once. Longer ones grow in a RAW object that has the layout of a str: in the end it only changes its kind. A
 * host's printer collects a little in the same place, to spare the host many short writes. */
#include "object/print.h"

#include "object/function.h"
#include "object/number.h"
#include "object/text.h"
#include "xipvm/hal.h"

#define FIRST_ROOM 112u
#define FORMAT_VALUES 6u
#define LEVELS_PER_CALL 4u

void xv_printer_begin(struct xv_printer *out, struct xv_vm *vm, bool to_host) {
    out->vm = vm;
    out->roots.prev = vm->roots;
    out->roots.values = &out->buffer;
    out->roots.n = 1;
    out->buffer = XV_NULL;
    out->len = 0;
    out->room = XV_PRINTER_LOCAL;
    out->to_host = to_host;
    out->capture = NULL;
    out->for_exception = false;
    out->depth = 0;
    vm->roots = &out->roots;
}

uint8_t *xv_printer_data(struct xv_printer *out) {
    return out->buffer == XV_NULL ? out->local : xv_str(out->buffer)->data;
}

static void capture(struct xv_capture *c, const void *data, size_t len) {
    if (c->len < c->size) {
        size_t room = c->size - 1 - c->len, n = len < room ? len : room;
        memcpy(c->buffer + c->len, data, n);
        c->buffer[c->len + n] = '\0';
    }
    c->len += len;
}

static void write_host(struct xv_printer *out, const void *data, size_t len) {
    const struct xipvm_hal *hal = out->vm->hal;
    if (out->capture != NULL) {
        capture(out->capture, data, len);
    } else if (hal != NULL && hal->write != NULL && len > 0) {
        hal->write(hal->context, data, len);
    }
}

static void flush(struct xv_printer *out) {
    if (out->to_host) {
        write_host(out, xv_printer_data(out), out->len);
        out->len = 0;
    }
}

void xv_printer_end(struct xv_printer *out) {
    flush(out);
    out->vm->roots = out->roots.prev;
}

static xv_value finish(struct xv_printer *out, enum xv_kind kind) {
    xv_value v = out->buffer;
    if (v == XV_NULL) {
        v = kind == XV_KIND_STR ? xv_str_new(out->vm, out->local, out->len)
                                : xv_bytes_new(out->vm, out->local, out->len);
    } else {
        struct xv_str *s = xv_str(v);
        s->header = (s->header & ~((uintptr_t)63 << XV_H_KIND_SHIFT)) | ((uintptr_t)kind << XV_H_KIND_SHIFT);
        s->len = (uint32_t)out->len;
        s->info = 0;
        xv_shrink(out->vm, v, xv_words_for(offsetof(struct xv_str, data) + out->len));
    }
    xv_printer_end(out);
    return v;
}

xv_value xv_printer_finish(struct xv_printer *out) {
    return finish(out, XV_KIND_STR);
}

xv_value xv_printer_finish_bytes(struct xv_printer *out) {
    return finish(out, XV_KIND_BYTES);
}

/* Makes the room at least `need`. */
static bool grow(struct xv_printer *out, size_t need) {
    struct xv_vm *vm = out->vm;
    size_t room = out->room < XV_STR_MAX / 2 ? 2 * out->room : XV_STR_MAX;
    room = room < FIRST_ROOM ? FIRST_ROOM : room;
    room = room < need ? need : room;
    const size_t head = offsetof(struct xv_str, data) - sizeof(uintptr_t);
    bool was_open = vm->reserve_open;
    vm->reserve_open = out->for_exception && out->buffer == XV_NULL;
    xv_value wider = xv_alloc_bytes(vm, XV_KIND_RAW, head + room);
    if (wider == XV_NULL && room > need) {
        xv_clear(vm);
        wider = xv_alloc_bytes(vm, XV_KIND_RAW, head + need);
    }
    vm->reserve_open = was_open;
    if (wider == XV_NULL) {
        return false;
    }
    memcpy(xv_str(wider)->data, xv_printer_data(out), out->len);
    out->buffer = wider;
    out->room = xv_words(wider) * sizeof(uintptr_t) - offsetof(struct xv_str, data);
    return true;
}

uint8_t *xv_printer_room(struct xv_printer *out, size_t n) {
    xv_chance(out->vm);
    if (n > out->room - out->len) {
        flush(out);
        if (n > XV_STR_MAX - out->len) {
            xv_raise_memory(out->vm);
            return NULL;
        }
        if (n > out->room - out->len && !grow(out, out->len + n)) {
            return NULL;
        }
    }
    return xv_printer_data(out) + out->len;
}

uint8_t *xv_printer_gap(struct xv_printer *out, size_t at, size_t n) {
    if (xv_printer_room(out, n) == NULL) {
        return NULL;
    }
    uint8_t *p = xv_printer_data(out) + at;
    memmove(p + n, p, out->len - at);
    out->len += n;
    return p;
}

bool xv_put(struct xv_printer *out, const void *data, size_t len) {
    if (out->to_host && len > out->room - out->len) {
        flush(out);
        if (len > out->room) {
            write_host(out, data, len);
            return true;
        }
    }
    uint8_t *p = xv_printer_room(out, len);
    if (p == NULL) {
        return false;
    }
    if (len > 0) {
        memcpy(p, data, len);
    }
    out->len += len;
    return true;
}

bool xv_puts(struct xv_printer *out, const char *text) {
    return xv_put(out, text, strlen(text));
}

bool xv_putc(struct xv_printer *out, char c) {
    uint8_t *p = xv_printer_room(out, 1);
    if (p == NULL) {
        return false;
    }
    *p = (uint8_t)c;
    out->len++;
    return true;
}

bool xv_put_repeat(struct xv_printer *out, char c, size_t n) {
    while (n > 0) {
        /* The host's output goes piece by piece, so that it needs no buffer. */
        size_t piece = out->to_host && n > XV_PRINTER_LOCAL ? XV_PRINTER_LOCAL : n;
        uint8_t *p = xv_printer_room(out, piece);
        if (p == NULL) {
            return false;
        }
        memset(p, (uint8_t)c, piece);
        out->len += piece;
        n -= piece;
    }
    return true;
}

bool xv_put_code_point(struct xv_printer *out, uint32_t c) {
    uint8_t bytes[4];
    return xv_put(out, bytes, xv_utf8_encode(c, bytes));
}

bool xv_put_text(struct xv_printer *out, xv_value text, size_t from, size_t len) {
    struct xv_vm *vm = out->vm;
    if (len > out->room - out->len) {
        if (out->to_host) {
            flush(out);
            if (len > out->room) {
                write_host(out, xv_span(vm, text).data + from, len);
                return true;
            }
        } else {
            xv_value r[1] = {text};
            XV_ENTER(vm, r);
            const uint8_t *p = xv_printer_room(out, len);
            text = r[0];
            XV_LEAVE(vm);
            if (p == NULL) {
                return false;
            }
        }
    }
    if (len > 0) {
        memcpy(xv_printer_data(out) + out->len, xv_span(vm, text).data + from, len);
        out->len += len;
    }
    return true;
}

static bool put_all(struct xv_printer *out, xv_value text) {
    return xv_put_text(out, text, 0, xv_span(out->vm, text).len);
}

/* ---- values */

/* True if a program's class defines the method for `type`, and not the built-in type that it derives from. */
static bool defines(const struct xv_vm *vm, xv_value type, uint16_t name) {
    xv_value owner = XV_NULL;
    return xv_type_lookup(vm, type, name, &owner) != XV_NULL && xv_is_kind(owner, XV_KIND_CLASS);
}

uint16_t xv_print_method(const struct xv_vm *vm, xv_value v, enum xv_print how) {
    if (!xv_is_kind(v, XV_KIND_INSTANCE) && !xv_is_kind(v, XV_KIND_EXCEPTION)) {
        return 0;
    }
    xv_value type = xv_type_of(vm, v);
    if (!xv_is_kind(type, XV_KIND_CLASS)) {
        return 0;
    }
    if (how == XV_PRINT_STR) {
        if (defines(vm, type, XV_Q___str__)) {
            return XV_Q___str__;
        }
        /* Other than object's, their __str__ is not the same as their __repr__. */
        if (xv_is_kind(v, XV_KIND_EXCEPTION) || xv_is_str(vm, xv_unwrap(vm, v))) {
            return 0;
        }
    }
    return defines(vm, type, XV_Q___repr__) ? XV_Q___repr__ : 0;
}

xv_value xv_printed_text(struct xv_vm *vm, xv_value text, uint16_t method) {
    xv_value plain = xv_unwrap(vm, text);
    if (!xv_is_str(vm, plain)) {
        return xv_raise(vm, &xv_exc_TypeError, "%q should return a string, not '%t'", method, text);
    }
    return plain;
}

/* What the method gives: a str. */
static xv_value call_print_method(struct xv_vm *vm, xv_value v, uint16_t name, unsigned depth) {
    /* Levels of containers around this one have taken C stack too. */
    uint32_t levels = depth / LEVELS_PER_CALL;
    vm->native_depth += levels;
    xv_value text = xv_call_method(vm, v, name, NULL, 0);
    vm->native_depth -= levels;
    return text == XV_NULL ? XV_NULL : xv_printed_text(vm, text, name);
}

/* What a value prints may be it itself again. Four levels count as one level of XIPVM_NATIVE_DEPTH, so that the two
 * together bound the C stack; the outermost is always there, for messages. */
static bool print_by_type(struct xv_printer *out, const struct xv_type *type, xv_value self, enum xv_print how) {
    bool deep = out->depth / LEVELS_PER_CALL + out->vm->native_depth >= XIPVM_NATIVE_DEPTH || out->depth == UINT8_MAX;
    if (out->depth > 0 && deep) {
        xv_raise(out->vm, &xv_exc_RuntimeError, "maximum recursion depth exceeded");
        return false;
    }
    out->depth++;
    bool ok = type->print(out->vm, self, out, how);
    out->depth--;
    return ok;
}

bool xv_put_value(struct xv_printer *out, xv_value v, enum xv_print how) {
    struct xv_vm *vm = out->vm;
    if (xv_is_small(v)) {
        return xv_int_put(out, v, 10);
    }
    if (how == XV_PRINT_STR && xv_is_str(vm, v)) {
        return put_all(out, v);
    }
    uint16_t name = xv_print_method(vm, v, how);
    if (name != 0) {
        flush(out);
        xv_value text = call_print_method(vm, v, name, out->depth);
        return text != XV_NULL && put_all(out, text);
    }
    xv_value self = v;
    for (const struct xv_type *type = xv_native_type(vm, v, &self); type != NULL; type = type->base) {
        if (type->print != NULL) {
            return print_by_type(out, type, self, how);
        }
    }
    return xv_putf(out, "<%t>", v);
}

static xv_value text_of(struct xv_vm *vm, xv_value v, enum xv_print how) {
    if (how == XV_PRINT_STR && xv_is_str(vm, v)) {
        return v;
    }
    uint16_t name = xv_print_method(vm, v, how);
    if (name != 0) {
        return call_print_method(vm, v, name, 0);
    }
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    if (!xv_put_value(&out, v, how)) {
        xv_printer_end(&out);
        return XV_NULL;
    }
    return xv_printer_finish(&out);
}

xv_value xv_str_of(struct xv_vm *vm, xv_value v) {
    return text_of(vm, v, XV_PRINT_STR);
}

xv_value xv_repr_of(struct xv_vm *vm, xv_value v) {
    return text_of(vm, v, XV_PRINT_REPR);
}

/* ---- formats */

static bool put_decimal(struct xv_printer *out, uint64_t i, bool negative) {
    char text[21];
    unsigned at = sizeof text;
    do {
        text[--at] = (char)('0' + i % 10);
        i /= 10;
    } while (i != 0);
    if (negative) {
        text[--at] = '-';
    }
    return xv_put(out, text + at, sizeof text - at);
}

static bool put_signed(struct xv_printer *out, int64_t i) {
    return put_decimal(out, i < 0 ? 0 - (uint64_t)i : (uint64_t)i, i < 0);
}

/* Collects the values among the arguments, so that they can be rooted before anything is allocated. */
static void format_values(const char *format, va_list *args, xv_value *values) {
    unsigned n = 0;
    for (const char *p = format; *p != '\0'; p++) {
        if (*p != '%') {
            continue;
        }
        xv_value v = XV_NULL;
        switch (*++p) {
        case 'q':
            v = XV_QSTR((uint16_t)va_arg(*args, int));
            break;
        case 'v':
        case 'r':
        case 't':
            v = va_arg(*args, xv_value);
            break;
        case 's':
            (void)va_arg(*args, const char *);
            continue;
        case 'd':
        case 'c':
            (void)va_arg(*args, int);
            continue;
        case 'u':
            (void)va_arg(*args, unsigned);
            continue;
        case 'z':
            (void)va_arg(*args, size_t);
            continue;
        case 'i':
            (void)va_arg(*args, intptr_t);
            continue;
        default:
            continue;
        }
        if (n < FORMAT_VALUES) {
            values[n++] = v;
        }
    }
}

/* What the host gives may be NULL. */
static bool put_text_or_none(struct xv_printer *out, const char *text) {
    return xv_puts(out, text == NULL ? "(none)" : text);
}

/* One conversion. */
static bool put_conversion(struct xv_printer *out, char c, va_list *args, const xv_value *value) {
    switch (c) {
    case 'q':
        (void)va_arg(*args, int);
        return put_all(out, *value);
    case 'v':
        (void)va_arg(*args, xv_value);
        return xv_put_value(out, *value, XV_PRINT_STR);
    case 'r':
        (void)va_arg(*args, xv_value);
        return xv_put_value(out, *value, XV_PRINT_REPR);
    case 't':
        (void)va_arg(*args, xv_value);
        return put_all(out, xv_name_of_type(out->vm, *value));
    case 's':
        return put_text_or_none(out, va_arg(*args, const char *));
    case 'd':
        return put_signed(out, va_arg(*args, int));
    case 'c':
        return xv_putc(out, (char)va_arg(*args, int));
    case 'u':
        return put_decimal(out, va_arg(*args, unsigned), false);
    case 'z':
        return put_decimal(out, va_arg(*args, size_t), false);
    case 'i':
        return put_signed(out, va_arg(*args, intptr_t));
    default:
        return xv_putc(out, c);
    }
}

static bool put_format(struct xv_printer *out, const char *format, va_list *args, const xv_value *value) {
    const char *run = format;
    for (const char *p = format;; p++) {
        if (*p != '%' && *p != '\0') {
            continue;
        }
        if (!xv_put(out, run, (size_t)(p - run))) {
            return false;
        }
        if (*p == '\0' || *++p == '\0') {
            return true;
        }
        if (!put_conversion(out, *p, args, value)) {
            return false;
        }
        if (*p == 'q' || *p == 'v' || *p == 'r' || *p == 't') {
            value++;
        }
        run = p + 1;
    }
}

/* A va_list passed on by its address must be an object of that very type, which a parameter is not
 * everywhere. */
struct arguments {
    va_list list;
};

bool xv_vputf(struct xv_printer *out, const char *format, va_list args) {
    xv_value values[FORMAT_VALUES] = {XV_NULL};
    struct arguments a;
    va_copy(a.list, args);
    format_values(format, &a.list, values);
    va_end(a.list);
    XV_ENTER(out->vm, values);
    va_copy(a.list, args);
    bool done = put_format(out, format, &a.list, values);
    va_end(a.list);
    XV_LEAVE(out->vm);
    return done;
}

bool xv_putf(struct xv_printer *out, const char *format, ...) {
    va_list args;
    va_start(args, format);
    bool done = xv_vputf(out, format, args);
    va_end(args);
    return done;
}
