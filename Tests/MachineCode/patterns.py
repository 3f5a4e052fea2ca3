"""Modules full of addresses that a code generator may be tempted to compute in an access.

Nothing is known of the operands, so optimised code has no other way to keep an address within
32 bits than to extend it: here every access must be proved, at every level.
"""

import random

LOADS = {
    "i64.load8_u": 1, "i64.load8_s": 1, "i64.load16_u": 2, "i64.load16_s": 2, "i64.load32_u": 4,
    "i64.load32_s": 4, "i64.load": 8,
}
STORES = {"i64.store8": 1, "i64.store16": 2, "i64.store32": 4, "i64.store": 8}
OFFSETS = [0, 0, 0, 1, 4, 8, 16, 4095, 4096, 32760, 65536, 1 << 24, 0x7FFFFFF0]
CONSTANTS = [1, 2, 3, 4, 8, 16, 255, 4096, 65535, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF8, 0xFFFFFFFF]
FUNCTIONS = 100


class Code:
    """Functions with accesses."""

    def __init__(self, seed: str):
        self.source = random.Random(seed)

    def module(self) -> str:
        """A program that may call any of its functions."""
        bodies = [self.body() for _ in range(FUNCTIONS)] + [*scaled_accesses()]
        functions = "\n".join(function(number, body) for number, body in enumerate(bodies))
        names = " ".join(f"$f{number}" for number in range(len(bodies)))
        return f"""(module
  (memory (export "memory") 1)
  (type $access (func (param i32 i32 i64) (result i64)))
  (table funcref (elem {names}))
  {functions}
  (func (export "_start")
    (i64.store (i32.const 0) (call_indirect (type $access) (i32.load (i32.const 8))
      (i32.load (i32.const 12)) (i64.load (i32.const 16)) (i32.load (i32.const 24))))))
"""

    def body(self) -> str:
        """Some accesses."""
        choose = self.source.choice
        body = f"(local.set $x {self.address(2)}) (local.set $y {self.address(1)})"
        for _ in range(self.source.randrange(1, 5)):
            place = choose(["(local.get $x)", "(local.get $y)", self.address(2), self.address(3)])
            offset = f"offset={choose(OFFSETS)}"
            kind = self.source.random()
            if kind < 0.6:
                body += use(f"({choose(list(LOADS))} {offset} {place})")
            elif kind < 0.8:
                body += f"\n    ({choose(list(STORES))} {offset} {place} (local.get $v))"
            elif kind < 0.9:
                body += use(f"(i64.reinterpret_f64 (f64.load {offset} {place}))")
            else:
                body += use(f"(i64x2.extract_lane 1 (v128.load {offset} {place}))")
        return body

    def address(self, depth: int) -> str:
        """An expression of 32 bits."""
        choose = self.source.choice
        if depth == 0:
            return choose(["(local.get $p)", "(local.get $q)", "(i32.wrap_i64 (local.get $v))"])
        inner = self.address(depth - 1)
        constant = choose(CONSTANTS)
        shift = self.source.randrange(1, 5)
        return choose([
            f"(i32.shl {inner} (i32.const {shift}))",
            f"(i32.mul {inner} (i32.const {1 << shift}))",
            f"(i32.mul (i32.const {constant}) {inner})",
            f"(i32.add {inner} (i32.const {constant}))",
            f"(i32.sub {inner} (i32.const {constant}))",
            f"(i32.add {inner} {self.address(depth - 1)})",
            f"(i32.sub {inner} {self.address(depth - 1)})",
            f"(i32.and {inner} (i32.const {constant}))",
            f"(i32.or {inner} (i32.const {constant}))",
            f"(i32.shr_s {inner} (i32.const {shift}))",
            f"(i32.shr_u {inner} (i32.const {shift}))",
            f"(i32.rotl {inner} (i32.const {shift}))",
            f"(i32.extend{choose([8, 16])}_s {inner})",
            f"(i32.wrap_i64 (i64.shl (i64.extend_i32_{choose('su')} {inner}) (i64.const {shift})))",
            f"(i32.wrap_i64 (i64.mul (i64.extend_i32_u {inner}) (i64.const {8 + (1 << 32)})))",
            f"(i32.wrap_i64 (i64.add (i64.extend_i32_s {inner}) (local.get $v)))",
            f"(i32.wrap_i64 (i64.shr_{choose('su')} (local.get $v) (i64.const {30 + shift})))",
            f"(i32.load{choose(['', '8_u', '8_s', '16_s'])} {inner})",
            f"(select {inner} {self.address(depth - 1)} (local.get $q))",
        ])


def use(value: str) -> str:
    """A statement that makes a value matter."""
    return f"\n    (local.set $v (i64.add (local.get $v) {value}))"


def function(number: int, body: str) -> str:
    """A function of two addresses and a value."""
    return f"""(func $f{number} (type $access) (param $p i32) (param $q i32) (param $v i64)
    (result i64) (local $x i32) (local $y i32)
    {body}
    (local.get $v))"""


def scaled_accesses():
    """Accesses at multiples of their size, which instructions can form by themselves."""
    for value in ("(local.get $p)", "(i32.add (local.get $p) (local.get $q))",
                  "(i32.extend16_s (local.get $p))", "(i32.wrap_i64 (local.get $v))"):
        for shift in range(1, 5):
            for place in (f"(i32.shl {value} (i32.const {shift}))",
                          f"(i32.mul {value} (i32.const {1 << shift}))",
                          f"(i32.mul (i32.const {1 << shift}) {value})"):
                for name, size in LOADS.items():
                    if size == 1 << shift:
                        yield use(f"({name} {place})")
                for name, size in STORES.items():
                    if size == 1 << shift:
                        yield f"({name} {place} (local.get $v))"
                if shift == 4:
                    yield use(f"(i64x2.extract_lane 0 (v128.load {place}))")


def large_function() -> str:
    """A program whose first function is so large that it is not optimised, unlike the others."""
    steps = "".join(
        "(local.set $x (i32.add (local.get $x)"
        f" (i32.xor (local.get $p) (i32.const {number * 7919 + 1000003}))))"
        for number in range(22000))
    return f"""(module
  (memory (export "memory") 1)
  (func $large (param $p i32) (result i32) (local $x i32) {steps} (local.get $x))
  (func $load (param $p i32) (result i32) (i32.load (local.get $p)))
  (func (export "_start")
    (i32.store (i32.const 0) (call $large (call $load (i32.load (i32.const 4)))))))
"""
