/* Imports (spec 3.7): one package or module at a time, so that the interpreter can run each body as an ordinary
 * frame and then execute the importing instruction again. */
#include "lib/lib.h"
#include "link/module.h"
#include "object/container.h"
#include "object/str.h"
#include "vm/call.h"
#include "vm/interp.h"
#include "xipvm/hal.h"

/* sys.modules[name], XV_STOP if it is not there. */
static xv_value loaded(struct xv_vm *vm, xv_value name) {
    xv_value v = xv_dict_get_name(vm, vm->modules, xv_qstr_id(name));
    return v == XV_NULL ? XV_STOP : v;
}

/* The name value of the first `len` bytes of a name. */
static xv_value prefix(struct xv_vm *vm, xv_value name, size_t len) {
    struct xv_text text = xv_text(vm, name);
    if (len == text.len) {
        return name;
    }
    uint16_t id = xv_intern(vm, text.data, len, false);
    return id == 0 ? XV_NULL : XV_QSTR(id);
}

static xv_value no_module(struct xv_vm *vm, xv_value name) {
    return xv_raise(vm, &xv_exc_ImportError, "no module named '%v'", name);
}

void xv_import_forget(struct xv_vm *vm, xv_value module) {
    xv_value r[2] = {vm->exc, xv_module(module)->name};
    XV_ENTER(vm, r);
    vm->exc = XV_NULL;
    if (xv_dict_delete(vm, vm->modules, r[1], NULL) < 0) {
        xv_clear(vm);
    }
    xv_dict_trim(vm, vm->modules);
    vm->exc = r[0];
    XV_LEAVE(vm);
}

bool xv_import_finish(struct xv_vm *vm, xv_value module) {
    xv_value r[1] = {module};
    XV_ENTER(vm, r);
    /* The importing instruction, which is executed again, is to find it, even if it has removed itself. */
    bool done = loaded(vm, xv_module(module)->name) != XV_STOP ||
                xv_dict_set(vm, vm->modules, xv_module(module)->name, module);
    if (done) {
        xv_dict_fit(vm, xv_module(r[0])->globals);
    }
    XV_LEAVE(vm);
    return done;
}

/* Makes a module with these flags for what was found, and pushes the frame of its body: XV_PUSHED; or the module if it has no
 * code. */
static xv_value start(struct xv_vm *vm, xv_value name, const struct xipvm_source *source, uint16_t flags) {
    struct xv_blob_fault fault;
    xv_value r[2] = {name, XV_NULL};
    XV_ENTER(vm, r);
    bool has_code = source->data != NULL || source->read != NULL;
    r[1] = has_code ? xv_module_load(vm, name, source, &fault) : xv_module_empty(vm, name);
    bool done = r[1] != XV_NULL;
    if (done) {
        xv_module(r[1])->flags |= flags;
    }
    if (done && source->is_package) {
        done = xv_dict_set_name(vm, xv_module(r[1])->globals, XV_Q___path__, r[0]);
    }
    done = done && xv_dict_set(vm, vm->modules, r[0], r[1]);
    xv_value result = done ? r[1] : XV_NULL;
    if (done && has_code) {
        result = xv_push_function(vm, xv_module_body(r[1]), vm->sp, 0, 0);
        if (result == XV_PUSHED) {
            vm->frame->then = XV_THEN_IMPORT;
            vm->frame->keep = r[1];
        } else {
            xv_import_forget(vm, r[1]);
        }
    }
    XV_LEAVE(vm);
    return result;
}

/* The module of a full name that is loaded, registered by the host or one of its blobs; XV_STOP if it is none of these. */
static xv_value load_known(struct xv_vm *vm, xv_value name) {
    xv_value there = loaded(vm, name);
    if (there != XV_STOP) {
        return there;
    }
    xv_value *host = vm->host_modules == XV_NULL ? NULL : xv_dict_find_name(vm, vm->host_modules, xv_qstr_id(name));
    if (host != NULL) {
        return *host;
    }
    vm->fault_code = XIPVM_BLOB_OK;
    if (vm->hal != NULL && vm->hal->find_blob != NULL) {
        struct xipvm_source source = {.data = NULL};
        struct xv_text text = xv_text(vm, name);
        if (vm->hal->find_blob(vm->hal->context, (const char *)text.data, text.len, &source)) {
            return start(vm, name, &source, 0);
        }
    }
    return XV_STOP;
}

