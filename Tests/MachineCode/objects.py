"""Objects as lists of functions and instructions, read from llvm-objdump's output."""

import pathlib
import re
import struct
import subprocess
from dataclasses import dataclass, field

OBJDUMP = "llvm-objdump-22"
SECTION = re.compile(r"Disassembly of section (\S+):")
LABEL = re.compile(r"[0-9a-f]+ <(.*)>:")
INSTRUCTION = re.compile(r"\s+([0-9a-f]+):\s+(\S+)(?:\s+(.*))?")
RELOCATION = re.compile(r"\s+[0-9a-f]+:\s+(R_\S+)\s+(.+?)(?:([+-])0x([0-9a-f]+))?")
TARGET = re.compile(r"(?:0x)?([0-9a-f]+) <")
PREFIXES = {"lock", "rep", "repe", "repne", "notrack", "data16", "addr32"}


@dataclass
class Instruction:
    """An instruction with its operands as text."""

    address: int
    name: str
    operands: list[str]
    #: The kinds, symbols and addends of relocations.
    relocations: list[tuple[str, str, int]] = field(default_factory=list)

    def target(self) -> int | None:
        """Where a branch within its section goes."""
        match = TARGET.search(self.operands[-1]) if self.operands else None
        return int(match[1], 16) if match and not self.relocations else None

    def __str__(self) -> str:
        places = "".join(f" ({symbol}{addend:+})" for _, symbol, addend in self.relocations)
        return f"{self.name} {', '.join(self.operands)}{places}"


@dataclass
class Function:
    """A function of the guest, or what calls the first one."""

    name: str
    section: str
    instructions: list[Instruction] = field(default_factory=list)


def split(text: str) -> list[str]:
    """The operands of an instruction; commas in brackets and braces do not separate."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts if part.strip()]


def functions(path: pathlib.Path) -> list[Function]:
    """The functions in an object's sections of guest code."""
    command = [OBJDUMP, "-d", "-r", "--no-show-raw-insn", "-M", "intel", str(path)]
    if machine(path) != "x86_64":
        command.remove("-M")
        command.remove("intel")
    text = subprocess.run(command, check=True, capture_output=True, text=True, errors="replace")
    found: list[Function] = []
    section = ""
    for line in text.stdout.splitlines():
        if match := RELOCATION.fullmatch(line):
            addend = int(match[4], 16) if match[4] else 0
            found[-1].instructions[-1].relocations.append(
                (match[1], match[2], -addend if match[3] == "-" else addend))
        elif match := INSTRUCTION.fullmatch(line):
            name, rest = match[2], (match[3] or "").split("//")[0].split(" # ")[0]
            while name in PREFIXES and rest:
                name, _, rest = rest.partition("\t")
            found[-1].instructions.append(
                Instruction(int(match[1], 16), name, split(rest)))
        elif match := SECTION.fullmatch(line):
            section = match[1]
        elif match := LABEL.fullmatch(line):
            found.append(Function(match[1], section))
    return [f for f in found if f.section.startswith(".text.smelt.") and f.instructions]


def machine(path: pathlib.Path) -> str:
    """What an object is for."""
    number = struct.unpack_from("<H", path.read_bytes(), 18)[0]
    return {62: "x86_64", 183: "aarch64"}[number]


def uses_segment(path: pathlib.Path) -> bool:
    """Whether some address in an object or a program is relative to gs."""
    command = [OBJDUMP, "-d", "--no-show-raw-insn", "-M", "intel", str(path)]
    text = subprocess.run(command, check=True, capture_output=True, text=True, errors="replace")
    return "gs:[" in text.stdout


def program_flags(path: pathlib.Path, offset: int) -> int | None:
    """The flags in the description of a program or of its object, `smelt_program`."""
    data = path.read_bytes()
    table, entry_size, count = struct.unpack_from("<Q", data, 40)[0], *struct.unpack_from(
        "<HH", data, 58)
    sections = [
        struct.unpack_from("<IIQQQQIIQQ", data, table + number * entry_size)
        for number in range(count)
    ]
    for _, kind, _, _, start, size, link, *_ in sections:
        if kind != 2:
            continue
        for place in range(start, start + size, 24):
            name, _, _, section, value, _ = struct.unpack_from("<IBBHQQ", data, place)
            begin = sections[link][4] + name
            if data[begin:begin + 14] == b"smelt_program\0" and 0 < section < count:
                place = sections[section][4] + value - sections[section][3]
                return struct.unpack_from("<Q", data, place + offset)[0]
    return None
