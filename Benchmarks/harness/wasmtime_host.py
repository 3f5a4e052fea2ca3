"""Runs a program in wasmtime; its own process, so that what it uses can be told from the harness.

    wasmtime_host.py --precompile MODULE OUT    compiles, which is not measured
    wasmtime_host.py OUT ARGUMENTS...           runs what was compiled
"""

import sys

import wasmtime


def engine() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.cranelift_opt_level = "speed"
    return wasmtime.Engine(config)


def precompile(module: str, out: str) -> None:
    with open(out, "wb") as file:
        file.write(wasmtime.Module.from_file(engine(), module).serialize())


def run(arguments: list[str]) -> int:
    store = wasmtime.Store(engine())
    module = wasmtime.Module.deserialize_file(store.engine, arguments[0])
    wasi = wasmtime.WasiConfig()
    wasi.argv = arguments
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    wasi.preopen_dir(".", ".")
    store.set_wasi(wasi)
    linker = wasmtime.Linker(store.engine)
    linker.define_wasi()
    try:
        linker.instantiate(store, module).exports(store)["_start"](store)
    except wasmtime.ExitTrap as exit:
        return exit.code
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--precompile":
        precompile(*sys.argv[2:])
    else:
        sys.exit(run(sys.argv[1:]))
