"""Modules with loops whose extents end exactly at, just before and just behind the memory's end.

Fills, copies, sums and searches, with steps and in both directions, in nests and with several exits;
counters of either signedness that may wrap, and bounds that are parameters, constants or the
memory's size. Optimised code decides before such a loop how far it reaches. Pointers and counts are
chosen together, so that the last element lies where it matters: at the end of a memory, at 2^31
and at 2^32.
"""

import random
from dataclasses import dataclass

import cases
from cases import Memory, State
from oracle import Oracle
from script import Behaviour, Call
from values import Value

FUNCTIONS, CALLS = 16, 24
#: There are loops that only a trap ends; nothing takes as long as this.
MOST_SECONDS = 40
PROFILES = {
    ("1 1",): 5, ("1",): 6, ("2",): 2, ("65536 65536",): 4, ("32768 40000",): 3, ("65535",): 1,
    ("40000 60000 (pagesize 1)",): 1, ("i64 1 1",): 2, ("1 1", "1 1"): 2, ("1 1 shared",): 1,
}
#: The type on the stack, and what is appended to load and store; the size of an element.
ELEMENTS = [
    ("i32", "8_u", "8", 1), ("i32", "8_u", "8", 1), ("i32", "8_s", "8", 1), ("i32", "16_u", "16", 2),
    ("i32", "", "", 4), ("i32", "", "", 4), ("i64", "", "", 8), ("i64", "32_u", "32", 4),
    ("i64", "16_s", "16", 2), ("f32", "", "", 4), ("f64", "", "", 8), ("v128", "", "", 16),
    ("v128", "", "", 16), ("v128", "", "", 16),
]
OFFSETS = [0, 0, 0, 0, 0, 1, 4, 8, 16, 17, 4096, 65535, 65536]
FAR_OFFSETS = [0x7FFFFFF0, 0x80000000, 0xFFFF0000, 0xFFFFFFFF]
COUNTS = [0, 1, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 63, 64, 65, 100, 127, 129, 255, 300]
STEPS = [1] * 10 + [2, 2, 3, 4, 5, 7, 8, 16, 100, 4096]
#: Where extents end, in bytes beyond the memory's end.
SLACKS = [0, 0, 0, 0, 0, -1, -1, 1, 1, -2, 2, -4, 4, -8, 8, -16, 16, -3, 7, -65, 65, -4096, -100]


@dataclass
class Walk:
    """How a loop walks through elements: element i is at base + i * stride, i from 0 to count."""

    memory: int
    size: int
    stride: int
    offset: int
    #: "index" (base + i * stride), "pointer" (moves), "wide" (index computed in i64)
    form: str


