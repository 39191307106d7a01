/* xipvm run: one program in one VM. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desktop.h"

#define DEFAULT_HEAP ((size_t)8 << 20)

struct options {
    size_t heap;
    bool stats;
    uint32_t budget;   /* units of a slice; 0: the program is not sliced */
    const char *image; /* NULL: the program is a file */
    const char *file;  /* or its name in the image */
    int first_arg;     /* index of `file` in argv: sys.argv begins there */
};

static bool parse_size(const char *text, size_t *out) {
    char *end;
    errno = 0;
    unsigned long long n = strtoull(text, &end, 10);
    unsigned shift = *end == 'k' || *end == 'K' ? 10 : *end == 'M' || *end == 'm' ? 20 : 0;
    end += shift != 0;
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || n > (SIZE_MAX >> shift)) {
        return false;
    }
    *out = (size_t)n << shift;
    return true;
}

static bool parse(int argc, char **argv, struct options *o) {
    int i = 1;
    *o = (struct options){.heap = DEFAULT_HEAP};
    for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++) {
        if (strcmp(argv[i], "--stats") == 0) {
            o->stats = true;
        } else if (strcmp(argv[i], "--heap") == 0 && i + 1 < argc) {
            if (!parse_size(argv[++i], &o->heap)) {
                complain("--heap wants a number of bytes, as in 64k or 2M, and not '%s'", argv[i]);
                return false;
            }
        } else if (strcmp(argv[i], "--budget") == 0 && i + 1 < argc) {
            size_t units;
            if (!parse_size(argv[++i], &units) || units > UINT32_MAX) {
                complain("--budget wants a number of calls and jumps, and not '%s'", argv[i]);
                return false;
            }
            o->budget = (uint32_t)units;
        } else if (strcmp(argv[i], "--strategy") == 0 && i + 1 < argc) {
            if (!set_strategy(argv[++i])) {
                complain("--strategy wants in-place, link, prelinked or mixed, and not '%s'", argv[i]);
                return false;
            }
        } else if (strcmp(argv[i], "--heap") == 0) {
            complain("--heap wants a number of bytes behind it");
            return false;
        } else if (strcmp(argv[i], "--romfs") == 0) {
            if (++i == argc) {
                complain("--romfs wants the name of an image behind it");
                return false;
            }
            o->image = argv[i];
        } else {
            complain("run has no option '%s'", argv[i]);
            return false;
        }
    }
    if (i == argc) {
        complain(o->image == NULL ? "run wants the name of a .mpy file" : "run wants the name of a module");
        return false;
    }
    o->file = argv[i];
    o->first_arg = i;
    return true;
}

/* ---- how a program ended */

/* The traceback on standard error. */
static void print_exception(xipvm_vm *vm) {
    char local[4096];
    char *text = local;
    size_t len = xipvm_exception_text(vm, local, sizeof local);
    if (len >= sizeof local) {
        char *larger = malloc(len + 1);
        if (larger != NULL) {
            text = larger;
            xipvm_exception_text(vm, text, len + 1);
        }
    }
    fputs(text, stderr);
    if (text != local) {
        free(text);
    }
}

/* What sys.exit was given: no or None is 0, an int the status, anything else a message. */
static int exit_status(xipvm_vm *vm) {
    xipvm_handle exc = XIPVM_NO_HANDLE, code = XIPVM_NO_HANDLE;
    int status = STATUS_EXCEPTION;
    int64_t number;
    if (xipvm_exception(vm, &exc) || xipvm_get_attr(vm, exc, "code", &code)) {
        print_exception(vm);
        return status;
    }
    enum xipvm_type type = xipvm_type_of(vm, code);
    if (type == XIPVM_TYPE_NONE) {
        status = STATUS_OK;
    } else if (type == XIPVM_TYPE_INT || type == XIPVM_TYPE_BOOL) {
        status = xipvm_to_int(vm, code, &number) == XIPVM_OK ? (int)(number & 0xff) : STATUS_EXCEPTION;
    } else {
        char text[1024];
        if (xipvm_text(vm, code, false, text, sizeof text, NULL) == XIPVM_OK) {
            fprintf(stderr, "%s\n", text);
        }
    }
    xipvm_release(vm, code);
    xipvm_release(vm, exc);
    return status;
}

static int outcome(xipvm_vm *vm, const char *file, enum xipvm_status status) {
    struct xipvm_fault fault;
    flush_output();
    switch (status) {
    case XIPVM_OK:
        return STATUS_OK;
    case XIPVM_EXCEPTION:
        if (xipvm_exception_is(vm, "SystemExit")) {
            return exit_status(vm);
        }
        print_exception(vm);
        return STATUS_EXCEPTION;
    case XIPVM_BAD_BLOB:
        if (last_module() != NULL) {
            /* Not the program itself, but what it imports. */
            print_exception(vm);
            file = last_module();
        }
        if (xipvm_blob_fault(vm, &fault) == XIPVM_OK) {
            report_fault(file, &fault);
        }
        return STATUS_REFUSED;
    default:
        complain("%s: %s", file, xipvm_status_text(status));
        return STATUS_EXCEPTION;
    }
}

