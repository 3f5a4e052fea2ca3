"""What the generators of cases have in common: memories that are filled anew before each case, and
all of whose contents come into its result, with globals and a table that nothing should change.

A case is one call. It fills everything from a number, calls the function that is tried, and
returns that function's result and a digest of everything. So cases depend on none before them.
"""

import random
from dataclasses import dataclass

from oracle import OUT_OF_BOUNDS, Oracle
from script import Behaviour, Call, Life
from wasmtime import wat2wasm

FACTOR = 0x9E3779B97F4A7C15


@dataclass
class Memory:
    """A memory."""

    limits: str
    address: str
    #: Its size when the module begins, in bytes.
    size: int
    #: The parts that are filled and looked at; all of it if it is small.
    windows: list[tuple[int, int]]
    page: int = 65536

    @property
    def is_whole(self) -> bool:
        """Whether all of it is looked at."""
        return self.windows == [(0, self.size // 8 * 8)]


def memory(limits: str) -> Memory:
    """A memory with these limits in the text format."""
    words = limits.replace("(", " ").replace(")", " ").split()
    address = "i64" if words[0] == "i64" else "i32"
    page = int(words[words.index("pagesize") + 1]) if "pagesize" in words else 65536
    size = int(next(word for word in words if word.isdecimal())) * page
    windows = [(0, size // 8 * 8)]
    if size > 1 << 20:
        middle = [(1 << bits) - 4096 for bits in (16, 31) if size > 1 << bits]
        windows = [(0, 8192), *((start, 8192) for start in middle), (size - 8192, 8192)]
    return Memory(limits, address, size, windows, page)


class State:
    """The memories, globals and the table of a module."""

    def __init__(self, memories: list[Memory]):
        self.memories = memories

    def definitions(self) -> str:
        """Their definitions, and the functions that fill and read them."""
        lines = [f"(memory {memory.limits})" for memory in self.memories]
        lines += [
            "(global $index (mut i32) (i32.const 0))",
            "(global $before (mut i64) (i64.const 0))", "(global $behind (mut v128) (v128.const i64x2 0 0))",
            "(table $kept 6 6 funcref)",
            "(elem (table $kept) (i32.const 1) func $one $two)",
            "(func $one (result i64) (i64.const 0x1111))",
            "(func $two (result i64) (i64.const 0x2222))",
            "(type $kept (func (result i64)))",
            # Written, so that it is no constant.
            '(func (export "write") (param i32) (table.set $kept (local.get 0) (ref.null func)))',
            self.fill(), self.digest(), self.look(),
        ]
        return "\n".join(lines)

    def fill(self) -> str:
        """The function that fills all memories from a number, word by word."""
        parts = []
        for number, memory in enumerate(self.memories):
            kind = memory.address
            word = (f"(i64.mul (i64.rotl (i64.mul (i64.xor {wide(kind)} (local.get $seed))"
                    f" (i64.const {FACTOR + 2 * number})) (i64.const 29)) (i64.const {FACTOR}))")
            store = f"(i64.store {number} (local.get ${kind}) {word})"
            parts += [self.each_word(memory, f"{number}-{i}", *window, store)
                      for i, window in enumerate(memory.windows) if window[1]]
            for place in range(memory.size // 8 * 8, memory.size):
                parts.append(f"(i32.store8 {number} ({kind}.const {place}) (i32.const {place & 255}))")
        return f"""(func $fill (param $seed i64) (local $i32 i32) (local $i64 i64)
  (global.set $before (local.get $seed))
  (global.set $behind (i64x2.splat (local.get $seed)))
  {" ".join(parts)})"""

    def digest(self) -> str:
        """The function that makes one number of everything."""
        parts = []
        for number, memory in enumerate(self.memories):
            load = f"(i64.load {number} (local.get ${memory.address}))"
            parts += [self.each_word(memory, f"{number}-{i}", *window, fold(load))
                      for i, window in enumerate(memory.windows) if window[1]]
            for place in range(memory.size // 8 * 8, memory.size):
                parts.append(fold(f"(i64.load8_u {number} ({memory.address}.const {place}))"))
            size = f"(memory.size {number})"
            parts.append(fold(size if memory.address == "i64" else f"(i64.extend_i32_u {size})"))
        parts += [fold("(global.get $before)"), fold("(i64x2.extract_lane 1 (global.get $behind))"),
                  fold("(call_indirect $kept (type $kept) (i32.const 1))"),
                  fold("(call_indirect $kept (type $kept) (i32.const 2))")]
        parts += [fold(f"(i64.extend_i32_u (ref.is_null (table.get $kept (i32.const {i}))))")
                  for i in (0, 3, 4, 5)]
        return f"""(func $digest (result i64) (local $x i64) (local $i32 i32) (local $i64 i64)
  {" ".join(parts)} (local.get $x))"""

    def look(self) -> str:
        """The function that folds what lies around a place of the first memory, if it is large."""
        memory = self.memories[0]
        if memory.is_whole or memory.size < 256:
            return "(func $look (param i64) (result i64) (i64.const 0))"
        kind = memory.address
        return f"""(func $look (param $place i64) (result i64) (local $x i64) (local $i64 i64)
  (local $end i64)
  (local.set $i64 (i64.sub (local.get $place) (i64.const 64)))
  (if (i64.gt_u (local.get $i64) (i64.const {memory.size - 160})) (then (return (i64.const 0))))
  (local.set $end (i64.add (local.get $i64) (i64.const 160)))
  (loop $next {fold(f"(i64.load {address(kind)})")}
    (local.set $i64 (i64.add (local.get $i64) (i64.const 8)))
    (br_if $next (i64.lt_u (local.get $i64) (local.get $end))))
  (local.get $x))"""

    @staticmethod
    def each_word(memory: Memory, label: str, begin: int, size: int, action: str) -> str:
        """Does something for every eight bytes of a part of a memory."""
        kind = memory.address
        end = (begin + size) % (1 << 32) if kind == "i32" else begin + size
        return (f"(local.set ${kind} ({kind}.const {begin})) (loop $n{label} {action}"
                f" (br_if $n{label} ({kind}.ne (local.tee ${kind} ({kind}.add"
                f" (local.get ${kind}) ({kind}.const 8))) ({kind}.const {end}))))")

    def word(self, number: int, place: int, seed: int) -> int:
        """What `fill` writes at a multiple of eight."""
        for begin, size in self.memories[number].windows:
            if begin <= place < begin + size:
                mask = (1 << 64) - 1
                value = (place ^ seed) * (FACTOR + 2 * number) & mask
                return (value << 29 | value >> 35) * FACTOR & mask
        return 0

    def load(self, number: int, place: int, width: int, seed: int) -> int:
        """A little-endian number in a memory that has just been filled."""
        start = place & ~7
        words = self.word(number, start, seed) | self.word(number, start + 8, seed) << 64
        return words >> (place - start) * 8 & ((1 << 8 * width) - 1)


def wide(kind: str) -> str:
    """The local that counts, as an i64."""
    return "(local.get $i64)" if kind == "i64" else "(i64.extend_i32_u (local.get $i32))"


def address(kind: str) -> str:
    """The wide local as an address."""
    return "(local.get $i64)" if kind == "i64" else "(i32.wrap_i64 (local.get $i64))"


def fold(value: str) -> str:
    """Folds a value into $x."""
    return ("(local.set $x (i64.mul (i64.const 0x9E3779B97F4A7C15) (i64.rotl (i64.xor"
            f" (local.get $x) {value}) (i64.const 29))))")


def perform(text: str, calls: list[Call], oracle: Oracle) -> Behaviour:
    """What the oracle sees of a module whose calls do not depend on one another.

    Those that return have a life of their own: a program can be looked at at its end.
    """
    binary = bytes(wat2wasm(text))
    behaviour = oracle.perform(binary, oracle.interface(binary), calls)
    behaviour.is_independent = True
    returning = [call for life in behaviour.lives for call in life.calls if call.trap is None]
    trapping = [call for life in behaviour.lives for call in life.calls if call.trap is not None]
    if trapping and returning:
        # What a trap leaves behind in a large memory is not filled anew; nobody may have seen that.
        fresh = [Call(call.name, call.arguments, fault=call.fault) for call in returning]
        (life,) = oracle.perform(binary, oracle.interface(binary), fresh).lives
        returning = [call for call in life.calls if call.trap is None]
    behaviour.lives = [Life(calls) for calls in (returning, trapping) if calls]
    return behaviour


def pick(source: random.Random, weighted: dict):
    """A key, by its weight."""
    return source.choices(list(weighted), list(weighted.values()))[0]


__all__ = ["OUT_OF_BOUNDS", "Call", "Memory", "State", "memory", "perform", "pick"]
