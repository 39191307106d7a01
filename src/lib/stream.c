/* Streams that are connected to a device: files (lib/file.c) and the standard streams, whose devices are the HAL's own
 * functions. Nothing is buffered here, so that nothing is lost when a stream is forgotten. */
#include "lib/stream.h"

#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
#include "object/type.h"
#include "vm/ask.h"
#include "xipvm/hal.h"

/* Bytes that are asked for at a time when it is not known how many there are; more once there is more room. */
#define CHUNK 64u

/* ---- the standard streams: const objects */

static intptr_t read_input(struct xv_vm *vm, xv_value stream, void *data, size_t len) {
    (void)stream;
    const struct xipvm_hal *hal = vm->hal;
    return hal == NULL || hal->read_input == NULL ? 0 : hal->read_input(hal->context, data, len);
}

static intptr_t write_output(struct xv_vm *vm, xv_value stream, const void *data, size_t len) {
    const struct xipvm_hal *hal = vm->hal;
    bool is_error = xv_slots(stream)[XV_STREAM_DEVICE] == XV_INT(XV_STDERR);
    if (hal != NULL && is_error && hal->write_error != NULL) {
        hal->write_error(hal->context, data, len);
    } else if (hal != NULL && hal->write != NULL) {
        hal->write(hal->context, data, len);
    }
    return (intptr_t)len;
}

static int standard_number(struct xv_vm *vm, xv_value stream) {
    (void)vm;
    return (int)xv_small(xv_slots(stream)[XV_STREAM_DEVICE]);
}

static const struct xv_device input_device = {.read = read_input, .number = standard_number};
static const struct xv_device output_device = {.write = write_output, .number = standard_number};

#define STANDARD(type, id) {XV_CONST_HEADER(XV_KIND_GENERIC), (xv_value) & (type), {XV_INT(id)}}
const struct xv_generic xv_sys_stdin = STANDARD(xv_type_text_stream, XV_STDIN);
const struct xv_generic xv_sys_stdout = STANDARD(xv_type_text_stream, XV_STDOUT);
const struct xv_generic xv_sys_stderr = STANDARD(xv_type_text_stream, XV_STDERR);
static const struct xv_generic buffers[] = {STANDARD(xv_type_byte_stream, XV_STDIN),
                                            STANDARD(xv_type_byte_stream, XV_STDOUT),
                                            STANDARD(xv_type_byte_stream, XV_STDERR)};

/* ---- devices */

static const struct xv_device *const devices[] = {
    [XV_STDIN] = &input_device,
    [XV_STDOUT] = &output_device,
    [XV_STDERR] = &output_device,
#if XIPVM_FILES
    [XV_FILE] = &xv_file_device,
#endif
};

static enum xv_device_id device_id(xv_value stream) {
    return (enum xv_device_id)xv_small(xv_slots(stream)[XV_STREAM_DEVICE]);
}

static bool is_text(xv_value stream) {
    return ((struct xv_generic *)stream)->type == xv_from(&xv_type_text_stream);
}

/* NULL with ValueError if the stream is closed. */
static const struct xv_device *device_of(struct xv_vm *vm, xv_value stream) {
    if (device_id(stream) == XV_CLOSED) {
        xv_raise(vm, &xv_exc_ValueError, "I/O operation on closed file");
        return NULL;
    }
    return devices[device_id(stream)];
}

xv_value xv_raise_result(struct xv_vm *vm, int64_t result) {
    return xv_raise_os(vm, result < 0 && result > -4096 ? (int)-result : XV_EIO);
}

/* If a device would have to wait, that is the end of a call that has moved `some` bytes already. */
static intptr_t unless_waiting(intptr_t result, bool some) {
    return some && result == -XV_EAGAIN ? 0 : result;
}

/* Reads up to `len` bytes, which is not 0; *got 0 at the end, or if there are no more now and there were `some`. */
static bool get(struct xv_vm *vm, xv_value stream, void *data, size_t len, bool some, size_t *got) {
    const struct xv_device *device = device_of(vm, stream);
    if (device == NULL) {
        return false;
    }
    intptr_t n = device->read == NULL ? -XV_EBADF : device->read(vm, stream, data, len);
    n = unless_waiting(n, some);
    if (n < 0 || (size_t)n > len) {
        xv_raise_result(vm, n);
        return false;
    }
    *got = (size_t)n;
    return true;
}

