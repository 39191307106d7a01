/*
 * ROMFS images: records within records. A region (address, bytes left) is walked record by record; each
 * nested length is checked against the region that holds it before anything is read from it.
 */
#include "blob/romfs.h"

enum {
    RECORD_UNUSED = 0,
    RECORD_PADDING = 1,
    RECORD_VERBATIM = 2,
    RECORD_INDIRECT = 3,
    RECORD_DIR = 4,
    RECORD_FILE = 5
};

/* What is still to be read of some record's payload. */
struct region {
    const uint8_t *at;
    uint32_t left;
};

/* Unlike in a blob, leading zero groups are legal. */
static enum xipvm_blob_error read_varuint(struct region *r, uint32_t *value) {
    uint32_t v = 0;
    for (;;) {
        if (r->left == 0) {
            return XIPVM_BLOB_ROMFS_TRUNCATED;
        }
        if (v > UINT32_MAX >> 7) {
            return XIPVM_BLOB_ROMFS_INTEGER;
        }
        uint8_t b = *r->at++;
        r->left--;
        v = v << 7 | (b & 0x7fu);
        if (!(b & 0x80)) {
            *value = v;
            return XIPVM_BLOB_OK;
        }
    }
}

/* Splits n bytes off the front of r. */
static enum xipvm_blob_error split(struct region *r, uint32_t n, struct region *front) {
    if (n > r->left) {
        return XIPVM_BLOB_ROMFS_TRUNCATED;
    }
    front->at = r->at;
    front->left = n;
    r->at += n;
    r->left -= n;
    return XIPVM_BLOB_OK;
}

/* A varuint, then as many bytes. */
static enum xipvm_blob_error read_sized(struct region *r, struct region *bytes) {
    uint32_t n = 0;
    enum xipvm_blob_error err = read_varuint(r, &n);
    return err == XIPVM_BLOB_OK ? split(r, n, bytes) : err;
}

static enum xipvm_blob_error read_record(struct region *r, uint32_t *kind, struct region *payload) {
    enum xipvm_blob_error err = read_varuint(r, kind);
    if (err == XIPVM_BLOB_OK) {
        err = read_sized(r, payload);
    }
    if (err == XIPVM_BLOB_OK && *kind == RECORD_UNUSED) {
        err = XIPVM_BLOB_ROMFS_CORRUPT;
    }
    return err;
}

/* The payload of an indirect record: size and offset, both from the image. */
static enum xipvm_blob_error follow(const struct xv_romfs *fs, struct region r,
                                    struct xv_romfs_entry *entry) {
    uint32_t size = 0, offset = 0;
    enum xipvm_blob_error err = read_varuint(&r, &size);
    if (err == XIPVM_BLOB_OK) {
        err = read_varuint(&r, &offset);
    }
    if (err != XIPVM_BLOB_OK) {
        return err;
    }
    if (offset > fs->size || size > fs->size - offset) {
        return XIPVM_BLOB_ROMFS_INDIRECT;
    }
    entry->data = fs->payload + offset;
    entry->size = size;
    return XIPVM_BLOB_OK;
}

/* Finds the contents among the records of a file. */
static enum xipvm_blob_error read_contents(const struct xv_romfs *fs, struct region r,
                                           struct xv_romfs_entry *entry) {
    while (r.left > 0) {
        uint32_t kind;
        struct region payload;
        enum xipvm_blob_error err = read_record(&r, &kind, &payload);
        if (err != XIPVM_BLOB_OK) {
            return err;
        }
        if (kind == RECORD_VERBATIM) {
            entry->data = payload.at;
            entry->size = payload.left;
            return XIPVM_BLOB_OK;
        }
        if (kind == RECORD_INDIRECT) {
            return follow(fs, payload, entry);
        }
    }
    return XIPVM_BLOB_ROMFS_NO_DATA;
}

enum xipvm_blob_error xv_romfs_open(struct xv_romfs *fs, const uint8_t *base, size_t size) {
    struct region r = {base, size > UINT32_MAX ? UINT32_MAX : (uint32_t)size};
    struct region payload;
    if (r.left < 3 || base[0] != 0xd2 || base[1] != 0xcd || base[2] != 0x31) {
        return XIPVM_BLOB_ROMFS_NOT_IMAGE;
    }
    r.at += 3;
    r.left -= 3;
    enum xipvm_blob_error err = read_sized(&r, &payload);
    if (err == XIPVM_BLOB_OK) {
        fs->payload = payload.at;
        fs->size = payload.left;
    }
    return err;
}

