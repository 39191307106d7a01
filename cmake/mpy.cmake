# Compiles Python to .mpy with a stock compiler.
#
#   xipvm_add_blob(<target> SOURCE file.py [NAME name] [OPT 0-3] [OUTPUT file.mpy]
#                  [LINK_INTO target [SYMBOL symbol]])
#
# Adds the custom target <target>, which makes OUTPUT (by default <target>.mpy in the current binary
# directory; its full path is also the target's property XIPVM_BLOB). NAME is the file name that tracebacks
# print, by default that of SOURCE without its directory; OPT is the compiler's -O. With LINK_INTO the blob
# is linked into that target as well, as
#     extern const uint8_t <symbol>[];  extern const size_t <symbol>_size;
# SYMBOL is by default <target>.
#
#   xipvm_find_mpy_cross()
#
# Sets XIPVM_MPY_COMMAND, a list, in the caller's scope: a command that takes
# [-o out] [-s name] [-O<level>] in.py. That is mpy-cross from PATH (or -DXIPVM_MPY_CROSS=<file>) if it
# writes .mpy version 6, else the pinned npm package of cmake/mpy-cross, run by Node.js. It is installed at
# the first call into XIPVM_MPY_CROSS_DIR, by default in the build tree, from which several trees may share it.

set(XIPVM_MPY_CROSS "" CACHE FILEPATH "mpy-cross to use; empty for a search")
set(XIPVM_MPY_CROSS_DIR "" CACHE PATH "Where to install the npm compiler; empty for the build tree")

function(xipvm_find_mpy_cross)
  get_property(command GLOBAL PROPERTY XIPVM_MPY_COMMAND)
  if(NOT command)
    set(candidate "${XIPVM_MPY_CROSS}")
    if(NOT candidate)
      find_program(XIPVM_MPY_CROSS_IN_PATH mpy-cross)
      mark_as_advanced(XIPVM_MPY_CROSS_IN_PATH)
      set(candidate "${XIPVM_MPY_CROSS_IN_PATH}")
    endif()
    if(candidate)
      execute_process(COMMAND "${candidate}" --version RESULT_VARIABLE status
        OUTPUT_VARIABLE version ERROR_VARIABLE version)
      if(status EQUAL 0 AND version MATCHES "mpy v6")
        set(command "${candidate}")
      elseif(XIPVM_MPY_CROSS)
        message(FATAL_ERROR "${candidate} does not write .mpy version 6; it says: ${version}")
      endif()
    endif()
  endif()
  if(NOT command)
    xipvm_install_npm_compiler(command)
  endif()
  set_property(GLOBAL PROPERTY XIPVM_MPY_COMMAND "${command}")
  set(XIPVM_MPY_COMMAND "${command}" PARENT_SCOPE)
endfunction()

function(xipvm_install_npm_compiler result)
  find_program(XIPVM_NODE NAMES node nodejs)
  find_program(XIPVM_NPM npm)
  mark_as_advanced(XIPVM_NODE XIPVM_NPM)
  if(NOT XIPVM_NODE OR NOT XIPVM_NPM)
    message(FATAL_ERROR "Compiling Python to .mpy needs mpy-cross (writing .mpy version 6) in PATH, "
      "or Node.js and npm to install the pinned one.")
  endif()
  set(from "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/mpy-cross")
  set(to "${XIPVM_MPY_CROSS_DIR}")
  if(NOT to)
    set(to "${CMAKE_BINARY_DIR}/mpy-cross")
  endif()
  foreach(file package.json package-lock.json cross.js)
    configure_file("${from}/${file}" "${to}/${file}" COPYONLY)
  endforeach()

  # Installed is what the lock file says, and completely: npm itself ends before the stamp is written.
  file(SHA256 "${from}/package-lock.json" wanted)
  set(installed "")
  if(EXISTS "${to}/installed")
    file(READ "${to}/installed" installed)
  endif()
  if(NOT installed STREQUAL wanted)
    message(STATUS "Installing the .mpy compiler with npm into ${to}")
    execute_process(COMMAND "${XIPVM_NPM}" ci --ignore-scripts --no-audit --no-fund
      WORKING_DIRECTORY "${to}" RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(NOT status EQUAL 0)
      message(FATAL_ERROR "npm ci failed in ${to}:\n${output}")
    endif()
    file(WRITE "${to}/installed" "${wanted}")
  endif()
  set(${result} "${XIPVM_NODE};${to}/cross.js" PARENT_SCOPE)
endfunction()

function(xipvm_add_blob target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE;NAME;OPT;OUTPUT;LINK_INTO;SYMBOL" "")
  if(NOT arg_SOURCE OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "xipvm_add_blob: SOURCE is missing or unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  get_filename_component(source "${arg_SOURCE}" ABSOLUTE)
  if(NOT arg_NAME)
    get_filename_component(arg_NAME "${source}" NAME)
  endif()
  if(NOT arg_OPT)
    set(arg_OPT 0)
  endif()
  if(NOT arg_OUTPUT)
    set(arg_OUTPUT "${target}.mpy")
  endif()
  get_filename_component(output "${arg_OUTPUT}" ABSOLUTE BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  get_filename_component(output_dir "${output}" DIRECTORY)
  file(MAKE_DIRECTORY "${output_dir}")

  xipvm_find_mpy_cross()
  add_custom_command(
    OUTPUT "${output}"
    COMMAND ${XIPVM_MPY_COMMAND} -o "${output}" -s "${arg_NAME}" -O${arg_OPT} "${source}"
    DEPENDS "${source}"
    COMMENT "Compiling ${arg_NAME} to .mpy"
    VERBATIM)
  add_custom_target(${target} DEPENDS "${output}")
  set_target_properties(${target} PROPERTIES XIPVM_BLOB "${output}")

  if(arg_LINK_INTO)
    if(NOT arg_SYMBOL)
      set(arg_SYMBOL "${target}")
    endif()
    set(embedded "${CMAKE_CURRENT_BINARY_DIR}/${target}.mpy.c")
    add_custom_command(
      OUTPUT "${embedded}"
      COMMAND "${CMAKE_COMMAND}" "-DINPUT=${output}" "-DOUTPUT=${embedded}" "-DSYMBOL=${arg_SYMBOL}"
              -P "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.cmake"
      DEPENDS "${output}" "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed.cmake"
      COMMENT "Embedding ${arg_NAME} as ${arg_SYMBOL}"
      VERBATIM)
    target_sources(${arg_LINK_INTO} PRIVATE "${embedded}")
  endif()
endfunction()
