/*
 * The reader of .mpy files, version 6, and of the prelinked images that are made of them.
 *
 * Code stands in one of two forms. In the stock form a name is a varuint index into the blob's qstr table.
 * In the *linked* form (blob/linker.h writes it) a name is two bytes, low one first: an id that the firmware has,
 * or XV_OPERAND_TABLE | index into the table of the names that it has not. All else is as in the stock form.
 *
 * A prelinked image is a blob whose code is linked:
 *
 *     'X'  version  0  bits of a small int      4 bytes
 *     fingerprint of the firmware's names       4 bytes, low one first
 *     the source file's name                    2 bytes, as in code
 *     __aexit__, or 0 if it names no such thing 2 bytes, likewise
 *     n_qstr  n_obj  qstrs  objects  raw code   as in an .mpy file; no name here is a static one
 *
 * xv_blob_open() checks the whole static structure of a blob once: header, names, constants, the tree of
 * functions and their preludes. The inline readers below it check nothing: they may be used on the
 * parts of a blob that xv_blob_open() accepted, and on nothing else. Every pointer points into the blob;
 * nothing is copied, and nothing here knows of values or VMs.
 */
#ifndef XV_BLOB_READER_H
#define XV_BLOB_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "xipvm/blob_errors.h"
#include "xipvm/config.h"

/* How deep functions and constant tuples may be nested (the outer function stands at depth 0). */
#define XV_MAX_FUNCTION_DEPTH 32
#define XV_MAX_TUPLE_DEPTH 16

/* Static names have the ids 1 … XV_STATIC_NAMES. */
#define XV_STATIC_NAMES 165

/* Bounds that every accepted prelude keeps. */
#define XV_MAX_STATE 32767u
#define XV_MAX_EXC_BLOCKS 255u

/* Scope flags of a prelude. */
#define XV_FLAG_GENERATOR 1
#define XV_FLAG_VARKW 2
#define XV_FLAG_VARARGS 4
#define XV_FLAG_DEFKW 8

/* Tags of constant objects. */
enum {
    XV_TAG_NATIVE_TABLE = 0, /* never in an accepted blob */
    XV_TAG_NONE = 1,
    XV_TAG_FALSE = 2,
    XV_TAG_TRUE = 3,
    XV_TAG_ELLIPSIS = 4,
    XV_TAG_STR = 5,
    XV_TAG_BYTES = 6,
    XV_TAG_INT = 7,
    XV_TAG_FLOAT = 8,
    XV_TAG_COMPLEX = 9,
    XV_TAG_TUPLE = 10
};

/* Why a blob was refused, and at which of its bytes. */
struct xv_blob_fault {
    enum xipvm_blob_error code;
    uint32_t offset;
};

/* Names in linked code: the bit that marks an index into the blob's table. */
#define XV_OPERAND_TABLE 0x8000u

/* The first bytes of a prelinked image. */
#define XV_XIP_MAGIC 0x58
#define XV_XIP_VERSION 1
#define XV_XIP_HEADER 12u

/* The names that an `async with` uses. */
enum xv_async_name { XV_ASYNC_BASE_EXCEPTION, XV_ASYNC_AEXIT, XV_ASYNC_CLASS, XV_ASYNC_NAMES };

/* An accepted blob. The members ending in _at are offsets from base. */
struct xv_blob {
    const uint8_t *base;
    uint32_t size;
    uint8_t sub_version;
    uint8_t small_int_bits;
    bool linked;          /* a prelinked image */
    uint16_t source_name; /* of a prelinked image: the source file; in an .mpy file that is qstr 0 */
    uint32_t async_names[XV_ASYNC_NAMES]; /* how the code writes them; UINT32_MAX: not at all */
    uint32_t n_qstr, n_obj;
    uint32_t n_functions; /* all functions of the tree, the outer one included */
    uint32_t qstrs_at, objs_at, code_at;
};

/* The one-line English message of a code; never NULL, also not for a number that is no code. */
const char *xv_blob_error_text(enum xipvm_blob_error code);

