"""Address expressions: the many ways to write an i32 or i64 that a compiler may fold into an address.

A term is a text and a function that gives its value, so that a generator knows where an access
goes and can choose operands for which that is an interesting place. The text alone decides what
is tested: were a value wrong here, cases would only be less interesting.
"""

import random
from collections.abc import Callable
from typing import NamedTuple

MASK = {"i32": (1 << 32) - 1, "i64": (1 << 64) - 1}
BITS = {"i32": 32, "i64": 64}


class Term(NamedTuple):
    """An expression and how to compute it from the values of what it names."""

    text: str
    value: Callable[[dict], int]


SCALES = [1, 1, 2, 2, 3, 3, 4, 4, 5, 8, 12, 16, 20, 24, 28, 31]
FACTORS = [2, 3, 4, 5, 7, 8, 9, 12, 16, 20, 24, 40, 64, 100, 1 << 12, 1 << 16, 1 << 28, 1 << 30,
           1 << 31, 0x40000001, 0xFFFFFFFF, 0xFFFFFFFC, 0xFFFFFFF0, 0x80000004]
SUMMANDS = [1, 2, 3, 4, 8, 12, 15, 16, 17, 24, 127, 128, 255, 256, 4095, 4096, 32767, 32768, 65520,
            65535, 65536, 65537, 0x80000, 0xFFFFF, 0x100000, 0x100001, 0xFFFFFF, 0x1000000,
            0x7F000000, 0x7FFFFFFF, 0x80000000, 0x80000001, 0xC0000000, 0xFFFFFFF0, 0xFFFFFFFF]
MASKS = [0xFF, 0xFFFF, 0xFFFC, 0xFFF0, 0x1FFFF, 0xFFFFFF, 0x7F000000, 0x7FFFFFFF, 0x3FFFFFFF,
         0xFFFFFFFC, 0xFFFFFFF0, 0xFFFF0000, 0x80000003, 0xC000FFFF]
WIDE_SUMMANDS = [1 << 32, (1 << 32) - 1, (1 << 32) + 8, 1 << 33, 1 << 35, 1 << 47, 1 << 63,
                 (1 << 64) - 1, (1 << 64) - 16, (1 << 64) - (1 << 32)]


def signed(value: int, bits: int) -> int:
    """The value of a two's complement number."""
    return value - (1 << bits) if value >> bits - 1 else value


