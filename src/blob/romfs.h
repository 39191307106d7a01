/*
 * Reading ROMFS images, the container in which a directory tree of contiguous files lies in flash.
 *
 * Nothing of an image is trusted, and nothing is checked before it is read: each call checks what it walks
 * over. No recursion and no state besides the caller's structs; an image of a few bytes is as good as any.
 */
#ifndef XV_BLOB_ROMFS_H
#define XV_BLOB_ROMFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xipvm/blob_errors.h"

/* An opened image: the payload of its outer record. */
struct xv_romfs {
    const uint8_t *payload;
    uint32_t size;
};

/* A file or directory. All pointers point into the image. */
struct xv_romfs_entry {
    bool is_dir;
    const uint8_t *name; /* not zero-terminated; NULL for the root */
    uint32_t name_len;
    const uint8_t *data; /* a file's contents; for a directory its records, private to this room */
    uint32_t size;       /* of data, in bytes */
};

/* A walk over one directory. */
struct xv_romfs_iter {
    const struct xv_romfs *fs;
    const uint8_t *at; /* the records not yet seen … */
    uint32_t left;     /* … and how many bytes they are */
};

/* Opens the image that begins at base, in a region of `size` bytes which may be longer than it.
 * Returns XIPVM_BLOB_OK, ROMFS_NOT_IMAGE, ROMFS_INTEGER or ROMFS_TRUNCATED. */
enum xipvm_blob_error xv_romfs_open(struct xv_romfs *fs, const uint8_t *base, size_t size);

/* The root directory as an entry. */
void xv_romfs_root(const struct xv_romfs *fs, struct xv_romfs_entry *root);

/*
 * Looks up `path`, `len` bytes with '/' between names; empty names ("/a", "a//b", "a/") are skipped, so ""
 * is the root. Of equal names the first wins. Returns XIPVM_BLOB_OK, ROMFS_NOT_FOUND or the fault met on
 * the way; *entry is set on success only.
 */
enum xipvm_blob_error xv_romfs_find(const struct xv_romfs *fs, const char *path, size_t len,
                                    struct xv_romfs_entry *entry);

/* Begins to list a directory, an entry of the same image (xv_romfs_root or found). fs must stay where it
 * is. */
void xv_romfs_iter_init(struct xv_romfs_iter *it, const struct xv_romfs *fs,
                        const struct xv_romfs_entry *dir);

/* The next entry. Returns XIPVM_BLOB_OK, ROMFS_NOT_FOUND at the end, or a fault, after which the walk is
 * over. */
enum xipvm_blob_error xv_romfs_next(struct xv_romfs_iter *it, struct xv_romfs_entry *entry);

#endif
