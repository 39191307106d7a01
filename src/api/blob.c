/* What the host can do with blobs: checking and prelinking them, finding them in images, and learning what was wrong. */
#include "api/api.h"
#include "blob/prelink.h"
#include "blob/romfs.h"
#include "blob/verifier.h"
#include "link/module.h"
#include "link/qstr.h"

static void describe(struct xipvm_fault *out, enum xipvm_blob_error code, size_t offset) {
    out->code = code;
    out->offset = offset;
    out->rule = xv_blob_error_rule(code);
    out->message = xv_blob_error_text(code);
}

enum xipvm_status xipvm_blob_fault(xipvm_vm *vm, struct xipvm_fault *fault) {
    if (vm->fault_code == XIPVM_BLOB_OK) {
        return XIPVM_NOT_FOUND;
    }
    if (fault != NULL) {
        describe(fault, (enum xipvm_blob_error)vm->fault_code, vm->fault_offset);
    }
    return XIPVM_OK;
}

enum xipvm_status xipvm_verify(const void *data, size_t size, void *scratch, size_t scratch_size,
                               struct xipvm_fault *fault) {
    typedef char enough_scratch[XIPVM_VERIFY_SCRATCH >= XV_VERIFIER_SCRATCH ? 1 : -1];
    struct xv_blob blob;
    struct xv_blob_fault found = {XIPVM_BLOB_OK, sizeof(enough_scratch) - 1};
    if (data == NULL || scratch == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    bool ok = xv_blob_open_in_place(&blob, data, size, &found) &&
              xv_blob_verify(&blob, scratch, scratch_size, &found);
    if (!ok && fault != NULL) {
        describe(fault, found.code, found.offset);
    }
    return ok ? XIPVM_OK : XIPVM_BAD_BLOB;
}

bool xipvm_blob_in_use(xipvm_vm *vm, const void *data, size_t size) {
    xv_collect_all(vm);
    return data != NULL && size > 0 && xv_blob_in_use(vm, data, size);
}

/* ---- prelinking */

struct writer {
    struct xv_sink sink; /* first, as flush() finds the rest through it */
    bool (*write)(void *context, const void *data, size_t len);
    void *context;
    uint8_t buffer[64];
};

static bool flush(struct xv_sink *sink) {
    struct writer *w = (struct writer *)(void *)sink;
    size_t n = sink->used;
    sink->used = 0;
    return n == 0 || w->write(w->context, w->buffer, n);
}

enum xipvm_status xipvm_prelink(const void *data, size_t size, void *scratch, size_t scratch_size,
                                bool (*write)(void *context, const void *data, size_t len), void *context,
                                struct xipvm_fault *fault) {
    struct xv_blob blob;
    struct xv_blob_fault found = {XIPVM_BLOB_OK, 0};
    if (data == NULL || scratch == NULL || write == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    struct writer w = {.write = write, .context = context};
    w.sink = (struct xv_sink){.buffer = w.buffer, .capacity = sizeof w.buffer, .flush = flush};
    bool ok = xv_blob_open(&blob, data, size, XV_SMALL_BITS, &found);
    if (ok && (blob.linked || !XIPVM_PRELINKED)) {
        found.code = blob.linked ? XIPVM_BLOB_XIP_STREAM : XIPVM_BLOB_XIP_ABSENT;
        ok = false;
    }
    ok = ok && xv_blob_verify(&blob, scratch, scratch_size, &found) &&
         xv_prelink(&blob, xv_qstr_find_static, scratch, scratch_size, &w.sink, &found);
    if (!ok && fault != NULL) {
        describe(fault, found.code, found.offset);
    }
    return ok ? XIPVM_OK : XIPVM_BAD_BLOB;
}

/* ---- modules in ROMFS images */

#define MPY_ENDING ".mpy"
#define PACKAGE_ENDING "/__init__.mpy"

/* Looks for path[0 … len) + ending; sets *entry. */
static bool romfs_file(const struct xv_romfs *fs, char *path, size_t len, const char *ending,
                       struct xv_romfs_entry *entry) {
    size_t more = strlen(ending);
    memcpy(path + len, ending, more);
    return xv_romfs_find(fs, path, len + more, entry) == XIPVM_BLOB_OK;
}

bool xipvm_romfs_find(const void *image, size_t size, const char *name, size_t len,
                      struct xipvm_source *out) {
    char path[XV_NAME_MAX + sizeof PACKAGE_ENDING];
    struct xv_romfs fs;
    struct xv_romfs_entry entry;
    if (image == NULL || name == NULL || out == NULL || len == 0 || len > XV_NAME_MAX ||
        xv_romfs_open(&fs, image, size) != XIPVM_BLOB_OK) {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        path[i] = name[i];
        if (name[i] == '.') {
            path[i] = '/';
        }
    }
    struct xipvm_source source = {.data = NULL};
    if (romfs_file(&fs, path, len, MPY_ENDING, &entry) && !entry.is_dir) {
        source.data = entry.data;
        source.size = entry.size;
    } else if (romfs_file(&fs, path, len, "", &entry) && entry.is_dir) {
        source.is_package = true;
        if (romfs_file(&fs, path, len, PACKAGE_ENDING, &entry) && !entry.is_dir) {
            source.data = entry.data;
            source.size = entry.size;
        }
    } else {
        return false;
    }
    *out = source;
    return true;
}
