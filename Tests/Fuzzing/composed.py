#!/usr/bin/env python3
"""Composes random pairs of components, compiles them as users do, and compares with wasmtime's command line.

    composed.py --count 20                  as many pairs, from seed 1
    composed.py --seconds 600 --seed 7      for so long
    composed.py --start 41 --count 1 --keep pair 41 again, whose files stay

One component gives back what it is given, the other passes a value of a random type, in any two encodings of
strings, checks what comes back by a sum over its memory, and writes that to its standard output. A part of the
values is damaged: then both engines have to trap. Runs with the Python of .build/venv.
"""

import argparse
import pathlib
import platform
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests/Components"))

from codecs_of_others import SMELT, TRIPLES, WASM_TOOLS, wasmtime  # noqa: E402

ENCODINGS = ["utf8", "utf16", "latin1+utf16"]
LEVELS = ["O0", "O1", "O2", "O3", "Os"]
INTEGERS = {"u8": 1, "s8": 1, "u16": 2, "s16": 2, "u32": 4, "s32": 4, "u64": 8, "s64": 8}
CHARACTERS = "aZ0 ~\x00\x7f\x80\xff\u0100\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff"
BASE = 4096
DAMAGED = 0.5


def align(place: int, alignment: int) -> int:
    return (place + alignment - 1) & -alignment


class Type:
    """A type with its text and layout; `store` writes a random value at a place."""

    def __init__(self, text, size, alignment, store):
        self.text, self.size, self.alignment, self.store = text, size, alignment, store


