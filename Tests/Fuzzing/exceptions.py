"""Modules of functions that call one another, throw and catch, in both encodings of exceptions.

Every function is a random nest of blocks, loops, handlers and delegations, with several tags. Locals
are changed on all ways, and folded into a result wherever something is caught, so that a handler
that sees an old value is noticed. Each program is a tree that can be written in both encodings
(handlers.py): wasmtime, which knows only exnref, tells what it should do, and the compiler gets the
one or the other.
"""

import random

from handlers import Block, Delegate, Exnref, Handler, Legacy, Rethrow, Tag, Text, Try
from interface import Reader
from oracle import Oracle
from script import Behaviour, Call
from values import Value, constant, edges
from wasmtime import wat2wasm

FUNCTIONS, CALLS = 8, 12
#: The tags: of no payload, of one value of each type, of two, and of many, and two of one type.
TAGS = [
    Tag("nothing", []), Tag("word", ["i32"]), Tag("other", ["i32"]), Tag("pair", ["i64", "f64"]),
    Tag("vector", ["v128", "f32"]), Tag("function", ["funcref", "i64"]),
    Tag("many", ["i32", "i64", "f32", "f64", "v128", "i64", "i64", "i64", "i32", "i32", "f64",
                 "f64", "i64", "i64"]),
]
#: The locals that programs work with.
LOCALS = {"a": "i64", "b": "i64", "c": "i32", "d": "f64", "e": "f32", "v": "v128"}
#: So much may be done in a call: iterations and calls.
FUEL = 400
FACTOR = "(i64.const 0x9E3779B97F4A7C15)"


def fold(value: str) -> str:
    """Folds a value into the result of everything."""
    return (f"(global.set $all (i64.mul {FACTOR} (i64.rotl (i64.xor (global.get $all) {value})"
            " (i64.const 29))))")


def as_i64(type_: str, value: str) -> str:
    """A value of any type as an i64."""
    return {
        "i64": value, "i32": f"(i64.extend_i32_u {value})", "f64": f"(i64.reinterpret_f64 {value})",
        "f32": f"(i64.extend_i32_u (i32.reinterpret_f32 {value}))",
        "v128": f"(i64.xor (i64x2.extract_lane 0 {value}) (i64x2.extract_lane 1 {value}))",
        "funcref": f"(i64.extend_i32_u (ref.is_null {value}))",
    }[type_]


def tag_locals(tag: Tag) -> list[tuple[str, str]]:
    """The locals of a tag's payload with their types."""
    return [(f"{tag.name}_{number}", type_) for number, type_ in enumerate(tag.types)]


