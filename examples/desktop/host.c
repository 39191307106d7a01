/* What a POSIX system supplies to its VMs: modules are mapped files, or lie in mapped ROMFS images. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "desktop.h"

bool map_file(const char *path, struct file *out) {
    static const uint8_t nothing[1];
    struct stat info;
    int fd = open(path, O_RDONLY);
    if (fd < 0) {
        return false;
    }
    if (fstat(fd, &info) != 0) {
        close(fd);
        return false;
    }
    if (S_ISDIR(info.st_mode)) {
        close(fd);
        errno = EISDIR;
        return false;
    }
    if ((uintmax_t)info.st_size > SIZE_MAX) {
        close(fd);
        errno = EFBIG;
        return false;
    }
    out->size = (size_t)info.st_size;
    out->data = nothing; /* an empty file cannot be mapped */
    if (out->size > 0) {
        void *data = mmap(NULL, out->size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (data == MAP_FAILED) {
            int error = errno;
            close(fd);
            errno = error;
            return false;
        }
        out->data = data;
    }
    close(fd);
    return true;
}

/* ---- where modules are */

#define MAX_PLACES 64

struct place {
    char *path;
    bool is_image;
    struct file image;
};

static struct place places[MAX_PLACES];
static size_t n_places;

static char *copy(const char *text, size_t len) {
    char *c = get_memory(len + 1);
    memcpy(c, text, len);
    c[len] = '\0';
    return c;
}

static bool is_named_as_image(const char *path) {
    size_t len = strlen(path);
    return len > 6 && strcmp(path + len - 6, ".romfs") == 0;
}

static bool add_place(char *path, bool is_image) {
    if (n_places == MAX_PLACES) {
        complain("XIPVM_PATH has more than %d entries", MAX_PLACES - 1);
        return false;
    }
    struct place *p = &places[n_places++];
    p->path = path;
    p->is_image = is_image;
    if (p->is_image && !map_file(path, &p->image)) {
        complain("cannot read %s: %s", path, strerror(errno));
        return false;
    }
    return true;
}

static char *folder_of(const char *program) {
    const char *slash = strrchr(program, '/');
    return slash == NULL ? copy(".", 1) : copy(program, slash == program ? 1 : (size_t)(slash - program));
}

bool set_search_path(const char *program, const char *image) {
    n_places = 0;
    if (!add_place(image == NULL ? folder_of(program) : copy(image, strlen(image)), image != NULL)) {
        return false;
    }
    const char *path = getenv("XIPVM_PATH");
    while (path != NULL && *path != '\0') {
        size_t len = strcspn(path, ":");
        if (len > 0) {
            char *place = copy(path, len);
            if (!add_place(place, is_named_as_image(place))) {
                return false;
            }
        }
        path += len + (path[len] == ':');
    }
    return true;
}

/* ---- mapped modules: kept, as a VM that imports a module again must find the same bytes */

struct mapped {
    struct mapped *next;
    char *path;
    struct file file;
};

static struct mapped *mappings;

static const struct mapped *map_module(const char *path) {
    for (const struct mapped *m = mappings; m != NULL; m = m->next) {
        if (strcmp(m->path, path) == 0) {
            return m;
        }
    }
    struct file file;
    if (!map_file(path, &file)) {
        return NULL;
    }
    struct mapped *m = malloc(sizeof *m);
    if (m == NULL) {
        return NULL;
    }
    m->path = copy(path, strlen(path));
    m->file = file;
    m->next = mappings;
    mappings = m;
    return m;
}

/* Whether folder/name + ending can be mapped. */
static bool find_file(const char *folder, const char *name, const char *ending, struct xipvm_source *out) {
    char path[4096];
    int len = snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
    const struct mapped *m = len < 0 || (size_t)len >= sizeof path ? NULL : map_module(path);
    if (m == NULL) {
        return false;
    }
    present(&m->file, out);
    out->file = m->path;
    return true;
}

