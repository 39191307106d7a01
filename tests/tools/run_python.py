#!/usr/bin/env python3
"""Runs the Python test programs in the VM and compares what they print.

Each program is compiled by the stock compiler and run by `xipvm run`. Its standard output must equal that
of CPython, or the contents of a file with the same name and the ending .exp, for programs in which the
MicroPython dialect differs. A program whose .exp file says so in its first line, `# exit N`, must end with that
exit status; the line is no part of the output. All others must end as CPython does, with or without an
error; those with a plain .exp file must end without one.

With --romfs the blobs of each folder are packed into one image, and the programs are run from that.

Files whose names begin with `_`, and those in directories whose names do, are compiled but not run: they
are there to be imported. The last line printed is `N passed, N failed`.
"""

import argparse
import concurrent.futures
import difflib
import hashlib
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import romfs

TESTS = pathlib.Path(__file__).resolve().parent.parent / "python"
DIFF_LINES = 20


class Outcome:
    """How a program ended: its standard output, its standard error and its exit status."""

    def __init__(self, out, err, status):
        self.out = out
        self.err = err
        self.status = status


def run(command, timeout, cwd=None, env=None):
    """Runs a command; a timeout is an outcome with the status None."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout,
                              cwd=cwd, env=env, check=False)
        return Outcome(done.stdout, done.stderr, done.returncode)
    except subprocess.TimeoutExpired as stopped:
        return Outcome(stopped.stdout or b"", stopped.stderr or b"", None)


def is_support(source):
    """Whether a file is there only to be imported."""
    return any(part.startswith("_") for part in source.relative_to(TESTS).parts) and \
        source.name != "__main__.py"


def compile_all(command, sources, build_dir, level, jobs):
    """Compiles each source to build_dir; returns {source: message} for those that failed."""
    stale = []
    for source in sources:
        blob = blob_path(source, build_dir)
        if not blob.exists() or blob.stat().st_mtime <= source.stat().st_mtime:
            stale.append(source)
    failures = {}
    if not stale:
        return failures

    def name(source):
        return source.relative_to(TESTS).as_posix()

    if command[-1].endswith("cross.js"):
        # A start of Node costs more than a compilation does, so each process gets many files.
        def compile_share(share):
            lines = "".join(f"{s}\t{blob_path(s, build_dir)}\t{name(s)}\t{level}\n" for s in share)
            with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as batch:
                batch.write(lines)
            try:
                return run(command + ["--batch", batch.name], None).err.decode(errors="replace")
            finally:
                os.unlink(batch.name)
        shares = [stale[i::jobs] for i in range(jobs) if stale[i::jobs]]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            messages = "".join(pool.map(compile_share, shares))
    else:
        def compile_one(source):
            blob = blob_path(source, build_dir)
            blob.parent.mkdir(parents=True, exist_ok=True)
            done = run(command + ["-o", str(blob), "-s", name(source), f"-O{level}", str(source)], 60)
            if done.status != 0:
                blob.unlink(missing_ok=True)
            return done.err.decode(errors="replace")
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            messages = "".join(pool.map(compile_one, stale))
    for source in stale:
        if not blob_path(source, build_dir).exists():
            own = re.search(rf"^{re.escape(str(source))}: (.*?)(?=^/|\Z)", messages, re.MULTILINE | re.DOTALL)
            failures[source] = "does not compile:\n" + (own.group(1) if own else messages)
    return failures


def blob_path(source, build_dir):
    return build_dir / source.relative_to(TESTS).with_suffix(".mpy")


def image_path(folder, build_dir):
    """Where the image of a folder of programs is; not among the blobs."""
    name = "-".join(("images",) + folder.relative_to(TESTS).parts)
    return build_dir.with_name(build_dir.name + "-" + name + ".romfs")


def pack_all(folders, build_dir):
    for folder in folders:
        image_path(folder, build_dir).write_bytes(romfs.image(build_dir / folder.relative_to(TESTS)))


def expected(source, cache_dir, timeout):
    """What the program must print and how it must end, as an Outcome."""
    exp = source.with_suffix(".exp")
    if exp.exists():
        text = exp.read_bytes()
        status = re.match(rb"# exit (\d+)\n", text)
        if status:
            return Outcome(text[status.end():], b"", int(status.group(1)))
        return Outcome(text, b"", 0)

    # The answer depends on the program, on what it may import from beside it, and on CPython.
    digest = hashlib.sha256(sys.version.encode())
    digest.update(source.read_bytes())
    for support in sorted(source.parent.rglob("*.py")):
        if is_support(support):
            digest.update(support.read_bytes())
    cached = cache_dir / digest.hexdigest()
    if cached.exists():
        status, _, out = cached.read_bytes().partition(b"\n")
        return Outcome(out, b"", int(status))
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0", PYTHONIOENCODING="utf-8")
    outcome = run([sys.executable, source.name], timeout, cwd=source.parent, env=env)
    if outcome.status is None or outcome.status < 0:
        raise RuntimeError("CPython did not end by itself")
    cache_dir.mkdir(parents=True, exist_ok=True)
    partial = cached.with_suffix(f".{os.getpid()}")
    partial.write_bytes(b"%d\n%s" % (outcome.status, outcome.out))
    partial.replace(cached)
    return outcome


def show_difference(want, got):
    lines = list(difflib.unified_diff(want.decode(errors="backslashreplace").splitlines(),
                                      got.decode(errors="backslashreplace").splitlines(),
                                      "expected", "printed", lineterm="", n=2))
    if len(lines) > DIFF_LINES:
        lines[DIFF_LINES:] = [f"... {len(lines) - DIFF_LINES} more lines"]
    return "\n".join(lines)


def check(source, args, build_dir):
    """Runs one program; returns what is wrong with it, or None."""
    try:
        want = expected(source, args.cache, args.timeout)
    except RuntimeError as problem:
        return str(problem)
    if args.romfs:
        program = ["--romfs", str(image_path(source.parent, build_dir)), source.stem]
    else:
        program = [str(blob_path(source, build_dir))]
    command = args.xipvm + ["run"] + args.option + program
    got = run(command, args.timeout)
    trouble = got.err.decode(errors="backslashreplace").strip().splitlines()[-DIFF_LINES:]
    if got.status is None:
        return f"no end after {args.timeout} s"
    if got.status < 0:
        return "\n".join([f"killed by signal {-got.status}"] + trouble)
    if want.out.replace(b"\r\n", b"\n") != got.out.replace(b"\r\n", b"\n"):
        return "\n".join([show_difference(want.out, got.out)] + trouble)
    if bool(want.status) != bool(got.status) or b"Sanitizer" in got.err:
        return "\n".join([f"exit status {got.status} where {want.status} is expected"] + trouble)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--xipvm", required=True, type=shlex.split,
                        help="the desktop program; may be a command with an emulator before it")
    parser.add_argument("--compiler", required=True, type=shlex.split,
                        help="mpy-cross, or 'node .../cross.js'")
    parser.add_argument("--build-dir", required=True, type=pathlib.Path, help="where the blobs go")
    parser.add_argument("--cache", type=pathlib.Path, help="CPython's answers (default: in the build dir)")
    parser.add_argument("--filter", default="", help="only programs whose path contains this expression")
    parser.add_argument("--skip", type=pathlib.Path,
                        help="a file with the paths of programs that do not count; `#` begins a comment")
    parser.add_argument("--option", action="append", default=[],
                        help="an option for `xipvm run`; may be repeated, as --option=--name")
    parser.add_argument("-O", "--level", default="0", help="optimisation level of the compiler")
    parser.add_argument("--romfs", action="store_true", help="run the programs from images, one for each folder")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=60, help="seconds for each program")
    parser.add_argument("--verbose", action="store_true", help="name the programs that passed too")
    args = parser.parse_args()

    build_dir = args.build_dir.resolve() / f"O{args.level}"
    args.cache = args.cache or args.build_dir.resolve() / "cpython"
    sources = sorted(TESTS.rglob("*.py"))
    skipped = args.skip.read_text().splitlines() if args.skip else []
    programs = [s for s in sources if not is_support(s) and s.relative_to(TESTS).as_posix() not in skipped
                and re.search(args.filter, s.relative_to(TESTS).as_posix())]
    wanted = programs + [s for s in sources if is_support(s)]
    problems = compile_all(args.compiler, wanted, build_dir, args.level, args.jobs)
    if args.romfs:
        pack_all({s.parent for s in programs}, build_dir)

    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        results = pool.map(lambda s: problems.get(s) or check(s, args, build_dir), programs)
        for source, problem in zip(programs, results):
            name = source.relative_to(TESTS)
            if problem is None:
                passed += 1
                if args.verbose:
                    print(f"pass {name}", flush=True)
            else:
                failed += 1
                print(f"FAIL {name}\n" + "\n".join("    " + line for line in problem.splitlines()), flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
