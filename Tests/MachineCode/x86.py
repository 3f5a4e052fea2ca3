"""What instructions of x86-64 do to registers, in Intel's syntax."""

import re

import values
from objects import Function, Instruction

STACK_POINTER = "rsp"
MEMORY = re.compile(r"(?:(\w+) ptr )?(?:(\w\w):)?\[(.*)\]")
BASE = re.compile(r"smelt_memory_\d+_base")
#: Registers by all of their names: the whole one, and how many bits the name stands for.
NAMES: dict[str, tuple[str, int]] = {}
for letter in "abcd":
    for name, bits in ((f"r{letter}x", 64), (f"e{letter}x", 32), (f"{letter}x", 16),
                       (f"{letter}l", 8), (f"{letter}h", 8)):
        NAMES[name] = (f"r{letter}x", bits)
for name in ("si", "di", "bp", "sp"):
    NAMES |= {f"r{name}": (f"r{name}", 64), f"e{name}": (f"r{name}", 32),
              name: (f"r{name}", 16), f"{name}l": (f"r{name}", 8)}
for count in range(8, 16):
    for suffix, bits in (("", 64), ("d", 32), ("w", 16), ("b", 8)):
        NAMES[f"r{count}{suffix}"] = (f"r{count}", bits)
#: What a call may change.
CLOBBERED = ["rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11"]
#: Instructions that leave their first operand alone.
READERS = ("cmp", "test", "bt", "push", "call", "ret", "nop", "ud", "int3", "ucomis", "comis",
           "vucomis", "vcomis", "prefetch", "ptest", "vptest", "vtestp", "mfence", "j")
#: Instructions that leave the flags alone.
KEEPERS = ("mov", "lea", "set", "cmov", "push", "pop", "j", "nop", "vmov", "cdq", "cqo", "cwde")
WIDTHS = {"byte": 8, "word": 16, "dword": 32, "qword": 64}


def is_branch(instruction: Instruction) -> bool:
    """Whether it may go on somewhere else in the function."""
    return instruction.name.startswith("j")


def is_table_jump(instruction: Instruction) -> bool:
    """Whether it goes where a register or memory says."""
    return instruction.name == "jmp" and instruction.target() is None and not any(
        kind in ("R_X86_64_PLT32", "R_X86_64_PC32") for kind, _, _ in instruction.relocations)


def is_final(instruction: Instruction) -> bool:
    """Whether what stands behind it is not what comes next."""
    return instruction.name.startswith(("jmp", "ret", "ud"))


def ends_block(instruction: Instruction) -> bool:
    """Whether what stands behind it begins a block."""
    return is_branch(instruction) or is_final(instruction)


def read(text: str, state) -> tuple | None:
    """The value of a register or a constant, as its name's width shows it."""
    if text in NAMES:
        register, bits = NAMES[text]
        value = state.registers.get(register)
        if bits == 64:
            return value
        if bits == 32:
            return values.low32(value)
        return values.up_to(bits)
    try:
        return values.number(int(text, 0))
    except ValueError:
        return None


def symbol(instruction: Instruction, has_memory: bool) -> tuple | None:
    """The place in a guest's memory that a relocation adds."""
    for kind, name, addend in instruction.relocations:
        if BASE.fullmatch(name) and (has_memory or kind in ("R_X86_64_32S", "R_X86_64_32",
                                                            "R_X86_64_64")):
            return ("m", addend, addend)
    return None


def address(text: str, instruction: Instruction, state):
    """Where an operand in brackets is: a value, or "unknown" for an unknown place of a memory."""
    _, segment, inside = MEMORY.fullmatch(text).groups()
    total = symbol(instruction, True) or values.number(0)
    if "rip" in inside:
        return None
    if instruction.relocations and total[0] != "m":
        return None
    is_memory = total[0] == "m"
    if segment == "gs":
        total, is_memory = ("m", *total[1:]), True
    for sign, part in re.findall(r"([+-]?)\s*([\w*]+)", inside):
        scale, _, name = part.rpartition("*")
        value = values.multiply(read(name, state), values.number(int(scale))) if scale not in (
            "", "1") else read(name, state)
        if value is not None and value[0] == "m":
            is_memory = True
        total = values.subtract(total, value) if sign == "-" else values.add(total, value)
    return "unknown" if total is None and is_memory else total


