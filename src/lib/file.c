/* Files: open(), and the device that streams (lib/stream.c) find behind one. The HAL does all the work.
 *
 * A file object is watched by the heap from before the file is opened until it is closed, so that whatever happens in
 * between, the host hears of its end. */
#include "lib/stream.h"

#if XIPVM_FILES
#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
#include "xipvm/hal.h"

/* Slots of a file; the first is that of any stream. FLAGS are enum xipvm_open_flags. */
enum { FLAGS = XV_STREAM_SLOTS, POINTER, POINTER_BIT, N_SLOTS };

void xv_keep_pointer(xv_value *slots, void *pointer) {
    slots[0] = XV_INT((uintptr_t)pointer >> 1);
    slots[1] = XV_INT((uintptr_t)pointer & 1);
}

void *xv_kept_pointer(const xv_value *slots) {
    return (void *)((slots[0] & ~(uintptr_t)1) | (slots[1] >> 1));
}

const struct xipvm_files *xv_files(struct xv_vm *vm) {
    if (vm->hal == NULL || vm->hal->files == NULL) {
        xv_raise_os(vm, XV_ENODEV);
        return NULL;
    }
    return vm->hal->files;
}

/* ---- paths */

static bool check_path(struct xv_vm *vm, xv_value *path, size_t *total) {
    *path = xv_unwrap(vm, *path);
    if (!xv_is_str(vm, *path) && !xv_is_bytes(vm, *path)) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", *path);
        return false;
    }
    struct xv_text text = xv_text(vm, *path);
    if (text.len > 0 && memchr(text.data, 0, text.len) != NULL) {
        xv_raise(vm, &xv_exc_ValueError, "embedded null character");
        return false;
    }
    *total += text.len + 1; /* texts are at most XV_STR_MAX bytes, so two fit a size_t */
    return true;
}

bool xv_paths(struct xv_vm *vm, xv_value *args, unsigned n, const char **out) {
    size_t total = 0, size;
    for (unsigned i = 0; i < n; i++) {
        if (!check_path(vm, &args[i], &total)) {
            return false;
        }
    }
    uint8_t *to = xv_heap_scratch(vm, &size);
    if (size < total) {
        xv_collect(vm);
        to = xv_heap_scratch(vm, &size);
    }
    if (size < total) {
        xv_raise_memory(vm);
        return false;
    }
    for (unsigned i = 0; i < n; i++) {
        struct xv_text text = xv_text(vm, args[i]);
        out[i] = (const char *)to;
        if (text.len > 0) {
            memcpy(to, text.data, text.len);
        }
        to[text.len] = 0;
        to += text.len + 1;
    }
    return true;
}

/* ---- the device */

static void *file_of(xv_value self) {
    return xv_kept_pointer(&xv_slots(self)[POINTER]);
}

static bool is_open_for(xv_value self, unsigned flag) {
    return ((unsigned)xv_small(xv_slots(self)[FLAGS]) & flag) != 0;
}

static intptr_t file_read(struct xv_vm *vm, xv_value self, void *data, size_t len) {
    return is_open_for(self, XIPVM_OPEN_READ) ? vm->hal->files->read(vm->hal->context, file_of(self), data, len)
                                              : -XV_EBADF;
}

static intptr_t file_write(struct xv_vm *vm, xv_value self, const void *data, size_t len) {
    return is_open_for(self, XIPVM_OPEN_WRITE)
               ? vm->hal->files->write(vm->hal->context, file_of(self), data, len)
               : -XV_EBADF;
}

static int64_t file_seek(struct xv_vm *vm, xv_value self, int64_t offset, int whence) {
    const struct xipvm_files *files = vm->hal->files;
    return files->seek == NULL ? -XV_ESPIPE : files->seek(vm->hal->context, file_of(self), offset, whence);
}

static int file_flush(struct xv_vm *vm, xv_value self) {
    const struct xipvm_files *files = vm->hal->files;
    return files->flush == NULL ? 0 : files->flush(vm->hal->context, file_of(self));
}

static int file_number(struct xv_vm *vm, xv_value self) {
    const struct xipvm_files *files = vm->hal->files;
    return files->number == NULL ? -XV_EOPNOTSUPP : files->number(vm->hal->context, file_of(self));
}

/* Closes an open file; a failure leaves it closed too. */
static int end_file(struct xv_vm *vm, xv_value self) {
    xv_slots(self)[XV_STREAM_DEVICE] = XV_INT(XV_CLOSED);
    return vm->hal->files->close(vm->hal->context, file_of(self));
}

static int file_close(struct xv_vm *vm, xv_value self) {
    xv_unwatch(vm, self);
    return end_file(vm, self);
}

