"""The compiler under test, once more: modules as executables, which `smelt wast` never makes.

A module gets a `_start` that reads the number of an export and its arguments from the standard input
and writes what the export returns. A call that traps is the end of the process; the next one
takes over with the next call. While a program waits for its input it is looked at from outside:
what it was given to write in must be all that has changed.
"""

import os
import pathlib
import platform
import re
import resource
import select
import signal
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass, field

import probe
from generator import WASM_TOOLS
from interface import Function, read_interface
from inspection import THROWING, Inspection
from script import Behaviour, Call
from subject import TRIPLES, Configuration, compile_options, emulator
from values import WIDTH, Value, is_nan, lanes
from wasmtime import wat2wasm

EXPORT = re.compile(r'^\s*\(export ("(?:[^"\\]|\\.)*") \(func (\$"(?:[^"\\]|\\.)*"|\S+)\)\)$')
TAKEN = re.compile(r'^(\s*\(export )"(memory|_start)" ', re.MULTILINE)
FAULT = re.compile(r"address (0x[0-9a-f]+) of memory (\d+)")
#: Where the driver's memory holds what it reads and writes.
RECORD, OUTPUT = 256, 16384
#: Of an argument or result in a record.
SLOT = 16
#: The number of no export: the program answers, and that is all.
NOTHING = 0xFFFFFFFF
#: How many calls a program is given before its answers are read.
CHUNK = 24
TRAP_STATUS = 134
#: What the kernel ends a program with that takes too long.
HUNG = (-signal.SIGXCPU, -signal.SIGKILL)
#: So many traps of a module are tried under an emulator.
MOST_TRAPS = 6
#: How long a program may be silent, in seconds, and how much of the processor's time it may take: a busy
#: machine is no reason to find a difference.
PATIENCE, MOST_SECONDS = 300, 10


class Refused(Exception):
    """The compiler, or the program when it starts, says why it will not."""


class Broken(Exception):
    """Something happened that should not."""


@dataclass
class Failure:
    """A call that did something else in an executable, or the reason why there is none."""

    life: int
    call: int
    message: str


@dataclass
class ProgramReport:
    """What came of a module as an executable."""

    #: Of those that are cases.
    calls: int = 0
    failures: list[Failure] = field(default_factory=list)
    #: Why there is no executable, if that is no failure.
    refused: str | None = None


