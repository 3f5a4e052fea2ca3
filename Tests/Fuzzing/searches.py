"""Modules with loops that look for something, called with pointers near the ends of the memory.

Optimised code looks at sixteen bytes at a time, as far as the memory reaches; whether it stops where
the loop stops, and faults where that faults, is what is tried here. What is loaded always decides
something: other loads may be left out, and with them their faults.
"""

import random

from oracle import Oracle
from script import Behaviour, Call
from values import Value
from wasmtime import wat2wasm

FUNCTIONS, CALLS = 10, 20
PAGES = 2
END = PAGES << 16
LOADS = {1: ["i32.load8_u", "i32.load8_u", "i32.load8_s"], 2: ["i32.load16_u", "i32.load16_s"],
         4: ["i32.load"]}
OFFSETS = [0, 0, 0, 1, 3, 16, 4096]
#: What becomes of an element before it is compared.
CHANGES = ["{}", "{}", "{}", "(i32.or {} (i32.const 32))", "(i32.and {} (i32.const 223))",
           "(i32.xor {} (local.get $c))", "(i32.add {} (local.get $c))"]


class Code:
    """The body of a function of two pointers, a count and a value that is looked for."""

    def __init__(self, source: random.Random):
        self.source = source
        self.size = source.choice([1, 1, 1, 2, 4])
        #: Whether the pointers move, or an index is added to them.
        self.moves = source.random() < 0.6
        self.has_second = source.random() < 0.5

    def function(self, name: str) -> str:
        """The function in the text format; its result is how and where the loop was left."""
        step = f"(i32.const {self.size})"
        steps = [f"(local.set $i (i32.add (local.get $i) {'(i32.const 1)' if self.moves else step}))"]
        if self.moves:
            steps += [f"(local.set ${p} (i32.add (local.get ${p}) {step}))" for p in "pq"]
        if self.source.random() < 0.5:
            steps.append("(local.set $n (i32.sub (local.get $n) (i32.const 1)))")
        self.source.shuffle(steps)
        exits = [self.search() for _ in range(self.source.choice([1, 1, 1, 2, 3]))]
        exits += [self.bound() for _ in range(self.source.choice([0, 1, 1, 1, 2]))]
        self.source.shuffle(exits)
        for number, test in enumerate(exits):
            exits[number] = f"(if {test} (then (local.set $e (i32.const {number})) (br $out)))"
        late = self.source.randrange(len(exits) + 1) if self.source.random() < 0.3 else len(exits)
        parts = [*exits[:late], *steps, *exits[late:], "(br $again)"]
        body = "\n    ".join(parts)
        return f"""(func (export "{name}") (param $p i32) (param $q i32) (param $n i32)
  (param $c i32) (result i64) (local $i i32) (local $e i32)
  (block $out (loop $again
    {body}))
  (i64.xor (i64.extend_i32_u (i32.xor (i32.add (local.get $i) (i32.mul (local.get $e)
   (i32.const 123456789))) (i32.rotl (local.get $p) (i32.const 16))))
   (i64.shl (i64.extend_i32_u (i32.xor (local.get $n) (i32.rotl (local.get $q) (i32.const 7))))
    (i64.const 32))))"""

    def bound(self) -> str:
        """Whether a counter has arrived."""
        return self.source.choice(
            ["(i32.eqz (local.get $n))", "(i32.eq (local.get $i) (local.get $n))",
             "(i32.eq (local.get $n) (local.get $i))", "(i32.ge_u (local.get $i) (local.get $n))",
             "(i32.eq (local.get $p) (local.get $c))"])

    def search(self) -> str:
        """Whether what was loaded is, or is not, something else."""
        change = self.source.choice(CHANGES)
        element = self.load("p")
        if self.has_second and self.source.random() < 0.7:
            return f"(i32.ne {change.format(element)} {change.format(self.load('q'))})"
        known = f"(i32.eq {element} (i32.const {self.source.choice([0, 10, 97])}))"
        if self.source.random() < 0.4:
            return known
        if self.source.random() < 0.3:
            return f"(i32.or (i32.eq {element} (local.get $c)) {known})"
        relation = self.source.choice(["eq", "eq", "eq", "ne", "lt_u"])
        return f"(i32.{relation} {change.format(element)} (local.get $c))"

    def load(self, pointer: str) -> str:
        """An element, of which later ones lie behind it."""
        address = f"(local.get ${pointer})"
        if not self.moves:
            address = f"(i32.add {address} (local.get $i))"
        return (f"({self.source.choice(LOADS[self.size])} offset={self.source.choice(OFFSETS)}"
                f" {address})")


class Module:
    """One module and what is called in it."""

    def __init__(self, source: random.Random):
        self.source = source
        self.functions = []
        self.calls: list[Call] = []
        for number in range(FUNCTIONS):
            self.functions.append(Code(source).function(f"f{number}"))
            for _ in range(CALLS):
                self.add_calls(f"f{number}")

    @property
    def text(self) -> str:
        """The module in the text format."""
        paint = """(func (export "paint") (param i32 i32 i32)
  (memory.fill (local.get 0) (local.get 1) (local.get 2)))"""
        return "\n".join(["(module", f"(memory {PAGES} {PAGES})", paint, *self.functions, ")"])

    def add_calls(self, name: str) -> None:
        """Makes most of the memory the same, so that searches last, and lets one begin."""
        source = self.source
        common, rare = source.choice([0, 10, 97, 255]), source.choice([0, 10, 65, 97, 128])
        self.paint(0, END, common)
        pointers = [self.pointer(), self.pointer()]
        for pointer in source.choices(pointers, k=source.randrange(4)):
            place = pointer + source.choice([0, 1, 2, 3, 7, 15, 16, 17, 31, 33, 40, 47, 48, 100, 255])
            self.paint(place % END, 1, rare)
        count = source.choice([0, 1, 2, 3, 5, 15, 16, 17, 18, 19, 33, 34, 40, 64, 1000, -1])
        value = source.choice([common, rare, rare, pointers[0] + source.randrange(64)])
        arguments = [*pointers, count % (1 << 32), value]
        self.calls.append(Call(name, [Value("i32", number) for number in arguments]))

    def paint(self, place: int, size: int, byte: int) -> None:
        """Fills a part of the memory."""
        self.calls.append(Call("paint", [Value("i32", place), Value("i32", byte), Value("i32", size)]))

    def pointer(self) -> int:
        """Somewhere in the memory, or where it is about to end."""
        place = self.source.choice([0, 1 << 16, END, END, END - 4096, END - 4096])
        return (place - self.source.randrange(120)) % END


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the functions of a seed do."""
    module = Module(random.Random(f"searches/{seed}"))
    binary = bytes(wat2wasm(module.text))
    return oracle.perform(binary, oracle.interface(binary), module.calls)
