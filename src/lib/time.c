/* import time: the HAL's clocks.
 *
 * Ticks count modulo TICKS_PERIOD, so that they are small ints; ticks_diff() and ticks_add() reckon with that. */
#include "lib/lib.h"

#if XIPVM_MODULE_TIME
#include "object/container.h"
#include "object/number.h"
#include "object/str.h"
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

/* The longest time that a host which cannot be woken is asked to wait at once, so that what comes from outside need not
 * wait longer; and one without a clock, as nobody knows what was left of a wait when it was woken. */
#define STEP_US 10000u

/* What a scheduled call can end a wait with: a bytearray whose first byte is not 0. */
static bool has_news(const xv_value *news) {
    return news != NULL && xv_bytearray(*news)->len > 0 && xv_bytearray_data(*news)[0] != 0;
}

/* Scheduled calls are made and interrupts raised meanwhile, once at least. If one of the calls brings *news (rooted; or
 * NULL) the wait is over. */
static xv_value wait_us(struct xv_vm *vm, uint64_t us, const xv_value *news) {
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
        if (spent >= us || has_news(news)) {
            return XV_NONE;
        }
        bool whole = us - spent < STEP_US || (has_clock && hal->wake != NULL);
        uint64_t step = whole ? us - spent : STEP_US;
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
                                             : wait_us(vm, (uint64_t)count * us, NULL);
}

static xv_value time_sleep_us(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return wait_units(vm, args[0], 1);
}

static xv_value time_sleep_ms(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    return wait_units(vm, args[0], 1000);
}

#if XIPVM_MODULE_ASYNCIO
/* For asyncio: waits as sleep_ms does, but not on when there is news; not at all where there is nothing to wait with. */
static xv_value time_wait_ms(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    if (!xv_is_small(args[0]) || xv_small(args[0]) < 0 || !xv_is_kind(args[1], XV_KIND_BYTEARRAY)) {
        return xv_raise(vm, &xv_exc_TypeError, "int and bytearray expected");
    }
    const struct xipvm_hal *hal = vm->hal;
    bool can_wait = hal != NULL && (hal->sleep_us != NULL || hal->clock_us != NULL);
    return wait_us(vm, can_wait ? (uint64_t)xv_small(args[0]) * 1000 : 0, &args[1]);
}
#endif

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
    return wait_us(vm, (uint64_t)us, NULL);
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

/* ---- dates, in UTC. Years are counted from March, so that a leap day is the last one of its year; 400 of them make
 * an era, which always has the same number of days. Day 0 is the first of March of the year 0. */

#define DAYS_OF_ERA 146097
#define DAYS_TO_1970 719468
#define SECONDS_OF_DAY 86400

static int64_t floor_div(int64_t a, int64_t b) {
    return a / b - (a % b < 0);
}

/* Days before the month, which counts from March: 153 days make five months. */
static int64_t days_to_month(int64_t month) {
    return (153 * month + 2) / 5;
}

/* Days from 1970 to the first day of a month that counts from 1; any number will do. */
static int64_t days_to(int64_t year, int64_t month) {
    int64_t months = month - 3;
    year += floor_div(months, 12);
    months -= floor_div(months, 12) * 12;
    int64_t leap_days = floor_div(year, 4) - floor_div(year, 100) + floor_div(year, 400);
    return year * 365 + leap_days + days_to_month(months) - DAYS_TO_1970;
}

static void date_of(int64_t days, int64_t *year, int64_t *month, int64_t *day) {
    days += DAYS_TO_1970;
    int64_t era = floor_div(days, DAYS_OF_ERA);
    int64_t in_era = days - era * DAYS_OF_ERA;
    int64_t in_era_year = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (in_era_year * 365 + in_era_year / 4 - in_era_year / 100);
    int64_t months = (5 * in_year + 2) / 153;
    *day = in_year - days_to_month(months) + 1;
    *month = months < 10 ? months + 3 : months - 9;
    *year = era * 400 + in_era_year + (*month <= 2);
}

