/* A VM for unit tests: in a static arena of 1 MB, with a HAL that finds nothing and keeps what is printed.
 *
 *     struct xv_vm *vm = fixture_open();
 *     ...
 *     assert_int_equal(fixture_output_len, 3);
 *     fixture_close(vm);
 *
 * One at a time; each source file that includes this has an arena of its own. */
#ifndef XV_TESTS_FIXTURE_H
#define XV_TESTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "api/vm.h"
#include "link/module.h"
#include "object/object.h"
#include "object/str.h"

#define FIXTURE_ARENA (1024u * 1024u)

static uint64_t fixture_arena[FIXTURE_ARENA / sizeof(uint64_t)];
static char fixture_output[4096]; /* the beginning of what was printed, NUL-terminated */
static size_t fixture_output_len; /* of all that was printed */

static bool fixture_find(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    (void)name;
    (void)len;
    (void)out;
    return false;
}

static void fixture_write(void *context, const void *data, size_t len) {
    (void)context;
    size_t room = sizeof fixture_output - 1;
    size_t at = fixture_output_len < room ? fixture_output_len : room;
    size_t n = len < room - at ? len : room - at;
    memcpy(fixture_output + at, data, n);
    fixture_output[at + n] = '\0';
    fixture_output_len += len;
}

static const struct xipvm_hal fixture_hal = {.find_blob = fixture_find, .write = fixture_write};

/* A VM with a smaller arena than the usual one; `size` in bytes. */
static inline struct xv_vm *fixture_open_size(size_t size) {
    fixture_output[0] = '\0';
    fixture_output_len = 0;
    struct xv_vm *vm = xv_open(fixture_arena, size, &fixture_hal);
    assert_non_null(vm);
    return vm;
}

static inline struct xv_vm *fixture_open(void) {
    return fixture_open_size(sizeof fixture_arena);
}

/* Checks the heap and closes. */
static inline void fixture_close(struct xv_vm *vm) {
    const char *wrong = xv_heap_check(vm);
    if (wrong != NULL) {
        fail_msg("the heap is damaged: %s", wrong);
    }
    xv_close(vm);
}

/* True if the str or bytes value has this text. */
static inline bool fixture_is_text(struct xv_vm *vm, xv_value v, const char *text) {
    if (v == XV_NULL || (!xv_is_str(vm, v) && !xv_is_bytes(vm, v))) {
        return false;
    }
    struct xv_text t = xv_text(vm, v);
    return t.len == strlen(text) && memcmp(t.data, text, t.len) == 0;
}

/* True if an exception of the type is pending, which is then forgotten. */
static inline bool fixture_raised(struct xv_vm *vm, const struct xv_type *type) {
    bool pending = xv_pending(vm, type);
    xv_clear(vm);
    return pending;
}

/* Loads a mapped blob, not yet run. */
static inline xv_value fixture_load(struct xv_vm *vm, xv_value name, const uint8_t *data, size_t size, const char *file,
                                    struct xv_blob_fault *fault) {
    struct xipvm_source source = {.data = data, .size = size, .file = file};
    return xv_module_load(vm, name, &source, fault);
}

#endif
