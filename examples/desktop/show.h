/* A blob opened for showing, and the text of what is in it. */
#ifndef XIPVM_SHOW_H
#define XIPVM_SHOW_H

#include "blob/reader.h"
#include "desktop.h"

struct view {
    const char *path;
    struct file file;
    struct xv_blob blob;
    const uint8_t **names;   /* n_qstr entries of the table of names */
    const uint8_t **objects; /* n_obj constants */
};

/* Opens the blob of a command that takes one: STATUS_OK, or another status after a complaint. */
int open_view(int argc, char **argv, struct view *view);
/* After an open_view that was STATUS_OK. */
void close_view(struct view *view);

/* The text of a name as the blob's code has it; it has NUL behind it and may have more inside. "?" if there is no such
 * name. */
const char *name_text(const struct view *view, uint32_t i, size_t *len);

/* True if every VM knows the name. */
bool is_vm_name(const struct view *view, uint32_t i);

/* All on standard output. */
void put_name(const struct view *view, uint32_t i);
/* Text in quotes, with escapes, at most `max` bytes of it. */
void put_quoted(const uint8_t *text, size_t len, size_t max);
/* A constant as Python would write it, long texts cut off. */
void put_object(const uint8_t *object);

#endif
