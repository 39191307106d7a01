# Turns a file into a C array, or without SYMBOL into what stands between its braces.
#
#   cmake -DINPUT=<file> -DOUTPUT=<file.c> [-DSYMBOL=<symbol>] -P embed.cmake

file(SIZE "${INPUT}" size)
if(size EQUAL 0)
  message(FATAL_ERROR "embed.cmake: ${INPUT} is empty, and C has no empty arrays")
endif()
file(READ "${INPUT}" bytes HEX)
string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
# 16 bytes, five characters each, to a line.
string(REPEAT "....." 16 line)
string(REGEX REPLACE "(${line})" "\\1\n    " bytes "${bytes}")
string(REGEX REPLACE "\n *$" "" bytes "${bytes}")
if(NOT SYMBOL)
  file(WRITE "${OUTPUT}" "    ${bytes}\n")
  return()
endif()
file(WRITE "${OUTPUT}" "#include <stddef.h>
#include <stdint.h>

extern const uint8_t ${SYMBOL}[];
extern const size_t ${SYMBOL}_size;

const uint8_t ${SYMBOL}[] = {
    ${bytes}
};
const size_t ${SYMBOL}_size = sizeof ${SYMBOL};
")
