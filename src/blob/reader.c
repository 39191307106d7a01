/*
 * The one place that looks at the structure of an .mpy file before anything is known about it. All checks go
 * through a cursor; what lies behind the inline readers of the header is checked here, once, for good.
 */
#include "blob/reader.h"

#include "blob/check.h"
#include "xv_names.inc"

/* ---- texts ---- */

/* UTF-8 with lone surrogates in three bytes, which the compilers write; no overlong forms. */
static bool is_utf8(const uint8_t *s, uint32_t n) {
    uint32_t i = 0;
    while (i < n) {
        uint8_t b = s[i++];
        if (b < 0x80) {
            continue;
        }
        unsigned more;
        uint8_t low = 0x80, high = 0xbf; /* the range of the second byte */
        if (b >= 0xc2 && b <= 0xdf) {
            more = 1;
        } else if (b >= 0xe0 && b <= 0xef) {
            more = 2;
            low = b == 0xe0 ? 0xa0 : 0x80;
        } else if (b >= 0xf0 && b <= 0xf4) {
            more = 3;
            low = b == 0xf0 ? 0x90 : 0x80;
            high = b == 0xf4 ? 0x8f : 0xbf;
        } else {
            return false;
        }
        for (; more > 0; more--) {
            if (i >= n || s[i] < low || s[i] > high) {
                return false;
            }
            i++;
            low = 0x80;
            high = 0xbf;
        }
    }
    return true;
}

/* Skips digits from i on; false if there is none. */
static bool skip_digits(const uint8_t *s, uint32_t n, uint32_t *i) {
    uint32_t start = *i;
    while (*i < n && s[*i] >= '0' && s[*i] <= '9') {
        ++*i;
    }
    return *i > start;
}

static bool is_int_text(const uint8_t *s, uint32_t n) {
    uint32_t i = n > 0 && s[0] == '-' ? 1 : 0;
    return skip_digits(s, n, &i) && i == n;
}

static bool is_word(const uint8_t *s, uint32_t n, const char *word) {
    return n == 3 && s[0] == (uint8_t)word[0] && s[1] == (uint8_t)word[1] && s[2] == (uint8_t)word[2];
}

static bool is_float_text(const uint8_t *s, uint32_t n) {
    if (n > 0 && s[0] == '-') {
        s++;
        n--;
    }
    if (is_word(s, n, "inf") || is_word(s, n, "nan")) {
        return true;
    }
    uint32_t i = 0;
    if (!skip_digits(s, n, &i)) {
        return false;
    }
    if (i < n && s[i] == '.') {
        i++;
        if (!skip_digits(s, n, &i)) {
            return false;
        }
    }
    if (i < n && s[i] == 'e') {
        i++;
        if (i < n && (s[i] == '+' || s[i] == '-')) {
            i++;
        }
        if (!skip_digits(s, n, &i)) {
            return false;
        }
    }
    return i == n;
}

static bool is_complex_text(const uint8_t *s, uint32_t n) {
    return n > 0 && s[n - 1] == 'j' && is_float_text(s, n - 1);
}

/* ---- header and tables ---- */

/* Two or four bytes, the low one first. */
static uint32_t little(const uint8_t *p, unsigned n) {
    uint32_t v = 0;
    for (unsigned i = 0; i < n; i++) {
        v |= (uint32_t)p[i] << 8 * i;
    }
    return v;
}

bool xv_operand_exists(const struct xv_blob *blob, uint32_t operand) {
    if (!blob->linked) {
        return operand < blob->n_qstr;
    }
    return operand & XV_OPERAND_TABLE ? (operand & ~XV_OPERAND_TABLE) < blob->n_qstr
                                      : operand >= 1 && operand <= XV_NAMES_COUNT;
}

static bool check_mpy_header(struct xv_cursor *c, const uint8_t *h) {
    if (h[0] != 0x4d) {
        return xv_cursor_fail(c, XIPVM_BLOB_NOT_MPY, 0);
    }
    if (h[1] != 6) {
        return xv_cursor_fail(c, XIPVM_BLOB_WRONG_VERSION, 1);
    }
    if (h[2] & 0x80) {
        return xv_cursor_fail(c, XIPVM_BLOB_RESERVED_BIT, 2);
    }
    if (h[2] >> 2 & 15) {
        return xv_cursor_fail(c, XIPVM_BLOB_NATIVE_ARCH, 2);
    }
    return h[2] & 0x40 ? xv_cursor_fail(c, XIPVM_BLOB_ARCH_FLAGS, 2) : true;
}

