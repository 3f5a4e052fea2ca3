#!/usr/bin/env python3
"""Modules of functions with random signatures that call one another in every way there is.

Every function folds what it was given into a number, calls some others, by name, through tables and
by reference, and ends with a tail call, so that an argument or result that is lost, or a stack that
does not come out even, changes what is returned. Half of a pair of modules is imported by the other
half. Fuel bounds the calls; tail calls alone go on for so long that none may cost any stack.

    signatures.py --count 100     the same as executables of their own, one for each seed and half
"""

import argparse
import ctypes
import pathlib
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field

import wasmtime
from interface import Function
from oracle import Excluded, Oracle
from script import Behaviour, Call, Life
from subject import ROOT, TRIPLES
from values import Value, constant, random_value
from wasmtime import wat2wasm

TYPES = ["i32", "i64", "f32", "f64", "v128", "funcref", "externref"]
#: Of a signature; short ones are more common.
MOST_PARAMETERS, MOST_RESULTS = 40, 40
FUNCTIONS = 24
#: Lists of results: functions with the same one can end in a tail call of one another.
GROUPS = 4
#: How many functions a call runs through, and for how many tail calls.
FUEL, DEEP_FUEL = 60, 200_000
#: Of calls that wait for one another.
DEPTH = 8
#: Functions that call with a type, and calls of each.
WRONG = 4
MULTIPLIER = 0x9E3779B97F4A7C15
STATE = """(global $fuel (mut i32) (i32.const 0)) (global $depth (mut i32) (i32.const 0))
(func (export "arm") (param i32 i32)
 (global.set $fuel (local.get 0)) (global.set $depth (local.get 1)))"""
BITS = {
    "i32": "(i64.extend_i32_u {})", "i64": "{}", "f64": "(i64.reinterpret_f64 {})",
    "f32": "(i64.extend_i32_u (i32.reinterpret_f32 {}))",
    "v128": "(i64.xor (i64x2.extract_lane 0 {0})"
            " (i64.rotl (i64x2.extract_lane 1 {0}) (i64.const 9)))",
    "funcref": "(i64.extend_i32_u (ref.is_null {}))",
    "externref": "(i64.extend_i32_u (ref.is_null {}))",
}


@dataclass(frozen=True)
class Signature:
    """A function type."""

    parameters: tuple[str, ...]
    results: tuple[str, ...]

    @property
    def text(self) -> str:
        """The type's parts in the text format."""
        return f"(param {' '.join(self.parameters)}) (result {' '.join(self.results)})"


def random_types(source: random.Random, most: int) -> tuple[str, ...]:
    """Types of parameters or results; often mostly of one kind, so that its registers run out."""
    count = source.randrange(source.choice([2, 5, 10, 16, most]) + 1)
    common = source.sample(TYPES, source.choice([1, 2, 3, 7]))
    return tuple(source.choice(common) for _ in range(count))


