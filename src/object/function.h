/* Functions, methods, classes, instances, modules, generators: the objects that programs are made of. */
#ifndef XV_OBJECT_FUNCTION_H
#define XV_OBJECT_FUNCTION_H

#include "object/object.h"

/* FUNCTION: one with defaults or a closure. A plain function is the immediate XV_IMM_CODE alone. */
struct xv_function {
    uintptr_t header;
    xv_value code;        /* XV_IMM_CODE */
    xv_value defaults;    /* tuple, or XV_NULL */
    xv_value kw_defaults; /* dict, or XV_NULL */
    xv_value cells[];     /* of the closure */
};
#define XV_FUNCTION_WORDS 4u

static inline size_t xv_function_cells(xv_value f) {
    return xv_words(f) - XV_FUNCTION_WORDS;
}
static inline bool xv_is_function(xv_value v) {
    return xv_is_imm(v, XV_IMM_CODE) || xv_is_kind(v, XV_KIND_FUNCTION);
}
static inline xv_value xv_function_code(xv_value v) {
    return xv_is_object(v) ? ((struct xv_function *)v)->code : v;
}

/* The name of a Python function, from its blob; 0 with MemoryError. `f` is protected. */
uint16_t xv_function_name(struct xv_vm *vm, xv_value f);

struct xv_cell {
    uintptr_t header;
    xv_value content;     /* XV_NULL: unbound */
};

struct xv_bound {
    uintptr_t header;
    xv_value function;
    xv_value self;
};
xv_value xv_bound_new(struct xv_vm *vm, xv_value function, xv_value self);

/* PROPERTY, STATICMETHOD, CLASSMETHOD. */
struct xv_wrapper {
    uintptr_t header;
    xv_value get;         /* the function */
    xv_value set;         /* property only */
    xv_value del;
};

/* ---- classes and instances (object/class.c)
 *
 * Instances share their keys: a SHAPE says which attribute is where, and instances that were given the same
 * attributes in the same order have the same shape. Shapes of a class form a tree with the class's root shape on top;
 * each knows the attribute that it adds to its parent. Beyond XV_SHAPE_MAX attributes, or after a
 * deletion, an instance keeps its attributes in a dict of its own (shape with is_dict set). */
struct xv_class {
    uintptr_t header;
    xv_value name;        /* a name */
    xv_value bases;       /* tuple */
    xv_value mro;         /* tuple: the class itself first; C3 order */
    xv_value dict;
    xv_value root;        /* the shape of an instance without attributes; made with the first instance */
    xv_value native;      /* the built-in type that instances wrap or are (exceptions), or XV_NULL */
    uint16_t flags;       /* XV_C_… */
    uint16_t hint;        /* attributes that instances have turned out to have: room made for them at birth */
};
#define XV_CLASS_VALUES 6u
enum xv_class_flags {
    XV_C_GETATTR = 1,     /* some class of the MRO defines __getattr__ */
    XV_C_SETATTR = 2,     /* __setattr__ or __delattr__ */
    XV_C_EXCEPTION = 4,   /* instances are exceptions */
    XV_C_HAS_INSTANCES = 8,
    XV_C_NEW = 16         /* defines __new__ */
};
struct xv_shape {
    uintptr_t header;
    xv_value class_;
    xv_value parent;      /* XV_NULL in a root */
    xv_value name;        /* the attribute it adds */
    xv_value next;        /* sibling */
    xv_value child;       /* first of those that add one more */
    uint16_t n;           /* attributes; the one it adds is n - 1 */
    uint16_t is_dict;     /* a child of the root without a name */
};
#define XV_SHAPE_MAX 64u
struct xv_instance {
    uintptr_t header;
    xv_value shape;
    xv_value more;        /* ARRAY of the attributes that do not fit below; with is_dict the dict */
    xv_value wrapped;     /* the value of the built-in base type, or XV_NULL */
    xv_value slots[];     /* the first attributes */
};
#define XV_INSTANCE_WORDS 4u

static inline struct xv_class *xv_class(xv_value v) {
    return (struct xv_class *)v;
}
static inline struct xv_instance *xv_instance(xv_value v) {
    return (struct xv_instance *)v;
}
static inline struct xv_shape *xv_shape(xv_value v) {
    return (struct xv_shape *)v;
}
static inline xv_value xv_instance_class(xv_value v) {
    return xv_shape(xv_instance(v)->shape)->class_;
}
/* The place of attribute `i` of an instance that has it and is not in dict mode. */
static inline xv_value *xv_instance_slot(xv_value v, uint32_t i) {
    size_t inlined = xv_words(v) - XV_INSTANCE_WORDS;
    return i < inlined ? &xv_instance(v)->slots[i] : &xv_items(xv_instance(v)->more)[i - inlined];
}
xv_value xv_class_new(struct xv_vm *vm, xv_value name, xv_value bases, xv_value dict);
/* What an attribute becomes that was found in `owner` when it is fetched through `self`, of type `type`: functions are bound,
 * static and class methods resolved, properties and other descriptors called. */
