#!/usr/bin/env python3
"""Compares the runtime's table of functions for components with WASI's own files, row by row.

    host_functions.py        versions 0.2.0 and 0.2.12, from the test data (SMELT_TEST_DATA, or `shared`
                             beside the checkout)

Every function and resource that a component may import has a row with the right signature and type, and
every row is one of them. The types of the oldest version are those of the newest one, so one
implementation is for all. Besides, a table with a fault has to be noticed.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(os.environ.get("SMELT_TEST_DATA") or ROOT.parent / "shared")
WASM_TOOLS = ROOT / ".build/venv/bin/wasm-tools"
#: Versions, and where their packages are in the test data.
VERSIONS = {"0.2.0": "wit/v0.2.0/preview2", "0.2.12": "wit/v0.2.12"}
#: What components export to their host.
EXPORTED = {("wasi:cli/run", "run"), ("wasi:http/incoming-handler", "handle")}
FLAT_LIMIT = 16
PRIMITIVES = {"bool": "i", "u8": "i", "u16": "i", "u32": "i", "s8": "i", "s16": "i", "s32": "i",
              "char": "i", "u64": "I", "s64": "I", "f32": "f", "f64": "F", "string": "ii"}

#: Prints the table.
PROGRAM = r"""
#include <stdio.h>
#include "smelt/component_functions.h"
int main(void) {
    size_t count;
    const struct smelt_component_function *rows = smelt_component_functions(&count);
    for (; count > 0; count--, rows++) {
        printf("%s\t%s\t%s\t%s\n", rows->interface, rows->name, rows->signature, rows->type);
    }
}
"""

Row = tuple[str, str, str, str]


class Packages:
    """What WIT files declare, as `wasm-tools component wit --json` tells it."""

    def __init__(self, declarations: dict):
        self.types = declarations["types"]
        self.interfaces = declarations["interfaces"]
        self.packages = declarations["packages"]

    def name_of(self, interface: int) -> str:
        package = self.packages[self.interfaces[interface]["package"]]["name"]
        return f"{package.partition('@')[0]}/{self.interfaces[interface]['name']}"

    def resource(self, index: int) -> str:
        while self.types[index]["kind"] != "resource":
            index = self.types[index]["kind"]["type"]
        owner = self.types[index]["owner"]["interface"]
        return f"{self.name_of(owner)}.{self.types[index]['name']}"

    def text(self, type_: int | str | None) -> str:
        """A type in the notation of component_types.h."""
        if type_ is None or isinstance(type_, str):
            return type_ or "_"
        (kind, value), = self.types[type_]["kind"].items()
        match kind:
            case "type":
                return self.text(value)
            case "handle":
                (ownership, index), = value.items()
                return f"{ownership}<{self.resource(index)}>"
            case "list" | "option":
                return f"{kind}<{self.text(value)}>"
            case "result":
                return f"result<{self.text(value['ok'])},{self.text(value['err'])}>"
            case "tuple":
                return f"tuple<{','.join(map(self.text, value['types']))}>"
            case "record":
                fields = [f"{field['name']}:{self.text(field['type'])}" for field in value["fields"]]
                return f"record{{{','.join(fields)}}}"
            case "variant":
                return f"variant{{{','.join(map(self.case, value['cases']))}}}"
            case "enum":
                return f"enum{{{','.join(case['name'] for case in value['cases'])}}}"
            case "flags":
                return f"flags{{{','.join(flag['name'] for flag in value['flags'])}}}"
        raise ValueError(f"a type of the kind {kind}")

    def case(self, case: dict) -> str:
        payload = case["type"]
        return case["name"] if payload is None else f"{case['name']}({self.text(payload)})"

    def flat(self, type_: int | str | None) -> str:
        """The letters of a type's flat form."""
        if type_ is None:
            return ""
        if isinstance(type_, str):
            return PRIMITIVES[type_]
        (kind, value), = self.types[type_]["kind"].items()
        match kind:
            case "type":
                return self.flat(value)
            case "handle" | "enum":
                return "i"
            case "flags":
                return "i" * -(-len(value["flags"]) // 32)
            case "list":
                return "ii"
            case "option":
                return "i" + self.flat(value)
            case "result":
                return self.joined([value["ok"], value["err"]])
            case "tuple":
                return "".join(map(self.flat, value["types"]))
            case "record":
                return "".join(self.flat(field["type"]) for field in value["fields"])
            case "variant":
                return self.joined([case["type"] for case in value["cases"]])
        raise ValueError(f"a type of the kind {kind}")

    def joined(self, cases: list) -> str:
        letters: list[str] = []
        for case in cases:
            for index, letter in enumerate(self.flat(case)):
                if index == len(letters):
                    letters.append(letter)
                elif letters[index] != letter:
                    letters[index] = "i" if {letters[index], letter} == {"i", "f"} else "I"
        return "i" + "".join(letters)

    def row(self, interface: int, name: str, function: dict) -> Row:
        result = function.get("result")
        parameters = "".join(self.flat(parameter["type"]) for parameter in function["params"])
        results = self.flat(result)
        signature = (parameters if len(parameters) <= FLAT_LIMIT else "i") + ":" + (
            results if len(results) <= 1 else "i")
        named = [f"{each['name']}:{self.text(each['type'])}" for each in function["params"]]
        type_ = f"({','.join(named)})" + ("" if result is None else f"->{self.text(result)}")
        return self.name_of(interface), name, signature, type_

    def rows(self) -> set[Row]:
        found = set()
        for index, interface in enumerate(self.interfaces):
            for name, function in interface["functions"].items():
                found.add(self.row(index, name, function))
            for name, type_ in interface["types"].items():
                if self.types[type_]["kind"] == "resource":
                    found.add((self.name_of(index), f"[resource-drop]{name}", "i:", ""))
        return {row for row in found if row[:2] not in EXPORTED}


def declared(source: pathlib.Path, folder: pathlib.Path) -> set[Row]:
    """The rows that a version's files ask for."""
    (folder / "deps").mkdir(parents=True)
    for package in sorted(path for path in source.iterdir() if path.is_dir()):
        shutil.copytree(package, folder / "deps" / package.name)
    (folder / "all.wit").write_text("package test:all;\n")
    command = [WASM_TOOLS, "component", "wit", "--json", "--all-features", folder]
    output = subprocess.run(command, check=True, capture_output=True, timeout=60).stdout
    return Packages(json.loads(output)).rows()


def table(folder: pathlib.Path) -> set[Row]:
    """The rows of the runtime."""
    source, program = folder / "table.c", folder / "table"
    source.write_text(PROGRAM)
    include = f"-I{ROOT / 'runtime-c/include'}"
    subprocess.run(["clang-22", include, source, "-o", program], check=True, timeout=60)
    lines = subprocess.run([program], check=True, capture_output=True, text=True, timeout=60).stdout
    rows = [tuple(line.split("\t")) for line in lines.splitlines()]
    if len(set(rows)) != len(rows):
        raise ValueError("a function is there twice")
    return set(rows)


def differences(rows: set[Row], wanted: set[Row], is_newest: bool) -> list[str]:
    found = [f"no row {row}" for row in sorted(wanted - rows)]
    if is_newest:
        found += [f"nobody declares {row}" for row in sorted(rows - wanted)]
    return found


def main() -> int:
    if not all((DATA / folder).is_dir() for folder in VERSIONS.values()):
        print(f"skipped: there are no WIT files in {DATA}")
        return int(bool(os.environ.get("SMELT_NO_SKIPS")))
    status = 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = table(folder)
        newest = list(VERSIONS)[-1]
        for version, path in VERSIONS.items():
            wanted = declared(DATA / path, folder / version)
            for difference in differences(rows, wanted, version == newest):
                print(f"{version}: {difference}")
                status = 1
            # A fault in either direction, and in a type, has to be found.
            row = max(wanted)
            changed = rows - {row} | {(*row[:3], row[3] + "x")}
            if len(differences(changed, wanted, version == newest)) != 1 + (version == newest):
                print(f"{version}: a row that is wrong was not noticed")
                status = 1
            print(f"{version}: {len(wanted)} of {len(rows)} rows")
    return status


if __name__ == "__main__":
    sys.exit(main())