class Module:
    """One module: its own functions, and how those of another one are called."""

    def __init__(self, source: random.Random, has_tails: bool, count: int = FUNCTIONS,
                 imported: "Module | None" = None):
        self.source = source
        self.has_tails = has_tails
        self.imported = imported
        if imported:
            groups = imported.groups
        else:
            groups = [random_types(source, MOST_RESULTS) for _ in range(GROUPS)]
        self.groups = groups
        own = [Signature(random_types(source, MOST_PARAMETERS), source.choice(groups))
               for _ in range(count)]
        self.first = len(imported.own) if imported else 0
        self.own = own
        self.signatures = (imported.own if imported else []) + own
        self.functions = [self.function(self.first + number) for number in range(count)]

    def text(self, extra: str = "") -> str:
        """The module in the text format."""
        numbers = range(len(self.signatures))
        types = [f"(type $s{n} (func {self.signatures[n].text}))" for n in numbers]
        imports, state = [], STATE
        if self.imported:
            imports = [f'(import "other" "f{n}" (func $f{n} (type $s{n})))'
                       for n in range(self.first)]
            imports += ['(import "other" "fuel" (global $fuel (mut i32)))',
                        '(import "other" "depth" (global $depth (mut i32)))']
            state = ""
        names = " ".join(f"$f{n}" for n in numbers)
        count = len(self.signatures)
        tables = [f"(table ${name} {export} {count} funcref)"
                  f" (elem (table ${name}) (i32.const 0) func {names})"
                  for name, export in (("open", '(export "open")'), ("closed", ""))]
        references = [f"(global $r{n} (mut (ref null $s{n})) (ref.func $f{n}))" for n in numbers]
        shared = "" if self.imported else (
            '(export "fuel" (global $fuel)) (export "depth" (global $depth))')
        return "\n".join(["(module", *types, *imports, state, shared, *tables, *references,
                          *self.functions, extra, ")"])

    def function(self, number: int) -> str:
        """A function in the text format."""
        signature, source = self.signatures[number], self.source
        values = [(type_, f"(local.get {n})") for n, type_ in enumerate(signature.parameters)]
        body = [f"(local.set $h (i64.const {number + 1}))", *map(self.fold, values)]
        spent = f"""(if (i32.eqz (global.get $fuel)) (then (return {self.products(
            signature.results, values)})))"""
        body += [spent, "(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))"]
        locals_: list[str] = []
        for _ in range(source.choice([0, 1, 1, 2])):
            body.append(self.nested(source.randrange(len(self.signatures)), signature, locals_,
                                    values))
        same = [n for n, other in enumerate(self.signatures) if other.results == signature.results]
        target = source.choice(same)
        if self.has_tails:
            body.append(self.call(target, values, "return_call"))
        elif source.random() < 0.5:
            body.append(self.nested(target, signature, locals_, values))
        if not self.has_tails:
            body.append(self.products(signature.results, values))
        names = " ".join(f"(local {type_})" for type_ in locals_)
        text = "\n ".join(body)
        return (f'(func $f{number} (export "f{number}") (type $s{number}) {names} (local $h i64)'
                f"\n {text})")

    def nested(self, target: int, signature: Signature, locals_: list[str], values) -> str:
        """A call that the function waits for; its results are folded, too."""
        first = len(signature.parameters) + len(locals_)
        results = self.signatures[target].results
        call = self.call(target, values, "call")
        sets = "".join(f"(local.set {first + n})" for n in reversed(range(len(results))))
        locals_ += results
        folds = "".join(self.fold((type_, f"(local.get {first + n})"))
                        for n, type_ in enumerate(results))
        return (f"(if (i32.lt_u (global.get $depth) (i32.const {DEPTH})) (then"
                " (global.set $depth (i32.add (global.get $depth) (i32.const 1)))"
                f"\n  {call} {sets}\n"
                "  (global.set $depth (i32.sub (global.get $depth) (i32.const 1)))"
                f"\n  {folds}))")

    def call(self, target: int, values, operation: str) -> str:
        """A call in one of the ways there are."""
        arguments = self.products(self.signatures[target].parameters, values)
        index = f"(i32.const {target})"
        if self.source.random() < 0.3:
            # Always the same, but nobody knows.
            index = f"(i32.or {index} (i32.and (global.get $fuel) (i32.const 0x40000000)))"
        match self.source.randrange(4):
            case 0: return f"({operation} $f{target} {arguments})"
            case 1: return f"({operation}_indirect $open (type $s{target}) {arguments} {index})"
            case 2: return f"({operation}_indirect $closed (type $s{target}) {arguments} {index})"
        operation = operation.replace("call", "call_ref")
        return f"({operation} $s{target} {arguments} (global.get $r{target}))"

    def products(self, types, values) -> str:
        """Values of these types: those at hand, or some made of what was folded."""
        return " ".join(self.product(type_, values) for type_ in types)

    def product(self, type_: str, values) -> str:
        """A value of a type."""
        known = [text for other, text in values if other == type_]
        if known and self.source.random() < 0.6:
            return self.source.choice(known)
        number = f"(i64.rotl (local.get $h) (i64.const {self.source.randrange(64)}))"
        match type_:
            case "i32": return f"(i32.wrap_i64 {number})"
            case "i64": return number
            case "f32": return f"(f32.reinterpret_i32 (i32.wrap_i64 {number}))"
            case "f64": return f"(f64.reinterpret_i64 {number})"
            case "v128":
                return f"(i64x2.replace_lane 1 (i64x2.splat {number}) (local.get $h))"
            case "funcref":
                name = f"(ref.func $f{self.source.randrange(self.first + 1)})"
                return self.source.choice(["(ref.null func)", name])
        return "(ref.null extern)"

    def fold(self, value: tuple[str, str]) -> str:
        """Mixes a value into what was folded."""
        type_, text = value
        return f"""(local.set $h (i64.mul (i64.const {MULTIPLIER:#x}) (i64.rotl (i64.xor
 (local.get $h) {BITS[type_].format(text)}) (i64.const 23))))"""


