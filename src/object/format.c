/* Formatting: format() and str.format with the format-spec mini language, and the % operator.
 *
 * A number is printed at the end of the output, then sign, prefix, separators and padding are put into it
 * where they belong; so no text is made only to be copied. Format strings are read by offset, as they may
 * move whenever something is printed. */
#include "object/container.h"
#include "object/floattext.h"
#include "object/function.h"
#include "object/number.h"
#include "object/text.h"

#define WIDTH_MAX 0x3fffffffu

struct spec {
    uint8_t fill[4];
    uint8_t fill_len;
    char align; /* < > = ^, or 0: as usual for the type */
    char sign;  /* + - space, or 0 */
    bool alternate;
    bool zero;     /* the fill is 0, and goes behind the sign of a number */
    bool percent;  /* of the % operator: precision gives the digits of an int */
    char grouping; /* , _ or 0 */
    char type;     /* 0: none */
    size_t width;
    int32_t precision; /* -1: none */
};

static const struct spec default_spec = {.fill = {' '}, .fill_len = 1, .precision = -1};

/* ---- reading a spec */

static bool bad_spec(struct xv_vm *vm) {
    xv_raise(vm, &xv_exc_ValueError, "invalid format specifier");
    return false;
}

static bool is_align(uint8_t c) {
    return c == '<' || c == '>' || c == '=' || c == '^';
}

/* How a character is shown that begins with this byte: as in CPython, when it is plain. A part of one would make a
 * message that is no text. */
static char shown(uint8_t c) {
    return c >= ' ' && c < 0x7f ? (char)c : '?';
}

static bool is_digit(uint8_t c) {
    return c >= '0' && c <= '9';
}

/* Digits at *p, if there are any; false if the number is absurd. */
static bool read_number(const uint8_t **p, const uint8_t *end, uint32_t *out) {
    uint32_t n = 0;
    for (; *p < end && is_digit(**p); ++*p) {
        n = n * 10 + (**p - '0'); /* n was at most WIDTH_MAX / 10 */
        if (n > WIDTH_MAX / 10) {
            return false;
        }
    }
    *out = n;
    return true;
}

static bool too_wide(struct xv_vm *vm) {
    xv_raise(vm, &xv_exc_ValueError, "too many decimal digits in format string");
    return false;
}

/* Reads [[fill]align][sign][#][0][width][,][.precision][type]. Allocates only to raise. */
static bool read_spec(struct xv_vm *vm, struct xv_text text, struct spec *spec) {
    const uint8_t *p = text.data;
    const uint8_t *end = p + text.len;
    *spec = default_spec;
    bool filled = false;
    if (p < end) {
        const uint8_t *q = p;
        xv_utf8_decode(&q, end);
        if (q < end && is_align(*q)) {
            spec->fill_len = (uint8_t)(q - p);
            memcpy(spec->fill, p, spec->fill_len);
            spec->align = (char)*q;
            filled = true;
            p = q + 1;
        } else if (is_align(*p)) {
            spec->align = (char)*p++;
        }
    }
    if (p < end && (*p == '+' || *p == '-' || *p == ' ')) {
        spec->sign = (char)*p++;
    }
    if (p < end && *p == '#') {
        spec->alternate = true;
        p++;
    }
    if (!filled && p < end && *p == '0') {
        spec->fill[0] = '0';
        spec->zero = true;
        p++;
    }
    uint32_t number;
    if (!read_number(&p, end, &number)) {
        return too_wide(vm);
    }
    spec->width = number;
    if (p < end && (*p == ',' || *p == '_')) {
        spec->grouping = (char)*p++;
    }
    if (p < end && *p == '.') {
        const uint8_t *digits = ++p;
        if (!read_number(&p, end, &number)) {
            return too_wide(vm);
        }
        if (p == digits) {
            xv_raise(vm, &xv_exc_ValueError, "format specifier missing precision");
            return false;
        }
        spec->precision = (int32_t)number;
    }
    if (p < end) {
        spec->type = (char)*p++;
    }
    return p == end || bad_spec(vm);
}

/* ---- padding */

/* Inserts the fill `n` times at an offset of the output. */
static bool insert_fill(struct xv_printer *out, size_t at, const struct spec *spec, size_t n) {
    if (n > XV_STR_MAX / spec->fill_len) {
        xv_raise_memory(out->vm);
        return false;
    }
    uint8_t *p = xv_printer_gap(out, at, n * spec->fill_len);
    if (p == NULL) {
        return false;
    }
    if (spec->fill_len == 1) {
        memset(p, spec->fill[0], n);
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        memcpy(p + i * spec->fill_len, spec->fill, spec->fill_len);
    }
    return true;
}

/* Pads the text of `units` characters that stands in the output from `from` on to the width; with = the fill
 * goes to `body`. */
