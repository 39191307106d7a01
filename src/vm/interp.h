/* The interpreter loop, and the slow paths of its instructions (vm/slow.c). */
#ifndef XV_VM_INTERP_H
#define XV_VM_INTERP_H

#include "vm/call.h"

/* The cache entry of the instruction whose operand is at `ip`. Any entry may have been taken by another instruction. */
static inline struct xv_cache_entry *xv_cache_at(const struct xv_vm *vm, const uint8_t *ip) {
    uintptr_t a = (uintptr_t)ip;
    return &vm->cache[(a ^ (a >> 9)) & (XIPVM_CACHE_ENTRIES - 1)];
}

/* Remembers what that instruction looked up; unless modules share code, when its address does not tell for which of them. */
static inline void xv_cache_set(struct xv_vm *vm, const uint8_t *ip, struct xv_cache_entry entry) {
    if (vm->shares_code == 0) {
        *xv_cache_at(vm, ip) = entry;
    }
}

/* The qstr that index `i` of the translation table of the frame's module stands for; 0 if it is not linked yet. */
static inline uint16_t xv_frame_name(const struct xv_frame *f, uint32_t i) {
    return xv_module(f->module)->table[i];
}

/* Links the name that the instruction `op` has for an operand, which f->ip points to. False with MemoryError. */
bool xv_link_operand(struct xv_vm *vm, const struct xv_frame *f, unsigned op);

/* LOAD_NAME and LOAD_GLOBAL by name: globals, then builtins; NameError. *where, if not NULL, becomes the address of
 * the value, good until vm->names_version changes or a collection. */
xv_value xv_load_global(struct xv_vm *vm, const struct xv_frame *f, uint16_t name, const xv_value **where);
/* DELETE_NAME and DELETE_GLOBAL: KeyError. */
bool xv_delete_name(struct xv_vm *vm, xv_value dict, uint16_t name);

/* BUILD_SLICE n together with the LOAD_SUBSCR or STORE_SUBSCR behind it: the slice lies on the frame stack, above the
 * operands, which end at vm->sp. The item, or XV_NONE if it was stored; XV_NULL; or XV_STOP if the slice has to be
 * made. */
xv_value xv_subscript_slice(struct xv_vm *vm, uint32_t n, bool store);

/* UNPACK_SEQUENCE n and UNPACK_EX w: replace the top of the stack, at vm->sp[-1], by the items; the caller corrects its
 * sp. */
bool xv_unpack_sequence(struct xv_vm *vm, uint32_t n);
bool xv_unpack_ex(struct xv_vm *vm, uint32_t before, uint32_t after);

/* Whether FOR_ITER goes over `v` without an iterator object. Does not allocate. */
bool xv_steps_in_place(const struct xv_vm *vm, xv_value v);
/* FOR_ITER for such a container and the rest of its iterator in it[0 … 3], which are on the stack: the item, XV_STOP
 * or XV_NULL. */
xv_value xv_step(struct xv_vm *vm, xv_value *it);

/* MAKE_*: child `i` of the function whose code is running; stack operands as spec 3.4 has them, ending at `top`. */
xv_value xv_make_function(struct xv_vm *vm, struct xv_frame *f, uint32_t i);
xv_value xv_make_function_with(struct xv_vm *vm, struct xv_frame *f, uint32_t i, xv_value *operands,
                               uint32_t n_cells, bool defaults);

/* Whether a key is a str, as all natives may rely on: else TypeError. */
bool xv_check_keyword(struct xv_vm *vm, xv_value key);

/* CALL_*_VAR_KW: expands the arguments at `args`, of which bit i of `stars` marks the i-th as starred, in place
 * (moving vm->sp to their end). False with an exception. On success *n_pos and *n_kw are what stands there now. */
bool xv_expand_args(struct xv_vm *vm, xv_value *args, uint32_t *n_pos, uint32_t *n_kw, uintptr_t stars);

/* RAISE_OBJ: `v` made an exception object; XV_NULL with TypeError pending if it cannot be one. */
xv_value xv_make_exception(struct xv_vm *vm, xv_value v);

/* LOAD_SUPER_METHOD: out[0], out[1] as xv_find_method does. */
bool xv_super_method(struct xv_vm *vm, xv_value class_, xv_value self, uint16_t name, xv_value *out);

/* Adds a traceback entry for the frame, of the instruction before f->ip, to the pending exception. */
void xv_trace(struct xv_vm *vm, const struct xv_frame *f);

/* The special method `name` of an instance of a Python class, as a function to be called with the instance first;
 * XV_NULL if it has none, or none written in Python. Does not allocate. */
xv_value xv_python_method(const struct xv_vm *vm, xv_value v, uint16_t name);
#endif