def arguments(signature: Signature, source: random.Random) -> list[Value]:
    """What a function is called with."""
    return [random_value(type_, source) for type_ in signature.parameters]


@dataclass
class Pair(Behaviour):
    """What two modules do of which one imports the other."""

    other: bytes = b""
    calls: list[Call] = field(default_factory=list)

    def commands(self, module: str) -> list[str]:
        """The commands of a script, one a line."""
        lines = []
        for name, binary in ((f"{module}-other", self.other), (module, self.binary)):
            data = "".join(f"\\{byte:02x}" for byte in binary)
            lines.append(f'(module ${name} binary "{data}")')
            if name != module:
                lines.append(f'(register "other" ${name})')
        for call in self.calls:
            owner = f"{module}-other" if call.name == "arm" else module
            lines.append(call.assertion(owner))
        return lines


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the functions of a seed do: of a pair of modules, or of one that is a program, too."""
    source = random.Random(f"signatures/{seed}")
    if source.random() < 0.6:
        return alone(source, oracle)
    tails = [source.random() < 0.8, source.random() < 0.8]
    other = Module(source, tails[0])
    module = Module(source, tails[1], imported=other)
    pair = Pair(bytes(wat2wasm(module.text())), other=bytes(wat2wasm(other.text())))
    for number, signature in enumerate(module.own, module.first):
        pair.calls += planned(f"f{number}", signature, source, all(tails))
    perform(pair, module, oracle)
    pair.lives.append(Life(calls=pair.calls))
    return pair


def alone(source: random.Random, oracle: Oracle) -> Behaviour:
    """What the functions of one module do."""
    has_tails = source.random() < 0.8
    module = Module(source, has_tails)
    calls: list[Call] = []
    for number, signature in enumerate(module.own):
        calls += planned(f"f{number}", signature, source, has_tails)
    texts = []
    for number in range(WRONG):
        texts.append(wrong_types(f"w{number}", module))
        calls += [Call(f"w{number}", [Value("i32", source.randrange(FUNCTIONS + 2))])
                  for _ in range(WRONG)]
    binary = bytes(wat2wasm(module.text("\n".join(texts))))
    behaviour = oracle.perform(binary, oracle.interface(binary), calls)
    if any(call.trap for life in behaviour.lives for call in life.calls if call.name[0] == "f"):
        raise Excluded("the oracle traps")
    return behaviour


def wrong_types(name: str, module: Module) -> str:
    """A function that calls any of a table's with one type, which few of them have."""
    number = module.source.randrange(len(module.own))
    signature = module.own[number]
    values = module.products(signature.parameters, [])
    table = module.source.choice(["$open", "$closed"])
    drops = "(drop)" * len(signature.results)
    return (f'(func (export "{name}") (param $index i32) (result i64) (local $h i64)'
            f" (call_indirect {table} (type $s{number}) {values} (local.get $index)) {drops}"
            " (i64.const 1))")


def planned(name: str, signature: Signature, source: random.Random, is_deep: bool) -> list[Call]:
    """Calls of one function, and what they may cost."""
    plan = [(FUEL, 0)] * 2 + [(DEEP_FUEL, DEPTH)] * (is_deep and source.random() < 0.2)
    calls = []
    for fuel, depth in plan:
        calls.append(Call("arm", [Value("i32", fuel), Value("i32", depth)]))
        calls.append(Call(name, arguments(signature, source)))
    return calls


def perform(pair: Pair, module: Module, oracle: Oracle) -> None:
    """Has the oracle make the calls."""
    store = wasmtime.Store(oracle.engine)
    try:
        compiled = [wasmtime.Module(oracle.engine, code) for code in (pair.other, pair.binary)]
        other = wasmtime.Instance(store, compiled[0], [])
        imports = [other.exports(store)[item.name] for item in compiled[1].imports]
        exports = wasmtime.Instance(store, compiled[1], imports).exports(store)
    except wasmtime.WasmtimeError as error:
        raise Excluded(str(error).splitlines()[0]) from error
    arm = Function("arm", ["i32", "i32"], [])
    for call in pair.calls:
        if call.name == "arm":
            oracle.call(store, other.exports(store)["arm"], arm, call, pair.other)
            continue
        signature = module.signatures[int(call.name[1:])]
        function = Function(call.name, list(signature.parameters), list(signature.results))
        oracle.call(store, exports[call.name], function, call, pair.binary)
        if call.trap is not None:
            raise Excluded(f"the oracle traps: {call.trap}")


