/*
 * The checks of blob/reader.c, element by element, for a loader that has a blob only as a stream. Each reads one
 * element through the cursor and returns false after recording a fault there.
 */
#ifndef XV_BLOB_CHECK_H
#define XV_BLOB_CHECK_H

#include "blob/cursor.h"
#include "blob/reader.h"

/* Ids of static names that the structure of a blob depends on. */
#define XV_STATIC_CLASS 10
#define XV_STATIC_BASE_EXCEPTION 33

/* The header and the two counts; fills in *blob as far as they tell. */
bool xv_check_header(struct xv_cursor *c, struct xv_blob *blob, unsigned max_small_int_bits);

/* Entry i of the qstr table. */
bool xv_check_name(struct xv_cursor *c, struct xv_blob *blob, uint32_t i);

/* The constant objects, all of them. */
bool xv_check_objects(struct xv_cursor *c, uint32_t n_obj);

/* One raw code without its children. The names in its prelude exist in the blob. */
bool xv_check_raw(struct xv_cursor *c, const struct xv_blob *blob, bool outer, struct xv_raw *raw);

/* Whether there is such a name, in the form in which the blob's code writes names. */
bool xv_operand_exists(const struct xv_blob *blob, uint32_t operand);

#endif
