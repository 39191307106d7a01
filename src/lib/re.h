/* Compiled regular expressions, between their compiler (re_compile.c) and the matcher and module (re.c).
 *
 * A program is a bytes value: the number of groups, the whole match included, then the code. Operands are bytes; jumps are
 * relative to the instruction behind them. That bounds what can be repeated or stand before a `|`, as in MicroPython, and
 * makes a program about twice as long as its pattern. */
#ifndef XV_LIB_RE_H
#define XV_LIB_RE_H

#include "object/object.h"

enum xv_re_op {
    /* Those that match one character come first, and XV_RE_REPEAT takes one of them. */
    XV_RE_CHAR,         /* an ASCII character */
    XV_RE_WIDE,         /* another one, as UTF-8 */
    XV_RE_ANY,
    XV_RE_NAMED,        /* letter of \d, \D, \s, … */
    XV_RE_CLASS,        /* length, then pairs of first and last, as UTF-8; with last 0, `first` is a letter as above */
    XV_RE_NOT_CLASS,
    XV_RE_REPEAT,       /* XV_RE_… flags; what it repeats follows */
    XV_RE_SPLIT,        /* goes on; if that fails, jumps */
    XV_RE_SPLIT_FAR,    /* jumps; if that fails, goes on */
    XV_RE_JUMP,
    XV_RE_SAVE,         /* notes the position: 2 * group, or that + 1 at its end */
    XV_RE_START,
    XV_RE_END,
    XV_RE_BOUNDARY,
    XV_RE_NOT_BOUNDARY,
    XV_RE_MATCH
};

enum xv_re_repeat { XV_RE_NOT_NONE = 1, XV_RE_ONCE = 2, XV_RE_LAZY = 4 };

/* The program of a pattern, a str or bytes. ValueError for one that is wrong or too large. */
xv_value xv_re_compile(struct xv_vm *vm, xv_value pattern);

/* The character that a letter stands for after a backslash in a pattern or replacement (n: newline), or 0. */
uint8_t xv_re_escape(uint8_t letter);

#endif
