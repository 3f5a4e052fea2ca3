#!/usr/bin/env python3
"""Takes the protections of the sandbox away, one at a time, and has the fuzzers find out.

    make planted                 builds a compiler that can do without them, and tries every fault
    planted.py callType globalISel --seconds 600
    planted.py --table           only prints what was found so far

For each fault all kinds of cases have the same time, as `fuzz.py` runs them, until the first difference. It counts
if the same module in the same configuration makes none without the fault. Times are those of the
processor, of everything that takes part; beside them stands what the kind that found it took.
"""

import argparse
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

import fuzz
from subject import ROOT, TRIPLES

BUILD = ROOT / ".build/planted"
SOURCE = ROOT / "Sources/PlantedFaults/PlantedFault.swift"
RUNTIME_SOURCE = ROOT / "runtime-c/src/core/planted_fault.h"
VARIABLE = "SMELT_PLANTED_FAULT"


@dataclass(frozen=True)
class Fault:
    """A protection that is missing."""

    name: str
    description: str
    is_runtime: bool = False

    def compiler(self) -> pathlib.Path:
        """The compiler with the fault, or that can have it."""
        return BUILD / (self.name if self.is_runtime else "none") / "bin/smelt"


def all_faults() -> dict[str, Fault]:
    """The faults, as the sources have them."""
    faults = [
        Fault(name, " ".join(text.replace("///", "").split()))
        for text, name in re.findall(
            r"((?:^    ///.*\n)+)^    case (\w+)$", SOURCE.read_text(), re.MULTILINE)
    ]
    faults += [
        Fault(name, " ".join(text.replace("//", "").split()), True)
        for text, name in re.findall(
            r"((?:^//.*\n)+)#ifndef SMELT_PLANTED_(?!FAULT_H)(\w+)$", RUNTIME_SOURCE.read_text(),
            re.MULTILINE)
    ]
    return {fault.name: fault for fault in faults}


def build_runtime(fault: Fault) -> None:
    """Puts a compiler beside a runtime with the fault, if it is one of the runtime."""
    program = fault.compiler()
    if fault.is_runtime:
        program.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(BUILD / "none/bin/smelt", program)
    option = f"PLANTED=-DSMELT_PLANTED_{fault.name}=1" if fault.is_runtime else "PLANTED="
    output = program.parents[1] / "lib/smelt"
    subprocess.run(
        ["make", "-s", "-C", str(ROOT / "runtime-c"), f"OUT={output}", option], check=True)


def spent() -> float:
    """Seconds of the processor, of this process and of all that it has waited for."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@dataclass
class Finding:
    """How a fault was found."""

    fault: str
    #: Nothing if it was not.
    kind: str = ""
    way: str = ""
    message: str = ""
    seed: str = ""
    #: Of the processor: of all kinds, and of the one that found it.
    seconds: float = 0
    kind_seconds: float = 0
    wall_seconds: float = 0
    cases: int = 0

    def row(self, description: str) -> str:
        """A row of the table."""
        found = (f"{self.kind}, {self.way}" if self.kind else "not found", f"{self.seconds:.0f}",
                 f"{self.kind_seconds:.0f}", f"{self.cases:,}")
        return f"| {description.removesuffix('.')} | " + " | ".join(found) + " |"


class Hunt:
    """The search for one fault."""

    def __init__(self, fault: Fault, options):
        self.fault, self.options = fault, options
        self.sound = fuzz.Fuzzer(str(BUILD / "none/bin/smelt"))
        # It keeps the environment that it is made in.
        self.plant()
        self.fuzzer = fuzz.Fuzzer(str(fault.compiler()))
        os.environ.pop(VARIABLE, None)

    def run(self) -> Finding:
        """Runs cases until something differs or the time is over."""
        finding, wall, begin = Finding(self.fault.name), time.monotonic(), spent()
        turns = fuzz.Turns(self.options)
        for kind, seed, ways in turns.tasks():
            before = spent()
            for way in ways:
                self.plant()
                outcome = self.fuzzer.run((kind, seed, [way]))
                os.environ.pop(VARIABLE, None)
                finding.cases += sum(outcome.runs.values())
                finding.seconds, finding.wall_seconds = spent() - begin, time.monotonic() - wall
                if outcome.differences and self.is_due_to_fault(kind, seed, way):
                    finding.kind, finding.way, finding.seed = kind, str(way), seed
                    finding.kind_seconds = turns.seconds[kind] + spent() - before
                    finding.message = outcome.differences[0].message[:200]
                    return finding
            turns.finish(kind, spent() - before)
            if finding.seconds > self.options.seconds:
                break
        return finding

    def plant(self) -> None:
        """Has the compiler leave the protection out."""
        if not self.fault.is_runtime:
            os.environ[VARIABLE] = self.fault.name

    def is_due_to_fault(self, kind: str, seed: str, way: fuzz.Way) -> bool:
        """Whether there is no difference without the fault."""
        differences = self.sound.run((kind, seed, [way])).differences
        for difference in differences:
            print(f"WITHOUT A FAULT: {kind} {seed} {way}: {difference.message}", flush=True)
        return not differences


def print_table(faults: dict[str, Fault], findings: dict[str, Finding]) -> None:
    """What found what, and when."""
    print("| Without the protection | Found by | s | of these its own | cases |")
    print("|---|---|---:|---:|---:|")
    for name, fault in faults.items():
        if name in findings:
            print(findings[name].row(fault.description))


def parse_options(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("faults", nargs="*", help="the faults to try; all of them if none is named")
    parser.add_argument("--seconds", type=float, default=300, help="of the processor, for each")
    parser.add_argument("--kind", nargs="+", default=fuzz.available_kinds(), choices=fuzz.KINDS)
    parser.add_argument("--seed", default="planted", help="what everything is derived from")
    parser.add_argument("--target", nargs="+", default=list(TRIPLES), choices=list(TRIPLES))
    parser.add_argument("--levels", nargs="+", default=fuzz.LEVELS, choices=fuzz.LEVELS)
    parser.add_argument("--forms", nargs="+", default=fuzz.FORMS, choices=fuzz.FORMS)
    parser.add_argument("--ways", type=int, default=2, help="configurations of each module")
    parser.add_argument("--table", action="store_true", help="only print what was found so far")
    options = parser.parse_args(arguments)
    options.start, options.count = 0, 1_000_000
    return options


def main() -> int:
    options, faults = parse_options(sys.argv[1:]), all_faults()
    unknown = [name for name in options.faults if name not in faults]
    if unknown:
        sys.exit(f"there are no faults {', '.join(unknown)}; there are {', '.join(faults)}")
    file = BUILD / "findings.json"
    findings = {name: Finding(**data) for name, data in json.loads(
        file.read_text() if file.exists() else "{}").items()}
    missed = 0
    for name in [] if options.table else options.faults or list(faults):
        build_runtime(faults[name])
        finding = Hunt(faults[name], options).run()
        missed += not finding.kind
        print(f"{name}: {finding}", flush=True)
        # Others may write at the same time.
        findings = {other: Finding(**data) for other, data in json.loads(
            file.read_text() if file.exists() else "{}").items()} | {name: finding}
        file.write_text(json.dumps({key: vars(value) for key, value in findings.items()}, indent=1))
    print_table(faults, findings)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
