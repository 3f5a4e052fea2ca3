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

    def program(self, source, libraries, compiler="gcc", options=()):
        output = self.folder / source.stem
        common = [
            "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-DHAS_BACKTRACES",
            "-I", self.folder, "-I", HERE / "hosts", "-o", output, *options,
        ]  # fmt: skip
        if self.libc == "glibc":
            run(compiler, *common, source, *libraries, "-lpthread", "-lm")
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

    def check_hosts(self, host, library):
        """The same program under sanitizers and, from an archive, without anything shared."""
        ways = [("gcc", ["-fsanitize=address,undefined"]), ("gcc", ["-fsanitize=thread"]),
                ("clang-22", ["-fsanitize=address,undefined"])]  # fmt: skip
        if self.kind == "archive":
            ways.append(("gcc", ["-static", "-UHAS_BACKTRACES"]))
        for compiler, options in ways:
            program = self.program(HERE / "hosts" / host, [library], compiler, ["-g", *options])
            if "0 failures" not in self.run(program):
                raise RuntimeError(f"{compiler} {options}")
        return len(ways)


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


def large_frame(folder, count):
    """A function that keeps many values over a call, and one that calls it from any depth."""
    before = "".join(
        f"(local.set {i} (i32x4.add (local.get 0) (v128.const i32x4 {i} 2 3 4)))"
        for i in range(1, count)
    )
    behind = "".join(
        f"(local.set 0 (i32x4.mul (local.get 0) (local.get {i})))" for i in range(1, count)
    )
    source = folder / "frame.wat"
    source.write_text(
        f"""(module
        (func $big (param v128) (result v128) (local {"v128 " * (count - 1)})
          {before} (drop (call $big (local.get 1))) {behind} (local.get 0))
        (func $down (export "down") (param i32) (result i64)
          (if (result i64) (local.get 0)
            (then (i64.add (i64.const 1) (call $down (i32.sub (local.get 0) (i32.const 1)))))
            (else (i64x2.extract_lane 0 (call $big (v128.const i64x2 1 2)))))))"""
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


def leb(number):
    """A number in the binary format."""
    return bytes([number]) if number < 128 else bytes([number & 127 | 128]) + leb(number >> 7)


def hostile_names(imports, exports):
    """A module with functions and globals of these names, which no text format could spell."""

    def vector(items):
        return leb(len(items)) + b"".join(items)

    def name(text):
        return leb(len(text.encode())) + text.encode()

    def section(number, content):
        return bytes([number]) + leb(len(content)) + content

    pairs = [name(module) + name(item) for module, item in imports]
    first = leb(len(pairs))
    # Functions take a reference and return it; what is exported is a function of each name.
    return b"\0asm\1\0\0\0" + b"".join([
        section(1, vector([b"\x60\1\x6f\1\x6f"])),
        section(2, vector([pair + b"\0\0" for pair in pairs] + [pair + b"\3\x7f\0" for pair in pairs])),
        section(3, vector([b"\0"])),
        section(7, vector([name(item) + b"\0" + first for item in exports])),
        section(10, vector([b"\4\0\x20\0\x0b"])),
    ])  # fmt: skip


# Words, macros and types of C and C++, what a comment may stumble over, and what the headers have themselves.
WORDS = [
    "", "_", "1", "Bool", "_Bool", "__attribute__", "__linux__", "UINT32_MAX", "NULL", "EOF", "SMELT_OK",
    "static_assert", "thread_local", "co_await", "and_eq", "not_eq", "bitand", "concept", "typeid",
    "wchar_t", "uint32_t", "size_t", "smelt_reference", "smelt_status", "smelt_v128", "std", "n", "n_instance",
    "n_imports", "n_new", "a", "n_a", "get", "reset", "check", "instance", "free_instance", "linux", "unix",
    "errno", "assert", "stdin", "major", "size", "context", "p0", "r0", "new", "free", "error", "imports",
    "*/", "\\", "??/", "a\n#error", "\u202e", "\u2028", "\r", "x" * 5000, "x_get", "x", "x_2", "x ",
]  # fmt: skip


def check_hostile_names(folder):
    """Headers can be read whatever a module's names are, and nothing is linked by these."""
    source = folder / "n.wasm"
    pairs = [(word, other) for word in ["", "_", "1", "n", "static", "UINT32"] for other in WORDS]
    source.write_bytes(hostile_names(pairs, WORDS))
    run(SMELT, "compile", source, "--emit", "shared", "-O0", "-o", folder / "libn.so", "--name", "n",
        "--header", folder / "n.h", "--cxx-header", folder / "n.hpp")  # fmt: skip
    check_names(folder / "libn.so")
    for compiler, standard, header in [
        ("gcc", "gnu11", "n.h"), ("clang-22", "gnu23", "n.h"), ("g++", "gnu++17", "n.hpp"),
        ("g++", "gnu++20", "n.hpp"), ("clang++-22", "c++17", "n.hpp"),
    ]:  # fmt: skip
        language = "c" if header == "n.h" else "c++"
        run(compiler, f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", language,
            "-", "-I", folder, input=f'#include "{header}"\n')  # fmt: skip
    # Names of the runtime's own functions, and of the C library's.
    for prefix, name in [("embed", "leave"), ("unwind", "find_description"), ("path", "is_on_proc"),
                         ("host", "fcntl"), ("fd_table", "insert")]:  # fmt: skip
        source.write_bytes(hostile_names([], [name, "start"]))
        output = folder / f"lib{prefix}.so"
        run(SMELT, "compile", source, "--emit", "shared", "-O0", "-o", output, "--header", folder / "h.h")
        check_names(output)
    for prefix in ["pthread", "clock", "int", "smelt_x"]:
        words = [SMELT, "compile", source, "--emit", "archive", "--name", prefix, "--header", folder / "h.h",
                 "-o", folder / "libh.a"]  # fmt: skip
        result = subprocess.run(words, capture_output=True, text=True, check=False)
        if result.returncode != 2:
            raise RuntimeError(f"the name {prefix}: {result.returncode} {result.stderr}")


def check_refusals(folder):
    """Libraries with what a host could not hand in rightly are refused, with the reason."""
    for text in ['(func (export "f") (param exnref))', '(func (export "f") (result anyref) unreachable)',
                 '(import "m" "f" (func (param structref)))',
                 '(global (export "g") (mut i31ref) (ref.null i31))']:  # fmt: skip
        source = folder / "refused.wat"
        source.write_text(f"(module {text})")
        words = [SMELT, "compile", source, "--emit", "shared", "--header", folder / "r.h", "-o",
                 folder / "libr.so"]  # fmt: skip
        environment = {"PATH": f"/usr/bin:/bin:{WASM_TOOLS.parent}"}
        result = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
        if result.returncode != 1 or "libraries cannot have" not in result.stderr:
            raise RuntimeError(f"{text}: {result.returncode} {result.stderr}")


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


def check_limits(build, inputs, unused):
    """What limits guests: interruption, fuel, and comparisons in place of guards."""
    build.check("unused.c", [unused])
    # The emulator takes long to begin a thread.
    rounds = ["20"] if build.architecture == platform.machine() else ["2"]
    build.check("endless.c", [inputs["endless"]], *rounds, options=["--interruptible"])
    build.check("waits.c", [inputs["waits"]], options=["--interruptible"])
    build.check("metered.c", [inputs["metered"]], options=["--fuel"])
    build.check("metered.c", [inputs["metered"]], options=["--fuel", "--interruptible"])
    explicit = ["--bounds-checks", "explicit"]
    build.check("small.c", [inputs["demo"]], options=explicit)
    build.check("demo.c", [inputs["demo"]], options=explicit)
    return 7


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
        for check in (check_hostile_names, check_refusals):
            try:
                check(top)
                count += 1
            except RuntimeError as error:
                failures += 1
                print(error, file=sys.stderr)
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
                attack = build.check("attacks.c", [inputs["attack"]])
                libraries += attack
                if libc == "glibc" and level == "-O2":
                    count += build.check_hosts("attacks.c", attack[0])
                count += 4 + check_limits(build, inputs, unused_instance(top))
                if level == "-O0":
                    for values in (2000, 20000):
                        build.check("frame.c", [large_frame(top, values)])
                    count += 2
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                failures += 1
                print(f"{build.title}: {error}", file=sys.stderr)
    print(f"libraries: {count} programs in {len(ways)} ways, {failures} of these fail")
    sys.exit(failures != 0)


if __name__ == "__main__":
    main()