/* The module of a full name, once its parents are loaded; XV_PUSHED if its body must run. */
static xv_value load(struct xv_vm *vm, xv_value name) {
    xv_value found = load_known(vm, name);
    if (found != XV_STOP) {
        return found;
    }
    const struct xv_python_module *python = xv_find_python_module(xv_qstr_id(name));
    if (python != NULL) {
        /* Under both names it is one module, with one state. */
        xv_value own = XV_QSTR(python->name);
        found = own == name ? XV_STOP : load_known(vm, own);
        struct xipvm_source source = {.data = python->data, .size = python->size, .strategy = XIPVM_STRATEGY_IN_PLACE};
        return found != XV_STOP ? found : start(vm, own, &source, XV_MODULE_BUILTIN);
    }
    const struct xv_native_module *native = xv_find_native_module(xv_qstr_id(name));
    return native != NULL ? xv_from(native) : no_module(vm, name);
}

/* True if `module` is to become the attribute `name` of its package: once in its life, whatever stood there before; what
 * has no flag to note that in does not replace anything. */
static bool is_to_be_attached(const struct xv_vm *vm, xv_value module, xv_value package, uint16_t name) {
    if (xv_is_kind(module, XV_KIND_MODULE)) {
        return (xv_module(module)->flags & XV_MODULE_ATTACHED) == 0;
    }
    return xv_dict_get_name(vm, xv_module(package)->globals, name) == XV_NULL;
}

/* Makes `module` an attribute of the package whose name is the first `len` bytes of its own. */
static bool attach(struct xv_vm *vm, xv_value name, size_t len, xv_value module) {
    xv_value r[2] = {name, module};
    XV_ENTER(vm, r);
    xv_value parent_name = prefix(vm, name, len);
    xv_value parent = parent_name == XV_NULL ? XV_NULL : loaded(vm, parent_name);
    bool done = parent_name != XV_NULL;
    if (xv_is_kind(parent, XV_KIND_MODULE)) {
        struct xv_text text = xv_text(vm, r[0]);
        uint8_t last[XV_NAME_MAX];
        size_t n = text.len - len - 1;
        memcpy(last, text.data + len + 1, n);
        r[0] = parent;
        uint16_t id = xv_intern(vm, last, n, false);
        done = id != 0;
        if (done && is_to_be_attached(vm, r[1], r[0], id)) {
            done = xv_dict_set_name(vm, xv_module(r[0])->globals, id, r[1]);
            if (done && xv_is_kind(r[1], XV_KIND_MODULE)) {
                xv_module(r[1])->flags |= XV_MODULE_ATTACHED;
            }
        }
    }
    XV_LEAVE(vm);
    return done;
}

/* Undoes xv_import's attaching, if the module is still what stands there. */
static bool detach(struct xv_vm *vm, xv_value name, xv_value module) {
    struct xv_text text = xv_text(vm, name);
    size_t len = text.len;
    while (len > 0 && text.data[len - 1] != '.') {
        len--;
    }
    if (len == 0) {
        return true;
    }
    uint16_t package_name = xv_qstr_find(vm, text.data, len - 1);
    uint16_t last = xv_qstr_find(vm, text.data + len, text.len - len);
    xv_value package = package_name == 0 ? XV_NULL : xv_dict_get_name(vm, vm->modules, package_name);
    if (last == 0 || !xv_is_kind(package, XV_KIND_MODULE) ||
        xv_dict_get_name(vm, xv_module(package)->globals, last) != module) {
        return true;
    }
    return xv_dict_delete(vm, xv_module(package)->globals, XV_QSTR(last), NULL) >= 0;
}