static bool find_folder(const char *folder, const char *name) {
    char path[4096];
    struct stat info;
    int len = snprintf(path, sizeof path, "%s/%s", folder, name);
    return len > 0 && (size_t)len < sizeof path && stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static const char *last_path;
static char last_name[300];

const char *last_module(void) {
    return last_path;
}

static bool search(const char *name, size_t len, struct xipvm_source *out) {
    char path[256];
    if (len >= sizeof path || memchr(name, '/', len) != NULL || memchr(name, '\0', len) != NULL) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        path[i] = name[i] == '.' ? '/' : name[i];
    }
    path[len] = '\0';
    for (size_t i = 0; i < n_places; i++) {
        if (places[i].is_image) {
            if (xipvm_romfs_find(places[i].image.data, places[i].image.size, name, len, out)) {
                if (out->data != NULL) {
                    present(&(struct file){out->data, out->size}, out);
                }
                return true;
            }
        } else if (find_file(places[i].path, path, ".mpy", out)) {
            return true;
        } else if (find_file(places[i].path, path, "/__init__.mpy", out)) {
            out->is_package = true;
            return true;
        }
    }
    /* Folders without code of their own come last, as in Python. */
    for (size_t i = 0; i < n_places; i++) {
        if (!places[i].is_image && find_folder(places[i].path, path)) {
            out->is_package = true;
            return true;
        }
    }
    return false;
}

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    if (!search(name, len, out)) {
        return false;
    }
    last_path = out->file;
    if (last_path == NULL) {
        /* In an image. */
        snprintf(last_name, sizeof last_name, "module %.*s", (int)len, name);
        last_path = last_name;
    }
    return true;
}

/* ---- output */

static char output[1 << 16];
static size_t output_len;
static bool output_failed;

bool flush_output(void) {
    size_t done = 0;
    while (done < output_len && !output_failed) {
        ssize_t n = write(STDOUT_FILENO, output + done, output_len - done);
        if (n > 0) {
            done += (size_t)n;
        } else if (n < 0 && errno != EINTR) {
            output_failed = true;
        }
    }
    output_len = 0;
    return !output_failed;
}

static void write_output(void *context, const void *data, size_t len) {
    (void)context;
    const char *from = data;
    while (len > 0) {
        size_t room = sizeof output - output_len;
        size_t n = len < room ? len : room;
        memcpy(output + output_len, from, n);
        output_len += n;
        from += n;
        len -= n;
        if (output_len == sizeof output) {
            flush_output();
        }
    }
}

static void write_error(void *context, const void *data, size_t len) {
    (void)context;
    flush_output();
    fwrite(data, 1, len, stderr); /* there is no other place to complain to */
}

/* ---- input */

static intptr_t read_input(void *context, void *data, size_t len) {
    (void)context;
    flush_output();
    int c = getc(stdin);
    if (c == EOF) {
        int error = ferror(stdin) ? -5 : 0;
        clearerr(stdin);
        return error;
    }
    /* No further than to the end of the line: behind it a terminal has nothing yet. */
    uint8_t *to = data;
    size_t n = 0;
    to[n++] = (uint8_t)c;
    while (n < len && c != '\n' && (c = getc(stdin)) != EOF) {
        to[n++] = (uint8_t)c;
    }
    return (intptr_t)n;
}

/* ---- time */

static struct timespec now(clockid_t clock) {
    struct timespec t = {0, 0};
    clock_gettime(clock, &t);
    return t;
}

static uint64_t clock_us(void *context) {
    (void)context;
    struct timespec t = now(CLOCK_MONOTONIC);
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_nsec / 1000u;
}

static void sleep_us(void *context, uint64_t us) {
    (void)context;
    struct timespec t = {(time_t)(us / 1000000u), (long)(us % 1000000u) * 1000};
    flush_output();
    while (nanosleep(&t, &t) != 0 && errno == EINTR) {
    }
}

static int64_t time_ns(void *context) {
    (void)context;
    struct timespec t = now(CLOCK_REALTIME);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

const struct xipvm_hal desktop_hal = {
    .find_blob = find_blob,
    .write = write_output,
    .write_error = write_error,
    .read_input = read_input,
    .files = &desktop_files,
    .clock_us = clock_us,
    .sleep_us = sleep_us,
    .time_ns = time_ns,
};
