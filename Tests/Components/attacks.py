#!/usr/bin/env python3
"""Components that try what they must not, on both targets, without and with optimisation.

Each file of attacks/ says in comments what has to come of it: `;; refused: TEXT`, what the compiler says, or
`;; trap: TEXT`, what the program ends with (`none`: it ends well); and `;; options:` of the compiler."""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
WASM_TOOLS = ROOT / ".build/venv/bin/wasm-tools"
SMELT = ROOT / ".build/smelt/bin/smelt"
TARGETS = {"x86_64": [], "aarch64": ["qemu-aarch64"]}
TRAPPED = {-6, 134}


def words(text: str, key: str) -> str | None:
    found = re.search(rf"^;; {key}: (.*)$", text, re.MULTILINE)
    return found.group(1) if found else None


def check(source: pathlib.Path, folder: pathlib.Path, target: str, level: str) -> str | None:
    text = source.read_text()
    refused, trap = words(text, "refused"), words(text, "trap")
    component, program = folder / "component.wasm", folder / "program"
    program.unlink(missing_ok=True)
    subprocess.run([WASM_TOOLS, "parse", source, "-o", component], check=True, timeout=60)
    command = [SMELT, "compile", component, "--target", target, level, "-o", program,
               *(words(text, "options") or "").split()]
    made = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if refused is not None:
        is_right = made.returncode == 1 and refused in made.stderr and not program.exists()
        return None if is_right else f"not refused with {refused!r}: {made.stderr!r}"
    if made.returncode != 0 or trap is None:
        return f"not compiled: {made.stderr!r}"
    emulator = [] if os.uname().machine == target else TARGETS[target]
    run = subprocess.run([*emulator, program], capture_output=True, text=True, timeout=60)
    is_right = run.returncode == 0 if trap == "none" else (
        run.returncode in TRAPPED and trap in run.stderr)
    return None if is_right else f"{run.returncode}, {run.stderr!r} instead of {trap!r}"


def main() -> int:
    sources = sorted(pathlib.Path(__file__).with_name("attacks").glob("*.wat"))
    problems = 0
    with tempfile.TemporaryDirectory() as name:
        for source in sources:
            for target in TARGETS:
                for level in ("-O0", "-O2"):
                    problem = check(source, pathlib.Path(name), target, level)
                    if problem is not None:
                        print(f"{source.name} {target} {level}: {problem}")
                        problems += 1
    print(f"{len(sources)} attacks of components, {problems} problems")
    return int(problems > 0 or not sources)


if __name__ == "__main__":
    sys.exit(main())