static bool pad(struct xv_printer *out, size_t from, size_t body, size_t units, char align,
                const struct spec *spec) {
    if (spec->width <= units) {
        return true;
    }
    size_t n = spec->width - units;
    switch (align) {
    case '<':
        return insert_fill(out, out->len, spec, n);
    case '=':
        return insert_fill(out, body, spec, n);
    case '^':
        return insert_fill(out, from, spec, n / 2) && insert_fill(out, out->len, spec, n - n / 2);
    default:
        return insert_fill(out, from, spec, n);
    }
}

/* ---- strings */

static bool put_padded_text(struct xv_printer *out, xv_value text, const struct spec *spec) {
    struct xv_vm *vm = out->vm;
    struct xv_text t = xv_span(vm, text);
    bool bytewise = xv_bytewise(vm, text);
    size_t len = t.len;
    size_t units = bytewise ? len : xv_utf8_count(t.data, len);
    if (spec->precision >= 0 && (size_t)spec->precision < units) {
        units = (size_t)spec->precision;
        len = xv_unit_to_byte(t, bytewise, units);
    }
    size_t from = out->len;
    return xv_put_text(out, text, 0, len) &&
           pad(out, from, from, units, spec->align == 0 ? '<' : spec->align, spec);
}

static bool bad_type(struct xv_vm *vm, char type, const char *name) {
    xv_raise(vm, &xv_exc_ValueError, "unknown format code '%c' for object of type '%s'", type, name);
    return false;
}

static bool put_str(struct xv_printer *out, xv_value v, const struct spec *spec) {
    struct xv_vm *vm = out->vm;
    if (spec->type != 0 && spec->type != 's') {
        return bad_type(vm, spec->type, "str");
    }
    if (spec->sign != 0) {
        xv_raise(vm, &xv_exc_ValueError, "sign not allowed in string format specifier");
        return false;
    }
    if (spec->align == '=') {
        xv_raise(vm, &xv_exc_ValueError, "'=' alignment not allowed in string format specifier");
        return false;
    }
    if (spec->alternate || spec->grouping != 0) {
        return bad_spec(vm);
    }
    return put_padded_text(out, v, spec);
}

/* ---- numbers */

/* Where the parts of a number that was printed stand in the output. */
struct number {
    size_t from;
    size_t digits; /* behind sign and prefix */
    size_t n;      /* digits, before the point of a float */
    size_t group;  /* digits between separators */
};

/* Separates the digits into groups; zeros that fill the width become digits too. */
static bool put_groups(struct xv_printer *out, const struct number *number, bool zeros,
                       const struct spec *spec) {
    size_t n = number->n;
    if (n == 0) {
        return true; /* inf and nan */
    }
    if (zeros) {
        size_t others = out->len - number->from - n;
        size_t want = spec->width > others ? spec->width - others : 0;
        /* As few digits as make up `want` characters with their separators; a separator is never first. */
        size_t fitting = want - want / (number->group + 1);
        fitting += want > 0 && want % (number->group + 1) == 0;
        n = n < fitting ? fitting : n;
    }
    size_t zeros_added = n - number->n;
    size_t added = zeros_added + (n - 1) / number->group;
    uint8_t *to = xv_printer_gap(out, number->digits, added);
    if (to == NULL) {
        return false;
    }
    const uint8_t *from = to + added;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % number->group == 0) {
            *to++ = (uint8_t)spec->grouping;
        }
        *to++ = i < zeros_added ? '0' : *from++;
    }
    return true;
}

/* Sign, grouping and padding of a number printed from number->from on with nothing but its minus sign. */
static bool finish_number(struct xv_printer *out, struct number *number, const struct spec *spec) {
    char align = spec->align != 0 ? spec->align : spec->zero ? '=' : '>';
    if (spec->grouping != 0 && !put_groups(out, number, align == '=' && spec->fill[0] == '0', spec)) {
        return false;
    }
    return pad(out, number->from, number->digits, out->len - number->from, align, spec);
}

/* Puts the sign and the prefix before the digits. */
static bool put_lead(struct xv_printer *out, struct number *number, const struct spec *spec, char prefix) {
    bool negative = out->len > number->from && xv_printer_data(out)[number->from] == '-';
    char lead[3];
    size_t n = 0;
    if (!negative && (spec->sign == '+' || spec->sign == ' ')) {
        lead[n++] = spec->sign;
    }
    if (prefix != 0) {
        lead[n++] = '0';
        lead[n++] = prefix;
    }
    number->digits = number->from + negative + n;
    if (n == 0) {
        return true;
    }
    uint8_t *p = xv_printer_gap(out, number->from + negative, n);
    if (p == NULL) {
        return false;
    }
    memcpy(p, lead, n);
    return true;
}

static bool put_char(struct xv_printer *out, xv_value v, const struct spec *spec) {
    struct xv_vm *vm = out->vm;
    intptr_t c;
    if (spec->sign != 0) {
        xv_raise(vm, &xv_exc_ValueError, "sign not allowed with integer format specifier 'c'");
        return false;
    }
    if (!xv_to_index(vm, v, &c)) {
        return false;
    }
    if (c < 0 || c > 0x10ffff) {
        xv_raise(vm, &xv_exc_OverflowError, "char not in range(0x110000)");
        return false;
    }
    size_t from = out->len;
    char align = spec->align != 0 ? spec->align : spec->zero ? '=' : '>';
    return xv_put_code_point(out, (uint32_t)c) && pad(out, from, from, 1, align, spec);
}

