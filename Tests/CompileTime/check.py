"""How compile time grows with the size of what is compiled.

    .build/venv/bin/python Tests/CompileTime/check.py [--levels=-O2,-Os] [--largest=N] [SHAPE ...]

Compiles functions of certain shapes at sizes that double, and shows the user time that each takes and
its ratio to that of half the size. A ratio above the limit is a fault, where the times are long enough
to be measured. Every run draws some shapes at random besides those that are known.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SMELT = os.path.join(ROOT, ".build/smelt/bin/smelt")
PARSER = os.path.join(ROOT, ".build/venv/bin/wasm-tools")

LIMIT = 2.3
# Less is the start of the process and the noise of the machine.
MEASURABLE = 0.25
# No compilation may take longer; one that does is a fault.
LONGEST = 120


def get(local="a"):
    return f"(local.get ${local})"


def const(value):
    return f"(i32.const {value})"


def step(index):
    """Something that depends on what came before and cannot be left out."""
    return f"(local.set $a (i32.mul (i32.add {get()} {const(index * 7 + 1)}) {const(3)}))"


def switch(count, labels, statement):
    table = " ".join(map(str, labels))
    cases = "".join(f") {statement(index)}\n" for index in range(count))
    return "(block\n" * count + f"(br_table {table} {get()})" + cases


STATEMENTS = {
    "arithmetic": step,
    "load": lambda i: f"(local.set $a (i32.xor {get()} (i32.load8_u {const(i % 60000)})))",
    "store": lambda i: f"(i32.store (i32.add {get('b')} {const(i * 70000 % 2**31)}) {get()})",
    "near": lambda i: f"(i32.store offset={i * 4} {get('b')} {get()})",
    "loop": lambda i: f"(loop $l (br_if $l (local.tee $a (i32.sub {get()} {const(3)}))))",
    "if": lambda i: f"(if (i32.and {get()} {const(1 << i % 31)}) (then {step(i)}))",
    "remainder": lambda i: f"(local.set $a (i32.rem_s {get()} {get('b')}))",
    "call": lambda i: f"(local.set $a (call $leaf {get()}))",
    "indirect": lambda i: f"(local.set $a (call_indirect (type $t) {get()} {const(i % 2)}))",
    "vector": lambda i: "(local.set $v (i32x4.add (i32x4.mul (local.get $v) (local.get $v))"
    f" (v128.load {const(i * 16 % 60000)})))",
    "choice": lambda i: f"(local.set $v (select (v128.load {const(i * 16 % 60000)})"
    f" (local.get $v) (i32.load8_u {const(i % 60000)})))",
    "return": lambda i: f"(br_if $out (i32.eq {get()} {const(i)}))",
}

NESTS = {
    "loops": (
        lambda i: "(loop " + step(i),
        f"(br_if 0 (i32.lt_u {get()} {const(100000)})))",
    ),
    "ifs": (lambda i: f"(if (i32.and {get()} {const(1)}) (then {step(i)}", "))"),
    "blocks": (lambda i: f"(block (br_if 0 (i32.eq {get()} {const(i)}))", step(1) + ")"),
}


def straight(kinds):
    return lambda n: "\n".join(STATEMENTS[kinds[i % len(kinds)]](i) for i in range(n))


def nest(kind):
    opening, closing = NESTS[kind]
    return lambda n: "\n".join(map(opening, range(n))) + closing * n


def globals_(n):
    sets = (f"(global.set $g{i} (i32.add (global.get $g{i * 7 % n}) {const(1)}))" for i in range(n))
    return "\n".join(sets)


def stack(n):
    loads = "".join(f"(i32.load8_u {const(i % 60000)})" for i in range(n))
    return f"{loads}{'i32.add ' * (n - 1)}(local.set $a)"


SHAPES = {kind: straight([kind]) for kind in STATEMENTS}
SHAPES |= {f"nested {kind}": nest(kind) for kind in NESTS}
SHAPES |= {
    "globals": globals_,
    "stack": stack,
    "switch": lambda n: switch(n, range(n), lambda i: step(i)),
    "wide switch": lambda n: switch(34, (i % 34 for i in range(n)), lambda i: step(i)),
    "interpreter": lambda n: f"(loop $l {switch(n, range(n), STATEMENTS['near'])}"
    f"(br_if $l (local.tee $b (i32.sub {get('b')} {const(1)}))))",
}


def module(shape, size):
    count = size if shape is globals_ else 0
    variables = "".join(f"(global $g{i} (mut i32) {const(i)})\n" for i in range(count))
    return f"""(module (memory 4) {variables}
      (type $t (func (param i32) (result i32)))
      (table funcref (elem $leaf $leaf))
      (func $leaf (type $t) (i32.load (local.get 0)))
      (func $f (param $a i32) (param $b i32) (result i32) (local $v v128)
        (block $out {shape(size)})
        (i32.xor {get()} (i32x4.extract_lane 0 (local.get $v))))
      (func (export "_start")
        (i32.store {const(0)} (call $f (i32.load {const(8)}) (i32.load {const(12)})))))"""


def drawn(seed):
    """A mixture of statements, perhaps in a loop, that nobody has thought of."""
    draw = random.Random(seed)
    kinds = draw.choices(list(STATEMENTS), k=draw.randint(2, 5))
    body = straight(kinds)
    name = f"{seed}: {' '.join(kinds)}"
    if draw.random() < 0.5:
        return name, body
    again = f"(br_if $again (local.tee $b (i32.sub {get('b')} {const(1)})))"
    return f"{name} in a loop", lambda n: f"(loop $again {body(n)} {again})"


def seconds(wasm, level, folder):
    """The user time of a compilation; None if it takes too long."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    command = [SMELT, "compile", level, "-j1", wasm, "-o", os.path.join(folder, "program")]
    result = subprocess.run(
        ["prlimit", f"--cpu={LONGEST}"] + command, capture_output=True, text=True
    )
    if result.returncode < 0:
        return None
    if result.returncode:
        sys.exit(result.stderr)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def check(name, shape, levels, sizes, folder):
    faults = 0
    modules = []
    for size in sizes:
        text, wasm = (os.path.join(folder, f"{size}.{end}") for end in ("wat", "wasm"))
        with open(text, "w") as file:
            file.write(module(shape, size))
        subprocess.run([PARSER, "parse", text, "-o", wasm], check=True)
        modules.append(wasm)
    for level in levels:
        row, last = [], None
        for wasm in modules:
            time = seconds(wasm, level, folder)
            if time is None:
                row.append("did not end")
                faults += 1
                break
            if last is None:
                row.append(f"{time:.2f}")
            else:
                ratio = time / last
                is_fault = ratio > LIMIT and time > MEASURABLE
                faults += is_fault
                row.append(f"{time:.2f} ({ratio:.1f}{' !' if is_fault else ''})")
            last = time
        print(f"{name:24} {level:4}", "  ".join(row), flush=True)
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--levels", default="-O0,-O1,-O2,-O3,-Os")
    parser.add_argument("--smallest", type=int, default=250)
    parser.add_argument("--largest", type=int, default=64000)
    parser.add_argument("--random", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 20))
    parser.add_argument("shapes", nargs="*")
    options = parser.parse_args()
    sizes = [options.smallest]
    while sizes[-1] * 2 <= options.largest:
        sizes.append(sizes[-1] * 2)
    shapes = {name: SHAPES[name] for name in options.shapes or SHAPES}
    if not options.shapes:
        shapes |= dict(drawn(options.seed + index) for index in range(options.random))
    faults = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, shape in shapes.items():
            faults += check(name, shape, options.levels.split(","), sizes, folder)
    print(f"{faults} times grow by more than {LIMIT} when the size doubles")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
