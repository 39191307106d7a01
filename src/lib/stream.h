/* Streams: what files, the standard streams and those that programs write themselves have in common. For lib/ alone. */
#ifndef XV_LIB_STREAM_H
#define XV_LIB_STREAM_H

#include "lib/lib.h"

/* Error numbers, as the module errno has them. */
enum xv_errno {
    XV_EIO = 5,
    XV_EBADF = 9,
    XV_EAGAIN = 11,
    XV_ENODEV = 19,
    XV_EINVAL = 22,
    XV_ENFILE = 23,
    XV_EMFILE = 24,
    XV_ESPIPE = 29,
    XV_ERANGE = 34,
    XV_EOPNOTSUPP = 95
};

/* What the first slot of a stream says it is connected to: a small int. */
enum xv_device_id { XV_STDIN, XV_STDOUT, XV_STDERR, XV_FILE, XV_CLOSED };
enum { XV_STREAM_DEVICE, XV_STREAM_SLOTS };

/* A device: bytes, counts and positions, or a negative error number, as in xipvm/hal.h. None of these allocates. NULL: not
 * that kind of device. */
struct xv_device {
    intptr_t (*read)(struct xv_vm *vm, xv_value stream, void *data, size_t len);
    intptr_t (*write)(struct xv_vm *vm, xv_value stream, const void *data, size_t len);
    int64_t (*seek)(struct xv_vm *vm, xv_value stream, int64_t offset, int whence);
    int (*flush)(struct xv_vm *vm, xv_value stream);
    int (*close)(struct xv_vm *vm, xv_value stream);
    int (*number)(struct xv_vm *vm, xv_value stream);
};

/* Text and binary streams, and the base of those that a program's classes define. */
extern const struct xv_type xv_type_text_stream, xv_type_byte_stream, xv_type_io_base;

extern const struct xv_generic xv_sys_stdin, xv_sys_stdout, xv_sys_stderr;

/* OSError of the negative error number that the HAL returned; of EIO if it is none. */
xv_value xv_raise_result(struct xv_vm *vm, int64_t result);

/* The bytes that write(data, [offset,] length) means: args[1] is a str or a buffer, and what follows is cut to what it has.
 * TypeError. The bytes are good until the next allocation. */
bool xv_write_operand(struct xv_vm *vm, xv_value *args, uint32_t n, struct xv_text *out);

/* From the text of a stream, which must be UTF-8: UnicodeError. */
bool xv_check_text(struct xv_vm *vm, struct xv_text text);

/* <io.StringIO object at 12> */
bool xv_put_stream(struct xv_printer *out, xv_value stream);

/* __enter__() of any stream: itself. */
xv_value xv_stream_enter(struct xv_vm *vm, xv_value *args, uint32_t n);

/* file.write(text), text being a str, for print() and its like. A class below io.IOBase gets bytearrays, the rest of
 * the text as long as it writes only a part of what it got; OSError(EIO) if it claims to have written more. */
bool xv_stream_write(struct xv_vm *vm, xv_value file, xv_value text);

/* All that a stream still has, as a str or bytes: by its read(), or for a class below io.IOBase by its readinto(). */
xv_value xv_stream_read_all(struct xv_vm *vm, xv_value file);

/* ---- file.c */

#if XIPVM_FILES
extern const struct xv_device xv_file_device;

/* open(file, mode="r", buffering=-1, encoding=None) */
xv_value xv_builtin_open(struct xv_vm *vm, xv_value *args, uint32_t n);

/* The HAL's files; NULL with OSError(ENODEV) if it has none. */
const struct xipvm_files *xv_files(struct xv_vm *vm);

/* Copies one or two paths, str or bytes, as C strings to where they are good until the next allocation. TypeError,
 * ValueError for a NUL in one, MemoryError. */
bool xv_paths(struct xv_vm *vm, xv_value *args, unsigned n, const char **out);

/* A host's pointer in two slots of an object. */
void xv_keep_pointer(xv_value *slots, void *pointer);
void *xv_kept_pointer(const xv_value *slots);
#endif

#endif
