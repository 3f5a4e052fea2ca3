"""Modules with memories and tables of unusual sizes: near every power of two, with pages of one byte and
of 64 KiB, with 32-bit and with 64-bit addresses, several of them beside one another.

What is right is known without an oracle: a size is what the module says, growing gives the old size
or fails and changes nothing, the last byte can be used and the next one cannot. Functions check
that themselves and return 0, so engines may differ in how far they let something grow. A clear
refusal is right for what is too large for the machine. Where wasmtime takes a module, it has to agree.
"""

import random
from dataclasses import dataclass

from oracle import OUT_OF_BOUNDS, Excluded, Oracle
from script import Behaviour, Call, Life
from values import Value
from wasmtime import wat2wasm

#: What growing up to so much must not fail for: bytes of a memory, elements of a table.
SURE_BYTES, SURE_ELEMENTS = 1 << 23, 100_000
#: Sizes above which a refusal is fine.
LARGE_BYTES, LARGE_ELEMENTS = 1 << 32, 1_000_000
GROWTHS, BEYOND = 14, 8
MARK = 0x1234567890ABCDEF


@dataclass
class Limits:
    """The limits of a memory, in pages, or of a table, in elements."""

    type: str
    minimum: int
    maximum: int | None
    page_log2: int = 0

    @property
    def text(self) -> str:
        """In the text format."""
        words = ["i64"] if self.type == "i64" else []
        words += [str(self.minimum)] + ([] if self.maximum is None else [str(self.maximum)])
        return " ".join(words)

    @property
    def most(self) -> int:
        """What it can never grow beyond."""
        bits = (32 if self.type == "i32" else 64) - self.page_log2
        bound = 1 << bits
        return bound if self.maximum is None else min(self.maximum, bound)


def near_power(source: random.Random, low: int, high: int) -> int:
    """A number near a power of two."""
    return max(0, (1 << source.randrange(low, high + 1)) + source.choice([-1, 0, 0, 1, 2]))


def some_limits(source: random.Random, page_log2: int, is_table: bool, is_large: bool) -> Limits:
    """Limits, in most cases of something that can be made."""
    type_ = source.choice(["i32", "i64"] if is_large else ["i32", "i32", "i64"])
    bits = (32 if type_ == "i32" else 64) - page_log2
    # 16 MiB, or 64 Ki elements, are no trouble; the rest is address space.
    usual = 16 if is_table else 24 - page_log2
    if is_table:
        bits = min(bits, 32 if type_ == "i32" else 64)
    top = min(bits, usual if not is_large else bits)
    minimum = near_power(source, 0, top) if source.random() < 0.8 else source.choice([0, 0, 1])
    if is_large and source.random() < 0.5:
        # As many bytes as wrap around, or nearly so.
        minimum = (1 << bits) - source.choice([0, 0, 1, 2, 65536])
    ceiling = (1 << bits) - (1 if is_table or bits == 64 else 0)
    if page_log2 == 0 and type_ == "i32":
        ceiling = (1 << 32) - 1
    minimum = min(minimum, ceiling)
    maximum = None
    if source.random() < 0.6:
        maximum = source.choice([minimum, minimum + 1, near_power(source, 0, bits), ceiling])
        maximum = min(max(maximum, minimum), ceiling)
    return Limits(type_, minimum, maximum, page_log2)


def huge_memory(source: random.Random) -> Limits:
    """A memory with as many bytes as wrap around, or nearly so."""
    page = source.choice([0, 16, 16, 16])
    minimum = min((1 << 64 - page) - source.choice([0, 0, 0, 0, 1, 65536]), (1 << 64) - 1)
    return Limits("i64", minimum, source.choice([None, minimum]), page)


