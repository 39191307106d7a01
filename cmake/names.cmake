# Makes xv_names.inc, the table of the names that every VM knows from the start.
#
#   cmake -DSOURCE_DIR=<repo>/src -DOUTPUT=<file> [-DMORE=<file>,<file>...] -P names.cmake
#
# Ids count from 1 and are given, in this order, to
#   1. the names of src/link/static_names.txt, whose ids the .mpy format fixes;
#   2. every other name that the sources mention as XV_Q_<name>, or as the first argument of XV_NATIVE,
#      XV_NATIVE_X or XV_CONSTANT, by bytes;
#   3. the single characters 0 to 127 that are not among those, by code;
#   4. the lines of the files of MORE that are not among those, as they stand there: names that a firmware's own
#      modules use (`xipvm names` lists them).
#
# XV_Q_<name> stands for the text <name>, except in these forms:
#   XV_Q_              the empty name
#   XV_Q__lt_X_gt_     <X>, as in <module>
#   XV_Q__0x0a_        a newline; XV_Q__space_, XV_Q__star_ and XV_Q__slash_ likewise
#   XV_Q_utf_hyphen_8  utf-8
#   XV_Q__char_HH      the character with hexadecimal code HH
# The scan sees text and no macros: an identifier that any other macro pastes together (XV_Q_##name) must
# be written out in full elsewhere, and XV_Q_ must begin nothing that is not a name.
#
# Texts are held in hexadecimal throughout, as a CMake list cannot hold ';' or '[' safely.

cmake_minimum_required(VERSION 3.20)

set(special_identifiers _0x0a_ 0a _space_ 20 _star_ 2a _slash_ 2f utf_hyphen_8 7574662d38)
while(special_identifiers)
  list(POP_FRONT special_identifiers identifier hex)
  set(hex_of_${identifier} ${hex})
  set(identifier_of_x${hex} ${identifier})
endwhile()

# Text (in hex) -> what stands behind XV_Q_.
function(encode_identifier hex result)
  if(DEFINED identifier_of_x${hex})
    set(${result} "${identifier_of_x${hex}}" PARENT_SCOPE)
    return()
  endif()
  set(text "")
  set(rest "${hex}")
  while(NOT rest STREQUAL "")
    string(SUBSTRING "${rest}" 0 2 byte)
    string(SUBSTRING "${rest}" 2 -1 rest)
    math(EXPR code "0x${byte}")
    if(code EQUAL 0 OR code GREATER 127)
      set(text "?")
      break()
    endif()
    string(ASCII ${code} character)
    string(APPEND text "${character}")
  endwhile()
  if(text MATCHES "^[A-Za-z0-9_]*$")
    set(${result} "${text}" PARENT_SCOPE)
  elseif(text MATCHES "^<([A-Za-z0-9_]+)>$")
    set(${result} "_lt_${CMAKE_MATCH_1}_gt_" PARENT_SCOPE)
  elseif(hex MATCHES "^..$")
    set(${result} "_char_${hex}" PARENT_SCOPE)
  else()
    message(FATAL_ERROR "names.cmake: no identifier for the static name with bytes ${hex}")
  endif()
endfunction()

# What stands behind XV_Q_ -> text (in hex).
function(decode_identifier identifier result)
  if(DEFINED hex_of_${identifier})
    set(hex "${hex_of_${identifier}}")
  elseif(identifier MATCHES "^_char_([0-7][0-9a-f])$")
    set(hex "${CMAKE_MATCH_1}")
  elseif(identifier MATCHES "^_lt_(.+)_gt_$")
    string(HEX "<${CMAKE_MATCH_1}>" hex)
  else()
    string(HEX "${identifier}" hex)
  endif()
  set(${result} "${hex}" PARENT_SCOPE)
endfunction()

set(count 0)

macro(add_name hex)
  if(NOT DEFINED id_of_x${hex})
    math(EXPR count "${count} + 1")
    set(id_of_x${hex} ${count})
    set(name_${count} "${hex}")
  endif()
endmacro()

# 1. The names with fixed ids.
file(READ "${SOURCE_DIR}/link/static_names.txt" lines)
string(REGEX REPLACE "^#[^\n]*\n" "" lines "${lines}")
string(REGEX REPLACE "\n$" "" lines "${lines}")
string(REPLACE "\n" ";" lines "${lines}")
foreach(line IN LISTS lines)
  string(REPLACE "\\n" "\n" line "${line}")
  string(REPLACE "\\x20" " " line "${line}")
  string(HEX "${line}" hex)
  add_name("${hex}")
endforeach()
if(NOT count EQUAL 165 OR NOT id_of_x7a6970 EQUAL 165)
  message(FATAL_ERROR "names.cmake: static_names.txt must hold the 165 names of .mpy version 6")
endif()

# 2. The names that the sources mention.
file(GLOB_RECURSE files "${SOURCE_DIR}/*.c" "${SOURCE_DIR}/*.h")
set(identifiers "")
foreach(file IN LISTS files)
  file(READ "${file}" text)
  string(REGEX MATCHALL "XV_(Q_|NATIVE[(]|NATIVE_X[(]|FUNCTION[(]|FUNCTION_X[(]|CONSTANT[(])[A-Za-z0-9_]+" found "${text}")
  list(FILTER found EXCLUDE REGEX "[(]name_$") # the definitions of these macros
  list(APPEND identifiers ${found})
endforeach()
list(REMOVE_DUPLICATES identifiers)
set(keys "")
foreach(identifier IN LISTS identifiers)
  string(REGEX REPLACE "^XV_(Q_|[A-Z_]+[(])" "" identifier "${identifier}")
  decode_identifier("${identifier}" hex)
  encode_identifier("${hex}" again)
  if(NOT again STREQUAL identifier)
    message(FATAL_ERROR "names.cmake: write XV_Q_${again} and not XV_Q_${identifier}")
  endif()
  list(APPEND keys "x${hex}")
