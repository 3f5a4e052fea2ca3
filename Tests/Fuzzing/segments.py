"""Modules with data and element segments: what memories and tables begin with, and what is copied into them.

Segments lie over one another, side by side and at the ends of pages, memories and tables; they are long
and short, full of zeros, far apart and many. Compilers make parts of an executable's image of them. Calls
look at what is there, and copy pieces whose ends lie at, before and behind those of segment and
memory. What a call changes it changes back, so that calls do not depend on one another.
"""

import random

import cases
from cases import Memory
from oracle import Oracle
from script import Behaviour, Call
from values import Value

PROFILES = {
    ("1",): 4, ("1 1",): 3, ("3 3",): 3, ("20",): 2, ("100",): 1, ("4100",): 1, ("5000 5000",): 1,
    ("65536 65536",): 1, ("1 1 shared",): 1, ("i64 2",): 2, ("i64 5000",): 1, ("65535 (pagesize 1)",): 1,
    ("40001 50000 (pagesize 1)",): 2, ("1", "2 2"): 2, ("i64 1", "1", "300 (pagesize 1)"): 1,
    ("300 (pagesize 1)", "1"): 1,
}
SIZES = [0, 1, 1, 2, 3, 7, 8, 16, 31, 32, 33, 64, 100, 255, 1000, 4095, 4096, 4097, 9000, 70000]
COUNTS = [1, 2, 3, 5, 8, 13, 40, 90]
#: The most bytes that all segments have.
MOST_BYTES = 150_000
LOOKS, COPIES = 120, 60


class Segment:
    """A data segment; a passive one has no memory."""

    def __init__(self, memory: int | None, start: int, data: bytes):
        self.memory, self.start, self.data = memory, start, data

    def text(self, number: int, memories: list[Memory]) -> str:
        """In the text format."""
        data = "".join(f"\\{byte:02x}" for byte in self.data)
        if self.memory is None:
            return f'(data $d{number} "{data}")'
        address = memories[self.memory].address
        return f'(data $d{number} (memory {self.memory}) ({address}.const {self.start}) "{data}")'


