# Builds a bare-metal image with Python modules in its flash.
#
#   xipvm_add_image(<target> SOURCES file.c ... MODULES file.py ...)
#
# Makes <target>.elf of SOURCES, the board files of this directory and libxipvm. Each of MODULES is compiled to
# .mpy and linked into flash as it is; the table `modules` (modules.h), which is made here, tells the HAL where
# each one lies. The .mpy files are also in the directory that is the target's property XIPVM_BLOB_DIR, for
# running them on the desktop.

set(XIPVM_FIRMWARE_DIR "${CMAKE_CURRENT_LIST_DIR}")

# Of the boards that image.ld has in mind: QEMU's mps2-an386. For another, say its sizes here.
set(XIPVM_FLASH_SIZE 4M CACHE STRING "Bytes of flash, as the linker understands them")
set(XIPVM_RAM_SIZE 4M CACHE STRING "Bytes of RAM, as the linker understands them")
set(XIPVM_STACK_SIZE 24K CACHE STRING "Bytes of RAM for the C stack, as the linker understands them")
set(XIPVM_ARENA_SIZE 65536 CACHE STRING "Bytes of RAM for the VM of the example")

function(xipvm_add_image target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;MODULES")
  set(directory "${CMAKE_CURRENT_BINARY_DIR}/${target}")
  set(table "${directory}/modules.c")

  add_executable(${target} ${arg_SOURCES} "${table}"
    "${XIPVM_FIRMWARE_DIR}/startup.c" "${XIPVM_FIRMWARE_DIR}/board.c" "${XIPVM_FIRMWARE_DIR}/hal.c")
  set_target_properties(${target} PROPERTIES
    SUFFIX .elf
    LINK_DEPENDS "${XIPVM_FIRMWARE_DIR}/image.ld"
    XIPVM_BLOB_DIR "${directory}")
  target_include_directories(${target} PRIVATE "${XIPVM_FIRMWARE_DIR}")
  target_compile_definitions(${target} PRIVATE ARENA_SIZE=${XIPVM_ARENA_SIZE})
  target_link_libraries(${target} PRIVATE xipvm::xipvm)
  # newlib-nano, of which the library needs memcpy and its like and libm, but no start-up code and no heap.
  target_link_options(${target} PRIVATE
    -nostartfiles --specs=nano.specs "-T${XIPVM_FIRMWARE_DIR}/image.ld"
    "-Wl,--defsym=FLASH_SIZE=${XIPVM_FLASH_SIZE}" "-Wl,--defsym=RAM_SIZE=${XIPVM_RAM_SIZE}"
    "-Wl,--defsym=STACK_SIZE=${XIPVM_STACK_SIZE}"
    "-Wl,-Map=${CMAKE_CURRENT_BINARY_DIR}/${target}.map" -Wl,--fatal-warnings)
  xipvm_set_flags(${target})

  # image.ld knows by their names, blob_*, which arrays are to lie between the others of the .blobs section.
  set(externs "")
  set(rows "")
  foreach(source IN LISTS arg_MODULES)
    get_filename_component(name "${source}" NAME_WE)
    xipvm_add_blob(${target}_${name} SOURCE "${source}" OUTPUT "${directory}/${name}.mpy"
      LINK_INTO ${target} SYMBOL blob_${name})
    string(APPEND externs "extern const uint8_t blob_${name}[];\nextern const size_t blob_${name}_size;\n")
    string(APPEND rows "    {\"${name}\", blob_${name}, &blob_${name}_size},\n")
  endforeach()
  file(CONFIGURE OUTPUT "${table}" @ONLY CONTENT [[
/* Made by firmware.cmake: the Python modules of this image. */
#include "modules.h"

@externs@
const struct module_row modules[] = {
@rows@};
const size_t modules_count = sizeof modules / sizeof *modules;
]])
endfunction()
