/* Blobs as text: what `xipvm info` and `xipvm dis` share. */
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    size_t len;
} vm_names[] = {
#define XV_NAME(id, text, length, hash) {text, length},
#include "xv_names.inc"
};

static void *array_of(uint32_t n) {
    return get_memory(n * sizeof(uint8_t *));
}

int open_view(int argc, char **argv, struct view *view) {
    if (argc != 2) {
        complain("%s wants the name of one .mpy file", argv[0]);
        return STATUS_USAGE;
    }
    view->path = argv[1];
    int status = open_blob(argv[1], &view->file);
    if (status != STATUS_OK) {
        return status;
    }
    /* It was opened once, to be verified. */
    if (!xv_blob_open(&view->blob, view->file.data, view->file.size, 64, NULL)) {
        complain("%s changed while it was read", argv[1]);
        return STATUS_REFUSED;
    }
    const struct xv_blob *blob = &view->blob;
    view->names = array_of(blob->n_qstr);
    view->objects = array_of(blob->n_obj);
    const uint8_t *p = blob->base + blob->qstrs_at;
    for (uint32_t i = 0; i < blob->n_qstr; i++) {
        struct xv_name name;
        view->names[i] = p;
        p = xv_next_name(p, &name);
    }
    p = blob->base + blob->objs_at;
    for (uint32_t i = 0; i < blob->n_obj; i++) {
        struct xv_const object;
        view->objects[i] = p;
        p = xv_next_object(p, &object);
    }
    return STATUS_OK;
}

void close_view(struct view *view) {
    free(view->names);
    free(view->objects);
}

static const char *no_name(size_t *len) {
    *len = 1;
    return "?";
}

/* The name of an id that every VM knows. */
static const char *vm_name_text(uint32_t id, size_t *len) {
    if (id == 0 || id > sizeof vm_names / sizeof *vm_names) {
        return no_name(len);
    }
    *len = vm_names[id - 1].len;
    return vm_names[id - 1].text;
}

const char *name_text(const struct view *view, uint32_t i, size_t *len) {
    struct xv_name name;
    if (view->blob.linked && (i & XV_OPERAND_TABLE) == 0) {
        return vm_name_text(i, len);
    }
    i &= ~(view->blob.linked ? XV_OPERAND_TABLE : 0);
    if (i >= view->blob.n_qstr) {
        return no_name(len);
    }
    xv_next_name(view->names[i], &name);
    if (name.static_id != 0) {
        return vm_name_text(name.static_id, len);
    }
    *len = name.len;
    return (const char *)name.text;
}

bool is_vm_name(const struct view *view, uint32_t i) {
    size_t len;
    const char *text = name_text(view, i, &len);
    for (size_t k = 0; k < sizeof vm_names / sizeof *vm_names; k++) {
        if (vm_names[k].len == len && memcmp(vm_names[k].text, text, len) == 0) {
            return true;
        }
    }
    return false;
}

void put_quoted(const uint8_t *text, size_t len, size_t max) {
    size_t shown = len < max ? len : max;
    putchar('"');
    for (size_t i = 0; i < shown; i++) {
        uint8_t c = text[i];
        if (c == '\n') {
            fputs("\\n", stdout);
        } else if (c == '"' || c == '\\') {
            printf("\\%c", c);
        } else if (c < 32 || c == 127) {
            printf("\\x%02x", c);
        } else {
            putchar(c);
        }
    }
    fputs(shown < len ? "\"…" : "\"", stdout);
}

void put_name(const struct view *view, uint32_t i) {
    size_t len;
    const char *text = name_text(view, i, &len);
    for (size_t k = 0; k < len; k++) {
        bool word = text[k] == '_' || text[k] == '.' || text[k] == '<' || text[k] == '>' ||
                    (text[k] >= '0' && text[k] <= '9') || ((text[k] | 32) >= 'a' && (text[k] | 32) <= 'z');
        if (!word) {
            put_quoted((const uint8_t *)text, len, 60);
            return;
        }
    }
    fputs(len == 0 ? "\"\"" : text, stdout);
}

/* Bytes as Python writes them. */
static void put_bytes(const uint8_t *data, size_t len) {
    fputs("b\"", stdout);
    for (size_t i = 0; i < len && i < 60; i++) {
        bool plain = data[i] >= 32 && data[i] < 127 && data[i] != '"' && data[i] != '\\';
        printf(plain ? "%c" : "\\x%02x", data[i]);
    }
    fputs(len > 60 ? "\"…" : "\"", stdout);
}

void put_object(const uint8_t *object) {
    struct xv_const c;
    const uint8_t *p = xv_const_read(object, &c);
    switch (c.tag) {
    case XV_TAG_NONE:
        fputs("None", stdout);
        break;
    case XV_TAG_FALSE:
        fputs("False", stdout);
        break;
    case XV_TAG_TRUE:
        fputs("True", stdout);
        break;
    case XV_TAG_ELLIPSIS:
        fputs("...", stdout);
        break;
    case XV_TAG_STR:
        put_quoted(c.data, c.len, 60);
        break;
    case XV_TAG_BYTES:
        put_bytes(c.data, c.len);
        break;
    case XV_TAG_TUPLE:
        putchar('(');
        for (uint32_t i = 0; i < c.len; i++) {
            struct xv_const item;
            put_object(p);
            fputs(i + 1 < c.len ? ", " : c.len == 1 ? "," : "", stdout);
            p = xv_next_object(p, &item);
        }
        putchar(')');
        break;
    default:
        printf("%.*s%s", (int)(c.len < 60 ? c.len : 60), (const char *)c.data, c.len > 60 ? "…" : "");
        break;
    }
}