class Function:
    """Makes the body of one function."""

    def __init__(self, source: random.Random, number: int):
        self.source, self.number = source, number
        self.labels = 0
        #: The tries with a handler that throws again, whose exceptions need a local.
        self.kept: list[str] = []
        self.is_delegated_to = False
        #: What encloses the present place, from the outside: nodes and whether it is in a handler.
        self.around: list[tuple[Block | Try, bool]] = []
        #: How often something may still be nested.
        self.budget = source.choice([12, 30, 60])
        self.body = self.statements(0)

    def write(self, encoding: Exnref | Legacy) -> str:
        """The function in the text format."""
        head = f"func $f{self.number} (type $f) (param $p i64) (param $q i32) (result i64)\n"
        head += " ".join(f"(local ${name} {type_})" for name, type_ in LOCALS.items())
        head += " ".join(f"(local ${name} {type_})" for tag in TAGS for name, type_ in tag_locals(tag))
        if isinstance(encoding, Exnref):
            head += " ".join(f"(local $exn_{label} exnref)" for label in self.kept)
        start = ["(local.set $a (local.get $p))", "(local.set $c (local.get $q))",
                 "(local.set $b (i64.xor (local.get $p) (i64.const 0x5555)))",
                 "(local.set $d (f64.convert_i32_s (local.get $q)))", self.use_fuel(),
                 "(if (i32.lt_s (global.get $fuel) (i32.const 0)) (then (return (local.get $p))))"]
        body = [Text("\n".join(start)), *self.body, Text(self.observe())]
        return encoding.function(head, body, self.is_delegated_to, "(i64.add (local.get $a) (local.get $b))")

    @staticmethod
    def use_fuel() -> str:
        return "(global.set $fuel (i32.sub (global.get $fuel) (i32.const 1)))"

    def observe(self) -> str:
        """Folds all locals into the result."""
        return "\n".join(fold(as_i64(type_, f"(local.get ${name})")) for name, type_ in LOCALS.items())

    # Statements -------------------------------------------------------------------------

    def statements(self, depth: int) -> list:
        """Some statements."""
        count = self.source.choice([1, 2, 2, 3, 4]) if depth else self.source.choice([3, 5, 7])
        return [self.statement(depth) for _ in range(count)]

    def statement(self, depth: int):
        """A statement, which nests others only while there is a budget."""
        source = self.source
        plain = [self.change] * 5 + [self.call] * 4 + [self.throw] * 3 + [self.leave] + [self.trap]
        if self.budget <= 0 or depth > 6:
            return source.choice(plain)()
        nests = [self.try_] * 6 + [self.block] + [self.loop] * 2 + [self.condition] * 2
        nests += [self.delegate] * 2
        if source.random() < 0.5:
            return source.choice(plain + self.rethrows())()
        self.budget -= 1
        return source.choice(nests)(depth + 1)

    def label(self) -> str:
        """A new label."""
        self.labels += 1
        return f"l{self.labels}"

    def within(self, node, in_handler: bool, depth: int) -> list:
        """Statements inside of a node."""
        self.around.append((node, in_handler))
        body = self.statements(depth)
        self.around.pop()
        return body

    def try_(self, depth: int) -> Try:
        node = Try(self.label(), [], [])
        node.body = self.within(node, False, depth)
        tags = self.source.sample(TAGS, self.source.choice([0, 1, 1, 2, 3]))
        handlers = [Handler(tag, []) for tag in tags]
        if not handlers or self.source.random() < 0.4:
            handlers.append(Handler(None, []))
        node.handlers = handlers
        for handler in handlers:
            look = [self.observe()]
            if handler.tag:
                look += [fold(as_i64(type_, f"(local.get ${name})"))
                         for name, type_ in tag_locals(handler.tag)]
            handler.body = [Text("\n".join(look)), *self.within(node, True, depth)]
        if node.rethrows:
            self.kept.append(node.label)
        return node

    def block(self, depth: int) -> Block:
        node = Block("block", self.label(), [])
        node.body = self.within(node, False, depth)
        return node

    def loop(self, depth: int) -> Block:
        node = Block("loop", self.label(), [])
        body = self.within(node, False, depth)
        again = f"(br_if ${node.label} {self.boolean()})"
        # Whatever branches back uses fuel, and without it all that is inside is passed by.
        guard = Block("block", self.label(), [Text(
            f"{self.use_fuel()} (br_if ${self.last_label()} (i32.lt_s (global.get $fuel) (i32.const 0)))"
        ), *body, Text(again)])
        node.body = [guard]
        return node

    def last_label(self) -> str:
        return f"l{self.labels}"

    def condition(self, depth: int) -> Block:
        node = Block("if", self.label(), [], condition=self.boolean())
        node.body = self.within(node, False, depth)
        if self.source.random() < 0.5:
            node.otherwise = self.within(node, False, depth)
        return node

    def delegate(self, depth: int) -> Delegate:
        # Out of a handler its own try is what is around it.
        choices = [node for node, in_handler in self.around if not in_handler]
        node = self.source.choice([*choices, None]) if choices else None
        if node is None:
            self.is_delegated_to = True
        else:
            node.is_delegated_to = True
        hidden = Block("block", "", [])
        self.around.append((hidden, True))
        body = self.statements(depth)
        self.around.pop()
        return Delegate(body, node.label if node else None)

    def rethrows(self) -> list:
        """What may throw again what is being handled."""
        handled = [node for node, in_handler in self.around if in_handler and isinstance(node, Try)]
        if not handled:
            return []

        def rethrow():
            node = self.source.choice(handled)
            node.rethrows = True
            if self.source.random() < 0.5:
                return Rethrow(node.label)
            return Block("if", self.label(), [Rethrow(node.label)], condition=self.boolean())

        return [rethrow] * 5

    def change(self) -> Text:
        """Changes a local."""
        name = self.source.choice(list(LOCALS))
        return Text(f"(local.set ${name} {self.expression(LOCALS[name], 2)})")

    def throw(self) -> Text:
        """Throws, mostly if something is the case."""
        tag = self.source.choice(TAGS)
        values = " ".join(self.expression(type_, 1) for type_ in tag.types)
        text = f"(throw ${tag.name} {values})"
        if self.source.random() < 0.7:
            text = f"(if {self.boolean()} (then {text}))"
        return Text(text)

    def call(self) -> Text:
        """Calls a function in one of several ways, rarely in the place of this one."""
        source = self.source
        arguments = f"{self.expression('i64', 1)} {self.expression('i32', 1)}"
        tail = "return_" if source.random() < 0.12 else ""
        index = source.randrange(FUNCTIONS)
        way = source.randrange(4)
        if way == 0:
            picked = f"(i32.and {self.expression('i32', 1)} (i32.const {FUNCTIONS - 1}))"
            text = f"({tail}call_indirect $table (type $f) {arguments} {picked})"
        elif way == 1:
            text = f"({tail}call_ref $f {arguments} (ref.func $f{index}))"
        else:
            text = f"({tail}call $f{index} {arguments})"
        if tail:
            return Text(f"(if {self.boolean()} (then {text}))")
        return Text(f"(local.set ${source.choice('ab')} {text})")

    def leave(self) -> Text:
        """Branches out of something, or returns."""
        labels = [node.label for node, _ in self.around if node.label]
        if labels and self.source.random() < 0.8:
            return Text(f"(br_if ${self.source.choice(labels)} {self.boolean()})")
        return Text(f"(if {self.boolean()} (then (return {self.expression('i64', 1)})))")

    def trap(self) -> Text:
        """Traps, if something unlikely is the case."""
        unlikely = (f"(i32.eq (i32.and (i32.wrap_i64 (global.get $all)) (i32.const 63))"
                    f" (i32.const {self.source.randrange(64)}))")
        text = self.source.choice([
            "(unreachable)", "(i32.store (i32.const -1) (i32.const 0))",
            "(local.set $a (i64.div_u (local.get $a) (i64.const 0)))"])
        return Text(f"(if {unlikely} (then {text}))")

    # Expressions ------------------------------------------------------------------------

    def boolean(self) -> str:
        """Something that is sometimes true."""
        mask = self.source.choice([1, 1, 3, 3, 7])
        what = self.source.choice([
            "(i32.wrap_i64 (global.get $all))", "(local.get $c)", "(i32.wrap_i64 (local.get $a))",
            "(i32.wrap_i64 (local.get $b))", "(global.get $fuel)"])
        test = f"(i32.and {what} (i32.const {mask}))"
        return f"(i32.eqz {test})" if self.source.random() < 0.5 else f"(i32.eq {test} (i32.const {mask}))"

    def expression(self, type_: str, depth: int) -> str:
        """A value of a type."""
        source = self.source
        if type_ == "funcref":
            return source.choice(["(ref.null func)", f"(ref.func $f{source.randrange(FUNCTIONS)})"])
        if depth == 0 or source.random() < 0.3:
            names = [name for name, kind in LOCALS.items() if kind == type_]
            if source.random() < 0.75:
                return f"(local.get ${source.choice(names)})"
            if type_ == "v128":
                return constant(Value(type_, source.getrandbits(128)))
            if type_[0] == "f":
                return f"({type_}.const {source.choice(['0.5', '-3', '1e10', '7.25'])})"
            return constant(Value(type_, source.choice([*edges(type_), source.getrandbits(8)])))
        one, two = self.expression(type_, depth - 1), self.expression(type_, depth - 1)
        if type_ == "v128":
            return f"({source.choice(['i32x4.add', 'v128.xor', 'i64x2.sub'])} {one} {two})"
        if type_[0] == "f":
            # Neither NaNs nor infinities, whose signs are left open.
            return f"({type_}.min ({type_}.abs {one}) ({type_}.const 1000))"
        if source.random() < 0.3:
            return "(i32.wrap_i64 (local.get $a))" if type_ == "i32" else "(i64.extend_i32_s (local.get $c))"
        return f"({type_}.{source.choice(['add', 'sub', 'mul', 'xor', 'rotl'])} {one} {two})"


