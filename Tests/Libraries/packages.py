#!/usr/bin/env python3
"""Compares libraries of real modules with wasmtime.

    packages.py MODULE.wasm...      for this machine
    packages.py --arm MODULE.wasm   for AArch64, under qemu-user

Each exported function that takes numbers is called with some numbers, in an instance of its own, from a
program in C and in wasmtime. Results, traps, and a sum over the exported memory have to be the same.
Imported functions return zeros; WASI has nothing to give.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
import zlib

import wasmtime

ROOT = pathlib.Path(__file__).resolve().parents[2]
SMELT = ROOT / ".build/smelt/bin/smelt"
ARGUMENTS = [[0] * 16, [1, 8, 2, 3] * 4, [1024, 16, 2048, 7] * 4, [-1] * 16]

HOST = """\
#include <stdio.h>
#include <string.h>
#include "library.h"

static uint32_t table[256];

static uint32_t sum(const uint8_t *bytes, uint64_t size) {{
    uint32_t crc = ~0u;
    for (uint64_t at = 0; at < size; at++) crc = table[(crc ^ bytes[at]) & 255] ^ crc >> 8;
    return ~crc;
}}
{imports}
int main(void) {{
    for (uint32_t byte = 0; byte < 256; byte++) {{
        table[byte] = byte;
        for (int bit = 0; bit < 8; bit++) table[byte] = table[byte] >> 1 ^ (table[byte] & 1 ? 0xedb88320u : 0);
    }}
    static library_imports imports;
    imports.size = sizeof imports;
{members}
    smelt_error error;
    uint64_t bits;
{calls}
}}
"""


def identifier(name):
    return re.sub("[^A-Za-z0-9]", "_", name)


def numbers(types):
    return all(str(t) in ("i32", "i64", "f32", "f64") for t in types)


def calls_of(module):
    """Functions with numbers only, and arguments for them."""
    taken = {}
    for export in module.exports:
        # As the header names them: only names that C can have are called.
        name = identifier(export.name)
        if not isinstance(export.type, wasmtime.FuncType) or name != export.name:
            continue
        type_ = export.type
        if numbers(type_.params) and numbers(type_.results) and name not in ("_start", "_initialize"):
            taken[name] = type_
    for name, type_ in taken.items():
        for values in ARGUMENTS if type_.params else ARGUMENTS[:1]:
            yield name, type_, values[: len(type_.params)]


# Names that every library has itself.
RESERVED = ("new", "free", "reset", "error", "imports")
C_TYPES = {"i32": "uint32_t", "i64": "uint64_t", "f32": "float", "f64": "double"}


def c_call(name, type_, values, has_memory):
    words = [f"({C_TYPES[str(t)]}){value}" for t, value in zip(type_.params, values)]
    lines = ["    {", "        library *l = library_new(&imports, NULL, &error);"]
    lines.append('        if (l == NULL) { printf("new %u\\n", error.status); return 0; }')
    for index, result in enumerate(type_.results):
        lines.append(f"        {C_TYPES[str(result)]} r{index};")
        words.append(f"&r{index}")
    ending = "_2" if name in RESERVED else ""
    lines.append(f"        enum smelt_status s = library_{name}{ending}({', '.join(['l'] + words)});")
    lines.append(f'        printf("{name} %d", s);')
    if type_.results or has_memory:
        lines.append("        if (s == SMELT_OK) {")
        for index, result in enumerate(type_.results):
            lines.append(f"            bits = 0; memcpy(&bits, &r{index}, sizeof r{index});")
            lines.append('            printf(" %llx", (unsigned long long)bits);')
        if has_memory:
            lines.append(
                '            printf(" %x", sum(library_memory_data(l),'
                " library_memory_size(l)));"
            )
        lines.append("        }")
    return lines + ['        printf("\\n"); library_free(l);', "    }"]


def host_source(header, calls, has_memory):
    imports, members = [], []
    for match in re.finditer(r"uint32_t \(\*(\w+)\)\((.*)\);", header):
        name, parameters = match.groups()
        results = re.findall(r"\*(result\d*)", parameters)
        body = " ".join(f"*{result} = 0;" for result in results)
        imports.append(f"static uint32_t host_{name}({parameters}) {{ {body} return 0; }}")
        members.append(f"    imports.{name} = host_{name};")
    lines = [line for call in calls for line in c_call(*call, has_memory)]
    return HOST.format(
        imports="\n".join(imports),
        members="\n".join(members), calls="\n".join(lines),
    )  # fmt: skip


STATUS = {
    "UNREACHABLE": 1, "INTEGER_DIVISION_BY_ZERO": 2, "INTEGER_OVERFLOW": 3,
    "BAD_CONVERSION_TO_INTEGER": 4, "MEMORY_OUT_OF_BOUNDS": 5, "TABLE_OUT_OF_BOUNDS": 6,
    "INDIRECT_CALL_TO_NULL": 8, "BAD_SIGNATURE": 9, "STACK_OVERFLOW": 10,
}  # fmt: skip


def bits(value, type_):
    import struct

    text = str(type_)
    if text in ("f32", "f64"):
        size = 4 if text == "f32" else 8
        return int.from_bytes(struct.pack("<f" if size == 4 else "<d", value), "little")
    return value & (0xFFFFFFFF if text == "i32" else 0xFFFFFFFFFFFFFFFF)


def memory_sum(data):
    return zlib.crc32(data)


def in_wasmtime(engine, module, name, type_, values):
    store = wasmtime.Store(engine)
    store.set_wasi(wasmtime.WasiConfig())
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    for item in module.imports:
        if isinstance(item.type, wasmtime.FuncType) and not item.module.startswith("wasi_"):
            results = [0.0 if str(t)[0] == "f" else 0 for t in item.type.results]
            value = None if not results else results[0] if len(results) == 1 else results
            linker.define_func(item.module, item.name, item.type, lambda *_, v=value: v)
    try:
        instance = linker.instantiate(store, module)
        exports = instance.exports(store)
        if "_initialize" in exports:
            exports["_initialize"](store)
        floats = [float(v) if str(t)[0] == "f" else v for t, v in zip(type_.params, values)]
        result = exports[name](store, *floats)
    except wasmtime.ExitTrap:
        return f"{name} 100"
    except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
        code = getattr(error, "trap_code", None)
        return f"{name} {STATUS.get(code.name if code is not None else '', '?')}"
    results = [] if result is None else result if isinstance(result, list) else [result]
    line = [name, "0"] + [f"{bits(v, t):x}" for v, t in zip(results, type_.results)]
    if "memory" in exports:
        line.append(f"{memory_sum(exports['memory'].read(store)):x}")
    return " ".join(line)


def build_and_run(path, folder, source_of, is_arm):
    target = "aarch64-linux-musl" if is_arm else "x86_64-linux-musl"
    library = folder / "library.a"
    words = ["--target", target, "--emit", "archive", "--name", "library", "-O1"]
    subprocess.run(
        [SMELT, "compile", path, *words, "--header", folder / "library.h", "-o", library], check=True
    )
    host = folder / "host.c"
    host.write_text(source_of((folder / "library.h").read_text()))
    program = folder / "host"
    if not is_arm:
        subprocess.run(["gcc", "-w", "-I", folder, host, library, "-o", program], check=True)
        return subprocess.run([program], capture_output=True, text=True, timeout=300).stdout
    lib = pathlib.Path("/usr/lib/aarch64-linux-musl")
    subprocess.run(
        ["clang-22", f"--target={target}", "--ld-path=/usr/bin/ld.lld-22", "-nostdlibinc", "-w",
         "-isystem", f"/usr/include/{target}", host, "-nostdlib", "-fPIE", "-pie",
         "-Wl,-dynamic-linker,/lib/ld-musl-aarch64.so.1", lib / "Scrt1.o", lib / "crti.o", library,
         lib / "libc.so", lib / "crtn.o", "-o", program], check=True,
    )  # fmt: skip
    words = ["qemu-aarch64", program]
    return subprocess.run(words, capture_output=True, text=True, timeout=900).stdout


def compare(path, is_arm, limit):
    engine = wasmtime.Engine()
    module = wasmtime.Module.from_file(engine, str(path))
    calls = list(calls_of(module))[:limit]
    has_memory = any(e.name == "memory" for e in module.exports)
    expected = [in_wasmtime(engine, module, *call) for call in calls]
    with tempfile.TemporaryDirectory() as name:
        output = build_and_run(
            path, pathlib.Path(name), lambda h: host_source(h, calls, has_memory), is_arm
        )
    actual = output.splitlines()
    differences = 0
    for index, line in enumerate(expected):
        found = actual[index] if index < len(actual) else "nothing"
        # Which trap it is that a function of the host raises there, it does not tell.
        if found != line and not line.endswith("?"):
            differences += 1
            if differences <= 5:
                print(f"{path.name}: {line} here: {found}")
    print(f"{path.name}: {len(expected)} calls, {differences} differ")
    return differences


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--arm", action="store_true")
    parser.add_argument("--limit", type=int, default=200, help="calls of each module")
    parser.add_argument("modules", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    sys.exit(sum(compare(path, options.arm, options.limit) for path in options.modules) != 0)


if __name__ == "__main__":
    main()
