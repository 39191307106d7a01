/*
 * Why a blob (the bytes of one .mpy file), or a ROMFS image, is refused.
 *
 * One row for each fault that the reader, the verifier or the ROMFS reader can find:
 *     X(NAME, rule, message)
 * NAME makes the enumerator XIPVM_BLOB_NAME; rule is the name of the broken rule in the description of the
 * format, "limit" where the file is valid but larger than this library takes, and "romfs" for the container.
 */
#ifndef XIPVM_BLOB_ERRORS_H
#define XIPVM_BLOB_ERRORS_H

#define XIPVM_BLOB_ERRORS(X) \
    /* header */ \
    X(NOT_MPY, "H1", "not an .mpy file: the first byte is not 'M'") \
    X(WRONG_VERSION, "H2", "not version 6 of the .mpy format") \
    X(RESERVED_BIT, "H3", "the reserved header bit is set") \
    X(NATIVE_ARCH, "H4", "compiled for a native architecture") \
    X(ARCH_FLAGS, "H5", "carries native architecture flags") \
    X(SMALL_INT_TOO_WIDE, "H6", "compiled for wider small ints than this VM has") \
    X(SMALL_INT_TOO_NARROW, "H6", "compiled for small ints of fewer than 8 bits") \
    /* names */ \
    X(NO_QSTRS, "Q1", "the qstr table is empty") \
    X(STATIC_NAME, "Q2", "unknown static name") \
    X(NAME_NOT_TERMINATED, "Q3", "a name does not end in a zero byte") \
    X(NAME_TOO_LONG, "Q4", "a name is longer than 255 bytes") \
    X(NAME_NOT_UTF8, "Q5", "a name is not UTF-8") \
    /* constant objects */ \
    X(NATIVE_TABLE, "O1", "a constant refers to the native function table") \
    X(OBJECT_TAG, "O2", "unknown kind of constant") \
    X(TUPLE_DEPTH, "O3", "constant tuples are nested too deeply") \
    X(OBJECT_NOT_TERMINATED, "O4", "a str or bytes constant does not end in a zero byte") \
    X(STR_NOT_UTF8, "O5", "a str constant is not UTF-8") \
    X(INT_TEXT, "O6", "malformed text of an int constant") \
    X(FLOAT_TEXT, "O6", "malformed text of a float constant") \
    X(COMPLEX_TEXT, "O6", "malformed text of a complex constant") \
    /* encoding and raw code */ \
    X(TRUNCATED, "R1", "the file is cut off") \
    X(COUNT_TOO_LARGE, "R1", "a count is larger than the file") \
    X(VARUINT_TOO_WIDE, "R2", "an integer does not fit in 32 bits") \
    X(SIGNED_TOO_WIDE, "R2", "a signed integer does not fit in 64 bits") \
    X(VARUINT_LEADING_ZERO, "R3", "an integer has a leading zero group") \
    X(TRAILING_BYTES, "R4", "bytes follow the outer function") \
    X(FUNCTION_DEPTH, "R5", "functions are nested too deeply") \
    X(NATIVE_CODE, "R6", "a function is not bytecode") \
    X(NO_CHILDREN, "R7", "a function announces children and has none") \
    X(TOO_LARGE, "limit", "the file is too large: over 2 GiB, or over 1 MiB for a 32-bit VM") \
    /* preludes */ \
    X(PRELUDE_TRUNCATED, "P1", "a function ends inside its prelude") \
    X(SIGNATURE_TOO_LONG, "P1", "a function's signature is too long") \
    X(SIZES_TOO_LONG, "P1", "a function's size word is too long") \
    X(STATE_TOO_LARGE, "P1", "a function wants more than 32767 slots") \
    X(BLOCKS_TOO_MANY, "P1", "a function wants more than 255 exception blocks") \
    X(NO_BYTECODE, "P2", "a function has no room for bytecode") \
    X(SCOPE_FLAGS, "P3", "a function has unknown scope flags") \
    X(TOO_MANY_DEFAULTS, "P4", "a function has more defaults than positional arguments") \
    X(TOO_MANY_ARGUMENTS, "P5", "a function's arguments do not fit in its state") \
    X(NAMES_TRUNCATED, "R1", "a function's names run out of its info block") \
    X(NAME_INDEX, "P6", "a function's name index is out of range") \
    X(LINES_TRUNCATED, "R1", "a function's line table is cut off") \
    X(CELL_INDEX, "P7", "a cell lies outside the function's state") \
    X(CELL_TWICE, "P7", "a local is made a cell twice") \
    X(CLOSURE_TOO_LARGE, "P8", "a closure binds more cells than the function has room for") \
    X(OUTER_ARGUMENTS, "P9", "the outer function has arguments, flags or cells") \
    /* single instructions */ \
    X(OPCODE, "D1", "unassigned opcode") \
    X(OPERAND_TRUNCATED, "D2", "an instruction is cut off") \
    X(OPERAND_TOO_WIDE, "D2", "an operand is too wide") \
    X(OPERAND_LEADING_ZERO, "D2", "an operand has a leading zero group") \
    X(QSTR_INDEX, "D3", "an instruction names a qstr that does not exist") \
    X(OBJECT_INDEX, "D4", "an instruction names a constant that does not exist") \
    X(SMALL_INT_RANGE, "D5", "a small int is wider than the header says") \
    X(LOCAL_INDEX, "D6", "an instruction names a local outside the state") \
    X(NOT_A_CELL, "D7", "a cell instruction names a local that is no cell") \
    X(IS_A_CELL, "D7", "a local that is a cell is overwritten") \
    X(CHILD_INDEX, "D8", "an instruction names a child function that does not exist") \
    X(CHILD_ORDER, "D9", "child functions are made out of order or twice") \
    X(EMPTY_CLOSURE, "D10", "a closure binds no cells") \
    X(DEFAULTS_MISSING, "D11", "a function with defaults is made without them") \
    X(DEFAULTS_UNEXPECTED, "D11", "a function without defaults is made with them") \
    X(SLICE_SIZE, "D12", "a slice is made of neither 2 nor 3 values") \
    X(COMP_KIND, "D12", "unknown kind of comprehension store") \
    X(CALL_OPERAND, "D12", "a call or unpack operand is over 16 bits") \
    X(YIELD, "D13", "yield outside a generator") \
    X(YIELD_BEFORE_YIELD_FROM, "D13", "yield right before the instruction of yield from") \
    X(JUMP_OUT, "D14", "a jump leaves the function") \
    /* control flow */ \
    X(BACKWARD_UNKNOWN, "F1", "a backward jump leads to code that nothing else reaches") \
    X(STATE_MISMATCH, "F2", "two ways to one instruction disagree about the stack") \
    X(BACKWARD_MISMATCH, "F2", "a backward jump disagrees about the stack at its target") \
    X(JUMP_OVER_HANDLER, "F3", "a jump crosses the handler of a block it stays in") \
    X(JUMP_TO_HANDLER, "F4", "a jump leads to an exception handler") \
    X(HANDLER_SHARED, "F4", "two blocks share a handler, or a jump leads to it") \
    X(LABEL_INSIDE, "F5", "a jump or handler leads into an instruction") \
    X(BACKWARD_INSIDE, "F5", "a backward jump leads into an instruction") \
    X(FINALLY_WITHOUT_NONE, "F6", "a finally handler is entered without None") \
    X(FINALLY_OTHER_STATE, "F6", "a finally handler is entered from another block or depth") \
    X(EXCEPT_FROM_ABOVE, "F6", "execution falls into an except handler") \
    X(ASYNC_FROM_ABOVE, "F6", "execution falls into the handler of an async with") \
    X(UNDERFLOW, "F7", "stack underflow") \
    X(COMP_REACH, "F7", "a comprehension store reaches out of the stack") \
    X(END_DEPTH, "F7", "wrong stack depth at the end of a handler") \
    X(POP_EXCEPT_DEPTH, "F7", "wrong stack depth where an except block ends") \
    X(UNWIND_DEPTH, "F7", "wrong stack depth at an unwinding jump") \
    X(BLOCK_NESTING, "F8", "exception blocks are nested deeper than the prelude says") \
    X(HANDLER_BEYOND, "F8", "a handler lies beyond that of an outer block") \
    X(WITH_HANDLER, "F8", "the handler of a with is not its cleanup") \
    X(CLEANUP_NO_HANDLER, "F8", "a with cleanup is not the handler of the innermost block") \
    X(CLEANUP_NO_END, "F8", "a with cleanup is not followed by its end") \
    X(END_OUTSIDE, "F8", "the end of a handler stands outside of any") \
    X(POP_EXCEPT_OUTSIDE, "F8", "the end of an except block stands outside of any") \
    X(UNWIND_NOTHING, "F8", "an unwinding jump unwinds no block") \
    X(UNWIND_TOO_MANY, "F8", "an unwinding jump unwinds more blocks than are open") \
    X(ASYNC_CLEANUP, "F9", "the cleanup of an async with is not the known one") \
    X(ASYNC_ENTERED, "F9", "a jump leads into the cleanup of an async with") \
    X(ASYNC_EXIT, "F9", "the context of an async with is moved outside its exit") \
    X(STAR_BITMAP, "F10", "the star bitmap of a call is not a fitting constant") \
    X(RUNS_OFF, "F11", "execution runs off the end of a function") \
    X(FRAME_TOO_SMALL, "F12", "locals and stack do not fit in the function's state") \
    X(SPECIAL_SLOT, "F13", "an instruction takes a slot that need not hold an object") \
    X(NO_ITERATOR, "F13", "a loop does not find its iterator on the stack") \
    /* prelinked images and linking */ \
    X(XIP_VERSION, "X1", "not a version of prelinked images that this library reads") \
    X(FINGERPRINT, "X2", "prelinked for firmware with other names") \
    X(XIP_STREAM, "X3", "already prelinked: such an image can only be run where it is mapped") \
    X(XIP_ABSENT, "X4", "prelinked images are switched off in this firmware (XIPVM_PRELINKED)") \
    X(LINK_REACH, "limit", "a jump is too long once its function is linked") \
    X(STREAM_FAILED, "stream", "the stream reported an error") \
    X(STREAM_LENGTH, "stream", "the stream is not as long as announced") \
    /* limits of the verifier */ \
    X(NO_SCRATCH, "limit", "the verifier was given too little scratch memory") \
    X(TOO_MANY_LOOPS, "limit", "a function has more backward jump targets than fit in the scratch memory") \
    X(TOO_MANY_LABELS, "limit", "a function has more open jumps than fit in the scratch memory") \
    X(TOO_MANY_SPECIALS, "limit", "a function nests more calls and loops than fit in the scratch memory") \
    X(TOO_TANGLED, "limit", "a function has so many jumps that verifying it would take too long") \
    X(TOO_MANY_BLOCKS, "limit", "exception blocks are nested too deeply to verify") \
    X(BLOCK_RESUMED, "limit", "a jump returns to a block after another took its place") \
    /* ROMFS images */ \
    X(ROMFS_NOT_IMAGE, "romfs", "not a ROMFS image") \
    X(ROMFS_TRUNCATED, "romfs", "a ROMFS record does not fit in what holds it") \
    X(ROMFS_INTEGER, "romfs", "a ROMFS integer does not fit in 32 bits") \
    X(ROMFS_CORRUPT, "romfs", "a ROMFS image contains the record kind that marks corruption") \
    X(ROMFS_NO_DATA, "romfs", "a ROMFS file has no contents record") \
    X(ROMFS_INDIRECT, "romfs", "the contents of a ROMFS file lie outside the image") \
    X(ROMFS_NOT_FOUND, "romfs", "no such entry in the ROMFS image")

enum xipvm_blob_error {
    XIPVM_BLOB_OK = 0,
#define XIPVM_BLOB_ENUM(name, rule, message) XIPVM_BLOB_##name,
    XIPVM_BLOB_ERRORS(XIPVM_BLOB_ENUM)
#undef XIPVM_BLOB_ENUM
    XIPVM_BLOB_ERROR_COUNT
};

#endif
