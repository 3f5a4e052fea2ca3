"""Modules whose exported functions each do one thing to memories, tables, globals and segments.

All these functions have the same type, so that they can call one another directly, through tables that change
all the time, by tail calls and by references, and through a host. A module may import what others export,
with limits that promise less than there is. Fuel bounds what a call can do.
"""

import random
from dataclasses import dataclass, field, replace

#: The type of all operations.
OPERATION = "(param i64 i64 i64) (result i64)"
PARAMETERS = ["(local.get 0)", "(local.get 1)", "(local.get 2)"]
NUMBERS = ["i32", "i64", "f32", "f64", "v128"]
FUEL = 300
CONSTANTS = {
    "i32": "(i32.const {})", "i64": "(i64.const {})", "f32": "(f32.const {})", "f64": "(f64.const {})",
    "v128": "(v128.const i64x2 {} 7)", "funcref": "(ref.null func)",
}
#: Values near what may be a limit.
EDGES = [4095, 4096, 5000, 65528, 65531, 65532, 65535, 65536, 131071, 131072, 196608, (1 << 31) - 1, 1 << 31,
         (1 << 32) - 8, (1 << 32) - 1, 1 << 32, (1 << 33) + 5, (1 << 63) - 1, 1 << 63, (1 << 64) - 8, (1 << 64) - 1]


def value(source: random.Random) -> int:
    """An argument: mostly a small one."""
    choice = source.random()
    if choice < 0.45:
        return source.randrange(20)
    if choice < 0.6:
        return source.randrange(70000)
    return source.choice(EDGES) if choice < 0.9 else source.getrandbits(64)


def to_type(type_: str, text: str) -> str:
    """An i64 as a number of a type."""
    forms = {"i64": "{}", "i32": "(i32.wrap_i64 {})", "f32": "(f32.convert_i64_s {})",
             "f64": "(f64.convert_i64_s {})", "v128": "(i64x2.splat {})"}
    return forms[type_].format(text)


def from_type(type_: str, text: str) -> str:
    """A value of a type as an i64."""
    forms = {"i64": "{0}", "i32": "(i64.extend_i32_s {0})", "f64": "(i64.reinterpret_f64 {0})",
             "f32": "(i64.extend_i32_u (i32.reinterpret_f32 {0}))",
             "v128": "(i64.add (i64x2.extract_lane 0 {0}) (i64x2.extract_lane 1 {0}))",
             "funcref": "(i64.extend_i32_u (ref.is_null {0}))"}
    return forms[type_].format(text)


def masked(text: str, mask: int) -> str:
    """Some bits of an i64."""
    return f"(i64.and {text} (i64.const {mask}))"


@dataclass
class Space:
    """A memory or a table, as a module knows it."""

    name: str
    is_long: bool
    minimum: int
    maximum: int | None
    #: What its owner says, which is what there is.
    least: int
    suffix: str
    page: int = 1

    @property
    def limits(self) -> str:
        """Its type in the text format."""
        words = ["i64"] if self.is_long else []
        words += [str(self.minimum)] + ([] if self.maximum is None else [str(self.maximum)])
        return " ".join([*words, self.suffix]).strip()

    def index(self, text: str) -> str:
        """An i64 as an index into it."""
        return text if self.is_long else f"(i32.wrap_i64 {text})"

    def size(self, text: str) -> str:
        """A size of it as an i64."""
        return text if self.is_long else f"(i64.extend_i32_s {text})"

    def constant(self, number: int) -> str:
        """An index that is known."""
        return f"({'i64' if self.is_long else 'i32'}.const {number})"


def memory(source: random.Random, name: str) -> Space:
    """Any memory."""
    is_small = source.random() < 0.25
    least = source.choice([0, 1, 100, 4096, 5000, 65536] if is_small else [0, 1, 1, 2])
    maximum = source.choice([None, least, least + (7 if is_small else 1), least + (5000 if is_small else 3)])
    return Space(name, source.random() < 0.3, least, maximum, least, "(pagesize 1)" if is_small else "",
                 1 if is_small else 65536)


