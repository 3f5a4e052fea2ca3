#!/usr/bin/env python3
"""Translates programs in a small part of Python, with types, to WebAssembly with objects.

    translate.py PROGRAM.py        writes the text format

Classes become structures, as compilers of object-oriented languages make them: methods that are
overridden are called through a table in the object's first field and find their own type by a cast, and
fields that are only set by the constructor, which takes all fields in their order, are immutable.

    i32, i64, f64, Any (anyref), classes (nullable), Array[T], Array[i8] (and i16), b"..." (Array[i8])
    Array[T](n), Array[T](n, value), len(a), copy(to, at, from, at, n), fill(a, at, value, n)
    cast(C, x), isinstance(x, C), box(x) and unbox(x) for i31, i32(x), i64(x), f64(x), sqrt(x)
    print(x) for numbers and bytes, each on a line; main() is where it begins.

Everything else is Python's: while, for over range, if, break, continue, functions, operators.
"""

import ast
import pathlib
import sys

from intrinsics import Intrinsics, element_of, type_name

PRELUDE = (pathlib.Path(__file__).parent / "prelude.wat").read_text()
NUMBERS = ("i32", "i64", "f64")
BINARY = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.FloorDiv: "div_s", ast.Mod: "rem_s",
          ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor", ast.LShift: "shl", ast.RShift: "shr_s",
          ast.Div: "div"}
