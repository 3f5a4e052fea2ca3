"""Modules of functions that make structures and arrays, change them, cast them and keep them.

There is a hierarchy of structures with fields of all types, arrays of all kinds of elements, and locals,
globals and a table that refer to them. All that can be reached from there is folded into every result.
Functions call one another, so that objects come from others of which nothing is known, and of many
nothing is kept, so that they need not be made. Some modules run with a collection at every object.
"""

import random

from oracle import Oracle
from script import Behaviour, Call
from values import Value
from wasmtime import wat2wasm

FUNCTIONS, CALLS = 6, 10
#: So much may be done in a call: iterations and calls.
FUEL = 150
FACTOR = "(i64.const 0x9E3779B97F4A7C15)"
#: The structures: supertypes, and fields with their types. All but `next` of `plain` and `tag` are mutable.
STRUCTURES = {
    "root": ("", [("n", "i32"), ("next", "root")]),
    "middle": ("root", [("wide", "i64"), ("real", "f64")]),
    "leaf": ("middle", [("byte", "i8"), ("short", "i16"), ("tag", "i32"), ("what", "any")]),
    "side": ("root", [("list", "refs"), ("vector", "v128"), ("single", "f32")]),
    "plain": ("", [("byte", "i8"), ("wide", "i64"), ("tag", "i32")]),
}
EXTENDED = {"root", "middle"}
CONSTANT = {("leaf", "tag"), ("plain", "tag")}
#: The arrays with their elements.
ARRAYS = {"bytes": "i8", "shorts": "i16", "words": "i64", "reals": "f64", "refs": "root", "anys": "any"}
#: The locals that functions work with.
LOCALS = {
    "r": "root", "s": "root", "m": "middle", "l": "leaf", "e": "side", "p": "plain", "x": "any", "y": "any",
    "b": "bytes", "h": "shorts", "w": "words", "d": "reals", "q": "refs", "z": "anys",
    "a": "i64", "c": "i32", "f": "f64",
}
#: Where counters of loops begin, and how often these go round.
BEGINNINGS, ROUNDS = [0, 3, 40_000, 1_000_000_000], 40
#: How many functions there are with such loops.
SUMS = 3
GLOBALS = {"kept": "root", "held": "any", "list": "refs"}
NUMBERS = {"i32", "i64", "f32", "f64", "v128"}


def lower(type_: str) -> str:
    """A type in the text format."""
    if type_ in NUMBERS or type_ in ("i8", "i16"):
        return type_
    return "anyref" if type_ == "any" else f"(ref null ${type_})"


def fields(name: str) -> list[tuple[str, str, str]]:
    """All fields of a structure: who declares them, their names and types."""
    parent, own = STRUCTURES[name]
    return (fields(parent) if parent else []) + [(name, field, type_) for field, type_ in own]


def supertypes(name: str) -> list[str]:
    """A structure's type and all above it."""
    parent = STRUCTURES[name][0]
    return [name, *(supertypes(parent) if parent else [])]


def fold(value: str) -> str:
    """Folds a value into the result of everything."""
    return (f"(global.set $all (i64.mul {FACTOR} (i64.rotl (i64.xor (global.get $all) {value})"
            " (i64.const 29))))")


def as_i64(type_: str, value: str) -> str:
    """A number as an i64."""
    return {
        "i64": value, "i32": f"(i64.extend_i32_u {value})", "f64": f"(i64.reinterpret_f64 {value})",
        "f32": f"(i64.extend_i32_u (i32.reinterpret_f32 {value}))",
        "v128": f"(i64.xor (i64x2.extract_lane 0 {value}) (i64x2.extract_lane 1 {value}))",
    }[type_]


def types() -> str:
    """The types of all modules."""
    lines = []
    for name, (parent, _) in STRUCTURES.items():
        parts = [f"(field ${field} {lower(type_) if (owner, field) in CONSTANT else f'(mut {lower(type_)})'})"
                 for owner, field, type_ in fields(name)]
        head = f"(sub {'' if name in EXTENDED else 'final '}{f'${parent} ' if parent else ''}"
        lines.append(f"(type ${name} {head}(struct {' '.join(parts)})))")
    lines += [f"(type ${name} (array (mut {lower(element)})))" for name, element in ARRAYS.items()]
    return f"(rec {' '.join(lines)})\n(type $f (func (param (ref null $root) i32 anyref) (result (ref null $root))))"