/* ---- reading */

/* Reads up to `n` bytes to the end of what is being made; fewer at the end of the stream. */
static bool read_bytes(struct xv_printer *out, const xv_value *stream, size_t n) {
    size_t got = 1;
    while (n > 0 && got > 0) {
        size_t room = out->room - out->len;
        size_t want = room < CHUNK ? CHUNK : room;
        want = want < n ? want : n;
        uint8_t *at = xv_printer_room(out, want);
        if (at == NULL || !get(out->vm, *stream, at, want, out->len > 0, &got)) {
            return false;
        }
        out->len += got;
        n -= got;
    }
    return true;
}

static size_t character_length(uint8_t first) {
    return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Reads up to `n` characters: as many bytes as there are characters missing, until none is. */
static bool read_characters(struct xv_printer *out, const xv_value *stream, size_t n) {
    size_t at = 0, want = n;
    while (want > 0) {
        size_t before = out->len;
        if (!read_bytes(out, stream, want)) {
            return false;
        }
        if (out->len - before < want) {
            return true; /* the end */
        }
        for (; at < out->len; n--) {
            at += character_length(xv_printer_data(out)[at]);
        }
        want = n + (at - out->len);
    }
    return true;
}

static bool read_line(struct xv_printer *out, const xv_value *stream, size_t limit) {
    for (size_t n = out->len; n < limit; n++) {
        if (!read_bytes(out, stream, 1)) {
            return false;
        }
        if (out->len == n || xv_printer_data(out)[n] == '\n') {
            break;
        }
    }
    return true;
}

/* The same for an iterator. As in MicroPython it ends if there is nothing now: readlines() keeps what it has. */
static bool read_next(struct xv_printer *out, const xv_value *stream, size_t limit) {
    size_t got;
    uint8_t *at = xv_printer_room(out, 1);
    if (at == NULL || !get(out->vm, *stream, at, 1, true, &got)) {
        return false;
    }
    out->len += got;
    return got == 0 || *at == '\n' || read_line(out, stream, limit);
}

bool xv_check_text(struct xv_vm *vm, struct xv_text text) {
    if (!xv_utf8_valid(text.data, text.len)) {
        xv_raise_empty(vm, &xv_exc_UnicodeError);
        return false;
    }
    return true;
}

/* What `read` reads from args[0], up to `n` of its units, as a str or bytes. */
static xv_value reading(struct xv_vm *vm, const xv_value *stream, size_t n,
                        bool (*read)(struct xv_printer *out, const xv_value *stream, size_t n)) {
    if (device_of(vm, *stream) == NULL) {
        return XV_NULL;
    }
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    bool ok = read(&out, stream, n);
    if (ok && !is_text(*stream)) {
        return xv_printer_finish_bytes(&out);
    }
    if (ok && xv_check_text(vm, (struct xv_text){xv_printer_data(&out), out.len})) {
        return xv_printer_finish(&out);
    }
    xv_printer_end(&out);
    return XV_NULL;
}

static xv_value stream_read(struct xv_vm *vm, xv_value *args, uint32_t n) {
    intptr_t count = -1;
    if (n > 1 && args[1] != XV_NONE && !xv_to_index(vm, args[1], &count)) {
        return XV_NULL;
    }
    if (count < 0) {
        return reading(vm, args, SIZE_MAX, read_bytes);
    }
    return reading(vm, args, (size_t)count, is_text(args[0]) ? read_characters : read_bytes);
}

static xv_value stream_readline(struct xv_vm *vm, xv_value *args, uint32_t n) {
    intptr_t limit = -1;
    if (n > 1 && args[1] != XV_NONE && !xv_to_index(vm, args[1], &limit)) {
        return XV_NULL;
    }
    return reading(vm, args, limit < 0 ? SIZE_MAX : (size_t)limit, read_line);
}

static xv_value stream_next(struct xv_vm *vm, xv_value self) {
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    xv_value line = reading(vm, r, SIZE_MAX, read_next);
    bool is_end = line != XV_NULL && xv_text(vm, line).len == 0;
    XV_LEAVE(vm);
    return is_end ? XV_STOP : line;
}

static xv_value stream_readlines(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return xv_list_from(vm, args[0]);
}

/* readinto(buffer[, length]) */
static xv_value stream_readinto(struct xv_vm *vm, xv_value *args, uint32_t n) {
    struct xv_buffer b;
    intptr_t limit = -1;
    if ((n > 2 && !xv_to_index(vm, args[2], &limit)) || device_of(vm, args[0]) == NULL ||
        !xv_get_buffer(vm, args[1], &b)) {
        return XV_NULL;
    }
    if (!b.writable) {
        return xv_raise(vm, &xv_exc_TypeError, "a writable buffer is required");
    }
    size_t size = limit >= 0 && (size_t)limit < b.len ? (size_t)limit : b.len;
    size_t done = 0, got = 1;
    while (done < size && got > 0) {
        if (!get(vm, args[0], b.data + done, size - done, done > 0, &got)) {
            return XV_NULL;
        }
        done += got;
    }
    return XV_INT((intptr_t)done);
}

/* ---- writing */

bool xv_write_operand(struct xv_vm *vm, xv_value *args, uint32_t n, struct xv_text *out) {
    for (uint32_t i = 2; i < n; i++) {
        intptr_t number;
        if (!xv_to_index(vm, args[i], &number)) {
            return false;
        }
        args[i] = XV_INT(number < 0 || number > XV_SMALL_MAX ? XV_SMALL_MAX : number);
    }
    args[1] = xv_unwrap(vm, args[1]);
    struct xv_buffer b;
    if (xv_is_str(vm, args[1])) {
        *out = xv_text(vm, args[1]);
    } else if (xv_get_buffer(vm, args[1], &b)) {
        *out = (struct xv_text){b.data, b.len};
    } else {
        return false;
    }
    size_t offset = n > 3 ? (size_t)xv_small(args[2]) : 0;
    offset = offset < out->len ? offset : out->len;
    size_t len = n > 2 ? (size_t)xv_small(args[n - 1]) : out->len;
    out->len = len < out->len - offset ? len : out->len - offset;
    out->data = out->len > 0 ? out->data + offset : out->data;
    return true;
}

/* write(data[, [offset, ]length]): the bytes written */
static xv_value stream_write(struct xv_vm *vm, xv_value *args, uint32_t n) {
    struct xv_text text;
    const struct xv_device *device = device_of(vm, args[0]);
    if (device == NULL || !xv_write_operand(vm, args, n, &text)) {
        return XV_NULL;
    }
    device = device_of(vm, args[0]); /* an operand's __index__ may have closed it */
    if (device == NULL) {
        return XV_NULL;
    }
    size_t done = 0;
    intptr_t wrote = 1;
    while (done < text.len && wrote > 0) {
        size_t left = text.len - done;
        wrote = device->write == NULL ? -XV_EBADF : device->write(vm, args[0], text.data + done, left);
        wrote = unless_waiting(wrote, done > 0);
        if (wrote < 0 || (size_t)wrote > left) {
            return xv_raise_result(vm, wrote);
        }
        done += (size_t)wrote;
    }
    return XV_INT((intptr_t)done);
}

static xv_value stream_flush(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    const struct xv_device *device = device_of(vm, args[0]);
    if (device == NULL) {
        return XV_NULL;
    }
    int result = device->flush == NULL ? 0 : device->flush(vm, args[0]);
    return result < 0 ? xv_raise_result(vm, result) : XV_NONE;
}

/* ---- the rest */

static xv_value seek(struct xv_vm *vm, xv_value stream, int64_t offset, int whence) {
    const struct xv_device *device = device_of(vm, stream);
    if (device == NULL) {
        return XV_NULL;
    }
    int64_t at = device->seek == NULL ? -XV_ESPIPE : device->seek(vm, stream, offset, whence);
    return at < 0 ? xv_raise_result(vm, at) : xv_int_from(vm, at);
}

static xv_value stream_seek(struct xv_vm *vm, xv_value *args, uint32_t n) {
    int64_t offset;
    intptr_t whence = 0;
    args[1] = xv_as_int(vm, args[1]);
    if (args[1] == XV_NULL || (n > 2 && !xv_to_index(vm, args[2], &whence))) {
        return XV_NULL;
    }
    if (!xv_int_to_i64(args[1], &offset)) {
        return xv_raise(vm, &xv_exc_OverflowError, "seek offset too large");
    }
    if (whence < 0 || whence > 2 || (whence == 0 && offset < 0)) {
        return xv_raise_os(vm, XV_EINVAL);
    }
    return seek(vm, args[0], offset, (int)whence);
}

static xv_value stream_tell(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return seek(vm, args[0], 0, 1);
}

/* The standard streams stay open. */
static xv_value stream_close(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (device_id(args[0]) == XV_CLOSED) {
        return XV_NONE;
    }
    const struct xv_device *device = devices[device_id(args[0])];
    int result = device->close == NULL ? 0 : device->close(vm, args[0]);
    return result < 0 ? xv_raise_result(vm, result) : XV_NONE;
}

static xv_value stream_fileno(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    const struct xv_device *device = device_of(vm, args[0]);
    if (device == NULL) {
        return XV_NULL;
    }
    int number = device->number == NULL ? -XV_EOPNOTSUPP : device->number(vm, args[0]);
    return number < 0 ? xv_raise_result(vm, number) : XV_INT(number);
}

xv_value xv_stream_enter(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)vm;
    (void)n;
    return args[0];
}

