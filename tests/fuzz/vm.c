/* The host of the targets that run a VM: it finds the blob under test under every name, answers the same at each run,
 * and gives a program a bounded time. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "blob/reader.h"
#include "fuzz.h"
#include "heap/heap.h"

#ifdef HAS_ASAN
#include <sanitizer/asan_interface.h>
#define UNPOISON(p, n) __asan_unpoison_memory_region(p, n)
#else
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

#define LARGEST_ARENA (XIPVM_MIN_ARENA + 40 * 1024 * (XIPVM_GC_STRESS ? 4 : 1))

/* Each run may spend so much of its budget before it is abandoned. */
#define MOST_UNITS 6000u
/* Code that a native calls back is beyond the budget. After so many thousand calls and backward jumps it is
 * interrupted, and after as many more given up. */
#define SLICES 12u
/* One that stays in a single instruction (a search, a huge product) is interrupted after so many microseconds of CPU time. */
#define PATIENCE_US 300000

#define MOST_IMPORTS 4u
#define MOST_CALLS 12u

static struct {
    struct fuzz_options options;
    xipvm_vm *vm;
    const uint8_t *blob;
    size_t size;
    unsigned imports, slices, open_files, open_lists;
    uint32_t slice;
    bool stopped;
    uint64_t random, now_us;
    jmp_buf give_up;
} host;

/* ---- bounds */

static void on_timer(int signal_number) {
    (void)signal_number;
    if (host.vm != NULL) {
        xipvm_interrupt(host.vm);
        host.stopped = true;
    }
}

/* Runs to the end what a call began, or to the end of its budget, in slices. */
static enum xipvm_status fuzz_bound(xipvm_vm *vm, enum xipvm_status status, xipvm_handle *result) {
    for (uint32_t spent = host.slice; status == XIPVM_SUSPENDED; spent += host.slice) {
        if (spent >= MOST_UNITS) {
            FUZZ_CHECK(xipvm_abandon(vm) == XIPVM_OK);
            host.stopped = true;
            xipvm_raise(vm, "RuntimeError", "abandoned");
            return XIPVM_EXCEPTION;
        }
        status = xipvm_resume(vm, result);
    }
    return status;
}

/* Called about every thousand calls and backward jumps. Nothing of a VM lies outside of its arena, and so it can be
 * left as it is by a jump out of it. */
static void poll(void *context) {
    (void)context;
    host.slices++;
    if (host.slices > 2 * SLICES) {
        longjmp(host.give_up, 1);
    }
    if (host.slices > SLICES) {
        xipvm_interrupt(host.vm);
        host.stopped = true;
    }
}

static void set_timer(long us) {
    static bool installed;
    struct itimerval timer = {{us / 1000000, us % 1000000}, {us / 1000000, us % 1000000}};
    if (!installed) {
        struct sigaction action = {.sa_handler = on_timer};
        sigemptyset(&action.sa_mask);
        FUZZ_CHECK(sigaction(SIGVTALRM, &action, NULL) == 0);
        installed = true;
    }
    setitimer(ITIMER_VIRTUAL, &timer, NULL);
}

/* ---- streams */

struct stream {
    size_t at, end;
    uint8_t how;
    uint64_t random;
};

/* Bits of the options: 0-2 the size of pieces, 3 ends early, 4 fails, 5 lies about its size, 6 goes on too long. */
static int32_t read_stream(void *stream, void *buffer, size_t size) {
    struct stream *s = stream;
    static const size_t pieces[8] = {1, 2, 7, 16, 61, 127, 128, 1000};
    size_t most = 1 + fuzz_random(&s->random) % pieces[s->how & 7];
    size_t n = s->end - s->at;
    n = n < most ? n : most;
    n = n < size ? n : size;
    if (n == 0 && s->how & 0x10) {
        return -5;
    }
    for (size_t i = 0; i < n; i++) {
        ((uint8_t *)buffer)[i] = s->at + i < host.size ? host.blob[s->at + i] : 0x63;
    }
    s->at += n;
    return (int32_t)n;
}

static unsigned open_streams;

static void close_stream(void *stream) {
    free(stream);
    open_streams--;
}

