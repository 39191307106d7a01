#!/bin/bash
# Fuzzes the library with hostile blobs.
#
#   tests/fuzz/run.sh SECONDS [target ...]   libFuzzer on each target for so many seconds of CPU time
#   tests/fuzz/run.sh --runs N [target ...]  the same for N executions of each
#   tests/fuzz/run.sh --mutants N            N mutants of the programs of the corpus, always the same ones: each must be refused, or run to
#                                            its end, to an exception, or to the end of its budget; tells how many did what
#
# Builds with Clang, libFuzzer, AddressSanitizer and UndefinedBehaviorSanitizer; on Debian it installs what is missing. What is found
# is left in the build tree, which is also where the corpora grow. Environment: XIPVM_BUILD_DIR (default: build in the
# repository), XIPVM_JOBS (targets at a time), XIPVM_FUZZ_SEED (default: 1). The last line is `N passed, N failed`.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tree=${XIPVM_BUILD_DIR:-$root/build}/fuzz
jobs=${XIPVM_JOBS:-$(nproc)}
seed=${XIPVM_FUZZ_SEED:-1}
all=(reader verifier romfs stream image prelink run)

usage() {
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}

have() {
    command -v "$1" >/dev/null 2>&1
}

install_missing() {
    local packages=() sudo=()
    echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { return d[0] & n & 0; }' |
        clang -fsanitize=fuzzer,address -x c -o /dev/null - >/dev/null 2>&1 || packages+=(clang libclang-rt-14-dev libc6-dev)
    have cmake || packages+=(cmake)
    have ninja || packages+=(ninja-build)
    have llvm-symbolizer || [ ${#packages[@]} -eq 0 ] || packages+=(llvm)
    [ ${#packages[@]} -gt 0 ] || return 0
    have apt-get || { echo "missing, in Debian's names: ${packages[*]}" >&2; return 1; }
    echo "== Installing ${packages[*]}"
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    export DEBIAN_FRONTEND=noninteractive
    ${sudo[@]+"${sudo[@]}"} apt-get -q update &&
        ${sudo[@]+"${sudo[@]}"} apt-get -q install -y --no-install-recommends "${packages[@]}"
}

build() {
    mkdir -p "$tree"
    if ! (cd "$root" && cmake --preset fuzz -B "$tree" && cmake --build "$tree" -j "$jobs") >"$tree/build.log" 2>&1; then
        grep -E -A 12 'FAILED|error:|CMake Error' "$tree/build.log" | head -n 40
        return 1
    fi
}

# cpu_seconds LOG: what the runs in it took.
cpu_seconds() {
    awk '/^stat::cpu_seconds/ { sum += $2 } END { printf "%d", sum }' "$1"
}

# once TARGET LOG OPTION: one run of the target, appended to the log.
once() {
    local corpus=$tree/corpus/$1 TIMEFORMAT='stat::cpu_seconds %3U'
    {
        time UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1} \
            "$tree/tests/fuzz/fuzz_$1" "$3" -seed="$seed" -max_len=8192 -timeout=25 -rss_limit_mb=1500 \
            -print_final_stats=1 -artifact_prefix="$tree/found/$1-" "$corpus" "$here/corpus/$1"
    } >>"$2" 2>&1
}

# fuzz TARGET: one line of figures; false if something was found. A number of seconds is that of the CPU: on a loaded machine it takes longer.
fuzz() {
    local target=$1 log=$tree/$1.log status=0 left
    mkdir -p "$tree/corpus/$target" "$tree/found"
    : >"$log"
    if [ -n "$seconds" ]; then
        while left=$((seconds - $(cpu_seconds "$log"))) && [ "$left" -gt 0 ] && [ $status -eq 0 ]; do
            once "$target" "$log" -max_total_time="$left" || status=1
        done
    else
        once "$target" "$log" -runs="$runs" || status=1
    fi
    awk -v name="$target" -v seconds="$(cpu_seconds "$log")" '
        /^#[0-9]+[ \t].*cov: / {
            for (i = 1; i < NF; i++) {
                if ($i == "cov:") cov = $(i + 1)
                if ($i == "corp:") corpus = $(i + 1)
            }
        }
        /stat::number_of_executed_units/ { runs += $2 }
        END {
            sub("/.*", "", corpus)
            printf "%-9s %10d executions  %6d inputs  %6d edges  %6d s of CPU\n", name, runs, corpus, cov, seconds
        }' "$log"
    if [ $status -ne 0 ]; then
        grep -E -A 14 'ERROR: |runtime error|does not hold' "$log" | head -n 40
        echo "-- all output: $log; the input is in $tree/found"
    fi
    return $status
}

# As many targets at a time as there are jobs; counts in $passed and $failed.
fuzz_all() {
    local target output pid pids=()
    for target in "$@"; do
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
            wait -n
        done
        {
            output=$(fuzz "$target")
            status=$?
            echo "$output"
            exit $status
        } &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do
        if wait "$pid"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
    done
}

mutants() {
    mkdir -p "$tree/found"
    UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1} \
        "$tree/tests/fuzz/fuzz_mutants" --mutants "$1" --seed "$seed" --keep "$tree/found/mutant" "$here/corpus/run"
}

[ $# -ge 1 ] || usage
mode=$1
seconds=
runs=
shift
case $mode in
    --runs) [ $# -ge 1 ] || usage; runs=$1; shift ;;
    --mutants) [ $# -eq 1 ] || usage ;;
    *[!0-9]*|'') usage ;;
    *) seconds=$mode ;;
esac

passed=0
failed=0
if ! install_missing || ! build; then
    failed=1
elif [ "$mode" = --mutants ]; then
    if mutants "$1"; then passed=1; else failed=1; fi
else
    targets=("$@")
    [ $# -gt 0 ] || targets=("${all[@]}")
    fuzz_all "${targets[@]}"
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