# Executables ------------------------------------------------------------------------------------


def program(seed: str, oracle: Oracle) -> tuple[str, int]:
    """A module whose `_start` makes calls and traps unless the oracle agrees, and its functions."""
    source = random.Random(f"signatures/programs/{seed}")
    has_tails = source.random() < 0.7
    # Some have several units of code generation.
    module = Module(source, has_tails, count=source.choice([FUNCTIONS] * 15 + [8 * FUNCTIONS]))
    lines = []
    for number, signature in enumerate(module.own):
        is_deep = has_tails and source.random() < 0.2
        for fuel, depth in [(FUEL, 0)] * 2 + [(DEEP_FUEL, DEPTH)] * is_deep:
            values = " ".join(constant(value) if value.type != "externref" else "(ref.null extern)"
                              for value in arguments(signature, source))
            lines.append(f"(global.set $fuel (i32.const {fuel}))"
                         f" (global.set $depth (i32.const {depth})) (call $f{number} {values})")
            lines += [f"(local.set ${type_})" + module.fold((type_, f"(local.get ${type_})"))
                      for type_ in reversed(signature.results)]
    names = " ".join(f"(local ${type_} {type_})" for type_ in TYPES)
    body = "\n ".join(lines)
    run = f'(func $run (export "run") (result i64) {names} (local $h i64)\n {body} (local.get $h))'
    store = wasmtime.Store(oracle.engine)
    compiled = wasmtime.Module(oracle.engine, module.text(run))
    expected = wasmtime.Instance(store, compiled, []).exports(store)["run"](store)
    start = f"""(func (export "_start")
 (if (i64.ne (call $run) (i64.const {expected})) (then unreachable)))"""
    return module.text(run + start), len(module.own)


class Programs:
    """Compiles programs and runs them."""

    def __init__(self, options: argparse.Namespace):
        self.options = options
        self.oracle = Oracle(is_strict=True)
        self.failures = 0
        #: How many functions were run in each way.
        self.functions: dict[str, int] = {}

    def run(self, number: int) -> None:
        """Runs one program in every way."""
        seed = f"{self.options.seed}-{number}"
        text, functions = program(seed, self.oracle)
        with tempfile.TemporaryDirectory(prefix="smelt-signatures-") as folder:
            module = pathlib.Path(folder, "program.wasm")
            module.write_bytes(bytes(wat2wasm(text)))
            for target in self.options.targets:
                for level in self.options.levels:
                    message = self.try_one(module, target, level)
                    way = f"{target} -{level}"
                    if message:
                        self.failures += 1
                        print(f"{way}: program {seed}: {message}", flush=True)
                    else:
                        self.functions[way] = self.functions.get(way, 0) + functions

    def try_one(self, module: pathlib.Path, target: str, level: str) -> str | None:
        """What is wrong with a program."""
        executable = module.with_suffix("")
        command = [self.options.smelt, "compile", str(module), "-o", str(executable),
                   "--target", TRIPLES[target], f"-{level}"]
        compiled = subprocess.run(command, capture_output=True, text=True, check=False)
        if compiled.returncode:
            return f"the compiler ends with {compiled.returncode}: {compiled.stderr[:200]}"
        emulator = ["qemu-aarch64"] if target == "aarch64" else []
        result = subprocess.run([*emulator, str(executable)], capture_output=True, text=True,
                                check=False, timeout=600)
        if result.returncode:
            return f"it ends with {result.returncode}: {result.stderr[:200]}"
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--smelt", default=str(ROOT / ".build/smelt/bin/smelt"))
    parser.add_argument("--seed", default="1", help="what everything is derived from")
    parser.add_argument("--start", type=int, default=0, help="the number of the first program")
    parser.add_argument("--count", type=int, default=100, help="programs")
    parser.add_argument("--levels", nargs="+", default=["O0", "O1", "O2", "O3", "Os"])
    parser.add_argument("--targets", nargs="+", default=list(TRIPLES), choices=list(TRIPLES))
    options = parser.parse_args()
    programs = Programs(options)
    for number in range(options.start, options.start + options.count):
        programs.run(number)
    for way, count in sorted(programs.functions.items()):
        print(f"{way}: {count} functions")
    print(f"{options.count} programs, {programs.failures} failures, seed {options.seed}")
    return 1 if programs.failures else 0


if __name__ == "__main__":
    sys.exit(main())
