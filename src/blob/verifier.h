/*
 * The verifier: proves, before the first instruction runs, that no instruction of a blob can reach outside
 * the blob's tables, its own locals, its value stack or its block stack.
 */
#ifndef XV_BLOB_VERIFIER_H
#define XV_BLOB_VERIFIER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "blob/opcodes.h"
#include "blob/reader.h"

/* Scratch memory that is enough for at least 64 loops, 48 open forward jumps and handlers and 64 loops and calls
 * within one another in one function, and for 32 nested exception blocks, several times what compiled programs have.
 * Bytes, any alignment. */
#define XV_VERIFIER_SCRATCH 3072

/* How many exception blocks may be open at one time. */
#define XV_VERIFIER_BLOCKS 32

/*
 * Verifies every function of an opened blob. Returns false with the first fault in *fault (which may be
 * NULL); its offset is that of the instruction or function. `scratch` is used only during the call; less
 * than XV_VERIFIER_SCRATCH bytes is refused with NO_SCRATCH, more makes room for larger functions. Time is
 * linear in the size of the blob, C stack use below 1 kB, whatever the blob. Functions that no
 * instruction makes cannot run and are not looked at.
 *
 * What holds for every function of a verified blob:
 *  - operands are in range: qstrs, constants, children, locals (below n_state), jump targets;
 *  - locals used + the deepest stack <= n_state, if a finally handler is entered with one slot (and the
 *    handler of an `async with` with at most two, for which there is room);
 *  - never more than n_exc blocks are open, and the stack depth at an instruction is always the same;
 *  - *_DEREF names a local that is a cell, by the prelude or by the MAKE_CLOSURE that made the function;
 *  - execution never runs off the end, and yields stand in generators only;
 *  - NULL and the slots of an iterator, which the same instructions find in the same places whatever way leads there, are
 *    operands of no instruction but those that expect them: no other ever meets "no object".
 *
 * What kind of object a slot holds (a cell, a key of a call …) is for the interpreter to check. VERIFIER.md tells more.
 */
bool xv_blob_verify(const struct xv_blob *blob, void *scratch, size_t scratch_size,
                    struct xv_blob_fault *fault);

/*
 * The same for one function, which `maker`, a MAKE_* instruction of its parent, makes (NULL: the outer one), for a loader that
 * sees them one by one. The offset of a fault counts from raw->fun. raw->children is not looked at.
 */
bool xv_function_verify(const struct xv_blob *blob, const struct xv_raw *raw, const struct xv_instr *maker,
                        void *scratch, size_t scratch_size, struct xv_blob_fault *fault);

/*
 * A walk through a blob's functions in the order in which they stand, the outer one first:
 *
 *     xv_tree_init(&tree, base);
 *     do {
 *         if (xv_tree_next(&tree, &maker)) { ... the next function; then xv_tree_enter(&tree, ...) }
 *         else { ... nothing makes it: it is left out, with all below it }
 *     } while (xv_tree_more(&tree));
 *
 * What makes a child is looked for in the code of its parent, which must have been verified and stay where it is.
 */
struct xv_tree {
    const uint8_t *base;
    uint32_t depth;
    struct {
        uint32_t scan; /* where in its bytecode the search for the next MAKE_* goes on, from base */
        uint32_t end;  /* of its bytecode */
        uint32_t next_child, n_children;
    } parents[XV_MAX_FUNCTION_DEPTH + 1]; /* functions whose children are being walked */
};

void xv_tree_init(struct xv_tree *tree, const uint8_t *base);
/* Whether anything makes the next function: *maker becomes that instruction, except for the outer one, which none makes. */
bool xv_tree_next(struct xv_tree *tree, struct xv_instr *maker);
/* Its bytecode, `size` bytes from base + at on, and how many children follow it. False if they are nested too deeply. */
bool xv_tree_enter(struct xv_tree *tree, uint32_t at, uint32_t size, uint32_t n_children);
bool xv_tree_more(struct xv_tree *tree);

#endif
