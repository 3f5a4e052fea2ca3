"""Modules with counted loops, called with pointers that overlap, touch, wrap and run over the end.

Optimised code has versions of such loops for the case that nothing of that happens; whether it
tells the cases apart is what is tried here. Before each call the memory is filled anew, and after
it all of it is compared.
"""

import random

from loopcode import LoopCode
from loopshape import Array, Shape, choose_shape
from oracle import OUT_OF_BOUNDS, Oracle
from script import Behaviour, Call
from values import Value
from wasmtime import wat2wasm

#: The type of addresses, the memories' limits, and the bytes that are filled and compared.
PROFILES = {
    "small": ("i32", ["1 1"], [(0, 65536)]),
    "two": ("i32", ["1 1", "1 1"], [(0, 65536)]),
    "full": ("i32", ["65536 65536"], [(0, 32768), ((1 << 32) - 32768, 32768)]),
    "wide": ("i64", ["i64 1 1"], [(0, 65536)]),
}
WEIGHTS = [8, 3, 8, 1]
FUNCTIONS, CALLS = 6, 14
#: Loops that run more often are not called.
MOST_ITERATIONS = 700
#: How many bytes a loop should walk through.
MOST_BYTES = 6000
STRIDES = [0, 1, 2, 4, 8, 12, 24, -4, -1, 40, 1 << 21, -(1 << 31), 0x7FFFFFFF]


class Contents:
    """Memories that are filled from a number and made into one."""

    def __init__(self, address: str, memories: list[str], windows: list[tuple[int, int]]):
        self.address, self.memories, self.windows = address, memories, windows

    def definitions(self) -> str:
        """The memories."""
        return "\n".join(f"(memory {limits})" for limits in self.memories)

    def each_word(self, action: str) -> str:
        """Does something for every eight bytes that are looked at."""
        type_ = self.address
        parts = []
        for number, (begin, size) in enumerate(self.windows):
            parts.append(
                f"(local.set $a ({type_}.const {begin})) (loop $next{number} {action}"
                f" (br_if $next{number} ({type_}.ne (local.tee $a ({type_}.add (local.get $a)"
                f" ({type_}.const 8))) ({type_}.const {(begin + size) % (1 << 32)}))))"
            )
        return "\n  ".join(parts)

    def fill(self) -> str:
        """The function that fills all memories from a number; few bytes have many bits."""
        word = "(local.tee $x (i64.mul (i64.const 0x9E3779B97F4A7C15) (i64.rotl (local.get $x)"
        word += " (i64.const 29))))"
        stores = " ".join(
            f"(i64.store {number} (local.get $a) {word})" for number in range(len(self.memories))
        )
        return f"""(func (export "fill") (param $x i64) (local $a {self.address})
  {self.each_word(stores)})"""

    def digest(self) -> str:
        """The function that makes one number of all memories."""
        folds = " ".join(
            "(local.set $x (i64.mul (i64.const 0x9E3779B97F4A7C15) (i64.rotl (i64.xor"
            f" (local.get $x) (i64.load {number} (local.get $a))) (i64.const 29))))"
            for number in range(len(self.memories))
        )
        return f"""(func (export "digest") (result i64) (local $x i64) (local $a {self.address})
  {self.each_word(folds)} (local.get $x))"""


