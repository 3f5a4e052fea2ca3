"""Which programs there are. A source file is a program; some are built in more than one way."""

import dataclasses
import pathlib

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "programs"
HEADERS = [FOLDER / "benchmark.h"]

# One of each kind of work, for a quick look.
QUICK = ["hash_strings", "json", "life", "lz", "matmul", "nbody", "raytrace", "sha256"]
QUICK += ["sort_merge"]


@dataclasses.dataclass(frozen=True)
class Program:
    name: str
    source: pathlib.Path
    # What only the compiler to WebAssembly is told.
    wasm_flags: tuple[str, ...] = ()

    @property
    def is_cpp(self) -> bool:
        return self.source.suffix == ".cpp"


def all_programs() -> list[Program]:
    sources = [*FOLDER.glob("*.c"), *FOLDER.glob("*.cpp")]
    programs = [Program(source.stem, source) for source in sources]
    programs.append(Program("image_simd", FOLDER / "image.c", ("-msimd128",)))
    return sorted(programs, key=lambda program: program.name)
