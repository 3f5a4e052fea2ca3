"""What programs may call without defining it (translate.py)."""

import ast


def type_name(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        node = ast.parse(node.value, mode="eval").body
    return f"Array[{type_name(node.slice)}]" if isinstance(node, ast.Subscript) else node.id


def element_of(array: str) -> str:
    return array[len("Array["):-1]


class Intrinsics:
    """The calls that are instructions, for `Function`, which has their operands' code."""

    def call_len(self, array: ast.expr) -> tuple[str, str]:
        return f"(array.len {self.value(array)[0]})", "i32"

    def call_cast(self, kind: ast.expr, value: ast.expr) -> tuple[str, str]:
        name = type_name(kind)
        return f"(ref.cast (ref null {self.program.heap(name)}) {self.value(value)[0]})", name

    def call_isinstance(self, value: ast.expr, kind: ast.expr) -> tuple[str, str]:
        return f"(ref.test (ref {self.program.heap(type_name(kind))}) {self.value(value)[0]})", "i32"

    def call_box(self, value: ast.expr) -> tuple[str, str]:
        return f"(ref.i31 {self.typed(value, 'i32')})", "Any"

    def call_unbox(self, value: ast.expr) -> tuple[str, str]:
        return f"(i31.get_s (ref.cast (ref i31) {self.value(value)[0]}))", "i32"

    def call_copy(self, to: ast.expr, at: ast.expr, source: ast.expr, start: ast.expr,
                  count: ast.expr) -> tuple[str, str]:
        (first, kind), (second, _) = self.value(to), self.value(source)
        heap = self.program.heap(kind)
        return (f"(array.copy {heap} {heap} {first} {self.typed(at, 'i32')} {second}"
                f" {self.typed(start, 'i32')} {self.typed(count, 'i32')})"), ""

    def call_fill(self, array: ast.expr, at: ast.expr, value: ast.expr,
                  count: ast.expr) -> tuple[str, str]:
        code, kind = self.value(array)
        held = "i32" if element_of(kind) in ("i8", "i16") else element_of(kind)
        return (f"(array.fill {self.program.heap(kind)} {code} {self.typed(at, 'i32')}"
                f" {self.typed(value, held)} {self.typed(count, 'i32')})"), ""

    def call_sqrt(self, value: ast.expr) -> tuple[str, str]:
        return f"(f64.sqrt {self.typed(value, 'f64')})", "f64"

    def call_i32(self, value: ast.expr) -> tuple[str, str]:
        code, kind = self.value(value)
        return {"i32": code, "i64": f"(i32.wrap_i64 {code})",
                "f64": f"(i32.trunc_sat_f64_s {code})"}[kind], "i32"

    def call_i64(self, value: ast.expr) -> tuple[str, str]:
        code, kind = self.value(value)
        return {"i32": f"(i64.extend_i32_s {code})", "i64": code,
                "f64": f"(i64.trunc_sat_f64_s {code})"}[kind], "i64"

    def call_f64(self, value: ast.expr) -> tuple[str, str]:
        code, kind = self.value(value)
        return {"i32": f"(f64.convert_i32_s {code})", "i64": f"(f64.convert_i64_s {code})",
                "f64": code}[kind], "f64"

    def call_print(self, value: ast.expr) -> tuple[str, str]:
        code, kind = self.value(value)
        if kind == "Array[i8]":
            return f"(call $print_bytes {code})", ""
        if kind != "i64":
            code = self.call_i64(value)[0]
        return f"(call $print {code})", ""
