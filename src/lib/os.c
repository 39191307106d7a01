/* import os: files and folders by their paths, as far as the HAL has functions for them. */
#include "lib/stream.h"

#if XIPVM_MODULE_OS
#include "lib/machine.h"
#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
#include "xipvm/hal.h"

/* Kinds of things, as in the st_mode of POSIX. */
#define MODE_FOLDER XV_INT(0x4000)
#define MODE_FILE XV_INT(0x8000)

static xv_value not_supported(struct xv_vm *vm) {
    return xv_raise_os(vm, XV_EOPNOTSUPP);
}

static xv_value none_or_error(struct xv_vm *vm, int result) {
    return result < 0 ? xv_raise_result(vm, result) : XV_NONE;
}

/* ---- functions of a path */

typedef int (*path_operation)(void *context, const char *path);

static xv_value on_path(struct xv_vm *vm, xv_value *args, path_operation operation) {
    const char *path;
    if (operation == NULL) {
        return not_supported(vm);
    }
    return xv_paths(vm, args, 1, &path) ? none_or_error(vm, operation(vm->hal->context, path)) : XV_NULL;
}

#define ON_PATH(name, operation)                                              \
    static xv_value name(struct xv_vm *vm, xv_value *args, uint32_t n) {      \
        (void)n;                                                              \
        const struct xipvm_files *files = xv_files(vm);                       \
        return files == NULL ? XV_NULL : on_path(vm, args, files->operation); \
    }
ON_PATH(os_remove, remove)
ON_PATH(os_mkdir, make_folder)
ON_PATH(os_rmdir, remove_folder)
ON_PATH(os_chdir, set_current)

static xv_value os_rename(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    const struct xipvm_files *files = xv_files(vm);
    const char *paths[2];
    if (files == NULL || files->rename == NULL) {
        return files == NULL ? XV_NULL : not_supported(vm);
    }
    return xv_paths(vm, args, 2, paths) ? none_or_error(vm, files->rename(vm->hal->context, paths[0], paths[1]))
                                        : XV_NULL;
}

static xv_value os_getcwd(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    const struct xipvm_files *files = xv_files(vm);
    if (files == NULL || files->get_current == NULL) {
        return files == NULL ? XV_NULL : not_supported(vm);
    }
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    int result = -XV_ERANGE;
    for (size_t size = 64; result == -XV_ERANGE && size <= 16384; size *= 2) {
        uint8_t *to = xv_printer_room(&out, size);
        if (to == NULL) {
            xv_printer_end(&out);
            return XV_NULL;
        }
        result = files->get_current(vm->hal->context, (char *)to, size);
        const uint8_t *nul = result < 0 ? NULL : memchr(to, 0, size);
        if (result >= 0 && nul == NULL) {
            result = -XV_EIO;
        }
        out.len = result < 0 ? 0 : (size_t)(nul - to);
    }
    if (result >= 0 && xv_check_text(vm, (struct xv_text){xv_printer_data(&out), out.len})) {
        return xv_printer_finish(&out);
    }
    xv_printer_end(&out);
    return result < 0 ? xv_raise_result(vm, result) : XV_NULL;
}

/* (mode, inode, device, links, user, group, size, atime, mtime, ctime), of which hosts know three. */
static xv_value os_stat(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    const struct xipvm_files *files = xv_files(vm);
    if (files == NULL || files->info == NULL) {
        return files == NULL ? XV_NULL : not_supported(vm);
    }
    const char *path;
    struct xipvm_file_info info = {false, 0, 0};
    if (!xv_paths(vm, args, 1, &path)) {
        return XV_NULL;
    }
    int result = files->info(vm->hal->context, path, &info);
    if (result < 0) {
        return xv_raise_result(vm, result);
    }
    xv_value zero = XV_INT(0);
    xv_value r[10] = {info.is_folder ? MODE_FOLDER : MODE_FILE, zero, zero, zero, zero, zero, zero, zero, zero, zero};
    XV_ENTER(vm, r);
    r[6] = info.is_folder ? zero : xv_int_from_unsigned(vm, info.size);
    r[8] = xv_int_from(vm, info.modified);
    r[7] = r[9] = r[8];
    xv_value tuple = r[6] != XV_NULL && r[8] != XV_NULL ? xv_tuple_of(vm, r, 10) : XV_NULL;
    XV_LEAVE(vm);
    return tuple;
}

/* ---- folders: an iterator. Slots: whether it lists, the host's pointer, and whether names are bytes, as the path was. */

enum { LISTS, POINTER, POINTER_BIT, AS_BYTES, N_SLOTS };

