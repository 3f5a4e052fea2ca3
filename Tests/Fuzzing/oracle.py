"""The oracle: wasmtime, told to do what a module's script will do.

Functions are called through wasmtime's C interface: the Python one knows no vectors and turns
floats into Python's, which loses the payload of NaNs.
"""

import collections
import ctypes
import random

import wasmtime
from wasmtime import _ffi as ffi

from interface import Function, Interface, UnknownModule, read_interface
from script import UNCAUGHT, Behaviour, Call, Life, StoreCheck, checker_module
from values import Value, random_value

KINDS = {
    "i32": ffi.WASMTIME_I32, "i64": ffi.WASMTIME_I64, "f32": ffi.WASMTIME_F32,
    "f64": ffi.WASMTIME_F64, "v128": ffi.WASMTIME_V128, "funcref": ffi.WASMTIME_FUNCREF,
    "externref": ffi.WASMTIME_EXTERNREF,
}
TYPES = {kind.value: name for name, kind in KINDS.items()}
#: Where the bits of a number are in the union of all values.
FIELDS = {"i32": "i32", "i64": "i64", "f32": "i32", "f64": "i64"}

TRAPS = {
    wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS: "out of bounds memory access",
    wasmtime.TrapCode.HEAP_MISALIGNED: "unaligned atomic",
    wasmtime.TrapCode.INDIRECT_CALL_TO_NULL: "uninitialized element",
    wasmtime.TrapCode.BAD_SIGNATURE: "indirect call type mismatch",
    wasmtime.TrapCode.INTEGER_OVERFLOW: "integer overflow",
    wasmtime.TrapCode.INTEGER_DIVISION_BY_ZERO: "integer divide by zero",
    wasmtime.TrapCode.BAD_CONVERSION_TO_INTEGER: "invalid conversion to integer",
    wasmtime.TrapCode.UNREACHABLE: "unreachable",
    wasmtime.TrapCode.ATOMIC_WAIT_NON_SHARED_MEMORY: "expected shared memory",
    wasmtime.TrapCode.ARRAY_OUT_OF_BOUNDS: "out of bounds array access",
    wasmtime.TrapCode.CAST_FAILURE: "cast failure",
}
CALL_INDIRECT = (0x11, 0x13)
CALL_REFERENCE = (0x14, 0x15)
#: The prefix of instructions of objects, and what they say of null by what comes behind it.
OBJECTS = 0xFB
NULL_OBJECTS = {
    range(0, 6): "null structure reference", range(6, 20): "null array reference",
    range(20, 256): "null i31 reference",
}


#: How many instances of a module take over from each other.
MOST_LIVES = 8
OUT_OF_BOUNDS = TRAPS[wasmtime.TrapCode.MEMORY_OUT_OF_BOUNDS]


class Excluded(Exception):
    """The module cannot be compared; the text says why."""


