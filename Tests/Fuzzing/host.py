"""Modules that call functions of the host with pointers near the end of their memory.

What is right is known without an oracle: a call succeeds if all ranges that it names lie in the memory,
and else fails without having written anything; and it writes nowhere but in the ranges that it was
given for that. Some system calls are tried in the running program besides, which has to be killed for
them. Only executables have a host.
"""

import random
from dataclasses import dataclass

import probe
from oracle import Oracle
from script import Behaviour, Call, Life
from values import Value
from wasmtime import wat2wasm

#: Limits and size of the memory.
MEMORIES = [("1 1", 65536), ("1", 65536), ("2 2", 131072), ("40000 40000 (pagesize 1)", 40000),
            ("40001 (pagesize 1)", 40001), ("65535 (pagesize 1)", 65535)]
#: What lies below is the driver's.
BEGIN = 32768
CALLS, PROBES = 160, 8
FAULT = 21


@dataclass(frozen=True)
class Function:
    """A function of the host; $p is read, $q and $r are written to, $n is a count."""

    parameters: str
    arguments: str
    #: Bytes at each pointer: (a, b) for a + b * $n.
    read: tuple[int, int] = (0, 0)
    first: tuple[int, int] = (0, 0)
    second: tuple[int, int] = (0, 0)


P, Q, R, N = (f"(local.get ${name})" for name in "pqrn")
FUNCTIONS = {
    "random_get": Function("i32 i32", f"{Q} {N}", first=(0, 1)),
    "clock_time_get": Function("i32 i64 i32", f"(i32.const 1) (i64.const 1) {Q}", first=(8, 0)),
    "clock_res_get": Function("i32 i32", f"(i32.const 0) {Q}", first=(8, 0)),
    "args_sizes_get": Function("i32 i32", f"{Q} {R}", first=(4, 0), second=(4, 0)),
    "environ_sizes_get": Function("i32 i32", f"{R} {Q}", first=(4, 0), second=(4, 0)),
    "fd_fdstat_get": Function("i32 i32", f"(i32.const 2) {Q}", first=(24, 0)),
    "fd_filestat_get": Function("i32 i32", f"(i32.const 2) {Q}", first=(64, 0)),
    "fd_write": Function("i32 i32 i32 i32", f"(i32.const 2) {P} {N} {Q}", (0, 8), (4, 0)),
    "poll_oneoff": Function("i32 i32 i32 i32", f"{P} {Q} {N} {R}", (0, 48), (0, 32), (4, 0)),
}


