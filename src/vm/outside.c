/* What reaches a VM from outside while it runs (vm/outside.h).
 *
 * `attention` makes a look outside prompt without a check of its own on the way: the interpreter compares its budget
 * with it, and so it is 0, or INTPTR_MAX when something waits. Whoever has news first writes the news and then
 * `attention`; the VM first clears `attention` and then reads the news; all of these are sequentially consistent. So
 * of a writer and the VM that meet, either the VM sees the news now or it finds `attention` set again.
 *
 * Calls from outside go through a ring for many writers and one reader, after D. Vyukov's bounded queue: the writer
 * that moves `tail` past a slot owns it until it has set the slot's turn. No writer waits for another, and so an
 * interrupt handler may interrupt any of them: those behind an unfinished slot are merely taken up later, when its
 * writer has set `attention`. */
#include "vm/outside.h"

#include "heap/lent.h"
#include "lib/lib.h"
#include "vm/ask.h"
#include "vm/run.h"
#include "xipvm/hal.h"

#define MASK (XIPVM_SCHEDULE_DEPTH - 1u)
#define LOOK ((uintptr_t)INTPTR_MAX)

void xv_outside_init(struct xv_vm *vm) {
    for (uintptr_t i = 0; i < XIPVM_SCHEDULE_DEPTH; i++) {
        vm->outside.ring[i].turn = i;
    }
}

/* ---- from any thread and interrupt handler */

/* The VM is to look up, and to wake up if it sleeps. */
static void call_for_attention(struct xv_vm *vm) {
    xv_atomic_store(&vm->outside.attention, LOOK);
    if (vm->hal != NULL && vm->hal->wake != NULL) {
        vm->hal->wake(vm->hal->context);
    }
}

void xv_interrupt(struct xv_vm *vm) {
    xv_atomic_store(&vm->outside.interrupt, 1);
    call_for_attention(vm);
}

bool xv_schedule_native(struct xv_vm *vm, xv_callback callback, void *user) {
    struct xv_outside *o = &vm->outside;
    for (;;) {
        uintptr_t at = xv_atomic_load(&o->tail);
        struct xv_scheduled *slot = &o->ring[at & MASK];
        uintptr_t turn = xv_atomic_load(&slot->turn);
        if (turn == at) {
            if (xv_atomic_claim(&o->tail, at, at + 1)) {
                slot->callback = callback;
                slot->user = user;
                xv_atomic_store(&slot->turn, at + 1);
                call_for_attention(vm);
                return true;
            }
        } else if ((intptr_t)(turn - at) < 0) {
            return false; /* still what was written one round ago, or is being written by whom this interrupts */
        } /* else `tail` has moved on since */
    }
}

/* ---- in the VM's own context */

static bool native_waits(const struct xv_outside *o) {
    return xv_atomic_load(&o->ring[o->head & MASK].turn) == o->head + 1;
}

/* Makes the oldest call from outside. */
static void call_native(struct xv_vm *vm) {
    struct xv_outside *o = &vm->outside;
    struct xv_scheduled *slot = &o->ring[o->head & MASK];
    xv_callback callback = slot->callback;
    void *user = slot->user;
    xv_atomic_store(&slot->turn, o->head + XIPVM_SCHEDULE_DEPTH);
    o->head++;
    struct xv_lent lent = xv_lend_vm(vm, "a scheduled callback");
    callback(vm, user);
    xv_reclaim_vm(vm, lent);
    xv_clear(vm);
}

static void print_exception(struct xv_vm *vm) {
    xv_value r[1] = {vm->exc};
    struct xv_printer out;
    XV_ENTER(vm, r);
    xv_clear(vm);
    xv_printer_begin(&out, vm, true);
    xv_put_exception(&out, r[0]);
    xv_printer_end(&out);
    xv_clear(vm);
    XV_LEAVE(vm);
}

