"""What a counted loop is like: its arrays, its counter and bound, and which operators there are."""

import random
from dataclasses import dataclass, field

WIDTHS = {"i32": 4, "i64": 8, "f32": 4, "f64": 8}
#: What an array is made of: the type on the stack, and what is appended to load and store.
ELEMENTS = [
    ("i32", "8_u", "8", 1), ("i32", "8_s", "8", 1), ("i32", "16_u", "16", 2),
    ("i32", "16_s", "16", 2), ("i32", "", "", 4), ("i32", "", "", 4), ("i64", "", "", 8),
    ("i64", "32_u", "32", 4), ("i64", "32_s", "32", 4), ("i64", "8_u", "8", 1), ("f32", "", "", 4),
    ("f64", "", "", 8),
]
INTEGER_OPERATORS = [
    "add", "sub", "mul", "and", "or", "xor", "add", "shl", "shr_u", "shr_s", "rotl",
]
FLOAT_OPERATORS = ["add", "sub", "mul", "min", "max"]
CONVERSIONS = {
    ("i32", "i64"): ["i64.extend_i32_u", "i64.extend_i32_s"], ("i64", "i32"): ["i32.wrap_i64"],
    ("i32", "f32"): ["f32.convert_i32_s", "f32.convert_i32_u"],
    ("i32", "f64"): ["f64.convert_i32_s", "f64.convert_i32_u"],
    ("i64", "f32"): ["f32.convert_i64_s"], ("i64", "f64"): ["f64.convert_i64_s"],
    ("f32", "f64"): ["f64.promote_f32"], ("f64", "f32"): ["f32.demote_f64"],
    ("f32", "i32"): ["i32.trunc_sat_f32_s"], ("f64", "i32"): ["i32.trunc_sat_f64_u"],
    ("i32", "v128"): ["i8x16.splat", "i16x8.splat"], ("i64", "v128"): ["i64x2.splat"],
    ("f32", "v128"): ["f32x4.splat"], ("f64", "v128"): ["f64x2.splat"],
    ("v128", "i32"): ["i8x16.extract_lane_u 3", "i32x4.extract_lane 1", "i8x16.bitmask"],
    ("v128", "i64"): ["i64x2.extract_lane 1"], ("v128", "f32"): ["f32x4.extract_lane 0"],
    ("v128", "f64"): ["f64x2.extract_lane 1"],
    ("f32", "i64"): ["i64.trunc_sat_f32_s"], ("f64", "i64"): ["i64.trunc_sat_f64_s"],
}
#: Vectors, read and written whole or by halves.
VECTORS = [
    ("v128", "", "", 16), ("v128", "", "", 16), ("v128", "", "", 16),
    ("v128", "8x8_u", "64_lane", 8), ("v128", "16x4_s", "64_lane", 8),
    ("v128", "64_zero", "64_lane", 8),
]
VECTOR_OPERATORS = [
    "v128.and", "v128.or", "v128.xor", "v128.andnot", "i8x16.add", "i8x16.sub", "i8x16.avgr_u",
    "i8x16.add_sat_u", "i8x16.sub_sat_s", "i8x16.min_u", "i8x16.max_s", "i8x16.eq", "i8x16.gt_u",
    "i8x16.narrow_i16x8_u", "i8x16.narrow_i16x8_s", "i8x16.swizzle", "i16x8.add", "i16x8.mul",
    "i16x8.narrow_i32x4_u", "i16x8.narrow_i32x4_s", "i16x8.lt_s", "i16x8.extmul_low_i8x16_u",
    "i16x8.q15mulr_sat_s", "i32x4.add", "i32x4.mul", "i32x4.dot_i16x8_s", "i32x4.max_u",
    "i64x2.add", "i64x2.mul", "i64x2.extmul_high_i32x4_s", "f32x4.lt", "f64x2.eq",
    "i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23",
    "i8x16.shuffle 3 2 1 0 7 6 5 4 11 10 9 8 15 14 13 12",
    "i8x16.shuffle 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
]
VECTOR_UNARY = [
    "v128.not", "i8x16.popcnt", "i8x16.abs", "i16x8.neg", "i16x8.extend_low_i8x16_u",
    "i16x8.extend_high_i8x16_s", "i32x4.extadd_pairwise_i16x8_u", "i32x4.abs", "f32x4.abs",
    "f64x2.neg", "i32x4.trunc_sat_f32x4_s", "f32x4.convert_i32x4_s",
]
UNARY = {"i32": ["popcnt", "clz", "ctz"], "i64": ["popcnt", "clz", "ctz"],
         "f32": ["abs", "neg", "sqrt", "nearest"], "f64": ["abs", "neg", "sqrt", "floor"],
         "v128": VECTOR_UNARY}
#: How the address of an element is found.
KINDS = ["index"] * 5 + ["pointer"] * 4 + ["strided", "product", "fixed"]
OFFSETS = [0, 0, 0, 0, 1, 4, 8, 64, 4096]
FAR_OFFSETS = [0x7FFFFFF8, 0x80000000, 0xFFFF0000, 0xFFFFFFFC, 0xFFFFFFFF]
COMPARISONS = ["lt_u", "lt_s", "le_u", "le_s", "gt_u", "gt_s", "ge_u", "ge_s", "ne"]