def accesses(instruction: Instruction, state) -> list:
    """The addresses of an instruction's accesses."""
    if instruction.name in ("lea", "nop") or instruction.name.startswith("ud"):
        return []
    return [address(o, instruction, state) for o in instruction.operands if MEMORY.fullmatch(o)]


def depth_at_end(instruction: Instruction, state, pops, function: Function) -> int | None:
    """By how much the stack pointer is wrong at a return or a tail call; nothing elsewhere."""
    own = pops.get(function.name, 0)
    pointer = state.registers.get(STACK_POINTER)
    if instruction.name == "ret":
        return pointer[1] if pointer else None
    if is_branch(instruction) and instruction.relocations and not is_table_jump(instruction):
        callee = pops.get(instruction.relocations[0][1], 0)
        return pointer[1] - own + callee if pointer else None
    return None


def popped_bytes(function: Function) -> int:
    """What the function's returns take off the stack."""
    for instruction in function.instructions:
        if instruction.name == "ret" and instruction.operands:
            return int(instruction.operands[0], 0)
    return 0


def write(text: str, value: tuple | None, state) -> None:
    """Changes a register."""
    register, bits = NAMES[text]
    if bits == 32:
        value = values.low32(value)
    elif bits < 32:
        value = values.unite(state.registers.get(register), values.up_to(16))
    state.set(register, value)


def execute(instruction: Instruction, state, pops) -> None:
    """Does what the instruction does."""
    name, operands = instruction.name, instruction.operands
    if name == "cmp":
        compare(operands, state)
        return
    if not name.startswith(KEEPERS):
        state.compared = None
    if name in ("push", "pop", "call", "leave"):
        change_stack(instruction, state, pops)
    elif name.startswith(("movs", "stos")) and not operands[0] in NAMES and "rdi" in operands[0]:
        for register in ("rsi", "rdi", "rcx"):
            state.set(register, None)
    elif name.startswith(READERS):
        return
    elif operands and operands[0] in NAMES:
        link = linked(instruction)
        write(operands[0], result(instruction, state), state)
        if link:
            state.links[NAMES[operands[0]][0]] = link
        if name in ("xchg", "xadd", "mulx") and operands[1] in NAMES:
            write(operands[1], None, state)
        if name in ("mul", "div", "idiv") or name == "imul" and len(operands) == 1:
            clobber_product(operands[0], state)
    elif operands and MEMORY.fullmatch(operands[0]):
        store(instruction, state)
    elif name in ("cdqe", "cwde", "cdq", "cqo"):
        extend_accumulator(name, state)


def condition(instruction: Instruction) -> str:
    """What a branch asks for."""
    return instruction.name[1:]


def compare(operands: list[str], state) -> None:
    """Remembers what the flags say."""
    state.compared = None
    if operands[0] in NAMES and NAMES[operands[0]][1] >= 32 and not MEMORY.fullmatch(operands[1]):
        register, bits = NAMES[operands[0]]
        limits = read(operands[1], state)
        if limits is not None and limits[0] == "n" and limits[1] < 0:
            limits = values.add(limits, values.number(1 << bits))
        other = NAMES[operands[1]][0] if operands[1] in NAMES else None
        state.compared = register, other, limits, bits


def linked(instruction: Instruction) -> tuple[str, int] | None:
    """The register whose lower half, and the constant, that an instruction adds up."""
    source, distance = instruction.operands[-1], 0
    if instruction.name == "lea" and not instruction.relocations:
        match = re.fullmatch(r"\[(\w+)(?: ([+-]) (0x\w+))?\]", source)
        if match is None:
            return None
        source, distance = match[1], int((match[2] or "") + (match[3] or "0"), 0)
    elif instruction.name != "mov":
        return None
    if source not in NAMES or NAMES[source][1] < 32:
        return None
    register = NAMES[source][0]
    return None if register == NAMES[instruction.operands[0]][0] else (register, distance)


def change_stack(instruction: Instruction, state, pops) -> None:
    """Instructions that move the stack pointer."""
    registers = state.registers
    pointer = registers.get(STACK_POINTER)
    match instruction.name:
        case "push":
            registers[STACK_POINTER] = values.add(pointer, values.number(-8))
            if pointer:
                state.slots[pointer[1] - 8, 64] = read(instruction.operands[0], state)
        case "pop":
            value = state.slots.get((pointer[1], 64)) if pointer else None
            registers[STACK_POINTER] = values.add(pointer, values.number(8))
            write(instruction.operands[0], value, state)
        case "leave":
            frame = registers.get("rbp")
            registers[STACK_POINTER] = values.add(frame, values.number(8))
            state.set("rbp", None)
        case "call":
            for register in CLOBBERED:
                state.set(register, None)
            name = instruction.relocations[0][1] if instruction.relocations else ""
            taken = values.number(pops.get(name, 0))
            registers[STACK_POINTER] = values.add(pointer, taken)


