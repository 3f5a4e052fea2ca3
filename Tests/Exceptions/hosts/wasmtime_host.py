"""Runs a WASI module in wasmtime, which knows exnref.

    wasmtime_host.py [--share FOLDER] MODULE ARGUMENTS...

A folder that is shared is called /share, and a folder `tmp`, where there is one, /tmp.
"""

import os
import resource
import sys
import time

import wasmtime


def main() -> int:
    words = sys.argv[1:]
    share = words[1] if words[0] == "--share" else None
    words = words[2:] if share else words
    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.wasm_gc = True
    config.wasm_function_references = True
    config.max_wasm_stack = (2 << 20) - (1 << 16)
    config.cache = True
    engine = wasmtime.Engine(config)
    started = time.monotonic()
    module = wasmtime.Module.from_file(engine, words[0])
    compiled = time.monotonic()
    store, wasi, linker = wasmtime.Store(engine), wasmtime.WasiConfig(), wasmtime.Linker(engine)
    wasi.argv = words
    wasi.inherit_stdin()
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    wasi.preopen_dir(".", ".")
    if os.path.isdir("tmp"):
        wasi.preopen_dir("tmp", "/tmp")
    if share:
        wasi.preopen_dir(share, "/share")
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
