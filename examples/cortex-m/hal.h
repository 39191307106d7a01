/* What this firmware offers to its VMs. */
#ifndef HAL_H
#define HAL_H

#include "xipvm/hal.h"

extern const struct xipvm_hal firmware_hal;

#endif
