#!/bin/bash
# What the xipvm command promises: exit statuses, where modules are found, and what it says about mistakes.
#
#   test.sh <xipvm> <folder of the compiled programs> <command of the ROMFS packer ...>
set -u

# Both words are one command where an emulator runs the programs.
# shellcheck disable=SC2206
xipvm=(${XIPVM_EMULATOR:-} "$1")
programs=$2
pack=("${@:3}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# expect STATUS STDOUT STDERR ARG...: how a run ends; the texts are extended regular expressions for all of the output.
expect() {
    local status=$1 out=$2 err=$3 got
    shift 3
    "${xipvm[@]}" "$@" >"$work/out" 2>"$work/err"
    got=$?
    if [ "$got" -eq "$status" ] && [[ "$(cat "$work/out")" =~ ^$out$ ]] && [[ "$(cat "$work/err")" =~ ^$err$ ]]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "FAIL xipvm $*"
    echo "  status $got, expected $status"
    sed 's/^/  stdout: /' "$work/out"
    sed 's/^/  stderr: /' "$work/err"
}

main=$programs/main.mpy
newline=$'\n'

# How programs end.
expect 0 "main \[\]" "" run "$main"
expect 0 "main \['exit', 'more'\]" "" run "$main" exit more
expect 7 "main .*" "" run "$main" exit7
expect 1 "main .*" "a message" run "$main" message
expect 1 "main .*" "Traceback .most recent call last.:$newline  File \"main.py\", line 11, in <module>$newline  File \
\"main.py\", line 5, in inner${newline}ValueError: from inner" run "$main" raise

# Standard input and error; files that a program writes are there at once.
printf 'one\ntwo' >"$work/input"
expect 0 "main .*${newline}heard 'one.n'${newline}heard 'two'${newline}left open" "said 'one.n'${newline}said 'two'" \
    run "$main" echo "$work/written" <"$work/input"
expect 0 "main .*${newline}left open" "" run "$main" echo "$work/written" </dev/null

# Where modules are found.
expect 0 "main .*${newline}helper beside main${newline}helper" "" run "$main" import helper
expect 1 "main .*" ".*ImportError: no module named 'elsewhere'" run "$main" import elsewhere
export XIPVM_PATH=$work/nowhere:$programs/lib
expect 0 "main .*${newline}elsewhere${newline}elsewhere" "" run "$main" import elsewhere
expect 0 "main .*${newline}package${newline}submodule of pack.sub${newline}pack.sub" "" run "$main" import pack.sub
(printf '\xd2\xcd\x31'; printf '\x13\x05\x11\x0ain_rom.mpy\x02\x04nope') >"$work/image.romfs"
export XIPVM_PATH=$work/image.romfs
expect 3 "main .*" ".*ImportError: .*module in_rom: byte 0: rule H1: .*" run "$main" import in_rom
export XIPVM_PATH=$work/missing.romfs
expect 2 "" "xipvm: cannot read .*missing.romfs: No such file or directory" run "$main"
unset XIPVM_PATH

# Programs in images. Of those, first the packer: the smallest image with a file, and one that takes a filler to be even.
check_image() {
    mkdir -p "$work/folder"
    printf "$1" >"$work/folder/a"
    if "${pack[@]}" "$work/a.romfs" "$work/folder" "*" && printf "$2" | cmp - "$work/a.romfs"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL the image of a file with $1"
    fi
}
check_image hi '\xd2\xcd\x31\x08\x05\x06\x01a\x02\x02hi'
check_image odd '\xd2\xcd\x31\x80\x09\x05\x07\x01a\x02\x03odd'
"${pack[@]}" "$work/programs.image" "$programs" || failed=$((failed + 1))
"${pack[@]}" "$work/lib.romfs" "$programs/lib" || failed=$((failed + 1))
from=(run --romfs "$work/programs.image")
expect 0 "main \[\]" "" "${from[@]}" main
expect 0 "main .*${newline}helper beside main${newline}helper" "" "${from[@]}" main import helper
expect 0 "elsewhere" "" "${from[@]}" lib.elsewhere
expect 1 "main .*" ".*ImportError: no module named 'elsewhere'" "${from[@]}" main import elsewhere
export XIPVM_PATH=$work/lib.romfs
expect 0 "main .*${newline}elsewhere${newline}elsewhere" "" "${from[@]}" main import elsewhere
expect 0 "main .*${newline}package${newline}submodule of pack.sub${newline}pack.sub" "" "${from[@]}" main import pack.sub
unset XIPVM_PATH
for name in none lib lib.pack "" main.mpy; do
    expect 2 "" "xipvm: .*programs.image is no ROMFS image with a program $name" "${from[@]}" "$name"
done
expect 2 "" "xipvm: .*main.mpy is no ROMFS image with a program main" run --romfs "$main" main
expect 2 "" "xipvm: cannot read .*none.romfs: No such file or directory" run --romfs "$work/none.romfs" main
expect 2 "" "xipvm: run wants the name of a module" "${from[@]}"
expect 2 "" "xipvm: --romfs wants .*" run --romfs

# Memory.
expect 0 "main .*" "\{\"arena\": [0-9]+, .*\"code_in_ram\": 0, .*\"budget\": [0-9]+, \"overrun\": [0-9]+\}" run --heap 1M --stats "$main"
expect 0 "main .*" "" run --budget 1 "$main"
expect 2 "" "xipvm: --budget wants .*" run --budget x "$main"
expect 2 "" "xipvm: an arena of 100 bytes is too small.*" run --heap 100 "$main"
for size in "" x 1x 1kk -1 99999999999999999999999 99999999999999999M; do
    expect 2 "" "xipvm: --heap wants a number of bytes.*" run --heap "$size" "$main"
done
expect 2 "" "xipvm: --heap wants a number of bytes behind it" run --heap

# Files that are no programs.
head -c 20 "$main" >"$work/short.mpy"
: >"$work/empty.mpy"
expect 3 "" ".*short.mpy: byte [0-9]+: rule R1: .*" run "$work/short.mpy"
expect 3 "" ".*empty.mpy: byte 0: rule R1: .*" run "$work/empty.mpy"
expect 2 "" "xipvm: cannot read .*none.mpy: No such file or directory" run "$work/none.mpy"
expect 2 "" "xipvm: cannot read .*: Is a directory" run "$work"

# The other commands.
expect 0 ".*main.mpy: good" "" verify "$main"
expect 3 ".*main.mpy: good" ".*short.mpy: byte [0-9]+: rule R1: .*" verify "$main" "$work/short.mpy"
expect 0 ".*names: [0-9]+.*functions: 2.*inner.*in place, through its translation table, which the loader chooses.*" "" info "$main"
expect 0 ".*function <module>.*LOAD_CONST_STRING_VIA_TABLE [0-9]+  ; raise.*function inner.*" "" dis "$main"
expect 3 "" ".*rule R1.*" info "$work/short.mpy"
expect 3 "" ".*rule R1.*" dis "$work/short.mpy"
expect 0 "(.*$newline)?inner$newline.*" "" names "$main"
expect 3 "(.*$newline)?inner$newline.*" ".*rule R1.*" names "$main" "$work/short.mpy"

# Prelinked images, and what is told of how a file is loaded.
xip=$work/main.xip
if "${xipvm[@]}" prelink "$main" -o "$xip" 2>"$work/err"; then
    expect 0 ".*main.xip: good" "" verify "$xip"
    expect 0 ".*main.xip: [0-9]+ bytes, prelinked image.*names: [0-9]+, of which every VM knows 0 .*functions: 2.*inner.*  in place, \
prelinked, which the loader chooses.*" "" info "$xip"
    expect 0 ".*function <module>.*LOAD_CONST_STRING [0-9]+  ; raise.*function inner.*" "" dis "$xip"
    expect 0 "main \[\]" ".*\"in_place\": 0, \"prelinked\": 1, \"linked\": 0,.*" run --stats "$xip"
    expect 0 "main \[\]" ".*\"in_place\": 0, \"prelinked\": 1, \"linked\": 0,.*" run --stats --strategy prelinked "$main"
    expect 0 ".*in place, through .* linked$newline.* in place, prelinked" "" info "$main"
    expect 3 "" ".*rule X3.*" prelink "$xip" -o "$work/twice.xip"
    head -c 40 "$xip" >"$work/short.xip"
    expect 3 "" ".*short.xip: byte [0-9]+: rule R1: .*" verify "$work/short.xip"
    printf 'X' | dd of="$work/short.xip" bs=1 seek=5 conv=notrunc 2>/dev/null
    expect 3 "" ".*short.xip: byte 4: rule X2: .*" info "$work/short.xip"
    # A function that nothing makes is not verified: of the two in this image the inner one loads names that there are not.
    printf 'M\6\0\x1f\2\0\x08e.py\0\x0f\x28\0\2\1Qc' >"$work/e.mpy"
    "${xipvm[@]}" prelink "$work/e.mpy" -o "$work/e.xip"
    (head -c 20 "$work/e.xip"; printf '\x34\0\4\7\0Qc\1\x60\0\4\7\0\1\0\0\1\xf0\x7fQc') >"$work/unmade.xip"
    expect 0 ".*LOAD_NAME 0  ; \"\\?\"$newline.*LOAD_NAME 32752  ; \"\\?\"$newline.*" "" dis "$work/unmade.xip"
else
    expect 3 "" ".*rule X4: .*" prelink "$main" -o "$xip" # this build has none
fi
expect 0 "main .*" ".*\"in_place\": 1, \"prelinked\": 0, \"linked\": 0,.*" run --stats "$main"

# Wrong command lines.
expect 2 "" "usage: .*"
expect 0 "usage: .*" "" --help
expect 2 "" "xipvm: unknown command 'walk'.*" walk
expect 2 "" "xipvm: run wants .*" run
expect 2 "" "xipvm: run has no option '--fast'" run --fast "$main"
for command in verify info dis names; do
    expect 2 "" "xipvm: $command wants .*" "$command"
done

# A full disk does not pass for success.
if [ -w /dev/full ]; then
    if "${xipvm[@]}" run "$main" >/dev/full 2>"$work/err"; then
        failed=$((failed + 1))
        echo "FAIL a write error was not noticed"
    else
        passed=$((passed + 1))
    fi
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
