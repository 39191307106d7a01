/* import errno: the numbers in OSErrors, as Linux has them on every target. */
#include "lib/lib.h"

#if XIPVM_MODULE_ERRNO
#include "object/container.h"

static const struct xv_constant constants[] = {
    XV_CONSTANT(EPERM, XV_INT(1)),
    XV_CONSTANT(ENOENT, XV_INT(2)),
    XV_CONSTANT(EIO, XV_INT(5)),
    XV_CONSTANT(EBADF, XV_INT(9)),
    XV_CONSTANT(EAGAIN, XV_INT(11)),
    XV_CONSTANT(ENOMEM, XV_INT(12)),
    XV_CONSTANT(EACCES, XV_INT(13)),
    XV_CONSTANT(EEXIST, XV_INT(17)),
    XV_CONSTANT(ENODEV, XV_INT(19)),
    XV_CONSTANT(EISDIR, XV_INT(21)),
    XV_CONSTANT(EINVAL, XV_INT(22)),
    XV_CONSTANT(EOPNOTSUPP, XV_INT(95)),
    XV_CONSTANT(EADDRINUSE, XV_INT(98)),
    XV_CONSTANT(ECONNABORTED, XV_INT(103)),
    XV_CONSTANT(ECONNRESET, XV_INT(104)),
    XV_CONSTANT(ENOBUFS, XV_INT(105)),
    XV_CONSTANT(ENOTCONN, XV_INT(107)),
    XV_CONSTANT(ETIMEDOUT, XV_INT(110)),
    XV_CONSTANT(ECONNREFUSED, XV_INT(111)),
    XV_CONSTANT(EHOSTUNREACH, XV_INT(113)),
    XV_CONSTANT(EALREADY, XV_INT(114)),
    XV_CONSTANT(EINPROGRESS, XV_INT(115)),
};

/* errorcode: names by number, as a new dict, which can't be changed as it stands for a constant. */
static xv_value get_attr(struct xv_vm *vm, uint16_t name) {
    if (name != XV_Q_errorcode) {
        return XV_STOP;
    }
    size_t n = sizeof constants / sizeof *constants;
    xv_value r[1] = {xv_dict_new(vm, n)};
    XV_ENTER(vm, r);
    bool ok = r[0] != XV_NULL;
    for (size_t i = 0; i < n && ok; i++) {
        ok = xv_dict_set(vm, r[0], constants[i].value, XV_QSTR(constants[i].name));
    }
    if (ok) {
        xv_dict(r[0])->role = XV_DICT_FIXED;
    }
    XV_LEAVE(vm);
    return ok ? r[0] : XV_NULL;
}

static const uint16_t computed[] = {XV_Q_errorcode};

const struct xv_native_module xv_module_errno = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_errno,
    XV_CONSTANTS(constants),
    XV_COMPUTED(computed),
    .get_attr = get_attr,
};
#endif
