#!/usr/bin/env python3
"""What the options of libraries cost: interruption, fuel, explicit comparisons of bounds.

    libraries.py                     the benchmarks as libraries, each with and without each option
    libraries.py --only NAME ...     some of them
    libraries.py --count             instructions, as QEMU counts them, in place of time
    libraries.py --calls             what calls cost, and how soon interruptions come

Times are the least of some runs in turns. Runs with the Python of .build/venv.
"""

import argparse
import math
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from harness import build, measure, programs, toolchain  # noqa: E402

SMELT = toolchain.ROOT / ".build/smelt/bin/smelt"
OUT = toolchain.OUT / "libraries"
#: By what they are called here: the options, and what the host is told.
WAYS = {
    "plain": ([], []),
    "interruptible": (["--interruptible"], []),
    "fuel": (["--fuel"], ["-DFUEL"]),
    "explicit": (["--bounds-checks", "explicit"], []),
}


def program(source: programs.Program, way: str) -> pathlib.Path:
    """The program that has a benchmark as a library."""
    module = toolchain.module(source, toolchain.DEFAULT)
    options, defines = WAYS[way]
    folder = OUT / way / source.name
    library, target = folder / "libbench.a", folder / "program"
    compiling = [SMELT, "compile", module, "-O2", *options, "--emit", "archive",
                 "--header", folder / "bench.h", "-o", library]  # fmt: skip
    host = HERE / "libraries/host.c"
    linking = ["clang-22", "-O1", *defines, f"-I{folder}", host, library, "-o", target]
    folder.mkdir(parents=True, exist_ok=True)
    return build.make(target, [compiling, linking], [module, host, SMELT])


def count(command: pathlib.Path) -> float:
    """Instructions of a short run; they are nearly the same in every run."""
    plugin = OUT / "count.so"
    source = HERE / "exceptions/count.c"
    build.make(plugin, [["clang-22", "-shared", "-fPIC", "-O2", source, "-o", plugin]], [source])
    words = ["qemu-x86_64", "-plugin", plugin, command, "small"]
    toolchain.SCRATCH.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True, cwd=toolchain.SCRATCH
    )
    return float(re.search(rb"Collected : (\d+)", done.stderr)[1])


def figures(source: programs.Program, ways: list[str], options) -> list[float]:
    """One for each way."""
    commands = [program(source, way) for way in ways]
    if options.count:
        return [count(command) for command in commands]
    least = [math.inf] * len(ways)
    outputs = set()
    for _ in range(options.runs):
        for index, command in enumerate(commands):
            run = measure.run([str(command), options.size])
            least[index] = min(least[index], run.seconds)
            outputs.add(run.output)
    if len(outputs) != 1:
        raise measure.RunError(f"{source.name} prints different things")
    return least


def calls() -> int:
    """A program that times calls, and the one that tests interruptions, which tells how long they take."""
    wasm_tools = toolchain.ROOT / ".build/venv/bin/wasm-tools"
    tests = toolchain.ROOT / "Tests/Libraries"
    folder = OUT / "calls"
    folder.mkdir(parents=True, exist_ok=True)
    for text, host, words, options in (
        (HERE / "libraries/calls.wat", HERE / "libraries/calls.c", [], []),
        (tests / "modules/endless.wat", tests / "hosts/endless.c", ["200", "show"], ["--interruptible"]),
    ):
        module = folder / f"{text.stem}.wasm"
        library, target = folder / f"lib{text.stem}.a", folder / text.stem
        commands = [
            [wasm_tools, "parse", text, "-o", module],
            [SMELT, "compile", module, *options, "--emit", "archive", "--header",
             folder / f"{text.stem}.h", "-o", library],
            ["clang-22", "-O2", f"-I{folder}", f"-I{tests / 'hosts'}", host, library, "-lpthread",
             "-o", target],
        ]  # fmt: skip
        build.make(target, commands, [text, host, SMELT])
        subprocess.run([target, *words], check=True)
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+")
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--size", default="normal")
    parser.add_argument("--count", action="store_true")
    parser.add_argument("--calls", action="store_true")
    options = parser.parse_args()
    if options.calls:
        return calls()
    ways = ["plain", *(way for way in options.ways if way != "plain")]
    chosen = [p for p in programs.all_programs() if not options.only or p.name in options.only]
    unit = "instructions" if options.count else "s"
    print(f"| program | {unit} | {' | '.join(ways[1:])} |")
    print("|---|" + "---|" * len(ways))
    ratios: list[list[float]] = []
    for source in chosen:
        plain, *others = figures(source, ways, options)
        ratios.append([other / plain for other in others])
        cells = [f"{ratio:.3f}" for ratio in ratios[-1]]
        shown = f"{plain:,.0f}" if options.count else f"{plain:.3f}"
        print(f"| {source.name} | {shown} | {' | '.join(cells)} |", flush=True)
    columns = list(zip(*ratios))
    means = [math.exp(sum(map(math.log, column)) / len(column)) for column in columns]
    print(f"| geometric mean | | {' | '.join(f'{mean:.3f}' for mean in means)} |")
    print(f"| worst | | {' | '.join(f'{max(column):.3f}' for column in columns)} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