/* The base of an int's format type, 0 if it is none. */
static unsigned base_of(char type) {
    switch (type) {
    case 'b':
        return 2;
    case 'o':
        return 8;
    case 'x':
    case 'X':
        return 16;
    case 0:
    case 'd':
    case 'n':
        return 10;
    default:
        return 0;
    }
}

static void to_upper(uint8_t *p, size_t n) {
    for (; n > 0; p++, n--) {
        *p = *p >= 'a' && *p <= 'z' ? (uint8_t)(*p - 32) : *p;
    }
}

static bool put_int(struct xv_printer *out, xv_value v, const struct spec *spec) {
    struct xv_vm *vm = out->vm;
    if (spec->type == 'c') {
        return put_char(out, v, spec);
    }
    unsigned base = base_of(spec->type);
    if (base == 0) {
        return bad_type(vm, spec->type, "int");
    }
    if (spec->precision >= 0 && !spec->percent) {
        xv_raise(vm, &xv_exc_ValueError, "precision not allowed in integer format specifier");
        return false;
    }
    if (spec->grouping == ',' && base != 10) {
        xv_raise(vm, &xv_exc_ValueError, "cannot specify ',' with '%c'", spec->type);
        return false;
    }
    struct number number = {.from = out->len, .group = base == 10 ? 3 : 4};
    char prefix = spec->alternate && base != 10 ? spec->type : 0;
    if (!xv_int_put(out, v, base) || !put_lead(out, &number, spec, prefix)) {
        return false;
    }
    if (spec->type == 'X') {
        to_upper(xv_printer_data(out) + number.digits, out->len - number.digits);
    }
    number.n = out->len - number.digits;
    if (spec->precision >= 0 && (size_t)spec->precision > number.n) {
        size_t zeros = (size_t)spec->precision - number.n;
        uint8_t *p = xv_printer_gap(out, number.digits, zeros);
        if (p == NULL) {
            return false;
        }
        memset(p, '0', zeros);
    }
    return finish_number(out, &number, spec);
}

/* The kernel's format and flags for a float's format type; 0 if it is none. */
static char float_kind(const struct spec *spec, unsigned *flags) {
    *flags =
        (spec->alternate ? XV_FLOAT_ALT : 0u) | (sizeof(xv_real) == sizeof(float) ? XV_FLOAT_SINGLE : 0u);
    switch (spec->type) {
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return spec->type;
    case 'n':
        return 'g';
    case '%':
        return 'f';
    case 0:
        if (spec->precision < 0) {
            return 'r';
        }
        *flags |= XV_FLOAT_DOT0;
        return 'g';
    default:
        return 0;
    }
}

static bool put_float(struct xv_printer *out, double x, const struct spec *spec) {
    unsigned flags;
    char kind = float_kind(spec, &flags);
    if (kind == 0) {
        return bad_type(out->vm, spec->type, "float");
    }
    x = spec->type == '%' ? x * 100 : x;
    struct number number = {.from = out->len, .group = 3};
    size_t room = xv_float_format_bound(x, kind, spec->precision);
    uint8_t *p = xv_printer_room(out, room);
    if (p == NULL) {
        return false;
    }
    out->len += xv_float_format((char *)p, room, x, kind, spec->precision, flags);
    if ((spec->type == '%' && !xv_putc(out, '%')) || !put_lead(out, &number, spec, 0)) {
        return false;
    }
    const uint8_t *digits = xv_printer_data(out) + number.digits;
    while (number.digits + number.n < out->len && is_digit(digits[number.n])) {
        number.n++;
    }
    return finish_number(out, &number, spec);
}

static bool is_float_type(char type) {
    return type != 0 && strchr("eEfFgG%", type) != NULL;
}

/* ---- format(v, spec) */

/* The result of a class's own __format__, or XV_STOP if it has none. The spec is the part [from, from + len)
 * of a str. */