class Oracle:
    """Runs modules in wasmtime.

    Compiled code finds accesses behind the end of an ordinary memory by their faulting. The
    optimiser knows nothing of that: it drops loads that nobody uses, and moves stores past others
    (Sources/RATIONALE.md says why this is accepted). So what is compared of a module ends with
    the first such fault.

    A strict oracle compares everything, and keeps an instance when a call traps.
    """

    def __init__(self, fuel: int | None = None, is_strict: bool = False):
        """`fuel` bounds the work of a module that may not end by itself."""
        self.is_strict = is_strict
        config = wasmtime.Config()
        for feature in (
            "memory64", "multi_memory", "tail_call", "threads", "wide_arithmetic",
            "custom_page_sizes", "function_references", "simd", "relaxed_simd", "exceptions", "gc",
        ):
            setattr(config, f"wasm_{feature}", True)
        config.shared_memory = True
        config.parallel_compilation = False
        config.max_wasm_stack = 1 << 20
        config.cranelift_opt_level = "none" if fuel is None else "speed"
        config.consume_fuel = fuel is not None
        self.fuel = fuel
        self.engine = wasmtime.Engine(config)
        self.checkers: dict[str, wasmtime.Module] = {}

    def observe(self, binary: bytes, source: random.Random) -> Behaviour:
        """Calls every export twice with seeded arguments and looks at everything at the end."""
        interface = self.interface(binary)

        def plan():
            # Exceptions cannot be handed in, and those that come out say nothing.
            callable_ = [function for function in interface.functions
                         if "exnref" not in function.parameters + function.results]
            for function in callable_ * 2:
                yield Call(function.name, [random_value(t, source) for t in function.parameters])

        return self.perform(binary, interface, plan())

    def interface(self, binary: bytes) -> Interface:
        """What a module exports."""
        try:
            return read_interface(binary)
        except UnknownModule as error:
            raise Excluded(str(error)) from error

    def perform(
        self, binary: bytes, interface: Interface, calls, largest: tuple[int, int] | None = None
    ) -> Behaviour:
        """Makes calls, filling in what comes of them.

        `largest` bounds memories in bytes and tables in elements: wasmtime copies some of them
        when they grow.

        What smith makes traps when it has used up its fuel, and goes on doing so, therefore a
        trap is the end of an instance, and another one takes over.
        """
        behaviour = Behaviour(binary)
        try:
            module = wasmtime.Module(self.engine, binary)
        except wasmtime.WasmtimeError as error:
            raise Excluded(str(error).splitlines()[0]) from error
        rest = collections.deque(calls)
        while not behaviour.lives or rest and len(behaviour.lives) < MOST_LIVES:
            store = wasmtime.Store(self.engine)
            if largest is not None:
                store.set_limits(memory_size=largest[0], table_elements=largest[1])
            if self.fuel is not None:
                store.set_fuel(self.fuel)
            try:
                exports = wasmtime.Instance(store, module, []).exports(store)
            except wasmtime.Trap as trap:
                behaviour.start_trap = trap_text(trap, binary)
                if behaviour.start_trap == OUT_OF_BOUNDS and trap.frames and not self.is_strict:
                    raise Excluded("its start function runs into a fault") from trap
                return behaviour
            except wasmtime.WasmtimeError as error:
                raise Excluded(str(error).splitlines()[0]) from error
            behaviour.lives.append(self.live(store, exports, interface, rest, binary))
        return behaviour

    def live(self, store, exports, interface: Interface, calls, binary: bytes) -> Life:
        """Makes calls until one traps, and looks at everything then."""
        life = Life()
        functions = {function.name: function for function in interface.functions}
        while calls:
            call = calls.popleft()
            self.call(store, exports[call.name], functions[call.name], call, binary)
            if call.trap == OUT_OF_BOUNDS and interface.has_guarded_memory and not self.is_strict:
                life.cut = "a guarded memory faulted"
                return life
            life.calls.append(call)
            if call.trap is not None and not self.is_strict:
                break
        for name in interface.globals:
            raw = ffi.wasmtime_val_t()
            ffi.wasmtime_global_get(
                store._context(), ctypes.byref(exports[name]._global), ctypes.byref(raw)
            )
            life.globals.append((name, from_raw(store, raw)))
        for item in interface.stores:
            life.checks.append(self.check(store, exports[item.name], item))
        return life

    def call(self, store, target, function: Function, call: Call, binary: bytes) -> None:
        """Calls a function and writes down what came of it."""
        arguments = (ffi.wasmtime_val_t * max(1, len(call.arguments)))()
        for slot, value in zip(arguments, call.arguments):
            to_raw(store, slot, value)
        results = (ffi.wasmtime_val_t * max(1, len(function.results)))()
        trap = ctypes.POINTER(ffi.wasm_trap_t)()
        error = ffi.wasmtime_func_call(
            store._context(), ctypes.byref(target._func), arguments, len(call.arguments),
            results, len(function.results), ctypes.byref(trap),
        )
        if error:
            raise Excluded(str(wasmtime.WasmtimeError._from_ptr(error)).splitlines()[0])
        if trap:
            call.trap = trap_text(wasmtime.Trap._from_ptr(trap), binary)
        else:
            call.results = [from_raw(store, results[i]) for i in range(len(function.results))]

    def check(self, store, target, item) -> StoreCheck:
        """Folds the contents of a memory or table, by the module that the script uses, too."""
        module = self.checker(checker_module(item, "owner"))
        if isinstance(target, wasmtime.SharedMemory):
            # wasmtime's own method has one pointer too many.
            union = ffi.wasmtime_extern_union(sharedmemory=target.ptr())
            extern = ffi.wasmtime_extern_t(ffi.WASMTIME_EXTERN_SHAREDMEMORY, union)
            target._as_extern = lambda: extern
        checker = wasmtime.Instance(store, module, [target]).exports(store)["digest"]
        call = Call("digest", [])
        self.call(store, checker, Function("digest", [], ["i64"]), call, b"")
        return StoreCheck(item, call.results[0].bits)

    def checker(self, text: str) -> wasmtime.Module:
        """A module that folds contents; there are few different ones."""
        if text not in self.checkers:
            self.checkers[text] = wasmtime.Module(self.engine, text)
        return self.checkers[text]