xv_value xv_attr_bind(struct xv_vm *vm, xv_value attr, xv_value owner, xv_value self, xv_value type);
/* An instance without calling __new__ or __init__. */
xv_value xv_instance_new(struct xv_vm *vm, xv_value class_);
/* C(…) from C: an instance through __new__ and __init__. `args` are rooted: positional ones, then keyword pairs. */
xv_value xv_class_make(struct xv_vm *vm, xv_value class_, xv_value *args, uint32_t n_pos, uint32_t n_kw);
/* Notes that the class's dict now has a name that the class keeps a flag for. Does not allocate. */
void xv_class_note(struct xv_vm *vm, xv_value class_, uint16_t name);
/* The index of an attribute in a shape, or -1. Does not allocate. */
int32_t xv_shape_find(xv_value shape, uint16_t name);
/* Attributes of the instance itself. get: XV_NULL, no exception, if there is none; does not allocate. */
xv_value xv_instance_get(const struct xv_vm *vm, xv_value v, uint16_t name);
bool xv_instance_set(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value);
int xv_instance_delete(struct xv_vm *vm, xv_value v, uint16_t name);
/* The instance's attributes as a new dict, or a list of their names. */
xv_value xv_instance_dict(struct xv_vm *vm, xv_value v);

/* ---- modules */

/* MODULE: made from a blob. */
struct xv_module {
    uintptr_t header;
    xv_value name;
    xv_value globals;     /* dict */
    xv_value constants;   /* ARRAY of the constants that had to be made, by object index, or XV_NULL until one had */
    xv_value image;       /* code linked into the heap: a RAW, in which `base` is the first byte; or XV_NULL */
    const uint8_t *base;  /* constants and code: the blob, or those bytes of the image */
    uint32_t size;
    uint32_t n_qstr;
    uint32_t n_obj;
    uint32_t body;        /* offset of the outer function */
    uint32_t objects;     /* offset of the constants */
    uint32_t names;       /* offset of the names */
#if XIPVM_DEBUG
    uint32_t checksum;    /* of the blob, if it is in place */
#endif
    uint16_t slot;
    uint16_t flags;
    uint16_t source_name; /* of the source file, for tracebacks, as code has it */
    uint16_t table[];     /* the translation table: n_qstr ids, 0 for names that are not linked yet, then offsets from `objects` of some
                             constants: XV_NEAR_CONSTANTS */
};
#define XV_MODULE_VALUES 4u
enum xv_module_flags {
    XV_MODULE_ATTACHED = 1, /* the module has been made an attribute of its package */
    XV_MODULE_LINKED = 2,   /* its code is in the linked form (blob/reader.h) */
    XV_MODULE_GONE = 4,     /* nothing refers to it any more but names whose text lies in its blob */
    XV_MODULE_BUILTIN = 8   /* its blob lies in the library; whoever loads it says so */
};

/* The table has the offsets of constants 4, 8, 12 and so on: the others are reached by a walk from there, which is
 * short, and what it finds is cached. */
#define XV_NEAR_CONSTANTS 4u
static inline uint32_t xv_module_offsets(uint32_t n_obj) {
    return n_obj == 0 ? 0 : (n_obj - 1) / XV_NEAR_CONSTANTS;
}

static inline struct xv_module *xv_module(xv_value v) {
    return (struct xv_module *)v;
}

/* NATIVE_MODULE: const. `get_attr` serves attributes that are computed (sys.modules); XV_STOP: none. */
struct xv_native_module {
    uintptr_t header;
    uint16_t name;
    uint16_t n_functions;
    uint16_t n_constants;
    const struct xv_native *functions;
    const struct xv_constant *constants;
    xv_value (*get_attr)(struct xv_vm *vm, uint16_t name);
    int (*set_attr)(struct xv_vm *vm, uint16_t name, xv_value value);
    /* The names that get_attr serves, for dir(); or NULL. */
    const uint16_t *computed;
    uint16_t n_computed;
};
#define XV_MODULE_HEADER XV_CONST_HEADER(XV_KIND_NATIVE_MODULE)

#endif
