# Compiler settings. xipvm_set_flags(<target>) gives them to one target; what the whole build needs (the
# build type, -m32, the sanitizers) is set here once, for a top-level build only.

if(XIPVM_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Build type" FORCE)
  endif()

  # As CMake sets them, but with assertions.
  set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g" CACHE STRING "" FORCE)

  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

  find_program(XIPVM_CCACHE ccache)
  mark_as_advanced(XIPVM_CCACHE)
  if(XIPVM_CCACHE AND NOT DEFINED CMAKE_C_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER "${XIPVM_CCACHE}")
  endif()

  if(XIPVM_M32)
    # SSE, as the x87 keeps doubles in more bits than they have and so computes other results.
    add_compile_options(-m32 -msse2 -mfpmath=sse)
    add_link_options(-m32)
  endif()

  if(XIPVM_SANITIZE)
    set(sanitizers "${XIPVM_SANITIZE}")
    if(NOT sanitizers MATCHES "address|undefined|thread|memory|leak|fuzzer")
      set(sanitizers "address,undefined")
    endif()
    set(sanitizers "-fsanitize=${sanitizers}" -fno-sanitize-recover=all)
    add_compile_options(${sanitizers} -fno-omit-frame-pointer)
    add_link_options(${sanitizers})
  endif()
endif()

set(XIPVM_WARNINGS
  -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wcast-align -Wpointer-arith
  -Wstrict-prototypes -Wmissing-prototypes -Wundef -Wwrite-strings -Wcast-qual -Wdate-time -Wdouble-promotion
  -Wformat=2 -Wimplicit-fallthrough -Winit-self -Wmissing-declarations -Wnested-externs
  -Wold-style-definition -Wredundant-decls)
set(XIPVM_GNU_WARNINGS
  -Walloca -Warray-bounds=2 -Wcast-align=strict -Wduplicated-branches -Wduplicated-cond -Wformat-signedness
  -Wimplicit-fallthrough=5 -Wlogical-op -Wshift-overflow=2 -Wstringop-overflow=4 -Wtrampolines)
set(XIPVM_CLANG_WARNINGS
  -Wassign-enum -Wcomma -Wdocumentation -Wmissing-variable-declarations -Wshift-sign-overflow
  -Wunreachable-code-aggressive)

function(xipvm_set_flags target)
  set_target_properties(${target} PROPERTIES C_STANDARD 99 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
  if(CMAKE_C_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${target} PRIVATE ${XIPVM_WARNINGS}
      $<$<C_COMPILER_ID:GNU>:${XIPVM_GNU_WARNINGS}> $<$<C_COMPILER_ID:Clang>:${XIPVM_CLANG_WARNINGS}>
      $<$<BOOL:${XIPVM_WERROR}>:-Werror>)
  endif()
endfunction()