class LoopBody:
    """Writes the function of one loop; $p and $q are pointers, $n a count, $m another one."""

    def __init__(self, source: random.Random, state: State):
        self.source, self.state = source, state
        self.kind = source.choice(
            ["fill", "fill", "copy", "copy", "copy", "sum", "sum", "search", "update", "nest", "nest",
             "exits", "shift", "same"])
        self.type, self.load_suffix, self.store_suffix, self.size = source.choice(ELEMENTS)
        self.step = source.choice(STEPS)
        self.is_backward = source.random() < 0.3
        if source.random() < (0.7 if self.size == 16 else 0.4 if self.kind == "copy" else 0):
            # Where one element follows on the other, several become one.
            self.step, self.is_backward = 1, False
        self.is_nested = self.kind == "nest"
        #: Whether only a trap ends an inner loop that is entered with an odd $m.
        self.is_endless = self.kind == "same" and source.random() < 0.5
        #: How the counter goes and is tested.
        self.counter = source.choice(["i32", "i32", "i32", "i64"])
        self.test = source.choice(["ne", "lt_u", "lt_s", "down", "down", "ge_s", "start"])
        memories = range(len(state.memories))
        self.walks = [self.walk(source.choice(memories)), self.walk(source.choice(memories))]
        #: A row's length in elements, for nests; whether rows are seen as those of a matrix.
        self.row = source.choice([1, 2, 3, 4, 7, 8, 9, 12, 16, 16, 17, 24, 33])
        self.is_grid = source.random() < 0.6
        #: How many elements an iteration does, as if the loop had been unrolled.
        self.copies = 1
        if self.kind in ("fill", "copy", "sum", "update", "shift"):
            self.copies = source.choice([1, 1, 1, 1, 2, 2, 3, 4, 4, 8])
        self.copies_operator = source.choice(["or", "add"])

    def walk(self, memory: int) -> Walk:
        """How elements of a memory are walked through."""
        source, found = self.source, self.state.memories[memory]
        stride = self.size * self.step * (-1 if self.is_backward else 1)
        offset = source.choice([o for o in OFFSETS if o < found.size])
        if found.size > 1 << 31 and source.random() < 0.2:
            offset = source.choice(FAR_OFFSETS)
        form = source.choice(["index", "index", "pointer", "pointer", "wide"])
        return Walk(memory, self.size, stride, offset, form)

    # Text -----------------------------------------------------------------------------------

    def index(self, copy: int) -> str:
        """The number of the element that a copy of the body does."""
        if copy == 0:
            return "(local.get $i)"
        # The low bits of a counter that goes in large steps are free.
        operator = "or" if self.copies & self.copies - 1 == 0 and self.copies_operator == "or" else "add"
        return f"({self.counter}.{operator} (local.get $i) ({self.counter}.const {copy}))"

    def address(self, which: int, copy: int = 0) -> str:
        """The address of an element."""
        walk, pointer, index = self.walks[which], f"(local.get ${'pq'[which]})", self.index(copy)
        type_ = self.state.memories[walk.memory].address
        if walk.form == "pointer" and not self.is_nested:
            if copy == 0:
                return pointer
            return f"({type_}.add {pointer} ({type_}.const {copy * walk.stride}))"
        if type_ == "i64":
            return f"(i64.add {pointer} (i64.mul {self.wide(index)} (i64.const {walk.stride})))"
        if walk.form == "wide":
            product = f"(i64.mul {self.wide(index)} (i64.const {walk.stride}))"
            return f"(i32.add {pointer} (i32.wrap_i64 {product}))"
        narrow = index if self.counter == "i32" else f"(i32.wrap_i64 {index})"
        stride = walk.stride
        if stride & stride - 1 == 0 and stride > 0 and self.source.random() < 0.6:
            product = f"(i32.shl {narrow} (i32.const {stride.bit_length() - 1}))"
        else:
            product = f"(i32.mul {narrow} (i32.const {stride}))"
        return f"(i32.add {pointer} {product})"

    def wide(self, index: str) -> str:
        """The counter as an i64."""
        return index if self.counter == "i64" else f"(i64.extend_i32_s {index})"

    def load(self, which: int, copy: int = 0) -> str:
        """An element."""
        walk = self.walks[which]
        return (f"({self.type}.load{self.load_suffix} {walk.memory} offset={walk.offset} align=1"
                f" {self.address(which, copy)})")

    def store(self, which: int, value: str, copy: int = 0) -> str:
        """A store of an element."""
        walk = self.walks[which]
        suffix = self.store_suffix
        return (f"({self.type}.store{suffix} {walk.memory} offset={walk.offset} align=1"
                f" {self.address(which, copy)} {value})")

    def as_i64(self, text: str) -> str:
        """An element as an i64."""
        match self.type:
            case "i32": return f"(i64.extend_i32_u {text})"
            case "f32": return f"(i64.extend_i32_u (i32.reinterpret_f32 {text}))"
            case "f64": return f"(i64.reinterpret_f64 {text})"
            case "v128": return f"(i64x2.extract_lane 1 (local.tee $s {text}))"
        return text

    def value(self, copy: int = 0, is_same: bool = False) -> str:
        """A value that is stored: the same each time, or another one."""
        number = "(local.get $v)"
        if self.is_endless:
            number = "(i64.add (local.get $v) (i64.extend_i32_u (local.get $k)))"
        elif not is_same:
            number = f"(i64.add (local.get $v) {self.wide(self.index(copy))})"
        match self.type:
            case "i32": return f"(i32.wrap_i64 {number})"
            case "f32": return f"(f32.convert_i64_s {number})"
            case "f64": return f"(f64.convert_i64_s {number})"
            case "v128": return f"(i64x2.splat {number})"
        return number

    def action(self) -> str:
        """What is done in an iteration."""
        is_same, state = self.source.random() < 0.5, self.source.getstate()
        parts = []
        for copy in range(self.copies):
            # All copies are made of the same choices.
            self.source.setstate(state)
            parts.append(self.element(copy, is_same))
        return " ".join(parts)

    def element(self, copy: int, is_same: bool) -> str:
        """What is done with each element."""
        accumulate = f"(local.set $r (i64.add (local.get $r) {self.as_i64(self.load(0, copy))}))"
        match self.kind:
            case "fill": return self.store(0, self.value(copy, is_same), copy)
            case "same": return self.again()
            case "copy": return self.store(1, self.load(0, copy), copy)
            case "sum": return accumulate
            case "search": return self.search(0)
            case "update": return self.store(0, self.changed(self.load(0, copy)), copy)
            case "exits": return self.search(0) + " " + self.source.choice(
                [accumulate, self.store(1, self.load(0)), self.search(1)])
            case "shift": return self.store(0, self.load(1, copy), copy) + " " + accumulate
        return self.source.choice([self.store(0, self.value()), accumulate,
                                   self.store(1, self.load(0)),
                                   self.store(0, self.changed(self.load(0)))])

    def again(self) -> str:
        """A store to the same place each time, in a loop that may have nothing behind it: one that is
        moved there never happens."""
        walk = self.walks[1]
        value = {"f32": "(f32.const 1)", "f64": "(f64.const 1)"}.get(self.type)
        is_same = self.source.random() < 0.5
        value = value or (self.value(0, is_same) if self.source.random() < 0.7
                          else self.changed(self.load(1)))
        store = (f"({self.type}.store{self.store_suffix} {walk.memory} offset={walk.offset} align=1"
                 f" (local.get $q) {value})")
        if self.is_endless:
            # Nobody knows before that it never gets to an odd number.
            return (f"(local.set $k (i32.const 0)) (loop $on {store} (br_if $on (i32.ne"
                    " (local.tee $k (i32.add (local.get $k) (i32.const 2)))"
                    " (i32.or (i32.and (local.get $m) (i32.const 1023)) (i32.const 2)))))")
        leave = "(if (i32.eq (local.get $k) (i32.const 1000)) (then (unreachable)))"
        count = "(local.set $k (i32.add (local.get $k) (i32.const 1)))"
        return f"(loop $on {store} {count} {leave} (br_if $on (i32.and (local.get $m) (i32.const 1))))"

    def changed(self, text: str) -> str:
        """An element with something done to it."""
        match self.type:
            case "i32" | "i64":
                operator = self.source.choice(["add", "xor", "mul"])
                # Of a change of one byte LLVM makes an access of one byte, and its trap is another.
                number = int("5a" * (int(self.type[1:]) // 8), 16) if operator == "xor" else 3
                return f"({self.type}.{operator} {text} ({self.type}.const {number}))"
            case "f32" | "f64": return f"({self.type}.neg {text})"
        return f"(i8x16.add {text} {text})"

    def search(self, which: int) -> str:
        """Leaves the loop when an element is something else."""
        # What no element can be would leave the load without a use.
        known = self.source.choice(
            ["(i64.and (local.get $v) (i64.const 127))", "(i64.const 0)", "(i64.const 90)"])
        value = self.as_i64(self.load(which))
        return (f"(if (i64.eq {value} {known}) (then"
                f" (local.set $r (i64.add {self.wide('(local.get $i)')} (i64.const {which + 7})))"
                " (br $out)))")

    def function(self, name: str) -> str:
        """The whole function."""
        address = [self.state.memories[walk.memory].address for walk in self.walks]
        head = (f"(func ${name} (param $p {address[0]}) (param $q {address[1]}) (param $n i32)"
                f" (param $m i32) (param $v i64) (result i64) (local $r i64) (local $i {self.counter})"
                f" (local $end {self.counter}) (local $s v128) (local $j i32) (local $k i32)"
                f" (local $b {self.counter})")
        body = self.nest() if self.is_nested else self.loop()
        return f"{head}\n  (block $out {body}) (local.get $r))"

    def moves(self) -> str:
        """The statements that move pointers."""
        lines = []
        for which, walk in enumerate(self.walks):
            if walk.form == "pointer":
                type_, name = self.state.memories[walk.memory].address, "pq"[which]
                lines.append(f"(local.set ${name} ({type_}.add (local.get ${name})"
                             f" ({type_}.const {self.copies * walk.stride})))")
        return " ".join(lines)

    def loop(self) -> str:
        """A loop that runs $n times, for $n above 0 or tested before."""
        type_ = self.counter
        count = "(local.get $n)" if type_ == "i32" else "(i64.extend_i32_u (local.get $n))"
        one = f"({type_}.const {self.copies})"
        up = f"(local.set $i ({type_}.add (local.get $i) {one}))"
        guard = "(br_if $out (i32.eqz (local.get $n)))"
        action, moves = self.action(), self.moves()
        match self.test:
            case "down":
                # $i counts up for addresses; the test is another counter that goes down.
                return (f"{guard} (loop $again {action} {moves} {up} (br_if $again (local.tee $n"
                        f" (i32.sub (local.get $n) (i32.const {self.copies})))))")
            case "start":
                # A counter that begins at a parameter, and wraps around if that is large.
                return (f"{guard} (local.set $j (local.get $m)) (loop $again {action} {moves} {up}"
                        f" (br_if $again (i32.ne (local.tee $j (i32.add (local.get $j)"
                        f" (i32.const {self.copies}))) (i32.add (local.get $m)"
                        " (local.get $n)))))")
            case "ge_s":
                return (f"(loop $again (br_if $out ({type_}.ge_s (local.get $i) {count})) {action}"
                        f" {moves} {up} (br $again))")
        return (f"{guard} (loop $again {action} {moves} {up} (br_if $again"
                f" ({type_}.{self.test} (local.get $i) {count})))")

    def nest(self) -> str:
        """Rows of elements: $n of them in all, as many as whole rows have."""
        if self.is_grid:
            return self.grid()
        type_, row = self.counter, self.row
        count = "(local.get $n)" if type_ == "i32" else "(i64.extend_i32_u (local.get $n))"
        return (f"(br_if $out (i32.lt_u (local.get $n) (i32.const {row})))"
                f" (loop $rows (local.set $k (i32.const 0))"
                f" (loop $again {self.action()}"
                f" (local.set $i ({type_}.add (local.get $i) ({type_}.const 1)))"
                f" (br_if $again (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1)))"
                f" (i32.const {row}))))"
                f" (br_if $rows ({type_}.le_u ({type_}.add (local.get $i) ({type_}.const {row}))"
                f" {count})))")

    def grid(self) -> str:
        """The first $m elements of each row, and perhaps one that is stored behind them."""
        type_, row = self.counter, self.row
        count, column = "(local.get $n)", "(local.get $k)"
        if type_ == "i64":
            count, column = f"(i64.extend_i32_u {count})", f"(i64.extend_i32_u {column})"
        behind = ""
        if self.source.random() < 0.3:
            behind = f"(local.set $i (local.get $b)) {self.store(1, self.value())}"
        width = f"(i32.const {row})" if self.source.random() < 0.3 else "(local.get $m)"
        return (f"(br_if $out (i32.lt_u (local.get $n) (i32.const {row})))"
                f" (loop $rows (local.set $k (i32.const 0))"
                f" (loop $again (local.set $i ({type_}.add (local.get $b) {column}))"
                f" {self.action()}"
                f" (br_if $again (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 1)))"
                f" {width})))"
                f" {behind} (local.set $b ({type_}.add (local.get $b) ({type_}.const {row})))"
                f" (br_if $rows ({type_}.le_u ({type_}.add (local.get $b) ({type_}.const {row}))"
                f" {count})))")


def count_limit(body: LoopBody) -> int:
    """How many elements are no more than a memory has."""
    return 60000 // abs(body.walks[0].stride)


class Module:
    """One module and what is called in it."""

    def __init__(self, source: random.Random):
        self.source = source
        self.state = State([cases.memory(limits) for limits in cases.pick(source, PROFILES)])
        self.texts: list[str] = []
        self.calls: list[Call] = []
        for number in range(FUNCTIONS):
            self.add_function(number)

    def add_function(self, number: int) -> None:
        """Adds a function and calls of it."""
        body = LoopBody(self.source, self.state)
        address = [self.state.memories[walk.memory].address for walk in body.walks]
        parameters = (f"(param $p {address[0]}) (param $q {address[1]}) (param $n i32)"
                      " (param $m i32) (param $v i64)")
        arguments = " ".join(f"(local.get ${name})" for name in "pqnm")
        is_large = not self.state.memories[0].is_whole
        undo = self.undo(body) if is_large else ""
        self.texts.append(f"""{body.function(f"f{number}")}
(func (export "c{number}") {parameters} (param $place i64) (result i64 i64) (local $d i64)
  (call $fill (local.get $v)) (call $f{number} {arguments} (local.get $v))
  (local.set $d (i64.xor (call $digest) (call $look (local.get $place)))) {undo} (local.get $d))""")
        for _ in range(CALLS):
            self.add_call(number, body)

    def undo(self, body: LoopBody) -> str:
        """Makes zero again what a function may have written outside of what is filled anew."""
        parts = []
        for which, walk in enumerate(body.walks):
            name = f"(local.get ${'pq'[which]})"
            reach = abs(walk.stride) * 310 + 64
            begin = f"(i64.add (i64.extend_i32_u {name}) (i64.const {walk.offset}))"
            if walk.stride < 0:
                begin = f"(i64.sub {begin} (i64.const {reach - 64}))"
            parts.append(f"(call $clear {begin} (i64.const {reach}))")
        return " ".join(parts)

    def add_call(self, number: int, body: LoopBody) -> None:
        """Adds a call whose extent ends somewhere of interest."""
        source = self.source
        count, start = source.choice(COUNTS), None
        if body.is_nested and source.random() < 0.6:
            count = min(body.row * source.choice([1, 2, 3, 4, 5, 6, 9, 13]), 300)
        elif body.is_nested:
            count = count // body.row * body.row + source.randrange(body.row)
        count = min(count, count_limit(body))
        overlaps = (source.random() < 0.4 and not body.is_nested
                    and body.walks[0].memory == body.walks[1].memory)
        if overlaps and source.random() < 0.7:
            # The first element and the last one of these are in one vector.
            size = source.choice([32, 32, 64, 64, 64, 128])
            count = min(max(9, size // body.size), count_limit(body))
        count = count // body.copies * body.copies
        runs = count // body.row * body.row if body.is_nested else count
        if body.is_nested and body.is_grid:
            # How much of a row is done.
            start = source.choice([body.row, body.row, max(1, body.row - 1), 1])
            runs -= body.row - start if runs else 0
        daring = source.choice([None, None, 0, 1, 0])
        pointers = [self.pointer(walk, max(runs, 1), which == daring)
                    for which, walk in enumerate(body.walks)]
        if overlaps or source.random() < 0.3 and body.is_nested and (
            body.walks[0].memory == body.walks[1].memory
        ):
            span = abs(body.walks[0].stride) * max(runs - 1, 0) + body.size
            distance = span + source.choice(
                [0, -body.size, -body.size, -body.size, -body.size, 1, -1, -body.size // 2])
            if source.random() < 0.35:
                distance = source.choice([0, 1, body.size, 2 * body.size, 16, 64, body.size * runs])
            pointers[1] = pointers[0] + distance * source.choice([1, 1, 1, -1])
            if source.random() < 0.8:
                pointers[1] += body.walks[0].offset - body.walks[1].offset
        bits = [32 if self.state.memories[walk.memory].address == "i32" else 64
                for walk in body.walks]
        values = [Value(f"i{bit}", pointer % (1 << bit)) for bit, pointer in zip(bits, pointers)]
        if start is None:
            start = source.choice([0, 1, 1 << 31, (1 << 31) - count // 2, (1 << 32) - count // 2,
                                   (1 << 32) - 1]) % (1 << 32)
        if body.is_endless:
            place = pointers[1] % (1 << bits[1]) + body.walks[1].offset
            if place + body.size <= self.state.memories[body.walks[1].memory].size:
                start &= -2
        values += [Value("i32", count), Value("i32", start), Value("i64", source.getrandbits(64))]
        place = pointers[0] + body.walks[0].offset
        self.calls.append(Call(f"c{number}", [*values, Value("i64", place % (1 << 64))]))

    def pointer(self, walk: Walk, count: int, is_daring: bool) -> int:
        """A pointer with which so many elements end somewhere, perhaps behind the end."""
        source, memory = self.source, self.state.memories[walk.memory]
        edge = source.choice([memory.size] * 6 + [0, 0, memory.size // 2])
        if memory.size >= 1 << 31:
            edge = source.choice([memory.size] * 3 + [1 << 31] * 3 + [0, 1 << 32, 1 << 16])
        slack = source.choice(SLACKS)
        if not is_daring:
            slack = abs(slack) if edge == 0 else -abs(slack)
        span = abs(walk.stride) * (count - 1) + walk.size
        if source.random() < (0.2 if edge and is_daring else 0 if edge else 0.9):
            # The extent begins there instead.
            low = edge + slack
        else:
            low = edge + slack - span
        first = low if walk.stride > 0 else low + span - walk.size
        return first - walk.offset

    @property
    def text(self) -> str:
        """The module in the text format."""
        return "\n".join(["(module", self.state.definitions(), self.clear(), *self.texts, ")"])

    def clear(self) -> str:
        """Makes a part of the first memory zero, as far as it is in there."""
        memory: Memory = self.state.memories[0]
        if memory.is_whole:
            return ""
        return f"""(func $clear (param $start i64) (param $size i64)
  (if (i64.lt_s (local.get $start) (i64.const 0)) (then
    (local.set $size (i64.add (local.get $size) (local.get $start)))
    (local.set $start (i64.const 0))))
  (if (i64.gt_s (i64.add (local.get $start) (local.get $size)) (i64.const {memory.size})) (then
    (local.set $size (i64.sub (i64.const {memory.size}) (local.get $start)))))
  (if (i64.gt_s (local.get $size) (i64.const 0)) (then (memory.fill
    (i32.wrap_i64 (local.get $start)) (i32.const 0) (i32.wrap_i64 (local.get $size))))))"""


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the loops of a seed do."""
    module = Module(random.Random(f"extents/{seed}"))
    behaviour = cases.perform(module.text, module.calls, oracle)
    behaviour.seconds = MOST_SECONDS
    return behaviour
