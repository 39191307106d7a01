/* Linking a blob into the heap while it is read: one forward pass, in which each function is checked, linked and
 * forgotten before the next one comes.
 *
 * The names come first and are interned; that may collect. From then on nothing allocates, and all that is made of the
 * blob lies in the scratch memory between stack and heap:
 *
 *     | constants, linked functions → | function being read | verifier's scratch …      function again, plan |
 *       image                           staging                                                          end
 *
 * A function is read behind the image, verified there, moved to the end, and written from there to the image's end.
 * So no more than one function is ever there twice. At last the image becomes an object of the heap where it stands. */
#include "link/module.h"

#include "blob/check.h"
#include "blob/linker.h"
#include "blob/verifier.h"
#include "heap/heap.h"
#include "link/qstr.h"
#include "object/object.h"

#if XIPVM_LINKING

struct loader {
    struct xv_cursor cursor; /* over `staging`; first, as pull() finds the rest through it */
    const struct xipvm_source *source;
    uint32_t room;           /* bytes at cursor.base */
    uint32_t have, used;     /* of the buffer */
    bool ended;
    uint8_t buffer[XIPVM_STREAM_BUFFER];

    uint8_t *memory;         /* the scratch memory */
    size_t memory_size;
    size_t image;            /* bytes at its beginning that the image has */
    struct xv_blob blob;
    const uint16_t *operands;
    struct xv_tree tree;     /* of the functions in the image */
};

/* ---- the stream */

/* Makes sure that there is a byte in the buffer. False at the end of the stream, or with a fault. */
static bool refill(struct loader *l) {
    if (l->used < l->have) {
        return true;
    }
    int32_t n = l->ended ? 0 : l->source->read(l->source->stream, l->buffer, sizeof l->buffer);
    if (n < 0 || (size_t)n > sizeof l->buffer) {
        return xv_cursor_fail(&l->cursor, XIPVM_BLOB_STREAM_FAILED, l->cursor.end);
    }
    l->used = 0;
    l->have = (uint32_t)n;
    l->ended = n == 0;
    return n > 0;
}

static bool pull(struct xv_cursor *c, uint32_t n) {
    struct loader *l = (struct loader *)(void *)c;
    if (n > l->room - c->pos) {
        return xv_cursor_fail(c, XIPVM_BLOB_NO_SCRATCH, c->pos);
    }
    uint8_t *to = (uint8_t *)(uintptr_t)c->base;
    while (c->end - c->pos < n) {
        if (!refill(l)) {
            return xv_cursor_fail(c, XIPVM_BLOB_TRUNCATED, c->end);
        }
        uint32_t want = n - (c->end - c->pos), there = l->have - l->used;
        uint32_t more = want < there ? want : there;
        memcpy(to + c->end, l->buffer + l->used, more);
        l->used += more;
        c->end += more;
    }
    return true;
}

/* The next element is read to `staging`. */
static void stage(struct loader *l, uint8_t *staging, size_t room) {
    l->cursor.origin += l->cursor.pos;
    l->cursor.base = staging;
    l->cursor.pos = 0;
    l->cursor.end = 0;
    l->room = room < INT32_MAX ? (uint32_t)room : INT32_MAX;
}

static bool check_end(struct loader *l) {
    stage(l, l->memory, 0);
    if (refill(l)) {
        return xv_cursor_fail(&l->cursor, XIPVM_BLOB_TRAILING_BYTES, 0);
    }
    if (l->cursor.code == XIPVM_BLOB_OK && l->source->size != 0 && l->source->size != l->cursor.origin) {
        return xv_cursor_fail(&l->cursor, XIPVM_BLOB_STREAM_LENGTH, 0);
    }
    return l->cursor.code == XIPVM_BLOB_OK;
}

static bool read_header(struct loader *l) {
    uint8_t staging[XV_XIP_HEADER + 10];
    stage(l, staging, sizeof staging);
    bool good = xv_check_header(&l->cursor, &l->blob, XV_SMALL_BITS);
    return good && l->blob.linked ? xv_cursor_fail(&l->cursor, XIPVM_BLOB_XIP_STREAM, 0) : good;
}

/* ---- names */