class Program:
    """A module with a driver around its exports, ready to be compiled."""

    def __init__(self, binary: bytes, names=None):
        """`names` makes custom sections for a module with so many imported functions."""
        self.functions = read_interface(binary).functions
        self.widest = max(
            [1] + [max(len(f.parameters), len(f.results)) for f in self.functions])
        self.record_size = self.output_size = SLOT * (1 + self.widest)
        text = print_text(binary)
        self.numbers = {function.name: number for number, function in enumerate(self.functions)}
        self.binary = bytes(wat2wasm(self.with_driver(text)))
        if names is not None:
            self.binary += names(2)

    def with_driver(self, text: str) -> str:
        """The module's text with imports, a driver, and a memory for both, in the last place."""
        identifiers = [match[2] for line in text.splitlines() if (match := EXPORT.match(line))]
        # What calls the host has its memory in common with the driver.
        is_shared = "(memory $driver " in text
        if not is_shared:
            text = TAKEN.sub(r'\1"guest \2" ', text)
        head, _, body = text.partition("\n")
        cases = [
            self.case(number, function, identifier)
            for number, (function, identifier) in enumerate(zip(self.functions, identifiers))
        ]
        body = body.rstrip().removesuffix(")")
        table = " ".join(f"$driver-{number}" for number in range(len(cases)))
        types = [line for line in body.splitlines() if line.startswith("  (type ")]
        rest = [line for line in body.splitlines() if not line.startswith("  (type ")]
        # Types may be on several lines; they stay where they are then.
        if any(not balanced(line) for line in types) or "  (rec" in body:
            types, rest = [], body.splitlines()
        return "\n".join([
            head.replace("(module", "(module ", 1), *types, IMPORTS, *rest,
            "" if is_shared else '(memory $driver (export "memory") 1 1)', *cases,
            f"(table $driver funcref (elem {table}))", self.start(), ")",
        ])

    def start(self) -> str:
        """The function that the program begins with."""
        return f"""(func (export "_start") (local $filled i32)
  (i32.store $driver (i32.const 16) (i32.const {OUTPUT}))
  (i32.store $driver (i32.const 20) (i32.const {self.output_size}))
  (loop $next
    (local.set $filled (i32.const 0))
    (loop $more
      (i32.store $driver (i32.const 0) (i32.add (i32.const {RECORD}) (local.get $filled)))
      (i32.store $driver (i32.const 4) (i32.sub (i32.const {self.record_size}) (local.get $filled)))
      (if (call $driver-read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)) (then (return)))
      (if (i32.eqz (i32.load $driver (i32.const 8))) (then (return)))
      (local.set $filled (i32.add (local.get $filled) (i32.load $driver (i32.const 8))))
      (br_if $more (i32.lt_u (local.get $filled) (i32.const {self.record_size}))))
    (i32.store $driver (i32.const {OUTPUT}) (i32.load $driver (i32.const {RECORD})))
    (if (i32.ne (i32.load $driver (i32.const {RECORD})) (i32.const -1))
      (then (call_indirect $driver (i32.load $driver (i32.const {RECORD})))))
    (br_if $next (i32.eqz
      (call $driver-write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 8))))))"""

    @staticmethod
    def case(number: int, function: Function, identifier: str) -> str:
        """The function that loads arguments, calls an export and stores the results."""
        arguments = []
        for index, type_ in enumerate(function.parameters):
            place = RECORD + SLOT * (index + 1)
            null = {"funcref": "(ref.null func)", "externref": "(ref.null extern)"}.get(type_)
            arguments.append(null or f"({type_}.load $driver (i32.const {place}))")
        locals_ = " ".join(f"(local $r{i} {type_})" for i, type_ in enumerate(function.results))
        lines = [f"(func $driver-{number} {locals_} (call {identifier} {' '.join(arguments)})"]
        lines += [f"(local.set $r{i})" for i in reversed(range(len(function.results)))]
        for index, type_ in enumerate(function.results):
            place, value = OUTPUT + SLOT * (index + 1), f"(local.get $r{index})"
            if type_ in ("funcref", "externref"):
                type_, value = "i32", f"(i32.eqz (ref.is_null {value}))"
            lines.append(f"({type_}.store $driver (i32.const {place}) {value})")
        return " ".join(lines) + ")"

    def record(self, number: int, arguments: list[Value]) -> bytes:
        """What the program reads to make a call."""
        slots = [struct.pack("<I12x", number)]
        slots += [value.bits.to_bytes(SLOT, "little") for value in arguments]
        return b"".join(slots).ljust(self.record_size, b"\0")


IMPORTS = """(import "wasi_snapshot_preview1" "fd_read"
  (func $driver-read (param i32 i32 i32 i32) (result i32)))
(import "wasi_snapshot_preview1" "fd_write"
  (func $driver-write (param i32 i32 i32 i32) (result i32)))"""


def balanced(line: str) -> bool:
    """Whether a line closes what it opens."""
    return line.count("(") == line.count(")")


def print_text(binary: bytes) -> str:
    """The text of a module in which everything has a name, so that imports can be added."""
    result = subprocess.run(
        [WASM_TOOLS, "print", "--name-unnamed"], input=binary, stdout=subprocess.PIPE, check=True)
    return result.stdout.decode()


class Process:
    """A running program."""

    def __init__(self, command: list[str], program: Program):
        self.program = program
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={}, bufsize=0)
        resource.prlimit(self.process.pid, resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))

    def send(self, data: bytes) -> None:
        """Gives the program something to read."""
        try:
            self.process.stdin.write(data)
        except BrokenPipeError:
            pass

    def answer(self) -> bytes | None:
        """The next answer; nothing if the program has ended."""
        size, received = self.program.output_size, b""
        deadline = time.monotonic() + PATIENCE
        while len(received) < size:
            ready, _, _ = select.select([self.process.stdout], [], [], deadline - time.monotonic())
            if not ready:
                self.process.kill()
                self.process.wait()
                raise Broken("the program does not end")
            data = os.read(self.process.stdout.fileno(), size - len(received))
            if not data:
                return None
            received += data
        return received

    def end(self) -> tuple[int, str]:
        """Closes the program's input; how it ends, and what it says."""
        try:
            self.process.stdin.close()
            message = self.process.stderr.read().decode(errors="replace")
            return self.process.wait(PATIENCE), message
        except subprocess.TimeoutExpired as error:
            self.process.kill()
            self.process.wait()
            raise Broken("the program does not end") from error
        finally:
            self.process.stdout.close()
            self.process.stderr.close()


