"""Random types and values of the Component Model, and components that pass them to each other."""

import random
import string
from dataclasses import dataclass, field

#: How deep types are nested at most.
DEPTH = 4
#: Where values that a core module starts with lie, and where memory is allocated.
IMAGE, HEAP, SIZE = 0x10000, 0x28000, 0x40000
#: Where a function of the callee writes what it was called with.
LOG = 1024
ENCODINGS = {"utf8": "utf8", "utf16": "utf16", "latin1+utf16": "latin1+utf16"}
PRIMITIVES = ["bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string"]
KEYS = ["bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "char", "string"]


@dataclass
class World:
    """Functions and the types that they use, as text, in the order of their definition."""

    definitions: list[str] = field(default_factory=list)
    functions: list = field(default_factory=list)
    caller: str = "utf8"
    callee: str = "utf8"
    #: Who defines the resource type `r`: nobody, the callee, or a third component.
    resources: str = ""


class Types:
    """Makes types: each as the text of its definition and as the oracle's object."""

    def __init__(self, rng: random.Random, oracle, world: World):
        self.rng, self.oracle, self.world = rng, oracle, world
        self.resource = oracle.ResourceType(None)
        #: Only parameters may have borrows.
        self.has_borrows = False

    def primitive(self, name: str):
        return name, getattr(self.oracle, name.capitalize() + "Type")()

    def define(self, text: str, kind):
        self.world.definitions.append(text)
        return f"$t{len(self.world.definitions) - 1}", kind

    def labels(self, count: int) -> list[str]:
        return [f"{self.rng.choice(string.ascii_lowercase)}{i}" for i in range(count)]

    def handle(self):
        kind = self.rng.choice(["own", "borrow"]) if self.has_borrows else "own"
        make = self.oracle.OwnType if kind == "own" else self.oracle.BorrowType
        return self.define(f"({kind} $r)", make(self.resource))

    def any(self, depth: int = DEPTH):
        if self.world.resources and self.rng.random() < 0.2:
            return self.handle()
        if depth == 0 or self.rng.random() < 0.35:
            return self.primitive(self.rng.choice(PRIMITIVES))
        kinds = ["list", "record", "tuple", "variant", "option", "result", "enumeration", "flags", "map", "array"]
        return getattr(self, self.rng.choice(kinds))(depth - 1)

    def maybe(self, depth: int):
        return self.any(depth) if self.rng.random() < 0.8 else (None, None)

    def list(self, depth):
        text, kind = self.any(depth)
        return self.define(f"(list {text})", self.oracle.ListType(kind))

    def array(self, depth):
        text, kind = self.any(min(depth, 1))
        length = self.rng.choice([1, 2, 3, 5, 9])
        return self.define(f"(list {text} {length})", self.oracle.ListType(kind, length))

    def map(self, depth):
        key, key_kind = self.primitive(self.rng.choice(KEYS))
        text, kind = self.any(depth)
        return self.define(f"(map {key} {text})", self.oracle.MapType(key_kind, kind))

    def record(self, depth):
        labels = self.labels(self.rng.randint(1, 6))
        parts = [self.any(depth) for _ in labels]
        text = " ".join(f'(field "{label}" {part[0]})' for label, part in zip(labels, parts))
        fields = [self.oracle.FieldType(label, part[1]) for label, part in zip(labels, parts)]
        return self.define(f"(record {text})", self.oracle.RecordType(fields))

    def tuple(self, depth):
        parts = [self.any(depth) for _ in range(self.rng.randint(1, 5))]
        text = " ".join(part[0] for part in parts)
        return self.define(f"(tuple {text})", self.oracle.TupleType([part[1] for part in parts]))

    def variant(self, depth):
        labels = self.labels(self.rng.choice([1, 2, 3, 4, 5, 260]))
        parts = [self.maybe(depth) if i < 6 else (None, None) for i in range(len(labels))]
        text = " ".join(f'(case "{label}"{" " + part[0] if part[0] else ""})' for label, part in zip(labels, parts))
        cases = [self.oracle.CaseType(label, part[1]) for label, part in zip(labels, parts)]
        return self.define(f"(variant {text})", self.oracle.VariantType(cases))

    def option(self, depth):
        text, kind = self.any(depth)
        return self.define(f"(option {text})", self.oracle.OptionType(kind))

    def result(self, depth):
        (ok, ok_kind), (error, error_kind) = self.maybe(depth), self.maybe(depth)
        text = "(result" + (f" {ok}" if ok else "") + (f" (error {error})" if error else "") + ")"
        return self.define(text, self.oracle.ResultType(ok_kind, error_kind))

    def enumeration(self, _):
        labels = self.labels(self.rng.choice([1, 2, 3, 256, 257]))
        text = " ".join(f'"{label}"' for label in labels)
        return self.define(f"(enum {text})", self.oracle.EnumType(labels))

    def flags(self, _):
        labels = self.labels(self.rng.choice([1, 7, 8, 9, 16, 17, 31, 32]))
        text = " ".join(f'"{label}"' for label in labels)
        return self.define(f"(flags {text})", self.oracle.FlagsType(labels))


@dataclass
class Resources:
    """Text that defines the resource type and hands out handles."""

    before: str
    callee: str
    get: str
    caller: str

    @staticmethod
    def of(world: World) -> "Resources":
        define = """
    (type $r0 (resource (rep i32)))
    (export $r "r" (type $r0))
    (core func $new (canon resource.new $r0))"""
        lifted = '(param "rep" u32) (result (own $r)) (canon lift (core func'
        take = '\n    (alias export $e "r" (type $r))\n    (alias export $e "make" (func $make))'
        lower = "\n    (core func $new (canon lower (func $make)))"
        if world.resources == "callee":
            return Resources("", define, f'\n    (func (export "make") {lifted} $m "get")))',
                             '\n    (alias export $c "make" (func $make))' + lower)
        if world.resources == "third":
            before = f"""
  (component $E{define}
    (core module $E1 (import "" "new" (func $new (param i32) (result i32))) (memory 1)
      (func (export "make") (param i32) (result i32) (call $new (local.get 0))))
    (core instance $m (instantiate $E1 (with "" (instance (export "new" (func $new))))))
    (func (export "make") {lifted} $m "make"))))
  (instance $e (instantiate $E))"""
            use = '\n    (import "e" (instance $e))' + take + lower
            return Resources(before, use, "", use)
        return Resources("", "", "", "")


def make_world(rng: random.Random, oracle, functions: int) -> World:
    world = World(caller=rng.choice(list(ENCODINGS)), callee=rng.choice(list(ENCODINGS)),
                  resources=rng.choice(["", "callee", "callee", "third"]))
    types = Types(rng, oracle, world)
    world.resource = types.resource
    for _ in range(functions):
        # Nobody drops borrows here, so that every call with one of a third component's traps.
        types.has_borrows = world.resources == "callee" or rng.random() < 0.2
        parameters = [types.any() for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 5, 9, 18]))]
        types.has_borrows = False
        result = types.any() if rng.random() < 0.8 else None
        world.functions.append((parameters, result))
    return world


