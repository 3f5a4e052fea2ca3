"""What instructions of AArch64 do to registers."""

import re

import values
from objects import Function, Instruction

STACK_POINTER = "sp"
BASE = re.compile(r"smelt_memory_\d+_base")
REGISTER = re.compile(r"[wx](\d+|zr)|w?sp")
EXTENSION = re.compile(r"(lsl|uxtw|sxtw|uxtx|sxtx|lsr|asr|ror|uxtb|uxth|sxtb|sxth)(?: #(\w+))?")
CLOBBERED = [f"x{number}" for number in range(19)]
#: Instructions that leave their first operand alone.
READERS = ("cmp", "cmn", "tst", "ccm", "str", "stp", "stu", "stl", "st1", "st2", "st3", "st4",
           "stn", "b", "cb", "tb", "ret", "prf", "dmb", "dsb", "isb", "nop", "fcm", "fccm", "udf",
           "hint", "msr")
NO_READERS = ("bic", "bfi", "bfx", "bsl", "bit", "bif", "stxr", "stlxr", "stxp", "stlxp")


def is_branch(instruction: Instruction) -> bool:
    """Whether it may go on somewhere else in the function."""
    return instruction.name in ("b", "br", "cbz", "cbnz", "tbz", "tbnz") or (
        instruction.name.startswith("b."))


def is_table_jump(instruction: Instruction) -> bool:
    """Whether it goes where a register says."""
    return instruction.name == "br"


def is_final(instruction: Instruction) -> bool:
    """Whether what stands behind it is not what comes next."""
    return instruction.name in ("b", "br", "ret", "brk", "udf")


def ends_block(instruction: Instruction) -> bool:
    """Whether what stands behind it begins a block."""
    return is_branch(instruction) or is_final(instruction)


def read(text: str, state) -> tuple | None:
    """The value of a register or a constant."""
    if text.startswith("#"):
        return values.number(int(text[1:], 0)) if "." not in text else None
    if text in ("wzr", "xzr"):
        return values.number(0)
    if text == "sp" or text.startswith("x"):
        return state.registers.get(text)
    if REGISTER.fullmatch(text):
        return values.low32(state.registers.get("x" + text[1:]))
    return None


def write(text: str, value: tuple | None, state) -> None:
    """Changes a register."""
    if text in ("wzr", "xzr") or not REGISTER.fullmatch(text):
        return
    if text.startswith("w"):
        value = values.low32(value)
        text = "x" + text[1:]
    state.set(text, value)


def extended(register: str, how: str | None, state) -> tuple | None:
    """A register that an instruction extends or shifts."""
    value = read(register, state)
    if how is None:
        return value
    kind, count = EXTENSION.fullmatch(how).groups()
    amount = values.number(int(count or "0", 0))
    bits = 32 if register.startswith("w") else 64
    match kind:
        case "lsl" | "uxtx" | "sxtx" | "uxtw":
            value = values.low32(value) if kind == "uxtw" else value
            return values.shift_left(value, amount)
        case "sxtw":
            return values.shift_left(values.sign_extended(value, 32), amount)
        case "uxtb" | "uxth":
            return values.shift_left(values.up_to(8 if kind == "uxtb" else 16), amount)
        case "sxtb" | "sxth":
            return values.shift_left(values.signed(8 if kind == "sxtb" else 16), amount)
        case "lsr":
            return values.shift_right(value, amount, bits)
    return None


def low_part(instruction: Instruction) -> tuple | None:
    """What a relocation for the lower part of an address adds to its upper part."""
    for kind, name, addend in instruction.relocations:
        if "LO12" in kind and BASE.fullmatch(name):
            return values.number(addend)
    return None


def brackets(instruction: Instruction) -> list[str] | None:
    """The parts of the operand that is an address."""
    for operand in instruction.operands:
        if operand.startswith("["):
            return [part.strip() for part in operand.strip("[]!").split(",")]
    return None


