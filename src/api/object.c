/* Making objects, looking at them and into them, by handle. */
#include "api/api.h"
#include "lib/lib.h"
#include "object/container.h"
#include "object/function.h"
#include "object/number.h"
#include "object/str.h"

/* ---- attributes and items */

enum xipvm_status xipvm_get_attr(xipvm_vm *vm, xipvm_handle object, const char *name, xipvm_handle *out) {
    if (xv_handle_value(vm, object) == XV_NULL || name == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    uint16_t id = xv_host_name(vm, name);
    return xv_give(vm, id == 0 ? XV_NULL : xv_get_attr(vm, xv_handle_value(vm, object), id), out);
}

enum xipvm_status xipvm_set_attr(xipvm_vm *vm, xipvm_handle object, const char *name, xipvm_handle value) {
    if (xv_handle_value(vm, object) == XV_NULL || name == NULL || xv_handle_value(vm, value) == XV_NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    uint16_t id = xv_host_name(vm, name);
    return xv_done(vm,
                   id != 0 && xv_set_attr(vm, xv_handle_value(vm, object), id, xv_handle_value(vm, value)));
}

enum xipvm_status xipvm_get_item(xipvm_vm *vm, xipvm_handle object, xipvm_handle key, xipvm_handle *out) {
    xv_value v = xv_handle_value(vm, object), k = xv_handle_value(vm, key);
    return v == XV_NULL || k == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_give(vm, xv_get_item(vm, v, k), out);
}

enum xipvm_status xipvm_get_index(xipvm_vm *vm, xipvm_handle object, size_t index, xipvm_handle *out) {
    xv_value v = xv_handle_value(vm, object);
    if (v == XV_NULL || index > (size_t)XV_SMALL_MAX) {
        return XIPVM_BAD_ARGUMENT;
    }
    return xv_give(vm, xv_get_item(vm, v, XV_INT(index)), out);
}

enum xipvm_status xipvm_set_item(xipvm_vm *vm, xipvm_handle object, xipvm_handle key, xipvm_handle value) {
    xv_value v = xv_handle_value(vm, object), k = xv_handle_value(vm, key), item = xv_handle_value(vm, value);
    if (v == XV_NULL || k == XV_NULL || item == XV_NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    return xv_done(vm, xv_set_item(vm, v, k, item));
}

enum xipvm_status xipvm_length(xipvm_vm *vm, xipvm_handle object, size_t *out) {
    xv_value v = xv_handle_value(vm, object);
    size_t len;
    if (v == XV_NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    if (!xv_length(vm, v, &len)) {
        return xv_failed(vm);
    }
    if (out != NULL) {
        *out = len;
    }
    return XIPVM_OK;
}

enum xipvm_status xipvm_append(xipvm_vm *vm, xipvm_handle list, xipvm_handle item) {
    xv_value v = xv_unwrap(vm, xv_handle_value(vm, list)), i = xv_handle_value(vm, item);
    if (!xv_is_kind(v, XV_KIND_LIST) || i == XV_NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    return xv_done(vm, xv_list_append(vm, v, i));
}

/* ---- making */

enum xipvm_status xipvm_make_none(xipvm_vm *vm, xipvm_handle *out) {
    return xv_give(vm, XV_NONE, out);
}

enum xipvm_status xipvm_make_bool(xipvm_vm *vm, bool value, xipvm_handle *out) {
    return xv_give(vm, XV_BOOL(value), out);
}

enum xipvm_status xipvm_make_int(xipvm_vm *vm, int64_t value, xipvm_handle *out) {
    return xv_give(vm, xv_int_from(vm, value), out);
}

enum xipvm_status xipvm_make_float(xipvm_vm *vm, double value, xipvm_handle *out) {
    return xv_give(vm, xv_float_from(vm, (xv_real)value), out);
}

xv_value xv_host_text(struct xv_vm *vm, const char *text, size_t len) {
    if (!xv_utf8_valid((const uint8_t *)text, len)) {
        return xv_raise(vm, &xv_exc_UnicodeError, "text of the host is not UTF-8");
    }
    return xv_str_new(vm, text, len);
}

enum xipvm_status xipvm_make_str_len(xipvm_vm *vm, const char *text, size_t len, xipvm_handle *out) {
    if ((text == NULL && len > 0) || !xv_utf8_valid((const uint8_t *)text, len)) {
        return XIPVM_BAD_ARGUMENT;
    }
    return xv_give(vm, len == 0 ? XV_QSTR(XV_Q_) : xv_str_new(vm, text, len), out);
}

enum xipvm_status xipvm_make_str(xipvm_vm *vm, const char *text, xipvm_handle *out) {
    return text == NULL ? XIPVM_BAD_ARGUMENT : xipvm_make_str_len(vm, text, strlen(text), out);
}

enum xipvm_status xipvm_make_bytes(xipvm_vm *vm, const void *data, size_t len, xipvm_handle *out) {
    return data == NULL && len > 0 ? XIPVM_BAD_ARGUMENT
                                   : xv_give(vm, xv_bytes_new(vm, data == NULL ? "" : data, len), out);
}

static bool all_handles(const struct xv_vm *vm, const xipvm_handle *items, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (items == NULL || xv_handle_value(vm, items[i]) == XV_NULL) {
            return false;
        }
    }
    return true;
}

enum xipvm_status xipvm_make_tuple(xipvm_vm *vm, const xipvm_handle *items, size_t n, xipvm_handle *out) {
    if (!all_handles(vm, items, n)) {
        return XIPVM_BAD_ARGUMENT;
    }
    xv_value tuple = xv_tuple_new(vm, n);
    for (size_t i = 0; tuple != XV_NULL && i < n; i++) {
        xv_items(tuple)[i] = xv_handle_value(vm, items[i]);
    }
    return xv_give(vm, tuple, out);
}

enum xipvm_status xipvm_make_list(xipvm_vm *vm, const xipvm_handle *items, size_t n, xipvm_handle *out) {
    if (!all_handles(vm, items, n)) {
        return XIPVM_BAD_ARGUMENT;
    }
    xv_value list = xv_list_new(vm, n);
    for (size_t i = 0; list != XV_NULL && i < n; i++) {
        xv_list_items(list)[i] = xv_handle_value(vm, items[i]);
    }
    if (list != XV_NULL) {
        xv_list(list)->len = n;
    }
    return xv_give(vm, list, out);
}

enum xipvm_status xipvm_make_dict(xipvm_vm *vm, xipvm_handle *out) {
    return xv_give(vm, xv_dict_new(vm, 0), out);
}

enum xipvm_status xipvm_lend(xipvm_vm *vm, void *data, size_t len, bool writable, xipvm_handle *view) {
    if (data == NULL || view == NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    return xv_give(vm, xv_memoryview_host(vm, data, len, writable), view);
}

enum xipvm_status xipvm_reclaim(xipvm_vm *vm, xipvm_handle view) {
    xv_value v = xv_handle_value(vm, view);
    if (v == XV_NULL || xv_type_of(vm, v) != xv_from(&xv_type_memoryview)) {
        return XIPVM_BAD_ARGUMENT;
    }
    xv_memoryview_release(v);
    return XIPVM_OK;
}

/* ---- looking */

static const struct {
    const struct xv_type *type;
    enum xipvm_type is;
} types[] = {
    {&xv_type_none, XIPVM_TYPE_NONE},
    {&xv_type_bool, XIPVM_TYPE_BOOL},
    {&xv_type_int, XIPVM_TYPE_INT},
    {&xv_type_float, XIPVM_TYPE_FLOAT},
    {&xv_type_str, XIPVM_TYPE_STR},
    {&xv_type_bytes, XIPVM_TYPE_BYTES},
    {&xv_type_bytearray, XIPVM_TYPE_BYTEARRAY},
    {&xv_type_tuple, XIPVM_TYPE_TUPLE},
    {&xv_type_list, XIPVM_TYPE_LIST},
    {&xv_type_dict, XIPVM_TYPE_DICT},
    {&xv_type_set, XIPVM_TYPE_SET},
    {&xv_type_frozenset, XIPVM_TYPE_SET},
    {&xv_exc_BaseException, XIPVM_TYPE_EXCEPTION},
    {&xv_type_module, XIPVM_TYPE_MODULE},
    {&xipvm_module_type, XIPVM_TYPE_MODULE},
    {&xv_type_function, XIPVM_TYPE_FUNCTION},
    {&xv_type_native, XIPVM_TYPE_FUNCTION},
    {&xv_type_bound_method, XIPVM_TYPE_FUNCTION},
    {&xipvm_function_type, XIPVM_TYPE_FUNCTION},
};

enum xipvm_type xv_host_type(const struct xv_vm *vm, xv_value v) {
    if (xv_is_type(v)) {
        return XIPVM_TYPE_CLASS;
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (xv_is_a(vm, v, types[i].type)) {
            return types[i].is;
        }
    }
    return XIPVM_TYPE_OTHER;
}

enum xipvm_type xipvm_type_of(xipvm_vm *vm, xipvm_handle h) {
    xv_value v = xv_handle_value(vm, h);
    return v == XV_NULL ? XIPVM_TYPE_INVALID : xv_host_type(vm, v);
}

bool xv_host_int(struct xv_vm *vm, xv_value v, int64_t *out) {
    int64_t i;
    xv_value number = xv_as_int(vm, v);
    if (number == XV_NULL) {
        return false;
    }
    if (!xv_int_to_i64(number, &i)) {
        xv_raise(vm, &xv_exc_OverflowError, "int doesn't fit in 64 bits");
        return false;
    }
    if (out != NULL) {
        *out = i;
    }
    return true;
}

bool xv_host_float(struct xv_vm *vm, xv_value v, double *out) {
    xv_real r;
    if (!xv_to_real(vm, v, &r)) {
        return false;
    }
    if (out != NULL) {
        *out = (double)r;
    }
    return true;
}

bool xv_host_str(struct xv_vm *vm, xv_value v, const char **text, size_t *len) {
    xv_value str = xv_unwrap(vm, v);
    if (!xv_is_str(vm, str)) {
        xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", v);
        return false;
    }
    struct xv_text t = xv_text(vm, str);
    if (text != NULL) {
        *text = (const char *)t.data;
    }
    if (len != NULL) {
        *len = t.len;
    }
    return true;
}

bool xv_host_bytes(struct xv_vm *vm, xv_value v, bool writable, void **data, size_t *len) {
    struct xv_buffer b;
    if (!xv_get_buffer(vm, v, &b)) {
        return false;
    }
    if (writable && !b.writable) {
        xv_raise(vm, &xv_exc_TypeError, "object with writable buffer required");
        return false;
    }
    if (data != NULL) {
        *data = b.data;
    }
    if (len != NULL) {
        *len = b.len;
    }
    return true;
}

enum xipvm_status xipvm_to_bool(xipvm_vm *vm, xipvm_handle h, bool *out) {
    xv_value v = xv_handle_value(vm, h);
    if (v == XV_NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    int truth = xv_truth(vm, v);
    if (truth < 0) {
        return xv_failed(vm);
    }
    if (out != NULL) {
        *out = truth > 0;
    }
    return XIPVM_OK;
}

enum xipvm_status xipvm_to_int(xipvm_vm *vm, xipvm_handle h, int64_t *out) {
    xv_value v = xv_handle_value(vm, h);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_done(vm, xv_host_int(vm, v, out));
}

enum xipvm_status xipvm_to_float(xipvm_vm *vm, xipvm_handle h, double *out) {
    xv_value v = xv_handle_value(vm, h);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_done(vm, xv_host_float(vm, v, out));
}

enum xipvm_status xipvm_to_str(xipvm_vm *vm, xipvm_handle h, const char **text, size_t *len) {
    xv_value v = xv_handle_value(vm, h);
    return v == XV_NULL ? XIPVM_BAD_ARGUMENT : xv_done(vm, xv_host_str(vm, v, text, len));
}

enum xipvm_status xipvm_to_bytes(xipvm_vm *vm, xipvm_handle h, const void **data, size_t *len) {
    xv_value v = xv_handle_value(vm, h);
    if (v == XV_NULL) {
        return XIPVM_BAD_ARGUMENT;
    }
    void *bytes = NULL;
    bool ok = xv_host_bytes(vm, v, false, &bytes, len);
    if (ok && data != NULL) {
        *data = bytes;
    }
    return xv_done(vm, ok);
}

enum xipvm_status xipvm_text(xipvm_vm *vm, xipvm_handle h, bool repr, char *buffer, size_t size,
                             size_t *len) {
    xv_value v = xv_handle_value(vm, h);
    if (v == XV_NULL || (buffer == NULL && size > 0)) {
        return XIPVM_BAD_ARGUMENT;
    }
    struct xv_capture c = {.buffer = buffer, .size = size};
    struct xv_printer out;
    if (size > 0) {
        buffer[0] = '\0';
    }
    xv_printer_begin(&out, vm, true);
    out.capture = &c;
    bool ok = xv_put_value(&out, v, repr ? XV_PRINT_REPR : XV_PRINT_STR);
    xv_printer_end(&out);
    if (ok && len != NULL) {
        *len = c.len;
    }
    return xv_done(vm, ok);
}