def walk() -> str:
    """The function that folds an object and what it refers to."""
    lines = ["(func $walk (param $x anyref) (param $depth i32) (local $i i32)",
             fold("(i64.extend_i32_u (ref.is_null (local.get $x)))"),
             "(if (i32.or (ref.is_null (local.get $x)) (i32.eqz (local.get $depth))) (then (return)))",
             "(if (ref.test (ref i31) (local.get $x)) (then",
             fold("(i64.extend_i32_s (i31.get_s (ref.cast (ref i31) (local.get $x))))"), "(return)))"]
    for name in ["leaf", "middle", "side", "root", "plain"]:
        lines.append(f"(if (ref.test (ref ${name}) (local.get $x)) (then")
        for _, field, type_ in fields(name):
            packed = "_s" if type_ in ("i8", "i16") else ""
            value = f"(struct.get{packed} ${name} ${field} (ref.cast (ref ${name}) (local.get $x)))"
            lines.append(see(type_, value))
        lines.append("(return)))")
    for name, element in ARRAYS.items():
        packed = "_u" if element in ("i8", "i16") else ""
        value = f"(array.get{packed} ${name} (ref.cast (ref ${name}) (local.get $x)) (local.get $i))"
        lines.append(f"(if (ref.test (ref ${name}) (local.get $x)) (then (loop $more"
                     f" (if (i32.lt_u (local.get $i) (array.len (ref.cast (ref array) (local.get $x))))"
                     f" (then {see(element, value)}"
                     " (local.set $i (i32.add (local.get $i) (i32.const 1))) (br $more))))))")
    return "\n".join([*lines, ")"])


def see(type_: str, value: str) -> str:
    """Folds a value of any type."""
    if type_ in NUMBERS:
        return fold(as_i64(type_, value))
    if type_ in ("i8", "i16"):
        return fold(f"(i64.extend_i32_u {value})")
    return f"(call $walk {value} (i32.sub (local.get $depth) (i32.const 1)))"


def below() -> str:
    """A function that makes objects deep down in the stack, where nothing of former calls is left."""
    names = [f"$k{number}" for number in range(12)]
    total = "(i64.const 0)"
    for name in names:
        total = f"(i64.add (i64.mul {total} (i64.const 3)) (local.get {name}))"
    sets = [f"(local.set {name} (i64.rotl (global.get $all) (i64.const {number})))"
            for number, name in enumerate(names)]
    return "\n".join([
        f"(func $below (param $depth i32) (result i64) {' '.join(f'(local {name} i64)' for name in names)}",
        "(if (i32.eqz (local.get $depth)) (then (loop $more",
        "(global.set $held (array.new $words (i64.const 0x1111111111111111) (i32.const 10)))",
        "(br_if $more (i32.lt_s (local.tee $depth (i32.add (local.get $depth) (i32.const 1))) (i32.const 9))))",
        "(return (i64.const 1))))", *sets,
        "(global.set $all (i64.add (global.get $all)",
        "(call $below (i32.sub (local.get $depth) (i32.const 1)))))", total, ")"])


def sums(source: random.Random, number: int) -> str:
    """A function with a loop whose counter begins anywhere: an array of its own in each round, and calls
    between accesses. It is small, so that nothing but what is needed is kept."""
    begin = source.choice(BEGINNINGS)

    def element(distance: int) -> str:
        return ("(local.set $a (i64.add (i64.mul (local.get $a) (i64.const 31)) (array.get $words"
                f" (local.get $t) (i32.sub (local.get $i) (i32.const {begin - distance})))))")

    # Its elements come from a loop, so that nobody knows them behind it.
    lines = [f"(func $sum{number} (param $a i64) (result i64) (local $i i32) (local $t (ref null $words))",
             "(local $b i64) (local $c i64)", f"(local.set $i (i32.const {begin}))", "(loop $more",
             "(local.set $t (array.new $words (i64.add (local.get $a) (i64.const 7))"
             f" (i32.const {ROUNDS + 3})))",
             "(local.set $a (i64.add (local.get $a) (i64.extend_i32_u (local.get $i))))", element(0)]
    for distance in source.choice([[1], [1, 2], [2, 0, 1]]):
        lines += [f"(local.set ${name} (call $below (i32.const 9)))"
                  for name in source.choice(["b", "bc", "cb"])] + [element(distance)]
    lines += ["(local.set $a (i64.add (local.get $a) (i64.mul (local.get $b) (local.get $c))))",
              "(br_if $more (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))"
              f" (i32.const {begin + ROUNDS}))))", "(local.get $a))"]
    return "\n".join(lines)


