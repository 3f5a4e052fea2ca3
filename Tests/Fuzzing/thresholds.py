"""Modules just below and just above the compiler's thresholds, with accesses of every form in them.

Above a size a function is compiled without optimisation, by another instruction selector, in a part
of its own, while the rest of the module is not: whoever relies on what other functions have set
up or proven shows here. The same holds for functions whose locals get stack slots, and for
initial contents of memory that are copied instead of mapped, or written with their gaps.
"""

import random

import addressing
import cases
from oracle import Oracle
from script import Behaviour, Call
from wasmtime import wat2wasm

#: Bytes of code above which a function is too large to be optimised, and that make a part.
OVERSIZED = 256 * 1024
#: Values in all joins above which locals get stack slots.
JOINED_VALUES = 4_000_000
#: What is copied at the start at most, for each target; what the image's segments are at most.
COPIED, SEGMENTS, SMALL_GAP = [8192, 65536], 32, 4096
FUNCTIONS, CALLS = 8, 40


def filler(source: random.Random, size: int) -> str:
    """Code of about so many bytes that computes nothing."""
    style = source.choice(["constants", "constants", "constants", "arithmetic"])
    if style == "constants":
        return "v128.const i64x2 0 1 drop " * (size // 19) + "nop " * (size % 19)
    # Eleven bytes or so each, of which something is left to compile.
    step = "(local.set $i (i64.xor (i64.add (local.get $i) (local.get $w)) (i64.const {})))"
    text = " ".join(step.format(64 + source.randrange(64)) for _ in range(size // 11 // 40))
    # Never true, and nobody knows. Other code begins to count with this local.
    text += (" (if (i64.eq (local.get $i) (i64.const 0x5bd1e995a7c31f)) (then (unreachable)))"
             " (local.set $i (i64.const 0))")
    return text + " nop" * (size - size // 40)


class Module(addressing.Module):
    """A module with some function that is about as large as a threshold."""

    def __init__(self, source: random.Random):
        profile = cases.pick(source, {
            ("1",): 6, ("1 1",): 4, ("2 3",): 2, ("65536 65536",): 1, ("i64 1 1",): 1, ("1", "1"): 1,
            ("40000 60000 (pagesize 1)",): 1, ("1 2 shared",): 1,
        })
        # Joins of so many values take ten times as long to compile as anything else here.
        self.kind = source.choices(["oversized", "joins", "image"], [10, 1, 7])[0]
        self.data = ""
        super().__init__(source, profile, FUNCTIONS, CALLS)
        #: The module without what makes it large, which does the same: for the oracle.
        self.small_text = ""
        if self.kind != "image":
            self.small_text = self.text
        if self.kind == "oversized":
            self.make_large()
        elif self.kind == "joins":
            self.join()
        else:
            self.add_data()
            self.small_text = self.text

    def make_large(self) -> None:
        """Makes functions about as large as the threshold, the first one more often than others."""
        source = self.source
        for number in {source.choice([0, 0, 0, 1, FUNCTIONS - 1]), source.choice([0, FUNCTIONS // 2])}:
            size = OVERSIZED + source.choice([-600, -300, -64, 64, 300, 1000, 20000, -20000])
            # Behind the accesses or before them; what each does is unchanged.
            text = self.texts[number]
            if source.random() < 0.5:
                head, locals_, rest = text.partition("(local $p0 i64) (local $p1 i64)\n")
                self.texts[number] = head + locals_ + filler(source, size) + rest
            else:
                head, end, rest = text.partition("\n  (local.get $r))")
                self.texts[number] = head + filler(source, size) + end + rest
        if source.random() < 0.3:
            # The driver's functions come last; let something large stand there, too.
            self.texts.append(f"(func $large (param $w i64) (result i64) (local $i i64)"
                              f" {filler(source, OVERSIZED + 100)} (local.get $i))"
                              ' (func (export "effect") (drop (call $large (i64.const 1))))')

    def join(self) -> None:
        """Gives a function so many locals and branches that joins have about as many values."""
        source = self.source
        number = source.randrange(FUNCTIONS)
        # Below the threshold, joins of so many values would take minutes to compile.
        wanted = JOINED_VALUES + 100_000 if source.random() < 0.7 else JOINED_VALUES // 50
        locals_ = source.choice([1000, 2000]) if wanted > JOINED_VALUES else 200
        branches = wanted // locals_
        leave = "(br_if 0 (i32.eq (local.get $y) (i32.const {})))"
        keep = "(local.set $l{0} (i64.add (local.get $w) (i64.const {0})))"
        parts = [keep.format(i) for i in range(locals_)]
        parts += [leave.format(source.getrandbits(31)) for _ in range(branches)]
        source.shuffle(parts)
        text = f"(block {' '.join(parts)})"
        declared = " ".join(f"(local $l{i} i64)" for i in range(locals_))
        used = "(i64.const 1)"
        for index in source.sample(range(locals_), 20):
            used = f"(i64.add (i64.rotl {used} (i64.const 7)) (local.get $l{index}))"
        # Never true, and nobody knows.
        used = f"(if (i64.eq {used} (i64.const 0x5bd1e995a7c31f)) (then (unreachable)))"
        head, mark, rest = self.texts[number].partition("(local $p0 i64) (local $p1 i64)\n")
        body, end, rest = rest.partition("\n  (local.get $r))")
        self.texts[number] = f"{head}{mark} {declared} {text} {body} {used}{end}{rest}"

    def add_data(self) -> None:
        """Gives the first memory contents, in pieces, of about as many bytes as a threshold."""
        source, memory = self.source, self.state.memories[0]
        size = min(memory.size, 1 << 16)
        total = min(source.choice(COPIED) + source.choice([-1, 0, 1, 100, -5000]), size // 2)
        count = source.choice([1, 2, SEGMENTS - 1, SEGMENTS, SEGMENTS + 1, 40, 80])
        each, place, pieces = max(1, total // count), source.choice([0, 1, 16, 4096]), []
        gap = (size - total) // count
        while place + each <= size and len(pieces) < count:
            data = "".join(f"\\{source.randrange(256):02x}" for _ in range(each))
            pieces.append(f'(data ({memory.address}.const {place}) "{data}")')
            place += each + source.choice([gap, min(gap, SMALL_GAP), min(gap, SMALL_GAP + 1), 1])
        if source.random() < 0.5:
            pieces.append(f'(data ({memory.address}.const {memory.size - 3}) "end")')
        source.shuffle(pieces)
        self.data = " ".join(pieces)

    @property
    def text(self) -> str:
        """The module in the text format."""
        initial = '(func (export "initial") (result i64) (call $digest))'
        parts = [self.state.definitions(), self.data, *self.texts, self.tail(), initial]
        if self.kind == "oversized":
            # Definitions have functions, too: the large one comes before them.
            parts = [*self.texts[:1], self.state.definitions(), *self.texts[1:], self.tail(), initial]
        return "\n".join(["(module", *parts, ")"])


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the functions of a seed do."""
    module = Module(random.Random(f"thresholds/{seed}"))
    calls = [Call("initial", []), *module.calls, Call("tail", [])]
    behaviour = cases.perform(module.small_text, calls, oracle)
    behaviour.binary = bytes(wat2wasm(module.text))
    return behaviour
