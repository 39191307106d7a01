/* str, bytes, bytearray, memoryview and printers: their promises to the other rooms, and the edges of their
 * methods. */
#include "fixture.h"
#include "object/container.h"
#include "object/number.h"
#include "object/print.h"
#include "object/text.h"

static struct xv_vm *vm;

static int open_vm(void **state) {
    (void)state;
    vm = fixture_open();
    return 0;
}

static int close_vm(void **state) {
    (void)state;
    fixture_close(vm);
    return 0;
}

static xv_value text(const char *s) {
    return xv_str_from(vm, s);
}

static xv_value bytes(const char *s) {
    return xv_bytes_new(vm, s, strlen(s));
}

/* repr(v) is `expected`. */
static void assert_repr(xv_value v, const char *expected) {
    assert_int_not_equal(v, XV_NULL);
    xv_value r = xv_repr_of(vm, v);
    if (!fixture_is_text(vm, r, expected)) {
        struct xv_text t = xv_text(vm, r);
        fail_msg("%.*s instead of %s", (int)t.len, (const char *)t.data, expected);
    }
}

/* A bytearray of the text. */
static xv_value array_of(const char *s) {
    xv_value b = bytes(s);
    return xv_text_part(vm, XV_KIND_BYTEARRAY, b, 0, strlen(s));
}

/* self.name(args…) */
static xv_value call(xv_value self, uint16_t name, const xv_value *args, size_t n) {
    return xv_call_method(vm, self, name, args, n);
}

