#!/usr/bin/env python3
"""How fast programs with objects are, beside V8 and wasmtime.

    make bench-objects             all programs of Benchmarks/objects/programs
    objects.py --only trees json   some of them
    objects.py --without wasmtime  no column for an engine

The engines take turns, and the shortest time of each counts. Every output has to be the same. Runs
with the Python of .build/venv.
"""

import argparse
import math
import os
import pathlib
import resource
import subprocess
import sys
import time
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT / "Tests/Exceptions"), str(HERE / "objects")]

import check  # noqa: E402
import translate  # noqa: E402

OUT = ROOT / ".build/objects"
PROGRAMS = sorted(path.stem for path in (HERE / "objects/programs").glob("*.py"))
SMELT = ROOT / ".build/smelt/bin/smelt"
ENGINES = ["smelt", "node", "wasmtime"]
#: What wasmtime needs may be many times what the others do; one run of it says enough.
SLOW = {"wasmtime"}


@dataclass
class Run:
    """What a run took."""

    seconds: float
    megabytes: float
    output: bytes


def build(name: str, level: str) -> dict[str, list[str]]:
    """The commands that run a program, by engine."""
    OUT.mkdir(parents=True, exist_ok=True)
    text, module, program = (OUT / f"{name}{end}" for end in (".wat", ".wasm", ""))
    source = (HERE / f"objects/programs/{name}.py").read_text()
    text.write_text(translate.translate(source))
    tool = ROOT / ".build/venv/bin/wasm-tools"
    subprocess.run([tool, "parse", text, "-o", module], check=True)
    subprocess.run([SMELT, "compile", module, f"-{level}", "-o", program], check=True)
    return {
        "smelt": [str(program)],
        "node": [check.node(), "--no-warnings", str(check.HERE / "hosts/node.mjs"), str(module)],
        "wasmtime": [sys.executable, str(check.HERE / "hosts/wasmtime_host.py"), str(module)],
    }


def run(command: list[str]) -> Run:
    """Runs a program in a process of its own, for what it took in memory."""
    before = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        output = process.stdout.read()
        used = wait(process)
    if process.returncode != 0:
        raise SystemExit(f"{command} ends with {process.returncode}")
    return Run(time.monotonic() - before, used.ru_maxrss / 1024, output)


def wait(process: subprocess.Popen) -> resource.struct_rusage:
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used


def measure(name: str, engines: list[str], runs: int, level: str) -> dict[str, Run]:
    """The best run of each engine."""
    commands = build(name, level)
    best: dict[str, Run] = {}
    for number in range(runs):
        for engine in engines:
            if number > 0 and engine in SLOW:
                continue
            done = run(commands[engine])
            first = best.setdefault(engine, done)
            if done.output != next(iter(best.values())).output:
                raise SystemExit(f"{name}: the output of {engine} is another one")
            if done.seconds < first.seconds:
                best[engine] = done
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=PROGRAMS, choices=PROGRAMS)
    parser.add_argument("--without", nargs="+", default=[], choices=ENGINES[1:])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--level", default="O3")
    options = parser.parse_args()
    engines = [engine for engine in ENGINES if engine not in options.without]
    others = engines[1:]
    ratios: dict[str, list[float]] = {engine: [] for engine in others}
    print("| program | " + " | ".join(f"{engine} s, MB" for engine in engines) + " | "
          + " | ".join(f"of {engine}" for engine in others) + " |")
    print("|---|" + "---|" * (len(engines) + len(others)))
    for name in options.only:
        best = measure(name, engines, options.runs, options.level)
        cells = [f"{best[engine].seconds:.3f}, {best[engine].megabytes:.0f}" for engine in engines]
        for engine in others:
            ratios[engine].append(best["smelt"].seconds / best[engine].seconds)
            cells.append(f"{ratios[engine][-1]:.2f}")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)
    for engine, values in ratios.items():
        mean = math.exp(sum(map(math.log, values)) / len(values))
        print(f"geometric mean of {engine}: {mean:.2f}, at most {max(values):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
