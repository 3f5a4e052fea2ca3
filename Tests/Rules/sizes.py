"""Files of at most 500 lines, functions of at most 60.

A dispatch table may be longer. It is a function of which no more than 20 lines are left when those are
left out that stand in a `switch` and belong to a case of at most ten lines: each case can be read
alone. Rows of a table, as `[EBADF] = ...,`, are left out like such cases."""

import ast
import re

import sources

FILE_LIMIT = 500
FUNCTION_LIMIT = 60
DISPATCH_REST = 20
CASE_LIMIT = 10

_SWIFT = re.compile(r"\b(?:func\b[^{}\n]*(?:\n[^{}]*?)?|init[?!]?\s*(?:<[^>]*>)?\([^{}]*?\)[^{}]*?)\{")
_C = re.compile(r"^(?:[A-Za-z_][^;{}=#]*?)\([^;{}]*\)\s*\{", re.MULTILINE)


def problems() -> list[str]:
    found = []
    for path in sources.files(
            "Package.swift", "Sources/**/*.swift", "Tests/**/*.swift", "Tests/**/*.py",
            "Benchmarks/*.py", "runtime-c/**/*.[ch]", "Integrations/**/*.[ch]",
            "Tests/EndToEndTests/**/*.[ch]"):
        text = path.read_text()
        count = text.count("\n")
        if count > FILE_LIMIT:
            found.append(f"{sources.name(path)}: {count} lines")
        functions = _python(text) if path.suffix == ".py" else _braces(text, path.suffix)
        for line, length in functions:
            found.append(f"{sources.name(path)}:{line}: a function of {length} lines")
    return found


def _python(text: str):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LIMIT:
                yield node.lineno, length


def _braces(text: str, suffix: str):
    bare = sources.code(text)
    for match in (_SWIFT if suffix == ".swift" else _C).finditer(bare):
        depth, end = 1, match.end()
        while depth and end < len(bare):
            depth += {"{": 1, "}": -1}.get(bare[end], 0)
            end += 1
        body = bare[match.end():end]
        start = re.search(r"\S", match.group(0)).start() + match.start()
        length = bare.count("\n", start, end) + 1
        if length > FUNCTION_LIMIT and not _is_dispatch(body):
            yield sources.line(bare, start), length


def _is_dispatch(body: str) -> bool:
    lines = body.split("\n")
    rest, case = 0, None
    for line in lines:
        stripped = line.strip()
        if re.match(r"(?:case\b.*|default\s*:)", stripped) and not re.match(r"case .*=.*\{$", stripped):
            case = 0
        elif stripped.startswith("switch") or stripped == "}" and case is not None and _closes(line, lines):
            case = None
        if re.match(r"\[\w+\] = .*,$", stripped):
            continue
        if case is None:
            rest += 1
        else:
            case += 1
            if case > CASE_LIMIT:
                rest += 1
    return rest <= DISPATCH_REST


def _closes(line: str, lines: list[str]) -> bool:
    """Whether a brace ends a switch: one begins at the same column."""
    indent = len(line) - len(line.lstrip())
    return any(
        other.lstrip().startswith("switch") and len(other) - len(other.lstrip()) == indent
        or re.match(r"\s*(?:return |.*= )switch\b", other) and len(other) - len(other.lstrip()) == indent
        for other in lines)
