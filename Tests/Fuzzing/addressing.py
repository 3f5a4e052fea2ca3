"""Modules whose accesses have addresses of every form that a compiler may fold into an instruction.

Operands are chosen so that most accesses are near the ends of the memory, or near where 16, 31 and 32
bits end, and so that about a quarter of the calls trap. The address of a fault is compared, too.
"""

import random
from dataclasses import dataclass

import accesses
import cases
from cases import Memory, State
from expressions import MASK, Expressions, Term
from oracle import Oracle
from script import Behaviour, Call
from values import Value

FUNCTIONS, CALLS = 24, 24
#: What the memories of a module are, and how often.
PROFILES = {
    ("1 1",): 5, ("1",): 7, ("2 3",): 3, ("20",): 2, ("1 65536",): 2, ("65536 65536",): 4,
    ("32768 32768",): 2, ("32769",): 1, ("1 2 shared",): 3, ("0 1",): 1,
    ("100 200 (pagesize 1)",): 1, ("40000 60000 (pagesize 1)",): 4, ("65535 (pagesize 1)",): 1,
    ("i64 1 2",): 4, ("i64 1",): 2, ("i64 101 200 (pagesize 1)",): 1,
    ("i64 40000 (pagesize 1)",): 1, ("1", "1"): 2, ("1 1", "i64 1 1", "1"): 2,
    ("i64 1", "2 2"): 1, ("500 (pagesize 1)", "1", "300 (pagesize 1)"): 1, ("1", "1 1 shared"): 1,
}
OFFSETS = {
    0: 20, 1: 2, 2: 1, 3: 1, 4: 4, 7: 1, 8: 4, 12: 2, 16: 3, 24: 1, 255: 1, 256: 1, 4095: 1, 4096: 2,
    32767: 1, 32768: 1, 65519: 1, 65535: 1, 65536: 2, 65537: 1, 0xFFFFF: 1, 0x100000: 1,
    0x100001: 1, 1 << 24: 1, 0x7FFFFFEF: 1, 0x7FFFFFFF: 1, 0x80000000: 2, 0x80000001: 1,
    0xFFFFFFF0: 1, 0xFFFFFFFF: 2,
}
WIDE_OFFSETS = [1 << 32, (1 << 32) + 8, 1 << 33, 1 << 47, 1 << 63, (1 << 64) - 16, (1 << 64) - 8,
                (1 << 64) - 1]
#: What accesses of one root are apart.
DISTANCES = [0, 1, 4, 8, 12, 16, 24, 64, 4095, 4096, 65520, 65528, 65535, 65536, 65537, 0x80000,
             0x80010, 0x100000, 0x1000000, 0x7FFFFFFF, 0x80000000]
EDGES = [0, 0, 0, 1 << 16, 1 << 16, 1 << 31, 1 << 31, 1 << 32, 1 << 32, 1 << 30, 3 << 30, 1 << 29,
         1 << 28, 1 << 24, 1 << 20, 1 << 15]
WIDE_EDGES = [0, 1 << 32, 1 << 32, 1 << 33, 1 << 34, 1 << 63, 1 << 64, 1 << 64, 1 << 31, 1 << 48]


