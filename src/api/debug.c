/* The debug profile (XIPVM_DEBUG): what stands between the host and the API to notice the host's mistakes.
 *
 * The host's call comes here. If the VM is open and not at work already, and what is given has a meaning, the API
 * proper (api/plain.h has the names) does what is wanted; else the host is told what it did wrong (the HAL's
 * `misuse`) and nothing is done.
 *
 * `busy` is taken by a function of the API as long as it is at work, except while the VM calls a function of the host
 * that may use the API (heap/lent.h). So whoever comes meanwhile is another task, or a function of the HAL, which
 * must not. */
#define XV_CHECKING
#include "api/api.h"
#include "heap/atomic.h"
#include "link/module.h"
#include "lib/stream.h"
#include "object/str.h"

#if XIPVM_DEBUG

#define OPEN ((uintptr_t)0x0be4ed1fu)
#define CLOSED ((uintptr_t)0x0c105edfu)
#define ALIVE ((uintptr_t)0xa11fe001u)

/* A call of the API. */
struct call {
    struct xv_vm *vm;
    const char *name;
    bool told;  /* what was wrong with it */
};

/* ---- telling */

/* A message under way. Text that does not fit is cut off. */
struct message {
    char text[200];
    size_t len;
};

static void put(struct message *m, const char *text) {
    while (*text != '\0' && m->len < sizeof m->text - 2) {
        m->text[m->len++] = *text++;
    }
}

static void put_number(struct message *m, uintptr_t n, unsigned base) {
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = "0123456789abcdef"[n % base];
        n /= base;
    } while (n != 0);
    put(m, digits + at);
}

/* Formats: %s a text, %u a size_t, %x an xipvm_handle, %p an address. */
static void put_format(struct message *m, const char *format, va_list *values) {
    char one[2] = "";
    for (const char *p = format; *p != '\0'; p++) {
        if (*p != '%') {
            one[0] = *p;
            put(m, one);
        } else if (*++p == 's') {
            put(m, va_arg(*values, const char *));
        } else if (*p == 'u') {
            put_number(m, va_arg(*values, size_t), 10);
        } else {
            put(m, "0x");
            put_number(m, *p == 'p' ? (uintptr_t)va_arg(*values, const void *) : va_arg(*values, xipvm_handle), 16);
        }
    }
}

/* To the host's `misuse`, or as a line to where errors go. */
static void deliver(const struct xipvm_hal *hal, struct message *m) {
    m->text[m->len] = '\0';
    if (hal->misuse != NULL) {
        hal->misuse(hal->context, m->text);
        return;
    }
    void (*write)(void *context, const void *data, size_t len) = hal->write_error != NULL ? hal->write_error : hal->write;
    if (write != NULL) {
        m->text[m->len] = '\n';
        write(hal->context, m->text, m->len + 1);
    }
}

/* A va_list passed on by its address must be an object of that very type. */
struct values {
    va_list list;
};

/* Tells the host about the call. False, for the checks to return. */
static bool tell(struct call *c, const char *format, ...) {
    struct xv_debug *d = &c->vm->debug;
    struct message m = {.len = 0};
    struct values values;
    c->told = true;
    if (!xv_atomic_claim(&d->telling, 0, 1)) {
        return false;
    }
    put(&m, c->name);
    put(&m, ": ");
    va_start(values.list, format);
    put_format(&m, format, &values.list);
    va_end(values.list);
    if (d->magic == OPEN && c->vm->hal != NULL) {
        deliver(c->vm->hal, &m);
    } else if (d->misuse != NULL) { /* the HAL itself may be gone */
        struct xipvm_hal rest = {.context = d->context, .misuse = d->misuse};
        deliver(&rest, &m);
    }
    xv_atomic_store(&d->telling, 0);
    return false;
}

/* ---- when */

void xv_debug_begin(struct xv_vm *vm, struct xipvm_args *calls) {
    struct xv_debug *d = &vm->debug;
    d->magic = OPEN;
    d->calls = calls;
    if (vm->hal != NULL) {
        d->misuse = vm->hal->misuse;
        d->context = vm->hal->context;
    }
}

