"""The numeric and vector instructions, with what is needed to try them out."""

from typing import NamedTuple


class Opcode(NamedTuple):
    """An instruction without memory access."""

    #: With immediates, as the text format has it.
    text: str
    #: The types of its operands; those of vectors are shown by the lanes that matter.
    operands: tuple[str, ...]
    results: tuple[str, ...]
    traps: bool = False
    #: The lane type of a float result whose NaN the specification leaves open.
    any_nan: str | None = None


INTEGER_UNARY = "clz ctz popcnt extend8_s extend16_s"
INTEGER_BINARY = "add sub mul and or xor shl shr_s shr_u rotl rotr"
DIVISIONS = "div_s div_u rem_s rem_u"
INTEGER_COMPARE = "eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u"
FLOAT_UNARY = "ceil floor trunc nearest sqrt"
FLOAT_BINARY = "add sub mul div min max"
FLOAT_COMPARE = "eq ne lt gt le ge"


def integers(type_: str) -> list[Opcode]:
    """Instructions of i32 or i64."""
    unary = INTEGER_UNARY.split() + (["extend32_s"] if type_ == "i64" else [])
    table = [Opcode(f"{type_}.{name}", (type_,), (type_,)) for name in unary]
    table.append(Opcode(f"{type_}.eqz", (type_,), ("i32",)))
    two = (type_, type_)
    table += [Opcode(f"{type_}.{name}", two, (type_,)) for name in INTEGER_BINARY.split()]
    table += [Opcode(f"{type_}.{name}", two, (type_,), True) for name in DIVISIONS.split()]
    table += [Opcode(f"{type_}.{name}", two, ("i32",)) for name in INTEGER_COMPARE.split()]
    return table


def floats(type_: str) -> list[Opcode]:
    """Instructions of f32 or f64."""
    one, two = (type_,), (type_, type_)
    table = [Opcode(f"{type_}.{n}", one, one, any_nan=type_) for n in FLOAT_UNARY.split()]
    table += [Opcode(f"{type_}.{name}", one, one) for name in ("abs", "neg")]
    table += [Opcode(f"{type_}.{n}", two, one, any_nan=type_) for n in FLOAT_BINARY.split()]
    table.append(Opcode(f"{type_}.copysign", two, one))
    table += [Opcode(f"{type_}.{name}", two, ("i32",)) for name in FLOAT_COMPARE.split()]
    return table


def conversions() -> list[Opcode]:
    """From one number type to another."""
    table = [
        Opcode("i32.wrap_i64", ("i64",), ("i32",)),
        Opcode("i64.extend_i32_s", ("i32",), ("i64",)),
        Opcode("i64.extend_i32_u", ("i32",), ("i64",)),
        Opcode("f32.demote_f64", ("f64",), ("f32",), any_nan="f32"),
        Opcode("f64.promote_f32", ("f32",), ("f64",), any_nan="f64"),
        Opcode("i32.reinterpret_f32", ("f32",), ("i32",)),
        Opcode("i64.reinterpret_f64", ("f64",), ("i64",)),
        Opcode("f32.reinterpret_i32", ("i32",), ("f32",)),
        Opcode("f64.reinterpret_i64", ("i64",), ("f64",)),
    ]
    for integer in ("i32", "i64"):
        for real in ("f32", "f64"):
            for sign in ("s", "u"):
                trunc = f"{integer}.trunc_{real}_{sign}"
                saturating = f"{integer}.trunc_sat_{real}_{sign}"
                table.append(Opcode(trunc, (real,), (integer,), True))
                table.append(Opcode(saturating, (real,), (integer,)))
                table.append(Opcode(f"{real}.convert_{integer}_{sign}", (integer,), (real,)))
    return table


def wide_arithmetic() -> list[Opcode]:
    """128-bit arithmetic on halves."""
    four, two = ("i64",) * 4, ("i64",) * 2
    table = [Opcode(f"i64.{name}", four, two) for name in ("add128", "sub128")]
    return table + [Opcode(f"i64.mul_wide_{sign}", two, two) for sign in "su"]


