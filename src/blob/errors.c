/*
 * The texts of the errors, in a file of their own: an image that never asks for them does not link them.
 */
#include "blob/reader.h"

static const struct {
    const char *rule;
    const char *text;
} messages[] = {{"", "no error"},
#define ROW(name, rule, message) {rule, message},
                XIPVM_BLOB_ERRORS(ROW)
#undef ROW
};

const char *xv_blob_error_text(enum xipvm_blob_error code) {
    return (unsigned)code < XIPVM_BLOB_ERROR_COUNT ? messages[code].text : "unknown error";
}

const char *xv_blob_error_rule(enum xipvm_blob_error code) {
    return (unsigned)code < XIPVM_BLOB_ERROR_COUNT ? messages[code].rule : "";
}
