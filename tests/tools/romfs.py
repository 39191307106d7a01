#!/usr/bin/env python3
"""Packs a folder into a ROMFS image.

    romfs.py IMAGE FOLDER [PATTERN ...]

Takes the files of the folder and of those below it whose names match one of the patterns (default: *.mpy). Packing the
same files again gives the same bytes.
"""

import argparse
import fnmatch
import pathlib

IMAGE, VERBATIM, DIRECTORY, FILE = 0x14A6B1, 2, 4, 5


def varuint(n):
    groups = [n & 0x7F]
    while n > 0x7F:
        n >>= 7
        groups.append(n & 0x7F | 0x80)
    return bytes(reversed(groups))


def record(kind, payload):
    return varuint(kind) + varuint(len(payload)) + payload


def named(kind, name, payload):
    text = name.encode()
    return record(kind, varuint(len(text)) + text + payload)


def records(folder, patterns):
    """The records of what is in a folder; folders in which there is nothing to pack are left out."""
    packed = b""
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            inside = records(path, patterns)
            packed += named(DIRECTORY, path.name, inside) if inside else b""
        elif any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns):
            packed += named(FILE, path.name, record(VERBATIM, path.read_bytes()))
    return packed


def image(folder, patterns=("*.mpy",)):
    payload = records(folder, patterns)
    head, length = varuint(IMAGE), varuint(len(payload))
    # An image has an even number of bytes.
    filler = b"\x80" * ((len(head) + len(length) + len(payload)) % 2)
    return head + filler + length + payload


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("image", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("pattern", nargs="*", default=["*.mpy"])
    options = parser.parse_args()
    options.image.write_bytes(image(options.folder, options.pattern))


if __name__ == "__main__":
    main()