# Values -----------------------------------------------------------------------------------------

CHARACTERS = ["a", "Z", "\0", "~", "\x7f", "\x80", "é", "ÿ", "Ā", "ß", "€", "\u07ff", "\u0800", "\ud7ff", "\ue000",
              "\uffff", "\U00010000", "😀", "\U0010ffff"]


def text(rng: random.Random) -> str:
    alphabet = rng.choice([CHARACTERS[:5], CHARACTERS[:10], CHARACTERS[8:], CHARACTERS])
    return "".join(rng.choice(alphabet) for _ in range(rng.choice([0, 0, 1, 2, 3, 7, 15, 16, 17, 33, 70])))


def value(rng: random.Random, kind, oracle):
    """A value as the oracle has it."""
    kind = oracle.despecialize(kind)
    name = type(kind).__name__
    if name == "BoolType":
        return rng.random() < 0.5
    if name[0] in "SU" and name[1:-4].isdigit():
        bits = int(name[1:-4])
        low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if name[0] == "S" else (0, (1 << bits) - 1)
        return rng.choice([low, high, 0, 1, rng.randint(low, high)])
    if name == "F32Type":
        return oracle.core_f32_reinterpret_i32(rng.choice([0, 0x80000000, 0x3f800000, 0x7f800000, 0x7fc00000, 1,
                                                           rng.getrandbits(30)]))
    if name == "F64Type":
        return oracle.core_f64_reinterpret_i64(rng.choice([0, 1 << 63, 0x3ff << 52, 0x7ff << 52, 0x7ff8 << 48, 1,
                                                           rng.getrandbits(62)]))
    if name in ("OwnType", "BorrowType"):
        return rng.getrandbits(32)
    if name == "CharType":
        return rng.choice(CHARACTERS)
    if name == "StringType":
        return (text(rng), "", 0)
    if name == "ListType":
        count = kind.l if kind.l is not None else rng.choice([0, 0, 1, 2, 3, 5])
        return [value(rng, kind.t, oracle) for _ in range(count)]
    if name == "RecordType":
        return {part.label: value(rng, part.t, oracle) for part in kind.fields}
    if name == "VariantType":
        case = rng.choice(kind.cases)
        return {case.label: None if case.t is None else value(rng, case.t, oracle)}
    assert name == "FlagsType", name
    return {label: rng.random() < 0.5 for label in kind.labels}


