/* The files of a POSIX system, for the programs that run in a VM: by stdio, which buffers. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desktop.h"

/* What went wrong, with the numbers that programs know, as a negative result. */
static int failure(void) {
    static const struct {
        int here, number;
    } errors[] = {
        {EPERM, 1},   {ENOENT, 2},  {EIO, 5},      {EBADF, 9},   {EAGAIN, 11}, {ENOMEM, 12},    {EACCES, 13},
        {EBUSY, 16},  {EEXIST, 17}, {EXDEV, 18},   {ENODEV, 19}, {ENOTDIR, 20}, {EISDIR, 21},   {EINVAL, 22},
        {ENFILE, 23}, {EMFILE, 24}, {EFBIG, 27},   {ENOSPC, 28}, {ESPIPE, 29}, {EROFS, 30},     {EPIPE, 32},
        {ERANGE, 34}, {ENAMETOOLONG, 36}, {ENOTEMPTY, 39}, {ELOOP, 40},
    };
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) {
        if (errors[i].here == errno) {
            return -errors[i].number;
        }
    }
    return -5;
}

static int result_of(int status) {
    return status == 0 ? 0 : failure();
}

/* ---- open files */

enum last_use { NEITHER, READ, WRITTEN };

struct open_file {
    FILE *stream;
    enum last_use last; /* stdio wants a seek between reading and writing */
};

static int descriptor(const char *path, unsigned flags) {
    int how = (flags & XIPVM_OPEN_WRITE) == 0 ? O_RDONLY : (flags & XIPVM_OPEN_READ) == 0 ? O_WRONLY : O_RDWR;
    how |= flags & XIPVM_OPEN_CREATE ? O_CREAT : 0;
    how |= flags & XIPVM_OPEN_EXCLUSIVE ? O_EXCL : 0;
    how |= flags & XIPVM_OPEN_TRUNCATE ? O_TRUNC : 0;
    how |= flags & XIPVM_OPEN_APPEND ? O_APPEND : 0;
    return open(path, how | O_CLOEXEC, 0666);
}

static const char *stdio_mode(unsigned flags) {
    bool both = (flags & XIPVM_OPEN_READ) != 0 && (flags & XIPVM_OPEN_WRITE) != 0;
    if (flags & XIPVM_OPEN_APPEND) {
        return both ? "a+b" : "ab";
    }
    return both ? "r+b" : flags & XIPVM_OPEN_WRITE ? "wb" : "rb";
}

static int file_open(void *context, const char *path, unsigned flags, void **file) {
    (void)context;
    struct stat info;
    int fd = descriptor(path, flags);
    if (fd < 0) {
        return failure();
    }
    struct open_file *f = malloc(sizeof *f);
    FILE *stream = NULL;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        errno = EISDIR;
    } else if (f == NULL) {
        errno = ENOMEM;
    } else {
        stream = fdopen(fd, stdio_mode(flags));
    }
    if (stream == NULL) {
        int error = failure();
        free(f);
        close(fd);
        return error;
    }
    *f = (struct open_file){stream, NEITHER};
    *file = f;
    return 0;
}

static bool turn_to(struct open_file *f, enum last_use what) {
    bool ok = f->last == NEITHER || f->last == what || fseeko(f->stream, 0, SEEK_CUR) == 0;
    f->last = what;
    return ok;
}

static intptr_t file_read(void *context, void *file, void *data, size_t len) {
    (void)context;
    struct open_file *f = file;
    if (!turn_to(f, READ)) {
        return failure();
    }
    size_t n = fread(data, 1, len, f->stream);
    bool failed = n == 0 && ferror(f->stream);
    int error = failed ? failure() : 0;
    clearerr(f->stream); /* a file may have grown when it is read again */
    return failed ? error : (intptr_t)n;
}

static intptr_t file_write(void *context, void *file, const void *data, size_t len) {
    (void)context;
    struct open_file *f = file;
    if (!turn_to(f, WRITTEN)) {
        return failure();
    }
    /* It arrives at once: programs may leave files to the collector, and look at them by their paths before that. */
    size_t n = fwrite(data, 1, len, f->stream);
    return n < len || fflush(f->stream) != 0 ? failure() : (intptr_t)n;
}

static int file_close(void *context, void *file) {
    (void)context;
    struct open_file *f = file;
    int result = result_of(fclose(f->stream));
    free(f);
    return result;
}

static int64_t file_seek(void *context, void *file, int64_t offset, int whence) {
    (void)context;
    static const int from[] = {SEEK_SET, SEEK_CUR, SEEK_END};
    struct open_file *f = file;
    if (fseeko(f->stream, (off_t)offset, from[whence]) != 0) {
        return failure();
    }
    f->last = NEITHER;
    off_t at = ftello(f->stream);
    return at < 0 ? failure() : (int64_t)at;
}

static int file_number(void *context, void *file) {
    (void)context;
    return fileno(((struct open_file *)file)->stream);
}

/* ---- paths */

static int path_remove(void *context, const char *path) {
    (void)context;
    return result_of(unlink(path));
}

static int path_rename(void *context, const char *from, const char *to) {
    (void)context;
    return result_of(rename(from, to));
}

static int make_folder(void *context, const char *path) {
    (void)context;
    return result_of(mkdir(path, 0777));
}

static int remove_folder(void *context, const char *path) {
    (void)context;
    return result_of(rmdir(path));
}

static int path_info(void *context, const char *path, struct xipvm_file_info *out) {
    (void)context;
    struct stat info;
    if (stat(path, &info) != 0) {
        return failure();
    }
    out->is_folder = S_ISDIR(info.st_mode);
    out->size = (uint64_t)info.st_size;
    out->modified = (int64_t)info.st_mtime;
    return 0;
}

static int set_current(void *context, const char *path) {
    (void)context;
    return result_of(chdir(path));
}

static int get_current(void *context, char *path, size_t size) {
    (void)context;
    return getcwd(path, size) == NULL ? failure() : 0;
}

/* ---- folders */

static int list_begin(void *context, const char *path, void **list) {
    (void)context;
    *list = opendir(path);
    return *list == NULL ? failure() : 0;
}

static int list_next(void *context, void *list, struct xipvm_folder_entry *entry) {
    (void)context;
    struct dirent *e;
    do {
        errno = 0;
        e = readdir(list);
    } while (e != NULL && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0));
    if (e == NULL) {
        return errno == 0 ? 0 : failure();
    }
    struct stat info;
    entry->name = e->d_name;
    if (fstatat(dirfd(list), e->d_name, &info, 0) == 0) {
        entry->is_folder = S_ISDIR(info.st_mode);
        entry->size = (int64_t)info.st_size;
    }
    return 1;
}

static void list_end(void *context, void *list) {
    (void)context;
    closedir(list);
}

const struct xipvm_files desktop_files = {
    .open = file_open,
    .read = file_read,
    .write = file_write,
    .close = file_close,
    .seek = file_seek,
    .number = file_number,
    .remove = path_remove,
    .rename = path_rename,
    .make_folder = make_folder,
    .remove_folder = remove_folder,
    .info = path_info,
    .list_begin = list_begin,
    .list_next = list_next,
    .list_end = list_end,
    .set_current = set_current,
    .get_current = get_current,
};