def lane_access() -> list[Opcode]:
    """Splats, extraction and replacement."""
    table = []
    shapes = {"i8x16": "i32", "i16x8": "i32", "i32x4": "i32", "i64x2": "i64",
              "f32x4": "f32", "f64x2": "f64"}
    for shape, scalar in shapes.items():
        lane, _, count = shape.partition("x")
        table.append(Opcode(f"{shape}.splat", (scalar,), ("v128",)))
        for index in {0, int(count) // 2, int(count) - 1}:
            for suffix in ("_s", "_u") if lane in ("i8", "i16") else ("",):
                text = f"{shape}.extract_lane{suffix} {index}"
                table.append(Opcode(text, (lane,), (scalar,)))
            table.append(Opcode(f"{shape}.replace_lane {index}", (lane, scalar), ("v128",)))
    return table


VECTOR_UNARY = {
    "i8x16": "abs neg popcnt", "i16x8": "abs neg", "i32x4": "abs neg", "i64x2": "abs neg",
}
VECTOR_COMPARE = INTEGER_COMPARE
VECTOR_BINARY = {
    "i8x16": "add sub add_sat_s add_sat_u sub_sat_s sub_sat_u min_s min_u max_s max_u avgr_u"
    f" {VECTOR_COMPARE}",
    "i16x8": "add sub mul add_sat_s add_sat_u sub_sat_s sub_sat_u min_s min_u max_s max_u avgr_u"
    f" q15mulr_sat_s {VECTOR_COMPARE}",
    "i32x4": f"add sub mul min_s min_u max_s max_u {VECTOR_COMPARE}",
    "i64x2": "add sub mul eq ne lt_s gt_s le_s ge_s",
}
#: Instructions whose operands have other lanes than their name says.
VECTOR_OTHER = {
    "i8": "i16x8.extend_low_i8x16_s i16x8.extend_low_i8x16_u i16x8.extend_high_i8x16_s"
    " i16x8.extend_high_i8x16_u i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u"
    " v128.not v128.any_true",
    "i16": "i32x4.extend_low_i16x8_s i32x4.extend_low_i16x8_u i32x4.extend_high_i16x8_s"
    " i32x4.extend_high_i16x8_u i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u",
    "i32": "i64x2.extend_low_i32x4_s i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_s"
    " i64x2.extend_high_i32x4_u f32x4.convert_i32x4_s f32x4.convert_i32x4_u"
    " f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u",
    "f32": "i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u",
    "f64": "i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero",
}
VECTOR_OTHER_BINARY = {
    "i8": "i16x8.extmul_low_i8x16_s i16x8.extmul_low_i8x16_u i16x8.extmul_high_i8x16_s"
    " i16x8.extmul_high_i8x16_u v128.and v128.or v128.xor v128.andnot i8x16.swizzle",
    "i16": "i32x4.extmul_low_i16x8_s i32x4.extmul_low_i16x8_u i32x4.extmul_high_i16x8_s"
    " i32x4.extmul_high_i16x8_u i32x4.dot_i16x8_s i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u",
    "i32": "i64x2.extmul_low_i32x4_s i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_s"
    " i64x2.extmul_high_i32x4_u i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u",
}
SHUFFLES = [
    range(16), range(16, 32), range(15, -1, -1), range(8, 24), [0] * 16, [31] * 16,
    [0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23], range(0, 32, 2), range(1, 32, 2),
    [3, 2, 1, 0, 7, 6, 5, 4, 27, 26, 25, 24, 31, 30, 29, 28],
    [4, 5, 6, 7, 0, 1, 2, 3, 20, 21, 22, 23, 16, 17, 18, 19],
    [7, 30, 2, 2, 19, 0, 11, 24, 5, 5, 16, 31, 8, 1, 27, 14],
]


def vector_integers() -> list[Opcode]:
    """Integer instructions of vectors."""
    table = []
    for shape, names in VECTOR_BINARY.items():
        lane = shape.partition("x")[0]
        table += [Opcode(f"{shape}.{name}", (lane, lane), ("v128",)) for name in names.split()]
        table += [
            Opcode(f"{shape}.{name}", (lane,), ("v128",)) for name in VECTOR_UNARY[shape].split()
        ]
        table += [Opcode(f"{shape}.{n}", (lane,), ("i32",)) for n in ("all_true", "bitmask")]
        for name in ("shl", "shr_s", "shr_u"):
            table.append(Opcode(f"{shape}.{name}", (lane, "i32"), ("v128",)))
    for lane, names in VECTOR_OTHER.items():
        for name in names.split():
            result = "i32" if name == "v128.any_true" else "v128"
            table.append(Opcode(name, (lane,), (result,)))
    for lane, names in VECTOR_OTHER_BINARY.items():
        table += [Opcode(name, (lane, lane), ("v128",)) for name in names.split()]
    for indices in SHUFFLES:
        text = "i8x16.shuffle " + " ".join(map(str, indices))
        table.append(Opcode(text, ("i8", "i8"), ("v128",)))
    table.append(Opcode("v128.bitselect", ("i16", "i32", "i8"), ("v128",)))
    return table


def vector_floats() -> list[Opcode]:
    """Float instructions of vectors."""
    table = [
        Opcode("f32x4.demote_f64x2_zero", ("f64",), ("v128",), any_nan="f32"),
        Opcode("f64x2.promote_low_f32x4", ("f32",), ("v128",), any_nan="f64"),
    ]
    for shape, lane in (("f32x4", "f32"), ("f64x2", "f64")):
        one, two, result = (lane,), (lane, lane), ("v128",)
        table += [Opcode(f"{shape}.{n}", one, result, any_nan=lane) for n in FLOAT_UNARY.split()]
        table += [Opcode(f"{shape}.{name}", one, result) for name in ("abs", "neg")]
        table += [Opcode(f"{shape}.{n}", two, result, any_nan=lane) for n in FLOAT_BINARY.split()]
        exact = ("pmin pmax " + FLOAT_COMPARE).split()
        table += [Opcode(f"{shape}.{name}", two, result) for name in exact]
    return table


SCALARS = (
    integers("i32") + integers("i64") + floats("f32") + floats("f64") + conversions()
    + wide_arithmetic()
)
VECTORS = lane_access() + vector_integers() + vector_floats()
OPCODES = {opcode.text: opcode for opcode in SCALARS + VECTORS}