def trap_text(trap: wasmtime.Trap, binary: bytes) -> str:
    """The reason of a trap in the words of the specification's tests."""
    code = trap.trap_code
    frames = trap.frames
    opcode = binary[frames[0].module_offset] if frames and binary else 0
    if code in TRAPS:
        return TRAPS[code]
    if code is None and "thrown Wasm exception" in trap.message:
        return UNCAUGHT
    if code == wasmtime.TrapCode.TABLE_OUT_OF_BOUNDS:
        return "undefined element" if opcode in CALL_INDIRECT else "out of bounds table access"
    if code == wasmtime.TrapCode.NULL_REFERENCE and opcode == OBJECTS:
        number = binary[frames[0].module_offset + 1]
        return next(text for numbers, text in NULL_OBJECTS.items() if number in numbers)
    if code == wasmtime.TrapCode.NULL_REFERENCE:
        return "null function reference" if opcode in CALL_REFERENCE else "null reference"
    raise Excluded(f"the oracle ends with {code.name if code else trap.message}")


def to_raw(store, raw, value: Value) -> None:
    """Writes a value for wasmtime."""
    raw.kind = KINDS[value.type]
    if value.type == "v128":
        raw.of.v128 = (ctypes.c_uint8 * 16)(*value.bits.to_bytes(16, "little"))
    elif value.type == "funcref":
        raw.of.funcref.store_id = 0
    elif value.type == "externref":
        reference = wasmtime.Val.externref(value.bits or None)._new_raw(store)
        raw.of.externref = reference.of.externref
    else:
        sign_bit = 1 << (31 if FIELDS[value.type] == "i32" else 63)
        setattr(raw.of, FIELDS[value.type], (value.bits ^ sign_bit) - sign_bit)


def from_raw(store, raw) -> Value:
    """Reads a value from wasmtime."""
    kind = raw.kind if isinstance(raw.kind, int) else raw.kind.value
    if kind not in TYPES:
        raise Excluded(f"a value of kind {kind}")
    type_ = TYPES[kind]
    if type_ == "v128":
        return Value(type_, int.from_bytes(bytes(raw.of.v128), "little"))
    if type_ == "funcref":
        return Value(type_, int(raw.of.funcref.store_id != 0))
    if type_ == "externref":
        return Value(type_, wasmtime.Val._from_raw(store, raw).value or 0)
    width = 32 if FIELDS[type_] == "i32" else 64
    return Value(type_, getattr(raw.of, FIELDS[type_]) % (1 << width))