endforeach()
list(SORT keys)
foreach(key IN LISTS keys)
  string(SUBSTRING "${key}" 1 -1 hex)
  add_name("${hex}")
endforeach()

# 3. The single characters.
set(digits 0 1 2 3 4 5 6 7 8 9 a b c d e f)
set(ascii "")
foreach(code RANGE 127)
  math(EXPR high "${code} / 16")
  math(EXPR low "${code} % 16")
  list(GET digits ${high} high)
  list(GET digits ${low} low)
  add_name("${high}${low}")
  string(APPEND ascii "${id_of_x${high}${low}},")
  if(low STREQUAL "f")
    string(APPEND ascii "\n")
  endif()
endforeach()

# 4. The names of the firmware's modules. The sources cannot mention them, so that their identifiers are mere numbers.
set(own_count ${count})
string(REPLACE "," ";" MORE "${MORE}")
foreach(file IN LISTS MORE)
  file(READ "${file}" rest HEX)
  string(REGEX MATCHALL "(..)" rest "${rest}")
  set(line "")
  foreach(byte IN LISTS rest ITEMS 0a)
    if(NOT byte STREQUAL "0a")
      string(APPEND line "${byte}")
    elseif(NOT line STREQUAL "")
      string(LENGTH "${line}" length)
      if(length GREATER 510)
        message(FATAL_ERROR "names.cmake: a name in ${file} has more than 255 bytes")
      endif()
      add_name("${line}")
      set(line "")
    endif()
  endforeach()
endforeach()
if(count GREATER 32767)
  message(FATAL_ERROR "names.cmake: ${count} names are more than a qstr can number")
endif()

# C source for one byte in a string literal; octal, as an escape of three digits cannot run on.
foreach(code RANGE 255)
  if(code LESS 32 OR code GREATER 126 OR code EQUAL 34 OR code EQUAL 92 OR code EQUAL 63)
    math(EXPR o2 "${code} / 64")
    math(EXPR o1 "${code} / 8 % 8")
    math(EXPR o0 "${code} % 8")
    set(c_${code} "\\${o2}${o1}${o0}")
  else()
    string(ASCII ${code} c_${code})
  endif()
endforeach()

# FNV-1a, 32 bits.
set(fnv_basis 2166136261)
set(fnv_prime 16777619)
set(fingerprint ${fnv_basis})
set(rows "")
set(keys "")
foreach(id RANGE 1 ${count})
  set(hex "${name_${id}}")
  if(id GREATER own_count)
    set(identifier "_firmware_${id}")
  else()
    encode_identifier("${hex}" identifier)
  endif()
  set(text "")
  set(hash ${fnv_basis})
  set(length 0)
  set(rest "${hex}")
  while(NOT rest STREQUAL "")
    string(SUBSTRING "${rest}" 0 2 byte)
    string(SUBSTRING "${rest}" 2 -1 rest)
    math(EXPR code "0x${byte}")
    math(EXPR hash "((${hash} ^ ${code}) * ${fnv_prime}) & 0xffffffff")
    math(EXPR fingerprint "((${fingerprint} ^ ${code}) * ${fnv_prime}) & 0xffffffff")
    math(EXPR length "${length} + 1")
    string(APPEND text "${c_${code}}")
  endwhile()
  math(EXPR fingerprint "(${fingerprint} * ${fnv_prime}) & 0xffffffff")
  math(EXPR hash "(${hash} ^ (${hash} >> 23)) & 0x7fffff" OUTPUT_FORMAT HEXADECIMAL)
  string(APPEND rows "XV_NAME(XV_Q_${identifier}, \"${text}\", ${length}, ${hash})\n")
  math(EXPR padded "1000 + ${length}")
  list(APPEND keys "${padded}x${hex}")
endforeach()
math(EXPR fingerprint "${fingerprint}" OUTPUT_FORMAT HEXADECIMAL)

list(SORT keys)
set(sorted "")
set(column 0)
foreach(key IN LISTS keys)
  string(SUBSTRING "${key}" 4 -1 key)
  string(APPEND sorted "${id_of_${key}},")
  math(EXPR column "(${column} + 1) % 16")
  if(column EQUAL 0)
    string(APPEND sorted "\n")
  endif()
endforeach()

set(content "/* Made by cmake/names.cmake from link/static_names.txt and the XV_Q_<name> of the sources.
 *
 * Include it with one of these defined; it undefines that macro again:
 *   XV_NAME(id, text, length, hash)  a row for each name in the order of ids, which count from 1;
 *                                    hash is FNV-1a folded to 23 bits
 *   XV_NAMES_SORTED                  the ids, ordered by length and then by bytes
 *   XV_NAMES_ASCII                   128 ids, one for each single character
 * The fingerprint is FNV-1a, 32 bits, over all texts in the order of ids, each followed by a 0 byte.
 */
#ifndef XV_NAMES_COUNT
#define XV_NAMES_COUNT ${count}
#define XV_NAMES_FINGERPRINT ${fingerprint}u
#endif

#ifdef XV_NAME
${rows}#undef XV_NAME
#endif

#ifdef XV_NAMES_SORTED
${sorted}
#undef XV_NAMES_SORTED
#endif

#ifdef XV_NAMES_ASCII
${ascii}#undef XV_NAMES_ASCII
#endif
")

# Untouched when nothing changed, so that nothing is compiled again.
set(old "")
if(EXISTS "${OUTPUT}")
  file(READ "${OUTPUT}" old)
endif()
if(NOT old STREQUAL content)
  file(WRITE "${OUTPUT}" "${content}")
endif()