class Module:
    """One module and what is called in it."""

    def __init__(self, source: random.Random):
        self.source = source
        self.limits, self.size = source.choice(MEMORIES)
        self.names = source.sample(list(FUNCTIONS), source.randrange(1, len(FUNCTIONS) + 1))
        self.grows, self.has_table = source.random() < 0.5, source.random() < 0.5
        self.calls = [self.call() for _ in range(CALLS)]

    def call(self) -> Call:
        """A call, and what comes of it."""
        source, name = self.source, self.source.choice(self.names)
        function = FUNCTIONS[name]
        count = source.choice([0, 1, 1, 2, 3])
        if name == "random_get":
            count = source.choice([0, 1, 7, 255, 256, 257, 5000, (1 << 32) - 1])
        elif name == "poll_oneoff":
            count = max(count, 1)
        if "n" in function.arguments and source.random() < 0.06:
            count = source.choice([1 << 28, 1 << 29, (1 << 29) + 1, 0x55555556, 0xFFFFFFFF, 1 << 31])
        lengths = [fixed + each * count for fixed, each in
                   (function.read, function.first, function.second)]
        daring = source.choice([None, None, 0, 1, 1, 2])
        used = [pair != (0, 0) for pair in (function.read, function.first, function.second)]
        pointers, taken = [], []
        for index, length in enumerate(lengths):
            pointer = self.pointer(length, index == daring, taken)
            taken.append((pointer, pointer + length))
            pointers.append(pointer)
        is_inside = all(pointer + length <= self.size for pointer, length, is_used in
                        zip(pointers, lengths, used) if is_used)
        values = [Value("i32", number % (1 << 32)) for number in (*pointers, count)]
        results = [Value("i64", 0 if is_inside else FAULT), Value("i64", 0)]
        return Call(name, values, results)

    def pointer(self, length: int, is_daring: bool, taken: list[tuple[int, int]]) -> int:
        """A pointer to a range that ends at the memory's end or near it; it keeps apart from others."""
        source, size = self.source, self.size
        if is_daring:
            end = size + source.choice([1, 1, 1, 2, 3, 4, 8, length // 2, length, length + 1, 65536])
            choices = [end - length, size + 1, size, (1 << 32) - 1, (1 << 32) - length, 1 << 31]
            return max(0, source.choice([end - length] * 5 + choices)) % (1 << 32)
        for _ in range(50):
            place = source.choice([size - length] * 2 + [
                size - length - source.randrange(600), source.randrange(BEGIN, size)])
            if BEGIN <= place <= size - length and all(
                place + length <= low or place >= high for low, high in taken
            ):
                return place
        return size + 1

    def function(self, name: str) -> str:
        """Calls a function; gives its result and how many bytes changed elsewhere."""
        function = FUNCTIONS[name]

        def inside(pointer: str, length: tuple[int, int]) -> str:
            fixed, each = length
            size = f"(i32.add (i32.const {fixed}) (i32.mul (i32.const {each}) {N}))"
            return f"(i32.lt_u (i32.sub (local.get $a) {pointer}) {size})"

        byte = ("(i32.and (i32.shr_u (i32.mul (local.get $a) (i32.const 0x9E3779B1)) (i32.const 23))"
                " (i32.const 255))")
        byte = f"(select (i32.const 0) {byte} {inside(P, function.read)})"
        own = f"(i32.or {inside(Q, function.first)} {inside(R, function.second)})"
        each = (f"(local.set $a (i32.const {BEGIN})) (loop $next%d %s (br_if $next%d (i32.lt_u"
                f" (local.tee $a (i32.add (local.get $a) (i32.const 1))) (i32.const {self.size}))))")
        paint = each % (0, f"(i32.store8 (local.get $a) {byte})", 0)
        check = each % (1, f"""(if (i32.ne (i32.load8_u (local.get $a)) {byte}) (then
    (if (i32.or (local.get $e) (i32.eqz {own})) (then
      (local.set $x (i64.add (local.get $x) (i64.const 1)))))))""", 1)
        return f"""(func (export "{name}") (param $p i32) (param $q i32) (param $r i32) (param $n i32)
  (result i64 i64) (local $a i32) (local $e i32) (local $x i64)
  {paint}
  (local.set $e (call ${name} {function.arguments}))
  {check}
  (i64.extend_i32_u (local.get $e)) (local.get $x))"""

    @property
    def text(self) -> str:
        """The module in the text format."""
        imports = [f'(import "wasi_snapshot_preview1" "{name}" (func ${name}'
                   f' (param {FUNCTIONS[name].parameters}) (result i32)))' for name in self.names]
        memory = f'(memory $driver (export "memory") {self.limits})'
        # What a program can do decides which system calls it keeps.
        grow = "(drop (memory.grow (i32.const 0)))" if self.grows else ""
        grow += "(drop (table.grow (ref.null func) (i32.const 0)))" if self.has_table else ""
        effect = f'(table 1 funcref) (func (export "effect") {grow})'
        functions = [self.function(name) for name in self.names]
        return "\n".join(["(module", *imports, memory, effect, *functions, ")"])


def observe(seed: str, oracle: Oracle) -> Behaviour:
    """What has to come of the module of a seed."""
    del oracle
    source = random.Random(f"host/{seed}")
    module = Module(source)
    behaviour = Behaviour(bytes(wat2wasm(module.text)), lives=[Life(module.calls)])
    behaviour.is_independent = True
    behaviour.probes = source.sample(list(probe.FORBIDDEN), PROBES)
    # Of these some kinds are allowed.
    behaviour.probes += [name for name in probe.CONDITIONAL if name not in behaviour.probes]
    return behaviour
