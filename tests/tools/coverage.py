#!/usr/bin/env python3
"""Prints the line coverage of src/, by room, from what a build with --coverage has run, and says if it is enough.

    coverage.py <source root> <build tree>

Fails under TOTAL percent of all lines, and under a room's own percentage in ROOMS; it then names the lines that no
test ran. The last line is `N passed, N failed`. Needs gcovr.
"""
import collections
import json
import pathlib
import subprocess
import sys

TOTAL = 95.0
# What reads bytes that nobody vouches for is tested whole.
ROOMS = {"blob": 100.0}


def measure(root, tree):
    """{file: {line: times run}}, of the lines that hold code and are not excluded."""
    report = tree / "coverage.json"
    subprocess.run(["gcovr", "--root", root, "--object-directory", tree, "--filter", "src/", "--json", report, tree],
                   cwd=root, check=True)
    files = {}
    for entry in json.loads(report.read_text())["files"]:
        lines = collections.Counter()
        for line in entry["lines"]:
            if not line.get("gcovr/noncode"):
                lines[line["line_number"]] += line["count"]
        files[entry["file"]] = lines
    return files


def ranges(numbers):
    """[3, 4, 5, 9] as "3-5 9"."""
    parts = []
    for n in numbers:
        if parts and parts[-1][1] == n - 1:
            parts[-1][1] = n
        else:
            parts.append([n, n])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def percent(run, lines):
    return 100.0 * run / lines if lines else 100.0


def main():
    root, tree = (pathlib.Path(argument).resolve() for argument in sys.argv[1:])
    files = measure(root, tree)
    rooms = collections.defaultdict(lambda: [0, 0])
    for name, lines in files.items():
        run = sum(1 for count in lines.values() if count)
        for key in (name.split("/")[1], "all"):
            rooms[key][0] += run
            rooms[key][1] += len(lines)
    passed = failed = 0
    for room in sorted(rooms, key=lambda key: (key == "all", key)):
        run, lines = rooms[room]
        need = TOTAL if room == "all" else ROOMS.get(room)
        remark = ""
        if need is not None:
            enough = percent(run, lines) >= need
            passed += enough
            failed += not enough
            remark = f"  at least {need:g} %: {'kept' if enough else 'FAIL'}"
        print(f"src/{room:<7} {percent(run, lines):6.2f} % of {lines:5} lines{remark}")
        if need is not None and run < lines * need / 100:
            for name, counts in sorted(files.items()):
                unrun = sorted(n for n, count in counts.items() if not count)
                if unrun and room in ("all", name.split("/")[1]):
                    print(f"    {name}: {ranges(unrun)}")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
