"""WebAssembly values as pairs of a type and the value's bits, and the values worth trying.

Floats are never Python floats here: converting a signalling NaN would quiet it.
"""

import random
from typing import NamedTuple

WIDTH = {"i8": 8, "i16": 16, "i32": 32, "i64": 64, "f32": 32, "f64": 64, "v128": 128}
MANTISSA = {"f32": 23, "f64": 52}


class Value(NamedTuple):
    """A value. A reference's bits are 0 for null, otherwise what identifies an externref."""

    type: str
    bits: int


def is_nan(lane: str, bits: int) -> bool:
    """Whether the bits are a NaN of a float type."""
    return bits & ((1 << WIDTH[lane] - 1) - 1) > infinity(lane)


def infinity(lane: str) -> int:
    """The bits of positive infinity."""
    fraction = MANTISSA[lane]
    return ((1 << WIDTH[lane] - 1 - fraction) - 1) << fraction


def lanes(lane: str, bits: int) -> list[int]:
    """The lanes of a vector, the first one first."""
    width = WIDTH[lane]
    return [bits >> shift & ((1 << width) - 1) for shift in range(0, 128, width)]


def vector(lane: str, values: list[int]) -> int:
    """A vector from its lanes."""
    return sum(value << index * WIDTH[lane] for index, value in enumerate(values))


def integer_edges(width: int) -> list[int]:
    """Integers at which arithmetic is likely to go wrong."""
    top = 1 << width - 1
    wanted = [0, 1, 2, 3, 7, 8, -1, -2, top, top - 1, top + 1, width - 1, width, width + 1]
    wanted += [1 << width // 2, (1 << width // 2) - 1, (1 << width // 2) + 1, 0x5A << width - 8]
    return list(dict.fromkeys(value % (1 << width) for value in wanted))


def float_edges(lane: str) -> list[int]:
    """Floats at which arithmetic and conversions are likely to go wrong."""
    fraction, width = MANTISSA[lane], WIDTH[lane]
    bias = (1 << width - 2 - fraction) - 1
    sign, top = 1 << width - 1, infinity(lane)

    def power(exponent: int) -> int:
        return (bias + exponent) << fraction

    half, one, quiet = power(-1), power(0), 1 << fraction - 1
    positive = [0, 1, (1 << fraction) - 1, 1 << fraction, half, one, one + 1, half - 1]
    positive += [power(0) | quiet, power(1) | quiet >> 1, power(fraction), power(fraction) - 1]
    for exponent in (31, 32, 63, 64):
        positive += [power(exponent), power(exponent) - 1, power(exponent) + 1]
    if lane == "f64":
        # 2^31 and 2^32, and 1 less and 1 more: exact in this type only.
        for exponent in (31, 32):
            unit = 1 << fraction - exponent
            positive += [power(exponent) + unit, power(exponent) - (unit << 1)]
    positive += [top - 1, top, top | quiet, top | 1, top | quiet | 1]
    return [bits | flag for bits in positive for flag in (0, sign)]


def edges(lane: str) -> list[int]:
    """Values at which something is likely to go wrong, of a number type."""
    return float_edges(lane) if lane[0] == "f" else integer_edges(WIDTH[lane])


def vector_edges(lane: str) -> list[int]:
    """Vectors with edge values: the same in all lanes, and different ones."""
    choices, count = edges(lane), 128 // WIDTH[lane]
    uniform = [vector(lane, [value] * count) for value in choices[:4] + choices[-4:]]
    mixed = [
        vector(lane, [choices[(start + 3 * index) % len(choices)] for index in range(count)])
        for start in range(0, len(choices), max(1, len(choices) // 6))
    ]
    return list(dict.fromkeys([0, (1 << 128) - 1] + uniform + mixed))


def random_value(type_: str, source: random.Random) -> Value:
    """An argument: an edge, something small, or anything."""
    if type_ in ("funcref", "externref"):
        return Value(type_, source.choice([0, 7]) if type_ == "externref" else 0)
    kind = source.randrange(3)
    if type_ == "v128":
        lane = source.choice(["i8", "i16", "i32", "i64", "f32", "f64"])
        count = 128 // WIDTH[lane]
        if kind == 0:
            return Value(type_, source.getrandbits(128))
        return Value(type_, vector(lane, [source.choice(edges(lane)) for _ in range(count)]))
    if kind == 0:
        return Value(type_, source.choice(edges(type_)))
    if kind == 1 and type_[0] == "i":
        return Value(type_, source.randrange(256))
    return Value(type_, source.getrandbits(WIDTH[type_]))


def float_text(lane: str, bits: int) -> str:
    """A float in the text format, every bit of it."""
    fraction, width = MANTISSA[lane], WIDTH[lane]
    sign = "-" if bits >> width - 1 else ""
    magnitude = bits & ((1 << width - 1) - 1)
    if magnitude > infinity(lane):
        return f"{sign}nan:{magnitude - infinity(lane):#x}"
    if magnitude == infinity(lane):
        return f"{sign}inf"
    bias = (1 << width - 2 - fraction) - 1
    exponent = magnitude >> fraction
    mantissa = magnitude & ((1 << fraction) - 1)
    if exponent:
        mantissa |= 1 << fraction
    return f"{sign}{mantissa:#x}p{max(exponent, 1) - bias - fraction}"


def constant(value: Value) -> str:
    """The value as an instruction of the text format, in modules and as an argument."""
    match value.type:
        case "v128":
            low, high = lanes("i64", value.bits)
            return f"(v128.const i64x2 {low:#x} {high:#x})"
        case "f32" | "f64":
            return f"({value.type}.const {float_text(value.type, value.bits)})"
        case "funcref":
            return "(ref.null func)"
        case "externref":
            return f"(ref.extern {value.bits})" if value.bits else "(ref.null extern)"
        case _:
            return f"({value.type}.const {value.bits:#x})"


def expectation(value: Value, any_nan: str | None = None) -> str:
    """The value as a result of an assertion.

    `any_nan` is the lane type whose NaNs the specification leaves open.
    """
    if value.type == "funcref" and value.bits:
        return "(ref.func)"
    if any_nan is None or value.type[0] not in "fv":
        return constant(value)
    if value.type != "v128":
        loose = is_nan(value.type, value.bits)
        return f"({value.type}.const nan:arithmetic)" if loose else constant(value)
    parts = lanes(any_nan, value.bits)
    if not any(is_nan(any_nan, part) for part in parts):
        return constant(value)
    texts = [
        "nan:arithmetic" if is_nan(any_nan, part) else float_text(any_nan, part) for part in parts
    ]
    return f"(v128.const {any_nan}x{len(parts)} {' '.join(texts)})"