static void as_stream(struct xipvm_source *out) {
    struct stream *s = malloc(sizeof *s);
    uint8_t how = host.options.stream;
    FUZZ_CHECK(s != NULL);
    *s = (struct stream){0, host.size, how, host.options.seed};
    if (how & 8) {
        s->end = host.size > 0 ? fuzz_random(&s->random) % host.size : 0;
    } else if (how & 0x40) {
        s->end = host.size + 1;
    }
    out->size = how & 0x80 ? host.size : 0;
    if (how & 0x20) {
        out->size = fuzz_random(&s->random) % 5000;
    }
    out->read = read_stream;
    out->close = close_stream;
    out->stream = s;
    open_streams++;
}

static void present(struct xipvm_source *out, enum fuzz_way way) {
    bool is_image = host.size > 0 && host.blob[0] == XV_XIP_MAGIC;
    if (way == FUZZ_STREAM && !is_image) {
        as_stream(out);
        return;
    }
    out->data = host.blob;
    out->size = host.size;
    out->strategy = way == FUZZ_LINK && !is_image ? XIPVM_STRATEGY_LINK : XIPVM_STRATEGY_IN_PLACE;
}

/* ---- the HAL */

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    if (host.imports >= MOST_IMPORTS) {
        return false;
    }
    host.imports++;
    out->is_package = len > 0 && (name[0] & 1) != 0;
    present(out, (enum fuzz_way)((host.options.way + host.imports) % FUZZ_WAYS));
    return true;
}

static void write_out(void *context, const void *data, size_t len) {
    (void)context;
    volatile uint8_t sum = 0;
    for (size_t i = 0; i < len; i++) {
        sum = (uint8_t)(sum + ((const uint8_t *)data)[i]);
    }
}

static intptr_t read_input(void *context, void *data, size_t len) {
    (void)context;
    uint32_t r = fuzz_random(&host.random);
    if (r % 3 == 0) {
        return r % 2 ? 0 : -5;
    }
    size_t n = 1 + r / 8 % len;
    memset(data, r & 16 ? '\n' : 'x', n);
    return (intptr_t)n;
}

static uint64_t clock_us(void *context) {
    (void)context;
    return host.now_us += 37;
}

static void sleep_us(void *context, uint64_t us) {
    (void)context;
    host.now_us += us + 1;
    poll(NULL);
}

static int64_t time_ns(void *context) {
    (void)context;
    return (int64_t)host.now_us * 1000;
}

/* Files whose contents nobody keeps. */
static int open_file(void *context, const char *path, unsigned flags, void **file) {
    (void)context;
    (void)flags;
    if (strlen(path) % 5 == 4) {
        return -2;
    }
    if (host.open_files >= 4) {
        return -24;
    }
    uint32_t *f = malloc(sizeof *f);
    FUZZ_CHECK(f != NULL);
    *f = 40;
    *file = f;
    host.open_files++;
    return 0;
}

static intptr_t read_file(void *context, void *file, void *data, size_t len) {
    (void)context;
    uint32_t *left = file;
    size_t n = len < *left ? len : *left;
    memset(data, *left % 4 == 0 ? '\n' : 'y', n);
    *left -= (uint32_t)n;
    return (intptr_t)n;
}

static intptr_t write_file(void *context, void *file, const void *data, size_t len) {
    (void)file;
    write_out(context, data, len);
    return (intptr_t)(len > 1 ? len / 2 : len);
}

static int close_file(void *context, void *file) {
    (void)context;
    free(file);
    host.open_files--;
    return 0;
}

static int64_t seek_file(void *context, void *file, int64_t offset, int whence) {
    (void)context;
    uint32_t *left = file;
    if (offset < 0 || whence != 0) {
        return -22;
    }
    *left = offset < 40 ? (uint32_t)(40 - offset) : 0;
    return offset;
}

static int list_begin(void *context, const char *path, void **list) {
    (void)context;
    (void)path;
    uint32_t *l = malloc(sizeof *l);
    FUZZ_CHECK(l != NULL);
    *l = 0;
    *list = l;
    host.open_lists++;
    return 0;
}

static int list_next(void *context, void *list, struct xipvm_folder_entry *entry) {
    (void)context;
    static const char *const names[] = {"a", "a longer name", ""};
    uint32_t *l = list;
    if (*l == 3) {
        return 0;
    }
    entry->name = names[*l];
    entry->size = *l == 2 ? -1 : 7;
    entry->is_folder = *l == 1;
    ++*l;
    return 1;
}

static void list_end(void *context, void *list) {
    (void)context;
    free(list);
    host.open_lists--;
}

