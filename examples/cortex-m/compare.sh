#!/bin/sh
# compare.sh QEMU IMAGE PYTHON PROGRAM: passes if the image, run in QEMU, prints what PYTHON prints for PROGRAM,
# and ends with status 0.
set -u
printed=$("$1" -M mps2-an386 -nographic -serial stdio -monitor none \
    -semihosting-config enable=on,target=native -kernel "$2" </dev/null)
status=$?
expected=$(PYTHONDONTWRITEBYTECODE=1 "$3" "$4")
echo "$printed"
[ "$status" -eq 0 ] || { echo "the image ended with status $status" >&2; exit 1; }
[ "$printed" = "$expected" ] || { echo "not what CPython prints" >&2; exit 1; }
