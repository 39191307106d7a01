/* import random. The generator is Ilya Levin's Yasmarang, whose small state suits a microcontroller; with the same
 * seed it gives the numbers that MicroPython gives. Each VM has its own, seeded alike, so that a program's run can be
 * repeated. */
#include "lib/lib.h"

#if XIPVM_MODULE_RANDOM
#include "object/container.h"
#include "object/number.h"
#include "xipvm/hal.h"

static void seed(struct xv_random *r, uint32_t value) {
    r->pad = value;
    r->n = 69;
    r->d = 233;
    r->dat = 0;
}

static uint32_t next(struct xv_vm *vm) {
    struct xv_random *r = &vm->random;
    if (r->n == 0) {
        seed(r, 0xeda4babau); /* never used before: n is never 0 afterwards */
    }
    r->pad += r->dat + r->d * r->n;
    r->pad = (r->pad << 3) + (r->pad >> 29);
    r->n = r->pad | 2u;
    r->d ^= (r->pad << 31) + (r->pad >> 1);
    r->dat = (r->dat ^ r->pad ^ (r->d >> 8) ^ 1u) & 0xffu;
    return r->pad ^ (r->d << 5) ^ (r->pad >> 18) ^ (r->dat << 1);
}

/* A number below `n`, each equally likely; 0 stands for 2^64. */
static uint64_t below(struct xv_vm *vm, uint64_t n) {
    uint64_t mask = n == 0 ? UINT64_MAX : 1;
    while (mask < n) {
        mask = mask << 1 | 1;
    }
    uint64_t r;
    do {
        r = next(vm);
        if (mask > UINT32_MAX) {
            r |= (uint64_t)next(vm) << 32;
        }
        r &= mask;
    } while (n != 0 && r >= n);
    return r;
}

static xv_real fraction(struct xv_vm *vm) {
#if XIPVM_SINGLE_FLOAT
    return (xv_real)(next(vm) & 0x7fffffu) / (xv_real)8388608; /* 2^23: more bits might be rounded up to 1 */
#else
    uint64_t high = next(vm) & 0xfffffu;
    uint64_t bits = high << 32 | next(vm);
    return (xv_real)bits / (xv_real)4503599627370496.0; /* 2^52 */
#endif
}

static xv_value random_seed(struct xv_vm *vm, xv_value *args, uint32_t n) {
    uint32_t value = 0;
    if (n > 0 && args[0] != XV_NONE) {
        if (!xv_is_int(args[0])) {
            return xv_raise(vm, &xv_exc_TypeError, "can't convert %t to int", args[0]);
        }
        value = (uint32_t)xv_int_low64(args[0]);
    } else if (vm->hal != NULL && vm->hal->clock_us != NULL) {
        value = (uint32_t)vm->hal->clock_us(vm->hal->context);
    }
    seed(&vm->random, value);
    return XV_NONE;
}

static xv_value random_getrandbits(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t bits;
    if (!xv_to_index(vm, args[0], &bits)) {
        return XV_NULL;
    }
    if (bits < 0 || bits > 32) {
        return xv_raise(vm, &xv_exc_ValueError, "bits must be 32 or less");
    }
    return bits == 0 ? XV_INT(0) : xv_int_from_unsigned(vm, next(vm) & (UINT32_MAX >> (32 - bits)));
}

static xv_value random_randrange(struct xv_vm *vm, xv_value *args, uint32_t n) {
    intptr_t start = 0, stop, step = 1;
    if (!xv_to_index(vm, args[n > 1], &stop) || (n > 1 && !xv_to_index(vm, args[0], &start)) ||
        (n > 2 && !xv_to_index(vm, args[2], &step))) {
        return XV_NULL;
    }
    bool any = step > 0 ? stop > start : step < 0 && stop < start;
    if (!any) {
        return xv_raise(vm, &xv_exc_ValueError, "empty range for randrange");
    }
    uint64_t width = step > 0 ? (uint64_t)stop - (uint64_t)start : (uint64_t)start - (uint64_t)stop;
    uint64_t stride = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    uint64_t steps = below(vm, (width - 1) / stride + 1);
    return xv_int_from(vm, (int64_t)((uint64_t)start + steps * (uint64_t)step));
}

static xv_value random_randint(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    intptr_t first, last;
    if (!xv_to_index(vm, args[0], &first) || !xv_to_index(vm, args[1], &last)) {
        return XV_NULL;
    }
    if (first > last) {
        return xv_raise(vm, &xv_exc_ValueError, "empty range for randint");
    }
    uint64_t offset = below(vm, (uint64_t)last - (uint64_t)first + 1);
    return xv_int_from(vm, (int64_t)((uint64_t)first + offset));
}

static xv_value random_choice(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    size_t len;
    if (!xv_length(vm, args[0], &len)) {
        return XV_NULL;
    }
    if (len == 0) {
        return xv_raise(vm, &xv_exc_IndexError, "cannot choose from an empty sequence");
    }
    struct xv_random before = vm->random;
    xv_value index = xv_int_from_unsigned(vm, below(vm, len));
    xv_value item = index == XV_NULL ? XV_NULL : xv_get_item(vm, args[0], index);
    if (vm->question != XV_NULL) {
        vm->random = before; /* the same is drawn again when it has been answered */
    }
    return item;
}

static xv_value random_random(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)args;
    (void)n;
    return xv_float_from(vm, fraction(vm));
}

static xv_value random_uniform(struct xv_vm *vm, xv_value *args, uint32_t n) {
    (void)n;
    xv_real a, b;
    if (!xv_to_real(vm, args[0], &a) || !xv_to_real(vm, args[1], &b)) {
        return XV_NULL;
    }
    return xv_float_from(vm, a + (b - a) * fraction(vm));
}

static const struct xv_native functions[] = {
    XV_FUNCTION(seed, random_seed, 0, 1),           XV_FUNCTION(getrandbits, random_getrandbits, 1, 1),
    XV_FUNCTION(randrange, random_randrange, 1, 3), XV_FUNCTION(randint, random_randint, 2, 2),
    XV_FUNCTION(choice, random_choice, 1, 1),       XV_FUNCTION(random, random_random, 0, 0),
    XV_FUNCTION(uniform, random_uniform, 2, 2),
};

const struct xv_native_module xv_module_random = {
    .header = XV_MODULE_HEADER,
    .name = XV_Q_random,
    XV_FUNCTIONS(functions),
};
#endif
