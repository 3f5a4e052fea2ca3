"""Looks at a waiting program from outside, by way of /proc.

What a guest may change is its memories, its globals and tables, and its stack. Everything else that
is mapped and can be written has to be as it was before the first call, and nothing may be mapped
that was not, but for memories that grew within their reservations. The emulator puts the program
at its own addresses, so this works for both targets.
"""

import functools
import os
import re
import struct

#: What the program calls things that the guest's instructions change, or the first use of a clock.
GUEST = re.compile(
    r"smelt_(table|global|data|elements)_\w+|smelt_arguments|clock_gettime\.function")
#: Of a memory's description only its size changes.
DESCRIPTION, SIZE_FIELD = re.compile(r"smelt_memory_\d+"), range(8, 16)
#: What the runtime changes when something is thrown: what the collector knows of the heap, and what is
#: remembered of return addresses.
THROWING = frozenset([
    "smelt_allocation", "collector_heap", "full_at", "interval", "objects_made", "minor_count",
    "full", "minor", "allocated", "answer", "frame_cache",
])
PT_LOAD, WRITABLE = 1, 2


class Image:
    """What an executable says about its own data."""

    def __init__(self, path: str):
        with open(path, "rb") as file:
            self.data = file.read()
        self.start, self.end = self.writable()
        self.symbols = self.objects()

    def writable(self) -> tuple[int, int]:
        """The addresses of .data and .bss."""
        offset, = struct.unpack_from("<Q", self.data, 32)
        count, = struct.unpack_from("<H", self.data, 56)
        for index in range(count):
            kind, flags, _, start, _, _, size = struct.unpack_from(
                "<IIQQQQQ", self.data, offset + 56 * index)
            if kind == PT_LOAD and flags & WRITABLE:
                return start, start + size
        return 0, 0

    def objects(self) -> list[tuple[int, int, str]]:
        """The symbols in there: address, end, name."""
        offset, = struct.unpack_from("<Q", self.data, 40)
        size, count, names = struct.unpack_from("<HHH", self.data, 58)
        headers = [
            struct.unpack_from("<IIQQQQIIQQ", self.data, offset + size * index)
            for index in range(count)
        ]
        found = []
        for _, kind, _, _, place, length, link, _, _, entry in headers:
            if kind != 2:
                continue
            strings = headers[link][4]
            for index in range(place, place + length, entry):
                name, _, _, _, address, extent = struct.unpack_from("<IBBHQQ", self.data, index)
                if self.start <= address < self.end and extent > 0:
                    end = self.data.index(b"\0", strings + name)
                    text = self.data[strings + name : end].decode(errors="replace")
                    found.append((address, address + extent, text))
        return sorted(found)

    def owner(self, address: int) -> str | None:
        """What an address belongs to that may not change."""
        for start, end, name in self.symbols:
            if start <= address < end:
                is_size = DESCRIPTION.fullmatch(name) and address - start in SIZE_FIELD
                return None if is_size or GUEST.fullmatch(name) else name
        return "a place without symbol"


@functools.lru_cache(maxsize=2)
def image(path: str, identity: int) -> Image:
    """The image of an executable; the identity tells files with one name apart."""
    del identity
    return Image(path)


class Inspection:
    """A process as it was at some time, to be compared with what it has become."""

    def __init__(
        self, process: int, path: str, compares_maps: bool, changing: frozenset = frozenset()
    ):
        self.process, self.changing = process, changing
        self.image = image(path, os.stat(path).st_mtime_ns)
        self.contents = self.read()
        self.maps = self.mappings() if compares_maps else []

    def read(self) -> bytes:
        """The program's data."""
        with open(f"/proc/{self.process}/mem", "rb", buffering=0) as memory:
            memory.seek(self.image.start)
            return memory.read(self.image.end - self.image.start)

    def mappings(self) -> list[tuple[int, int]]:
        """Everything that is mapped, with whatever protection: neighbours are one."""
        merged: list[tuple[int, int]] = []
        with open(f"/proc/{self.process}/maps") as lines:
            for line in lines:
                if "[stack]" in line:
                    continue
                start, end = (int(word, 16) for word in line.split()[0].split("-"))
                if merged and merged[-1][1] == start:
                    start = merged.pop()[0]
                merged.append((start, end))
        return merged

    def differences(self) -> list[str]:
        """What changed that should not."""
        contents, found = self.read(), {}
        if contents != self.contents:
            for place, (old, new) in enumerate(zip(self.contents, contents)):
                owner = self.image.owner(self.image.start + place) if old != new else None
                if owner is not None and owner not in self.changing:
                    found.setdefault(owner, f"{owner} changed at {self.image.start + place:#x}")
        messages = list(found.values())
        if self.maps and self.mappings() != self.maps:
            messages.append("what is mapped has changed")
        return messages
