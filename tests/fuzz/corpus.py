#!/usr/bin/env python3
"""Makes the seed corpora of the fuzz targets from our own sources.

    corpus.py OUT --xipvm XIPVM --compiler COMMAND [--largest BYTES] [--budget BYTES]

Compiles the test programs and those in seeds/ with the stock compiler, makes prelinked images of them with `xipvm prelink`, and packs some
into ROMFS images. OUT/<target>/ gets what each target reads, with the bytes behind it that some targets take as
options (fuzz.h). Sources are taken in the order of their blobs' sizes as long as they are not larger than --largest and
all of a target fits into --budget.
"""

import argparse
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
import romfs  # noqa: E402

WAYS = 4  # of loading, enum fuzz_way


def compile_all(command, sources, folder):
    blobs = {}
    for source in sources:
        name = "-".join(source.relative_to(HERE.parent).with_suffix("").parts)
        blob = folder / f"{name}.mpy"
        done = subprocess.run(command + ["-o", str(blob), "-s", source.name, str(source)], capture_output=True)
        if done.returncode == 0:
            blobs[name] = blob
    return blobs


def choose(blobs, largest, budget):
    """The smallest blobs, of different sizes."""
    chosen, total = {}, 0
    for name, blob in sorted(blobs.items(), key=lambda item: (item[1].stat().st_size, item[0])):
        size = blob.stat().st_size
        if size <= largest and total + size <= budget:
            chosen[name] = blob.read_bytes()
            total += size
    return chosen


def write(folder, name, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def images(blobs, folder):
    """ROMFS images: a flat one, one with folders, an empty one."""
    names = sorted(blobs, key=lambda name: len(blobs[name]))[:3]
    tree = folder / "tree"
    (tree / "pkg" / "sub").mkdir(parents=True)
    (tree / "main.mpy").write_bytes(blobs[names[0]])
    (tree / "pkg" / "__init__.mpy").write_bytes(blobs[names[1]])
    (tree / "pkg" / "sub" / "b.mpy").write_bytes(blobs[names[2]])
    (tree / "pkg" / "text.txt").write_bytes(b"text")
    empty = folder / "empty"
    empty.mkdir()
    return {"tree": romfs.image(tree), "folder": romfs.image(tree / "pkg", ["*"]), "empty": romfs.image(empty)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--xipvm", required=True, type=shlex.split)
    parser.add_argument("--compiler", required=True, type=shlex.split)
    parser.add_argument("--largest", type=int, default=1400)
    parser.add_argument("--budget", type=int, default=40000)
    args = parser.parse_args()

    sources = sorted(p for part in ("python", "unit", "fuzz/seeds") for p in (HERE.parent / part).rglob("*.py"))
    for target in ("reader", "verifier", "romfs", "run", "stream", "image", "prelink"):
        shutil.rmtree(args.out / target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        temporary = pathlib.Path(temporary)
        blobs = choose(compile_all(args.compiler, sources, temporary), args.largest, args.budget)
        for number, (name, blob) in enumerate(blobs.items()):
            mpy, xip = temporary / "in.mpy", temporary / "out.xip"
            mpy.write_bytes(blob)
            subprocess.run(args.xipvm + ["prelink", str(mpy), "-o", str(xip)], check=True)
            if number % 4 == 0:
                write(args.out / "reader", name, blob)
                write(args.out / "prelink", name, blob)
                write(args.out / "verifier", name, blob + b"\x40")
            write(args.out / "run", name, blob + bytes([number % WAYS, 15, 0, number]))
            if number % 2 == 0:
                write(args.out / "stream", name, blob + bytes([0, 15, number % 8 | number % 16 // 8 << 7, number]))
                write(args.out / "image", name, xip.read_bytes() + bytes([0, 15, 0, number]))
        for name, image in images(blobs, temporary).items():
            write(args.out / "romfs", name, image)
    total = sum(p.stat().st_size for p in args.out.rglob("*") if p.is_file())
    print(f"{len(blobs)} blobs, {total} bytes in all")


if __name__ == "__main__":
    main()