def table(source: random.Random, name: str) -> Space:
    """Any table of functions."""
    least = source.choice([0, 1, 3, 8, 8, 20])
    maximum = source.choice([None, least, least, least + 1, least + 5])
    return Space(name, source.random() < 0.2, least, maximum, least, "funcref")


@dataclass
class Global:
    """A global."""

    name: str
    type: str
    is_mutable: bool

    @property
    def text(self) -> str:
        """Its type in the text format."""
        return f"(mut {self.type})" if self.is_mutable else self.type


@dataclass
class Signature:
    """A function of another type than operations have."""

    name: str
    parameters: list[str]
    results: list[str]

    @property
    def text(self) -> str:
        """Its type in the text format."""
        return f"(param {' '.join(self.parameters)}) (result {' '.join(self.results)})"


@dataclass
class SharedModule:
    """A module in the making."""

    source: random.Random
    has_tail_calls: bool
    memories: list[Space] = field(default_factory=list)
    tables: list[Space] = field(default_factory=list)
    globals: list[Global] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    own_signatures: list[Signature] = field(default_factory=list)
    #: Operations that are imported.
    foreign: list[str] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)
    operations: list[tuple[str, str]] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    elements: list[tuple[str, int]] = field(default_factory=list)
    count: int = 0

    # Imports --------------------------------------------------------------------------------

    def import_host(self) -> None:
        """Imports an operation and a number from a host."""
        self.imports += [f'(import "h" "cb" (func $cb {OPERATION}))', '(import "h" "g" (global $hg i64))']
        self.foreign.append("$cb")
        self.globals.append(Global("$hg", "i64", False))

    def import_from(self, name: str, other: "SharedModule") -> None:
        """Imports most of what another module exports."""
        for kind, exported, item in other.exports():
            if self.source.random() < 0.3:
                continue
            if kind in ("memory", "table"):
                self.import_space(name, kind, exported, item)
                continue
            if kind == "global":
                copy = replace(item, name=f"$i{len(self.globals)}")
                self.globals.append(copy)
                text = f"(global {copy.name} {copy.text})"
            elif kind == "signature":
                copy = replace(item, name=f"$s{len(self.signatures)}")
                self.signatures.append(copy)
                text = f"(func {copy.name} {copy.text})"
            else:
                self.foreign.append(f"$f{len(self.foreign)}")
                text = f"(func {self.foreign[-1]} {OPERATION})"
            self.imports.append(f'(import "{name}" "{exported}" {text})')

    def import_space(self, name: str, kind: str, exported: str, item: Space) -> None:
        """Imports a memory or a table, and promises as much or less of it."""
        spaces = self.memories if kind == "memory" else self.tables
        minimum = self.source.choice([item.minimum, item.minimum, max(0, item.minimum - 1), 0])
        maximum = item.maximum
        if maximum is not None:
            maximum = self.source.choice([maximum, None, maximum + 3])
        copy = replace(item, name=f"${kind}{len(spaces)}", minimum=minimum, maximum=maximum)
        spaces.append(copy)
        self.imports.append(f'(import "{name}" "{exported}" ({kind} {copy.name} {copy.limits}))')

    # State ----------------------------------------------------------------------------------

    def define(self) -> "SharedModule":
        """Defines everything."""
        source = self.source
        for _ in range(source.choice([0, 1, 1, 2] if self.memories else [1, 1, 2, 3])):
            self.memories.append(memory(source, f"$memory{len(self.memories)}"))
            self.definitions.append(f"(memory {self.memories[-1].name} {self.memories[-1].limits})")
        for _ in range(source.choice([0, 1] if self.tables else [1, 2])):
            self.tables.append(table(source, f"$table{len(self.tables)}"))
            self.definitions.append(f"(table {self.tables[-1].name} {self.tables[-1].limits})")
        for _ in range(source.randrange(4)):
            self.define_global()
        self.definitions.append(f"(global $fuel (mut i32) (i32.const {FUEL}))")
        for number in range(source.randrange(3)):
            counts = source.choice([0, 1, 5, 12, 25, 40]), source.choice([0, 1, 1, 2, 9])
            types = [[source.choice(NUMBERS) for _ in range(count)] for count in counts]
            self.own_signatures.append(Signature(f"$own{number}", *types))
        self.signatures += self.own_signatures
        for number in range(source.randrange(4)):
            self.define_data(number)
        self.elements = [(f"$e{n}", source.choice([0, 1, 3, 8])) for n in range(source.randrange(1, 4))]
        self.count = source.randrange(10, 28)
        kinds = list(KINDS) + ["load", "store", "set", "set", "indirect", "range"]
        kinds += ["foreign"] * 4 if self.foreign else []
        kinds += ["tail", "tail", "tail_indirect"] if self.has_tail_calls else []
        for _ in range(self.count):
            kind = source.choice(kinds)
            make = KINDS.get(kind) or MORE_KINDS[kind]
            self.operations.append((f"$op{len(self.operations)}", make(self, source)))
        return self

    def define_global(self) -> None:
        """Defines a global, which may begin as another one."""
        source = self.source
        item = Global(f"$g{len(self.globals)}", source.choice(list(CONSTANTS)), source.random() < 0.7)
        value_ = CONSTANTS[item.type].format(source.randrange(100))
        others = [other for other in self.globals if other.type == item.type and not other.is_mutable
                  and other.name[1] in "hi"]
        if others and source.random() < 0.5:
            value_ = f"(global.get {source.choice(others).name})"
        self.globals.append(item)
        self.definitions.append(f"(global {item.name} {item.text} {value_})")

    def define_data(self, number: int) -> None:
        """Defines a data segment."""
        source = self.source
        length = source.choice([0, 1, 10, 300])
        text = "".join(f"\\{source.randrange(256):02x}" for _ in range(length))
        target = source.choice(self.memories)
        last = target.least * target.page - length
        place = ""
        if last >= 0 and source.random() < 0.5:
            offset = last if source.random() < 0.3 else source.randrange(last + 1)
            place = f"(memory {target.name}) (offset {target.constant(offset)}) "
        self.data.append(f'(data $d{number} {place}"{text}")')

    def target(self) -> str:
        """Any operation."""
        if self.foreign and self.source.random() < 0.3:
            return self.source.choice(self.foreign)
        return f"$op{self.source.randrange(self.count)}"

    # Text -----------------------------------------------------------------------------------

    def exports(self) -> list[tuple[str, str, object]]:
        """What it exports: kind, name and item."""
        found = [("memory", f"memory{n}", item) for n, item in enumerate(self.memories)]
        found += [("table", f"table{n}", item) for n, item in enumerate(self.tables)]
        found += [("global", f"global{n}", item) for n, item in enumerate(self.globals)]
        found += [("function", f"op{n}", name) for n, (name, _) in enumerate(self.operations)]
        found += [("function", f"foreign{n}", name) for n, name in enumerate(self.foreign)]
        return found + [("signature", f"sig{n}", item) for n, item in enumerate(self.signatures)]

    def text(self, extra: str = "") -> str:
        """The module in the text format."""
        source = self.source
        lines = [f"(module (type $op (func {OPERATION}))", *self.imports, *self.definitions]
        locals_ = "(local i64 i64) " + " ".join(f"(local $r_{t} {t})" for t in NUMBERS)
        fuel = ("(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))"
                "(if (i32.lt_s (global.get $fuel) (i32.const 0)) (then unreachable))")
        lines += [f"(func {name} (type $op) {locals_} {fuel} {code})" for name, code in self.operations]
        lines += [signature_text(item) for item in self.own_signatures]
        lines.append("(func $forever (param i64) (result i64)"
                     " (i64.add (i64.const 1) (call $forever (i64.add (local.get 0) (i64.const 1)))))")
        lines.append(f'(func $refuel (export "refuel") (global.set $fuel (i32.const {FUEL})))')
        lines.append(self.digest())
        functions = [name for name, _ in self.operations] + self.foreign
        functions += [item.name for item in self.signatures]
        for name, count in self.elements:
            items = " ".join(source.choice(functions) for _ in range(count))
            homes = [item for item in self.tables if item.least >= count]
            place = ""
            if homes and source.random() < 0.5:
                home = source.choice(homes)
                offset = home.constant(source.randrange(home.least - count + 1))
                place = f"(table {home.name}) (offset {offset}) "
            lines.append(f"(elem {name} {place}func {items})")
        lines.append(f"(elem declare func {' '.join(sorted(set(functions)))})")
        for kind, name, item in self.exports():
            word = "func" if kind in ("function", "signature") else kind
            lines.append(f'(export "{name}" ({word} {item if isinstance(item, str) else item.name}))')
        return "\n".join([*lines, *self.data, extra, ")"])

    def digest(self) -> str:
        """A function that adds up everything that can be seen."""
        lines = ['(func $digest (export "digest") (result i64) (local i64 i64)']
        for item in self.memories:
            size = item.size(f"(memory.size {item.name})")
            word = f"(i64.load {item.name} {item.index('(local.get 1)')})"
            lines.append(
                f"(local.set 1 (i64.mul {size} (i64.const {item.page})))"
                " (local.set 0 (i64.add (i64.mul (local.get 0) (i64.const 31)) (local.get 1)))"
                " (if (i64.gt_u (local.get 1) (i64.const 8)) (then"
                " (local.set 1 (i64.sub (local.get 1) (i64.const 8)))"
                f" (loop $l (local.set 0 (i64.add (i64.rotl (local.get 0) (i64.const 7)) {word}))"
                " (local.set 1 (i64.sub (local.get 1) (i64.const 5)))"
                " (br_if $l (i64.gt_s (local.get 1) (i64.const 0))))))")
        for item in self.tables:
            entry = f"(ref.is_null (table.get {item.name} {item.index('(local.get 1)')}))"
            lines.append(
                f"(local.set 1 {item.size(f'(table.size {item.name})')})"
                " (local.set 0 (i64.add (i64.mul (local.get 0) (i64.const 31)) (local.get 1)))"
                " (block $b (loop $l (br_if $b (i64.le_s (local.get 1) (i64.const 0)))"
                " (local.set 1 (i64.sub (local.get 1) (i64.const 1))) (local.set 0 (i64.add"
                f" (i64.rotl (local.get 0) (i64.const 3)) (i64.extend_i32_u {entry}))) (br $l)))")
        for item in self.globals:
            now = from_type(item.type, f"(global.get {item.name})")
            lines.append(f"(local.set 0 (i64.add (i64.rotl (local.get 0) (i64.const 9)) {now}))")
        return "\n".join([*lines, "(local.get 0))"])


