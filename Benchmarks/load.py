#!/usr/bin/env python3
"""How much the sandbox costs programs that do nothing but use files: the time of a program that
makes, writes, reads, renames and deletes files, and of one that copies a gigabyte, beside the same C
source compiled natively (static, musl). Runs take turns; the figures are medians.

    python3 Benchmarks/load.py [--rounds N] [--files N] [--megabytes N] [--folder DIR]

Needs `make build`, and clang-22 and lld-22 as that does. Files are made in DIR, by default a folder
of .build."""

import argparse
import filecmp
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SMELT = ROOT / ".build/smelt/bin/smelt"
MUSL = "/usr/lib/x86_64-linux-musl"


def native(source, output):
    """A static program on musl, which is also what compiled programs stand on."""
    objects = output.with_suffix(".o")
    subprocess.run(
        ["clang-22", "--target=x86_64-linux-musl", "-O2", "-fno-pie", "-nostdinc", "-isystem",
         "/usr/include/x86_64-linux-musl", "-c", source, "-o", objects], check=True)
    subprocess.run(
        ["ld.lld-22", "-static", "-o", output, f"{MUSL}/crt1.o", f"{MUSL}/crti.o", objects,
         f"{MUSL}/libc.a", f"{MUSL}/crtn.o"], check=True)


def compiled(source, output, options=()):
    module = output.with_suffix(".wasm")
    subprocess.run(
        ["clang-22", "--target=wasm32-wasi", "-Wno-deprecated", "-O2", source, "-o", module],
        check=True)
    subprocess.run([SMELT, module, "-o", output, "--dir", ".", *options], check=True)


def timed(program, arguments, folder, **streams):
    begin = time.perf_counter()
    result = subprocess.run(
        [program, *arguments], cwd=folder, stderr=subprocess.PIPE, text=True, **streams)
    passed = time.perf_counter() - begin
    if result.returncode != 0:
        sys.exit(f"{program}: status {result.returncode}\n{result.stdout}{result.stderr}")
    return passed, (result.stdout or "") + result.stderr


def files(program, count, folder):
    passed, said = timed(program, [str(count)], folder, stdout=subprocess.PIPE)
    if said != f"{count} files, 0 lost\n":
        sys.exit(f"{program}: {said}")
    return passed


def copy(program, source, folder):
    target = folder / "copy"
    target.unlink(missing_ok=True)
    with open(source, "rb") as standard_input, open(target, "wb") as standard_output:
        passed, said = timed(
            program, [], folder, stdin=standard_input, stdout=standard_output)
    if said != f"{source.stat().st_size} bytes\n" or not filecmp.cmp(source, target, False):
        sys.exit(f"{program} did not copy what it was given: {said}")
    target.unlink()
    return passed


def measure(title, names, rounds, run):
    times = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            times[name].append(run(name))
    medians = {name: statistics.median(values) for name, values in times.items()}
    for name in names:
        ratio = medians[name] / medians["native"]
        print(f"{title:8} {name:14} {medians[name]:8.3f} s  {ratio:5.2f}  "
              f"(least {min(times[name]):.3f})", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--folder", type=pathlib.Path, default=ROOT / ".build")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="load-", dir=options.folder) as name:
        folder = pathlib.Path(name)
        names = ["native", "smelt", "no lockdown"]
        for program in ["files", "copy"]:
            source = ROOT / f"Benchmarks/load/{program}.c"
            native(source, folder / f"{program} native")
            compiled(source, folder / f"{program} smelt")
            compiled(source, folder / f"{program} no lockdown", ["--no-lockdown"])
        measure("files", names, options.rounds,
                lambda name: files(folder / f"files {name}", options.files, folder))
        source = folder / "source"
        with open(source, "wb") as file:
            for _ in range(options.megabytes):
                file.write(os.urandom(1 << 20))
        measure("copy", names, options.rounds,
                lambda name: copy(folder / f"copy {name}", source, folder))


main()