/* What the header of a prelinked image has beyond that of an .mpy file, whose fields have been read into h. */
static bool check_linked_header(struct xv_cursor *c, struct xv_blob *blob, const uint8_t *h) {
#if !XIPVM_PRELINKED
    (void)blob;
    (void)h;
    return xv_cursor_fail(c, XIPVM_BLOB_XIP_ABSENT, 0);
#else
    if (h[1] != XV_XIP_VERSION || h[2] != 0) {
        return xv_cursor_fail(c, XIPVM_BLOB_XIP_VERSION, 1);
    }
    const uint8_t *more = xv_cursor_take(c, XV_XIP_HEADER - 4);
    if (more == NULL) {
        return false;
    }
    if (little(more, 4) != XV_NAMES_FINGERPRINT) {
        return xv_cursor_fail(c, XIPVM_BLOB_FINGERPRINT, 4);
    }
    blob->source_name = (uint16_t)little(more + 4, 2);
    uint32_t aexit = little(more + 6, 2);
    blob->async_names[XV_ASYNC_BASE_EXCEPTION] = XV_STATIC_BASE_EXCEPTION;
    blob->async_names[XV_ASYNC_AEXIT] = aexit == 0 ? UINT32_MAX : aexit;
    blob->async_names[XV_ASYNC_CLASS] = XV_STATIC_CLASS;
    return true;
#endif
}

bool xv_check_header(struct xv_cursor *c, struct xv_blob *blob, unsigned max_small_int_bits) {
    const uint8_t *h = xv_cursor_take(c, 4);
    if (h == NULL) {
        return false;
    }
    blob->linked = h[0] == XV_XIP_MAGIC;
    blob->source_name = 0;
    for (unsigned i = 0; i < XV_ASYNC_NAMES; i++) {
        blob->async_names[i] = UINT32_MAX;
    }
    uint8_t bits = h[3];
    blob->sub_version = h[2] & 3;
    if (blob->linked) {
        if (!check_linked_header(c, blob, h)) {
            return false;
        }
    } else if (!check_mpy_header(c, h)) {
        return false;
    }
    if (bits > max_small_int_bits || bits > 64) {
        return xv_cursor_fail(c, XIPVM_BLOB_SMALL_INT_TOO_WIDE, 3);
    }
    if (bits < 8) {
        return xv_cursor_fail(c, XIPVM_BLOB_SMALL_INT_TOO_NARROW, 3);
    }
    blob->small_int_bits = bits;
    uint32_t at = c->pos;
    blob->n_qstr = xv_cursor_varuint(c);
    if (c->code == XIPVM_BLOB_OK && blob->n_qstr == 0 && !blob->linked) {
        return xv_cursor_fail(c, XIPVM_BLOB_NO_QSTRS, at);
    }
    blob->n_obj = xv_cursor_varuint(c);
    if (blob->n_qstr > c->limit || blob->n_obj > c->limit) {
        return xv_cursor_fail(c, XIPVM_BLOB_COUNT_TOO_LARGE, at);
    }
    if (c->code == XIPVM_BLOB_OK && blob->linked &&
        (!xv_operand_exists(blob, blob->source_name) ||
         (blob->async_names[XV_ASYNC_AEXIT] != UINT32_MAX && !xv_operand_exists(blob, blob->async_names[XV_ASYNC_AEXIT])))) {
        return xv_cursor_fail(c, XIPVM_BLOB_NAME_INDEX, 8);
    }
    return c->code == XIPVM_BLOB_OK;
}
static bool is_text(const struct xv_name *name, const char *text) {
    uint32_t i = 0;
    while (i < name->len && text[i] != 0 && name->text[i] == (uint8_t)text[i]) {
        i++;
    }
    return i == name->len && text[i] == 0;
}

