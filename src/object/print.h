/* Printers: where text goes that is being made, be it the host's output or a str under construction. */
#ifndef XV_OBJECT_PRINT_H
#define XV_OBJECT_PRINT_H

#include <stdarg.h>

#include "object/object.h"

/* Results up to this length are made in the printer itself. */
#define XV_PRINTER_LOCAL 40u

/* Memory of the host that a text is printed to, as much of it as fits, with a NUL behind it. */
struct xv_capture {
    char *buffer;
    size_t size; /* 0: for nothing, not even the NUL */
    size_t len;  /* of all the text, whether it fits or not */
};

/* A growing buffer of bytes in the heap, or the host's output. Lives on the C stack and is rooted from
 * xv_printer_begin until xv_printer_end, which must be called in the reverse order of the beginnings and
 * on every path (the `finish` functions do). */
struct xv_printer {
    struct xv_vm *vm;
    struct xv_roots roots;
    xv_value buffer;      /* RAW laid out as a struct xv_str, or XV_NULL as long as `local` suffices */
    size_t len;           /* bytes in the buffer or in `local`; for the host, those not yet written */
    size_t room;          /* bytes that it can hold */
    bool to_host;
    struct xv_capture *capture; /* of one to the host: where it writes instead, or NULL; to be set after xv_printer_begin */
    bool for_exception;   /* what does not fit in `local` may take from the reserve, once */
    uint8_t depth;        /* of containers being printed, to stop cycles */
    uint8_t local[XV_PRINTER_LOCAL];
};

void xv_printer_begin(struct xv_printer *out, struct xv_vm *vm, bool to_host);
void xv_printer_end(struct xv_printer *out);

/* What was printed as a str or bytes; ends the printer. */
xv_value xv_printer_finish(struct xv_printer *out);
xv_value xv_printer_finish_bytes(struct xv_printer *out);

/* False: MemoryError. `data` may not point into the heap, except for xv_put_text. */
bool xv_put(struct xv_printer *out, const void *data, size_t len);
bool xv_puts(struct xv_printer *out, const char *text);
bool xv_putc(struct xv_printer *out, char c);
bool xv_put_repeat(struct xv_printer *out, char c, size_t n);
/* A code point as UTF-8. */
bool xv_put_code_point(struct xv_printer *out, uint32_t c);
/* Bytes [from, from + len) of a str, bytes or bytearray value, which is protected. */
bool xv_put_text(struct xv_printer *out, xv_value text, size_t from, size_t len);
/* str(v) or repr(v). */
bool xv_put_value(struct xv_printer *out, xv_value v, enum xv_print how);
/* The formats of xv_raise; at most six of %q, %v, %r, %t. */
bool xv_putf(struct xv_printer *out, const char *format, ...);
bool xv_vputf(struct xv_printer *out, const char *format, va_list args);

/* For those that edit what they print. None may be used on a printer to the host, except xv_printer_room,
 * which gives room for `n` more bytes; the caller fills them and adds what it used to out->len. NULL:
 * MemoryError. xv_printer_data: what was printed so far. xv_printer_gap: moves all from offset `at` on up by
 * `n` bytes and gives the address of the gap. The addresses are good until the next allocation. */
uint8_t *xv_printer_room(struct xv_printer *out, size_t n);
uint8_t *xv_printer_data(struct xv_printer *out);
uint8_t *xv_printer_gap(struct xv_printer *out, size_t at, size_t n);

/* str(v), repr(v) as str values. */
xv_value xv_str_of(struct xv_vm *vm, xv_value v);
xv_value xv_repr_of(struct xv_vm *vm, xv_value v);

/* The name of the method that a program's class has to print its instances, or 0. Does not allocate. */
uint16_t xv_print_method(const struct xv_vm *vm, xv_value v, enum xv_print how);
/* The str that this method has given; TypeError if it is none. */
xv_value xv_printed_text(struct xv_vm *vm, xv_value text, uint16_t method);

#endif
