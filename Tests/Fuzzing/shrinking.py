"""Makes a module that shows a difference smaller, with `wasm-tools shrink`.

Run as a program this is the predicate that shrink asks: it ends with 0 if the module that it is
given still shows a difference. The oracle runs with fuel then, and must agree with itself whether
or not it canonicalises NaNs by being asked twice: smaller modules have lost what smith put in to
make them end and to make their NaNs canonical.
"""

import pathlib
import random
import subprocess
import sys

from generator import WASM_TOOLS, waits
from oracle import Excluded, Oracle
from subject import Configuration, Subject

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
    module, smaller = pathlib.Path(f"{base}.wasm"), pathlib.Path(f"{base}.small.wasm")
    predicate = pathlib.Path(f"{base}.predicate")
    words = [sys.executable, __file__, options.smelt, configuration.target, configuration.level]
    quoted = " ".join(f"'{word}'" for word in words)
    predicate.write_text(f'#!/bin/sh\nexec {quoted} "$1" >/dev/null 2>&1\n')
    predicate.chmod(0o755)
    subprocess.run(
        [WASM_TOOLS, "shrink", "-a", str(ATTEMPTS), predicate, module, "-o", smaller],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )
    predicate.unlink()
    if not smaller.exists():
        return
    lines = differs(smaller.read_bytes(), "shrink", Subject(options.smelt), configuration)
    if lines:
        pathlib.Path(f"{base}.small.wast").write_text("\n".join(lines) + "\n")
    write_text(pathlib.Path(f"{base}.small"))


def write_text(base: pathlib.Path) -> None:
    """Replaces a binary by its text."""
    module = pathlib.Path(f"{base}.wasm")
    text = pathlib.Path(f"{base}.wat")
    subprocess.run([WASM_TOOLS, "print", module, "-o", text], check=False)
    if text.exists():
        module.unlink()


def main() -> int:
    smelt, target, level, module = sys.argv[1:5]
    binary = pathlib.Path(module).read_bytes()
    return 0 if differs(binary, "shrink", Subject(smelt), Configuration(target, level)) else 1


if __name__ == "__main__":
    sys.exit(main())