static xv_value slice(xv_value v, xv_value start, xv_value stop, xv_value step) {
    xv_value r[2] = {v, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_slice_new(vm, start, stop, step);
    xv_value made = xv_get_item(vm, r[0], r[1]);
    XV_LEAVE(vm);
    return made;
}

/* Empty and one-character strs are names, however they come about, and so cost nothing. */
static void small_strs_are_names(void **state) {
    (void)state;
    assert_int_equal(text(""), XV_QSTR(XV_Q_));
    assert_int_equal(text("x"), xv_qstr_char('x'));
    assert_int_equal(xv_get_item(vm, text("abc"), XV_INT(1)), xv_qstr_char('b'));
    assert_int_equal(xv_get_item(vm, text("abc"), XV_INT(-3)), xv_qstr_char('a'));
    assert_int_equal(slice(text("abc"), XV_INT(2), XV_NONE, XV_NONE), xv_qstr_char('c'));
    assert_int_equal(slice(text("abc"), XV_INT(3), XV_NONE, XV_NONE), XV_QSTR(XV_Q_));
    assert_int_equal(call(text("a"), XV_Q_upper, NULL, 0), xv_qstr_char('A'));
}

/* Names, and objects with the same text, are equal and have one hash. */
static void forms_are_equal(void **state) {
    (void)state;
    xv_value r[2] = {text("append"), XV_NULL};
    XV_ENTER(vm, r);
    xv_value name = XV_QSTR(XV_Q_append);
    assert_true(r[0] != name);
    assert_true(xv_str_same(vm, r[0], name));
    assert_int_equal(xv_str_hash(vm, r[0]), xv_str_hash(vm, name));
    assert_int_equal(xv_str_hash(vm, r[0]), xv_str_hash(vm, name));
    r[1] = text("append ");
    assert_false(xv_str_same(vm, r[0], r[1]));
    assert_int_equal(xv_equal(vm, r[0], name), 1);
    assert_int_equal(xv_less(vm, r[0], r[1]), 1);
    assert_int_equal(xv_less(vm, r[1], r[0]), 0);
    XV_LEAVE(vm);
}

/* Indices and lengths count code points. */
static void indices_count_characters(void **state) {
    (void)state;
    xv_value r[1] = {text("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z")};
    XV_ENTER(vm, r);
    size_t len;
    assert_true(xv_length(vm, r[0], &len));
    assert_int_equal(len, 5);
    assert_true(fixture_is_text(vm, xv_get_item(vm, r[0], XV_INT(1)), "\xc3\xa9"));
    assert_true(fixture_is_text(vm, xv_get_item(vm, r[0], XV_INT(-2)), "\xf0\x9f\x98\x80"));
    assert_true(fixture_is_text(vm, xv_get_item(vm, r[0], XV_INT(-1)), "z"));
    assert_true(fixture_is_text(vm, slice(r[0], XV_INT(1), XV_INT(3), XV_NONE), "\xc3\xa9\xe2\x82\xac"));
    assert_true(fixture_is_text(vm, slice(r[0], XV_NONE, XV_NONE, XV_INT(2)), "a\xe2\x82\xacz"));
    assert_true(fixture_is_text(vm, slice(r[0], XV_NONE, XV_NONE, XV_INT(-1)),
                                "z\xf0\x9f\x98\x80\xe2\x82\xac\xc3\xa9"
                                "a"));
    xv_value part = text("z");
    assert_int_equal(call(r[0], XV_Q_find, &part, 1), XV_INT(4));
    xv_get_item(vm, r[0], XV_INT(5));
    assert_true(fixture_raised(vm, &xv_exc_IndexError));
    XV_LEAVE(vm);
}

/* Well-formed UTF-8, lone surrogates included, and nothing else. */
static void utf8_is_checked(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        bool valid;
    } cases[] = {
        {"", true},
        {"abcdefghijklmnop", true},
        {"\xc3\xa9", true},
        {"\xe2\x82\xac", true},
        {"\xed\xa0\x80", true},
        {"\xf0\x9f\x98\x80", true},
        {"\x80", false},
        {"\xc3", false},
        {"\xc0\x80", false},
        {"\xe0\x80\x80", false},
        {"\xf0\x80\x80\x80", false},
        {"\xe2\x82", false},
        {"\xf8\x88\x80\x80\x80", false},
        {"a\xff"
         "b",
         false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const uint8_t *p = (const uint8_t *)cases[i].bytes;
        assert_int_equal(xv_utf8_valid(p, strlen(cases[i].bytes)), cases[i].valid);
    }
    for (uint32_t c = 1; c < 0x110000; c += c < 0x900 ? 1 : 97) {
        uint8_t out[4];
        size_t n = xv_utf8_encode(c, out);
        const uint8_t *p = out;
        assert_int_equal(xv_utf8_decode(&p, out + n), c);
        assert_ptr_equal(p, out + n);
        assert_true(xv_utf8_valid(out, n));
        assert_int_equal(xv_utf8_count(out, n), 1);
    }
}

/* Broken sequences are read without going past the end. */
static void decoding_stays_inside(void **state) {
    (void)state;
    static const uint8_t broken[] = {0xf0, 0x9f};
    const uint8_t *p = broken;
    xv_utf8_decode(&p, broken + 2);
    assert_ptr_equal(p, broken + 2);
    p = broken;
    xv_utf8_decode(&p, broken + 1);
    assert_ptr_equal(p, broken + 1);
}

static void assert_decoded(const char *bytes_, const char *errors, const char *expected) {
    xv_value r[2] = {bytes(bytes_), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = text(errors);
    xv_value s = xv_decode(vm, r[0], XV_NULL, r[1]);
    assert_true(fixture_is_text(vm, s, expected));
    XV_LEAVE(vm);
}

/* Bytes that are no UTF-8 become one U+FFFD for each run that could have begun a character, as in CPython. */
static void decoding_mends(void **state) {
    (void)state;
    assert_decoded("hello\xffworld", "ignore", "helloworld");
    assert_decoded("\xe4\xb8\x20", "replace", "\xef\xbf\xbd ");
    assert_decoded("\xf0\x20\x98\x80", "replace", "\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd");
    assert_decoded("\xff\xc2\xa9", "ignore", "\xc2\xa9");
    xv_decode(vm, bytes("\xff"), XV_NULL, XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_UnicodeError));
    xv_decode(vm, bytes("a"), XV_QSTR(XV_Q_append), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_LookupError));
}

/* repr chooses quotes and escapes as CPython does. */
static void repr_is_source_text(void **state) {
    (void)state;
    assert_repr(text("plain"), "'plain'");
    assert_repr(text("it's"), "\"it's\"");
    assert_repr(text("'\""), "'\\'\"'");
    assert_repr(text("\n\r\t\\\x01\x7f"), "'\\n\\r\\t\\\\\\x01\\x7f'");
    assert_repr(text("\xc3\xa9\xe2\x82\xac"), "'\xc3\xa9\xe2\x82\xac'");
    assert_repr(text("\xc2\x80\xe2\x80\xa8\xed\xa0\x80"), "'\\x80\\u2028\\ud800'");
    assert_repr(text("\xf4\x90\x80\x80"), "'\\U00110000'");
    assert_repr(bytes("a'\xff\n"), "b\"a'\\xff\\n\"");
    assert_repr(array_of("x"), "bytearray(b'x')");
}

