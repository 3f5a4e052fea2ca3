"""C++ with exceptions for WebAssembly, in both encodings.

Debian's C++ library for WebAssembly is built without exceptions, and its unwinder does not exist.
Both are built here, from the sources of LLVM's that PyPI's ziglang contains; C comes from Debian's
wasi-libc.
"""

import hashlib
import pathlib
import shutil
import subprocess
import sys

from wheels import ROOT, Wheel

OUT = ROOT / ".build" / "exceptions"
RUNTIME = pathlib.Path(__file__).resolve().parent / "runtime"
HEADERS = "/usr/lib/llvm-22/include/wasm32-wasi/c++/v1"

#: The encodings of exceptions, by what clang has to be told.
ENCODINGS = {"exnref": "-wasm-use-legacy-eh=false", "legacy": "-wasm-use-legacy-eh=true"}

SOURCES = Wheel(
    "ziglang", "0.17.1", "ea6cc5d87b033cf0aedfbc8f9549a908cae6c50ac31f1698188fa48a74524b54",
    ("ziglang/lib/libcxx/src/", "ziglang/lib/libcxx/libc/", "ziglang/lib/libcxxabi/",
     "ziglang/lib/libunwind/"),
    platform="manylinux2010_x86_64",
)
#: There are no threads, so that what is about them is left out, and there are no files.
LIBCXXABI = """
    abort_message cxa_aux_runtime cxa_default_handlers cxa_demangle cxa_exception
    cxa_exception_storage cxa_guard cxa_handlers cxa_personality cxa_vector cxa_virtual
    fallback_malloc private_typeinfo stdlib_exception stdlib_new_delete stdlib_stdexcept
    stdlib_typeinfo
""".split()
LIBCXX = """
    algorithm any bind call_once charconv chrono error_category exception expected functional hash
    ios ios.instantiations iostream locale memory memory_resource new_handler new_helpers optional
    ostream random random_shuffle ryu/d2fixed ryu/d2s ryu/f2s stdexcept string strstream
    system_error typeinfo valarray variant vector verbose_abort
""".split()
DEFINITIONS = """
    -DNDEBUG -D_LIBUNWIND_HIDE_SYMBOLS -D_LIBCXXABI_DISABLE_VISIBILITY_ANNOTATIONS
    -D_LIBCPP_BUILDING_LIBRARY -DLIBCXX_BUILDING_LIBCXXABI -D_LIBCXXABI_BUILDING_LIBRARY
    -D_LIBCXXABI_HAS_NO_THREADS
""".split()


def options(encoding: str) -> list[str]:
    """What clang needs for an encoding, whatever it compiles."""
    return ["--target=wasm32-wasi", "-Wno-deprecated", "-fwasm-exceptions", "-mllvm",
            "-wasm-enable-eh", "-mllvm", ENCODINGS[encoding]]


def library(encoding: str) -> pathlib.Path:
    """The folder with libc++, libc++abi and libunwind in one, and the tags."""
    folder = OUT / encoding
    stamp, key = folder / "made-from", made_from(encoding)
    if stamp.exists() and stamp.read_text() == key:
        return folder
    print(f"building a C++ library with {encoding} exceptions", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    objects = folder / "objects"
    objects.mkdir(parents=True)
    for number, command in enumerate(commands(encoding)):
        run([*command, "-o", str(objects / f"{number:03}.o")])
    run(["llvm-ar-22", "rcs", str(folder / "libexceptions.a"), *map(str, objects.glob("*.o"))])
    shutil.rmtree(objects)
    stamp.write_text(key)
    return folder


def made_from(encoding: str) -> str:
    """Of all that decides how the library is made."""
    version = subprocess.run(["clang-22", "--version"], stdout=subprocess.PIPE, check=True).stdout
    parts = [version.decode(), SOURCES.sha256, repr(commands(encoding))]
    parts += [path.read_text() for path in sorted(RUNTIME.iterdir())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def runtime_sources() -> list[pathlib.Path]:
    """Our own part: the tags, and what clang makes of setjmp and longjmp calls."""
    return sorted(p for p in RUNTIME.iterdir() if p.suffix in (".c", ".s"))


def commands(encoding: str) -> list[list[str]]:
    """The compilations, without their outputs."""
    lib = SOURCES.unpack() / "ziglang" / "lib"
    common = [*options(encoding), "-O2", "-w", "-c", f"-I{lib}/libunwind/include"]
    plus = ["clang++-22", *common, *DEFINITIONS, "-std=c++23", "-nostdinc++", f"-I{HEADERS}",
            f"-I{lib}/libcxx/src", f"-I{lib}/libcxxabi/include", f"-I{lib}/libcxxabi/src",
            f"-I{lib}/libcxx/libc"]
    unwind = ["clang-22", *common, "-DNDEBUG", "-D_LIBUNWIND_HIDE_SYMBOLS"]
    made = [[*unwind, f"{lib}/libunwind/src/Unwind-wasm.c"]]
    made += [[*plus, f"{lib}/libcxxabi/src/{name}.cpp"] for name in LIBCXXABI]
    made += [[*plus, f"{lib}/libcxx/src/{name}.cpp"] for name in LIBCXX]
    made += [["clang-22", *common, str(path)] for path in runtime_sources()]
    return made


def compile_program(
    source: pathlib.Path, encoding: str, target: pathlib.Path, extra: tuple[str, ...] = ("-O2",)
) -> pathlib.Path:
    """A C++ source, or a C one that jumps, as a module."""
    folder = library(encoding)
    target.parent.mkdir(parents=True, exist_ok=True)
    language = ["clang++-22", "-std=c++20"] if source.suffix == ".cpp" else ["clang-22"]
    jumps = ["-mllvm", "-wasm-enable-sjlj"] if "setjmp" in source.read_text() else []
    standard = ["-nostdlib++"] if source.suffix == ".cpp" else []
    run([*language, *options(encoding), *jumps, *extra, *standard, f"-I{RUNTIME}", str(source),
         str(folder / "libexceptions.a"), "-lm", "-Wl,-z,stack-size=4194304", "-o", str(target)])
    return target


def run(command: list[str]) -> None:
    """Runs a tool that has to succeed."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout.decode(errors='replace')}")


if __name__ == "__main__":
    for each in sys.argv[1:] or ENCODINGS:
        print(library(each))