/* The name of the rule that a code stands for ("H1", "limit", …); "" for XIPVM_BLOB_OK or no code. */
const char *xv_blob_error_rule(enum xipvm_blob_error code);

/* Checks the static structure of the `size` bytes at `base`, an .mpy file or a prelinked image, and fills in *blob.
 * max_small_int_bits is the width of the VM's small ints, sign included; a blob for wider ones is refused. On failure
 * returns false, with the first fault in *fault (which may be NULL) and *blob unspecified. The bytes must stay where
 * they are while *blob is used. C stack use is a few hundred bytes, whatever the blob. */
bool xv_blob_open(struct xv_blob *blob, const uint8_t *base, size_t size, unsigned max_small_int_bits,
                  struct xv_blob_fault *fault);

/* ---- fast readers, unchecked: for accepted blobs only ---- */

/* Reads a varuint at *p and moves *p behind it. */
static inline uint32_t xv_varuint(const uint8_t **p) {
    const uint8_t *q = *p;
    uint32_t b = *q++;
    uint32_t v = b & 0x7fu;
    while (b & 0x80u) {
        b = *q++;
        v = v << 7 | (b & 0x7fu);
    }
    *p = q;
    return v;
}

/* Reads a signed varint (the operand of LOAD_CONST_SMALL_INT) at *p and moves *p behind it. It fits the
 * blob's small_int_bits if the blob was verified, and so a word of the VM. */
static inline intptr_t xv_varint(const uint8_t **p) {
    const uint8_t *q = *p;
    uint32_t b = *q++;
    uintptr_t v = b & 0x7fu;
    if (b & 0x40u) {
        v |= ~(uintptr_t)0x7f;
    }
    while (b & 0x80u) {
        b = *q++;
        v = v << 7 | (b & 0x7fu);
    }
    *p = q;
    return (intptr_t)v;
}

/* Reads a name as code has it, in a prelude or behind an opcode, and moves *p behind it. */
static inline uint32_t xv_code_name(const uint8_t **p, bool linked) {
    if (!linked) {
        return xv_varuint(p);
    }
    uint32_t v = (*p)[0] | (uint32_t)(*p)[1] << 8;
    *p += 2;
    return v;
}

/* One entry of the qstr table. */
struct xv_name {
    uint16_t static_id;  /* 1 … XV_STATIC_NAMES, or 0: the text is inline */
    const uint8_t *text; /* inline only: UTF-8, a zero byte behind it; may contain zero bytes */
    uint32_t len;        /* inline only: bytes, without the zero behind them, at most 255 */
};

/* Reads the entry at p and returns the address of the next one. The first is at base + qstrs_at. */
static inline const uint8_t *xv_next_name(const uint8_t *p, struct xv_name *name) {
    uint32_t w = xv_varuint(&p);
    if (w & 1u) {
        name->static_id = (uint16_t)(w >> 1);
        name->text = NULL;
        name->len = 0;
        return p;
    }
    name->static_id = 0;
    name->text = p;
    name->len = w >> 1;
    return p + (w >> 1) + 1;
}

/* One constant object. */
struct xv_const {
    uint8_t tag;
    const uint8_t *at;   /* the tag byte */
    const uint8_t *data; /* str and bytes: their bytes, a zero behind them; numbers: ASCII text;
                            tuple: the first item's tag byte; else the address behind the tag */
    uint32_t len;        /* bytes, or items of a tuple; 0 for the rest */
};

/* Reads the head of the object at p (a tag byte) without its items, and returns `data`. */
const uint8_t *xv_const_read(const uint8_t *p, struct xv_const *obj);

/* Reads the object at p and returns the address behind it, for a tuple behind all of its items. The
 * first constant is at base + objs_at. The items of a tuple are read likewise, from its `data`. */
const uint8_t *xv_next_object(const uint8_t *p, struct xv_const *obj);