void xv_debug_end(struct xv_vm *vm) {
    vm->debug.magic = CLOSED;
    xv_atomic_store(&vm->debug.busy, 0);
}

/* If there is not even a closed VM, there is nobody to be told. */
static bool is_open(struct call *c) {
    if (c->vm == NULL || (uintptr_t)c->vm % sizeof(uintptr_t) != 0) {
        return false;
    }
    if (c->vm->debug.magic == CLOSED) {
        tell(c, "the VM was closed");
    }
    return c->vm->debug.magic == OPEN;
}

static uintptr_t this_task(const struct xv_vm *vm) {
    const struct xipvm_hal *hal = vm->hal;
    return hal != NULL && hal->task != NULL ? hal->task(hal->context) : 0;
}

/* Takes the VM for the call. */
static bool enter(struct call *c) {
    if (!is_open(c)) {
        return false;
    }
    struct xv_debug *d = &c->vm->debug;
    uintptr_t task = this_task(c->vm);
    bool same = xv_atomic_load(&d->owner) == task;
    if (!xv_atomic_claim(&d->busy, 0, (uintptr_t)c->name)) {
        uintptr_t other = xv_atomic_load(&d->busy);
        const struct xipvm_hal *hal = c->vm->hal;
        const char *by = hal == NULL || hal->task == NULL ? "by a function of the HAL or by another task"
                         : same                           ? "by a function of the HAL"
                                                          : "by another task";
        return tell(c, "called while %s is at work in this VM, %s", other == 0 ? "another call" : (const char *)other, by);
    }
    if (d->native == NULL) {
        xv_atomic_store(&d->owner, task);
    } else if (!same) {
        tell(c, "called by another task than the one that runs %s for this VM", d->native);
        xv_atomic_store(&d->busy, 0);
        return false;
    }
    return true;
}

static void leave(struct call *c) {
    if (c->vm->debug.magic == OPEN && !xv_atomic_claim(&c->vm->debug.busy, (uintptr_t)c->name, 0)) {
        tell(c, "another task used this VM meanwhile");
    }
}

/* ---- what: each tells, and returns false, if it is wrong */

static bool handle(struct call *c, const char *what, xipvm_handle h) {
    const char *fault = xv_handle_fault(c->vm, h);
    return fault == NULL || tell(c, "%s: handle %x %s", what, h, fault);
}

static bool handles(struct call *c, const char *what, const xipvm_handle *h, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *fault = h == NULL ? NULL : xv_handle_fault(c->vm, h[i]);
        if (h == NULL || fault != NULL) {
            return h == NULL ? tell(c, "%s is NULL", what) : tell(c, "%s[%u]: handle %x %s", what, i, h[i], fault);
        }
    }
    return true;
}

static bool there(struct call *c, const char *what, const void *pointer) {
    return pointer != NULL || tell(c, "%s is NULL", what);
}

static bool bytes(struct call *c, const char *what, const void *data, size_t len) {
    return len == 0 || there(c, what, data);
}

static bool utf8(struct call *c, const char *what, const char *text, size_t len) {
    return bytes(c, what, text, len) &&
           (xv_utf8_valid((const uint8_t *)text, len) || tell(c, "%s is not UTF-8", what));
}

/* Text that ends in a NUL. */
static bool string(struct call *c, const char *what, const char *text) {
    return there(c, what, text) && utf8(c, what, text, strlen(text));
}

static bool not_more(struct call *c, const char *what, size_t n, size_t most) {
    return n <= most || tell(c, "%s is %u, and %u at most", what, n, most);
}

static bool texts(struct call *c, const char *what, const char *const *text, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (text == NULL || text[i] == NULL) {
            return text == NULL ? tell(c, "%s is NULL", what) : tell(c, "%s[%u] is NULL", what, i);
        }
    }
    return true;
}

static bool source_is_whole(struct call *c, const struct xipvm_source *source) {
    return there(c, "source", source) &&
           (source->data != NULL || source->read != NULL || tell(c, "source has neither data nor read"));
}

static bool of_type(struct call *c, const char *what, xipvm_handle h, const struct xv_type *type, const char *is) {
    return handle(c, what, h) &&
           (xv_is_a(c->vm, xv_handle_value(c->vm, h), type) || tell(c, "%s: handle %x is no %s", what, h, is));
}

