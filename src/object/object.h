/* The object model: what a type is, and the operations that work on any value.
 *
 * A value's type is itself a value: the address of a const `struct xv_type`, or an object of kind CLASS (made by a
 * program, see object/class.h). Types know nothing of the interpreter loop; where they need Python code to run
 * they use xv_call and friends at the end of this header, which the vm room provides.
 *
 * Conventions everywhere below: XV_NULL, false or a negative int means that an exception is pending in vm->exc.
 * Everything may allocate unless its comment says that it does not. Callees protect their own arguments. */
#ifndef XV_OBJECT_OBJECT_H
#define XV_OBJECT_OBJECT_H

#include "heap/heap.h"
#include "link/qstr.h"

/* ---- functions written in C */

/* `args` are on the frame stack, so they are rooted, and the function may overwrite them, as further roots of its own.
 * `n` is the number of positional arguments; for a function with XV_N_KEYWORDS also the number of keyword pairs,
 * shifted left by 16: these stand behind the positional ones as name, value, name, value, … */
typedef xv_value (*xv_native_fn)(struct xv_vm *vm, xv_value *args, uint32_t n);

#define XV_N_POS(n) ((n) & 0xffffu)
#define XV_N_KW(n) ((n) >> 16)
/* The most positional arguments that a call is written with; receivers come on top. */
#define XV_MAX_ARGS (0xffffu - UINT8_MAX)

enum xv_native_flags {
    XV_N_PLAIN = 0,
    XV_N_KEYWORDS = 1,     /* takes keyword arguments */
    XV_N_STATIC = 2,       /* in a type's table: a static method */
    XV_N_CLASS = 4,        /* in a type's table: a class method */
    XV_N_METHOD = 16,      /* in a type's table: args[0] is checked to be of that type */
    XV_N_ANY_SELF = 32,    /* of a method that a native puts into the dict of a class: args[0] is not checked */
    XV_N_GETTER = 8        /* in a type's table: an attribute; called with the object (with object and value to set it,
                              if max_args is 2) */
};

#define XV_ANY_ARGS 255u

/* True if the function binds: is called with the object that it was found through. */
#define XV_N_BINDS(flags_) (((flags_) & (XV_N_METHOD | XV_N_STATIC | XV_N_CLASS | XV_N_GETTER)) == XV_N_METHOD)

/* A row of a method table, and a function object at the same time: methods cost no RAM. */
struct xv_native {
    uintptr_t header;
    xv_native_fn fn;
    uint16_t name;
    uint8_t min_args;      /* positional ones, self included */
    uint8_t max_args;      /* XV_ANY_ARGS: no limit */
    uint8_t flags;
};