class Executables:
    """Compiles modules to executables and compares what they do with what was expected."""

    def __init__(self, smelt: str):
        self.smelt = smelt

    def compile(self, program: Program, configuration: Configuration, output: str) -> None:
        """Makes an executable."""
        source = output + ".wasm"
        pathlib.Path(source).write_bytes(program.binary)
        command = [self.smelt, "compile", source, "-o", output, "-j", "1"]
        try:
            result = subprocess.run(
                command + compile_options(configuration), stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=600, check=False)
        except subprocess.TimeoutExpired as error:
            raise Broken("the compiler takes too long") from error
        words = result.stdout.decode(errors="replace").strip()
        if result.returncode not in (0, 1) or result.returncode and "error:" not in words:
            raise Broken(f"the compiler ended with status {result.returncode}: {words[-200:]}")
        if result.returncode:
            raise Refused(words.splitlines()[0])

    def run(self, behaviour: Behaviour, configuration: Configuration) -> ProgramReport:
        """Compiles a module, and makes all calls of all of its lives.

        An emulator takes long to start, and each trap is a start: there, most are left out.
        """
        report = ProgramReport()
        with tempfile.TemporaryDirectory(prefix="smelt-fuzz-") as folder:
            path = os.path.join(folder, "fuzz")
            try:
                program = Program(behaviour.binary, behaviour.custom_sections)
                self.compile(program, configuration, path)
                for number, life in enumerate(behaviour.lives):
                    run = Run(path, program, configuration, number, report)
                    run.compares_maps = not emulator(configuration) and not behaviour.may_map
                    run.changing = THROWING if behaviour.may_throw else frozenset()
                    run.perform(life.calls, MOST_TRAPS if emulator(configuration) else None)
                if not emulator(configuration) and platform.machine() == "x86_64":
                    for name in behaviour.probes:
                        self.probe(path, program, name, report)
            except Refused as error:
                report.refused = str(error)
                if not behaviour.may_be_refused and "not compiled yet" not in str(error):
                    report.failures.append(Failure(0, 0, str(error)))
            except Broken as error:
                report.failures.append(Failure(0, 0, str(error)))
        return report


    def probe(self, path: str, program: Program, name: str, report: ProgramReport) -> None:
        """Has the program make a system call that it gave up before its guest ran."""
        process = Process([path], program)
        process.send(program.record(NOTHING, []))
        if process.answer() is None:
            raise Broken("the program does not start: " + describe(*process.end()))
        wrong = probe.perform(process.process.pid, probe.FORBIDDEN[name])
        process.process.kill()
        process.end()
        if wrong:
            report.failures.append(Failure(0, -1, f"system call {name}: {wrong}"))


