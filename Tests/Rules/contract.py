"""What compiler, linker script and runtime agree on has one place."""

import re

import sources

#: Where the contract is written down.
CONTRACT = {"runtime-c/include/smelt/abi.h", "Sources/Sandbox/MemoryPlan.swift"}

#: Names of sections, and the addresses of memory 0.
SHARED = re.compile(
    r'"[^"\n]*(?:\.smelt\.(?:memory|stack)|\.note\.smelt|\.text\.smelt\b|\bsmelt_calls\b(?!_))[^"\n]*"'
    r"|\b0x(?:1000_?0000|7[eE]00_?0000)\b")


def problems() -> list[str]:
    found = []
    for path in sources.files("Sources/**/*.swift", "runtime-c/src/**/*.[ch]", "runtime-c/include/**/*.h"):
        if sources.name(path) in CONTRACT:
            continue
        text = sources.code(path.read_text(), keeps_strings=True)
        for match in SHARED.finditer(text):
            found.append(
                f"{sources.name(path)}:{sources.line(text, match.start())}: {match.group(0)} belongs"
                " into the contract (abi.h, MemoryPlan.swift)")
    return found
