"""How sources become native programs and modules: the flags that the comparison rests on."""

import dataclasses
import functools
import pathlib
import platform
import subprocess

from . import build
from .programs import HEADERS, Program

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / ".build" / "benchmarks"
SCRATCH = OUT / "scratch"
MACHINE = platform.machine()

# Without contraction, as WebAssembly has no fused operation and results would differ.
COMMON = ["-ffp-contract=off", "-Wno-deprecated"]
CPP = ["-std=c++17", "-fno-exceptions"]
TUNE = "-mcpu" if MACHINE == "aarch64" else "-march"
BASELINE = "armv8-a" if MACHINE == "aarch64" else "x86-64-v2"


@dataclasses.dataclass(frozen=True)
class Level:
    """One way to set all the compilers."""

    name: str
    clang: tuple[str, ...]  # For native code and modules alike.
    native: tuple[str, ...]  # For native code alone.
    smelt: tuple[str, ...]


BEST = Level("best", ("-O3",), (f"{TUNE}=native",), ("-O3", "--cpu", "native"))
DEFAULT = Level("default", ("-O2",), (f"-march={BASELINE}",), ())
SMALL = Level("small", ("-Os",), (f"-march={BASELINE}",), ("-Os", "--strip"))


@functools.lru_cache(maxsize=None)
def has_native_libcpp() -> bool:
    """Whether C++ can have the same library natively as in WebAssembly."""
    test = "#include <version>\n#ifndef _LIBCPP_VERSION\n#error\n#endif"
    command = ["clang++-22", "-stdlib=libc++", "-x", "c++", "-fsyntax-only", "-"]
    return subprocess.run(command, input=test, text=True, capture_output=True).returncode == 0


def _clang(program: Program) -> list[str]:
    return ["clang++-22", *CPP] if program.is_cpp else ["clang-22"]


def native_command(program: Program, level: Level, target: pathlib.Path) -> list[str]:
    """What makes the executable with this machine's C library, as its users would build it."""
    # Static, as in WebAssembly; the shared one that is installed may be of another release.
    libcpp = ["-stdlib=libc++", "-static-libstdc++"]
    library = libcpp if program.is_cpp and has_native_libcpp() else []
    command = [*_clang(program), *library, *level.clang, *level.native, *COMMON]
    return [*command, str(program.source), "-o", str(target), "-lm"]


def native(program: Program, level: Level) -> pathlib.Path:
    """The executable that everything is compared with."""
    target = OUT / level.name / f"{program.name}.native"
    command = native_command(program, level, target)
    return build.make(target, [command], [program.source, *HEADERS])


def module(program: Program, level: Level) -> pathlib.Path:
    """The WebAssembly module that every engine gets."""
    target = OUT / level.name / f"{program.name}.wasm"
    command = [*_clang(program), "--target=wasm32-wasi", *level.clang, *program.wasm_flags, *COMMON]
    command += [str(program.source), "-o", str(target), "-lm"]
    return build.make(target, [command], [program.source, *HEADERS])


def static_musl(program: Program, level: Level) -> pathlib.Path:
    """A static executable with musl: what compares with one of smelt in size and start-up."""
    target = OUT / level.name / f"{program.name}.musl"
    triple = f"{MACHINE}-linux-musl"
    include, library = pathlib.Path("/usr/include") / triple, pathlib.Path("/usr/lib") / triple
    headers = subprocess.run(["clang-22", "-print-resource-dir"], capture_output=True, text=True)
    command = ["clang-22", f"--target={triple}", *level.clang, *level.native, *COMMON]
    command += ["-ffunction-sections", "-fdata-sections", "-fno-pie", "-no-pie", "-static"]
    command += ["-nostdinc", "-isystem", include, "-isystem", headers.stdout.strip() + "/include"]
    command += ["-nostdlib", "-fuse-ld=lld", "-Wl,--gc-sections,-s", library / "crt1.o"]
    command += [library / "crti.o", program.source, library / "libc.a", library / "crtn.o"]
    return build.make(target, [[*command, "-o", target]], [program.source, *HEADERS])


def empty_program() -> Program:
    """A program that does nothing, to see what an engine costs before its work begins."""
    source = OUT / "empty.c"
    text = "int main(void) { return 0; }\n"
    if not source.exists() or source.read_text() != text:
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text)
    return Program("empty", source)