static void print_stats(xipvm_vm *vm) {
    struct xipvm_stats s;
    xipvm_exception_clear(vm);
    xipvm_stats(vm, &s);
    uint32_t collections = s.collections; /* without the one that follows */
    xipvm_collect(vm);
    xipvm_stats(vm, &s);
    fprintf(
        stderr,
        "{\"arena\": %zu, \"overhead\": %zu, \"peak_heap\": %zu, \"live_heap\": %zu, \"peak_stack\": %zu, "
        "\"modules\": %" PRIu32 ", \"in_place\": %" PRIu32 ", \"prelinked\": %" PRIu32
        ", \"linked\": %" PRIu32 ", \"code_in_place\": %" PRIu64 ", \"code_in_ram\": %" PRIu64
        ", \"table_bytes\": %zu, \"pool_bytes\": %zu, \"constant_bytes\": %zu, \"collections\": %" PRIu32
        ", \"budget\": %" PRIu64 ", \"overrun\": %" PRIu64 "}\n",
        s.arena, s.overhead, s.peak_heap, s.live_heap, s.peak_stack, s.modules,
        s.loaded_in_place, s.loaded_prelinked, s.loaded_linked, s.code_in_place,
        s.code_in_ram, s.table_bytes, s.pool_bytes, s.constant_bytes, collections, s.budget, s.overrun);
}

/* ---- */

/* Resumes what was suspended until it is done. */
static enum xipvm_status finish(xipvm_vm *vm, enum xipvm_status status, xipvm_handle *result) {
    while (status == XIPVM_SUSPENDED) {
        status = xipvm_resume(vm, result);
    }
    return status;
}

static int run_in(xipvm_vm *vm, const struct options *o, const struct file *file, int argc, char **argv) {
    /* A blob that is refused is the host's business before it is the program's. */
    xipvm_handle main_module = XIPVM_NO_HANDLE;
    enum xipvm_status status =
        xipvm_set_argv(vm, (size_t)(argc - o->first_arg), (const char *const *)(argv + o->first_arg));
    if (status == XIPVM_OK) {
        struct xipvm_source source = {.file = o->file};
        present(file, &source);
        status = finish(vm, xipvm_run_source(vm, &source, &main_module), &main_module);
    }
    int code = outcome(vm, o->file, status);
    status = finish(vm, xipvm_at_exit(vm), NULL);
    if (status != XIPVM_OK) {
        code = outcome(vm, o->file, status);
    }
    if (o->stats) {
        print_stats(vm);
    }
    xipvm_release(vm, main_module);
    return code;
}

/* Maps the program. False after a complaint. */
static bool find_program(const struct options *o, struct file *program) {
    struct file mapped;
    const char *path = o->image == NULL ? o->file : o->image;
    if (!map_file(path, &mapped)) {
        complain("cannot read %s: %s", path, strerror(errno));
        return false;
    }
    if (o->image != NULL) {
        struct xipvm_source source;
        if (!xipvm_romfs_find(mapped.data, mapped.size, o->file, strlen(o->file), &source) ||
            source.is_package) {
            complain("%s is no ROMFS image with a program %s", o->image, o->file);
            return false;
        }
        mapped = (struct file){source.data, source.size};
    }
    *program = mapped;
    return true;
}

int command_run(int argc, char **argv) {
    struct options o;
    struct file file;
    if (!parse(argc, argv, &o)) {
        return STATUS_USAGE;
    }
    if (!find_program(&o, &file) || !set_search_path(o.file, o.image)) {
        return STATUS_USAGE;
    }
    void *arena = malloc(o.heap == 0 ? 1 : o.heap);
    if (arena == NULL) {
        complain("there is no memory for an arena of %zu bytes", o.heap);
        return STATUS_USAGE;
    }
    xipvm_vm *vm;
    int status = STATUS_USAGE;
    if (xipvm_open(arena, o.heap, &desktop_hal, &vm) != XIPVM_OK) {
        complain("an arena of %zu bytes is too small: a VM takes %zu before any program comes", o.heap,
                 (size_t)XIPVM_MIN_ARENA);
    } else {
        xipvm_set_budget(vm, o.budget);
        status = run_in(vm, &o, &file, argc, argv);
        xipvm_close(vm);
    }
    free(arena);
    return status;
}