def signature_text(item: Signature) -> str:
    """A function that mixes its arguments."""
    mix = "(i64.const 1)"
    for index, type_ in enumerate(item.parameters):
        mix = f"(i64.add (i64.mul {mix} (i64.const 3)) {from_type(type_, f'(local.get {index})')})"
    results = " ".join(
        to_type(type_, masked(f"(i64.add (local.get $a) (i64.const {index}))", 0xFFFF))
        for index, type_ in enumerate(item.results))
    return f"(func {item.name} {item.text} (local $a i64) (local.set $a {mix}) {results})"


# Operations -------------------------------------------------------------------------------------

def load(module: SharedModule, source: random.Random) -> str:
    """Loads from somewhere."""
    item, offset = source.choice(module.memories), source.choice([0, 0, 4, 8, 65535, 0x7FFFFFFF, 0xFFFFFFF0])
    name = source.choice(["i64.load", "i64.load8_u", "i64.load32_u", "i64.load16_s"])
    return f"({name} {item.name} offset={offset} {item.index(PARAMETERS[0])})"


def store(module: SharedModule, source: random.Random) -> str:
    """Stores somewhere."""
    item, offset = source.choice(module.memories), source.choice([0, 0, 4, 1, 65536])
    name = source.choice(["i64.store", "i64.store8", "i64.store16", "i64.store32"])
    return f"({name} {item.name} offset={offset} {item.index(PARAMETERS[0])} {PARAMETERS[1]}) {PARAMETERS[1]}"


