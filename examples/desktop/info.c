/* xipvm info: what is in a blob, and what loading it costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/vm.h"
#include "link/module.h"
#include "object/container.h"
#include "show.h"

/* How code refers to name `i` of the blob's own table. */
static uint32_t operand_of(const struct view *view, uint32_t i) {
    return view->blob.linked ? i | XV_OPERAND_TABLE : i;
}

static void show_names(const struct view *view) {
    uint32_t n = view->blob.n_qstr, known = 0;
    for (uint32_t i = 0; i < n; i++) {
        known += is_vm_name(view, operand_of(view, i));
    }
    printf("\nnames: %u, of which every VM knows %u (+)\n", (unsigned)n, (unsigned)known);
    for (uint32_t i = 0; i < n; i++) {
        printf("%6u %c ", (unsigned)i, is_vm_name(view, operand_of(view, i)) ? '+' : ' ');
        put_name(view, operand_of(view, i));
        putchar('\n');
    }
}

static void show_objects(const struct view *view) {
    printf("\nconstants: %u\n", (unsigned)view->blob.n_obj);
    for (uint32_t i = 0; i < view->blob.n_obj; i++) {
        printf("%6u   ", (unsigned)i);
        put_object(view->objects[i]);
        putchar('\n');
    }
}

static void put_flags(unsigned flags) {
    static const struct {
        unsigned flag;
        const char *text;
    } texts[] = {{XV_FLAG_GENERATOR, " generator"}, {XV_FLAG_VARARGS, " *args"}, {XV_FLAG_VARKW, " **kw"}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (flags & texts[i].flag) {
            fputs(texts[i].text, stdout);
        }
    }
}

/* One line for each function, indented by its depth, and then its children. Returns the bytes of bytecode. */
static uint64_t show_functions(const struct view *view, const uint8_t *at, unsigned depth) {
    struct xv_raw raw;
    struct xv_prelude p;
    xv_raw_read(at, &raw);
    xv_prelude_read(raw.fun, &p);
    const uint8_t *names = p.names;
    uint32_t size = (uint32_t)(raw.fun + raw.len - p.code);
    printf("%6u %6u %6u %6u %6u  %*s", (unsigned)size, (unsigned)p.n_state, (unsigned)p.n_exc,
           (unsigned)(p.n_pos + p.n_kwonly), (unsigned)(at - view->blob.base), (int)(2 * depth), "");
    put_name(view, xv_code_name(&names, view->blob.linked));
    put_flags(p.flags);
    putchar('\n');
    uint64_t total = size;
    for (uint32_t i = 0; i < raw.n_children; i++) {
        total += show_functions(view, xv_raw_child(&raw, i), depth + 1);
    }
    return total;
}

/* Loads what `source` tells into a VM, without running it, links all its names, and shows in a line what that took.
 * `chosen`: the loader's own choice. */
static void show_cost(const struct view *view, const char *title, const struct xipvm_source *source, bool chosen) {
    size_t size = XIPVM_MIN_ARENA + (1u << 20) + view->file.size * 64;
    void *arena = malloc(size);
    struct xv_vm *vm = arena == NULL ? NULL : xv_open(arena, size, NULL);
    if (vm == NULL) {
        complain("there is no memory for a VM to load %s into", view->path);
        free(arena);
        return;
    }
    struct xipvm_stats before, after;
    struct xv_blob_fault fault;
    xipvm_collect(vm);
    xipvm_stats(vm, &before);
    xv_value r[1] = {xv_module_load(vm, XV_QSTR(XV_Q___main__), source, &fault)};
    XV_ENTER(vm, r);
    bool loaded = r[0] != XV_NULL;
    for (uint32_t i = 0; loaded && i < xv_module(r[0])->n_qstr; i++) {
        loaded = xv_module_name(vm, r[0], i | (xv_module_is_linked(xv_module(r[0])) ? XV_OPERAND_TABLE : 0)) != 0;
    }
    if (loaded) {
        xipvm_collect(vm);
        xipvm_stats(vm, &after);
        size_t all = after.live_heap - before.live_heap, names = after.pool_bytes - before.pool_bytes;
        size_t code = xv_module(r[0])->image == XV_NULL ? 0 : xv_words(xv_module(r[0])->image) * sizeof(uintptr_t);
        printf("%6zu %6zu %6zu %6zu %6zu  %s%s\n", all, after.table_bytes, names, code, all - names - after.table_bytes - code,
               title, chosen ? ", which the loader chooses for this file" : "");
    } else {
        printf("%36s%s: cannot be done: %s\n", "", title, xv_blob_error_text(fault.code));
    }
    XV_LEAVE(vm);
    xv_close(vm);
    free(arena);
}