class World:
    """The types of a pair, and the caller's memory."""

    def __init__(self, rng: random.Random, encoding: str):
        self.rng, self.encoding = rng, encoding
        self.memory = bytearray(BASE)
        self.definitions: list[str] = []

    def allocate(self, size: int, alignment: int) -> int:
        place = align(len(self.memory), alignment)
        self.memory += bytes(place + size - len(self.memory))
        return place

    def write(self, place: int, size: int, number: int) -> None:
        self.memory[place:place + size] = (number % (1 << 8 * size)).to_bytes(size, "little")

    def define(self, text: str) -> str:
        self.definitions.append(f"(type $t{len(self.definitions)} {text})")
        return f"$t{len(self.definitions) - 1}"

    # Types ----------------------------------------------------------------------------------

    def any(self, depth: int) -> Type:
        plain = [self.integer, self.boolean, self.character, self.string, self.enumeration, self.flags, self.float]
        made = [self.sequence, self.record, self.pair, self.variant, self.option, self.result]
        return self.rng.choice(plain if depth == 0 else plain + made * 2)(depth - 1)

    def integer(self, _) -> Type:
        name, size = self.rng.choice(list(INTEGERS.items()))
        return Type(name, size, size, lambda place: self.write(
            place, size, self.rng.choice([0, 1, -1, self.rng.getrandbits(64)])))

    def float(self, _) -> Type:
        name, size, code = self.rng.choice([("f32", 4, "<f"), ("f64", 8, "<d")])

        def store(place):
            number = self.rng.choice([0.0, -0.0, float("inf"), self.rng.uniform(-9, 9)])
            self.memory[place:place + size] = struct.pack(code, number)
        return Type(name, size, size, store)

    def boolean(self, _) -> Type:
        return Type("bool", 1, 1, lambda place: self.write(place, 1, self.rng.getrandbits(1)))

    def character(self, _) -> Type:
        return Type("char", 4, 4, lambda place: self.write(place, 4, ord(self.rng.choice(CHARACTERS))))

    def string(self, _) -> Type:
        def store(place):
            wide = self.encoding == "utf16" or self.encoding == "latin1+utf16" and self.rng.random() < 0.5
            letters = CHARACTERS if wide or self.encoding == "utf8" else [c for c in CHARACTERS if ord(c) < 256]
            text = "".join(self.rng.choices(letters, k=self.rng.choice([0, 1, 3, 20, 70])))
            data = text.encode("utf-16-le" if wide else "utf8" if self.encoding == "utf8" else "latin1")
            length = len(data) // 2 if wide else len(data)
            if wide and self.encoding != "utf16":
                length |= 1 << 31
            self.write_area(place, data, length, 2 if self.encoding != "utf8" else 1)
        return Type("string", 8, 4, store)

    def write_area(self, place: int, data: bytes, length: int, alignment: int) -> None:
        address = self.allocate(len(data), alignment)
        self.memory[address:address + len(data)] = data
        self.write(place, 4, address)
        self.write(place + 4, 4, length)

    def enumeration(self, _) -> Type:
        count = self.rng.choice([1, 2, 5, 300])
        size = 1 if count <= 256 else 2
        labels = " ".join(f'"e{index}"' for index in range(count))
        return Type(self.define(f"(enum {labels})"), size, size,
                    lambda place: self.write(place, size, self.rng.randrange(count)))

    def flags(self, _) -> Type:
        count = self.rng.choice([1, 8, 9, 17, 32])
        size = 1 if count <= 8 else 2 if count <= 16 else 4
        labels = " ".join(f'"f{index}"' for index in range(count))
        return Type(self.define(f"(flags {labels})"), size, size,
                    lambda place: self.write(place, size, self.rng.getrandbits(count)))

    def sequence(self, depth) -> Type:
        element = self.any(depth)

        def store(place):
            count = self.rng.choice([0, 1, 2, 9])
            address = self.allocate(element.size * count, element.alignment)
            self.write(place, 4, address)
            self.write(place + 4, 4, count)
            for index in range(count):
                element.store(address + index * element.size)
        return Type(self.define(f"(list {element.text})"), 8, 4, store)

    def fields(self, parts: list[Type], text: str) -> Type:
        offsets, end = [], 0
        for part in parts:
            offsets.append(align(end, part.alignment))
            end = offsets[-1] + part.size
        alignment = max(part.alignment for part in parts)

        def store(place):
            for part, offset in zip(parts, offsets):
                part.store(place + offset)
        return Type(self.define(text), align(end, alignment), alignment, store)

    def record(self, depth) -> Type:
        parts = [self.any(depth) for _ in range(self.rng.randint(1, 4))]
        return self.fields(parts, "(record " + " ".join(
            f'(field "r{index}" {part.text})' for index, part in enumerate(parts)) + ")")

    def pair(self, depth) -> Type:
        parts = [self.any(depth) for _ in range(self.rng.randint(1, 3))]
        return self.fields(parts, "(tuple " + " ".join(part.text for part in parts) + ")")

    def cases(self, parts: list, text: str) -> Type:
        size = 1 if len(parts) <= 256 else 2
        present = [part for part in parts if part]
        alignment = max([size] + [part.alignment for part in present])
        payload = align(size, max([1] + [part.alignment for part in present]))

        def store(place):
            chosen = self.rng.randrange(len(parts))
            self.write(place, size, chosen)
            if parts[chosen]:
                parts[chosen].store(place + payload)
        end = payload + max([0] + [part.size for part in present])
        return Type(self.define(text), align(end, alignment), alignment, store)

    def variant(self, depth) -> Type:
        parts = [self.rng.choice([None, self.any(depth)]) for _ in range(self.rng.choice([1, 2, 4, 260]))]
        parts = parts if len(parts) < 100 else [None] * 256 + parts[-4:]
        return self.cases(parts, "(variant " + " ".join(
            f'(case "v{index}"{" " + part.text if part else ""})' for index, part in enumerate(parts)) + ")")

    def option(self, depth) -> Type:
        part = self.any(depth)
        return self.cases([None, part], f"(option {part.text})")

    def result(self, depth) -> Type:
        parts = [self.rng.choice([None, self.any(depth)]) for _ in range(2)]
        good = f" {parts[0].text}" if parts[0] else ""
        bad = f" (error {parts[1].text})" if parts[1] else ""
        return self.cases(parts, f"(result{good}{bad})")

    # Components -----------------------------------------------------------------------------

    def whole(self) -> Type:
        """A value with so many parts that it is always passed by its address."""
        numbers = [Type("u32", 4, 4, lambda place: self.write(place, 4, self.rng.getrandbits(32)))] * 17
        parts = [self.any(3), *numbers]
        return self.fields(parts, "(tuple " + " ".join(part.text for part in parts) + ")")


ALLOCATOR = """
    (global $top (mut i32) (i32.const {top}))
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $place i32)
      (local.set $place (i32.and (i32.add (global.get $top) (i32.sub (local.get $align) (i32.const 1)))
        (i32.sub (i32.const 0) (local.get $align))))
      (global.set $top (i32.add (local.get $place) (local.get $new)))
      (if (i32.gt_u (global.get $top) (i32.const {limit})) (then (unreachable)))
      (memory.copy (local.get $place) (local.get $old)
        (select (local.get $size) (local.get $new) (i32.lt_u (local.get $size) (local.get $new))))
      (local.get $place))"""