bool xv_schedule(struct xv_vm *vm, xv_value f, xv_value arg) {
    struct xv_outside *o = &vm->outside;
    if (o->n_calls == XIPVM_SCHEDULE_DEPTH) {
        xv_raise(vm, &xv_exc_RuntimeError, "schedule queue full");
        return false;
    }
    xv_value *call = vm->calls[(o->first_call + o->n_calls) & MASK];
    call[0] = f;
    call[1] = arg;
    o->n_calls++;
    xv_atomic_store(&o->attention, LOOK);
    return true;
}

/* Makes the oldest call from within. What it raises is printed, as there is nobody who could catch it. */
static void call_scheduled(struct xv_vm *vm) {
    struct xv_outside *o = &vm->outside;
    xv_value *call = vm->calls[o->first_call];
    xv_value f = call[0], arg = call[1];
    call[0] = call[1] = XV_NULL;
    o->first_call = (o->first_call + 1) & MASK;
    o->n_calls--;
    if (xv_call(vm, f, &arg, 1) == XV_NULL) {
        if (o->interrupted) {
            xv_clear(vm);
        } else {
            print_exception(vm);
        }
    }
}

/* Makes the calls that wait now, and no more than there can be, so that the program gets on however many come. */
static void make_calls(struct xv_vm *vm) {
    struct xv_outside *o = &vm->outside;
    xv_value r[1] = {vm->last_exc};
    XV_ENTER(vm, r);
    xv_mute(vm);
    o->calling = true;
    for (unsigned n = 0; n < XIPVM_SCHEDULE_DEPTH && !o->interrupted && native_waits(o); n++) {
        call_native(vm);
    }
    for (unsigned n = o->n_calls; n > 0 && !o->interrupted; n--) {
        call_scheduled(vm);
    }
    o->calling = false;
    xv_unmute(vm);
    vm->last_exc = r[0]; /* a native that is being called may have one to return */
    XV_LEAVE(vm);
}

/* Makes sure that calls which still wait are not forgotten. */
static void note_rest(struct xv_outside *o) {
    if (!o->calling && (o->n_calls > 0 || native_waits(o))) {
        xv_atomic_store(&o->attention, LOOK);
    }
}

bool xv_take_interrupt(struct xv_vm *vm) {
    struct xv_outside *o = &vm->outside;
    if (xv_atomic_load(&o->interrupt) == 0) {
        return false;
    }
    xv_atomic_store(&o->interrupt, 0);
    o->interrupted = o->calling; /* the program below a scheduled call is to be stopped too, not that call alone */
    xv_raise_empty(vm, &xv_exc_KeyboardInterrupt);
    return true;
}

static void poll_host(struct xv_vm *vm) {
    if (vm->hal != NULL && vm->hal->poll != NULL) {
        vm->hal->poll(vm->hal->context);
    }
}

bool xv_interrupted(struct xv_vm *vm) {
    poll_host(vm);
    return xv_outside_waits(vm) && xv_take_interrupt(vm);
}

bool xv_look_up(struct xv_vm *vm) {
    struct xv_outside *o = &vm->outside;
    xv_meter_read(vm);
    if (vm->meter.unpolled >= XV_SLICE) {
        vm->meter.unpolled = 0;
        poll_host(vm);
    }
    if (vm->shares_code == 2 && xv_may_collect(vm)) {
        xv_collect_all(vm); /* mostly a blob was loaded once more, and its first module is dead */
    }
    if (xv_is_too_far(vm)) {
        vm->meter.cut = true;
        xv_raise(vm, &xv_exc_RuntimeError, "a callback ran too far beyond the budget");
        return false;
    }
    if (xv_atomic_load(&o->attention) == 0) {
        return true;
    }
    xv_atomic_store(&o->attention, 0);
    if (xv_take_interrupt(vm)) {
        note_rest(o);
        return false;
    }
    if (o->calling) {
        return true; /* the calls that wait come after this one */
    }
    make_calls(vm);
    note_rest(o);
    if (o->interrupted) {
        o->interrupted = false;
        xv_raise_empty(vm, &xv_exc_KeyboardInterrupt);
        return false;
    }
    return true;
}