/* Remembers the names of an `async with`. A table that has one of them twice is no compiler's; the first counts. */
static void note_async_name(struct xv_blob *blob, const struct xv_name *name, uint32_t i) {
    static const struct {
        uint16_t static_id; /* 0: none */
        const char *text;
    } wanted[XV_ASYNC_NAMES] = {{XV_STATIC_BASE_EXCEPTION, "BaseException"}, {0, "__aexit__"}, {XV_STATIC_CLASS, "__class__"}};
    for (unsigned k = 0; k < XV_ASYNC_NAMES && !blob->linked; k++) {
        bool same = name->static_id != 0 ? name->static_id == wanted[k].static_id : is_text(name, wanted[k].text);
        if (same && blob->async_names[k] == UINT32_MAX) {
            blob->async_names[k] = i;
        }
    }
}

bool xv_check_name(struct xv_cursor *c, struct xv_blob *blob, uint32_t i) {
    struct xv_name name = {0, NULL, 0};
    uint32_t at = c->pos;
    uint32_t w = xv_cursor_varuint(c);
    if (c->code != XIPVM_BLOB_OK) {
        return false;
    }
    uint32_t n = w >> 1;
    if (w & 1u) {
        name.static_id = (uint16_t)(n <= XV_STATIC_NAMES ? n : 0);
        note_async_name(blob, &name, i);
        return name.static_id != 0 && !blob->linked ? true : xv_cursor_fail(c, XIPVM_BLOB_STATIC_NAME, at);
    }
    if (n > 255) {
        return xv_cursor_fail(c, XIPVM_BLOB_NAME_TOO_LONG, at);
    }
    const uint8_t *s = xv_cursor_take(c, n);
    uint8_t end = xv_cursor_byte(c);
    if (c->code != XIPVM_BLOB_OK) {
        return false;
    }
    if (end != 0) {
        return xv_cursor_fail(c, XIPVM_BLOB_NAME_NOT_TERMINATED, at);
    }
    name.text = s;
    name.len = n;
    note_async_name(blob, &name, i);
    return is_utf8(s, n) ? true : xv_cursor_fail(c, XIPVM_BLOB_NAME_NOT_UTF8, at);
}

static bool check_text(struct xv_cursor *c, uint8_t tag, uint32_t n, uint32_t at) {
    const uint8_t *s = xv_cursor_take(c, n);
    bool terminated = tag != XV_TAG_STR && tag != XV_TAG_BYTES ? true : xv_cursor_byte(c) == 0;
    if (c->code != XIPVM_BLOB_OK) {
        return false;
    }
    if (!terminated) {
        return xv_cursor_fail(c, XIPVM_BLOB_OBJECT_NOT_TERMINATED, at);
    }
    if (tag == XV_TAG_STR && !is_utf8(s, n)) {
        return xv_cursor_fail(c, XIPVM_BLOB_STR_NOT_UTF8, at);
    }
    if (tag == XV_TAG_INT && !is_int_text(s, n)) {
        return xv_cursor_fail(c, XIPVM_BLOB_INT_TEXT, at);
    }
    if (tag == XV_TAG_FLOAT && !is_float_text(s, n)) {
        return xv_cursor_fail(c, XIPVM_BLOB_FLOAT_TEXT, at);
    }
    if (tag == XV_TAG_COMPLEX && !is_complex_text(s, n)) {
        return xv_cursor_fail(c, XIPVM_BLOB_COMPLEX_TEXT, at);
    }
    return true;
}

/* One object without the items of a tuple, which it may only be if `nests`; their number goes to *items, 0 for any
 * other object. */
static bool check_object(struct xv_cursor *c, bool nests, uint32_t *items) {
    uint32_t at = c->pos;
    uint8_t tag = xv_cursor_byte(c);
    *items = 0;
    if (c->code != XIPVM_BLOB_OK) {
        return false;
    }
    if (tag == XV_TAG_NATIVE_TABLE) {
        return xv_cursor_fail(c, XIPVM_BLOB_NATIVE_TABLE, at);
    }
    if (tag > XV_TAG_TUPLE) {
        return xv_cursor_fail(c, XIPVM_BLOB_OBJECT_TAG, at);
    }
    if (tag <= XV_TAG_ELLIPSIS) {
        return true;
    }
    if (tag == XV_TAG_TUPLE && !nests) {
        return xv_cursor_fail(c, XIPVM_BLOB_TUPLE_DEPTH, at);
    }
    uint32_t n = xv_cursor_varuint(c);
    if (c->code != XIPVM_BLOB_OK) {
        return false;
    }
    if (tag != XV_TAG_TUPLE) {
        return check_text(c, tag, n, at);
    }
    if (n > c->limit) {
        return xv_cursor_fail(c, XIPVM_BLOB_COUNT_TOO_LARGE, at);
    }
    *items = n;
    return true;
}