PAGES = 24


def callee(world: World, whole: Type, encoding: str) -> str:
    """A component that gives back what it is given."""
    types = "\n  ".join(world.definitions)
    allocator = ALLOCATOR.format(top=64, limit=PAGES << 16)
    return f"""(component
  {types}
  (core module $m (memory (export "memory") {PAGES}) {allocator}
    (func (export "echo") (param i32) (result i32) (local.get 0)))
  (core instance $i (instantiate $m))
  (func $echo (param "x" {whole.text}) (result {whole.text})
    (canon lift (core func $i "echo") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))
      string-encoding={encoding}))
  {exported(world, "$echo")}
)"""


def exported(world: World, function: str) -> str:
    """An instance with the types, which have to have names, and the function."""
    named = [index for index, text in enumerate(world.definitions) if needs_name(text)]
    arguments = " ".join(f'(with "n{index}" (type $t{index}))' for index in named)
    inside = "\n    ".join(naming(world))
    return f"""(component $shim
    {inside})
  (instance $x (instantiate $shim (with "echo" (func {function})) {arguments}))
  (export "test:pair/echo@1.0.0" (instance $x))"""


def content(definition: str) -> str:
    """The type of `(type $t0 TYPE)`."""
    return definition.split(" ", 2)[2][:-1]


def needs_name(definition: str) -> bool:
    return content(definition).startswith(("(record", "(variant", "(enum", "(flags"))


def naming(world: World) -> list[str]:
    """The component that gives names to types: what is exported must be made of named types."""
    last, lines = f"$t{len(world.definitions) - 1}", []
    for index, definition in enumerate(world.definitions):
        if needs_name(definition):
            lines.append(f"(type $d{index} {content(definition)})")
            lines.append(f'(import "n{index}" (type $t{index} (eq $d{index})))')
        else:
            lines.append(definition)
    lines.append(f'(import "echo" (func $f (param "x" {last}) (result {last})))')
    for index, definition in enumerate(world.definitions):
        # What is exported is made of what has been exported.
        name = f"$v{index}" if needs_name(definition) else f"$u{index}"
        lines.append(f"(type {name} {content(definition).replace('$t', '$u')})")
        if needs_name(definition):
            lines.append(f'(export $u{index} "n{index}" (type $v{index}))')
    own = last.replace("$t", "$u")
    lines.append(f'(export "echo" (func $f) (func (param "x" {own}) (result {own})))')
    return lines


def interface(world: World) -> list[str]:
    """The declarations of the interface, as the caller imports it."""
    lines = []
    for index, definition in enumerate(world.definitions):
        if needs_name(definition):
            lines.append(f"(type $d{index} {content(definition)})")
            lines.append(f'(export "n{index}" (type $t{index} (eq $d{index})))')
        else:
            lines.append(definition)
    last = f"$t{len(world.definitions) - 1}"
    lines.append(f'(export "echo" (func (param "x" {last}) (result {last})))')
    return lines


def caller(world: World, whole: Type, place: int) -> str:
    """A command that passes the value and writes a sum over its memory."""
    data = "".join(f"\\{byte:02x}" for byte in world.memory[BASE:])
    area = align(len(world.memory), 16)
    allocator = ALLOCATOR.format(top=align(area + whole.size, 16), limit=PAGES << 16)
    declared = "\n    ".join(interface(world))
    return f"""(component
  (import "test:pair/echo@1.0.0" (instance $e
    {declared}))
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $err))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $out (sub resource)))
    (alias outer 1 $err (type $e0)) (export "error" (type $e1 (eq $e0)))
    (type $se0 (variant (case "last-operation-failed" (own $e1)) (case "closed")))
    (export "stream-error" (type $se (eq $se0)))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $out)) (param "contents" (list u8)) (result (result (error $se)))))))
  (alias export $streams "output-stream" (type $os))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $os (type $o0)) (export "output-stream" (type $o (eq $o0)))
    (export "get-stdout" (func (result (own $o))))))
  (core module $mem (memory (export "memory") {PAGES}) {allocator}
    (data (i32.const {BASE}) "{data}"))
  (core instance $m (instantiate $mem))
  (core func $echo (canon lower (func $e "echo") (memory (core memory $m "memory"))
    (realloc (core func $m "realloc")) string-encoding={world.encoding}))
  (core func $get (canon lower (func $stdout "get-stdout")))
  (core func $write (canon lower (func $streams "[method]output-stream.blocking-write-and-flush")
    (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
  (core module $main
    (import "m" "memory" (memory {PAGES}))
    (import "h" "echo" (func $echo (param i32 i32)))
    (import "h" "get" (func $get (result i32)))
    (import "h" "write" (func $write (param i32 i32 i32 i32)))
    (func (export "run") (result i32) (local $place i32) (local $sum i64)
      (call $echo (i32.const {place}) (i32.const {area}))
      (local.set $place (i32.const {BASE}))
      (loop $next
        (local.set $sum (i64.mul (i64.xor (local.get $sum) (i64.load8_u (local.get $place)))
          (i64.const 0x100000001b3)))
        (local.set $sum (i64.add (local.get $sum) (i64.const 0x9e3779b97f4a7c15)))
        (local.set $place (i32.add (local.get $place) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $place) (i32.const {PAGES << 16}))))
      (i64.store (i32.const 16) (local.get $sum))
      (call $write (call $get) (i32.const 16) (i32.const 8) (i32.const 64))
      (i32.const 0)))
  (core instance $i (instantiate $main (with "m" (instance $m))
    (with "h" (instance (export "echo" (func $echo)) (export "get" (func $get)) (export "write" (func $write))))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $r (export "run" (func $run)))
  (export "wasi:cli/run@0.2.0" (instance $r)))"""


