#!/usr/bin/env python3
"""How fast compiled programs are, beside the same sources compiled natively.

Each program is compiled by clang for this machine, and by clang to WebAssembly and from there by
smelt for this machine. Runs are interleaved, so that whatever else the machine does hits both;
the figures are medians of user time. A ratio of 1.00 means as fast as native code.

    make bench                              all programs
    python3 Benchmarks/run.py life hash     some of them
    python3 Benchmarks/run.py --runs 15     more runs
"""

import argparse
import math
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "Benchmarks" / "programs"
SMELT = ROOT / ".build" / "smelt" / "bin" / "smelt"


def build(source: pathlib.Path, folder: pathlib.Path) -> dict[str, pathlib.Path]:
    """Both executables of a program."""
    native, module, compiled = (folder / f"{source.stem}{s}" for s in (".native", ".wasm", ".smelt"))
    clang = ["clang-22", "-O3", "-ffp-contract=off", str(source), "-lm"]
    subprocess.run([*clang, "-march=native", "-o", native], check=True)
    wasm = ["--target=wasm32-wasi", "-Wno-deprecated", "-o", module]
    subprocess.run([*clang, *wasm], check=True)
    started = time.monotonic()
    options = ["-O3", "--cpu", "native", "-o", compiled]
    subprocess.run([SMELT, "compile", module, *options], check=True)
    print(f"{source.stem}: compiled in {time.monotonic() - started:.2f} s", file=sys.stderr)
    return {"native": native, "smelt": compiled}


def measure(program: pathlib.Path) -> tuple[float, bytes]:
    """Seconds of user time of one run, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    output = subprocess.run([program], check=True, stdout=subprocess.PIPE).stdout
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before, output


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="programs, all by default")
    parser.add_argument("--runs", type=int, default=7, help="runs of each executable")
    options = parser.parse_args()
    sources = sorted(PROGRAMS.glob("*.c"))
    if options.names:
        sources = [source for source in sources if source.stem in options.names]
    if not sources:
        parser.error("no such program")

    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        executables = {source: build(source, pathlib.Path(folder)) for source in sources}
        print(f"{'program':10} {'native':>9} {'smelt':>9} {'ratio':>7}   ({os.cpu_count()} cores)")
        for source, programs in executables.items():
            times = {name: [] for name in programs}
            outputs = {}
            for _ in range(options.runs):
                for name, program in programs.items():
                    seconds, outputs[name] = measure(program)
                    times[name].append(seconds)
            if outputs["native"] != outputs["smelt"]:
                print(f"{source.stem}: the outputs differ", file=sys.stderr)
                return 1
            native, smelt = (statistics.median(times[name]) for name in ("native", "smelt"))
            ratios.append(smelt / native)
            print(f"{source.stem:10} {native:8.3f}s {smelt:8.3f}s {ratios[-1]:7.2f}", flush=True)
    mean = math.exp(statistics.mean(math.log(ratio) for ratio in ratios))
    print(f"{'geometric mean':30} {mean:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
