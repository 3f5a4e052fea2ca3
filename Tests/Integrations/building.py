"""How the tests make guests and extensions of them."""

import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SMELT = ROOT / ".build/smelt/bin/smelt"


def run(*words, **options):
    words = [str(word) for word in words]
    result = subprocess.run(words, capture_output=True, text=True, timeout=600, **options)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}\n{result.stdout}{result.stderr}")
    return result


def guest(folder):
    """guest.c as a module."""
    module = folder / "guest.wasm"
    if not module.exists():
        run("clang-22", "--target=wasm32-wasi", "-O2", "-mexec-model=reactor", "-Wno-deprecated", "-fno-builtin",
            HERE / "guest.c", "-o", module)  # fmt: skip
    return module


def integrate(host, module, output, *parts):
    """An extension; of the parts those with a file are put together to one manifest."""
    texts = [(HERE / f"{part}.manifest") for part in parts]
    manifest = output.parent / f"{output.stem}.manifest"
    manifest.write_text("".join(path.read_text() for path in texts if path.exists()))
    words = [part for part, path in zip(parts, texts) if not path.exists()]
    run(SMELT, "integrate", host, module, "--manifest", manifest, "-o", output, *words)
    return output


def literal(value, is_postgresql):
    """A value in SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, bytes):
        return f"'\\x{value.hex()}'::bytea" if is_postgresql else f"x'{value.hex()}'"
    if isinstance(value, list):
        return "'{" + ",".join(literal(item, True).strip("()") for item in value) + "}'"
    return f"({value})"


def expression(name, arguments, is_postgresql=False):
    return f"{name}({', '.join(literal(value, is_postgresql) for value in arguments)})"
