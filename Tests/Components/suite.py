#!/usr/bin/env python3
"""The official tests of preview 1 as components, through the adapter to WASI 0.2: what they ask for arrives
at the host of components.

    suite.py                 for the build machine
    suite.py --all           for both targets

Needs the test data (SMELT_TEST_DATA, or `shared` beside the checkout): the suite and the adapter."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("SMELT_TEST_DATA") or ROOT.parent / "shared")
SUITE = DATA / "wasi-testsuite/wasip1"
ADAPTER = DATA / "adapters/jco.wasi_snapshot_preview1.command.wasm"
WASM_TOOLS = ROOT / ".build/venv/bin/wasm-tools"
SMELT = ROOT / ".build/smelt/bin/smelt"
TARGETS = {"x86_64": [], "aarch64": ["qemu-aarch64"]}
#: What ends in the adapter, as it does in other engines: functions that it has not, arguments that it
#: does not pass on, and a descriptor that it knows.
ADAPTER_LACKS = {
    "args_get-multiple-arguments", "fd_fdstat_set_rights", "fd_write-to-invalid-fd",
    "sock_shutdown-invalid_fd", "sock_shutdown-not_sock",
}


def compile_(module: pathlib.Path, folder: pathlib.Path, target: str) -> pathlib.Path:
    component, program = folder / "component.wasm", folder / "program"
    adapt = f"wasi_snapshot_preview1={ADAPTER}"
    commands = [[WASM_TOOLS, "component", "new", module, "--adapt", adapt, "-o", component],
                [SMELT, "compile", component, "-O1", "--target", target, "-o", program]]
    for command in commands:
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return program


def grants(manifest: dict, files: pathlib.Path, folder: pathlib.Path) -> str:
    words = [f"--env {name}={value}" for name, value in manifest.get("env", {}).items()]
    if "root" in manifest or "dirs" in manifest:
        shutil.copytree(files, folder / "files")
        for path in [folder / "files", *(folder / "files").rglob("*")]:
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | 0o200)
        guest = "/" if "root" in manifest else files.name
        words.append(f"--dir {folder / 'files'}::{guest}")
    return " ".join(words)


def run(module: pathlib.Path, target: str, emulator: list) -> str | None:
    """What is wrong with a test's result."""
    description = module.with_suffix(".json")
    manifest = json.loads(description.read_text()) if description.exists() else {}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        try:
            program = compile_(module, folder, target)
            result = subprocess.run(
                [*emulator, program, *map(str, manifest.get("args", []))], capture_output=True,
                env={**os.environ, "SMELT_GRANTS": grants(manifest, module.parent / "fs-tests.dir", folder)},
                text=True, input=manifest.get("stdin", ""), timeout=60)
        except subprocess.CalledProcessError as error:
            return f"{error.cmd[1]}: {error.stderr.decode()[:300]}"
        except subprocess.TimeoutExpired:
            return "it does not end"
    # A component says whether it failed, and nothing else.
    wanted = min(manifest.get("exit_code", 0), 1)
    if result.returncode != wanted:
        return f"status {result.returncode} instead of {wanted}: {result.stderr[-300:]}"
    if result.stdout != manifest.get("stdout", result.stdout):
        return f"it prints {result.stdout!r}"
    return None


def main(targets: list[str]) -> int:
    if not SUITE.is_dir() or not ADAPTER.is_file():
        print(f"skipped: there are no tests or no adapter in {DATA}")
        return int(bool(os.environ.get("SMELT_NO_SKIPS")))
    status = 0
    for target in targets:
        emulator = [] if os.uname().machine == target else TARGETS[target]
        passed = known = 0
        for module in sorted(SUITE.glob("*/*.wasm")):
            problem = run(module, target, emulator)
            if (module.stem in ADAPTER_LACKS) != (problem is not None):
                print(f"{target} {module.parent.name} {module.stem}: {problem or 'it passes'}")
                status = 1
            passed += problem is None
            known += module.stem in ADAPTER_LACKS
        print(f"{target}: {passed} pass, {known} end in the adapter")
    return status


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="for both targets")
    everything = parser.parse_args().all
    sys.exit(main([target for target in TARGETS if everything or os.uname().machine == target]))