void xv_romfs_root(const struct xv_romfs *fs, struct xv_romfs_entry *root) {
    root->is_dir = true;
    root->name = NULL;
    root->name_len = 0;
    root->data = fs->payload;
    root->size = fs->size;
}

void xv_romfs_iter_init(struct xv_romfs_iter *it, const struct xv_romfs *fs,
                        const struct xv_romfs_entry *dir) {
    it->fs = fs;
    it->at = dir->data;
    it->left = dir->is_dir ? dir->size : 0;
}

/* The next file or directory of r, its contents not yet looked for: *rest are the records behind its name. */
static enum xipvm_blob_error next_entry(struct region *r, struct xv_romfs_entry *entry, struct region *rest) {
    while (r->left > 0) {
        uint32_t kind;
        enum xipvm_blob_error err = read_record(r, &kind, rest);
        if (err != XIPVM_BLOB_OK) {
            return err;
        }
        if (kind != RECORD_DIR && kind != RECORD_FILE) {
            continue;
        }
        struct region name;
        err = read_sized(rest, &name);
        if (err != XIPVM_BLOB_OK) {
            return err;
        }
        entry->is_dir = kind == RECORD_DIR;
        entry->name = name.at;
        entry->name_len = name.left;
        entry->data = rest->at;
        entry->size = rest->left;
        return XIPVM_BLOB_OK;
    }
    return XIPVM_BLOB_ROMFS_NOT_FOUND;
}

enum xipvm_blob_error xv_romfs_next(struct xv_romfs_iter *it, struct xv_romfs_entry *entry) {
    struct region r = {it->at, it->left};
    struct region rest;
    struct xv_romfs_entry found;
    enum xipvm_blob_error err = next_entry(&r, &found, &rest);
    if (err == XIPVM_BLOB_OK && !found.is_dir) {
        err = read_contents(it->fs, rest, &found);
    }
    it->at = r.at;
    it->left = err == XIPVM_BLOB_OK ? r.left : 0;
    if (err == XIPVM_BLOB_OK) {
        *entry = found;
    }
    return err;
}

static bool same_bytes(const uint8_t *a, const char *b, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (a[i] != (uint8_t)b[i]) {
            return false;
        }
    }
    return true;
}

/* Looks for one name in a directory. The contents of other files are not looked at, so a damaged
 * neighbour does no harm as long as its lengths are true. */
static enum xipvm_blob_error find_name(const struct xv_romfs *fs, const struct xv_romfs_entry *dir,
                                       const char *name, size_t len, struct xv_romfs_entry *entry) {
    struct region r = {dir->data, dir->size};
    for (;;) {
        struct region rest;
        enum xipvm_blob_error err = next_entry(&r, entry, &rest);
        if (err != XIPVM_BLOB_OK) {
            return err;
        }
        if (entry->name_len == len && same_bytes(entry->name, name, len)) {
            return entry->is_dir ? XIPVM_BLOB_OK : read_contents(fs, rest, entry);
        }
    }
}

enum xipvm_blob_error xv_romfs_find(const struct xv_romfs *fs, const char *path, size_t len,
                                    struct xv_romfs_entry *entry) {
    struct xv_romfs_entry here;
    xv_romfs_root(fs, &here);
    size_t i = 0;
    while (i < len) {
        size_t start = i;
        while (i < len && path[i] != '/') {
            i++;
        }
        if (i > start) {
            struct xv_romfs_entry below;
            if (!here.is_dir) {
                return XIPVM_BLOB_ROMFS_NOT_FOUND;
            }
            enum xipvm_blob_error err = find_name(fs, &here, path + start, i - start, &below);
            if (err != XIPVM_BLOB_OK) {
                return err;
            }
            here = below;
        }
        i += i < len ? 1 : 0;
    }
    *entry = here;
    return XIPVM_BLOB_OK;
}