/* The raw code of one function. */
struct xv_raw {
    const uint8_t *fun; /* the function: prelude, then bytecode */
    uint32_t len;       /* of both, in bytes */
    uint32_t n_children;
    const uint8_t *children; /* the raw code of child 0, if any; always what stands behind this function */
};

/* Reads the raw code at p and returns raw->children. The outer function's is at base + code_at; the
 * functions of a blob stand one behind the other in pre-order, a function before its children. */
static inline const uint8_t *xv_raw_read(const uint8_t *p, struct xv_raw *raw) {
    uint32_t w = xv_varuint(&p);
    raw->fun = p;
    raw->len = w >> 3;
    p += w >> 3;
    raw->n_children = w & 4u ? xv_varuint(&p) : 0;
    raw->children = p;
    return p;
}

/* The address behind the raw code at p with all of its descendants. */
const uint8_t *xv_raw_end(const uint8_t *p);

/* The raw code of child i < raw->n_children. Time: linear in the functions before it. */
const uint8_t *xv_raw_child(const struct xv_raw *raw, uint32_t i);

/* A function's prelude. */
struct xv_prelude {
    uint32_t n_state, n_exc, n_pos, n_kwonly, n_def_pos;
    uint8_t flags;
    const uint8_t *names; /* xv_code_name: the function's own name, then those of its n_pos + n_kwonly
                             arguments, in the order of their local numbers */
    const uint8_t *cells; /* n_cells bytes, each a local number; also the end of the line table */
    uint32_t n_cells;
    const uint8_t *code; /* the first instruction, address 0 */
};

/* Reads the prelude of the function at `fun` (xv_raw.fun). */
static inline void xv_prelude_read(const uint8_t *fun, struct xv_prelude *p) {
    uint32_t z = *fun++;
    uint32_t s = z >> 3 & 15u, e = z >> 2 & 1u, a = z & 3u, k = 0, d = 0, f = 0;
    for (unsigned n = 0; z & 0x80u; n++) { /* n < 14 in accepted blobs, so no shift reaches 32 */
        z = *fun++;
        s |= (z >> 4 & 3u) << (4 + 2 * n);
        e |= (z >> 1 & 1u) << (1 + n);
        f |= (z >> 6 & 1u) << n;
        a |= (z >> 2 & 1u) << (2 + n);
        k |= (z >> 3 & 1u) << n;
        d |= (z & 1u) << n;
    }
    p->n_state = s + 1;
    p->n_exc = e;
    p->n_pos = a;
    p->n_kwonly = k;
    p->n_def_pos = d;
    p->flags = (uint8_t)f;
    z = *fun++;
    uint32_t info = z >> 1 & 0x3fu, cells = z & 1u;
    for (unsigned n = 1; z & 0x80u; n++) { /* at most 17 bytes; info bits end with the sixth */
        z = *fun++;
        cells |= (z & 1u) << n;
        if (n < 6) {
            info |= (z >> 1 & 0x3fu) << 6 * n;
        }
    }
    p->names = fun;
    p->cells = fun + info;
    p->n_cells = cells;
    p->code = fun + info + cells;
}

/* The start of the line table, which ends at p->cells. Walks the names. */
const uint8_t *xv_prelude_lines(const struct xv_prelude *p, bool linked);

/* The name of argument i (in local order: positional, then keyword-only), i < n_pos + n_kwonly.
 * Walks the names. */
uint32_t xv_prelude_arg_name(const struct xv_prelude *p, uint32_t i, bool linked);

/* One entry of a line table, which begins at *p: how far the address and the line advance. Moves *p behind it. */
static inline void xv_line_read(const uint8_t **p, uint32_t *bytes, uint32_t *lines) {
    uint32_t b = *(*p)++;
    *bytes = b & 0x80u ? b & 15u : b & 31u;
    *lines = b & 0x80u ? (b >> 4 & 7u) << 8 | *(*p)++ : b >> 5;
}

/* The source line of the instruction at address pc of the function at `fun`; 1 if there is no line table. */
uint32_t xv_line_of(const uint8_t *fun, uint32_t pc, bool linked);

#endif
