"""Modules whose accesses are constants apart, called with pointers near the ends of the memory.

Optimised code computes such addresses from one another, where it follows from one access that
another one does not wrap around; whether it follows is what is tried here.
"""

import random

import loops
from oracle import OUT_OF_BOUNDS, Oracle
from script import Behaviour, Call
from values import Value
from wasmtime import wat2wasm

FUNCTIONS, CALLS = 8, 24
#: Loads and stores by type and width.
LOADS = ["i64.load", "i64.load8_u", "i64.load16_s", "i64.load32_u", "i64.load"]
STORES = ["i64.store", "i64.store8", "i64.store16", "i64.store32", "i64.store"]
DISTANCES = [0, 0, 1, 2, 4, 8, 8, 12, 16, 24, 40, 4096, 65528, 65536, 65537]
OFFSETS = [0, 0, 0, 0, 1, 4, 8, 16, 64, 65536]
#: Masks after which constants can be added without wrapping, such constants, and offsets that bring them
#: near the end of what is reserved for a memory.
MASKS = [0x7F000000, 0x7F000000, 0x7FF00000, 0x3FF00000]
SUMMANDS = [0x80000, 0xFFFFF, 0xFFFF0, 0x80000, 16, -16, -16, -8, -4096, -65520]
FAR_OFFSETS = [0, 0, 0x7FF00000, 0x7FFFFFFF, 0x80000000, 0x80000000]
#: How many functions have those.
FAR_SHARE = 0.25


class Code:
    """The body of a function of two pointers and some bits that decide where it goes."""

    def __init__(self, source: random.Random):
        self.source = source
        #: Nothing, or what pointers are masked with.
        self.mask = source.choice(MASKS) if source.random() < FAR_SHARE else None

    def function(self, name: str) -> str:
        """The function in the text format; what it loads ends up in its result."""
        # Of long ones only the first access counts, which faults in most cases.
        body = self.block(3) if self.mask is None else " ".join(
            self.access() for _ in range(self.source.choice([2, 2, 3, 4])))
        return f"""(func (export "{name}") (param $p i32) (param $q i32) (param $bits i32)
  (result i64) (local $x i64) (local $n i32)
  {body}
  (local.get $x))"""

    def block(self, depth: int) -> str:
        """Some statements."""
        count = self.source.randrange(2, 7)
        return "\n  ".join(self.statement(depth) for _ in range(count))

    def statement(self, depth: int) -> str:
        """An access, or a statement of statements."""
        kind = self.source.random()
        if depth == 0 or kind < 0.75:
            return self.access()
        if kind < 0.87:
            bit = 1 << self.source.randrange(8)
            return (
                f"(if (i32.and (local.get $bits) (i32.const {bit}))"
                f" (then {self.block(depth - 1)}) (else {self.block(depth - 1)}))"
            )
        if kind < 0.93:
            return f"(call $effect) {self.access()}"
        if kind < 0.96:
            name = self.source.choice("pq")
            step = self.source.choice(DISTANCES) * self.source.choice([1, -1])
            return f"(local.set ${name} (i32.add (local.get ${name}) (i32.const {step})))"
        step = self.source.choice([4, 8, 16, -8])
        return (
            f"(local.set $n (i32.const {self.source.randrange(2, 12)})) (loop $again"
            f" {self.access()} {self.access()} {self.access()}"
            f" (local.set $p (i32.add (local.get $p) (i32.const {step})))"
            " (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
        )

    def access(self) -> str:
        """A load into the sum, or a store of it."""
        source = self.source
        distance = source.choice(DISTANCES) * source.choice([1, 1, 1, -1])
        offsets, address = OFFSETS, f"(local.get ${source.choice('ppq')})"
        if self.mask is not None:
            distance, offsets = source.choice(SUMMANDS), FAR_OFFSETS
            address = f"(i32.and {address} (i32.const {self.mask}))"
        if distance != 0:
            address = f"(i32.add {address} (i32.const {distance}))"
        offset = f"offset={source.choice(offsets)}"
        if source.random() < 0.4:
            return f"({source.choice(STORES)} {offset} {address} (local.get $x))"
        load = f"({source.choice(LOADS)} {offset} {address})"
        return f"(local.set $x (i64.xor (i64.rotl (local.get $x) (i64.const 9)) {load}))"


class Module(loops.Contents):
    """One module and what is called in it."""

    def __init__(self, source: random.Random):
        super().__init__("i32", ["3 3"], [(0, 3 << 16)])
        self.source = source
        self.calls: list[Call] = []
        self.functions = []
        for number in range(FUNCTIONS):
            self.functions.append(Code(source).function(f"f{number}"))
            for _ in range(CALLS):
                arguments = [Value("i32", self.pointer()), Value("i32", self.pointer())]
                arguments.append(Value("i32", source.getrandbits(8)))
                self.calls.append(Call("fill", [Value("i64", source.getrandbits(64) | 1)]))
                self.calls.append(Call(f"f{number}", arguments))
                self.calls.append(Call("digest", []))

    def pointer(self) -> int:
        """Somewhere in the memory, or where something is about to wrap or to fault."""
        source = self.source
        middle = 3 << 15
        place = source.choice([middle, middle, middle, 0, 1 << 16, 2 << 16, 3 << 16])
        return (place + source.randrange(-72, 72)) % (1 << 32)

    @property
    def text(self) -> str:
        """The module in the text format."""
        effect = '(global $g (mut i32) (i32.const 0)) (func $effect (export "effect")'
        effect += " (global.set $g (i32.add (global.get $g) (i32.const 1))))"
        parts = [self.definitions(), self.fill(), self.digest(), effect, *self.functions]
        return "\n".join(["(module", *parts, ")"])


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the functions of a seed do. The memory is not compared after a trap."""
    module = Module(random.Random(f"neighbours/{seed}"))
    binary = bytes(wat2wasm(module.text))
    behaviour = oracle.perform(binary, oracle.interface(binary), module.calls)
    (life,) = behaviour.lives
    kept: list[Call] = []
    has_faulted = False
    for call in life.calls:
        if call.name != "digest" or not has_faulted:
            kept.append(call)
        has_faulted = call.trap == OUT_OF_BOUNDS
    life.calls = kept
    return behaviour
