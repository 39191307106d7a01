#!/bin/bash
# Builds libxipvm and its desktop host, compiles the programs of examples/demo with the stock MicroPython
# compiler, and runs them in place: a small greenhouse controller. On Debian it installs what is missing.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
build=${XIPVM_BUILD_DIR:-$root/build}/demo

packages=()
command -v cc >/dev/null || packages+=(gcc libc6-dev)
[ -e /usr/include/math.h ] || packages+=(libc6-dev)
command -v cmake >/dev/null || packages+=(cmake)
command -v ninja >/dev/null || packages+=(ninja-build)
if ! mpy-cross --version 2>/dev/null | grep -q 'mpy v6'; then
    command -v node >/dev/null || packages+=(nodejs)
    command -v npm >/dev/null || packages+=(npm ca-certificates)
fi
if [ ${#packages[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || { echo "missing, in Debian's names: ${packages[*]}" >&2; exit 1; }
    sudo=()
    [ "$(id -u)" -eq 0 ] || sudo=(sudo)
    export DEBIAN_FRONTEND=noninteractive
    ${sudo[@]+"${sudo[@]}"} apt-get -q update
    ${sudo[@]+"${sudo[@]}"} apt-get -q install -y --no-install-recommends "${packages[@]}"
fi

mkdir -p "$build"
cmake -S "$root" -B "$build" -G Ninja -DXIPVM_BUILD_TESTS=OFF >"$build.log" 2>&1 ||
    { cat "$build.log" >&2; exit 1; }
ninja -C "$build" xipvm_desktop xipvm_demo >"$build.log" 2>&1 || { cat "$build.log" >&2; exit 1; }

stats=$(mktemp)
trap 'rm -f "$stats"' EXIT
"$build/examples/desktop/xipvm" run --heap 64k --stats "$build/examples/demo/main.mpy" 2>"$stats"

field() {
    sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$stats"
}
echo
echo "What that cost, in an arena of $(field arena) bytes:"
echo "  $(field modules) modules loaded, $(field code_in_place) bytes of bytecode executed where they lie"
echo "  $(field table_bytes) bytes of translation tables, $(field pool_bytes) bytes of names"
echo "  at most $(field peak_heap) bytes of heap and $(field peak_stack) bytes of stack, $(field live_heap) bytes alive at the end"
echo "$(field code_in_ram) bytes of bytecode copied to RAM."