# Text -------------------------------------------------------------------------------------------

REALLOC = f"""
    (global $top (export "top") (mut i32) (i32.const {HEAP}))
    (func (export "realloc") (param $old i32) (param $size i32) (param $align i32) (param $new i32) (result i32)
      (local $address i32)
      (local.set $address (i32.and (i32.sub (i32.add (global.get $top) (local.get $align)) (i32.const 1))
                                   (i32.sub (i32.const 0) (local.get $align))))
      (if (i64.gt_u (i64.add (i64.extend_i32_u (local.get $address)) (i64.extend_i32_u (local.get $new)))
                    (i64.const {SIZE})) (then unreachable))
      (global.set $top (i32.add (local.get $address) (local.get $new)))
      (memory.copy (local.get $address) (local.get $old)
        (select (local.get $size) (local.get $new) (i32.lt_u (local.get $size) (local.get $new))))
      (local.get $address))"""

AS_I64 = {"i32": "i64.extend_i32_u", "i64": "", "f32": "i64.extend_i32_u (i32.reinterpret_f32", "f64": "i64.reinterpret_f64"}


def logged(index: int, core: str) -> str:
    get = f"(local.get {index})"
    if core == "i32":
        get = f"(i64.extend_i32_u {get})"
    elif core == "f32":
        get = f"(i64.extend_i32_u (i32.reinterpret_f32 {get}))"
    elif core == "f64":
        get = f"(i64.reinterpret_f64 {get})"
    return f"(i64.store (i32.const {LOG + 8 * index}) {get})"


def signature(core) -> str:
    parts = f"(param {' '.join(core.params)})" if core.params else ""
    return parts + (f" (result {core.results[0]})" if core.results else "")


def component(world: World, lifted: list, lowered: list) -> str:
    """A component of two components. Every function returns what is in the callee's global for its type."""
    resources = Resources.of(world)
    has_new = bool(world.resources)
    new = '(import "" "new" (func $new (param i32) (result i32)))' if has_new else ""
    get = '(func (export "get") (param i32) (result i32) (call $new (local.get 0)))' if has_new else ""
    with_new = '(with "" (instance (export "new" (func $new))))' if has_new else ""
    with_e = '(with "e" (instance $e))' if world.resources == "third" else ""
    definitions = "\n".join(f"    (type $t{i} {text})" for i, text in enumerate(world.definitions))
    memory = f'(memory (export "mem") {SIZE >> 16})'
    bodies, lifts, aliases, lowers, imports, arguments = [], [], [], [], [], []
    for i, ((parameters, result), high, low) in enumerate(zip(world.functions, lifted, lowered)):
        logs = " ".join(logged(index, core) for index, core in enumerate(high.params))
        back = f"(global.get $r{high.results[0]})" if high.results else ""
        bodies.append(f'    (func (export "f{i}") {signature(high)} {logs} {back})')
        kind = " ".join(f'(param "p{n}" {part[0]})' for n, part in enumerate(parameters))
        kind += f" (result {result[0]})" if result else ""
        options = '(memory (core memory $m "mem")) (realloc (core func $m "realloc"))'
        lifts.append(f'    (func (export "f{i}") {kind} (canon lift (core func $m "f{i}") {options} '
                     f"string-encoding={world.callee}))")
        aliases.append(f'    (alias export $c "f{i}" (func $f{i}))')
        lowers.append(f"    (core func $g{i} (canon lower (func $f{i}) {options} string-encoding={world.caller}))")
        imports.append(f'    (import "" "g{i}" (func {signature(low)}))')
        arguments.append(f'(export "g{i}" (func $g{i}))')
    if has_new:
        imports.append('    (import "" "new" (func (param i32) (result i32)))')
        arguments.append('(export "new" (func $new))')
    new_line = "\n"
    results = new_line.join(f'    (global $r{core} (export "r{core}") (mut {core}) ({core}.const 0))'
                            for core in ["i32", "i64", "f32", "f64"])
    return f"""(component{resources.before}
  (component $C{resources.callee}
    (core module $M {new} {memory}{REALLOC}
    {get}
{results}
{new_line.join(bodies)})
    (core instance $m (instantiate $M {with_new})){resources.get}
{definitions}
{new_line.join(lifts)})
  (component $D
    (import "c" (instance $c)){resources.caller}
{new_line.join(aliases)}
    (core module $M {memory}{REALLOC})
    (core instance $m (instantiate $M))
{new_line.join(lowers)}
    (core module $U
{new_line.join(imports)}
      ;; Not a module that could be left out.
      (memory 1))
    (core instance (instantiate $U (with "" (instance {' '.join(arguments)})))))
  (instance $c (instantiate $C {with_e}))
  (instance (instantiate $D (with "c" (instance $c)) {with_e})))
"""