const struct xv_device xv_file_device = {
    .read = file_read,
    .write = file_write,
    .seek = file_seek,
    .flush = file_flush,
    .close = file_close,
    .number = file_number,
};

/* ---- open() */

/* Nobody is left to hear of an error. A file that is not open (yet) has nothing to end. */
static xv_value forgotten(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (xv_slots(args[0])[XV_STREAM_DEVICE] == XV_INT(XV_FILE)) {
        end_file(vm, args[0]);
    }
    return XV_NONE;
}

static const struct xv_native end_native = XV_FUNCTION(close, forgotten, 1, 1);

static const struct {
    char letter;
    uint8_t flags;
} modes[] = {
    {'r', XIPVM_OPEN_READ},
    {'w', XIPVM_OPEN_WRITE | XIPVM_OPEN_CREATE | XIPVM_OPEN_TRUNCATE},
    {'a', XIPVM_OPEN_WRITE | XIPVM_OPEN_CREATE | XIPVM_OPEN_APPEND},
    {'x', XIPVM_OPEN_WRITE | XIPVM_OPEN_CREATE | XIPVM_OPEN_EXCLUSIVE},
};

/* The flags in a mode such as "r+b", in any order; the last one of r, w, a, x counts, as in MicroPython. */
static bool parse_mode(struct xv_vm *vm, xv_value mode, unsigned *flags, bool *text) {
    if (!xv_is_str(vm, mode)) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", mode);
        return false;
    }
    struct xv_text letters = xv_text(vm, mode);
    bool plus = false;
    *flags = XIPVM_OPEN_READ;
    *text = true;
    for (size_t i = 0; i < letters.len; i++) {
        size_t m = 0;
        while (m < sizeof modes / sizeof *modes && modes[m].letter != (char)letters.data[i]) {
            m++;
        }
        if (m < sizeof modes / sizeof *modes) {
            *flags = modes[m].flags;
        } else if (letters.data[i] == '+') {
            plus = true;
        } else if (letters.data[i] == 'b' || letters.data[i] == 't') {
            *text = letters.data[i] == 't';
        } else {
            xv_raise(vm, &xv_exc_ValueError, "invalid mode: %r", mode);
            return false;
        }
    }
    *flags |= plus ? XIPVM_OPEN_READ | XIPVM_OPEN_WRITE : 0u;
    return true;
}

/* Asks the HAL. Files that are open but forgotten are closed when it has no room for another. */
static bool open_file(struct xv_vm *vm, xv_value *path, xv_value *object, unsigned flags) {
    const struct xipvm_files *files = xv_files(vm);
    for (int attempt = 0; files != NULL; attempt++) {
        const char *text;
        void *file = NULL;
        if (!xv_paths(vm, path, 1, &text)) {
            return false;
        }
        int result = files->open(vm->hal->context, text, flags, &file);
        if (result >= 0) {
            xv_keep_pointer(&xv_slots(*object)[POINTER], file);
            xv_slots(*object)[XV_STREAM_DEVICE] = XV_INT(XV_FILE);
            return true;
        }
        if (attempt > 0 || (result != -XV_EMFILE && result != -XV_ENFILE)) {
            xv_raise_result(vm, result);
            return false;
        }
        xv_collect(vm);
    }
    return false;
}

xv_value xv_builtin_open(struct xv_vm *vm, xv_value *args, uint32_t n) {
    static const uint16_t names[] = {XV_Q_file, XV_Q_mode, XV_Q_buffering, XV_Q_encoding};
    /* The path, the mode, two that make no difference, the object. */
    xv_value r[5] = {XV_NULL, XV_QSTR(XV_Q_r), XV_NULL, XV_NULL, XV_NULL};
    unsigned flags;
    bool text, ok = false;
    XV_ENTER(vm, r);
    if (xv_parse_args(vm, "open", args, n, names, 4, 1, r) && parse_mode(vm, xv_unwrap(vm, r[1]), &flags, &text)) {
        r[4] = xv_generic_new(vm, text ? &xv_type_text_stream : &xv_type_byte_stream, N_SLOTS);
        if (r[4] != XV_NULL) {
            xv_slots(r[4])[XV_STREAM_DEVICE] = XV_INT(XV_CLOSED);
            xv_slots(r[4])[FLAGS] = XV_INT((intptr_t)flags);
            ok = xv_watch(vm, r[4], &end_native);
        }
        if (ok && !open_file(vm, &r[0], &r[4], flags)) {
            xv_unwatch(vm, r[4]);
            ok = false;
        }
    }
    XV_LEAVE(vm);
    return ok ? r[4] : XV_NULL;
}
#endif
