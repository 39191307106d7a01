/* MPS2 AN386, as QEMU emulates it: UART 0 is the program's output; semihosting ends the emulation. A port to another board
 * replaces this file and the memory map in flash.ld. Without a debugger or QEMU the request in board_exit is a fault. */
#include "board.h"

#include <stdint.h>

/* CMSDK UART 0. */
#define UART_DATA (*(volatile uint32_t *)0x40004000u)
#define UART_STATE (*(volatile uint32_t *)0x40004004u)
#define UART_CTRL (*(volatile uint32_t *)0x40004008u)
#define UART_BAUDDIV (*(volatile uint32_t *)0x40004010u)

void board_init(void) {
    UART_BAUDDIV = 16;
    UART_CTRL = 1; /* transmit */
}

void board_write(const void *data, size_t len) {
    const uint8_t *bytes = data;
    for (size_t i = 0; i < len; i++) {
        while (UART_STATE & 1u) {
            /* the transmit buffer is full */
        }
        UART_DATA = bytes[i];
    }
}

void board_exit(int status) {
    /* SYS_EXIT_EXTENDED: reason ADP_Stopped_ApplicationExit, and the status. */
    volatile uint32_t block[2] = {0x20026u, (uint32_t)status};
    register uint32_t operation __asm("r0") = 0x20;
    register volatile uint32_t *argument __asm("r1") = block;
    __asm volatile("bkpt 0xab" : : "r"(operation), "r"(argument) : "memory");
    for (;;) {
    }
}