def grow(module: SharedModule, source: random.Random) -> str:
    """Grows a memory."""
    item = source.choice(module.memories)
    pages = item.index(masked(PARAMETERS[0], 3 if item.page > 1 else 4097))
    return item.size(f"(memory.grow {item.name} {pages})")


def fill(module: SharedModule, source: random.Random) -> str:
    """Fills a part of a memory."""
    item = source.choice(module.memories)
    a, b, c = item.index(PARAMETERS[0]), f"(i32.wrap_i64 {PARAMETERS[1]})", item.index(PARAMETERS[2])
    return f"(memory.fill {item.name} {a} {b} {c}) (i64.const 0)"


def copy(module: SharedModule, source: random.Random) -> str:
    """Copies within a memory, or from one to another; or the same with tables."""
    word = source.choice(["memory", "table"])
    spaces = module.memories if word == "memory" else module.tables
    to, from_ = source.choice(spaces), source.choice(spaces)
    count = PARAMETERS[2] if word == "memory" else masked(PARAMETERS[2], 7)
    count = count if to.is_long and from_.is_long else f"(i32.wrap_i64 {count})"
    places = f"{to.index(PARAMETERS[0])} {from_.index(PARAMETERS[1])}"
    return f"({word}.copy {to.name} {from_.name} {places} {count}) (i64.const 0)"


