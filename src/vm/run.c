/* Runs and their budget (vm/run.h). Relies on the interpreter, which asks xv_must_stop before each unit that it could
 * stop at. */
#include "vm/run.h"

#include "link/module.h"
#include "object/container.h"
#include "vm/ask.h"
#include "vm/call.h"

/* ---- the account
 *
 * With n units left, n ticks pass and the next one makes the VM look up: that unit would be one too many. If the run
 * can stop there, it is not counted: a call is made later, and counted then; a jump has been made, and is owed to the
 * next budget. */

static void begin_slice(struct xv_vm *vm) {
    struct xv_meter *m = &vm->meter;
    m->slice = !m->limited || m->left > XV_SLICE ? XV_SLICE : (intptr_t)m->left;
    vm->budget = m->slice;
}

void xv_meter_begin(struct xv_vm *vm, uint64_t units) {
    struct xv_meter *m = &vm->meter;
    xv_meter_read(vm);
    m->left = units;
    m->limited = units != 0;
    m->over = m->cut = false;
    m->overrun = 0;
    begin_slice(vm);
}

void xv_meter_read(struct xv_vm *vm) {
    struct xv_meter *m = &vm->meter;
    uint64_t spent = (uint64_t)(m->slice - vm->budget);
    m->over = m->limited && spent > m->left;
    if (m->over && xv_must_stop(vm)) {
        spent--;
    } else if (m->over) {
        m->overrun += spent - m->left;
        if (m->overrun > vm->stats.overrun) {
            vm->stats.overrun = m->overrun;
        }
    }
    vm->stats.budget_spent += spent;
    m->unpolled += (uint32_t)spent;
    m->left -= spent < m->left ? spent : m->left;
    begin_slice(vm);
}

/* ---- runs */

/* Makes `kind` the VM's run if it can be stopped. */
static bool begin(struct xv_vm *vm, enum xv_run_kind kind, xv_value what) {
    if (vm->native_depth != 0 || vm->run.kind != XV_RUN_NONE) {
        return false;
    }
    vm->run = (struct xv_run_state){.kind = (uint8_t)kind, .base = vm->sp, .top = vm->stack_top};
    vm->run_what = what;
    xv_meter_begin(vm, vm->meter.quantum);
    return true;
}

/* The end of a run, unless `v` is XV_SUSPENDED. Returns v. */
static xv_value end(struct xv_vm *vm, xv_value v) {
    xv_meter_begin(vm, 0);
    if (v == XV_SUSPENDED) {
        vm->run.suspended = true;
        xv_asking_pause(vm);
        return v;
    }
    vm->sp = vm->run.base;
    vm->stack_top = vm->run.top;
    vm->run = (struct xv_run_state){.kind = XV_RUN_NONE};
    vm->run_what = vm->question = vm->answers = XV_NULL;
    /* The first frame of the next run may lie where one of this run did, and no unit is spent in between. */
    vm->asking.frame = NULL;
    return v;
}

xv_value xv_run_call(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n) {
    if (!begin(vm, XV_RUN_CALL, XV_NULL)) {
        return xv_call(vm, f, args, n);
    }
    vm->native_depth++;
    xv_value v = xv_call_begin(vm, f, args, n, 0);
    vm->native_depth--;
    return end(vm, v == XV_PUSHED ? xv_run_pushed(vm) : v);
}

/* With a list of names to import, whatever it is, the last module is what an import gives. */
static xv_value import(struct xv_vm *vm, xv_value name) {
    return xv_import(vm, XV_NULL, name, XV_TRUE, XV_INT(0));
}

xv_value xv_run_import(struct xv_vm *vm, xv_value name) {
    return begin(vm, XV_RUN_IMPORT, name) ? end(vm, import(vm, name)) : import(vm, name);
}

xv_value xv_run_module(struct xv_vm *vm, xv_value module) {
    xv_value r[1] = {module};
    XV_ENTER(vm, r);
    xv_value body = xv_module_body(module), v;
    if (!begin(vm, XV_RUN_MODULE, module)) {
        v = xv_call(vm, body, NULL, 0);
        v = v == XV_NULL ? v : r[0];
    } else {
        v = xv_call_begin(vm, body, NULL, 0, 0);
        v = v == XV_PUSHED ? xv_run_pushed(vm) : v;
        v = end(vm, v == XV_NULL || v == XV_SUSPENDED ? v : vm->run_what);
    }
    XV_LEAVE(vm);
    return v;
}

xv_value xv_run_resume(struct xv_vm *vm) {
    vm->run.suspended = false;
    xv_asking_resume(vm);
    xv_meter_begin(vm, vm->meter.quantum);
    vm->budget -= vm->meter.owed;
    vm->meter.owed = false;
    xv_value v = xv_run_pushed(vm);
    if (v != XV_NULL && v != XV_SUSPENDED) {
        if (vm->run.kind == XV_RUN_IMPORT) {
            /* One body has run; it may have been that of a package only. */
            vm->sp = vm->run.base;
            vm->stack_top = vm->run.top;
            v = import(vm, vm->run_what);
        } else if (vm->run.kind == XV_RUN_MODULE) {
            v = vm->run_what;
        }
    }
    return end(vm, v);
}

void xv_run_abandon(struct xv_vm *vm) {
    while (vm->frame != NULL) {
        struct xv_frame *f = xv_frame_leave(vm);
        if (f->then == XV_THEN_GENERATOR) {
            ((struct xv_generator *)f->keep)->ip = XV_NONE;
        } else if (f->then == XV_THEN_IMPORT) {
            xv_import_forget(vm, f->keep);
        }
    }
    vm->run.suspended = false;
    vm->meter.owed = false;
    end(vm, XV_NULL);
}
