"""What the compiler costs: time, memory, the size of what it makes, and how that starts."""

import dataclasses
import pathlib
import statistics
import subprocess
import time

from . import build, large_module, toolchain
from .build import BuildError
from .engines import Smelt
from .programs import Program
from .toolchain import BEST, DEFAULT, OUT, SMALL

LARGE_FUNCTIONS = 9000


@dataclasses.dataclass
class Compilation:
    seconds: float  # Of the clock: how long one waits.
    peak: int  # Bytes.


def probe() -> pathlib.Path:
    source, target = pathlib.Path(__file__).resolve().parent / "probe.c", OUT / "probe"
    command = ["clang-22", "-O2", "-static", str(source), "-o", str(target)]
    return build.make(target, [command], [source])


def compile_once(smelt: Smelt, module: pathlib.Path, options: list[str]) -> Compilation:
    """Compiles, whether or not that has been done before."""
    command = [str(probe()), "cost", *smelt.compile(module, OUT / "timed", options)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        message = " ".join(done.stderr.split())
        raise BuildError(f"smelt exits with {done.returncode}: {message[:130]}")
    seconds, peak = done.stdout.split()[-2:]
    return Compilation(float(seconds), int(peak) * 1024)


def code_size(module: pathlib.Path) -> int:
    """Bytes of the module's code section, the tenth."""
    data, place = module.read_bytes(), 8

    def number() -> int:
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while place < len(data):
        section, place = data[place], place + 1
        size = number()
        if section == 10:
            return size
        place += size
    return 0


@dataclasses.dataclass
class Cost:
    """Of one program."""

    program: Program
    code: int  # Bytes of the module's code section at the best level.
    times: dict[str, Compilation]  # By option.
    clang_seconds: float  # The whole way from C natively, for comparison.
    smelt_size: int
    native_size: int | None  # None for C++, as there is no C++ library for musl here.


def _clang_seconds(program: Program) -> float:
    started = time.monotonic()
    command = toolchain.native_command(program, BEST, OUT / "timed")
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - started


def cost(program: Program, smelt: Smelt) -> Cost:
    module = toolchain.module(program, BEST)
    times = {level: compile_once(smelt, module, [level]) for level in ("-O0", "-O2", "-O3")}
    small = pathlib.Path(smelt.command(program, SMALL)[0]).stat().st_size
    native = None if program.is_cpp else toolchain.static_musl(program, SMALL).stat().st_size
    return Cost(program, code_size(module), times, _clang_seconds(program), small, native)


@dataclasses.dataclass
class Throughput:
    code: int
    by_level: dict[str, Compilation]
    problems: list[str]


def throughput(smelt: Smelt) -> Throughput:
    """On a module with more than a megabyte of code."""
    source, module = OUT / "large.c", OUT / "large.wasm"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(large_module.source(LARGE_FUNCTIONS))
    # Not inlined, as that would fold the functions into much larger ones.
    command = ["clang-22", "--target=wasm32-wasi", "-Wno-deprecated", "-O1", "-fno-inline", "-w"]
    build.make(module, [[*command, str(source), "-o", str(module)]], [source])
    result = Throughput(code_size(module), {}, [])
    for level in ("-O0", "-O2"):
        try:
            result.by_level[level] = compile_once(smelt, module, [level])
        except BuildError as error:
            result.problems.append(f"- {level}: {error}")
    return result


@dataclasses.dataclass
class Startup:
    """Of an empty program; times in microseconds, memory in KiB."""

    median: float
    least: float
    resident: int


def _with_data(megabytes: int) -> Program:
    source = OUT / f"data{megabytes}.c"
    text = f"char data[{megabytes} << 20] = {{1}};\nint main(void) {{ return data[5]; }}\n"
    if not source.exists() or source.read_text() != text:
        source.write_text(text)
    return Program(source.stem, source)


def startups(smelt: Smelt, runs: int) -> dict[str, Startup]:
    """Of smelt's programs, without and with much data, and of a static musl program."""
    empty = toolchain.empty_program()
    programs = {"static musl": toolchain.static_musl(empty, DEFAULT)}
    programs["smelt"] = pathlib.Path(smelt.command(empty, DEFAULT)[0])
    try:
        programs["smelt, 64 MB of data"] = pathlib.Path(smelt.command(_with_data(64), DEFAULT)[0])
    except BuildError:
        pass
    samples: dict[str, list[list[float]]] = {name: [] for name in programs}
    for _ in range(5):  # In turns, here as well.
        for name, program in programs.items():
            samples[name].append([float(x) for x in _probe("time", str(runs), program)])
    return {
        name: Startup(
            statistics.median(sample[0] for sample in samples[name]),
            min(sample[1] for sample in samples[name]),
            int(_probe("memory", program)[0]),
        )
        for name, program in programs.items()
    }


def _probe(*arguments: object) -> list[str]:
    command = [str(probe()), *(str(argument) for argument in arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
