#include <stdio.h>
#include <string.h>

#include "xipvm/xipvm.h"

extern const uint8_t thermostat[]; /* thermostat.mpy, linked into flash by xipvm_add_blob */
extern const size_t thermostat_size;

/* The HAL: where modules are, and where print() goes. */
static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    if (len != 10 || memcmp(name, "thermostat", len) != 0) {
        return false;
    }
    out->data = thermostat;
    out->size = thermostat_size;
    return true;
}

static void write_out(void *context, const void *data, size_t len) {
    (void)context;
    fwrite(data, 1, len, stdout);
}

static const struct xipvm_hal hal = {.find_blob = find_blob, .write = write_out};

/* A native module of our own: board.heater(on). */
static enum xipvm_status heater(xipvm_vm *vm, xipvm_args *args) {
    (void)vm;
    bool on;
    if (xipvm_arg_bool(args, 0, &on)) {
        return XIPVM_EXCEPTION;
    }
    printf("heater %s\n", on ? "on" : "off");
    return XIPVM_OK;
}

static const struct xipvm_function functions[] = {XIPVM_FUNCTION("heater", heater, 1, 1)};
static const struct xipvm_module board = XIPVM_MODULE("board", functions);

int main(void) {
    static uint8_t arena[XIPVM_MIN_ARENA + 16 * 1024];
    xipvm_vm *vm;
    xipvm_handle module, celsius, result;
    double average;

    if (xipvm_open(arena, sizeof arena, &hal, &vm)) {
        return 1;
    }
    if (xipvm_register(vm, &board) || xipvm_import(vm, "thermostat", &module) ||
        xipvm_make_float(vm, 18.25, &celsius) ||
        xipvm_call_method(vm, module, "step", &celsius, 1, &result) || xipvm_to_float(vm, result, &average)) {
        xipvm_exception_print(vm); /* the traceback, to the HAL's write */
    } else {
        printf("average %.2f\n", average);
    }
    xipvm_close(vm);
    return 0;
}
