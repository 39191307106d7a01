/* The board: one serial port, a tick, and a way to end. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>

void board_init(void);
void board_write(const void *data, size_t len);
/* Ends the emulation with a status. */
void board_exit(int status);

#endif
