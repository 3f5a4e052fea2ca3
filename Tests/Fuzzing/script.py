"""Test scripts: what the oracle saw, as assertions for `smelt wast`."""

import string
from collections.abc import Callable
from dataclasses import dataclass, field

from interface import Store
from values import Value, constant, expectation

#: Calls that only prepare others or look at what they did.
HELPERS = {"fill", "digest", "paint", "effect", "tail", "write", "arm"}
#: What an exception that leaves a call is, in the words of an executable that ends with one.
UNCAUGHT = "uncaught exception"
#: How much of the processor's time compiling a script and running it may take.
MOST_SECONDS = 600
PLAIN = set(string.ascii_letters + string.digits + "_-. ")


def quoted(name: str) -> str:
    """A name as a string of the text format."""
    return '"' + "".join(chr(b) if chr(b) in PLAIN else f"\\{b:02x}" for b in name.encode()) + '"'


@dataclass
class Call:
    """A call and what came of it: either results or the text of a trap."""

    name: str
    arguments: list[Value]
    results: list[Value] = field(default_factory=list)
    trap: str | None = None
    #: The lane type whose NaNs the specification leaves open, if there are any.
    any_nan: str | None = None
    #: The number of a memory and the addresses in it of which a fault has to name one, if known.
    fault: tuple[int, int, int] | None = None

    @property
    def is_case(self) -> bool:
        """Whether it is made for its own sake."""
        return self.name not in HELPERS

    def assertion(self, module: str) -> str:
        """The call as a command of a script."""
        arguments = "".join(" " + constant(value) for value in self.arguments)
        action = f"(invoke ${module} {quoted(self.name)}{arguments})"
        if self.trap == UNCAUGHT:
            return f"(assert_exception {action})"
        if self.trap is not None:
            return f'(assert_trap {action} "{self.trap}")'
        results = "".join(" " + expectation(value, self.any_nan) for value in self.results)
        return f"(assert_return {action}{results})"


@dataclass
class StoreCheck:
    """The contents of a memory or table at the end, as one number."""

    store: Store
    digest: int


@dataclass
class Life:
    """What one instance of a module does."""

    calls: list[Call] = field(default_factory=list)
    globals: list[tuple[str, Value]] = field(default_factory=list)
    checks: list[StoreCheck] = field(default_factory=list)
    #: Why the rest of the instance's life was not looked at, if it was not.
    cut: str | None = None

    def commands(self, module: str, instance: str) -> list[str]:
        """What is done with the instance; the module's checkers exist already."""
        lines = [f'(register "{module}" ${instance})'] if self.checks else []
        lines += [call.assertion(instance) for call in self.calls]
        for name, value in self.globals:
            lines.append(f"(assert_return (get ${instance} {quoted(name)}) {expectation(value)})")
        for index, check in enumerate(self.checks):
            checker = f"{instance}-check{index}"
            lines.append(f"(module instance ${checker} ${module}-check{index})")
            digest = constant(Value("i64", check.digest))
            lines.append(f'(assert_return (invoke ${checker} "digest") {digest})')
        return lines


@dataclass
class Behaviour:
    """What a module does in the oracle's eyes."""

    binary: bytes
    #: The trap that instantiation ends with; there are no lives then.
    start_trap: str | None = None
    lives: list[Life] = field(default_factory=list)
    #: Makes what comes behind the module's own sections when it has so many imported functions.
    custom_sections: Callable[[int], bytes] | None = None
    #: Whether calls may be left out and made in another order.
    is_independent: bool = False
    #: Whether a clear refusal is as good as running the module.
    may_be_refused: bool = False
    #: Names of system calls for which a running program has to be killed.
    probes: list[str] = field(default_factory=list)
    #: How much of the processor's time compiling and running it may take.
    seconds: int = MOST_SECONDS
    #: Whether running it may change what is mapped beside memories.
    may_map: bool = False
    #: Whether running it may throw exceptions.
    may_throw: bool = False
    #: What is in the environment of the program that runs it.
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def cut(self) -> str | None:
        """Why one of the lives was not looked at to its end."""
        return next((life.cut for life in self.lives if life.cut), None)

    def commands(self, module: str) -> list[str]:
        """The commands of a script, one a line."""
        custom = self.custom_sections(0) if self.custom_sections else b""
        data = "".join(f"\\{byte:02x}" for byte in self.binary + custom)
        if self.start_trap is not None:
            return [f'(assert_trap (module binary "{data}") "{self.start_trap}")']
        lines = [f'(module definition ${module} binary "{data}")']
        checks = max((life.checks for life in self.lives), key=len)
        for index, check in enumerate(checks):
            text = checker_module(check.store, module)
            lines.append(text.replace("(module", f"(module definition ${module}-check{index}", 1))
        for number, life in enumerate(self.lives):
            instance = f"{module}-{number}"
            lines.append(f"(module instance ${instance} ${module})")
            lines += life.commands(module, instance)
        return lines


def checker_module(store: Store, owner: str) -> str:
    """A module, on one line, that folds all of a memory or a table into one i64."""
    if store.kind == "memory":
        wide = store.page_size >= 8
        step = 8 if wide else 1
        load = "i64.load" if wide else "i64.load8_u"
        item, unit = f"({load} {{}})", store.page_size
    else:
        item, step, unit = "(i64.extend_i32_u (ref.is_null (table.get 0 {})))", 1, 1
    size = "memory.size" if store.kind == "memory" else "table.size"
    address = "(local.get $i)" if store.is_64 else "(i32.wrap_i64 (local.get $i))"
    count = f"({size} 0)" if store.is_64 else f"(i64.extend_i32_u ({size} 0))"
    return " ".join(
        f"""(module
        (import {quoted(owner)} {quoted(store.name)} ({store.kind} {store.type}))
        (func (export "digest") (result i64)
        (local $i i64) (local $end i64) (local $hash i64)
        (local.set $end (i64.mul {count} (i64.const {unit})))
        (local.set $hash (local.get $end))
        (block $done (loop $next
        (br_if $done (i64.ge_u (local.get $i) (local.get $end)))
        (local.set $hash (i64.mul (i64.const 0x9E3779B97F4A7C15)
        (i64.rotl (i64.xor (local.get $hash) {item.format(address)}) (i64.const 29))))
        (local.set $i (i64.add (local.get $i) (i64.const {step})))
        (br $next)))
        (local.get $hash)))""".split()
    )
