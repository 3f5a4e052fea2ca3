"""What is wrong with a manifest is said with its line and a remedy."""

import subprocess

from building import SMELT, guest

HEAD = "manifest 1\nallocate alloc(size)\nimport host notice = trap\nimport host error = trap\nimport host missing = trap\n"
#: What follows on the head (line 6 is the first), the line that is wrong, a part of the message.
WRONG = [
    ("", 1, "there are no functions"),
    ("nonsense\n", 6, "'nonsense' is no declaration"),
    ("function add(a integer, b integer) -> integer = ad(a, b)\n", 6, "exports no function 'ad'"),
    ("function add(a integer, b integer) -> integer = add(a)\n", 6, "has 2 parameters, and 1 are passed"),
    ("function add(a bigint, b integer) -> integer = add(a, b)\n", 6, "a is passed as i64"),
    ("function add(a integer, a integer) -> integer = add(a, a)\n", 6, "'a' is the name of something else"),
    ("function add(a integer, b integer) -> bigint = add(a, b)\n", 6, "returns (i32)"),
    ("function add(a integer, b integer) -> integr = add(a, b)\n", 6, "'integr' is no type"),
    ("function add(a integer, b integer) -> integer = add(a, c)\n", 6, "'c' is nothing that can be passed"),
    ("function add(a integer, b integer) -> integer = add(a, 5000000000)\n", 6, "is no i32"),
    ("function add(a integer b integer) -> integer = add(a, b)\n", 6, "')' is expected here"),
    ("function add(a integer, b integer) -> integer = add(a, b) more\n", 6, "the end of the line is expected"),
    ("function Add(a integer, b integer) -> integer = add(a, b)\n", 6, "cannot be the name"),
    ("function r(t text) -> text = reverse(t.pointer, t.length)\n", 6, "it is not said where the result is"),
    ("function r(t text) -> text = reverse(t, t.length)\n", 6, "cannot be passed as one value"),
    ("function r(t text) -> text = reverse(t.start, t.length)\n", 6, "has no start"),
    ("function r(t text) -> text = reverse(t.pointer, t.length)\n    result sideways\n", 7, "is no form of results"),
    ("function r(t text) -> text = reverse(t.pointer, t.length)\n    result pair\n", 7, "returns (i64)"),
    ("function r(t text) -> text = reverse(t.pointer, t.length)\n    immutable\n    volatile\n", 8, "said before"),
    ("function n(x integer) -> integer = not(x)\n    result terminated\n", 7, "the result is a number"),
    ("function n(x integer) -> integer = not(x)\n    gives x\n", 6, "is no argument in memory"),
    ("function n(x integer) -> integer = not(x)\n    step n(x)\n", 7, "is no clause of this declaration"),
    ("function n(x integer) -> integer = not(x)\nfunction n(x integer) -> integer = not(x)\n", 7, "already"),
    ("    immutable\n", 6, "belongs to a declaration"),
    ("aggregate a(x bigint) -> bigint\n    step sum_step(state, x)\n", 6, "has no final"),
    ("aggregate a(x bigint) -> bigint\n    step add64(1, x)\n    final add64(1, 2)\n", 6, "passes its state to nobody"),
    ("table w(t text) -> (word text)\n    open words_open(t.pointer, t.length)\n    next words_next(state)\n", 6,
     "has no function"),
    ("table w(t text) -> (word text)\n    column other = words_text(state)\n", 7, "has no column 'other'"),
    ("function s(t text) -> integer = say(\"x, 1)\n", 6, "a text has no end"),
    ("function s(x integer) -> integer = not(\"x\")\n", 6, "it is not said what of a text"),
    ("memory 5TiB\n", 6, "is no unit"), ("memory 0\n", 6, "out of range"), ("stack 1KiB\n", 6, "out of range"),
    ("deadline 0ms\n", 6, "no time"), ("import host other = trap\nfunction n(x integer) -> integer = not(x)\n", 6,
                                       "has no such import"),
    ("release alloc(pointer, size)\nfunction n(x integer) -> integer = not(x)\n", 6, "1 parameters, and 2"),
    ("function n(x integer[]) -> integer = say(x.pointer, x.length)\n", 6, "SQLite has no arrays"),
    ("function n(x text[]) -> integer = say(x.pointer, x.length)\n", 6, "no arrays of text"),
    ("function n(x integer) -> integer = not(x) § \n", 6, "has no meaning"),
]  # fmt: skip


def complaint(module, manifest, text, *words):
    manifest.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = subprocess.run(
        [SMELT, "integrate", "sqlite", module, "--manifest", manifest, "-o", manifest.parent / "x.so", *words],
        capture_output=True, text=True, timeout=60)
    if result.returncode == 0 or (manifest.parent / "x.so").exists():
        raise RuntimeError(f"{text!r} is accepted")
    return result.stderr


def check(folder):
    module = guest(folder)
    manifest = folder / "wrong.manifest"
    whole = [(HEAD + text, line, part) for text, line, part in WRONG]
    whole += [
        ("", 1, "nobody provides the import"), ("manifest 2\n", 1, "no manifest that is known"),
        ("function x() -> integer = y()\n", 1, "no manifest that is known"),
        (b"manifest 1\n\xff", 1, "not text in UTF-8"),
        ("manifest 1\nfunction n(x integer) -> integer = not(x)\n", 1, "nobody provides the import host.notice"),
        ("manifest 1\nimport host notice = trap\nimport host error = trap\nimport host missing = notice\n", 4,
         "host.missing has the type"),
    ]  # fmt: skip
    for text, line, part in whole:
        said = complaint(module, manifest, text)
        if part not in said or f"wrong.manifest:{line}:" not in said or "note: " not in said:
            raise RuntimeError(f"{text!r}: line {line} and {part!r} are not in\n{said}")
    said = complaint(module, manifest, HEAD, "--name", "Not-A-Name")
    if "cannot be the name of an extension" not in said:
        raise RuntimeError(said)
    return len(whole)
