#!/usr/bin/env python3
"""Fails when LLVM no longer has a defect that the compiler works around.

Each case in Sources/Optimization/LLVMDefects/cases says in its comments

    ; run: COMMAND       what translates it, with the case as standard input
    ; wrong: A; B        instructions that stand one behind the other in the result
    ; absent: TEXT       what should be in the result, and is not
    ; fails              the command does not survive

and LLVM still does all of that.
"""

import pathlib
import re
import shlex
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Sources/Optimization/LLVMDefects"


def instructions(assembly: str) -> list[str]:
    """The instructions in assembly: without comments, directives and labels, with single blanks."""
    lines = (re.split(r"//|# |\s;", line)[0].split() for line in assembly.splitlines())
    joined = (" ".join(words) for words in lines if words)
    return [line for line in joined if not line.startswith(".") and not line.endswith(":")]


def contains(code: list[str], wanted: list[str]) -> bool:
    """Whether instructions stand one behind the other; their ends may be left out."""
    return any(
        len(code) >= start + len(wanted) and all(
            line.startswith(part) for line, part in zip(code[start:], wanted))
        for start in range(len(code)))


def problem(case: pathlib.Path) -> str | None:
    """What LLVM does right, or nothing."""
    text = case.read_text()
    notes = re.findall(r"^; (run|wrong|absent|fails)(?:: (.*))?$", text, re.MULTILINE)
    commands = [value for kind, value in notes if kind == "run"]
    if len(commands) != 1 or len(notes) < 2:
        return "the case does not say how it is run, or what is wrong"
    result = subprocess.run(
        shlex.split(commands[0]), input=text, capture_output=True, text=True, check=False)
    if any(kind == "fails" for kind, _ in notes):
        return "it is translated" if result.returncode == 0 else None
    if result.returncode != 0:
        return f"it is not translated: {result.stderr.strip()}"
    code = instructions(result.stdout)
    for kind, value in notes:
        if kind == "wrong" and not contains(code, [part.strip() for part in value.split(";")]):
            return f"the result does not have: {value}"
        if kind == "absent" and any(value in line for line in code):
            return f"the result has: {value}"
    return None


def main() -> int:
    """Looks at all cases."""
    cases = sorted((FOLDER / "cases").glob("*.ll"))
    table = (FOLDER / "README.md").read_text()
    problems = [(case.name, found) for case in cases if (found := problem(case))]
    problems += [
        (case.name, "the table has no row for it") for case in cases
        if f"`{case.name}`" not in table]
    for name, found in problems:
        print(f"{name}: {found}; is what works around it still needed? See its row in README.md")
    print(f"{len(cases)} defects of LLVM looked at, {len(problems)} changed")
    return 1 if problems or not cases else 0


if __name__ == "__main__":
    sys.exit(main())
