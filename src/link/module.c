/* Modules, and linking a blob in place: its names get ids in this VM, and a table of them is all the RAM that loading takes,
 * besides the module object itself and its dict. Relies on blob/ for the bytes and on the pool for names. */
#include "link/module.h"

#include "blob/linker.h"
#include "blob/verifier.h"
#include "heap/collect.h"
#include "link/qstr.h"
#include "object/container.h"
#include "object/numeric.h"
#include "object/str.h"
#include "vm/call.h"

/* Offsets of constants that do not fit the table: the constant is found by walking from the last that does. */
#define FAR_OFFSET 0xffffu

/* How many slots there are if `n` of them are needed. What is needed says it all, so that they shrink as they grew. */
static size_t slots_room(size_t n) {
    size_t room = XV_FIRST_SLOTS;
    while (room < n) {
        room += room / 2;
    }
    return room < XV_MAX_SLOTS ? room : XV_MAX_SLOTS;
}

static size_t n_slots(const struct xv_vm *vm) {
    return vm->slots == XV_NULL ? 0 : xv_n_items(vm->slots);
}

/* The first free slot; n_slots() if there is none. */
static size_t free_slot(const struct xv_vm *vm) {
    size_t i = 0, n = n_slots(vm);
    while (i < n && xv_items(vm->slots)[i] != XV_NULL) {
        i++;
    }
    return i;
}

int32_t xv_module_slot(struct xv_vm *vm) {
    size_t n = free_slot(vm);
    if (n >= XV_MAX_SLOTS && xv_may_collect(vm)) {
        /* Modules that nothing refers to any more have theirs until they are collected. */
        xv_collect(vm);
        n = free_slot(vm);
    }
    if (n >= XV_MAX_SLOTS) {
        xv_raise(vm, &xv_exc_ImportError, "too many modules");
        return -1;
    }
    if (n < n_slots(vm)) {
        return (int32_t)n;
    }
    xv_value bigger = xv_alloc_array(vm, slots_room(n + 1));
    if (bigger == XV_NULL) {
        return -1;
    }
    if (vm->slots != XV_NULL) {
        /* As many as there still are: the collection may have ended modules. */
        memcpy(xv_items(bigger), xv_items(vm->slots), xv_n_items(vm->slots) * sizeof(xv_value));
    }
    vm->slots = bigger;
    return (int32_t)n;
}

/* ---- code that modules have in common */

static const struct xv_module *in_slot(const struct xv_vm *vm, size_t i) {
    xv_value module = xv_items(vm->slots)[i];
    return module == XV_NULL ? NULL : xv_module(module);
}

/* True if one of the two regions begins in the other. Their ends are of no use: behind the last byte comes address 0. */
static bool overlap(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size) {
    return (uintptr_t)a - (uintptr_t)b < b_size || (uintptr_t)b - (uintptr_t)a < a_size;
}

/* True if a module that is executed in place, other than `but`, has bytes there. */
static bool is_used(const struct xv_vm *vm, const uint8_t *data, size_t size, const struct xv_module *but) {
    for (size_t i = 0; i < n_slots(vm); i++) {
        const struct xv_module *m = in_slot(vm, i);
        if (m != NULL && m != but && m->image == XV_NULL && m->base != NULL && overlap(m->base, m->size, data, size)) {
            return true;
        }
    }
    return false;
}

static bool shares_code(const struct xv_vm *vm, const struct xv_module *m) {
    return m->image == XV_NULL && m->base != NULL && is_used(vm, m->base, m->size, m);
}

void xv_module_settle(struct xv_vm *vm, xv_value module, uint16_t slot) {
    if (shares_code(vm, xv_module(module))) {
        vm->shares_code = 2;
        xv_forget_caches(vm);
    }
    xv_module(module)->slot = slot;
    xv_items(vm->slots)[slot] = module;
    vm->n_modules++;
    vm->stats.loaded[xv_module_way(xv_module(module))]++;
}

/* The names that the firmware has are linked at once, as they take no RAM. All others are when they are first needed
 * (xv_module_name), so that code which is never executed costs two bytes for each of its names, and no more. */
static void link_static_names(struct xv_module *m) {
    const uint8_t *p = m->base + m->names;
    for (uint32_t i = 0; i < m->n_qstr; i++) {
        struct xv_name name;
        p = xv_next_name(p, &name);
        m->table[i] = name.static_id != 0 ? name.static_id : xv_qstr_find_static(name.text, name.len);
    }
}

