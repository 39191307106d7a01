/* What only the target can show: that bytecode is executed where it lies in flash, that flash is never written, and
 * that Python recursion takes no C stack. It is an image of its own, on the board files of examples/cortex-m, for
 * QEMU, whose flash can be written while the MPU does not forbid it. */
#include <string.h>

#include "board.h"
#include "xipvm/xipvm.h"

#define MODULES(X) X(main) X(filters) X(controller) X(report) X(probe) X(recursion) X(nesting)
#define X(name) extern const uint8_t blob_##name[]; extern const size_t blob_##name##_size;
MODULES(X)
#undef X

static const struct {
    const char *name;
    const uint8_t *data;
    const size_t *size;
} modules[] = {
#define X(name) {#name, blob_##name, &blob_##name##_size},
    MODULES(X)
#undef X
};

/* Of flash.ld. */
extern const uint8_t flash_start[], flash_end[];

int main(void);

/* ---- results */

static uint32_t passed, failed;

static void say(const char *text) {
    board_write(text, strlen(text));
}

static void say_number(uint32_t number) {
    char digits[10];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    board_write(digits + at, sizeof digits - at);
}

static void check(bool good, const char *what) {
    say(good ? "ok   " : "FAIL ");
    say(what);
    say("\n");
    if (good) {
        passed++;
    } else {
        failed++;
    }
}

/* ---- the HAL */

static size_t bytes_printed;

static bool find_blob(void *context, const char *name, size_t len, struct xipvm_source *out) {
    (void)context;
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        if (strlen(modules[i].name) == len && memcmp(modules[i].name, name, len) == 0) {
            out->data = modules[i].data;
            out->size = *modules[i].size;
            return true;
        }
    }
    return false;
}

static void count_output(void *context, const void *data, size_t len) {
    (void)context;
    (void)data;
    bytes_printed += len;
}

static const struct xipvm_hal hal = {.find_blob = find_blob, .write = count_output};

static uint8_t arena[64 * 1024];

/* probe.name(argument), or without one if it is negative; -1 if that fails. */
static int64_t call_probe(xipvm_vm *vm, xipvm_handle probe, const char *name, int64_t argument) {
    xipvm_handle arg = XIPVM_NO_HANDLE, result = XIPVM_NO_HANDLE;
    int64_t number;
    if ((argument >= 0 && xipvm_make_int(vm, argument, &arg)) ||
        xipvm_call_method(vm, probe, name, &arg, argument >= 0, &result) || xipvm_to_int(vm, result, &number)) {
        number = -1;
    }
    xipvm_release(vm, arg);
    xipvm_release(vm, result);
    return number;
}

/* ---- executed where it lies */

/* LOAD_CONST_SMALL_INT_MULTI has -16 to 47 in its opcode; RETURN_VALUE follows it in answer(). */
#define LOAD_SMALL_INT(n) (0x80 + (n))
#define RETURN_VALUE 0x63

/* The only place in the blob with answer()'s two instructions, or NULL. */
static volatile uint8_t *find_answer(void) {
    uintptr_t found = 0;
    for (size_t i = 0; i + 1 < blob_probe_size; i++) {
        if (blob_probe[i] == LOAD_SMALL_INT(17) && blob_probe[i + 1] == RETURN_VALUE) {
            if (found) {
                return NULL;
            }
            found = (uintptr_t)&blob_probe[i];
        }
    }
    return (volatile uint8_t *)found;
}

/* A VM that ran a copy would not see what happens to the flash. The new instruction is as valid as the old one; a real
 * host must leave the bytes alone. */
static void check_executed_in_flash(xipvm_vm *vm, xipvm_handle probe) {
    volatile uint8_t *code = find_answer();
    check(code != NULL, "the bytecode of answer() is found in flash");
    if (!code) {
        return;
    }
    check(call_probe(vm, probe, "answer", -1) == 17, "answer() as it was compiled");
    *code = LOAD_SMALL_INT(42);
    check(call_probe(vm, probe, "answer", -1) == 42, "answer() follows a change of its bytecode in flash");
    *code = LOAD_SMALL_INT(17);
    check(call_probe(vm, probe, "answer", -1) == 17, "and the change back");
}

/* ---- the C stack */

#define PAINT 0xa5u
#define PAINTED (64 * 1024)

#define UNPAINTED 256 /* next to our own frame, which is not to be painted over */

/* Bytes of C stack that deep(n) takes, up to UNPAINTED more than there are; PAINTED if it fails. */
static __attribute__((noinline)) size_t stack_of_deep(xipvm_vm *vm, xipvm_handle probe, int64_t n) {
    volatile uint8_t *top = (volatile uint8_t *)__builtin_frame_address(0) - UNPAINTED;
    volatile uint8_t *bottom = top - PAINTED;
    for (volatile uint8_t *at = bottom; at < top; at++) {
        *at = PAINT;
    }
    if (call_probe(vm, probe, "deep", n) != n) {
        return PAINTED;
    }
    while (bottom < top && *bottom == PAINT) {
        bottom++;
    }
    return (size_t)(top - bottom) + UNPAINTED;
}