class Function:
    """Makes one function."""

    def __init__(self, source: random.Random, number: int):
        self.source, self.ordinal, self.labels = source, number, 0
        self.budget = source.choice([6, 12, 24])

    def write(self) -> str:
        """The function in the text format."""
        body = self.statements(0)
        looks = [f"(call $walk (local.get ${name}) (i32.const 3))" if type_ not in NUMBERS
                 else fold(as_i64(type_, f"(local.get ${name})")) for name, type_ in LOCALS.items()
                 if self.source.random() < 0.5]
        heads = " ".join(f"(local ${name} {lower(type_)})" for name, type_ in LOCALS.items())
        heads += " (local $i i32) (local $n (ref null $root))"
        return "\n".join([
            f"(func $f{self.ordinal} (type $f) (param $r0 (ref null $root)) (param $c0 i32) (param $x0 anyref)"
            " (result (ref null $root))", heads,
            "(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))",
            "(if (i32.lt_s (global.get $fuel) (i32.const 0)) (then (return (local.get $r0))))",
            "(local.set $r (local.get $r0)) (local.set $c (local.get $c0)) (local.set $x (local.get $x0))",
            *body, *looks, "(call $walk (local.get $n) (i32.const 3))", "(local.get $r))"])

    # Statements -------------------------------------------------------------------------

    def statements(self, depth: int) -> list[str]:
        count = self.source.choice([1, 2, 3]) if depth else self.source.choice([5, 8, 12])
        return [self.statement(depth) for _ in range(count)]

    def statement(self, depth: int) -> str:
        source = self.source
        if depth < 4 and self.budget > 0 and source.random() < 0.25:
            self.budget -= 1
            return source.choice([self.loop, self.condition, self.cast_branch, self.counted])(depth + 1)
        return source.choice(
            [self.set_local] * 6 + [self.set_field] * 5 + [self.set_element] * 4 + [self.range] * 2
            + [self.call] + [self.keep] * 2 + [self.observe] * 2)()

    def label(self) -> str:
        self.labels += 1
        return f"$l{self.labels}"

    def loop(self, depth: int) -> str:
        label = self.label()
        inside = "\n".join(self.statements(depth))
        return (f"(loop {label} {inside} (global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))"
                f" (br_if {label} (i32.and (i32.gt_s (global.get $fuel) (i32.const 0)) {self.boolean()})))")

    def counted(self, depth: int) -> str:
        """A loop with a counter of its own."""
        source, label = self.source, self.label()
        if depth > 1:
            return self.observe()
        if source.random() < 0.6:
            return f"(local.set $a (call $sum{source.randrange(SUMS)} (local.get $a)))"
        # A store that is the same in each round, while objects are made.
        kept, held = source.choice("rs"), source.choice("lm")
        inside = ["(local.set $n (struct.new $root (local.get $i) (local.get $n)))",
                  f"(struct.set $root $next (local.get ${kept}) (local.get ${held}))"]
        source.shuffle(inside)
        return (f"{self.with_object('root', kept, '')} (local.set $i (i32.const 0)) (loop {label}"
                f" {' '.join(inside)}"
                f" (br_if {label} (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))"
                f" (i32.const {ROUNDS}))))"
                f" (global.set $fuel (i32.sub (global.get $fuel) (i32.const {ROUNDS})))")

    def condition(self, depth: int) -> str:
        inside, other = "\n".join(self.statements(depth)), "\n".join(self.statements(depth))
        return f"(if {self.boolean()} (then {inside}) (else {other}))"

    def cast_branch(self, depth: int) -> str:
        """Casts and branches, in both directions."""
        name = self.source.choice([*STRUCTURES, *ARRAYS])
        into = next(local for local, type_ in LOCALS.items() if type_ == name)
        label, inside = self.label(), "\n".join(self.statements(depth))
        if self.source.random() < 0.5:
            return (f"(local.set ${into} (block {label} (result (ref null ${name}))"
                    f" (drop (br_on_cast {label} anyref (ref ${name}) (local.get $x)))"
                    f" {inside} (local.get ${into})))")
        return (f"(local.set $y (block {label} (result anyref)"
                f" (local.set ${into} (br_on_cast_fail {label} anyref (ref null ${name}) (local.get $x)))"
                f" {inside} (local.get $y)))")

    def set_local(self) -> str:
        name = self.source.choice(list(LOCALS))
        return f"(local.set ${name} {self.value(LOCALS[name], 3)})"

    def with_object(self, name: str, local: str, text: str) -> str:
        """Does something with an object in a local; mostly one is made if there is none."""
        if self.source.random() < 0.03:
            return text
        return f"(if (ref.is_null (local.get ${local})) (then (local.set ${local} {self.new(name, 1)}))) {text}"

    def holder(self, kinds) -> tuple[str, str]:
        """A local with an object of some type."""
        local = self.source.choice([name for name, type_ in LOCALS.items() if type_ in kinds])
        return local, LOCALS[local]

    def set_field(self) -> str:
        local, name = self.holder(STRUCTURES)
        choices = [(f, t) for owner, f, t in fields(name) if (owner, f) not in CONSTANT]
        field, type_ = self.source.choice(choices)
        return self.with_object(
            name, local, f"(struct.set ${name} ${field} (local.get ${local}) {self.value(type_, 2)})")

    def set_element(self) -> str:
        local, name = self.holder(ARRAYS)
        return self.with_object(
            name, local,
            f"(array.set ${name} (local.get ${local}) {self.index(local)} {self.value(ARRAYS[name], 2)})")

    def index(self, local: str) -> str:
        """An index of an array, nearly always one that it has."""
        if self.source.random() < 0.02:
            return self.value("i32", 1)
        # Without any elements it is not in bounds either.
        return (f"(i32.rem_u {self.value('i32', 1)}"
                f" (i32.add (array.len (local.get ${local})) (i32.eqz (array.len (local.get ${local})))))")

    def range(self) -> str:
        """Copies, fills or initializes a part of an array."""
        local, name = self.holder(ARRAYS)
        other = self.source.choice([o for o, type_ in LOCALS.items() if type_ == name])
        start, count = self.index(local), f"(i32.const {self.source.choice([0, 0, 1, 2, 3, 5])})"
        ways = [f"(array.fill ${name} (local.get ${local}) {start} {self.value(ARRAYS[name], 1)} {count})",
                f"(array.copy ${name} ${name} (local.get ${local}) {start} (local.get ${other})"
                f" {self.index(other)} {count})"]
        if ARRAYS[name] in ("i8", "i16", "i64", "f64"):
            ways.append(f"(array.init_data ${name} $data (local.get ${local}) {start}"
                        f" (i32.const {self.source.randrange(9)}) {count})")
        if name == "anys":
            ways.append(f"(array.init_elem $anys $elements (local.get ${local}) {start}"
                        f" (i32.const {self.source.randrange(3)}) {count})")
        text = self.with_object(name, other, self.with_object(name, local, self.source.choice(ways)))
        # Mostly there is room.
        room = f"(i32.gt_u (array.len (local.get ${local})) (i32.add {start} {count}))"
        if self.source.random() < 0.9:
            return self.with_object(name, local, f"(if {room} (then {text}))")
        return text

    def call(self) -> str:
        arguments = f"{self.value('root', 1)} {self.value('i32', 1)} {self.value('any', 1)}"
        index = self.source.randrange(FUNCTIONS)
        if self.source.random() < 0.4:
            return f"(local.set $r (call_ref $f {arguments} (ref.func $f{index})))"
        return f"(local.set ${self.source.choice('rs')} (call $f{index} {arguments}))"

    def keep(self) -> str:
        name = self.source.choice([*GLOBALS, "table"])
        if name == "table":
            return f"(table.set $table (i32.and {self.value('i32', 1)} (i32.const 3)) {self.value('any', 2)})"
        return f"(global.set ${name} {self.value(GLOBALS[name], 2)})"

    def observe(self) -> str:
        name = self.source.choice([name for name, type_ in LOCALS.items() if type_ not in NUMBERS])
        kind = self.source.choice([*STRUCTURES, *ARRAYS, "i31", "eq", "struct", "array", "none"])
        text = f"(ref.test (ref {'null ' if self.source.random() < 0.5 else ''}{self.heap(kind)})"
        if self.source.random() < 0.2:
            other = self.source.choice([n for n, t in LOCALS.items() if t in STRUCTURES])
            return fold(f"(i64.extend_i32_u (ref.eq (local.get ${other}) (local.get $r)))")
        return fold(f"(i64.extend_i32_u {text} (ref.cast anyref (local.get ${name}))))")

    @staticmethod
    def heap(kind: str) -> str:
        return f"${kind}" if kind in STRUCTURES or kind in ARRAYS else kind

    # Values -----------------------------------------------------------------------------

    def boolean(self) -> str:
        return f"(i32.and {self.value('i32', 1)} (i32.const {self.source.choice([1, 3])}))"

    def value(self, type_: str, depth: int) -> str:
        """A value of a type."""
        if type_ in ("i8", "i16"):
            type_ = "i32"
        return self.number(type_, depth) if type_ in NUMBERS else self.reference(type_, depth)

    def number(self, type_: str, depth: int) -> str:
        source = self.source
        if type_ == "v128":
            return f"(i64x2.splat {self.number('i64', depth - 1)})"
        if type_ == "f32":
            return f"(f32.convert_i32_s {self.number('i32', depth - 1)})"
        choices = [f"({type_}.const {source.choice([0, 1, 2, 3, 7, 255, 1000])})"]
        choices += [f"(local.get ${name})" for name, kind in LOCALS.items() if kind == type_] * 3
        if type_ == "i32":
            choices.append("(i32.wrap_i64 (global.get $all))")
        if depth <= 0:
            return source.choice(choices)
        local, name = self.holder({**STRUCTURES, **ARRAYS})
        safe = f"(ref.is_null (local.get ${local}))"
        reads = []
        if name in STRUCTURES:
            for _, field, kind in fields(name):
                if kind == type_:
                    reads.append(f"(struct.get ${name} ${field} (local.get ${local}))")
                elif kind in ("i8", "i16") and type_ == "i32":
                    reads.append(f"(struct.get_{source.choice('su')} ${name} ${field} (local.get ${local}))")
        else:
            if type_ == "i32":
                reads.append(f"(array.len (local.get ${local}))")
            if ARRAYS[name] == type_:
                reads.append(self.read_element(local, name, "", type_))
        if reads:
            choices += [f"(if (result {type_}) {safe} (then ({type_}.const 9)) (else {source.choice(reads)}))"] * 4
        if type_ != "f64":
            one, two = self.number(type_, depth - 1), self.number(type_, depth - 1)
            choices.append(f"({type_}.{source.choice(['add', 'sub', 'mul', 'xor'])} {one} {two})")
        return source.choice(choices)

    def read_element(self, local: str, name: str, packed: str, type_: str) -> str:
        """An element, or another value if the array has none."""
        other = f"({type_}.const 5)" if type_ in NUMBERS else self.null(type_)
        return (f"(if (result {lower(type_)}) (array.len (local.get ${local}))"
                f" (then (array.get{packed} ${name} (local.get ${local}) {self.index(local)}))"
                f" (else {other}))")

    @staticmethod
    def null(type_: str) -> str:
        return f"(ref.null {'none' if type_ == 'any' else '$' + type_})"

    def reference(self, type_: str, depth: int) -> str:
        source = self.source
        fitting = [type_]
        if type_ == "any":
            fitting = [*STRUCTURES, *ARRAYS, "any"]
        elif type_ in STRUCTURES:
            fitting = [name for name in STRUCTURES if type_ in supertypes(name)]
        choices = [f"(local.get ${name})" for name, kind in LOCALS.items() if kind in fitting]
        choices += [f"(global.get ${name})" for name, kind in GLOBALS.items() if kind in fitting]
        if depth <= 0:
            return source.choice([*choices, self.null(type_)])
        if type_ == "any":
            choices += [f"(ref.i31 {self.number('i32', depth - 1)})"] * 4
            choices.append(f"(table.get $table (i32.and {self.number('i32', 1)} (i32.const 3)))")
            choices.append(f"(any.convert_extern (extern.convert_any {self.reference('any', depth - 1)}))")
        if type_ == "root":
            local = source.choice("rs")
            choices += [f"(if (result (ref null $root)) (ref.is_null (local.get ${local}))"
                        f" (then (local.get $r0)) (else (struct.get $root $next (local.get ${local}))))"] * 3
        if type_ != "any":
            # A cast that mostly succeeds.
            test = f"(ref.test (ref ${type_}) (local.get $x))"
            choices.append(f"(if (result (ref null ${type_})) {test} (then (ref.cast (ref ${type_})"
                           f" (local.get $x))) (else {self.null(type_)}))")
            if source.random() < 0.04:
                choices.append(f"(ref.cast (ref null ${type_}) (local.get $x))")
        new = [self.new(source.choice([name for name in fitting if name != "any"]), depth - 1)]
        return source.choice(choices + new * len(choices))

    def new(self, name: str, depth: int) -> str:
        """A new object."""
        source = self.source
        if name in STRUCTURES:
            if source.random() < 0.2:
                return f"(struct.new_default ${name})"
            values = " ".join(self.value(type_, depth - 1) for _, _, type_ in fields(name))
            return f"(struct.new ${name} {values})"
        element = ARRAYS[name]
        count = source.choice([0, 1, 2, 3, 5, 8, 33] if source.random() < 0.95 else [700, 5000])
        ways = [f"(array.new_default ${name} (i32.const {count}))",
                f"(array.new ${name} {self.value(element, depth - 1)} (i32.const {count}))"]
        if count < 9:
            values = " ".join(self.value(element, depth - 1) for _ in range(count))
            ways.append(f"(array.new_fixed ${name} {count} {values})")
        if element in ("i8", "i16", "i64", "f64") and count < 9:
            ways.append(f"(array.new_data ${name} $data (i32.const 1) (i32.const {min(count, 3)}))")
        if name == "anys" and count < 3:
            ways.append(f"(array.new_elem $anys $elements (i32.const 1) (i32.const {count}))")
        return source.choice(ways)