bool xv_unload(struct xv_vm *vm, xv_value name) {
    xv_value r[2] = {name, xv_dict_get_name(vm, vm->modules, xv_qstr_id(name))};
    XV_ENTER(vm, r);
    bool done = detach(vm, r[0], r[1]) && xv_dict_delete(vm, vm->modules, r[0], NULL) >= 0;
    if (done && vm->main_module == r[1]) {
        vm->main_module = XV_NULL;
    }
    XV_LEAVE(vm);
    if (done) {
        xv_dict_trim(vm, vm->modules);
    }
    return done;
}

static size_t next_dot(const struct xv_vm *vm, xv_value name, size_t from) {
    struct xv_text text = xv_text(vm, name);
    while (from < text.len && text.data[from] != '.') {
        from++;
    }
    return from;
}

/* All packages of a dotted name, from the left, then the module itself. *top becomes the first. */
static xv_value load_path(struct xv_vm *vm, xv_value name, xv_value *top) {
    xv_value r[3] = {name, XV_NULL, XV_NULL};
    XV_ENTER(vm, r);
    size_t parent = 0, end = 0, len = xv_text(vm, name).len;
    for (;;) {
        end = next_dot(vm, r[0], end);
        xv_value part = prefix(vm, r[0], end);
        r[2] = part == XV_NULL ? XV_NULL : load(vm, part);
        if (r[2] == XV_NULL || r[2] == XV_PUSHED) {
            break;
        }
        if (r[1] == XV_NULL) {
            r[1] = r[2];
        }
        part = parent > 0 ? prefix(vm, r[0], end) : XV_NULL;
        if (parent > 0 && (part == XV_NULL || !attach(vm, part, parent, r[2]))) {
            r[2] = XV_NULL;
            break;
        }
        if (end == len) {
            break;
        }
        parent = end++;
    }
    XV_LEAVE(vm);
    *top = r[1];
    return r[2];
}

/* The full name of a relative import (spec 3.7) in a module with these globals, or XV_NULL. */
static xv_value absolute(struct xv_vm *vm, xv_value globals, xv_value name, intptr_t level) {
    xv_value own = globals == XV_NULL ? XV_NULL : xv_dict_get_name(vm, globals, XV_Q___name__);
    if (own == XV_NULL || !xv_is_str(vm, own)) {
        return xv_raise(vm, &xv_exc_ImportError, "can't perform relative import");
    }
    if (xv_dict_get_name(vm, globals, XV_Q___path__) != XV_NULL) {
        level--;
    }
    struct xv_text text = xv_text(vm, own), more = xv_text(vm, name);
    size_t len = text.len;
    for (; level > 0; level--) {
        while (len > 0 && text.data[len - 1] != '.') {
            len--;
        }
        if (len == 0) {
            return xv_raise(vm, &xv_exc_ImportError, "can't perform relative import");
        }
        len--;
    }
    uint8_t full[XV_NAME_MAX];
    if (len + 1 + more.len > sizeof full || len == 0) {
        return xv_raise(vm, &xv_exc_ImportError, "can't perform relative import");
    }
    memcpy(full, text.data, len);
    if (more.len > 0) {
        full[len++] = '.';
        memcpy(full + len, more.data, more.len);
    }
    uint16_t id = xv_intern(vm, full, len + more.len, false);
    return id == 0 ? XV_NULL : XV_QSTR(id);
}

xv_value xv_import_step(struct xv_vm *vm, xv_value globals, xv_value name, xv_value fromlist, xv_value level) {
    if (!xv_is_small(level) || xv_small(level) < 0) {
        return xv_raise(vm, &xv_exc_ValueError, "level must be >= 0");
    }
    xv_value r[2] = {name, fromlist};
    XV_ENTER(vm, r);
    if (level != XV_INT(0)) {
        r[0] = absolute(vm, globals, name, xv_small(level));
    } else {
        r[0] = xv_intern_str(vm, name);
    }
    xv_value top = XV_NULL;
    xv_value module = XV_NULL;
    if (r[0] == XV_QSTR(XV_Q_)) {
        xv_raise(vm, &xv_exc_ValueError, "empty module name");
    } else if (r[0] != XV_NULL) {
        module = load_path(vm, r[0], &top);
    }
    XV_LEAVE(vm);
    return module != XV_NULL && module != XV_PUSHED && r[1] == XV_NONE && level == XV_INT(0) ? top : module;
}