static bool not_within_native(struct call *c) {
    return c->vm->debug.native == NULL || tell(c, "called from within %s, which the VM has called", c->vm->debug.native);
}

/* Blobs that lie in place must stay as they were when they were verified. Told once. */
static bool blobs_are_whole(struct call *c) {
    bool whole = true;
    for (size_t i = 0; i < xv_n_items(c->vm->slots); i++) {
        xv_value v = xv_items(c->vm->slots)[i];
        if (v == XV_NULL || xv_module(v)->image != XV_NULL || xv_module(v)->base == NULL) {
            continue;
        }
        uint32_t sum = xv_module_checksum(xv_module(v));
        if (sum != xv_module(v)->checksum) {
            xv_module(v)->checksum = sum;
            whole = tell(c, "the blob of %u bytes at %p was changed while it was loaded", (size_t)xv_module(v)->size,
                         (const void *)xv_module(v)->base);
        }
    }
    return whole;
}

static bool suspended(struct call *c) {
    return not_within_native(c) && (c->vm->run.suspended || tell(c, "nothing is suspended"));
}

static bool module_is_good(struct call *c, const struct xipvm_module *module) {
    size_t row;
    const char *fault = xv_module_fault(module, &row);
    return fault == NULL || tell(c, "the module or its row %u %s", row, fault);
}

static bool function_is_good(struct call *c, const struct xipvm_function *function) {
    const char *fault = xv_function_fault(function);
    return fault == NULL || tell(c, "function %s", fault);
}

static bool format_is_known(struct call *c, const char *format) {
    const char *fault = format == NULL ? NULL : xv_format_fault(format);
    return there(c, "format", format) && (fault == NULL || tell(c, "format: \"%s\" begins with a conversion that it does not have", fault));
}

/* ---- the functions */

/* What a function with a status has done. Nothing that has no meaning goes by in silence. */
static enum xipvm_status settle(struct call *c, enum xipvm_status status) {
    if (status == XIPVM_BAD_ARGUMENT && !c->told) {
        tell(c, "%s", xipvm_status_text(status));
    }
    return status;
}

/* Takes the VM for the call `c`, does `work` if `checks` hold, and returns what that gives, else `bad`. */
#define RUN(result, bad, work, checks) \
    if (!enter(&c)) {                  \
        return bad;                    \
    }                                  \
    result outcome = bad;              \
    if (checks) {                      \
        outcome = work;                \
    }                                  \
    leave(&c);                         \
    return outcome;

