#!/usr/bin/env python3
"""What a call from one component into another costs, in nanoseconds, beside the same calls in native C and in
wasmtime.

    make bench-components

Both components are C programs of the test data (polyglot/calls, from SMELT_TEST_DATA): the caller times its own
calls. The least of several runs counts, and the engines take turns. Runs with the Python of .build/venv.
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "Tests/Components"))

from codecs_of_others import DATA, SMELT, WASM_TOOLS, run, wasmtime  # noqa: E402

CALLS, ADAPTERS, OUT = DATA / "polyglot/calls", DATA / "adapters", ROOT / ".build/component-calls"
RUNS = 5


def component(name: str, kind: str, options: list[str]) -> pathlib.Path:
    """A source of the test data as a component."""
    # wasm-tools makes a name of the file's.
    core, embedded, made = (OUT / f"{name}{suffix}.wasm" for suffix in ("-core", "-embedded", ""))
    run("clang-22", "--target=wasm32-wasi", "-w", "-O2", *options, CALLS / f"{name}.c", "-o", core)
    run(WASM_TOOLS, "component", "embed", CALLS / "wit", "--world", name, core, "-o", embedded)
    adapter = ADAPTERS / f"jco.wasi_snapshot_preview1.{kind}.wasm"
    run(WASM_TOOLS, "component", "new", embedded, "--adapt", f"wasi_snapshot_preview1={adapter}", "-o", made)
    return made


def times(command: list[object]) -> dict[str, float]:
    """What a program says of its calls."""
    text = subprocess.run([str(word) for word in command], capture_output=True, check=True).stdout.decode()
    return {name.strip(): float(number) for name, number in re.findall(r"^(.+?) +([\d.]+) ns/call$", text, re.M)}


def main() -> int:
    if not CALLS.exists():
        print(f"components: skipped, there is no {CALLS}")
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    caller, callee = component("caller", "command", []), component("callee", "reactor", ["-mexec-model=reactor"])
    run(SMELT, "compile", caller, "--with", callee, "-O3", "-o", OUT / "smelt")
    run(WASM_TOOLS, "compose", caller, "-d", callee, "-o", OUT / "composed.wasm")
    run(wasmtime(), "compile", OUT / "composed.wasm", "-o", OUT / "composed.cwasm")
    run("clang-22", "-O3", "-w", CALLS / "nat.c", "-o", OUT / "native")
    engines = {"native": [OUT / "native"], "smelt": [OUT / "smelt"],
               "wasmtime": [wasmtime(), "run", "--allow-precompiled", OUT / "composed.cwasm"]}
    best: dict[str, dict[str, float]] = {name: {} for name in engines}
    for _ in range(RUNS):
        for name, command in engines.items():
            for call, time in times(command).items():
                best[name][call] = min(time, best[name].get(call, time))
    print("| ns per call | native | smelt | of native | wasmtime |")
    print("|---|---:|---:|---:|---:|")
    for call, native in best["native"].items():
        smelt, other = best["smelt"][call], best["wasmtime"].get(call, float("nan"))
        print(f"| {call} | {native:.2f} | {smelt:.2f} | {smelt / native:.2f} | {other:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
