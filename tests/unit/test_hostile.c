/* Blobs that pass the verifier and misuse the types of their values: each gets an exception. Each was once a crash,
 * found by tests/fuzz. */
#include "blob_builder.h"

#include "blob/opcodes.h"
#include "fixture.h"
#include "vm/call.h"

#define NONE XV_OP_LOAD_CONST_NONE
#define INT(n) (XV_OP_SMALL_INT_ZERO + (n))
#define RET XV_OP_RETURN_VALUE

/* Names: 0 file, 1 "x", 2 "format". */
static const uint8_t head[] = {0x4d, 6, 0, 0x1f, 3, 0, 2, 'f', 0, 2, 'x', 0, 12, 'f', 'o', 'r', 'm', 'a', 't', 0};

/* Runs the code as a module's body; XV_NULL with an exception, or None. */
static xv_value run(struct xv_vm *vm, const uint8_t *code, uint32_t n) {
    static struct bytes b;
    struct xv_blob_fault fault;
    b.n = 0;
    put(&b, head, sizeof head);
    put_raw(&b, &(struct function){.n_state = 16, .n_exc = 2, .code = code, .n_code = n}, 0);
    xv_value module = fixture_load(vm, XV_QSTR(XV_Q___main__), b.at, b.n, NULL, &fault);
    assert_int_equal(fault.code, XIPVM_BLOB_OK);
    return xv_call(vm, xv_module_body(module), NULL, 0);
}

/* "x".format(y, key=value) with a key that is no str: the native would read its text. */
static void test_keys_of_calls_are_str(void **state) {
    (void)state;
    static const uint8_t keys[] = {INT(1), NONE, XV_OP_LOAD_CONST_TRUE};
    for (size_t i = 0; i < sizeof keys; i++) {
        struct xv_vm *vm = fixture_open();
        const uint8_t method[] = {XV_OP_LOAD_CONST_STRING_VIA_TABLE, 1, XV_OP_LOAD_METHOD_VIA_TABLE, 2, keys[i], INT(3),
                                  XV_OP_CALL_METHOD, 0x82, 0, RET};
        assert_true(run(vm, method, sizeof method) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_TypeError));
        const uint8_t function[] = {XV_OP_LOAD_CONST_STRING_VIA_TABLE, 1, XV_OP_LOAD_ATTR_VIA_TABLE, 2, keys[i], INT(3),
                                    XV_OP_CALL_FUNCTION, 0x82, 0, RET};
        assert_true(run(vm, function, sizeof function) == XV_NULL);
        assert_true(fixture_raised(vm, &xv_exc_TypeError));
        fixture_close(vm);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_of_calls_are_str),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
