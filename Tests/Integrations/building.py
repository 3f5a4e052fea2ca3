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
