"""Functions with one counted loop each, in the forms that compilers give to loops.

A loop is made from a body that is written once and then repeated, as if it had been unrolled:
copy `c` has the element `i + c` where the first one has `i`. Copies may share loads, stand in any
order, and differ in one place. Counters, bounds, steps and kinds of addresses are mixed freely.
"""

import random

from loopshape import (
    Array,
    COMPARISONS,
    CONVERSIONS,
    FLOAT_OPERATORS,
    INTEGER_OPERATORS,
    Shape,
    UNARY,
    VECTOR_OPERATORS,
    WIDTHS,
)


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