/* A printer gives the same text whether it fits into itself or grows. */
static void printers_grow(void **state) {
    (void)state;
    for (size_t n = 0; n < 300; n += 7) {
        struct xv_printer out;
        xv_printer_begin(&out, vm, false);
        for (size_t i = 0; i < n; i++) {
            assert_true(xv_putc(&out, (char)('a' + i % 26)));
        }
        xv_value v = xv_printer_finish(&out);
        assert_true(xv_is_str(vm, v));
        struct xv_text t = xv_text(vm, v);
        assert_int_equal(t.len, n);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(t.data[i], 'a' + i % 26);
        }
        assert_null(xv_heap_check(vm));
    }
}

/* What is printed to the host arrives in order and complete. */
static void host_output_is_complete(void **state) {
    (void)state;
    struct xv_printer out;
    xv_printer_begin(&out, vm, true);
    assert_true(xv_puts(&out, "one "));
    assert_true(xv_put_repeat(&out, '-', 100));
    assert_true(
        xv_put_value(&out, text(" a text that is longer than a printer keeps in itself "), XV_PRINT_STR));
    assert_true(xv_put_value(&out, XV_INT(-42), XV_PRINT_REPR));
    xv_printer_end(&out);
    assert_int_equal(fixture_output_len, 4 + 100 + 54 + 3);
    assert_memory_equal(fixture_output, "one ---", 7);
    assert_string_equal(fixture_output + fixture_output_len - 7, "elf -42");
}

/* All conversions of messages; values are protected from the moment they are passed. */
static void messages_are_formatted(void **state) {
    (void)state;
    xv_value r[2] = {text("v v"), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = text("r'r");
    struct xv_printer out;
    xv_printer_begin(&out, vm, false);
    assert_true(xv_putf(&out, "%s %q %v %r %t %d %u %z %i %c%%", "s", XV_Q_append, r[0], r[1], XV_INT(1), -5,
                        5u, (size_t)7, (intptr_t)-8, 'c'));
    assert_true(fixture_is_text(vm, xv_printer_finish(&out), "s append v v \"r'r\" int -5 5 7 -8 c%"));
    XV_LEAVE(vm);
}

/* A container that holds itself raises and does not exhaust the C stack. */
static void cycles_are_noticed(void **state) {
    (void)state;
    xv_value r[1] = {xv_list_new(vm, 0)};
    XV_ENTER(vm, r);
    assert_true(xv_list_append(vm, r[0], r[0]));
    assert_int_equal(xv_repr_of(vm, r[0]), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_RuntimeError));
    XV_LEAVE(vm);
}

/* Sizes that cannot be are MemoryError, not wrap-around. */
static void sizes_are_checked(void **state) {
    (void)state;
    xv_value r[1] = {text("0123456789")};
    XV_ENTER(vm, r);
    assert_int_equal(xv_binary(vm, XV_MUL, r[0], XV_INT(XV_SMALL_MAX)), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    xv_value wide = XV_INT(XV_SMALL_MAX);
    assert_int_equal(call(r[0], XV_Q_center, &wide, 1), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_int_equal(xv_bytearray_new(vm, SIZE_MAX), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_MemoryError));
    assert_int_equal(xv_binary(vm, XV_MUL, r[0], XV_INT(-5)), XV_QSTR(XV_Q_));
    XV_LEAVE(vm);
}

/* The methods give the same for the three types. */
static void methods_are_common(void **state) {
    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        xv_value r[3] = {XV_NULL, XV_NULL, XV_NULL};
        XV_ENTER(vm, r);
        r[0] = kind == 0 ? text(" a,b,,c ") : kind == 1 ? bytes(" a,b,,c ") : array_of(" a,b,,c ");
        r[1] = kind == 0 ? text(",") : bytes(",");
        static const char *const split[] = {
            "[' a', 'b', '', 'c ']", "[b' a', b'b', b'', b'c ']",
            "[bytearray(b' a'), bytearray(b'b'), bytearray(b''), bytearray(b'c ')]"};
        r[2] = call(r[0], XV_Q_split, &r[1], 1);
        assert_repr(r[2], split[kind]);
        r[2] = call(r[1], XV_Q_join, &r[2], 1);
        assert_int_equal(xv_equal(vm, r[0], r[2]), 1);
        r[2] = call(r[0], XV_Q_strip, NULL, 0);
        static const char *const strip[] = {"'a,b,,c'", "b'a,b,,c'", "bytearray(b'a,b,,c')"};
        assert_repr(r[2], strip[kind]);
        assert_int_equal(call(r[0], XV_Q_rfind, &r[1], 1), XV_INT(5));
        assert_int_equal(call(r[0], XV_Q_count, &r[1], 1), XV_INT(3));
        XV_LEAVE(vm);
    }
}

