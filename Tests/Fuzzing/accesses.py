"""Modules with one kind of memory access each, tried at the borders of a memory.

Addresses come as parameters and as constants, results are used and dropped, and memories are of
every kind that compiled code treats in its own way.
"""

import random

from oracle import Oracle
from script import Behaviour, Call
from values import WIDTH, Value, constant, random_value
from wasmtime import wat2wasm

MEMORIES = {
    "i32": "1 2", "i64": "i64 1 2", "small": "100 200 (pagesize 1)", "shared": "1 2 shared",
}
OFFSETS = [0, 1, 65535, 0x7FFFFFFF, 0xFFFFFFFF]
QUICK_OFFSETS = [0, 0xFFFFFFFF]


def scalar_accesses() -> dict[str, tuple[str, int, bool]]:
    """Loads and stores of numbers: type, width in bytes, whether it is a store."""
    table = {}
    for type_ in ("i32", "i64", "f32", "f64"):
        for store in (False, True):
            name = f"{type_}.{'store' if store else 'load'}"
            table[name] = (type_, WIDTH[type_] // 8, store)
    for type_, widths in (("i32", (8, 16)), ("i64", (8, 16, 32))):
        for width in widths:
            table[f"{type_}.store{width}"] = (type_, width // 8, True)
            for sign in "su":
                table[f"{type_}.load{width}_{sign}"] = (type_, width // 8, False)
    return table


def vector_accesses() -> dict[str, tuple[str, int, bool]]:
    """Loads and stores of vectors."""
    table = {"v128.load": ("v128", 16, False), "v128.store": ("v128", 16, True)}
    for shape in ("8x8", "16x4", "32x2"):
        for sign in "su":
            table[f"v128.load{shape}_{sign}"] = ("v128", 8, False)
    for width in (8, 16, 32, 64):
        table[f"v128.load{width}_splat"] = ("v128", width // 8, False)
        table[f"v128.store{width}_lane"] = ("v128", width // 8, True)
    for width in (32, 64):
        table[f"v128.load{width}_zero"] = ("v128", width // 8, False)
    return table


def atomic_accesses() -> dict[str, tuple[str, int, bool]]:
    """Atomic loads and stores; the others are in `MODIFICATIONS`."""
    table = {}
    for type_, widths in (("i32", (32, 8, 16)), ("i64", (64, 8, 16, 32))):
        for width in widths:
            suffix = "" if width == WIDTH[type_] else str(width)
            sign = "" if width == WIDTH[type_] else "_u"
            table[f"{type_}.atomic.load{suffix}{sign}"] = (type_, width // 8, False)
            table[f"{type_}.atomic.store{suffix}"] = (type_, width // 8, True)
    return table


def modifications() -> dict[str, tuple[str, int, int]]:
    """Atomic instructions that read and write: type, width in bytes, number of operands."""
    table = {}
    for type_, widths in (("i32", (32, 8, 16)), ("i64", (64, 8, 16, 32))):
        for width in widths:
            narrow = width != WIDTH[type_]
            for name in ("add", "sub", "and", "or", "xor", "xchg", "cmpxchg"):
                middle = f"rmw{width if narrow else ''}.{name}{'_u' if narrow else ''}"
                table[f"{type_}.atomic.{middle}"] = (type_, width // 8, 1 + (name == "cmpxchg"))
    return table


ACCESSES = scalar_accesses() | vector_accesses() | atomic_accesses()
MODIFICATIONS = modifications()


def names() -> list[str]:
    """Instructions with the kind of memory that they are tried on."""
    return [f"{name} ({memory})" for name in [*ACCESSES, *MODIFICATIONS] for memory in MEMORIES]


def observe(name: str, oracle: Oracle, source: random.Random, thorough: bool) -> Behaviour:
    """What an access does. The oracle is a strict one: here all loads are used or dropped."""
    text, _, memory = name.partition(" ")
    memory = memory.strip("()")
    address_type = "i64" if memory == "i64" else "i32"
    size = 100 if memory == "small" else 65536
    builder = Builder(address_type, source)
    for offset in OFFSETS if thorough else QUICK_OFFSETS:
        builder.add_functions(text, offset, size)
    data = "".join(f"\\{(7 * index + 129) % 256:02x}" for index in range(100))
    initial = " ".join(
        f'(data ({address_type}.const {start}) "{data}")' for start in {0, size - 100}
    )
    module = f'(module (memory (export "m") {MEMORIES[memory]}) {initial} {builder.functions})'
    binary = bytes(wat2wasm(module))
    return oracle.perform(binary, oracle.interface(binary), builder.calls)


class Builder:
    """Collects functions and calls."""

    def __init__(self, address_type: str, source: random.Random):
        self.address_type = address_type
        self.source = source
        self.functions = ""
        self.calls: list[Call] = []

    def add_functions(self, text: str, offset: int, size: int) -> None:
        """Adds an access with an offset, its address as a parameter and as a constant."""
        modification = MODIFICATIONS.get(text)
        type_, width, second = modification or ACCESSES[text]
        count = second if modification else int(second)
        result = "" if not modification and second else f"(result {type_})"
        instruction = f"{text} offset={offset}" + (" 0" if text.endswith("_lane") else "")
        values = "".join(f"(local.get {index})" for index in range(count))
        parameters = f"(param {f'{type_} ' * count})"
        address = f"(param $address {self.address_type})"
        body = f"({instruction} (local.get $address) {{}})"
        shifted = "".join(f"(local.get {index + 1})" for index in range(count))
        name = f"{offset}"
        self.define(name, f"{address} {parameters} {result} {body.format(shifted)}")
        if result:
            self.define(f"{name}-drop", f"{address} {parameters} (drop {body.format(shifted)})")
        for number in self.addresses(offset, width, size):
            if text == "v128.store" and number < size - offset < number + width:
                # qemu performs half of such a store before it faults.
                continue
            place = Value(self.address_type, number)
            self.call(name, [place], type_, count)
            if result:
                self.call(f"{name}-drop", [place], type_, count)
            own = f"{name}-at-{number}"
            fixed = f"({instruction} {constant(place)} {values})"
            self.define(own, f"{parameters} {result} {fixed}")
            self.call(own, [], type_, count)

    def addresses(self, offset: int, width: int, size: int) -> list[int]:
        """Addresses around the borders."""
        limit = 1 << WIDTH[self.address_type]
        wanted = [0, 1, 8, 0x7FFFFFFF, 0xFFFFFFFF, limit - 1, limit - width, limit - offset]
        end = size - offset
        wanted += [end, end - 1, end - width, end - width + 1, end - width - 1, end - 2 * width]
        return sorted({number for number in wanted if 0 <= number < limit})

    def define(self, name: str, rest: str) -> None:
        """Adds a function."""
        self.functions += f'(func (export "{name}") {rest})\n'

    def call(self, name: str, arguments: list[Value], type_: str, count: int) -> None:
        """Adds a call."""
        extra = [random_value(type_, self.source) for _ in range(count)]
        self.calls.append(Call(name, arguments + extra))
