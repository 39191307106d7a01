/* Marking: from the roots through every reference, depth first, with the free part of the arena as the stack. An object
 * that does not fit on it turns gray and is found by a walk through the heap later. */
#include "heap/collect.h"
#include "heap/heap.h"
#include "link/module.h"
#include "link/qstr.h"
#include "object/function.h"
#include "vm/frame.h"

/* ORDER KIND: where an object's values begin and how many there are. */
#define TO_END 255u
static const struct {
    uint8_t first, count;
} layouts[XV_KIND_COUNT] = {
    [XV_KIND_RAW] = {1, 0},
    [XV_KIND_ARRAY] = {1, TO_END},
    [XV_KIND_STR] = {1, 0},
    [XV_KIND_BYTES] = {1, 0},
    [XV_KIND_BYTEARRAY] = {1, 1},
    [XV_KIND_INT] = {1, 0},
    [XV_KIND_FLOAT] = {1, 0},
    [XV_KIND_TUPLE] = {1, TO_END},
    [XV_KIND_LIST] = {1, 1},
    [XV_KIND_DICT] = {1, 2},
    [XV_KIND_SET] = {1, 2},
    [XV_KIND_FROZENSET] = {1, 2},
    [XV_KIND_RANGE] = {1, 3},
    [XV_KIND_SLICE] = {1, 3},
    [XV_KIND_CELL] = {1, 1},
    [XV_KIND_FUNCTION] = {1, TO_END},
    [XV_KIND_NATIVE] = {1, 0},
    [XV_KIND_BOUND] = {1, 2},
    [XV_KIND_TYPE] = {1, 0},
    [XV_KIND_CLASS] = {1, XV_CLASS_VALUES},
    [XV_KIND_SHAPE] = {1, 5},
    [XV_KIND_INSTANCE] = {1, TO_END},
    [XV_KIND_EXCEPTION] = {1, 4},
    [XV_KIND_MODULE] = {1, XV_MODULE_VALUES},
    [XV_KIND_NATIVE_MODULE] = {1, 0},
    [XV_KIND_GENERATOR] = {1, TO_END},
    [XV_KIND_PROPERTY] = {1, 3},
    [XV_KIND_STATICMETHOD] = {1, 3},
    [XV_KIND_CLASSMETHOD] = {1, 3},
    [XV_KIND_GENERIC] = {1, TO_END},
};

void xv_reference_range(xv_value object, size_t *first, size_t *n) {
    enum xv_kind kind = xv_kind(object);
    *first = layouts[kind].first;
    *n = layouts[kind].count == TO_END ? xv_words(object) - 1 : layouts[kind].count;
}

void xv_each_reference(struct xv_vm *vm, struct xv_object *object, xv_visit visit) {
    size_t first, n;
    xv_reference_range(xv_from(object), &first, &n);
    xv_value *slot = (xv_value *)object + first;
    for (; n > 0; n--, slot++) {
        visit(vm, slot);
    }
}

static void each(struct xv_vm *vm, xv_value *from, const xv_value *end, xv_visit visit) {
    for (; from < end; from++) {
        visit(vm, from);
    }
}

static void each_frame(struct xv_vm *vm, xv_visit visit) {
    xv_value *end = vm->sp;
    for (struct xv_frame *f = vm->frame; f != NULL; f = f->prev) {
        each(vm, xv_frame_base(f), end, visit);
        each(vm, &f->function, &f->keep + 1, visit);
        struct xv_block *blocks = xv_frame_blocks(f);
        for (unsigned i = 0; i < f->n_blocks; i++) {
            visit(vm, &blocks[i].exc);
        }
        each(vm, f->locals, f->locals + f->n_state, visit);
        end = f->locals;
    }
    each(vm, vm->stack_base, end, visit);
}

void xv_each_root(struct xv_vm *vm, xv_visit visit) {
    each(vm, &vm->first_value, &vm->last_value, visit);
    visit(vm, &vm->exc);
    visit(vm, &vm->pool.text);
    visit(vm, &vm->pool.meta);
    visit(vm, &vm->pool.index);
    for (struct xv_roots *r = vm->roots; r != NULL; r = r->prev) {
        each(vm, r->values, r->values + r->n, visit);
    }
    each_frame(vm, visit);
}

/* ---- marking */

struct mark_entry {
    xv_value object;
    xv_value *next, *end;
};

struct marker {
    struct mark_entry *stack;
    size_t depth, capacity;
    size_t live; /* bytes */
    uint8_t *gray_low, *gray_high; /* all gray objects are between these, both included; NULL: there are none */
};

static struct marker *marker_of(struct xv_vm *vm) {
    /* Only set, and only read, while xv_mark runs. */
    return (struct marker *)vm->marker;
}

