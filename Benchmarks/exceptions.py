#!/usr/bin/env python3
"""What exceptions cost: when they are thrown, and when they are not.

    make bench-exceptions          throws beside native code, V8 and wasmtime, in microseconds, and
                                   C++ programs that never throw, with and without exceptions
    exceptions.py --throws         only the first, --quiet only the second

Programs that never throw are counted by QEMU (exceptions/count.c says why not by callgrind). Runs with
the Python of .build/venv.
"""

import argparse
import pathlib
import re
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT / "Tests/Exceptions"))

import check  # noqa: E402
import toolchain  # noqa: E402

OUT = ROOT / ".build/exceptions/benchmarks"
DEPTHS = [1, 5, 20]
#: A throw of each engine takes some microseconds; this many of them outweigh the start.
COUNT = 200_000
RUNS = 5
SMELT = str(ROOT / ".build/smelt/bin/smelt")
#: Programs that never throw, with the arguments that keep counting short.
QUIET = ["sort_std", "map_std", "raytrace", "shapes", "containers"]
SOURCES = {"containers": ROOT / "Tests/EndToEndTests/programs/containers.cpp"}


def seconds(command: list[str]) -> float:
    """Processor time would leave out nothing here, and the engines' threads are not of interest."""
    started = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - started


def engines() -> dict[str, list[str]]:
    """What runs the throws, by its name."""
    source = HERE / "exceptions/throws.cpp"
    OUT.mkdir(parents=True, exist_ok=True)
    toolchain.run(["clang++-22", "-O2", str(source), "-o", str(OUT / "native")])
    found = {"native (libgcc)": [str(OUT / "native")]}
    for encoding in toolchain.ENCODINGS:
        module = toolchain.compile_program(source, encoding, OUT / f"throws.{encoding}.wasm")
        program = OUT / f"throws.{encoding}"
        toolchain.run([SMELT, "compile", str(module), "-O3", "-o", str(program)])
        found[f"smelt ({encoding})"] = [str(program)]
        found[f"V8 ({encoding})"] = [check.node(), "--no-warnings", "--experimental-wasm-exnref",
                                     str(check.HERE / "hosts/node.mjs"), str(module)]
    found["wasmtime (exnref)"] = [sys.executable, str(check.HERE / "hosts/wasmtime_host.py"),
                                  str(OUT / "throws.exnref.wasm")]
    return found


def throws() -> None:
    """Microseconds a throw: the difference of many throws and none, so that no start counts."""
    print(f"| microseconds a throw | {' | '.join(f'{depth} up' for depth in DEPTHS)} |")
    print("|---|" + "---|" * len(DEPTHS))
    for name, command in engines().items():
        cells = []
        for depth in DEPTHS:
            differences = []
            for _ in range(RUNS):
                none = seconds([*command, str(depth), "0"])
                differences.append(seconds([*command, str(depth), str(COUNT)]) - none)
            cells.append(f"{statistics.median(differences) / COUNT * 1e6:.3f}")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def instructions(program: pathlib.Path) -> int:
    """What QEMU counts; it is nearly the same in every run."""
    plugin = OUT / "count.so"
    toolchain.run(["clang-22", "-shared", "-fPIC", "-O2", str(HERE / "exceptions/count.c"), "-o", str(plugin)])
    command = ["qemu-x86_64", "-plugin", str(plugin), str(program), "small"]
    # A program's status is its own.
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    return int(re.search(rb"Collected : (\d+)", done.stderr)[1])


def code_size(program: pathlib.Path) -> int:
    """Bytes of machine code in an executable: what is mapped to be executed, as there may be no table
    of sections."""
    command = ["llvm-readelf-22", "--program-headers", "--wide", str(program)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    return sum(int(row[5], 16) for row in rows if row[:1] == ["LOAD"] and "E" in row[6:-1])


def quiet(names: list[str]) -> bool:
    """Programs that never throw: whether they are within a hundredth of instructions, or else within what
    the same costs native code, and 15 % of code of the same ones without exceptions."""
    print("| program | instructions | with exceptions | | native | code | with exceptions | |")
    print("|---|---|---|---|---|---|---|---|")
    is_good = True
    for name in names:
        source = SOURCES.get(name, HERE / f"programs/{name}.cpp")
        programs, natives = [], []
        for kind, options in (("without", ("-O2", "-fno-exceptions")), ("with", ("-O2",))):
            natives.append(OUT / f"{name}.{kind}.native")
            module = OUT / f"{name}.{kind}.wasm"
            module.parent.mkdir(parents=True, exist_ok=True)
            # The library is the same one, or it would be compared and not the programs.
            toolchain.compile_program(
                source, "exnref", module, (*options, "-w", f"-I{HERE / 'programs'}"))
            program = module.with_suffix(".program")
            toolchain.run([SMELT, "compile", str(module), "-O2", "--strip", "-o", str(program)])
            programs.append(program)
            toolchain.run(["clang++-22", "-std=c++20", *options, "-w", f"-I{HERE / 'programs'}",
                           str(source), "-o", str(natives[-1]), "-lm"])
        counts, sizes = [instructions(p) for p in programs], [code_size(p) for p in programs]
        more, larger = counts[1] / counts[0] - 1, sizes[1] / sizes[0] - 1
        before, after = [instructions(p) for p in natives]
        native = after / before - 1
        is_good &= more <= max(0.01, native) and larger <= 0.15
        print(f"| {name} | {counts[0]:,} | {counts[1]:,} | {more:+.2%} | {native:+.2%} | {sizes[0]:,}"
              f" | {sizes[1]:,} | {larger:+.1%} |", flush=True)
    return is_good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--throws", action="store_true")
    parser.add_argument("--quiet", action="store_true")
    parser.add_argument("--only", nargs="+", default=QUIET, choices=QUIET)
    options = parser.parse_args()
    everything = not options.throws and not options.quiet
    if options.throws or everything:
        throws()
    return 0 if not (options.quiet or everything) or quiet(options.only) else 1


if __name__ == "__main__":
    sys.exit(main())