def module(source: random.Random) -> str:
    """A module in the text format."""
    functions = [Function(source, number).write() for number in range(FUNCTIONS)]
    bytes_ = "".join(f"\\{source.getrandbits(7):02x}" for _ in range(80))
    entries = [
        f'(func (export "f{number}") (param $p i64) (param $q i32) (result i64)'
        f" (global.set $fuel (i32.const {FUEL})) (global.set $all (local.get $p))"
        + "".join(f"(global.set ${name} {Function.null(type_)})" for name, type_ in GLOBALS.items())
        + " (table.fill $table (i32.const 0) (ref.null none) (i32.const 4))"
        + f" (global.set $kept (call $f{(number + 1) % FUNCTIONS} (ref.null none) (i32.const 3) (ref.null none)))"
        f" (call $walk (call $f{number} (global.get $kept) (local.get $q) (global.get $held)) (i32.const 4))"
        + "".join(f"(call $walk (global.get ${name}) (i32.const 4))" for name in GLOBALS)
        + "".join(f"(call $walk (table.get $table (i32.const {i})) (i32.const 3))" for i in range(4))
        + "(global.get $all))" for number in range(FUNCTIONS)]
    return "\n".join([
        "(module", types(), f'(data $data "{bytes_}")',
        "(elem $elements anyref (item (ref.i31 (i32.const 7))) (item (struct.new_default $plain))"
        " (item (array.new_default $bytes (i32.const 3))) (item (ref.null none)) (item (ref.i31 (i32.const -1)))"
        " (item (ref.null none)) (item (ref.null none)) (item (ref.null none)))",
        f"(elem declare func {' '.join(f'$f{number}' for number in range(FUNCTIONS))})",
        "(table $table 4 4 anyref)", "(global $fuel (mut i32) (i32.const 0))",
        "(global $all (mut i64) (i64.const 0))",
        *(f"(global ${name} (mut {lower(type_)}) {Function.null(type_)})" for name, type_ in GLOBALS.items()),
        walk(), below(), *(sums(source, number) for number in range(SUMS)), *functions, *entries, ")"])


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the functions of a seed do."""
    source = random.Random(f"objects/{seed}")
    binary = bytes(wat2wasm(module(source)))
    calls = [Call(f"f{source.randrange(FUNCTIONS)}",
                  [Value("i64", source.getrandbits(32)), Value("i32", source.choice([0, 1, 2, 5, source.getrandbits(32)]))])
             for _ in range(CALLS)]
    behaviour = oracle.perform(binary, oracle.interface(binary), calls)
    # Nothing is kept between calls, as executables begin anew after a trap; the heap is mapped when it is
    # needed.
    behaviour.is_independent = behaviour.may_map = True
    behaviour.environment = {"SMELT_GC": source.choice(["every", "every=5", "every=100"])}
    return behaviour
