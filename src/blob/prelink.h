/*
 * The prelinker: makes a prelinked image (blob/reader.h) of an .mpy file, which the firmware whose names it was given runs in
 * place with a table of those names only that the firmware has not.
 */
#ifndef XV_BLOB_PRELINK_H
#define XV_BLOB_PRELINK_H

#include "blob/linker.h"

/* The id of a text among the firmware's names, or 0. */
typedef uint16_t (*xv_static_find)(const uint8_t *text, size_t len);

/*
 * Writes the image of a verified stock blob to `sink`. `scratch`, of any alignment, wants two bytes for each name and an
 * eighth of the largest function: NO_SCRATCH. Other faults: LINK_REACH; COUNT_TOO_LARGE if more than 32768 names are new;
 * STREAM_FAILED if the sink failed.
 */
bool xv_prelink(const struct xv_blob *blob, xv_static_find find, void *scratch, size_t scratch_size, struct xv_sink *sink,
                struct xv_blob_fault *fault);

#endif
