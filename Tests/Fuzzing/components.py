#!/usr/bin/env python3
"""Passes random values between components, and compares with the specification's own program.

    components.py --definitions FILE --tool COMMAND [--seed N] [--worlds N] [--values N]

FILE is `definitions.py` of the specification (repository WebAssembly/component-model, in
design/mvp/canonical-abi); COMMAND is the program component-graph. Core instances run in wasmtime. For each call
the specification's program says which bytes the callee finds in its memory and in its parameters, and the
caller in what comes back, or that the call traps; a part of the values is damaged on purpose.
"""

import argparse
import copy
import importlib.util
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import wasmtime

from component_worlds import HEAP, IMAGE, LOG, SIZE, component, make_world, value

#: How many calls get damaged values.
DAMAGED = 0.25


def load_oracle(path: pathlib.Path):
    spec = importlib.util.spec_from_file_location("definitions", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["definitions"] = module
    spec.loader.exec_module(module)
    module.DETERMINISTIC_PROFILE = True
    return module


class Memory:
    """A core instance's memory as the oracle sees it, with the allocator of the generated modules."""

    def __init__(self, oracle, encoding: str, top: int, instance=None, make=None):
        self.oracle = oracle
        #: Makes a handle in the core instance's table.
        self.make = make
        self.top = top
        self.memory = oracle.MemInst(bytearray(SIZE), "i32")
        self.options = oracle.LiftLowerOptions(string_encoding=encoding, memory=self.memory, realloc=None)
        self.context = oracle.LiftLowerContext(self.options, instance)
        self.context.side = self
        self.context.reallocate = self.reallocate

    def reallocate(self, old, old_size, alignment, size):
        address = (self.top + alignment - 1) & -alignment
        if address + size > SIZE:
            raise self.oracle.Trap()
        self.top = address + size
        length = min(old_size, size)
        self.memory.bytes[address:address + length] = self.memory.bytes[old:old + length]
        return address


def storing_strings(oracle, rng):
    """Writes strings as a core module could have them, whatever the specification would choose."""

    def store(context, text):
        characters = text[0]
        encoding, tag = context.opts.string_encoding, 0
        if encoding == "latin1+utf16":
            if all(ord(c) < 256 for c in characters) and rng.random() < 0.7:
                encoding = "latin-1"
            else:
                encoding, tag = "utf16", 1 << 31
        code = {"utf8": "utf-8", "utf16": "utf-16-le", "latin-1": "latin-1"}[encoding]
        content = characters.encode(code)
        alignment = 1 if context.opts.string_encoding == "utf8" else 2
        address = context.reallocate(0, 0, alignment, len(content))
        context.opts.memory.bytes[address:address + len(content)] = content
        return address, len(content) // (2 if encoding == "utf16" else 1) | tag

    return store


def storing_handles(oracle, rng):
    """Gives both sides' tables a handle, or takes one that is there already."""

    def store(context, representation, kind):
        table = context.inst.handles
        known = [i for i, entry in enumerate(table.array) if entry is not None]
        if known and rng.random() < 0.3:
            return rng.choice(known)
        index = table.add(oracle.ResourceHandle(kind.rt, representation, True))
        seen = context.side.make(representation)
        assert seen == index, f"a new handle is {seen}, not {index}"
        return index

    return store


class Runner:
    """The core instances of a component, in wasmtime."""

    def __init__(self, folder: pathlib.Path, oracle, world):
        self.oracle, self.world = oracle, world
        config = wasmtime.Config()
        config.wasm_multi_memory = True
        self.engine = wasmtime.Engine(config)
        self.graph = json.loads((folder / "graph.json").read_text())
        self.modules = {}
        for instance in self.graph["instances"]:
            number = instance["module"]
            if number not in self.modules:
                self.modules[number] = wasmtime.Module.from_file(self.engine, str(folder / f"{number}.wasm"))
        self.start()

    def start(self):
        self.store = wasmtime.Store(self.engine)
        self.instances = []
        for instance in self.graph["instances"]:
            imports = []
            module = self.modules[instance["module"]]
            for item, source in zip(module.imports, instance["imports"]):
                if source.get("host"):
                    imports.append(wasmtime.Func(self.store, item.type, self.trap))
                else:
                    imports.append(self.instances[source["instance"]].exports(self.store)[source["name"]])
            self.instances.append(wasmtime.Instance(self.store, module, imports))
        # The callee's instance, the caller's, and where its user's imports come from.
        own = [i for i, instance in enumerate(self.graph["instances"]) if "/module 0" in instance["name"]
               or "/M" in instance["name"]]
        self.callee, self.caller = (self.instances[i].exports(self.store) for i in own[:2])
        self.functions = [self.instances[source["instance"]].exports(self.store)[source["name"]]
                          for source in self.graph["instances"][-1]["imports"]]

        # The specification's tables, which change with those of the core instances.
        self.tables = [self.oracle.ComponentInstance(None) for _ in range(3)]
        self.world.resource.impl = self.tables[1 if self.world.resources == "callee" else 2]

    def maker(self, side: int):
        """What makes handles for the caller (0) or the callee (1)."""
        function = self.callee["get"] if side else self.functions[-1]
        return lambda rep: function(self.store, rep - (1 << 32) if rep >> 31 else rep)

    def sides(self):
        handles = bool(self.world.resources)
        return [Memory(self.oracle, encoding, IMAGE, self.tables[i], self.maker(i) if handles else None)
                for i, encoding in enumerate([self.world.caller, self.world.callee])]

    def trap(self, code, detail):
        raise RuntimeError(self.graph["traps"][str(code)])


def lift(oracle, side: Memory, limit, values, kinds):
    return oracle.lift_flat_values(side.context, limit, oracle.CoreValueIter(list(values)), kinds)


class Case:
    """One call: what is in both memories before, and what has to be there afterwards."""

    def __init__(self, oracle, rng, runner, function, damaged, lifted):
        world = runner.world
        self.lifted = lifted
        self.parameters = [part[1] for part in world.functions[function][0]]
        result = world.functions[function][1]
        self.result = [result[1]] if result else []
        self.caller, self.callee = runner.sides()
        original = oracle.store_string_into_range, oracle.lower_own, oracle.lower_borrow
        oracle.store_string_into_range = storing_strings(oracle, rng)
        oracle.lower_own = oracle.lower_borrow = storing_handles(oracle, rng)
        values = [value(rng, kind, oracle) for kind in self.parameters]
        self.arguments = oracle.lower_flat_values(self.caller.context, 16, values, self.parameters)
        self.returned = oracle.lower_flat_values(
            self.callee.context, 1, [value(rng, kind, oracle) for kind in self.result], self.result)
        oracle.store_string_into_range, oracle.lower_own, oracle.lower_borrow = original
        self.out = []
        flat = oracle.flatten_types(self.result, self.caller.options)
        if len(flat) > 1:
            self.out = [self.caller.reallocate(
                0, 0, oracle.alignment(oracle.TupleType(self.result), "i32"),
                oracle.elem_size(oracle.TupleType(self.result), "i32"))]
        if damaged:
            self.damage(rng)
        self.before = bytes(self.caller.memory.bytes), bytes(self.callee.memory.bytes)
        self.caller.top = self.callee.top = HEAP
        self.run(oracle)

    def damage(self, rng):
        for side, values in [(self.caller, self.arguments), (self.callee, self.returned)]:
            if rng.random() < 0.3:
                continue
            for _ in range(rng.choice([1, 1, 2, 4])):
                numbers = [i for i, v in enumerate(values) if isinstance(v, int)]
                if numbers and rng.random() < 0.4:
                    index = rng.choice(numbers)
                    values[index] = (values[index] ^ 1 << rng.choice([0, 1, 2, 5, 8, 17, 31])) & 0xffffffff
                elif side.top > IMAGE:
                    side.memory.bytes[rng.randrange(IMAGE, side.top)] ^= 1 << rng.randrange(8)

    def run(self, oracle):
        """What the specification says."""
        self.traps = True
        self.flat = []
        self.back = []
        lent = self.caller.context.borrow_scope = oracle.Subtask()
        task = self.callee.context.borrow_scope = oracle.Task(None, None, None, None, None)
        try:
            values = lift(oracle, self.caller, 16, self.arguments, self.parameters)
            self.flat = oracle.lower_flat_values(self.callee.context, 16, values, self.parameters)
            # The callee writes its parameters down, where damaged results may find them.
            for index, (number, core) in enumerate(zip(self.flat, self.lifted.params)):
                place = LOG + 8 * index
                self.callee.memory.bytes[place:place + 8] = bits(oracle, number, core).to_bytes(8, "little")
            results = lift(oracle, self.callee, 1, self.returned, self.result)
            out = oracle.CoreValueIter(list(self.out)) if self.out else None
            oracle.trap_if(task.num_borrows > 0)
            self.back = oracle.lower_flat_values(self.caller.context, 1, results, self.result, out)
            for handle in lent.lenders:
                handle.num_lends -= 1
            self.traps = False
        except oracle.Trap:
            pass


def bits(oracle, number, core) -> int:
    if core == "f32":
        return oracle.core_i32_reinterpret_f32(number)
    if core == "f64":
        return oracle.core_i64_reinterpret_f64(number)
    return number & (0xffffffff if core == "i32" else 0xffffffffffffffff)


def is_nan(pattern: int, core: str) -> bool:
    return core == "f32" and pattern & 0x7fffffff > 0x7f800000 or core == "f64" and pattern & (1 << 63) - 1 > 0x7ff << 52


def call(runner: Runner, oracle, case: Case, function: int, lifted, lowered) -> str:
    """Makes the call; returns what differs, or nothing."""
    store, caller, callee = runner.store, runner.caller, runner.callee
    caller["mem"].write(store, case.before[0])
    callee["mem"].write(store, case.before[1])
    caller["top"].set_value(store, wasmtime.Val.i32(HEAP))
    callee["top"].set_value(store, wasmtime.Val.i32(HEAP))
    if lifted.results:
        core = lifted.results[0]
        pattern = bits(oracle, case.returned[0], core)
        make = {"i32": lambda v: wasmtime.Val.i32(v - (1 << 32) if v >> 31 else v),
                "i64": lambda v: wasmtime.Val.i64(v - (1 << 64) if v >> 63 else v),
                "f32": lambda _: wasmtime.Val.f32(float(case.returned[0])),
                "f64": lambda _: wasmtime.Val.f64(float(case.returned[0]))}[core]
        callee["r" + core].set_value(store, make(pattern))
    arguments = []
    for number, core in zip(case.arguments + case.out, lowered.params):
        width = {"i32": 32, "i64": 64}.get(core)
        if width is None:
            arguments.append(float(number))
        else:
            arguments.append(number - (1 << width) if number >> width - 1 else number)
    try:
        result = runner.functions[function](store, *arguments)
    except (wasmtime.Trap, wasmtime.WasmtimeError, RuntimeError) as error:
        runner.start()
        return "" if case.traps else f"trap where none belongs: {str(error)[:300]}"
    if case.traps:
        runner.start()
        return "no trap where the specification has one"
    after = caller["mem"].read(store, 0, SIZE), callee["mem"].read(store, 0, SIZE)
    for index, (number, core) in enumerate(zip(case.flat, lifted.params)):
        seen = int.from_bytes(after[1][LOG + 8 * index:LOG + 8 * index + 8], "little")
        expected = bits(oracle, number, core)
        if seen != expected and not (is_nan(seen, core) and is_nan(expected, core)):
            return f"parameter {index} is {seen:#x}, not {expected:#x}"
    if lowered.results:
        core = lowered.results[0]
        seen, expected = bits(oracle, result, core), bits(oracle, case.back[0], core)
        if seen != expected and not (is_nan(seen, core) and is_nan(expected, core)):
            return f"the result is {seen:#x}, not {expected:#x}"
    return compare(oracle, case, after)


def compare(oracle, case: Case, after) -> str:
    """Compares memories; where bytes differ, the values that are there (numbers that are none may differ)."""
    if after[0] == case.caller.memory.bytes and after[1][HEAP:] == case.callee.memory.bytes[HEAP:]:
        return ""
    original = oracle.lift_own, oracle.lift_borrow
    oracle.lift_own = oracle.lift_borrow = lambda _, index, __: index
    try:
        return compare_values(oracle, case, after)
    finally:
        oracle.lift_own, oracle.lift_borrow = original


def compare_values(oracle, case: Case, after) -> str:
    for name, side, seen, limit, numbers, kinds in [
            ("callee", case.callee, after[1], 16, case.flat, case.parameters),
            ("caller", case.caller, after[0], 1, case.out or case.back, case.result)]:
        expected = lift(oracle, side, limit, numbers, kinds)
        other = copy.copy(side)
        side.memory.bytes[:] = seen
        actual = lift(oracle, other, limit, numbers, kinds)
        if repr(actual) != repr(expected):
            return f"the {name} finds {actual!r:.300}, not {expected!r:.300}"
    return ""


def check_world(arguments, oracle, seed: int) -> tuple[int, int, int, int]:
    rng = random.Random(seed)
    world = make_world(rng, oracle, arguments.functions)
    sample = Memory(oracle, "utf8", 0).options
    options = oracle.CanonicalOptions(memory=sample.memory)
    shapes = []
    for parameters, result in world.functions:
        kind = oracle.FuncType([part[1] for part in parameters], [result[1]] if result else [])
        shapes.append([oracle.flatten_functype(options, kind, context) for context in ("lift", "lower")])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        text = component(world, [shape[0] for shape in shapes], [shape[1] for shape in shapes])
        (folder / "world.wat").write_text(text)
        subprocess.run([arguments.wasm_tools, "parse", folder / "world.wat", "-o", folder / "world.wasm"], check=True)
        subprocess.run([arguments.tool, folder / "world.wasm", folder / "graph"], check=True)
        runner = Runner(folder / "graph", oracle, world)
        differences = traps = values = 0
        for number in range(arguments.values):
            function = rng.randrange(len(world.functions))
            case = Case(oracle, rng, runner, function, rng.random() < DAMAGED, shapes[function][0])
            problem = call(runner, oracle, case, function, *shapes[function])
            traps += case.traps
            values += len(case.parameters) + len(case.result)
            if problem:
                differences += 1
                print(f"seed {seed}, call {number}, f{function}, {world.caller} to {world.callee}: {problem}")
                if differences == 1:
                    pathlib.Path(arguments.keep or name, f"component-{seed}.wat").write_text(text)
                if differences > 5:
                    break
        return number + 1, values, traps, differences


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--definitions", type=pathlib.Path, required=True)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--wasm-tools", default="wasm-tools")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--functions", type=int, default=20)
    parser.add_argument("--values", type=int, default=1000)
    parser.add_argument("--keep", help="a folder for components that show a difference")
    arguments = parser.parse_args()
    oracle = load_oracle(arguments.definitions)
    total = [0, 0, 0, 0]
    for seed in range(arguments.seed, arguments.seed + arguments.worlds):
        total = [a + b for a, b in zip(total, check_world(arguments, oracle, seed))]
        print(f"seed {seed}: so far {total[0]} calls, {total[3]} differences", file=sys.stderr, flush=True)
    print(f"{total[0]} calls with {total[1]} values, {total[2]} of them trap, {total[3]} differences")
    sys.exit(1 if total[3] else 0)


if __name__ == "__main__":
    main()