/* Links entry `i` of the table. */
static uint16_t link_name(struct xv_vm *vm, xv_value module, uint32_t i) {
    const struct xv_module *m = xv_module(module);
    const uint8_t *p = m->base + m->names;
    struct xv_name name;
    for (uint32_t at = 0; at <= i; at++) {
        p = xv_next_name(p, &name);
    }
    xv_value r[1] = {module};
    XV_ENTER(vm, r);
    uint16_t id = xv_intern(vm, name.text, name.len, true);
    xv_module(r[0])->table[i] = id;
    XV_LEAVE(vm);
    return id;
}

uint16_t xv_module_name(struct xv_vm *vm, xv_value module, uint32_t operand) {
    uint16_t id = xv_module_qstr(xv_module(module), operand);
    uint32_t i = xv_module_is_linked(xv_module(module)) ? operand & ~XV_OPERAND_TABLE : operand;
    return id != 0 ? id : link_name(vm, module, i);
}

void xv_module_note_constants(struct xv_module *m) {
    const uint8_t *p = m->base + m->objects;
    for (uint32_t i = 1; i < m->n_obj; i++) {
        struct xv_const c;
        p = xv_next_object(p, &c);
        if (i % XV_NEAR_CONSTANTS == 0) {
            size_t offset = (size_t)(p - (m->base + m->objects));
            m->table[m->n_qstr + i / XV_NEAR_CONSTANTS - 1] = offset < FAR_OFFSET ? (uint16_t)offset : FAR_OFFSET;
        }
    }
}

static bool set_names(struct xv_vm *vm, const xv_value *module, xv_value name, const char *file) {
    xv_value r[1] = {name};
    XV_ENTER(vm, r);
    xv_value globals = xv_dict_new(vm, 4);
    bool done = globals != XV_NULL;
    if (done) {
        xv_module(*module)->globals = globals;
        xv_dict(globals)->is_names = 1;
        done = xv_dict_set_name(vm, globals, XV_Q___name__, r[0]);
    }
    if (done && file != NULL) {
        r[0] = xv_utf8_valid((const uint8_t *)file, strlen(file)) ? xv_str_from(vm, file)
                                                                  : xv_raise(vm, &xv_exc_UnicodeError, "__file__ is not UTF-8");
        done = r[0] != XV_NULL && xv_dict_set_name(vm, xv_module(*module)->globals, XV_Q___file__, r[0]);
    }
    XV_LEAVE(vm);
    return done;
}

xv_value xv_module_new(struct xv_vm *vm, xv_value name, uint32_t n_qstr, uint32_t n_obj, const char *file) {
    xv_value r[2] = {name, XV_NULL};
    uint64_t entries = (uint64_t)n_qstr + xv_module_offsets(n_obj);
    if (entries > XV_MAX_WORDS / 4) {
        return xv_raise_memory(vm);
    }
    XV_ENTER(vm, r);
    size_t bytes = offsetof(struct xv_module, table) - sizeof(uintptr_t) + (size_t)entries * sizeof(uint16_t);
    r[1] = xv_alloc_bytes(vm, XV_KIND_MODULE, bytes);
    if (r[1] != XV_NULL) {
        xv_module(r[1])->n_qstr = n_qstr;
        xv_module(r[1])->n_obj = n_obj;
        xv_module(r[1])->name = r[0];
        if (!set_names(vm, &r[1], r[0], file)) {
            r[1] = XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return r[1];
}

xv_value xv_module_empty(struct xv_vm *vm, xv_value name) {
    return xv_module_new(vm, name, 0, 0, NULL);
}

static xv_value refuse(struct xv_vm *vm, const struct xv_blob_fault *fault) {
    vm->fault_code = fault->code;
    vm->fault_offset = fault->offset;
    return xv_raise(vm, &xv_exc_ImportError, "incompatible .mpy file: %s (byte %u)", xv_blob_error_text(fault->code),
                    (unsigned)fault->offset);
}

bool xv_blob_open_in_place(struct xv_blob *blob, const uint8_t *data, size_t size, struct xv_blob_fault *fault) {
    if (!xv_blob_open(blob, data, size, XV_SMALL_BITS, fault)) {
        return false;
    }
    if ((uint64_t)size >> XV_OFFSET_BITS != 0) {
        fault->code = XIPVM_BLOB_TOO_LARGE;
        return false;
    }
    return true;
}

static bool verify(struct xv_vm *vm, struct xv_blob *blob, struct xv_blob_fault *fault) {
    size_t size;
    void *scratch = xv_heap_scratch(vm, &size);
    return xv_blob_verify(blob, scratch, size, fault);
}

/* Whether a blob was refused only because the verifier had too little memory. */
static bool is_for_scratch(enum xipvm_blob_error code) {
    return code == XIPVM_BLOB_NO_SCRATCH || code == XIPVM_BLOB_TOO_MANY_LOOPS || code == XIPVM_BLOB_TOO_MANY_LABELS ||
           code == XIPVM_BLOB_TOO_MANY_SPECIALS;
}

/* Verifies a blob where it lies. */
static bool check(struct xv_vm *vm, xv_value *name, struct xv_blob *blob, const struct xipvm_source *source,
                  struct xv_blob_fault *fault) {
    if (!xv_blob_open_in_place(blob, source->data, source->size, fault)) {
        return false;
    }
    bool good = verify(vm, blob, fault);
    if (!good && is_for_scratch(fault->code) && xv_may_collect(vm)) {
        /* What garbage there is must not decide whether a blob is a good one. */
        XV_ENTER_VALUES(vm, name, 1);
        xv_collect(vm);
        XV_LEAVE(vm);
        good = verify(vm, blob, fault);
    }
    return good;
}

#if XIPVM_DEBUG
uint32_t xv_module_checksum(const struct xv_module *m) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < m->size; i++) {
        sum = sum * 31 + m->base[i];
    }
    return sum;
}
#endif

