#!/usr/bin/env python3
"""Compiles modules to libraries, links them into programs in C, and runs these, on both targets.

    check.py             both targets, two levels, archives and shared libraries
    check.py --quick     one level

The programs of the other architecture run under qemu-user. What must hold is in the programs (hosts/);
here is how they are built. With glibc they are built by gcc and linked by GNU ld, with musl by clang and
ld.lld, since libraries have to get along with both.
"""

import argparse
import pathlib
import platform
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
SMELT = ROOT / ".build/smelt/bin/smelt"
WASM_TOOLS = ROOT / ".build/venv/bin/wasm-tools"
TRIPLES = {"x86_64": "x86_64-linux-musl", "aarch64": "aarch64-linux-musl"}


def run(*words, **options):
    words = [str(word) for word in words]
    result = subprocess.run(words, capture_output=True, text=True, timeout=600, **options)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}\n{result.stdout}{result.stderr}")
    return result


class Build:
    """One way to build and to run programs."""

    def __init__(self, folder, architecture, level, kind, libc):
        self.folder = folder
        self.architecture = architecture
        self.triple = TRIPLES[architecture]
        self.level = level
        self.kind = kind
        self.libc = libc
        self.title = f"{architecture} {libc} {level} {kind}"

    def library(self, module, *options):
        """The library of a module, and with it a header in the folder."""
        ending = "a" if self.kind == "archive" else "so"
        output = self.folder / f"lib{module.stem}.{ending}"
        run(
            SMELT, "compile", module, "--target", self.triple, "--emit", self.kind,
            "--header", self.folder / f"{module.stem}.h", self.level, "-o", output,
            "--cxx-header", self.folder / f"{module.stem}.hpp",
            "--module-map", self.folder / "module.modulemap", *options,
        )  # fmt: skip
        return output

    def program(self, source, libraries):
        output = self.folder / source.stem
        common = [
            "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-DHAS_BACKTRACES",
            "-I", self.folder, "-I", HERE / "hosts", "-o", output,
        ]  # fmt: skip
        if self.libc == "glibc":
            run("gcc", *common, source, *libraries, "-lpthread")
            return output
        lib = pathlib.Path("/usr/lib") / self.triple
        loader = f"/lib/ld-musl-{self.architecture}.so.1"
        run(
            "clang-22", f"--target={self.triple}", "--ld-path=/usr/bin/ld.lld-22", "-nostdlibinc",
            "-isystem", f"/usr/include/{self.triple}", *common, source, "-nostdlib", "-fPIE", "-pie",
            f"-Wl,-dynamic-linker,{loader}", lib / "Scrt1.o", lib / "crti.o", *libraries,
            lib / "libc.so", lib / "crtn.o",
        )  # fmt: skip
        return output

    def other_languages(self, module):
        """The same library from C++, and from Swift and Python if those are here and can load it."""
        library = self.library(module)
        hosts = HERE / "hosts"
        common = ["-I", self.folder, "-o"]
        output = self.folder / "other-cxx"
        words = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-I", hosts]
        run("g++", *words, *common, output, hosts / "other.cpp", library)
        outputs = [self.run(output)]
        if self.kind == "shared":
            outputs.append(self.run(sys.executable, hosts / "other.py", library))
            if shutil.which("swiftc"):
                output = self.folder / "other-swift"
                run("swiftc", *common, output, hosts / "other.swift", "-L", self.folder)
                outputs.append(self.run(output))
        for output in outputs:
            if "0 failures" not in output:
                raise RuntimeError(output)
        return len(outputs)

    def run(self, program, *arguments):
        emulator = [] if self.architecture == platform.machine() else [f"qemu-{self.architecture}"]
        environment = {"LD_LIBRARY_PATH": str(self.folder), "PATH": "/usr/bin:/bin"}
        return run(*emulator, program, *arguments, env=environment).stdout

    def check(self, host, modules, *arguments, options=()):
        libraries = [self.library(module, *options) for module in modules]
        output = self.run(self.program(HERE / "hosts" / host, libraries), *arguments)
        if "0 failures" not in output:
            raise RuntimeError(output)
        return libraries


def modules(folder):
    """The modules, as WebAssembly."""
    found = {}
    for source in sorted((HERE / "modules").iterdir()):
        output = folder / f"{source.stem}.wasm"
        if source.suffix == ".wat":
            run(WASM_TOOLS, "parse", source, "-o", output)
        else:
            run(
                "clang-22", "--target=wasm32-wasi", "-O2", "-mexec-model=reactor", source,
                "-o", output,
            )  # fmt: skip
        found[source.stem] = output
    return found