COMPARISONS = {ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge", ast.Eq: "eq", ast.NotEq: "ne"}


class Class:
    """A structure type."""

    def __init__(self, node: ast.ClassDef, base: "Class | None"):
        self.node, self.name, self.base = node, node.name, base
        self.own = [(item.target.id, type_name(item.annotation)) for item in node.body
                    if isinstance(item, ast.AnnAssign)]
        self.methods = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
        self.is_extended, self.virtual = False, []
        if base:
            base.is_extended = True

    @property
    def fields(self) -> list[tuple[str, str]]:
        return (self.base.fields if self.base else []) + self.own

    @property
    def root(self) -> "Class":
        return self.base.root if self.base else self

    def owner(self, method: str) -> "Class | None":
        """The class whose method of that name objects have."""
        if method in self.methods:
            return self
        return self.base.owner(method) if self.base else None


class Program:
    """A whole program: its types, functions and constants."""

    def __init__(self, tree: ast.Module):
        self.classes: dict[str, Class] = {}
        self.functions: dict[str, ast.FunctionDef] = {}
        self.globals: dict[str, tuple[str, ast.expr]] = {}
        self.arrays: dict[str, str] = {}
        self.constants: dict[bytes, str] = {}
        self.assigned: set[str] = set()
        for item in tree.body:
            if isinstance(item, ast.ClassDef):
                base = self.classes[item.bases[0].id] if item.bases else None
                self.classes[item.name] = Class(item, base)
            elif isinstance(item, ast.FunctionDef):
                self.functions[item.name] = item
            elif isinstance(item, ast.AnnAssign):
                self.globals[item.target.id] = (type_name(item.annotation), item.value)
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else (
                [node.target] if isinstance(node, ast.AugAssign) else [])
            self.assigned |= {t.attr for t in targets if isinstance(t, ast.Attribute)}
        for each in self.classes.values():
            for method in each.methods:
                owner = each.base.owner(method) if each.base else None
                if owner and method not in each.root.virtual:
                    assert owner is each.root, f"{method} is declared in {owner.name}"
                    each.root.virtual.append(method)

    # Types ----------------------------------------------------------------------------------

    def lower(self, name: str) -> str:
        if name in NUMBERS:
            return name
        if name in ("i8", "i16"):
            return name
        return "anyref" if name == "Any" else f"(ref null {self.heap(name)})"

    def heap(self, name: str) -> str:
        if not name.startswith("Array["):
            return f"${name}"
        if name not in self.arrays:
            self.arrays[name] = f"$array{len(self.arrays)}"
            self.lower(element_of(name))
        return self.arrays[name]

    def default(self, name: str) -> str:
        if name in NUMBERS:
            return f"({name}.const 0)"
        return "(ref.null none)" if name == "Any" else f"(ref.null {self.heap(name)})"

    def signature(self, node: ast.FunctionDef, receiver: str | None) -> tuple[list[tuple[str, str]], str]:
        """Parameters, and the result's type, empty if there is none."""
        arguments = node.args.args[1:] if receiver else node.args.args
        parameters = [(a.arg, type_name(a.annotation)) for a in arguments]
        if receiver:
            parameters.insert(0, ("self", receiver))
        result = node.returns
        return parameters, "" if ast.unparse(result) == "None" else type_name(result)

    def types(self) -> str:
        parts = []
        for name, each in self.classes.items():
            root = each.root
            fields = [f"(field (ref ${root.name}.table))"] if root.virtual else []
            for field, kind in each.fields:
                lowered = self.lower(kind)
                fields.append(f"(field {f'(mut {lowered})' if field in self.assigned else lowered})")
            sub = "sub" if each.is_extended else "sub final"
            base = f" ${each.base.name}" if each.base else ""
            parts.append(f"(type ${name} ({sub}{base} (struct {' '.join(fields)})))")
            for method in each.virtual:
                parameters, result = self.signature(each.methods[method], name)
                words = " ".join(self.lower(kind) for _, kind in parameters)
                end = f" (result {self.lower(result)})" if result else ""
                parts.append(f"(type ${name}.{method} (func (param {words}){end}))")
            if each.virtual:
                words = " ".join(f"(field (ref ${name}.{method}))" for method in each.virtual)
                parts.append(f"(type ${name}.table (struct {words}))")
        done: set[str] = set()
        while len(done) < len(self.arrays):
            for name in [name for name in self.arrays if name not in done]:
                done.add(name)
                parts.append(f"(type {self.arrays[name]} (array (mut {self.lower(element_of(name))})))")
        return "(rec " + "\n  ".join(parts) + ")"

    # All of it ------------------------------------------------------------------------------

    def translate(self) -> str:
        code = [Function(self, node).translate(f"${name}") for name, node in self.functions.items()]
        code += [Function(self, node, each).translate(f"${each.name}.{name}")
                 for each in self.classes.values() for name, node in each.methods.items()]
        tables, references = [], []
        for each in self.classes.values():
            if not each.root.virtual:
                continue
            own = [f"${each.owner(m).name}.{m}" for m in each.root.virtual]
            references += own
            values = " ".join(f"(ref.func {name})" for name in own)
            tables.append(f"(global ${each.name}.table (ref ${each.root.name}.table)"
                          f" (struct.new ${each.root.name}.table {values}))")
        variables = [f"(global ${name} (mut {self.lower(kind)}) {self.constant(kind, value)})"
                     for name, (kind, value) in self.globals.items()]
        self.heap("Array[i8]")
        data = [f'(data {name} "{"".join(f"{chr(92)}{b:02x}" for b in text)}")'
                for text, name in self.constants.items()]
        if references:
            data.append(f"(elem declare func {' '.join(sorted(set(references)))})")
        prelude = PRELUDE.replace("$bytes", self.heap("Array[i8]"))
        imports, rest = prelude.split(";; behind the types\n")
        return "\n".join(["(module", self.types(), imports, *tables, *variables, *data, rest, *code, ")"])

    def constant(self, kind: str, value: ast.expr) -> str:
        if isinstance(value, ast.Constant) and value.value is None:
            return self.default(kind)
        return f"({kind}.const {ast.literal_eval(value)})"


class Function(Intrinsics):
    """The code of a function."""

    def __init__(self, program: Program, node: ast.FunctionDef, owner: Class | None = None):
        self.program, self.node, self.owner = program, node, owner
        self.is_virtual = bool(owner and node.name in owner.root.virtual)
        receiver = (owner.root if self.is_virtual else owner).name if owner else None
        parameters, self.result = program.signature(node, receiver)
        self.parameters = parameters
        self.names = dict(parameters)
        self.locals: dict[str, str] = {}
        self.loops: list[int] = []
        self.count = 0

    def translate(self, name: str) -> str:
        start = ""
        if self.is_virtual and self.owner.base:
            self.names["self"] = self.locals["this"] = self.owner.name
            start = f"(local.set $this (ref.cast (ref ${self.owner.name}) (local.get $self)))"
        body = self.block(self.node.body)
        words = [f"(param ${n} {self.program.lower(k)})" for n, k in self.parameters]
        if self.result:
            words.append(f"(result {self.program.lower(self.result)})")
        words += [f"(local ${n} {self.program.lower(k)})" for n, k in self.locals.items()]
        kind = f" (type ${self.owner.root.name}.{self.node.name})" if self.is_virtual else ""
        export = ' (export "_start")' if name == "$main" else ""
        end = "unreachable" if self.result else ""
        return f"(func {name}{export}{kind} {' '.join(words)}\n{start}\n{body}\n{end})"

    def variable(self, name: str) -> str:
        return "$this" if name == "self" and "this" in self.locals else f"${name}"

    def local(self, name: str, kind: str) -> None:
        if name not in self.names:
            self.names[name] = self.locals[name] = kind

    # Statements -----------------------------------------------------------------------------

    def block(self, body: list[ast.stmt]) -> str:
        return "\n".join(self.statement(item) for item in body)

    def statement(self, node: ast.stmt) -> str:
        return getattr(self, "on_" + type(node).__name__)(node)

    def on_Pass(self, node: ast.Pass) -> str:
        return ""

    def on_Expr(self, node: ast.Expr) -> str:
        if isinstance(node.value, ast.Constant):
            return ""
        code, kind = self.value(node.value)
        return f"(drop {code})" if kind else code

    def on_Return(self, node: ast.Return) -> str:
        return f"(return {self.typed(node.value, self.result)})" if node.value else "(return)"

    def on_AnnAssign(self, node: ast.AnnAssign) -> str:
        self.local(node.target.id, type_name(node.annotation))
        return self.assign(node.target, node.value) if node.value else ""

    def on_Assign(self, node: ast.Assign) -> str:
        return self.assign(node.targets[0], node.value)

    def on_AugAssign(self, node: ast.AugAssign) -> str:
        return self.assign(node.target, ast.BinOp(node.target, node.op, node.value))

    def assign(self, target: ast.expr, value: ast.expr) -> str:
        if isinstance(target, ast.Attribute):
            code, kind = self.value(target.value)
            index, field = self.field(kind, target.attr)
            return f"(struct.set ${kind} {index} {code} {self.typed(value, field)})"
        if isinstance(target, ast.Subscript):
            code, kind = self.value(target.value)
            index = self.typed(target.slice, "i32")
            element = element_of(kind)
            held = "i32" if element in ("i8", "i16") else element
            return f"(array.set {self.program.heap(kind)} {code} {index} {self.typed(value, held)})"
        if target.id in self.program.globals and target.id not in self.names:
            return f"(global.set ${target.id} {self.typed(value, self.program.globals[target.id][0])})"
        if target.id not in self.names:
            code, kind = self.value(value)
            self.local(target.id, kind)
            return f"(local.set ${target.id} {code})"
        return f"(local.set ${target.id} {self.typed(value, self.names[target.id])})"

    def on_If(self, node: ast.If) -> str:
        code = f"(if {self.typed(node.test, 'i32')} (then {self.block(node.body)})"
        return code + (f" (else {self.block(node.orelse)}))" if node.orelse else ")")

    def loop(self, condition: str, body: list[ast.stmt], step: str = "") -> str:
        self.count += 1
        number = self.count
        self.loops.append(number)
        code = self.block(body)
        self.loops.pop()
        return (f"(block $end{number} (loop $top{number} (br_if $end{number} (i32.eqz {condition}))"
                f" (block $next{number} {code}) {step} (br $top{number})))")

    def on_While(self, node: ast.While) -> str:
        return self.loop(self.typed(node.test, "i32"), node.body)

    def on_For(self, node: ast.For) -> str:
        bounds = [self.typed(argument, "i32") for argument in node.iter.args]
        first, last = ("(i32.const 0)", bounds[0]) if len(bounds) == 1 else bounds[:2]
        step = bounds[2] if len(bounds) > 2 else "(i32.const 1)"
        name = node.target.id
        self.count += 1
        limit = f"limit{self.count}"
        self.local(name, "i32")
        self.local(limit, "i32")
        increment = f"(local.set ${name} (i32.add (local.get ${name}) {step}))"
        test = f"(i32.lt_s (local.get ${name}) (local.get ${limit}))"
        return (f"(local.set ${limit} {last}) (local.set ${name} {first})"
                + self.loop(test, node.body, increment))

    def on_Break(self, node: ast.Break) -> str:
        return f"(br $end{self.loops[-1]})"

    def on_Continue(self, node: ast.Continue) -> str:
        return f"(br $next{self.loops[-1]})"

    # Expressions ----------------------------------------------------------------------------

    def typed(self, node: ast.expr, kind: str) -> str:
        """An expression of a known type: what literals are taken for."""
        if isinstance(node, ast.Constant) and node.value is None:
            return self.program.default(kind)
        if isinstance(node, ast.Constant) and kind in NUMBERS:
            return f"({kind}.const {int(node.value) if kind != 'f64' else float(node.value)})"
        code, found = self.value(node, kind)
        assert found == kind or (kind not in NUMBERS and found not in NUMBERS), \
            f"line {node.lineno}: {ast.unparse(node)} is {found}, not {kind}"
        return code

    def value(self, node: ast.expr, hint: str = "") -> tuple[str, str]:
        """An expression, and its type."""
        return getattr(self, "of_" + type(node).__name__)(node, hint)

    def of_Constant(self, node: ast.Constant, hint: str) -> tuple[str, str]:
        if isinstance(node.value, bytes):
            name = self.program.constants.setdefault(node.value, f"$text{len(self.program.constants)}")
            array = self.program.heap("Array[i8]")
            return (f"(array.new_data {array} {name} (i32.const 0) (i32.const {len(node.value)}))",
                    "Array[i8]")
        kind = "f64" if isinstance(node.value, float) else hint if hint in NUMBERS else "i32"
        return self.typed(node, kind), kind

    def of_Name(self, node: ast.Name, hint: str) -> tuple[str, str]:
        if node.id in self.names:
            return f"(local.get {self.variable(node.id)})", self.names[node.id]
        return f"(global.get ${node.id})", self.program.globals[node.id][0]

    def of_UnaryOp(self, node: ast.UnaryOp, hint: str) -> tuple[str, str]:
        if isinstance(node.op, ast.Not):
            return f"(i32.eqz {self.typed(node.operand, 'i32')})", "i32"
        code, kind = self.value(node.operand, hint)
        if kind == "f64":
            return f"(f64.neg {code})", kind
        return f"({kind}.sub ({kind}.const 0) {code})", kind

    def operands(self, left: ast.expr, right: ast.expr, hint: str) -> tuple[str, str, str]:
        if isinstance(left, ast.Constant):
            second, kind = self.value(right, hint)
            return self.typed(left, kind), second, kind
        first, kind = self.value(left, hint)
        return first, self.typed(right, kind), kind

    def of_BinOp(self, node: ast.BinOp, hint: str) -> tuple[str, str]:
        first, second, kind = self.operands(node.left, node.right, hint)
        return f"({kind}.{BINARY[type(node.op)]} {first} {second})", kind

    def of_BoolOp(self, node: ast.BoolOp, hint: str) -> tuple[str, str]:
        code = self.typed(node.values[-1], "i32")
        for each in reversed(node.values[:-1]):
            test = self.typed(each, "i32")
            if isinstance(node.op, ast.And):
                code = f"(if (result i32) {test} (then {code}) (else (i32.const 0)))"
            else:
                code = f"(if (result i32) {test} (then (i32.const 1)) (else {code}))"
        return code, "i32"

    def of_Compare(self, node: ast.Compare, hint: str) -> tuple[str, str]:
        operator, right = node.ops[0], node.comparators[0]
        if isinstance(operator, (ast.Is, ast.IsNot)):
            if isinstance(right, ast.Constant):
                code = f"(ref.is_null {self.value(node.left)[0]})"
            else:
                code = f"(ref.eq {self.value(node.left)[0]} {self.value(right)[0]})"
            return (code if isinstance(operator, ast.Is) else f"(i32.eqz {code})"), "i32"
        first, second, kind = self.operands(node.left, right, "")
        name = COMPARISONS[type(operator)]
        signed = "_s" if kind != "f64" and name not in ("eq", "ne") else ""
        return f"({kind}.{name}{signed} {first} {second})", "i32"

    def of_IfExp(self, node: ast.IfExp, hint: str) -> tuple[str, str]:
        code, kind = self.value(node.body, hint)
        return (f"(if (result {self.program.lower(kind)}) {self.typed(node.test, 'i32')}"
                f" (then {code}) (else {self.typed(node.orelse, kind)}))"), kind

    def field(self, kind: str, name: str) -> tuple[int, str]:
        each = self.program.classes[kind]
        first = 1 if each.root.virtual else 0
        for index, (field, type_) in enumerate(each.fields):
            if field == name:
                return first + index, type_
        raise KeyError(f"{kind}.{name}")

    def of_Attribute(self, node: ast.Attribute, hint: str) -> tuple[str, str]:
        code, kind = self.value(node.value)
        index, field = self.field(kind, node.attr)
        return f"(struct.get ${kind} {index} {code})", field

    def of_Subscript(self, node: ast.Subscript, hint: str) -> tuple[str, str]:
        code, kind = self.value(node.value)
        element = element_of(kind)
        name = "get_u" if element in ("i8", "i16") else "get"
        index = self.typed(node.slice, "i32")
        return (f"(array.{name} {self.program.heap(kind)} {code} {index})",
                "i32" if element in ("i8", "i16") else element)

    def of_Call(self, node: ast.Call, hint: str) -> tuple[str, str]:
        if isinstance(node.func, ast.Subscript):
            return self.new_array(type_name(node.func), node.args)
        if isinstance(node.func, ast.Attribute):
            return self.call_method(node.func, node.args)
        name = node.func.id
        if name in self.program.classes:
            return self.new_object(name, node.args)
        if name in self.program.functions:
            parameters, result = self.program.signature(self.program.functions[name], None)
            return f"(call ${name} {self.arguments(node.args, parameters)})", result
        return getattr(self, "call_" + name)(*node.args)

    def arguments(self, values: list[ast.expr], parameters: list[tuple[str, str]]) -> str:
        assert len(values) == len(parameters), f"{ast.unparse(values[0])} and so on: {parameters}"
        return " ".join(self.typed(v, kind) for v, (_, kind) in zip(values, parameters))

    def new_object(self, name: str, values: list[ast.expr]) -> tuple[str, str]:
        each = self.program.classes[name]
        table = f"(global.get ${name}.table) " if each.root.virtual else ""
        return f"(struct.new ${name} {table}{self.arguments(values, each.fields)})", name

    def new_array(self, kind: str, values: list[ast.expr]) -> tuple[str, str]:
        heap, count = self.program.heap(kind), self.typed(values[0], "i32")
        if len(values) == 1:
            return f"(array.new_default {heap} {count})", kind
        held = "i32" if element_of(kind) in ("i8", "i16") else element_of(kind)
        return f"(array.new {heap} {self.typed(values[1], held)} {count})", kind

    def call_method(self, callee: ast.Attribute, values: list[ast.expr]) -> tuple[str, str]:
        code, kind = self.value(callee.value)
        each = self.program.classes[kind]
        owner, root = each.owner(callee.attr), each.root
        if callee.attr not in root.virtual:
            parameters, result = self.program.signature(owner.methods[callee.attr], owner.name)
            words = self.arguments(values, parameters[1:])
            return f"(call ${owner.name}.{callee.attr} {code} {words})", result
        parameters, result = self.program.signature(root.methods[callee.attr], root.name)
        self.count += 1
        receiver = f"receiver{self.count}"
        self.local(receiver, kind)
        slot = root.virtual.index(callee.attr)
        return (f"(call_ref ${root.name}.{callee.attr} (local.tee ${receiver} {code})"
                f" {self.arguments(values, parameters[1:])} (struct.get ${root.name}.table {slot}"
                f" (struct.get ${root.name} 0 (local.get ${receiver}))))"), result


def translate(source: str) -> str:
    return Program(ast.parse(source)).translate()


if __name__ == "__main__":
    print(translate(pathlib.Path(sys.argv[1]).read_text()))