static xv_value load_in_place(struct xv_vm *vm, xv_value name, const struct xipvm_source *source,
                              struct xv_blob_fault *fault) {
    struct xv_blob blob;
    if (!check(vm, &name, &blob, source, fault)) {
        return XV_NULL;
    }
    xv_value r[1] = {xv_module_new(vm, name, blob.n_qstr, blob.n_obj, source->file)};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    struct xv_module *m = xv_module(r[0]);
    m->base = source->data;
    m->size = (uint32_t)source->size;
    m->objects = blob.objs_at;
    m->body = blob.code_at;
#if XIPVM_DEBUG
    m->checksum = xv_module_checksum(m);
#endif
    if (blob.linked) {
        m->flags |= XV_MODULE_LINKED;
    }
    m->names = blob.qstrs_at;
    m->source_name = blob.source_name;
    link_static_names(m);
    xv_module_note_constants(m);
    int32_t slot = xv_module_slot(vm);
    if (slot >= 0) {
        xv_module_settle(vm, r[0], (uint16_t)slot);
        vm->stats.code_in_place += source->size - blob.code_at;
    }
    XV_LEAVE(vm);
    return slot >= 0 ? r[0] : XV_NULL;
}

/* ---- which way */

static bool is_within(const struct xipvm_hal *hal, const struct xipvm_source *source) {
    if (hal == NULL || hal->window == NULL) {
        return true;
    }
    uintptr_t low = (uintptr_t)hal->window, at = (uintptr_t)source->data;
    return at >= low && at - low <= hal->window_size && source->size <= hal->window_size - (at - low);
}

#if XIPVM_LINKING
/* A blob at an address from which it is to be copied, as a stream. */
struct copier {
    const struct xipvm_hal *hal;
    const uint8_t *at;
    size_t left;
};

static int32_t copy_some(void *stream, void *buffer, size_t size) {
    struct copier *c = stream;
    size_t n = size < c->left ? size : c->left;
    if (n > 0 && c->hal != NULL && c->hal->fetch != NULL) {
        if (!c->hal->fetch(c->hal->context, c->at, buffer, n)) {
            return -1;
        }
    } else if (n > 0) {
        memcpy(buffer, c->at, n);
    }
    c->at += n;
    c->left -= n;
    return (int32_t)n;
}
#endif

static xv_value load(struct xv_vm *vm, xv_value name, const struct xipvm_source *source, struct xv_blob_fault *fault) {
    bool in_place = source->data != NULL && source->strategy != XIPVM_STRATEGY_LINK &&
                    (source->strategy == XIPVM_STRATEGY_IN_PLACE || is_within(vm->hal, source));
    if (in_place) {
        return load_in_place(vm, name, source, fault);
    }
#if XIPVM_LINKING
    if (source->data == NULL) {
        return xv_module_link(vm, name, source, fault);
    }
    struct copier copier = {vm->hal, source->data, source->size};
    struct xipvm_source copied = *source;
    copied.read = copy_some;
    copied.stream = &copier;
    return xv_module_link(vm, name, &copied, fault);
#else
    return xv_raise(vm, &xv_exc_ImportError, "only mapped blobs can be loaded here");
#endif
}