bool xv_check_objects(struct xv_cursor *c, uint32_t n_obj) {
    uint32_t left[XV_MAX_TUPLE_DEPTH + 1]; /* objects still to come at each depth */
    unsigned depth = 0;
    left[0] = n_obj;
    for (;;) {
        while (left[depth] == 0) {
            if (depth == 0) {
                return true;
            }
            depth--;
        }
        left[depth]--;
        uint32_t items;
        if (!check_object(c, depth < XV_MAX_TUPLE_DEPTH, &items)) {
            return false;
        }
        if (items > 0) {
            left[++depth] = items;
        }
    }
}

/* ---- functions ---- */

/*
 * No field of an accepted prelude may make the unchecked reader shift too far or point outside the
 * function, so the lengths of the bit-interleaved words are checked before it is used. A fault is always at
 * the raw code.
 */
static enum xipvm_blob_error check_prelude_words(const uint8_t *fun, uint32_t len) {
    uint32_t at = 0;
    uint32_t extra = 0;
    do {
        if (at == len) {
            return XIPVM_BLOB_PRELUDE_TRUNCATED;
        }
        if (at > 13) {
            return XIPVM_BLOB_SIGNATURE_TOO_LONG;
        }
    } while (fun[at++] & 0x80);
    uint64_t room = 0;
    do {
        if (at == len) {
            return XIPVM_BLOB_PRELUDE_TRUNCATED;
        }
        uint32_t info = fun[at] >> 1 & 0x3fu;
        if (extra > 16 || (extra > 4 && info != 0)) {
            return XIPVM_BLOB_SIZES_TOO_LONG;
        }
        room += (extra > 4 ? 0 : (uint64_t)info << 6 * extra) + ((uint64_t)(fun[at] & 1u) << extra);
        extra++;
    } while (fun[at++] & 0x80);
    return room >= len - at ? XIPVM_BLOB_NO_BYTECODE : XIPVM_BLOB_OK;
}

static enum xipvm_blob_error check_prelude_fields(const struct xv_prelude *p) {
    if (p->n_state > XV_MAX_STATE) {
        return XIPVM_BLOB_STATE_TOO_LARGE;
    }
    if (p->n_exc > XV_MAX_EXC_BLOCKS) {
        return XIPVM_BLOB_BLOCKS_TOO_MANY;
    }
    if (p->n_def_pos > p->n_pos) {
        return XIPVM_BLOB_TOO_MANY_DEFAULTS;
    }
    uint32_t stars = (p->flags & XV_FLAG_VARARGS ? 1u : 0u) + (p->flags & XV_FLAG_VARKW ? 1u : 0u);
    if (p->n_pos + p->n_kwonly + stars > p->n_state) {
        return XIPVM_BLOB_TOO_MANY_ARGUMENTS;
    }
    return XIPVM_BLOB_OK;
}

static enum xipvm_blob_error check_cells(const struct xv_prelude *p) {
    uint8_t seen[32] = {0};
    for (uint32_t i = 0; i < p->n_cells; i++) {
        uint8_t n = p->cells[i];
        if (n >= p->n_state) {
            return XIPVM_BLOB_CELL_INDEX;
        }
        if (seen[n / 8] & 1u << n % 8) {
            return XIPVM_BLOB_CELL_TWICE;
        }
        seen[n / 8] = (uint8_t)(seen[n / 8] | 1u << n % 8);
    }
    return XIPVM_BLOB_OK;
}

/* The flags are read apart: more of them than the fast reader keeps must not go unseen. */
static bool has_unknown_flags(const uint8_t *fun) {
    for (unsigned n = 0; *fun++ & 0x80; n++) {
        if (n >= 4 && *fun & 0x40) {
            return true;
        }
    }
    return false;
}

static uint32_t name_operand(struct xv_cursor *c, bool linked) {
    if (!linked) {
        return xv_cursor_varuint(c);
    }
    const uint8_t *p = xv_cursor_take(c, 2);
    return p == NULL ? 0 : little(p, 2);
}

