#!/usr/bin/env python3
"""Compares the strategies of loading (in place through the translation table, in place prelinked, linked into RAM), and
prints what README tells of them, as Markdown.

    strategies.py [--work FOLDER] [--cmake OPTION]... [--emulator COMMAND] [--micropython32 PROGRAM] [--quick]

It builds, with CMake in FOLDER (default: build/bench), what it measures: a 64-bit release build, the same with the caches of
a microcontroller and another without prelinked images, a 32-bit build, and the library for Cortex-M4 with and without linking
and prelinked images. --cmake hands an option to each configuration, as in --cmake=-DXIPVM_MPY_CROSS_DIR=x.

Loading and running are compared by executed instructions, which valgrind counts: they do not depend on what else the machine
does. RAM is that of 32-bit builds; --emulator=qemu-i386 runs those where the machine does not. With
--micropython32, a 32-bit unix build of MicroPython with a RAM-mounted ROMFS, the heap that modules keep is compared with it.
"""

import argparse
import json
import math
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import ram

ROOT = pathlib.Path(__file__).resolve().parents[2]
WAYS = ("in_place", "prelinked", "linked")
TITLES = {
    "in_place": "in place, through the table",
    "prelinked": "in place, prelinked",
    "linked": "linked from a stream",
}
SMALL_CACHES = "-DCMAKE_C_FLAGS=-DXIPVM_CACHE_ENTRIES=32 -DXIPVM_FUNCTION_CACHE=8"
NO_PRELINKED = SMALL_CACHES + " -DXIPVM_PRELINKED=0"
SIZES = (
    ("no linking", "-DXIPVM_LINKING=0"),
    ("linking", "-DXIPVM_PRELINKED=0"),
    ("linking and prelinked images", ""),
)


def run(command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **options)
    if done.returncode:
        sys.exit(f"{shlex.join(map(str, command))}\n{done.stdout[-4000:]}")
    return done.stdout


def build(options, name, preset, targets, *more):
    tree = options.work / name
    run(["cmake", "--preset", preset, "-B", tree.resolve(), *options.cmake, *more], cwd=ROOT)
    run(["cmake", "--build", tree, "-j", "2", "--target", *targets])
    return tree


def blobs(tree, folder):
    return [str(tree / "tests" / "bench" / (source.stem + ".mpy")) for source in ram.programs(folder)]


# ---- instructions


def instructions(command):
    done = run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command])
    return int(re.search(r"Collected : (\d+)", done).group(1))


def count_loading(tree, way, loads):
    """Instructions of importing and unloading all modules once."""
    load = [tree / "tests/bench/load", "--only", way, "--rounds", "1"]
    few, many = (instructions([*load, "--loads", str(n), *blobs(tree, "modules")]) for n in (1, 1 + loads))
    return (many - few) / loads


def count_running(tree, way, scale, single):
    """Instructions of run(scale) of each program, or of all together."""
    load = [tree / "tests/bench/load", "--only", way, "--rounds", "1", "--loads", "1"]
    counts = {}
    names = [pathlib.Path(program).stem for program in blobs(tree, "programs")] if single else ["all"]
    for name in names:
        command = [*load, *(["--program", name] if single else []), "--programs", *blobs(tree, "programs")]
        few, many = (instructions([*command, "--scale", str(n)]) for n in (scale, 2 * scale))
        counts[name] = many - few
    return counts


def mean(ratios):
    return math.exp(sum(map(math.log, ratios)) / len(ratios))


def ratio(counts, base):
    return mean([counts[name] / base[name] for name in counts])


# ---- tables


def row(*cells):
    print("| " + " | ".join(str(cell) for cell in cells) + " |")


def head(*cells):
    row(*cells)
    row(*["---"] * len(cells))


def text_size(tree, pattern, without=()):
    """Bytes of code and constants in the objects that match, but for those of the sources that no image draws in."""
    objects = sorted((tree / "CMakeFiles/xipvm.dir/src").glob(pattern))
    objects = [o for o in objects if o.name.split(".")[0] not in without]
    lines = run(["arm-none-eabi-size", *map(str, objects)]).splitlines()[1:]
    return sum(int(line.split()[0]) for line in lines)


def measure_sizes(options):
    trees = {}
    for i, (title, flags) in enumerate(SIZES):
        tree = build(options, f"m4-{i}", "cortex-m4", ["xipvm"], f"-DCMAKE_C_FLAGS_MINSIZEREL=-Os -g -DNDEBUG {flags}")
        trees[title] = {"library": text_size(tree, "*/*.c.o*", ("prelink", "linker") if i == 0 else ("prelink",)), "interpreter": text_size(tree, "vm/interp.c.o*")}
    return [trees[title] for title, _ in SIZES]