xv_value xv_module_load(struct xv_vm *vm, xv_value name, const struct xipvm_source *source, struct xv_blob_fault *fault) {
    fault->code = XIPVM_BLOB_OK;
    fault->offset = 0;
    xv_value module = load(vm, name, source, fault);
    if (source->data == NULL && source->close != NULL) {
        source->close(source->stream);
    }
    if (fault->code == XIPVM_BLOB_NO_SCRATCH) {
        fault->code = XIPVM_BLOB_OK;
        return xv_raise_memory(vm);
    }
    return fault->code != XIPVM_BLOB_OK ? refuse(vm, fault) : module;
}

xv_value xv_module_body(xv_value module) {
    return xv_place(XV_IMM_CODE, xv_module(module)->slot, xv_module(module)->body);
}

size_t xv_module_table_bytes(xv_value module) {
    const struct xv_module *m = xv_module(module);
    return ((size_t)m->n_qstr + xv_module_offsets(m->n_obj)) * sizeof(uint16_t);
}

/* ---- for the collector */

static void mark_name(void *context, uint32_t operand) {
    if ((operand & XV_OPERAND_TABLE) == 0) {
        xv_pool_mark(context, (uint16_t)operand);
    }
}

void xv_module_mark_names(struct xv_vm *vm, const struct xv_module *m) {
    for (uint32_t i = 0; i < m->n_qstr; i++) {
        xv_pool_mark(vm, m->table[i]);
    }
    if (m->image != XV_NULL) {
        xv_pool_mark(vm, m->source_name);
        xv_linked_names(m->base + m->body, mark_name, vm);
    }
}

/* How far a module's code has moved since m->base was last right. */
static uintptr_t moved_by(const struct xv_module *m) {
    return m->image == XV_NULL ? 0 : (uintptr_t)xv_items(m->image) - (uintptr_t)m->base;
}

static const uint8_t *follow(const uint8_t *p, uintptr_t by) {
    return (const uint8_t *)((uintptr_t)p + by);
}

void xv_module_rebase(struct xv_vm *vm) {
    for (struct xv_frame *f = vm->frame; f != NULL; f = f->prev) {
        uintptr_t by = moved_by(xv_module(f->module));
        f->ip = follow(f->ip, by);
        f->start = follow(f->start, by);
    }
    size_t n = n_slots(vm);
    for (size_t i = 0; i < n; i++) {
        if (xv_items(vm->slots)[i] != XV_NULL) {
            struct xv_module *m = xv_module(xv_items(vm->slots)[i]);
            m->base = follow(m->base, moved_by(m));
        }
    }
}

/* ---- constants */

static const uint8_t *constant_at(const struct xv_module *m, uint32_t i) {
    const uint16_t *offsets = m->table + m->n_qstr;
    const uint8_t *objects = m->base + m->objects;
    uint32_t near = i / XV_NEAR_CONSTANTS;
    while (near > 0 && offsets[near - 1] == FAR_OFFSET) {
        near--;
    }
    const uint8_t *p = near == 0 ? objects : objects + offsets[near - 1];
    for (near *= XV_NEAR_CONSTANTS; near < i; near++) {
        struct xv_const skipped;
        p = xv_next_object(p, &skipped);
    }
    return p;
}

static xv_value make_constant(struct xv_vm *vm, unsigned slot, uint32_t offset, uint32_t *end);

static xv_value make_tuple(struct xv_vm *vm, unsigned slot, uint32_t offset, uint32_t n, uint32_t *end) {
    xv_value r[1] = {xv_tuple_new(vm, n)};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    for (uint32_t i = 0; i < n; i++) {
        xv_value item = make_constant(vm, slot, offset, &offset);
        if (item == XV_NULL) {
            r[0] = XV_NULL;
            break;
        }
        xv_items(r[0])[i] = item;
    }
    XV_LEAVE(vm);
    *end = offset;
    return r[0];
}

static xv_value make_number(struct xv_vm *vm, xv_value place, const struct xv_const *c) {
    if (c->tag == XV_TAG_INT) {
        return xv_int_from_str(vm, place, 10);
    }
    xv_real d;
    size_t len = c->tag == XV_TAG_COMPLEX ? c->len - 1 : c->len;
    if (!xv_real_parse(c->data, len, &d)) {
        return xv_raise(vm, &xv_exc_ValueError, "malformed number in a constant");
    }
    return c->tag == XV_TAG_COMPLEX ? xv_complex_new(vm, 0, d) : xv_float_from(vm, d);
}