@dataclass
class Array:
    """Elements that a loop walks through."""

    number: int
    type: str
    load: str
    store: str
    size: int
    kind: str
    #: 1 or -1: the way that it is walked.
    direction: int
    #: What the access adds behind the 32-bit addition, and what is added before it.
    offset: int
    bias: int
    memory: int
    #: What the low bits of the pointer are cleared with, so that sums become disjunctions.
    mask: int = -1


@dataclass
class Shape:
    """What is chosen for a loop before its code is written."""

    counter: str
    factor: int
    #: What a copy adds to the counter: 1, or another unit.
    unit: int
    direction: int
    comparison: str
    #: Whether the test sees the counter of the next iteration.
    tests_next: bool
    order: str
    shares_loads: bool
    has_branches: bool
    repeats: bool
    has_remainder: bool
    #: Whether it only computes vectors from vectors, so that several can be done at once.
    is_lanewise: bool = False
    #: Where the counter starts if that is known when the loop is compiled.
    start: int | None = None
    arrays: list[Array] = field(default_factory=list)

    @property
    def step(self) -> int:
        """What the counter grows by in an iteration."""
        return self.factor * self.unit * self.direction

    def iterations(self, start: int, bound: int, limit: int) -> int | None:
        """How often the loop runs; nothing if more often than a limit."""
        bits = 32 if self.counter == "i32" else 64
        mask, sign = (1 << bits) - 1, 1 << bits - 1
        flip = sign if self.comparison.endswith("_s") else 0
        compare = {
            "lt": lambda a, b: a < b, "le": lambda a, b: a <= b, "gt": lambda a, b: a > b,
            "ge": lambda a, b: a >= b, "ne": lambda a, b: a != b,
        }[self.comparison[:2]]
        value = start
        for count in range(1, limit + 1):
            following = (value + self.step) & mask
            tested = following if self.tests_next else value
            if not compare((tested ^ flip), (bound ^ flip)):
                return count
            value = following
        return None


def choose_shape(source: random.Random, far: bool, memories: int) -> Shape:
    """The outlines of a loop; every other one is regular enough to be seen as unrolled."""
    is_plain = source.random() < 0.5
    direction = source.choice([1, 1, 1, -1])
    opposite = source.random() < 0.03
    wanted = ["lt", "le"] if (direction > 0) != opposite else ["gt", "ge"]
    fitting = [name for name in COMPARISONS if name[:2] in wanted] + ["ne", "ne"]
    shape = Shape(
        counter="i64" if source.random() < 0.2 else "i32",
        factor=source.choice([1, 1, 1, 2, 2, 2, 3, 4, 4, 4, 5, 6, 8]),
        unit=source.choice([1] * 8 + [2, 3, 16, 65, 130, 1 << 16]), direction=direction,
        comparison=source.choice(fitting), tests_next=source.random() < 0.8,
        order=source.choice(["copies", "copies", "copies", "statements", "loads", "shuffled"]),
        shares_loads=source.random() < 0.5, has_branches=source.random() < 0.2,
        repeats=source.random() < 0.3, has_remainder=source.random() < 0.2,
    )
    if is_plain:
        shape.factor = source.choice([2, 2, 3, 4, 4, 5, 6, 8])
        shape.unit = source.choice([1, 1, 1, 2])
        shape.order, shape.has_branches = source.choice(["copies", "copies", "loads"]), False
    if shape.has_branches:
        shape.factor, shape.shares_loads = source.choice([1, 1, 2]), False
    if source.random() < 0.4:
        shape.start = source.choice([0, 0, 0, shape.step, 8 * shape.step, -shape.step, 1 << 31])
    kinds = [source.choice(KINDS) for _ in range(source.choice([1, 2, 2, 3, 3, 4]))]
    shared_kind = source.choice(KINDS) if source.random() < 0.6 else None
    elements = VECTORS if source.random() < 0.25 else ELEMENTS
    shape.is_lanewise = elements is VECTORS and source.random() < 0.7
    if shape.is_lanewise:
        shape.unit, shape.factor = 1, source.choice([1, 1, 1, 1, 2, 2, 3, 4])
        shape.direction, shape.comparison = 1, source.choice(["ne", "lt_u", "lt_s", "le_u"])
        shape.order, shape.has_branches = source.choice(["copies", "copies", "loads"]), False
        kinds = [source.choice(["index", "pointer"])] * len(kinds)
        shared_kind = None
    if is_plain:
        kinds = [source.choice(["index", "pointer", "strided"])] * len(kinds)
        shared_kind = None
    if shape.repeats and source.random() < 0.7:
        # The inner loop is the same each time.
        kinds, shared_kind = ["index"] * len(kinds), None
        shape.has_remainder = shape.has_branches = False
        shape.factor, shape.unit = source.choice([1, 1, 2, 4]), 1
        shape.start = 0 if source.random() < 0.7 else shape.start
    element = source.choice(elements)
    for number, kind in enumerate(kinds):
        type_, load, store, size = element if source.random() < 0.7 else source.choice(elements)
        distant = far and source.random() < 0.15
        shape.arrays.append(Array(
            number, type_, load, store, size, shared_kind or kind,
            direction=-1 if source.random() < 0.15 and not shape.is_lanewise else 1,
            offset=source.choice(FAR_OFFSETS if distant else OFFSETS),
            bias=source.choice(FAR_OFFSETS) if source.random() < 0.1 else 0,
            memory=source.randrange(memories) if source.random() < 0.2 else 0,
            mask=-(1 << source.randrange(1, 7)) if source.random() < 0.15 else -1,
        ))
    return shape