def all_accesses() -> dict[str, tuple[str, int, list[str], bool]]:
    """Instructions: the type of the result or of what is stored, width, operands, is a store."""
    table = {}
    for name, (type_, width, is_store) in accesses.ACCESSES.items():
        table[name] = (type_, width, [type_] if is_store else [], is_store)
    for bits in (8, 16, 32, 64):
        table[f"v128.load{bits}_lane"] = ("v128", bits // 8, ["v128"], False)
    for name, (type_, width, count) in accesses.MODIFICATIONS.items():
        table[name] = (type_, width, [type_] * count, False)
    table["memory.atomic.notify"] = ("i32", 4, ["i32"], False)
    table["memory.atomic.wait32"] = ("i32", 4, ["i32", "zero"], False)
    table["memory.atomic.wait64"] = ("i32", 8, ["i64", "zero"], False)
    return table


ACCESSES = all_accesses()
ATOMIC = [name for name in ACCESSES if ".atomic." in name]
PLAIN = [name for name in ACCESSES if ".atomic." not in name]
VECTORS = [name for name in PLAIN if name.startswith("v128")]
STORES = [name for name in PLAIN if ACCESSES[name][3]]
LOADS = [name for name in PLAIN if not ACCESSES[name][3]]


def to_i64(type_: str, text: str) -> str:
    """All bits of a value in an i64."""
    match type_:
        case "i32": return f"(i64.extend_i32_u {text})"
        case "f32": return f"(i64.extend_i32_u (i32.reinterpret_f32 {text}))"
        case "f64": return f"(i64.reinterpret_f64 {text})"
        case "v128":
            return (f"(i64.xor (i64x2.extract_lane 0 (local.tee $s {text})) (i64.rotl"
                    " (i64x2.extract_lane 1 (local.get $s)) (i64.const 5)))")
    return text


def operand(type_: str) -> str:
    """A value of a type, made from $v; zero if that is zero."""
    return {
        "i32": "(i32.wrap_i64 (local.get $v))", "i64": "(local.get $v)",
        "f32": "(f32.reinterpret_i32 (i32.wrap_i64 (local.get $v)))",
        "f64": "(f64.reinterpret_i64 (local.get $v))", "v128": "(i64x2.splat (local.get $v))",
        "zero": "(i64.const 0)",
    }[type_]


@dataclass
class Body:
    """The code of a function, and where its first access goes."""

    text: str
    place: Term
    width: int
    #: The offset of the first access; its memory.
    offset: int
    memory: int
    #: Whether it is the only access, so that a fault's address is known.
    is_single: bool


class Functions:
    """Writes functions with accesses."""

    def __init__(self, source: random.Random, state: State):
        self.source, self.state = source, state
        first = state.memories[0]
        loads = self.loaded if first.is_whole and first.size >= 8192 else None
        self.expressions = Expressions(source, loads)

    def loaded(self, source: random.Random) -> Term:
        """An i32 that comes from memory 0."""
        place, offset = "(i32.and (local.get $y) (i32.const 0xff8))", source.randrange(4096)
        if self.state.memories[0].address == "i64":
            place = f"(i64.extend_i32_u {place})"
        name, width = source.choice([("i32.load8_u", 1), ("i32.load16_u", 2), ("i32.load", 4)])
        return Term(f"({name} offset={offset} {place})",
                    lambda e: self.state.load(0, (e["y"] & 0xFF8) + offset, width, e["v"]))

    def body(self) -> Body:
        """A function's code."""
        memory = self.source.choice([0, 0] + list(range(len(self.state.memories))))
        kind = self.source.random()
        if kind < 0.15:
            return self.branches(memory)
        if not self.state.memories[memory].is_whole or kind < 0.46:
            return self.single(memory)
        if kind < 0.72:
            return self.group(memory)
        if kind < 0.79:
            return self.loop(memory)
        if kind < 0.93:
            return self.parts(memory)
        return self.bulk(memory)

    # Parts ----------------------------------------------------------------------------------

    def address(self, memory: int, extra: float = 0.7) -> Term:
        """An address, often with a summand that brings it to wherever it shall be."""
        type_ = self.state.memories[memory].address
        term = self.expressions.term(type_, self.source.choice([1, 2, 2, 3, 3, 4]))
        if self.source.random() >= extra:
            return term
        mask = MASK[type_]
        summand = "(local.get $z)" if type_ == "i64" else "(i32.wrap_i64 (local.get $z))"
        return Term(f"({type_}.add {term.text} {summand})", lambda e: (term.value(e) + e["z"]) & mask)

    def offset(self, memory: int) -> int:
        """What an access adds to its address."""
        found = self.state.memories[memory]
        if self.source.random() < 0.8:
            return self.source.choice([o for o in OFFSETS if o <= found.size // 2])
        if found.address == "i64" and self.source.random() < 0.6:
            return self.source.choice(WIDE_OFFSETS)
        return cases.pick(self.source, OFFSETS)

    def distance(self, memory: int) -> int:
        """How far an access is from what it is relative to."""
        limit = self.state.memories[memory].size // 2
        if self.source.random() < 0.2:
            limit = DISTANCES[-1]
        return self.source.choice([d for d in DISTANCES if d <= limit]) * self.source.choice([1, -1])

    def access(self, name: str, memory: int, offset: int, address: str) -> str:
        """An access; what it gives is folded into $r."""
        type_, width, operands, is_store = ACCESSES[name]
        lane = f" {self.source.randrange(16 // width)}" if name.endswith("_lane") else ""
        align = ""
        if ".atomic." not in name:
            align = f" align={self.source.choice([a for a in (1, 2, 4, 8, 16) if a <= width])}"
        values = " ".join(operand(operand_type) for operand_type in operands)
        text = f"({name} {memory} offset={offset}{align}{lane} {address} {values})"
        if is_store:
            return text
        value = to_i64(type_, text)
        return f"(local.set $r (i64.xor (i64.rotl (local.get $r) (i64.const 9)) {value}))"

    def plain(self) -> str:
        """The name of an access that is not atomic."""
        return self.source.choice(self.source.choice([PLAIN, VECTORS, STORES, LOADS]))

    # Bodies ---------------------------------------------------------------------------------

    def single(self, memory: int) -> Body:
        """One access."""
        is_whole = self.state.memories[memory].is_whole
        name = self.plain()
        if is_whole and self.source.random() < 0.2:
            name = self.source.choice(ATOMIC)
        place, offset = self.address(memory), self.offset(memory)
        if self.source.random() < 0.15 and self.state.memories[memory].address == "i32":
            place, offset = self.scaled(ACCESSES[name][1]), self.source.choice([0, 0, 0, offset])
        text = self.access(name, memory, offset, place.text)
        return Body(text, place, ACCESSES[name][1], offset, memory, True)

    def scaled(self, width: int) -> Term:
        """An index times what is accessed, which processors can compute with an access."""
        inner, shift = self.expressions.narrow(self.source.choice([0, 0, 1])), width.bit_length() - 1
        operation = self.source.choice([f"shl {inner.text} (i32.const {shift})",
                                        f"mul {inner.text} (i32.const {width})"])
        return Term(f"(i32.{operation})", lambda e: inner.value(e) * width & MASK["i32"])

    def group(self, memory: int) -> Body:
        """Accesses of one root, or two, that are constants apart."""
        source, type_ = self.source, self.state.memories[memory].address
        mask = MASK[type_]
        roots = [self.address(memory, 0.8) for _ in range(source.choice([1, 1, 2]))]
        lines = [f"(local.set $p{i} {to_wide(type_, root.text)})" for i, root in enumerate(roots)]
        first = None
        for _ in range(source.choice([2, 2, 3, 4, 6])):
            number = source.randrange(len(roots))
            distance = self.distance(memory)
            name, offset = self.plain(), self.offset(memory)
            address = of_wide(type_, f"(local.get $p{number})")
            operator = source.choice(["add", "add", "sub", "or"]) if distance else None
            place = roots[number]
            if operator == "or":
                address = f"({type_}.or {address} ({type_}.const {abs(distance)}))"
            elif operator:
                change = distance if operator == "add" else -distance
                address = f"({type_}.{operator} {address} ({type_}.const {change & mask}))"
            if first is None:
                first = Body("", shifted(place, operator, distance, mask), ACCESSES[name][1], offset,
                             memory, False)
            access = self.access(name, memory, offset, address)
            if source.random() < 0.15:
                access = f"(if (i32.and (local.get $y) (i32.const 2)) (then {access}))"
            lines.append(access)
        first.text = "\n  ".join(lines)
        return first

    def loop(self, memory: int) -> Body:
        """A loop of a few rounds whose counter is a part of the address."""
        source, type_ = self.source, self.state.memories[memory].address
        place, offset = self.address(memory), self.offset(memory)
        counter = of_wide(type_, "(local.get $i)")
        scaled = source.choice(
            [f"({type_}.mul {counter} ({type_}.const {source.choice([1, 3, 4, 8, 12, -4])}))",
             f"({type_}.shl {counter} ({type_}.const {source.choice([1, 2, 3, 4])}))"])
        name = self.plain()
        inner = self.access(name, memory, offset, f"({type_}.add {place.text} {scaled})")
        text = f"""(loop $again {inner}
  (local.set $i (i64.add (local.get $i) (i64.const 1)))
  (br_if $again (i64.lt_u (local.get $i)
    (i64.extend_i32_u (i32.and (local.get $y) (i32.const 15))))))"""
        return Body(text, place, ACCESSES[name][1], offset, memory, False)

    def branches(self, memory: int) -> Body:
        """An address that is computed in some blocks and used in others, or moves in a loop."""
        source, type_ = self.source, self.state.memories[memory].address
        name, pointer = self.plain(), "p" if type_ == "i64" else "a"
        width, offset = ACCESSES[name][1], self.offset(memory)
        kept, other = self.address(memory, 0.9), self.address(memory, 0.9)
        bit = source.randrange(4)
        is_other = f"(i32.and (local.get $y) (i32.const {1 << bit}))"
        place = Term("", lambda e: (other if e["y"] >> bit & 1 else kept).value(e))
        get, set_ = f"(local.get ${pointer}0)", f"local.set ${pointer}0"
        lines = [f"({set_} {kept.text})", f"(if {is_other} (then ({set_} {other.text})))"]
        access = self.access(name, memory, offset, get)
        if source.random() < 0.4:
            # Accesses of blocks of which none is behind another.
            lines.append(f"(if (i32.and (local.get $y) (i32.const {16 << source.randrange(4)}))"
                         f" (then {access}) (else {access}))")
        elif source.random() < 0.5:
            step = source.choice([width, width, 1, -width, 4096])
            moved = f"({set_} ({type_}.add {get} ({type_}.const {step})))"
            lines.append("(local.set $i (i64.extend_i32_u (i32.and (local.get $y) (i32.const 7))))"
                         f" (loop $again {access} {moved} (br_if $again (i64.ne (local.tee $i"
                         " (i64.shr_u (local.get $i) (i64.const 1))) (i64.const 0))))")
        else:
            lines.append(access)
        again = self.access(self.plain(), memory, offset, get)
        if source.random() < 0.5:
            lines.append(f"(if (i32.and (local.get $y) (i32.const {256 << source.randrange(4)}))"
                         f" (then {again}))")
        return Body("\n  ".join(lines), place, width, offset, memory, False)

    def parts(self, memory: int) -> Body:
        """Stores of parts, and right behind them loads of the whole, or the other way round."""
        source, type_ = self.source, self.state.memories[memory].address
        place = self.address(memory, 0.9)
        offset = source.choice([o for o in OFFSETS if o <= self.state.memories[memory].size // 2])
        whole = source.choice(["v128.load", "v128.load", "v128.load", "i64.load", "v128.load32x2_u"])
        width = ACCESSES[whole][1]
        unit = source.choice([size for size in (1, 2, 4, 4, 4, 8, 8, 8) if size < width])
        part = source.choice([name for name in STORES if ACCESSES[name][1] == unit])
        pointer = of_wide(type_, "(local.get $p0)")
        lines = [f"(local.set $p0 {to_wide(type_, place.text)})"]
        first = source.randrange(width // unit) * unit
        for start in source.sample(range(0, width, unit), source.randrange(1, width // unit + 1)):
            change = "(local.set $v (i64.add (i64.rotl (local.get $v) (i64.const 7)) (local.get $w)))"
            lines += [change, self.access(part, memory, offset + start, pointer)]
        lines.append(self.access(whole, memory, offset, pointer))
        if source.random() < 0.5:
            lines.append(self.access(source.choice(LOADS), memory, offset + first, pointer))
        return Body("\n  ".join(lines), place, width, offset, memory, False)

    def bulk(self, memory: int) -> Body:
        """A fill, or a copy from or to another address."""
        source, memories = self.source, self.state.memories
        place, type_ = self.address(memory), memories[memory].address
        width = source.choice([0, 1, 1, 17, 4096])
        size = f"(i32.const {width})"
        if width == 0 and source.random() < 0.5:
            size = "(i32.and (local.get $y) (i32.const 255))"
        other = source.choice(
            [number for number in range(len(memories)) if memories[number].is_whole])
        if source.random() < 0.4:
            size = size if type_ == "i32" else f"(i64.extend_i32_u {size})"
            text = f"(memory.fill {memory} {place.text} (i32.wrap_i64 (local.get $v)) {size})"
            return Body(text, place, width, 0, memory, False)
        beyond = self.address(other)
        if type_ == memories[other].address == "i64":
            size = f"(i64.extend_i32_u {size})"
        if source.random() < 0.5:
            text = f"(memory.copy {memory} {other} {place.text} {beyond.text} {size})"
        else:
            text = f"(memory.copy {other} {memory} {beyond.text} {place.text} {size})"
        return Body(text, place, width, 0, memory, False)


def to_wide(type_: str, text: str) -> str:
    """An address in an i64."""
    return text if type_ == "i64" else f"(i64.extend_i32_u {text})"


def of_wide(type_: str, text: str) -> str:
    """An i64 as an address."""
    return text if type_ == "i64" else f"(i32.wrap_i64 {text})"


def shifted(place: Term, operator: str | None, distance: int, mask: int) -> Term:
    """The address that is a distance from another."""
    if operator is None:
        return place
    if operator == "or":
        return Term("", lambda e: place.value(e) | abs(distance))
    return Term("", lambda e: (place.value(e) + distance) & mask)


class Operands:
    """Chooses operands for a function."""

    def __init__(self, source: random.Random, state: State):
        self.source, self.state = source, state

    def choose(self, body: Body) -> dict:
        """Operands for which the first access is where something is interesting."""
        memory = self.state.memories[body.memory]
        wanted = self.source.random()
        environment: dict = {}
        for _ in range(16):
            environment = self.some()
            mask = MASK[memory.address]
            has_summand = "$z" in body.text
            if has_summand and wanted < 0.9:
                place = body.place.value(environment | {"z": 0})
                target = self.target(memory, body.width, wanted < 0.75)
                environment["z"] = (target - body.offset - place) & mask
            place = body.place.value(environment) + body.offset
            if (place + body.width <= memory.size) == (wanted < 0.75):
                break
        environment["place"] = body.place.value(environment) + body.offset
        return environment

    def some(self) -> dict:
        """Operands near where something ends."""
        source = self.source
        return {
            "x": self.near(source.choice(EDGES)) & MASK["i32"],
            "y": self.near(source.choice(EDGES)) & MASK["i32"],
            "w": self.near(source.choice(EDGES + WIDE_EDGES)) & MASK["i64"],
            "z": self.near(source.choice(EDGES)) & MASK["i32"],
            "v": source.getrandbits(64) | 1,
        }

    def near(self, edge: int) -> int:
        """A number near another one."""
        reach = self.source.choice([2, 20, 20, 300, 5000, 70000])
        return edge + self.source.randrange(-reach, reach + 1)

    def target(self, memory: Memory, width: int, is_inside: bool) -> int:
        """Where an access shall go."""
        source, last = self.source, memory.size - width
        if is_inside and last >= 0:
            edge = source.choice([0, last, last, last, source.randrange(last + 1), last // 2])
            edge += source.choice([0, 0, 0, 1, 2, 4, 8, 15, 16, -1, -2, -4, -8, -16])
            return min(max(edge, 0), last)
        edge = source.choice([memory.size] * 3 + [1 << 32, 1 << 31, 1 << 16])
        if memory.address == "i64" and source.random() < 0.4:
            edge = 1 << 64
        if source.random() < 0.5:
            return edge + source.choice([1 - width, 1 - width, 0, 1])
        return edge + source.randrange(-width, width + 1)


class Module:
    """One module and what is called in it."""

    def __init__(self, source: random.Random, profile: tuple[str, ...] | None = None,
                 functions: int = FUNCTIONS, calls: int = CALLS):
        self.source = source
        self.state = State([cases.memory(limits) for limits in profile or cases.pick(
            source, PROFILES)])
        self.texts: list[str] = []
        self.calls: list[Call] = []
        self.writer, self.operands = Functions(source, self.state), Operands(source, self.state)
        for number in range(functions):
            self.add_function(number, calls)

    def add_function(self, number: int, calls: int) -> None:
        """Adds a function and calls of it."""
        body = self.writer.body()
        is_large = not self.state.memories[0].is_whole
        parameters = "(param $x i32) (param $y i32) (param $w i64) (param $z i64) (param $v i64)"
        arguments = "(local.get $x) (local.get $y) (local.get $w) (local.get $z)"
        # What was stored outside of what is filled anew is made zero again.
        undo = f"(drop (call $f{number} {arguments} (i64.const 0)))" if is_large else ""
        self.texts.append(f"""(func $f{number} {parameters} (result i64) (local $r i64)
  (local $s v128) (local $i i64) (local $a0 i32) (local $p0 i64) (local $p1 i64)
  {body.text}
  (local.get $r))
(func (export "c{number}") {parameters} (param $place i64) (result i64 i64) (local $d i64)
  (call $fill (local.get $v)) (global.set $index (local.get $y))
  (call $f{number} {arguments} (local.get $v))
  (local.set $d (i64.xor (call $digest) (i64.rotl (call $look (local.get $place)) (i64.const 1))))
  {undo} (local.get $d))""")
        for _ in range(calls):
            self.add_call(number, body)

    def add_call(self, number: int, body: Body) -> None:
        """Adds a call."""
        chosen = self.operands.choose(body)
        place = chosen["place"]
        values = [Value("i32", chosen["x"]), Value("i32", chosen["y"])]
        values += [Value("i64", chosen[name]) for name in "wzv"]
        call = Call(f"c{number}", [*values, Value("i64", place & MASK["i64"])])
        memory = self.state.memories[body.memory]
        is_outside = place + body.width > memory.size
        if is_outside and ".atomic." in body.text and place % body.width:
            # The oracle adds offsets before it looks at the alignment, and finds one reason or the other.
            return
        if body.is_single and is_outside:
            call.fault = (body.memory, place, place + body.width)
        self.calls.append(call)

    @property
    def text(self) -> str:
        """The module in the text format."""
        return "\n".join(["(module", self.state.definitions(), *self.texts, self.tail(), ")"])

    def tail(self) -> str:
        """A function that shows what was written behind the end of memories with small pages."""
        parts = []
        for number, memory in enumerate(self.state.memories):
            kind, size = memory.address, memory.size
            if memory.page == 65536:
                continue
            parts.append(f"""(if ({kind}.ne (memory.grow {number} ({kind}.const 64)) ({kind}.const -1))
  (then (local.set $i64 (i64.const {size})) (loop $n{number}
    {cases.fold(f"(i64.load8_u {number} {cases.address(kind)})")}
    (br_if $n{number} (i64.lt_u (local.tee $i64 (i64.add (local.get $i64) (i64.const 1)))
      (i64.const {size + 64}))))))""")
        return f"""(func (export "tail") (result i64) (local $x i64) (local $i64 i64)
  {" ".join(parts)} (local.get $x))"""


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the accesses of a seed do."""
    module = Module(random.Random(f"addressing/{seed}"))
    calls = [*module.calls, Call("tail", [])]
    return cases.perform(module.text, calls, oracle)