static const struct xipvm_files files = {.open = open_file, .read = read_file, .write = write_file, .close = close_file,
                                         .seek = seek_file, .list_begin = list_begin, .list_next = list_next,
                                         .list_end = list_end};

static const struct xipvm_hal hal = {.find_blob = find_blob, .write = write_out, .read_input = read_input, .files = &files,
                                     .clock_us = clock_us, .sleep_us = sleep_us, .time_ns = time_ns, .poll = poll};

/* ---- natives */

static enum xipvm_status echo(xipvm_vm *vm, xipvm_args *args) {
    xipvm_handle h;
    if (xipvm_arg_handle(args, 0, &h)) {
        return XIPVM_EXCEPTION;
    }
    enum xipvm_status status = xipvm_return_handle(args, h);
    xipvm_release(vm, h);
    return status;
}

/* call(f, ...): f(...) */
static enum xipvm_status call(xipvm_vm *vm, xipvm_args *args) {
    xipvm_handle h[6], result;
    size_t n = xipvm_arg_count(args);
    n = n < 6 ? n : 6;
    for (size_t i = 0; i < n; i++) {
        if (xipvm_arg_handle(args, i, &h[i])) {
            return XIPVM_EXCEPTION;
        }
    }
    enum xipvm_status status = xipvm_call(vm, h[0], h + 1, n - 1, &result);
    if (status == XIPVM_OK) {
        status = xipvm_return_handle(args, result);
        xipvm_release(vm, result);
    }
    for (size_t i = 0; i < n; i++) {
        xipvm_release(vm, h[i]);
    }
    return status;
}

static enum xipvm_status fill(xipvm_vm *vm, xipvm_args *args) {
    void *data;
    size_t len;
    (void)vm;
    if (xipvm_arg_buffer(args, 0, &data, &len)) {
        return XIPVM_EXCEPTION;
    }
    memset(data, 0xff, len);
    return xipvm_return_int(args, (int64_t)len);
}

/* Looks at an argument in every way there is. */
static enum xipvm_status look(xipvm_vm *vm, xipvm_args *args) {
    int64_t i;
    double d;
    bool b;
    const char *text;
    const void *bytes;
    size_t len;
    (void)xipvm_arg_type(args, 0);
    if (xipvm_arg_int(args, 0, &i) == XIPVM_OK) {
        return xipvm_return_int(args, i);
    }
    if (xipvm_arg_float(args, 0, &d) == XIPVM_OK) {
        return xipvm_return_float(args, d);
    }
    if (xipvm_arg_str(args, 0, &text, &len) == XIPVM_OK) {
        write_out(NULL, text, len);
        return xipvm_return_int(args, (int64_t)len);
    }
    if (xipvm_arg_bytes(args, 0, &bytes, &len) == XIPVM_OK) {
        write_out(NULL, bytes, len);
        return xipvm_return_int(args, (int64_t)len);
    }
    if (xipvm_arg_bool(args, 0, &b) == XIPVM_OK) {
        return xipvm_return_bool(args, b);
    }
    return xipvm_raise(vm, "ValueError", "%d", 1);
}

static const struct xipvm_function functions[] = {XIPVM_FUNCTION("echo", echo, 1, 1), XIPVM_FUNCTION("call", call, 1, 6),
                                                  XIPVM_FUNCTION("fill", fill, 1, 1), XIPVM_FUNCTION("look", look, 1, 1)};
static const struct xipvm_constant constants[] = {XIPVM_CONSTANT_INT("ANSWER", 42), XIPVM_CONSTANT_STR("NAME", "host")};
static const struct xipvm_module host_module = XIPVM_MODULE_WITH("host", functions, constants);

/* ---- calling what the program left behind */

static xipvm_handle make_argument(xipvm_vm *vm, xipvm_handle module) {
    xipvm_handle h = XIPVM_NO_HANDLE;
    switch (fuzz_random(&host.random) % 8) {
    case 0:
        xipvm_make_none(vm, &h);
        break;
    case 1:
        xipvm_make_int(vm, (int64_t)fuzz_random(&host.random) << fuzz_random(&host.random) % 32, &h);
        break;
    case 2:
        xipvm_make_str(vm, "abc", &h);
        break;
    case 3:
        xipvm_make_list(vm, NULL, 0, &h);
        break;
    case 4:
        xipvm_make_dict(vm, &h);
        break;
    case 5:
        xipvm_make_float(vm, 0.5, &h);
        break;
    case 6:
        xipvm_dup(vm, module, &h);
        break;
    default:
        xipvm_make_int(vm, 2, &h);
        break;
    }
    return h;
}