def address(instruction: Instruction, state):
    """Where an access goes: a value, or "unknown" for an unknown place of a memory."""
    base, *rest = brackets(instruction)
    start = read(base, state)
    if instruction.relocations:
        low = low_part(instruction)
        return values.add(start, low) if low else None
    total = start
    if rest:
        total = values.add(start, extended(rest[0], rest[1] if len(rest) > 1 else None, state))
    is_memory = any(
        value is not None and value[0] == "m" for value in [start, *map(
            lambda part: read(part, state), rest[:1])])
    return "unknown" if total is None and is_memory else total


def accesses(instruction: Instruction, state) -> list:
    """The addresses of an instruction's accesses."""
    if brackets(instruction) is None or instruction.name.startswith("prf"):
        return []
    return [address(instruction, state)]


def depth_at_end(instruction: Instruction, state, pops, function: Function) -> int | None:
    """By how much the stack pointer is wrong at a return or a tail call; nothing elsewhere."""
    del pops, function
    pointer = state.registers.get(STACK_POINTER)
    is_tail = instruction.name == "b" and instruction.relocations
    return pointer[1] if pointer and (instruction.name == "ret" or is_tail) else None


def popped_bytes(function: Function) -> int:
    """Returns take nothing off the stack."""
    del function
    return 0


def execute(instruction: Instruction, state, pops) -> None:
    """Does what the instruction does."""
    del pops
    name, operands = instruction.name, instruction.operands
    if name in ("bl", "blr"):
        for register in CLOBBERED:
            state.set(register, None)
        state.compared = None
        return
    if name == "cmp" or name == "subs" and operands[0] in ("wzr", "xzr"):
        compare(operands[-2:], state)
    elif name.endswith("s") or name.startswith(("cc", "cmn", "tst", "fc")):
        state.compared = None
    if brackets(instruction) is not None:
        execute_access(instruction, state)
    elif operands and not (name.startswith(READERS) and not name.startswith(NO_READERS)):
        link = linked(instruction)
        write(operands[0], result(instruction, state), state)
        if link and operands[0][0] in "wx":
            state.links["x" + operands[0][1:]] = link


def condition(instruction: Instruction) -> str:
    """What a branch asks for."""
    return instruction.name.removeprefix("b.")


def compare(operands: list[str], state) -> None:
    """Remembers what the flags say."""
    state.compared = None
    if not REGISTER.fullmatch(operands[0]) or EXTENSION.fullmatch(operands[-1]):
        return
    names = [o if o == "sp" else "x" + o[1:] for o in operands]
    bits = 32 if operands[0].startswith("w") else 64
    state.compared = names[0], names[1], read(operands[1], state), bits


def linked(instruction: Instruction) -> tuple[str, int] | None:
    """The register whose lower half, and the constant, that an instruction adds up."""
    name, operands = instruction.name, instruction.operands
    if name not in ("mov", "add", "sub") or not re.fullmatch(r"[wx]\d+", operands[1]):
        return None
    distance = 0
    if name != "mov":
        if len(operands) != 3 or not operands[2].startswith("#"):
            return None
        distance = int(operands[2][1:], 0) * (1 if name == "add" else -1)
    register = "x" + operands[1][1:]
    return None if register == "x" + operands[0][1:] else (register, distance)