class Run:
    """The calls of one life, in as many processes as there are traps."""

    #: So many calls are reported; the rest will be the same.
    MOST_FAILURES = 5

    def __init__(
        self, path: str, program: Program, configuration: Configuration, life: int,
        report: ProgramReport,
    ):
        self.program, self.life, self.report = program, life, report
        self.command = emulator(configuration) + [path]
        self.path = path
        #: An emulator maps what it likes.
        self.compares_maps = True
        #: What of the runtime's the program may change.
        self.changing: frozenset = frozenset()
        #: Set when one took so long that nobody waits for more.
        self.has_hung = False

    def perform(self, calls: list[Call], most_traps: int | None) -> None:
        """Makes the calls."""
        rest = [
            (number, call) for number, call in enumerate(calls)
            if all(value.type not in ("funcref", "externref") or not value.bits
                   for value in call.arguments)
        ]
        traps = [number for number, call in rest if call.trap]
        if most_traps is not None and len(traps) > most_traps:
            kept = set(traps[:: len(traps) // most_traps + 1])
            rest = [(number, call) for number, call in rest if not call.trap or number in kept]
        while rest and len(self.report.failures) < self.MOST_FAILURES and not self.has_hung:
            rest = self.perform_some(rest)

    def perform_some(self, rest: list[tuple[int, Call]]) -> list[tuple[int, Call]]:
        """Makes calls in one process; returns those that are left when it has ended."""
        process = Process(self.command, self.program)
        process.send(self.program.record(NOTHING, []))
        if process.answer() is None:
            status, message = process.end()
            if status == 1 and message.startswith("error: "):
                raise Refused("when it starts: " + message.splitlines()[0])
            raise Broken(f"the program does not start: status {status}: {message[:200]}")
        inspection = self.inspection(process, len(rest))
        done = 0
        while done < len(rest):
            chunk = rest[done : done + CHUNK]
            trap = next((i for i, (_, call) in enumerate(chunk) if call.trap), len(chunk))
            if trap == 0:
                if inspection is not None:
                    self.inspect(inspection, rest[max(0, done - 1)][0])
                self.trap(process, *chunk[0])
                return rest[done + 1 :]
            answered = self.exchange(process, chunk[:trap])
            done += answered
            if answered < trap:
                self.died(process, *rest[done])
                return rest[done + 1 :]
        if inspection is not None:
            self.inspect(inspection, rest[-1][0])
        status, message = process.end()
        if status != 0:
            self.fail(rest[-1][0], f"the program ended with status {status}: {message[:200]}")
        return []

    def inspection(self, process: Process, calls: int) -> Inspection | None:
        """What the program looks like before the first of many calls."""
        if calls < CHUNK:
            return None
        return Inspection(process.process.pid, self.path, self.compares_maps, self.changing)

    def exchange(self, process: Process, chunk: list[tuple[int, Call]]) -> int:
        """Makes calls that should return, and compares their results; how many did return."""
        for _, call in chunk:
            process.send(self.program.record(self.program.numbers[call.name], call.arguments))
        for answered, (number, call) in enumerate(chunk):
            data = process.answer()
            if data is None:
                return answered
            self.report.calls += call.is_case
            self.compare(number, call, data)
        return len(chunk)

    def compare(self, number: int, call: Call, data: bytes) -> None:
        """Compares results."""
        for index, expected in enumerate(call.results):
            slot = data[SLOT * (index + 1) : SLOT * (index + 2)]
            reference = expected.type in ("funcref", "externref")
            size = 4 if reference else WIDTH[expected.type] // 8
            bits = int.from_bytes(slot[:size], "little")
            if reference:
                expected = Value(expected.type, int(expected.bits != 0))
            if bits != expected.bits and not both_nan(expected, bits, call.any_nan):
                self.fail(number, f"result {index} is {bits:#x} and not {expected.bits:#x}")

    def trap(self, process: Process, number: int, call: Call) -> None:
        """Makes a call that should trap."""
        process.send(self.program.record(self.program.numbers[call.name], call.arguments))
        self.report.calls += call.is_case
        if process.answer() is not None:
            process.end()
            self.fail(number, f"it returned, and should have trapped: {call.trap}")
            return
        status, message = process.end()
        if status != TRAP_STATUS or not message.startswith(f"wasm trap: {call.trap}"):
            self.has_hung = status in HUNG
            self.fail(number, f"{describe(status, message)} instead of: {call.trap}")
            return
        fault = FAULT.search(message)
        if fault is None or call.fault is None:
            return
        address, memory = int(fault[1], 16), int(fault[2])
        where, first, end = call.fault
        if memory != where or not first <= address < end:
            self.fail(number, f"it faulted at {address:#x} of memory {memory}, not at {first:#x}")

    def died(self, process: Process, number: int, call: Call) -> None:
        """Reports a call that should have returned."""
        self.report.calls += call.is_case
        status, message = process.end()
        self.has_hung = status in HUNG
        self.fail(number, describe(status, message))

    def inspect(self, inspection: Inspection, number: int) -> None:
        """Looks for what should not have changed."""
        for message in inspection.differences():
            self.fail(number, f"at this call or before: {message}")

    def fail(self, number: int, message: str) -> None:
        """Writes down a failure."""
        self.report.failures.append(Failure(self.life, number, message))


def describe(status: int, message: str) -> str:
    """How a program ended."""
    if status in HUNG:
        return f"the program does not end within {MOST_SECONDS} s"
    if status < 0:
        return f"killed by {signal.Signals(-status).name}"
    return f"status {status}: {(message.strip() or 'no message').splitlines()[0]}"


def both_nan(expected: Value, bits: int, lane: str | None) -> bool:
    """Whether a result is a NaN where any NaN will do."""
    if lane is None or expected.type[0] not in "fv":
        return False
    if expected.type != "v128":
        return is_nan(expected.type, expected.bits) and is_nan(expected.type, bits)
    pairs = zip(lanes(lane, expected.bits), lanes(lane, bits))
    return all(a == b or is_nan(lane, a) and is_nan(lane, b) for a, b in pairs)