/* The constant at an offset of the blob in a slot; *end becomes the offset behind it. */
static xv_value make_constant(struct xv_vm *vm, unsigned slot, uint32_t offset, uint32_t *end) {
    const uint8_t *base = xv_module(xv_items(vm->slots)[slot])->base;
    struct xv_const c;
    const uint8_t *data = xv_const_read(base + offset, &c);
    *end = (uint32_t)(data - base);
    switch (c.tag) {
    case XV_TAG_NONE:
        return XV_NONE;
    case XV_TAG_FALSE:
        return XV_FALSE;
    case XV_TAG_TRUE:
        return XV_TRUE;
    case XV_TAG_ELLIPSIS:
        return XV_ELLIPSIS;
    case XV_TAG_STR:
    case XV_TAG_BYTES:
        *end += c.len + 1;
        return xv_place(XV_IMM_CONST, slot, offset);
    case XV_TAG_TUPLE:
        return make_tuple(vm, slot, *end, c.len, end);
    default:
        *end += c.len;
        return make_number(vm, xv_place(XV_IMM_CONST, slot, offset), &c);
    }
}

xv_value xv_module_constant(struct xv_vm *vm, xv_value module, uint32_t i) {
    struct xv_module *m = xv_module(module);
    if (m->constants != XV_NULL && xv_items(m->constants)[i] != XV_NULL) {
        return xv_items(m->constants)[i];
    }
    xv_value r[2] = {module, XV_NULL};
    XV_ENTER(vm, r);
    size_t used = xv_heap_used(vm);
    uint32_t offset = (uint32_t)(constant_at(m, i) - m->base), end;
    r[1] = make_constant(vm, m->slot, offset, &end);
    if (xv_is_object(r[1]) || xv_is_float(r[1])) {
        /* Made from text: kept, so that each load gives the same object. */
        if (xv_module(r[0])->constants == XV_NULL) {
            xv_value array = xv_alloc_array(vm, xv_module(r[0])->n_obj);
            if (array == XV_NULL) {
                r[1] = XV_NULL;
            }
            xv_module(r[0])->constants = array;
        }
        if (r[1] != XV_NULL) {
            xv_items(xv_module(r[0])->constants)[i] = r[1];
            if (xv_heap_used(vm) > used) {
                vm->stats.constant_bytes += xv_heap_used(vm) - used;
            }
        }
    }
    XV_LEAVE(vm);
    return r[1];
}

/* ---- the end of modules */

bool xv_blob_in_use(const struct xv_vm *vm, const uint8_t *data, size_t size) {
    return is_used(vm, data, size, NULL) || xv_pool_uses(vm, data, size, false);
}

/* A module has left its slot: tells the host if that was the last of a blob that the host gave. */
static void tell_host(const struct xv_vm *vm, const struct xv_module *gone) {
    const struct xipvm_hal *hal = vm->hal;
    if (gone->image != XV_NULL || gone->base == NULL || (gone->flags & XV_MODULE_BUILTIN) != 0 || hal == NULL ||
        hal->blob_released == NULL) {
        return;
    }
    for (size_t i = 0; i < xv_n_items(vm->slots); i++) {
        const struct xv_module *m = in_slot(vm, i);
        if (m != NULL && m != gone && m->base == gone->base) {
            return;
        }
    }
    hal->blob_released(hal->context, gone->base, gone->size);
}

bool xv_module_lingers(struct xv_vm *vm, xv_value module) {
    struct xv_module *m = xv_module(module);
    if ((m->flags & XV_MODULE_GONE) == 0) {
        vm->n_modules--;
    }
    if (m->image == XV_NULL && xv_pool_uses(vm, m->base, m->size, true)) {
        m->flags |= XV_MODULE_GONE;
        m->name = m->globals = m->constants = XV_NULL;
        return true;
    }
    tell_host(vm, m);
    return false;
}

void xv_modules_settle(struct xv_vm *vm) {
    if (vm->slots == XV_NULL) {
        return;
    }
    size_t n = 0;
    bool shares = false;
    for (size_t i = 0; i < xv_n_items(vm->slots); i++) {
        const struct xv_module *m = in_slot(vm, i);
        if (m != NULL && (m->flags & XV_MODULE_GONE) != 0 && xv_pool_evacuate(vm, m->base, m->size)) {
            tell_host(vm, m);
            xv_items(vm->slots)[i] = XV_NULL;
            vm->has_trimmed = true;
        }
        if (xv_items(vm->slots)[i] != XV_NULL) {
            n = i + 1;
            shares = shares || (vm->shares_code != 0 && shares_code(vm, m));
        }
    }
    vm->shares_code = shares;
    size_t words = 1 + slots_room(n);
    if (words < xv_words(vm->slots)) {
        xv_shrink(vm, vm->slots, words);
        vm->has_trimmed = true;
    }
}
