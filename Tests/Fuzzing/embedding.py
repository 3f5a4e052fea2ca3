#!/usr/bin/env python3
"""Runs random modules as libraries in a program in C, and as programs of several modules, and in wasmtime.

    embedding.py --seconds 300               both kinds in turn, until the time is over
    embedding.py --kind libraries --count 3  the first modules of one kind
    embedding.py --target aarch64 --levels O0 Os

Runs with the Python of .build/venv. What the modules do is in shared.py: many short operations on shared
state. A library's are called one by one, by a script that also resets its instance and makes new ones, on
one thread or on three with instances of their own. A program of modules has a loop that calls its own. The
same seed gives the same modules; what shows a difference is kept in .build/fuzz.
"""

import argparse
import collections
import pathlib
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

import wasmtime

from oracle import Oracle
from shared import SharedModule, value
from subject import ROOT, TRIPLES

HERE = pathlib.Path(__file__).resolve().parent
SMELT = ROOT / ".build/smelt/bin/smelt"
WORD = (1 << 64) - 1
DEEPEST = 5
#: Statuses of smelt.h, and what trapping programs say.
STATUSES = {
    "UNREACHABLE": 1, "INTEGER_DIVISION_BY_ZERO": 2, "INTEGER_OVERFLOW": 3,
    "BAD_CONVERSION_TO_INTEGER": 4, "MEMORY_OUT_OF_BOUNDS": 5, "TABLE_OUT_OF_BOUNDS": 6,
    "INDIRECT_CALL_TO_NULL": 8, "BAD_SIGNATURE": 9, "STACK_OVERFLOW": 10,
}
REASONS = {
    1: "unreachable", 2: "integer divide by zero", 3: "integer overflow",
    4: "invalid conversion to integer", 5: "out of bounds memory access",
    6: "out of bounds table access", 8: "uninitialized element", 9: "indirect call type mismatch",
    10: "call stack exhausted", 12: "null function reference",
}
OUT_OF_MEMORY_BOUNDS, HOST_FAILED = 5, 101


class HostFailure(Exception):
    """What the host's function does when it fails."""


class DifferenceError(Exception):
    """Compiled code does something else."""


def signed(number: int) -> int:
    """A word as wasmtime wants it."""
    number &= WORD
    return number - (1 << 64) if number >> 63 else number


def status(error: Exception) -> int:
    """The status for what has ended a call in wasmtime."""
    if isinstance(error, wasmtime.Trap):
        if "null reference" in str(error):
            return 12
        try:
            return STATUSES[error.trap_code.name]
        except (KeyError, AttributeError, ValueError):
            pass
    return HOST_FAILED


def run(*words, seconds=120) -> subprocess.CompletedProcess:
    """Runs a program."""
    words = [str(word) for word in words]
    return subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)


def must_run(*words) -> None:
    """Runs a program that has to succeed."""
    result = run(*words)
    if result.returncode != 0:
        raise DifferenceError(f"{words[0]}: {result.returncode}: {result.stderr[-600:]}")


def emulator(target: str) -> list[str]:
    """What runs programs for a target."""
    return [] if target == platform.machine() else [f"qemu-{target}"]


class Instance:
    """A library's module in wasmtime, with a host as in embedding.c."""

    def __init__(self, engine, module):
        self.engine, self.module, self.depth = engine, module, 0
        self.begin()

    def begin(self) -> None:
        """Makes another instance."""
        self.store = wasmtime.Store(self.engine)
        word = wasmtime.ValType.i64()
        type_ = wasmtime.FuncType([word] * 3, [word])
        provided = {
            "cb": wasmtime.Func(self.store, type_, self.call_back),
            "g": wasmtime.Global(self.store, wasmtime.GlobalType(word, False), wasmtime.Val.i64(77)),
        }
        given = [provided[item.name] for item in self.module.imports]
        self.exports = wasmtime.Instance(self.store, self.module, given).exports(self.store)
        self.count = sum(name.startswith("op") for name in (e.name for e in self.module.exports))

    def call_back(self, a, b, c):
        """The host's function."""
        a, b, c = a & WORD, b & WORD, c & WORD
        if a & 7 == 4:
            if self.depth > DEEPEST:
                return 1
            self.depth += 1
            failure, result = self.call(b % self.count, c, b, a + 1)
            self.depth -= 1
            return signed(failure or result)
        if a & 7 == 5:
            raise HostFailure
        return 6 if a & 7 == 6 else signed(a * 3 + b)

    def call(self, number: int, a: int, b: int, c: int) -> tuple[int, int]:
        """The status and the result of an operation."""
        try:
            return 0, self.exports[f"op{number}"](self.store, signed(a), signed(b), signed(c)) & WORD
        except (wasmtime.Trap, HostFailure) as error:
            return status(error), 0

    def ask(self, name: str) -> int:
        """Calls a function without parameters."""
        return (self.exports[name](self.store) or 0) & WORD