class Expressions:
    """Makes random terms."""

    def __init__(self, source: random.Random, loads: Callable | None = None):
        """`loads` makes a term of an i32 that comes from memory, out of an address term."""
        self.source = source
        self.loads = loads

    def term(self, type_: str, depth: int = 3) -> Term:
        """A term of a type."""
        return self.narrow(depth) if type_ == "i32" else self.wide(depth)

    # Terms of 32 bits -----------------------------------------------------------------------

    def narrow(self, depth: int) -> Term:
        """An i32."""
        if depth == 0:
            return self.narrow_leaf()
        kind = self.source.random()
        if kind < 0.50:
            return self.with_constant("i32", self.narrow(depth - 1))
        if kind < 0.72:
            return self.combined("i32", self.narrow(depth - 1), self.narrow(depth - 1))
        if kind < 0.86:
            inner = self.wide(depth - 1)
            return Term(f"(i32.wrap_i64 {inner.text})", lambda e: inner.value(e) & MASK["i32"])
        if kind < 0.93:
            return self.selected("i32", self.narrow(depth - 1), self.narrow(depth - 1))
        return self.narrow_leaf()

    def narrow_leaf(self) -> Term:
        """A parameter, a global, the size of the memory, something loaded."""
        kind = self.source.random()
        if kind < 0.55:
            return Term("(local.get $x)", lambda e: e["x"])
        if kind < 0.75:
            return Term("(local.get $y)", lambda e: e["y"])
        if kind < 0.84:
            return Term("(i32.wrap_i64 (local.get $w))", lambda e: e["w"] & MASK["i32"])
        if kind < 0.90:
            return Term("(global.get $index)", lambda e: e["y"])
        if kind < 0.94 and self.loads is not None:
            return self.loads(self.source)
        if kind < 0.97:
            return Term("(i32.extend16_s (local.get $x))",
                        lambda e: signed(e["x"] & 0xFFFF, 16) & MASK["i32"])
        return Term("(i32.extend8_s (local.get $y))",
                    lambda e: signed(e["y"] & 0xFF, 8) & MASK["i32"])

    # Terms of 64 bits -----------------------------------------------------------------------

    def wide(self, depth: int) -> Term:
        """An i64."""
        kind = self.source.random()
        if depth == 0 or kind < 0.15:
            return Term("(local.get $w)", lambda e: e["w"])
        if kind < 0.50:
            return self.extended(depth)
        if kind < 0.78:
            return self.with_constant("i64", self.wide(depth - 1))
        if kind < 0.93:
            return self.combined("i64", self.wide(depth - 1), self.wide(depth - 1))
        return self.selected("i64", self.wide(depth - 1), self.wide(depth - 1))

    def extended(self, depth: int) -> Term:
        """An i32 with more bits."""
        inner = self.narrow(depth - 1)
        if self.source.random() < 0.6:
            return Term(f"(i64.extend_i32_u {inner.text})", inner.value)
        return Term(f"(i64.extend_i32_s {inner.text})",
                    lambda e: signed(inner.value(e), 32) & MASK["i64"])

    # Terms of either ------------------------------------------------------------------------

    def with_constant(self, type_: str, inner: Term) -> Term:
        """An operator with a constant on one side."""
        source, mask, bits = self.source, MASK[type_], BITS[type_]
        name = source.choices(
            ["shl", "shr_u", "shr_s", "mul", "add", "sub", "from", "and", "or", "xor", "rotl",
             "rem_u", "div_u"], [20, 6, 4, 12, 20, 8, 3, 14, 6, 3, 6, 2, 2])[0]
        if name in ("shl", "shr_u", "shr_s", "rotl"):
            constant = source.choice(SCALES + ([32, 33, 48, 62] if type_ == "i64" else []))
        elif name in ("mul", "rem_u", "div_u"):
            constant = source.choice(FACTORS)
        elif name == "and":
            constant = source.choice(MASKS)
        elif name == "or":
            constant = source.choice([1, 3, 4, 7, 8, 15, 16, 0x80000, 0x80000000])
        else:
            constant = source.choice(SUMMANDS)
            if type_ == "i64" and source.random() < 0.4:
                constant = source.choice(WIDE_SUMMANDS)
        if type_ == "i64" and name in ("mul", "and") and source.random() < 0.3:
            constant = -(1 << source.randrange(40)) & mask
        number = f"({type_}.const {constant})"
        operation = lambda e: apply(name, inner.value(e), constant, bits)  # noqa: E731
        if name == "from":
            return Term(f"({type_}.sub {number} {inner.text})", operation)
        return Term(f"({type_}.{name} {inner.text} {number})", operation)

    def combined(self, type_: str, left: Term, right: Term) -> Term:
        """Two terms in one."""
        name = self.source.choice(["add"] * 6 + ["sub", "or", "xor", "and", "mul", "shl", "rotl"])
        bits = BITS[type_]
        return Term(f"({type_}.{name} {left.text} {right.text})",
                    lambda e: apply(name, left.value(e), right.value(e), bits))

    def selected(self, type_: str, left: Term, right: Term) -> Term:
        """One of two terms."""
        condition = self.source.choice(
            [("(i32.and (local.get $y) (i32.const 1))", lambda e: e["y"] & 1),
             ("(i32.lt_s (local.get $x) (i32.const 0))", lambda e: e["x"] >> 31),
             ("(i64.gt_u (local.get $w) (i64.const 0xffffffff))", lambda e: e["w"] >> 32)])
        if self.source.random() < 0.5:
            text = f"(select {left.text} {right.text} {condition[0]})"
        else:
            text = (f"(if (result {type_}) {condition[0]} (then {left.text})"
                    f" (else {right.text}))")
        return Term(text, lambda e: (left if condition[1](e) else right).value(e))


def apply(name: str, left: int, right: int, bits: int) -> int:
    """An operator of WebAssembly."""
    mask, shift = (1 << bits) - 1, right % bits
    match name:
        case "add": return (left + right) & mask
        case "sub": return (left - right) & mask
        case "from": return (right - left) & mask
        case "mul": return (left * right) & mask
        case "and": return left & right
        case "or": return left | right
        case "xor": return left ^ right
        case "shl": return (left << shift) & mask
        case "shr_u": return left >> shift
        case "shr_s": return (signed(left, bits) >> shift) & mask
        case "rotl": return (left << shift | left >> bits - shift) & mask
        case "div_u": return left // right
        case "rem_u": return left % right
    raise AssertionError(name)