/* Bytes of C stack that a program takes which runs away in every way; PAINTED if it fails. */
static __attribute__((noinline)) size_t stack_of_program(const uint8_t *blob, size_t size) {
    static uint8_t large_arena[512 * 1024];
    static const char *const depth = "1000";
    xipvm_vm *vm;
    bytes_printed = 0;
    if (xipvm_open(large_arena, sizeof large_arena, &hal, &vm) || xipvm_set_argv(vm, 1, &depth)) {
        return PAINTED;
    }
    volatile uint8_t *top = (volatile uint8_t *)__builtin_frame_address(0) - UNPAINTED;
    volatile uint8_t *bottom = top - PAINTED;
    for (volatile uint8_t *at = bottom; at < top; at++) {
        *at = PAINT;
    }
    bool done = xipvm_run_blob(vm, NULL, blob, size, NULL) == XIPVM_OK && bytes_printed == 0;
    while (bottom < top && *bottom == PAINT) {
        bottom++;
    }
    xipvm_close(vm);
    return done ? (size_t)(top - bottom) + UNPAINTED : PAINTED;
}

static void check_program(const char *what, const uint8_t *blob, size_t size) {
    size_t bytes = stack_of_program(blob, size);
    check(bytes <= XIPVM_C_STACK, what);
    say("     bytes: ");
    say_number((uint32_t)bytes);
    say("\n");
}

static void check_stack(xipvm_vm *vm, xipvm_handle probe) {
    stack_of_deep(vm, probe, 1); /* whatever only the first call does */
    size_t shallow = stack_of_deep(vm, probe, 2);
    size_t deep = stack_of_deep(vm, probe, 300);
    check(shallow > UNPAINTED && deep < PAINTED && deep == shallow, "a Python recursion 300 deep takes no more C stack than one of 2");
    say("     C stack of a call into Python, at most, in bytes: ");
    say_number((uint32_t)deep);
    say("\n");
}

/* ---- flash is only read */

#define MPU_TYPE (*(volatile uint32_t *)0xe000ed90u)
#define MPU_CTRL (*(volatile uint32_t *)0xe000ed94u)
#define MPU_RNR (*(volatile uint32_t *)0xe000ed98u)
#define MPU_RBAR (*(volatile uint32_t *)0xe000ed9cu)
#define MPU_RASR (*(volatile uint32_t *)0xe000eda0u)

/* From now on a write below 4 MB is a fault, which ends the image with status 99. */
static void protect_flash(void) {
    MPU_RNR = 0;
    MPU_RBAR = 0;
    MPU_RASR = (6u << 24) | (21u << 1) | 1u; /* read-only for all code; 2^22 bytes; enabled */
    MPU_CTRL = 5;                            /* all other memory as without MPU; enabled */
    __asm__ volatile("dsb\n\tisb" ::: "memory");
}

static void check_demo(void) {
    xipvm_vm *vm;
    xipvm_handle module;
    struct xipvm_stats stats;
    if (xipvm_open(arena, sizeof arena, &hal, &vm)) {
        check(false, "a VM opens");
        return;
    }
    check(xipvm_run_blob(vm, NULL, blob_main, blob_main_size, &module) == XIPVM_OK && bytes_printed > 0,
          "the demo runs from flash that cannot be written");
    xipvm_stats(vm, &stats);
    check(stats.modules == 4 && stats.code_in_place > 0, "its four modules are loaded where they lie");
    check(stats.code_in_ram == 0, "no bytecode is in RAM");
    xipvm_close(vm);
}

int main(void) {
    xipvm_vm *vm;
    xipvm_handle probe;
    bool in_flash = true;
    board_init();

    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        in_flash = in_flash && modules[i].data >= flash_start && modules[i].data + *modules[i].size <= flash_end;
    }
    check(in_flash, "every blob lies in flash");

    if (xipvm_open(arena, sizeof arena, &hal, &vm) || xipvm_import(vm, "probe", &probe)) {
        check(false, "probe is imported");
    } else {
        check_executed_in_flash(vm, probe);
        check_stack(vm, probe);
        xipvm_close(vm);
    }

    check_program("recursion in every way takes no more C stack than XIPVM_C_STACK", blob_recursion, blob_recursion_size);
    check_program("nested data take no more C stack than XIPVM_C_STACK", blob_nesting, blob_nesting_size);

    check(MPU_TYPE != 0, "there is an MPU");
    protect_flash();
#ifdef WRITE_TO_FLASH
    /* The counter-test: the protection that check_demo relies on must end this image here. */
    *(volatile uint8_t *)(uintptr_t)blob_main = 0;
#endif
    check_demo();

    say_number(passed);
    say(" passed, ");
    say_number(failed);
    say(" failed\n");
    return failed == 0 ? 0 : 1;
}