static xv_value own_format(struct xv_vm *vm, xv_value v, xv_value spec, size_t from, size_t len) {
    xv_value owner = XV_NULL;
    if (!xv_is_kind(v, XV_KIND_INSTANCE) ||
        xv_type_lookup(vm, xv_type_of(vm, v), XV_Q___format__, &owner) == XV_NULL ||
        !xv_is_kind(owner, XV_KIND_CLASS)) {
        return XV_STOP;
    }
    xv_value r[2] = {v, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_text_part(vm, XV_KIND_STR, spec, from, len);
    xv_value text = r[1] == XV_NULL ? XV_NULL : xv_call_method(vm, r[0], XV_Q___format__, &r[1], 1);
    XV_LEAVE(vm);
    if (text != XV_NULL && !xv_is_str(vm, xv_unwrap(vm, text))) {
        return xv_raise(vm, &xv_exc_TypeError, "__format__ must return a str, not %t", text);
    }
    return text == XV_NULL ? XV_NULL : xv_unwrap(vm, text);
}

/* Prints v as the part [from, from + len) of a str says. */
static bool put_formatted(struct xv_printer *out, xv_value v, xv_value spec_text, size_t from, size_t len) {
    struct xv_vm *vm = out->vm;
    if (xv_is_kind(v, XV_KIND_INSTANCE)) {
        xv_value r[2] = {v, spec_text};
        XV_ENTER(vm, r);
        xv_value text = own_format(vm, v, spec_text, from, len);
        v = r[0];
        spec_text = r[1];
        XV_LEAVE(vm);
        if (text != XV_STOP) {
            return text != XV_NULL && xv_put_text(out, text, 0, xv_text(vm, text).len);
        }
    }
    if (len == 0) {
        return xv_put_value(out, v, XV_PRINT_STR);
    }
    v = xv_unwrap(vm, v);
    struct spec spec;
    if (!read_spec(vm, (struct xv_text){xv_text(vm, spec_text).data + from, len}, &spec)) {
        return false;
    }
    bool integer = xv_is_int(v) || xv_is_bool(v);
    if (integer && !is_float_type(spec.type)) {
        if (xv_is_bool(v)) {
            v = XV_INT(v == XV_TRUE);
        }
        return put_int(out, v, &spec);
    }
    if (integer || xv_is_float(v)) {
        xv_real x;
        return xv_to_real(vm, v, &x) && put_float(out, (double)x, &spec);
    }
    if (xv_is_str(vm, v)) {
        return put_str(out, v, &spec);
    }
    xv_raise(vm, &xv_exc_TypeError, "unsupported format string passed to %t.__format__", v);
    return false;
}

xv_value xv_format_value(struct xv_vm *vm, xv_value v, xv_value spec) {
    spec = xv_unwrap(vm, spec);
    if (!xv_is_str(vm, spec)) {
        return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", spec);
    }
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    if (!put_formatted(&out, v, spec, 0, xv_text(vm, spec).len)) {
        xv_printer_end(&out);
        return XV_NULL;
    }
    return xv_printer_finish(&out);
}

/* ---- str.format */

struct fields {
    xv_value *args; /* the format string and what is to be formatted, on the frame stack */
    uint32_t n;     /* as for a native */
    uint32_t next;  /* automatic fields so far */
    bool automatic; /* one was automatic */
    bool manual;    /* one was numbered */
};

static bool value_error(struct xv_vm *vm, const char *message) {
    xv_raise(vm, &xv_exc_ValueError, message);
    return false;
}

/* The format string's text. Good until the next allocation. */
static const uint8_t *format_data(const struct fields *f, const struct xv_vm *vm) {
    return xv_text(vm, f->args[0]).data;
}

static bool all_digits(const uint8_t *p, size_t n) {
    for (; n > 0 && is_digit(*p); p++, n--) {
    }
    return n == 0;
}

/* The argument that a field name begins with: the part [from, to) of the format string. */
static xv_value field_argument(struct xv_vm *vm, struct fields *f, size_t from, size_t to) {
    const uint8_t *name = format_data(f, vm) + from;
    uint32_t index = 0;
    if (from == to) {
        if (f->manual) {
            value_error(vm, "can't switch from manual field specification to automatic field numbering");
            return XV_NULL;
        }
        f->automatic = true;
        index = f->next++;
    } else if (all_digits(name, to - from)) {
        const uint8_t *p = name;
        if (f->automatic) {
            value_error(vm, "can't switch from automatic field numbering to manual field specification");
            return XV_NULL;
        }
        f->manual = true;
        if (!read_number(&p, name + (to - from), &index)) {
            too_wide(vm);
            return XV_NULL;
        }
    } else {
        xv_value *pair = f->args + XV_N_POS(f->n);
        for (uint32_t i = 0; i < XV_N_KW(f->n); i++, pair += 2) {
            struct xv_text key = xv_text(vm, pair[0]);
            if (key.len == to - from && memcmp(key.data, name, key.len) == 0) {
                return pair[1];
            }
        }
        xv_value key = xv_text_part(vm, XV_KIND_STR, f->args[0], from, to - from);
        return key == XV_NULL ? XV_NULL : xv_raise_value(vm, &xv_exc_KeyError, key);
    }
    if (index >= XV_N_POS(f->n) - 1) {
        return xv_raise(vm, &xv_exc_IndexError, "tuple index out of range");
    }
    return f->args[1 + index];
}

/* One `.name` or `[key]` of a field name, at *at; v is the value so far. */
static xv_value field_step(struct xv_vm *vm, struct fields *f, xv_value v, size_t *at, size_t to) {
    const uint8_t *data = format_data(f, vm);
    bool attribute = data[*at] == '.';
    size_t from = ++*at;
    while (*at < to && (attribute ? data[*at] != '.' && data[*at] != '[' : data[*at] != ']')) {
        ++*at;
    }
    size_t len = *at - from;
    if (len == 0 || (!attribute && *at == to)) {
        value_error(vm, len == 0 ? "empty attribute in format string" : "missing ']' in format string");
        return XV_NULL;
    }
    if (!attribute) {
        ++*at;
        if (*at < to && data[*at] != '.' && data[*at] != '[') {
            value_error(vm, "only '.' or '[' may follow ']' in format field specifier");
            return XV_NULL;
        }
        const uint8_t *p = data + from;
        uint32_t index;
        if (all_digits(p, len) && read_number(&p, p + len, &index)) {
            return xv_get_item(vm, v, XV_INT(index));
        }
    }
    xv_value r[1] = {v};
    XV_ENTER(vm, r);
    xv_value name = xv_text_part(vm, XV_KIND_STR, f->args[0], from, len);
    if (name != XV_NULL && attribute) {
        name = xv_intern_str(vm, name);
    }
    if (name != XV_NULL) {
        v = attribute ? xv_get_attr(vm, r[0], xv_qstr_id(name)) : xv_get_item(vm, r[0], name);
    } else {
        v = XV_NULL;
    }
    XV_LEAVE(vm);
    return v;
}

/* The value of the field name [from, to). */
static xv_value field_value(struct xv_vm *vm, struct fields *f, size_t from, size_t to) {
    const uint8_t *data = format_data(f, vm);
    size_t at = from;
    while (at < to && data[at] != '.' && data[at] != '[') {
        at++;
    }
    xv_value v = field_argument(vm, f, from, at);
    while (v != XV_NULL && at < to) {
        v = field_step(vm, f, v, &at, to);
    }
    return v;
}

static bool put_fields(struct xv_printer *out, struct fields *f, size_t from, size_t to, unsigned depth);

/* The parts of a replacement field. */
struct field {
    size_t name_end;
    size_t spec;     /* where it begins; the field's end if there is none */
    char conversion; /* r, s, a, or 0 */
    bool nested;     /* the spec has fields itself */
};

static bool read_field(struct xv_vm *vm, const uint8_t *data, size_t from, size_t to, struct field *field) {
    size_t at = from;
    bool inside = false; /* of brackets, where anything may stand */
    while (at < to && (inside || (data[at] != '!' && data[at] != ':'))) {
        inside = data[at] == '[' || (inside && data[at] != ']');
        at++;
    }
    field->name_end = at;
    field->conversion = 0;
    if (at < to && data[at] == '!') {
        if (at + 1 == to) {
            return value_error(vm, "end of format while looking for conversion specifier");
        }
        char c = (char)data[at + 1];
        if (c != 'r' && c != 's' && c != 'a') {
            xv_raise(vm, &xv_exc_ValueError, "unknown conversion specifier %c", shown(data[at + 1]));
            return false;
        }
        field->conversion = c;
        at += 2;
        if (at < to && data[at] != ':') {
            return value_error(vm, "expected ':' after format specifier");
        }
    }
    field->spec = at < to ? at + 1 : to;
    field->nested = field->spec < to && memchr(data + field->spec, '{', to - field->spec) != NULL;
    return true;
}

/* The spec with its own fields replaced, as a str. */
static xv_value expand_spec(struct xv_vm *vm, struct fields *f, size_t from, size_t to, unsigned depth) {
    if (depth > 0) {
        value_error(vm, "max string recursion exceeded");
        return XV_NULL;
    }
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    if (!put_fields(&out, f, from, to, depth + 1)) {
        xv_printer_end(&out);
        return XV_NULL;
    }
    return xv_printer_finish(&out);
}

/* The replacement field [from, to), without its braces. */
static bool put_field(struct xv_printer *out, struct fields *f, size_t from, size_t to, unsigned depth) {
    struct xv_vm *vm = out->vm;
    struct field field;
    if (!read_field(vm, format_data(f, vm), from, to, &field)) {
        return false;
    }
    xv_value v = field_value(vm, f, from, field.name_end);
    if (v == XV_NULL) {
        return false;
    }
    if (field.conversion == 0 && !field.nested) {
        return put_formatted(out, v, f->args[0], field.spec, to - field.spec);
    }
    xv_value r[2] = {v, XV_NULL};
    XV_ENTER(vm, r);
    bool good = true;
    if (field.conversion != 0) {
        r[0] = field.conversion == 's' ? xv_str_of(vm, r[0]) : xv_repr_of(vm, r[0]);
        good = r[0] != XV_NULL;
    }
    if (good && field.nested) {
        r[1] = expand_spec(vm, f, field.spec, to, depth);
        good = r[1] != XV_NULL && put_formatted(out, r[0], r[1], 0, xv_text(vm, r[1]).len);
    } else if (good) {
        good = put_formatted(out, r[0], f->args[0], field.spec, to - field.spec);
    }
    XV_LEAVE(vm);
    return good;
}

/* The offset of the brace that closes a field whose inside begins at `at`; `to` if there is none. */
static size_t field_end(const uint8_t *data, size_t at, size_t to) {
    unsigned open = 1;
    for (; at < to; at++) {
        if (data[at] == '{') {
            open++;
        } else if (data[at] == '}' && --open == 0) {
            break;
        }
    }
    return at;
}

/* The part [from, to) of the format string, which is itself a spec if `depth` is 1. */
static bool put_fields(struct xv_printer *out, struct fields *f, size_t from, size_t to, unsigned depth) {
    struct xv_vm *vm = out->vm;
    for (size_t at = from; at < to;) {
        const uint8_t *data = format_data(f, vm);
        size_t run = at;
        while (at < to && data[at] != '{' && data[at] != '}') {
            at++;
        }
        /* A doubled brace ends the run with the first of the two. */
        bool twice = at + 1 < to && data[at] == data[at + 1];
        bool closing = at < to && data[at] == '}';
        size_t end = at < to && !twice && !closing ? field_end(data, at + 1, to) : to;
        size_t len = at - run + twice;
        if (len > 0 && !xv_put_text(out, f->args[0], run, len)) {
            return false;
        }
        if (twice) {
            at += 2;
        } else if (closing) {
            return value_error(vm, "single '}' encountered in format string");
        } else if (at < to) {
            if (end == to) {
                return value_error(vm, "unmatched '{' in format");
            }
            if (!put_field(out, f, at + 1, end, depth)) {
                return false;
            }
            at = end + 1;
        }
    }
    return true;
}

xv_value xv_str_format(struct xv_vm *vm, xv_value *args, uint32_t n) {
    struct fields f = {args, n, 0, false, false};
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    if (!put_fields(&out, &f, 0, xv_text(vm, args[0]).len, 0)) {
        xv_printer_end(&out);
        return XV_NULL;
    }
    return xv_printer_finish(&out);
}

/* ---- the % operator */

/* `r` is rooted: the format, the right operand, the value of the conversion, scratch. */
struct percent {
    struct xv_printer *out;
    xv_value *r;
    size_t next; /* arguments used */
    bool single; /* the right operand is the one argument */
    bool bytes;
    bool mapped; /* the right operand was used as a mapping */
};

static bool type_error(struct xv_vm *vm, const char *message) {
    xv_raise(vm, &xv_exc_TypeError, message);
    return false;
}

/* The next argument into r[2]. */
static bool next_argument(struct percent *p) {
    size_t n = p->mapped ? 0 : p->single ? 1 : xv_n_items(p->r[1]);
    if (p->next >= n) {
        return type_error(p->out->vm, "format string needs more arguments");
    }
    p->r[2] = p->single ? p->r[1] : xv_items(p->r[1])[p->next];
    p->next++;
    return true;
}

/* The argument under the name [from, to) of the format into r[2]. */
static bool named_argument(struct percent *p, size_t from, size_t to) {
    struct xv_vm *vm = p->out->vm;
    if (!xv_is_kind(xv_unwrap(vm, p->r[1]), XV_KIND_DICT) && !xv_is_kind(p->r[1], XV_KIND_INSTANCE)) {
        return type_error(vm, "format needs a dict");
    }
    p->mapped = true;
    xv_value key = xv_text_part(vm, p->bytes ? XV_KIND_BYTES : XV_KIND_STR, p->r[0], from, to - from);
    p->r[2] = key == XV_NULL ? XV_NULL : xv_get_item(vm, p->r[1], key);
    return p->r[2] != XV_NULL;
}

/* A width or precision at *at: digits, or * for the next argument. -1 if there is none. */
static bool star_or_number(struct percent *p, size_t *at, size_t len, intptr_t *out) {
    struct xv_vm *vm = p->out->vm;
    const uint8_t *data = xv_text(vm, p->r[0]).data;
    if (*at < len && data[*at] == '*') {
        ++*at;
        if (!next_argument(p)) {
            return false;
        }
        if (!xv_is_small(p->r[2])) {
            return type_error(vm, "* wants int");
        }
        *out = xv_small(p->r[2]);
        return (*out <= (intptr_t)WIDTH_MAX && *out >= -(intptr_t)WIDTH_MAX) || too_wide(vm);
    }
    const uint8_t *digits = data + *at;
    uint32_t number;
    const uint8_t *q = digits;
    if (!read_number(&q, data + len, &number)) {
        return too_wide(vm);
    }
    *out = q == digits ? -1 : (intptr_t)number;
    *at += (size_t)(q - digits);
    return true;
}

/* Flags, width, precision and type at *at, which stands behind the % or the name. */
static bool read_conversion(struct percent *p, size_t *at, size_t len, struct spec *spec) {
    struct xv_vm *vm = p->out->vm;
    bool zero = false;
    *spec = default_spec;
    spec->percent = true;
    spec->align = '>';
    for (; *at < len; ++*at) {
        uint8_t c = xv_text(vm, p->r[0]).data[*at];
        if (c == '-') {
            spec->align = '<';
        } else if (c == '+' || (c == ' ' && spec->sign == 0)) {
            spec->sign = (char)c;
        } else if (c == '#') {
            spec->alternate = true;
        } else if (c == '0') {
            zero = true;
        } else if (c != ' ') {
            break;
        }
    }
    intptr_t width;
    if (!star_or_number(p, at, len, &width)) {
        return false;
    }
    if (width < -1 || (width == -1 && *at > 0 && xv_text(vm, p->r[0]).data[*at - 1] == '*')) {
        spec->align = '<';
        width = -width;
    }
    spec->width = width < 0 ? 0 : (size_t)width;
    if (*at < len && xv_text(vm, p->r[0]).data[*at] == '.') {
        intptr_t precision;
        ++*at;
        if (!star_or_number(p, at, len, &precision)) {
            return false;
        }
        spec->precision = precision < 0 ? 0 : (int32_t)precision;
    }
    const uint8_t *data = xv_text(vm, p->r[0]).data;
    if (*at < len && (data[*at] == 'l' || data[*at] == 'h' || data[*at] == 'L')) {
        ++*at;
    }
    if (*at >= len) {
        return value_error(vm, "incomplete format");
    }
    spec->type = (char)data[(*at)++];
    /* Zeros go behind the sign, and only before a number. */
    if (zero && spec->align != '<' && strchr("diuoxXeEfFgG", spec->type) != NULL) {
        spec->fill[0] = '0';
        spec->align = '=';
    }
    return true;
}

/* r[2] as an int. Only %d takes floats and what has an __int__. */
static bool to_int(struct percent *p, bool decimal) {
    struct xv_vm *vm = p->out->vm;
    xv_value v = xv_unwrap(vm, p->r[2]);
    xv_value made = v;
    if (xv_is_bool(v)) {
        made = XV_INT(v == XV_TRUE);
    } else if (decimal && xv_is_float(v)) {
        made = xv_int_from_real(vm, (double)xv_float(v));
    } else if (!xv_is_int(v)) {
        made = decimal && xv_is_kind(v, XV_KIND_INSTANCE) ? xv_call_method_if(vm, v, XV_Q___int__, NULL, 0)
                                                          : XV_STOP;
        if (made != XV_NULL && !xv_is_int(made)) {
            made = xv_raise(vm, &xv_exc_TypeError, "can't convert %t to int", p->r[2]);
        }
    }
    p->r[2] = made;
    return made != XV_NULL;
}

static bool put_percent_char(struct percent *p, const struct spec *spec) {
    struct xv_vm *vm = p->out->vm;
    struct spec plain = *spec;
    plain.sign = 0;
    plain.precision = -1;
    xv_value v = xv_unwrap(vm, p->r[2]);
    if (!p->bytes && xv_is_str(vm, v)) {
        return xv_units(vm, v) == 1 ? put_padded_text(p->out, v, &plain)
                                    : type_error(vm, "%%c needs int or char");
    }
    if (p->bytes && xv_is_bytes(vm, v)) {
        return xv_units(vm, v) == 1 ? put_padded_text(p->out, v, &plain)
                                    : type_error(vm, "%%c needs int or char");
    }
    if (!xv_is_int(v) && !xv_is_bool(v)) {
        return type_error(vm, "%%c needs int or char");
    }
    if (p->bytes) {
        uint8_t byte;
        size_t from = p->out->len;
        return xv_to_byte(vm, v, &byte) && xv_putc(p->out, (char)byte) &&
               pad(p->out, from, from, 1, plain.align, &plain);
    }
    return put_char(p->out, v, &plain);
}

/* %s and %r, and %b of bytes. */
static bool put_percent_text(struct percent *p, const struct spec *spec) {
    struct xv_vm *vm = p->out->vm;
    if (p->bytes && spec->type != 'r') {
        if (!xv_has_bytes(vm, p->r[2])) {
            return type_error(vm, "%%b requires a bytes-like object");
        }
        p->r[2] = xv_bytes_from(vm, XV_KIND_BYTES, p->r[2]);
        return p->r[2] != XV_NULL && put_padded_text(p->out, p->r[2], spec);
    }
    enum xv_print how = spec->type == 'r' ? XV_PRINT_REPR : XV_PRINT_STR;
    if (spec->width == 0 && spec->precision < 0) {
        return xv_put_value(p->out, p->r[2], how);
    }
    p->r[2] = how == XV_PRINT_REPR ? xv_repr_of(vm, p->r[2]) : xv_str_of(vm, p->r[2]);
    return p->r[2] != XV_NULL && put_padded_text(p->out, p->r[2], spec);
}

/* The conversion of which the first byte stands at `at` is none. */
static bool bad_conversion(struct percent *p, size_t at) {
    struct xv_vm *vm = p->out->vm;
    struct xv_text t = xv_text(vm, p->r[0]);
    const uint8_t *q = t.data + at;
    uint32_t c = p->bytes ? *q : xv_utf8_decode(&q, t.data + t.len);
    char hex[9];
    size_t from = sizeof hex - 1;
    hex[from] = '\0';
    for (uint32_t rest = c; rest != 0 || from == sizeof hex - 1; rest >>= 4) {
        hex[--from] = "0123456789abcdef"[rest & 15];
    }
    xv_raise(vm, &xv_exc_ValueError, "unsupported format character '%c' (0x%s) at index %z", shown(t.data[at]),
             hex + from, xv_byte_to_unit(t, p->bytes, at));
    return false;
}

/* The value r[2] as the conversion says; `at` is where the conversion ends. */
static bool put_conversion(struct percent *p, struct spec *spec, size_t at) {
    struct xv_vm *vm = p->out->vm;
    switch (spec->type) {
    case 'b':
        if (!p->bytes) {
            break;
        }
        return put_percent_text(p, spec);
    case 's':
    case 'r':
        return put_percent_text(p, spec);
    case 'c':
        return put_percent_char(p, spec);
    case 'd':
    case 'i':
    case 'u':
        spec->type = 'd';
        return to_int(p, true) && put_int(p->out, p->r[2], spec);
    case 'o':
    case 'x':
    case 'X':
        return to_int(p, false) && put_int(p->out, p->r[2], spec);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': {
        xv_real x;
        return xv_to_real(vm, p->r[2], &x) && put_float(p->out, (double)x, spec);
    }
    default:
        break;
    }
    return bad_conversion(p, at - 1);
}