class Module:
    """One module and what is called in it."""

    def __init__(self, source: random.Random):
        self.source = source
        self.memories = [cases.memory(limits) for limits in cases.pick(source, PROFILES)]
        self.segments: list[Segment] = []
        self.calls: list[Call] = []
        left = MOST_BYTES
        for _ in range(source.choice(COUNTS)):
            segment = self.segment(left)
            left -= len(segment.data)
            self.segments.append(segment)
        for number in range(len(self.memories)):
            self.add_looks(number)
        for _ in range(COPIES):
            self.add_copy()
        self.elements = source.choice([1, 8, 9, 100, 300])
        self.element_segments = [self.element_segment() for _ in range(source.choice([1, 2, 5]))]
        self.add_table_calls()

    # Data -----------------------------------------------------------------------------------

    def segment(self, left: int) -> Segment:
        """A segment somewhere of interest, of so many bytes at most."""
        source = self.source
        size = min(source.choice(SIZES), left)
        data = source.randbytes(size)
        for _ in range(source.choice([0, 0, 1, 3])):
            begin = source.randrange(size + 1)
            run = min(source.choice([1, 31, 32, 33, 64, 5000]), size - begin)
            data = data[:begin] + bytes(run) + data[begin + run :]
        if source.random() < 0.2:
            return Segment(None, 0, data)
        memory = source.choice([0, 0, *range(len(self.memories))])
        whole = self.memories[memory].size
        data = data[:whole]
        starts = [0, whole - len(data), source.randrange(whole - len(data) + 1)]
        starts += [source.randrange(whole // 4096 + 1) * 4096 + change
                   for change in (0, -len(data), -1, 1, -len(data) // 2)]
        for other in source.sample(self.segments, min(2, len(self.segments))):
            end = other.start + len(other.data)
            starts += [end, end - 1, end + 1, end + 33, end + 4096, end + 4097, other.start,
                       other.start + 1, other.start - len(data), other.start - len(data) + 1]
        start = source.choice([s for s in starts if 0 <= s <= whole - len(data)])
        return Segment(memory, start, data)

    def places(self, memory: int) -> list[int]:
        """Where something begins or ends."""
        found = [0, 4096, 65536, self.memories[memory].size]
        for segment in self.segments:
            if segment.memory == memory:
                found += [segment.start, segment.start + len(segment.data)]
        return found

    def add_looks(self, number: int) -> None:
        """Calls that look at parts of a memory as it is at the start, and at what is behind it."""
        source, memory = self.source, self.memories[number]
        for _ in range(LOOKS // len(self.memories)):
            size = source.choice([1, 8, 16, 100, 5000])
            place = source.choice(self.places(number)) + source.choice(
                [0, -1, 1, -size, -size // 2, -4096, 4096, -size + 1])
            if source.random() < 0.1:
                place = memory.size + source.choice([0, 1, 4095, 4096, 65535, 1 << 20])
            if 0 <= place < (1 << 32 if memory.address == "i32" else 1 << 63):
                self.calls.append(Call(f"look{number}", [
                    Value(memory.address, place), Value("i32", size)]))

    def add_copy(self) -> None:
        """A call that copies a piece of a segment, and takes it away again."""
        source = self.source
        index = source.randrange(len(self.segments))
        size = len(self.segments[index].data)
        number = source.randrange(len(self.memories))
        memory = self.memories[number]
        if memory.size < 64:
            return
        count = min(source.choice([0, 1, 2, 8, 33, size, size, size - 1]), 4096) % (1 << 32)
        begin = source.choice([0, 0, size - count, size - count + 1, size, 1, -1]) % (1 << 32)
        place = source.choice([*self.places(number)[:8], memory.size - count, memory.size - count + 1,
                               memory.size])
        place %= 1 << (32 if memory.address == "i32" else 64)
        self.calls.append(Call(f"copy{number}-{index}", [
            Value(memory.address, place), Value("i32", begin), Value("i32", count)]))

    def look(self, number: int) -> str:
        """The function that makes a number of a part of a memory."""
        kind = self.memories[number].address
        one = f"({kind}.const 1)"
        load = f"(i64.load8_u {number} (local.get $at))"
        return f"""(func $look{number} (export "look{number}") (param $at {kind}) (param $n i32)
  (result i64) (local $x i64)
  (loop $next {cases.fold(load)} (local.set $at ({kind}.add (local.get $at) {one}))
    (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
  (local.get $x))"""

    def copies(self) -> list[str]:
        """The functions that copy pieces of segments. The last memory keeps what they cover."""
        functions, kept = [], len(self.memories)
        for name in sorted({call.name for call in self.calls if call.name.startswith("copy")}):
            number, index = (int(word) for word in name.removeprefix("copy").split("-"))
            kind = self.memories[number].address
            count = "(local.get $n)"
            functions.append(f"""(func (export "{name}") (param $at {kind}) (param $from i32)
  (param $n i32) (result i64) (local $x i64)
  (if (i32.le_u (local.get $n) (i32.const 65536)) (then
    (memory.copy {kept} {number} (i32.const 0) (local.get $at) {count})))
  (memory.init {number} $d{index} (local.get $at) (local.get $from) {count})
  (if (i32.eqz {count}) (then (return (i64.const 1))))
  (local.set $x (call $look{number} (local.get $at) {count}))
  (memory.copy {number} {kept} (local.get $at) (i32.const 0) {count})
  (local.get $x))""")
        return functions

    # Tables ---------------------------------------------------------------------------------

    def element_segment(self) -> tuple[int | None, list[int]]:
        """Where a segment of the table begins, if it is active, and its functions."""
        source = self.source
        count = min(source.choice([0, 1, 2, 7, 40, self.elements]), self.elements)
        start = source.choice([0, self.elements - count, source.randrange(self.elements - count + 1)])
        return (None if source.random() < 0.4 else start), [source.randrange(8) for _ in range(count)]

    def tables(self) -> list[str]:
        """Tables, their segments and the functions that use them; a second table keeps the first."""
        elements = self.elements
        lines = [f"(table $t {elements} {elements} funcref) (table $k {elements} funcref)"]
        lines += [f"(func $e{i} (type $e) (i64.const {1001 * (i + 1)}))" for i in range(8)]
        for number, (start, functions) in enumerate(self.element_segments):
            where = "func" if start is None else f"(table $t) (i32.const {start}) func"
            lines.append(f"(elem $s{number} {where} {' '.join(f'$e{i}' for i in functions)})")
            lines.append(self.table_function(f"init{number}", f"table.init $t $s{number}"))
        lines.append(self.table_function("tcopy", "table.copy $t $t"))
        lines.append(self.table_function(
            "tfill", "table.fill $t", "(local.get $to) (ref.func $e3) (local.get $n)"))
        lines.append(f"""(func (export "element") (param i32) (result i64)
  (call_indirect $t (type $e) (local.get 0)))
(func $sum (result i64) (local $x i64) (local $i i32) (local $f funcref)
  (loop $next
    (if (i32.eqz (ref.is_null (table.get $t (local.get $i)))) (then
      {cases.fold("(call_indirect $t (type $e) (local.get $i))")}))
    {cases.fold("(i64.const 1)")}
    (br_if $next (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
      (i32.const {elements}))))
  (local.get $x))""")
        return ["(type $e (func (result i64))) (elem declare func $e3)", *lines]

    def table_function(self, name: str, instruction: str, operands: str | None = None) -> str:
        """A function that changes the table, makes a number of it and changes it back."""
        operands = operands or "(local.get $to) (local.get $from) (local.get $n)"
        copy = f"(i32.const 0) (i32.const 0) (i32.const {self.elements})"
        return f"""(func (export "{name}") (param $to i32) (param $from i32) (param $n i32)
  (result i64) (local $x i64)
  (table.copy $k $t {copy}) ({instruction} {operands})
  (local.set $x (call $sum)) (table.copy $t $k {copy}) (local.get $x))"""

    def add_table_calls(self) -> None:
        """Calls with elements, and copies of them, near the ends of the table."""
        source, elements = self.source, self.elements
        for _ in range(20):
            index = source.choice([0, elements - 1, elements, source.randrange(elements), (1 << 32) - 1])
            self.calls.append(Call("element", [Value("i32", index)]))
        for _ in range(30):
            number = source.randrange(len(self.element_segments))
            name = source.choice([f"init{number}", f"init{number}", "tcopy", "tfill"])
            size = len(self.element_segments[number][1]) if name[0] == "i" else elements
            count = source.choice([0, 1, 2, size, size - 1, elements]) % (1 << 32)
            ends = [0, 1, -1, *(end - count + change for end in (size, elements)
                                for change in (0, 0, 0, 1, 1, -1, 1 << 31))]
            values = [source.choice(ends), source.choice(ends), count]
            self.calls.append(Call(name, [Value("i32", value % (1 << 32)) for value in values]))

    @property
    def text(self) -> str:
        """The module in the text format."""
        parts = [f"(memory {memory.limits})" for memory in self.memories] + ["(memory 1 1)"]
        parts += [segment.text(i, self.memories) for i, segment in enumerate(self.segments)]
        parts += [self.look(number) for number in range(len(self.memories))]
        return "\n".join(["(module", *parts, *self.copies(), *self.tables(), ")"])


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the segments of a seed are."""
    module = Module(random.Random(f"segments/{seed}"))
    return cases.perform(module.text, module.calls, oracle)