static xv_value stream_exit(struct xv_vm *vm, xv_value *args, uint32_t n) {
    return stream_close(vm, args, n);
}

bool xv_put_stream(struct xv_printer *out, xv_value stream) {
    xv_value r[1] = {stream};
    struct xv_vm *vm = out->vm;
    XV_ENTER(vm, r);
    uint32_t number;
    bool ok = xv_hash_identity(vm, stream, &number) &&
              xv_putf(out, "<io.%t object at %u>", r[0], (unsigned)number);
    XV_LEAVE(vm);
    return ok;
}

static bool stream_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    int number = -1;
    if (device_id(self) != XV_CLOSED) {
        const struct xv_device *device = devices[device_id(self)];
        number = device->number == NULL ? -1 : device->number(vm, self);
        if (number < 0) {
            return xv_put_stream(out, self);
        }
    }
    return xv_putf(out, "<io.%t %d>", self, number);
}

/* `buffer`: the standard streams as streams of bytes. */
static xv_value stream_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    (void)vm;
    enum xv_device_id id = device_id(self);
    return name == XV_Q_buffer && id <= XV_STDERR && is_text(self) ? xv_from(&buffers[id]) : XV_STOP;
}

static const struct xv_native stream_methods[] = {
    XV_NATIVE(read, stream_read, 1, 2),
    XV_NATIVE(readinto, stream_readinto, 2, 3),
    XV_NATIVE(readline, stream_readline, 1, 2),
    XV_NATIVE(readlines, stream_readlines, 1, 1),
    XV_NATIVE(write, stream_write, 2, 4),
    XV_NATIVE(seek, stream_seek, 2, 3),
    XV_NATIVE(tell, stream_tell, 1, 1),
    XV_NATIVE(flush, stream_flush, 1, 1),
    XV_NATIVE(close, stream_close, 1, 1),
    XV_NATIVE(fileno, stream_fileno, 1, 1),
    XV_NATIVE(__enter__, xv_stream_enter, 1, 1),
    XV_NATIVE(__exit__, stream_exit, 1, 4),
};