/* The function of `len` bytes at c->base + at, whose raw code begins at raw_at. */
static bool check_function(struct xv_cursor *c, uint32_t raw_at, uint32_t at, uint32_t len, bool outer,
                           const struct xv_blob *blob) {
    const uint8_t *fun = c->base + at;
    enum xipvm_blob_error code = check_prelude_words(fun, len);
    if (code != XIPVM_BLOB_OK) {
        return xv_cursor_fail(c, code, raw_at);
    }
    if (has_unknown_flags(fun)) {
        return xv_cursor_fail(c, XIPVM_BLOB_SCOPE_FLAGS, raw_at);
    }
    struct xv_prelude p;
    xv_prelude_read(fun, &p);
    code = check_prelude_fields(&p);
    if (code != XIPVM_BLOB_OK) {
        return xv_cursor_fail(c, code, raw_at);
    }
    struct xv_cursor info;
    xv_cursor_init(&info, c->base, (uint32_t)(p.names - c->base), (uint32_t)(p.cells - c->base));
    for (uint32_t i = 0; i < 1 + p.n_pos + p.n_kwonly; i++) {
        uint32_t name_at = info.pos;
        uint32_t q = name_operand(&info, blob->linked);
        if (info.code != XIPVM_BLOB_OK) {
            code = info.code == XIPVM_BLOB_TRUNCATED ? XIPVM_BLOB_NAMES_TRUNCATED : info.code;
            return xv_cursor_fail(c, code, info.fault);
        }
        if (!xv_operand_exists(blob, q)) {
            return xv_cursor_fail(c, XIPVM_BLOB_NAME_INDEX, name_at);
        }
    }
    while (info.pos < info.end) {
        if (xv_cursor_byte(&info) & 0x80) {
            xv_cursor_byte(&info);
        }
    }
    if (info.code != XIPVM_BLOB_OK) {
        return xv_cursor_fail(c, XIPVM_BLOB_LINES_TRUNCATED, info.fault);
    }
    code = check_cells(&p);
    if (code != XIPVM_BLOB_OK) {
        return xv_cursor_fail(c, code, raw_at);
    }
    if (outer && (p.n_pos + p.n_kwonly + p.n_cells > 0 || p.flags != 0)) {
        return xv_cursor_fail(c, XIPVM_BLOB_OUTER_ARGUMENTS, raw_at);
    }
    return true;
}

bool xv_check_raw(struct xv_cursor *c, const struct xv_blob *blob, bool outer, struct xv_raw *raw) {
    uint32_t at = c->pos;
    uint32_t w = xv_cursor_varuint(c);
    raw->n_children = 0;
    if (c->code != XIPVM_BLOB_OK) {
        return false;
    }
    if (w & 3u) {
        return xv_cursor_fail(c, XIPVM_BLOB_NATIVE_CODE, at);
    }
    uint32_t fun_at = c->pos;
    raw->fun = xv_cursor_take(c, w >> 3);
    raw->len = w >> 3;
    if (raw->fun == NULL || !check_function(c, at, fun_at, w >> 3, outer, blob)) {
        return false;
    }
    if (w & 4u) {
        uint32_t count_at = c->pos;
        raw->n_children = xv_cursor_varuint(c);
        if (c->code == XIPVM_BLOB_OK && raw->n_children == 0) {
            return xv_cursor_fail(c, XIPVM_BLOB_NO_CHILDREN, count_at);
        }
        if (raw->n_children > c->limit) {
            return xv_cursor_fail(c, XIPVM_BLOB_COUNT_TOO_LARGE, count_at);
        }
    }
    raw->children = c->base + c->pos;
    return c->code == XIPVM_BLOB_OK;
}

static bool check_functions(struct xv_cursor *c, struct xv_blob *blob) {
    uint32_t left[XV_MAX_FUNCTION_DEPTH + 1]; /* functions still to come at each depth */
    unsigned depth = 0;
    left[0] = 1;
    blob->n_functions = 0;
    for (;;) {
        while (left[depth] == 0) {
            if (depth == 0) {
                return true;
            }
            depth--;
        }
        left[depth]--;
        struct xv_raw raw;
        if (!xv_check_raw(c, blob, blob->n_functions == 0, &raw)) {
            return false;
        }
        blob->n_functions++;
        if (raw.n_children > 0) {
            if (depth == XV_MAX_FUNCTION_DEPTH) {
                return xv_cursor_fail(c, XIPVM_BLOB_FUNCTION_DEPTH, c->pos);
            }
            left[++depth] = raw.n_children;
        }
    }
}