/* Rows of a type's table. */
#define XV_NATIVE(name_, fn_, min_, max_) \
    {XV_CONST_HEADER(XV_KIND_NATIVE), fn_, XV_Q_##name_, min_, max_, XV_N_METHOD}
#define XV_NATIVE_X(name_, fn_, min_, max_, flags_) \
    {XV_CONST_HEADER(XV_KIND_NATIVE), fn_, XV_Q_##name_, min_, max_, XV_N_METHOD | (flags_)}
/* Rows of a module's table. */
#define XV_FUNCTION(name_, fn_, min_, max_) \
    {XV_CONST_HEADER(XV_KIND_NATIVE), fn_, XV_Q_##name_, min_, max_, XV_N_PLAIN}
#define XV_FUNCTION_X(name_, fn_, min_, max_, flags_) \
    {XV_CONST_HEADER(XV_KIND_NATIVE), fn_, XV_Q_##name_, min_, max_, flags_}
#define XV_TABLE(a) (a), (uint16_t)(sizeof(a) / sizeof *(a))

/* A named constant of a type or module: an immediate value or the address of a const object. */
struct xv_constant {
    uint16_t name;
    xv_value value;
};
#define XV_CONSTANT(name_, value_) {XV_Q_##name_, (xv_value)(value_)}

/* ---- types */

struct xv_printer;

enum xv_print { XV_PRINT_STR, XV_PRINT_REPR };

/* Operators as in the bytecode (spec 3.3); ORDER OPERATOR. In-place ones come before their plain ones. */
enum xv_unary { XV_POS, XV_NEG, XV_INVERT, XV_NOT };
enum xv_binary {
    XV_LT, XV_GT, XV_EQ, XV_LE, XV_GE, XV_NE, XV_IN, XV_IS, XV_EXC_MATCH,
    XV_IOR, XV_IXOR, XV_IAND, XV_ILSHIFT, XV_IRSHIFT, XV_IADD, XV_ISUB, XV_IMUL, XV_IMATMUL, XV_IFLOORDIV,
    XV_ITRUEDIV, XV_IMOD, XV_IPOW,
    XV_OR, XV_XOR, XV_AND, XV_LSHIFT, XV_RSHIFT, XV_ADD, XV_SUB, XV_MUL, XV_MATMUL, XV_FLOORDIV,
    XV_TRUEDIV, XV_MOD, XV_POW,
    XV_N_BINARY
};

enum xv_type_flags {
    XV_T_NO_SUBCLASS = 1,      /* may not be a base class (bool, NoneType, function, …) */
    XV_T_EXCEPTION = 2,        /* BaseException or below */
    XV_T_UNHASHABLE = 4,
    XV_T_ITER_SELF = 8,        /* iter(x) is x */
    XV_T_NATIVE_SUB = 16       /* instances of subclasses wrap a value of this type */
};

/* A pointer and length lent by str, bytes, bytearray, memoryview, array. Good until the next allocation. */
struct xv_buffer {
    uint8_t *data;
    size_t len;                /* bytes */
    bool writable;
    uint8_t item;              /* element code as in array.array, 'B' for plain bytes */
};

/* A built-in type: const, in flash. A slot that is NULL means that the type cannot do it; object/type.c looks along
 * `base`. `self` is of the type or, for a subclass instance, the wrapped value of the type. */
struct xv_type {
    uintptr_t header;
    uint16_t name;
    uint16_t flags;
    const struct xv_type *base;
    const struct xv_native *methods;
    uint16_t n_methods;
    uint16_t n_constants;
    const struct xv_constant *constants;

    /* T(…): `args`, `n` as for a native, the type itself not among them. NULL: cannot be called. */
    xv_value (*make)(struct xv_vm *vm, xv_value type, xv_value *args, uint32_t n);
    /* str() or repr(). NULL: <name>. */
    bool (*print)(struct xv_vm *vm, xv_value self, struct xv_printer *out, enum xv_print how);
    /* XV_NOT_IMPLEMENTED if it does not apply. `unary` gets XV_POS, XV_NEG, XV_INVERT only. `binary` is asked of the
     * left operand's type with `reflected` false, then of the right one's with it true (a and b stay as written).
     * In-place operators come here first and, if not implemented, again as the plain one. XV_EQ: not asked for
     * identical values. XV_NE: falls back to not XV_EQ. XV_IN: `a` is the container here and b the item. */
    xv_value (*unary)(struct xv_vm *vm, enum xv_unary op, xv_value self);
    xv_value (*binary)(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b, bool reflected);
    /* 1, 0, or -1. NULL: by `length`, else true. */
    int (*truth)(struct xv_vm *vm, xv_value self);
    bool (*hash)(struct xv_vm *vm, xv_value self, uint32_t *out);
    bool (*length)(struct xv_vm *vm, xv_value self, size_t *out);
    xv_value (*get_item)(struct xv_vm *vm, xv_value self, xv_value index);
    /* value XV_NULL: delete */
    bool (*set_item)(struct xv_vm *vm, xv_value self, xv_value index, xv_value value);
    /* Either the type of the iterators, which have the slots that xv_iterator_new fills in, or a function that makes one. */
    const struct xv_type *iterator;
    xv_value (*iter)(struct xv_vm *vm, xv_value self);
    /* The next item, XV_STOP, or XV_NULL. */
    xv_value (*next)(struct xv_vm *vm, xv_value self);
    xv_value (*call)(struct xv_vm *vm, xv_value self, xv_value *args, uint32_t n);
    /* An attribute that no table has: the value, or XV_STOP if there is none. May be NULL. */
    xv_value (*get_attr)(struct xv_vm *vm, xv_value self, uint16_t name);
    /* 1 done, 0 no such attribute, -1. value XV_NULL: delete. */
    int (*set_attr)(struct xv_vm *vm, xv_value self, uint16_t name, xv_value value);
    bool (*buffer)(struct xv_vm *vm, xv_value self, struct xv_buffer *out);
};

#define XV_TYPE_HEADER XV_CONST_HEADER(XV_KIND_TYPE)

/* An object of a type that has no kind of its own: iterators, views, types of lib/. The slots are values (numbers are
 * small ints); raw bytes go into an object of kind RAW in one of them. */
struct xv_generic {
    uintptr_t header;
    xv_value type;
    xv_value slots[1]; /* as many as were asked for */
};

/* A new one with `n_slots` slots, all XV_NULL. */
xv_value xv_generic_new(struct xv_vm *vm, const struct xv_type *type, size_t n_slots);

static inline xv_value *xv_slots(xv_value v) {
    return ((struct xv_generic *)v)->slots;
}

static inline size_t xv_n_slots(xv_value v) {
    return xv_words(v) - 2;
}

/* The type of any value. Does not allocate. */
xv_value xv_type_of(const struct xv_vm *vm, xv_value v);

/* The built-in type whose slots serve `v`: that of the wrapped value for an instance of a subclass of a built-in
 * type; `object`'s for a plain instance. *self becomes the value to pass. Does not allocate. */
const struct xv_type *xv_native_type(const struct xv_vm *vm, xv_value v, xv_value *self);

/* `v`, or the built-in value that it wraps if its class derives from a built-in type. Does not allocate. */
xv_value xv_unwrap(const struct xv_vm *vm, xv_value v);

/* True if `v`'s type is `type` or derives from it. Does not allocate. */
bool xv_is_a(const struct xv_vm *vm, xv_value v, const struct xv_type *type);
/* True if the type or class `sub` is `super` or derives from it. Does not allocate. */
bool xv_is_subtype(const struct xv_vm *vm, xv_value sub, xv_value super);
/* True for built-in types and classes alike. */
bool xv_is_type(xv_value v);
/* The name of a type or class, as a name value. */
xv_value xv_type_name(xv_value type);
/* The name of v's type. */
xv_value xv_name_of_type(const struct xv_vm *vm, xv_value v);

/* ORDER KIND: the built-in type of each kind. */
extern const struct xv_type xv_type_object, xv_type_type, xv_type_none, xv_type_bool, xv_type_ellipsis,
    xv_type_not_implemented, xv_type_int, xv_type_float, xv_type_complex, xv_type_str, xv_type_bytes,
    xv_type_bytearray, xv_type_memoryview, xv_type_tuple, xv_type_list, xv_type_dict, xv_type_set,
    xv_type_frozenset, xv_type_range, xv_type_slice, xv_type_function, xv_type_native, xv_type_bound_method,
    xv_type_cell, xv_type_module, xv_type_generator, xv_type_property, xv_type_staticmethod,
    xv_type_classmethod, xv_type_super, xv_type_iterator, xv_type_internal;

/* ---- exceptions (object/exception.c) */

#define XV_EXCEPTION_TYPES(X) \
    X(BaseException, object) X(SystemExit, BaseException) X(KeyboardInterrupt, BaseException) \
    X(GeneratorExit, BaseException) X(Exception, BaseException) X(StopIteration, Exception) \
    X(StopAsyncIteration, Exception) X(ArithmeticError, Exception) X(OverflowError, ArithmeticError) \
    X(ZeroDivisionError, ArithmeticError) X(AssertionError, Exception) X(AttributeError, Exception) \
    X(EOFError, Exception) X(ImportError, Exception) X(LookupError, Exception) X(IndexError, LookupError) \
    X(KeyError, LookupError) X(MemoryError, Exception) X(NameError, Exception) X(OSError, Exception) \
    X(RuntimeError, Exception) X(NotImplementedError, RuntimeError) X(SyntaxError, Exception) \
    X(IndentationError, SyntaxError) X(TypeError, Exception) X(ValueError, Exception) \
    X(UnicodeError, ValueError) X(ViperTypeError, TypeError)
#define X(name, base) extern const struct xv_type xv_exc_##name;
XV_EXCEPTION_TYPES(X)
#undef X

struct xv_exception {
    uintptr_t header;
    xv_value type;       /* a built-in type or a CLASS */
    xv_value args;       /* tuple */
    xv_value traceback;  /* list of (file, line, function) flattened, innermost first; or XV_NULL; XV_NONE: it cannot be raised yet, as
                            its class's __init__ runs and has not called that of the built-in base */
    xv_value attrs;      /* dict of assigned attributes, or XV_NULL */
};

/* Makes an exception one that can be raised, if it is none yet. */
static inline void xv_exception_complete(xv_value v) {
    struct xv_exception *e = (struct xv_exception *)v;
    e->traceback = e->traceback == XV_NONE ? XV_NULL : e->traceback;
}

/* Raises a new exception of a type with a formatted message: returns XV_NULL, always, with vm->exc set (to
 * MemoryError if the exception could not be made). Formats: %s C string, %q uint16_t name id, %v value (as str()), %r
 * value (as repr()), %t value (name of its type), %d int, %u unsigned, %z size_t, %i intptr_t, %c char, %%. The
 * values are protected. */
xv_value xv_raise(struct xv_vm *vm, const struct xv_type *type, const char *format, ...);
/* The same without arguments; with one value as the argument (KeyError(key), StopIteration(v)); with an errno. */
xv_value xv_raise_empty(struct xv_vm *vm, const struct xv_type *type);
xv_value xv_raise_value(struct xv_vm *vm, const struct xv_type *type, xv_value arg);
xv_value xv_raise_os(struct xv_vm *vm, int error);
/* Raises the preallocated MemoryError. Does not allocate. */
xv_value xv_raise_memory(struct xv_vm *vm);
/* Makes an exception object: `args` a tuple. */
xv_value xv_exception_new(struct xv_vm *vm, xv_value type, xv_value args);
/* True if the pending exception is of the type; xv_clear forgets it. Neither allocates. */
bool xv_pending(const struct xv_vm *vm, const struct xv_type *type);
static inline void xv_clear(struct xv_vm *vm) {
    vm->exc = XV_NULL;
}
/* The exception that vm->memory_error keeps, with room for a few lines of traceback. */
xv_value xv_memory_error_new(struct xv_vm *vm);
/* Makes that exception as it was at first, after its last use. Does not allocate. */
void xv_memory_error_renew(struct xv_vm *vm);
/* Adds a line to an exception's traceback, which grows outwards and to XV_TRACEBACK_MAX lines. Leaves vm->exc as it is,
 * whatever happens: without memory, or beyond that number, the line is dropped and false returned. */
#define XV_TRACEBACK_MAX 64u
bool xv_traceback_add(struct xv_vm *vm, xv_value exc, xv_value file, uint32_t line, xv_value function);
/* Traceback, outermost call first, and `Type: message`, each line with its newline. */
bool xv_print_exception(struct xv_printer *out, xv_value exc);
/* The names of error numbers, as the module errno has them (values are small ints). */
extern const struct xv_constant xv_errno_names[];
extern const uint16_t xv_n_errno_names;

/* ---- operations on any value (object/ops.c) */

/* The methods that stand for the operators: ORDER OPERATOR. 0: none. */
struct xv_operator {
    uint16_t name;
    uint16_t reflected;
};
extern const struct xv_operator xv_operators[XV_N_BINARY];
extern const uint16_t xv_unary_names[4];

/* A special method (`__len__`) as far as a program's class defines it, for an instance or an exception; XV_NULL without an
 * exception if the built-in type's slots serve. Does not allocate. */
xv_value xv_special_find(const struct xv_vm *vm, xv_value v, uint16_t name);
/* Calls what xv_special_find returned, with v as the receiver if it is a function; n <= 3. */
xv_value xv_special_call(struct xv_vm *vm, xv_value method, xv_value v, const xv_value *args, size_t n);

/* Truth, equality (== with identity first), order: 1, 0, or -1. */
int xv_truth(struct xv_vm *vm, xv_value v);
int xv_equal(struct xv_vm *vm, xv_value a, xv_value b);
int xv_less(struct xv_vm *vm, xv_value a, xv_value b);
bool xv_hash(struct xv_vm *vm, xv_value v, uint32_t *out);
xv_value xv_unary(struct xv_vm *vm, enum xv_unary op, xv_value v);
/* All of Python's rules: reflected operators, in-place falling back to plain, TypeError at the end. */
xv_value xv_binary(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b);
/* Goes on with `a op b`, a plain operator, after the special method of `a` itself returned NotImplemented. */
xv_value xv_binary_after(struct xv_vm *vm, enum xv_binary op, xv_value a, xv_value b);
/* True if b's class derives from a's type, so that its reflected method is asked first. Does not allocate. */
bool xv_right_first(const struct xv_vm *vm, xv_value a, xv_value b);
/* As len(); TypeError if it has none. xv_length_hint: 0 if unknown, no exception. */
bool xv_length(struct xv_vm *vm, xv_value v, size_t *out);
xv_value xv_get_item(struct xv_vm *vm, xv_value v, xv_value index);
bool xv_set_item(struct xv_vm *vm, xv_value v, xv_value index, xv_value value);
/* iter(v); then items one by one: the item, XV_STOP at the end, XV_NULL on an exception. */
xv_value xv_iter(struct xv_vm *vm, xv_value v);
xv_value xv_next(struct xv_vm *vm, xv_value iterator);
/* The same without an iterator in the heap, if the iterable is a built-in container: `cursor` is an array of
 * XV_CURSOR_WORDS values, on the C stack and rooted, which is laid out as the iterator would be; else [0] is XV_NULL
 * and [1] an iterator. It must not be given to anything else. */
#define XV_CURSOR_WORDS 6u
bool xv_cursor_begin(struct xv_vm *vm, xv_value *cursor, xv_value iterable);
static inline xv_value xv_cursor_next(struct xv_vm *vm, xv_value *cursor) {
    return xv_next(vm, cursor[0] == XV_NULL ? cursor[1] : xv_from(cursor));
}
/* The built-in type of the iterators of a value that is no user's and iterates in this way, or NULL. Does not allocate. */
const struct xv_type *xv_iterator_type(const struct xv_vm *vm, xv_value v);
/* Any iterable as a new list, or as a tuple (the same object if it is one). */
xv_value xv_list_from(struct xv_vm *vm, xv_value iterable);
xv_value xv_tuple_from(struct xv_vm *vm, xv_value iterable);
/* True for an iterator of the library, but a generator: what is drawn from it cannot be drawn again. Does not allocate. */
bool xv_is_own_iterator(const struct xv_vm *vm, xv_value v);
/* xv_iter for what changes something with each item: no callback that could be asked for (vm/ask.h) is left to the
 * iterator. */
xv_value xv_iter_settled(struct xv_vm *vm, xv_value iterable);
/* An index or count out of an int (or bool, or an object with __index__): TypeError, OverflowError. */
bool xv_to_index(struct xv_vm *vm, xv_value v, intptr_t *out);
/* The float of an int, float, bool or object with __float__; TypeError else. */
bool xv_to_real(struct xv_vm *vm, xv_value v, xv_real *out);
/* Sequence index: adds the length if negative; IndexError "<what> index out of range" if outside. */
bool xv_check_index(struct xv_vm *vm, xv_value index, size_t len, const char *what, size_t *out);
/* Bytes of a buffer object, TypeError if it is none. Good until the next allocation; does not allocate otherwise. */
bool xv_get_buffer(struct xv_vm *vm, xv_value v, struct xv_buffer *out);
/* The hash of an integer, and so of every number that equals it. */
uint32_t xv_hash_int(intptr_t i);
/* The hash of an object that equals nothing but itself. */
bool xv_hash_identity(struct xv_vm *vm, xv_value v, uint32_t *out);
/* callable(v). Does not allocate. */
bool xv_callable(const struct xv_vm *vm, xv_value v);

/* True if an attribute of a class does not keep its instances from having one of that name. Does not allocate. */
bool xv_is_plain_attr(xv_value v);
/* Attributes with all of Python's rules. xv_get_attr raises AttributeError; xv_find_attr returns XV_STOP instead. */
xv_value xv_get_attr(struct xv_vm *vm, xv_value v, uint16_t name);
xv_value xv_find_attr(struct xv_vm *vm, xv_value v, uint16_t name);
/* value XV_NULL: delete */
bool xv_set_attr(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value);
/* The same without __setattr__ or __delattr__ of a program's class. */
bool xv_set_attr_past_method(struct xv_vm *vm, xv_value v, uint16_t name, xv_value value);
/* A method and its receiver without making a bound method: out[0] is what to call, out[1] the first argument or XV_NULL.
 * `out` must be rooted. 1, 0 if there is none (no exception), -1. */
int xv_find_method(struct xv_vm *vm, xv_value v, uint16_t name, xv_value *out);
/* The attribute as a type's table or a class's dict has it, along the MRO, unbound; XV_NULL without an exception if
 * there is none. Does not allocate. *owner (may be NULL) becomes the type in which it was found. */
xv_value xv_type_lookup(const struct xv_vm *vm, xv_value type, uint16_t name, xv_value *owner);

/* ---- calls into Python, provided by the vm room */

/* Calls any callable with `n` positional arguments. The arguments need not be rooted by the caller. */
xv_value xv_call(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n);
/* With keyword pairs behind the positional ones. */
xv_value xv_call_kw(struct xv_vm *vm, xv_value f, const xv_value *args, size_t n_pos, size_t n_kw);
/* With one argument before those at `args`, which are rooted. */
xv_value xv_call_with_first(struct xv_vm *vm, xv_value f, xv_value first, const xv_value *args, size_t n_pos,
                            size_t n_kw);
/* v.name(args…). xv_call_method_if: XV_STOP if there is no such method. */
xv_value xv_call_method(struct xv_vm *vm, xv_value v, uint16_t name, const xv_value *args, size_t n);
xv_value xv_call_method_if(struct xv_vm *vm, xv_value v, uint16_t name, const xv_value *args, size_t n);

/* Around C code that recurses with the depth of the data, such as the comparison of nested containers. enter:
 * RuntimeError beyond XIPVM_NATIVE_DEPTH; leave only after an enter that was true. Neither moves anything. */
bool xv_native_enter(struct xv_vm *vm);
void xv_native_leave(struct xv_vm *vm);

/* For C code that may take long without calling anything: polls the host; true, with KeyboardInterrupt, if the VM was
 * interrupted. Moves nothing unless it is true. */
bool xv_interrupted(struct xv_vm *vm);

/* ---- arguments of natives */

/* Checks `n` against what the function takes. TypeError. */
bool xv_native_arity(struct xv_vm *vm, const struct xv_native *f, uint32_t n);

/* Sorts positional and keyword arguments into out[0 … n_names), which must be rooted or the start of args itself is not
 * allowed; those not given stay as they were. The first `required` must be given. TypeError. */
bool xv_parse_args(struct xv_vm *vm, const char *function, const xv_value *args, uint32_t n, const uint16_t *names,
                   size_t n_names, size_t required, xv_value *out);

#endif
