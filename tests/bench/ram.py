"""The heap that modules keep once they are imported, by libxipvm and by MicroPython, both in 32-bit builds.

Each module is imported in a process of its own, and then all of them in one, by the same program (measure/keep.py) on
both sides, from the very same .mpy files. MicroPython has them in a ROMFS image, mounted before anything is measured, and so
runs them in place as well.
"""

import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tools"))
import romfs  # noqa: E402

MOUNT = """
import sys, vfs
with open({image!r}, "rb") as f:
    vfs.mount(vfs.VfsRom(f.read()), "/rom")
sys.path[:] = ["/rom"]
sys.argv[:] = ["keep"] + {names!r}
import keep
"""


def programs(folder):
    return sorted((HERE / folder).glob("*.py"))


def gather(built, work):
    """Copies the compiled modules and helpers into one folder; returns the modules' names."""
    out = work / "rom"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    for source in programs("modules") + programs("measure"):
        shutil.copy(built / (source.stem + ".mpy"), out)
    return [source.stem for source in programs("modules")]


def kept(command):
    """What keep.py printed: bytes for each module, and for "all"."""
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return {name: int(size) for name, size in (line.split() for line in run.stdout.splitlines())}


def xipvm_command(xipvm, work, strategy):
    return lambda names: [*xipvm, "run", "--strategy", strategy, str(work / "rom" / "keep.mpy"), *names]


def micropython_command(peer, work):
    image = work / "rom.romfs"
    image.write_bytes(romfs.image(work / "rom"))

    def command(names):
        script = work / "mount.py"
        script.write_text(MOUNT.format(image=str(image), names=names))
        return [*peer, "-X", "heapsize=4M", str(script)]

    return command


def measure(names, command):
    """Each module alone, "sum" of these, and "all" in one process."""
    figures = {name: kept(command([name]))[name] for name in names}
    figures["sum"] = sum(figures.values())
    figures["all"] = kept(command(names))["all"]
    return figures