#define STREAM_TYPE(name_)                                                                              \
    {                                                                                                   \
        .header = XV_TYPE_HEADER, .name = (name_), .flags = XV_T_NO_SUBCLASS | XV_T_ITER_SELF,          \
        .base = &xv_type_object, XV_METHODS(stream_methods), .next = stream_next, .print = stream_print, \
        .get_attr = stream_attr                                                                         \
    }

const struct xv_type xv_type_text_stream = STREAM_TYPE(XV_Q_TextIOWrapper);
const struct xv_type xv_type_byte_stream = STREAM_TYPE(XV_Q_FileIO);

/* ---- streams of a program's own */

/* IOBase brings nothing along: it says that write() and readinto() deal in bytes. */
static xv_value base_make(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return xv_generic_new(vm, (const struct xv_type *)type, 0);
}

const struct xv_type xv_type_io_base = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_IOBase,
    .base = &xv_type_object,
    .make = base_make,
};

/* A count that write() or readinto() of a program returned: OSError of a negative one, and of one that is too large. */
static bool check_count(struct xv_vm *vm, intptr_t count, size_t len) {
    if (count < 0 || (size_t)count > len) {
        xv_raise_result(vm, count);
        return false;
    }
    return true;
}

/* The bytes of a str from an offset on as a new bytearray, which is what MicroPython's programs expect. */
static xv_value bytearray_of(struct xv_vm *vm, const xv_value *text, size_t from) {
    size_t len = xv_text(vm, *text).len - from;
    xv_value v = xv_bytearray_new(vm, len);
    if (v != XV_NULL && len > 0) {
        memcpy(xv_bytearray_data(v), xv_text(vm, *text).data + from, len);
    }
    return v;
}