def segment(module: SharedModule, source: random.Random) -> str:
    """Uses or drops a segment."""
    number = source.randrange(len(module.data) + len(module.elements))
    begin, count = (f"(i32.wrap_i64 {masked(PARAMETERS[n], mask)})" for n, mask in ((1, 3), (2, 15)))
    is_dropped = source.random() < 0.3
    if number < len(module.data):
        item = source.choice(module.memories)
        if is_dropped:
            return f"(data.drop $d{number}) (i64.const 0)"
        return f"(memory.init {item.name} $d{number} {item.index(PARAMETERS[0])} {begin} {count}) (i64.const 0)"
    name = module.elements[number - len(module.data)][0]
    if is_dropped:
        return f"(elem.drop {name}) (i64.const 0)"
    item = source.choice(module.tables)
    return f"(table.init {item.name} {name} {item.index(PARAMETERS[0])} {begin} {count}) (i64.const 0)"


def set_table(module: SharedModule, source: random.Random) -> str:
    """Changes an element."""
    item, other = source.choice(module.tables), source.choice(module.tables)
    choices = [f"(ref.func {module.target()})", "(ref.null func)",
               f"(table.get {other.name} {other.index(PARAMETERS[1])})"]
    choices += [f"(ref.func {item.name})" for item in module.signatures[:1]]
    return f"(table.set {item.name} {item.index(PARAMETERS[0])} {source.choice(choices)}) (i64.const 0)"


def change_table(module: SharedModule, source: random.Random) -> str:
    """Grows, fills or looks at a table."""
    item, reference = source.choice(module.tables), f"(ref.func {module.target()})"
    few = item.index(masked(PARAMETERS[2], 7))
    return source.choice([
        item.size(f"(table.grow {item.name} {reference} {item.index(masked(PARAMETERS[0], 3))})"),
        f"(table.fill {item.name} {item.index(PARAMETERS[0])} {reference} {few}) (i64.const 0)",
        f"(i64.extend_i32_u (ref.is_null (table.get {item.name} {item.index(PARAMETERS[0])})))"])


def indirect(module: SharedModule, source: random.Random) -> str:
    """Calls through a table, of the right or of another type."""
    item = source.choice(module.tables)
    index = item.index(PARAMETERS[0])
    if source.random() < 0.2:
        call = f"(call_indirect {item.name} (param i64) (result i64) {PARAMETERS[1]} {index})"
        return f"(drop {call}) (i64.const 5)"
    return f"(call_indirect {item.name} (type $op) {PARAMETERS[1]} {PARAMETERS[2]} {PARAMETERS[0]} {index})"