def compare_strategies(options):
    release = build(options, "release", "release", ["xipvm_load", "xipvm_bench_blobs"])
    small = build(options, "small", "release", ["xipvm_load", "xipvm_bench_blobs"], SMALL_CACHES)
    unchecked = build(options, "unchecked", "release", ["xipvm_load", "xipvm_bench_blobs"], NO_PRELINKED)
    m32 = build(options, "m32", "m32", ["xipvm_load", "xipvm_desktop", "xipvm_bench_blobs"])
    sizes = measure_sizes(options)

    scale = 5 if options.quick else 20
    loads = {way: count_loading(release, way, 2 if options.quick else 5) for way in WAYS}
    single = not options.quick
    runs = {tree: {way: count_running(tree, way, scale, single) for way in WAYS} for tree in (release, small)}
    direct = count_running(unchecked, "linked", scale, single)
    command = [*options.emulator, m32 / "tests/bench/load", "--rounds", "1", "--loads", "1", *blobs(m32, "modules")]
    memory = json.loads(run(command))["ram"]

    added = {"in_place": 0, "prelinked": sizes[2]["library"] - sizes[0]["library"],
             "linked": sizes[1]["library"] - sizes[0]["library"]}
    print(f"\n### Strategies\n\n{len(blobs(m32, 'modules'))} modules, {len(ram.programs('programs'))} programs; loading and "
          "running in executed instructions, against in place.\n")
    head("strategy", "RAM kept, 32-bit", "of it tables", "names", "code", "loading", "running", "running, small caches",
         "code on Cortex-M4")
    for way in WAYS:
        m = memory[way]
        row(TITLES[way], m["heap"], m["tables"], m["names"], m["code"] if way == "linked" else 0,
            f"{loads[way] / loads['in_place']:.2f}",
            *[f"{ratio(runs[tree][way], runs[tree]['in_place']):.3f}" for tree in (release, small)],
            f"+{added[way]}" if added[way] else "0")

    print("\n### Claims\n")
    head("claim", "", "measured")
    table, grown = memory["in_place"]["tables"], memory["linked"]["code"] - memory["in_place"]["code"]
    row("with the code in RAM too, the table costs RAM that direct operands save",
        "confirmed" if table > grown else "refuted",
        f"direct code has no table, {table} bytes less, but is {grown} bytes longer, as its operands take two bytes each "
        f"({memory['in_place']['code']} bytes of code through tables)")
    for tree, title in ((release, "large caches"), (small, "small caches")):
        slower = ratio(runs[tree]["in_place"], runs[tree]["linked"])
        row(f"the look-up in the table costs time ({title})", "confirmed" if slower > 1.005 else "refuted",
            f"{(slower - 1) * 100:+.1f} % instructions in the mean, "
            f"{(max(runs[tree]['in_place'][p] / runs[tree]['linked'][p] for p in direct) - 1) * 100:+.1f} % at most")
    handlers = sizes[1]["interpreter"] - sizes[0]["interpreter"]
    check = sizes[2]["interpreter"] - sizes[1]["interpreter"]
    row("the test of the high bit takes less code than another set of thirteen handlers",
        "confirmed" if check < handlers else "refuted", f"{check} bytes against {handlers}, in the interpreter on Cortex-M4")
    slower = ratio(runs[small]["linked"], direct)
    row("the test of the high bit costs time", "confirmed" if slower > 1.002 else "refuted",
        f"{(slower - 1) * 100:+.2f} % instructions in linked code, small caches")
    print()
    head("instructions, small caches", *[TITLES[w] for w in WAYS[1:]], "linked, without the test")
    for program in sorted(direct):
        base = runs[small]["in_place"][program]
        row(program, *[f"{runs[small][way][program] / base:.3f}" for way in WAYS[1:]], f"{direct[program] / base:.3f}")
    return m32


def build_knowing(options, m32):
    """A 32-bit build whose firmware knows the names of all modules."""
    listing = options.work / "names.txt"
    listing.write_text(run([*options.emulator, m32 / "examples/desktop/xipvm", "names", *blobs(m32, "modules")]))
    return build(options, "knowing", "m32", ["xipvm_desktop"], f"-DXIPVM_NAMES={listing}")


def compare_ram(options, m32):
    trees = {"": m32, ", names in the firmware": build_knowing(options, m32)}
    names = ram.gather(m32 / "tests" / "bench", options.work)
    sides = [("MicroPython", ram.micropython_command([*options.emulator, options.micropython32], options.work))]
    for note, tree in trees.items():
        xipvm = [*options.emulator, str(tree / "examples/desktop/xipvm")]
        sides += [(TITLES[way] + note, ram.xipvm_command(xipvm, options.work, way.replace("_", "-"))) for way in WAYS[:2]]
    figures = [ram.measure(names, command) for _, command in sides]
    print("\n### Heap that modules keep, 32-bit, in bytes\n")
    head("module", ".mpy", *[title for title, _ in sides], "ratios")
    labels = {"sum": "each in a process of its own", "all": "all in one process"}
    for name in [*names, "sum", "all"]:
        size = (options.work / "rom" / f"{name}.mpy").stat().st_size if name in names else ""
        row(f"`{name}`" if name in names else labels[name], size, *[f[name] for f in figures],
            ", ".join(f"{f[name] / figures[0][name]:.2f}" for f in figures[1:]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "bench")
    parser.add_argument("--cmake", action="append", default=[])
    parser.add_argument("--emulator", default="")
    parser.add_argument("--micropython32", default="")
    parser.add_argument("--quick", action="store_true", help="smaller counts, and all programs as one")
    options = parser.parse_args()
    options.emulator = shlex.split(options.emulator)
    options.work = options.work.resolve()
    options.work.mkdir(parents=True, exist_ok=True)
    for tool in ("cmake", "valgrind", "arm-none-eabi-size"):
        if shutil.which(tool) is None:
            sys.exit(f"strategies.py needs {tool}")
    m32 = compare_strategies(options)
    if options.micropython32:
        compare_ram(options, m32)


if __name__ == "__main__":
    main()