xv_value xv_import_from_step(struct xv_vm *vm, xv_value module, uint16_t name) {
    xv_value r[1] = {module};
    XV_ENTER(vm, r);
    xv_value v = xv_find_attr(vm, module, name);
    if (v == XV_STOP) {
        v = XV_NULL;
        xv_value own = XV_NULL;
        if (xv_is_kind(r[0], XV_KIND_MODULE) &&
            xv_dict_get_name(vm, xv_module(r[0])->globals, XV_Q___path__) != XV_NULL) {
            own = xv_module(r[0])->name;
        }
        uint8_t full[XV_NAME_MAX];
        struct xv_text package = own == XV_NULL ? (struct xv_text){NULL, 0} : xv_text(vm, own);
        struct xv_text last = xv_qstr_text(vm, name);
        if (own != XV_NULL && package.len + 1 + last.len <= sizeof full) {
            memcpy(full, package.data, package.len);
            full[package.len] = '.';
            memcpy(full + package.len + 1, last.data, last.len);
            uint16_t id = xv_intern(vm, full, package.len + 1 + last.len, false);
            xv_value top;
            v = id == 0 ? XV_NULL : load_path(vm, XV_QSTR(id), &top);
        } else {
            xv_raise(vm, &xv_exc_ImportError, "can't import name %q", name);
        }
    }
    XV_LEAVE(vm);
    return v;
}

xv_value xv_import_name(struct xv_vm *vm, xv_value name, xv_value fromlist, xv_value level) {
    xv_value override =
        vm->builtins_extra == XV_NULL ? XV_NULL : xv_dict_get_name(vm, vm->builtins_extra, XV_Q___import__);
    if (override == XV_NULL) {
        return xv_import_step(vm, xv_current_globals(vm), name, fromlist, level);
    }
    xv_value args[5] = {name, xv_current_globals(vm), XV_NONE, fromlist, level};
    return xv_call(vm, override, args, 5);
}

xv_value xv_import(struct xv_vm *vm, xv_value globals, xv_value name, xv_value fromlist, xv_value level) {
    xv_value r[3] = {name, fromlist, globals};
    XV_ENTER(vm, r);
    xv_value v = XV_PUSHED;
    while (v == XV_PUSHED) {
        xv_value *base = vm->sp;
        xv_value *old_top = vm->stack_top;
        v = xv_import_step(vm, r[2], r[0], r[1], level);
        if (v == XV_PUSHED) {
            vm->frame->flags |= XV_FRAME_EXIT;
            vm->budget--; /* a unit like each frame that is entered, which also tells the bodies apart (vm/ask.c) */
            v = xv_run_pushed(vm);
            if (v == XV_SUSPENDED) {
                break;
            }
            v = v == XV_NULL ? XV_NULL : XV_PUSHED;
            vm->sp = base;
            vm->stack_top = old_top;
        }
    }
    XV_LEAVE(vm);
    return v;
}

xv_value xv_builtin_import(struct xv_vm *vm, xv_value *args, uint32_t n) {
    /* __import__(name, globals, locals, fromlist, level) */
    xv_value fromlist = n > 3 ? args[3] : XV_NONE;
    if (!xv_is_str(vm, args[0])) {
        return xv_raise(vm, &xv_exc_TypeError, "can't convert '%t' object to str implicitly", args[0]);
    }
    if (xv_is_kind(fromlist, XV_KIND_TUPLE) && xv_n_items(fromlist) == 0) {
        fromlist = XV_NONE;
    }
    /* Which module a relative name starts from is the caller's to say. */
    xv_value globals = n > 1 && args[1] != XV_NONE ? xv_unwrap(vm, args[1]) : xv_current_globals(vm);
    xv_value level = n > 4 ? args[4] : XV_INT(0);
    if (level != XV_INT(0) && !xv_is_kind(globals, XV_KIND_DICT)) {
        return xv_raise(vm, &xv_exc_TypeError, "globals must be a dict, not %t", args[1]);
    }
    return xv_import(vm, globals, args[0], fromlist, level);
}