static bool check_blob(struct xv_cursor *c, struct xv_blob *blob, unsigned max_small_int_bits) {
    if (!xv_check_header(c, blob, max_small_int_bits)) {
        return false;
    }
    blob->qstrs_at = c->pos;
    for (uint32_t i = 0; i < blob->n_qstr; i++) {
        if (!xv_check_name(c, blob, i)) {
            return false;
        }
    }
    blob->objs_at = c->pos;
    if (!xv_check_objects(c, blob->n_obj)) {
        return false;
    }
    blob->code_at = c->pos;
    if (!check_functions(c, blob)) {
        return false;
    }
    return c->pos == c->end ? true : xv_cursor_fail(c, XIPVM_BLOB_TRAILING_BYTES, c->pos);
}

bool xv_blob_open(struct xv_blob *blob, const uint8_t *base, size_t size, unsigned max_small_int_bits,
                  struct xv_blob_fault *fault) {
    struct xv_cursor c;
    bool fits = size <= INT32_MAX;
    xv_cursor_init(&c, base, 0, fits ? (uint32_t)size : 0);
    blob->base = base;
    blob->size = c.end;
    bool good = fits ? check_blob(&c, blob, max_small_int_bits) : xv_cursor_fail(&c, XIPVM_BLOB_TOO_LARGE, 0);
    if (fault != NULL) {
        fault->code = c.code;
        fault->offset = c.fault;
    }
    return good;
}

/* ---- walking what was accepted ---- */

const uint8_t *xv_const_read(const uint8_t *p, struct xv_const *obj) {
    obj->at = p;
    obj->tag = *p++;
    obj->len = obj->tag > XV_TAG_ELLIPSIS ? xv_varuint(&p) : 0;
    obj->data = p;
    return p;
}

/* The address behind an object, or behind the head of a tuple. */
static const uint8_t *behind(const struct xv_const *obj) {
    if (obj->tag == XV_TAG_TUPLE) {
        return obj->data;
    }
    return obj->data + obj->len + (obj->tag == XV_TAG_STR || obj->tag == XV_TAG_BYTES ? 1 : 0);
}

const uint8_t *xv_next_object(const uint8_t *p, struct xv_const *obj) {
    xv_const_read(p, obj);
    p = behind(obj);
    /* However deep the nesting, a count of the objects to come is all there is to keep. */
    uint32_t to_come = obj->tag == XV_TAG_TUPLE ? obj->len : 0;
    for (; to_come > 0; to_come--) {
        struct xv_const item;
        xv_const_read(p, &item);
        p = behind(&item);
        to_come += item.tag == XV_TAG_TUPLE ? item.len : 0;
    }
    return p;
}

const uint8_t *xv_raw_end(const uint8_t *p) {
    for (uint32_t to_come = 1; to_come > 0; to_come--) {
        struct xv_raw raw;
        p = xv_raw_read(p, &raw);
        to_come += raw.n_children;
    }
    return p;
}

const uint8_t *xv_raw_child(const struct xv_raw *raw, uint32_t i) {
    const uint8_t *p = raw->children;
    for (; i > 0; i--) {
        p = xv_raw_end(p);
    }
    return p;
}

const uint8_t *xv_prelude_lines(const struct xv_prelude *p, bool linked) {
    const uint8_t *q = p->names;
    for (uint32_t i = 0; i < 1 + p->n_pos + p->n_kwonly; i++) {
        xv_code_name(&q, linked);
    }
    return q;
}

uint32_t xv_prelude_arg_name(const struct xv_prelude *p, uint32_t i, bool linked) {
    const uint8_t *q = p->names;
    for (xv_code_name(&q, linked); i > 0; i--) {
        xv_code_name(&q, linked);
    }
    return xv_code_name(&q, linked);
}

uint32_t xv_line_of(const uint8_t *fun, uint32_t pc, bool linked) {
    struct xv_prelude p;
    xv_prelude_read(fun, &p);
    uint32_t line = 1;
    for (const uint8_t *q = xv_prelude_lines(&p, linked); q < p.cells;) {
        uint32_t advance, lines;
        xv_line_read(&q, &advance, &lines);
        if (pc < advance) {
            break;
        }
        pc -= advance;
        line += lines;
    }
    return line;
}