def extend_accumulator(name: str, state) -> None:
    """Instructions without operands that extend rax."""
    if name == "cdqe":
        write("rax", values.sign_extended(state.registers.get("rax"), 32), state)
    elif name == "cwde":
        write("eax", None, state)
    else:
        write({"cdq": "edx", "cqo": "rdx"}[name], None, state)


def clobber_product(operand: str, state) -> None:
    """The results of multiplications and divisions with one operand."""
    wide = NAMES[operand][1] == 64
    write("rax" if wide else "eax", None, state)
    write("rdx" if wide else "edx", None, state)


def store(instruction: Instruction, state) -> None:
    """Remembers what goes to the frame, and forgets what was there."""
    name, operands = instruction.name, instruction.operands
    if name in ("mul", "div", "idiv", "cmpxchg", "cmpxchg8b", "cmpxchg16b") or (
            name == "imul" and len(operands) == 1):
        clobber_product("rax", state)
    if name in ("xchg", "xadd") and operands[1] in NAMES:
        write(operands[1], None, state)
    place = address(operands[0], instruction, state)
    if not isinstance(place, tuple) or place[0] != "s":
        return
    width = WIDTHS.get(MEMORY.fullmatch(operands[0])[1], 512)
    state.forget(place[1], width // 8)
    if name == "mov" and width in (32, 64):
        state.slots[place[1], width] = symbol(instruction, False) or read(operands[1], state)


def load(text: str, instruction: Instruction, state) -> tuple | None:
    """What a load finds."""
    width = WIDTHS.get(MEMORY.fullmatch(text)[1] or "qword", 64)
    place = address(text, instruction, state)
    known = state.slots.get((place[1], width)) if (
        isinstance(place, tuple) and place[0] == "s") else None
    return known or (values.up_to(width) if width < 64 else None)


def result(instruction: Instruction, state) -> tuple | None:
    """What an instruction leaves in its first operand."""
    name, operands = instruction.name, instruction.operands
    if name == "lea":
        place = address(operands[1], instruction, state)
        return place if isinstance(place, tuple) else None
    inputs = [
        load(o, instruction, state) if MEMORY.fullmatch(o) else read(o, state) for o in operands]
    bits = NAMES[operands[0]][1]
    if name in ("mov", "movabs"):
        return symbol(instruction, MEMORY.fullmatch(operands[1])) or inputs[1]
    if name == "movzx":
        return inputs[1]
    if name in ("movsxd", "movsx"):
        source = operands[1]
        width = NAMES[source][1] if source in NAMES else WIDTHS[source.split()[0]]
        known = inputs[1] if width == 32 else None
        return values.sign_extended(known, width)
    if name in ("popcnt", "lzcnt", "tzcnt", "bsf", "bsr"):
        # The last two are not used for zero, or leave a target that was set for it.
        return ("n", 0, 64)
    if name.startswith("cmov"):
        return values.join(inputs[0], inputs[1])
    if name in ("xor", "sub") and operands[0] == operands[1]:
        return values.number(0)
    if symbol(instruction, False) and name == "add":
        return values.add(inputs[0], symbol(instruction, False))
    return arithmetic(name, inputs, bits)


def arithmetic(name: str, inputs: list, bits: int) -> tuple | None:
    """The results of instructions with two operands, of which the first one is the target."""
    two = len(inputs) > 1
    count = inputs[1] if two else values.number(1)
    match name:
        case "add" | "inc":
            return values.add(inputs[0], count)
        case "sub" | "dec":
            return values.subtract(inputs[0], count)
        case "and":
            return values.mask(inputs[0], inputs[1])
        case "or" | "xor":
            return values.unite(inputs[0], inputs[1])
        case "shl":
            return values.shift_left(inputs[0], count)
        case "shr":
            return values.shift_right(inputs[0], count, bits)
        case "imul" if two:
            return values.multiply(inputs[-2], inputs[-1])
    return None
