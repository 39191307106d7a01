#!/bin/sh
# compare.sh QEMU IMAGE COMMAND [ARG...]: passes if the image, run in QEMU, prints what COMMAND prints, and both
# end with status 0.
set -u
qemu=$1
image=$2
shift 2
printed=$("$qemu" -M mps2-an386 -nographic -serial stdio -monitor none \
    -semihosting-config enable=on,target=native -kernel "$image" </dev/null)
status=$?
echo "$printed"
[ "$status" -eq 0 ] || { echo "the image ended with status $status" >&2; exit 1; }
expected=$("$@") || { echo "$1 failed" >&2; exit 1; }
[ -n "$expected" ] || { echo "$1 printed nothing to compare with" >&2; exit 1; }
[ "$printed" = "$expected" ] || { echo "not what $1 prints" >&2; exit 1; }
