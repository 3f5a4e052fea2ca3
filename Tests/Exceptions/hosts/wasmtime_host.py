"""Runs a WASI module in wasmtime, which knows exnref: wasmtime_host.py MODULE ARGUMENTS..."""

import resource
import sys
import time

import wasmtime


def main() -> int:
    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.wasm_gc = True
    config.wasm_function_references = True
    config.max_wasm_stack = (2 << 20) - (1 << 16)
    config.cache = True
    engine = wasmtime.Engine(config)
    started = time.monotonic()
    module = wasmtime.Module.from_file(engine, sys.argv[1])
    compiled = time.monotonic()
    store, wasi, linker = wasmtime.Store(engine), wasmtime.WasiConfig(), wasmtime.Linker(engine)
    wasi.argv = sys.argv[1:]
    wasi.inherit_stdin()
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    wasi.preopen_dir(".", ".")
    store.set_wasi(wasi)
    linker.define_wasi()
    try:
        linker.instantiate(store, module).exports(store)["_start"](store)
    except wasmtime.ExitTrap as exit_:
        return exit_.code
    finally:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"wasmtime: compiled in {compiled - started:.1f} s, ran {time.monotonic() - compiled:.1f} s,"
              f" {memory} MiB", file=sys.stderr)
    return 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_STACK, (64 << 20, resource.RLIM_INFINITY))
    sys.exit(main())
