"""What a module exports, read from its binary form.

The oracle's Python interface ends the process when it is asked about types with vectors in them,
so the few sections that matter are read here. Modules that need more than this knows (types of
garbage-collected objects) are refused.
"""

from dataclasses import dataclass, field

VALUE_TYPES = {
    0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64", 0x7B: "v128",
    0x70: "funcref", 0x6F: "externref", 0x69: "exnref",
}


#: References of which nothing is said but that they are such, and the codes of some.
OTHER_REFERENCE = "reference"
OBJECT_TYPES = {0x6E, 0x6D, 0x6C, 0x6B, 0x6A, 0x71, 0x72, 0x73}


class UnknownModule(Exception):
    """The module has something that is not read here."""


@dataclass
class Function:
    """An exported function."""

    name: str
    parameters: list[str]
    results: list[str]


@dataclass
class Store:
    """An exported memory or table; `type` is its type in the text format."""

    name: str
    kind: str
    type: str
    is_64: bool
    page_size: int = 1


@dataclass
class Interface:
    """The exports of a module, in its order."""

    functions: list[Function] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    globals: list[str] = field(default_factory=list)
    #: Whether one of the memories is checked by the MMU and not by compiled code.
    has_guarded_memory: bool = False


class Reader:
    """Reads the binary format."""

    def __init__(self, data: bytes):
        self.data = data
        self.position = 0

    def byte(self) -> int:
        """The next byte."""
        self.position += 1
        return self.data[self.position - 1]

    def number(self) -> int:
        """An unsigned LEB128 number."""
        result = shift = 0
        while True:
            byte = self.byte()
            result |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return result

    def sized(self) -> bytes:
        """A vector of bytes."""
        count = self.number()
        self.position += count
        return self.data[self.position - count : self.position]

    def value_type(self) -> str:
        """A value type."""
        code = self.byte()
        if code in (0x63, 0x64):
            # What it refers to: a number, or a type of its own.
            self.number()
            return OTHER_REFERENCE
        if code in OBJECT_TYPES:
            return OTHER_REFERENCE
        if code not in VALUE_TYPES:
            raise UnknownModule(f"value type {code:#x}")
        return VALUE_TYPES[code]

    def vector(self, read):
        """A vector of whatever `read` reads."""
        return [read() for _ in range(self.number())]

    def type_group(self) -> list[tuple[list[str], list[str]]]:
        """The types of a recursive group; those of structures and arrays have nothing in them."""
        if self.data[self.position] != 0x4E:
            return [self.type()]
        self.byte()
        return self.vector(self.type)

    def type(self) -> tuple[list[str], list[str]]:
        """A type, of which only functions matter."""
        form = self.byte()
        if form in (0x4F, 0x50):
            self.vector(self.number)
            form = self.byte()
        if form == 0x60:
            return self.vector(self.value_type), self.vector(self.value_type)
        if form == 0x5F:
            self.vector(self.skip_field)
        elif form == 0x5E:
            self.skip_field()
        else:
            raise UnknownModule(f"type form {form:#x}")
        return [], []

    def skip_field(self) -> None:
        """A field of a structure or the elements of an array."""
        if self.data[self.position] in (0x77, 0x78):
            self.byte()
        else:
            self.value_type()
        self.byte()

    def limits(self) -> tuple[str, bool, int]:
        """Limits in the text format, whether addresses have 64 bits, and the size of pages."""
        flags = self.number()
        words = ["i64"] if flags & 4 else []
        words.append(str(self.number()))
        if flags & 1:
            words.append(str(self.number()))
        if flags & 2:
            words.append("shared")
        page_size = 65536
        if flags & 8:
            page_size = 1 << self.number()
            words.append(f"(pagesize {page_size})")
        return " ".join(words), bool(flags & 4), page_size

    def memory(self) -> Store:
        """A memory, without its name."""
        text, is_64, page_size = self.limits()
        return Store("", "memory", text, is_64, page_size)

    def table(self) -> Store:
        """A table, without its name."""
        element = self.value_type()
        text, is_64, _ = self.limits()
        return Store("", "table", f"{text} {element}", is_64)


def sections(binary: bytes) -> dict[int, Reader]:
    """The sections of a module by their numbers, custom ones left out."""
    reader, found = Reader(binary), {}
    reader.position = 8
    while reader.position < len(binary):
        number = reader.byte()
        contents = Reader(reader.sized())
        if number != 0:
            found[number] = contents
    return found


#: The host's own functions, which executables have.
HOST = b"wasi_snapshot_preview1"


def imports(binary: bytes) -> bool:
    """Whether a module imports anything."""
    parts = sections(binary)
    return 2 in parts and parts[2].number() > 0


def host_functions(binary: bytes) -> int | None:
    """How many functions a module imports from the host; nothing if it imports anything else."""
    reader = sections(binary).get(2)
    count = reader.number() if reader else 0
    for _ in range(count):
        module, _, kind = reader.sized(), reader.sized(), reader.byte()
        if module != HOST or kind != 0:
            return None
        reader.number()
    return count


def read_interface(binary: bytes) -> Interface:
    """The exports of a module that imports nothing, unless functions of the host."""
    parts = sections(binary)

    def entries(number: int, read: str) -> list:
        reader = parts.get(number)
        return reader.vector(getattr(reader, read)) if reader else []

    imported = host_functions(binary)
    if imported is None:
        raise UnknownModule("imports")
    types = [type_ for group in entries(1, "type_group") for type_ in group]
    functions = entries(3, "number")
    stores = {1: entries(4, "table"), 2: entries(5, "memory")}
    interface = Interface()
    interface.has_guarded_memory = any(
        not memory.is_64 and memory.page_size == 65536 for memory in stores[2]
    )
    exports = parts.get(7)
    for _ in range(exports.number() if exports else 0):
        name, kind, index = exports.sized().decode(), exports.byte(), exports.number()
        if kind == 0:
            interface.functions.append(Function(name, *types[functions[index - imported]]))
        elif kind in stores:
            store = stores[kind][index]
            interface.stores.append(
                Store(name, store.kind, store.type, store.is_64, store.page_size)
            )
        elif kind == 3:
            interface.globals.append(name)
    return interface