static void end_list(struct xv_vm *vm, xv_value self) {
    if (xv_slots(self)[LISTS] == XV_TRUE) {
        xv_slots(self)[LISTS] = XV_FALSE;
        vm->hal->files->list_end(vm->hal->context, xv_kept_pointer(&xv_slots(self)[POINTER]));
    }
}

static xv_value forgotten(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    end_list(vm, args[0]);
    return XV_NONE;
}

static const struct xv_native end_native = XV_FUNCTION(close, forgotten, 1, 1);

static void finish_list(struct xv_vm *vm, xv_value self) {
    xv_unwatch(vm, self);
    end_list(vm, self);
}

/* A collection may end other lists and files, and so call the HAL, after which the name that it gave last is no good
 * any more. So there is one before, unless so many bytes are free, which few names take. */
#define NAME_ROOM 1024u

static void make_room(struct xv_vm *vm) {
    xv_chance(vm);
    if (xv_heap_free(vm) < NAME_ROOM && xv_may_collect(vm)) {
        xv_collect(vm);
    }
}

/* The next entry: its name as a value; XV_STOP at the end. The list has ended unless this is a name. */
static xv_value next_name(struct xv_vm *vm, const xv_value *self, struct xipvm_folder_entry *entry) {
    if (xv_slots(*self)[LISTS] != XV_TRUE) {
        return XV_STOP;
    }
    make_room(vm);
    *entry = (struct xipvm_folder_entry){NULL, false, -1};
    int result = vm->hal->files->list_next(vm->hal->context, xv_kept_pointer(&xv_slots(*self)[POINTER]), entry);
    xv_value name = XV_STOP;
    if (result < 0 || (result > 0 && entry->name == NULL)) {
        name = xv_raise_result(vm, result);
    } else if (result > 0) {
        struct xv_text text = {(const uint8_t *)entry->name, strlen(entry->name)};
        bool is_bytes = xv_slots(*self)[AS_BYTES] == XV_TRUE;
        bool ok = is_bytes || xv_check_text(vm, text);
        name = ok ? xv_text_now(vm, is_bytes ? XV_KIND_BYTES : XV_KIND_STR, text.data, text.len) : XV_NULL;
    }
    if (name == XV_NULL || name == XV_STOP) {
        finish_list(vm, *self);
    }
    return name;
}

/* (name, kind, inode[, size]) */
static xv_value list_next(struct xv_vm *vm, xv_value self) {
    xv_value r[5] = {XV_NULL, XV_NULL, XV_INT(0), XV_NULL, self};
    struct xipvm_folder_entry entry;
    XV_ENTER(vm, r);
    r[0] = next_name(vm, &r[4], &entry);
    xv_value v = r[0];
    if (v != XV_NULL && v != XV_STOP) {
        bool has_size = entry.is_folder || entry.size >= 0;
        r[1] = entry.is_folder ? MODE_FOLDER : MODE_FILE;
        r[3] = entry.is_folder || !has_size ? XV_INT(0) : xv_int_from(vm, entry.size);
        v = r[3] == XV_NULL ? XV_NULL : xv_tuple_of(vm, r, has_size ? 4 : 3);
    }
    XV_LEAVE(vm);
    return v;
}

static const struct xv_type list_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_ilistdir,
    .flags = XV_T_NO_SUBCLASS | XV_T_ITER_SELF,
    .base = &xv_type_object,
    .next = list_next,
};

static bool begin_list(struct xv_vm *vm, xv_value *r, const struct xipvm_files *files) {
    const char *path;
    void *list = NULL;
    if (!xv_watch(vm, r[1], &end_native)) {
        return false;
    }
    if (xv_paths(vm, r, 1, &path)) {
        int result = files->list_begin(vm->hal->context, path, &list);
        if (result >= 0) {
            xv_keep_pointer(&xv_slots(r[1])[POINTER], list);
            xv_slots(r[1])[LISTS] = XV_TRUE;
            xv_slots(r[1])[AS_BYTES] = XV_BOOL(xv_is_bytes(vm, r[0]));
            return true;
        }
        xv_raise_result(vm, result);
    }
    xv_unwatch(vm, r[1]);
    return false;
}

