/* Linking a blob in place: its names get ids in this VM, and a table of them is all the RAM that loading takes, besides the
 * module object itself and its dict. Relies on blob/ for the bytes and on the pool for names. */
#include "link/module.h"

#include "blob/verifier.h"
#include "object/container.h"
#include "object/floattext.h"
#include "object/number.h"
#include "object/str.h"
#include "vm/call.h"

/* Offsets of constants that do not fit the table: the constant is found by walking from the last that does. */
#define FAR_OFFSET 0xffffu

/* A free slot of the VM's module table, which grows; -1 with an exception. */
static int32_t take_slot(struct xv_vm *vm) {
    size_t n = vm->slots == XV_NULL ? 0 : xv_n_items(vm->slots);
    for (size_t i = 0; i < n; i++) {
        if (xv_items(vm->slots)[i] == XV_NULL) {
            return (int32_t)i;
        }
    }
    if (n >= XV_MAX_SLOTS) {
        xv_raise(vm, &xv_exc_ImportError, "too many modules");
        return -1;
    }
    size_t more = n < 4 ? 4 : n + n / 2;
    xv_value bigger = xv_alloc_array(vm, more < XV_MAX_SLOTS ? more : XV_MAX_SLOTS);
    if (bigger == XV_NULL) {
        return -1;
    }
    if (n > 0) {
        memcpy(xv_items(bigger), xv_items(vm->slots), n * sizeof(xv_value));
    }
    vm->slots = bigger;
    return (int32_t)n;
}

static bool link_names(struct xv_vm *vm, const struct xv_blob *blob, const xv_value *module) {
    const uint8_t *p = blob->base + blob->qstrs_at;
    for (uint32_t i = 0; i < blob->n_qstr; i++) {
        struct xv_name name;
        p = xv_next_name(p, &name);
        uint16_t id = name.static_id;
        if (id == 0 && (id = xv_intern(vm, name.text, name.len, true)) == 0) {
            return false;
        }
        xv_module(*module)->table[i] = id;
    }
    return true;
}

static void note_constants(const struct xv_blob *blob, struct xv_module *m) {
    const uint8_t *p = m->objects;
    for (uint32_t i = 0; i < blob->n_obj; i++) {
        struct xv_const c;
        size_t offset = (size_t)(p - m->objects);
        m->table[m->n_qstr + i] = offset < FAR_OFFSET ? (uint16_t)offset : FAR_OFFSET;
        p = xv_next_object(p, &c);
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
        r[0] = xv_str_from(vm, file);
        done = r[0] != XV_NULL && xv_dict_set_name(vm, xv_module(*module)->globals, XV_Q___file__, r[0]);
    }
    XV_LEAVE(vm);
    return done;
}

static xv_value module_new(struct xv_vm *vm, xv_value name, size_t table_entries, const char *file) {
    xv_value r[2] = {name, XV_NULL};
    XV_ENTER(vm, r);
    size_t bytes = offsetof(struct xv_module, table) - sizeof(uintptr_t) + table_entries * sizeof(uint16_t);
    r[1] = xv_alloc_bytes(vm, XV_KIND_MODULE, bytes);
    if (r[1] != XV_NULL) {
        xv_module(r[1])->name = r[0];
        if (!set_names(vm, &r[1], r[0], file)) {
            r[1] = XV_NULL;
        }
    }
    XV_LEAVE(vm);
    return r[1];
}

xv_value xv_module_empty(struct xv_vm *vm, xv_value name) {
    return module_new(vm, name, 0, NULL);
}

static xv_value refuse(struct xv_vm *vm, const struct xv_blob_fault *fault) {
    vm->fault_code = fault->code;
    vm->fault_offset = fault->offset;
    return xv_raise(vm, &xv_exc_ImportError, "incompatible .mpy file: %s (byte %u)", xv_blob_error_text(fault->code),
                    (unsigned)fault->offset);
}

xv_value xv_module_load(struct xv_vm *vm, xv_value name, const uint8_t *data, size_t size, const char *file,
                        struct xv_blob_fault *fault) {
    struct xv_blob blob;
    fault->code = XIPVM_BLOB_OK;
    fault->offset = 0;
    if (!xv_blob_open(&blob, data, size, XV_SMALL_BITS, fault)) {
        return refuse(vm, fault);
    }
#if !XV_64
    if (size > (1u << XV_OFFSET_BITS)) {
        return xv_raise(vm, &xv_exc_ImportError, "blob larger than 1 MB");
    }
#endif
    size_t scratch_size;
    void *scratch = xv_heap_scratch(vm, &scratch_size);
    if (scratch_size < XV_VERIFIER_SCRATCH) {
        xv_value keep[1] = {name};
        XV_ENTER(vm, keep);
        xv_collect(vm);
        XV_LEAVE(vm);
        name = keep[0];
        scratch = xv_heap_scratch(vm, &scratch_size);
    }
    if (!xv_blob_verify(&blob, scratch, scratch_size, fault)) {
        if (fault->code == XIPVM_BLOB_NO_SCRATCH) {
            fault->code = XIPVM_BLOB_OK;
            return xv_raise_memory(vm);
        }
        return refuse(vm, fault);
    }
    xv_value r[1] = {module_new(vm, name, (size_t)blob.n_qstr + blob.n_obj, file)};
    if (r[0] == XV_NULL) {
        return XV_NULL;
    }
    XV_ENTER(vm, r);
    struct xv_module *m = xv_module(r[0]);
    m->base = data;
    m->size = (uint32_t)size;
    m->n_qstr = blob.n_qstr;
    m->n_obj = blob.n_obj;
    m->objects = data + blob.objs_at;
    m->body = blob.code_at;
    note_constants(&blob, m);
    int32_t slot = link_names(vm, &blob, r) ? take_slot(vm) : -1;
    if (slot >= 0) {
        xv_module(r[0])->slot = (uint16_t)slot;
        xv_items(vm->slots)[slot] = r[0];
        vm->n_modules++;
        vm->stats.modules_loaded++;
        vm->stats.code_in_place += size - blob.code_at;
    }
    XV_LEAVE(vm);
    return slot >= 0 ? r[0] : XV_NULL;
}

xv_value xv_module_body(xv_value module) {
    return xv_place(XV_IMM_CODE, xv_module(module)->slot, xv_module(module)->body);
}

size_t xv_module_table_bytes(xv_value module) {
    return (size_t)(xv_module(module)->n_qstr + xv_module(module)->n_obj) * sizeof(uint16_t);
}

/* ---- constants */

static const uint8_t *constant_at(const struct xv_module *m, uint32_t i) {
    const uint16_t *offsets = m->table + m->n_qstr;
    uint32_t near = i;
    while (offsets[near] == FAR_OFFSET) {
        near--;
    }
    const uint8_t *p = m->objects + offsets[near];
    for (; near < i; near++) {
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

static xv_value make_number(struct xv_vm *vm, const struct xv_const *c) {
    if (c->tag == XV_TAG_INT) {
        return xv_int_parse(vm, c->data, c->len);
    }
    double d;
    size_t len = c->tag == XV_TAG_COMPLEX ? c->len - 1 : c->len;
    if (!xv_float_parse((const char *)c->data, len, &d)) {
        return xv_raise(vm, &xv_exc_ValueError, "malformed number in a constant");
    }
    return c->tag == XV_TAG_COMPLEX ? xv_complex_new(vm, 0, (xv_real)d) : xv_float_from(vm, (xv_real)d);
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
        return make_number(vm, &c);
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
