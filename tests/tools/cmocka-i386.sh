#!/bin/sh
# Gets the 32-bit cmocka library of Debian into DIRECTORY and prints its path:
#   cmocka-i386.sh DIRECTORY
# libcmocka-dev cannot be installed for two architectures at once. Its header serves both, and all that the
# other architecture lacks is the library. The system's own package lists stay as they are.
set -eu

mkdir -p "$1"
dir=$(cd "$1" && pwd)

find_library() {
    find "$dir/root" -name 'libcmocka.so.*' -type f 2>/dev/null | head -n 1
}

library=$(find_library)
if [ -z "$library" ]; then
    {
        mkdir -p "$dir/lists/partial"
        apt() {
            (cd "$dir" && apt-get -q -o APT::Architectures::=amd64 -o APT::Architectures::=i386 \
                -o Dir::State::Lists="$dir/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@")
        }
        # Not every list has to arrive, only the one with this package.
        apt update || true
        apt download libcmocka0:i386
        dpkg -x "$dir"/libcmocka0_*_i386.deb "$dir/root"
        rm -rf "$dir/lists"
    } >"$dir/log" 2>&1 || { cat "$dir/log" >&2; exit 1; }
    library=$(find_library)
fi
[ -n "$library" ] || { echo "no libcmocka.so in $dir" >&2; exit 1; }

# The dynamic linker looks for the soname.
soname=$(dirname "$library")/libcmocka.so.0
[ -e "$soname" ] || ln -s "$(basename "$library")" "$soname"
echo "$soname"
