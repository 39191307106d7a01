/* Frames: one for each Python function that is running, on the VM's frame stack.
 *
 *   … f  a1 a2 a3 | l4 l5 … | struct xv_frame | blocks | value stack →
 *        locals                                          base        sp
 *
 * The arguments that the caller pushed become the first locals where they stand. A frame reserves its whole value stack
 * when it is pushed, so that pushing a value needs no check. */
#ifndef XV_VM_FRAME_H
#define XV_VM_FRAME_H

#include "object/function.h"

/* An open try or with block (spec 3.8). */
struct xv_block {
    uintptr_t handler;   /* offset from the first instruction */
    uintptr_t base;      /* depth of the value stack to return to, and how the handler was entered: see below */
    xv_value exc;        /* entered with: the exception; the value to return; or dest << 8 | unwind count */
};
/* Low bits of `base`; the depth is above them. */
enum xv_block_bits {
    XV_BLOCK_FINALLY = 1, /* a finally or with block, else an except block */
    XV_BLOCK_ASYNC = 2,   /* of an `async with`: its handler is entered with two slots */
    XV_BLOCK_RAISED = 4,  /* entered by an exception, which is in `exc` */
    XV_BLOCK_SHIFT = 3
};

/* What is to be done with the result of a frame when it returns (vm/interp.c; ORDER THEN). */
enum xv_then {
    XV_THEN_PUSH,        /* push it on the caller's stack: a plain call */
    XV_THEN_INSTANCE,    /* of __init__: it must be None; the result is `keep`, the instance */
    XV_THEN_DISCARD,     /* of __setitem__ and the like: there is no result */
    XV_THEN_CLASS_BODY,  /* of a class body: make the class; `keep` is (name, bases) */
    XV_THEN_IMPORT,      /* of a module's body, `keep`: execute the importing instruction again */
    XV_THEN_GENERATOR,   /* a generator's frame; `keep` is the generator, `mode` says who resumed it, as what follows is theirs */
    XV_THEN_BINARY,      /* of an operator method: after NotImplemented operator `mode` is tried otherwise */
    XV_THEN_NEXT,        /* of a __next__ called by FOR_ITER: StopIteration ends the loop */
    XV_THEN_ENTER,       /* of __enter__: open the block that is waiting */
    XV_THEN_WITH,        /* of __exit__: its truth swallows the exception */
    XV_THEN_STAR,        /* of what makes a list of an operand: it takes its place, `mode` slots below the top */
    XV_THEN_DELEGATE,    /* of what makes the next item of an iterator that YIELD_FROM delegates to */
    XV_THEN_ANSWER       /* of what a native asked for (vm/ask.h): execute its instruction again; `keep`: the answers before */
};

/* Who resumed a generator's frame: its `mode`. */
enum xv_resume_mode { XV_RESUME_CALL, XV_RESUME_FOR, XV_RESUME_YIELD_FROM };

/* Frame flags. */
enum xv_frame_flags {
    XV_FRAME_EXIT = 1    /* leave the interpreter loop with the result: the frame was pushed by xv_call */
};

struct xv_frame {
    struct xv_frame *prev;
    const uint8_t *ip;      /* behind the opcode of the instruction that is being executed, or behind all of it */
    const uint8_t *start;   /* first instruction */
    xv_value *locals;
    xv_value *result;       /* where the result goes, and so the caller's stack ends, when the frame returns */
    xv_value *limit;        /* end of what the frame has reserved */
    xv_value function;      /* what was called: keeps the code, defaults and cells alive */
    xv_value module;        /* MODULE whose names and constants the code uses */
    xv_value names;         /* dict of the *_NAME opcodes in a class body, or XV_NULL */
    xv_value keep;          /* for `then` */
    uint8_t then;
    uint8_t flags;
    uint8_t mode;
    uint8_t n_exc;
    uint8_t n_blocks;       /* open now */
    uint16_t n_state;
};
#define XV_FRAME_WORDS (sizeof(struct xv_frame) / sizeof(xv_value))
#define XV_BLOCK_WORDS (sizeof(struct xv_block) / sizeof(xv_value))

static inline struct xv_block *xv_frame_blocks(struct xv_frame *f) {
    return (struct xv_block *)(f + 1);
}

/* The exception that the innermost handler which the frame is in was entered with, or XV_NULL. */
static inline xv_value xv_frame_handled(struct xv_frame *f) {
    for (unsigned i = f->n_blocks; i-- > 0;) {
        const struct xv_block *b = &xv_frame_blocks(f)[i];
        if (b->base & XV_BLOCK_RAISED) {
            return b->exc;
        }
    }
    return XV_NULL;
}

/* The bottom of the frame's value stack. */
static inline xv_value *xv_frame_base(struct xv_frame *f) {
    return (xv_value *)(xv_frame_blocks(f) + f->n_exc);
}

#endif