/* Seconds since 1970 out of an int or float; now if there is no argument, or None. */
static bool seconds_of(struct xv_vm *vm, xv_value *args, uint32_t n, int64_t *out) {
    if (n == 0 || args[0] == XV_NONE) {
        bool ok = nanoseconds(vm, out);
        *out = ok ? floor_div(*out, 1000000000) : 0;
        return ok;
    }
    xv_value v = xv_unwrap(vm, args[0]);
    bool fits;
    if (xv_is_int(v)) {
        fits = xv_int_to_i64(v, out);
    } else {
        xv_real seconds;
        if (!xv_to_real(vm, v, &seconds)) {
            return false;
        }
        fits = seconds > (xv_real)-1e15 && seconds < (xv_real)1e15;
        *out = fits ? (int64_t)seconds : 0;
    }
    if (!fits || *out < -1000000000000000 || *out > 1000000000000000) {
        xv_raise(vm, &xv_exc_OverflowError, "time out of range");
        return false;
    }
    return true;
}

/* Also localtime(): the HAL knows of no time zone. */
static xv_value time_gmtime(struct xv_vm *vm, xv_value *args, uint32_t n) {
    int64_t seconds, year, month, day;
    if (!seconds_of(vm, args, n, &seconds)) {
        return XV_NULL;
    }
    int64_t days = floor_div(seconds, SECONDS_OF_DAY);
    int64_t rest = seconds - days * SECONDS_OF_DAY;
    date_of(days, &year, &month, &day);
    int64_t weekday = (days + 3) - floor_div(days + 3, 7) * 7; /* 1970 began on a Thursday; Monday is 0 */
    const int64_t fields[8] = {year,       month,   day,     rest / 3600, rest / 60 % 60,
                               rest % 60, weekday, days - days_to(year, 1) + 1};
    xv_value tuple = xv_tuple_new(vm, 8);
    for (size_t i = 0; i < 8 && tuple != XV_NULL; i++) {
        xv_items(tuple)[i] = XV_INT((intptr_t)fields[i]);
    }
    return tuple;
}

/* Fields may lie outside of their ranges; weekday and day of the year are not looked at. */
static xv_value time_mktime(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_value *items;
    size_t len;
    int64_t fields[6];
    if (!xv_sequence(vm, args[0], &items, &len)) {
        return xv_raise(vm, &xv_exc_TypeError, "object '%t' isn't a tuple or list", args[0]);
    }
    if (len < 8 || len > 9) {
        return xv_raise(vm, &xv_exc_TypeError, "mktime needs a tuple of length 8 or 9");
    }
    for (size_t i = 0; i < 6; i++) {
        if (!xv_sequence(vm, args[0], &items, &len) || i >= len) {
            return xv_raise(vm, &xv_exc_TypeError, "mktime needs a tuple of length 8 or 9");
        }
        intptr_t field;
        if (!xv_to_index(vm, items[i], &field)) {
            return XV_NULL;
        }
        if (field > INT32_MAX || field < INT32_MIN) {
            return xv_raise(vm, &xv_exc_OverflowError, "time out of range");
        }
        fields[i] = field;
    }
    int64_t days = days_to(fields[0], fields[1]) + fields[2] - 1;
    return xv_int_from(vm, ((days * 24 + fields[3]) * 60 + fields[4]) * 60 + fields[5]);
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
#if XIPVM_MODULE_ASYNCIO
    XV_FUNCTION(_wait_ms, time_wait_ms, 2, 2),
#endif
    XV_FUNCTION(time, time_time, 0, 0),
    XV_FUNCTION(time_ns, time_time_ns, 0, 0),
    XV_FUNCTION(gmtime, time_gmtime, 0, 1),
    XV_FUNCTION(localtime, time_gmtime, 0, 1),
    XV_FUNCTION(mktime, time_mktime, 1, 1),
};

const struct xv_native_module xv_module_time = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_time,
    XV_FUNCTIONS(functions),
};
#endif
