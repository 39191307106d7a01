#!/bin/bash
# Looks for faults in src and examples without running them: clang-tidy (.clang-tidy), cppcheck and GCC's -fanalyzer,
# each of which must find nothing.
#
#   static.sh <source root> <build tree with compile_commands.json, of Clang> <jobs>
#
# A finding that is wrong is silenced where it stands, with the reason. The last line is `N passed, N failed`.
set -uo pipefail

root=$1
tree=$2
jobs=$3
cd "$root" || exit 1
sources=(src/*/*.c examples/desktop/*.c examples/minimal/*.c)
passed=0
failed=0

# verdict NAME FINDINGS-FILE STATUS
verdict() {
    if [ "$3" -eq 0 ] && [ ! -s "$2" ]; then
        echo "$1: no findings in ${#sources[@]} files"
        passed=$((passed + 1))
    else
        echo "FAIL $1"
        head -n 60 "$2"
        failed=$((failed + 1))
    fi
}

# each COMMAND...: runs the command for each source, its name being the last argument.
each() {
    printf '%s\0' "${sources[@]}" | xargs -0 -P "$jobs" -n 1 "$@"
}

# One file at a time: clang-tidy 14 loses what va_start does when it reads a second one.
each clang-tidy --quiet -p "$tree" >"$tree/tidy.log" 2>"$tree/tidy.err"
verdict clang-tidy "$tree/tidy.log" $?

# autoVariables: the addresses of rooted locals, which XV_ENTER takes and XV_LEAVE takes back.
# preprocessorErrorDirective: it also reads atomic.h as for a machine that there is not.
# zerodivcond: it does not see that the divisor is not 0 where the condition holds; clang-tidy does.
cppcheck --quiet -j "$jobs" --project="$tree/compile_commands.json" \
    --file-filter="$root/src/*" --file-filter="$root/examples/*" --enable=warning,performance,portability \
    --inline-suppr --suppress=autoVariables --suppress=zerodivcond \
    --suppress=preprocessorErrorDirective:*/heap/atomic.h --error-exitcode=1 >"$tree/cppcheck.log" 2>&1
verdict cppcheck "$tree/cppcheck.log" $?

each gcc -fanalyzer -Werror -std=gnu99 -O1 -Iinclude -Isrc "-I$tree/generated" -c -o /dev/null \
    >"$tree/analyzer.log" 2>&1
verdict 'gcc -fanalyzer' "$tree/analyzer.log" $?

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
