#!/usr/bin/env python3
"""Runs MicroPython's own test programs on libxipvm.

    conformance.py CHECKOUT --xipvm PROGRAM [--list FILE] [--folders basics,float,...] [--sample N] [--romfs]

CHECKOUT is a MicroPython source tree, of which only the folder tests/ is read. Each program is compiled by the stock
compiler and run by the desktop host; its output is compared with the .exp file beside it, or with
CPython's. `########` in an .exp file stands for any lines. Prints what fails and why, a table of the
folders, and as the last line `N passed, N failed`. Programs that the stock compiler refuses, and those that say SKIP,
are counted apart. With --romfs the blobs of each folder are packed into one image, from which the programs run. Exit status 0 if no program crashed or hung.
"""

import argparse
import collections
import concurrent.futures
import os
import pathlib
import random
import re
import shlex
import subprocess
import sys
import threading

import romfs

FOLDERS = "basics,float,unicode,import,io,micropython,stress,misc,extmod"
WORDS = {"ok": "passed", "fail": "failed", "skip": "skipped", "refused": "not compiled", "crash": "crashed", "hang": "hung"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkout", type=pathlib.Path)
    parser.add_argument("--xipvm", required=True, help="the desktop host; may be a command with an emulator before it")
    parser.add_argument("--option", action="append", default=[],
                        help="an option for `xipvm run`; may be repeated, as --option=--name")
    parser.add_argument("--compiler", default="mpy-cross", help="takes -s NAME -o FILE SOURCE")
    parser.add_argument("--list", type=pathlib.Path, help="programs to run, one a line (basics/list1.py)")
    parser.add_argument("--folders", default=FOLDERS)
    parser.add_argument("--sample", type=int, help="run only so many, chosen by a fixed seed")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/conformance"))
    parser.add_argument("--romfs", action="store_true", help="run the programs from images, one for each folder")
    parser.add_argument("--timeout", type=float, default=60)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    return parser.parse_args()


class Suite:
    def __init__(self, options):
        self.options = options
        self.command = shlex.split(options.xipvm) + ["run"] + options.option
        self.tests = options.checkout.resolve() / "tests"
        self.work = options.work.resolve()
        self.writing = threading.Lock()

    def programs(self):
        if self.options.list:
            lines = self.options.list.read_text().split("\n")
            names = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        else:
            names = [str(path.relative_to(self.tests)) for folder in self.options.folders.split(",")
                     for path in sorted((self.tests / folder).glob("*.py"))]
        if self.options.sample and self.options.sample < len(names):
            names = sorted(random.Random(1).sample(names, self.options.sample))
        return names

    def compile(self, name):
        """The blob of a program; None if the compiler refuses it."""
        target = self.work / pathlib.Path(name).with_suffix(".mpy")
        source = self.tests / name
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            target.parent.mkdir(parents=True, exist_ok=True)
            command = shlex.split(self.options.compiler)
            done = subprocess.run(command + ["-s", source.name, "-o", str(target), str(source)],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if done.returncode:
                target.unlink(missing_ok=True)
        return target if target.exists() else None

    def compile_helpers(self):
        """Modules that the programs of some folders import."""
        for path in sorted((self.tests / "import").rglob("*.py")):
            self.compile(str(path.relative_to(self.tests)))

    def image(self, folder):
        return self.work / (folder.name + ".romfs")

    def pack(self, names):
        """Compiles all, and packs the folders that they are in."""
        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            blobs = [blob for blob in pool.map(self.compile, names) if blob]
        for folder in {blob.parent for blob in blobs}:
            self.image(folder).write_bytes(romfs.image(folder))

    def expected(self, name):
        for folder in (self.tests, self.work):
            kept = folder / (name + ".exp")
            if kept.exists():
                return kept.read_bytes()
        source = self.tests / name
        done = subprocess.run(["python3", "-BS", source.name], cwd=source.parent, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=self.options.timeout)
        kept.write_bytes(done.stdout)
        return done.stdout

    def run_merged(self, name, blob):
        """What a program that writes to sys.stderr writes to either stream, in order."""
        return subprocess.run(self.command + [str(blob)], cwd=(self.tests / name).parent,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=self.options.timeout).stdout

    def run(self, name):
        if name.startswith("io/"):
            # They write files of the same names.
            with self.writing:
                return self.run_one(name)
        return self.run_one(name)

    def run_one(self, name):
        blob = self.compile(name)
        if blob is None:
            return "refused", ""
        expected = self.expected(name)
        program = ["--romfs", str(self.image(blob.parent)), blob.stem] if self.options.romfs else [str(blob)]
        try:
            done = subprocess.run(self.command + program, cwd=(self.tests / name).parent,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                  timeout=self.options.timeout)
        except subprocess.TimeoutExpired:
            return "hang", ""
        errors = done.stderr.decode(errors="replace").strip()
        if done.returncode < 0 or "Sanitizer" in errors or "runtime error:" in errors:
            return "crash", errors[-600:]
        if matches(done.stdout, expected):
            return "ok", ""
        if errors and done.returncode == 0 and matches(self.run_merged(name, blob), expected):
            return "ok", ""
        if done.stdout.strip() == b"SKIP":
            return "skip", ""
        return "fail", difference(done.stdout, expected, errors)


def matches(printed, expected):
    printed, expected = (text.replace(b"\r\n", b"\n") for text in (printed, expected))
    if b"########" not in expected:
        return printed == expected
    pattern = b".*".join(re.escape(part) for part in re.split(rb"########[^\n]*\n", expected))
    return re.fullmatch(pattern, printed, re.S) is not None


def difference(printed, expected, errors):
    ours, theirs = (text.decode(errors="replace").splitlines() for text in (printed, expected))
    at = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), min(len(ours), len(theirs)))
    got, want = (lines[at][:90] if at < len(lines) else "nothing more" for lines in (ours, theirs))
    last = errors.splitlines()[-1] if errors else ""
    return f"line {at + 1}: {got!r} instead of {want!r} {last}"


def main():
    options = arguments()
    suite = Suite(options)
    suite.compile_helpers()
    names = suite.programs()
    if options.romfs:
        suite.pack(names)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(suite.run, names))
    table = collections.defaultdict(collections.Counter)
    for name, (outcome, why) in zip(names, results):
        table[name.split("/")[0]][outcome] += 1
        if outcome != "ok":
            print(f"{WORDS[outcome]:12} {name}  {why}")
    print()
    total = collections.Counter()
    for folder, counts in table.items():
        total.update(counts)
        print(f"{folder:12}", ", ".join(f"{counts[outcome]} {word}" for outcome, word in WORDS.items() if counts[outcome]))
    failed = sum(total.values()) - total["ok"] - total["skip"] - total["refused"]
    print(f"{total['ok']} passed, {failed} failed, {total['skip'] + total['refused']} skipped")
    return 1 if total["crash"] or total["hang"] else 0


if __name__ == "__main__":
    sys.exit(main())
