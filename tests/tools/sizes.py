#!/usr/bin/env python3
"""Prints what the library takes of flash and RAM: by room, and by file for src/lib, whose files are the modules.

    sizes.py BUILD_TREE [--size arm-none-eabi-size]

Text includes constants (.rodata): all that lies in flash. What the linker leaves out of an image, because nothing
refers to it, is counted.
"""

import argparse
import collections
import pathlib
import subprocess
import sys


def sizes(size, objects):
    """{object: (text, data, bss)}"""
    table = {}
    lines = subprocess.run([size] + [str(o) for o in objects], check=True, stdout=subprocess.PIPE, text=True).stdout
    for line in lines.splitlines()[1:]:
        text, data, bss, _, _, name = line.split(None, 5)
        table[pathlib.Path(name)] = (int(text), int(data), int(bss))
    return table


def print_rows(heading, rows):
    print(f"{heading:16} {'text':>8} {'data':>8} {'bss':>8}")
    for name, figures in rows:
        print(f"{name:16} {figures[0]:8} {figures[1]:8} {figures[2]:8}")


def total(rows):
    return tuple(map(sum, zip(*rows)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tree", type=pathlib.Path, help="a build tree of the library")
    parser.add_argument("--size", default="arm-none-eabi-size")
    options = parser.parse_args()
    source = options.tree / "CMakeFiles" / "xipvm.dir" / "src"
    objects = sorted(source.glob("*/*.c.o*"))
    if not objects:
        sys.exit(f"sizes.py: there are no objects in {source}")
    table = sizes(options.size, objects)
    rooms = collections.defaultdict(list)
    for path, figures in table.items():
        rooms[path.parent.name].append(figures)
    lib = [(path.name.split(".")[0], figures) for path, figures in table.items() if path.parent.name == "lib"]
    print_rows("lib", sorted(lib, key=lambda row: -row[1][0]))
    print_rows("room", [(room, total(rows)) for room, rows in sorted(rooms.items())] + [("all", total(table.values()))])


if __name__ == "__main__":
    main()