static void push(struct marker *m, xv_value object) {
    size_t first, n;
    xv_reference_range(object, &first, &n);
    if (n == 0) {
        return;
    }
    if (m->depth == m->capacity) {
        uint8_t *at = (uint8_t *)object;
        xv_object(object)->header |= XV_H_GRAY;
        m->gray_low = m->gray_low == NULL || at < m->gray_low ? at : m->gray_low;
        m->gray_high = m->gray_high == NULL || at > m->gray_high ? at : m->gray_high;
        return;
    }
    xv_value *slot = (xv_value *)object + first;
    m->stack[m->depth++] = (struct mark_entry){object, slot, slot + n};
}

static void mark_value(struct xv_vm *vm, xv_value *slot) {
    xv_value v = *slot;
    if (xv_is_object(v)) {
        if (!xv_in_heap(vm, v) || (xv_object(v)->header & XV_H_MARK) != 0) {
            return;
        }
        struct marker *m = marker_of(vm);
        xv_object(v)->header |= XV_H_MARK;
        m->live += xv_words(v) * sizeof(uintptr_t);
        if (xv_kind(v) == XV_KIND_MODULE) {
            xv_module_mark_names(vm, xv_module(v));
        }
        push(m, v);
    } else if (xv_is_qstr(v)) {
        xv_pool_mark(vm, xv_qstr_id(v));
    } else if (xv_is_imm(v, XV_IMM_CODE) || xv_is_imm(v, XV_IMM_CONST)) {
        mark_value(vm, &xv_items(vm->slots)[xv_place_slot(v)]);
    }
}

static void drain(struct xv_vm *vm, struct marker *m) {
    while (m->depth > 0) {
        struct mark_entry *e = &m->stack[m->depth - 1];
        if (e->next == e->end) {
            m->depth--;
        } else {
            mark_value(vm, e->next++);
        }
    }
}

/* Marks the gray: those that found the stack full. Each walk is from the lowest to the highest of them only: along a chain
 * there is one at a time, wherever it leads, and so a chain takes no longer than it is long. */
static void mark_gray(struct xv_vm *vm, struct marker *m) {
    while (m->gray_low != NULL) {
        uint8_t *at = m->gray_low;
        uint8_t *high = m->gray_high;
        m->gray_low = m->gray_high = NULL;
        while (at <= high) {
            xv_value object = xv_from(at);
            at += xv_words(object) * sizeof(uintptr_t);
            if (xv_object(object)->header & XV_H_GRAY) {
                xv_object(object)->header &= ~XV_H_GRAY;
                push(m, object);
                drain(vm, m);
            }
        }
    }
}

/* Marks an object without what it refers to: the tables that do not keep their entries alive. */
static void mark_weak(struct marker *m, xv_value table) {
    if (table != XV_NULL) {
        xv_object(table)->header |= XV_H_MARK;
        m->live += xv_words(table) * sizeof(uintptr_t);
    }
}

static void mark_root(struct xv_vm *vm, xv_value *slot) {
    mark_value(vm, slot);
    drain(vm, marker_of(vm));
}

static void sweep_modules(struct xv_vm *vm, struct marker *m) {
    if (vm->slots == XV_NULL) {
        return;
    }
    xv_value *slots = xv_items(vm->slots);
    for (size_t i = 0; i < xv_n_items(vm->slots); i++) {
        if (slots[i] == XV_NULL || (xv_object(slots[i])->header & XV_H_MARK) != 0) {
            continue;
        }
        if (xv_module_lingers(vm, slots[i])) {
            mark_weak(m, slots[i]);
        } else {
            slots[i] = XV_NULL;
        }
    }
}

/* Marks what the roots lead to. The MemoryError that the VM keeps comes last: if nothing else has led to it, what it has
 * gathered when it was last raised (a traceback, attributes) is garbage. */
static void mark_roots(struct xv_vm *vm, struct marker *m) {
    xv_value spare = vm->memory_error;
    vm->memory_error = XV_NULL;
    xv_each_root(vm, mark_root);
    mark_gray(vm, m);
    vm->memory_error = spare;
    if (spare != XV_NULL) {
        if ((xv_object(spare)->header & XV_H_MARK) == 0) {
            xv_memory_error_renew(vm);
        }
        mark_root(vm, &vm->memory_error);
        mark_gray(vm, m);
    }
}

size_t xv_mark(struct xv_vm *vm) {
    struct mark_entry local[16];
    struct marker m = {local, 0, sizeof local / sizeof *local, 0, NULL, NULL};
    size_t size;
    void *free_part = xv_heap_scratch(vm, &size);
    if (size / sizeof *local > m.capacity) {
        m.stack = free_part;
        m.capacity = size / sizeof *local;
    }
    vm->marker = &m;
    xv_pool_unmark(vm);
    mark_weak(&m, vm->slots);
    mark_weak(&m, vm->identities);
    mark_weak(&m, vm->watched);
    mark_roots(vm, &m);
    xv_watched_sweep(vm);
    sweep_modules(vm, &m);
    xv_identities_sweep(vm);
    xv_pool_sweep(vm);
    xv_pool_each_text(vm, mark_root);
    vm->marker = NULL;
    return m.live;
}