/* Reads and interns the names into the module's table, of which the collector sees as much as is there. */
static bool read_names(struct xv_vm *vm, struct loader *l, const xv_value *module) {
    uint8_t staging[5 + XV_NAME_MAX + 1];
    for (uint32_t i = 0; i < l->blob.n_qstr; i++) {
        struct xv_name name;
        stage(l, staging, sizeof staging);
        if (!xv_check_name(&l->cursor, &l->blob, i)) {
            return false;
        }
        xv_next_name(staging, &name);
        uint16_t id = name.static_id;
        if (id == 0 && (id = xv_intern(vm, name.text, name.len, false)) == 0) {
            return false;
        }
        xv_module(*module)->table[i] = id;
        xv_module(*module)->n_qstr = i + 1;
    }
    return true;
}

/* ---- functions */

/* Reads the next raw code behind the image. */
static bool read_raw(struct loader *l, struct xv_raw *raw) {
    stage(l, l->memory + l->image, l->memory_size - l->image);
    return xv_check_raw(&l->cursor, &l->blob, l->cursor.origin == l->blob.code_at, raw);
}

static bool verify(struct loader *l, const struct xv_raw *raw, const struct xv_instr *maker) {
    struct xv_blob_fault fault;
    size_t behind = l->image + l->cursor.end;
    if (xv_function_verify(&l->blob, raw, maker, l->memory + behind, l->memory_size - behind, &fault)) {
        return true;
    }
    return xv_cursor_fail(&l->cursor, fault.code, (uint32_t)(raw->fun - l->cursor.base) + fault.offset);
}

/* Moves the function to the end of the memory, and links it from there to the end of the image. */
static bool link_function(struct loader *l, struct xv_raw *raw) {
    size_t plan_size = xv_link_scratch(raw->len);
    size_t from = l->memory_size - raw->len;
    if (plan_size + sizeof(uint32_t) > from || from - plan_size - sizeof(uint32_t) < l->image + l->cursor.end) {
        return xv_cursor_fail(&l->cursor, XIPVM_BLOB_NO_SCRATCH, 0);
    }
    memmove(l->memory + from, raw->fun, raw->len);
    raw->fun = l->memory + from;
    uint8_t *plan = l->memory + from - plan_size;
    plan -= (uintptr_t)plan % sizeof(uint32_t);

    struct xv_linker linker;
    if (!xv_link_plan(&linker, l->operands, raw, plan)) {
        return xv_cursor_fail(&l->cursor, XIPVM_BLOB_LINK_REACH, 0);
    }
    struct xv_sink sink = {.buffer = l->memory + l->image, .capacity = (size_t)(plan - l->memory) - l->image};
    xv_link_head(&sink, linker.new_len, raw->n_children > 0);
    size_t fun = l->image + sink.total;
    xv_link_write(&linker, &sink);
    if (raw->n_children > 0) {
        xv_sink_varuint(&sink, raw->n_children);
    }
    if (sink.failed) {
        return xv_cursor_fail(&l->cursor, XIPVM_BLOB_NO_SCRATCH, 0);
    }
    l->image += sink.total;
    uint32_t code = (uint32_t)(fun + linker.new_len - linker.new_size);
    return xv_tree_enter(&l->tree, code, linker.new_size, raw->n_children)
               ? true
               : xv_cursor_fail(&l->cursor, XIPVM_BLOB_FUNCTION_DEPTH, 0);
}

/* A function that nothing makes is read over, with all below it; it keeps its number by a stub. */
static bool skip_function(struct loader *l) {
    for (uint32_t to_come = 1; to_come > 0; to_come--) {
        struct xv_raw raw;
        if (!read_raw(l, &raw)) {
            return false;
        }
        if (raw.n_children > UINT32_MAX - to_come) {
            return xv_cursor_fail(&l->cursor, XIPVM_BLOB_COUNT_TOO_LARGE, 0);
        }
        to_come += raw.n_children;
    }
    struct xv_sink sink = {.buffer = l->memory + l->image, .capacity = l->memory_size - l->image};
    xv_link_stub(&sink, l->operands[0]);
    l->image += sink.total;
    return sink.failed ? xv_cursor_fail(&l->cursor, XIPVM_BLOB_NO_SCRATCH, 0) : true;
}

static bool read_functions(struct loader *l) {
    l->blob.code_at = l->cursor.origin + l->cursor.pos;
    xv_tree_init(&l->tree, l->memory);
    do {
        struct xv_instr maker;
        struct xv_raw raw;
        bool outer = l->tree.depth == 0, made = xv_tree_next(&l->tree, &maker);
        bool good = made ? read_raw(l, &raw) && verify(l, &raw, outer ? NULL : &maker) && link_function(l, &raw)
                         : skip_function(l);
        if (!good) {
            return false;
        }
    } while (xv_tree_more(&l->tree));
    return true;
}