/* The function `fn` of the API, which returns `result`, and `bad` if `checks` do not hold. */
#define CHECKED(result, bad, fn, parameters, arguments, checks)  \
    result xv_plain_##fn parameters;                            \
    result xipvm_##fn parameters {                               \
        struct call c = {.vm = vm, .name = "xipvm_" #fn};        \
        RUN(result, bad, xv_plain_##fn arguments, checks)          \
    }
#define STATUS(fn, parameters, arguments, checks)                \
    enum xipvm_status xv_plain_##fn parameters;                  \
    enum xipvm_status xipvm_##fn parameters {                    \
        struct call c = {.vm = vm, .name = "xipvm_" #fn};        \
        RUN(enum xipvm_status, XIPVM_BAD_ARGUMENT, settle(&c, xv_plain_##fn arguments), checks) \
    }
#define ACTION(fn, parameters, arguments, checks)                \
    void xv_plain_##fn parameters;                               \
    void xipvm_##fn parameters {                                 \
        struct call c = {.vm = vm, .name = "xipvm_" #fn};        \
        if (enter(&c)) {                                           \
            if (checks) {                                          \
                xv_plain_##fn arguments;                         \
            }                                                      \
            leave(&c);                                             \
        }                                                          \
    }

/* Opening and closing. */

enum xipvm_status xv_plain_open(void *arena, size_t size, const struct xipvm_hal *hal, xipvm_vm **vm);

/* There is no VM yet to tell through. */
static void open_fault(const struct xipvm_hal *hal, const char *format, ...) {
    struct message m = {.len = 0};
    struct values values;
    put(&m, "xipvm_open: ");
    va_start(values.list, format);
    put_format(&m, format, &values.list);
    va_end(values.list);
    if (hal != NULL) {
        deliver(hal, &m);
    }
}

enum xipvm_status xipvm_open(void *arena, size_t size, const struct xipvm_hal *hal, xipvm_vm **vm) {
    enum xipvm_status status = xv_plain_open(arena, size, hal, vm);
    if (status == XIPVM_BAD_ARGUMENT && (arena == NULL || vm == NULL)) {
        open_fault(hal, "%s is NULL", arena == NULL ? "arena" : "vm");
    } else if (status == XIPVM_BAD_ARGUMENT && xv_hal_is_whole(hal)) {
        open_fault(hal, "no memory has %u bytes at that address", size);
    } else if (status == XIPVM_BAD_ARGUMENT) {
        open_fault(hal, "hal: files must have open, read, write and close, and all of list_begin, list_next, list_end or none");
    }
    return status;
}

void xv_plain_close(xipvm_vm *vm);
void xipvm_close(xipvm_vm *vm) {
    struct call c = {.vm = vm, .name = "xipvm_close"};
    if (vm == NULL || !enter(&c)) {
        return;
    }
    blobs_are_whole(&c);
    if (not_within_native(&c)) {
        xv_plain_close(vm);
    }
    leave(&c);
}

/* Those that may be called at any time. */

enum xipvm_status xv_plain_schedule(xipvm_vm *vm, void (*callback)(xipvm_vm *vm, void *user), void *user);
enum xipvm_status xipvm_schedule(xipvm_vm *vm, void (*callback)(xipvm_vm *vm, void *user), void *user) {
    struct call c = {.vm = vm, .name = "xipvm_schedule"};
    if (!is_open(&c) || (callback == NULL && !tell(&c, "callback is NULL"))) {
        return XIPVM_BAD_ARGUMENT;
    }
    return xv_plain_schedule(vm, callback, user);
}

void xv_plain_interrupt(xipvm_vm *vm);
void xipvm_interrupt(xipvm_vm *vm) {
    struct call c = {.vm = vm, .name = "xipvm_interrupt"};
    if (is_open(&c)) {
        xv_plain_interrupt(vm);
    }
}

const struct xipvm_hal *xipvm_hal_of(const xipvm_vm *vm) {
    struct call c = {.vm = (xipvm_vm *)(uintptr_t)vm, .name = "xipvm_hal_of"};
    return is_open(&c) ? vm->hal : NULL;
}

bool xv_plain_is_suspended(const xipvm_vm *vm);
bool xipvm_is_suspended(const xipvm_vm *vm) {
    struct call c = {.vm = (xipvm_vm *)(uintptr_t)vm, .name = "xipvm_is_suspended"};
    if (!enter(&c)) {
        return false;
    }
    bool is = xv_plain_is_suspended(vm);
    leave(&c);
    return is;
}

STATUS(set_argv, (xipvm_vm *vm, size_t n, const char *const *argv), (vm, n, argv), texts(&c, "argv", argv, n))

/* Handles. */

ACTION(release, (xipvm_vm *vm, xipvm_handle h), (vm, h), h == XIPVM_NO_HANDLE || handle(&c, "h", h))
STATUS(dup, (xipvm_vm *vm, xipvm_handle h, xipvm_handle *out), (vm, h, out), handle(&c, "h", h))
CHECKED(bool, false, same, (xipvm_vm *vm, xipvm_handle a, xipvm_handle b), (vm, a, b),
        handle(&c, "a", a) && handle(&c, "b", b))

/* Running programs. */

STATUS(import, (xipvm_vm *vm, const char *name, xipvm_handle *module), (vm, name, module),
       there(&c, "name", name) && blobs_are_whole(&c))
STATUS(run_blob, (xipvm_vm *vm, const char *file, const void *data, size_t size, xipvm_handle *module),
       (vm, file, data, size, module), there(&c, "data", data) && blobs_are_whole(&c))
STATUS(run_source, (xipvm_vm *vm, const struct xipvm_source *source, xipvm_handle *module), (vm, source, module),
       source_is_whole(&c, source) && blobs_are_whole(&c))
STATUS(at_exit, (xipvm_vm *vm), (vm), true)
STATUS(unload, (xipvm_vm *vm, const char *name), (vm, name),
       there(&c, "name", name) && blobs_are_whole(&c))
CHECKED(bool, false, blob_in_use, (xipvm_vm *vm, const void *data, size_t size), (vm, data, size),
        there(&c, "data", data) && blobs_are_whole(&c))
STATUS(call, (xipvm_vm *vm, xipvm_handle callable, const xipvm_handle *args, size_t n, xipvm_handle *result),
       (vm, callable, args, n, result),
       handle(&c, "callable", callable) && not_more(&c, "n", n, XV_MAX_HOST_ARGS) && handles(&c, "args", args, n))
STATUS(call_method,
       (xipvm_vm *vm, xipvm_handle object, const char *name, const xipvm_handle *args, size_t n, xipvm_handle *result),
       (vm, object, name, args, n, result),
       handle(&c, "object", object) && there(&c, "name", name) && not_more(&c, "n", n, XV_MAX_HOST_ARGS) &&
           handles(&c, "args", args, n))
STATUS(set_budget, (xipvm_vm *vm, uint32_t units), (vm, units), true)
STATUS(resume, (xipvm_vm *vm, xipvm_handle *result), (vm, result), suspended(&c))
STATUS(abandon, (xipvm_vm *vm), (vm), suspended(&c))

/* Exceptions. */

CHECKED(size_t, 0, exception_text, (xipvm_vm *vm, char *buffer, size_t size), (vm, buffer, size),
        bytes(&c, "buffer", buffer, size))
ACTION(exception_print, (xipvm_vm *vm), (vm), true)
CHECKED(bool, false, exception_is, (xipvm_vm *vm, const char *type), (vm, type), there(&c, "type", type))
STATUS(exception, (xipvm_vm *vm, xipvm_handle *exception), (vm, exception), true)

void xv_plain_exception_clear(xipvm_vm *vm);
void xipvm_exception_clear(xipvm_vm *vm) {
    struct call c = {.vm = vm, .name = "xipvm_exception_clear"};
    if (enter(&c)) {
        xv_plain_exception_clear(vm);
        vm->debug.raised = false;
        leave(&c);
    }
}

enum xipvm_status xipvm_raise(xipvm_vm *vm, const char *type, const char *format, ...) {
    struct call c = {.vm = vm, .name = "xipvm_raise"};
    if (!enter(&c)) {
        return XIPVM_EXCEPTION;
    }
    format_is_known(&c, format);
    va_list values;
    va_start(values, format);
    enum xipvm_status status = xv_raise_host(vm, type, format, values);
    va_end(values);
    vm->debug.raised = true;
    leave(&c);
    return status;
}

STATUS(blob_fault, (xipvm_vm *vm, struct xipvm_fault *fault), (vm, fault), true)

/* Objects. */

STATUS(get_attr, (xipvm_vm *vm, xipvm_handle object, const char *name, xipvm_handle *out), (vm, object, name, out),
       handle(&c, "object", object) && there(&c, "name", name))
STATUS(set_attr, (xipvm_vm *vm, xipvm_handle object, const char *name, xipvm_handle value), (vm, object, name, value),
       handle(&c, "object", object) && there(&c, "name", name) && handle(&c, "value", value))
STATUS(get_item, (xipvm_vm *vm, xipvm_handle object, xipvm_handle key, xipvm_handle *out), (vm, object, key, out),
       handle(&c, "object", object) && handle(&c, "key", key))
STATUS(get_index, (xipvm_vm *vm, xipvm_handle object, size_t index, xipvm_handle *out), (vm, object, index, out),
       handle(&c, "object", object) && not_more(&c, "index", index, (size_t)XV_SMALL_MAX))
STATUS(set_item, (xipvm_vm *vm, xipvm_handle object, xipvm_handle key, xipvm_handle value), (vm, object, key, value),
       handle(&c, "object", object) && handle(&c, "key", key) && handle(&c, "value", value))
STATUS(length, (xipvm_vm *vm, xipvm_handle object, size_t *out), (vm, object, out), handle(&c, "object", object))
STATUS(append, (xipvm_vm *vm, xipvm_handle list, xipvm_handle item), (vm, list, item),
       of_type(&c, "list", list, &xv_type_list, "list") && handle(&c, "item", item))

STATUS(make_none, (xipvm_vm *vm, xipvm_handle *out), (vm, out), true)
STATUS(make_bool, (xipvm_vm *vm, bool value, xipvm_handle *out), (vm, value, out), true)
STATUS(make_int, (xipvm_vm *vm, int64_t value, xipvm_handle *out), (vm, value, out), true)
STATUS(make_float, (xipvm_vm *vm, double value, xipvm_handle *out), (vm, value, out), true)
STATUS(make_str, (xipvm_vm *vm, const char *text, xipvm_handle *out), (vm, text, out), string(&c, "text", text))
STATUS(make_str_len, (xipvm_vm *vm, const char *text, size_t len, xipvm_handle *out), (vm, text, len, out),
       utf8(&c, "text", text, len))
STATUS(make_bytes, (xipvm_vm *vm, const void *data, size_t len, xipvm_handle *out), (vm, data, len, out),
       bytes(&c, "data", data, len))
STATUS(make_tuple, (xipvm_vm *vm, const xipvm_handle *items, size_t n, xipvm_handle *out), (vm, items, n, out),
       handles(&c, "items", items, n))
STATUS(make_list, (xipvm_vm *vm, const xipvm_handle *items, size_t n, xipvm_handle *out), (vm, items, n, out),
       handles(&c, "items", items, n))
STATUS(make_dict, (xipvm_vm *vm, xipvm_handle *out), (vm, out), true)
STATUS(lend, (xipvm_vm *vm, void *data, size_t len, bool writable, xipvm_handle *view), (vm, data, len, writable, view),
       there(&c, "data", data) && there(&c, "view", view))
STATUS(reclaim, (xipvm_vm *vm, xipvm_handle view), (vm, view),
       of_type(&c, "view", view, &xv_type_memoryview, "memoryview"))
STATUS(register, (xipvm_vm *vm, const struct xipvm_module *module), (vm, module), module_is_good(&c, module))
STATUS(make_function, (xipvm_vm *vm, const struct xipvm_function *function, xipvm_handle *out), (vm, function, out),
       function_is_good(&c, function))

CHECKED(enum xipvm_type, XIPVM_TYPE_INVALID, type_of, (xipvm_vm *vm, xipvm_handle h), (vm, h), handle(&c, "h", h))
STATUS(to_bool, (xipvm_vm *vm, xipvm_handle h, bool *out), (vm, h, out), handle(&c, "h", h))
STATUS(to_int, (xipvm_vm *vm, xipvm_handle h, int64_t *out), (vm, h, out), handle(&c, "h", h))
STATUS(to_float, (xipvm_vm *vm, xipvm_handle h, double *out), (vm, h, out), handle(&c, "h", h))
STATUS(to_str, (xipvm_vm *vm, xipvm_handle h, const char **text, size_t *len), (vm, h, text, len), handle(&c, "h", h))
STATUS(to_bytes, (xipvm_vm *vm, xipvm_handle h, const void **data, size_t *len), (vm, h, data, len), handle(&c, "h", h))
STATUS(text, (xipvm_vm *vm, xipvm_handle h, bool repr, char *buffer, size_t size, size_t *len),
       (vm, h, repr, buffer, size, len), handle(&c, "h", h) && bytes(&c, "buffer", buffer, size))

ACTION(stats, (xipvm_vm *vm, struct xipvm_stats *out), (vm, out), there(&c, "out", out))
ACTION(collect, (xipvm_vm *vm), (vm), blobs_are_whole(&c))

/* ---- calls of native functions */

struct xipvm_args *xv_debug_args(struct xv_vm *vm, struct xipvm_args *spare) {
    struct xv_debug *d = &vm->debug;
    struct xipvm_args *call = spare;
    for (uint32_t i = 0; i < XV_DEBUG_CALLS && call == spare; i++) {
        struct xipvm_args *next = &d->calls[(d->next_call + i) % XV_DEBUG_CALLS];
        if (next->alive != ALIVE) {
            d->next_call = (d->next_call + i + 1) % XV_DEBUG_CALLS;
            call = next;
        }
    }
    call->alive = ALIVE;
    return call;
}

void xv_debug_returned(struct xv_vm *vm, struct xipvm_args *call, enum xipvm_status status) {
    struct call c = {.vm = vm, .name = call->function->name};
    call->alive = 0;
    if ((unsigned)status > XIPVM_SUSPENDED) {
        tell(&c, "the native function returned %u, which is no status", (size_t)status);
    } else if ((status == XIPVM_EXCEPTION || status == XIPVM_BAD_BLOB) && vm->last_exc == XV_NULL) {
        tell(&c, "the native function returned XIPVM_EXCEPTION, and there is none");
    } else if (status == XIPVM_OK && vm->debug.raised) {
        tell(&c, "the native function raised an exception, and returned XIPVM_OK");
    }
}

/* The VM of a call; NULL if it is over. */
static struct xv_vm *vm_of(const struct xipvm_args *args, const char *name) {
    struct call c = {.vm = args == NULL ? NULL : args->vm, .name = name};
    if (args == NULL || !is_open(&c)) {
        return NULL;
    }
    if (args->alive != ALIVE) {
        tell(&c, "the call that these arguments belong to is over");
        return NULL;
    }
    return args->vm;
}

static bool within(struct call *c, const struct xipvm_args *args, size_t i) {
    return i < args->n || tell(c, "there is no argument %u of %s(), which was given %u", i, args->function->name, (size_t)args->n);
}

/* As above, of a call's arguments. */
#define OF_CALL(result, bad, fn, parameters, arguments, checks)  \
    result xv_plain_##fn parameters;                            \
    result xipvm_##fn parameters {                               \
        struct call c = {.name = "xipvm_" #fn};                  \
        c.vm = vm_of(args, c.name);                                \
        RUN(result, bad, xv_plain_##fn arguments, checks)          \
    }
#define ARGUMENT(fn, type, out)                                                                             \
    OF_CALL(enum xipvm_status, XIPVM_BAD_ARGUMENT, arg_##fn, (xipvm_args *args, size_t i, type *out), (args, i, out), \
            within(&c, args, i))
#define ARGUMENT_MEMORY(fn, type)                                                                                 \
    OF_CALL(enum xipvm_status, XIPVM_BAD_ARGUMENT, arg_##fn, (xipvm_args *args, size_t i, type *data, size_t *len), \
            (args, i, data, len), within(&c, args, i))

OF_CALL(void *, NULL, user, (const xipvm_args *args), (args), true)
OF_CALL(size_t, 0, arg_count, (const xipvm_args *args), (args), true)
OF_CALL(enum xipvm_type, XIPVM_TYPE_INVALID, arg_type, (xipvm_args *args, size_t i), (args, i), true)
ARGUMENT(bool, bool, out)
ARGUMENT(int, int64_t, out)
ARGUMENT(float, double, out)
ARGUMENT(handle, xipvm_handle, out)
ARGUMENT_MEMORY(str, const char *)
ARGUMENT_MEMORY(bytes, const void *)
ARGUMENT_MEMORY(buffer, void *)

#define RETURN(fn, parameters, arguments, checks) \
    OF_CALL(enum xipvm_status, XIPVM_BAD_ARGUMENT, return_##fn, parameters, arguments, checks)

RETURN(none, (xipvm_args *args), (args), true)
RETURN(bool, (xipvm_args *args, bool value), (args, value), true)
RETURN(int, (xipvm_args *args, int64_t value), (args, value), true)
RETURN(float, (xipvm_args *args, double value), (args, value), true)
RETURN(str, (xipvm_args *args, const char *text, size_t len), (args, text, len), utf8(&c, "text", text, len))
RETURN(bytes, (xipvm_args *args, const void *data, size_t len), (args, data, len), bytes(&c, "data", data, len))
RETURN(handle, (xipvm_args *args, xipvm_handle h), (args, h), handle(&c, "h", h))

#endif
