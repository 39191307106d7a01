# Toolchain file for bare-metal Cortex-M. XIPVM_CPU is cortex-m0plus, cortex-m4, or another that GCC knows.

set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR arm)
set(CMAKE_C_COMPILER arm-none-eabi-gcc)
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CMAKE_TRY_COMPILE_PLATFORM_VARIABLES XIPVM_CPU)

set(XIPVM_CPU cortex-m0plus CACHE STRING "As for -mcpu=")
set(cpu_flags "-mcpu=${XIPVM_CPU} -mthumb")
if(XIPVM_CPU STREQUAL "cortex-m4")
  string(APPEND cpu_flags " -mfloat-abi=hard -mfpu=fpv4-sp-d16")
endif()
set(CMAKE_C_FLAGS_INIT "${cpu_flags} -ffunction-sections -fdata-sections")
set(CMAKE_EXE_LINKER_FLAGS_INIT "-Wl,--gc-sections")

set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