/* ---- from m import * */

/* True for a name that `import *` leaves out. */
static bool is_private(const struct xv_vm *vm, xv_value name) {
    struct xv_text text = xv_text(vm, name);
    return text.len > 0 && text.data[0] == '_';
}

static bool import_listed(struct xv_vm *vm, xv_value module, xv_value all, xv_value names) {
    xv_value r[3] = {module, all, names};
    XV_ENTER(vm, r);
    r[1] = xv_tuple_from(vm, r[1]);
    bool done = r[1] != XV_NULL;
    for (size_t i = 0; done && i < xv_n_items(r[1]); i++) {
        xv_value name = xv_items(r[1])[i];
        if (!xv_is_str(vm, name)) {
            xv_raise(vm, &xv_exc_TypeError, "__all__ must hold strings");
            done = false;
            break;
        }
        name = xv_intern_str(vm, name);
        xv_value v = name == XV_NULL ? XV_NULL : xv_get_attr(vm, r[0], xv_qstr_id(name));
        done = v != XV_NULL && xv_dict_set_name(vm, r[2], xv_qstr_id(name), v);
    }
    XV_LEAVE(vm);
    return done;
}

static bool import_public(struct xv_vm *vm, xv_value globals, xv_value names) {
    xv_value r[2] = {globals, names};
    XV_ENTER(vm, r);
    bool done = true;
    uint32_t at = 0;
    xv_value key, value;
    while (done && xv_dict_next(r[0], &at, &key, &value)) {
        if (xv_is_str(vm, key) && !is_private(vm, key)) {
            done = xv_dict_set(vm, r[1], key, value);
        }
    }
    XV_LEAVE(vm);
    return done;
}

static bool import_native(struct xv_vm *vm, const struct xv_native_module *m, xv_value names) {
    xv_value r[1] = {names};
    XV_ENTER(vm, r);
    bool done = true;
    for (uint16_t i = 0; done && i < m->n_functions; i++) {
        done = xv_dict_set_name(vm, r[0], m->functions[i].name, xv_from(&m->functions[i]));
    }
    for (uint16_t i = 0; done && i < m->n_constants; i++) {
        if (!is_private(vm, XV_QSTR(m->constants[i].name))) {
            done = xv_dict_set_name(vm, r[0], m->constants[i].name, m->constants[i].value);
        }
    }
    XV_LEAVE(vm);
    return done;
}

/* What an object that is no native module says to be imported: XV_STOP if it says nothing, as one whose __getattr__ does not
 * know the name does. */
static xv_value listed_names(struct xv_vm *vm, xv_value module) {
    xv_value all = xv_find_attr(vm, module, XV_Q___all__);
    if (all == XV_NULL && xv_pending(vm, &xv_exc_AttributeError)) {
        xv_clear(vm);
        return XV_STOP;
    }
    return all;
}

bool xv_import_star(struct xv_vm *vm, xv_value module, xv_value names) {
    if (xv_is_kind(module, XV_KIND_NATIVE_MODULE)) {
        return import_native(vm, (const struct xv_native_module *)module, names);
    }
    /* Anything may stand in sys.modules. */
    xv_value r[2] = {module, names};
    XV_ENTER(vm, r);
    xv_value all = listed_names(vm, module);
    bool done = all != XV_NULL;
    if (done && all != XV_STOP) {
        done = import_listed(vm, r[0], all, r[1]);
    } else if (done) {
        xv_value dict = xv_is_kind(r[0], XV_KIND_MODULE) ? xv_module(r[0])->globals : xv_find_attr(vm, r[0], XV_Q___dict__);
        if (dict == XV_STOP || (dict != XV_NULL && !xv_is_kind(dict, XV_KIND_DICT))) {
            dict = xv_raise(vm, &xv_exc_ImportError, "can't import * from '%t'", r[0]);
        }
        done = dict != XV_NULL && import_public(vm, dict, r[1]);
    }
    XV_LEAVE(vm);
    return done;
}
