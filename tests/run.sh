#!/bin/bash
# Builds the project in its configurations and tests each.
#
#   tests/run.sh [stage ...]
#
# Stages: default, stress (sanitizers, the debug profile, and every allocation moves the heap), m32 (32-bit x86), single
# (floats in single precision, sanitizers), arm (Cortex-M libraries with their sizes, and their tests in QEMU), threads
# (the tests with threads, under ThreadSanitizer), static (what Clang, clang-tidy, cppcheck and GCC's analyzer find, and
# the tests with Clang's sanitizer of integers), coverage (the lines of src that the tests run) and fuzz (some thousand
# executions of each fuzz target; tests/fuzz/run.sh does more); these nine when none is named.
# Also any other host preset of CMakePresets.json: asan, debug (the host's mistakes are told), tsan, clang, release.
#
# On Debian it installs the packages that are missing. Environment: XIPVM_BUILD_DIR (default: build in the
# repository), XIPVM_JOBS (default: the number of processors). The last line is `N passed, N failed`.
set -uo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=${XIPVM_BUILD_DIR:-$root/build}
jobs=${XIPVM_JOBS:-$(nproc)}
stages=("$@")
[ $# -gt 0 ] || stages=(default stress m32 single arm threads static coverage fuzz)

passed=0
failed=0
summary=()

has_stage() {
    [[ " ${stages[*]} " == *" $1 "* ]]
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# What to compile is on standard input.
compiles() {
    "$@" -x c -o /dev/null - >/dev/null 2>&1
}

hello='#include <math.h>
#include <stdint.h>
int main(void) { return 0; }'

install_missing() {
    local packages=()
    echo "$hello" | compiles cc || packages+=(gcc libc6-dev)
    have cmake || packages+=(cmake)
    have ninja || packages+=(ninja-build)
    have python3 || packages+=(python3)
    [ -e /usr/include/cmocka.h ] || packages+=(libcmocka-dev)
    if ! mpy-cross --version 2>/dev/null | grep -q 'mpy v6'; then
        have node || packages+=(nodejs)
        have npm || packages+=(npm ca-certificates)
    fi
    if has_stage m32; then
        echo "$hello" | compiles cc -m32 || packages+=(gcc-multilib)
        # Not every 64-bit kernel runs 32-bit programs, and only a 32-bit program can tell.
        have qemu-i386 || packages+=(qemu-user)
    fi
    if has_stage arm; then
        echo "$hello" | compiles arm-none-eabi-gcc -c -mcpu=cortex-m0plus -mthumb ||
            packages+=(gcc-arm-none-eabi libnewlib-arm-none-eabi)
        have qemu-system-arm || packages+=(qemu-system-arm)
    fi
    if has_stage clang || has_stage static || has_stage ubsan-int || has_stage fuzz; then
        echo "$hello" | compiles clang -fsanitize=undefined || packages+=(clang libclang-rt-14-dev)
    fi
    if has_stage static; then
        have clang-tidy || packages+=(clang-tidy)
        have cppcheck || packages+=(cppcheck)
    fi
    if has_stage coverage; then
        have gcovr || packages+=(gcovr)
    fi
    [ ${#packages[@]} -gt 0 ] || return 0

    have apt-get || { echo "missing, in Debian's names: ${packages[*]}" >&2; return 1; }
    echo "== Installing ${packages[*]}"
    local sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    export DEBIAN_FRONTEND=noninteractive
    # ${a[@]+...} because an empty array is an error under -u in older shells.
    ${sudo[@]+"${sudo[@]}"} apt-get -q update &&
        ${sudo[@]+"${sudo[@]}"} apt-get -q install -y --no-install-recommends "${packages[@]}"
}

# note STAGE PASSED FAILED [remark]
note() {
    passed=$((passed + $2))
    failed=$((failed + $3))
    summary+=("$(printf '%-14s %5d passed %5d failed  %s' "$1" "$2" "$3" "${4:-}")")
}

# Counts single tests in the output of `ctest -V`: those of cmocka groups and of runners that end with
# `N passed, N failed`; a program that says neither, or fails without saying what, counts as one.
tally() {
    awk '
        /^[0-9]+: \[  PASSED  \] [0-9]+ test/      { ok[$1 + 0] += $5 }
        /^[0-9]+: \[  FAILED  \] [0-9]+ test/      { bad[$1 + 0] += $5 }
        /^[0-9]+: [0-9]+ passed, [0-9]+ failed *$/ { ok[$1 + 0] += $2; bad[$1 + 0] += $4 }
        /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
            match($0, /#[0-9]+/)
            id = substr($0, RSTART + 1, RLENGTH - 1) + 0
            good = ($0 ~ / Passed +[0-9.]+ sec/)
            if (!good && !bad[id]) bad[id] = 1
            if (good && !ok[id]) ok[id] = 1
            passed += ok[id]
            failed += bad[id]
        }
        END { print passed + 0, failed + 0 }' "$1"
}

# build STAGE PRESET [cmake arguments]: configures and builds, all or $target; on failure notes it and returns 1.
build() {
    local stage=$1 preset=$2 tree=$build/$2
    shift 2
    echo
    echo "== $stage: building preset $preset"
    mkdir -p "$tree"
    if ! (cd "$root" && cmake --preset "$preset" -B "$tree" -DXIPVM_MPY_CROSS_DIR="$build/mpy-cross" "$@") \
        >"$tree/configure.log" 2>&1; then
        tail -n 40 "$tree/configure.log"
        note "$stage" 0 1 "cannot be configured"
        return 1
    fi
    if ! cmake --build "$tree" -j "$jobs" --target "${target:-all}" >"$tree/build.log" 2>&1; then
        grep -E -A 12 'FAILED|error:' "$tree/build.log" | head -n 60
        note "$stage" 0 1 "does not build"
        return 1
    fi
}

# run_tests STAGE PRESET [ctest arguments]: runs what ctest knows there and notes it.
run_tests() {
    local stage=$1 tree=$build/$2 ok bad
    shift 2
    UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1} \
        ctest --test-dir "$tree" -V -j "$jobs" "$@" >"$tree/test.log" 2>&1
    grep -E '^ *[0-9]+/[0-9]+ Test +#' "$tree/test.log"
    read -r ok bad < <(tally "$tree/test.log")
    if [ "$bad" -gt 0 ]; then
        echo "-- failures:"
        grep -E -A 8 '^[0-9]+: (\[  (ERROR|FAILED)|FAIL |\[  LINE|==[0-9]+==ERROR|.*runtime error)' "$tree/test.log" |
            head -n 200
        echo "-- all output: $tree/test.log"
    fi
    note "$stage" "$ok" "$bad"
}

host_stage() {
    local stage=$1
    shift
    build "$stage" "$stage" "$@" && run_tests "$stage" "$stage"
}

m32_stage() {
    local program emulator=
    program=$(mktemp)
    if echo "$hello" | cc -m32 -x c -o "$program" - && ! "$program" 2>/dev/null; then
        emulator=qemu-i386
    fi
    rm -f "$program"
    host_stage m32 -DCMAKE_CROSSCOMPILING_EMULATOR="$emulator" -DXIPVM_PYTHON_TIMEOUT=600
}

threads_stage() {
    local target=threads
    build threads tsan && run_tests threads tsan -L threads
}

# The images' output is compared with that of the desktop host, whose build is that of the stage default.
arm_stage() {
    local preset native=$build/default desktop=
    mkdir -p "$native"
    if (cd "$root" && cmake --preset default -B "$native" -DXIPVM_MPY_CROSS_DIR="$build/mpy-cross" &&
        cmake --build "$native" -j "$jobs" --target xipvm_desktop) >"$native/desktop.log" 2>&1; then
        desktop=$native/examples/desktop/xipvm
    else
        tail -n 40 "$native/desktop.log"
        note arm 0 1 "no desktop host to compare with"
    fi
    for preset in cortex-m0plus cortex-m4; do
        build "$preset" "$preset" -DXIPVM_DESKTOP="$desktop" || continue
        note "$preset" 1 0 "builds"
        python3 "$root/tests/tools/sizes.py" "$build/$preset"
        arm-none-eabi-size "$build/$preset/examples/cortex-m/demo.elf"
        # Not grep -q, which ends early: ctest would then fail of a broken pipe, and the pipe with it.
        if ctest --test-dir "$build/$preset" -N 2>/dev/null | grep 'Test *#' >/dev/null; then
            run_tests "$preset" "$preset"
        fi
    done
}

# note_last STAGE LOG REMARK: notes what the last line of a tool's output, `N passed, N failed`, says.
note_last() {
    local ok bad
    read -r ok bad < <(tail -n 1 "$2" | awk '/^[0-9]+ passed, [0-9]+ failed$/ { print $1, $3; exit } { print 0, 1 }')
    note "$1" "${ok:-0}" "${bad:-1}" "$3"
}

# The compiler is Clang, so that its warnings are errors too.
static_stage() {
    local tree=$build/ubsan-int
    build static ubsan-int || return
    "$root/tests/tools/static.sh" "$root" "$tree" "$jobs" 2>&1 | tee "$tree/static.log"
    note_last static "$tree/static.log" "clang-tidy, cppcheck, gcc -fanalyzer"
    run_tests ubsan-int ubsan-int
}

coverage_stage() {
    local tree=$build/coverage
    build coverage coverage || return
    # Of this run alone.
    find "$tree" -name '*.gcda' -delete
    run_tests coverage coverage
    echo "-- lines that the tests run:"
    python3 "$root/tests/tools/coverage.py" "$root" "$tree" 2>&1 | tee "$tree/coverage.log"
    note_last lines "$tree/coverage.log" "$(grep '^src/all' "$tree/coverage.log" | awk '{ print $2 " % of lines" }')"
}

fuzz_stage() {
    local log=$build/fuzz-runs.log
    echo
    echo "== fuzz: some executions of each target"
    XIPVM_BUILD_DIR=$build "$root/tests/fuzz/run.sh" --runs 4000 2>&1 | tee "$log"
    note_last fuzz "$log" "targets"
}

if install_missing; then
    for stage in "${stages[@]}"; do
        case $stage in
            arm) arm_stage ;;
            stress) host_stage stress -DXIPVM_PYTHON_TIMEOUT=600 ;;
            m32) m32_stage ;;
            threads) threads_stage ;;
            static) static_stage ;;
            coverage) coverage_stage ;;
            fuzz) fuzz_stage ;;
            *) host_stage "$stage" ;;
        esac
    done
else
    note install 0 1 "packages are missing"
fi

echo
echo "== Summary"
printf '%s\n' "${summary[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