def reference(module: SharedModule, source: random.Random) -> str:
    """Calls a reference."""
    called = source.choice([f"(ref.func {module.target()})", "(ref.null $op)"])
    return f"(call_ref $op {' '.join(PARAMETERS)} {called})"


def use_global(module: SharedModule, source: random.Random) -> str:
    """Reads or writes a global."""
    if not module.globals:
        return load(module, source)
    item = source.choice(module.globals)
    if not item.is_mutable or source.random() < 0.5:
        return from_type(item.type, f"(global.get {item.name})")
    is_function = item.type == "funcref"
    new = f"(ref.func {module.target()})" if is_function else to_type(item.type, PARAMETERS[0])
    return f"(global.set {item.name} {new}) (i64.const 1)"


def call(module: SharedModule, source: random.Random) -> str:
    """Calls an operation."""
    return f"(i64.add (i64.const {source.randrange(9)}) (call {module.target()} {' '.join(PARAMETERS[::-1])}))"


def signature(module: SharedModule, source: random.Random) -> str:
    """Calls a function with other parameters and results."""
    if not module.signatures:
        return indirect(module, source)
    item, home = source.choice(module.signatures), source.choice(module.tables)
    arguments = " ".join(to_type(type_, f"(i64.add {PARAMETERS[n % 3]} (i64.const {n}))")
                         for n, type_ in enumerate(item.parameters))
    called = f"(call {item.name} {arguments})"
    if source.random() < 0.5:
        called = f"(call_indirect {home.name} {item.text} {arguments} {home.index(PARAMETERS[0])})"
    kept = " ".join(f"(local.set $r_{type_})" for type_ in reversed(item.results))
    total = "(i64.const 3)"
    for type_ in sorted(set(item.results)):
        total = f"(i64.add {total} {from_type(type_, f'(local.get $r_{type_})')})"
    return f"{called} {kept} {total}"


def trap(_: SharedModule, source: random.Random) -> str:
    """Traps, or may."""
    a, b = PARAMETERS[:2]
    quotient = f"(f64.div (f64.convert_i64_s {a}) (f64.convert_i64_s {b}))"
    return source.choice(["unreachable", f"(i64.div_s {a} {b})", f"(i64.rem_u {a} {b})",
                          f"(i64.trunc_f64_s {quotient})", f"(call $forever {a})"])


def sweep(module: SharedModule, source: random.Random) -> str:
    """Reads and writes a range."""
    to, from_ = source.choice(module.memories), source.choice(module.memories)
    place = to.index("(i64.add (local.get 0) (local.get 3))")
    return (
        f"(local.set 3 {masked(PARAMETERS[1], 255)}) (block $x (loop $l (br_if $x (i64.eqz (local.get 3)))"
        " (local.set 3 (i64.sub (local.get 3) (i64.const 1)))"
        f" (i64.store8 {to.name} {place} (i64.add (local.get 4) (local.get 2)))"
        f" (local.set 4 (i64.add (local.get 4) (i64.load8_u {from_.name} {from_.index('(local.get 3)')})))"
        " (br $l))) (local.get 4)")


def tail(module: SharedModule, _: random.Random) -> str:
    """Ends in a call."""
    return f"(return_call {module.target()} {PARAMETERS[2]} {PARAMETERS[0]} {PARAMETERS[1]})"


def tail_indirect(module: SharedModule, source: random.Random) -> str:
    """Ends in a call through a table."""
    item = source.choice(module.tables)
    arguments = f"{PARAMETERS[1]} {PARAMETERS[2]} {PARAMETERS[0]} {item.index(PARAMETERS[0])}"
    return f"(return_call_indirect {item.name} (type $op) {arguments})"


KINDS = {
    "load": load, "store": store, "grow": grow, "fill": fill, "copy": copy, "segment": segment,
    "set": set_table, "change": change_table, "indirect": indirect, "reference": reference,
    "global": use_global, "call": call, "signature": signature, "trap": trap, "range": sweep,
}
MORE_KINDS = {"foreign": call, "tail": tail, "tail_indirect": tail_indirect}