static xv_value os_ilistdir(struct xv_vm *vm, xv_value *args, uint32_t n) {
    const struct xipvm_files *files = xv_files(vm);
    if (files == NULL || files->list_begin == NULL) {
        return files == NULL ? XV_NULL : not_supported(vm);
    }
    xv_value r[2] = {n > 0 ? args[0] : XV_QSTR(XV_Q__char_2e), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_generic_new(vm, &list_type, N_SLOTS);
    bool ok = r[1] != XV_NULL && begin_list(vm, r, files);
    XV_LEAVE(vm);
    return ok ? r[1] : XV_NULL;
}

static xv_value os_listdir(struct xv_vm *vm, xv_value *args, uint32_t n) {
    xv_value r[2] = {os_ilistdir(vm, args, n), XV_NULL}, name = XV_NULL;
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    struct xipvm_folder_entry entry;
    XV_ENTER(vm, r);
    r[1] = xv_list_new(vm, 0);
    while (r[1] != XV_NULL && (name = next_name(vm, r, &entry)) != XV_NULL && name != XV_STOP) {
        if (!xv_list_append(vm, r[1], name)) {
            name = XV_NULL;
            break;
        }
    }
    finish_list(vm, r[0]);
    XV_LEAVE(vm);
    return name == XV_STOP ? r[1] : XV_NULL;
}

/* ---- uname(): a tuple of five strs, whose items have names too */

static const uint16_t uname_fields[] = {XV_Q_sysname, XV_Q_nodename, XV_Q_release, XV_Q_version, XV_Q_machine};
#define N_FIELDS (sizeof uname_fields / sizeof *uname_fields)

static xv_value uname_attr(struct xv_vm *vm, xv_value self, uint16_t name) {
    (void)vm;
    for (size_t i = 0; i < N_FIELDS; i++) {
        if (uname_fields[i] == name) {
            return xv_items(xv_slots(self)[0])[i];
        }
    }
    return XV_STOP;
}

static xv_value uname_item(struct xv_vm *vm, xv_value self, xv_value index) {
    return xv_get_item(vm, xv_slots(self)[0], index);
}

static xv_value uname_iter(struct xv_vm *vm, xv_value self) {
    return xv_iter(vm, xv_slots(self)[0]);
}

static bool uname_length(struct xv_vm *vm, xv_value self, size_t *out) {
    (void)vm;
    (void)self;
    *out = N_FIELDS;
    return true;
}

static bool uname_print(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how) {
    (void)how;
    xv_value r[1] = {self};
    XV_ENTER(vm, r);
    bool ok = true;
    for (size_t i = 0; i < N_FIELDS && ok; i++) {
        ok = xv_putf(out, "%s%q=%r", i == 0 ? "(" : ", ", uname_fields[i], xv_items(xv_slots(r[0])[0])[i]);
    }
    XV_LEAVE(vm);
    return ok && xv_putc(out, ')');
}

static const struct xv_type uname_type = {
    .header = XV_TYPE_HEADER,
    .name = XV_Q_uname,
    .flags = XV_T_NO_SUBCLASS,
    .base = &xv_type_object,
    .get_item = uname_item,
    .iter = uname_iter,
    .length = uname_length,
    .print = uname_print,
    .get_attr = uname_attr,
};

static xv_value os_uname(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    xv_value r[N_FIELDS] = {XV_QSTR(XV_Q_libxipvm), XV_QSTR(XV_Q_libxipvm), XV_NULL, XV_NULL, XV_NULL};
    xv_value v = XV_NULL;
    XV_ENTER(vm, r);
    r[2] = xv_str_from(vm, XV_RELEASE);
    r[3] = r[2] == XV_NULL ? XV_NULL : xv_str_from(vm, "v" XV_RELEASE);
    r[4] = r[3] == XV_NULL ? XV_NULL : xv_str_from(vm, XV_MACHINE);
    r[0] = r[4] == XV_NULL ? XV_NULL : xv_tuple_of(vm, r, N_FIELDS);
    v = r[0] == XV_NULL ? XV_NULL : xv_generic_new(vm, &uname_type, 1);
    if (v != XV_NULL) {
        xv_slots(v)[0] = r[0];
    }
    XV_LEAVE(vm);
    return v;
}

/* ---- the tables */

static const struct xv_native functions[] = {
    XV_FUNCTION(remove, os_remove, 1, 1),     XV_FUNCTION(unlink, os_remove, 1, 1),
    XV_FUNCTION(rename, os_rename, 2, 2),     XV_FUNCTION(mkdir, os_mkdir, 1, 1),
    XV_FUNCTION(rmdir, os_rmdir, 1, 1),       XV_FUNCTION(listdir, os_listdir, 0, 1),
    XV_FUNCTION(ilistdir, os_ilistdir, 0, 1), XV_FUNCTION(stat, os_stat, 1, 1),
    XV_FUNCTION(getcwd, os_getcwd, 0, 0),     XV_FUNCTION(chdir, os_chdir, 1, 1),
    XV_FUNCTION(uname, os_uname, 0, 0),
};

static const struct xv_constant constants[] = {
    XV_CONSTANT(sep, XV_QSTR(XV_Q__slash_)),
};

const struct xv_native_module xv_module_os = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_os,
    XV_FUNCTIONS(functions),
    XV_CONSTANTS(constants),
};
#endif
