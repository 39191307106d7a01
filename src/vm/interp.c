/* The interpreter loop. Bytecode was verified (blob/verifier.h), so nothing here checks operands, stack depths or
 * jumps; what remains to be checked is the kind of a value, where that matters (spec 4.5).
 *
 * Registers: `f` the frame, `ip` behind what has been decoded, `sp` the first free slot, `fp` the locals. Before anything
 * that may raise, allocate or call, SYNC() writes ip and sp back; after it ip must be read again (RESUME() or AGAIN()), as
 * linked code lies in the heap and moves like all else. No heap value is held in a C local across such a
 * thing: values stay on the stack. */
#include "vm/interp.h"

#include "vm/access.h"
#include "vm/ask.h"
#include "vm/resumable.h"
#include "vm/steps.h"

/* ORDER OPERATOR: which code serves each binary operator. */
#define BINARY_LABELS(X) \
    X(LT, LESS) X(GT, GREATER) X(EQ, EQUAL) X(LE, LESS_EQUAL) X(GE, GREATER_EQUAL) X(NE, NOT_EQUAL) \
    X(IN, BINARY_OP_MULTI) X(IS, IS) X(EXC_MATCH, BINARY_OP_MULTI) X(IOR, OR) X(IXOR, XOR) X(IAND, AND) \
    X(ILSHIFT, BINARY_OP_MULTI) X(IRSHIFT, BINARY_OP_MULTI) X(IADD, ADD) X(ISUB, SUBTRACT) \
    X(IMUL, MULTIPLY) X(IMATMUL, BINARY_OP_MULTI) X(IFLOORDIV, BINARY_OP_MULTI) \
    X(ITRUEDIV, BINARY_OP_MULTI) X(IMOD, BINARY_OP_MULTI) X(IPOW, BINARY_OP_MULTI) X(OR, OR) X(XOR, XOR) \
    X(AND, AND) X(LSHIFT, BINARY_OP_MULTI) X(RSHIFT, RIGHT_SHIFT) X(ADD, ADD) X(SUB, SUBTRACT) \
    X(MUL, MULTIPLY) X(MATMUL, BINARY_OP_MULTI) X(FLOORDIV, FLOOR_DIVIDE) X(TRUEDIV, DIVIDE) \
    X(MOD, MODULO) X(POW, BINARY_OP_MULTI)

