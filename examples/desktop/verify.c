/* xipvm verify: would these blobs be accepted? */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "desktop.h"

/* More than any VM has to spare, so that no function is too large here. */
static uint64_t scratch[1 << 17];

static bool check(const struct file *file, struct xipvm_fault *fault) {
    return xipvm_verify(file->data, file->size, scratch, sizeof scratch, fault) == XIPVM_OK;
}

int open_blob(const char *path, struct file *file) {
    struct xipvm_fault fault;
    if (!map_file(path, file)) {
        complain("cannot read %s: %s", path, strerror(errno));
        return STATUS_USAGE;
    }
    if (!check(file, &fault)) {
        report_fault(path, &fault);
        return STATUS_REFUSED;
    }
    return STATUS_OK;
}

int command_verify(int argc, char **argv) {
    int worst = STATUS_OK;
    if (argc < 2) {
        complain("verify wants the names of .mpy files");
        return STATUS_USAGE;
    }
    for (int i = 1; i < argc; i++) {
        struct file file;
        int status = open_blob(argv[i], &file);
        if (status == STATUS_OK) {
            printf("%s: good\n", argv[i]);
        }
        worst = status > worst ? status : worst;
    }
    return worst;
}
