/* import time: the HAL's clocks.
 *
 * Ticks count modulo TICKS_PERIOD, so that they are small ints; ticks_diff() and ticks_add() reckon with that. */
#include "lib/lib.h"

#if XIPVM_MODULE_TIME
#include "object/number.h"
#include "vm/outside.h"
#include "xipvm/hal.h"

#define TICKS_PERIOD ((uintptr_t)XV_SMALL_MAX + 1)

static bool microseconds(struct xv_vm *vm, uint64_t *out) {
    if (vm->hal == NULL || vm->hal->clock_us == NULL) {
        xv_raise(vm, &xv_exc_OSError, "the host has no clock");
        return false;
    }
    *out = vm->hal->clock_us(vm->hal->context);
    return true;
}

static xv_value ticks(struct xv_vm *vm, unsigned divisor) {
    uint64_t us;
    return microseconds(vm, &us) ? XV_INT((us / divisor) & (TICKS_PERIOD - 1)) : XV_NULL;
}

static xv_value time_ticks_ms(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return ticks(vm, 1000);
}

/* Also ticks_cpu(): there is no finer clock. */
static xv_value time_ticks_us(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return ticks(vm, 1);
}

static xv_value time_ticks_add(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t start, delta;
    if (!xv_to_index(vm, args[0], &start) || !xv_to_index(vm, args[1], &delta)) {
        return XV_NULL;
    }
    if (delta >= (intptr_t)(TICKS_PERIOD / 2) || delta <= -(intptr_t)(TICKS_PERIOD / 2)) {
        return xv_raise(vm, &xv_exc_OverflowError, "ticks interval overflow");
    }
    return XV_INT(((uintptr_t)start + (uintptr_t)delta) & (TICKS_PERIOD - 1));
}

static xv_value time_ticks_diff(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t end, start;
    if (!xv_to_index(vm, args[0], &end) || !xv_to_index(vm, args[1], &start)) {
        return XV_NULL;
    }
    uintptr_t distance = ((uintptr_t)end - (uintptr_t)start + TICKS_PERIOD / 2) & (TICKS_PERIOD - 1);
    return XV_INT((intptr_t)distance - (intptr_t)(TICKS_PERIOD / 2));
}

/* The longest time that the host is asked to wait at once, so that what comes from outside need not wait longer. */
#define STEP_US 10000u

/* Scheduled calls are made and interrupts raised meanwhile, once at least. */
static xv_value wait_us(struct xv_vm *vm, uint64_t us) {
    const struct xipvm_hal *hal = vm->hal;
    bool can_sleep = hal != NULL && hal->sleep_us != NULL;
    bool has_clock = hal != NULL && hal->clock_us != NULL;
    uint64_t start = 0, spent = 0;
    if (us > 0 && (has_clock || !can_sleep) && !microseconds(vm, &start)) {
        return XV_NULL;
    }
    for (;;) {
        if (xv_outside_waits(vm) && !xv_look_up(vm)) {
            return XV_NULL;
        }
        if (spent >= us) {
            return XV_NONE;
        }
        uint64_t step = us - spent < STEP_US ? us - spent : STEP_US;
        if (can_sleep) {
            hal->sleep_us(hal->context, step);
        }
        spent = has_clock ? hal->clock_us(hal->context) - start : spent + step;
    }
}

/* A negative time is no wait. */
static xv_value wait_units(struct xv_vm *vm, xv_value units, unsigned us) {
    intptr_t count;
    if (!xv_to_index(vm, units, &count)) {
        return XV_NULL;
    }
    count = count < 0 ? 0 : count;
    return (uint64_t)count > UINT64_MAX / us ? xv_raise(vm, &xv_exc_OverflowError, "sleep length too large")
                                             : wait_us(vm, (uint64_t)count * us);
}

static xv_value time_sleep_us(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return wait_units(vm, args[0], 1);
}

static xv_value time_sleep_ms(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return wait_units(vm, args[0], 1000);
}

static xv_value time_sleep(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (xv_is_small(args[0])) {
        if (xv_small(args[0]) < 0) {
            return xv_raise(vm, &xv_exc_ValueError, "sleep length must be non-negative");
        }
        return wait_units(vm, args[0], 1000000);
    }
    xv_real seconds;
    if (!xv_to_real(vm, args[0], &seconds)) {
        return XV_NULL;
    }
    double us = (double)seconds * 1e6;
    if (!(us >= 0)) {
        return xv_raise(vm, &xv_exc_ValueError, "sleep length must be non-negative");
    }
    if (us >= 1e18) {
        return xv_raise(vm, &xv_exc_OverflowError, "sleep length too large");
    }
    return wait_us(vm, (uint64_t)us);
}

static bool nanoseconds(struct xv_vm *vm, int64_t *out) {
    if (vm->hal == NULL || vm->hal->time_ns == NULL) {
        xv_raise(vm, &xv_exc_OSError, "the host does not know the time of day");
        return false;
    }
    *out = vm->hal->time_ns(vm->hal->context);
    return true;
}

static xv_value time_time_ns(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    int64_t ns;
    return nanoseconds(vm, &ns) ? xv_int_from(vm, ns) : XV_NULL;
}

/* A single float could not tell one minute from the next, so there it is an int. */
static xv_value time_time(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    int64_t ns;
    if (!nanoseconds(vm, &ns)) {
        return XV_NULL;
    }
#if XIPVM_SINGLE_FLOAT
    return xv_int_from(vm, ns / 1000000000);
#else
    return xv_float_from(vm, (double)ns / 1e9);
#endif
}

static const struct xv_native functions[] = {
    XV_FUNCTION(ticks_ms, time_ticks_ms, 0, 0),
    XV_FUNCTION(ticks_us, time_ticks_us, 0, 0),
    XV_FUNCTION(ticks_cpu, time_ticks_us, 0, 0),
    XV_FUNCTION(ticks_add, time_ticks_add, 2, 2),
    XV_FUNCTION(ticks_diff, time_ticks_diff, 2, 2),
    XV_FUNCTION(sleep, time_sleep, 1, 1),
    XV_FUNCTION(sleep_ms, time_sleep_ms, 1, 1),
    XV_FUNCTION(sleep_us, time_sleep_us, 1, 1),
    XV_FUNCTION(time, time_time, 0, 0),
    XV_FUNCTION(time_ns, time_time_ns, 0, 0),
};

const struct xv_native_module xv_module_time = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_time,
    XV_FUNCTIONS(functions),
};
#endif