/* r[0].write() of the bytes of r[1], until all are written or no more are taken; r[2] is for what is handed over. */
static bool write_bytes(struct xv_vm *vm, xv_value *r) {
    size_t len = xv_text(vm, r[1]).len, done = 0;
    do {
        r[2] = bytearray_of(vm, &r[1], done);
        xv_value result = r[2] == XV_NULL ? XV_NULL : xv_call_method(vm, r[0], XV_Q_write, &r[2], 1);
        if (result == XV_NULL || !xv_is_small(result)) {
            return result != XV_NULL;
        }
        intptr_t count = xv_small(result);
        if (!check_count(vm, count, len - done)) {
            return false;
        }
        if (count == 0) {
            return true;
        }
        done += (size_t)count;
    } while (done < len);
    return true;
}

bool xv_stream_write(struct xv_vm *vm, xv_value file, xv_value text) {
    xv_value r[3] = {file, xv_unwrap(vm, text), XV_NULL};
    XV_ENTER(vm, r);
    bool ok = xv_is_a(vm, file, &xv_type_io_base) ? write_bytes(vm, r)
                                                   : xv_call_method(vm, r[0], XV_Q_write, &r[1], 1) != XV_NULL;
    XV_LEAVE(vm);
    return ok;
}

/* One byte by readinto() of r[0] to the end of `out`: 1; 0 at the end, or if there is no such method (*none); -1.
 * r[1] is a bytearray of one byte. */
static int read_byte(struct xv_printer *out, xv_value *r, bool *none) {
    struct xv_vm *vm = out->vm;
    intptr_t count;
    if (xv_can_ask(vm)) {
        /* Asked for once, it is never read into again. */
        r[1] = xv_kept(vm, xv_bytearray_new(vm, 1));
    }
    xv_value result = r[1] == XV_NULL ? XV_NULL : xv_call_method_if(vm, r[0], XV_Q_readinto, &r[1], 1);
    *none = result == XV_STOP;
    if (result == XV_NULL || *none) {
        return *none ? 0 : -1;
    }
    if (result == XV_NONE) {
        xv_raise_os(vm, XV_EAGAIN);
        return -1;
    }
    if (!xv_to_index(vm, result, &count) || !check_count(vm, count, 1)) {
        return -1;
    }
    struct xv_buffer b;
    if (!xv_get_buffer(vm, r[1], &b)) {
        return -1;
    }
    return count == 0 || b.len == 0 ? 0 : xv_putc(out, (char)b.data[0]) ? 1 : -1;
}

xv_value xv_stream_read_all(struct xv_vm *vm, xv_value file) {
    xv_value r[2] = {file, XV_NULL}, v = XV_NULL;
    bool none = !xv_is_a(vm, file, &xv_type_io_base);
    XV_ENTER(vm, r);
    if (!none) {
        r[1] = xv_bytearray_new(vm, 1);
        int more = r[1] == XV_NULL ? -1 : 1;
        struct xv_printer out;
        xv_printer_begin(&out, vm, false);
        while (more > 0) {
            more = read_byte(&out, r, &none);
        }
        if (more == 0 && !none) {
            v = xv_printer_finish_bytes(&out);
        } else {
            xv_printer_end(&out);
        }
    }
    if (none) {
        v = xv_call_method(vm, r[0], XV_Q_read, NULL, 0);
    }
    XV_LEAVE(vm);
    return v;
}