static void look_at(xipvm_vm *vm, xipvm_handle h) {
    char text[100];
    size_t len;
    xipvm_handle item;
    xipvm_text(vm, h, (fuzz_random(&host.random) & 1) != 0, text, sizeof text, &len);
    if (xipvm_length(vm, h, &len) == XIPVM_OK && xipvm_get_index(vm, h, 0, &item) == XIPVM_OK) {
        xipvm_release(vm, item);
    }
}

static void call_one(xipvm_vm *vm, xipvm_handle module, const char *name) {
    xipvm_handle f, args[3], result;
    size_t n = fuzz_random(&host.random) % 4;
    if (xipvm_get_attr(vm, module, name, &f) != XIPVM_OK) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        args[i] = make_argument(vm, module);
    }
    if (fuzz_bound(vm, xipvm_call(vm, f, args, n, &result), &result) == XIPVM_OK) {
        look_at(vm, result);
        xipvm_release(vm, result);
    } else {
        char text[200];
        xipvm_exception_text(vm, text, sizeof text);
    }
    look_at(vm, f);
    for (size_t i = 0; i < n; i++) {
        xipvm_release(vm, args[i]);
    }
    xipvm_release(vm, f);
}

/* Tries the names that the blob has on the module that it became. */
static void call_all(xipvm_vm *vm, xipvm_handle module) {
    struct xv_blob blob;
    if (!xv_blob_open(&blob, host.blob, host.size, XV_SMALL_BITS, NULL)) {
        return;
    }
    const uint8_t *p = blob.base + blob.qstrs_at;
    unsigned calls = 0;
    for (uint32_t i = 0; i < blob.n_qstr && calls < MOST_CALLS; i++) {
        struct xv_name name;
        p = xv_next_name(p, &name);
        if (name.static_id == 0 && name.len > 0) {
            call_one(vm, module, (const char *)name.text);
            calls++;
        }
    }
}

/* The module that was being run when an exception ended it. */
static xipvm_handle find_main(xipvm_vm *vm) {
    xipvm_handle sys, modules, key, found = XIPVM_NO_HANDLE;
    if (fuzz_bound(vm, xipvm_import(vm, "sys", &sys), &sys) == XIPVM_OK) {
        if (xipvm_get_attr(vm, sys, "modules", &modules) == XIPVM_OK) {
            if (xipvm_make_str(vm, "__main__", &key) == XIPVM_OK) {
                if (xipvm_get_item(vm, modules, key, &found) != XIPVM_OK) {
                    found = XIPVM_NO_HANDLE;
                }
                xipvm_release(vm, key);
            }
            xipvm_release(vm, modules);
        }
        xipvm_release(vm, sys);
    }
    return found;
}

/* ---- a run */

/* What a prelinked image is made of. */
static struct {
    uint8_t data[1 << 17];
    size_t size;
} image;

static bool append(void *context, const void *data, size_t len) {
    (void)context;
    if (len > sizeof image.data - image.size) {
        return false;
    }
    memcpy(image.data + image.size, data, len);
    image.size += len;
    return true;
}

/* Puts the prelinked form in the blob's place. */
static bool prelink(uint8_t **blob) {
    static uint8_t scratch[1 << 17];
    struct xipvm_fault fault;
    image.size = 0;
    if (host.size > 0 && host.blob[0] == XV_XIP_MAGIC) {
        return true; /* it is one */
    }
    if (xipvm_prelink(host.blob, host.size, scratch, sizeof scratch, append, NULL, &fault) != XIPVM_OK) {
        fuzz_result = (struct fuzz_result){FUZZ_REFUSED, fault.code};
        return false;
    }
    free(*blob);
    *blob = fuzz_copy(image.data, image.size);
    host.blob = *blob;
    host.size = image.size;
    return true;
}

/* Whether what is loaded, if anything, is not the blob as it is. */
static bool stream_is_faithful(void) {
    return (host.options.stream & 0x78) == 0;
}