class Module:
    """One module and what is called in it."""

    def __init__(self, source: random.Random):
        self.source = source
        is_large = source.random() < 0.25
        self.memories = []
        for number in range(source.choice([1, 1, 2, 3, 4])):
            page = source.choice([0, 0, 16, 16, 16])
            self.memories.append(some_limits(
                source, page, False, is_large and source.random() < 0.6))
        is_huge = source.random() < 0.35
        if is_huge:
            # Alone, so that nothing else is what is refused.
            is_large, self.memories = False, [huge_memory(source)]
        self.tables = [some_limits(source, 0, True, is_large and source.random() < 0.4)
                       for _ in range(source.choice([0, 1, 1, 2]))]
        self.functions: list[str] = []
        self.calls: list[Call] = []
        for number, memory in enumerate(self.memories):
            self.add_memory(number, memory)
        for number, table in enumerate(self.tables):
            self.add_table(number, table)
        # Before anything grows, everything is as large as it says.
        self.calls.sort(key=lambda call: "grow" in call.name)

    @property
    def may_be_refused(self) -> bool:
        """Whether something is so large that not every machine can have it."""
        return (sum(m.minimum << m.page_log2 for m in self.memories) > LARGE_BYTES
                or sum(t.minimum for t in self.tables) > LARGE_ELEMENTS)

    @property
    def text(self) -> str:
        """The module in the text format."""
        parts = []
        for memory in self.memories:
            page = " (pagesize 1)" if memory.page_log2 == 0 else ""
            parts.append(f"(memory {memory.text}{page})")
        parts += [f"(table {table.text} funcref)" for table in self.tables]
        parts += ["(type $mark (func (result i64)))",
                  f"(func $mark (type $mark) (i64.const {MARK})) (elem declare func $mark)"]
        return "\n".join(["(module", *parts, self.canaries(), *self.functions, ")"])

    # Canaries -------------------------------------------------------------------------------

    def places(self) -> list[tuple[int, str, int]]:
        """Where each memory has something that nobody else writes: memory, type, address."""
        found = []
        for number, memory in enumerate(self.memories):
            size = memory.minimum << memory.page_log2
            if size >= 64:
                found += [(number, memory.type, 16), (number, memory.type, size - 24)]
        return found

    def canaries(self) -> str:
        """The functions that write and check them."""
        stores, loads = [], []
        for index, (number, type_, place) in enumerate(self.places()):
            value = f"(i64.const {MARK + index})"
            stores.append(f"(i64.store {number} ({type_}.const {place}) {value})")
            loads.append(f"(if (i64.ne (i64.load {number} ({type_}.const {place})) {value})"
                         f" (then (return (i64.const {100 + index}))))")
        return f"""(func $paint {" ".join(stores)})
(func $check (result i64) {" ".join(loads)} (i64.const 0))"""

    # Memories -------------------------------------------------------------------------------

    def add_memory(self, number: int, memory: Limits) -> None:
        """Functions and calls for a memory."""
        type_, page = memory.type, 1 << memory.page_log2
        wide = "{}" if type_ == "i64" else "(i64.extend_i32_u {})"
        narrow = "{}" if type_ == "i64" else "(i32.wrap_i64 {})"
        size = wide.format(f"(memory.size {number})")
        end = f"(i64.mul {size} (i64.const {page}))"
        last = narrow.format(f"(i64.sub {end} (i64.const 1))")
        most = memory.most
        sure = max(min(most, SURE_BYTES >> memory.page_log2), 0)
        self.functions.append(f"""(func (export "size{number}") (result i64)
  (call $paint) (drop (call $check)) {size})
(func (export "grow{number}") (param $by {type_}) (result i64) (local $old i64) (local $got i64)
  (call $paint)
  (local.set $old {size})
  (local.set $got {wide.format(f"(memory.grow {number} (local.get $by))")})
  (if (i64.eq (local.get $got) {wide.format(f"({type_}.const -1)")}) (then
    (if (i64.ne {size} (local.get $old)) (then (return (i64.const 1))))
    {self.must_grow(sure, wide)}
    (return (call $check))))
  (if (i64.ne (local.get $got) (local.get $old)) (then (return (i64.const 3))))
  (if (i64.ne {size} (i64.add (local.get $old) {wide.format("(local.get $by)")}))
    (then (return (i64.const 4))))
  (if (i64.lt_u {size} (local.get $old)) (then (return (i64.const 5))))
  (if {self.above(size, most)} (then (return (i64.const 6))))
  (if (i64.ne (local.get $got) {size}) (then
    (if (i32.load8_u {number} {last}) (then (return (i64.const 7))))
    (i32.store8 {number} {last} (i32.const 0x5a))
    (if (i32.ne (i32.load8_u {number} {last}) (i32.const 0x5a)) (then (return (i64.const 8))))
    (i32.store8 {number} {last} (i32.const 0))))
  (call $check))
(func (export "beyond{number}") (param $by i64) (result i64)
  (local $place i64)
  (local.set $place (i64.add {end} (local.get $by)))
  (if {self.above("(local.get $place)", (1 << (32 if type_ == "i32" else 64)) - 1)}
    (then (return (i64.const 77))))
  {wide.format(f"(i32.load8_u {number} {narrow.format('(local.get $place)')})") if type_ == "i32"
   else f"(i64.load8_u {number} (local.get $place))"})
(func (export "write{number}") (param $by i64) (result i64)
  (local $place i64)
  (local.set $place (i64.add {end} (local.get $by)))
  (if {self.above("(local.get $place)", (1 << (32 if type_ == "i32" else 64)) - 1)}
    (then (return (i64.const 77))))
  (i64.store {number} {narrow.format("(local.get $place)")} (local.get $by))
  (call $check))
(func (export "bulk{number}") (param $by i64) (param $count i64) (result i64)
  (memory.fill {number} {narrow.format(f"(i64.sub {end} (local.get $by))")} (i32.const 0)
    {narrow.format("(local.get $count)")})
  (call $check))""")
        self.add_memory_calls(number, memory)

    @staticmethod
    def above(text: str, bound: int) -> str:
        """Whether an i64 is above a bound, which may be too large for one."""
        if bound >= (1 << 64) - 1:
            return "(i32.const 0)"
        return f"(i64.gt_u {text} (i64.const {bound}))"

    @staticmethod
    def must_grow(sure: int, wide: str) -> str:
        """Refuses a failure to grow by little."""
        by = wide.format("(local.get $by)")
        return (f"(if (i64.le_u {by} (i64.const {sure})) (then (if (i64.le_u (i64.add"
                f" (local.get $old) {by}) (i64.const {sure})) (then (return (i64.const 2))))))")

    def deltas(self, limits: Limits) -> list[int]:
        """By how much something is grown."""
        source, bits = self.source, 32 if limits.type == "i32" else 64
        found = [0, 1, (1 << bits) - 1]
        if limits.maximum is not None:
            found += [limits.maximum - limits.minimum, limits.maximum - limits.minimum + 1]
        while len(found) < GROWTHS:
            high = bits if source.random() < 0.4 else min(bits, 24 - limits.page_log2)
            found.append(near_power(source, 0, high) % (1 << bits))
        source.shuffle(found)
        return [delta % (1 << bits) for delta in found]

    def add_memory_calls(self, number: int, memory: Limits) -> None:
        """Calls for a memory."""
        source, size = self.source, memory.minimum << memory.page_log2
        self.expect(f"size{number}", [], memory.minimum)
        for delta in self.deltas(memory):
            self.expect(f"grow{number}", [Value(memory.type, delta)], 0)
        bits = 32 if memory.type == "i32" else 64
        for _ in range(BEYOND):
            by = source.choice([0, 0, 1, 7, 8, 4095, 4096, 65535, 65536, 1 << 20, 1 << 31,
                                (1 << 32) - 1 - size, 1 << 32, 1 << 33, 1 << 34, 1 << 46, 1 << 47])
            if not 0 <= by or size + by + 8 >= 1 << 64:
                continue
            is_nameable = size + by < 1 << bits
            trap = OUT_OF_BOUNDS if is_nameable else None
            name = source.choice(["beyond", "write"])
            if name == "write" and source.random() < 0.5 and size >= 8 and by < 8:
                by = -source.randrange(1, 8) % (1 << 64)
                trap, is_nameable = OUT_OF_BOUNDS, True
                if size < 1 << bits == False:  # noqa: E712
                    continue
            self.expect(f"{name}{number}", [Value("i64", by)], 77, trap)
        for _ in range(3):
            back = source.choice([0, 1, 8, 16])
            count = source.choice([back + 1, (1 << bits) - 1, (1 << bits) - 8, (1 << bits - 1)])
            start = size - back
            if start < 0 or start >= 1 << bits or count <= back:
                continue
            values = [Value("i64", back), Value("i64", count)]
            self.expect(f"bulk{number}", values, 0, OUT_OF_BOUNDS)

    # Tables ---------------------------------------------------------------------------------

    def add_table(self, number: int, table: Limits) -> None:
        """Functions and calls for a table."""
        type_ = table.type
        wide = "{}" if type_ == "i64" else "(i64.extend_i32_u {})"
        size = wide.format(f"(table.size {number})")
        last = f"({type_}.sub (table.size {number}) ({type_}.const 1))"
        sure = min(table.most, SURE_ELEMENTS)
        self.functions.append(f"""(func (export "tsize{number}") (result i64) {size})
(func (export "tgrow{number}") (param $by {type_}) (result i64) (local $old i64) (local $got i64)
  (call $paint)
  (local.set $old {size})
  (local.set $got {wide.format(
      f"(table.grow {number} (ref.func $mark) (local.get $by))")})
  (if (i64.eq (local.get $got) {wide.format(f"({type_}.const -1)")}) (then
    (if (i64.ne {size} (local.get $old)) (then (return (i64.const 1))))
    {self.must_grow(sure, wide)}
    (return (call $check))))
  (if (i64.ne (local.get $got) (local.get $old)) (then (return (i64.const 3))))
  (if (i64.ne {size} (i64.add (local.get $old) {wide.format("(local.get $by)")}))
    (then (return (i64.const 4))))
  (if {self.above(size, min(table.most, (1 << (32 if type_ == "i32" else 64)) - 1))}
    (then (return (i64.const 6))))
  (if (i64.ne (local.get $got) {size}) (then
    (if (i64.ne (call_indirect {number} (type $mark) {last}) (i64.const {MARK}))
      (then (return (i64.const 7))))
    (table.set {number} {last} (ref.null func))
    (if (i32.eqz (ref.is_null (table.get {number} {last}))) (then (return (i64.const 8))))))
  (call $check))
(func (export "tbeyond{number}") (param $by {type_}) (result i64)
  (i64.extend_i32_u (ref.is_null (table.get {number}
    ({type_}.add (table.size {number}) (local.get $by))))))
(func (export "tset{number}") (param $by {type_}) (result i64)
  (table.set {number} ({type_}.add (table.size {number}) (local.get $by)) (ref.func $mark))
  (call $check))
(func (export "tcall{number}") (param $by {type_}) (result i64)
  (call_indirect {number} (type $mark) ({type_}.add (table.size {number}) (local.get $by))))
(func (export "tfill{number}") (param $by {type_}) (param $count {type_}) (result i64)
  (table.fill {number} ({type_}.sub (table.size {number}) (local.get $by)) (ref.null func)
    (local.get $count))
  (call $check))""")
        self.expect(f"tsize{number}", [], table.minimum)
        for delta in self.deltas(table):
            self.expect(f"tgrow{number}", [Value(type_, delta)], 0)
        bits = 32 if type_ == "i32" else 64
        for _ in range(BEYOND):
            by = self.source.choice([0, 0, 1, 2, 511, 512, 1 << 16, 1 << 20, 1 << 29, 1 << 31,
                                     1 << 32, 1 << 60, 1 << 61, (1 << bits) - 1 - table.minimum])
            if not 0 <= by < 1 << bits or table.minimum + by >= 1 << bits:
                continue
            name, trap = self.source.choice(
                [("tbeyond", "out of bounds table access"), ("tset", "out of bounds table access"),
                 ("tcall", "undefined element")])
            self.expect(f"{name}{number}", [Value(type_, by)], 0, trap)
        back = self.source.choice([0, 1, 2])
        if table.minimum >= back:
            count = self.source.choice([back + 1, (1 << bits) - 1, 1 << bits - 1, 1 << bits - 3])
            self.expect(f"tfill{number}", [Value(type_, back), Value(type_, count)], 0,
                        "out of bounds table access")

    def expect(self, name: str, arguments: list[Value], result: int, trap: str | None = None) -> None:
        """A call, and what has to come of it."""
        results = [] if trap else [Value("i64", result)]
        self.calls.append(Call(name, arguments, results, trap))


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What has to come of the module of a seed."""
    module = Module(random.Random(f"limits/{seed}"))
    binary = bytes(wat2wasm(module.text))
    lives = [
        Life([call for call in module.calls if (call.trap is None) == returns])
        for returns in (True, False)
    ]
    expected = Behaviour(binary, lives=[life for life in lives if life.calls])
    expected.is_independent = True
    expected.may_be_refused = module.may_be_refused
    expected.may_map = True
    try:
        again = [Call(call.name, call.arguments) for call in module.calls]
        oracle.perform(binary, oracle.interface(binary), again, (1 << 26, 1 << 18))
    except Excluded:
        return expected
    for call, other in zip(module.calls, again):
        if (call.results, call.trap) != (other.results, other.trap):
            raise Excluded(f"the oracle says {other.assertion('m')}, not {call.assertion('m')}")
    return expected