/* ---- the module */

/* Reads constants and functions to the scratch memory. Nothing in here allocates. */
static bool read_image(struct xv_vm *vm, struct loader *l) {
    l->memory = xv_heap_scratch(vm, &l->memory_size);
    if (l->memory_size > INT32_MAX) {
        l->memory_size = INT32_MAX;
    }
    l->image = 0;
    stage(l, l->memory, l->memory_size);
    l->blob.objs_at = l->cursor.origin;
    if (!xv_check_objects(&l->cursor, l->blob.n_obj)) {
        return false;
    }
    l->image = l->cursor.pos;
    if (!read_functions(l) || !check_end(l)) {
        return false;
    }
    return l->image >> XV_OFFSET_BITS == 0 ? true : xv_cursor_fail(&l->cursor, XIPVM_BLOB_TOO_LARGE, 0);
}

/* The image becomes the module's code, and the names leave its table: they are in the code now. */
static bool adopt(struct xv_vm *vm, struct loader *l, xv_value module, uint32_t objects_size) {
    xv_value image = xv_heap_claim(vm, l->image);
    if (image == XV_NULL) {
        return false;
    }
    struct xv_module *m = xv_module(module);
    m->source_name = m->table[0];
    m->image = image;
    m->base = (const uint8_t *)xv_items(image);
    m->size = (uint32_t)l->image;
    m->objects = 0;
    m->body = objects_size;
    m->flags |= XV_MODULE_LINKED;
    m->n_qstr = 0;
    m->n_obj = l->blob.n_obj;
    xv_module_note_constants(m);
    xv_shrink(vm, module, xv_words_for(offsetof(struct xv_module, table) +
                                        xv_module_offsets(m->n_obj) * sizeof(uint16_t)));
    vm->stats.code_in_ram += l->image - objects_size;
    return true;
}

/* The memory that linking takes at most, in sizes of the blob, which may be a single function: 2.6 if that has little
 * but names, and 7.2 if it has little but loops of five bytes, for each of which the verifier wants 31. */
#define MOST_TIMES 8u

/* Whether what is free now is enough for any blob of `size` bytes that a compiler writes; 0: it is not known. */
static bool is_enough(const struct xv_vm *vm, size_t size) {
    size_t left = xv_heap_free(vm);
    return size != 0 && left > 2 * XV_VERIFIER_SCRATCH && (left - 2 * XV_VERIFIER_SCRATCH) / MOST_TIMES >= size;
}

static bool load(struct xv_vm *vm, struct loader *l, xv_value *r, const char *file) {
    r[1] = xv_module_new(vm, r[0], l->blob.n_qstr, l->blob.n_obj, file);
    if (r[1] == XV_NULL) {
        return false;
    }
    xv_module(r[1])->n_qstr = 0;
    xv_module(r[1])->n_obj = 0;
    if (!read_names(vm, l, &r[1])) {
        return false;
    }
    /* There is one pass only, so all memory that can be had is made available before it. */
    if (xv_may_collect(vm) && !is_enough(vm, l->source->size)) {
        xv_collect(vm);
    }
    int32_t slot = xv_module_slot(vm);
    if (slot < 0) {
        return false;
    }
    l->operands = xv_module(r[1])->table;
    if (!read_image(vm, l) || !adopt(vm, l, r[1], l->blob.code_at - l->blob.objs_at)) {
        return false;
    }
    xv_module_settle(vm, r[1], (uint16_t)slot);
    return true;
}

xv_value xv_module_link(struct xv_vm *vm, xv_value name, const struct xipvm_source *source, struct xv_blob_fault *fault) {
    struct loader l;
    l.source = source;
    l.have = l.used = 0;
    l.ended = false;
    xv_cursor_init(&l.cursor, NULL, 0, 0);
    l.cursor.pull = pull;
    l.cursor.limit = source->size != 0 && source->size < INT32_MAX ? (uint32_t)source->size : INT32_MAX;
    xv_value r[2] = {name, XV_NULL};
    XV_ENTER(vm, r);
    bool done = read_header(&l) && load(vm, &l, r, source->file);
    XV_LEAVE(vm);
    fault->code = l.cursor.code;
    fault->offset = l.cursor.fault;
    return done ? r[1] : XV_NULL;
}

#endif