/* The conversion whose % stands before *at. */
static bool put_percent(struct percent *p, size_t *at, size_t len) {
    struct xv_vm *vm = p->out->vm;
    const uint8_t *data = xv_text(vm, p->r[0]).data;
    struct spec spec;
    if (*at < len && data[*at] == '%') {
        ++*at;
        return xv_putc(p->out, '%');
    }
    bool named = *at < len && data[*at] == '(';
    if (named) {
        size_t from = ++*at;
        unsigned open = 1;
        while (*at < len && (open += (data[*at] == '(') - (unsigned)(data[*at] == ')')) > 0) {
            ++*at;
        }
        if (*at >= len) {
            return value_error(vm, "incomplete format key");
        }
        if (!named_argument(p, from, (*at)++)) {
            return false;
        }
    }
    xv_value value = p->r[2];
    p->r[3] = value;
    if (!read_conversion(p, at, len, &spec)) {
        return false;
    }
    if (spec.type == '%') {
        return xv_putc(p->out, '%');
    }
    if (named) {
        p->r[2] = p->r[3];
    } else if (!next_argument(p)) {
        return false;
    }
    return put_conversion(p, &spec, *at);
}

static bool put_all(struct percent *p) {
    struct xv_vm *vm = p->out->vm;
    size_t len = xv_text(vm, p->r[0]).len;
    for (size_t at = 0; at < len;) {
        const uint8_t *data = xv_text(vm, p->r[0]).data;
        const uint8_t *hit = memchr(data + at, '%', len - at);
        size_t end = hit == NULL ? len : (size_t)(hit - data);
        if (end > at && !xv_put_text(p->out, p->r[0], at, end - at)) {
            return false;
        }
        at = end + 1;
        if (hit != NULL && !put_percent(p, &at, len)) {
            return false;
        }
    }
    size_t n = p->single ? 1 : xv_n_items(p->r[1]);
    if (p->next < n && !p->mapped && !(p->single && xv_is_kind(xv_unwrap(vm, p->r[1]), XV_KIND_DICT))) {
        return type_error(vm, "format string didn't convert all arguments");
    }
    return true;
}

xv_value xv_str_percent(struct xv_vm *vm, xv_value format, xv_value args) {
    xv_value tuple = xv_unwrap(vm, args);
    bool many = xv_is_kind(tuple, XV_KIND_TUPLE);
    enum xv_kind kind = xv_text_kind(vm, format);
    xv_value r[4] = {format, many ? tuple : args, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    if (kind == XV_KIND_BYTEARRAY) {
        /* Formatting may run Python code, which might change it. */
        r[0] = xv_bytes_from(vm, XV_KIND_BYTES, r[0]);
    }
    struct percent p = {.out = &out, .r = r, .single = !many, .bytes = kind != XV_KIND_STR};
    xv_value made = XV_NULL;
    if (r[0] == XV_NULL || !put_all(&p)) {
        xv_printer_end(&out);
    } else {
        made = p.bytes ? xv_printer_finish_bytes(&out) : xv_printer_finish(&out);
        if (made != XV_NULL && kind == XV_KIND_BYTEARRAY) {
            made = xv_text_part(vm, kind, made, 0, xv_text(vm, made).len);
        }
    }
    XV_LEAVE(vm);
    return made;
}
