#!/usr/bin/env python3
"""Compiles a command that componentize-py makes of Python: the interpreter and its libraries are a dozen
modules that share memories and tables. What it prints is compared with what it prints in wasmtime.

    make test-real
    python.py --levels O2

Test data (WASI's interfaces) comes from SMELT_TEST_DATA. Runs with the Python of .build/venv.
"""

import argparse
import platform
import shutil
import subprocess
import sys
import time

import codecs_of_others as shared

OUT = shared.ROOT / ".build/python-component"
INTERFACES = shared.DATA / "wit/v0.2.0/preview2"
ARGUMENTS = [[], ["a1", "b22", "c333"], ["é\u2028😀", ""]]


def component():
    """The command, made anew."""
    wit = OUT / "wit"
    shutil.rmtree(wit, ignore_errors=True)
    (wit / "deps").mkdir(parents=True)
    for package in INTERFACES.iterdir():
        if package.is_dir():
            shutil.copytree(package, wit / "deps" / package.name)
    (wit / "world.wit").write_text("package test:python;\nworld app { include wasi:cli/command@0.2.0; }\n")
    made = OUT / "app.wasm"
    tool = shared.ROOT / ".build/venv/bin/componentize-py"
    shared.run(tool, "-d", wit, "-w", "app", "componentize", "app", "-o", made, cwd=shared.HERE / "python")
    return made


def outcome(command, arguments):
    """The status of a program and what it writes."""
    done = subprocess.run([*command, *arguments], capture_output=True, check=False, timeout=300)
    return done.returncode, done.stdout, done.stderr


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--levels", nargs="+", default=["O1"])
    options = parser.parse_args()
    if not INTERFACES.exists():
        print(f"python: skipped, there is no {INTERFACES}")
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    module = component()
    oracle = [str(shared.wasmtime()), "run", str(module)]
    wanted = [outcome(oracle, arguments) for arguments in ARGUMENTS]
    failed = sum(status != 0 for status, _, _ in wanted)
    for machine, triple in shared.TRIPLES.items():
        emulator = [] if machine == platform.machine() else [f"qemu-{machine}"]
        for level in options.levels:
            program, start = OUT / f"app.{machine}.{level}", time.monotonic()
            shared.run(shared.SMELT, "compile", module, f"-{level}", "--target", triple, "-o", program)
            took = time.monotonic() - start
            for arguments, result in zip(ARGUMENTS, wanted):
                found = outcome([*emulator, str(program)], arguments)
                if found != result:
                    failed += 1
                    print(f"python: {machine} -{level} {arguments}: {found}, not {result}")
            print(f"python: {machine} -{level}: compiled in {took:.0f} s, {program.stat().st_size:,} bytes")
    print(f"python: {failed} runs are not as in wasmtime")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
