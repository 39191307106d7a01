/* Start-up of a Cortex-M: the vector table, and what must be in place before main(). The linker script (flash.ld)
 * names the sections. */
#include <stdint.h>

extern uint32_t stack_top[], data_start[], data_end[], data_in_flash[], bss_start[], bss_end[];

int main(void);
void board_exit(int status);
void reset(void);
void fault(void);

void reset(void) {
#if defined(__ARM_FP)
    /* The FPU is off after reset: give full access to coprocessors 10 and 11. */
    *(volatile uint32_t *)0xe000ed88u |= 0xfu << 20;
    __asm volatile("dsb\n\tisb");
#endif
    uint32_t *from = data_in_flash;
    for (uint32_t *to = data_start; to < data_end; to++) {
        *to = *from++;
    }
    for (uint32_t *to = bss_start; to < bss_end; to++) {
        *to = 0;
    }
    board_exit(main());
}

void fault(void) {
    board_exit(99);
}

typedef void (*vector)(void);

__attribute__((section(".vectors"), used)) static const vector vectors[16] = {
    (vector)(uintptr_t)stack_top, reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, fault,
};