/* The verdict must not depend on how a blob is loaded. */
static void check_verdict(enum xipvm_status status) {
    static uint8_t scratch[1 << 16];
    struct xipvm_fault fault;
    if (!(host.options.way == FUZZ_STREAM && !stream_is_faithful()) && fuzz_result.outcome != FUZZ_REFUSED &&
        xipvm_verify(host.blob, host.size, scratch, sizeof scratch, &fault) == XIPVM_BAD_BLOB) {
        FUZZ_CHECK(status != XIPVM_OK && fuzz_result.outcome != FUZZ_OK);
    }
}

static void run_and_call(xipvm_vm *vm) {
    struct xipvm_source source = {.data = NULL};
    struct xipvm_fault fault;
    xipvm_handle module = XIPVM_NO_HANDLE;
    char text[300];
    present(&source, host.options.way);
    enum xipvm_status status = fuzz_bound(vm, xipvm_run_source(vm, &source, &module), &module);
    fuzz_result = (struct fuzz_result){FUZZ_OK, XIPVM_BLOB_OK};
    if (status == XIPVM_BAD_BLOB) {
        FUZZ_CHECK(xipvm_blob_fault(vm, &fault) == XIPVM_OK);
        fuzz_result = (struct fuzz_result){FUZZ_REFUSED, fault.code};
    } else if (status != XIPVM_OK) {
        FUZZ_CHECK(status == XIPVM_EXCEPTION);
        FUZZ_CHECK(xipvm_exception_text(vm, text, sizeof text) > 0);
        fuzz_result.outcome = FUZZ_EXCEPTION;
    }
    FUZZ_CHECK(vm->frame == NULL && vm->exc == XV_NULL);
    check_verdict(status);
    if (status == XIPVM_BAD_BLOB) {
        return;
    }
    if (module == XIPVM_NO_HANDLE) {
        module = find_main(vm);
    }
    xipvm_exception_clear(vm);
    if (module != XIPVM_NO_HANDLE) {
        call_all(vm, module);
    }
    fuzz_bound(vm, xipvm_at_exit(vm), NULL);
    FUZZ_CHECK(vm->frame == NULL && !xipvm_is_suspended(vm));
    xipvm_release(vm, module);
}

/* Arenas end where their allocation ends; there is one for each size. */
static uint8_t *arena_of(size_t size) {
    static uint8_t *arenas[64];
    uint8_t **arena = &arenas[size / 1024 % 64];
    if (*arena == NULL) {
        *arena = malloc(XIPVM_MIN_ARENA + size * (XIPVM_GC_STRESS ? 4 : 1));
    }
    FUZZ_CHECK(*arena != NULL && XIPVM_MIN_ARENA + size <= LARGEST_ARENA);
    return *arena;
}

void fuzz_run(const uint8_t *data, size_t size, const struct fuzz_options *options) {
    static volatile bool given_up;
    static uint8_t *blob;
    uint8_t *arena = arena_of(options->arena);
    size_t arena_size = XIPVM_MIN_ARENA + options->arena * (XIPVM_GC_STRESS ? 4 : 1);
    blob = fuzz_copy(data, size);
    memset(&host, 0, sizeof host);
    host.options = *options;
    host.blob = blob;
    host.size = size;
    host.random = options->seed;
    static const uint32_t slices[] = {1000, 7, 50, MOST_UNITS, 1};
    host.slice = slices[options->seed % (sizeof slices / sizeof *slices)];
    if (options->way == FUZZ_PRELINKED && !prelink(&blob)) {
        free(blob);
        return;
    }
    xipvm_vm *vm;
    FUZZ_CHECK(xipvm_open(arena, arena_size, &hal, &vm) == XIPVM_OK);
    host.vm = vm;
    xipvm_register(vm, &host_module);
    FUZZ_CHECK(xipvm_set_budget(vm, host.slice) == XIPVM_OK);
    set_timer(PATIENCE_US);
    given_up = false;
    if (setjmp(host.give_up) == 0) {
        run_and_call(vm);
    } else {
        given_up = true;
    }
    set_timer(0);
    if (host.stopped) {
        fuzz_result.outcome = FUZZ_STOPPED;
    }
    if (!given_up) {
        const char *wrong = xv_heap_check(host.vm);
        if (wrong != NULL) {
            fuzz_fail(wrong);
        }
        xipvm_close(host.vm);
        FUZZ_CHECK(host.open_files == 0 && host.open_lists == 0 && open_streams == 0);
    }
    host.vm = NULL;
    open_streams = 0;
    UNPOISON(arena, arena_size);
    free(blob);
}
