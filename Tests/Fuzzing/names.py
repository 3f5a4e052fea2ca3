"""Modules whose names are meant to collide: with one another, with what the compiler makes of them, and with
the names of the runtime, of libc and of LLVM.

Functions call one another across all parts that a module is compiled in, directly and through a
table, and each computes something else, so that a call that goes elsewhere shows. Names that say
nothing about linkage cannot change a result.
"""

import random

from oracle import Oracle
from script import Behaviour, Call, quoted
from values import Value
from wasmtime import wat2wasm

#: What functions, and everything else that can have a name, are called.
NAMES = [
    b"foo", b"foo", b"foo", b"a", b"malloc", b"free", b"main", b"_start", b"memcpy", b"memmove",
    b"memset", b"strlen", b"abort", b"exit", b"write", b"environ", b"__libc_start_main", b"_end",
    b"_GLOBAL_OFFSET_TABLE_", b"__divti3", b"__udivti3", b"fmod", b"smelt_main", b"smelt_start",
    b"smelt_program", b"smelt_context", b"smelt_memory_0", b"smelt_memory_0_base", b"smelt_memories",
    b"smelt_table_0", b"smelt_table_0_calls", b"smelt_global_0", b"smelt_function_0", b"smelt_fail",
    b"smelt_memory_grow", b"smelt_table_grow", b"smelt_stack_top", b"smelt_code_begin",
    b"smelt_code_end", b"smelt_libc_begin", b"smelt_symbols", b"smelt_type_parents", b"smelt_note",
    b"smelt_module_m0", b"smelt_invoke_0", b"smelt_initialize", b"smelt_data_0", b"smelt_stack_call",
    b"wasm.f1", b"wasm.foo", b"wasm.wasm.foo", b"wasm.", b"wasm", b"wasm.0", b"m0.wasm.foo", b"m0.",
    b"llvm.memcpy.p0.p0.i64", b"llvm.trap", b"llvm.used", b"llvm.global_ctors", b"llvm.ubsantrap",
    b"llvm.experimental.constrained.fadd", b"foo@", b"foo@@", b"foo@V1", b"foo@@V1", b"@", b"@@",
    b"@foo", b"foo\0bar", b"foo\0", b"\0", b"", b"", b" ", b"foo bar", b'"', b"\\", b"\n", b"\r\n", b"$",
    b"%s%n", b"\x01foo", b"\x01malloc", b"\x01_start", b"\x01", b"foo.1", b"foo.2", b"foo.llvm.123",
    b"foo.cold", b".text", b".Lfoo", b"L0", b"$x", b"$d", b"x" * 300, b"x" * 70000, b"foo#",
    b"#", b"#1", b"wasm-function[3]", "ä".encode(), "\u202efoo".encode(), "\u0085".encode(),
    "\U0001f600".encode(), b"\xff", b"\xfffoo", b"foo\xff", b"\xc0\xaf", b"\xed\xa0\x80",
    b"foo\xe2\x82", b"/etc/passwd", b"../foo", b"*", b"foo,bar", b"-o", b"--help", b"(anonymous)",
    b"fd_read", b"fd_write", b"wasi_snapshot_preview1.fd_write", b"driver-read", b"__stack_chk_fail",
]
#: What exports are called, besides; all are different, some only just.
EXPORTS = [
    "f", "f ", " f", "F", "f\0", "f\0\0", "\0f", "f@", "f@@", "f@V", "f#1", "f#2", "", " ", "\0", "main",
    "malloc", "memcpy", "smelt_main", "smelt_start", "smelt_program", "wasm.f", "wasm.f1",
    "llvm.trap", "\x01f", "é", "e\u0301", "\u202ef", "f\u200b", "f\ufeff", "f.1", "__indirect", "\"",
    "\\", "\n", "_initialize ", "x" * 5000, "fd_write", "@", "#", "environ", "\U0001f600", "smelt_export",
]
TYPES = {
    "a": (["i32", "i64"], "i64"), "b": (["i64"], "i64"), "c": (["i64", "i64", "i32"], "i64"),
    "d": (["f64", "i64"], "i64"), "e": (["i32"], "i64"), "g": (["v128", "i64"], "i64"),
}
#: The size of a part that is compiled by itself, in bytes of code.
PART = 256 * 1024
CALLED = 90


def number(value: int) -> bytes:
    """An unsigned LEB128 number."""
    out = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        out.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(out)


def sized(data: bytes) -> bytes:
    """A vector of bytes."""
    return number(len(data)) + data