/* A bytearray may be changed by what lies in itself. */
static void bytearray_takes_itself(void **state) {
    (void)state;
    xv_value r[2] = {array_of("abcdef"), XV_NULL};
    XV_ENTER(vm, r);
    assert_int_equal(call(r[0], XV_Q_extend, &r[0], 1), XV_NONE);
    assert_repr(r[0], "bytearray(b'abcdefabcdef')");
    r[1] = xv_slice_new(vm, XV_INT(1), XV_INT(11), XV_NONE);
    assert_true(xv_set_item(vm, r[0], r[1], r[0]));
    assert_repr(r[0], "bytearray(b'aabcdefabcdeff')");
    r[1] = xv_slice_new(vm, XV_NONE, XV_NONE, XV_INT(-3));
    assert_true(xv_set_item(vm, r[0], r[1], XV_NULL));
    assert_repr(r[0], "bytearray(b'abcefbcef')");
    XV_LEAVE(vm);
}

/* A view sees changes, and notices when its memory is gone. */
static void views_follow_their_owner(void **state) {
    (void)state;
    xv_value r[4] = {array_of("abcdef"), XV_NULL, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    r[1] = xv_memoryview_new(vm, r[0]);
    r[2] = slice(r[1], XV_INT(2), XV_INT(5), XV_NONE);
    assert_int_equal(xv_get_item(vm, r[2], XV_INT(0)), XV_INT('c'));
    assert_true(xv_set_item(vm, r[2], XV_INT(0), XV_INT('X')));
    assert_repr(r[0], "bytearray(b'abXdef')");
    assert_true(xv_bytearray_resize(vm, r[0], 1000));
    assert_int_equal(xv_get_item(vm, r[2], XV_INT(0)), XV_INT('X'));
    assert_true(xv_bytearray_resize(vm, r[0], 3));
    assert_int_equal(xv_get_item(vm, r[2], XV_INT(0)), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    r[3] = bytes("ro");
    r[3] = xv_memoryview_new(vm, r[3]);
    assert_false(xv_set_item(vm, r[3], XV_INT(0), XV_INT(1)));
    assert_true(fixture_raised(vm, &xv_exc_TypeError));
    XV_LEAVE(vm);
}

/* Host memory is read and written in place until it is released, with all slices of it. */
static void views_of_host_memory(void **state) {
    (void)state;
    static uint8_t memory[4] = {1, 2, 3, 4};
    xv_value r[2] = {xv_memoryview_host(vm, memory, sizeof memory, true), XV_NULL};
    XV_ENTER(vm, r);
    r[1] = slice(r[0], XV_INT(1), XV_NONE, XV_NONE);
    assert_int_equal(xv_get_item(vm, r[1], XV_INT(0)), XV_INT(2));
    assert_true(xv_set_item(vm, r[1], XV_INT(2), XV_INT(40)));
    assert_int_equal(memory[3], 40);
    xv_memoryview_release(r[0]);
    assert_int_equal(xv_get_item(vm, r[1], XV_INT(0)), XV_NULL);
    assert_true(fixture_raised(vm, &xv_exc_ValueError));
    XV_LEAVE(vm);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(small_strs_are_names, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(forms_are_equal, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(indices_count_characters, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(utf8_is_checked, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(decoding_stays_inside, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(decoding_mends, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(repr_is_source_text, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(printers_grow, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(host_output_is_complete, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(messages_are_formatted, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(cycles_are_noticed, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(sizes_are_checked, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(methods_are_common, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(bytearray_takes_itself, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(views_follow_their_owner, open_vm, close_vm),
        cmocka_unit_test_setup_teardown(views_of_host_memory, open_vm, close_vm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
