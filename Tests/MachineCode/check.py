#!/usr/bin/env python3
"""Looks at the machine code that the compiler makes, and fails on what cannot be right.

    check.py                 self-test, generated addresses, and the tests' programs: about a minute
    check.py --all           also the benchmarks' programs and further modules
    check.py FILE...         these objects (.o), or these modules at all levels

Of code that was not optimised, and of generated addresses at every level, each access of a memory
is proved to lie within its reservation. Optimised programs know more than their instructions say
(what was compared, what callers pass), so their addresses are only counted, and those that seem to
go beyond are listed with --verbose. Everywhere, the stack pointer has to come back to where it was,
and addresses relative to gs need a program that says that it sets gs.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import flow
import objects
import patterns

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
WASM_TOOLS = ROOT / ".build/venv/bin/wasm-tools"
ABI = ROOT / "runtime-c/include/smelt/abi.h"
TRIPLES = {"x86_64": "x86_64-linux-musl", "aarch64": "aarch64-linux-musl"}
LEVELS = ["O0", "O1", "O2", "O3", "Os"]
PATTERN_MODULES = 1
#: Programs of the tests that are looked at each time.
PROGRAMS = ["interpreter.c", "function_pointers.c"]


class Checker:
    """Checks objects, and adds up what came of it."""

    def __init__(self, smelt: str, folder: pathlib.Path, verbose: bool):
        self.smelt = smelt
        self.folder = folder
        self.verbose = verbose
        self.failures: list[str] = []
        self.proved = self.unknown = self.beyond = 0

    def check(self, path: pathlib.Path, title: str, is_exact: bool) -> list[str]:
        """Looks at an object; returns what is wrong with it."""
        findings = look_at(path, is_exact)
        self.proved += findings.proved
        self.unknown += findings.unknown
        if not is_exact:
            # Ranges that only comparisons bound: the optimiser's own knowledge.
            beyond = [report for report in findings.reports if report.endswith("of its memory")]
            self.beyond += len(beyond)
            findings.reports = [r for r in findings.reports if r not in beyond]
            if self.verbose:
                print("\n".join(f"{title}: {report}" for report in beyond))
        self.failures += [f"{title}: {report}" for report in findings.reports]
        return findings.reports

    def check_module(self, module: pathlib.Path, exact_levels: list[str], levels=None) -> None:
        """Compiles a module in every way, and looks at the code."""
        for target, triple in TRIPLES.items():
            for level in levels or LEVELS:
                path = self.folder / f"{module.stem}-{target}-{level}.o"
                title = f"{module.name}, {target} -{level}"
                command = [self.smelt, "compile", str(module), "-o", str(path), "--emit", "obj",
                           f"-{level}", "--target", triple, "-j", "1"]
                made = subprocess.run(command, capture_output=True, text=True, check=False)
                if made.returncode != 0:
                    self.failures.append(f"{title}: {made.stderr.strip()}")
                    continue
                self.check(path, title, level in exact_levels)
                path.unlink()

    def check_segment(self, module: pathlib.Path) -> None:
        """Compiles a program for the least size, and looks whether it sets the gs that it uses.

        An object is one unit, and a program may be several, which have to agree.
        """
        path = self.folder / f"{module.stem}-program"
        command = [self.smelt, "compile", str(module), "-o", str(path), "-Os", "--target",
                   TRIPLES["x86_64"]]
        subprocess.run(command, check=True)
        flags, bit = program_flags(path)
        if flags is None:
            self.failures.append(f"{module.name}: the program does not describe itself")
        elif objects.uses_segment(path) and not flags & bit:
            self.failures.append(
                f"{module.name}: addresses are relative to gs, which the program does not set")


def look_at(path: pathlib.Path, is_exact: bool) -> flow.Findings:
    """What is to be said of an object."""
    machine = objects.machine(path)
    functions = objects.functions(path)
    pops: dict[str, int] = {}
    for function in functions:
        taken = flow.MACHINES[machine].popped_bytes(function)
        # Relocations name the one or the other.
        pops[function.name] = pops[function.section] = taken
    findings = flow.Findings()
    for function in functions:
        findings.add(flow.Analysis(function, machine, pops, is_exact).run())
    uses_segment = any(
        "gs:[" in operand for f in functions for i in f.instructions for operand in i.operands)
    flags, bit = program_flags(path)
    if uses_segment and flags is not None and not flags & bit:
        findings.reports.append("addresses are relative to gs, which the program does not set")
    return findings


def program_flags(path: pathlib.Path) -> tuple[int | None, int]:
    """The flags of the program, and the one that says that it sets gs."""
    header = re.sub("//.*", "", ABI.read_text())
    fields = header.split("struct smelt_program {")[1].split("};")[0].split(";")
    offset = 8 * next(n for n, field in enumerate(fields) if field.strip().endswith(" flags"))
    bit = int(header.split("SMELT_PROGRAM_HAS_SEGMENT = ")[1].split(",")[0], 0)
    return objects.program_flags(path, offset), bit


def parse_text(text: str, path: pathlib.Path) -> pathlib.Path:
    """Writes a module in the text format as a binary."""
    subprocess.run([str(WASM_TOOLS), "parse", "-o", str(path)], input=text, text=True, check=True)
    return path


def compile_source(source: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """A C or C++ program as a module."""
    path = folder / f"{source.stem}.wasm"
    is_cpp = source.suffix == ".cpp"
    tool = ["clang++-22", "-std=c++20", "-fno-exceptions"] if is_cpp else ["clang-22"]
    command = [*tool, "--target=wasm32-wasi", "-Wno-deprecated", "-O2", str(source), "-o",
               str(path), "-lm"]
    subprocess.run(command, check=True)
    return path


def test_checker(checker: Checker) -> None:
    """Looks at code with known faults: each file says what has to be reported, line by line."""
    for source in sorted((HERE / "faults").glob("*.s")):
        text = source.read_text()
        path = checker.folder / f"{source.stem}.o"
        triple = TRIPLES[source.stem.split("-")[0]]
        subprocess.run(
            ["llvm-mc-22", f"--triple={triple}", "-filetype=obj", str(source), "-o", str(path)],
            check=True)
        expected = [line.split("report: ")[1] for line in text.splitlines() if "report: " in line]
        found = look_at(path, True).reports
        for number in range(max(len(expected), len(found))):
            wanted = expected[number] if number < len(expected) else "nothing"
            report = found[number] if number < len(found) else "nothing"
            if wanted not in report:
                checker.failures.append(f"{source.name}: {wanted} was expected, not: {report}")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    parser.add_argument("--all", action="store_true", help="more programs, at all levels")
    parser.add_argument("--smelt", default=str(ROOT / ".build/smelt/bin/smelt"))
    parser.add_argument("--verbose", action="store_true", help="list what is only counted")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="smelt-machine-code-") as name:
        folder = pathlib.Path(name)
        checker = Checker(options.smelt, folder, options.verbose)
        if options.files:
            for path in options.files:
                if path.suffix == ".o":
                    checker.check(path, path.name, True)
                else:
                    checker.check_module(path, ["O0"])
        else:
            run(checker, folder, options.all)
    for failure in checker.failures:
        print(failure)
    print(f"{checker.proved} accesses proved, {checker.unknown} with unknown addresses, "
          f"{checker.beyond} bounded by comparisons, {len(checker.failures)} failures")
    return 1 if checker.failures else 0


def run(checker: Checker, folder: pathlib.Path, is_all: bool) -> None:
    """The usual checks."""
    test_checker(checker)
    for number in range(PATTERN_MODULES * (10 if is_all else 1)):
        text = patterns.Code(f"patterns-{number}").module()
        module = parse_text(text, folder / f"patterns-{number}.wasm")
        checker.check_module(module, LEVELS)
    large = parse_text(patterns.large_function(), folder / "large-function.wasm")
    checker.check_segment(large)
    programs = ROOT / "Tests/EndToEndTests/programs"
    sources = [programs / name for name in PROGRAMS]
    if is_all:
        sources = sorted([*programs.glob("*.c"), *programs.glob("*.cpp"),
                          *(ROOT / "Benchmarks/programs").glob("*.c"),
                          *(ROOT / "Benchmarks/programs").glob("*.cpp")])
    for source in sources:
        module = compile_source(source, folder)
        checker.check_module(module, ["O0"], None if is_all else ["O0", "O2", "Os"])


if __name__ == "__main__":
    sys.exit(main())