def large_frame(folder):
    """A function that keeps many values at the same time, and one that calls it from any depth."""
    count = 2000
    body = "".join(
        f"(local.set {i} (i64.mul (local.get {i - 1}) (local.get {max(0, i - 7)})))"
        for i in range(1, count)
    )
    source = folder / "frame.wat"
    source.write_text(
        f"""(module
        (func $big (param i64) (result i64) (local {"i64 " * (count - 1)})
          {body} (i64.add (local.get 1) (call $big (local.get {count - 1}))))
        (func $down (export "down") (param i32) (result i64)
          (if (result i64) (local.get 0)
            (then (i64.add (i64.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))
            (else (call $big (i64.const 1))))))"""
    )
    output = folder / "frame.wasm"
    run(WASM_TOOLS, "parse", source, "-o", output)
    return output


def unused_instance(folder):
    """A function that calls others, which have no use for their instance, and look at the stack for all that."""
    x = "(local.get 1)"
    body = "".join(
        f"""(local.set 1 (i32.add (i32.mul {x} (i32.const {1664525 + 2 * i}))
          (i32.xor (local.get 0) (i32.const {i * 77}))))
        (local.set 1 (i32.xor {x} (i32.shr_u {x} (i32.const {1 + i}))))
        (local.set 1 (i32.rotl {x} (i32.mul (local.get 0) (i32.const {2 * i + 3}))))"""
        for i in range(12)
    )
    calls = "".join(
        f"(local.set 1 (i32.xor {x} (call $mix (i32.mul (local.get 0) (i32.const {i + 3})))))"
        for i in range(40)
    )
    source = folder / "unused.wat"
    source.write_text(
        f"""(module
        (func $mix (param i32) (result i32) (local i32)
          (loop $again {body}
            (br_if $again (local.tee 0 (i32.shr_u (local.get 0) (i32.const 1)))))
          (local.get 1))
        (func $all (param i32) (result i32) (local i32) {calls} (local.get 1))
        (func (export "h") (param i32) (result i32)
          (i32.add (call $all (local.get 0))
            (i32.add (call $all (i32.mul (local.get 0) (i32.const 7))) (call $all (i32.const 99))))))"""
    )
    output = folder / "unused.wasm"
    run(WASM_TOOLS, "parse", source, "-o", output)
    return output


def check_names(library):
    """Nothing of a shared library is for others but what its header has, and it needs nothing."""
    words = run("llvm-nm-22", "-D", library).stdout.split("\n")
    for line in filter(None, words):
        kind, name = line.split()[-2:]
        stem = library.stem.removeprefix("lib")
        # Of the C library, whichever it is, only what tells about threads and the machine.
        allowed = name.startswith("pthread_") or name in ("getauxval", "__tls_get_addr")
        if not (name.startswith(stem + "_") if kind == "T" else allowed):
            raise RuntimeError(f"{library.name} has the name {name} ({kind})")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="one level")
    options = parser.parse_args()
    levels = ["-O2"] if options.quick else ["-O0", "-O2"]
    failures = 0
    count = 0
    with tempfile.TemporaryDirectory(prefix="smelt-libraries-") as name:
        top = pathlib.Path(name)
        inputs = modules(top)
        native = platform.machine()
        ways = [
            (architecture, level, kind, libc)
            for architecture in TRIPLES
            for level in levels
            for kind in ("archive", "shared")
            for libc in (["glibc", "musl"] if architecture == native else ["musl"])
        ]
        for architecture, level, kind, libc in ways:
            folder = top / f"{architecture}{level}{kind}{libc}"
            folder.mkdir()
            build = Build(folder, architecture, level, kind, libc)
            try:
                data = folder / "data"
                data.mkdir()
                libraries = build.check("demo.c", [inputs["demo"]])
                libraries += build.check("two.c", [inputs["demo"], inputs["other"]])
                libraries += build.check("wasi.c", [inputs["wasi"]], data)
                if libc == "glibc" and level == "-O2":
                    count += build.other_languages(inputs["other"])
                if kind == "shared":
                    for library in libraries:
                        check_names(library)
                build.check("unused.c", [unused_instance(top)])
                # The emulator takes long to begin a thread.
                rounds = ["20"] if architecture == native else ["2"]
                build.check("endless.c", [inputs["endless"]], *rounds, options=["--interruptible"])
                build.check("waits.c", [inputs["waits"]], options=["--interruptible"])
                build.check("metered.c", [inputs["metered"]], options=["--fuel"])
                build.check("metered.c", [inputs["metered"]], options=["--fuel", "--interruptible"])
                explicit = ["--bounds-checks", "explicit"]
                build.check("small.c", [inputs["demo"]], options=explicit)
                build.check("demo.c", [inputs["demo"]], options=explicit)
                count += 10
                if level == "-O0":
                    build.check("frame.c", [large_frame(top)])
                    count += 1
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                failures += 1
                print(f"{build.title}: {error}", file=sys.stderr)
    print(f"libraries: {count} programs in {len(ways)} ways, {failures} of these fail")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