class Module:
    """One program and what is called in it."""

    def __init__(self, seed: str):
        source = random.Random(f"exceptions/{seed}")
        self.functions = [Function(source, number) for number in range(FUNCTIONS)]
        self.is_legacy = source.random() < 0.5
        self.calls: list[Call] = []
        for number in range(FUNCTIONS):
            for _ in range(CALLS):
                numbers = [source.choice([0, 1, 2, 3, 5, source.getrandbits(32)]) for _ in range(2)]
                name = f"{source.choice(['caught', 'caught', 'bare'])}{number}"
                self.calls.append(Call(name, [Value("i64", numbers[0]), Value("i32", numbers[1])]))

    def text(self, encoding: Exnref | Legacy) -> str:
        """The module in the text format."""
        names = " ".join(f"$f{number}" for number in range(FUNCTIONS))
        tags = [f"(tag ${tag.name} (param {' '.join(tag.types)}))" for tag in TAGS]
        functions = [function.write(encoding) for function in self.functions]
        return "\n".join([
            "(module", "(type $f (func (param i64 i32) (result i64)))", *tags, "(memory 1 1)",
            "(global $fuel (mut i32) (i32.const 0))", "(global $all (mut i64) (i64.const 0))",
            f"(table $table funcref (elem {names}))", *functions,
            *(self.entry(number, encoding) for number in range(FUNCTIONS)), ")"])

    @staticmethod
    def entry(number: int, encoding: Exnref | Legacy) -> str:
        """What is called from outside: with a handler of everything, and without."""
        start = f"(global.set $fuel (i32.const {FUEL})) (global.set $all (local.get $p))"
        call = f"(call $f{number} (local.get $p) (local.get $q))"
        end = "(i64.xor (global.get $all) (i64.extend_i32_s (global.get $fuel)))"
        head = "(param $p i64) (param $q i32) (result i64)"
        tried = Try("l", [Text(fold(call))], [Handler(None, [Text(fold("(i64.const 99)"))])])
        return (f'(func (export "bare{number}") {head} {start} {fold(call)} {end})\n'
                + encoding.function(f'func (export "caught{number}") {head} {start}', [tried], False, end))


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the functions of a seed do."""
    module = Module(seed)
    binary = bytes(wat2wasm(module.text(Exnref())))
    behaviour = oracle.perform(binary, oracle.interface(binary), module.calls)
    # The memory of exceptions is mapped when the first one is thrown.
    behaviour.is_independent = behaviour.may_throw = behaviour.may_map = True
    if module.is_legacy:
        binary = bytes(wat2wasm(module.text(Legacy())))
    behaviour.binary = without_names(binary)
    return behaviour


def without_names(binary: bytes) -> bytes:
    """A module without its custom sections: wasm-tools prints labels that have names so that it cannot
    read them, behind delegate."""
    reader, kept = Reader(binary), binary[:8]
    reader.position = 8
    while reader.position < len(binary):
        start = reader.position
        number = reader.byte()
        reader.sized()
        if number != 0:
            kept += binary[start : reader.position]
    return kept
