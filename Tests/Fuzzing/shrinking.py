"""Makes a module that shows a difference smaller, with `wasm-tools shrink`.

Run as a program this is the predicate that shrink asks: it ends with 0 if the module that it is
given still shows a difference. The oracle runs with fuel then, and must agree with itself whether
or not it canonicalises NaNs by being asked twice: smaller modules have lost what smith put in to
make them end and to make their NaNs canonical.
"""

import dataclasses
import pathlib
import pickle
import random
import subprocess
import sys

from executable import Executables, Program
from generator import WASM_TOOLS, waits
from oracle import Excluded, Oracle
from script import Behaviour, Call, Life
from subject import Configuration, Subject, compile_options

ATTEMPTS = 80
FUEL = 2_000_000


def differs(
    binary: bytes, seed: str, subject: Subject, configuration: Configuration
) -> list[str] | None:
    """The script that shows a difference, if there is one."""
    if waits(binary):
        return None
    try:
        behaviour = Oracle(FUEL).observe(binary, random.Random(seed))
    except Excluded:
        return None
    report, _ = subject.run_all([behaviour], configuration)
    return None if report.is_good else behaviour.commands("m0")


def shrink(base: pathlib.Path, configuration: Configuration, options) -> None:
    """Replaces the module and the script by smaller ones if there are any."""
    words = [options.smelt, configuration.target, configuration.level]
    binary = run_shrink(base, pathlib.Path(f"{base}.wasm"), words)
    if binary is None:
        return
    pathlib.Path(f"{base}.small.wasm").write_bytes(binary)
    lines = differs(binary, "shrink", Subject(options.smelt), configuration)
    if lines:
        pathlib.Path(f"{base}.small.wast").write_text("\n".join(lines) + "\n")
    write_text(pathlib.Path(f"{base}.small"))


def run_shrink(base: pathlib.Path, module: pathlib.Path, arguments: list[str]) -> bytes | None:
    """The smallest module for which this program, given these arguments, ends with 0."""
    predicate, smaller = pathlib.Path(f"{base}.predicate"), pathlib.Path(f"{base}.smaller")
    quoted = " ".join(f"'{word}'" for word in [sys.executable, __file__, *arguments])
    predicate.write_text(f'#!/bin/sh\nexec {quoted} "$1" >/dev/null 2>&1\n')
    predicate.chmod(0o755)
    subprocess.run(
        [WASM_TOOLS, "shrink", "-a", str(ATTEMPTS), predicate, module, "-o", smaller],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )
    predicate.unlink()
    if not smaller.exists():
        return None
    binary = smaller.read_bytes()
    smaller.unlink()
    return binary


# Calls ---------------------------------------------------------------------------------------


def reduced(behaviour: Behaviour, call: Call | None) -> Behaviour:
    """A module and no more than what leads to a call."""
    life = next((life for life in behaviour.lives if call in life.calls), None)
    if life is None:
        return behaviour
    calls = life.calls[: life.calls.index(call) + 1]
    return dataclasses.replace(
        behaviour, lives=[Life([call] if behaviour.is_independent else calls)])


def call_differs(behaviour: Behaviour, form: str, configuration: Configuration, smelt: str) -> bool:
    """Whether a module does in one way what it should not."""
    if form == "executable":
        return bool(Executables(smelt).run(behaviour, configuration).failures)
    report, _ = Subject(smelt).run_all([behaviour], configuration)
    return not report.is_good


def save_case(base: pathlib.Path, difference, smelt: str, should_shrink: bool) -> None:
    """Saves a module and a call, with what runs them: a script, or a program and its input."""
    behaviour, way = reduced(difference.behaviour, difference.call), difference.way
    if not call_differs(behaviour, way.form, way.configuration, smelt):
        # It takes what came before.
        behaviour = difference.behaviour
    elif should_shrink and difference.call and behaviour.is_independent:
        behaviour = shrink_case(base, behaviour, way, smelt)
    options = " ".join(compile_options(way.configuration))
    if way.form == "dynamic":
        lines = [f";; smelt wast {options}: {difference.message}", *behaviour.commands("m0")]
        pathlib.Path(f"{base}.wast").write_text("\n".join(lines) + "\n")
    else:
        program = Program(behaviour.binary, behaviour.custom_sections)
        pathlib.Path(f"{base}.program.wasm").write_bytes(program.binary)
        calls = [call for life in behaviour.lives for call in life.calls]
        records = [program.record(program.numbers[call.name], call.arguments) for call in calls]
        pathlib.Path(f"{base}.input").write_bytes(b"".join(records))
        lines = [f"smelt compile {options} {base.name}.program.wasm -o program",
                 f"program < {base.name}.input", difference.message,
                 *(call.assertion("m0-0") for call in calls)]
        pathlib.Path(f"{base}.txt").write_text("\n".join(lines) + "\n")
    pathlib.Path(f"{base}.wasm").write_bytes(behaviour.binary)
    write_text(base)


def shrink_case(base: pathlib.Path, behaviour: Behaviour, way, smelt: str) -> Behaviour:
    """A smaller module that still differs in its only call."""
    (call,) = behaviour.lives[0].calls
    state = pathlib.Path(f"{base}.state")
    state.write_bytes(pickle.dumps((call, way.form, way.configuration, smelt)))
    module = pathlib.Path(f"{base}.whole.wasm")
    module.write_bytes(behaviour.binary)
    binary = run_shrink(base, module, ["--call", str(state)])
    state.unlink()
    module.unlink()
    smaller = case_of(binary, call) if binary else None
    return smaller or behaviour


def case_of(binary: bytes, call: Call) -> Behaviour | None:
    """What the oracle sees of a call of another module."""
    oracle = Oracle(is_strict=True)
    try:
        interface = oracle.interface(binary)
        if not any(function.name == call.name for function in interface.functions):
            return None
        fresh = dataclasses.replace(call, results=[], trap=None)
        behaviour = oracle.perform(binary, interface, [fresh])
        return dataclasses.replace(
            behaviour, is_independent=True, lives=[Life(life.calls) for life in behaviour.lives])
    except Excluded:
        return None


def write_text(base: pathlib.Path) -> None:
    """Replaces a binary by its text."""
    module = pathlib.Path(f"{base}.wasm")
    text = pathlib.Path(f"{base}.wat")
    subprocess.run([WASM_TOOLS, "print", module, "-o", text], check=False)
    if text.exists():
        module.unlink()


def main() -> int:
    if sys.argv[1] == "--call":
        call, form, configuration, smelt = pickle.loads(pathlib.Path(sys.argv[2]).read_bytes())
        behaviour = case_of(pathlib.Path(sys.argv[3]).read_bytes(), call)
        return 1 if behaviour is None or not call_differs(
            behaviour, form, configuration, smelt) else 0
    smelt, target, level, module = sys.argv[1:5]
    binary = pathlib.Path(module).read_bytes()
    return 0 if differs(binary, "shrink", Subject(smelt), Configuration(target, level)) else 1


if __name__ == "__main__":
    sys.exit(main())