def execute_access(instruction: Instruction, state) -> None:
    """Loads and stores, with what they do to their base."""
    name, operands = instruction.name, instruction.operands
    place = next(n for n, operand in enumerate(operands) if operand.startswith("["))
    base = brackets(instruction)[0]
    start = read(base, state)
    where = address(instruction, state)
    distance = where[1] if isinstance(where, tuple) and where[0] == "s" else None
    names = [o for o in operands[:place]]
    width = {"x": 64, "w": 32}.get(names[0][0]) if names else None
    if name.startswith(("st", "stu")):
        if distance is not None:
            state.forget(distance, 64 if width is None else width // 8 * len(names))
            if name in ("str", "stur", "stp") and width:
                for number, register in enumerate(names):
                    slot = distance + number * width // 8, width
                    state.slots[slot] = read(register, state)
        if name.startswith(("stx", "stlx")):
            write(names[0], None, state)
    else:
        known = name in ("ldr", "ldur", "ldp") and width and distance is not None
        small = {"b": 8, "h": 16}.get(name[-1]) if "s" not in name else None
        for number, register in enumerate(names):
            value = values.up_to(small) if small else None
            if known:
                value = state.slots.get((distance + number * width // 8, width))
            write(register, value, state)
    if operands[place].endswith("!"):
        write(base, where if isinstance(where, tuple) else None, state)
    elif place + 1 < len(operands):
        write(base, values.add(start, read(operands[place + 1], state)), state)


def result(instruction: Instruction, state) -> tuple | None:
    """What an instruction leaves in its first operand."""
    name, operands = instruction.name, instruction.operands
    if name in ("adrp", "adr"):
        for _, symbol, addend in instruction.relocations:
            if BASE.fullmatch(symbol):
                return ("m", addend, addend) if name == "adr" else ("m", 0, 0)
        return None
    how = operands[-1] if EXTENSION.fullmatch(operands[-1]) else None
    plain = operands[1:-1] if how else operands[1:]
    inputs = [read(operand, state) for operand in plain]
    if how and plain:
        last = plain[-1]
        inputs[-1] = values.shift_left(inputs[-1], values.number(int(how.split("#")[1], 0))) \
            if last.startswith("#") else extended(last, how, state)
    bits = 32 if operands[0].startswith("w") else 64
    if low_part(instruction) is not None and name == "add":
        return values.add(inputs[0], low_part(instruction))
    return arithmetic(name, operands, inputs, bits, state)


def arithmetic(name: str, operands, inputs, bits: int, state) -> tuple | None:
    """The results of instructions whose first operand is only their target."""
    match name:
        case "mov" | "movz":
            return inputs[0]
        case "movk":
            return values.unite(read(operands[0], state), inputs[0])
        case "add" | "adds":
            return values.add(inputs[0], inputs[1])
        case "sub" | "subs":
            return values.subtract(inputs[0], inputs[1])
        case "and" | "ands":
            return values.mask(inputs[0], inputs[1])
        case "orr" | "eor":
            return values.unite(inputs[0], inputs[1])
        case "lsl":
            return values.shift_left(inputs[0], inputs[1])
        case "lsr":
            return values.shift_right(inputs[0], inputs[1], bits)
        case "mul":
            return values.multiply(inputs[0], inputs[1])
        case "madd":
            return values.add(values.multiply(inputs[0], inputs[1]), inputs[2])
        case "umull":
            return values.multiply(values.low32(inputs[0]), values.low32(inputs[1]))
        case "csel":
            return values.join(inputs[0], inputs[1])
        case "clz" | "cnt":
            return ("n", 0, 64)
        case "cset":
            return ("n", 0, 1)
    return extraction(name, inputs)


def extraction(name: str, inputs: list) -> tuple | None:
    """Parts of registers, extended and shifted."""
    if name in ("uxtb", "uxth", "uxtw"):
        return values.up_to({"b": 8, "h": 16, "w": 32}[name[-1]]) if name != "uxtw" else (
            values.low32(inputs[0]))
    if name in ("sxtb", "sxth", "sxtw"):
        width = {"b": 8, "h": 16, "w": 32}[name[-1]]
        return values.sign_extended(inputs[0] if width == 32 else None, width)
    if name in ("ubfx", "ubfiz", "sbfx", "sbfiz"):
        place, width = inputs[1][1], inputs[2][1]
        if name == "ubfx" and place == 0 and width == 32:
            return values.low32(inputs[0])
        part = values.up_to(width) if name.startswith("u") else values.signed(width)
        return values.shift_left(part, values.number(place)) if name.endswith("iz") else part
    return None
