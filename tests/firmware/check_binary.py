#!/usr/bin/env python3
"""Checks of what the cross compiler and linker made.

  check_binary.py library NM SIZE libxipvm.a   the library owns no RAM: no .data, no .bss, no common symbols
  check_binary.py image NM image.elf           no allocator was linked in

The last line is `N passed, N failed`, as for every runner of tests here.
"""

import re
import subprocess
import sys

# Sections that take RAM. .data.rel.ro is constant, and in flash in a firmware without a loader.
IN_RAM = re.compile(r"\.(data|bss|tdata|tbss|noinit)(\.|$)")
ALLOCATOR = re.compile(r"_*(malloc|calloc|realloc|free|sbrk|memalign)(_r)?$")


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def check_library(nm, size, library):
    """One problem a line, or none."""
    problems = []
    objects = 0
    member = None
    for line in output(size, "-A", library).splitlines():
        heading = re.match(r"(\S+)\s+(\(ex .*\))?:$", line)
        if heading:
            member = heading.group(1)
            objects += 1
            continue
        row = line.split()
        if len(row) == 3 and IN_RAM.match(row[0]) and not row[0].startswith(".data.rel.ro") and int(row[1]) > 0:
            problems.append("%s: %s bytes in %s" % (member, row[1], row[0]))
    for line in output(nm, library).splitlines():
        row = line.split()
        if len(row) == 3 and row[1] in "Cc":
            problems.append("common symbol %s" % row[2])
    if objects == 0:
        problems.append("%s has no objects" % library)
    return problems


def check_image(nm, image):
    names = [line.split()[-1] for line in output(nm, image).splitlines() if line.strip()]
    if "xipvm_open" not in names:
        return ["%s has no libxipvm in it" % image]
    return ["%s is linked in" % name for name in names if ALLOCATOR.match(name)]


def main():
    checks = {"library": check_library, "image": check_image}
    problems = checks[sys.argv[1]](*sys.argv[2:])
    for problem in problems:
        print("FAIL", problem)
    print("%d passed, %d failed" % (0 if problems else 1, len(problems)))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