/* What loading costs by each strategy that there is for the file. */
static void show_strategies(const struct view *view) {
    struct xipvm_source source = {.data = view->file.data, .size = view->file.size};
    printf("\nbytes of RAM that it takes on this %u-bit machine, its globals empty, once all its names were used:\n", (unsigned)sizeof(void *) * 8);
    printf("   all  table  names   code module  strategy\n");
    if (view->blob.linked) {
        show_cost(view, "in place, prelinked", &source, true);
        return;
    }
    show_cost(view, "in place, through its translation table", &source, true);
    if (XIPVM_LINKING) {
        struct xipvm_source linked = source;
        linked.strategy = XIPVM_STRATEGY_LINK;
        show_cost(view, "linked", &linked, false);
    }
    struct xipvm_fault fault;
    struct file image;
    if (!XIPVM_PRELINKED) {
        return;
    }
    if (prelink_image(&view->file, &image, &fault)) {
        struct xipvm_source prelinked = {.data = image.data, .size = image.size};
        show_cost(view, "in place, prelinked", &prelinked, false);
    } else {
        printf("%36sin place, prelinked: cannot be done: %s\n", "", fault.message);
    }
}

/* Names that cannot stand in a file of lines. */
static bool is_line(const char *text, size_t len) {
    return len > 0 && memchr(text, '\n', len) == NULL && memchr(text, '\0', len) == NULL;
}

int command_names(int argc, char **argv) {
    if (argc < 2) {
        complain("names wants the names of .mpy files");
        return STATUS_USAGE;
    }
    for (int i = 1; i < argc; i++) {
        char *one[3] = {argv[0], argv[i], NULL};
        struct view view;
        int status = open_view(2, one, &view);
        if (status != STATUS_OK) {
            return status;
        }
        for (uint32_t k = 0; k < view.blob.n_qstr; k++) {
            size_t len;
            const char *text = name_text(&view, operand_of(&view, k), &len);
            if (!is_vm_name(&view, operand_of(&view, k)) && is_line(text, len)) {
                printf("%.*s\n", (int)len, text);
            }
        }
        close_view(&view);
    }
    return STATUS_OK;
}

int command_info(int argc, char **argv) {
    struct view view;
    int status = open_view(argc, argv, &view);
    if (status != STATUS_OK) {
        return status;
    }
    const struct xv_blob *b = &view.blob;
    if (b->linked) {
        printf("%s: %u bytes, prelinked image, small ints of %u bits\n", view.path, (unsigned)b->size, (unsigned)b->small_int_bits);
    } else {
        printf("%s: %u bytes, .mpy version 6.%u, small ints of %u bits\n", view.path, (unsigned)b->size,
               (unsigned)b->sub_version, (unsigned)b->small_int_bits);
    }
    show_names(&view);
    show_objects(&view);
    printf("\nfunctions: %u\n", (unsigned)b->n_functions);
    printf(" bytes  slots blocks   args     at  name\n");
    uint64_t code = show_functions(&view, b->base + b->code_at, 0);
    printf("%6llu bytes of instructions\n", (unsigned long long)code);
    show_strategies(&view);
    close_view(&view);
    return STATUS_OK;
}