class Module(Contents):
    """One module and what is called in it."""

    def __init__(self, source: random.Random):
        self.source = source
        profile = source.choices(list(PROFILES), WEIGHTS)[0]
        super().__init__(*PROFILES[profile])
        self.is_full = profile == "full"
        self.functions: list[str] = []
        self.calls: list[Call] = []
        #: The places in `calls` of those that surely end with a fault.
        self.faults: set[int] = set()
        for number in range(FUNCTIONS):
            shape = choose_shape(source, self.is_full, len(self.memories))
            code = LoopCode(source, shape, self.address)
            self.functions.append(code.function(f"f{number}"))
            for _ in range(CALLS):
                self.add_call(f"f{number}", shape, code)

    @property
    def text(self) -> str:
        """The module in the text format."""
        parts = [self.definitions(), self.fill(), self.digest(), *self.functions]
        return "\n".join(["(module", *parts, ")"])

    # Arguments --------------------------------------------------------------------------

    def add_call(self, name: str, shape: Shape, code: LoopCode) -> None:
        """Calls a function, if a loop of reasonable length can be found."""
        for _ in range(10):
            start, bound = self.counters(shape)
            iterations = shape.iterations(start, bound, MOST_ITERATIONS)
            if iterations is not None:
                break
        else:
            return
        source = self.source
        stride = source.choice(STRIDES)
        if self.is_full and abs(stride * iterations * shape.step) > MOST_BYTES:
            stride = 0
        rest = source.randrange(4)
        pointers = self.pointers(shape, start, stride)
        bits = 32 if self.address == "i32" else 64
        values = [Value(self.address, pointer % (1 << bits)) for pointer in pointers]
        values += [Value(shape.counter, start), Value(shape.counter, bound)]
        values += [Value(self.address, stride % (1 << bits))]
        values += [Value("i64", source.getrandbits(64)), Value("i32", rest)]
        self.calls.append(Call("fill", [Value("i64", source.getrandbits(64) | 1)]))
        named = {name: value.bits for (name, _), value in zip(code.parameters(), values)}
        end = max(begin + size for begin, size in self.windows)
        if code.faults(named, iterations, end):
            self.faults.add(len(self.calls))
        self.calls.append(Call(name, values))
        self.calls.append(Call("digest", []))

    def counters(self, shape: Shape) -> tuple[int, int]:
        """Where the counter starts, and its bound."""
        source = self.source
        bits = 32 if shape.counter == "i32" else 64
        top = 1 << bits - 1
        largest = max(1, MOST_BYTES // (8 * abs(shape.step)))
        count = source.choice([1, 2, 3, 7, 8, 9, 16, 17, 25, 33, 64, 65, 100, largest])
        count = min(count, largest)
        distance = (count - (0 if shape.tests_next else 1)) * shape.step
        start = source.choice([0, 0, 0, 0, 1, 5, 100, -1, -3, top, top - 1])
        if source.random() < 0.25:
            edge = source.choice([0, top, top * 2 - 1, top - 1])
            start = edge - distance // source.choice([1, 2])
        elif shape.direction < 0 and source.random() < 0.7:
            start -= distance
        if shape.start is not None:
            start = shape.start
        bound = start + distance
        if source.random() < 0.3:
            bound += source.randrange(-abs(shape.step) - 1, abs(shape.step) + 2)
        if source.random() < 0.04:
            bound = source.choice([0, 1, top, top - 1, 2 * top - 1])
        return start % (1 << bits), bound % (1 << bits)

    def pointers(self, shape: Shape, start: int, stride: int) -> list[int]:
        """Where each array begins: near one another, and near the ends of the memory."""
        source = self.source
        begin, size = source.choice(self.windows)
        target = begin + size // 2 + source.randrange(-64, 64)
        if source.random() < 0.2:
            target = source.choice([0, max(begin + size for begin, size in self.windows)])
            target += source.randrange(-600, 600)
        targets = [target]
        for _ in shape.arrays[1:]:
            near = source.choice(targets)
            reach = source.choice([1, 4, 16, 64, 256, 1024, 4096])
            distance = source.choice([source.randrange(-reach, reach + 1), source.choice(
                [0, 1, -1, 4, -4, 8, -8, 16, 32]) * source.choice([1, 1, 8])])
            targets.append(near + distance)
        return [
            target - self.lead(array, shape, start, stride)
            for target, array in zip(targets, shape.arrays)
        ]

    @staticmethod
    def lead(array: Array, shape: Shape, start: int, stride: int) -> int:
        """What is added to a pointer to give the address of the first element."""
        lead = array.offset + array.bias
        if array.kind == "index":
            lead += start * array.size * array.direction
        elif array.kind == "product":
            lead += start * stride
        return lead


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the loops of a seed do.

    The oracle has to be strict. Of a loop that runs out of the memory only the trap is compared:
    what it wrote before is in no particular order. Nothing is if the access that faults may be one
    that nobody needs.
    """
    module = Module(random.Random(seed))
    binary = bytes(wat2wasm(module.text))
    behaviour = oracle.perform(binary, oracle.interface(binary), module.calls)
    (life,) = behaviour.lives
    kept: list[Call] = []
    has_faulted = False
    for number, call in enumerate(life.calls):
        if call.trap == OUT_OF_BOUNDS:
            has_faulted = True
            if number in module.faults:
                kept.append(call)
        elif call.name != "digest" or not has_faulted:
            has_faulted = False
            kept.append(call)
        else:
            has_faulted = False
    life.calls = kept
    return behaviour
