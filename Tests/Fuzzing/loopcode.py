"""Functions with one counted loop each, in the forms that compilers give to loops.

A loop is made from a body that is written once and then repeated, as if it had been unrolled:
copy `c` has the element `i + c` where the first one has `i`. Copies may share loads, stand in any
order, and differ in one place. Counters, bounds, steps and kinds of addresses are mixed freely.
"""

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


def qualified(type_: str, name: str) -> str:
    """The whole name of an operator; those of vectors begin with their shape."""
    return name if type_ == "v128" else f"{type_}.{name}"


class LoopCode:
    """Writes the function of a loop."""

    def __init__(self, source: random.Random, shape: Shape, address: str):
        self.source = source
        self.shape = shape
        #: The type of addresses.
        self.address = address
        self.locals: dict[str, str] = {}
        self.temporaries: list[str] = []
        #: For each element that was loaded in this iteration, its local.
        self.loaded: dict[tuple[int, int], str] = {}
        self.recurrences = [
            (f"$r{number}", source.choice(["i32", "i32", "i64", "f32", "f64"]))
            for number in range(0 if shape.is_lanewise else source.choice([0, 0, 1, 1, 2]))
        ]
        for name, type_ in self.recurrences:
            self.locals[name] = type_
        self.odd_copy = source.randrange(self.shape.factor) if source.random() < 0.1 else None
        self.statements = self.choose_statements()

    # What the loop does -----------------------------------------------------------------

    def choose_statements(self) -> list[tuple]:
        """The statements of one copy."""
        source, statements = self.source, []
        for _ in range(source.choice([0, 1, 1, 1, 1, 2, 2, 3])):
            array = source.choice(self.shape.arrays)
            elements = [0] if self.shape.is_lanewise else [0, 0, 0, 0, 1, -1, 2]
            store = ("store", array, source.choice(elements),
                     self.choose_tree(array.type, source.choice([0, 1, 1, 2])))
            if self.shape.has_branches and source.random() < 0.7:
                condition = self.choose_tree("i32", 1)
                other = [store] if source.random() < 0.3 else []
                store = ("if", condition, [store], other)
            statements.append(store)
        for name, type_ in self.recurrences:
            statements.append(("set", name, type_, self.choose_recurrence(name, type_)))
        source.shuffle(statements)
        return statements

    def choose_recurrence(self, name: str, type_: str) -> tuple:
        """What a recurrence becomes."""
        source = self.source
        operand = self.choose_tree(type_, source.choice([0, 0, 1]))
        kind = source.random()
        if kind < 0.35:
            return operand
        if kind < 0.5:
            comparison = "gt" if type_[0] == "f" else source.choice(["gt_s", "lt_u"])
            return ("pick", type_, comparison, ("read", name, type_), operand)
        operators = ["add", "add", "mul", "xor", "or", "and", "sub"]
        operator = source.choice(operators if type_[0] == "i" else ["add", "add", "mul"])
        return ("binary", type_, operator, ("read", name, type_), operand)

    def choose_tree(self, type_: str, depth: int) -> tuple:
        """An expression."""
        source = self.source
        if depth > 0:
            kind = source.random()
            if kind < 0.15:
                return ("unary", type_, source.choice(UNARY[type_]), self.choose_tree(type_, 0))
            if kind < 0.3 and type_ == "i32":
                return self.choose_comparison()
            if type_ == "v128":
                operator = source.choice(VECTOR_OPERATORS)
            else:
                operator = source.choice(
                    INTEGER_OPERATORS if type_[0] == "i" else FLOAT_OPERATORS)
            parts = [self.choose_tree(type_, depth - 1), self.choose_tree(type_, depth - 1)]
            if operator[:2] in ("sh", "ro") and source.random() < 0.8:
                parts[1] = ("constant", type_, source.randrange(1, 9))
            return ("binary", type_, operator, *parts)
        kind = source.random()
        if kind < 0.55:
            array = source.choice(self.shape.arrays)
            element = source.choice([0, 0, 0, 1, 1, -1, 2, 3])
            if self.shape.is_lanewise and source.random() < 0.8:
                element = 0
            return self.converted(array.type, type_, ("load", array, element))
        if kind < 0.75 and not self.shape.is_lanewise:
            tree = ("counter", source.choice([0, 0, 1, 1, 2, 7, -1]))
            return self.converted(self.shape.counter, type_, tree)
        if kind < 0.85 and self.recurrences:
            name, own = source.choice(self.recurrences)
            return self.converted(own, type_, ("read", name, own))
        if kind < 0.95:
            return self.converted("i64", type_, ("read", "$x", "i64"))
        return ("constant", type_, source.randrange(-3, 100))

    def choose_comparison(self) -> tuple:
        """An element beside a number from outside the loop that is about as large as a byte."""
        source = self.source
        array = source.choice(self.shape.arrays)
        element = self.converted(array.type, "i32", ("load", array, source.choice([0, 0, 1])))
        low = ("binary", "i32", "and", ("convert", "i32.wrap_i64", ("read", "$x", "i64")),
               ("constant", "i32", source.choice([255, 511, -1])))
        bound = ("binary", "i32", "add", low, ("constant", "i32", source.choice([0, 1, -128])))
        sides = (element, bound) if source.random() < 0.8 else (bound, element)
        return ("binary", "i32", source.choice([*COMPARISONS, "eq"]), *sides)

    def converted(self, own: str, wanted: str, tree: tuple) -> tuple:
        """An expression of another type made of this one."""
        if own == wanted:
            return tree
        return ("convert", self.source.choice(CONVERSIONS[own, wanted]), tree)

    # Expressions ------------------------------------------------------------------------

    def write(self, tree: tuple, copy: int) -> str:
        """The text of an expression in one of the copies."""
        match tree:
            case ("constant", "v128", value):
                return f"(v128.const i64x2 {value * 0x0123456789ABCDE} {value})"
            case ("constant", type_, value):
                return f"({type_}.const {value})"
            case ("read", name, _):
                return f"(local.get {name})"
            case ("counter", distance):
                return self.counter(self.shape.unit * copy * self.shape.direction + distance)
            case ("unary", type_, name, operand):
                return f"({qualified(type_, name)} {self.write(operand, copy)})"
            case ("convert", name, operand):
                return f"({name} {self.write(operand, copy)})"
            case ("binary", type_, name, left, right):
                if copy == self.odd_copy and name == "add":
                    left, right = right, left
                operands = f"{self.write(left, copy)} {self.write(right, copy)}"
                return f"({qualified(type_, name)} {operands})"
            case ("pick", type_, comparison, left, right):
                kept = self.temporary(type_)
                other = f"(local.tee {kept} {self.write(right, copy)})"
                condition = f"({type_}.{comparison} {self.write(left, copy)} {other})"
                return f"(select {self.write(left, copy)} (local.get {kept}) {condition})"
            case ("load", array, element):
                return self.load(array, element, copy)
        raise ValueError(tree[0])

    def temporary(self, type_: str) -> str:
        """A new local."""
        name = f"$t{len(self.locals)}"
        self.locals[name] = type_
        return name

    def counter(self, distance: int) -> str:
        """The counter, moved by some distance."""
        type_ = self.shape.counter
        if distance == 0:
            return "(local.get $i)"
        return f"({type_}.add (local.get $i) ({type_}.const {distance}))"

    def load(self, array: Array, element: int, copy: int) -> str:
        """A load, or what was loaded before."""
        index = element + copy
        key = array.number, index
        if self.shape.shares_loads and key in self.loaded:
            return f"(local.get {self.loaded[key]})"
        memory = f" {array.memory}" if array.memory else ""
        text = f"({array.type}.load{array.load}{memory} {self.place(array, index, copy)})"
        if not self.shape.shares_loads:
            return text
        self.loaded[key] = self.temporary(array.type)
        return f"(local.tee {self.loaded[key]} {text})"

    def place(self, array: Array, index: int, copy: int) -> str:
        """The immediate offset and the address of an element."""
        type_ = self.address
        distance = index * array.size * array.direction
        kind, offset = array.kind, array.offset
        base = f"(local.get $p{array.number})"
        if kind == "index":
            # Some compilers add up the elements, others the bytes.
            text = self.as_address("(local.get $i)")
            scale = array.size * array.direction
            if array.size > 1 or array.direction < 0:
                text = f"({type_}.mul {text} ({type_}.const {scale}))"
            text = f"({type_}.add {base} {text})"
            distance = scale * (self.shape.unit * self.shape.direction * copy + index - copy)
        elif kind == "product":
            amount = self.shape.unit * self.shape.direction * copy + index - copy
            text = self.as_address(self.counter(amount))
            text = f"({type_}.add {base} ({type_}.mul {text} (local.get $stride)))"
            distance = 0
        elif kind == "pointer":
            text = base
        elif kind == "strided":
            text = base
            if copy:
                steps = f"({type_}.mul (local.get $stride) ({type_}.const {copy}))"
                text = f"({type_}.add {base} {steps})"
            distance = (index - copy) * array.size
        else:
            text = base
            distance = (index - copy) * array.size
        distance += array.bias
        if 0 < distance < 4096 and array.offset < 1 << 16 and array.number % 2:
            offset, distance = offset + distance, 0
        if distance:
            wrapped = distance % (1 << 8 * WIDTHS[type_])
            text = f"({type_}.add {text} ({type_}.const {wrapped}))"
        return (f"offset={offset} " if offset else "") + text

    def faults(self, arguments: dict[str, int], iterations: int, limit: int) -> bool:
        """Whether a store surely goes beyond the memory's end.

        A store is not sure to happen if a later one may put back what was there before.
        """
        stores = [statement[1:] for statement in self.statements if statement[0] == "store"]
        if any(self.reads(tree, array) for array, _, tree in stores):
            return False
        return any(
            self.target(array, element, copy, iteration, arguments) + array.size > limit
            for array, element, _ in stores for copy in range(self.shape.factor)
            for iteration in range(iterations)
        )

    def reads(self, tree: tuple, array: Array) -> bool:
        """Whether an expression loads from an array; it might write back what is there."""
        if tree[0] == "load":
            return tree[1].number == array.number
        if tree[0] == "read":
            return True
        return any(self.reads(part, array) for part in tree if isinstance(part, tuple))

    def target(
        self, array: Array, element: int, copy: int, iteration: int, arguments: dict[str, int]
    ) -> int:
        """The address of a copy's element, as `place` writes it."""
        shape, stride = self.shape, arguments["$stride"]
        counter = arguments["$start"] + iteration * shape.step
        counter += shape.unit * shape.direction * copy
        rounds, bytes_ = iteration * shape.factor + copy, array.size * array.direction
        move = {
            "index": (counter + element) * bytes_, "product": (counter + element) * stride,
            "pointer": (rounds + element) * bytes_,
            "strided": rounds * stride + element * array.size, "fixed": element * array.size,
        }[array.kind]
        address = (arguments[f"$p{array.number}"] & array.mask) + move + array.bias
        return address % (1 << 8 * WIDTHS[self.address]) + array.offset

    def as_address(self, text: str) -> str:
        """A counter as part of an address."""
        if self.shape.counter == self.address:
            return text
        name = "i32.wrap_i64" if self.address == "i32" else "i64.extend_i32_u"
        return f"({name} {text})"

    # Statements -------------------------------------------------------------------------

    def numbered(self, statement: tuple, copy: int) -> str:
        """The text of a statement in one of the copies."""
        match statement:
            case ("store", array, element, tree):
                value = self.clean(array.type, self.write(tree, copy), tree)
                memory = f" {array.memory}" if array.memory else ""
                place = self.place(array, element + copy, copy)
                if array.store.endswith("_lane"):
                    immediate, _, address = place.rpartition("=")
                    if immediate:
                        digits, _, address = address.partition(" ")
                        immediate += "=" + digits
                    place = f"{immediate} 1 {address}"
                return f"({array.type}.store{array.store}{memory} {place} {value})"
            case ("set", name, type_, tree):
                return f"(local.set {name} {self.clean(type_, self.write(tree, copy), tree)})"
            case ("if", condition, then, other):
                text = f"(if {self.write(condition, copy)} (then "
                text += " ".join(self.numbered(part, copy) for part in then) + ")"
                if other:
                    text += " (else " + " ".join(self.numbered(p, copy) for p in other) + ")"
                return text + ")"
        raise ValueError(statement[0])

    def clean(self, type_: str, text: str, tree: tuple) -> str:
        """A float whose NaNs are the same everywhere; those that are only moved are."""
        if type_[0] != "f" or tree[0] in ("load", "read", "constant"):
            return text
        name = self.temporary(type_)
        same = f"({type_}.eq (local.get {name}) (local.get {name}))"
        return f"(select (local.tee {name} {text}) ({type_}.const 1) {same})"

    def body(self) -> list[str]:
        """All copies, in the order that the shape asks for."""
        copies = range(self.shape.factor)
        self.loaded = {}
        pairs = [(statement, copy) for copy in copies for statement in self.statements]
        if self.shape.order == "statements":
            pairs = [(statement, copy) for statement in self.statements for copy in copies]
        elif self.shape.order == "shuffled":
            self.source.shuffle(pairs)
        if self.shape.order != "loads":
            return [self.numbered(statement, copy) for statement, copy in pairs]
        early, late = [], []
        for statement, copy in pairs:
            if statement[0] != "store":
                late.append(self.numbered(statement, copy))
                continue
            _, array, element, tree = statement
            name = self.temporary(array.type)
            value = self.clean(array.type, self.write(tree, copy), tree)
            early.append(f"(local.set {name} {value})")
            moved = ("read", name, array.type)
            late.append(self.numbered(("store", array, element, moved), copy))
        return early + late

    def advance(self) -> list[str]:
        """The pointers of the next iteration."""
        type_, lines = self.address, []
        for array in self.shape.arrays:
            name = f"$p{array.number}"
            step = f"({type_}.const {array.size * self.shape.factor * array.direction})"
            if array.kind == "strided":
                step = f"({type_}.mul (local.get $stride) ({type_}.const {self.shape.factor}))"
            if array.kind in ("pointer", "strided"):
                lines.append(f"(local.set {name} ({type_}.add (local.get {name}) {step}))")
        return lines

    def loop(self, label: str) -> list[str]:
        """The loop."""
        shape = self.shape
        type_ = shape.counter
        following = f"({type_}.add (local.get $i) ({type_}.const {shape.step}))"
        lines = [f"(loop ${label}", *self.body(), *self.advance()]
        if shape.tests_next:
            tested = f"(local.tee $i {following})"
        else:
            lines += ["(local.set $old (local.get $i))", f"(local.set $i {following})"]
            tested = "(local.get $old)"
        test = f"({type_}.{shape.comparison} {tested} (local.get $bound))"
        return [*lines, f"(br_if ${label} {test}))"]

    def remainder(self) -> list[str]:
        """A loop over what is left, by single elements."""
        shape = self.shape
        factor, shape.factor = shape.factor, 1
        lines = ["(if (local.get $rest) (then (loop $remainder", *self.body(), *self.advance()]
        step = f"({shape.counter}.const {shape.step})"
        shape.factor = factor
        return [
            *lines, f"(local.set $i ({shape.counter}.add (local.get $i) {step}))",
            "(br_if $remainder (local.tee $rest (i32.sub (local.get $rest) (i32.const 1)))))))",
        ]

    def function(self, name: str) -> str:
        """The whole function; its result tells of all locals."""
        shape = self.shape
        self.locals |= {"$old": shape.counter, "$again": "i32", "$hash": "i64"}
        lines = self.loop("loop")
        if shape.has_remainder:
            lines += self.remainder()
        if shape.repeats:
            lines = self.repeated(lines)
        watched = [("$i", shape.counter), *self.recurrences]
        watched += [(f"$p{array.number}", self.address) for array in shape.arrays]
        for local, type_ in watched:
            lines.append(self.folded(f"(local.get {local})", type_))
        parameters = "".join(f" (param {name} {type_})" for name, type_ in self.parameters())
        declared = "".join(f" (local {name} {type_})" for name, type_ in self.locals.items())
        head = f'(func (export "{name}"){parameters} (result i64)\n (local $i {shape.counter})'
        body = "\n  ".join([*self.preparation(), *lines, "(local.get $hash))"])
        return f"{head}{declared}\n  {body}"

    def preparation(self) -> list[str]:
        """What the compiler is told about the start of the counter and about pointers."""
        shape, lines = self.shape, []
        if shape.start is not None:
            lines.append(f"(local.set $start ({shape.counter}.const {shape.start}))")
        for array in shape.arrays:
            if array.mask != -1:
                masked = f"(local.get $p{array.number}) ({self.address}.const {array.mask})"
                lines.append(f"(local.set $p{array.number} ({self.address}.and {masked}))")
        return [*lines, "(local.set $i (local.get $start))"]

    def repeated(self, lines: list[str]) -> list[str]:
        """A loop around the loop, which moves some of the arrays on, and may do something itself."""
        source, address = self.source, self.address
        early, late = [], []
        for statement in self.statements:
            if source.random() < 0.25:
                source.choice([early, late]).append(self.numbered(statement, 0))
        for array in self.shape.arrays:
            if source.random() < 0.5:
                row = source.choice([array.size, 24, 100, 512, -16, -256])
                name = f"$p{array.number}"
                moved = f"({address}.add (local.get {name}) ({address}.const {row}))"
                late.append(f"(local.set {name} {moved})")
        # LLVM unrolls the loop if it knows how often it runs.
        count = f"(i32.add (local.get $rest) (i32.const {source.choice([1, 3, 4, 6])}))"
        return [
            "(loop $outer", "(local.set $i (local.get $start))", *early, *lines, *late,
            "(br_if $outer (i32.lt_u (local.tee $again (i32.add (local.get $again)"
            f" (i32.const 1))) {count})))",
        ]

    def parameters(self) -> list[tuple[str, str]]:
        """Names and types."""
        pointers = [(f"$p{array.number}", self.address) for array in self.shape.arrays]
        counters = [("$start", self.shape.counter), ("$bound", self.shape.counter)]
        return [*pointers, *counters, ("$stride", self.address), ("$x", "i64"), ("$rest", "i32")]

    @staticmethod
    def folded(text: str, type_: str) -> str:
        """Adds a value to the result."""
        word = {
            "i32": f"(i64.extend_i32_u {text})", "i64": text,
            "f32": f"(i64.extend_i32_u (i32.reinterpret_f32 {text}))",
            "f64": f"(i64.reinterpret_f64 {text})",
        }[type_]
        return f"(local.set $hash (i64.add (i64.rotl (local.get $hash) (i64.const 9)) {word}))"