@dataclass
class Way:
    """A target and a level."""

    target: str
    level: str

    def options(self, is_exact: bool) -> list[str]:
        """The compiler's."""
        return ["--target", TRIPLES[self.target], f"-{self.level}", *["--exact-traps"] * is_exact]


class Fuzzer:
    """Runs modules."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.engine = Oracle(is_strict=True).engine
        self.hosts: dict[str, pathlib.Path] = {}

    def binary(self, name: str, text: str) -> bytes:
        """A module as WebAssembly, which is in the folder then."""
        (self.folder / f"{name}.wat").write_text(text)
        binary = wasmtime.wat2wasm(text)
        (self.folder / f"{name}.wasm").write_bytes(binary)
        return binary

    # Libraries --------------------------------------------------------------------------------

    def run_library(self, source: random.Random, ways: list[Way]) -> int:
        """Runs a library; the number of its calls."""
        made = SharedModule(source, source.random() < 0.4)
        made.import_host()
        module = wasmtime.Module(self.engine, self.binary("t", made.define().text()))
        is_exact = source.random() < 0.5
        try:
            instance = Instance(self.engine, module)
        except wasmtime.Trap:
            return 0
        script, wanted = [], []
        for _ in range(4):
            self.plan_calls(source, instance, is_exact, script, wanted)
            is_reset = source.random() < 0.6
            script.append("r" if is_reset else "n")
            wanted += ["r 0"] * is_reset
            instance.begin()
        (self.folder / "script").write_text("\n".join(script) + "\n")
        threads = source.choice([1, 3])
        for way in ways:
            output = self.run_host(way, is_exact, threads).splitlines()
            for index, (found, right) in enumerate(zip(output, wanted, strict=False)):
                if found != right:
                    raise DifferenceError(f"{way}: line {index + 1} is {found!r} and not {right!r}")
            if len(output) != len(wanted):
                raise DifferenceError(f"{way}: {len(output)} lines and not {len(wanted)}")
        return len(wanted) * len(ways)

    def plan_calls(self, source, instance, is_exact, script, wanted) -> None:
        """Adds some calls of an instance."""
        for _ in range(30):
            number, arguments = source.randrange(instance.count), [value(source) for _ in range(3)]
            script.append(f"c {number} " + " ".join(map(str, arguments)))
            instance.depth = 0
            instance.ask("refuel")
            failure, result = instance.call(number, *arguments)
            wanted.append(f"{failure} {result}")
            # What was written before that may not be there.
            if failure == OUT_OF_MEMORY_BOUNDS and not is_exact:
                return
        script.append("d")
        wanted.append(f"d 0 {instance.ask('digest')}")

    def run_host(self, way: Way, is_exact: bool, threads: int) -> str:
        """What the library does."""
        library = self.folder / "libt.so"
        must_run(SMELT, "compile", self.folder / "t.wasm", "--emit", "shared", "--name", "t",
                 "--header", self.folder / "t.h", "-o", library, *way.options(is_exact))
        if way.target not in self.hosts:
            self.hosts[way.target] = self.build_host(way.target)
        result = run(*emulator(way.target), self.hosts[way.target], library, self.folder / "script",
                     threads)
        if result.returncode != 0:
            raise DifferenceError(f"{way}: the host ends with {result.returncode}: {result.stderr[-300:]}")
        return result.stdout

    def build_host(self, target: str) -> pathlib.Path:
        """The program that calls libraries."""
        output, source = self.folder / f"host-{target}", HERE / "embedding.c"
        triple = TRIPLES[target]
        lib = pathlib.Path("/usr/lib") / triple
        must_run(
            "clang-22", f"--target={triple}", "--ld-path=/usr/bin/ld.lld-22", "-nostdlibinc", "-isystem",
            f"/usr/include/{triple}", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-I", self.folder,
            source, "-nostdlib", "-fPIE", "-pie", f"-Wl,-dynamic-linker,/lib/ld-musl-{target}.so.1",
            lib / "Scrt1.o", lib / "crti.o", lib / "libc.so", lib / "crtn.o", "-o", output,
        )
        return output

    # Programs ---------------------------------------------------------------------------------

    def run_program(self, source: random.Random, ways: list[Way]) -> int:
        """Runs a program of some modules; the number of its runs."""
        names = ["a", "b", "c"][: source.choice([1, 1, 2, 3])]
        made: dict[str, SharedModule] = {}
        are_tails = source.random() < 0.5
        for name in [*names, "main"]:
            module = SharedModule(source, are_tails and source.random() < 0.6)
            for other in made:
                if source.random() < 0.7 or name == "main" and other == names[-1]:
                    module.import_from(other, made[other])
            made[name] = module.define()
            # A second instance of the first module, with a state of its own.
            if len(made) == 1 and source.random() < 0.4:
                made["again"] = made[name]
                names.insert(1, "again")
        texts = {name: module.text(loop(module) if name == "main" else "")
                 for name, module in made.items() if name != "again"}
        if "again" in made:
            texts["again"] = texts[names[0]]
        modules = {name: wasmtime.Module(self.engine, self.binary(name, text)) for name, text in texts.items()}
        needed = {"main"}
        for name in reversed([*names, "main"]):
            if name in needed:
                needed |= {item.module for item in modules[name].imports}
        is_exact = source.random() < 0.6
        wanted = [self.expect(source, modules, [name for name in names if name in needed]) for _ in range(8)]
        for way in ways:
            imports = [word for name in names if name in needed
                       for word in ("--import", f"{name}={self.folder / name}.wasm")]
            program = self.folder / "program"
            must_run(SMELT, "compile", self.folder / "main.wasm", "--invoke", "run", "-o", program,
                     *imports, *way.options(is_exact))
            for arguments, failure, output in wanted:
                result = run(*emulator(way.target), program, *arguments)
                self.compare(way, result, failure, output, is_exact)
        return len(wanted) * len(ways)

    def expect(self, source, modules, names):
        """What a run does in wasmtime: its arguments, its status and its output."""
        arguments = source.getrandbits(63), source.choice([1, 5, 20, 60])
        store, linker = wasmtime.Store(self.engine), wasmtime.Linker(self.engine)
        try:
            for name in names:
                linker.define_instance(store, name, linker.instantiate(store, modules[name]))
            exports = linker.instantiate(store, modules["main"]).exports(store)
            return arguments, 0, [str(word) for word in exports["run"](store, *arguments)]
        except wasmtime.Trap as trap:
            return arguments, status(trap), []

    @staticmethod
    def compare(way, result, failure, output, is_exact) -> None:
        """Compares a run of the program with what is right."""
        if failure == 0:
            is_right = result.returncode == 0 and result.stdout.split() == output
        else:
            reasons = [REASONS[failure]] + ["undefined element"] * (failure == 6)
            is_right = result.returncode == 134 and any(text in result.stderr for text in reasons)
        # An access that decides nothing may be left out, and what comes then is another matter.
        if failure == OUT_OF_MEMORY_BOUNDS and not is_exact and result.returncode in (0, 134):
            is_right = True
        if not is_right:
            raise DifferenceError(
                f"{way}: {result.args}: {result.returncode} {result.stdout.split()}"
                f" {result.stderr[:200]!r}, and not {failure} {output}")


def loop(module: SharedModule) -> str:
    """A function that calls operations, which it chooses by a generator of random numbers."""
    count = len(module.operations)
    numbers = [f"(call $some (i64.shr_u (local.get 2) (i64.const {shift})))" for shift in (7, 19, 31)]
    chosen = f"(i32.rem_u (i32.wrap_i64 (i64.shr_u (local.get 2) (i64.const 33))) (i32.const {count}))"
    cases = f"(br_table {' '.join(map(str, range(count)))} {chosen})"
    for name, _ in module.operations:
        cases = f"(block {cases}) (local.set 3 (call {name} {' '.join(numbers)})) (br $end)"
    some = """(func $some (param i64) (result i64) (local i64)
      (local.set 1 (i64.and (local.get 0) (i64.const 15)))
      (if (i64.lt_u (local.get 1) (i64.const 9))
        (then (return (i64.and (i64.shr_u (local.get 0) (i64.const 4)) (i64.const 7)))))
      (if (i64.lt_u (local.get 1) (i64.const 14))
        (then (return (i64.and (i64.shr_u (local.get 0) (i64.const 4)) (i64.const 255)))))
      (if (i64.eq (local.get 1) (i64.const 14))
        (then (return (i64.and (i64.shr_u (local.get 0) (i64.const 4)) (i64.const 0x1ffff)))))
      (i64.rotl (local.get 0) (i64.const 17)))"""
    return f"""{some} (func (export "run") (param i64 i64) (result i64 i64) (local i64 i64 i64)
      (local.set 2 (local.get 0))
      (block $done (loop $next
        (br_if $done (i64.eqz (local.get 1)))
        (local.set 1 (i64.sub (local.get 1) (i64.const 1)))
        (call $refuel)
        (local.set 2 (i64.add
          (i64.mul (local.get 2) (i64.const 6364136223846793005)) (i64.const 1442695040888963407)))
        (block $end {cases})
        (local.set 4 (i64.add (i64.rotl (local.get 4) (i64.const 5)) (local.get 3)))
        (br $next)))
      (local.get 4) (call $digest))"""


def keep(folder: pathlib.Path, name: str) -> pathlib.Path:
    """Keeps what shows a difference."""
    place = ROOT / ".build/fuzz" / f"embedding-{name}"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder, place)
    return place


def main() -> int:
    """Runs modules until there is no more time."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", nargs="+", default=["libraries", "programs"],
                        choices=["libraries", "programs"])
    parser.add_argument("--seed", default="1", help="what everything is derived from")
    parser.add_argument("--start", type=int, default=0, help="the number of the first module")
    parser.add_argument("--count", type=int, default=1_000_000, help="modules of each kind")
    parser.add_argument("--seconds", type=float, default=600, help="stop after about this time")
    parser.add_argument("--target", nargs="+", default=list(TRIPLES), choices=list(TRIPLES))
    parser.add_argument("--levels", nargs="+", default=["O0", "O1", "O2", "O3", "Os"])
    parser.add_argument("--ways", type=int, default=2, help="targets and levels of each module")
    options = parser.parse_args()
    started, totals, failures = time.monotonic(), collections.Counter(), 0
    ways = [Way(target, level) for level in options.levels for target in options.target]
    with tempfile.TemporaryDirectory(prefix="smelt-embedding-") as name:
        fuzzer = Fuzzer(pathlib.Path(name))
        kinds = {"libraries": fuzzer.run_library, "programs": fuzzer.run_program}
        for number in range(options.start, options.start + options.count):
            for kind in options.kind:
                if time.monotonic() - started > options.seconds:
                    break
                source = random.Random(f"{options.seed}-{number}-{kind}")
                chosen = [ways[(number * options.ways + index) % len(ways)]
                          for index in range(min(options.ways, len(ways)))]
                try:
                    totals[f"calls of {kind}"] += kinds[kind](source, chosen)
                except (DifferenceError, subprocess.TimeoutExpired) as error:
                    failures += 1
                    place = keep(fuzzer.folder, f"{kind}-{options.seed}-{number}")
                    print(f"{kind} {options.seed}-{number}: {error}\n  in {place}", flush=True)
                totals[kind] += 1
            else:
                continue
            break
    print(", ".join(f"{count} {what}" for what, count in sorted(totals.items())), f"{failures} failed")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