xv_value xv_interpret(struct xv_vm *vm) {
    struct xv_frame *f = vm->frame;
    const uint8_t *ip = f->ip;
    xv_value *sp = vm->sp;
    xv_value *fp = f->locals;
    unsigned op;
    xv_value res;          /* on its way to put, yield, do_return or with_cleaned */
    xv_value *to;          /* for put */
    unsigned unwind;       /* for do_unwind */
    const uint8_t *target; /* likewise */

#if XIPVM_COMPUTED_GOTO
    static const void *const labels[256] = {
#define X(value, name, kind, pops, pushes) [value] = &&L_##name,
        XV_STOCK_OPCODES(X)
#if XIPVM_LINKING
        XV_DIRECT_OPCODES(X)
#else
        [0x00 ... 0x0c] = &&L_UNUSED,
#endif
#undef X
#define X(operator_, label) [XV_OP_BINARY_OP_MULTI + XV_##operator_] = &&L_##label,
        BINARY_LABELS(X)
#undef X
        [0x0d ... 0x0f] = &&L_UNUSED, [0x1d ... 0x1f] = &&L_UNUSED, [0x38 ... 0x3f] = &&L_UNUSED,
        [0x41] = &&L_UNUSED, [0x4c ... 0x4f] = &&L_UNUSED, [0x60 ... 0x61] = &&L_UNUSED,
        [0x6a ... 0x6f] = &&L_UNUSED, [0xd4 ... 0xd6] = &&L_UNUSED, [0xfa ... 0xff] = &&L_UNUSED,
        [0x70 ... 0xaf] = &&L_LOAD_CONST_SMALL_INT_MULTI, [0xb0 ... 0xbf] = &&L_LOAD_FAST_MULTI,
        [0xc0 ... 0xcf] = &&L_STORE_FAST_MULTI, [0xd0 ... 0xd2] = &&L_UNARY_OP_MULTI, [0xd3] = &&L_NOT,
    };
/* A statement. NOLINTNEXTLINE(bugprone-macro-parentheses) */
#define NEXT() goto *labels[op = *ip++]
#else
#define NEXT() goto dispatch
#endif
#define CASE(name) L_##name

    if (vm->exc != XV_NULL) {
        goto raise; /* a generator is resumed with an exception */
    }
    /* Also for what came while the VM was idle. A native's callback counts as a call. */
    bool due = vm->loops > 1 && xv_tick(vm);
    if ((due || xv_outside_waits(vm)) && !xv_look_up(vm)) {
        goto raise;
    }
    RESUME();
    NEXT();

#if !XIPVM_COMPUTED_GOTO
dispatch:
    switch (op = *ip++) {
#define X(value, name, kind, pops, pushes) \
    case value:                            \
        goto L_##name;
        XV_STOCK_OPCODES(X)
#if XIPVM_LINKING
        XV_DIRECT_OPCODES(X)
#endif
#undef X
#define X(operator_, label)                         \
    case XV_OP_BINARY_OP_MULTI + XV_##operator_:    \
        goto L_##label;
        BINARY_LABELS(X)
#undef X
    case XV_OP_UNARY_OP_MULTI + XV_NOT:
        goto L_NOT;
    default:
        break;
    }
    if (op >= XV_OP_UNARY_OP_MULTI) {
        if (op < XV_OP_UNARY_OP_MULTI + XV_NOT) {
            goto L_UNARY_OP_MULTI;
        }
    } else if (op >= XV_OP_STORE_FAST_MULTI) {
        goto L_STORE_FAST_MULTI;
    } else if (op >= XV_OP_LOAD_FAST_MULTI) {
        goto L_LOAD_FAST_MULTI;
    } else if (op >= XV_OP_LOAD_CONST_SMALL_INT_MULTI) {
        goto L_LOAD_CONST_SMALL_INT_MULTI;
    }
    goto L_UNUSED;
#endif

    CASE(LOAD_CONST_FALSE) : {
        PUSH(XV_FALSE);
        NEXT();
    }
    CASE(LOAD_CONST_NONE) : {
        PUSH(XV_NONE);
        NEXT();
    }
    CASE(LOAD_CONST_TRUE) : {
        PUSH(XV_TRUE);
        NEXT();
    }
    CASE(LOAD_NULL) : {
        PUSH(XV_NULL);
        NEXT();
    }
    CASE(LOAD_CONST_SMALL_INT_MULTI) : {
        PUSH(XV_INT((intptr_t)op - XV_OP_SMALL_INT_ZERO));
        NEXT();
    }
    CASE(LOAD_CONST_SMALL_INT) : {
        PUSH(XV_INT(xv_varint(&ip)));
        NEXT();
    }
    CASE(LOAD_CONST_OBJ) : {
        struct xv_cache_entry *e = xv_cache_at(vm, ip);
        if (e->ip == ip) {
            PUSH(e->what);
            ip = skip_uint(ip);
            NEXT();
        }
        const uint8_t *key = ip;
        uint32_t i = read_uint(&ip);
        ptrdiff_t length = ip - key;
        SYNC();
        xv_value v = xv_module_constant(vm, f->module, i);
        if (v == XV_NULL) {
            goto raise;
        }
        key = f->ip - length;
        xv_cache_set(vm, key, (struct xv_cache_entry){key, 0, 0, v});
        PUSH(v);
        AGAIN();
    }

    /* ---- locals and cells */

    CASE(LOAD_FAST_MULTI) : {
        xv_value v = fp[op - XV_OP_LOAD_FAST_MULTI];
        if (v == XV_NULL) {
            goto unbound;
        }
        PUSH(v);
        NEXT();
    }
    CASE(LOAD_FAST_N) : {
        xv_value v = fp[read_uint(&ip)];
        if (v == XV_NULL) {
            goto unbound;
        }
        PUSH(v);
        NEXT();
    }
    CASE(STORE_FAST_MULTI) : {
        fp[op - XV_OP_STORE_FAST_MULTI] = POP();
        NEXT();
    }
    CASE(STORE_FAST_N) : {
        fp[read_uint(&ip)] = POP();
        NEXT();
    }
    CASE(DELETE_FAST) : {
        xv_value *local = &fp[read_uint(&ip)];
        if (*local == XV_NULL) {
            goto unbound;
        }
        *local = XV_NULL;
        NEXT();
    }
    CASE(LOAD_DEREF) : {
        xv_value v = ((struct xv_cell *)fp[read_uint(&ip)])->content;
        if (v == XV_NULL) {
            goto unbound;
        }
        PUSH(v);
        NEXT();
    }
    CASE(STORE_DEREF) : {
        ((struct xv_cell *)fp[read_uint(&ip)])->content = POP();
        NEXT();
    }
    CASE(DELETE_DEREF) : {
        struct xv_cell *cell = (struct xv_cell *)fp[read_uint(&ip)];
        if (cell->content == XV_NULL) {
            goto unbound;
        }
        cell->content = XV_NULL;
        NEXT();
    }

    /* ---- instructions with a name: once for each form of code */

#define NAMED(name) CASE(name##_VIA_TABLE)
#define READ_NAME() xv_frame_name(f, read_uint(&ip))
#define SKIP_NAME(p) skip_uint(p)
#define LABEL(name) via_table_##name
#include "vm/named.inc"
#if XIPVM_LINKING
#define NAMED(name) CASE(name)
#define READ_NAME() read_name(f, &ip)
#define SKIP_NAME(p) ((p) + 2)
#define LABEL(name) direct_##name
#include "vm/named.inc"
#endif

link_name:
    /* The name of an instruction is used for the first time; ip is at the operand. */
    SYNC();
    if (!xv_link_operand(vm, f, op)) {
        goto raise;
    }
    ip = f->ip - 1;
    NEXT();

    /* ---- subscripts */

    CASE(LOAD_SUBSCR) : {
        xv_value o = sp[-2], i = sp[-1];
        if (xv_is_object(o)) {
            enum xv_kind kind = xv_kind(o);
            if (kind == XV_KIND_LIST && xv_is_small(i)) {
                intptr_t at = xv_small(i);
                size_t len = xv_list(o)->len;
                at += at < 0 ? (intptr_t)len : 0;
                if ((size_t)at < len) {
                    *--sp = XV_NULL;
                    TOP = xv_list_items(o)[at];
                    NEXT();
                }
            } else if (kind == XV_KIND_TUPLE && xv_is_small(i)) {
                intptr_t at = xv_small(i);
                size_t len = xv_n_items(o);
                at += at < 0 ? (intptr_t)len : 0;
                if ((size_t)at < len) {
                    sp--;
                    TOP = xv_items(o)[at];
                    NEXT();
                }
            } else if (kind == XV_KIND_DICT) {
                xv_value *value;
                SYNC();
                int found = xv_dict_find(vm, o, i, &value);
                if (found < 0) {
                    goto raise;
                }
                if (found == 0) {
                    xv_raise_value(vm, &xv_exc_KeyError, sp[-1]);
                    goto raise;
                }
                sp--;
                TOP = *value;
                AGAIN();
            } else if (kind == XV_KIND_INSTANCE) {
                xv_value method = xv_python_method(vm, o, XV_Q___getitem__);
                if (method != XV_NULL) {
                    SYNC();
                    to = sp - 2;
                    res = xv_invoke(vm, method, to, 2, 0, to);
                    if (res == XV_PUSHED) {
                        goto pushed;
                    }
                    goto put;
                }
            }
        }
        SYNC();
        xv_value v = xv_get_item(vm, o, i);
        if (v == XV_NULL) {
            goto raise;
        }
        sp--;
        TOP = v;
        AGAIN();
    }
    CASE(STORE_SUBSCR) : {
        xv_value o = sp[-2], i = sp[-1];
        if (xv_is_object(o) && sp[-3] != XV_NULL) {
            enum xv_kind kind = xv_kind(o);
            if (kind == XV_KIND_LIST && xv_is_small(i)) {
                intptr_t at = xv_small(i);
                size_t len = xv_list(o)->len;
                at += at < 0 ? (intptr_t)len : 0;
                if ((size_t)at < len) {
                    xv_list_items(o)[at] = sp[-3];
                    sp -= 3;
                    NEXT();
                }
            } else if (kind == XV_KIND_DICT) {
                SYNC();
                if (!xv_dict_set(vm, o, i, sp[-3])) {
                    goto raise;
                }
                sp -= 3;
                AGAIN();
            }
        }
        SYNC();
        xv_value method =
            xv_python_method(vm, o, sp[-3] == XV_NULL ? XV_Q___delitem__ : XV_Q___setitem__);
        if (method != XV_NULL) {
            uint32_t n = sp[-3] == XV_NULL ? 2 : 3;
            xv_value value = sp[-3];
            sp[-3] = o;
            sp[-2] = i;
            sp[-1] = value;
            vm->sp = sp - 3 + n;
            xv_value v = xv_invoke(vm, method, sp - 3, n, 0, sp - 3);
            if (v == XV_PUSHED) {
                vm->frame->then = XV_THEN_DISCARD;
                goto pushed;
            }
            if (v == XV_NULL) {
                goto raise;
            }
        } else if (!xv_set_item(vm, o, i, sp[-3])) {
            goto raise;
        }
        sp -= 3;
        AGAIN();
    }

    /* ---- the stack */

    CASE(DUP_TOP) : {
        xv_value v = TOP;
        PUSH(v);
        NEXT();
    }
    CASE(DUP_TOP_TWO) : {
        sp[0] = sp[-2];
        sp[1] = sp[-1];
        sp += 2;
        NEXT();
    }
    CASE(POP_TOP) : {
        sp--;
        NEXT();
    }
    CASE(ROT_TWO) : {
        xv_value v = sp[-1];
        sp[-1] = sp[-2];
        sp[-2] = v;
        NEXT();
    }
    CASE(ROT_THREE) : {
        xv_value v = sp[-1];
        sp[-1] = sp[-2];
        sp[-2] = sp[-3];
        sp[-3] = v;
        NEXT();
    }

    /* ---- containers */

    CASE(BUILD_TUPLE) : {
        uint32_t n = read_uint(&ip);
        SYNC();
        xv_value v = xv_tuple_of(vm, sp - n, n);
        sp -= n;
        goto push;
    push:
        if (v == XV_NULL) {
            goto raise;
        }
        PUSH(v);
        AGAIN();
    CASE(BUILD_LIST):
        n = read_uint(&ip);
        SYNC();
        v = xv_list_of(vm, sp - n, n);
        sp -= n;
        goto push;
    CASE(BUILD_MAP):
        n = read_uint(&ip);
        SYNC();
        v = xv_dict_new(vm, n);
        goto push;
    CASE(BUILD_SET):
        n = read_uint(&ip);
        SYNC();
        v = build_set(vm, n);
        if (v == XV_NULL) {
            goto raise;
        }
        sp -= n;
        goto push;
    CASE(BUILD_SLICE):
        n = read_uint(&ip);
        SYNC();
        if (*ip == XV_OP_LOAD_SUBSCR || *ip == XV_OP_STORE_SUBSCR) {
            bool store = *ip == XV_OP_STORE_SUBSCR;
            if (store && xv_is_sliced(vm) && xv_is_kind(sp[-1 - (int)n], XV_KIND_LIST)) {
                v = xv_resumable_list(vm, n + 2);
                if (v == XV_PUSHED) {
                    f->ip -= 2; /* executed again, with a list */
                    goto pushed;
                }
                if (v == XV_NULL) {
                    goto raise;
                }
            }
            res = xv_subscript_slice(vm, n, store);
            if (res == XV_NULL) {
                goto raise;
            }
            if (res != XV_STOP) {
                RESUME();
                ip++;
                sp -= n;
                TOP = res;
                sp -= store ? 2 : 0;
                NEXT();
            }
        }
        v = xv_slice_new(vm, sp[-(int)n], sp[1 - (int)n], n == 3 ? sp[-1] : XV_NONE);
        sp -= n;
        goto push;
    }
    CASE(STORE_MAP) : {
        SYNC();
        if (!xv_is_kind(sp[-3], XV_KIND_DICT)) {
            goto wrong_container;
        }
        if (!xv_dict_set(vm, sp[-3], sp[-1], sp[-2])) {
            goto raise;
        }
        sp -= 2;
        AGAIN();
    }
    CASE(STORE_COMP) : {
        uint32_t w = read_uint(&ip);
        SYNC();
        xv_value container = sp[-1 - (int)(w >> 2)];
        static const uint8_t kinds[3] = {XV_KIND_LIST, XV_KIND_DICT, XV_KIND_SET};
        if (!xv_is_kind(container, (enum xv_kind)kinds[w & 3])) {
            goto wrong_container;
        }
        bool done = (w & 3) == 0   ? xv_list_append(vm, container, sp[-1])
                    : (w & 3) == 1 ? xv_dict_set(vm, container, sp[-1], sp[-2])
                                   : xv_set_add(vm, container, sp[-1]);
        if (!done) {
            goto raise;
        }
        sp -= (w & 3) == 1 ? 2 : 1;
        AGAIN();
    }
    CASE(UNPACK_SEQUENCE) : {
        const uint8_t *again = ip - 1;
        uint32_t n = read_uint(&ip);
        xv_value s = TOP;
        if (xv_is_kind(s, XV_KIND_TUPLE) && xv_n_items(s) == n) {
            xv_value *items = xv_items(s);
            for (uint32_t i = 0; i < n; i++) {
                sp[(int)(n - 2 - i)] = items[i];
            }
            sp += (int)n - 1;
            NEXT();
        }
        SYNC();
        if (xv_is_sliced(vm)) {
            ptrdiff_t length = ip - again;
            xv_value v = xv_resumable_first(vm, s, n, sp - 1);
            if (v == XV_PUSHED) {
                f->ip -= length; /* executed again, with a list */
                goto pushed;
            }
            if (v == XV_NULL) {
                goto raise;
            }
        }
        if (!xv_unpack_sequence(vm, n)) {
            goto raise;
        }
        sp += (int)n - 1;
        AGAIN();
    }
    CASE(UNPACK_EX) : {
        const uint8_t *again = ip - 1;
        uint32_t w = read_uint(&ip);
        SYNC();
        if (xv_is_sliced(vm)) {
            ptrdiff_t length = ip - again;
            xv_value v = xv_resumable_list(vm, 1);
            if (v == XV_PUSHED) {
                f->ip -= length;
                goto pushed;
            }
            if (v == XV_NULL) {
                goto raise;
            }
        }
        if (!xv_unpack_ex(vm, w & 0xff, w >> 8 & 0xff)) {
            goto raise;
        }
        sp += (w & 0xff) + (w >> 8 & 0xff);
        AGAIN();
    }

    /* ---- operators */

    CASE(UNARY_OP_MULTI) : {
        xv_value v = TOP;
        unsigned unary = op - XV_OP_UNARY_OP_MULTI;
        if (unary == XV_NEG && xv_is_small(v) && v != XV_INT(XV_SMALL_MIN)) {
            TOP = XV_INT(-xv_small(v));
            NEXT();
        }
        SYNC();
        v = xv_unary(vm, (enum xv_unary)unary, v);
        if (v == XV_NULL) {
            goto raise;
        }
        TOP = v;
        AGAIN();
    }
    CASE(NOT) : {
        xv_value v = TOP;
        if (!truth_is_known(v)) {
            SYNC();
            int truth = xv_truth(vm, v);
            if (truth < 0) {
                goto raise;
            }
            RESUME();
            TOP = XV_BOOL(truth == 0);
        } else {
            TOP = XV_BOOL(!known_truth(v));
        }
        NEXT();
    }

    /* Comparison of small ints or floats. */

    CASE(LESS) : COMPARISON(<);
    CASE(GREATER) : COMPARISON(>);
    CASE(LESS_EQUAL) : COMPARISON(<=);
    CASE(GREATER_EQUAL) : COMPARISON(>=);
    CASE(EQUAL) : {
        xv_value a = sp[-2], b = sp[-1];
        if (xv_both_small(a, b) || (xv_is_qstr(a) && xv_is_qstr(b))) {
            COMPARED(a == b);
        }
        COMPARISON(==);
    }
    CASE(NOT_EQUAL) : {
        xv_value a = sp[-2], b = sp[-1];
        if (xv_both_small(a, b) || (xv_is_qstr(a) && xv_is_qstr(b))) {
            COMPARED(a != b);
        }
        COMPARISON(!=);
    }
    CASE(IS) : COMPARED(sp[-2] == sp[-1]);

    /* Arithmetic: small ints that do not overflow, then floats. */

    CASE(ADD) : {
        xv_value a = sp[-2], b = sp[-1];
        intptr_t sum;
        if (xv_both_small(a, b) && !__builtin_add_overflow((intptr_t)(a - 1), (intptr_t)b, &sum)) {
            sp--;
            TOP = (xv_value)sum;
            NEXT();
        }
        FLOATS(x + y);
        goto binary;
    }
    CASE(SUBTRACT) : {
        xv_value a = sp[-2], b = sp[-1];
        intptr_t difference;
        if (xv_both_small(a, b) && !__builtin_sub_overflow((intptr_t)a, (intptr_t)(b - 1), &difference)) {
            sp--;
            TOP = (xv_value)difference;
            NEXT();
        }
        FLOATS(x - y);
        goto binary;
    }
    CASE(MULTIPLY) : {
        xv_value a = sp[-2], b = sp[-1];
        intptr_t product;
        if (xv_both_small(a, b) && !__builtin_mul_overflow((intptr_t)(a - 1), xv_small(b), &product)) {
            sp--;
            TOP = (xv_value)product | 1;
            NEXT();
        }
        FLOATS(x * y);
        goto binary;
    }
    CASE(DIVIDE) : {
        xv_value a = sp[-2], b = sp[-1];
        xv_real x, y;
        if (two_floats(a, b, &x, &y) && y != 0) {
            SYNC();
            xv_value v = xv_float_from(vm, (xv_real)(x / y));
            if (v == XV_NULL) {
                goto raise;
            }
            sp--;
            TOP = v;
            AGAIN();
        }
        goto binary;
    }
    CASE(AND) : {
        xv_value a = sp[-2], b = sp[-1];
        if (xv_both_small(a, b)) {
            sp--;
            TOP = a & b;
            NEXT();
        }
        goto binary;
    }
    CASE(OR) : {
        xv_value a = sp[-2], b = sp[-1];
        if (xv_both_small(a, b)) {
            sp--;
            TOP = a | b;
            NEXT();
        }
        goto binary;
    }
    CASE(XOR) : {
        xv_value a = sp[-2], b = sp[-1];
        if (xv_both_small(a, b)) {
            sp--;
            TOP = (a ^ b) | 1;
            NEXT();
        }
        goto binary;
    }
    CASE(RIGHT_SHIFT) : {
        xv_value a = sp[-2], b = sp[-1];
        if (xv_both_small(a, b) && xv_small(b) >= 0) {
            intptr_t by = xv_small(b) < (intptr_t)XV_SMALL_BITS ? xv_small(b) : (intptr_t)XV_SMALL_BITS - 1;
            intptr_t i = xv_small(a);
            sp--;
            TOP = XV_INT(i < 0 ? ~(~i >> by) : i >> by);
            NEXT();
        }
        goto binary;
    }
    CASE(FLOOR_DIVIDE) : {
        xv_value a = sp[-2], b = sp[-1];
        if (xv_both_small(a, b) && xv_small(b) > 0) {
            intptr_t x = xv_small(a), y = xv_small(b);
            sp--;
            TOP = XV_INT(x / y - (x % y < 0));
            NEXT();
        }
        goto binary;
    }
    CASE(MODULO) : {
        xv_value a = sp[-2], b = sp[-1];
        if (xv_both_small(a, b) && xv_small(b) > 0) {
            intptr_t y = xv_small(b), rest = xv_small(a) % y;
            sp--;
            TOP = XV_INT(rest < 0 ? rest + y : rest);
            NEXT();
        }
        goto binary;
    }
    CASE(BINARY_OP_MULTI) : {
    binary:;
        enum xv_binary binary = (enum xv_binary)(op - XV_OP_BINARY_OP_MULTI);
        SYNC();
        xv_value v = binary_slow(vm, binary);
        if (v == XV_PUSHED) {
            goto pushed;
        }
        if (v == XV_NULL) {
            goto raise;
        }
        sp--;
        TOP = v;
        AGAIN();
    }

    /* ---- jumps */

    CASE(JUMP) : {
        int32_t offset = read_sjump(&ip);
        ip += offset;
        if (offset < 0) {
            goto backward;
        }
        NEXT();
    }

    CASE(POP_JUMP_IF_TRUE) : BRANCH_IF(true);
    CASE(POP_JUMP_IF_FALSE) : BRANCH_IF(false);
    CASE(JUMP_IF_TRUE_OR_POP) : CASE(JUMP_IF_FALSE_OR_POP) : {
        SYNC();
        int truth = xv_truth(vm, TOP);
        if (truth < 0) {
            goto raise;
        }
        RESUME();
        uint32_t offset = read_ujump(&ip);
        if ((truth != 0) == (op == XV_OP_JUMP_IF_TRUE_OR_POP)) {
            ip += offset;
        } else {
            sp--;
        }
        NEXT();
    }
backward:
count:
    if (xv_tick(vm)) {
        SYNC();
        if (!xv_look_up(vm)) {
            goto raise;
        }
        if (xv_must_stop(vm)) {
            vm->meter.owed = true;
            return XV_SUSPENDED;
        }
        RESUME();
    }
    NEXT();

    /* ---- iteration */

    CASE(GET_ITER) : {
        SYNC();
        xv_value v = xv_iter(vm, TOP);
        if (v == XV_NULL) {
            goto raise;
        }
        TOP = v;
        AGAIN();
    }
    CASE(GET_ITER_STACK) : {
        SYNC();
        if (!start_iteration(vm, sp - 1)) {
            goto raise;
        }
        sp += 3;
        AGAIN();
    }
    CASE(FOR_ITER) : {
        xv_value *it = sp - 4;
        xv_value v;
        if (xv_is_kind(it[0], XV_KIND_LIST) || xv_is_kind(it[0], XV_KIND_TUPLE)) {
            /* A list or tuple, and the position in it. */
            size_t at = (size_t)xv_small(it[1]);
            if (!xv_is_small(it[1])) {
                goto wrong_container;
            }
            if (xv_kind(it[0]) == XV_KIND_LIST) {
                if (at >= xv_list(it[0])->len) {
                    goto exhausted;
                }
                v = xv_list_items(it[0])[at];
            } else {
                if (at >= xv_n_items(it[0])) {
                    goto exhausted;
                }
                v = xv_items(it[0])[at];
            }
            it[1] = XV_INT((intptr_t)at + 1);
        } else if (xv_is_small(it[0])) {
            /* A range: the end, the next number and the step. */
            if (!xv_both_small(it[1], it[2])) {
                goto wrong_container;
            }
            intptr_t i = xv_small(it[1]), step = xv_small(it[2]), end = xv_small(it[0]);
            if (step > 0 ? i >= end : i <= end) {
                goto exhausted;
            }
            v = it[1];
            it[1] = XV_INT(i + step);
        } else if (it[0] != XV_NULL) {
            /* Another container, and the rest of what its iterator would be. */
            SYNC();
            v = xv_step(vm, it);
            RESUME();
            if (v == XV_STOP) {
                goto exhausted;
            }
            if (v == XV_NULL) {
                goto raise;
            }
        } else {
            v = it[1];
            if (v == XV_NULL) {
                goto wrong_container;
            }
            SYNC();
            if (xv_is_kind(v, XV_KIND_GENERATOR) && ((struct xv_generator *)v)->pending == XV_NULL) {
                if (((struct xv_generator *)v)->ip == XV_NONE) {
                    goto exhausted;
                }
                if (!xv_generator_push(vm, v, XV_NULL, sp)) {
                    goto raise;
                }
                vm->frame->mode = XV_RESUME_FOR;
                goto pushed;
            }
            xv_value method = xv_python_method(vm, v, XV_Q___next__);
            if (method != XV_NULL) {
                PUSH(v);
                vm->sp = sp;
                v = xv_invoke(vm, method, sp - 1, 1, 0, sp - 1);
                sp--;
                if (v == XV_PUSHED) {
                    vm->frame->then = XV_THEN_NEXT;
                    goto pushed;
                }
            } else if (xv_is_kind(v, XV_KIND_GENERATOR)) {
                v = xv_delegate(vm, v, XV_NONE); /* what is pending is raised in it at once */
            } else {
                v = xv_is_sliced(vm) ? xv_resumable_next(vm, v) : xv_next(vm, v);
                if (v == XV_PUSHED) {
                    vm->frame->then = XV_THEN_NEXT;
                    goto pushed;
                }
            }
            RESUME();
            if (v == XV_STOP) {
                goto exhausted;
            }
            if (v == XV_NULL) {
                if (!xv_pending(vm, &xv_exc_StopIteration)) {
                    goto raise;
                }
                xv_clear(vm);
                goto exhausted;
            }
        }
        PUSH(v);
        ip += (*ip & 0x80u) ? 2 : 1;
        NEXT();
    exhausted:
        sp -= 4;
        ip += read_ujump(&ip);
        NEXT();
    }

    /* ---- functions */

    CASE(MAKE_FUNCTION) : {
        uint32_t i = read_uint(&ip);
        PUSH(xv_make_function(vm, f, i));
        NEXT();
    }
    CASE(MAKE_FUNCTION_DEFARGS) : CASE(MAKE_CLOSURE) : CASE(MAKE_CLOSURE_DEFARGS) : {
        uint32_t i = read_uint(&ip);
        uint32_t n_cells = op == XV_OP_MAKE_FUNCTION_DEFARGS ? 0 : *ip++;
        bool defaults = op != XV_OP_MAKE_CLOSURE;
        xv_value *operands = sp - n_cells - (defaults ? 2 : 0);
        SYNC();
        xv_value v = xv_make_function_with(vm, f, i, operands, n_cells, defaults);
        if (v == XV_NULL) {
            goto raise;
        }
        sp = operands;
        PUSH(v);
        AGAIN();
    }
    CASE(CALL_FUNCTION) : {
        TICK();
        uint32_t w = read_uint(&ip);
        xv_value *args = sp - (w & 0xff) - 2 * (w >> 8 & 0xff);
        SYNC();
        if (w >= 0x100 && !keys_are_str(vm, w >> 8 & 0xff)) {
            goto raise;
        }
        to = args - 1;
        res = xv_is_imm(*to, XV_IMM_CODE) && w < 0x100 ? call_code(vm, *to, args, w, to)
                                                       : invoke(vm, args, w & 0xff, w >> 8 & 0xff, to);
        goto put;
    }
    CASE(CALL_METHOD) : {
        TICK();
        uint32_t w = read_uint(&ip);
        xv_value *args = sp - (w & 0xff) - 2 * (w >> 8 & 0xff) - 1;
        uint32_t n = (w & 0xff) + 1;
        to = args - 1;
        if (args[0] == XV_NULL) {
            args++;
            n--;
        }
        SYNC();
        if (w >= 0x100 && !keys_are_str(vm, w >> 8 & 0xff)) {
            goto raise;
        }
        res = xv_is_imm(*to, XV_IMM_CODE) && w < 0x100 ? call_code(vm, *to, args, n, to)
                                                       : invoke(vm, args, n, w >> 8 & 0xff, to);
        goto put;
    }
    CASE(CALL_FUNCTION_VAR_KW) : CASE(CALL_METHOD_VAR_KW) : {
        TICK();
        const uint8_t *again = ip - 1;
        uint32_t w = read_uint(&ip);
        uint32_t n_pos = w & 0xff, n_kw = w >> 8 & 0xff;
        if (xv_is_sliced(vm)) {
            ptrdiff_t length = ip - again;
            SYNC();
            xv_value v = xv_resumable_stars(vm, n_pos, n_kw);
            if (v == XV_PUSHED) {
                f->ip -= length; /* executed again, with a list in the place of an iterable */
                goto pushed;
            }
            if (v == XV_NULL) {
                goto raise;
            }
        }
        uintptr_t stars = (uintptr_t)xv_small(TOP);
        size_t n = n_pos + 2 * (size_t)n_kw;
        xv_value *args = sp - 1 - n;
        bool method = op == XV_OP_CALL_METHOD_VAR_KW;
        to = args - 1 - method;
        SYNC();
        if (xv_can_ask(vm)) {
            const xv_value *from = args;
            args = xv_copy_arguments(vm, args, n);
            if (args == NULL) {
                goto raise;
            }
            args[-1] = from[-1];
        }
        if (!xv_expand_args(vm, args, &n_pos, &n_kw, stars)) {
            goto raise;
        }
        if (method && args[-1] != XV_NULL) {
            args--;
            n_pos++;
        }
        res = xv_invoke(vm, *to, args, n_pos, n_kw, to);
        goto put;
    }
    CASE(LOAD_BUILD_CLASS) : {
        static const struct xv_native build_class = {XV_CONST_HEADER(XV_KIND_NATIVE), xv_build_class,
                                                     XV_Q___build_class__, 2, XV_ANY_ARGS, XV_N_PLAIN};
        xv_value own = vm->builtins_extra == XV_NULL
                           ? XV_NULL
                           : xv_dict_get_name(vm, vm->builtins_extra, XV_Q___build_class__);
        PUSH(own != XV_NULL ? own : xv_from(&build_class));
        NEXT();
    }

    /* ---- classes and imports */

    CASE(IMPORT_STAR) : {
        SYNC();
        if (!xv_import_star(vm, TOP, f->names != XV_NULL ? f->names : xv_module(f->module)->globals)) {
            goto raise;
        }
        sp--;
        AGAIN();
    }

    /* ---- exceptions */

    CASE(SETUP_WITH) : {
        uint32_t offset = read_ujump(&ip);
        SYNC();
        if (!xv_begin_with(vm)) {
            goto raise;
        }
        RESUME();
        /* Now: exit self | enter self. The block's base lies between, and it opens when __enter__ has returned. */
        sp++;
        push_block(f, ip + offset, (size_t)(sp - xv_frame_base(f)), XV_BLOCK_FINALLY);
        f->n_blocks--;
        xv_value enter = sp[0];
        uint32_t n = sp[1] != XV_NULL;
        vm->sp = sp + 1 + n;
        if (xv_is_function(enter)) {
            res = xv_push_function(vm, enter, sp + 1, n, 0);
        } else {
            res = xv_can_ask(vm) ? xv_push_call(vm, sp, n, 0) : xv_call(vm, enter, sp + 1, n);
        }
        if (res == XV_PUSHED) {
            vm->frame->result = sp;
            vm->frame->then = XV_THEN_ENTER;
            goto pushed;
        }
        if (res == XV_NULL) {
            goto raise;
        }
        f->n_blocks++;
        PUSH(res);
        AGAIN();
    }
    CASE(SETUP_EXCEPT) : {
        uint32_t offset = read_ujump(&ip);
        push_block(f, ip + offset, (size_t)(sp - xv_frame_base(f)), 0);
        NEXT();
    }
    CASE(SETUP_FINALLY) : {
        uint32_t offset = read_ujump(&ip);
        uintptr_t async = xv_is_async_handler(ip + offset) ? XV_BLOCK_ASYNC : 0; /* spec 3.10 */
        push_block(f, ip + offset, (size_t)(sp - xv_frame_base(f)), XV_BLOCK_FINALLY | async);
        NEXT();
    }
    CASE(POP_EXCEPT_JUMP) : {
        uint32_t offset = read_ujump(&ip);
        ip += offset;
        f->n_blocks--;
        NEXT();
    }
    CASE(WITH_CLEANUP) : {
        /* exit self x: call exit, and let it swallow x if that is an exception. */
        SYNC();
        if (!xv_need_stack(vm, 6)) {
            goto raise;
        }
        xv_value x = TOP;
        bool raised = xv_is_kind(x, XV_KIND_EXCEPTION);
        xv_value *args = sp + 1; /* a slot is left free below */
        uint32_t n = 0;
        *sp = XV_NULL;
        if (sp[-2] != XV_NULL) {
            args[n++] = sp[-2];
        }
        args[n++] = raised ? xv_type_of(vm, x) : XV_NONE;
        args[n++] = raised ? x : XV_NONE;
        args[n++] = XV_NONE;
        vm->sp = args + n;
        xv_value exit = sp[-3];
        if (xv_is_function(exit)) {
            res = xv_push_function(vm, exit, args, n, 0);
            if (res == XV_PUSHED) {
                vm->frame->result = sp;
                vm->frame->then = XV_THEN_WITH;
                goto pushed;
            }
        } else {
            res = xv_call(vm, exit, args, n);
        }
        vm->sp = sp;
        if (res == XV_NULL) {
            goto raise;
        }
        RESUME();
        goto with_cleaned;
    }
with_cleaned: {
    /* exit self x, and `res` of the call */
    xv_value x = TOP;
    if (xv_is_kind(x, XV_KIND_EXCEPTION)) {
        SYNC();
        if (xv_can_ask(vm) && xv_is_user(res)) {
            if (!push_truth(vm, res)) {
                goto raise;
            }
            goto pushed;
        }
        int truth = xv_truth(vm, res);
        if (truth < 0) {
            goto raise;
        }
        RESUME();
        x = truth ? XV_NONE : TOP;
    }
    sp -= 2;
    TOP = x;
    NEXT();
}
    CASE(END_FINALLY) : {
        struct xv_block *b = top_block(f);
        f->n_blocks--;
        xv_value v = POP();
        /* An except handler ends here with an exception only: behind it lies code that was verified for nothing. */
        bool finally = (b->base & XV_BLOCK_FINALLY) != 0;
        if (finally && v == XV_NONE) {
            NEXT();
        }
        if (finally && v == XV_MARK_RETURN) {
            res = b->base & XV_BLOCK_ASYNC ? POP() : b->exc;
            goto do_return;
        }
        if (finally && v == XV_MARK_JUMP) {
            intptr_t where = xv_small(b->base & XV_BLOCK_ASYNC ? POP() : b->exc);
            unwind = (unsigned)where & 0xffu;
            target = f->start + (where >> 8);
            goto do_unwind;
        }
        SYNC();
        if (!xv_is_kind(v, XV_KIND_EXCEPTION)) {
            xv_raise(vm, &xv_exc_TypeError, "exceptions must derive from BaseException");
            goto raise;
        }
        vm->exc = v;
        goto raise_again;
    }
    CASE(RAISE_LAST) : {
        SYNC();
        vm->exc = xv_frame_handled(f);
        if (vm->exc != XV_NULL) {
            goto raise_again;
        }
        xv_raise(vm, &xv_exc_RuntimeError, "no active exception to reraise");
        goto raise;
    }
    CASE(RAISE_FROM) : CASE(RAISE_OBJ) : {
        SYNC();
        xv_value v = xv_make_exception(vm, op == XV_OP_RAISE_FROM ? sp[-2] : TOP);
        if (v != XV_NULL) {
            vm->exc = v;
        }
        goto raise;
    }
    CASE(UNWIND_JUMP) : {
        int32_t offset = read_sjump(&ip);
        target = ip + offset;
        unwind = *ip++;
        goto do_unwind;
    }
do_unwind:
    /* `unwind`: blocks to leave, and bit 7: four slots of an iterator to pop; then on to `target`. */
    while ((unwind & 0x7fu) != 0) {
        struct xv_block *b = top_block(f);
        bool active = is_active(f, b, ip);
        unwind--;
        if ((b->base & XV_BLOCK_FINALLY) && !active) {
            xv_value where = XV_INT(((target - f->start) << 8) | (intptr_t)unwind);
            sp = enter_finally(f, b, XV_MARK_JUMP, where, &ip);
            NEXT(); /* the block stays until its END_FINALLY */
        }
        if (b->base & XV_BLOCK_FINALLY) {
            sp--; /* what its handler was entered with */
        }
        f->n_blocks--;
    }
    if (unwind & 0x80u) {
        sp -= 4;
    }
    if (target < ip) {
        ip = target;
        goto backward;
    }
    ip = target;
    NEXT();

    /* ---- generators */

    CASE(YIELD_VALUE) : {
        res = TOP; /* its slot stays, for the value that will be sent */
        if (res == XV_NULL) {
            goto raise_here;
        }
        goto yield;
    }
yield:
    /* Suspend with `res`; ip is where to go on. */
    SYNC();
    {
        unsigned mode = f->mode;
        bool leave = (f->flags & XV_FRAME_EXIT) != 0;
        xv_generator_save(vm);
        if (leave) {
            return res;
        }
        RELOAD();
        if (mode == XV_RESUME_FOR) {
            ip += (*ip & 0x80u) ? 2 : 1;
        } else if (mode == XV_RESUME_YIELD_FROM) {
            TOP = res; /* the generator that delegates suspends as well */
            goto yield;
        }
        PUSH(res);
        NEXT();
    }
    CASE(YIELD_FROM) : {
        xv_value it = sp[-2];
        ip--; /* executed again when resumed */
        SYNC();
        if (xv_can_ask(vm) && TOP == XV_NONE && xv_draws_python(vm, it)) {
            res = xv_resumable_next(vm, it);
            if (res == XV_PUSHED) {
                vm->frame->then = XV_THEN_DELEGATE;
                goto pushed;
            }
            res = res == XV_STOP ? xv_raise_empty(vm, &xv_exc_StopIteration) : res;
        } else if (xv_is_kind(it, XV_KIND_GENERATOR) && ((struct xv_generator *)it)->pending == XV_NULL) {
            if (xv_generator_push(vm, it, TOP == XV_NONE ? XV_NULL : TOP, sp)) {
                vm->frame->mode = XV_RESUME_YIELD_FROM;
                goto pushed;
            }
            res = XV_NULL;
        } else {
            f->ip++; /* behind it, as ever while an instruction is executed */
            res = xv_delegate(vm, it, TOP);
            if (res == XV_NULL && xv_asks(vm)) {
                goto raise;
            }
            f->ip--;
        }
        RESUME();
        if (res != XV_NULL) {
            TOP = res;
            goto yield;
        }
    delegated:
        ip++;
        res = xv_stop_value(vm);
        if (res == XV_NULL) {
            goto raise_here;
        }
        sp--;
        TOP = res;
        NEXT();
    }

    /* ---- leaving and entering frames */

    CASE(RETURN_VALUE) : {
        res = POP();
        if (res == XV_NULL) {
            goto raise_here;
        }
        goto do_return;
    }
do_return:
    while (f->n_blocks > 0) {
        struct xv_block *b = top_block(f);
        if ((b->base & XV_BLOCK_FINALLY) && !is_active(f, b, ip)) {
            sp = enter_finally(f, b, XV_MARK_RETURN, res, &ip);
            NEXT();
        }
        f->n_blocks--;
    }
    if ((f->then | f->flags) == 0) {
        sp = f->result;
        f = f->prev;
        vm->frame = f;
        vm->stack_top = f->limit;
        ip = f->ip;
        fp = f->locals;
        PUSH(res);
        NEXT();
    }
    {
        struct xv_frame *done = xv_frame_leave(vm);
        unsigned then = done->then, mode = done->mode;
        bool leave = (done->flags & XV_FRAME_EXIT) != 0;
        if (then == XV_THEN_GENERATOR) {
            ((struct xv_generator *)done->keep)->ip = XV_NONE;
            if (mode == XV_RESUME_CALL) {
                res = res == XV_NONE ? xv_raise_empty(vm, &xv_exc_StopIteration)
                                     : xv_raise_value(vm, &xv_exc_StopIteration, res);
            }
        } else {
            res = finish(vm, then, done->keep, done->names, res);
        }
        if (leave) {
            return res;
        }
        RELOAD();
        if (res == XV_NULL) {
            goto raise;
        }
        switch (then) {
        case XV_THEN_DISCARD:
        case XV_THEN_IMPORT:
            NEXT();
        case XV_THEN_GENERATOR:
            if (mode == XV_RESUME_FOR) {
                goto exhausted;
            }
            ip++; /* XV_RESUME_YIELD_FROM: the delegation is over */
            sp--;
            TOP = res;
            NEXT();
        case XV_THEN_BINARY:
            if (res == XV_NOT_IMPLEMENTED) {
                /* The operands are still where they were. */
                vm->sp = sp + 2;
                res = operator_after(vm, (enum xv_binary)mode);
                if (res == XV_PUSHED) {
                    goto pushed;
                }
                if (res == XV_NULL) {
                    goto raise;
                }
            }
            PUSH(res);
            AGAIN();
        case XV_THEN_DELEGATE:
            TOP = res;
            goto yield;
        case XV_THEN_ANSWER:
            if (!xv_answer(vm, done->keep, res)) {
                goto raise;
            }
            AGAIN();
        case XV_THEN_NEXT:
            PUSH(res);
            ip += (*ip & 0x80u) ? 2 : 1;
            NEXT();
        case XV_THEN_ENTER:
            f->n_blocks++;
            PUSH(res);
            NEXT();
        case XV_THEN_WITH:
            goto with_cleaned;
        case XV_THEN_STAR:
            sp[-(int)mode] = res;
            NEXT();
        default:
            PUSH(res);
            NEXT();
        }
    }

stop_before_call:
    f->ip--; /* the call is made, and counted, when the program goes on */
    return XV_SUSPENDED;

put:
    /* `res` of a call replaces the operands from `to` on, unless a frame is to make it first, which has been counted. */
    if (res == XV_PUSHED) {
        RELOAD();
        NEXT();
    }
    if (res == XV_NULL) {
        goto raise; /* with the operands where they were, as it may have asked */
    }
    sp = to;
    PUSH(res);
    AGAIN();
pushed:
    /* A frame was entered, by something other than a call. */
    RELOAD();
    goto count;

    /* ---- exceptions in flight */

    CASE(UNUSED) : {
        SYNC();
        xv_raise(vm, &xv_exc_RuntimeError, "invalid opcode");
        goto raise;
    }
unbound:
    SYNC();
    xv_raise(vm, &xv_exc_NameError, "local variable referenced before assignment");
    goto raise;
wrong_container:
    SYNC();
    xv_raise(vm, &xv_exc_TypeError, "the stack holds a value of the wrong type for this instruction");
    goto raise;
raise_here:
    SYNC();
raise:
    if (vm->frame != f) {
        RELOAD(); /* a native has pushed frames, in the innermost of which the exception is to be raised */
    }
    if (xv_asks(vm) && xv_push_question(vm, sp) == XV_PUSHED) {
        goto pushed;
    }
    if (vm->exc == XV_NULL) {
        /* Only bytecode that no compiler writes gets here: it used "no object" as one. */
        vm->sp = sp;
        xv_raise(vm, &xv_exc_TypeError, "NULL is no object");
    }
    xv_trace(vm, f);
raise_again:
    ip = f->ip;
    for (;;) {
        while (f->n_blocks > 0 && (is_active(f, top_block(f), ip) || (vm->meter.cut && vm->loops > 1))) {
            f->n_blocks--;
        }
        if (f->n_blocks > 0) {
            struct xv_block *b = top_block(f);
            sp = xv_frame_base(f) + (b->base >> XV_BLOCK_SHIFT);
            b->base |= XV_BLOCK_RAISED;
            b->exc = vm->exc;
            PUSH(vm->exc);
            vm->exc = XV_NULL;
            ip = f->start + b->handler;
            if (b->base & XV_BLOCK_ASYNC) {
                ip = xv_async_entry(ip, true);
            }
            NEXT();
        }
        struct xv_frame *done = xv_frame_leave(vm);
        unsigned then = done->then;
        bool leave = (done->flags & XV_FRAME_EXIT) != 0;
        if (then == XV_THEN_GENERATOR) {
            leave_generator(vm, done->keep);
        } else if (then == XV_THEN_IMPORT) {
            xv_import_forget(vm, done->keep);
        }
        if (leave) {
            return XV_NULL;
        }
        RELOAD();
        if (then == XV_THEN_ANSWER && xv_answer(vm, done->keep, XV_NULL)) {
            AGAIN();
        }
        if (then == XV_THEN_DELEGATE && xv_pending(vm, &xv_exc_StopIteration)) {
            goto delegated;
        }
        if (then == XV_THEN_NEXT && xv_pending(vm, &xv_exc_StopIteration)) {
            xv_clear(vm);
            goto exhausted;
        }
        xv_trace(vm, f);
        RESUME();
    }
}