class Names:
    """Makes name sections."""

    def __init__(self, source: random.Random, functions: int):
        self.seed, self.functions = source.getrandbits(64), functions
        self.is_damaged = source.random() < 0.15

    def sections(self, imported: int) -> bytes:
        """The name section of a module with so many imported functions."""
        source = random.Random(self.seed)
        total = self.functions + imported
        entries = [(index, self.name(source, index, total)) for index in range(total)
                   if source.random() < 0.95]
        if self.is_damaged:
            entries = self.damaged(source, entries, total)
        parts = [self.subsection(0, sized(source.choice(NAMES))), self.subsection(1, self.map(entries))]
        if source.random() < 0.5:
            locals_ = b"".join(
                number(index) + self.map([(0, source.choice(NAMES)), (1, source.choice(NAMES))])
                for index in range(imported, min(total, imported + 40)))
            count = max(0, min(total, imported + 40) - imported)
            parts.append(self.subsection(2, number(count) + locals_))
        for kind in (4, 5, 6, 7, 9):
            if source.random() < 0.5:
                parts.append(self.subsection(kind, self.map([(0, source.choice(NAMES))])))
        data = b"".join(parts)
        if self.is_damaged and source.random() < 0.5:
            data = data[: source.randrange(len(data))]
        return b"\0" + sized(sized(b"name") + data)

    def name(self, source: random.Random, index: int, total: int) -> bytes:
        """A name for a function."""
        kind = source.random()
        if kind < 0.35:
            return source.choice(NAMES)
        if kind < 0.55:
            return source.choice([b"foo", b"a", b"malloc", b""])
        # What a compiler may make of two equal names.
        near = source.choice([index, index + 1, index - 1, source.randrange(total)])
        text = source.choice([b"foo#%d", b"foo.%d", b"a#%d", b"#%d", b"foo#%d#%d", b"wasm.%d",
                              b"f%d", b"wasm.f%d", b"smelt_function_%d", b"foo@%d"])
        return text % ((near,) * text.count(b"%d")) if near >= 0 else b"foo"

    def damaged(self, source: random.Random, entries: list, total: int) -> list:
        """Names of what is not there, names that are there twice, in another order."""
        entries = entries + [(source.choice([total, total + 1, 0, 1 << 31, (1 << 32) - 1]), b"foo")]
        entries += source.sample(entries, min(5, len(entries)))
        if source.random() < 0.5:
            source.shuffle(entries)
        return entries

    @staticmethod
    def map(entries: list[tuple[int, bytes]]) -> bytes:
        """A name map."""
        return number(len(entries)) + b"".join(
            number(index) + sized(name) for index, name in entries)

    @staticmethod
    def subsection(kind: int, data: bytes) -> bytes:
        """A part of the section."""
        return bytes([kind]) + sized(data)


class Module:
    """One module and what is called in it."""

    def __init__(self, source: random.Random):
        self.source = source
        is_large = source.random() < 0.45
        self.count = source.choice([100, 100, 200, 400, 1000] if is_large else [20, 60, 150, 400])
        parts = source.choice([2, 2, 2, 3, 5]) if is_large else 0
        #: Bytes of code that do nothing, for each function.
        self.filler = parts * PART // self.count
        self.types = [source.choice(list(TYPES)) for _ in range(self.count)]
        self.exported = sorted(source.sample(range(self.count), min(self.count, len(EXPORTS) + CALLED)))
        names = [*EXPORTS, *(f"f{i}" for i in range(CALLED))]
        source.shuffle(names)
        self.exports = dict(zip(self.exported, names))
        self.functions = [self.function(index) for index in range(self.count)]
        self.calls = [
            Call(name, [self.argument(type_) for type_ in TYPES[self.types[index]][0]])
            for index, name in self.exports.items() for _ in range(3)
        ]

    def argument(self, type_: str) -> Value:
        """An argument of a call."""
        bits = {"i32": 32, "f64": 62, "v128": 128}.get(type_, 64)
        return Value(type_, self.source.getrandbits(bits))

    def function(self, index: int) -> str:
        """A function that computes what no other one does, and calls some before it."""
        source, name = self.source, self.types[index]
        parameters, _ = TYPES[name]
        terms = [f"(i64.const {source.getrandbits(63)})"]
        terms += [self.as_i64(type_, f"(local.get {i})") for i, type_ in enumerate(parameters)]
        for _ in range(source.choice([0, 1, 1, 2]) if index else 0):
            # Halves bound how deep calls go.
            terms.append(self.call(source.randrange(max(1, index // 2))))
        value = terms[0]
        for term in terms[1:]:
            value = f"(i64.mul (i64.rotl (i64.xor {value} {term}) (i64.const 23)) (i64.const 0x9E3779B1))"
        # 19 bytes each.
        filler = "v128.const i64x2 0 1 drop " * (self.filler // 20)
        export = f"(export {quoted(self.exports[index])})" if index in self.exports else ""
        return f"(func $f{index} {export} (type ${name}) {filler} {value})"

    def call(self, index: int) -> str:
        """A call of a function, directly or by way of the table."""
        name = self.types[index]
        arguments = " ".join(self.constant(type_) for type_ in TYPES[name][0])
        kind = self.source.random()
        if kind < 0.7:
            return f"(call $f{index} {arguments})"
        return f"(call_indirect (type ${name}) {arguments} (i32.const {index}))"

    def constant(self, type_: str) -> str:
        """A constant."""
        if type_ == "v128":
            return f"(v128.const i64x2 {self.source.getrandbits(60)} 5)"
        return f"({type_}.const {self.source.getrandbits(30)})"

    @staticmethod
    def as_i64(type_: str, text: str) -> str:
        """A value as an i64."""
        return {"i32": f"(i64.extend_i32_u {text})", "f64": f"(i64.reinterpret_f64 {text})",
                "v128": f"(i64x2.extract_lane 1 {text})"}.get(type_, text)

    @property
    def text(self) -> str:
        """The module in the text format."""
        types = [f"(type ${name} (func (param {' '.join(parameters)}) (result {result})))"
                 for name, (parameters, result) in TYPES.items()]
        elements = " ".join(f"$f{index}" for index in range(self.count))
        table = f"(table {self.count} funcref) (elem (i32.const 0) func {elements})"
        write = "(func (export \"write-table\") (table.set (i32.const 0) (ref.null func)))"
        if self.source.random() < 0.5:
            write = ""
        return "\n".join(["(module", *types, table, *self.functions, write, ")"])


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What the functions of a seed do, whatever they are called."""
    source = random.Random(f"names/{seed}")
    module = Module(source)
    binary = bytes(wat2wasm(module.text))
    behaviour = oracle.perform(binary, oracle.interface(binary), module.calls)
    behaviour.is_independent = True
    # The driver of an executable has functions behind these; they need no names.
    behaviour.custom_sections = Names(source, module.count).sections
    return behaviour