# Running ------------------------------------------------------------------------------------


def tool(*command) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stderr.decode(errors='replace')[:2000]}")


def outcome(command: list[str]) -> tuple[str, bytes]:
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    # wasmtime ends with another status if it was a function of its own that found the value to be wrong.
    is_trap = done.returncode == 134 or b"error while executing at wasm" in done.stderr
    return ("returns" if done.returncode == 0 else "traps" if is_trap
            else f"ends with {done.returncode}: {done.stderr.decode(errors='replace')[-300:]}"), done.stdout


def check(number: int, seed: str, folder: pathlib.Path) -> list[str]:
    """How one pair differs from wasmtime, and prints nothing if it does not."""
    rng = random.Random(f"{seed} {number}")
    world = World(rng, rng.choice(ENCODINGS))
    whole = world.whole()
    place = world.allocate(whole.size, whole.alignment)
    whole.store(place)
    if rng.random() < DAMAGED:
        # In the value itself, before the numbers that fill it up, or in what it points to.
        own = (place, place + max(1, whole.size - 68))
        for _ in range(rng.choice([1, 3, 8])):
            world.memory[rng.randrange(*rng.choice([own, (BASE, len(world.memory))]))] = rng.choice([0, 1, 0x7f, 0x80, 0xff, 0xd8])
    files = [folder / "caller.wasm", folder / "callee.wasm", folder / "pair.wasm"]
    for text, file in zip([caller(world, whole, place), callee(world, whole, rng.choice(ENCODINGS))], files):
        file.with_suffix(".wat").write_text(text)
        tool(WASM_TOOLS, "parse", file.with_suffix(".wat"), "-o", file)
    tool(WASM_TOOLS, "compose", files[0], "-d", files[1], "-o", files[2])
    wanted = outcome([str(wasmtime()), "run", str(files[2])])
    differences = []
    for machine, triple in rng.sample(list(TRIPLES.items()), 2):
        level, program = rng.choice(LEVELS), folder / f"program.{machine}"
        tool(SMELT, "compile", files[0], "--with", files[1], f"-{level}", "--target", triple, "-o", program)
        emulator = [] if machine == platform.machine() else [f"qemu-{machine}"]
        found = outcome([*emulator, str(program)])
        if found != wanted:
            differences.append(f"pair {number}, {machine} -{level}: {found}, not {wanted}")
    return differences + ([] if wanted[0] != "traps" else ["traps"])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default="1")
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=1e9)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    end, pairs, traps, failed = time.monotonic() + options.seconds, 0, 0, 0
    folder = pathlib.Path(tempfile.mkdtemp(prefix="smelt-composed-"))
    for number in range(options.start, options.start + options.count):
        if time.monotonic() > end:
            break
        found = check(number, options.seed, folder)
        pairs += 1
        traps += "traps" in found
        for difference in found:
            if difference != "traps":
                failed += 1
                print(difference, flush=True)
    if options.keep:
        print(folder)
    else:
        shutil.rmtree(folder)
    print(f"composed: {pairs} pairs, {traps} of them trap, {failed} differences")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
