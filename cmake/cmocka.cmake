# The target xipvm_cmocka: the cmocka library for the tests.
#
# A 32-bit build on a 64-bit Debian has the header but not the library; tests/tools/cmocka-i386.sh then
# gets it into the build tree. -DXIPVM_CMOCKA_LIBRARY=<file> names one to use instead.

find_path(XIPVM_CMOCKA_INCLUDE cmocka.h)
if(NOT XIPVM_CMOCKA_INCLUDE)
  message(FATAL_ERROR "The unit tests need cmocka (libcmocka-dev); -DXIPVM_BUILD_TESTS=OFF builds without.")
endif()

if(XIPVM_M32 AND NOT XIPVM_CMOCKA_LIBRARY)
  set(script "${PROJECT_SOURCE_DIR}/tests/tools/cmocka-i386.sh")
  execute_process(COMMAND "${script}" "${CMAKE_BINARY_DIR}/cmocka-i386" RESULT_VARIABLE status
    OUTPUT_VARIABLE library ERROR_VARIABLE problem OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "No 32-bit cmocka (name one with -DXIPVM_CMOCKA_LIBRARY=<file>): ${problem}")
  endif()
  set(XIPVM_CMOCKA_LIBRARY "${library}" CACHE FILEPATH "cmocka")
endif()
find_library(XIPVM_CMOCKA_LIBRARY cmocka)
if(NOT XIPVM_CMOCKA_LIBRARY)
  message(FATAL_ERROR "There is a cmocka.h but no cmocka library.")
endif()

add_library(xipvm_cmocka UNKNOWN IMPORTED)
set_target_properties(xipvm_cmocka PROPERTIES
  IMPORTED_LOCATION "${XIPVM_CMOCKA_LIBRARY}"
  INTERFACE_INCLUDE_DIRECTORIES "${XIPVM_CMOCKA_INCLUDE}")
