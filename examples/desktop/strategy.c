/* The strategies by which blobs can be loaded, for trying each: as they are mapped, as streams, or prelinked. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desktop.h"

static enum presentation chosen = PRESENT_IN_PLACE;

bool set_strategy(const char *name) {
    static const char *const names[] = {"in-place", "link", "prelinked", "mixed"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            chosen = (enum presentation)i;
            return true;
        }
    }
    return false;
}

/* ---- streams */

struct stream {
    struct file file;
    size_t at;
};

/* Pieces of odd sizes, as a UART would have them. */
static int32_t read_stream(void *stream, void *buffer, size_t size) {
    struct stream *s = stream;
    size_t piece = 1 + s->at % 61, left = s->file.size - s->at;
    size_t n = piece < size ? piece : size;
    n = n < left ? n : left;
    memcpy(buffer, s->file.data + s->at, n);
    s->at += n;
    return (int32_t)n;
}

static void as_stream(const struct file *file, struct xipvm_source *out) {
    struct stream *s = get_memory(sizeof *s);
    *s = (struct stream){*file, 0};
    out->data = NULL;
    out->size = file->size;
    out->read = read_stream;
    out->close = free;
    out->stream = s;
}

/* ---- prelinked images: kept, as the VM refers to them */

struct image {
    struct image *next;
    const uint8_t *made_of;
    uint8_t *data;
    size_t size, room;
};

static struct image *images;

static bool append(void *context, const void *data, size_t len) {
    struct image *image = context;
    if (len > image->room - image->size) {
        image->room = image->room * 2 + len;
        uint8_t *larger = get_memory(image->room);
        memcpy(larger, image->data, image->size);
        free(image->data);
        image->data = larger;
    }
    memcpy(image->data + image->size, data, len);
    image->size += len;
    return true;
}

/* NULL if the blob cannot be prelinked; *fault says why. */
static struct image *prelink(const struct file *file, struct xipvm_fault *fault) {
    size_t scratch_size = 2 * file->size + XIPVM_VERIFY_SCRATCH;
    void *scratch = get_memory(scratch_size);
    struct image *image = get_memory(sizeof *image);
    *image = (struct image){.made_of = file->data, .room = 2 * file->size + 64};
    image->data = get_memory(image->room);
    enum xipvm_status status = xipvm_prelink(file->data, file->size, scratch, scratch_size, append, image, fault);
    free(scratch);
    if (status != XIPVM_OK) {
        free(image->data);
        free(image);
        return NULL;
    }
    return image;
}

/* The image of a file that has been asked for before or not; NULL if it cannot be prelinked. */
static const struct image *image_of(const struct file *file, struct xipvm_fault *fault) {
    struct image *image = images;
    while (image != NULL && image->made_of != file->data) {
        image = image->next;
    }
    if (image == NULL && (image = prelink(file, fault)) != NULL) {
        image->next = images;
        images = image;
    }
    return image;
}

bool prelink_image(const struct file *file, struct file *out, struct xipvm_fault *fault) {
    const struct image *image = image_of(file, fault);
    if (image != NULL) {
        *out = (struct file){image->data, image->size};
    }
    return image != NULL;
}

/* A blob that cannot be prelinked is given as it is, so that the VM says what is wrong with it. */
static void as_image(const struct file *file, struct xipvm_source *out) {
    struct xipvm_fault fault;
    const struct image *image = image_of(file, &fault);
    out->data = image == NULL ? file->data : image->data;
    out->size = image == NULL ? file->size : image->size;
}

void present(const struct file *file, struct xipvm_source *out) {
    static unsigned turn;
    switch (chosen == PRESENT_MIXED ? (enum presentation)(turn++ % PRESENT_MIXED) : chosen) {
    case PRESENT_LINK:
        as_stream(file, out);
        break;
    case PRESENT_PRELINKED:
        as_image(file, out);
        break;
    default:
        out->data = file->data;
        out->size = file->size;
        break;
    }
}

/* ---- xipvm prelink */

static bool write_file(const char *path, const struct image *image) {
    FILE *f = fopen(path, "wb");
    bool good = f != NULL && fwrite(image->data, 1, image->size, f) == image->size;
    if (f != NULL && fclose(f) != 0) {
        good = false;
    }
    if (!good) {
        complain("cannot write %s: %s", path, strerror(errno));
    }
    return good;
}

int command_prelink(int argc, char **argv) {
    const char *from = NULL, *to = NULL;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-o") == 0 && i + 1 < argc && to == NULL) {
            to = argv[++i];
        } else if (from == NULL && argv[i][0] != '-') {
            from = argv[i];
        } else {
            from = to = NULL;
            break;
        }
    }
    if (from == NULL || to == NULL) {
        complain("prelink wants FILE.mpy -o FILE.xip");
        return STATUS_USAGE;
    }
    struct file file;
    struct xipvm_fault fault;
    if (!map_file(from, &file)) {
        complain("cannot read %s: %s", from, strerror(errno));
        return STATUS_USAGE;
    }
    struct image *image = prelink(&file, &fault);
    if (image == NULL) {
        report_fault(from, &fault);
        return STATUS_REFUSED;
    }
    int status = write_file(to, image) ? STATUS_OK : STATUS_USAGE;
    free(image->data);
    free(image);
    return status;
}
